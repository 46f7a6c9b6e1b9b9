/* Bands, comparisons, adjusted curves, robust restricted means and MaxCombo against data/curves.tsv. */
#include "tests/unit/test.h"

#include "tests/oracle/oracle.h"
#include "yogo/stats/adjusted_curve.h"
#include "yogo/stats/km_bands.h"
#include "yogo/stats/km_contrast.h"
#include "yogo/stats/km_influence.h"
#include "yogo/stats/maxcombo.h"

static struct oracle o;

enum { MOST = 3000 };
static struct {
	size_t n;
	double exit[MOST], weight[MOST], x[2 * MOST];
	uint8_t event[MOST];
	int32_t group[MOST], stratum[MOST];
	uint32_t cluster[MOST];
} rows;

/* by, strata: columns of numbers or levels, NULL = none. */
static struct yg_spans spans(const char *data, const char *time, const char *event, double event_is, const char *by,
                             const char *strata)
{
	static int32_t code[2][MOST];
	struct oracle_csv *d = oracle_csv_load(data);
	const char *unused[64];
	struct yg_spans s = { .exit = rows.exit, .event = rows.event, .groups = 1, .strata = 1 };
	if (by)
		s.groups = (size_t)oracle_levels(d, by, code[0], unused);
	if (strata)
		s.strata = (size_t)oracle_levels(d, strata, code[1], unused);
	rows.n = 0;
	for (size_t i = 0; i < d->n; i++) {
		size_t r = rows.n;
		rows.exit[r] = oracle_number(d, time)[i];
		rows.event[r] = oracle_number(d, event)[i] == event_is;
		rows.group[r] = by ? code[0][i] : 0;
		rows.stratum[r] = strata ? code[1][i] : 0;
		if (rows.group[r] < 0 || rows.stratum[r] < 0)
			continue;
		rows.weight[r] = 0.5 + (double)((i + 1) % 4) / 2;
		if (!strcmp(data, "diabetic"))
			rows.cluster[r] = (uint32_t)oracle_number(d, "id")[i];
		if (!strcmp(data, "veteran")) {
			rows.x[2 * r] = oracle_number(d, "age")[i];
			rows.x[2 * r + 1] = oracle_number(d, "karno")[i];
		}
		rows.n++;
	}
	oracle_snap_times(NULL, rows.exit, rows.n);
	s.n = rows.n;
	s.group = by ? rows.group : NULL;
	s.stratum = strata ? rows.stratum : NULL;
	oracle_csv_free(d);
	return s;
}

static struct yg_km fit(const struct yg_spans *d, enum yg_km_ci ci)
{
	struct yg_km_options options = { YG_KM_PRODUCT, YG_KM_NELSON, ci, 0.95, false };
	struct yg_km km;
	assert_int_equal(yg_km_fit(d, &options, NULL, &km, NULL), YG_OK);
	return km;
}

static void critical_values(void)
{
	static const double range[][2] = { { 0.1, 0.6 }, { 0.02, 0.1 }, { 0.2, 0.8 }, { 0.04, 0.98 }, { 0.3, 0.5 } };
	static const double conf[] = { 0.9, 0.95, 0.99 };
	char id[64];
	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < 3; k++) {
			snprintf(id, sizeof id, "critical.%g.%g.%g", range[i][0], range[i][1], conf[k]);
			oracle_case(&o, id);
			oracle_check(&o, "critical", "hallwellner", yg_hall_wellner_critical(range[i][0], range[i][1], conf[k]), 1e-8);
			oracle_check(&o, "critical", "ep", yg_equal_precision_critical(range[i][0], range[i][1], conf[k]), 1e-9);
		}
}

static void bands(void)
{
	static const char *const kinds[] = { NULL, "hallwellner", "ep" }, *const scales[] = { "plain", "log", "loglog", NULL, "arcsin" };
	struct yg_spans d = spans("veteran", "time", "status", 1, NULL, NULL);
	char id[64];
	for (int kind = 1; kind <= 2; kind++)
		for (int scale = 0; scale < 5; scale++) {
			struct yg_km_band b;
			if (!scales[scale])
				continue;
			struct yg_km km = fit(&d, (enum yg_km_ci)scale);
			const struct yg_km_curve *c = &km.curve[0];
			snprintf(id, sizeof id, "band.veteran.%s.%s", kinds[kind], scales[scale]);
			oracle_case(&o, id);
			assert_int_equal(yg_km_band_fit(c, (enum yg_km_band_kind)kind, (enum yg_km_ci)scale, 0.95, NAN, NAN, &b, NULL), YG_OK);
			for (size_t i = o.first; i < o.last; i++) {
				struct oracle_value *v = &o.value[i];
				size_t j = 0;
				if (!strcmp(v->statistic, "critical")) {
					oracle_compare(&o, v, b.critical, 1e-8);
					continue;
				}
				while (j < c->m && c->time[j] != oracle_number_of(v->term))
					j++;
				assert_true(j >= b.first && j < b.last);
				oracle_compare(&o, v, v->statistic[0] == 'l' ? b.lower[j] : b.upper[j], 1e-8);
			}
			assert_true(!b.first || isnan(b.lower[b.first - 1]));
			yg_km_band_release(&b);
			yg_km_release(&km);
		}
}

static void check_contrast(const char *statistic, const struct yg_km_contrast *c)
{
	oracle_check(&o, statistic, "est", c->estimate, 1e-9);
	oracle_check(&o, statistic, "se", c->se, 1e-9);
	oracle_check(&o, statistic, "lower", c->lower, 1e-9);
	oracle_check(&o, statistic, "upper", c->upper, 1e-9);
}

static void comparisons(void)
{
	static const int times[] = { 180, 365, 700 };
	static const char *const scales[] = { "plain", "log", "loglog" };
	struct yg_spans d = spans("lung", "time", "status", 2, "sex", NULL);
	struct yg_km km = fit(&d, YG_KM_PLAIN);
	char id[64];
	for (int k = 0; k < 3; k++) {
		struct yg_km_point a, b;
		struct yg_km_contrast c;
		snprintf(id, sizeof id, "at.lung.sex.%d", times[k]);
		oracle_case(&o, id);
		yg_km_at(&km.curve[0], times[k], &a);
		yg_km_at(&km.curve[1], times[k], &b);
		yg_km_contrast(a.surv, a.se, b.surv, b.se, 0, YG_KM_DIFFERENCE, 0.95, &c);
		check_contrast("difference", &c);
		oracle_check(&o, "test", "chisq", c.chisq, 1e-9);
		oracle_check_relative(&o, "test", "p", c.p, 1e-8);
		yg_km_contrast(a.surv, a.se, b.surv, b.se, 0, YG_KM_RATIO, 0.95, &c);
		check_contrast("ratio", &c);
		yg_km_contrast(a.surv, a.se, b.surv, b.se, 0, YG_KM_RISK_RATIO, 0.95, &c);
		check_contrast("risk", &c);
	}
	for (int scale = 0; scale < 3; scale++)
		for (int k = 1; k <= 2; k++)
			for (int ratio = 0; ratio < 2; ratio++) {
				struct yg_km_contrast c;
				snprintf(id, sizeof id, "quantile.lung.sex.%g.%s", k * 0.25, scales[scale]);
				oracle_case(&o, id);
				assert_int_equal(yg_km_quantile_contrast(&km.curve[0], &km.curve[1], k * 0.25, YG_KM_MIDPOINT, (enum yg_km_ci)scale,
				                                         0.95, ratio, &c, NULL), YG_OK);
				oracle_check(&o, ratio ? "ratio" : "difference", "lower", c.lower, 1e-9);
				oracle_check(&o, ratio ? "ratio" : "difference", "upper", c.upper, 1e-9);
				oracle_check(&o, "test", "chisq", c.chisq, 1e-9);
				oracle_check_relative(&o, "test", "p", c.p, 1e-8);
			}
	yg_km_release(&km);
}

static void joint_variances(void)
{
	static const char *const kinds[] = { "surv", "rmst", "weighted" };
	static double u[MOST];
	char id[64];
	for (int kind = 0; kind < 3; kind++)
		for (int t = 12; t <= 36; t += 24) {
			struct yg_spans d = spans("diabetic", "time", "status", 1, "trt", NULL);
			double v[4];
			d.weight = kind == 2 ? rows.weight : NULL;
			struct yg_km km = fit(&d, YG_KM_PLAIN);
			d.cluster = rows.cluster;
			d.clusters = 2000;
			snprintf(id, sizeof id, "joint.diabetic.%s.%d", kinds[kind], t);
			oracle_case(&o, id);
			assert_int_equal(kind ? yg_rmst_influence(&d, &km, t, NULL, u, NULL) : yg_km_influence(&d, &km, t, NULL, u, NULL), YG_OK);
			assert_int_equal(yg_influence_covariance(&d, u, 2, v, NULL), YG_OK);
			oracle_check(&o, "covariance", "v11", v[0], 1e-9);
			oracle_check(&o, "covariance", "v12", v[1], 1e-9);
			oracle_check(&o, "covariance", "v22", v[3], 1e-9);
			yg_km_release(&km);
		}
	struct yg_spans d = spans("lung", "time", "status", 2, NULL, NULL);
	oracle_case(&o, "pseudo.rmst.lung");
	assert_int_equal(yg_rmst_pseudo(&d, 365, NULL, u, NULL), YG_OK);
	for (size_t i = o.first; i < o.last; i++)
		oracle_compare(&o, &o.value[i], u[(size_t)oracle_number_of(o.value[i].term) - 1], 1e-9);
}

static void check_adjusted(const char *id, const struct yg_adjusted *a, const struct yg_km *km, double t, double tolerance)
{
	double v[4];
	oracle_case(&o, id);
	yg_adjusted_covariance(a, t, v);
	for (int g = 0; g < 2; g++) {
		struct yg_km_point p;
		yg_km_at(&km->curve[g], t, &p);
		oracle_check(&o, "surv", g ? "2" : "1", p.surv, tolerance);
		oracle_check(&o, "se", g ? "2" : "1", p.se, tolerance);
		yg_assert_near(v[g * 2 + g], p.se * p.se, 1e-9);
	}
	oracle_check(&o, "covariance", "c12", v[1], tolerance);
}

static void adjusted_curves(void)
{
	char id[64];
	struct yg_spans d = spans("gbsg", "rfstime", "status", 1, "hormon", "grade");
	struct yg_km km = fit(&d, YG_KM_LOG);
	struct yg_adjusted *a;
	size_t no_stratum, no_group;
	assert_int_equal(yg_adjusted_direct(&d, &km, NULL, NULL, &no_stratum, &no_group, &a, NULL), YG_OK);
	check_adjusted("direct.gbsg.hormon.500", a, &km, 500, 1e-9);
	check_adjusted("direct.gbsg.hormon.1500", a, &km, 1500, 1e-9);
	yg_adjusted_free(a);
	yg_km_release(&km);
	for (int breslow = 0; breslow < 2; breslow++) {
		d = spans("veteran", "time", "status", 1, "trt", NULL);
		km = fit(&d, YG_KM_LOG);
		struct yg_cox_data data = { .spans = d, .x = rows.x, .p = 2 };
		struct yg_cox_options options = { .ties = breslow ? YG_COX_BRESLOW : YG_COX_EFRON, .max_iterations = -1 };
		struct yg_cox cox;
		data.spans.stratum = d.group;
		data.spans.strata = 2;
		data.spans.group = NULL;
		assert_int_equal(yg_cox_fit(&data, &options, NULL, &cox, NULL), YG_OK);
		assert_int_equal(yg_adjusted_model(&data, &cox, &km, NULL, &a, NULL), YG_OK);
		for (int t = 0; t < 3; t++) {
			static const int times[] = { 90, 180, 400 };
			snprintf(id, sizeof id, "model.veteran.trt.%d.%s", times[t], breslow ? "breslow" : "efron");
			check_adjusted(id, a, &km, times[t], 1e-7);
		}
		yg_adjusted_free(a);
		yg_cox_release(&cox);
		yg_km_release(&km);
	}
}

static void check_maxcombo(const char *id, const struct yg_spans *d)
{
	struct yg_maxcombo m;
	static const char *const names[] = { "00", "01", "10", "11" };
	oracle_case(&o, id);
	assert_int_equal(yg_maxcombo_test(d, NULL, &m, NULL), YG_OK);
	for (int k = 0; k < 4; k++)
		oracle_check(&o, "z", names[k], m.z[k], 1e-9);
	oracle_check(&o, "max", "statistic", m.statistic, 1e-9);
	oracle_check_relative(&o, "max", "p", m.p, 1e-7);
	assert_true(m.p_error < 1e-7 * m.p);
}

static void maxcombo(void)
{
	struct yg_spans d = spans("lung", "time", "status", 2, "sex", NULL);
	check_maxcombo("maxcombo.lung.sex", &d);
	d = spans("veteran", "time", "status", 1, "trt", NULL);
	check_maxcombo("maxcombo.veteran.trt", &d);
	for (size_t i = 0; i < d.n; i++)
		rows.group[i] = rows.x[2 * i + 1] > 50;
	check_maxcombo("maxcombo.veteran.karno", &d);
	d = spans("veteran", "time", "status", 1, "trt", "celltype");
	check_maxcombo("maxcombo.veteran.strat", &d);
	d = spans("gbsg", "rfstime", "status", 1, "hormon", NULL);
	check_maxcombo("maxcombo.gbsg.hormon", &d);
}

static void every_case(void **unused)
{
	(void)unused;
	oracle_open(&o, "curves");
	critical_values();
	bands();
	comparisons();
	joint_variances();
	adjusted_curves();
	maxcombo();
	assert_int_equal(oracle_finish(&o), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_case) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
