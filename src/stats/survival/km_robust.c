/*
 * Infinitesimal jackknife variance of survival curves in one sweep.
 *
 * The derivative of the cumulative hazard by the weight of row i is
 *     sum over t_j <= t of push_j [event i at t_j] - pull_j [i at risk at t_j].
 * With G(t) = sum of pull_j, a cluster's influence is A(t) = a - b G(t): b is the weight it has at risk now,
 * a what is settled: + weight G(entry) on entry, + weight (push - G(exit)) on exit.  So
 *     sum of A^2 = sum a^2 - 2 G sum a b + G^2 sum b^2,
 * and each row changes one cluster's a and b twice.  The three sums carry their rounding errors.
 * For the product limit the hazard is -log(1 - d/n): push = 1/(n-d), pull = d/(n(n-d)), and se(S) = S se.
 */
#include <math.h>

#include "stats/survival/km_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/sort.h"
#include "yogo/num/sum.h"

struct influence {
	double *a, *b;                 /* [clusters] */
	struct yg_running aa, ab, bb;
	double g;
};

static void change(struct influence *f, size_t cluster, double da, double db)
{
	double a = f->a[cluster], b = f->b[cluster];
	yg_running_add(&f->aa, -a * a);
	yg_running_add(&f->ab, -a * b);
	yg_running_add(&f->bb, -b * b);
	a += da;
	b += db;
	yg_running_add(&f->aa, a * a);
	yg_running_add(&f->ab, a * b);
	yg_running_add(&f->bb, b * b);
	f->a[cluster] = a;
	f->b[cluster] = b;
}

static double variance(const struct influence *f)
{
	double v = yg_running_value(&f->aa) - 2 * f->g * yg_running_value(&f->ab) +
		f->g * f->g * yg_running_value(&f->bb);
	return v > 0 ? v : 0;
}

static size_t cluster_of(const struct yg_spans *d, size_t row)
{
	return d->cluster ? d->cluster[row] : row;
}

/* product: the product-limit hazard, else the one of the options.  se[m] of the cumulative hazard. */
static void sweep(const struct yg_spans *d, const struct yg_cells *c, const struct yg_km *km, size_t group, bool product,
                  size_t exit_row, size_t entry_row, struct influence *f, double *se)
{
	const struct yg_km_curve *k = &km->curve[group];
	size_t x = exit_row, e = entry_row, rows = exit_row + k->records, entries = entry_row + k->records;
	f->aa = f->ab = f->bb = (struct yg_running){ 0, 0 };
	f->g = 0;
	if (!d->entry)
		for (size_t i = x; i < rows; i++)
			change(f, cluster_of(d, c->exit_order[i]), 0, d->weight ? d->weight[c->exit_order[i]] : 1);
	for (size_t j = 0; j < k->m; j++) {
		for (; d->entry && e < entries && d->entry[c->entry_order[e]] < k->time[j]; e++) {
			size_t r = c->entry_order[e];
			double w = d->weight ? d->weight[r] : 1;
			change(f, cluster_of(d, r), w * f->g, w);
		}
		struct yg_km_step step = yg_km_step_of(&km->options, k->risk[j], k->event[j], k->n_event[j]);
		double n = k->risk[j], dead = k->event[j];
		if (product && k->n_event[j]) {
			bool all = k->n_event[j] == k->n_risk[j];
			step.push = all ? 0 : 1 / (n - dead);
			step.pull = all ? 0 : dead / (n * (n - dead));
		}
		f->g += step.pull;
		for (; x < rows && d->exit[c->exit_order[x]] == k->time[j]; x++) {
			size_t r = c->exit_order[x];
			double w = d->weight ? d->weight[r] : 1;
			change(f, cluster_of(d, r), w * ((d->event[r] ? step.push : 0) - f->g), -w);
		}
		se[j] = sqrt(variance(f));
	}
	/* Leave the table empty for the next curve. */
	for (size_t i = exit_row; i < rows; i++) {
		f->a[cluster_of(d, c->exit_order[i])] = 0;
		f->b[cluster_of(d, c->exit_order[i])] = 0;
	}
}

enum yg_status yg_km_jackknife(const struct yg_spans *d, const struct yg_cells *c, struct yg_km *km, struct yg_err *err)
{
	size_t clusters = d->cluster ? d->clusters : d->n, row = 0;
	struct influence f = { .a = yg_data_calloc(clusters + 1, sizeof(double)),
		               .b = yg_data_calloc(clusters + 1, sizeof(double)) };
	enum yg_status s = f.a && f.b ? YG_OK : yg_survival_no_memory(err);
	for (size_t g = 0; s == YG_OK && g < km->groups; g++) {
		struct yg_km_curve *k = &km->curve[g];
		sweep(d, c, km, g, false, row, row, &f, k->se_cumhaz);
		if (km->options.survival == YG_KM_PRODUCT)
			sweep(d, c, km, g, true, row, row, &f, k->se);
		for (size_t j = 0; j < k->m; j++)
			k->se[j] = k->surv[j] * (km->options.survival == YG_KM_PRODUCT ? k->se[j] : k->se_cumhaz[j]);
		row += k->records;
	}
	yg_data_free(f.a);
	yg_data_free(f.b);
	return s;
}

/* n times the derivative of S(t) by the row's weight, added to S(t): one curve, unweighted, from the start. */
enum yg_status yg_km_pseudo(const struct yg_spans *d, double t, double *out, struct yg_err *err)
{
	struct yg_spans one = *d;
	struct yg_km_options o = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_NO_CI, 0.95, false };
	struct yg_km km;
	one.group = one.stratum = NULL;
	one.weight = NULL;
	one.entry = NULL;
	one.cluster = NULL;
	YG_TRY(yg_km_fit(&one, &o, NULL, &km, err));
	const struct yg_km_curve *k = &km.curve[0];
	double surv = 1, settled = 0;
	size_t last = 0;
	for (; last < k->m && k->time[last] <= t; last++)
		surv = k->surv[last];
	/* settled[j] = G(t_j) is rebuilt in se, which nobody else reads. */
	for (size_t j = 0; j < k->m; j++) {
		double n = k->risk[j], dead = k->event[j];
		if (dead > 0 && k->n_event[j] < k->n_risk[j])
			settled += dead / (n * (n - dead));
		k->se[j] = settled;
	}
	for (size_t i = 0; i < d->n; i++) {
		double until = d->exit[i] < t ? d->exit[i] : t, influence = 0;
		size_t low = yg_count_until(k->time, k->m, until);
		if (low)
			influence = -k->se[low - 1];
		if (d->event[i] && d->exit[i] <= t && low && k->n_event[low - 1] < k->n_risk[low - 1])
			influence += 1 / (k->risk[low - 1] - k->event[low - 1]);
		out[i] = surv - (double)d->n * surv * influence;
	}
	yg_km_release(&km);
	return YG_OK;
}
