/*
 * An endpoint: when time starts and stops, and what happened.
 *
 * Evaluates to spans (entry, exit]: person, row, entry, exit, state (0 censored, 1 event, 2.. competing
 * in the order written), reason.  One span a person is the common case; start-stop, recurrent and
 * per-eye (each) data have several.  In one row event beats compete beats censoring.  An unknown event is
 * an unknown outcome: dropped and counted, never censored.  Zero times stay unless zero=half|drop;
 * negative times are refused with rows.  Times equal within relative 1.5e-8 are made one value and counted.
 */
#ifndef YOGO_COHORT_ENDPOINT_H
#define YOGO_COHORT_ENDPOINT_H

#include "yogo/cohort/steps.h"

/*
 * How clauses on columns read.
 *   time T            number in its unit (or `in UNIT`), or a date counted in days from `start`
 *   entry E           column or duration; the latest counts; spans are (entry, exit], entries before time 0 of a
 *                     date scale count from 0
 *   between L and R   (L, R]: exit is infinite when R is missing, entry 0 when L is
 *   event COND        at the row's time; event at D: on that date unless missing; several are a composite
 *   censor date D, censor after 90d
 *   An unknown condition leaves the outcome unknown unless it could change nothing: a surer event in the same row,
 *   or an end of follow-up (`until`, `censor`, an earlier event) before the time it is about.
 *   After where a person's rows must be one, or say the same (collapsed), or be told apart by entry, each or every.
 *   `event every` without entry columns: rows in order of time, each span begins where the one before ended.
 */

enum yg_span_grain {
	YG_SPANS_ONE,          /* one span a person */
	YG_SPANS_INTERVALS,    /* several (entry, exit] a person, at most one event: start-stop */
	YG_SPANS_RECURRENT,    /* event every */
	YG_SPANS_EACH,         /* a follow-up per person and unit (each eye, each row) */
};
struct yg_endpoint {
	const char *name, *label;
	const struct yg_table *table;
	enum yg_span_grain grain;
	const char *time_unit;         /* unit of entry and exit: "days" for dates, the manifest's unit, or "" */
	const char *display_unit;      /* unit clause: "years"; else time_unit */
	double display_divisor;        /* time_unit per display unit: 365.25; 1 */
	const char **state;            /* labels: [0] "censored", [1] event, [2..] competing */
	int states;
	bool composite;                /* several event lines: event_label tells which */
	const char **event_label;
	int event_labels;
	bool has_entry;                /* any entry clause: left truncation */
	bool interval_censored;        /* between L and R */

	uint64_t spans;
	uint32_t *person;              /* [spans], ascending */
	uint64_t *row;                 /* [spans] row of the table */
	double *entry, *exit;          /* entry 0 (or -infinity when none was given: has_entry false means entry NULL) */
	uint8_t *status;               /* state number */
	uint8_t *which;                /* composite: index in event_label; NULL otherwise */
	int32_t *unit_code;            /* EACH: which eye; NULL otherwise */
	int32_t *origin;               /* times counted from dates: the day of time 0 of each span; NULL otherwise */
	bool origins_differ;           /* collapsed rows say the same but count from different days */

	/* The check that is printed at definition (whole table, after `where`). */
	uint64_t rows_read, rows_where, persons;
	uint64_t unknown_event, missing_time, negative_time, zero_time, snapped, after_until, entry_not_before_exit;
	double time_at_risk;           /* sum of exit - entry; NaN with between, which has no such thing */
	double whole_end;              /* every exit is a whole number from 0 to this, the last; NaN when not */

	/* More of the check. */
	uint64_t *state_count;         /* [states] spans by state */
	uint64_t *label_count;         /* [event_labels] events by label of a composite */
	uint8_t *reason;               /* [spans] of censored spans: index in reason_label; 0 for others */
	const char **reason_label;     /* [0] "end of follow-up", "until", censor clauses */
	uint64_t *reason_count;        /* [reasons] censored spans by reason */
	int reasons;
	uint64_t beyond_until;         /* spans that begin after `until`: left out */
	uint64_t after_event;          /* spans after the person's event: left out */
	uint64_t event_after_end;      /* `event at` later than the end of follow-up: not seen, censored */
	uint64_t display_rows;         /* rows after where that became spans or drops: one a person when collapsed */
	const char *convention;        /* "times in days, from accept.dt to fu.date" */

	/* Several rows a person that all say the same became one span; its row is the first of them. */
	bool collapsed;
	uint64_t *in_where;            /* bitmap of the table's rows; NULL = all */
	const char *unit_column;       /* EACH: "eye" or "row" */

	/* Rows that became no span, in row order: they count as dropped when they are in a population. */
	uint64_t drops;
	uint64_t *drop_row;            /* [drops] */
	uint32_t *drop_person;
	uint8_t *drop_why;             /* enum yg_endpoint_drop */
	struct yg_arena arena;
};
enum yg_endpoint_drop {
	YG_DROP_NONE,
	YG_DROP_UNKNOWN_EVENT,
	YG_DROP_MISSING_TIME,
	YG_DROP_ZERO_TIME,
	YG_DROP_EMPTY,                 /* entry not before exit */
	YG_DROP_BEYOND_UNTIL,
	YG_DROP_AFTER_EVENT,
	YG_ENDPOINT_DROPS
};
const char *yg_endpoint_drop_reason(enum yg_endpoint_drop why);   /* "outcome unknown" */
enum yg_status yg_endpoint_evaluate(const struct yg_scope *scope, const struct yg_node *statement, struct yg_task *task,
                                    struct yg_endpoint **out, struct yg_err *err) YG_MUST_USE;
void yg_endpoint_free(struct yg_endpoint *e);

#endif
