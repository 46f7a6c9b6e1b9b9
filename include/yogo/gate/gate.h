/*
 * The gate: the only road from what was computed to what anybody may see (docs/disclosure.md).
 *
 * Under an open profile the safe document is the raw one.  Under a guarded one each value is judged
 * by the persons and events behind it; a table, curve or attrition with one cell that must be hidden
 * is hidden whole (T9), because complementary suppression is not there yet, and what may have been
 * derived from it is hidden with it.  Differencing between results is not checked, and every
 * guarded result says so.
 *
 * Reason codes in hidden cells:
 *   T0  no evidence was given for a number about people        T1  a headline count below the limit
 *   T9  withheld with its whole table, curve or attrition       X1  smallest or largest value
 *   Q1  too few persons for this quantile                       M1  too few events or persons for the model
 *   K1  survival from ungrouped counts                          R1  cannot be made from rounded counts
 */
#ifndef YOGO_GATE_GATE_H
#define YOGO_GATE_GATE_H

#include "yogo/base/status.h"
#include "yogo/gate/policy.h"
#include "yogo/raw/raw.h"
#include "yogo/result/result.h"

/*
 * YG_EPRIVACY (E-SDC-001): the population has at least one person and fewer than the profile's
 * smallest count; only the verbs "cohort", "open" and "info" still give a document then, with its numbers hidden.
 */
enum yg_status yg_gate(const struct yg_raw *raw, const struct yg_policy *policy, const char *command,
                       const char *population, struct yg_result **out, struct yg_err *err) YG_MUST_USE;

#endif
