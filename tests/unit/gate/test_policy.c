/* The profiles: which are known, which is stricter, which thresholds fit their rounding. */
#include "tests/unit/test.h"

#include "yogo/gate/policy.h"

static void four_profiles_are_known(void **state)
{
	(void)state;
	struct yg_err err;
	const char *name[4] = { "open", "jp_ndb", "opensafely", "strict" };
	for (int i = 0; i < 4; i++) {
		const struct yg_policy *p = yg_policy_find(name[i]);
		assert_non_null(p);
		assert_int_equal(yg_policy_check(p, &err), YG_OK);
	}
	assert_null(yg_policy_find("lax"));
	assert_null(yg_policy_find(NULL));
	assert_false(yg_policy_hides(yg_policy_find("open"), 1));
	assert_true(yg_policy_hides(yg_policy_find("jp_ndb"), 9));
	assert_false(yg_policy_hides(yg_policy_find("jp_ndb"), 10));
	assert_false(yg_policy_hides(yg_policy_find("jp_ndb"), 0));
	assert_true(yg_policy_hides(yg_policy_find("opensafely"), 7));
	assert_false(yg_policy_hides(yg_policy_find("opensafely"), 8));
	assert_true(yg_policy_hides(yg_policy_find("strict"), 10));
	assert_true(yg_policy_hides(yg_policy_find("strict"), 0));
}

static void stricter_means_stricter_in_every_respect(void **state)
{
	(void)state;
	const struct yg_policy *open = yg_policy_find("open"), *jp = yg_policy_find("jp_ndb"),
			       *os = yg_policy_find("opensafely"), *strict = yg_policy_find("strict");
	assert_true(yg_policy_at_least(jp, open) && yg_policy_at_least(strict, jp) && yg_policy_at_least(strict, os));
	assert_true(yg_policy_at_least(jp, jp));
	assert_false(yg_policy_at_least(open, jp));
	/* one hides more, the other rounds: neither is stricter */
	assert_false(yg_policy_at_least(os, jp));
	assert_false(yg_policy_at_least(jp, os));
}

/* Every count that is shown has a class of the rounding that holds no hidden count. */
static void no_shown_class_reaches_into_the_hidden_counts(void **state)
{
	(void)state;
	const char *name[2] = { "opensafely", "strict" };
	for (int i = 0; i < 2; i++) {
		const struct yg_policy *p = yg_policy_find(name[i]);
		for (int64_t n = p->min_cell; n < 500; n++) {
			int64_t low, high, shown = yg_policy_round(p, n, &low, &high);
			assert_true(low <= n && n <= high && low <= shown && shown <= high);
			assert_true(low >= p->min_cell);
			assert_int_equal(high - low + 1, p->base);
		}
	}
	int64_t low, high;
	assert_int_equal(yg_policy_round(yg_policy_find("opensafely"), 8, &low, &high), 10);
	assert_int_equal(yg_policy_round(yg_policy_find("opensafely"), 13, &low, &high), 15);
	assert_int_equal(yg_policy_round(yg_policy_find("strict"), 11, &low, &high), 15);
	assert_int_equal(yg_policy_round(yg_policy_find("jp_ndb"), 12, &low, &high), 12);
}

static void a_threshold_may_only_rise_and_must_fit(void **state)
{
	(void)state;
	struct yg_policy p;
	struct yg_err err;
	assert_int_equal(yg_policy_raise(yg_policy_find("jp_ndb"), 20, &p, &err), YG_OK);
	assert_int_equal(p.min_cell, 20);
	assert_int_equal(yg_policy_raise(yg_policy_find("jp_ndb"), 5, &p, &err), YG_EINVAL);
	assert_string_equal(err.code, "E-SDC-011");
	/* nearest 5: classes start at 3, 8, 13: 10 would let 8..12 through */
	assert_int_equal(yg_policy_raise(yg_policy_find("opensafely"), 10, &p, &err), YG_EINVAL);
	assert_string_equal(err.code, "E-SDC-010");
	assert_non_null(strstr(err.hint, "13"));
	assert_int_equal(yg_policy_raise(yg_policy_find("opensafely"), 13, &p, &err), YG_OK);
	assert_int_equal(yg_policy_raise(yg_policy_find("strict"), 15, &p, &err), YG_EINVAL);
	assert_non_null(strstr(err.hint, "21"));
	assert_int_equal(yg_policy_raise(yg_policy_find("strict"), 21, &p, &err), YG_OK);
}

static void a_script_may_only_be_stricter_than_the_manifest(void **state)
{
	(void)state;
	struct yg_policy p;
	struct yg_err err;
	assert_int_equal(yg_policy_choose_from("open", 0, "public", false, NULL, &p, &err), YG_OK);
	assert_false(p.guarded);
	assert_int_equal(yg_policy_choose_from("open", 0, "undeclared", true, NULL, &p, &err), YG_OK);
	assert_int_equal(yg_policy_choose_from("open", 0, "undeclared", false, NULL, &p, &err), YG_EPRIVACY);
	assert_string_equal(err.code, "E-SDC-013");
	assert_int_equal(yg_policy_choose_from(NULL, 0, NULL, false, NULL, &p, &err), YG_OK);
	assert_string_equal(p.name, "jp_ndb");
	assert_int_equal(yg_policy_choose_from("jp_ndb", 0, "undeclared", false, "open", &p, &err), YG_EPRIVACY);
	assert_string_equal(err.code, "E-SDC-014");
	assert_int_equal(yg_policy_choose_from("jp_ndb", 0, "undeclared", false, "opensafely", &p, &err), YG_EPRIVACY);
	assert_int_equal(yg_policy_choose_from("jp_ndb", 0, "undeclared", false, "strict", &p, &err), YG_OK);
	assert_string_equal(p.name, "strict");
	assert_int_equal(yg_policy_choose_from("open", 0, "public", false, "jp_ndb", &p, &err), YG_OK);
	assert_string_equal(p.name, "jp_ndb");
	assert_int_equal(yg_policy_choose_from("jp_ndb", 0, NULL, false, "secret", &p, &err), YG_EINVAL);
	assert_int_equal(yg_policy_choose_from("jp_ndb", 21, NULL, false, "strict", &p, &err), YG_OK);
	assert_int_equal(p.min_cell, 21);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_profiles_are_known),
		cmocka_unit_test(stricter_means_stricter_in_every_respect),
		cmocka_unit_test(no_shown_class_reaches_into_the_hidden_counts),
		cmocka_unit_test(a_threshold_may_only_rise_and_must_fit),
		cmocka_unit_test(a_script_may_only_be_stricter_than_the_manifest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
