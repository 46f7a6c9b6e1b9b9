/* The log-rank test by hand, its invariants, and groups with nothing to compare. */
#include "tests/unit/test.h"

#include "yogo/stats/logrank.h"

static const struct yg_logrank_options mantel = { YG_LOGRANK_MANTEL, 0, 0, NULL };

static struct yg_logrank run(struct yg_spans d, struct yg_logrank_options options)
{
	struct yg_logrank t;
	assert_int_equal(yg_logrank_test(&d, &options, NULL, &t, NULL), YG_OK);
	return t;
}

static const double time[] = { 1, 2, 2, 3, 4, 5 };
static const uint8_t event[] = { 1, 1, 0, 1, 1, 0 };
static const int32_t group[] = { 0, 1, 0, 0, 1, 1 };

static void six_people_by_hand(void **unused)
{
	(void)unused;
	/* t  n  n0  d  d0      E0        V = d (n-d)/(n-1) p0 (1-p0)
	   1  6  3   1  1       1/2       1/4
	   2  5  2   1  0       2/5       6/25
	   3  3  1   1  1       1/3       2/9
	   4  2  0   1  0       0         0          */
	struct yg_logrank t = run((struct yg_spans){ .n = 6, .exit = time, .event = event, .group = group, .groups = 2 }, mantel);
	double e = 1.0 / 2 + 2.0 / 5 + 1.0 / 3, v = 0.25 + 0.24 + 2.0 / 9;
	yg_assert_near(t.observed[0], 2, 0);
	yg_assert_near(t.expected[0], e, 1e-15);
	yg_assert_near(t.expected[0] + t.expected[1], 4, 1e-15);
	yg_assert_near(t.variance[0], v, 1e-15);
	yg_assert_near(t.chisq, (2 - e) * (2 - e) / v, 1e-14);
	assert_true(t.df == 1 && t.rows[0] == 3 && t.events[1] == 2);
	yg_assert_near(t.trend_chisq, t.chisq, 1e-14);
	yg_logrank_release(&t);
}

static void strata_add_up(void **unused)
{
	(void)unused;
	/* The same six twice, as two strata: everything doubles. */
	double t2[12];
	uint8_t e2[12];
	int32_t g2[12], s2[12];
	for (int i = 0; i < 12; i++) {
		t2[i] = time[i % 6] + (i < 6 ? 0 : 100);
		e2[i] = event[i % 6];
		g2[i] = group[i % 6];
		s2[i] = i >= 6;
	}
	struct yg_logrank one = run((struct yg_spans){ .n = 6, .exit = time, .event = event, .group = group, .groups = 2 }, mantel);
	struct yg_logrank two = run((struct yg_spans){ .n = 12, .exit = t2, .event = e2, .group = g2, .groups = 2, .stratum = s2,
	                                               .strata = 2 }, mantel);
	yg_assert_near(two.chisq, 2 * one.chisq, 1e-14);
	yg_logrank_release(&one);
	yg_logrank_release(&two);
}

static void weights_of_one_change_nothing(void **unused)
{
	(void)unused;
	const double ones[] = { 1, 1, 1, 1, 1, 1 };
	struct yg_spans d = { .n = 6, .exit = time, .event = event, .group = group, .groups = 2 };
	struct yg_logrank a = run(d, mantel);
	d.weight = ones;
	struct yg_logrank b = run(d, mantel);
	for (int i = 0; i < 4; i++)
		yg_assert_near(a.variance[i], b.variance[i], 1e-15);
	yg_assert_near(a.chisq, b.chisq, 1e-14);
	/* Weights 2: U doubles, V (rows are not repeats) quadruples: the test stays. */
	const double twos[] = { 2, 2, 2, 2, 2, 2 };
	d.weight = twos;
	struct yg_logrank c = run(d, mantel);
	yg_assert_near(c.chisq, a.chisq, 1e-14);
	yg_logrank_release(&a);
	yg_logrank_release(&b);
	yg_logrank_release(&c);
}

static void late_entries_are_not_at_risk_before(void **unused)
{
	(void)unused;
	/* Splitting every row at 1.5 and giving the parts as (start, stop] changes nothing. */
	double from[12], to[12];
	uint8_t e[12];
	int32_t g[12];
	size_t n = 0;
	for (int i = 0; i < 6; i++) {
		if (time[i] <= 1.5) {
			from[n] = 0; to[n] = time[i]; e[n] = event[i]; g[n++] = group[i];
			continue;
		}
		from[n] = 0; to[n] = 1.5; e[n] = 0; g[n++] = group[i];
		from[n] = 1.5; to[n] = time[i]; e[n] = event[i]; g[n++] = group[i];
	}
	struct yg_logrank a = run((struct yg_spans){ .n = 6, .exit = time, .event = event, .group = group, .groups = 2 }, mantel);
	struct yg_logrank b = run((struct yg_spans){ .n = n, .entry = from, .exit = to, .event = e, .group = g, .groups = 2 }, mantel);
	yg_assert_near(a.chisq, b.chisq, 1e-14);
	yg_logrank_release(&a);
	yg_logrank_release(&b);
}

static void pairs_are_tests_on_their_own_rows(void **unused)
{
	(void)unused;
	const int32_t three[] = { 0, 1, 2, 0, 1, 2 };
	double chisq[3], p[3], t2[4];
	uint8_t e2[4];
	int32_t g2[4];
	struct yg_spans d = { .n = 6, .exit = time, .event = event, .group = three, .groups = 3 };
	assert_int_equal(yg_logrank_pairwise(&d, &mantel, NULL, chisq, p, NULL), YG_OK);
	size_t n = 0;
	for (int i = 0; i < 6; i++)
		if (three[i] != 1) {
			t2[n] = time[i];
			e2[n] = event[i];
			g2[n++] = three[i] / 2;
		}
	struct yg_logrank t = run((struct yg_spans){ .n = 4, .exit = t2, .event = e2, .group = g2, .groups = 2 }, mantel);
	yg_assert_near(chisq[1], t.chisq, 1e-14);
	yg_assert_near(p[1], t.p, 1e-14);
	yg_logrank_release(&t);
}

static void nothing_to_compare_is_not_a_number(void **unused)
{
	(void)unused;
	const uint8_t none[] = { 0, 0, 0, 0, 0, 0 };
	const int32_t same[] = { 1, 1, 1, 1, 1, 1 };
	struct yg_logrank t = run((struct yg_spans){ .n = 6, .exit = time, .event = none, .group = group, .groups = 2 }, mantel);
	assert_true(isnan(t.chisq) && isnan(t.p) && t.df == 0);
	yg_logrank_release(&t);
	t = run((struct yg_spans){ .n = 6, .exit = time, .event = event, .group = same, .groups = 3 }, mantel);
	assert_true(isnan(t.chisq) && t.df == 0 && t.rows[0] == 0 && t.rows[1] == 6);
	yg_logrank_release(&t);
	t = run((struct yg_spans){ .n = 0, .exit = time, .event = event, .group = group, .groups = 2 }, mantel);
	assert_true(isnan(t.chisq));
	yg_logrank_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(six_people_by_hand),
		cmocka_unit_test(strata_add_up),
		cmocka_unit_test(weights_of_one_change_nothing),
		cmocka_unit_test(late_entries_are_not_at_risk_before),
		cmocka_unit_test(pairs_are_tests_on_their_own_rows),
		cmocka_unit_test(nothing_to_compare_is_not_a_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
