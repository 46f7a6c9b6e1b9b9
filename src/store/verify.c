/* Verifying a cohort file: every byte, SQLite's structure, every value, the fingerprint. */
#include <string.h>

#include "src/store/dataset_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/pool.h"
#include "yogo/base/text.h"
#include "yogo/store/fingerprint.h"

static enum yg_status changed(const char *path, const char *what, struct yg_err *err)
{
	struct yg_buf shown = YG_BUF_INIT;

	yg_escape_terminal(&shown, path, strlen(path));
	yg_fail(err, YG_EDAMAGED, "E-INT-010", N_("%s was changed or damaged after it was written: %s"), shown.data, what);
	yg_err_hint(err, N_("take the file from your copy, or import the data again"));
	yg_buf_release(&shown);
	return YG_EDAMAGED;
}

static enum yg_status check_trailer(const char *path, struct yg_verify_report *report, struct yg_err *err)
{
	uint8_t trailer[COHORT_TRAILER];
	uint64_t size;
	enum yg_status status;
	int fd;

	YG_TRY(yg_io_open_read(path, &fd, &size, err));
	if (size < COHORT_TRAILER) {
		yg_io_close(fd);
		return changed(path, N_("it is too short"), err);
	}
	status = yg_io_pread(fd, trailer, sizeof trailer, size - COHORT_TRAILER, path, err);
	yg_io_close(fd);
	if (status != YG_OK)
		return status;
	if (memcmp(trailer, COHORT_MAGIC, 16) != 0)
		return changed(path, N_("its end is cut off or changed"), err);
	YG_TRY(yg_io_digest(path, size - COHORT_TRAILER, &report->file, err));
	if (memcmp(trailer + 16, report->file.byte, 32) != 0)
		return changed(path, N_("its bytes no longer have the digest at its end"), err);
	report->bytes = size;
	return YG_OK;
}

static enum yg_status check_structure(struct yg_dataset *d, struct yg_err *err)
{
	sqlite3_stmt *s = NULL;
	bool good = false;
	int code;

	sqlite3_mutex_enter(d->lock);
	sqlite3_set_authorizer(d->db, NULL, NULL);
	code = sqlite3_prepare_v2(d->db, "PRAGMA integrity_check(1)", -1, &s, NULL);
	if (code == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(s, 0);

		good = text && !strcmp(text, "ok");
	}
	sqlite3_finalize(s);
	sqlite3_mutex_leave(d->lock);
	return good ? YG_OK : changed(d->path, N_("its database structure is damaged"), err);
}

struct checking {
	struct yg_dataset *d;
	struct check_block {
		const struct stored_column *c;
		const struct yg_field *field;  /* levels, or NULL */
		uint32_t block;
	} *block;
	struct yg_vec_space *space;            /* one a worker */
	struct yg_task *task;
	_Atomic uint64_t done;
	size_t blocks;
};

static enum yg_status check_block(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	struct checking *k = context;
	const struct check_block *b = &k->block[number];
	const struct cohort_entry *e = &b->c->entry[b->block];
	struct yg_str *level = NULL;
	struct yg_digest leaf;
	struct yg_vec vec;
	size_t levels = 0;

	if (!yg_task_tick(k->task, atomic_fetch_add(&k->done, 1), k->blocks))
		return YG_CANCELLED;
	YG_TRY(stored_read(k->d, b->c, b->block, &k->space[worker], &vec, err));
	if (vec.type == YG_TYPE_LEVEL && b->field) {
		levels = b->field->levels;
		level = yg_xalloc(levels + 1, sizeof *level);
		for (size_t i = 0; i < levels; i++)
			level[i] = level_text(b->field, i);
	}
	leaf = yg_fingerprint_leaf(&vec, level, levels);
	yg_free(level);
	if (yg_digest_cmp(&leaf, &e->leaf) != 0)
		return changed(k->d->path, N_("values of a block no longer have their digest"), err);
	return YG_OK;
}

static enum yg_status check_blocks(struct yg_dataset *d, struct yg_task *task, struct yg_verify_report *report,
                                   struct yg_err *err)
{
	struct checking k = { .d = d, .task = task };
	unsigned workers = yg_task_workers(task);
	enum yg_status status;

	for (size_t i = 0; i < d->columns; i++)
		k.blocks += d->column[i].blocks;
	k.block = yg_xalloc(k.blocks + 1, sizeof *k.block);
	k.blocks = 0;
	for (size_t t = 0; t < d->tables; t++) {
		const struct stored_table *table = &d->table[t];
		size_t value = 0;

		for (size_t i = 0; i < table->columns; i++) {
			const struct stored_column *c = table->column[i];
			const struct yg_field *field =
				c->kind == YG_KIND_VALUE ? &table->public_table.field[value++] : NULL;

			for (uint32_t b = 0; b < c->blocks; b++)
				k.block[k.blocks++] = (struct check_block){ c, field, b };
		}
	}
	k.space = yg_xcalloc(workers, sizeof *k.space);
	status = yg_pool_run(task, k.blocks, check_block, &k, err);
	for (unsigned i = 0; i < workers; i++)
		yg_vec_space_release(&k.space[i]);
	yg_free(k.space);
	yg_free(k.block);
	report->blocks = k.blocks;
	report->columns = d->columns;
	return status;
}

static struct yg_digest node_of(const struct stored_column *c, const struct yg_field *field)
{
	static const struct yg_field index = { .name = "", .type = YG_TYPE_INTEGER, .role = YG_COLUMN_PERSON };
	struct yg_digest *leaf = yg_xalloc((size_t)c->blocks + 1, sizeof *leaf), node;
	uint64_t rows = 0;

	for (uint32_t b = 0; b < c->blocks; b++) {
		leaf[b] = c->entry[b].leaf;
		rows += c->entry[b].rows;
	}
	node = yg_fingerprint_column(field ? field : &index, leaf, c->blocks, rows);
	yg_free(leaf);
	return node;
}

/* From the digests of blocks, names, types and levels to the data root. */
bool tree_agrees(const struct yg_dataset *d)
{
	struct yg_digest *root = yg_xcalloc(d->tables + 1, sizeof *root), set;
	const char **name = yg_xcalloc(d->tables + 1, sizeof *name);
	bool good = true;

	for (size_t t = 0; t < d->tables; t++) {
		const struct stored_table *table = &d->table[t];
		struct yg_digest *node = yg_xcalloc(table->columns + 1, sizeof *node);
		size_t nodes = 0, value = 0;

		for (size_t i = 0; i < table->columns; i++) {
			const struct stored_column *c = table->column[i];
			const struct yg_field *field =
				c->kind == YG_KIND_VALUE ? &table->public_table.field[value++] : NULL;
			struct yg_digest fresh = node_of(c, field);

			good = good && !yg_digest_cmp(&fresh, &c->node);
			if (c->kind != YG_KIND_SOURCE_ROW)
				node[nodes++] = fresh;
		}
		root[t] = yg_fingerprint_table(node, nodes);
		name[t] = table->public_table.name;
		good = good && !yg_digest_cmp(&root[t], &table->public_table.root);
		yg_free(node);
	}
	set = yg_fingerprint_set(name, root, d->tables);
	good = good && !yg_digest_cmp(&set, &d->root);
	yg_free(root);
	yg_free(name);
	return good;
}

enum yg_status yg_dataset_verify(const char *path, struct yg_task *task, struct yg_verify_report *out,
                                 struct yg_err *err)
{
	struct yg_verify_report report = { 0 };
	struct yg_dataset *d = NULL;
	enum yg_status status;

	yg_task_step(task, N_("checking the file's digest"));
	YG_TRY(check_trailer(path, &report, err));
	YG_TRY(yg_dataset_open(path, &d, err));
	status = check_structure(d, err);
	yg_task_step(task, N_("checking every value"));
	if (status == YG_OK)
		status = check_blocks(d, task, &report, err);
	report.root = d->root;
	yg_dataset_unref(d);
	if (status == YG_OK && out)
		*out = report;
	return status;
}
