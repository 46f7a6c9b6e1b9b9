/* Labels for highlighting: the lexer's tokens, and a memory of where in a line we are. */
#include "yogo/lang/segment.h"

#include <string.h>

#include "lang/lex_priv.h"
#include "yogo/base/mem.h"
#include "yogo/lang/spec.h"

const char *yg_segment_name(enum yg_segment segment)
{
	static const char *const name[] = { "blank", "keyword", "name", "number", "string", "comment", "operator", "error" };
	return (unsigned)segment < YG_SEGMENT_KINDS ? name[segment] : "unknown";
}

struct place {
	bool start;        /* at the start of a statement or clause */
	bool block;        /* inside cohort, endpoint or covariates */
	bool header;       /* on the line that opens the block */
	bool rule;         /* behind a clause word, where rule and pick words are looked for */
	bool value;        /* behind "=" inside options */
	bool options;      /* behind "with" */
};

static bool spec_word(const struct yg_verb_spec *(*find)(const char *), const char *p, size_t n)
{
	char word[32];
	if (n >= sizeof word)
		return false;
	memcpy(word, p, n);
	word[n] = 0;
	return find(word) != NULL;
}

static bool keyword(const struct yg_lexer *lexer, const struct yg_token *token, const struct place *at)
{
	const char *p = lexer->text + token->at;
	size_t n = token->len;
	if (token->quoted || at->value)
		return false;
	if (at->start && at->block)
		return (n == 3 && memcmp(p, "end", 3) == 0) || spec_word(yg_clause_find, p, n);
	if (at->start)
		return spec_word(yg_statement_find, p, n) || spec_word(yg_verb_find, p, n);
	if (token->reserved)
		return true;
	if (token->call)
		return yg_word_event(p, n);
	if (at->rule)
		return yg_word_among("any none count value observed first last every min max mean sum at observation death after "
		                     "date stop", p, n);
	return yg_word_among("vs like from else missing", p, n) && !at->options;
}

/* How the place changes behind a token. */
static void move(const struct yg_lexer *lexer, const struct yg_token *token, struct place *at)
{
	const char *p = lexer->text + token->at;
	if (token->kind == YG_TOKEN_EOL) {
		if (at->header) {
			at->block = true;
			at->header = false;
		}
		at->start = true;
		at->rule = at->value = at->options = false;
		return;
	}
	if (at->start && token->kind == YG_TOKEN_NAME) {
		if (at->block && yg_lex_is(lexer, token, "end"))
			at->block = false;
		else if (!at->block && yg_word_among("cohort endpoint covariates", p, token->len))
			at->header = true;
		at->rule = at->block && yg_word_among("enter require exclude exit limit event compete censor add", p, token->len);
	} else if (token->kind == YG_TOKEN_NAME && at->rule) {
		/* "value" is followed by a pick word; the others end the search */
		at->rule = yg_lex_is(lexer, token, "value");
	} else if (token->kind != YG_TOKEN_STRING && token->kind != YG_TOKEN_COLON) {
		at->rule = false;
	}
	if (yg_lex_is(lexer, token, "with") && !at->value)
		at->options = true;
	else if (yg_lex_is(lexer, token, "as") && lexer->depth == 0)
		at->options = false;
	if (at->options)
		at->value = token->kind == YG_TOKEN_EQ ||
		            (at->value && (lexer->depth > 0 || token->kind == YG_TOKEN_COLON || token->kind == YG_TOKEN_MINUS));
	else
		at->value = false;
	at->start = false;
}

static enum yg_segment segment_of(const struct yg_lexer *lexer, const struct yg_token *token, const struct place *at)
{
	switch (token->kind) {
	case YG_TOKEN_NAME:
		return keyword(lexer, token, at) ? YG_SEGMENT_KEYWORD : YG_SEGMENT_NAME;
	case YG_TOKEN_NUMBER:
	case YG_TOKEN_DURATION:
	case YG_TOKEN_DATE:
		return YG_SEGMENT_NUMBER;
	case YG_TOKEN_STRING:
		return YG_SEGMENT_STRING;
	case YG_TOKEN_BAD:
		return token->bad == YG_BAD_STRING ? YG_SEGMENT_STRING : YG_SEGMENT_ERROR;
	case YG_TOKEN_EOL:
		return lexer->text[token->at] == ';' ? YG_SEGMENT_OPERATOR : YG_SEGMENT_BLANK;
	default:
		return YG_SEGMENT_OPERATOR;
	}
}

/* Blanks and comments between two tokens. */
static void label_gap(const char *text, size_t from, size_t to, uint8_t *label)
{
	bool comment = false;
	for (size_t i = from; i < to; i++) {
		if (text[i] == '\n' || text[i] == '\r')
			comment = false;
		else if (text[i] == '#')
			comment = true;
		label[i] = comment ? YG_SEGMENT_COMMENT : YG_SEGMENT_BLANK;
	}
}

void yg_segment(const char *text, size_t n, uint8_t *label)
{
	struct yg_lexer lexer;
	struct yg_token token;
	struct place at = { .start = true };
	size_t end = 0;
	yg_lex_init(&lexer, text, n, 0);
	for (;;) {
		yg_lex_next(&lexer, &token);
		if (token.at > end)
			label_gap(text, end, token.at, label);
		if (token.kind == YG_TOKEN_END)
			break;
		if (token.len)
			memset(label + token.at, (int)segment_of(&lexer, &token, &at), token.len);
		end = token.at + token.len;
		move(&lexer, &token, &at);
	}
	if (end < n)
		label_gap(text, end, n, label);
}
