/* Rows of forest and love plots, in data units. */
#include "report/rows_priv.h"

#include <math.h>
#include <string.h>

/* "56/114\t76/102" into columns. */
static int split(struct yg_arena *a, const char *s, char *out[YG_MOST_TEXT_COLUMNS])
{
	int n = 0;
	while (s && n < YG_MOST_TEXT_COLUMNS) {
		const char *tab = strchr(s, '\t');
		out[n++] = yg_arena_strndup(a, s, tab ? (size_t)(tab - s) : strlen(s));
		s = tab ? tab + 1 : NULL;
	}
	for (int i = n; i < YG_MOST_TEXT_COLUMNS; i++)
		out[i] = yg_arena_strdup(a, "");
	return n;
}

static void limits(struct yg_forest_model *m, int most_ticks)
{
	double low = INFINITY, high = -INFINITY, elow = INFINITY, ehigh = -INFINITY;
	for (int i = 0; i < m->rows; i++) {
		const struct yg_point *p = m->row[i].p;
		if (p->header || !isfinite(p->y) || (m->axis->log_scale && p->y <= 0))
			continue;
		elow = fmin(elow, p->y);
		ehigh = fmax(ehigh, p->y);
		low = fmin(low, isfinite(p->lower) && (!m->axis->log_scale || p->lower > 0) ? p->lower : p->y);
		high = fmax(high, isfinite(p->upper) ? p->upper : p->y);
	}
	if (m->has_reference) {
		elow = fmin(elow, m->reference);
		ehigh = fmax(ehigh, m->reference);
		low = fmin(low, m->reference);
		high = fmax(high, m->reference);
	}
	if (!isfinite(low)) {
		low = m->axis->log_scale ? 0.5 : 0;
		high = m->axis->log_scale ? 2 : 1;
		elow = low;
		ehigh = high;
	}
	/* one very wide interval may not squeeze all others: it is cut, with an arrow */
	if (m->axis->log_scale) {
		double span = fmax(6, 2.5 * ehigh / elow);
		low = fmax(low, elow / span);
		high = fmin(high, ehigh * span);
		yg_scale_log(&m->x, low / 1.08, high * 1.08, most_ticks);
	} else {
		double span = 3 * (ehigh - elow) + (ehigh == elow ? 2 * (high - low) : 0);
		low = fmax(low, elow - span);
		high = fmin(high, ehigh + span);
		double pad = 0.04 * (high - low);
		yg_scale_within(&m->x, low - pad, high + pad, most_ticks);
	}
}

static void interval(struct yg_forest_model *m, struct yg_forest_row *r)
{
	const struct yg_point *p = r->p;
	bool log = m->axis->log_scale;
	r->low = p->lower;
	r->high = p->upper;
	if (p->header || !isfinite(p->y))
		return;
	if (!isfinite(r->low) || (log && r->low <= 0) || r->low < m->x.low) {
		r->low_cut = isfinite(p->upper) || isfinite(p->lower);
		r->low = m->x.low;
	}
	if (!isfinite(r->high) || r->high > m->x.high) {
		r->high_cut = isfinite(p->lower) || isfinite(p->upper);
		r->high = m->x.high;
	}
}

static void estimate_text(struct yg_forest_model *m, struct yg_forest_row *r)
{
	const struct yg_point *p = r->p;
	struct yg_buf b = YG_BUF_INIT;
	if (!p->header && isfinite(p->y))
		yg_numfmt_interval(&b, p->y, p->lower, p->upper);
	else if (!p->header)
		yg_buf_adds(&b, _("not estimable"));
	r->estimate = yg_arena_strdup(&m->arena, b.data);
	yg_buf_release(&b);
}

void yg_forest_model(struct yg_forest_model *m, const struct yg_figure *f, int most_ticks)
{
	struct yg_buf b = YG_BUF_INIT;
	bool under_heading = false;
	memset(m, 0, sizeof *m);
	yg_arena_init(&m->arena);
	/* the axis of the estimates, whichever letter the analysis gave it */
	bool x_described = f->x.log_scale || f->x.has_reference || (f->x.label && f->x.label[0]);
	m->axis = x_described ? &f->x : &f->y;
	m->has_reference = m->axis->has_reference || m->axis->log_scale;
	m->reference = m->axis->has_reference ? m->axis->reference : 1;
	m->columns = f->heads ? split(&m->arena, yg_tr(f->heads), m->head) : 0;
	if (!f->heads)
		split(&m->arena, "", m->head);
	for (int i = 0; i < f->series_count; i++)
		m->rows += (int)f->series[i].points;
	m->row = yg_arena_alloc(&m->arena, (size_t)m->rows + 1, sizeof *m->row);
	int n = 0;
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			struct yg_forest_row *r = &m->row[n++];
			r->p = &f->series[i].point[k];
			if (r->p->header || r->p->summary)
				under_heading = r->p->header;
			r->indent = under_heading && !r->p->header;
			int columns = split(&m->arena, r->p->text ? yg_tr(r->p->text) : NULL, r->text);
			if (!r->p->header && columns > m->columns)
				m->columns = columns;
			if (isfinite(r->p->x2) && r->p->x2 > m->largest_weight)
				m->largest_weight = r->p->x2;
			estimate_text(m, r);
		}
	limits(m, most_ticks);
	for (int i = 0; i < m->rows; i++)
		interval(m, &m->row[i]);
	if (f->series_count && f->series[0].name[0])
		yg_buf_adds(&b, yg_tr(f->series[0].name));
	else
		yg_buf_addf(&b, "%s (%s)", m->axis->label[0] ? yg_tr(m->axis->label) : _("estimate"), _("CI"));
	m->estimate_head = yg_arena_strdup(&m->arena, b.data);
	yg_buf_release(&b);
}

void yg_forest_release(struct yg_forest_model *m)
{
	yg_arena_release(&m->arena);
	memset(m, 0, sizeof *m);
}

/* ---- love plots ---- */

static int label_index(struct yg_love_model *m, const char *label)
{
	for (int i = 0; i < m->labels; i++)
		if (strcmp(m->label[i], label) == 0)
			return i;
	m->label[m->labels] = label;
	return m->labels++;
}

void yg_love_model(struct yg_love_model *m, const struct yg_figure *f, int most_ticks)
{
	size_t most = 1;
	double low = 0, high = 0;
	memset(m, 0, sizeof *m);
	yg_arena_init(&m->arena);
	for (int i = 0; i < f->series_count; i++)
		most += f->series[i].points;
	m->series = f->series_count;
	m->label = yg_arena_alloc(&m->arena, most, sizeof *m->label);
	m->value = yg_arena_alloc(&m->arena, most * (size_t)(f->series_count + 1), sizeof *m->value);
	for (size_t i = 0; i < most * (size_t)(f->series_count + 1); i++)
		m->value[i] = NAN;
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_point *p = &f->series[i].point[k];
			int row = label_index(m, p->label ? p->label : "");
			m->value[row * m->series + i] = p->x;
			if (isfinite(p->x)) {
				low = fmin(low, p->x);
				high = fmax(high, p->x);
			}
		}
	m->limit = f->x.has_reference && f->x.reference != 0 ? fabs(f->x.reference) : 0.1;
	/* a limit of balance is small, with room beyond it; one that is the whole of a share ends the axis */
	high = fmax(high, m->limit < 0.5 ? 1.2 * m->limit : m->limit);
	if (low < 0)
		low = fmin(low, -1.2 * m->limit);
	yg_scale_linear(&m->x, low, high, most_ticks);
}

void yg_love_release(struct yg_love_model *m)
{
	yg_arena_release(&m->arena);
	memset(m, 0, sizeof *m);
}

void yg_figure_range(const struct yg_figure *f, double x[2], double y[2])
{
	x[0] = y[0] = INFINITY;
	x[1] = y[1] = -INFINITY;
	for (int i = 0; i < f->series_count; i++)
		for (size_t k = 0; k < f->series[i].points; k++) {
			const struct yg_point *p = &f->series[i].point[k];
			const double xs[2] = { p->x, p->x2 }, ys[3] = { p->y, p->lower, p->upper };
			for (int j = 0; j < 2; j++)
				if (isfinite(xs[j])) {
					x[0] = fmin(x[0], xs[j]);
					x[1] = fmax(x[1], xs[j]);
				}
			for (int j = 0; j < 3; j++)
				if (isfinite(ys[j])) {
					y[0] = fmin(y[0], ys[j]);
					y[1] = fmax(y[1], ys[j]);
				}
		}
}
