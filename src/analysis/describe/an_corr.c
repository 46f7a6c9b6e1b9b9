/* corr: correlations of every two of the columns, plain or partial. */
#include <math.h>
#include <string.h>

#include "analysis/an_frame_priv.h"

#include "yogo/analysis/tests.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/adjust.h"
#include "yogo/stats/correlation.h"
#include "yogo/stats/ranks.h"

enum corr_method { CORR_PEARSON, CORR_SPEARMAN, CORR_KENDALL };
static const char *const words[] = { "pearson", "spearman", "kendall" };
static const char *const titles[] = { N_("Pearson's correlation"), N_("Spearman's rank correlation"), N_("Kendall's tau-b") };

struct corr_pair {
	struct yg_correlation c;
	size_t n, given;
};
struct corr_work {
	const struct yg_an_corr *r;
	struct an_frame *f;
	struct yg_task *task;
	struct yg_raw *raw;
	enum corr_method method;
	enum yg_padjust adjust;
	size_t k, z, turn;                      /* columns, columns held fixed; number of the document's tables */
	double **column;                        /* [k + z][n]; factors of the fixed as 0/1 columns */
	const uint8_t **missing;                /* [k] of the frame's variables, or NULL */
	double **whole_rank;                    /* [k] midranks of a complete column with everybody in one group */
	bool *whole_ties;
	struct corr_pair *pair;
	double **part;                          /* [k + z][n] of the rows of a pair */
	bool exact;
};

static enum yg_status no_memory(const struct corr_work *w, struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), w->f->set->n);
}

/* Columns of the frame as numbers: the targets, then what is held fixed, its factors in 0/1 columns less the reference. */
static enum yg_status read_columns(struct corr_work *w, struct yg_err *err)
{
	const struct an_frame *f = w->f;
	size_t n = f->set->n, most = 0;

	for (size_t i = w->k; i < f->variables; i++)
		most += f->variable[i].kind == AN_LEVELS ? (size_t)f->variable[i].levels : 1;
	if (w->k + most > 200)
		return yg_fail(err, YG_ELIMIT, "E-CORR-001", N_("at most 200 columns are correlated at once; here are %zu"), w->k + most);
	w->column = yg_arena_alloc(&w->f->arena, w->k + most + 1, sizeof *w->column);
	w->part = yg_arena_alloc(&w->f->arena, w->k + most + 1, sizeof *w->part);
	w->missing = yg_arena_alloc(&w->f->arena, f->variables + 1, sizeof *w->missing);
	for (size_t i = 0; i < f->variables; i++) {
		const struct an_variable *v = &f->variable[i];
		w->missing[i] = v->column->missing;
		if (v->kind != AN_LEVELS) {
			w->column[i < w->k ? i : w->k + w->z++] = v->column->number;
			continue;
		}
		if (i < w->k) {
			yg_fail(err, YG_REFUSED, "E-CORR-002", N_("%s is a category, which has no correlation"), v->name);
			yg_err_hint(err, N_("Two categories: tab; a number and groups: test. Ordered levels can be numbered with let."));
			return YG_REFUSED;
		}
		for (int l = 1; l < v->levels; l++) {
			double *x = yg_data_alloc(n + 1, sizeof *x);
			if (!x)
				return no_memory(w, err);
			for (size_t row = 0; row < n; row++)
				x[row] = v->column->level[row] == l;
			w->column[w->k + w->z++] = x;
		}
	}
	for (size_t i = 0; i < w->k + w->z; i++)
		if (!(w->part[i] = yg_data_alloc(n + 1, sizeof **w->part)))
			return no_memory(w, err);
	return YG_OK;
}

static void free_columns(struct corr_work *w)
{
	size_t at = w->k;

	for (size_t i = w->k; w->column && i < w->f->variables; i++) {
		if (w->f->variable[i].kind != AN_LEVELS) {
			at++;
			continue;
		}
		for (int l = 1; l < w->f->variable[i].levels && at < w->k + w->z; l++)
			yg_data_free(w->column[at++]);
	}
	for (size_t i = 0; w->part && i < w->k + w->z; i++)
		yg_data_free(w->part[i]);
	for (size_t i = 0; w->whole_rank && i < w->k; i++)
		yg_data_free(w->whole_rank[i]);
}

/* Rows of the group in which both are known (and with complete all, and what is held fixed) into part[0], part[1], part[2 ..]. */
static size_t rows_of_pair(struct corr_work *w, size_t group, size_t a, size_t b)
{
	const struct an_frame *f = w->f;
	size_t m = 0;

	for (size_t i = 0; i < f->set->n; i++) {
		bool known = f->by.of[i] == (int32_t)group && !(w->missing[a] && w->missing[a][i]) && !(w->missing[b] && w->missing[b][i]);
		for (size_t v = w->r->complete ? 0 : w->k; known && v < f->variables; v++)
			known = !(w->missing[v] && w->missing[v][i]);
		if (!known)
			continue;
		w->part[0][m] = w->column[a][i];
		w->part[1][m] = w->column[b][i];
		for (size_t z = 0; z < w->z; z++)
			w->part[2 + z][m] = w->column[w->k + z][i];
		m++;
	}
	return m;
}

/* Partial correlation, of midranks for Spearman's. */
static enum yg_status partial(struct corr_work *w, struct corr_pair *p, struct yg_err *err)
{
	for (size_t i = 0; i < w->z + 2 && w->method == CORR_SPEARMAN; i++) {
		struct yg_ranks r;
		YG_TRY(yg_rank_all(w->part[i], p->n, w->task, &r, err));
		memcpy(w->part[i], r.rank, p->n * sizeof *r.rank);
		yg_data_free(r.rank);
	}
	yg_partial_correlation((const double *const *)w->part, w->z + 2, p->n, w->method == CORR_SPEARMAN, w->f->conf, &p->c, &p->given);
	return YG_OK;
}

/* Are all rows in the pair: one group, nothing missing?  Then ranks are made once. */
static bool everybody(const struct corr_work *w, size_t i)
{
	return !w->f->by.title && !w->missing[i] && !w->z && !w->r->complete;
}

static enum yg_status ranks_once(struct corr_work *w, size_t i, struct yg_err *err)
{
	struct yg_ranks r;

	if (w->whole_rank[i])
		return YG_OK;
	YG_TRY(yg_rank_all(w->column[i], w->f->set->n, w->task, &r, err));
	w->whole_rank[i] = r.rank;
	w->whole_ties[i] = r.ties;
	return YG_OK;
}

static enum yg_status one_pair(struct corr_work *w, size_t group, size_t a, size_t b, struct corr_pair *p, struct yg_err *err)
{
	double conf = w->f->conf;
	const double *x = w->part[0], *y = w->part[1];

	*p = (struct corr_pair){ 0 };
	if (everybody(w, a) && everybody(w, b)) {
		x = w->column[a];
		y = w->column[b];
		p->n = w->f->set->n;
		if (w->method == CORR_SPEARMAN) {
			YG_TRY(ranks_once(w, a, err));
			YG_TRY(ranks_once(w, b, err));
			yg_spearman_ranks(w->whole_rank[a], w->whole_rank[b], p->n, w->whole_ties[a] || w->whole_ties[b], YG_EXACT_AUTO, conf, &p->c);
			return YG_OK;
		}
	} else {
		p->n = rows_of_pair(w, group, a, b);
	}
	if (w->z)
		return partial(w, p, err);
	if (w->method == CORR_PEARSON)
		yg_pearson(x, y, p->n, conf, &p->c);
	else if (w->method == CORR_SPEARMAN)
		YG_TRY(yg_spearman(x, y, p->n, YG_EXACT_AUTO, conf, w->task, &p->c, err));
	else
		YG_TRY(yg_kendall(x, y, p->n, YG_EXACT_AUTO, conf, w->task, &p->c, err));
	return YG_OK;
}

/* ---- tables ---- */

static void put(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e, const char *why)
{
	if (isnan(v))
		yg_raw_missing(t, row, column, why ? why : N_("not estimable"));
	else
		yg_raw_num(t, row, column, v, e);
}

static const char *key_of(struct corr_work *w, const char *base, size_t group)
{
	const char *key = an_key(&w->f->arena, base, w->turn);

	return w->f->by.title ? yg_arena_printf(&w->f->arena, "%s: %s", key, w->f->by.label[group]) : key;
}

static const char *title_of(struct corr_work *w, const char *title, size_t group)
{
	struct yg_arena *a = &w->f->arena;

	return w->f->by.title ? yg_phrase(a, "%s; %s: %s", yg_phrase_message(a, title), w->f->by.title, w->f->by.label[group]) : title;
}

static void pairs_table(struct corr_work *w, size_t group, const double *adjusted)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, key_of(w, "pairs", group), title_of(w, titles[w->method], group));
	bool more = w->adjust != YG_PADJUST_NONE, statistic = false, df = false;
	size_t at = 0, pairs = w->k * (w->k - 1) / 2;

	for (size_t i = 0; i < pairs; i++) {
		statistic = statistic || !isnan(w->pair[i].c.test.statistic);
		df = df || !isnan(w->pair[i].c.test.df);
	}
	int n = yg_raw_column(t, "n", N_("persons"), YG_ROLE_PERSONS, NULL);
	int r = yg_raw_column(t, "correlation", w->method == CORR_KENDALL ? "tau" : w->method == CORR_SPEARMAN ? "rho" : "r", YG_ROLE_ESTIMATE, NULL);
	int low = yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL), high = yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	int s = statistic ? yg_raw_column(t, "statistic", N_("statistic"), YG_ROLE_STATISTIC, NULL) : -1;
	int d = df ? yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL) : -1;
	int p = yg_raw_column(t, "p", "p", YG_ROLE_P, NULL);
	int q = more ? yg_raw_column(t, "p_adjusted", N_("adjusted p"), YG_ROLE_P, NULL) : -1;
	for (size_t a = 0; a < w->k; a++)
		for (size_t b = a + 1; b < w->k; b++, at++) {
			const struct corr_pair *c = &w->pair[at];
			struct yg_evidence e = an_persons(c->n);
			const char *x = w->f->variable[a].name, *y = w->f->variable[b].name;
			int row = yg_raw_row(t, yg_arena_printf(&w->f->arena, "%s, %s", x, y), yg_phrase(&w->f->arena, N_("%s and %s"), x, y), 0);
			/* who is missing must not follow from it either */
			yg_raw_int(t, row, n, (int64_t)c->n, an_part(c->n, w->f->by.persons[group]));
			put(t, row, r, c->c.estimate, e, c->c.problem);
			put(t, row, low, c->c.lower, e, c->c.problem);
			put(t, row, high, c->c.upper, e, c->c.problem);
			if (!isnan(c->c.test.statistic))
				yg_raw_num(t, row, s, c->c.test.statistic, e);
			if (!isnan(c->c.test.df))
				yg_raw_num(t, row, d, c->c.test.df, e);
			put(t, row, p, c->c.test.p, e, c->c.test.problem);
			if (more)
				put(t, row, q, adjusted[at], e, c->c.test.problem);
			w->exact = w->exact || c->c.test.exact;
		}
}

/* Lower triangle, as papers print it. */
static void matrix_table(struct corr_work *w, size_t group)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, key_of(w, "matrix", group), title_of(w, N_("Matrix"), group));

	for (size_t b = 0; b + 1 < w->k; b++)
		yg_raw_column_data(t, w->f->variable[b].name, w->f->variable[b].name, YG_ROLE_ESTIMATE, NULL);
	for (size_t a = 1; a < w->k; a++) {
		int row = yg_raw_row_data(t, w->f->variable[a].name, w->f->variable[a].name, 0);
		for (size_t b = 0; b < a; b++) {
			/* place of the pair (b, a) in the list of pairs */
			const struct corr_pair *c = &w->pair[b * w->k - b * (b + 1) / 2 + (a - b - 1)];
			put(t, row, (int)b, c->c.estimate, an_persons(c->n), c->c.problem);
			yg_raw_decimals(t, row, (int)b, 2);
		}
	}
}

static void figure(struct corr_work *w, size_t group)
{
	struct yg_raw_figure *f = yg_raw_figure(w->raw, key_of(w, "correlations", group), YG_FIGURE_FOREST, title_of(w, titles[w->method], group));
	size_t at = 0;

	yg_raw_figure_axis(f, 'x', N_("correlation"), NULL, 0);
	yg_raw_figure_reference(f, 'x', 0);
	int series = yg_raw_series(f, N_("correlation"));
	for (size_t a = 0; a < w->k; a++)
		for (size_t b = a + 1; b < w->k; b++, at++) {
			const struct yg_correlation *c = &w->pair[at].c;
			struct yg_raw_point p = { .x = NAN, .x2 = NAN, .y = c->estimate, .lower = c->lower, .upper = c->upper,
				                  .label = yg_phrase(&w->f->arena, N_("%s and %s"), w->f->variable[a].name, w->f->variable[b].name) };
			if (!isnan(c->estimate) && !isnan(c->lower))
				yg_raw_point(f, series, &p, an_persons(w->pair[at].n));
		}
}

static void notes(struct corr_work *w)
{
	static const char *const how[] = {
		N_("{1} intervals by Fisher's z; p by t"),
		N_("midranks; {1} intervals by Fisher's z with Bonett and Wright's variance; p by t"),
		N_("tau-b; {1} intervals by Fisher's z with variance 0.437/(n - 4); p normal, ties in the variance"),
	};
	struct yg_raw_note *n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, how[w->method]);

	yg_raw_note_num(n, YG_ROLE_PROPORTION, w->f->conf, YG_NOBODY);
	if (w->exact)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION,
		            w->method == CORR_KENDALL ? N_("below 50 pairs without ties p is exact; the statistic then is concordant less discordant pairs")
		                                      : N_("up to 9 pairs without ties p is exact"));
	if (w->z) {
		n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("partial: held fixed {1}"));
		struct yg_buf text = YG_BUF_INIT;
		for (size_t i = w->k; i < w->f->variables; i++)
			yg_buf_addf(&text, i > w->k ? ", %s" : "%s", w->f->variable[i].name);
		yg_raw_note_data(n, text.data);
		yg_buf_release(&text);
	}
	yg_raw_note(w->raw, YG_NOTE_CONVENTION,
	            w->r->complete ? N_("persons with a value in every column") : N_("each pair by the persons who have both: n differs between pairs"));
	if (w->adjust != YG_PADJUST_NONE) {
		n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("p values of {1} tests adjusted together: {2}"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)(w->k * (w->k - 1) / 2), YG_NOBODY);
		yg_raw_note_text(n, yg_padjust_name(w->adjust));
	}
}

static enum yg_status one_group(struct corr_work *w, size_t group, struct yg_err *err)
{
	size_t pairs = w->k * (w->k - 1) / 2, at = 0;
	double *p = yg_arena_alloc(&w->f->arena, 2 * pairs, sizeof *p);

	for (size_t a = 0; a < w->k; a++)
		for (size_t b = a + 1; b < w->k; b++, at++) {
			if (yg_task_cancelled(w->task))
				return YG_CANCELLED;
			YG_TRY(one_pair(w, group, a, b, &w->pair[at], err));
			p[at] = w->pair[at].c.test.p;
		}
	yg_padjust(w->adjust, p, pairs, p + pairs);
	pairs_table(w, group, p + pairs);
	if (w->k > 2)
		matrix_table(w, group);
	figure(w, group);
	return YG_OK;
}

static enum yg_status one_turn(const struct yg_an_corr *r, struct corr_work *w, size_t turn, struct yg_err *err)
{
	size_t all = r->target.count + r->given.count;
	struct an_frame f;
	const struct yg_node **node = yg_xcalloc(all + 1, sizeof *node);
	struct yg_an_targets target = { .node = (const struct yg_node *const *)node, .count = all };

	for (size_t i = 0; i < all; i++)
		node[i] = i < r->target.count ? r->target.node[i] : r->given.node[i - r->target.count];
	struct an_frame_request fr = { .in = &r->in, .target = &target, .crossing = an_crossing(r->in.by, turn), .unit = YG_SET_PERSONS };
	enum yg_status s = an_frame_build(&fr, w->task, &f, err);
	yg_free(node);
	if (s != YG_OK)
		return s;
	w->f = &f;
	w->turn = turn;
	w->k = r->target.count;
	w->z = 0;
	w->column = w->part = w->whole_rank = NULL;
	if (f.weight) {
		s = yg_fail(err, YG_REFUSED, "E-CORR-006", N_("correlations are not for weighted data, and the set carries weights"));
		yg_err_hint(err, N_("Use the cohort or table without its weights"));
	}
	if (s == YG_OK)
		s = read_columns(w, err);
	w->pair = yg_arena_alloc(&f.arena, w->k * w->k + 1, sizeof *w->pair);
	w->whole_rank = yg_arena_alloc(&f.arena, w->k + 1, sizeof *w->whole_rank);
	w->whole_ties = yg_arena_alloc(&f.arena, w->k + 1, sizeof *w->whole_ties);
	for (size_t g = 0; s == YG_OK && g < f.by.count; g++)
		s = one_group(w, g, err);
	if (s == YG_OK) {
		an_notes(w->raw, &f, &r->in);
		if (!turn) {
			notes(w);
			if (f.by.title)
				an_title(w->raw, N_("Correlations by %s"), f.by.title);
			else
				yg_raw_title(w->raw, N_("Correlations"));
		}
	}
	free_columns(w);
	an_frame_release(&f);
	return s;
}

enum yg_status yg_an_corr(const struct yg_an_corr *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct corr_work w = { .r = r, .task = task, .adjust = YG_PADJUST_NONE };
	enum yg_status s = YG_OK;
	size_t m = 0;

	while (r->method && m < 3 && strcmp(r->method, words[m]) != 0)
		m++;
	if (m == 3)
		return yg_fail(err, YG_ESYNTAX, "E-CORR-003", N_("there is no correlation %s: pearson, spearman, kendall"), r->method);
	w.method = (enum corr_method)m;
	if (r->padjust && !yg_padjust_parse(r->padjust, &w.adjust))
		return yg_fail(err, YG_ESYNTAX, "E-TEST-010", N_("there is no adjustment %s of p values"), r->padjust);
	if (r->target.count < 2) {
		yg_fail(err, YG_ESYNTAX, "E-CORR-004", N_("a correlation is of two columns or more"));
		yg_err_hint(err, N_("corr x, y"));
		return YG_ESYNTAX;
	}
	if (r->given.count && w.method == CORR_KENDALL) {
		yg_fail(err, YG_REFUSED, "E-CORR-005", N_("adjust= goes with pearson and spearman: a partial tau has no test"));
		yg_err_hint(err, N_("with method=spearman, adjust=(...)"));
		return YG_REFUSED;
	}
	w.raw = yg_raw_new("corr", 1);
	for (size_t turn = 0; s == YG_OK && turn < an_crossings(r->in.by); turn++)
		s = one_turn(r, &w, turn, err);
	if (s != YG_OK) {
		yg_raw_free(w.raw);
		return s;
	}
	*out = w.raw;
	return YG_OK;
}
