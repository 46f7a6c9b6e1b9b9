/* Moments of one variable, weighted or not, and histogram bins: see the header for the definitions. */
#include "yogo/stats/describe.h"

#include <math.h>

#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

#define BLOCK 4096u

/* What one pass adds up.  Blocks are summed alone and added in order with Neumaier's correction. */
enum { SUMS = 4 };
struct totals {
	double sum[SUMS], carry[SUMS];
};

static void add_block(struct totals *t, const double *part)
{
	for (int k = 0; k < SUMS; k++) {
		double old = t->sum[k], now = old + part[k];
		t->carry[k] += fabs(old) >= fabs(part[k]) ? (old - now) + part[k] : (part[k] - now) + old;
		t->sum[k] = now;
	}
}

static double total(const struct totals *t, int k)
{
	return t->sum[k] + t->carry[k];
}

/* sum w, sum w^2, sum w x. */
static void first_pass(const double *x, const double *w, size_t n, struct totals *t, struct yg_describe *out)
{
	for (size_t lo = 0; lo < n; lo += BLOCK) {
		size_t hi = lo + BLOCK < n ? lo + BLOCK : n;
		double part[SUMS] = { 0, 0, 0, 0 };
		for (size_t i = lo; i < hi; i++) {
			double u = w ? w[i] : 1;
			part[0] += u;
			part[1] += u * u;
			part[2] += u * x[i];
			if (x[i] < out->minimum)
				out->minimum = x[i];
			if (x[i] > out->maximum)
				out->maximum = x[i];
		}
		add_block(t, part);
	}
}

/* sum w d, w d^2, w d^3, w d^4 about the mean of the first pass. */
static void second_pass(const double *x, const double *w, size_t n, double mean, struct totals *t)
{
	for (size_t lo = 0; lo < n; lo += BLOCK) {
		size_t hi = lo + BLOCK < n ? lo + BLOCK : n;
		double part[SUMS] = { 0, 0, 0, 0 };
		for (size_t i = lo; i < hi; i++) {
			double u = w ? w[i] : 1, d = x[i] - mean, d2 = d * d;
			part[0] += u * d;
			part[1] += u * d2;
			part[2] += u * d2 * d;
			part[3] += u * d2 * d2;
		}
		add_block(t, part);
	}
}

double yg_geometric_mean(const double *x, const double *w, size_t n)
{
	struct totals t = { { 0 }, { 0 } };

	for (size_t lo = 0; lo < n; lo += BLOCK) {
		size_t hi = lo + BLOCK < n ? lo + BLOCK : n;
		double part[SUMS] = { 0, 0, 0, 0 };
		for (size_t i = lo; i < hi; i++) {
			double u = w ? w[i] : 1;
			if (!(x[i] > 0))
				return NAN;
			part[0] += u;
			part[1] += u * yg_log(x[i]);
		}
		add_block(&t, part);
	}
	return total(&t, 0) > 0 ? yg_exp(total(&t, 1) / total(&t, 0)) : NAN;
}

/* What follows from the sums: W, W2 = sum w^2, and sums of w d^2, w d^3, w d^4 about the mean. */
static void from_sums(struct yg_describe *out, bool weighted, double w2, double s2, double s3, double s4, double conf)
{
	double m2 = s2 / out->weight, m3 = s3 / out->weight, m4 = s4 / out->weight, k = (double)out->n;
	double divisor = weighted ? (out->weight * out->weight - w2) / out->weight : k - 1;

	if (out->n > 1 && divisor > 0) {
		out->variance = s2 / divisor;
		out->sd = sqrt(out->variance);
		out->se = out->sd / sqrt(out->ess);
		out->cv = out->mean != 0 ? out->sd / out->mean : NAN;
		double t = yg_t_quantile_upper((1 - conf) / 2, out->ess - 1);
		out->lower = out->mean - t * out->se;
		out->upper = out->mean + t * out->se;
	}
	if (m2 > 0) {
		out->skewness = m3 / (m2 * sqrt(m2));
		out->kurtosis = m4 / (m2 * m2) - 3;
		if (out->n > 2 && !weighted)
			out->skewness_adjusted = out->skewness * sqrt(k * (k - 1)) / (k - 2);
		if (out->n > 3 && !weighted)
			out->kurtosis_adjusted = (k - 1) / ((k - 2) * (k - 3)) * ((k + 1) * out->kurtosis + 6);
	}
}

static const struct yg_describe nothing = {
	.mean = NAN, .variance = NAN, .sd = NAN, .se = NAN, .lower = NAN, .upper = NAN, .cv = NAN, .minimum = NAN,
	.maximum = NAN, .skewness = NAN, .skewness_adjusted = NAN, .kurtosis = NAN, .kurtosis_adjusted = NAN,
};

void yg_describe(const double *x, const double *w, size_t n, double conf, struct yg_describe *out)
{
	struct totals one = { { 0 }, { 0 } }, two = { { 0 }, { 0 } };

	*out = nothing;
	out->n = n;
	if (!n)
		return;
	out->minimum = INFINITY;
	out->maximum = -INFINITY;
	first_pass(x, w, n, &one, out);
	out->weight = total(&one, 0);
	out->ess = w ? out->weight * out->weight / total(&one, 1) : (double)n;
	out->sum = total(&one, 2);
	if (!(out->weight > 0))
		return;
	double mean = out->sum / out->weight;
	second_pass(x, w, n, mean, &two);
	/* The rest of the rounding error of the mean, as R does. */
	double slip = total(&two, 0) / out->weight;
	out->mean = mean + slip;
	double s2 = total(&two, 1) - out->weight * slip * slip;
	if (s2 < 0)
		s2 = 0;
	from_sums(out, w != NULL, total(&one, 1), s2, total(&two, 2), total(&two, 3), conf);
}

void yg_describe_counts(const uint64_t *count, int64_t low, size_t range, double conf, struct yg_describe *out)
{
	double s2 = 0, s3 = 0, s4 = 0;
	uint64_t n = 0, sum = 0;      /* of count * i: below 2^64 for 2^32 rows and ranges */
	size_t first = range, last = 0;

	*out = nothing;
	for (size_t i = 0; i < range; i++)
		if (count[i]) {
			n += count[i];
			sum += count[i] * i;
			first = first == range ? i : first;
			last = i;
		}
	out->n = n;
	if (!n)
		return;
	out->weight = out->ess = (double)n;
	out->minimum = (double)(low + (int64_t)first);
	out->maximum = (double)(low + (int64_t)last);
	double middle = (double)sum / (double)n;
	out->mean = (double)low + middle;
	out->sum = (double)sum + (double)n * (double)low;
	for (size_t i = first; i <= last; i++) {
		double c = (double)count[i], d = (double)i - middle, d2 = d * d;
		s2 += c * d2;
		s3 += c * d2 * d;
		s4 += c * d2 * d2;
	}
	from_sums(out, false, (double)n, s2, s3, s4, conf);
}

void yg_describe_moments(size_t n, double mean, double squares, double low, double high, double conf, struct yg_describe *out)
{
	*out = nothing;
	out->n = n;
	if (!n)
		return;
	out->weight = out->ess = (double)n;
	out->mean = mean;
	out->sum = mean * (double)n;
	out->minimum = low;
	out->maximum = high;
	from_sums(out, false, (double)n, squares > 0 ? squares : 0, NAN, NAN, conf);
}

double yg_effective_size(const double *w, size_t n)
{
	struct totals t = { { 0 }, { 0 } };

	for (size_t lo = 0; lo < n; lo += BLOCK) {
		size_t hi = lo + BLOCK < n ? lo + BLOCK : n;
		double part[SUMS] = { 0, 0, 0, 0 };
		for (size_t i = lo; i < hi; i++) {
			part[0] += w[i];
			part[1] += w[i] * w[i];
		}
		add_block(&t, part);
	}
	double squares = total(&t, 1), sum = total(&t, 0);
	return squares > 0 ? sum * sum / squares : 0;
}

void yg_histogram(const double *x, size_t n, const double *edge, size_t bars, size_t *count)
{
	double low = edge[0], high = edge[bars], scale = (double)bars / (high - low);

	for (size_t i = 0; i < bars; i++)
		count[i] = 0;
	for (size_t i = 0; i < n; i++) {
		if (!(x[i] >= low && x[i] <= high))
			continue;
		size_t b = (size_t)((x[i] - low) * scale);
		if (b >= bars)
			b = bars - 1;
		/* the product may round across an edge: the edges decide */
		while (b > 0 && x[i] < edge[b])
			b--;
		while (b + 1 < bars && x[i] >= edge[b + 1])
			b++;
		count[b]++;
	}
}

size_t yg_pretty_edges(double minimum, double maximum, size_t n, size_t wanted, bool whole, double edge[YG_BARS + 1])
{
	double range = maximum - minimum;

	if (!(range > 0)) {
		edge[0] = minimum - 0.5;
		edge[1] = minimum + 0.5;
		return 1;
	}
	if (!wanted)
		for (wanted = 1; (n >> wanted) > 0 && wanted < 63;)
			wanted++;
	if (wanted > YG_BARS / 2)
		wanted = YG_BARS / 2;
	/* width = lead * times / parts, times and parts powers of ten and one of them 1 */
	double raw = range / (double)wanted, times = 1, parts = 1;
	while (times * 10 <= raw)
		times *= 10;
	while (raw * parts < 1 && parts < 1e22)
		parts *= 10;
	double lead = raw / times * parts;
	lead = lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10;
	if (whole && parts > 1)
		lead = parts = 1;
	double first = floor(minimum / times * parts / lead);
	if (first * lead * times / parts > minimum)
		first--;
	size_t bars = 0;
	for (edge[0] = first * lead * times / parts; bars < YG_BARS;) {
		bars++;
		edge[bars] = (first + (double)bars) * lead * times / parts;
		/* the last bar is closed: a maximum on an edge needs no bar of its own, but for whole numbers it is clearer */
		if (edge[bars] > maximum || (!whole && edge[bars] == maximum))
			break;
	}
	return bars;
}
