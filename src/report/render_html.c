/*
 * A report as one HTML page: real tables with header cells, figures as inline SVG with title and
 * description and the table of their numbers, and where each result came from.  No script, nothing
 * fetched from outside (the page forbids it to itself).
 */
#include <stdio.h>
#include <string.h>

#include "report/draw_priv.h"
#include "report/report_css_priv.h"
#include "report/report_priv.h"

static void text(struct yg_buf *out, const char *s)
{
	yg_escape_html(out, s, strlen(s));
}

static void element(struct yg_buf *out, const char *name, const char *attributes, const char *s)
{
	yg_buf_addf(out, "<%s%s>", name, attributes);
	text(out, s);
	yg_buf_addf(out, "</%s>\n", name);
}

/* ---- tables ---- */

static void cell(struct yg_buf *out, const struct yg_result_table *t, int row, int j, int span, enum yg_join how, bool left)
{
	struct yg_buf b = YG_BUF_INIT;
	const struct yg_cell *c = yg_result_cell(t, row, j);
	const char *state = c->state == YG_CELL_HIDDEN ? "withheld" : c->state == YG_CELL_MISSING ? "missing" : "";
	yg_words_span(&b, t, row, j, span, how);
	if (state[0] || left)
		yg_buf_addf(out, "<td class=\"%s%s%s\">", state, state[0] && left ? " " : "", left ? "left" : "");
	else
		yg_buf_adds(out, "<td>");
	text(out, b.data);
	yg_buf_adds(out, "</td>");
	yg_buf_release(&b);
}

static bool is_words(const struct yg_result_table *t, int j)
{
	return t->column[j].role == YG_ROLE_LABEL;
}

static void head_row(struct yg_buf *out, const struct yg_result_table *t)
{
	enum yg_join how;
	yg_buf_adds(out, "<thead><tr><td></td>");
	for (int j = 0, span; j < t->columns; j += span) {
		struct yg_buf b = YG_BUF_INIT;
		span = yg_column_span(t, j, &how);
		if (t->rows && yg_span_empty(t, j, span))
			continue;
		yg_words_span_head(&b, t, j, span, how);
		yg_buf_addf(out, "<th scope=\"col\"%s>", is_words(t, j) ? " class=\"left\"" : "");
		text(out, b.data);
		yg_buf_adds(out, "</th>");
		yg_buf_release(&b);
	}
	yg_buf_adds(out, "</tr></thead>\n<tbody>\n");
}

static void table(struct yg_buf *out, const struct yg_result_table *t)
{
	enum yg_join how;
	yg_buf_adds(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
	text(out, yg_tr(t->title));
	yg_buf_adds(out, "\">\n<table>\n");
	if (t->title[0])
		element(out, "caption", "", yg_tr(t->title));
	head_row(out, t);
	for (int i = 0; i < t->rows; i++) {
		int indent = t->row[i].indent > 4 ? 4 : t->row[i].indent;
		yg_buf_adds(out, "<tr>");
		if (indent)
			yg_buf_addf(out, "<th scope=\"row\" class=\"i%d\">", indent);
		else
			yg_buf_adds(out, "<th scope=\"row\">");
		text(out, yg_tr(t->row[i].label));
		yg_buf_adds(out, "</th>");
		for (int j = 0, span; j < t->columns; j += span) {
			span = yg_column_span(t, j, &how);
			if (!yg_span_empty(t, j, span))
				cell(out, t, i, j, span, how, is_words(t, j));
		}
		yg_buf_adds(out, "</tr>\n");
	}
	yg_buf_adds(out, "</tbody>\n</table>\n</div>\n");
}

/* ---- figures ---- */

static void numbers(struct yg_buf *out, const struct yg_figure *f)
{
	struct yg_numbers n;
	yg_figure_numbers(f, false, &n);
	yg_buf_adds(out, "<details>\n");
	element(out, "summary", "", _("The numbers of this figure"));
	if (n.shortened)
		element(out, "p", " class=\"note\"", _("Only some of the many points are listed here; the JSON and CSV forms have all."));
	yg_buf_adds(out, "<div class=\"scroll\" tabindex=\"0\">\n<table>\n");
	element(out, "caption", "", yg_tr(f->title));
	yg_buf_adds(out, "<thead><tr>");
	for (int j = 0; j < n.columns; j++) {
		yg_buf_addf(out, "<th scope=\"col\"%s>", n.word[j] ? " class=\"left\"" : "");
		text(out, n.head[j]);
		yg_buf_adds(out, "</th>");
	}
	yg_buf_adds(out, "</tr></thead>\n<tbody>\n");
	for (int i = 0; i < n.rows; i++) {
		yg_buf_adds(out, "<tr>");
		for (int j = 0; j < n.columns; j++) {
			const char *tag = j ? "td" : "th";
			yg_buf_addf(out, "<%s%s%s>", tag, j ? "" : " scope=\"row\"", j && n.word[j] ? " class=\"left\"" : "");
			text(out, n.cell[i * n.columns + j]);
			yg_buf_addf(out, "</%s>", tag);
		}
		yg_buf_adds(out, "</tr>\n");
	}
	yg_buf_adds(out, "</tbody>\n</table>\n</div>\n</details>\n");
	yg_numbers_release(&n);
}

static void figure(struct yg_buf *out, const struct yg_figure *f, const struct yg_render_options *o, size_t result, int item)
{
	struct yg_drawing d;
	char prefix[48];
	yg_buf_adds(out, "<figure>\n");
	if (f->hidden) {
		element(out, "figcaption", "", yg_tr(f->title));
		element(out, "p", " class=\"withheld\"", yg_words_withheld());
		yg_buf_adds(out, "</figure>\n");
		return;
	}
	snprintf(prefix, sizeof prefix, "r%zui%d", result + 1, item);
	yg_drawing_init(&d);
	yg_draw_figure(&d, f, o);
	yg_svg_write(&d, out, prefix, true);
	yg_drawing_release(&d);
	yg_buf_adds(out, "</figure>\n");
	numbers(out, f);
}

/* ---- the page ---- */

static void note(struct yg_buf *out, const struct yg_note *n)
{
	struct yg_buf b = YG_BUF_INIT;
	bool warning = n->kind == YG_NOTE_WARNING;
	if (warning)
		yg_buf_addf(&b, "! ");
	yg_note_sentence(n, &b);
	element(out, "p", warning ? " class=\"warning\" role=\"note\"" : " class=\"note\"", b.data);
	yg_buf_release(&b);
}

static const char *name_of(const struct yg_provenance *p, size_t i)
{
	return p && p->name && p->name[i] ? p->name[i] : "";
}

static void heading(struct yg_buf *out, const struct yg_result *r, const char *name)
{
	text(out, r->title[0] ? yg_tr(r->title) : r->verb);
	if (name[0]) {
		yg_buf_adds(out, " <code>");
		text(out, name);
		yg_buf_adds(out, "</code>");
	}
}

static void provenance_of(struct yg_buf *out, const struct yg_result *r)
{
	struct yg_digest d = yg_result_digest(r);
	char hex[65];
	yg_digest_hex(&d, hex);
	yg_buf_adds(out, "<details>\n");
	element(out, "summary", "", _("Command and digest"));
	if (r->command[0])
		element(out, "pre", "", r->command);
	yg_buf_adds(out, "<dl>");
	element(out, "dt", "", _("Operation"));
	yg_buf_adds(out, "<dd>");
	text(out, r->verb);
	yg_buf_addf(out, ", %s %d</dd>\n", _("version"), r->operation_version);
	element(out, "dt", "", _("Disclosure profile"));
	element(out, "dd", "", r->profile);
	element(out, "dt", "", _("Digest"));
	yg_buf_addf(out, "<dd><code>sha256:%s</code></dd></dl>\n</details>\n", hex);
}

static void section(struct yg_buf *out, const struct yg_result *r, const struct yg_render_options *o, size_t i, const char *name)
{
	struct yg_buf counts = YG_BUF_INIT;
	yg_buf_addf(out, "<section id=\"r%zu\" aria-labelledby=\"h%zu\">\n<h2 id=\"h%zu\">", i + 1, i + 1, i + 1);
	heading(out, r, name);
	yg_buf_adds(out, "</h2>\n");
	if (r->population[0])
		element(out, "p", " class=\"meta\"", yg_tr(r->population));
	yg_words_counts(&counts, r);
	if (counts.len)
		element(out, "p", " class=\"meta\"", counts.data);
	yg_buf_release(&counts);
	for (int k = 0; k < r->items; k++) {
		const struct yg_item *it = &r->item[k];
		if (it->kind == YG_ITEM_TABLE && !it->table->detail)
			table(out, it->table);
		else if (it->kind == YG_ITEM_FIGURE)
			figure(out, it->figure, o, i, k + 1);
		else if (it->kind == YG_ITEM_NOTE)
			note(out, it->note);
	}
	provenance_of(out, r);
	yg_buf_adds(out, "</section>\n");
}

static void pair(struct yg_buf *out, const char *name, const char *value)
{
	if (!value || !value[0])
		return;
	element(out, "dt", "", name);
	element(out, "dd", "", value);
}

static void contents(struct yg_buf *out, const struct yg_result *const *results, size_t n, const struct yg_provenance *p)
{
	if (n < 2)
		return;
	yg_buf_addf(out, "<nav aria-label=\"%s\">\n<ol>\n", _("Contents"));
	for (size_t i = 0; i < n; i++) {
		yg_buf_addf(out, "<li><a href=\"#r%zu\">", i + 1);
		heading(out, results[i], name_of(p, i));
		yg_buf_adds(out, "</a></li>\n");
	}
	yg_buf_adds(out, "</ol>\n</nav>\n");
}

/* The language asked for, else that of the catalogue in use, which its head names. */
static const char *language(const struct yg_render_options *o)
{
	if (o && o->language && o->language[0])
		return o->language;
	return strstr(gettext(""), "Language: ja") ? "ja" : "en";
}

void yg_render_html(const struct yg_result *const *results, size_t n, const struct yg_provenance *p,
                    const struct yg_render_options *o, struct yg_buf *out)
{
	const char *title = p && p->title && p->title[0] ? p->title : n ? yg_tr(results[0]->title) : _("Report");
	yg_buf_adds(out, "<!DOCTYPE html>\n<html lang=\"");
	text(out, language(o));
	yg_buf_adds(out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
	                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	                 "<meta name=\"referrer\" content=\"no-referrer\">\n");
	element(out, "title", "", title);
	yg_buf_adds(out, "<style>\n" YG_REPORT_CSS "</style>\n</head>\n<body>\n<header>\n");
	element(out, "h1", "", title);
	yg_buf_adds(out, "</header>\n");
	contents(out, results, n, p);
	yg_buf_adds(out, "<main>\n");
	for (size_t i = 0; i < n; i++)
		section(out, results[i], o, i, name_of(p, i));
	yg_buf_adds(out, "</main>\n<footer>\n");
	yg_buf_addf(out, "<h2 id=\"provenance\">%s</h2>\n<dl>\n", _("Where this came from"));
	if (p) {
		pair(out, _("Program"), p->program);
		pair(out, _("Data"), p->data);
		pair(out, _("Study"), p->study);
		pair(out, _("Journal head"), p->journal_head);
		pair(out, _("Made"), p->created);
	}
	yg_buf_adds(out, "</dl>\n</footer>\n</body>\n</html>\n");
}
