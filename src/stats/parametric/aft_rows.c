/* Times as the passes read them: logarithms, kinds of censoring, entry. */
#include <math.h>
#include <string.h>

#include "aft_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"

static double transformed(const struct aft_rows *r, double t)
{
	if (r->error == AFT_GOMPERTZ)
		return t / r->unit;
	return yg_aft_dist_log(r->dist) ? (t > 0 ? yg_log(t) : -INFINITY) : t;
}

static enum aft_kind kind_of(const struct aft_rows *r, double lower, double upper)
{
	bool from_zero = yg_aft_dist_log(r->dist) || r->error == AFT_GOMPERTZ;
	bool nothing_below = from_zero ? lower <= 0 : isinf(lower);
	if (upper == lower)
		return AFT_EXACT;
	if (isinf(upper))
		return nothing_below ? AFT_NOTHING : AFT_RIGHT;
	return nothing_below ? AFT_LEFT : AFT_INTERVAL;
}

/* A unit for the times of a Gompertz model, so that a * unit is near 1. */
static double mean_time(const struct yg_aft_data *d)
{
	double sum = 0, n = 0;
	for (size_t i = 0; i < d->n; i++) {
		double t = d->upper && isfinite(d->upper[i]) ? d->upper[i] : d->time[i];
		if (isfinite(t) && t > 0) {
			sum += t;
			n++;
		}
	}
	return n > 0 && sum > 0 ? sum / n : 1;
}

static enum yg_status check(const struct aft_rows *r, uint64_t zeros, uint64_t reversed, struct yg_err *err)
{
	if (reversed)
		return yg_fail(err, YG_EINVAL, "E-AFT-001",
			N_("%llu rows have an interval that ends before it begins, or a time that is no number"),
		               (unsigned long long)reversed);
	if (!zeros)
		return YG_OK;
	yg_fail(err, YG_REFUSED, "E-AFT-002",
	        N_("%llu events are at time 0 or before, and a %s model has none there (the logarithm of 0 does not exist)"),
	        (unsigned long long)zeros, yg_aft_dist_name(r->dist));
	yg_err_hint(err, N_("In the endpoint write time COLUMN with zero=half (half a unit) or zero=drop, or take dist=gompertz"));
	return YG_REFUSED;
}

#define FILL_ROWS 16384u

struct filling {
	const struct yg_aft_data *d;
	const struct aft_rows *r;
	uint64_t *count;              /* [blocks * 7]: kinds, events at zero, intervals reversed */
};

static void fill_row(const struct yg_aft_data *d, const struct aft_rows *r, size_t i, uint64_t *count)
{
	double lower = d->time[i], upper = d->upper ? d->upper[i] : d->event[i] ? lower : INFINITY;
	enum aft_kind kind = kind_of(r, lower, upper);
	bool log_time = yg_aft_dist_log(r->dist);
	count[kind]++;
	count[5] += (kind == AFT_EXACT && ((log_time && lower <= 0) || (r->error == AFT_GOMPERTZ && lower < 0))) ||
		(kind == AFT_LEFT && log_time && upper <= 0);
	count[6] += isnan(lower) || isnan(upper) || lower > upper || (isinf(lower) && isinf(upper) && kind == AFT_EXACT);
	r->kind[i] = (uint8_t)kind;
	r->y1[i] = kind == AFT_NOTHING ? 0 : transformed(r, kind == AFT_LEFT ? upper : lower);
	if (r->y2)
		r->y2[i] = kind == AFT_INTERVAL ? transformed(r, upper) : 0;
	if (r->entry) {
		double e = d->entry[i];
		r->entry[i] = (log_time || r->error == AFT_GOMPERTZ) && !(e > 0) ? -INFINITY : transformed(r, e);
	}
}

static enum yg_status fill_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct filling *f = context;
	size_t first = block * FILL_ROWS, end = first + FILL_ROWS < f->d->n ? first + FILL_ROWS : f->d->n;
	(void)worker;
	(void)err;
	for (size_t i = first; i < end; i++)
		fill_row(f->d, f->r, i, f->count + block * 7);
	return YG_OK;
}

static enum yg_status fill(const struct yg_aft_data *d, struct aft_rows *r, struct yg_task *task, struct yg_err *err)
{
	size_t blocks = (d->n + FILL_ROWS - 1) / FILL_ROWS;
	uint64_t zeros = 0, reversed = 0;
	struct filling f = { d, r, yg_xcalloc(blocks * 7 + 1, sizeof(uint64_t)) };
	enum yg_status s = yg_pool_run(task, blocks, fill_block, &f, err);
	for (size_t b = 0; b < blocks; b++) {
		for (size_t k = 0; k < 5; k++)
			r->count[k] += f.count[b * 7 + k];
		zeros += f.count[b * 7 + 5];
		reversed += f.count[b * 7 + 6];
	}
	yg_free(f.count);
	return s == YG_OK ? check(r, zeros, reversed, err) : s;
}

enum yg_status aft_rows_build(const struct yg_aft_data *d, const struct yg_aft_options *o, struct yg_task *task,
                              struct aft_rows *out,
                              struct yg_err *err)
{
	struct aft_rows r = { .n = d->n, .weight = d->weight, .stratum = d->strata > 1 ? d->stratum : NULL,
		              .strata = d->strata > 1 && d->stratum ? d->strata : 1, .intercept = d->intercept, .dist = o->dist,
		              .error = aft_error_of(o->dist), .unit = 1, .df = o->df > 0 ? o->df : 4 };
	size_t n = d->n;
	double *y = yg_data_alloc(n * (size_t)(1 + (d->upper != NULL) + (d->entry != NULL)) + 1, sizeof *y);
	r.kind = yg_data_alloc(n + 1, 1);
	if (!y || !r.kind) {
		yg_data_free(y);
		yg_data_free(r.kind);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	}
	r.space = r.y1 = y;
	y += n;
	if (d->upper) {
		r.y2 = y;
		y += n;
	}
	if (d->entry)
		r.entry = y;
	if (r.error == AFT_GOMPERTZ)
		r.unit = mean_time(d);
	enum yg_status s = fill(d, &r, task, err);
	r.plain = r.error == AFT_EXTREME && !r.entry && !r.count[AFT_LEFT] && !r.count[AFT_INTERVAL] && !r.count[AFT_NOTHING];
	if (s == YG_OK)
		*out = r;
	else
		aft_rows_release(&r);
	return s;
}

void aft_rows_release(struct aft_rows *r)
{
	yg_data_free(r->space);
	yg_data_free(r->kind);
	memset(r, 0, sizeof *r);
}
