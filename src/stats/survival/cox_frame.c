/* Building the sorted frame of a Cox model: see cox_priv.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sum.h"

#define PIECE 65536u
#define UNPACK 256u

const double *yg_cox_data_row(const struct yg_cox_data *d, size_t row, double *space)
{
	if (!d->packed)
		return d->x + row * d->p;
	yg_packed_get(d->packed, row, 1, space);
	return space;
}

/* ---- columns: mean, spread, constant ---- */

struct column_job {
	const struct yg_cox_data *d;
	const double *first;    /* [p] the first row */
	double *sum, *square;   /* [pieces*p] of x - first row */
	uint8_t *differs;       /* [pieces*p] */
};

YG_CLONES
static void column_piece(const double *x, size_t p, size_t rows, const double *first, double *sum, double *square,
                         uint8_t *differs)
{
	size_t a = 0;
	for (; a + 8 <= p; a += 8) {
		yg_lanes base = *(const yg_lanes *)(first + a), s = *(yg_lanes *)(sum + a),
			 q = *(yg_lanes *)(square + a);
		yg_lanes_int odd = { 0 };
		for (size_t i = 0; i < rows; i++) {
			yg_lanes v = *(const yg_lanes *)(x + i * p + a) - base;
			s += v;
			q += v * v;
			odd |= v != 0.0;
		}
		*(yg_lanes *)(sum + a) = s;
		*(yg_lanes *)(square + a) = q;
		for (size_t j = 0; j < 8; j++)
			differs[a + j] |= odd[j] != 0;
	}
	for (; a < p; a++) {
		double s = sum[a], q = square[a];
		int odd = differs[a];
		for (size_t i = 0; i < rows; i++) {
			double v = x[i * p + a] - first[a];
			s += v;
			q += v * v;
			odd |= v != 0;
		}
		sum[a] = s;
		square[a] = q;
		differs[a] = (uint8_t)odd;
	}
}

static enum yg_status column_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct column_job *job = context;
	size_t p = job->d->p, n = job->d->spans.n, from = block * PIECE, rows = n - from < PIECE ? n - from : PIECE;
	(void)worker;
	(void)err;
	double *sum = job->sum + block * p, *square = job->square + block * p;
	uint8_t *differs = job->differs + block * p;
	if (!job->d->packed) {
		column_piece(job->d->x + from * p, p, rows, job->first, sum, square, differs);
		return YG_OK;
	}
	double *x = yg_xalloc(UNPACK * p + 1, sizeof *x);
	for (size_t i = 0; i < rows; i += UNPACK) {
		size_t some = rows - i < UNPACK ? rows - i : UNPACK;
		yg_packed_get(job->d->packed, from + i, some, x);
		column_piece(x, p, some, job->first, sum, square, differs);
	}
	yg_free(x);
	return YG_OK;
}

static enum yg_status scale_columns(const struct yg_cox_data *d, struct yg_cox_frame *f, struct yg_task *task,
                                    struct yg_err *err)
{
	size_t n = d->spans.n, p = d->p, pieces = (n + PIECE - 1) / PIECE;
	f->centre = yg_data_calloc(3 * p + 1, sizeof(double));
	f->constant = yg_data_calloc(p + 1, 1);
	double *space = yg_xcalloc(p + 1, sizeof *space);
	struct column_job job = { d, n && p ? yg_cox_data_row(d, 0, space) : space, yg_data_calloc(pieces * p + 1, sizeof(double)),
	                         yg_data_calloc(pieces * p + 1, sizeof(double)), yg_data_calloc(pieces * p + 1, 1) };
	enum yg_status s = f->centre && f->constant && job.sum && job.square && job.differs ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK && p)
		s = yg_pool_run(task, pieces, column_block, &job, err);
	if (s == YG_OK) {
		f->scale = f->centre + p;
		f->death_x = f->centre + 2 * p;
		for (size_t a = 0; a < p; a++) {
			double sum = 0, square = 0;
			int differs = 0;
			for (size_t k = 0; k < pieces; k++) {
				sum += job.sum[k * p + a];
				square += job.square[k * p + a];
				differs |= job.differs[k * p + a];
			}
			double mean = n ? sum / (double)n : 0, spread = n ? square / (double)n - mean * mean : 0;
			f->centre[a] = (n ? job.first[a] : 0) + mean;
			f->scale[a] = differs && spread > 0 ? sqrt(spread) : 1;
			f->constant[a] = !differs;
		}
	}
	yg_data_free(job.sum);
	yg_data_free(job.square);
	yg_data_free(job.differs);
	yg_free(space);
	return s;
}

/* ---- values in slot order ---- */

struct fill_job {
	const struct yg_cox_data *d;
	struct yg_cox_frame *f;
	double *death;                        /* [blocks*(1+p)] weighted sums over the dead of x and the offset */
};

static void prefetch_tile(const struct yg_cox_data *d, const uint32_t *row)
{
	const char *rows = d->packed ? (const char *)d->packed->row : (const char *)d->x;
	size_t stride = d->packed ? d->packed->stride : d->p * sizeof *d->x;
	for (size_t l = 0; l < 8 && stride; l++)
		if (row[l] != YG_COX_NONE)
			for (size_t i = 0; i < stride + 64; i += 64)  /* a row may begin in one line and end in the next */
				__builtin_prefetch(rows + (size_t)row[l] * stride + (i < stride ? i : stride - 1));
}

/* Sums over the dead, which no iteration changes. */
static void sum_deaths(struct fill_job *job, size_t block, double *space)
{
	const struct yg_cox_frame *f = job->f;
	const struct yg_cox_block *b = &f->block[block];
	double *out = job->death + block * (1 + f->p), *one = space + YG_COX_WINDOW_SLOTS * f->p;
	for (size_t i = 0; i < YG_COX_WINDOW_SLOTS; i++)
		one[i] = 1;
	uint32_t j = b->event0;
	for (size_t s = b->slot0, slots; s < b->slot_end; s += slots) {
		slots = yg_cox_window_slots(s, b->slot_end);
		const double *x = yg_cox_window(f->store, s, slots, space);
		for (; j < b->event_end && f->event[j].row0 < s + slots; j++) {
			size_t from = f->event[j].row0 > s ? f->event[j].row0 : s, end = f->event[j].row0 + f->event[j].dead;
			size_t to = end < s + slots ? end : s + slots;
			if (to > from)
				yg_tile_add(x, f->weight ? f->weight + s : one, f->p, from - s, to - s, 1, out);
			for (size_t i = from; f->offset && i < to; i++)
				out[f->p] += f->offset[i] * (f->weight ? f->weight[i] : 1);
			if (f->event[j].row_end > s + slots)
				break;
		}
	}
}

static enum yg_status fill_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct fill_job *job = context;
	struct yg_cox_frame *f = job->f;
	const struct yg_cox_data *d = job->d;
	const struct yg_cox_block *b = &f->block[block];
	size_t tile = f->store->tile;
	(void)worker;
	for (size_t s = b->slot0; s < b->slot_end; s += 8) {
		if (s + 32 < b->slot_end)
			prefetch_tile(d, f->row + s + 32);
		yg_cox_store_tile(f->store, d, f->row + s, f->store->rows + s / 8 * tile);
	}
	for (size_t s = b->slot0; s < b->slot_end && (f->weight || f->offset); s++) {
		uint32_t r = f->row[s];
		if (f->weight)
			f->weight[s] = r == YG_COX_NONE ? 0 : d->spans.weight[r];
		if (f->offset)
			f->offset[s] = r == YG_COX_NONE ? 0 : d->offset[r] - f->offset_mean;
	}
	for (size_t s = b->entry0; f->entry_slot && s < b->entry_end; s += 8) {
		uint32_t row[8];
		for (size_t l = 0; l < 8; l++)
			row[l] = f->entry_slot[s + l] == YG_COX_NONE ? YG_COX_NONE : f->row[f->entry_slot[s + l]];
		yg_cox_store_tile(f->store, d, row, f->store->entries + s / 8 * tile);
	}
	double *space = yg_data_alloc(YG_COX_WINDOW_SLOTS * (f->p + 1), sizeof *space);
	if (!space)
		return yg_survival_no_memory(err);
	sum_deaths(job, block, space);
	yg_data_free(space);
	return YG_OK;
}

static enum yg_status fill_values(const struct yg_cox_data *d, struct yg_cox_frame *f, struct yg_task *task, struct yg_err *err)
{
	size_t width = f->p + 1;
	struct fill_job job = { d, f, yg_data_calloc(f->blocks * width + 1, sizeof(double)) };
	enum yg_status s = job.death ? yg_pool_run(task, f->blocks, fill_block, &job, err) : yg_survival_no_memory(err);
	if (s == YG_OK && f->blocks) {
		yg_sum_tree(job.death, f->blocks, width);
		memcpy(f->death_x, job.death, f->p * sizeof *job.death);
		f->death_offset = job.death[f->p];
	}
	yg_data_free(job.death);
	return s;
}

static enum yg_status allocate_values(const struct yg_cox_data *d, struct yg_cox_frame *f, struct yg_err *err)
{
	size_t p = d->p, m = f->events;
	int ok = 1;
#define NEED(what, count) ok = ok && ((f->what) = yg_data_alloc((count) + 1, sizeof *(f->what))) != NULL
	f->store = yg_cox_store_new(d, f->centre, f->scale);
	NEED(store->rows, f->slots / 8 * f->store->tile);
	NEED(w, f->slots);
	NEED(beta, p);
	NEED(carry, f->blocks * (1 + p));
	NEED(a, m);
	NEED(b, m);
	NEED(c0, m);
	NEED(c1, m);
	NEED(c2, m);
	NEED(hazard, m);
	if (f->entry_slot) {
		NEED(store->entries, f->entry_slots / 8 * f->store->tile);
		NEED(entry_w, f->entry_slots);
	}
	if (d->spans.weight)
		NEED(weight, f->slots);
	if (d->offset)
		NEED(offset, f->slots);
#undef NEED
	return ok ? YG_OK : yg_survival_no_memory(err);
}

static enum yg_status build(const struct yg_cox_data *d, struct yg_task *task, struct yg_cox_frame *out, struct yg_err *err)
{
	struct yg_cox_frame f = { .p = d->p, .rows = d->spans.n, .repeats = d->repeats };
	struct yg_spans spans = d->spans;
	if (!spans.stratum)
		spans.strata = 1;
	for (size_t i = 0; i < spans.n; i++)
		f.dead_rows += spans.event[i] != 0;
	if (d->offset && spans.n)
		f.offset_mean = yg_sum(d->offset, spans.n) / (double)spans.n;
	enum yg_status s = scale_columns(d, &f, task, err);
	if (s == YG_OK)
		s = yg_cox_place_rows(&spans, &f, task, err);
	if (s == YG_OK && spans.entry)
		s = yg_cox_place_entries(&spans, &f, task, err);
	if (s == YG_OK)
		s = allocate_values(d, &f, err);
	if (s == YG_OK)
		s = fill_values(d, &f, task, err);
	if (s == YG_OK && yg_task_cancelled(task))
		s = YG_CANCELLED;
	if (s == YG_OK)
		*out = f;
	else
		yg_cox_frame_release(&f);
	return s;
}

/* ---- frames kept for the next call ---- */

struct yg_cox_sorted {
	struct yg_cox_data of;         /* the data of the frame */
	bool there;                    /* there is one */
	bool set;                      /* at frame.beta, with these ties; whoever borrows it next may set it anew */
	enum yg_cox_ties ties;
	struct yg_cox_frame frame;
};

struct yg_cox_sorted *yg_cox_sorted_new(void)
{
	return yg_xcalloc(1, sizeof(struct yg_cox_sorted));
}

void yg_cox_sorted_free(struct yg_cox_sorted *sorted)
{
	if (!sorted)
		return;
	sorted->frame.borrowed = false;
	yg_cox_frame_release(&sorted->frame);
	yg_free(sorted);
}

static bool same_data(const struct yg_cox_data *a, const struct yg_cox_data *b)
{
	return a->x == b->x && a->packed == b->packed && a->p == b->p && a->offset == b->offset && a->repeats == b->repeats && a->spans.n == b->spans.n &&
	       a->spans.entry == b->spans.entry && a->spans.exit == b->spans.exit && a->spans.event == b->spans.event &&
	       a->spans.stratum == b->spans.stratum && a->spans.weight == b->spans.weight;
}

enum yg_status yg_cox_frame_build(const struct yg_cox_data *d, struct yg_task *task, struct yg_cox_frame *out,
                                  struct yg_err *err)
{
	struct yg_cox_sorted *sorted = d->sorted;
	if (!sorted || (sorted->there && !same_data(&sorted->of, d)))
		return build(d, task, out, err);
	if (!sorted->there) {
		YG_TRY(build(d, task, &sorted->frame, err));
		sorted->of = *d;
		sorted->there = true;
		sorted->frame.borrowed = true;
	}
	sorted->set = false;
	*out = sorted->frame;
	return YG_OK;
}

enum yg_status yg_cox_frame_at(const struct yg_cox_data *d, const struct yg_cox *fit, struct yg_task *task,
                               struct yg_cox_frame *f, struct yg_err *err)
{
	double loglik;
	if (fit->ties == YG_COX_DISCRETE) {
		yg_fail(err, YG_REFUSED, "E-COX-004", N_("residuals, tests and curves are not available after ties=discrete"));
		yg_err_hint(err, N_("fit the model with ties=efron"));
		return YG_REFUSED;
	}
	struct yg_cox_sorted *sorted = d->sorted;
	bool set = sorted && sorted->set && sorted->ties == fit->ties;
	YG_TRY(yg_cox_frame_build(d, task, f, err));
	double *beta = yg_xalloc(d->p + 1, sizeof *beta);
	for (size_t a = 0; a < d->p; a++)
		beta[a] = fit->beta[a] * f->scale[a];
	enum yg_status s = YG_OK;
	if (!set || !f->borrowed || memcmp(f->beta, beta, d->p * sizeof *beta) != 0)
		s = yg_cox_set(f, beta, fit->ties, task, &loglik, err);
	yg_free(beta);
	if (f->borrowed && s == YG_OK) {
		sorted->set = f->events > 0;
		sorted->ties = fit->ties;
	}
	if (s != YG_OK)
		yg_cox_frame_release(f);
	return s;
}

void yg_cox_frame_release(struct yg_cox_frame *f)
{
	if (f->borrowed) {
		memset(f, 0, sizeof *f);
		return;
	}
	void *all[] = { f->block, f->event, f->event_time, f->event_stratum, f->row, f->event_of, f->entered, f->entry_slot,
		        f->weight, f->offset, f->centre, f->constant, f->beta, f->w, f->entry_w, f->carry, f->a, f->b,
		        f->c0, f->c1, f->c2, f->hazard };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		yg_data_free(all[i]);
	yg_cox_store_free(f->store);
	memset(f, 0, sizeof *f);
}
