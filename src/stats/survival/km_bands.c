/* Simultaneous bands of survival curves: see yogo/stats/km_bands.h. */
#include "yogo/stats/km_bands.h"

#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/km_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define PI 3.14159265358979323846
#define POINTS 8u        /* of Gauss and Legendre in one panel */
#define MOST_TERMS 4001u
#define MOST_PANELS 512u

bool yg_km_band_parse(const char *word, enum yg_km_band_kind *out)
{
	static const char *const words[] = { "no", "hallwellner", "ep" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(word, words[i])) {
			*out = (enum yg_km_band_kind)i;
			return true;
		}
	return false;
}

/* ---- Hall and Wellner's critical value ---- */

/*
 * The integrals A_m for m = 1, 3, 5 ...: nodes with weight times density, and two running cosines each, since
 * cos((m + 2) x) = 2 cos(2x) cos(m x) - cos((m - 2) x).
 */
struct transform {
	size_t nodes;                        /* 0: variance 0, all integrals are 1 */
	double weight[MOST_PANELS * POINTS / 2 + POINTS], turn[MOST_PANELS * POINTS / 2 + POINTS];
	double now[MOST_PANELS * POINTS / 2 + POINTS], before[MOST_PANELS * POINTS / 2 + POINTS];
};

static void transform_start(struct transform *t, double variance, double k, size_t terms)
{
	static const double node[] = { 0.1834346424956498049394761, 0.5255324099163289858177390, 0.7966664774136267395915539,
		                       0.9602898564975362316835609 };
	static const double weight[] = { 0.3626837833783619829651504, 0.3137066458778872873379622, 0.2223810344533744705443560,
		                         0.1012285362903762591525314 };
	t->nodes = 0;
	if (!(variance > 0))
		return;
	/* By symmetry over (0, end) twice; a panel sees less than half a wave and half a standard deviation. */
	double sd = sqrt(variance), end = fmin(k, 9 * sd);
	double waves = (double)terms * end / k / 2;
	size_t panels = (size_t)fmin(fmax(ceil(fmax(2 * end / sd, waves)), 4), MOST_PANELS / 2);
	double half = 0.5 * end / (double)panels;
	for (size_t i = 0; i < panels; i++)
		for (size_t j = 0; j < POINTS; j++) {
			double x = half * (2 * (double)i + 1 + (j % 2 ? -1 : 1) * node[j / 2]);
			double angle = PI * x / (2 * k);
			size_t at = t->nodes++;
			t->weight[at] = 2 * half * weight[j / 2] * yg_normal_density(x / sd) / sd;
			t->turn[at] = 2 * yg_cos(2 * angle);
			t->now[at] = t->before[at] = yg_cos(angle);   /* m = 1 and m = -1 */
		}
}

/* The next integral. */
static double transform_next(struct transform *t)
{
	double sum = 0;
	if (!t->nodes)
		return 1;
	for (size_t i = 0; i < t->nodes; i++) {
		double next = t->turn[i] * t->now[i] - t->before[i];
		sum += t->weight[i] * t->now[i];
		t->before[i] = t->now[i];
		t->now[i] = next;
	}
	return sum;
}

double yg_bridge_inside(double k, double a, double b)
{
	if (!(k > 0) || !(a >= 0) || !(b <= 1) || !(a <= b))
		return NAN;
	double decay = PI * PI * (b - a) / (8 * k * k), sum = 0;
	/* Terms fall as exp(-decay m^2), and without it (a range of no length) as the transforms of the densities. */
	double most = decay > 0 ? sqrt(40 / decay) : MOST_TERMS;
	size_t terms = most < MOST_TERMS ? (size_t)most + 2 : MOST_TERMS;
	struct transform *left = yg_xalloc(2, sizeof *left), *right = left + 1;
	transform_start(left, a, k, terms);
	transform_start(right, 1 - b, k, terms);
	for (size_t i = 0, m = 1; m <= terms; i++, m += 2)
		sum += yg_exp(-decay * (double)m * (double)m) * transform_next(left) * transform_next(right);
	yg_free(left);
	return fmin(fmax(sqrt(2 * PI) / k * sum, 0), 1);
}

/* The root of a rising function in [low, high] by regula falsi with Illinois's halving. */
static double root(double (*f)(double x, const double *with), const double *with, double low, double high)
{
	double fl = f(low, with), fh = f(high, with), x = low;
	if (fl >= 0)
		return low;
	for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
		x = (low * fh - high * fl) / (fh - fl);
		if (!(x > low) || !(x < high))
			x = 0.5 * (low + high);
		double fx = f(x, with);
		if (fabs(fx) < 1e-14)
			break;
		if (fx < 0) {
			low = x;
			fl = fx;
			fh *= 0.5;
		} else {
			high = x;
			fh = fx;
			fl *= 0.5;
		}
	}
	return x;
}

static double bridge_gap(double k, const double *with)
{
	return yg_bridge_inside(k, with[0], with[1]) - with[2];
}

double yg_hall_wellner_critical(double a, double b, double conf)
{
	double with[] = { a, b, conf };
	if (!(a >= 0) || !(b <= 1) || !(a <= b) || !(conf > 0) || !(conf < 1))
		return NAN;
	/* At least what the widest single point asks for; at most that of the whole bridge, 2 exp(-2 k^2) = 1 - conf. */
	double widest = a > 0.5 ? a : b < 0.5 ? b : 0.5, z = yg_normal_quantile_upper((1 - conf) / 2);
	double low = z * sqrt(widest * (1 - widest)), high = sqrt(-0.5 * yg_log((1 - conf) / 2)) + 1e-6;
	if (b - a < 1e-9)
		return low;
	return root(bridge_gap, with, fmax(low, 1e-6), fmax(high, low));
}

/* ---- Nair's ---- */

static double nair_gap(double c, const double *with)
{
	return with[1] - yg_normal_density(c) * (4 / c + (c - 1 / c) * with[0]);
}

double yg_equal_precision_critical(double a, double b, double conf)
{
	if (!(a > 0) || !(b < 1) || !(a <= b) || !(conf > 0) || !(conf < 1))
		return NAN;
	double with[] = { yg_log(b * (1 - a) / (a * (1 - b))), 1 - conf }, z = yg_normal_quantile_upper((1 - conf) / 2);
	/* The formula is for large c: below the pointwise quantile it says nothing. */
	double low = fmax(z, 1);
	return root(nair_gap, with, low, 40);
}

/* ---- bands ---- */

static bool usable(const struct yg_km_curve *c, size_t j)
{
	return c->surv[j] > 0 && c->se[j] > 0 && c->se[j] < INFINITY;
}

static double share(const struct yg_km_curve *c, size_t j, double n)
{
	double s = c->se[j] / c->surv[j], v = n * s * s;
	return v / (1 + v);
}

/* First and one past the last time of the curve in the range where a band exists. */
static void find_range(const struct yg_km_curve *c, double from, double to, struct yg_km_band *b)
{
	size_t first = 0, last;
	while (first < c->m && !(usable(c, first) && !(c->time[first] < from)))
		first++;
	for (last = first; last < c->m && usable(c, last) && !(c->time[last] > to); last++)
		;
	/* Not beyond the last event, unless a longer range is asked for. */
	while (isnan(to) && last > first && !c->n_event[last - 1])
		last--;
	b->first = first;
	b->last = last;
	/* A range that begins between two events begins with the value of the earlier one. */
	b->from = first < last ? (first && !isnan(from) && usable(c, first - 1) ? from : c->time[first]) : NAN;
	b->to = first < last ? (isnan(to) ? c->time[last - 1] : fmin(to, c->time[c->m - 1])) : NAN;
}

enum yg_status yg_km_band_fit(const struct yg_km_curve *c, enum yg_km_band_kind kind, enum yg_km_ci scale, double conf,
                              double from, double to, struct yg_km_band *out, struct yg_err *err)
{
	struct yg_km_band b = { .critical = NAN, .a = NAN, .b = NAN };
	b.lower = yg_data_alloc(2 * c->m + 1, sizeof *b.lower);
	if (!b.lower)
		return yg_survival_no_memory(err);
	b.upper = b.lower + c->m;
	for (size_t j = 0; j < 2 * c->m; j++)
		b.lower[j] = NAN;
	for (size_t j = 0; j < c->m; j++)
		b.n += c->event[j] + c->censor[j];
	find_range(c, from, to, &b);
	if (b.first < b.last && kind != YG_KM_NO_BAND) {
		size_t start = b.from < c->time[b.first] ? b.first - 1 : b.first;
		b.a = share(c, start, b.n);
		b.b = share(c, b.last - 1, b.n);
		b.critical = kind == YG_KM_HALL_WELLNER ? yg_hall_wellner_critical(b.a, b.b, conf) :
			yg_equal_precision_critical(b.a, b.b, conf);
		for (size_t j = b.first; j < b.last; j++) {
			double s = c->se[j] / c->surv[j];
			double reach = kind == YG_KM_HALL_WELLNER ? b.critical * (1 + b.n * s * s) / sqrt(b.n) / s : b.critical;
			yg_km_limits_at(c->surv[j], c->se[j], scale == YG_KM_NO_CI ? YG_KM_PLAIN : scale, reach, &b.lower[j], &b.upper[j]);
		}
	}
	*out = b;
	return YG_OK;
}

void yg_km_band_release(struct yg_km_band *b)
{
	yg_data_free(b->lower);
	memset(b, 0, sizeof *b);
}
