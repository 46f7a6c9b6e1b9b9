/*
 * A bound expression: names resolved to columns, definitions inlined, types and units checked,
 * ready to be evaluated block by block.  Immutable; may be evaluated by several workers, each with
 * its own struct yg_eval.
 *
 * Missing is never true: every value carries validity; comparisons with missing are unknown; and, or,
 * not follow three-valued logic.  Integers and flags widen to number where mixed; dates subtract to days.
 * A level compares with its label (a string), a value-labelled integer with its code or label.
 */
#ifndef YOGO_EXPR_BIND_H
#define YOGO_EXPR_BIND_H

#include "yogo/base/task.h"
#include "yogo/expr/scope.h"
#include "yogo/store/vec.h"

struct yg_bound;

/* What an expression is: type, unit, label, and for levels the labels in order. */
struct yg_bound_info {
	enum yg_type type;
	const char *unit;          /* NULL = none or unknown */
	const char *label;         /* of a plain column or a labelled let; else NULL */
	const char *const *level;  /* TYPE_LEVEL: in level order */
	size_t levels;
	size_t reference;          /* position of the reference level of a factor (0 unless said) */
	bool is_factor;            /* made by factor, or factor() in a formula */
	bool by_person;            /* constant within the person: a subject column, a let ... by person */
	const char *column;        /* name when it is a plain column, else NULL */
};

/*
 * Bind an expression node in a scope.  want 0 = any type, else the type is checked (YG_TYPE_FLAG for conditions).
 * Person aggregates (let x = max(t) where k = 1 by id) are computed here, one pass, and kept; hence the task.
 * Errors carry the byte span of the offending node.
 */
enum yg_status yg_bind(const struct yg_scope *scope, const struct yg_node *expression, enum yg_type want,
                       struct yg_task *task, struct yg_bound **out, struct yg_err *err) YG_MUST_USE;
void yg_bound_free(struct yg_bound *b);
const struct yg_bound_info *yg_bound_info(const struct yg_bound *b);
const struct yg_table *yg_bound_table(const struct yg_bound *b);
/* Check a LET or FACTOR statement as a definition would be (types, names, levels), without keeping it:
   for "yogo check" and for the moment of definition.  For FACTOR the data are scanned: a value in no level is an error. */
enum yg_status yg_bind_definition(const struct yg_scope *scope, const struct yg_node *statement, struct yg_task *task,
                                  struct yg_bound_info *out, struct yg_err *err) YG_MUST_USE;

/* Scratch of one worker for one bound expression. */
struct yg_eval;
/* Decode its columns into the store's cache first, in parallel; without memory for them nothing happens. */
enum yg_status yg_bound_load(const struct yg_bound *b, struct yg_task *task, struct yg_err *err) YG_MUST_USE;
struct yg_eval *yg_eval_new(const struct yg_bound *b);
void yg_eval_free(struct yg_eval *e);
/* Evaluate for all rows of a block of the bound's table; *out is valid until the next call on e. */
enum yg_status yg_eval_block(struct yg_eval *e, uint32_t block, struct yg_vec *out, struct yg_err *err) YG_MUST_USE;

/*
 * A condition over the whole table: bit r of *is_true and *is_unknown per row (bitmaps of rows bits,
 * yg_data_alloc'ed, words rounded up); either output may be NULL.  Parallel by block, zone maps skip blocks.
 */
enum yg_status yg_eval_condition(const struct yg_bound *b, struct yg_task *task, uint64_t **is_true,
                                 uint64_t **is_unknown, struct yg_err *err) YG_MUST_USE;
/* Why values became missing in evaluation (log of 0, division by 0): reason text and count, accumulated over calls. */
struct yg_eval_loss {
	const char *reason;        /* static text: "log of zero or less" */
	uint64_t rows;
};
size_t yg_bound_losses(const struct yg_bound *b, const struct yg_eval_loss **out);

/*
 * Persons instead of rows.  An expression that is constant within the person (info->by_person) can be
 * evaluated for the rows of the subject table, so that also a person without rows has a value:
 * block b then holds persons b * YG_BLOCK_ROWS and on.  Only for by_person expressions of a data set
 * with a person table (yg_bound_person_table is not NULL).
 */
const struct yg_table *yg_bound_person_table(const struct yg_bound *b);
struct yg_eval *yg_eval_new_persons(const struct yg_bound *b);
enum yg_status yg_eval_condition_persons(const struct yg_bound *b, struct yg_task *task, uint64_t **is_true,
                                         uint64_t **is_unknown, struct yg_err *err) YG_MUST_USE;
/* Names of the columns and definitions in it that may vary within the person. */
size_t yg_bound_row_columns(const struct yg_bound *b, const char *const **out);
/* The block as true and unknown bitmaps (TYPE_FLAG only), valid until the next call on e. */
enum yg_status yg_eval_block_tri(struct yg_eval *e, uint32_t block, const uint64_t **is_true,
                                 const uint64_t **is_unknown, struct yg_err *err) YG_MUST_USE;

/*
 * Extra names of the scope (covariates that change over time).  Which of them an expression names: bit k = scope's
 * extra k.  Such an expression is evaluated only after a vector of the type of each was set for the rows of the block
 * that comes next; without one it is refused, saying that the name changes over time.
 */
uint64_t yg_bound_extras(const struct yg_bound *b);
void yg_eval_set_extra(struct yg_eval *e, size_t extra, const struct yg_vec *borrowed);

/* A vector of flags, integers, numbers, levels (positions), dates or instants (days) as doubles, out[n]. */
void yg_vec_widen(const struct yg_vec *v, double *out);

/* Units of time: "d" "day" "days" ... to "days", "weeks", "months", "years"; NULL when it is none. */
const char *yg_time_unit_name(const char *unit);
/* How many units `from` make one unit `to`: ("days", "years") gives 365.25, ("months", "years") 12.  False when
   either is no unit of time. */
bool yg_time_unit_divisor(const char *from, const char *to, double *units_of_from_per_to);

/*
 * Functions of expressions (docs/language): log exp sqrt abs round(x, digits = 0) floor least greatest coalesce
 * case cut days months years age date factor; within `let ... by`: count sum mean min max any first last seq.
 * least and greatest are missing when one value is; round goes half away from zero; integers stay integers under
 * + - * and abs and turn missing, counted, when they leave 64 bits.
 */

#endif
