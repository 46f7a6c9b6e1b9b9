/*
 * Tree to canonical text: one statement a line, blocks one clause a line indented by two blanks and
 * closed by "end", one blank between words, options in the order given.  Printing then parsing
 * gives an equal tree.
 */
#ifndef YOGO_LANG_PRINT_H
#define YOGO_LANG_PRINT_H

#include "yogo/lang/ast.h"

void yg_print_statement(const struct yg_node *statement, struct yg_buf *out);   /* no final newline */
/* The same on one physical line, clauses joined by "; ". */
void yg_print_one_line(const struct yg_node *statement, struct yg_buf *out);
/* An expression, a value, a term, a rule, EVENTS. */
void yg_print_expression(const struct yg_node *e, struct yg_buf *out);
/* One clause of a block ("require nodes is not missing") or of a command ("by rx"; BY of a let too). */
void yg_print_clause(const struct yg_node *clause, struct yg_buf *out);
/* A name as the language reads it back: in back-quotes when it is reserved or no plain name. */
void yg_print_name(const char *name, struct yg_buf *out);
/* "yogo format": the canonical text of a whole script with comments, blank lines between statements
   and the line structure of the source kept. */
enum yg_status yg_format_script(const char *text, size_t n, struct yg_buf *out, struct yg_err *err) YG_MUST_USE;

#endif
