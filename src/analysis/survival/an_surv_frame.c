/* The spans behind a survival verb: see an_surv_priv.h. */
#include "an_surv_priv.h"

#include <math.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"
#include "yogo/expr/intern.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while follow-up was set up"));
}

/* ---- units ---- */

static double days_of(const char *unit)
{
	static const struct {
		const char *word;
		double days;
	} known[] = { { "day", 1 }, { "days", 1 }, { "d", 1 }, { "week", 7 }, { "weeks", 7 }, { "w", 7 },
	             { "month", YG_DAYS_PER_MONTH },
		      { "months", YG_DAYS_PER_MONTH }, { "m", YG_DAYS_PER_MONTH }, { "year", YG_DAYS_PER_YEAR },
		      { "years", YG_DAYS_PER_YEAR }, { "y", YG_DAYS_PER_YEAR } };
	for (size_t i = 0; unit && i < sizeof known / sizeof known[0]; i++)
		if (!strcmp(unit, known[i].word))
			return known[i].days;
	return NAN;
}

enum yg_status an_surv_time(const struct yg_endpoint *e, const struct yg_node *node, double *out, struct yg_err *err)
{
	double divisor = e->display_divisor > 0 ? e->display_divisor : 1;
	if (node->kind == YG_NODE_NUMBER) {
		*out = node->number * divisor;
		return YG_OK;
	}
	if (node->kind != YG_NODE_DURATION)
		return yg_fail_at(err, YG_ESYNTAX, node->at, node->len, "E-SUR-001",
		                  N_("a time is written 36m, 3y or 2.5"));
	double from = days_of(node->text), to = days_of(e->time_unit);
	if (isnan(from) || isnan(to)) {
		yg_fail_at(err, YG_REFUSED, node->at, node->len, "E-SUR-002",
		           N_("the time of %s has no unit in which this can be read"),
		           e->name);
		yg_err_hint(err, N_("Write a number, or give the unit: time COLUMN in days"));
		return YG_REFUSED;
	}
	/* Months and years of a time in months or years are exact. */
	if (node->text[0] == 'y' && to == YG_DAYS_PER_MONTH)
		*out = 12 * node->number;
	else if (node->text[0] == 'm' && to == YG_DAYS_PER_YEAR)
		*out = node->number / 12;
	else
		*out = node->number * from / to;
	return YG_OK;
}

/* ---- the set ---- */

static void add_names(const struct yg_node *clause, enum yg_set_use use, struct yg_set_variable *list, size_t *n)
{
	for (uint32_t k = 0; clause && k < clause->children; k++)
		list[(*n)++] = (struct yg_set_variable){ .expression = clause->child[k], .use = use, .as_factor = true };
}

static enum yg_status check_endpoint(const struct an_surv_request *r, struct an_surv *s, struct yg_err *err)
{
	const struct yg_endpoint *e = r->endpoint;
	if (e->interval_censored && !r->intervals) {
		yg_fail(err, YG_REFUSED, "E-SUR-003", N_("%s is interval-censored (between): %s needs the time itself"), e->name, r->verb);
		return YG_REFUSED;
	}
	s->cause = 1;
	if (!r->cause)
		return YG_OK;
	s->cause = 0;
	for (int k = 1; k < e->states; k++)
		if (!strcmp(e->state[k], r->cause))
			s->cause = k;
	if (s->cause)
		return YG_OK;
	yg_fail(err, YG_ESYNTAX, "E-SUR-004", N_("%s has no event line \"%s\""), e->name, r->cause);
	yg_err_hint(err, N_("The lines of an endpoint are named by their labels: event \"LABEL\": ..., compete \"LABEL\": ..."));
	return YG_ESYNTAX;
}

static enum yg_status nobody(const struct an_surv_request *r, struct yg_err *err)
{
	yg_fail(err, YG_REFUSED, "E-SUR-005", N_("nobody is left to follow in %s"),
	        r->in->population && r->in->population->name ? r->in->population->name : r->endpoint->name);
	yg_err_hint(err, N_("Look at where, and at the columns named, for missing values: see missing."));
	return YG_REFUSED;
}

static enum yg_status build_set(const struct an_surv_request *r, struct yg_task *task, struct an_surv *s,
                                struct yg_err *err)
{
	size_t n = 0, bys = r->crossing ? r->crossing->children : 0, strata = r->strata ? r->strata->children : 0;
	size_t clusters = r->cluster ? r->cluster->children : 0;
	struct yg_set_variable *list = yg_arena_alloc(&s->arena, r->terms + bys + strata + clusters + 4, sizeof *list);
	s->terms_at = 0;
	if (r->terms)
		memcpy(list, r->term, r->terms * sizeof *list);
	n = r->terms;
	s->by_at = n;
	s->bys = bys;
	add_names(r->crossing, YG_USE_BY, list, &n);
	add_names(r->strata, YG_USE_STRATA, list, &n);
	add_names(r->cluster, YG_USE_CLUSTER, list, &n);
	if (r->in->weight)
		list[n++] = (struct yg_set_variable){ .expression = r->in->weight, .use = YG_USE_WEIGHT };
	if (r->frequency)
		list[n++] = (struct yg_set_variable){ .expression = r->frequency, .use = YG_USE_FREQUENCY };
	if (r->subcohort)
		list[n++] = (struct yg_set_variable){ .expression = r->subcohort, .use = YG_USE_TERM };
	struct yg_set_request request = { .scope = r->in->scope, .population = r->in->population, .endpoint = r->endpoint,
		                          .where = r->in->where, .unit = YG_SET_SPANS, .variable = list, .variables = n };
	YG_TRY(yg_set_build(&request, task, &s->set, err));
	if (r->landmark)
		YG_TRY(an_surv_landmark(s, r, err));
	return s->set->n ? YG_OK : nobody(r, err);
}

/* ---- arrays ---- */

/* The cell of row i in a crossing, the last factor fastest; -1 when one is missing. */
static int64_t cell_of(const struct an_surv *s, size_t at, size_t factors, size_t i)
{
	int64_t cell = 0;
	for (size_t k = 0; k < factors; k++) {
		const struct yg_set_column *c = &s->set->column[at + k];
		if (c->level[i] < 0)
			return -1;
		cell = cell * c->levels + c->level[i];
	}
	return cell;
}

static enum yg_status make_groups(struct an_surv *s, struct yg_err *err)
{
	size_t cells, n = s->set->n;
	YG_TRY(an_surv_cells(s, &cells, err));
	s->group = yg_data_calloc(n + 1, sizeof *s->group);
	if (!s->group)
		return no_memory(err);
	int32_t *place = yg_arena_alloc(&s->arena, cells + 1, sizeof *place);
	for (size_t i = 0; s->bys && i < n; i++) {
		int64_t cell = cell_of(s, s->by_at, s->bys, i);
		s->group[i] = (int32_t)(cell < 0 ? 0 : cell);
		place[s->group[i]] = 1;
	}
	an_surv_name_groups(s, place, cells);
	for (size_t i = 0; s->bys && i < n; i++)
		s->group[i] = place[s->group[i]];
	return YG_OK;
}

/* The cells of code by a further factor, numbered in order of first row through a table; false when it were too large. */
static bool number_cells(int32_t *code, const struct yg_set_column *c, size_t n, size_t *count)
{
	size_t wide = (size_t)c->levels + 1, next = 0; /* level -1: not known */
	if (*count > (4 * n + 1024) / wide)
		return false;
	int32_t *cell = yg_data_calloc(*count * wide, sizeof *cell);
	if (!cell)
		return false;
	for (size_t i = 0; i < n; i++) {
		int32_t *to = &cell[(size_t)code[i] * wide + (size_t)(c->level[i] + 1)];
		if (!*to)
			*to = (int32_t)++next;
		code[i] = *to - 1;
	}
	yg_data_free(cell);
	*count = next;
	return true;
}

/* Codes 0.. of the combinations of several factors, in order of first row. */
static enum yg_status combine(const struct an_surv *s, size_t at, size_t factors, int32_t *code, size_t *count,
                              struct yg_err *err)
{
	struct yg_intern seen;
	*count = 1;
	memset(code, 0, s->set->n * sizeof *code);
	for (size_t k = 0; k < factors; k++) {
		const struct yg_set_column *c = &s->set->column[at + k];
		if (number_cells(code, c, s->set->n, count))
			continue;
		yg_intern_init(&seen);
		for (size_t i = 0; i < s->set->n; i++)
			code[i] = (int32_t)yg_intern64(&seen, (uint64_t)code[i], (uint64_t)c->level[i]);
		*count = seen.count;
		yg_intern_release(&seen);
	}
	if (*count > INT32_MAX)
		return yg_fail(err, YG_ELIMIT, "E-LIM-011", N_("more than 2,147,483,647 strata or clusters"));
	return YG_OK;
}

/* Strata keep the order of their levels, so that tables and curves follow it. */
static enum yg_status make_strata(struct an_surv *s, const struct an_surv_request *r, struct yg_err *err)
{
	size_t at = s->by_at + s->bys, factors = r->strata ? r->strata->children : 0, cells = 1;
	s->strata = 1;
	if (!factors)
		return YG_OK;
	s->stratum = yg_data_alloc(s->set->n + 1, sizeof *s->stratum);
	if (!s->stratum)
		return no_memory(err);
	s->strata_title = an_surv_joined(s, at, factors, ", ");
	for (size_t k = 0; k < factors && cells <= 1000000; k++)
		cells *= (size_t)s->set->column[at + k].levels;
	if (cells > 1000000)
		return combine(s, at, factors, s->stratum, &s->strata, err);
	for (size_t i = 0; i < s->set->n; i++)
		s->stratum[i] = (int32_t)cell_of(s, at, factors, i);
	s->strata = cells;
	return YG_OK;
}

static enum yg_status make_clusters(struct an_surv *s, const struct an_surv_request *r, struct yg_err *err)
{
	size_t at = s->by_at + s->bys + (r->strata ? r->strata->children :
	                                 0), factors = r->cluster ? r->cluster->children : 0;
	if (!factors)
		return YG_OK;
	s->cluster = yg_data_alloc(s->set->n + 1, sizeof *s->cluster);
	if (!s->cluster)
		return no_memory(err);
	s->cluster_title = an_surv_joined(s, at, factors, ", ");
	return combine(s, at, factors, (int32_t *)s->cluster, &s->clusters, err);
}

/* Robust errors of follow-up in parts (start-stop rows, covariates that change): the parts of a person belong together. */
static enum yg_status cluster_persons(struct an_surv *s, const struct an_surv_request *r, struct yg_err *err)
{
	const struct yg_set *set = s->set;
	bool parts = s->endpoint->grain == YG_SPANS_ONE || s->endpoint->grain == YG_SPANS_INTERVALS;
	if (s->cluster || !parts || set->persons == set->n || !(s->probability || r->robust))
		return YG_OK;
	uint32_t *code = yg_data_alloc(set->n + 1, sizeof *code), k = 0;
	if (!code)
		return no_memory(err);
	for (size_t i = 0; i < set->n; i++) {
		k += i && set->person[i] != set->person[i - 1];
		code[i] = k;
	}
	s->cluster = code;
	s->clusters = (size_t)k + 1;
	s->cluster_title = N_("persons");
	return YG_OK;
}

static enum yg_status make_weights(struct an_surv *s, const struct an_surv_request *r, struct yg_err *err)
{
	const struct yg_set *set = s->set;
	if (r->frequency && set->weight) {
		yg_fail(err, YG_REFUSED, "E-REG-017", N_("weight and freq cannot be used together"));
		return YG_REFUSED;
	}
	s->weight = set->weight;
	s->probability = set->weight != NULL;
	if (r->frequency) {
		s->weight = set->column[set->columns - 1].number;
		s->frequency = true;
	}
	for (size_t i = 0; s->weight && i < set->n; i++)
		if (!(s->weight[i] >= 0)) {
			yg_fail(err, YG_REFUSED, "E-SUR-007", N_("a weight is negative"));
			yg_err_hint(err, N_("Look at its range with describe, or leave these rows out with where"));
			return YG_REFUSED;
		}
	return cluster_persons(s, r, err);
}

/*
 * The same where every row is a person: pieces of 65,536 rows on all threads, put together in their order.
 */
#define PIECE ((size_t)1 << 16)
struct tally {
	double time, weight;
	uint64_t rows, events;
};
struct tallying {
	struct an_surv *s;
	struct tally *of;                   /* [pieces][groups] */
	uint64_t *competing;                /* [pieces] */
};

static enum yg_status tally_piece(void *context, size_t piece, unsigned worker, struct yg_err *err)
{
	struct tallying *t = context;
	const struct an_surv *s = t->s;
	const struct yg_set *set = s->set;
	size_t from = piece * PIECE, to = from + PIECE < set->n ? from + PIECE : set->n;
	struct tally *of = t->of + piece * s->groups;
	uint64_t competing = 0;
	(void)worker;
	(void)err;

	for (size_t i = from; i < to; i++) {
		struct tally *g = &of[s->group[i]];
		uint8_t event = set->status[i] == s->cause;
		s->event[i] = event;
		competing += set->status[i] > 0 && !event;
		g->rows++;
		g->events += event;
		g->time += set->exit[i] - (set->entry && isfinite(set->entry[i]) ? set->entry[i] : 0);
		g->weight += s->weight ? s->weight[i] : 1;
	}
	t->competing[piece] = competing;
	return YG_OK;
}

static enum yg_status make_person_events(struct an_surv *s, struct yg_task *task, struct yg_err *err)
{
	size_t pieces = (s->set->n + PIECE - 1) / PIECE;
	struct tallying t = { .s = s, .of = yg_data_calloc(pieces * s->groups + 1, sizeof *t.of),
		                  .competing = yg_xcalloc(pieces + 1, sizeof *t.competing) };
	enum yg_status status = t.of ? yg_pool_run(task, pieces, tally_piece, &t, err) : no_memory(err);

	for (size_t p = 0; status == YG_OK && p < pieces; p++) {
		s->competing_rows += t.competing[p];
		for (size_t g = 0; g < s->groups; g++) {
			const struct tally *of = &t.of[p * s->groups + g];
			s->group_rows[g] += of->rows;
			s->group_event_rows[g] += of->events;
			s->group_time[g] += of->time;
			s->group_weight[g] += of->weight;
			s->event_rows += of->events;
		}
	}
	for (size_t g = 0; g < s->groups; g++) {
		s->group_persons[g] = s->group_rows[g];
		s->group_events[g] = s->group_event_rows[g];
	}
	s->event_persons = s->event_rows;
	yg_data_free(t.of);
	yg_free(t.competing);
	return status;
}

static enum yg_status make_events(struct an_surv *s, struct yg_task *task, struct yg_err *err)
{
	const struct yg_set *set = s->set;
	size_t n = set->n;
	uint32_t last = UINT32_MAX;
	bool several = set->persons < n;
	s->event = yg_data_alloc(n + 1, 1);
	s->continues = several ? yg_data_calloc(n + 1, 1) : NULL;
	if (!s->event || (several && !s->continues))
		return no_memory(err);
	an_surv_group_room(s);
	if (!several)
		return make_person_events(s, task, err);
	uint32_t *met = yg_arena_alloc(&s->arena, 2 * s->groups + 1, sizeof *met);
	memset(met, 0xff, 2 * s->groups * sizeof *met);
	for (size_t i = 0; i < n; i++) {
		size_t g = (size_t)s->group[i];
		uint32_t person = set->person[i];
		s->event[i] = set->status[i] == s->cause;
		s->competing_rows += set->status[i] > 0 && !s->event[i];
		s->group_rows[g]++;
		s->group_time[g] += set->exit[i] - (set->entry && isfinite(set->entry[i]) ? set->entry[i] : 0);
		s->group_weight[g] += s->weight ? s->weight[i] : 1;
		s->group_persons[g] += met[g] != person;
		met[g] = person;
		if (s->event[i]) {
			s->event_rows++;
			s->group_event_rows[g]++;
			s->event_persons += last != person;
			last = person;
			s->group_events[g] += met[s->groups + g] != person;
			met[s->groups + g] = person;
		} else if (s->continues && set->entry && i + 1 < n && set->person[i + 1] == person &&
		           set->entry[i + 1] == set->exit[i] && set->status[i] == 0) {
			s->continues[i] = 1;
		}
	}
	return YG_OK;
}

static void set_spans(struct an_surv *s)
{
	const struct yg_set *set = s->set;
	bool late = false;
	for (size_t i = 0; set->entry && i < set->n && !late; i++)
		late = set->entry[i] > 0 || set->entry[i] < 0;
	/* Entry at zero for everybody is no late entry; a negative one only matters beside events before zero. */
	s->spans = (struct yg_spans){ .n = set->n, .entry = late ? set->entry : NULL, .exit = set->exit, .event = s->event,
		                      .group = s->groups > 1 ? s->group : NULL, .groups = s->groups, .stratum = s->stratum,
		                      .strata = s->strata, .weight = s->weight, .cluster = s->cluster, .clusters = s->clusters,
		                      .continues = s->continues };
}

static enum yg_status fill(const struct an_surv_request *r, struct an_surv *s, struct yg_task *task, struct yg_err *err)
{
	YG_TRY(make_groups(s, err));
	YG_TRY(make_strata(s, r, err));
	YG_TRY(make_clusters(s, r, err));
	YG_TRY(make_weights(s, r, err));
	YG_TRY(make_events(s, task, err));
	set_spans(s);
	return YG_OK;
}

static void begin(const struct an_surv_request *r, struct an_surv *s)
{
	const struct yg_endpoint *e = r->endpoint;
	memset(s, 0, sizeof *s);
	yg_arena_init(&s->arena);
	s->endpoint = e;
	s->population = r->in->population;
	s->label = e->label && *e->label ? e->label : e->name;
	s->unit = e->display_unit ? e->display_unit : e->time_unit ? e->time_unit : "";
	s->divisor = e->display_divisor > 0 ? e->display_divisor : 1;
}

enum yg_status an_surv_build(const struct an_surv_request *r, struct yg_task *task, struct an_surv *out, struct yg_err *err)
{
	struct an_surv s;
	begin(r, &s);
	enum yg_status status = check_endpoint(r, &s, err);
	if (status == YG_OK && r->kinds)
		status = an_surv_count(r, task, &s, err);
	if (status == YG_OK && s.kinds && !s.set->n)
		status = nobody(r, err);
	if (status == YG_OK && !s.kinds)
		status = build_set(r, task, &s, err);
	if (status == YG_OK && !s.kinds)
		status = fill(r, &s, task, err);
	if (status == YG_OK)
		*out = s;
	else
		an_surv_release(&s);
	return status;
}

enum yg_status an_surv_subset(const struct an_surv *from, const struct an_surv_request *r, const uint8_t *keep,
                              struct an_surv *out, struct yg_err *err)
{
	struct an_surv s;
	const struct yg_set *set = from->set;
	size_t m = 0;
	begin(r, &s);
	s.cause = from->cause;
	s.by_at = from->by_at;
	s.terms_at = from->terms_at;
	enum yg_status status = an_set_subset(set, keep, &s.set, err);
	if (status == YG_OK) {
		size_t n = s.set->n;
		s.set->exit = yg_data_alloc(n + 1, sizeof(double));
		s.set->entry = set->entry ? yg_data_alloc(n + 1, sizeof(double)) : NULL;
		s.set->status = yg_data_alloc(n + 1, 1);
		if (!s.set->exit || (set->entry && !s.set->entry) || !s.set->status)
			status = no_memory(err);
	}
	for (size_t i = 0; status == YG_OK && i < set->n; i++) {
		if (!keep[i])
			continue;
		s.set->exit[m] = set->exit[i];
		if (set->entry)
			s.set->entry[m] = set->entry[i];
		s.set->status[m++] = set->status[i];
	}
	if (status == YG_OK) {
		/* The by columns stay in the set, but the rows are one group. */
		size_t bys = from->bys;
		s.bys = 0;
		status = make_groups(&s, err);
		s.bys = bys;
		if (status == YG_OK)
			status = make_strata(&s, r, err);
		if (status == YG_OK)
			status = make_clusters(&s, r, err);
		if (status == YG_OK)
			status = make_weights(&s, r, err);
		if (status == YG_OK)
			status = make_events(&s, NULL, err);
		if (status == YG_OK)
			set_spans(&s);
	}
	if (status == YG_OK)
		*out = s;
	else
		an_surv_release(&s);
	return status;
}

void an_surv_release(struct an_surv *s)
{
	yg_set_free(s->set);
	yg_data_free(s->group);
	yg_data_free(s->event);
	yg_data_free(s->continues);
	yg_data_free(s->stratum);
	yg_data_free(s->cluster);
	yg_data_free(s->kind_exit);
	yg_data_free(s->kind_status);
	yg_data_free(s->repeats);
	yg_arena_release(&s->arena);
	memset(s, 0, sizeof *s);
}
