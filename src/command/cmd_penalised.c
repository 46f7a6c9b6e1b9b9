/* penalty=lasso, ridge or elastic of cox, linear, logit and poisson. */
#include <math.h>
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/penalised.h"
#include "yogo/base/i18n.h"
#include "yogo/lang/spec.h"

bool yg_penalty_asked(const struct yg_node *s)
{
	const char *kind = yg_option_word(s, "penalty", NULL);

	return kind && strcmp(kind, "none");
}

/* Written, and not only the default. */
static bool meant(const struct yg_node *s, const char *name)
{
	const struct yg_node *v = yg_node_option(s, name);
	const struct yg_option_spec *spec = yg_verb_option(yg_verb_find(s->text), name);
	const char *word = v && v->kind != YG_NODE_OPTION && v->text ? v->text : "";

	return v && strcmp(word, "no") && strcmp(word, "none") && !(spec && spec->standard && !strcmp(word, spec->standard));
}

enum yg_status yg_penalty_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	static const char *const own[] = { "alpha", "lambda", "folds", "foldid", "choose" };
	static const char *const others[] = { "firth", "frailty", "interaction", "boot", "tt", "measure" };

	for (size_t i = 0; i < sizeof own / sizeof *own && !yg_penalty_asked(s); i++) {
		const struct yg_node *v = yg_node_option(s, own[i]);
		if (!v)
			continue;
		yg_fail_at(err, YG_ESYNTAX, v->at, v->len, "E-PEN-022", N_("%s: %s belongs to a penalised model"), s->text, own[i]);
		yg_err_hint(err, N_("Add penalty=lasso, ridge or elastic."));
		return YG_ESYNTAX;
	}
	for (size_t i = 0; i < sizeof others / sizeof *others && yg_penalty_asked(s) && !c->options->check_only; i++)
		if (meant(s, others[i])) {
			const struct yg_node *v = yg_node_option(s, others[i]);
			return yg_fail_at(err, YG_REFUSED, v->at, v->len, "E-PEN-023", N_("%s: %s and penalty cannot be combined"), s->text, others[i]);
		}
	return YG_OK;
}

void yg_release_pen(void *payload)
{
	yg_pen_model_free(payload);
}

static enum yg_status read(struct yg_context *c, const struct yg_node *s, struct yg_an_penalty *q, struct yg_err *err)
{
	const struct yg_option_value *v;
	double folds, *lambda;
	size_t n;

	q->kind = yg_option_word(s, "penalty", NULL);
	q->foldid = yg_option_column(c, s, "foldid");
	q->choose = yg_option_word(s, "choose", NULL);
	YG_TRY(yg_option_number(s, "alpha", NAN, &q->alpha, err));
	YG_TRY(yg_option_values(c, s, "lambda", &v, &n, err));
	lambda = yg_arena_alloc(c->arena, n + 1, sizeof *lambda);
	for (size_t i = 0; i < n; i++)
		lambda[i] = v[i].number;
	q->lambda = n ? lambda : NULL;
	q->lambdas = n;
	/* A penalty that is given needs no choice. */
	YG_TRY(yg_option_number(s, "folds", n || q->foldid ? 0 : 10, &folds, err));
	if (!(folds >= 0 && folds < 1e6) || folds != floor(folds))
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-PEN-024", N_("folds is a whole number, 0 for no cross-validation"));
	q->folds = (int64_t)folds;
	if (q->folds && !q->foldid && !c->state->has_seed) {
		yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-PEN-025",
		           N_("%s draws the folds of cross-validation at random and needs a seed, so that it can be repeated"), s->text);
		yg_err_hint(err, N_("Write seed 1 (or any number) at the head of the script, or name a column of folds: foldid=COLUMN"));
		return YG_ESYNTAX;
	}
	q->seed = (uint64_t)c->state->seed;
	return YG_OK;
}

enum yg_status yg_penalised_cox_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_cox r = { 0 };
	struct yg_an_penalty q = { 0 };
	struct yg_pen_model *model = NULL;
	struct yg_input input;
	enum yg_status status = yg_survival_begin(c, s, &input, &r.of, err);

	out->raw_free = yg_an_free;
	YG_READ_MODEL(&r, c, s, &input);
	r.ci = yg_option_word(s, "ci", NULL);
	if (status == YG_OK)
		status = read(c, s, &q, err);
	if (status == YG_OK)
		status = yg_an_cox_path(&r, &q, c->task, &out->raw, &model, err);
	return yg_end_model(c, out, &input, status, model, yg_release_pen);
}

enum yg_status yg_penalised_regress_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_regress r = { 0 };
	struct yg_an_penalty q = { 0 };
	struct yg_pen_model *model = NULL;
	struct yg_input input;
	enum yg_status status = yg_input_begin(c, s, NULL, &input, err);

	out->raw_free = yg_an_free;
	if (status == YG_OK) {
		r.in = input.in;
		yg_input_targets(s, &r.outcome);
		r.formula = yg_node_find(s, YG_NODE_FORMULA);
		r.frequency = yg_option_column(c, s, "freq");
		r.event = yg_option_word(s, "event", NULL);
		r.ci = yg_option_word(s, "ci", NULL);
		r.se = yg_option_word(s, "se", NULL);
		r.verb = s->text;
		status = read(c, s, &q, err);
	}
	if (status == YG_OK)
		status = yg_an_regress_path(&r, &q, c->task, &out->raw, &model, err);
	return yg_end_model(c, out, &input, status, model, yg_release_pen);
}
