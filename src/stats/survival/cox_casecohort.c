/* Case-cohort samples: see yogo/stats/cox_casecohort.h. */
#include "yogo/num/sort.h"
#include "yogo/stats/cox_casecohort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/cox_check.h"
#include "yogo/stats/regression.h"

/* Log of the hazard of what is only there to have its event: nothing beside a sum of hazards. */
#define OUT_OF_RISK (-100.0)

bool yg_casecohort_parse(const char *word, enum yg_casecohort_method *out)
{
	static const char *const words[] = { "prentice", "self_prentice", "lin_ying", "borgan", "borgan2" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(word, words[i])) {
			*out = (enum yg_casecohort_method)i;
			return true;
		}
	return false;
}

/* ---- what the sample is made of ---- */

static bool drawn_without_cases(enum yg_casecohort_method m)
{
	return m == YG_CASECOHORT_LIN_YING || m == YG_CASECOHORT_BORGAN_II;
}

/* Persons for whom the drawn ones stand, and these, as the method takes them. */
static double stands_for(const struct yg_casecohort *c, const struct yg_casecohort_count *k)
{
	return k->size - (drawn_without_cases(c->method) ? (double)k->cases : 0);
}

static uint64_t drawn(const struct yg_casecohort *c, const struct yg_casecohort_count *k)
{
	return k->subcohort - (drawn_without_cases(c->method) ? k->cases_inside : 0);
}

static enum yg_casecohort_fault judge(const struct yg_casecohort *c, struct yg_casecohort_count *k)
{
	uint64_t m = drawn(c, k);
	double all = stands_for(c, k);
	bool spread = c->method >= YG_CASECOHORT_LIN_YING;  /* a covariance is taken */
	k->weight = c->method >= YG_CASECOHORT_LIN_YING && m ? all / (double)m : 1;
	if (!(k->size >= (double)(k->subcohort + k->cases - k->cases_inside)))
		return YG_CASECOHORT_SIZE;
	if (!m && all > 0)
		return YG_CASECOHORT_NOBODY;
	return spread && m == 1 && all > 1 ? YG_CASECOHORT_ONE : YG_CASECOHORT_FINE;
}

enum yg_casecohort_fault yg_casecohort_count(const struct yg_casecohort *c, const uint8_t *event, size_t n,
                                             struct yg_casecohort_count *count, size_t *stratum)
{
	*stratum = 0;
	for (size_t j = 0; j < c->strata; j++)
		count[j] = (struct yg_casecohort_count){ .size = c->size[j] };
	for (size_t i = 0; i < n; i++) {
		struct yg_casecohort_count *k = &count[c->stratum ? (size_t)c->stratum[i] : 0];
		bool in = c->subcohort[i] != 0, has = event[i] != 0;
		if (!in && !has)
			return YG_CASECOHORT_OUTSIDE;
		k->subcohort += in;
		k->cases += has;
		k->cases_inside += in && has;
	}
	enum yg_casecohort_fault found = YG_CASECOHORT_FINE;
	for (size_t j = 0; j < c->strata; j++) {
		enum yg_casecohort_fault f = judge(c, &count[j]);
		if (f != YG_CASECOHORT_FINE && found == YG_CASECOHORT_FINE) {
			found = f;
			*stratum = j;
		}
	}
	return found;
}

static enum yg_status check(const struct yg_cox_data *d, const struct yg_casecohort *c, struct yg_casecohort_count *count,
                            struct yg_err *err)
{
	size_t at;
	if (c->ties != YG_COX_EFRON && c->ties != YG_COX_BRESLOW)
		return yg_fail(err, YG_REFUSED, "E-COX-041", N_("a case-cohort model takes ties=efron or breslow"));
	if (d->spans.weight || d->spans.stratum || d->spans.cluster || d->movings || d->repeats)
		return yg_fail(err, YG_REFUSED, "E-COX-042",
		               N_("a case-cohort model goes with none of weights, repeats, strata of the hazard, clusters and tt()"));
	switch (yg_casecohort_count(c, d->spans.event, d->spans.n, count, &at)) {
	case YG_CASECOHORT_OUTSIDE:
		return yg_fail(err, YG_REFUSED, "E-COX-043", N_("a row is neither a case nor in the subcohort"));
	case YG_CASECOHORT_SIZE:
		return yg_fail(err, YG_REFUSED, "E-COX-043", N_("stratum %zu: the cohort has fewer persons than the sample"), at + 1);
	case YG_CASECOHORT_NOBODY:
		return yg_fail(err, YG_REFUSED, "E-COX-043", N_("stratum %zu: nobody of the subcohort stands for the rest"), at + 1);
	case YG_CASECOHORT_ONE:
		return yg_fail(err, YG_REFUSED, "E-COX-043", N_("stratum %zu: one member of the subcohort has no variance"), at + 1);
	default:
		return YG_OK;
	}
}

/* ---- the rows that are fitted ---- */

struct rows {
	struct yg_cox_data d;
	double *entry, *exit, *weight, *offset, *x;
	uint8_t *event;
	int32_t *drawn;               /* stratum of the drawing, -1: not part of it */
};

static void rows_release(struct rows *r)
{
	yg_data_free(r->entry);
	yg_data_free(r->exit);
	yg_data_free(r->weight);
	yg_data_free(r->offset);
	yg_data_free(r->x);
	yg_data_free(r->event);
	yg_data_free(r->drawn);
	memset(r, 0, sizeof *r);
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* alone[i] := a case at whose event nobody of the subcohort is at risk; out->unmatched counts them. */
static enum yg_status find_alone(const struct yg_cox_data *d, const struct yg_casecohort *c, uint8_t *alone, uint64_t *count,
                                 struct yg_err *err)
{
	const struct yg_spans *s = &d->spans;
	double *end = yg_data_alloc(s->n + 1, sizeof *end), *start = yg_data_alloc(s->n + 1, sizeof *start);
	size_t m = 0;
	for (size_t i = 0; end && start && i < s->n; i++)
		if (c->subcohort[i]) {
			end[m] = s->exit[i];
			start[m++] = s->entry ? s->entry[i] : -INFINITY;
		}
	*count = 0;
	if (end && start) {
		qsort(end, m, sizeof *end, ascending);
		if (s->entry)
			qsort(start, m, sizeof *start, ascending);
		for (size_t i = 0; i < s->n; i++) {
			alone[i] = s->event[i] && yg_count_below(start, m, s->exit[i]) == yg_count_below(end, m, s->exit[i]);
			*count += alone[i];
		}
	}
	enum yg_status status = end && start ? YG_OK : yg_survival_no_memory(err);
	yg_data_free(end);
	yg_data_free(start);
	return status;
}

/* Cases outside the subcohort enter just before their event: no other time lies between. */
static enum yg_status prentice_rows(const struct yg_cox_data *d, const struct yg_casecohort *c, struct rows *r, struct yg_err *err)
{
	size_t n = d->spans.n;
	r->d = *d;
	r->d.sorted = NULL;
	r->entry = yg_data_alloc(n + 1, sizeof *r->entry);
	if (!r->entry)
		return yg_survival_no_memory(err);
	for (size_t i = 0; i < n; i++)
		r->entry[i] = !c->subcohort[i] ? nextafter(d->spans.exit[i], -INFINITY) :
		              d->spans.entry   ? d->spans.entry[i] : -INFINITY;
	r->d.spans.entry = r->entry;
	return YG_OK;
}

/* Every case for its event, out of the risk sets, and every member of the subcohort as one without. */
static enum yg_status split_rows(const struct yg_cox_data *d, const struct yg_casecohort *c, const struct yg_casecohort_count *count,
                                 const uint8_t *alone, struct rows *r, struct yg_err *err)
{
	const struct yg_spans *s = &d->spans;
	size_t m = 0, p = d->p;
	for (size_t i = 0; i < s->n; i++)
		m += (size_t)(s->event[i] && !alone[i]) + (c->subcohort[i] != 0);
	bool weighted = yg_casecohort_stratified(c->method);
	r->exit = yg_data_alloc(m + 1, sizeof *r->exit);
	r->entry = s->entry ? yg_data_alloc(m + 1, sizeof *r->entry) : NULL;
	r->weight = weighted ? yg_data_alloc(m + 1, sizeof *r->weight) : NULL;
	r->offset = yg_data_alloc(m + 1, sizeof *r->offset);
	r->x = yg_data_alloc(m * p + 1, sizeof *r->x);
	r->event = yg_data_alloc(m + 1, 1);
	r->drawn = yg_data_alloc(m + 1, sizeof *r->drawn);
	if (!r->exit || (s->entry && !r->entry) || (weighted && !r->weight) || !r->offset || !r->x || !r->event || !r->drawn)
		return yg_survival_no_memory(err);
	size_t k = 0;
	for (int copy = 0; copy < 2; copy++)
		for (size_t i = 0; i < s->n; i++) {
			if (copy ? !c->subcohort[i] : !s->event[i] || alone[i])
				continue;
			int32_t j = c->stratum ? c->stratum[i] : 0;
			r->exit[k] = s->exit[i];
			if (r->entry)
				r->entry[k] = s->entry[i];
			if (r->weight)
				r->weight[k] = copy ? count[j].weight : 1;
			r->offset[k] = (d->offset ? d->offset[i] : 0) + (copy ? 0 : OUT_OF_RISK);
			const double *own = yg_cox_data_row(d, i, r->x + k * p);
			if (own != r->x + k * p)
				memcpy(r->x + k * p, own, p * sizeof *r->x);
			r->event[k] = !copy;
			r->drawn[k++] = copy ? j : -1;
		}
	r->d = (struct yg_cox_data){ .spans = { .n = m, .entry = r->entry, .exit = r->exit, .event = r->event, .weight = r->weight },
		                     .x = r->x, .p = p, .offset = r->offset };
	return YG_OK;
}

/* All rows once: cases with weight 1, the others with theirs, in the risk sets only (lin_ying) or as case weights. */
static enum yg_status weighted_rows(const struct yg_cox_data *d, const struct yg_casecohort *c,
                                    const struct yg_casecohort_count *count, struct rows *r, struct yg_err *err)
{
	size_t n = d->spans.n;
	r->d = *d;
	r->d.sorted = NULL;
	r->drawn = yg_data_alloc(n + 1, sizeof *r->drawn);
	r->weight = yg_data_alloc(n + 1, sizeof *r->weight);
	if (!r->drawn || !r->weight)
		return yg_survival_no_memory(err);
	for (size_t i = 0; i < n; i++) {
		int32_t j = c->stratum ? c->stratum[i] : 0;
		r->drawn[i] = d->spans.event[i] ? -1 : j;
		r->weight[i] = d->spans.event[i] ? 1 : count[j].weight;
	}
	r->d.spans.weight = r->weight;
	return YG_OK;
}

/* ---- variance ---- */

/* out := V (sum over rows of factor[group] (s - centre)(s - centre)') V, rows of group -1 left out. */
static void squares(const struct yg_cox *fit, const double *score, size_t n, const int32_t *group, size_t groups,
                    const double *factor, bool centred, double *out)
{
	size_t p = fit->p;
	double *mean = yg_xcalloc(groups * (p + 1) + p * p + p + 1, sizeof *mean), *sum = mean + groups * (p + 1), *own = sum + p * p;
	for (size_t i = 0; centred && i < n; i++) {
		if (group[i] < 0)
			continue;
		double *m = mean + (size_t)group[i] * (p + 1);
		m[p]++;
		for (size_t a = 0; a < p; a++)
			m[a] += score[i * p + a];
	}
	for (size_t j = 0; j < groups; j++)
		for (size_t a = 0; a < p && mean[j * (p + 1) + p] > 0; a++)
			mean[j * (p + 1) + a] /= mean[j * (p + 1) + p];
	for (size_t i = 0; i < n; i++) {
		if (group[i] < 0)
			continue;
		const double *m = mean + (size_t)group[i] * (p + 1);
		double f = factor[group[i]];
		for (size_t a = 0; a < p; a++)
			own[a] = score[i * p + a] - m[a];
		for (size_t a = 0; a < p; a++)
			for (size_t b = 0; b <= a; b++)
				sum[a * p + b] += f * own[a] * own[b];
	}
	for (size_t a = 0; a < p; a++)
		for (size_t b = 0; b < a; b++)
			sum[b * p + a] = sum[a * p + b];
	yg_sandwich(fit->naive, sum, p, out);
	yg_free(mean);
}

static double factor_of(const struct yg_casecohort *c, const struct yg_casecohort_count *k)
{
	double m = (double)drawn(c, k), all = stands_for(c, k);
	switch (c->method) {
	case YG_CASECOHORT_PRENTICE:
	case YG_CASECOHORT_SELF_PRENTICE:
		return 1 - m / all;
	case YG_CASECOHORT_LIN_YING:
		/* (N/m - 1) N times the covariance with divisor m; scores have no weight. */
		return m > 0 ? (1 - m / all) * k->weight * k->weight : 0;
	default:
		return m > 1 ? (k->weight - 1) * all / (m - 1) : 0;
	}
}

/* phase2 and variance of out->fit, by the rows r that gave `by` (out->fit itself, or that of self_prentice). */
static enum yg_status variance(const struct yg_casecohort *c, const struct yg_casecohort_count *count, const struct rows *r,
                               const struct yg_cox *by, struct yg_task *task, struct yg_cox_casecohort *out, struct yg_err *err)
{
	size_t p = by->p, n = r->d.spans.n;
	bool lin_ying = c->method == YG_CASECOHORT_LIN_YING;
	double *score = yg_data_alloc(n * p + 1, sizeof *score), *factor = yg_xcalloc(c->strata + 2, sizeof *factor);
	double *whole = yg_xcalloc(p * p + 1, sizeof *whole);
	enum yg_status s = score ? yg_cox_residuals(&r->d, by, YG_COX_SCORE, task, score, err) : yg_survival_no_memory(err);
	for (size_t j = 0; j < c->strata; j++)
		factor[j] = factor_of(c, &count[j]);
	if (s == YG_OK) {
		squares(by, score, n, r->drawn, c->strata, factor, c->method >= YG_CASECOHORT_LIN_YING, out->phase2);
		memcpy(whole, by->naive, p * p * sizeof *whole);
	}
	if (s == YG_OK && lin_ying && c->robust) {
		/* A row of weight w stands for w persons, each with this influence. */
		int32_t *group = r->drawn;
		for (size_t i = 0; i < n; i++)
			group[i] = group[i] < 0;
		factor[0] = count[0].weight;
		factor[1] = 1;
		squares(by, score, n, group, 2, factor, false, whole);
	}
	for (size_t k = 0; s == YG_OK && k < p * p; k++) {
		out->fit.var[k] = whole[k] + out->phase2[k];
		out->fit.naive[k] = by->naive[k];
	}
	yg_data_free(score);
	yg_free(factor);
	yg_free(whole);
	return s;
}

static void finish(struct yg_cox *fit, const struct yg_cox *by)
{
	size_t p = fit->p, *index = yg_xalloc(p + 1, sizeof *index);
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	int estimated = 0;
	for (size_t a = 0; a < p; a++) {
		if (fit->fault[a] == YG_COX_FINE)
			fit->fault[a] = by->fault[a];
		if (fit->fault[a] == YG_COX_FINE && !(fit->var[a * p + a] > 0 && isfinite(fit->var[a * p + a])))
			fit->fault[a] = YG_COX_INFINITE;
		index[a] = a;
		dropped[a] = fit->fault[a] != YG_COX_FINE;
		fit->se[a] = dropped[a] && fit->fault[a] != YG_COX_INFINITE ? NAN : sqrt(fit->var[a * p + a]);
		estimated += fit->fault[a] == YG_COX_FINE || fit->fault[a] == YG_COX_INFINITE;
	}
	struct yg_term_test wald = yg_wald_test(fit->beta, fit->var, p, dropped, index, p, INFINITY);
	fit->rank = estimated;
	fit->wald = (struct yg_cox_test){ wald.chisq, wald.p, (int)wald.df };
	fit->lrt = fit->score = fit->robust_score = (struct yg_cox_test){ NAN, NAN, 0 };
	fit->robust = true;
	if (by->stop != YG_COX_CONVERGED && fit->stop == YG_COX_CONVERGED)
		fit->stop = by->stop;
	yg_free(dropped);
	yg_free(index);
}

/* ---- the fit ---- */

static uint64_t cases_of(const struct yg_cox_data *d)
{
	uint64_t cases = 0;
	for (size_t i = 0; i < d->spans.n; i++)
		cases += d->spans.event[i] != 0;
	return cases;
}

static enum yg_status make_rows(const struct yg_cox_data *d, const struct yg_casecohort *c, const struct yg_casecohort_count *count,
                                const uint8_t *alone, struct rows *r, struct yg_err *err)
{
	return drawn_without_cases(c->method) ? weighted_rows(d, c, count, r, err) : split_rows(d, c, count, alone, r, err);
}

static enum yg_status fit_both(const struct yg_cox_data *d, const struct yg_casecohort *c, const struct rows *r,
                               struct yg_task *task, struct yg_cox *own, struct yg_cox *other, struct yg_err *err)
{
	struct yg_cox_options options = { .ties = c->ties, .max_iterations = -1 };
	struct rows first = { 0 };
	YG_TRY(yg_cox_fit(&r->d, &options, task, own, err));
	if (c->method != YG_CASECOHORT_PRENTICE)
		return YG_OK;
	enum yg_status s = prentice_rows(d, c, &first, err);
	if (s == YG_OK)
		s = yg_cox_fit(&first.d, &options, task, other, err);
	rows_release(&first);
	return s;
}

enum yg_status yg_cox_casecohort_fit(const struct yg_cox_data *d, const struct yg_casecohort *c, struct yg_task *task,
                                     struct yg_cox_casecohort *out, struct yg_err *err)
{
	struct yg_cox by = { 0 }, prentice = { 0 };
	struct rows r = { 0 };
	size_t n = d->spans.n;
	struct yg_casecohort_count *count = yg_xcalloc(c->strata + 1, sizeof *count);
	uint8_t *alone = yg_data_calloc(n + 1, 1);
	memset(out, 0, sizeof *out);
	enum yg_status s = alone ? check(d, c, count, err) : yg_survival_no_memory(err);
	if (s == YG_OK && !drawn_without_cases(c->method))
		s = find_alone(d, c, alone, &out->unmatched, err);
	if (s == YG_OK && out->unmatched && out->unmatched == cases_of(d))
		s = yg_fail(err, YG_REFUSED, "E-COX-044", N_("nobody of the subcohort was at risk at any event: there is nobody to compare the cases with"));
	if (s == YG_OK)
		s = make_rows(d, c, count, alone, &r, err);
	if (s == YG_OK)
		s = fit_both(d, c, &r, task, &by, &prentice, err);
	if (s == YG_OK) {
		bool two = c->method == YG_CASECOHORT_PRENTICE;
		out->fit = two ? prentice : by;
		out->phase2 = yg_xcalloc(d->p * d->p + 1, sizeof *out->phase2);
		if (by.events && by.stop != YG_COX_ITERATIONS)
			s = variance(c, count, &r, &by, task, out, err);
		if (s == YG_OK)
			finish(&out->fit, &by);
		out->fit.n = n;
		out->fit.events = cases_of(d);
		if (two)
			yg_cox_release(&by);
		if (s != YG_OK)
			yg_cox_casecohort_release(out);
	} else {
		yg_cox_release(&by);
		yg_cox_release(&prentice);
	}
	rows_release(&r);
	yg_free(count);
	yg_data_free(alone);
	return s;
}

void yg_cox_casecohort_release(struct yg_cox_casecohort *f)
{
	yg_cox_release(&f->fit);
	yg_free(f->phase2);
	memset(f, 0, sizeof *f);
}
