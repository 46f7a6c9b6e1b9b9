/*
 * Concordance of rows that all weigh 1: the rows at risk are bits in the order of their scores, and the number with a
 * lower score is a count of bits.  A million rows are 125 kB of bits and stay in cache, where the tree of sums of
 * concordance.c does not.
 */
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/concordance_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/lanes.h"

#define BLOCK_BITS 9u  /* 8 words under a count */
#define GROUP_BITS 15u /* 64 such counts under another */

struct bits {
	uint64_t *word;
	uint16_t *block;
	uint32_t *group;
	size_t words, total;
};

static int bits_init(struct bits *b, size_t n)
{
	size_t groups = (n >> GROUP_BITS) + 1;
	b->words = groups << (GROUP_BITS - 6);
	b->total = 0;
	b->word = yg_data_calloc(b->words, sizeof *b->word);
	b->block = yg_data_calloc(groups << (GROUP_BITS - BLOCK_BITS), sizeof *b->block);
	b->group = yg_data_calloc(groups, sizeof *b->group);
	return b->word && b->block && b->group;
}

static void bits_release(struct bits *b)
{
	yg_data_free(b->word);
	yg_data_free(b->block);
	yg_data_free(b->group);
}

YG_INLINE void bits_set(struct bits *b, uint32_t i)
{
	b->word[i >> 6] ^= (uint64_t)1 << (i & 63);
	b->block[i >> BLOCK_BITS]++;
	b->group[i >> GROUP_BITS]++;
	b->total++;
}

YG_INLINE void bits_clear(struct bits *b, uint32_t i)
{
	b->word[i >> 6] ^= (uint64_t)1 << (i & 63);
	b->block[i >> BLOCK_BITS]--;
	b->group[i >> GROUP_BITS]--;
	b->total--;
}

YG_INLINE bool bits_test(const struct bits *b, uint32_t i)
{
	return b->word[i >> 6] >> (i & 63) & 1;
}

/* How many are set below i. */
YG_INLINE size_t bits_below(const struct bits *b, uint32_t i)
{
	uint32_t sum = 0;
	for (uint32_t g = 0; g < i >> GROUP_BITS; g++)
		sum += b->group[g];
	for (uint32_t k = i >> GROUP_BITS << (GROUP_BITS - BLOCK_BITS); k < i >> BLOCK_BITS; k++)
		sum += b->block[k];
	for (uint32_t w = i >> BLOCK_BITS << (BLOCK_BITS - 6); w < i >> 6; w++)
		sum += (uint32_t)__builtin_popcountll(b->word[w]);
	return sum + (uint32_t)__builtin_popcountll(b->word[i >> 6] & (((uint64_t)1 << (i & 63)) - 1));
}

/* At risk with a lower score than the row at place k, and with the same. */
YG_INLINE void look(const struct bits *b, const struct yg_pairs *q, size_t k, double *less, double *equal)
{
	uint32_t from = q->equal0[k], to = q->equal1[k];
	size_t below = bits_below(b, from);
	*less = (double)below;
	*equal = to - from == 1 ? bits_test(b, from) : (double)(bits_below(b, to) - below);
}

static void forget(struct bits *b, const uint32_t *bit, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bits_test(b, bit[i]))
			bits_clear(b, bit[i]);
}

/* Backward: each event against those at risk after it. */
YG_CLONES
static void events_sweep(const struct yg_pairs *q, struct bits *b, size_t from, size_t to, double *count)
{
	size_t e = to;
	for (size_t i = to; i > from; ) {
		double t = q->exit[i - 1], dead = 0;
		size_t dead_end, first = yg_pairs_tied(q, from, i, &dead_end);
		for (size_t k = dead_end; k < i; k++)
			bits_set(b, q->bit[k]);
		for (; q->entry_order && e > from && q->entry[q->entry_order[e - 1]] >= t; e--)
			bits_clear(b, q->bit[q->entry_order[e - 1]]);
		for (size_t k = first; k < dead_end; k++) {
			double u = q->pair_weight[k], less, equal, *same = &q->same[q->rank[k]];
			look(b, q, k, &less, &equal);
			double more = (double)b->total - less - equal;
			q->top[0][k] = u * (more + 0.5 * equal);
			q->pairs[0][k] = u * (double)b->total;
			count[0] += u * more;
			count[1] += u * less;
			count[2] += u * equal;
			count[3] += u * (dead - *same);
			count[4] += u * *same;
			*same += 1;
			dead += 1;
		}
		for (size_t k = first; k < dead_end; k++) {
			q->same[q->rank[k]] = 0;
			bits_set(b, q->bit[k]);
		}
		i = first;
	}
	forget(b, q->bit + from, to - from);
}

YG_INLINE void look_back(const struct yg_pairs *q, const struct bits *b, size_t k, double sign)
{
	double less, equal;
	look(b, q, k, &less, &equal);
	q->top[1][k] += sign * (less + 0.5 * equal);
	q->pairs[1][k] += sign * (double)b->total;
}

/* Forward: each row against the events that came while it was at risk. */
YG_CLONES
static void others_sweep(const struct yg_pairs *q, struct bits *b, size_t from, size_t to)
{
	size_t e = from;
	for (size_t i = from; i < to; ) {
		double t = q->exit[i];
		size_t end = i, dead_end;
		while (end < to && q->exit[end] == t)
			end++;
		for (dead_end = i; dead_end < end && q->event[dead_end]; dead_end++)
			;
		for (; q->entry_order && e < to && q->entry[q->entry_order[e]] < t; e++)
			look_back(q, b, q->entry_order[e], -1);
		for (size_t k = i; k < dead_end; k++)
			look_back(q, b, k, 1);
		for (size_t k = i; k < dead_end; k++)
			if (q->pair_weight[k] > 0)
				bits_set(b, q->bit[k]);
		for (size_t k = dead_end; k < end; k++)
			look_back(q, b, k, 1);
		i = end;
	}
	forget(b, q->bit + from, to - from);
}

enum yg_status yg_concordance_count(struct yg_pairs *q, size_t block, struct yg_err *err)
{
	struct bits b;
	enum yg_status s = bits_init(&b, q->n) ? YG_OK : yg_survival_no_memory(err);
	for (size_t k = 0; s == YG_OK && k < (q->d->stratum ? q->d->strata : 1); k++) {
		if (block)
			others_sweep(q, &b, q->stratum_start[k], q->stratum_start[k + 1]);
		else
			events_sweep(q, &b, q->stratum_start[k], q->stratum_start[k + 1], q->count);
	}
	bits_release(&b);
	return s;
}
