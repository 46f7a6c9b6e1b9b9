/* Tables as CSV: a section per table, whole precision, states in columns of their own. */
#include <stdio.h>
#include <string.h>

#include "report/report_priv.h"
#include "yogo/base/phrase.h"

static void field(struct yg_buf *out, const char *s, bool first)
{
	struct yg_buf plain = YG_BUF_INIT;

	if (!first)
		yg_buf_addc(out, ',');
	yg_phrase_english(s, &plain);
	yg_escape_csv(out, plain.data ? plain.data : "", plain.len);
	yg_buf_release(&plain);
}

static void end(struct yg_buf *out)
{
	yg_buf_adds(out, "\r\n");
}

static bool needs_status(const struct yg_result_table *t, int j)
{
	for (int i = 0; i < t->rows; i++) {
		enum yg_cell_state s = yg_result_cell(t, i, j)->state;
		if (s == YG_CELL_ROUNDED || s == YG_CELL_HIDDEN || s == YG_CELL_MISSING)
			return true;
	}
	return false;
}

static void value(struct yg_buf *out, const struct yg_cell *c)
{
	char s[32] = "";
	if (c->state != YG_CELL_SHOWN && c->state != YG_CELL_ROUNDED) {
		yg_buf_addc(out, ',');
		return;
	}
	switch (c->value.kind) {
	case YG_VALUE_TEXT:
		field(out, c->value.text ? c->value.text : "", false);
		break;
	case YG_VALUE_INTEGER: /* numbers are not text: no quote before a minus sign */
		yg_buf_addf(out, ",%lld", (long long)c->value.integer);
		break;
	case YG_VALUE_DOUBLE:
		yg_print_double(s, c->value.number);
		yg_buf_addf(out, ",%s", s);
		break;
	case YG_VALUE_NONE:
		yg_buf_addc(out, ',');
		break;
	}
}

static void status(struct yg_buf *out, const struct yg_cell *c)
{
	char s[320];
	static const char *const name[] = { "", "shown", "rounded", "hidden", "missing" };
	if (c->state == YG_CELL_MISSING && c->value.text && c->value.text[0])
		snprintf(s, sizeof s, "missing: %s", c->value.text);
	else
		snprintf(s, sizeof s, "%s", name[c->state]);
	field(out, s, false);
}

void yg_render_csv_table(const struct yg_result_table *t, struct yg_buf *out)
{
	/* Asked once a column: the answer looks at every row. */
	bool *with_status = yg_xcalloc((size_t)t->columns + 1, sizeof *with_status);

	field(out, "row", true);
	field(out, "label", false);
	for (int j = 0; j < t->columns; j++) {
		field(out, t->column[j].key, false);
		with_status[j] = needs_status(t, j);
		if (with_status[j]) {
			char *name = yg_xasprintf("%s_status", t->column[j].key);
			field(out, name, false);
			yg_free(name);
		}
	}
	end(out);
	for (int i = 0; i < t->rows; i++) {
		field(out, t->row[i].key, true);
		field(out, t->row[i].label, false);
		for (int j = 0; j < t->columns; j++) {
			value(out, yg_result_cell(t, i, j));
			if (with_status[j])
				status(out, yg_result_cell(t, i, j));
		}
		end(out);
	}
	yg_free(with_status);
}

void yg_render_csv(const struct yg_result *r, const struct yg_render_options *o, struct yg_buf *out)
{
	bool first = true;
	(void)o;
	for (int i = 0; i < r->items; i++) {
		const struct yg_result_table *t = r->item[i].table;
		if (r->item[i].kind != YG_ITEM_TABLE)
			continue;
		if (!first)
			end(out);
		first = false;
		field(out, "table", true);
		field(out, t->key, false);
		field(out, t->title, false);
		end(out);
		yg_render_csv_table(t, out);
	}
}

void yg_render_figure_csv(const struct yg_figure *f, struct yg_buf *out)
{
	struct yg_numbers n;
	yg_figure_numbers(f, true, &n);
	for (int j = 0; j < n.columns; j++)
		field(out, n.head[j], j == 0);
	end(out);
	for (int i = 0; i < n.rows; i++) {
		for (int j = 0; j < n.columns; j++) {
			const char *s = n.cell[i * n.columns + j];
			if (n.word[j]) {
				field(out, s, j == 0);
			} else {
				yg_buf_adds(out, j ? "," : "");
				yg_buf_adds(out, s);
			}
		}
		end(out);
	}
	yg_numbers_release(&n);
}
