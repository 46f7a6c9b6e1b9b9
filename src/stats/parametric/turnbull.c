/* Turnbull's estimate by EM-ICM; see the header. */
#include "yogo/stats/turnbull.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"

#define MOST 20000
#define GAP 1e-9

/* Rows as ranges of innermost intervals: first..last, taken together. */
struct ranges {
	size_t n, m;
	uint32_t *first, *last;
	double *weight;
	double total;
};
struct climb {
	const struct ranges *r;
	double *p, *f, *d, *g, *h, *trial, *level, *mass, *prefix;
	size_t *size;
};

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the curve was estimated");
}

/* ---- innermost intervals ---- */

/* At one value: where an exact time begins, then right ends, then left ends that exclude the value. */
enum end { END_CLOSED_LEFT, END_RIGHT, END_OPEN_LEFT };
struct ends {
	size_t n;
	double *value;
	uint8_t *kind;
	uint32_t *row, *order;
};

static void put(struct ends *e, double value, enum end kind, size_t row)
{
	e->value[e->n] = value;
	e->kind[e->n] = (uint8_t)kind;
	e->row[e->n++] = (uint32_t)row;
}

/* Equal values in the order of their kinds: a stable pass over each run. */
static void order_ties(struct ends *e, uint32_t *scratch)
{
	for (size_t i = 0, j; i < e->n; i = j) {
		size_t k = 0;
		for (j = i + 1; j < e->n && e->value[e->order[j]] == e->value[e->order[i]];)
			j++;
		if (j - i < 2)
			continue;
		for (uint8_t kind = 0; kind < 3; kind++)
			for (size_t a = i; a < j; a++)
				if (e->kind[e->order[a]] == kind)
					scratch[k++] = e->order[a];
		memcpy(e->order + i, scratch, k * sizeof *scratch);
	}
}

/* first[row], last[row]: the innermost intervals a row covers; from[], to[] of them; returns how many. */
static size_t innermost(const struct ends *e, uint32_t *first, uint32_t *last, double *from, double *to)
{
	size_t m = 0;
	for (size_t i = 0; i < e->n; i++) {
		uint32_t at = e->order[i], row = e->row[at];
		if (e->kind[at] != END_RIGHT) {
			/* The next interval to be found begins here or later. */
			first[row] = (uint32_t)m;
			if (i + 1 < e->n && e->kind[e->order[i + 1]] == END_RIGHT) {
				from[m] = e->value[at];
				to[m++] = e->value[e->order[i + 1]];
			}
		} else {
			last[row] = (uint32_t)(m - 1);
		}
	}
	return m;
}

/* Range, then row: the order of sums is fixed. */
static int by_range(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

/* Rows with the same range become one, in order of the range; weights are added in row order. */
static enum yg_status together(struct ranges *r, const double *weight, const uint8_t *known, size_t n, struct yg_err *err)
{
	struct keyed {
		uint64_t key, row;
	} *k = yg_data_alloc(n + 1, sizeof *k);
	size_t used = 0, m = 0;
	if (!k)
		return no_memory(err);
	for (size_t i = 0; i < n; i++)
		if (known[i])
			k[used++] = (struct keyed){ (uint64_t)r->first[i] << 32 | r->last[i], i };
	qsort(k, used, sizeof *k, by_range);
	for (size_t i = 0, j; i < used; i = j) {
		double w = 0;
		for (j = i; j < used && k[j].key == k[i].key; j++)
			w += weight ? weight[k[j].row] : 1;
		r->first[m] = (uint32_t)(k[i].key >> 32);
		r->last[m] = (uint32_t)k[i].key;
		r->weight[m++] = w;
		r->total += w;
	}
	r->n = m;
	yg_data_free(k);
	return YG_OK;
}

/* ---- climbing ---- */

static double loglik_of(const struct climb *c, const double *f)
{
	double sum = 0;
	for (size_t i = 0; i < c->r->n; i++) {
		double d = f[c->r->last[i] + 1] - f[c->r->first[i]];
		if (!(d > 0))
			return -INFINITY;
		sum += c->r->weight[i] * yg_log(d);
	}
	return sum;
}

/* f[j] = p[0] + .. + p[j-1] */
static void accumulate(const struct climb *c)
{
	size_t m = c->r->m;
	double sum = 0;
	for (size_t j = 0; j < m; j++) {
		c->f[j] = sum;
		sum += c->p[j];
	}
	for (size_t j = 0; j <= m; j++)
		c->f[j] = j == m ? 1 : c->f[j] / sum;
}

/* d[j]: sum of w / P(row) over the rows that cover j; the EM step multiplies by d/total. */
static double derivatives(const struct climb *c)
{
	const struct ranges *r = c->r;
	double run = 0, most = 0;
	memset(c->d, 0, (r->m + 1) * sizeof *c->d);
	for (size_t i = 0; i < r->n; i++) {
		double v = r->weight[i] / (c->f[r->last[i] + 1] - c->f[r->first[i]]);
		c->d[r->first[i]] += v;
		c->d[r->last[i] + 1] -= v;
	}
	for (size_t j = 0; j < r->m; j++) {
		run += c->d[j];
		c->d[j] = run;
		most = run > most ? run : most;
	}
	return most / r->total - 1;
}

/* Masses as small as rounding that the derivative refuses are none. */
static void em_step(struct climb *c)
{
	size_t m = c->r->m;
	for (size_t j = 0; j < m; j++) {
		c->p[j] *= c->d[j] / c->r->total;
		if (c->p[j] < 1e-13 && c->d[j] < c->r->total * (1 - 1e-6))
			c->p[j] = 0;
	}
	accumulate(c);
}

/* Weighted isotonic regression of f + gradient/h (pool adjacent violators) on f[1..m-1], cut to 0..1. */
static void isotonic(struct climb *c)
{
	size_t m = c->r->m, blocks = 0;
	for (size_t j = 1; j < m; j++) {
		double h = c->h[j] > 0 ? c->h[j] : 1e-12, v = c->f[j] + (c->h[j] > 0 ? c->g[j] / c->h[j] : 0);
		c->level[blocks] = v;
		c->mass[blocks] = h;
		c->size[blocks++] = 1;
		while (blocks > 1 && c->level[blocks - 2] >= c->level[blocks - 1]) {
			double a = c->mass[blocks - 2], b = c->mass[blocks - 1];
			c->level[blocks - 2] = (a * c->level[blocks - 2] + b * c->level[blocks - 1]) / (a + b);
			c->mass[blocks - 2] = a + b;
			c->size[blocks - 2] += c->size[blocks - 1];
			blocks--;
		}
	}
	c->trial[0] = 0;
	c->trial[m] = 1;
	for (size_t b = 0, j = 1; b < blocks; b++)
		for (size_t k = 0; k < c->size[b]; k++)
			c->trial[j++] = fmin(fmax(c->level[b], 0), 1);
}

/* One step of the iterative convex minorant, shortened until the likelihood grows; false when it does not. */
static bool icm_step(struct climb *c, double *loglik)
{
	const struct ranges *r = c->r;
	size_t m = r->m;
	memset(c->g, 0, (m + 1) * sizeof *c->g);
	memset(c->h, 0, (m + 1) * sizeof *c->h);
	for (size_t i = 0; i < r->n; i++) {
		double d = c->f[r->last[i] + 1] - c->f[r->first[i]], v = r->weight[i] / d;
		c->g[r->last[i] + 1] += v;
		c->h[r->last[i] + 1] += v / d;
		c->g[r->first[i]] -= v;
		c->h[r->first[i]] += v / d;
	}
	isotonic(c);
	double *move = c->prefix;
	for (size_t j = 0; j <= m; j++)
		move[j] = c->trial[j] - c->f[j];
	for (double size = 1; size > 1e-6; size /= 2) {
		for (size_t j = 0; j <= m; j++)
			c->trial[j] = c->f[j] + size * move[j];
		double next = loglik_of(c, c->trial);
		if (next > *loglik) {
			*loglik = next;
			memcpy(c->f, c->trial, (m + 1) * sizeof *c->f);
			for (size_t j = 0; j < m; j++)
				c->p[j] = fmax(c->f[j + 1] - c->f[j], 0);
			return true;
		}
	}
	return false;
}

static enum yg_status climb(const struct ranges *r, double *p, struct yg_task *task, struct yg_turnbull *out,
                            struct yg_err *err)
{
	size_t m = r->m;
	double *space = yg_data_calloc(10 * (m + 2), sizeof *space);
	size_t *size = yg_data_calloc(m + 2, sizeof *size);
	enum yg_status s = YG_OK;
	if (!space || !size) {
		yg_data_free(space);
		yg_data_free(size);
		return no_memory(err);
	}
	struct climb c = { .r = r, .p = p, .f = space, .size = size };
	double **part[] = { &c.d, &c.g, &c.h, &c.trial, &c.level, &c.mass, &c.prefix };
	for (size_t k = 0; k < sizeof part / sizeof part[0]; k++)
		*part[k] = space + (k + 1) * (m + 2);
	for (size_t j = 0; j < m; j++)
		p[j] = 1 / (double)m;
	accumulate(&c);
	for (out->iterations = 0;; out->iterations++) {
		out->gap = derivatives(&c);
		out->converged = out->gap <= GAP;
		if (out->converged || out->iterations >= MOST)
			break;
		if (yg_task_cancelled(task)) {
			s = YG_CANCELLED;
			break;
		}
		em_step(&c);
		double loglik = loglik_of(&c, c.f);
		icm_step(&c, &loglik);
		/* A mass that went to 0 but is wanted comes back: EM alone cannot raise it. */
		for (size_t j = 0; j < m; j++)
			if (p[j] == 0 && out->iterations % 8 == 7)
				p[j] = 1e-12;
		accumulate(&c);
	}
	out->loglik = loglik_of(&c, c.f);
	for (size_t j = 0; j < m; j++)
		p[j] = c.f[j + 1] - c.f[j];
	yg_data_free(space);
	yg_data_free(size);
	return s;
}

/* ---- the fit ---- */

static void keep(const struct ranges *r, const double *p, const double *from, const double *to, struct yg_turnbull *out)
{
	double left = 1;
	for (size_t j = 0; j < r->m; j++) {
		if (!(p[j] > 1e-10))
			continue;
		left -= p[j];
		out->from[out->m] = from[j];
		out->to[out->m] = to[j];
		out->mass[out->m] = p[j];
		out->after[out->m++] = left > 1e-12 ? left : 0;
	}
	if (out->m)
		out->after[out->m - 1] = 0;
}

static enum yg_status list_ends(const double *lower, const double *upper, const double *weight, size_t n,
                                struct ends *e, uint8_t *known,
                                struct yg_turnbull *out, struct yg_err *err)
{
	for (size_t i = 0; i < n; i++) {
		double l = lower[i], u = upper[i];
		if (isnan(lower[i]) || isnan(u) || lower[i] > u)
			return yg_fail(err, YG_EINVAL, "E-AFT-001",
			               N_("%llu rows have an interval that ends before it begins, or a time that is no number"), 1ULL);
		bool exact = lower[i] == u && isfinite(u);
		if ((isinf(l) && isinf(u) && !exact) || (weight && !(weight[i] > 0))) {
			out->nothing++;
			continue;
		}
		known[i] = 1;
		out->exact += exact;
		out->right += isinf(u) != 0;
		out->left += !exact && isfinite(u) && l <= 0;
		out->interval += !exact && isfinite(u) && l > 0;
		put(e, exact ? u : l, exact ? END_CLOSED_LEFT : END_OPEN_LEFT, i);
		put(e, u, END_RIGHT, i);
	}
	return YG_OK;
}

static enum yg_status estimate(const double *weight, size_t n, struct ends *e, const uint8_t *known, struct yg_task *task,
                               struct yg_turnbull *out, struct yg_err *err)
{
	struct ranges r = { 0 };
	uint32_t *whole = yg_data_calloc(2 * n + e->n + 2, sizeof *whole);
	double *real = yg_data_calloc(n + 3 * (n + 2), sizeof *real), *kept = yg_data_calloc(4 * (n + 2), sizeof *kept);
	enum yg_status s = whole && real && kept ? YG_OK : no_memory(err);
	if (s == YG_OK) {
		double *from = real + n, *to = from + n + 2, *p = to + n + 2;
		r.first = whole;
		r.last = whole + n;
		r.weight = real;
		order_ties(e, whole + 2 * n);
		r.m = innermost(e, r.first, r.last, from, to);
		out->innermost = r.m;
		out->space = out->from = kept;
		out->to = kept + n + 2;
		out->mass = out->to + n + 2;
		out->after = out->mass + n + 2;
		kept = NULL;
		s = together(&r, weight, known, n, err);
		if (s == YG_OK && r.n)
			s = climb(&r, p, task, out, err);
		if (s == YG_OK && r.n)
			keep(&r, p, from, to, out);
	}
	yg_data_free(whole);
	yg_data_free(real);
	yg_data_free(kept);
	return s;
}

enum yg_status yg_turnbull_fit(const double *lower, const double *upper, const double *weight, size_t n,
                               struct yg_task *task,
                               struct yg_turnbull *out, struct yg_err *err)
{
	struct ends e = { .value = yg_data_alloc(2 * n + 1, sizeof(double)), .kind = yg_data_alloc(2 * n + 1, 1),
		          .row = yg_data_alloc(4 * n + 2, sizeof(uint32_t)) };
	uint8_t *known = yg_data_calloc(n + 1, 1);
	memset(out, 0, sizeof *out);
	enum yg_status s = e.value && e.kind && e.row && known ? YG_OK : no_memory(err);
	if (s == YG_OK) {
		e.order = e.row + 2 * n + 1;
		s = list_ends(lower, upper, weight, n, &e, known, out, err);
	}
	if (s == YG_OK)
		s = yg_sort_doubles(e.value, e.n, task, e.order, err);
	if (s == YG_OK)
		s = estimate(weight, n, &e, known, task, out, err);
	yg_data_free(e.value);
	yg_data_free(e.kind);
	yg_data_free(e.row);
	yg_data_free(known);
	if (s != YG_OK)
		yg_turnbull_release(out);
	return s;
}

void yg_turnbull_release(struct yg_turnbull *fit)
{
	yg_data_free(fit->space);
	memset(fit, 0, sizeof *fit);
}

void yg_turnbull_at(const struct yg_turnbull *f, double t, double *lowest, double *highest)
{
	double before = 1;
	for (size_t j = 0; j < f->m; j++) {
		if (f->to[j] <= t) {
			before = f->after[j];
			continue;
		}
		*highest = before;
		*lowest = f->from[j] < t && f->from[j] < f->to[j] ? f->after[j] : before;
		return;
	}
	*lowest = *highest = before;
}

void yg_turnbull_quantile(const struct yg_turnbull *f, double p, double *from, double *to)
{
	for (size_t j = 0; j < f->m; j++)
		if (f->after[j] <= 1 - p + 1e-9) {
			*from = f->from[j] > 0 ? f->from[j] : 0;
			*to = f->to[j];
			/* Level at exactly 1 - p: anywhere up to where the next mass begins. */
			return;
		}
	*from = *to = NAN;
}
