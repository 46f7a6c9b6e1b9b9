/* Recurrent events, states, ranked endpoints and rates: cases worked by hand, what must not change a result, and what is not there. */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/rng.h"
#include "yogo/stats/mcf.h"
#include "yogo/stats/multistate.h"
#include "yogo/stats/rate.h"
#include "yogo/stats/recurrent.h"
#include "yogo/stats/winratio.h"

static struct yg_err err;

/* ---- mean cumulative function ---- */

/* A has events at 1 and 3 and is seen until 4; B has one at 2 and is seen until 3.
   mu: 1/2, 1, 3/2.  A's derivative at 3: (1 - 1/2)/2 - (1/2)/2 + (1 - 1/2)/2 = 1/4; B's is -1/4; variance 1/8. */
static void two_patients(void **state)
{
	(void)state;
	const double entry[] = { 0, 1, 3, 0, 2 }, exit[] = { 1, 3, 4, 2, 3 };
	const uint8_t event[] = { 1, 1, 0, 1, 0 };
	const uint32_t person[] = { 0, 0, 0, 1, 1 };
	struct yg_spans d = { .n = 5, .entry = entry, .exit = exit, .event = event, .cluster = person, .clusters = 2 };
	struct yg_mcf f;
	assert_int_equal(yg_mcf_fit(&d, NULL, &f, &err), YG_OK);
	assert_int_equal(f.curve[0].m, 3);
	yg_assert_near(f.curve[0].mean[0], 0.5, 1e-15);
	yg_assert_near(f.curve[0].mean[2], 1.5, 1e-15);
	yg_assert_near(f.curve[0].n_risk[2], 2, 0);
	yg_assert_near(f.curve[0].se[2], sqrt(0.125), 1e-14);
	yg_assert_near(f.curve[0].surv[2], 1, 0);
	yg_assert_near(f.curve[0].last, 4, 0);
	assert_int_equal(yg_mcf_at(&f.curve[0], 0.5), -1);
	assert_int_equal(yg_mcf_at(&f.curve[0], 2.5), 1);
	yg_mcf_release(&f);
}

/* A: event at 1, seen until 3; B: dies at 2; C: event at 3.  mu(3) = 1/3 + 2/3 * 1/2 = 2/3; as a function of weights it is
   (a + c)/(a + b + c), with derivatives 1/9, -2/9, 1/9. */
static void death_ends_events(void **state)
{
	(void)state;
	const double entry[] = { 0, 1, 0, 0 }, exit[] = { 1, 3, 2, 3 };
	const uint8_t event[] = { 1, 0, 2, 1 };
	const uint32_t person[] = { 0, 0, 1, 2 };
	struct yg_spans d = { .n = 4, .entry = entry, .exit = exit, .event = event, .cluster = person, .clusters = 3 };
	struct yg_mcf f;
	assert_int_equal(yg_mcf_fit(&d, NULL, &f, &err), YG_OK);
	yg_assert_near(f.curve[0].mean[2], 2.0 / 3, 1e-15);
	yg_assert_near(f.curve[0].se[2], sqrt(6) / 9, 1e-14);
	yg_assert_near(f.curve[0].surv[1], 2.0 / 3, 1e-15);
	yg_mcf_release(&f);
}

struct follow {
	size_t n;
	double entry[4000], exit[4000], weight[4000];
	uint8_t event[4000];
	uint32_t person[4000];
	int32_t group[4000];
	struct yg_spans spans;
};

/* Persons with up to five events and perhaps an end, times in whole weeks so that many tie. */
static void invent(struct follow *f, uint32_t persons, uint64_t seed)
{
	struct yg_rng r;
	f->n = 0;
	yg_rng_init(&r, seed, YG_RNG_SIMULATION, 0, 0);
	for (uint32_t i = 0; i < persons; i++) {
		double now = yg_rng_below(&r, 4);
		size_t rows = 1 + yg_rng_below(&r, 5);
		for (size_t k = 0; k < rows; k++) {
			f->entry[f->n] = now;
			now += 1 + yg_rng_below(&r, 20);
			f->exit[f->n] = now;
			f->event[f->n] = k + 1 < rows ? 1 : (uint8_t)yg_rng_below(&r, 3);
			f->person[f->n] = i;
			f->group[f->n] = (int32_t)(i % 3);
			f->weight[f->n++] = 1 + i % 2;
		}
	}
	f->spans = (struct yg_spans){ .n = f->n, .entry = f->entry, .exit = f->exit, .event = f->event, .group = f->group, .groups = 3,
		                      .cluster = f->person, .clusters = persons };
}

static void means_agree(const struct yg_mcf *a, const struct yg_mcf *b, double se)
{
	for (size_t g = 0; g < a->groups; g++) {
		assert_int_equal(a->curve[g].m, b->curve[g].m);
		for (size_t j = 0; j < a->curve[g].m; j++) {
			yg_assert_near(a->curve[g].mean[j], b->curve[g].mean[j], 1e-12);
			yg_assert_near(a->curve[g].se[j] * se, b->curve[g].se[j], 1e-10);
		}
	}
}

/* The order of rows and the unit of time do not matter; weights count persons again; groups stand alone. */
static void what_does_not_matter(void **state)
{
	(void)state;
	static struct follow a, b;
	struct yg_mcf f, g;
	struct yg_mcf_test one, two;
	invent(&a, 300, 7);
	assert_int_equal(yg_mcf_fit(&a.spans, NULL, &f, &err), YG_OK);
	b = a;
	for (size_t i = 0; i < a.n; i++) {
		size_t from = a.n - 1 - i;
		b.entry[i] = 7 * a.entry[from];
		b.exit[i] = 7 * a.exit[from];
		b.event[i] = a.event[from];
		b.group[i] = a.group[from];
		b.person[i] = a.person[from];
		b.weight[i] = 3;
	}
	b.spans.entry = b.entry;
	b.spans.exit = b.exit;
	b.spans.event = b.event;
	b.spans.group = b.group;
	b.spans.cluster = b.person;
	assert_int_equal(yg_mcf_fit(&b.spans, NULL, &g, &err), YG_OK);
	means_agree(&f, &g, 1);
	assert_int_equal(yg_mcf_test(&a.spans, NULL, &one, &err), YG_OK);
	assert_int_equal(yg_mcf_test(&b.spans, NULL, &two, &err), YG_OK);
	assert_int_equal(one.df, 2);
	yg_assert_near(one.statistic, two.statistic, 1e-10);
	yg_mcf_release(&g);
	/* The same weight for all changes nothing. */
	b.spans.weight = b.weight;
	assert_int_equal(yg_mcf_fit(&b.spans, NULL, &g, &err), YG_OK);
	means_agree(&f, &g, 1);
	yg_mcf_release(&g);
	/* Weight 2 is the person twice: the mean is the same. */
	static struct follow twice;
	size_t n = 0;
	for (size_t i = 0; i < a.n && n + 2 < 4000; i++)
		for (uint32_t k = 0; k < 1 + a.person[i] % 2; k++) {
			twice.entry[n] = a.entry[i];
			twice.exit[n] = a.exit[i];
			twice.event[n] = a.event[i];
			twice.group[n] = a.group[i];
			twice.person[n++] = 2 * a.person[i] + k;
		}
	struct yg_spans d = { .n = n, .entry = twice.entry, .exit = twice.exit, .event = twice.event, .group = twice.group, .groups = 3,
		              .cluster = twice.person, .clusters = 600 };
	a.spans.weight = a.weight;
	yg_mcf_release(&f);
	assert_int_equal(yg_mcf_fit(&a.spans, NULL, &f, &err), YG_OK);
	assert_int_equal(yg_mcf_fit(&d, NULL, &g, &err), YG_OK);
	for (size_t k = 0; k < 3; k++)
		for (size_t j = 0; j < f.curve[k].m; j++)
			yg_assert_near(f.curve[k].mean[j], g.curve[k].mean[j], 1e-12);
	yg_mcf_release(&f);
	yg_mcf_release(&g);
}

static void no_events(void **state)
{
	(void)state;
	const double exit[] = { 1, 2, 2 };
	const uint8_t none[] = { 0, 0, 0 }, end[] = { 2, 2, 2 }, bad[] = { 0, 3, 0 };
	const int32_t group[] = { 0, 0, 2 };
	struct yg_spans d = { .n = 3, .exit = exit, .event = none, .group = group, .groups = 3 };
	struct yg_mcf f;
	struct yg_mcf_test t;
	assert_int_equal(yg_mcf_fit(&d, NULL, &f, &err), YG_OK);
	assert_int_equal(f.curve[0].m, 0);
	assert_int_equal(f.curve[1].records, 0);
	assert_true(isnan(f.curve[1].last));
	yg_mcf_release(&f);
	assert_int_equal(yg_mcf_test(&d, NULL, &t, &err), YG_OK);
	assert_int_equal(t.df, 0);
	d.event = end;
	assert_int_equal(yg_mcf_fit(&d, NULL, &f, &err), YG_OK);
	yg_assert_near(f.curve[0].mean[1], 0, 0);
	yg_assert_near(f.curve[0].surv[1], 0, 0);
	yg_assert_near(f.curve[0].se[1], 0, 0);
	yg_mcf_release(&f);
	d.event = bad;
	assert_int_equal(yg_mcf_fit(&d, NULL, &f, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-MCF-002");
	d = (struct yg_spans){ .n = 0, .exit = exit, .event = none };
	assert_int_equal(yg_mcf_fit(&d, NULL, &f, &err), YG_OK);
	assert_int_equal(f.curve[0].m, 0);
	yg_mcf_release(&f);
}

/* ---- models ---- */

/* With one event a person all models are Cox's; the k-th gap of everybody is the same data as the k-th total time from 0. */
static void one_event_each(void **state)
{
	(void)state;
	static struct follow a;
	static double x[4000], zero[4000];
	static uint32_t number[4000];
	invent(&a, 200, 11);
	size_t n = 0;
	for (size_t i = 0; i < a.n; i++)
		if (!i || a.person[i] != a.person[i - 1]) {
			a.exit[n] = a.exit[i];
			a.event[n] = a.event[i] == 1;
			a.person[n] = a.person[i];
			x[n] = (double)(a.person[i] % 5) - (a.exit[i] > 12 ? 1 : 0);
			number[n++] = 1;
		}
	struct yg_recurrent_data d = { .number = number, .since = zero };
	d.rows = (struct yg_cox_data){ .spans = { .n = n, .exit = a.exit, .event = a.event, .cluster = a.person, .clusters = 200 }, .x = x, .p = 1 };
	struct yg_cox_options o = { .ties = YG_COX_EFRON, .robust = true, .max_iterations = -1 };
	struct yg_cox cox, fit;
	struct yg_recurrent r;
	struct yg_recurrent_term t;
	assert_int_equal(yg_cox_fit(&d.rows, &o, NULL, &cox, &err), YG_OK);
	for (int m = 0; m < 4; m++) {
		struct yg_recurrent_frame f;
		assert_int_equal(yg_recurrent_frame(&d, (enum yg_recurrent_method)m, m ? 1 : 0, 0, &f, &err), YG_OK);
		assert_int_equal(yg_cox_fit(&f.data, &o, NULL, &fit, &err), YG_OK);
		yg_assert_near(fit.beta[0], cox.beta[0], 1e-12);
		yg_assert_near(fit.se[0], cox.se[0], 1e-12);
		yg_cox_release(&fit);
		yg_recurrent_frame_release(&f);
	}
	assert_int_equal(yg_recurrent_specific(&d, YG_RECURRENT_WLW, 1, &o, NULL, &r, &err), YG_OK);
	yg_assert_near(r.beta[0], cox.beta[0], 1e-12);
	yg_assert_near(r.se[0], cox.se[0], 1e-10);
	yg_recurrent_combine(&r, 0, &t);
	yg_assert_near(t.average, cox.beta[0], 1e-12);
	assert_int_equal(t.same.df, 0);
	assert_int_equal(t.all.df, 1);
	yg_recurrent_release(&r);
	yg_cox_release(&cox);
	assert_int_equal(yg_recurrent_specific(&d, YG_RECURRENT_AG, 1, &o, NULL, &r, &err), YG_EINVAL);
}

/* ---- states ---- */

/* 1: ill at 1, dead at 3; 2: dead at 2; 3: well until 4.  Nobody is censored before 4, so that probabilities are shares
   and times in states means of 1, 2, 4 and 2, 0, 0, with the errors of means. */
static void illness_and_death(void **state)
{
	(void)state;
	const double entry[] = { 0, 1, 0, 0 }, exit[] = { 1, 3, 2, 4 };
	const uint8_t from[] = { 0, 1, 0, 0 }, to[] = { 1, 2, 2, 0 };
	const uint32_t person[] = { 0, 0, 1, 2 };
	const struct yg_transition moves[] = { { 0, 1 }, { 0, 2 }, { 1, 2 } };
	struct yg_multistate_data d = { 4, entry, exit, from, to, person, NULL, NULL, 1, 3, moves, 3 };
	struct yg_multistate f;
	struct yg_multistate_at a;
	assert_int_equal(yg_multistate_fit(&d, NULL, &f, &err), YG_OK);
	assert_int_equal(f.curve[0].m, 3);
	assert_int_equal(yg_multistate_at(&d, &f, 0, 4, NULL, &a, &err), YG_OK);
	yg_assert_near(a.p[0], 1.0 / 3, 1e-15);
	yg_assert_near(a.p[1], 0, 0);
	yg_assert_near(a.p[2], 2.0 / 3, 1e-15);
	yg_assert_near(a.se[0], sqrt(2.0 / 27), 1e-14);
	yg_assert_near(a.spent[0], 7.0 / 3, 1e-14);
	yg_assert_near(a.spent[1], 2.0 / 3, 1e-14);
	yg_assert_near(a.spent[2], 1, 1e-14);
	yg_assert_near(a.spent_se[0], sqrt(42.0 / 9) / 3, 1e-14);
	yg_assert_near(a.spent_se[1], sqrt(24.0 / 9) / 3, 1e-14);
	yg_assert_near(a.hazard[0], 1.0 / 3, 1e-15);
	yg_assert_near(a.hazard[1], 0.5, 1e-15);
	yg_assert_near(a.hazard[2], 1, 1e-15);
	assert_int_equal(a.at_risk[0], 1);
	assert_int_equal(f.curve[0].persons[1], 1);
	assert_int_equal(f.curve[0].moves[2], 1);
	assert_int_equal(yg_multistate_at(&d, &f, 0, 0.5, NULL, &a, &err), YG_OK);
	yg_assert_near(a.p[0], 1, 0);
	yg_assert_near(a.se[0], 0, 0);
	yg_assert_near(a.spent[0], 0.5, 1e-15);
	assert_int_equal(a.at_risk[0], 3);
	yg_multistate_release(&f);
	/* A move that the model does not have, and no rows at all. */
	d.transitions = 2;
	assert_int_equal(yg_multistate_fit(&d, NULL, &f, &err), YG_EINVAL);
	assert_string_equal(err.code, "E-MST-003");
	d.transitions = 3;
	d.n = 0;
	assert_int_equal(yg_multistate_fit(&d, NULL, &f, &err), YG_OK);
	assert_int_equal(yg_multistate_at(&d, &f, 0, 1, NULL, &a, &err), YG_OK);
	yg_assert_near(a.p[0], 1, 0);
	yg_assert_near(a.spent[0], 1, 0);
	yg_multistate_release(&f);
}

/* Two states that come and go, many persons: probabilities add up to 1, and threads change no bit. */
static void threads_change_nothing(void **state)
{
	(void)state;
	enum { PERSONS = 9000 };
	double *entry = yg_xcalloc(6 * PERSONS, sizeof *entry), *exit = yg_xcalloc(6 * PERSONS, sizeof *exit);
	uint8_t *from = yg_xcalloc(6 * PERSONS, 1), *to = yg_xcalloc(6 * PERSONS, 1);
	uint32_t *person = yg_xcalloc(6 * PERSONS, sizeof *person);
	const struct yg_transition moves[] = { { 0, 1 }, { 1, 0 }, { 0, 2 }, { 1, 2 } };
	struct yg_rng r;
	size_t n = 0;
	yg_rng_init(&r, 3, YG_RNG_SIMULATION, 0, 0);
	for (uint32_t i = 0; i < PERSONS; i++) {
		double now = 0;
		int in = 0;
		for (int k = 0; k < 6; k++) {
			unsigned what = yg_rng_below(&r, 8);
			entry[n] = now;
			now += 1 + yg_rng_below(&r, 30);
			exit[n] = now;
			person[n] = i;
			from[n] = (uint8_t)in;
			in = what == 0 ? 2 : what == 1 ? in : 1 - in;
			to[n++] = (uint8_t)in;
			if (what < 2)
				break;
		}
	}
	struct yg_multistate_data d = { n, entry, exit, from, to, person, NULL, NULL, 1, 3, moves, 4 };
	struct yg_multistate f;
	struct yg_multistate_at a, b;
	struct yg_pool *pool = yg_pool_new(2);
	struct yg_task task;
	yg_task_init(&task, pool);
	assert_int_equal(yg_multistate_fit(&d, NULL, &f, &err), YG_OK);
	for (size_t j = 0; j < f.curve[0].m; j++) {
		const double *p = f.curve[0].p + 3 * j;
		yg_assert_near(p[0] + p[1] + p[2], 1, 1e-13);
	}
	assert_int_equal(yg_multistate_at(&d, &f, 0, 60, NULL, &a, &err), YG_OK);
	assert_int_equal(yg_multistate_at(&d, &f, 0, 60, &task, &b, &err), YG_OK);
	assert_memory_equal(&a, &b, sizeof a);
	yg_assert_near(a.spent[0] + a.spent[1] + a.spent[2], 60, 1e-12);
	assert_true(a.se[2] > 0 && a.se[2] < 0.02);
	yg_multistate_release(&f);
	yg_pool_free(pool);
	yg_free(entry);
	yg_free(exit);
	yg_free(from);
	yg_free(to);
	yg_free(person);
}

/* ---- win ratio ---- */

/* Arm: a dies at 5, admitted at 2; b lives until 10, never admitted.  Reference: c dies at 3; d is followed until 4.
   Death: a and b beat c.  Admission: a, admitted at 2, loses to d; b and d are tied. */
static void four_patients(void **state)
{
	(void)state;
	const double death[] = { 5, 10, 3, 4 }, admission[] = { 2, 10, 3, 4 };
	const uint8_t died[] = { 1, 0, 1, 0 }, admitted[] = { 1, 0, 0, 0 };
	const int8_t arm[] = { 1, 1, 0, 0 };
	const double *const time[] = { death, admission };
	const uint8_t *const event[] = { died, admitted };
	struct yg_winratio_data d = { 4, 2, time, event, arm, NULL, 0 };
	struct yg_winratio w;
	assert_int_equal(yg_winratio_fit(&d, NULL, &w, &err), YG_OK);
	assert_int_equal(w.pairs, 4);
	assert_int_equal(w.win[0], 2);
	assert_int_equal(w.loss[0], 0);
	assert_int_equal(w.win[1], 0);
	assert_int_equal(w.loss[1], 1);
	assert_int_equal(w.ties, 1);
	yg_assert_near(w.ratio.estimate, 2, 1e-15);
	yg_assert_near(w.odds.estimate, 2.5 / 1.5, 1e-15);
	yg_assert_near(w.rd.estimate, 0.25, 1e-15);
	assert_true(w.ratio.se > 0);
	/* Nobody to compare with; a single person an arm has no variance. */
	const int8_t alone[] = { 1, 1, 1, -1 }, single[] = { 1, -1, 0, -1 };
	d.arm = alone;
	assert_int_equal(yg_winratio_fit(&d, NULL, &w, &err), YG_REFUSED);
	assert_string_equal(err.code, "E-WIN-004");
	d.arm = single;
	assert_int_equal(yg_winratio_fit(&d, NULL, &w, &err), YG_OK);
	assert_true(isnan(w.rd.se));
	assert_true(isinf(w.ratio.estimate));
	yg_assert_near(w.rd.estimate, 1, 0);
}

/* Trees and tiles count the same; exchanging the arms turns the ratio round; threads change nothing. */
static void two_ways_to_count(void **state)
{
	(void)state;
	enum { N = 1500 };
	static double t[3][N];
	static uint8_t e[3][N];
	static int8_t arm[N], other[N];
	static int32_t stratum[N];
	struct yg_rng r;
	yg_rng_init(&r, 5, YG_RNG_SIMULATION, 0, 0);
	for (size_t i = 0; i < N; i++) {
		for (size_t k = 0; k < 2; k++) {
			t[k][i] = yg_rng_below(&r, 60);
			e[k][i] = (uint8_t)yg_rng_below(&r, 2);
		}
		arm[i] = (int8_t)((int)yg_rng_below(&r, 5) / 2 % 3 - (i % 50 == 0));
		arm[i] = arm[i] > 1 ? 1 : arm[i];
		other[i] = (int8_t)(arm[i] < 0 ? -1 : 1 - arm[i]);
		stratum[i] = (int32_t)(i % 7);
	}
	const double *const time[] = { t[0], t[1], t[2] };
	const uint8_t *const event[] = { e[0], e[1], e[2] };
	struct yg_pool *pool = yg_pool_new(2);
	struct yg_task task;
	yg_task_init(&task, pool);
	for (int strata = 0; strata < 2; strata++) {
		struct yg_winratio_data d = { N, 2, time, event, arm, strata ? stratum : NULL, 7 };
		struct yg_winratio trees, tiles, back;
		assert_int_equal(yg_winratio_fit(&d, NULL, &trees, &err), YG_OK);
		d.levels = 3; /* the third decides nothing */
		assert_int_equal(yg_winratio_fit(&d, &task, &tiles, &err), YG_OK);
		assert_true(tiles.by_tiles && !trees.by_tiles);
		for (int k = 0; k < 2; k++) {
			assert_int_equal(trees.win[k], tiles.win[k]);
			assert_int_equal(trees.loss[k], tiles.loss[k]);
		}
		assert_int_equal(tiles.win[2] + tiles.loss[2], 0);
		yg_assert_near(trees.ratio.se, tiles.ratio.se, 1e-14);
		yg_assert_near(trees.rd.se, tiles.rd.se, 1e-14);
		d.levels = 2;
		d.arm = other;
		assert_int_equal(yg_winratio_fit(&d, NULL, &back, &err), YG_OK);
		assert_int_equal(back.wins, trees.losses);
		yg_assert_near(back.ratio.estimate * trees.ratio.estimate, 1, 1e-14);
		yg_assert_near(back.ratio.se, trees.ratio.se, 1e-12);
		yg_assert_near(back.rd.estimate, -trees.rd.estimate, 1e-14);
	}
	yg_pool_free(pool);
}

/* ---- rates ---- */

static void rates(void **state)
{
	(void)state;
	struct yg_rate r = yg_rate(0, 250, YG_RATE_EXACT, 0.95);
	yg_assert_near(r.lower, 0, 0);
	yg_assert_near(r.upper, -log(0.025) / 250, 1e-13);   /* P(0 | mu) = 0.025 */
	assert_true(isnan(yg_rate(3, 0, YG_RATE_EXACT, 0.95).rate));
	yg_assert_near(yg_rate(0, 10, YG_RATE_BYAR, 0.95).lower, 0, 0);
	struct yg_rate_pair p = yg_rate_compare(0, 10, 5, 10, true, 0.95);
	yg_assert_near(p.ratio, 0, 0);
	yg_assert_near(p.lower, 0, 0);
	yg_assert_near(p.p, 2 * pow(0.5, 5), 1e-13);
	p = yg_rate_compare(0, 10, 0, 10, true, 0.95);
	assert_true(isnan(p.ratio) && isnan(p.p) && isnan(p.difference_lower));
	p = yg_rate_compare(3, 0, 5, 10, false, 0.95);
	assert_true(isnan(p.ratio));
	/* One stratum is no strata; twice the same stratum has the ratio of one. */
	struct yg_rate_stratum s[] = { { 8, 100, 4, 120 }, { 8, 100, 4, 120 } };
	struct yg_rate_pooled one = yg_rate_pool(s, 1, 0.95), two = yg_rate_pool(s, 2, 0.95);
	yg_assert_near(one.ratio, 2.4, 1e-14);
	yg_assert_near(two.ratio, 2.4, 1e-14);
	yg_assert_near(two.equal, 0, 1e-13);
	assert_int_equal(one.equal_df, 0);
	assert_int_equal(two.equal_df, 1);
	assert_true(isnan(yg_rate_pool(s, 0, 0.95).ratio));
	/* The data's own time as standard gives the crude rate. */
	const double events[] = { 3, 9, 20 }, time[] = { 100, 200, 150 }, hole[] = { 100, 0, 150 };
	struct yg_rate own = yg_rate_standardize(events, time, time, 3, true, 0.95);
	yg_assert_near(own.rate, 32.0 / 450, 1e-14);
	yg_assert_near(own.se, sqrt(32) / 450, 1e-14);
	assert_true(isnan(yg_rate_standardize(events, hole, time, 3, true, 0.95).rate));
	const double none[] = { 0, 0, 0 };
	r = yg_rate_standardize(none, time, time, 3, true, 0.95);
	yg_assert_near(r.lower, 0, 0);
	assert_true(r.upper > 0 && r.upper < 0.03);
}

/* The totals that were published with the populations; ages outside five-year bounds have no weight. */
static void standard_populations(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		double total;
	} known[] = { { "japan2015", 125319 }, { "japan1985", 120287 }, { "world", 100.035 } };
	for (size_t k = 0; k < 3; k++) {
		const struct yg_standard *s = yg_standard_find(known[k].name);
		assert_non_null(s);
		yg_assert_near(yg_standard_weight(s, 0, INFINITY), known[k].total, 1e-12);
		yg_assert_near(yg_standard_weight(s, 0, 40) + yg_standard_weight(s, 40, 65) + yg_standard_weight(s, 65, INFINITY), known[k].total, 1e-12);
		assert_true(isnan(yg_standard_weight(s, 42, 47)));
		assert_true(isnan(yg_standard_weight(s, 40, 40)));
		assert_true(isnan(yg_standard_weight(s, 0, 5 * (double)s->groups)));
		assert_true(isnan(yg_standard_weight(s, 200, INFINITY)));
	}
	assert_null(yg_standard_find("europe"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_patients), cmocka_unit_test(death_ends_events), cmocka_unit_test(what_does_not_matter),
		cmocka_unit_test(no_events), cmocka_unit_test(one_event_each), cmocka_unit_test(illness_and_death),
		cmocka_unit_test(threads_change_nothing), cmocka_unit_test(four_patients), cmocka_unit_test(two_ways_to_count),
		cmocka_unit_test(rates), cmocka_unit_test(standard_populations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
