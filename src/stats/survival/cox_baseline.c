/* The baseline hazard kept with a Cox fit: see yogo/stats/cox_check.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"
#include "yogo/stats/cox_check.h"

static int lay_out(struct yg_cox_baseline *b, size_t m, size_t p, size_t strata, bool shift)
{
	double *v = yg_data_calloc(3 * m + p + strata + 2 + (shift ? m * p : 0), sizeof *v);
	*b = (struct yg_cox_baseline){ .m = m, .p = p, .strata = strata, .space = v };
	if (!v)
		return 0;
	b->time = v;
	b->hazard = v + m;
	b->square = v + 2 * m;
	b->centre = v + 3 * m;
	b->start = (size_t *)(v + 3 * m + p);
	b->shift = shift ? v + 3 * m + p + strata + 2 : NULL;
	return 1;
}

void yg_cox_baseline_release(struct yg_cox_baseline *b)
{
	yg_data_free(b->space);
	memset(b, 0, sizeof *b);
}

static void fill(const struct yg_cox_frame *f, const struct yg_cox_profile *q, struct yg_cox_baseline *b)
{
	double square = 0;
	for (size_t j = 0; j < f->events; j++) {
		if (j && f->event_stratum[j] != f->event_stratum[j - 1])
			square = 0;
		square += f->c0[j];
		b->time[j] = f->event_time[j];
		b->hazard[j] = f->hazard[j];
		b->square[j] = square;
		b->start[(size_t)f->event_stratum[j] + 1]++;
		for (size_t a = 0; b->shift && a < b->p; a++)
			b->shift[j * b->p + a] = q->k[j * b->p + a] * f->scale[a];
	}
	for (size_t s = 0; s < b->strata; s++)
		b->start[s + 1] += b->start[s];
	memcpy(b->centre, f->centre, b->p * sizeof *b->centre);
	b->offset = f->offset_mean;
}

enum yg_status yg_cox_baseline_fit(const struct yg_cox_data *d, const struct yg_cox *fit, size_t most, struct yg_task *task,
                                   struct yg_cox_baseline *out, struct yg_err *err)
{
	struct yg_cox_frame f;
	struct yg_cox_profile q = { 0 };
	struct yg_cox_baseline b = { 0 };
	YG_TRY(yg_cox_frame_at(d, fit, task, &f, err));
	bool shift = f.events * d->p <= most;
	enum yg_status s = shift ? yg_cox_profile_build(&f, task, &q, err) : YG_OK;
	if (s == YG_OK && !lay_out(&b, f.events, d->p, d->spans.stratum ? d->spans.strata : 1, shift))
		s = yg_survival_no_memory(err);
	if (s == YG_OK) {
		fill(&f, &q, &b);
		*out = b;
	}
	yg_cox_profile_release(&q);
	yg_cox_frame_release(&f);
	return s;
}

size_t yg_cox_baseline_find(const struct yg_cox_baseline *b, size_t stratum, double t)
{
	size_t first = b->start[stratum], count = yg_count_until(b->time + first, b->start[stratum + 1] - first, t);

	return count ? first + count - 1 : SIZE_MAX;
}

double yg_cox_baseline_hazard(const struct yg_cox_baseline *b, size_t stratum, double t, const double *x0, double offset0,
                              const double *beta, const double *var, double *se)
{
	size_t j = yg_cox_baseline_find(b, stratum, t), p = b->p;
	double eta = offset0 - b->offset;
	if (se)
		*se = 0;
	if (j == SIZE_MAX)
		return 0;
	for (size_t a = 0; a < p; a++)
		eta += (x0[a] - b->centre[a]) * beta[a];
	double factor = yg_exp(eta);
	if (se && (!b->shift || !var)) {
		*se = NAN;
	} else if (se) {
		double *d = yg_xalloc(p + 1, sizeof *d);
		for (size_t a = 0; a < p; a++)
			d[a] = b->shift[j * p + a] - (x0[a] - b->centre[a]) * b->hazard[j];
		*se = factor * sqrt(b->square[j] + yg_quadratic_form(d, var, p));
		yg_free(d);
	}
	return factor * b->hazard[j];
}
