/* Lines and columns of byte spans, and the snippet that an error message shows. */
#ifndef YOGO_LANG_SOURCE_H
#define YOGO_LANG_SOURCE_H

#include <stddef.h>

#include "yogo/base/buf.h"
#include "yogo/base/status.h"

/* 1-based line and column (in display cells). */
void yg_source_place(const char *text, size_t n, size_t at, size_t *line, size_t *column);
/*
 * The whole message as a person reads it:
 *   FILE:12:15: error: an option must follow "with", found "ties"  [E-SYN-012]
 *     cox os ~ arm, ties=efron
 *                   ^~~~
 *     did you mean:  cox os ~ arm with ties=efron
 *     hint ...
 * name NULL leaves out the file; text NULL (no source) gives the message without snippet.
 */
void yg_source_message(const char *name, const char *text, size_t n, const struct yg_err *err, struct yg_buf *out);

#endif
