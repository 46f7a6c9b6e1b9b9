/* Philox: the published answers, streams that do not meet, and samplers that have the right law. */
#include "tests/unit/test.h"

#include <gsl/gsl_randist.h>

#include "yogo/num/rng.h"

static void the_published_answers_come_out(void **unused)
{
	(void)unused;
	/* kat_vectors of Random123 (Salmon and others 2011), philox4x32, 10 rounds */
	static const uint32_t known[3][10] = {
		{ 0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 },
		{ ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd },
		{ 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb,
		  0x5001e420, 0x24126ea1 },
	};
	for (int k = 0; k < 3; k++) {
		uint32_t out[4];
		yg_philox(known[k], known[k] + 4, out);
		assert_memory_equal(out, known[k] + 6, sizeof out);
	}
}

static void a_number_depends_only_on_its_address(void **unused)
{
	(void)unused;
	struct yg_rng a, b;
	yg_rng_init(&a, 42, YG_RNG_BOOTSTRAP, 3, 1000);
	yg_rng_init(&b, 42, YG_RNG_BOOTSTRAP, 3, 1001);
	uint64_t first = yg_rng_u64(&a);
	assert_true(first != yg_rng_u64(&b));
	yg_rng_init(&b, 42, YG_RNG_BOOTSTRAP, 3, 1000);
	assert_true(first == yg_rng_u64(&b));
	yg_rng_init(&b, 42, YG_RNG_PERMUTATION, 3, 1000);
	assert_true(first != yg_rng_u64(&b));
	yg_rng_init(&b, 43, YG_RNG_BOOTSTRAP, 3, 1000);
	assert_true(first != yg_rng_u64(&b));
}

static void samplers_have_the_right_law(void **unused)
{
	(void)unused;
	struct yg_rng r;
	enum { N = 200000 };
	double sum = 0, squares = 0, normal = 0, normal2 = 0, life = 0;
	uint32_t face[6] = { 0 };
	yg_rng_init(&r, 7, YG_RNG_SIMULATION, 0, 0);
	for (int i = 0; i < N; i++) {
		double u = yg_rng_uniform(&r), z = yg_rng_normal(&r);
		assert_true(u > 0 && u < 1);
		sum += u;
		squares += u * u;
		normal += z;
		normal2 += z * z;
		life += yg_rng_exponential(&r);
		face[yg_rng_below(&r, 6)]++;
	}
	/* Within five standard errors. */
	yg_assert_near(sum / N, 0.5, 5 * sqrt(1.0 / 12 / N));
	yg_assert_near(squares / N, 1.0 / 3, 5 * sqrt(4.0 / 45 / N));
	yg_assert_near(normal / N, 0, 5 / sqrt(N));
	yg_assert_near(normal2 / N, 1, 5 * sqrt(2.0 / N));
	yg_assert_near(life / N, 1, 5 / sqrt(N));
	for (int f = 0; f < 6; f++)
		yg_assert_near(face[f] / (double)N, 1.0 / 6, 5 * sqrt(5.0 / 36 / N));
}

static void a_shuffle_is_a_permutation(void **unused)
{
	(void)unused;
	struct yg_rng r;
	uint32_t v[100], seen[100] = { 0 }, moved = 0;
	yg_rng_init(&r, 1, YG_RNG_PERMUTATION, 0, 0);
	for (uint32_t i = 0; i < 100; i++)
		v[i] = i;
	yg_rng_shuffle(&r, v, 100);
	for (uint32_t i = 0; i < 100; i++) {
		assert_true(v[i] < 100 && !seen[v[i]]);
		seen[v[i]] = 1;
		moved += v[i] != i;
	}
	assert_true(moved > 80);
}

static void gsl_can_draw_from_it(void **unused)
{
	(void)unused;
	gsl_rng *g = gsl_rng_alloc(yg_rng_gsl_type());
	struct yg_rng r;
	gsl_rng_set(g, 99);
	yg_rng_init(&r, 99, YG_RNG_GENERAL, 0, 0);
	for (int i = 0; i < 10; i++)
		assert_true(gsl_rng_get(g) == yg_rng_u32(&r));
	assert_true(gsl_ran_poisson(g, 3) < 30);
	gsl_rng_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_answers_come_out),
		cmocka_unit_test(a_number_depends_only_on_its_address),
		cmocka_unit_test(samplers_have_the_right_law),
		cmocka_unit_test(a_shuffle_is_a_permutation),
		cmocka_unit_test(gsl_can_draw_from_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
