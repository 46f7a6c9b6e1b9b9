/*
 * Asking a survival verb on a reference data set as a script would.
 *
 *   struct world *w = model_world("colon", colon_columns);
 *   world_run(w, "endpoint os: ...") is kept by name: follow_endpoint(w, "endpoint os: ... end");
 *   struct yg_raw *r = follow(w, "km os by rx");
 */
#ifndef YOGO_TESTS_ANALYSIS_FOLLOW_H
#define YOGO_TESTS_ANALYSIS_FOLLOW_H

#include "tests/unit/analysis/model.h"

#include "yogo/analysis/rmst.h"
#include "yogo/analysis/survival.h"

static struct yg_endpoint *follow_known[8];
static size_t follow_count;
static struct yg_cox_model *follow_model, *follow_older;
static bool follow_guarded;      /* ask as of guarded data */

static inline void follow_reset(void)
{
	while (follow_count)
		yg_endpoint_free(follow_known[--follow_count]);
	yg_cox_model_free(follow_model);
	yg_cox_model_free(follow_older);
	follow_model = follow_older = NULL;
}

static inline struct yg_endpoint *follow_endpoint(struct world *w, const char *text)
{
	struct yg_endpoint *e = NULL;
	world_run(w, text);
	if (yg_endpoint_evaluate(&w->scope, w->last, &w->task, &e, &w->err) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	follow_known[follow_count++] = e;
	return e;
}

static inline struct yg_an_endpoints follow_named(struct world *w, const struct yg_node *list)
{
	const struct yg_endpoint **e = yg_arena_alloc(&w->arena, list->children + 1, sizeof *e);
	for (uint32_t i = 0; i < list->children; i++) {
		for (size_t k = 0; k < follow_count; k++)
			if (!strcmp(follow_known[k]->name, list->child[i]->text))
				e[i] = follow_known[k];
		assert_non_null(e[i]);
	}
	return (struct yg_an_endpoints){ e, list->children };
}

static inline const struct yg_node *follow_column(struct world *w, const struct yg_node *s, const char *name)
{
	const struct yg_node *v = yg_node_option(s, name);
	return v ? yg_node_new(&w->arena, YG_NODE_NAME, v->text) : NULL;
}

/* The columns of adjust=(age, sex) as a model. */
static inline const struct yg_node *follow_model_of(struct world *w, const struct yg_node *s, const char *name)
{
	const struct yg_node *v = yg_node_option(s, name);
	if (!v)
		return NULL;
	struct yg_node *model = yg_node_new(&w->arena, YG_NODE_MODEL, NULL);
	for (size_t i = 0; i < (v->kind == YG_NODE_GROUP ? v->children : 1); i++)
		yg_node_add(&w->arena, model, yg_node_new(&w->arena, YG_NODE_NAME, v->kind == YG_NODE_GROUP ? v->child[i]->text : v->text));
	return model;
}

static inline enum yg_status follow_cox(struct world *w, const struct yg_node *s, struct yg_raw **out)
{
	struct yg_an_cox r = { .in = look_input(w, s), .of = follow_named(w, yg_node_find(s, YG_NODE_LIST)),
		               .formula = yg_node_find(s, YG_NODE_FORMULA), .strata = yg_node_find(s, YG_NODE_STRATA),
		               .cluster = yg_node_find(s, YG_NODE_CLUSTER), .frequency = follow_column(w, s, "freq"),
		               .ties = model_word(s, "ties"), .ci = model_word(s, "ci"), .se = model_word(s, "se"),
		               .cause = model_word(s, "cause"), .interaction = yg_node_option_yes(s, "interaction"),
		               .firth = yg_node_option_yes(s, "firth"), .frailty = model_word(s, "frailty"), .at = yg_node_option(s, "at") };
	const struct yg_node *variance = yg_node_option(s, "variance");
	r.frailty_variance = variance ? variance->number : 0;
	const struct yg_node *size = yg_node_option(s, "size");
	double sizes[8];
	r.casecohort = model_word(s, "casecohort");
	r.subcohort = follow_column(w, s, "subcohort");
	r.sizes = !size ? 0 : size->kind == YG_NODE_GROUP ? size->children : 1;
	r.size = sizes;
	for (size_t i = 0; i < r.sizes && i < 8; i++)
		sizes[i] = size->kind == YG_NODE_GROUP ? size->child[i]->number : size->number;
	yg_cox_model_free(follow_older);
	follow_older = follow_model;
	follow_model = NULL;
	return yg_an_cox(&r, &w->task, out, &follow_model, &w->err);
}

static inline enum yg_status follow_try(struct world *w, const char *text, struct yg_raw **out)
{
	*out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *list = yg_node_find(s, YG_NODE_LIST);
	const char *verb = s->text;
	const struct yg_node *rho = yg_node_option(s, "rho"), *gamma = yg_node_option(s, "gamma"), *conf = yg_node_option(s, "conf");
	if (!strcmp(verb, "cox"))
		return follow_cox(w, s, out);
	struct yg_an_input in = look_input(w, s);
	in.conf = conf ? conf->number : 0;
	if (!strcmp(verb, "km")) {
		struct yg_an_km r = { .in = in, .of = follow_named(w, list), .cluster = yg_node_find(s, YG_NODE_CLUSTER),
			              .frequency = follow_column(w, s, "freq"), .method = model_word(s, "method"), .ci = model_word(s, "ci"),
			              .qrule = model_word(s, "qrule"), .beyond = model_word(s, "beyond"),
			              .quantiles = yg_node_option(s, "quantiles"), .at = yg_node_option(s, "at"),
			              .band = model_word(s, "band"), .over = yg_node_option(s, "over"), .measure = model_word(s, "measure"),
			              .given = yg_node_option(s, "given"), .landmark = yg_node_option(s, "landmark"),
			              .adjust = follow_model_of(w, s, "adjust"),
			              .all_steps = model_word(s, "steps") && !strcmp(model_word(s, "steps"), "all"), .open = !follow_guarded };
		return yg_an_km(&r, &w->task, out, &w->err);
	}
	if (!strcmp(verb, "followup")) {
		struct yg_an_followup r = { .in = in, .of = follow_named(w, list) };
		return yg_an_followup(&r, &w->task, out, &w->err);
	}
	if (!strcmp(verb, "rmst")) {
		struct yg_an_rmst r = { .in = in, .of = follow_named(w, list), .strata = yg_node_find(s, YG_NODE_STRATA),
			                .cluster = yg_node_find(s, YG_NODE_CLUSTER), .frequency = follow_column(w, s, "freq"),
			                .tau = yg_node_option(s, "tau"), .measure = model_word(s, "measure"), .adjust = follow_model_of(w, s, "adjust"),
			                .open = !follow_guarded };
		return yg_an_rmst(&r, &w->task, out, &w->err);
	}
	assert_string_equal(verb, "logrank");
	struct yg_an_logrank r = { .in = in, .of = follow_named(w, list), .strata = yg_node_find(s, YG_NODE_STRATA),
		                   .method = model_word(s, "method"), .rho = rho ? rho->number : 0, .gamma = gamma ? gamma->number : 0,
		                   .trend = yg_node_option_yes(s, "trend"), .pairwise = yg_node_option_yes(s, "pairwise"),
		                   .padjust = model_word(s, "padjust"), .landmark = yg_node_option(s, "landmark") };
	return yg_an_logrank(&r, &w->task, out, &w->err);
}

static inline struct yg_raw *follow(struct world *w, const char *text)
{
	struct yg_raw *out;
	if (follow_try(w, text, &out) != YG_OK)
		fail_msg("%s: %s [%s] %s", text, w->err.text, w->err.code, w->err.hint);
	return out;
}

#define assert_follow_refused(w, text, expected)                                \
	do {                                                                    \
		struct yg_raw *unwanted;                                        \
		assert_int_not_equal(follow_try((w), (text), &unwanted), YG_OK); \
		assert_string_equal((w)->err.code, (expected));                 \
	} while (0)

#endif
