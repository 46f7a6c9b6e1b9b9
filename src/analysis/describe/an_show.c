/* show: rows as they are, where the data are open to everybody. */
#include <math.h>
#include <string.h>

#include "analysis/an_frame_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/expr/bind.h"
#include "yogo/num/sort.h"

struct shown {
	struct yg_bound *bound;
	const char *name;
};

static void value_text(const struct yg_vec *v, uint32_t k, const struct yg_bound_info *info, struct yg_buf *out)
{
	char text[48];

	yg_buf_clear(out);
	if (!yg_vec_valid(v, k))
		return;
	switch (v->type) {
	case YG_TYPE_FLAG:
		yg_buf_adds(out, v->v.flag[k] ? "yes" : "no");
		break;
	case YG_TYPE_INTEGER:
		yg_buf_addf(out, "%lld", (long long)v->v.integer[k]);
		break;
	case YG_TYPE_NUMBER:
		yg_buf_add(out, text, yg_print_double(text, v->v.number[k]));
		break;
	case YG_TYPE_LEVEL:
		yg_buf_adds(out, v->v.level[k] >= 0 && (size_t)v->v.level[k] < info->levels ? info->level[v->v.level[k]] : "");
		break;
	case YG_TYPE_TEXT:
		yg_buf_add(out, v->v.text.bytes + v->v.text.start[k], v->v.text.start[k + 1] - v->v.text.start[k]);
		break;
	case YG_TYPE_DATE:
		yg_date_print(text, v->v.date[k], v->precision ? (enum yg_date_precision)v->precision[k] : YG_DAY);
		yg_buf_adds(out, text);
		break;
	case YG_TYPE_INSTANT:
		yg_instant_print(text, v->v.instant[k]);
		yg_buf_adds(out, text);
		break;
	}
}

/* The places in the set of the first `top` rows in the order asked. */
static enum yg_status choose_rows(const struct yg_an_show *r, const struct yg_set *s, size_t top, size_t *chosen,
                                  struct yg_task *task, struct yg_err *err)
{
	if (!r->order) {
		for (size_t i = 0; i < top; i++)
			chosen[i] = i;
		return YG_OK;
	}
	struct yg_bound *b = NULL;
	YG_TRY(yg_bind(r->in.scope, r->order, (enum yg_type)0, task, &b, err));
	if (yg_bound_info(b)->type == YG_TYPE_TEXT) {
		yg_bound_free(b);
		return yg_fail_at(err, YG_REFUSED, r->order->at, r->order->len, "E-DESC-010",
		                  N_("rows are ordered by a number, a date or a level, not by text"));
	}
	struct yg_eval *e = yg_eval_new(b);
	double *key = yg_data_alloc(s->n + YG_BLOCK_ROWS, sizeof *key), *wide = key ? key + s->n : NULL;
	uint32_t *order = yg_data_alloc(s->n + 1, sizeof *order);
	enum yg_status status =
		key && order ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ordering %zu rows."), s->n);
	for (size_t i = 0; i < s->n && status == YG_OK;) {
		uint32_t block = (uint32_t)(s->row[i] / YG_BLOCK_ROWS);
		uint64_t base = (uint64_t)block * YG_BLOCK_ROWS;
		struct yg_vec v;
		status = yg_eval_block(e, block, &v, err);
		if (status != YG_OK)
			break;
		yg_vec_widen(&v, wide);
		for (; i < s->n && s->row[i] - base < YG_BLOCK_ROWS; i++) {
			uint32_t k = (uint32_t)(s->row[i] - base);
			key[i] = !yg_vec_valid(&v, k) ? NAN : r->descending ? -wide[k] : wide[k];
		}
	}
	if (status == YG_OK)
		status = yg_sort_doubles(key, s->n, task, order, err);
	for (size_t i = 0; i < top && status == YG_OK; i++)
		chosen[i] = order[i];
	yg_data_free(order);
	yg_data_free(key);
	yg_eval_free(e);
	yg_bound_free(b);
	return status;
}

static enum yg_status fill_column(const struct shown *c, int column, const struct yg_set *s, const size_t *chosen, size_t top,
                                  struct yg_raw_table *t, struct yg_err *err)
{
	struct yg_eval *e = yg_eval_new(c->bound);
	struct yg_buf text = YG_BUF_INIT;
	struct yg_vec v = { .n = 0 };
	int64_t have = -1;
	enum yg_status status = YG_OK;

	for (size_t i = 0; i < top && status == YG_OK; i++) {
		uint64_t at = s->row[chosen[i]];
		uint32_t block = (uint32_t)(at / YG_BLOCK_ROWS), k = (uint32_t)(at % YG_BLOCK_ROWS);
		if (have != (int64_t)block)
			status = yg_eval_block(e, block, &v, err);
		have = block;
		if (status != YG_OK)
			break;
		value_text(&v, k, yg_bound_info(c->bound), &text);
		const char *why = v.reason && v.reason[k] ? yg_missing_name(v.reason[k]) : NULL;
		if (yg_vec_valid(&v, k))
			yg_raw_data(t, (int)i, column, text.data);
		else
			yg_raw_missing(t, (int)i, column, why ? why : N_("missing"));
	}
	yg_buf_release(&text);
	yg_eval_free(e);
	return status;
}

static enum yg_status show_rows(const struct yg_an_show *r, struct shown *c, size_t columns, struct an_frame *f,
                                struct yg_raw *raw, struct yg_task *task, struct yg_err *err)
{
	const struct yg_set *s = f->set;
	size_t top = r->top ? r->top : 20;

	if (top > s->n)
		top = s->n;
	size_t *chosen = yg_arena_alloc(&f->arena, top + 1, sizeof *chosen);
	YG_TRY(choose_rows(r, s, top, chosen, task, err));
	struct yg_raw_table *t = yg_raw_table(raw, "rows", "");
	for (size_t k = 0; k < columns; k++)
		yg_raw_column_data(t, c[k].name, c[k].name, YG_ROLE_LABEL, yg_bound_info(c[k].bound)->unit);
	for (size_t i = 0; i < top; i++) {
		const char *name = yg_arena_printf(&f->arena, "%llu", (unsigned long long)s->row[chosen[i]] + 1);
		yg_raw_row(t, name, name, 0);
	}
	for (size_t k = 0; k < columns; k++)
		YG_TRY(fill_column(&c[k], (int)k, s, chosen, top, t, err));
	yg_raw_counts(raw, (int64_t)s->persons, (int64_t)s->n, -1, -1);
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_INFO, N_("{1} of {2} rows"));
	yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)top, an_persons(s->persons));
	yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)s->n, an_persons(s->persons));
	return YG_OK;
}

enum yg_status yg_an_show(const struct yg_an_show *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	if (!r->open) {
		yg_fail(err, YG_EPRIVACY, "E-SDC-040", N_("rows of persons are shown of open data only (public or synthetic)"));
		yg_err_hint(err, N_("Use describe, count or tab"));
		return YG_EPRIVACY;
	}
	const struct yg_table *table = r->in.scope->table;
	size_t columns = r->target.count ? r->target.count : table->fields, made = 0;
	struct shown *c = yg_xcalloc(columns + 1, sizeof *c);
	struct yg_arena arena;
	struct an_frame f = { .set = NULL };
	struct yg_raw *raw = yg_raw_new("show", 1);
	enum yg_status s = YG_OK;

	yg_arena_init(&arena);
	for (; made < columns && s == YG_OK; made++) {
		const struct yg_node *node =
			r->target.count ? r->target.node[made] : yg_node_new(&arena, YG_NODE_NAME, table->field[made].name);
		s = yg_bind(r->in.scope, node, (enum yg_type)0, task, &c[made].bound, err);
		c[made].name = node->text;
		if (s != YG_OK)
			break;
	}
	struct yg_an_input in = r->in;
	in.weight = in.by = NULL;
	struct an_frame_request fr = { .in = &in, .unit = YG_SET_ROWS };
	if (s == YG_OK)
		s = an_frame_build(&fr, task, &f, err);
	if (s == YG_OK) {
		s = show_rows(r, c, columns, &f, raw, task, err);
		an_title(raw, N_("Rows of %s"), table->name);
		an_frame_release(&f);
	}
	for (size_t k = 0; k < made; k++)
		yg_bound_free(c[k].bound);
	yg_free(c);
	yg_arena_release(&arena);
	if (s != YG_OK) {
		yg_raw_free(raw);
		return s;
	}
	*out = raw;
	return YG_OK;
}
