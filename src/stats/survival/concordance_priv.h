/*
 * The parts of a concordance.
 *
 * A row outlives the first k of its stratum's event times that count; k is its station.  A row whose own event counts
 * stands at the number of that event time and can be told from a row censored there (which outlives it).  So a row is at
 * risk after event e of its stratum when entered <= e < station, and nothing but whole numbers is left of time.
 *
 * Rows are then visited from the lowest score to the highest (reverse: the other way), each asking how many events it
 * outlived were met already, each event how many at risk after it were: sums over stations in three layers of sixteen.
 */
#ifndef YOGO_STATS_CONCORDANCE_PRIV_H
#define YOGO_STATS_CONCORDANCE_PRIV_H

#include "yogo/stats/concordance.h"

#define YG_PAIRS_DIGIT 12u   /* bits of a station that one sweep tells apart */
#define YG_PAIRS_SPAN ((size_t)1 << YG_PAIRS_DIGIT)

/* Rows of one stratum, neighbours by score, that are swept by one worker; ties in score are never parted. */
struct yg_pairs_piece {
	size_t stratum, from, to;
	size_t state;             /* where in the states those of the rows before it begin, or SIZE_MAX: it is the first */
};

struct yg_pairs {
	const struct yg_spans *d;
	const double *x;
	const struct yg_concordance_options *o;
	size_t n, strata, cells;
	size_t *stratum_start;    /* [strata+1] rows */
	/* by time: event times that count, strata one after the other */
	size_t *cell_start;       /* [strata+1] */
	double *dead;             /* [cells] weights of its events, times pair_weight */
	double *pair_weight;      /* [cells], NULL = all 1 */
	double *left;             /* [cells+strata] weights of the rows of a station, less those that entered at it */
	double *risk;             /* [cells] weights of those at risk after it */
	double *met;              /* [cells+strata] dead before a station */
	double tied;              /* pairs of events at one time */
	struct yg_pairs_days *days;   /* counts of each day, NULL = not made, or the times are no days */
	/* by row: station << 1 | event */
	uint32_t *station;        /* [n] */
	uint32_t *entered;        /* [n], NULL without entry; the lowest bit 0 */
	/* by place, strata one after the other, in each by score; items: the row, with entry also its entry */
	unsigned late;            /* 1 with entry: two items a place */
	uint32_t *order;          /* [n] place -> row */
	uint32_t *code;           /* [n << late] station << 1 | event */
	uint32_t *run;            /* [n] the first place of the same score */
	double *weight;           /* [n], NULL = all 1 */
	struct yg_pairs_piece *piece;
	size_t pieces;
	double *state;            /* dead and rows of each station, of a piece and then of those before it */
	unsigned shift;           /* of the first sweep: its stations are station >> shift */
	/* Of an item: what it met twice, once before and once after its ties: events outlived less at risk after it. */
	double *half;             /* [n << late] */
	double below, until;      /* at risk after an event with a lower score; with the same or a lower one */
	double same;              /* pairs of events at one time with one score */
};

static inline size_t yg_pairs_span(const struct yg_pairs *q, size_t stratum, unsigned shift)
{
	return ((q->cell_start[stratum + 1] - q->cell_start[stratum]) >> shift) + 1;
}

/* Event times, and stations of the rows unless these are in order of score already. */
enum yg_status yg_pairs_times(struct yg_pairs *q, struct yg_task *task, struct yg_err *err) YG_MUST_USE;
void yg_pairs_days_free(struct yg_pairs_days *days);
/* The sweeps: half, below, until, same. */
enum yg_status yg_pairs_count(struct yg_pairs *q, struct yg_task *task, struct yg_err *err) YG_MUST_USE;

#endif
