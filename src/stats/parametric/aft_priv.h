/* What the parametric kernels share: distributions of the error, and one row's part of the log likelihood with its derivatives. */
#ifndef YOGO_STATS_AFT_PRIV_H
#define YOGO_STATS_AFT_PRIV_H

#include "yogo/num/matrix.h"
#include "yogo/stats/aft.h"

enum aft_error { AFT_EXTREME, AFT_NORMAL, AFT_LOGISTIC, AFT_T, AFT_GENGAMMA, AFT_GOMPERTZ };
enum aft_error aft_error_of(enum yg_aft_dist dist);

/* The error's distribution at z: log density f, its first two log derivatives, log tails. */
struct aft_point {
	double logf, psi, dpsi;      /* psi = f'/f; dpsi = psi' */
	double upper, lower;         /* log S, log F */
};
/* q: degrees of freedom of t, Q of gengamma.  tails false leaves upper and lower alone. */
void aft_point(enum aft_error error, double z, double q, bool tails, struct aft_point *out);
void aft_gengamma_point(double w, double q, bool tails, struct aft_point *out);
double aft_error_quantile(enum aft_error error, double p, double q);   /* NaN where there is no closed form */
/* log(1 - exp(x)) and log(exp(a) - exp(b)), a >= b. */
double aft_log1mexp(double x);

/* g(z1, z2) of a censored or exact time and its derivatives; one-sided kinds use z1 only. */
enum aft_kind { AFT_RIGHT, AFT_EXACT, AFT_LEFT, AFT_INTERVAL, AFT_NOTHING };
struct aft_term {
	double g, g1, g2, g11, g12, g22;
};
void aft_term(enum aft_error error, enum aft_kind kind, double z1, double z2, double q, struct aft_term *out);

/* One row: log likelihood and derivatives in eta (e), and in two further parameters, [0] log scale, [1] shape. */
struct aft_row {
	double l, e, ee, a[2], ea[2], aa[3];   /* aa: 00, 01, 11 */
};
struct aft_shape {
	enum aft_error error;
	bool log_time;               /* y is log t: the density of t is wanted */
	bool tied;                   /* gamma: Q = scale */
	bool free_shape;             /* derivatives in the shape are wanted */
	double scale, q;             /* q: df, Q, or a (per unit of time) */
	double unit;                 /* gompertz: times are t / unit and q = a * unit */
};
/* y1, y2: log times (times for gaussian ...; t/unit for gompertz); entry: the same, -infinity = none. */
void aft_row(const struct aft_shape *s, enum aft_kind kind, double y1, double y2, double entry, double eta,
             struct aft_row *out);

/* ---- the rows as the passes read them ---- */
struct aft_rows {
	size_t n;
	double *y1, *y2, *entry;     /* y2 NULL without intervals, entry NULL without delayed entry */
	uint8_t *kind;
	const double *weight;
	const int32_t *stratum;
	size_t strata, intercept;
	enum yg_aft_dist dist;
	enum aft_error error;
	double unit, df;
	bool plain;                  /* extreme value errors, exact and right-censored times only, no delayed entry */
	uint64_t count[5];
	void *space;
};
enum yg_status aft_rows_build(const struct yg_aft_data *d, const struct yg_aft_options *o, struct yg_task *task,
                              struct aft_rows *out,
                              struct yg_err *err) YG_MUST_USE;
void aft_rows_release(struct aft_rows *r);
/* Shape of the row's stratum at parameters anc[scales + shapes]; fixed > 0 is a fixed scale. */
struct aft_shape aft_shape_at(const struct aft_rows *r, const double *anc, size_t scales, double fixed,
                              size_t stratum, bool derivatives);

/* ---- the maximisation ---- */
struct aft_problem {
	const struct aft_rows *rows;
	struct yg_tall tall;         /* neither x nor packed: the model with an intercept alone, p = 1 */
	size_t p, scales, shapes, every;   /* every: as in struct yg_pass */
	double fixed;                /* fixed scale, or 0 */
	const double *shift;         /* [p] or NULL */
	const double *offset;
	struct yg_task *task;
};
/* Log likelihood, score[P], information[P*P] at theta of the shifted columns. */
enum yg_status aft_evaluate(const struct aft_problem *m, const double *theta, double *loglik, double *score,
                            double *information,
                            struct yg_err *err) YG_MUST_USE;
typedef enum yg_status aft_objective(void *context, const double *theta, double *loglik, double *score, double *information,
                                     struct yg_err *err);
struct aft_climb {
	double loglik, decrement;
	int iterations;
	bool converged, finite, runaway;
	size_t rank;                 /* with find */
};
/*
 * Newton with step halving; where the information is not positive definite its diagonal is raised (Marquardt 1963).
 * dropped[P] are left alone; with find > 0 those among the first `find` are found out at the start (the information
 * must not be negative there).  unit[units]: what a step of 1 moves z; a step that moves it by more than 0.03 where the
 * likelihood is level is a coefficient that runs to infinity (runaway).  step[P]: the last step.  information at the last evaluated point.
 */
enum yg_status aft_climb(size_t P, double *theta, uint8_t *dropped, size_t find, const double *unit, size_t units,
                         aft_objective *fn, void *context,
                         int most, double tolerance, struct aft_climb *out, double *step, double *information,
                         struct yg_err *err) YG_MUST_USE;
/* Inverse of the information over the parameters kept, zero elsewhere; false when it is not positive definite. */
bool aft_invert(size_t P, const double *information, const uint8_t *dropped, double *inverse);
/* Least squares of the times known or guessed: b[p] of the shifted columns, dropped[p], residual SD,
   spread[p] of the shifted columns (root mean square). */
enum yg_status aft_least_squares(const struct aft_problem *m, double *b, uint8_t *dropped, size_t *rank, double *sd,
                                 double *spread,
                                 struct yg_err *err) YG_MUST_USE;

/* Robust variance at the fit: sandwich of row scores, summed within clusters. */
enum yg_status aft_robust(const struct yg_aft_data *d, const struct aft_rows *rows, struct yg_aft *fit,
                          struct yg_err *err) YG_MUST_USE;
/* Scores of row i, whose columns are x[p], in all parameters (weight not put in): out[parameters] or NULL. */
void aft_score(const struct yg_aft_data *d, const struct aft_rows *rows, const struct yg_aft *fit, size_t i, const double *x,
               double *out, struct aft_row *row);

#endif
