/* km: survival curves by group with quantiles, values at times and numbers at risk. */
#include <math.h>
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/num/dist.h"
#include "yogo/stats/km.h"

#define OPERATION_VERSION 1
#define MOST_POINTS 5000u     /* points of a curve that are drawn and listed; beyond, times are taken together */
#define MOST_VALUES 64

struct km_work {
	const struct yg_an_km *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_km_options options;
	enum yg_km_rule rule;
	bool carry;
	double quantile[MOST_VALUES];
	size_t quantiles;
	size_t parts;
};

/* ---- options ---- */

static enum yg_status read_numbers(const struct yg_node *value, double *out, size_t *n, struct yg_err *err)
{
	size_t items = value->kind == YG_NODE_GROUP ? value->children : 1;
	*n = 0;
	for (size_t i = 0; i < items; i++) {
		const struct yg_node *item = value->kind == YG_NODE_GROUP ? value->child[i] : value;
		if (item->kind != YG_NODE_NUMBER || !(item->number > 0) || !(item->number < 1) || *n == MOST_VALUES)
			return yg_fail_at(err, YG_ESYNTAX, item->at, item->len, "E-SUR-010",
			                  N_("a quantile is a fraction between 0 and 1, as 0.5 for the median"));
		out[(*n)++] = item->number;
	}
	return YG_OK;
}

static enum yg_status read_options(struct km_work *w, struct yg_err *err)
{
	const struct yg_an_km *r = w->r;
	const char *method = r->method ? r->method : "km";
	w->options.conf = r->in.conf > 0 ? r->in.conf : 0.95;
	w->options.ci = YG_KM_LOG;
	if (!(w->options.conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	if (!strcmp(method, "na") || !strcmp(method, "fh")) {
		w->options.survival = YG_KM_EXPONENTIAL;
		w->options.hazard = method[0] == 'f' ? YG_KM_FLEMING : YG_KM_NELSON;
	} else if (strcmp(method, "km")) {
		return yg_fail(err, YG_REFUSED, "E-SUR-011", N_("method=%s is not available; method is km, na or fh"),
		               method);
	}
	if (r->ci && !yg_km_ci_parse(r->ci, &w->options.ci))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-012", N_("there is no interval %s; ci is plain, log, loglog, logit, arcsin or none"), r->ci);
	if (r->qrule && strcmp(r->qrule, "midpoint") && strcmp(r->qrule, "first"))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-013", N_("qrule is midpoint or first, not %s"), r->qrule);
	w->rule = r->qrule && !strcmp(r->qrule, "first") ? YG_KM_FIRST : YG_KM_MIDPOINT;
	if (r->beyond && strcmp(r->beyond, "ne") && strcmp(r->beyond, "carry"))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-014", N_("beyond is ne (not estimated) or carry, not %s"),
		               r->beyond);
	w->carry = r->beyond && !strcmp(r->beyond, "carry");
	w->quantile[0] = 0.5;
	w->quantiles = 1;
	return r->quantiles ? read_numbers(r->quantiles, w->quantile, &w->quantiles, err) : YG_OK;
}

/* ---- tables ---- */

static const char *unit_of(const struct an_surv *s)
{
	return *s->unit ? s->unit : NULL;
}

static void groups_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "groups", w->parts),
	                                      an_surv_subtitle(s, N_("Followed"), &w->arena));
	bool rows = s->set->n != s->set->persons;
	int records = -1, weights = -1;
	int persons = yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	if (rows)
		records = yg_raw_column(t, "records", N_("records"), YG_ROLE_RECORDS, NULL);
	int events = yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	int censored = yg_raw_column(t, "censored", N_("censored"), YG_ROLE_RECORDS, NULL);
	int time = yg_raw_column(t, "time", N_("time at risk"), YG_ROLE_PERSON_TIME, unit_of(s));
	if (s->weight)
		weights = yg_raw_column(t, "weight", N_("sum of weights"), YG_ROLE_WEIGHTED, NULL);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		struct yg_evidence e = an_surv_group_evidence(s, g);
		int row = yg_raw_row(t, s->group_label[g], s->group_label[g], 0);
		uint64_t lost = 0;
		for (size_t j = 0; j < c->m; j++)
			lost += c->n_censor[j];
		yg_raw_int(t, row, persons, (int64_t)s->group_persons[g],
		           an_part(s->group_persons[g], s->groups > 1 ? s->set->persons : 0));
		if (records >= 0)
			yg_raw_int(t, row, records, (int64_t)s->group_rows[g], an_persons(s->group_persons[g]));
		yg_raw_int(t, row, events, (int64_t)c->events,
		           (struct yg_evidence){ e.persons, e.events, rows ? 0 : e.persons });
		yg_raw_int(t, row, censored, (int64_t)lost, an_persons(s->group_persons[g]));
		yg_raw_num(t, row, time, an_surv_shown(s, s->group_time[g]), e);
		if (weights >= 0)
			yg_raw_num(t, row, weights, s->group_weight[g], e);
	}
}

static void quantile_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	bool median = w->quantiles == 1 && w->quantile[0] == 0.5;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "quantiles", w->parts),
	                                      an_surv_subtitle(s, median ? N_("Median time") :
	                                                       N_("Quantiles of time"), &w->arena));
	const char *unit = unit_of(s);
	int estimate = yg_raw_column(t, "estimate", median ? N_("median") : N_("time"), YG_ROLE_QUANTILE, unit);
	int lower = yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, unit);
	int upper = yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, unit);
	for (size_t g = 0; g < s->groups; g++)
		for (size_t k = 0; k < w->quantiles; k++) {
			double q[3];
			char number[32];
			struct yg_evidence e = an_surv_group_evidence(s, g);
			yg_print_double(number, w->quantile[k]);
			const char *key = w->quantiles == 1 ? s->group_label[g] : yg_arena_printf(&w->arena, "%s %s", s->group_label[g], number);
			const char *label = w->quantiles == 1 ? key : yg_arena_printf(&w->arena, "%s, %s",
			                                                              s->group_label[g], number);
			int row = yg_raw_row(t, key, label, 0);
			yg_km_quantile(&km->curve[g], w->quantile[k], w->rule, &q[0], &q[1], &q[2]);
			for (int c = 0; c < 3; c++) {
				int column = c == 0 ? estimate : c == 1 ? lower : upper;
				if (isnan(q[c]) && !(c && w->options.ci == YG_KM_NO_CI))
					yg_raw_missing(t, row, column, N_("not reached"));
				else if (isnan(q[c]))
					yg_raw_text(t, row, column, "");
				else
					yg_raw_num(t, row, column, an_surv_shown(s, q[c]), e);
			}
		}
}

static void time_row(struct km_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct yg_km_curve *c,
                     size_t g,
                     double at)
{
	struct yg_km_point p;
	char number[32];
	uint64_t whole = s->group_persons[g];
	yg_print_double(number, an_surv_shown(s, at));
	int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s", s->group_label[g], number), s->group_label[g], 0);
	yg_km_at(c, at, &p);
	struct yg_evidence e = { (int64_t)whole, (int64_t)p.n_event, 0 };
	yg_raw_num(t, row, 0, an_surv_shown(s, at), YG_NOBODY);
	yg_raw_int(t, row, 1, (int64_t)p.n_risk, s->set->n == s->set->persons ? an_part(p.n_risk, whole) :
	           an_persons(p.n_risk));
	yg_raw_int(t, row, 2, (int64_t)p.n_event, (struct yg_evidence){ (int64_t)whole, (int64_t)p.n_event, 0 });
	if (p.beyond && p.surv > 0 && !w->carry) {
		yg_raw_missing(t, row, 3, N_("not estimated: after the last time observed"));
		for (int k = 4; k <= 6; k++)
			yg_raw_text(t, row, k, "");
		return;
	}
	yg_raw_num(t, row, 3, p.surv, e);
	yg_raw_num(t, row, 4, p.se, e);
	if (w->options.ci == YG_KM_NO_CI)
		return;
	yg_raw_num(t, row, 5, p.lower, e);
	yg_raw_num(t, row, 6, p.upper, e);
}

static enum yg_status times_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err)
{
	const struct yg_node *at = w->r->at;
	double time[MOST_VALUES];
	size_t n = at ? (at->kind == YG_NODE_GROUP ? at->children : 1) : 0;
	if (!n)
		return YG_OK;
	if (n > MOST_VALUES)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-SUR-015", N_("at most 64 times can be listed"));
	for (size_t k = 0; k < n; k++)
		YG_TRY(an_surv_time(s->endpoint, at->kind == YG_NODE_GROUP ? at->child[k] : at, &time[k], err));
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "times", w->parts),
	                                      an_surv_subtitle(s, N_("Survival at times"), &w->arena));
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, unit_of(s));
	yg_raw_column(t, "at_risk", N_("at risk"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events so far"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "estimate", N_("survival"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t g = 0; g < s->groups; g++)
		for (size_t k = 0; k < n; k++)
			time_row(w, s, t, &km->curve[g], g, time[k]);
	return YG_OK;
}

/* ---- curves ---- */

/* A step of 1, 2, 2.5 or 5 times a power of ten (3, 6, 12 months) that cuts the axis in 4 to 8. */
static double grid_step(double last, const char *unit)
{
	static const double decimal[] = { 1, 2, 2.5, 5 }, month[] = { 1, 2, 3, 6, 12, 24, 36, 60, 120 };
	if (unit && !strncmp(unit, "month", 5))
		for (size_t i = 0; i < sizeof month / sizeof month[0]; i++)
			if (last / month[i] <= 8)
				return month[i];
	for (double power = 1e-9; power < 1e18; power *= 10)
		for (size_t i = 0; i < 4; i++)
			if (last / (decimal[i] * power) <= 8)
				return decimal[i] * power;
	return last;
}

static void curve_grid(struct yg_raw_figure *f, const struct an_surv *s, const struct yg_km *km)
{
	double last = 0, grid[16];
	size_t n = 0;
	for (size_t g = 0; g < s->groups; g++)
		if (km->curve[g].m)
			last = fmax(last, an_surv_shown(s, km->curve[g].time[km->curve[g].m - 1]));
	if (!(last > 0))
		return;
	double step = grid_step(last, s->unit);
	for (double k = 0; k * step <= last && n < 16; k++)
		grid[n++] = k * step;
	yg_raw_figure_grid(f, grid, n);
}

/* Points of a curve; many times are taken together so that no more than MOST_POINTS remain. */
static size_t next_point(const struct yg_km_curve *c, size_t from, size_t stride)
{
	size_t to = from + stride - 1;
	return to < c->m ? to : c->m - 1;
}

static void curve_figure(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	struct yg_raw_figure *f = yg_raw_figure(w->raw, an_key(&w->arena, "km", w->parts), YG_FIGURE_KM,
	                                        an_surv_title(s, N_("Survival"), &w->arena));
	yg_raw_figure_axis(f, 'x', N_("time"), unit_of(s), 0);
	yg_raw_figure_axis(f, 'y', N_("survival"), NULL, 0);
	curve_grid(f, s, km);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		int series = yg_raw_series(f, s->group_label[g]);
		size_t stride = (c->m + MOST_POINTS - 1) / MOST_POINTS;
		int64_t so_far = 0;
		for (size_t j = 0, to; j < c->m; j = to + 1) {
			struct yg_raw_point p = { .x2 = NAN, .at_risk = c->n_risk[j] };
			to = next_point(c, j, stride);
			for (size_t k = j; k <= to; k++) {
				p.events += c->n_event[k];
				p.censored += c->n_censor[k];
			}
			so_far += p.events;
			p.x = an_surv_shown(s, c->time[to]);
			p.y = c->surv[to];
			p.lower = c->lower[to];
			p.upper = c->upper[to];
			yg_raw_point(f, series, &p, (struct yg_evidence){ (int64_t)s->group_persons[g], so_far, 0 });
		}
	}
}

static void curve_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	static const struct {
		const char *key, *label;
		enum yg_role role;
	} columns[] = { { "group", N_("group"), YG_ROLE_LABEL }, { "time", N_("time"), YG_ROLE_TIME },
			{ "at_risk", N_("at risk"), YG_ROLE_PERSONS }, { "events", N_("events"), YG_ROLE_EVENTS },
			{ "censored", N_("censored"), YG_ROLE_PERSONS }, { "estimate", N_("survival"),
			                                                  YG_ROLE_PROBABILITY },
			{ "se", N_("SE"), YG_ROLE_SE }, { "lower", N_("lower"),
			                                 YG_ROLE_LOWER }, { "upper", N_("upper"), YG_ROLE_UPPER },
			{ "hazard", N_("cumulative hazard"), YG_ROLE_ESTIMATE }, { "hazard_se", N_("SE of it"),
			                                                          YG_ROLE_SE } };
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "curve", w->parts),
	                                      an_surv_subtitle(s, N_("Curves"), &w->arena));
	for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
		yg_raw_column(t, columns[k].key, columns[k].label, columns[k].role, k == 1 ? unit_of(s) : NULL);
	yg_raw_table_detail(t);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		size_t stride = (c->m + MOST_POINTS - 1) / MOST_POINTS;
		int64_t so_far = 0;
		for (size_t j = 0, to; j < c->m; j = to + 1) {
			int64_t events = 0, censored = 0;
			char number[32];
			to = next_point(c, j, stride);
			for (size_t k = j; k <= to; k++) {
				events += c->n_event[k];
				censored += c->n_censor[k];
			}
			so_far += events;
			struct yg_evidence e = { (int64_t)s->group_persons[g], so_far, 0 };
			yg_print_double(number, an_surv_shown(s, c->time[to]));
			int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s", s->group_label[g], number),
			                     s->group_label[g], 0);
			const double value[] = { c->surv[to], c->se[to], c->lower[to], c->upper[to], c->cumhaz[to],
			                        c->se_cumhaz[to] };
			yg_raw_text(t, row, 0, s->group_label[g]);
			yg_raw_num(t, row, 1, an_surv_shown(s, c->time[to]), e);
			yg_raw_int(t, row, 2, c->n_risk[j], an_persons(c->n_risk[j]));
			yg_raw_int(t, row, 3, events, e);
			yg_raw_int(t, row, 4, censored, e);
			for (int k = 0; k < 6; k++)
				yg_raw_num(t, row, 5 + k, value[k], e);
		}
	}
}

/* ---- notes ---- */

static void km_notes(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	static const char *const scale[] = { N_("plain"), N_("log"), N_("log-log"), N_("logit"), N_("arcsin") };
	struct yg_raw *raw = w->raw;
	struct yg_raw_note *n;
	an_surv_notes(raw, s, &w->r->in);
	yg_raw_note(raw, YG_NOTE_CONVENTION,
	            w->options.survival == YG_KM_PRODUCT ? N_("Kaplan-Meier product limit; events before censorings at the same time") :
	            w->options.hazard == YG_KM_NELSON ? N_("Nelson-Aalen cumulative hazard H, survival exp(-H)") :
	                                                N_("Fleming-Harrington cumulative hazard H (ties one after another), survival exp(-H)"));
	yg_raw_note(raw, YG_NOTE_CONVENTION,
	            km->options.robust ? (s->cluster ? N_("variance: infinitesimal jackknife by cluster") :
	                                  N_("variance: infinitesimal jackknife (robust)")) :
	            w->options.survival == YG_KM_PRODUCT ? N_("variance: Greenwood") : N_("variance: sum of d/n^2"));
	if (w->options.ci == YG_KM_NO_CI) {
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("no intervals"));
	} else {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} intervals, symmetric on the {2} scale"));
		yg_raw_note_num(n, YG_ROLE_PROPORTION, w->options.conf, YG_NOBODY);
		yg_raw_note_text(n, scale[w->options.ci]);
	}
	for (size_t g = 0; g < km->groups && s->set->entry; g++) {
		const struct yg_km_curve *c = &km->curve[g];
		size_t i = 0;
		while (i < c->m && c->surv[i] > 0)
			i++;
		if (i + 1 >= c->m)
			continue;
		n = yg_raw_note(raw, YG_NOTE_WARNING,
		                N_("{1}: early, when few had entered, all under observation had the event, so the curve stays at 0 though "
		                   "others enter later; add an entry time from which enough are under observation"));
		yg_raw_note_text(n, s->groups > 1 ? s->group_label[g] : s->label);
	}
	yg_raw_note(raw, YG_NOTE_CONVENTION, w->rule == YG_KM_MIDPOINT ?
	            N_("quantile: first time with survival at 1 - p or below; on a level stretch at 1 - p its middle") :
	            N_("quantile: first time with survival at 1 - p or below"));
	if (w->r->no_risktable)
		yg_raw_note(raw, YG_NOTE_INFO, N_("risktable=no changes nothing here: a curve is always drawn with its numbers at risk"));
	if (s->competing_rows) {
		n = yg_raw_note(raw, YG_NOTE_WARNING,
		                N_("{1} competing events were censored: one minus this curve is not the probability of the event; see cuminc"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)s->competing_rows, an_persons(s->set->persons));
	}
	for (size_t g = 0; g < s->groups; g++)
		if (km->curve[g].m > MOST_POINTS) {
			n = yg_raw_note(raw, YG_NOTE_INFO, N_("the curve of {1} has too many times to list; neighbours are drawn together"));
			yg_raw_note_text(n, s->group_label[g]);
		}
}

/* ---- the verb ---- */

static enum yg_status km_part(struct km_work *w, const struct yg_endpoint *e, const struct yg_node *crossing,
                              struct yg_err *err)
{
	const struct yg_an_km *r = w->r;
	const struct an_surv_request ask = { .in = &r->in, .endpoint = e, .crossing = crossing, .cluster = r->cluster,
		                             .frequency = r->frequency, .verb = "km" };
	struct an_surv s;
	struct yg_km km;
	YG_TRY(an_surv_build(&ask, w->task, &s, err));
	s.several = w->r->of.count * an_crossings(w->r->in.by) > 1;
	enum yg_status status = an_surv_independent(&s, "km", err);
	struct yg_km_options options = w->options;
	options.robust = s.probability;
	if (status == YG_OK)
		status = yg_km_fit(&s.spans, &options, w->task, &km, err);
	if (status == YG_OK) {
		if (!w->parts)
			yg_raw_title(w->raw, an_surv_title(&s, N_("Survival"), &w->arena));
		groups_table(w, &s, &km);
		quantile_table(w, &s, &km);
		status = times_table(w, &s, &km, err);
		if (status == YG_OK) {
			curve_figure(w, &s, &km);
			curve_table(w, &s, &km);
			km_notes(w, &s, &km);
			w->parts++;
		}
		yg_km_release(&km);
	}
	an_surv_release(&s);
	return status;
}

enum yg_status yg_an_km(const struct yg_an_km *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct km_work w = { .r = request, .task = task };
	YG_TRY(read_options(&w, err));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("km", OPERATION_VERSION);
	enum yg_status s = YG_OK;
	for (size_t i = 0; s == YG_OK && i < request->of.count; i++)
		for (size_t k = 0; s == YG_OK && k < an_crossings(request->in.by); k++)
			s = km_part(&w, request->of.endpoint[i], an_crossing(request->in.by, k), err);
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
