/* test, corr: groups, samples and pairs compared; correlations. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/tests.h"
#include "yogo/base/i18n.h"

static enum yg_status test_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	bool tests = yg_node_find(s, YG_NODE_BY) || yg_node_option(s, "pair");

	YG_TRY(yg_options_go_with(c, s, "pairwise", tests, "by", err));
	return yg_resolve_columns(c, s, err);
}

static enum yg_status test_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_test r = { 0 };
	struct yg_input input;
	enum yg_status status = yg_input_begin(c, s, NULL, &input, err);
	const char *side;

	out->raw_free = yg_an_free;
	if (status == YG_OK)
		status = yg_option_names(c, s, "method", &r.method, &r.methods, err);
	if (r.methods == 1 && !strcmp(r.method[0], "auto"))
		r.methods = 0;
	if (status == YG_OK)
		status = yg_option_number(s, "mu", 0, &r.mu, err);
	if (status != YG_OK)
		goto end;
	r.has_mu = yg_node_option(s, "mu") != NULL;
	r.in = input.in;
	yg_input_targets(s, &r.target);
	r.strata = input.strata;
	r.pair = yg_option_column(c, s, "pair");
	r.across = yg_node_option_yes(s, "across");
	r.pairwise = yg_node_option_yes(s, "pairwise");
	r.padjust = yg_option_word(s, "padjust", NULL);
	side = yg_option_word(s, "side", "two");
	r.side = !strcmp(side, "less") ? YG_LESS : !strcmp(side, "greater") ? YG_GREATER : YG_TWO_SIDED;
	status = yg_an_test(&r, c->task, &out->raw, err);
end:
	yg_input_end(c, &input, out);
	return status;
}

static enum yg_status corr_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	struct yg_input in;
	struct yg_outcome nothing = { 0 };

	YG_TRY(yg_resolve_columns(c, s, err));
	enum yg_status status = yg_input_begin(c, s, NULL, &in, err);
	if (status == YG_OK)
		status = yg_input_check_model(c, s, "adjust", &in.scope, err);
	yg_input_end(c, &in, &nothing);
	yg_free(nothing.population);
	return status;
}

static enum yg_status corr_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_corr r = { 0 };
	const struct yg_node *given = NULL;
	struct yg_input input;
	enum yg_status status = yg_input_begin(c, s, NULL, &input, err);

	out->raw_free = yg_an_free;
	if (status == YG_OK)
		status = yg_option_model(c, s, "adjust", &given, err);
	if (status == YG_OK) {
		r.in = input.in;
		yg_input_targets(s, &r.target);
		if (given)
			r.given = (struct yg_an_targets){ (const struct yg_node *const *)given->child, given->children };
		r.method = yg_option_word(s, "method", NULL);
		r.padjust = yg_option_word(s, "padjust", NULL);
		r.complete = yg_node_option_yes(s, "complete");
		status = yg_an_corr(&r, c->task, &out->raw, err);
	}
	yg_input_end(c, &input, out);
	return status;
}

const struct yg_command yg_command_test = { "test", 1, YG_EFFECT_RESULT, "analysis.run", true, test_resolve, test_run };
const struct yg_command yg_command_corr = { "corr", 1, YG_EFFECT_RESULT, "analysis.run", true, corr_resolve, corr_run };
