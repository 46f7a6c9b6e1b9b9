/*
 * Analysis sets: complete plain arrays for a kernel, and who was dropped and why, in persons and rows;
 * on a table with a row a person, on two rows a person, on spans, and on a collapsed endpoint.
 */
#include "tests/unit/expr/small.h"

#include "yogo/cohort/set.h"
#include "yogo/base/phrase.h"

static const struct small_table plain[] = { {
	"pts", "pid:integer age:number:years rx:level[Obs|Lev|Never] sex:integer{0=Female|1=Male} w:number f:integer note:text t:integer:days e:flag",
	/* pid, age, rx, sex, w, f, note, t, e */
	"1,43,Lev,1,1,2,b,10,true\n"
	"2,60.5,Obs,0,2,1,a,20,false\n"
	"3,,Obs,1,1,1,a,30,true\n"
	"4,18,Lev,,0.5,3,c,40,\n"
	"5,NaN,,0,,1,,,true\n"
	"6,65,,1,1,0,a,60,false\n"
	"7,90,Lev,0,3,1,b,70,true\n" } };
static const struct small_table two[] = {
	{ "subject", "id:integer rx:level nodes:integer", "1,Lev,5\n2,Obs,\n3,Lev,2\n4,Obs,9\n" },
	{ "colon", "id:integer etype:integer time:integer:days status:integer age:integer bp:number",
	  "1,1,968,1,43,120\n1,2,1521,1,43,125\n2,1,3087,0,63,130\n2,2,3087,0,63,\n3,1,542,,71,140\n3,2,963,1,71,141\n" } };

struct asked {
	const char *text;
	enum yg_set_use use;
	bool keep, factor;
};

static struct yg_set *try_build(struct world *w, enum yg_set_unit unit, const struct yg_population *population, const struct yg_endpoint *e,
                                const char *where, const struct asked *v, size_t n)
{
	struct yg_set_variable variable[8];
	struct yg_population everybody = { .name = "all", .table = w->scope.table };
	struct yg_set *s = NULL;
	for (size_t k = 0; k < n; k++)
		variable[k] = (struct yg_set_variable){ world_expression(w, v[k].text), v[k].use, v[k].keep, v[k].factor };
	struct yg_set_request r = { .scope = &w->scope, .population = population ? population : &everybody, .endpoint = e,
		.where = where ? world_expression(w, where) : NULL, .unit = unit, .variable = variable, .variables = n };
	memset(&w->err, 0, sizeof w->err);
	return yg_set_build(&r, &w->task, &s, &w->err) == YG_OK ? s : NULL;
}

static struct yg_set *build(struct world *w, enum yg_set_unit unit, const struct yg_population *population, const struct yg_endpoint *e,
                            const char *where, const struct asked *v, size_t n)
{
	struct yg_set *s = try_build(w, unit, population, e, where, v, n);
	if (!s)
		fail_msg("%s [%s]", w->err.text, w->err.code);
	return s;
}

static void persons(const struct yg_set *s, const char *expected)
{
	char text[256] = "";
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%u", i ? " " : "", s->person[i] + 1);
	assert_string_equal(text, expected);
}

static void column(const struct yg_set *s, size_t k, const char *expected)
{
	char text[512] = "";
	size_t n = 0;
	const struct yg_set_column *c = &s->column[k];
	for (size_t i = 0; i < s->n; i++) {
		const char *gap = i ? " " : "";
		if (c->missing && c->missing[i])
			n += (size_t)snprintf(text + n, sizeof text - n, "%s?", gap);
		else if (c->is_factor)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", gap, c->level_name[c->level[i]]);
		else
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%g", gap, c->number[i]);
	}
	assert_string_equal(text, expected);
}

static void drop(const struct yg_set *s, size_t k, const char *reason, uint64_t of_persons, uint64_t rows)
{
	assert_true(k < s->drops);
	assert_string_equal(yg_phrase_shown(s->drop[k].reason), reason);
	assert_int_equal(s->drop[k].persons, of_persons);
	assert_int_equal(s->drop[k].rows, rows);
}

static void complete_cases(void **state)
{
	static const struct asked v[] = { { "age", YG_USE_TERM, false, false }, { "rx", YG_USE_TERM, false, false }, { "sex = 1", YG_USE_OUTCOME, false, false } };
	struct world *w = world_new(plain, 1);
	struct yg_set *s = build(w, YG_SET_PERSONS, NULL, NULL, NULL, v, 3);
	(void)state;
	persons(s, "1 2 7");
	column(s, 0, "43 60.5 90");
	column(s, 1, "Lev Obs Lev");
	column(s, 2, "1 0 0");
	assert_int_equal(s->persons_asked, 7);
	assert_int_equal(s->persons, 3);
	assert_int_equal(s->drops, 4);
	drop(s, 0, "age missing", 1, 1);
	drop(s, 1, "age not finite", 1, 1);
	drop(s, 2, "rx missing", 1, 1);
	drop(s, 3, "sex = 1 missing", 1, 1);
	assert_string_equal(s->column[0].unit, "years");
	assert_int_equal(s->column[1].levels, 3);    /* a term keeps declared levels, also those without rows */
	assert_true(s->column[1].is_factor);
	assert_int_equal(s->column[0].type, YG_TYPE_NUMBER);
	yg_set_free(s);
	world_free(w);
}

static void missing_kept(void **state)
{
	static const struct asked v[] = { { "age", YG_USE_TERM, true, false }, { "rx", YG_USE_BY, true, false }, { "sex", YG_USE_TERM, true, true }, { "note", YG_USE_TERM, true, false } };
	struct world *w = world_new(plain, 1);
	struct yg_set *s = build(w, YG_SET_PERSONS, NULL, NULL, "pid > 1", v, 4);
	(void)state;
	persons(s, "2 3 4 5 6 7");
	column(s, 0, "60.5 ? 18 ? 65 90");
	column(s, 1, "Obs Obs Lev ? ? Lev");
	column(s, 2, "Female Male ? Female Male Female");
	column(s, 3, "a a c ? a b");
	assert_int_equal(s->column[0].missing_count, 2);
	assert_int_equal(s->column[1].levels, 2);    /* groups are those with rows, in order */
	assert_string_equal(s->column[1].level_name[0], "Obs");
	assert_int_equal(s->drops, 0);
	assert_int_equal(s->column[1].level[3], -1);
	assert_true(isnan(s->column[0].number[1]));
	yg_set_free(s);
	world_free(w);
}

static void factors_of_numbers_and_texts(void **state)
{
	static const struct asked v[] = { { "t", YG_USE_STRATA, false, false }, { "age", YG_USE_CLUSTER, false, false }, { "note", YG_USE_BY, false, false }, { "e", YG_USE_TERM, false, true } };
	struct world *w = world_new(plain, 1);
	struct yg_set *s = build(w, YG_SET_ROWS, NULL, NULL, NULL, v, 4);
	(void)state;
	persons(s, "1 2 6 7");
	column(s, 0, "10 20 60 70");
	column(s, 1, "43 60.5 65 90");
	column(s, 2, "b a a b");
	column(s, 3, "yes no no yes");
	assert_int_equal(s->column[2].levels, 2);
	assert_int_equal(s->column[2].level[0], 1);
	yg_set_free(s);
	world_free(w);
}

static void weights(void **state)
{
	static const struct asked v[] = { { "w", YG_USE_WEIGHT, false, false }, { "f", YG_USE_FREQUENCY, false, false } };
	static const struct asked negative[] = { { "w - 1.5", YG_USE_WEIGHT, false, false } };
	static const struct asked broken[] = { { "w", YG_USE_FREQUENCY, false, false } };
	static const struct asked words[] = { { "rx", YG_USE_WEIGHT, false, false } };
	struct world *w = world_new(plain, 1);
	struct yg_set *s = build(w, YG_SET_PERSONS, NULL, NULL, NULL, v, 2);
	(void)state;
	persons(s, "1 2 3 4 6 7");
	yg_assert_near(s->weight[3], 0.5, 0);
	column(s, 1, "2 1 1 3 0 1");
	assert_false(s->weight_is_probability);
	drop(s, 0, "w missing", 1, 1);
	yg_set_free(s);
	assert_null(try_build(w, YG_SET_PERSONS, NULL, NULL, NULL, negative, 1));
	assert_string_equal(w->err.code, "E-SET-005");
	assert_non_null(strstr(w->err.text, "4 rows"));
	world_run(w, "let none = 0");
	static const struct asked nothing[] = { { "none", YG_USE_WEIGHT, false, false } };
	assert_null(try_build(w, YG_SET_PERSONS, NULL, NULL, NULL, nothing, 1));
	assert_string_equal(w->err.code, "E-SET-009");
	assert_null(try_build(w, YG_SET_PERSONS, NULL, NULL, NULL, broken, 1));
	assert_string_equal(w->err.code, "E-SET-006");
	assert_null(try_build(w, YG_SET_PERSONS, NULL, NULL, NULL, words, 1));
	assert_string_equal(w->err.code, "E-SET-001");
	world_free(w);
}

/* A set made by weight: its own weights and arms. */
static void weighted_population(void **state)
{
	static const double weight[] = { 2, 0.5, NAN, 1, 1, 4, 1 };
	static const int8_t arm[] = { 1, 0, 0, 1, -1, 0, 1 };
	static const uint64_t member[] = { 0x3f };
	static const struct asked v[] = { { "arm", YG_USE_TERM, false, false }, { "w", YG_USE_WEIGHT, false, false } };
	struct world *w = world_new(plain, 1);
	struct yg_population p = { .name = "w1", .table = w->scope.table, .member = member, .persons = 6, .weight = weight, .arm = arm, .arm_label = { "control", "treated" } };
	struct yg_set *s = build(w, YG_SET_PERSONS, &p, NULL, NULL, v, 2);
	(void)state;
	persons(s, "1 2 4 6");
	column(s, 0, "treated control treated control");
	yg_assert_near(s->weight[0], 2, 0);
	yg_assert_near(s->weight[1], 1, 0);
	yg_assert_near(s->weight[2], 0.5, 0);
	assert_true(s->weight_is_probability);
	yg_set_free(s);
	assert_null(try_build(w, YG_SET_PERSONS, NULL, NULL, NULL, v, 2));
	assert_string_equal(w->err.code, "E-EXP-010");
	world_free(w);
}

/* Persons of a table with several rows each: one value a person, or a refusal that names the cure. */
static void persons_of_many_rows(void **state)
{
	static const struct asked v[] = { { "nodes", YG_USE_TERM, true, false }, { "rx", YG_USE_BY, false, false } };
	static const struct asked agreeing[] = { { "age", YG_USE_TERM, false, false } };
	static const struct asked varying[] = { { "time", YG_USE_TERM, false, false } };
	struct world *w = world_new(two, 2);
	struct yg_set *s = build(w, YG_SET_PERSONS, NULL, NULL, NULL, v, 2);
	(void)state;
	persons(s, "1 2 3 4");
	column(s, 0, "5 ? 2 9");
	column(s, 1, "Lev Obs Lev Obs");
	assert_int_equal(s->rows_asked, 4);
	yg_set_free(s);
	s = build(w, YG_SET_PERSONS, NULL, NULL, NULL, agreeing, 1);
	persons(s, "1 2 3");
	column(s, 0, "43 63 71");
	drop(s, 0, "age missing", 1, 1);      /* person 4 has no rows */
	yg_set_free(s);
	assert_null(try_build(w, YG_SET_PERSONS, NULL, NULL, NULL, varying, 1));
	assert_string_equal(w->err.code, "E-COH-002");
	assert_non_null(strstr(w->err.text, "time"));
	assert_non_null(strstr(w->err.text, "2 persons"));
	s = build(w, YG_SET_PERSONS, NULL, NULL, "etype = 2", varying, 1);
	persons(s, "1 2 3");
	column(s, 0, "1521 3087 963");
	assert_int_equal(s->row[2], 5);
	yg_set_free(s);
	s = build(w, YG_SET_PERSONS, NULL, NULL, "rx = \"Obs\"", v, 2);
	persons(s, "2 4");
	yg_set_free(s);
	s = build(w, YG_SET_ROWS, NULL, NULL, "rx = \"Obs\"", varying, 1);
	persons(s, "2 2");
	assert_int_equal(s->persons, 1);
	assert_int_equal(s->persons_asked, 1);
	yg_set_free(s);
	world_free(w);
}

static struct yg_endpoint *endpoint(struct world *w, const char *text)
{
	struct yg_endpoint *e = NULL;
	world_run(w, text);
	if (yg_endpoint_evaluate(&w->scope, w->last, &w->task, &e, &w->err) != YG_OK)
		fail_msg("%s: %s", text, w->err.text);
	return e;
}

static void spans(void **state)
{
	static const struct asked v[] = { { "rx", YG_USE_TERM, false, false }, { "nodes", YG_USE_TERM, false, false }, { "bp", YG_USE_TERM, false, false } };
	static const uint64_t member[] = { 0xb };
	struct world *w = world_new(two, 2);
	struct yg_endpoint *e = endpoint(w, "endpoint rec: \"R\"; where etype = 1; time time in days; event status = 1; end");
	struct yg_population p = { .name = "itt", .table = w->scope.table, .member = member, .persons = 3 };
	struct yg_set *s = build(w, YG_SET_SPANS, NULL, e, NULL, v, 2);
	(void)state;
	persons(s, "1");
	yg_assert_near(s->exit[0], 968, 0);
	assert_int_equal(s->status[0], 1);
	assert_null(s->entry);
	assert_int_equal(s->persons_asked, 3);
	assert_int_equal(s->rows_asked, 3);
	drop(s, 0, "outcome unknown", 1, 1);
	drop(s, 1, "nodes missing", 1, 1);
	yg_set_free(s);
	s = build(w, YG_SET_SPANS, &p, e, NULL, v, 1);
	persons(s, "1 2");
	assert_int_equal(s->drops, 0);       /* person 3 is no member */
	yg_set_free(s);
	s = build(w, YG_SET_SPANS, NULL, e, "bp > 125", v, 3);
	assert_int_equal(s->persons_asked, 2);
	assert_int_equal(s->n, 0);
	yg_set_free(s);
	yg_endpoint_free(e);
	world_free(w);
}

/* A collapsed endpoint has one follow-up a person: where chooses among the person's rows, terms must agree. */
static void collapsed(void **state)
{
	static const struct small_table t[] = {
		{ "subject", "id:integer trt:level fut:integer:days", "1,a,400\n2,b,500\n3,a,\n" },
		{ "pbcseq", "id:integer day:integer bili:number dead:integer", "1,0,1.5,1\n1,90,2.5,1\n2,0,3,0\n2,30,4,0\n3,0,9,0\n" } };
	static const struct asked by[] = { { "trt", YG_USE_BY, false, false } }, row[] = { { "bili", YG_USE_TERM, false, false } };
	struct world *w = world_new(t, 2);
	struct yg_endpoint *e = endpoint(w, "endpoint d: \"D\"; time fut; event dead = 1; end");
	struct yg_set *s = build(w, YG_SET_SPANS, NULL, e, NULL, by, 1);
	(void)state;
	assert_true(e->collapsed);
	assert_int_equal(e->grain, YG_SPANS_ONE);
	persons(s, "1 2");
	column(s, 0, "a b");
	drop(s, 0, "time missing", 1, 1);
	yg_set_free(s);
	assert_null(try_build(w, YG_SET_SPANS, NULL, e, NULL, row, 1));
	assert_string_equal(w->err.code, "E-COH-002");
	s = build(w, YG_SET_SPANS, NULL, e, "day = 0", row, 1);
	column(s, 0, "1.5 3");
	assert_int_equal(s->persons_asked, 3);
	yg_set_free(s);
	s = build(w, YG_SET_SPANS, NULL, e, "day > 20", row, 1);
	column(s, 0, "2.5 4");
	assert_int_equal(s->persons_asked, 2);
	yg_set_free(s);
	yg_endpoint_free(e);
	world_free(w);
}

/* Several blocks, several threads: what comes out is in order and complete. */
static void large(void **state)
{
	const uint32_t n = 150000;
	struct yg_buf rows = YG_BUF_INIT;
	static const struct asked v[] = { { "x", YG_USE_TERM, false, false }, { "g", YG_USE_BY, false, false }, { "k", YG_USE_CLUSTER, false, false } };
	(void)state;
	for (uint32_t i = 0; i < n; i++) {
		yg_buf_addf(&rows, "%u,", i);
		if (i % 10)
			yg_buf_addf(&rows, "%u", i * 3);
		yg_buf_addf(&rows, ",g%u\n", i % 7);
	}
	struct small_table t[] = { { "big", "k:integer x:integer g:level", rows.data } };
	struct world *w = world_new(t, 1);
	struct yg_set *s = build(w, YG_SET_ROWS, NULL, NULL, "k >= 1000", v, 3);
	size_t at = 0;
	for (uint32_t i = 1000; i < n; i++) {
		if (i % 10 == 0)
			continue;
		assert_int_equal(s->row[at], i);
		assert_true(s->column[0].number[at] == 3.0 * i);
		assert_int_equal(s->column[1].level[at], i % 7);
		assert_int_equal(s->column[2].level[at], at);
		at++;
	}
	assert_int_equal(s->n, at);
	drop(s, 0, "x missing", 14900, 14900);
	assert_string_equal(s->column[2].level_name[0], "1001");
	yg_set_free(s);
	world_free(w);
	yg_buf_release(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(complete_cases),
		cmocka_unit_test(missing_kept),
		cmocka_unit_test(factors_of_numbers_and_texts),
		cmocka_unit_test(weights),
		cmocka_unit_test(weighted_population),
		cmocka_unit_test(persons_of_many_rows),
		cmocka_unit_test(spans),
		cmocka_unit_test(collapsed),
		cmocka_unit_test(large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
