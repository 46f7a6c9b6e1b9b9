/* cuminc, finegray: competing risks. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/competing.h"
#include "yogo/analysis/data.h"
#include "yogo/base/i18n.h"

void yg_release_finegray(void *payload)
{
	yg_finegray_model_free(payload);
}

static enum yg_status cuminc_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_cuminc r = { 0 };
	struct yg_an_endpoints of;
	struct yg_input input;
	const char *ci = yg_option_word(s, "ci", "log"), *test = yg_option_word(s, "test", "gray");
	enum yg_status status = yg_survival_begin(c, s, &input, &of, err);

	out->raw_free = yg_an_free;
	if (status == YG_OK && of.count != 1)
		status = yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-014", N_("cuminc takes one endpoint"));
	if (status == YG_OK) {
		r.in = input.in;
		r.endpoint = of.endpoint[0];
		r.strata = input.strata;
		r.cluster = input.cluster;
		r.frequency = yg_option_column(c, s, "freq");
		r.cause = yg_option_word(s, "cause", NULL);
		r.at = yg_node_option(s, "at");
		r.no_test = !strcmp(test, "no");
		r.measure = yg_option_word(s, "measure", NULL);
		r.draw = yg_option_word(s, "draw", NULL);
		r.all_steps = !strcmp(yg_option_word(s, "steps", "drawn"), "all");
		r.open = yg_population_open(&input);
		if (!yg_km_ci_parse(ci, &r.ci))
			status = yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-015", N_("%s is no scale of an interval"), ci);
	}
	if (status == YG_OK)
		status = yg_option_number(s, "rho", 0, &r.rho, err);
	if (status == YG_OK)
		status = yg_an_cuminc(&r, c->task, &out->raw, err);
	yg_input_end(c, &input, out);
	return status;
}

static enum yg_status finegray_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_refuse_options(c, s, "boot", err));
	return yg_survival_resolve(c, s, err);
}

static enum yg_status finegray_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_finegray r = { 0 };
	struct yg_finegray_model *model = NULL;
	struct yg_input input;
	enum yg_status status = yg_survival_begin(c, s, &input, &r.of, err);

	out->raw_free = yg_an_free;
	YG_READ_MODEL(&r, c, s, &input);
	r.ties = yg_option_word(s, "ties", NULL);
	r.ci = yg_option_word(s, "ci", NULL);
	r.interaction = yg_node_option_yes(s, "interaction");
	if (status == YG_OK)
		status = yg_an_finegray(&r, c->task, &out->raw, &model, err);
	return yg_end_model(c, out, &input, status, model, yg_release_finegray);
}

const struct yg_command yg_command_cuminc = { "cuminc", 2, YG_EFFECT_RESULT, "analysis.run", true, yg_survival_resolve, cuminc_run };
const struct yg_command yg_command_finegray = { "finegray", 2, YG_EFFECT_RESULT, "analysis.run", true, finegray_resolve, finegray_run };
