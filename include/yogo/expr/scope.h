/*
 * What names mean at one statement: the active table, the definitions that belong to it (let,
 * factor), parameters and code sets.  The session's objects are laid into a scope by command; expr
 * binds against it.  A scope borrows everything and is immutable while used.
 */
#ifndef YOGO_EXPR_SCOPE_H
#define YOGO_EXPR_SCOPE_H

#include <stdbool.h>

#include "yogo/base/map.h"
#include "yogo/base/status.h"
#include "yogo/lang/ast.h"
#include "yogo/store/dataset.h"

/*
 * A definition: the LET or FACTOR statement (from a tree that outlives the scope), and, once bound, what it gives.
 * FACTOR of a file column redefines that name; LET may not take a file column's name (checked when defined).
 */
struct yg_definition {
	const struct yg_node *statement;   /* LET or FACTOR node */
	const struct yg_table *table;      /* the table it belongs to */
};
struct yg_param {
	const struct yg_node *value;       /* NUMBER, DURATION, DATE, STRING, WORD */
};
/*
 * A name that is no column: a covariate whose value changes over time, so that it has no value for a row, only for
 * the parts of its follow-up.  Whoever makes the parts hands the values to the evaluator (yg_eval_set_extra).  Seen by
 * expressions themselves, before columns of the same name; a definition (let, factor) means the column.
 */
struct yg_scope_extra {
	const char *name;
	enum yg_type type;                 /* flag, integer, number or level */
	const char *unit, *label;          /* NULL = none */
	const char *const *level;          /* TYPE_LEVEL */
	size_t levels, reference;
	bool is_factor;
};
struct yg_scope {
	const struct yg_dataset *dataset;
	const struct yg_table *table;      /* active table */
	const char *dataset_name;
	struct yg_map definition;          /* name -> struct yg_definition *, in order of definition */
	struct yg_map param;               /* name -> struct yg_param * */
	const struct yg_scope_extra *extra; /* borrowed; at most 64 */
	size_t extras;
};
void yg_scope_init(struct yg_scope *scope);
void yg_scope_release(struct yg_scope *scope);   /* the maps only */

#endif
