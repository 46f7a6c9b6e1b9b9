/* The encoder's scratch and its counting of distinct values. */
#ifndef YOGO_STORE_ENCODE_PRIV_H
#define YOGO_STORE_ENCODE_PRIV_H

#include <zstd.h>

#include "src/store/stream_priv.h"
#include "yogo/store/encode.h"

#define NUMBER_CODES 4096u      /* most entries of a dictionary of doubles; 4 slots each */
#define TALLY_RANGE 65536u      /* values nearer to each other than this are counted in an array */
#define TALLY_SLOTS 16384u      /* others in a table of at most a quarter as many */

struct tally_slot {
	int64_t key;
	uint32_t count;
};
struct yg_encoder {
	int64_t *ints;
	double *number;
	uint32_t room;
	struct stream_range range;  /* of the last values written */
	uint32_t *count;            /* TALLY_RANGE */
	struct tally_slot *table;   /* TALLY_SLOTS */
	struct yg_buf payload;
	struct yg_dict strings;
	ZSTD_CCtx *zstd;
};

/* Count the valid ones of e->ints, all in [low, high], in units of 10^-scale. */
void tally_integers(struct yg_encoder *e, const struct yg_vec *vec, int64_t low, int64_t high, int scale,
                    struct yg_tally *out);
void tally_doubles(struct yg_encoder *e, const struct yg_vec *vec, struct yg_tally *out);

#endif
