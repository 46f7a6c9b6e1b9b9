/*
 * A document as JSON for people and other programs: numbers as numbers, two blanks of indentation,
 * states named where a value is not simply shown.  (The bytes under digests are another form:
 * docs/replay.md.)
 */
#include <math.h>
#include <string.h>

#include "report/report_priv.h"
#include "yogo/base/phrase.h"

/* A writer with indentation; arrays of plain values stay on one line. */
struct writer {
	struct yg_buf *out;
	int depth;
	bool first;
};

static void newline(struct writer *w)
{
	yg_buf_addc(w->out, '\n');
	yg_buf_fill(w->out, ' ', (size_t)(2 * w->depth));
}

static void item(struct writer *w)
{
	if (!w->first)
		yg_buf_addc(w->out, ',');
	newline(w);
	w->first = false;
}

static void open(struct writer *w, char bracket)
{
	yg_buf_addc(w->out, bracket);
	w->depth++;
	w->first = true;
}

static void close(struct writer *w, char bracket)
{
	w->depth--;
	if (!w->first)
		newline(w);
	yg_buf_addc(w->out, bracket);
	w->first = false;
}

static void string(struct writer *w, const char *s)
{
	struct yg_buf plain = YG_BUF_INIT;

	if (yg_phrase_marked(s)) {
		yg_phrase_english(s, &plain);
		yg_escape_json(w->out, plain.data ? plain.data : "", plain.len);
	} else {
		yg_escape_json(w->out, s, strlen(s));
	}
	yg_buf_release(&plain);
}

static void key(struct writer *w, const char *k)
{
	item(w);
	string(w, k);
	yg_buf_adds(w->out, ": ");
}

static void text(struct writer *w, const char *k, const char *s)
{
	if (!s || !s[0])
		return;
	key(w, k);
	string(w, s);
}

static void number(struct writer *w, double v)
{
	char s[32];
	if (!isfinite(v)) {
		yg_buf_adds(w->out, "null");
		return;
	}
	yg_print_double(s, v);
	yg_buf_adds(w->out, s);
}

static void keyed_number(struct writer *w, const char *k, double v)
{
	if (isnan(v))
		return;
	key(w, k);
	number(w, v);
}

static void flag(struct writer *w, const char *k, bool v)
{
	if (!v)
		return;
	key(w, k);
	yg_buf_adds(w->out, "true");
}

static void value(struct writer *w, const struct yg_value *v)
{
	switch (v->kind) {
	case YG_VALUE_NONE:
		yg_buf_adds(w->out, "null");
		break;
	case YG_VALUE_INTEGER:
		yg_buf_addf(w->out, "%lld", (long long)v->integer);
		break;
	case YG_VALUE_DOUBLE:
		number(w, v->number);
		break;
	case YG_VALUE_TEXT:
		string(w, v->text ? v->text : "");
		break;
	}
}

/* A shown value is itself; anything else an object on one line. */
static void cell(struct writer *w, const struct yg_cell *c)
{
	switch (c->state) {
	case YG_CELL_EMPTY:
		yg_buf_adds(w->out, "null");
		break;
	case YG_CELL_SHOWN:
		value(w, &c->value);
		break;
	case YG_CELL_ROUNDED:
		yg_buf_adds(w->out, "{\"state\": \"rounded\", \"value\": ");
		value(w, &c->value);
		yg_buf_adds(w->out, ", \"low\": ");
		number(w, c->low);
		yg_buf_adds(w->out, ", \"high\": ");
		number(w, c->high);
		yg_buf_addc(w->out, '}');
		break;
	case YG_CELL_HIDDEN:
		yg_buf_adds(w->out, "{\"state\": \"hidden\", \"reason\": ");
		string(w, c->value.text ? c->value.text : "");
		yg_buf_addc(w->out, '}');
		break;
	case YG_CELL_MISSING:
		yg_buf_adds(w->out, "{\"state\": \"missing\", \"reason\": ");
		string(w, c->value.text ? c->value.text : "");
		yg_buf_addc(w->out, '}');
		break;
	}
}

static void keyed_cell(struct writer *w, const char *k, const struct yg_cell *c)
{
	if (c->state == YG_CELL_EMPTY)
		return;
	key(w, k);
	cell(w, c);
}

static void table(struct writer *w, const struct yg_result_table *t)
{
	open(w, '{');
	text(w, "table", t->key);
	text(w, "title", t->title);
	flag(w, "detail", t->detail);
	key(w, "columns");
	open(w, '[');
	for (int j = 0; j < t->columns; j++) {
		const struct yg_table_column *c = &t->column[j];
		item(w);
		yg_buf_adds(w->out, "{\"key\": ");
		string(w, c->key);
		yg_buf_adds(w->out, ", \"label\": ");
		string(w, c->label);
		yg_buf_adds(w->out, ", \"role\": ");
		string(w, yg_role_name(c->role));
		if (c->unit) {
			yg_buf_adds(w->out, ", \"unit\": ");
			string(w, c->unit);
		}
		yg_buf_addc(w->out, '}');
	}
	close(w, ']');
	key(w, "rows");
	open(w, '[');
	for (int i = 0; i < t->rows; i++) {
		item(w);
		open(w, '{');
		text(w, "row", t->row[i].key);
		text(w, "label", t->row[i].label);
		for (int j = 0; j < t->columns; j++)
			keyed_cell(w, t->column[j].key, yg_result_cell(t, i, j));
		close(w, '}');
	}
	close(w, ']');
	close(w, '}');
}

static const char *note_kind(enum yg_note_kind k)
{
	static const char *const name[] = { "convention", "population", "dropped", "warning", "info" };
	return name[k];
}

static void note(struct writer *w, const struct yg_note *n)
{
	struct yg_buf s = YG_BUF_INIT;
	open(w, '{');
	text(w, "note", note_kind(n->kind));
	/* English, like everything a program reads: arguments into the message id itself */
	for (const char *p = n->message; *p;) {
		int i = p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}' ? p[1] - '1' : -1;
		if (i < 0) {
			yg_buf_addc(&s, *p++);
			continue;
		}
		if (i < n->arguments)
			yg_numfmt_cell(&s, &n->argument[i]);
		p += 3;
	}
	text(w, "text", s.data);
	if (n->arguments) {
		key(w, "arguments");
		yg_buf_addc(w->out, '[');
		for (int i = 0; i < n->arguments; i++) {
			yg_buf_adds(w->out, i ? ", " : "");
			cell(w, &n->argument[i]);
		}
		yg_buf_addc(w->out, ']');
	}
	close(w, '}');
	yg_buf_release(&s);
}

static void axis(struct writer *w, const char *k, const struct yg_axis *a)
{
	key(w, k);
	open(w, '{');
	text(w, "label", a->label);
	text(w, "unit", a->unit);
	flag(w, "log", a->log_scale);
	if (a->has_reference)
		keyed_number(w, "reference", a->reference);
	close(w, '}');
}

static void point(struct writer *w, const struct yg_point *p)
{
	open(w, '{');
	text(w, "label", p->label);
	flag(w, "header", p->header);
	flag(w, "summary", p->summary);
	keyed_number(w, "x", p->x);
	keyed_number(w, "x2", p->x2);
	keyed_number(w, "y", p->y);
	keyed_number(w, "lower", p->lower);
	keyed_number(w, "upper", p->upper);
	keyed_cell(w, "at_risk", &p->at_risk);
	keyed_cell(w, "events", &p->events);
	keyed_cell(w, "censored", &p->censored);
	text(w, "text", p->text);
	close(w, '}');
}

static void figure(struct writer *w, const struct yg_figure *f)
{
	static const char *const kind[] = { "km", "forest", "histogram", "love", "xy", "flow" };
	open(w, '{');
	text(w, "figure", f->key);
	text(w, "kind", kind[f->kind]);
	text(w, "title", f->title);
	flag(w, "hidden", f->hidden);
	flag(w, "grouped", f->grouped);
	axis(w, "x", &f->x);
	axis(w, "y", &f->y);
	text(w, "left", f->left);
	text(w, "right", f->right);
	text(w, "heads", f->heads);
	if (f->caption) {
		key(w, "caption");
		note(w, f->caption);
	}
	if (f->grids) {
		key(w, "grid");
		yg_buf_addc(w->out, '[');
		for (size_t i = 0; i < f->grids; i++) {
			yg_buf_adds(w->out, i ? ", " : "");
			number(w, f->grid[i]);
		}
		yg_buf_addc(w->out, ']');
	}
	key(w, "series");
	open(w, '[');
	for (int i = 0; i < f->series_count; i++) {
		item(w);
		open(w, '{');
		text(w, "name", f->series[i].name);
		flag(w, "line", f->series[i].line);
		key(w, "points");
		open(w, '[');
		for (size_t k = 0; k < f->series[i].points; k++) {
			item(w);
			point(w, &f->series[i].point[k]);
		}
		close(w, ']');
		close(w, '}');
	}
	close(w, ']');
	close(w, '}');
}

void yg_render_json(const struct yg_result *r, const struct yg_render_options *o, struct yg_buf *out)
{
	if (o && o->canonical) {
		yg_result_canonical(r, out);
		return;
	}
	struct writer w = { .out = out };
	struct yg_digest d = yg_result_digest(r);
	char hex[65];
	yg_digest_hex(&d, hex);
	open(&w, '{');
	text(&w, "verb", r->verb);
	key(&w, "operation_version");
	yg_buf_addf(out, "%d", r->operation_version);
	text(&w, "title", r->title);
	text(&w, "command", r->command);
	text(&w, "population", r->population);
	text(&w, "profile", r->profile);
	flag(&w, "guarded", r->guarded);
	keyed_cell(&w, "n", &r->persons);
	keyed_cell(&w, "records", &r->records);
	keyed_cell(&w, "events", &r->events);
	keyed_cell(&w, "dropped", &r->dropped);
	key(&w, "items");
	open(&w, '[');
	for (int i = 0; i < r->items; i++) {
		const struct yg_item *it = &r->item[i];
		item(&w);
		if (it->kind == YG_ITEM_TABLE)
			table(&w, it->table);
		else if (it->kind == YG_ITEM_FIGURE)
			figure(&w, it->figure);
		else
			note(&w, it->note);
	}
	close(&w, ']');
	key(&w, "digest");
	yg_buf_addf(out, "\"sha256:%s\"", hex);
	close(&w, '}');
	yg_buf_addc(out, '\n');
}
