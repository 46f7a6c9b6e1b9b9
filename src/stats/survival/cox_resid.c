/* Residuals of a Cox fit: see yogo/stats/cox_check.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/cox_check.h"

static double deviance(double events, double m)
{
	double inside = m + (events > 0 ? events * yg_log(events - m) : 0), root = sqrt(inside < 0 ? -2 * inside : 0);
	return m < 0 ? -root : root;
}

struct residual_job {
	const struct yg_cox_data *d;
	const struct yg_cox *fit;
	const struct yg_cox_frame *f;
	const struct yg_cox_profile *q;
	enum yg_cox_residual kind;
	double *out;
};

static void row_wise(const struct residual_job *job, const struct yg_cox_block *b)
{
	const struct yg_cox_frame *f = job->f;
	for (uint32_t s = b->slot0; s < b->slot0 + b->rows; s++) {
		double events = job->d->spans.event[f->row[s]] != 0, m = events - yg_cox_expected(f, s);
		job->out[f->row[s]] = job->kind == YG_COX_MARTINGALE ? m : deviance(events, m);
	}
}

/* A window of score residuals in the columns' own units, times m[p*p]: dfbeta = score times variance. */
YG_CLONES
static void multiply(const double *score, size_t p, size_t tiles, const double *m, double *out)
{
	for (size_t t = 0; t < tiles; t++, score += 8 * p, out += 8 * p)
		for (size_t a = 0; a < p; a++) {
			yg_lanes sum = { 0 };
			for (size_t c = 0; c < p; c++)
				sum += *(const yg_lanes *)(score + 8 * c) * m[a * p + c];
			*(yg_lanes *)(out + 8 * a) = sum;
		}
}

/* What score residuals of standardised columns are multiplied with. */
static void multiplier(const struct residual_job *job, double *m)
{
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p;
	for (size_t a = 0; a < p; a++)
		for (size_t c = 0; c < p; c++) {
			double v = job->kind == YG_COX_SCORE ? a == c : job->fit->naive[a * p + c];
			m[a * p + c] = v * f->scale[c] / (job->kind == YG_COX_DFBETA || job->kind == YG_COX_SCORE ? 1 : job->fit->se[a]);
		}
}

static enum yg_status column_wise(const struct residual_job *job, const struct yg_cox_block *b, struct yg_err *err)
{
	const struct yg_cox_frame *f = job->f;
	size_t p = f->p;
	struct yg_cox_scores scores;
	double *m = yg_data_alloc(p * p + p * YG_COX_WINDOW_SLOTS + 1, sizeof *m), *own = m ? m + p * p : NULL;
	if (!yg_cox_scores_init(&scores, f, job->q) || !m) {
		yg_cox_scores_release(&scores);
		yg_data_free(m);
		return yg_survival_no_memory(err);
	}
	multiplier(job, m);
	for (size_t slot = b->slot0, slots; slot < b->slot_end; slot += slots) {
		slots = yg_cox_window_slots(slot, b->slot_end);
		multiply(yg_cox_scores_window(&scores, b, slot, slots), p, slots / 8, m, own);
		for (size_t i = 0; i < slots; i++) {
			if (f->row[slot + i] == YG_COX_NONE)
				continue;
			double *to = job->out + (size_t)f->row[slot + i] * p;
			for (size_t a = 0; a < p; a++)
				to[a] = own[i / 8 * p * 8 + i % 8 + 8 * a];
		}
	}
	yg_cox_scores_release(&scores);
	yg_data_free(m);
	return YG_OK;
}

static enum yg_status residual_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct residual_job *job = context;
	(void)part;
	for (size_t k = from; k < to; k++)
		if (job->kind <= YG_COX_DEVIANCE)
			row_wise(job, &job->f->block[k]);
		else
			YG_TRY(column_wise(job, &job->f->block[k], err));
	return YG_OK;
}

enum yg_status yg_cox_residuals(const struct yg_cox_data *d, const struct yg_cox *fit, enum yg_cox_residual kind,
                                struct yg_task *task, double *out, struct yg_err *err)
{
	struct yg_cox_frame f;
	struct yg_cox_profile q = { 0 };
	YG_TRY(yg_cox_frame_at(d, fit, task, &f, err));
	struct residual_job job = { d, fit, &f, &q, kind, out };
	enum yg_status s = YG_OK;
	/* Rows that were never at risk at an event have no event and nothing expected: 0. */
	memset(out, 0, d->spans.n * (kind <= YG_COX_DEVIANCE ? 1 : d->p) * sizeof *out);
	if (kind > YG_COX_DEVIANCE)
		s = yg_cox_profile_build(&f, task, &q, err);
	if (s == YG_OK)
		s = yg_cox_parts(&f, task, residual_part, &job, err);
	yg_cox_profile_release(&q);
	yg_cox_frame_release(&f);
	return s;
}

void yg_cox_schoenfeld_release(struct yg_cox_schoenfeld *s)
{
	yg_data_free(s->time);
	yg_data_free(s->row);
	yg_data_free(s->value);
	memset(s, 0, sizeof *s);
}

struct schoenfeld_job {
	const struct yg_cox_frame *f;
	const struct yg_cox_profile *q;
	const struct yg_cox *fit;
	const uint32_t *first;         /* [events] place of the first dead of each */
	const struct yg_cox_schoenfeld *out;
	bool scaled;
};
struct schoenfeld {
	double *x, *own, *product;     /* windows: covariates; of the dead, x - mean; that times the variance */
	double *mean;                  /* [p] */
	size_t count;                  /* the dead of the window so far */
	uint32_t at;                   /* the event in which the window begins */
};

/* The dead of event j among the slots of the window. */
static void schoenfeld_event(const struct schoenfeld_job *job, struct schoenfeld *w, const double *x, uint32_t j, size_t slot,
                             size_t slots)
{
	const struct yg_cox_frame *f = job->f;
	const struct yg_cox_event *v = &f->event[j];
	size_t p = f->p, dead = v->row0 + v->dead, to = dead < slot + slots ? dead : slot + slots;
	size_t from = v->row0 > slot ? v->row0 : slot;
	if (from >= to)
		return;
	yg_cox_event_mean(f, job->q, j, w->mean);
	for (size_t s = from; s < to; s++, w->count++) {
		const double *one = x + (s - slot) / 8 * p * 8 + (s - slot) % 8;
		double *own = w->own + w->count / 8 * p * 8 + w->count % 8;
		size_t place = job->first[j] + (s - v->row0);
		for (size_t a = 0; a < p; a++)
			own[8 * a] = (one[8 * a] - w->mean[a]) * f->scale[a];
		job->out->time[place] = f->event_time[j];
		job->out->row[place] = f->row[s];
	}
}

/* The dead of the window, which lie one after the other in the order of events, as rows from place on. */
static void schoenfeld_rows(const struct schoenfeld_job *job, struct schoenfeld *w, size_t place)
{
	size_t p = job->f->p;
	const double *from = job->scaled ? w->product : w->own;
	double events = (double)job->fit->events;
	if (job->scaled)
		multiply(w->own, p, (w->count + 7) / 8, job->fit->naive, w->product);
	for (size_t i = 0; i < w->count; i++) {
		double *to = job->out->value + (place + i) * p;
		for (size_t a = 0; a < p; a++) {
			double v = from[i / 8 * p * 8 + i % 8 + 8 * a];
			to[a] = job->scaled ? job->fit->beta[a] + v * events : v;
		}
	}
}

static void schoenfeld_block(const struct schoenfeld_job *job, struct schoenfeld *w, const struct yg_cox_block *b)
{
	const struct yg_cox_frame *f = job->f;
	size_t place = job->first[b->event0];
	w->at = b->event0;
	for (size_t slot = b->slot0, slots; slot < b->slot_end; slot += slots) {
		slots = yg_cox_window_slots(slot, b->slot_end);
		const double *x = yg_cox_window(f->store, slot, slots, w->x);
		w->count = 0;
		for (; w->at < b->event_end && f->event[w->at].row0 < slot + slots; w->at++) {
			schoenfeld_event(job, w, x, w->at, slot, slots);
			if (f->event[w->at].row_end > slot + slots)
				break;
		}
		schoenfeld_rows(job, w, place);
		place += w->count;
	}
}

static enum yg_status schoenfeld_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	const struct schoenfeld_job *job = context;
	size_t p = job->f->p, window = YG_COX_WINDOW_SLOTS * p;
	struct schoenfeld w = { .x = yg_data_calloc(3 * window + p + 1, sizeof(double)) };
	(void)part;
	if (!w.x)
		return yg_survival_no_memory(err);
	w.own = w.x + window;
	w.product = w.own + window;
	w.mean = w.product + window;
	for (size_t k = from; k < to; k++)
		schoenfeld_block(job, &w, &job->f->block[k]);
	yg_data_free(w.x);
	return YG_OK;
}

enum yg_status yg_cox_schoenfeld(const struct yg_cox_data *d, const struct yg_cox *fit, bool scaled, struct yg_task *task,
                                 struct yg_cox_schoenfeld *out, struct yg_err *err)
{
	struct yg_cox_frame f;
	struct yg_cox_profile q = { 0 };
	struct yg_cox_schoenfeld r = { .p = d->p, .m = (size_t)fit->events };
	YG_TRY(yg_cox_frame_at(d, fit, task, &f, err));
	enum yg_status s = yg_cox_profile_build(&f, task, &q, err);
	r.time = yg_data_alloc(r.m + 1, sizeof *r.time);
	r.row = yg_data_alloc(r.m + 1, sizeof *r.row);
	r.value = yg_data_alloc(r.m * d->p + 1, sizeof *r.value);
	uint32_t *first = yg_data_alloc(f.events + 1, sizeof *first), dead = 0;
	if (s == YG_OK && (!r.time || !r.row || !r.value || !first))
		s = yg_survival_no_memory(err);
	for (size_t j = 0; s == YG_OK && j < f.events; dead += f.event[j++].dead)
		first[j] = dead;
	struct schoenfeld_job job = { &f, &q, fit, first, &r, scaled };
	if (s == YG_OK)
		s = yg_cox_parts(&f, task, schoenfeld_part, &job, err);
	if (s == YG_OK)
		*out = r;
	else
		yg_cox_schoenfeld_release(&r);
	yg_data_free(first);
	yg_cox_profile_release(&q);
	yg_cox_frame_release(&f);
	return s;
}
