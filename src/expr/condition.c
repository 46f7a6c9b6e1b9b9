/*
 * A condition over a whole table, in parallel by block.
 *
 * A block is 1,024 words of the result, so workers never share a word and the bits do not depend on
 * how many there are.
 */
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"

#include "expr_priv.h"

struct run {
	const struct yg_bound *bound;
	const struct yg_table *table;
	struct yg_eval **eval;     /* [workers] */
	uint64_t *is_true, *is_unknown;
};

static enum yg_status one_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct run *r = context;
	if (!r->eval[worker])
		r->eval[worker] = yg_eval_of(r->bound, r->bound->root, r->table, YG_BLOCK_ROWS);
	struct yg_eval *e = r->eval[worker];
	struct yg_tri c;
	YG_TRY(yg_eval_at(e, (uint32_t)block));
	YG_TRY(yg_ev_tri(e, e->root, r->is_unknown != NULL, &c, err));
	size_t at = block * YG_BLOCK_WORDS;
	if (r->is_true)
		memcpy(r->is_true + at, c.t, e->words * sizeof *c.t);
	if (r->is_unknown && c.has_u)
		memcpy(r->is_unknown + at, c.u, e->words * sizeof *c.u);
	else if (r->is_unknown)
		memset(r->is_unknown + at, 0, e->words * sizeof *c.u);
	return YG_OK;
}

enum yg_status yg_bound_load(const struct yg_bound *b, struct yg_task *task, struct yg_err *err)
{
	struct yg_column_ref *ref = yg_xcalloc(b->leaf_n + 1, sizeof *ref);
	for (size_t k = 0; k < b->leaf_n; k++)
		ref[k] = (struct yg_column_ref){ .table = b->leaf[k]->owner, .owner = b->leaf[k]->owner, .column = b->leaf[k]->column };
	enum yg_status s = yg_column_load(ref, b->leaf_n, task, err);
	yg_free(ref);
	return s;
}

static enum yg_status over(const struct yg_bound *b, const struct yg_table *table, struct yg_task *task, uint64_t **is_true,
                           uint64_t **is_unknown, struct yg_err *err)
{
	if (b->info.type != YG_TYPE_FLAG)
		return yg_fail(err, YG_EBUG, "E-EXP-902", N_("this expression is no condition"));
	size_t words = (size_t)(table->rows + 63) / 64;
	unsigned workers = yg_task_workers(task);
	struct run r = { .bound = b, .table = table, .eval = yg_xcalloc(workers + 1, sizeof *r.eval) };
	enum yg_status s = YG_OK;
	if (is_true && !(r.is_true = yg_data_alloc(words + 1, sizeof *r.is_true)))
		s = yg_expr_nomem(err);
	if (s == YG_OK && is_unknown && !(r.is_unknown = yg_data_alloc(words + 1, sizeof *r.is_unknown)))
		s = yg_expr_nomem(err);
	if (s == YG_OK)
		s = yg_bound_load(b, task, err);
	if (s == YG_OK)
		s = yg_pool_run(task, table->blocks, one_block, &r, err);
	for (unsigned w = 0; w < workers; w++)
		yg_eval_free(r.eval[w]);
	yg_free(r.eval);
	if (s != YG_OK) {
		yg_data_free(r.is_true);
		yg_data_free(r.is_unknown);
		return s;
	}
	if (is_true)
		*is_true = r.is_true;
	if (is_unknown)
		*is_unknown = r.is_unknown;
	return YG_OK;
}

enum yg_status yg_eval_condition(const struct yg_bound *b, struct yg_task *task, uint64_t **is_true, uint64_t **is_unknown,
                                 struct yg_err *err)
{
	return over(b, b->table, task, is_true, is_unknown, err);
}

enum yg_status yg_eval_condition_persons(const struct yg_bound *b, struct yg_task *task, uint64_t **is_true,
                                         uint64_t **is_unknown, struct yg_err *err)
{
	const struct yg_table *t = yg_bound_person_table(b);
	if (!t || !b->info.by_person)
		return yg_fail(err, YG_EBUG, "E-EXP-903", N_("this condition is not constant within the person"));
	return over(b, t, task, is_true, is_unknown, err);
}
