/*
 * A formula's model as a matrix.
 *
 * Plan: walks a MODEL node into terms and row-wise atoms (age, log(nodes + 1), factor(extent)), which
 * the analysis set evaluates; build: expands factors (treatment contrasts against the reference),
 * interactions, and the bases ns, bs, rcs, poly into columns.
 *
 * Column keys and labels: "age"; "rx: Lev" for a factor level; "rx: Lev x sex: Male" for products;
 * "rcs(age, 4)[2]" for basis columns.  A level without rows is dropped and named; a column that is constant
 * or a combination of earlier ones is kept in the matrix, and reported by the kernel's rank.
 */
#ifndef YOGO_ANALYSIS_DESIGN_H
#define YOGO_ANALYSIS_DESIGN_H

#include "yogo/cohort/set.h"

struct yg_design_plan;
enum yg_status yg_design_plan(struct yg_arena *arena, const struct yg_scope *scope, const struct yg_node *model,
                              struct yg_design_plan **out, struct yg_err *err) YG_MUST_USE;
/* The variables to ask of the set, use TERM (or OFFSET), in plan order; returns how many. */
size_t yg_design_plan_variables(const struct yg_design_plan *plan, const struct yg_set_variable **out);

struct yg_design_column {
	const char *key, *label;
	int term;                  /* index in term[]; -1 = the intercept */
	bool binary;               /* 0/1 column: level of a factor or flag */
};
struct yg_design_term {
	const char *name;          /* "rx", "rcs(age, 4)", "trt*age" parts: "trt:age" */
	int first, count;          /* columns */
	bool is_factor;            /* rx with reference row to be shown */
	const char *reference;     /* label of the reference level, or NULL */
	const double *knots;       /* of a spline term, or NULL */
	int knot_count;
	int set_column;            /* index in set->column of a main-effect term, else -1 */
};
struct yg_design {
	size_t n;
	int p;
	double *x;                 /* [n*p] row-major, yg_data_alloc */
	double *offset;            /* [n] or NULL */
	struct yg_design_column *column;
	struct yg_design_term *term;
	int terms;
	const char **note;         /* sentences: "level X of Y has no rows and was left out" */
	int notes;
	struct yg_arena arena;
};
/* first_variable: index in set->column where the plan's variables begin.  intercept: adds a first column "(Intercept)". */
enum yg_status yg_design_build(const struct yg_design_plan *plan, const struct yg_set *set, size_t first_variable,
                               bool intercept, struct yg_design **out, struct yg_err *err) YG_MUST_USE;
/* The same on the task's pool.  "0 +" in the formula takes the intercept column away again. */
enum yg_status yg_design_build_on(struct yg_task *task, const struct yg_design_plan *plan, const struct yg_set *set,
                                  size_t first_variable, bool intercept, struct yg_design **out,
                                  struct yg_err *err) YG_MUST_USE;
void yg_design_free(struct yg_design *d);

#endif
