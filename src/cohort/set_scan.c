/* The same request as a set, read block by block: see the header. */
#include "yogo/cohort/scan.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/pool.h"

#include "set_priv.h"

struct yg_scan {
	struct yg_sb b;             /* bound variables, conditions */
	uint64_t *bits;             /* over rows; NULL = all */
	struct yg_eval **eval;      /* [workers * variables] */
	unsigned workers;
	uint64_t lost[YG_ENDPOINT_DROPS]; /* rows of the population that the endpoint could not use, by why */
};

/* Can the request be answered without a set?  What it cannot do, yg_set_build does or refuses in words. */
static bool suits(const struct yg_set_request *r)
{
	const struct yg_population *p = r->population;
	const struct yg_endpoint *e = r->unit == YG_SET_SPANS ? r->endpoint : NULL;

	if (!p || p->weight || p->arm || p->tvc || (r->unit == YG_SET_SPANS && !e))
		return false;
	if (e && (e->grain != YG_SPANS_ONE || e->entry || e->collapsed))
		return false;
	for (size_t k = 0; k < r->variables; k++) {
		enum yg_set_use use = r->variable[k].use;
		if (use != YG_USE_TERM && use != YG_USE_BY && use != YG_USE_STRATA)
			return false;
	}
	return true;
}

/* Of the rows that take part those stay that are spans; of the others is counted why they are none. */
static enum yg_status keep_spans(struct yg_scan *s, const struct yg_endpoint *e)
{
	uint64_t rows = s->b.table->rows;

	for (uint64_t k = 0; k < e->drops; k++)
		s->lost[e->drop_why[k]] += !s->bits || yg_bit(s->bits, e->drop_row[k]);
	if (e->spans == rows)
		return YG_OK;
	uint64_t *bits = yg_data_calloc(rows / 64 + 1, sizeof *bits);
	if (!bits)
		return yg_sb_nomem(&s->b);
	for (uint64_t k = 0; k < e->spans; k++)
		bits[e->row[k] >> 6] |= UINT64_C(1) << (e->row[k] & 63);
	for (uint64_t w = 0; s->bits && w < (rows + 63) / 64; w++)
		bits[w] &= s->bits[w];
	yg_data_free(s->bits);
	s->bits = bits;
	return YG_OK;
}

static bool all_plain(const struct yg_sb *b)
{
	for (size_t k = 0; k < b->vars; k++) {
		const struct yg_sb_var *v = &b->var[k];
		if (!v->bound || v->reduce || v->extras || v->how == YG_GATHER_TEXT || v->how == YG_GATHER_NUMBER_KEY)
			return false;
	}
	return true;
}

enum yg_status yg_scan_open(const struct yg_set_request *request, struct yg_task *task, struct yg_scan **out, struct yg_err *err)
{
	*out = NULL;
	if (!suits(request))
		return YG_OK;
	struct yg_scan *s = yg_xcalloc(1, sizeof *s);
	struct yg_set *set = yg_xcalloc(1, sizeof *set);
	yg_arena_init(&set->arena);
	s->b = (struct yg_sb){ .ask = request, .task = task, .err = err, .set = set };
	enum yg_status st = yg_sb_open(&s->b);
	bool plain = st == YG_OK && !s->b.table->start && all_plain(&s->b);
	if (plain)
		st = yg_sb_rows_in(&s->b, &s->bits);
	if (plain && st == YG_OK && request->unit == YG_SET_SPANS)
		st = keep_spans(s, request->endpoint);
	if (st != YG_OK || !plain) {
		yg_scan_free(s);
		return st;
	}
	s->workers = yg_task_workers(task);
	s->eval = yg_xcalloc(s->workers * s->b.vars + 1, sizeof *s->eval);
	*out = s;
	return YG_OK;
}

void yg_scan_free(struct yg_scan *s)
{
	if (!s)
		return;
	for (size_t k = 0; s->eval && k < s->workers * s->b.vars; k++)
		yg_eval_free(s->eval[k]);
	yg_free(s->eval);
	yg_data_free(s->bits);
	yg_sb_release(&s->b);
	yg_set_free(s->b.set);
	yg_free(s);
}

uint32_t yg_scan_blocks(const struct yg_scan *s)
{
	return s->b.table->blocks;
}

uint32_t yg_scan_rows(const struct yg_scan *s, uint32_t block)
{
	return yg_table_block_rows(s->b.table, block);
}

const uint64_t *yg_scan_taken(const struct yg_scan *s, uint32_t block)
{
	return s->bits ? s->bits + (size_t)block * YG_BLOCK_WORDS : NULL;
}

const struct yg_bound_info *yg_scan_info(const struct yg_scan *s, size_t k)
{
	return yg_bound_info(s->b.var[k].bound);
}

const char *yg_scan_name(const struct yg_scan *s, size_t k)
{
	return s->b.var[k].name;
}

bool yg_scan_range(const struct yg_scan *s, size_t k, double *low, double *high)
{
	const char *column = yg_scan_info(s, k)->column;
	struct yg_column_ref ref;

	if (!column || yg_table_find(s->b.table, column, &ref, NULL) != YG_OK)
		return false;
	*low = INFINITY;
	*high = -INFINITY;
	for (uint32_t b = 0; b < s->b.table->blocks; b++) {
		double least, most;
		uint32_t missing = 0;
		if (!yg_column_zone(&ref, b, &least, &most, &missing)) {
			if (missing == yg_scan_rows(s, b))
				continue;
			return false;
		}
		*low = least < *low ? least : *low;
		*high = most > *high ? most : *high;
	}
	return *low <= *high;
}

const char *yg_scan_level(struct yg_scan *s, size_t k, int64_t value)
{
	return yg_sb_key_word(&s->b, &s->b.var[k], value);
}

enum yg_status yg_scan_read(struct yg_scan *s, unsigned worker, uint32_t block, size_t k, struct yg_vec *out, struct yg_err *err)
{
	struct yg_eval **e = &s->eval[worker * s->b.vars + k];

	if (!*e)
		*e = yg_eval_new(s->b.var[k].bound);
	return yg_eval_block(*e, block, out, err);
}

struct yg_set *yg_scan_counts(struct yg_scan *s, uint64_t taken, const uint64_t *drops)
{
	struct yg_set *set = yg_xcalloc(1, sizeof *set), *own = s->b.set;

	yg_arena_init(&set->arena);
	set->persons_asked = taken;
	s->b.set = set;
	for (int why = 1; why < YG_ENDPOINT_DROPS; why++) {
		if (why == YG_DROP_AFTER_EVENT)
			continue;
		yg_sb_add_drop(&s->b, yg_endpoint_drop_reason((enum yg_endpoint_drop)why), s->lost[why], s->lost[why]);
		set->persons_asked += s->lost[why];
	}
	set->rows_asked = set->persons_asked;
	set->endpoint = s->b.ask->unit == YG_SET_SPANS ? s->b.ask->endpoint : NULL;
	for (size_t k = 0; k < s->b.vars; k++) {
		yg_sb_add_drop(&s->b, yg_phrase(&set->arena, N_("%s missing"), s->b.var[k].name), drops[k], drops[k]);
		taken -= drops[k];
	}
	s->b.set = own;
	set->n = (size_t)taken;
	set->persons = taken;
	return set;
}
