/*
 * table1: the baseline table.
 *
 * Per group up to three columns: KEY holds mean, median or count; "KEY spread" SD, Q1 or the share; "KEY upper" Q3
 * (only when a variable is shown as median).  The row's label says which it is.
 */
#include <math.h>
#include <string.h>

#include "an_table1_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/stats/crosstab.h"
#include "yogo/stats/describe.h"
#include "yogo/stats/smd.h"
#include "yogo/stats/twogroup.h"

struct slot {
	int first, spread, upper;
};
struct table1 {
	const struct yg_an_table1 *r;
	struct an_frame *f;
	struct yg_task *task;
	struct yg_raw_table *t;
	size_t groups;               /* 0 without by */
	struct slot *slot;           /* [groups + 1]; the last is overall, first < 0 = not shown */
	int smd, p, test;            /* columns, -1 = none */
	enum t1_test numbers_test, levels_test;
	bool medians, means, counts, any_missing, many_missing, fisher_gave_up, smd_many;
};

static bool wants_median(const struct yg_an_table1 *r, const char *name)
{
	for (size_t i = 0; i < r->medians; i++)
		if (!strcmp(r->median[i], name))
			return true;
	return false;
}

static enum yg_status parse_test(const char *word, struct table1 *t, struct yg_err *err)
{
	static const struct {
		const char *word;
		enum t1_test numbers, levels;
	} tests[] = {
		{ "no", T1_NONE, T1_NONE },           { "auto", T1_AUTO, T1_AUTO },
		{ "yes", T1_AUTO, T1_AUTO },          { "t", T1_T, T1_AUTO },
		{ "welch", T1_WELCH, T1_AUTO },       { "wilcoxon", T1_WILCOXON, T1_AUTO },
		{ "anova", T1_ANOVA, T1_AUTO },       { "kruskal", T1_KRUSKAL, T1_AUTO },
		{ "chisq", T1_AUTO, T1_CHISQ },       { "fisher", T1_AUTO, T1_FISHER },
	};

	if (!word)
		word = "no";
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		if (!strcmp(word, tests[i].word)) {
			t->numbers_test = tests[i].numbers;
			t->levels_test = tests[i].levels;
			return YG_OK;
		}
	yg_fail(err, YG_ESYNTAX, "E-DESC-011", N_("table1 knows no test \"%s\""), word);
	yg_err_hint(err, N_("no, auto, t, welch, wilcoxon, anova, kruskal, chisq, fisher"));
	return YG_ESYNTAX;
}

/* ---- columns ---- */

static void make_columns(struct table1 *t)
{
	struct an_frame *f = t->f;
	bool overall = t->r->overall || !t->groups;

	t->slot = yg_arena_alloc(&f->arena, t->groups + 1, sizeof *t->slot);
	for (size_t k = 0; k <= t->groups; k++) {
		/* overall stands first */
		size_t g = k ? k - 1 : t->groups;
		struct slot *s = &t->slot[g];
		if (g == t->groups && !overall) {
			s->first = -1;
			continue;
		}
		const char *label = g == t->groups ? "overall" : f->by.label[g];
		s->first = g == t->groups ? yg_raw_column(t->t, label, N_("overall"), YG_ROLE_PERSONS, NULL)
		                          : yg_raw_column_data(t->t, label, label, YG_ROLE_PERSONS, NULL);
		s->spread = yg_raw_column(t->t, yg_arena_printf(&f->arena, "%s spread", label), "", YG_ROLE_PROPORTION, NULL);
		s->upper = -1;
		if (t->medians)
			s->upper = yg_raw_column(t->t, yg_arena_printf(&f->arena, "%s upper", label), "", YG_ROLE_QUANTILE, NULL);
	}
	t->smd = t->r->smd ? yg_raw_column(t->t, "smd", N_("SMD"), YG_ROLE_SMD, NULL) : -1;
	t->p = t->test = -1;
	if (t->numbers_test != T1_NONE) {
		t->p = yg_raw_column(t->t, "p", "p", YG_ROLE_P, NULL);
		t->test = yg_raw_column(t->t, "test", N_("test"), YG_ROLE_LABEL, NULL);
	}
}

static uint64_t group_persons(const struct table1 *t, size_t g)
{
	if (g < t->groups)
		return t->f->by.size[g];
	uint64_t all = 0;
	for (size_t k = 0; k < t->f->by.count; k++)
		all += t->f->by.size[k];
	return all;
}

static void header_rows(struct table1 *t)
{
	struct an_frame *f = t->f;
	int n = yg_raw_row(t->t, "n", N_("Persons"), 0);

	for (size_t g = 0; g <= t->groups; g++)
		if (t->slot[g].first >= 0) {
			uint64_t k = group_persons(t, g);
			yg_raw_int(t->t, n, t->slot[g].first, (int64_t)k, an_persons(k));
		}
	if (!f->weight)
		return;
	int sum = yg_raw_row(t->t, "weight", N_("Sum of weights"), 0);
	int ess = yg_raw_row(t->t, "ess", N_("Effective sample size"), 0);
	double *w = yg_xalloc(f->set->n + 1, sizeof *w);
	for (size_t g = 0; g <= t->groups; g++) {
		size_t m = 0;
		double total = 0;
		if (t->slot[g].first < 0)
			continue;
		for (size_t i = 0; i < f->set->n; i++)
			if (f->by.of[i] >= 0 && (g == t->groups || (size_t)f->by.of[i] == g))
				total += w[m++] = f->weight[i];
		yg_raw_num(t->t, sum, t->slot[g].first, total, an_persons(m));
		yg_raw_role(t->t, sum, t->slot[g].first, YG_ROLE_WEIGHTED);
		yg_raw_num(t->t, ess, t->slot[g].first, yg_effective_size(w, m), an_persons(m));
		yg_raw_role(t->t, ess, t->slot[g].first, YG_ROLE_WEIGHTED);
	}
	yg_free(w);
}

static void put(struct table1 *t, int row, int column, enum yg_role role, double v, uint64_t n, const char *why)
{
	if (column < 0)
		return;
	if (isnan(v))
		yg_raw_missing(t->t, row, column, why);
	else
		yg_raw_num(t->t, row, column, v, an_persons(n));
	yg_raw_role(t->t, row, column, role);
}

static void put_test(struct table1 *t, int row, const struct yg_test *test, const char *name, uint64_t n)
{
	if (t->p < 0)
		return;
	if (isnan(test->p))
		yg_raw_missing(t->t, row, t->p, test->problem ? test->problem : N_("not estimable"));
	else
		yg_raw_num(t->t, row, t->p, test->p, an_persons(n));
	yg_raw_text(t->t, row, t->test, name);
}

static void missing_row(struct table1 *t, const struct an_variable *v, const uint64_t *missing)
{
	uint64_t any = 0;

	for (size_t g = 0; g < t->f->by.count; g++)
		any += missing[g];
	if (!any)
		return;
	t->any_missing = true;
	if (t->r->missing != YG_AN_MISSING_SHOW)
		return;
	int row = yg_raw_row(t->t, yg_arena_printf(&t->f->arena, "%s: missing", v->name), N_("missing, n (%)"), 1);
	for (size_t g = 0; g <= t->groups; g++) {
		if (t->slot[g].first < 0)
			continue;
		uint64_t k = g < t->groups ? missing[g] : any, of = group_persons(t, g);
		yg_raw_int(t->t, row, t->slot[g].first, (int64_t)k, an_part(k, of));
		if (of)
			yg_raw_num(t->t, row, t->slot[g].spread, (double)k / (double)of, an_part(k, of));
	}
}

/* ---- numbers ---- */

static double smd_numbers(const struct table1 *t, const struct t1_number *of)
{
	struct an_frame *f = t->f;

	if (t->groups == 2) {
		size_t ref = f->by.reference < 2 ? f->by.reference : 0, other = 1 - ref;
		return yg_smd_continuous(of[other].mean, of[other].variance, of[ref].mean, of[ref].variance, YG_SMD_AVERAGE, 0);
	}
	double *mean = yg_arena_alloc(&f->arena, 2 * t->groups + 1, sizeof *mean), *variance = mean + t->groups;
	for (size_t g = 0; g < t->groups; g++) {
		mean[g] = of[g].mean;
		variance[g] = of[g].variance;
	}
	return fabs(yg_smd_largest_continuous(mean, variance, t->groups, NULL, NULL));
}

static void number_row(struct table1 *t, const struct t1_variable *n)
{
	struct an_frame *f = t->f;
	const char *none = N_("no values"), *heading = an_heading(&f->arena, n->v);
	const char *label = n->median ? yg_phrase(&f->arena, N_("%s, median (Q1, Q3)"), heading) : yg_phrase(&f->arena, N_("%s, mean (SD)"), heading);
	int row = yg_raw_row(t->t, n->v->name, label, 0);
	uint64_t *missing = yg_arena_alloc(&f->arena, f->by.count + 1, sizeof *missing);
	size_t known = 0;

	t->means = t->means || !n->median;
	for (size_t k = 0; k <= t->groups; k++) {
		const struct t1_number *of = &n->of[k];
		const struct slot *slot = &t->slot[k];
		if (k < f->by.count) {
			missing[k] = f->by.size[k] - of->n;
			known += of->n;
		}
		if (slot->first < 0)
			continue;
		if (n->median) {
			put(t, row, slot->first, YG_ROLE_QUANTILE, of->n ? of->quartile[1] : NAN, of->n, none);
			put(t, row, slot->spread, YG_ROLE_QUANTILE, of->n ? of->quartile[0] : NAN, of->n, none);
			put(t, row, slot->upper, YG_ROLE_QUANTILE, of->n ? of->quartile[2] : NAN, of->n, none);
		} else {
			put(t, row, slot->first, YG_ROLE_MEAN, of->mean, of->n, none);
			put(t, row, slot->spread, YG_ROLE_SD, of->sd, of->n, of->n ? N_("one value") : none);
		}
	}
	if (t->smd >= 0)
		put(t, row, t->smd, YG_ROLE_SMD, smd_numbers(t, n->of), known, N_("no variation within the groups"));
	if (n->test_name)
		put_test(t, row, &n->test, n->test_name, known);
	missing_row(t, n->v, missing);
}

/* ---- categories ---- */

struct counts {
	int levels;                  /* with a level for missing when that is asked */
	uint64_t *n;                 /* [parts * levels] persons */
	double *w;                   /* [parts * levels] sums of weights; n when unweighted */
	uint64_t *missing;           /* [parts] */
};

static struct counts count_levels(struct table1 *t, const struct an_variable *v)
{
	struct an_frame *f = t->f;
	size_t parts = f->by.count;
	bool level = t->r->missing == YG_AN_MISSING_LEVEL && v->column->missing_count > 0;
	int known = v->kind == AN_FLAG ? 2 : v->levels;
	struct counts c = { .levels = known + level };

	c.n = yg_arena_alloc(&f->arena, parts * (size_t)c.levels + 1, sizeof *c.n);
	c.w = yg_arena_alloc(&f->arena, parts * (size_t)c.levels + 1, sizeof *c.w);
	c.missing = yg_arena_alloc(&f->arena, parts + 1, sizeof *c.missing);
	for (size_t i = 0; i < f->set->n; i++) {
		if (f->by.of[i] < 0)
			continue;
		size_t g = (size_t)f->by.of[i];
		int32_t l = an_level(v, i);
		if (l < 0 && !level) {
			c.missing[g]++;
			continue;
		}
		size_t at = g * (size_t)c.levels + (size_t)(l < 0 ? known : l);
		c.n[at]++;
		if (f->weight)
			c.w[at] += f->weight[i];
	}
	for (size_t i = 0; !f->weight && i < parts * (size_t)c.levels; i++)
		c.w[i] = (double)c.n[i];
	return c;
}

static void level_cells(struct table1 *t, int row, const struct counts *c, int l)
{
	size_t levels = (size_t)c->levels;

	for (size_t g = 0; g <= t->groups; g++) {
		uint64_t n = 0, of = 0;
		double w = 0, whole = 0;
		if (t->slot[g].first < 0)
			continue;
		for (size_t k = 0; k < t->f->by.count; k++) {
			if (g < t->groups && k != g)
				continue;
			n += c->n[k * levels + (size_t)l];
			w += c->w[k * levels + (size_t)l];
			for (size_t j = 0; j < levels; j++) {
				of += c->n[k * levels + j];
				whole += c->w[k * levels + j];
			}
		}
		yg_raw_int(t->t, row, t->slot[g].first, (int64_t)n, an_part(n, of));
		if (whole > 0)
			yg_raw_num(t->t, row, t->slot[g].spread, w / whole, an_part(n, of));
		else
			yg_raw_missing(t->t, row, t->slot[g].spread, N_("no values"));
	}
}

static enum yg_status test_levels(struct table1 *t, int row, const struct counts *c, struct yg_err *err)
{
	size_t r = t->groups, k = (size_t)c->levels;
	enum t1_test kind = t->levels_test;
	uint64_t total = 0;
	struct yg_crosstab x;

	if (kind == T1_NONE || r < 2)
		return YG_OK;
	for (size_t i = 0; i < r * k; i++)
		total += c->n[i];
	yg_crosstab(c->w, r, k, false, &x);
	if (kind == T1_AUTO)
		kind = !x.chisq.problem && x.smallest_expected < 5 ? T1_FISHER : T1_CHISQ;
	if (kind == T1_FISHER) {
		int64_t *n = yg_arena_alloc(&t->f->arena, r * k, sizeof *n);
		struct yg_test test = { .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };
		struct yg_err why;
		for (size_t i = 0; i < r * k; i++)
			n[i] = (int64_t)c->n[i];
		yg_err_clear(&why);
		enum yg_status s = x.chisq.problem ? YG_OK : yg_fisher_rxc(n, r, k, t->task, &test.p, &why);
		test.problem = x.chisq.problem;
		if (s == YG_OK) {
			put_test(t, row, &test, N_("Fisher exact"), total);
			return YG_OK;
		}
		if (s != YG_ELIMIT) {
			if (err)
				*err = why;
			return s;
		}
		t->fisher_gave_up = true;
	}
	put_test(t, row, &x.chisq, N_("chi-squared"), total);
	return YG_OK;
}

static double smd_levels(const struct table1 *t, const struct counts *c)
{
	size_t k = (size_t)c->levels;

	if (t->groups > 2)
		return yg_smd_largest_levels(c->w, t->groups, k, NULL, NULL);
	size_t ref = t->f->by.reference < 2 ? t->f->by.reference : 0, other = 1 - ref;
	const double *a = c->w + other * k, *b = c->w + ref * k;
	if (k == 2) {
		double n1 = a[0] + a[1], n0 = b[0] + b[1];
		return n1 > 0 && n0 > 0 ? yg_smd_binary(a[1] / n1, b[1] / n0, YG_SMD_AVERAGE, 0) : NAN;
	}
	return yg_smd_levels(a, b, k);
}

static enum yg_status level_rows(struct table1 *t, const struct an_variable *v, struct yg_err *err)
{
	struct an_frame *f = t->f;
	struct counts c = count_levels(t, v);
	bool one = v->kind == AN_FLAG && c.levels == 2;
	int row = yg_raw_row(t->t, v->name, yg_phrase(&f->arena, N_("%s, n (%%)"), an_heading(&f->arena, v)), 0);
	uint64_t known = 0;

	t->counts = true;
	if (one)
		level_cells(t, row, &c, 1);
	else
		for (int l = 0; l < c.levels; l++) {
			const char *name = v->kind == AN_FLAG ? (l == 0 ? N_("no") : l == 1 ? N_("yes") : N_("missing"))
			                   : l < v->levels    ? v->level[l]
			                                      : N_("missing");
			const char *key = yg_arena_printf(&f->arena, "%s: %s", v->name, name);
			bool data = v->kind != AN_FLAG && l < v->levels;
			level_cells(t, data ? yg_raw_row_data(t->t, key, name, 1) : yg_raw_row(t->t, key, name, 1), &c, l);
		}
	for (size_t i = 0; i < f->by.count * (size_t)c.levels; i++)
		known += c.n[i];
	if (t->smd >= 0) {
		t->smd_many = t->smd_many || c.levels > 2;
		put(t, row, t->smd, YG_ROLE_SMD, smd_levels(t, &c), known, N_("no variation within the groups"));
	}
	YG_TRY(test_levels(t, row, &c, err));
	missing_row(t, v, c.missing);
	return YG_OK;
}

/* ---- the whole ---- */

static void notes(struct table1 *t, struct yg_raw *raw)
{
	struct yg_raw_note *n;

	if (t->means && t->f->weight)
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            N_("weighted mean and SD (Austin and Stuart 2015); counts are of persons, percentages weighted"));
	else if (t->f->weight)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("counts are of persons, percentages are weighted"));
	if (t->f->weight)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("effective sample size: (sum of weights)^2 / sum of squared weights"));
	if (t->medians && t->f->weight)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("weighted quartiles: inverse of the weighted distribution function"));
	else if (t->medians) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("quartiles of type {1} (Hyndman and Fan 1996)"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, t->r->qtype ? t->r->qtype : 7, YG_NOBODY);
	}
	if (t->counts && t->r->missing != YG_AN_MISSING_LEVEL)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("percentages are of the persons whose value is known"));
	if (t->any_missing && t->r->missing == YG_AN_MISSING_DROP)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("missing values are left out variable by variable"));
	if (t->smd >= 0) {
		an_note_text(raw, YG_NOTE_CONVENTION, N_("SMD: difference over the {1}"), yg_smd_denominator_name(YG_SMD_AVERAGE));
		if (t->groups == 2) {
			size_t ref = t->f->by.reference < 2 ? t->f->by.reference : 0;
			n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("SMD: {1} minus {2}"));
			yg_raw_note_data(n, t->f->by.label[1 - ref]);
			yg_raw_note_data(n, t->f->by.label[ref]);
		} else {
			yg_raw_note(raw, YG_NOTE_CONVENTION, N_("SMD: the largest absolute difference of any two groups"));
		}
		if (t->smd_many)
			yg_raw_note(raw, YG_NOTE_CONVENTION, N_("SMD of three or more levels: Yang and Dalton 2012, without sign"));
	}
	if (t->p >= 0) {
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            N_("p values are two-sided and not adjusted; chi-squared without, Wilcoxon with continuity correction"));
		if (t->levels_test == T1_AUTO)
			yg_raw_note(raw, YG_NOTE_CONVENTION, N_("Fisher's exact test where an expected count is below 5"));
	}
	if (t->fisher_gave_up)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("a table is too large for Fisher's exact test: chi-squared instead"));
}

static enum yg_status one_table(const struct yg_an_table1 *r, size_t turn, struct yg_task *task, struct yg_raw *raw,
                                struct yg_err *err)
{
	struct an_frame f;
	struct table1 t = { .r = r, .f = &f, .task = task };
	struct an_frame_request fr = { .in = &r->in, .target = &r->target, .crossing = an_crossing(r->in.by, turn),
		                           .unit = YG_SET_PERSONS };

	YG_TRY(parse_test(r->test, &t, err));
	YG_TRY(an_frame_build(&fr, task, &f, err));
	t.groups = f.by.title ? f.by.count : 0;
	enum yg_status s = YG_OK;
	if ((r->smd || t.numbers_test != T1_NONE) && t.groups < 2) {
		s = yg_fail(err, YG_REFUSED, "E-DESC-012", N_("smd and test compare groups, and there are not two"));
		yg_err_hint(err, N_("Name the groups: table1 ... by COLUMN"));
	} else if (t.numbers_test != T1_NONE && f.weight) {
		s = yg_fail(err, YG_REFUSED, "E-DESC-013", N_("table1 makes no tests on weighted data"));
		yg_err_hint(err, N_("Use smd, with test=no"));
	}
	for (size_t i = 0; i < f.variables; i++)
		t.medians = t.medians || (f.variable[i].kind == AN_NUMBER && wants_median(r, f.variable[i].name));
	for (size_t k = 0; k < r->medians && s == YG_OK; k++) {
		bool found = false;
		for (size_t i = 0; i < f.variables; i++)
			found = found || (!strcmp(r->median[k], f.variable[i].name) && f.variable[i].kind == AN_NUMBER);
		if (!found)
			s = yg_fail(err, YG_ESYNTAX, "E-DESC-014", N_("median=(%s): not one of the numbers in the table"), r->median[k]);
	}
	struct t1_numbers numbers = { .f = &f, .groups = t.groups, .overall = r->overall, .test = t.numbers_test,
		                          .qtype = r->qtype ? r->qtype : 7 };
	numbers.variable = yg_arena_alloc(&f.arena, f.variables + 1, sizeof *numbers.variable);
	for (size_t i = 0; i < f.variables; i++)
		if (f.variable[i].kind == AN_NUMBER)
			numbers.variable[numbers.variables++] = (struct t1_variable){
				.v = &f.variable[i], .median = wants_median(r, f.variable[i].name),
				.of = yg_arena_alloc(&f.arena, t.groups + 1, sizeof *numbers.variable->of),
			};
	if (s == YG_OK)
		s = t1_compute(&numbers, task, err);
	if (s == YG_OK) {
		t.t = yg_raw_table(raw, an_key(&f.arena, "table1", turn), an_subtitle(&f, &r->in));
		make_columns(&t);
		header_rows(&t);
		for (size_t i = 0, k = 0; i < f.variables && s == YG_OK; i++)
			if (f.variable[i].kind == AN_NUMBER)
				number_row(&t, &numbers.variable[k++]);
			else
				s = level_rows(&t, &f.variable[i], err);
	}
	if (s == YG_OK) {
		an_notes(raw, &f, &r->in);
		notes(&t, raw);
		if (!turn) {
			if (f.by.title)
				an_title(raw, N_("Baseline characteristics by %s"), f.by.title);
			else
				yg_raw_title(raw, N_("Baseline characteristics"));
		}
	}
	an_frame_release(&f);
	return s;
}

enum yg_status yg_an_table1(const struct yg_an_table1 *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct yg_raw *raw = yg_raw_new("table1", 1);

	for (size_t turn = 0; turn < an_crossings(r->in.by); turn++) {
		enum yg_status s = one_table(r, turn, task, raw, err);
		if (s != YG_OK) {
			yg_raw_free(raw);
			return s;
		}
	}
	*out = raw;
	return YG_OK;
}
