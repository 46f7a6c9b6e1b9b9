/* Fitting Cox's model: columns that can be estimated, Newton, variance, tests.  See yogo/stats/cox.h. */
#include "yogo/stats/cox.h"

#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/matrix.h"

#define USUAL_ITERATIONS 30
#define FIRTH_ITERATIONS 300  /* linear convergence */

bool yg_cox_ties_parse(const char *word, enum yg_cox_ties *out)
{
	static const char *const words[] = { "efron", "breslow", "discrete", "marginal" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(word, words[i])) {
			*out = (enum yg_cox_ties)i;
			return true;
		}
	return false;
}

const char *yg_cox_stop_name(enum yg_cox_stop stop)
{
	static const char *const names[] = { "converged", "no events", "monotone likelihood", "not converged" };
	return names[stop];
}

static bool is_constant(const struct yg_cox_frame *f, size_t a)
{
	return f->constant[a < f->p ? a : f->time->column[a - f->p]];
}

/* A dropped column as a combination of those kept: what the information says of it. */
static void explain(const struct yg_cox_frame *f, const struct yg_cox_newton *n, const uint8_t *dropped, struct yg_cox *fit)
{
	size_t p = yg_cox_width(f);
	double *b = yg_xcalloc(p + 1, sizeof *b);
	for (size_t c = 0; c < p; c++) {
		if (fit->fault[c] != YG_COX_COLLINEAR)
			continue;
		for (size_t a = 0; a < p; a++)
			b[a] = dropped[a] || a > c ? 0 : n->info[a * p + c];
		yg_cholesky_solve(n->work, p, dropped, b);
		for (size_t a = 0; a < c; a++)
			if (!dropped[a] && fabs(b[a]) > 1e-7)
				fit->combination[c * p + a] = b[a] * yg_cox_scale(f, c) / yg_cox_scale(f, a);
	}
	yg_free(b);
}

/* Columns left out, and those without information at the start: constant, or a combination of earlier ones among those at risk. */
static int find_faults(const struct yg_cox_frame *f, const struct yg_cox_newton *n, const uint8_t *absent, struct yg_cox *fit)
{
	uint8_t *fault = fit->fault;
	size_t p = yg_cox_width(f);
	double *l = n->work, deaths = 0;
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	for (size_t j = 0; j < f->events; j++)
		deaths += f->event[j].dead;
	memcpy(l, n->info, p * p * sizeof *l);
	for (size_t a = 0; a < p; a++)
		/* Standardised columns: anything this small is rounding. */
		if (is_constant(f, a) || (absent && absent[a]) || !(n->info[a * p + a] > 1e-11 * deaths))
			for (size_t b = 0; b < p; b++)
				l[a * p + b] = l[b * p + a] = 0;
	size_t rank = yg_cholesky(l, p, YG_CHOLESKY_TOLERANCE, dropped);
	for (size_t a = 0; a < p; a++) {
		fault[a] = absent && absent[a] ? YG_COX_ABSENT : is_constant(f, a) ? YG_COX_CONSTANT : dropped[a] ? YG_COX_COLLINEAR : YG_COX_FINE;
		n->held[a] = fault[a] != YG_COX_FINE;
	}
	explain(f, n, dropped, fit);
	yg_free(dropped);
	return (int)rank;
}

/* v[p*p] := inverse of the information over the columns not held, standardised. */
static void invert(const struct yg_cox_newton *n, size_t p, double *v)
{
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	double *l = n->work;
	for (size_t i = 0; i < p; i++)
		for (size_t j = 0; j < p; j++)
			l[i * p + j] = n->held[i] || n->held[j] ? 0 : n->info[i * p + j];
	if (yg_cholesky(l, p, 1e-14, dropped) == 0)
		memset(dropped, 1, p);
	yg_cholesky_inverse(l, p, dropped, v);
	yg_free(dropped);
}

/* v' m^-1 v over the columns not held. */
static struct yg_cox_test quadratic(const double *v, const double *m, const uint8_t *held, size_t p)
{
	struct yg_cox_test t = { 0, NAN, 0 };
	double *l = yg_xalloc(p * p + p + 1, sizeof *l), *x = l + p * p;
	uint8_t *dropped = yg_xcalloc(p + 1, 1);
	for (size_t i = 0; i < p; i++) {
		x[i] = held[i] ? 0 : v[i];
		for (size_t j = 0; j < p; j++)
			l[i * p + j] = held[i] || held[j] ? 0 : m[i * p + j];
	}
	t.df = (int)yg_cholesky(l, p, 1e-13, dropped);
	yg_cholesky_solve(l, p, dropped, x);
	for (size_t i = 0; i < p; i++)
		t.chisq += x[i] * (held[i] ? 0 : v[i]);
	if (t.df)
		t.p = yg_chisq_upper(t.chisq, t.df);
	yg_free(dropped);
	yg_free(l);
	return t;
}

static const char *ties_name(enum yg_cox_ties ties)
{
	return ties == YG_COX_DISCRETE ? "discrete" : "marginal";
}

static enum yg_status check_repeats(const struct yg_spans *d, struct yg_err *err)
{
	double sum = 0;
	for (size_t i = 0; i < d->n; i++) {
		if (!(d->weight[i] >= 0) || d->weight[i] != floor(d->weight[i]))
			return yg_fail(err, YG_REFUSED, "E-COX-011",
			               N_("freq counts how often a row stands there: whole numbers of 0 or more, not %g"), d->weight[i]);
		sum += d->weight[i];
	}
	if (sum > 1e12)
		return yg_fail(err, YG_ELIMIT, "E-COX-012", N_("freq adds up to more than 1,000,000,000,000 rows"));
	return YG_OK;
}

static enum yg_status check(const struct yg_cox_data *d, const struct yg_cox_options *o, struct yg_err *err)
{
	bool listed = o->ties == YG_COX_DISCRETE || o->ties == YG_COX_MARGINAL;
	if (d->repeats && d->spans.weight)
		YG_TRY(check_repeats(&d->spans, err));
	if (listed && d->spans.weight && !d->repeats)
		return yg_fail(err, YG_REFUSED, "E-COX-002",
		               N_("ties=%s has no form for case weights; use ties=efron or breslow"), ties_name(o->ties));
	if (listed && (o->robust || d->spans.cluster))
		return yg_fail(err, YG_REFUSED, "E-COX-003",
		               N_("ties=%s has no robust variance; use ties=efron or breslow with cluster or se=robust"), ties_name(o->ties));
	if (d->movings && (listed || o->firth || o->ridge))
		return yg_fail(err, YG_REFUSED, "E-COX-033",
		               N_("effects that change with time take ties=efron or breslow, and neither firth nor a penalty"));
	if (o->ridge && (o->firth || o->robust || d->spans.cluster))
		return yg_fail(err, YG_REFUSED, "E-COX-015", N_("a ridge penalty goes neither with firth nor with robust errors"));
	if (o->firth && listed)
		return yg_fail(err, YG_REFUSED, "E-COX-013",
		               N_("firth has no form with ties=%s; use ties=efron or breslow"), ties_name(o->ties));
	if (o->firth && (o->robust || d->spans.cluster || (d->spans.weight && !d->repeats)))
		return yg_fail(err, YG_REFUSED, "E-COX-014",
		               N_("firth penalises a likelihood: not with robust errors, clusters or sampling weights"));
	return YG_OK;
}

static int lay_out(struct yg_cox *fit, size_t p)
{
	double *v = yg_data_calloc(3 * p + 3 * p * p + 1, sizeof *v);
	fit->fault = yg_data_calloc(p + 1, 1);
	fit->space = v;
	if (!v || !fit->fault)
		return 0;
	fit->beta = v;
	fit->se = v + p;
	fit->mean = v + 2 * p;
	fit->var = v + 3 * p;
	fit->naive = fit->var + p * p;
	fit->combination = fit->naive + p * p;
	return 1;
}

/* to[p] := the coefficients of the columns as they came; those of clocks that were centred give their share back. */
static void come_back(const struct yg_cox_frame *f, const double *from, double *to)
{
	size_t p = f->p;
	for (size_t a = 0; a < yg_cox_width(f); a++)
		to[a] = from[a] / yg_cox_scale(f, a);
	for (size_t k = 0; f->time && k < f->time->extra; k++)
		to[f->time->column[k]] -= to[p + k] * f->time->centre[k];
}

static void go_there(const struct yg_cox_frame *f, const double *from, double *to)
{
	size_t p = f->p;
	memcpy(to, from, yg_cox_width(f) * sizeof *to);
	for (size_t k = 0; f->time && k < f->time->extra; k++)
		to[f->time->column[k]] += from[p + k] * f->time->centre[k];
	for (size_t a = 0; a < yg_cox_width(f); a++)
		to[a] *= yg_cox_scale(f, a);
}

/* A covariance: its rows, then its columns. */
static void matrix_back(const struct yg_cox_frame *f, const double *from, double *to)
{
	size_t p = yg_cox_width(f);
	double *turned = yg_xcalloc(2 * p * p + 2 * p + 1, sizeof *turned), *column = turned + p * p;
	for (size_t a = 0; a < p; a++)
		come_back(f, from + a * p, turned + a * p);
	for (size_t b = 0; b < p; b++) {
		for (size_t a = 0; a < p; a++)
			column[a] = turned[a * p + b];
		come_back(f, column, column + p);
		for (size_t a = 0; a < p; a++)
			to[a * p + b] = column[p + a];
	}
	for (size_t a = 0; a < p; a++)
		for (size_t b = 0; b < a; b++)
			to[a * p + b] = to[b * p + a];
	yg_free(turned);
}

/* Back to the columns as they came. */
static void report(struct yg_cox *fit, const struct yg_cox_frame *f, const struct yg_cox_newton *n, const double *var,
                   const double *naive)
{
	size_t p = yg_cox_width(f);
	double *beta = yg_xcalloc(p + 1, sizeof *beta);
	for (size_t a = 0; a < p; a++) {
		beta[a] = fit->fault[a] == YG_COX_FINE ? n->beta[a] : 0;
		if (fit->fault[a] == YG_COX_FINE && n->infinite[a])
			fit->fault[a] = YG_COX_INFINITE;
	}
	come_back(f, beta, fit->beta);
	matrix_back(f, var, fit->var);
	matrix_back(f, naive, fit->naive);
	for (size_t a = 0; a < p; a++) {
		fit->se[a] = fit->var[a * p + a] > 0 ? sqrt(fit->var[a * p + a]) : NAN;
		fit->mean[a] = a < f->p ? f->centre[a] : 0;
	}
	yg_free(beta);
}

static int most_iterations(int asked, bool firth)
{
	return asked >= 0 ? asked : firth ? FIRTH_ITERATIONS : USUAL_ITERATIONS;
}

static enum yg_status meat_of(const struct yg_cox_data *d, struct yg_cox_frame *f, enum yg_cox_ties ties, const double *beta,
                              struct yg_task *task, double *meat, struct yg_err *err)
{
	return f->time ? yg_cox_time_meat(d, f, ties, beta, task, meat, err) : yg_cox_meat(d, f, task, meat, err);
}

static enum yg_status fit_frame(const struct yg_cox_data *d, const struct yg_cox_options *o, struct yg_cox_frame *f,
                                struct yg_cox *fit, struct yg_task *task, struct yg_err *err)
{
	size_t p = yg_cox_width(f);
	struct yg_cox_newton n;
	double *start = yg_xcalloc(4 * p * p + 3 * p + 1, sizeof *start), *naive = start + p, *var = naive + p * p;
	double *meat = var + p * p, *difference = meat + p * p, *ridge = difference + p;
	enum yg_status s = yg_cox_newton_init(&n, p) ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK && o->init)
		go_there(f, o->init, start);
	if (s == YG_OK)
		memcpy(n.beta, start, p * sizeof *start);
	for (size_t a = 0; o->ridge && a < p; a++)
		ridge[a] = o->ridge[a] / (f->scale[a] * f->scale[a]);
	f->ridge = o->ridge ? ridge : NULL;
	if (s == YG_OK)
		s = yg_cox_evaluate(f, o->ties, n.beta, task, &n.loglik, n.u, n.info, err);
	if (s == YG_OK) {
		fit->rank = find_faults(f, &n, o->absent, fit);
		fit->loglik_null = n.loglik;
		fit->score = quadratic(n.u, n.info, n.held, p);
	}
	if (s == YG_OK && o->firth && fit->rank) {
		f->absent = fit->fault;
		f->firth = true;
		s = yg_cox_evaluate(f, o->ties, n.beta, task, &n.loglik, n.u, n.info, err);
		fit->loglik_null = n.loglik;
	}
	if (s == YG_OK && fit->robust && p && f->events) {
		s = meat_of(d, f, o->ties, n.beta, task, meat, err);
		fit->robust_score = quadratic(n.u, meat, n.held, p);
	}
	if (s == YG_OK)
		s = yg_cox_newton_run(&n, f, o->ties, most_iterations(o->max_iterations, o->firth), task, err);
	if (s == YG_OK) {
		fit->loglik = n.loglik;
		for (size_t a = 0; f->ridge && a < p; a++)
			fit->loglik += 0.5 * ridge[a] * n.beta[a] * n.beta[a];
		fit->stop = f->events ? n.stop : YG_COX_NO_EVENTS;
		fit->iterations = n.iterations;
		invert(&n, p, naive);
		memcpy(var, naive, p * p * sizeof *var);
	}
	if (s == YG_OK && fit->robust && p && f->events) {
		s = meat_of(d, f, o->ties, n.beta, task, meat, err);
		yg_sandwich(naive, meat, p, var);
	}
	if (s == YG_OK) {
		for (size_t a = 0; a < p; a++)
			difference[a] = n.beta[a] - start[a];
		report(fit, f, &n, var, naive);
		fit->wald = quadratic(difference, var, n.held, p);
		fit->lrt = (struct yg_cox_test){ 2 * (fit->loglik - fit->loglik_null), NAN, fit->rank };
		if (fit->rank)
			fit->lrt.p = yg_chisq_upper(fit->lrt.chisq > 0 ? fit->lrt.chisq : 0, fit->rank);
	}
	yg_cox_newton_release(&n);
	yg_free(start);
	return s;
}

enum yg_status yg_cox_fit(const struct yg_cox_data *d, const struct yg_cox_options *options, struct yg_task *task,
                          struct yg_cox *out, struct yg_err *err)
{
	struct yg_cox_frame f;
	struct yg_cox_time time = { 0 };
	struct yg_cox fit = { .p = d->p + d->movings, .robust = options->robust || d->spans.cluster, .ties = options->ties,
		              .firth = options->firth };
	YG_TRY(check(d, options, err));
	YG_TRY(yg_cox_frame_build(d, task, &f, err));
	fit.n = f.rows;
	fit.events = f.dead_rows;
	if (d->repeats && d->spans.weight) {
		double rows = 0, events = 0;
		for (size_t i = 0; i < d->spans.n; i++) {
			rows += d->spans.weight[i];
			events += d->spans.event[i] ? d->spans.weight[i] : 0;
		}
		fit.n = (uint64_t)rows;
		fit.events = (uint64_t)events;
	}
	fit.event_times = f.events;
	enum yg_status s = lay_out(&fit, fit.p) ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK && d->movings) {
		s = yg_cox_time_build(d, &f, true, task, &time, err);
		f.time = &time;
	}
	if (s == YG_OK)
		s = fit_frame(d, options, &f, &fit, task, err);
	yg_cox_time_release(&time);
	yg_cox_frame_release(&f);
	if (s == YG_OK)
		*out = fit;
	else
		yg_cox_release(&fit);
	return s;
}

void yg_cox_release(struct yg_cox *fit)
{
	yg_data_free(fit->space);
	yg_data_free(fit->fault);
	memset(fit, 0, sizeof *fit);
}

/* ---- profile likelihood ---- */

struct profile {
	struct yg_cox_frame *f;
	struct yg_cox_newton n;
	const struct yg_cox *fit;
	size_t column;
	struct yg_task *task;
	struct yg_err *err;
};

/* sqrt(2 (maximum - profile at b)), b standardised; the last fit is the start of the next. */
static enum yg_status profile_root(struct profile *q, double b, double *root)
{
	q->n.beta[q->column] = b;
	YG_TRY(yg_cox_evaluate(q->f, q->fit->ties, q->n.beta, q->task, &q->n.loglik, q->n.u, q->n.info, q->err));
	YG_TRY(yg_cox_newton_run(&q->n, q->f, q->fit->ties, most_iterations(-1, q->fit->firth), q->task, q->err));
	double loss = q->fit->loglik - q->n.loglik;
	*root = loss != loss ? INFINITY : loss > 0 ? sqrt(2 * loss) : 0;
	return YG_OK;
}

/* The root is nearly linear in b: secant steps kept in a bracket. */
static enum yg_status profile_side(struct profile *q, double best, double se, int sign, double z, double *limit)
{
	double inner = 0, inner_root = 0, outer = z, root = 0;
	for (int widen = 0; ; widen++) {
		YG_TRY(profile_root(q, best + sign * outer * se, &root));
		if (root >= z)
			break;
		if (widen == 12) {
			*limit = sign > 0 ? INFINITY : -INFINITY;
			return YG_OK;
		}
		inner = outer;
		inner_root = root;
		outer *= 1.6;
	}
	double outer_root = root, at = outer;
	for (int i = 0; i < 60 && outer - inner > 1e-11 * outer && fabs(root - z) > 1e-11; i++) {
		at = inner + (outer - inner) * (z - inner_root) / (outer_root - inner_root);
		if (i % 3 == 2 || !(outer_root < INFINITY))
			at = 0.5 * (inner + outer);
		YG_TRY(profile_root(q, best + sign * at * se, &root));
		if (root >= z) {
			outer = at;
			outer_root = root;
		} else {
			inner = at;
			inner_root = root;
		}
	}
	*limit = best + sign * at * se;
	return YG_OK;
}

/* The frame and the start of profiles; what is found is let go by profile_close. */
struct profile_room {
	struct yg_cox_frame f;
	struct yg_cox_time time;
	uint8_t *absent;
	double *beta;                /* [p] standardised estimates */
};

static enum yg_status profile_open(const struct yg_cox_data *d, const struct yg_cox *fit, size_t j, struct yg_task *task,
                                   struct profile *q, struct profile_room *room, struct yg_err *err)
{
	size_t p = fit->p;
	memset(room, 0, sizeof *room);
	memset(q, 0, sizeof *q);
	YG_TRY(yg_cox_frame_build(d, task, &room->f, err));
	room->absent = yg_xcalloc(p + 1, 1);
	room->beta = yg_xcalloc(p + 1, sizeof *room->beta);
	for (size_t a = 0; a < p; a++)
		room->absent[a] = fit->fault[a] != YG_COX_FINE && fit->fault[a] != YG_COX_INFINITE;
	room->f.absent = room->absent;
	room->f.firth = fit->firth;
	q->f = &room->f;
	q->fit = fit;
	q->column = j;
	q->task = task;
	q->err = err;
	enum yg_status s = yg_cox_newton_init(&q->n, p) ? YG_OK : yg_survival_no_memory(err);
	if (s == YG_OK && d->movings) {      /* clocks not centred: a coefficient is held as it came */
		s = yg_cox_time_build(d, &room->f, false, task, &room->time, err);
		room->f.time = &room->time;
	}
	if (s == YG_OK)
		go_there(&room->f, fit->beta, room->beta);
	return s;
}

static void profile_start(struct profile *q, const struct profile_room *room)
{
	for (size_t a = 0; a < q->fit->p; a++) {
		q->n.beta[a] = room->beta[a];
		q->n.held[a] = a == q->column || room->absent[a];
	}
}

static void profile_close(struct profile *q, struct profile_room *room)
{
	yg_cox_newton_release(&q->n);
	yg_cox_frame_release(&room->f);
	yg_cox_time_release(&room->time);
	yg_free(room->absent);
	yg_free(room->beta);
}

enum yg_status yg_cox_profile_limits(const struct yg_cox_data *d, const struct yg_cox *fit, size_t j, double conf,
                                     struct yg_task *task, double *lower, double *upper, struct yg_err *err)
{
	struct profile q;
	struct profile_room room;
	*lower = *upper = NAN;
	if (fit->fault[j] != YG_COX_FINE && fit->fault[j] != YG_COX_INFINITE)
		return YG_OK;
	enum yg_status s = profile_open(d, fit, j, task, &q, &room, err);
	double z = sqrt(yg_chisq_quantile(conf, 1)), found = NAN, scale = s == YG_OK ? yg_cox_scale(&room.f, j) : 1;
	/* An estimate on its way to infinity has no standard error to go by: steps of one unit of the column. */
	double se = (fit->fault[j] == YG_COX_INFINITE ? 1 : sqrt(fit->naive[j * fit->p + j])) * scale;
	for (int side = -1; side <= 1 && s == YG_OK; side += 2) {
		profile_start(&q, &room);
		s = profile_side(&q, room.beta[j], se, side, z, &found);
		*(side < 0 ? lower : upper) = found / scale;
	}
	profile_close(&q, &room);
	return s;
}

enum yg_status yg_cox_profile_test(const struct yg_cox_data *d, const struct yg_cox *fit, size_t j, struct yg_task *task,
                                   struct yg_cox_test *out, struct yg_err *err)
{
	struct profile q;
	struct profile_room room;
	double root = NAN;
	*out = (struct yg_cox_test){ NAN, NAN, 0 };
	if (fit->fault[j] != YG_COX_FINE && fit->fault[j] != YG_COX_INFINITE)
		return YG_OK;
	enum yg_status s = profile_open(d, fit, j, task, &q, &room, err);
	if (s == YG_OK) {
		profile_start(&q, &room);
		s = profile_root(&q, 0, &root);
	}
	if (s == YG_OK && root < INFINITY)
		*out = (struct yg_cox_test){ root * root, yg_chisq_upper(root * root, 1), 1 };
	profile_close(&q, &room);
	return s;
}
