/*
 * A kept design and other rows: the columns of a fitted model made again.
 *
 * Levels, references and knots are those of the fit.  A factor's level that the fit never met has no coefficient, so that
 * nothing can be said of its rows: it is refused by name rather than taken for the reference.
 */
#include <math.h>
#include <string.h>

#include "design_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/num/matrix.h"

#define ROWS 256u
#define BASIS ((size_t)YG_BASIS_MOST + 4)   /* values of a spline or polynomial, and room to make them */

struct yg_design_frozen {
	struct yg_arena arena;
	struct design_layout layout;
	struct yg_set_variable *variable;
	const char **text;            /* [variables] as written */
	double *mean;                 /* [variables] of numbers; NaN for factors */
	size_t variables;
	const char **key;             /* [columns] */
};

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was applied"));
}

static const char *variable_text(struct yg_arena *arena, const struct yg_node *node)
{
	return node->kind == YG_NODE_NAME && node->text ? yg_arena_strdup(arena, node->text) : NULL;
}

static void copy_part(struct yg_arena *arena, const struct design_part *from, struct design_part *to)
{
	*to = *from;
	to->name = yg_arena_strdup(arena, from->name);
	to->asked.at = NULL;
	to->asked.name = to->name;
	to->asked.ref = NULL;
	to->level = yg_arena_alloc(arena, (size_t)from->levels + 1, sizeof *to->level);
	for (int i = 0; i < from->levels; i++)
		to->level[i] = yg_arena_strdup(arena, from->level[i]);
}

struct yg_design_frozen *yg_design_freeze(const struct yg_design_plan *plan, const struct yg_design *d,
                                          const struct yg_set *set, size_t first_variable)
{
	struct yg_design_frozen *f = yg_xcalloc(1, sizeof *f);
	struct yg_arena *arena = &f->arena;
	yg_arena_init(arena);
	f->layout = *d->layout;
	f->layout.part = yg_arena_alloc(arena, f->layout.parts + 1, sizeof *f->layout.part);
	for (size_t k = 0; k < f->layout.parts; k++)
		copy_part(arena, &d->layout->part[k], &f->layout.part[k]);
	f->layout.column = yg_arena_alloc(arena, f->layout.columns + 1, sizeof *f->layout.column);
	memcpy(f->layout.column, d->layout->column, f->layout.columns * sizeof *f->layout.column);
	f->key = yg_arena_alloc(arena, f->layout.columns + 1, sizeof *f->key);
	for (size_t j = 0; j < f->layout.columns; j++)
		f->key[j] = yg_arena_strdup(arena, d->column[j].key);
	f->variables = plan->variables;
	f->variable = yg_arena_alloc(arena, f->variables + 1, sizeof *f->variable);
	f->text = yg_arena_alloc(arena, f->variables + 1, sizeof *f->text);
	f->mean = yg_arena_alloc(arena, f->variables + 1, sizeof *f->mean);
	for (size_t k = 0; k < f->variables; k++) {
		const struct yg_set_column *c = &set->column[first_variable + k];
		f->variable[k] = plan->variable[k];
		f->variable[k].expression = yg_node_copy(arena, plan->variable[k].expression);
		f->text[k] = variable_text(arena, plan->variable[k].expression);
		if (!f->text[k])
			f->text[k] = yg_arena_strdup(arena, c->name);
		f->mean[k] = d->mean[k];
	}
	return f;
}

void yg_design_frozen_free(struct yg_design_frozen *f)
{
	if (!f)
		return;
	yg_arena_release(&f->arena);
	yg_free(f);
}

size_t yg_design_frozen_variables(const struct yg_design_frozen *f, const struct yg_set_variable **out)
{
	*out = f->variable;
	return f->variables;
}

size_t yg_design_frozen_columns(const struct yg_design_frozen *f)
{
	return f->layout.columns;
}

const char *yg_design_frozen_key(const struct yg_design_frozen *f, size_t column)
{
	return f->key[column];
}

void yg_design_frozen_fact(const struct yg_design_frozen *f, size_t variable, struct yg_design_fact *out)
{
	*out = (struct yg_design_fact){ .name = f->text[variable], .mean = f->mean[variable] };
	for (size_t k = 0; k < f->layout.parts; k++) {
		const struct design_part *p = &f->layout.part[k];
		if (p->variable != variable)
			continue;
		if (p->factor) {
			out->level = p->level;
			out->levels = p->levels;
		}
		out->binary = out->binary || p->binary;
	}
}

/* ---- rows of a set ---- */

struct apply {
	const struct yg_design_frozen *f;
	const struct yg_set *set;
	size_t first;
	int32_t **level;              /* [parts] model's level of each level of the set's column from -1 (missing) on, -1 = unknown */
	double *x;                    /* all rows, or NULL */
	const double *b, *offset;     /* without x: of lp */
	double *lp;
	struct yg_task *task;
};

static enum yg_status unknown_level(const struct design_part *p, const char *name, struct yg_err *err)
{
	yg_fail(err, YG_REFUSED, "E-PRE-002", N_("%s has the level \"%s\", which the model does not know: it was fitted without it"), p->name,
	        name);
	if (p->levels)
		yg_err_hint(err, N_("The model's first level is \"%s\". Give the levels the same names (factor NAME = ... with levels=...), or leave these rows out with where."),
		            p->level[0]);
	return YG_REFUSED;
}

static enum yg_status match_levels(const struct design_part *p, const struct yg_set_column *c, size_t n, int32_t *level,
                                   struct yg_err *err)
{
	uint8_t *present = yg_xcalloc((size_t)c->levels + 1, 1);
	enum yg_status s = YG_OK;
	for (int l = 0; l < c->levels; l++) {
		level[l] = -1;
		for (int k = 0; k < p->levels && level[l] < 0; k++)
			if (!strcmp(c->level_name[l], p->level[k]))
				level[l] = k;
	}
	for (size_t i = 0; i < n; i++)
		if (c->level[i] >= 0)
			present[c->level[i]] = 1;
	for (int l = 0; s == YG_OK && l < c->levels; l++)
		if (present[l] && level[l] < 0)
			s = unknown_level(p, c->level_name[l], err);
	yg_free(present);
	return s;
}

static enum yg_status match(struct apply *a, struct yg_arena *arena, struct yg_err *err)
{
	const struct design_layout *l = &a->f->layout;
	a->level = yg_arena_alloc(arena, l->parts + 1, sizeof *a->level);
	for (size_t k = 0; k < l->parts; k++) {
		const struct design_part *p = &l->part[k];
		const struct yg_set_column *c = &a->set->column[a->first + p->variable];
		if (p->factor != c->is_factor) {
			yg_fail(err, YG_REFUSED, "E-PRE-001", p->factor ? N_("%s has levels in the model, but is a number in these data") :
			                                                  N_("%s is a number in the model, but has levels in these data"), p->name);
			yg_err_hint(err, p->factor ? N_("Make it a factor with the same levels: factor NAME with levels=(...)") :
			                             N_("Give the number itself, or fit the model with the levels"));
			return YG_REFUSED;
		}
		if (!p->factor)
			continue;
		a->level[k] = yg_arena_alloc(arena, (size_t)c->levels + 2, sizeof *a->level[k]);
		*a->level[k]++ = -1;
		YG_TRY(match_levels(p, c, a->set->n, a->level[k], err));
	}
	return YG_OK;
}

static double cell_value(const struct design_part *p, int index, double number, int32_t level, const double *basis)
{
	if (p->factor)
		return level == index;
	if (p->kind == DESIGN_BASIS)
		return basis[index];
	return p->kind == DESIGN_PER ? number / p->per : number;
}

/* The values of a spline or polynomial in a block's rows. */
static void basis_rows(const struct design_part *p, const double *number, size_t rows, double *basis)
{
	for (size_t i = 0; i < rows; i++)
		yg_basis_row(&p->basis, number[i], basis + i * BASIS);
}

/* The factor of one cell into the values of a column. */
static void multiply(const struct apply *a, const struct design_cell *cell, size_t first, size_t rows, const double *basis,
                     double *value)
{
	const struct design_part *part = &a->f->layout.part[cell->part];
	const struct yg_set_column *c = &a->set->column[a->first + part->variable];
	const int32_t *known = a->level[cell->part], *level = part->factor ? c->level + first : NULL;
	const double *number = part->factor ? NULL : c->number + first;
	static const double whether[2] = { 0, 1 };   /* levels follow no pattern: no branch */
	int index = cell->index;
	if (part->factor)
		for (size_t i = 0; i < rows; i++)
			value[i] *= whether[known[level[i]] == index];
	else if (part->kind == DESIGN_BASIS)
		for (size_t i = 0; i < rows; i++)
			value[i] *= basis[i * BASIS + (size_t)index];
	else if (part->kind == DESIGN_PER)
		for (size_t i = 0; i < rows; i++)
			value[i] *= number[i] / part->per;
	else
		for (size_t i = 0; i < rows; i++)
			value[i] *= number[i];
}

static enum yg_status apply_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct apply *a = context;
	const struct design_layout *l = &a->f->layout;
	size_t first = block * ROWS, rows = first + ROWS < a->set->n ? ROWS : a->set->n - first, p = l->columns, bases = 0;
	for (size_t k = 0; k < l->parts; k++)
		bases += !l->part[k].factor && l->part[k].kind == DESIGN_BASIS;
	double *space = yg_data_alloc((a->x ? 0 : rows * p) + rows + bases * rows * BASIS + 1, sizeof *space);
	double *x = a->x ? a->x + first * p : space, **basis = yg_xcalloc(l->parts + 1, sizeof *basis);
	double *value = a->x ? space : space + rows * p, *next = value + rows;
	enum yg_status s = space ? YG_OK : no_memory(err);
	(void)worker;
	for (size_t k = 0; s == YG_OK && k < l->parts; k++) {
		basis[k] = next;
		if (l->part[k].factor || l->part[k].kind != DESIGN_BASIS)
			continue;
		basis_rows(&l->part[k], a->set->column[a->first + l->part[k].variable].number + first, rows, basis[k]);
		next += rows * BASIS;
	}
	for (size_t j = 0; s == YG_OK && j < p; j++) {
		const struct design_column *c = &l->column[j];
		for (size_t i = 0; i < rows; i++)
			value[i] = 1;
		for (int m = 0; m < c->cells; m++)
			multiply(a, &c->cell[m], first, rows, basis[c->cell[m].part], value);
		for (size_t i = 0; i < rows; i++)
			x[i * p + j] = value[i];
	}
	if (s == YG_OK && !a->x)
		s = yg_linear_predictor(x, rows, p, a->b, a->offset ? a->offset + first : NULL, NULL, a->lp + first, err);
	yg_data_free(space);
	yg_free(basis);
	return s == YG_OK && yg_task_cancelled(a->task) ? YG_CANCELLED : s;
}

static enum yg_status make_offset(const struct apply *a, double **offset, struct yg_err *err)
{
	*offset = NULL;
	for (size_t k = 0; k < a->f->variables; k++) {
		const struct yg_set_column *c = &a->set->column[a->first + k];
		if (a->f->variable[k].use != YG_USE_OFFSET)
			continue;
		if (c->is_factor)
			return yg_fail(err, YG_REFUSED, "E-PRE-001", N_("%s is a number in the model, but has levels in these data"), c->name);
		if (!*offset)
			*offset = yg_data_calloc(a->set->n + 1, sizeof(double));
		if (!*offset)
			return no_memory(err);
		for (size_t i = 0; i < a->set->n; i++)
			(*offset)[i] += c->number[i];
	}
	return YG_OK;
}

static enum yg_status apply_rows(struct apply *a, double **offset, struct yg_err *err)
{
	struct yg_arena arena;
	yg_arena_init(&arena);
	enum yg_status s = match(a, &arena, err);
	if (s == YG_OK)
		s = make_offset(a, offset, err);
	a->offset = *offset;
	if (s == YG_OK)
		s = yg_pool_run(a->task, (a->set->n + ROWS - 1) / ROWS, apply_block, a, err);
	yg_arena_release(&arena);
	return s;
}

enum yg_status yg_design_apply(struct yg_task *task, const struct yg_design_frozen *f, const struct yg_set *set,
                               size_t first_variable, double **x, double **offset, struct yg_err *err)
{
	struct apply a = { .f = f, .set = set, .first = first_variable, .task = task };
	double *shift = NULL;
	a.x = yg_data_alloc(set->n + 1, (f->layout.columns + 1) * sizeof(double));
	enum yg_status s = a.x ? apply_rows(&a, &shift, err) : no_memory(err);
	if (s != YG_OK) {
		yg_data_free(a.x);
		yg_data_free(shift);
		return s;
	}
	*x = a.x;
	*offset = shift;
	return YG_OK;
}

enum yg_status yg_design_predict(struct yg_task *task, const struct yg_design_frozen *f, const struct yg_set *set,
                                 size_t first_variable, const double *b, double **lp, struct yg_err *err)
{
	struct apply a = { .f = f, .set = set, .first = first_variable, .b = b, .task = task };
	double *shift = NULL;
	a.lp = yg_data_alloc(set->n + 1, sizeof *a.lp);
	enum yg_status s = a.lp ? apply_rows(&a, &shift, err) : no_memory(err);
	yg_data_free(shift);
	if (s == YG_OK)
		*lp = a.lp;
	else
		yg_data_free(a.lp);
	return s;
}

/* ---- knots of other rows ---- */

enum yg_status yg_design_knots_again(const struct yg_design_frozen *f, const struct yg_set *set, size_t first_variable,
                                     const uint32_t *row, size_t rows, bool *changed, struct yg_design_frozen **out,
                                     struct yg_err *err)
{
	*changed = false;
	*out = NULL;
	for (size_t k = 0; k < f->layout.parts; k++)
		*changed = *changed || f->layout.part[k].own_knots;
	if (!*changed)
		return YG_OK;
	struct yg_design_frozen *g = yg_xcalloc(1, sizeof *g);
	*g = *f;
	yg_arena_init(&g->arena);
	g->layout.part = yg_arena_alloc(&g->arena, f->layout.parts + 1, sizeof *g->layout.part);
	memcpy(g->layout.part, f->layout.part, f->layout.parts * sizeof *g->layout.part);
	double *value = yg_data_alloc(rows + 1, sizeof *value);
	enum yg_status s = value ? YG_OK : no_memory(err);
	for (size_t k = 0; s == YG_OK && k < f->layout.parts; k++) {
		struct design_part *p = &g->layout.part[k];
		if (!p->own_knots)
			continue;
		const double *from = set->column[first_variable + p->variable].number;
		for (size_t i = 0; i < rows; i++)
			value[i] = from[row[i]];
		s = yg_design_basis_fit(&p->asked, value, rows, &p->basis, err);
	}
	yg_data_free(value);
	if (s == YG_OK)
		*out = g;
	else
		yg_design_frozen_free(g);
	return s;
}

/* ---- one row ---- */

static enum yg_status part_level(const struct design_part *p, const struct yg_design_value *v, int32_t *level, struct yg_err *err)
{
	*level = -1;
	if (!v->level)
		return yg_fail(err, YG_REFUSED, "E-PRE-001", N_("%s has levels in the model, but is a number in these data"), p->name);
	for (int k = 0; k < p->levels && *level < 0; k++)
		if (!strcmp(p->level[k], v->level))
			*level = k;
	return *level < 0 ? unknown_level(p, v->level, err) : YG_OK;
}

enum yg_status yg_design_row(const struct yg_design_frozen *f, const struct yg_design_value *value, double *row,
                             double *offset, struct yg_err *err)
{
	const struct design_layout *l = &f->layout;
	double basis[YG_BASIS_MOST + 4] = { 0 };
	for (size_t j = 0; j < l->columns; j++)
		row[j] = 1;
	*offset = 0;
	for (size_t k = 0; k < f->variables; k++)
		if (f->variable[k].use == YG_USE_OFFSET)
			*offset += value[k].number;
	for (size_t k = 0; k < l->parts; k++) {
		const struct design_part *p = &l->part[k];
		const struct yg_design_value *v = &value[p->variable];
		int32_t level = -1;
		if (p->factor)
			YG_TRY(part_level(p, v, &level, err));
		else if (v->level)
			return yg_fail(err, YG_REFUSED, "E-PRE-001", N_("%s is a number in the model, but has levels in these data"), p->name);
		if (!p->factor && p->kind == DESIGN_BASIS)
			yg_basis_row(&p->basis, v->number, basis);
		for (size_t j = 0; j < l->columns; j++)
			for (int m = 0; m < l->column[j].cells; m++)
				if ((size_t)l->column[j].cell[m].part == k)
					row[j] *= cell_value(p, l->column[j].cell[m].index, v->number, level, basis);
	}
	return YG_OK;
}
