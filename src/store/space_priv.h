/* Growing scratch memory of the store's own files. */
#ifndef YOGO_STORE_SPACE_PRIV_H
#define YOGO_STORE_SPACE_PRIV_H

#include <stddef.h>

void *space_want(void **p, size_t *size, size_t want);

#endif
