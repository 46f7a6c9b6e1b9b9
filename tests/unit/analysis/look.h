/*
 * Asking a describing verb on a small data set as a script would, and looking at the raw document it makes.
 *
 *   struct yg_raw *r = ask(w, "table1 age by rx with smd");
 *   assert_cell(r, "table1", "age", "Lev", 52);
 */
#ifndef YOGO_TESTS_LOOK_H
#define YOGO_TESTS_LOOK_H

#include "tests/unit/expr/small.h"

#include "yogo/base/phrase.h"
#include "yogo/analysis/describe.h"
#include "yogo/raw/raw_inside.h"

static struct yg_population look_population;

static inline struct yg_an_input look_input(struct world *w, const struct yg_node *s)
{
	const struct yg_node *where = yg_node_find(s, YG_NODE_WHERE), *weight = yg_node_option(s, "weight");

	if (!look_population.table)
		look_population = (struct yg_population){ .name = "small", .sentence = "small", .persons = yg_dataset_persons(w->d) };
	look_population.table = w->scope.table;
	return (struct yg_an_input){ .scope = &w->scope, .population = &look_population, .where = where ? where->child[0] : NULL,
		                         .by = yg_node_find(s, YG_NODE_BY),
		                         .weight = weight ? yg_node_new(&w->arena, YG_NODE_NAME, weight->text) : NULL };
}

/* The words of an option that is one word or a list of them. */
static inline size_t look_words(struct world *w, const struct yg_node *s, const char *name, const char *const **out)
{
	const struct yg_node *v = yg_node_option(s, name);
	size_t n = !v ? 0 : v->kind == YG_NODE_GROUP ? v->children : 1;
	const char **list = yg_arena_alloc(&w->arena, n + 1, sizeof *list);

	for (size_t i = 0; i < n; i++)
		list[i] = v->kind == YG_NODE_GROUP ? v->child[i]->text : v->kind == YG_NODE_OPTION ? "yes" : v->text;
	*out = list;
	return n;
}

static inline enum yg_status look_tab(struct world *w, const struct yg_node *s, struct yg_an_tab *r, struct yg_raw **out)
{
	const char *const *word;
	const struct yg_node *freq = yg_node_option(s, "freq");

	r->strata = yg_node_find(s, YG_NODE_STRATA);
	r->frequency = freq ? yg_node_new(&w->arena, YG_NODE_NAME, freq->text) : NULL;
	for (size_t i = 0, n = look_words(w, s, "test", &word); i < n; i++)
		assert_true(yg_an_tab_test(word[i], &r->tests));
	for (size_t i = 0, n = look_words(w, s, "measure", &word); i < n; i++)
		assert_true(yg_an_tab_measure(word[i], &r->measures));
	if (look_words(w, s, "pct", &word))
		assert_true(yg_an_tab_pct(word[0], &r->pct));
	if (look_words(w, s, "missing", &word))
		assert_true(yg_an_missing_rule_parse(word[0], &r->missing));
	if (look_words(w, s, "event", &word))
		r->event = word[0];
	return yg_an_tab(r, &w->task, out, &w->err);
}

static inline enum yg_status ask_try(struct world *w, const char *text, struct yg_raw **out)
{
	struct yg_an_targets target = { NULL, 0 };
	const char *const *word;

	*out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *list = yg_node_find(s, YG_NODE_LIST);
	if (list)
		target = (struct yg_an_targets){ (const struct yg_node *const *)list->child, list->children };
	struct yg_an_input in = look_input(w, s);
	if (!strcmp(s->text, "describe")) {
		struct yg_an_describe r = { .in = in, .target = target };
		r.stats_count = look_words(w, s, "stats", &r.stats);
		const struct yg_node *q = yg_node_option(s, "qtype");
		r.qtype = q ? (int)q->number : 0;
		return yg_an_describe(&r, &w->task, out, &w->err);
	}
	if (!strcmp(s->text, "hist")) {
		const struct yg_node *bins = yg_node_option(s, "bins");
		struct yg_an_hist r = { .in = in, .target = target, .bins = bins ? (size_t)bins->number : 0 };
		return yg_an_hist(&r, &w->task, out, &w->err);
	}
	if (!strcmp(s->text, "count")) {
		struct yg_an_count r = { .in = in };
		return yg_an_count(&r, &w->task, out, &w->err);
	}
	if (!strcmp(s->text, "missing")) {
		struct yg_an_missing r = { .in = in, .target = target, .pattern = yg_node_option_yes(s, "pattern") };
		return yg_an_missing(&r, &w->task, out, &w->err);
	}
	if (!strcmp(s->text, "show")) {
		const struct yg_node *top = yg_node_option(s, "top"), *order = yg_node_option(s, "order");
		struct yg_an_show r = { .in = in, .target = target, .open = true, .top = top ? (size_t)top->number : 0,
			                    .order = order ? yg_node_new(&w->arena, YG_NODE_NAME, order->text) : NULL,
			                    .descending = yg_node_option_yes(s, "descending") };
		return yg_an_show(&r, &w->task, out, &w->err);
	}
	if (!strcmp(s->text, "tab")) {
		struct yg_an_tab r = { .in = in, .target = target };
		return look_tab(w, s, &r, out);
	}
	assert_string_equal(s->text, "table1");
	struct yg_an_table1 r = { .in = in, .target = target, .overall = yg_node_option_yes(s, "overall"),
		                      .smd = yg_node_option_yes(s, "smd") };
	r.medians = look_words(w, s, "median", &r.median);
	r.test = look_words(w, s, "test", &word) ? word[0] : NULL;
	if (look_words(w, s, "missing", &word))
		assert_true(yg_an_missing_rule_parse(word[0], &r.missing));
	return yg_an_table1(&r, &w->task, out, &w->err);
}

static inline struct yg_raw *ask(struct world *w, const char *text)
{
	struct yg_raw *out;

	if (ask_try(w, text, &out) != YG_OK)
		fail_msg("%s: %s [%s] %s", text, w->err.text, w->err.code, w->err.hint);
	return out;
}

#define assert_ask_refused(w, text, expected)                           \
	do {                                                            \
		struct yg_raw *unwanted;                                \
		assert_int_not_equal(ask_try((w), (text), &unwanted), YG_OK); \
		assert_string_equal((w)->err.code, (expected));         \
	} while (0)

static inline const struct yg_raw_table *find_table(const struct yg_raw *r, const char *key)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_RAW_TABLE && !strcmp(r->item[i].table->key, key))
			return r->item[i].table;
	return NULL;
}

static inline const struct yg_raw_figure *find_figure(const struct yg_raw *r, const char *key)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_RAW_FIGURE && !strcmp(r->item[i].figure->key, key))
			return r->item[i].figure;
	return NULL;
}

static inline const struct yg_raw_cell *find_cell(const struct yg_raw *r, const char *table, const char *row, const char *column)
{
	const struct yg_raw_table *t = find_table(r, table);

	if (!t)
		fail_msg("no table %s", table);
	for (int i = 0; i < t->rows; i++)
		for (int k = 0; k < t->columns && !strcmp(t->row[i].key, row); k++)
			if (!strcmp(t->column[k].key, column))
				return yg_raw_cell_at(t, i, k);
	print_message("%s has rows", table);
	for (int i = 0; i < t->rows; i++)
		print_message(" [%s]", t->row[i].key);
	print_message(" and columns");
	for (int k = 0; k < t->columns; k++)
		print_message(" [%s]", t->column[k].key);
	fail_msg(", not %s / %s", row, column);
	return NULL;
}

static inline double cell_value(const struct yg_raw *r, const char *table, const char *row, const char *column)
{
	const struct yg_raw_cell *c = find_cell(r, table, row, column);

	if (!c || c->state != YG_RAW_VALUE)
		return NAN;
	return c->value.kind == YG_VALUE_INTEGER ? (double)c->value.integer : c->value.number;
}

static inline const char *cell_text(const struct yg_raw *r, const char *table, const char *row, const char *column)
{
	const struct yg_raw_cell *c = find_cell(r, table, row, column);

	return yg_phrase_shown(c ? c->value.text : NULL);
}

#define assert_cell(r, table, row, column, expected) yg_assert_near(cell_value((r), (table), (row), (column)), (expected), 1e-12)
/* persons, events, whole behind a cell */
#define assert_behind(r, table, row, column, p, e, w)                                                   \
	do {                                                                                            \
		const struct yg_raw_cell *behind = find_cell((r), (table), (row), (column));            \
		assert_int_equal(behind->evidence.persons, (p));                                        \
		assert_int_equal(behind->evidence.events, (e));                                         \
		assert_int_equal(behind->evidence.whole, (w));                                          \
	} while (0)

static inline bool says(const struct yg_raw *r, const char *message)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_RAW_NOTE && strstr(r->item[i].note->message, message))
			return true;
	return false;
}

/* Every number stands for somebody, but for degrees of freedom, edges of bins and the like. */
static inline void assert_evidence_everywhere(const struct yg_raw *r)
{
	for (int i = 0; i < r->items; i++) {
		const struct yg_raw_table *t = r->item[i].kind == YG_RAW_TABLE ? r->item[i].table : NULL;
		for (int row = 0; t && row < t->rows; row++)
			for (int k = 0; k < t->columns; k++) {
				const struct yg_raw_cell *c = yg_raw_cell_at(t, row, k);
				if (!c || c->state != YG_RAW_VALUE || c->value.kind == YG_VALUE_TEXT)
					continue;
				enum yg_role role = c->has_role ? c->role : t->column[k].role;
				if (role == YG_ROLE_DF || role == YG_ROLE_INTEGER)
					continue;
				if (role == YG_ROLE_TIME && !strcmp(t->column[k].key, "time"))
					continue; /* a time that was asked for */
				if (!c->evidence.persons && !c->evidence.whole)
					fail_msg("%s[%s][%s] stands for nobody", t->key, t->row[row].key, t->column[k].key);
			}
	}
}

#endif
