/* The words of a document: translated, arguments put in, wrapped; not yet escaped. */
#include <string.h>

#include "report/report_priv.h"
#include "yogo/base/phrase.h"

const char *yg_tr(const char *s)
{
	return yg_phrase_shown(s);
}

void yg_words_cell(struct yg_buf *out, const struct yg_cell *c)
{
	bool words = c->state == YG_CELL_MISSING || (c->state == YG_CELL_SHOWN && c->value.kind == YG_VALUE_TEXT);
	if (words && c->value.text && c->value.text[0])
		yg_buf_adds(out, yg_tr(c->value.text));
	else if (c->state == YG_CELL_MISSING)
		yg_buf_adds(out, _("missing"));
	else if (c->state == YG_CELL_HIDDEN && c->high < 1)
		yg_buf_adds(out, _("[hidden]"));
	else
		yg_numfmt_cell(out, c);
}

void yg_words_head(struct yg_buf *out, const char *label, const char *unit)
{
	yg_buf_adds(out, yg_tr(label));
	if (unit && unit[0])
		yg_buf_addf(out, "%s%s", label && label[0] ? ", " : "", yg_tr(unit));
}

void yg_note_sentence(const struct yg_note *n, struct yg_buf *out)
{
	const char *s = yg_tr(n->message);
	while (*s) {
		if (s[0] == '{' && s[1] >= '1' && s[1] <= '9' && s[2] == '}') {
			int i = s[1] - '1';
			if (i < n->arguments)
				yg_words_cell(out, &n->argument[i]);
			s += 3;
		} else {
			yg_buf_addc(out, *s++);
		}
	}
}

static bool is_zero(const struct yg_cell *c)
{
	return c->state == YG_CELL_SHOWN && c->value.kind == YG_VALUE_INTEGER && c->value.integer == 0;
}

static bool same_count(const struct yg_cell *a, const struct yg_cell *b)
{
	return a->state == b->state && a->value.kind == YG_VALUE_INTEGER && b->value.kind == YG_VALUE_INTEGER &&
	       a->value.integer == b->value.integer;
}

void yg_words_counts(struct yg_buf *out, const struct yg_result *r)
{
	const struct {
		const struct yg_cell *cell;
		const char *one, *many;
	} part[4] = {
		{ &r->persons, N_("person"), N_("persons") },
		{ &r->records, N_("record"), N_("records") },
		{ &r->events, N_("event"), N_("events") },
		{ &r->dropped, N_("left out"), N_("left out") },
	};
	for (int i = 0; i < 4; i++) {
		const struct yg_cell *c = part[i].cell;
		bool one = c->state == YG_CELL_SHOWN && c->value.kind == YG_VALUE_INTEGER && c->value.integer == 1;
		/* records only when they differ from persons, losses only when there are any */
		if (c->state == YG_CELL_EMPTY || (i == 1 && same_count(c, &r->persons)) || (i == 3 && is_zero(c)))
			continue;
		if (out->len)
			yg_buf_adds(out, ", ");
		yg_words_cell(out, c);
		yg_buf_addf(out, " %s", yg_tr(one ? part[i].one : part[i].many));
	}
}

const char *yg_words_withheld(void)
{
	return _("This figure is withheld by the disclosure policy.");
}

bool yg_cell_is_number(const struct yg_cell *c)
{
	return (c->state == YG_CELL_SHOWN || c->state == YG_CELL_ROUNDED) &&
	       (c->value.kind == YG_VALUE_INTEGER || c->value.kind == YG_VALUE_DOUBLE);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

static bool is_limit(const struct yg_table_column *c, enum yg_role role, const char *key)
{
	return c->role == role || (c->role != YG_ROLE_LABEL && ends_with(c->key, key));
}

static bool is_companion(const struct yg_table_column *c)
{
	return !c->unit && (c->label[0] == '\0' || strcmp(c->label, "%") == 0);
}

int yg_column_span(const struct yg_result_table *t, int j, enum yg_join *how)
{
	int span = 1;
	*how = YG_JOIN_NONE;
	if (j + 1 < t->columns && is_limit(&t->column[j], YG_ROLE_LOWER, "lower") &&
	    is_limit(&t->column[j + 1], YG_ROLE_UPPER, "upper")) {
		*how = YG_JOIN_INTERVAL;
		return 2;
	}
	if (t->column[j].role == YG_ROLE_LABEL || is_companion(&t->column[j]))
		return 1;
	while (j + span < t->columns && is_companion(&t->column[j + span]))
		span++;
	if (span > 1)
		*how = YG_JOIN_BRACKET;
	return span;
}

void yg_words_span_head(struct yg_buf *out, const struct yg_result_table *t, int j, int span, enum yg_join how)
{
	const char *label = t->column[j].label, *percent = strchr(label, '%'), *start = percent;
	if (how != YG_JOIN_INTERVAL) {
		yg_words_head(out, label, t->column[j].unit);
		if (how == YG_JOIN_BRACKET && strcmp(t->column[j + span - 1].label, "%") == 0)
			yg_buf_adds(out, " (%)");
		return;
	}
	/* "95% CI" when the label names the level */
	while (start && start > label && ((start[-1] >= '0' && start[-1] <= '9') || start[-1] == '.'))
		start--;
	if (percent && start < percent) {
		yg_buf_add(out, start, (size_t)(percent - start) + 1);
		yg_buf_addf(out, " %s", _("CI"));
	} else {
		yg_buf_adds(out, _("interval"));
	}
}

/* ---- the same decimals down a column ---- */

enum { MOST_LOOKED_AT = 1000 };

/* Decimals that four significant digits give; -1 when the cell is not a number written that way. */
static int natural_decimals(const struct yg_cell *c)
{
	static const enum yg_role free[] = { YG_ROLE_ESTIMATE, YG_ROLE_SE,   YG_ROLE_LOWER, YG_ROLE_UPPER,
		                             YG_ROLE_MEAN,     YG_ROLE_SD,   YG_ROLE_STATISTIC };
	bool of_these = false;
	if (!yg_cell_is_number(c) || c->value.kind != YG_VALUE_DOUBLE || c->decimals >= 0)
		return -1;
	for (size_t i = 0; i < sizeof free / sizeof *free; i++)
		of_these = of_these || c->role == free[i];
	double v = c->value.number < 0 ? -c->value.number : c->value.number, edge = 999.95;
	if (!of_these || !(v >= 0.00099995) || v >= 1e7)
		return -1;
	for (int d = 1; d <= 6; d++, edge /= 10)
		if (v >= edge)
			return d - 1;
	return 6;
}

static bool any_of(const struct yg_result_table *t, int j, int span, int decimals)
{
	for (int i = 0; i < t->rows && i < MOST_LOOKED_AT; i++)
		for (int k = 0; k < span; k++)
			if (natural_decimals(yg_result_cell(t, i, j + k)) == decimals)
				return true;
	return false;
}

/* Two limits that differ may not come to look the same. */
static bool look_the_same(const struct yg_cell *a, const struct yg_cell *b, int decimals)
{
	return a != b && a->value.kind == YG_VALUE_DOUBLE && b->value.kind == YG_VALUE_DOUBLE && yg_cell_is_number(b) &&
	       a->value.number != b->value.number &&
	       yg_numfmt_round_fixed(a->value.number, decimals) == yg_numfmt_round_fixed(b->value.number, decimals);
}

static bool is_interval(const struct yg_result_table *t, int j)
{
	enum yg_join how;
	return j >= 0 && j < t->columns && yg_column_span(t, j, &how) == 2 && how == YG_JOIN_INTERVAL;
}

/* The columns that share their decimals with column j. */
static int pool(const struct yg_result_table *t, int j, int *span)
{
	int first = is_interval(t, j - 1) ? j - 1 : j;
	*span = is_interval(t, first) ? 2 : 1;
	if (*span == 2 && first > 0 && t->column[first - 1].role == YG_ROLE_ESTIMATE && !is_interval(t, first - 2)) {
		first--;
		*span = 3;
	} else if (*span == 1 && t->column[j].role == YG_ROLE_ESTIMATE && is_interval(t, j + 1)) {
		*span = 3;
	}
	return first;
}

/* Limits of a probability, which itself has three decimals; its standard error may stand between. */
static bool limits_of_probability(const struct yg_result_table *t, int first)
{
	int at = first - 1;
	if (!is_interval(t, first))
		return false;
	if (at > 0 && t->column[at].role == YG_ROLE_SE)
		at--;
	return at >= 0 && t->column[at].role == YG_ROLE_PROBABILITY;
}

/* 0.6967 beside 1.372 becomes 0.697: a digit less where the column has numbers ten times as great, never
   fewer than three significant ones.  An estimate and the limits of its interval count as one column. */
static void table_cell(struct yg_buf *out, const struct yg_result_table *t, int row, int j)
{
	struct yg_cell c = *yg_result_cell(t, row, j);
	int d = natural_decimals(&c), span, first = d > 0 ? pool(t, j, &span) : j;
	if (d > 0 && (any_of(t, first, span, d - 1) || (d == 4 && limits_of_probability(t, first)))) {
		bool same = false;
		for (int k = 0; k < span; k++)
			same = same || (first + k != j && look_the_same(&c, yg_result_cell(t, row, first + k), d - 1));
		if (!same)
			c.decimals = (int8_t)(d - 1);
	}
	yg_words_cell(out, &c);
}

void yg_words_table_cell(struct yg_buf *out, const struct yg_result_table *t, int row, int j)
{
	table_cell(out, t, row, j);
}

/* Cells of which nothing is known, or the same: said once. */
static bool says_the_same(const struct yg_cell *a, const struct yg_cell *b)
{
	if (a->state != b->state)
		return false;
	if (a->state == YG_CELL_EMPTY || (a->state == YG_CELL_HIDDEN && a->high < 1 && b->high < 1))
		return true;
	return a->state == YG_CELL_MISSING && strcmp(a->value.text ? a->value.text : "", b->value.text ? b->value.text : "") == 0;
}

void yg_words_span(struct yg_buf *out, const struct yg_result_table *t, int row, int j, int span, enum yg_join how)
{
	const struct yg_cell *first = yg_result_cell(t, row, j);
	bool same = true, open = false;
	table_cell(out, t, row, j);
	for (int k = 1; k < span; k++)
		same = same && says_the_same(first, yg_result_cell(t, row, j + k));
	if (same)
		return;
	for (int k = 1; k < span; k++) {
		const struct yg_cell *c = yg_result_cell(t, row, j + k);
		if (how == YG_JOIN_INTERVAL) {
			yg_buf_addf(out, " %s ", _("to"));
			table_cell(out, t, row, j + k);
		} else if (c->state != YG_CELL_EMPTY) {
			yg_buf_adds(out, open ? ", " : " (");
			open = true;
			table_cell(out, t, row, j + k);
		}
	}
	if (open)
		yg_buf_addc(out, ')');
}

bool yg_span_empty(const struct yg_result_table *t, int j, int span)
{
	for (int i = 0; i < t->rows; i++)
		for (int k = 0; k < span; k++)
			if (yg_result_cell(t, i, j + k)->state != YG_CELL_EMPTY)
				return false;
	return true;
}

/* ---- wrapping ---- */

static void add_line(struct yg_lines *l, const char *s, size_t n)
{
	while (n && s[n - 1] == ' ')
		n--;
	YG_GROW(l->line, l->n, l->cap);
	l->line[l->n++] = yg_xstrndup(s, n);
}

static void wrap_paragraph(struct yg_lines *l, const char *s, size_t n, size_t width)
{
	while (n) {
		size_t fits = yg_text_cut(s, n, width, NULL);
		if (fits >= n)
			break;
		if (fits == 0) { /* a character wider than the column stands alone */
			uint32_t c;
			fits = yg_utf8_next(s, n, &c);
		}
		size_t blank = fits;
		while (blank > 0 && s[blank] != ' ')
			blank--;
		/* scripts without blanks break anywhere; so does a word longer than half the line */
		bool inside = ((unsigned char)s[fits] >= 0x80 && blank * 2 < fits) || blank == 0;
		size_t at = inside && s[fits] != ' ' ? fits : blank;
		add_line(l, s, at);
		while (at < n && s[at] == ' ')
			at++;
		s += at;
		n -= at;
	}
	add_line(l, s, n);
}

void yg_wrap(struct yg_lines *l, const char *s, size_t width)
{
	if (width < 1)
		width = 1;
	for (;;) {
		const char *end = strchr(s, '\n');
		wrap_paragraph(l, s, end ? (size_t)(end - s) : strlen(s), width);
		if (!end)
			return;
		s = end + 1;
	}
}

void yg_lines_release(struct yg_lines *l)
{
	for (int i = 0; i < l->n; i++)
		yg_free(l->line[i]);
	yg_free(l->line);
	*l = (struct yg_lines){ 0 };
}
