/* A result below the rows of a form: tables and notes, as far as there is room. */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/result/numfmt.h"

static bool one_column(const struct yg_result_table *t)
{
	return t->columns == 1 && t->rows > 1;
}

/* "rows read 1858   rows after where 929": a table of one column needs no lines of its own. */
static int facts(struct yg_canvas *c, struct yg_rect r, const struct yg_result_table *t)
{
	struct yg_buf text = YG_BUF_INIT;
	int used;

	for (int i = 0; i < t->rows; i++) {
		const struct yg_cell *cell = yg_result_cell(t, i, 0);
		if (cell->state == YG_CELL_EMPTY)
			continue;
		yg_buf_addf(&text, "%s%s ", text.len ? "   " : "", yg_phrase_shown(t->row[i].label));
		yg_numfmt_cell(&text, cell);
	}
	used = yg_draw_wrapped(c, r, YG_TUI_TEXT, text.data);
	yg_buf_release(&text);
	return used;
}

static int text_of_table(struct yg_tui *t, struct yg_canvas *c, struct yg_rect r, const struct yg_result_table *table)
{
	struct yg_render_options o = t->render;
	struct yg_buf text = YG_BUF_INIT;
	const char **line;
	size_t *length, lines, widest;
	int used = 0;

	o.figures = false;
	o.width = r.columns > 40 ? r.columns : 40;
	yg_render_table_text(table, &o, &text);
	yg_split_lines(text.data, &line, &length, &lines, &widest);
	for (size_t i = 0; i < lines && used < r.rows; i++) {
		char *one = yg_xstrndup(line[i], length[i]);
		yg_canvas_field(c, r.row + used++, r.column, r.columns, -1, i ? YG_TUI_TEXT : YG_TUI_TITLE, one);
		yg_free(one);
	}
	yg_free(line);
	yg_free(length);
	yg_buf_release(&text);
	return used;
}

int yg_builder_show_result(struct yg_tui *t, const struct yg_result *r, struct yg_canvas *c, struct yg_rect at)
{
	int used = 0;
	bool last = false;

	at.column += 2;
	at.columns -= 3;
	/* warnings first: they are what the numbers must be read with */
	for (int turn = 0; turn < 3 && !last; turn++)
		for (int i = 0; i < r->items && !last; i++) {
			const struct yg_item *it = &r->item[i];
			struct yg_rect rest = { at.row + used, at.column, at.rows - used, at.columns };
			bool note = it->kind == YG_ITEM_NOTE;
			struct yg_buf text = YG_BUF_INIT;
			if (rest.rows <= 0) {
				last = true;
			} else if (it->kind == YG_ITEM_TABLE && turn == 1 && !it->table->detail) {
				used += one_column(it->table) ? facts(c, rest, it->table) : text_of_table(t, c, rest, it->table);
			} else if (note && (it->note->kind == YG_NOTE_WARNING ? turn == 0 : turn == 2 && it->note->kind != YG_NOTE_INFO)) {
				yg_buf_adds(&text, turn ? "" : "! ");
				yg_note_sentence(it->note, &text);
				used += yg_draw_wrapped(c, rest, turn ? YG_TUI_DIM : YG_TUI_WARNING, text.data);
			}
			yg_buf_release(&text);
		}
	if (last || used >= at.rows)
		yg_canvas_field(c, at.row + at.rows - 1, at.column, at.columns, -1, YG_TUI_DIM, _("... Tab shows all of it"));
	return used;
}
