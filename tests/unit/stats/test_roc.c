/* Curves of markers: cases worked by hand, what must not change, and data that have little to say. */
#include "tests/unit/test.h"

#include <string.h>

#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/rng.h"
#include "yogo/stats/roc.h"

/* Controls 1 2 2 4, cases 2 3 5: of 12 pairs the case is higher in 2>1; 3>1,2,2; 5>1,2,2,4: 8, ties 2: (8 + 1) / 12. */
static const uint8_t hand_y[7] = { 0, 0, 0, 0, 1, 1, 1 };
static const double hand_x[7] = { 1, 2, 2, 4, 2, 3, 5 };

static void area_and_variance_by_hand(void **state)
{
	struct yg_roc_data d = { .n = 7, .y = hand_y };
	struct yg_roc r;
	double area, variance;
	(void)state;
	assert_int_equal(yg_roc_open(&d, hand_x, NULL, &r, NULL), YG_OK);
	assert_int_equal(r.points, 5);
	assert_int_equal(r.n_cases, 3);
	assert_int_equal(r.n_controls, 4);
	assert_int_equal(yg_roc_covariance(&d, &r, 1, NULL, NULL, &area, &variance, NULL), YG_OK);
	yg_assert_near(area, 0.75, 1e-15);
	/*
	 * Placements of cases among controls: 2 -> (1 + 2/2) / 4 = 1/2, 3 -> 3/4, 5 -> 1; mean 3/4, squares 1/16 + 0 + 1/16.
	 * Of controls: 1 -> 1; 2 -> (2 + 1/2) / 3 = 5/6 twice; 4 -> 1/3; less 3/4: 1/4, 1/12, 1/12, -5/12, squares 9 + 1 + 1 +
	 * 25 = 36 of 144.  Variance: (1/8) / 2 / 3 + (36/144) / 3 / 4 = 1/48 + 1/48.
	 */
	yg_assert_near(variance, 1.0 / 24, 1e-14);
	yg_roc_release(&r);
}

static void cut_offs_by_hand(void **state)
{
	struct yg_roc_data d = { .n = 7, .y = hand_y };
	struct yg_roc r;
	struct yg_roc_cut c, best[4];
	(void)state;
	assert_int_equal(yg_roc_open(&d, hand_x, NULL, &r, NULL), YG_OK);
	yg_roc_cut(&r, 0, &c);
	assert_true(isinf(c.threshold) && c.threshold < 0);
	assert_int_equal(c.tp, 3);
	assert_int_equal(c.fp, 4);
	yg_roc_cut(&r, 2, &c);                /* from 3 on */
	yg_assert_near(c.threshold, 2.5, 0);
	assert_int_equal(c.tp, 2);
	assert_int_equal(c.fp, 1);
	assert_int_equal(c.fn, 1);
	assert_int_equal(c.tn, 3);
	yg_roc_cut_at(&r, 2, &c);             /* 2 itself is positive */
	assert_int_equal(c.tp, 3);
	assert_int_equal(c.fp, 3);
	/* Youden: 2/3 - 1/4 = 5/12 at 2.5; 3/3 - 3/4 = 3/12 at 1.5; 1/3 at 4.5. */
	assert_int_equal(yg_roc_best(&r, false, best, 4), 1);
	yg_assert_near(best[0].threshold, 2.5, 0);
	assert_int_equal(yg_roc_best(&r, true, best, 4), 1);
	yg_assert_near(best[0].threshold, 2.5, 0);
	yg_roc_release(&r);
}

static void reading_the_curve(void **state)
{
	struct yg_roc_data d = { .n = 7, .y = hand_y };
	struct yg_roc r;
	(void)state;
	assert_int_equal(yg_roc_open(&d, hand_x, NULL, &r, NULL), YG_OK);
	/* Points (0, 1/3) (1/4, 1/3) (1/4, 2/3) (3/4, 1) (1, 1). */
	yg_assert_near(yg_roc_read(&r, 0.9, false), 1.0 / 3, 1e-14);
	yg_assert_near(yg_roc_read(&r, 0.75, false), 2.0 / 3, 1e-14);   /* the upper end of the vertical line */
	yg_assert_near(yg_roc_read(&r, 0.5, false), 5.0 / 6, 1e-14);
	yg_assert_near(yg_roc_read(&r, 1, false), 1.0 / 3, 1e-14);
	yg_assert_near(yg_roc_read(&r, 0, false), 1, 1e-14);
	/* Specificity at a sensitivity: at 2/3 the better end is 3/4, at 5/6 halfway down to 1/4. */
	yg_assert_near(yg_roc_read(&r, 2.0 / 3, true), 0.75, 1e-14);
	yg_assert_near(yg_roc_read(&r, 5.0 / 6, true), 0.5, 1e-14);
	yg_assert_near(yg_roc_read(&r, 1, true), 0.25, 1e-14);
	struct yg_roc_reading i;
	yg_roc_read_ci(&r, 0.5, false, 0.95, &i);
	assert_true(i.lower >= 0 && i.lower < i.value && i.value < i.upper && i.upper <= 1);
	yg_roc_release(&r);
}

static void parts_add_up(void **state)
{
	static const double cut[4] = { 0, 0.3, 0.75, 1 };
	struct yg_roc_data d = { .n = 7, .y = hand_y };
	struct yg_roc r;
	(void)state;
	assert_int_equal(yg_roc_open(&d, hand_x, NULL, &r, NULL), YG_OK);
	for (int sensitivity = 0; sensitivity < 2; sensitivity++) {
		double sum = 0;
		for (int k = 0; k < 3; k++) {
			struct yg_roc_range range = { cut[k], cut[k + 1], sensitivity };
			sum += yg_roc_area(&r, &range);
		}
		yg_assert_near(sum, 0.75, 1e-14);
	}
	/* Specificity from 3/4 on: a strip of 1/4 by 1/3. */
	struct yg_roc_range range = { 0.75, 1, false };
	yg_assert_near(yg_roc_area(&r, &range), 1.0 / 12, 1e-14);
	/* Chance has 1/32 there, the best 1/4: (1 + (1/12 - 1/32) / (1/4 - 1/32)) / 2. */
	yg_assert_near(yg_roc_corrected(&range, 1.0 / 12), (1 + (1.0 / 12 - 1.0 / 32) / (7.0 / 32)) / 2, 1e-14);
	yg_roc_release(&r);
}

#define N 400
struct noise {
	uint8_t y[N];
	double x[2][N];
	uint32_t cluster[N];
};
static void make_noise(struct noise *s, uint64_t seed)
{
	struct yg_rng rng;
	yg_rng_init(&rng, seed, YG_RNG_GENERAL, 0, 0);
	for (int i = 0; i < N; i++) {
		double shared = i % 2 ? 0 : yg_rng_normal(&rng);
		s->y[i] = yg_rng_uniform(&rng) < 0.4;
		s->x[0][i] = floor(4 * (yg_rng_normal(&rng) + s->y[i] + shared)) / 4;
		s->x[1][i] = s->x[0][i] + 2 * yg_rng_normal(&rng);
		s->cluster[i] = (uint32_t)i;
	}
}

static void both(const struct yg_roc_data *d, double *const x[2], const struct yg_roc_range *range, double area[2], double cov[4])
{
	struct yg_roc r[2];
	for (int k = 0; k < 2; k++)
		assert_int_equal(yg_roc_open(d, x[k], NULL, &r[k], NULL), YG_OK);
	assert_int_equal(yg_roc_covariance(d, r, 2, range, NULL, area, cov, NULL), YG_OK);
	for (int k = 0; k < 2; k++)
		yg_roc_release(&r[k]);
}

static void what_must_not_change(void **state)
{
	static struct noise s, t;
	double *x[2] = { s.x[0], s.x[1] }, *z[2] = { t.x[0], t.x[1] }, area[2], cov[4], other[2], cov2[4];
	struct yg_roc_data d = { .n = N, .y = s.y }, e = { .n = N, .y = t.y };
	(void)state;
	make_noise(&s, 1);
	both(&d, x, NULL, area, cov);
	/* Scale and shift, and another order of the rows. */
	for (int i = 0; i < N; i++) {
		int j = (i * 37 + 11) % N;
		t.y[j] = s.y[i];
		for (int k = 0; k < 2; k++)
			t.x[k][j] = 8 * s.x[k][i] - 3;
	}
	both(&e, z, NULL, other, cov2);
	for (int k = 0; k < 2; k++)
		yg_assert_near(other[k], area[k], 1e-15);
	for (int k = 0; k < 4; k++)
		yg_assert_near(cov2[k], cov[k], 1e-12);
	/* Turned round the area is what is left of 1, with the same variance; labels exchanged too. */
	for (int i = 0; i < N; i++) {
		t.y[i] = !s.y[i];
		t.x[0][i] = -s.x[0][i];
		t.x[1][i] = s.x[1][i];
	}
	both(&e, z, NULL, other, cov2);
	yg_assert_near(other[0], area[0], 1e-15);
	yg_assert_near(other[1], 1 - area[1], 1e-14);
	yg_assert_near(cov2[0], cov[0], 1e-12);
	yg_assert_near(cov2[3], cov[3], 1e-12);
	yg_assert_near(cov2[1], -cov[1], 1e-12);
	/* Clusters of one are independence, but for the count that is taken off. */
	double n1 = 0, n0 = 0, cov3[4];
	for (int i = 0; i < N; i++)
		*(s.y[i] ? &n1 : &n0) += 1;
	d.cluster = s.cluster;
	d.clusters = N;
	both(&d, x, NULL, other, cov3);
	for (int k = 0; k < 4; k++)
		yg_assert_near(cov3[k], cov[k], 1e-12);
}

/* The whole range by the way of the parts: DeLong's variance. */
static void a_part_of_all_is_all(void **state)
{
	static struct noise s;
	double *x[2] = { s.x[0], s.x[1] }, area[2], cov[4], other[2], cov2[4];
	struct yg_roc_data d = { .n = N, .y = s.y };
	(void)state;
	make_noise(&s, 2);
	both(&d, x, NULL, area, cov);
	for (int sensitivity = 0; sensitivity < 2; sensitivity++) {
		struct yg_roc_range range = { 1e-12, 1, sensitivity };
		both(&d, x, &range, other, cov2);
		for (int k = 0; k < 2; k++)
			yg_assert_near(other[k], area[k], 1e-9);
		for (int k = 0; k < 4; k++)
			yg_assert_near(cov2[k], cov[k], 1e-6);
	}
}

static void repeats_are_rows(void **state)
{
	static struct noise s;
	static uint8_t y[3 * N];
	static double x[2][3 * N];
	uint32_t repeats[N];
	double *few[2] = { s.x[0], s.x[1] }, *many[2] = { x[0], x[1] }, area[2], cov[4], other[2], cov2[4];
	size_t n = 0;
	(void)state;
	make_noise(&s, 3);
	for (int i = 0; i < N; i++) {
		repeats[i] = (uint32_t)(i % 4);
		for (uint32_t k = 0; k < repeats[i]; k++, n++) {
			y[n] = s.y[i];
			x[0][n] = s.x[0][i];
			x[1][n] = s.x[1][i];
		}
	}
	struct yg_roc_data d = { .n = N, .y = s.y, .repeats = repeats }, e = { .n = n, .y = y };
	both(&d, few, NULL, area, cov);
	both(&e, many, NULL, other, cov2);
	for (int k = 0; k < 2; k++)
		yg_assert_near(area[k], other[k], 1e-15);
	for (int k = 0; k < 4; k++)
		yg_assert_near(cov[k], cov2[k], 1e-12);
}

/*
 * Obuchowski by hand: the seven rows above in clusters {1, 2 | case 2}, {2, 4}, {case 3, case 5}.  Placements less 3/4:
 * controls 1/4, 1/12, 1/12, -5/12; cases -1/4, 0, 1/4.  Cluster sums: controls 1/3, -1/3, -; cases -1/4, -, 1/4.
 * S10 = 2/1 (1/16 + 1/16) / 3, S01 = 2/1 (1/9 + 1/9) / 4, S11 = 3/2 (-1/4 * 1/3).
 * Variance: (1/12) / 3 + (1/9) / 4 + 2 (-1/8) / 12 = 1/36 + 1/36 - 1/48.
 */
static void clusters_by_hand(void **state)
{
	static const uint32_t cluster[7] = { 0, 0, 1, 1, 0, 2, 2 };
	struct yg_roc_data d = { .n = 7, .y = hand_y, .cluster = cluster, .clusters = 3 };
	struct yg_roc r;
	double area, variance;
	(void)state;
	assert_int_equal(yg_roc_open(&d, hand_x, NULL, &r, NULL), YG_OK);
	assert_int_equal(yg_roc_covariance(&d, &r, 1, NULL, NULL, &area, &variance, NULL), YG_OK);
	yg_assert_near(area, 0.75, 1e-15);
	yg_assert_near(variance, 1.0 / 36 + 1.0 / 36 - 1.0 / 48, 1e-13);
	yg_roc_release(&r);
}

static void threads_change_nothing(void **state)
{
	enum { MANY = 20000 };
	static uint8_t y[MANY];
	static double x[MANY];
	double area[2], variance[2], out[2][20 * 4];
	static const double given[1] = { 0.9 };
	static const struct yg_roc_range range = { 0.8, 1, false };
	struct yg_rng rng;
	(void)state;
	yg_rng_init(&rng, 4, YG_RNG_GENERAL, 0, 0);
	for (int i = 0; i < MANY; i++) {
		y[i] = i % 3 == 0;
		x[i] = yg_rng_normal(&rng) + y[i];
	}
	struct yg_roc_data d = { .n = MANY, .y = y };
	for (unsigned k = 0; k < 2; k++) {
		struct yg_pool *pool = yg_pool_new(k ? 3 : 1);
		struct yg_task task;
		struct yg_roc r;
		struct yg_roc_boot ask = { .range = &range, .given = given, .givens = 1, .seed = 7, .times = 20 };
		yg_task_init(&task, pool);
		assert_int_equal(yg_roc_open(&d, x, &task, &r, NULL), YG_OK);
		assert_int_equal(yg_roc_covariance(&d, &r, 1, NULL, &task, &area[k], &variance[k], NULL), YG_OK);
		assert_int_equal(yg_roc_boot_width(&ask), 4);
		assert_int_equal(yg_roc_bootstrap(&d, &r, 1, &ask, &task, out[k], NULL), YG_OK);
		yg_roc_release(&r);
		yg_pool_free(pool);
	}
	assert_memory_equal(&area[0], &area[1], sizeof(double));
	assert_memory_equal(&variance[0], &variance[1], sizeof(double));
	assert_memory_equal(out[0], out[1], sizeof out[0]);
	/* The replicates scatter as DeLong's variance says: 20 of them, within a wide margin. */
	double mean = 0, square = 0;
	for (int t = 0; t < 20; t++)
		mean += out[0][4 * t] / 20;
	for (int t = 0; t < 20; t++)
		square += (out[0][4 * t] - mean) * (out[0][4 * t] - mean) / 19;
	assert_true(square > variance[0] / 3 && square < 3 * variance[0]);
	assert_true(fabs(mean - area[0]) < 4 * sqrt(variance[0]));
}

/* The spread of partial areas and readings over many samples is what their limits say. */
static void limits_hold_what_they_promise(void **state)
{
	enum { TIMES = 400, SIZE = 240 };
	static uint8_t y[SIZE];
	static double x[SIZE];
	static const struct yg_roc_range range = { 0.8, 1, false };
	double inside = 0, part_sum = 0, part_square = 0, said = 0;
	/* cases normal(1, 1): sensitivity at specificity 0.8 */
	double truth = yg_normal_upper(yg_normal_quantile(0.8) - 1);
	(void)state;
	for (uint32_t t = 0; t < TIMES; t++) {
		struct yg_rng rng;
		yg_rng_init(&rng, 11, YG_RNG_SIMULATION, t, 0);
		for (int i = 0; i < SIZE; i++) {
			y[i] = i % 2 == 0;
			x[i] = yg_rng_normal(&rng) + y[i];
		}
		struct yg_roc_data d = { .n = SIZE, .y = y };
		struct yg_roc r;
		struct yg_roc_reading i;
		double area, variance;
		assert_int_equal(yg_roc_open(&d, x, NULL, &r, NULL), YG_OK);
		yg_roc_read_ci(&r, 0.8, false, 0.95, &i);
		inside += i.lower <= truth && truth <= i.upper;
		assert_int_equal(yg_roc_covariance(&d, &r, 1, &range, NULL, &area, &variance, NULL), YG_OK);
		part_sum += area;
		part_square += area * area;
		said += variance;
		yg_roc_release(&r);
	}
	double spread = (part_square - part_sum * part_sum / TIMES) / (TIMES - 1);
	assert_true(inside / TIMES > 0.92 && inside / TIMES < 0.985);
	assert_true(said / TIMES > 0.75 * spread && said / TIMES < 1.33 * spread);
}

/*
 * The binormal curve of three categories, controls 60 30 10 and cases 20 30 50, has two parameters for two free points, so
 * it goes through them: with z the normal quantile of the shares below, a and b solve b c - a = z.  The limits are
 * c1 = z(0.6), c2 = z(0.9); b c1 - a = z(0.2), b c2 - a = z(0.5) = 0.
 */
static void binormal_by_hand(void **state)
{
	static const double n[2][3] = { { 60, 30, 10 }, { 20, 30, 50 } };
	uint8_t y[6];
	double x[6];
	uint32_t repeats[6];
	struct yg_roc_data d = { .n = 6, .y = y, .repeats = repeats };
	struct yg_roc r;
	struct yg_roc_binormal m;
	(void)state;
	for (int i = 0; i < 6; i++) {
		y[i] = i >= 3;
		x[i] = i % 3;
		repeats[i] = (uint32_t)n[i >= 3][i % 3];
	}
	assert_int_equal(yg_roc_open(&d, x, NULL, &r, NULL), YG_OK);
	assert_int_equal(yg_roc_binormal(&r, &m, NULL), YG_OK);
	double c1 = yg_normal_quantile(0.6), c2 = yg_normal_quantile(0.9), b = -yg_normal_quantile(0.2) / (c2 - c1), a = b * c2;
	yg_assert_near(m.b, b, 1e-7);
	yg_assert_near(m.a, a, 1e-7);
	yg_assert_near(m.area, yg_normal_cdf(a / sqrt(1 + b * b)), 1e-7);
	assert_true(m.se > 0 && m.se < 0.1);
	/* The whole range by quadrature is the area in closed form, seen from either side. */
	for (int sensitivity = 0; sensitivity < 2; sensitivity++) {
		struct yg_roc_range range = { 0, 1, sensitivity };
		double se;
		yg_assert_near(yg_roc_binormal_part(&m, &range, &se), m.area, 1e-8);
		yg_assert_near(se, m.se, 1e-6);
	}
	/* Read at a specificity, and from there back. */
	struct yg_roc_reading i, j;
	yg_roc_binormal_read(&m, 0.9, false, 0.95, &i);
	yg_assert_near(i.value, 0.5, 1e-7);
	yg_roc_binormal_read(&m, i.value, true, 0.95, &j);
	yg_assert_near(j.value, 0.9, 1e-7);
	yg_roc_release(&r);
}

static void what_cannot_be_done(void **state)
{
	static const double flat[4] = { 3, 3, 3, 3 }, apart[4] = { 1, 2, 3, 4 };
	static const uint8_t ones[4] = { 1, 1, 1, 1 }, mixed[4] = { 0, 0, 1, 1 }, one[4] = { 0, 0, 0, 1 };
	struct yg_roc_data d = { .n = 4, .y = ones };
	struct yg_roc r;
	struct yg_roc_cut c;
	struct yg_roc_binormal m;
	struct yg_err err = { 0 };
	double area, variance, two[2] = { 0.5, 0.5 }, cov[4] = { 0.1, 0.1, 0.1, 0.1 }, df;
	(void)state;
	assert_int_equal(yg_roc_open(&d, apart, NULL, &r, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-ACC-020");
	d.n = 0;
	assert_int_equal(yg_roc_open(&d, apart, NULL, &r, &err), YG_REFUSED);
	/* The same value for all: one half, without error, and no cut-off that tells anything. */
	d = (struct yg_roc_data){ .n = 4, .y = mixed };
	assert_int_equal(yg_roc_open(&d, flat, NULL, &r, &err), YG_OK);
	assert_int_equal(yg_roc_covariance(&d, &r, 1, NULL, NULL, &area, &variance, NULL), YG_OK);
	yg_assert_near(area, 0.5, 0);
	yg_assert_near(variance, 0, 0);
	assert_int_equal(yg_roc_best(&r, false, &c, 1), 2);
	assert_true(isinf(c.threshold));
	yg_assert_near(yg_roc_read(&r, 0.9, false), 0.1, 1e-14);
	assert_int_equal(yg_roc_binormal(&r, &m, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-ACC-021");
	yg_roc_release(&r);
	/* Without overlap: 1, and no binormal curve. */
	assert_int_equal(yg_roc_open(&d, apart, NULL, &r, &err), YG_OK);
	assert_int_equal(yg_roc_covariance(&d, &r, 1, NULL, NULL, &area, &variance, NULL), YG_OK);
	yg_assert_near(area, 1, 0);
	yg_assert_near(variance, 0, 0);
	assert_int_equal(yg_roc_binormal(&r, &m, &err), YG_REFUSED);
	yg_roc_release(&r);
	/* One case has no variance. */
	d.y = one;
	assert_int_equal(yg_roc_open(&d, apart, NULL, &r, &err), YG_OK);
	assert_int_equal(yg_roc_covariance(&d, &r, 1, NULL, NULL, &area, &variance, NULL), YG_OK);
	assert_true(isnan(variance));
	yg_roc_release(&r);
	/* A marker and its copy: no difference, and no test of it. */
	struct yg_roc_difference x;
	yg_roc_paired(two, cov, 2, 0, 1, &x);
	yg_assert_near(x.se, 0, 0);
	assert_true(isnan(x.p));
	assert_true(isnan(yg_roc_equal(two, cov, 2, &df)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(area_and_variance_by_hand),
		cmocka_unit_test(cut_offs_by_hand),
		cmocka_unit_test(reading_the_curve),
		cmocka_unit_test(parts_add_up),
		cmocka_unit_test(what_must_not_change),
		cmocka_unit_test(a_part_of_all_is_all),
		cmocka_unit_test(repeats_are_rows),
		cmocka_unit_test(clusters_by_hand),
		cmocka_unit_test(threads_change_nothing),
		cmocka_unit_test(limits_hold_what_they_promise),
		cmocka_unit_test(binormal_by_hand),
		cmocka_unit_test(what_cannot_be_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
