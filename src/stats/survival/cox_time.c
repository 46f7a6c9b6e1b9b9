/*
 * Effects that change with time, without cutting rows.
 *
 * At an event time t every row at risk weighs exp(eta_i + psi_i g(t)), so that sums over risk sets cannot be carried
 * from event to event.  But at a frozen g they can; and exp(psi g) is so smooth in g that its values at M Chebyshev nodes
 * decide it everywhere: with |psi - mid| half <= c the error of interpolation is at most
 *     c^M / (2^(M-1) M!) exp(2c) of the term,
 * which M = 15 makes smaller than rounding for c = 1, M = 27 for c = 4 (wider ranges are cut in bands of g).  So each node
 * is swept once as in an ordinary fit, and an event takes its sums from the M nodes by barycentric interpolation
 * (Berrut and Trefethen 2004, SIAM Rev 46:501).  The weights of rows in the information are sums over the events they live
 * through, and go the same way, transposed.  O(M n p + n p^2) an iteration; with fewer events than nodes the events are
 * the nodes.  Functions that are constant by periods are bands with one node each: exact.
 */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sum.h"

#define WIDEST 4.0            /* c of a band */
#define MOST_WIDTH 400.0      /* c in all: beyond it a step of Newton has gone astray */
#define MOST_NODES 40
#define PIECE 32768u          /* slots weighed at a time by a thread */

struct nodes {
	uint32_t event0, event_end;   /* the events that take from them */
	size_t count;
	bool own;                     /* node m is event event0 + m */
	double g[MOST_NODES], side[MOST_NODES];  /* of the smooth clock; barycentric weights */
};
struct sweep {
	struct yg_cox_frame *f;
	struct yg_cox_time *t;
	struct yg_task *task;
	enum yg_cox_ties ties;
	size_t p, k, n;               /* columns, movings, parameters */
	const double *beta;
	double *eta, *z;              /* [slots] at g = 0; [k*slots] column times gamma */
	double *w;                    /* [slots] at the present node */
	double *dead_w;               /* [slots] of the dead at their own time */
	double *s0, *s1, *s1d;        /* [events], [events*p] */
	double *share;                /* [events] sum of side / (g - node): 0 = the node itself */
	double *v[3];                 /* [slots] sums of w a, a g, a g^2 */
	double *reach[3];             /* [events] */
	double mid;                   /* of psi, taken off */
	double half;                  /* half the range of psi */
	double loglik, *u, *info;
	yg_lanes *gram;
	double *product;              /* [p*p] */
	double *rows, *means;         /* [slots*n] weighted score residuals, where wanted; [events*n] means cumulated */
};

/* Index of a moving that drives the smooth clock. */
static size_t driver(const struct yg_cox_time *t)
{
	size_t k = 0;
	while (k + 1 < t->extra && t->step[k])
		k++;
	return k;
}

static double clock_of(const struct yg_cox_time *t, size_t event)
{
	return t->smooth ? t->g[event * t->extra + driver(t)] : 0;
}

/* ---- linear predictors ---- */

static void prepare(struct sweep *w)
{
	struct yg_cox_frame *f = w->f;
	double low = INFINITY, high = -INFINITY;
	yg_tile_eta(f->x, w->p, f->slots / 8, w->beta, f->offset, w->eta);
	for (size_t k = 0; k < w->k; k++)
		for (size_t s = 0; s < f->slots; s++)
			w->z[k * f->slots + s] = f->x[(s / 8 * w->p + w->t->column[k]) * 8 + s % 8] * w->beta[w->p + k];
	for (size_t s = 0; s < f->slots && w->t->smooth; s++) {
		double psi = 0;
		if (f->row[s] == YG_COX_NONE)
			continue;
		for (size_t k = 0; k < w->k; k++)
			psi += w->t->step[k] ? 0 : w->z[k * f->slots + s];
		low = fmin(low, psi);
		high = fmax(high, psi);
	}
	w->mid = low <= high && !w->t->mixed ? 0.5 * (low + high) : 0;
	w->half = low <= high ? 0.5 * (high - low) : 0;
}

/* Linear predictor with the clocks of an event, the smooth one at g. */
static double predictor(const struct sweep *w, size_t slot, size_t event, double g)
{
	const struct yg_cox_time *t = w->t;
	double eta = w->eta[slot] - w->mid * g;
	for (size_t k = 0; k < w->k; k++)
		eta += w->z[k * w->f->slots + slot] * (t->step[k] || t->mixed ? t->g[event * t->extra + k] : g);
	return eta;
}

struct weighing {
	struct sweep *w;
	size_t from, to, event;
	double g;
};

static enum yg_status weigh_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct weighing *job = context;
	struct sweep *w = job->w;
	const struct yg_cox_frame *f = w->f;
	const struct yg_cox_time *t = w->t;
	size_t from = job->from + block * PIECE, to = from + PIECE < job->to ? from + PIECE : job->to;
	(void)worker;
	(void)err;
	for (size_t s = from; s < to; s++)
		w->w[s] = w->eta[s] - w->mid * job->g;
	for (size_t k = 0; k < w->k; k++) {
		const double *z = w->z + k * f->slots;
		double g = t->step[k] || t->mixed ? t->g[job->event * t->extra + k] : job->g;
		for (size_t s = from; s < to; s++)
			w->w[s] += z[s] * g;
	}
	yg_exp_array(w->w + from, w->w + from, to - from);
	for (size_t s = from; s < to; s++)
		w->w[s] = f->row[s] == YG_COX_NONE ? 0 : f->weight ? w->w[s] * f->weight[s] : w->w[s];
	return YG_OK;
}

/* w of the slots [from, to) at a node. */
static enum yg_status weigh(struct sweep *w, size_t from, size_t to, size_t event, double g, struct yg_err *err)
{
	struct weighing job = { w, from, to, event, g };
	if (yg_task_cancelled(w->task))
		return YG_CANCELLED;
	return yg_pool_run(w->task, (to - from + PIECE - 1) / PIECE, weigh_piece, &job, err);
}

/* ---- nodes ---- */

static size_t enough_nodes(double c)
{
	for (size_t m = 4; m < MOST_NODES; m++)
		if (c == 0 || (double)m * yg_log(c) - ((double)m - 1) * 0.69314718055994531 - yg_lgamma((double)m + 1) + 2 * c < -36)
			return m;
	return MOST_NODES;
}

static void place_nodes(const struct sweep *w, struct nodes *n)
{
	double low = INFINITY, high = -INFINITY;
	for (uint32_t j = n->event0; j < n->event_end; j++) {
		low = fmin(low, clock_of(w->t, j));
		high = fmax(high, clock_of(w->t, j));
	}
	n->count = enough_nodes(w->half * 0.5 * (high - low));
	n->own = n->event_end - n->event0 <= n->count;
	if (!w->t->smooth || low == high) {
		n->count = 1;
		n->own = false;
		n->g[0] = low;
		n->side[0] = 1;
		return;
	}
	if (n->own)
		n->count = n->event_end - n->event0;
	for (size_t m = 0; m < n->count; m++) {
		double angle = (2 * (double)m + 1) * 1.5707963267948966 / (double)n->count;
		n->g[m] = n->own ? clock_of(w->t, n->event0 + (uint32_t)m) : 0.5 * (low + high) + 0.5 * (high - low) * yg_cos(angle);
		n->side[m] = (m % 2 ? -1 : 1) * yg_sin(angle);
	}
	for (uint32_t j = n->event0; !n->own && j < n->event_end; j++) {
		double g = clock_of(w->t, j), sum = 0;
		for (size_t m = 0; m < n->count && sum < INFINITY; m++)
			sum = g == n->g[m] ? INFINITY : sum + n->side[m] / (g - n->g[m]);
		w->share[j] = sum;
	}
}

/* How much of node m an event takes. */
static double share_of(const struct sweep *w, const struct nodes *n, uint32_t j, size_t m)
{
	if (n->own)
		return n->event0 + m == j;
	if (n->count == 1)
		return 1;
	double g = clock_of(w->t, j);
	if (!(w->share[j] < INFINITY))
		return g == n->g[m];
	return n->side[m] / (g - n->g[m]) / w->share[j];
}

/* ---- sums over risk sets ---- */

static bool enters_in(const struct yg_cox_frame *f, size_t slot, uint32_t event_end)
{
	return !f->entered || f->entered[slot] < event_end;
}

static void backward(struct sweep *w, const struct nodes *n, size_t m, uint32_t slot_end)
{
	const struct yg_cox_frame *f = w->f;
	size_t p = w->p;
	uint32_t tail = f->event[n->event_end - 1].row_end;
	double *sum = w->product;
	struct yg_running s0 = { 0, 0 };
	memset(sum, 0, p * sizeof *sum);
	if (f->entered)
		for (uint32_t s = tail; s < slot_end; s++)
			w->w[s] = enters_in(f, s, n->event_end) ? w->w[s] : 0;
	for (size_t s = tail; s < slot_end; s = (s / YG_COX_BLOCK + 1) * YG_COX_BLOCK) {
		size_t end = (s / YG_COX_BLOCK + 1) * YG_COX_BLOCK < slot_end ? (s / YG_COX_BLOCK + 1) * YG_COX_BLOCK : slot_end;
		yg_running_add(&s0, yg_tile_sum(w->w, s, end));
		yg_tile_add(f->x, w->w, p, s, end, 1, sum);
	}
	for (uint32_t j = n->event_end; j-- > n->event0; ) {
		const struct yg_cox_event *v = &f->event[j];
		yg_running_add(&s0, yg_tile_sum(w->w, v->row0, v->row_end));
		yg_tile_add(f->x, w->w, p, v->row0, v->row_end, 1, sum);
		for (uint32_t i = v->entry0; i < v->entry_end; i++)
			if (f->entry_slot[i] != YG_COX_NONE) {
				uint32_t s = f->entry_slot[i];
				if (s >= tail && j + 1 == n->event_end)
					continue; /* not taken in above */
				yg_running_add(&s0, -w->w[s]);
				for (size_t a = 0; a < p; a++)
					sum[a] -= w->w[s] * f->x[(s / 8 * p + a) * 8 + s % 8];
			}
		double share = share_of(w, n, j, m);
		if (share == 0)
			continue;
		w->s0[j] += share * yg_running_value(&s0);
		for (size_t a = 0; a < p; a++)
			w->s1[j * p + a] += share * sum[a];
		if (n->own)
			return;
	}
}

/* ---- events ---- */

/* A vector of columns as one of parameters: those that change carry their clock. */
static void spread_out(const struct sweep *w, size_t j, const double *x, double *out)
{
	memcpy(out, x, w->p * sizeof *out);
	for (size_t k = 0; k < w->k; k++)
		out[w->p + k] = x[w->t->column[k]] * w->t->g[j * w->k + k];
}

static void add_squares(double *info, size_t n, const double *x, const double *y, double weight)
{
	for (size_t a = 0; a < n; a++)
		for (size_t b = a; b < n; b++)
			info[a * n + b] -= weight * 0.5 * (x[a] * y[b] + x[b] * y[a]);
}

static double dead_sums(struct sweep *w, uint32_t j, double *s0d, double *x)
{
	const struct yg_cox_frame *f = w->f;
	const struct yg_cox_event *v = &f->event[j];
	size_t p = w->p;
	double weight = 0, g = clock_of(w->t, j);
	*s0d = 0;
	memset(x, 0, p * sizeof *x);
	for (uint32_t s = v->row0; s < v->row0 + v->dead; s++) {
		double times = f->weight ? f->weight[s] : 1, eta = predictor(w, s, j, g);
		w->dead_w[s] = times * yg_exp(eta);
		w->loglik += times * eta;
		*s0d += w->dead_w[s];
		weight += times;
		for (size_t a = 0; a < p; a++) {
			double value = f->x[(s / 8 * p + a) * 8 + s % 8];
			x[a] += times * value;
			w->s1d[j * p + a] += w->dead_w[s] * value;
		}
	}
	return weight;
}

/* Ties, likelihood, slope and the part of means of one event. */
static void at_event(struct sweep *w, uint32_t j, double *work)
{
	struct yg_cox_frame *f = w->f;
	size_t p = w->p, n = w->n;
	double s0d, *x = work, *mean = work + n, *meand = mean + n, a = 0, b = 0, c0 = 0, c1 = 0, c2 = 0;
	double weight = dead_sums(w, j, &s0d, x), dead = f->repeats ? weight : f->event[j].dead, own = dead > 0 ? weight / dead : 0;
	double s0 = w->s0[j] < s0d ? s0d : w->s0[j], steps = w->ties == YG_COX_EFRON ? dead : 1;
	for (double i = 0; i < steps && own > 0; i++) {
		double share = i / dead, left = 1 / (s0 - share * s0d), times = own * dead / steps;
		a += times * left;
		b += times * share * left;
		c0 += times * left * left;
		c1 += times * share * left * left;
		c2 += times * share * share * left * left;
		w->loglik += times * yg_log(left);
	}
	f->a[j] = a;
	f->b[j] = b;
	f->c0[j] = c0;
	f->c1[j] = c1;
	f->c2[j] = c2;
	for (size_t i = 0; i < p; i++)
		x[i] -= a * w->s1[j * p + i] - b * w->s1d[j * p + i];
	spread_out(w, j, w->s1 + j * p, mean);
	spread_out(w, j, w->s1d + j * p, meand);
	add_squares(w->info, n, mean, mean, c0);
	if (c1 != 0) {
		add_squares(w->info, n, mean, meand, -2 * c1);
		add_squares(w->info, n, meand, meand, c2);
	}
	spread_out(w, j, x, mean);
	for (size_t i = 0; i < n; i++)
		w->u[i] += mean[i];
}

/* ---- weights of rows ---- */

static void forward(struct sweep *w, const struct nodes *n, size_t m, uint32_t slot_end)
{
	const struct yg_cox_frame *f = w->f;
	int powers = w->t->smooth && !w->t->mixed ? 3 : 1;
	double sum[3] = { 0 };
	uint32_t e0 = n->own ? n->event0 + (uint32_t)m : n->event0, last = n->own ? e0 : n->event_end - 1;
	for (uint32_t j = e0; j <= last; j++) {
		double part = share_of(w, n, j, m) * f->a[j], g = clock_of(w->t, j);
		for (int k = 0; k < powers; k++, part *= g)
			w->reach[k][j] = sum[k] += part;
	}
	for (uint32_t s = f->event[e0].row0; s < slot_end; s++) {
		if (f->row[s] == YG_COX_NONE || !enters_in(f, s, last + 1))
			continue;
		uint32_t to = f->event_of[s] < last ? f->event_of[s] : last, from = f->entered ? f->entered[s] : 0;
		for (int k = 0; k < powers; k++)
			w->v[k][s] += w->w[s] * (w->reach[k][to] - (from > e0 ? w->reach[k][from - 1] : 0));
	}
}

/* The products of columns under the three weights, put where they belong. */
static void assemble(struct sweep *w, const struct nodes *n, int power)
{
	const struct yg_cox_time *t = w->t;
	size_t p = w->p, all = w->n;
	const double *m = w->product, *g = t->g + (size_t)n->event0 * w->k;
	for (size_t a = 0; a < p && !power; a++)
		for (size_t b = a; b < p; b++)
			w->info[a * all + b] += m[a * p + b];
	for (size_t k = 0; k < w->k; k++) {
		bool still = t->step[k] || t->mixed;
		for (size_t a = 0; a < p && power == (still ? 0 : 1); a++)
			w->info[a * all + p + k] += (still ? g[k] : 1) * m[a * p + t->column[k]];
		for (size_t l = k; l < w->k; l++) {
			bool rests = t->step[l] || t->mixed;
			if (power != (still ? 0 : 1) + (rests ? 0 : 1))
				continue;
			w->info[(p + k) * all + p + l] += (still ? g[k] : 1) * (rests ? g[l] : 1) * m[t->column[k] * p + t->column[l]];
		}
	}
}

static void gram(struct sweep *w, const struct nodes *n, uint32_t slot_end)
{
	const struct yg_cox_frame *f = w->f;
	size_t p = w->p, from = f->event[n->event0].row0 / 8, to = (slot_end + 7) / 8;
	for (uint32_t j = n->event0; j < n->event_end; j++) {
		double g = clock_of(w->t, j);
		for (uint32_t s = f->event[j].row0; s < f->event[j].row0 + f->event[j].dead; s++)
			for (int k = 0; k < 3; k++)
				w->v[k][s] -= f->b[j] * w->dead_w[s] * (k == 0 ? 1 : k == 1 ? g : g * g);
	}
	for (int k = 0; k < (w->t->smooth && !w->t->mixed ? 3 : 1); k++) {
		memset(w->gram, 0, yg_tile_pairs(p) * 16 * sizeof *w->gram);
		memset(w->product, 0, p * p * sizeof *w->product);
		yg_tile_gram(f->x + from * p * 8, w->v[k] + from * 8, p, to - from, w->gram);
		yg_tile_gram_finish(w->gram, p, 1, w->product);
		for (size_t a = 0; a < p; a++)
			for (size_t b = 0; b < a; b++)
				w->product[a * p + b] = w->product[b * p + a];
		assemble(w, n, k);
	}
}

/* ---- score residuals ---- */

static void own_part(struct sweep *w, const struct nodes *n, uint32_t slot_end)
{
	const struct yg_cox_frame *f = w->f;
	const struct yg_cox_time *t = w->t;
	const double *g = t->g + (size_t)n->event0 * w->k;
	for (uint32_t s = f->event[n->event0].row0; s < slot_end; s++) {
		const double *x = f->x + (s / 8 * w->p) * 8 + s % 8;
		double *r = w->rows + (size_t)s * w->n;
		for (size_t a = 0; a < w->p; a++)
			r[a] -= w->v[0][s] * x[8 * a];
		for (size_t k = 0; k < w->k; k++)
			r[w->p + k] -= (t->step[k] || t->mixed ? g[k] * w->v[0][s] : w->v[1][s]) * x[8 * t->column[k]];
	}
}

/* The dead: their covariates less the mean, and what tied deaths take off. */
static void dead_part(struct sweep *w, uint32_t j, double *work)
{
	const struct yg_cox_frame *f = w->f;
	const struct yg_cox_event *v = &f->event[j];
	double weight = f->weight ? yg_tile_sum(f->weight, v->row0, v->row0 + v->dead) : v->dead;
	double *mean = work, *meand = work + w->n, *x = meand + w->n;
	spread_out(w, j, w->s1 + j * w->p, mean);
	spread_out(w, j, w->s1d + j * w->p, meand);
	for (uint32_t s = v->row0; s < v->row0 + v->dead; s++) {
		double times = f->weight ? f->weight[s] : 1, *r = w->rows + (size_t)s * w->n;
		for (size_t a = 0; a < w->p; a++)
			x[a] = f->x[(s / 8 * w->p + a) * 8 + s % 8];
		for (size_t k = 0; k < w->k; k++)
			x[w->p + k] = x[w->t->column[k]] * w->t->g[j * w->k + k];
		for (size_t a = 0; a < w->n && weight > 0; a++) {
			r[a] += times * (x[a] - (f->a[j] * mean[a] - f->b[j] * meand[a]) / weight);
			r[a] -= w->dead_w[s] * (f->c1[j] * mean[a] - f->c2[j] * meand[a]);
		}
	}
}

/* Means cumulated over the events a row lives through, at a node. */
static void mean_part(struct sweep *w, const struct nodes *n, size_t m, uint32_t slot_end, double *work)
{
	const struct yg_cox_frame *f = w->f;
	size_t all = w->n;
	uint32_t e0 = n->own ? n->event0 + (uint32_t)m : n->event0, last = n->own ? e0 : n->event_end - 1;
	double *mean = work, *meand = work + all;
	for (uint32_t j = e0; j <= last; j++) {
		double share = share_of(w, n, j, m), *sum = w->means + (size_t)j * all;
		spread_out(w, j, w->s1 + j * w->p, mean);
		spread_out(w, j, w->s1d + j * w->p, meand);
		for (size_t a = 0; a < all; a++)
			sum[a] = (j > e0 ? sum[a - all] : 0) + share * (f->c0[j] * mean[a] - f->c1[j] * meand[a]);
	}
	for (uint32_t s = f->event[e0].row0; s < slot_end; s++) {
		if (f->row[s] == YG_COX_NONE || !enters_in(f, s, last + 1))
			continue;
		uint32_t to = f->event_of[s] < last ? f->event_of[s] : last, from = f->entered ? f->entered[s] : 0;
		const double *sum = w->means + (size_t)to * all, *before = from > e0 ? w->means + (size_t)(from - 1) * all : NULL;
		double *r = w->rows + (size_t)s * all;
		for (size_t a = 0; a < all; a++)
			r[a] += w->w[s] * (sum[a] - (before ? before[a] : 0));
	}
}

static enum yg_status with_nodes(struct sweep *w, struct nodes *n, uint32_t slot_end, double *work, struct yg_err *err)
{
	const struct yg_cox_frame *f = w->f;
	place_nodes(w, n);
	for (size_t m = 0; m < n->count; m++) {
		uint32_t first = n->own ? n->event0 + (uint32_t)m : n->event0;
		YG_TRY(weigh(w, f->event[first].row0, slot_end, first, n->g[m], err));
		backward(w, n, m, slot_end);
	}
	for (uint32_t j = n->event0; j < n->event_end; j++)
		at_event(w, j, work);
	for (int k = 0; k < 3; k++)
		memset(w->v[k] + f->event[n->event0].row0 / 8 * 8, 0,
		       ((slot_end + 7) / 8 - f->event[n->event0].row0 / 8) * 8 * sizeof(double));
	for (size_t m = 0; m < n->count; m++) {
		uint32_t first = n->own ? n->event0 + (uint32_t)m : n->event0;
		if (n->count > 1 || f->entered)
			YG_TRY(weigh(w, f->event[first].row0, slot_end, first, n->g[m], err));
		forward(w, n, m, slot_end);
		if (w->rows)
			mean_part(w, n, m, slot_end, work);
	}
	gram(w, n, slot_end);
	if (w->rows) {
		own_part(w, n, slot_end);
		for (uint32_t j = n->event0; j < n->event_end; j++)
			dead_part(w, j, work);
	}
	return YG_OK;
}

/* A band in parts of limited width of psi times g; clocks run one way. */
static enum yg_status with_band(struct sweep *w, const struct yg_cox_band *b, double *work, struct yg_err *err)
{
	double from = clock_of(w->t, b->event0), range = fabs(clock_of(w->t, b->event_end - 1) - from);
	double width = w->half * 0.5 * range;
	struct nodes n = { .event0 = b->event0 };
	if (!(width < MOST_WIDTH)) {
		w->loglik = NAN;
		return YG_OK;
	}
	double parts = width > WIDEST && !w->t->mixed ? ceil(width / WIDEST) : 1;
	for (double k = 1; k <= parts && n.event0 < b->event_end; k++) {
		n.event_end = n.event0;
		while (n.event_end < b->event_end &&
		       (k == parts || fabs(clock_of(w->t, n.event_end) - from) <= k / parts * range))
			n.event_end++;
		if (n.event_end > n.event0)
			YG_TRY(with_nodes(w, &n, b->slot_end, work, err));
		n.event0 = n.event_end;
	}
	return YG_OK;
}

/* rows: [slots*n] zeros that become weighted score residuals, or NULL. */
static enum yg_status evaluate(struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta, struct yg_task *task,
                               double *loglik, double *u, double *info, double *rows, struct yg_err *err)
{
	struct yg_cox_time *t = f->time;
	size_t p = f->p, k = t->extra, n = p + k, slots = f->slots + 8, m = f->events + 1;
	struct sweep w = { .f = f, .t = t, .task = task, .ties = ties, .p = p, .k = k, .n = n, .beta = beta, .u = u, .info = info,
		           .rows = rows };
	memset(u, 0, n * sizeof *u);
	memset(info, 0, n * n * sizeof *info);
	YG_TRY(yg_cox_widen(f, task, err));
	double *v = yg_data_calloc((6 + k) * slots + (5 + 2 * p) * m + p * p + p + 3 * n + 1, sizeof *v), *space = v;
	w.gram = yg_data_calloc(yg_tile_pairs(p) * 16 + 1, sizeof *w.gram);
	w.means = rows ? yg_data_alloc(m * n + 1, sizeof *w.means) : NULL;
	enum yg_status s = v && w.gram && (w.means || !rows) ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK) {
		w.eta = v, v += slots;
		w.w = v, v += slots;
		w.dead_w = v, v += slots;
		for (int i = 0; i < 3; i++) {
			w.v[i] = v, v += slots;
			w.reach[i] = v, v += m;
		}
		w.z = v, v += k * slots;
		w.s0 = v, v += m;
		w.share = v, v += m;
		w.s1 = v, v += m * p;
		w.s1d = v, v += m * p;
		w.product = v, v += p * p + p;
		prepare(&w);
	}
	for (size_t i = 0; s == YG_OK && i < t->bands; i++)
		s = with_band(&w, &t->band[i], v, err);
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < a; b++)
			info[a * n + b] = info[b * n + a];
	*loglik = w.loglik;
	yg_data_free(space);
	yg_data_free(w.gram);
	yg_data_free(w.means);
	return s;
}

enum yg_status yg_cox_time_evaluate(struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta, struct yg_task *task,
                                    double *loglik, double *u, double *info, struct yg_err *err)
{
	return evaluate(f, ties, beta, task, loglik, u, info, NULL, err);
}

/* Squares of rows, or of their sums by cluster; a row that stands for several is divided among them. */
static void square_rows(const struct yg_cox_data *d, const struct yg_cox_frame *f, const double *rows, double *sums, double *meat)
{
	size_t n = yg_cox_width(f);
	bool clusters = d->spans.cluster != NULL;
	for (size_t s = 0; s < f->slots; s++) {
		const double *r = rows + s * n;
		double times = f->repeats && f->weight ? f->weight[s] : 1;
		if (f->row[s] == YG_COX_NONE || !(times > 0))
			continue;
		if (clusters)
			for (size_t a = 0; a < n; a++)
				sums[d->spans.cluster[f->row[s]] * n + a] += r[a];
		else
			add_squares(meat, n, r, r, -1 / times);
	}
	for (size_t c = 0; clusters && c < d->spans.clusters; c++)
		add_squares(meat, n, sums + c * n, sums + c * n, -1);
	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < a; b++)
			meat[a * n + b] = meat[b * n + a];
}

enum yg_status yg_cox_time_meat(const struct yg_cox_data *d, struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta,
                                struct yg_task *task, double *meat, struct yg_err *err)
{
	size_t n = yg_cox_width(f), clusters = d->spans.cluster ? d->spans.clusters : 0;
	double *rows = yg_data_calloc(f->slots * n + 1, sizeof *rows), *sums = yg_data_calloc(clusters * n + n * n + n + 1, sizeof *sums);
	double loglik;
	enum yg_status s = rows && sums ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK)
		s = evaluate(f, ties, beta, task, &loglik, sums, sums + n, rows, err);
	if (s == YG_OK) {
		memset(sums, 0, (clusters * n + n * n + n) * sizeof *sums);
		memset(meat, 0, n * n * sizeof *meat);
		square_rows(d, f, rows, sums, meat);
	}
	yg_data_free(rows);
	yg_data_free(sums);
	return s;
}
