/*
 * Messages with other people's words inside: "Survival: Death by rx" is the message "Survival: %s by %s"
 * with two words from the data, which no catalogue may touch (a column called time is not the word time).
 *
 * Words from the data stand between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (U+2068, U+2069),
 * the marks that Unicode (UAX 9) has for text of unknown nature inside a sentence.  They have no width;
 * whatever shows or exports a text takes them out.  A text without them is a message as a whole.
 */
#ifndef YOGO_BASE_PHRASE_H
#define YOGO_BASE_PHRASE_H

#include <stdarg.h>
#include <stdbool.h>

#include "yogo/base/buf.h"
#include "yogo/base/mem.h"

/* Words from the data, to be shown as they are.  NULL stays NULL; marks inside are dropped. */
const char *yg_phrase_data(struct yg_arena *arena, const char *text);
/*
 * A message with words from the data.  The format knows %s and %% only; what is put in is marked as data,
 * unless it is a phrase itself (or yg_phrase_message), which then is translated on its own.
 */
const char *yg_phrase(struct yg_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

const char *yg_vphrase(struct yg_arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

bool yg_phrase_marked(const char *text);
/* A message as an argument of yg_phrase: it will be translated there.  (Marked by an empty pair of marks before it.) */
const char *yg_phrase_message(struct yg_arena *arena, const char *message);
/* The text without marks: in English as built, or in the user's language. */
void yg_phrase_english(const char *text, struct yg_buf *out);
void yg_phrase_local(const char *text, struct yg_buf *out);
/* The same as yg_phrase_local, as a text that lives as long as the process (each is kept once); "" for NULL. */
const char *yg_phrase_shown(const char *text);

#endif
