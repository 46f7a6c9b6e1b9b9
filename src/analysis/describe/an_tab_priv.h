/* A table of counts under way: shared by the table itself and its tests and measures. */
#ifndef YOGO_AN_TAB_PRIV_H
#define YOGO_AN_TAB_PRIV_H

#include "analysis/an_frame_priv.h"

struct tab {
	const struct yg_an_tab *r;
	struct an_frame *f;
	struct yg_task *task;
	struct yg_raw *raw;
	size_t turn;                     /* number of the table in the document */
	const struct an_variable *v;     /* the rows */
	size_t strata, groups, levels;   /* levels without missing; groups with the unknown one, if any, last */
	size_t known_groups;             /* that take part in percentages and tests */
	size_t known_levels;             /* the same for rows */
	size_t rows;                     /* levels, and one more when missing is shown or a level */
	const char **row_label;
	double *count;                   /* [strata * rows * groups] persons (or repeats) */
	double *weight;                  /* the same, sums of weights */
	size_t event;                    /* row that is the event; SIZE_MAX = not known */
};

static inline double *tab_cell(const struct tab *t, double *of, size_t stratum, size_t row, size_t group)
{
	return &of[(stratum * t->rows + row) * t->groups + group];
}
/* Whole numbers over all strata (stratum = SIZE_MAX) or one. */
double tab_count(const struct tab *t, size_t stratum, size_t row, size_t group);
/* { a, b, c, d } of group against reference, event against the other known rows. */
void tab_two_by_two(const struct tab *t, size_t stratum, size_t group, double n[4]);

enum yg_status tab_risks(const struct tab *t, struct yg_err *err) YG_MUST_USE;
enum yg_status tab_tests(const struct tab *t, struct yg_err *err) YG_MUST_USE;
enum yg_status tab_stratified(const struct tab *t, struct yg_err *err) YG_MUST_USE;

#endif
