/* Blocks of the language as rows of a form, and back: cohort and endpoint. */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/text.h"
#include "yogo/lang/print.h"

/* Words of rows are compared and kept as they are here, so that a row needs no copy of its own. */
const char *yg_row_word(const char *word, size_t n)
{
	static const char *const words[] = { "require", "exclude", "enter", "exit", "episodes", "limit", "event", "compete", "censor",
		                             "where", "start", "time", "entry", "until", "each", "between", "clean", "unit", "term" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == n && !strncmp(words[i], word, n))
			return words[i];
	return "require";
}

/* "event "death": status = 1" into label and text; the word is gone already. */
static void split_label(const char *clause, struct yg_buf *label, const char **text)
{
	const char *p = clause;

	*text = clause;
	if (*p != '"')
		return;
	for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
		yg_buf_addc(label, *p);
		p += *p == '"';
	}
	if (p[0] == '"' && p[1] == ':') {
		*text = p + 2 + strspn(p + 2, " ");
		return;
	}
	yg_buf_clear(label);
}

static void replace_text(char **field, const char *text)
{
	yg_free(*field);
	*field = yg_xstrdup(text);
}

void yg_builder_read_block(struct yg_builder *b, const struct yg_node *statement)
{
	int step = 0;

	while (b->rows)
		yg_builder_remove(b, b->rows - 1);
	yg_builder_add(b, 0, "name", NULL, statement->text)->fixed = true;
	yg_builder_add(b, 1, "title", NULL, NULL)->fixed = true;
	for (uint32_t i = 0; i < statement->children; i++) {
		const struct yg_node *clause = statement->child[i];
		struct yg_buf text = YG_BUF_INIT, label = YG_BUF_INIT;
		struct yg_row *row;
		const char *rest;
		size_t word;
		if (clause->kind == YG_NODE_STRING) {
			replace_text(&yg_builder_row(b, "title")->text, clause->text);
			continue;
		}
		if (clause->kind == YG_NODE_LIKE)
			continue;
		yg_print_clause(clause, &text);
		word = strcspn(text.data, " ");
		split_label(text.data + word + strspn(text.data + word, " "), &label, &rest);
		row = yg_builder_add(b, b->rows, yg_row_word(text.data, word), label.data, rest);
		if (clause->kind == YG_NODE_REQUIRE || clause->kind == YG_NODE_EXCLUDE)
			row->origin = ++step;
		yg_buf_release(&label);
		yg_buf_release(&text);
	}
}

void yg_builder_emit_block(const struct yg_builder *b, const char *word, struct yg_buf *out)
{
	const char *name = yg_builder_text(b, "name"), *title = yg_builder_text(b, "title");

	yg_buf_addf(out, "%s ", word);
	yg_print_name(*name ? name : "NAME", out);
	yg_buf_adds(out, ":");
	if (*title) {
		yg_buf_addc(out, ' ');
		yg_escape_script(out, title, strlen(title));
	}
	for (size_t i = 0; i < b->rows; i++) {
		const struct yg_row *row = &b->row[i];
		if (row->off || !*row->text || !strcmp(row->word, "name") || !strcmp(row->word, "title"))
			continue;
		yg_buf_addf(out, "; %s ", row->word);
		if (*row->label) {
			yg_escape_script(out, row->label, strlen(row->label));
			yg_buf_adds(out, ": ");
		}
		yg_buf_adds(out, row->text);
	}
	yg_buf_adds(out, "; end");
}
