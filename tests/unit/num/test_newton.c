/*
 * The maximiser: a logistic likelihood by hand, a step that must be halved, a dependent column, a start
 * outside the domain.
 */
#include "tests/unit/test.h"

#include "yogo/num/newton.h"

/* Log likelihood of 3 successes in 10: maximum at log(3/7). */
static enum yg_status logit(void *context, const double *b, double *f, double *score, double *information,
                            struct yg_err *err)
{
	double p = 1 / (1 + exp(-b[0]));
	(void)context;
	(void)err;
	*f = 3 * log(p) + 7 * log1p(-p);
	score[0] = 3 - 10 * p;
	information[0] = 10 * p * (1 - p);
	return YG_OK;
}

static void test_logit_and_iteration_zero(void **state)
{
	struct yg_newton out;
	double b = 0, score, information;
	uint8_t dropped;
	(void)state;
	struct yg_newton_options none = yg_newton_standard;
	none.most_iterations = 0;
	assert_int_equal(yg_newton_maximize(1, &b, logit, NULL, &none, &out, &score, &information, &dropped, NULL), YG_OK);
	assert_true(b == 0 && out.iterations == 0 && score == -2 && information == 2.5);
	yg_assert_near(out.decrement, 1.6, 1e-15);     /* 4 / 2.5 */
	assert_int_equal(yg_newton_maximize(1, &b, logit, NULL, NULL, &out, &score, &information, &dropped, NULL), YG_OK);
	assert_int_equal(out.stop, YG_STOP_TOLERANCE);
	yg_assert_near(b, log(3.0 / 7), 1e-15);
	assert_true(out.iterations <= 5);
	b = 8;                                         /* the full step would fly far away */
	assert_int_equal(yg_newton_maximize(1, &b, logit, NULL, NULL, &out, &score, &information, &dropped, NULL), YG_OK);
	yg_assert_near(b, log(3.0 / 7), 1e-14);
	assert_true(out.halvings > 0);
}

/* -(a + 2 c - 1)^2 in two parameters of which only one direction matters. */
static enum yg_status ridge(void *context, const double *b, double *f, double *score, double *information,
                            struct yg_err *err)
{
	double r = 1 - b[0] - 2 * b[1];
	(void)context;
	(void)err;
	*f = -r * r;
	score[0] = 2 * r;
	score[1] = 4 * r;
	information[0] = 2;
	information[1] = information[2] = 4;
	information[3] = 8;
	return YG_OK;
}

static enum yg_status nowhere(void *context, const double *b, double *f, double *score, double *information,
                              struct yg_err *err)
{
	(void)context;
	(void)b;
	(void)err;
	*f = NAN;
	score[0] = information[0] = 1;
	return YG_OK;
}

static void test_rank_and_domain(void **state)
{
	struct yg_newton out;
	double b[2] = { 0, 0 }, score[2], information[4];
	uint8_t dropped[2];
	(void)state;
	assert_int_equal(yg_newton_maximize(2, b, ridge, NULL, NULL, &out, score, information, dropped, NULL), YG_OK);
	assert_true(out.rank == 1 && !dropped[0] && dropped[1] && b[0] == 1 && b[1] == 0);
	assert_int_equal(yg_newton_maximize(1, b, nowhere, NULL, NULL, &out, score, information, dropped, NULL), YG_OK);
	assert_int_equal(out.stop, YG_STOP_NOT_FINITE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logit_and_iteration_zero),
		cmocka_unit_test(test_rank_and_domain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
