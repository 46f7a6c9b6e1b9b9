/*
 * Tables of counts: association, exact tests, risks, strata.
 *
 * count[r*c] is row-major.  Counts are doubles, so that sums of weights may stand in them where the
 * formula allows it; exact tests take whole numbers.  Rows and columns without any count do not
 * enter.  What cannot be computed is NaN, with a reason in `problem` (a message id).
 *
 * Two-by-two tables are n[4] = { a, b, c, d }:
 *                event   none
 *   exposed        a       b       first group
 *   unexposed      c       d       second group (reference)
 */
#ifndef YOGO_STATS_CROSSTAB_H
#define YOGO_STATS_CROSSTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/twogroup.h"

/* ---- association in r x c ---- */

struct yg_crosstab {
	struct yg_test chisq;        /* Pearson's sum (o - e)^2 / e; corrected: Yates, |o - e| less min(1/2, |o - e|), 2 x 2 only */
	struct yg_test ratio;        /* likelihood ratio G = 2 sum o log(o / e) */
	double smallest_expected;
	size_t below_five, cells;    /* cells with expected < 5, all cells */
	double cramer_v, contingency;   /* sqrt(x2 / (n (min(r, c) - 1))); sqrt(x2 / (x2 + n)); uncorrected x2 */
	double gamma;                /* Goodman and Kruskal's (1954), categories in order */
};
void yg_crosstab(const double *count, size_t r, size_t c, bool yates, struct yg_crosstab *out);
/* Expected counts, Pearson residuals (o - e) / sqrt(e), adjusted residuals; each [r*c] or NULL. */
void yg_crosstab_residuals(const double *count, size_t r, size_t c, double *expected, double *residual, double *adjusted);

/* Cochran-Armitage test for a linear trend in proportions: events[k] of total[k], scores[k].  Chi-squared, 1 df
   (Armitage 1955, Biometrics 11:375), variance with n, without continuity correction. */
void yg_trend_test(const double *events, const double *total, const double *score, size_t k, struct yg_test *out);

/* McNemar on pairs n[4] = { yes-yes, yes-no, no-yes, no-no }. */
struct yg_mcnemar {
	struct yg_test plain, corrected;   /* (b - c)^2 / (b + c); (|b - c| - 1)^2 / (b + c) */
	double exact_p;                    /* two-sided binomial on the discordant pairs */
	double odds_ratio, lower, upper;   /* b / c, exact (Clopper-Pearson) limits */
	double difference, difference_se, difference_lower, difference_upper;   /* (b - c) / n, Wald */
};
void yg_mcnemar(const int64_t n[4], double conf, struct yg_mcnemar *out);

/* ---- Fisher's exact test ---- */

struct yg_fisher {
	double p;                     /* two-sided: all tables no likelier than the one seen (relative 1e-7) */
	double odds_ratio;            /* conditional maximum likelihood */
	double lower, upper;          /* exact limits from the noncentral hypergeometric distribution */
	const char *problem;
};
void yg_fisher_2x2(const int64_t n[4], enum yg_alternative alternative, double conf, struct yg_fisher *out);
/*
 * r x c by enumeration of the tables with the same margins, largest row and column last (they follow from
 * the rest).  At most YG_FISHER_TABLES tables are visited; beyond, YG_ELIMIT: use the chi-squared test.
 */
#define YG_FISHER_TABLES 400000000ULL
enum yg_status yg_fisher_rxc(const int64_t *count, size_t r, size_t c, struct yg_task *task, double *p,
                             struct yg_err *err) YG_MUST_USE;

/* ---- proportions, risks ---- */

struct yg_interval {
	double estimate, lower, upper;
};
enum yg_proportion_ci { YG_CI_WILSON, YG_CI_EXACT, YG_CI_WALD };
/* Wilson 1927; Clopper and Pearson 1934; Wald.  Wilson and Wald are cut to [0, 1]. */
struct yg_interval yg_proportion_ci(double events, double total, double conf, enum yg_proportion_ci kind);

struct yg_risks {
	double risk1, risk0;
	struct yg_interval rd;        /* risk1 - risk0, Wald */
	struct yg_interval rd_newcombe;   /* hybrid score limits (Newcombe 1998, Stat Med 17:873, method 10) */
	struct yg_interval rr;        /* Katz 1978, Biometrics 34:469: log scale */
	struct yg_interval or_;       /* Woolf 1955: log scale */
	double nnt;                   /* 1 / rd */
	double rd_se, log_rr_se, log_or_se;
	double af_exposed, af_population;   /* (rr - 1) / rr; a / (a + c) of it (Miettinen 1974) */
	const char *problem;          /* "a cell is zero: no interval for the ratios" */
};
void yg_risks(const double n[4], double conf, struct yg_risks *out);

/* ---- strata of 2 x 2 ---- */

/* tables[4*k]: k tables as n[4] above, one after another.  Strata without both groups, or without both outcomes,
   tell nothing of the odds ratio; they count in RR and RD as their formulas say. */
struct yg_mantel_haenszel {
	struct yg_interval or_, rr, rd;
	double log_or_se;             /* Robins, Breslow and Greenland 1986, Biometrics 42:311 */
	double log_rr_se, rd_se;      /* Greenland and Robins 1985, Biometrics 41:55 */
	struct yg_test test;          /* Cochran-Mantel-Haenszel, 1 df, no correction */
	struct yg_test corrected;     /* with continuity correction 1/2 */
	struct yg_test breslow_day;   /* homogeneity of the odds ratios at or_; strata - 1 df */
	struct yg_test tarone;        /* the same with Tarone's correction (1985, Biometrika 72:91) */
	struct yg_test woolf;         /* homogeneity by weighted sum of squares of log odds ratios */
	size_t strata;                /* that tell something of the odds ratio */
};
void yg_mantel_haenszel(const double *tables, size_t k, double conf, struct yg_mantel_haenszel *out);

#endif
