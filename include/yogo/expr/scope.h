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
struct yg_scope {
	const struct yg_dataset *dataset;
	const struct yg_table *table;      /* active table */
	const char *dataset_name;
	struct yg_map definition;          /* name -> struct yg_definition *, in order of definition */
	struct yg_map param;               /* name -> struct yg_param * */
};
void yg_scope_init(struct yg_scope *scope);
void yg_scope_release(struct yg_scope *scope);   /* the maps only */

#endif
