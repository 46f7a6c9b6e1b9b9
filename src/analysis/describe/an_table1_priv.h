/* The numbers of a baseline table, computed apart from their layout: variables side by side on all threads. */
#ifndef YOGO_AN_TABLE1_PRIV_H
#define YOGO_AN_TABLE1_PRIV_H

#include "analysis/an_frame_priv.h"
#include "yogo/stats/twogroup.h"

enum t1_test { T1_NONE, T1_AUTO, T1_T, T1_WELCH, T1_WILCOXON, T1_ANOVA, T1_KRUSKAL, T1_CHISQ, T1_FISHER };

/* Of one group. */
struct t1_number {
	size_t n;
	double mean, sd, variance;
	double quartile[3];               /* only when shown as median */
};
/* Of one variable. */
struct t1_variable {
	const struct an_variable *v;
	bool median;
	struct t1_number *of;             /* [groups + 1]: the groups, then everybody */
	struct yg_test test;
	const char *test_name;            /* NULL = no test */
};
struct t1_numbers {
	const struct an_frame *f;
	size_t groups;                    /* 0 without by: then everybody alone */
	bool overall;
	enum t1_test test;
	int qtype;
	struct t1_variable *variable;
	size_t variables;
};
enum yg_status t1_compute(const struct t1_numbers *wanted, struct yg_task *task, struct yg_err *err) YG_MUST_USE;

#endif
