/* The binormal curve by maximum likelihood on ordered categories.  See yogo/stats/roc.h. */
#include <math.h>
#include <string.h>

#include "accuracy_priv.h"

#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

#define MOST 20                /* categories */
#define PARAMETERS (MOST + 1)  /* a, b, then the limits between categories */
#define STEPS 200

struct categories {
	size_t k;
	double n[2][MOST];         /* controls, cases */
};

/* About equal numbers in each; a value is never divided. */
static void gather(const struct yg_roc *r, struct categories *c)
{
	double all = (double)r->n_cases + (double)r->n_controls, seen = 0, share = r->points > MOST ? all / MOST : 0;
	memset(c, 0, sizeof *c);
	for (size_t g = 0; g < r->points; g++) {
		bool fresh = !g || c->n[0][c->k - 1] + c->n[1][c->k - 1] >= share || seen >= share * (double)c->k;
		if (fresh && c->k < MOST)
			c->k++;
		c->n[0][c->k - 1] += (double)r->controls[g];
		c->n[1][c->k - 1] += (double)r->cases[g];
		seen += (double)(r->controls[g] + r->cases[g]);
	}
}

/* The probability between two points, without loss in the tails. */
static double between(double low, double high)
{
	return low > 0 ? yg_normal_upper(low) - yg_normal_upper(high) : yg_normal_cdf(high) - yg_normal_cdf(low);
}

static double density(double x)
{
	return isinf(x) ? 0 : yg_normal_density(x);
}

/* Log likelihood at t; score[p] and expected information[p*p] when wanted.  -INFINITY where a category has no probability. */
static double likelihood(const struct categories *c, const double *t, double *score, double *information)
{
	size_t p = c->k + 1;
	double l = 0, a = t[0], b = t[1];
	if (score) {
		memset(score, 0, p * sizeof *score);
		memset(information, 0, p * p * sizeof *information);
	}
	for (int side = 0; side < 2; side++) {
		double total = 0;
		for (size_t k = 0; k < c->k; k++)
			total += c->n[side][k];
		for (size_t k = 0; k < c->k; k++) {
			double low = k ? t[k + 1] : -INFINITY, high = k + 1 < c->k ? t[k + 2] : INFINITY;
			double u = side && k ? b * low - a : low, v = side && k + 1 < c->k ? b * high - a : high;
			double pi = between(u, v), d[PARAMETERS] = { 0 };
			if (!(pi > 1e-300))
				return -INFINITY;
			l += c->n[side][k] > 0 ? c->n[side][k] * yg_log(pi) : 0;
			if (!score)
				continue;
			double at_low = density(u), at_high = density(v);
			if (side) {
				d[0] = at_low - at_high;
				d[1] = (k + 1 < c->k ? high * at_high : 0) - (k ? low * at_low : 0);
			}
			if (k)
				d[k + 1] -= (side ? b : 1) * at_low;
			if (k + 1 < c->k)
				d[k + 2] += (side ? b : 1) * at_high;
			for (size_t i = 0; i < p; i++) {
				score[i] += c->n[side][k] / pi * d[i];
				for (size_t j = 0; j < p; j++)
					information[i * p + j] += total / pi * d[i] * d[j];
			}
		}
	}
	return l;
}

static void begin(const struct categories *c, double *t)
{
	double n0 = 0, n1 = 0, below[2] = { 0, 0 }, m[2] = { 0, 0 }, xx = 0, xy = 0, points = 0;
	for (size_t k = 0; k < c->k; k++) {
		n0 += c->n[0][k];
		n1 += c->n[1][k];
	}
	double x[MOST], y[MOST];
	for (size_t k = 0; k + 1 < c->k; k++) {
		below[0] += c->n[0][k];
		below[1] += c->n[1][k];
		x[k] = yg_normal_quantile((below[0] + 0.5) / (n0 + 1));
		y[k] = yg_normal_quantile((below[1] + 0.5) / (n1 + 1));
		/* limits ascend also where no control lies between them */
		if (k && !(x[k] > t[k + 1]))
			x[k] = t[k + 1] + 0.01;
		t[k + 2] = x[k];
		m[0] += x[k];
		m[1] += y[k];
		points++;
	}
	for (size_t k = 0; k + 1 < c->k; k++) {
		xx += (x[k] - m[0] / points) * (x[k] - m[0] / points);
		xy += (x[k] - m[0] / points) * (y[k] - m[1] / points);
	}
	t[1] = xx > 0 ? fmin(fmax(xy / xx, 0.2), 5) : 1;
	t[0] = t[1] * m[0] / points - m[1] / points;
}

static bool ascending(const struct categories *c, const double *t)
{
	bool ok = t[1] > 0;
	for (size_t k = 3; k <= c->k; k++)
		ok = ok && t[k] > t[k - 1];
	return ok;
}

static enum yg_status degenerate(struct yg_err *err)
{
	yg_fail(err, YG_REFUSED, "E-ACC-021", N_("the binormal curve cannot be fitted: cases and controls overlap in too few values"));
	yg_err_hint(err, N_("Leave method=binormal out: the empirical curve needs no model."));
	return YG_REFUSED;
}

enum yg_status yg_roc_binormal(const struct yg_roc *r, struct yg_roc_binormal *out, struct yg_err *err)
{
	struct categories c;
	double t[PARAMETERS], score[PARAMETERS], information[PARAMETERS * PARAMETERS], inverse[PARAMETERS * PARAMETERS];
	gather(r, &c);
	size_t p = c.k + 1, i = 0;
	if (c.k < 3)
		return degenerate(err);
	begin(&c, t);
	double l = likelihood(&c, t, score, information), gain = INFINITY;
	for (; i < STEPS && gain > 1e-16 * (1 + fabs(l)); i++) {
		double step[PARAMETERS], next[PARAMETERS], there = -INFINITY, scale = 1;
		memcpy(step, score, p * sizeof *step);
		if (!isfinite(l) || !yg_symmetric_solve(information, p, step))
			return degenerate(err);
		gain = yg_dot(step, score, p);
		for (int half = 0; half < 40; half++, scale /= 2) {
			for (size_t j = 0; j < p; j++)
				next[j] = t[j] + scale * step[j];
			there = ascending(&c, next) ? likelihood(&c, next, NULL, NULL) : -INFINITY;
			if (there >= l - 1e-12 * fabs(l))
				break;
		}
		if (!(there >= l - 1e-12 * fabs(l)))
			break;
		memcpy(t, next, p * sizeof *t);
		l = likelihood(&c, t, score, information);
		if (fabs(t[0]) > 15 || t[1] < 0.02 || t[1] > 50)
			return degenerate(err);
	}
	if (gain > 1e-8 || !yg_symmetric_inverse(information, p, inverse))
		return degenerate(err);
	*out = (struct yg_roc_binormal){ .a = t[0], .b = t[1], .var_a = inverse[0], .var_b = inverse[p + 1], .cov_ab = inverse[1],
		                         .loglik = l, .categories = c.k, .iterations = i };
	double root = sqrt(1 + t[1] * t[1]), z = t[0] / root, f = yg_normal_density(z);
	double da = f / root, db = -f * t[0] * t[1] / (root * root * root);
	out->area = yg_normal_cdf(z);
	out->se = sqrt(da * da * out->var_a + 2 * da * db * out->cov_ab + db * db * out->var_b);
	return YG_OK;
}

/* Seen from sensitivity the curve is binormal with a / b and 1 / b. */
static struct yg_roc_binormal seen_from(const struct yg_roc_binormal *m, bool of_sensitivity)
{
	struct yg_roc_binormal s = *m;
	if (!of_sensitivity)
		return s;
	double b = m->b, ab = -m->a / (b * b), bb = -1 / (b * b);
	s.a = m->a / b;
	s.b = 1 / b;
	s.var_a = m->var_a / (b * b) + 2 * ab / b * m->cov_ab + ab * ab * m->var_b;
	s.cov_ab = bb / b * m->cov_ab + ab * bb * m->var_b;
	s.var_b = bb * bb * m->var_b;
	return s;
}

void yg_roc_binormal_read(const struct yg_roc_binormal *m, double given, bool of_sensitivity, double conf,
                          struct yg_roc_reading *out)
{
	struct yg_roc_binormal s = seen_from(m, of_sensitivity);
	if (!(given > 0) || !(given < 1)) {
		double end = given > 0 ? 0 : 1;
		*out = (struct yg_roc_reading){ given, end, end, end };
		return;
	}
	double q = yg_normal_quantile(1 - given), u = s.a + s.b * q;
	double reach = yg_normal_quantile(0.5 + conf / 2) * sqrt(fmax(0, s.var_a + 2 * q * s.cov_ab + q * q * s.var_b));
	*out = (struct yg_roc_reading){ given, yg_normal_cdf(u), yg_normal_cdf(u - reach), yg_normal_cdf(u + reach) };
}

double yg_roc_binormal_part(const struct yg_roc_binormal *m, const struct yg_roc_range *range, double *se)
{
	static const double node[4] = { 0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363 };
	static const double weight[4] = { 0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763 };
	struct yg_roc_binormal s = seen_from(m, range->sensitivity);
	double x1 = 1 - range->high, x2 = 1 - range->low;
	/* over the normal quantile of x, cut where nothing is left; Gauss's rule of 8 points on 64 pieces */
	double q1 = x1 > 0 ? fmax(yg_normal_quantile(x1), -38) : -38, q2 = x2 < 1 ? fmin(yg_normal_quantile(x2), 9) : 9;
	double area = 0, da = 0, db = 0, wide = (q2 - q1) / 64;
	for (int piece = 0; piece < 64; piece++)
		for (int k = 0; k < 8; k++) {
			double at = k < 4 ? -node[k] : node[k - 4], q = q1 + wide * (piece + (1 + at) / 2);
			double w = weight[k % 4] * wide / 2 * yg_normal_density(q), u = s.a + s.b * q, f = yg_normal_density(u);
			area += w * yg_normal_cdf(u);
			da += w * f;
			db += w * f * q;
		}
	if (se)
		*se = sqrt(fmax(0, da * da * s.var_a + 2 * da * db * s.cov_ab + db * db * s.var_b));
	return area;
}
