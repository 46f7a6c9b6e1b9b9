/*
 * Large blocks of whole pages for data arrays, kept for the next user when given back.
 *
 * yg_pages_take() returns a block of at least `bytes`, beginning on a 2 MiB boundary, its true length in
 * *length and whether it is known to hold zeros in *zeroed; NULL when memory is gone.  yg_pages_give()
 * takes it back.  Any thread may call.
 */
#ifndef YOGO_BASE_PAGES_PRIV_H
#define YOGO_BASE_PAGES_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#define YG_PAGES_FROM ((size_t)1 << 20) /* arrays of this size and more live in blocks of their own */

void *yg_pages_take(size_t bytes, size_t *length, bool *zeroed);
void yg_pages_give(void *block, size_t length);
bool yg_pages_release(void); /* what is kept goes back to the system; false when nothing was kept */

#endif
