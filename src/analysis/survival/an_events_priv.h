/* What the verbs on several events a person share: times asked, persons of several endpoints side by side. */
#ifndef YOGO_ANALYSIS_EVENTS_PRIV_H
#define YOGO_ANALYSIS_EVENTS_PRIV_H

#include "an_surv_priv.h"
#include "yogo/analysis/events.h"

#define AN_MOST_TIMES 64u

/* Times of an option at= in the endpoint's unit, ascending order not required; at most AN_MOST_TIMES. */
enum yg_status an_events_times(const struct yg_endpoint *e, const struct yg_node *at, double *out, size_t *count,
                               struct yg_err *err) YG_MUST_USE;
/* Times for numbers at risk under a curve that ends at last (in shown units). */
void an_events_grid(struct yg_raw_figure *f, double last, const char *unit);
/* "12", "0.5": a time as part of a key. */
const char *an_events_number(struct yg_arena *arena, double t);
/* The display unit. */
const char *an_events_unit(const struct an_surv *s);     /* NULL for none */
/* Missing cells with one reason. */
void an_events_missing(struct yg_raw_table *t, int row, int from, int to, const char *reason);

/* Several endpoints of the same persons: one row a person in each. */
struct an_joint {
	struct an_surv *s;           /* [endpoints]; the first has terms, groups, strata, weights */
	size_t endpoints, persons;
	size_t *at;                  /* [persons * endpoints] row of each set */
	uint64_t left_out;           /* persons that are not in every set */
};
enum yg_status an_joint_build(const struct an_surv_request *first, const struct yg_an_endpoints *of, struct yg_task *task,
                              struct an_joint *out, struct yg_err *err) YG_MUST_USE;
void an_joint_release(struct an_joint *j);
/* Who, with what was left out of the later endpoints. */
void an_joint_notes(struct yg_raw *raw, const struct an_joint *j, const struct yg_an_input *in);

#endif
