/* The state of an opened cohort file. */
#ifndef YOGO_STORE_DATASET_PRIV_H
#define YOGO_STORE_DATASET_PRIV_H

#include <stdatomic.h>

#include "src/store/cohort_priv.h"
#include "yogo/base/mem.h"

/* A whole column decoded: one vec a block; their values lie in one piece of memory. */
struct column_cache {
	struct yg_vec *vec;
	void *value;                    /* all blocks' values one behind the other; NULL for text */
	size_t value_size;
	struct cached_block {
		void *valid, *reason, *precision, *start, *text;  /* NULL where not needed */
	} *block;
	uint32_t blocks;
	uint64_t bytes;
};
struct stored_column {
	enum yg_column_kind kind;
	enum yg_type type;
	const char *name;
	struct cohort_entry *entry;
	uint32_t blocks;
	int32_t *position;              /* dictionary code -> level position */
	uint32_t positions;
	struct yg_digest node;
	_Atomic(struct column_cache *) cache;
};
struct stored_table {
	struct yg_table public_table;   /* what others see */
	struct stored_column **value;   /* as public_table.field */
	struct stored_column *start;    /* event tables */
	struct stored_column **column;  /* all, in stored order */
	size_t columns;
};
struct yg_dataset {
	atomic_int references;
	char *path;
	sqlite3 *db;
	sqlite3_blob *blob;
	sqlite3_mutex *lock;
	struct yg_arena arena;
	struct yg_manifest *manifest;
	struct yg_digest root, manifest_digest;
	char *import_record;
	struct stored_table *table;
	size_t tables;
	struct stored_column *column;
	size_t columns;
	_Atomic uint64_t cached;        /* bytes held by caches */
	_Atomic uint64_t cache_most;    /* bytes they may hold; 0 = what the machine allows */
};

/* Decode block b of a stored column into space. */
enum yg_status stored_read(const struct yg_dataset *d, const struct stored_column *c, uint32_t b,
                           struct yg_vec_space *space, struct yg_vec *out, struct yg_err *err);
/* Does the fingerprint follow from the digests of blocks, and from names, types and levels? */
bool tree_agrees(const struct yg_dataset *d);
const struct stored_table *table_of(const struct yg_table *t);
struct yg_str level_text(const struct yg_field *f, size_t i);
void cache_free(struct column_cache *cache);

#endif
