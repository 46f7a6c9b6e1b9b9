/* Measures of how good a model's predictions are, on any rows: apparent, resampled, or of other data. */
#ifndef YOGO_ANALYSIS_MEASURE_PRIV_H
#define YOGO_ANALYSIS_MEASURE_PRIV_H

#include "an_model_priv.h"

#define AN_MOST_TIMES 64

/* Outcomes of rows; arrays borrowed. */
struct an_sample {
	size_t n;
	struct yg_spans spans;         /* of time */
	const double *y;               /* without time */
	const uint8_t *event;
	struct yg_ipcw ipcw;           /* of time and no late entry, where there are times to judge at */
	bool weighted;                 /* of time and no late entry */
};
enum yg_status an_sample_open(struct an_sample *s, bool at_times, struct yg_task *task, struct yg_err *err) YG_MUST_USE;
void an_sample_release(struct an_sample *s);

/* What is measured: the same list for every sample of a statement. */
struct an_measures {
	bool of_time, binary;
	const double *time;            /* [times] time unit */
	size_t times;
	double tau;                    /* Uno's limit; NaN = none */
	double critical;
	bool calibration;              /* only observed / expected, intercept and slope */
};
enum an_measure_kind {
	AN_M_C, AN_M_UNO, AN_M_D, AN_M_SLOPE, AN_M_INTERCEPT, AN_M_OE, AN_M_BRIER, AN_M_IPA, AN_M_IBS, AN_M_AUC, AN_M_R2, AN_M_RMSE,
};
struct an_measure {
	enum an_measure_kind kind;
	size_t at;                     /* number of the time, or 0 */
	double value, se, lower, upper;/* NaN where it does not exist */
};
#define AN_MOST_MEASURES (8 + 4 * AN_MOST_TIMES)
/* How many there are, and which. */
size_t an_measure_list(const struct an_measures *q, struct an_measure *out);
/* Fills the values, standard errors and limits of the list; influence[n] of C (may be NULL). */
enum yg_status an_measure_fill(const struct an_measures *q, const struct an_sample *s, const struct an_applied *a,
                               double *influence, struct yg_task *task, struct an_measure *out, struct yg_err *err) YG_MUST_USE;

#endif
