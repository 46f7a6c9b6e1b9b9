/*
 * The rules for one value: what stands behind it decides whether it may be seen.
 *
 * A count, and the persons, events and complement behind any value, must be 0 or at least T.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gate/gate_priv.h"
#include "yogo/base/text.h"
#include "yogo/result/numfmt.h"

bool yg_gate_is_count(enum yg_role role)
{
	return role == YG_ROLE_PERSONS || role == YG_ROLE_RECORDS || role == YG_ROLE_EVENTS;
}

/* Made from counts or from persons' values: hidden when one of its sources is. */
bool yg_gate_is_derived(enum yg_role role)
{
	return !yg_gate_is_count(role) && role != YG_ROLE_LABEL && role != YG_ROLE_INTEGER;
}

static bool about_people(enum yg_role role)
{
	switch (role) {
	case YG_ROLE_LABEL:
	case YG_ROLE_INTEGER:
	case YG_ROLE_DF:
	case YG_ROLE_TIME:
		return false; /* names, iterations, degrees of freedom, landmark times */
	default:
		return !yg_gate_is_count(role); /* a count is its own evidence */
	}
}

static bool between(const struct yg_policy *p, int64_t n)
{
	return n > 0 && n < p->min_cell;
}

/* Roles for which the number of events matters, not only of persons. */
static bool outcome_role(enum yg_role role)
{
	switch (role) {
	case YG_ROLE_MEAN:
	case YG_ROLE_SD:
	case YG_ROLE_WEIGHTED:
	case YG_ROLE_PERSONS:
	case YG_ROLE_RECORDS:
	case YG_ROLE_LABEL:
	case YG_ROLE_INTEGER:
	case YG_ROLE_DF:
	case YG_ROLE_PROPORTION:
		return false;
	default:
		return true;
	}
}

bool yg_gate_small(const struct yg_policy *p, const struct yg_evidence *e, enum yg_role role)
{
	bool counts = yg_gate_is_count(role) || role == YG_ROLE_PROPORTION;
	if (between(p, e->persons) || between(p, e->whole))
		return true;
	if (e->whole > 0) {
		int64_t rest = e->whole - e->persons;
		if (between(p, rest))
			return true;
		/* 0 % and 100 % are zeros */
		if (counts && !p->zeros_shown && (rest == 0 || e->persons == 0))
			return true;
	}
	return outcome_role(role) && between(p, e->events);
}

/* The level of a quantile from the key of its column or row: "median", "q1", "q0.25", "p95"; NaN if it does not tell. */
static double quantile_level(const char *key)
{
	static const struct {
		const char *name;
		double q;
	} known[] = { { "median", 0.5 }, { "q1", 0.25 }, { "q2", 0.5 }, { "q3", 0.75 } };
	if (!key)
		return NAN;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(key, known[i].name) == 0)
			return known[i].q;
	double percent;
	if (key[0] == 'q' && yg_parse_double(yg_str(key + 1), &percent) && percent > 0 && percent < 1)
		return percent;
	if (key[0] == 'p' && yg_parse_double(yg_str(key + 1), &percent) && percent > 0 && percent < 100)
		return percent / 100;
	return NAN;
}

/* min(floor(q n), n - ceil(q n)) >= T; a quantile of unknown level is taken for an outer one. */
static bool quantile_allowed(const struct yg_policy *p, const char *key, int64_t n)
{
	double q = quantile_level(key);
	if (isnan(q))
		q = 0.05;
	double below = floor(q * (double)n + 1e-9), above = (double)n - ceil(q * (double)n - 1e-9);
	return fmin(below, above) >= (double)p->min_cell;
}

static double value_of(const struct yg_value *v)
{
	return v->kind == YG_VALUE_INTEGER ? (double)v->integer : v->kind == YG_VALUE_DOUBLE ? v->number : NAN;
}

/* A count is judged by itself, then by what is left when it is taken from its group. */
static bool count_small(const struct yg_policy *p, enum yg_role role, const struct yg_value *v,
                        const struct yg_evidence *e)
{
	double x = value_of(v);
	if ((x > 0 && x < (double)p->min_cell) || (x == 0 && !p->zeros_shown))
		return true;
	if (role == YG_ROLE_EVENTS && (double)e->persons > x && (double)e->persons - x < (double)p->min_cell)
		return true;
	return false;
}

struct yg_verdict yg_gate_judge(const struct yg_policy *p, enum yg_role role, const struct yg_value *v,
                                const struct yg_evidence *e, const char *key, bool nobody)
{
	struct yg_verdict ok = { false, REASON_NONE };
	if (role == YG_ROLE_EXTREME)
		return (struct yg_verdict){ false, REASON_X1 };
	if (v->kind == YG_VALUE_TEXT)
		/* words cannot be judged: only names may stand in a table */
		return role == YG_ROLE_LABEL ? ok : (struct yg_verdict){ false, REASON_T0 };
	if (yg_gate_is_count(role) && count_small(p, role, v, e))
		return (struct yg_verdict){ true, REASON_T9 };
	bool stands_for_nobody = e->persons == 0 && e->whole == 0 && e->events == 0;
	if (stands_for_nobody)
		return about_people(role) && !nobody ? (struct yg_verdict){ false, REASON_T0 } : ok;
	if (yg_gate_small(p, e, role))
		return (struct yg_verdict){ true, REASON_T9 };
	if (role == YG_ROLE_QUANTILE && !quantile_allowed(p, key, e->persons))
		return (struct yg_verdict){ false, REASON_Q1 };
	return ok;
}

double yg_gate_digits(const struct yg_policy *p, enum yg_role role, double v)
{
	switch (role) {
	case YG_ROLE_PROBABILITY:
	case YG_ROLE_PROPORTION:
	case YG_ROLE_P:
		return yg_numfmt_round_fixed(v, 3);
	case YG_ROLE_PERSONS:
	case YG_ROLE_RECORDS:
	case YG_ROLE_EVENTS:
	case YG_ROLE_INTEGER:
	case YG_ROLE_LABEL:
		return v;
	default:
		return yg_numfmt_round_significant(v, p->digits);
	}
}

static enum yg_reason show_count(const struct yg_policy *p, struct yg_cell *c, const struct yg_value *v)
{
	double x = value_of(v);
	int64_t low, high;
	if (p->rounding == YG_ROUND_NONE)
		return REASON_NONE;
	if (x != floor(x) || fabs(x) > 9e15)
		return REASON_R1;
	c->value = (struct yg_value){ .kind = YG_VALUE_INTEGER, .integer = yg_policy_round(p, (int64_t)x, &low, &high) };
	if (low != high) {
		c->state = YG_CELL_ROUNDED;
		c->low = (double)low;
		c->high = (double)high;
	}
	return REASON_NONE;
}

/* Under rounding a proportion is made again from the rounded counts, or not shown. */
static enum yg_reason show_proportion(const struct yg_policy *p, struct yg_cell *c, const struct yg_value *v,
                                      const struct yg_evidence *e)
{
	double x = value_of(v);
	int64_t low, high;
	if (p->rounding == YG_ROUND_NONE)
		return REASON_NONE;
	if (e->whole <= 0 || fabs(x - (double)e->persons / (double)e->whole) > 1e-6)
		return REASON_R1;
	double part = (double)yg_policy_round(p, e->persons, &low, &high);
	double whole = (double)yg_policy_round(p, e->whole, &low, &high);
	if (whole <= 0 || part > whole)
		return REASON_R1;
	c->value = (struct yg_value){ .kind = YG_VALUE_DOUBLE, .number = yg_gate_digits(p, YG_ROLE_PROPORTION, part / whole) };
	return REASON_NONE;
}

enum yg_reason yg_gate_show(struct yg_gate_run *run, struct yg_cell *c, enum yg_role role, int decimals,
                            const struct yg_value *v, const struct yg_evidence *e)
{
	const struct yg_policy *p = run->policy;
	*c = (struct yg_cell){ .state = YG_CELL_SHOWN, .role = role, .decimals = (int8_t)decimals, .value = *v };
	if (v->kind == YG_VALUE_TEXT) {
		c->value.text = yg_arena_strdup(&run->result->arena, v->text);
		return REASON_NONE;
	}
	if (!p->guarded)
		return REASON_NONE;
	if (yg_gate_is_count(role))
		return show_count(p, c, v);
	if (role == YG_ROLE_WEIGHTED && p->rounding != YG_ROUND_NONE)
		return REASON_R1; /* weights of one would give the exact count */
	if (v->kind != YG_VALUE_DOUBLE)
		return REASON_NONE;
	c->value.number = yg_gate_digits(p, role, v->number);
	if (role == YG_ROLE_P && v->number < 0.001) {
		c->state = YG_CELL_ROUNDED;
		c->value.number = c->low = 0;
		c->high = 0.001;
	}
	if (role == YG_ROLE_PROPORTION)
		return show_proportion(p, c, v, e);
	return REASON_NONE;
}

const char *yg_gate_reason_code(enum yg_reason why)
{
	static const char *const code[REASON_COUNT] = { "", "T0", "T1", "T9", "X1", "Q1", "M1", "K1", "R1", "F1" };
	return code[why];
}

void yg_gate_hide(struct yg_gate_run *run, struct yg_cell *c, enum yg_role role, enum yg_reason why)
{
	run->used[why] = true;
	*c = (struct yg_cell){ .state = YG_CELL_HIDDEN, .role = role, .decimals = -1,
		               .value = { .kind = YG_VALUE_TEXT, .text = yg_gate_reason_code(why) } };
}
