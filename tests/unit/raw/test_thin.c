/* Long curves are drawn by fewer steps: none is seen to be missing, and what is kept is exact. */
#include "tests/unit/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "yogo/base/mem.h"
#include "yogo/raw/thin.h"

enum { STEPS = 50000 };

static double *falling(size_t n, double *time)
{
	double *y = yg_xalloc(n, sizeof *y), s = 1;
	for (size_t i = 0; i < n; i++) {
		time[i] = (double)(i + 1) * 0.25;
		s *= 1 - (i % 7 ? 1e-5 : 9e-5) - (i == 33333 ? 0.2 : 0);
		y[i] = s;
	}
	return y;
}

static void short_curves_stay_whole(void **unused)
{
	(void)unused;
	double time[YG_THIN_ALL] = { 0 };
	double *y = falling(YG_THIN_ALL, time);
	const struct yg_thin_value of = { y, 1, 1 };
	const struct yg_thin c = { .time = time, .n = YG_THIN_ALL, .divisor = 1, .length = 250, .of = &of, .values = 1 };
	size_t *kept;
	assert_int_equal(yg_thin(&c, &kept), YG_THIN_ALL);
	assert_null(kept);
	yg_free(y);
}

static void no_step_left_out_can_be_seen(void **unused)
{
	(void)unused;
	static double time[STEPS];
	double *y = falling(STEPS, time), height = 1 - y[STEPS - 1], at[] = { 3000, 0.25, 3000.1, 1e9, -4 };
	const struct yg_thin_value of = { y, 1, height / YG_THIN_HEIGHT };
	const struct yg_thin c = { .time = time, .n = STEPS, .divisor = 0.5, .length = 2 * time[STEPS - 1], .at = at, .ats = 5, .of = &of,
		                   .values = 1 };
	size_t *kept, n = yg_thin(&c, &kept);
	bool by = false, just_before = false;
	assert_true(n > YG_THIN_WIDTH && n < 1300);
	assert_int_equal(kept[0], 0);
	assert_int_equal(kept[n - 1], STEPS - 1);
	for (size_t k = 0; k + 1 < n; k++) {
		assert_true(kept[k] < kept[k + 1]);
		for (size_t i = kept[k]; i < kept[k + 1]; i++) {
			assert_true(fabs(y[i] - y[kept[k]]) < of.least);
			assert_true((time[i] - time[kept[k]]) / c.divisor < c.length / YG_THIN_WIDTH);
		}
		/* 3000 as shown is 1500: the step there, and the one before it */
		by = by || time[kept[k]] == 1500;
		just_before = just_before || time[kept[k]] == 1499.75;
	}
	assert_true(by && just_before);
	/* the jump stands alone */
	bool before = false, jump = false;
	for (size_t k = 0; k < n; k++) {
		before = before || kept[k] == 33333 - 1;
		jump = jump || kept[k] == 33333;
	}
	assert_true(jump && !before);
	yg_free(kept);
	yg_free(y);
}

static void limits_that_come_and_go_are_steps(void **unused)
{
	(void)unused;
	static double time[STEPS];
	double *y = falling(STEPS, time);
	static double pair[2 * STEPS];
	for (size_t i = 0; i < STEPS; i++)
		pair[2 * i + 1] = i < 700 || i >= 40001 ? NAN : 5;
	const struct yg_thin_value of[] = { { y, 1, 2 }, { pair + 1, 2, 0 } };
	const struct yg_thin c = { .time = time, .n = STEPS, .divisor = 1, .length = time[STEPS - 1], .of = of, .values = 2 };
	size_t *kept, n = yg_thin(&c, &kept), met = 0;
	for (size_t k = 0; k < n; k++)
		met += kept[k] == 700 || kept[k] == 40001;
	assert_int_equal(met, 2);
	assert_true(n < YG_THIN_WIDTH + 5);
	yg_free(kept);
	yg_free(y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_curves_stay_whole),
		cmocka_unit_test(no_step_left_out_can_be_seen),
		cmocka_unit_test(limits_that_come_and_go_are_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
