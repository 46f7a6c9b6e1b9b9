/* Concordance: see yogo/stats/concordance.h, and concordance_priv.h for the way it is counted. */
#include "yogo/stats/concordance.h"

#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/concordance_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/sort.h"

#define PIECE_ROWS ((size_t)1 << 16)
#define MOST_PIECES ((size_t)16)
#define BLOCK 4096u

/* ---- rows by score ---- */

static enum yg_status count_strata(struct yg_pairs *q, struct yg_err *err)
{
	const struct yg_spans *d = q->d;
	q->stratum_start = yg_data_calloc(q->strata + 1, sizeof *q->stratum_start);
	if (!q->stratum_start)
		return yg_survival_no_memory(err);
	for (size_t i = 0; d->stratum && i < q->n; i++)
		q->stratum_start[d->stratum[i] + 1]++;
	for (size_t s = 0; d->stratum && s < q->strata; s++)
		q->stratum_start[s + 1] += q->stratum_start[s];
	q->stratum_start[q->strata] = q->n;
	return YG_OK;
}

/* From one order of all rows to one of each stratum. */
static enum yg_status part_strata(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	size_t n = q->n;
	uint32_t *space = yg_data_alloc(5 * n + 1, sizeof *space), *start = yg_data_alloc(q->strata + 1, sizeof *start);
	uint32_t *group = space, *place = space + n, *order = place + n, *code = order + n, *run = code + n;
	for (size_t k = 0; space && k < n; k++)
		group[k] = (uint32_t)q->d->stratum[q->order[k]];
	enum yg_status s = space && start ? yg_sort_groups(group, q->strata, n, task, place, start, err) : yg_survival_no_memory(err);
	for (size_t k = 0; s == YG_OK && k < n; k++) {
		size_t old = place[k];
		order[k] = q->order[old];
		code[k] = q->code[old];
		run[k] = k && group[old] == group[place[k - 1]] && q->run[old] == q->run[place[k - 1]] ? run[k - 1] : (uint32_t)k;
	}
	if (s == YG_OK) {
		memcpy(q->order, order, n * sizeof *order);
		memcpy(q->code, code, n * sizeof *code);
		memcpy(q->run, run, n * sizeof *run);
	}
	yg_data_free(space);
	yg_data_free(start);
	return s;
}

/* A second item of each place: its entry. */
static enum yg_status add_entries(struct yg_pairs *q, struct yg_err *err)
{
	uint32_t *both = yg_data_alloc(2 * q->n + 1, sizeof *both);
	if (!both)
		return yg_survival_no_memory(err);
	for (size_t k = 0; k < q->n; k++) {
		both[2 * k] = q->code[k];
		both[2 * k + 1] = q->entered[q->order[k]];
	}
	yg_data_free(q->code);
	q->code = both;
	return YG_OK;
}

/* Rows by stratum and score, with their stations. */
static enum yg_status order_scores(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	q->order = yg_data_alloc(q->n + 1, sizeof *q->order);
	q->code = yg_data_alloc(q->n + 1, sizeof *q->code);
	q->run = yg_data_alloc(q->n + 1, sizeof *q->run);
	if (!q->order || !q->code || !q->run)
		return yg_survival_no_memory(err);
	YG_TRY(yg_sort_carry(q->x, q->station, q->n, q->o->reverse, task, q->order, q->code, q->run, err));
	yg_data_free(q->station);
	q->station = NULL;
	if (q->strata > 1)
		YG_TRY(part_strata(q, task, err));
	return q->late ? add_entries(q, err) : YG_OK;
}

/* Each stratum in pieces that depend on its size only; a piece ends where the score changes. */
static enum yg_status cut_pieces(struct yg_pairs *q, struct yg_err *err)
{
	size_t most = q->strata + q->n / PIECE_ROWS, states = 0;
	q->piece = yg_data_alloc(most + 1, sizeof *q->piece);
	if (!q->piece)
		return yg_survival_no_memory(err);
	for (size_t s = 0; s < q->strata; s++) {
		size_t from = q->stratum_start[s], to = q->stratum_start[s + 1], rows = to - from, span = yg_pairs_span(q, s, q->shift);
		size_t pieces = rows / PIECE_ROWS < 1 ? 1 : rows / PIECE_ROWS > MOST_PIECES ? MOST_PIECES : rows / PIECE_ROWS;
		for (size_t k = 1, end; from < to; k++, from = end) {
			end = k < pieces ? q->stratum_start[s] + k * rows / pieces : to;
			if (end <= from)
				end = from + 1;
			while (end < to && q->run[end] != end)
				end++;
			q->piece[q->pieces++] = (struct yg_pairs_piece){ s, from, end, pieces > 1 ? states : SIZE_MAX };
			states += pieces > 1 ? 2 * span : 0;
		}
	}
	q->state = yg_data_calloc(states + 1, sizeof *q->state);
	return q->state ? YG_OK : yg_survival_no_memory(err);
}

/* The weights of a piece; when it has a state, what it brings to the pieces after it. */
static enum yg_status fill_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct yg_pairs *q = context;
	const struct yg_pairs_piece *piece = &q->piece[block];
	double *dead = piece->state == SIZE_MAX ? NULL : q->state + piece->state;
	double *rows = dead ? dead + yg_pairs_span(q, piece->stratum, q->shift) : NULL;
	const double *u = q->pair_weight ? q->pair_weight + q->cell_start[piece->stratum] : NULL;
	(void)worker;
	(void)err;
	for (size_t k = piece->from; q->weight && k < piece->to; k++)
		q->weight[k] = q->d->weight[q->order[k]];
	for (size_t k = piece->from; dead && k < piece->to; k++) {
		uint32_t code = q->code[k << q->late];
		double w = q->weight ? q->weight[k] : 1;
		const double brought[2] = { 0, u ? w * u[code >> 1] : w };   /* who has an event is not foreseen: no branch */
		rows[code >> 1 >> q->shift] += w;
		dead[code >> 1 >> q->shift] += brought[code & 1];
		if (q->late)
			rows[q->code[2 * k + 1] >> 1 >> q->shift] -= w;
	}
	return YG_OK;
}

/* From what each piece brings to what those before it have brought. */
static void sum_states(struct yg_pairs *q)
{
	for (size_t p = q->pieces; p-- > 0; ) {
		struct yg_pairs_piece *piece = &q->piece[p];
		if (piece->state != SIZE_MAX)
			piece->state = p && q->piece[p - 1].stratum == piece->stratum ? q->piece[p - 1].state : SIZE_MAX;
	}
	for (size_t p = 1; p < q->pieces; p++) {
		const struct yg_pairs_piece *piece = &q->piece[p], *before = &q->piece[p - 1];
		size_t length = 2 * yg_pairs_span(q, piece->stratum, q->shift);
		for (size_t k = 0; piece->state != SIZE_MAX && before->state != SIZE_MAX && k < length; k++)
			q->state[piece->state + k] += q->state[before->state + k];
	}
}

static enum yg_status place_rows(struct yg_pairs *q, struct yg_task *task, struct yg_err *err)
{
	size_t most = 0;
	q->shift = 0;
	for (size_t s = 0; s < q->strata; s++)
		most = yg_pairs_span(q, s, 0) > most ? yg_pairs_span(q, s, 0) : most;
	while ((most - 1) >> q->shift >= YG_PAIRS_SPAN)
		q->shift += YG_PAIRS_DIGIT;
	if (!q->order)
		YG_TRY(order_scores(q, task, err));
	YG_TRY(cut_pieces(q, err));
	q->weight = q->d->weight ? yg_data_alloc(q->n + 1, sizeof *q->weight) : NULL;
	if (q->d->weight && !q->weight)
		return yg_survival_no_memory(err);
	YG_TRY(yg_pool_run(task, q->pieces, fill_piece, q, err));
	sum_states(q);
	yg_data_free(q->entered);
	q->entered = NULL;
	q->half = yg_data_alloc((q->n << q->late) + 1, sizeof *q->half);
	return q->half ? YG_OK : yg_survival_no_memory(err);
}

/* ---- the sum ---- */

struct finishing {
	struct yg_pairs *q;
	double c, pairs;
	double *influence;        /* by row, or NULL */
	double *square;           /* [blocks] */
};

/* What row at place k adds to C, into half; squares of a block. */
static enum yg_status finish_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct finishing *f = context;
	struct yg_pairs *q = f->q;
	size_t from = block * BLOCK, to = from + BLOCK < q->n ? from + BLOCK : q->n, s = 0;
	double square = 0;
	(void)worker;
	(void)err;
	for (size_t low = 0, high = q->strata; high - low > 1; ) { /* the stratum of the first row */
		size_t middle = low + (high - low) / 2;
		*(q->stratum_start[middle] <= from ? &low : &high) = middle;
		s = low;
	}
	for (size_t k = from; k < to; k++) {
		while (k >= q->stratum_start[s + 1])
			s++;
		size_t item = k << q->late, cell = q->cell_start[s] + (q->code[item] >> 1);
		double top = q->half[item], below = q->met[cell + s];
		if (q->late) {
			top -= q->half[item + 1];
			below -= q->met[q->cell_start[s] + s + (q->code[item + 1] >> 1)];
		}
		top *= 0.5;
		const double own[2] = { 0, q->pair_weight ? q->pair_weight[cell] * q->risk[cell] : q->risk[cell] };
		top += own[q->code[item] & 1];
		below += own[q->code[item] & 1];
		double part = (q->weight ? q->weight[k] : 1) * (top - f->c * below) / f->pairs;
		if (f->influence)
			f->influence[q->order[k]] = part;
		square += part * part;
	}
	f->square[block] = square;
	return YG_OK;
}

static enum yg_status clusters(const struct yg_spans *d, const double *influence, double *square, struct yg_err *err)
{
	double *sum = yg_data_calloc(d->clusters + 1, sizeof *sum);
	if (!sum)
		return yg_survival_no_memory(err);
	for (size_t i = 0; i < d->n; i++)
		sum[d->cluster[i]] += influence[i];
	*square = 0;
	for (size_t c = 0; c < d->clusters; c++)
		*square += sum[c] * sum[c];
	yg_data_free(sum);
	return YG_OK;
}

static enum yg_status finish(struct yg_pairs *q, struct yg_task *task, struct yg_concordance *out, double *influence,
                             struct yg_err *err)
{
	const struct yg_spans *d = q->d;
	double pairs = 0, square = 0, *own = NULL;
	for (size_t c = 0; c < q->cells; c++)
		pairs += q->dead[c] * q->risk[c];
	*out = (struct yg_concordance){ .concordant = pairs - q->until, .discordant = q->below, .tied_x = q->until - q->below,
		                        .tied_y = q->tied - q->same, .tied_xy = q->same, .c = NAN, .se = NAN };
	if (!(pairs > 0))
		return YG_OK;
	out->c = (out->concordant + 0.5 * out->tied_x) / pairs;
	size_t blocks = (q->n + BLOCK - 1) / BLOCK;
	struct finishing f = { q, out->c, pairs, influence, yg_data_alloc(blocks + 1, sizeof(double)) };
	if (d->cluster && !influence)
		f.influence = own = yg_data_alloc(q->n + 1, sizeof *own);
	enum yg_status s = f.square && (!d->cluster || f.influence) ? yg_pool_run(task, blocks, finish_block, &f, err) :
	                                                              yg_survival_no_memory(err);
	for (size_t b = 0; s == YG_OK && b < blocks; b++)
		square += f.square[b];
	if (s == YG_OK && d->cluster)
		s = clusters(d, f.influence, &square, err);
	if (s == YG_OK)
		out->se = sqrt(square);
	yg_data_free(own);
	yg_data_free(f.square);
	return s;
}

/* ---- several of the same scores ---- */

static void drop(struct yg_pairs *q, bool order)
{
	void *all[] = { q->cell_start, q->dead, q->pair_weight, q->left, q->risk, q->met, q->station, q->entered, q->weight, q->piece,
		        q->state, q->half };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		yg_data_free(all[i]);
	q->cell_start = NULL;
	q->dead = q->pair_weight = q->left = q->risk = q->met = q->weight = q->state = q->half = NULL;
	q->station = q->entered = NULL;
	q->piece = NULL;
	q->cells = q->pieces = 0;
	q->tied = q->below = q->until = q->same = 0;
	if (!order)
		return;
	yg_data_free(q->order);
	yg_data_free(q->code);
	yg_data_free(q->run);
	q->order = q->code = q->run = NULL;
	yg_pairs_days_free(q->days);
	q->days = NULL;
}

/* Of the event times of a stratum only the first count now: its rows stand at the last of these, or before it. */
static void limit_stations(struct yg_pairs *q, const size_t *old_start)
{
	for (size_t s = 0; s < q->strata; s++) {
		uint32_t cells = (uint32_t)(q->cell_start[s + 1] - q->cell_start[s]);
		if (cells == old_start[s + 1] - old_start[s])
			continue;
		for (size_t i = q->stratum_start[s] << q->late; i < q->stratum_start[s + 1] << q->late; i++)
			if (q->code[i] >> 1 >= cells)
				q->code[i] = cells << 1;
	}
}

/* The order of the scores serves the next concordance when it counts no event that this one does not. */
static bool next_serves(const struct yg_concordance_options *o, const struct yg_concordance_options *next)
{
	return o->reverse == next->reverse && (isnan(o->until) || next->until <= o->until);
}

static enum yg_status fit_one(struct yg_pairs *q, const struct yg_concordance_options *o, struct yg_task *task,
                              struct yg_concordance *out, double *influence, struct yg_err *err)
{
	size_t *old_start = q->cell_start;
	q->cell_start = NULL;
	drop(q, q->order && !next_serves(q->o, o));
	q->o = o;
	enum yg_status s = yg_pairs_times(q, task, err);
	if (s == YG_OK && q->order)
		limit_stations(q, old_start);
	yg_data_free(old_start);
	if (s == YG_OK)
		s = place_rows(q, task, err);
	if (s == YG_OK)
		s = yg_pairs_count(q, task, err);
	return s == YG_OK ? finish(q, task, out, influence, err) : s;
}

enum yg_status yg_concordance_fits(const struct yg_spans *d, const double *x, const struct yg_concordance_options *options,
                                   size_t count, struct yg_task *task, struct yg_concordance *out, double *influence,
                                   struct yg_err *err)
{
	struct yg_pairs q = { .d = d, .x = x, .n = d->n, .strata = d->stratum ? d->strata : 1, .late = d->entry != NULL };
	for (size_t k = 0; k < count; k++)
		if (d->entry && (options[k].weight == YG_CONCORDANCE_S_G || options[k].weight == YG_CONCORDANCE_N_G2))
			return yg_fail(err, YG_REFUSED, "E-COX-006",
			               N_("a concordance weighted by the censoring curve is not defined for late entries"));
	if (d->n > INT32_MAX)
		return yg_fail(err, YG_ELIMIT, "E-LIM-012", N_("a concordance takes at most 2,147,483,647 rows"));
	enum yg_status s = count_strata(&q, err);
	for (size_t k = 0; s == YG_OK && k < count; k++)
		s = fit_one(&q, &options[k], task, &out[k], k ? NULL : influence, err);
	drop(&q, true);
	yg_data_free(q.stratum_start);
	return s;
}

enum yg_status yg_concordance_fit(const struct yg_spans *d, const double *x, const struct yg_concordance_options *options,
                                  struct yg_task *task, struct yg_concordance *out, double *influence, struct yg_err *err)
{
	return yg_concordance_fits(d, x, options, 1, task, out, influence, err);
}
