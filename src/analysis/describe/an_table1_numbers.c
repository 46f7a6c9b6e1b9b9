/* Means, spreads, quartiles and tests of the numbers of a baseline table. */
#include <math.h>

#include "an_table1_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/stats/describe.h"

static const double quarter[3] = { 0.25, 0.5, 0.75 };

struct work {
	const struct t1_numbers *wanted;
	struct yg_task *task;
	struct scratch {
		double *x, *w;
		size_t *start;                 /* [groups + 1] */
	} *scratch;                        /* [workers] */
};

static enum yg_status no_memory(const struct work *k, struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), k->wanted->f->set->n);
}

static enum t1_test kind_of_test(const struct t1_numbers *wanted, bool median)
{
	enum t1_test kind = wanted->test;
	bool two = wanted->groups == 2;

	if (kind == T1_AUTO)
		return median ? (two ? T1_WILCOXON : T1_KRUSKAL) : T1_WELCH;
	if (!two && kind == T1_T)
		return T1_ANOVA;
	return !two && kind == T1_WILCOXON ? T1_KRUSKAL : kind;
}

/* Tests of several groups, on x in groups one after another. */
static enum yg_status test_several(const struct work *k, enum t1_test kind, const double *x, const size_t *start,
                                   struct t1_variable *out, struct yg_err *err)
{
	size_t groups = k->wanted->groups, n = start[groups];
	int32_t *group = yg_data_alloc(n + 1, sizeof *group);
	struct yg_anova a;
	enum yg_status s = YG_OK;

	if (!group)
		return no_memory(k, err);
	for (size_t g = 0; g < groups; g++)
		for (size_t i = start[g]; i < start[g + 1]; i++)
			group[i] = (int32_t)g;
	if (kind == T1_KRUSKAL) {
		s = yg_kruskal_wallis(x, group, n, groups, &out->test, err);
		out->test_name = N_("Kruskal-Wallis");
	} else if (kind == T1_ANOVA) {
		yg_anova(x, group, n, groups, &a);
		out->test = a.test;
		out->test_name = N_("ANOVA");
	} else {
		yg_welch_anova(x, group, n, groups, &a);
		out->test = a.test;
		out->test_name = N_("Welch ANOVA");
	}
	yg_data_free(group);
	return s;
}

static enum yg_status test(const struct work *k, const double *x, const size_t *start, struct t1_variable *out,
                           struct yg_err *err)
{
	enum t1_test kind = kind_of_test(k->wanted, out->median);
	size_t n = start[k->wanted->groups];

	if (k->wanted->test == T1_NONE || k->wanted->groups < 2)
		return YG_OK;
	if (k->wanted->groups == 2 && (kind == T1_T || kind == T1_WELCH)) {
		struct yg_t_test t;
		yg_t_test(x, start[1], x + start[1], n - start[1], kind == T1_T, YG_TWO_SIDED, k->wanted->f->conf, &t);
		out->test = t.test;
		out->test_name = kind == T1_T ? N_("Student t") : N_("Welch t");
		return YG_OK;
	}
	if (kind == T1_WILCOXON) {
		out->test_name = N_("Wilcoxon");
		return yg_rank_sum(x, start[1], x + start[1], n - start[1], YG_EXACT_NO, true, YG_TWO_SIDED, &out->test, err);
	}
	return test_several(k, kind, x, start, out, err);
}

/* From the values themselves. */
static enum yg_status from_values(const struct work *k, struct scratch *at, struct t1_variable *out, struct yg_err *err)
{
	const struct t1_numbers *wanted = k->wanted;
	size_t parts = wanted->f->by.count;

	an_gather(wanted->f, &wanted->f->by, out->v->column, at->x, at->w, at->start);
	/* tests first: finding quantiles reorders the values */
	YG_TRY(test(k, at->x, at->start, out, err));
	for (size_t g = 0; g <= wanted->groups; g++) {
		/* without by there is one group, and it is everybody */
		bool whole = g == wanted->groups;
		size_t lo = whole ? 0 : at->start[g], m = at->start[whole ? parts : g + 1] - lo;
		double *w = at->w ? at->w + lo : NULL;
		struct yg_describe d;
		if (whole && wanted->groups && !wanted->overall)
			break;
		yg_describe(at->x + lo, w, m, wanted->f->conf, &d);
		out->of[g] = (struct t1_number){ .n = m, .mean = d.mean, .sd = d.sd, .variance = d.variance };
		if (out->median && w)
			YG_TRY(yg_weighted_quantiles(at->x + lo, w, m, quarter, 3, out->of[g].quartile, err));
		else if (out->median)
			yg_quantiles(at->x + lo, m, wanted->qtype, quarter, 3, out->of[g].quartile);
	}
	return YG_OK;
}

/* From how often each value occurs. */
static void from_tally(const struct work *k, const struct an_tally *a, struct t1_variable *out)
{
	const struct t1_numbers *wanted = k->wanted;

	for (size_t g = 0; g <= wanted->groups; g++) {
		uint64_t *count = a->count + g * a->range;
		struct yg_describe d;
		if (g == wanted->groups && wanted->groups) {
			if (!wanted->overall)
				break;
			/* everybody: the groups added into the first, which has been described by now */
			count = a->count;
			for (size_t i = a->range; i < wanted->groups * a->range; i++)
				count[i % a->range] += count[i];
		}
		an_tally_describe(a, count, wanted->f->conf, &d);
		out->of[g] = (struct t1_number){ .n = d.n, .mean = d.mean, .sd = d.sd, .variance = d.variance };
		if (out->median)
			an_tally_quantiles(a, count, wanted->qtype, quarter, 3, out->of[g].quartile);
	}
}

static enum yg_status one_variable(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	struct work *k = context;
	struct t1_variable *out = &k->wanted->variable[number];
	struct scratch *at = &k->scratch[worker];
	const struct an_frame *f = k->wanted->f;
	struct an_tally tally = { .count = NULL };

	if (!f->weight && k->wanted->test == T1_NONE)
		YG_TRY(an_tally_build(f, &f->by, out->v->column, k->task, &tally, err));
	if (tally.count) {
		from_tally(k, &tally, out);
		yg_data_free(tally.count);
		return YG_OK;
	}
	if (!at->x) {
		at->x = yg_data_alloc(f->set->n + 1, sizeof *at->x);
		at->w = f->weight ? yg_data_alloc(f->set->n + 1, sizeof *at->w) : NULL;
		if (!at->x || (f->weight && !at->w))
			return no_memory(k, err);
	}
	return from_values(k, at, out, err);
}

enum yg_status t1_compute(const struct t1_numbers *wanted, struct yg_task *task, struct yg_err *err)
{
	size_t workers = yg_task_workers(task);
	struct work k = { .wanted = wanted, .task = task, .scratch = yg_xcalloc(workers + 1, sizeof *k.scratch) };

	for (size_t i = 0; i < workers; i++)
		k.scratch[i].start = yg_xcalloc(wanted->f->by.count + 2, sizeof *k.scratch[i].start);
	for (size_t i = 0; i < wanted->variables; i++)
		wanted->variable[i].test = (struct yg_test){ .statistic = NAN, .df = NAN, .df2 = NAN, .p = NAN };
	enum yg_status s = yg_pool_run(task, wanted->variables, one_variable, &k, err);
	for (size_t i = 0; i < workers; i++) {
		yg_data_free(k.scratch[i].x);
		yg_data_free(k.scratch[i].w);
		yg_free(k.scratch[i].start);
	}
	yg_free(k.scratch);
	return s;
}
