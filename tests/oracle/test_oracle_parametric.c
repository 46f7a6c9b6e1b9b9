/* Gompertz, gamma, generalised gamma, Royston-Parmar models and delayed entry against likelihoods written out in R. */
#include "tests/oracle/oracle.h"
#include "yogo/stats/royston_parmar.h"

#define ROWS 400

static struct oracle o;
static double x[ROWS * 3], t[ROWS], entry[ROWS];
static uint8_t event[ROWS];
static size_t n;

static void load(void)
{
	struct oracle_csv *d = oracle_csv_load("lung");
	for (size_t i = 0; i < d->n; i++) {
		t[n] = oracle_number(d, "time")[i];
		entry[n] = t[n] / 3;
		event[n] = oracle_number(d, "status")[i] == 2;
		x[3 * n] = 1;
		x[3 * n + 1] = oracle_number(d, "age")[i];
		x[3 * n + 2] = oracle_number(d, "sex")[i];
		n++;
	}
	oracle_csv_free(d);
}

static void compare(const double *theta, const double *se, size_t parameters, const char *const *name, double loglik)
{
	for (size_t j = 0; j < parameters; j++) {
		oracle_check(&o, "coef", name[j], theta[j], 1e-6);
		oracle_check(&o, "se", name[j], se[j], 2e-5);
	}
	oracle_check(&o, "loglik", "", loglik, 1e-9);
}

static void aft(const char *id, enum yg_aft_dist dist, bool late, const char *fourth)
{
	const char *const name[] = { "(Intercept)", "age", "sex", fourth, "Q" };
	struct yg_aft_data d = { .n = n, .p = 3, .x = x, .intercept = 0, .time = t, .event = event, .entry = late ? entry : NULL };
	struct yg_aft fit;
	struct yg_err err;
	oracle_case(&o, id);
	if (yg_aft_fit(&d, &(struct yg_aft_options){ .dist = dist }, NULL, &fit, &err) != YG_OK || fit.stop != YG_AFT_CONVERGED) {
		fprintf(stderr, "%s did not converge\n", id);
		exit(99);
	}
	compare(fit.theta, fit.se, fit.parameters, name, fit.loglik);
	yg_aft_release(&fit);
}

static void spline(const char *id, enum yg_rp_scale scale, int df, bool late)
{
	static const char *const name[] = { "(Intercept)", "age", "sex", "c1", "c2", "c3" };
	struct yg_aft_data d = { .n = n, .p = 3, .x = x, .intercept = 0, .time = t, .event = event, .entry = late ? entry : NULL };
	struct yg_rp fit;
	struct yg_err err;
	oracle_case(&o, id);
	if (yg_rp_fit(&d, &(struct yg_rp_options){ .scale = scale, .df = df }, NULL, &fit, &err) != YG_OK || fit.stop != YG_AFT_CONVERGED) {
		fprintf(stderr, "%s did not converge\n", id);
		exit(99);
	}
	compare(fit.theta, fit.se, fit.parameters, name, fit.loglik);
	yg_rp_release(&fit);
}

int main(void)
{
	static const char *const scale[] = { "hazard", "odds", "normal" };
	char id[64];
	oracle_open(&o, "parametric");
	load();
	aft("gompertz.lung", YG_AFT_GOMPERTZ, false, "a");
	aft("gompertz.lung.entry", YG_AFT_GOMPERTZ, true, "a");
	aft("gengamma.lung", YG_AFT_GENGAMMA, false, "Log(scale)");
	aft("gamma.lung", YG_AFT_GAMMA, false, "Log(scale)");
	aft("weibull.lung.entry", YG_AFT_WEIBULL, true, "Log(scale)");
	for (int s = 0; s < 3; s++)
		for (int df = 1; df <= 3; df++) {
			snprintf(id, sizeof id, "rp.lung.%s.%d", scale[s], df);
			spline(id, (enum yg_rp_scale)s, df, false);
		}
	spline("rp.lung.entry", YG_RP_HAZARD, 2, true);
	return oracle_finish(&o);
}
