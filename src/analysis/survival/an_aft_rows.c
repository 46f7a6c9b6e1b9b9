/* The rows of a parametric model: columns, kinds of times, strata, who stands behind each column, profiles. */
#include <math.h>
#include <string.h>

#include "analysis/an_model_table_priv.h"
#include "an_aft_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/num/sum.h"

#define MOST_PROFILES 7

static enum yg_status strata_with_rows(struct an_aft_rows *rows, const struct yg_node *strata, struct yg_arena *arena,
                                       struct yg_err *err)
{
	const struct an_surv *s = rows->s;
	size_t n = s->set->n, used = 0;
	if (!s->stratum)
		return YG_OK;
	int32_t *place = yg_arena_alloc(arena, s->strata + 1, sizeof *place);
	uint64_t *events = yg_arena_alloc(arena, s->strata + 1, sizeof *events);
	bool *there = yg_arena_alloc(arena, s->strata + 1, sizeof *there);
	for (size_t i = 0; i < n; i++) {
		there[s->stratum[i]] = true;
		events[s->stratum[i]] += s->event[i];
	}
	rows->stratum_label = yg_arena_alloc(arena, s->strata + 1, sizeof *rows->stratum_label);
	for (size_t g = 0; g < s->strata; g++) {
		const struct yg_set_column *c = &s->set->column[s->by_at + s->bys];
		bool one = strata->children == 1 && (size_t)c->levels == s->strata;
		if (!there[g])
			continue;
		const char *label = one ? yg_arena_printf(arena, "%s: %s", c->name, c->level_name[g]) :
		                          yg_phrase(arena, N_("stratum %s"), yg_arena_printf(arena, "%zu", used + 1));
		if (!events[g])
			return yg_fail(err, YG_REFUSED, "E-AFT-020",
				N_("nobody in %s has the event, so it has no scale of its own"), label);
		rows->stratum_label[used] = label;
		place[g] = (int32_t)used++;
	}
	rows->stratum = yg_data_alloc(n + 1, sizeof *rows->stratum);
	if (!rows->stratum)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
	for (size_t i = 0; i < n; i++)
		rows->stratum[i] = place[s->stratum[i]];
	rows->data.stratum = rows->stratum;
	rows->data.strata = used;
	return YG_OK;
}

/* The first factor of the model whose columns no product uses, with few levels: its levels are the profiles. */
static void find_profiles(struct an_aft_rows *rows, struct yg_arena *arena)
{
	const struct yg_design *d = rows->design;
	rows->term = -1;
	rows->profiles = 1;
	for (int k = 0; k < d->terms && rows->term < 0; k++)
		if (d->term[k].is_factor && d->term[k].reference && d->term[k].count >= 1 && d->term[k].count < MOST_PROFILES)
			rows->term = k;
	for (int k = 0; k < d->terms; k++)
		if (strchr(d->term[k].name, ':') || strchr(d->term[k].name, '*'))
			rows->term = -1;
	if (rows->term >= 0)
		rows->profiles = (size_t)d->term[rows->term].count + 1;
	rows->profile_label = yg_arena_alloc(arena, rows->profiles, sizeof *rows->profile_label);
	rows->profile_persons = yg_arena_alloc(arena, 2 * rows->profiles, sizeof(int64_t));
	rows->profile_events = rows->profile_persons + rows->profiles;
	rows->profile_rows = yg_arena_alloc(arena, rows->profiles, sizeof *rows->profile_rows);
	rows->profile_label[0] = N_("all");
	if (rows->term < 0)
		return;
	const struct yg_design_term *t = &d->term[rows->term];
	rows->profile_label[0] = an_reference_label(arena, d, t);
	for (int c = 0; c < t->count; c++)
		rows->profile_label[c + 1] = d->column[t->first + c].label;
}

/* ---- sums over the rows ---- */

#define COUNT_ROWS 4096u
#define COUNT_NEAR 128u

struct counting {
	struct an_aft_rows *rows;
	const uint8_t *binary;           /* [p] */
	double all;                      /* rows, repeats counted */
	double *mean;                    /* [blocks * (p + 2)]: of columns, of the offset; last time */
	int64_t *count;                  /* [blocks * (2p + 2 profiles + 1)]: persons, events; of profiles rows, events; events */
};

static void count_chunk(const struct counting *c, size_t first, size_t rows, const double *x, double *mean, int64_t *count)
{
	struct an_aft_rows *r = c->rows;
	const struct an_surv *s = r->s;
	const struct yg_design_term *t = r->term >= 0 ? &r->design->term[r->term] : NULL;
	size_t p = r->data.p;
	int64_t *profile = count + 2 * p;
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < p; j++)
			mean[j] += x[i * p + j] * (s->frequency ? s->weight[first + i] : 1);
	for (size_t i = first; i < first + rows; i++, x += p) {
		double time = isfinite(s->set->exit[i]) ? s->set->exit[i] : s->set->entry ? s->set->entry[i] : 0;
		double share = s->frequency ? s->weight[i] : 1;
		mean[p] += r->data.offset ? r->data.offset[i] * share : 0;
		mean[p + 1] = time > mean[p + 1] ? time : mean[p + 1];
		int32_t g = 0;
		for (int k = 0; t && k < t->count; k++)
			g = x[t->first + k] != 0 ? k + 1 : g;
		if (r->profile)
			r->profile[i] = g;
		profile[g]++;
		profile[r->profiles + (size_t)g] += s->event[i] != 0;
		profile[2 * r->profiles] += s->event[i] ? (int64_t)share : 0;
	}
}

static enum yg_status count_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct counting *c = context;
	const struct an_aft_rows *r = c->rows;
	size_t p = r->data.p, first = block * COUNT_ROWS, n = r->data.n, rows = n - first < COUNT_ROWS ? n - first : COUNT_ROWS;
	int64_t *count = c->count + block * (2 * p + 2 * r->profiles + 1);
	double *space = yg_xalloc(COUNT_NEAR * p + rows, sizeof *space), *event = space + COUNT_NEAR * p;
	(void)worker;
	(void)err;
	for (size_t i = 0; i < rows; i += COUNT_NEAR) {
		size_t some = rows - i < COUNT_NEAR ? rows - i : COUNT_NEAR;
		yg_packed_get(r->design->packed, first + i, some, space);
		count_chunk(c, first + i, some, space, c->mean + block * (p + 2), count);
	}
	for (size_t i = 0; i < rows; i++)
		event[i] = r->s->event[first + i] != 0;
	yg_packed_ones(r->design->packed, c->binary, first, rows, event, count, count + p);
	yg_free(space);
	return YG_OK;
}

static void add_block(const struct counting *c, size_t block)
{
	struct an_aft_rows *r = c->rows;
	size_t p = r->data.p;
	const double *mean = c->mean + block * (p + 2);
	const int64_t *count = c->count + block * (2 * p + 2 * r->profiles + 1), *profile = count + 2 * p;
	for (size_t j = 0; j < p; j++) {
		r->mean[j] += mean[j];
		r->persons[j] += count[j];
		r->events[j] += count[p + j];
	}
	r->mean_offset += mean[p];
	r->last = mean[p + 1] > r->last ? mean[p + 1] : r->last;
	for (size_t g = 0; g < r->profiles; g++) {
		r->profile_rows[g] += (size_t)profile[g];
		r->profile_persons[g] += profile[g];
		r->profile_events[g] += profile[r->profiles + g];
	}
	r->counted_events += profile[2 * r->profiles];
}

/* A person's rows stand together, and count once a column. */
static void count_persons(struct an_aft_rows *rows)
{
	const struct an_surv *s = rows->s;
	size_t n = rows->data.n, p = rows->data.p;
	uint32_t *last = yg_xalloc(2 * p + rows->profiles, sizeof *last), *profile = last + 2 * p;
	double *space = yg_xalloc(COUNT_NEAR * p + 1, sizeof *space), *x = space;
	memset(last, 0xff, (2 * p + rows->profiles) * sizeof *last);
	memset(rows->persons, 0, 2 * p * sizeof *rows->persons);
	memset(rows->profile_persons, 0, rows->profiles * sizeof *rows->profile_persons);
	for (size_t i = 0; i < n; i++, x += p) {
		uint32_t person = s->set->person[i];
		size_t g = rows->profile ? (size_t)rows->profile[i] : 0;
		if (i % COUNT_NEAR == 0) {
			x = space;
			yg_packed_get(rows->design->packed, i, n - i < COUNT_NEAR ? n - i : COUNT_NEAR, x);
		}
		rows->profile_persons[g] += profile[g] != person;
		profile[g] = person;
		for (size_t j = 0; j < p; j++) {
			if (x[j] == 0)
				continue;
			rows->persons[j] += last[j] != person;
			last[j] = person;
			if (s->event[i]) {
				rows->events[j] += last[p + j] != person;
				last[p + j] = person;
			}
		}
	}
	yg_free(space);
	yg_free(last);
}

static enum yg_status count_rows(struct an_aft_rows *rows, struct yg_task *task, struct yg_arena *arena, struct yg_err *err)
{
	const struct an_surv *s = rows->s;
	size_t n = rows->data.n, p = rows->data.p, blocks = (n + COUNT_ROWS - 1) / COUNT_ROWS;
	uint8_t *binary = yg_arena_alloc(arena, p + 1, 1);
	struct counting c = { .rows = rows, .binary = binary, .all = (double)n };
	rows->persons = yg_arena_alloc(arena, 2 * p + 1, sizeof(int64_t));
	rows->events = rows->persons + p;
	rows->mean = yg_arena_alloc(arena, p + 1, sizeof(double));
	for (size_t j = 0; j < p; j++)
		binary[j] = rows->design->column[j].binary;
	if (rows->profiles > 1) {
		rows->profile = yg_data_alloc(n + 1, sizeof *rows->profile);
		if (!rows->profile)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
	}
	if (s->frequency)
		c.all = yg_sum(s->weight, n);
	c.mean = yg_xcalloc(blocks * (p + 2) + 1, sizeof *c.mean);
	c.count = yg_xcalloc(blocks * (2 * p + 2 * rows->profiles + 1) + 1, sizeof *c.count);
	enum yg_status status = yg_pool_run(task, blocks, count_block, &c, err);
	for (size_t b = 0; b < blocks && status == YG_OK; b++)
		add_block(&c, b);
	yg_free(c.mean);
	yg_free(c.count);
	YG_TRY(status);
	for (size_t j = 0; j < p; j++)
		rows->mean[j] /= c.all;
	rows->mean_offset /= c.all;
	if (s->set->persons != n)
		count_persons(rows);
	for (size_t j = 0; j < p; j++)
		if (!binary[j]) {
			rows->persons[j] = (int64_t)s->set->persons;
			rows->events[j] = (int64_t)s->event_persons;
		}
	return YG_OK;
}

enum yg_status an_aft_rows_make(struct an_aft_rows *rows, struct an_surv *s, const struct yg_design_plan *plan,
                                const struct yg_node *strata,
                                bool se_model, struct yg_task *task, struct yg_arena *arena, struct yg_err *err)
{
	const struct yg_endpoint *e = s->endpoint;
	rows->s = s;
	rows->plan = plan;
	YG_TRY(yg_design_build_packed(task, plan, s->set, s->terms_at, true, &rows->design, err));
	yg_set_drop_terms(s->set);       /* the matrix was their last use */
	rows->data = (struct yg_aft_data){ .n = s->set->n, .p = (size_t)rows->design->p, .packed = rows->design->packed,
		.offset = rows->design->offset,
		                           .intercept = SIZE_MAX, .weight = s->weight, .cluster = se_model ? NULL : s->cluster,
		                           .clusters = s->clusters };
	if (!rows->data.p)
		return yg_fail(err, YG_REFUSED, "E-REG-018", N_("the model has no terms"));
	if (rows->design->column[0].term < 0)
		rows->data.intercept = 0;
	if (e->interval_censored) {
		rows->data.time = s->set->entry;
		rows->data.upper = s->set->exit;
	} else {
		rows->data.time = s->set->exit;
		rows->data.event = s->event;
		rows->data.entry = s->spans.entry;
	}
	YG_TRY(strata_with_rows(rows, strata, arena, err));
	find_profiles(rows, arena);
	return count_rows(rows, task, arena, err);
}

void an_aft_rows_release(struct an_aft_rows *rows)
{
	yg_design_free(rows->design);
	yg_data_free(rows->x);
	yg_data_free(rows->profile);
	yg_data_free(rows->lower);
	yg_data_free(rows->stratum);
}

static enum yg_status unpack(struct an_aft_rows *rows, struct yg_aft_data *d, struct yg_err *err)
{
	if (!rows->x) {
		rows->x = yg_data_alloc(d->n * d->p + 1, sizeof *rows->x);
		if (!rows->x)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
		yg_packed_get(d->packed, 0, d->n, rows->x);
	}
	d->x = rows->x;
	d->packed = NULL;
	return YG_OK;
}

/* Distributions of the time itself know nothing of 0: a time before the first visit may be anything below. */
enum yg_status an_aft_rows_data(struct an_aft_rows *rows, bool from_zero, bool plain, struct yg_aft_data *d,
                                struct yg_err *err)
{
	*d = rows->data;
	if (plain)
		YG_TRY(unpack(rows, d, err));
	if (!d->upper || from_zero)
		return YG_OK;
	if (!rows->lower) {
		rows->lower = yg_data_alloc(d->n + 1, sizeof *rows->lower);
		if (!rows->lower)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
		for (size_t i = 0; i < d->n; i++)
			rows->lower[i] = d->time[i] > 0 || d->upper[i] <= 0 ? d->time[i] : -INFINITY;
	}
	d->time = rows->lower;
	return YG_OK;
}
