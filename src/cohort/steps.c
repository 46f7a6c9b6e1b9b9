/*
 * Cohorts on columns: `require` and `exclude` clauses in order.
 *
 * Each clause is evaluated once for every person; what was lost in order, alone, and what would be
 * gained without it follow from the bitmaps.
 */
#include "yogo/cohort/steps.h"

#include <string.h>

#include "yogo/base/buf.h"
#include "yogo/base/i18n.h"
#include "yogo/lang/print.h"

#include "cohort_priv.h"

/* --- bitmaps over persons ------------------------------------------------------------------ */

static size_t words_of(uint64_t persons)
{
	return (size_t)((persons + 63) / 64);
}

static uint64_t full_word(uint64_t persons, size_t w)
{
	return w + 1 == words_of(persons) && persons % 64 ? (UINT64_C(1) << persons % 64) - 1 : ~UINT64_C(0);
}

static uint64_t count_bits(const uint64_t *a, const uint64_t *b, size_t words)
{
	uint64_t n = 0;
	for (size_t w = 0; w < words; w++)
		n += (uint64_t)__builtin_popcountll(b ? a[w] & b[w] : a[w]);
	return n;
}

static void every_person(uint64_t *bits, uint64_t persons)
{
	for (size_t w = 0; w < words_of(persons); w++)
		bits[w] = full_word(persons, w);
}

/* --- one value a person -------------------------------------------------------------------- */

enum yg_status yg_cohort_varies(const struct yg_bound *b, const struct yg_node *at, uint64_t persons, struct yg_err *err)
{
	const char *const *name;
	size_t names = yg_bound_row_columns(b, &name);
	struct yg_buf list = YG_BUF_INIT;
	for (size_t k = 0; k < names && k < 4; k++)
		yg_buf_addf(&list, "%s%s", k ? ", " : "", name[k]);
	const char *what = names ? list.data : N_("this expression");
	size_t where = at ? at->at : 0, len = at ? at->len : 0;
	enum yg_status s = yg_fail_at(err, YG_REFUSED, where, len, "E-COH-002",
	                              N_("%s has several values in the rows of one person (%llu persons), and one is wanted here"),
	                              what, (unsigned long long)persons);
	if (err && !at)
		err->has_span = 0;
	yg_err_hint(err, N_("Choose rows with where, or make one value a person: let NAME = first(%s, ORDER) by PERSON"), names ? name[0] : "x");
	yg_buf_release(&list);
	return s;
}

/*
 * Rows to persons: every row of a person must say the same.  A person without rows is unknown.
 * Returns how many persons differ.
 */
static uint64_t rows_to_persons(const struct yg_table *t, uint64_t persons, const uint64_t *row_true, const uint64_t *row_unknown,
                                uint64_t *is_true, uint64_t *is_unknown)
{
	uint64_t differ = 0;
	for (uint64_t p = 0; p < persons; p++) {
		uint64_t bit = UINT64_C(1) << (p & 63);
		uint64_t from = t->start[p], to = t->start[p + 1];
		if (from == to) {
			is_unknown[p >> 6] |= bit;
			continue;
		}
		unsigned first = (unsigned)(row_true[from >> 6] >> (from & 63) & 1) | (unsigned)(row_unknown[from >> 6] >> (from & 63) & 1) << 1;
		for (uint64_t r = from + 1; r < to; r++) {
			unsigned here = (unsigned)(row_true[r >> 6] >> (r & 63) & 1) | (unsigned)(row_unknown[r >> 6] >> (r & 63) & 1) << 1;
			if (here != first) {
				differ++;
				break;
			}
		}
		if (first & 1)
			is_true[p >> 6] |= bit;
		if (first & 2)
			is_unknown[p >> 6] |= bit;
	}
	return differ;
}

enum yg_status yg_cohort_person_condition(const struct yg_bound *b, const struct yg_node *at, struct yg_task *task,
                                          uint64_t **is_true, uint64_t **is_unknown, struct yg_err *err)
{
	const struct yg_table *t = yg_bound_table(b);
	if (!t->start)
		return yg_eval_condition(b, task, is_true, is_unknown, err);
	if (yg_bound_info(b)->by_person && yg_bound_person_table(b))
		return yg_eval_condition_persons(b, task, is_true, is_unknown, err);
	uint64_t persons = yg_dataset_persons(t->dataset), *row_true, *row_unknown;
	YG_TRY(yg_eval_condition(b, task, &row_true, &row_unknown, err));
	uint64_t *yes = yg_data_calloc(words_of(persons) + 1, sizeof *yes), *unknown = yg_data_calloc(words_of(persons) + 1, sizeof *unknown);
	enum yg_status s = YG_OK;
	if (!yes || !unknown) {
		s = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while a cohort was evaluated"));
	} else {
		uint64_t differ = rows_to_persons(t, persons, row_true, row_unknown, yes, unknown);
		if (differ)
			s = yg_cohort_varies(b, at, differ, err);
	}
	yg_data_free(row_true);
	yg_data_free(row_unknown);
	if (s != YG_OK) {
		yg_data_free(yes);
		yg_data_free(unknown);
		return s;
	}
	*is_true = yes;
	*is_unknown = unknown;
	return YG_OK;
}

/* --- clauses ------------------------------------------------------------------------------- */

static const char *printed(struct yg_arena *arena, const struct yg_node *n)
{
	struct yg_buf text = YG_BUF_INIT;
	yg_print_expression(n, &text);
	const char *copy = yg_arena_strndup(arena, text.data, text.len);
	yg_buf_release(&text);
	return copy;
}

/* Clauses that look at event tables have a sentence each. */
static enum yg_status not_on_columns(const struct yg_node *c, struct yg_err *err)
{
	const char *what;
	switch (c->kind) {
	case YG_NODE_ENTER: what = N_("enter"); break;
	case YG_NODE_EXIT: what = N_("exit"); break;
	case YG_NODE_EPISODES: what = N_("episodes"); break;
	case YG_NODE_LIMIT: what = N_("limit"); break;
	case YG_NODE_RULE_EVENTS:
	case YG_NODE_RULE_COUNT:
	case YG_NODE_RULE_VALUE:
	case YG_NODE_RULE_OBSERVED: what = N_("a rule about events and windows"); break;
	default: what = N_("this clause"); break;
	}
	enum yg_status s = yg_fail_at(err, YG_EINVAL, c->at, c->len, "E-COH-001",
	                              N_("%s looks at event tables (diagnoses, prescriptions, visits); this version defines cohorts on columns only"), _(what));
	yg_err_hint(err, N_("Write the rule as a condition on columns: require \"label\": CONDITION"));
	return s;
}

static enum yg_status evaluate_step(const struct yg_scope *scope, const struct yg_node *clause, const struct yg_node *rule,
                                    uint64_t persons, struct yg_task *task, struct yg_step *step, uint64_t **unknown, struct yg_err *err)
{
	struct yg_bound *b;
	YG_TRY(yg_bind(scope, rule, YG_TYPE_FLAG, task, &b, err));
	uint64_t *yes = NULL;
	enum yg_status s = yg_cohort_person_condition(b, rule, task, &yes, unknown, err);
	yg_bound_free(b);
	if (s != YG_OK)
		return s;
	step->is_require = clause->kind == YG_NODE_REQUIRE;
	if (!step->is_require)
		for (size_t w = 0; w < words_of(persons); w++)
			yes[w] = ~yes[w] & full_word(persons, w);
	step->pass = yes;
	return YG_OK;
}

static void attrition(struct yg_cohort *c, uint64_t *const *unknown)
{
	size_t words = words_of(c->persons_total), k = c->steps;
	uint64_t *now = c->member;
	every_person(now, c->persons_total);
	for (size_t i = 0; i < k; i++) {
		struct yg_step *s = &c->step[i];
		s->persons_before = count_bits(now, NULL, words);
		s->unknown = count_bits(now, unknown[i], words);
		for (size_t w = 0; w < words; w++)
			now[w] &= s->pass[w];
		s->persons_left = count_bits(now, NULL, words);
		s->lost = s->persons_before - s->persons_left;
		s->alone_lost = c->persons_total - count_bits(s->pass, NULL, words);
	}
	c->persons = count_bits(now, NULL, words);
	/* Without step i: persons that pass all the others. */
	for (size_t w = 0; w < words; w++) {
		uint64_t before = full_word(c->persons_total, w);
		for (size_t i = 0; i < k; i++) {
			uint64_t others = before;
			for (size_t j = i + 1; j < k && others; j++)
				others &= c->step[j].pass[w];
			c->step[i].drop_one_gain += (uint64_t)__builtin_popcountll(others & ~c->step[i].pass[w]);
			before &= c->step[i].pass[w];
		}
	}
}

static enum yg_status check_clauses(const struct yg_node *statement, struct yg_err *err)
{
	for (uint32_t i = 0; i < statement->children; i++) {
		const struct yg_node *c = statement->child[i];
		if (c->kind == YG_NODE_LIKE || c->kind == YG_NODE_STRING || c->kind == YG_NODE_AS)
			continue;
		if (c->kind != YG_NODE_REQUIRE && c->kind != YG_NODE_EXCLUDE)
			return not_on_columns(c, err);
		const struct yg_node *rule = c->child[c->children - 1];
		if (rule->kind == YG_NODE_RULE_EVENTS || rule->kind == YG_NODE_RULE_COUNT || rule->kind == YG_NODE_RULE_VALUE ||
		    rule->kind == YG_NODE_RULE_OBSERVED)
			return not_on_columns(rule, err);
	}
	return YG_OK;
}

enum yg_status yg_cohort_evaluate(const struct yg_scope *scope, const struct yg_node *statement, struct yg_task *task,
                                  struct yg_cohort **out, struct yg_err *err)
{
	YG_TRY(check_clauses(statement, err));
	if (!scope->table)
		return yg_fail_at(err, YG_EINVAL, statement->at, statement->len, "E-EXP-035", N_("no table is in use"));
	struct yg_cohort *c = yg_xcalloc(1, sizeof *c);
	yg_arena_init(&c->arena);
	const struct yg_node *label = yg_node_find(statement, YG_NODE_STRING);
	c->name = yg_arena_strdup(&c->arena, statement->text);
	c->label = label ? yg_arena_strdup(&c->arena, label->text) : NULL;
	c->table = scope->table;
	c->persons_total = scope->table->start ? yg_dataset_persons(scope->table->dataset) : scope->table->rows;
	c->step = yg_arena_alloc(&c->arena, statement->children + 1, sizeof *c->step);
	uint64_t **unknown = yg_xcalloc(statement->children + 1, sizeof *unknown);
	c->member = yg_data_calloc(words_of(c->persons_total) + 1, sizeof *c->member);
	enum yg_status s = c->member ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while a cohort was evaluated"));
	for (uint32_t i = 0; i < statement->children && s == YG_OK; i++) {
		const struct yg_node *clause = statement->child[i];
		if (clause->kind != YG_NODE_REQUIRE && clause->kind != YG_NODE_EXCLUDE)
			continue;
		const struct yg_node *rule = clause->child[clause->children - 1];
		const struct yg_node *text = clause->children > 1 ? clause->child[0] : NULL;
		struct yg_step *step = &c->step[c->steps];
		const char *condition = printed(&c->arena, rule);
		step->rule = yg_arena_printf(&c->arena, "%s %s", clause->kind == YG_NODE_REQUIRE ? "require" : "exclude", condition);
		step->label = text && text->kind == YG_NODE_STRING ? yg_arena_strdup(&c->arena, text->text) : condition;
		s = evaluate_step(scope, clause, rule, c->persons_total, task, step, &unknown[c->steps], err);
		if (s == YG_OK)
			c->steps++;
	}
	if (s == YG_OK)
		attrition(c, unknown);
	for (size_t i = 0; i < statement->children; i++)
		yg_data_free(unknown[i]);
	yg_free(unknown);
	if (s != YG_OK) {
		yg_cohort_free(c);
		return s;
	}
	*out = c;
	return YG_OK;
}

void yg_cohort_free(struct yg_cohort *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->steps; i++)
		yg_data_free(c->step[i].pass);
	yg_data_free(c->member);
	yg_arena_release(&c->arena);
	yg_free(c);
}
