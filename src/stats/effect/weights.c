/*
 * Weights from a propensity score.
 */
#include "yogo/stats/weights.h"

#include <math.h>
#include <string.h>

#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/describe.h"

static const char *const names[] = { "ate", "att", "atc", "ato", "atm", "entropy" };
static const char *const sentences[] = {
	"effect in everybody (ATE)", "effect in the treated (ATT)", "effect in the untreated (ATC)",
	"effect where the arms overlap (ATO)", "effect as pair matching would have it (ATM)",
	"effect under entropy weights",
};

const char *yg_estimand_name(enum yg_estimand e)
{
	return names[e];
}

const char *yg_estimand_sentence(enum yg_estimand e)
{
	return sentences[e];
}

bool yg_estimand_parse(const char *name, enum yg_estimand *e)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			*e = (enum yg_estimand)i;
			return true;
		}
	return false;
}

static double weight_of(enum yg_estimand estimand, bool treated, double e)
{
	double own = treated ? e : 1 - e, h;
	switch (estimand) {
	case YG_ESTIMAND_ATE: break;
	case YG_ESTIMAND_ATT: return treated ? 1 : e / (1 - e);
	case YG_ESTIMAND_ATC: return treated ? (1 - e) / e : 1;
	case YG_ESTIMAND_ATO: return 1 - own;
	case YG_ESTIMAND_ATM: return (e < 1 - e ? e : 1 - e) / own;
	case YG_ESTIMAND_ENTROPY:
		h = -(e * yg_log(e) + (1 - e) * yg_log(1 - e));
		return h / own;
	}
	return 1 / own;
}

struct yg_weight_summary yg_weights_summary(const int8_t *arm, const double *weight, size_t n)
{
	struct yg_weight_summary o = { .smallest = { INFINITY, INFINITY }, .largest = { -INFINITY, -INFINITY },
		                       .limit = { NAN, NAN } };
	double square[2] = { 0 };
	for (size_t i = 0; i < n; i++) {
		int a = arm[i] != 0;
		o.n[a]++;
		o.sum[a] += weight[i];
		square[a] += weight[i] * weight[i];
		o.smallest[a] = fmin(o.smallest[a], weight[i]);
		o.largest[a] = fmax(o.largest[a], weight[i]);
	}
	for (int a = 0; a < 2; a++) {
		o.mean[a] = o.sum[a] / (double)o.n[a];
		o.effective[a] = o.sum[a] * o.sum[a] / square[a];
	}
	return o;
}

static enum yg_status truncate(double *weight, size_t n, const double p[2], struct yg_weight_summary *o, struct yg_err *err)
{
	double both[2] = { isnan(p[0]) ? 0 : p[0], isnan(p[1]) ? 1 : p[1] }, q[2];
	double *copy = yg_data_alloc(n, sizeof *copy);
	if (!copy)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while weights were truncated");
	memcpy(copy, weight, n * sizeof *copy);
	yg_quantiles(copy, n, 7, both, 2, q);
	yg_data_free(copy);
	for (size_t i = 0; i < n; i++) {
		double w = weight[i] < q[0] ? q[0] : weight[i] > q[1] ? q[1] : weight[i];
		o->truncated += w != weight[i];
		weight[i] = w;
	}
	o->limit[0] = isnan(p[0]) ? NAN : q[0];
	o->limit[1] = isnan(p[1]) ? NAN : q[1];
	return YG_OK;
}

enum yg_status yg_weights_make(const int8_t *arm, const double *score, size_t n, const struct yg_weight_options *options,
                               double *weight, struct yg_weight_summary *out, struct yg_err *err)
{
	size_t treated = 0, moved = 0;
	for (size_t i = 0; i < n; i++)
		treated += arm[i] != 0;
	if (treated == 0 || treated == n)
		return yg_fail(err, YG_REFUSED, "E-PS-001", "an arm of the contrast is empty, or has no weight");
	double share = (double)treated / (double)n;
	const double *limit = options->score_limit;
	for (size_t i = 0; i < n; i++) {
		double e = score[i];
		if (e < limit[0] || e > limit[1]) {      /* false for NaN */
			e = e < limit[0] ? limit[0] : limit[1];
			moved++;
		}
		if (!(e > 0 && e < 1))
			return yg_fail(err, YG_REFUSED, "E-PS-002",
			               "a propensity score is 0 or 1: that person could only have one of the treatments; "
			               "leave out what decides the treatment, or set a limit");
		weight[i] = weight_of(options->estimand, arm[i] != 0, e);
		if (options->stabilized)
			weight[i] *= arm[i] ? share : 1 - share;
	}
	struct yg_weight_summary o = { .limit = { NAN, NAN } };
	if (!isnan(options->quantile[0]) || !isnan(options->quantile[1]))
		YG_TRY(truncate(weight, n, options->quantile, &o, err));
	size_t truncated = o.truncated;
	double kept[2] = { o.limit[0], o.limit[1] };
	o = yg_weights_summary(arm, weight, n);
	o.truncated = truncated;
	o.moved = moved;
	memcpy(o.limit, kept, sizeof kept);
	*out = o;
	return YG_OK;
}
