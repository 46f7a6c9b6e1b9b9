/* The clauses of an endpoint that are about what happened: event, compete; and what each row says. */
#include <math.h>
#include <string.h>

#include "yogo/base/buf.h"
#include "yogo/base/i18n.h"
#include "yogo/base/pool.h"
#include "yogo/lang/print.h"

#include "endpoint_priv.h"

/* --- reading ------------------------------------------------------------------------------- */

static enum yg_status check_pick(struct yg_ep_plan *p, const struct yg_node *clause, const struct yg_node *what)
{
	const char *pick = clause->text;
	if (what->kind == YG_NODE_EVENTS || what->kind == YG_NODE_EVENT) {
		enum yg_status s = yg_ep_fail(p, what, YG_EINVAL, "E-END-030", N_("this looks at event tables (diagnoses, deaths, visits); this version defines endpoints on columns only"));
		yg_err_hint(p->err, N_("Write a condition on columns, or the column of its date: event at DATECOLUMN"));
		return s;
	}
	if (!pick || strcmp(pick, "first") == 0)
		return YG_OK;
	if (strcmp(pick, "every") != 0)
		return yg_ep_fail(p, clause, YG_EINVAL, "E-END-031", N_("an event is the first (said or not) or every one, not %s"), pick);
	if (clause->kind == YG_NODE_COMPETE)
		return yg_ep_fail(p, clause, YG_EINVAL, "E-END-032", N_("a competing event ends follow-up, so it cannot be every one"));
	if (what->kind == YG_NODE_AT)
		return yg_ep_fail(p, clause, YG_EINVAL, "E-END-033", N_("every takes a condition on rows; a date column holds one date"));
	p->every = true;
	return YG_OK;
}

static enum yg_status read_line(struct yg_ep_plan *p, const struct yg_node *clause, uint8_t state, uint8_t which)
{
	struct yg_arena *arena = &p->e->arena;
	const struct yg_node *what = clause->child[clause->children - 1], *label = yg_node_find(clause, YG_NODE_STRING);
	if (label == what)
		label = NULL;
	YG_TRY(check_pick(p, clause, what));
	if (p->events == YG_EP_EVENTS)
		return yg_ep_fail(p, clause, YG_ELIMIT, "E-END-034", N_("an endpoint has at most %d event and compete lines"), YG_EP_EVENTS);
	struct yg_happening h = { .state = state, .which = which, .when = -1 };
	if (what->kind == YG_NODE_AT) {
		struct yg_node name = { .kind = YG_NODE_NAME, .text = what->text, .at = what->at, .len = what->len };
		struct yg_bound *b;
		YG_TRY(yg_bind(p->scope, &name, 0, p->task, &b, p->err));
		enum yg_type type = yg_bound_info(b)->type;
		bool fits = p->dates ? type == YG_TYPE_DATE : type == YG_TYPE_INTEGER || type == YG_TYPE_NUMBER;
		if (!fits || p->whens == YG_EP_WHENS) {
			yg_bound_free(b);
			return yg_ep_fail(p, what, YG_EINVAL, "E-END-035", p->dates ? N_("at takes a date column, and %s is none") : N_("at takes a date; with a number as time, %s must be a number on the same scale"), what->text);
		}
		h.when = p->whens;
		p->when[p->whens++] = (struct yg_when){ .kind = p->dates ? YG_WHEN_DATE : YG_WHEN_NUMBER, .bound = b, .name = yg_arena_strdup(arena, what->text) };
		h.label = yg_arena_printf(arena, "at %s", what->text);
	} else {
		if (p->time < 0)
			return yg_ep_fail(p, clause, YG_EINVAL, "E-END-036", N_("a condition happens at the row's time, and this endpoint has no time clause"));
		YG_TRY(yg_bind(p->scope, what, YG_TYPE_FLAG, p->task, &h.condition, p->err));
		struct yg_buf text = YG_BUF_INIT;
		yg_print_expression(what, &text);
		h.label = yg_arena_strndup(arena, text.data, text.len);
		yg_buf_release(&text);
	}
	if (label)
		h.label = yg_arena_strdup(arena, label->text);
	p->event[p->events++] = h;
	return YG_OK;
}

static enum yg_status name_states(struct yg_ep_plan *p)
{
	struct yg_endpoint *e = p->e;
	int lines = 0, competes = 0;
	for (int k = 0; k < p->events; k++)
		*(p->event[k].state == 1 ? &lines : &competes) += 1;
	e->states = 2 + competes;
	e->state = yg_arena_alloc(&e->arena, (size_t)e->states, sizeof *e->state);
	e->state[0] = "censored";
	e->state[1] = "event";
	e->composite = lines > 1;
	e->event_label = yg_arena_alloc(&e->arena, (size_t)lines + 1, sizeof *e->event_label);
	e->event_labels = lines;
	struct yg_buf joined = YG_BUF_INIT;
	for (int k = 0; k < p->events; k++) {
		const struct yg_happening *h = &p->event[k];
		if (h->state == 1) {
			e->event_label[h->which] = h->label;
			yg_buf_addf(&joined, "%s%s", joined.len ? " or " : "", h->label);
		} else {
			e->state[h->state] = h->label;
		}
	}
	if (lines)
		e->state[1] = yg_arena_strndup(&e->arena, joined.data, joined.len);
	yg_buf_release(&joined);
	for (int k = 0; k < p->events; k++)
		for (int j = 0; j < k; j++)
			if (strcmp(p->event[k].label, p->event[j].label) == 0)
				return yg_ep_fail(p, p->statement, YG_EINVAL, "E-END-037", N_("two events have the label \"%s\""), p->event[k].label);
	return YG_OK;
}

enum yg_status yg_ep_read_events(struct yg_ep_plan *p)
{
	uint8_t which = 0, state = 2;
	bool lines = yg_node_find(p->statement, YG_NODE_EVENT_CLAUSE) || yg_node_find(p->statement, YG_NODE_COMPETE);
	if (p->left >= 0 && (lines || p->censors))
		return yg_ep_fail(p, p->statement, YG_EINVAL, "E-END-038", N_("between says itself when the event happened: leave out event, compete and censor"));
	for (uint32_t i = 0; i < p->statement->children; i++)
		if (p->statement->child[i]->kind == YG_NODE_EVENT_CLAUSE)
			YG_TRY(read_line(p, p->statement->child[i], 1, which++));
	for (uint32_t i = 0; i < p->statement->children; i++)
		if (p->statement->child[i]->kind == YG_NODE_COMPETE)
			YG_TRY(read_line(p, p->statement->child[i], state++, 0));
	if (p->left < 0 && !which)
		return yg_ep_fail(p, p->statement, YG_EINVAL, "E-END-039", N_("an endpoint needs an event line: event CONDITION, or event at DATECOLUMN"));
	return name_states(p);
}

/* --- what a row says ----------------------------------------------------------------------- */

struct block {
	const struct yg_ep_values *t;
	const uint64_t *yes[YG_EP_EVENTS], *unknown[YG_EP_EVENTS];
	uint64_t first_row;
};
struct row {
	double exit, entry;
	uint8_t state, which, reason, why;
};

static inline bool known(const struct yg_ep_values *t, int k, uint32_t i)
{
	return !t[k].valid || yg_bit(t[k].valid, i);
}

static inline void negative_time(struct yg_ep_counts *c, uint64_t row)
{
	if (c->negative < 3)
		c->negative_row[c->negative] = row;
	c->negative++;
}

/* The end of follow-up without an event, and what ended it. */
static inline double end_of_row(const struct yg_ep_plan *p, const struct block *b, uint32_t i, double time, uint8_t *reason)
{
	double end = time;
	*reason = 0;
	for (int k = 0; k < p->censors; k++) {
		int w = p->censor[k];
		if (known(b->t, w, i) && b->t[w].v[i] < end) {
			end = b->t[w].v[i];
			*reason = (uint8_t)(2 + k);
		}
	}
	if (p->until >= 0 && known(b->t, p->until, i) && b->t[p->until].v[i] < end) {
		end = b->t[p->until].v[i];
		*reason = 1;
	}
	return end;
}

static inline void what_happened(const struct yg_ep_plan *p, const struct block *b, uint32_t i, double time, struct row *r, struct yg_ep_counts *c)
{
	double best = INFINITY, end = end_of_row(p, b, i, time, &r->reason);
	int chosen = -1, doubt = -1;
	for (int k = 0; k < p->events; k++) {
		const struct yg_happening *h = &p->event[k];
		double at = time;
		if (h->when >= 0) {
			if (!known(b->t, h->when, i))
				continue;
			at = b->t[h->when].v[i];
			if (at < 0) {
				negative_time(c, b->first_row + i);
				r->why = YG_DROP_MISSING_TIME;
				return;
			}
		} else if (!yg_bit(b->yes[k], i)) {
			if (doubt < 0 && yg_bit(b->unknown[k], i))
				doubt = k;
			continue;
		}
		if (at < best) {
			best = at;
			chosen = k;
		}
	}
	/* A doubt is about the row's time: it matters when that time is reached and nothing surer comes first. */
	if (doubt >= 0 && time <= end && !(best < time) && !(chosen >= 0 && best == time && (doubt > chosen || p->event[chosen].state == 1))) {
		c->unknown_event++;
		r->why = YG_DROP_UNKNOWN_EVENT;
		return;
	}
	if (chosen >= 0 && best <= end) {
		r->exit = best;
		r->state = p->event[chosen].state;
		r->which = p->event[chosen].which;
		r->reason = 0;
		return;
	}
	r->exit = end;
	r->state = 0;
	if (chosen >= 0 && best > time)
		c->event_after_end++;
	if (r->reason == 1)
		c->after_until++;
}

static inline void one_row(const struct yg_ep_plan *p, const struct block *b, uint32_t i, struct row *r, struct yg_ep_counts *c)
{
	double time = INFINITY;
	*r = (struct row){ .why = YG_DROP_NONE };
	if ((p->time >= 0 && !known(b->t, p->time, i)) || (p->start >= 0 && !known(b->t, p->start, i))) {
		c->missing_time++;
		r->why = YG_DROP_MISSING_TIME;
		return;
	}
	if (p->time >= 0) {
		time = b->t[p->time].v[i];
		if (!(time >= 0) || time == INFINITY) {
			if (time < 0)
				negative_time(c, b->first_row + i);
			else
				c->missing_time++;
			r->why = YG_DROP_MISSING_TIME;
			return;
		}
	}
	what_happened(p, b, i, time, r, c);
	if (r->why)
		return;
	if (r->exit == INFINITY) {
		c->missing_time++;
		r->why = YG_DROP_MISSING_TIME;
		return;
	}
	if (p->entries) {
		r->entry = -INFINITY;
		for (int k = 0; k < p->entries; k++) {
			int w = p->entry[k];
			if (!known(b->t, w, i) || b->t[w].v[i] != b->t[w].v[i]) {
				c->missing_time++;
				r->why = YG_DROP_MISSING_TIME;
				return;
			}
			r->entry = b->t[w].v[i] > r->entry ? b->t[w].v[i] : r->entry;
		}
		if (p->dates && r->entry < 0)
			r->entry = 0;
	}
	if (r->exit == 0) {
		c->zero_time++;
		if (p->zero == YG_ZERO_DROP)
			r->why = YG_DROP_ZERO_TIME;
		else if (p->zero == YG_ZERO_HALF)
			r->exit = 0.5;
	}
	if (!r->why && r->exit < 0)
		r->why = YG_DROP_EMPTY;
	if (!r->why && p->entries && !(r->entry < r->exit))
		r->why = r->reason == 1 ? YG_DROP_BEYOND_UNTIL : YG_DROP_EMPTY;
}

static inline void one_between(const struct yg_ep_plan *p, const struct block *b, uint32_t i, struct row *r, struct yg_ep_counts *c)
{
	bool l = known(b->t, p->left, i), h = known(b->t, p->right, i);
	*r = (struct row){ .exit = INFINITY, .why = YG_DROP_NONE };
	if ((!l && !h) || (p->start >= 0 && !known(b->t, p->start, i))) {
		c->missing_time++;
		r->why = YG_DROP_MISSING_TIME;
		return;
	}
	r->entry = l ? b->t[p->left].v[i] : 0;
	if (h) {
		r->exit = b->t[p->right].v[i];
		r->state = 1;
	}
	if (r->entry < 0 || r->exit < 0 || r->entry > r->exit) {
		negative_time(c, b->first_row + i);
		r->why = YG_DROP_MISSING_TIME;
	} else if (r->exit == 0) {
		c->zero_time++;
	}
}

/* --- every row ----------------------------------------------------------------------------- */

struct scan {
	const struct yg_ep_plan *p;
	struct yg_ep_rows *rows;
	struct yg_ep_worker **worker;
	struct yg_ep_counts *counts;  /* [blocks] */
};

static enum yg_status scan_block(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	struct scan *s = context;
	const struct yg_ep_plan *p = s->p;
	struct yg_ep_counts *c = &s->counts[number];
	uint32_t block = (uint32_t)number, n = yg_table_block_rows(p->table, block);
	if (!s->worker[worker] && !(s->worker[worker] = yg_ep_worker_new(p)))
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while an endpoint was evaluated"));
	struct yg_ep_worker *w = s->worker[worker];
	struct block b = { .first_row = (uint64_t)block * YG_BLOCK_ROWS };
	const uint64_t *where = NULL;
	if (p->where)
		YG_TRY(yg_eval_block_tri(yg_ep_worker_eval(w, YG_EP_WHENS + YG_EP_EVENTS, p->where), block, &where, NULL, err));
	YG_TRY(yg_ep_block_times(p, w, block, where, c, &b.t, err));
	for (int k = 0; k < p->events; k++)
		if (p->event[k].condition)
			YG_TRY(yg_eval_block_tri(yg_ep_worker_eval(w, YG_EP_WHENS + k, p->event[k].condition), block, &b.yes[k], &b.unknown[k], err));
	struct yg_ep_rows *to = s->rows;
	if (to->origin)
		memcpy(to->origin + b.first_row, yg_ep_worker_start(w), n * sizeof *to->origin);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t at = b.first_row + i;
		if (where && !yg_bit(where, i)) {
			to->why[at] = YG_NOT_IN_WHERE;
			to->exit[at] = 0;
			if (to->entry)
				to->entry[at] = 0;
			continue;
		}
		struct row r;
		c->where++;
		if (p->left >= 0)
			one_between(p, &b, i, &r, c);
		else
			one_row(p, &b, i, &r, c);
		to->exit[at] = r.why ? 0 : r.exit;
		if (to->entry)
			to->entry[at] = r.why ? 0 : r.entry;
		to->state[at] = r.state;
		to->which[at] = r.which;
		to->reason[at] = r.reason;
		to->why[at] = r.why;
	}
	return YG_OK;
}

static void add_counts(struct yg_ep_counts *sum, const struct yg_ep_counts *c)
{
	for (uint64_t k = 0; k < c->negative && k < 3; k++)
		if (sum->negative + k < 3)
			sum->negative_row[sum->negative + k] = c->negative_row[k];
	if (!sum->partial)
		sum->partial_row = c->partial_row;
	sum->negative += c->negative;
	sum->partial += c->partial;
	sum->where += c->where;
	sum->unknown_event += c->unknown_event;
	sum->missing_time += c->missing_time;
	sum->zero_time += c->zero_time;
	sum->after_until += c->after_until;
	sum->event_after_end += c->event_after_end;
}

enum yg_status yg_ep_scan(const struct yg_ep_plan *p, struct yg_ep_rows *rows, struct yg_ep_counts *counts, struct yg_err *err)
{
	unsigned workers = yg_task_workers(p->task);
	struct scan s = { .p = p, .rows = rows };
	s.worker = yg_xcalloc(workers + 1, sizeof *s.worker);
	s.counts = yg_xcalloc((size_t)p->table->blocks + 1, sizeof *s.counts);
	enum yg_status status = YG_OK;
	if (p->where)
		status = yg_bound_load(p->where, p->task, err);
	for (int k = 0; k < p->whens && status == YG_OK; k++)
		if (p->when[k].bound)
			status = yg_bound_load(p->when[k].bound, p->task, err);
	for (int k = 0; k < p->events && status == YG_OK; k++)
		if (p->event[k].condition)
			status = yg_bound_load(p->event[k].condition, p->task, err);
	if (status == YG_OK)
		status = yg_pool_run(p->task, p->table->blocks, scan_block, &s, err);
	for (uint32_t k = 0; k < p->table->blocks; k++)
		add_counts(counts, &s.counts[k]);
	for (unsigned k = 0; k < workers; k++)
		yg_ep_worker_free(s.worker[k]);
	yg_free(s.worker);
	yg_free(s.counts);
	return status;
}
