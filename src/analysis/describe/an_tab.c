/* tab: counts of one variable in the groups of another. */
#include <math.h>
#include <string.h>

#include "an_tab_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

bool yg_an_missing_rule_parse(const char *word, enum yg_an_missing_rule *out)
{
	if (!strcmp(word, "show") || !strcmp(word, "yes"))
		*out = YG_AN_MISSING_SHOW;
	else if (!strcmp(word, "drop") || !strcmp(word, "no"))
		*out = YG_AN_MISSING_DROP;
	else if (!strcmp(word, "level"))
		*out = YG_AN_MISSING_LEVEL;
	else
		return false;
	return true;
}

bool yg_an_tab_test(const char *word, unsigned *tests)
{
	static const char *const words[] = { "chisq", "fisher", "trend", "mcnemar", "mh" };

	if (!strcmp(word, "no"))
		return true;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(word, words[i])) {
			*tests |= 1u << i;
			return true;
		}
	return false;
}

bool yg_an_tab_measure(const char *word, unsigned *measures)
{
	static const char *const words[] = { "or", "rr", "rd" };

	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(word, words[i])) {
			*measures |= 1u << i;
			return true;
		}
	return false;
}

bool yg_an_tab_pct(const char *word, enum yg_an_tab_pct *out)
{
	static const char *const words[] = { "column", "row", "total", "none" };

	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(word, words[i])) {
			*out = (enum yg_an_tab_pct)i;
			return true;
		}
	if (!strcmp(word, "no")) {
		*out = YG_AN_PCT_NONE;
		return true;
	}
	return false;
}

double tab_count(const struct tab *t, size_t stratum, size_t row, size_t group)
{
	double sum = 0;

	if (stratum != SIZE_MAX)
		return *tab_cell(t, t->count, stratum, row, group);
	for (size_t s = 0; s < t->strata; s++)
		sum += *tab_cell(t, t->count, s, row, group);
	return sum;
}

void tab_two_by_two(const struct tab *t, size_t stratum, size_t group, double n[4])
{
	size_t side[2] = { group, t->f->by.reference };

	for (size_t k = 0; k < 2; k++) {
		n[2 * k] = n[2 * k + 1] = 0;
		for (size_t l = 0; l < t->known_levels; l++)
			n[2 * k + (l != t->event)] += tab_count(t, stratum, l, side[k]);
	}
}

/* ---- counting ---- */

static enum yg_status find_event(struct tab *t, struct yg_err *err)
{
	const struct an_variable *v = t->v;

	t->event = SIZE_MAX;
	if (t->r->event) {
		for (size_t l = 0; l < t->levels; l++)
			if (!strcmp(t->r->event, v->level[l]) || !strcmp(t->r->event, an_level_code(v, l)))
				t->event = l;
		if (t->event == SIZE_MAX) {
			yg_fail(err, YG_ESYNTAX, "E-DESC-015", N_("event=\"%s\" is no level of %s"), t->r->event, v->name);
			return YG_ESYNTAX;
		}
	} else if (t->levels == 2 && !strcmp(an_level_code(v, 0), "0") && !strcmp(an_level_code(v, 1), "1")) {
		t->event = 1;
	}
	bool wanted = t->r->measures || (t->r->tests & (YG_AN_TEST_TREND | YG_AN_TEST_MH));
	if (t->event == SIZE_MAX && wanted) {
		yg_fail(err, YG_REFUSED, "E-DESC-016", N_("%s is no flag and not 0 and 1: which of its levels is the event?"), v->name);
		yg_err_hint(err, N_("Say it: with event=\"LEVEL\""));
		return YG_REFUSED;
	}
	return YG_OK;
}

static enum yg_status count_cells(struct tab *t, struct yg_err *err)
{
	struct an_frame *f = t->f;
	const struct an_variable *v = t->v;
	enum yg_an_missing_rule rule = t->r->missing;

	t->levels = (size_t)v->levels;
	t->groups = t->known_groups = f->by.count;
	if (rule != YG_AN_MISSING_LEVEL)
		while (t->known_groups && f->by.unknown[t->known_groups - 1])
			t->known_groups--;
	t->strata = f->strata.count;
	bool missing = v->column->missing_count > 0;
	t->rows = t->levels + missing;
	t->known_levels = t->levels + (missing && rule == YG_AN_MISSING_LEVEL);
	t->row_label = yg_arena_alloc(&f->arena, t->rows + 1, sizeof *t->row_label);
	for (size_t l = 0; l < t->rows; l++)
		t->row_label[l] = l < t->levels ? v->level[l] : N_("missing");
	size_t cells = t->strata * t->rows * t->groups;
	t->count = yg_arena_alloc(&f->arena, cells + 1, sizeof *t->count);
	t->weight = yg_arena_alloc(&f->arena, cells + 1, sizeof *t->weight);
	for (size_t i = 0; i < f->set->n; i++) {
		int32_t l = an_level(v, i), g = f->by.of[i], s = f->strata.of[i];
		if (g < 0 || s < 0)
			continue;
		double k = f->frequency ? f->frequency[i] : 1, w = f->weight ? f->weight[i] : 1;
		if (!(k >= 0) || k != floor(k))
			return yg_fail(err, YG_REFUSED, "E-DESC-017", N_("freq counts repeats: whole numbers, 0 or more"));
		size_t row = l < 0 ? t->levels : (size_t)l;
		*tab_cell(t, t->count, (size_t)s, row, (size_t)g) += k;
		*tab_cell(t, t->weight, (size_t)s, row, (size_t)g) += k * w;
	}
	return find_event(t, err);
}

/* ---- the table ---- */

/* Share of a cell, or NAN. */
static double share(const struct tab *t, const double *w, size_t row, size_t group)
{
	double part = 0, whole = 0;
	enum yg_an_tab_pct pct = t->r->pct;
	bool by_column = pct == YG_AN_PCT_COLUMN, by_row = pct == YG_AN_PCT_ROW;

	/* row or group beyond the last is the margin */
	for (size_t l = 0; l < t->known_levels; l++)
		for (size_t g = 0; g < t->known_groups; g++) {
			double n = w[l * t->groups + g];
			bool in_row = row >= t->rows || l == row, in_column = group >= t->groups || g == group;
			if (in_row && in_column)
				part += n;
			if ((!by_column || in_column) && (!by_row || in_row))
				whole += n;
		}
	return whole > 0 ? part / whole : NAN;
}

static void put_cell(const struct tab *t, struct yg_raw_table *raw, int at, int column, size_t stratum, size_t row,
                     size_t group)
{
	const double *w = tab_cell(t, t->weight, stratum, 0, 0);
	double n = 0, of = 0;

	for (size_t l = 0; l < t->rows; l++)
		for (size_t g = 0; g < t->groups; g++) {
			bool in_row = row >= t->rows || l == row, in_column = group >= t->groups || g == group;
			if (in_row && in_column)
				n += tab_count(t, stratum, l, g);
			if (in_column)
				of += tab_count(t, stratum, l, g);
		}
	struct yg_evidence e = an_part((uint64_t)n, (uint64_t)of);
	yg_raw_int(raw, at, column, (int64_t)n, e);
	if (t->r->pct == YG_AN_PCT_NONE)
		return;
	if ((row < t->rows && row >= t->known_levels) || (group < t->groups && group >= t->known_groups))
		return;
	double p = share(t, w, row, group);
	if (!isnan(p))
		yg_raw_num(raw, at, column + 1, p, e);
}

static void counts_table(const struct tab *t, size_t stratum)
{
	struct an_frame *f = t->f;
	const char *title = an_heading(&f->arena, t->v);
	const char *key = an_key(&f->arena, "tab", t->turn);
	bool by = f->by.title != NULL, pct = t->r->pct != YG_AN_PCT_NONE;
	int wide = 1 + pct;

	if (by)
		title = yg_phrase(&f->arena, N_("%s by %s"), title, f->by.title);
	if (t->strata > 1) {
		key = yg_arena_printf(&f->arena, "%s: %s", key, f->strata.label[stratum]);
		title = yg_phrase(&f->arena, "%s; %s: %s", title, f->strata.title, f->strata.label[stratum]);
	}
	struct yg_raw_table *raw = yg_raw_table(t->raw, key, by || t->strata > 1 ? title : yg_phrase_data(&f->arena, title));
	for (size_t g = 0; g <= t->groups; g++) {
		if (g == t->groups && !by)
			break;
		const char *key_of = g == t->groups ? "total" : by ? f->by.label[g] : "persons";
		if (g < t->groups && by)
			yg_raw_column_data(raw, key_of, key_of, YG_ROLE_PERSONS, NULL);
		else
			yg_raw_column(raw, key_of, g == t->groups ? N_("total") : N_("persons"), YG_ROLE_PERSONS, NULL);
		if (pct)
			yg_raw_column(raw, yg_arena_printf(&f->arena, "%s share", key_of), "%", YG_ROLE_PROPORTION, NULL);
	}
	for (size_t l = 0; l <= t->rows; l++) {
		const char *label = t->row_label[l < t->rows ? l : 0];
		int row = l == t->rows ? yg_raw_row(raw, "total", N_("total"), 0)
		                       : yg_raw_row_data(raw, yg_arena_printf(&f->arena, "%s: %s", t->v->name, label), label, 0);
		for (size_t g = 0; g < t->groups + by; g++)
			put_cell(t, raw, row, (int)g * wide, stratum, l, g);
	}
}

static void tab_notes(const struct tab *t)
{
	static const char *const of[] = {
		[YG_AN_PCT_COLUMN] = N_("percentages are of the column, known values only"),
		[YG_AN_PCT_ROW] = N_("percentages are of the row, known values only"),
		[YG_AN_PCT_TOTAL] = N_("percentages are of the whole table, known values only"),
		[YG_AN_PCT_NONE] = NULL,
	};

	if (of[t->r->pct])
		yg_raw_note(t->raw, YG_NOTE_CONVENTION, of[t->r->pct]);
	if (t->f->weight)
		yg_raw_note(t->raw, YG_NOTE_CONVENTION, N_("counts are of persons, percentages are weighted"));
	if (t->f->frequency)
		yg_raw_note(t->raw, YG_NOTE_CONVENTION, N_("each row stands for the number of persons in freq"));
}

static enum yg_status one_tab(const struct yg_an_tab *r, size_t target, size_t turn, size_t number, struct yg_task *task,
                              struct yg_raw *raw, struct yg_err *err)
{
	struct yg_an_targets one = { .node = r->target.node + target, .count = 1 };
	struct an_frame f;
	struct an_frame_request fr = {
		.in = &r->in, .target = &one, .crossing = an_crossing(r->in.by, turn), .strata = r->strata,
		.frequency = r->frequency, .unit = YG_SET_PERSONS, .drop_missing = r->missing == YG_AN_MISSING_DROP,
		.keep_group_missing = r->missing != YG_AN_MISSING_DROP, .factors = true,
	};

	YG_TRY(an_frame_build(&fr, task, &f, err));
	struct tab t = { .r = r, .f = &f, .task = task, .raw = raw, .turn = number, .v = &f.variable[0] };
	enum yg_status s = count_cells(&t, err);
	if (s == YG_OK && (r->tests || r->measures) && !f.by.title) {
		s = yg_fail(err, YG_ESYNTAX, "E-DESC-018", N_("test and measure compare groups"));
		yg_err_hint(err, N_("Name the groups: tab %s by COLUMN"), t.v->name);
	} else if (s == YG_OK && (r->tests || r->measures) && f.weight) {
		s = yg_fail(err, YG_REFUSED, "E-DESC-019", N_("tab makes no tests and no measures on weighted data"));
		yg_err_hint(err, N_("Use a model with robust standard errors, as in logit ... on the weighted set"));
	} else if (s == YG_OK && (r->tests & YG_AN_TEST_MH) && !r->strata) {
		s = yg_fail(err, YG_ESYNTAX, "E-DESC-020", N_("test=mh pools strata: name them with strata COLUMN"));
	}
	for (size_t k = 0; k < t.strata && s == YG_OK; k++)
		counts_table(&t, k);
	if (s == YG_OK && r->measures)
		s = tab_risks(&t, err);
	if (s == YG_OK && (r->tests & ~(unsigned)YG_AN_TEST_MH))
		s = tab_tests(&t, err);
	if (s == YG_OK && r->strata && (r->measures || (r->tests & YG_AN_TEST_MH)))
		s = tab_stratified(&t, err);
	if (s == YG_OK) {
		an_notes(raw, &f, &r->in);
		if (!number) {
			tab_notes(&t);
			if (f.by.title)
				an_title(raw, N_("%s by %s"), t.v->name, f.by.title);
			else
				an_title(raw, "%s", t.v->name);
		}
	}
	an_frame_release(&f);
	return s;
}

enum yg_status yg_an_tab(const struct yg_an_tab *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct yg_raw *raw = yg_raw_new("tab", 1);
	size_t number = 0;

	for (size_t target = 0; target < r->target.count; target++)
		for (size_t turn = 0; turn < an_crossings(r->in.by); turn++) {
			enum yg_status s = one_tab(r, target, turn, number++, task, raw, err);
			if (s != YG_OK) {
				yg_raw_free(raw);
				return s;
			}
		}
	*out = raw;
	return YG_OK;
}
