/* The state of a cohort file while it is written. */
#ifndef YOGO_STORE_WRITER_PRIV_H
#define YOGO_STORE_WRITER_PRIV_H

#include "src/store/cohort_priv.h"
#include "src/store/profile_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

/* The dictionary codes of a block's own codes, for its zone in level order. */
struct block_map {
	uint32_t *code;
	uint32_t n;
};
struct writer_column {
	size_t table;
	const char *name;
	enum yg_type type;
	enum yg_column_kind kind;
	struct cohort_entry *entry;
	struct block_map *map;
	uint32_t blocks, cap;
	struct yg_dict dict;
	uint64_t *level_count;   /* by dictionary code */
	size_t level_counts;
	int32_t *position;       /* dictionary code -> level position, once known */
	struct counts counts;
	struct yg_profile profile;
	struct yg_digest node;
};
struct writer_table {
	const char *name;
	enum yg_grain grain;
};
struct yg_writer {
	char *path, *temporary;
	int fd;
	bool finished;
	sqlite3 *db;
	sqlite3_stmt *insert, *drop;
	sqlite3_blob *blob;
	sqlite3_mutex *lock;
	int64_t next_id;
	struct yg_arena arena;
	struct writer_table *table;
	size_t tables, table_cap;
	struct writer_column *column;
	size_t columns, column_cap;
	size_t *wide;            /* columns whose profile needs their values again */
	struct yg_task *task;
	yg_writer_check *check;
	void *check_context;
};

enum yg_status writer_profile(struct yg_writer *w, struct yg_task *task, struct yg_err *err);
/* Levels, fingerprint and the describing tables. */
enum yg_status writer_describe(struct yg_writer *w, const struct yg_manifest *m, const char *import_record,
                               struct yg_digest *root, struct yg_err *err);

#endif
