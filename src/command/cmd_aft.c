/* aft: parametric survival models. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/parametric.h"
#include "yogo/base/i18n.h"

void yg_release_aft(void *payload)
{
	yg_aft_model_free(payload);
}

static enum yg_status aft_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_refuse_options(c, s, "ci frailty boot", err));
	YG_TRY(yg_options_go_with(c, s, "df scale", yg_option_has(s, "dist", "spline"), "dist=spline", err));
	return yg_survival_resolve(c, s, err);
}

/* One distribution or several: dist=weibull, dist=(weibull, lognormal). */
static void read_dists(struct yg_context *c, const struct yg_node *s, struct yg_an_aft *r)
{
	const struct yg_node *v = yg_node_option(s, "dist");
	size_t n = !v || v->kind == YG_NODE_OPTION ? 0 : v->kind == YG_NODE_GROUP ? v->children : 1;
	const char **list = yg_arena_alloc(c->arena, n + 1, sizeof *list);
	for (size_t i = 0; i < n; i++)
		list[i] = (v->kind == YG_NODE_GROUP ? v->child[i] : v)->text;
	r->dist = list;
	r->dists = n;
}

static enum yg_status read_numbers(const struct yg_node *s, struct yg_an_aft *r, struct yg_err *err)
{
	double df;
	YG_TRY(yg_option_number(s, "df", 0, &df, err));
	YG_TRY(yg_option_number(s, "sigma", 0, &r->sigma, err));
	if (!(df >= 0 && df <= 1000) || !(r->sigma >= 0))
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-AFT-019", N_("df and sigma are greater than 0"));
	r->df = (int)df;
	return YG_OK;
}

static enum yg_status aft_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_aft r = { 0 };
	struct yg_aft_model *model = NULL;
	struct yg_input input;
	enum yg_status status = yg_survival_begin(c, s, &input, &r.of, err);

	out->raw_free = yg_an_free;
	YG_READ_MODEL(&r, c, s, &input);
	r.metric = yg_option_word(s, "metric", NULL);
	r.spline = yg_option_word(s, "scale", NULL);
	r.at = yg_node_option(s, "at");
	r.open = status == YG_OK && yg_population_open(&input);
	read_dists(c, s, &r);
	if (status == YG_OK)
		status = read_numbers(s, &r, err);
	if (status == YG_OK)
		status = yg_an_aft(&r, c->task, &out->raw, &model, err);
	return yg_end_model(c, out, &input, status, model, yg_release_aft);
}

const struct yg_command yg_command_aft = { "aft", 1, YG_EFFECT_RESULT, "analysis.run", true, aft_resolve, aft_run };
