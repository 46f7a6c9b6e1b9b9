/* Fine and Gray's model for the subdistribution hazard. */
#include "yogo/stats/finegray.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"

/* Everything in order of time. */
struct sweep {
	const struct yg_finegray_data *d;
	unsigned cause;
	struct yg_task *task;
	size_t n, p, m, groups;
	uint32_t *order;
	double *x;              /* [n*p] centred, in order */
	double *mean;           /* [p] */
	double *T;              /* [n] */
	uint8_t *kind;          /* [n] 0 censored, 1 the cause, 2 another */
	int32_t *group;         /* [n] */
	double *G;              /* [n] censoring curve of the row's group just before its time */
	size_t *upto;           /* [n] event times <= its time */
	double *event_time, *deaths; /* [m] */
	double *Gt;             /* [m*groups] censoring curves just before each event time */
	double *e, *c;          /* [n] risk score; factor of the information */
	double *S0, *S1;        /* [m], [m*p] */
	double *A, *B;          /* [m+1], [(m+1)*groups] cumulated d/S0 and d G/S0, by the number of times passed */
	double *events_x;       /* [p] sum of x over events */
};

static void risk_sums(struct sweep *s)
{
	const size_t p = s->p;
	double s0 = 0, *s1 = yg_xcalloc(p + 1, sizeof *s1);
	double *c0 = yg_xcalloc(s->groups, sizeof *c0), *c1 = yg_xcalloc(s->groups * p + 1, sizeof *c1);
	size_t i = s->n;

	/* Backward: all whose time is not over. */
	for (size_t u = s->m; u-- > 0;) {
		while (i > 0 && s->T[i - 1] >= s->event_time[u]) {
			i--;
			s0 += s->e[i];
			for (size_t j = 0; j < p; j++)
				s1[j] += s->e[i] * s->x[i * p + j];
		}
		s->S0[u] = s0;
		memcpy(s->S1 + u * p, s1, p * sizeof *s1);
	}
	/* Forward: those who had another event before, weighted. */
	i = 0;
	for (size_t u = 0; u < s->m; u++) {
		for (; i < s->n && s->T[i] < s->event_time[u]; i++) {
			size_t g = (size_t)s->group[i];
			double w;
			if (s->kind[i] != 2)
				continue;
			w = s->e[i] / s->G[i];
			c0[g] += w;
			for (size_t j = 0; j < p; j++)
				c1[g * p + j] += w * s->x[i * p + j];
		}
		for (size_t g = 0; g < s->groups; g++) {
			double G = s->Gt[u * s->groups + g];
			s->S0[u] += G * c0[g];
			for (size_t j = 0; j < p; j++)
				s->S1[u * p + j] += G * c1[g * p + j];
		}
	}
	s->A[0] = 0;
	memset(s->B, 0, s->groups * sizeof *s->B);
	for (size_t u = 0; u < s->m; u++) {
		double step = s->deaths[u] / s->S0[u];
		s->A[u + 1] = s->A[u] + step;
		for (size_t g = 0; g < s->groups; g++)
			s->B[(u + 1) * s->groups + g] = s->B[u * s->groups + g] + step * s->Gt[u * s->groups + g];
	}
	yg_free(c1);
	yg_free(c0);
	yg_free(s1);
}

static enum yg_status evaluate(void *context, const double *b, double *objective, double *score, double *information,
                               struct yg_err *err)
{
	struct sweep *s = context;
	const size_t p = s->p, G = s->groups;
	double loglik = 0;

	if (yg_task_cancelled(s->task))
		return yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
	for (size_t i = 0; i < s->n; i++) {
		double eta = 0;
		for (size_t j = 0; j < p; j++)
			eta += b[j] * s->x[i * p + j];
		s->e[i] = yg_exp(eta);
		if (s->kind[i] == 1)
			loglik += eta;
	}
	risk_sums(s);
	memcpy(score, s->events_x, p * sizeof *score);
	for (size_t u = 0; u < s->m; u++) {
		loglik -= s->deaths[u] * yg_log(s->S0[u]);
		for (size_t j = 0; j < p; j++)
			score[j] -= s->deaths[u] * s->S1[u * p + j] / s->S0[u];
	}
	*objective = loglik;
	if (!isfinite(loglik))
		return YG_OK;
	for (size_t i = 0; i < s->n; i++) {
		size_t u = s->upto[i], g = (size_t)s->group[i];
		s->c[i] = s->e[i] * s->A[u];
		if (s->kind[i] == 2)
			s->c[i] += s->e[i] / s->G[i] * (s->B[s->m * G + g] - s->B[u * G + g]);
	}
	YG_TRY(yg_cross_product(s->x, s->n, p, s->c, NULL, s->task, information, NULL, NULL, err));
	for (size_t u = 0; u < s->m; u++) {
		double f = s->deaths[u] / (s->S0[u] * s->S0[u]);
		const double *s1 = s->S1 + u * p;
		for (size_t j = 0; j < p; j++)
			for (size_t k = 0; k < p; k++)
				information[j * p + k] -= f * s1[j] * s1[k];
	}
	return YG_OK;
}

/* Kaplan-Meier curves of the time to censoring, read just before each row's time and each event time. */
static void censoring_curves(struct sweep *s)
{
	const size_t G = s->groups;
	double *risk = yg_xcalloc(G, sizeof *risk), *left = yg_xalloc(G, sizeof *left), *censored = yg_xcalloc(G, sizeof *censored);
	size_t u = 0;

	for (size_t g = 0; g < G; g++)
		left[g] = 1;
	for (size_t i = 0; i < s->n; i++)
		risk[s->group[i]]++;
	for (size_t i = 0, j; i < s->n; i = j) {
		if (u < s->m && s->event_time[u] == s->T[i])
			memcpy(s->Gt + u++ * G, left, G * sizeof *left);
		memset(censored, 0, G * sizeof *censored);
		for (j = i; j < s->n && s->T[j] == s->T[i]; j++) {
			s->G[j] = left[s->group[j]];
			censored[s->group[j]] += s->kind[j] == 0;
			s->upto[j] = u;
		}
		for (size_t g = 0; g < G; g++)
			if (censored[g] > 0)
				left[g] *= 1 - censored[g] / risk[g];
		for (size_t r = i; r < j; r++)
			risk[s->group[r]]--;
	}
	yg_free(censored);
	yg_free(left);
	yg_free(risk);
}

static enum yg_status prepare(struct sweep *s, double **memory, struct yg_err *err)
{
	const struct yg_finegray_data *d = s->d;
	const size_t n = s->n, p = s->p, G = s->groups;
	double *q;

	s->order = yg_data_alloc(n, sizeof *s->order);
	s->kind = yg_data_alloc(n, 1);
	s->group = yg_data_alloc(n, sizeof *s->group);
	s->upto = yg_data_alloc(n, sizeof *s->upto);
	if (!s->order || !s->kind || !s->group || !s->upto)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	YG_TRY(yg_sort_doubles(d->time, n, s->task, s->order, err));
	s->m = 0;
	for (size_t i = 0; i < n; i++) {
		uint8_t e = d->event[s->order[i]];
		s->kind[i] = e == 0 ? 0 : e == s->cause ? 1 : 2;
		s->group[i] = d->censor_group ? d->censor_group[s->order[i]] : 0;
	}
	/* Distinct event times are counted with an upper bound: one a row. */
	*memory = q = yg_data_calloc(n * (p + 5) + (n + 1) * (p + 3 + 2 * G) + 2 * p + 1, sizeof *q);
	if (!q)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
	s->x = q, q += n * p;
	s->T = q, q += n;
	s->G = q, q += n;
	s->e = q, q += n;
	s->c = q, q += n;
	s->event_time = q, q += n;
	s->deaths = q, q += n + 1;
	s->S0 = q, q += n + 1;
	s->S1 = q, q += (n + 1) * p;
	s->A = q, q += n + 1;
	s->Gt = q, q += (n + 1) * G;
	s->B = q, q += (n + 1) * G;
	s->mean = q, q += p;
	s->events_x = q;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < p; j++)
			s->mean[j] += d->x[i * p + j] / (double)n;
	for (size_t i = 0; i < n; i++) {
		s->T[i] = d->time[s->order[i]];
		for (size_t j = 0; j < p; j++)
			s->x[i * p + j] = d->x[(size_t)s->order[i] * p + j] - s->mean[j];
		if (s->kind[i] != 1)
			continue;
		if (!s->m || s->event_time[s->m - 1] != s->T[i])
			s->event_time[s->m++] = s->T[i];
		s->deaths[s->m - 1]++;
		for (size_t j = 0; j < p; j++)
			s->events_x[j] += s->x[i * p + j];
	}
	censoring_curves(s);
	return YG_OK;
}

/*
 * r[n*p] := eta + psi of each row.  E and D cumulate d xbar / S0 and d G xbar / S0; the integral of (x - xbar) against a cumulated
 * step function is then x (A - A') - (E - E').
 */
static void residuals(const struct sweep *s, bool censoring_term, double *r)
{
	const size_t p = s->p, G = s->groups, m = s->m;
	double *E = yg_xcalloc((m + 1) * p + 1, sizeof *E), *D = yg_xcalloc((m + 1) * G * p + 1, sizeof *D);
	double *R0 = yg_xcalloc(G, sizeof *R0), *R1 = yg_xcalloc(G * p + 1, sizeof *R1), *at_risk = yg_xcalloc(G, sizeof *at_risk);
	double *done = yg_xcalloc(G * p + 1, sizeof *done), *here = yg_xcalloc(G * p + 1, sizeof *here);

	for (size_t u = 0; u < m; u++)
		for (size_t j = 0; j < p; j++) {
			double step = s->deaths[u] / s->S0[u] * (s->S1[u * p + j] / s->S0[u]);
			E[(u + 1) * p + j] = E[u * p + j] + step;
			for (size_t g = 0; g < G; g++)
				D[((u + 1) * G + g) * p + j] = D[(u * G + g) * p + j] + step * s->Gt[u * G + g];
		}
	for (size_t i = 0; i < s->n; i++) {
		size_t u = s->upto[i], g = (size_t)s->group[i];
		for (size_t j = 0; j < p; j++) {
			double x = s->x[i * p + j], v = -s->e[i] * (x * s->A[u] - E[u * p + j]);
			if (s->kind[i] == 1)
				v += x - s->S1[(u - 1) * p + j] / s->S0[u - 1];
			if (s->kind[i] == 2)
				v -= s->e[i] / s->G[i] * (x * (s->B[m * G + g] - s->B[u * G + g]) -
				                          (D[(m * G + g) * p + j] - D[(u * G + g) * p + j]));
			r[i * p + j] = v;
		}
		at_risk[g]++;
	}
	for (size_t i = 0, k; i < s->n && censoring_term; i = k) {
		/* Event times before this one; those at it still count as to come (t >= u > T in the paper). */
		size_t u = s->upto[i];
		if (u > 0 && s->event_time[u - 1] == s->T[i])
			u--;
		/* q / pi at this time, and what it adds for every censoring here to those at risk. */
		for (size_t g = 0; g < G; g++)
			for (size_t j = 0; j < p && at_risk[g] > 0; j++)
				here[g * p + j] = (R1[g * p + j] * (s->B[m * G + g] - s->B[u * G + g]) -
				                   R0[g] * (D[(m * G + g) * p + j] - D[(u * G + g) * p + j])) / at_risk[g];
		for (k = i; k < s->n && s->T[k] == s->T[i]; k++) {
			size_t g = (size_t)s->group[k];
			for (size_t j = 0; j < p && s->kind[k] == 0; j++)
				done[g * p + j] += here[g * p + j] / at_risk[g];
			if (s->kind[k] != 2)
				continue;
			R0[g] += s->e[k] / s->G[k];
			for (size_t j = 0; j < p; j++)
				R1[g * p + j] += s->e[k] / s->G[k] * s->x[k * p + j];
		}
		for (size_t c = i; c < k; c++) {
			size_t g = (size_t)s->group[c];
			for (size_t j = 0; j < p; j++)
				r[c * p + j] += (s->kind[c] == 0 ? here[g * p + j] : 0) - done[g * p + j];
		}
		for (size_t c = i; c < k; c++)
			at_risk[s->group[c]]--;
	}
	yg_free(here);
	yg_free(done);
	yg_free(at_risk);
	yg_free(R1);
	yg_free(R0);
	yg_free(D);
	yg_free(E);
}

static enum yg_status variance(struct sweep *s, const struct yg_finegray_options *o, double *information, struct yg_finegray *out,
                               struct yg_err *err)
{
	const size_t p = s->p;
	double *r = yg_data_alloc(s->n * p + 1, sizeof *r), *bread = yg_xcalloc(p * p + 1, sizeof *bread);
	double *meat = yg_xcalloc(p * p + 1, sizeof *meat);
	enum yg_status status = YG_OK;

	if (!r)
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the variance"));
	if (status == YG_OK) {
		residuals(s, !o->no_censoring_term, r);
		status = yg_cross_product(r, s->n, p, NULL, NULL, s->task, meat, NULL, NULL, err);
	}
	if (status == YG_OK) {
		double *inverse = yg_xcalloc(p * p + 1, sizeof *inverse), *z = yg_xcalloc(p + 1, sizeof *z);
		uint8_t *dropped = yg_xcalloc(p + 1, 1);
		size_t rank = yg_cholesky(information, p, YG_CHOLESKY_TOLERANCE, out->dropped);
		yg_cholesky_inverse(information, p, out->dropped, bread);
		memcpy(out->var, meat, p * p * sizeof *meat);
		yg_sandwich(bread, meat, p, out->var);
		memcpy(inverse, out->var, p * p * sizeof *inverse);
		memcpy(z, out->beta, p * sizeof *z);
		if (yg_cholesky(inverse, p, YG_CHOLESKY_TOLERANCE, dropped) > 0)
			yg_cholesky_solve(inverse, p, dropped, z);
		out->rank = (int)rank;
		out->wald = 0;
		for (size_t j = 0; j < p; j++) {
			out->wald += out->dropped[j] ? 0 : z[j] * out->beta[j];
			out->se[j] = out->dropped[j] ? NAN : sqrt(out->var[j * p + j]);
		}
		yg_free(dropped);
		yg_free(z);
		yg_free(inverse);
	}
	yg_free(meat);
	yg_free(bread);
	yg_data_free(r);
	return status;
}

enum yg_status yg_finegray_fit(const struct yg_finegray_data *d, const struct yg_finegray_options *options,
                               struct yg_task *task, struct yg_finegray *out, struct yg_err *err)
{
	struct sweep s = { .d = d, .cause = options->cause, .task = task, .n = d->n, .p = d->p,
	                   .groups = d->censor_group ? d->censor_groups : 1 };
	const size_t p = d->p;
	struct yg_finegray made = { .p = p, .n = d->n };
	struct yg_newton fit;
	double *memory = NULL, *score = NULL, *information = NULL;
	enum yg_status status;

	if (!d->n)
		return yg_fail(err, YG_REFUSED, "E-FIT-001", N_("there is nobody to analyse"));
	status = prepare(&s, &memory, err);
	if (status != YG_OK)
		goto out;
	for (size_t i = 0; i < s.n; i++) {
		made.events += s.kind[i] == 1;
		made.competing += s.kind[i] == 2;
	}
	if (!made.events) {
		status = yg_fail(err, YG_REFUSED, "E-FIT-002", N_("there are no events of this cause, so nothing can be estimated"));
		goto out;
	}
	made.memory = yg_data_calloc(2 * p + p * p + 2 * s.m + 1, sizeof(double));
	made.dropped = yg_xcalloc(p + 1, 1);
	score = yg_xcalloc(p + 1, sizeof *score);
	information = yg_xcalloc(p * p + 1, sizeof *information);
	if (!made.memory) {
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the model"));
		goto out;
	}
	made.beta = made.memory;
	made.se = made.beta + p;
	made.var = made.se + p;
	made.time = made.var + p * p;
	made.hazard = made.time + s.m;
	made.times = s.m;
	status = yg_newton_maximize(p, made.beta, evaluate, &s, &yg_newton_standard, &fit, score, information, made.dropped, err);
	/* Once more at the estimate: sums, information and residuals belong together. */
	if (status == YG_OK)
		status = evaluate(&s, made.beta, &made.loglik, score, information, err);
	if (status == YG_OK)
		status = variance(&s, options, information, &made, err);
	if (status == YG_OK) {
		double shift = 0;
		made.loglik_null = fit.objective_start;
		made.iterations = fit.iterations;
		made.stop = fit.stop;
		for (size_t j = 0; j < p; j++)
			shift += made.beta[j] * s.mean[j];
		for (size_t u = 0; u < s.m; u++) {
			made.time[u] = s.event_time[u];
			made.hazard[u] = s.A[u + 1] * yg_exp(-shift);
		}
	}
out:
	yg_free(information);
	yg_free(score);
	yg_data_free(memory);
	yg_data_free(s.upto);
	yg_data_free(s.group);
	yg_data_free(s.kind);
	yg_data_free(s.order);
	if (status != YG_OK)
		yg_finegray_release(&made);
	else
		*out = made;
	return status;
}

void yg_finegray_release(struct yg_finegray *f)
{
	yg_data_free(f->memory);
	yg_free(f->dropped);
	memset(f, 0, sizeof *f);
}

double yg_finegray_incidence(const struct yg_finegray *f, const double *x, double t)
{
	size_t u = 0;
	double eta = 0;

	while (u < f->times && f->time[u] <= t)
		u++;
	for (size_t j = 0; j < f->p; j++)
		eta += x[j] * f->beta[j];
	return u ? -yg_expm1(-f->hazard[u - 1] * yg_exp(eta)) : 0;
}
