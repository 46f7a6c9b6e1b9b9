/* The functions of expressions, formulas and events. */
#include <string.h>

#include "lang/lex_priv.h"
#include "lang/spec_priv.h"

static const struct yg_function_spec functions[] = {
	/* row by row */
	{ "log", "row", "log(x)", "", N_("natural logarithm; missing, with a count, where x is not positive") },
	{ "exp", "row", "exp(x)", "", N_("exponential") },
	{ "sqrt", "row", "sqrt(x)", "", N_("square root; missing where x is negative") },
	{ "abs", "row", "abs(x)", "", N_("absolute value") },
	{ "round", "row", "round(x, digits)", "digits", N_("rounded, halves away from zero") },
	{ "floor", "row", "floor(x)", "", N_("largest whole number not above x") },
	{ "least", "row", "least(x, y, ...)", "", N_("smallest of several values; missing if one is missing") },
	{ "greatest", "row", "greatest(x, y, ...)", "", N_("largest of several values; missing if one is missing") },
	{ "coalesce", "row", "coalesce(x, y, ...)", "", N_("the first that is not missing") },
	{ "case", "row", "case(condition, value, ..., else)", "", N_("value of the first true condition; an unknown condition gives missing") },
	{ "cut", "row", "cut(x, 50, 65)", "closed", N_("classes: under 50, 50 to under 65, 65 and over; closed = \"right\" for 50 or less ...") },
	{ "days", "row", "days(from, to)", "", N_("days between two dates; with one argument, from the index date") },
	{ "months", "row", "months(from, to)", "", N_("months between two dates, exact") },
	{ "years", "row", "years(from, to)", "", N_("years between two dates, exact") },
	{ "age", "row", "age(birth, on)", "", N_("completed years") },
	{ "date", "row", "date(x, month = 7, day = 15)", "month day", N_("a date from text or from parts; what is missing in partial dates is set as said") },
	/* over the rows of a person: let ... by */
	{ "count", "person", "count(x)", "", N_("number of values of the person that are not missing") },
	{ "sum", "person", "sum(x)", "", N_("sum over the person's rows") },
	{ "mean", "person", "mean(x)", "", N_("mean over the person's rows") },
	{ "min", "person", "min(x)", "", N_("smallest over the person's rows") },
	{ "max", "person", "max(x)", "", N_("largest over the person's rows") },
	{ "any", "person", "any(condition)", "", N_("is it true in any row of the person?") },
	{ "first", "person", "first(x, order)", "", N_("value in the first row of the person") },
	{ "last", "person", "last(x, order)", "", N_("value in the last row of the person") },
	{ "seq", "person", "seq(order)", "", N_("number of the row within the person") },
	/* terms of formulas */
	{ "factor", "term", "factor(x, ref = \"LABEL\")", "ref levels", N_("x as groups") },
	{ "rcs", "term", "rcs(x, 4)", "knots", N_("restricted cubic spline, 4 knots at Harrell's quantiles; or knots = (45, 60, 70)") },
	{ "ns", "term", "ns(x, 3)", "df knots", N_("natural spline") },
	{ "bs", "term", "bs(x, 4)", "df knots degree", N_("B-spline") },
	{ "poly", "term", "poly(x, 2)", "", N_("polynomial") },
	{ "fp", "term", "fp(x, 1, 2)", "", N_("fractional polynomial") },
	{ "per", "term", "per(age, 10)", "", N_("effect per 10 units") },
	{ "offset", "term", "offset(log(years))", "", N_("a term with coefficient 1") },
	{ "tt", "term", "tt(x, log)", "plus", N_("in cox: effect of x that changes with time (log, linear, sqrt, km) or by period: tt(x, cut(1y, 3y))") },
	{ "log", "term", "log(x)", "", N_("logarithm of x") },
	/* events of records: enter, rules, exit, event, add */
	{ "dx", "event", "dx(CODES)", "", N_("diagnoses") },
	{ "rx", "event", "rx(CODES)", "", N_("drugs") },
	{ "px", "event", "px(CODES)", "", N_("procedures") },
	{ "lab", "event", "lab(NAME)", "", N_("laboratory values") },
	{ "obs", "event", "obs(NAME)", "", N_("observations") },
	{ "visit", "event", "visit()", "", N_("visits and admissions") },
	{ "device", "event", "device(CODES)", "", N_("devices") },
	{ "death", "event", "death()", "", N_("death") },
	{ "score", "event", "score(NAME)", "", N_("a clinical score made from records") },
	{ "cost", "event", "cost()", "", N_("costs") },
	{ "cohort_of", "event", "cohort_of(NAME)", "", N_("entry into another cohort") },
};

const struct yg_function_spec *yg_function_specs(size_t *count)
{
	*count = sizeof functions / sizeof *functions;
	return functions;
}

const struct yg_function_spec *yg_function_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof functions / sizeof *functions; i++)
		if (strcmp(functions[i].name, name) == 0)
			return &functions[i];
	return NULL;
}

bool yg_function_parameter(const char *function, const char *parameter)
{
	if (!function || !parameter)
		return false;
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (strcmp(functions[i].name, function) == 0 &&
		    yg_word_among(functions[i].parameters, parameter, strlen(parameter)))
			return true;
	return false;
}
