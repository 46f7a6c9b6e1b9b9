/*
 * The sorted frame of a Cox model and the sweeps over it, shared by fitting and what comes after.
 *
 * Rows that were at risk at some event sit in slots in the order (stratum, exit, events first).  Slots are cut in
 * blocks that begin with an event time and on a tile (8 slots); the end of a block is padded with slots of weight 0.
 * Covariates are kept in tiles of eight slots, in as few bytes as the data's (struct yg_cox_store), and read a window of
 * tiles at a time as doubles x: column a of slot s is x[(s / 8 * p + a) * 8 + s % 8], standardised.  With late entries a
 * second set of slots holds the rows by (stratum, entry), in the same blocks.
 *
 * Event j (a distinct stratum and event time): its dead are slots [row0, row0 + dead); rows that leave from then until
 * the next event of the stratum [row0, row_end); rows that enter from its time until the next event
 * [entry0, entry_end).  At risk: all row ranges from j to the stratum's last event, less the entry ranges.
 */
#ifndef YOGO_STATS_COX_PRIV_H
#define YOGO_STATS_COX_PRIV_H

#include "yogo/num/lanes.h"
#include "yogo/stats/cox.h"

#define YG_COX_BLOCK 4096u
#define YG_COX_PARTS 64u      /* blocks are summed in at most this many parts, the parts by a tree */
#define YG_COX_NONE UINT32_MAX
#define YG_COX_WINDOW 32u     /* tiles read at a time: they stay in the first cache */
#define YG_COX_WINDOW_SLOTS (8 * YG_COX_WINDOW)

/*
 * A tile has its fields, each a column, one after the other: eight doubles (standardised), then of shorts and bytes, as
 * they lie in struct yg_packed, eight first bytes, eight second bytes ...  Their standardised value is
 * (number - shift) * factor.
 */
struct yg_cox_store {
	size_t p, doubles, shorts, tile;   /* tile: bytes */
	uint32_t *column;                  /* [p] the column of each field */
	double *shift, *factor;            /* [p] of each field */
	unsigned char *rows, *entries;     /* tiles of the slots; of the entry slots, or NULL */
	double *wide, *wide_entries;       /* all of it as doubles, after yg_cox_widen */
};
struct yg_cox_frame;
/* Without tiles. */
struct yg_cox_store *yg_cox_store_new(const struct yg_cox_data *d, const double *centre, const double *scale);
void yg_cox_store_free(struct yg_cox_store *k);
void yg_cox_store_tile(const struct yg_cox_store *k, const struct yg_cox_data *d, const uint32_t *row, unsigned char *tile);
/* Tiles of the slots [slot, slot + slots), both multiples of 8; space[slots*p] may be used for them. */
const double *yg_cox_window(const struct yg_cox_store *k, size_t slot, size_t slots, double *space);
const double *yg_cox_entry_window(const struct yg_cox_store *k, size_t slot, size_t slots, double *space);
/* How many slots from slot on a window has, of a block that ends at end. */
static inline size_t yg_cox_window_slots(size_t slot, size_t end)
{
	return end - slot < YG_COX_WINDOW_SLOTS ? end - slot : YG_COX_WINDOW_SLOTS;
}
/* x[p] of one slot. */
void yg_cox_slot(const struct yg_cox_store *k, size_t slot, double *x);
/* Make f->x and f->entry_x, for sweeps that read slots in an order of their own or very often. */
enum yg_status yg_cox_widen(struct yg_cox_frame *f, struct yg_task *task, struct yg_err *err) YG_MUST_USE;

struct yg_cox_event {
	uint32_t row0, row_end, dead, entry0, entry_end;
	uint32_t first : 1, last : 1;  /* of its stratum */
};
struct yg_cox_block {
	uint32_t event0, event_end, slot0, slot_end, rows, entry0, entry_end, entries;
};
struct yg_cox_frame {
	size_t p, slots, entry_slots, events, blocks, parts;
	uint64_t rows, dead_rows;      /* of the data; with an event */
	struct yg_cox_block *block;
	struct yg_cox_event *event;
	double *event_time;            /* [events] */
	int32_t *event_stratum;        /* [events] */
	uint32_t *row;                 /* [slots] row of the data, YG_COX_NONE at pads */
	uint32_t *event_of;            /* [slots] the last event <= exit */
	uint32_t *entered;             /* [slots] 1 + the last event <= entry, 0 = none; NULL without late entries */
	uint32_t *entry_slot;          /* [entry_slots] slot of the row, YG_COX_NONE at pads */
	double *weight, *offset;       /* [slots] or NULL; offset less offset_mean */
	struct yg_cox_store *store;
	const double *x, *entry_x;     /* tiles in doubles, after yg_cox_widen; else NULL */
	double *centre, *scale;        /* [p] */
	uint8_t *constant;             /* [p] */
	double *death_x;               /* [p] weighted sum of x over the dead */
	double death_offset, offset_mean;
	double *beta;                  /* [p] the present coefficients */
	double *w, *entry_w;           /* [slots] weight times exp(eta) at them */
	double *carry;                 /* [blocks*(1+p)] sums over the risk set that later blocks bring */
	/* Of each event at the present coefficients, with m the mean weight of the dead, den_k = S0 - k/d S0d (Efron)
	   or S0 (Breslow): a = m sum 1/den, b = m sum (k/d)/den, c0, c1, c2 = m sum 1, k/d, (k/d)^2 over den^2. */
	double *a, *b, *c0, *c1, *c2, *hazard; /* hazard: a cumulated within the stratum */
	bool repeats;                  /* weights count repeats of a row: d dead are their sum, each of weight 1 */
	/* What yg_cox_evaluate maximises beside the partial likelihood. */
	bool borrowed;                 /* the arrays belong to a struct yg_cox_sorted */
	bool firth;
	const double *ridge;           /* [p] of standardised columns, or NULL */
	const uint8_t *absent;         /* [p] columns that are not in the model; NULL = none */
	struct yg_cox_time *time;      /* effects that change with time, or NULL */
};
enum yg_status yg_cox_frame_build(const struct yg_cox_data *d, struct yg_task *task, struct yg_cox_frame *out,
                                  struct yg_err *err) YG_MUST_USE;
void yg_cox_frame_release(struct yg_cox_frame *f);
/* The parts of building that sort: events, blocks, row, event_of; then, with late entries, entered and entry_slot. */
enum yg_status yg_cox_place_rows(const struct yg_spans *d, struct yg_cox_frame *f, struct yg_task *task,
                                 struct yg_err *err) YG_MUST_USE;
enum yg_status yg_cox_place_entries(const struct yg_spans *d, struct yg_cox_frame *f, struct yg_task *task,
                                    struct yg_err *err) YG_MUST_USE;
/* The frame of a fit's data, set at its coefficients, for what comes after a fit: to be read, not set elsewhere. */
enum yg_status yg_cox_frame_at(const struct yg_cox_data *d, const struct yg_cox *fit, struct yg_task *task,
                               struct yg_cox_frame *f, struct yg_err *err) YG_MUST_USE;

/* Set the coefficients (of standardised columns): w, carry, a ... hazard and the log likelihood (NaN on overflow). */
enum yg_status yg_cox_set(struct yg_cox_frame *f, const double *beta, enum yg_cox_ties ties, struct yg_task *task,
                          double *loglik, struct yg_err *err) YG_MUST_USE;
/*
 * Score u[p] and information info[p*p] of standardised columns at the coefficients set; g NULL or [events]
 * multiplies each event's part.
 */
enum yg_status yg_cox_derivatives(const struct yg_cox_frame *f, const double *g, struct yg_task *task, double *u,
                                  double *info, struct yg_err *err) YG_MUST_USE;
/* Run fn once for each part, with the blocks [from, to) of the part. */
typedef enum yg_status yg_cox_part_fn(void *context, size_t part, size_t from, size_t to, struct yg_err *err);
enum yg_status yg_cox_parts(const struct yg_cox_frame *f, struct yg_task *task, yg_cox_part_fn *fn, void *context,
                            struct yg_err *err) YG_MUST_USE;

/*
 * Backward over the events of a block: sums over the risk set S1 = sum w x and over the dead S1d.  Windows are taken from
 * the last of the block to its first, and in each the events of which it has the first row:
 *     yg_cox_walk_open(&w, block);  while (yg_cox_walk_back(&w)) ... w.event, w.s1, w.s1d
 * or, where the caller reads the windows itself, yg_cox_walk_window and yg_cox_walk_next in the place of yg_cox_walk_back.
 */
struct yg_cox_view {
	const double *x, *weight;      /* of the window */
	double *space, *turned;        /* its tiles; its rows of w x, made when turn is set */
	size_t slot, slots;
	bool turn;
};
struct yg_cox_walk {
	const struct yg_cox_frame *f;
	const struct yg_cox_block *block;
	size_t stride;                 /* p to whole vectors */
	double *s1, *s1d;              /* [stride] at the event; s1d 0 unless several died */
	uint32_t event, next;          /* next: the one after the event to come */
	struct yg_cox_view rows, entries;
};
void yg_cox_walk_open(struct yg_cox_walk *w, size_t block);
bool yg_cox_walk_back(struct yg_cox_walk *w);                /* false = the block is done */
void yg_cox_walk_window(struct yg_cox_walk *w, const double *x, size_t slot, size_t slots);
bool yg_cox_walk_next(struct yg_cox_walk *w);                /* false = the window is done */
int yg_cox_walk_init(struct yg_cox_walk *w, const struct yg_cox_frame *f);   /* 0 = no memory */
void yg_cox_walk_release(struct yg_cox_walk *w);

/* What is kept of each event for residuals, curves and tests (standardised columns). */
struct yg_cox_profile {
	double *s1, *s1d;              /* [events*p] */
	double *k;                     /* [events*p] sum over events so far in the stratum of c0 s1 - c1 s1d */
};
enum yg_status yg_cox_profile_build(const struct yg_cox_frame *f, struct yg_task *task, struct yg_cox_profile *out,
                                    struct yg_err *err) YG_MUST_USE;
void yg_cox_profile_release(struct yg_cox_profile *q);
/* Sum over rows (clusters) of squares of weighted score residuals, meat[p*p], standardised columns. */
enum yg_status yg_cox_meat(const struct yg_cox_data *d, const struct yg_cox_frame *f, struct yg_task *task, double *meat,
                           struct yg_err *err) YG_MUST_USE;
/* mean[p] of an event: average over its tied dead of the weighted mean of the risk set. */
void yg_cox_event_mean(const struct yg_cox_frame *f, const struct yg_cox_profile *q, uint32_t j, double *mean);
/* Score residuals of standardised columns, not weighted, a window of slots at a time, in the order of a block. */
struct yg_cox_scores {
	const struct yg_cox_frame *f;
	const struct yg_cox_profile *q;
	double *out, *space;           /* windows */
	double *own, *risk;            /* [window] what multiplies a slot's x, and with_risk */
	double *mean, *with_risk, *alone; /* [p] of an event */
	uint32_t at;                   /* the event in which the next window begins */
};
int yg_cox_scores_init(struct yg_cox_scores *w, const struct yg_cox_frame *f, const struct yg_cox_profile *q); /* 0 = no memory */
void yg_cox_scores_release(struct yg_cox_scores *w);
/* Tiles of the slots, pads 0; good until the next call. */
const double *yg_cox_scores_window(struct yg_cox_scores *w, const struct yg_cox_block *b, size_t slot, size_t slots);
/* Expected events of a slot, without its case weight: e (H(exit) - H(entry) - tied part). */
double yg_cox_expected(const struct yg_cox_frame *f, uint32_t slot);

/* Tiles. */
void yg_tile_eta(const double *x, size_t p, size_t tiles, const double *beta, const double *offset, double *out);
double yg_tile_sum(const double *w, size_t from, size_t to);
/* out[a] += sign * sum over slots [from, to) of w x; whole tiles of w are read. */
void yg_tile_add(const double *x, const double *w, size_t p, size_t from, size_t to, double sign, double *out);
/* Rows of w x, one a slot, each of yg_tile_stride(p) columns, those past p not to be read; sums of some; rows made tiles. */
static inline size_t yg_tile_stride(size_t p)
{
	return (p + 7) / 8 * 8;
}
void yg_tile_turn(const double *x, const double *w, size_t p, size_t tiles, double *rows);
void yg_turned_add(const double *rows, size_t stride, size_t n, double sign, double *out);
void yg_turned_tiles(const double *rows, size_t p, size_t tiles, double *x);
/* Cross products X' V X: acc has yg_tile_pairs(p) * 16 lanes, upper triangle in squares of 4 by 4. */
size_t yg_tile_pairs(size_t p);
void yg_tile_gram(const double *x, const double *v, size_t p, size_t tiles, yg_lanes *acc);
void yg_tile_gram_finish(const yg_lanes *acc, size_t p, double sign, double *out);

/* Exact partial likelihood of tied events at the w that yg_cox_set left; u and info as yg_cox_derivatives.  Reads f->x, as
   yg_cox_marginal and yg_cox_firth do. */
enum yg_status yg_cox_exact(const struct yg_cox_frame *f, struct yg_task *task, double *loglik, double *u, double *info,
                            struct yg_err *err) YG_MUST_USE;

/* The marginal likelihood of tied events at the w that yg_cox_set(YG_COX_BRESLOW) left; loglik comes with the sum of eta
   over the dead.  Changes a ... hazard. */
enum yg_status yg_cox_marginal(struct yg_cox_frame *f, struct yg_task *task, double *loglik, double *u, double *info,
                               struct yg_err *err) YG_MUST_USE;

/* Firth's penalty at what yg_cox_set(ties) and yg_cox_derivatives left: loglik gains log|info|/2 (of the columns as they
   came), u its slope. */
enum yg_status yg_cox_firth(const struct yg_cox_frame *f, enum yg_cox_ties ties, struct yg_task *task, double *loglik,
                            double *u, const double *info, struct yg_err *err) YG_MUST_USE;

/* Effects that change with time: parameter p + k is that of column[k] times g[k] of the time. */
struct yg_cox_band {
	uint32_t event0, event_end, slot_end;  /* events of one stratum; the end of its slots */
};
struct yg_cox_time {
	size_t extra;
	size_t *column;                /* [extra] */
	uint8_t *step;                 /* [extra] constant within a band */
	bool smooth, mixed;            /* some change all the time; by different clocks */
	double *g;                     /* [events*extra] (value - centre) / spread */
	double *centre, *spread;       /* [extra] */
	struct yg_cox_band *band;
	size_t bands;
	void *space;
};
/* centred: g about its mean over the events. */
enum yg_status yg_cox_time_build(const struct yg_cox_data *d, const struct yg_cox_frame *f, bool centred,
                                 struct yg_task *task, struct yg_cox_time *out, struct yg_err *err) YG_MUST_USE;
void yg_cox_time_release(struct yg_cox_time *t);
/* Log likelihood, slope and information of the p + extra parameters. */
enum yg_status yg_cox_time_evaluate(struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta, struct yg_task *task,
                                    double *loglik, double *u, double *info, struct yg_err *err) YG_MUST_USE;
/* Sum over rows (clusters) of squares of weighted score residuals of the parameters at beta. */
enum yg_status yg_cox_time_meat(const struct yg_cox_data *d, struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta,
                                struct yg_task *task, double *meat, struct yg_err *err) YG_MUST_USE;
static inline size_t yg_cox_width(const struct yg_cox_frame *f)
{
	return f->p + (f->time ? f->time->extra : 0);
}
/* The standardised coefficient is this times the one of the column as it came. */
static inline double yg_cox_scale(const struct yg_cox_frame *f, size_t a)
{
	return a < f->p ? f->scale[a] : f->scale[f->time->column[a - f->p]] * f->time->spread[a - f->p];
}

/* Newton from beta[p] (standardised) over the columns with held[a] = 0; what it found at the last point. */
struct yg_cox_newton {
	double *beta, *u, *info, *step, *work;  /* [p], [p*p] */
	uint8_t *held, *infinite;
	double loglik;
	int iterations;
	enum yg_cox_stop stop;
};
int yg_cox_newton_init(struct yg_cox_newton *n, size_t p);   /* 0 = no memory */
void yg_cox_newton_release(struct yg_cox_newton *n);
enum yg_status yg_cox_evaluate(struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta, struct yg_task *task,
                               double *loglik, double *u, double *info, struct yg_err *err) YG_MUST_USE;
/* n->beta, loglik, u and info are set at the start. */
enum yg_status yg_cox_newton_run(struct yg_cox_newton *n, struct yg_cox_frame *f, enum yg_cox_ties ties, int most,
                                 struct yg_task *task, struct yg_err *err) YG_MUST_USE;

#endif
