/* Tables and notes of a parametric fit. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_aft_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/regression.h"

const char *an_aft_why_not(const struct an_aft_fit *f, size_t j)
{
	if (f->stop == YG_AFT_ITERATIONS)
		return N_("not estimable: no convergence");
	if (f->stop == YG_AFT_SHAPE)
		return N_("not estimable: the shape runs away");
	switch (f->fault[j]) {
	case YG_AFT_COLLINEAR:
		return N_("not estimable: constant, or a combination of other terms");
	case YG_AFT_RUNS_AWAY:
		return N_("no estimate: runs to infinity");
	default:
		return isnan(f->b_se[j]) ? N_("not estimable") : NULL;
	}
}

bool an_aft_usable(const struct an_aft_fit *f)
{
	return f->stop == YG_AFT_CONVERGED;
}

static struct yg_evidence behind(const struct an_aft_fit *f, size_t j)
{
	bool part = f->rows->design->column[j].binary && f->rows->design->column[j].term >= 0;
	return part ? (struct yg_evidence){ f->rows->persons[j], f->rows->events[j], (int64_t)f->rows->s->set->persons } :
	              an_surv_everybody(f->rows->s);
}

static const char *titled(const struct an_aft_fit *f, const char *title, struct yg_arena *arena)
{
	if (!f->several)
		return title;
	title = yg_phrase_message(arena, title);
	return f->level ? yg_phrase(arena, "%s, %s ~ %s, %s, %s", title, f->rows->s->label, f->formula, f->name,
		f->level) :
	                  yg_phrase(arena, "%s, %s ~ %s, %s", title, f->rows->s->label, f->formula, f->name);
}

/* ---- estimates ---- */

static void estimates_table(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, struct yg_arena *arena)
{
	static const char *const title[] = { N_("Time ratios"), N_("Hazard ratios"), N_("Odds ratios"), N_("Coefficients") };
	static const char *const key[] = { "tr", "hr", "or", NULL }, *const head[] = { N_("time ratio"), N_("HR"),
		N_("OR"), NULL };
	const struct yg_design *d = f->rows->design;
	bool ratio = f->metric != AN_AFT_NONE;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "estimates", i), titled(f, title[f->metric], arena));
	yg_raw_column(t, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	if (ratio)
		yg_raw_column(t, key[f->metric], head[f->metric], YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, ratio ? "ratio_lower" : "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, ratio ? "ratio_upper" : "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t j = 0; j < f->rows->data.p; j++) {
		if (d->column[j].term < 0)
			continue;
		const struct yg_design_term *of = &d->term[d->column[j].term];
		if (of->reference && (size_t)of->first == j)
			yg_raw_missing(t, an_reference_row(t, arena, d, of), 0, N_("reference"));
		int row = yg_raw_row_data(t, d->column[j].key, d->column[j].label, 0), k = 0;
		const char *why = an_aft_why_not(f, j);
		double b = f->b[j], se = f->b_se[j], low = b - f->critical * se, high = b + f->critical * se;
		double value[6] = { b, se };
		k = 2;
		if (ratio)
			value[k++] = yg_exp(b);
		value[k++] = ratio ? yg_exp(low) : low;
		value[k++] = ratio ? yg_exp(high) : high;
		value[k++] = yg_normal_two_sided(b / se);
		for (int c = 0; c < k; c++)
			if (why && c == 0)
				yg_raw_missing(t, row, c, why);
			else if (why)
				yg_raw_text(t, row, c, "");
			else
				yg_raw_num(t, row, c, value[c], behind(f, j));
	}
}

/* ---- the baseline: intercept, scale, shape ---- */

struct baseline {
	struct yg_raw_table *t;
	const struct an_aft_fit *f;
	struct yg_evidence e;
};

/* A parameter with its interval. */
static void parameter(const struct baseline *b, const char *key, const char *label, double v, double se, double low,
                      double high)
{
	int row = yg_raw_row(b->t, key, label, 0);
	const double value[] = { v, se, low, high };
	const char *why = b->f->stop == YG_AFT_ITERATIONS ? N_("not estimable: no convergence") :
		b->f->stop == YG_AFT_SHAPE ? N_("not estimable: the shape runs away") : isfinite(se) ? NULL : N_("not estimable");
	for (int c = 0; c < 4; c++)
		if (why && c == 0)
			yg_raw_missing(b->t, row, c, why);
		else if (why)
			yg_raw_text(b->t, row, c, "");
		else
			yg_raw_num(b->t, row, c, value[c], b->e);
}

static void plain_parameter(const struct baseline *b, const char *key, const char *label, size_t j)
{
	const struct an_aft_fit *f = b->f;
	double v = f->theta[j], se = f->se[j];
	parameter(b, key, label, v, se, v - f->critical * se, v + f->critical * se);
}

/* exp(power * theta_j): scale (1), Weibull's shape (-1), shape of gamma (-2). */
static void log_parameter(const struct baseline *b, const char *key, const char *label, size_t j, double power)
{
	const struct an_aft_fit *f = b->f;
	double v = yg_exp(power * f->theta[j]), se = fabs(power) * f->se[j], wide = f->critical * se;
	parameter(b, key, label, v, v * se, v * yg_exp(-wide), v * yg_exp(wide));
}

static void spline_rows(const struct baseline *b, struct yg_arena *arena)
{
	for (int k = 0; k < b->f->rp.df; k++)
		plain_parameter(b, yg_arena_printf(arena, "c%d", k + 1),
		                k ? yg_phrase(arena, N_("spline of log time %s"), yg_arena_printf(arena, "%d", k + 1)) : N_("log time"),
		                b->f->rows->data.p + (size_t)k);
}

static void aft_rows(const struct baseline *b, struct yg_arena *arena)
{
	const struct an_aft_fit *f = b->f;
	size_t p = f->rows->data.p;
	for (size_t k = 0; k < f->aft.scales; k++) {
		const char *of = f->rows->stratum_label && f->aft.scales > 1 ? f->rows->stratum_label[k] : NULL;
		log_parameter(b, of ? yg_arena_printf(arena, "scale, %s", of) : "scale", of ? yg_phrase(arena, N_("scale, %s"), of) : N_("scale"),
		              p + k, 1);
		if (f->aft.dist == YG_AFT_WEIBULL)
			log_parameter(b, of ? yg_arena_printf(arena, "shape, %s", of) : "shape",
			              of ? yg_phrase(arena, N_("shape (1/scale), %s"), of) : N_("shape (1/scale)"),
			              p + k, -1);
		if (f->aft.dist == YG_AFT_GAMMA)
			log_parameter(b, of ? yg_arena_printf(arena, "shape, %s", of) : "shape",
			              of ? yg_phrase(arena, N_("shape, %s"), of) : N_("shape"), p + k, -2);
	}
	if (f->aft.dist == YG_AFT_GENGAMMA)
		plain_parameter(b, "Q", N_("Q (1: Weibull, 0: lognormal)"), p + f->aft.scales);
	if (f->aft.dist == YG_AFT_GOMPERTZ)
		plain_parameter(b, "a", N_("growth of the log hazard"), p);
	if (!f->aft.scales && f->aft.dist != YG_AFT_GOMPERTZ) {
		int row = yg_raw_row(b->t, "scale", N_("scale"), 0);
		yg_raw_num(b->t, row, 0, f->aft.scale[0], b->e);
		for (int c = 1; c < 4; c++)
			yg_raw_missing(b->t, row, c, N_("fixed"));
	}
}

static void baseline_table(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, struct yg_arena *arena)
{
	struct baseline b = { yg_raw_table(raw, an_key(arena, "baseline", i), titled(f, N_("Baseline"), arena)), f,
		an_surv_everybody(f->rows->s) };
	yg_raw_column(b.t, "estimate", N_("estimate"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(b.t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(b.t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(b.t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	if (f->rows->data.intercept == 0) {
		if (f->metric == AN_AFT_HAZARD)
			parameter(&b, "(Intercept)", N_("constant of the log hazard"), f->b[0], f->b_se[0],
				f->b[0] - f->critical * f->b_se[0],
			          f->b[0] + f->critical * f->b_se[0]);
		else
			plain_parameter(&b, "(Intercept)", N_("constant"), 0);
	}
	if (f->is_spline)
		spline_rows(&b, arena);
	else
		aft_rows(&b, arena);
}

/* ---- terms, the whole model ---- */

static void terms_table(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, struct yg_arena *arena)
{
	const struct yg_design *d = f->rows->design;
	size_t p = f->rows->data.p;
	bool wanted = false;
	for (int k = 0; k < d->terms; k++)
		wanted = wanted || d->term[k].count > 1;
	if (!wanted)
		return;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "terms", i), titled(f, N_("Tests of terms (Wald)"), arena));
	uint8_t *dropped = yg_arena_alloc(arena, p + 1, 1);
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t j = 0; j < p; j++)
		dropped[j] = f->fault[j] != YG_AFT_FINE;
	for (int k = 0; k < d->terms; k++) {
		size_t count = (size_t)d->term[k].count, *index = yg_arena_alloc(arena, count + 1, sizeof *index);
		struct yg_evidence e = an_surv_everybody(f->rows->s);
		bool bad = !an_aft_usable(f);
		if (!count)
			continue;
		for (size_t c = 0; c < count; c++) {
			index[c] = (size_t)d->term[k].first + c;
			struct yg_evidence own = behind(f, index[c]);
			e = own.persons < e.persons ? own : e;
			bad = bad || f->fault[index[c]] == YG_AFT_RUNS_AWAY;
		}
		struct yg_term_test test = yg_wald_test(f->b, f->b_var, p, dropped, index, count, INFINITY);
		int row = yg_raw_row_data(t, d->term[k].name, d->term[k].name, 0);
		if (bad || !isfinite(test.chisq)) {
			yg_raw_missing(t, row, 0, N_("not estimable"));
			for (int c = 1; c < 3; c++)
				yg_raw_text(t, row, c, "");
			continue;
		}
		yg_raw_num(t, row, 0, test.chisq, e);
		yg_raw_num(t, row, 1, test.df, YG_NOBODY);
		yg_raw_num(t, row, 2, test.p, e);
	}
}

/* How many times of each kind; only where there is more than event and censored. */
static void kinds(struct yg_raw_table *t, const struct an_aft_fit *f)
{
	const struct an_surv *s = f->rows->s;
	uint64_t n = s->set->persons;
	uint64_t exact = f->is_spline ? f->rp.exact : f->aft.exact, left = f->is_spline ? f->rp.left : f->aft.left;
	uint64_t interval = f->is_spline ? f->rp.interval : f->aft.interval, right = f->is_spline ? f->rp.right : f->aft.right;
	if (!s->endpoint->interval_censored)
		return;
	an_fit_count(t, "exact", N_("event at a known time"), YG_ROLE_PERSONS, (int64_t)exact, an_part(exact, n));
	an_fit_count(t, "interval", N_("event between two times"), YG_ROLE_PERSONS, (int64_t)interval, an_part(interval, n));
	an_fit_count(t, "left", N_("event before the first time"), YG_ROLE_PERSONS, (int64_t)left, an_part(left, n));
	an_fit_count(t, "right", N_("no event seen"), YG_ROLE_PERSONS, (int64_t)right, an_part(right, n));
}

static void fit_table(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, struct yg_arena *arena)
{
	const struct an_surv *s = f->rows->s;
	struct yg_evidence e = an_surv_everybody(s), persons = { (int64_t)s->set->persons, 0, 0 };
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "fit", i), titled(f, N_("Model"), arena));
	yg_raw_column(t, "value", N_("value"), YG_ROLE_CRITERION, NULL);
	an_fit_count(t, "persons", N_("persons"), YG_ROLE_PERSONS, persons.persons, persons);
	if (s->set->n != s->set->persons)
		an_fit_count(t, "records", N_("records"), YG_ROLE_RECORDS, (int64_t)s->set->n, persons);
	an_fit_count(t, "events", N_("events"), YG_ROLE_EVENTS, (int64_t)s->event_rows,
	             (struct yg_evidence){ e.persons, e.events, s->set->n == s->set->persons ? e.persons : 0 });
	kinds(t, f);
	an_fit_count(t, "parameters", N_("parameters"), YG_ROLE_INTEGER, (int64_t)f->k, YG_NOBODY);
	if (!f->robust && f->lrt_df > 0 && an_aft_usable(f) && isfinite(f->lrt)) {
		an_fit_value(t, "lr", N_("LR chi-squared"), YG_ROLE_STATISTIC, f->lrt, e);
		an_fit_value(t, "lr_p", N_("p of it"), YG_ROLE_P, yg_chisq_upper(f->lrt, f->lrt_df), e);
	}
	if (!s->probability && isfinite(f->loglik) && (an_aft_usable(f) || f->stop == YG_AFT_INFINITE)) {
		if (isfinite(f->loglik_null))
			an_fit_value(t, "loglik_null", N_("log likelihood without terms"), YG_ROLE_CRITERION, f->loglik_null, e);
		an_fit_value(t, "loglik", N_("log likelihood"), YG_ROLE_CRITERION, f->loglik, e);
		an_fit_value(t, "aic", "AIC", YG_ROLE_CRITERION, f->aic, e);
		an_fit_value(t, "bic", N_("BIC (log of rows)"), YG_ROLE_CRITERION, f->bic, e);
	}
	an_fit_count(t, "iterations", N_("iterations"), YG_ROLE_INTEGER, f->iterations, YG_NOBODY);
}

/* ---- predicted times ---- */

static void value_of(const struct an_aft_fit *f, const double *x, double at, bool median, double *v, double *low,
                     double *high)
{
	double offset = f->rows->mean_offset;
	struct yg_aft_value a;
	if (median && f->is_spline)
		yg_rp_quantile(&f->rp, x, offset, 0.5, &a);
	else if (median)
		yg_aft_quantile(&f->aft, x, offset, 0, 0.5, &a);
	else if (f->is_spline)
		yg_rp_survival(&f->rp, x, offset, at, &a);
	else
		yg_aft_survival(&f->aft, x, offset, 0, at, &a);
	*v = a.value;
	if (median) {
		bool log_time = f->is_spline || yg_aft_dist_log(f->aft.dist) || f->aft.dist == YG_AFT_GOMPERTZ;
		*low = log_time ? a.value * yg_exp(-f->critical * a.log_se) : a.value - f->critical * a.se;
		*high = log_time ? a.value * yg_exp(f->critical * a.log_se) : a.value + f->critical * a.se;
	} else {
		/* symmetric for log(-log S) */
		double h = -yg_log(a.value);
		*low = yg_exp(-h * yg_exp(f->critical * a.log_se));
		*high = yg_exp(-h * yg_exp(-f->critical * a.log_se));
	}
}

static void profile_row(const struct an_aft_fit *f, size_t g, double *x)
{
	const struct an_aft_rows *r = f->rows;
	memcpy(x, r->mean, r->data.p * sizeof *x);
	if (r->term < 0)
		return;
	const struct yg_design_term *t = &r->design->term[r->term];
	for (int c = 0; c < t->count; c++)
		x[t->first + c] = (size_t)c + 1 == g;
}

static void predicted_table(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, const double *at, size_t ats,
                            struct yg_arena *arena)
{
	const struct an_aft_rows *r = f->rows;
	const struct an_surv *s = r->s;
	if (!an_aft_usable(f) || r->data.strata > 1)
		return;
	const char *unit = s->unit && *s->unit ? s->unit : NULL;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "predicted", i), titled(f,
		N_("Predicted, at the mean of the other terms"), arena));
	double *x = yg_arena_alloc(arena, r->data.p + 1, sizeof *x);
	yg_raw_column(t, "median", ats ? N_("median, or survival at the time") : N_("median"), YG_ROLE_QUANTILE, ats ?
		NULL : unit);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, ats ? NULL : unit);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, ats ? NULL : unit);
	for (size_t g = 0; g < r->profiles; g++)
		for (size_t k = 0; k <= ats; k++) {
			struct yg_evidence e = { r->profile_persons[g], r->profile_events[g], 0 };
			double v, low, high;
			char text[32];
			profile_row(f, g, x);
			value_of(f, x, k ? at[k - 1] : 0, k == 0, &v, &low, &high);
			if (k)
				yg_print_double(text, an_surv_shown(s, at[k - 1]));
			int row = yg_raw_row(t, k ? yg_arena_printf(arena, "%s@%s", r->profile_label[g], text) : r->profile_label[g],
			                     k ? yg_phrase(arena, N_("survival at %s"), unit ? yg_phrase(arena, "%s (%s)", text, yg_phrase_message(arena, unit)) : text)
			                       : yg_phrase_data(arena, r->profile_label[g]),
			                     k ? 1 : 0);
			double f1 = k ? 1 : 1 / s->divisor;
			if (!isfinite(v)) {
				yg_raw_missing(t, row, 0, N_("not reached"));
				continue;
			}
			yg_raw_num(t, row, 0, v * f1, e);
			yg_raw_num(t, row, 1, low * f1, e);
			yg_raw_num(t, row, 2, high * f1, e);
			for (int c = 0; k && c < 3; c++)
				yg_raw_role(t, row, c, c == 0 ? YG_ROLE_PROBABILITY : c == 1 ? YG_ROLE_LOWER : YG_ROLE_UPPER);
		}
}

void an_aft_tables(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, const double *at, size_t ats,
                   struct yg_arena *arena)
{
	if (f->rows->data.p > (f->rows->data.intercept == 0 ? 1u : 0u))
		estimates_table(raw, f, i, arena);
	baseline_table(raw, f, i, arena);
	terms_table(raw, f, i, arena);
	fit_table(raw, f, i, arena);
	predicted_table(raw, f, i, at, ats, arena);
}

/* ---- several distributions ---- */

void an_aft_compare(struct yg_raw *raw, struct an_aft_fit *const *fit, size_t fits, size_t part, struct yg_arena *arena)
{
	struct yg_evidence e = an_surv_everybody(fit[0]->rows->s);
	const char *level = fit[0]->level;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "compare", part), level ?
	                                      yg_phrase(arena, N_("Distributions, lowest AIC first, %s"), level) :
	                                      N_("Distributions, lowest AIC first"));
	yg_raw_column(t, "parameters", N_("parameters"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "loglik", N_("log likelihood"), YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "aic", "AIC", YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "delta", N_("AIC above the lowest"), YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "bic", "BIC", YG_ROLE_CRITERION, NULL);
	double lowest = NAN;
	for (size_t i = 0; i < fits; i++) {
		const struct an_aft_fit *f = fit[i];
		int row = yg_raw_row_data(t, f->name, f->name, 0);
		if (!an_aft_usable(f) && f->stop != YG_AFT_INFINITE) {
			for (int c = 0; c < 5; c++)
				yg_raw_missing(t, row, c, f->stop == YG_AFT_SHAPE ? N_("the shape runs away") : N_("no convergence"));
			continue;
		}
		lowest = isnan(lowest) ? f->aic : lowest;
		yg_raw_int(t, row, 0, (int64_t)f->k, YG_NOBODY);
		yg_raw_num(t, row, 1, f->loglik, e);
		yg_raw_num(t, row, 2, f->aic, e);
		yg_raw_num(t, row, 3, f->aic - lowest, e);
		yg_raw_num(t, row, 4, f->bic, e);
	}
}

/* ---- notes ---- */

static void problems(struct yg_raw *raw, const struct an_aft_fit *f)
{
	struct yg_raw_note *n;
	for (size_t j = 0; j < f->rows->data.p; j++) {
		const char *label = f->rows->design->column[j].label;
		if (f->fault[j] == YG_AFT_RUNS_AWAY)
			an_note_text(raw, YG_NOTE_WARNING,
			             N_("{1} runs to infinity (monotone likelihood; often a level without events): join levels or leave it out"), label);
		else if (f->fault[j] == YG_AFT_COLLINEAR)
			an_note_text(raw, YG_NOTE_WARNING,
				N_("{1} is constant or follows from the terms before it and was left out"), label);
	}
	if (f->stop == YG_AFT_ITERATIONS) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("{1} did not converge after {2} iterations: do not use it"));
		yg_raw_note_text(n, f->name);
		yg_raw_note_int(n, YG_ROLE_INTEGER, f->iterations, YG_NOBODY);
	}
	if (f->stop == YG_AFT_SHAPE)
		an_note_text(raw, YG_NOTE_WARNING,
			N_("{1}: the data do not hold the shape or scale, which runs away: take a simpler distribution"), f->name);
	if (f->is_spline && an_aft_usable(f) && !f->rp.monotone)
		an_note_text(raw, YG_NOTE_WARNING, N_("{1}: somewhere the fitted survival rises; take a smaller df"), f->name);
	if (f->rows->s->event_rows < 10 * f->k) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("{1} events for {2} parameters: fewer than 10 each"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)f->rows->s->event_rows, an_surv_everybody(f->rows->s));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)f->k, YG_NOBODY);
	}
}

static void convention(struct yg_raw *raw, const struct an_aft_fit *f)
{
	const struct an_surv *s = f->rows->s;
	const char *unit = s->endpoint->time_unit && *s->endpoint->time_unit ? s->endpoint->time_unit : N_("the column's unit");
	struct yg_raw_note *n;
	if (f->is_spline) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION,
			N_("{1}: Royston and Parmar (2002); knots at {2} (centiles of the event times, in {3})"));
		yg_raw_note_text(n, f->name);
		struct yg_buf knots = YG_BUF_INIT;
		for (int k = 0; k <= f->rp.df; k++)
			yg_buf_addf(&knots, k ? ", %.4g" : "%.4g", yg_exp(f->rp.knot[k]));
		yg_raw_note_text(n, s->set->persons >= 1 && f->rows->s->event_persons > 50 ? knots.data : N_("centiles"));
		yg_buf_release(&knots);
		yg_raw_note_text(n, unit);
		return;
	}
	n = yg_raw_note(raw, YG_NOTE_CONVENTION,
	                f->aft.dist == YG_AFT_GOMPERTZ ? N_("{1}: hazard exp(constant + terms + a t), time in {2}") :
	                f->metric == AN_AFT_HAZARD ?
	                N_("{1}: log hazard ratio = -coefficient of log time over scale, SE by the delta method; time in {2}") :
	                yg_aft_dist_log(f->aft.dist) ?
	                N_("{1}: log(time) = constant + terms + scale x error, time in {2}; a ratio above 1 is a longer time") :
	                N_("{1}: time = constant + terms + scale x error, time in {2}"));
	yg_raw_note_text(n, f->name);
	yg_raw_note_text(n, unit);
	if (f->aft.dist == YG_AFT_GENGAMMA)
		yg_raw_note(raw, YG_NOTE_CONVENTION,
			N_("generalised gamma of Prentice (1974): Q is kappa of Stata, Q of flexsurv"));
	if (f->aft.dist == YG_AFT_T) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("t with {1} degrees of freedom"));
		yg_raw_note_num(n, YG_ROLE_CRITERION, f->aft.df, YG_NOBODY);
	}
}

static void common_notes(struct yg_raw *raw, const struct an_aft_fit *f)
{
	const struct an_surv *s = f->rows->s;
	struct yg_raw_note *n;
	if (s->endpoint->states > 2) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("cause-specific hazard of {1}: {2} other events are censored"));
		yg_raw_note_data(n, s->endpoint->state[s->cause]);
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)s->competing_rows, an_persons(s->set->persons));
	}
	if (s->endpoint->interval_censored)
		yg_raw_note(raw, YG_NOTE_CONVENTION,
			N_("the event is after the first and not later than the second time; without a second time it was not seen"));
	if (s->set->n != s->set->persons && s->spans.entry)
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            N_("several rows a person: at each time the hazard is that of somebody who always had the values of the row"));
	yg_raw_note(raw, YG_NOTE_CONVENTION,
	            !f->robust ? N_("standard errors from the model (inverse information)") :
	            f->rows->data.cluster ?
	            N_("robust standard errors: score residuals summed within clusters, no small-sample factor") :
	                                    N_("robust standard errors: sandwich of score residuals"));
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} intervals and p by Wald"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, f->conf, YG_NOBODY);
	an_design_notes(raw, f->rows->design, (int64_t)s->set->persons);
}

void an_aft_notes(struct yg_raw *raw, const struct an_aft_fit *f, bool first)
{
	convention(raw, f);
	if (first)
		common_notes(raw, f);
	problems(raw, f);
}
