/* The cohort file as a database: schema, directory of blocks, trailer.  docs/cohort-format.md. */
#ifndef YOGO_STORE_COHORT_PRIV_H
#define YOGO_STORE_COHORT_PRIV_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/hash.h"
#include "yogo/base/status.h"
#include "yogo/store/dataset.h"
#include "yogo/store/writer.h"

#define COHORT_APPLICATION 0x596f676f /* "Yogo" */
#define COHORT_VERSION 1
#define COHORT_PAGE 4096
#define COHORT_MAGIC "YOGO-FILE-SHA256"
#define COHORT_TRAILER 48
#define COHORT_DICTIONARY_PART (4u << 20)
#define COHORT_TABLES_MAX 1000
#define COHORT_COLUMNS_MAX 100000

/* The schema, statement by statement: executed by the writer, compared as text by the reader. */
extern const char *const cohort_schema[];

/* One block of a column in its directory. */
struct cohort_entry {
	int64_t id;              /* block.id */
	uint32_t rows, missing, stored;
	uint8_t type;            /* of the block while a file is written; not stored */
	uint8_t encoding;
	bool zoned;
	bool replaced;           /* while a file is written */
	double minimum, maximum;
	uint64_t checksum;       /* of block.bytes */
	struct yg_digest leaf;
};
#define COHORT_ENTRY 80u
void cohort_entry_put(struct yg_buf *out, const struct cohort_entry *entry);
/* Unpack a directory (magic, entries, checksum); *out is yg_free()d by the caller. */
enum yg_status cohort_directory_read(const void *bytes, size_t n, struct cohort_entry **out, uint32_t *blocks,
                                     struct yg_err *err);
void cohort_directory_write(struct yg_buf *out, const struct cohort_entry *entry, uint32_t blocks);

/* The profile as JSON, and back. */
void profile_write(struct yg_buf *out, const struct yg_profile *p);
enum yg_status profile_read(struct yg_arena *arena, const char *json, size_t n, struct yg_profile *out,
                            struct yg_err *err);

/* SQLite's complaint as a status. */
enum yg_status cohort_sqlite_failed(sqlite3 *db, int code, bool writing, const char *path, struct yg_err *err);

#endif
