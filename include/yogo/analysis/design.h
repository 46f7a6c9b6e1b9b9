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
#include "yogo/num/packed.h"

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
	double *x;                 /* [n*p] row-major, yg_data_alloc; NULL where packed has it */
	struct yg_packed *packed;
	double *offset;            /* [n] or NULL */
	struct yg_design_column *column;
	struct yg_design_term *term;
	int terms;
	const char **note;         /* sentences: "level X of Y has no rows and was left out" */
	int notes;
	const double *mean;        /* of each variable of the plan over the rows; NaN for levels */
	const struct design_layout *layout;   /* how the columns are made of levels and bases: for yg_design_freeze */
	struct yg_arena arena;
};
/* first_variable: index in set->column where the plan's variables begin.  intercept: adds a first column "(Intercept)". */
enum yg_status yg_design_build(const struct yg_design_plan *plan, const struct yg_set *set, size_t first_variable,
                               bool intercept, struct yg_design **out, struct yg_err *err) YG_MUST_USE;
/* The same on the task's pool.  "0 +" in the formula takes the intercept column away again. */
enum yg_status yg_design_build_on(struct yg_task *task, const struct yg_design_plan *plan, const struct yg_set *set,
                                  size_t first_variable, bool intercept, struct yg_design **out,
                                  struct yg_err *err) YG_MUST_USE;
/* The same in few bytes: packed instead of x. */
enum yg_status yg_design_build_packed(struct yg_task *task, const struct yg_design_plan *plan, const struct yg_set *set,
                                      size_t first_variable, bool intercept, struct yg_design **out,
                                      struct yg_err *err) YG_MUST_USE;
void yg_design_free(struct yg_design *d);

/*
 * What is kept of a design so that the same columns can be made from other rows: the variables by name, levels and
 * references, knots of splines, the plan of the columns.  Independent of the plan, the set and the design.
 */
struct yg_design_frozen;
struct yg_design_frozen *yg_design_freeze(const struct yg_design_plan *plan, const struct yg_design *d,
                                          const struct yg_set *set, size_t first_variable);
void yg_design_frozen_free(struct yg_design_frozen *f);
/* The variables to ask of another set, as yg_design_plan_variables. */
size_t yg_design_frozen_variables(const struct yg_design_frozen *f, const struct yg_set_variable **out);
size_t yg_design_frozen_columns(const struct yg_design_frozen *f);
const char *yg_design_frozen_key(const struct yg_design_frozen *f, size_t column);
/*
 * x[n*p] (yg_data_alloc) and offset[n] (NULL = none) of the rows of a set.  Levels go by their names: one that the model
 * does not know is refused (E-PRE-002), as is a number where the model has levels, or the reverse (E-PRE-001).
 */
enum yg_status yg_design_apply(struct yg_task *task, const struct yg_design_frozen *f, const struct yg_set *set,
                               size_t first_variable, double **x, double **offset, struct yg_err *err) YG_MUST_USE;
/* Their linear predictors for coefficients b alone, offset included: lp[n] (yg_data_alloc). */
enum yg_status yg_design_predict(struct yg_task *task, const struct yg_design_frozen *f, const struct yg_set *set,
                                 size_t first_variable, const double *b, double **lp, struct yg_err *err) YG_MUST_USE;
/*
 * The same design with the knots that came from the data chosen again from the rows given (which may repeat); borrows
 * the rest from f.  *changed = false: there are none, and *out is NULL.
 */
enum yg_status yg_design_knots_again(const struct yg_design_frozen *f, const struct yg_set *set, size_t first_variable,
                                     const uint32_t *row, size_t rows, bool *changed, struct yg_design_frozen **out,
                                     struct yg_err *err) YG_MUST_USE;
/* A value for one of the variables: a number, or the name of a level (number is not looked at then). */
struct yg_design_value {
	double number;
	const char *level;
};
/* One row from values, one a variable: row[p], *offset. */
enum yg_status yg_design_row(const struct yg_design_frozen *f, const struct yg_design_value *value, double *row,
                             double *offset, struct yg_err *err) YG_MUST_USE;
/* Of a variable: its text, its levels (0 = a number; the reference first), and its mean over the rows of the fit. */
struct yg_design_fact {
	const char *name;
	const char *const *level;
	int levels;
	double mean;
	bool binary;
};
void yg_design_frozen_fact(const struct yg_design_frozen *f, size_t variable, struct yg_design_fact *out);

#endif
