/*
 * Score test of proportional hazards: see yogo/stats/cox_check.h.
 *
 * With z = x g(t) added to the model at coefficient 0, the score of z is U1 = sum g_j (dead x - d mean_j) and the
 * information has blocks I0, I1, I2 = sum of g^0, g^1, g^2 times the covariance of x over each risk set.  The
 * test of the columns in T is U1_T' (I2_TT - I1_T. I0^-1 I1_.T)^-1 U1_T; shifting g by a constant does not change it.
 */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"
#include "yogo/stats/cox_check.h"

bool yg_cox_transform_parse(const char *word, enum yg_cox_transform *out)
{
	static const char *const words[] = { "km", "rank", "identity", "log" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(word, words[i])) {
			*out = (enum yg_cox_transform)i;
			return true;
		}
	return false;
}

/* g by rank: the mean rank of the time among all exit times. */
static enum yg_status rank_times(const struct yg_spans *d, const struct yg_cox_frame *f, struct yg_task *task, double *g,
                                 struct yg_err *err)
{
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order);
	double *sorted = yg_data_alloc(d->n + 1, sizeof *sorted);
	enum yg_status s = order && sorted ? yg_sort_doubles(d->exit, d->n, task, order, err) : yg_survival_no_memory(err);
	if (s == YG_OK) {
		for (size_t i = 0; i < d->n; i++)
			sorted[i] = d->exit[order[i]];
		for (size_t j = 0; j < f->events; j++)
			g[j] = 0.5 * ((double)yg_count_below(sorted, d->n, f->event_time[j]) +
			              (double)yg_count_until(sorted, d->n, f->event_time[j]) + 1);
	}
	yg_data_free(order);
	yg_data_free(sorted);
	return s;
}

static enum yg_status transform_times(const struct yg_spans *d, const struct yg_cox_frame *f, enum yg_cox_transform kind,
                                      struct yg_task *task, double *g, struct yg_err *err)
{
	enum yg_status s = YG_OK;
	if (kind == YG_COX_KM)
		s = yg_clock_values(d, &(struct yg_clock){ .kind = YG_CLOCK_KM }, f->event_time, f->events, task, g, err);
	else if (kind == YG_COX_RANK)
		s = rank_times(d, f, task, g, err);
	for (size_t j = 0; s == YG_OK && j < f->events; j++) {
		if (kind == YG_COX_LOG && !(f->event_time[j] > 0))
			return yg_fail(err, YG_REFUSED, "E-COX-005",
			               N_("transform=log needs event times above zero; use transform=km"));
		if (kind == YG_COX_LOG)
			g[j] = yg_log(f->event_time[j]);
		else if (kind == YG_COX_IDENTITY)
			g[j] = f->event_time[j];
	}
	if (s != YG_OK)
		return s;
	/* About its mean, on its own scale: the same test, better conditioned. */
	double sum = 0, deaths = 0, spread = 0;
	for (size_t j = 0; j < f->events; j++) {
		sum += g[j] * f->event[j].dead;
		deaths += f->event[j].dead;
	}
	for (size_t j = 0; j < f->events; j++)
		spread = fmax(spread, fabs(g[j] - sum / deaths));
	for (size_t j = 0; j < f->events; j++)
		g[j] = spread > 0 ? (g[j] - sum / deaths) / spread : 0;
	return YG_OK;
}

struct blocks {
	size_t p;
	double *u0, *u1, *i0, *i1, *i2;
};

/* The test of the columns with in[a] set. */
static struct yg_cox_test test_of(const struct blocks *k, const uint8_t *in, const uint8_t *out)
{
	size_t p = k->p, q = 2 * p;
	struct yg_cox_test t = { 0, NAN, 0 };
	double *m = yg_xcalloc(q * q + q + 1, sizeof *m), *v = m + q * q;
	uint8_t *dropped = yg_xcalloc(q + 1, 1);
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j < p; j++) {
			if (!out[i] && !out[j])
				m[i * q + j] = k->i0[i * p + j];
			if (!out[i] && in[j] && !out[j])
				m[i * q + p + j] = m[(p + j) * q + i] = k->i1[i * p + j];
			if (in[i] && in[j] && !out[i] && !out[j])
				m[(p + i) * q + p + j] = k->i2[i * p + j];
		}
	for (size_t i = 0; i < p; i++)
		v[p + i] = in[i] && !out[i] ? k->u1[i] : 0;
	size_t rank = yg_cholesky(m, q, YG_CHOLESKY_TOLERANCE, dropped), base = 0;
	for (size_t i = 0; i < p; i++)
		base += !dropped[i];
	yg_cholesky_solve(m, q, dropped, v);
	for (size_t i = 0; i < p; i++)
		t.chisq += in[i] && !out[i] ? v[p + i] * k->u1[i] : 0;
	t.df = (int)(rank - base);
	if (t.df > 0)
		t.p = yg_chisq_upper(t.chisq, t.df);
	else
		t.chisq = NAN;
	yg_free(dropped);
	yg_free(m);
	return t;
}

enum yg_status yg_cox_event_transform(const struct yg_cox_data *d, const struct yg_cox *fit, enum yg_cox_transform transform,
                                      struct yg_task *task, double *g, struct yg_err *err)
{
	struct yg_cox_frame f;
	YG_TRY(yg_cox_frame_at(d, fit, task, &f, err));
	double *of = yg_data_alloc(f.events + 1, sizeof *of);
	enum yg_status s = of ? transform_times(&d->spans, &f, transform, task, of, err) : yg_survival_no_memory(err);
	size_t at = 0;
	for (size_t j = 0; s == YG_OK && j < f.events; j++)
		for (uint32_t k = 0; k < f.event[j].dead; k++)
			g[at++] = of[j];
	yg_data_free(of);
	yg_cox_frame_release(&f);
	return s;
}

enum yg_status yg_cox_zph(const struct yg_cox_data *d, const struct yg_cox *fit, enum yg_cox_transform transform,
                          const int *term, int terms, struct yg_task *task, struct yg_cox_test *test,
                          struct yg_cox_test *global, struct yg_err *err)
{
	size_t p = d->p;
	struct yg_cox_frame f;
	YG_TRY(yg_cox_frame_at(d, fit, task, &f, err));
	double *space = yg_xcalloc(3 * p + 3 * p * p + 1, sizeof *space);
	double *g = yg_data_alloc(f.events + 1, sizeof *g), *unused = space + 2 * p;
	uint8_t *in = yg_xcalloc(2 * p + 1, 1), *out = in + p;
	struct blocks k = { p, space, space + p, space + 3 * p, space + 3 * p + p * p, space + 3 * p + 2 * p * p };
	enum yg_status s = g ? transform_times(&d->spans, &f, transform, task, g, err) : yg_survival_no_memory(err);
	if (s == YG_OK)
		s = yg_cox_derivatives(&f, NULL, task, k.u0, k.i0, err);
	if (s == YG_OK)
		s = yg_cox_derivatives(&f, g, task, k.u1, k.i1, err);
	for (size_t j = 0; s == YG_OK && j < f.events; j++)
		g[j] *= g[j];
	if (s == YG_OK)
		s = yg_cox_derivatives(&f, g, task, unused, k.i2, err);
	if (s == YG_OK) {
		for (size_t a = 0; a < p; a++)
			out[a] = fit->fault[a] != YG_COX_FINE;
		for (int t = 0; t < terms; t++) {
			for (size_t a = 0; a < p; a++)
				in[a] = term[a] == t;
			test[t] = test_of(&k, in, out);
		}
		memset(in, 1, p);
		*global = test_of(&k, in, out);
	}
	yg_free(in);
	yg_data_free(g);
	yg_free(space);
	yg_cox_frame_release(&f);
	return s;
}
