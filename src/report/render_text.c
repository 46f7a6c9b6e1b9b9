/* A document as text: what it is, who it is about, then tables, figures and notes in their order. */
#include <string.h>

#include "report/report_priv.h"

static void line(struct yg_buf *out, const char *s)
{
	yg_escape_terminal(out, s, strlen(s));
	yg_buf_addc(out, '\n');
}

/* Wrapped, with the later lines indented. */
static void paragraph(struct yg_buf *out, const char *first, const char *later, const char *s, size_t width)
{
	struct yg_buf e = YG_BUF_INIT;
	struct yg_lines l = { 0 };
	size_t indent = strlen(first);
	yg_escape_terminal(&e, s, strlen(s));
	yg_wrap(&l, e.data, width > indent + 10 ? width - indent : 10);
	for (int i = 0; i < l.n; i++)
		yg_buf_addf(out, "%s%s\n", i ? later : first, l.line[i]);
	yg_lines_release(&l);
	yg_buf_release(&e);
}

void yg_render_note_text(const struct yg_note *n, const struct yg_render_options *o, struct yg_buf *out)
{
	struct yg_buf s = YG_BUF_INIT;
	yg_note_sentence(n, &s);
	bool warning = n->kind == YG_NOTE_WARNING;
	paragraph(out, warning ? "! " : "  ", warning ? "  " : "    ", s.data, (size_t)yg_text_columns(o));
	yg_buf_release(&s);
}

void yg_render_table_text(const struct yg_result_table *t, const struct yg_render_options *o, struct yg_buf *out)
{
	if (t->title[0])
		line(out, yg_tr(t->title));
	if (t->rows == 0)
		paragraph(out, "  ", "  ", _("(no rows)"), (size_t)yg_text_columns(o));
	else
		yg_table_text(out, t, o);
}

static void figure(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o)
{
	struct yg_buf s = YG_BUF_INIT;
	if (o && o->figures) {
		yg_render_figure_text(f, o, out);
		return;
	}
	yg_buf_addf(&s, _("[figure: %s]"), yg_tr(f->title));
	if (f->hidden)
		yg_buf_addf(&s, " %s", yg_words_withheld());
	paragraph(out, "", "  ", s.data, (size_t)yg_text_columns(o));
	yg_buf_release(&s);
}

/* Blocks are separated by an empty line; a run of notes is one block, under the table it belongs to. */
static void items(struct yg_buf *out, const struct yg_result *r, const struct yg_render_options *o)
{
	bool after_block = out->len > 0;
	for (int i = 0; i < r->items; i++) {
		const struct yg_item *it = &r->item[i];
		bool skip = (it->kind == YG_ITEM_TABLE && it->table->detail) ||
			    (o && o->sentences_only && it->kind != YG_ITEM_NOTE);
		if (skip)
			continue;
		if (it->kind != YG_ITEM_NOTE && after_block)
			yg_buf_addc(out, '\n');
		if (it->kind == YG_ITEM_TABLE)
			yg_render_table_text(it->table, o, out);
		else if (it->kind == YG_ITEM_FIGURE)
			figure(out, it->figure, o);
		else
			yg_render_note_text(it->note, o, out);
		after_block = true;
	}
}

void yg_render_text(const struct yg_result *r, const struct yg_render_options *o, struct yg_buf *out)
{
	struct yg_buf body = YG_BUF_INIT, counts = YG_BUF_INIT;
	size_t width = (size_t)yg_text_columns(o);
	if (r->title[0])
		paragraph(&body, "", "  ", yg_tr(r->title), width);
	if (r->population[0])
		paragraph(&body, "", "  ", yg_tr(r->population), width);
	yg_words_counts(&counts, r);
	if (counts.len)
		paragraph(&body, "", "  ", counts.data, width);
	items(&body, r, o);
	yg_buf_add(out, body.data, body.len);
	yg_buf_release(&body);
	yg_buf_release(&counts);
}
