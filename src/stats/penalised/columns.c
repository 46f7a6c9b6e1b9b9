/* The columns of a penalised model: numbers, or lists of the rows that have a 1. */
#include <math.h>
#include <string.h>

#include "penalised_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"

/* A list is worth it up to this share of ones. */
#define SPARSE 0.25

double pen_column_dot(const struct pen_column *c, const double *v, size_t n)
{
	/* Four sums, always the same four: fast, and the same bits everywhere. */
	double s[4] = { 0, 0, 0, 0 };
	size_t i = 0;

	if (!c->dense) {
		for (; i + 4 <= c->count; i += 4)
			for (size_t l = 0; l < 4; l++)
				s[l] += v[c->index[i + l]];
		for (; i < c->count; i++)
			s[0] += v[c->index[i]];
		return (s[0] + s[1]) + (s[2] + s[3]);
	}
	for (; i + 4 <= n; i += 4)
		for (size_t l = 0; l < 4; l++)
			s[l] += c->dense[i + l] * v[i + l];
	for (; i < n; i++)
		s[0] += c->dense[i] * v[i];
	return (s[0] + s[1]) + (s[2] + s[3]);
}

void pen_column_add(const struct pen_column *c, double by, double *v, size_t n)
{
	if (c->dense) {
		for (size_t i = 0; i < n; i++)
			v[i] += by * c->dense[i];
		return;
	}
	for (size_t k = 0; k < c->count; k++)
		v[c->index[k]] += by;
}

void yg_pen_columns_free(struct yg_pen_columns *c)
{
	if (!c)
		return;
	yg_data_free(c->dense);
	yg_data_free(c->index);
	yg_data_free(c->row_start);
	yg_data_free(c->row_column);
	yg_free(c->column);
	yg_free(c);
}

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
}

/* Rows to columns of the lists. */
static enum yg_status turn_round(struct yg_pen_columns *c, struct yg_err *err)
{
	size_t total = 0, *at;

	for (size_t j = 0; j < c->p; j++)
		total += c->column[j].dense ? 0 : c->column[j].count;
	c->row_start = at = yg_data_calloc(c->n + 2, sizeof *at);
	c->row_column = yg_data_alloc(total + 1, sizeof *c->row_column);
	if (!at || !c->row_column)
		return no_memory(err);
	for (size_t j = 0; j < c->p; j++)
		for (size_t k = 0; !c->column[j].dense && k < c->column[j].count; k++)
			at[c->column[j].index[k] + 2]++;
	for (size_t i = 0; i < c->n; i++)
		at[i + 2] += at[i + 1];
	for (size_t j = 0; j < c->p; j++)
		for (size_t k = 0; !c->column[j].dense && k < c->column[j].count; k++)
			c->row_column[at[c->column[j].index[k] + 1]++] = (uint32_t)j;
	return YG_OK;
}

/* How many ones each column has, and whether it has anything but noughts and ones. */
static void survey(const double *x, size_t n, size_t p, size_t *ones, uint8_t *numbers, double *mean)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < p; j++) {
			double v = x[i * p + j];
			ones[j] += v != 0;
			numbers[j] |= v != 0 && v != 1;
			mean[j] += v;
		}
	for (size_t j = 0; j < p; j++) {
		mean[j] /= n ? (double)n : 1;
		numbers[j] |= (double)ones[j] > SPARSE * (double)n;
	}
}

static void fill(struct yg_pen_columns *c, const double *x)
{
	const size_t p = c->p;
	size_t *used = yg_xcalloc(p + 1, sizeof *used);

	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < p; j++) {
			struct pen_column *k = &c->column[j];
			if (k->dense)
				((double *)k->dense)[i] = x[i * p + j] - k->mean;
			else if (x[i * p + j] != 0)
				((uint32_t *)k->index)[used[j]++] = (uint32_t)i;
		}
	yg_free(used);
}

enum yg_status yg_pen_columns_make(const double *x, size_t n, size_t p, struct yg_task *task, struct yg_pen_columns **out,
                                   struct yg_err *err)
{
	struct yg_pen_columns *c = yg_xcalloc(1, sizeof *c);
	size_t *ones = yg_xcalloc(p + 1, sizeof *ones), dense = 0, listed = 0;
	uint8_t *numbers = yg_xcalloc(p + 1, 1);
	double *mean = yg_xcalloc(p + 1, sizeof *mean);
	enum yg_status status = YG_OK;

	c->n = n;
	c->p = p;
	c->column = yg_xcalloc(p + 1, sizeof *c->column);
	survey(x, n, p, ones, numbers, mean);
	for (size_t j = 0; j < p; j++)
		*(numbers[j] ? &dense : &listed) += numbers[j] ? n : ones[j];
	c->dense = yg_data_alloc(dense + 1, sizeof *c->dense);
	c->index = yg_data_alloc(listed + 1, sizeof *c->index);
	if (!c->dense || !c->index)
		status = no_memory(err);
	else if (yg_task_cancelled(task))
		status = yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
	dense = listed = 0;
	for (size_t j = 0; status == YG_OK && j < p; j++) {
		struct pen_column *k = &c->column[j];
		if (numbers[j]) {
			k->dense = c->dense + dense;
			k->mean = mean[j];
			dense += n;
		} else {
			k->index = c->index + listed;
			k->count = ones[j];
			listed += ones[j];
			c->lists++;
		}
	}
	if (status == YG_OK) {
		fill(c, x);
		status = turn_round(c, err);
	}
	yg_free(mean);
	yg_free(numbers);
	yg_free(ones);
	if (status == YG_OK)
		*out = c;
	else
		yg_pen_columns_free(c);
	return status;
}

enum yg_status yg_pen_columns_lists(size_t n, size_t p, const size_t *start, const uint32_t *row, struct yg_pen_columns **out,
                                    struct yg_err *err)
{
	struct yg_pen_columns *c = yg_xcalloc(1, sizeof *c);
	enum yg_status status;

	c->n = n;
	c->p = c->lists = p;
	c->column = yg_xcalloc(p + 1, sizeof *c->column);
	c->index = yg_data_alloc(start[p] + 1, sizeof *c->index);
	if (!c->index) {
		yg_pen_columns_free(c);
		return no_memory(err);
	}
	memcpy(c->index, row, start[p] * sizeof *row);
	for (size_t j = 0; j < p; j++)
		c->column[j] = (struct pen_column){ .index = c->index + start[j], .count = start[j + 1] - start[j] };
	status = turn_round(c, err);
	if (status == YG_OK)
		*out = c;
	else
		yg_pen_columns_free(c);
	return status;
}
