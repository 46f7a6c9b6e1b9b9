/*
 * An analysis set without the copy: the same request, answered block by block from the decoded columns.
 *
 * For statistics that need every value once and in no order of their own.  Only for tables whose row is a person,
 * without weights, arms, texts or covariates that change over time, and with an endpoint only for one follow-up a person without
 * late entry; for anything else *out is NULL and yg_set_build serves.  Who is left out for a missing value is the caller's to count.
 */
#ifndef YOGO_COHORT_SCAN_H
#define YOGO_COHORT_SCAN_H

#include "yogo/cohort/set.h"

struct yg_scan;

/* Binds what is asked, evaluates where and the population, decodes columns into the store's cache.  Errors as yg_set_build. */
enum yg_status yg_scan_open(const struct yg_set_request *request, struct yg_task *task, struct yg_scan **out,
                            struct yg_err *err) YG_MUST_USE;
void yg_scan_free(struct yg_scan *s);

uint32_t yg_scan_blocks(const struct yg_scan *s);
uint32_t yg_scan_rows(const struct yg_scan *s, uint32_t block);
/* Bits of the block's rows that take part (with an endpoint: and are spans of it); NULL = all. */
const uint64_t *yg_scan_taken(const struct yg_scan *s, uint32_t block);
/* What variable k of the request is, and its canonical text. */
const struct yg_bound_info *yg_scan_info(const struct yg_scan *s, size_t k);
const char *yg_scan_name(const struct yg_scan *s, size_t k);
/* Smallest and largest value of a plain column over the whole table, from the file's directory; false when unknown. */
bool yg_scan_range(const struct yg_scan *s, size_t k, double *low, double *high);
/* The words of a whole number or flag as a level: its value label, "yes", or the number. */
const char *yg_scan_level(struct yg_scan *s, size_t k, int64_t value);
/* Values of variable k in a block, valid until the worker reads the variable again. */
enum yg_status yg_scan_read(struct yg_scan *s, unsigned worker, uint32_t block, size_t k, struct yg_vec *out,
                            struct yg_err *err) YG_MUST_USE;
/* A set of those counts, without columns and rows: taken rows, of which n are kept; drops[k] lack variable k. */
struct yg_set *yg_scan_counts(struct yg_scan *s, uint64_t taken, const uint64_t *drops);

#endif
