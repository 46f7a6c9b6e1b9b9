/* roc: tables of areas, readings and cut-offs. */
#include <math.h>
#include <string.h>

#include "an_roc_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/stats/describe.h"

/* One number of the replicates: standard deviation and percentiles. */
static void from_boot(const struct roc_group *g, size_t marker, size_t which, double *se, double limit[2])
{
	size_t k = g->part->whole->markers, m = 0;
	double *x = yg_xalloc(g->ask.times + 1, sizeof *x), p[2] = { (1 - g->w->conf) / 2, (1 + g->w->conf) / 2 };
	for (size_t t = 0; t < g->ask.times; t++) {
		double v = g->boot[(t * k + marker) * g->width + which];
		if (!isnan(v))
			x[m++] = v;
	}
	*se = limit[0] = limit[1] = NAN;
	if (m > 1) {
		struct yg_describe s;
		yg_describe(x, NULL, m, g->w->conf, &s);
		yg_quantiles(x, m, 7, p, 2, limit);
		*se = s.sd;
	}
	yg_free(x);
}

static void wald(const struct roc_work *w, double v, double se, double most, double limit[2])
{
	double reach = yg_normal_quantile(0.5 + w->conf / 2) * se;
	limit[0] = isnan(reach) ? NAN : fmax(0, v - reach);
	limit[1] = isnan(reach) ? NAN : fmin(most, v + reach);
}

/* One case, one control, one cluster: no variance. */
static const char *no_error(const struct acc_part *p)
{
	return p->cluster ? N_("too few clusters for a variance") : N_("too few cases or controls for a variance");
}

static void put_estimate(struct yg_raw_table *t, const struct roc_group *g, int row, int column, double se, const double limit[2])
{
	struct yg_evidence e = acc_evidence(g->part);
	acc_put(t, row, column, se, e, no_error(g->part));
	acc_put(t, row, column + 1, limit[0], e, no_error(g->part));
	acc_put(t, row, column + 2, limit[1], e, no_error(g->part));
}

static void binormal_table(struct roc_group *g)
{
	struct roc_work *w = g->w;
	const struct acc_part *p = g->part;
	struct yg_evidence e = acc_evidence(p);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "binormal", w->groups), acc_title(&w->arena, N_("Binormal curves"), p->label));
	yg_raw_column(t, "a", "a", YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "a_se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "b", "b", YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "b_se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "categories", N_("categories"), YG_ROLE_INTEGER, NULL);
	for (size_t j = 0; j < p->whole->markers; j++) {
		const struct yg_roc_binormal *m = &g->model[j];
		int row = yg_raw_row_data(t, p->whole->name[j], p->whole->name[j], 0);
		acc_put(t, row, 0, m->a, e, NULL);
		acc_put(t, row, 1, sqrt(m->var_a), e, NULL);
		acc_put(t, row, 2, m->b, e, NULL);
		acc_put(t, row, 3, sqrt(m->var_b), e, NULL);
		yg_raw_int(t, row, 4, (int64_t)m->categories, YG_NOBODY);
	}
}

static void partial_table(struct roc_group *g)
{
	struct roc_work *w = g->w;
	const struct acc_part *p = g->part;
	size_t k = p->whole->markers;
	struct yg_evidence e = acc_evidence(p);
	const char *low = yg_arena_printf(&w->arena, "%.6g", w->range.low), *high = yg_arena_printf(&w->arena, "%.6g", w->range.high);
	const char *title = yg_phrase(&w->arena, w->range.sensitivity ? N_("Area over sensitivities from %s to %s") : N_("Area over specificities from %s to %s"), low, high);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "pauc", w->groups), p->label ? yg_phrase(&w->arena, "%s, %s", title, p->label) : title);
	yg_raw_column(t, "pauc", N_("partial area"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "corrected", N_("corrected"), YG_ROLE_ESTIMATE, NULL);
	for (size_t j = 0; j < k; j++) {
		double v = g->partial[j], se = sqrt(g->partial_covariance[j * k + j]), limit[2];
		int row = yg_raw_row_data(t, p->whole->name[j], p->whole->name[j], 0);
		if (g->model)
			v = yg_roc_binormal_part(&g->model[j], &w->range, &se);
		wald(w, v, se, w->range.high - w->range.low, limit);
		if (g->boot)
			from_boot(g, j, 1, &se, limit);
		acc_put(t, row, 0, v, e, NULL);
		put_estimate(t, g, row, 1, se, limit);
		acc_put(t, row, 4, yg_roc_corrected(&w->range, v), e, NULL);
	}
}

void roc_area_tables(struct roc_group *g)
{
	struct roc_work *w = g->w;
	const struct acc_part *p = g->part;
	size_t k = p->whole->markers;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "auc", w->groups), acc_title(&w->arena, N_("Area under the curve"), p->label));
	yg_raw_column(t, "cases", N_("cases"), acc_count_role(p), NULL);
	yg_raw_column(t, "controls", N_("controls"), acc_count_role(p), NULL);
	yg_raw_column(t, "auc", N_("area"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	for (size_t j = 0; j < k; j++) {
		double v = g->area[j], se = sqrt(g->covariance[j * k + j]), limit[2];
		int row = yg_raw_row_data(t, p->whole->name[j], p->whole->name[j], 0);
		if (g->model) {
			v = g->model[j].area;
			se = g->model[j].se;
		}
		wald(w, v, se, 1, limit);
		if (g->boot)
			from_boot(g, j, 0, &se, limit);
		yg_raw_int(t, row, 0, (int64_t)p->count[1], an_persons(p->people[1]));
		yg_raw_int(t, row, 1, (int64_t)p->count[0], an_persons(p->people[0]));
		acc_put(t, row, 2, v, acc_evidence(p), NULL);
		put_estimate(t, g, row, 3, se, limit);
		w->perfect = w->perfect || g->area[j] >= 1 || g->area[j] <= 0;
		w->flat = w->flat || g->roc[j].points == 1;
	}
	if (g->model)
		binormal_table(g);
	if (w->r->partial)
		partial_table(g);
}

/* ---- readings ---- */

/* Persons on the two sides of the cut-off that a reading goes by. */
static struct yg_evidence reading_evidence(const struct roc_group *g, size_t j, double given, bool of_sensitivity)
{
	const struct yg_roc *r = &g->roc[j];
	uint64_t tp = r->n_cases, fp = r->n_controls, least = UINT64_MAX;
	for (size_t k = 0; k < r->points; k++) {
		bool reached = of_sensitivity ? (double)(tp - r->cases[k]) < given * (double)r->n_cases - 1e-9 :
		                                (double)(r->n_controls - fp) >= given * (double)r->n_controls - 1e-9;
		if (reached)
			break;
		tp -= r->cases[k];
		fp -= r->controls[k];
	}
	uint64_t cell[4] = { tp, fp, r->n_cases - tp, r->n_controls - fp };
	for (int k = 0; k < 4; k++)
		if (cell[k] && cell[k] < least)
			least = cell[k];
	least = least / (g->part->most ? g->part->most : 1);
	return (struct yg_evidence){ least ? (int64_t)least : 1, 0, 0 };
}

static void at_table(struct roc_group *g, bool of_sensitivity)
{
	struct roc_work *w = g->w;
	const struct acc_part *p = g->part;
	const char *title = of_sensitivity ? N_("Specificity at given sensitivities") : N_("Sensitivity at given specificities");
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, of_sensitivity ? "spec_at" : "sens_at", w->groups), acc_title(&w->arena, title, p->label));
	yg_raw_column(t, "estimate", of_sensitivity ? N_("specificity") : N_("sensitivity"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_PROPORTION, NULL);
	for (size_t j = 0; j < p->whole->markers; j++)
		for (size_t k = 0; k < w->r->ats; k++) {
			double given = w->r->at[k], se, limit[2];
			struct yg_roc_reading r;
			if (g->model)
				yg_roc_binormal_read(&g->model[j], given, of_sensitivity, w->conf, &r);
			else
				yg_roc_read_ci(&g->roc[j], given, of_sensitivity, w->conf, &r);
			limit[0] = p->cluster ? NAN : r.lower;
			limit[1] = p->cluster ? NAN : r.upper;
			if (g->boot)
				from_boot(g, j, 1 + (g->ask.range ? 1u : 0u) + (of_sensitivity ? w->r->ats : 0) + k, &se, limit);
			const char *text = yg_arena_printf(&w->arena, "%.6g", given), *name = p->whole->name[j];
			struct yg_evidence e = reading_evidence(g, j, given, of_sensitivity);
			int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s@%s", name, text),
			                     yg_phrase(&w->arena, of_sensitivity ? N_("%s, sensitivity %s") : N_("%s, specificity %s"), name, text), 0);
			/* In words, so that the gate does not withhold all the rest for the ends of the curve. */
			if (!w->r->of.open && !g->model && e.persons < ACC_FEW) {
				for (int column = 0; column < 3; column++)
					yg_raw_missing(t, row, column, N_("too few persons"));
				continue;
			}
			acc_put(t, row, 0, r.value, e, NULL);
			acc_put(t, row, 1, limit[0], e, N_("with clusters by ci=boot only"));
			acc_put(t, row, 2, limit[1], e, N_("with clusters by ci=boot only"));
		}
}

void roc_at_tables(struct roc_group *g)
{
	if (!g->w->r->ats)
		return;
	at_table(g, false);
	at_table(g, true);
}

/* ---- cut-offs ---- */

static enum yg_status cut_table(struct roc_group *g, size_t j, struct yg_err *err)
{
	struct roc_work *w = g->w;
	const struct acc_part *p = g->part;
	const char *how = w->r->cut, *name = p->whole->name[j];
	bool given = !strcmp(how, "value");
	struct yg_roc_cut cut = { .threshold = g->sign[j] * w->r->cut_value };
	if (!given)
		w->many_best = yg_roc_best(&g->roc[j], !strcmp(how, "topleft"), &cut, 1) > 1 || w->many_best;
	/* The scores themselves were turned for the curve, not in the rows. */
	double *score = yg_data_alloc(p->n + 1, sizeof *score);
	struct acc_cells cells;
	if (!score)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the curve was made"));
	for (size_t i = 0; i < p->n; i++)
		score[i] = g->sign[j] * p->score[j][i];
	enum yg_status s = acc_cells_count(p, score, cut.threshold, &cells, err);
	yg_data_free(score);
	YG_TRY(s);
	const char *who = p->label ? yg_phrase(&w->arena, "%s, %s", name, p->label) : name;
	const char *title = yg_phrase(&w->arena, given ? N_("%s at the cut-off given") :
	                              !strcmp(how, "topleft") ? N_("%s at the cut-off nearest to the corner") : N_("%s at the cut-off of Youden's index"), who);
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "cut", w->cuts++), title);
	struct yg_diag_measure m[YG_DIAG_COUNT];
	acc_measure_columns(t, p);
	int row = yg_raw_row(t, "threshold", g->sign[j] > 0 ? N_("positive from this value on") : N_("positive up to this value"), 0);
	/* A value that the data chose is judged like a quantile, one that was asked for is no secret. */
	yg_raw_role(t, row, 2, given ? YG_ROLE_CRITERION : YG_ROLE_QUANTILE);
	acc_put(t, row, 2, g->sign[j] * cut.threshold, given ? acc_evidence(p) : an_persons(p->persons), N_("no value is better than calling all or none positive"));
	acc_measure_rows(t, p, &cells, w->conf, YG_CI_WILSON, m);
	yg_data_free(cells.cluster);
	return YG_OK;
}

enum yg_status roc_cut_tables(struct roc_group *g, struct yg_err *err)
{
	for (size_t j = 0; g->w->r->cut && j < g->part->whole->markers; j++)
		YG_TRY(cut_table(g, j, err));
	return YG_OK;
}
