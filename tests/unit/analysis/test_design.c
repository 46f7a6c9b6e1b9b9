/*
 * From a formula to a matrix: names, contrasts, products and their coding, splines, offsets, levels without rows.
 */
#include "tests/unit/analysis/model.h"

#include "yogo/analysis/design.h"

static const struct small_table people[] = {
	{ "people", "id:integer y:number age:number:years sex:level[F|M] rx:level[Obs|Lev|Both|None] g:integer f:flag",
	  "1,1,40,F,Obs,1,0\n2,2,50,M,Lev,2,1\n3,3,60,F,Both,3,0\n4,4,70,M,Obs,1,1\n5,5,45,F,Lev,2,0\n6,6,55,M,Both,3,1\n"
	  "7,7,65,F,Obs,1,1\n8,8,75,M,Lev,2,0\n9,9,48,F,Both,3,1\n" },
};

struct made {
	struct world *w;
	struct yg_set *set;
	struct yg_design *d;
};

static struct made make(const char *formula)
{
	struct made m = { .w = world_new(people, 1) };
	const struct yg_set_variable *v;
	struct yg_design_plan *plan;
	char text[512];
	snprintf(text, sizeof text, "linear y ~ %s", formula);
	world_run(m.w, text);
	look_population.table = NULL;
	struct yg_an_input in = look_input(m.w, m.w->last);
	if (yg_design_plan(&m.w->arena, &m.w->scope, yg_node_find(m.w->last, YG_NODE_FORMULA)->child[0], &plan, &m.w->err) != YG_OK)
		fail_msg("%s", m.w->err.text);
	size_t n = yg_design_plan_variables(plan, &v);
	struct yg_set_request request = { .scope = &m.w->scope, .population = in.population, .unit = YG_SET_ROWS, .variable = v, .variables = n };
	if (yg_set_build(&request, &m.w->task, &m.set, &m.w->err) != YG_OK)
		fail_msg("%s", m.w->err.text);
	if (yg_design_build_on(&m.w->task, plan, m.set, 0, true, &m.d, &m.w->err) != YG_OK)
		fail_msg("%s", m.w->err.text);
	return m;
}

static void unmake(struct made *m)
{
	yg_design_free(m->d);
	yg_set_free(m->set);
	world_free(m->w);
}

/* The keys of the columns, joined by " | ". */
static const char *keys(const struct made *m)
{
	struct yg_buf b = YG_BUF_INIT;
	for (int j = 0; j < m->d->p; j++)
		yg_buf_addf(&b, j ? " | %s" : "%s", m->d->column[j].key);
	const char *s = yg_arena_strdup(&m->w->arena, b.data);
	yg_buf_release(&b);
	return s;
}

static void names_and_contrasts(void **state)
{
	struct made m = make("age + rx + f");
	(void)state;
	assert_string_equal(keys(&m), "(Intercept) | age | rx: Lev | rx: Both | f");
	const double first[5] = { 1, 40, 0, 0, 0 }, second[5] = { 1, 50, 1, 0, 1 };
	for (int j = 0; j < 5; j++) {
		assert_true(m.d->x[j] == first[j]);
		assert_true(m.d->x[5 + j] == second[j]);
	}
	assert_string_equal(m.d->column[1].label, "age (years)");
	assert_true(m.d->column[2].binary && m.d->column[4].binary && !m.d->column[1].binary);
	assert_string_equal(m.d->term[1].reference, "Obs");
	assert_int_equal(m.d->term[1].count, 2);
	unmake(&m);
	m = make("factor(g, ref = \"2\")");
	assert_string_equal(keys(&m), "(Intercept) | factor(g): 1 | factor(g): 3");
	unmake(&m);
}

static void products_and_their_coding(void **state)
{
	struct made m = make("age * sex");
	(void)state;
	assert_string_equal(keys(&m), "(Intercept) | age | sex: M | age x sex: M");
	assert_true(m.d->x[3] == 0 && m.d->x[4 + 3] == 50);
	assert_string_equal(m.d->term[2].name, "age:sex");
	unmake(&m);
	/* lower degrees first, as R has it */
	m = make("sex * rx + age");
	assert_string_equal(keys(&m), "(Intercept) | sex: M | rx: Lev | rx: Both | age | sex: M x rx: Lev | sex: M x rx: Both");
	unmake(&m);
	/* without its margins a factor is coded in full */
	m = make("sex + age:sex");
	assert_string_equal(keys(&m), "(Intercept) | sex: M | age x sex: F | age x sex: M");
	unmake(&m);
	m = make("0 + sex + age");
	assert_string_equal(keys(&m), "sex: F | sex: M | age");
	unmake(&m);
	m = make("age + age + age:age");
	assert_string_equal(keys(&m), "(Intercept) | age");
	unmake(&m);
}

static void splines_and_functions(void **state)
{
	struct made m = make("rcs(age, knots = (45, 55, 65)) + log(age)");
	(void)state;
	assert_int_equal(m.d->p, 4);
	assert_string_equal(m.d->column[2].key, "rcs(age, knots = (45, 55, 65))[2]");
	/* at 50: (50-45)^3 / (65-45)^2 */
	yg_assert_near(m.d->x[4 + 2], 125.0 / 400, 1e-14);
	yg_assert_near(m.d->x[4 + 3], log(50), 1e-14);
	assert_int_equal(m.d->term[0].knot_count, 3);
	assert_true(m.d->term[0].knots[1] == 55);
	unmake(&m);
	m = make("ns(age, 2) + per(y, 10) + poly(age, 2)");
	assert_int_equal(m.d->p, 6);
	yg_assert_near(m.d->x[3], 0.1, 1e-15);
	double sum = 0, square = 0;
	for (size_t i = 0; i < m.d->n; i++) {
		sum += m.d->x[i * 6 + 5];
		square += m.d->x[i * 6 + 5] * m.d->x[i * 6 + 5];
	}
	yg_assert_near(sum, 0, 1e-14);
	yg_assert_near(square, 1, 1e-14);
	unmake(&m);
}

static void offsets_and_notes(void **state)
{
	struct made m = make("g + offset(log(age)) + offset(y)");
	(void)state;
	assert_string_equal(keys(&m), "(Intercept) | g");
	yg_assert_near(m.d->offset[1], log(50) + 2, 1e-14);
	assert_int_equal(m.d->notes, 1);           /* three values as a straight line */
	assert_non_null(strstr(m.d->note[0], "factor(g)"));
	unmake(&m);
}

static void mistakes(void **state)
{
	static const struct { const char *formula, *code; } bad[] = {
		{ "linear y ~ 2 + age", "E-FML-008" },   { "linear y ~ age:0", "E-FML-009" },
		{ "linear y ~ per(age)", "E-FML-001" },  { "linear y ~ rcs(age, knots = (60, 50, 70))", "E-FML-003" },
		{ "linear y ~ rcs(age, 4.5)", "E-FML-004" }, { "linear y ~ factor(rx, levels = 3)", "E-FML-001" },
		{ "linear y ~ tt(age)", "E-FML-007" },
	};
	struct world *w = world_new(people, 1);
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct yg_design_plan *plan;
		world_run(w, bad[i].formula);
		assert_int_not_equal(yg_design_plan(&w->arena, &w->scope, yg_node_find(w->last, YG_NODE_FORMULA)->child[0], &plan, &w->err), YG_OK);
		assert_string_equal(w->err.code, bad[i].code);
	}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_contrasts), cmocka_unit_test(products_and_their_coding), cmocka_unit_test(splines_and_functions),
		cmocka_unit_test(offsets_and_notes),   cmocka_unit_test(mistakes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
