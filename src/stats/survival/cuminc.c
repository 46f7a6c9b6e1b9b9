/* Aalen-Johansen cumulative incidence with its infinitesimal jackknife variance. */
#include "yogo/stats/cuminc.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"

/*
 * Sums over rows of w^2 {1, a, b, a^2, ab, b^2}, where a row's derivative of F_k is a + b F_k.
 * For rows at risk a = offset_a - A and b = offset_b - B hold with the same A and B, so only sums of the
 * offsets are kept for them.
 */
struct sums {
	double one, a, b, aa, ab, bb;
};

static void sums_add(struct sums *s, double w2, double a, double b, double sign)
{
	s->one += sign * w2;
	s->a += sign * w2 * a;
	s->b += sign * w2 * b;
	s->aa += sign * w2 * a * a;
	s->ab += sign * w2 * a * b;
	s->bb += sign * w2 * b * b;
}

/* The sums of rows whose a and b are (a - A, b - B), from the sums of their offsets. */
static struct sums sums_shift(const struct sums *s, double A, double B)
{
	struct sums r;

	r.one = s->one;
	r.a = s->a - A * s->one;
	r.b = s->b - B * s->one;
	r.aa = s->aa - 2 * A * s->a + A * A * s->one;
	r.ab = s->ab - A * s->b - B * s->a + A * B * s->one;
	r.bb = s->bb - 2 * B * s->b + B * B * s->one;
	return r;
}

/* One group's sweep. */
struct sweep {
	const struct yg_spans *d;
	unsigned causes;
	bool counts;              /* weights, or repeats, count equal rows */
	const uint32_t *exit_order, *entry_order;   /* this group's rows */
	size_t n;
	double *A;                /* [causes] cumulated a of a row at risk, sign changed */
	double B;                 /* the same for b */
	double *entry_A, *entry_B; /* [n*causes], [n] A and B at the entry of each row; NULL without entry, where they are 0 */
	struct sums *risk, *gone; /* [causes] */
	double *F, *d_k;          /* [causes] */
};

/* What a row's squared derivative is multiplied by. */
static double squared(const struct sweep *s, double w)
{
	return s->counts ? w : w * w;
}

static double weight_of(const struct yg_spans *d, uint32_t row)
{
	return d->weight ? d->weight[row] : d->repeats ? d->repeats[row] : 1;
}

static double variance_of(const struct sums *gone, const struct sums *risk, double A, double B, double F)
{
	struct sums r = sums_shift(risk, A, B);
	double v = gone->aa + r.aa + 2 * F * (gone->ab + r.ab) + F * F * (gone->bb + r.bb);

	return v > 0 ? v : 0;
}

/* Rows that enter before time t come under observation: their offsets are what has cumulated so far. */
static size_t enter(struct sweep *s, size_t from, double t, double *n_risk)
{
	const struct yg_spans *d = s->d;

	while (from < s->n) {
		uint32_t row = s->entry_order ? s->entry_order[from] : s->exit_order[from];
		double w = weight_of(d, row);
		if (d->entry && d->entry[row] >= t)
			break;
		*n_risk += w;
		for (unsigned k = 0; k < s->causes; k++)
			sums_add(&s->risk[k], squared(s, w), s->A[k], s->B, 1);
		for (unsigned k = 0; k < s->causes && s->entry_A; k++)
			s->entry_A[(size_t)row * s->causes + k] = s->A[k];
		if (s->entry_B)
			s->entry_B[row] = s->B;
		from++;
	}
	return from;
}

static void sweep_group(struct sweep *s, struct yg_cuminc_curve *c)
{
	const struct yg_spans *d = s->d;
	double n_risk = 0, surv = 1, surv_b2;
	size_t entered = 0, i = 0, m = 0;
	const unsigned K = s->causes;

	while (i < s->n) {
		double t = d->exit[s->exit_order[i]], any = 0, left, lambda, before = surv, gone_weight = 0;
		size_t j = i;
		entered = enter(s, entered, t, &n_risk);
		memset(s->d_k, 0, K * sizeof *s->d_k);
		for (; j < s->n && d->exit[s->exit_order[j]] == t; j++) {
			uint32_t row = s->exit_order[j];
			double w = weight_of(d, row);
			gone_weight += w;
			if (d->event[row] && d->event[row] <= K) {
				s->d_k[d->event[row] - 1] += w;
				any += w;
				c->events[d->event[row] - 1] += d->repeats ? d->repeats[row] : 1;
			}
		}
		lambda = n_risk > 0 ? any / n_risk : 0;
		left = 1 - lambda;
		/* An early risk set may empty by an event: survival stays nought from there on. */
		if (any >= n_risk * (1 - 1e-14) && any > 0)
			left = 0;
		surv = before * left;
		for (unsigned k = 0; k < K && n_risk > 0; k++)
			s->F[k] += before * s->d_k[k] / n_risk;
		/* What this time adds to the derivative of every row at risk, and of the rows whose event it is. */
		for (unsigned k = 0; k < K && n_risk > 0; k++) {
			double at_risk_a = before / n_risk * (s->d_k[k] / n_risk);
			double own = before / n_risk;
			double spread = left > 0 ? s->F[k] / (before * left) : 0;
			if (before <= 0)
				at_risk_a = own = spread = 0;
			s->A[k] += at_risk_a + own * lambda * spread;
			/* a of a row: own {dN_k + dN F/S}; the lambda part is in A. */
			for (size_t r = i; r < j; r++) {
				uint32_t row = s->exit_order[r];
				double w = weight_of(d, row), a0 = s->entry_A ? s->entry_A[(size_t)row * K + k] : 0, b0 = s->entry_B ? s->entry_B[row] : 0;
				bool fails = d->event[row] && d->event[row] <= K;
				double a = a0 - s->A[k], b = b0 - s->B;
				double b_here = left > 0 && before > 0 ? lambda / (n_risk * left) : 0;
				b += b_here;   /* B moves after the loop over causes: same value for each */
				if (fails && before > 0) {
					a += own * ((d->event[row] == k + 1 ? 1 : 0) + spread);
					b -= left > 0 ? 1 / (n_risk * left) : 0;
				}
				sums_add(&s->risk[k], squared(s, w), a0, b0, -1);
				sums_add(&s->gone[k], squared(s, w), a, b, 1);
			}
		}
		if (left > 0 && before > 0 && n_risk > 0)
			s->B -= lambda / (n_risk * left);
		c->time[m] = t;
		c->n_risk[m] = n_risk;
		c->surv[m] = surv;
		{
			struct sums r = sums_shift(&s->risk[0], s->A[0], s->B);
			surv_b2 = s->gone[0].bb + r.bb;
			c->surv_se[m] = surv * sqrt(surv_b2 > 0 ? surv_b2 : 0);
		}
		{
			double total = surv, off;
			for (unsigned k = 0; k < K; k++) {
				c->event[m * K + k] = s->d_k[k];
				c->incidence[m * K + k] = s->F[k];
				c->se[m * K + k] = sqrt(variance_of(&s->gone[k], &s->risk[k], s->A[k], s->B, s->F[k]));
				total += s->F[k];
			}
			off = fabs(total - 1);
			c->worst_sum = off > c->worst_sum ? off : c->worst_sum;
		}
		n_risk = n_risk > gone_weight ? n_risk - gone_weight : 0;
		m++;
		i = j;
	}
	c->m = m;
}

static size_t distinct_times(const struct yg_spans *d, const uint32_t *order, size_t n)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		m += i == 0 || d->exit[order[i]] != d->exit[order[i - 1]];
	return m;
}

/* Curves under way: each group is swept on a thread. */
struct fitting {
	const struct yg_spans *d;
	unsigned causes;
	bool counts;
	uint32_t *exit_order, *entry_order; /* [n] by group, then time */
	size_t *start, *m;                  /* [groups + 1], [groups] rows and distinct times of each */
	double *place;                      /* [n * (causes + 1)] with entry */
	struct yg_cuminc *made;
};

/* All curves in one block of memory. */
static enum yg_status lay_out(const struct fitting *f, struct yg_err *err)
{
	struct yg_cuminc *out = f->made;
	size_t total = 0, K = f->causes;
	double *p;
	uint64_t *counts;

	for (size_t g = 0; g < out->groups; g++)
		total += f->m[g];
	out->curve = yg_xcalloc(out->groups, sizeof *out->curve);
	out->memory = yg_data_calloc(total * (4 + 3 * K) + out->groups * K + 1, sizeof(double));
	if (!out->memory)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the curves"));
	p = out->memory;
	counts = (uint64_t *)(p + total * (4 + 3 * K));
	for (size_t g = 0; g < out->groups; g++) {
		struct yg_cuminc_curve *c = &out->curve[g];
		size_t m = f->m[g];
		c->time = p;
		c->n_risk = p + m;
		c->surv = p + 2 * m;
		c->surv_se = p + 3 * m;
		c->event = p + 4 * m;
		c->incidence = p + (4 + K) * m;
		c->se = p + (4 + 2 * K) * m;
		p += (4 + 3 * K) * m;
		c->events = counts + g * K;
		c->records = f->start[g + 1] - f->start[g];
	}
	return YG_OK;
}

static uint64_t repeats_of(const struct sweep *s)
{
	uint64_t rows = 0;

	for (size_t i = 0; i < s->n; i++)
		rows += s->d->repeats[s->exit_order[i]];
	return rows;
}

static enum yg_status count_group(void *context, size_t g, unsigned worker, struct yg_err *err)
{
	const struct fitting *f = context;
	(void)worker;
	(void)err;

	f->m[g] = distinct_times(f->d, f->exit_order + f->start[g], f->start[g + 1] - f->start[g]);
	return YG_OK;
}

static enum yg_status fit_group(void *context, size_t g, unsigned worker, struct yg_err *err)
{
	const struct fitting *f = context;
	const size_t K = f->causes, from = f->start[g];
	struct sweep s = { .d = f->d, .causes = f->causes, .counts = f->counts || f->d->repeats, .exit_order = f->exit_order + from,
	                   .entry_order = f->entry_order ? f->entry_order + from : NULL, .n = f->start[g + 1] - from };
	(void)worker;
	(void)err;

	s.A = yg_xcalloc(3 * K, sizeof(double));
	s.F = s.A + K;
	s.d_k = s.A + 2 * K;
	s.risk = yg_xcalloc(2 * K, sizeof *s.risk);
	s.gone = s.risk + K;
	s.entry_A = f->place;
	s.entry_B = f->place ? f->place + f->d->n * K : NULL;
	if (f->d->repeats)
		f->made->curve[g].records = repeats_of(&s);
	sweep_group(&s, &f->made->curve[g]);
	yg_free(s.risk);
	yg_free(s.A);
	return YG_OK;
}

static enum yg_status sort_rows(struct fitting *f, struct yg_task *task, struct yg_err *err)
{
	const struct yg_spans *d = f->d;
	size_t groups = f->made->groups, n = d->n, at = 0;

	f->exit_order = yg_data_alloc(n ? n : 1, sizeof *f->exit_order);
	f->entry_order = d->entry ? yg_data_alloc(n ? n : 1, sizeof *f->entry_order) : NULL;
	f->place = d->entry ? yg_data_alloc(n ? n : 1, (f->causes + 1) * sizeof *f->place) : NULL;
	if (!f->exit_order || (d->entry && (!f->entry_order || !f->place)))
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the curves"));
	YG_TRY(yg_sort_survival(d->group, groups, d->exit, NULL, n, task, f->exit_order, err));
	if (d->entry)
		YG_TRY(yg_sort_survival(d->group, groups, d->entry, NULL, n, task, f->entry_order, err));
	for (size_t g = 0; g < groups; g++) {
		f->start[g] = at;
		while (at < n && (d->group ? (size_t)d->group[f->exit_order[at]] : 0) == g)
			at++;
	}
	f->start[groups] = at;
	return YG_OK;
}

static enum yg_status fit_curves(const struct yg_spans *d, unsigned causes, bool counts, struct yg_task *task, struct yg_cuminc *out,
                                 struct yg_err *err)
{
	size_t groups = d->group ? d->groups : 1;
	struct yg_cuminc made = { .groups = groups, .causes = causes };
	struct fitting f = { .d = d, .causes = causes, .counts = counts, .made = &made };
	enum yg_status status;

	f.start = yg_xcalloc(2 * groups + 1, sizeof *f.start);
	f.m = f.start + groups + 1;
	status = sort_rows(&f, task, err);
	if (status == YG_OK)
		status = yg_pool_run(task, groups, count_group, &f, err);
	if (status == YG_OK)
		status = lay_out(&f, err);
	if (status == YG_OK)
		status = yg_pool_run(task, groups, fit_group, &f, err);
	yg_data_free(f.place);
	yg_data_free(f.entry_order);
	yg_data_free(f.exit_order);
	yg_free(f.start);
	if (status != YG_OK) {
		yg_cuminc_release(&made);
		return status;
	}
	*out = made;
	return YG_OK;
}

enum yg_status yg_cuminc_fit(const struct yg_spans *d, unsigned causes, struct yg_task *task, struct yg_cuminc *out,
                             struct yg_err *err)
{
	return fit_curves(d, causes, false, task, out, err);
}

enum yg_status yg_cuminc_fit_counts(const struct yg_spans *d, unsigned causes, struct yg_task *task, struct yg_cuminc *out,
                                    struct yg_err *err)
{
	return fit_curves(d, causes, true, task, out, err);
}

/*
 * With b(v) = (dN - Y dA) / (n (1 - dA)), the change of -log S:  dF_k(t) = sum of S(s-) (dN_k - Y dA_k) / n - sum of b(v) (F_k(t) - F_k(v)).
 * The parts with Y are differences of three cumulated sums.
 */
enum yg_status yg_cuminc_influence(const struct yg_spans *d, const struct yg_cuminc *fit, size_t group, unsigned cause, double t,
                                   double *out, struct yg_err *err)
{
	const struct yg_cuminc_curve *c = &fit->curve[group];
	const unsigned K = fit->causes;
	size_t m = (size_t)(yg_cuminc_at(c, t) + 1);
	double at_t = m ? c->incidence[(m - 1) * K + cause] : 0, *P = yg_data_calloc(3 * (m + 1) + 1, sizeof *P), before = 1;
	double *Q = P + m + 1, *R = Q + m + 1;

	if (!P)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the curves"));
	for (size_t u = 0; u < m; u++) {
		double any = 0, n = c->n_risk[u], left, q;
		for (unsigned k = 0; k < K; k++)
			any += c->event[u * K + k];
		left = n - any;
		q = left > n * 1e-14 ? any / n / left : 0;
		P[u + 1] = P[u] + (n > 0 ? before * c->event[u * K + cause] / n / n : 0);
		Q[u + 1] = Q[u] + q;
		R[u + 1] = R[u] + q * c->incidence[u * K + cause];
		before = c->surv[u];
	}
	for (size_t i = 0; i < d->n; i++) {
		size_t hi, lo;
		double v;
		out[i] = 0;
		if ((d->group ? (size_t)d->group[i] : 0) != group)
			continue;
		hi = (size_t)(yg_cuminc_at(c, d->exit[i]) + 1);
		lo = d->entry ? (size_t)(yg_cuminc_at(c, d->entry[i]) + 1) : 0;
		hi = hi > m ? m : hi;
		lo = lo > m ? m : lo;
		v = -(P[hi] - P[lo]) + at_t * (Q[hi] - Q[lo]) - (R[hi] - R[lo]);
		if (d->event[i] && d->event[i] <= K && hi > 0 && d->exit[i] <= t) {
			size_t u = hi - 1;
			double any = 0, n = c->n_risk[u], left;
			for (unsigned k = 0; k < K; k++)
				any += c->event[u * K + k];
			left = n - any;
			if (d->event[i] == cause + 1)
				v += (u ? c->surv[u - 1] : 1) / n;
			v -= left > n * 1e-14 ? (at_t - c->incidence[u * K + cause]) / left : 0;
		}
		out[i] = v * weight_of(d, (uint32_t)i);
	}
	yg_data_free(P);
	return YG_OK;
}

void yg_cuminc_release(struct yg_cuminc *c)
{
	yg_free(c->curve);
	yg_data_free(c->memory);
	memset(c, 0, sizeof *c);
}

ptrdiff_t yg_cuminc_at(const struct yg_cuminc_curve *c, double t)
{
	return (ptrdiff_t)yg_count_until(c->time, c->m, t) - 1;
}
