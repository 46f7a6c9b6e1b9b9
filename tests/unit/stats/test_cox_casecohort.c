/* Case-cohort samples: worked by hand, the whole cohort drawn, and samples that cannot be. */
#include "tests/unit/test.h"

#include "yogo/num/elementary.h"
#include "yogo/stats/cox_casecohort.h"

/* Cases A B C at 1, 2, 3 of which B was drawn; D E F were drawn and have no event; the cohort has 10 persons. */
static const double tiny_exit[] = { 1, 2, 3, 4, 5, 2.5 }, tiny_x[] = { 1, 0, 0, 1, 0, 1 }, ten = 10;
static const uint8_t tiny_event[] = { 1, 1, 1, 0, 0, 0 }, tiny_in[] = { 0, 1, 0, 1, 1, 1 };

static const struct yg_cox_data tiny = { .spans = { .n = 6, .exit = tiny_exit, .event = tiny_event }, .x = tiny_x, .p = 1 };

static struct yg_casecohort how(enum yg_casecohort_method method)
{
	return (struct yg_casecohort){ .method = method, .subcohort = tiny_in, .strata = 1, .size = &ten, .ties = YG_COX_EFRON };
}

static struct yg_cox_casecohort fit(const struct yg_cox_data *d, const struct yg_casecohort *c)
{
	struct yg_cox_casecohort f;
	struct yg_err err = { 0 };
	if (yg_cox_casecohort_fit(d, c, NULL, &f, &err) != YG_OK)
		fail_msg("%s [%s]", err.text, err.code);
	assert_int_equal(f.fit.stop, YG_COX_CONVERGED);
	return f;
}

static struct yg_cox_casecohort tiny_fit(enum yg_casecohort_method method)
{
	struct yg_casecohort c = how(method);
	return fit(&tiny, &c);
}

static void self_prentice_by_hand(void **unused)
{
	(void)unused;
	/* Slope 1 - 2 (2h)/(2 + 2h) - h/(1 + h) = 0: h = 1/2.  Information 3 h/(1 + h)^2 = 2/3.  Scores of B E D F: 2/9, 4/9, -4/9,
	   -2/9; (1 - 4/10) 40/81 over the information squared is 2/3. */
	struct yg_cox_casecohort f = tiny_fit(YG_CASECOHORT_SELF_PRENTICE);
	yg_assert_near(yg_exp(f.fit.beta[0]), 0.5, 1e-9);
	yg_assert_near(f.fit.naive[0], 1.5, 1e-8);
	yg_assert_near(f.phase2[0], 2.0 / 3, 1e-8);
	yg_assert_near(f.fit.var[0], 13.0 / 6, 1e-8);
	yg_assert_near(f.fit.se[0], sqrt(13.0 / 6), 1e-8);
	yg_assert_near(f.fit.wald.chisq, f.fit.beta[0] * f.fit.beta[0] / (13.0 / 6), 1e-8);
	assert_int_equal(f.fit.wald.df, 1);
	assert_int_equal(f.fit.lrt.df, 0);
	assert_true(f.fit.robust);
	assert_int_equal(f.fit.n, 6);
	assert_int_equal(f.fit.events, 3);
	yg_cox_casecohort_release(&f);
}

static void prentice_by_hand(void **unused)
{
	(void)unused;
	/* A joins the risk set at 1, C that at 3; the variance is that of Self and Prentice. */
	struct yg_cox_casecohort f = tiny_fit(YG_CASECOHORT_PRENTICE);
	double h = yg_exp(f.fit.beta[0]);
	assert_true(fabs(1 - 3 * h / (2 + 3 * h) - h / (1 + h) - h / (2 + h)) < 1e-9);
	yg_assert_near(f.fit.var[0], 13.0 / 6, 1e-8);
	yg_cox_casecohort_release(&f);
}

static void weights_by_hand(void **unused)
{
	(void)unused;
	/* Weights 1 and (10 - 3)/3. */
	struct yg_cox_casecohort f = tiny_fit(YG_CASECOHORT_LIN_YING), g = tiny_fit(YG_CASECOHORT_BORGAN_II);
	double h = yg_exp(f.fit.beta[0]), w = 7.0 / 3;
	double s1 = h * (1 + 2 * w), s2 = 2 * w * h, s3 = w * h;
	double m1 = s1 / (2 + w + s1), m2 = s2 / (2 + w + s2), m3 = s3 / (1 + w + s3);
	assert_true(fabs(1 - m1 - m2 - m3) < 1e-9);
	double info = m1 * (1 - m1) + m2 * (1 - m2) + m3 * (1 - m3);
	yg_assert_near(f.fit.naive[0], 1 / info, 1e-8);
	/* Scores of D, E, F at their weights. */
	double a1 = 1 / (2 + w + s1), a2 = 1 / (2 + w + s2), a3 = 1 / (1 + w + s3);
	double d = -w * h * ((1 - m1) * a1 + (1 - m2) * a2 + (1 - m3) * a3), e = w * (m1 * a1 + m2 * a2 + m3 * a3);
	double k = -w * h * ((1 - m1) * a1 + (1 - m2) * a2), mean = (d + e + k) / 3;
	double squares = (d - mean) * (d - mean) + (e - mean) * (e - mean) + (k - mean) * (k - mean);
	yg_assert_near(f.phase2[0], (1 - 3.0 / 7) * squares / info / info, 1e-8);
	/* One stratum: the same estimate, and a covariance with one less in the divisor. */
	yg_assert_near(g.fit.beta[0], f.fit.beta[0], 1e-9);
	yg_assert_near(g.phase2[0], 1.5 * f.phase2[0], 1e-9);
	yg_cox_casecohort_release(&f);
	yg_cox_casecohort_release(&g);
	/* Estimator I of one stratum is Self and Prentice's, its scores have mean 0 here: (10/4 - 1) 10/3 (40/81)/(10/4)^2 9/4. */
	f = tiny_fit(YG_CASECOHORT_BORGAN_I);
	yg_assert_near(yg_exp(f.fit.beta[0]), 0.5, 1e-9);
	yg_assert_near(f.fit.naive[0], 1.5, 1e-8);
	yg_assert_near(f.phase2[0], 8.0 / 9, 1e-8);
	yg_cox_casecohort_release(&f);
}

/* ---- a cohort ---- */

#define ROWS 400u

static struct {
	double entry[ROWS], exit[ROWS], x[2 * ROWS], size[2];
	uint8_t event[ROWS], in[ROWS];
	int32_t stratum[ROWS];
	struct yg_cox_data d;
	struct yg_casecohort c;
} all;

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Without ties.  Every row is a case or drawn. */
static void make(uint32_t seed, bool everybody)
{
	memset(&all, 0, sizeof all);
	for (uint32_t i = 0; i < ROWS; i++) {
		all.x[2 * i] = next(&seed) % 1000 / 300.0;
		all.x[2 * i + 1] = next(&seed) % 2;
		all.exit[i] = 1 + (i * 157u) % ROWS + all.x[2 * i + 1] * 0.5;
		all.entry[i] = i % 2 ? 0 : next(&seed) % (uint32_t)all.exit[i];
		all.stratum[i] = (int32_t)(next(&seed) % 2);
		all.event[i] = next(&seed) % 3 == 0;
		all.in[i] = everybody || !all.event[i] || next(&seed) % 4 == 0;
		all.size[all.stratum[i]]++;
	}
	all.d = (struct yg_cox_data){ .spans = { .n = ROWS, .entry = all.entry, .exit = all.exit, .event = all.event }, .x = all.x, .p = 2 };
	all.c = (struct yg_casecohort){ .subcohort = all.in, .stratum = all.stratum, .strata = 2, .size = all.size, .ties = YG_COX_EFRON };
}

static void simply(enum yg_casecohort_method method, double size)
{
	all.c.method = method;
	if (yg_casecohort_stratified(method))
		return;
	all.c.stratum = NULL;
	all.c.strata = 1;
	all.size[0] = size;
}

static void the_whole_cohort_is_an_ordinary_fit(void **unused)
{
	(void)unused;
	for (int m = 0; m < 5; m++) {
		struct yg_cox_options options = { .ties = YG_COX_EFRON, .max_iterations = -1 };
		struct yg_cox ordinary;
		make(7, true);
		simply((enum yg_casecohort_method)m, ROWS);
		assert_int_equal(yg_cox_fit(&all.d, &options, NULL, &ordinary, NULL), YG_OK);
		struct yg_cox_casecohort f = fit(&all.d, &all.c);
		for (int a = 0; a < 2; a++)
			yg_assert_near(f.fit.beta[a], ordinary.beta[a], 1e-8);
		for (int k = 0; k < 4; k++) {
			yg_assert_near(f.fit.var[k], ordinary.naive[k], 1e-7);
			assert_true(fabs(f.phase2[k]) < 1e-15);
		}
		yg_cox_release(&ordinary);
		yg_cox_casecohort_release(&f);
	}
}

/* Order of the rows, place and unit of a column, unit of time. */
static void nothing_else_matters(void **unused)
{
	(void)unused;
	for (int m = 0; m < 5; m++) {
		static double entry[ROWS], exit_[ROWS], x[2 * ROWS];
		static uint8_t event[ROWS], in[ROWS];
		static int32_t stratum[ROWS];
		make(11, false);
		all.size[0] += 300;
		all.size[1] += 500;
		simply((enum yg_casecohort_method)m, 1200);
		struct yg_cox_casecohort f = fit(&all.d, &all.c);
		for (uint32_t i = 0; i < ROWS; i++) {
			uint32_t j = (i * 77u + 13u) % ROWS;
			entry[i] = all.entry[j] * 8;
			exit_[i] = all.exit[j] * 8;
			x[2 * i] = 5 - 4 * all.x[2 * j];
			x[2 * i + 1] = all.x[2 * j + 1];
			event[i] = all.event[j];
			in[i] = all.in[j];
			stratum[i] = all.stratum[j];
		}
		struct yg_cox_data d = { .spans = { .n = ROWS, .entry = entry, .exit = exit_, .event = event }, .x = x, .p = 2 };
		struct yg_casecohort c = all.c;
		c.subcohort = in;
		c.stratum = all.c.stratum ? stratum : NULL;
		struct yg_cox_casecohort g = fit(&d, &c);
		yg_assert_near(g.fit.beta[0], f.fit.beta[0] / -4, 1e-8);
		yg_assert_near(g.fit.beta[1], f.fit.beta[1], 1e-8);
		yg_assert_near(g.fit.var[0], f.fit.var[0] / 16, 1e-8);
		yg_assert_near(g.fit.var[1], f.fit.var[1] / -4, 1e-7);
		yg_assert_near(g.fit.var[3], f.fit.var[3], 1e-8);
		assert_true(f.phase2[0] > 0 && f.phase2[3] > 0);
		yg_cox_casecohort_release(&f);
		yg_cox_casecohort_release(&g);
	}
}

static void refused(const struct yg_cox_data *d, const struct yg_casecohort *c, const char *code)
{
	struct yg_cox_casecohort f;
	struct yg_err err = { 0 };
	assert_int_equal(yg_cox_casecohort_fit(d, c, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, code);
}

static void samples_that_cannot_be(void **unused)
{
	(void)unused;
	static const uint8_t none[6] = { 0 }, one[] = { 0, 0, 0, 0, 1, 0 }, cases[] = { 1, 1, 1, 0, 0, 0 };
	static const double few = 5;
	struct yg_casecohort c = how(YG_CASECOHORT_PRENTICE);
	struct yg_cox_data only_cases = tiny, weighted = tiny;
	c.size = &few;
	refused(&tiny, &c, "E-COX-043");
	c.size = &ten;
	c.subcohort = one; /* D and F are neither cases nor drawn */
	refused(&tiny, &c, "E-COX-043");
	only_cases.spans.n = 3;
	c.subcohort = none;
	refused(&only_cases, &c, "E-COX-043");
	c.subcohort = cases;
	for (int m = 0; m < 5; m++) {
		c.method = (enum yg_casecohort_method)m;
		if (c.method == YG_CASECOHORT_LIN_YING || c.method == YG_CASECOHORT_BORGAN_II)
			refused(&only_cases, &c, "E-COX-043");
	}
	c = how(YG_CASECOHORT_PRENTICE);
	c.ties = YG_COX_DISCRETE;
	refused(&tiny, &c, "E-COX-041");
	c.ties = YG_COX_BRESLOW;
	weighted.spans.weight = tiny_exit;
	refused(&weighted, &c, "E-COX-042");
}

static void nobody_to_be_compared_with(void **unused)
{
	(void)unused;
	/* With late entry nobody of the subcohort is at risk at 1: that case tells nothing, as if it were not there. */
	static const double entry[] = { 0.5, 1.5, 0.5, 1.5, 1.5, 1.5 }, gone[] = { 8, 9, 10, 11, 12, 13 };
	struct yg_cox_data d = tiny, rest = tiny;
	d.spans.entry = entry;
	rest.spans = (struct yg_spans){ .n = 5, .entry = entry + 1, .exit = tiny_exit + 1, .event = tiny_event + 1 };
	rest.x = tiny_x + 1;
	for (int m = 0; m < 5; m++) {
		struct yg_casecohort c = how((enum yg_casecohort_method)m), r = c;
		if (m == YG_CASECOHORT_LIN_YING || m == YG_CASECOHORT_BORGAN_II)
			continue;
		r.subcohort = tiny_in + 1;
		struct yg_cox_casecohort f, g;
		assert_int_equal(yg_cox_casecohort_fit(&d, &c, NULL, &f, NULL), YG_OK);
		assert_int_equal(yg_cox_casecohort_fit(&rest, &r, NULL, &g, NULL), YG_OK);
		assert_int_equal(f.unmatched, 1);
		assert_int_equal(g.unmatched, 0);
		assert_int_equal(f.fit.fault[0], g.fit.fault[0]);
		yg_cox_casecohort_release(&f);
		yg_cox_casecohort_release(&g);
	}
	/* Nobody at any event. */
	static const uint8_t last[] = { 0, 0, 0, 1, 1, 1 };
	static const double starts[] = { 0, 0, 0, 7, 7, 7 };
	double ends[6];
	for (int i = 0; i < 6; i++)
		ends[i] = i < 3 ? tiny_exit[i] : gone[i];
	struct yg_casecohort c = how(YG_CASECOHORT_PRENTICE);
	c.subcohort = last;
	d.spans.entry = starts;
	d.spans.exit = ends;
	refused(&d, &c, "E-COX-044");
}

static void words(void **unused)
{
	(void)unused;
	enum yg_casecohort_method m;
	assert_true(yg_casecohort_parse("lin_ying", &m));
	assert_int_equal(m, YG_CASECOHORT_LIN_YING);
	assert_true(yg_casecohort_parse("borgan2", &m));
	assert_int_equal(m, YG_CASECOHORT_BORGAN_II);
	assert_false(yg_casecohort_parse("barlow", &m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(self_prentice_by_hand),
		cmocka_unit_test(prentice_by_hand),
		cmocka_unit_test(weights_by_hand),
		cmocka_unit_test(the_whole_cohort_is_an_ordinary_fit),
		cmocka_unit_test(nothing_else_matters),
		cmocka_unit_test(samples_that_cannot_be),
		cmocka_unit_test(nobody_to_be_compared_with),
		cmocka_unit_test(words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
