/* Cumulative incidence while its tables are made. */
#ifndef YOGO_ANALYSIS_CUMINC_PRIV_H
#define YOGO_ANALYSIS_CUMINC_PRIV_H

#include "an_steps_priv.h"
#include "an_surv_priv.h"
#include "yogo/analysis/competing.h"
#include "yogo/stats/cuminc.h"

#define AN_CI_TIMES 100u

/* One crossing of the by clause: the frame, the rows of the kernel, the curves. */
struct an_ci {
	const struct yg_an_cuminc *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	size_t index;                 /* 0, 1 ...: keys get ".2", ".3" */
	struct an_surv s;
	bool have_s;
	struct yg_spans spans;        /* event holds the cause; parts of a person that follow on each other are one row */
	void *merged[8];
	size_t rows;                  /* of spans: kinds of persons when s.kinds */
	size_t records;               /* that they stand for */
	uint32_t *cluster;            /* of spans' rows, or NULL: rows are independent */
	size_t clusters;
	struct yg_cuminc fit;
	bool have_fit;
	unsigned causes, cause;       /* cause: the one drawn */
	double at[AN_CI_TIMES];       /* in the time unit */
	size_t ats;
	enum yg_km_ci ci;
	double conf;
	struct an_steps *steps;       /* [groups] that are listed, of all causes alike */
	bool thinned;                 /* fewer than all */
	double *influence, *other;    /* [rows], made when there are clusters */
};
/* F_k and its standard error at a time of group g; false beyond the last time. */
enum yg_status an_ci_value(struct an_ci *c, size_t g, unsigned k, double t, double *p, double *se, bool *known,
                           struct yg_err *err) YG_MUST_USE;
/* Standard error of the difference of F_k (of their logarithms when ratio) between two groups. */
enum yg_status an_ci_contrast_se(struct an_ci *c, size_t g, size_t h, unsigned k, double t, bool ratio, double *se,
                                 struct yg_err *err) YG_MUST_USE;
/* Tables; then the steps that are listed with the figures of them; then notes. */
enum yg_status an_ci_tables(struct an_ci *c, struct yg_err *err) YG_MUST_USE;
enum yg_status an_ci_curves(struct an_ci *c, struct yg_err *err) YG_MUST_USE;
void an_ci_notes(struct an_ci *c);
static inline const char *an_ci_key(struct an_ci *c, const char *base)
{
	return an_key(&c->arena, base, c->index);
}
static inline const char *an_ci_unit(const struct an_ci *c)
{
	return *c->s.unit ? c->s.unit : NULL;
}
static inline const char *an_ci_cause(const struct an_ci *c, unsigned k)
{
	return c->r->endpoint->state[k + 1];
}

#endif
