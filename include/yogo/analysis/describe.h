/*
 * Looking at data: describe, hist, count, missing, show, tab, table1, attrition.
 *
 * Each request borrows what it points to; each function gives a raw document that the caller frees (or
 * hands to the gate).  Nodes are those of the statement as parsed: the NAME children of its LIST, its BY
 * node, its predicate.  A request that is all zero but for `in` and its targets has the defaults named below.
 *
 * Persons are the unit of describe, hist, tab and table1: a column that varies within the person is
 * refused with its cure.  count and missing count rows, and the persons among them.
 * `by a, b` gives one table after another, `by a:b` the combinations as groups.
 *
 * Table keys are stable: describe "describe" "levels"; hist figure "hist.VARIABLE"; count "count"; missing "missing"
 * "patterns"; show "rows"; tab "tab" "risks" "measures" "tests" "stratified" (several rows, by or strata:
 * "tab.2" and so on in order); table1 "table1"; attrition "attrition" and figure "flow".
 */
#ifndef YOGO_ANALYSIS_DESCRIBE_H
#define YOGO_ANALYSIS_DESCRIBE_H

#include "yogo/cohort/set.h"
#include "yogo/cohort/steps.h"

struct yg_raw;

/* Who is looked at, and in which groups. */
struct yg_an_input {
	const struct yg_scope *scope;
	const struct yg_population *population;
	const struct yg_node *where;            /* predicate, or NULL */
	const struct yg_node *by;               /* BY node, or NULL */
	const struct yg_node *weight;           /* NAME of a column of sampling weights, or NULL */
	double conf;                            /* 0 = 0.95 */
};
/* The columns named: NAME nodes. */
struct yg_an_targets {
	const struct yg_node *const *node;
	size_t count;
};
/* What becomes of missing values. */
enum yg_an_missing_rule {
	YG_AN_MISSING_SHOW,     /* counted in rows of their own, not in percentages */
	YG_AN_MISSING_DROP,     /* left out, counted in a note */
	YG_AN_MISSING_LEVEL,    /* a level like the others (categories only) */
};
bool yg_an_missing_rule_parse(const char *word, enum yg_an_missing_rule *out);   /* show drop level (yes = show) */

struct yg_an_describe {
	struct yg_an_input in;
	struct yg_an_targets target;
	/* of: n missing mean sd se ci median iqr q1 q3 range min max sum cv mad skewness kurtosis geomean p5 p10 p90 p95;
	   none = n missing mean sd median q1 q3 min max */
	const char *const *stats;
	size_t stats_count;
	int qtype;                              /* 1-9; 0 = 7 */
};
enum yg_status yg_an_describe(const struct yg_an_describe *request, struct yg_task *task, struct yg_raw **out,
                              struct yg_err *err) YG_MUST_USE;

struct yg_an_hist {
	struct yg_an_input in;
	struct yg_an_targets target;
	size_t bins;                            /* 0 = Sturges, edges at round numbers */
};
enum yg_status yg_an_hist(const struct yg_an_hist *request, struct yg_task *task, struct yg_raw **out,
                          struct yg_err *err) YG_MUST_USE;

struct yg_an_count {
	struct yg_an_input in;                  /* weight is not used */
};
enum yg_status yg_an_count(const struct yg_an_count *request, struct yg_task *task, struct yg_raw **out,
                           struct yg_err *err) YG_MUST_USE;

struct yg_an_missing {
	struct yg_an_input in;                  /* weight is not used */
	struct yg_an_targets target;            /* none = every column of the table */
	bool pattern;                           /* which columns are missing together */
};
enum yg_status yg_an_missing(const struct yg_an_missing *request, struct yg_task *task, struct yg_raw **out,
                             struct yg_err *err) YG_MUST_USE;

/* Rows as they are: for data whose profile in force is open, else YG_EPRIVACY. */
struct yg_an_show {
	struct yg_an_input in;                  /* by and weight are not used */
	struct yg_an_targets target;
	bool open;                              /* the profile in force is "open" */
	size_t top;                             /* 0 = 20 */
	const struct yg_node *order;            /* column to order by, ascending, missing last; NULL = as stored */
	bool descending;
};
enum yg_status yg_an_show(const struct yg_an_show *request, struct yg_task *task, struct yg_raw **out,
                          struct yg_err *err) YG_MUST_USE;

enum yg_an_tab_pct { YG_AN_PCT_COLUMN, YG_AN_PCT_ROW, YG_AN_PCT_TOTAL, YG_AN_PCT_NONE };
enum { YG_AN_MEASURE_OR = 1, YG_AN_MEASURE_RR = 2, YG_AN_MEASURE_RD = 4 };
enum { YG_AN_TEST_CHISQ = 1, YG_AN_TEST_FISHER = 2, YG_AN_TEST_TREND = 4, YG_AN_TEST_MCNEMAR = 8, YG_AN_TEST_MH = 16 };
struct yg_an_tab {
	struct yg_an_input in;                  /* by: the columns of the tables */
	struct yg_an_targets target;            /* the rows of the tables, one table each */
	const struct yg_node *strata;           /* STRATA node, or NULL: a table per stratum; test=mh and measures pool them */
	const struct yg_node *frequency;        /* NAME of a column of repeats, or NULL */
	unsigned tests, measures;               /* YG_AN_TEST_..., YG_AN_MEASURE_... */
	const char *event;                      /* level of the row variable that is the event; NULL = the 1 of a flag or 0/1 */
	enum yg_an_tab_pct pct;
	enum yg_an_missing_rule missing;
};
/* Words of the options test, measure and pct; false = unknown word. */
bool yg_an_tab_test(const char *word, unsigned *tests);         /* chisq fisher trend mcnemar mh no */
bool yg_an_tab_measure(const char *word, unsigned *measures);   /* or rr rd */
bool yg_an_tab_pct(const char *word, enum yg_an_tab_pct *out);  /* column row total none */
enum yg_status yg_an_tab(const struct yg_an_tab *request, struct yg_task *task, struct yg_raw **out,
                         struct yg_err *err) YG_MUST_USE;

struct yg_an_table1 {
	struct yg_an_input in;
	struct yg_an_targets target;
	bool overall, smd;
	enum yg_an_missing_rule missing;
	const char *const *median;              /* names shown as median (Q1, Q3); others as mean (SD) */
	size_t medians;
	int qtype;                              /* 0 = 7 */
	/* "no" (or NULL): none; "auto": Welch, Wilcoxon (Kruskal-Wallis) for medians, chi-squared, or Fisher where an expected
	   count is below 5; or for numbers t welch wilcoxon anova kruskal, for categories chisq fisher */
	const char *test;
};
enum yg_status yg_an_table1(const struct yg_an_table1 *request, struct yg_task *task, struct yg_raw **out,
                            struct yg_err *err) YG_MUST_USE;

/* How a cohort came about: in order, and with alone and drop_one what each step does by itself. */
struct yg_an_attrition {
	struct yg_an_input in;                  /* scope of the cohort's table; where and weight are not used */
	const struct yg_cohort *cohort;
	bool alone, drop_one;
	bool no_table, no_figure;               /* flow: no_table */
};
enum yg_status yg_an_attrition(const struct yg_an_attrition *request, struct yg_task *task, struct yg_raw **out,
                               struct yg_err *err) YG_MUST_USE;

#endif
