/* The chance that a normal vector leaves a box: see yogo/num/mvn.h. */
#include "yogo/num/mvn.h"

#include <math.h>

#include "yogo/num/dist.h"

#define PIVOT 1e-9        /* a coordinate with less conditional variance is a combination of earlier ones */
#define FAR 38.0          /* beyond, a normal tail is below the smallest double */
#define PANELS 64

struct box {
	size_t d, rank;
	double l[YG_MVN_MOST][YG_MVN_RANK];   /* coordinate k = sum of l[k][i] y[i] */
	size_t last[YG_MVN_MOST];             /* the last y that coordinate k has */
	double lower[YG_MVN_MOST], upper[YG_MVN_MOST];
	double tolerance[YG_MVN_RANK];        /* relative, of the integral over y[i] */
	double error;
};

/* The interval of y[level] inside the box, given the earlier ones; false when empty. */
static int inside(const struct box *b, size_t level, const double *y, double *from, double *to)
{
	*from = -INFINITY;
	*to = INFINITY;
	for (size_t k = 0; k < b->d; k++) {
		if (b->last[k] != level)
			continue;
		double low = b->lower[k], high = b->upper[k], slope = b->l[k][level];
		for (size_t i = 0; i < level; i++) {
			low -= b->l[k][i] * y[i];
			high -= b->l[k][i] * y[i];
		}
		low /= slope;
		high /= slope;
		*from = fmax(*from, slope > 0 ? low : high);
		*to = fmin(*to, slope > 0 ? high : low);
	}
	return *from < *to;
}

static double outside(struct box *b, size_t level, double *y);

/* One panel: the 15-point sum and the difference from the 7-point sum. */
static double panel(struct box *b, size_t level, double *y, double from, double to, double *error)
{
	static const double node[8] = { 0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
		                        0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
		                        0.586087235467691130294144691693013, 0.405845151377397166906606412076961,
		                        0.207784955007898467600689403773245, 0 };
	static const double kronrod[8] = { 0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
		                           0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
		                           0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
		                           0.204432940075298892414161999234649, 0.209482141084727828012999174891714 };
	static const double gauss[4] = { 0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
		                         0.381830050505118944950369775488975, 0.417959183673469387755102040816327 };
	double centre = 0.5 * (from + to), half = 0.5 * (to - from), fine = 0, coarse = 0;
	for (int i = 0; i < 8; i++)
		for (int side = -1; side <= (i < 7 ? 1 : -1); side += 2) {
			double at = centre + side * half * node[i];
			y[level] = at;
			double value = yg_normal_density(at) * outside(b, level + 1, y);
			fine += kronrod[i] * value;
			if (i % 2)
				coarse += gauss[i / 2] * value;
		}
	*error = fabs(fine - coarse) * half;
	return fine * half;
}

/* Integral over y[level] in [from, to] of density times the chance to leave later: the worst panel is halved until done. */
static double integral(struct box *b, size_t level, double *y, double from, double to)
{
	double left[PANELS], right[PANELS], value[PANELS], error[PANELS], total, wrong;
	int n = 0;
	for (; n < 4; n++) {
		left[n] = from + (to - from) * n / 4;
		right[n] = n == 3 ? to : from + (to - from) * (n + 1) / 4;
		value[n] = panel(b, level, y, left[n], right[n], &error[n]);
	}
	for (;;) {
		int worst = 0;
		total = wrong = 0;
		for (int i = 0; i < n; i++) {
			total += value[i];
			wrong += error[i];
			worst = error[i] > error[worst] ? i : worst;
		}
		if (!(wrong > b->tolerance[level] * total) || n == PANELS)
			break;
		double middle = 0.5 * (left[worst] + right[worst]);
		left[n] = middle;
		right[n] = right[worst];
		right[worst] = middle;
		value[worst] = panel(b, level, y, left[worst], middle, &error[worst]);
		value[n] = panel(b, level, y, middle, right[n], &error[n]);
		n++;
	}
	if (level == 0)
		b->error = wrong;
	return total;
}

static double outside(struct box *b, size_t level, double *y)
{
	double from, to;
	if (!inside(b, level, y, &from, &to))
		return 1;
	double leaves = yg_normal_cdf(from) + yg_normal_upper(to);
	if (level + 1 == b->rank)
		return leaves;
	from = fmax(from, -FAR);
	to = fmin(to, FAR);
	return from < to ? leaves + integral(b, level, y, from, to) : leaves;
}

/* corr = L L', coordinates without variance of their own left without a y. */
static int transform(struct box *b, const double *corr)
{
	size_t d = b->d, pivot[YG_MVN_RANK] = { 0 };
	for (size_t k = 0; k < d; k++) {
		double left = corr[k * d + k];
		if (!(fabs(left - 1) < 1e-6))
			return 0;
		for (size_t i = 0; i < b->rank; i++) {
			double c = corr[k * d + pivot[i]];
			for (size_t m = 0; m < i; m++)
				c -= b->l[k][m] * b->l[pivot[i]][m];
			b->l[k][i] = c / b->l[pivot[i]][i];
			left -= b->l[k][i] * b->l[k][i];
		}
		if (!(left > -1e-6))
			return 0;
		if (left > PIVOT) {
			if (b->rank == YG_MVN_RANK)
				return 0;
			pivot[b->rank] = k;
			b->l[k][b->rank++] = sqrt(left);
		}
		for (size_t i = 0; i < b->rank; i++)
			if (fabs(b->l[k][i]) > 1e-7)
				b->last[k] = i;
	}
	return b->rank > 0;
}

double yg_mvn_outside(size_t d, const double *corr, const double *lower, const double *upper, double *error)
{
	struct box b = { .d = d };
	double y[YG_MVN_RANK] = { 0 };
	if (error)
		*error = NAN;
	if (!d || d > YG_MVN_MOST)
		return NAN;
	for (size_t k = 0; k < d; k++) {
		b.lower[k] = lower[k];
		b.upper[k] = upper[k];
		if (!(lower[k] <= upper[k]))
			return NAN;
	}
	if (!transform(&b, corr))
		return NAN;
	for (size_t i = 0; i < b.rank; i++)
		b.tolerance[i] = b.rank == YG_MVN_RANK ? 1e-5 : i ? 1e-10 : 1e-9;
	double p = outside(&b, 0, y);
	if (error)
		*error = b.error + b.tolerance[0] * p;
	return fmin(p, 1);
}
