/* The partial likelihood (Breslow's form) in the linear predictor: value, gradient, curvature in one pass over the rows. */
#include <math.h>
#include <string.h>

#include "penalised_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"

/* Larger predictors are shifted: the likelihood does not change, and exp stays finite. */
#define LARGEST 300.0

static int32_t stratum_of(const struct yg_spans *s, uint32_t row)
{
	return s->stratum ? s->stratum[row] : 0;
}

/* Event times in order of stratum and time; hi of each row, and where its stratum begins. */
static void number_times(const struct yg_spans *s, const uint32_t *order, struct pen_model *out, uint32_t *stratum_start)
{
	size_t m = 0, start = 0;

	for (size_t i = 0, j; i < s->n; i = j) {
		bool any = false;
		if (i && stratum_of(s, order[i]) != stratum_of(s, order[i - 1]))
			start = m;
		for (j = i; j < s->n && stratum_of(s, order[j]) == stratum_of(s, order[i]) && s->exit[order[j]] == s->exit[order[i]]; j++)
			any = any || s->event[order[j]];
		if (any)
			out->first[m++] = (uint32_t)start;
		for (size_t r = i; r < j; r++) {
			out->hi[order[r]] = (uint32_t)m;
			stratum_start[order[r]] = (uint32_t)start;
		}
	}
	out->m = m;
}

/* lo of each row: times of its stratum up to its entry are over before it is at risk. */
static void number_entries(const struct yg_spans *s, const uint32_t *order, const double *time, const uint32_t *stratum_start,
                           struct pen_model *out)
{
	size_t u = 0;

	for (size_t r = 0; r < s->n; r++) {
		uint32_t i = order[r];
		if (u < stratum_start[i])
			u = stratum_start[i];
		while (u < out->m && out->first[u] == stratum_start[i] && time[u] <= s->entry[i])
			u++;
		out->lo[i] = (uint32_t)u;
	}
}

static void weigh_deaths(const struct yg_spans *s, struct pen_model *out)
{
	double total = 0, sum = 0;

	memset(out->deaths, 0, out->m * sizeof(double));
	for (size_t i = 0; i < s->n; i++)
		if (s->event[i])
			out->deaths[out->hi[i] - 1] += out->w[i];
	out->saturated = 0;
	for (size_t u = 0; u < out->m; u++) {
		total += out->deaths[u];
		if (out->deaths[u] > 0)
			out->saturated -= out->deaths[u] * yg_log(out->deaths[u]);
	}
	/* Stretches with about the same number of deaths. */
	out->stretches = out->m < PEN_STRETCHES ? out->m : PEN_STRETCHES;
	for (size_t u = 0; u < out->m; u++) {
		size_t b = total > 0 ? (size_t)(sum / total * (double)out->stretches) : 0;
		out->stretch[u] = (uint8_t)(b < out->stretches ? b : out->stretches - 1);
		sum += out->deaths[u];
	}
	out->stretch[out->m] = (uint8_t)out->stretches;
}

static enum yg_status sorted(const struct yg_pen_data *d, struct yg_task *task, struct pen_model *out, uint32_t *order,
                             uint32_t *stratum_start, double *time, struct yg_err *err)
{
	const struct yg_spans *s = d->spans;
	const size_t strata = s->stratum ? s->strata : 1;

	YG_TRY(yg_sort_survival(s->stratum, strata, s->exit, NULL, s->n, task, order, err));
	number_times(s, order, out, stratum_start);
	for (size_t r = 0; r < s->n; r++)
		if (s->event[order[r]])
			time[out->hi[order[r]] - 1] = s->exit[order[r]];
	if (s->entry) {
		YG_TRY(yg_sort_survival(s->stratum, strata, s->entry, NULL, s->n, task, order, err));
		number_entries(s, order, time, stratum_start, out);
	} else {
		memcpy(out->lo, stratum_start, s->n * sizeof *out->lo);
	}
	for (size_t i = 0; i < s->n; i++) {
		/* Over before the first event: never at risk. */
		out->hi[i] = out->hi[i] < out->lo[i] ? out->lo[i] : out->hi[i];
		out->late = out->late || out->lo[i] > out->first[out->hi[i] ? out->hi[i] - 1 : 0];
	}
	weigh_deaths(s, out);
	return YG_OK;
}

enum yg_status pen_cox_make(const struct yg_pen_data *d, struct yg_task *task, struct pen_model *out, struct yg_err *err)
{
	const size_t n = d->spans->n;
	uint32_t *order = yg_data_alloc(2 * n + 1, sizeof *order);
	double *time = yg_data_alloc(n + 1, sizeof *time), *q = yg_data_calloc(6 * n + 8, sizeof *q);
	uint32_t *whole = yg_data_alloc(3 * n + 3, sizeof *whole);
	uint8_t *stretch = yg_data_calloc(n + 2, 1);
	enum yg_status status = YG_OK;

	out->event = d->spans->event;
	out->memory = q;
	out->hi = whole;
	out->stretch = stretch;
	if (!order || !time || !q || !whole || !stretch)
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	if (status == YG_OK) {
		out->lo = whole + n;
		out->first = whole + 2 * n;
		out->first[0] = 0;
		out->e = q;
		out->deaths = q + n;
		out->s0 = q + 2 * n + 1;
		out->cumulative = q + 3 * n + 2;
		out->ends = q + 4 * n + 4;
		out->begins = q + 5 * n + 5;
		status = sorted(d, task, out, order, order + n, time, err);
	}
	yg_data_free(time);
	yg_data_free(order);
	return status;
}

/* s0[u]: weights at risk at each event time, summed from the last one of its stratum. */
static void risk_sums(struct pen_model *m)
{
	memset(m->ends, 0, m->m * sizeof(double));
	for (size_t i = 0; i < m->n; i++)
		if (m->hi[i] > m->lo[i])
			m->ends[m->hi[i] - 1] += m->e[i];
	for (size_t u = m->m; u-- > 0;)
		m->s0[u] = m->ends[u] + (u + 1 < m->m && m->first[u + 1] == m->first[u] ? m->s0[u + 1] : 0);
	if (!m->late)
		return;
	/* Those not there yet. */
	memset(m->begins, 0, m->m * sizeof(double));
	for (size_t i = 0; i < m->n; i++)
		if (m->hi[i] > m->lo[i] && m->lo[i] > m->first[m->hi[i] - 1])
			m->begins[m->lo[i] - 1] += m->e[i];
	for (size_t u = m->m; u-- > 0;) {
		m->begins[u] += u + 1 < m->m && m->first[u + 1] == m->first[u] ? m->begins[u + 1] : 0;
		m->s0[u] -= m->begins[u];
	}
}

double pen_cox_evaluate(struct pen_model *m, const double *eta, double *u, double *c)
{
	double largest = -INFINITY, loglik = 0, shift;

	for (size_t i = 0; i < m->n; i++)
		largest = eta[i] > largest ? eta[i] : largest;
	shift = largest > LARGEST || largest < -LARGEST ? largest : 0;
	for (size_t i = 0; i < m->n; i++)
		m->e[i] = eta[i] - shift;
	yg_exp_array(m->e, m->e, m->n);
	for (size_t i = 0; i < m->n; i++)
		m->e[i] *= m->w[i];
	risk_sums(m);
	m->cumulative[0] = 0;
	for (size_t t = 0; t < m->m; t++) {
		bool any = m->deaths[t] > 0 && m->s0[t] > 0;
		m->cumulative[t + 1] = m->cumulative[t] + (any ? m->deaths[t] / m->s0[t] : 0);
		if (any)
			loglik -= m->deaths[t] * yg_log(m->s0[t]);
	}
	for (size_t i = 0; i < m->n; i++) {
		if (m->event[i])
			loglik += m->w[i] * (eta[i] - shift);
		if (!u)
			continue;
		c[i] = m->e[i] * (m->cumulative[m->hi[i]] - m->cumulative[m->lo[i]]);
		u[i] = (m->event[i] ? m->w[i] : 0) - c[i];
	}
	return loglik;
}
