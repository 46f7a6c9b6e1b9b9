/*
 * Cox's model from a case-cohort sample: a subcohort drawn at random at the start, and all cases (Prentice 1986,
 * Biometrika 73:1).
 *
 *   prentice       at each event the case is compared with the subcohort at risk and itself: a case outside the subcohort
 *                  enters just before its event
 *   self_prentice  with the subcohort at risk only (Self and Prentice 1988, Ann Stat 16:64)
 *   lin_ying       all cases at risk all the time, the others of the subcohort with the weight (N - cases) / (subcohort
 *                  without cases) (Lin and Ying 1993, JASA 88:1341)
 *   borgan_i       the subcohort was drawn in strata; its members at risk with the weight N_j / m_j of their stratum,
 *                  cases outside only through their event (Borgan, Langholz, Samuelsen, Goldstein and Pogoda 2000,
 *                  Lifetime Data Anal 6:39, estimator I)
 *   borgan_ii      all cases at risk with weight 1, the others with (N_j - cases_j) / (m_j without cases) (estimator II)
 *
 * Variance (Therneau and Li 1999, Lifetime Data Anal 5:99; cch of R): inverse information V plus V B V, B from the drawing
 * of the subcohort: with s the score residuals,
 *   prentice, self_prentice   (1 - m/N) sum over the subcohort of s s'; both terms at the estimates of self_prentice
 *   lin_ying, borgan          sum over strata of (N_j/m_j - 1) N_j times the covariance of s in the stratum, N_j and m_j
 *                             without cases but for borgan_i (lin_ying: divisor of the covariance m and not m - 1)
 * robust (lin_ying only): V replaced by the sum of squares of the influence of all rows.
 */
#ifndef YOGO_STATS_COX_CASECOHORT_H
#define YOGO_STATS_COX_CASECOHORT_H

#include "yogo/stats/cox.h"

enum yg_casecohort_method { YG_CASECOHORT_PRENTICE, YG_CASECOHORT_SELF_PRENTICE, YG_CASECOHORT_LIN_YING, YG_CASECOHORT_BORGAN_I,
	                    YG_CASECOHORT_BORGAN_II };
bool yg_casecohort_parse(const char *word, enum yg_casecohort_method *out); /* prentice self_prentice lin_ying borgan borgan2 */
static inline bool yg_casecohort_stratified(enum yg_casecohort_method m)
{
	return m >= YG_CASECOHORT_BORGAN_I;
}

/*
 * The rows of d are the sample: each is a case (event) or of the subcohort, or both, and one row a person.  Late entry and
 * an offset are honoured; d has no weights, strata, clusters or movings.
 */
struct yg_casecohort {
	enum yg_casecohort_method method;
	const uint8_t *subcohort;     /* [n] */
	const int32_t *stratum;       /* [n] in which it was drawn, or NULL; only of borgan */
	size_t strata;                /* 1 without */
	const double *size;           /* [strata] persons of the whole cohort */
	enum yg_cox_ties ties;        /* efron or breslow */
	bool robust;                  /* lin_ying */
};

/* What the sample is made of, by stratum; weight: of a member of the subcohort (prentice: 1). */
struct yg_casecohort_count {
	double size, weight;
	uint64_t subcohort, cases, cases_inside;
};
enum yg_casecohort_fault {
	YG_CASECOHORT_FINE,
	YG_CASECOHORT_OUTSIDE,        /* a row is neither a case nor of the subcohort */
	YG_CASECOHORT_SIZE,           /* the cohort has fewer persons than the sample */
	YG_CASECOHORT_NOBODY,         /* nobody, or no member without the event, was drawn, and so nobody stands for the rest */
	YG_CASECOHORT_ONE,            /* only one: the drawing has no variance to be estimated */
};
/* count[strata]; *stratum is where the fault is. */
enum yg_casecohort_fault yg_casecohort_count(const struct yg_casecohort *c, const uint8_t *event, size_t n,
                                             struct yg_casecohort_count *count, size_t *stratum);

struct yg_cox_casecohort {
	struct yg_cox fit;            /* robust set: there is no likelihood; lrt and score have df 0; naive: V */
	double *phase2;               /* [p*p] V B V */
	uint64_t unmatched;           /* events when nobody of the subcohort was at risk (prentice, self_prentice, borgan_i) */
};
/* Errors: E-COX-041 to 044. */
enum yg_status yg_cox_casecohort_fit(const struct yg_cox_data *d, const struct yg_casecohort *c, struct yg_task *task,
                                     struct yg_cox_casecohort *out, struct yg_err *err) YG_MUST_USE;
void yg_cox_casecohort_release(struct yg_cox_casecohort *f);

#endif
