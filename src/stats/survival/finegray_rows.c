/* The rows of a Fine-Gray fit in order of time, and the curves that weigh them. */
#include <math.h>
#include <string.h>

#include "finegray_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"

#define TIMES_ROWS 8192u     /* rows of a block of event times, at least */

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
}

/* ---- the curves that weigh ---- */

/* Kaplan-Meier curves of the time to censoring, read just before each row's time and each event time. */
static void censoring_curves(struct fg_sweep *s)
{
	const size_t G = s->groups;
	double *risk = yg_xcalloc(4 * G, sizeof *risk), *left = risk + G, *censored = risk + 2 * G, *gone = risk + 3 * G;
	size_t u = 0, k = 0;

	for (size_t g = 0; g < G; g++)
		left[g] = 1;
	for (size_t i = 0; i < s->n && !s->d->entry; i++)
		risk[s->group[i]] += s->w[i];
	for (size_t i = 0, j; i < s->n; i = j) {
		for (; s->d->entry && k < s->n && s->d->entry[s->order[s->by_entry[k]]] < s->T[i]; k++)
			risk[s->group[s->by_entry[k]]] += s->w[s->by_entry[k]];
		if (u < s->m && s->event_time[u] == s->T[i])
			memcpy(s->Qt + u++ * G, left, G * sizeof *left);
		memset(censored, 0, 2 * G * sizeof *censored);
		for (j = i; j < s->n && s->T[j] == s->T[i]; j++) {
			s->Q[j] = left[s->group[j]];
			(s->kind[j] == 0 ? censored : gone)[s->group[j]] += s->w[j];
			s->upto[j] = (uint32_t)u;
		}
		for (size_t g = 0; g < G; g++) {
			double at_risk = risk[g] - (s->events_leave_first ? gone[g] : 0);
			if (censored[g] > 0)
				left[g] *= censored[g] < at_risk * (1 - 1e-12) ? 1 - censored[g] / at_risk : 0;
			risk[g] -= censored[g] + gone[g];
		}
	}
	yg_free(risk);
}

/*
 * Late entry: H(t-) = product over entries v >= t of 1 - entries / at risk (entry <= v < time), from the last entry back; multiplied
 * into Q.  Event times and rows are read from the last one back as well.
 */
static void entry_curves(struct fg_sweep *s)
{
	const size_t G = s->groups;
	const double *entry = s->d->entry;
	double *risk = yg_xcalloc(3 * G, sizeof *risk), *left = risk + G, *come = risk + 2 * G;
	size_t i = s->n, exits = s->n, u = s->m, k = s->n;

	for (size_t g = 0; g < G; g++)
		left[g] = 1;
	while (k > 0) {
		double v = entry[s->order[s->by_entry[k - 1]]];
		for (; i > 0 && s->T[i - 1] > v; i--)
			s->Q[i - 1] *= left[s->group[i - 1]];
		for (; u > 0 && s->event_time[u - 1] > v; u--)
			for (size_t g = 0; g < G; g++)
				s->Qt[(u - 1) * G + g] *= left[g];
		/* Backwards in time people come at their end and leave at their entry. */
		for (; exits > 0 && s->T[exits - 1] > v; exits--)
			risk[s->group[exits - 1]] += s->w[exits - 1];
		memset(come, 0, G * sizeof *come);
		for (; k > 0 && entry[s->order[s->by_entry[k - 1]]] == v; k--)
			come[s->group[s->by_entry[k - 1]]] += s->w[s->by_entry[k - 1]];
		for (size_t g = 0; g < G; g++)
			if (come[g] > 0) {
				left[g] *= come[g] < risk[g] * (1 - 1e-12) ? 1 - come[g] / risk[g] : 0;
				risk[g] -= come[g];
			}
	}
	yg_free(risk);
}

/* ---- rows in order ---- */

static enum yg_status entries(struct fg_sweep *s, struct yg_err *err)
{
	const size_t n = s->n;
	double *entry = yg_data_alloc(n + 1, sizeof *entry);
	enum yg_status status;

	s->from = yg_data_alloc(n + 1, sizeof *s->from);
	s->by_entry = yg_data_alloc(n + 1, sizeof *s->by_entry);
	status = entry && s->from && s->by_entry ? YG_OK : no_memory(err);
	for (size_t i = 0; i < n && status == YG_OK; i++)
		entry[i] = s->d->entry[s->order[i]];
	if (status == YG_OK)
		status = yg_sort_doubles(entry, n, s->task, s->by_entry, err);
	s->entered = yg_data_alloc(s->m + 1, sizeof *s->entered);
	if (!s->entered)
		status = no_memory(err);
	for (size_t k = 0, u = 0; k <= n && status == YG_OK; k++) {
		for (; u < s->m && (k == n || s->event_time[u] <= entry[s->by_entry[k]]); u++)
			s->entered[u] = (uint32_t)k;
		if (k < n)
			s->from[s->by_entry[k]] = (uint32_t)u;
	}
	if (status == YG_OK)
		s->entered[s->m] = (uint32_t)n;
	yg_data_free(entry);
	return status;
}

/* ---- sums over blocks of rows ---- */

struct summing {
	struct fg_sweep *s;
	size_t width;
	double *sum;              /* [blocks*width] */
};

/* Run fn over blocks of rows, each with sums of its own, and add these in order. */
static enum yg_status sum_rows(struct fg_sweep *s, yg_block_fn *fn, size_t width, double *out, struct yg_err *err)
{
	size_t blocks = (s->n + FG_ROWS - 1) / FG_ROWS;
	struct summing job = { s, width, yg_data_calloc(blocks * width + 1, sizeof(double)) };
	enum yg_status status = job.sum ? yg_pool_run(s->task, blocks, fn, &job, err) : no_memory(err);

	memset(out, 0, width * sizeof *out);
	for (size_t b = 0; b < blocks && status == YG_OK; b++)
		for (size_t j = 0; j < width; j++)
			out[j] += job.sum[b * width + j];
	yg_data_free(job.sum);
	return status;
}

/* Weighted sums of the columns, and the weight. */
static enum yg_status mean_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct summing *job = context;
	const struct fg_sweep *s = job->s;
	const struct yg_finegray_data *d = s->d;
	size_t from = block * FG_ROWS, to = from + FG_ROWS < s->n ? from + FG_ROWS : s->n, p = s->p;
	double *sum = job->sum + block * job->width;

	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		double w = d->weight ? d->weight[i] : 1;
		for (size_t j = 0; j < p; j++)
			sum[j] += w * d->x[i * p + j];
		sum[p] += w;
	}
	return YG_OK;
}

/* Rows by time with the columns centred; sums of x over the events. */
static enum yg_status arrange_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct summing *job = context;
	struct fg_sweep *s = job->s;
	const struct yg_finegray_data *d = s->d;
	size_t from = block * FG_ROWS, to = from + FG_ROWS < s->n ? from + FG_ROWS : s->n, p = s->p;
	double *sum = job->sum + block * job->width;

	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		uint32_t row = s->order[i];
		uint8_t e = d->event[row];
		double *x = s->x + i * p;
		s->kind[i] = e == 0 ? 0 : e == s->cause ? 1 : 2;
		s->group[i] = d->censor_group ? d->censor_group[row] : 0;
		s->T[i] = d->time[row];
		s->w[i] = d->weight ? d->weight[row] : 1;
		if (s->offset)
			s->offset[i] = d->offset[row];
		for (size_t j = 0; j < p; j++)
			x[j] = d->x[(size_t)row * p + j] - s->mean[j];
		/* An event of weight 0 is none. */
		if (s->kind[i] == 1 && s->w[i] <= 0)
			s->kind[i] = 0;
		if (s->kind[i] != 1)
			continue;
		for (size_t j = 0; j < p; j++)
			sum[j] += s->w[i] * x[j];
	}
	return YG_OK;
}

static size_t count_times(const struct fg_sweep *s)
{
	size_t times = 0;
	double last = NAN;

	for (size_t i = 0; i < s->n; i++)
		if (s->kind[i] == 1 && s->T[i] != last) {
			last = s->T[i];
			times++;
		}
	return times;
}

static enum yg_status room_for_times(struct fg_sweep *s, struct yg_err *err)
{
	const size_t p = s->p, G = s->groups, most = count_times(s) + 1;
	double *q = s->memory_m = yg_data_calloc(most * (5 + p * (s->efron ? 3 : 1) + G * (p + 3)) + 1, sizeof *q);

	s->tied = yg_data_calloc(most, sizeof *s->tied);
	s->first = yg_data_alloc(most, sizeof *s->first);
	s->block = yg_data_alloc(s->n / TIMES_ROWS + 2, sizeof *s->block);
	if (!q || !s->tied || !s->first || !s->block)
		return no_memory(err);
	double **of_times[] = { &s->event_time, &s->deaths, &s->S0, &s->A, &s->own };
	for (size_t k = 0; k < 5; k++, q += most)
		*of_times[k] = q;
	s->M = q, q += most * p;
	s->Qt = q, q += most * G;
	s->B = q, q += most * G;
	s->C = q, q += most * G * (p + 1);
	if (s->efron)
		s->E1 = q, s->O1 = q + most * p;
	return YG_OK;
}

/* The event times, the first row at each or after, and blocks of them. */
static void find_times(struct fg_sweep *s)
{
	size_t behind = 0;

	s->m = 0;
	for (size_t i = 0, first = 0; i < s->n; i++) {
		if (s->T[i] > s->T[first])
			first = i;
		if (s->kind[i] != 1)
			continue;
		if (!s->m || s->event_time[s->m - 1] != s->T[i]) {
			s->first[s->m] = (uint32_t)first;
			s->event_time[s->m++] = s->T[i];
		}
		s->deaths[s->m - 1] += s->w[i];
		s->tied[s->m - 1]++;
	}
	s->first[s->m] = (uint32_t)s->n;
	s->block[0] = 0;
	for (size_t u = 1; u <= s->m; u++)
		if (u == s->m || s->first[u] - behind >= TIMES_ROWS) {
			s->block[++s->blocks] = (uint32_t)u;
			behind = s->first[u];
		}
}

static enum yg_status arrange(struct fg_sweep *s, struct yg_err *err)
{
	const size_t p = s->p;
	double *sum = yg_xcalloc(p + 1, sizeof *sum);
	enum yg_status status = sum_rows(s, mean_block, p + 1, sum, err);

	for (size_t j = 0; j < p; j++)
		s->mean[j] = sum[j] / (sum[p] > 0 ? sum[p] : 1);
	if (status == YG_OK)
		status = sum_rows(s, arrange_block, p, s->events_x, err);
	if (status == YG_OK)
		status = room_for_times(s, err);
	if (status == YG_OK)
		find_times(s);
	yg_free(sum);
	return status;
}

enum yg_status fg_prepare(struct fg_sweep *s, struct yg_err *err)
{
	const size_t n = s->n, p = s->p;
	double *q = s->memory = yg_data_alloc(n * (p + 6) + 2 * p + 1, sizeof *q);

	s->order = yg_data_alloc(n, sizeof *s->order);
	s->kind = yg_data_alloc(n, 1);
	s->group = yg_data_alloc(n, sizeof *s->group);
	s->upto = yg_data_alloc(n, sizeof *s->upto);
	if (!s->order || !s->kind || !s->group || !s->upto || !q)
		return no_memory(err);
	YG_TRY(yg_sort_doubles(s->d->time, n, s->task, s->order, err));
	double **of_rows[] = { &s->T, &s->w, &s->Q, &s->e, &s->c, &s->offset };
	s->x = q, q += n * p;
	for (size_t k = 0; k < 6; k++, q += n)
		*of_rows[k] = q;
	s->mean = q;
	s->events_x = q + p;
	if (!s->d->offset)
		s->offset = NULL;
	YG_TRY(arrange(s, err));
	if (s->d->entry)
		YG_TRY(entries(s, err));
	censoring_curves(s);
	if (s->d->entry)
		entry_curves(s);
	for (size_t i = 0; i < n; i++)
		if (s->kind[i] == 2 && s->upto[i] < s->m && !(s->Q[i] > 0)) {
			yg_fail(err, YG_REFUSED, "E-FIT-020", N_("nobody is under observation some time after time %g, so those with another event by "
			        "then cannot be weighed"), s->T[i]);
			yg_err_hint(err, N_("Late entry left too few at the beginning: begin the follow-up later."));
			return YG_REFUSED;
		}
	return YG_OK;
}

void fg_release(struct fg_sweep *s)
{
	yg_data_free(s->memory);
	yg_data_free(s->memory_m);
	yg_data_free(s->tied);
	yg_data_free(s->first);
	yg_data_free(s->block);
	yg_data_free(s->entered);
	yg_data_free(s->from);
	yg_data_free(s->by_entry);
	yg_data_free(s->upto);
	yg_data_free(s->group);
	yg_data_free(s->kind);
	yg_data_free(s->order);
}
