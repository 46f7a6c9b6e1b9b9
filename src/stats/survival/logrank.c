/* Weighted log-rank tests in one sweep over the counted cells: see yogo/stats/logrank.h. */
#include "yogo/stats/logrank.h"

#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/logrank_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sum.h"

/* Where one group of one stratum stands in the sweep. */
struct front {
	size_t exit, exit_end, entry, entry_end;
	double rows;
	struct yg_running weight, square;
};

struct sweep {
	const struct yg_cells *c;
	const struct yg_logrank_options *options;
	size_t groups;
	const size_t *member;       /* [groups] numbers of the groups compared */
	struct front *front;        /* [groups] */
	double *died, *share, *square; /* [groups] scratch: weighted events, share at risk, sum of squared weights */
	double *observed, *expected, *variance;
	yg_logrank_each *each;      /* two groups: called instead of adding, NULL = add */
	void *context;
};

static void enter(const struct yg_cells *c, struct front *f, size_t cell)
{
	f->rows += c->entered[cell];
	if (c->entry_weight) {
		yg_running_add(&f->weight, c->entry_weight[cell]);
		yg_running_add(&f->square, c->entry_square[cell]);
	}
}

static void leave(const struct yg_cells *c, struct front *f, size_t cell, int sign)
{
	f->rows += sign * ((double)c->events[cell] + c->censored[cell] + c->moved[cell]);
	if (c->event_weight) {
		yg_running_add(&f->weight, sign * (c->event_weight[cell] + c->other_weight[cell]));
		yg_running_add(&f->square, sign * c->exit_square[cell]);
	}
}

static void start(struct sweep *s, size_t stratum, size_t all_groups)
{
	const struct yg_cells *c = s->c;
	for (size_t g = 0; g < s->groups; g++) {
		size_t curve = stratum * all_groups + s->member[g];
		struct front *f = &s->front[g];
		*f = (struct front){ .exit = c->exit_first[curve], .exit_end = c->exit_first[curve + 1],
			             .entry = c->entry_first[curve], .entry_end = c->entry_first[curve + 1] };
		if (!c->entry_time)
			for (size_t x = f->exit; x < f->exit_end; x++)
				leave(c, f, x, 1);
	}
}

/* The next exit time of any group; INFINITY when all have left. */
static double next_time(const struct sweep *s)
{
	double t = INFINITY;
	for (size_t g = 0; g < s->groups; g++)
		if (s->front[g].exit < s->front[g].exit_end && s->c->exit_time[s->front[g].exit] < t)
			t = s->c->exit_time[s->front[g].exit];
	return t;
}

static double kind_weight(const struct yg_logrank_options *o, double n, double surv, double peto)
{
	switch (o->kind) {
	case YG_LOGRANK_GEHAN:
		return n;
	case YG_LOGRANK_TARONE:
		return sqrt(n);
	case YG_LOGRANK_FLEMING: {
		double u = o->rho == 0 ? 1 : o->rho == 1 ? surv : yg_pow(surv, o->rho);
		return o->gamma == 0 ? u : u * (o->gamma == 1 ? 1 - surv : yg_pow(1 - surv, o->gamma));
	}
	case YG_LOGRANK_PETO:
		return peto;
	case YG_LOGRANK_MODIFIED_PETO:
		return peto * n / (n + 1);
	default:
		return 1;
	}
}

/* Tell of one event time: the second group's observed less expected, its variance, unweighted. */
static void tell_time(struct sweep *s, double surv, double rows, double dead, double events)
{
	double factor = rows > 1 ? dead * (rows - dead) / (rows - 1) / rows : 0, p = s->share[1];
	s->expected[0] += s->share[0] * events;
	s->expected[1] += p * events;
	s->each(s->context, surv, s->died[1] - p * events,
	        factor * (s->square[1] * (1 - p) * (1 - p) + p * p * s->square[0]));
}

/* Add one event time; u weighs it, rows and dead count rows, events is the weighted number. */
static void add_time(struct sweep *s, double u, double rows, double dead, double events)
{
	size_t k = s->groups;
	double factor = rows > 1 ? u * u * dead * (rows - dead) / (rows - 1) / rows : 0, total = 0;
	for (size_t g = 0; g < k; g++)
		total += s->square[g];
	for (size_t g = 0; g < k; g++) {
		double p = s->share[g];
		s->observed[g] += u * s->died[g];
		s->expected[g] += u * p * events;
		if (factor == 0)
			continue;
		for (size_t h = 0; h <= g; h++) {
			double q = s->share[h];
			double v = h == g ? s->square[g] * (1 - p) * (1 - p) + p * p * (total - s->square[g]) :
				(total - s->square[g] - s->square[h]) * p * q - s->square[g] * (1 - p) * q -
				s->square[h] * p * (1 - q);
			s->variance[g * k + h] += factor * v;
		}
	}
}

static void sweep_stratum(struct sweep *s)
{
	const struct yg_cells *c = s->c;
	double surv = 1, peto = 1;
	for (double t = next_time(s); t < INFINITY; t = next_time(s)) {
		double rows = 0, dead = 0, weight = 0, events = 0;
		for (size_t g = 0; g < s->groups; g++) {
			struct front *f = &s->front[g];
			for (; f->entry < f->entry_end && c->entry_time[f->entry] < t; f->entry++)
				enter(c, f, f->entry);
			double w = c->event_weight ? yg_running_value(&f->weight) : f->rows;
			rows += f->rows;
			weight += w;
			s->share[g] = w;
			s->square[g] = c->event_weight ? yg_running_value(&f->square) : f->rows;
			s->died[g] = 0;
			if (f->exit < f->exit_end && c->exit_time[f->exit] == t) {
				dead += c->events[f->exit];
				s->died[g] = c->event_weight ? c->event_weight[f->exit] : c->events[f->exit];
				events += s->died[g];
			}
		}
		if (dead > 0 && weight > 0) {
			for (size_t g = 0; g < s->groups; g++)
				s->share[g] /= weight;
			peto *= 1 - events / (weight + 1);
			if (s->each)
				tell_time(s, surv, rows, dead, events);
			else
				add_time(s, kind_weight(s->options, weight, surv, peto), rows, dead, events);
			surv *= dead == rows ? 0 : 1 - events / weight;
		}
		for (size_t g = 0; g < s->groups; g++) {
			struct front *f = &s->front[g];
			if (f->exit < f->exit_end && c->exit_time[f->exit] == t)
				leave(c, f, f->exit++, -1);
		}
	}
}

/* U' V^- U over the groups with anybody expected, the last of them left out. */
static void test_statistic(const struct sweep *s, double *chisq, double *p, int *df)
{
	size_t k = s->groups, m = 0;
	double *v = yg_xcalloc(k * k + 2 * k + 1, sizeof *v), *u = v + k * k, *x = u + k;
	size_t *keep = yg_xalloc(k + 1, sizeof *keep);
	uint8_t *dropped = yg_xcalloc(k + 1, 1);
	for (size_t g = 0; g < k; g++)
		if (s->expected[g] > 0)
			keep[m++] = g;
	*df = m ? (int)m - 1 : 0;
	*chisq = *p = NAN;
	if (m > 1) {
		m--;
		for (size_t i = 0; i < m; i++) {
			u[i] = x[i] = s->observed[keep[i]] - s->expected[keep[i]];
			for (size_t j = 0; j < m; j++)
				v[i * m + j] = s->variance[keep[i] * k + keep[j]];
		}
		size_t rank = yg_cholesky(v, m, YG_CHOLESKY_TOLERANCE, dropped);
		yg_cholesky_solve(v, m, dropped, x);
		*df = (int)rank;
		if (rank) {
			*chisq = 0;
			for (size_t i = 0; i < m; i++)
				*chisq += u[i] * x[i];
			*p = yg_chisq_upper(*chisq, (double)rank);
		}
	}
	yg_free(dropped);
	yg_free(keep);
	yg_free(v);
}

static void run_sweep(struct sweep *s, size_t strata, size_t all_groups)
{
	size_t k = s->groups;
	s->front = yg_xalloc(k + 1, sizeof *s->front);
	s->died = yg_xalloc(3 * k + 1, sizeof(double));
	s->share = s->died + k;
	s->square = s->died + 2 * k;
	for (size_t i = 0; i < strata; i++) {
		start(s, i, all_groups);
		sweep_stratum(s);
	}
	for (size_t g = 0; g < k && !s->each; g++)
		for (size_t h = 0; h < g; h++)
			s->variance[h * k + g] = s->variance[g * k + h];
	yg_free(s->died);
	yg_free(s->front);
}

static void trend(const struct sweep *s, struct yg_logrank *t)
{
	double top = 0, below = 0;
	for (size_t g = 0; g < t->groups; g++) {
		double a = s->options->score ? s->options->score[g] : (double)g + 1;
		top += a * (t->observed[g] - t->expected[g]);
		for (size_t h = 0; h < t->groups; h++)
			below += a * t->variance[g * t->groups + h] * (s->options->score ? s->options->score[h] :
			                                               (double)h + 1);
	}
	t->trend_z = below > 0 ? top / sqrt(below) : NAN;
	t->trend_chisq = t->trend_z * t->trend_z;
	t->trend_p = yg_normal_two_sided(t->trend_z);
}

static struct yg_spans whole(const struct yg_spans *d)
{
	struct yg_spans flat = *d;
	if (!flat.stratum)
		flat.strata = 1;
	if (!flat.group)
		flat.groups = 1;
	return flat;
}

enum yg_status yg_logrank_test(const struct yg_spans *d, const struct yg_logrank_options *options, struct yg_task *task,
                               struct yg_logrank *out, struct yg_err *err)
{
	struct yg_spans flat = whole(d);
	struct yg_cells c;
	size_t k = flat.groups;
	YG_TRY(yg_cells_build(&flat, 0, task, &c, err));
	struct yg_logrank t = { .groups = k };
	double *v = yg_xcalloc(2 * k + k * k + 1, sizeof *v);
	size_t *member = yg_xalloc(k + 1, sizeof *member);
	t.space = v;
	t.observed = v;
	t.expected = v + k;
	t.variance = v + 2 * k;
	t.rows = yg_xcalloc(2 * k + 1, sizeof *t.rows);
	t.events = t.rows + k;
	for (size_t curve = 0; curve < c.curves; curve++)
		for (size_t x = c.exit_first[curve]; x < c.exit_first[curve + 1]; x++) {
			t.rows[curve % k] += (uint64_t)c.events[x] + c.censored[x] + c.moved[x];
			t.events[curve % k] += c.events[x];
		}
	for (size_t g = 0; g < k; g++)
		member[g] = g;
	struct sweep s = { .c = &c, .options = options, .groups = k, .member = member, .observed = t.observed,
		           .expected = t.expected, .variance = t.variance };
	run_sweep(&s, flat.strata, k);
	test_statistic(&s, &t.chisq, &t.p, &t.df);
	trend(&s, &t);
	yg_free(member);
	yg_cells_release(&c);
	*out = t;
	return YG_OK;
}

void yg_logrank_release(struct yg_logrank *t)
{
	yg_free(t->space);
	yg_free(t->rows);
	memset(t, 0, sizeof *t);
}

enum yg_status yg_logrank_pairwise(const struct yg_spans *d, const struct yg_logrank_options *options,
                                   struct yg_task *task, double *chisq, double *p, struct yg_err *err)
{
	struct yg_spans flat = whole(d);
	struct yg_cells c;
	size_t at = 0;
	YG_TRY(yg_cells_build(&flat, 0, task, &c, err));
	for (size_t h = 1; h < flat.groups; h++)
		for (size_t g = 0; g < h; g++, at++) {
			double v[8] = { 0 };
			size_t member[2] = { g, h };
			int df;
			struct sweep s = { .c = &c, .options = options, .groups = 2, .member = member, .observed = v,
				           .expected = v + 2, .variance = v + 4 };
			run_sweep(&s, flat.strata, flat.groups);
			test_statistic(&s, &chisq[at], &p[at], &df);
		}
	yg_cells_release(&c);
	return YG_OK;
}

enum yg_status yg_logrank_pairs_walk(const struct yg_spans *d, struct yg_task *task, yg_logrank_each *each,
                                     yg_logrank_pair *begin, yg_logrank_pair *end, void *context, struct yg_err *err)
{
	struct yg_spans flat = whole(d);
	struct yg_cells c;
	YG_TRY(yg_cells_build(&flat, 0, task, &c, err));
	for (size_t h = 1; h < flat.groups; h++)
		for (size_t g = 0; g < h; g++) {
			double v[4] = { 0 };
			size_t member[2] = { g, h };
			struct sweep s = { .c = &c, .groups = 2, .member = member, .observed = v, .expected = v + 2,
				           .variance = NULL, .each = each, .context = context };
			begin(context, g, h, NULL);
			run_sweep(&s, flat.strata, flat.groups);
			end(context, g, h, v + 2);
		}
	yg_cells_release(&c);
	return YG_OK;
}

void yg_logrank_one_sample(double observed, double expected, double *chisq, double *p)
{
	*chisq = (observed - expected) * (observed - expected) / expected;
	*p = yg_chisq_upper(*chisq, 1);
}
