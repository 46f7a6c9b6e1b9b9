/* Tables, figures and notes of a penalised model. */
#include <math.h>
#include <string.h>

#include "an_penalised_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/elementary.h"

#define MOST_SHOWN 10u        /* penalties side by side */
#define MOST_LINES 20u        /* of the figure */
#define MOST_CELLS 20000u     /* rows of the table of all coefficients */

static const char *key(struct an_pen *w, const char *base)
{
	return an_key(&w->arena, base, w->index);
}

static struct yg_evidence everybody(const struct an_pen *w)
{
	return (struct yg_evidence){ (int64_t)w->set->persons, w->events > 0 ? w->events : 0, 0 };
}

/* Who stands behind a coefficient: of a level those who have it, else everybody. */
static struct yg_evidence behind(const struct an_pen *w, size_t j)
{
	return w->behind[j].persons ? w->behind[j] : everybody(w);
}

static const struct yg_design_column *column(const struct an_pen *w, size_t j)
{
	return &w->design->column[w->first_column + j];
}

static const char *ratio_name(const struct an_pen *w)
{
	return w->family == YG_PEN_COX ? N_("HR") : w->family == YG_PEN_BINOMIAL ? N_("OR") : w->family == YG_PEN_POISSON ? N_("IRR") : NULL;
}

/* ---- the penalties chosen ---- */

static void chosen_row(struct an_pen *w, struct yg_raw_table *t, const char *name, const char *label, size_t l)
{
	struct yg_evidence e = everybody(w);
	int row = yg_raw_row(t, name, label, 0);

	yg_raw_num(t, row, 0, w->path.lambda[l], e);
	yg_raw_int(t, row, 1, (int64_t)w->path.df[l], e);
	yg_raw_num(t, row, 2, w->cv.mean[l], e);
	yg_raw_num(t, row, 3, w->cv.se[l], e);
	yg_raw_num(t, row, 4, w->path.dev_ratio[l], e);
}

static void chosen(struct an_pen *w)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, key(w, "chosen"), N_("Penalty by cross-validation"));

	yg_raw_column(t, "lambda", N_("lambda"), YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "terms", N_("columns in"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "deviance", N_("deviance left out"), YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "explained", N_("deviance explained"), YG_ROLE_PROPORTION, NULL);
	chosen_row(w, t, "1se", N_("largest within one SE of the best"), w->cv.within);
	chosen_row(w, t, "min", N_("smallest deviance"), w->cv.best);
}

/* ---- coefficients ---- */

static void coefficient_cells(struct an_pen *w, struct yg_raw_table *t, int row, int at, size_t l, size_t j)
{
	double b = w->path.beta[l * w->path.p + j];
	bool ratio = ratio_name(w) != NULL;

	if (w->path.constant[j] || b == 0) {
		yg_raw_missing(t, row, at, w->path.constant[j] ? N_("one value only") : N_("left out"));
		if (ratio)
			yg_raw_text(t, row, at + 1, "");
		return;
	}
	yg_raw_num(t, row, at, b, behind(w, j));
	if (ratio)
		yg_raw_num(t, row, at + 1, yg_exp(b), behind(w, j));
}

static void estimates(struct an_pen *w)
{
	struct yg_raw_table *t;
	size_t shown[MOST_SHOWN] = { w->cv.within, w->cv.best }, count = 2;
	const char *ratio = ratio_name(w);
	int step = ratio ? 2 : 1;

	if (!w->have_cv) {
		if (!w->q->lambdas)
			return;
		count = w->path.lambdas < MOST_SHOWN ? w->path.lambdas : MOST_SHOWN;
		for (size_t k = 0; k < count; k++)
			shown[k] = k;
	} else if (shown[0] == shown[1]) {
		count = 1;
	}
	t = yg_raw_table(w->raw, key(w, "estimates"), yg_phrase(&w->arena, N_("Penalised coefficients, %s"), w->formula));
	for (size_t k = 0; k < count; k++) {
		const char *name = !w->have_cv ? yg_arena_printf(&w->arena, "%.4g", w->path.lambda[shown[k]]) : k ? "min" : "1se";
		const char *label = yg_phrase(&w->arena, N_("coefficient, %s"), name);
		yg_raw_column(t, yg_arena_printf(&w->arena, "estimate_%s", name), label, YG_ROLE_ESTIMATE, NULL);
		if (ratio)
			yg_raw_column(t, yg_arena_printf(&w->arena, "ratio_%s", name),
			              yg_phrase(&w->arena, "%s, %s", yg_phrase_message(&w->arena, ratio), name), YG_ROLE_ESTIMATE, NULL);
	}
	if (w->family != YG_PEN_COX) {
		int row = yg_raw_row(t, "(Intercept)", N_("(Intercept)"), 0);
		for (size_t k = 0; k < count; k++) {
			yg_raw_num(t, row, (int)k * step, w->path.intercept[shown[k]], everybody(w));
			if (ratio)
				yg_raw_text(t, row, (int)k * step + 1, "");
		}
	}
	for (size_t j = 0; j < w->path.p; j++) {
		int row = yg_raw_row_data(t, column(w, j)->key, column(w, j)->label, 0);
		for (size_t k = 0; k < count; k++)
			coefficient_cells(w, t, row, (int)k * step, shown[k], j);
	}
}

static void path_table(struct an_pen *w)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, key(w, "path"), N_("Path of penalties"));
	struct yg_evidence e = everybody(w);

	/* Without anything chosen the path is what there is to see. */
	if (w->have_cv || w->q->lambdas)
		yg_raw_table_detail(t);
	yg_raw_column(t, "lambda", N_("lambda"), YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "terms", N_("columns in"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "explained", N_("deviance explained"), YG_ROLE_PROPORTION, NULL);
	if (w->have_cv) {
		yg_raw_column(t, "deviance", N_("deviance left out"), YG_ROLE_CRITERION, NULL);
		yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	}
	for (size_t l = 0; l < w->path.lambdas; l++) {
		int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%zu", l + 1), "", 0);
		yg_raw_num(t, row, 0, w->path.lambda[l], e);
		yg_raw_int(t, row, 1, (int64_t)w->path.df[l], e);
		yg_raw_num(t, row, 2, w->path.dev_ratio[l], e);
		if (!w->have_cv)
			continue;
		yg_raw_num(t, row, 3, w->cv.mean[l], e);
		yg_raw_num(t, row, 4, w->cv.se[l], e);
	}
}

static void coefficients(struct an_pen *w)
{
	struct yg_raw_table *t;
	size_t cells = 0;

	for (size_t l = 0; l < w->path.lambdas; l++)
		cells += w->path.df[l];
	if (cells > MOST_CELLS)
		return;
	t = yg_raw_table(w->raw, key(w, "coefficients"), N_("Coefficients along the path"));
	yg_raw_table_detail(t);
	yg_raw_column(t, "column", N_("column"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "lambda", N_("lambda"), YG_ROLE_CRITERION, NULL);
	yg_raw_column(t, "estimate", N_("coefficient"), YG_ROLE_ESTIMATE, NULL);
	for (size_t l = 0; l < w->path.lambdas; l++)
		for (size_t j = 0; j < w->path.p; j++) {
			double b = w->path.beta[l * w->path.p + j];
			int row;
			if (b == 0)
				continue;
			row = yg_raw_row(t, yg_arena_printf(&w->arena, "%zu.%zu", l + 1, j + 1), "", 0);
			yg_raw_data(t, row, 0, column(w, j)->label);
			yg_raw_num(t, row, 1, w->path.lambda[l], everybody(w));
			yg_raw_num(t, row, 2, b, behind(w, j));
		}
}

static void folds_table(struct an_pen *w)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, key(w, "folds"), N_("Folds"));
	int64_t *persons = yg_xcalloc(2 * w->folds + 1, sizeof *persons), *events = persons + w->folds;

	yg_raw_table_detail(t);
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	for (size_t i = 0; i < w->set->n; i++) {
		persons[w->fold[i]] += !i || w->set->person[i] != w->set->person[i - 1];
		events[w->fold[i]] += w->have_s ? w->s.event[i] : w->events >= 0 && w->y[i] > 0;
	}
	for (size_t k = 0; k < w->folds; k++) {
		int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%zu", k + 1), "", 0);
		yg_raw_int(t, row, 0, persons[k], an_part((uint64_t)persons[k], w->set->persons));
		if (w->events >= 0)
			yg_raw_int(t, row, 1, events[k], (struct yg_evidence){ persons[k], events[k], 0 });
		else
			yg_raw_text(t, row, 1, "");
	}
	yg_free(persons);
}

/* ---- figures ---- */

/* The columns that move furthest in units of their standard deviation, at most MOST_LINES. */
static size_t furthest(const struct an_pen *w, size_t *in)
{
	const size_t p = w->path.p, last = w->path.lambdas;
	double *most = yg_xcalloc(p + 1, sizeof *most);
	size_t count = 0;

	for (size_t l = 0; l < last; l++)
		for (size_t j = 0; j < p; j++)
			most[j] = fmax(most[j], fabs(w->path.beta[l * p + j]) * w->sd[j]);
	while (count < MOST_LINES) {
		size_t best = p;
		for (size_t j = 0; j < p; j++)
			if (most[j] > 0 && (best == p || most[j] > most[best]))
				best = j;
		if (best == p)
			break;
		most[best] = 0;
		in[count++] = best;
	}
	yg_free(most);
	return count;
}

static void path_figure(struct an_pen *w)
{
	size_t in[MOST_LINES], count = furthest(w, in);
	struct yg_raw_figure *f;

	if (w->path.lambdas < 2 || !count)
		return;
	f = yg_raw_figure(w->raw, key(w, "path"), YG_FIGURE_XY, N_("Coefficients along the path"));
	yg_raw_figure_axis(f, 'x', N_("log of lambda"), NULL, 0);
	yg_raw_figure_axis(f, 'y', N_("coefficient, per standard deviation"), NULL, 0);
	yg_raw_figure_reference(f, 'y', 0);
	if (w->have_cv)
		yg_raw_figure_reference(f, 'x', yg_log(w->path.lambda[w->cv.within]));
	for (size_t k = 0; k < count; k++) {
		int series = yg_raw_series(f, column(w, in[k])->label);
		yg_raw_series_line(f, series);
		for (size_t l = w->path.lambdas; l-- > 0;) {
			struct yg_raw_point p = { .x = yg_log(w->path.lambda[l]), .x2 = NAN, .y = w->path.beta[l * w->path.p + in[k]] * w->sd[in[k]],
				                  .lower = NAN, .upper = NAN };
			yg_raw_point(f, series, &p, behind(w, in[k]));
		}
	}
}

static void cv_figure(struct an_pen *w)
{
	struct yg_raw_figure *f;
	struct yg_raw_note *n;
	int series;

	if (w->path.lambdas < 2)
		return;
	f = yg_raw_figure(w->raw, key(w, "cv"), YG_FIGURE_XY, N_("Deviance in the rows left out"));
	yg_raw_figure_axis(f, 'x', N_("log of lambda"), NULL, 0);
	yg_raw_figure_axis(f, 'y', w->family == YG_PEN_COX ? N_("deviance per event") : N_("deviance per row"), NULL, 0);
	yg_raw_figure_reference(f, 'x', yg_log(w->path.lambda[w->cv.within]));
	n = yg_raw_figure_caption(f, N_("mean of the folds with one standard error; smallest at lambda {1}, dotted line at {2}"));
	yg_raw_note_num(n, YG_ROLE_CRITERION, w->path.lambda[w->cv.best], YG_NOBODY);
	yg_raw_note_num(n, YG_ROLE_CRITERION, w->path.lambda[w->cv.within], YG_NOBODY);
	series = yg_raw_series(f, N_("mean and one standard error"));
	for (size_t l = w->path.lambdas; l-- > 0;) {
		struct yg_raw_point p = { .x = yg_log(w->path.lambda[l]), .x2 = NAN, .y = w->cv.mean[l], .lower = w->cv.mean[l] - w->cv.se[l],
			                  .upper = w->cv.mean[l] + w->cv.se[l] };
		yg_raw_point(f, series, &p, everybody(w));
	}
}

void an_pen_tables(struct an_pen *w)
{
	static const char *const what[] = { N_("Penalised linear regression"), N_("Penalised logistic regression"),
		                            N_("Penalised Poisson regression"), N_("Penalised Cox model") };

	if (!w->index)
		yg_raw_title(w->raw, yg_phrase(&w->arena, "%s: %s", yg_phrase_message(&w->arena, what[w->family]), w->outcome));
	if (w->have_cv)
		chosen(w);
	estimates(w);
	path_table(w);
	coefficients(w);
	if (w->fold)
		folds_table(w);
	if (w->have_cv)
		cv_figure(w);
	path_figure(w);
}

static void note_fit(struct an_pen *w)
{
	struct yg_raw_note *n;

	if (w->path.unconverged) {
		n = yg_raw_note(w->raw, YG_NOTE_WARNING, N_("at {1} penalties the most steps were made without convergence: do not use their numbers"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)w->path.unconverged, YG_NOBODY);
	}
	if (w->family == YG_PEN_COX)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("ties: Breslow, in penalised models whatever ties says"));
	if (w->have_cv) {
		n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, w->family == YG_PEN_COX ?
		                N_("{1} folds{2}; left-out deviance: partial likelihood of all less that of the others (Verweij and van Houwelingen 1993)") :
		                N_("{1} folds{2}; left-out deviance: mean of the folds, by their size"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)w->folds, YG_NOBODY);
		yg_raw_note_data(n, w->q->foldid ? yg_arena_printf(&w->arena, " (%s)", w->q->foldid->text) :
		                                   yg_arena_printf(&w->arena, " (seed %llu)", (unsigned long long)w->q->seed));
		if (w->cv.best + 1 == w->path.lambdas && w->path.lambdas > 1)
			yg_raw_note(w->raw, YG_NOTE_WARNING, N_("the best penalty is the smallest one tried: try smaller ones, or fit without penalty"));
	}
}

static void note_kept(struct an_pen *w)
{
	struct yg_raw_note *n;
	const char *name;
	size_t at;
	if (!w->have_cv || !an_pen_chosen(w, &at, &name))
		return;
	n = yg_raw_note(w->raw, YG_NOTE_INFO, N_("predict and validate use the model at {1} (lambda {2}); choose=min or 1se says which"));
	yg_raw_note_text(n, name);
	yg_raw_note_num(n, YG_ROLE_CRITERION, w->path.lambda[at], YG_NOBODY);
}

void an_pen_notes(struct an_pen *w)
{
	struct yg_raw_note *n;

	if (!w->index && w->have_s)
		an_surv_notes(w->raw, &w->s, w->in);
	else if (!w->index)
		an_set_notes(w->raw, w->set, w->in, w->events);
	if (w->index)
		return;
	n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, w->options.alpha == 1 ? N_("lasso: minus the log likelihood per row plus lambda times the sum of |b|{1}") :
	                w->options.alpha == 0 ? N_("ridge: minus the log likelihood per row plus lambda times half the sum of b squared{1}") :
	                N_("elastic net: minus the log likelihood per row plus lambda times (alpha |b| + (1 - alpha) b squared / 2), alpha {1}"));
	if (w->options.alpha > 0 && w->options.alpha < 1)
		yg_raw_note_num(n, YG_ROLE_STATISTIC, w->options.alpha, YG_NOBODY);
	else
		yg_raw_note_text(n, "");
	yg_raw_note(w->raw, YG_NOTE_CONVENTION,
	            N_("columns in units of their standard deviation while they are shrunk; coefficients on the scale of the data"));
	yg_raw_note(w->raw, YG_NOTE_CONVENTION,
	            N_("levels are shrunk towards the reference level; shrunken coefficients have no standard errors or p values"));
	if (w->family == YG_PEN_GAUSSIAN && w->options.alpha < 1)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		            N_("the squared part counts the outcome in units of its standard deviation, as glmnet does"));
	note_fit(w);
	note_kept(w);
}
