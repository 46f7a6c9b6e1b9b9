/* What a field looks like, and which type fits all that a column holds. */
#ifndef YOGO_INGEST_INFER_PRIV_H
#define YOGO_INGEST_INFER_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "yogo/base/text.h"
#include "yogo/store/manifest.h"

/* Looks seen in a column, as a set. */
enum look {
	LOOK_YEAR = 1,          /* an integer of four digits: also a date known to the year */
	LOOK_INTEGER = 2,       /* any other integer that a double holds exactly */
	LOOK_LARGE = 4,         /* beyond 2^53 */
	LOOK_HUGE = 8,          /* beyond 64 bits */
	LOOK_DECIMAL = 16,
	LOOK_DATE = 32,
	LOOK_MONTH = 64,        /* YYYY-MM */
	LOOK_LOCAL = 128,       /* instants without and with a zone */
	LOOK_ZONED = 256,
	LOOK_TRUE = 512,        /* true, false */
	LOOK_YES = 1024,        /* yes, no */
	LOOK_OTHER = 2048,
};
#define LOOKS_NUMERIC (LOOK_YEAR | LOOK_INTEGER | LOOK_LARGE | LOOK_HUGE | LOOK_DECIMAL)

#define INFER_LEVELS_MAX 1000u

struct looks {
	uint32_t bare;          /* of fields without quotes */
	uint32_t quoted;        /* of fields in quotes */
};

uint32_t look_of(struct yg_str s);
/* true 1, false 0, neither -1. */
int flag_of(struct yg_str s);

/*
 * The narrowest type for the looks of a column.  marks: the file tells numbers from text by
 * quotes (somewhere a field stands without them), so that "1" in quotes is text.
 * 0 = integers beyond 64 bits, which no type holds.  Text stands for text or level.
 */
enum yg_type type_for(struct looks looks, bool marks);

#endif
