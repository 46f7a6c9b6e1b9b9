/* The command table as text for people: help, pages, manual. */
#ifndef YOGO_LANG_SPEC_DOC_H
#define YOGO_LANG_SPEC_DOC_H

#include "yogo/base/buf.h"
#include "yogo/lang/spec.h"

/* Plain text of at most 79 columns, ending with a newline; in the language of the messages. */
void yg_spec_help(const struct yg_verb_spec *spec, struct yg_buf *out);
/* The same for a function of expressions ("rcs"). */
void yg_spec_function_help(const struct yg_function_spec *function, struct yg_buf *out);
/* docs/commands/NAME.md, in English. */
void yg_spec_markdown(const struct yg_verb_spec *spec, struct yg_buf *out);
/* Sections STATEMENTS, COMMANDS and FUNCTIONS of the manual page (man macros), in English. */
void yg_spec_man(struct yg_buf *out);

#endif
