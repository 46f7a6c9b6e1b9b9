/* Curves of a stratified Cox model averaged over all persons: see yogo/stats/adjusted_curve.h. */
#include <math.h>
#include <string.h>

#include "stats/survival/adjusted_priv.h"
#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

#define WIDTH 0.004        /* of a class, in log r, where the range allows */
#define FEWEST 64u
#define CLASSES 8192u
#define EXACT 4096u        /* event times of a group that are evaluated one by one */
#define GRID 4096u
#define POINTS 32u         /* hazards in a block of work */
#define ORDER 4u           /* moments 0..3 of a class */

/* Sums over the persons of a class: moments of delta = r - centre, of r delta and of x r delta, over k!. */
struct yg_adjusted_model {
	struct yg_cox_frame f;
	struct yg_cox_profile q;
	size_t p, classes, width;      /* width: doubles a class, ORDER * (2 + p) */
	double *centre, *moment;       /* [classes], [classes * width] */
	double *variance;              /* [p*p] of the standardised coefficients */
	double *squares;               /* [events] sum of squared steps so far in the stratum */
	uint32_t *first, *last;        /* [groups] events of the group in the frame */
};
/* What is known at a hazard h: mean S, mean S^2, mean S r, mean S r x [p]. */
struct at_hazard {
	double surv, square, l0;
	double *l1;
};

static void model_release(struct yg_adjusted_model *m)
{
	yg_cox_profile_release(&m->q);
	yg_cox_frame_release(&m->f);
	yg_data_free(m->centre);
	yg_data_free(m->moment);
	yg_data_free(m->squares);
	yg_free(m->variance);
	yg_free(m->first);
	yg_free(m);
}

static void release(struct yg_adjusted *a)
{
	if (a->model)
		model_release(a->model);
}

/* ---- classes of r ---- */

static void standardised(const struct yg_adjusted_model *m, const double *row, double *x)
{
	for (size_t a = 0; a < m->p; a++)
		x[a] = (row[a] - m->f.centre[a]) / m->f.scale[a];
}

static enum yg_status classify(struct yg_adjusted_model *m, const struct yg_cox_data *d, struct yg_err *err)
{
	size_t p = m->p, n = d->spans.n;
	double *eta = yg_data_alloc(n + p + 1, sizeof *eta), *x = eta ? eta + n : NULL, low = INFINITY, high = -INFINITY;
	if (!eta)
		return yg_survival_no_memory(err);
	for (size_t i = 0; i < n; i++) {
		standardised(m, yg_cox_data_row(d, i, x), x);
		eta[i] = yg_dot(x, m->f.beta, p);
		low = fmin(low, eta[i]);
		high = fmax(high, eta[i]);
	}
	double classes = fmin(fmax(ceil((high - low) / WIDTH), FEWEST), CLASSES), width = high > low ? (high - low) / classes : WIDTH / 64;
	m->classes = (size_t)classes;
	m->width = ORDER * (2 + p);
	m->centre = yg_data_alloc(m->classes, sizeof(double));
	m->moment = yg_data_calloc(m->classes * m->width, sizeof(double));
	if (!m->centre || !m->moment) {
		yg_data_free(eta);
		return yg_survival_no_memory(err);
	}
	for (size_t b = 0; b < m->classes; b++)
		m->centre[b] = yg_exp(low + ((double)b + 0.5) * width);
	for (size_t i = 0; i < n; i++) {
		size_t b = (size_t)fmin((eta[i] - low) / width, classes - 1);
		double r = yg_exp(eta[i]), delta = r - m->centre[b], term = 1 / (double)n, *to = m->moment + b * m->width;
		standardised(m, yg_cox_data_row(d, i, x), x);
		for (size_t k = 0; k < ORDER; k++) {
			to[k] += term;
			to[ORDER + k] += term * r;
			for (size_t a = 0; a < p; a++)
				to[(2 + a) * ORDER + k] += term * r * x[a];
			term *= delta / (double)(k + 1);
		}
	}
	yg_data_free(eta);
	return YG_OK;
}

static inline double expanded(const double *moment, double h)
{
	return moment[0] - h * (moment[1] - h * (moment[2] - h * moment[3]));
}

/* Sums over all persons at hazard h; only the mean of S when l1 is NULL. */
static void evaluate(const struct yg_adjusted_model *m, double h, struct at_hazard *out)
{
	out->surv = out->square = out->l0 = 0;
	if (out->l1)
		memset(out->l1, 0, m->p * sizeof *out->l1);
	for (size_t b = 0; b < m->classes; b++) {
		const double *moment = m->moment + b * m->width;
		if (moment[0] == 0)
			continue;
		double e = yg_exp(-h * m->centre[b]);
		out->surv += e * expanded(moment, h);
		if (!out->l1)
			continue;
		out->square += e * e * expanded(moment, 2 * h);
		out->l0 += e * expanded(moment + ORDER, h);
		for (size_t a = 0; a < m->p; a++)
			out->l1[a] += e * expanded(moment + (2 + a) * ORDER, h);
	}
}

/* ---- variances ---- */

/* D of a group at event j (in the frame). */
static void gradient(const struct yg_adjusted_model *m, uint32_t j, const struct at_hazard *at, double *d)
{
	for (size_t a = 0; a < m->p; a++)
		d[a] = m->q.k[(size_t)j * m->p + a] * at->l0 - m->f.hazard[j] * at->l1[a];
}

static double variance_of(const struct yg_adjusted *a, uint32_t j, const struct at_hazard *at, double *d)
{
	const struct yg_adjusted_model *m = a->model;
	gradient(m, j, at, d);
	return at->l0 * at->l0 * m->squares[j] + yg_quadratic_form(d, m->variance, m->p) +
		fmax(at->square - at->surv * at->surv, 0) / a->n;
}

/* The last event of a group until t; YG_COX_NONE before the first. */
static uint32_t event_until(const struct yg_adjusted_model *m, size_t g, double t)
{
	uint32_t low = m->first[g], high = m->last[g];
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (m->f.event_time[mid] <= t)
			low = mid + 1;
		else
			high = mid;
	}
	return low > m->first[g] ? low - 1 : YG_COX_NONE;
}

static void covariance(const struct yg_adjusted *a, double t, double *out)
{
	const struct yg_adjusted_model *m = a->model;
	size_t k = a->groups, p = m->p;
	double *d = yg_xcalloc(k * p + p + 2 * k + 1, sizeof *d), *l1 = d + k * p, *hazard = l1 + p, *surv = hazard + k;
	memset(out, 0, k * k * sizeof *out);
	for (size_t g = 0; g < k; g++) {
		uint32_t j = event_until(m, g, t);
		struct at_hazard at = { .l1 = l1 };
		hazard[g] = j == YG_COX_NONE ? 0 : m->f.hazard[j];
		evaluate(m, hazard[g], &at);
		surv[g] = at.surv;
		if (j == YG_COX_NONE)
			continue;
		gradient(m, j, &at, d + g * p);
		out[g * k + g] = at.l0 * at.l0 * m->squares[j];
	}
	for (size_t g = 0; g < k; g++)
		for (size_t h = 0; h < k; h++) {
			struct at_hazard both = { .l1 = NULL };
			evaluate(m, hazard[g] + hazard[h], &both);
			out[g * k + h] += (both.surv - surv[g] * surv[h]) / a->n;
			for (size_t x = 0; x < p; x++)
				out[g * k + h] += d[g * p + x] * yg_dot(m->variance + x * p, d + h * p, p);
		}
	yg_free(d);
}

/* ---- curves ---- */

/* Values at many hazards: row i of table is mean S, mean S^2, mean S r, mean S r x. */
struct tabulate {
	const struct yg_adjusted_model *m;
	const double *hazard;
	size_t n;
	double *table;
};

static enum yg_status tabulate_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct tabulate *t = context;
	size_t width = 3 + t->m->p, to = (block + 1) * POINTS < t->n ? (block + 1) * POINTS : t->n;
	(void)worker;
	(void)err;
	for (size_t i = block * POINTS; i < to; i++) {
		double *row = t->table + i * width;
		struct at_hazard at = { .l1 = row + 3 };
		evaluate(t->m, t->hazard[i], &at);
		row[0] = at.surv;
		row[1] = at.square;
		row[2] = at.l0;
	}
	return YG_OK;
}

/* Row i of the table, or between rows in the root of h. */
static void look_up(const struct tabulate *t, size_t i, double h, double top, bool exact, struct at_hazard *out)
{
	size_t width = 3 + t->m->p;
	double weight[4] = { 1, 0, 0, 0 };
	size_t at = i;
	if (!exact) {
		double u = sqrt(h / top) * (double)(GRID - 1);
		at = (size_t)fmin(fmax(u - 1, 0), (double)(GRID - 4));
		double x = u - (double)at;
		weight[0] = -(x - 1) * (x - 2) * (x - 3) / 6;
		weight[1] = x * (x - 2) * (x - 3) / 2;
		weight[2] = -x * (x - 1) * (x - 3) / 2;
		weight[3] = x * (x - 1) * (x - 2) / 6;
	}
	out->surv = out->square = out->l0 = 0;
	memset(out->l1, 0, t->m->p * sizeof *out->l1);
	for (size_t k = 0; k < (exact ? 1u : 4u); k++) {
		const double *row = t->table + (at + k) * width;
		out->surv += weight[k] * row[0];
		out->square += weight[k] * row[1];
		out->l0 += weight[k] * row[2];
		for (size_t a = 0; a < t->m->p; a++)
			out->l1[a] += weight[k] * row[3 + a];
	}
}

static enum yg_status group_curve(const struct yg_adjusted *a, struct yg_km *km, size_t g, struct yg_task *task,
                                  struct yg_err *err)
{
	const struct yg_adjusted_model *m = a->model;
	struct yg_km_curve *c = &km->curve[g];
	size_t events = m->last[g] - m->first[g], p = m->p;
	bool exact = events <= EXACT;
	double top = events ? m->f.hazard[m->last[g] - 1] : 0;
	struct tabulate t = { m, events ? m->f.hazard + m->first[g] : NULL, exact ? events : GRID, NULL };
	double *space = yg_data_alloc(t.n * (4 + p) + 2 * p + 1, sizeof *space), *grid = space + t.n * (3 + p), *l1, *d;
	if (!space)
		return yg_survival_no_memory(err);
	l1 = grid + t.n;
	d = l1 + p;
	t.table = space;
	for (size_t i = 0; !exact && i < GRID; i++) {
		double u = (double)i / (double)(GRID - 1);
		grid[i] = u * u * top;
	}
	if (!exact)
		t.hazard = grid;
	enum yg_status s = yg_pool_run(task, (t.n + POINTS - 1) / POINTS, tabulate_block, &t, err);
	size_t met = 0;
	for (size_t j = 0; s == YG_OK && j < c->m; j++) {
		size_t before = met;
		while (met < events && m->f.event_time[m->first[g] + met] <= c->time[j])
			met++;
		if (!met) {
			yg_adjusted_point(km, c, j, 1, 0);
		} else if (met == before) {
			yg_adjusted_point(km, c, j, c->surv[j - 1], c->se[j - 1]);
		} else {
			struct at_hazard at = { .l1 = l1 };
			uint32_t event = m->first[g] + (uint32_t)met - 1;
			look_up(&t, met - 1, m->f.hazard[event], top, exact, &at);
			yg_adjusted_point(km, c, j, fmin(at.surv, 1), sqrt(variance_of(a, event, &at, d)));
		}
	}
	yg_data_free(space);
	return s;
}

static void find_groups(struct yg_adjusted_model *m, size_t groups)
{
	m->first = yg_xcalloc(2 * groups, sizeof *m->first);
	m->last = m->first + groups;
	for (uint32_t j = 0; j < m->f.events; j++) {
		size_t g = (size_t)m->f.event_stratum[j];
		if (m->f.event[j].first)
			m->first[g] = j;
		m->last[g] = j + 1;
		m->squares[j] = m->f.c0[j] + (m->f.event[j].first ? 0 : m->squares[j - 1]);
	}
}

enum yg_status yg_adjusted_model(const struct yg_cox_data *d, const struct yg_cox *fit, struct yg_km *km,
                                 struct yg_task *task, struct yg_adjusted **out, struct yg_err *err)
{
	struct yg_adjusted_model *m = yg_xcalloc(1, sizeof *m);
	struct yg_adjusted a = { .groups = km->groups, .n = (double)d->spans.n, .covariance = covariance, .release = release,
		                 .model = m };
	enum yg_status s = yg_cox_frame_at(d, fit, task, &m->f, err);
	if (s != YG_OK) {
		yg_free(m);
		return s;
	}
	m->p = d->p;
	m->variance = yg_xalloc(m->p * m->p + 1, sizeof(double));
	for (size_t x = 0; x < m->p; x++)
		for (size_t y = 0; y < m->p; y++)
			m->variance[x * m->p + y] = fit->var[x * m->p + y] * m->f.scale[x] * m->f.scale[y];
	m->squares = yg_data_alloc(m->f.events + 1, sizeof(double));
	if (!m->squares)
		s = yg_survival_no_memory(err);
	if (s == YG_OK)
		s = yg_cox_profile_build(&m->f, task, &m->q, err);
	if (s == YG_OK)
		s = classify(m, d, err);
	if (s == YG_OK)
		find_groups(m, km->groups);
	for (size_t g = 0; s == YG_OK && g < km->groups; g++)
		s = group_curve(&a, km, g, task, err);
	if (s != YG_OK) {
		model_release(m);
		return s;
	}
	*out = yg_xalloc(1, sizeof **out);
	**out = a;
	return YG_OK;
}
