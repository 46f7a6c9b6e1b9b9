/* count: how many persons and records; missing: what is not known, and what is not known together. */
#include <stdlib.h>
#include <string.h>

#include "analysis/an_frame_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/map.h"
#include "yogo/expr/bind.h"

/* Records of a kind and the persons among them; rows come sorted by person. */
struct tally {
	uint64_t records, persons;
	uint32_t last;
};

static void tally_add(struct tally *t, uint32_t person)
{
	t->persons += !t->records || t->last != person;
	t->last = person;
	t->records++;
}

/* ---- count ---- */

static void count_table(struct an_frame *f, const struct yg_an_count *r, struct yg_raw *raw, size_t turn)
{
	struct yg_raw_table *t = yg_raw_table(raw, an_key(&f->arena, "count", turn), an_subtitle(f, &r->in));
	uint64_t total = r->in.population ? r->in.population->persons : f->set->persons;
	int persons = yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	int share = yg_raw_column(t, "share", "%", YG_ROLE_PROPORTION, NULL);
	int records = yg_raw_column(t, "records", N_("records"), YG_ROLE_RECORDS, NULL);

	for (size_t g = 0; g < f->by.count; g++) {
		uint64_t p = f->by.persons[g];
		int row = yg_raw_row_data(t, f->by.label[g], f->by.label[g], 0);
		yg_raw_int(t, row, persons, (int64_t)p, an_part(p, total));
		if (total)
			yg_raw_num(t, row, share, (double)p / (double)total, an_part(p, total));
		else
			yg_raw_missing(t, row, share, N_("nobody"));
		yg_raw_int(t, row, records, (int64_t)f->by.size[g], an_part(p, total));
	}
}

/* No person fits: a count of nothing is an answer, not a refusal. */
static void count_nobody(const struct yg_an_count *r, struct yg_raw *raw)
{
	struct yg_raw_table *t = yg_raw_table(raw, "count", "");
	uint64_t total = r->in.population ? r->in.population->persons : 0;
	struct yg_evidence none = { 0, 0, (int64_t)total };

	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "share", "%", YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "records", N_("records"), YG_ROLE_RECORDS, NULL);
	int row = yg_raw_row(t, "all", N_("all"), 0);
	yg_raw_int(t, row, 0, 0, none);
	yg_raw_num(t, row, 1, 0, none);
	yg_raw_int(t, row, 2, 0, none);
	yg_raw_counts(raw, 0, 0, -1, 0);
}

enum yg_status yg_an_count(const struct yg_an_count *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct yg_raw *raw = yg_raw_new("count", 1);

	for (size_t turn = 0; turn < an_crossings(r->in.by); turn++) {
		struct yg_err why;
		struct an_frame f;
		struct yg_an_input in = r->in;
		in.weight = NULL;
		struct an_frame_request fr = { .in = &in, .crossing = an_crossing(r->in.by, turn), .unit = YG_SET_ROWS,
			                           .keep_group_missing = true };
		yg_err_clear(&why);
		enum yg_status s = an_frame_build(&fr, task, &f, &why);
		if (s == YG_REFUSED && !strcmp(why.code, "E-DESC-005")) {
			count_nobody(r, raw);
			break;
		}
		if (s != YG_OK) {
			if (err)
				*err = why;
			yg_raw_free(raw);
			return s;
		}
		count_table(&f, r, raw, turn);
		if (!turn) {
			if (f.by.title)
				an_title(raw, N_("Counts by %s"), f.by.title);
			else
				yg_raw_title(raw, N_("Counts"));
		}
		an_notes(raw, &f, &in);
		an_frame_release(&f);
	}
	if (r->in.population) {
		struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("percentages are of the {1} persons of {2}"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)r->in.population->persons, an_persons(r->in.population->persons));
		yg_raw_note_data(n, r->in.population->name);
	}
	*out = raw;
	return YG_OK;
}

/* ---- missing ---- */

struct field {
	const char *name, *label;
	struct yg_bound *bound;
};
struct look {
	struct yg_arena arena;
	struct field *field;
	size_t fields;
	bool persons;                 /* every column belongs to the person: persons are counted, not rows */
	uint8_t *pattern;             /* [n * bytes] bit per field, or NULL */
	size_t bytes;
};

static void look_release(struct look *l)
{
	for (size_t i = 0; i < l->fields; i++)
		yg_bound_free(l->field[i].bound);
	yg_data_free(l->pattern);
	yg_arena_release(&l->arena);
}

static enum yg_status look_bind(const struct yg_an_missing *r, struct yg_task *task, struct look *l, struct yg_err *err)
{
	const struct yg_scope *scope = r->in.scope;
	const struct yg_table *table = scope->table, *subject = yg_dataset_subject(scope->dataset);
	size_t own = table->fields, other = table->start && subject && subject != table ? subject->fields : 0;
	size_t count = r->target.count ? r->target.count : own + other;

	l->field = yg_arena_alloc(&l->arena, count + 1, sizeof *l->field);
	l->persons = true;
	for (size_t i = 0; i < count; i++) {
		const struct yg_node *node;
		if (r->target.count) {
			node = r->target.node[i];
		} else {
			const struct yg_field *field = i < other ? &subject->field[i] : &table->field[i - other];
			node = yg_node_new(&l->arena, YG_NODE_NAME, field->name);
		}
		struct field *f = &l->field[l->fields];
		YG_TRY(yg_bind(scope, node, (enum yg_type)0, task, &f->bound, err));
		l->fields++;
		f->name = node->text;
		const char *label = yg_bound_info(f->bound)->label;
		f->label = label ? label : f->name;
		l->persons = l->persons && (yg_bound_info(f->bound)->by_person || !table->start);
	}
	return YG_OK;
}

static uint64_t place_of(const struct yg_set *s, size_t i, bool by_person)
{
	return by_person ? s->person[i] : s->row[i];
}

/* Count the missing values of one column among the rows of the set, by group. */
static enum yg_status look_column(struct look *l, size_t at, const struct an_frame *f, struct tally *tally, uint64_t *reasons,
                                  struct yg_task *task, struct yg_err *err)
{
	const struct yg_set *s = f->set;
	/* a person without rows has the subject's columns too */
	bool by_person = l->persons && yg_bound_person_table(l->field[at].bound);
	struct yg_eval *e = by_person ? yg_eval_new_persons(l->field[at].bound) : yg_eval_new(l->field[at].bound);
	enum yg_status status = YG_OK;

	for (size_t i = 0; i < s->n && status == YG_OK;) {
		uint32_t block = (uint32_t)(place_of(s, i, by_person) / YG_BLOCK_ROWS);
		uint64_t base = (uint64_t)block * YG_BLOCK_ROWS;
		struct yg_vec v;
		status = yg_eval_block(e, block, &v, err);
		if (status == YG_OK && task && !yg_task_tick(task, at * s->n + i, l->fields * s->n))
			status = yg_fail(err, YG_CANCELLED, "E-RUN-130", N_("Cancelled."));
		for (; status == YG_OK && i < s->n && place_of(s, i, by_person) - base < YG_BLOCK_ROWS; i++) {
			uint32_t k = (uint32_t)(place_of(s, i, by_person) - base);
			if (yg_vec_valid(&v, k))
				continue;
			tally_add(&tally[f->by.of[i]], s->person[i]);
			reasons[v.reason ? v.reason[k] : 0]++;
			if (l->pattern)
				l->pattern[i * l->bytes + at / 8] |= (uint8_t)(1u << (at % 8));
		}
	}
	yg_eval_free(e);
	return status;
}

static void put_tally(struct yg_raw_table *t, int row, int column, const struct tally *c, bool persons, uint64_t rows,
                      uint64_t whole)
{
	uint64_t v = persons ? c->persons : c->records, of = persons ? whole : rows;

	yg_raw_int(t, row, column, (int64_t)v, an_part(c->persons, whole));
	if (of)
		yg_raw_num(t, row, column + 1, (double)v / (double)of, an_part(c->persons, whole));
	else
		yg_raw_missing(t, row, column + 1, N_("nobody"));
}

static enum yg_status missing_table(const struct yg_an_missing *r, struct look *l, struct an_frame *f, struct yg_raw *raw,
                                    size_t turn, struct yg_task *task, struct yg_err *err)
{
	size_t groups = f->by.count;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(&f->arena, "missing", turn), an_subtitle(f, &r->in));
	enum yg_role role = l->persons ? YG_ROLE_PERSONS : YG_ROLE_RECORDS;
	bool overall = f->by.title != NULL, any_reason = false;
	struct tally *tally = yg_xcalloc(groups, sizeof *tally);
	uint64_t (*reasons)[256] = yg_xcalloc(l->fields + 1, sizeof *reasons);
	enum yg_status s = YG_OK;

	for (size_t g = 0; g < groups; g++) {
		const char *label = overall ? f->by.label[g] : "missing";
		if (overall)
			yg_raw_column_data(t, label, label, role, NULL);
		else
			yg_raw_column(t, label, N_("missing"), role, NULL);
		yg_raw_column(t, yg_arena_printf(&f->arena, "%s share", label), "%", YG_ROLE_PROPORTION, NULL);
	}
	for (size_t i = 0; i < l->fields && s == YG_OK; i++) {
		memset(tally, 0, groups * sizeof *tally);
		s = look_column(l, i, f, tally, reasons[i], task, err);
		if (s != YG_OK)
			break;
		int row = yg_raw_row_data(t, l->field[i].name, l->field[i].name, 0);
		for (size_t g = 0; g < groups; g++)
			put_tally(t, row, (int)(2 * g), &tally[g], l->persons, f->by.size[g], f->by.persons[g]);
		for (size_t k = 1; k < 256; k++)
			any_reason = any_reason || reasons[i][k];
	}
	if (s == YG_OK && any_reason) {
		struct yg_raw_table *why = yg_raw_table(raw, an_key(&f->arena, "reasons", turn), N_("Reasons given"));
		yg_raw_column(why, "records", N_("records"), YG_ROLE_RECORDS, NULL);
		for (size_t i = 0; i < l->fields; i++)
			for (size_t k = 0; k < 256; k++) {
				if (!reasons[i][k])
					continue;
				const char *word = k == 0 ? N_("none given") : k < YG_MISSING_FIRST_DECLARED ? yg_missing_name((uint8_t)k) : NULL;
				const char *name = word ? word : yg_arena_printf(&f->arena, "code %zu", k);
				int row = yg_raw_row(why, yg_arena_printf(&f->arena, "%s: %zu", l->field[i].name, k),
				                     yg_arena_printf(&f->arena, "%s: %s", l->field[i].name, name), 0);
				yg_raw_int(why, row, 0, (int64_t)reasons[i][k], an_part(reasons[i][k], f->set->n));
			}
	}
	yg_free(tally);
	yg_free(reasons);
	return s;
}

struct pattern {
	size_t entry;
	struct tally tally;
};

static int commonest(const void *a, const void *b)
{
	const struct pattern *l = a, *r = b;

	if (l->tally.records != r->tally.records)
		return l->tally.records > r->tally.records ? -1 : 1;
	return l->entry < r->entry ? -1 : l->entry > r->entry;
}

#define PATTERNS_SHOWN 25

/* Which columns are missing together: the commonest patterns first, then the order of meeting. */
static void pattern_table(struct look *l, struct an_frame *f, struct yg_raw *raw)
{
	struct yg_map map;
	struct pattern *list = NULL;
	size_t count = 0, cap = 0;
	enum yg_role role = l->persons ? YG_ROLE_PERSONS : YG_ROLE_RECORDS;

	yg_map_init(&map);
	for (size_t i = 0; i < f->set->n; i++) {
		size_t e = yg_map_intern(&map, (const char *)l->pattern + i * l->bytes, l->bytes);
		if (e == count) {
			YG_GROW(list, count, cap);
			list[count++] = (struct pattern){ .entry = e };
		}
		tally_add(&list[e].tally, f->set->person[i]);
	}
	if (count)
		qsort(list, count, sizeof *list, commonest);
	struct yg_raw_table *t = yg_raw_table(raw, "patterns", N_("Missing together"));
	yg_raw_column(t, "count", l->persons ? N_("persons") : N_("records"), role, NULL);
	yg_raw_column(t, "share", "%", YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "columns", N_("columns missing"), YG_ROLE_INTEGER, NULL);
	struct tally rest = { 0 };
	for (size_t k = 0; k < count; k++) {
		if (k >= PATTERNS_SHOWN) {
			rest.records += list[k].tally.records;
			rest.persons += list[k].tally.persons;
			continue;
		}
		const char *bits = map.entry[list[k].entry].key;
		struct yg_buf names = YG_BUF_INIT;
		int64_t gone = 0;
		for (size_t i = 0; i < l->fields; i++)
			if ((unsigned char)bits[i / 8] >> (i % 8) & 1) {
				yg_buf_addf(&names, gone ? ", %s" : "%s", l->field[i].name);
				gone++;
			}
		int row = yg_raw_row(t, gone ? names.data : "complete", gone ? names.data : N_("nothing missing"), 0);
		put_tally(t, row, 0, &list[k].tally, l->persons, f->set->n, f->set->persons);
		yg_raw_int(t, row, 2, gone, YG_NOBODY);
		yg_buf_release(&names);
	}
	if (rest.records) {
		int row = yg_raw_row(t, "other", N_("other patterns"), 0);
		put_tally(t, row, 0, &rest, false, f->set->n, f->set->persons);
	}
	yg_free(list);
	yg_map_release(&map);
}

enum yg_status yg_an_missing(const struct yg_an_missing *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct look l = { .fields = 0 };
	struct yg_raw *raw = yg_raw_new("missing", 1);
	enum yg_status s;

	yg_arena_init(&l.arena);
	s = look_bind(r, task, &l, err);
	l.bytes = (l.fields + 7) / 8;
	for (size_t turn = 0; turn < an_crossings(r->in.by) && s == YG_OK; turn++) {
		struct an_frame f;
		struct yg_an_input in = r->in;
		in.weight = NULL;
		struct an_frame_request fr = { .in = &in, .crossing = an_crossing(r->in.by, turn),
			                           .unit = l.persons ? YG_SET_PERSONS : YG_SET_ROWS, .keep_group_missing = true };
		s = an_frame_build(&fr, task, &f, err);
		if (s != YG_OK)
			break;
		if (r->pattern && !turn) {
			l.pattern = yg_data_calloc(f.set->n * l.bytes + 1, 1);
			if (!l.pattern)
				s = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while looking at missing values."));
		}
		if (s == YG_OK)
			s = missing_table(r, &l, &f, raw, turn, task, err);
		if (s == YG_OK && l.pattern && !turn)
			pattern_table(&l, &f, raw);
		if (s == YG_OK)
			an_notes(raw, &f, &in);
		if (s == YG_OK && !turn) {
			if (f.by.title)
				an_title(raw, N_("Missing values by %s"), f.by.title);
			else
				yg_raw_title(raw, N_("Missing values"));
		}
		yg_data_free(l.pattern);
		l.pattern = NULL;
		an_frame_release(&f);
	}
	if (s == YG_OK)
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            l.persons ? N_("persons are counted") : N_("records are counted: a column varies within the person"));
	look_release(&l);
	if (s != YG_OK) {
		yg_raw_free(raw);
		return s;
	}
	*out = raw;
	return YG_OK;
}
