/* Case-cohort samples of cox: who is in, what each stands for, and what is said of it. */
#ifndef YOGO_ANALYSIS_CASECOHORT_PRIV_H
#define YOGO_ANALYSIS_CASECOHORT_PRIV_H

#include "an_surv_priv.h"
#include "yogo/stats/cox_casecohort.h"

struct an_casecohort {
	struct yg_casecohort how;             /* arrays belong to the present sample and the request */
	size_t sizes;
	struct yg_casecohort_count *count;    /* [strata] */
	const char **label;                   /* [strata] "instit: 1", or "all" */
	const char *strata;                   /* what the subcohort was drawn within, NULL = simply */
	uint64_t left_out;                    /* persons neither cases nor of the subcohort */
	uint64_t unmatched;
	struct an_surv whole;                 /* all rows: the sample's names are kept there */
};
/* Is everything there, and nothing that does not go with it?  Without casecohort: nothing of it may be there. */
enum yg_status an_casecohort_options(const struct yg_an_cox *r, enum yg_cox_ties ties, bool profile, bool robust,
                                     struct an_casecohort *out, struct yg_err *err) YG_MUST_USE;
enum yg_status an_casecohort_refuse(const char *what, struct yg_err *err) YG_MUST_USE;
/* *s becomes the sample: cases and subcohort; its names last until an_casecohort_release.  On an error s is released. */
enum yg_status an_casecohort_rows(struct an_casecohort *c, const struct an_surv_request *ask, struct an_surv *s,
                                  struct yg_arena *arena, struct yg_err *err) YG_MUST_USE;
void an_casecohort_release(struct an_casecohort *c);
enum yg_status an_casecohort_fit(struct an_casecohort *c, struct an_cox_fit *f, struct yg_task *task, struct yg_err *err) YG_MUST_USE;
void an_casecohort_table(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena);
void an_casecohort_notes(struct yg_raw *raw, const struct an_cox_fit *f);

#endif
