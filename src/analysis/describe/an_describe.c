/* describe: one row a variable and group, one column a statistic; hist: how a variable is distributed. */
#include <math.h>
#include <string.h>

#include "analysis/an_frame_priv.h"
#include "an_stream_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/stats/describe.h"

enum stat {
	ST_N, ST_MISSING, ST_MEAN, ST_SD, ST_SE, ST_LOWER, ST_UPPER, ST_MEDIAN, ST_Q1, ST_Q3, ST_IQR, ST_MIN, ST_MAX, ST_SUM, ST_CV,
	ST_MAD, ST_SKEW, ST_KURT, ST_GEOMEAN, ST_P5, ST_P10, ST_P90, ST_P95, STATS
};
static const struct {
	const char *key, *label;
	enum yg_role role;
	double quantile;      /* NAN = none */
} columns[STATS] = {
	[ST_N] = { "n", N_("n"), YG_ROLE_PERSONS, NAN },
	[ST_MISSING] = { "missing", N_("missing"), YG_ROLE_PERSONS, NAN },
	[ST_MEAN] = { "mean", N_("mean"), YG_ROLE_MEAN, NAN },
	[ST_SD] = { "sd", N_("SD"), YG_ROLE_SD, NAN },
	[ST_SE] = { "se", N_("SE"), YG_ROLE_SE, NAN },
	[ST_LOWER] = { "lower", N_("lower"), YG_ROLE_LOWER, NAN },
	[ST_UPPER] = { "upper", N_("upper"), YG_ROLE_UPPER, NAN },
	[ST_MEDIAN] = { "median", N_("median"), YG_ROLE_QUANTILE, 0.5 },
	[ST_Q1] = { "q1", N_("Q1"), YG_ROLE_QUANTILE, 0.25 },
	[ST_Q3] = { "q3", N_("Q3"), YG_ROLE_QUANTILE, 0.75 },
	[ST_IQR] = { "iqr", N_("IQR"), YG_ROLE_QUANTILE, NAN },
	[ST_MIN] = { "min", N_("min"), YG_ROLE_EXTREME, NAN },
	[ST_MAX] = { "max", N_("max"), YG_ROLE_EXTREME, NAN },
	[ST_SUM] = { "sum", N_("sum"), YG_ROLE_STATISTIC, NAN },
	[ST_CV] = { "cv", N_("SD/mean"), YG_ROLE_STATISTIC, NAN },
	[ST_MAD] = { "mad", N_("MAD"), YG_ROLE_SD, NAN },
	[ST_SKEW] = { "skewness", N_("skewness"), YG_ROLE_STATISTIC, NAN },
	[ST_KURT] = { "kurtosis", N_("kurtosis"), YG_ROLE_STATISTIC, NAN },
	[ST_GEOMEAN] = { "geomean", N_("geom. mean"), YG_ROLE_MEAN, NAN },
	[ST_P5] = { "p5", N_("5%"), YG_ROLE_QUANTILE, 0.05 },
	[ST_P10] = { "p10", N_("10%"), YG_ROLE_QUANTILE, 0.10 },
	[ST_P90] = { "p90", N_("90%"), YG_ROLE_QUANTILE, 0.90 },
	[ST_P95] = { "p95", N_("95%"), YG_ROLE_QUANTILE, 0.95 },
};

struct chosen {
	enum stat stat[2 * STATS];
	size_t count;
};

static void choose(struct chosen *c, enum stat s)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->stat[i] == s)
			return;
	c->stat[c->count++] = s;
}

static bool wants(const struct chosen *c, enum stat s)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->stat[i] == s)
			return true;
	return false;
}

static enum yg_status choose_stats(const struct yg_an_describe *r, struct chosen *c, struct yg_err *err)
{
	static const enum stat standard[] = { ST_N, ST_MISSING, ST_MEAN, ST_SD, ST_MEDIAN, ST_Q1, ST_Q3, ST_MIN, ST_MAX };

	c->count = 0;
	for (size_t i = 0; !r->stats_count && i < sizeof standard / sizeof *standard; i++)
		choose(c, standard[i]);
	for (size_t i = 0; i < r->stats_count; i++) {
		const char *word = r->stats[i];
		size_t k = 0;
		if (!strcmp(word, "ci")) {
			choose(c, ST_LOWER);
			choose(c, ST_UPPER);
			continue;
		}
		if (!strcmp(word, "range")) {
			choose(c, ST_MIN);
			choose(c, ST_MAX);
			continue;
		}
		while (k < STATS && strcmp(word, columns[k].key) != 0)
			k++;
		if (k == STATS || k == ST_LOWER || k == ST_UPPER) {
			yg_fail(err, YG_ESYNTAX, "E-DESC-006", N_("describe knows no statistic \"%s\""), word);
			yg_err_hint(err, N_("n missing mean sd se ci median iqr q1 q3 range min max sum cv mad skewness kurtosis "
			                     "geomean p5 p10 p90 p95"));
			return YG_ESYNTAX;
		}
		choose(c, (enum stat)k);
	}
	return YG_OK;
}

/* What is known of one variable in one group. */
struct summary {
	size_t n;
	double value[STATS];                /* NAN = does not exist */
};

/* The quantiles that are asked for, IQR by its ends; returns how many. */
static size_t quantiles_wanted(const struct chosen *c, double *p, enum stat *of)
{
	size_t k = 0;

	for (enum stat s = 0; s < STATS; s++) {
		bool end = (s == ST_Q1 || s == ST_Q3) && wants(c, ST_IQR);
		if (isnan(columns[s].quantile) || !(end || wants(c, s)))
			continue;
		p[k] = columns[s].quantile;
		of[k++] = s;
	}
	return k;
}

static void from_moments(const struct yg_describe *d, struct summary *out)
{
	double *value = out->value;

	out->n = d->n;
	value[ST_MEAN] = d->mean;
	value[ST_SD] = d->sd;
	value[ST_SE] = d->se;
	value[ST_LOWER] = d->lower;
	value[ST_UPPER] = d->upper;
	value[ST_MIN] = d->minimum;
	value[ST_MAX] = d->maximum;
	value[ST_SUM] = d->sum;
	value[ST_CV] = d->cv;
	value[ST_SKEW] = d->skewness;
	value[ST_KURT] = d->kurtosis;
}

/* Every variable on its own thread; then the rows are written in order. */
struct summing {
	const struct yg_an_describe *r;
	const struct an_frame *f;
	const struct chosen *c;
	struct yg_task *task;
	const struct an_streamed *streamed; /* [variables] known already; NULL = read the set */
	bool values;                        /* some statistic needs the values themselves */
	struct summary *summary;            /* [variables * groups] */
};

static enum yg_status from_values(const struct summing *q, double *x, const double *w, size_t n, struct summary *out,
                                  struct yg_err *err)
{
	double p[STATS], got[STATS];
	enum stat of[STATS];
	size_t k = quantiles_wanted(q->c, p, of);
	struct yg_describe d;

	yg_describe(x, w, n, q->f->conf, &d);
	from_moments(&d, out);
	if (w && k)
		YG_TRY(yg_weighted_quantiles(x, w, n, p, k, got, err));
	else if (k)
		yg_quantiles(x, n, q->r->qtype ? q->r->qtype : 7, p, k, got);
	for (size_t i = 0; i < k; i++)
		out->value[of[i]] = got[i];
	out->value[ST_IQR] = out->value[ST_Q3] - out->value[ST_Q1];
	if (wants(q->c, ST_GEOMEAN))
		out->value[ST_GEOMEAN] = yg_geometric_mean(x, w, n);
	if (!w && wants(q->c, ST_MAD))
		out->value[ST_MAD] = yg_mad(x, n);       /* last: it overwrites x */
	return YG_OK;
}

static void from_tally(const struct summing *q, const struct an_tally *a, struct summary *out)
{
	double p[STATS], got[STATS];
	enum stat of[STATS];
	size_t k = quantiles_wanted(q->c, p, of);

	for (size_t g = 0; g < q->f->by.count; g++) {
		const uint64_t *count = a->count + g * a->range;
		struct yg_describe d;
		an_tally_describe(a, count, q->f->conf, &d);
		from_moments(&d, &out[g]);
		an_tally_quantiles(a, count, q->r->qtype ? q->r->qtype : 7, p, k, got);
		for (size_t i = 0; i < k; i++)
			out[g].value[of[i]] = got[i];
		out[g].value[ST_IQR] = out[g].value[ST_Q3] - out[g].value[ST_Q1];
	}
}

static enum yg_status sum_variable(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	const struct summing *q = context;
	const struct an_frame *f = q->f;
	const struct an_variable *v = &f->variable[number];
	struct summary *out = q->summary + number * f->by.count;
	struct an_tally tally = { .count = NULL };
	size_t n = f->set->n;
	(void)worker;

	for (size_t g = 0; g < f->by.count; g++)
		for (enum stat s = 0; s < STATS; s++)
			out[g].value[s] = NAN;
	if (v->kind != AN_NUMBER)
		return YG_OK;
	if (q->streamed) {
		for (size_t g = 0; g < f->by.count && q->streamed[number].moments; g++)
			from_moments(&q->streamed[number].moments[g], &out[g]);
		if (q->streamed[number].tally.count)
			from_tally(q, &q->streamed[number].tally, out);
		return YG_OK;
	}
	if (!f->weight && !q->values)
		YG_TRY(an_tally_build(f, &f->by, v->column, q->task, &tally, err));
	if (tally.count) {
		from_tally(q, &tally, out);
		yg_data_free(tally.count);
		return YG_OK;
	}
	size_t *start = yg_xcalloc(f->by.count + 2, sizeof *start);
	double *x = yg_data_alloc((f->weight ? 2 : 1) * n + 1, sizeof *x), *w = x && f->weight ? x + n : NULL;
	enum yg_status s = x ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), n);
	if (s == YG_OK)
		an_gather(f, &f->by, v->column, x, w, start);
	for (size_t g = 0; g < f->by.count && s == YG_OK; g++)
		s = from_values(q, x + start[g], w ? w + start[g] : NULL, start[g + 1] - start[g], &out[g], err);
	yg_data_free(x);
	yg_free(start);
	return s;
}

static void fill_row(struct yg_raw_table *t, int row, const struct chosen *c, const struct summary *of, uint64_t whole)
{
	for (size_t i = 0; i < c->count; i++) {
		enum stat s = c->stat[i];
		if (s == ST_N || s == ST_MISSING) {
			uint64_t v = s == ST_N ? of->n : whole - of->n;
			yg_raw_int(t, row, (int)i, (int64_t)v, an_part(v, whole));
		} else if (!of->n) {
			yg_raw_missing(t, row, (int)i, N_("no values"));
		} else if (isnan(of->value[s])) {
			yg_raw_missing(t, row, (int)i,
			               s == ST_GEOMEAN ? N_("not all values are positive")
			               : s == ST_MAD   ? N_("not with weights")
			               : of->n < 2     ? N_("one value")
			                               : N_("the values do not vary"));
		} else {
			yg_raw_num(t, row, (int)i, of->value[s], an_persons(of->n));
		}
	}
}

static void group_row_names(struct an_frame *f, const struct an_variable *v, size_t g, const char **key, const char **label)
{
	*key = f->by.title ? yg_arena_printf(&f->arena, "%s: %s", v->name, f->by.label[g]) : v->name;
	*label = f->by.title ? f->by.label[g] : an_heading(&f->arena, v);
}

/* Statistics that need the values themselves. */
static bool by_values(const struct chosen *c)
{
	return wants(c, ST_GEOMEAN) || wants(c, ST_MAD);
}

static enum yg_status numbers_table(const struct yg_an_describe *r, struct an_frame *f, const struct chosen *c,
                                    const struct an_streamed *streamed, struct yg_raw *raw, size_t turn, struct yg_task *task,
                                    struct yg_err *err)
{
	struct yg_raw_table *t = NULL;
	struct summing q = { .r = r, .f = f, .c = c, .task = task, .streamed = streamed, .values = by_values(c),
		             .summary = yg_arena_alloc(&f->arena, f->variables * f->by.count + 1, sizeof *q.summary) };

	YG_TRY(yg_pool_run(task, f->variables, sum_variable, &q, err));
	for (size_t i = 0; i < f->variables; i++) {
		const struct an_variable *v = &f->variable[i];
		if (v->kind != AN_NUMBER)
			continue;
		if (!t) {
			t = yg_raw_table(raw, an_key(&f->arena, "describe", turn), an_subtitle(f, &r->in));
			for (size_t k = 0; k < c->count; k++)
				yg_raw_column(t, columns[c->stat[k]].key, columns[c->stat[k]].label, columns[c->stat[k]].role, NULL);
		}
		if (f->by.title)
			yg_raw_row_data(t, v->name, an_heading(&f->arena, v), 0);
		for (size_t g = 0; g < f->by.count; g++) {
			const char *key, *label;
			group_row_names(f, v, g, &key, &label);
			int row = yg_raw_row_data(t, key, label, f->by.title != NULL);
			fill_row(t, row, c, &q.summary[i * f->by.count + g], f->by.size[g]);
		}
	}
	return YG_OK;
}

/* count[group * (levels + 1) + level], missing last. */
static void count_levels(const struct an_frame *f, size_t i, size_t levels, const struct an_streamed *streamed, uint64_t *count)
{
	const struct an_variable *v = &f->variable[i];

	if (!streamed) {
		for (size_t k = 0; k < f->set->n; k++) {
			int32_t l = an_level(v, k);
			if (f->by.of[k] >= 0)
				count[(size_t)f->by.of[k] * (levels + 1) + (l < 0 ? levels : (size_t)l)]++;
		}
		return;
	}
	const struct an_tally *t = &streamed[i].tally;
	for (size_t g = 0; g < f->by.count; g++) {
		uint64_t *of = count + g * (levels + 1);
		of[levels] = f->by.size[g];
		for (size_t k = 0; k < t->range; k++) {
			of[(size_t)t->low + k] += t->count[g * t->range + k];
			of[levels] -= t->count[g * t->range + k];
		}
	}
}

/* Flags and categories: counts and shares of each level, groups side by side. */
static void levels_table(const struct yg_an_describe *r, struct an_frame *f, const struct an_streamed *streamed, struct yg_raw *raw,
                         size_t turn)
{
	struct yg_raw_table *t = NULL;
	size_t groups = f->by.count;

	for (size_t i = 0; i < f->variables; i++) {
		const struct an_variable *v = &f->variable[i];
		if (v->kind == AN_NUMBER)
			continue;
		if (!t) {
			t = yg_raw_table(raw, an_key(&f->arena, "levels", turn), an_subtitle(f, &r->in));
			for (size_t g = 0; g < groups; g++) {
				yg_raw_column_data(t, f->by.label[g], f->by.label[g], YG_ROLE_PERSONS, NULL);
				yg_raw_column(t, yg_arena_printf(&f->arena, "%s share", f->by.label[g]), "%", YG_ROLE_PROPORTION, NULL);
			}
		}
		int levels = v->kind == AN_FLAG ? 2 : v->levels;
		uint64_t *count = yg_xcalloc(groups * ((size_t)levels + 1), sizeof *count);
		count_levels(f, i, (size_t)levels, streamed, count);
		yg_raw_row_data(t, v->name, an_heading(&f->arena, v), 0);
		for (int l = 0; l <= levels; l++) {
			const char *name = l == levels          ? N_("missing")
			                   : v->kind == AN_FLAG ? (l ? N_("yes") : N_("no"))
			                                        : v->level[l];
			uint64_t any = 0;
			for (size_t g = 0; g < groups; g++)
				any += count[g * ((size_t)levels + 1) + (size_t)l];
			if (l == levels && !any)
				continue;
			const char *key = yg_arena_printf(&f->arena, "%s: %s", v->name, name);
			int row = l < levels && v->kind != AN_FLAG ? yg_raw_row_data(t, key, name, 1) : yg_raw_row(t, key, name, 1);
			for (size_t g = 0; g < groups; g++) {
				const uint64_t *of = count + g * ((size_t)levels + 1);
				uint64_t known = f->by.size[g] - of[levels], whole = l == levels ? f->by.size[g] : known;
				yg_raw_int(t, row, (int)(2 * g), (int64_t)of[l], an_part(of[l], whole));
				if (whole)
					yg_raw_num(t, row, (int)(2 * g) + 1, (double)of[l] / (double)whole, an_part(of[l], whole));
				else
					yg_raw_missing(t, row, (int)(2 * g) + 1, N_("no values"));
			}
		}
		yg_free(count);
	}
}

static void describe_notes(struct yg_raw *raw, const struct yg_an_describe *r, const struct an_frame *f,
                           const struct chosen *c)
{
	bool quantile = false, interval = false, mad = false, levels = false, numbers = false;
	struct yg_raw_note *n;

	for (size_t i = 0; i < c->count; i++) {
		quantile = quantile || !isnan(columns[c->stat[i]].quantile) || c->stat[i] == ST_IQR;
		interval = interval || c->stat[i] == ST_LOWER;
		mad = mad || c->stat[i] == ST_MAD;
	}
	for (size_t i = 0; i < f->variables; i++) {
		levels = levels || f->variable[i].kind != AN_NUMBER;
		numbers = numbers || f->variable[i].kind == AN_NUMBER;
	}
	if (numbers && f->weight)
		yg_raw_note(raw, YG_NOTE_CONVENTION,
		            N_("n counts persons; means, SDs and quantiles are weighted (SD as Austin and Stuart 2015)"));
	else if (numbers && quantile) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("quantiles of type {1} (Hyndman and Fan 1996)"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, r->qtype ? r->qtype : 7, YG_NOBODY);
	}
	if (numbers && interval) {
		n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("{1} t interval of the mean"));
		yg_raw_note_num(n, YG_ROLE_PROPORTION, f->conf, YG_NOBODY);
	}
	if (numbers && mad)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("MAD: 1.4826 times the median distance from the median"));
	if (levels)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("percentages are of the persons whose value is known; counts are unweighted"));
}

static const char *names_of(struct yg_arena *arena, const struct yg_an_targets *t)
{
	struct yg_buf b = YG_BUF_INIT;

	for (size_t i = 0; i < t->count; i++)
		yg_buf_addf(&b, i ? ", %s" : "%s", t->node[i]->text ? t->node[i]->text : "");
	char *s = yg_arena_strdup(arena, b.data);
	yg_buf_release(&b);
	return s;
}

/* Statistics that counts of the values give; sums because counts give them exactly. */
static bool by_counts(const struct chosen *c)
{
	bool counts = wants(c, ST_SUM) || wants(c, ST_IQR) || wants(c, ST_SKEW) || wants(c, ST_KURT);

	for (size_t i = 0; i < c->count; i++)
		counts = counts || !isnan(columns[c->stat[i]].quantile);
	return counts;
}

enum yg_status yg_an_describe(const struct yg_an_describe *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct chosen c;
	struct an_frame f;
	struct yg_raw *raw;
	enum yg_status s;

	YG_TRY(choose_stats(r, &c, err));
	if (r->qtype < 0 || r->qtype > 9)
		return yg_fail(err, YG_EINVAL, "E-DESC-007", N_("qtype is 1 to 9"));
	raw = yg_raw_new("describe", 1);
	for (size_t turn = 0; turn < an_crossings(r->in.by); turn++) {
		struct an_frame_request fr = { .in = &r->in, .target = &r->target, .crossing = an_crossing(r->in.by, turn),
			                           .unit = YG_SET_PERSONS };
		struct an_streamed *streamed = NULL;
		s = by_values(&c) ? YG_OK
		                  : an_stream_build(&fr, by_counts(&c), wants(&c, ST_MIN) || wants(&c, ST_MAX), task, &f, &streamed, err);
		if (s == YG_OK && !streamed)
			s = an_frame_build(&fr, task, &f, err);
		if (s != YG_OK)
			goto fail;
		s = numbers_table(r, &f, &c, streamed, raw, turn, task, err);
		if (s == YG_OK) {
			levels_table(r, &f, streamed, raw, turn);
			an_notes(raw, &f, &r->in);
			if (!turn) {
				describe_notes(raw, r, &f, &c);
				if (f.by.title)
					an_title(raw, N_("%s by %s"), names_of(&f.arena, &r->target), f.by.title);
				else
					an_title(raw, "%s", names_of(&f.arena, &r->target));
			}
		}
		an_streamed_release(streamed, f.variables);
		an_frame_release(&f);
		if (s != YG_OK)
			goto fail;
	}
	*out = raw;
	return YG_OK;
fail:
	yg_raw_free(raw);
	return s;
}

/* ---- hist ---- */

static enum yg_status one_histogram(const struct yg_an_hist *r, struct an_frame *f, const struct an_variable *v,
                                    struct yg_raw *raw, size_t turn, struct yg_err *err)
{
	size_t n = f->set->n, m, bins, *start = yg_arena_alloc(&f->arena, f->by.count + 2, sizeof *start), count[YG_BARS];
	double *x = yg_data_alloc(n + 1, sizeof *x), edge[YG_BARS + 1], minimum = INFINITY, maximum = -INFINITY;

	if (!x)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), n);
	m = an_gather(f, &f->by, v->column, x, NULL, start);
	for (size_t i = 0; i < m; i++) {
		minimum = fmin(minimum, x[i]);
		maximum = fmax(maximum, x[i]);
	}
	if (!m || !isfinite(minimum) || !isfinite(maximum - minimum)) {
		yg_data_free(x);
		return yg_fail(err, YG_REFUSED, "E-DESC-008", N_("%s has no finite values to draw"), v->name);
	}
	bins = yg_pretty_edges(minimum, maximum, m, r->bins, v->whole, edge);
	const char *key = an_key(&f->arena, yg_arena_printf(&f->arena, "hist.%s", v->name), turn);
	struct yg_raw_figure *fig = yg_raw_figure(raw, key, YG_FIGURE_HISTOGRAM, yg_phrase_data(&f->arena, an_heading(&f->arena, v)));
	yg_raw_figure_axis(fig, 'x', yg_phrase_data(&f->arena, v->label), v->unit, 0);
	yg_raw_figure_axis(fig, 'y', N_("persons"), NULL, 0);
	key = an_key(&f->arena, yg_arena_printf(&f->arena, "bins.%s", v->name), turn);
	struct yg_raw_table *t = yg_raw_table(raw, key, yg_phrase_data(&f->arena, v->label));
	yg_raw_table_detail(t);
	int from = yg_raw_column(t, "from", N_("from"), YG_ROLE_STATISTIC, v->unit);
	int to = yg_raw_column(t, "to", N_("to"), YG_ROLE_STATISTIC, v->unit);
	for (size_t g = 0; g < f->by.count; g++)
		yg_raw_column_data(t, f->by.label[g], f->by.label[g], YG_ROLE_PERSONS, NULL);
	for (size_t b = 0; b < bins; b++) {
		int row = yg_raw_row(t, yg_arena_printf(&f->arena, "bin %zu", b + 1), yg_arena_printf(&f->arena, "%zu", b + 1), 0);
		yg_raw_num(t, row, from, edge[b], YG_NOBODY);
		yg_raw_role(t, row, from, YG_ROLE_INTEGER);
		yg_raw_num(t, row, to, edge[b + 1], YG_NOBODY);
		yg_raw_role(t, row, to, YG_ROLE_INTEGER);
	}
	for (size_t g = 0; g < f->by.count; g++) {
		int series = yg_raw_series_data(fig, f->by.title ? f->by.label[g] : v->label);
		size_t k = start[g + 1] - start[g];
		yg_histogram(x + start[g], k, edge, bins, count);
		for (size_t b = 0; b < bins; b++) {
			struct yg_raw_point p = { .x = edge[b], .x2 = edge[b + 1], .y = (double)count[b], .lower = NAN, .upper = NAN };
			yg_raw_point(fig, series, &p, an_part(count[b], k));
			yg_raw_int(t, (int)b, 2 + (int)g, (int64_t)count[b], an_part(count[b], k));
		}
	}
	yg_data_free(x);
	return YG_OK;
}

enum yg_status yg_an_hist(const struct yg_an_hist *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct yg_raw *raw = yg_raw_new("hist", 1);
	enum yg_status s = YG_OK;

	for (size_t turn = 0; turn < an_crossings(r->in.by); turn++) {
		struct an_frame f;
		struct an_frame_request fr = { .in = &r->in, .target = &r->target, .crossing = an_crossing(r->in.by, turn),
			                           .unit = YG_SET_PERSONS };
		s = an_frame_build(&fr, task, &f, err);
		if (s != YG_OK)
			goto fail;
		for (size_t i = 0; i < f.variables && s == YG_OK; i++)
			if (f.variable[i].kind == AN_LEVELS || f.variable[i].kind == AN_FLAG) {
				s = yg_fail(err, YG_REFUSED, "E-DESC-009", N_("%s is a category: a histogram wants a number"), f.variable[i].name);
				yg_err_hint(err, "describe %s", f.variable[i].name);
			} else {
				s = one_histogram(r, &f, &f.variable[i], raw, turn, err);
			}
		if (s == YG_OK) {
			an_notes(raw, &f, &r->in);
			for (size_t i = 0; i < f.variables; i++)
				if (f.variable[i].column->missing_count) {
					uint64_t k = f.variable[i].column->missing_count;
					struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_DROPPED, N_("{1}: {2} missing, not drawn"));
					yg_raw_note_data(n, f.variable[i].name);
					yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)k, an_part(k, f.set->persons));
				}
			if (!turn) {
				yg_raw_note(raw, YG_NOTE_CONVENTION, N_("a bar holds its left edge, the last bar its right edge too"));
				if (f.by.title)
					an_title(raw, N_("%s by %s"), names_of(&f.arena, &r->target), f.by.title);
				else
					an_title(raw, "%s", names_of(&f.arena, &r->target));
			}
		}
		an_frame_release(&f);
		if (s != YG_OK)
			goto fail;
	}
	if (r->in.weight || (r->in.population && r->in.population->weight))
		yg_raw_note(raw, YG_NOTE_WARNING, N_("bars count persons: weights are not used"));
	*out = raw;
	return YG_OK;
fail:
	yg_raw_free(raw);
	return s;
}
