/* Help for the view in sight: its keys, the commands they write, and what these commands do. */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/spec.h"

/* Keys of a view that only look, or that build a command from what is in sight. */
static const struct {
	const char *view, *keys, *words;
} keys[] = {
	{ "data", "/", N_("filter the columns: a pattern on name, label, type, levels; with = < > or and, a condition of the language") },
	{ "data", "c", N_("a cohort whose criterion is the condition, or begins with the column") },
	{ "data", "Space", N_("mark the column: marked columns go into Table 1, rows, missing") },
	{ "data", "s S", N_("sort by the next of file order, name, type, missing, distinct; turn the order round") },
	{ "data", "h H", N_("hide the column; show all again") },
	{ "data", "o", N_("open another cohort file") },
	{ "data", "[ ]", N_("the table before, the next table: use TABLE") },
	{ "cohorts", "Enter e", N_("open the cohort: steps, numbers, what if") },
	{ "cohorts", "n", N_("a new cohort") },
	{ "cohort", "Enter", N_("edit the field; Tab completes columns and levels") },
	{ "cohort", "(typing)", N_("a draft is counted when the keys rest: what w would give; on guarded data when a clause is finished, on record") },
	{ "cohort", "l", N_("edit the label of the step") },
	{ "cohort", "+ d", N_("add a step; delete the step") },
	{ "cohort", "t", N_("require becomes exclude, and back") },
	{ "cohort", "Space", N_("what if: leave the step out, for looking only") },
	{ "cohort", "J K", N_("move the step down, up, for looking only") },
	{ "cohort", "w", N_("write the cohort as it stands here: one command; a variant gets a name of its own") },
	{ "cohort", "v", N_("who leaves at the step against who stays: a derived column and a Table 1") },
	{ "cohort", "Tab", N_("the whole result of the definition, with the flow diagram") },
	{ "endpoints", "Enter e", N_("open the endpoint: its form and its check") },
	{ "endpoints", "n", N_("a new endpoint") },
	{ "endpoints", "o", N_("a Cox model on the endpoint") },
	{ "endpoint", "Enter", N_("edit the clause; Tab completes") },
	{ "endpoint", "+ d", N_("add a clause; delete the clause") },
	{ "endpoint", "t", N_("another kind of clause: event, compete, censor, start, time ...") },
	{ "endpoint", "l", N_("edit the label of the event") },
	{ "endpoint", "w", N_("write the endpoint: one command") },
	{ "endpoint", "o", N_("a Cox model on the endpoint") },
	{ "endpoint", "n", N_("the next row that it leaves out or that looks wrong, with the reason; open data only") },
	{ "endpoint", "Tab", N_("the whole check") },
	{ "model", "Enter", N_("edit the field; Tab completes") },
	{ "model", "+ -", N_("add a term; take the term out") },
	{ "model", "s", N_("strata") },
	{ "model", "Space", N_("leave the term out for a trial") },
	{ "model", "w", N_("write the model: one command") },
	{ "results", "Enter", N_("open the result") },
	{ "results", "m", N_("mark the result") },
	{ "results", "v", N_("the marked result and this one side by side") },
	{ "results", "x", N_("export the result: choose the kind of file") },
	{ "results", "r", N_("a report: of this result, of all results") },
	{ "results", "+ - s", N_("the model again with a term more, a term less, strata") },
	{ "results", "n", N_("a new model") },
	{ "result", "/ n N", N_("find on the page; next; the one before") },
	{ "result", "Tab", N_("the curves of a result that has some, with a read-out") },
	{ "result", "x r", N_("export; report") },
	{ "result", "m v", N_("mark; the marked result and this one side by side") },
	{ "result", "+ - s", N_("the model again with a term more, a term less, strata") },
	{ "result", "e", N_("the model as a form") },
	{ "curves", "Left Right", N_("move the read-out; Up Down to the next tick, Home End to the ends") },
	{ "curves", "Tab", N_("tables and notes instead of the curves, and back") },
	{ "curves", "c b t", N_("censoring marks; confidence band; numbers at risk") },
	{ "curves", "f", N_("the next figure, when there are several endpoints") },
	{ "curves", "x r", N_("export; report") },
	{ "curves", "m v", N_("mark; the marked result and this one side by side") },
	{ "journal", "Enter", N_("the whole entry: digests, resolved text, hash") },
	{ "journal", "v", N_("recompute the chain now") },
	{ "journal", "R", N_("run everything again in a scratch session and compare") },
	{ "journal", "w", N_("write the session as a script that yogo run reproduces") },
	{ "journal", "y", N_("the command to the command line") },
	{ "page", "/ n N", N_("find on the page; next; the one before") },
	{ "menu", "Enter", N_("put the command on the command line, where Enter runs it") },
};

static const struct {
	const char *keys, *words;
} everywhere[] = {
	{ ":", N_("find a command by its name, its help, its key or what ran before; a whole command runs as it is") },
	{ ";", N_("the command line itself: Tab completes, Up brings back, F1 helps on the verb") },
	{ "1 .. 5", N_("Data, Cohorts, Endpoints, Results, Journal") },
	{ "Up Down k j", N_("move; PageUp PageDown Home End") },
	{ "q Esc", N_("back; Esc also drops what is begun and cancels what runs (as Ctrl-C)") },
	{ "u Ctrl-R", N_("undo the last command; run again what was undone") },
	{ "y", N_("the command of this screen to the command line") },
	{ "E", N_("the whole last message, with its place in the command") },
	{ "g", N_("glyphs of figures: braille, blocks, ASCII") },
	{ "set ...", N_("typed after ; or : - set theme default, light, mono, contrast; set glyphs braille, block, ascii; set mouse on, off") },
	{ "M", N_("the mouse chooses rows, places and keys of the last line; M gives it back") },
	{ "Ctrl-L Ctrl-Z", N_("draw anew; suspend") },
	{ "Q", N_("leave; everything is on disk already") },
};

static void line(struct yg_buf *out, const char *name, const char *words, const char *after)
{
	yg_buf_adds(out, "  ");
	yg_text_pad(out, name, 14, -1);
	yg_buf_addf(out, " %s%s%s\n", words, after ? "   " : "", after ? after : "");
}

/* The verbs that the bound keys of the view use, with what the command table says of them. */
static void verbs(const struct yg_view *v, struct yg_buf *out)
{
	size_t n;
	const struct yg_binding *b = yg_bindings(&n);
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		char *word;
		const struct yg_verb_spec *spec;
		if (strcmp(b[i].view, v->kind->name))
			continue;
		word = yg_xstrndup(b[i].template, strcspn(b[i].template, " "));
		spec = yg_spec_find(word);
		yg_free(word);
		if (!spec)
			continue;
		if (first)
			yg_buf_addf(out, "\n%s\n", _("Commands of these keys (help NAME tells more)"));
		first = false;
		yg_buf_addf(out, "  %s\n      %s\n", spec->usage, _(spec->summary));
	}
}

void yg_tui_help(struct yg_tui *t, const struct yg_view *v, struct yg_buf *out)
{
	size_t n;
	const struct yg_binding *b = yg_bindings(&n);
	char name[16];

	(void)t;
	yg_buf_addf(out, "%s\n", _("Keys of this view"));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(keys[i].view, v->kind->name))
			line(out, keys[i].keys, _(keys[i].words), NULL);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(b[i].view, v->kind->name))
			line(out, yg_key_name(b[i].key, name), _(b[i].words), b[i].template);
	yg_buf_addf(out, "\n%s\n", _("Everywhere"));
	for (size_t i = 0; i < sizeof everywhere / sizeof *everywhere; i++)
		line(out, everywhere[i].keys, _(everywhere[i].words), NULL);
	verbs(v, out);
	yg_buf_addf(out, "\n%s\n", _("A key never does anything but look: what changes or computes is a command, shown above the last two lines."));
}
