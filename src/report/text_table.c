/*
 * A table as text: columns aligned by display width (wide scripts count two), numbers on their
 * decimal points, long labels wrapped, wide tables in several groups of columns.
 */
#include <string.h>

#include "report/report_priv.h"

enum { GAP = 2, DEFAULT_WIDTH = 80, LEAST_WIDTH = 40 };

/* One column as it will be printed: a column of the table, or a pair of limits. */
struct shown {
	int j;
	bool interval, left, words;  /* left-aligned; words that may be wrapped */
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

static char *cell_text(const struct yg_cell *c)
{
	struct yg_buf b = YG_BUF_INIT;
	yg_words_cell(&b, c);
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

/* Texts of one column of cells, numbers padded so that their points stand above each other. */
static void aligned_texts(const struct yg_result_table *t, int j, char **out)
{
	size_t before = 0, after = 0;
	for (int i = 0; i < t->rows; i++) {
		const struct yg_cell *c = yg_result_cell(t, i, j);
		size_t b, a;
		out[i] = cell_text(c);
		if (!yg_cell_is_number(c))
			continue;
		split_number(out[i], &b, &a);
		before = b > before ? b : before;
		after = a > after ? a : after;
	}
	for (int i = 0; i < t->rows; i++) {
		size_t b, a;
		if (!yg_cell_is_number(yg_result_cell(t, i, j)))
			continue;
		split_number(out[i], &b, &a);
		struct yg_buf padded = YG_BUF_INIT;
		yg_buf_fill(&padded, ' ', before - b);
		yg_buf_adds(&padded, out[i]);
		yg_buf_fill(&padded, ' ', after - a);
		yg_free(out[i]);
		out[i] = yg_buf_take(&padded);
	}
}

/* "0.42 to 0.70"; a pair of which nothing is known is said once. */
static char *interval_text(const struct yg_cell *low, const struct yg_cell *high, const char *l, const char *h)
{
	if (low->state == YG_CELL_EMPTY && high->state == YG_CELL_EMPTY)
		return yg_xstrdup("");
	if (!yg_cell_is_number(low) && !yg_cell_is_number(high) && strcmp(l, h) == 0)
		return yg_xstrdup(l);
	return yg_xasprintf("%s %s %s", l, _("to"), h);
}

static void fill_cells(struct shown *s, const struct yg_result_table *t, size_t cap)
{
	size_t rows = (size_t)(t->rows ? t->rows : 1);
	char **text = yg_xcalloc(rows, sizeof *text), **high = NULL;
	aligned_texts(t, s->j, text);
	if (s->interval) {
		high = yg_xcalloc(rows, sizeof *high);
		for (int i = 0; i < t->rows; i++)
			high[i] = cell_text(yg_result_cell(t, i, s->j + 1));
	}
	s->cell = yg_xcalloc(rows, sizeof *s->cell);
	for (int i = 0; i < t->rows; i++) {
		if (high) {
			char *both = interval_text(yg_result_cell(t, i, s->j), yg_result_cell(t, i, s->j + 1), text[i], high[i]);
			yg_free(text[i]);
			yg_free(high[i]);
			text[i] = both;
		}
		if (s->words) {
			yg_wrap(&s->cell[i], text[i], cap);
		} else { /* numbers keep the blanks that align them */
			YG_GROW(s->cell[i].line, s->cell[i].n, s->cell[i].cap);
			s->cell[i].line[s->cell[i].n++] = yg_xstrdup(text[i]);
		}
		for (int k = 0; k < s->cell[i].n; k++) {
			size_t w = width_of(s->cell[i].line[k]);
			s->width = w > s->width ? w : s->width;
		}
		yg_free(text[i]);
	}
	yg_free(text);
	yg_free(high);
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
	if (s->interval)
		yg_words_interval_head(&b, t, s->j);
	else
		yg_words_head(&b, t->column[s->j].label, t->column[s->j].unit);
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
	for (int j = 0; j < t->columns; j++) {
		bool interval = yg_is_interval(t, j);
		if (t->rows && yg_column_empty(t, j) && (!interval || yg_column_empty(t, j + 1))) {
			j += interval;
			continue;
		}
		struct shown *s = &g->column[g->columns++];
		s->j = j;
		s->interval = interval;
		s->words = only_words(t, j);
		s->left = s->words || interval;
		fill_cells(s, t, (size_t)(width / 3 > 20 ? width / 3 : 20));
		fill_head(s, t);
		j += interval;
	}
	/* labels leave room for the widest column; what is wider than the page is cut */
	size_t cap = (size_t)(width * 2 / 5), longest = 0, widest = 0;
	for (int c = 0; c < g->columns; c++) {
		if (g->column[c].width > (size_t)width - GAP - 8)
			g->column[c].width = (size_t)width - GAP - 8;
		widest = g->column[c].width > widest ? g->column[c].width : widest;
	}
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
