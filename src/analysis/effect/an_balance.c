/*
 * balance: standardised differences of the covariates of a propensity model, before and after weighting.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "an_effect_priv.h"
#include "analysis/an_frame_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/balance.h"

struct balance {
	const struct yg_an_balance *r;
	const struct yg_weighted *w;
	struct yg_task *task;
	struct yg_arena arena;
	enum yg_smd_denominator denominator;
	double threshold;
	size_t n;                        /* persons of the set */
	int8_t *arm;
	double *weight, *x;              /* [n] */
	size_t *row;                     /* [n] row of the propensity's set */
	struct yg_raw *raw;
	struct yg_raw_table *table, *means;
	struct yg_raw_figure *love;
	int before, after;               /* series, -1 = not shown */
	int64_t above, rows;
};

static enum yg_status choose(struct balance *b, struct yg_err *err)
{
	const char *sd = b->r->sd;
	b->denominator = b->w->estimand == YG_ESTIMAND_ATT ? YG_SMD_TREATED : b->w->estimand == YG_ESTIMAND_ATC ? YG_SMD_CONTROL : YG_SMD_AVERAGE;
	if (sd && !strcmp(sd, "pooled"))
		b->denominator = YG_SMD_AVERAGE;
	else if (sd && !strcmp(sd, "treated"))
		b->denominator = YG_SMD_TREATED;
	else if (sd && !strcmp(sd, "all"))
		b->denominator = YG_SMD_ALL;
	else if (sd)
		return yg_fail(err, YG_ESYNTAX, "E-PS-016", N_("sd is pooled, treated or all, not %s"), sd);
	b->threshold = b->r->threshold > 0 ? b->r->threshold : 0.1;
	return YG_OK;
}

static enum yg_status gather(struct balance *b, struct yg_err *err)
{
	const struct yg_propensity *p = b->w->ps;
	size_t n = p->set->n;
	b->arm = yg_data_alloc(n + 1, 1);
	b->weight = yg_data_alloc(2 * n + 1, sizeof(double));
	b->row = yg_data_alloc(n + 1, sizeof *b->row);
	if (!b->arm || !b->weight || !b->row)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while balance was checked"));
	b->x = b->weight + n;
	for (size_t i = 0; i < n; i++)
		if (p->kept[i]) {
			b->row[b->n] = i;
			b->arm[b->n] = p->arm[i];
			b->weight[b->n++] = b->w->weight[p->set->person[i]];
		}
	return YG_OK;
}

static void love_point(struct balance *b, int series, const char *label, double smd, struct yg_evidence e)
{
	struct yg_raw_point point = { .x = smd, .x2 = NAN, .y = NAN, .lower = NAN, .upper = NAN, .label = label };
	if (series >= 0)
		yg_raw_point(b->love, series, &point, e);
}

/* One covariate or level, its values in x. */
static enum yg_status add_row(struct balance *b, const char *key, const char *label, struct yg_err *err)
{
	struct yg_balance before, after;
	YG_TRY(yg_balance_column(b->x, 1, b->n, b->arm, NULL, b->denominator, b->task, &before, err));
	YG_TRY(yg_balance_column(b->x, 1, b->n, b->arm, b->weight, b->denominator, b->task, &after, err));
	struct yg_evidence e = an_persons(b->n);
	if (before.binary) {
		int64_t ones = 0;
		for (size_t i = 0; i < b->n; i++)
			ones += b->x[i] == 1;
		e = (struct yg_evidence){ ones, 0, (int64_t)b->n };
	}
	int row = yg_raw_row_data(b->table, key, label, 0), column = 0;
	if (b->before >= 0)
		yg_raw_num(b->table, row, column++, before.smd, e);
	if (b->after >= 0)
		yg_raw_num(b->table, row, column++, after.smd, e);
	const struct yg_balance *last = b->after >= 0 ? &after : &before;
	bool above = fabs(last->smd) > b->threshold;
	yg_raw_text(b->table, row, column++, above ? N_("above") : "");
	b->above += above;
	b->rows++;
	if (last->binary)
		yg_raw_text(b->table, row, column++, "");
	else
		yg_raw_num(b->table, row, column++, last->variance_ratio, e);
	yg_raw_num(b->table, row, column, last->ks, e);
	int m = yg_raw_row_data(b->means, key, label, 0);
	const double mean[4] = { before.mean[1], before.mean[0], after.mean[1], after.mean[0] };
	for (int k = 0; k < 4; k++)
		yg_raw_num(b->means, m, k, mean[k], e);
	if (before.binary)
		yg_raw_text(b->means, m, 4, "");
	else
		yg_raw_num(b->means, m, 4, before.variance_ratio, e);
	yg_raw_num(b->means, m, 5, before.ks, e);
	love_point(b, b->before, label, before.smd, e);
	love_point(b, b->after, label, after.smd, e);
	return YG_OK;
}

static enum yg_status covariate(struct balance *b, const struct yg_set_column *c, struct yg_err *err)
{
	const char *name = c->label ? c->label : c->name;
	if (!c->is_factor) {
		for (size_t i = 0; i < b->n; i++)
			b->x[i] = c->number[b->row[i]];
		return add_row(b, c->name, c->unit && *c->unit ? yg_arena_printf(&b->arena, "%s (%s)", name, c->unit) : name, err);
	}
	for (int l = 0; l < c->levels; l++) {
		size_t ones = 0;
		for (size_t i = 0; i < b->n; i++) {
			b->x[i] = c->level[b->row[i]] == l;
			ones += b->x[i] == 1;
		}
		if (ones)
			YG_TRY(add_row(b, yg_arena_printf(&b->arena, "%s: %s", c->name, c->level_name[l]),
			               yg_arena_printf(&b->arena, "%s: %s", name, c->level_name[l]), err));
	}
	return YG_OK;
}

static enum yg_status score_row(struct balance *b, struct yg_err *err)
{
	for (size_t i = 0; i < b->n; i++)
		b->x[i] = b->w->ps->score[b->row[i]];
	return add_row(b, "propensity", N_("propensity score"), err);
}

static void lay_out(struct balance *b)
{
	b->table = yg_raw_table(b->raw, "balance", N_("Standardised mean differences, treated minus untreated"));
	bool before = !b->r->no_before, after = !b->r->no_after || b->r->no_before;
	if (before)
		yg_raw_column(b->table, "smd_before", N_("SMD before"), YG_ROLE_SMD, NULL);
	if (after)
		yg_raw_column(b->table, "smd_after", N_("SMD after"), YG_ROLE_SMD, NULL);
	yg_raw_column(b->table, "mark", "", YG_ROLE_LABEL, NULL);
	yg_raw_column(b->table, after ? "ratio_after" : "ratio_before", after ? N_("VR after") : N_("VR before"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(b->table, after ? "ks_after" : "ks_before", after ? N_("KS after") : N_("KS before"), YG_ROLE_STATISTIC, NULL);
	b->love = yg_raw_figure(b->raw, "love", YG_FIGURE_LOVE, N_("Balance before and after weighting"));
	yg_raw_figure_axis(b->love, 'x', N_("standardised mean difference"), NULL, 0);
	yg_raw_figure_reference(b->love, 'x', b->threshold);
	b->before = before ? yg_raw_series(b->love, N_("before")) : -1;
	b->after = after ? yg_raw_series(b->love, N_("after")) : -1;
	b->means = yg_raw_table(b->raw, "means", N_("Means in the two groups"));
	yg_raw_column(b->means, "treated_before", N_("treated before"), YG_ROLE_MEAN, NULL);
	yg_raw_column(b->means, "untreated_before", N_("untreated before"), YG_ROLE_MEAN, NULL);
	yg_raw_column(b->means, "treated_after", N_("treated after"), YG_ROLE_MEAN, NULL);
	yg_raw_column(b->means, "untreated_after", N_("untreated after"), YG_ROLE_MEAN, NULL);
	yg_raw_column(b->means, "ratio_before", N_("VR before"), YG_ROLE_STATISTIC, NULL);
	yg_raw_column(b->means, "ks_before", N_("KS before"), YG_ROLE_STATISTIC, NULL);
	yg_raw_table_aside(b->means);
}

static void notes(struct balance *b)
{
	const struct yg_population *p = &b->w->population;
	struct yg_raw_note *n = yg_raw_note(b->raw, YG_NOTE_POPULATION, N_("{1} persons: {2}"));
	yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)p->persons, an_persons(p->persons));
	yg_raw_note_text(n, p->sentence);
	an_note_text(b->raw, YG_NOTE_CONVENTION, N_("estimand: {1}"), yg_estimand_sentence(b->w->estimand));
	an_note_text(b->raw, YG_NOTE_CONVENTION, N_("differences are divided by {1}, before weighting"),
	             yg_smd_denominator_name(b->denominator));
	yg_raw_note(b->raw, YG_NOTE_CONVENTION,
	            N_("VR: ratio of the variances, treated over untreated; KS: largest distance of the distribution functions"));
	n = yg_raw_note(b->raw, b->above ? YG_NOTE_WARNING : YG_NOTE_INFO, N_("{1} of {2} differences are above {3}"));
	yg_raw_note_int(n, YG_ROLE_INTEGER, b->above, YG_NOBODY);
	yg_raw_note_int(n, YG_ROLE_INTEGER, b->rows, YG_NOBODY);
	yg_raw_note_num(n, YG_ROLE_SMD, b->threshold, YG_NOBODY);
}

static enum yg_status fill(struct balance *b, struct yg_err *err)
{
	const struct yg_propensity *p = b->w->ps;
	YG_TRY(choose(b, err));
	YG_TRY(gather(b, err));
	b->raw = yg_raw_new("balance", 1);
	yg_raw_title(b->raw, yg_phrase(&b->arena, N_("Balance of %s"), b->w->population.name));
	yg_raw_counts(b->raw, (int64_t)b->n, (int64_t)b->n, -1, 0);
	lay_out(b);
	YG_TRY(score_row(b, err));
	for (size_t k = 0; k < p->terms; k++) {
		const struct yg_set_column *c = &p->set->column[p->first_term + k];
		bool again = c->use == YG_USE_OFFSET;
		for (size_t j = 0; j < k; j++)
			again = again || !strcmp(p->set->column[p->first_term + j].name, c->name);
		if (!again)
			YG_TRY(covariate(b, c, err));
	}
	notes(b);
	return YG_OK;
}

enum yg_status yg_an_balance(const struct yg_an_balance *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct balance b = { .r = r, .w = r->set, .task = task };
	yg_arena_init(&b.arena);
	enum yg_status s = fill(&b, err);
	yg_data_free(b.arm);
	yg_data_free(b.weight);
	yg_data_free(b.row);
	yg_arena_release(&b.arena);
	if (s == YG_OK)
		*out = b.raw;
	else
		yg_raw_free(b.raw);
	return s;
}
