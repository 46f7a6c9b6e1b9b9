/*
 * One block of one column to bytes: a light encoding chosen for the block, then zstd where it pays.
 * Pure: safe to run on the pool, the same bytes on any number of threads.
 */
#ifndef YOGO_STORE_ENCODE_H
#define YOGO_STORE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/hash.h"
#include "yogo/base/status.h"
#include "yogo/store/dict.h"
#include "yogo/store/vec.h"

/* How the values of a block are stored; the names are shown to people. */
enum yg_encoding {
	YG_ENCODING_CONSTANT = 1,
	YG_ENCODING_PACKED,       /* frame of reference, bit-packed */
	YG_ENCODING_DELTA,
	YG_ENCODING_RUNS,
	YG_ENCODING_DECIMAL,      /* number = integer / 10^scale, exactly */
	YG_ENCODING_BITS,         /* number by the bits of the double */
	YG_ENCODING_DICTIONARY,
	YG_ENCODING_TEXT,
	YG_ENCODING_COUNT
};
const char *yg_encoding_name(enum yg_encoding e);

/* Scratch of one worker. */
struct yg_encoder;
struct yg_encoder *yg_encoder_new(void);
void yg_encoder_free(struct yg_encoder *e);

/* Distinct values of a block with their counts, for the profile; wide = too many to list. */
struct yg_tally {
	bool wide;
	uint32_t n;
	int64_t *key;    /* integer, date, instant, flag; level: code; number: the bits of the double */
	uint32_t *count;
};

/*
 * An encoded block.  A level block stores its own codes (positions in local, the strings of the
 * block in order of first row); the writer fills in what they are in the column's dictionary.
 */
struct yg_encoded {
	struct yg_buf bytes;
	enum yg_type type;
	uint32_t rows, missing;
	enum yg_encoding encoding;
	bool zoned;              /* minimum and maximum hold (levels get theirs from the writer) */
	double minimum, maximum;
	struct yg_digest leaf;
	struct yg_buf local;     /* level: le32 length and bytes of each string */
	uint32_t locals;
	struct yg_tally tally;
};
void yg_encoded_init(struct yg_encoded *block);
void yg_encoded_release(struct yg_encoded *block);

struct yg_encode_options {
	int level;               /* zstd level, 0 = 1 (text: 3), negative = never */
	bool tally;              /* count distinct values */
	bool no_digest;          /* staging files: leaves are left zero */
};
/*
 * vec: level columns hold codes of local (an invalid row's code is ignored); other types ignore local.
 * Numbers are stored canonically: -0 becomes 0, every NaN the same.  YG_ELIMIT, YG_ENOMEM.
 */
enum yg_status yg_block_encode(struct yg_encoder *e, const struct yg_vec *vec, const struct yg_dict *local,
                               const struct yg_encode_options *options, struct yg_encoded *out,
                               struct yg_err *err) YG_MUST_USE;

/*
 * The reverse.  bytes[n] as stored; level codes are mapped through position[positions] (dictionary
 * code to level position).  *out points into space.  YG_EDAMAGED without a place: the caller adds it.
 */
enum yg_status yg_block_decode(const void *bytes, size_t n, enum yg_type type, uint32_t rows,
                               const int32_t *position, size_t positions, struct yg_vec_space *space,
                               struct yg_vec *out, struct yg_err *err) YG_MUST_USE;

#endif
