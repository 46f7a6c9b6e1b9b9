/*
 * Text: views, number parsing and printing that no locale can change, display width of UTF-8,
 * and the escapers that all text passes on its way out.
 */
#ifndef YOGO_BASE_TEXT_H
#define YOGO_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"

struct yg_str {
	const char *p;
	size_t n;
};
#define YG_STR(literal) ((struct yg_str){ (literal), sizeof(literal) - 1 })
struct yg_str yg_str(const char *s);                /* s is NUL-terminated */
bool yg_str_eq(struct yg_str a, struct yg_str b);
int yg_str_cmp(struct yg_str a, struct yg_str b);   /* bytewise */
bool yg_str_eq_ascii_nocase(struct yg_str a, struct yg_str b);

/*
 * Numbers.  The whole of s must be the number; no blanks, no hex, no "nan" or "inf".
 * yg_parse_double is correctly rounded; overflow to infinity is a failure.
 */
bool yg_parse_double(struct yg_str s, double *out);
bool yg_parse_i64(struct yg_str s, int64_t *out);
/* Shortest decimal text that reads back to the same double; buffer of 32 bytes. */
size_t yg_print_double(char buffer[32], double v);

/* UTF-8. */
bool yg_utf8_valid(const char *p, size_t n, size_t *bad_at);
/* Decode one code point at p (n > 0 bytes there); returns its length, 1 and U+FFFD if invalid. */
size_t yg_utf8_next(const char *p, size_t n, uint32_t *code_point);
/*
 * Columns the text takes on a terminal.  Controls and bidirectional overrides count as the visible
 * escape that yg_escape_terminal() would print (\x1b and so on).  Ambiguous-width characters count 1.
 */
size_t yg_text_width(const char *p, size_t n);
/* Bytes of the longest prefix not wider than columns; *width gets its width.  A wide character that
   would straddle the edge is left out; combining marks stay with their base. */
size_t yg_text_cut(const char *p, size_t n, size_t columns, size_t *width);
/* Append text padded (or cut, with "~" as last column) to exactly columns; align < 0 left, 0 centre, > 0 right. */
void yg_text_pad(struct yg_buf *out, const char *text, size_t columns, int align);

/* Escapers: the only roads out for text that may come from data, files or users. */
void yg_escape_terminal(struct yg_buf *out, const char *p, size_t n); /* controls, C1, bidi -> visible */
void yg_escape_html(struct yg_buf *out, const char *p, size_t n);     /* text and attribute safe; XML too */
void yg_escape_csv(struct yg_buf *out, const char *p, size_t n);      /* RFC 4180, ' before = + - @ TAB CR */
void yg_escape_json(struct yg_buf *out, const char *p, size_t n);     /* with the quotes, RFC 8785 escapes */
void yg_escape_script(struct yg_buf *out, const char *p, size_t n);   /* a string literal of the language */

/* Similarity for "did you mean": Damerau-Levenshtein distance (optimal alignment), ASCII case folded;
   exact up to cap, cap + 1 for everything farther. */
size_t yg_text_distance(const char *a, const char *b, size_t cap);

#endif
