/*
 * A planned formula and the columns of a set into the matrix.
 *
 * Treatment contrasts against the reference level; in a product a factor is coded in full when the term without it is
 * not in the model (R's rule), so that a:b alone spans all cells.  Rows are filled in blocks of 1,024, column by column; plain
 * ones 64 at a time, since they are wide.
 */
#include <math.h>
#include <string.h>

#include "design_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/num/lanes.h"
#include "yogo/num/sum.h"

#define ROWS 1024u
#define NEAR 64u             /* rows that stay in the nearest cache while all their columns are written */

/* A piece with its values. */
struct part {
	const struct design_piece *piece;
	const struct yg_set_column *column;
	int set_column;
	bool factor;
	const int32_t *level;        /* positions in the set column's levels that have rows; the reference first */
	int levels;
	struct yg_basis basis;
	bool binary;                 /* a flag */
	uint8_t *present;            /* of a factor: [levels] 1 = has rows */
};
/* One factor of a product column. */
struct cell {
	int part, index;             /* index: level (position in part.level) or basis column */
};
struct column_plan {
	struct cell cell[DESIGN_DEGREE];
	int cells;
};
struct build {
	const struct yg_design_plan *plan;
	const struct yg_set *set;
	struct yg_design *d;
	struct part *part;
	struct column_plan *column;
	int cap, note_cap;
	bool intercept, packed;
	struct yg_packed_shape *shape;
	struct yg_task *task;
};

static void note(struct build *b, const char *sentence)
{
	struct yg_design *d = b->d;
	if (d->notes == b->note_cap) {
		b->note_cap = b->note_cap ? 2 * b->note_cap : 8;
		const char **v = yg_arena_alloc(&d->arena, (size_t)b->note_cap, sizeof *v);
		if (d->notes)
			memcpy(v, d->note, (size_t)d->notes * sizeof *v);
		d->note = v;
	}
	d->note[d->notes++] = sentence;
}

/* ---- pieces ---- */

static enum yg_status choose_reference(struct build *b, struct part *p, const uint8_t *present, int *reference,
                                       struct yg_err *err)
{
	const struct yg_set_column *c = p->column;
	*reference = c->reference;
	if (p->piece->ref) {
		*reference = -1;
		for (int l = 0; l < c->levels; l++)
			if (!strcmp(c->level_name[l], p->piece->ref))
				*reference = l;
		if (*reference < 0) {
			yg_fail_at(err, YG_ESYNTAX, p->piece->at->at, p->piece->at->len, "E-FML-011",
			           N_("%s has no level \"%s\" among the rows analysed"), c->name, p->piece->ref);
			if (c->levels > 0)
				yg_err_hint(err, N_("The first level is \"%s\"."), c->level_name[0]);
			return YG_ESYNTAX;
		}
	}
	if (!present[*reference]) {
		int first = 0;
		while (first + 1 < c->levels && !present[first])
			first++;
		note(b, yg_arena_printf(&b->d->arena, "the reference level %s of %s has no rows; %s is the reference instead",
		                        c->level_name[*reference], c->name, c->level_name[first]));
		*reference = first;
	}
	return YG_OK;
}

static enum yg_status factor_part(struct build *b, struct part *p, struct yg_err *err)
{
	const struct yg_set_column *c = p->column;
	int reference, *level = yg_arena_alloc(&b->d->arena, (size_t)c->levels + 1, sizeof *level);
	const uint8_t *present = p->present;
	p->factor = true;
	p->level = level;
	if (c->levels == 0)
		return YG_OK;
	YG_TRY(choose_reference(b, p, present, &reference, err));
	level[p->levels++] = reference;
	for (int l = 0; l < c->levels; l++) {
		if (l == reference)
			continue;
		if (present[l])
			level[p->levels++] = l;
		else
			note(b, yg_arena_printf(&b->d->arena, "level %s of %s has no rows and was left out", c->level_name[l], c->name));
	}
	if (p->levels == 1)
		note(b, yg_arena_printf(&b->d->arena, "%s has only one level among the rows analysed and was left out", c->name));
	return YG_OK;
}

/* A whole number with few values that enters as a straight line is worth a word. */
static void few_values(struct build *b, const struct part *p)
{
	double seen[11];
	int count = 0;
	if (p->column->type != YG_TYPE_INTEGER || p->piece->kind != DESIGN_PLAIN)
		return;
	for (size_t i = 0; i < b->set->n && count <= 10; i++) {
		int k = 0;
		while (k < count && seen[k] != p->column->number[i])
			k++;
		if (k == count)
			seen[count++] = p->column->number[i];
	}
	if (count >= 3 && count <= 10)
		note(b, yg_arena_printf(&b->d->arena, "%s is a whole number with %d different values and enters as a straight "
		                        "line; for groups write factor(%s)", p->column->name, count, p->column->name));
}

YG_CLONES static bool others_than_flags(const double *x, size_t n)
{
	yg_lanes_int others = { 0 };
	int64_t any = 0;
	size_t i = 0;
	for (; i + YG_LANES <= n; i += YG_LANES) {
		yg_lanes v = *(const yg_lanes *)(x + i);
		others |= (yg_lanes_int)(v != 0.0) & (yg_lanes_int)(v != 1.0);
	}
	for (size_t j = 0; j < YG_LANES; j++)
		any |= others[j];
	for (; i < n; i++)
		any |= (x[i] != 0) & (x[i] != 1);
	return any != 0;
}

static bool zeros_and_ones(const double *x, size_t n)
{
	for (size_t i = 0; i < n; i += ROWS)
		if (others_than_flags(x + i, n - i < ROWS ? n - i : ROWS))
			return false;
	return n > 0;
}

/* All rows of a piece's column: which levels have some, or whether it is a flag. */
static enum yg_status look_at_part(void *context, size_t k, unsigned worker, struct yg_err *err)
{
	struct build *b = context;
	struct part *p = &b->part[k];
	const struct yg_set_column *c = p->column;
	(void)worker;
	(void)err;
	for (size_t i = 0; c->is_factor && i < b->set->n; i++)
		if (c->level[i] >= 0)
			p->present[c->level[i]] = 1;
	p->binary = !c->is_factor && p->piece->kind == DESIGN_PLAIN &&
	            (c->type == YG_TYPE_FLAG || zeros_and_ones(c->number, b->set->n));
	return YG_OK;
}

static enum yg_status make_part(struct build *b, struct part *p, struct yg_err *err)
{
	const struct design_piece *piece = p->piece;
	if (p->column->is_factor) {
		if (piece->kind != DESIGN_PLAIN)
			return yg_fail_at(err, YG_ESYNTAX, piece->at->at, piece->at->len, "E-FML-012",
			                  N_("%s needs a number, but %s has levels"), piece->name, p->column->name);
		return factor_part(b, p, err);
	}
	if (piece->kind == DESIGN_BASIS)
		return yg_design_basis_fit(piece, p->column->number, b->set->n, &p->basis, err);
	if (!p->binary)
		few_values(b, p);
	return YG_OK;
}

/* ---- columns ---- */

static const char *part_label(struct build *b, const struct part *p)
{
	const struct yg_set_column *c = p->column;
	const char *label = c->label ? c->label : c->name;
	if (p->piece->kind == DESIGN_BASIS)
		return p->piece->name;
	if (p->piece->kind == DESIGN_PER)
		return yg_arena_printf(&b->d->arena, c->unit ? "%s per %g %s" : "%s per %g", label, p->piece->per, c->unit);
	return c->unit && *c->unit && !p->factor ? yg_arena_printf(&b->d->arena, "%s (%s)", label, c->unit) : label;
}

static const char *cell_text(struct build *b, const struct cell *c, bool label)
{
	const struct part *p = &b->part[c->part];
	const char *name = label ? part_label(b, p) : p->piece->name;
	if (p->factor)
		return yg_arena_printf(&b->d->arena, "%s: %s", name, p->column->level_name[p->level[c->index]]);
	if (p->piece->kind == DESIGN_BASIS)
		return yg_arena_printf(&b->d->arena, "%s[%d]", name, c->index + 1);
	return name;
}

static void add_column(struct build *b, const struct column_plan *plan, int term)
{
	struct yg_design *d = b->d;
	if (d->p == b->cap) {
		int cap = b->cap ? 2 * b->cap : 32;
		struct yg_design_column *c = yg_arena_alloc(&d->arena, (size_t)cap, sizeof *c);
		struct column_plan *k = yg_arena_alloc(&d->arena, (size_t)cap, sizeof *k);
		if (d->p) {
			memcpy(c, d->column, (size_t)d->p * sizeof *c);
			memcpy(k, b->column, (size_t)d->p * sizeof *k);
		}
		d->column = c;
		b->column = k;
		b->cap = cap;
	}
	struct yg_design_column *c = &d->column[d->p];
	b->column[d->p++] = *plan;
	c->term = term;
	c->binary = plan->cells > 0;
	if (plan->cells == 0)
		c->key = c->label = "(Intercept)";
	for (int i = 0; i < plan->cells; i++) {
		const struct part *p = &b->part[plan->cell[i].part];
		const char *key = cell_text(b, &plan->cell[i], false), *label = cell_text(b, &plan->cell[i], true);
		c->binary = c->binary && (p->factor || p->binary);
		c->key = i ? yg_arena_printf(&d->arena, "%s x %s", c->key, key) : yg_arena_strdup(&d->arena, key);
		c->label = i ? yg_arena_printf(&d->arena, "%s x %s", c->label, label) : yg_arena_strdup(&d->arena, label);
	}
}

static bool has_margin(const struct build *b, const struct design_term *t, int without)
{
	const struct yg_design_plan *plan = b->plan;
	if (t->pieces == 1)
		return !(b->intercept && plan->no_intercept);
	for (size_t i = 0; i < plan->terms; i++) {
		int found = 0;
		for (int j = 0; j < t->pieces; j++)
			for (int k = 0; k < plan->term[i].pieces && j != without; k++)
				found += plan->term[i].piece[k] == t->piece[j];
		if (plan->term[i].pieces == t->pieces - 1 && found == t->pieces - 1)
			return true;
	}
	return false;
}

static void add_term(struct build *b, const struct design_term *t, int number)
{
	struct yg_design *d = b->d;
	struct yg_design_term *out = &d->term[number];
	int size[DESIGN_DEGREE], from[DESIGN_DEGREE], total = 1;
	out->first = d->p;
	out->set_column = -1;
	for (int i = 0; i < t->pieces; i++) {
		const struct part *p = &b->part[t->piece[i]];
		from[i] = p->factor && has_margin(b, t, i) ? 1 : 0;
		size[i] = p->factor ? p->levels - from[i] : p->piece->kind == DESIGN_BASIS ? p->basis.columns : 1;
		total *= size[i];
		out->name = i ? yg_arena_printf(&d->arena, "%s:%s", out->name, p->piece->name) :
		                yg_arena_strdup(&d->arena, p->piece->name);
	}
	for (int c = 0; c < total; c++) {
		struct column_plan plan = { .cells = t->pieces };
		int rest = c;
		for (int i = 0; i < t->pieces; i++) {
			plan.cell[i] = (struct cell){ t->piece[i], from[i] + rest % size[i] };
			rest /= size[i];
		}
		add_column(b, &plan, number);
	}
	out->count = d->p - out->first;
	if (t->pieces == 1) {
		const struct part *p = &b->part[t->piece[0]];
		out->set_column = p->set_column;
		out->is_factor = p->factor;
		out->reference = p->factor && from[0] == 1 && p->levels ?
			yg_arena_strdup(&d->arena, p->column->level_name[p->level[0]]) : NULL;
		if (p->piece->kind == DESIGN_BASIS && p->piece->basis != YG_BASIS_POLY) {
			out->knots = p->basis.knot;
			out->knot_count = p->basis.knots;
		}
	}
}

/* ---- filling ---- */

static double part_value(const struct part *p, int index, size_t row, const double *basis)
{
	if (p->factor)
		return p->column->level[row] == p->level[index];
	if (p->piece->kind == DESIGN_BASIS)
		return basis[index];
	return p->piece->kind == DESIGN_PER ? p->column->number[row] / p->piece->per : p->column->number[row];
}

/* Rows [first, first + rows) of column j into x[0], x[p], ...; they are rows at, at + 1, ... of the bases. */
static void fill_column(const struct build *b, int j, size_t first, size_t rows, double *const *basis, size_t at, double *x,
                        size_t p)
{
	const struct column_plan *plan = &b->column[j];
	if (plan->cells == 0) {
		for (size_t i = 0; i < rows; i++)
			x[i * p] = 1;
		return;
	}
	for (int k = 0; k < plan->cells; k++) {
		const struct part *part = &b->part[plan->cell[k].part];
		int index = plan->cell[k].index;
		size_t width = (size_t)part->basis.columns;
		const double *values = basis[plan->cell[k].part] ? basis[plan->cell[k].part] + at * width : NULL;
		if (k == 0 && part->factor) {
			int32_t level = part->level[index];
			for (size_t i = 0; i < rows; i++)
				x[i * p] = part->column->level[first + i] == level;
		} else if (k == 0 && part->piece->kind == DESIGN_PLAIN) {
			for (size_t i = 0; i < rows; i++)
				x[i * p] = part->column->number[first + i];
		} else {
			for (size_t i = 0; i < rows; i++) {
				double v = part_value(part, index, first + i, values ? values + i * width : NULL);
				x[i * p] = k ? x[i * p] * v : v;
			}
		}
	}
}

/* The same into packed rows; levels and numbers as the set has them need no copy on the way. */
static void pack_column(const struct build *b, int j, size_t first, size_t rows, double *const *basis, double *scratch)
{
	const struct column_plan *plan = &b->column[j];
	const struct part *part = plan->cells == 1 ? &b->part[plan->cell[0].part] : NULL;
	struct yg_packed *packed = b->d->packed;
	if (part && part->factor) {
		yg_packed_put_level(packed, (size_t)j, first, rows, part->column->level + first, part->level[plan->cell[0].index]);
	} else if (part && part->piece->kind == DESIGN_PLAIN) {
		yg_packed_put_column(packed, (size_t)j, first, rows, part->column->number + first);
	} else {
		fill_column(b, j, first, rows, basis, 0, scratch, 1);
		yg_packed_put_column(packed, (size_t)j, first, rows, scratch);
	}
}

static enum yg_status fill_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct build *b = context;
	size_t first = block * ROWS, rows = first + ROWS < b->set->n ? ROWS : b->set->n - first, pieces = b->plan->pieces;
	(void)worker;
	double **basis = yg_xcalloc(pieces + 1, sizeof *basis);
	for (size_t k = 0; k < pieces; k++) {
		const struct part *p = &b->part[k];
		if (p->factor || p->piece->kind != DESIGN_BASIS)
			continue;
		size_t width = (size_t)p->basis.columns;
		basis[k] = yg_xalloc(rows * width + YG_BASIS_MOST, sizeof(double));
		for (size_t i = 0; i < rows; i++)
			yg_basis_row(&p->basis, p->column->number[first + i], basis[k] + i * width);
	}
	size_t p = (size_t)b->d->p;
	double *scratch = b->packed ? yg_xalloc(ROWS, sizeof *scratch) : NULL;
	for (int j = 0; scratch && j < b->d->p; j++)
		pack_column(b, j, first, rows, basis, scratch);
	for (size_t at = 0; !scratch && at < rows; at += NEAR) {
		size_t some = rows - at < NEAR ? rows - at : NEAR;
		for (int j = 0; j < b->d->p; j++)
			fill_column(b, j, first + at, some, basis, at, b->d->x + (first + at) * p + (size_t)j, p);
	}
	yg_free(scratch);
	for (size_t k = 0; k < pieces; k++)
		yg_free(basis[k]);
	yg_free(basis);
	(void)err;
	return yg_task_cancelled(b->task) ? YG_CANCELLED : YG_OK;
}

static enum yg_status make_offset(struct build *b, size_t first_variable, struct yg_err *err)
{
	const struct yg_set *set = b->set;
	for (size_t k = 0; k < b->plan->variables; k++) {
		if (b->plan->variable[k].use != YG_USE_OFFSET)
			continue;
		const struct yg_set_column *c = &set->column[first_variable + k];
		const struct yg_node *at = b->plan->variable[k].expression;
		if (c->is_factor)
			return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-FML-012", N_("%s needs a number, but %s has levels"), "offset", c->name);
		bool first = !b->d->offset;
		if (first)
			b->d->offset = yg_data_calloc(set->n + 1, sizeof(double));
		if (!b->d->offset)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was set up");
		for (size_t i = 0; i < set->n; i++)
			b->d->offset[i] += c->number[i];
	}
	return YG_OK;
}

/* Of each variable that is a number; NaN of the others. */
static enum yg_status means(const struct build *b, size_t first_variable, const double **out, struct yg_err *err)
{
	double *mean = yg_arena_alloc(&b->d->arena, b->plan->variables + 1, sizeof *mean);
	size_t n = b->set->n;
	for (size_t k = 0; k < b->plan->variables; k++) {
		const struct yg_set_column *c = &b->set->column[first_variable + k];
		mean[k] = NAN;
		if (c->is_factor || !c->number || !n)
			continue;
		YG_TRY(yg_sum_task(c->number, n, b->task, &mean[k], err));
		mean[k] /= (double)n;
	}
	*out = mean;
	return YG_OK;
}

/* The layout of the columns, for a design that is kept. */
static const struct design_layout *layout_of(struct build *b, size_t first_variable)
{
	struct yg_arena *arena = &b->d->arena;
	struct design_layout *l = yg_arena_alloc(arena, 1, sizeof *l);
	l->parts = b->plan->pieces;
	l->part = yg_arena_alloc(arena, l->parts + 1, sizeof *l->part);
	for (size_t k = 0; k < l->parts; k++) {
		const struct part *p = &b->part[k];
		struct design_part *out = &l->part[k];
		*out = (struct design_part){ .name = p->piece->name, .variable = (size_t)p->set_column - first_variable,
			                     .kind = p->piece->kind, .per = p->piece->per, .factor = p->factor, .binary = p->binary,
			                     .levels = p->levels, .basis = p->basis, .asked = *p->piece };
		out->own_knots = !p->factor && out->kind == DESIGN_BASIS && (!p->piece->knots || p->piece->basis == YG_BASIS_POLY);
		out->level = yg_arena_alloc(arena, (size_t)p->levels + 1, sizeof *out->level);
		for (int i = 0; i < p->levels; i++)
			out->level[i] = p->column->level_name[p->level[i]];
	}
	l->columns = (size_t)b->d->p;
	l->column = yg_arena_alloc(arena, l->columns + 1, sizeof *l->column);
	for (size_t j = 0; j < l->columns; j++) {
		l->column[j].cells = b->column[j].cells;
		for (int i = 0; i < b->column[j].cells; i++)
			l->column[j].cell[i] = (struct design_cell){ b->column[j].cell[i].part, b->column[j].cell[i].index };
	}
	return l;
}

/* The fewest bytes of a column: values as they come from the set are looked at. */
static enum yg_status shape_column(void *context, size_t j, unsigned worker, struct yg_err *err)
{
	struct build *b = context;
	const struct column_plan *plan = &b->column[j];
	const struct part *part = plan->cells == 1 ? &b->part[plan->cell[0].part] : NULL;
	(void)worker;
	(void)err;
	if (b->d->column[j].binary || plan->cells == 0)
		b->shape[j].kind = YG_PACKED_BYTE;
	else if (part && !part->factor && part->piece->kind == DESIGN_PLAIN)
		b->shape[j] = yg_packed_shape_of(part->column->number, b->d->n);
	return YG_OK;
}

static enum yg_status make_room(struct build *b, struct yg_err *err)
{
	struct yg_design *d = b->d;
	size_t p = (size_t)d->p;
	if (b->packed) {
		b->shape = yg_arena_alloc(&d->arena, p + 1, sizeof *b->shape);
		YG_TRY(yg_pool_run(b->task, p, shape_column, b, err));
		d->packed = yg_packed_new(d->n, b->shape, p);
	} else {
		d->x = yg_data_alloc(d->n + 1, (p ? p : 1) * sizeof(double));
	}
	if (!d->x && !d->packed)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was set up: %zu rows by %d columns", d->n, d->p);
	return YG_OK;
}

static enum yg_status build_all(struct build *b, size_t first_variable, struct yg_err *err)
{
	struct yg_design *d = b->d;
	const struct yg_design_plan *plan = b->plan;
	b->part = yg_arena_alloc(&d->arena, plan->pieces + 1, sizeof *b->part);
	for (size_t k = 0; k < plan->pieces; k++) {
		struct part *p = &b->part[k];
		p->piece = &plan->piece[k];
		p->set_column = (int)(first_variable + p->piece->variable);
		p->column = &b->set->column[p->set_column];
		if (p->column->is_factor)
			p->present = yg_arena_alloc(&d->arena, (size_t)p->column->levels + 1, 1);
	}
	YG_TRY(yg_pool_run(b->task, plan->pieces, look_at_part, b, err));
	for (size_t k = 0; k < plan->pieces; k++)
		YG_TRY(make_part(b, &b->part[k], err));
	d->n = b->set->n;
	d->terms = (int)plan->terms;
	d->term = yg_arena_alloc(&d->arena, plan->terms + 1, sizeof *d->term);
	if (b->intercept && !plan->no_intercept) {
		struct column_plan ones = { .cells = 0 };
		add_column(b, &ones, -1);
	}
	for (size_t k = 0; k < plan->terms; k++)
		add_term(b, &plan->term[k], (int)k);
	d->layout = layout_of(b, first_variable);
	YG_TRY(means(b, first_variable, &d->mean, err));
	YG_TRY(make_offset(b, first_variable, err));
	YG_TRY(make_room(b, err));
	return yg_pool_run(b->task, (d->n + ROWS - 1) / ROWS, fill_block, b, err);
}

static enum yg_status build(struct build *b, size_t first_variable, struct yg_design **out, struct yg_err *err)
{
	struct yg_design *d = b->d = yg_xcalloc(1, sizeof *d);
	yg_arena_init(&d->arena);
	enum yg_status s = build_all(b, first_variable, err);
	if (s == YG_OK)
		*out = d;
	else
		yg_design_free(d);
	return s;
}

enum yg_status yg_design_build_on(struct yg_task *task, const struct yg_design_plan *plan, const struct yg_set *set,
                                  size_t first_variable, bool intercept, struct yg_design **out, struct yg_err *err)
{
	struct build b = { .plan = plan, .set = set, .intercept = intercept, .task = task };
	return build(&b, first_variable, out, err);
}

enum yg_status yg_design_build_packed(struct yg_task *task, const struct yg_design_plan *plan, const struct yg_set *set,
                                      size_t first_variable, bool intercept, struct yg_design **out, struct yg_err *err)
{
	struct build b = { .plan = plan, .set = set, .intercept = intercept, .packed = true, .task = task };
	return build(&b, first_variable, out, err);
}

enum yg_status yg_design_build(const struct yg_design_plan *plan, const struct yg_set *set, size_t first_variable,
                               bool intercept, struct yg_design **out, struct yg_err *err)
{
	return yg_design_build_on(NULL, plan, set, first_variable, intercept, out, err);
}

void yg_design_free(struct yg_design *d)
{
	if (!d)
		return;
	yg_data_free(d->x);
	yg_packed_free(d->packed);
	yg_data_free(d->offset);
	yg_arena_release(&d->arena);
	yg_free(d);
}
