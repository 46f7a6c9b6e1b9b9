/* Completion: candidates, and looking at the tokens before the cursor. */
#include "lang/complete_priv.h"

#include <string.h>

/* ---- candidates ---- */

void yg_scan_put(struct yg_scan *s, struct yg_completion c)
{
	const char *prefix = s->lexer.text + s->out->from;
	if (c.text && !yg_complete_matches(c.text, prefix, s->at - s->out->from))
		return;
	struct yg_completions *out = s->out;
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].kind == c.kind && c.text && out->v[i].text && strcmp(out->v[i].text, c.text) == 0)
			return;
	if (out->n == out->cap) {
		size_t cap = out->cap ? 2 * out->cap : 32;
		struct yg_completion *wider = yg_arena_alloc(s->arena, cap, sizeof *wider);
		if (out->n)
			memcpy(wider, out->v, out->n * sizeof *wider);
		out->v = wider;
		out->cap = cap;
	}
	out->v[out->n++] = c;
}

void yg_scan_word(struct yg_scan *s, enum yg_complete_kind kind, const char *text, const char *help, const char *after)
{
	yg_scan_put(s, (struct yg_completion){ .kind = kind, .text = text, .help = help, .after = after });
}

/* Words parted by blanks or bars. */
void yg_scan_words(struct yg_scan *s, enum yg_complete_kind kind, const char *list, const char *after)
{
	while (*list) {
		size_t n = strcspn(list, " |");
		if (n)
			yg_scan_word(s, kind, yg_arena_strndup(s->arena, list, n), NULL, after);
		list += n + (list[n] != 0);
	}
}

void yg_scan_columns(struct yg_scan *s)
{
	yg_scan_put(s, (struct yg_completion){ .kind = YG_COMPLETE_COLUMN, .after = "" });
}

void yg_scan_objects(struct yg_scan *s, enum yg_target target)
{
	yg_scan_put(s, (struct yg_completion){ .kind = YG_COMPLETE_OBJECT, .after = " ", .target = target });
}

void yg_scan_values(struct yg_scan *s, const char *column)
{
	yg_scan_put(s, (struct yg_completion){ .kind = YG_COMPLETE_VALUE, .after = "", .column = column });
}

void yg_scan_files(struct yg_scan *s)
{
	yg_scan_put(s, (struct yg_completion){ .kind = YG_COMPLETE_FILE, .after = "" });
}

void yg_scan_functions(struct yg_scan *s, const char *kind)
{
	size_t n;
	const struct yg_function_spec *f = yg_function_specs(&n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(f[i].kind, kind) == 0)
			yg_scan_word(s, kind[0] == 'e' ? YG_COMPLETE_EVENT : YG_COMPLETE_FUNCTION, f[i].name, f[i].help, "(");
}

/* ---- tokens ---- */

bool yg_scan_is(const struct yg_scan *s, size_t i, const char *text)
{
	return i < s->n && yg_lex_is(&s->lexer, &s->v[i], text);
}

bool yg_scan_among(const struct yg_scan *s, size_t i, const char *list)
{
	return i < s->n && s->v[i].kind == YG_TOKEN_NAME && !s->v[i].quoted &&
	       yg_word_among(list, s->lexer.text + s->v[i].at, s->v[i].len);
}

enum yg_token_kind yg_scan_kind_at(const struct yg_scan *s, size_t i)
{
	return i < s->n ? s->v[i].kind : YG_TOKEN_END;
}

enum yg_token_kind yg_scan_last_kind(const struct yg_scan *s)
{
	return s->n ? s->v[s->n - 1].kind : YG_TOKEN_END;
}

char *yg_scan_text_at(const struct yg_scan *s, size_t i)
{
	struct yg_buf text;
	yg_buf_init(&text);
	yg_lex_value(&s->lexer, &s->v[i], &text);
	char *copy = yg_arena_strndup(s->arena, text.data, text.len);
	yg_buf_release(&text);
	return copy;
}

bool yg_scan_opens(enum yg_token_kind kind)
{
	return kind == YG_TOKEN_OPEN || kind == YG_TOKEN_OPEN_SQUARE;
}

bool yg_scan_closes(enum yg_token_kind kind)
{
	return kind == YG_TOKEN_CLOSE || kind == YG_TOKEN_CLOSE_SQUARE;
}

/* Index of the innermost bracket still open at the end, or n. */
size_t yg_scan_open_bracket(const struct yg_scan *s, size_t from)
{
	size_t depth = 0;
	for (size_t i = s->n; i-- > from;) {
		if (yg_scan_closes(s->v[i].kind))
			depth++;
		else if (yg_scan_opens(s->v[i].kind) && depth-- == 0)
			return i;
	}
	return s->n;
}

/* Does something that an operator or a clause may follow end here? */
bool yg_scan_operand_ends(const struct yg_scan *s, size_t from)
{
	if (s->n <= from)
		return false;
	const struct yg_token *t = &s->v[s->n - 1];
	switch (t->kind) {
	case YG_TOKEN_NAME:
		return !t->reserved;
	case YG_TOKEN_NUMBER:
	case YG_TOKEN_DURATION:
	case YG_TOKEN_DATE:
	case YG_TOKEN_STRING:
	case YG_TOKEN_CLOSE:
	case YG_TOKEN_CLOSE_SQUARE:
		return true;
	default:
		return false;
	}
}
