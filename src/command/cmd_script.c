/* lang, study, seed, param, codes, covariates, run, import: what frames a script. */
#include <string.h>

#include "command_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/lang/print.h"

struct yg_object *yg_command_define(struct yg_context *c, enum yg_object_kind kind, const char *name,
                                    const struct yg_node *statement, const struct yg_table *table)
{
	struct yg_object *o = yg_object_new(kind, name);
	struct yg_buf text = YG_BUF_INIT;

	o->statement = yg_node_copy(&o->arena, statement);
	yg_print_one_line(statement, &text);
	o->text = yg_buf_take(&text);
	o->dataset = yg_object_ref(c->state->dataset);
	o->table = table;
	return o;
}

static enum yg_status lang_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)c;
	(void)out;
	if (s->number > 1 || s->number < 1)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-SYN-090",
		                  N_("this program speaks version 1 of the language, the script asks for %g"), s->number);
	return YG_OK;
}

static enum yg_status study_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)c;
	(void)err;
	out->title = yg_xstrdup(s->text);
	return YG_OK;
}

static enum yg_status seed_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)c;
	if (s->number < 0 || s->number > 9007199254740991.0 || s->number != (double)(int64_t)s->number)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-010", N_("a seed is a whole number from 0 to 2^53 - 1"));
	out->changes_seed = true;
	out->seed = (int64_t)s->number;
	return YG_OK;
}

static enum yg_status param_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	return yg_command_check_name(c, s, YG_OBJECT_PARAM, s->text, err);
}

static enum yg_status param_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_object *o = yg_command_define(c, YG_OBJECT_PARAM, s->text, s, NULL);
	struct yg_param *p = yg_xcalloc(1, sizeof *p);

	(void)err;
	p->value = o->statement->child[0];
	o->payload = p;
	o->release = yg_free;
	yg_outcome_add_object(out, o);
	return YG_OK;
}

/* Statements whose analysis does not exist yet parse, and say so when they are run. */
static enum yg_status not_yet(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const char *what = s->kind == YG_NODE_CODES ? N_("code sets (codes)")
	                 : s->kind == YG_NODE_COVARIATES ? N_("covariates from event tables")
	                 : s->kind == YG_NODE_RUN ? N_("running a script inside a script")
	                 : N_("import inside a script");

	if (c->options->check_only)
		return YG_OK;
	yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-002", N_("this version does not do it yet: %s"), what);
	if (s->kind == YG_NODE_IMPORT)
		yg_err_hint(err, N_("import on the command line: yogo import FILE -o NAME.cohort"));
	return YG_REFUSED;
}

static enum yg_status nothing(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)c;
	(void)s;
	(void)out;
	(void)err;
	return YG_OK;
}

const struct yg_command yg_command_lang = { "lang", 1, YG_EFFECT_LOOK, "session.lang", false, NULL, lang_run };
const struct yg_command yg_command_study = { "study", 1, YG_EFFECT_STATE, "session.title", false, NULL, study_run };
const struct yg_command yg_command_seed = { "seed", 1, YG_EFFECT_STATE, "session.seed", false, NULL, seed_run };
const struct yg_command yg_command_param = { "param", 1, YG_EFFECT_STATE, "param.define", false, param_resolve, param_run };
const struct yg_command yg_command_codes = { "codes", 1, YG_EFFECT_STATE, "codes.define", false, not_yet, nothing };
const struct yg_command yg_command_covariates = { "covariates", 1, YG_EFFECT_STATE, "covariates.define", false, not_yet, nothing };
const struct yg_command yg_command_run = { "run", 1, YG_EFFECT_STATE, "script.run", false, not_yet, nothing };
const struct yg_command yg_command_import = { "import", 1, YG_EFFECT_OUTSIDE, "dataset.import", false, not_yet, nothing };
