/*
 * test and corr: groups, one sample, pairs and repeated measurements compared; correlations.
 *
 * test has three shapes.  Groups: `by`, one row a person.  One sample: no `by`, against mu.  Blocks: `pair` names the
 * column of rows that belong together (a row for each level of by), or `across` compares the columns named with each
 * other, each person a block.  Differences are level minus reference; of columns, later minus first.
 *
 * Table keys: test "groups" "counts: X" "tests" "effects" "pairs: X: METHOD" (several: "tests.2" and so on); corr "pairs"
 * "matrix", figure "correlations".  What a method does and for whom: an_test_methods.c.
 */
#ifndef YOGO_ANALYSIS_TESTS_H
#define YOGO_ANALYSIS_TESTS_H

#include "yogo/analysis/describe.h"
#include "yogo/stats/twogroup.h"

struct yg_an_test {
	struct yg_an_input in;                  /* weight is not used */
	struct yg_an_targets target;
	const struct yg_node *strata;           /* STRATA node, or NULL */
	const char *const *method;              /* words of the option; none = auto */
	size_t methods;
	const struct yg_node *pair;             /* NAME, or NULL */
	bool across, pairwise;
	bool has_mu;
	double mu;
	enum yg_alternative side;
	const char *padjust;                    /* NULL = none over tests, holm over pairs; "tukey" for pairs of anova */
};
enum yg_status yg_an_test(const struct yg_an_test *request, struct yg_task *task, struct yg_raw **out,
                          struct yg_err *err) YG_MUST_USE;

struct yg_an_corr {
	struct yg_an_input in;                  /* by: the correlations in each group; weight is not used */
	struct yg_an_targets target;            /* two numbers or more */
	struct yg_an_targets given;             /* partial: numbers and factors held fixed */
	const char *method;                     /* pearson spearman kendall; NULL = pearson */
	const char *padjust;
	bool complete;                          /* only persons with all columns; else each pair its own */
};
enum yg_status yg_an_corr(const struct yg_an_corr *request, struct yg_task *task, struct yg_raw **out,
                          struct yg_err *err) YG_MUST_USE;

#endif
