/* Newton for likelihoods that need not be concave everywhere; see aft_priv.h. */
#include <math.h>
#include <string.h>

#include "aft_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/matrix.h"

/* The kept rows and columns with the diagonal raised by raise * |diagonal|; true when positive definite. */
static bool factor(size_t P, const double *information, const uint8_t *dropped, double raise, double *f, uint8_t *lost)
{
	size_t kept = 0;
	for (size_t i = 0; i < P; i++) {
		for (size_t j = 0; j <= i; j++) {
			double v = dropped[i] || dropped[j] ? 0 : information[i * P + j];
			f[i * P + j] = i == j ? v + raise * fabs(v) : v;
		}
		if (!dropped[i] && raise > 0 && !(f[i * P + i] > 0))
			f[i * P + i] = raise;
		kept += !dropped[i];
	}
	return yg_cholesky(f, P, 1e-13, lost) == kept;
}

bool aft_invert(size_t P, const double *information, const uint8_t *dropped, double *inverse)
{
	double *f = yg_data_calloc(P * P + 1, sizeof(double));
	uint8_t *lost = yg_data_calloc(P + 1, 1);
	bool good = f && lost && factor(P, information, dropped, 0, f, lost);
	if (good)
		yg_cholesky_inverse(f, P, lost, inverse);
	else
		memset(inverse, 0, P * P * sizeof(double));
	yg_data_free(f);
	yg_data_free(lost);
	return good;
}

struct climb {
	size_t P;
	double *theta, *score, *information, *trial, *score2, *information2, *f, *step;
	uint8_t *lost;
	uint8_t *dropped;
	aft_objective *fn;
	void *context;
	const double *unit;
	size_t units;
};

/* A step that stays long though nothing is to be gained any more. */
static bool runs_away(const struct climb *c)
{
	for (size_t j = 0; j < c->units; j++)
		if (!c->dropped[j] && fabs(c->step[j]) * c->unit[j] > 0.03)
			return true;
	return false;
}

/* The step; returns its decrement, negative when no raise of the diagonal helps. */
static double step_of(struct climb *c, bool *raised)
{
	double raise = 0;
	*raised = false;
	while (!factor(c->P, c->information, c->dropped, raise, c->f, c->lost)) {
		raise = raise > 0 ? raise * 10 : 1e-3;
		*raised = true;
		if (raise > 1e12)
			return -1;
	}
	memcpy(c->step, c->score, c->P * sizeof(double));
	for (size_t j = 0; j < c->P; j++)
		if (c->dropped[j])
			c->step[j] = 0;
	yg_cholesky_solve(c->f, c->P, c->lost, c->step);
	double decrement = 0;
	for (size_t j = 0; j < c->P; j++)
		decrement += c->dropped[j] ? 0 : c->step[j] * c->score[j];
	return decrement;
}

/* True when a shorter and shorter step was taken in vain. */
static enum yg_status move(struct climb *c, double *loglik, bool *stuck, struct yg_err *err)
{
	double size = 1, next = 0;
	*stuck = false;
	for (int halvings = 0;; halvings++, size /= 2) {
		for (size_t j = 0; j < c->P; j++)
			c->trial[j] = c->theta[j] + size * c->step[j];
		YG_TRY(c->fn(c->context, c->trial, &next, c->score2, c->information2, err));
		if (isfinite(next) && next >= *loglik - 1e-13 * (fabs(*loglik) + 1))
			break;
		if (halvings == 200) {
			*stuck = true;
			return YG_OK;
		}
	}
	*loglik = next;
	memcpy(c->theta, c->trial, c->P * sizeof(double));
	memcpy(c->score, c->score2, c->P * sizeof(double));
	memcpy(c->information, c->information2, c->P * c->P * sizeof(double));
	return YG_OK;
}

/* The columns among the first `find` that depend on earlier ones, by the information at the start. */
static size_t find_dropped(struct climb *c, size_t find)
{
	for (size_t i = 0; i < find; i++)
		memcpy(c->f + i * find, c->information + i * c->P, find * sizeof(double));
	return yg_cholesky(c->f, find, YG_CHOLESKY_TOLERANCE, c->dropped);
}

static enum yg_status run(struct climb *c, size_t find, int most, double tolerance, struct aft_climb *out,
                          struct yg_err *err)
{
	bool raised = false, stuck = false;
	*out = (struct aft_climb){ 0 };
	YG_TRY(c->fn(c->context, c->theta, &out->loglik, c->score, c->information, err));
	out->finite = isfinite(out->loglik);
	if (find && out->finite)
		out->rank = find_dropped(c, find);
	while (out->finite) {
		out->decrement = step_of(c, &raised);
		if (out->decrement < 0)
			return YG_OK;
		if (out->decrement <= tolerance && !raised) {
			out->converged = true;
			for (size_t j = 0; j < c->P; j++)
				c->theta[j] += c->step[j];
			out->loglik += out->decrement / 2;
			return YG_OK;
		}
		if (out->decrement < 1e-7 && !raised && runs_away(c)) {
			out->runaway = true;
			return YG_OK;
		}
		if (out->iterations++ >= most)
			return YG_OK;
		YG_TRY(move(c, &out->loglik, &stuck, err));
		if (stuck) {
			/* At the top but for rounding. */
			out->converged = !raised && out->decrement < 1e-7;
			return YG_OK;
		}
	}
	return YG_OK;
}

enum yg_status aft_climb(size_t P, double *theta, uint8_t *dropped, size_t find, const double *unit, size_t units,
                         aft_objective *fn, void *context,
                         int most, double tolerance, struct aft_climb *out, double *step, double *information,
                         struct yg_err *err)
{
	double *space = yg_data_calloc(2 * P * P + 3 * P + 1, sizeof(double));
	struct climb c = { .P = P, .theta = theta, .dropped = dropped, .fn = fn, .context = context, .step = step,
		.information = information,
		           .unit = unit, .units = units };
	c.lost = yg_data_calloc(P + 1, 1);
	if (!space || !c.lost) {
		yg_data_free(space);
		yg_data_free(c.lost);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", "memory ran out while the model was fitted");
	}
	c.information2 = space;
	c.f = c.information2 + P * P;
	c.score = c.f + P * P;
	c.score2 = c.score + P;
	c.trial = c.score2 + P;
	enum yg_status s = run(&c, find, most, tolerance, out, err);
	yg_data_free(space);
	yg_data_free(c.lost);
	return s;
}
