/*
 * Tokens.  The lexer never fails: what it cannot read is a YG_TOKEN_BAD with the reason, and it
 * always moves on, so the highlighter can use it on unfinished text.
 */
#ifndef YOGO_SRC_LANG_LEX_PRIV_H
#define YOGO_SRC_LANG_LEX_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/text.h"

enum yg_token_kind {
	YG_TOKEN_END, YG_TOKEN_EOL, YG_TOKEN_BAD, YG_TOKEN_NAME, YG_TOKEN_NUMBER, YG_TOKEN_DURATION, YG_TOKEN_DATE,
	YG_TOKEN_STRING, YG_TOKEN_TILDE, YG_TOKEN_EQ, YG_TOKEN_NE, YG_TOKEN_LT, YG_TOKEN_LE, YG_TOKEN_GT, YG_TOKEN_GE,
	YG_TOKEN_PLUS, YG_TOKEN_MINUS, YG_TOKEN_STAR, YG_TOKEN_SLASH, YG_TOKEN_CARET, YG_TOKEN_OPEN, YG_TOKEN_CLOSE,
	YG_TOKEN_OPEN_SQUARE, YG_TOKEN_CLOSE_SQUARE, YG_TOKEN_COMMA, YG_TOKEN_COLON,
};

enum yg_bad {
	YG_BAD_UTF8 = 1, YG_BAD_CONTROL, YG_BAD_HIDDEN, YG_BAD_WIDE, YG_BAD_QUOTE, YG_BAD_SINGLE_QUOTE, YG_BAD_CHARACTER,
	YG_BAD_STRING, YG_BAD_BACKQUOTE, YG_BAD_NUMBER, YG_BAD_RANGE, YG_BAD_UNIT, YG_BAD_DATE, YG_BAD_DOTS,
	YG_BAD_OPERATOR,
};

struct yg_token {
	enum yg_token_kind kind;
	enum yg_bad bad;       /* YG_TOKEN_BAD */
	size_t at, len;
	double number;         /* NUMBER, DURATION (count), DATE (days) */
	char unit;             /* DURATION: d w m y */
	const char *half;      /* bad operators: what to write instead, or NULL */
	bool quoted;           /* a NAME in back-quotes */
	bool call;             /* a NAME with "(" at once behind */
	bool reserved;         /* a NAME that is reserved everywhere */
	bool fresh;            /* first token of its physical line */
};

struct yg_lexer {
	const char *text;
	size_t n, at;
	size_t depth;                    /* open brackets */
	enum yg_token_kind last;         /* kind of the last token, EOL at the start */
	bool last_joins;                 /* after it a line goes on */
	bool last_assigns;               /* it was "=" or ":": the word behind it is a value */
};

void yg_lex_init(struct yg_lexer *lexer, const char *text, size_t n, size_t at);
void yg_lex_next(struct yg_lexer *lexer, struct yg_token *token);
/* The meaning of a NAME (without back-quotes) or STRING ("" undone), appended. */
void yg_lex_value(const struct yg_lexer *lexer, const struct yg_token *token, struct yg_buf *out);
bool yg_lex_is(const struct yg_lexer *lexer, const struct yg_token *token, const char *word); /* unquoted NAME */
/* "by strata cluster on using where to with as in is and or not" */
bool yg_word_reserved(const char *p, size_t n);
/* dx rx px lab obs visit device death score cost cohort_of */
bool yg_word_event(const char *p, size_t n);
/* first last every min max mean sum any count */
bool yg_word_pick(const char *p, size_t n);
/* Is it one of the words of "a b c"? */
bool yg_word_among(const char *list, const char *p, size_t n);
/* Written bare, would the text be read as one NAME that is not reserved? */
bool yg_name_plain(const char *p, size_t n);

#endif
