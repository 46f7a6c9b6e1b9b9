/*
 * Covariates that change over time.
 *
 * Made once from columns (yg_tvc_make): for every person the changes in order of time, on the scale of the columns
 * (days of dates, or numbers).  Nothing is expanded: follow-up is split when an analysis set of an endpoint's spans is
 * built for a population that carries such covariates, and only there have they values.
 *
 *   flag    the column tells when it changes: 0 before, 1 after; a missing time means never
 *   value   the column is the value, another one tells when it was taken: the last known value is carried forward;
 *           missing before the first.  A row whose value is missing changes nothing.
 *
 * A part of follow-up is (entry, exit]: at the time of an event the value is the one known then.  A change at that very
 * time counts after it, so that the event still meets the old value; `before` is the opposite.  A change at or before
 * the beginning holds from the beginning.  Parts keep person and row; the status stands on the last.
 *
 * (Start-stop rows: Andersen and Gill 1982, Annals of Statistics 10:1100; Crowley and Hu 1977, JASA 72:27.)
 */
#ifndef YOGO_COHORT_TVC_H
#define YOGO_COHORT_TVC_H

#include "yogo/expr/bind.h"

/* A length of time as written: 30d; unit 0 = none given. */
struct yg_tvc_step {
	double number;
	char unit;                     /* d w m y */
};
struct yg_tvc_change {
	double when;                   /* days since 1970, or a number */
	double value;                  /* number, 0/1, level position */
};
struct yg_tvc {
	const char *name;              /* in formulas: "tx" */
	const char *column, *time;     /* what it is made of; time NULL for a flag */
	bool is_flag;                  /* made of times of change */
	enum yg_type type;             /* flag, integer, number, level */
	const char *unit, *label;
	const char *const *level;
	size_t levels, reference;
	bool is_factor;
	bool dates;                    /* changes are days; else numbers on the endpoint's scale */
	const char *time_unit;         /* numbers: "days", NULL = unknown */
	bool before;
	struct yg_tvc_step lag;        /* a change counts only so much later */
	struct yg_tvc_step carry;      /* a value is forgotten so much after it counts; unit 0 = never */
	const struct yg_table *table;  /* of the columns */
	uint64_t persons;
	uint64_t *start;               /* [persons + 1] */
	struct yg_tvc_change *change;  /* [start[persons]] of each person in order of time, one at a time */
	uint64_t missing_time;         /* rows with a value but no time: not used */
	uint64_t missing_time_persons;
	uint64_t same_time;            /* rows followed by another one at the same time, which counts */
	struct yg_arena arena;
};
struct yg_tvc_request {
	const struct yg_scope *scope;
	const struct yg_node *column;  /* NAME */
	const struct yg_node *time;    /* NAME, or NULL: column is the time of change */
	const char *name;
	bool before;
	struct yg_tvc_step lag, carry;
};
enum yg_status yg_tvc_make(const struct yg_tvc_request *request, struct yg_task *task, struct yg_tvc **out,
                           struct yg_err *err) YG_MUST_USE;
void yg_tvc_free(struct yg_tvc *t);

/* What a population carries; extra[] is what a scope sees of it. */
struct yg_tvc_list {
	const struct yg_tvc *const *item;
	const struct yg_scope_extra *extra;
	size_t count;                  /* at most 64 */
};
/* before (may be NULL) and then more, in the arena; everything is borrowed. */
const struct yg_tvc_list *yg_tvc_join(struct yg_arena *arena, const struct yg_tvc_list *before,
                                      const struct yg_tvc *const *more, size_t count);
/* Changes of persons that count in a bitmap (NULL = all): persons with any, and how many. */
void yg_tvc_count(const struct yg_tvc *t, const uint64_t *member, uint64_t *persons, uint64_t *changes);

#endif
