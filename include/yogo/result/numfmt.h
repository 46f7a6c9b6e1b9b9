/*
 * One way to write each kind of number, for every renderer (docs/numbers.md).
 *
 * Counts are whole numbers without separators.  Estimates, standard errors, statistics, means and
 * limits have four significant digits; quantiles and times the same without trailing zeros;
 * proportions one decimal and "%"; survival and standardised differences three decimals; p-values
 * "<0.001", three decimals below 0.1, else two, ">0.99".  Hidden is "[<10]" or "[hidden]"; what does
 * not exist shows its reason.  Never "nan", "inf" or "-0".
 *
 * The text is English: reasons and labels are message ids which the caller may translate first.
 */
#ifndef YOGO_RESULT_NUMFMT_H
#define YOGO_RESULT_NUMFMT_H

#include "yogo/base/buf.h"
#include "yogo/base/cell.h"
#include "yogo/result/result.h"

/* decimals -1: what the role asks for. */
void yg_numfmt_number(struct yg_buf *out, enum yg_role role, double v, int decimals);
void yg_numfmt_integer(struct yg_buf *out, int64_t v);
void yg_numfmt_significant(struct yg_buf *out, double v, int digits);  /* keeps trailing zeros */
void yg_numfmt_fixed(struct yg_buf *out, double v, int decimals);
void yg_numfmt_p(struct yg_buf *out, double p);
/* "0.54 (0.42 to 0.70)": decimals chosen by the size of the estimate, more when the limits would
   coincide.  A limit that is not finite is written "-". */
void yg_numfmt_interval(struct yg_buf *out, double estimate, double lower, double upper);
int yg_numfmt_interval_decimals(double estimate, double lower, double upper);
/* The text of a cell of any state. */
void yg_numfmt_cell(struct yg_buf *out, const struct yg_cell *c);
/* v rounded to so many significant digits, the nearest double of that decimal. */
double yg_numfmt_round_significant(double v, int digits);
double yg_numfmt_round_fixed(double v, int decimals);

#endif
