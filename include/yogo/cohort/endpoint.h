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

	/* The check that is printed at definition (whole table, after `where`). */
	uint64_t rows_read, rows_where, persons;
	uint64_t unknown_event, missing_time, negative_time, zero_time, snapped, after_until, entry_not_before_exit;
	double time_at_risk;
	struct yg_arena arena;
};
enum yg_status yg_endpoint_evaluate(const struct yg_scope *scope, const struct yg_node *statement, struct yg_task *task,
                                    struct yg_endpoint **out, struct yg_err *err) YG_MUST_USE;
void yg_endpoint_free(struct yg_endpoint *e);

#endif
