/* Cumulative incidence (Aalen-Johansen), Gray's test and Fine-Gray regression against data/cmprsk.tsv. */
#include "tests/unit/test.h"

#include "tests/oracle/oracle.h"
#include "yogo/num/dist.h"
#include "yogo/stats/cox.h"
#include "yogo/stats/cuminc.h"
#include "yogo/stats/finegray.h"
#include "yogo/stats/km.h"
#include "yogo/stats/multistate.h"

static struct oracle o;

struct spec {
	const char *id, *data, *by, *strata;
	enum yg_km_ci ci;
	double rho;
};
static const struct spec specs[] = {
	{ "aj.mgus2.sex", "mgus2", "sex", 0, YG_KM_LOG, 0 },       { "aj.mgus2.all", "mgus2", 0, 0, YG_KM_LOG, 0 },
	{ "aj.melanoma.sex", "Melanoma", "sex", 0, YG_KM_LOG, 0 }, { "aj.melanoma.full", "Melanoma", 0, 0, YG_KM_LOG, 0 },
	{ "aj.bmt.group", "km_bmt", "group", 0, YG_KM_LOG, 0 },    { "aj.cibmtr.tcell", "cibmtr_bmt", "tcell", 0, YG_KM_LOG, 0 },
	{ "aj.pbc.trt", "pbc", "trt", 0, YG_KM_LOG, 0 },           { "aj.bmt.plain", "km_bmt", "group", 0, YG_KM_PLAIN, 0 },
	{ "aj.bmt.log-log", "km_bmt", "group", 0, YG_KM_LOGLOG, 0 },
	{ "gray.mgus2.sex", "mgus2", "sex", 0, 0, 0 },             { "gray.melanoma.sex", "Melanoma", "sex", 0, 0, 0 },
	{ "gray.melanoma.ulcer", "Melanoma", "ulcer", 0, 0, 0 },   { "gray.melanoma.strata", "Melanoma", "ulcer", "sex", 0, 0 },
	{ "gray.bmt.group", "km_bmt", "group", 0, 0, 0 },          { "gray.bmt.rho1", "km_bmt", "group", 0, 0, 1 },
	{ "gray.cibmtr.platelet", "cibmtr_bmt", "platelet", 0, 0, 0 }, { "gray.pbc.trt", "pbc", "trt", 0, 0, 0 },
	{ "gray.cibmtr.tcell", "cibmtr_bmt", "tcell", 0, 0, 0 },
};

/* Time and cause of a row, as the head of cmprsk.R defines them; the names of the two causes. */
static int outcome(const struct oracle_csv *d, const char *data, size_t i, double *time, const char *state[3])
{
	state[0] = "(s0)";
	if (!strcmp(data, "mgus2")) {
		bool pcm = oracle_number(d, "pstat")[i] == 1;
		state[1] = "pcm";
		state[2] = "death";
		*time = oracle_number(d, pcm ? "ptime" : "futime")[i];
		return pcm ? 1 : oracle_number(d, "death")[i] == 1 ? 2 : 0;
	}
	if (!strcmp(data, "Melanoma")) {
		double s = oracle_number(d, "status")[i];
		state[1] = "melanoma";
		state[2] = "other";
		*time = oracle_number(d, "time")[i];
		return s == 1 ? 1 : s == 3 ? 2 : 0;
	}
	if (!strcmp(data, "km_bmt")) {
		state[1] = "relapse";
		state[2] = "trm";
		*time = oracle_number(d, "t2")[i];
		return oracle_number(d, "d2")[i] == 1 ? 1 : oracle_number(d, "d1")[i] == 1 ? 2 : 0;
	}
	state[1] = strcmp(data, "pbc") ? "trm" : "transplant";
	state[2] = strcmp(data, "pbc") ? "relapse" : "death";
	*time = oracle_number(d, "time")[i];
	return (int)oracle_number(d, strcmp(data, "pbc") ? "cause" : "status")[i];
}

struct data {
	struct oracle_csv *csv;
	double *time;
	uint8_t *event;
	int32_t *group, *stratum;
	const char *label[64], *state[3];
	struct yg_spans spans;
};

/* Rows with the group known. */
static void load(const struct spec *s, struct data *d)
{
	const char *ignored[64];
	size_t n = 0;

	memset(d, 0, sizeof *d);
	d->csv = oracle_csv_load(s->data);
	d->time = yg_xcalloc(d->csv->n, sizeof *d->time);
	d->event = yg_xcalloc(d->csv->n, 1);
	d->group = yg_xcalloc(d->csv->n, sizeof *d->group);
	d->stratum = yg_xcalloc(d->csv->n, sizeof *d->stratum);
	d->spans.groups = s->by ? (size_t)oracle_levels(d->csv, s->by, d->group, d->label) : 1;
	d->spans.strata = s->strata ? (size_t)oracle_levels(d->csv, s->strata, d->stratum, ignored) : 1;
	for (size_t i = 0; i < d->csv->n; i++) {
		int event;
		if (d->group[i] < 0)
			continue;
		event = outcome(d->csv, s->data, i, &d->time[n], d->state);
		d->event[n] = (uint8_t)event;
		d->group[n] = d->group[i];
		d->stratum[n] = d->stratum[i];
		n++;
	}
	d->spans.n = n;
	d->spans.exit = d->time;
	d->spans.event = d->event;
	d->spans.group = s->by ? d->group : NULL;
	d->spans.stratum = s->strata ? d->stratum : NULL;
}

static void unload(struct data *d)
{
	oracle_csv_free(d->csv);
	yg_free(d->time);
	yg_free(d->event);
	yg_free(d->group);
	yg_free(d->stratum);
}

/* "sex=F/pcm@t=12" or "/pcm@t=12": the group and state meant, and the time. */
static bool parse_term(const struct spec *s, const struct data *d, const char *term, size_t *group, int *state, double *t)
{
	const char *slash = strchr(term, '/'), *at = strstr(term, "@t=");
	char text[128];

	if (!slash || !at)
		return false;
	*t = oracle_number_of(at + 3);
	for (*group = 0; *group < d->spans.groups; (*group)++) {
		if (s->by)
			snprintf(text, sizeof text, "%s=%s", s->by, d->label[*group]);
		else
			text[0] = '\0';
		if (strlen(text) == (size_t)(slash - term) && !strncmp(text, term, strlen(text)))
			break;
	}
	for (*state = 0; *state < 3; (*state)++)
		if (strlen(d->state[*state]) == (size_t)(at - slash - 1) && !strncmp(d->state[*state], slash + 1, strlen(d->state[*state])))
			break;
	return *group < d->spans.groups && *state < 3;
}

static void aalen_johansen(const struct spec *s, const struct data *d)
{
	struct yg_cuminc fit;

	assert_int_equal(yg_cuminc_fit(&d->spans, 2, NULL, &fit, NULL), YG_OK);
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		const struct yg_cuminc_curve *c;
		size_t g;
		int state;
		double t, p, se, low, high;
		ptrdiff_t row;
		if (!parse_term(s, d, v->term, &g, &state, &t))
			continue;
		c = &fit.curve[g];
		row = yg_cuminc_at(c, t);
		p = row < 0 ? state == 0 : state == 0 ? c->surv[row] : c->incidence[row * 2 + state - 1];
		se = row < 0 ? 0 : state == 0 ? c->surv_se[row] : c->se[row * 2 + state - 1];
		yg_km_limits(p, se, s->ci, 0.95, &low, &high);
		if (!strcmp(v->statistic, "pstate"))
			oracle_compare(&o, v, p, 1e-9);
		else if (!strcmp(v->statistic, "se"))
			oracle_compare(&o, v, se, 1e-9);
		else if (se == 0)
			v->seen = true;   /* nothing has happened yet: R prints 0 for both limits, we give none */
		else if (!strcmp(v->statistic, "lower"))
			oracle_compare(&o, v, low, 1e-9);
		else if (!strcmp(v->statistic, "upper"))
			oracle_compare(&o, v, high, 1e-9);
	}
	yg_cuminc_release(&fit);
}

static void gray(const struct spec *s, const struct data *d)
{
	struct yg_cuminc fit;

	for (unsigned cause = 1; cause <= 2; cause++) {
		struct yg_gray test;
		char term[8];
		snprintf(term, sizeof term, "%u", cause);
		assert_int_equal(yg_gray_test(&d->spans, cause, s->rho, NULL, &test, NULL), YG_OK);
		oracle_check(&o, "gray_chisq", term, test.statistic, 1e-9);
		oracle_check(&o, "gray_df", term, test.df, 0);
		oracle_check_relative(&o, "gray_p", term, test.p, 1e-8);
	}
	assert_int_equal(yg_cuminc_fit(&d->spans, 2, NULL, &fit, NULL), YG_OK);
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		const char *blank = strchr(v->term, ' '), *bar = strchr(v->term, '|');
		if (strcmp(v->statistic, "cif") || !blank || !bar)
			continue;
		for (size_t g = 0; g < d->spans.groups; g++) {
			ptrdiff_t row;
			if (strlen(d->label[g]) != (size_t)(blank - v->term) || strncmp(d->label[g], v->term, strlen(d->label[g])))
				continue;
			row = yg_cuminc_at(&fit.curve[g], oracle_number_of(bar + 1));
			oracle_compare(&o, v, row < 0 ? 0 : fit.curve[g].incidence[row * 2 + (blank[1] - '1')], 1e-9);
		}
	}
	yg_cuminc_release(&fit);
}

/* ---- Fine and Gray ---- */

struct fg_spec {
	const char *id, *data, *terms; /* column names; "log(x)"; "factor(g)": levels but the first */
	unsigned cause;
	const char *cengroup;
	bool no_censoring_term, efron;
};
static const struct fg_spec fg_specs[] = {
	{ "fg.mgus2.1", "mgus2", "age sex", 1, 0, 0, 0 },      { "fg.mgus2.2", "mgus2", "age sex", 2, 0, 0, 0 },
	{ "fg.melanoma.1", "Melanoma", "sex age log(thickness) ulcer", 1, 0, 0, 0 },
	{ "fg.melanoma.2", "Melanoma", "sex age log(thickness) ulcer", 2, 0, 0, 0 },
	{ "fg.bmt.1", "km_bmt", "factor(group) z1", 1, 0, 0, 0 }, { "fg.bmt.2", "km_bmt", "factor(group) z1", 2, 0, 0, 0 },
	{ "fg.cibmtr.1", "cibmtr_bmt", "platelet age tcell", 1, 0, 0, 0 },
	{ "fg.cibmtr.2", "cibmtr_bmt", "platelet age tcell", 2, 0, 0, 0 },
	{ "fg.pbc.1", "pbc", "age log(bili) edema", 1, 0, 0, 0 }, { "fg.pbc.2", "pbc", "age log(bili) edema", 2, 0, 0, 0 },
	{ "fg.melanoma.cengroup.1", "Melanoma", "age log(thickness)", 1, "sex", 0, 0 },
	{ "fg.melanoma.cengroup.2", "Melanoma", "age log(thickness)", 2, "sex", 0, 0 },
	{ "fgc.melanoma.1", "Melanoma", "sex age log(thickness) ulcer", 1, 0, 1, 0 },
	{ "fgc.melanoma.2", "Melanoma", "sex age log(thickness) ulcer", 2, 0, 1, 0 },
	{ "fgc.mgus2.1", "mgus2", "age sex", 1, 0, 1, 0 }, { "fgc.mgus2.2", "mgus2", "age sex", 2, 0, 1, 0 },
	{ "fgc.bmt.efron.1", "km_bmt", "factor(group) z1", 1, 0, 1, 1 },
	{ "fgc.bmt.efron.2", "km_bmt", "factor(group) z1", 2, 0, 1, 1 },
};

/* The columns of a term list; names[] as R names coefficients. */
static size_t matrix(const struct oracle_csv *d, const char *terms, double *x, char names[8][64])
{
	char list[128], *word, *rest = list;
	size_t p = 0;

	snprintf(list, sizeof list, "%s", terms);
	while ((word = strsep(&rest, " "))) {
		bool factor = !strncmp(word, "factor(", 7), log_ = !strncmp(word, "log(", 4);
		char column[64];
		snprintf(column, sizeof column, "%s", factor ? word + 7 : log_ ? word + 4 : word);
		if (factor || log_)
			column[strlen(column) - 1] = '\0';
		if (factor || !oracle_column(d, column)->is_number) {
			const char *label[64];
			int32_t *code = yg_xalloc(d->n, sizeof *code);
			int levels = oracle_levels(d, column, code, label);
			for (int l = 1; l < levels; l++) {
				snprintf(names[p], 64, "%s%s", word, label[l]);
				for (size_t i = 0; i < d->n; i++)
					x[i * 8 + p] = code[i] == l;
				p++;
			}
			yg_free(code);
		} else {
			snprintf(names[p], 64, "%s", word);
			for (size_t i = 0; i < d->n; i++) {
				double v = oracle_number(d, column)[i];
				x[i * 8 + p] = log_ ? log(v) : v;
			}
			p++;
		}
	}
	return p;
}

static void fit_case(const struct fg_spec *s, struct yg_finegray *fit, char names[8][64])
{
	struct oracle_csv *d = oracle_csv_load(s->data);
	double *wide = yg_xcalloc(d->n * 8, sizeof *wide), *time = yg_xcalloc(d->n, sizeof *time);
	uint8_t *event = yg_xcalloc(d->n, 1);
	int32_t *group = yg_xcalloc(d->n, sizeof *group);
	const char *state[3], *label[64];
	size_t p = matrix(d, s->terms, wide, names), groups = s->cengroup ? (size_t)oracle_levels(d, s->cengroup, group, label) : 1;
	double *x = yg_xcalloc(d->n * p, sizeof *x);
	struct yg_finegray_data data = { .n = d->n, .p = p, .time = time, .event = event, .x = x, .censor_group = s->cengroup ? group : NULL,
	                                 .censor_groups = groups };
	struct yg_finegray_options options = { .cause = s->cause, .no_censoring_term = s->no_censoring_term,
	                                       .efron = s->efron, .events_leave_first = s->no_censoring_term };

	for (size_t i = 0; i < d->n; i++) {
		event[i] = (uint8_t)outcome(d, s->data, i, &time[i], state);
		for (size_t j = 0; j < p; j++)
			x[i * p + j] = wide[i * 8 + j];
	}
	assert_int_equal(yg_finegray_fit(&data, &options, NULL, fit, NULL), YG_OK);
	oracle_csv_free(d);
	yg_free(x);
	yg_free(group);
	yg_free(event);
	yg_free(time);
	yg_free(wide);
}

static void fine_gray(const struct fg_spec *s)
{
	struct yg_finegray fit;
	char names[8][64];

	oracle_case(&o, s->id);
	fit_case(s, &fit, names);
	for (size_t j = 0; j < fit.p; j++) {
		double z = fit.beta[j] / fit.se[j];
		oracle_check(&o, "coef", names[j], fit.beta[j], 1e-6);
		/* crr's sandwich with several censoring groups is not that of the paper group by group: not compared. */
		if (s->cengroup)
			continue;
		if (s->no_censoring_term) {
			oracle_check(&o, "robust_se", names[j], fit.se[j], 1e-6);
			oracle_check(&o, "z", names[j], z, 1e-6);
			oracle_check(&o, "hr", names[j], exp(fit.beta[j]), 1e-6);
			continue;
		}
		oracle_check(&o, "se", names[j], fit.se[j], 1e-6);
		oracle_check(&o, "z", names[j], z, 1e-6);
		oracle_check(&o, "p", names[j], yg_normal_two_sided(z), 1e-6);
		oracle_check(&o, "shr", names[j], exp(fit.beta[j]), 1e-6);
		for (size_t k = 0; k < fit.p; k++) {
			char term[160];
			snprintf(term, sizeof term, "%s|%s", names[j], names[k]);
			oracle_check(&o, "vcov", term, fit.var[j * fit.p + k], 1e-6);
		}
	}
	oracle_check(&o, "loglik", "", fit.loglik, 1e-9);
	oracle_check(&o, "loglik_null", "", fit.loglik_null, 1e-9);
	if (!s->no_censoring_term) {
		oracle_check(&o, "n", "", (double)fit.n, 0);
		oracle_ignore(&o, "shr_lower");
		oracle_ignore(&o, "shr_upper");
	}
	for (size_t i = o.first; i < o.last; i++)
		o.value[i].seen = o.value[i].seen || s->no_censoring_term || s->cengroup;
	yg_finegray_release(&fit);
}

static void fine_gray_after(void)
{
	static const char *const times[] = { "1", "5", "10", "20", "50" };
	static const double at[2][3] = { { 0, 0, 0 }, { 1, -1, 1 } };
	struct yg_finegray fit;
	char names[8][64], term[32];
	double v[4], z[2], det;

	oracle_case(&o, "fg.pred.cibmtr");
	fit_case(&fg_specs[6], &fit, names);
	for (int k = 0; k < 2; k++)
		for (int t = 0; t < 5; t++) {
			snprintf(term, sizeof term, "%s|%s", times[t], k ? "x1m11" : "x000");
			oracle_check(&o, "cif", term, yg_finegray_incidence(&fit, at[k], oracle_number_of(times[t])), 1e-6);
		}
	yg_finegray_release(&fit);
	oracle_case(&o, "fg.wald.bmt");
	fit_case(&fg_specs[4], &fit, names);
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < 2; j++)
			v[i * 2 + j] = fit.var[(size_t)i * fit.p + (size_t)j];
	det = v[0] * v[3] - v[1] * v[2];
	z[0] = (v[3] * fit.beta[0] - v[1] * fit.beta[1]) / det;
	z[1] = (v[0] * fit.beta[1] - v[2] * fit.beta[0]) / det;
	oracle_check(&o, "value", "chisq", z[0] * fit.beta[0] + z[1] * fit.beta[1], 1e-6);
	oracle_check(&o, "value", "df", 2, 0);
	oracle_check(&o, "value", "p", yg_chisq_upper(z[0] * fit.beta[0] + z[1] * fit.beta[1], 2), 1e-6);
	yg_finegray_release(&fit);
}

/* ---- cause-specific hazards ---- */

/* Rows with every term known; the model of one cause by Efron's form. */
static void cause_specific(const char *data, const char *terms, unsigned cause, bool robust, struct yg_cox *fit, char names[8][64])
{
	struct oracle_csv *d = oracle_csv_load(data);
	double *wide = yg_xcalloc(d->n * 8, sizeof *wide), *time = yg_xcalloc(d->n, sizeof *time);
	uint8_t *event = yg_xcalloc(d->n, 1);
	const char *state[3];
	size_t p = matrix(d, terms, wide, names), n = 0;
	double *x = yg_xcalloc(d->n * p, sizeof *x);
	struct yg_cox_options options = { .ties = YG_COX_EFRON, .robust = robust, .max_iterations = -1 };

	for (size_t i = 0; i < d->n; i++) {
		bool known = true;
		for (size_t j = 0; j < p; j++) {
			x[n * p + j] = wide[i * 8 + j];
			known = known && !isnan(wide[i * 8 + j]);
		}
		event[n] = outcome(d, data, i, &time[n], state) == (int)cause;
		n += known;
	}
	struct yg_cox_data c = { .spans = { .n = n, .exit = time, .event = event }, .x = x, .p = p };
	assert_int_equal(yg_cox_fit(&c, &options, NULL, fit, NULL), YG_OK);
	oracle_csv_free(d);
	yg_free(x);
	yg_free(event);
	yg_free(time);
	yg_free(wide);
}

static void cause_specific_cases(void)
{
	static const struct {
		const char *id, *data, *terms;
		unsigned cause;
	} spec[] = { { "csh.cibmtr.1", "cibmtr_bmt", "platelet age tcell", 1 }, { "csh.cibmtr.2", "cibmtr_bmt", "platelet age tcell", 2 },
	             { "csh.mgus2.1", "mgus2", "age sex hgb creat", 1 }, { "csh.mgus2.2", "mgus2", "age sex hgb creat", 2 } };
	struct yg_cox fit;
	char names[8][64], term[80];
	double loglik = 0, null = 0;

	for (size_t k = 0; k < 4; k++) {
		oracle_case(&o, spec[k].id);
		cause_specific(spec[k].data, spec[k].terms, spec[k].cause, false, &fit, names);
		for (size_t j = 0; j < fit.p; j++) {
			oracle_check(&o, "coef", names[j], fit.beta[j], 1e-7);
			oracle_check(&o, "hr", names[j], exp(fit.beta[j]), 1e-7);
			oracle_check(&o, "se", names[j], fit.se[j], 1e-7);
			oracle_check(&o, "z", names[j], fit.beta[j] / fit.se[j], 1e-6);
		}
		oracle_check(&o, "loglik", "", fit.loglik, 1e-9);
		oracle_check(&o, "loglik_null", "", fit.loglik_null, 1e-9);
		oracle_check(&o, "n", "", (double)fit.n, 0);
		oracle_check(&o, "nevent", "", (double)fit.events, 0);
		oracle_check(&o, "lrt", "chisq", fit.lrt.chisq, 1e-7);
		/* Limits, criteria and concordance follow from these; they are compared in the cases of Cox's model. */
		for (size_t i = o.first; i < o.last; i++)
			o.value[i].seen = true;
		yg_cox_release(&fit);
	}
	/* With id= coxph gives robust errors. */
	oracle_case(&o, "csh.multi.mgus2");
	for (unsigned cause = 1; cause <= 2; cause++) {
		cause_specific("mgus2", "age sex", cause, true, &fit, names);
		for (size_t j = 0; j < fit.p; j++) {
			snprintf(term, sizeof term, "%s_1:%u", names[j], cause + 1);
			oracle_check(&o, "coef", term, fit.beta[j], 1e-7);
			oracle_check(&o, "se", term, fit.se[j], 1e-7);
		}
		loglik += fit.loglik;
		null += fit.loglik_null;
		yg_cox_release(&fit);
	}
	oracle_check(&o, "loglik", "1", null, 1e-9);
	oracle_check(&o, "loglik", "2", loglik, 1e-9);
}

/* ---- several states ---- */

static const struct yg_transition competing[] = { { 0, 1 }, { 0, 2 } }, illness[] = { { 0, 1 }, { 0, 2 }, { 1, 2 } };

static void time_in_states(void)
{
	struct spec s = { "aj.rmst.mgus2", "mgus2", "sex", 0, YG_KM_LOG, 0 };
	struct data d;
	struct yg_multistate fit;
	char term[64];

	oracle_case(&o, s.id);
	load(&s, &d);
	uint8_t *from = yg_xcalloc(d.spans.n, 1);
	uint32_t *person = yg_xcalloc(d.spans.n, sizeof *person);
	for (size_t i = 0; i < d.spans.n; i++)
		person[i] = (uint32_t)i;
	struct yg_multistate_data m = { .n = d.spans.n, .exit = d.time, .from = from, .to = d.event, .person = person, .group = d.group,
	                                .groups = d.spans.groups, .states = 3, .transition = competing, .transitions = 2 };
	assert_int_equal(yg_multistate_fit(&m, NULL, &fit, NULL), YG_OK);
	for (size_t g = 0; g < m.groups; g++) {
		struct yg_multistate_at at;
		assert_int_equal(yg_multistate_at(&m, &fit, g, 240, NULL, &at, NULL), YG_OK);
		for (int k = 0; k < 3; k++) {
			snprintf(term, sizeof term, "sex=%s, %s", d.label[g], d.state[k]);
			/* The reference took survfit's last two columns but one: its "se" is the mean, its "rmean" the events. */
			oracle_check(&o, "se", term, at.spent[k], 1e-9);
		}
	}
	oracle_ignore(&o, "rmean");
	yg_multistate_release(&fit);
	yg_free(person);
	yg_free(from);
	unload(&d);
}

static void illness_death(void)
{
	struct oracle_csv *d = oracle_csv_load("rotterdam");
	size_t n = 0;
	double *entry = yg_xcalloc(2 * d->n, sizeof *entry), *end = yg_xcalloc(2 * d->n, sizeof *end);
	uint8_t *from = yg_xcalloc(2 * d->n, 1), *to = yg_xcalloc(2 * d->n, 1);
	uint32_t *person = yg_xcalloc(2 * d->n, sizeof *person);
	struct yg_multistate fit;
	struct yg_multistate_at at[11];

	oracle_case(&o, "aj.illness.rotterdam");
	for (size_t i = 0; i < d->n; i++) {
		double recurrence = oracle_number(d, "rtime")[i], death = oracle_number(d, "dtime")[i];
		bool recurs = oracle_number(d, "recur")[i] == 1, dies = oracle_number(d, "death")[i] == 1;
		if (recurs && recurrence >= death)
			recurrence = death - 0.5;
		person[n] = (uint32_t)i;
		end[n] = recurs ? recurrence : death;
		to[n++] = recurs ? 1 : dies ? 2 : 0;
		if (!recurs)
			continue;
		person[n] = (uint32_t)i;
		entry[n] = recurrence;
		end[n] = death;
		from[n] = 1;
		to[n++] = dies ? 2 : 1;
	}
	struct yg_multistate_data m = { .n = n, .entry = entry, .exit = end, .from = from, .to = to, .person = person, .groups = 1,
	                                .states = 3, .transition = illness, .transitions = 3 };
	assert_int_equal(yg_multistate_fit(&m, NULL, &fit, NULL), YG_OK);
	for (int y = 1; y <= 10; y++)
		assert_int_equal(yg_multistate_at(&m, &fit, 0, 365.25 * y, NULL, &at[y], NULL), YG_OK);
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		const char *t = strstr(v->term, "@t=");
		int y = t ? (int)(oracle_number_of(t + 3) / 365.25 + 0.5) : 0;
		int k = !strncmp(v->term, "/(s0)", 5) ? 0 : !strncmp(v->term, "/recurrence", 11) ? 1 : 2;
		double low, high;
		if (y < 1)
			continue;
		yg_km_limits(at[y].p[k], at[y].se[k], YG_KM_LOG, 0.95, &low, &high);
		if (!strcmp(v->statistic, "pstate"))
			oracle_compare(&o, v, at[y].p[k], 1e-9);
		else if (!strcmp(v->statistic, "se"))
			oracle_compare(&o, v, at[y].se[k], 1e-9);
		else if (!strcmp(v->statistic, "lower"))
			oracle_compare(&o, v, low, 1e-9);
		else if (!strcmp(v->statistic, "upper"))
			oracle_compare(&o, v, high, 1e-9);
	}
	oracle_ignore(&o, "n.risk");
	oracle_ignore(&o, "n.event");
	yg_multistate_release(&fit);
	yg_free(person);
	yg_free(to);
	yg_free(from);
	yg_free(end);
	yg_free(entry);
	oracle_csv_free(d);
}

int main(void)
{
	oracle_open(&o, "cmprsk");
	for (size_t i = 0; i < sizeof fg_specs / sizeof *fg_specs; i++)
		fine_gray(&fg_specs[i]);
	fine_gray_after();
	for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
		struct data d;
		oracle_case(&o, specs[i].id);
		load(&specs[i], &d);
		if (specs[i].id[0] == 'a')
			aalen_johansen(&specs[i], &d);
		else
			gray(&specs[i], &d);
		/* cmprsk's own delta-method variance is another estimator; counts are the sweep's input. */
		oracle_ignore(&o, "var");
		oracle_ignore(&o, "n.risk");
		oracle_ignore(&o, "n.event");
		unload(&d);
	}

	cause_specific_cases();
	time_in_states();
	illness_death();
	return oracle_finish(&o);
}
