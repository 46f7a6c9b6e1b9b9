/* Shared by the files that measure text and those that escape it. */
#ifndef YOGO_SRC_BASE_TEXT_PRIV_H
#define YOGO_SRC_BASE_TEXT_PRIV_H

#include <stddef.h>
#include <stdint.h>

/* How one character is shown on a terminal. */
struct yg_text_unit {
	size_t bytes;        /* of the input, > 0 */
	uint32_t code_point;
	char escape[12];     /* shown instead of the bytes, empty when they are shown as they are */
	size_t columns;
};
void yg_text_unit(const char *p, size_t n, struct yg_text_unit *out);

#endif
