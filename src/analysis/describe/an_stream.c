/*
 * Describing straight from the stored blocks: one pass over the decoded columns, no analysis set between.
 *
 * Each block of 65,536 rows gives every row the number of its cell (crossing of the groups; one cell more for who is
 * in none) and then adds each variable's values up by cell.  Numbers whose quantiles are wanted are counted by value:
 * the file's directory knows their range, the first values suggest their decimals, and one value that does not fit
 * sends the statement the ordinary way.  For moments alone a block keeps n, mean and squares about the mean, and blocks
 * are put together in their order (Chan, Golub and LeVeque 1983, Am Stat 37:242), so that threads change no bit.
 */
#include <math.h>
#include <string.h>

#include "analysis/an_frame_priv.h"
#include "an_stream_block_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/num/lanes.h"
#include "yogo/stats/describe.h"

#define FEWEST_BLOCKS 2                 /* below, an analysis set costs nothing */
#define MOST_CELLS 4096
#define MOST_COUNTERS ((size_t)1 << 20) /* of a variable and worker */
#define MOST_BYTES ((size_t)128 << 20)  /* of the moments of all blocks */
#define PLACES 4

/* ---- planning ---- */

/* Decimals of the first known values of a column of numbers; 0 = more than PLACES. */
static enum yg_status guess_scale(struct stream *s, size_t at, double *scale, struct yg_err *err)
{
	struct yg_vec v;
	int places = 0;
	size_t known = 0;

	*scale = 1;
	YG_TRY(yg_scan_read(s->by.scan, 0, 0, at, &v, err));
	for (uint32_t i = 0; v.type == YG_TYPE_NUMBER && i < v.n && known < SAMPLE; i++) {
		double x = v.v.number[i];
		if (!yg_vec_valid(&v, i))
			continue;
		known++;
		while (((x * *scale + ROUND) - ROUND) / *scale != x) {
			if (++places > PLACES) {
				*scale = 0;
				return YG_OK;
			}
			*scale *= 10;
		}
	}
	return YG_OK;
}

static enum yg_status plan_variable(struct stream *s, const struct an_variable *v, size_t at, bool counts, bool *fits,
                                    struct yg_err *err)
{
	const struct yg_bound_info *info = yg_scan_info(s->by.scan, at);
	struct streamed *q = &s->variable[at];
	double low = 0, high = 1;

	*q = (struct streamed){ .at = at, .type = info->type, .how = AN_STREAM_COUNTS, .scale = 1 };
	*fits = false;
	if (v->kind == AN_LEVELS && info->type == YG_TYPE_LEVEL) {
		high = (double)info->levels - 1;
	} else if (v->kind == AN_LEVELS || info->type == YG_TYPE_DATE || info->type == YG_TYPE_INSTANT) {
		return YG_OK;
	} else if (info->type != YG_TYPE_FLAG) {
		bool ranged = yg_scan_range(s->by.scan, at, &low, &high);
		bool yes_no = ranged && v->whole && low >= 0 && high <= 1;
		if (!ranged && (counts || v->whole))
			return YG_OK;
		if (!counts && !yes_no)
			q->how = AN_STREAM_MOMENTS;
		else
			YG_TRY(guess_scale(s, at, &q->scale, err));
	}
	if (q->how == AN_STREAM_COUNTS) {
		q->low = rint(low * q->scale);
		double range = rint(high * q->scale) - q->low + 1;
		if (!(q->scale > 0) || !(range >= 1) || !(range * (double)(s->by.cells + 1) <= (double)MOST_COUNTERS) || fabs(q->low) > 1e9)
			return YG_OK;
		q->range = (size_t)range;
	}
	*fits = true;
	return YG_OK;
}

static bool take_room(struct stream *s)
{
	size_t cells = s->by.cells + 1, bytes = 0;
	bool ok = true;

	s->used = yg_xcalloc(s->workers * cells, sizeof *s->used);
	s->of = yg_xcalloc(s->workers, sizeof *s->of);
	s->scratch = yg_xcalloc(s->workers, sizeof *s->scratch);
	for (unsigned w = 0; w < s->workers; w++) {
		struct scratch *t = &s->scratch[w];
		ok = (t->cell = yg_data_alloc(YG_BLOCK_ROWS, sizeof *t->cell)) && ok;
		ok = (t->known = yg_data_alloc(YG_BLOCK_ROWS, sizeof *t->known)) && ok;
		ok = (t->index = yg_data_alloc(YG_BLOCK_ROWS, sizeof *t->index)) && ok;
		ok = (t->x = yg_data_alloc(YG_BLOCK_ROWS, sizeof *t->x)) && ok;
		ok = (t->sum = yg_data_alloc(cells * 2 * WAYS, sizeof *t->sum)) && ok;
		ok = (t->rows = yg_data_alloc(cells * COUNTS, sizeof *t->rows)) && ok;
		ok = (t->own = yg_data_alloc(cells * COUNTS, sizeof *t->own)) && ok;
	}
	for (size_t k = 0; k < s->variables && ok; k++) {
		struct streamed *q = &s->variable[k];
		q->beyond = yg_xcalloc(s->workers, sizeof *q->beyond);
		if (q->how == AN_STREAM_COUNTS) {
			ok = (q->count = yg_data_calloc(s->workers * cells * q->range, sizeof *q->count)) != NULL;
		} else {
			bytes += s->blocks * cells * sizeof *q->part;
			ok = bytes <= MOST_BYTES && (q->part = yg_data_alloc(s->blocks * cells, sizeof *q->part)) != NULL;
		}
	}
	return ok;
}

static void release(struct stream *s)
{
	for (unsigned w = 0; s->scratch && w < s->workers; w++) {
		yg_data_free(s->scratch[w].cell);
		yg_data_free(s->scratch[w].known);
		yg_data_free(s->scratch[w].index);
		yg_data_free(s->scratch[w].x);
		yg_data_free(s->scratch[w].sum);
		yg_data_free(s->scratch[w].rows);
		yg_data_free(s->scratch[w].own);
	}
	for (size_t k = 0; s->variable && k < s->variables; k++) {
		yg_data_free(s->variable[k].count);
		yg_data_free(s->variable[k].part);
		yg_free(s->variable[k].beyond);
	}
	yg_free(s->scratch);
	yg_free(s->variable);
	yg_free(s->used);
	yg_free(s->of);
	yg_scan_free(s->by.scan);
}

/* ---- putting together ---- */

/* The factors as variables of a frame: names of all levels, value labels put in. */
static struct an_variable *read_factors(struct stream *s, const struct yg_scope *scope, struct an_frame *f)
{
	struct an_variable *v = yg_arena_alloc(&f->arena, s->by.factors + 1, sizeof *v);

	for (size_t k = 0; k < s->by.factors; k++) {
		struct yg_set_column *c = yg_arena_alloc(&f->arena, 1, sizeof *c);
		struct yg_column_ref ref;
		an_cells_column(&s->by, k, &f->arena, c);
		v[k].column = c;
		if (yg_table_find(scope->table, c->name, &ref, NULL) == YG_OK && yg_column_field(&ref)->type != YG_TYPE_LEVEL)
			v[k].field = yg_column_field(&ref);
		an_level_labels(f, &v[k]);
	}
	return v;
}

/* Cells that have rows become groups; returns which cell each is. */
static size_t *make_groups(struct stream *s, const struct yg_scope *scope, struct an_frame *f)
{
	struct an_groups *g = &f->by;
	size_t *of = yg_arena_alloc(&f->arena, s->by.cells + 1, sizeof *of);
	struct an_variable *v = read_factors(s, scope, f);

	g->label = yg_arena_alloc(&f->arena, s->by.cells + 1, sizeof *g->label);
	g->size = yg_arena_alloc(&f->arena, s->by.cells + 1, sizeof *g->size);
	g->unknown = yg_arena_alloc(&f->arena, s->by.cells + 1, sizeof *g->unknown);
	g->persons = g->size;
	for (size_t c = 0; c < s->by.cells; c++) {
		const char *part[16];
		size_t rest = c;
		struct yg_buf label = YG_BUF_INIT;
		if (!s->used[c])
			continue;
		for (size_t k = s->by.factors; k-- > 0;) {
			part[k] = v[k].level[rest % s->by.factor[k].levels];
			rest /= s->by.factor[k].levels;
		}
		for (size_t k = 0; k < s->by.factors; k++)
			yg_buf_addf(&label, k ? ", %s" : "%s", part[k]);
		of[g->count] = c;
		g->size[g->count] = s->used[c];
		g->label[g->count++] = s->by.factors ? yg_arena_strdup(&f->arena, label.data) : N_("all");
		yg_buf_release(&label);
	}
	if (s->by.factors) {
		struct yg_buf title = YG_BUF_INIT;
		for (size_t k = 0; k < s->by.factors; k++)
			yg_buf_addf(&title, k ? ":%s" : "%s", yg_scan_name(s->by.scan, s->by.factor[k].at));
		g->title = yg_arena_strdup(&f->arena, title.data);
		yg_buf_release(&title);
	}
	return of;
}

static void join(struct moments *to, const struct moments *more)
{
	if (!(more->n > 0))
		return;
	double n = to->n + more->n, d = (more->mean - to->mean) + (more->slip - to->slip);
	if (to->n > 0) {
		double shift = d * more->n / n + to->slip, mean = to->mean + shift, back = mean - shift;
		to->squares += more->squares + d * d * to->n * more->n / n;
		to->slip = (to->mean - back) + (shift - (mean - back));
		to->mean = mean;
	} else {
		to->squares = more->squares;
		to->mean = more->mean;
		to->slip = more->slip;
	}
	to->n = n;
	to->low = more->low < to->low ? more->low : to->low;
	to->high = more->high > to->high ? more->high : to->high;
}

static void finish_moments(const struct stream *s, const struct streamed *q, const size_t *of, struct an_frame *f,
                           struct an_streamed *out)
{
	out->moments = yg_arena_alloc(&f->arena, f->by.count + 1, sizeof *out->moments);
	for (size_t g = 0; g < f->by.count; g++) {
		struct moments m = { .low = INFINITY, .high = -INFINITY };
		for (uint32_t b = 0; b < s->blocks; b++)
			join(&m, &q->part[b * (s->by.cells + 1) + of[g]]);
		out->low = m.low < out->low ? m.low : out->low;
		out->high = m.high > out->high ? m.high : out->high;
		yg_describe_moments((size_t)m.n, m.mean, m.squares, m.low, m.high, f->conf, &out->moments[g]);
	}
}

static bool finish_counts(const struct stream *s, const struct streamed *q, const size_t *of, const struct an_frame *f,
                          struct an_streamed *out)
{
	size_t range = q->range;
	uint64_t *count = yg_data_calloc(f->by.count * range + 1, sizeof *count);

	if (!count)
		return false;
	for (unsigned w = 0; w < s->workers; w++)
		for (size_t g = 0; g < f->by.count; g++) {
			const uint32_t *from = q->count + (w * (s->by.cells + 1) + of[g]) * range;
			for (size_t i = 0; i < range; i++)
				count[g * range + i] += from[i];
		}
	out->tally = (struct an_tally){ .low = (int64_t)q->low, .range = range, .scale = q->scale, .count = count };
	for (size_t i = 0; i < f->by.count * range; i++)
		if (count[i]) {
			double v = (q->low + (double)(i % range)) / q->scale;
			out->low = v < out->low ? v : out->low;
			out->high = v > out->high ? v : out->high;
		}
	return true;
}

static bool is_beyond(const struct stream *s, const struct streamed *q, const struct an_streamed *out)
{
	bool any = q->how == AN_STREAM_COUNTS && (out->low < 0 || out->high > 1);

	for (unsigned w = 0; w < s->workers; w++)
		any = any || q->beyond[w];
	return any;
}

/* Everything the blocks said, as a frame; false when the ordinary way must be gone. */
static bool put_together(struct stream *s, const struct an_frame_request *r, struct an_frame *f, struct an_streamed *out)
{
	size_t cells = s->by.cells + 1;
	uint64_t taken = 0, *drops = yg_arena_alloc(&f->arena, s->variables + s->by.factors + 1, sizeof *drops);

	for (unsigned w = 0; w < s->workers; w++) {
		if (s->of[w].misfit)
			return false;
		taken += s->of[w].taken;
		for (size_t k = 0; k < s->by.factors; k++)
			drops[s->by.factor[k].at] += s->of[w].lacking[k];
		for (size_t c = 0; w && c < cells; c++)
			s->used[c] += s->used[w * cells + c];
	}
	f->set = yg_scan_counts(s->by.scan, taken, drops);
	if (!f->set->n)
		return false;
	const size_t *of = make_groups(s, r->in->scope, f);
	for (size_t k = 0; k < s->variables; k++) {
		struct an_variable *v = &f->variable[k];
		out[k].low = INFINITY;
		out[k].high = -INFINITY;
		if (s->variable[k].how == AN_STREAM_MOMENTS)
			finish_moments(s, &s->variable[k], of, f, &out[k]);
		else if (!finish_counts(s, &s->variable[k], of, f, &out[k]))
			return false;
		/* A whole number that is only ever 0 and 1 among those looked at is a flag. */
		if (v->kind == AN_NUMBER && v->whole && !is_beyond(s, &s->variable[k], &out[k])) {
			if (s->variable[k].how == AN_STREAM_MOMENTS || s->variable[k].range > 2)
				return false;
			v->kind = AN_FLAG;
		}
	}
	return true;
}

void an_streamed_release(struct an_streamed *of, size_t variables)
{
	for (size_t k = 0; of && k < variables; k++)
		yg_data_free(of[k].tally.count);
}

/* The set's request for the frame's; the factors stand behind the variables. */
static size_t list_variables(const struct an_frame_request *r, const struct an_frame *f, struct yg_set_variable *list)
{
	size_t n = 0;

	for (size_t k = 0; k < f->variables; k++)
		list[n++] = (struct yg_set_variable){ .expression = r->target->node[k], .use = YG_USE_TERM, .keep_missing = true,
			                                  .as_factor = f->variable[k].kind == AN_LEVELS };
	for (uint32_t k = 0; r->crossing && k < r->crossing->children; k++)
		list[n++] = (struct yg_set_variable){ .expression = r->crossing->child[k], .use = YG_USE_BY, .as_factor = true };
	return n;
}

static enum yg_status plan(struct stream *s, const struct an_frame *f, size_t factors, bool counts, bool *fits, struct yg_err *err)
{
	s->blocks = yg_scan_blocks(s->by.scan);
	s->by.cells = 1;
	s->variables = f->variables;
	s->variable = yg_xcalloc(f->variables + 1, sizeof *s->variable);
	*fits = s->blocks >= FEWEST_BLOCKS;
	for (size_t k = 0; k < factors && *fits; k++)
		*fits = an_cells_factor(&s->by, f->variables + k, MOST_CELLS);
	for (size_t k = 0; k < f->variables && *fits; k++)
		YG_TRY(plan_variable(s, &f->variable[k], k, counts, fits, err));
	return YG_OK;
}

static enum yg_status fill(struct stream *s, const struct an_frame_request *r, bool counts, struct yg_task *task,
                           struct an_frame *f, struct an_streamed **out, struct yg_err *err)
{
	size_t factors = r->crossing ? r->crossing->children : 0;
	struct yg_set_variable *list;
	bool fits;

	f->variables = r->target->count;
	f->variable = yg_arena_alloc(&f->arena, f->variables + 1, sizeof *f->variable);
	for (size_t k = 0; k < f->variables; k++)
		YG_TRY(an_classify(r, r->target->node[k], task, f, &f->variable[k], err));
	list = yg_arena_alloc(&f->arena, f->variables + factors + 1, sizeof *list);
	struct yg_set_request request = { .scope = r->in->scope, .population = r->in->population, .where = r->in->where,
		                              .unit = r->unit, .variable = list, .variables = list_variables(r, f, list) };
	YG_TRY(yg_scan_open(&request, task, &s->by.scan, err));
	if (!s->by.scan)
		return YG_OK;
	s->workers = yg_task_workers(task);
	YG_TRY(plan(s, f, factors, counts, &fits, err));
	if (!fits || !take_room(s))
		return YG_OK;
	YG_TRY(yg_pool_run(task, s->blocks, an_stream_block, s, err));
	struct an_streamed *all = yg_arena_alloc(&f->arena, f->variables + 1, sizeof *all);
	for (size_t k = 0; k < f->variables; k++) {
		const struct yg_bound_info *info = yg_scan_info(s->by.scan, k);
		struct an_variable *v = &f->variable[k];
		if (v->kind != AN_LEVELS)
			continue;
		v->levels = (int)info->levels;
		v->level = yg_arena_alloc(&f->arena, info->levels + 1, sizeof *v->level);
		for (size_t l = 0; l < info->levels; l++)
			v->level[l] = yg_arena_strdup(&f->arena, info->level[l]);
	}
	if (put_together(s, r, f, all))
		*out = all;
	else
		an_streamed_release(all, f->variables);
	return YG_OK;
}

enum yg_status an_stream_build(const struct an_frame_request *r, bool counts, bool extremes, struct yg_task *task,
                               struct an_frame *frame, struct an_streamed **out, struct yg_err *err)
{
	struct an_frame f = { .conf = r->in->conf > 0 ? r->in->conf : 0.95 };
	struct stream s = { .extremes = extremes };

	*out = NULL;
	if (r->in->weight || r->frequency || r->strata || r->drop_missing || r->keep_group_missing || r->factors || !r->target ||
	    (r->crossing && r->crossing->children > 16))
		return YG_OK;
	yg_arena_init(&f.arena);
	enum yg_status status = fill(&s, r, counts, task, &f, out, err);
	release(&s);
	if (status != YG_OK || !*out)
		an_frame_release(&f);
	else
		*frame = f;
	return status;
}
