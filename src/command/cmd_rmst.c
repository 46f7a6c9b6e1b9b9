/* rmst: restricted mean survival time. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/rmst.h"
#include "yogo/base/i18n.h"

static enum yg_status rmst_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_rmst r = { 0 };
	struct yg_input input;
	const char *ci = yg_option_word(s, "ci", NULL);
	enum yg_status status = yg_survival_begin(c, s, &input, &r.of, err);

	out->raw_free = yg_an_free;
	r.in = input.in;
	r.strata = input.strata;
	r.cluster = input.cluster;
	r.frequency = yg_option_column(c, s, "freq");
	r.tau = yg_node_option(s, "tau");
	r.measure = yg_option_word(s, "measure", NULL);
	r.open = status == YG_OK && yg_population_open(&input);
	if (status == YG_OK && ci && !strcmp(ci, "boot"))
		status = yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-007",
		                    N_("%s: bootstrap intervals are not computed by this version; leave out ci"), s->text);
	if (status == YG_OK)
		status = yg_option_model(c, s, "adjust", &r.adjust, err);
	if (status == YG_OK)
		status = yg_an_rmst(&r, c->task, &out->raw, err);
	yg_input_end(c, &input, out);
	return status;
}

const struct yg_command yg_command_rmst = { "rmst", 1, YG_EFFECT_RESULT, "analysis.run", true, yg_survival_resolve, rmst_run };
