/* The set behind a describing verb: columns classified, groups combined, notes on who is in it. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "an_frame_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/base/text.h"
#include "yogo/expr/bind.h"
#include "yogo/lang/print.h"

size_t an_crossings(const struct yg_node *by)
{
	return by && by->children ? by->children : 1;
}

const struct yg_node *an_crossing(const struct yg_node *by, size_t i)
{
	return by && by->children ? by->child[i] : NULL;
}

const char *an_key(struct yg_arena *arena, const char *base, size_t i)
{
	return i ? yg_arena_printf(arena, "%s.%zu", base, i + 1) : base;
}

const char *an_subtitle(const struct an_frame *f, const struct yg_an_input *in)
{
	return f->by.title && an_crossings(in->by) > 1 ? f->by.title : "";
}

const char *an_heading(struct yg_arena *arena, const struct an_variable *v)
{
	return v->unit && *v->unit ? yg_arena_printf(arena, "%s (%s)", v->label, v->unit) : v->label;
}

/* 0 = no, 1 = yes: a flag in all but name. */
static bool says_no_and_yes(const struct yg_field *field)
{
	if (field->value_labels != 2)
		return false;
	for (size_t k = 0; k < 2; k++) {
		const struct yg_value_label *v = &field->value_label[k];
		bool no = !strcmp(v->value, "0") && v->label.en && !strcmp(v->label.en, "no");
		bool yes = !strcmp(v->value, "1") && v->label.en && !strcmp(v->label.en, "yes");
		if (!no && !yes)
			return false;
	}
	return true;
}

/* What a target is, before any row is read. */
enum yg_status an_classify(const struct an_frame_request *r, const struct yg_node *node, struct yg_task *task,
                           struct an_frame *f, struct an_variable *v, struct yg_err *err)
{
	const struct yg_scope *scope = r->in->scope;
	struct yg_bound *bound = NULL;

	*v = (struct an_variable){ .name = yg_arena_strdup(&f->arena, node->text ? node->text : "") };
	v->label = v->name;
	if (r->in->population && r->in->population->arm && node->text && !strcmp(node->text, "arm")) {
		v->kind = AN_LEVELS;
		return YG_OK;
	}
	YG_TRY(yg_bind(scope, node, (enum yg_type)0, task, &bound, err));
	const struct yg_bound_info *info = yg_bound_info(bound);
	enum yg_type type = info->type;
	if (info->label)
		v->label = yg_arena_strdup(&f->arena, info->label);
	if (info->unit)
		v->unit = yg_arena_strdup(&f->arena, info->unit);
	if (info->column && type != YG_TYPE_LEVEL) {
		struct yg_column_ref ref;
		if (yg_table_find(scope->table, info->column, &ref, NULL) == YG_OK)
			v->field = yg_column_field(&ref);
	}
	bool labelled = v->field && v->field->value_labels > 0 && !says_no_and_yes(v->field);
	yg_bound_free(bound);
	switch (type) {
	case YG_TYPE_FLAG:
		v->kind = AN_FLAG;
		break;
	case YG_TYPE_LEVEL:
		v->kind = AN_LEVELS;
		break;
	case YG_TYPE_INTEGER:
	case YG_TYPE_NUMBER:
		v->kind = labelled ? AN_LEVELS : AN_NUMBER;
		v->whole = type == YG_TYPE_INTEGER;
		break;
	case YG_TYPE_DATE:
	case YG_TYPE_INSTANT:
		yg_fail_at(err, YG_REFUSED, node->at, node->len, "E-DESC-001", N_("%s is a date, which has no mean and no groups"),
		           v->name);
		yg_err_hint(err, N_("Describe a duration: let followed = days(START, %s)"), v->name);
		return YG_REFUSED;
	case YG_TYPE_TEXT:
		yg_fail_at(err, YG_REFUSED, node->at, node->len, "E-DESC-002",
		           N_("%s is text with too many different values to be a category"), v->name);
		yg_err_hint(err, N_("Make groups of it: factor NAME = %s with levels=(...)"), v->name);
		return YG_REFUSED;
	}
	if (r->factors)
		v->kind = AN_LEVELS;
	return YG_OK;
}

/* The labels of the values, where the manifest has them. */
void an_level_labels(struct an_frame *f, struct an_variable *v)
{
	const struct yg_field *field = v->field;

	v->levels = v->column->levels;
	v->level = yg_arena_alloc(&f->arena, (size_t)v->levels + 1, sizeof *v->level);
	for (int i = 0; i < v->levels; i++) {
		v->level[i] = v->column->level_name[i];
		for (size_t k = 0; field && k < field->value_labels; k++)
			if (!strcmp(field->value_label[k].value, v->level[i]) && field->value_label[k].label.en)
				v->level[i] = field->value_label[k].label.en;
	}
}

/* A whole number that is only ever 0 or 1 is a flag. */
static bool zeros_and_ones(const struct yg_set_column *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(c->missing && c->missing[i]) && c->number[i] != 0 && c->number[i] != 1)
			return false;
	return true;
}

/* The crossing of some factors while groups are made of it: the last factor is fastest. */
struct crossing {
	const struct yg_set *set;
	const struct an_variable *factor;
	size_t factors, cells;
	bool keep_missing;
	int32_t *of;                        /* [n] the cell of each row, -1 = not known; then its group */
	uint64_t *used;                     /* [workers][cells] rows */
	const int32_t *place;               /* [cells] */
};
#define PIECE ((size_t)1 << 18)

static enum yg_status cells_of_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct crossing *c = context;
	size_t n = c->set->n, from = block * PIECE, to = from + PIECE < n ? from + PIECE : n;
	uint64_t *used = c->used + worker * c->cells;
	(void)err;

	for (size_t i = from; i < to; i++)
		c->of[i] = 0;
	for (size_t k = 0; k < c->factors; k++) {
		const int32_t *level = c->factor[k].column->level;
		int32_t levels = c->factor[k].levels, wide = levels + c->keep_missing;
		for (size_t i = from; i < to; i++) {
			int32_t l = level[i] >= 0 ? level[i] : c->keep_missing ? levels : -1;
			c->of[i] = c->of[i] < 0 || l < 0 ? -1 : c->of[i] * wide + l;
		}
	}
	for (size_t i = from; i < to; i++)
		if (c->of[i] >= 0)
			used[c->of[i]]++;
	return YG_OK;
}

static enum yg_status place_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct crossing *c = context;
	size_t n = c->set->n, from = block * PIECE, to = from + PIECE < n ? from + PIECE : n;
	(void)worker;
	(void)err;

	for (size_t i = from; i < to; i++)
		if (c->of[i] >= 0)
			c->of[i] = c->place[c->of[i]];
	return YG_OK;
}

/* Is the level of some factor missing in this cell?  Its label goes into text. */
static bool read_cell(const struct crossing *c, size_t cell, struct yg_buf *text)
{
	const char *part[16];
	bool unknown = false;

	for (size_t k = c->factors; k-- > 0;) {
		size_t wide = (size_t)c->factor[k].levels + c->keep_missing, l = cell % wide;
		cell /= wide;
		part[k] = l < (size_t)c->factor[k].levels ? c->factor[k].level[l] : N_("missing");
		unknown = unknown || l >= (size_t)c->factor[k].levels;
	}
	for (size_t k = 0; k < c->factors; k++)
		yg_buf_addf(text, k ? ", %s" : "%s", part[k]);
	return unknown;
}

/* Cells that have rows become groups, those with an unknown factor last. */
static enum yg_status cells_to_groups(struct an_frame *f, struct crossing *c, struct yg_task *task, struct an_groups *g,
                                      struct yg_err *err)
{
	size_t pieces = (f->set->n + PIECE - 1) / PIECE, workers = yg_task_workers(task), reference = 0;
	int32_t *place = yg_arena_alloc(&f->arena, c->cells + 1, sizeof *place);

	c->of = g->of;
	c->used = yg_xcalloc(workers * c->cells + 1, sizeof *c->used);
	c->place = place;
	enum yg_status s = yg_pool_run(task, pieces, cells_of_piece, c, err);
	for (size_t i = c->cells; i < workers * c->cells; i++)
		c->used[i % c->cells] += c->used[i];
	g->label = yg_arena_alloc(&f->arena, c->cells + 1, sizeof *g->label);
	g->unknown = yg_arena_alloc(&f->arena, c->cells + 1, sizeof *g->unknown);
	g->size = yg_arena_alloc(&f->arena, c->cells + 1, sizeof *g->size);
	for (size_t k = 0; k < c->factors; k++)
		reference = reference * ((size_t)c->factor[k].levels + c->keep_missing) + (size_t)c->factor[k].column->reference;
	for (size_t step = 0; s == YG_OK && step < 2 * c->cells; step++) {
		size_t cell = step % c->cells;
		struct yg_buf label = YG_BUF_INIT;
		if (c->used[cell] && read_cell(c, cell, &label) == (step >= c->cells)) {
			if (cell == reference)
				g->reference = g->count;
			place[cell] = (int32_t)g->count;
			g->size[g->count] = c->used[cell];
			g->unknown[g->count] = step >= c->cells;
			g->label[g->count++] = yg_arena_strdup(&f->arena, label.data);
		}
		yg_buf_release(&label);
	}
	yg_free(c->used);
	return s == YG_OK ? yg_pool_run(task, pieces, place_piece, c, err) : s;
}

/* Persons of each group; a person's rows stand together. */
static void count_persons(struct an_frame *f, struct an_groups *g)
{
	const struct yg_set *s = f->set;

	g->persons = yg_arena_alloc(&f->arena, g->count + 1, sizeof *g->persons);
	if (s->persons == s->n) {
		for (size_t k = 0; k < g->count; k++)
			g->persons[k] = g->size[k];
		return;
	}
	uint32_t *last = yg_arena_alloc(&f->arena, g->count + 1, sizeof *last);
	for (size_t i = 0; i < s->n; i++)
		if (g->of[i] >= 0) {
			size_t k = (size_t)g->of[i];
			g->persons[k] += !g->persons[k] || last[k] != s->person[i];
			last[k] = s->person[i];
		}
}

/* Groups from the factors in set columns [first, first + factors). */
static enum yg_status make_groups(struct an_frame *f, const struct yg_scope *scope, size_t first, size_t factors,
                                  bool keep_missing, struct yg_task *task, struct an_groups *g, struct yg_err *err)
{
	const struct yg_set *s = f->set;
	struct an_variable *v = yg_arena_alloc(&f->arena, factors + 1, sizeof *v);
	struct crossing c = { .set = s, .factor = v, .factors = factors, .cells = 1, .keep_missing = keep_missing };
	struct yg_buf title = YG_BUF_INIT;
	enum yg_status status = YG_OK;

	g->of = yg_data_calloc(s->n + 1, sizeof *g->of);
	if (!g->of)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while %zu rows were put into groups."), s->n);
	for (size_t k = 0; k < factors && status == YG_OK; k++) {
		struct yg_column_ref ref;
		v[k].column = &s->column[first + k];
		if (yg_table_find(scope->table, v[k].column->name, &ref, NULL) == YG_OK &&
		    yg_column_field(&ref)->type != YG_TYPE_LEVEL)
			v[k].field = yg_column_field(&ref);
		an_level_labels(f, &v[k]);
		c.cells *= (size_t)v[k].levels + keep_missing;
		yg_buf_addf(&title, k ? ":%s" : "%s", v[k].column->name);
		if (c.cells > 10000) {
			status = yg_fail(err, YG_REFUSED, "E-DESC-003", N_("by %s makes more than 10,000 groups"), title.data);
			yg_err_hint(err, N_("Make fewer groups with factor NAME = cut(...)"));
		}
	}
	if (status == YG_OK && factors) {
		g->title = yg_arena_strdup(&f->arena, title.data);
		status = cells_to_groups(f, &c, task, g, err);
	} else if (status == YG_OK) {
		g->count = 1;
		g->unknown = yg_arena_alloc(&f->arena, 1, sizeof *g->unknown);
		g->label = yg_arena_alloc(&f->arena, 1, sizeof *g->label);
		g->label[0] = N_("all");
		g->size = yg_arena_alloc(&f->arena, 1, sizeof *g->size);
		g->size[0] = s->n;
	}
	yg_buf_release(&title);
	if (status == YG_OK)
		count_persons(f, g);
	return status;
}

/* Names of a BY crossing or a STRATA clause as variables of the set. */
static enum yg_status add_factors(const struct yg_node *clause, enum yg_set_use use, bool keep, struct yg_set_variable *list,
                                  size_t *count, struct yg_err *err)
{
	if (clause && clause->children > 16)
		return yg_fail_at(err, YG_ESYNTAX, clause->at, clause->len, "E-DESC-004", N_("at most 16 columns make groups"));
	for (uint32_t k = 0; clause && k < clause->children; k++)
		list[(*count)++] =
			(struct yg_set_variable){ .expression = clause->child[k], .use = use, .keep_missing = keep, .as_factor = true };
	return YG_OK;
}

static enum yg_status fill_frame(const struct an_frame_request *r, struct yg_task *task, struct an_frame *f,
                                 struct yg_err *err)
{
	size_t targets = r->target ? r->target->count : 0, asked = 0;
	struct yg_set_variable *list = yg_arena_alloc(&f->arena, targets + 40, sizeof *list);

	f->variable = yg_arena_alloc(&f->arena, targets + 1, sizeof *f->variable);
	f->variables = targets;
	for (size_t i = 0; i < targets; i++) {
		YG_TRY(an_classify(r, r->target->node[i], task, f, &f->variable[i], err));
		list[asked++] = (struct yg_set_variable){
			.expression = r->target->node[i], .use = YG_USE_TERM, .keep_missing = !r->drop_missing,
			.as_factor = f->variable[i].kind == AN_LEVELS,
		};
	}
	size_t by = asked;
	YG_TRY(add_factors(r->crossing, YG_USE_BY, r->keep_group_missing, list, &asked, err));
	size_t strata = asked;
	YG_TRY(add_factors(r->strata, YG_USE_STRATA, false, list, &asked, err));
	size_t extra = asked;
	if (r->in->weight)
		list[asked++] = (struct yg_set_variable){ .expression = r->in->weight, .use = YG_USE_WEIGHT };
	if (r->frequency)
		list[asked++] = (struct yg_set_variable){ .expression = r->frequency, .use = YG_USE_FREQUENCY };
	struct yg_set_request request = {
		.scope = r->in->scope, .population = r->in->population, .where = r->in->where, .unit = r->unit, .variable = list,
		.variables = asked,
	};
	YG_TRY(yg_set_build(&request, task, &f->set, err));
	if (!f->set->n) {
		yg_fail(err, YG_REFUSED, "E-DESC-005", N_("nobody is left to look at in %s"),
		        r->in->population ? r->in->population->sentence : "");
		yg_err_hint(err, N_("Look at where, and at the columns named after by, for missing values"));
		return YG_REFUSED;
	}
	f->weight = f->set->weight;
	f->frequency = r->frequency ? f->set->column[extra + (r->in->weight != NULL)].number : NULL;
	for (size_t i = 0; i < targets; i++) {
		struct an_variable *v = &f->variable[i];
		v->column = &f->set->column[i];
		if (v->column->is_factor)
			v->kind = AN_LEVELS;
		if (v->kind == AN_LEVELS)
			an_level_labels(f, v);
		else if (v->kind == AN_NUMBER && v->whole && zeros_and_ones(v->column, f->set->n))
			v->kind = AN_FLAG;
	}
	YG_TRY(make_groups(f, r->in->scope, by, strata - by, r->keep_group_missing, task, &f->by, err));
	return make_groups(f, r->in->scope, strata, extra - strata, false, task, &f->strata, err);
}

enum yg_status an_frame_build(const struct an_frame_request *request, struct yg_task *task, struct an_frame *out,
                              struct yg_err *err)
{
	struct an_frame f = { .conf = request->in->conf > 0 ? request->in->conf : 0.95 };

	yg_arena_init(&f.arena);
	enum yg_status s = fill_frame(request, task, &f, err);
	if (s != YG_OK) {
		an_frame_release(&f);
		return s;
	}
	*out = f;
	return YG_OK;
}

void an_frame_release(struct an_frame *f)
{
	if (f->set)
		yg_set_free(f->set);
	yg_data_free(f->by.of);
	yg_data_free(f->strata.of);
	f->set = NULL;
	yg_arena_release(&f->arena);
}

size_t an_gather(const struct an_frame *f, const struct an_groups *g, const struct yg_set_column *c, double *x, double *w,
                 size_t *start)
{
	size_t n = f->set->n, *next = start + 1;

	memset(start, 0, (g->count + 1) * sizeof *start);
	for (size_t i = 0; i < n; i++)
		if (g->of[i] >= 0 && !(c->missing && c->missing[i]))
			next[g->of[i]]++;
	for (size_t k = 1; k <= g->count; k++)
		start[k] += start[k - 1];
	size_t total = start[g->count];
	/* start[k] serves as the cursor of group k, and is moved back afterwards */
	for (size_t i = 0; i < n; i++)
		if (g->of[i] >= 0 && !(c->missing && c->missing[i])) {
			size_t at = start[g->of[i]]++;
			x[at] = c->number[i];
			if (w)
				w[at] = f->weight[i];
		}
	memmove(start + 1, start, g->count * sizeof *start);
	start[0] = 0;
	return total;
}

const char *an_level_code(const struct an_variable *v, size_t l)
{
	const char *name = v->column->level_name[l];

	for (size_t k = 0; v->field && k < v->field->value_labels; k++)
		if (v->field->value_label[k].label.en && !strcmp(v->field->value_label[k].label.en, name))
			return v->field->value_label[k].value;
	if (v->column->type == YG_TYPE_FLAG)
		return l ? "1" : "0";
	return name;
}

/* ---- notes ---- */

void an_title(struct yg_raw *raw, const char *format, ...)
{
	struct yg_arena arena;
	va_list ap;

	yg_arena_init(&arena);
	va_start(ap, format);
	yg_raw_title(raw, yg_vphrase(&arena, format, ap));
	va_end(ap);
	yg_arena_release(&arena);
}

void an_note_text(struct yg_raw *raw, enum yg_note_kind kind, const char *message, const char *text)
{
	struct yg_raw_note *n = yg_raw_note(raw, kind, message);

	yg_raw_note_text(n, text);
}

void an_note_data(struct yg_raw *raw, enum yg_note_kind kind, const char *message, const char *text)
{
	struct yg_raw_note *n = yg_raw_note(raw, kind, message);

	yg_raw_note_data(n, text);
}

void an_note_weights(struct yg_raw *raw, const struct yg_an_input *in)
{
	const struct yg_population *p = in->population;

	if (p && p->weight) {
		struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("weighted by {1} weights, estimand {2}"));
		yg_raw_note_text(n, p->weight_kind ? p->weight_kind : "");
		yg_raw_note_text(n, p->estimand ? p->estimand : "");
	}
	if (in->weight)
		an_note_data(raw, YG_NOTE_CONVENTION, N_("sampling weights: {1}"), in->weight->text ? in->weight->text : "");
}

void an_note_where(struct yg_raw *raw, const struct yg_an_input *in)
{
	struct yg_buf text = YG_BUF_INIT;

	if (!in->where)
		return;
	yg_print_expression(in->where, &text);
	an_note_data(raw, YG_NOTE_POPULATION, N_("where {1}"), text.data);
	yg_buf_release(&text);
}

void an_note_dropped(struct yg_raw *raw, const struct yg_set *s, bool of_records)
{
	for (size_t i = 0; i < s->drops; i++) {
		bool records = of_records && (s->n != s->persons || s->drop[i].rows != s->drop[i].persons);
		struct yg_evidence e = an_part(s->drop[i].persons, s->persons_asked);
		struct yg_raw_note *n;
		if (!s->drop[i].persons && !s->drop[i].rows)
			continue;
		n = yg_raw_note(raw, YG_NOTE_DROPPED, records ? N_("{2} records of {1} persons left out: {3}") : N_("{1} persons left out: {2}"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)s->drop[i].persons, e);
		if (records)
			yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)s->drop[i].rows, e);
		yg_raw_note_text(n, s->drop[i].reason);
	}
}

void an_notes(struct yg_raw *raw, const struct an_frame *f, const struct yg_an_input *in)
{
	const struct yg_set *s = f->set;
	uint64_t dropped = 0;

	for (size_t i = 0; i < s->drops; i++)
		dropped += s->drop[i].persons;
	yg_raw_counts(raw, (int64_t)s->persons, (int64_t)s->n, -1, (int64_t)dropped);
	an_note_where(raw, in);
	an_note_dropped(raw, s, false);
	an_note_weights(raw, in);
}
