/*
 * A table as text: columns aligned by display width (wide scripts count two), numbers on their
 * decimal points, long labels wrapped, wide tables in several groups of columns.
 */
#include <string.h>

#include "report/report_priv.h"

enum { GAP = 2, NARROWEST = 16 /* label */, DEFAULT_WIDTH = 80, LEAST_WIDTH = 40 };

/* One column as it will be printed: a column of the table, or several that are read together. */
struct shown {
	int j, span;
	enum yg_join how;
	bool left, words;            /* left-aligned; words that may be wrapped */
	size_t width;
	struct yg_lines head;
	struct yg_lines *cell;       /* one per row; already aligned */
};
struct grid {
	const struct yg_result_table *t;
	struct shown *column;
	int columns;
	struct yg_lines *label;
	size_t label_width;
};

int yg_text_columns(const struct yg_render_options *o)
{
	int width = o && o->width > 0 ? o->width : DEFAULT_WIDTH;
	return width < LEAST_WIDTH ? LEAST_WIDTH : width;
}

void yg_text_rule(struct yg_buf *out, size_t columns, const struct yg_render_options *o)
{
	for (size_t i = 0; i < columns; i++)
		yg_buf_adds(out, o && o->glyphs == YG_GLYPHS_ASCII ? "-" : "\xe2\x94\x80");
	yg_buf_addc(out, '\n');
}

static char *escaped(const char *s)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_escape_terminal(&b, s, strlen(s));
	return yg_buf_take(&b);
}

static char *cell_text(const struct yg_result_table *t, int row, int j)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_words_table_cell(&b, t, row, j);
	char *s = escaped(b.data);
	yg_buf_release(&b);
	return s;
}

static size_t width_of(const char *s)
{
	return yg_text_width(s, strlen(s));
}

/* Columns before the decimal point, and from it on. */
static void split_number(const char *s, size_t *before, size_t *after)
{
	const char *dot = strchr(s, '.');
	*before = dot ? (size_t)(dot - s) : strlen(s);
	*after = strlen(s) - *before;
	if (!dot && *before && s[*before - 1] == '%') {
		(*before)--;
		*after = 1;
	}
}

/* Columns that the first number of a cell takes before its point, over all rows: they are padded to
   it, so that points stand above each other; what follows the point only when the number stands alone. */
static void number_widths(const struct yg_result_table *t, int j, size_t *before, size_t *after)
{
	*before = *after = 0;
	for (int i = 0; i < t->rows; i++) {
		size_t b, a;
		if (!yg_cell_is_number(yg_result_cell(t, i, j)))
			continue;
		char *s = cell_text(t, i, j);
		split_number(s, &b, &a);
		*before = b > *before ? b : *before;
		*after = a > *after ? a : *after;
		yg_free(s);
	}
}

static char *aligned_text(const struct shown *s, const struct yg_result_table *t, int row, size_t before, size_t after)
{
	struct yg_buf words = YG_BUF_INIT, out = YG_BUF_INIT;
	const struct yg_cell *c = yg_result_cell(t, row, s->j);
	size_t b = 0, a = 0;
	yg_words_span(&words, t, row, s->j, s->span, s->how);
	bool number = yg_cell_is_number(c);
	if (number) {
		char *first = cell_text(t, row, s->j);
		split_number(first, &b, &a);
		yg_free(first);
		yg_buf_fill(&out, ' ', before - b);
	}
	yg_escape_terminal(&out, words.data, words.len);
	if (number && s->span == 1)
		yg_buf_fill(&out, ' ', after - a);
	yg_buf_release(&words);
	return yg_buf_take(&out);
}

static void fill_cells(struct shown *s, const struct yg_result_table *t, size_t cap)
{
	size_t before, after;
	number_widths(t, s->j, &before, &after);
	s->cell = yg_xcalloc((size_t)t->rows + 1, sizeof *s->cell);
	for (int i = 0; i < t->rows; i++) {
		struct yg_lines *l = &s->cell[i];
		char *text = aligned_text(s, t, i, before, after);
		if (s->words) {
			yg_wrap(l, text, cap);
		} else { /* numbers keep the blanks that align them */
			YG_GROW(l->line, l->n, l->cap);
			l->line[l->n++] = yg_xstrdup(text);
		}
		for (int k = 0; k < l->n; k++) {
			size_t w = width_of(l->line[k]);
			s->width = w > s->width ? w : s->width;
		}
		yg_free(text);
	}
}

static size_t longest_word(const char *s)
{
	size_t longest = 0;
	while (*s) {
		size_t n = strcspn(s, " "), w = yg_text_width(s, n);
		longest = w > longest ? w : longest;
		s += n + (s[n] == ' ');
	}
	return longest;
}

/* Heads wrap to the width of their numbers, but not narrower than a word or twelve columns. */
static void fill_head(struct shown *s, const struct yg_result_table *t)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_words_span_head(&b, t, s->j, s->span, s->how);
	char *head = escaped(b.data);
	size_t want = width_of(head), word = longest_word(head), least = word > 12 ? word : 12;
	if (word > 24)
		least = 24;
	if (want > s->width)
		s->width = want < least ? want : s->width > least ? s->width : least;
	yg_wrap(&s->head, head, s->width);
	yg_free(head);
	yg_buf_release(&b);
}

static bool only_words(const struct yg_result_table *t, int j)
{
	if (t->column[j].role != YG_ROLE_LABEL)
		return false;
	for (int i = 0; i < t->rows; i++)
		if (yg_cell_is_number(yg_result_cell(t, i, j)))
			return false;
	return true;
}

static void build(struct grid *g, const struct yg_result_table *t, int width)
{
	*g = (struct grid){ .t = t };
	g->column = yg_xcalloc((size_t)t->columns + 1, sizeof *g->column);
	for (int j = 0, span; j < t->columns; j += span) {
		enum yg_join how;
		span = yg_column_span(t, j, &how);
		if (t->rows && yg_span_empty(t, j, span))
			continue;
		struct shown *s = &g->column[g->columns++];
		s->j = j;
		s->span = span;
		s->how = how;
		s->words = only_words(t, j);
		s->left = s->words || span > 1;
		fill_cells(s, t, (size_t)(width / 3 > 20 ? width / 3 : 20));
		fill_head(s, t);
	}
	/* labels leave room for the widest column; what is wider than the page is cut */
	size_t cap = (size_t)(width * 2 / 5), longest = 0, widest = 0, all = 0;
	for (int c = 0; c < g->columns; c++) {
		if (g->column[c].width > (size_t)width - GAP - 8)
			g->column[c].width = (size_t)width - GAP - 8;
		widest = g->column[c].width > widest ? g->column[c].width : widest;
		all += GAP + g->column[c].width;
	}
	/* rather labels of several lines than a table in two parts */
	if (all + NARROWEST <= (size_t)width && cap > (size_t)width - all)
		cap = (size_t)width - all;
	if (cap > (size_t)width - GAP - widest)
		cap = (size_t)width - GAP - widest;
	g->label = yg_xcalloc((size_t)t->rows + 1, sizeof *g->label);
	for (int i = 0; i < t->rows; i++) {
		size_t indent = (size_t)(2 * (t->row[i].indent > 8 ? 8 : t->row[i].indent));
		char *s = escaped(yg_tr(t->row[i].label));
		struct yg_lines wrapped = { 0 };
		yg_wrap(&wrapped, s, cap > indent + 6 ? cap - indent - 2 : 4);
		for (int k = 0; k < wrapped.n; k++) {
			struct yg_lines *l = &g->label[i];
			YG_GROW(l->line, l->n, l->cap);
			l->line[l->n] = yg_xasprintf("%*s%s%s", (int)indent, "", k ? "  " : "", wrapped.line[k]);
			size_t w = width_of(l->line[l->n++]);
			longest = w > longest ? w : longest;
		}
		yg_lines_release(&wrapped);
		yg_free(s);
	}
	g->label_width = longest > cap ? cap : longest;
}

static void release(struct grid *g)
{
	for (int c = 0; c < g->columns; c++) {
		yg_lines_release(&g->column[c].head);
		for (int i = 0; i < g->t->rows; i++)
			yg_lines_release(&g->column[c].cell[i]);
		yg_free(g->column[c].cell);
	}
	for (int i = 0; i < g->t->rows; i++)
		yg_lines_release(&g->label[i]);
	yg_free(g->label);
	yg_free(g->column);
}

/* Trailing blanks are no part of a line. */
static void end_line(struct yg_buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	yg_buf_addc(out, '\n');
}

static void print_heads(struct yg_buf *out, const struct grid *g, int from, int to)
{
	int lines = 0;
	for (int c = from; c < to; c++)
		lines = g->column[c].head.n > lines ? g->column[c].head.n : lines;
	for (int k = 0; k < lines; k++) {
		yg_buf_fill(out, ' ', g->label_width);
		for (int c = from; c < to; c++) {
			const struct shown *s = &g->column[c];
			int line = k - (lines - s->head.n); /* heads stand on the rule */
			yg_buf_fill(out, ' ', GAP);
			yg_text_pad(out, line >= 0 ? s->head.line[line] : "", s->width, s->left ? -1 : 1);
		}
		end_line(out);
	}
}

static void print_row(struct yg_buf *out, const struct grid *g, int row, int from, int to)
{
	int lines = g->label[row].n;
	for (int c = from; c < to; c++)
		lines = g->column[c].cell[row].n > lines ? g->column[c].cell[row].n : lines;
	for (int k = 0; k < lines; k++) {
		const struct yg_lines *label = &g->label[row];
		yg_text_pad(out, k < label->n ? label->line[k] : "", g->label_width, -1);
		for (int c = from; c < to; c++) {
			const struct shown *s = &g->column[c];
			const struct yg_lines *cell = &s->cell[row];
			/* numbers stand on the last line of a wrapped label, words on the first */
			int line = s->words ? k : k - (label->n - 1 > 0 ? label->n - 1 : 0);
			yg_buf_fill(out, ' ', GAP);
			yg_text_pad(out, line >= 0 && line < cell->n ? cell->line[line] : "", s->width, s->left ? -1 : 1);
		}
		end_line(out);
	}
}

void yg_table_text(struct yg_buf *out, const struct yg_result_table *t, const struct yg_render_options *o)
{
	struct grid g;
	size_t width = (size_t)yg_text_columns(o);
	build(&g, t, (int)width);
	for (int from = 0; from < g.columns || from == 0;) {
		size_t used = g.label_width;
		int to = from;
		while (to < g.columns && (to == from || used + GAP + g.column[to].width <= width))
			used += GAP + g.column[to++].width;
		if (from > 0)
			yg_buf_addc(out, '\n');
		print_heads(out, &g, from, to);
		yg_text_rule(out, used < width ? used : width, o);
		for (int i = 0; i < t->rows; i++)
			print_row(out, &g, i, from, to);
		if (to == from)
			break;
		from = to;
	}
	release(&g);
}
