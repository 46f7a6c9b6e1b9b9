/* The analysis set: binds what is asked, gathers it, drops incomplete rows each under its first reason. */
#include "yogo/cohort/set.h"

#include <math.h>
#include <string.h>

#include "yogo/base/buf.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/lang/print.h"

#include "set_priv.h"

enum yg_status yg_sb_nomem(struct yg_sb *b)
{
	return yg_fail(b->err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an analysis set was built"));
}

void yg_sb_add_drop(struct yg_sb *b, const char *reason, uint64_t persons, uint64_t rows)
{
	struct yg_set *s = b->set;
	if (!rows)
		return;
	struct yg_drop *more = yg_arena_alloc(&s->arena, s->drops + 1, sizeof *more);
	if (s->drops)
		memcpy(more, s->drop, s->drops * sizeof *more);
	more[s->drops++] = (struct yg_drop){ yg_arena_strdup(&s->arena, reason), persons, rows };
	s->drop = more;
}

/* --- what is asked ------------------------------------------------------------------------- */

static bool is_arm(const struct yg_sb *b, const struct yg_set_variable *v)
{
	return v->expression->kind == YG_NODE_NAME && strcmp(v->expression->text, "arm") == 0 && b->ask->population->arm;
}

static const char *printed(struct yg_sb *b, const struct yg_node *n)
{
	struct yg_buf text = YG_BUF_INIT;
	yg_print_expression(n, &text);
	const char *copy = yg_arena_strndup(&b->set->arena, text.data, text.len);
	yg_buf_release(&text);
	return copy;
}

static enum yg_status choose_gather(struct yg_sb *b, struct yg_sb_var *v)
{
	const struct yg_set_variable *ask = v->ask;
	const struct yg_bound_info *info = yg_bound_info(v->bound);
	const struct yg_node *at = ask->expression;
	bool number_wanted = ask->use == YG_USE_WEIGHT || ask->use == YG_USE_FREQUENCY || ask->use == YG_USE_OFFSET;
	bool factor = ask->as_factor || ask->use == YG_USE_BY || ask->use == YG_USE_STRATA || ask->use == YG_USE_CLUSTER;
	bool numeric = info->type == YG_TYPE_FLAG || info->type == YG_TYPE_INTEGER || info->type == YG_TYPE_NUMBER;
	if (number_wanted && !numeric)
		return yg_fail_at(b->err, YG_EINVAL, at->at, at->len, "E-SET-001", N_("%s is no number, and a %s is one"), v->name,
		                  ask->use == YG_USE_WEIGHT ? N_("weight") : ask->use == YG_USE_OFFSET ? N_("offset") : N_("frequency"));
	if (info->type == YG_TYPE_LEVEL)
		v->how = YG_GATHER_LEVEL;
	else if (info->type == YG_TYPE_TEXT)
		v->how = YG_GATHER_TEXT;
	else if (!factor || number_wanted)
		v->how = YG_GATHER_NUMBER;
	else
		v->how = info->type == YG_TYPE_NUMBER ? YG_GATHER_NUMBER_KEY : YG_GATHER_KEY;
	return YG_OK;
}

static enum yg_status changes(struct yg_sb *b, const struct yg_node *at, const char *name)
{
	enum yg_status s = yg_fail_at(b->err, YG_REFUSED, at->at, at->len, "E-TVC-013", N_("%s changes over time: a person has no one value of it"), name);
	yg_err_hint(b->err, N_("Use it where follow-up is analysed: km, logrank, cox."));
	return s;
}

static enum yg_status bind_variables(struct yg_sb *b)
{
	b->vars = b->ask->variables;
	b->var = yg_xcalloc(b->vars + 1, sizeof *b->var);
	for (size_t k = 0; k < b->vars; k++)
		yg_map_init(&b->var[k].text);
	if (b->vars > 30000)
		return yg_fail(b->err, YG_ELIMIT, "E-SET-002", N_("an analysis takes at most 30000 variables"));
	for (size_t k = 0; k < b->vars; k++) {
		struct yg_sb_var *v = &b->var[k];
		v->ask = &b->ask->variable[k];
		v->name = printed(b, v->ask->expression);
		if (is_arm(b, v->ask)) {
			v->how = YG_GATHER_ARM;
			continue;
		}
		YG_TRY(yg_bind(&b->scope, v->ask->expression, 0, b->task, &v->bound, b->err));
		YG_TRY(choose_gather(b, v));
		YG_TRY(yg_bound_load(v->bound, b->task, b->err));
		v->by_person = b->persons && yg_bound_info(v->bound)->by_person;
		v->reduce = b->persons && !v->by_person;
		v->extras = yg_bound_extras(v->bound);
		if (v->extras && !b->tvc)
			return changes(b, v->ask->expression, v->name);
		if (v->extras && v->reduce)
			return yg_sb_mixed(b, v->bound, v->ask->expression);
	}
	return YG_OK;
}

static enum yg_status check_request(struct yg_sb *b)
{
	const struct yg_set_request *r = b->ask;
	if (r->unit == YG_SET_SPANS && !r->endpoint)
		return yg_fail(b->err, YG_EBUG, "E-SET-900", N_("spans were asked without an endpoint"));
	b->table = r->unit == YG_SET_SPANS ? r->endpoint->table : r->scope->table ? r->scope->table : r->population->table;
	if (!b->table)
		return yg_fail(b->err, YG_EINVAL, "E-EXP-035", N_("no table is in use"));
	b->scope = *r->scope;
	b->scope.table = b->table;
	b->scope.extra = r->population->tvc ? r->population->tvc->extra : NULL;
	b->scope.extras = r->population->tvc ? r->population->tvc->count : 0;
	b->tvc = r->unit == YG_SET_SPANS && r->population->tvc && r->population->tvc->count ? r->population->tvc : NULL;
	if (r->population->table && r->population->table != b->table && r->population->table->dataset != b->table->dataset)
		return yg_fail(b->err, YG_EINVAL, "E-SET-003", N_("%s belongs to another data set than %s"), r->population->name ? r->population->name : N_("the population"),
		               r->unit == YG_SET_SPANS ? r->endpoint->name : b->table->name);
	b->persons = b->table->start && (r->unit == YG_SET_PERSONS || (r->unit == YG_SET_SPANS && r->endpoint->collapsed));
	b->source = b->persons ? yg_dataset_subject(b->table->dataset) : b->table;
	if (!b->source)
		return yg_fail(b->err, YG_EBUG, "E-SET-901", N_("the data set has no table of persons"));
	return YG_OK;
}

enum yg_status yg_sb_open(struct yg_sb *b)
{
	YG_TRY(check_request(b));
	return bind_variables(b);
}

/* --- complete cases ------------------------------------------------------------------------ */

static void count_drops(struct yg_sb *b)
{
	size_t reasons = 2 * b->vars + 3;
	uint64_t *rows = yg_xcalloc(reasons, sizeof *rows), *persons = yg_xcalloc(reasons, sizeof *persons);
	uint32_t *last = yg_xalloc(reasons, sizeof *last);
	memset(last, 0xff, reasons * sizeof *last);
	for (size_t i = 0; i < b->n; i++) {
		uint16_t w = b->why[i];
		if (!w)
			continue;
		rows[w]++;
		if (last[w] != b->set->person[i]) {
			last[w] = b->set->person[i];
			persons[w]++;
		}
	}
	for (size_t k = 0; k < b->vars; k++) {
		size_t w = 1 + 2 * k;
		yg_sb_add_drop(b, yg_phrase(&b->set->arena, N_("%s missing"), b->var[k].name), persons[w], rows[w]);
		yg_sb_add_drop(b, yg_phrase(&b->set->arena, N_("%s not finite"), b->var[k].name), persons[w + 1], rows[w + 1]);
	}
	yg_free(rows);
	yg_free(persons);
	yg_free(last);
}

/* Words that stand for values of any type of their width. */
typedef uint8_t __attribute__((may_alias)) word8;
typedef uint32_t __attribute__((may_alias)) word32;
typedef uint64_t __attribute__((may_alias)) word64;

/* Arrays to be closed up: the kept rows move to the front. */
struct closing {
	const uint16_t *why;
	size_t n, arrays;
	struct {
		void *v;
		size_t width;
	} array[];
};

#define CLOSE_UP(type)                                       \
	do {                                                 \
		type *x_ = c->array[number].v;               \
		for (size_t i = 0; i < c->n; i++) {          \
			x_[to] = x_[i];                      \
			to += c->why[i] == 0;                \
		}                                            \
	} while (0)

static enum yg_status close_one(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	struct closing *c = context;
	size_t to = 0;
	(void)worker;
	(void)err;
	switch (c->array[number].width) {
	case 1: CLOSE_UP(word8); break;
	case 4: CLOSE_UP(word32); break;
	default: CLOSE_UP(word64); break;
	}
	return YG_OK;
}

static void add_array(struct closing *c, void *v, size_t width)
{
	if (!v)
		return;
	c->array[c->arrays].v = v;
	c->array[c->arrays++].width = width;
}

static enum yg_status complete_cases(struct yg_sb *b)
{
	struct yg_set *s = b->set;
	size_t kept = 0;
	enum yg_status st = YG_OK;
	for (size_t i = 0; i < b->n; i++)
		kept += b->why[i] == 0;
	if (kept < b->n) {
		count_drops(b);
		struct closing *c = yg_xcalloc(1, sizeof *c + (6 + 4 * b->vars) * sizeof c->array[0]);
		c->why = b->why;
		c->n = b->n;
		add_array(c, s->person, sizeof *s->person);
		add_array(c, s->row, sizeof *s->row);
		add_array(c, s->entry, sizeof *s->entry);
		add_array(c, s->exit, sizeof *s->exit);
		add_array(c, s->status, sizeof *s->status);
		add_array(c, s->weight, sizeof *s->weight);
		for (size_t k = 0; k < b->vars; k++) {
			struct yg_sb_var *v = &b->var[k];
			add_array(c, v->number, sizeof *v->number);
			add_array(c, v->level, sizeof *v->level);
			add_array(c, v->key, sizeof *v->key);
			add_array(c, v->missing, sizeof *v->missing);
		}
		st = yg_pool_run(b->task, c->arrays, close_one, c, b->err);
		yg_free(c);
	}
	s->n = kept;
	for (size_t i = 0; i < kept; i++)
		s->persons += !i || s->person[i] != s->person[i - 1];
	return st;
}

/* --- entry points -------------------------------------------------------------------------- */

void yg_sb_release(struct yg_sb *b)
{
	for (size_t k = 0; k < b->vars && b->var; k++) {
		struct yg_sb_var *v = &b->var[k];
		yg_bound_free(v->bound);
		yg_map_release(&v->text);
		yg_data_free(v->number);
		yg_data_free(v->level);
		yg_data_free(v->key);
		yg_data_free(v->missing);
		yg_data_free(v->person_key);
		yg_data_free(v->person_state);
	}
	yg_free(b->var);
	for (size_t k = 0; b->changing && k < b->tvc->count; k++)
		yg_data_free(b->changing[k]);
	yg_free(b->changing);
	yg_data_free(b->origin);
	yg_data_free(b->piece);
	yg_free(b->later);
	yg_data_free(b->at);
	yg_data_free(b->order);
	yg_free(b->block_start);
	yg_data_free(b->why);
	yg_data_free(b->row_in);
	yg_data_free(b->person_in);
}

enum yg_status yg_set_build(const struct yg_set_request *request, struct yg_task *task, struct yg_set **out, struct yg_err *err)
{
	struct yg_set *s = yg_xcalloc(1, sizeof *s);
	yg_arena_init(&s->arena);
	s->endpoint = request->unit == YG_SET_SPANS ? request->endpoint : NULL;
	struct yg_sb b = { .ask = request, .task = task, .err = err, .set = s };
	enum yg_status st = yg_sb_open(&b);
	if (st == YG_OK)
		st = yg_sb_candidates(&b);
	if (st == YG_OK)
		st = yg_sb_gather(&b);
	if (st == YG_OK)
		st = complete_cases(&b);
	if (st == YG_OK)
		st = yg_sb_columns(&b);
	yg_sb_release(&b);
	if (st != YG_OK) {
		yg_set_free(s);
		return st;
	}
	*out = s;
	return YG_OK;
}

void yg_set_drop_terms(struct yg_set *s)
{
	for (size_t k = 0; k < s->columns; k++) {
		struct yg_set_column *c = &s->column[k];
		if (c->use != YG_USE_TERM && c->use != YG_USE_OFFSET)
			continue;
		yg_data_free(c->number);
		yg_data_free(c->level);
		yg_data_free(c->missing);
		c->number = NULL;
		c->level = NULL;
		c->missing = NULL;
	}
}

void yg_set_free(struct yg_set *s)
{
	if (!s)
		return;
	for (size_t k = 0; k < s->columns; k++) {
		yg_data_free(s->column[k].number);
		yg_data_free(s->column[k].level);
		yg_data_free(s->column[k].missing);
	}
	yg_data_free(s->person);
	yg_data_free(s->row);
	yg_data_free(s->entry);
	yg_data_free(s->exit);
	yg_data_free(s->status);
	yg_data_free(s->weight);
	yg_arena_release(&s->arena);
	yg_free(s);
}
