/* Baseline hazard and predicted survival after a Cox fit: see yogo/stats/cox_check.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/stats/cox_check.h"

static int lay_out(struct yg_cox_curve *c, size_t m)
{
	double *v = yg_data_calloc(9 * m + 2 * (m + 1), sizeof *v);
	*c = (struct yg_cox_curve){ .m = m, .space = v };
	if (!v)
		return 0;
	double **all[] = { &c->time, &c->surv, &c->se, &c->lower, &c->upper, &c->cumhaz, &c->se_cumhaz, &c->risk,
	                  &c->event };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		*all[i] = v + i * m;
	c->n_risk = (uint32_t *)(v + 9 * m);
	c->n_event = c->n_risk + m + 1;
	return 1;
}

void yg_cox_curve_release(struct yg_cox_curve *c)
{
	yg_data_free(c->space);
	memset(c, 0, sizeof *c);
}

/* Numbers at risk, rows and weights, backward over the stratum's events. */
static void count_risk(const struct yg_cox_frame *f, uint32_t first, struct yg_cox_curve *c)
{
	double weight = 0;
	uint32_t rows = 0;
	for (size_t i = c->m; i-- > 0; ) {
		const struct yg_cox_event *v = &f->event[first + i];
		rows += v->row_end - v->row0;
		weight += f->weight ? yg_tile_sum(f->weight, v->row0, v->row_end) : v->row_end - v->row0;
		for (uint32_t e = v->entry0; f->entry_slot && e < v->entry_end; e++) {
			rows--;
			weight -= f->weight ? f->weight[f->entry_slot[e]] : 1;
		}
		c->n_risk[i] = rows;
		c->risk[i] = weight;
		c->n_event[i] = v->dead;
		c->event[i] = f->weight ? yg_tile_sum(f->weight, v->row0, v->row0 + v->dead) : v->dead;
	}
}

/*
 * Kalbfleisch and Prentice (1973, Biometrika 60:267): alpha with sum over the dead of w e / (1 - alpha^e) = S0.
 * The left side rises with alpha: Newton on log(-log alpha), kept in a bracket.
 */
static double alpha_of(const struct yg_cox_frame *f, uint32_t j, double s0)
{
	const struct yg_cox_event *v = &f->event[j];
	double low = -1e300, high = 1e300, at = 0, dead = 0;
	for (uint32_t s = v->row0; s < v->row0 + v->dead; s++)
		dead += f->w[s];
	if (s0 <= dead * (1 + 1e-14))
		return 0;
	double h = dead / s0; /* the hazard -log alpha, Breslow's to begin with */
	low = 0;
	high = INFINITY;
	for (int i = 0; i < 200; i++) {
		double sum = 0, slope = 0;
		for (uint32_t s = v->row0; s < v->row0 + v->dead; s++) {
			double weight = f->weight ? f->weight[s] : 1, e = weight > 0 ? f->w[s] / weight : 0;
			double gone = -yg_expm1(-h * e);
			sum += f->w[s] / gone;
			slope -= f->w[s] * e * (1 - gone) / (gone * gone);
		}
		if (sum > s0)
			low = h;
		else
			high = h;
		at = h - (sum - s0) / slope;
		if (!(at > low) || !(at < high))
			at = high < INFINITY ? 0.5 * (low + high) : 2 * h;
		if (fabs(at - h) <= 1e-15 * h)
			break;
		h = at;
	}
	return yg_exp(-h);
}

/* Sum of w over the risk set of each event of the stratum, by the same backward sums. */
static void product_limit(const struct yg_cox_frame *f, uint32_t first, double factor, struct yg_cox_curve *c)
{
	double s0 = 0, power = 1;
	for (size_t i = c->m; i-- > 0; ) {
		const struct yg_cox_event *v = &f->event[first + i];
		s0 += yg_tile_sum(f->w, v->row0, v->row_end);
		if (v->entry_end > v->entry0)
			s0 -= yg_tile_sum(f->entry_w, v->entry0, v->entry_end);
		c->surv[i] = alpha_of(f, first + (uint32_t)i, s0);
	}
	for (size_t i = 0; i < c->m; i++) {
		power *= c->surv[i] > 0 ? yg_pow(c->surv[i], factor) : 0;
		c->surv[i] = power;
	}
}

static void fill(const struct yg_cox_frame *f, const struct yg_cox_profile *q, const struct yg_cox *fit,
                 const struct yg_cox_curve_request *r, uint32_t first, struct yg_cox_curve *c)
{
	size_t p = f->p;
	double *x = yg_xalloc(2 * p + p * p + 1, sizeof *x), *shift = x + p, *v = shift + p, eta = r->offset0 - f->offset_mean;
	double squares = 0;
	for (size_t a = 0; a < p; a++) {
		x[a] = fit->fault[a] == YG_COX_FINE || fit->fault[a] == YG_COX_INFINITE ?
			(r->x0[a] - f->centre[a]) / f->scale[a] : 0;
		eta += x[a] * f->beta[a];
		for (size_t b = 0; b < p; b++)
			v[a * p + b] = fit->var[a * p + b] * f->scale[a] * f->scale[b];
	}
	double factor = yg_exp(eta);
	for (size_t i = 0; i < c->m; i++) {
		size_t j = first + i;
		squares += f->c0[j];
		for (size_t a = 0; a < p; a++)
			shift[a] = q->k[j * p + a] - x[a] * f->hazard[j];
		c->time[i] = f->event_time[j];
		c->cumhaz[i] = factor * f->hazard[j];
		c->se_cumhaz[i] = factor * sqrt(squares + yg_quadratic_form(shift, v, p));
	}
	count_risk(f, first, c);
	if (r->product)
		product_limit(f, first, factor, c);
	for (size_t i = 0; i < c->m; i++) {
		if (!r->product)
			c->surv[i] = yg_exp(-c->cumhaz[i]);
		c->se[i] = c->surv[i] * c->se_cumhaz[i];
		yg_km_limits(c->surv[i], c->se[i], r->ci, r->conf, &c->lower[i], &c->upper[i]);
	}
	yg_free(x);
}

enum yg_status yg_cox_curve_fit(const struct yg_cox_data *d, const struct yg_cox *fit,
                                const struct yg_cox_curve_request *request, struct yg_task *task,
                                struct yg_cox_curve *out, struct yg_err *err)
{
	struct yg_cox_frame f;
	struct yg_cox_profile q = { 0 };
	struct yg_cox_curve c = { 0 };
	YG_TRY(yg_cox_frame_at(d, fit, task, &f, err));
	uint32_t first = 0, last;
	while (first < f.events && f.event_stratum[first] != request->stratum)
		first++;
	for (last = first; last < f.events && f.event_stratum[last] == request->stratum; last++)
		;
	enum yg_status s = yg_cox_profile_build(&f, task, &q, err);
	if (s == YG_OK && !lay_out(&c, last - first))
		s = yg_survival_no_memory(err);
	if (s == YG_OK) {
		fill(&f, &q, fit, request, first, &c);
		*out = c;
	}
	yg_cox_profile_release(&q);
	yg_cox_frame_release(&f);
	return s;
}
