/* The empirical curve of a marker: counts at its values, cut-offs, areas, readings.  See yogo/stats/roc.h. */
#include <math.h>
#include <string.h>

#include "accuracy_priv.h"

#include "yogo/num/dist.h"
#include "yogo/num/sort.h"
#include "yogo/stats/crosstab.h"

void yg_roc_release(struct yg_roc *r)
{
	yg_data_free(r->value);
	yg_data_free(r->cases);
	yg_data_free(r->controls);
	yg_data_free(r->place);
	memset(r, 0, sizeof *r);
}

static enum yg_status count_sides(const struct yg_roc_data *d, struct yg_roc *out, struct yg_err *err)
{
	uint64_t side[2] = { 0, 0 };
	for (size_t i = 0; i < d->n; i++)
		side[d->y[i] != 0] += d->repeats ? d->repeats[i] : 1;
	if (!side[0] || !side[1])
		return yg_fail(err, YG_REFUSED, "E-ACC-020", side[0] ? N_("there are no cases: a curve needs persons with the condition and without it") :
		                                                       N_("there are no controls: a curve needs persons with the condition and without it"));
	if (side[0] + side[1] >= UINT64_C(1) << 32)
		return yg_fail(err, YG_ELIMIT, "E-ACC-022", N_("a curve of more than 4,294,967,295 rows is not made"));
	out->n_controls = side[0];
	out->n_cases = side[1];
	return YG_OK;
}

enum yg_status yg_roc_open(const struct yg_roc_data *d, const double *score, struct yg_task *task, struct yg_roc *out,
                           struct yg_err *err)
{
	size_t n = d->n, points = 0;
	memset(out, 0, sizeof *out);
	YG_TRY(count_sides(d, out, err));
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	out->n = n;
	out->place = yg_data_alloc(n + 1, sizeof *out->place);
	out->value = yg_data_alloc(n + 1, sizeof *out->value);
	out->cases = yg_data_alloc(n + 1, sizeof *out->cases);
	out->controls = yg_data_alloc(n + 1, sizeof *out->controls);
	enum yg_status s = order && out->place && out->value && out->cases && out->controls ? yg_sort_doubles(score, n, task, order, err) :
		yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the curve was made"));
	for (size_t i = 0; s == YG_OK && i < n; i++) {
		size_t row = order[i];
		double x = score[row];
		uint32_t w = d->repeats ? d->repeats[row] : 1, cases = d->y[row] ? w : 0;
		if (!points || x > out->value[points - 1]) {
			out->value[points] = x;
			out->cases[points] = out->controls[points] = 0;
			points++;
		}
		out->cases[points - 1] += cases;
		out->controls[points - 1] += w - cases;
		out->place[row] = (uint32_t)(points - 1);
	}
	out->points = points;
	yg_data_free(order);
	if (s != YG_OK)
		yg_roc_release(out);
	return s;
}

/* ---- cut-offs ---- */

static double threshold(const struct yg_roc *r, size_t k)
{
	if (!k)
		return -INFINITY;
	if (k >= r->points)
		return INFINITY;
	return r->value[k - 1] + (r->value[k] - r->value[k - 1]) / 2;
}

void yg_roc_cut(const struct yg_roc *r, size_t k, struct yg_roc_cut *out)
{
	*out = (struct yg_roc_cut){ .threshold = threshold(r, k) };
	for (size_t g = k; g < r->points; g++) {
		out->tp += r->cases[g];
		out->fp += r->controls[g];
	}
	out->fn = r->n_cases - out->tp;
	out->tn = r->n_controls - out->fp;
}

void yg_roc_cut_at(const struct yg_roc *r, double t, struct yg_roc_cut *out)
{
	yg_roc_cut(r, yg_count_below(r->value, r->points, t), out);
	out->threshold = t;
}

/* Larger is better; whole numbers that 128 bits hold, since cases and controls together are below 2^32. */
static __int128 merit(const struct yg_roc *r, uint64_t tp, uint64_t fp, bool topleft)
{
	__int128 hit = (__int128)tp * (__int128)r->n_controls, alarm = (__int128)fp * (__int128)r->n_cases;
	if (!topleft)
		return hit - alarm;
	__int128 missed = (__int128)(r->n_cases - tp) * (__int128)r->n_controls;
	return -(missed * missed + alarm * alarm);
}

size_t yg_roc_best(const struct yg_roc *r, bool topleft, struct yg_roc_cut *out, size_t room)
{
	uint64_t tp = r->n_cases, fp = r->n_controls;
	__int128 best = merit(r, tp, fp, topleft);
	size_t found = 0;
	for (size_t pass = 0; pass < 2; pass++) {
		tp = r->n_cases;
		fp = r->n_controls;
		for (size_t k = 0; k <= r->points; k++) {
			__int128 m = merit(r, tp, fp, topleft);
			if (!pass && m > best)
				best = m;
			if (pass && m == best) {
				if (found < room)
					out[found] = (struct yg_roc_cut){ threshold(r, k), tp, fp, r->n_cases - tp, r->n_controls - fp };
				found++;
			}
			if (k < r->points) {
				tp -= r->cases[k];
				fp -= r->controls[k];
			}
		}
	}
	return found;
}

/* ---- areas ---- */

static double whole_area(const struct yg_roc *r)
{
	uint64_t below = 0, twice = 0;   /* pairs twice, at most 2 cases controls < 2^63 */
	for (size_t g = 0; g < r->points; g++) {
		twice += (uint64_t)r->cases[g] * (2 * below + r->controls[g]);
		below += r->controls[g];
	}
	return (double)twice / 2 / ((double)r->n_cases * (double)r->n_controls);
}

double yg_roc_area(const struct yg_roc *r, const struct yg_roc_range *range)
{
	if (yg_roc_whole(range))
		return whole_area(r);
	struct yg_roc_walk w = yg_roc_walk_of(r, range->sensitivity);
	double x1 = 1 - range->high, x2 = 1 - range->low, area = 0, across = 0, up = 0;
	for (size_t k = 0; k < w.points; k++) {
		size_t g = yg_roc_walk_at(&w, k);
		double a = across / w.n_across, da = (double)w.across[g] / w.n_across;
		double from = fmax(a, x1), to = fmin(a + da, x2);
		if (da > 0 && to > from) {
			double middle = ((from + to) / 2 - a) / da;
			area += (to - from) * (up + middle * (double)w.up[g]) / w.n_up;
		}
		across += (double)w.across[g];
		up += (double)w.up[g];
	}
	return area;
}

double yg_roc_corrected(const struct yg_roc_range *range, double area)
{
	double x1 = 1 - range->high, x2 = 1 - range->low, chance = (x2 - x1) * (x2 + x1) / 2;
	return (1 + (area - chance) / (x2 - x1 - chance)) / 2;
}

double yg_roc_walk_read(const struct yg_roc_walk *w, double x)
{
	double want = x * w->n_across, whole = nearbyint(want), across = 0, up = 0;
	/* 1 - 0.9 is not quite 0.1 */
	if (fabs(want - whole) < 1e-9 * w->n_across)
		want = whole;
	for (size_t k = 0; k < w->points; k++) {
		size_t g = yg_roc_walk_at(w, k);
		double step = (double)w->across[g];
		if (across + step > want)
			return (up + (want - across) / step * (double)w->up[g]) / w->n_up;
		across += step;
		up += (double)w->up[g];
	}
	return up / w->n_up;
}

double yg_roc_read(const struct yg_roc *r, double given, bool of_sensitivity)
{
	struct yg_roc_walk w = yg_roc_walk_of(r, of_sensitivity);
	return yg_roc_walk_read(&w, 1 - given);
}

void yg_roc_read_ci(const struct yg_roc *r, double given, bool of_sensitivity, double conf, struct yg_roc_reading *out)
{
	struct yg_roc_walk w = yg_roc_walk_of(r, of_sensitivity);
	double z = yg_normal_quantile(0.5 + conf / 2), x = 1 - given, value = yg_roc_walk_read(&w, x);
	double half = z * sqrt(x * given / w.n_across);
	double rise = yg_roc_walk_read(&w, fmin(1, x + half)) - yg_roc_walk_read(&w, fmax(0, x - half));
	double own = value * (1 - value), effective = w.n_up;
	if (own > 0)
		effective = own / (own / w.n_up + rise * rise / (4 * z * z));
	struct yg_interval i = yg_proportion_ci(value * effective, effective, conf, YG_CI_WILSON);
	*out = (struct yg_roc_reading){ given, value, i.lower, i.upper };
}
