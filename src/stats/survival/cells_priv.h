/*
 * Follow-up counted at its distinct times: the common first step of Kaplan-Meier and log-rank.
 *
 * A curve is one (stratum, group), number stratum * groups + group.  Curve c has the exit cells
 * [exit_first[c], exit_first[c+1]) in ascending time and the entry cells likewise.
 * Weighted sums are NULL without weights.
 */
#ifndef YOGO_STATS_CELLS_PRIV_H
#define YOGO_STATS_CELLS_PRIV_H

#include <stdbool.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

struct yg_cells {
	size_t curves;
	size_t *exit_first, *entry_first;    /* [curves+1] */
	double *exit_time;                   /* [exit cells] */
	uint32_t *events, *censored, *moved; /* rows with an event; censored; that go on in another row */
	double *event_weight, *other_weight; /* sums of weights, NULL when unweighted */
	double *exit_square;                 /* sums of squared weights of all exits */
	double *entry_time;                  /* [entry cells], NULL without entry */
	uint32_t *entered;
	double *entry_weight, *entry_square;
	/* Row orders by (curve, time), kept for the jackknife; NULL when counting made them needless. */
	uint32_t *exit_order, *entry_order;
};

/* keep_order: make exit_order and entry_order even if counting would do. */
enum yg_status yg_cells_build(const struct yg_spans *d, int keep_order, struct yg_task *task, struct yg_cells *out,
                              struct yg_err *err) YG_MUST_USE;
void yg_cells_release(struct yg_cells *c);

/* The curve of row i. */
static inline size_t yg_cells_curve(const struct yg_spans *d, size_t i)
{
	size_t s = d->stratum ? (size_t)d->stratum[i] : 0;
	return s * d->groups + (d->group ? (size_t)d->group[i] : 0);
}
/* Room for so many cells; 0 when memory is gone. */
int yg_cells_room_exits(struct yg_cells *c, size_t cells, int weighted);
int yg_cells_room_entries(struct yg_cells *c, size_t cells, int weighted);
/* cells_split.c: any times, without weights, repeats and an order of rows; c has its curves, exit_first and entry_first. */
bool yg_cells_can_split(const struct yg_spans *d, size_t curves);
enum yg_status yg_cells_split(const struct yg_spans *d, struct yg_task *task, struct yg_cells *c, struct yg_err *err) YG_MUST_USE;

enum yg_status yg_survival_no_memory(struct yg_err *err);

#endif
