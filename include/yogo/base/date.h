/*
 * Civil dates (proleptic Gregorian) as int32 days since 1970-01-01, with precision, and instants
 * as int64 microseconds.  Nothing here reads the clock but yg_now_...().
 */
#ifndef YOGO_BASE_DATE_H
#define YOGO_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "yogo/base/text.h"

enum yg_date_precision { YG_DAY, YG_MONTH, YG_YEAR };

#define YG_DAYS_PER_MONTH 30.4375
#define YG_DAYS_PER_YEAR 365.25

int32_t yg_date_from_civil(int year, int month, int day);      /* valid civil date required */
void yg_date_to_civil(int32_t days, int *year, int *month, int *day);
bool yg_date_valid(int year, int month, int day);
/* ISO 8601 YYYY-MM-DD, YYYY-MM or YYYY; the last two set the precision (day 1, month 1). */
bool yg_date_parse(struct yg_str s, int32_t *days, enum yg_date_precision *precision);
void yg_date_print(char out[16], int32_t days, enum yg_date_precision precision);
/* Calendar step, clipped to the end of the month. */
int32_t yg_date_add_months(int32_t days, int months);
/* ISO 8601 date-time, "T" or blank between, optional fraction, optional Z or offset. */
bool yg_instant_parse(struct yg_str s, int64_t *microseconds, bool *has_zone);
void yg_instant_print(char out[40], int64_t microseconds);
/* The clock, for journal times and progress only.  YOGO_CLOCK (ISO instant) fixes it in tests. */
int64_t yg_now_nanoseconds(void);        /* since 1970, UTC */
int64_t yg_monotonic_nanoseconds(void);
void yg_time_print_canonical(char out[48], int64_t nanoseconds); /* 2026-11-22T16:22:33.123456789Z */

#endif
