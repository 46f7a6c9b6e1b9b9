/* The clauses of an endpoint that are about time: start, time, entry, between, until, censor, unit. */
#include <math.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"

#include "endpoint_priv.h"

/* --- reading ------------------------------------------------------------------------------- */

static enum yg_status add_when(struct yg_ep_plan *p, const struct yg_node *at, struct yg_when w, int *out)
{
	if (p->whens == YG_EP_WHENS) {
		yg_bound_free(w.bound);
		return yg_ep_fail(p, at, YG_ELIMIT, "E-END-001", N_("an endpoint has at most %d points of time"), YG_EP_WHENS);
	}
	p->when[p->whens] = w;
	*out = p->whens++;
	return YG_OK;
}

/* A column or parameter, type checked against the scale. */
static enum yg_status column_when(struct yg_ep_plan *p, const struct yg_node *name, const char *clause, int *out)
{
	struct yg_bound *b;
	YG_TRY(yg_bind(p->scope, name, 0, p->task, &b, p->err));
	const struct yg_bound_info *info = yg_bound_info(b);
	struct yg_when w = { .bound = b, .name = yg_arena_strdup(&p->e->arena, name->text ? name->text : clause) };
	enum yg_status s = YG_OK;
	bool number = info->type == YG_TYPE_INTEGER || info->type == YG_TYPE_NUMBER || info->type == YG_TYPE_FLAG;
	if (info->type == YG_TYPE_DATE) {
		w.kind = YG_WHEN_DATE;
		if (!p->dates)
			s = yg_ep_fail(p, name, YG_EINVAL, "E-END-002", N_("%s is a date, but the time of this endpoint is a number"), w.name);
	} else if (number) {
		w.kind = YG_WHEN_NUMBER;
		if (p->dates) {
			s = yg_ep_fail(p, name, YG_EINVAL, "E-END-003", N_("%s is a number, but this endpoint counts time in dates"), w.name);
		} else if (info->unit && *p->e->time_unit && strcmp(info->unit, p->e->time_unit) != 0) {
			const char *unit = yg_time_unit_name(info->unit);
			if (!unit || strcmp(unit, p->e->time_unit) != 0)
				s = yg_ep_fail(p, name, YG_EINVAL, "E-END-004", N_("%s is in %s, but the time of this endpoint is in %s"), w.name, info->unit, p->e->time_unit);
		}
	} else {
		s = yg_ep_fail(p, name, YG_EINVAL, "E-END-005", N_("%s needs a number or a date, and %s is neither"), clause, w.name);
		if (info->type == YG_TYPE_TEXT || info->type == YG_TYPE_LEVEL)
			yg_err_hint(p->err, N_("If it holds dates: let d = date(%s, month = 15)"), w.name);
		else
			yg_err_hint(p->err, N_("A date with time of day becomes a date by: let d = date(%s)"), w.name);
	}
	if (s != YG_OK) {
		yg_bound_free(b);
		return s;
	}
	return add_when(p, name, w, out);
}

/* A duration on the scale: in its unit, or calendar months from start. */
static enum yg_status duration_when(struct yg_ep_plan *p, const struct yg_node *d, int *out)
{
	struct yg_when w = { .kind = YG_WHEN_CONSTANT, .name = "duration" };
	double per = 1;
	if (p->dates) {
		char unit = d->text[0];
		if (unit == 'd' || unit == 'w') {
			w.constant = d->number * (unit == 'w' ? 7 : 1);
		} else {
			double months = d->number * (unit == 'y' ? 12 : 1);
			if (months != floor(months) || fabs(months) > 24000)
				return yg_ep_fail(p, d, YG_EINVAL, "E-END-006", N_("between dates a whole number of months or years is wanted"));
			w.kind = YG_WHEN_MONTHS;
			w.months = (int)months;
		}
	} else {
		if (!yg_time_unit_divisor(p->e->time_unit, d->text, &per))
			return yg_ep_fail(p, d, YG_EINVAL, "E-END-007", N_("the time of this endpoint has no unit of time, so a length of time cannot be placed on it"));
		w.constant = d->number * per;
	}
	return add_when(p, d, w, out);
}

static enum yg_status read_start(struct yg_ep_plan *p, const struct yg_node *clause)
{
	const struct yg_node *bound = clause->child[0];
	if (p->start >= 0)
		return yg_ep_fail(p, clause, YG_EINVAL, "E-END-008", N_("start stands twice"));
	if (bound->kind == YG_NODE_DURATION)
		return yg_ep_fail(p, bound, YG_EINVAL, "E-END-009", N_("start with a length of time counts from an index date, and persons of a plain table have none; name a date column"));
	p->dates = true;
	YG_TRY(column_when(p, bound, "start", &p->start));
	return YG_OK;
}

static enum yg_status read_time(struct yg_ep_plan *p, const struct yg_node *clause)
{
	const struct yg_node *word = yg_node_find(clause, YG_NODE_WORD), *zero = yg_node_option(clause, "zero");
	const struct yg_node name = { .kind = YG_NODE_NAME, .text = clause->text, .at = clause->at, .len = clause->len };
	struct yg_bound *b;
	if (p->time >= 0)
		return yg_ep_fail(p, clause, YG_EINVAL, "E-END-008", N_("time stands twice"));
	YG_TRY(yg_bind(p->scope, &name, 0, p->task, &b, p->err));
	const struct yg_bound_info *info = yg_bound_info(b);
	const char *own = yg_time_unit_name(info->unit), *asked = word ? yg_time_unit_name(word->text) : NULL;
	enum yg_type type = info->type;
	const char *column_unit = info->unit ? yg_arena_strdup(&p->e->arena, info->unit) : NULL;
	yg_bound_free(b);
	if (word && !asked)
		return yg_ep_fail(p, word, YG_EINVAL, "E-END-010", N_("%s is no unit of time: days, weeks, months or years"), word->text);
	if (type == YG_TYPE_DATE) {
		if (asked && strcmp(asked, "days") != 0)
			return yg_ep_fail(p, word, YG_EINVAL, "E-END-011", N_("dates are counted in days; for display write: unit %s"), asked);
		if (p->start < 0) {
			enum yg_status s = yg_ep_fail(p, clause, YG_EINVAL, "E-END-012", N_("%s is a date, so the endpoint needs a date to count from"), clause->text);
			yg_err_hint(p->err, N_("Add a line: start DATECOLUMN"));
			return s;
		}
		p->dates = true;
		p->e->time_unit = "days";
	} else {
		if (p->start >= 0)
			return yg_ep_fail(p, clause, YG_EINVAL, "E-END-013", N_("start goes with dates, but %s is no date"), clause->text);
		if (asked && column_unit && (!own || strcmp(own, asked) != 0))
			return yg_ep_fail(p, word, YG_EINVAL, "E-END-014", N_("the manifest says that %s is in %s, not in %s"), clause->text, column_unit, asked);
		if (!asked && !column_unit && (type == YG_TYPE_INTEGER || type == YG_TYPE_NUMBER)) {
			enum yg_status s = yg_ep_fail(p, clause, YG_EINVAL, "E-END-015", N_("%s has no unit in the manifest"), clause->text);
			yg_err_hint(p->err, N_("Say it: time %s in days"), clause->text);
			return s;
		}
		p->e->time_unit = asked ? asked : own ? own : column_unit ? column_unit : "";
	}
	YG_TRY(column_when(p, &name, "time", &p->time));
	if (zero) {
		const char *how = zero->text ? zero->text : "";
		p->zero = strcmp(how, "half") == 0 ? YG_ZERO_HALF : strcmp(how, "drop") == 0 ? YG_ZERO_DROP : YG_ZERO_KEEP;
		if (p->zero == YG_ZERO_KEEP && strcmp(how, "keep") != 0)
			return yg_ep_fail(p, zero, YG_EINVAL, "E-END-016", N_("zero is half (0 becomes 0.5), drop or keep"));
	}
	return YG_OK;
}

static enum yg_status read_between(struct yg_ep_plan *p, const struct yg_node *clause)
{
	if (p->time >= 0 || p->left >= 0)
		return yg_ep_fail(p, clause, YG_EINVAL, "E-END-017", N_("an endpoint has one time or one between"));
	if (!p->dates) {
		struct yg_bound *b;
		YG_TRY(yg_bind(p->scope, clause->child[0], 0, p->task, &b, p->err));
		const struct yg_bound_info *info = yg_bound_info(b);
		const char *unit = yg_time_unit_name(info->unit);
		p->e->time_unit = unit ? unit : info->unit ? yg_arena_strdup(&p->e->arena, info->unit) : "";
		bool date = info->type == YG_TYPE_DATE;
		yg_bound_free(b);
		if (date) {
			enum yg_status s = yg_ep_fail(p, clause, YG_EINVAL, "E-END-012", N_("%s is a date, so the endpoint needs a date to count from"), clause->child[0]->text);
			yg_err_hint(p->err, N_("Add a line: start DATECOLUMN"));
			return s;
		}
	}
	YG_TRY(column_when(p, clause->child[0], "between", &p->left));
	YG_TRY(column_when(p, clause->child[1], "between", &p->right));
	p->e->interval_censored = true;
	return YG_OK;
}

static enum yg_status read_censor(struct yg_ep_plan *p, const struct yg_node *clause)
{
	if (strcmp(clause->text, "date") != 0 && strcmp(clause->text, "after") != 0)
		return yg_ep_fail(p, clause, YG_EINVAL, "E-END-018", N_("censor %s looks at event tables; on columns write: censor date COLUMN, or censor after 365d"), clause->text);
	if (p->censors == 8)
		return yg_ep_fail(p, clause, YG_ELIMIT, "E-END-019", N_("an endpoint has at most 8 censor lines"));
	const struct yg_node *c = clause->child[0];
	int k = p->censors;
	if (c->kind == YG_NODE_DURATION)
		YG_TRY(duration_when(p, c, &p->censor[k]));
	else
		YG_TRY(column_when(p, c, "censor", &p->censor[k]));
	p->e->reason_label[2 + k] = c->kind == YG_NODE_DURATION ? yg_arena_strdup(&p->e->arena, N_("censor after"))
	                            : yg_arena_printf(&p->e->arena, "%s", c->kind == YG_NODE_DATE ? "date" : c->text);
	p->censors++;
	p->e->reasons = 2 + p->censors;
	return YG_OK;
}

static enum yg_status read_unit(struct yg_ep_plan *p, const struct yg_node *clause)
{
	const char *unit = clause ? yg_time_unit_name(clause->text) : NULL;
	p->e->display_unit = p->e->time_unit;
	p->e->display_divisor = 1;
	if (!clause)
		return YG_OK;
	if (!unit)
		return yg_ep_fail(p, clause, YG_EINVAL, "E-END-010", N_("%s is no unit of time: days, weeks, months or years"), clause->text);
	if (!yg_time_unit_divisor(p->e->time_unit, unit, &p->e->display_divisor)) {
		enum yg_status s = yg_ep_fail(p, clause, YG_EINVAL, "E-END-020", N_("the time of this endpoint has no unit of time, so it cannot be shown in %s"), unit);
		yg_err_hint(p->err, N_("Declare the column's unit in the manifest, or with let NAME = ... with unit=\"days\"."));
		return s;
	}
	p->e->display_unit = unit;
	return YG_OK;
}

static const struct yg_node *clause_of(const struct yg_ep_plan *p, enum yg_node_kind kind, uint32_t *from)
{
	for (uint32_t i = *from; i < p->statement->children; i++)
		if (p->statement->child[i]->kind == kind) {
			*from = i + 1;
			return p->statement->child[i];
		}
	return NULL;
}

enum yg_status yg_ep_read_times(struct yg_ep_plan *p)
{
	const struct yg_node *c;
	struct yg_endpoint *e = p->e;
	e->reason_label = yg_arena_alloc(&e->arena, 2 + 8, sizeof *e->reason_label);
	e->reason_label[0] = N_("end of follow-up");
	e->reason_label[1] = N_("until");
	e->reasons = 2;
	e->time_unit = "days";
	for (uint32_t i = 0; (c = clause_of(p, YG_NODE_START, &i));)
		YG_TRY(read_start(p, c));
	for (uint32_t i = 0; (c = clause_of(p, YG_NODE_TIME, &i));)
		YG_TRY(read_time(p, c));
	for (uint32_t i = 0; (c = clause_of(p, YG_NODE_BETWEEN, &i));)
		YG_TRY(read_between(p, c));
	for (uint32_t i = 0; (c = clause_of(p, YG_NODE_ENTRY, &i));) {
		if (p->left >= 0)
			return yg_ep_fail(p, c, YG_EINVAL, "E-END-021", N_("entry and between do not go together in this version"));
		if (p->entries == 8)
			return yg_ep_fail(p, c, YG_ELIMIT, "E-END-022", N_("an endpoint has at most 8 entry lines"));
		if (c->child[0]->kind == YG_NODE_DURATION) {
			YG_TRY(duration_when(p, c->child[0], &p->entry[p->entries]));
		} else {
			YG_TRY(column_when(p, c->child[0], "entry", &p->entry[p->entries]));
			p->entry_column = true;
		}
		p->entries++;
	}
	for (uint32_t i = 0; (c = clause_of(p, YG_NODE_UNTIL, &i));) {
		if (p->until >= 0)
			return yg_ep_fail(p, c, YG_EINVAL, "E-END-008", N_("until stands twice"));
		if (p->left >= 0)
			return yg_ep_fail(p, c, YG_EINVAL, "E-END-023", N_("until and between do not go together"));
		YG_TRY(duration_when(p, c->child[0], &p->until));
	}
	for (uint32_t i = 0; (c = clause_of(p, YG_NODE_CENSOR, &i));)
		YG_TRY(read_censor(p, c));
	uint32_t first = 0;
	YG_TRY(read_unit(p, clause_of(p, YG_NODE_UNIT, &first)));
	if (p->time < 0 && p->left < 0 && p->start < 0)
		return yg_ep_fail(p, p->statement, YG_EINVAL, "E-END-024", N_("an endpoint needs a time: time COLUMN in days, or start DATECOLUMN and time DATECOLUMN"));
	e->has_entry = p->entries > 0;
	const char *unit = *e->time_unit ? e->time_unit : "the column's own unit";
	if (p->dates && p->time >= 0)
		e->convention = yg_arena_printf(&e->arena, "time in whole days from %s to %s", p->when[p->start].name, p->when[p->time].name);
	else if (p->dates)
		e->convention = yg_arena_printf(&e->arena, "time in whole days from %s", p->when[p->start].name);
	else if (p->left >= 0)
		e->convention = yg_arena_printf(&e->arena, "event between %s and %s", p->when[p->left].name, p->when[p->right].name);
	else
		e->convention = yg_arena_printf(&e->arena, "time %s in %s", p->when[p->time].name, unit);
	return YG_OK;
}

/* --- evaluating ---------------------------------------------------------------------------- */

struct yg_ep_worker {
	struct yg_eval *eval[YG_EP_WHENS + YG_EP_EVENTS + 1];
	struct yg_ep_values value[YG_EP_WHENS];
	uint64_t *both[YG_EP_WHENS];         /* valid here and at start */
	int32_t *start_day;
};

struct yg_ep_worker *yg_ep_worker_new(const struct yg_ep_plan *p)
{
	struct yg_ep_worker *w = yg_xcalloc(1, sizeof *w);
	for (int k = 0; k < p->whens; k++) {
		w->value[k].v = yg_data_alloc(YG_BLOCK_ROWS, sizeof *w->value[k].v);
		w->both[k] = yg_data_alloc(YG_BLOCK_WORDS, sizeof *w->both[k]);
		if (!w->value[k].v || !w->both[k]) {
			yg_ep_worker_free(w);
			return NULL;
		}
	}
	w->start_day = yg_data_calloc(YG_BLOCK_ROWS, sizeof *w->start_day);
	if (!w->start_day) {
		yg_ep_worker_free(w);
		return NULL;
	}
	return w;
}

void yg_ep_worker_free(struct yg_ep_worker *w)
{
	if (!w)
		return;
	for (size_t k = 0; k < sizeof w->eval / sizeof *w->eval; k++)
		yg_eval_free(w->eval[k]);
	for (int k = 0; k < YG_EP_WHENS; k++) {
		yg_data_free(w->value[k].v);
		yg_data_free(w->both[k]);
	}
	yg_data_free(w->start_day);
	yg_free(w);
}

const int32_t *yg_ep_worker_start(const struct yg_ep_worker *w)
{
	return w->start_day;
}

struct yg_eval *yg_ep_worker_eval(struct yg_ep_worker *w, int slot, const struct yg_bound *b)
{
	if (!w->eval[slot])
		w->eval[slot] = yg_eval_new(b);
	return w->eval[slot];
}

static void count_partial(const struct yg_vec *v, uint32_t block, const uint64_t *where, struct yg_ep_counts *counts)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->precision[i] != YG_DAY && yg_vec_valid(v, i) && (!where || yg_bit(where, i)) && !counts->partial++)
			counts->partial_row = (uint64_t)block * YG_BLOCK_ROWS + i;
}

static enum yg_status read_when(const struct yg_ep_plan *p, struct yg_ep_worker *w, int k, uint32_t block, uint32_t n,
                                const uint64_t *where, struct yg_ep_counts *counts, struct yg_err *err)
{
	const struct yg_when *when = &p->when[k];
	struct yg_ep_values *out = &w->value[k];
	const uint64_t *start_valid = p->start >= 0 && k != p->start ? w->value[p->start].valid : NULL;
	const uint64_t *own = NULL;
	if (when->kind == YG_WHEN_CONSTANT) {
		for (uint32_t i = 0; i < n; i++)
			out->v[i] = when->constant;
	} else if (when->kind == YG_WHEN_MONTHS) {
		for (uint32_t i = 0; i < n; i++) {
			bool known = !start_valid || yg_bit(start_valid, i);
			out->v[i] = known ? (double)(yg_date_add_months(w->start_day[i], when->months) - w->start_day[i]) : 0;
		}
	} else {
		struct yg_vec v;
		YG_TRY(yg_eval_block(yg_ep_worker_eval(w, k, when->bound), block, &v, err));
		own = v.valid;
		if (when->kind == YG_WHEN_DATE) {
			if (v.precision)
				count_partial(&v, block, where, counts);
			if (k == p->start)
				memcpy(w->start_day, v.v.date, n * sizeof *w->start_day);
			for (uint32_t i = 0; i < n; i++)
				out->v[i] = (double)((int64_t)v.v.date[i] - w->start_day[i]);
		} else {
			yg_vec_widen(&v, out->v);
		}
	}
	if (own && start_valid) {
		for (uint32_t i = 0; i < (n + 63) / 64; i++)
			w->both[k][i] = own[i] & start_valid[i];
		out->valid = w->both[k];
	} else {
		out->valid = own ? own : p->dates ? start_valid : NULL;
	}
	return YG_OK;
}

enum yg_status yg_ep_block_times(const struct yg_ep_plan *p, struct yg_ep_worker *w, uint32_t block, const uint64_t *where,
                                 struct yg_ep_counts *counts, const struct yg_ep_values **out, struct yg_err *err)
{
	uint32_t n = yg_table_block_rows(p->table, block);
	if (p->start >= 0)
		YG_TRY(read_when(p, w, p->start, block, n, where, counts, err));
	for (int k = 0; k < p->whens; k++)
		if (k != p->start)
			YG_TRY(read_when(p, w, k, block, n, where, counts, err));
	*out = w->value;
	return YG_OK;
}
