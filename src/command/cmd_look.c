/* show, describe, hist, count, missing, tab, table1, attrition, flow: looking at the data. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

static size_t option_count(const struct yg_node *s, const char *name)
{
	double v = 0;

	return yg_option_number(s, name, 0, &v, NULL) == YG_OK && v > 0 ? (size_t)v : 0;
}

/* Call one analysis between the begin and the end of its input. */
#define LOOK_BEGIN(c, s, out, err)                                          \
	struct yg_input input;                                              \
	enum yg_status status = yg_input_begin((c), (s), NULL, &input, (err)); \
	(out)->raw_free = yg_an_free;                                       \
	if (status != YG_OK)                                                \
		goto end;
#define LOOK_END(c, out)                 \
	end:                             \
	yg_input_end((c), &input, (out)); \
	return status;

static enum yg_status missing_rule(const struct yg_node *s, enum yg_an_missing_rule *out, struct yg_err *err)
{
	const char *word = yg_option_word(s, "missing", NULL);

	if (!word || yg_an_missing_rule_parse(word, out))
		return YG_OK;
	return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-004", N_("missing is show, drop or level, not %s"), word);
}

static enum yg_status show_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_show r = { 0 };
	const char *order;
	LOOK_BEGIN(c, s, out, err)
	r.in = input.in;
	yg_input_targets(s, &r.target);
	r.open = input.population.dataset->profile && !strcmp(input.population.dataset->profile, "open");
	r.top = option_count(s, "top");
	order = yg_option_word(s, "order", NULL);
	r.order = order ? yg_option_column(c, s, "order") : NULL;
	r.descending = yg_node_option_yes(s, "descending");
	status = yg_an_show(&r, c->task, &out->raw, err);
	LOOK_END(c, out)
}

static enum yg_status describe_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_describe r = { 0 };
	double qtype;
	LOOK_BEGIN(c, s, out, err)
	r.in = input.in;
	yg_input_targets(s, &r.target);
	status = yg_option_names(c, s, "stats", &r.stats, &r.stats_count, err);
	if (status == YG_OK)
		status = yg_option_number(s, "qtype", 7, &qtype, err);
	if (status != YG_OK)
		goto end;
	r.qtype = (int)qtype;
	status = yg_an_describe(&r, c->task, &out->raw, err);
	LOOK_END(c, out)
}

static enum yg_status hist_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_hist r = { 0 };
	LOOK_BEGIN(c, s, out, err)
	r.in = input.in;
	yg_input_targets(s, &r.target);
	r.bins = option_count(s, "bins");
	status = yg_an_hist(&r, c->task, &out->raw, err);
	LOOK_END(c, out)
}

static enum yg_status count_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_count r = { 0 };
	LOOK_BEGIN(c, s, out, err)
	r.in = input.in;
	status = yg_an_count(&r, c->task, &out->raw, err);
	LOOK_END(c, out)
}

static enum yg_status missing_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_missing r = { 0 };
	LOOK_BEGIN(c, s, out, err)
	r.in = input.in;
	yg_input_targets(s, &r.target);
	r.pattern = yg_node_option_yes(s, "pattern");
	status = yg_an_missing(&r, c->task, &out->raw, err);
	LOOK_END(c, out)
}

/* Words of a list option, each handed to a parser that sets bits. */
static enum yg_status bits(struct yg_context *c, const struct yg_node *s, const char *name, bool (*parse)(const char *, unsigned *),
                           unsigned *out, struct yg_err *err)
{
	const char *const *word;
	size_t n;

	YG_TRY(yg_option_names(c, s, name, &word, &n, err));
	for (size_t i = 0; i < n; i++)
		if (!parse(word[i], out))
			return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-005", N_("%s does not know %s"), name, word[i]);
	return YG_OK;
}

static enum yg_status tab_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_tab r = { 0 };
	const char *pct;
	LOOK_BEGIN(c, s, out, err)
	r.in = input.in;
	yg_input_targets(s, &r.target);
	r.strata = input.strata;
	r.frequency = yg_option_column(c, s, "freq");
	r.event = yg_option_word(s, "event", NULL);
	status = bits(c, s, "test", yg_an_tab_test, &r.tests, err);
	if (status == YG_OK)
		status = bits(c, s, "measure", yg_an_tab_measure, &r.measures, err);
	if (status == YG_OK)
		status = missing_rule(s, &r.missing, err);
	pct = yg_option_word(s, "pct", "column");
	if (status == YG_OK && !yg_an_tab_pct(pct, &r.pct))
		status = yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-006", N_("pct is column, row, total or none, not %s"), pct);
	if (status == YG_OK)
		status = yg_an_tab(&r, c->task, &out->raw, err);
	LOOK_END(c, out)
}

static enum yg_status table1_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_table1 r = { 0 };
	LOOK_BEGIN(c, s, out, err)
	r.in = input.in;
	yg_input_targets(s, &r.target);
	r.overall = yg_node_option_yes(s, "overall");
	r.smd = yg_node_option_yes(s, "smd");
	r.test = yg_option_word(s, "test", "no");
	status = yg_option_names(c, s, "median", &r.median, &r.medians, err);
	if (status == YG_OK)
		status = missing_rule(s, &r.missing, err);
	if (status == YG_OK)
		status = yg_an_table1(&r, c->task, &out->raw, err);
	LOOK_END(c, out)
}

static enum yg_status cohort_named(struct yg_context *c, const struct yg_node *s, struct yg_object **out, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);

	if (!list || list->children != 1)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-007", N_("%s wants the name of one cohort"), s->text);
	return yg_state_get(c->state, list->child[0]->text, YG_OBJECT_COHORT, out, err);
}

static enum yg_status attrition_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	struct yg_object *cohort;
	struct yg_scope scope;
	enum yg_status status;

	yg_command_fill_defaults(c, s);
	YG_TRY(cohort_named(c, s, &cohort, err));
	YG_TRY(yg_command_scope(c, cohort->dataset, cohort->table, &scope, err));
	status = yg_input_check(c, s, &scope, false, err);
	yg_command_scope_release(&scope);
	return status;
}

static enum yg_status attrition(struct yg_context *c, const struct yg_node *s, bool flow, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_attrition r = { 0 };
	struct yg_object *o;
	struct yg_scope scope;
	const char *const *order;
	size_t orders;
	enum yg_status status;

	YG_TRY(cohort_named(c, s, &o, err));
	YG_TRY(yg_option_names(c, s, "order", &order, &orders, err));
	YG_TRY(yg_command_scope(c, o->dataset, o->table, &scope, err));
	r.in.scope = &scope;
	r.in.by = yg_node_find(s, YG_NODE_BY);
	r.cohort = o->payload;
	r.alone = yg_node_option_yes(s, "alone");
	r.drop_one = yg_node_option_yes(s, "drop_one");
	for (size_t i = 0; i < orders; i++) {
		r.alone = r.alone || !strcmp(order[i], "alone");
		r.drop_one = r.drop_one || !strcmp(order[i], "drop_one");
	}
	r.no_table = flow;
	status = yg_an_attrition(&r, c->task, &out->raw, err);
	out->raw_free = yg_an_free;
	out->subject = o->dataset;
	out->population = yg_xstrdup(yg_phrase(c->arena, N_("%s of %s"), o->name, o->dataset->name));
	yg_command_scope_release(&scope);
	return status;
}

static enum yg_status attrition_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return attrition(c, s, false, out, err);
}

static enum yg_status flow_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	return attrition(c, s, true, out, err);
}

/* The tests that come with an effect give it an interval too. */
static bool tab_intervals(const struct yg_node *s)
{
	return yg_node_option(s, "measure") || yg_option_has(s, "test", "mh") || yg_option_has(s, "test", "mcnemar") ||
	       yg_option_has(s, "test", "fisher");
}

/* What the grammar offers and the analysis does not honour is refused by name, never passed over. */
#define RESOLVE(word, refused, there, with)                                                                  \
	static enum yg_status word##_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)    \
	{                                                                                                    \
		if (yg_node_find(s, YG_NODE_CLUSTER) && !c->options->check_only)                             \
			return yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-009",                       \
			                  N_("%s does not honour cluster in this version"), s->text);        \
		YG_TRY(yg_refuse_options(c, s, refused, err));                                               \
		YG_TRY(yg_options_go_with(c, s, "conf", there, with, err));                                  \
		return yg_resolve_columns(c, s, err);                                                        \
	}
RESOLVE(show, "weight freq", true, "")
RESOLVE(describe, "ci freq", yg_option_has(s, "stats", "ci"), "stats=(ci)")
RESOLVE(hist, "freq conf", true, "")
RESOLVE(count, "distinct monthly round weight freq", true, "")
RESOLVE(missing, "weight freq", true, "")
RESOLVE(tab, "correct ci padjust", tab_intervals(s), "measure=(or, rr, rd)")
RESOLVE(table1, "stats pct ci freq conf", true, "")

#define LOOK(word) \
	const struct yg_command yg_command_##word = { #word, 1, YG_EFFECT_RESULT, "analysis.run", true, word##_resolve, word##_run }
static enum yg_status flow_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_refuse_options(c, s, "template", err));
	return attrition_resolve(c, s, err);
}

LOOK(show);
LOOK(describe);
LOOK(hist);
LOOK(count);
LOOK(missing);
LOOK(tab);
LOOK(table1);
LOOK(attrition);
LOOK(flow);
