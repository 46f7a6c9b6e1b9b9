/*
 * validate: discrimination and calibration of models, on their own data with the bootstrap's optimism or on others.
 *
 * Optimism (Harrell, Lee and Mark 1996, Stat Med 15:361): the model is fitted again to persons drawn with replacement, knots
 * included, and its measure there less its measure on the persons observed is averaged.  Replicate r draws from its own
 * stream, so that threads change nothing.
 */
#include <math.h>
#include <string.h>

#include "an_measure_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/num/dist.h"
#include "yogo/num/rng.h"

struct validation {
	const struct yg_an_judge *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct an_rows rows;
	struct an_sample sample;
	struct an_measures q;
	size_t measures;
	struct an_measure *list;       /* of the present model */
	double *optimism;              /* [measures], NaN = none */
	double **influence;            /* [models] of C */
	struct an_measure **found;     /* [models] */
};

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while predictions were compared with outcomes"));
}

/* ---- bootstrap ---- */

struct boot {
	struct validation *v;
	const struct an_applied *a;
	size_t measures;
	double *difference;            /* [replicates*measures]; NaN = not made */
};

/* Arrays of the persons drawn. */
struct drawn_sample {
	uint32_t *row;
	double *exit, *lp, *y;
	uint8_t *event;
	int32_t *stratum;
};

static void drawn_free(struct drawn_sample *d)
{
	void *all[] = { d->row, d->exit, d->lp, d->y, d->event, d->stratum };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		yg_data_free(all[i]);
}

static bool drawn_alloc(struct drawn_sample *d, const struct an_applied *a, size_t n)
{
	d->row = yg_data_alloc(n + 1, sizeof *d->row);
	d->exit = yg_data_alloc(n + 1, sizeof *d->exit);
	d->lp = yg_data_alloc(n + 1, sizeof *d->lp);
	d->y = yg_data_alloc(n + 1, sizeof *d->y);
	d->event = yg_data_alloc(n + 1, 1);
	d->stratum = a->stratum ? yg_data_alloc(n + 1, sizeof *d->stratum) : NULL;
	return d->row && d->exit && d->lp && d->y && d->event && (!a->stratum || d->stratum);
}

/* The measures of a light model on the persons observed, and on those drawn. */
static enum yg_status compare_samples(struct boot *b, const struct yg_prediction_model *light, struct drawn_sample *d,
                                      double *difference, struct yg_err *err)
{
	struct validation *v = b->v;
	size_t n = v->rows.n;
	struct an_applied again = *b->a, drawn = *b->a;
	struct an_measure *list = yg_xcalloc(2 * b->measures + 2, sizeof *list), *there = list + b->measures + 1;
	struct an_sample sample = { .n = n };
	double *made = NULL, *offset = NULL;
	again.model = drawn.model = light;
	again.lp = NULL;
	enum yg_status s = YG_OK;
	if (light->own_design) {
		s = yg_design_apply(NULL, light->design, v->rows.set, b->a->first_variable, &made, &offset, err);
		yg_data_free(offset);
		again.x = made;
	}
	if (s == YG_OK)
		s = an_applied_lp(&again, NULL, err);
	for (size_t i = 0; s == YG_OK && i < n; i++) {
		size_t from = d->row[i];
		d->lp[i] = again.lp[from];
		d->event[i] = v->rows.event[from];
		if (v->rows.has_surv)
			d->exit[i] = v->rows.set->exit[from];
		else
			d->y[i] = v->rows.y[from];
		if (d->stratum)
			d->stratum[i] = b->a->stratum[from];
	}
	drawn.lp = d->lp;
	drawn.stratum = d->stratum;
	sample.event = d->event;
	if (v->rows.has_surv)
		sample.spans = (struct yg_spans){ .n = n, .exit = d->exit, .event = d->event };
	else
		sample.y = d->y;
	if (s == YG_OK)
		s = an_sample_open(&sample, v->q.times > 0, NULL, err);
	(void)an_measure_list(&v->q, list);
	(void)an_measure_list(&v->q, there);
	if (s == YG_OK)
		s = an_measure_fill(&v->q, &v->sample, &again, NULL, NULL, list, err);
	if (s == YG_OK)
		s = an_measure_fill(&v->q, &sample, &drawn, NULL, NULL, there, err);
	for (size_t k = 0; s == YG_OK && k < b->measures; k++)
		difference[k] = there[k].value - list[k].value;
	an_sample_release(&sample);
	yg_data_free(made);
	yg_data_free(again.lp);
	yg_free(list);
	return s;
}

static enum yg_status replicate(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct boot *b = context;
	struct validation *v = b->v;
	struct drawn_sample d = { 0 };
	struct yg_prediction_model *light = NULL;
	struct yg_rng rng;
	double *difference = b->difference + block * b->measures;
	size_t n = v->rows.n;
	(void)worker;
	for (size_t k = 0; k < b->measures; k++)
		difference[k] = NAN;
	if (yg_task_cancelled(v->task))
		return YG_CANCELLED;
	enum yg_status s = drawn_alloc(&d, b->a, n) ? YG_OK : no_memory(err);
	yg_rng_init(&rng, v->r->seed, YG_RNG_BOOTSTRAP, (uint32_t)block, 0);
	for (size_t i = 0; s == YG_OK && i < n; i++)
		d.row[i] = yg_rng_below(&rng, (uint32_t)n);
	/* A sample in which the model cannot be fitted (too few distinct values for its knots) is one not made. */
	struct yg_err ignored = { 0 };
	if (s == YG_OK) {
		s = b->a->model->kind->refit(b->a->model, b->a, d.row, n, NULL, &light, &ignored);
		if (s == YG_REFUSED)
			s = YG_OK;
	}
	if (s == YG_OK && light)
		s = compare_samples(b, light, &d, difference, err);
	an_model_light_free(light);
	drawn_free(&d);
	return s;
}

static enum yg_status optimism(struct validation *v, const struct an_applied *a, uint64_t *made, struct yg_err *err)
{
	struct boot b = { v, a, v->measures, NULL };
	size_t times = (size_t)v->r->boot;
	if (!a->model->kind->refit || a->model->no_refit)
		return yg_fail(err, YG_REFUSED, "E-PRE-022", N_("boot: %s cannot be fitted again in this version: %s"), a->name,
		               a->model->no_refit ? a->model->no_refit : N_("it is of another kind"));
	if (a->model->late || (v->rows.has_surv && v->rows.s.spans.entry))
		return yg_fail(err, YG_REFUSED, "E-PRE-023", N_("boot: not with late entries in this version"));
	if (a->model->rows != an_rows_hash(v->rows.set, v->rows.has_surv ? v->rows.set->exit : v->rows.y,
	                                   v->rows.has_surv ? v->rows.event : NULL)) {
		yg_fail(err, YG_REFUSED, "E-PRE-024", N_("boot measures the optimism of a model on the data it was fitted to; %s was fitted to other rows"), a->name);
		yg_err_hint(err, N_("On other data leave boot out; to validate internally name the cohort of the fit with on."));
		return YG_REFUSED;
	}
	b.difference = yg_data_alloc(times * v->measures + 1, sizeof(double));
	if (!b.difference)
		return no_memory(err);
	yg_task_step(v->task, N_("bootstrap"));
	enum yg_status s = yg_pool_run(v->task, times, replicate, &b, err);
	*made = 0;
	for (size_t i = 0; s == YG_OK && i < times; i++)
		for (size_t k = 0; k < v->measures; k++)
			if (!isnan(b.difference[i * v->measures + k])) {
				++*made;
				break;
			}
	for (size_t k = 0; s == YG_OK && k < v->measures; k++) {
		double sum = 0, count = 0;
		for (size_t i = 0; i < times; i++) {
			double d = b.difference[i * v->measures + k];
			if (isnan(d))
				continue;
			sum += d;
			count++;
		}
		v->optimism[k] = count > 0 ? sum / count : NAN;
	}
	yg_data_free(b.difference);
	return s;
}

/* ---- tables ---- */

static const char *key_of(struct validation *v, const struct an_measure *m)
{
	static const char *const key[] = { "c", "uno", "d", "slope", "intercept", "oe", "brier", "ipa", "ibs", "auc", "r2", "rmse" };
	bool timed = v->q.of_time && (m->kind == AN_M_AUC || m->kind == AN_M_BRIER || m->kind == AN_M_IPA || m->kind == AN_M_OE);
	return timed ? yg_arena_printf(&v->arena, "%s@%.6g", key[m->kind], v->q.time[m->at] / v->rows.s.divisor) : key[m->kind];
}

static const char *label_of(struct validation *v, const struct an_measure *m)
{
	const char *at = v->q.of_time && v->q.times ?
		an_time_text(&v->arena, v->q.time[m->at], v->rows.s.divisor, v->rows.s.unit) : "";
	switch (m->kind) {
	case AN_M_C: return N_("Harrell's C");
	case AN_M_UNO:
		return isnan(v->q.tau) ? N_("Uno's C") :
			yg_phrase(&v->arena, N_("Uno's C, up to %s"), an_time_text(&v->arena, v->q.tau, v->rows.s.divisor, v->rows.s.unit));
	case AN_M_D: return N_("Somers' D");
	case AN_M_SLOPE: return N_("calibration slope");
	case AN_M_INTERCEPT: return N_("calibration intercept");
	case AN_M_OE: return v->q.of_time ? yg_phrase(&v->arena, N_("observed / expected at %s"), at) : N_("observed / expected");
	case AN_M_BRIER: return v->q.of_time ? yg_phrase(&v->arena, N_("Brier score at %s"), at) : N_("Brier score");
	case AN_M_IPA: return v->q.of_time ? yg_phrase(&v->arena, N_("scaled Brier score at %s"), at) : N_("scaled Brier score");
	case AN_M_IBS: return N_("integrated Brier score");
	case AN_M_AUC: return v->q.of_time ? yg_phrase(&v->arena, N_("AUC at %s"), at) : N_("C (AUC)");
	case AN_M_R2: return N_("R squared");
	case AN_M_RMSE: return N_("root mean squared error");
	}
	return "";
}

static const char *why_not(const struct validation *v, const struct an_applied *a, const struct an_measure *m)
{
	bool weighted = m->kind == AN_M_UNO || m->kind == AN_M_BRIER || m->kind == AN_M_IPA || m->kind == AN_M_IBS ||
	                (m->kind == AN_M_AUC && v->q.of_time);
	if (weighted && !v->sample.weighted)
		return N_("not defined for late entries");
	if (v->q.of_time && a->model->no_baseline && m->kind != AN_M_C && m->kind != AN_M_D && m->kind != AN_M_UNO && m->kind != AN_M_SLOPE)
		return N_("the model has no baseline hazard");
	return N_("not estimable");
}

static void put(struct yg_raw_table *t, int row, int column, double value, struct yg_evidence e, const char *why)
{
	if (isnan(value) && why)
		yg_raw_missing(t, row, column, why);
	else if (isnan(value))
		yg_raw_text(t, row, column, "");
	else
		yg_raw_num(t, row, column, value, e);
}

static void performance(struct validation *v, size_t k)
{
	const struct an_applied *a = &v->rows.model[k];
	struct yg_evidence e = an_rows_evidence(&v->rows);
	struct yg_raw_table *t = yg_raw_table(v->raw, an_key(&v->arena, "performance", k),
	                                      yg_phrase(&v->arena, N_("Performance of %s: %s"), a->name, a->model->formula));
	bool boot = v->r->boot > 0;
	yg_raw_column(t, "estimate", boot ? N_("apparent") : N_("estimate"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	if (boot) {
		yg_raw_column(t, "optimism", N_("optimism"), YG_ROLE_ESTIMATE, NULL);
		yg_raw_column(t, "corrected", N_("corrected"), YG_ROLE_ESTIMATE, NULL);
	}
	for (size_t i = 0; i < v->measures; i++) {
		const struct an_measure *m = &v->list[i];
		int row = yg_raw_row(t, key_of(v, m), label_of(v, m), 0);
		put(t, row, 0, m->value, e, why_not(v, a, m));
		put(t, row, 1, m->se, e, NULL);
		put(t, row, 2, m->lower, e, NULL);
		put(t, row, 3, m->upper, e, NULL);
		if (boot) {
			put(t, row, 4, v->optimism[i], e, NULL);
			put(t, row, 5, m->value - v->optimism[i], e, NULL);
		}
	}
	yg_raw_model(v->raw, v->rows.events >= 0 ? v->rows.events : (int64_t)v->rows.set->persons, (int64_t)a->model->rank);
}

/* Differences of concordance, from the influences of the same persons on both. */
static void compare_table(struct validation *v)
{
	const struct an_rows *r = &v->rows;
	struct yg_evidence e = an_rows_evidence(r);
	if (r->models < 2 || !v->q.of_time)
		return;
	for (size_t k = 0; k < r->models; k++)
		if (an_applied_apart(&r->model[k]))
			return;
	struct yg_raw_table *t = yg_raw_table(v->raw, "compare", N_("Differences of Harrell's C"));
	yg_raw_column(t, "estimate", N_("difference"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t k = 1; k < r->models; k++) {
		double d = v->found[k][0].value - v->found[0][0].value, square = 0;
		for (size_t i = 0; i < r->n; i++) {
			double u = v->influence[k][i] - v->influence[0][i];
			square += u * u;
		}
		double se = sqrt(square);
		int row = yg_raw_row(t, yg_arena_printf(&v->arena, "%s - %s", r->model[k].name, r->model[0].name),
		                     yg_phrase(&v->arena, N_("%s less %s"), r->model[k].name, r->model[0].name), 0);
		put(t, row, 0, d, e, N_("not estimable"));
		put(t, row, 1, se, e, NULL);
		put(t, row, 2, d - v->q.critical * se, e, NULL);
		put(t, row, 3, d + v->q.critical * se, e, NULL);
		put(t, row, 4, se > 0 ? yg_normal_two_sided(d / se) : NAN, e, N_("not estimable"));
	}
}

static void slope_notes(struct validation *v)
{
	bool cox = false, own = false;
	for (size_t k = 0; k < v->rows.models; k++)
		*(v->rows.model[k].model->kind->slope ? &own : &cox) = true;
	if (cox)
		yg_raw_note(v->raw, YG_NOTE_CONVENTION, N_("calibration slope: coefficient of the linear predictor in a Cox model of its own; below 1 the predictions are too extreme"));
	if (own)
		yg_raw_note(v->raw, YG_NOTE_CONVENTION, N_("calibration slope of a parametric model: coefficient of the linear predictor in a model of the same distribution; below 1 the predictions are too extreme"));
}

static void notes(struct validation *v, uint64_t made)
{
	struct yg_raw_note *n;
	an_rows_notes(v->raw, &v->rows, &v->r->in);
	for (size_t k = 0; k < v->rows.models; k++) {
		const struct an_applied *a = &v->rows.model[k];
		bool own = a->model->rows == an_rows_hash(v->rows.set, v->rows.has_surv ? v->rows.set->exit : v->rows.y,
		                                          v->rows.has_surv ? v->rows.event : NULL);
		bool again = a->model->kind->refit && !a->model->no_refit;
		n = yg_raw_note(v->raw, own && !v->r->boot ? YG_NOTE_WARNING : YG_NOTE_INFO,
		                own && !v->r->boot && again ? N_("{1} was fitted to these rows: its performance here is flattering; boot=500 takes the optimism off") :
		                own && !v->r->boot ? N_("{1} was fitted to these rows: its performance here is flattering; judge it on other data") :
		                own ? N_("{1} was fitted to these rows") : N_("{1} was fitted to other rows, and is applied as it is"));
		yg_raw_note_data(n, a->name);
	}
	for (size_t k = 0; k < v->rows.models; k++)
		if (an_applied_apart(&v->rows.model[k]))
			an_note_data(v->raw, YG_NOTE_CONVENTION, N_("{1} has strata: its C compares persons of the same stratum only, and is not set against that of other models"),
			             v->rows.model[k].name);
	if (v->q.of_time) {
		yg_raw_note(v->raw, YG_NOTE_CONVENTION, N_("a pair counts where one had the event while the other was at risk; ties of the predictor one half; standard errors by the infinitesimal jackknife"));
		if (v->sample.weighted)
			yg_raw_note(v->raw, YG_NOTE_CONVENTION, N_("AUC: events by the time against those free of it then; AUC, Brier score and Uno's C are weighted for censoring by its Kaplan-Meier curve, the weights' part in the standard errors included"));
		yg_raw_note(v->raw, YG_NOTE_CONVENTION, N_("scaled Brier score: 1 less its ratio to that of the Kaplan-Meier curve for all; observed is Kaplan-Meier; the integrated score is the mean from 0 to the last time asked"));
		slope_notes(v);
	} else if (v->q.binary) {
		yg_raw_note(v->raw, YG_NOTE_CONVENTION, N_("standard error of the AUC by DeLong; calibration intercept with the slope held at 1; slope below 1: the predictions are too extreme"));
	}
	if (v->r->boot) {
		n = yg_raw_note(v->raw, YG_NOTE_CONVENTION, N_("optimism: mean of {1} bootstrap replicates of persons, in each the model fitted again with its knots (seed {2}); corrected is apparent less optimism"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)made, YG_NOBODY);
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)v->r->seed, YG_NOBODY);
		if (made < (uint64_t)v->r->boot) {
			n = yg_raw_note(v->raw, YG_NOTE_WARNING, N_("in {1} replicates the model could not be fitted; they are left out"));
			yg_raw_note_int(n, YG_ROLE_INTEGER, v->r->boot - (int64_t)made, YG_NOBODY);
		}
	}
	n = yg_raw_note(v->raw, YG_NOTE_CONVENTION, N_("{1} intervals take the predictions as given"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, an_conf(&v->r->in), YG_NOBODY);
}

static enum yg_status check(struct validation *v, struct yg_err *err)
{
	const struct yg_an_judge *r = v->r;
	for (size_t k = 0; k < r->models; k++)
		if (yg_prediction_of_time(r->model[k]) != (r->endpoint != NULL) || r->model[k]->binary != r->model[0]->binary)
			return yg_fail(err, YG_REFUSED, "E-PRE-025", r->endpoint ? N_("%s predicts no time of an event; an endpoint wants a model of cox or aft") :
			               yg_prediction_of_time(r->model[k]) ? N_("%s predicts the time of an event: name an endpoint, not a column") :
			               N_("%s predicts another kind of outcome than the models before it"), r->name[k]);
	if (r->boot < 0 || r->boot > 100000)
		return yg_fail(err, YG_ESYNTAX, "E-PRE-026", N_("boot is a number of replicates from 1 to 100,000"));
	if (!r->endpoint && r->at)
		return yg_fail(err, YG_ESYNTAX, "E-PRE-027", N_("at is for endpoints: this outcome has no time"));
	v->q.critical = yg_normal_quantile(0.5 + an_conf(&r->in) / 2);
	v->q.of_time = r->endpoint != NULL;
	v->q.binary = r->model[0]->binary;
	v->q.tau = NAN;
	if (r->endpoint) {
		double *time, *tau;
		size_t taus;
		YG_TRY(an_times(r->endpoint, r->at, &v->arena, &time, &v->q.times, err));
		YG_TRY(an_times(r->endpoint, r->tau, &v->arena, &tau, &taus, err));
		v->q.time = time;
		for (size_t k = 0; k < v->q.times; k++)
			v->q.tau = fmax(isnan(v->q.tau) ? 0 : v->q.tau, time[k]);
		if (taus)
			v->q.tau = tau[0];
	}
	return YG_OK;
}

static enum yg_status each_model(struct validation *v, struct yg_err *err)
{
	uint64_t made = 0;
	v->list = yg_arena_alloc(&v->arena, AN_MOST_MEASURES, sizeof *v->list);
	v->measures = an_measure_list(&v->q, v->list);
	v->optimism = yg_arena_alloc(&v->arena, v->measures + 1, sizeof *v->optimism);
	for (size_t k = 0; k < v->rows.models; k++) {
		v->found[k] = v->list = yg_arena_alloc(&v->arena, AN_MOST_MEASURES, sizeof *v->list);
		(void)an_measure_list(&v->q, v->list);
		v->influence[k] = v->rows.models > 1 && v->q.of_time ? yg_data_calloc(v->rows.n + 1, sizeof(double)) : NULL;
		YG_TRY(an_measure_fill(&v->q, &v->sample, &v->rows.model[k], v->influence[k], v->task, v->list, err));
		if (v->r->boot)
			YG_TRY(optimism(v, &v->rows.model[k], &made, err));
		performance(v, k);
	}
	compare_table(v);
	notes(v, made);
	return YG_OK;
}

enum yg_status yg_an_validate(const struct yg_an_judge *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct validation v = { .r = r, .task = task };
	struct an_rows_request ask = { .in = &r->in, .endpoint = r->endpoint, .outcome = r->outcome, .event = r->event,
		                       .verb = "validate", .columns = r->boot > 0, .model = r->model, .name = r->name, .models = r->models };
	yg_arena_init(&v.arena);
	v.raw = yg_raw_new("validate", 1);
	v.influence = yg_arena_alloc(&v.arena, r->models + 1, sizeof *v.influence);
	v.found = yg_arena_alloc(&v.arena, r->models + 1, sizeof *v.found);
	enum yg_status s = check(&v, err);
	if (s == YG_OK)
		s = an_rows_build(&ask, task, &v.rows, err);
	if (s == YG_OK) {
		an_title(v.raw, N_("Validation: %s"), v.rows.outcome);
		v.sample = (struct an_sample){ .n = v.rows.n, .y = v.rows.y, .event = v.rows.event };
		if (v.rows.has_surv) {
			v.sample.spans = v.rows.s.spans;
			v.sample.spans.group = NULL;
			v.sample.spans.stratum = NULL;
		}
		s = an_sample_open(&v.sample, v.q.times > 0, task, err);
		if (s == YG_OK)
			s = each_model(&v, err);
		an_sample_release(&v.sample);
		an_rows_release(&v.rows);
	}
	for (size_t k = 0; k < r->models; k++)
		yg_data_free(v.influence[k]);
	yg_arena_release(&v.arena);
	if (s == YG_OK)
		*out = v.raw;
	else
		yg_raw_free(v.raw);
	return s;
}
