/* Endpoints: reads the clauses, looks at every row, makes spans and the check that is printed. */
#include "yogo/cohort/endpoint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "yogo/base/i18n.h"

#include "endpoint_priv.h"

enum yg_status yg_ep_fail(struct yg_ep_plan *p, const struct yg_node *at, enum yg_status s, const char *code,
                          const char *format, ...)
{
	char text[900];
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof text, _(format), ap);
	va_end(ap);
	return yg_fail_at(p->err, s, at->at, at->len, code, "%s", text);
}

const char *yg_endpoint_drop_reason(enum yg_endpoint_drop why)
{
	switch (why) {
	case YG_DROP_UNKNOWN_EVENT: return N_("outcome unknown");
	case YG_DROP_MISSING_TIME: return N_("time missing");
	case YG_DROP_ZERO_TIME: return N_("time zero");
	case YG_DROP_EMPTY: return N_("entry not before end of follow-up");
	case YG_DROP_BEYOND_UNTIL: return N_("entry after until");
	case YG_DROP_AFTER_EVENT: return N_("after the person's event");
	default: return "";
	}
}

/* --- clauses that are not about columns ----------------------------------------------------- */

static enum yg_status check_clauses(struct yg_ep_plan *p)
{
	for (uint32_t i = 0; i < p->statement->children; i++) {
		const struct yg_node *c = p->statement->child[i];
		switch (c->kind) {
		case YG_NODE_STRING:
		case YG_NODE_WHERE:
		case YG_NODE_TIME:
		case YG_NODE_START:
		case YG_NODE_ENTRY:
		case YG_NODE_BETWEEN:
		case YG_NODE_EACH:
		case YG_NODE_CENSOR:
		case YG_NODE_EVENT_CLAUSE:
		case YG_NODE_COMPETE:
		case YG_NODE_UNTIL:
		case YG_NODE_UNIT:
			break;
		case YG_NODE_CLEAN:
			return yg_ep_fail(p, c, YG_EINVAL, "E-END-060", N_("clean looks at event tables; this version defines endpoints on columns only"));
		default:
			return yg_ep_fail(p, c, YG_EINVAL, "E-END-061", N_("this clause cannot stand in an endpoint on columns"));
		}
	}
	return YG_OK;
}

static enum yg_status read_where(struct yg_ep_plan *p)
{
	const struct yg_node *where = NULL;
	for (uint32_t i = 0; i < p->statement->children; i++) {
		const struct yg_node *c = p->statement->child[i];
		if (c->kind != YG_NODE_WHERE)
			continue;
		if (where)
			return yg_ep_fail(p, c, YG_EINVAL, "E-END-008", N_("where stands twice; join the conditions by and"));
		where = c;
	}
	return where ? yg_bind(p->scope, where->child[0], YG_TYPE_FLAG, p->task, &p->where, p->err) : YG_OK;
}

static enum yg_status read_each(struct yg_ep_plan *p)
{
	const struct yg_node *each = yg_node_find(p->statement, YG_NODE_EACH);
	if (!each)
		return YG_OK;
	p->each = each;
	p->e->unit_column = yg_arena_strdup(&p->e->arena, each->text);
	struct yg_node name = { .kind = YG_NODE_NAME, .text = each->text, .at = each->at, .len = each->len };
	if (strcmp(each->text, "row") == 0) {
		struct yg_column_ref ref;
		if (yg_table_find(p->table, "row", &ref, NULL) != YG_OK)
			return YG_OK;
	}
	return yg_bind(p->scope, &name, 0, p->task, &p->each_bound, p->err);
}

static void plan_release(struct yg_ep_plan *p)
{
	yg_bound_free(p->where);
	yg_bound_free(p->each_bound);
	for (int k = 0; k < p->whens; k++)
		yg_bound_free(p->when[k].bound);
	for (int k = 0; k < p->events; k++)
		yg_bound_free(p->event[k].condition);
}

/* --- refusals for the data ------------------------------------------------------------------ */

static enum yg_status check_counts(struct yg_ep_plan *p, const struct yg_ep_counts *c)
{
	enum yg_status s;
	if (c->partial) {
		s = yg_ep_fail(p, p->statement, YG_REFUSED, "E-END-062", N_("%llu dates are known to the month or year only (the first in row %llu of %s)"),
		               (unsigned long long)c->partial, (unsigned long long)c->partial_row + 1, p->table->name);
		yg_err_hint(p->err, N_("Say which day stands for them: let d2 = date(d, month = 15), and use d2 here."));
		return s;
	}
	if (c->negative) {
		char rows[96];
		int n = 0;
		for (uint64_t k = 0; k < c->negative && k < 3; k++)
			n += snprintf(rows + n, sizeof rows - (size_t)n, "%s%llu", k ? ", " : "", (unsigned long long)c->negative_row[k] + 1);
		s = yg_ep_fail(p, p->statement, YG_REFUSED, "E-END-063",
		               p->left >= 0 ? N_("%llu rows of %s have a negative time, or a left end after the right one (rows %s%s)")
		                            : N_("%llu rows of %s have a time before the start of follow-up (rows %s%s)"),
		               (unsigned long long)c->negative, p->table->name, rows, c->negative > 3 ? " ..." : "");
		yg_err_hint(p->err, N_("Correct the data, or leave these rows out with where."));
		return s;
	}
	return YG_OK;
}

/* --- evaluation ----------------------------------------------------------------------------- */

static bool rows_new(struct yg_ep_rows *r, uint64_t n, bool entry, bool dates)
{
	r->exit = yg_data_alloc(n + 1, sizeof *r->exit);
	r->entry = entry ? yg_data_alloc(n + 1, sizeof *r->entry) : NULL;
	r->origin = dates ? yg_data_alloc(n + 1, sizeof *r->origin) : NULL;
	r->state = yg_data_calloc(n + 1, 1);
	r->which = yg_data_calloc(n + 1, 1);
	r->reason = yg_data_calloc(n + 1, 1);
	r->why = yg_data_calloc(n + 1, 1);
	return r->exit && (!entry || r->entry) && (!dates || r->origin) && r->state && r->which && r->reason && r->why;
}

static void rows_release(struct yg_ep_rows *r)
{
	yg_data_free(r->exit);
	yg_data_free(r->entry);
	yg_data_free(r->origin);
	yg_data_free(r->state);
	yg_data_free(r->which);
	yg_data_free(r->reason);
	yg_data_free(r->why);
}

/* Rows that were collapsed count once. */
static void recount(struct yg_endpoint *e)
{
	e->unknown_event = e->missing_time = e->zero_time = 0;
	for (uint64_t k = 0; k < e->drops; k++) {
		e->unknown_event += e->drop_why[k] == YG_DROP_UNKNOWN_EVENT;
		e->missing_time += e->drop_why[k] == YG_DROP_MISSING_TIME;
		e->zero_time += e->drop_why[k] == YG_DROP_ZERO_TIME;
	}
	for (uint64_t k = 0; k < e->spans; k++)
		e->zero_time += e->exit[k] == 0;
	e->after_until = e->reason_count[1];
}

/* Which rows where kept, for sets built on a collapsed endpoint. */
static enum yg_status keep_where(struct yg_ep_plan *p, const struct yg_ep_rows *rows)
{
	struct yg_endpoint *e = p->e;
	if (!p->where || !e->collapsed)
		return YG_OK;
	e->in_where = yg_data_calloc(p->table->rows / 64 + 1, sizeof *e->in_where);
	if (!e->in_where)
		return yg_fail(p->err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an endpoint was evaluated"));
	for (uint64_t r = 0; r < p->table->rows; r++)
		if (rows->why[r] != YG_NOT_IN_WHERE)
			e->in_where[r >> 6] |= UINT64_C(1) << (r & 63);
	return YG_OK;
}

static enum yg_status evaluate(struct yg_ep_plan *p)
{
	struct yg_endpoint *e = p->e;
	YG_TRY(check_clauses(p));
	YG_TRY(read_where(p));
	YG_TRY(yg_ep_read_times(p));
	YG_TRY(yg_ep_read_events(p));
	YG_TRY(read_each(p));
	bool entry = p->entries || p->left >= 0 || (p->every && !p->entry_column);
	e->has_entry = entry && p->left < 0;
	struct yg_ep_rows rows = { 0 };
	struct yg_ep_counts counts = { 0 };
	enum yg_status s = rows_new(&rows, p->table->rows, entry, p->start >= 0) ? YG_OK
	                   : yg_fail(p->err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an endpoint was evaluated"));
	if (s == YG_OK)
		s = yg_ep_scan(p, &rows, &counts, p->err);
	if (s == YG_OK)
		s = check_counts(p, &counts);
	if (s == YG_OK)
		s = yg_snap_times(rows.exit, rows.entry, p->table->rows, &e->snapped, p->err);
	if (s == YG_OK)
		s = yg_ep_spans(p, &rows);
	if (s == YG_OK)
		s = keep_where(p, &rows);
	rows_release(&rows);
	e->rows_read = p->table->rows;
	e->rows_where = counts.where;
	e->unknown_event = counts.unknown_event;
	e->missing_time = counts.missing_time;
	e->zero_time = counts.zero_time;
	e->after_until = counts.after_until;
	e->event_after_end = counts.event_after_end;
	if (s == YG_OK && e->collapsed)
		recount(e);
	return s;
}

enum yg_status yg_endpoint_evaluate(const struct yg_scope *scope, const struct yg_node *statement, struct yg_task *task,
                                    struct yg_endpoint **out, struct yg_err *err)
{
	if (!scope->table)
		return yg_fail_at(err, YG_EINVAL, statement->at, statement->len, "E-EXP-035", N_("no table is in use"));
	struct yg_endpoint *e = yg_xcalloc(1, sizeof *e);
	yg_arena_init(&e->arena);
	const struct yg_node *label = yg_node_find(statement, YG_NODE_STRING);
	e->name = yg_arena_strdup(&e->arena, statement->text);
	e->label = label ? yg_arena_strdup(&e->arena, label->text) : NULL;
	e->table = scope->table;
	struct yg_ep_plan p = {
		.scope = scope, .statement = statement, .task = task, .err = err, .e = e, .table = scope->table,
		.start = -1, .time = -1, .left = -1, .right = -1, .until = -1,
	};
	enum yg_status s = evaluate(&p);
	plan_release(&p);
	if (s != YG_OK) {
		yg_endpoint_free(e);
		return s;
	}
	*out = e;
	return YG_OK;
}

void yg_endpoint_free(struct yg_endpoint *e)
{
	if (!e)
		return;
	yg_data_free(e->person);
	yg_data_free(e->row);
	yg_data_free(e->entry);
	yg_data_free(e->exit);
	yg_data_free(e->status);
	yg_data_free(e->which);
	yg_data_free(e->unit_code);
	yg_data_free(e->origin);
	yg_data_free(e->reason);
	yg_data_free(e->in_where);
	yg_free(e->drop_row);
	yg_free(e->drop_person);
	yg_free(e->drop_why);
	yg_arena_release(&e->arena);
	yg_free(e);
}
