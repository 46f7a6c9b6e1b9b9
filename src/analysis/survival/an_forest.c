/* forest: estimates of models as rows of a figure, subgroups under their headings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "an_surv_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/elementary.h"

struct forest_row {
	const char *heading, *heading_text;  /* group it stands under, NULL = none */
	const char *key, *label;
	const struct an_cox_kept *fit;
	const struct an_cox_row *row;
	bool summary;
	size_t place;                        /* order of its heading */
};
static const struct an_forest_words hazard_ratios = { N_("Hazard ratios"), N_("HR"), N_("HR (CI)"), N_("hazard ratio"),
	                                              N_("hazard ratios with {1} intervals, as in the models"), false };

static const struct an_forest_words *words_of(const struct an_cox_kept *k)
{
	return k->words ? k->words : &hazard_ratios;
}

/* The estimate as it is shown. */
static double shown(const struct an_cox_kept *k, double b)
{
	return words_of(k)->difference ? b : yg_exp(b);
}

struct forest_work {
	const struct yg_an_forest *r;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct forest_row *row;
	size_t rows, cap, headings;
};

static const struct an_cox_row *find_row(const struct an_cox_kept *k, const char *term)
{
	for (size_t i = 0; i < k->rows; i++)
		if (!strcmp(k->row[i].key, term) && !k->row[i].reference)
			return &k->row[i];
	return NULL;
}

/* The only coefficient of a fit, or NULL. */
static const char *only_term(const struct an_cox_kept *k)
{
	const char *found = NULL;
	for (size_t i = 0; i < k->rows; i++)
		if (!k->row[i].reference) {
			if (found)
				return NULL;
			found = k->row[i].key;
		}
	return found;
}

static enum yg_status unknown_term(const struct yg_an_forest *r, const char *term, struct yg_err *err)
{
	struct yg_buf list = YG_BUF_INIT;
	const struct an_cox_kept *k = &r->model[0]->fit[0];
	for (size_t i = 0; i < k->rows; i++)
		if (!k->row[i].reference)
			yg_buf_addf(&list, "%s\"%s\"", list.len ? ", " : "", k->row[i].key);
	if (term)
		yg_fail(err, YG_ESYNTAX, "E-SUR-050", N_("no model here has a coefficient \"%s\""), term);
	else
		yg_fail(err, YG_ESYNTAX, "E-SUR-051", N_("the models have several coefficients: which of them in each subgroup?"));
	yg_err_hint(err, N_("Write with term= and one of %s"), list.data);
	yg_buf_release(&list);
	return YG_ESYNTAX;
}

static void add_row(struct forest_work *w, struct forest_row row)
{
	YG_GROW(w->row, w->rows, w->cap);
	w->row[w->rows++] = row;
}

static const char *interaction_text(struct forest_work *w, const struct yg_cox_model *m, const char *by,
                                    const struct an_cox_row *row)
{
	for (size_t i = 0; i < m->interactions; i++)
		if (!strcmp(m->interaction[i].by, by) && !strcmp(m->interaction[i].term, row->term) &&
		    !isnan(m->interaction[i].p)) {
			double p = m->interaction[i].p;
			return p < 0.001 ? N_("interaction p <0.001") : yg_arena_printf(&w->arena, "interaction p %.3f", p);
		}
	return NULL;
}

/* One coefficient in every fit of every model. */
static enum yg_status rows_of_term(struct forest_work *w, const char *term, struct yg_err *err)
{
	const struct yg_an_forest *r = w->r;
	const char *heading = NULL;
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < r->model[i]->fits; k++) {
			const struct an_cox_kept *fit = &r->model[i]->fit[k];
			const struct an_cox_row *row = find_row(fit, term);
			if (!row)
				continue;
			struct forest_row out = { .fit = fit, .row = row };
			if (fit->level) {
				if (!heading || strcmp(heading, fit->by))
					w->headings++;
				heading = fit->by;
				out.heading = fit->by;
				out.heading_text = interaction_text(w, r->model[i], fit->by, row);
				out.label = fit->level;
				out.key = yg_arena_printf(&w->arena, "%s: %s", fit->by, fit->level);
			} else {
				heading = NULL;
				w->headings++;
				out.summary = fit->overall;
				out.label = fit->overall ? N_("Overall") : r->count > 1 ? r->name[i] : row->label;
				out.key = fit->overall ? "overall" : r->count > 1 ? r->name[i] : row->key;
			}
			out.place = w->headings;
			add_row(w, out);
		}
	return w->rows ? YG_OK : unknown_term(r, term, err);
}

/* All coefficients of models without subgroups. */
static void rows_of_models(struct forest_work *w)
{
	const struct yg_an_forest *r = w->r;
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < r->model[i]->fits; k++) {
			const struct an_cox_kept *fit = &r->model[i]->fit[k];
			bool several = r->count > 1 || r->model[i]->fits > 1;
			w->headings++;
			for (size_t j = 0; j < fit->rows; j++) {
				const struct an_cox_row *row = &fit->row[j];
				if (row->reference)
					continue;
				struct forest_row out = { .fit = fit, .row = row, .label = row->label,
				                         .key = row->key, .place = w->headings };
				if (several) {
					out.heading = fit->level ? yg_arena_printf(&w->arena, "%s, %s: %s",
					                                           r->name[i], fit->by, fit->level) :
					                           yg_arena_printf(&w->arena, "%s: %s", r->name[i],
					                                           fit->formula);
					out.key = yg_arena_printf(&w->arena, "%s / %s", r->name[i], row->key);
				}
				add_row(w, out);
			}
		}
}

/* ---- order ---- */

static int by_estimate(const void *a, const void *b)
{
	const struct forest_row *x = a, *y = b;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->row->b > y->row->b) - (x->row->b < y->row->b);
}

static int by_name(const void *a, const void *b)
{
	const struct forest_row *x = a, *y = b;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return strcmp(x->label, y->label);
}

/* ---- figure and table ---- */

static const char *counts_text(struct forest_work *w, const struct forest_row *f)
{
	const struct an_cox_row *r = f->row;
	if (r->binary && r->reference_persons >= 0 && f->fit->event_rows >= 0)
		return yg_arena_printf(&w->arena, "%lld/%lld\t%lld/%lld", (long long)r->events, (long long)r->persons,
		                       (long long)r->reference_events, (long long)r->reference_persons);
	if (f->fit->event_rows < 0)
		return yg_arena_printf(&w->arena, "%lld", (long long)f->fit->persons);
	return yg_arena_printf(&w->arena, "%lld/%lld", (long long)f->fit->events, (long long)f->fit->persons);
}

static struct yg_evidence evidence_of(const struct forest_row *f)
{
	const struct an_cox_row *r = f->row;
	return (struct yg_evidence){ r->persons, r->events, r->binary ? f->fit->persons : 0 };
}

/* The level and its reference, where all rows compare the same two. */
static bool same_two(const struct forest_work *w, const char **level, const char **reference)
{
	for (size_t i = 0; i < w->rows; i++)
		if (strcmp(w->row[i].row->key, w->row[0].row->key) || w->row[i].row->reference_persons < 0)
			return false;
	const struct an_cox_row *r = w->row[0].row;
	const char *colon = strstr(r->key, ": ");
	*reference = NULL;
	for (size_t k = 0; colon && k < w->row[0].fit->rows; k++)
		if (w->row[0].fit->row[k].reference && !strcmp(w->row[0].fit->row[k].term, r->term))
			*reference = strstr(w->row[0].fit->row[k].key, ": ");
	if (!colon || !*reference)
		return false;
	*level = colon + 2;
	*reference += 2;
	return true;
}

static void figure(struct forest_work *w, bool linear)
{
	const struct an_cox_kept *fit = w->row[0].fit;
	struct yg_raw_figure *f = yg_raw_figure(w->raw, "forest", YG_FIGURE_FOREST,
	                                        yg_phrase(&w->arena, "%s, %s: %s", yg_phrase_message(&w->arena, words_of(fit)->title),
	                                                  fit->endpoint, w->r->term ? w->r->term : fit->formula));
	const char *level, *reference, *heading = NULL;
	int series = yg_raw_series(f, words_of(fit)->series);
	yg_raw_figure_axis(f, 'x', words_of(fit)->axis, NULL, !linear && !words_of(fit)->difference);
	yg_raw_figure_reference(f, 'x', words_of(fit)->difference ? 0 : 1);
	if (same_two(w, &level, &reference)) {
		yg_raw_figure_heads(f, yg_arena_printf(&w->arena, "%s\t%s", level, reference));
		yg_raw_figure_sides(f, yg_arena_printf(&w->arena, "less with %s", level),
		                    yg_arena_printf(&w->arena, "more with %s", level));
	} else {
		yg_raw_figure_heads(f, fit->event_rows < 0 ? N_("persons") : N_("events/persons"));
	}
	for (size_t i = 0; i < w->rows; i++) {
		const struct forest_row *r = &w->row[i];
		struct yg_raw_point p = { .x = NAN, .x2 = NAN, .y = NAN, .lower = NAN, .upper = NAN, .at_risk = -1,
		                         .events = -1, .censored = -1 };
		if (r->heading && (!heading || strcmp(heading, r->heading))) {
			p.header = 1;
			p.label = r->heading;
			p.text = r->heading_text;
			yg_raw_point(f, series, &p, YG_NOBODY);
		}
		heading = r->heading;
		p.header = r->summary ? 2 : 0;
		p.label = r->label;
		p.text = counts_text(w, r);
		if (r->row->estimable) {
			p.y = shown(r->fit, r->row->b);
			p.lower = shown(r->fit, r->row->lower);
			p.upper = shown(r->fit, r->row->upper);
			p.x2 = 1 / (r->row->se * r->row->se);
		}
		yg_raw_point(f, series, &p, evidence_of(r));
	}
}

static void table(struct forest_work *w)
{
	const struct an_forest_words *words = words_of(w->row[0].fit);
	struct yg_raw_table *t = yg_raw_table(w->raw, "forest", words->title);
	yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "events", N_("events"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "estimate", words->head, YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	for (size_t i = 0; i < w->rows; i++) {
		const struct forest_row *r = &w->row[i];
		struct yg_evidence e = evidence_of(r);
		const char *label = r->heading ? yg_arena_printf(&w->arena, "%s: %s", r->heading, r->label) : r->label;
		int row = yg_raw_row_data(t, r->key, label, 0);
		yg_raw_int(t, row, 0, r->fit->persons, an_persons((uint64_t)r->fit->persons));
		if (r->fit->event_rows >= 0)
			yg_raw_int(t, row, 1, r->fit->event_rows, (struct yg_evidence){ r->fit->persons, r->fit->events, 0 });
		else
			yg_raw_text(t, row, 1, "");
		if (!r->row->estimable) {
			yg_raw_missing(t, row, 2, r->row->why);
			for (int k = 3; k <= 5; k++)
				yg_raw_text(t, row, k, "");
			continue;
		}
		yg_raw_num(t, row, 2, shown(r->fit, r->row->b), e);
		yg_raw_num(t, row, 3, shown(r->fit, r->row->lower), e);
		yg_raw_num(t, row, 4, shown(r->fit, r->row->upper), e);
		yg_raw_num(t, row, 5, r->row->p, e);
	}
}

static enum yg_status choose_rows(struct forest_work *w, struct yg_err *err)
{
	const struct yg_an_forest *r = w->r;
	bool subgroups = false;
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < r->model[i]->fits; k++)
			subgroups = subgroups || r->model[i]->fit[k].overall;
	const char *term = r->term;
	if (!term && subgroups) {
		term = only_term(&r->model[0]->fit[0]);
		if (!term)
			return unknown_term(r, NULL, err);
	}
	if (term)
		return rows_of_term(w, term, err);
	rows_of_models(w);
	return YG_OK;
}

enum yg_status yg_an_forest(const struct yg_an_forest *request, struct yg_raw **out, struct yg_err *err)
{
	struct forest_work w = { .r = request };
	bool linear = request->axis && !strcmp(request->axis, "linear");
	if (request->axis && !linear && strcmp(request->axis, "log"))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-052", N_("axis is log or linear, not %s"), request->axis);
	if (request->order && strcmp(request->order, "given") && strcmp(request->order, "estimate") &&
	    strcmp(request->order, "name"))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-053", N_("order is given, estimate or name, not %s"),
		               request->order);
	yg_arena_init(&w.arena);
	enum yg_status s = choose_rows(&w, err);
	for (size_t i = 1; s == YG_OK && i < w.rows; i++)
		if (words_of(w.row[i].fit) != words_of(w.row[0].fit))
			s = yg_fail(err, YG_REFUSED, "E-SUR-054", N_("the models estimate different things: a forest shows estimates of one kind"));
	if (s == YG_OK) {
		const struct an_cox_kept *k = w.row[0].fit;
		if (request->order && strcmp(request->order, "given"))
			qsort(w.row, w.rows, sizeof *w.row, request->order[0] == 'e' ? by_estimate : by_name);
		w.raw = yg_raw_new("forest", 1);
		an_title(w.raw, "%s: %s", k->endpoint, request->term ? request->term : k->formula);
		yg_raw_counts(w.raw, k->persons, k->records, k->event_rows, 0);
		figure(&w, linear);
		table(&w);
		struct yg_raw_note *n = yg_raw_note(w.raw, YG_NOTE_CONVENTION,
		                                    words_of(k)->note);
		yg_raw_note_num(n, YG_ROLE_PROPORTION, k->conf, YG_NOBODY);
		for (size_t i = 0; i < w.rows; i++)
			yg_raw_model(w.raw, w.row[i].fit->events > 0 ? w.row[i].fit->events : w.row[i].fit->persons, (int64_t)w.row[i].fit->rank);
		*out = w.raw;
	}
	yg_free(w.row);
	yg_arena_release(&w.arena);
	return s;
}
