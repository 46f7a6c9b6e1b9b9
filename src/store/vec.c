/* Scratch of one worker for decoded blocks. */
#include "yogo/store/vec.h"

#include <string.h>

#include "src/store/space_priv.h"
#include "yogo/base/mem.h"

void yg_vec_space_init(struct yg_vec_space *space)
{
	memset(space, 0, sizeof *space);
}

void yg_vec_space_release(struct yg_vec_space *space)
{
	yg_data_free(space->value);
	yg_data_free(space->valid);
	yg_data_free(space->reason);
	yg_data_free(space->precision);
	yg_data_free(space->text);
	yg_data_free(space->packed);
	memset(space, 0, sizeof *space);
}

/* Make *p hold at least want bytes (contents are lost when it grows); NULL when memory is gone. */
void *space_want(void **p, size_t *size, size_t want)
{
	if (*size < want || !*p) {
		yg_data_free(*p);
		*size = 0;
		*p = yg_data_alloc(want ? want : 1, 1);
		if (*p)
			*size = want;
	}
	return *p;
}
