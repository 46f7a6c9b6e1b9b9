/*
 * Kinds of persons: follow-up in whole times counted straight from the endpoint and the stored blocks, without an analysis
 * set.  Ten million persons in days are some ten thousand kinds (group, stratum, time, how it ended), and counts are the
 * same on any number of threads.  Conventions are not made again here: who is in the population and why rows are no follow-up
 * come from cohort/scan.h and the endpoint, names and groups from an_surv_groups.c.
 */
#include "an_surv_priv.h"

#include <math.h>

#include "analysis/an_cells_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"

#define MOST_KINDS ((size_t)1 << 20)

struct counting {
	const struct yg_endpoint *e;
	struct an_cells by;              /* crossing of by, then strata */
	size_t groups, strata;           /* cells of each */
	size_t width, states, kinds;     /* kind = (cell * width + time) * states + status */
	unsigned workers;
	struct an_cells_count *of;       /* [workers] */
	uint16_t **cell;                 /* [workers][block rows] */
	uint32_t **count;                /* [workers][kinds + 1], the last of who is in no cell */
};

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while follow-up was set up"));
}

static bool suits(const struct an_surv_request *r)
{
	const struct yg_endpoint *e = r->endpoint;
	size_t factors = (r->crossing ? r->crossing->children : 0) + (r->strata ? r->strata->children : 0);

	return !r->terms && !r->cluster && !r->frequency && !r->subcohort && !r->landmark && !r->intervals && !r->in->weight &&
	       factors <= AN_CELL_FACTORS && e->whole_end < (double)MOST_KINDS;
}

static size_t list_factors(const struct an_surv_request *r, struct yg_set_variable *list)
{
	const struct yg_node *clause[2] = { r->crossing, r->strata };
	size_t n = 0;

	for (int c = 0; c < 2; c++)
		for (uint32_t k = 0; clause[c] && k < clause[c]->children; k++)
			list[n++] = (struct yg_set_variable){ .expression = clause[c]->child[k], .use = c ? YG_USE_STRATA : YG_USE_BY,
				                              .as_factor = true };
	return n;
}

static bool plan(struct counting *c, size_t bys, size_t factors)
{
	c->by.cells = 1;
	for (size_t k = 0; k < factors; k++) {
		if (!an_cells_factor(&c->by, k, k < bys ? AN_SURV_GROUPS : UINT16_MAX - 1))
			return false;
		if (k + 1 == bys)
			c->groups = c->by.cells;
	}
	c->strata = c->by.cells / c->groups;
	c->width = (size_t)c->e->whole_end + 1;
	c->states = (size_t)c->e->states;
	c->kinds = c->by.cells * c->width * c->states;
	return c->by.cells <= MOST_KINDS / c->width / c->states;
}

static bool take_room(struct counting *c)
{
	bool ok = true;

	c->of = yg_xcalloc(c->workers, sizeof *c->of);
	c->cell = yg_xcalloc(c->workers, sizeof *c->cell);
	c->count = yg_xcalloc(c->workers, sizeof *c->count);
	for (unsigned w = 0; w < c->workers; w++) {
		ok = (c->cell[w] = yg_data_alloc(YG_BLOCK_ROWS, sizeof **c->cell)) && ok;
		ok = (c->count[w] = yg_data_calloc(c->kinds + 1, sizeof **c->count)) && ok;
	}
	return ok;
}

static void release(struct counting *c)
{
	for (unsigned w = 0; w < c->workers; w++) {
		if (c->cell)
			yg_data_free(c->cell[w]);
		if (c->count)
			yg_data_free(c->count[w]);
	}
	yg_free(c->cell);
	yg_free(c->count);
	yg_free(c->of);
	yg_scan_free(c->by.scan);
}

/* ---- counting ---- */

/* The first span at a row or after it. */
static uint64_t span_from(const struct yg_endpoint *e, uint64_t row)
{
	uint64_t low = 0, high = e->spans;

	if (e->spans == e->table->rows)
		return row < e->spans ? row : e->spans;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (e->row[middle] < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum yg_status count_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct counting *c = context;
	const struct yg_endpoint *e = c->e;
	const uint16_t *cell = c->cell[worker];
	uint32_t *count = c->count[worker], rows = yg_scan_rows(c->by.scan, (uint32_t)block);
	uint64_t first = (uint64_t)block * YG_BLOCK_ROWS, from = span_from(e, first), to = span_from(e, first + rows);
	size_t none = c->by.cells, stride = c->width * c->states, states = c->states;

	YG_TRY(an_cells_block(&c->by, (uint32_t)block, worker, c->cell[worker], &c->of[worker], err));
	if (to - from == rows)
		for (uint32_t i = 0; i < rows; i++) {
			size_t kind = cell[i] * stride + (size_t)e->exit[from + i] * states + e->status[from + i];
			count[cell[i] == none ? c->kinds : kind]++;
		}
	else
		for (uint64_t k = from; k < to; k++) {
			size_t at = cell[e->row[k] - first], kind = at * stride + (size_t)e->exit[k] * states + e->status[k];
			count[at == none ? c->kinds : kind]++;
		}
	return YG_OK;
}

/* All workers' counts in those of the first; false when a level was not foreseen. */
static bool join(struct counting *c, uint64_t *taken, uint64_t *drops)
{
	for (unsigned w = 0; w < c->workers; w++) {
		if (c->of[w].misfit)
			return false;
		*taken += c->of[w].taken;
		for (size_t k = 0; k < c->by.factors; k++)
			drops[k] += c->of[w].lacking[k];
		for (size_t k = 0; w && k < c->kinds; k++)
			c->count[0][k] += c->count[w][k];
	}
	return true;
}

/* ---- the frame ---- */

static void name_columns(const struct counting *c, struct an_surv *s)
{
	struct yg_set *set = s->set;

	set->column = yg_arena_alloc(&set->arena, c->by.factors + 1, sizeof *set->column);
	set->columns = c->by.factors;
	for (size_t k = 0; k < c->by.factors; k++) {
		an_cells_column(&c->by, k, &set->arena, &set->column[k]);
		set->column[k].use = k < s->bys ? YG_USE_BY : YG_USE_STRATA;
	}
}

/* How many kinds there are; which cells of by have any. */
static size_t present(const struct counting *c, int32_t *place)
{
	size_t kinds = 0, each = c->kinds / c->groups;

	for (size_t g = 0; g < c->groups; g++) {
		size_t here = 0;
		for (size_t k = 0; k < each; k++)
			here += c->count[0][g * each + k] != 0;
		place[g] = here != 0;
		kinds += here;
	}
	return kinds;
}

static void add_kind(struct an_surv *s, size_t n, size_t group, double exit, int status, uint32_t repeats)
{
	bool event = status == s->cause;

	s->kind_exit[n] = exit;
	s->kind_status[n] = (uint8_t)status;
	s->event[n] = event;
	s->group[n] = (int32_t)group;
	s->repeats[n] = repeats;
	s->group_rows[group] += repeats;
	s->group_time[group] += exit * repeats;
	if (event)
		s->group_event_rows[group] += repeats;
	else if (status > 0)
		s->competing_rows += repeats;
}

static void list_kinds(const struct counting *c, const int32_t *place, struct an_surv *s)
{
	size_t n = 0;

	for (size_t k = 0; k < c->kinds; k++) {
		size_t cell = k / (c->width * c->states), time = k / c->states % c->width;
		if (!c->count[0][k])
			continue;
		if (s->stratum)
			s->stratum[n] = (int32_t)(cell % c->strata);
		add_kind(s, n++, (size_t)place[cell / c->strata], (double)time, (int)(k % c->states), c->count[0][k]);
	}
	for (size_t g = 0; g < s->groups; g++) {
		s->group_persons[g] = s->group_rows[g];
		s->group_events[g] = s->group_event_rows[g];
		s->group_weight[g] = (double)s->group_rows[g];
		s->event_rows += s->group_event_rows[g];
	}
	s->event_persons = s->event_rows;
}

static enum yg_status fill(const struct counting *c, const struct an_surv_request *r, struct an_surv *s, struct yg_err *err)
{
	size_t strata = r->strata ? r->strata->children : 0, cells, n;
	int32_t *place = yg_arena_alloc(&s->arena, c->groups + 1, sizeof *place);

	name_columns(c, s);
	YG_TRY(an_surv_cells(s, &cells, err));
	n = present(c, place);
	an_surv_name_groups(s, place, cells);
	an_surv_group_room(s);
	s->strata = c->strata;
	s->kind_exit = yg_data_alloc(n + 1, sizeof *s->kind_exit);
	s->kind_status = yg_data_alloc(n + 1, 1);
	s->event = yg_data_alloc(n + 1, 1);
	s->group = yg_data_alloc(n + 1, sizeof *s->group);
	s->stratum = strata ? yg_data_alloc(n + 1, sizeof *s->stratum) : NULL;
	s->repeats = yg_data_alloc(n + 1, sizeof *s->repeats);
	if (!s->kind_exit || !s->kind_status || !s->event || !s->group || (strata && !s->stratum) || !s->repeats)
		return no_memory(err);
	if (strata)
		s->strata_title = an_surv_joined(s, s->bys, strata, ", ");
	list_kinds(c, place, s);
	s->spans = (struct yg_spans){ .n = n, .exit = s->kind_exit, .event = s->event, .group = s->groups > 1 ? s->group : NULL,
		                      .groups = s->groups, .stratum = s->stratum, .strata = s->strata, .repeats = s->repeats };
	return YG_OK;
}

static enum yg_status count(struct counting *c, const struct an_surv_request *r, struct yg_task *task, struct an_surv *s,
                            struct yg_err *err)
{
	struct yg_set_variable list[AN_CELL_FACTORS + 1];
	struct yg_set_request request = { .scope = r->in->scope, .population = r->in->population, .endpoint = r->endpoint,
		                          .where = r->in->where, .unit = YG_SET_SPANS, .variable = list,
		                          .variables = list_factors(r, list) };
	uint64_t taken = 0, drops[AN_CELL_FACTORS + 1] = { 0 };

	YG_TRY(yg_scan_open(&request, task, &c->by.scan, err));
	s->bys = r->crossing ? r->crossing->children : 0;
	if (!c->by.scan || !plan(c, s->bys, request.variables))
		return YG_OK;
	if (!take_room(c))
		return no_memory(err);
	YG_TRY(yg_pool_run(task, yg_scan_blocks(c->by.scan), count_block, c, err));
	if (!join(c, &taken, drops))
		return YG_OK;
	s->set = yg_scan_counts(c->by.scan, taken, drops);
	s->kinds = true;
	return s->set->n ? fill(c, r, s, err) : YG_OK;
}

enum yg_status an_surv_count(const struct an_surv_request *r, struct yg_task *task, struct an_surv *out, struct yg_err *err)
{
	struct counting c = { .e = r->endpoint, .groups = 1, .strata = 1, .workers = yg_task_workers(task) };

	if (!suits(r))
		return YG_OK;
	enum yg_status status = count(&c, r, task, out, err);
	release(&c);
	return status;
}
