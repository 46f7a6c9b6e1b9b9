/* Asking an opened cohort file: tables, columns by name, zones, persons of rows. */
#include "yogo/store/dataset.h"

#include <math.h>
#include <string.h>

#include "src/store/dataset_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

struct yg_dataset *yg_dataset_ref(struct yg_dataset *d)
{
	atomic_fetch_add(&d->references, 1);
	return d;
}

const char *yg_dataset_path(const struct yg_dataset *d)
{
	return d->path;
}

const struct yg_manifest *yg_dataset_manifest(const struct yg_dataset *d)
{
	return d->manifest;
}

struct yg_digest yg_dataset_root(const struct yg_dataset *d)
{
	return d->root;
}

struct yg_digest yg_dataset_manifest_digest(const struct yg_dataset *d)
{
	return d->manifest_digest;
}

size_t yg_dataset_tables(const struct yg_dataset *d)
{
	return d->tables;
}

const struct yg_table *yg_dataset_table(const struct yg_dataset *d, size_t i)
{
	return i < d->tables ? &d->table[i].public_table : NULL;
}

const struct yg_table *yg_dataset_find(const struct yg_dataset *d, const char *table)
{
	for (size_t i = 0; i < d->tables; i++) {
		if (!strcmp(d->table[i].public_table.name, table))
			return &d->table[i].public_table;
	}
	return NULL;
}

const struct yg_table *yg_dataset_subject(const struct yg_dataset *d)
{
	for (size_t i = 0; i < d->tables; i++) {
		if (!d->table[i].start)
			return &d->table[i].public_table;
	}
	return NULL;
}

uint64_t yg_dataset_persons(const struct yg_dataset *d)
{
	const struct yg_table *t = yg_dataset_subject(d);

	return t ? t->rows : 0;
}

const char *yg_dataset_import_record(const struct yg_dataset *d)
{
	return d->import_record;
}

const struct stored_table *table_of(const struct yg_table *t)
{
	return (const struct stored_table *)(const void *)((const char *)t - offsetof(struct stored_table, public_table));
}

struct yg_str level_text(const struct yg_field *f, size_t i)
{
	return yg_str(f->level[i]);
}

/* The tables a name is looked up in: the table itself, then the one of persons. */
static size_t visible(const struct yg_table *t, const struct yg_table *out[2])
{
	const struct yg_table *subject = yg_dataset_subject(t->dataset);

	out[0] = t;
	out[1] = subject;
	return t->start && subject && subject != t ? 2 : 1;
}

static enum yg_status not_found(const struct yg_table *t, const char *name, struct yg_err *err)
{
	const struct yg_table *place[2];
	struct yg_buf shown = YG_BUF_INIT, near = YG_BUF_INIT;
	size_t places = visible(t, place), best = 3, found = 0;

	yg_escape_terminal(&shown, name, strlen(name));
	yg_fail(err, YG_ESYNTAX, "E-NAME-001", N_("table %s has no column %s"), t->name, shown.data);
	for (size_t p = 0; p < places; p++) {
		for (uint32_t i = 0; i < place[p]->fields && found < 5; i++) {
			const char *other = place[p]->field[i].name;
			size_t distance = yg_text_distance(name, other, 4);

			if (distance > best || (distance && distance * 2 > strlen(name) + 1))
				continue;
			yg_buf_adds(&near, found++ ? ", " : "");
			yg_escape_terminal(&near, other, strlen(other));
		}
	}
	if (found)
		yg_err_hint(err, N_("did you mean %s?"), near.data);
	yg_buf_release(&shown);
	yg_buf_release(&near);
	return YG_ESYNTAX;
}

enum yg_status yg_table_find(const struct yg_table *t, const char *name, struct yg_column_ref *out, struct yg_err *err)
{
	const struct yg_table *place[2];
	size_t places = visible(t, place), found = 0;
	struct yg_column_ref near = { NULL, NULL, 0 };
	const char *first = NULL;

	for (size_t p = 0; p < places; p++) {
		for (uint32_t i = 0; i < place[p]->fields; i++) {
			if (!strcmp(place[p]->field[i].name, name)) {
				*out = (struct yg_column_ref){ t, place[p], i };
				return YG_OK;
			}
		}
	}
	for (size_t p = 0; p < places; p++) {
		for (uint32_t i = 0; i < place[p]->fields; i++) {
			if (!yg_str_eq_ascii_nocase(yg_str(place[p]->field[i].name), yg_str(name)))
				continue;
			if (found++)
				return yg_fail(err, YG_ESYNTAX, "E-NAME-002",
				               N_("%s could be %s or %s of table %s: write the name exactly"), name, first,
				               place[p]->field[i].name, t->name);
			first = place[p]->field[i].name;
			near = (struct yg_column_ref){ t, place[p], i };
		}
	}
	if (!found)
		return not_found(t, name, err);
	*out = near;
	return YG_OK;
}

const struct yg_field *yg_column_field(const struct yg_column_ref *c)
{
	return &c->owner->field[c->column];
}

uint32_t yg_table_block_rows(const struct yg_table *t, uint32_t block)
{
	uint64_t from = (uint64_t)block * YG_BLOCK_ROWS;

	if (from >= t->rows)
		return 0;
	return t->rows - from < YG_BLOCK_ROWS ? (uint32_t)(t->rows - from) : YG_BLOCK_ROWS;
}

void yg_table_block_persons(const struct yg_table *t, uint32_t block, uint32_t *out)
{
	uint64_t from = (uint64_t)block * YG_BLOCK_ROWS, low = 0, high;
	uint32_t n = yg_table_block_rows(t, block);

	if (!t->start) {
		for (uint32_t i = 0; i < n; i++)
			out[i] = (uint32_t)(from + i);
		return;
	}
	high = yg_dataset_persons(t->dataset); /* the last person who begins at or before the first row */
	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;

		if (t->start[middle] <= from)
			low = middle;
		else
			high = middle;
	}
	for (uint32_t i = 0; i < n; i++) {
		while (t->start[low + 1] <= from + i)
			low++;
		out[i] = (uint32_t)low;
	}
}

bool yg_column_zone(const struct yg_column_ref *c, uint32_t block, double *minimum, double *maximum, uint32_t *missing)
{
	const struct stored_column *stored = table_of(c->owner)->value[c->column];
	const struct cohort_entry *e;

	if (c->owner != c->table || block >= stored->blocks)
		return false;
	e = &stored->entry[block];
	*missing = e->missing;
	if (!e->zoned)
		return false;
	*minimum = e->minimum;
	*maximum = e->maximum;
	return true;
}
