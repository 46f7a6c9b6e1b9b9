/*
 * Replay comparison (docs/replay.md): two documents are laid out as lists of leaves with paths and
 * compared pair by pair.  Counts and words must be equal; other numbers may differ within the
 * tolerance of their role, and every displayed digit must be the same.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "result/result_priv.h"
#include "yogo/base/text.h"
#include "yogo/result/numfmt.h"
#include "yogo/result/result.h"

struct leaf {
	char *path;
	struct yg_cell cell;
	bool near_count;   /* iterations: may differ by two */
};
struct leaves {
	struct leaf *leaf;
	size_t n, cap;
};

static void add_cell(struct leaves *l, char *path_taken, const struct yg_cell *c)
{
	YG_GROW(l->leaf, l->n, l->cap);
	l->leaf[l->n++] = (struct leaf){ .path = path_taken, .cell = *c };
}

static void add_text(struct leaves *l, char *path_taken, const char *s)
{
	struct yg_cell c = { .state = YG_CELL_SHOWN, .role = YG_ROLE_LABEL, .decimals = -1,
		             .value = { .kind = YG_VALUE_TEXT, .text = s ? s : "" } };
	add_cell(l, path_taken, &c);
}

static void add_integer(struct leaves *l, char *path_taken, int64_t v)
{
	struct yg_cell c = { .state = YG_CELL_SHOWN, .role = YG_ROLE_INTEGER, .decimals = -1,
		             .value = { .kind = YG_VALUE_INTEGER, .integer = v } };
	add_cell(l, path_taken, &c);
}

static void add_number(struct leaves *l, char *path_taken, enum yg_role role, double v)
{
	struct yg_cell c = { .state = YG_CELL_SHOWN, .role = role, .decimals = -1,
		             .value = { .kind = YG_VALUE_DOUBLE, .number = v } };
	if (isnan(v))
		c = (struct yg_cell){ .role = role, .decimals = -1 };
	add_cell(l, path_taken, &c);
}

static void lay_table(struct leaves *l, const struct yg_result_table *t)
{
	add_text(l, yg_xasprintf("%s.title", t->key), t->title);
	for (int j = 0; j < t->columns; j++)
		add_text(l, yg_xasprintf("%s.%s", t->key, t->column[j].key), t->column[j].label);
	for (int i = 0; i < t->rows; i++) {
		const char *name = t->row[i].key[0] ? t->row[i].key : t->row[i].label;
		add_text(l, yg_xasprintf("%s[%s]", t->key, name), t->row[i].label);
		for (int j = 0; j < t->columns; j++) {
			add_cell(l, yg_xasprintf("%s[%s].%s", t->key, name, t->column[j].key), yg_result_cell(t, i, j));
			l->leaf[l->n - 1].near_count = t->column[j].role == YG_ROLE_INTEGER &&
				(strcmp(t->column[j].key, "iterations") == 0 || strcmp(name, "iterations") == 0);
		}
	}
}

static void lay_note(struct leaves *l, const char *where, const struct yg_note *n)
{
	add_text(l, yg_xstrdup(where), n->message);
	for (int i = 0; i < n->arguments; i++) {
		add_cell(l, yg_xasprintf("%s {%d}", where, i + 1), &n->argument[i]);
		l->leaf[l->n - 1].near_count = n->argument[i].role == YG_ROLE_INTEGER && strstr(n->message, "iteration");
	}
}

/* What the numbers of a figure are, for tolerances. */
static void point_roles(enum yg_figure_kind kind, enum yg_role *x, enum yg_role *y)
{
	*x = YG_ROLE_TIME;
	*y = YG_ROLE_ESTIMATE;
	if (kind == YG_FIGURE_KM)
		*y = YG_ROLE_PROBABILITY;
	else if (kind == YG_FIGURE_LOVE)
		*x = YG_ROLE_SMD;
	else if (kind == YG_FIGURE_FLOW)
		*x = *y = YG_ROLE_PERSONS;
	else if (kind == YG_FIGURE_HISTOGRAM)
		*y = YG_ROLE_PERSONS;
}

static void lay_figure(struct leaves *l, const struct yg_figure *f)
{
	enum yg_role x, y;
	point_roles(f->kind, &x, &y);
	add_text(l, yg_xasprintf("%s.title", f->key), f->title);
	add_text(l, yg_xasprintf("%s.x.label", f->key), f->x.label);
	add_text(l, yg_xasprintf("%s.y.label", f->key), f->y.label);
	add_integer(l, yg_xasprintf("%s.hidden", f->key), f->hidden);
	for (size_t i = 0; i < f->grids; i++)
		add_number(l, yg_xasprintf("%s.grid[%zu]", f->key, i), YG_ROLE_TIME, f->grid[i]);
	if (f->caption)
		lay_note(l, "caption", f->caption);
	for (int i = 0; i < f->series_count; i++) {
		const struct yg_series *s = &f->series[i];
		add_text(l, yg_xasprintf("%s.series[%d]", f->key, i), s->name);
		for (size_t k = 0; k < s->points; k++) {
			const struct yg_point *p = &s->point[k];
			char at[160];
			snprintf(at, sizeof at, "%.60s[%.60s][%zu]", f->key, s->name, k);
			add_number(l, yg_xasprintf("%s.x", at), x, p->x);
			add_number(l, yg_xasprintf("%s.x2", at), x, p->x2);
			add_number(l, yg_xasprintf("%s.y", at), y, p->y);
			add_number(l, yg_xasprintf("%s.lower", at), YG_ROLE_LOWER, p->lower);
			add_number(l, yg_xasprintf("%s.upper", at), YG_ROLE_UPPER, p->upper);
			add_cell(l, yg_xasprintf("%s.at_risk", at), &p->at_risk);
			add_cell(l, yg_xasprintf("%s.events", at), &p->events);
			add_cell(l, yg_xasprintf("%s.censored", at), &p->censored);
			add_text(l, yg_xasprintf("%s.label", at), p->label);
			add_text(l, yg_xasprintf("%s.text", at), p->text);
		}
	}
}

static void lay(struct leaves *l, const struct yg_result *r)
{
	add_text(l, yg_xstrdup("verb"), r->verb);
	add_integer(l, yg_xstrdup("operation version"), r->operation_version);
	add_text(l, yg_xstrdup("command"), r->command);
	add_text(l, yg_xstrdup("population"), r->population);
	add_text(l, yg_xstrdup("profile"), r->profile);
	add_text(l, yg_xstrdup("title"), r->title);
	add_cell(l, yg_xstrdup("n"), &r->persons);
	add_cell(l, yg_xstrdup("records"), &r->records);
	add_cell(l, yg_xstrdup("events"), &r->events);
	add_cell(l, yg_xstrdup("dropped"), &r->dropped);
	for (int i = 0; i < r->items; i++) {
		const struct yg_item *it = &r->item[i];
		char where[32];
		snprintf(where, sizeof where, "note %d", i + 1);
		if (it->kind == YG_ITEM_TABLE)
			lay_table(l, it->table);
		else if (it->kind == YG_ITEM_FIGURE)
			lay_figure(l, it->figure);
		else
			lay_note(l, where, it->note);
	}
}

static void release(struct leaves *l)
{
	for (size_t i = 0; i < l->n; i++)
		yg_free(l->leaf[i].path);
	yg_free(l->leaf);
}

static void tolerance(enum yg_role role, double *absolute, double *relative)
{
	*absolute = *relative = 0;
	switch (role) {
	case YG_ROLE_ESTIMATE:
	case YG_ROLE_SE:
	case YG_ROLE_LOWER:
	case YG_ROLE_UPPER:
	case YG_ROLE_STATISTIC:
	case YG_ROLE_CRITERION:
		*absolute = 1e-10;
		*relative = 1e-8;
		break;
	case YG_ROLE_P:
		*absolute = 1e-12;
		*relative = 1e-7;
		break;
	case YG_ROLE_WEIGHTED:
	case YG_ROLE_PERSON_TIME:
	case YG_ROLE_PROPORTION:
	case YG_ROLE_PROBABILITY:
	case YG_ROLE_DF:
	case YG_ROLE_MEAN:
	case YG_ROLE_SD:
	case YG_ROLE_QUANTILE:
	case YG_ROLE_EXTREME:
	case YG_ROLE_TIME:
	case YG_ROLE_SMD:
		*absolute = 1e-14;
		*relative = 1e-12;
		break;
	default:
		break;
	}
}

static bool same_bits(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

static bool same_value(const struct yg_value *a, const struct yg_value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case YG_VALUE_NONE:
		return true;
	case YG_VALUE_INTEGER:
		return a->integer == b->integer;
	case YG_VALUE_DOUBLE:
		return same_bits(a->number, b->number);
	case YG_VALUE_TEXT:
		return strcmp(a->text ? a->text : "", b->text ? b->text : "") == 0;
	}
	return false;
}

static void shown(struct yg_buf *out, const struct yg_cell *c)
{
	yg_buf_clear(out);
	yg_numfmt_cell(out, c);
}

/* 0 the same, 1 within tolerance with the same digits, 2 within tolerance but shown differently, 3 different. */
static int compare_leaf(const struct leaf *a, const struct leaf *b, double *relative)
{
	const struct yg_cell *c = &a->cell, *d = &b->cell;
	*relative = 0;
	if (strcmp(a->path, b->path) != 0 || c->state != d->state || c->role != d->role || c->decimals != d->decimals)
		return 3;
	if (c->state == YG_CELL_EMPTY)
		return 0;
	bool bounds_differ = (c->state == YG_CELL_ROUNDED || c->state == YG_CELL_HIDDEN) &&
			     (!same_bits(c->low, d->low) || !same_bits(c->high, d->high));
	if (bounds_differ)
		return 3;
	if (same_value(&c->value, &d->value))
		return 0;
	if (a->near_count && c->value.kind == YG_VALUE_INTEGER && d->value.kind == YG_VALUE_INTEGER) {
		int64_t gap = c->value.integer - d->value.integer;
		return gap >= -2 && gap <= 2 ? 1 : 3;
	}
	if (c->value.kind != YG_VALUE_DOUBLE || d->value.kind != YG_VALUE_DOUBLE)
		return 3;
	double x = c->value.number, y = d->value.number, absolute, rtol;
	tolerance(c->role, &absolute, &rtol);
	double size = fmax(fabs(x), fabs(y)), gap = fabs(x - y);
	*relative = size > 0 ? gap / size : 0;
	if (!(gap <= absolute + rtol * size))
		return 3;
	struct yg_buf p = YG_BUF_INIT, q = YG_BUF_INIT;
	shown(&p, c);
	shown(&q, d);
	bool same = strcmp(p.data, q.data) == 0;
	yg_buf_release(&p);
	yg_buf_release(&q);
	return same ? 1 : 2;
}

static void print_full(char out[64], const struct leaf *l)
{
	struct yg_buf b = YG_BUF_INIT;
	const struct yg_cell *c = &l->cell;
	if (c->value.kind == YG_VALUE_DOUBLE && (c->state == YG_CELL_SHOWN || c->state == YG_CELL_ROUNDED)) {
		char s[32];
		yg_print_double(s, c->value.number);
		yg_buf_adds(&b, s);
	} else if (c->state == YG_CELL_EMPTY) {
		yg_buf_adds(&b, "(nothing)");
	} else {
		yg_numfmt_cell(&b, c);
	}
	size_t n = yg_text_cut(b.data, b.len, 60, NULL);
	snprintf(out, 64, "%.*s", (int)(n < 63 ? n : 63), b.data);
	yg_buf_release(&b);
}

static void report(struct yg_difference *out, const struct leaf *a, const struct leaf *b)
{
	static const struct leaf nothing = { .cell = { .state = YG_CELL_EMPTY } };
	snprintf(out->path, sizeof out->path, "%s", a ? a->path : b->path);
	print_full(out->recorded, a ? a : &nothing);
	print_full(out->now, b ? b : &nothing);
}

void yg_result_compare(const struct yg_result *recorded, const struct yg_result *now, struct yg_difference *out)
{
	struct leaves a = { 0 }, b = { 0 };
	int worst = 0;
	memset(out, 0, sizeof *out);
	lay(&a, recorded);
	lay(&b, now);
	for (size_t i = 0; i < a.n || i < b.n; i++) {
		const struct leaf *p = i < a.n ? &a.leaf[i] : NULL, *q = i < b.n ? &b.leaf[i] : NULL;
		double relative = 0;
		int verdict = p && q ? compare_leaf(p, q, &relative) : 3;
		if (relative > out->relative)
			out->relative = relative;
		if (verdict > worst) { /* the first of the worst kind is the one named */
			report(out, p, q);
			worst = verdict;
		}
		if (verdict == 3 && (!p || !q || strcmp(p->path, q->path) != 0))
			break; /* from here on nothing corresponds */
	}
	/* what the leaves do not cover (units, indents ...) the canonical bytes do */
	if (worst < 3) {
		struct yg_digest d = yg_result_digest(recorded), e = yg_result_digest(now);
		bool same = yg_digest_cmp(&d, &e) == 0;
		if (worst == 0 && !same) {
			worst = 3;
			snprintf(out->path, sizeof out->path, "layout");
		}
	}
	out->identical = worst == 0;
	out->equivalent = worst <= 1;
	release(&a);
	release(&b);
}
