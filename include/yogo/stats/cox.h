/*
 * Cox's proportional hazards model (Cox 1972, JRSS B 34:187).
 *
 *   ties      efron (Efron 1977, JASA 72:557), breslow (Breslow 1974, Biometrics 30:89), discrete: the exact partial
 *             likelihood of tied events (recursion of Gail, Lubin and Rubinstein 1981, Biometrika 68:703), marginal: the
 *             mean over all orders of the tied events (Kalbfleisch and Prentice 1973, Biometrika 60:267; DeLong, Guirguis and So
 *             1994, Biometrika 81:607; TIES=EXACT of SAS)
 *   data      right censored, left truncated and start-stop rows, strata, case weights (Efron: the mean weight of the
 *             tied events, as R), repeats of a row (the same as rows written out, with every ties), offset
 *   firth     the likelihood times the root of the determinant of the information (Firth 1993, Biometrika 80:27;
 *             Heinze and Schemper 2001, Biometrics 57:114): finite under monotone likelihood.  efron and breslow only;
 *             variance: inverse information at the estimates
 *   variance  inverse information; robust: sandwich of score residuals (Lin and Wei 1989, JASA 84:1074), summed within
 *             clusters, no small-sample factor
 *   ridge     a quadratic penalty (Verweij and Van Houwelingen 1994, Stat Med 13:2427); variance: inverse of the penalised
 *             information; loglik is the partial likelihood at the estimates, without the penalty
 *   tests     likelihood ratio, Wald, score (at the start values); robust score when robust
 *
 * Method: rows sorted by (stratum, time) and kept packed in tiles of 8 rows, standardised a few tiles at a time as they are
 * read; one backward sweep gives the sums over risk sets, one forward sweep the cumulative hazard H; the information is
 *     X' diag(w H) X - sum over events of weighted means, both as cross products of tiles.
 * O(n p^2) an iteration after O(n) sorting, any number of ties; blocks of at least 4,096 rows, added in order, so that
 * threads never change a bit.  Start-stop rows are also kept in order of entry (two sorted orders).
 *
 * Newton with step halving, stopped when the Newton decrement U' I^-1 U < 1e-16, after which one more step is
 * taken.  Columns that cannot be estimated are named in fault[].
 */
#ifndef YOGO_STATS_COX_H
#define YOGO_STATS_COX_H

#include <stdbool.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/num/packed.h"
#include "yogo/stats/spans.h"

enum yg_cox_ties { YG_COX_EFRON, YG_COX_BRESLOW, YG_COX_DISCRETE, YG_COX_MARGINAL };
bool yg_cox_ties_parse(const char *word, enum yg_cox_ties *out);   /* efron breslow discrete marginal */

/*
 * An effect that changes with time: the log hazard ratio of column j is beta_j + gamma g(t), g one of
 *   linear t/divisor   log log(t/divisor + plus)   sqrt of t/divisor   km 1 - Kaplan-Meier of all just before t
 *   step 1 for from < t <= to, else 0
 * No row is cut: see cox_time.c.
 */
enum yg_clock_kind { YG_CLOCK_LINEAR, YG_CLOCK_LOG, YG_CLOCK_SQRT, YG_CLOCK_KM, YG_CLOCK_STEP };
struct yg_clock {
	enum yg_clock_kind kind;
	double divisor;           /* 0 = 1 */
	double plus, from, to;
};
double yg_clock_at(const struct yg_clock *clock, double t);   /* NaN: no value there, or km */
/* out[n] := the clock at each time, km by all rows of d. */
enum yg_status yg_clock_values(const struct yg_spans *d, const struct yg_clock *clock, const double *t, size_t n,
                               struct yg_task *task, double *out, struct yg_err *err) YG_MUST_USE;
struct yg_cox_moving {
	size_t column;
	struct yg_clock clock;
};

/* spans.group is not looked at. */
struct yg_cox_data {
	struct yg_spans spans;
	const double *x;          /* [n*p] row-major, finite; NULL where packed has the columns */
	const struct yg_packed *packed;
	size_t p;                 /* 0 = the null model */
	const double *offset;     /* [n] or NULL */
	bool repeats;             /* spans.weight are whole numbers that count repeats of a row */
	const struct yg_cox_moving *moving;  /* [movings] parameter p + k is the gamma of moving[k]; efron and breslow only */
	size_t movings;
	struct yg_cox_sorted *sorted; /* NULL, or where the first call leaves the sorted rows for the next ones */
};
/* Sorting and standardising the rows is half of a fit: what follows on the same arrays need not do it again. */
struct yg_cox_sorted *yg_cox_sorted_new(void);
void yg_cox_sorted_free(struct yg_cox_sorted *sorted);
/* The columns of a row, which may be written to space[p]. */
const double *yg_cox_data_row(const struct yg_cox_data *d, size_t row, double *space);
struct yg_cox_options {
	enum yg_cox_ties ties;
	bool robust;              /* implied by spans.cluster */
	const double *init;       /* [p] or NULL = 0 */
	int max_iterations;       /* 0 with init: the model at fixed coefficients; negative = the usual 30 */
	bool firth;
	const double *ridge;      /* [p] penalty: ridge_a beta_a^2 / 2 is taken from the log likelihood; NULL = none */
	const uint8_t *absent;    /* [p] 1 = not in the model: the coefficient is 0 (also in init), the fault ABSENT; NULL = none */
};

enum yg_cox_stop {
	YG_COX_CONVERGED,
	YG_COX_NO_EVENTS,         /* nothing is estimated */
	YG_COX_MONOTONE,          /* the likelihood grows without end in some direction: see fault[] */
	YG_COX_ITERATIONS,        /* not converged: the numbers are not to be used */
};
const char *yg_cox_stop_name(enum yg_cox_stop stop);   /* "converged" ... */
enum yg_cox_fault {
	YG_COX_FINE,
	YG_COX_CONSTANT,          /* one value only */
	YG_COX_COLLINEAR,         /* a combination of earlier columns, or the same for all at risk at each event */
	YG_COX_INFINITE,          /* the estimate goes to plus or minus infinity (monotone likelihood) */
	YG_COX_ABSENT,            /* left out on request */
};

struct yg_cox_test {
	double chisq, p;
	int df;
};
struct yg_cox {
	size_t p;                 /* parameters: columns and movings */
	uint64_t n, events;       /* rows; rows with an event; with their repeats */
	uint64_t event_times;     /* distinct (stratum, time) */
	double *beta, *se;        /* [p]; 0 and NaN at columns with a fault other than INFINITE */
	double *var, *naive;      /* [p*p] variance used (robust if asked); inverse information; 0 at dropped columns */
	uint8_t *fault;           /* [p] enum yg_cox_fault */
	double *mean;             /* [p] of the columns, over all rows */
	double *combination;      /* [p*p] row j of a collinear column: x_j = sum of these times the columns kept, + constant */
	int rank;                 /* columns estimated */
	bool robust, firth;       /* firth: log likelihoods are the penalised ones */
	double loglik_null, loglik;   /* at the start values; at beta */
	struct yg_cox_test lrt, wald, score, robust_score; /* robust_score.df 0 = not computed */
	int iterations;
	enum yg_cox_stop stop;
	enum yg_cox_ties ties;
	void *space;
};
enum yg_status yg_cox_fit(const struct yg_cox_data *d, const struct yg_cox_options *options, struct yg_task *task,
                          struct yg_cox *out, struct yg_err *err) YG_MUST_USE;
void yg_cox_release(struct yg_cox *fit);

/*
 * Profile-likelihood limits of coefficient j: where twice the loss of log likelihood, others re-fitted, is the
 * chi-squared quantile.  A limit that is not reached is infinite.
 */
enum yg_status yg_cox_profile_limits(const struct yg_cox_data *d, const struct yg_cox *fit, size_t j, double conf,
                                     struct yg_task *task, double *lower, double *upper, struct yg_err *err) YG_MUST_USE;
/* The likelihood ratio test that coefficient j is 0, others re-fitted. */
enum yg_status yg_cox_profile_test(const struct yg_cox_data *d, const struct yg_cox *fit, size_t j, struct yg_task *task,
                                   struct yg_cox_test *out, struct yg_err *err) YG_MUST_USE;

#endif
