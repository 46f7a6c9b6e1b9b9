/* followup, km, logrank, cox, phtest: survival analysis. */
#include <math.h>
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/parametric.h"
#include "yogo/analysis/survival.h"
#include "yogo/base/i18n.h"
#include "yogo/cohort/endpoint.h"

void yg_release_cox(void *payload)
{
	yg_cox_model_free(payload);
}

/* The endpoints a statement names; all of one table. */
static enum yg_status endpoints(struct yg_context *c, const struct yg_node *s, struct yg_an_endpoints *out,
                                struct yg_object **first, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	size_t n = list ? list->children : 0;
	const struct yg_endpoint **e = yg_arena_alloc(c->arena, n + 1, sizeof *e);

	*first = NULL;
	if (!n)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-012", N_("%s wants the name of an endpoint"), s->text);
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *name = list->child[i];
		struct yg_object *o = NULL;
		enum yg_status status = yg_state_get(c->state, name->text, YG_OBJECT_ENDPOINT, &o, err);
		if (status != YG_OK) {
			if (err) {
				err->at = name->at;
				err->len = name->len;
				err->has_span = 1;
			}
			return status;
		}
		if (*first && o->table != (*first)->table)
			return yg_fail_at(err, YG_ESYNTAX, name->at, name->len, "E-NAM-023",
			                  N_("%s and %s belong to different tables; analyse them in statements of their own"), (*first)->name,
			                  o->name);
		if (!*first)
			*first = o;
		e[i] = o->payload;
	}
	out->endpoint = e;
	out->count = n;
	return YG_OK;
}

enum yg_status yg_survival_begin(struct yg_context *c, const struct yg_node *s, struct yg_input *input,
                                 struct yg_an_endpoints *of, struct yg_err *err)
{
	struct yg_object *first;

	memset(input, 0, sizeof *input);
	YG_TRY(endpoints(c, s, of, &first, err));
	return yg_input_begin(c, s, first->table, input, err);
}

/* Defaults, then every name a statement uses against the endpoint's table. */
enum yg_status yg_survival_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	struct yg_an_endpoints of;
	struct yg_input input;
	struct yg_outcome nothing;
	enum yg_status status;

	yg_command_fill_defaults(c, s);
	memset(&nothing, 0, sizeof nothing);
	status = yg_survival_begin(c, s, &input, &of, err);
	if (status == YG_OK)
		status = yg_input_check(c, s, &input.scope, false, err);
	if (status == YG_OK)
		status = yg_input_check_model(c, s, "adjust", &input.scope, err);
	yg_input_end(c, &input, &nothing);
	yg_free(nothing.population);
	return status;
}

static enum yg_status followup_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_followup r = { 0 };
	struct yg_input input;
	enum yg_status status = yg_survival_begin(c, s, &input, &r.of, err);

	out->raw_free = yg_an_free;
	r.in = input.in;
	if (status == YG_OK)
		status = yg_an_followup(&r, c->task, &out->raw, err);
	yg_input_end(c, &input, out);
	return status;
}

static enum yg_status km_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_km r = { 0 };
	struct yg_input input;
	enum yg_status status = yg_survival_begin(c, s, &input, &r.of, err);

	out->raw_free = yg_an_free;
	r.in = input.in;
	r.cluster = input.cluster;
	r.frequency = yg_option_column(c, s, "freq");
	r.method = yg_option_word(s, "method", NULL);
	r.ci = yg_option_word(s, "ci", NULL);
	r.qrule = yg_option_word(s, "qrule", NULL);
	r.beyond = yg_option_word(s, "beyond", NULL);
	r.quantiles = yg_node_option(s, "quantiles");
	r.at = yg_node_option(s, "at");
	r.band = yg_option_word(s, "band", NULL);
	r.over = yg_node_option(s, "over");
	r.measure = yg_option_word(s, "measure", NULL);
	r.given = yg_node_option(s, "given");
	r.landmark = yg_node_option(s, "landmark");
	r.all_steps = !strcmp(yg_option_word(s, "steps", "drawn"), "all");
	r.open = status == YG_OK && yg_population_open(&input);
	r.no_risktable = yg_node_option(s, "risktable") && !yg_node_option_yes(s, "risktable");
	if (status == YG_OK)
		status = yg_option_model(c, s, "adjust", &r.adjust, err);
	if (status == YG_OK && input.strata)
		status = yg_fail_at(err, YG_REFUSED, input.strata->at, input.strata->len, "E-CMD-008",
		                    N_("km does not pool strata; name the groups with by"));
	if (status == YG_OK)
		status = r.method && !strcmp(r.method, "turnbull") ? yg_an_turnbull(&r, yg_population_open(&input), c->task, &out->raw, err) : yg_an_km(&r, c->task, &out->raw, err);
	yg_input_end(c, &input, out);
	return status;
}

static enum yg_status logrank_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_options_go_with(c, s, "conf", false, "km", err));
	YG_TRY(yg_options_go_with(c, s, "padjust", yg_node_option_yes(s, "pairwise"), "pairwise", err));
	return yg_survival_resolve(c, s, err);
}

static enum yg_status logrank_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_logrank r = { 0 };
	struct yg_input input;
	enum yg_status status = yg_survival_begin(c, s, &input, &r.of, err);

	out->raw_free = yg_an_free;
	r.in = input.in;
	r.strata = input.strata;
	r.frequency = yg_option_column(c, s, "freq");
	r.method = yg_option_word(s, "method", NULL);
	r.trend = yg_node_option_yes(s, "trend");
	r.pairwise = yg_node_option_yes(s, "pairwise");
	r.padjust = yg_option_word(s, "padjust", NULL);
	r.landmark = yg_node_option(s, "landmark");
	if (status == YG_OK)
		status = yg_option_number(s, "rho", 0, &r.rho, err);
	if (status == YG_OK)
		status = yg_option_number(s, "gamma", 0, &r.gamma, err);
	if (status == YG_OK)
		status = yg_an_logrank(&r, c->task, &out->raw, err);
	yg_input_end(c, &input, out);
	return status;
}

/* The Cox models a statement names. */
static enum yg_status cox_models(struct yg_context *c, const struct yg_node *s, const struct yg_cox_model *const **model,
                                 const char *const **name, size_t *count, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	size_t n = list ? list->children : 0;
	const struct yg_cox_model **m = yg_arena_alloc(c->arena, n + 1, sizeof *m);
	const char **names = yg_arena_alloc(c->arena, n + 1, sizeof *names);

	if (!n)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-016", N_("%s wants the result of a Cox model"), s->text);
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *at = list->child[i];
		struct yg_object *o = NULL;
		enum yg_status status = yg_state_get(c->state, at->text, YG_OBJECT_RESULT, &o, err);
		if (status != YG_OK) {
			if (err) {
				err->at = at->at;
				err->len = at->len;
				err->has_span = 1;
			}
			return status;
		}
		if (o->release != yg_release_cox && !c->options->check_only)
			return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-043", N_("%s is not a Cox model; %s works on results of cox"),
			                  o->name, s->text);
		m[i] = o->payload;
		names[i] = o->name;
		if (out) {
			out->subject = o->dataset;
			if (o->result && !out->population)
				out->population = yg_xstrdup(o->result->population);
		}
	}
	*model = m;
	*name = names;
	*count = n;
	return YG_OK;
}

static enum yg_status models_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_cox_model *const *model;
	const char *const *name;
	size_t n;

	yg_command_fill_defaults(c, s);
	return cox_models(c, s, &model, &name, &n, NULL, err);
}

static enum yg_status phtest_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_phtest r = { 0 };

	YG_TRY(cox_models(c, s, &r.model, &r.name, &r.count, out, err));
	r.transform = yg_option_word(s, "transform", NULL);
	r.open = out->subject && out->subject->profile && !strcmp(out->subject->profile, "open");
	out->raw_free = yg_an_free;
	return yg_an_phtest(&r, c->task, &out->raw, err);
}

#define SURVIVAL(word, resolve) \
	const struct yg_command yg_command_##word = { #word, 1, YG_EFFECT_RESULT, "analysis.run", true, resolve, word##_run }
SURVIVAL(followup, yg_survival_resolve);
SURVIVAL(km, yg_survival_resolve);
SURVIVAL(logrank, logrank_resolve);
SURVIVAL(phtest, models_resolve);
