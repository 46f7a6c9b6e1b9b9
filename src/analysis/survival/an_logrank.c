/* logrank: tests whether groups have the same survival. */
#include <math.h>
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/adjust.h"
#include "yogo/stats/logrank.h"
#include "yogo/stats/maxcombo.h"

#define OPERATION_VERSION 1

struct lr_work {
	const struct yg_an_logrank *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_logrank_options options;
	enum yg_padjust adjust;
	const char *name, *title;
	bool maxcombo;
	size_t parts;
};

static enum yg_status read_options(struct lr_work *w, struct yg_err *err)
{
	static const struct {
		const char *word, *title;
		enum yg_logrank_kind kind;
	} known[] = { { "logrank", N_("log-rank"), YG_LOGRANK_MANTEL }, { "gehan", N_("Gehan-Breslow"), YG_LOGRANK_GEHAN },
		      { "tarone", N_("Tarone-Ware"), YG_LOGRANK_TARONE }, { "fh", N_("Fleming-Harrington"),
		                                                           YG_LOGRANK_FLEMING } };
	const struct yg_an_logrank *r = w->r;
	bool powers = r->rho != 0 || r->gamma != 0;
	const char *method = r->method ? r->method : powers ? "fh" : "logrank";
	size_t i = 0;
	if (powers && !strcmp(method, "logrank"))
		method = "fh";
	w->maxcombo = !strcmp(method, "maxcombo");
	if (w->maxcombo && r->trend)
		return yg_fail(err, YG_REFUSED, "E-SUR-321", N_("MaxCombo has no test for trend"));
	while (i < 4 && strcmp(known[i].word, w->maxcombo ? "logrank" : method))
		i++;
	if (i == 4)
		return yg_fail(err, YG_REFUSED, "E-SUR-020", N_("method=%s is not available; method is logrank, gehan, tarone, fh or maxcombo"), method);
	if (powers && (w->maxcombo || known[i].kind != YG_LOGRANK_FLEMING))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-021", N_("rho and gamma belong to method=fh, not to %s"), method);
	w->options = (struct yg_logrank_options){ known[i].kind, r->rho, r->gamma, NULL };
	w->name = w->maxcombo ? "maxcombo" : known[i].word;
	w->title = w->maxcombo ? N_("MaxCombo") : known[i].title;
	w->adjust = YG_PADJUST_NONE;
	if (r->padjust && !yg_padjust_parse(r->padjust, &w->adjust))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-022", N_("there is no adjustment %s of p values"), r->padjust);
	if (r->frequency)
		return yg_fail(err, YG_REFUSED, "E-SUR-023", N_("logrank does not take freq; use weight, or one row a person"));
	return YG_OK;
}

static void groups_table(struct lr_work *w, const struct an_surv *s, const struct yg_logrank *t)
{
	struct yg_raw_table *table = yg_raw_table(w->raw, an_key(&w->arena, "groups", w->parts),
	                                          an_surv_subtitle(s, N_("Observed and expected"), &w->arena));
	bool plain = w->options.kind == YG_LOGRANK_MANTEL && !s->weight;
	yg_raw_column(table, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(table, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(table, "observed", plain ? N_("observed") : N_("observed, weighted"), YG_ROLE_WEIGHTED, NULL);
	yg_raw_column(table, "expected", plain ? N_("expected") : N_("expected, weighted"), YG_ROLE_WEIGHTED, NULL);
	for (size_t g = 0; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g);
		int row = yg_raw_row(table, s->group_label[g], s->group_words[g], 0);
		yg_raw_int(table, row, 0, (int64_t)s->group_persons[g], an_part(s->group_persons[g], s->set->persons));
		yg_raw_int(table, row, 1, (int64_t)t->events[g], e);
		yg_raw_num(table, row, 2, t->observed[g], e);
		yg_raw_num(table, row, 3, t->expected[g], e);
		yg_raw_decimals(table, row, 2, plain ? 0 : 2);
		yg_raw_decimals(table, row, 3, 2);
	}
}

static void test_row(struct yg_raw_table *t, const char *key, const char *label, double chisq, int df, double p,
                     struct yg_evidence e)
{
	int row = yg_raw_row(t, key, label, 0);
	if (isnan(p)) {
		for (int c = 0; c < 3; c++)
			yg_raw_missing(t, row, c, N_("nothing to compare"));
		return;
	}
	yg_raw_num(t, row, 0, chisq, e);
	yg_raw_int(t, row, 1, df, YG_NOBODY);
	yg_raw_num(t, row, 2, p, e);
}

static void tests_table(struct lr_work *w, const struct an_surv *s, const struct yg_logrank *t)
{
	struct yg_raw_table *table = yg_raw_table(w->raw, an_key(&w->arena, "tests", w->parts),
	                                          an_surv_subtitle(s, N_("Test of equal survival"), &w->arena));
	yg_raw_column(table, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(table, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(table, "p", N_("p"), YG_ROLE_P, NULL);
	test_row(table, w->name, w->title, t->chisq, t->df, t->p, an_surv_everybody(s));
	if (w->r->trend)
		test_row(table, "trend", N_("trend over the groups in order"), t->trend_chisq, 1, t->trend_p,
		         an_surv_everybody(s));
}

/* MaxCombo of two groups: the test, and the statistics it is the largest of. */
static void maxcombo_tables(struct lr_work *w, const struct an_surv *s, const struct yg_maxcombo *m)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "tests", w->parts),
	                                      an_surv_subtitle(s, N_("Test of equal survival"), &w->arena));
	struct yg_evidence e = an_surv_everybody(s);
	yg_raw_column(t, "statistic", N_("largest |z|"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	int row = yg_raw_row(t, w->name, w->title, 0);
	if (isnan(m->p)) {
		yg_raw_missing(t, row, 0, N_("nothing to compare"));
		yg_raw_text(t, row, 1, "");
		return;
	}
	yg_raw_num(t, row, 0, m->statistic, e);
	yg_raw_num(t, row, 1, m->p, e);
	t = yg_raw_table(w->raw, an_key(&w->arena, "components", w->parts), an_surv_subtitle(s, N_("The statistics it is made of"), &w->arena));
	yg_raw_column(t, "z", N_("z"), YG_ROLE_STATISTIC, NULL);
	for (int k = 0; k < YG_MAXCOMBO_WEIGHTS; k++) {
		const char *key = yg_arena_printf(&w->arena, "fh(%g,%g)", yg_maxcombo_rho[k], yg_maxcombo_gamma[k]);
		row = yg_raw_row(t, key, yg_phrase_data(&w->arena, key), 0);
		if (isnan(m->z[k]))
			yg_raw_missing(t, row, 0, N_("not estimable: its weight is 0 at every event"));
		else
			yg_raw_num(t, row, 0, m->z[k], e);
	}
}

static enum yg_status pair_tests(struct lr_work *w, const struct an_surv *s, size_t pairs, double *statistic, double *p,
                                 struct yg_err *err)
{
	if (!w->maxcombo)
		return yg_logrank_pairwise(&s->spans, &w->options, w->task, statistic, p, err);
	struct yg_maxcombo *m = yg_xcalloc(pairs + 1, sizeof *m);
	enum yg_status status = yg_maxcombo_test(&s->spans, w->task, m, err);
	for (size_t k = 0; status == YG_OK && k < pairs; k++) {
		statistic[k] = m[k].statistic;
		p[k] = m[k].p;
	}
	yg_free(m);
	return status;
}

static enum yg_status pairs_table(struct lr_work *w, const struct an_surv *s, struct yg_err *err)
{
	size_t pairs = s->groups * (s->groups - 1) / 2, at = 0;
	double *chisq = yg_xcalloc(3 * pairs + 1, sizeof *chisq), *p = chisq + pairs, *adjusted = p + pairs;
	enum yg_status status = pair_tests(w, s, pairs, chisq, p, err);
	if (status != YG_OK) {
		yg_free(chisq);
		return status;
	}
	yg_padjust(w->adjust, p, pairs, adjusted);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "pairwise", w->parts),
	                                      an_surv_subtitle(s, N_("Each pair on its own rows"), &w->arena));
	yg_raw_column(t, "statistic", w->maxcombo ? N_("largest |z|") : N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	if (w->adjust != YG_PADJUST_NONE)
		yg_raw_column(t, "p_adjusted", N_("p adjusted"), YG_ROLE_P, NULL);
	for (size_t h = 1; h < s->groups; h++)
		for (size_t g = 0; g < h; g++, at++) {
			const char *key = yg_arena_printf(&w->arena, "%s vs %s", s->group_label[g], s->group_label[h]);
			int row = yg_raw_row_data(t, key, key, 0);
			struct yg_evidence a = an_surv_group_evidence(s, g), b = an_surv_group_evidence(s, h);
			struct yg_evidence e = { a.persons + b.persons, a.events + b.events, 0 };
			if (isnan(p[at])) {
				yg_raw_missing(t, row, 0, N_("nothing to compare"));
				yg_raw_text(t, row, 1, "");
				if (w->adjust != YG_PADJUST_NONE)
					yg_raw_text(t, row, 2, "");
				continue;
			}
			yg_raw_num(t, row, 0, chisq[at], e);
			yg_raw_num(t, row, 1, p[at], e);
			if (w->adjust != YG_PADJUST_NONE)
				yg_raw_num(t, row, 2, adjusted[at], e);
		}
	yg_free(chisq);
	return YG_OK;
}

static void notes(struct lr_work *w, const struct an_surv *s)
{
	struct yg_raw *raw = w->raw;
	struct yg_raw_note *n;
	an_surv_notes(raw, s, &w->r->in);
	if (w->maxcombo) {
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            N_("largest of the Fleming-Harrington statistics (0,0), (0,1), (1,0), (1,1); two-sided p from their joint normal "
		               "distribution, by numerical integration"));
		if (s->groups == 2) {
			n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("z above 0: more events than expected in {1}"));
			yg_raw_note_text(n, s->group_words[1]);
		}
	} else if (w->options.kind == YG_LOGRANK_FLEMING) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION,
		                N_("Fleming-Harrington weights S(t-)^{1} (1 - S(t-))^{2}, S from all groups together; hypergeometric variance"));
		yg_raw_note_num(n, YG_ROLE_CRITERION, w->options.rho, YG_NOBODY);
		yg_raw_note_num(n, YG_ROLE_CRITERION, w->options.gamma, YG_NOBODY);
	} else {
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            w->options.kind == YG_LOGRANK_MANTEL ? N_("all event times weigh alike; hypergeometric variance") :
		            w->options.kind == YG_LOGRANK_GEHAN ? N_("event times weighed by the number at risk; hypergeometric variance") :
		                                                  N_("event times weighed by the root of the number at risk; hypergeometric variance"));
	}
	if (s->probability)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("with weights the variance is that of Xie and Liu (2005)"));
	if (w->r->trend)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("trend: scores 1, 2, 3 ... in the order of the groups"));
	if (w->r->pairwise) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("pairwise p values adjusted: {1}"));
		yg_raw_note_text(n, w->adjust == YG_PADJUST_NONE ? N_("none") : yg_padjust_name(w->adjust));
	}
	if (s->competing_rows) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("{1} competing events were censored: the test is of the cause-specific hazards"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)s->competing_rows, an_persons(s->set->persons));
	}
}

static enum yg_status logrank_part(struct lr_work *w, const struct yg_endpoint *e, const struct yg_node *crossing,
                                   struct yg_err *err)
{
	const struct yg_an_logrank *r = w->r;
	const struct an_surv_request ask = { .in = &r->in, .endpoint = e, .crossing = crossing, .strata = r->strata,
	                                    .landmark = r->landmark, .verb = "logrank", .kinds = true };
	struct an_surv s;
	struct yg_logrank t;
	struct yg_maxcombo m;
	YG_TRY(an_surv_build(&ask, w->task, &s, err));
	s.several = w->r->of.count * an_crossings(w->r->in.by) > 1;
	enum yg_status status = an_surv_independent(&s, "logrank", err);
	if (status == YG_OK && s.groups < 2) {
		status = YG_REFUSED;
		yg_fail(err, status, "E-SUR-024", N_("%s has one group only (%s): there is nothing to compare"),
		        s.by_title, s.group_label[0]);
		yg_err_hint(err, N_("Look at where and at the values of the column with describe."));
	}
	if (status == YG_OK && w->maxcombo && s.groups > 2 && !r->pairwise) {
		status = YG_REFUSED;
		yg_fail(err, status, "E-SUR-320", N_("MaxCombo compares two groups; %s has %llu"), s.by_title, (unsigned long long)s.groups);
		yg_err_hint(err, N_("Add pairwise (and padjust) to compare every two, or choose two with where."));
	}
	if (status == YG_OK && w->maxcombo && s.groups == 2)
		status = yg_maxcombo_test(&s.spans, w->task, &m, err);
	if (status == YG_OK)
		status = yg_logrank_test(&s.spans, &w->options, w->task, &t, err);
	if (status == YG_OK) {
		if (!w->parts)
			yg_raw_title(w->raw, an_surv_title(&s, w->title, &w->arena));
		if (!w->maxcombo)
			tests_table(w, &s, &t);
		else if (s.groups == 2)
			maxcombo_tables(w, &s, &m);
		groups_table(w, &s, &t);
		if (r->pairwise)
			status = pairs_table(w, &s, err);
		if (status == YG_OK)
			notes(w, &s);
		w->parts++;
		yg_logrank_release(&t);
	}
	an_surv_release(&s);
	return status;
}

enum yg_status yg_an_logrank(const struct yg_an_logrank *request, struct yg_task *task, struct yg_raw **out,
                             struct yg_err *err)
{
	struct lr_work w = { .r = request, .task = task };
	if (!request->in.by || !request->in.by->children) {
		yg_fail(err, YG_ESYNTAX, "E-SUR-025", N_("logrank compares groups: which?"));
		yg_err_hint(err, N_("Write by and the column of the groups: logrank os by rx"));
		return YG_ESYNTAX;
	}
	YG_TRY(read_options(&w, err));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("logrank", OPERATION_VERSION);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->of.count; i++)
		for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++)
			s = logrank_part(&w, request->of.endpoint[i], an_crossing(request->in.by, k), err);
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
