/*
 * Figures at the gate: shown as they are, withheld whole, or (survival curves) grouped.
 * A figure is drawn from what leaves here and from nothing else.
 */
#include <math.h>
#include <string.h>

#include "gate/gate_priv.h"

static bool hidden_number(const struct yg_policy *p, double v)
{
	return !isnan(v) && ((v > 0 && v < (double)p->min_cell) || (v == 0 && !p->zeros_shown));
}

/* "56/114\t76/102": every number in the words is a count, and so is what a pair leaves over. */
static bool words_small(const struct yg_policy *p, const char *s)
{
	int64_t before = -1;
	while (s && *s) {
		if (*s < '0' || *s > '9') {
			if (*s != '/')
				before = -1;
			s++;
			continue;
		}
		int64_t n = 0;
		while (*s >= '0' && *s <= '9' && n < INT64_C(1000000000000))
			n = 10 * n + (*s++ - '0');
		if (yg_policy_hides(p, n) || (before >= 0 && n > before && n - before < p->min_cell))
			return true;
		before = *s == '/' ? n : -1;
	}
	return false;
}

/* Edges that are multiples of 1, 2, 2.5 or 5 times a power of ten were chosen by the program or the
   user; others come from the smallest and largest value and would give them away. */
static bool round_edges(const struct yg_raw_figure *f)
{
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_raw_point *p = &f->series[i].point[k].p;
			double width = p->x2 - p->x, unit = width;
			if (!(width > 0) || !isfinite(width))
				return false;
			while (unit >= 10)
				unit /= 10;
			while (unit < 1)
				unit *= 10;
			bool nice = fabs(unit - 1) < 1e-9 || fabs(unit - 2) < 1e-9 || fabs(unit - 2.5) < 1e-9 ||
				    fabs(unit - 5) < 1e-9;
			double steps = p->x / width;
			if (!nice || fabs(steps - nearbyint(steps)) > 1e-6)
				return false;
		}
	return true;
}

static bool point_small(const struct yg_policy *p, enum yg_figure_kind kind, const struct yg_raw_figure_point *q)
{
	if (q->p.header == 1)
		return words_small(p, kind == YG_FIGURE_FOREST ? NULL : q->p.text);
	switch (kind) {
	case YG_FIGURE_FOREST:
		return yg_gate_small(p, &q->evidence, YG_ROLE_ESTIMATE) || words_small(p, q->p.text);
	case YG_FIGURE_HISTOGRAM:
		return hidden_number(p, q->p.y) || yg_gate_small(p, &q->evidence, YG_ROLE_PERSONS);
	case YG_FIGURE_FLOW:
		return hidden_number(p, q->p.y) || hidden_number(p, q->p.x);
	default:
		return yg_gate_small(p, &q->evidence, YG_ROLE_ESTIMATE);
	}
}

bool yg_gate_figure_small(const struct yg_gate_run *run, const struct yg_raw_figure *f)
{
	if (f->kind == YG_FIGURE_KM)
		return yg_gate_curve_small(run->policy, f);
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++)
			if (point_small(run->policy, f->kind, &f->series[i].point[k]))
				return true;
	return false;
}

/* Points that stand for nobody cannot be judged; an attrition carries its own counts. */
static bool without_evidence(const struct yg_raw_figure *f)
{
	if (f->kind == YG_FIGURE_FLOW || f->kind == YG_FIGURE_HISTOGRAM)
		return false;
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_raw_figure_point *q = &f->series[i].point[k];
			if (q->p.header != 1 && q->evidence.persons == 0)
				return true;
		}
	return false;
}

static bool withhold(const struct yg_gate_run *run, const struct yg_raw_figure *f)
{
	if (run->linked_small || run->model_refused || without_evidence(f) || yg_gate_figure_small(run, f))
		return true;
	/* words and points cannot be rounded afterwards */
	if (run->policy->rounding != YG_ROUND_NONE && f->kind != YG_FIGURE_HISTOGRAM && f->kind != YG_FIGURE_FLOW &&
	    f->kind != YG_FIGURE_LOVE)
		for (int i = 0; i < f->series_count; i++)
			for (size_t k = 0; k < f->series[i].points; k++)
				if (f->series[i].point[k].p.text && f->series[i].point[k].p.header != 1)
					return true;
	return f->kind == YG_FIGURE_HISTOGRAM && !round_edges(f);
}

static double count_shown(const struct yg_policy *p, double v)
{
	int64_t low, high;
	return isnan(v) || !p->guarded ? v : (double)yg_policy_round(p, (int64_t)v, &low, &high);
}

static double digits(const struct yg_policy *p, enum yg_role role, double v)
{
	return p->guarded && !isnan(v) ? yg_gate_digits(p, role, v) : v;
}

static struct yg_cell count_cell(enum yg_role role, int64_t n)
{
	return (struct yg_cell){ .state = YG_CELL_SHOWN, .role = role, .decimals = -1,
		                 .value = { .kind = YG_VALUE_INTEGER, .integer = n } };
}

static void copy_point(struct yg_gate_run *run, enum yg_figure_kind kind, const struct yg_raw_figure_point *q,
                       struct yg_point *out)
{
	const struct yg_policy *p = run->policy;
	struct yg_arena *a = &run->result->arena;
	const struct yg_raw_point *in = &q->p;
	out->header = in->header == 1;
	out->summary = in->header == 2;
	out->label = in->label ? yg_arena_strdup(a, in->label) : NULL;
	out->text = in->text ? yg_arena_strdup(a, in->text) : NULL;
	out->x = in->x;
	out->x2 = in->x2;
	out->y = in->y;
	out->lower = in->lower;
	out->upper = in->upper;
	/* infinities end at the edge of the plot: they are not numbers to show */
	double *v[5] = { &out->x, &out->x2, &out->y, &out->lower, &out->upper };
	for (int i = 0; i < 5; i++)
		if (isinf(*v[i]))
			*v[i] = NAN;
	if (kind == YG_FIGURE_KM) { /* only under an open profile */
		out->at_risk = count_cell(YG_ROLE_PERSONS, in->at_risk);
		out->events = count_cell(YG_ROLE_EVENTS, in->events);
		out->censored = count_cell(YG_ROLE_PERSONS, in->censored);
		return;
	}
	switch (kind) {
	case YG_FIGURE_HISTOGRAM:
		out->y = count_shown(p, out->y);
		break;
	case YG_FIGURE_FLOW:
		out->y = count_shown(p, out->y);
		out->x = count_shown(p, out->x);
		break;
	default:
		out->x = digits(p, YG_ROLE_ESTIMATE, out->x);
		out->y = digits(p, YG_ROLE_ESTIMATE, out->y);
		out->lower = digits(p, YG_ROLE_LOWER, out->lower);
		out->upper = digits(p, YG_ROLE_UPPER, out->upper);
	}
}

static void copy_series(struct yg_gate_run *run, const struct yg_raw_figure *f, struct yg_figure *out)
{
	for (int i = 0; i < f->series_count; i++) {
		const struct yg_raw_series_body *s = &f->series[i];
		yg_series_add_points(run->result, &out->series[i], s->points);
		for (size_t k = 0; k < s->points; k++)
			copy_point(run, f->kind, &s->point[k], &out->series[i].point[k]);
	}
	if (f->grids) {
		yg_figure_add_grid(run->result, out, f->grids);
		memcpy(out->grid, f->grid, f->grids * sizeof *f->grid);
	}
}

static struct yg_axis axis(struct yg_gate_run *run, const struct yg_raw_axis *a)
{
	struct yg_arena *arena = &run->result->arena;
	return (struct yg_axis){ .label = yg_arena_strdup(arena, a->label ? a->label : ""),
		                 .unit = a->unit ? yg_arena_strdup(arena, a->unit) : NULL,
		                 .log_scale = a->log_scale,
		                 .has_reference = a->has_reference,
		                 .reference = a->has_reference ? digits(run->policy, YG_ROLE_ESTIMATE, a->reference) : 0 };
}

/* A reference line may be an estimate of what is hidden; 0 and 1 are no effect. */
static void without_estimates(struct yg_axis *a)
{
	if (a->has_reference && a->reference != 0 && a->reference != 1)
		a->has_reference = false;
}

static const char *words(struct yg_gate_run *run, const char *s)
{
	return s ? yg_arena_strdup(&run->result->arena, s) : NULL;
}

void yg_gate_figure(struct yg_gate_run *run, const struct yg_raw_figure *f)
{
	struct yg_figure *out = yg_result_add_figure(run->result, f->key, f->kind, f->title, f->series_count);
	out->x = axis(run, &f->x);
	out->y = axis(run, &f->y);
	out->left = words(run, f->left);
	out->right = words(run, f->right);
	out->heads = words(run, f->heads);
	for (int i = 0; i < f->series_count; i++) {
		out->series[i].name = words(run, f->series[i].name);
		out->series[i].line = f->series[i].line;
	}
	if (f->caption)
		yg_gate_note(run, f->caption,
		             yg_figure_add_caption(run->result, out, f->caption->message, f->caption->arguments));
	if (!run->policy->guarded) {
		copy_series(run, f, out);
		return;
	}
	bool ok = f->kind == YG_FIGURE_KM ? !run->linked_small && yg_gate_group_curve(run, f, out) : !withhold(run, f);
	if (ok && f->kind != YG_FIGURE_KM)
		copy_series(run, f, out);
	if (!ok) {
		out->hidden = true;
		without_estimates(&out->x);
		without_estimates(&out->y);
		run->used[run->linked_small ? REASON_T9 : REASON_F1] = true;
	}
}
