/*
 * An opened cohort file: its tables, its columns, and the one road to their values.
 *
 * A cohort file is one SQLite database of zstd-compressed column blocks (docs/cohort-format.md).
 * An opened file is untrusted: read-only, hardened, every length checked against the bytes present.
 * A dataset is immutable and may be read from several threads at once.
 *
 * Tables.  `subject` has a row per person (or the only table, where a row is a person).  An event
 * table has many rows per person, stored sorted by person number; start[p]..start[p+1] are the rows
 * of person p.  A row table sees the subject's columns: yg_table_find gives a reference that
 * gathers by person.  Person number = row of the subject table.
 */
#ifndef YOGO_STORE_DATASET_H
#define YOGO_STORE_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/hash.h"
#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/store/manifest.h"
#include "yogo/store/vec.h"

struct yg_dataset;

/* The profile of a column, computed at import and stored; passes the gate before display. */
struct yg_profile {
	uint64_t n, missing, distinct;      /* distinct: exact up to 10^6, then a lower bound */
	double minimum, maximum, mean, sd;  /* numeric and date columns (days) */
	uint32_t histogram[64];             /* equal bins between minimum and maximum */
	struct yg_top_level {
		const char *text;
		uint64_t count;
	} *top;                             /* most frequent first, at most 20 */
	size_t tops;
};

struct yg_column_info {
	uint64_t bytes;                     /* compressed, on disk */
	const char *encodings;              /* "constant 3, bit-packed 12" */
	struct yg_digest node;              /* the column's node in the fingerprint */
	struct yg_profile profile;
};

struct yg_table {
	const struct yg_dataset *dataset;
	const char *name;
	uint64_t rows;
	uint32_t blocks;                    /* ceil(rows / YG_BLOCK_ROWS) */
	uint32_t fields;
	const struct yg_field *field;       /* with the levels found */
	const struct yg_column_info *info;
	const uint64_t *start;              /* event tables: persons + 1 entries; NULL: row = person */
	struct yg_digest root;
};

/* A column as seen from a table: its own, or the subject's by person number. */
struct yg_column_ref {
	const struct yg_table *table;       /* the table whose rows are counted */
	const struct yg_table *owner;       /* where the column lives */
	uint32_t column;                    /* index in owner->field */
};

/* Opens and checks schema and trailer length only; yg_dataset_verify reads everything. */
enum yg_status yg_dataset_open(const char *path, struct yg_dataset **out, struct yg_err *err) YG_MUST_USE;
struct yg_dataset *yg_dataset_ref(struct yg_dataset *d);
void yg_dataset_unref(struct yg_dataset *d);

const char *yg_dataset_path(const struct yg_dataset *d);
const struct yg_manifest *yg_dataset_manifest(const struct yg_dataset *d);
struct yg_digest yg_dataset_root(const struct yg_dataset *d);            /* the data root */
struct yg_digest yg_dataset_manifest_digest(const struct yg_dataset *d);
uint64_t yg_dataset_persons(const struct yg_dataset *d);
size_t yg_dataset_tables(const struct yg_dataset *d);
const struct yg_table *yg_dataset_table(const struct yg_dataset *d, size_t i);
const struct yg_table *yg_dataset_find(const struct yg_dataset *d, const char *table); /* or NULL */
const struct yg_table *yg_dataset_subject(const struct yg_dataset *d); /* the table with a row a person, or NULL */
/* Refused rows and other facts of the import, as stored (JSON text). */
const char *yg_dataset_import_record(const struct yg_dataset *d);

/*
 * Find a column by name: exact, else without ASCII case when unique.  On failure the message names
 * near columns.  YG_ESYNTAX.
 */
enum yg_status yg_table_find(const struct yg_table *t, const char *name, struct yg_column_ref *out,
                             struct yg_err *err) YG_MUST_USE;
const struct yg_field *yg_column_field(const struct yg_column_ref *c);

/* Number of rows in a block. */
uint32_t yg_table_block_rows(const struct yg_table *t, uint32_t block);
/* Person numbers of the rows of a block, out[YG_BLOCK_ROWS]. */
void yg_table_block_persons(const struct yg_table *t, uint32_t block, uint32_t *out);

/*
 * The values of one block.  Points *out into the cache when the column is loaded, else decodes into
 * space, which must outlive *out and serves one column at a time.  Thread-safe.
 * YG_EDAMAGED names table, column, block.
 */
enum yg_status yg_column_read(const struct yg_column_ref *c, uint32_t block, struct yg_vec_space *space,
                              struct yg_vec *out, struct yg_err *err) YG_MUST_USE;
/* Smallest and largest value of a block from the directory (integers, numbers, dates, level
   positions); false when unknown.  Lets scans skip blocks. */
bool yg_column_zone(const struct yg_column_ref *c, uint32_t block, double *minimum, double *maximum,
                    uint32_t *missing);
/* Decode whole columns into the cache, in parallel; kept until memory is wanted.  Optional. */
enum yg_status yg_column_load(const struct yg_column_ref *c, size_t n, struct yg_task *task, struct yg_err *err) YG_MUST_USE;

/*
 * Drops all columns kept decoded, and keeps at most so many bytes of them from now on (UINT64_MAX: half of the
 * machine's memory).  Only while nobody reads.  Returns the bytes given back.
 */
uint64_t yg_dataset_bound_cache(struct yg_dataset *d, uint64_t most);

/* What verify found, for the report; ok means that everything was recomputed and agreed. */
struct yg_verify_report {
	uint64_t bytes, blocks, columns;
	struct yg_digest file, root;
};
/* Recompute the trailer digest, SQLite's integrity, every block digest, the Merkle root. */
enum yg_status yg_dataset_verify(const char *path, struct yg_task *task, struct yg_verify_report *out,
                                 struct yg_err *err) YG_MUST_USE;

#endif
