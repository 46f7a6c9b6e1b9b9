/* recur, multistate, winratio, rate, standardize: several events a person, ranked endpoints, rates. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/events.h"
#include "yogo/base/i18n.h"
#include "yogo/cohort/endpoint.h"

static enum yg_status resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);

	YG_TRY(yg_survival_resolve(c, s, err));
	for (uint32_t i = 0; i < list->children; i++)
		for (uint32_t k = 0; k < i; k++)
			if (!strcmp(list->child[k]->text, list->child[i]->text))
				return yg_fail_at(err, YG_ESYNTAX, list->child[i]->at, list->child[i]->len, "E-EVT-010", N_("%s is named twice"),
				                  list->child[i]->text);
	return YG_OK;
}

/* Covariates that change over time belong to one endpoint's spans. */
static enum yg_status no_tvc(const struct yg_node *s, const struct yg_input *input, struct yg_err *err)
{
	if (!input->population.population.tvc)
		return YG_OK;
	yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-009",
	           N_("%s does not follow persons whose covariates change over time, as in %s"), s->text, input->population.population.name);
	yg_err_hint(err, N_("Leave out \"on %s\", or use cox or km on it."), input->population.population.name);
	return YG_REFUSED;
}

/* Endpoints of persons whose covariates stay as they are. */
static enum yg_status begin_fixed(struct yg_context *c, const struct yg_node *s, struct yg_input *input, struct yg_an_endpoints *of,
                                  struct yg_outcome *out, struct yg_err *err)
{
	out->raw_free = yg_an_free;
	YG_TRY(yg_survival_begin(c, s, input, of, err));
	return no_tvc(s, input, err);
}

static enum yg_status begin_one(struct yg_context *c, const struct yg_node *s, struct yg_input *input,
                                const struct yg_endpoint **endpoint, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_endpoints of;

	out->raw_free = yg_an_free;
	YG_TRY(yg_survival_begin(c, s, input, &of, err));
	if (of.count != 1)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-EVT-011", N_("%s takes one endpoint"), s->text);
	*endpoint = of.endpoint[0];
	return YG_OK;
}

/* winratio, rate, standardize */
static enum yg_status unweighted_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_refuse_options(c, s, "weight freq", err));
	return resolve(c, s, err);
}

/* ---- recur ---- */

static enum yg_status recur_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_refuse_options(c, s, "ci boot freq", err));
	YG_TRY(yg_options_go_with(c, s, "at", !strcmp(yg_option_word(s, "method", "mcf"), "mcf"), "method=mcf", err));
	return resolve(c, s, err);
}

static enum yg_status recur_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_recur r = { 0 };
	struct yg_input input;
	const char *se = yg_option_word(s, "se", NULL);
	double most = 0;
	enum yg_status status = begin_one(c, s, &input, &r.endpoint, out, err);

	if (status == YG_OK)
		status = yg_option_number(s, "max", 0, &most, err);
	if (status == YG_OK && !(most >= 0 && most <= 1000000 && (double)(uint32_t)most == most))
		status = yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-EVT-012", N_("max is a whole number of recurrences: max=4"));
	if (status == YG_OK && se && strcmp(se, "model") && strcmp(se, "robust"))
		status = yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-REG-006", N_("standard errors %s are not available here"), se);
	if (status == YG_OK) {
		r.in = input.in;
		r.formula = yg_node_find(s, YG_NODE_FORMULA);
		r.strata = input.strata;
		r.cluster = input.cluster;
		r.method = yg_option_word(s, "method", NULL);
		/* The default of method is the curve; with terms a model must be named. */
		r.specific = !strcmp(yg_option_word(s, "effects", "common"), "specific");
		r.most = (uint32_t)most;
		r.ties = yg_option_word(s, "ties", NULL);
		r.se = se;
		r.at = yg_node_option(s, "at");
		status = yg_an_recur(&r, c->task, &out->raw, err);
	}
	yg_input_end(c, &input, out);
	return status;
}

/* ---- multistate ---- */

static enum yg_status multistate_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_refuse_options(c, s, "freq", err));
	YG_TRY(yg_options_go_with(c, s, "ties", yg_node_find(s, YG_NODE_FORMULA), "~", err));
	return resolve(c, s, err);
}

static enum yg_status multistate_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_multistate r = { 0 };
	struct yg_input input;
	enum yg_status status = begin_fixed(c, s, &input, &r.of, out, err);

	if (status == YG_OK) {
		r.in = input.in;
		r.formula = yg_node_find(s, YG_NODE_FORMULA);
		r.trans = yg_node_option(s, "trans");
		r.at = yg_node_option(s, "at");
		r.ci = yg_option_word(s, "ci", NULL);
		r.ties = yg_option_word(s, "ties", NULL);
		status = yg_an_multistate(&r, c->task, &out->raw, err);
	}
	yg_input_end(c, &input, out);
	return status;
}

/* ---- winratio ---- */

static enum yg_status winratio_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_winratio r = { 0 };
	struct yg_input input;
	enum yg_status status = begin_fixed(c, s, &input, &r.of, out, err);

	if (status == YG_OK) {
		r.in = input.in;
		r.formula = yg_node_find(s, YG_NODE_FORMULA);
		r.strata = input.strata;
		r.measure = yg_option_word(s, "measure", NULL);
		status = yg_an_winratio(&r, c->task, &out->raw, err);
	}
	yg_input_end(c, &input, out);
	return status;
}

/* ---- rate, standardize ---- */

/* The columns of the option adjust, and those of a strata clause, as one STRATA node; NULL = none. */
static enum yg_status adjusted(struct yg_context *c, const struct yg_node *s, const struct yg_node *strata,
                               const struct yg_node **out, struct yg_err *err)
{
	const char *const *name;
	size_t n;
	struct yg_node *both;

	*out = strata;
	YG_TRY(yg_option_names(c, s, "adjust", &name, &n, err));
	if (!n)
		return YG_OK;
	both = yg_node_new(c->arena, YG_NODE_STRATA, NULL);
	both->at = s->at;
	both->len = s->len;
	for (uint32_t k = 0; strata && k < strata->children; k++)
		yg_node_add(c->arena, both, strata->child[k]);
	for (size_t k = 0; k < n; k++) {
		struct yg_node *column = yg_node_new(c->arena, YG_NODE_NAME, name[k]);
		column->at = s->at;
		column->len = s->len;
		yg_node_add(c->arena, both, column);
	}
	*out = both;
	return YG_OK;
}

static enum yg_status rate_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_rate r = { 0 };
	struct yg_input input;
	enum yg_status status = begin_one(c, s, &input, &r.endpoint, out, err);

	if (status == YG_OK)
		status = adjusted(c, s, input.strata, &r.strata, err);
	if (status == YG_OK) {
		r.in = input.in;
		r.per = yg_node_option(s, "per");
		r.measure = yg_option_word(s, "measure", NULL);
		r.ci = yg_option_word(s, "ci", NULL);
		status = yg_an_rate(&r, c->task, &out->raw, err);
	}
	yg_input_end(c, &input, out);
	return status;
}

static enum yg_status standardize_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_standardize r = { 0 };
	struct yg_input input;
	enum yg_status status = begin_one(c, s, &input, &r.endpoint, out, err);

	if (status == YG_OK)
		status = adjusted(c, s, input.strata, &r.adjust, err);
	if (status == YG_OK) {
		r.in = input.in;
		r.per = yg_node_option(s, "per");
		r.standard = yg_option_word(s, "standard", NULL);
		r.indirect = !strcmp(yg_option_word(s, "method", "direct"), "indirect");
		r.ci = yg_option_word(s, "ci", NULL);
		/* The default is the direct one's. */
		if (r.indirect && r.ci && !strcmp(r.ci, "gamma"))
			r.ci = "exact";
		status = yg_an_standardize(&r, c->task, &out->raw, err);
	}
	yg_input_end(c, &input, out);
	return status;
}

#define EVENTS(word, resolve) \
	const struct yg_command yg_command_##word = { #word, 1, YG_EFFECT_RESULT, "analysis.run", true, resolve, word##_run }
EVENTS(recur, recur_resolve);
EVENTS(multistate, multistate_resolve);
EVENTS(winratio, unweighted_resolve);
EVENTS(rate, unweighted_resolve);
EVENTS(standardize, unweighted_resolve);
