/* recur: mean cumulative function of recurrent events by group.  The models are in an_recur_model.c. */
#include <math.h>
#include <string.h>

#include "an_recur_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/mcf.h"

#define OPERATION_VERSION 1
#define MOST_POINTS 5000u

struct means {
	struct an_recur *w;
	struct an_surv s;
	struct yg_arena arena;
	size_t index;
	uint8_t *code;                /* [n] 0, YG_MCF_EVENT, YG_MCF_END */
	struct yg_spans spans;
	struct yg_mcf fit;
	double at[AN_MOST_TIMES];
	size_t ats;
	bool ends;
	uint64_t *ends_of;            /* [groups] */
	uint64_t *risk;               /* [(ats + 1) * groups] at risk at each time asked, and at the last of each group */
};

static const char *key(struct means *m, const char *base)
{
	return an_key(&m->arena, base, m->index);
}

/* ---- data ---- */

static enum yg_status set_up(struct means *m, const struct yg_node *crossing, struct yg_err *err)
{
	const struct yg_an_recur *r = m->w->r;
	struct an_surv_request ask = { .in = &r->in, .endpoint = r->endpoint, .crossing = crossing, .strata = r->strata,
		                       .cluster = r->cluster, .verb = "recur", .robust = true };
	struct an_surv *s = &m->s;
	YG_TRY(an_surv_build(&ask, m->w->task, s, err));
	m->w->built = true;
	YG_TRY(an_surv_independent(s, "recur", err));
	size_t n = s->set->n;
	m->code = yg_data_alloc(n + 1, 1);
	if (!m->code)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while events were counted"));
	m->ends_of = yg_arena_alloc(&m->arena, s->groups + 1, sizeof *m->ends_of);
	for (size_t i = 0; i < n; i++) {
		uint8_t status = s->set->status[i];
		m->code[i] = status == 0 ? 0 : status == 1 ? YG_MCF_EVENT : YG_MCF_END;
		m->ends = m->ends || status > 1;
		m->ends_of[s->group[i]] += status > 1;
	}
	m->spans = s->spans;
	m->spans.event = m->code;
	m->spans.continues = NULL;
	YG_TRY(yg_mcf_fit(&m->spans, m->w->task, &m->fit, err));
	YG_TRY(an_events_times(r->endpoint, r->at, m->at, &m->ats, err));
	/* With no time asked: the last at which every group is still looked at. */
	for (size_t g = 0; !r->at && g < s->groups; g++) {
		double last = m->fit.curve[g].last;
		m->at[0] = g ? fmin(m->at[0], last) : last;
		m->ats = 1;
	}
	return YG_OK;
}

static void count_at_risk(struct means *m)
{
	const struct yg_set *set = m->s.set;
	size_t groups = m->s.groups;
	m->risk = yg_arena_alloc(&m->arena, (m->ats + 1) * groups + 1, sizeof *m->risk);
	for (size_t i = 0; i < set->n; i++) {
		size_t g = (size_t)m->s.group[i];
		for (size_t j = 0; j < m->ats; j++)
			m->risk[j * groups + g] += set->exit[i] >= m->at[j] && (!set->entry || set->entry[i] < m->at[j] || m->at[j] <= 0);
		m->risk[m->ats * groups + g] += set->exit[i] >= m->fit.curve[g].last;
	}
}

/* Mean with its error at t; false beyond the last time anybody of the group was looked at. */
static bool value(const struct means *m, size_t g, double t, double *mean, double *se)
{
	const struct yg_mcf_curve *c = &m->fit.curve[g];
	ptrdiff_t j = yg_mcf_at(c, t);
	*mean = j < 0 ? 0 : c->mean[j];
	*se = j < 0 ? 0 : c->se[j];
	return t <= c->last;
}

/* ---- tables ---- */

static void groups_table(struct means *m)
{
	const struct an_surv *s = &m->s;
	struct yg_raw_table *t = yg_raw_table(m->w->raw, key(m, "groups"), an_surv_subtitle(s, N_("Events"), &m->arena));
	const char *unit = an_events_unit(s);
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "with_event", N_("persons with one"), YG_ROLE_PERSONS, NULL);
	if (m->ends)
		yg_raw_column(t, "ends", N_("ended by the competing event"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "time", N_("time at risk"), YG_ROLE_PERSON_TIME, unit);
	yg_raw_column(t, "rate", N_("events over time"), YG_ROLE_ESTIMATE, NULL);
	for (size_t g = 0; g < s->groups; g++) {
		struct yg_evidence e = an_surv_group_evidence(s, g);
		int row = s->by_title ? yg_raw_row(t, s->group_label[g], s->group_words[g], 0) : yg_raw_row(t, "all", N_("all"), 0), c = 0;
		double time = an_surv_shown(s, s->group_time[g]);
		yg_raw_int(t, row, c++, (int64_t)s->group_persons[g], an_persons(s->group_persons[g]));
		yg_raw_int(t, row, c++, (int64_t)s->group_event_rows[g], e);
		yg_raw_int(t, row, c++, (int64_t)s->group_events[g], an_part(s->group_events[g], s->group_persons[g]));
		if (m->ends)
			yg_raw_int(t, row, c++, (int64_t)m->ends_of[g], an_part(m->ends_of[g], s->group_persons[g]));
		yg_raw_num(t, row, c++, time, e);
		if (time > 0)
			yg_raw_num(t, row, c, (double)s->group_event_rows[g] / time, e);
		else
			yg_raw_missing(t, row, c, N_("no time at risk"));
	}
}

static const char *at_key(struct means *m, size_t g, double t)
{
	return yg_arena_printf(&m->arena, "%s@%s", m->s.group_label[g], an_events_number(&m->arena, an_surv_shown(&m->s, t)));
}

static void mean_table(struct means *m)
{
	const struct an_surv *s = &m->s;
	struct yg_raw_table *t = yg_raw_table(m->w->raw, key(m, "mean"), an_surv_subtitle(s, N_("Mean number of events"), &m->arena));
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_events_unit(s));
	yg_raw_column(t, "at_risk", N_("at risk"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "estimate", N_("mean number"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t g = 0; g < s->groups; g++)
		for (size_t j = 0; j < m->ats; j++) {
			struct yg_evidence e = an_surv_group_evidence(s, g);
			double mean, se;
			uint64_t n = m->risk[j * s->groups + g];
			int row = s->by_title ? yg_raw_row(t, at_key(m, g, m->at[j]), s->group_words[g], 0) :
			                        yg_raw_row(t, at_key(m, g, m->at[j]), N_("all"), 0);
			yg_raw_num(t, row, 0, an_surv_shown(s, m->at[j]), e);
			yg_raw_int(t, row, 1, (int64_t)n, an_part(n, s->group_persons[g]));
			if (!value(m, g, m->at[j], &mean, &se)) {
				an_events_missing(t, row, 2, 5, N_("beyond the last time"));
				continue;
			}
			yg_raw_num(t, row, 2, mean, e);
			if (!(mean > 0)) {
				an_events_missing(t, row, 3, 5, N_("no event yet"));
				continue;
			}
			yg_raw_num(t, row, 3, se, e);
			yg_raw_num(t, row, 4, mean * yg_exp(-m->w->critical * se / mean), e);
			yg_raw_num(t, row, 5, mean * yg_exp(m->w->critical * se / mean), e);
		}
}

static void difference_table(struct means *m)
{
	const struct an_surv *s = &m->s;
	double z = m->w->critical;
	if (s->groups < 2)
		return;
	struct yg_raw_table *t = yg_raw_table(m->w->raw, key(m, "difference"), yg_phrase(&m->arena, N_("Against %s"), s->group_label[0]));
	static const struct {
		const char *key, *label;
		enum yg_role role;
	} columns[] = { { "time", N_("time"), YG_ROLE_TIME }, { "difference", N_("difference"), YG_ROLE_ESTIMATE },
		        { "lower", N_("lower"), YG_ROLE_LOWER }, { "upper", N_("upper"), YG_ROLE_UPPER }, { "p", N_("p"), YG_ROLE_P },
		        { "ratio", N_("ratio"), YG_ROLE_ESTIMATE }, { "ratio_lower", N_("lower"), YG_ROLE_LOWER },
		        { "ratio_upper", N_("upper"), YG_ROLE_UPPER } };
	for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
		yg_raw_column(t, columns[k].key, columns[k].label, columns[k].role, k ? NULL : an_events_unit(s));
	for (size_t g = 1; g < s->groups; g++)
		for (size_t j = 0; j < m->ats; j++) {
			struct yg_evidence e = an_surv_group_evidence(s, g), first = an_surv_group_evidence(s, 0);
			double a, va, b, vb;
			int row = yg_raw_row(t, at_key(m, g, m->at[j]), s->group_words[g], 0);
			e = first.persons < e.persons ? first : e;
			yg_raw_num(t, row, 0, an_surv_shown(s, m->at[j]), e);
			bool known = value(m, g, m->at[j], &a, &va), other = value(m, 0, m->at[j], &b, &vb);
			double se = sqrt(va * va + vb * vb);
			if (!known || !other || !(se > 0)) {
				an_events_missing(t, row, 1, 7, known && other ? N_("no event yet") : N_("beyond the last time"));
				continue;
			}
			yg_raw_num(t, row, 1, a - b, e);
			yg_raw_num(t, row, 2, a - b - z * se, e);
			yg_raw_num(t, row, 3, a - b + z * se, e);
			yg_raw_num(t, row, 4, yg_normal_two_sided((a - b) / se), e);
			if (!(a > 0) || !(b > 0)) {
				an_events_missing(t, row, 5, 7, N_("no event yet"));
				continue;
			}
			double spread = sqrt(va * va / (a * a) + vb * vb / (b * b));
			yg_raw_num(t, row, 5, a / b, e);
			yg_raw_num(t, row, 6, a / b * yg_exp(-z * spread), e);
			yg_raw_num(t, row, 7, a / b * yg_exp(z * spread), e);
		}
}

static enum yg_status test_table(struct means *m, struct yg_err *err)
{
	struct yg_mcf_test test;
	if (m->s.groups < 2)
		return YG_OK;
	if (m->s.groups > YG_MCF_MOST_GROUPS) {
		yg_raw_note(m->w->raw, YG_NOTE_WARNING, N_("too many groups to be tested"));
		return YG_OK;
	}
	YG_TRY(yg_mcf_test(&m->spans, m->w->task, &test, err));
	struct yg_raw_table *t = yg_raw_table(m->w->raw, key(m, "test"), an_surv_subtitle(&m->s, N_("Test of equal means"), &m->arena));
	yg_raw_column(t, "statistic", N_("chi-squared"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	int row = yg_raw_row(t, "pseudo_score", N_("pseudo-score test"), 0);
	if (!test.df) {
		an_events_missing(t, row, 0, 2, N_("nothing to compare"));
		return YG_OK;
	}
	yg_raw_num(t, row, 0, test.statistic, an_surv_everybody(&m->s));
	yg_raw_int(t, row, 1, test.df, YG_NOBODY);
	yg_raw_num(t, row, 2, test.p, an_surv_everybody(&m->s));
	return YG_OK;
}

/* ---- curves ---- */

static void limits(const struct means *m, double mean, double se, double *lower, double *upper)
{
	double reach = mean > 0 ? m->w->critical * se / mean : 0;
	*lower = mean > 0 ? mean * yg_exp(-reach) : 0;
	*upper = mean > 0 ? mean * yg_exp(reach) : 0;
}

static void curve_table(struct means *m)
{
	const struct an_surv *s = &m->s;
	struct yg_raw_table *t = yg_raw_table(m->w->raw, key(m, "curve"), an_surv_subtitle(s, N_("Curves"), &m->arena));
	static const struct {
		const char *key, *label;
		enum yg_role role;
	} columns[] = { { "group", N_("group"), YG_ROLE_LABEL }, { "time", N_("time"), YG_ROLE_TIME },
		        { "at_risk", N_("at risk"), YG_ROLE_WEIGHTED }, { "events", N_("events"), YG_ROLE_WEIGHTED },
		        { "ends", N_("ended by the competing event"), YG_ROLE_WEIGHTED }, { "estimate", N_("mean number"), YG_ROLE_ESTIMATE },
		        { "se", N_("SE"), YG_ROLE_SE }, { "lower", N_("lower"), YG_ROLE_LOWER }, { "upper", N_("upper"), YG_ROLE_UPPER } };
	yg_raw_table_detail(t);
	for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
		yg_raw_column(t, columns[k].key, columns[k].label, columns[k].role, k == 1 ? an_events_unit(s) : NULL);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_mcf_curve *c = &m->fit.curve[g];
		size_t stride = (c->m + MOST_POINTS - 1) / MOST_POINTS;
		for (size_t j = stride ? stride - 1 : 0; j < c->m; j += stride) {
			struct yg_evidence e = an_surv_group_evidence(s, g);
			int row = yg_raw_row(t, yg_arena_printf(&m->arena, "%zu.%zu", g + 1, j + 1), "", 0);
			double low, high;
			limits(m, c->mean[j], c->se[j], &low, &high);
			const double v[] = { an_surv_shown(s, c->time[j]), c->n_risk[j], c->event[j], c->end[j], c->mean[j], c->se[j], low, high };
			yg_raw_text(t, row, 0, s->group_words[g]);
			for (int k = 0; k < 8; k++)
				yg_raw_num(t, row, k + 1, v[k], e);
		}
	}
}

static void figure(struct means *m)
{
	const struct an_surv *s = &m->s;
	struct yg_raw_figure *f = yg_raw_figure(m->w->raw, key(m, "mcf"), YG_FIGURE_KM,
	                                        an_surv_title(s, N_("Mean number of events"), &m->arena));
	double last = 0;
	yg_raw_figure_axis(f, 'x', N_("time"), an_events_unit(s), 0);
	yg_raw_figure_axis(f, 'y', N_("mean number of events"), NULL, 0);
	for (size_t g = 0; g < s->groups; g++)
		last = fmax(last, an_surv_shown(s, m->fit.curve[g].last));
	an_events_grid(f, last, s->unit);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_mcf_curve *c = &m->fit.curve[g];
		int series = s->by_title ? yg_raw_series(f, s->group_words[g]) : yg_raw_series(f, "");
		size_t stride = (c->m + MOST_POINTS - 1) / MOST_POINTS;
		struct yg_raw_point p = { .x = 0, .x2 = NAN, .y = 0, .lower = 0, .upper = 0, .at_risk = (int64_t)s->group_persons[g] };
		yg_raw_point(f, series, &p, an_surv_group_evidence(s, g));
		for (size_t j = 0, to; j < c->m; j = to + 1) {
			double events = 0;
			to = j + stride - 1 < c->m ? j + stride - 1 : c->m - 1;
			for (size_t k = j; k <= to; k++)
				events += c->event[k];
			p = (struct yg_raw_point){ .x = an_surv_shown(s, c->time[to]), .x2 = NAN, .y = c->mean[to],
				                   .at_risk = (int64_t)(c->n_risk[j] + 0.5), .events = (int64_t)(events + 0.5) };
			/* An event takes nobody out of the risk set, so that who is censored does not follow: no marks. */
			limits(m, c->mean[to], c->se[to], &p.lower, &p.upper);
			yg_raw_point(f, series, &p, an_surv_group_evidence(s, g));
		}
		/* The curve goes on, level, to the last time. */
		if (c->m && c->last > c->time[c->m - 1]) {
			p.x = an_surv_shown(s, c->last);
			p.at_risk = (int64_t)m->risk[m->ats * s->groups + g];
			p.events = 0;
			yg_raw_point(f, series, &p, an_surv_group_evidence(s, g));
		}
	}
}

/* ---- notes ---- */

static void notes(struct means *m)
{
	const struct an_surv *s = &m->s;
	const struct yg_endpoint *e = s->endpoint;
	struct yg_raw *raw = m->w->raw;
	struct yg_raw_note *n;
	uint64_t last_is_event = 0;
	an_surv_notes(raw, s, &m->w->r->in);
	if (m->ends) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION,
		                N_("mean number of events per person, also of those whose {1} ends them: sum of S(t-) dN / Y (Ghosh and Lin 2000)"));
		yg_raw_note_data(n, e->states > 3 ? N_("competing event") : e->state[2]);
	} else {
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("mean number of events per person: sum of dN / Y (Nelson 1988; Lawless and Nadeau 1995)"));
	}
	yg_raw_note(raw, YG_NOTE_CONVENTION, s->cluster ? N_("robust variance: events of one cluster are not independent") :
	                                                  N_("robust variance, a row a person"));
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} intervals symmetric on the log scale; of a difference on its own scale"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, m->w->conf, YG_NOBODY);
	if (s->groups > 1)
		yg_raw_note(raw, YG_NOTE_CONVENTION, m->ends ? N_("test: pseudo-score test of equal means (Ghosh and Lin 2000)") :
		                                               N_("test: pseudo-score test of equal means (Cook, Lawless and Nadeau 1996)"));
	if (s->strata_title)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("strata enter the test, not the curves"));
	if (e->grain == YG_SPANS_ONE)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("the endpoint has one event a person; event every counts all of them"));
	for (size_t i = 0; e->grain == YG_SPANS_RECURRENT && i < s->set->n; i++)
		last_is_event += m->code[i] == YG_MCF_EVENT && (i + 1 == s->set->n || s->set->person[i + 1] != s->set->person[i]);
	if (last_is_event) {
		n = yg_raw_note(raw, YG_NOTE_INFO, N_("{1} persons are not followed beyond their last event"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)last_is_event, an_part(last_is_event, s->set->persons));
	}
}

static enum yg_status means_of(struct an_recur *w, const struct yg_node *crossing, size_t index, struct yg_err *err)
{
	struct means m = { .w = w, .index = index };
	yg_arena_init(&m.arena);
	w->built = false;
	enum yg_status s = set_up(&m, crossing, err);
	if (s == YG_OK) {
		count_at_risk(&m);
		m.s.several = an_crossings(w->r->in.by) > 1;
		groups_table(&m);
		mean_table(&m);
		difference_table(&m);
		s = test_table(&m, err);
	}
	if (s == YG_OK) {
		curve_table(&m);
		figure(&m);
		notes(&m);
	}
	yg_mcf_release(&m.fit);
	yg_data_free(m.code);
	if (w->built)
		an_surv_release(&m.s);
	yg_arena_release(&m.arena);
	return s;
}

/* ---- the verb ---- */

static enum yg_status read_options(struct an_recur *w, struct yg_err *err)
{
	const struct yg_an_recur *r = w->r;
	w->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	if (!(w->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	w->critical = yg_normal_quantile_upper((1 - w->conf) / 2);
	w->mcf = !r->method || !strcmp(r->method, "mcf");
	if (!w->mcf && !yg_recurrent_method_parse(r->method, &w->method))
		return yg_fail(err, YG_ESYNTAX, "E-REC-001", N_("method is mcf, ag, pwp_total, pwp_gap or wlw, not %s"), r->method);
	if (w->mcf && r->formula) {
		yg_fail(err, YG_ESYNTAX, "E-REC-002", N_("method=mcf is a curve and takes no terms"));
		yg_err_hint(err, N_("Name the groups with by; or choose a model: method=ag, pwp_total, pwp_gap or wlw"));
		return YG_ESYNTAX;
	}
	if (!w->mcf && !r->formula) {
		yg_fail(err, YG_ESYNTAX, "E-REC-003", N_("method=%s is a model and wants terms"), r->method);
		yg_err_hint(err, N_("Write recur %s ~ COLUMN ... with method=%s"), r->endpoint->name, r->method);
		return YG_ESYNTAX;
	}
	if (r->specific && (w->mcf || w->method == YG_RECURRENT_AG)) {
		yg_fail(err, YG_REFUSED, "E-REC-004", N_("effects=specific needs a baseline for each recurrence"));
		yg_err_hint(err, N_("Use method=pwp_total, pwp_gap or wlw"));
		return YG_REFUSED;
	}
	return YG_OK;
}

enum yg_status yg_an_recur(const struct yg_an_recur *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct an_recur w = { .r = request, .task = task };
	const struct yg_endpoint *e = request->endpoint;
	YG_TRY(read_options(&w, err));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("recur", OPERATION_VERSION);
	enum yg_status s = YG_OK;
	if (w.mcf) {
		an_title(w.raw, N_("Mean number of events: %s"), e->label && *e->label ? e->label : e->name);
		for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++)
			s = means_of(&w, an_crossing(request->in.by, k), k, err);
	} else {
		an_title(w.raw, N_("Model of recurrent events: %s"), e->label && *e->label ? e->label : e->name);
		s = an_recur_models(&w, err);
	}
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
