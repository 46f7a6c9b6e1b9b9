/* The sorted data of a concordance, shared by its two ways of counting. */
#ifndef YOGO_STATS_CONCORDANCE_PRIV_H
#define YOGO_STATS_CONCORDANCE_PRIV_H

#include "yogo/stats/concordance.h"

/* Sums by rank: 64 leaves under each node. */
#define YG_RANKS_DEEPEST 6
struct yg_ranks {
	double *level[YG_RANKS_DEEPEST];   /* level[0] the leaves */
	size_t size[YG_RANKS_DEEPEST];
	int levels;
	double total;
};

/* All arrays but order are by place in the order (stratum, exit, events first). */
struct yg_pairs {
	const struct yg_spans *d;
	size_t n, ranks;
	uint32_t *order;          /* place -> row */
	uint32_t *entry_order;    /* places by (stratum, entry); NULL without entry */
	double *exit, *entry, *weight; /* weight NULL = all 1 */
	uint8_t *event;
	uint32_t *rank;
	double *pair_weight;      /* weight of the pairs of an event at its time; 0 = does not count */
	size_t *stratum_start;    /* [strata+1] in both orders */
	double *top[2], *pairs[2];/* parts of numerator and of pairs, from each sweep */
	double count[5];
	struct yg_ranks tree[2];
	double *same;             /* [ranks] dead of the present time by rank */
	uint32_t *bit, *equal0, *equal1; /* of each place, when rows are counted: its bit, and those of its rank */
};

/* Places [first, i) of from..i have one time, the events among them [first, *dead_end); returns first. */
static inline size_t yg_pairs_tied(const struct yg_pairs *q, size_t from, size_t i, size_t *dead_end)
{
	size_t first = i - 1, end;

	while (first > from && q->exit[first - 1] == q->exit[i - 1])
		first--;
	for (end = first; end < i && q->event[end]; end++)
		;
	*dead_end = end;
	return first;
}

/*
 * Rows of weight 1 whose pairs weigh 0 or 1: counted in a bitmap instead of summed in a tree.  The same numbers, bit for
 * bit (whole numbers below 2^53), in a third of the time.  block 0 sweeps backward over the events, 1 forward.
 */
enum yg_status yg_concordance_count(struct yg_pairs *q, size_t block, struct yg_err *err) YG_MUST_USE;

#endif
