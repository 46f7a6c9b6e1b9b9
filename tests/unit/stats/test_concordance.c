/* Concordance by hand, by brute force over all pairs, and its jackknife by leaving weights a little. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/stats/concordance.h"

static const struct yg_concordance_options plain = { YG_CONCORDANCE_N, false, NAN };

static struct yg_concordance run(struct yg_spans d, const double *x, double *influence)
{
	struct yg_concordance r;
	if (!d.strata)
		d.strata = 1;
	assert_int_equal(yg_concordance_fit(&d, x, &plain, NULL, &r, influence, NULL), YG_OK);
	return r;
}

static void four_people_by_hand(void **unused)
{
	(void)unused;
	/* Events at 1 and 3, censored at 3 and 4; x 1 2 2 0.
	   Event at 1 against 2, 2, 0: two concordant, one discordant.  Event at 3 (x 2) against the censoring at 3 (x 2):
	   tied in x, and against x 0: discordant. */
	const double time[] = { 1, 3, 3, 4 }, x[] = { 1, 2, 2, 0 };
	const uint8_t event[] = { 1, 1, 0, 0 };
	struct yg_concordance r = run((struct yg_spans){ .n = 4, .exit = time, .event = event }, x, NULL);
	assert_true(r.concordant == 2 && r.discordant == 2 && r.tied_x == 1 && r.tied_y == 0);
	yg_assert_near(r.c, 0.5, 1e-15);
}

enum { N = 300 };
static double start[N], stop[N], score[N], weight[N];
static uint8_t dead[N];
static int32_t stratum[N];

static void make(void)
{
	uint64_t s = 3;
	for (int i = 0; i < N; i++) {
		uint32_t u[6];
		for (int k = 0; k < 6; k++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			u[k] = (uint32_t)(s >> 33);
		}
		start[i] = u[0] % 10;
		stop[i] = start[i] + 1 + u[1] % 20;
		dead[i] = u[2] % 3 > 0;
		score[i] = u[3] % 40;
		weight[i] = 1 + u[4] % 3;
		stratum[i] = (int32_t)(u[5] % 4);
	}
}

/* Every pair, from the definition. */
static double by_pairs(const double *w, int late, int strata)
{
	double top = 0, pairs = 0;
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			bool after = stop[j] > stop[i] || (stop[j] == stop[i] && !dead[j]);
			if (!dead[i] || i == j || !after || (late && start[j] >= stop[i]) || (strata && stratum[i] != stratum[j]))
				continue;
			pairs += w[i] * w[j];
			top += w[i] * w[j] * (score[j] > score[i] ? 1 : score[j] == score[i] ? 0.5 : 0);
		}
	return top / pairs;
}

static void the_sweeps_equal_all_pairs(void **unused)
{
	(void)unused;
	make();
	for (int kind = 0; kind < 4; kind++) {
		struct yg_spans d = { .n = N, .entry = kind & 1 ? start : NULL, .exit = stop, .event = dead, .weight = weight,
			              .stratum = kind & 2 ? stratum : NULL, .strata = kind & 2 ? 4 : 1 };
		struct yg_concordance r = run(d, score, NULL);
		yg_assert_near(r.c, by_pairs(weight, kind & 1, kind & 2), 1e-13);
	}
}

static void influence_is_the_derivative_by_weight(void **unused)
{
	(void)unused;
	double influence[N], sum = 0, squares = 0;
	make();
	struct yg_spans d = { .n = N, .entry = start, .exit = stop, .event = dead, .weight = weight };
	struct yg_concordance r = run(d, score, influence);
	for (int i = 0; i < N; i += 17) {
		double up[N], h = 1e-5;
		memcpy(up, weight, sizeof up);
		up[i] += h;
		double there = by_pairs(up, 1, 0);
		up[i] -= 2 * h;
		yg_assert_near(influence[i], weight[i] * (there - by_pairs(up, 1, 0)) / (2 * h), 1e-8);
	}
	for (int i = 0; i < N; i++) {
		sum += influence[i];
		squares += influence[i] * influence[i];
	}
	yg_assert_near(sum, 0, 1e-12);
	yg_assert_near(r.se, sqrt(squares), 1e-13);
}

static void nothing_to_compare(void **unused)
{
	(void)unused;
	const double time[] = { 1, 2 }, x[] = { 1, 2 };
	const uint8_t none[] = { 0, 0 };
	struct yg_concordance r = run((struct yg_spans){ .n = 2, .exit = time, .event = none }, x, NULL);
	assert_true(isnan(r.c) && isnan(r.se));
	r = run((struct yg_spans){ .n = 0, .exit = time, .event = none }, x, NULL);
	assert_true(isnan(r.c));
}

static void censoring_weights_need_rows_from_the_start(void **unused)
{
	(void)unused;
	struct yg_concordance r;
	const struct yg_concordance_options uno = { YG_CONCORDANCE_N_G2, false, NAN };
	make();
	struct yg_spans d = { .n = N, .entry = start, .exit = stop, .event = dead, .strata = 1 };
	assert_int_equal(yg_concordance_fit(&d, score, &uno, NULL, &r, NULL, NULL), YG_REFUSED);
	d.entry = NULL;
	assert_int_equal(yg_concordance_fit(&d, score, &uno, NULL, &r, NULL, NULL), YG_OK);
}

/* Many people: more event times than one sweep tells apart, and more rows than one piece holds. */
enum { MANY = 6000, COPIES = 25 };
struct crowd {
	double *entry, *exit, *score, *weight;
	uint8_t *event;
	int32_t *stratum;
};

static double *numbers(size_t n)
{
	return yg_xcalloc(n, sizeof(double));
}

static struct crowd crowd_of(size_t copies, double unit)
{
	size_t n = MANY * copies;
	struct crowd c = { numbers(n), numbers(n), numbers(n), numbers(n), yg_xcalloc(n, 1), yg_xcalloc(n, sizeof(int32_t)) };
	uint64_t s = 11;
	for (size_t i = 0; i < MANY; i++) {
		uint32_t u[5];
		for (int k = 0; k < 5; k++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			u[k] = (uint32_t)(s >> 33);
		}
		for (size_t k = 0; k < copies; k++) {
			size_t at = k * MANY + i;
			c.exit[at] = unit * (2 + u[0] % 100000);
			c.entry[at] = unit * (u[1] % (1 + u[0] % 100000));
			c.event[at] = u[2] % 10 > 0;
			c.score[at] = u[3] % 3000;
			c.weight[at] = 1 + u[4] % 3;
			c.stratum[at] = (int32_t)(u[4] / 3 % 3 > 0);
		}
	}
	return c;
}

static void crowd_release(struct crowd *c)
{
	yg_free(c->entry);
	yg_free(c->exit);
	yg_free(c->score);
	yg_free(c->weight);
	yg_free(c->event);
	yg_free(c->stratum);
}

static double crowd_by_pairs(const struct crowd *c, bool late, bool strata, bool weights, double *tied)
{
	double top = 0, pairs = 0;
	*tied = 0;
	for (int i = 0; i < MANY; i++)
		for (int j = 0; j < MANY && c->event[i]; j++) {
			bool after = c->exit[j] > c->exit[i] || (c->exit[j] == c->exit[i] && !c->event[j]);
			double w = weights ? c->weight[i] * c->weight[j] : 1;
			if ((late && c->entry[j] >= c->exit[i]) || (strata && c->stratum[i] != c->stratum[j]))
				continue;
			if (j < i && c->event[j] && c->exit[j] == c->exit[i])
				*tied += w;
			if (!after)
				continue;
			pairs += w;
			top += w * (c->score[j] < c->score[i] ? 1 : c->score[j] == c->score[i] ? 0.5 : 0);
		}
	return top / pairs;
}

static void many_event_times_equal_all_pairs(void **unused)
{
	(void)unused;
	const struct yg_concordance_options risk = { YG_CONCORDANCE_N, true, NAN };
	for (int kind = 0; kind < 8; kind++) {
		struct crowd c = crowd_of(1, kind & 4 ? 0.37 : 1);
		struct yg_spans d = { .n = MANY, .entry = kind & 1 ? c.entry : NULL, .exit = c.exit, .event = c.event,
			              .stratum = kind & 2 ? c.stratum : NULL, .strata = kind & 2 ? 2 : 1,
			              .weight = kind & 1 ? c.weight : NULL };
		struct yg_concordance r;
		double tied, by_hand = crowd_by_pairs(&c, kind & 1, kind & 2, kind & 1, &tied);
		assert_int_equal(yg_concordance_fit(&d, c.score, &risk, NULL, &r, NULL, NULL), YG_OK);
		yg_assert_near(r.c, by_hand, 1e-13);
		assert_true(r.tied_y + r.tied_xy == tied);
		crowd_release(&c);
	}
}

/* Copies of everybody: pairs of different people are copied by the square, and threads change no bit. */
static void copies_count_by_their_square(void **unused)
{
	(void)unused;
	struct crowd one = crowd_of(1, 1), many = crowd_of(COPIES, 1);
	struct yg_pool *pool = yg_pool_new(3);
	struct yg_task task;
	yg_task_init(&task, pool);
	for (int kind = 0; kind < 4; kind++) {
		double *part = numbers((size_t)MANY * COPIES), *again = numbers((size_t)MANY * COPIES);
		struct yg_concordance r, s, t;
		struct yg_spans d = { .n = MANY, .entry = kind & 1 ? one.entry : NULL, .exit = one.exit, .event = one.event, .strata = 1,
			              .weight = kind & 2 ? one.weight : NULL };
		assert_int_equal(yg_concordance_fit(&d, one.score, &plain, NULL, &r, NULL, NULL), YG_OK);
		d.n = (size_t)MANY * COPIES;
		d.entry = kind & 1 ? many.entry : NULL;
		d.exit = many.exit;
		d.event = many.event;
		d.weight = kind & 2 ? many.weight : NULL;
		assert_int_equal(yg_concordance_fit(&d, many.score, &plain, NULL, &s, part, NULL), YG_OK);
		assert_true(s.concordant == r.concordant * COPIES * COPIES && s.discordant == r.discordant * COPIES * COPIES);
		assert_true(s.tied_x == r.tied_x * COPIES * COPIES);
		assert_true(s.c == r.c);
		yg_assert_near(s.se * sqrt(COPIES), r.se, 1e-9);
		assert_int_equal(yg_concordance_fit(&d, many.score, &plain, &task, &t, again, NULL), YG_OK);
		assert_memory_equal(&s, &t, sizeof s);
		assert_memory_equal(part, again, d.n * sizeof *part);
		yg_free(part);
		yg_free(again);
	}
	yg_pool_free(pool);
	crowd_release(&one);
	crowd_release(&many);
}

/* Several concordances of one order of scores, and days counted or times sorted, give the same. */
static void one_order_serves_several(void **unused)
{
	(void)unused;
	const struct yg_concordance_options all[] = { { YG_CONCORDANCE_N, true, NAN }, { YG_CONCORDANCE_N_G2, true, NAN },
		{ YG_CONCORDANCE_S_G, true, 60000 }, { YG_CONCORDANCE_S, true, 30000 }, { YG_CONCORDANCE_I, true, 40000 },
		{ YG_CONCORDANCE_N, false, 2000 }, { YG_CONCORDANCE_I, true, NAN } };
	const struct yg_concordance_options late[] = { all[0], all[3], { YG_CONCORDANCE_I, true, 500 } };
	enum { ALL = sizeof all / sizeof *all, LATE = sizeof late / sizeof *late };
	struct crowd c = crowd_of(1, 1), other = crowd_of(1, 0.37);
	for (int kind = 0; kind < 8; kind++) {
		const struct yg_concordance_options *o = kind & 1 ? late : all;
		size_t count = kind & 1 ? LATE : ALL;
		struct yg_concordance r[ALL], alone;
		struct yg_spans d = { .n = MANY, .entry = kind & 1 ? c.entry : NULL, .exit = c.exit, .event = c.event,
			              .stratum = kind & 2 ? c.stratum : NULL, .strata = kind & 2 ? 2 : 1,
			              .weight = kind & 4 ? c.weight : NULL };
		assert_int_equal(yg_concordance_fits(&d, c.score, o, count, NULL, r, NULL, NULL), YG_OK);
		struct yg_spans sorted = d;
		sorted.exit = other.exit;
		sorted.entry = kind & 1 ? other.entry : NULL;
		for (size_t k = 0; k < count; k++) {
			assert_int_equal(yg_concordance_fit(&d, c.score, &o[k], NULL, &alone, NULL, NULL), YG_OK);
			yg_assert_near(r[k].c, alone.c, 1e-12);
			yg_assert_near(r[k].se, alone.se, 1e-10);
			struct yg_concordance_options in_unit = { o[k].weight, o[k].reverse, 0.37 * (o[k].until + 0.5) };
			assert_int_equal(yg_concordance_fit(&sorted, c.score, &in_unit, NULL, &alone, NULL, NULL), YG_OK);
			yg_assert_near(r[k].c, alone.c, 1e-12);
			yg_assert_near(r[k].se, alone.se, 1e-10);
		}
		assert_int_equal(yg_concordance_fits(&sorted, c.score, o, count, NULL, r, NULL, NULL), YG_OK);
		for (size_t k = 0; k < count; k++) {
			assert_int_equal(yg_concordance_fit(&sorted, c.score, &o[k], NULL, &alone, NULL, NULL), YG_OK);
			yg_assert_near(r[k].c, alone.c, 1e-12);
			yg_assert_near(r[k].se, alone.se, 1e-10);
		}
	}
	crowd_release(&c);
	crowd_release(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_people_by_hand),
		cmocka_unit_test(the_sweeps_equal_all_pairs),
		cmocka_unit_test(influence_is_the_derivative_by_weight),
		cmocka_unit_test(many_event_times_equal_all_pairs),
		cmocka_unit_test(copies_count_by_their_square),
		cmocka_unit_test(one_order_serves_several),
		cmocka_unit_test(nothing_to_compare),
		cmocka_unit_test(censoring_weights_need_rows_from_the_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
