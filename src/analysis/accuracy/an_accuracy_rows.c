/* Rows with a reference and markers: the set, the outcome, scores, clusters, groups. */
#include <math.h>
#include <string.h>

#include "an_accuracy_priv.h"

#include "yogo/analysis/design.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/expr/intern.h"
#include "yogo/num/matrix.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while markers were compared with the outcome"));
}

/* Where the parts of the statement stand in the set. */
struct places {
	size_t *marker;          /* [markers] first column */
	size_t by, bys, cluster, clusters, frequency, adjust;
	bool has_frequency;
	struct yg_design_plan *plan;
};

static size_t marker_variables(const struct yg_an_marker *m, const struct yg_set_variable **v)
{
	*v = NULL;
	return m->model ? yg_design_frozen_variables(m->model->design, v) : 1;
}

static enum yg_status build_set(const struct acc_ask *ask, struct yg_task *task, struct acc_rows *out, struct places *at,
                                struct yg_err *err)
{
	const struct yg_an_reference *of = ask->of;
	const struct yg_set_variable *v, *adjust = NULL;
	size_t n = 0, adjusts = 0, room = 3;
	if (ask->adjust) {
		YG_TRY(yg_design_plan(&out->arena, of->in.scope, ask->adjust, &at->plan, err));
		adjusts = yg_design_plan_variables(at->plan, &adjust);
	}
	at->bys = ask->crossing ? ask->crossing->children : 0;
	at->clusters = of->cluster ? of->cluster->children : 0;
	for (size_t k = 0; k < of->markers; k++)
		room += marker_variables(&of->marker[k], &v);
	struct yg_set_variable *list = yg_arena_alloc(&out->arena, room + at->bys + at->clusters + adjusts, sizeof *list);
	at->marker = yg_arena_alloc(&out->arena, of->markers + 1, sizeof *at->marker);
	list[n++] = (struct yg_set_variable){ .expression = of->outcome, .use = YG_USE_OUTCOME, .as_factor = of->event != NULL,
		                              .keep_missing = ask->keep_unknown };
	for (size_t k = 0; k < of->markers; k++) {
		size_t count = marker_variables(&of->marker[k], &v);
		at->marker[k] = n;
		if (v && count)
			memcpy(list + n, v, count * sizeof *list);
		else if (!of->marker[k].model)
			list[n] = (struct yg_set_variable){ .expression = of->marker[k].expression, .use = YG_USE_TERM,
				                            .as_factor = ask->positive != NULL };
		n += count;
	}
	at->by = n;
	for (size_t k = 0; k < at->bys; k++)
		list[n++] = (struct yg_set_variable){ .expression = ask->crossing->child[k], .use = YG_USE_BY, .as_factor = true };
	at->cluster = n;
	for (size_t k = 0; k < at->clusters; k++)
		list[n++] = (struct yg_set_variable){ .expression = of->cluster->child[k], .use = YG_USE_CLUSTER, .as_factor = true };
	at->frequency = n;
	at->has_frequency = of->frequency != NULL;
	if (of->frequency)
		list[n++] = (struct yg_set_variable){ .expression = of->frequency, .use = YG_USE_FREQUENCY };
	at->adjust = n;
	if (adjusts)
		memcpy(list + n, adjust, adjusts * sizeof *list);
	struct yg_set_request request = { .scope = of->in.scope, .population = of->in.population, .where = of->in.where,
		                          .unit = YG_SET_ROWS, .variable = list, .variables = n + adjusts };
	YG_TRY(yg_set_build(&request, task, &out->set, err));
	out->n = out->set->n;
	if (out->n)
		return YG_OK;
	yg_fail(err, YG_REFUSED, "E-ACC-001", N_("nobody is left: no row has both the outcome and the markers"));
	yg_err_hint(err, N_("Look at where, and at the columns named, for missing values: see missing."));
	return YG_REFUSED;
}

/* ---- values ---- */

static enum yg_status outcome_values(const struct acc_ask *ask, struct acc_rows *out, struct yg_err *err)
{
	const struct yg_set_column *c = &out->set->column[0];
	const struct yg_node *at = ask->of->outcome;
	int event = -1;
	out->outcome = c->label ? c->label : c->name;
	out->event = ask->of->event;
	for (int l = 0; c->is_factor && ask->of->event && l < c->levels; l++)
		if (!strcmp(c->level_name[l], ask->of->event))
			event = l;
	if (c->is_factor && event < 0) {
		yg_fail_at(err, YG_REFUSED, at->at, at->len, "E-ACC-002", ask->of->event ? N_("%s is never the level that event= names in the rows analysed") :
		                                                                          N_("%s has levels: which of them is the event?"), c->name);
		if (c->levels > 0)
			yg_err_hint(err, N_("Write with event=\"%s\""), c->level_name[c->levels - 1]);
		return YG_REFUSED;
	}
	if (!c->is_factor && (c->type == YG_TYPE_DATE || c->type == YG_TYPE_INSTANT))
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-ACC-003", N_("%s is a date: an outcome of %s is yes or no"), c->name, ask->verb);
	for (size_t i = 0; i < out->n; i++) {
		if ((c->missing && c->missing[i]) || (c->is_factor && c->level[i] < 0)) {
			out->y[i] = 2;
			out->unknown++;
			continue;
		}
		double v = c->is_factor ? c->level[i] == event : c->number[i];
		if (v != 0 && v != 1) {
			yg_fail_at(err, YG_REFUSED, at->at, at->len, "E-ACC-004", N_("%s is not 0 or 1: which value is the event?"), c->name);
			yg_err_hint(err, N_("Write with event=\"LEVEL\", or make a flag: let NAME = %s > ..."), c->name);
			return YG_REFUSED;
		}
		out->y[i] = v != 0;
	}
	return YG_OK;
}

static enum yg_status test_values(const struct acc_ask *ask, const struct acc_rows *r, const struct yg_set_column *c, const struct yg_node *at,
                                  double *out, struct yg_err *err)
{
	int positive = -1;
	for (int l = 0; c->is_factor && ask->positive && l < c->levels; l++)
		if (!strcmp(c->level_name[l], ask->positive))
			positive = l;
	if (c->is_factor && positive < 0) {
		yg_fail_at(err, YG_REFUSED, at->at, at->len, "E-ACC-006", ask->positive ? N_("%s is never the level that positive= names in the rows analysed") :
		                                                                         N_("%s has levels: which of them is a positive test?"), c->name);
		if (c->levels > 0)
			yg_err_hint(err, N_("Write with positive=\"%s\""), c->level_name[c->levels - 1]);
		return YG_REFUSED;
	}
	for (size_t i = 0; i < r->n; i++) {
		out[i] = c->is_factor ? c->level[i] == positive : c->number[i];
		if (out[i] != 0 && out[i] != 1) {
			yg_fail_at(err, YG_REFUSED, at->at, at->len, "E-ACC-007", N_("%s is not yes or no: diag is about tests that are positive or negative"), c->name);
			yg_err_hint(err, N_("Make a test of it: let NAME = %s >= ...; or look at all cut-offs with roc."), c->name);
			return YG_REFUSED;
		}
	}
	return YG_OK;
}

static enum yg_status model_values(const struct yg_an_marker *m, struct acc_rows *r, size_t first, struct yg_task *task, double *out,
                                   struct yg_err *err)
{
	const struct yg_prediction_model *p = m->model;
	double *x = NULL, *offset = NULL;
	if (p->refused)
		return yg_fail(err, YG_REFUSED, "E-PRE-018", N_("nothing can be predicted by %s: %s"), m->name, p->refused);
	if (p->stratas && !p->one_scale)
		return yg_fail(err, YG_REFUSED, "E-ACC-008", N_("%s has strata: its predictions of different strata cannot be set in one order"), m->name);
	enum yg_status s = yg_design_apply(task, p->design, r->set, first, &x, &offset, err);
	if (s == YG_OK)
		s = yg_linear_predictor(x, r->n, p->p, p->b, offset, task, out, err);
	yg_data_free(x);
	yg_data_free(offset);
	/* A longer time is no greater risk. */
	for (size_t i = 0; s == YG_OK && p->longer && i < r->n; i++)
		out[i] = -out[i];
	return s;
}

static enum yg_status marker_values(const struct acc_ask *ask, struct acc_rows *r, const struct places *at, struct yg_task *task,
                                    struct yg_err *err)
{
	r->markers = ask->of->markers;
	r->score = yg_arena_alloc(&r->arena, r->markers + 1, sizeof *r->score);
	r->name = yg_arena_alloc(&r->arena, r->markers + 1, sizeof *r->name);
	r->leveled = yg_arena_alloc(&r->arena, r->markers + 1, sizeof *r->leveled);
	for (size_t k = 0; k < r->markers; k++) {
		r->score[k] = NULL;
		r->leveled[k] = false;
	}
	for (size_t k = 0; k < r->markers; k++) {
		const struct yg_an_marker *m = &ask->of->marker[k];
		const struct yg_set_column *c = m->model ? NULL : &r->set->column[at->marker[k]];
		r->name[k] = m->model ? m->name : c->name;
		r->score[k] = yg_data_alloc(r->n + 1, sizeof(double));
		if (!r->score[k])
			return no_memory(err);
		if (m->model) {
			YG_TRY(model_values(m, r, at->marker[k], task, r->score[k], err));
			continue;
		}
		if (ask->yes_no) {
			YG_TRY(test_values(ask, r, c, m->expression, r->score[k], err));
			continue;
		}
		r->leveled[k] = c->is_factor;
		for (size_t i = 0; i < r->n; i++)
			r->score[k][i] = c->is_factor ? c->level[i] : c->number[i];
	}
	return YG_OK;
}

static enum yg_status frequencies(struct acc_rows *r, const struct yg_set_column *c, struct yg_err *err)
{
	r->repeats = yg_data_alloc(r->n + 1, sizeof *r->repeats);
	if (!r->repeats)
		return no_memory(err);
	for (size_t i = 0; i < r->n; i++) {
		double f = c->number ? c->number[i] : NAN;
		if (!(f >= 0) || f != floor(f) || f > 4e9)
			return yg_fail(err, YG_REFUSED, "E-ACC-009", N_("freq counts repeats: whole numbers, 0 or more"));
		r->repeats[i] = (uint32_t)f;
	}
	return YG_OK;
}

static enum yg_status clusters_of(struct acc_rows *r, const struct places *at, struct yg_err *err)
{
	struct yg_intern seen;
	struct yg_buf name = YG_BUF_INIT;
	r->cluster = yg_data_calloc(r->n + 1, sizeof *r->cluster);
	if (!r->cluster)
		return no_memory(err);
	yg_intern_init(&seen);
	for (size_t k = 0; k < at->clusters; k++) {
		const struct yg_set_column *c = &r->set->column[at->cluster + k];
		yg_buf_addf(&name, k ? ", %s" : "%s", c->name);
		yg_intern_release(&seen);
		yg_intern_init(&seen);
		for (size_t i = 0; i < r->n; i++)
			r->cluster[i] = yg_intern64(&seen, r->cluster[i], (uint64_t)c->level[i]);
	}
	r->clusters = seen.count;
	r->cluster_name = yg_arena_strdup(&r->arena, name.data);
	yg_intern_release(&seen);
	yg_buf_release(&name);
	return YG_OK;
}

static enum yg_status groups_of(struct acc_rows *r, const struct places *at, struct yg_err *err)
{
	struct yg_buf name = YG_BUF_INIT;
	size_t cells = 1;
	for (size_t k = 0; k < at->bys; k++)
		cells *= (size_t)r->set->column[at->by + k].levels;
	if (cells > 200) {
		yg_fail(err, YG_REFUSED, "E-ACC-010", N_("by makes %zu groups, and as many analyses"), cells);
		yg_err_hint(err, N_("Make fewer groups with factor NAME = cut(...)"));
		return YG_REFUSED;
	}
	r->groups = cells;
	r->label = yg_arena_alloc(&r->arena, cells + 1, sizeof *r->label);
	r->label[0] = NULL;
	if (!at->bys)
		return YG_OK;
	r->group = yg_data_calloc(r->n + 1, sizeof *r->group);
	if (!r->group)
		return no_memory(err);
	for (size_t k = 0; k < at->bys; k++) {
		const struct yg_set_column *b = &r->set->column[at->by + k];
		yg_buf_addf(&name, k ? ":%s" : "%s", b->name);
		for (size_t i = 0; i < r->n; i++)
			r->group[i] = r->group[i] * (uint32_t)b->levels + (uint32_t)b->level[i];
	}
	r->by = yg_arena_strdup(&r->arena, name.data);
	for (size_t c = 0; c < cells; c++) {
		size_t rest = c, wide = cells;
		yg_buf_clear(&name);
		for (size_t k = 0; k < at->bys; k++) {
			const struct yg_set_column *b = &r->set->column[at->by + k];
			wide /= (size_t)b->levels;
			yg_buf_addf(&name, k ? ", %s: %s" : "%s: %s", b->name, b->level_name[rest / wide]);
			rest %= wide;
		}
		r->label[c] = yg_arena_strdup(&r->arena, name.data);
	}
	yg_buf_release(&name);
	return YG_OK;
}

static enum yg_status check_rows(const struct acc_ask *ask, const struct acc_rows *r, struct yg_err *err)
{
	if (ask->of->in.population && ask->of->in.population->weight)
		return yg_fail(err, YG_REFUSED, "E-ACC-011", N_("%s does not honour weights in this version"), ask->verb);
	if (r->n > r->set->persons && !ask->of->cluster && !ask->of->frequency) {
		yg_fail(err, YG_REFUSED, "E-ACC-005", N_("there are %llu rows of %llu persons: rows of one person are not independent"),
		        (unsigned long long)r->n, (unsigned long long)r->set->persons);
		yg_err_hint(err, N_("Add cluster with the person's column, or choose one row a person with where."));
		return YG_REFUSED;
	}
	return YG_OK;
}

enum yg_status acc_rows_build(const struct acc_ask *ask, struct yg_task *task, struct acc_rows *out, struct yg_err *err)
{
	struct places at = { 0 };
	memset(out, 0, sizeof *out);
	yg_arena_init(&out->arena);
	enum yg_status s = build_set(ask, task, out, &at, err);
	if (s == YG_OK)
		s = check_rows(ask, out, err);
	if (s == YG_OK) {
		out->y = yg_data_alloc(out->n + 1, 1);
		s = out->y ? outcome_values(ask, out, err) : no_memory(err);
	}
	if (s == YG_OK)
		s = marker_values(ask, out, &at, task, err);
	if (s == YG_OK && at.has_frequency)
		s = frequencies(out, &out->set->column[at.frequency], err);
	if (s == YG_OK && at.clusters)
		s = clusters_of(out, &at, err);
	if (s == YG_OK)
		s = groups_of(out, &at, err);
	if (s == YG_OK && at.plan)
		s = yg_design_build(at.plan, out->set, at.adjust, true, &out->design, err);
	if (s != YG_OK)
		acc_rows_release(out);
	return s;
}

void acc_rows_release(struct acc_rows *r)
{
	for (size_t k = 0; r->score && k < r->markers; k++)
		yg_data_free(r->score[k]);
	yg_data_free(r->y);
	yg_data_free(r->cluster);
	yg_data_free(r->repeats);
	yg_data_free(r->group);
	yg_design_free(r->design);
	yg_set_free(r->set);
	yg_arena_release(&r->arena);
	memset(r, 0, sizeof *r);
}

void acc_rows_notes(struct yg_raw *raw, const struct acc_rows *r, const struct yg_an_reference *of)
{
	int64_t events = 0;
	for (size_t i = 0; i < r->n; i++)
		events += r->y[i] == 1 ? (r->repeats ? (int64_t)r->repeats[i] : 1) : 0;
	an_set_notes(raw, r->set, &of->in, events);
	if (of->frequency)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("each row stands for the number of persons in freq"));
	if (r->cluster) {
		struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("rows of one {1} are not taken for independent: {2} clusters"));
		yg_raw_note_data(n, r->cluster_name);
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)r->clusters, YG_NOBODY);
	}
}

/* ---- one group ---- */

static void count_part(struct acc_part *p)
{
	uint32_t last[3] = { UINT32_MAX, UINT32_MAX, UINT32_MAX }, before = UINT32_MAX;
	uint64_t run = 0;
	for (size_t i = 0; i < p->n; i++) {
		uint64_t w = p->repeats ? p->repeats[i] : 1;
		uint32_t person = p->person[i];
		p->count[p->y[i]] += w;
		p->people[p->y[i]] += p->repeats ? w : last[p->y[i]] != person;
		p->persons += p->repeats ? w : before != person;
		run = before == person ? run + 1 : 1;
		p->most = run > p->most ? run : p->most;
		last[p->y[i]] = before = person;
	}
}

/* Numbers for the clusters that have rows here: the bootstrap draws among them, and their count is a number of units. */
static enum yg_status number_clusters(struct acc_part *p, struct yg_err *err)
{
	uint32_t *number = yg_data_calloc(p->whole->clusters + 1, sizeof *number);
	if (!number)
		return no_memory(err);
	for (size_t i = 0; i < p->n; i++) {
		uint32_t *at = &number[p->cluster[i]];
		if (!*at)
			*at = (uint32_t)++p->clusters;
		p->cluster[i] = *at - 1;
	}
	yg_data_free(number);
	return YG_OK;
}

enum yg_status acc_part_take(const struct acc_rows *r, size_t group, struct acc_part *out, struct yg_err *err)
{
	size_t n = 0;
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < r->n; i++)
		n += !r->group || r->group[i] == group;
	out->whole = r;
	out->label = r->label[group];
	out->y = yg_data_alloc(n + 1, 1);
	out->person = yg_data_alloc(n + 1, sizeof *out->person);
	out->row = yg_data_alloc(n + 1, sizeof *out->row);
	out->cluster = r->cluster ? yg_data_alloc(n + 1, sizeof *out->cluster) : NULL;
	out->repeats = r->repeats ? yg_data_alloc(n + 1, sizeof *out->repeats) : NULL;
	out->score = yg_xcalloc(r->markers + 1, sizeof *out->score);
	bool room = out->y && out->person && out->row && (!r->cluster || out->cluster) && (!r->repeats || out->repeats);
	for (size_t k = 0; k < r->markers; k++) {
		out->score[k] = yg_data_alloc(n + 1, sizeof(double));
		room = room && out->score[k];
	}
	if (!room) {
		acc_part_release(out);
		return no_memory(err);
	}
	for (size_t i = 0; i < r->n; i++) {
		if (r->group && r->group[i] != group)
			continue;
		size_t to = out->n++;
		out->y[to] = r->y[i];
		out->person[to] = r->set->person[i];
		out->row[to] = (uint32_t)i;
		if (out->cluster)
			out->cluster[to] = r->cluster[i];
		if (out->repeats)
			out->repeats[to] = r->repeats[i];
		for (size_t k = 0; k < r->markers; k++)
			out->score[k][to] = r->score[k][i];
	}
	count_part(out);
	enum yg_status s = out->cluster ? number_clusters(out, err) : YG_OK;
	if (s != YG_OK)
		acc_part_release(out);
	out->data = (struct yg_roc_data){ .n = out->n, .y = out->y, .repeats = out->repeats, .cluster = out->cluster, .clusters = out->clusters };
	return s;
}

void acc_part_release(struct acc_part *p)
{
	for (size_t k = 0; p->score && k < p->whole->markers; k++)
		yg_data_free(p->score[k]);
	yg_free(p->score);
	yg_data_free(p->y);
	yg_data_free(p->person);
	yg_data_free(p->row);
	yg_data_free(p->cluster);
	yg_data_free(p->repeats);
	memset(p, 0, sizeof *p);
}

enum yg_status acc_part_check(const struct acc_part *p, struct yg_err *err)
{
	const char *in = p->label ? p->label : p->whole->outcome;
	if (p->count[0] && p->count[1])
		return YG_OK;
	yg_fail(err, YG_REFUSED, "E-ACC-012", p->count[1] ? N_("%s: everybody has the event; accuracy needs persons with it and without it") :
	                                                    N_("%s: nobody has the event; accuracy needs persons with it and without it"), in);
	yg_err_hint(err, N_("Look at where, at by and at event=, and at what was left out: see tab %s."), p->whole->set->column[0].name);
	return YG_REFUSED;
}

bool acc_part_left_out(struct yg_raw *raw, const struct acc_part *p)
{
	if (!p->label || (p->count[0] && p->count[1]))
		return false;
	an_note_data(raw, YG_NOTE_WARNING, N_("{1}: left out, since it has no persons with the event, or none without it"), p->label);
	return true;
}

struct yg_evidence acc_evidence(const struct acc_part *p)
{
	int64_t cases = (int64_t)p->people[1], controls = (int64_t)p->people[0];
	return (struct yg_evidence){ cases < controls ? cases : controls, cases, 0 };
}
