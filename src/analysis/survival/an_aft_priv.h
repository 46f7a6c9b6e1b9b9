/* One parametric fit with what its tables and figures need. */
#ifndef YOGO_ANALYSIS_AFT_PRIV_H
#define YOGO_ANALYSIS_AFT_PRIV_H

#include "an_surv_priv.h"
#include "yogo/analysis/parametric.h"

enum an_aft_metric { AN_AFT_TIME, AN_AFT_HAZARD, AN_AFT_ODDS, AN_AFT_NONE };

/* What the fits of one statement part share: the rows. */
struct an_aft_rows {
	struct an_surv *s;
	const struct yg_design_plan *plan;
	struct yg_design *design;
	struct yg_aft_data data;
	double *x;                       /* [n*p] unpacked for splines, or NULL */
	double *lower;                   /* own copy where times below 0 are legal, or NULL */
	int32_t *stratum;                /* strata with rows, or NULL */
	const char **stratum_label;
	int64_t *persons, *events;       /* [p] behind each column */
	double *mean;                    /* [p] */
	double mean_offset, last;        /* last time known */
	int64_t counted_events;          /* repeats counted */
	/* profiles: levels of the first factor, or one */
	int term;                        /* the factor, -1 = none */
	size_t profiles;
	int32_t *profile;                /* [n], NULL with one profile */
	size_t *profile_rows;            /* [profiles] */
	const char **profile_label;
	int64_t *profile_persons, *profile_events;
};
struct an_aft_fit {
	const struct an_aft_rows *rows;
	const char *name;                /* "weibull", "spline (df 3, hazard)" */
	const char *formula, *level;
	bool several, open;
	bool is_spline;
	struct yg_aft aft;
	struct yg_rp rp;
	enum an_aft_metric metric;
	double conf, critical;
	/* of either kind */
	const double *theta, *se, *var;
	const uint8_t *fault;
	size_t parameters, k, rank;
	double loglik, loglik_null, lrt, aic, bic;
	int lrt_df, iterations;
	bool robust;
	enum yg_aft_stop stop;
	/* on the metric shown: [p] */
	double *b, *b_se, *b_var;
};
/* plan's columns, kinds of times, strata with rows, profiles.  strata: the STRATA node or NULL. */
enum yg_status an_aft_rows_make(struct an_aft_rows *rows, struct an_surv *s, const struct yg_design_plan *plan,
                                const struct yg_node *strata,
                                bool se_model, struct yg_task *task, struct yg_arena *arena,
                                struct yg_err *err) YG_MUST_USE;
void an_aft_rows_release(struct an_aft_rows *rows);
/* The rows as this distribution wants them; plain: their columns not packed. */
enum yg_status an_aft_rows_data(struct an_aft_rows *rows, bool from_zero, bool plain, struct yg_aft_data *d,
                                struct yg_err *err) YG_MUST_USE;

/* Takes the kernel's fit. */
void an_aft_keep(struct yg_aft_model *m, struct an_aft_fit *f, const struct yg_node *strata);
const char *an_aft_why_not(const struct an_aft_fit *f, size_t j);
void an_aft_tables(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, const double *at, size_t ats,
                   struct yg_arena *arena);
void an_aft_compare(struct yg_raw *raw, struct an_aft_fit *const *fit, size_t fits, size_t part, struct yg_arena *arena);
/* first: also what all fits of the part have in common. */
void an_aft_notes(struct yg_raw *raw, const struct an_aft_fit *f, bool first);
enum yg_status an_aft_figures(struct yg_raw *raw, const struct an_aft_fit *f, size_t i, struct yg_task *task,
                              struct yg_arena *arena,
                              struct yg_err *err) YG_MUST_USE;
/* Is the fit usable for predictions? */
bool an_aft_usable(const struct an_aft_fit *f);

#endif
