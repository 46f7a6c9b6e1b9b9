/* The four profiles, their order, and whether thresholds and rounding fit together. */
#include "yogo/gate/policy.h"

#include <string.h>

#include "yogo/base/i18n.h"

static const struct yg_policy profile[] = {
	{ .name = "open", .guarded = false, .zeros_shown = true },
	{ .name = "jp_ndb", .guarded = true, .min_cell = 10, .zeros_shown = true, .rounding = YG_ROUND_NONE,
	  .group = 10, .min_df = 10, .size_per_parameter = 3, .digits = 4 },
	{ .name = "opensafely", .guarded = true, .min_cell = 8, .zeros_shown = true, .rounding = YG_ROUND_NEAREST,
	  .base = 5, .group = 6, .min_df = 10, .size_per_parameter = 3, .digits = 4 },
	{ .name = "strict", .guarded = true, .min_cell = 11, .zeros_shown = false, .rounding = YG_ROUND_MIDPOINT,
	  .base = 10, .group = 10, .min_df = 10, .size_per_parameter = 10, .digits = 3 },
};

const struct yg_policy *yg_policy_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof profile / sizeof *profile; i++)
		if (strcmp(profile[i].name, name) == 0)
			return &profile[i];
	return NULL;
}

bool yg_policy_at_least(const struct yg_policy *a, const struct yg_policy *b)
{
	if (!b->guarded)
		return true;
	if (!a->guarded)
		return false;
	if (a->min_cell < b->min_cell || (a->zeros_shown && !b->zeros_shown))
		return false;
	if (b->rounding != YG_ROUND_NONE && (a->rounding == YG_ROUND_NONE || a->base < b->base))
		return false;
	return a->group >= b->group && a->min_df >= b->min_df && a->size_per_parameter >= b->size_per_parameter &&
	       a->digits <= b->digits;
}

bool yg_policy_hides(const struct yg_policy *p, int64_t count)
{
	if (!p->guarded)
		return false;
	return count == 0 ? !p->zeros_shown : count > 0 && count < p->min_cell;
}

int64_t yg_policy_round(const struct yg_policy *p, int64_t count, int64_t *low, int64_t *high)
{
	int64_t b = p->base, shown = count;
	*low = *high = count;
	if (!p->guarded || p->rounding == YG_ROUND_NONE || b < 2 || count <= 0)
		return count;
	if (p->rounding == YG_ROUND_NEAREST) {
		/* classes k*b - b/2 .. k*b + (b-1)/2, written k*b */
		int64_t k = (count + b / 2) / b;
		shown = k * b;
		*low = shown - b / 2;
		*high = *low + b - 1;
		if (*low < 0)
			*low = 0;
	} else {
		/* classes (k-1)*b+1 .. k*b, written k*b - b/2 */
		int64_t k = (count + b - 1) / b;
		shown = k * b - b / 2;
		*low = (k - 1) * b + 1;
		*high = k * b;
	}
	return shown;
}

enum yg_status yg_policy_check(const struct yg_policy *p, struct yg_err *err)
{
	if (!p->guarded || p->rounding == YG_ROUND_NONE)
		return YG_OK;
	int64_t s = p->min_cell - 1, b = p->base, fits;
	/* the hidden counts 1..s must end where a class of the rounding ends */
	if (p->rounding == YG_ROUND_NEAREST) {
		int64_t k = (s + 1 + b / 2 + b - 1) / b;
		fits = k * b - b / 2 - 1;
	} else {
		fits = (s + b - 1) / b * b;
	}
	if (fits == s)
		return YG_OK;
	yg_fail(err, YG_EINVAL, "E-SDC-010",
	        N_("the smallest count shown, %lld, does not fit the rounding to base %lld of profile %s"),
	        (long long)p->min_cell, (long long)b, p->name);
	yg_err_hint(err, N_("the nearest stricter one that fits is %lld"), (long long)fits + 1);
	return YG_EINVAL;
}

enum yg_status yg_policy_raise(const struct yg_policy *p, int64_t min_cell, struct yg_policy *out, struct yg_err *err)
{
	struct yg_policy raised = *p;
	if (min_cell == 0 || !p->guarded) {
		*out = raised;
		return YG_OK;
	}
	if (min_cell < p->min_cell) {
		yg_fail(err, YG_EINVAL, "E-SDC-011", N_("min_cell %lld is less than the %lld of profile %s"),
		        (long long)min_cell, (long long)p->min_cell, p->name);
		yg_err_hint(err, "%s", N_("min_cell may only make a profile stricter"));
		return YG_EINVAL;
	}
	raised.min_cell = min_cell;
	if (raised.group < min_cell - 1)
		raised.group = min_cell - 1;
	YG_TRY(yg_policy_check(&raised, err));
	*out = raised;
	return YG_OK;
}

static enum yg_status known(const char *name, const struct yg_policy **out, struct yg_err *err)
{
	*out = yg_policy_find(name);
	if (*out)
		return YG_OK;
	yg_fail(err, YG_EINVAL, "E-SDC-012", N_("there is no disclosure profile \"%s\""), name);
	yg_err_hint(err, "%s", N_("profiles are open, jp_ndb, opensafely and strict"));
	return YG_EINVAL;
}

enum yg_status yg_policy_choose_from(const char *profile_name, int64_t min_cell, const char *legal_basis,
                                     bool synthetic, const char *wanted, struct yg_policy *out, struct yg_err *err)
{
	const struct yg_policy *declared, *asked;
	struct yg_policy floor, result;
	YG_TRY(known(profile_name && profile_name[0] ? profile_name : "jp_ndb", &declared, err));
	bool free_data = synthetic || (legal_basis && (strcmp(legal_basis, "public") == 0 ||
	                                               strcmp(legal_basis, "synthetic") == 0));
	if (!declared->guarded && !free_data) {
		yg_fail(err, YG_EPRIVACY, "E-SDC-013",
		        N_("profile open is only for data declared public or synthetic; the manifest's legal basis is %s"),
		        legal_basis && legal_basis[0] ? legal_basis : "undeclared");
		yg_err_hint(err, "%s", N_("declare the legal basis in the manifest, or use profile jp_ndb"));
		return YG_EPRIVACY;
	}
	YG_TRY(yg_policy_raise(declared, min_cell, &floor, err));
	if (!wanted || !wanted[0]) {
		*out = floor;
		return YG_OK;
	}
	YG_TRY(known(wanted, &asked, err));
	/* the manifest's smallest count holds under the script's profile too */
	YG_TRY(yg_policy_raise(asked, min_cell > asked->min_cell ? min_cell : 0, &result, err));
	if (!yg_policy_at_least(&result, &floor)) {
		yg_fail(err, YG_EPRIVACY, "E-SDC-014", N_("profile %s is not stricter than the manifest's, %s"), wanted,
		        declared->name);
		yg_err_hint(err, "%s", N_("a script may only choose a stricter profile than the manifest"));
		return YG_EPRIVACY;
	}
	*out = result;
	return YG_OK;
}

enum yg_status yg_policy_choose(const struct yg_manifest *m, const char *wanted, struct yg_policy *out,
                                struct yg_err *err)
{
	return yg_policy_choose_from(m->profile, m->min_cell, m->legal_basis, m->synthetic, wanted, out, err);
}
