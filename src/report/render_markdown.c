/* A report as Markdown: tables with pipes, figures by their numbers. */
#include <stdio.h>
#include <string.h>

#include "report/report_priv.h"

/* Text cannot begin a table, a heading, a link or HTML. */
static void text(struct yg_buf *out, const char *s)
{
	struct yg_buf visible = YG_BUF_INIT;
	yg_escape_terminal(&visible, s, strlen(s));
	for (const char *p = visible.data; *p; p++) {
		if (*p == '\n') {
			yg_buf_addc(out, ' ');
			continue;
		}
		if (strchr("\\`*_{}[]<>#|~&", *p))
			yg_buf_addc(out, '\\');
		yg_buf_addc(out, *p);
	}
	yg_buf_release(&visible);
}

static void table(struct yg_buf *out, const struct yg_result_table *t)
{
	struct yg_buf b = YG_BUF_INIT;
	enum yg_join how;
	if (t->title[0]) {
		yg_buf_adds(out, "**");
		text(out, yg_tr(t->title));
		yg_buf_adds(out, "**\n\n");
	}
	yg_buf_adds(out, "| |");
	for (int j = 0, span; j < t->columns; j += span) {
		span = yg_column_span(t, j, &how);
		if (t->rows && yg_span_empty(t, j, span))
			continue;
		yg_buf_clear(&b);
		yg_words_span_head(&b, t, j, span, how);
		yg_buf_addc(out, ' ');
		text(out, b.data);
		yg_buf_adds(out, " |");
	}
	yg_buf_adds(out, "\n|:--|");
	for (int j = 0, span; j < t->columns; j += span) {
		span = yg_column_span(t, j, &how);
		if (!t->rows || !yg_span_empty(t, j, span))
			yg_buf_adds(out, t->column[j].role == YG_ROLE_LABEL ? ":--|" : "--:|");
	}
	yg_buf_addc(out, '\n');
	for (int i = 0; i < t->rows; i++) {
		yg_buf_adds(out, "| ");
		for (int k = 0; k < t->row[i].indent; k++)
			yg_buf_adds(out, "&nbsp;&nbsp;");
		text(out, yg_tr(t->row[i].label));
		yg_buf_adds(out, " |");
		for (int j = 0, span; j < t->columns; j += span) {
			span = yg_column_span(t, j, &how);
			if (yg_span_empty(t, j, span))
				continue;
			yg_buf_clear(&b);
			yg_words_span(&b, t, i, j, span, how);
			yg_buf_addc(out, ' ');
			text(out, b.data);
			yg_buf_adds(out, " |");
		}
		yg_buf_addc(out, '\n');
	}
	yg_buf_addc(out, '\n');
	yg_buf_release(&b);
}

static void figure(struct yg_buf *out, const struct yg_figure *f)
{
	struct yg_numbers n;
	yg_buf_adds(out, "**");
	text(out, yg_tr(f->title));
	yg_buf_adds(out, "**\n\n");
	if (f->hidden) {
		text(out, yg_words_withheld());
		yg_buf_adds(out, "\n\n");
		return;
	}
	yg_figure_numbers(f, false, &n);
	for (int i = -1; i < n.rows; i++) {
		yg_buf_addc(out, '|');
		for (int j = 0; j < n.columns; j++) {
			yg_buf_addc(out, ' ');
			text(out, i < 0 ? n.head[j] : n.cell[i * n.columns + j]);
			yg_buf_adds(out, " |");
		}
		yg_buf_addc(out, '\n');
		for (int j = 0; i < 0 && j < n.columns; j++)
			yg_buf_addf(out, "%s%s", j ? "" : "|", n.word[j] ? ":--|" : "--:|");
		if (i < 0)
			yg_buf_addc(out, '\n');
	}
	yg_buf_addc(out, '\n');
	yg_numbers_release(&n);
}

static void section(struct yg_buf *out, const struct yg_result *r, const char *name)
{
	struct yg_buf b = YG_BUF_INIT;
	struct yg_digest d = yg_result_digest(r);
	char hex[65];
	yg_buf_adds(out, "## ");
	text(out, r->title[0] ? yg_tr(r->title) : r->verb);
	if (name[0]) {
		yg_buf_adds(out, " (");
		text(out, name);
		yg_buf_addc(out, ')');
	}
	yg_buf_adds(out, "\n\n");
	if (r->population[0]) {
		text(out, yg_tr(r->population));
		yg_buf_adds(out, "\n\n");
	}
	yg_words_counts(&b, r);
	if (b.len) {
		text(out, b.data);
		yg_buf_adds(out, "\n\n");
	}
	for (int i = 0; i < r->items; i++) {
		const struct yg_item *it = &r->item[i];
		if (it->kind == YG_ITEM_TABLE && !it->table->detail) {
			table(out, it->table);
		} else if (it->kind == YG_ITEM_FIGURE) {
			figure(out, it->figure);
		} else if (it->kind == YG_ITEM_NOTE) {
			yg_buf_clear(&b);
			yg_note_sentence(it->note, &b);
			yg_buf_adds(out, it->note->kind == YG_NOTE_WARNING ? "- **!** " : "- ");
			text(out, b.data);
			bool last = i + 1 == r->items || r->item[i + 1].kind != YG_ITEM_NOTE;
			yg_buf_adds(out, last ? "\n\n" : "\n");
		}
	}
	if (r->command[0]) {
		/* an indented block: nothing in it is markup */
		for (const char *p = r->command; *p;) {
			size_t n = strcspn(p, "\n");
			yg_buf_adds(out, "    ");
			yg_escape_terminal(out, p, n);
			yg_buf_addc(out, '\n');
			p += n + (p[n] == '\n');
		}
		yg_buf_addc(out, '\n');
	}
	yg_digest_hex(&d, hex);
	yg_buf_addf(out, "%s %d, %s `sha256:%s`\n\n", _("Operation version"), r->operation_version, _("digest"), hex);
	yg_buf_release(&b);
}

static void pair(struct yg_buf *out, const char *name, const char *value)
{
	if (!value || !value[0])
		return;
	yg_buf_addf(out, "- %s: ", name);
	text(out, value);
	yg_buf_addc(out, '\n');
}

void yg_render_markdown(const struct yg_result *const *results, size_t n, const struct yg_provenance *p,
                        const struct yg_render_options *o, struct yg_buf *out)
{
	(void)o;
	yg_buf_adds(out, "# ");
	text(out, p && p->title && p->title[0] ? p->title : n ? yg_tr(results[0]->title) : _("Report"));
	yg_buf_adds(out, "\n\n");
	for (size_t i = 0; i < n; i++)
		section(out, results[i], p && p->name && p->name[i] ? p->name[i] : "");
	yg_buf_addf(out, "## %s\n\n", _("Where this came from"));
	if (p) {
		pair(out, _("Program"), p->program);
		pair(out, _("Data"), p->data);
		pair(out, _("Study"), p->study);
		pair(out, _("Journal head"), p->journal_head);
		pair(out, _("Made"), p->created);
	}
}
