/* Covariance of areas from placements, and what is tested with it.  See yogo/stats/roc.h. */
#include <math.h>
#include <string.h>

#include "accuracy_priv.h"

#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/matrix.h"

#define BLOCK 4096u

/* What a row at a value adds: part[1] for cases, part[0] for controls, each [points], less their means. */
struct placement {
	double *part[2];
};

static void whole_parts(const struct yg_roc *r, struct placement *p)
{
	double below = 0, above = (double)r->n_cases;
	for (size_t g = 0; g < r->points; g++) {
		above -= (double)r->cases[g];
		p->part[1][g] = (below + 0.5 * (double)r->controls[g]) / (double)r->n_controls;
		p->part[0][g] = (above + 0.5 * (double)r->cases[g]) / (double)r->n_cases;
		below += (double)r->controls[g];
	}
}

/* The mean over u in [a, a + da] of what lies right of u within [x1, x2]. */
static double right_of(double a, double da, double x1, double x2)
{
	if (!(da > 0))
		return x2 - fmin(fmax(a, x1), x2);
	double from = fmax(a, x1), to = fmin(a + da, x2), sum = 0;
	if (a < x1)
		sum += (fmin(a + da, x1) - a) * (x2 - x1);
	if (to > from)
		sum += (to - from) * (x2 - (from + to) / 2);
	return sum / da;
}

/* The mean over u in [a, a + da], on which the curve rises from y to y + dy, of the curve at u held within [x1, x2]. */
static double held(double a, double da, double y, double dy, double x1, double x2, double y1, double y2)
{
	double from = fmax(a, x1), to = fmin(a + da, x2), sum = 0;
	if (a < x1)
		sum += (fmin(a + da, x1) - a) * y1;
	if (a + da > x2)
		sum += (a + da - fmax(a, x2)) * y2;
	if (to > from)
		sum += (to - from) * (y + dy * ((from + to) / 2 - a) / da);
	return sum / da;
}

static void range_parts(const struct yg_roc *r, const struct yg_roc_range *range, struct placement *p)
{
	struct yg_roc_walk w = yg_roc_walk_of(r, range->sensitivity);
	double *up = p->part[!range->sensitivity], *across = p->part[range->sensitivity];
	double x1 = 1 - range->high, x2 = 1 - range->low, y1 = yg_roc_walk_read(&w, x1), y2 = yg_roc_walk_read(&w, x2), x = 0, y = 0;
	for (size_t k = 0; k < w.points; k++) {
		size_t g = yg_roc_walk_at(&w, k);
		double dx = (double)w.across[g] / w.n_across, dy = (double)w.up[g] / w.n_up;
		up[g] = right_of(x, dx, x1, x2);
		across[g] = dx > 0 ? held(x, dx, y, dy, x1, x2, y1, y2) : 0;
		x += dx;
		y += dy;
	}
}

static void centre(const struct yg_roc *r, struct placement *p)
{
	for (int side = 0; side < 2; side++) {
		const uint32_t *count = side ? r->cases : r->controls;
		double sum = 0, n = (double)(side ? r->n_cases : r->n_controls);
		for (size_t first = 0; first < r->points; first += BLOCK) {
			double part = 0;
			for (size_t g = first; g < r->points && g < first + BLOCK; g++)
				part += (double)count[g] * p->part[side][g];
			sum += part;
		}
		for (size_t g = 0; g < r->points; g++)
			p->part[side][g] -= sum / n;
	}
}

struct products {
	const struct yg_roc_data *d;
	const struct yg_roc *r;
	const struct placement *p;
	size_t k;
	double *sum;                /* [blocks][2][k*k] */
};

static enum yg_status products_of_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct products *c = context;
	size_t k = c->k, end = (block + 1) * BLOCK < c->d->n ? (block + 1) * BLOCK : c->d->n;
	double *sum = c->sum + block * 2 * k * k;
	(void)worker;
	(void)err;
	for (size_t i = block * BLOCK; i < end; i++) {
		int side = c->d->y[i] != 0;
		double w = c->d->repeats ? c->d->repeats[i] : 1;
		for (size_t a = 0; a < k; a++) {
			double left = w * c->p[a].part[side][c->r[a].place[i]];
			for (size_t b = 0; b <= a; b++)
				sum[(size_t)side * k * k + a * k + b] += left * c->p[b].part[side][c->r[b].place[i]];
		}
	}
	return YG_OK;
}

static enum yg_status independent(const struct yg_roc_data *d, const struct yg_roc *r, const struct placement *p, size_t k,
                                  struct yg_task *task, double *covariance, struct yg_err *err)
{
	size_t blocks = (d->n + BLOCK - 1) / BLOCK;
	struct products c = { d, r, p, k, yg_data_calloc(blocks * 2 * k * k + 1, sizeof(double)) };
	double n1 = (double)r->n_cases, n0 = (double)r->n_controls;
	if (!c.sum)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the variance of the area"));
	enum yg_status s = yg_pool_run(task, blocks, products_of_block, &c, err);
	for (size_t a = 0; s == YG_OK && a < k; a++)
		for (size_t b = 0; b <= a; b++) {
			double side[2] = { 0, 0 };
			for (size_t j = 0; j < blocks; j++)
				for (size_t y = 0; y < 2; y++)
					side[y] += c.sum[(j * 2 + y) * k * k + a * k + b];
			double v = n1 > 1 && n0 > 1 ? side[1] / (n1 - 1) / n1 + side[0] / (n0 - 1) / n0 : NAN;
			covariance[a * k + b] = covariance[b * k + a] = v;
		}
	yg_data_free(c.sum);
	return s;
}

/* Obuchowski: placements added up over the cluster, cases and controls of one cluster correlated. */
static enum yg_status clustered(const struct yg_roc_data *d, const struct yg_roc *r, const struct placement *p, size_t k,
                                double *covariance, struct yg_err *err)
{
	double *sum = yg_data_calloc(d->clusters * 2 * k + 1, sizeof *sum), n[2] = { (double)r->n_controls, (double)r->n_cases };
	uint8_t *has = yg_data_calloc(d->clusters + 1, 1);
	if (!sum || !has) {
		yg_data_free(sum);
		yg_data_free(has);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the variance of the area"));
	}
	for (size_t i = 0; i < d->n; i++) {
		size_t side = d->y[i] != 0, at = d->cluster[i];
		double w = d->repeats ? d->repeats[i] : 1;
		has[at] |= (uint8_t)(1u << side);
		for (size_t a = 0; a < k; a++)
			sum[(at * 2 + side) * k + a] += w * p[a].part[side][r[a].place[i]];
	}
	double with[2] = { 0, 0 }, all = 0;
	for (size_t c = 0; c < d->clusters; c++) {
		with[0] += has[c] & 1;
		with[1] += has[c] >> 1;
		all += has[c] != 0;
	}
	for (size_t a = 0; a < k; a++)
		for (size_t b = 0; b <= a; b++) {
			double square[2] = { 0, 0 }, cross = 0;
			for (size_t c = 0; c < d->clusters; c++) {
				const double *s0 = sum + c * 2 * k, *s1 = s0 + k;
				square[0] += s0[a] * s0[b];
				square[1] += s1[a] * s1[b];
				cross += s1[a] * s0[b] + s0[a] * s1[b];
			}
			double v = NAN;
			if (with[0] > 1 && with[1] > 1)
				v = with[1] / (with[1] - 1) * square[1] / n[1] / n[1] + with[0] / (with[0] - 1) * square[0] / n[0] / n[0] +
				    all / (all - 1) * cross / n[0] / n[1];
			covariance[a * k + b] = covariance[b * k + a] = v;
		}
	yg_data_free(sum);
	yg_data_free(has);
	return YG_OK;
}

/* One marker over the whole range: the sums in one pass along the curve, in blocks of its points. */
static void single(const struct yg_roc *r, double *area, double *variance)
{
	double n1 = (double)r->n_cases, n0 = (double)r->n_controls, below = 0, above = n1, square[2] = { 0, 0 };
	*area = yg_roc_area(r, NULL);
	for (size_t first = 0; first < r->points; first += BLOCK) {
		double part[2] = { 0, 0 };
		for (size_t g = first; g < r->points && g < first + BLOCK; g++) {
			double cases = r->cases[g], controls = r->controls[g];
			above -= cases;
			double u = (below + 0.5 * controls) / n0 - *area, v = (above + 0.5 * cases) / n1 - *area;
			below += controls;
			part[1] += cases * u * u;
			part[0] += controls * v * v;
		}
		square[0] += part[0];
		square[1] += part[1];
	}
	*variance = n1 > 1 && n0 > 1 ? square[1] / (n1 - 1) / n1 + square[0] / (n0 - 1) / n0 : NAN;
}

enum yg_status yg_roc_covariance(const struct yg_roc_data *d, const struct yg_roc *r, size_t k, const struct yg_roc_range *range,
                                 struct yg_task *task, double *area, double *covariance, struct yg_err *err)
{
	if (k == 1 && !d->cluster && yg_roc_whole(range)) {
		single(r, area, covariance);
		return YG_OK;
	}
	struct placement *p = yg_xcalloc(k + 1, sizeof *p);
	enum yg_status s = YG_OK;
	for (size_t j = 0; s == YG_OK && j < k; j++) {
		for (int side = 0; side < 2; side++)
			p[j].part[side] = yg_data_alloc(r[j].points + 1, sizeof(double));
		if (!p[j].part[0] || !p[j].part[1]) {
			s = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the variance of the area"));
			break;
		}
		area[j] = yg_roc_area(&r[j], range);
		if (yg_roc_whole(range))
			whole_parts(&r[j], &p[j]);
		else
			range_parts(&r[j], range, &p[j]);
		centre(&r[j], &p[j]);
	}
	if (s == YG_OK && k)
		s = d->cluster ? clustered(d, r, p, k, covariance, err) : independent(d, r, p, k, task, covariance, err);
	for (size_t j = 0; j < k; j++)
		for (int side = 0; side < 2; side++)
			yg_data_free(p[j].part[side]);
	yg_free(p);
	return s;
}

double yg_roc_hanley_mcneil(double area, double cases, double controls)
{
	double q1 = area / (2 - area), q2 = 2 * area * area / (1 + area), square = area * area;
	return sqrt((area * (1 - area) + (cases - 1) * (q1 - square) + (controls - 1) * (q2 - square)) / (cases * controls));
}

/* ---- differences ---- */

static void finish(struct yg_roc_difference *out, double variance)
{
	out->se = variance > 0 ? sqrt(variance) : variance == 0 ? 0 : NAN;
	out->statistic = out->se > 0 ? out->difference / out->se : NAN;
	out->p = isnan(out->statistic) ? NAN : isinf(out->df) ? yg_normal_two_sided(out->statistic) : yg_t_two_sided(out->statistic, out->df);
}

void yg_roc_paired(const double *area, const double *covariance, size_t k, size_t first, size_t second,
                   struct yg_roc_difference *out)
{
	double va = covariance[first * k + first], vb = covariance[second * k + second], v = va + vb - 2 * covariance[first * k + second];
	/* Two markers that order everybody alike: rounding is not a variance. */
	if (fabs(v) <= 1e-13 * (va + vb))
		v = 0;
	*out = (struct yg_roc_difference){ .difference = area[first] - area[second], .df = INFINITY };
	finish(out, v);
}

void yg_roc_unpaired(double area1, double variance1, double n1, double area2, double variance2, double n2,
                     struct yg_roc_difference *out)
{
	double v = variance1 + variance2;
	*out = (struct yg_roc_difference){ .difference = area1 - area2 };
	out->df = v > 0 ? v * v / (variance1 * variance1 / (n1 - 1) + variance2 * variance2 / (n2 - 1)) : NAN;
	finish(out, v);
}

double yg_roc_equal(const double *area, const double *covariance, size_t k, double *df)
{
	size_t m = k - 1;
	double *v = yg_xcalloc(m * m + 1, sizeof *v), *difference = yg_xcalloc(m + 1, sizeof *difference);
	uint8_t *dropped = yg_xcalloc(m + 1, 1);
	bool known = true;
	for (size_t a = 0; a < m; a++) {
		difference[a] = area[a + 1] - area[0];
		for (size_t b = 0; b < m; b++) {
			v[a * m + b] = covariance[(a + 1) * k + b + 1] - covariance[(a + 1) * k] - covariance[b + 1] + covariance[0];
			known = known && !isnan(v[a * m + b]);
		}
	}
	double chisq = NAN;
	*df = NAN;
	if (known) {
		size_t rank = yg_cholesky(v, m, 1e-10, dropped);
		yg_cholesky_forward(v, m, dropped, difference);
		chisq = 0;
		for (size_t a = 0; a < m; a++)
			chisq += dropped[a] ? 0 : difference[a] * difference[a];
		*df = (double)rank;
		if (!rank)
			chisq = NAN;
	}
	yg_free(v);
	yg_free(difference);
	yg_free(dropped);
	return chisq;
}
