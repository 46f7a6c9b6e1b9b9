/* Recurrent events, multi-state models and win ratios against data/events.tsv. */
#include "tests/unit/test.h"

#include "tests/oracle/oracle.h"
#include "yogo/stats/mcf.h"
#include "yogo/stats/multistate.h"
#include "yogo/stats/recurrent.h"
#include "yogo/stats/winratio.h"

#define CLOSED 1e-9
#define ITERATED 1e-7

static struct oracle o;

static double time_of(const char *term)
{
	const char *at = strstr(term, "@t=");
	return at ? oracle_number_of(at + 3) : NAN;
}

/* ---- rows of recurrent events ---- */

struct rows {
	struct oracle_csv *csv;
	size_t n;
	double *entry, *exit, *weight, *x, *since;
	uint8_t *event;
	int32_t *group;
	uint32_t *cluster, *number;
	const char *label[64];
	struct yg_spans spans;
};

static void rows_release(struct rows *r)
{
	yg_free(r->entry);
	yg_free(r->exit);
	yg_free(r->weight);
	yg_free(r->x);
	yg_free(r->since);
	yg_free(r->event);
	yg_free(r->group);
	yg_free(r->cluster);
	yg_free(r->number);
	oracle_csv_free(r->csv);
}

/* bladder1 or cgd; end: the end is told from censoring; late: rows begin at 3 at the earliest, weights by person. */
static void rows_load(struct rows *r, const char *name, bool end, bool late, bool two)
{
	bool bladder = !strcmp(name, "bladder1");
	memset(r, 0, sizeof *r);
	struct oracle_csv *d = r->csv = oracle_csv_load(name);
	const double *start = oracle_number(d, bladder ? "start" : "tstart"), *stop = oracle_number(d, bladder ? "stop" : "tstop");
	const double *status = oracle_number(d, "status"), *id = oracle_number(d, "id");
	int32_t *group = yg_xcalloc(d->n + 1, sizeof *group);
	r->spans.groups = (size_t)oracle_levels(d, bladder ? "treatment" : "treat", group, r->label);
	double **doubles[] = { &r->entry, &r->exit, &r->weight, &r->since };
	for (size_t k = 0; k < 4; k++)
		*doubles[k] = yg_xcalloc(d->n + 1, sizeof(double));
	r->x = yg_xcalloc(3 * d->n + 1, sizeof(double));
	r->event = yg_xcalloc(d->n + 1, 1);
	r->group = yg_xcalloc(d->n + 1, sizeof(int32_t));
	r->cluster = yg_xcalloc(d->n + 1, sizeof(uint32_t));
	r->number = yg_xcalloc(d->n + 1, sizeof(uint32_t));
	uint32_t events = 0;
	double last = NAN, since = 0;
	for (size_t i = 0; i < d->n; i++) {
		double from = late && start[i] < 3 ? 3 : start[i];
		if (!(from < stop[i]) || (two && group[i] == 1))
			continue;
		events = id[i] == last ? events : 0;
		since = id[i] == last ? since : 0;
		last = id[i];
		r->entry[r->n] = from;
		r->exit[r->n] = stop[i];
		r->event[r->n] = status[i] == 1 ? YG_MCF_EVENT : end && status[i] >= 2 ? YG_MCF_END : 0;
		r->group[r->n] = two ? group[i] / 2 : group[i];
		r->cluster[r->n] = (uint32_t)id[i];
		r->spans.clusters = (size_t)id[i] + 1 > r->spans.clusters ? (size_t)id[i] + 1 : r->spans.clusters;
		r->weight[r->n] = 0.5 + (double)((int)id[i] % 4) / 2;
		r->number[r->n] = ++events;
		r->since[r->n] = since;
		events -= status[i] != 1;
		since = status[i] == 1 ? stop[i] : since;
		for (size_t j = 0; bladder && j < 2; j++)
			r->x[3 * r->n + 1 + j] = oracle_number(d, j ? "size" : "number")[i];
		r->x[3 * r->n] = group[i] == 2;
		r->n++;
	}
	r->spans = (struct yg_spans){ .n = r->n, .entry = r->entry, .exit = r->exit, .event = r->event, .group = r->group,
		                      .groups = two ? 2 : r->spans.groups, .cluster = r->cluster, .clusters = r->spans.clusters,
		                      .weight = late ? r->weight : NULL };
	yg_free(group);
}

static void mean_case(const char *id, const char *name, bool end, bool late)
{
	struct rows r;
	struct yg_mcf f;
	struct yg_err err;
	rows_load(&r, name, end, late, false);
	assert_int_equal(yg_mcf_fit(&r.spans, NULL, &f, &err), YG_OK);
	oracle_case(&o, id);
	for (size_t i = o.first; i < o.last; i++)
		for (size_t g = 0; g < f.groups; g++) {
			const struct yg_mcf_curve *c = &f.curve[g];
			size_t length = strlen(r.label[g]);
			if (strncmp(o.value[i].term, r.label[g], length) || o.value[i].term[length] != '@')
				continue;
			ptrdiff_t j = yg_mcf_at(c, time_of(o.value[i].term));
			oracle_compare(&o, &o.value[i], j < 0 ? 0 : (!strcmp(o.value[i].statistic, "mean") ? c->mean : c->se)[j], CLOSED);
		}
	yg_mcf_release(&f);
	rows_release(&r);
}

static void test_case(const char *id, const char *name, bool end, bool two)
{
	struct rows r;
	struct yg_mcf_test t;
	struct yg_err err;
	rows_load(&r, name, end, false, two);
	assert_int_equal(yg_mcf_test(&r.spans, NULL, &t, &err), YG_OK);
	oracle_case(&o, id);
	oracle_check(&o, "value", "chisq", t.statistic, CLOSED);
	oracle_check(&o, "value", "df", t.df, CLOSED);
	oracle_check(&o, "value", "p", t.p, 1e-8);
	if (t.df == 1)
		assert_true(fabs(t.q * t.q / (t.se * t.se) - t.statistic) < 1e-9 * t.statistic);
	rows_release(&r);
}

/* ---- models ---- */

static const char *const term[] = { "rx", "number", "size" };

static void common_case(const char *id, enum yg_recurrent_method method, uint32_t most)
{
	struct rows r;
	struct yg_recurrent_frame f;
	struct yg_cox fit;
	struct yg_err err;
	struct yg_cox_options options = { .ties = YG_COX_EFRON, .robust = true, .max_iterations = -1 };
	rows_load(&r, "bladder1", false, false, true);
	struct yg_recurrent_data d = { { .spans = r.spans, .x = r.x, .p = 3 }, r.number, r.since };
	d.rows.spans.group = NULL;
	uint32_t numbers = most ? yg_recurrent_numbers(&d, most) : 0;
	assert_int_equal(yg_recurrent_frame(&d, method, numbers, 0, &f, &err), YG_OK);
	assert_int_equal(yg_cox_fit(&f.data, &options, NULL, &fit, &err), YG_OK);
	oracle_case(&o, id);
	for (size_t j = 0; j < 3; j++) {
		oracle_check(&o, "coef", term[j], fit.beta[j], ITERATED);
		oracle_check(&o, "se", term[j], fit.se[j], ITERATED);
		oracle_check(&o, "naive", term[j], sqrt(fit.naive[4 * j]), ITERATED);
	}
	yg_cox_release(&fit);
	yg_recurrent_frame_release(&f);
	rows_release(&r);
}

static void specific_case(const char *id, enum yg_recurrent_method method)
{
	struct rows r;
	struct yg_recurrent fit;
	struct yg_recurrent_term all;
	struct yg_err err;
	struct yg_cox_options options = { .ties = YG_COX_EFRON, .robust = true, .max_iterations = -1 };
	char name[64];
	rows_load(&r, "bladder1", false, false, true);
	struct yg_recurrent_data d = { { .spans = r.spans, .x = r.x, .p = 3 }, r.number, r.since };
	d.rows.spans.group = NULL;
	assert_int_equal(yg_recurrent_specific(&d, method, yg_recurrent_numbers(&d, 4), &options, NULL, &fit, &err), YG_OK);
	assert_int_equal(fit.numbers, 4);
	oracle_case(&o, id);
	for (size_t k = 0; k < 4; k++) {
		for (size_t j = 0; j < 3; j++) {
			snprintf(name, sizeof name, "%s|%zu", term[j], k + 1);
			oracle_check(&o, "coef", name, fit.beta[3 * k + j], ITERATED);
			oracle_check(&o, "se", name, fit.se[3 * k + j], ITERATED);
		}
		snprintf(name, sizeof name, "rx|%zu|1", k + 1);
		oracle_check(&o, "cov", name, fit.var[3 * k * 12], ITERATED);
	}
	yg_recurrent_combine(&fit, 0, &all);
	assert_int_equal(all.used, 4);
	oracle_check(&o, "average", "", all.average, ITERATED);
	oracle_check(&o, "average_se", "", all.average_se, ITERATED);
	oracle_check(&o, "equal", "", all.same.chisq, ITERATED);
	oracle_check(&o, "all", "", all.all.chisq, ITERATED);
	yg_recurrent_release(&fit);
	rows_release(&r);
}

/* Wei, Lin and Weissfeld's own numbers come from Breslow's ties; the data sets of R end at the fourth recurrence. */
static void published(void)
{
	struct rows r;
	struct yg_recurrent fit;
	struct yg_err err;
	struct yg_cox_options options = { .ties = YG_COX_BRESLOW, .robust = true, .max_iterations = -1 };
	static const double paper[] = { -0.518, -0.619, -0.700, -0.651 };
	char name[64];
	rows_load(&r, "bladder1", false, false, true);
	struct yg_recurrent_data d = { { .spans = r.spans, .x = r.x, .p = 3 }, r.number, r.since };
	d.rows.spans.group = NULL;
	assert_int_equal(yg_recurrent_specific(&d, YG_RECURRENT_WLW, 4, &options, NULL, &fit, &err), YG_OK);
	oracle_case(&o, "pub.wlw.bladder");
	for (size_t k = 0; k < 4; k++) {
		assert_true(fabs(fit.beta[3 * k] - paper[k]) < 0.0005);
		for (size_t j = 0; j < 3; j++) {
			snprintf(name, sizeof name, "%s|%zu", term[j], k + 1);
			oracle_check(&o, "coef", name, fit.beta[3 * k + j], ITERATED);
		}
	}
	yg_recurrent_release(&fit);
	rows_release(&r);
	common_case("pub.ag.bladder2", YG_RECURRENT_AG, 4);
	common_case("pub.pwpg.bladder2", YG_RECURRENT_PWP_GAP, 4);
}

/* ---- multi-state models ---- */

struct states {
	size_t n;
	double *entry, *exit, *weight, *x;
	uint8_t *from, *to, *event;
	uint32_t *person;
	int32_t *group;
	struct yg_transition move[4];
	const char *state[3], *label[64];
	struct yg_multistate_data data;
};

static void states_release(struct states *s)
{
	yg_free(s->entry);
	yg_free(s->exit);
	yg_free(s->weight);
	yg_free(s->x);
	yg_free(s->from);
	yg_free(s->to);
	yg_free(s->event);
	yg_free(s->person);
	yg_free(s->group);
}

static void states_room(struct states *s, size_t n)
{
	memset(s, 0, sizeof *s);
	double **doubles[] = { &s->entry, &s->exit, &s->weight };
	for (size_t k = 0; k < 3; k++)
		*doubles[k] = yg_xcalloc(n + 1, sizeof(double));
	s->x = yg_xcalloc(2 * n + 1, sizeof(double));
	s->from = yg_xcalloc(n + 1, 1);
	s->to = yg_xcalloc(n + 1, 1);
	s->event = yg_xcalloc(n + 1, 1);
	s->person = yg_xcalloc(n + 1, sizeof(uint32_t));
	s->group = yg_xcalloc(n + 1, sizeof(int32_t));
}

static void states_put(struct states *s, size_t person, double entry, double exit, int from, int to, int32_t group)
{
	size_t i = s->n++;
	s->person[i] = (uint32_t)person;
	s->entry[i] = entry;
	s->exit[i] = exit;
	s->from[i] = (uint8_t)from;
	s->to[i] = (uint8_t)to;
	s->group[i] = group;
	s->weight[i] = 0.5 + (double)((person + 1) % 4) / 2;
}

/* Illness and death: 0 alive, 1 pcm, 2 death; cut > 0: nobody is seen before that month. */
static void load_mgus2(struct states *s, double cut)
{
	struct oracle_csv *d = oracle_csv_load("mgus2");
	const double *ptime = oracle_number(d, "ptime"), *pstat = oracle_number(d, "pstat"), *futime = oracle_number(d, "futime");
	const double *death = oracle_number(d, "death"), *age = oracle_number(d, "age");
	int32_t *sex = yg_xcalloc(d->n, sizeof *sex);
	states_room(s, 2 * d->n);
	oracle_levels(d, "sex", sex, s->label);
	s->label[0] = "F";      /* the file goes */
	s->label[1] = "M";
	for (size_t i = 0; i < d->n; i++) {
		bool pcm = pstat[i] == 1 && (ptime[i] < futime[i] || death[i] != 1);
		double end = pcm ? ptime[i] : futime[i];
		size_t from = s->n;
		if (end > cut)
			states_put(s, i, cut, end, 0, pcm ? 1 : death[i] == 1 ? 2 : 0, sex[i]);
		if (pcm && ptime[i] < futime[i] && ptime[i] >= cut)
			states_put(s, i, ptime[i], futime[i], 1, death[i] == 1 ? 2 : 1, sex[i]);
		for (; from < s->n; from++) {
			s->x[2 * from] = age[i];
			s->x[2 * from + 1] = sex[i];
		}
	}
	const struct yg_transition moves[] = { { 0, 1 }, { 0, 2 }, { 1, 2 } };
	memcpy(s->move, moves, sizeof moves);
	const char *const names[] = { "(s0)", "pcm", "death" };
	memcpy(s->state, names, sizeof names);
	s->data = (struct yg_multistate_data){ s->n, s->entry, s->exit, s->from, s->to, s->person, NULL, NULL, 1, 3, s->move, 3 };
	yg_free(sex);
	oracle_csv_free(d);
}

/* Even and odd numbers of recurrences, and the end. */
static void load_bladder(struct states *s)
{
	struct rows r;
	rows_load(&r, "bladder1", true, false, false);
	states_room(s, r.n);
	for (size_t i = 0; i < r.n; i++) {
		int odd = (int)(r.number[i] - 1) % 2;
		states_put(s, r.cluster[i], r.entry[i], r.exit[i], odd, r.event[i] == YG_MCF_EVENT ? 1 - odd : r.event[i] ? 2 : odd, 0);
	}
	const struct yg_transition moves[] = { { 0, 1 }, { 1, 0 }, { 0, 2 }, { 1, 2 } };
	memcpy(s->move, moves, sizeof moves);
	const char *const names[] = { "even", "odd", "end" };
	memcpy(s->state, names, sizeof names);
	s->data = (struct yg_multistate_data){ s->n, s->entry, s->exit, s->from, s->to, s->person, NULL, NULL, 1, 3, s->move, 4 };
	rows_release(&r);
}

/* "sex=F/pcm@t=60", "/1.2@t=3", "3@t=12": group, state or move. */
static double look(const struct states *s, const struct yg_multistate_at *a, const char *statistic, const char *text)
{
	const char *slash = strchr(text, '/'), *name = slash ? slash + 1 : text;
	size_t length = strcspn(name, "@");
	if (!strcmp(statistic, "hazard") || !strcmp(statistic, "se_hazard"))
		return (*statistic == 'h' ? a->hazard : a->hazard_se)[name[0] - '1'];
	if (!strcmp(statistic, "cumhaz")) {
		for (size_t k = 0; k < s->data.transitions; k++)
			if (s->move[k].from == name[0] - '1' && s->move[k].to == name[2] - '1')
				return a->hazard[k];
		return NAN;
	}
	for (size_t h = 0; h < 3; h++)
		if (strlen(s->state[h]) == length && !strncmp(s->state[h], name, length))
			return !strcmp(statistic, "pstate") ? a->p[h] : !strcmp(statistic, "se") ? a->se[h] : (double)a->at_risk[h];
	return NAN;
}

static void states_case(const char *id, struct states *s, double tau, double from)
{
	struct yg_multistate f;
	struct yg_multistate_at a;
	struct yg_err err;
	bool weighted = s->data.weight != NULL;
	assert_int_equal(yg_multistate_fit(&s->data, NULL, &f, &err), YG_OK);
	oracle_case(&o, id);
	for (size_t i = o.first; i < o.last; i++) {
		struct oracle_value *v = &o.value[i];
		for (size_t g = 0; g < f.groups; g++) {
			char head[64];
			snprintf(head, sizeof head, "sex=%s", f.groups > 1 ? s->label[g] : "");
			if (f.groups > 1 && strncmp(v->term, head, strlen(head)))
				continue;
			if (strstr(v->statistic, "rmean")) {
				const char *comma = strstr(v->term, ", "), *name = comma ? comma + 2 : v->term;
				assert_int_equal(yg_multistate_at(&s->data, &f, g, tau, NULL, &a, &err), YG_OK);
				for (size_t h = 0; h < 3; h++)
					if (!strcmp(s->state[h], name))
						oracle_compare(&o, v, *v->statistic == 's' ? a.spent_se[h] : a.spent[h] - (h ? 0 : from), CLOSED);
				continue;
			}
			assert_int_equal(yg_multistate_at(&s->data, &f, g, time_of(v->term), NULL, &a, &err), YG_OK);
			if (!strcmp(v->statistic, "n.risk") && weighted)
				v->seen = true;         /* weights there, rows here */
			else
				oracle_compare(&o, v, look(s, &a, v->statistic, v->term), CLOSED);
		}
	}
	yg_multistate_release(&f);
}

static void cox_case(struct states *s)
{
	struct yg_err err;
	char name[32];
	oracle_case(&o, "mscox.mgus2");
	for (size_t k = 0; k < 3; k++) {
		struct yg_cox fit;
		size_t n = 0;
		double *entry = yg_xcalloc(2 * s->n, sizeof *entry), *exit = entry + s->n, *x = yg_xcalloc(2 * s->n, sizeof *x);
		for (size_t i = 0; i < s->n; i++)
			if (s->from[i] == s->move[k].from) {
				entry[n] = s->entry[i];
				exit[n] = s->exit[i];
				s->event[n] = s->to[i] == s->move[k].to;
				memcpy(x + 2 * n++, s->x + 2 * i, 2 * sizeof *x);
			}
		struct yg_cox_data d = { .spans = { .n = n, .entry = entry, .exit = exit, .event = s->event }, .x = x, .p = 2 };
		struct yg_cox_options options = { .ties = YG_COX_EFRON, .max_iterations = -1 };
		assert_int_equal(yg_cox_fit(&d, &options, NULL, &fit, &err), YG_OK);
		for (size_t j = 0; j < 2; j++) {
			snprintf(name, sizeof name, "%s|%zu", j ? "sexM" : "age", k + 1);
			oracle_check(&o, "coef", name, fit.beta[j], ITERATED);
			oracle_check(&o, "se", name, fit.se[j], ITERATED);
		}
		yg_cox_release(&fit);
		yg_free(entry);
		yg_free(x);
	}
}

static void all_states(void)
{
	struct states s;
	load_mgus2(&s, 0);
	s.data.group = s.group;
	s.data.groups = 2;
	states_case("ms.mgus2.sex", &s, 240, 1);
	s.data.group = NULL;
	s.data.weight = s.weight;
	states_case("ms.mgus2.weight", &s, 240, 1);
	cox_case(&s);
	states_release(&s);
	load_mgus2(&s, 24);
	states_case("ms.mgus2.late", &s, 240, 25);   /* R counts from the first time */
	states_release(&s);
	load_bladder(&s);
	states_case("ms.bladder1", &s, 36, 1);
	states_release(&s);
}

/* ---- win ratios ---- */

static void win_case(const char *id, unsigned levels, bool strata)
{
	struct oracle_csv *d = oracle_csv_load("colon");
	const double *etype = oracle_number(d, "etype"), *time = oracle_number(d, "time"), *status = oracle_number(d, "status");
	const double *number = oracle_number(d, "id"), *sex = oracle_number(d, "sex"), *extent = oracle_number(d, "extent");
	size_t n = 0, most = d->n / 2;
	double *t[3];
	uint8_t *e[3];
	int8_t *arm = yg_xcalloc(most, 1);
	int32_t *stratum = yg_xcalloc(most, sizeof *stratum);
	struct yg_winratio w;
	struct yg_err err;
	char name[32];
	for (size_t k = 0; k < 3; k++) {
		t[k] = yg_xcalloc(most, sizeof(double));
		e[k] = yg_xcalloc(most, 1);
	}
	for (size_t i = 0; i < d->n; i++) {
		size_t at = (size_t)number[i] - 1, k = etype[i] == 2 ? 0 : 1;
		t[k][at] = time[i];
		e[k][at] = status[i] == 1;
		t[2][at] = 50 * ((int)number[i] % 40 + 1);
		e[2][at] = (int)number[i] % 3 > 0;
		arm[at] = (int8_t)sex[i];
		stratum[at] = (int32_t)extent[i] - 1;
		n = at + 1 > n ? at + 1 : n;
	}
	struct yg_winratio_data data = { n, levels, (const double *const *)t, (const uint8_t *const *)e, arm, strata ? stratum : NULL, 4 };
	assert_int_equal(yg_winratio_fit(&data, NULL, &w, &err), YG_OK);
	oracle_case(&o, id);
	for (unsigned l = 0; l < levels; l++) {
		snprintf(name, sizeof name, "win%u", l + 1);
		oracle_check(&o, "pairs", name, (double)w.win[l], CLOSED);
		snprintf(name, sizeof name, "loss%u", l + 1);
		oracle_check(&o, "pairs", name, (double)w.loss[l], CLOSED);
	}
	oracle_check(&o, "pairs", "tie", (double)w.ties, CLOSED);
	oracle_check(&o, "ratio", "", w.ratio.estimate, CLOSED);
	oracle_check(&o, "ratio_se_log", "", w.ratio.se, CLOSED);
	oracle_check(&o, "rd", "", w.rd.estimate, CLOSED);
	oracle_check(&o, "rd_se", "", w.rd.se, CLOSED);
	oracle_check(&o, "odds", "", w.odds.estimate, CLOSED);
	oracle_check(&o, "odds_se_log", "", w.odds.se, CLOSED);
	for (size_t k = 0; k < 3; k++) {
		yg_free(t[k]);
		yg_free(e[k]);
	}
	yg_free(arm);
	yg_free(stratum);
	oracle_csv_free(d);
}

int main(void)
{
	oracle_open(&o, "events");
	mean_case("mcf.bladder1", "bladder1", false, false);
	mean_case("mcf.cgd", "cgd", false, false);
	mean_case("mcf.bladder1.end", "bladder1", true, false);
	mean_case("mcf.bladder1.end.late", "bladder1", true, true);
	test_case("pst.cgd", "cgd", false, false);
	test_case("pst.bladder1", "bladder1", false, false);
	test_case("pst.bladder1.end", "bladder1", true, true);
	common_case("ag.bladder", YG_RECURRENT_AG, 0);
	common_case("pwpt.bladder", YG_RECURRENT_PWP_TOTAL, 4);
	common_case("pwpg.bladder", YG_RECURRENT_PWP_GAP, 4);
	common_case("wlw.bladder", YG_RECURRENT_WLW, 4);
	specific_case("pwpt.bladder.specific", YG_RECURRENT_PWP_TOTAL);
	specific_case("pwpg.bladder.specific", YG_RECURRENT_PWP_GAP);
	specific_case("wlw.bladder.specific", YG_RECURRENT_WLW);
	published();
	all_states();
	win_case("wr.colon.1", 1, false);
	win_case("wr.colon.2", 2, false);
	win_case("wr.colon.3", 3, false);
	win_case("wr.colon.strata", 2, true);
	return oracle_finish(&o);
}
