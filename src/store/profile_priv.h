/* Profiles of columns while a file is written. */
#ifndef YOGO_STORE_PROFILE_PRIV_H
#define YOGO_STORE_PROFILE_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "yogo/store/dataset.h"
#include "yogo/store/dict.h"
#include "yogo/store/encode.h"

#define COUNTS_MAX 65536u        /* distinct values counted one by one */
#define DISTINCT_MAX 1000000u    /* distinct values told apart at all */

/* Distinct values of a column with counts, as long as they are few. */
struct counts_slot {
	int64_t key;
	uint64_t count;            /* 0 = free */
};
struct counts {
	bool wide;
	uint32_t n;
	size_t slots;
	struct counts_slot *slot;
};
void counts_release(struct counts *c);
void counts_add(struct counts *c, const struct yg_tally *tally);
/* The profile from counts that are complete.  number: keys are bits of doubles. */
void profile_from_counts(const struct counts *c, enum yg_type type, struct yg_profile *out, struct yg_arena *arena);
/* A level column: count per dictionary code. */
void profile_from_levels(const struct yg_dict *dict, const uint64_t *count, struct yg_profile *out,
                         struct yg_arena *arena);

/* A column with many distinct values, block by block in order; out->n, minimum and maximum are known. */
struct wide_profile {
	struct yg_profile *out;
	double width;              /* of a bin; 0 = no histogram */
	uint64_t *set;             /* open addressing, 0 = free */
	size_t slots;              /* twice as many as there can be values */
	double *value;             /* of one block, the valid ones */
	uint32_t distinct;
	bool zero;                 /* 0 was seen */
	uint64_t n;
	double mean, squares;      /* running, combined block by block (Chan, Golub and LeVeque 1979) */
};
bool wide_begin(struct wide_profile *w, struct yg_profile *out, bool zoned, double minimum, double maximum);
void wide_add(struct wide_profile *w, const struct yg_vec *vec);
void wide_end(struct wide_profile *w);

#endif
