/* The scope: what names mean at one statement.  Borrowed throughout but for its two maps. */
#include "yogo/expr/scope.h"

#include <string.h>

void yg_scope_init(struct yg_scope *scope)
{
	memset(scope, 0, sizeof *scope);
	yg_map_init(&scope->definition);
	yg_map_init(&scope->param);
}

void yg_scope_release(struct yg_scope *scope)
{
	yg_map_release(&scope->definition);
	yg_map_release(&scope->param);
	scope->dataset = NULL;
	scope->table = NULL;
	scope->dataset_name = NULL;
}
