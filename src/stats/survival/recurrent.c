/* Andersen-Gill, Prentice-Williams-Peterson and Wei-Lin-Weissfeld on the Cox kernel: see recurrent.h. */
#include "yogo/stats/recurrent.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/cox_check.h"

bool yg_recurrent_method_parse(const char *word, enum yg_recurrent_method *out)
{
	static const char *const words[] = { "ag", "pwp_total", "pwp_gap", "wlw" };
	for (size_t k = 0; k < 4; k++)
		if (!strcmp(word, words[k])) {
			*out = (enum yg_recurrent_method)k;
			return true;
		}
	return false;
}

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while a model of recurrent events was fitted"));
}

uint32_t yg_recurrent_numbers(const struct yg_recurrent_data *d, uint32_t most)
{
	uint32_t largest = 0;
	for (size_t i = 0; i < d->rows.spans.n; i++)
		if (d->rows.spans.event[i] && d->number[i] > largest && (!most || d->number[i] <= most))
			largest = d->number[i];
	return largest;
}

/* ---- the rows of a fit ---- */

struct choice {
	const struct yg_recurrent_data *d;
	enum yg_recurrent_method method;
	uint32_t numbers, number;
};

/* How often a row is in the fit: WLW with common effects has it for its own number and all later ones. */
static uint32_t copies(const struct choice *c, size_t i)
{
	uint32_t k = c->d->number[i];
	if (c->method == YG_RECURRENT_AG)
		return !c->numbers || k <= c->numbers;
	if (k > c->numbers)
		return 0;
	if (c->method != YG_RECURRENT_WLW)
		return !c->number || k == c->number;
	return c->number ? k <= c->number : c->numbers - k + 1;
}

static bool chosen_room(struct yg_recurrent_frame *f, const struct yg_spans *s, size_t n)
{
	bool ok = (f->row = yg_data_alloc(n + 1, sizeof *f->row)) && (f->own[0] = yg_data_alloc(n + 1, sizeof(double))) &&
	          (f->own[2] = yg_data_alloc(n + 1, 1)) && (f->own[3] = yg_data_alloc(n + 1, sizeof(int32_t)));
	ok = ok && (!s->entry || (f->own[1] = yg_data_alloc(n + 1, sizeof(double))));
	ok = ok && (!s->weight || (f->own[4] = yg_data_alloc(n + 1, sizeof(double))));
	return ok && (!s->cluster || (f->own[5] = yg_data_alloc(n + 1, sizeof(uint32_t))));
}

static void put_row(const struct choice *c, struct yg_recurrent_frame *f, size_t at, size_t i, uint32_t copy)
{
	const struct yg_spans *s = &c->d->rows.spans;
	bool gap = c->method == YG_RECURRENT_PWP_GAP, strata = c->method != YG_RECURRENT_AG && !c->number;
	uint32_t number = c->method == YG_RECURRENT_WLW ? (c->number ? c->number : c->d->number[i] + copy) : c->d->number[i];
	double since = gap ? c->d->since[i] : 0;
	f->row[at] = (uint32_t)i;
	((double *)f->own[0])[at] = s->exit[i] - since;
	if (s->entry)
		((double *)f->own[1])[at] = s->entry[i] - since;
	((uint8_t *)f->own[2])[at] = s->event[i] && (c->method != YG_RECURRENT_WLW || number == c->d->number[i]);
	((int32_t *)f->own[3])[at] = (s->stratum ? s->stratum[i] : 0) * (strata ? (int32_t)c->numbers : 1) +
	                             (strata ? (int32_t)number - 1 : 0);
	if (s->weight)
		((double *)f->own[4])[at] = s->weight[i];
	if (s->cluster)
		((uint32_t *)f->own[5])[at] = s->cluster[i];
}

static enum yg_status matrix(const struct choice *c, struct yg_recurrent_frame *f, size_t n, struct yg_err *err)
{
	size_t p = c->d->rows.p;
	const double *offset = c->d->rows.offset;
	double *x = f->own[6] = yg_data_alloc(n * (p + (offset ? 1 : 0)) + 1, sizeof(double));
	if (!x)
		return no_memory(err);
	for (size_t at = 0; at < n; at++)
		memcpy(x + at * p, c->d->rows.x + f->row[at] * p, p * sizeof *x);
	f->data.x = x;
	for (size_t at = 0; offset && at < n; at++)
		x[n * p + at] = offset[f->row[at]];
	f->data.offset = offset ? x + n * p : NULL;
	return YG_OK;
}

enum yg_status yg_recurrent_frame(const struct yg_recurrent_data *d, enum yg_recurrent_method method, uint32_t numbers,
                                  uint32_t number, struct yg_recurrent_frame *out, struct yg_err *err)
{
	struct choice c = { d, method, numbers, number };
	struct yg_recurrent_frame f = { .data = d->rows };
	const struct yg_spans *s = &d->rows.spans;
	size_t n = 0, at = 0;
	bool late = false, whole = true;
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < s->n; i++) {
		uint32_t k = copies(&c, i);
		n += k;
		whole = whole && k == 1;
	}
	if (method == YG_RECURRENT_AG && whole) {
		*out = f;
		return YG_OK;
	}
	if (n > UINT32_MAX - 1 || (s->stratum && numbers && s->strata > (size_t)INT32_MAX / numbers))
		return yg_fail(err, YG_ELIMIT, "E-RCR-001", N_("the model would have %zu rows, more than 4,294,967,294"), n);
	enum yg_status status = chosen_room(&f, s, n) ? YG_OK : no_memory(err);
	for (size_t i = 0; status == YG_OK && i < s->n; i++)
		for (uint32_t k = copies(&c, i), copy = 0; copy < k; copy++)
			put_row(&c, &f, at++, i, copy);
	if (status == YG_OK && whole) {
		yg_data_free(f.row);
		f.row = NULL;
	} else if (status == YG_OK) {
		status = matrix(&c, &f, n, err);
	}
	if (status != YG_OK) {
		yg_recurrent_frame_release(&f);
		return status;
	}
	for (size_t i = 0; f.own[1] && i < n && !late; i++)
		late = ((double *)f.own[1])[i] > 0 || ((double *)f.own[1])[i] < 0;
	f.data.spans.n = n;
	f.data.spans.exit = f.own[0];
	f.data.spans.entry = late ? f.own[1] : NULL;
	f.data.spans.event = f.own[2];
	f.data.spans.stratum = f.own[3];
	f.data.spans.strata = (s->stratum ? s->strata : 1) * (method != YG_RECURRENT_AG && !number ? numbers : 1);
	f.data.spans.weight = f.own[4];
	f.data.spans.cluster = f.own[5];
	f.data.spans.continues = NULL;
	*out = f;
	return YG_OK;
}

void yg_recurrent_frame_release(struct yg_recurrent_frame *f)
{
	yg_data_free(f->row);
	for (size_t k = 0; k < 7; k++)
		yg_data_free(f->own[k]);
	memset(f, 0, sizeof *f);
}

/* ---- specific effects ---- */

/* One fit, and its dfbeta summed within clusters into columns (number - 1) p .. of sum. */
static enum yg_status one(const struct yg_recurrent_data *d, enum yg_recurrent_method method, uint32_t number,
                          const struct yg_cox_options *options, struct yg_task *task, struct yg_recurrent *r, double *sum,
                          struct yg_err *err)
{
	struct yg_recurrent_frame f;
	size_t p = d->rows.p, wide = p * r->numbers;
	struct yg_cox *fit = &r->fit[number - 1];
	YG_TRY(yg_recurrent_frame(d, method, r->numbers, number, &f, err));
	enum yg_status s = yg_cox_fit(&f.data, options, task, fit, err);
	double *change = s == YG_OK ? yg_data_alloc(f.data.spans.n * p + 1, sizeof *change) : NULL;
	if (s == YG_OK && !change)
		s = no_memory(err);
	if (s == YG_OK && fit->stop != YG_COX_NO_EVENTS)
		s = yg_cox_residuals(&f.data, fit, YG_COX_DFBETA, task, change, err);
	if (s == YG_OK) {
		r->rows[number - 1] = f.data.spans.n;
		r->events[number - 1] = fit->events;
	}
	for (size_t i = 0; s == YG_OK && fit->stop != YG_COX_NO_EVENTS && i < f.data.spans.n; i++) {
		const struct yg_spans *spans = &f.data.spans;
		size_t cluster = spans->cluster ? spans->cluster[i] : f.row ? f.row[i] : i;
		double w = spans->weight ? spans->weight[i] : 1, *out = sum + cluster * wide + (number - 1) * p;
		for (size_t j = 0; j < p; j++)
			if (fit->fault[j] == YG_COX_FINE)
				out[j] += w * change[i * p + j];
	}
	yg_data_free(change);
	yg_recurrent_frame_release(&f);
	return s;
}

enum yg_status yg_recurrent_specific(const struct yg_recurrent_data *d, enum yg_recurrent_method method, uint32_t numbers,
                                     const struct yg_cox_options *options, struct yg_task *task, struct yg_recurrent *out,
                                     struct yg_err *err)
{
	struct yg_recurrent r = { .numbers = numbers, .p = d->rows.p };
	const struct yg_spans *spans = &d->rows.spans;
	size_t wide = r.p * numbers, clusters = spans->cluster ? spans->clusters : spans->n;
	struct yg_cox_options o = *options;
	memset(out, 0, sizeof *out);
	if (method == YG_RECURRENT_AG)
		return yg_fail(err, YG_EINVAL, "E-RCR-002", N_("Andersen and Gill's model has one baseline and common effects"));
	o.robust = true;
	r.fit = yg_xcalloc(numbers + 1, sizeof *r.fit);
	r.rows = yg_xcalloc(2 * (size_t)numbers + 1, sizeof *r.rows);
	r.events = r.rows + numbers;
	r.space = yg_data_calloc(wide * (wide + 2) + 1, sizeof *r.space);
	double *sum = yg_data_calloc(clusters * wide + 1, sizeof *sum);
	enum yg_status s = r.space && sum ? YG_OK : no_memory(err);
	r.var = r.space;
	r.beta = r.space ? r.space + wide * wide : NULL;
	r.se = r.beta ? r.beta + wide : NULL;
	for (uint32_t k = 1; s == YG_OK && k <= numbers; k++)
		s = one(d, method, k, &o, task, &r, sum, err);
	if (s == YG_OK && wide)
		s = yg_cross_product(sum, clusters, wide, NULL, NULL, task, r.var, NULL, NULL, err);
	for (size_t k = 0; s == YG_OK && k < numbers; k++)
		for (size_t j = 0; j < r.p; j++) {
			bool fine = r.fit[k].fault[j] == YG_COX_FINE && r.fit[k].stop != YG_COX_NO_EVENTS;
			size_t c = k * r.p + j;
			r.beta[c] = fine || r.fit[k].fault[j] == YG_COX_INFINITE ? r.fit[k].beta[j] : 0;
			r.se[c] = fine ? sqrt(r.var[c * wide + c]) : NAN;
		}
	yg_data_free(sum);
	if (s == YG_OK)
		*out = r;
	else
		yg_recurrent_release(&r);
	return s;
}

void yg_recurrent_release(struct yg_recurrent *r)
{
	for (uint32_t k = 0; r->fit && k < r->numbers; k++)
		yg_cox_release(&r->fit[k]);
	yg_free(r->fit);
	yg_free(r->rows);
	yg_data_free(r->space);
	memset(r, 0, sizeof *r);
}

/* ---- one coefficient over the events ---- */

static struct yg_cox_test quadratic(double *v, double *b, size_t n)
{
	struct yg_cox_test t = { NAN, NAN, 0 };
	uint8_t *dropped = yg_xcalloc(n + 1, 1);
	t.df = (int)yg_cholesky(v, n, YG_CHOLESKY_TOLERANCE, dropped);
	for (size_t i = 0; i < n; i++)
		b[i] = dropped[i] ? 0 : b[i];
	if (t.df) {
		yg_cholesky_forward(v, n, dropped, b);
		t.chisq = yg_dot(b, b, n);
		t.p = yg_chisq_upper(t.chisq, t.df);
	}
	yg_free(dropped);
	return t;
}

void yg_recurrent_combine(const struct yg_recurrent *r, size_t j, struct yg_recurrent_term *out)
{
	size_t wide = r->p * r->numbers, n = 0, *at = yg_xcalloc(r->numbers + 1, sizeof *at);
	double *v = yg_xcalloc(4 * (size_t)r->numbers * r->numbers + 3 * (size_t)r->numbers + 1, sizeof *v);
	*out = (struct yg_recurrent_term){ { NAN, NAN, 0 }, { NAN, NAN, 0 }, NAN, NAN, 0 };
	for (size_t k = 0; k < r->numbers; k++)
		if (r->se[k * r->p + j] > 0)
			at[n++] = k * r->p + j;
	out->used = (uint32_t)n;
	double *work = v + n * n, *inverse = work + n * n, *b = inverse + n * n, *one = b + n;
	for (size_t a = 0; a < n; a++) {
		b[a] = r->beta[at[a]];
		for (size_t c = 0; c < n; c++)
			v[a * n + c] = r->var[at[a] * wide + at[c]];
	}
	if (n && yg_symmetric_inverse(v, n, inverse)) {
		double weight = 0, sum = 0;
		for (size_t a = 0; a < n; a++)
			for (size_t c = 0; c < n; c++) {
				weight += inverse[a * n + c];
				sum += inverse[a * n + c] * b[c];
			}
		out->average = sum / weight;
		out->average_se = weight > 0 ? sqrt(1 / weight) : NAN;
	}
	memcpy(work, v, n * n * sizeof *work);
	memcpy(one, b, n * sizeof *one);
	if (n)
		out->all = quadratic(work, one, n);
	for (size_t a = 1; a < n; a++) {
		one[a - 1] = b[a] - b[0];
		for (size_t c = 1; c < n; c++)
			work[(a - 1) * (n - 1) + c - 1] = v[a * n + c] - v[a * n] - v[c] + v[0];
	}
	if (n > 1)
		out->same = quadratic(work, one, n - 1);
	yg_free(v);
	yg_free(at);
}
