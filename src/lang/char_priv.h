/* What a character may be in the language: the one place that knows Unicode blocks. */
#ifndef YOGO_SRC_LANG_CHAR_PRIV_H
#define YOGO_SRC_LANG_CHAR_PRIV_H

#include <stdbool.h>
#include <stdint.h>

bool yg_char_blank(uint32_t c);         /* white space inside a line, the full-width space included */
bool yg_char_name_start(uint32_t c);
bool yg_char_name_part(uint32_t c);     /* without the dot */
bool yg_char_hidden(uint32_t c);        /* controls, direction overrides, invisible marks */
/* The ASCII text that a full-width or typographic symbol stands for, or NULL. */
const char *yg_char_half(uint32_t c, char buffer[2]);
bool yg_char_double_quote(uint32_t c);  /* typographic or full-width */
bool yg_char_single_quote(uint32_t c);

#endif
