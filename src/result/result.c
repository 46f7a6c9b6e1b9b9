/* The safe document: builders into one arena, reference count, access to fields by path. */
#include "yogo/result/result.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct yg_result *yg_result_new(const char *verb, int operation_version)
{
	struct yg_result *r = yg_xcalloc(1, sizeof *r);
	yg_arena_init(&r->arena);
	r->references = 1;
	r->verb = yg_arena_strdup(&r->arena, verb ? verb : "");
	r->operation_version = operation_version;
	r->title = r->command = r->population = r->profile = "";
	struct yg_cell *count[4] = { &r->persons, &r->records, &r->events, &r->dropped };
	const enum yg_role role[4] = { YG_ROLE_PERSONS, YG_ROLE_RECORDS, YG_ROLE_EVENTS, YG_ROLE_PERSONS };
	for (int i = 0; i < 4; i++)
		*count[i] = (struct yg_cell){ .role = role[i], .decimals = -1 };
	return r;
}

struct yg_result *yg_result_ref(struct yg_result *r)
{
	if (r)
		__atomic_add_fetch(&r->references, 1, __ATOMIC_RELAXED);
	return r;
}

void yg_result_unref(struct yg_result *r)
{
	if (!r || __atomic_sub_fetch(&r->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	yg_free(r->item);
	yg_arena_release(&r->arena);
	yg_free(r);
}

/* The list of items grows by powers of two, so that the struct needs no capacity. */
static struct yg_item *new_item(struct yg_result *r, enum yg_item_kind kind)
{
	if ((r->items & (r->items - 1)) == 0)
		r->item = yg_xrealloc(r->item, r->items ? 2 * (size_t)r->items : 1, sizeof *r->item);
	struct yg_item *it = &r->item[r->items++];
	memset(it, 0, sizeof *it);
	it->kind = kind;
	return it;
}

static const char *keep(struct yg_result *r, const char *s)
{
	return yg_arena_strdup(&r->arena, s ? s : "");
}

static struct yg_cell *new_cells(struct yg_result *r, size_t n)
{
	struct yg_cell *c = yg_arena_alloc(&r->arena, n ? n : 1, sizeof *c);
	for (size_t i = 0; i < n; i++)
		c[i].decimals = -1;
	return c;
}

struct yg_result_table *yg_result_add_table(struct yg_result *r, const char *key, const char *title, int rows,
                                            int columns)
{
	assert(rows >= 0 && columns >= 0);
	struct yg_result_table *t = yg_arena_alloc(&r->arena, 1, sizeof *t);
	t->key = keep(r, key);
	t->title = keep(r, title);
	t->rows = rows;
	t->columns = columns;
	t->row = yg_arena_alloc(&r->arena, (size_t)(rows ? rows : 1), sizeof *t->row);
	t->column = yg_arena_alloc(&r->arena, (size_t)(columns ? columns : 1), sizeof *t->column);
	for (int i = 0; i < rows; i++)
		t->row[i].key = t->row[i].label = "";
	for (int i = 0; i < columns; i++)
		t->column[i].key = t->column[i].label = "";
	t->cell = new_cells(r, (size_t)rows * (size_t)columns);
	new_item(r, YG_ITEM_TABLE)->table = t;
	return t;
}

struct yg_figure *yg_result_add_figure(struct yg_result *r, const char *key, enum yg_figure_kind kind,
                                       const char *title, int series)
{
	assert(series >= 0);
	struct yg_figure *f = yg_arena_alloc(&r->arena, 1, sizeof *f);
	f->key = keep(r, key);
	f->title = keep(r, title);
	f->kind = kind;
	f->x.label = f->y.label = "";
	f->series_count = series;
	f->series = yg_arena_alloc(&r->arena, (size_t)(series ? series : 1), sizeof *f->series);
	for (int i = 0; i < series; i++)
		f->series[i].name = "";
	new_item(r, YG_ITEM_FIGURE)->figure = f;
	return f;
}

static struct yg_note *new_note(struct yg_result *r, enum yg_note_kind kind, const char *message, int arguments)
{
	assert(arguments >= 0);
	struct yg_note *n = yg_arena_alloc(&r->arena, 1, sizeof *n);
	n->kind = kind;
	n->message = keep(r, message);
	n->arguments = arguments;
	n->argument = new_cells(r, (size_t)arguments);
	return n;
}

struct yg_note *yg_result_add_note(struct yg_result *r, enum yg_note_kind kind, const char *message, int arguments)
{
	struct yg_note *n = new_note(r, kind, message, arguments);
	new_item(r, YG_ITEM_NOTE)->note = n;
	return n;
}

struct yg_note *yg_figure_add_caption(struct yg_result *r, struct yg_figure *f, const char *message, int arguments)
{
	return f->caption = new_note(r, YG_NOTE_INFO, message, arguments);
}

struct yg_point *yg_series_add_points(struct yg_result *r, struct yg_series *s, size_t points)
{
	s->points = points;
	s->point = yg_arena_alloc(&r->arena, points ? points : 1, sizeof *s->point);
	for (size_t i = 0; i < points; i++) {
		struct yg_point *p = &s->point[i];
		p->x = p->x2 = p->y = p->lower = p->upper = NAN;
		p->at_risk = (struct yg_cell){ .role = YG_ROLE_PERSONS, .decimals = -1 };
		p->events = p->censored = (struct yg_cell){ .role = YG_ROLE_EVENTS, .decimals = -1 };
	}
	return s->point;
}

double *yg_figure_add_grid(struct yg_result *r, struct yg_figure *f, size_t n)
{
	f->grids = n;
	return f->grid = yg_arena_alloc(&r->arena, n ? n : 1, sizeof *f->grid);
}

struct yg_cell *yg_result_cell(const struct yg_result_table *t, int row, int column)
{
	assert(row >= 0 && row < t->rows && column >= 0 && column < t->columns);
	return &t->cell[(size_t)row * (size_t)t->columns + (size_t)column];
}

/* ---- fields ---- */

/* "rx: Lev+5FU" and "rx.Lev.5fu" name the same row: ASCII letters without case, runs of anything
   else between them one dot; bytes of other scripts count as letters. */
static void plain_key(struct yg_buf *out, const char *p, size_t n)
{
	bool gap = false;
	yg_buf_clear(out);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
		if (!letter) {
			gap = out->len > 0;
			continue;
		}
		if (gap)
			yg_buf_addc(out, '.');
		gap = false;
		yg_buf_addc(out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
	}
}

static bool same_text(const char *s, const char *p, size_t n)
{
	return strlen(s) == n && memcmp(s, p, n) == 0;
}

static int find_column(const struct yg_result_table *t, const char *kind)
{
	for (int c = 0; c < t->columns; c++)
		if (strcmp(t->column[c].key, kind) == 0)
			return c;
	for (int c = 0; c < t->columns; c++)
		if (strcmp(yg_role_name(t->column[c].role), kind) == 0)
			return c;
	return -1;
}

static const struct yg_cell *find_in_table(const struct yg_result_table *t, const char *term, size_t n,
                                           const char *kind, bool loose)
{
	int c = find_column(t, kind);
	if (c < 0)
		return NULL;
	const struct yg_cell *found = NULL;
	struct yg_buf wanted = YG_BUF_INIT, key = YG_BUF_INIT;
	plain_key(&wanted, term, n);
	for (int row = 0; row < t->rows && !found; row++) {
		const struct yg_cell *cell = yg_result_cell(t, row, c);
		if (cell->state == YG_CELL_EMPTY)
			continue;
		if (!loose) {
			if (same_text(t->row[row].key, term, n))
				found = cell;
			continue;
		}
		plain_key(&key, t->row[row].key, strlen(t->row[row].key));
		if (key.len == wanted.len && memcmp(key.data, wanted.data, key.len) == 0)
			found = cell;
	}
	yg_buf_release(&wanted);
	yg_buf_release(&key);
	return found;
}

static const struct yg_cell *find_in_tables(const struct yg_result *r, const char *table, size_t table_n,
                                            const char *term, size_t n, const char *kind)
{
	for (int loose = 0; loose < 2; loose++) {
		for (int i = 0; i < r->items; i++) {
			const struct yg_result_table *t = r->item[i].table;
			if (r->item[i].kind != YG_ITEM_TABLE || (table && !same_text(t->key, table, table_n)))
				continue;
			const struct yg_cell *c = find_in_table(t, term, n, kind, loose != 0);
			if (c)
				return c;
		}
	}
	return NULL;
}

const struct yg_cell *yg_result_field(const struct yg_result *r, const char *path)
{
	const struct {
		const char *name;
		const struct yg_cell *cell;
	} count[4] = {
		{ "n", &r->persons }, { "records", &r->records }, { "events", &r->events }, { "dropped", &r->dropped },
	};
	for (int i = 0; i < 4; i++)
		if (strcmp(path, count[i].name) == 0)
			return count[i].cell->state == YG_CELL_EMPTY ? NULL : count[i].cell;
	const char *dot = strrchr(path, '.');
	if (!dot || dot == path || !dot[1])
		return NULL;
	const struct yg_cell *c = find_in_tables(r, NULL, 0, path, (size_t)(dot - path), dot + 1);
	/* TABLE.TERM.KIND */
	const char *first = strchr(path, '.');
	if (!c && first < dot)
		c = find_in_tables(r, path, (size_t)(first - path), first + 1, (size_t)(dot - first - 1), dot + 1);
	return c;
}

bool yg_result_withheld(const struct yg_result *r)
{
	for (int i = 0; r->guarded && i < r->items; i++) {
		const struct yg_result_table *t = r->item[i].table;
		for (int k = 0; t && k < t->rows * t->columns; k++) {
			const struct yg_cell *c = &t->cell[k];
			if (c->state == YG_CELL_HIDDEN && c->value.text && (!strcmp(c->value.text, "T9") || !strcmp(c->value.text, "M1")))
				return true;
		}
	}
	return false;
}
