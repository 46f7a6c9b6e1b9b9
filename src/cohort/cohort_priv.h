/* Shared by the files of this room only. */
#ifndef YOGO_COHORT_PRIV_H
#define YOGO_COHORT_PRIV_H

#include "yogo/base/mem.h"
#include "yogo/cohort/endpoint.h"
#include "yogo/cohort/set.h"
#include "yogo/cohort/steps.h"

/* Refuse a value that differs between the rows of one person, naming the columns and the cure. */
enum yg_status yg_cohort_varies(const struct yg_bound *b, const struct yg_node *at, uint64_t persons, struct yg_err *err) YG_MUST_USE;
/* A condition as bitmaps over persons (yg_data_alloc'ed); refused when rows of a person differ. */
enum yg_status yg_cohort_person_condition(const struct yg_bound *b, const struct yg_node *at, struct yg_task *task,
                                          uint64_t **is_true, uint64_t **is_unknown, struct yg_err *err) YG_MUST_USE;

static inline bool yg_bit(const uint64_t *bits, uint64_t i)
{
	return bits[i >> 6] >> (i & 63) & 1;
}

/* Raise a time scale's values that are equal within relative 1.5e-8 to one value; returns how many changed. */
#define YG_SNAP_TOLERANCE 1.5e-8
enum yg_status yg_snap_times(double *a, double *b, uint64_t n, uint64_t *changed, struct yg_err *err) YG_MUST_USE;

#endif
