/*
 * Multi-state models: who is in which state when, and the hazards of the moves between states.
 *
 *   hazards            Nelson-Aalen: A_k(t) = sum over s <= t of dN_k(s) / Y_h(s) for each move k from state h
 *   probabilities      Aalen-Johansen: p(t) = p(0) times the product over s <= t of (I + dA(s)), everybody in state 0 at
 *                      time 0; Aalen and Johansen 1978, Scand J Stat 5:141.  Consistent also when the model is not Markov
 *                      (Datta and Satten 2001, Stat Probab Lett 55:403)
 *   time in a state    the integral of p_h from 0 to t
 *   variance           infinitesimal jackknife over persons: sum of (derivative by the person's weight)^2; agrees with survfit
 *                      of R.  For a time asked the derivatives are sums over a row's time at risk of vectors that are the same
 *                      for all, found by one pass backward over the times: O(times x states^3 + rows x states).
 *
 * A row: one person in state from[] in (entry, exit], who then moves to to[], or to[] = from[]: nothing was seen.  Rows of one
 * person stand together and do not overlap.  transition[] lists the moves there are; a row that makes another is refused.
 * Weights multiply rows.  Left truncation is honoured.
 */
#ifndef YOGO_STATS_MULTISTATE_H
#define YOGO_STATS_MULTISTATE_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

#define YG_MOST_STATES 12u

struct yg_transition {
	uint8_t from, to;
};
struct yg_multistate_data {
	size_t n;
	const double *entry, *exit;     /* entry NULL = under observation from the start */
	const uint8_t *from, *to;
	const uint32_t *person;
	const double *weight;           /* NULL = all 1 */
	const int32_t *group;           /* NULL = one group */
	size_t groups;
	unsigned states;
	const struct yg_transition *transition;
	size_t transitions;
};
struct yg_multistate_curve {
	size_t m;                       /* distinct times with a move */
	double *time;                   /* [m] */
	double *n_risk;                 /* [m*states] weight in each state just before */
	double *p;                      /* [m*states] after */
	double *rate;                   /* [m*transitions] dA at the time */
	double *hazard;                 /* [m*transitions] cumulative */
	double *event;                  /* [m*transitions] weight of the moves */
	uint64_t *moves;                /* [transitions] rows */
	uint64_t *persons;              /* [states] persons ever seen in the state (also without time in it) */
	double *time_at_risk;           /* [states] unweighted */
	double last;                    /* last time anybody was under observation; NaN without rows */
};
struct yg_multistate {
	size_t groups, transitions;
	unsigned states;
	struct yg_multistate_curve *curve;
	uint32_t *entry_index, *exit_index;   /* [n] times of the row's group up to its entry, its exit */
	double *space;
	void *counts;
};
enum yg_status yg_multistate_fit(const struct yg_multistate_data *d, struct yg_task *task, struct yg_multistate *out,
                                 struct yg_err *err) YG_MUST_USE;
void yg_multistate_release(struct yg_multistate *f);

/* What there is at time t of one group; the arrays are of the caller. */
struct yg_multistate_at {
	double p[YG_MOST_STATES], se[YG_MOST_STATES];              /* probability of the state */
	double spent[YG_MOST_STATES], spent_se[YG_MOST_STATES];    /* expected time in it from 0 to t */
	uint64_t at_risk[YG_MOST_STATES];                          /* rows under observation just before t */
	double hazard[YG_MOST_STATES * YG_MOST_STATES], hazard_se[YG_MOST_STATES * YG_MOST_STATES];   /* [transitions] */
};
enum yg_status yg_multistate_at(const struct yg_multistate_data *d, const struct yg_multistate *f, size_t group, double t,
                                struct yg_task *task, struct yg_multistate_at *out, struct yg_err *err) YG_MUST_USE;

#endif
