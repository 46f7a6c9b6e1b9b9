/*
 * ps and weight: the propensity score of a contrast, and the weights made of it.
 */
#include <math.h>
#include <string.h>

#include "an_effect_priv.h"
#include "analysis/an_frame_priv.h"
#include "analysis/regression/an_regress_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/describe.h"
#include "yogo/stats/propensity.h"

/* ---- objects ---- */

struct yg_propensity *yg_propensity_ref(struct yg_propensity *p)
{
	__atomic_add_fetch(&p->references, 1, __ATOMIC_RELAXED);
	return p;
}

void yg_propensity_unref(struct yg_propensity *p)
{
	if (!p || __atomic_sub_fetch(&p->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	yg_set_free(p->set);
	yg_data_free(p->arm);
	yg_data_free(p->score);
	yg_data_free(p->kept);
	yg_arena_release(&p->arena);
	yg_free(p);
}

const struct yg_table *yg_propensity_table(const struct yg_propensity *p)
{
	return p->table;
}

struct yg_weighted *yg_weighted_ref(struct yg_weighted *w)
{
	__atomic_add_fetch(&w->references, 1, __ATOMIC_RELAXED);
	return w;
}

void yg_weighted_unref(struct yg_weighted *w)
{
	if (!w || __atomic_sub_fetch(&w->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	yg_propensity_unref(w->ps);
	yg_data_free(w->member);
	yg_data_free(w->weight);
	yg_data_free(w->propensity);
	yg_data_free(w->arm);
	yg_arena_release(&w->arena);
	yg_free(w);
}

const struct yg_population *yg_weighted_population(const struct yg_weighted *w)
{
	return &w->population;
}

/* ---- ps ---- */

/* The level of the treatment that the contrast means: by label, by code, or yes/no of a flag. */
static int treated_level(const struct yg_set_column *c, const struct yg_an_ps *r)
{
	static const char *const yes[] = { "1", "true", "TRUE" }, *const no[] = { "0", "false", "FALSE" };
	const char *want = r->treated;
	struct yg_column_ref ref;
	if (yg_table_find(r->in.scope->table, c->name, &ref, NULL) == YG_OK) {
		const struct yg_field *field = yg_column_field(&ref);
		for (size_t k = 0; k < field->value_labels; k++)
			if (!strcmp(field->value_label[k].value, want) && field->value_label[k].label.en && c->type != YG_TYPE_LEVEL)
				want = field->value_label[k].label.en;
	}
	for (size_t k = 0; c->type == YG_TYPE_FLAG && k < 3; k++)
		want = !strcmp(want, yes[k]) ? "yes" : !strcmp(want, no[k]) ? "no" : want;
	for (int l = 0; l < c->levels; l++)
		if (!strcmp(c->level_name[l], want))
			return l;
	return -1;
}

static enum yg_status assign_arms(const struct yg_an_ps *r, struct yg_propensity *p, struct yg_err *err)
{
	const struct yg_set_column *c = &p->set->column[0];
	size_t n = p->set->n, count[2] = { 0, 0 };
	int treated = treated_level(c, r), other = -1, present = 0;
	uint8_t *has = yg_arena_alloc(&p->arena, (size_t)c->levels + 1, 1);
	if (treated < 0) {
		yg_fail_at(err, YG_REFUSED, r->column->at, r->column->len, "E-PS-010", N_("%s is never \"%s\" among the persons analysed"), c->name, r->treated);
		return YG_REFUSED;
	}
	for (size_t i = 0; i < n; i++)
		has[c->level[i]] = 1;
	for (int l = 0; l < c->levels; l++) {
		present += has[l];
		if (has[l] && l != treated)
			other = l;
	}
	if (present != 2) {
		yg_fail_at(err, YG_REFUSED, r->column->at, r->column->len, "E-PS-011",
		           N_("a contrast needs two groups; %s has %d among the persons analysed"), c->name, present);
		yg_err_hint(err, N_("Leave two levels with where, or make two of them with factor."));
		return YG_REFUSED;
	}
	for (size_t i = 0; i < n; i++) {
		p->arm[i] = c->level[i] == treated;
		count[p->arm[i]]++;
	}
	p->arm_label[1] = yg_arena_printf(&p->arena, "%s: %s", c->name, c->level_name[treated]);
	p->arm_label[0] = yg_arena_printf(&p->arena, "%s: %s", c->name, c->level_name[other]);
	return YG_OK;
}

static enum yg_status score_set(const struct yg_an_ps *r, const struct yg_design_plan *plan, struct yg_task *task,
                                struct yg_propensity *p, struct yg_err *err)
{
	const struct yg_set_variable *asked;
	size_t terms = yg_design_plan_variables(plan, &asked);
	struct yg_set_variable *list = yg_arena_alloc(&p->arena, terms + 1, sizeof *list);
	list[0] = (struct yg_set_variable){ .expression = r->column, .use = YG_USE_OUTCOME, .as_factor = true };
	if (terms)
		memcpy(list + 1, asked, terms * sizeof *list);
	p->first_term = 1;
	p->terms = terms;
	struct yg_set_request request = { .scope = r->in.scope, .population = r->in.population, .where = r->in.where,
		                          .unit = YG_SET_PERSONS, .variable = list, .variables = terms + 1 };
	YG_TRY(yg_set_build(&request, task, &p->set, err));
	size_t n = p->set->n;
	if (!n)
		return yg_fail(err, YG_REFUSED, "E-REG-001", N_("nobody is left to fit a model to"));
	p->arm = yg_data_alloc(n + 1, 1);
	p->score = yg_data_alloc(n + 1, sizeof(double));
	p->kept = yg_data_alloc(n + 1, 1);
	if (!p->arm || !p->score || !p->kept)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the propensity score was set up"));
	return assign_arms(r, p, err);
}

/* Distribution of the score in each arm. */
static void overlap_table(struct yg_raw *raw, const struct yg_propensity *p, const struct yg_overlap *o, double *work)
{
	static const double at[] = { 0.25, 0.5, 0.75 };
	struct yg_raw_table *t = yg_raw_table(raw, "overlap", N_("Propensity score in the two groups"));
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "mean", N_("mean"), YG_ROLE_MEAN, NULL);
	yg_raw_column(t, "q1", N_("Q1"), YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "median", N_("median"), YG_ROLE_QUANTILE, NULL);
	yg_raw_column(t, "q3", N_("Q3"), YG_ROLE_QUANTILE, NULL);
	for (int a = 1; a >= 0; a--) {
		size_t m = 0;
		double sum = 0, q[3];
		for (size_t i = 0; i < p->set->n; i++)
			if (p->arm[i] == a) {
				work[m++] = p->score[i];
				sum += p->score[i];
			}
		yg_quantiles(work, m, 7, at, 3, q);
		struct yg_evidence e = { (int64_t)m, 0, (int64_t)p->set->persons };
		int row = yg_raw_row_data(t, a ? "treated" : "untreated", p->arm_label[a], 0);
		yg_raw_int(t, row, 0, (int64_t)m, e);
		yg_raw_num(t, row, 1, sum / (double)m, e);
		for (int k = 0; k < 3; k++)
			yg_raw_num(t, row, 2 + k, q[k], e);
	}
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_INFO, N_("C statistic {1}"));
	yg_raw_note_num(n, YG_ROLE_CRITERION, o->c_statistic, an_persons(p->set->persons));
}

/* How far the scores reach; nothing else in the document is made from these counts. */
static void range_table(struct yg_raw *raw, const struct yg_propensity *p, const struct yg_overlap *o)
{
	struct yg_raw_table *t = yg_raw_table(raw, "range", N_("Range of the propensity score"));
	yg_raw_column(t, "min", N_("smallest"), YG_ROLE_EXTREME, NULL);
	yg_raw_column(t, "max", N_("largest"), YG_ROLE_EXTREME, NULL);
	yg_raw_column(t, "outside", N_("outside the range of both"), YG_ROLE_PERSONS, NULL);
	for (int a = 1; a >= 0; a--) {
		int row = yg_raw_row_data(t, a ? "treated" : "untreated", p->arm_label[a], 0);
		yg_raw_num(t, row, 0, o->smallest[a], an_persons(o->n[a]));
		yg_raw_num(t, row, 1, o->largest[a], an_persons(o->n[a]));
		yg_raw_int(t, row, 2, (int64_t)o->outside[a], an_part(o->outside[a], o->n[a]));
	}
	yg_raw_table_independent(t);
}

/* The finest of a few grids in which no bar stands for one to nine persons, so that guarded data keep the figure. */
static int choose_bins(const struct yg_propensity *p)
{
	static const int grid[] = { 20, 10, 5, 4, 2 };
	for (size_t g = 0; g < sizeof grid / sizeof *grid; g++) {
		int64_t count[2][20] = { { 0 } };
		bool good = true;
		for (size_t i = 0; i < p->set->n; i++) {
			int b = (int)(p->score[i] * grid[g]);
			count[p->arm[i]][b < grid[g] ? b : grid[g] - 1]++;
		}
		for (int b = 0; b < grid[g]; b++)
			for (int a = 0; a < 2; a++)
				good = good && (count[a][b] == 0 || count[a][b] >= 10);
		if (good)
			return grid[g];
	}
	return grid[0];
}

static void score_figure(struct yg_raw *raw, const struct yg_propensity *p)
{
	const int bins = choose_bins(p);
	int64_t count[2][20] = { { 0 } };
	struct yg_raw_figure *f = yg_raw_figure(raw, "scores", YG_FIGURE_HISTOGRAM, N_("Propensity score by group"));
	yg_raw_figure_axis(f, 'x', N_("propensity score"), NULL, 0);
	yg_raw_figure_axis(f, 'y', N_("persons"), NULL, 0);
	for (size_t i = 0; i < p->set->n; i++) {
		int b = (int)(p->score[i] * bins);
		count[p->arm[i]][b < bins ? b : bins - 1]++;
	}
	for (int a = 1; a >= 0; a--) {
		int series = yg_raw_series_data(f, p->arm_label[a]);
		for (int b = 0; b < bins; b++) {
			struct yg_raw_point point = { .x = (double)b / bins, .x2 = (double)(b + 1) / bins, .y = (double)count[a][b],
				                      .lower = NAN, .upper = NAN };
			yg_raw_point(f, series, &point, an_part((uint64_t)count[a][b], p->set->persons));
		}
	}
}

static void trim(struct yg_raw *raw, struct yg_propensity *p, double limit)
{
	p->persons = 0;
	for (size_t i = 0; i < p->set->n; i++) {
		p->kept[i] = !(limit > 0) || (p->score[i] >= limit && p->score[i] <= 1 - limit);
		p->persons += p->kept[i];
	}
	if (!(limit > 0))
		return;
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_DROPPED, N_("{1} persons left out: score below {2} or above {3}"));
	uint64_t out = p->set->persons - p->persons;
	yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)out, an_part(out, p->set->persons));
	yg_raw_note_num(n, YG_ROLE_PROBABILITY, limit, YG_NOBODY);
	yg_raw_note_num(n, YG_ROLE_PROBABILITY, 1 - limit, YG_NOBODY);
}

static enum yg_status fit_scores(const struct yg_an_ps *r, const struct yg_design_plan *plan, struct yg_task *task,
                                 struct yg_propensity *p, struct yg_raw *raw, struct yg_arena *arena, struct yg_err *err)
{
	size_t n = p->set->n;
	struct an_fit f = { .set = p->set, .options = { .family = YG_FAMILY_BINOMIAL, .link = YG_LINK_LOGIT } };
	struct yg_an_regress as_model = { .in = r->in, .verb = "ps" };
	double conf = r->in.conf > 0 ? r->in.conf : 0.95;
	f.outcome = p->arm_label[1];
	f.formula = yg_arena_strdup(arena, p->arm_label[1]);
	f.y = f.made = yg_data_alloc(2 * n + 1, sizeof(double));
	enum yg_status s = f.made ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the propensity score was set up"));
	for (size_t i = 0; s == YG_OK && i < n; i++)
		f.made[i] = p->arm[i];
	if (s == YG_OK)
		s = yg_design_build_packed(task, plan, p->set, p->first_term, true, &f.design, err);
	if (s == YG_OK)
		s = an_fit_plain(&f, conf, task, err);
	if (s == YG_OK) {
		struct yg_glm_rows rows = { .mean = p->score };
		s = yg_glm_rows(&f.data, &f.glm, task, &rows, err);
	}
	struct yg_overlap o;
	if (s == YG_OK)
		s = yg_propensity_overlap(p->arm, p->score, n, task, &o, err);
	if (s == YG_OK) {
		an_set_notes(raw, p->set, &r->in, f.events_counted);
		an_fit_tables(raw, &f, 0, conf, arena);
		overlap_table(raw, p, &o, f.made + n);
		range_table(raw, p, &o);
		score_figure(raw, p);
		an_fit_notes(raw, &f, &as_model, conf, arena);
		int64_t others = f.persons - f.events;
		yg_raw_model(raw, others < f.events ? others : f.events, (int64_t)f.rank);
	}
	an_fit_release(&f);
	return s;
}

enum yg_status yg_an_ps(const struct yg_an_ps *r, struct yg_task *task, struct yg_raw **out, struct yg_propensity **out_ps,
                        struct yg_err *err)
{
	struct yg_propensity *p = yg_xcalloc(1, sizeof *p);
	struct yg_arena arena;
	struct yg_raw *raw = yg_raw_new("ps", 1);
	struct yg_design_plan *plan;
	p->references = 1;
	yg_arena_init(&p->arena);
	yg_arena_init(&arena);
	p->table = r->in.scope->table;
	p->contrast = yg_arena_strdup(&p->arena, r->contrast);
	p->sentence = yg_arena_strdup(&p->arena, r->in.population->sentence ? r->in.population->sentence : p->table->name);
	enum yg_status s = YG_OK;
	if (r->estimand && !yg_estimand_parse(r->estimand, &p->estimand))
		s = yg_fail(err, YG_ESYNTAX, "E-PS-012", N_("there is no estimand %s; there are ate, att, atc, ato, atm"), r->estimand);
	p->has_estimand = r->estimand != NULL;
	if (!(r->trim >= 0 && r->trim < 0.5) && s == YG_OK)
		s = yg_fail(err, YG_ESYNTAX, "E-PS-013", N_("trim is a fraction below 0.5"));
	if (s == YG_OK)
		s = yg_design_plan(&arena, r->in.scope, r->model, &plan, err);
	if (s == YG_OK)
		s = score_set(r, plan, task, p, err);
	if (s == YG_OK) {
		yg_raw_title(raw, yg_phrase(&arena, N_("Propensity score of %s"), p->arm_label[1]));
		s = fit_scores(r, plan, task, p, raw, &arena, err);
	}
	if (s == YG_OK)
		trim(raw, p, r->trim);
	if (s == YG_OK && r->estimand)
		an_note_text(raw, YG_NOTE_CONVENTION, N_("estimand: {1}"), yg_estimand_sentence(p->estimand));
	yg_arena_release(&arena);
	if (s != YG_OK) {
		yg_raw_free(raw);
		yg_propensity_unref(p);
		return s;
	}
	*out = raw;
	*out_ps = p;
	return YG_OK;
}

/* ---- weight ---- */

static enum yg_status fill_population(struct yg_weighted *w, const char *name, const double *weight, struct yg_err *err)
{
	struct yg_propensity *p = w->ps;
	uint64_t persons = yg_dataset_persons(p->table->dataset), words = (persons + 63) / 64 + 1;
	w->member = yg_data_calloc(words, sizeof *w->member);
	w->weight = yg_data_alloc(persons + 1, sizeof(double));
	w->propensity = yg_data_alloc(persons + 1, sizeof(double));
	w->arm = yg_data_alloc(persons + 1, 1);
	if (!w->member || !w->weight || !w->propensity || !w->arm)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while weights were stored"));
	for (uint64_t i = 0; i < persons; i++) {
		w->weight[i] = w->propensity[i] = NAN;
		w->arm[i] = -1;
	}
	for (size_t i = 0, k = 0; i < p->set->n; i++) {
		uint32_t person = p->set->person[i];
		if (!p->kept[i])
			continue;
		w->member[person >> 6] |= (uint64_t)1 << (person & 63);
		w->weight[person] = weight[k++];
		w->propensity[person] = p->score[i];
		w->arm[person] = p->arm[i];
	}
	w->population = (struct yg_population){
		.name = yg_arena_strdup(&w->arena, name ? name : "weighted"),
		.sentence = yg_phrase(&w->arena, N_("%s, weighted for the %s"), p->sentence, yg_phrase_message(&w->arena, yg_estimand_sentence(w->estimand))),
		.table = p->table, .member = w->member, .persons = p->persons, .weight = w->weight,
		.weight_kind = "inverse probability", .estimand = yg_estimand_name(w->estimand), .arm = w->arm,
		.arm_label = { p->arm_label[0], p->arm_label[1] }, .propensity = w->propensity,
	};
	if (w->estimand == YG_ESTIMAND_ATO)
		w->population.weight_kind = "overlap";
	return YG_OK;
}

static void weight_table(struct yg_raw *raw, const struct yg_weighted *w, const struct yg_weight_summary *sum)
{
	struct yg_raw_table *t = yg_raw_table(raw, "weights", N_("Weights"));
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "sum", N_("sum"), YG_ROLE_WEIGHTED, NULL);
	yg_raw_column(t, "mean", N_("mean"), YG_ROLE_MEAN, NULL);
	yg_raw_column(t, "max", N_("largest"), YG_ROLE_EXTREME, NULL);
	yg_raw_column(t, "ess", N_("effective size"), YG_ROLE_WEIGHTED, NULL);
	for (int a = 1; a >= 0; a--) {
		struct yg_evidence e = { (int64_t)sum->n[a], 0, (int64_t)(sum->n[0] + sum->n[1]) };
		int row = yg_raw_row_data(t, a ? "treated" : "untreated", w->population.arm_label[a], 0);
		yg_raw_int(t, row, 0, (int64_t)sum->n[a], e);
		yg_raw_num(t, row, 1, sum->sum[a], e);
		yg_raw_num(t, row, 2, sum->mean[a], e);
		yg_raw_num(t, row, 3, sum->largest[a], e);
		yg_raw_num(t, row, 4, sum->effective[a], e);
	}
}

static void weight_notes(struct yg_raw *raw, const struct yg_an_weight *r, const struct yg_weighted *w,
                         const struct yg_weight_summary *sum)
{
	const struct yg_propensity *p = w->ps;
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_POPULATION, N_("{1} persons: {2}"));
	yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)p->persons, an_persons(p->persons));
	yg_raw_note_text(n, p->sentence);
	an_note_text(raw, YG_NOTE_CONVENTION, N_("estimand: {1}"), yg_estimand_sentence(w->estimand));
	if (p->has_estimand && p->estimand != w->estimand)
		an_note_text(raw, YG_NOTE_WARNING, N_("the contrast's estimand is another one: {1}"), yg_estimand_sentence(p->estimand));
	if (r->stabilized)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("stabilized: times the share of the person's own group"));
	if (r->truncate) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("weights outside the quantiles {1} and {2} were moved to them: {3} persons"));
		yg_raw_note_num(n, YG_ROLE_PROBABILITY, r->quantile[0], YG_NOBODY);
		yg_raw_note_num(n, YG_ROLE_PROBABILITY, r->quantile[1], YG_NOBODY);
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)sum->truncated, an_part(sum->truncated, p->persons));
	}
	yg_raw_note(raw, YG_NOTE_CONVENTION, N_("effective size: squared sum of the weights over the sum of their squares"));
}

enum yg_status yg_an_weight(const struct yg_an_weight *r, struct yg_task *task, struct yg_raw **out, struct yg_weighted **out_set,
                            struct yg_err *err)
{
	struct yg_propensity *p = r->ps;
	struct yg_weight_options options = { .stabilized = r->stabilized, .score_limit = { NAN, NAN }, .quantile = { NAN, NAN } };
	struct yg_weight_summary sum;
	size_t n = p->set->n, m = 0;
	(void)task;
	options.estimand = p->estimand;
	if (r->estimand && !yg_estimand_parse(r->estimand, &options.estimand))
		return yg_fail(err, YG_ESYNTAX, "E-PS-012", N_("there is no estimand %s; there are ate, att, atc, ato, atm"), r->estimand);
	if (!r->estimand && !p->has_estimand) {
		yg_fail(err, YG_ESYNTAX, "E-PS-014", N_("whose effect is meant? weight needs an estimand, and the contrast has none"));
		yg_err_hint(err, N_("Write estimand=att (the treated), ate (everybody), atc (the untreated), ato (the overlap) or atm."));
		return YG_ESYNTAX;
	}
	if (r->truncate) {
		if (!(r->quantile[0] >= 0 && r->quantile[0] < r->quantile[1] && r->quantile[1] <= 1))
			return yg_fail(err, YG_ESYNTAX, "E-PS-015", N_("truncate takes two rising fractions: truncate=(0.01, 0.99)"));
		options.quantile[0] = r->quantile[0];
		options.quantile[1] = r->quantile[1];
	}
	double *score = yg_data_alloc(2 * n + 1, sizeof(double)), *weight = score + n;
	int8_t *arm = yg_data_alloc(n + 1, 1);
	struct yg_weighted *w = yg_xcalloc(1, sizeof *w);
	w->references = 1;
	yg_arena_init(&w->arena);
	w->ps = yg_propensity_ref(p);
	w->estimand = options.estimand;
	enum yg_status s = score && arm ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while weights were made"));
	for (size_t i = 0; s == YG_OK && i < n; i++)
		if (p->kept[i]) {
			score[m] = p->score[i];
			arm[m++] = p->arm[i];
		}
	if (s == YG_OK)
		s = yg_weights_make(arm, score, m, &options, weight, &sum, err);
	if (s == YG_OK)
		s = fill_population(w, r->name, weight, err);
	yg_data_free(score);
	yg_data_free(arm);
	if (s != YG_OK) {
		yg_weighted_unref(w);
		return s;
	}
	struct yg_raw *raw = yg_raw_new("weight", 1);
	yg_raw_title(raw, N_("Weights from a propensity score"));
	yg_raw_counts(raw, (int64_t)p->persons, (int64_t)p->persons, -1, 0);
	weight_table(raw, w, &sum);
	weight_notes(raw, r, w, &sum);
	*out = raw;
	*out_set = w;
	return YG_OK;
}
