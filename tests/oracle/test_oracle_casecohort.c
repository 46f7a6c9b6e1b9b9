/* Case-cohort samples: cch of R on the sample of the National Wilms Tumor Study, data/casecohort.tsv. */
#include "tests/unit/test.h"

#include "tests/oracle/oracle.h"
#include "yogo/stats/cox_casecohort.h"

static struct oracle o;

struct run {
	const char *id;
	enum yg_casecohort_method method;
	bool robust, late;
	const char *stratum;
	double size[2];
};
static const struct run runs[] = {
	{ "cch.Prentice", YG_CASECOHORT_PRENTICE, false, false, NULL, { 4028, 0 } },
	{ "cch.SelfPrentice", YG_CASECOHORT_SELF_PRENTICE, false, false, NULL, { 4028, 0 } },
	{ "cch.LinYing", YG_CASECOHORT_LIN_YING, false, false, NULL, { 4028, 0 } },
	{ "cch.LinYing.robust", YG_CASECOHORT_LIN_YING, true, false, NULL, { 4028, 0 } },
	{ "cch.I.Borgan", YG_CASECOHORT_BORGAN_I, false, false, "instit", { 3622, 406 } },
	{ "cch.II.Borgan", YG_CASECOHORT_BORGAN_II, false, false, "instit", { 3622, 406 } },
	{ "cch.late.Prentice", YG_CASECOHORT_PRENTICE, false, true, NULL, { 4028, 0 } },
	{ "cch.late.SelfPrentice", YG_CASECOHORT_SELF_PRENTICE, false, true, NULL, { 4028, 0 } },
	{ "cch.late.LinYing", YG_CASECOHORT_LIN_YING, false, true, NULL, { 4028, 0 } },
	{ "cch.late.I.Borgan", YG_CASECOHORT_BORGAN_I, false, true, "study", { 1900, 2128 } },
	{ "cch.late.II.Borgan", YG_CASECOHORT_BORGAN_II, false, true, "study", { 1900, 2128 } },
};

static const char *const names[] = { "unfav", "s2", "s3", "s4", "years" };
static const char *const late_names[] = { "unfav", "years" };

struct sample {
	size_t n, p;
	double *entry, *exit, *x;
	uint8_t *event, *subcohort;
	int32_t *stratum;
};

static struct sample take(const struct oracle_csv *d, const struct run *r)
{
	const double *time = oracle_number(d, "edrel"), *rel = oracle_number(d, "rel"), *histol = oracle_number(d, "histol");
	const double *stage = oracle_number(d, "stage"), *age = oracle_number(d, "age"), *id = oracle_number(d, "seqno");
	const double *in = oracle_number(d, "subcohort"), *stratum = r->stratum ? oracle_number(d, r->stratum) : NULL;
	struct sample s = { .p = r->late ? 2 : 5 };
	double first = stratum ? stratum[0] : 0;
	s.entry = yg_xcalloc(d->n + 1, sizeof *s.entry);
	s.exit = yg_xcalloc(d->n + 1, sizeof *s.exit);
	s.x = yg_xcalloc(d->n * s.p + 1, sizeof *s.x);
	s.event = yg_xcalloc(d->n + 1, 1);
	s.subcohort = yg_xcalloc(d->n + 1, 1);
	s.stratum = yg_xcalloc(d->n + 1, sizeof *s.stratum);
	for (size_t i = 0; stratum && i < d->n; i++)
		first = fmin(first, stratum[i]);
	for (size_t i = 0; i < d->n; i++) {
		double entry = fmod(id[i], 3) == 0 ? 0 : fmax(0, fmin(time[i] - 1, fmod(id[i], 200)));
		double *x = s.x + s.n * s.p;
		if (r->late && !(entry < time[i]))
			continue;
		x[0] = histol[i] == 2;
		for (int k = 1; k < 4 && !r->late; k++)
			x[k] = stage[i] == k + 1;
		x[s.p - 1] = age[i] / 12;
		s.entry[s.n] = entry;
		s.exit[s.n] = time[i];
		s.event[s.n] = rel[i] == 1;
		s.subcohort[s.n] = in[i] == 1;
		s.stratum[s.n++] = stratum && stratum[i] > first;
	}
	return s;
}

static size_t column_of(const struct run *r, const char *name, size_t n)
{
	const char *const *list = r->late ? late_names : names;
	for (size_t a = 0; a < (r->late ? 2u : 5u); a++)
		if (strlen(list[a]) == n && !strncmp(list[a], name, n))
			return a;
	fail_msg("no column %.*s", (int)n, name);
	return 0;
}

static void compare(const struct run *r, const struct yg_cox_casecohort *f)
{
	size_t p = f->fit.p;
	assert_int_equal(f->fit.stop, YG_COX_CONVERGED);
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		const char *bar = strchr(v->term, '|');
		size_t a = column_of(r, v->term, bar ? (size_t)(bar - v->term) : strlen(v->term));
		size_t b = bar ? column_of(r, bar + 1, strlen(bar + 1)) : 0;
		if (!strcmp(v->statistic, "coef"))
			oracle_compare(&o, v, f->fit.beta[a], 1e-7);
		else if (!strcmp(v->statistic, "se"))
			oracle_compare(&o, v, f->fit.se[a], 1e-7);
		else if (!strcmp(v->statistic, "vcov"))
			oracle_compare(&o, v, f->fit.var[a * p + b], 1e-7);
		else if (!strcmp(v->statistic, "phase2"))
			oracle_compare(&o, v, f->phase2[a * p + b], 1e-7);
	}
}

static void every_method_agrees_with_cch(void **unused)
{
	(void)unused;
	struct oracle_csv *d = oracle_csv_load("nwtco");
	for (size_t k = 0; k < sizeof runs / sizeof runs[0]; k++) {
		const struct run *r = &runs[k];
		struct sample s = take(d, r);
		struct yg_cox_data data = { .spans = { .n = s.n, .entry = r->late ? s.entry : NULL, .exit = s.exit, .event = s.event },
			                    .x = s.x, .p = s.p };
		struct yg_casecohort c = { .method = r->method, .subcohort = s.subcohort, .stratum = r->stratum ? s.stratum : NULL,
			                   .strata = r->stratum ? 2 : 1, .size = r->size, .ties = YG_COX_EFRON, .robust = r->robust };
		struct yg_cox_casecohort f;
		struct yg_err err = { 0 };
		if (yg_cox_casecohort_fit(&data, &c, NULL, &f, &err) != YG_OK)
			fail_msg("%s: %s", r->id, err.text);
		oracle_case(&o, r->id);
		compare(r, &f);
		yg_cox_casecohort_release(&f);
		yg_free(s.entry);
		yg_free(s.exit);
		yg_free(s.x);
		yg_free(s.event);
		yg_free(s.subcohort);
		yg_free(s.stratum);
	}
	oracle_csv_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_method_agrees_with_cch) };
	oracle_open(&o, "casecohort");
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	return oracle_finish(&o) || failed;
}
