/* What rate and standardize share: events and time at risk by group and stratum, and the unit of a rate. */
#ifndef YOGO_ANALYSIS_RATE_PRIV_H
#define YOGO_ANALYSIS_RATE_PRIV_H

#include "an_events_priv.h"
#include "yogo/stats/rate.h"

struct an_rates {
	struct yg_arena arena;
	struct an_surv s;
	bool built;
	double per;                   /* in the time unit of the endpoint */
	const char *per_text;         /* "1000y" */
	double *events, *time;        /* [groups * strata], stratum fastest */
	double conf;
};
enum yg_status an_rates_build(const struct yg_an_input *in, const struct yg_endpoint *e, const struct yg_node *crossing,
                              const struct yg_node *strata, const struct yg_node *per, const char *verb, struct yg_task *task,
                              struct an_rates *out, struct yg_err *err) YG_MUST_USE;
void an_rates_release(struct an_rates *r);
int an_rates_row(struct an_rates *r, struct yg_raw_table *t, size_t g);
void an_rates_notes(struct yg_raw *raw, const struct an_rates *r, const struct yg_an_input *in, bool per);

#endif
