/* km: simultaneous bands, comparisons of curves at times and levels, survival from a time on. */
#include <math.h>
#include <string.h>

#include "an_km_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/stats/km_influence.h"

enum yg_status an_surv_times(const struct yg_endpoint *e, const struct yg_node *node, double *out, size_t *n,
                             struct yg_err *err)
{
	size_t items = !node ? 0 : node->kind == YG_NODE_GROUP ? node->children : 1;
	*n = 0;
	if (items > AN_KM_VALUES)
		return yg_fail_at(err, YG_ESYNTAX, node->at, node->len, "E-SUR-015", N_("at most 64 times can be listed"));
	for (; *n < items; (*n)++)
		YG_TRY(an_surv_time(e, node->kind == YG_NODE_GROUP ? node->child[*n] : node, &out[*n], err));
	return YG_OK;
}

/* ---- bands ---- */

static enum yg_status band_range(const struct km_work *w, const struct an_surv *s, double *from, double *to, struct yg_err *err)
{
	const struct yg_node *over = w->r->over;
	double range[AN_KM_VALUES];
	size_t n;
	*from = *to = NAN;
	if (!over)
		return YG_OK;
	YG_TRY(an_surv_times(s->endpoint, over, range, &n, err));
	if (n != 2 || !(range[0] < range[1]))
		return yg_fail_at(err, YG_ESYNTAX, over->at, over->len, "E-SUR-307",
		                  N_("over wants the two times between which the band holds, as in over=(1y, 5y)"));
	*from = range[0];
	*to = range[1];
	return YG_OK;
}

enum yg_status an_km_bands(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err)
{
	double from, to;
	if (s->cluster || s->probability) {
		yg_fail(err, YG_REFUSED, "E-SUR-308", N_("simultaneous bands need independent persons of equal weight; %s"),
		        s->cluster ? N_("there are clusters") : N_("there are weights"));
		yg_err_hint(err, N_("Leave out band: the intervals at single times honour both."));
		return YG_REFUSED;
	}
	YG_TRY(band_range(w, s, &from, &to, err));
	w->band_of = yg_xcalloc(s->groups + 1, sizeof *w->band_of);
	for (size_t g = 0; g < s->groups; g++)
		YG_TRY(yg_km_band_fit(&km->curve[g], w->band, w->options.ci, w->options.conf, from, to, &w->band_of[g], err));
	return YG_OK;
}

void an_km_bands_release(struct km_work *w, size_t groups)
{
	for (size_t g = 0; w->band_of && g < groups; g++)
		yg_km_band_release(&w->band_of[g]);
	yg_free(w->band_of);
	w->band_of = NULL;
}

void an_km_bands_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "bands", w->parts),
	                                      an_surv_subtitle(s, w->band == YG_KM_HALL_WELLNER ? N_("Simultaneous bands, Hall and Wellner") :
	                                                       N_("Simultaneous bands, equal precision"), &w->arena));
	/* The first and the last event: times of single persons. */
	yg_raw_column(t, "from", N_("from"), YG_ROLE_EXTREME, an_surv_unit(s));
	yg_raw_column(t, "to", N_("to"), YG_ROLE_EXTREME, an_surv_unit(s));
	yg_raw_column(t, "critical", N_("critical value"), YG_ROLE_STATISTIC, NULL);
	for (size_t g = 0; g < s->groups; g++) {
		const struct yg_km_band *b = &w->band_of[g];
		struct yg_evidence e = an_surv_group_evidence(s, g);
		int row = yg_raw_row(t, s->group_label[g], s->group_words[g], 0);
		(void)km;
		if (b->first == b->last) {
			yg_raw_missing(t, row, 0, N_("no band: no event that leaves anybody at risk"));
			yg_raw_text(t, row, 1, "");
			yg_raw_text(t, row, 2, "");
			continue;
		}
		yg_raw_num(t, row, 0, an_surv_shown(s, b->from), e);
		yg_raw_num(t, row, 1, an_surv_shown(s, b->to), e);
		yg_raw_num(t, row, 2, b->critical, e);
	}
}

/* ---- two curves at a time ---- */

static const char *against(struct km_work *w, const struct an_surv *s, size_t g)
{
	return yg_arena_printf(&w->arena, "%s vs %s", s->group_label[g], s->group_label[0]);
}

static struct yg_evidence both(const struct an_surv *s, size_t g)
{
	struct yg_evidence a = an_surv_group_evidence(s, 0), b = an_surv_group_evidence(s, g);
	return (struct yg_evidence){ a.persons + b.persons, a.events + b.events, 0 };
}

/* Covariances of the groups' survival at t: of adjusted curves, or where clusters reach over groups; else 0. */
static enum yg_status joint(struct km_work *w, const struct an_surv *s, const struct yg_km *km, double t, double *covariance,
                            struct yg_err *err)
{
	memset(covariance, 0, s->groups * s->groups * sizeof *covariance);
	if (w->adjusted) {
		yg_adjusted_covariance(w->adjusted, t, covariance);
		return YG_OK;
	}
	if (!s->cluster)
		return YG_OK;
	double *u = yg_data_alloc(s->set->n + 1, sizeof *u);
	if (!u)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while curves were compared"));
	enum yg_status status = yg_km_influence(&s->spans, km, t, w->task, u, err);
	if (status == YG_OK)
		status = yg_influence_covariance(&s->spans, u, s->groups, covariance, err);
	yg_data_free(u);
	return status;
}

static void contrast_row(struct km_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct yg_km *km,
                         const double *covariance, size_t g, double at)
{
	struct yg_km_point p0, p1;
	struct yg_km_contrast c;
	struct yg_evidence e = both(s, g);
	char number[32];
	const char *pair = against(w, s, g);
	yg_print_double(number, an_surv_shown(s, at));
	int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s", pair, number), yg_phrase_data(&w->arena, pair), 0);
	yg_km_at(&km->curve[0], at, &p0);
	yg_km_at(&km->curve[g], at, &p1);
	yg_raw_num(t, row, 0, an_surv_shown(s, at), YG_NOBODY);
	bool ended = w->ends && (at > w->ends[0] || at > w->ends[g]);
	bool beyond = !w->carry && ((p0.beyond && p0.surv > 0) || (p1.beyond && p1.surv > 0));
	if (ended || beyond) {
		yg_raw_missing(t, row, 1, ended ? N_("not estimated: nobody is left in a stratum of adjust") :
		               N_("not estimated: after the last time observed"));
		for (int column = 2; column < 7; column++)
			yg_raw_text(t, row, column, "");
		return;
	}
	yg_km_contrast(p0.surv, p0.se, p1.surv, p1.se, covariance[g], w->measure, w->options.conf, &c);
	yg_raw_num(t, row, 1, p1.surv, e);
	yg_raw_num(t, row, 2, p0.surv, e);
	yg_raw_num(t, row, 3, c.estimate, e);
	yg_raw_num(t, row, 4, c.lower, e);
	yg_raw_num(t, row, 5, c.upper, e);
	if (isnan(c.p))
		yg_raw_missing(t, row, 6, N_("not tested: a curve is at 1 or 0"));
	else
		yg_raw_num(t, row, 6, c.p, e);
}

static enum yg_status at_times(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err)
{
	static const char *const title[] = { N_("Difference of survival at times"), N_("Ratio of survival at times"),
		                             N_("Ratio of risks (1 - survival) at times") };
	static const char *const head[] = { N_("difference"), N_("ratio"), N_("risk ratio") };
	double *covariance = yg_xcalloc(s->groups * s->groups + 1, sizeof *covariance);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "contrasts", w->parts),
	                                      an_surv_subtitle(s, title[w->measure], &w->arena));
	enum yg_status status = YG_OK;
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_surv_unit(s));
	yg_raw_column(t, "estimate1", N_("survival"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "estimate0", N_("of the reference"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "estimate", head[w->measure], YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t k = 0; status == YG_OK && k < w->ats; k++) {
		status = joint(w, s, km, w->at[k], covariance, err);
		for (size_t g = 1; status == YG_OK && g < s->groups; g++)
			contrast_row(w, s, t, km, covariance, g, w->at[k]);
	}
	yg_free(covariance);
	return status;
}

/* ---- two quantiles ---- */

static void limit_cell(const struct an_surv *s, struct yg_raw_table *t, int row, int column, double v, bool ratio,
                       struct yg_evidence e)
{
	if (isnan(v) || isinf(v))
		yg_raw_missing(t, row, column, N_("not reached"));
	else
		yg_raw_num(t, row, column, ratio ? v : an_surv_shown(s, v), e);
}

static enum yg_status quantile_row(struct km_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct yg_km *km,
                                   size_t g, double p, struct yg_err *err)
{
	bool ratio = w->measure == YG_KM_RATIO;
	struct yg_km_contrast c;
	struct yg_evidence e = both(s, g);
	double q0, q1, unused[2];
	char number[32];
	const char *pair = against(w, s, g);
	yg_print_double(number, p);
	const char *key = w->quantiles == 1 ? pair : yg_arena_printf(&w->arena, "%s %s", pair, number);
	const char *label = w->quantiles == 1 ? key : yg_arena_printf(&w->arena, "%s, %s", pair, number);
	int row = yg_raw_row(t, key, yg_phrase_data(&w->arena, label), 0);
	YG_TRY(yg_km_quantile_contrast(&km->curve[0], &km->curve[g], p, w->rule, w->options.ci, w->options.conf, ratio, &c, err));
	yg_km_quantile(&km->curve[0], p, w->rule, &q0, &unused[0], &unused[1]);
	yg_km_quantile(&km->curve[g], p, w->rule, &q1, &unused[0], &unused[1]);
	limit_cell(s, t, row, 0, q1, false, e);
	limit_cell(s, t, row, 1, q0, false, e);
	limit_cell(s, t, row, 2, c.estimate, ratio, e);
	limit_cell(s, t, row, 3, c.lower, ratio, e);
	limit_cell(s, t, row, 4, c.upper, ratio, e);
	if (isnan(c.p))
		yg_raw_missing(t, row, 5, N_("nothing to compare"));
	else
		yg_raw_num(t, row, 5, c.p, e);
	return YG_OK;
}

static enum yg_status quantile_contrasts(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err)
{
	bool ratio = w->measure == YG_KM_RATIO, median = w->quantiles == 1 && w->quantile[0] == 0.5;
	const char *unit = an_surv_unit(s);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "quantile_contrasts", w->parts),
	                                      an_surv_subtitle(s, median ? (ratio ? N_("Ratio of medians") : N_("Difference of medians")) :
	                                                       ratio ? N_("Ratio of quantiles") : N_("Difference of quantiles"), &w->arena));
	yg_raw_column(t, "quantile1", median ? N_("median") : N_("time"), YG_ROLE_QUANTILE, unit);
	yg_raw_column(t, "quantile0", N_("of the reference"), YG_ROLE_QUANTILE, unit);
	yg_raw_column(t, "estimate", ratio ? N_("ratio") : N_("difference"), ratio ? YG_ROLE_ESTIMATE : YG_ROLE_TIME, ratio ? NULL : unit);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, ratio ? NULL : unit);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, ratio ? NULL : unit);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t g = 1; g < s->groups; g++)
		for (size_t k = 0; k < w->quantiles; k++)
			YG_TRY(quantile_row(w, s, t, km, g, w->quantile[k], err));
	return YG_OK;
}

/* Quantiles are compared by difference or ratio, in groups that are independent of each other. */
static bool compares_quantiles(const struct km_work *w, const struct an_surv *s)
{
	return w->measure != YG_KM_RISK_RATIO && !w->adjusted && !s->cluster;
}

void an_km_contrast_notes(struct km_work *w, const struct an_surv *s)
{
	bool quantiles = compares_quantiles(w, s);
	static const char *const how[] = {
		N_("differences of survival: group minus {1}, intervals symmetric; the difference of risks is the same with the other sign"),
		N_("ratios of survival: group over {1}, intervals on the log scale"),
		N_("ratios of risks: group over {1}, intervals on the log scale") };
	struct yg_raw_note *n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, how[w->measure]);
	yg_raw_note_text(n, s->group_words[0]);
	if (w->ats)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		            N_("p at a time: equal survival then, tested on the log(-log S) scale (Klein and others 2007); choose the times "
		               "beforehand"));
	if (w->adjusted)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("variances of comparisons include the covariance of the adjusted curves"));
	else if (s->cluster)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("variances of comparisons include that clusters reach over groups"));
	if (quantiles)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		            N_("comparison of quantiles: all pairs of times at which both curves agree with the level, by the minimum dispersion "
		               "statistic (Su and Wei 1993)"));
	else if (w->measure != YG_KM_RISK_RATIO)
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("quantiles are not compared: that needs groups that are independent of each other"));
	if (!w->ats)
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("no times were asked for: add at to compare survival at them"));
}

enum yg_status an_km_contrasts(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err)
{
	if (s->groups < 2) {
		yg_fail(err, YG_REFUSED, "E-SUR-309", N_("%s has one group only (%s): there is nothing to compare"), s->by_title,
		        s->group_label[0]);
		yg_err_hint(err, N_("Look at where and at the values of the column with describe."));
		return YG_REFUSED;
	}
	if (w->ats)
		YG_TRY(at_times(w, s, km, err));
	return compares_quantiles(w, s) ? quantile_contrasts(w, s, km, err) : YG_OK;
}

/* ---- survival from a time on ---- */

static void conditional_row(struct km_work *w, const struct an_surv *s, struct yg_raw_table *t, const struct yg_km *km,
                            const struct yg_km *after, size_t g, double from, double at)
{
	struct yg_km_conditional c;
	struct yg_evidence e = an_surv_group_evidence(s, g);
	char a[32], b[32];
	double lower, upper;
	yg_print_double(a, an_surv_shown(s, at));
	yg_print_double(b, an_surv_shown(s, from));
	int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s|%s", s->group_label[g], a, b), s->group_words[g], 0);
	yg_km_conditional(&km->curve[g], from, at, &c);
	if (after) {
		struct yg_km_point p;
		yg_km_at(&after->curve[g], at, &p);
		c.se = p.se;
	}
	yg_raw_num(t, row, 0, an_surv_shown(s, from), YG_NOBODY);
	yg_raw_int(t, row, 1, (int64_t)c.n_risk, s->set->n == s->set->persons ? an_part(c.n_risk, s->group_persons[g]) :
	           an_persons(c.n_risk));
	yg_raw_num(t, row, 2, an_surv_shown(s, at), YG_NOBODY);
	bool beyond = c.beyond && c.surv > 0 && !w->carry;
	if (isnan(c.surv) || beyond) {
		yg_raw_missing(t, row, 3, beyond ? N_("not estimated: after the last time observed") : N_("not estimated: nobody is followed then"));
		for (int column = 4; column < 7; column++)
			yg_raw_text(t, row, column, "");
		return;
	}
	yg_km_limits(c.surv, c.se, w->options.ci, w->options.conf, &lower, &upper);
	yg_raw_num(t, row, 3, c.surv, e);
	yg_raw_num(t, row, 4, c.se, e);
	if (w->options.ci == YG_KM_NO_CI)
		return;
	yg_raw_num(t, row, 5, lower, e);
	yg_raw_num(t, row, 6, upper, e);
}

enum yg_status an_km_conditional(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "conditional", w->parts),
	                                      an_surv_subtitle(s, N_("Survival of those who have survived so far"), &w->arena));
	size_t rows = 0;
	yg_raw_column(t, "given", N_("survived"), YG_ROLE_TIME, an_surv_unit(s));
	yg_raw_column(t, "at_risk", N_("at risk then"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "time", N_("time"), YG_ROLE_TIME, an_surv_unit(s));
	yg_raw_column(t, "estimate", N_("survival"), YG_ROLE_PROBABILITY, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t i = 0; i < w->givens; i++) {
		struct yg_km after;
		if (km->options.robust)
			YG_TRY(yg_km_fit_after(&s->spans, w->given[i], &km->options, w->task, &after, err));
		for (size_t g = 0; g < s->groups; g++)
			for (size_t k = 0; k < w->ats; k++)
				if (w->at[k] > w->given[i]) {
					conditional_row(w, s, t, km, km->options.robust ? &after : NULL, g, w->given[i], w->at[k]);
					rows++;
				}
		if (km->options.robust)
			yg_km_release(&after);
	}
	if (!rows)
		return yg_fail_at(err, YG_ESYNTAX, w->r->given->at, w->r->given->len, "E-SUR-310", N_("no time of at is after one of given"));
	return YG_OK;
}
