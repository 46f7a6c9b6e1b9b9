/* help, undo, history, save: the session itself. */
#include <string.h>

#include "command_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/lang/spec.h"
#include "yogo/lang/spec_doc.h"

/* The statements that made the current state, oldest first (what undo took back is not among them). */
static size_t lines(const struct yg_state *s, const char ***out)
{
	size_t n = 0, i;

	for (const struct yg_state *p = s; p; p = p->before)
		n += p->line != NULL;
	*out = yg_xcalloc(n + 1, sizeof **out);
	i = n;
	for (const struct yg_state *p = s; p; p = p->before)
		if (p->line)
			(*out)[--i] = p->line;
	return n;
}

static void help_overview(struct yg_buf *out)
{
	size_t statements, verbs;
	const struct yg_verb_spec *statement = yg_statement_specs(&statements);
	const struct yg_verb_spec *verb = yg_verb_specs(&verbs);
	const char *group = NULL;

	yg_buf_adds(out, _("A line is a command; a command is a sentence:\n"
	                   "  VERB what ~ on what  clauses  with options  as name\n"
	                   "help VERB shows one of them with an example.\n"));
	yg_buf_addf(out, "\n%s\n", _("Statements"));
	for (size_t i = 0; i < statements; i++)
		yg_buf_addf(out, "  %-12s %s\n", statement[i].name, _(statement[i].summary));
	for (size_t i = 0; i < verbs; i++) {
		if (!verb[i].available)
			continue;
		if (!group || strcmp(group, verb[i].group) != 0)
			yg_buf_addf(out, "\n%s\n", _(verb[i].group));
		group = verb[i].group;
		yg_buf_addf(out, "  %-12s %s\n", verb[i].name, _(verb[i].summary));
	}
}

static enum yg_status help_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	struct yg_buf text = YG_BUF_INIT;
	const struct yg_verb_spec *spec = NULL;
	const char *topic = list && list->children ? list->child[0]->text : NULL;

	(void)c;
	if (!topic) {
		help_overview(&text);
	} else {
		const struct yg_function_spec *function = yg_function_find(topic);
		spec = yg_spec_find(topic);
		if (spec) {
			yg_spec_help(spec, &text);
		} else if (function) {
			yg_buf_addf(&text, "%s\n  %s\n", function->usage, _(function->help));
		} else {
			const char *near = yg_verb_nearest(topic);
			yg_fail(err, YG_ESYNTAX, "E-CMD-004", N_("there is no help on %s"), topic);
			if (near)
				yg_err_hint(err, N_("did you mean %s?"), near);
			yg_buf_release(&text);
			return YG_ESYNTAX;
		}
	}
	out->text = yg_buf_take(&text);
	return YG_OK;
}

static enum yg_status undo_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)s;
	if (!c->state->before)
		return yg_fail(err, YG_REFUSED, "E-CMD-005", N_("there is nothing to undo"));
	out->undo = true;
	out->text = yg_xasprintf(_("undone: %s"), c->state->line ? c->state->line : "");
	return YG_OK;
}

static enum yg_status history_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const char **line;
	size_t n = lines(c->state, &line);
	struct yg_buf text = YG_BUF_INIT;

	(void)s;
	(void)err;
	for (size_t i = 0; i < n; i++) {
		const char *p = line[i];
		yg_buf_addf(&text, "%4zu  ", i + 1);
		for (; *p; p++) {
			yg_buf_addc(&text, *p);
			if (*p == '\n')
				yg_buf_adds(&text, "      ");
		}
		yg_buf_addc(&text, '\n');
	}
	yg_free(line);
	out->text = yg_buf_take(&text);
	return YG_OK;
}

/* The session as a script that `yogo run` reproduces. */
static enum yg_status save_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *to = yg_node_find(s, YG_NODE_TO);
	const char **line;
	size_t n = lines(c->state, &line);
	struct yg_buf *file;

	if (!to) {
		yg_free(line);
		return yg_fail(err, YG_ESYNTAX, "E-OPT-030", N_("save needs a file: save to \"NAME.yogo\""));
	}
	file = yg_outcome_add_file(out, to->text, yg_node_option_yes(s, "overwrite"));
	if (!n || strncmp(line[0], "lang", 4) != 0)
		yg_buf_adds(file, "lang 1\n");
	for (size_t i = 0; i < n; i++)
		yg_buf_addf(file, "%s\n", line[i]);
	yg_free(line);
	out->text = yg_xasprintf(_("%zu statements saved"), n);
	return YG_OK;
}

const struct yg_command yg_command_help = { "help", 1, YG_EFFECT_LOOK, "session.help", false, NULL, help_run };
const struct yg_command yg_command_undo = { "undo", 1, YG_EFFECT_STATE, "session.undo", false, NULL, undo_run };
const struct yg_command yg_command_history = { "history", 1, YG_EFFECT_LOOK, "session.history", false, NULL, history_run };
const struct yg_command yg_command_save = { "save", 1, YG_EFFECT_OUTSIDE, "session.save", false, NULL, save_run };
