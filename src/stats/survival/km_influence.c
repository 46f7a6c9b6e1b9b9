/* How each row moves a survival curve or its area: see yogo/stats/km_influence.h. */
#include "yogo/num/sort.h"
#include "yogo/stats/km_influence.h"

#include <math.h>

#include "stats/survival/km_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

#define ROWS 65536u

/* Where to look for a time: first[b] times of the curve lie before bucket b, of `width` each from the first time on. */
struct buckets {
	const struct yg_km_curve *curve;
	size_t count;
	double begin, scale;         /* buckets per unit of time */
	uint32_t *first;             /* [count + 1] */
};

/* What a row gets at each time of each curve: push when it has the event there, pull summed up to there. */
struct pushes {
	const struct yg_spans *d;
	const struct yg_km *km;
	double **push, **pull;       /* [groups][m] */
	double until, *out;
	struct buckets *bucket;      /* [groups] */
};

static void fill(const struct yg_km *km, const struct yg_km_curve *c, double until, bool area, double *push, double *pull)
{
	double sum = 0, here = 1, a = 0, later = until;
	size_t m = c->m;
	while (m && c->time[m - 1] > until)
		m--;
	/* Areas from each time on, kept in push until they are used. */
	for (size_t j = m; area && j-- > 0; ) {
		a += c->surv[j] * (later - c->time[j]);
		later = c->time[j];
		push[j] = a;
	}
	if (m)
		here = c->surv[m - 1];
	for (size_t j = 0; j < m; j++) {
		double n = c->risk[j], dead = c->event[j], factor = area ? push[j] : here;
		struct yg_km_step step = yg_km_step_of(&km->options, n, dead, c->n_event[j]);
		if (km->options.survival == YG_KM_PRODUCT && c->n_event[j]) {
			bool all = c->n_event[j] == c->n_risk[j];
			step.push = all ? 0 : 1 / (n - dead);
			step.pull = all ? 0 : dead / (n * (n - dead));
		}
		sum += factor * step.pull;
		push[j] = factor * step.push;
		pull[j] = sum;
	}
	for (size_t j = m; j < c->m; j++) {
		push[j] = 0;
		pull[j] = sum;
	}
}

static void bucket_times(struct buckets *b, const struct yg_km_curve *c, uint32_t *space)
{
	*b = (struct buckets){ .curve = c, .count = c->m, .first = space };
	if (!c->m)
		return;
	double span = c->time[c->m - 1] - c->time[0];
	b->begin = c->time[0];
	b->scale = span > 0 ? (double)c->m / span : 0;
	size_t j = 0;
	for (size_t k = 0; k < c->m; k++) {
		while (j < c->m && (c->time[j] - b->begin) * b->scale < (double)k)
			j++;
		b->first[k] = (uint32_t)j;
	}
	b->first[c->m] = (uint32_t)c->m;
}

/* Number of times <= t.  The bucket is found by the same formula as above, so rounding puts no time in another. */
static size_t times_until(const struct buckets *b, double t)
{
	const struct yg_km_curve *c = b->curve;
	if (!c->m || t < b->begin)
		return 0;
	double place = (t - b->begin) * b->scale;
	size_t bucket = place < (double)(c->m - 1) ? (size_t)place : c->m - 1;
	size_t low = b->first[bucket], high = bucket + 1 < c->m ? b->first[bucket + 1] : c->m;
	return low + yg_count_until(c->time + low, high - low, t);
}

static enum yg_status rows(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct pushes *p = context;
	const struct yg_spans *d = p->d;
	size_t from = block * ROWS, to = from + ROWS < d->n ? from + ROWS : d->n;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		size_t g = d->group ? (size_t)d->group[i] : 0;
		size_t end = times_until(&p->bucket[g], d->exit[i]), begin = d->entry ? times_until(&p->bucket[g], d->entry[i]) : 0;
		double u = end ? p->pull[g][end - 1] : 0;
		if (begin)
			u -= p->pull[g][begin - 1];
		if (d->event[i] && end && !(d->exit[i] > p->until))
			u -= p->push[g][end - 1];
		p->out[i] = u;
	}
	return YG_OK;
}

static enum yg_status influence(const struct yg_spans *d, const struct yg_km *km, double until, bool area,
                                struct yg_task *task, double *out, struct yg_err *err)
{
	size_t m = 0;
	for (size_t g = 0; g < km->groups; g++)
		m += km->curve[g].m;
	double *space = yg_data_calloc(2 * m + 1, sizeof *space), *at = space;
	double **of = yg_xalloc(2 * km->groups + 1, sizeof *of);
	struct buckets *bucket = yg_xcalloc(km->groups + 1, sizeof *bucket);
	uint32_t *first = yg_data_alloc(m + km->groups + 1, sizeof *first), *next = first;
	struct pushes p = { d, km, of, of + km->groups, until, out, bucket };
	enum yg_status s = space && first ? YG_OK : yg_survival_no_memory(err);
	for (size_t g = 0; s == YG_OK && g < km->groups; g++) {
		p.push[g] = at;
		p.pull[g] = at + km->curve[g].m;
		at += 2 * km->curve[g].m;
		fill(km, &km->curve[g], until, area, p.push[g], p.pull[g]);
		bucket_times(&bucket[g], &km->curve[g], next);
		next += km->curve[g].m + 1;
	}
	if (s == YG_OK)
		s = yg_pool_run(task, (d->n + ROWS - 1) / ROWS, rows, &p, err);
	yg_data_free(first);
	yg_free(bucket);
	yg_free(of);
	yg_data_free(space);
	return s;
}

enum yg_status yg_km_influence(const struct yg_spans *d, const struct yg_km *km, double t, struct yg_task *task,
                               double *out, struct yg_err *err)
{
	return influence(d, km, t, false, task, out, err);
}

enum yg_status yg_rmst_influence(const struct yg_spans *d, const struct yg_km *km, double tau, struct yg_task *task,
                                 double *out, struct yg_err *err)
{
	return influence(d, km, tau, true, task, out, err);
}

/* ---- variances ---- */

static double weighted(const struct yg_spans *d, const double *influence_of, size_t i)
{
	return d->weight ? d->weight[i] * influence_of[i] : influence_of[i];
}

/* Rows by cluster: place[first[k]..first[k+1]) are the rows of cluster k. */
static enum yg_status by_cluster(const struct yg_spans *d, size_t **first, uint32_t **place, struct yg_err *err)
{
	size_t *f = yg_data_calloc(d->clusters + 2, sizeof *f);
	uint32_t *p = yg_data_alloc(d->n + 1, sizeof *p);
	if (!f || !p) {
		yg_data_free(f);
		yg_data_free(p);
		return yg_survival_no_memory(err);
	}
	for (size_t i = 0; i < d->n; i++)
		f[d->cluster[i] + 2]++;
	for (size_t k = 2; k < d->clusters + 2; k++)
		f[k] += f[k - 1];
	for (size_t i = 0; i < d->n; i++)
		p[f[d->cluster[i] + 1]++] = (uint32_t)i;
	*first = f;
	*place = p;
	return YG_OK;
}

enum yg_status yg_influence_covariance(const struct yg_spans *d, const double *influence_of, size_t groups,
                                       double *covariance, struct yg_err *err)
{
	size_t *first = NULL;
	uint32_t *place = NULL;
	for (size_t k = 0; k < groups * groups; k++)
		covariance[k] = 0;
	if (!d->cluster) {
		for (size_t i = 0; i < d->n; i++) {
			size_t g = d->group ? (size_t)d->group[i] : 0;
			double u = weighted(d, influence_of, i);
			covariance[g * groups + g] += u * u;
		}
		return YG_OK;
	}
	YG_TRY(by_cluster(d, &first, &place, err));
	double *sum = yg_xcalloc(groups, sizeof *sum);
	size_t *met = yg_xalloc(groups, sizeof *met);
	uint8_t *seen = yg_xcalloc(groups, 1);
	for (size_t k = 0; k < d->clusters; k++) {
		size_t groups_met = 0;
		for (size_t at = first[k]; at < first[k + 1]; at++) {
			size_t i = place[at], g = d->group ? (size_t)d->group[i] : 0;
			if (!seen[g]) {
				seen[g] = 1;
				met[groups_met++] = g;
			}
			sum[g] += weighted(d, influence_of, i);
		}
		for (size_t a = 0; a < groups_met; a++)
			for (size_t b = 0; b < groups_met; b++)
				covariance[met[a] * groups + met[b]] += sum[met[a]] * sum[met[b]];
		for (size_t a = 0; a < groups_met; a++) {
			sum[met[a]] = 0;
			seen[met[a]] = 0;
		}
	}
	yg_free(seen);
	yg_free(met);
	yg_free(sum);
	yg_data_free(first);
	yg_data_free(place);
	return YG_OK;
}

/* ---- pseudo-values ---- */

enum yg_status yg_rmst_pseudo(const struct yg_spans *d, double tau, struct yg_task *task, double *out, struct yg_err *err)
{
	struct yg_spans one = *d;
	struct yg_km_options o = { YG_KM_PRODUCT, YG_KM_NELSON, YG_KM_NO_CI, 0.95, false };
	struct yg_km km;
	double mean, se;
	one.group = one.stratum = NULL;
	one.groups = one.strata = 1;
	one.weight = NULL;
	one.entry = NULL;
	one.cluster = NULL;
	YG_TRY(yg_km_fit(&one, &o, task, &km, err));
	yg_km_rmst(&km, 0, tau, &mean, &se);
	enum yg_status s = yg_rmst_influence(&one, &km, tau, task, out, err);
	for (size_t i = 0; s == YG_OK && i < d->n; i++)
		out[i] = mean + (double)d->n * out[i];
	yg_km_release(&km);
	return s;
}
