/*
 * set: how the workbench looks.  These are settings of this screen, not commands of the language: they change no result
 * and leave no entry in the journal.
 */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/tui/term.h"

static const struct yg_setting settings[] = {
	{ "set theme default", N_("colours for a dark terminal") },
	{ "set theme light", N_("colours on white") },
	{ "set theme mono", N_("no colours: bold, underline, reverse") },
	{ "set theme contrast", N_("strong contrast") },
	{ "set glyphs braille", N_("figures in braille dots") },
	{ "set glyphs block", N_("figures in half blocks") },
	{ "set glyphs ascii", N_("figures in ASCII") },
	{ "set mouse on", N_("the mouse chooses rows, places and keys") },
	{ "set mouse off", N_("the mouse is the terminal's") },
};

const struct yg_setting *yg_settings(size_t *count)
{
	*count = sizeof settings / sizeof *settings;
	return settings;
}

static void apply(struct yg_tui *t, const char *what, const char *value)
{
	struct yg_err err;

	if (!strcmp(what, "theme")) {
		if (yg_term_theme(value, &err) != YG_OK)
			return;
		t->redraw = true;
	} else if (!strcmp(what, "glyphs")) {
		t->render.glyphs = !strcmp(value, "braille") ? YG_GLYPHS_BRAILLE : !strcmp(value, "block") ? YG_GLYPHS_BLOCK : YG_GLYPHS_ASCII;
	} else {
		t->mouse = !strcmp(value, "on");
	}
	yg_tui_message(t, YG_TUI_MESSAGE, _("%s is now %s"), what, value);
}

bool yg_tui_setting(struct yg_tui *t, const char *text)
{
	char word[3][32] = { "" };
	size_t n = 0;

	for (const char *p = text + strspn(text, " "); *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		if (n < 3 && len < sizeof word[0])
			memcpy(word[n], p, len + 1), word[n][len] = '\0';
		n++;
		p += len;
	}
	if (strcmp(word[0], "set"))
		return false;
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		char *line = yg_xasprintf("%s %s %s", word[0], word[1], word[2]);
		bool same = n == 3 && !strcmp(line, settings[i].text);
		yg_free(line);
		if (same) {
			apply(t, word[1], word[2]);
			return true;
		}
	}
	yg_tui_message(t, YG_TUI_ERROR, "%s", _("! set theme default|light|mono|contrast, set glyphs braille|block|ascii, set mouse on|off"));
	return true;
}
