/* A multistate statement under way. */
#ifndef YOGO_ANALYSIS_MULTISTATE_PRIV_H
#define YOGO_ANALYSIS_MULTISTATE_PRIV_H

#include "an_events_priv.h"
#include "yogo/stats/km.h"
#include "yogo/stats/multistate.h"

#define AN_MOVES (YG_MOST_STATES * YG_MOST_STATES)

struct an_multistate {
	const struct yg_an_multistate *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct an_joint joint;
	bool joined;
	size_t index, several;
	double conf, critical, at[AN_MOST_TIMES], tau;
	size_t ats;
	enum yg_km_ci ci;
	/* the model */
	unsigned states;
	const char *state[YG_MOST_STATES];      /* "start", then the endpoints' names */
	struct yg_transition move[AN_MOVES];
	size_t moves;
	/* the rows */
	size_t n, cap;
	double *entry, *exit, *weight;
	uint8_t *from, *to;
	uint32_t *person, *place;               /* place: row of the first set */
	int32_t *group;
	struct yg_multistate_data data;
	uint64_t ties;                          /* persons with two events at one time */
	uint64_t ignored[AN_MOVES];             /* events that no transition allows: from * YG_MOST_STATES + to */
	uint64_t competed;                      /* persons censored by a compete line that no endpoint of the statement has */
	uint64_t never;                         /* persons whose follow-up ends before it begins */
	struct yg_multistate fit;
};
/* "start - tx" for keys; the same with an arrow for people. */
const char *an_multistate_move(struct an_multistate *w, size_t k, bool shown);
/* States and transitions from the endpoints and trans; then the rows of everybody and w->data. */
enum yg_status an_multistate_read(struct an_multistate *w, struct yg_err *err) YG_MUST_USE;
enum yg_status an_multistate_paths(struct an_multistate *w, struct yg_err *err) YG_MUST_USE;
enum yg_status an_multistate_models(struct an_multistate *w, const struct yg_node *model, size_t i,
                                    const struct yg_design_plan *plan, struct yg_err *err) YG_MUST_USE;

#endif
