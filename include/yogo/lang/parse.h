/*
 * Text to tree.  LL(1) by hand; errors have place, caret and, where one edit mends it, the corrected line.
 * Nesting is limited to 200.
 */
#ifndef YOGO_LANG_PARSE_H
#define YOGO_LANG_PARSE_H

#include "yogo/lang/ast.h"

/* A whole script: SCRIPT node.  Checks "lang 1" when it is the first statement; verbs, clauses and
   options against the command grammar (spec.h): unknown ones are errors that name the nearest. */
enum yg_status yg_parse_script(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out,
                               struct yg_err *err) YG_MUST_USE;
/*
 * For the executor: parse the next statement from *offset and move it behind; *out is NULL at the end
 * of the text.  A block counts as one statement.
 */
enum yg_status yg_parse_next(struct yg_arena *arena, const char *text, size_t n, size_t *offset,
                             struct yg_node **out, struct yg_err *err) YG_MUST_USE;
/* For the REPL: does the text, right so far, end inside an open block or bracket or behind a joining
   word, so that more is wanted?  (A string ends on its line: an open one is an error.) */
bool yg_parse_incomplete(const char *text, size_t n);
/* One predicate, for filters. */
enum yg_status yg_parse_predicate(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out,
                                  struct yg_err *err) YG_MUST_USE;

/* One value as an option has it: "0.95", "(1y, 3y)", "efron". */
enum yg_status yg_parse_value(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out,
                              struct yg_err *err) YG_MUST_USE;

#endif
