/* What the printers share. */
#ifndef YOGO_SRC_LANG_PRINT_PRIV_H
#define YOGO_SRC_LANG_PRINT_PRIV_H

#include "yogo/lang/print.h"

/* How strongly operators bind; yg_print_level puts brackets around what binds less than asked. */
enum {
	YG_LEVEL_OR = 1, YG_LEVEL_AND, YG_LEVEL_NOT, YG_LEVEL_COMPARE, YG_LEVEL_ADD, YG_LEVEL_MULTIPLY, YG_LEVEL_NEGATE,
	YG_LEVEL_POWER, YG_LEVEL_ATOM
};

/* ---- print_expr.c ---- */
void yg_print_word(const char *word, struct yg_buf *out);
void yg_print_string(const char *text, struct yg_buf *out);
void yg_print_level(const struct yg_node *e, int least, struct yg_buf *out);
void yg_print_value(const struct yg_node *value, struct yg_buf *out);
void yg_print_arguments(const struct yg_node *call, struct yg_buf *out);        /* with the brackets */
void yg_print_operator(const struct yg_node *e, struct yg_buf *out);
void yg_print_atom(const struct yg_node *e, struct yg_buf *out);
void yg_print_pred(const struct yg_node *e, struct yg_buf *out);
/* As yg_print_pred; a first name among words, which would be taken for a keyword, gets back-quotes. */
void yg_print_guarded(const struct yg_node *e, const char *words, struct yg_buf *out);
void yg_print_names(const struct yg_node *list, const char *between, struct yg_buf *out);
/* OPTIONS and AS of any owner. */
void yg_print_tail(const struct yg_node *owner, struct yg_buf *out);
/* ---- print_block.c ---- */
void yg_print_events(const struct yg_node *events, struct yg_buf *out);
void yg_print_event(const struct yg_node *event, struct yg_buf *out);
void yg_print_rule(const struct yg_node *rule, struct yg_buf *out);
const char *yg_clause_word(enum yg_node_kind kind);                             /* NULL: no clause of a block */
void yg_print_block_clause(const struct yg_node *clause, struct yg_buf *out);

#endif
