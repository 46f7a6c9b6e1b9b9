/* describe and hist on a few people, worked by hand. */
#include "tests/unit/analysis/look.h"

static const struct small_table people[] = {
	{ "people", "id:integer age:integer:years bili:number rx:level[Obs|Lev] ill:integer{0=no|1=yes} note:text w:number",
	  "1,40,0.5,Obs,0,a,1\n2,50,1.5,Obs,1,b,3\n3,60,,Obs,0,c,1\n4,70,2.5,Obs,,d,1\n5,44,-1,Lev,1,e,1\n" },
};

static void numbers(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "describe age, bili by rx with stats=(n, missing, mean, sd, ci, median, iqr, range, mad, geomean)");
	(void)state;

	assert_evidence_everywhere(r);
	assert_cell(r, "describe", "age: Obs", "n", 4);
	assert_cell(r, "describe", "age: Obs", "mean", 55);
	assert_cell(r, "describe", "age: Obs", "sd", sqrt(500.0 / 3));
	/* t(0.975, 3) = 3.182446305284263 */
	yg_assert_near(cell_value(r, "describe", "age: Obs", "lower"), 55 - 3.182446305284263 * sqrt(500.0 / 12), 1e-11);
	assert_cell(r, "describe", "age: Obs", "median", 55);
	assert_cell(r, "describe", "age: Obs", "iqr", 15);
	assert_cell(r, "describe", "age: Obs", "max", 70);
	assert_cell(r, "describe", "age: Obs", "mad", 14.826);
	assert_cell(r, "describe", "bili: Obs", "n", 3);
	assert_cell(r, "describe", "bili: Obs", "missing", 1);
	assert_cell(r, "describe", "bili: Obs", "geomean", cbrt(0.5 * 1.5 * 2.5));
	assert_behind(r, "describe", "bili: Obs", "n", 3, 0, 4);
	/* one person: a mean without spread, and a number that is not positive */
	assert_cell(r, "describe", "bili: Lev", "mean", -1);
	assert_string_equal(cell_text(r, "describe", "bili: Lev", "sd"), "one value");
	assert_string_equal(cell_text(r, "describe", "bili: Lev", "geomean"), "not all values are positive");
	assert_int_equal(find_table(r, "describe")->column[6].role, YG_ROLE_QUANTILE);
	assert_true(says(r, "Hyndman"));
	yg_raw_free(r);
	world_free(w);
}

static void the_type_of_quantile(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "describe age with stats=(q1), qtype=6");
	(void)state;

	/* 40 44 50 60 70: (n + 1) / 4 = 1.5th */
	assert_cell(r, "describe", "age", "q1", 42);
	yg_raw_free(r);
	world_free(w);
}

static void categories_and_flags(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "describe rx, ill");
	(void)state;

	assert_cell(r, "levels", "rx: Obs", "all", 4);
	assert_cell(r, "levels", "rx: Obs", "all share", 0.8);
	assert_cell(r, "levels", "ill: yes", "all", 2);
	assert_cell(r, "levels", "ill: yes", "all share", 0.5);
	assert_cell(r, "levels", "ill: missing", "all", 1);
	assert_null(find_table(r, "describe"));
	yg_raw_free(r);
	world_free(w);
}

static void weighted(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "describe age where rx = \"Obs\" with weight=w, stats=(n, mean, median)");
	(void)state;

	/* 40 50 50 50 60 70 */
	assert_cell(r, "describe", "age", "n", 4);
	assert_cell(r, "describe", "age", "mean", 320.0 / 6);
	assert_cell(r, "describe", "age", "median", 50);
	yg_raw_free(r);
	world_free(w);
}

static void what_has_no_description(void **state)
{
	struct world *w = world_new(people, 1);
	(void)state;

	assert_ask_refused(w, "describe note", "E-DESC-002");
	assert_ask_refused(w, "describe nobody", "E-EXP-010");
	world_free(w);
}

static void bars(void **state)
{
	struct world *w = world_new(people, 1);
	struct yg_raw *r = ask(w, "hist age by rx with bins=3");
	const struct yg_raw_figure *f = find_figure(r, "hist.age");
	double persons = 0;
	(void)state;

	assert_non_null(f);
	assert_int_equal(f->kind, YG_FIGURE_HISTOGRAM);
	assert_int_equal(f->series_count, 2);
	/* 40 to 50, 50 to 60, 60 to 70, and 70 on */
	assert_true(f->series[0].point[0].p.x == 40 && f->series[0].point[0].p.x2 == 50);
	for (size_t i = 0; i < f->series[0].points; i++)
		persons += f->series[0].point[i].p.y;
	assert_true(persons == 4);
	assert_cell(r, "bins.age", "bin 1", "Obs", 1);
	assert_cell(r, "bins.age", "bin 1", "Lev", 1);
	assert_true(find_table(r, "bins.age")->detail);
	yg_raw_free(r);
	assert_ask_refused(w, "hist rx", "E-DESC-009");
	world_free(w);
}

/* Three blocks of the file: 140,000 persons; some of each column are not known. */
static char *many_rows(void)
{
	struct yg_buf rows = YG_BUF_INIT;

	for (int i = 0; i < 140000; i++) {
		int a = i * 37 % 101;
		yg_buf_addf(&rows, "%d,%d,", i + 1, a);
		if (i % 7)
			yg_buf_addf(&rows, "%d.%d", a * 3 % 50, i % 10);
		yg_buf_addf(&rows, ",%.17g,", 1e6 * (i % 3) + 1 / (i + 1.5));
		yg_buf_adds(&rows, i % 11 == 0 ? "" : i % 3 == 0 ? "Obs" : i % 3 == 1 ? "Lev" : "Five");
		yg_buf_addf(&rows, ",%d,%s\n", i % 5 == 0, i % 13 ? (i % 2 ? "1" : "0") : "");
	}
	return yg_buf_take(&rows);
}

/* Every cell of one table as of the other. */
static void same_cells(const struct yg_raw *a, const struct yg_raw *b, const char *key, int columns)
{
	const struct yg_raw_table *t = find_table(a, key), *u = find_table(b, key);

	assert_non_null(t);
	assert_int_equal(t->rows, u->rows);
	for (int i = 0; i < t->rows; i++)
		for (int j = 0; j < columns; j++) {
			const struct yg_raw_cell *c = yg_raw_cell_at(t, i, j), *d = yg_raw_cell_at(u, i, j);
			assert_string_equal(t->row[i].key, u->row[i].key);
			assert_true(!c == !d);
			if (!c)
				continue;
			assert_int_equal(c->state, d->state);
			assert_int_equal(c->evidence.persons, d->evidence.persons);
			assert_int_equal(c->evidence.whole, d->evidence.whole);
			if (c->state == YG_RAW_VALUE && c->value.kind == YG_VALUE_INTEGER)
				assert_int_equal(c->value.integer, d->value.integer);
			else if (c->state == YG_RAW_VALUE)
				yg_assert_near(c->value.number, d->value.number, 1e-11);
		}
}

/* Straight from the blocks and through an analysis set (geomean needs the values): the same numbers. */
static void blocks_say_what_the_set_says(void **state)
{
	char *rows = many_rows();
	const struct small_table many[] = {
		{ "many", "id:integer a:integer b:number wide:number rx:level[Obs|Lev|Five] ill:integer{0=no|1=yes} g:integer", rows },
	};
	struct world *w = world_new(many, 1);
	static const char *const by[] = { "", " by rx", " by rx:g", " by g:ill", " where a > 50 and b < 30 by rx", " where rx = \"Lev\" and g = 1" };
	(void)state;

	for (size_t k = 0; k < sizeof by / sizeof *by; k++) {
		const char *stats[] = { "n, missing, mean, sd, ci, min, max", "n, mean, median, q1, q3, sum, skewness" };
		for (int turn = 0; turn < 2; turn++) {
			const char *who = turn ? "a, b, rx, ill, g" : "a, b, wide, rx, ill, g";
			struct yg_raw *straight = ask(w, yg_arena_printf(&w->arena, "describe %s%s with stats=(%s)", who, by[k], stats[turn]));
			struct yg_raw *through = ask(w, yg_arena_printf(&w->arena, "describe %s%s with stats=(%s, geomean)", who, by[k], stats[turn]));
			same_cells(straight, through, "describe", find_table(straight, "describe")->columns);
			same_cells(straight, through, "levels", find_table(straight, "levels")->columns);
			assert_evidence_everywhere(straight);
			assert_int_equal(straight->dropped, through->dropped);
			assert_int_equal(straight->persons, through->persons);
			yg_raw_free(straight);
			yg_raw_free(through);
		}
	}
	/* by hand: every 7th b is not known */
	struct yg_raw *r = ask(w, "describe b with stats=(n, missing, mean)");
	assert_cell(r, "describe", "b", "n", 120000);
	assert_cell(r, "describe", "b", "missing", 20000);
	yg_raw_free(r);
	assert_ask_refused(w, "describe a where a > 200", "E-DESC-005");
	world_free(w);
	yg_free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(the_type_of_quantile),
		cmocka_unit_test(categories_and_flags),
		cmocka_unit_test(weighted),
		cmocka_unit_test(what_has_no_description),
		cmocka_unit_test(bars),
		cmocka_unit_test(blocks_say_what_the_set_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
