/*
 * What the standard error of a predicted incidence needs: the variance of the baseline at each event time and its covariance with
 * the coefficients, from the rows' influences, the weights G taken as known.
 *
 * A row's influence on H(t) at fixed b is a(t) = sum of (dN - Y w e dH) / S0.  At risk it is -e (P(t) - P(entry)), P the sum of d / S0^2;
 * after another event alpha - gamma R(t), R the sum of Q d / S0^2; after its end it stays.  So sums of a^2 and of r a follow
 * from a few running sums.
 */
#include <string.h>

#include "finegray_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/matrix.h"

/* Sums over rows in one state: of e^2 {1, o, o^2} and r e {1, o}, where a = e (o - position). */
struct running {
	double one, o, oo, *r, *ro;
};

static void put(struct running *k, double sign, double w2, double e, double o, const double *r, size_t p)
{
	k->one += sign * w2 * e * e;
	k->o += sign * w2 * e * e * o;
	k->oo += sign * w2 * e * e * o * o;
	for (size_t j = 0; j < p; j++) {
		k->r[j] += sign * w2 * e * r[j];
		k->ro[j] += sign * w2 * e * o * r[j];
	}
}

/* Add what the state gives at a position. */
static void take(const struct running *k, double at, double *square, double *cross, size_t p)
{
	*square += k->oo - 2 * at * k->o + at * at * k->one;
	for (size_t j = 0; j < p; j++)
		cross[j] += k->ro[j] - at * k->r[j];
}

struct positions {
	double *P, *R;         /* [m+1], [(m+1)*groups] */
};

static double w2_of(const struct fg_sweep *s, size_t i)
{
	return s->d->frequency ? s->w[i] : s->w[i] * s->w[i];
}

static double e_of(const struct fg_sweep *s, size_t i)
{
	return s->w[i] > 0 ? s->e[i] / s->w[i] : 0;
}

/* A row whose time is over by now leaves those at risk. */
static void leave(const struct fg_sweep *s, const struct positions *q, size_t i, const double *r, struct running *risk,
                  struct running *other, double *square, double *cross)
{
	const size_t p = s->p, u = s->upto[i], g = (size_t)s->group[i];
	double w2 = w2_of(s, i), e = e_of(s, i), o = q->P[s->from ? s->from[i] : 0], a = e * (o - q->P[u]);

	put(risk, -1, w2, e, o, r + i * p, p);
	if (s->kind[i] == 1)
		a += 1 / s->S0[u - 1];
	if (s->kind[i] == 2) {
		/* a - gamma (R - R(T)) = gamma (R(T) + a / gamma - R) */
		double gamma = e / s->Q[i];
		if (gamma > 0)
			put(&other[g], 1, w2, gamma, q->R[u * s->groups + g] + a / gamma, r + i * p, p);
		return;
	}
	*square += w2 * a * a;
	for (size_t j = 0; j < p; j++)
		cross[j] += w2 * a * r[i * p + j];
}

static void sweep(const struct fg_sweep *s, const struct positions *q, const double *r, struct running *risk, struct running *other,
                  double *square, double *cross)
{
	const size_t p = s->p, G = s->groups;
	double gone = 0, *gone_cross = yg_xcalloc(p + 1, sizeof *gone_cross);
	size_t i = 0, k = 0;

	for (size_t n = 0; n < s->n && !s->from; n++)
		put(risk, 1, w2_of(s, n), e_of(s, n), 0, r + n * p, p);
	for (size_t u = 0; u < s->m; u++) {
		/* Those who entered before this time, then those whose time is over with it. */
		for (; s->from && k < s->n && s->from[s->by_entry[k]] <= u; k++) {
			size_t at = s->by_entry[k];
			put(risk, 1, w2_of(s, at), e_of(s, at), q->P[s->from[at]], r + at * p, p);
		}
		for (; i < s->n && s->T[i] <= s->event_time[u]; i++)
			leave(s, q, i, r, risk, other, &gone, gone_cross);
		square[u] = gone;
		memcpy(cross + u * p, gone_cross, p * sizeof *cross);
		take(risk, q->P[u + 1], &square[u], cross + u * p, p);
		for (size_t g = 0; g < G; g++)
			take(&other[g], q->R[(u + 1) * G + g], &square[u], cross + u * p, p);
	}
	yg_free(gone_cross);
}

enum yg_status fg_curve_variance(const struct fg_sweep *s, const double *bread, const double *r, double shift, struct yg_finegray *out,
                                 struct yg_err *err)
{
	const size_t p = s->p, G = s->groups, m = s->m;
	double *memory = yg_data_calloc((m + 1) * (1 + G) + 2 * (G + 1) * (p + 1) + 2 * p + 2, sizeof *memory), f = yg_exp(-shift), *next;
	struct running *state = yg_xcalloc(G + 1, sizeof *state);
	struct positions q = { memory, memory + m + 1 };
	double *column = yg_xcalloc(2 * p + 2, sizeof *column), *mean = column + p;

	if (!memory) {
		yg_free(column);
		yg_free(state);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("not enough memory for the variance"));
	}
	next = q.R + (m + 1) * G;
	for (size_t g = 0; g <= G; g++, next += 2 * p) {
		state[g].r = next;
		state[g].ro = next + p;
	}
	for (size_t u = 0; u < m; u++) {
		double step = s->deaths[u] / (s->S0[u] * s->S0[u]);
		q.P[u + 1] = q.P[u] + step;
		for (size_t g = 0; g < G; g++)
			q.R[(u + 1) * G + g] = q.R[u * G + g] + step * s->Qt[u * G + g];
	}
	sweep(s, &q, r, state + G, state, out->square, out->cross);
	/* To the scale of x = 0: the factor exp(-mean'b), and the integral of the mean of x itself. */
	for (size_t u = 0; u < m; u++) {
		out->square[u] = out->square[u] > 0 ? out->square[u] * f * f : 0;
		for (size_t j = 0; j < p; j++)
			column[j] = f * out->cross[u * p + j];
		yg_multiply(bread, column, p, p, 1, out->cross + u * p);
		for (size_t j = 0; j < p; j++) {
			mean[j] += (s->A[u + 1] - s->A[u]) * (s->M[u * p + j] + s->mean[j]);
			out->shift[u * p + j] = f * mean[j];
		}
	}
	yg_free(column);
	yg_free(state);
	yg_data_free(memory);
	return YG_OK;
}
