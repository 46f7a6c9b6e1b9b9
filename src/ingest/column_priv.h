/* One column of one block, made from its fields tile by tile. */
#ifndef YOGO_INGEST_COLUMN_PRIV_H
#define YOGO_INGEST_COLUMN_PRIV_H

#include "src/ingest/csv_priv.h"
#include "src/ingest/infer_priv.h"
#include "yogo/store/dict.h"
#include "yogo/store/vec.h"

/* Strings of at most 16 bytes met before: the last eight, the first eight of longer ones. */
struct column_cache_slot {
	uint64_t last, first;
	uint32_t n, code;         /* + 1, 0 = free */
};
#define COLUMN_CACHE 256u

/*
 * type: what is tried; text begins as level and turns into text beyond INFER_LEVELS_MAX strings.
 * An inferred column whose value does not fit is `failed`: its looks go on being collected, and the
 * block is made again with a wider type.  A declared column reports a fault of the row.
 */
struct column {
	const struct yg_field *declared;  /* NULL = inferred */
	enum yg_type type;
	bool failed;
	bool long_fields;         /* most numbers are of more than eight characters */
	bool wide_text;           /* text, and known not to be a level column */
	struct looks looks;
	uint32_t n;               /* rows so far */
	void *value;              /* YG_BLOCK_ROWS of 8 bytes, and 3 for quick ways that fill up a step of four */
	uint64_t *valid;
	uint8_t *reason, *precision;
	bool any_reason, any_precision, any_missing;
	struct yg_dict dict;      /* level */
	struct column_cache_slot cache[COLUMN_CACHE];
	struct yg_buf text;       /* text: the bytes; value holds the offsets */
	struct yg_buf scratch;
	struct yg_buf odd;        /* by code: 1 = not a declared level */
};
enum yg_status column_init(struct column *c, struct yg_err *err);
void column_release(struct column *c);
/* Make ready for a block.  type 0 = not known yet; looks: those of earlier blocks. */
void column_begin(struct column *c, const struct yg_field *declared, enum yg_type type, bool wide_text,
                  struct looks looks);

struct column_fault {
	uint32_t row;             /* in the tile */
	enum csv_fault fault;
};
/* Append the fields of a tile.  faults: room for one a row; returns how many. */
uint32_t column_add(struct column *c, const struct csv_tile *t, uint32_t column, bool marks,
                    struct column_fault *fault);
/* The block as a vec that borrows from c.  levels wanted as text: spread first. */
void column_vec(const struct column *c, struct yg_vec *out);
void column_to_text(struct column *c);

#endif
