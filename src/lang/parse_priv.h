/*
 * The parser's inside: one token of look-ahead, one error, nodes in the caller's arena.
 * A parse function returns its node, or NULL when p->status is set.
 */
#ifndef YOGO_SRC_LANG_PARSE_PRIV_H
#define YOGO_SRC_LANG_PARSE_PRIV_H

#include "lang/lex_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/lang/parse.h"
#include "yogo/lang/spec.h"

enum { YG_PARSE_DEPTH = 200 };

/* For the formatter: every token consumed, with what it wants of the blanks around it. */
enum { YG_GLUE_BEFORE = 1, YG_GLUE_AFTER = 2 };
struct yg_trace_token {
	size_t at, len;
	enum yg_token_kind kind;
	unsigned glue;
	unsigned level;    /* 1 inside a block */
	bool call;
	bool end;          /* the word that closes a block */
};
struct yg_trace {
	struct yg_trace_token *v;
	size_t n, cap;
};

struct yg_parser {
	struct yg_arena *arena;
	struct yg_lexer lexer;
	struct yg_token tok;
	size_t prev_end;         /* end of the last token consumed */
	size_t comma_at;         /* where the last comma consumed stands */
	unsigned depth;
	unsigned level;          /* 1 inside a block */
	unsigned glue;           /* for the token about to be consumed */
	struct yg_err *err, own;
	enum yg_status status;
	bool at_end;             /* the error is that the text ends here */
	bool goes_on;            /* ... and it ends inside a bracket, a block, or behind a joining word */
	bool joined;             /* the last token consumed was one after which a line goes on */
	struct yg_buf scratch;
	struct yg_trace *trace;
};

void yg_parser_init(struct yg_parser *p, struct yg_arena *arena, const char *text, size_t n, size_t at,
                    struct yg_err *err);
void yg_parser_release(struct yg_parser *p);
struct yg_node *yg_parse_script_node(struct yg_parser *p);

/* ---- tokens ---- */
void yg_advance(struct yg_parser *p);
void yg_peek(const struct yg_parser *p, struct yg_token *next);   /* the token after p->tok */
bool yg_at_word(const struct yg_parser *p, const char *word);
bool yg_at(const struct yg_parser *p, enum yg_token_kind kind);
bool yg_at_name(const struct yg_parser *p);                       /* a NAME that is not a reserved word */
bool yg_at_line_end(const struct yg_parser *p);
bool yg_skip_word(struct yg_parser *p, const char *word);
bool yg_skip(struct yg_parser *p, enum yg_token_kind kind);
bool yg_want(struct yg_parser *p, enum yg_token_kind kind, const char *what);
bool yg_want_close(struct yg_parser *p, enum yg_token_kind kind, size_t open_at);
char *yg_token_text(struct yg_parser *p);                         /* of p->tok, in the arena */
bool yg_token_among(const struct yg_parser *p, const char *words); /* bare NAME, one of "a b c", no call */
bool yg_token_event(const struct yg_parser *p);                   /* an event word with "(" at once */
bool yg_follows_assign(const struct yg_parser *p);                /* NAME now, "=" next */

/* ---- nodes ---- */
struct yg_node *yg_make(struct yg_parser *p, enum yg_node_kind kind, const char *text);
struct yg_node *yg_leaf(struct yg_parser *p, enum yg_node_kind kind);  /* from p->tok, consumed */
void yg_add(struct yg_parser *p, struct yg_node *parent, struct yg_node *child);
struct yg_node *yg_done(struct yg_parser *p, struct yg_node *node);    /* sets the span's end */
bool yg_enter(struct yg_parser *p);                                    /* depth limit; pair with yg_leave */
void yg_leave(struct yg_parser *p);

/* ---- grammar ---- */
struct yg_node *yg_name_node(struct yg_parser *p, enum yg_node_kind kind, const char *what);
struct yg_node *yg_string_node(struct yg_parser *p, enum yg_node_kind kind, const char *what);
struct yg_node *yg_pred(struct yg_parser *p);
struct yg_node *yg_arith(struct yg_parser *p);
struct yg_node *yg_test(struct yg_parser *p, struct yg_node *left);    /* left NULL: a rule's test */
bool yg_at_test(const struct yg_parser *p);
bool yg_arguments(struct yg_parser *p, struct yg_node *call, bool event);
struct yg_node *yg_group(struct yg_parser *p);
struct yg_node *yg_value(struct yg_parser *p);
struct yg_node *yg_formula(struct yg_parser *p, const struct yg_verb_spec *spec);
bool yg_names(struct yg_parser *p, struct yg_node *list, const struct yg_verb_spec *spec);
bool yg_options(struct yg_parser *p, struct yg_node *owner, const struct yg_verb_spec *spec);
bool yg_tail(struct yg_parser *p, struct yg_node *owner, const struct yg_verb_spec *spec);
struct yg_node *yg_block(struct yg_parser *p, enum yg_node_kind kind);
struct yg_node *yg_command(struct yg_parser *p);
struct yg_node *yg_statement(struct yg_parser *p);
/* Does the verb take the clause at the token, and is it the first of its kind? */
bool yg_clause_allowed(struct yg_parser *p, const struct yg_verb_spec *spec, unsigned bit, const struct yg_node *command,
                       enum yg_node_kind kind);
bool yg_number_whole(double v);                                        /* exact as an integer */
bool yg_check_option(struct yg_parser *p, const struct yg_option_spec *option, const struct yg_node *value);

/* ---- errors ---- */
#define YG_FAIL(p, at, len, code, ...) \
	yg_parser_failed((p), yg_fail_at((p)->err, YG_ESYNTAX, (at), (len), (code), __VA_ARGS__))
#define YG_FAIL_TOKEN(p, code, ...) YG_FAIL(p, (p)->tok.at, (p)->tok.len, code, __VA_ARGS__)
void *yg_parser_failed(struct yg_parser *p, enum yg_status status);   /* NULL */
/* "expected WHAT, found ..."; the lexer's own complaint when the token is bad. */
void *yg_expected(struct yg_parser *p, const char *what);
void *yg_expected_end(struct yg_parser *p, const char *what);  /* a stray bracket says so */
void *yg_stray_bracket(struct yg_parser *p);
void *yg_bad_token(struct yg_parser *p, const struct yg_token *token);
/* The corrected line: bytes [from, to) replaced.  Both must be on one physical line. */
void yg_fix(struct yg_parser *p, size_t from, size_t to, const char *replacement);
/* The corrected line: bytes [from, to) moved in front of byte `before`, with blanks tidied. */
void yg_fix_move(struct yg_parser *p, size_t from, size_t to, size_t before);
/* The physical line around [from, to) without its outer blanks; false when that is more than one line. */
bool yg_line_around(const struct yg_parser *p, size_t from, size_t to, size_t *start, size_t *end);
void yg_set_fixed(struct yg_parser *p, const struct yg_buf *line);
/* The token as a person would name it, cut to a few words: "age", the end of the line ... */
struct yg_shown {
	char text[96];
};
struct yg_shown yg_show(const struct yg_parser *p, const struct yg_token *token);
struct yg_shown yg_show_text(const char *p, size_t n);
void *yg_option_misplaced(struct yg_parser *p, size_t from);
void *yg_command_tail_error(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *command);
void *yg_options_tail_error(struct yg_parser *p, const struct yg_verb_spec *spec);
void *yg_unknown_statement(struct yg_parser *p);
void *yg_unknown_clause(struct yg_parser *p, const char *block, const struct yg_node *node, size_t header_at);
void *yg_option_unknown(struct yg_parser *p, const struct yg_verb_spec *spec);
void *yg_comparison_chain(struct yg_parser *p, size_t left_at, size_t left_end, size_t op_at, size_t middle_at);
void *yg_unit_missing(struct yg_parser *p, size_t at);

#endif
