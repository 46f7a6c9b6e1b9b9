/*
 * Disclosure profiles (docs/disclosure.md): how small a count may be, how counts are rounded, what
 * a curve or a model needs.  A manifest names one; a script may only choose a stricter one.
 */
#ifndef YOGO_GATE_POLICY_H
#define YOGO_GATE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/store/manifest.h"

enum yg_rounding { YG_ROUND_NONE, YG_ROUND_NEAREST, YG_ROUND_MIDPOINT };

struct yg_policy {
	const char *name;
	bool guarded;              /* false: everything is shown as it is, the rest does not matter */
	int64_t min_cell;          /* T: counts 1..T-1 are hidden */
	bool zeros_shown;
	enum yg_rounding rounding; /* of the counts that are shown */
	int64_t base;              /* of the rounding */
	int64_t group;             /* events and censorings a shown step of a curve stands for */
	int64_t min_df;            /* effective size minus parameters */
	int64_t size_per_parameter;/* parameters <= effective size / this */
	int digits;                /* significant digits of estimates */
};

/* "open", "jp_ndb", "opensafely", "strict"; NULL when there is no such profile. */
const struct yg_policy *yg_policy_find(const char *name);
/* True when a hides and rounds at least as much as b in every respect. */
bool yg_policy_at_least(const struct yg_policy *a, const struct yg_policy *b);
/* Thresholds and rounding must fit together, else a rounded count tells a hidden one; the message
   names the nearest threshold that fits.  YG_EINVAL. */
enum yg_status yg_policy_check(const struct yg_policy *p, struct yg_err *err) YG_MUST_USE;
/* p with another smallest count; only upwards.  0 = as it is. */
enum yg_status yg_policy_raise(const struct yg_policy *p, int64_t min_cell, struct yg_policy *out,
                               struct yg_err *err) YG_MUST_USE;
/*
 * The policy that holds for data with this manifest, when the script asks for `wanted` (NULL = the
 * manifest's).  YG_EPRIVACY: open data rights are not declared, or wanted is not stricter.
 */
enum yg_status yg_policy_choose(const struct yg_manifest *m, const char *wanted, struct yg_policy *out,
                                struct yg_err *err) YG_MUST_USE;
/* The same from the fields of a manifest. */
enum yg_status yg_policy_choose_from(const char *profile, int64_t min_cell, const char *legal_basis, bool synthetic,
                                     const char *wanted, struct yg_policy *out, struct yg_err *err) YG_MUST_USE;

/* A count as the profile writes it; *low and *high: what the true count may be. */
int64_t yg_policy_round(const struct yg_policy *p, int64_t count, int64_t *low, int64_t *high);
/* True when a count of persons or events may not be shown: 1..T-1, and 0 where zeros are hidden. */
bool yg_policy_hides(const struct yg_policy *p, int64_t count);

#endif
