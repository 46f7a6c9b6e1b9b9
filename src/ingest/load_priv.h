/*
 * One delimited file -> blocks in a writer.
 *
 * The text is cut into blocks of 65,536 rows.  Blocks are a stream over the pool: whoever is free
 * reads the next one's text, then parses and encodes it; blocks are written in order.  Types come
 * from every row: a block that meets a value wider than its column's type is made again, and at the
 * end blocks of another type than the column's last are made again in a second pass over the file.
 * What a block holds, and where it lies in the file, never depends on how many threads there are:
 * the type tried first is that of the file's first rows and of the blocks LOAD_DEPTH or more before.
 */
#ifndef YOGO_INGEST_LOAD_PRIV_H
#define YOGO_INGEST_LOAD_PRIV_H

#include <stdatomic.h>

#include "src/ingest/bytes_priv.h"
#include "src/ingest/column_priv.h"
#include "yogo/base/pool.h"
#include "yogo/store/encode.h"
#include "yogo/store/writer.h"

struct bad_row {
	uint64_t record, line;      /* from 0 */
	uint32_t column;            /* UINT32_MAX = the whole row */
	enum csv_fault fault;
};
#define BAD_ROWS_MAX 1000000u

struct load_column {
	const char *name;
	const struct yg_field *declared;
	struct looks looks;
	bool wide_text;             /* more than INFER_LEVELS_MAX strings */
	enum yg_type type;          /* the final one, after load_file() */
	size_t out;                 /* number in the writer */
	uint8_t *block_type;
	uint32_t blocks, cap;
};

struct load {
	/* Given. */
	const char *path, *encoding;
	char delimiter;
	const struct yg_manifest_table *const *declared; /* tables of the manifest that this file feeds */
	size_t declares;
	const char *target;         /* where the writer writes (or would) */
	const char *table;
	bool refuse;
	bool may_be_empty;          /* one table of several may have no row */
	int level;
	bool digest;                /* leaves wanted: the writer's file is the last one */

	/* Found. */
	const char *file;           /* for messages */
	struct yg_arena arena;
	struct load_column *column;
	uint32_t columns;
	bool marks;                 /* quotes tell text from numbers */
	uint64_t rows, lines_before;
	uint64_t *skip;             /* records left out */
	size_t skips;
	struct bad_row *bad;        /* the refused among them */
	size_t bads, bad_cap;
	uint64_t blank_lines;
	struct yg_writer *writer;
	size_t writer_table, source_row;
	struct yg_digest source;
	uint64_t source_bytes;
	const char *found_encoding;
};
void load_init(struct load *l);
void load_release(struct load *l);
enum yg_status load_file(struct load *l, struct yg_task *task, struct yg_err *err);

/* --- between the files of the loader --- */

#define CHUNK_PIECE (512u << 10)   /* read at once: at most 8 blocks of empty lines, and 12 that were held back */
#define CHUNK_BLOCKS 32u
/* Text that ends with its last block, but for the beginning of the next chunk's first one. */
struct chunk {
	char *memory;               /* CSV_PAD bytes, the text, CSV_PAD bytes */
	size_t cap, len, scanned;
	struct csv_cut start;       /* of the first block */
	struct csv_cut cut[CHUNK_BLOCKS];
	size_t cuts;
	bool end;
	atomic_uint users;          /* blocks not made yet; one more while the text may be read on */
};
static inline char *chunk_text(const struct chunk *c)
{
	return c->memory + CSV_PAD;
}
struct load_source {
	struct load *l;
	struct bytes *bytes;
	struct csv_scan scan;
	bool ended;
};
/* Opens the file and puts what was read along with the header into first, a chunk of no blocks. */
enum yg_status source_open(struct load_source *s, struct load *l, struct chunk *first, struct yg_err *err);
/* Fill next with what follows the blocks of before: one block at least, unless the file ends. */
enum yg_status source_chunk(struct load_source *s, const struct chunk *before, struct chunk *next, struct yg_err *err);
void source_close(struct load_source *s);
void chunk_release(struct chunk *c);

/* What is known of the columns when a block is begun. */
struct load_hint {
	bool marks;
	struct looks *looks;        /* one a wanted column */
	bool *wide_text;
};

/* What a block became. */
struct load_block {
	const char *text;
	size_t size;
	struct csv_cut start;
	struct chunk *chunk;
	const struct load_hint *hint;
	uint32_t number;            /* of the block in the file */
	uint32_t rows;
	uint64_t read;              /* bytes of the file read so far */
	bool wanted;
	bool marks;
	struct yg_encoded *column;  /* one a wanted column */
	struct looks *looks;
	uint8_t *type;
	bool *wide_text;
	struct yg_encoded source_row;
	struct bad_row *bad;
	size_t bads, bad_cap;
};
struct load_worker {
	struct column *column;
	size_t columns;
	struct csv_tile tile;
	struct column_fault *fault;
	size_t faults_cap;
	int64_t *record;
	struct yg_encoder *encoder;
};
#define LOAD_DEPTH 16u            /* blocks under way, at most */
struct load_pass {
	struct load *l;
	struct yg_task *task;
	const uint32_t *want;       /* columns to make, ascending */
	size_t wants;
	const uint8_t *needs_again; /* second pass: [wants * blocks], or NULL */
	uint32_t all_blocks;
	size_t group;               /* columns made in one walk */
	struct load_worker *worker;
	unsigned workers;
	atomic_bool any_bad;
	struct load_source source;
	struct chunk *chunk;        /* of each worker but the reader, the last one read, the one being filled */
	struct chunk *now;          /* the last one filled */
	size_t next_cut;            /* of now: where the next block ends */
	struct load_block block[LOAD_DEPTH];
	struct load_hint hint[LOAD_DEPTH];
};
/* load_pass.c */
enum yg_status pass_run(struct load *l, const uint32_t *want, size_t wants, const uint8_t *needs_again,
                        struct yg_task *task, bool *any_bad, struct yg_err *err);

/* load_block.c */
/* Learn how the values of the first rows look. */
void block_sample(struct load_pass *p, const char *text, size_t size);
enum yg_status block_make(struct load_pass *p, struct load_block *b, struct load_worker *w, struct yg_err *err);
void block_release(struct load_block *b, size_t columns);
enum yg_status worker_init(struct load_worker *w, size_t columns, struct yg_err *err);
void worker_release(struct load_worker *w);

#endif
