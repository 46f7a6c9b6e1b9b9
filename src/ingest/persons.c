/*
 * Persons and their rows: what is constant within the person becomes the subject table, the rest
 * stays in tables of rows, sorted by person, then date, then import order.
 */
#include <stdlib.h>
#include <string.h>

#include "src/ingest/person_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/text.h"
#include "yogo/store/bitmap.h"

struct arranging {
	struct import *im;
	struct yg_writer *w;
	struct keys keys;
	uint32_t **person;       /* one array a file */
	uint64_t *first;         /* person -> first row of the file that defines persons */
	size_t definer;          /* that file */
};

/* By exact name, else without ASCII case when that is unique: files of one source differ in this. */
const struct load_column *person_column(const struct load *l, const char *name)
{
	const struct load_column *near = NULL;

	for (uint32_t c = 0; c < l->columns; c++) {
		if (!strcmp(l->column[c].name, name))
			return &l->column[c];
	}
	for (uint32_t c = 0; c < l->columns; c++) {
		if (!yg_str_eq_ascii_nocase(yg_str(l->column[c].name), yg_str(name)))
			continue;
		if (near)
			return NULL;
		near = &l->column[c];
	}
	return near;
}

bool names_person(const struct import *im, const struct load *l, const struct load_column *c)
{
	for (size_t i = 0; i < im->persons; i++) {
		if (person_column(l, im->person[i]) == c)
			return true;
	}
	return false;
}

static struct target *add_target(struct import *im, const char *name, enum yg_grain grain, struct load *source)
{
	struct target *t;

	YG_GROW(im->target, im->targets, im->target_cap);
	t = &im->target[im->targets++];
	memset(t, 0, sizeof *t);
	t->name = name;
	t->grain = grain;
	t->source = source;
	t->column = yg_arena_alloc(&im->arena, source ? source->columns : 1, sizeof *t->column);
	return t;
}

static enum yg_status number_file(struct arranging *a, size_t i, bool add, struct yg_err *err)
{
	struct load *l = &a->im->load[i];

	a->person[i] = yg_data_alloc(l->rows + 1, sizeof **a->person);
	if (!a->person[i])
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while numbering persons"));
	return keys_number(&a->keys, a->im, l, add, a->person[i], err);
}

static enum yg_status find_first_rows(struct arranging *a, struct yg_err *err)
{
	const struct load *l = &a->im->load[a->definer];
	const uint32_t *person = a->person[a->definer];

	a->first = yg_data_alloc((size_t)a->keys.count + 1, sizeof *a->first);
	if (!a->first)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while numbering persons"));
	for (uint64_t row = l->rows; row-- > 0;) {
		if (person[row] < KEY_MISSING)
			a->first[person[row]] = row;
	}
	return YG_OK;
}

static enum yg_status is_constant(struct arranging *a, const struct load_column *c, bool *constant, struct yg_err *err)
{
	struct load *l = &a->im->load[a->definer];
	const uint32_t *person = a->person[a->definer];
	struct whole w;

	YG_TRY(whole_load(l, c->out, c->type, &w, a->im->task, err));
	*constant = true;
	for (uint64_t row = 0; row < l->rows && *constant; row++) {
		if (person[row] < KEY_MISSING)
			*constant = whole_same(&w, row, a->first[person[row]]);
	}
	whole_release(&w);
	return YG_OK;
}

static void remark_varying(struct import *im, const char *name)
{
	static const char *const once[] = { "sex", "gender", "age", "birth", "birthdate", "race" };

	for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
		if (yg_str_eq_ascii_nocase(yg_str(name), yg_str(once[i])))
			import_note(im, yg_arena_printf(&im->arena, "%s varies within the person: do ids repeat between centres? "
			                                "then name both columns, person=(center, id)", name));
	}
}

/* One file without a manifest: its columns fall into two tables. */
static enum yg_status split_file(struct arranging *a, struct yg_err *err)
{
	struct import *im = a->im;
	struct load *l = &im->load[0];
	struct target *subject, *rows;
	bool unique = a->keys.count == l->rows;

	if (unique) {
		subject = add_target(im, l->table, YG_GRAIN_PERSON, l);
		for (uint32_t c = 0; c < l->columns; c++)
			subject->column[subject->columns++] = c;
		return YG_OK;
	}
	if (!strcmp(l->table, "subject"))
		l->table = "rows";
	add_target(im, "subject", YG_GRAIN_PERSON, l);
	rows = add_target(im, l->table, YG_GRAIN_EVENT, l);
	subject = &im->target[0];
	for (uint32_t c = 0; c < l->columns; c++) {
		const struct load_column *k = &l->column[c];
		bool constant = names_person(im, l, k);

		if (!constant)
			YG_TRY(is_constant(a, k, &constant, err));
		if (constant)
			subject->column[subject->columns++] = c;
		else
			rows->column[rows->columns++] = c;
		if (!constant)
			remark_varying(im, k->name);
	}
	return YG_OK;
}

static bool is_unique(const struct arranging *a, size_t file)
{
	uint64_t *seen = yg_xcalloc(yg_bits_words(a->keys.count) + 1, sizeof *seen);
	const uint32_t *person = a->person[file];
	bool unique = true;

	for (uint64_t row = 0; row < a->im->load[file].rows && unique; row++) {
		if (person[row] >= KEY_MISSING)
			continue;
		unique = !yg_bits_get(seen, person[row]);
		yg_bits_set(seen, person[row]);
	}
	yg_free(seen);
	return unique;
}

static void whole_file(struct import *im, const char *name, enum yg_grain grain, struct load *l)
{
	struct target *t = add_target(im, name, grain, l);

	for (uint32_t c = 0; c < l->columns; c++) {
		if (grain == YG_GRAIN_PERSON || !names_person(im, l, &l->column[c]))
			t->column[t->columns++] = c;
	}
}

/* Several files without a manifest: the first whose persons are unique defines them, one named
   subject before all; with none, persons are made from the ids of all rows. */
static enum yg_status join_files(struct arranging *a, struct yg_err *err)
{
	struct import *im = a->im;
	size_t subject = im->loads;

	for (size_t i = 0; i < im->loads; i++)
		YG_TRY(number_file(a, i, true, err));
	for (size_t i = 0; i < im->loads; i++) {
		bool named = !strcmp(im->load[i].table, "subject");

		if (im->load[i].rows && is_unique(a, i) && (subject == im->loads || named))
			subject = i;
	}
	a->definer = subject;
	if (subject < im->loads) { /* number again, so that a person's number is the row in that file */
		keys_release(&a->keys);
		keys_init(&a->keys);
		YG_TRY(keys_plan(&a->keys, im, err));
		YG_TRY(keys_number(&a->keys, im, &im->load[subject], true, a->person[subject], err));
		for (size_t i = 0; i < im->loads; i++) {
			if (i != subject)
				YG_TRY(keys_number(&a->keys, im, &im->load[i], false, a->person[i], err));
		}
		whole_file(im, im->load[subject].table, YG_GRAIN_PERSON, &im->load[subject]);
	} else {
		add_target(im, "subject", YG_GRAIN_PERSON, NULL);
		import_note(im, N_("no file has a row a person: the table subject was made from the ids of all rows"));
	}
	for (size_t i = 0; i < im->loads; i++) {
		if (i != subject)
			whole_file(im, im->load[i].table, YG_GRAIN_EVENT, &im->load[i]);
	}
	return YG_OK;
}

/* The load that feeds a table of the manifest. */
static struct load *load_of(struct import *im, const struct yg_manifest_table *t)
{
	for (size_t i = 0; i < im->loads; i++) {
		for (size_t k = 0; k < im->load[i].declares; k++) {
			if (im->load[i].declared[k] == t)
				return &im->load[i];
		}
	}
	return NULL;
}

static enum yg_status obey_manifest(struct arranging *a, struct yg_err *err)
{
	struct import *im = a->im;
	const struct yg_manifest *m = im->given;
	const struct yg_manifest_table *subject = NULL;

	for (size_t t = 0; t < m->tables; t++) {
		if (m->table[t].grain != YG_GRAIN_PERSON)
			continue;
		if (subject)
			return yg_fail(err, YG_EINPUT, "E-MAN-006", N_("the manifest declares two tables with a row a person"));
		subject = &m->table[t];
	}
	if (!subject) {
		yg_fail(err, YG_EINPUT, "E-MAN-007", N_("the manifest declares no table of grain person"));
		yg_err_hint(err, N_("add a table of grain person with the person's columns, fed by one of the files"));
		return YG_EINPUT;
	}
	a->definer = (size_t)(load_of(im, subject) - im->load);
	YG_TRY(number_file(a, a->definer, true, err));
	for (size_t i = 0; i < im->loads; i++) {
		if (i != a->definer)
			YG_TRY(number_file(a, i, false, err));
	}
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t t = 0; t < m->tables; t++) {
			const struct yg_manifest_table *d = &m->table[t];
			struct load *l = load_of(im, d);
			struct target *to;

			if ((d == subject) != (pass == 0))
				continue;
			to = add_target(im, d->name, d->grain, l);
			to->date = d->date_column;
			for (size_t i = 0; i < d->fields; i++)
				to->column[to->columns++] = (uint32_t)(person_column(l, d->field[i].name) - l->column);
		}
	}
	return YG_OK;
}

/* A declared subject table: its persons once, or its columns constant within them. */
static enum yg_status check_subject(struct arranging *a, struct yg_err *err)
{
	struct import *im = a->im;
	const struct target *t = &im->target[0];
	bool shared = false;

	if (!im->given || is_unique(a, a->definer))
		return YG_OK;
	for (size_t i = 1; i < im->targets; i++)
		shared |= im->target[i].source == t->source;
	if (!shared) {
		yg_fail(err, YG_EINPUT, "E-PER-002", N_("table %s is declared to have a row a person, but %s has several rows of one"),
		        t->name, t->source->file);
		yg_err_hint(err, N_("if ids repeat between centres, name both columns as the person; else declare grain event"));
		return YG_EINPUT;
	}
	for (uint32_t c = 0; c < t->columns; c++) {
		const struct load_column *k = &t->source->column[t->column[c]];
		bool constant = true;

		YG_TRY(is_constant(a, k, &constant, err));
		if (!constant)
			return yg_fail(err, YG_EINPUT, "E-PER-003",
			               N_("column %s varies within the person and cannot be in table %s: declare it among the rows"),
			               k->name, t->name);
	}
	return YG_OK;
}

/* Rows without a person, or of persons that are not there. */
static enum yg_status refuse_strangers(struct arranging *a, struct yg_err *err)
{
	struct import *im = a->im;

	for (size_t i = 0; i < im->loads; i++) {
		struct load *l = &im->load[i];
		struct whole record;
		uint64_t strangers = 0;

		for (uint64_t row = 0; row < l->rows; row++)
			strangers += a->person[i][row] >= KEY_MISSING;
		if (!strangers)
			continue;
		YG_TRY(whole_load(l, l->source_row, YG_TYPE_INTEGER, &record, im->task, err));
		for (uint64_t row = 0; row < l->rows && l->bads < BAD_ROWS_MAX; row++) {
			uint32_t p = a->person[i][row];

			if (p < KEY_MISSING)
				continue;
			YG_GROW(l->bad, l->bads, l->bad_cap);
			l->bad[l->bads++] = (struct bad_row){
				(uint64_t)((const int64_t *)record.value)[row] - 1, UINT64_MAX, UINT32_MAX,
				p == NO_PERSON ? CSV_PERSON : CSV_NO_PERSON
			};
		}
		whole_release(&record);
		if (!im->o->bad_rows_refuse)
			return import_bad_rows(im, l, err);
	}
	return YG_OK;
}

struct dated {
	uint64_t row;
	int64_t key;
	uint8_t missing;
};

static int by_date(const void *x, const void *y)
{
	const struct dated *a = x, *b = y;

	if (a->missing != b->missing)
		return a->missing ? 1 : -1; /* missing dates last */
	if (!a->missing && a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->row < b->row ? -1 : 1;
}

static enum yg_status sort_by_date(struct arranging *a, const struct target *t, uint64_t *row, const int64_t *start,
                                   struct yg_err *err)
{
	const struct load_column *c = person_column(t->source, t->date);
	struct dated *d = NULL;
	size_t cap = 0;
	struct whole w;

	if (!c || (c->type != YG_TYPE_DATE && c->type != YG_TYPE_INSTANT && c->type != YG_TYPE_INTEGER))
		return yg_fail(err, YG_EINPUT, "E-PER-004", N_("table %s: column %s, which is to order the rows, is not a date"),
		               t->name, t->date);
	YG_TRY(whole_load(t->source, c->out, c->type, &w, a->im->task, err));
	for (uint32_t p = 0; p < a->keys.count; p++) {
		size_t n = (size_t)(start[p + 1] - start[p]);
		uint64_t *r = row + start[p];

		if (n < 2)
			continue;
		if (n > cap) {
			cap = n * 2;
			d = yg_xrealloc(d, cap, sizeof *d);
		}
		for (size_t i = 0; i < n; i++) {
			int64_t key = c->type == YG_TYPE_DATE ? ((const int32_t *)w.value)[r[i]] : ((const int64_t *)w.value)[r[i]];

			d[i] = (struct dated){ r[i], key, !whole_valid(&w, r[i]) };
		}
		qsort(d, n, sizeof *d, by_date);
		for (size_t i = 0; i < n; i++)
			r[i] = d[i].row;
	}
	yg_free(d);
	whole_release(&w);
	return YG_OK;
}

/* Rows in stored order, and where each person's begin: a counting sort keeps import order. */
static enum yg_status order_rows(struct arranging *a, const struct target *t, uint64_t **row, int64_t **start,
                                 uint64_t *rows, struct yg_err *err)
{
	const uint32_t *person = a->person[t->source - a->im->load];
	uint64_t n = t->source->rows;
	uint32_t persons = a->keys.count;

	*row = yg_data_alloc(n + 1, sizeof **row);
	*start = yg_data_calloc((size_t)persons + 2, sizeof **start);
	if (!*row || !*start)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while sorting rows by person"));
	for (uint64_t r = 0; r < n; r++) {
		if (person[r] < KEY_MISSING)
			(*start)[person[r] + 2]++;
	}
	for (uint32_t p = 0; p < persons; p++)
		(*start)[p + 2] += (*start)[p + 1];
	for (uint64_t r = 0; r < n; r++) {
		if (person[r] < KEY_MISSING)
			(*row)[(*start)[person[r] + 1]++] = r;
	}
	*rows = (uint64_t)(*start)[persons];
	return t->date ? sort_by_date(a, t, *row, *start, err) : YG_OK;
}

static enum yg_status write_integers(struct arranging *a, size_t table, enum yg_column_kind kind, void *value, uint64_t n,
                                     struct yg_err *err)
{
	struct whole w = { .type = YG_TYPE_INTEGER, .n = n, .value = value };
	size_t column = yg_writer_add_column(a->w, table, NULL, YG_TYPE_INTEGER, kind);
	enum yg_status status;

	w.reason = yg_data_calloc(n + 1, 1);
	w.precision = yg_data_calloc(n + 1, 1);
	if (!w.reason || !w.precision)
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while sorting rows by person"));
	else
		status = whole_write(&w, NULL, NULL, n, a->w, column, a->im->o->zstd_level, true, a->im->task, err);
	yg_data_free(w.reason);
	yg_data_free(w.precision);
	return status;
}

static enum yg_status write_column(struct arranging *a, struct load *l, size_t from, enum yg_type type, const uint64_t *row,
                                   uint64_t n, size_t column, struct yg_err *err)
{
	struct whole w;
	enum yg_status status;

	YG_TRY(whole_load(l, from, type, &w, a->im->task, err));
	status = whole_write(&w, yg_writer_dictionary(l->writer, from), row, n, a->w, column, a->im->o->zstd_level, true,
	                     a->im->task, err);
	whole_release(&w);
	return status;
}

static enum yg_status write_target(struct arranging *a, const struct target *t, struct yg_err *err)
{
	struct load *l = t->source;
	size_t table = yg_writer_add_table(a->w, t->name, t->grain);
	uint64_t *row = NULL, rows = a->keys.count;
	int64_t *start = NULL;
	enum yg_status status = YG_OK;

	if (t->grain == YG_GRAIN_EVENT)
		status = order_rows(a, t, &row, &start, &rows, err);
	for (uint32_t c = 0; c < t->columns && status == YG_OK; c++) {
		const struct load_column *k = &l->column[t->column[c]];

		status = write_column(a, l, k->out, k->type, row ? row : a->first, rows,
		                      yg_writer_add_column(a->w, table, k->name, k->type, YG_KIND_VALUE), err);
	}
	if (status == YG_OK && start)
		status = write_integers(a, table, YG_KIND_START, start, (uint64_t)a->keys.count + 1, err);
	if (status == YG_OK)
		status = write_column(a, l, l->source_row, YG_TYPE_INTEGER, row ? row : a->first, rows,
		                      yg_writer_add_column(a->w, table, NULL, YG_TYPE_INTEGER, YG_KIND_SOURCE_ROW), err);
	a->im->rows += t->grain == YG_GRAIN_EVENT || a->im->targets == 1 ? rows : 0;
	yg_data_free(row);
	yg_data_free(start);
	return status;
}

/* A subject table of nothing but ids, from whichever file names a person first. */
static enum yg_status write_made_subject(struct arranging *a, struct target *t, struct yg_err *err)
{
	struct import *im = a->im;
	size_t table = yg_writer_add_table(a->w, t->name, t->grain);
	uint32_t persons = a->keys.count;
	enum yg_status status = YG_OK;

	for (size_t k = 0; k < im->persons && status == YG_OK; k++) {
		struct whole w = { .type = YG_TYPE_INTEGER, .n = persons };
		uint64_t *done = yg_xcalloc(yg_bits_words(persons) + 1, sizeof *done);
		size_t column = yg_writer_add_column(a->w, table, im->person[k], YG_TYPE_INTEGER, YG_KIND_VALUE);

		w.value = yg_data_calloc((size_t)persons + 1, 8);
		w.reason = yg_data_calloc((size_t)persons + 1, 1);
		w.precision = yg_data_calloc((size_t)persons + 1, 1);
		if (!w.value || !w.reason || !w.precision)
			status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while numbering persons"));
		for (size_t i = 0; i < im->loads && status == YG_OK; i++) {
			const struct load_column *c = person_column(&im->load[i], im->person[k]);
			struct whole ids;

			if (c->type != YG_TYPE_INTEGER) {
				yg_fail(err, YG_EINPUT, "E-PER-005",
				        N_("no file has a row a person, and column %s of %s is no integer: the table of persons cannot "
				           "be made"), c->name, im->load[i].file);
				yg_err_hint(err, N_("add a file with a row a person"));
				status = YG_EINPUT;
				break;
			}
			status = whole_load(&im->load[i], c->out, c->type, &ids, im->task, err);
			for (uint64_t r = 0; status == YG_OK && r < im->load[i].rows; r++) {
				uint32_t p = a->person[i][r];

				if (p >= KEY_MISSING || yg_bits_get(done, p))
					continue;
				yg_bits_set(done, p);
				((int64_t *)w.value)[p] = ((const int64_t *)ids.value)[r];
			}
			if (status == YG_OK)
				whole_release(&ids);
		}
		if (status == YG_OK)
			status = whole_write(&w, NULL, NULL, persons, a->w, column, im->o->zstd_level, true, im->task, err);
		yg_data_free(w.value);
		yg_data_free(w.reason);
		yg_data_free(w.precision);
		yg_free(done);
	}
	return status;
}

enum yg_status persons_arrange(struct import *im, struct yg_writer *w, struct yg_err *err)
{
	struct arranging a = { .im = im, .w = w };
	enum yg_status status;

	yg_task_step(im->task, N_("sorting rows by person"));
	keys_init(&a.keys);
	a.person = yg_xcalloc(im->loads, sizeof *a.person);
	status = keys_plan(&a.keys, im, err);
	if (status == YG_OK && im->given) {
		status = obey_manifest(&a, err);
	} else if (status == YG_OK && im->loads == 1) {
		status = number_file(&a, 0, true, err);
	} else if (status == YG_OK) {
		status = join_files(&a, err);
	}
	if (status == YG_OK)
		status = refuse_strangers(&a, err);
	if (status == YG_OK && a.definer < im->loads)
		status = find_first_rows(&a, err);
	if (status == YG_OK && !im->given && im->loads == 1)
		status = split_file(&a, err);
	if (status == YG_OK && im->given)
		status = check_subject(&a, err);
	for (size_t t = 0; t < im->targets && status == YG_OK; t++) {
		struct target *to = &im->target[t];

		if (im->o->date && to->source && to->grain == YG_GRAIN_EVENT && person_column(to->source, im->o->date))
			to->date = im->o->date;
		status = to->source ? write_target(&a, to, err) : write_made_subject(&a, to, err);
	}
	im->people = a.keys.count;
	if (status == YG_OK && !im->people)
		status = yg_fail(err, YG_EINPUT, "E-PER-008", N_("there is no person in the files"));
	for (size_t i = 0; i < im->loads; i++)
		yg_data_free(a.person[i]);
	yg_free(a.person);
	yg_data_free(a.first);
	keys_release(&a.keys);
	return status;
}
