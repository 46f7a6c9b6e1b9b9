/* Numbering persons. */
#ifndef YOGO_INGEST_PERSON_PRIV_H
#define YOGO_INGEST_PERSON_PRIV_H

#include "src/ingest/import_priv.h"

#define NO_PERSON UINT32_MAX          /* named, but not in the table of persons */
#define KEY_MISSING (UINT32_MAX - 1)  /* not named */

struct keys {
	uint32_t count;
	struct yg_dict dict;
	uint32_t *dense;              /* value - low -> number + 1 */
	int64_t low;
	uint64_t range;
};
void keys_init(struct keys *k);
void keys_release(struct keys *k);
enum yg_status keys_plan(struct keys *k, struct import *im, struct yg_err *err);
/* Person numbers of a file's rows, in order of first row; add: new persons get the next number. */
enum yg_status keys_number(struct keys *k, struct import *im, struct load *l, bool add, uint32_t *out,
                           struct yg_err *err);

#endif
