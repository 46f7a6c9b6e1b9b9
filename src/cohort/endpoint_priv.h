/* An endpoint being evaluated: the clauses read, and what each row of the table says. */
#ifndef YOGO_COHORT_ENDPOINT_PRIV_H
#define YOGO_COHORT_ENDPOINT_PRIV_H

#include "cohort_priv.h"

#define YG_EP_WHENS 40
#define YG_EP_EVENTS 16

/* A point on the endpoint's time scale. */
enum yg_when_kind {
	YG_WHEN_NUMBER,      /* a numeric column, as it is */
	YG_WHEN_DATE,        /* a date column: days from start */
	YG_WHEN_CONSTANT,    /* the same for every row */
	YG_WHEN_MONTHS,      /* calendar months from start */
};
struct yg_when {
	enum yg_when_kind kind;
	struct yg_bound *bound;      /* NUMBER, DATE */
	double constant;
	int months;
	const char *name;            /* as written, for messages */
};

/* An event or compete line, in order: event lines first, then compete lines. */
struct yg_happening {
	const char *label;
	uint8_t state, which;
	int when;                    /* `at`: index in when[], else -1 */
	struct yg_bound *condition;
};

enum yg_zero { YG_ZERO_KEEP, YG_ZERO_HALF, YG_ZERO_DROP };

struct yg_ep_plan {
	const struct yg_scope *scope;
	const struct yg_node *statement;
	struct yg_task *task;
	struct yg_err *err;
	struct yg_endpoint *e;
	const struct yg_table *table;
	bool dates;                  /* times are dates counted from start */
	struct yg_bound *where;
	struct yg_when when[YG_EP_WHENS];
	int whens;
	int start, time, left, right, until;   /* indices in when[], -1 = none */
	int entry[8], entries;
	bool entry_column;
	int censor[8], censors;
	struct yg_happening event[YG_EP_EVENTS];
	int events;
	bool every;
	enum yg_zero zero;
	const struct yg_node *each;
	struct yg_bound *each_bound; /* NULL for `each row` */
};

/* What the rows say, a value per row of the table. */
#define YG_NOT_IN_WHERE 255
struct yg_ep_rows {
	double *exit, *entry;        /* entry NULL when no clause gives one */
	int32_t *origin;             /* the start day; NULL when times are numbers */
	uint8_t *state, *which, *reason;
	uint8_t *why;                /* enum yg_endpoint_drop, or YG_NOT_IN_WHERE */
};
struct yg_ep_counts {
	uint64_t where, unknown_event, missing_time, zero_time, after_until, event_after_end;
	uint64_t negative, partial;
	uint64_t negative_row[3], partial_row;
};

/* endpoint_time.c */
enum yg_status yg_ep_read_times(struct yg_ep_plan *p) YG_MUST_USE;
struct yg_ep_values {                /* one when over one block */
	double *v;
	const uint64_t *valid;       /* NULL = all */
};
struct yg_ep_worker;
struct yg_ep_worker *yg_ep_worker_new(const struct yg_ep_plan *p);
void yg_ep_worker_free(struct yg_ep_worker *w);
/* All points of a block on the time scale; partial dates are counted among the rows of where. */
enum yg_status yg_ep_block_times(const struct yg_ep_plan *p, struct yg_ep_worker *w, uint32_t block, const uint64_t *where,
                                 struct yg_ep_counts *counts, const struct yg_ep_values **out, struct yg_err *err) YG_MUST_USE;
const int32_t *yg_ep_worker_start(const struct yg_ep_worker *w);   /* days of start in the block read last */
struct yg_eval *yg_ep_worker_eval(struct yg_ep_worker *w, int slot, const struct yg_bound *b);

/* endpoint_event.c */
enum yg_status yg_ep_read_events(struct yg_ep_plan *p) YG_MUST_USE;
/* Every row of the table: times, state, why it is no span. */
enum yg_status yg_ep_scan(const struct yg_ep_plan *p, struct yg_ep_rows *rows, struct yg_ep_counts *counts, struct yg_err *err) YG_MUST_USE;

/* endpoint_span.c */
enum yg_status yg_ep_spans(struct yg_ep_plan *p, struct yg_ep_rows *rows) YG_MUST_USE;

enum yg_status yg_ep_fail(struct yg_ep_plan *p, const struct yg_node *at, enum yg_status s, const char *code,
                          const char *format, ...) YG_PRINTF(5, 6);

#endif
