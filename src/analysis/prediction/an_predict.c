/* predict: what a model says, for the rows of a population (as a distribution) or for a profile (with intervals). */
#include <math.h>
#include <string.h>

#include "an_profile_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/matrix.h"
#include "yogo/num/sort.h"

#define MOST_ROWS 5000u        /* rows listed (for machines, on open data) */
#define CURVE 81               /* points of a profile's curve */
#define MOST_CURVES 12u

enum kind { LP, RISK, SURVIVAL, MEAN, TIME };
struct prediction {
	const struct yg_an_predict *r;
	const struct yg_prediction_model *m;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	enum kind kind;
	double *time, conf;
	size_t times;
};

static const char *const kind_label[] = { N_("linear predictor"), N_("risk"), N_("survival"), N_("mean"),
	                                       N_("median time") };
static const char *const kind_key[] = { "lp", "risk", "survival", "mean", "time" };

/* Of the time itself: its mean or median, no probability at a time. */
static bool a_time(const struct prediction *q)
{
	return q->m->of_time && (q->kind == MEAN || q->kind == TIME);
}

/* Is it said at times (at=)? */
static bool at_times(const struct prediction *q)
{
	return q->m->of_time && (q->kind == RISK || q->kind == SURVIVAL);
}

static const char *own_label(const struct prediction *q)
{
	return a_time(q) && q->kind == MEAN ? N_("mean time") : kind_label[q->kind];
}

/* What is shown of a time: display units. */
static double shown(const struct prediction *q, double v)
{
	return a_time(q) ? v / q->m->divisor : v;
}

static enum yg_status has_kind(const struct prediction *q, struct yg_err *err)
{
	const struct yg_prediction_model *m = q->m;
	bool time = m->of_time, has = time ? !a_time(q) || m->kind->time : q->kind == LP || q->kind == MEAN || (q->kind == RISK && m->binary);
	if (!has) {
		yg_fail(err, YG_REFUSED, "E-PRE-033", N_("%s does not predict this: type=%s"), q->r->name, kind_key[q->kind]);
		yg_err_hint(err, time ? N_("A Cox model has type=lp, risk or survival; the latter two with at=. The mean and the median time want a model of aft.") :
		                 m->binary ? N_("This model has type=lp, risk or mean.") : N_("This model has type=lp or mean."));
		return YG_REFUSED;
	}
	if (time && q->kind == MEAN && m->no_mean)
		return yg_fail(err, YG_REFUSED, "E-PRE-036", N_("%s has no mean time: %s"), q->r->name, m->no_mean);
	return YG_OK;
}

static enum yg_status read_request(struct prediction *q, struct yg_err *err)
{
	const struct yg_an_predict *r = q->r;
	const struct yg_prediction_model *m = q->m;
	const struct yg_endpoint like = { .name = m->outcome_name, .time_unit = m->time_unit, .display_divisor = m->divisor };
	q->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	if (m->refused)
		return yg_fail(err, YG_REFUSED, "E-PRE-018", N_("nothing can be predicted by %s: %s"), r->name, m->refused);
	q->kind = m->of_time ? (r->at || r->given ? RISK : LP) : m->binary ? RISK : MEAN;
	for (int k = 0; r->type && k < 5; k++)
		if (!strcmp(r->type, kind_key[k]))
			q->kind = (enum kind)k;
	YG_TRY(has_kind(q, err));
	if (r->at && !at_times(q))
		return yg_fail(err, YG_ESYNTAX, "E-PRE-034", N_("at is for risk and survival of a model of time"));
	if (m->of_time && q->kind != LP && m->no_baseline)
		return yg_fail(err, YG_REFUSED, "E-PRE-028", N_("%s gives no risk at a time: %s"), r->name, m->no_baseline);
	if (!m->of_time)
		return YG_OK;
	YG_TRY(an_times(&like, r->at, &q->arena, &q->time, &q->times, err));
	if (!q->times && at_times(q) && !r->given) {
		yg_fail(err, YG_ESYNTAX, "E-PRE-030", N_("one time is needed: risk by when?"));
		yg_err_hint(err, N_("Write with at=5y"));
		return YG_ESYNTAX;
	}
	return YG_OK;
}

static const char *label_at(struct prediction *q, double t)
{
	return yg_phrase(&q->arena, q->kind == RISK ? N_("risk by %s") : N_("survival at %s"),
	                 an_time_text(&q->arena, t, q->m->divisor, q->m->unit));
}

static const char *key_at(struct prediction *q, double t)
{
	return yg_arena_printf(&q->arena, "%s@%.6g", kind_key[q->kind], t / q->m->divisor);
}

static double last_time(const struct yg_prediction_model *m)
{
	double last = m->last;
	for (size_t s = 0; m->baseline.space && s < m->baseline.strata; s++)
		if (m->baseline.start[s + 1] > m->baseline.start[s])
			last = fmax(last, m->baseline.time[m->baseline.start[s + 1] - 1]);
	return last;
}

static void warn_late(struct prediction *q)
{
	double last = q->m->of_time ? last_time(q->m) : INFINITY;
	for (size_t k = 0; k < q->times; k++)
		if (last > 0 && q->time[k] > last) {
			yg_raw_note(q->raw, YG_NOTE_WARNING, q->m->baseline.space ?
			            N_("a time asked is later than the last event of the fit: the prediction there is that of the last event") :
			            N_("a time asked is later than all times of the fit: what is said there rests on the distribution alone"));
			return;
		}
}

/* ---- rows ---- */

static double quantile(const double *v, const uint32_t *order, size_t n, double p)
{
	double h = (double)(n - 1) * p, low = floor(h), a = v[order[(size_t)low]];
	/* Infinite: between two never reached there is no difference to take a part of. */
	return h > low && low + 1 < (double)n && isfinite(a) ? a + (h - low) * (v[order[(size_t)low + 1]] - a) : a;
}

static void summary_cell(const struct prediction *q, struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e)
{
	if (isfinite(v))
		yg_raw_num(t, row, column, shown(q, v), e);
	else if (isinf(v))
		yg_raw_missing(t, row, column, N_("not reached"));
	else
		yg_raw_text(t, row, column, "");
}

static enum yg_status summary(struct prediction *q, struct yg_raw_table *t, const char *key, const char *label, const double *v,
                              size_t n, struct yg_evidence e, struct yg_err *err)
{
	static const double p[] = { 0.05, 0.25, 0.5, 0.75, 0.95 };
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	if (!order)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was applied"));
	enum yg_status s = yg_sort_doubles(v, n, q->task, order, err);
	bool never = s == YG_OK && isinf(v[order[n - 1]]);
	double sum = 0, square = 0;
	for (size_t i = 0; s == YG_OK && i < n && !never; i++)
		sum += v[order[i]] / (double)n;
	for (size_t i = 0; s == YG_OK && i < n && !never; i++)
		square += (v[order[i]] - sum) * (v[order[i]] - sum);
	if (s == YG_OK) {
		int row = yg_raw_row(t, key, label, 0);
		yg_raw_int(t, row, 0, e.persons, e);
		/* All the same: no rounding of the mean may make a spread of it. */
		if (!never && v[order[0]] == v[order[n - 1]]) {
			sum = v[order[0]];
			square = 0;
		}
		summary_cell(q, t, row, 1, never ? INFINITY : sum, e);
		summary_cell(q, t, row, 2, never ? INFINITY : n > 1 ? sqrt(square / (double)(n - 1)) : NAN, e);
		for (int k = 0; k < 5; k++)
			summary_cell(q, t, row, 3 + k, quantile(v, order, n, p[k]), e);
	}
	yg_data_free(order);
	return s;
}

/* The same for each level of by. */
static enum yg_status by_groups(struct prediction *q, struct yg_raw_table *t, const struct an_rows *rows, const char *key,
                                const double *v, struct yg_err *err)
{
	const struct yg_set_column *c = rows->by;
	double *part = yg_data_alloc(rows->n + 1, sizeof *part);
	enum yg_status s = part ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was applied"));
	for (int l = 0; s == YG_OK && l < c->levels; l++) {
		size_t m = 0;
		uint64_t persons = 0;
		uint32_t last = UINT32_MAX;
		for (size_t i = 0; i < rows->n; i++) {
			if (c->level[i] != l)
				continue;
			part[m++] = v[i];
			persons += rows->set->person[i] != last;
			last = rows->set->person[i];
		}
		struct yg_evidence e = { (int64_t)persons, 0, (int64_t)rows->set->persons };
		if (m)
			s = summary(q, t, yg_arena_printf(&q->arena, "%s: %s %s", c->name, c->level_name[l], key),
			            yg_phrase(&q->arena, "%s: %s", c->label ? c->label : c->name, c->level_name[l]), part, m, e, err);
	}
	yg_data_free(part);
	return s;
}

/* How the risks are spread: bars of 5 points. */
static void spread(struct prediction *q, const double *v, size_t n)
{
	uint64_t count[20] = { 0 };
	for (size_t i = 0; i < n; i++)
		count[v[i] >= 1 ? 19 : (int)(v[i] * 20)]++;
	struct yg_raw_figure *f = yg_raw_figure(q->raw, "spread", YG_FIGURE_HISTOGRAM,
	                                        q->times ? label_at(q, q->time[0]) : kind_label[q->kind]);
	yg_raw_figure_axis(f, 'x', kind_label[q->kind], NULL, 0);
	yg_raw_figure_axis(f, 'y', N_("persons"), NULL, 0);
	int s = yg_raw_series(f, N_("persons"));
	for (int k = 0; k < 20; k++) {
		struct yg_raw_point p = { .x = k / 20.0, .x2 = (k + 1) / 20.0, .y = (double)count[k], .lower = NAN, .upper = NAN,
			                  .at_risk = -1, .events = -1, .censored = -1 };
		yg_raw_point(f, s, &p, an_persons(count[k]));
	}
}

static void list_rows(struct prediction *q, const struct an_rows *rows, double *const *v, size_t columns)
{
	if (!q->r->open || rows->n > MOST_ROWS)
		return;
	struct yg_raw_table *t = yg_raw_table(q->raw, "rows", N_("Predictions by row"));
	yg_raw_table_detail(t);
	for (size_t k = 0; k < columns; k++)
		yg_raw_column(t, q->times ? key_at(q, q->time[k]) : kind_key[q->kind],
		              q->times ? label_at(q, q->time[k]) : own_label(q), YG_ROLE_ESTIMATE, a_time(q) && *q->m->unit ? q->m->unit : NULL);
	for (size_t i = 0; i < rows->n; i++) {
		char *key = yg_arena_printf(&q->arena, "%llu", (unsigned long long)rows->set->row[i] + 1);
		int row = yg_raw_row_data(t, key, key, 0);
		for (size_t k = 0; k < columns; k++)
			summary_cell(q, t, row, (int)k, v[k][i], an_persons(1));
	}
}

static enum yg_status predict_rows(struct prediction *q, struct yg_err *err)
{
	const struct yg_prediction_model *m = q->m;
	struct an_rows rows;
	const struct yg_node *crossing = an_crossing(q->r->in.by, 0);
	if (q->r->in.by && (an_crossings(q->r->in.by) > 1 || crossing->children != 1))
		return yg_fail(err, YG_REFUSED, "E-PRE-035", N_("predict takes one column after by"));
	struct an_rows_request ask = { .in = &q->r->in, .by = crossing ? crossing->child[0] : NULL, .verb = "predict",
		                       .model = &q->m, .name = &q->r->name, .models = 1 };
	YG_TRY(an_rows_build(&ask, q->task, &rows, err));
	const struct an_applied *a = &rows.model[0];
	struct yg_evidence e = an_persons(rows.set->persons);
	size_t columns = at_times(q) ? q->times : 1;
	double **v = yg_arena_alloc(&q->arena, columns + 1, sizeof *v);
	enum yg_status s = YG_OK;
	struct yg_raw_table *t = yg_raw_table(q->raw, "predictions", N_("Predictions"));
	yg_raw_column(t, "persons", N_("rows"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "mean", N_("mean"), YG_ROLE_MEAN, NULL);
	yg_raw_column(t, "sd", N_("SD"), YG_ROLE_SD, NULL);
	yg_raw_column(t, "p5", "5%", YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "q1", "25%", YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "median", N_("median"), YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "q3", "75%", YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "p95", "95%", YG_ROLE_QUANTILE, NULL);
	for (size_t k = 0; s == YG_OK && k < columns; k++) {
		v[k] = yg_data_alloc(rows.n + 1, sizeof **v);
		if (!v[k])
			s = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was applied"));
		else if (q->kind == LP)
			memcpy(v[k], a->lp, rows.n * sizeof **v);
		else if (a_time(q))
			s = m->kind->time(m, a, q->kind == MEAN, v[k], err);
		else
			s = m->kind->risk(m, a, q->times ? q->time[k] : 0, v[k], err);
		for (size_t i = 0; s == YG_OK && q->kind == SURVIVAL && i < rows.n; i++)
			v[k][i] = 1 - v[k][i];
		bool timed = at_times(q);
		if (s == YG_OK)
			s = summary(q, t, timed ? key_at(q, q->time[k]) : kind_key[q->kind],
			            timed ? label_at(q, q->time[k]) : a_time(q) && *m->unit ? yg_phrase(&q->arena, N_("%s (%s)"), yg_phrase_message(&q->arena, own_label(q)), m->unit) :
			            own_label(q), v[k], rows.n, e, err);
		if (s == YG_OK && rows.by)
			s = by_groups(q, t, &rows, timed ? key_at(q, q->time[k]) : kind_key[q->kind], v[k], err);
	}
	if (s == YG_OK) {
		/* Bars with few persons would hide the whole document where rows are guarded. */
		if (q->r->open && (q->kind == RISK || q->kind == SURVIVAL))
			spread(q, v[0], rows.n);
		list_rows(q, &rows, v, columns);
		an_rows_notes(q->raw, &rows, &q->r->in);
		if (q->kind == LP)
			yg_raw_note(q->raw, YG_NOTE_CONVENTION, N_("linear predictor: coefficients times columns, not centred"));
	}
	for (size_t k = 0; k < columns; k++)
		yg_data_free(v[k]);
	an_rows_release(&rows);
	return s;
}

/* ---- profile ---- */

static const char *stratum_name(const struct prediction *q, size_t stratum)
{
	return q->m->stratum ? q->m->stratum[stratum] : NULL;
}

static struct an_point point_of(const struct prediction *q, const struct an_profile *f, size_t stratum, double t)
{
	struct an_point p;
	if (a_time(q))
		q->m->kind->time_point(q->m, f->x, f->offset, stratum, q->kind == MEAN, q->conf, &p);
	else
		q->m->kind->point(q->m, f->x, f->offset, stratum, t, q->conf, &p);
	p.estimate = shown(q, p.estimate);
	p.lower = shown(q, p.lower);
	p.upper = shown(q, p.upper);
	if (q->kind == SURVIVAL) {
		double upper = 1 - p.lower;
		p.estimate = 1 - p.estimate;
		p.lower = 1 - p.upper;
		p.upper = upper;
	}
	return p;
}

/* A step of 1, 2 or 5 times a power of ten that cuts the time in 4 to 8. */
static double round_step(double last)
{
	static const double factor[] = { 1, 2, 5 };
	for (double power = 1e-9; power < 1e15; power *= 10)
		for (int k = 0; k < 3; k++)
			if (last / (factor[k] * power) <= 8)
				return factor[k] * power;
	return last;
}

static void profile_curve(struct prediction *q, const struct an_profile *f, struct yg_evidence e)
{
	const struct yg_prediction_model *m = q->m;
	double last = last_time(m);
	if (!(last > 0))
		return;
	struct yg_raw_figure *fig = yg_raw_figure(q->raw, "profile", YG_FIGURE_XY,
	                                          yg_phrase(&q->arena, q->kind == RISK ? N_("Predicted risk: %s") : N_("Predicted survival: %s"),
	                                                    m->outcome));
	yg_raw_figure_axis(fig, 'x', N_("time"), *m->unit ? m->unit : NULL, 0);
	yg_raw_figure_axis(fig, 'y', kind_label[q->kind], NULL, 0);
	for (size_t k = f->first_stratum; k < f->first_stratum + f->strata && k < f->first_stratum + MOST_CURVES; k++) {
		int s = stratum_name(q, k) ? yg_raw_series_data(fig, stratum_name(q, k)) : yg_raw_series(fig, kind_label[q->kind]);
		yg_raw_series_line(fig, s);
		for (int i = 0; i < CURVE; i++) {
			double t = last * i / (CURVE - 1);
			struct an_point p = point_of(q, f, k, t);
			struct yg_raw_point out = { .x = t / m->divisor, .x2 = NAN, .y = p.estimate, .lower = p.lower, .upper = p.upper,
				                    .at_risk = -1, .events = -1, .censored = -1 };
			yg_raw_point(fig, s, &out, e);
		}
	}
}

/* Behind the curve at a time stand the events so far: at least one for each event time, and one before the first. */
static struct yg_evidence evidence_by(const struct prediction *q, size_t stratum, double time, struct yg_evidence e)
{
	const struct yg_cox_baseline *b = &q->m->baseline;
	size_t at;
	if (!b->space || !at_times(q))
		return e;
	at = yg_cox_baseline_find(b, stratum, time);
	e.events = at == SIZE_MAX ? 1 : (int64_t)(at - b->start[stratum]) + 1;
	return e;
}

static void profile_row(struct prediction *q, struct yg_raw_table *t, const struct an_profile *f, size_t stratum, double time,
                        struct yg_evidence e)
{
	e = evidence_by(q, stratum, time, e);
	struct an_point p = point_of(q, f, stratum, time);
	const char *name = stratum_name(q, stratum), *at = at_times(q) ? label_at(q, time) : own_label(q);
	const char *key = at_times(q) ? key_at(q, time) : kind_key[q->kind];
	int row = yg_raw_row(t, name ? yg_arena_printf(&q->arena, "%s %s", name, key) : key,
	                     name ? yg_phrase(&q->arena, N_("%s: %s"), name, at) : at, 0);
	if (isinf(p.estimate)) {
		yg_raw_missing(t, row, 0, N_("not reached"));
		for (int c = 1; c <= 2; c++)
			yg_raw_text(t, row, c, "");
		return;
	}
	yg_raw_num(t, row, 0, p.estimate, e);
	if (q->m->no_errors) {
		if (at_times(q))
			yg_raw_num(t, row, 1, p.hazard, e);
		return;
	}
	if (isnan(p.lower)) {
		yg_raw_missing(t, row, 1, N_("not kept with this model"));
		yg_raw_text(t, row, 2, "");
	} else {
		yg_raw_num(t, row, 1, p.lower, e);
		yg_raw_num(t, row, 2, p.upper, e);
	}
	if (!at_times(q))
		return;
	if (isfinite(p.hazard))
		yg_raw_num(t, row, 3, p.hazard, e);
	else
		yg_raw_missing(t, row, 3, N_("infinite"));
	if (isnan(p.hazard_se))
		yg_raw_text(t, row, 4, "");
	else
		yg_raw_num(t, row, 4, p.hazard_se, e);
}

static void profile_lp(struct prediction *q, struct yg_raw_table *t, const struct an_profile *f, struct yg_evidence e)
{
	double eta = f->offset, se = q->m->v ? sqrt(yg_quadratic_form(f->x, q->m->v, q->m->p)) : NAN;
	double critical = isfinite(q->m->df) ? yg_t_quantile(0.5 + q->conf / 2, q->m->df) : yg_normal_quantile(0.5 + q->conf / 2);
	for (size_t a = 0; a < q->m->p; a++)
		eta += f->x[a] * q->m->b[a];
	int row = yg_raw_row(t, "lp", N_("linear predictor"), 0);
	yg_raw_num(t, row, 0, eta, e);
	if (q->m->no_errors)
		return;
	yg_raw_num(t, row, 1, eta - critical * se, e);
	yg_raw_num(t, row, 2, eta + critical * se, e);
}

static void interval_note(struct prediction *q)
{
	struct yg_raw_note *n;
	if (q->m->no_errors) {
		n = yg_raw_note(q->raw, YG_NOTE_CONVENTION, N_("no intervals: {1}"));
		yg_raw_note_text(n, q->m->no_errors);
		return;
	}
	n = yg_raw_note(q->raw, YG_NOTE_CONVENTION, at_times(q) ?
	                N_("{1} intervals by log(-log) of survival, the coefficients' uncertainty included") : a_time(q) ?
	                N_("{1} intervals by the delta method, of positive times for the logarithm") :
	                N_("{1} intervals, made on the scale of the linear predictor"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, q->conf, YG_NOBODY);
}

static enum yg_status predict_profile(struct prediction *q, struct yg_err *err)
{
	const struct yg_prediction_model *m = q->m;
	struct yg_evidence e = { m->persons, m->events > 0 ? m->events : 0, 0 };
	struct an_profile f;
	YG_TRY(an_profile_build(m, q->r->given, &f, err));
	struct yg_raw_table *t = yg_raw_table(q->raw, "profile", N_("Prediction for the profile"));
	const char *unit = a_time(q) && *m->unit ? m->unit : NULL;
	yg_raw_column(t, "estimate", own_label(q), q->kind == RISK || q->kind == SURVIVAL ? YG_ROLE_PROBABILITY : YG_ROLE_ESTIMATE, unit);
	if (!m->no_errors) {
		yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
		yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	}
	if (at_times(q))
		yg_raw_column(t, "cumhaz", N_("cumulative hazard"), YG_ROLE_ESTIMATE, NULL);
	if (at_times(q) && !m->no_errors)
		yg_raw_column(t, "cumhaz_se", N_("SE"), YG_ROLE_SE, NULL);
	if (q->kind == LP) {
		profile_lp(q, t, &f, e);
	} else if (!at_times(q)) {
		for (size_t s = f.first_stratum; s < f.first_stratum + f.strata; s++)
			profile_row(q, t, &f, s, 0, e);
	} else {
		double last = last_time(m), step = round_step(last / m->divisor) * m->divisor;
		for (size_t s = f.first_stratum; s < f.first_stratum + f.strata; s++) {
			for (size_t k = 0; k < q->times; k++)
				profile_row(q, t, &f, s, q->time[k], e);
			for (double at = step; !q->times && at <= last; at += step)
				profile_row(q, t, &f, s, at, e);
		}
		/* the steps of a baseline hazard are the times of single persons */
		if (q->r->open || !m->baseline.space)
			profile_curve(q, &f, e);
		else
			yg_raw_note(q->raw, YG_NOTE_INFO, N_("the curve is drawn of open data only; ask for times with at="));
	}
	yg_raw_counts(q->raw, m->persons, m->persons, m->events, 0);
	interval_note(q);
	if (f.standards) {
		struct yg_buf list = YG_BUF_INIT;
		for (size_t k = 0; k < f.standards; k++)
			yg_buf_addf(&list, k ? "; %s" : "%s", f.standard[k]);
		struct yg_raw_note *n = yg_raw_note(q->raw, YG_NOTE_INFO, N_("not given, so at the mean of the fit, at 0 or at the reference: {1}"));
		yg_raw_note_data(n, list.data);
		yg_buf_release(&list);
	}
	if (f.strata > MOST_CURVES)
		yg_raw_note(q->raw, YG_NOTE_INFO, N_("the figure shows the first 12 strata"));
	an_profile_release(&f);
	return YG_OK;
}

/* The baseline at the centre of the columns, for machines; every event time of the fit. */
static void baseline(struct prediction *q)
{
	const struct yg_prediction_model *m = q->m;
	if (!m->of_time || m->no_baseline || !m->baseline.space || !q->r->open || m->baseline.m > MOST_ROWS)
		return;
	struct yg_raw_table *t = yg_raw_table(q->raw, "baseline", N_("Baseline hazard, all columns of the model 0"));
	struct yg_evidence e = { m->persons, m->events, 0 };
	double *zero = yg_arena_alloc(&q->arena, m->p + 1, sizeof *zero);
	yg_raw_table_detail(t);
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, *m->unit ? m->unit : NULL);
	yg_raw_column(t, "cumhaz", N_("cumulative hazard"), YG_ROLE_ESTIMATE, NULL);
	for (size_t s = 0; s < m->baseline.strata; s++)
		for (size_t j = m->baseline.start[s]; j < m->baseline.start[s + 1]; j++) {
			const char *name = stratum_name(q, s);
			char *key = yg_arena_printf(&q->arena, "%s%s%.9g", name ? name : "", name ? "@" : "", m->baseline.time[j] / m->divisor);
			int row = yg_raw_row_data(t, key, key, 0);
			yg_raw_num(t, row, 0, m->baseline.time[j] / m->divisor, e);
			yg_raw_num(t, row, 1, yg_cox_baseline_hazard(&m->baseline, s, m->baseline.time[j], zero, 0, m->b, NULL, NULL), e);
		}
}

enum yg_status yg_an_predict(const struct yg_an_predict *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct prediction q = { .r = r, .m = r->model, .task = task };
	yg_arena_init(&q.arena);
	q.raw = yg_raw_new("predict", 1);
	enum yg_status s = read_request(&q, err);
	if (s == YG_OK) {
		an_title(q.raw, N_("Predictions of %s: %s"), r->name, q.m->outcome);
		s = r->given ? predict_profile(&q, err) : predict_rows(&q, err);
	}
	if (s == YG_OK) {
		warn_late(&q);
		baseline(&q);
		yg_raw_model(q.raw, q.m->events > 0 ? q.m->events : q.m->persons, (int64_t)q.m->rank);
	}
	yg_arena_release(&q.arena);
	if (s == YG_OK)
		*out = q.raw;
	else
		yg_raw_free(q.raw);
	return s;
}
