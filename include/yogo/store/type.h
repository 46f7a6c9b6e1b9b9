/*
 * Logical types of columns, missing reasons and roles.
 *
 *   flag     true/false                         uint8_t 0/1
 *   integer  int64_t
 *   number   double, finite or a computed NaN/Inf that the source declared
 *   level    one of a closed list of labels     int32_t position in level order
 *   text     UTF-8 bytes as imported
 *   date     int32_t days since 1970-01-01 with precision day/month/year
 *   instant  int64_t microseconds, UTC or local-naive
 */
#ifndef YOGO_STORE_TYPE_H
#define YOGO_STORE_TYPE_H

#include <stdbool.h>
#include <stdint.h>

enum yg_type {
	YG_TYPE_FLAG = 1,
	YG_TYPE_INTEGER,
	YG_TYPE_NUMBER,
	YG_TYPE_LEVEL,
	YG_TYPE_TEXT,
	YG_TYPE_DATE,
	YG_TYPE_INSTANT,
};
const char *yg_type_name(enum yg_type t);                 /* "flag" ... */
bool yg_type_parse(const char *name, enum yg_type *out);

/* Why a value is missing: 0 none given, 1-15 fixed, 16-255 the manifest's codes. */
enum yg_missing {
	YG_MISSING_UNGIVEN = 0,
	YG_MISSING_NOT_DONE,
	YG_MISSING_UNKNOWN,
	YG_MISSING_REFUSED,
	YG_MISSING_LOST,
	YG_MISSING_BELOW_DETECTION,
	YG_MISSING_ABOVE_DETECTION,
	YG_MISSING_NOT_APPLICABLE,
	YG_MISSING_FIRST_DECLARED = 16,
};
/* The word for one of the fixed reasons ("not done"), NULL for the manifest's own; and back. */
const char *yg_missing_name(uint8_t reason);
bool yg_missing_parse(const char *name, uint8_t *out);

enum yg_role_of_column {
	YG_COLUMN_PLAIN,
	YG_COLUMN_PERSON,
	YG_COLUMN_INSTITUTION,
	YG_COLUMN_QUASI_IDENTIFIER,
	YG_COLUMN_SENSITIVE,
	YG_COLUMN_OUTCOME,
	YG_COLUMN_DATE,
	YG_COLUMN_MEASURE,
	YG_COLUMN_CODE,
	YG_COLUMN_FREE_TEXT,
};
const char *yg_column_role_name(enum yg_role_of_column r);
bool yg_column_role_parse(const char *name, enum yg_role_of_column *out);

#endif
