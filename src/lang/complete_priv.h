/* Completion's inside: the tokens of the statement at the cursor, and the candidates found. */
#ifndef YOGO_SRC_LANG_COMPLETE_PRIV_H
#define YOGO_SRC_LANG_COMPLETE_PRIV_H

#include "lang/lex_priv.h"
#include "yogo/lang/complete.h"

struct yg_scan {
	struct yg_arena *arena;
	struct yg_lexer lexer;
	struct yg_token *v;      /* tokens of the statement at hand, without the word at the cursor */
	size_t n, cap;
	const char *block;       /* "cohort", "endpoint", "covariates" when inside one */
	bool header;             /* on the line that opens it */
	size_t at;
	struct yg_completions *out;
};

/* Adds a candidate unless it does not begin with what is typed, or is there already. */
void yg_scan_put(struct yg_scan *s, struct yg_completion c);
void yg_scan_word(struct yg_scan *s, enum yg_complete_kind kind, const char *text, const char *help,
                  const char *after);
/* Words parted by blanks or bars. */
void yg_scan_words(struct yg_scan *s, enum yg_complete_kind kind, const char *list, const char *after);
void yg_scan_columns(struct yg_scan *s);
void yg_scan_objects(struct yg_scan *s, enum yg_target target);
void yg_scan_values(struct yg_scan *s, const char *column);
void yg_scan_files(struct yg_scan *s);
void yg_scan_functions(struct yg_scan *s, const char *kind);
bool yg_scan_is(const struct yg_scan *s, size_t i, const char *text);
bool yg_scan_among(const struct yg_scan *s, size_t i, const char *list);
/* END beyond the last token. */
enum yg_token_kind yg_scan_kind_at(const struct yg_scan *s, size_t i);
enum yg_token_kind yg_scan_last_kind(const struct yg_scan *s);
char *yg_scan_text_at(const struct yg_scan *s, size_t i);
bool yg_scan_opens(enum yg_token_kind kind);
bool yg_scan_closes(enum yg_token_kind kind);
/* Index of the innermost bracket still open at the end, or n. */
size_t yg_scan_open_bracket(const struct yg_scan *s, size_t from);
/* Does something that an operator or a clause may follow end here? */
bool yg_scan_operand_ends(const struct yg_scan *s, size_t from);
/* The column whose value is wanted at the end: NAME = ..., NAME in (..., or NULL. */
const char *yg_scan_compared_column(const struct yg_scan *s, size_t from);
/* A predicate that begins at token from.  True when it may end here, so that a clause may follow. */
bool yg_scan_predicate(struct yg_scan *s, size_t from, const char *function_kind);
/* Behind "with" at token with. */
void yg_scan_options(struct yg_scan *s, const struct yg_verb_spec *spec, size_t with, const char *outcome);
void yg_scan_tail_words(struct yg_scan *s, const struct yg_verb_spec *spec);
/* The tail of any statement: true when the cursor is inside it. */
bool yg_scan_in_tail(struct yg_scan *s, const struct yg_verb_spec *spec, const char *outcome);
void yg_scan_command(struct yg_scan *s, const struct yg_verb_spec *spec);
void yg_scan_statement(struct yg_scan *s, const struct yg_verb_spec *spec);
void yg_scan_block_clause(struct yg_scan *s, const struct yg_verb_spec *spec);

#endif
