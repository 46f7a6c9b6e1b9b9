/*
 * Tables and notes of a fitted regression.
 */
#include <math.h>
#include <string.h>

#include "analysis/an_frame_priv.h"
#include "analysis/an_model_table_priv.h"
#include "analysis/regression/an_regress_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

int an_fit_ratio(const struct an_fit *f)
{
	if (f->is_linear)
		return AN_RATIO_NONE;
	if (f->options.link == YG_LINK_LOGIT)
		return AN_RATIO_OR;
	if (f->options.link != YG_LINK_LOG)
		return AN_RATIO_NONE;
	switch (f->options.family) {
	case YG_FAMILY_BINOMIAL: return AN_RATIO_RR;
	case YG_FAMILY_POISSON:
	case YG_FAMILY_NEGATIVE_BINOMIAL: return AN_RATIO_IRR;
	case YG_FAMILY_GAUSSIAN:
	case YG_FAMILY_GAMMA:
	case YG_FAMILY_INVERSE_GAUSSIAN: break;
	}
	return AN_RATIO_MEAN;
}

static const struct { const char *key, *label, *title; } ratios[] = {
	[AN_RATIO_NONE] = { "estimate", N_("estimate"), N_("Differences") },
	[AN_RATIO_OR] = { "or", N_("OR"), N_("Odds ratios") },
	[AN_RATIO_RR] = { "rr", N_("RR"), N_("Risk ratios") },
	[AN_RATIO_IRR] = { "irr", N_("rate ratio"), N_("Rate ratios") },
	[AN_RATIO_MEAN] = { "ratio", N_("ratio"), N_("Ratios of means") },
};

static struct yg_evidence behind(const struct an_fit *f, size_t j)
{
	const struct yg_design_column *c = &f->design->column[j];
	bool part = c->binary && c->term >= 0;
	return (struct yg_evidence){ f->column_persons[j], f->column_events[j], part ? f->persons : 0 };
}

static struct yg_evidence everybody(const struct an_fit *f)
{
	return (struct yg_evidence){ f->persons, f->events > 0 ? f->events : 0, 0 };
}

/* Why a coefficient has no estimate, or NULL. */
static const char *why_not(const struct an_fit *f, size_t j)
{
	if (f->diverging && f->diverging[j])
		return N_("no estimate: separates the outcome");
	if (f->dropped[j])
		return N_("not estimable: follows from the terms before");
	return NULL;
}

/* The formula and the group, where there are several fits. */
static const char *with_group(const struct an_fit *f, const char *title, struct yg_arena *arena)
{
	if (!f->several)
		return title;
	title = yg_phrase_message(arena, title);
	return f->group ? yg_phrase(arena, "%s, %s: %s", title, f->formula, f->group) : yg_phrase(arena, "%s, %s", title, f->formula);
}

/* ---- coefficients ---- */

struct columns {
	int estimate, se, statistic, lower, upper, ratio, ratio_lower, ratio_upper, p;
};

static void put(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e)
{
	if (column >= 0)
		yg_raw_num(t, row, column, v, e);
}

static void coefficient_row(struct yg_raw_table *t, const struct columns *c, const struct an_fit *f, size_t j, bool guard)
{
	size_t p = (size_t)f->design->p;
	const struct yg_design_column *d = &f->design->column[j];
	/* the intercept has no name of its own */
	int row = d->term < 0 ? yg_raw_row(t, d->key, N_("(Intercept)"), 0) : yg_raw_row_data(t, d->key, d->label, 0);
	const char *why = why_not(f, j);
	const int all[] = { c->estimate, c->se, c->statistic, c->lower, c->upper, c->ratio, c->ratio_lower, c->ratio_upper, c->p };
	if (why) {
		for (size_t k = 0; k < sizeof all / sizeof *all; k++)
			if (all[k] >= 0)
				yg_raw_missing(t, row, all[k], why);
		return;
	}
	double b = f->b[j], se = sqrt(f->covariance[j * p + j]), z = b / se;
	struct yg_evidence e = behind(f, j);
	put(t, row, c->estimate, b, e);
	put(t, row, c->se, se, e);
	put(t, row, c->statistic, z, e);
	put(t, row, c->lower, f->lower[j], e);
	put(t, row, c->upper, f->upper[j], e);
	if (d->term >= 0 || !guard) {
		put(t, row, c->ratio, yg_exp(b), e);
		put(t, row, c->ratio_lower, yg_exp(f->lower[j]), e);
		put(t, row, c->ratio_upper, yg_exp(f->upper[j]), e);
	} else if (c->ratio >= 0) {
		/* The intercept's exponential is an odds or a rate, no ratio. */
		yg_raw_text(t, row, c->ratio, "");
		yg_raw_text(t, row, c->ratio_lower, "");
		yg_raw_text(t, row, c->ratio_upper, "");
	}
	put(t, row, c->p, isfinite(f->df) ? yg_t_two_sided(z, f->df) : yg_normal_two_sided(z), e);
}

static void coefficient_rows(struct yg_raw_table *t, const struct columns *c, const struct an_fit *f, bool references, struct yg_arena *arena)
{
	const struct yg_design *d = f->design;
	size_t p = (size_t)d->p;
	for (size_t j = 0; j < p; j++) {
		int term = d->column[j].term;
		const struct yg_design_term *of = term >= 0 ? &d->term[term] : NULL;
		if (references && of && of->reference && (size_t)of->first == j) {
			int row = an_reference_row(t, arena, d, of);
			const int all[] = { c->estimate, c->se, c->lower, c->upper, c->ratio, c->ratio_lower, c->ratio_upper, c->p };
			bool said = false;
			for (size_t k = 0; k < sizeof all / sizeof *all; k++)
				if (all[k] >= 0 && !said) {
					yg_raw_missing(t, row, all[k], N_("reference"));
					said = true;
				} else if (all[k] >= 0) {
					yg_raw_text(t, row, all[k], "");
				}
		}
		coefficient_row(t, c, f, j, true);
	}
}

static void estimate_tables(struct yg_raw *raw, const struct an_fit *f, size_t i, struct yg_arena *arena)
{
	int kind = an_fit_ratio(f);
	const char *unit = NULL;
	if (f->is_linear && f->set->column[0].unit)
		unit = f->set->column[0].unit;
	const char *title = kind == AN_RATIO_NONE ? (f->is_linear ? N_("Differences of means") : N_("Coefficients")) : ratios[kind].title;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "estimates", i), with_group(f, title, arena));
	struct columns c = { -1, -1, -1, -1, -1, -1, -1, -1, -1 };
	c.estimate = yg_raw_column(t, "estimate", kind ? N_("coefficient") : N_("estimate"), YG_ROLE_ESTIMATE, unit);
	c.se = yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, unit);
	if (kind) {
		c.ratio = yg_raw_column(t, ratios[kind].key, ratios[kind].label, YG_ROLE_ESTIMATE, NULL);
		c.ratio_lower = yg_raw_column(t, "ratio_lower", N_("lower"), YG_ROLE_LOWER, NULL);
		c.ratio_upper = yg_raw_column(t, "ratio_upper", N_("upper"), YG_ROLE_UPPER, NULL);
	} else {
		c.lower = yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, unit);
		c.upper = yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, unit);
	}
	c.p = yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	coefficient_rows(t, &c, f, true, arena);
	if (!kind)
		return;
	struct columns k = { -1, -1, -1, -1, -1, -1, -1, -1, -1 };
	t = yg_raw_table(raw, an_key(arena, "coefficients", i), with_group(f, N_("Coefficients"), arena));
	k.estimate = yg_raw_column(t, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	k.se = yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	k.statistic = yg_raw_column(t, "statistic", isfinite(f->df) ? "t" : "z", YG_ROLE_STATISTIC, NULL);
	k.lower = yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	k.upper = yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	k.p = yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	coefficient_rows(t, &k, f, false, arena);
	yg_raw_table_aside(t);
}

/* ---- tests of terms ---- */

static struct yg_term_test test_of(const struct an_fit *f, const size_t *index, size_t count)
{
	struct yg_term_test t = yg_wald_test(f->b, f->covariance, (size_t)f->design->p, f->dropped, index, count, f->df);
	for (size_t k = 0; k < count && f->diverging; k++)
		if (f->diverging[index[k]])
			t.chisq = t.p = t.f = t.f_p = NAN;
	return t;
}

static void term_row(struct yg_raw_table *t, const struct an_fit *f, const char *name, const size_t *index, size_t count)
{
	struct yg_term_test test = test_of(f, index, count);
	struct yg_evidence e = everybody(f);
	int row = yg_raw_row_data(t, name, name, 0);
	for (size_t k = 0; k < count; k++) {
		struct yg_evidence own = behind(f, index[k]);
		if (own.persons < e.persons)
			e = own;                 /* the smallest level decides what may be shown */
	}
	bool by_f = isfinite(f->df);
	if (!isfinite(test.chisq)) {
		for (int k = 0; k < 3; k++)
			yg_raw_missing(t, row, k, N_("not estimable"));
		return;
	}
	yg_raw_num(t, row, 0, by_f ? test.f : test.chisq, e);
	yg_raw_num(t, row, 1, test.df, YG_NOBODY);
	yg_raw_num(t, row, 2, by_f ? test.f_p : test.p, e);
}

static void term_table(struct yg_raw *raw, const struct an_fit *f, size_t i, struct yg_arena *arena)
{
	const struct yg_design *d = f->design;
	bool wanted = false;
	for (int k = 0; k < d->terms; k++)
		wanted = wanted || d->term[k].count > 1;
	if (!wanted)
		return;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "terms", i), with_group(f, N_("Tests of terms"), arena));
	yg_raw_column(t, "statistic", isfinite(f->df) ? "F" : N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (int k = 0; k < d->terms; k++) {
		const struct yg_design_term *term = &d->term[k];
		size_t count = (size_t)term->count, index[256];
		if (count == 0 || count > 256)
			continue;
		for (size_t c = 0; c < count; c++)
			index[c] = (size_t)term->first + c;
		term_row(t, f, term->name, index, count);
		/* A restricted cubic or natural spline: is it a straight line? */
		if (term->knot_count > 0 && count > 1 && !strncmp(term->name, "rcs(", 4))
			term_row(t, f, yg_arena_printf(arena, "%s nonlinear", term->name), index + 1, count - 1);
	}
}

/* ---- the whole model ---- */

static void fit_table(struct yg_raw *raw, const struct an_fit *f, size_t i, struct yg_arena *arena)
{
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "fit", i), with_group(f, N_("Model"), arena));
	struct yg_evidence e = everybody(f), persons = { f->persons, 0, 0 };
	yg_raw_column(t, "value", N_("value"), YG_ROLE_CRITERION, NULL);
	an_fit_count(t, "persons", N_("persons"), YG_ROLE_PERSONS, f->persons, persons);
	if (f->records != f->persons)
		an_fit_count(t, "records", N_("records"), YG_ROLE_RECORDS, f->records, persons);
	if (f->events >= 0)
		an_fit_count(t, "events", N_("events"), YG_ROLE_EVENTS, f->events_counted,
		          (struct yg_evidence){ f->persons, f->events, f->binary_outcome && f->records == f->persons ? f->persons : 0 });
	if (f->clusters)
		an_fit_count(t, "clusters", N_("clusters"), YG_ROLE_INTEGER, (int64_t)f->clusters, YG_NOBODY);
	an_fit_count(t, "parameters", N_("parameters"), YG_ROLE_INTEGER, (int64_t)f->rank, YG_NOBODY);
	if (f->is_linear) {
		const struct yg_linear *m = &f->linear;
		an_fit_value(t, "df_residual", N_("residual df"), YG_ROLE_DF, m->df_residual, YG_NOBODY);
		an_fit_value(t, "sigma", N_("residual SD"), YG_ROLE_SD, m->sigma, e);
		an_fit_value(t, "r2", N_("R-squared"), YG_ROLE_CRITERION, m->r2, e);
		an_fit_value(t, "adjusted_r2", N_("adjusted R-squared"), YG_ROLE_CRITERION, m->adjusted_r2, e);
		if (f->se == AN_SE_MODEL && m->f_df1 > 0) {
			an_fit_value(t, "f", N_("F of all terms"), YG_ROLE_STATISTIC, m->f, e);
			an_fit_value(t, "f_p", N_("p of all terms"), YG_ROLE_P, m->f_p, e);
		}
		if (!f->set->weight) {
			an_fit_value(t, "loglik", N_("log likelihood"), YG_ROLE_CRITERION, m->loglik, e);
			an_fit_value(t, "aic", "AIC", YG_ROLE_CRITERION, m->aic, e);
			an_fit_value(t, "bic", "BIC", YG_ROLE_CRITERION, m->bic, e);
		}
		return;
	}
	const struct yg_glm *m = &f->glm;
	if (m->dispersion_estimated) {
		an_fit_value(t, "df_residual", N_("residual df"), YG_ROLE_DF, m->df_residual, YG_NOBODY);
		an_fit_value(t, "dispersion", N_("dispersion"), YG_ROLE_CRITERION, m->dispersion, e);
	}
	if (m->family == YG_FAMILY_NEGATIVE_BINOMIAL) {
		an_fit_value(t, "theta", "theta", YG_ROLE_ESTIMATE, m->theta, e);
		an_fit_value(t, "theta_se", N_("SE of theta"), YG_ROLE_SE, m->theta_se, e);
	}
	if (f->set->weight)
		return;                          /* the likelihood of weighted persons is none */
	an_fit_value(t, "deviance", N_("deviance"), YG_ROLE_CRITERION, m->deviance, e);
	an_fit_value(t, "null_deviance", N_("deviance without terms"), YG_ROLE_CRITERION, m->null_deviance, e);
	if (!f->options.quasi) {
		an_fit_value(t, "loglik", N_("log likelihood"), YG_ROLE_CRITERION, m->loglik, e);
		an_fit_value(t, "aic", "AIC", YG_ROLE_CRITERION, m->aic, e);
		an_fit_value(t, "bic", "BIC", YG_ROLE_CRITERION, m->bic, e);
	}
	double rise = m->null_deviance - m->deviance, df = m->df_null - m->df_residual;
	if (f->se == AN_SE_MODEL && !m->dispersion_estimated && df > 0 && isfinite(rise)) {
		an_fit_value(t, "lr", N_("LR chi-squared of all terms"), YG_ROLE_STATISTIC, rise, e);
		an_fit_value(t, "lr_p", N_("p of all terms"), YG_ROLE_P, yg_chisq_upper(rise, df), e);
	}
}

void an_fit_tables(struct yg_raw *raw, const struct an_fit *f, size_t i, double conf, struct yg_arena *arena)
{
	(void)conf;
	estimate_tables(raw, f, i, arena);
	term_table(raw, f, i, arena);
	fit_table(raw, f, i, arena);
}

/* ---- notes ---- */

void an_set_notes(struct yg_raw *raw, const struct yg_set *s, const struct yg_an_input *in, int64_t events)
{
	struct yg_raw_note *n;
	/* Of several records a person may lose some and stay. */
	uint64_t dropped = s->persons_asked > s->persons ? s->persons_asked - s->persons : 0;
	yg_raw_part_counts(raw, (int64_t)s->persons, (int64_t)s->n, events, (int64_t)dropped);
	n = yg_raw_note(raw, YG_NOTE_POPULATION, s->n != s->persons ? N_("{1} persons, {2} records: {3}") : N_("{1} persons: {2}"));
	yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)s->persons, an_persons(s->persons));
	if (s->n != s->persons)
		yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)s->n, an_persons(s->persons));
	if (in->population && in->population->sentence)
		yg_raw_note_text(n, in->population->sentence);
	else
		yg_raw_note_data(n, in->scope->table->name);
	an_note_where(raw, in);
	an_note_dropped(raw, s, true);
	an_note_weights(raw, in);
}

void an_design_notes(struct yg_raw *raw, const struct yg_design *d, int64_t persons)
{
	static const char *const knots[] = {
		N_("knots of {1}: {2}"), N_("knots of {1}: {2}, {3}"), N_("knots of {1}: {2}, {3}, {4}"), N_("knots of {1}: {2}, {3}, {4}, {5}"),
		N_("knots of {1}: {2}, {3}, {4}, {5}, {6}"), N_("knots of {1}: {2}, {3}, {4}, {5}, {6}, {7}"),
		N_("knots of {1}: {2}, {3}, {4}, {5}, {6}, {7}, {8}"),
	};
	for (int k = 0; k < d->terms; k++) {
		const struct yg_design_term *t = &d->term[k];
		if (t->knot_count < 1 || (size_t)t->knot_count > sizeof knots / sizeof *knots)
			continue;
		struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_CONVENTION, knots[t->knot_count - 1]);
		yg_raw_note_data(n, t->name);
		for (int i = 0; i < t->knot_count; i++)
			yg_raw_note_num(n, YG_ROLE_MEAN, t->knots[i], an_persons((uint64_t)persons));
	}
	for (int k = 0; k < d->notes; k++)
		an_note_text(raw, YG_NOTE_INFO, "{1}", d->note[k]);
}

static void variance_note(struct yg_raw *raw, const struct an_fit *f)
{
	static const char *const text[] = {
		[AN_SE_MODEL] = N_("standard errors from the model"),
		[AN_SE_HC0] = N_("robust standard errors (HC0, sandwich)"),
		[AN_SE_HC1] = N_("robust standard errors (HC1, sandwich with n/(n-p))"),
		[AN_SE_HC2] = N_("robust standard errors (HC2, residuals over the root of 1 - leverage)"),
		[AN_SE_HC3] = N_("robust standard errors (HC3, residuals over 1 - leverage)"),
	};
	if (f->se != AN_SE_CLUSTER) {
		yg_raw_note(raw, YG_NOTE_CONVENTION, text[f->se]);
		return;
	}
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_CONVENTION,
	                                    f->is_linear ? N_("cluster-robust standard errors, {1} clusters, factor G/(G-1) (n-1)/(n-p)") :
	                                                   N_("cluster-robust standard errors, {1} clusters, factor G/(G-1)"));
	yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)f->clusters, YG_NOBODY);
}

static void problem_notes(struct yg_raw *raw, const struct an_fit *f)
{
	const struct yg_design *d = f->design;
	for (size_t j = 0; j < (size_t)d->p; j++) {
		if (f->diverging && f->diverging[j])
			an_note_text(raw, YG_NOTE_WARNING,
			             N_("{1} separates the outcome: its effect has no finite estimate; join levels or leave it out"),
			             d->column[j].label);
		else if (f->dropped[j])
			an_note_data(raw, YG_NOTE_WARNING, N_("{1} follows from the terms before it and was left out"), d->column[j].label);
	}
	if (f->is_linear)
		return;
	if (f->glm.stop != YG_STOP_TOLERANCE && !f->glm.separated) {
		struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_WARNING, N_("the fit did not converge after {1} iterations: do not use it"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, f->glm.iterations, YG_NOBODY);
	}
	if (f->options.family == YG_FAMILY_POISSON && !f->options.quasi && f->se == AN_SE_MODEL && f->glm.df_residual > 0 &&
	    f->glm.pearson > 1.5 * f->glm.df_residual && !f->set->weight) {
		struct yg_raw_note *n =
			yg_raw_note(raw, YG_NOTE_WARNING,
		                    N_("counts vary more than Poisson: Pearson's chi-squared over its df is {1}; see se=robust or family=negbin"));
		yg_raw_note_num(n, YG_ROLE_CRITERION, f->glm.pearson / f->glm.df_residual, everybody(f));
	}
}

void an_fit_notes(struct yg_raw *raw, const struct an_fit *f, const struct yg_an_regress *r, double conf, struct yg_arena *arena)
{
	struct yg_raw_note *n;
	(void)arena;
	if (f->is_linear) {
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("least squares"));
	} else {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, f->options.quasi ? N_("quasi-likelihood, family {1}, link {2}") :
		                                                            N_("maximum likelihood, family {1}, link {2}"));
		yg_raw_note_text(n, yg_family_name(f->options.family));
		yg_raw_note_text(n, yg_link_name(f->options.link));
	}
	if (r->event && f->binary_outcome) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("event: {1} is {2}"));
		yg_raw_note_data(n, f->outcome);
		yg_raw_note_data(n, r->event);
	}
	variance_note(raw, f);
	bool profile = r->ci && !strcmp(r->ci, "profile");
	n = yg_raw_note(raw, YG_NOTE_CONVENTION,
	                profile ? N_("{1} intervals by profile likelihood, p by Wald") :
	                isfinite(f->df) ? N_("{1} intervals and p by the t distribution with {2} df") : N_("{1} intervals and p by Wald"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, conf, YG_NOBODY);
	if (!profile && isfinite(f->df))
		yg_raw_note_num(n, YG_ROLE_DF, f->df, YG_NOBODY);
	if (f->frequency)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("freq counts how many equal rows a row stands for"));
	an_design_notes(raw, f->design, f->persons);
	problem_notes(raw, f);
}
