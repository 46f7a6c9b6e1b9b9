/*
 * Probabilities, time spent and hazards at one time with their infinitesimal jackknife.
 *
 * A person in state h at risk at time t_k changes p by w (p_h / Y_h) [(e_j - e_h) if moving to j, less the mean of that over
 * everybody at risk].  What a change v at t_k makes of p(t) is v T_{k+1} ... T_last, of the time spent v W_k with
 * W_k = sum of the intervals times those products; both come from one pass backward.  Summed over the times a row is at risk,
 * the means are differences of cumulative sums, so that a row costs as much as a vector.
 */
#include "yogo/stats/multistate.h"

#include <math.h>
#include <string.h>

#include "multistate_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

#define BLOCK 4096u
#define MOST_MOVES (YG_MOST_STATES * YG_MOST_STATES)
#define MOST_WIDTH (2 * YG_MOST_STATES + MOST_MOVES)

struct reach {
	const struct yg_multistate_data *d;
	const struct yg_multistate *f;
	const struct yg_multistate_curve *c;
	size_t group, last;          /* times up to the one asked */
	double t;
	int16_t move[MOST_MOVES];
	size_t width;                /* 2 states: probability, time spent */
	double *later;               /* [last * states * width]: row h = what one person put into h at the time becomes */
	double *mean;                /* [(last + 1) * states * width] cumulative */
	double *hazard;              /* [(last + 1) * transitions] cumulative dA / Y */
	double *part;                /* [blocks * 2 * MOST_WIDTH] sums of squares and, behind, counts */
};

/* later[k]: T_{k+1} later[k + 1] plus the interval after t_k on the diagonal of the second half. */
static void backward(struct reach *r)
{
	size_t s = r->d->states, w = r->width, moves = r->d->transitions;
	for (size_t k = r->last; k-- > 0;) {
		double *now = r->later + k * s * w, next = k + 1 < r->last ? r->c->time[k + 1] : r->t;
		if (k + 1 == r->last) {
			memset(now, 0, s * w * sizeof *now);
			for (size_t h = 0; h < s; h++)
				now[h * w + h] = 1;
		} else {
			const double *after = now + s * w, *rate = r->c->rate + (k + 1) * moves;
			memcpy(now, after, s * w * sizeof *now);
			for (size_t m = 0; m < moves; m++) {
				size_t h = r->d->transition[m].from, j = r->d->transition[m].to;
				for (size_t q = 0; rate[m] > 0 && q < w; q++)
					now[h * w + q] += rate[m] * (after[j * w + q] - after[h * w + q]);
			}
		}
		for (size_t h = 0; h < s; h++)
			now[h * w + s + h] += next - r->c->time[k];
	}
}

static double before(const struct reach *r, size_t k, size_t h)
{
	return k ? r->c->p[(k - 1) * r->d->states + h] : h == 0;
}

static double per_person(const struct reach *r, size_t k, size_t h)
{
	double y = r->c->n_risk[k * r->d->states + h];
	return y > 0 ? before(r, k, h) / y : 0;
}

/* What a move m at time k adds to a person's derivative, one unit of weight. */
static void moved(const struct reach *r, size_t k, size_t m, double *out)
{
	size_t s = r->d->states, w = r->width, h = r->d->transition[m].from, j = r->d->transition[m].to;
	const double *later = r->later + k * s * w;
	double share = per_person(r, k, h);
	for (size_t q = 0; q < w; q++)
		out[q] = share * (later[j * w + q] - later[h * w + q]);
}

static void cumulate(struct reach *r)
{
	size_t s = r->d->states, w = r->width, moves = r->d->transitions;
	double put[2 * YG_MOST_STATES];
	memset(r->mean, 0, s * w * sizeof *r->mean);
	memset(r->hazard, 0, moves * sizeof *r->hazard);
	for (size_t k = 0; k < r->last; k++) {
		double *mean = r->mean + (k + 1) * s * w, *hazard = r->hazard + (k + 1) * moves;
		const double *rate = r->c->rate + k * moves;
		memcpy(mean, mean - s * w, s * w * sizeof *mean);
		memcpy(hazard, hazard - moves, moves * sizeof *hazard);
		for (size_t m = 0; m < moves; m++) {
			size_t h = r->d->transition[m].from;
			if (!(rate[m] > 0))
				continue;
			moved(r, k, m, put);
			for (size_t q = 0; q < w; q++)
				mean[h * w + q] += rate[m] * put[q];
			hazard[m] += rate[m] / r->c->n_risk[k * s + h];
		}
	}
}

/* One row's part of its person's derivative. */
static void add_row(const struct reach *r, size_t i, double *sum)
{
	const struct yg_multistate_data *d = r->d;
	size_t s = d->states, w = r->width, h = d->from[i], moves = d->transitions;
	size_t in = r->f->entry_index[i], out = r->f->exit_index[i];
	double weight = d->weight ? d->weight[i] : 1, put[2 * YG_MOST_STATES];
	bool moves_here = d->to[i] != h && out <= r->last && out > in;
	out = out < r->last ? out : r->last;
	if (in >= out)
		return;
	const double *a = r->mean + in * s * w + h * w, *b = r->mean + out * s * w + h * w;
	for (size_t q = 0; q < w; q++)
		sum[q] -= weight * (b[q] - a[q]);
	for (size_t m = 0; m < moves; m++)
		if (d->transition[m].from == h)
			sum[w + m] -= weight * (r->hazard[out * moves + m] - r->hazard[in * moves + m]);
	if (!moves_here || !(weight > 0))
		return;
	size_t m = (size_t)r->move[h * YG_MOST_STATES + d->to[i]];
	moved(r, out - 1, m, put);
	for (size_t q = 0; q < w; q++)
		sum[q] += weight * put[q];
	sum[w + m] += weight / r->c->n_risk[(out - 1) * s + h];
}

/* Persons whose first row lies in the block. */
static enum yg_status block(void *context, size_t b, unsigned worker, struct yg_err *err)
{
	struct reach *r = context;
	const struct yg_multistate_data *d = r->d;
	size_t i = b * BLOCK, end = i + BLOCK < d->n ? i + BLOCK : d->n, all = r->width + d->transitions;
	double *square = r->part + b * 2 * MOST_WIDTH, *count = square + MOST_WIDTH, sum[MOST_WIDTH];
	(void)worker;
	(void)err;
	while (i && i < d->n && d->person[i] == d->person[i - 1])
		i++;
	while (i < end) {
		uint32_t person = d->person[i];
		memset(sum, 0, all * sizeof *sum);
		for (; i < d->n && d->person[i] == person; i++) {
			if (d->group && (size_t)d->group[i] != r->group)
				continue;
			add_row(r, i, sum);
			count[d->from[i]] += (!d->entry || d->entry[i] < r->t) && d->exit[i] >= r->t;
		}
		for (size_t q = 0; q < all; q++)
			square[q] += sum[q] * sum[q];
	}
	return YG_OK;
}

static void values(const struct reach *r, struct yg_multistate_at *out)
{
	size_t s = r->d->states, moves = r->d->transitions;
	double from = 0;
	for (size_t k = 0; k <= r->last; k++) {
		double to = k < r->last ? r->c->time[k] : r->t;
		for (size_t h = 0; h < s && to > from; h++)
			out->spent[h] += (to - from) * before(r, k, h);
		from = to > from ? to : from;
	}
	for (size_t h = 0; h < s; h++)
		out->p[h] = before(r, r->last, h);
	for (size_t m = 0; r->last && m < moves; m++)
		out->hazard[m] = r->c->hazard[(r->last - 1) * moves + m];
}

enum yg_status yg_multistate_at(const struct yg_multistate_data *d, const struct yg_multistate *f, size_t group, double t,
                                struct yg_task *task, struct yg_multistate_at *out, struct yg_err *err)
{
	struct reach r = { .d = d, .f = f, .c = &f->curve[group], .group = group, .t = t, .width = 2 * (size_t)d->states };
	size_t blocks = (d->n + BLOCK - 1) / BLOCK, cells = d->states * r.width;
	memset(out, 0, sizeof *out);
	while (r.last < r.c->m && r.c->time[r.last] <= t)
		r.last++;
	yg_multistate_moves(d, r.move);
	r.later = yg_data_alloc(r.last * cells + 1, sizeof(double));
	r.mean = yg_data_alloc((r.last + 1) * cells + 1, sizeof(double));
	r.hazard = yg_data_alloc((r.last + 1) * d->transitions + 1, sizeof(double));
	r.part = yg_data_calloc(blocks * 2 * MOST_WIDTH + 1, sizeof(double));
	enum yg_status s = r.later && r.mean && r.hazard && r.part ? YG_OK : yg_multistate_no_memory(err);
	if (s == YG_OK) {
		backward(&r);
		cumulate(&r);
		s = yg_pool_run(task, blocks, block, &r, err);
	}
	if (s == YG_OK) {
		double total[2 * MOST_WIDTH] = { 0 };
		for (size_t b = 0; b < blocks; b++)
			for (size_t q = 0; q < 2 * MOST_WIDTH; q++)
				total[q] += r.part[b * 2 * MOST_WIDTH + q];
		values(&r, out);
		for (size_t h = 0; h < d->states; h++) {
			out->se[h] = sqrt(total[h]);
			out->spent_se[h] = sqrt(total[d->states + h]);
			out->at_risk[h] = (uint64_t)total[MOST_WIDTH + h];
		}
		for (size_t m = 0; m < d->transitions; m++)
			out->hazard_se[m] = sqrt(total[r.width + m]);
	}
	yg_data_free(r.later);
	yg_data_free(r.mean);
	yg_data_free(r.hazard);
	yg_data_free(r.part);
	return s;
}
