/*
 * Completion: the tokens before the cursor, the statement they belong to, and what its grammar lets
 * follow.  Forgiving: an earlier mistake in the text only makes the answer poorer.
 */
#include "lang/complete_priv.h"

#include <string.h>

#include "yogo/base/i18n.h"

bool yg_complete_matches(const char *name, const char *prefix, size_t n)
{
	if (strlen(name) < n)
		return false;
	return yg_str_eq_ascii_nocase((struct yg_str){ name, n }, (struct yg_str){ prefix, n });
}

/* ---- the whole text ---- */

static void begin_words(struct yg_scan *s)
{
	size_t n;
	const struct yg_verb_spec *spec;
	if (s->block) {
		spec = yg_clause_specs(&n);
		for (size_t i = 0; i < n; i++)
			if (strcmp(spec[i].group, s->block) == 0)
				yg_scan_word(s, YG_COMPLETE_CLAUSE, spec[i].name, spec[i].summary, " ");
		yg_scan_word(s, YG_COMPLETE_CLAUSE, "end", NULL, "");
		return;
	}
	spec = yg_statement_specs(&n);
	for (size_t i = 0; i < n; i++)
		yg_scan_word(s, YG_COMPLETE_STATEMENT, spec[i].name, spec[i].summary, " ");
	spec = yg_verb_specs(&n);
	for (size_t i = 0; i < n; i++)
		yg_scan_word(s, YG_COMPLETE_VERB, spec[i].name, spec[i].summary, " ");
}

static void note(struct yg_scan *s, const struct yg_token *token)
{
	if (token->kind == YG_TOKEN_EOL) {
		if (s->n && !s->block && yg_scan_among(s, 0, "cohort endpoint covariates"))
			s->block = yg_scan_is(s, 0, "cohort") ? "cohort" : yg_scan_is(s, 0, "endpoint") ? "endpoint" : "covariates";
		else if (s->block && s->n == 1 && yg_scan_is(s, 0, "end"))
			s->block = NULL;
		s->n = 0;
		return;
	}
	YG_GROW(s->v, s->n, s->cap);
	s->v[s->n++] = *token;
}

/* Inside an open text: a file name, or the value of a column. */
static void inside_string(struct yg_scan *s)
{
	s->out->in_string = true;
	s->out->from++;
	if (s->n == 0)
		return;
	char *first = s->v[0].kind == YG_TOKEN_NAME ? yg_scan_text_at(s, 0) : NULL;
	if (!first)
		return;
	s->out->spec = s->block ? yg_clause_find(first) : yg_spec_find(first);
	bool path = (s->n == 1 && yg_word_among("open run verify replay", first, strlen(first))) ||
	            (s->n == 2 && strcmp(first, "import") == 0) || yg_scan_is(s, s->n - 1, "to") || yg_scan_is(s, s->n - 1, "from");
	if (path) {
		yg_scan_files(s);
		return;
	}
	size_t with = 0;
	for (size_t i = 1; i < s->n; i++)
		if (!with && yg_scan_is(s, i, "with"))
			with = i;
	if (with && s->out->spec) {
		const char *outcome = yg_scan_kind_at(s, 1) == YG_TOKEN_NAME ? yg_scan_text_at(s, 1) : NULL;
		yg_scan_options(s, s->out->spec, with, outcome);
		return;
	}
	const char *column = yg_scan_compared_column(s, 1);
	if (column)
		yg_scan_values(s, column);
}

void yg_complete(struct yg_arena *arena, const char *text, size_t at, struct yg_completions *out)
{
	struct yg_scan s = { .arena = arena, .at = at, .out = out };
	struct yg_token token;
	*out = (struct yg_completions){ .from = at };
	yg_lex_init(&s.lexer, text, at, 0);
	bool comment = false;
	size_t end = 0; /* of the last whole token */
	for (;;) {
		yg_lex_next(&s.lexer, &token);
		if (token.kind == YG_TOKEN_END)
			break;
		bool last = token.at + token.len == at && token.len > 0;
		if (last && (token.kind == YG_TOKEN_NAME || token.kind == YG_TOKEN_BAD)) {
			out->from = token.at;
			break;
		}
		if (last && (token.kind == YG_TOKEN_NUMBER || token.kind == YG_TOKEN_DURATION || token.kind == YG_TOKEN_DATE)) {
			yg_free(s.v);
			return; /* a number is being typed */
		}
		note(&s, &token);
		end = token.at + token.len;
	}
	/* a comment runs to the cursor when a "#" stands behind the last token on its line */
	for (size_t i = end; i < out->from; i++)
		comment = text[i] == '#' || (comment && text[i] != '\n' && text[i] != '\r');
	if (!comment && token.kind == YG_TOKEN_BAD && token.bad == YG_BAD_STRING) {
		inside_string(&s);
	} else if (!comment && token.kind == YG_TOKEN_BAD && token.bad == YG_BAD_DOTS) {
		yg_scan_put(&s, (struct yg_completion){ .kind = YG_COMPLETE_FIELD, .after = "",
		                                .column = yg_arena_strndup(arena, text + token.at, token.len - 1) });
	} else if (!comment && !(token.kind == YG_TOKEN_BAD && token.bad != YG_BAD_BACKQUOTE)) {
		char *first = s.n && s.v[0].kind == YG_TOKEN_NAME ? yg_scan_text_at(&s, 0) : NULL;
		const struct yg_verb_spec *spec = NULL;
		if (s.n == 0)
			begin_words(&s);
		else if (first && s.block)
			spec = yg_clause_find(first);
		else if (first)
			spec = yg_verb_find(first) ? yg_verb_find(first) : yg_statement_find(first);
		out->spec = spec;
		if (spec && s.block)
			yg_scan_block_clause(&s, spec);
		else if (spec && yg_verb_find(first))
			yg_scan_command(&s, spec);
		else if (spec)
			yg_scan_statement(&s, spec);
	}
	yg_free(s.v);
}
