/* Fisher's exact test: 2 x 2 with the conditional odds ratio, r x c by enumeration. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/crosstab.h"

/* Tables no likelier than the one seen count; this much slack for rounding (R's). */
#define SLACK (1 + 1e-7)

/* The conditional distribution of the first cell given the margins. */
struct conditional {
	int64_t low, high, seen;
	double *log_null;    /* [high - low + 1] log probability at odds ratio 1 */
	double *weight;      /* scratch of the same size */
};

static size_t cells(const struct conditional *c)
{
	return (size_t)(c->high - c->low) + 1;
}

/* Probabilities at log odds ratio t into weight[]. */
static void tilt(const struct conditional *c, double t)
{
	double most = -INFINITY, sum = 0;
	size_t k = cells(c);

	for (size_t i = 0; i < k; i++) {
		c->weight[i] = c->log_null[i] + t * (double)(c->low + (int64_t)i);
		most = fmax(most, c->weight[i]);
	}
	for (size_t i = 0; i < k; i++) {
		double away = c->weight[i] - most;
		c->weight[i] = away < -745 ? 0 : yg_exp(away);
		sum += c->weight[i];
	}
	for (size_t i = 0; i < k; i++)
		c->weight[i] /= sum;
}

static double mean_at(const struct conditional *c, double t)
{
	double m = 0;

	tilt(c, t);
	for (size_t i = 0; i < cells(c); i++)
		m += c->weight[i] * (double)(c->low + (int64_t)i);
	return m;
}

/* P(X <= x) or P(X >= x) at log odds ratio t. */
static double below_at(const struct conditional *c, double t)
{
	double s = 0;

	tilt(c, t);
	for (size_t i = 0; i < cells(c); i++)
		if (c->low + (int64_t)i <= c->seen)
			s += c->weight[i];
	return s;
}

static double above_at(const struct conditional *c, double t)
{
	double s = 0;

	tilt(c, t);
	for (size_t i = cells(c); i-- > 0;)
		if (c->low + (int64_t)i >= c->seen)
			s += c->weight[i];
	return s;
}

/* The t at which f, monotone, crosses target: a bracket doubled from zero, then halved to the last bits. */
static double solve(const struct conditional *c, double (*f)(const struct conditional *, double), double target,
                    bool rising)
{
	double low = -1, high = 1;

	while (low > -700 && (f(c, low) > target) == rising)
		low *= 2;
	while (high < 700 && (f(c, high) < target) == rising)
		high *= 2;
	for (int i = 0; i < 200 && high - low > 1e-15 * (1 + fabs(low)); i++) {
		double mid = low + (high - low) / 2;
		if (mid <= low || mid >= high)
			break;
		if ((f(c, mid) < target) == rising)
			low = mid;
		else
			high = mid;
	}
	return low + (high - low) / 2;
}

static double two_sided(const struct conditional *c)
{
	double seen = c->log_null[c->seen - c->low], s = 0, slack = yg_log(SLACK);

	for (size_t i = 0; i < cells(c); i++)
		if (c->log_null[i] <= seen + slack)
			s += yg_exp(c->log_null[i]);
	return fmin(1, s);
}

void yg_fisher_2x2(const int64_t n[4], enum yg_alternative alternative, double conf, struct yg_fisher *out)
{
	int64_t first = n[0] + n[1], second = n[2] + n[3], draw = n[0] + n[2];
	struct conditional c = { .low = draw > second ? draw - second : 0, .high = draw < first ? draw : first, .seen = n[0] };
	double tail = alternative == YG_TWO_SIDED ? (1 - conf) / 2 : 1 - conf;

	*out = (struct yg_fisher){ .p = NAN, .odds_ratio = NAN, .lower = NAN, .upper = NAN };
	if (c.low == c.high) {
		out->p = 1;
		out->lower = 0;
		out->upper = INFINITY;
		out->problem = N_("a row or a column is empty: the odds ratio is not defined");
		return;
	}
	c.log_null = yg_xalloc(2 * cells(&c), sizeof *c.log_null);
	c.weight = c.log_null + cells(&c);
	for (size_t i = 0; i < cells(&c); i++)
		c.log_null[i] = yg_hypergeometric_log_pmf(c.low + (int64_t)i, first, second, draw);
	tilt(&c, 0);
	out->p = alternative == YG_TWO_SIDED ? two_sided(&c)
	         : alternative == YG_LESS    ? fmin(1, below_at(&c, 0))
	                                     : fmin(1, above_at(&c, 0));
	bool lowest = c.seen == c.low, highest = c.seen == c.high;
	out->odds_ratio = lowest ? 0 : highest ? INFINITY : yg_exp(solve(&c, mean_at, (double)c.seen, true));
	out->lower = alternative == YG_LESS || lowest ? 0 : yg_exp(solve(&c, above_at, tail, true));
	out->upper = alternative == YG_GREATER || highest ? INFINITY : yg_exp(solve(&c, below_at, tail, false));
	yg_free(c.log_null);
}

/* ---- r x c ---- */

/*
 * The tables are walked cell by cell, row by row, the last row and the last column following from the margins.
 * Each carries sum of -log x_ij!; with the constant of the margins that is its log probability.
 */
struct walk {
	size_t r, c;
	int64_t *row, *left;       /* row totals; what is left of each column, per depth of row: left[r*c] */
	const double *lf;          /* log k! */
	double seen;               /* log probability of the table seen, with slack */
	double constant;
	uint64_t visited;
	struct yg_task *task;
	double sum, carry;
	enum yg_status status;
};

static void add(struct walk *w, double p)
{
	double old = w->sum, now = old + p;

	w->carry += fabs(old) >= fabs(p) ? (old - now) + p : (p - now) + old;
	w->sum = now;
}

static void last_row(struct walk *w, const int64_t *left, double so_far)
{
	double s = so_far;

	for (size_t j = 0; j < w->c; j++)
		s -= w->lf[left[j]];
	if (s <= w->seen)
		add(w, yg_exp(s));
	if ((++w->visited & 0xffff) == 0) {
		if (w->visited > YG_FISHER_TABLES)
			w->status = YG_ELIMIT;
		else if (w->task && !yg_task_tick(w->task, w->visited, YG_FISHER_TABLES))
			w->status = YG_CANCELLED;
	}
}

/* Fill cell (i, j); rest = what is left of row i; behind = sum of what is left in columns j.. of this row. */
static void fill(struct walk *w, size_t i, size_t j, int64_t rest, int64_t behind, double so_far)
{
	int64_t *left = w->left + i * w->c, *next = left + w->c;

	if (w->status != YG_OK)
		return;
	if (j == w->c - 1) {
		if (rest > left[j])
			return;
		next[j] = left[j] - rest;
		so_far -= w->lf[rest];
		if (i + 2 == w->r) {
			last_row(w, next, so_far);
			return;
		}
		int64_t all = 0;
		for (size_t k = 0; k < w->c; k++)
			all += next[k];
		fill(w, i + 1, 0, w->row[i + 1], all, so_far);
		return;
	}
	behind -= left[j];
	int64_t low = rest > behind ? rest - behind : 0, high = rest < left[j] ? rest : left[j];
	for (int64_t x = low; x <= high; x++) {
		next[j] = left[j] - x;
		fill(w, i, j + 1, rest - x, behind, so_far - w->lf[x]);
	}
}

/* Indices of the lines with counts, smallest total first. */
static size_t order_lines(const int64_t *total, size_t n, size_t *order)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		if (!total[i])
			continue;
		size_t k = m++;
		for (; k > 0 && total[order[k - 1]] > total[i]; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	return m;
}

enum yg_status yg_fisher_rxc(const int64_t *count, size_t r, size_t c, struct yg_task *task, double *p, struct yg_err *err)
{
	int64_t *total = yg_xcalloc(r + c + 1, sizeof *total), *of_column = total + r, n = 0;
	size_t *rows = yg_xalloc(r + c + 1, sizeof *rows), *columns = rows + r;
	struct walk w = { .task = task, .status = YG_OK };
	double seen = 0;

	for (size_t i = 0; i < r; i++)
		for (size_t j = 0; j < c; j++) {
			total[i] += count[i * c + j];
			of_column[j] += count[i * c + j];
			n += count[i * c + j];
		}
	w.r = order_lines(total, r, rows);
	w.c = order_lines(of_column, c, columns);
	if (w.r < 2 || w.c < 2) {
		*p = 1;
		goto done;
	}
	double *lf = yg_data_alloc((size_t)n + 1, sizeof *lf);
	if (!lf) {
		w.status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out in Fisher's exact test."));
		goto done;
	}
	for (int64_t k = 0; k <= n; k++)
		lf[k] = yg_lfactorial(k);
	w.lf = lf;
	w.row = yg_xalloc(w.r, sizeof *w.row);
	w.left = yg_xalloc(w.r * w.c, sizeof *w.left);
	w.constant = -lf[n];
	for (size_t i = 0; i < w.r; i++) {
		w.row[i] = total[rows[i]];
		w.constant += lf[w.row[i]];
	}
	for (size_t j = 0; j < w.c; j++) {
		w.left[j] = of_column[columns[j]];
		w.constant += lf[w.left[j]];
	}
	seen = w.constant;
	for (size_t i = 0; i < r * c; i++)
		seen -= lf[count[i]];
	w.seen = seen + yg_log(SLACK);
	fill(&w, 0, 0, w.row[0], n, w.constant);
	if (w.status == YG_OK)
		*p = fmin(1, w.sum + w.carry);
	else if (w.status == YG_ELIMIT)
		yg_fail(err, YG_ELIMIT, "E-STAT-002",
		        N_("Fisher's exact test of this table would take more than %llu tables; use test=chisq."), YG_FISHER_TABLES);
	else
		yg_fail(err, w.status, "E-RUN-130", N_("Cancelled."));
	yg_free(w.left);
	yg_free(w.row);
	yg_data_free(lf);
done:
	yg_free(rows);
	yg_free(total);
	return w.status;
}
