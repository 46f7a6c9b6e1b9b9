/* cox: its options, and the model that is kept. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/survival.h"
#include "yogo/base/i18n.h"

static enum yg_status cox_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	YG_TRY(yg_refuse_options(c, s, "boot", err));
	YG_TRY(yg_penalty_resolve(c, s, err));
	return yg_survival_resolve(c, s, err);
}

static enum yg_status read_frailty(const struct yg_node *s, struct yg_an_cox *r, struct yg_err *err)
{
	const char *word = yg_option_word(s, "frailty", NULL);
	const struct yg_node *held = yg_node_option(s, "variance");
	r->frailty = word && strcmp(word, "no") != 0 ? word : NULL;
	YG_TRY(yg_option_number(s, "variance", 0, &r->frailty_variance, err));
	if (held && !(r->frailty_variance > 0))
		return yg_fail_at(err, YG_ESYNTAX, held->at, held->len, "E-OPT-130", N_("variance wants a number above 0"));
	return YG_OK;
}

static enum yg_status read_casecohort(struct yg_context *c, const struct yg_node *s, struct yg_an_cox *r, struct yg_err *err)
{
	const struct yg_option_value *v;
	r->casecohort = yg_option_word(s, "casecohort", NULL);
	r->subcohort = yg_option_column(c, s, "subcohort");
	YG_TRY(yg_option_values(c, s, "size", &v, &r->sizes, err));
	double *size = yg_arena_alloc(c->arena, r->sizes + 1, sizeof *size);
	for (size_t i = 0; i < r->sizes; i++)
		size[i] = v[i].number;
	r->size = size;
	return YG_OK;
}

/* What the path of penalties does not know. */
static enum yg_status not_penalised(const struct yg_node *s, struct yg_err *err)
{
	static const char *const names[] = { "firth", "frailty", "variance", "at", "casecohort", "subcohort", "size" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct yg_node *v = yg_node_option(s, names[i]);
		const char *word = yg_option_word(s, names[i], "no");
		if (v && strcmp(word, "no") != 0)
			return yg_fail_at(err, YG_REFUSED, v->at, v->len, "E-OPT-131", N_("%s does not go with penalty"), names[i]);
	}
	return YG_OK;
}

static enum yg_status cox_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_cox r = { 0 };
	struct yg_cox_model *model = NULL;
	struct yg_input input;
	enum yg_status status;

	if (yg_penalty_asked(s)) {
		YG_TRY(not_penalised(s, err));
		return yg_penalised_cox_run(c, s, out, err);
	}
	status = yg_survival_begin(c, s, &input, &r.of, err);
	out->raw_free = yg_an_free;
	YG_READ_MODEL(&r, c, s, &input);
	r.ties = yg_option_word(s, "ties", NULL);
	r.ci = yg_option_word(s, "ci", NULL);
	/* se=model is the verb's default; weights and clusters ask for robust errors all the same. */
	if (r.se && !strcmp(r.se, "model"))
		r.se = NULL;
	r.interaction = yg_node_option_yes(s, "interaction");
	r.firth = yg_node_option_yes(s, "firth");
	r.at = yg_node_option(s, "at");
	if (status == YG_OK)
		status = read_frailty(s, &r, err);
	if (status == YG_OK)
		status = read_casecohort(c, s, &r, err);
	if (status == YG_OK)
		status = yg_an_cox(&r, c->task, &out->raw, &model, err);
	status = yg_end_model(c, out, &input, status, model, yg_release_cox);
	if (status == YG_OK)
		out->named->bytes = yg_cox_model_bytes(model);
	return status;
}

const struct yg_command yg_command_cox = { "cox", 1, YG_EFFECT_RESULT, "analysis.run", true, cox_resolve, cox_run };
