/* attrition and flow: how a cohort came about, step by step, and in groups. */
#include <math.h>
#include <string.h>

#include "analysis/an_frame_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

static bool has(const uint64_t *bits, uint64_t i)
{
	return bits[i >> 6] >> (i & 63) & 1;
}

/* Persons of each group left after each step: left[(steps + 1) * groups]. */
static void count_groups(const struct yg_cohort *c, const struct an_frame *f, uint64_t *left)
{
	size_t groups = f->by.count;

	for (size_t i = 0; i < f->set->n; i++) {
		if (f->by.of[i] < 0)
			continue;
		size_t g = (size_t)f->by.of[i];
		left[g]++;
		for (size_t k = 0; k < c->steps && has(c->step[k].pass, f->set->person[i]); k++)
			left[(k + 1) * groups + g]++;
	}
}

static void attrition_table(const struct yg_an_attrition *r, struct an_frame *f, struct yg_raw *raw, size_t turn)
{
	const struct yg_cohort *c = r->cohort;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(&f->arena, "attrition", turn), yg_phrase_data(&f->arena, c->label ? c->label : ""));
	size_t groups = f->by.title ? f->by.count : 0;
	uint64_t *left = yg_arena_alloc(&f->arena, (c->steps + 1) * f->by.count + 1, sizeof *left);
	int persons = yg_raw_column(t, "persons", N_("persons"), YG_ROLE_PERSONS, NULL);
	int share = yg_raw_column(t, "share", "%", YG_ROLE_PROPORTION, NULL);
	int lost = yg_raw_column(t, "lost", N_("lost"), YG_ROLE_PERSONS, NULL);
	int unknown = yg_raw_column(t, "unknown", N_("unknown"), YG_ROLE_PERSONS, NULL);
	int alone = r->alone ? yg_raw_column(t, "alone", N_("lost if alone"), YG_ROLE_PERSONS, NULL) : -1;
	int gain = r->drop_one ? yg_raw_column(t, "drop_one", N_("more without it"), YG_ROLE_PERSONS, NULL) : -1;
	int first = 0;

	for (size_t g = 0; g < groups; g++) {
		int at = yg_raw_column_data(t, f->by.label[g], f->by.label[g], YG_ROLE_PERSONS, NULL);
		if (!g)
			first = at;
	}
	if (groups)
		count_groups(c, f, left);
	uint64_t all = c->persons_total;
	for (size_t k = 0; k <= c->steps; k++) {
		const struct yg_step *s = k ? &c->step[k - 1] : NULL;
		const char *key = k ? yg_arena_printf(&f->arena, "step %zu", k) : "all";
		uint64_t now = s ? s->persons_left : all, before = s ? s->persons_before : all;
		int row = yg_raw_row_data(t, key, s ? s->label : c->table->name, 0);
		yg_raw_int(t, row, persons, (int64_t)now, an_part(now, all));
		if (all)
			yg_raw_num(t, row, share, (double)now / (double)all, an_part(now, all));
		else
			yg_raw_missing(t, row, share, N_("nobody"));
		if (s) {
			yg_raw_int(t, row, lost, (int64_t)s->lost, an_part(s->lost, before));
			yg_raw_int(t, row, unknown, (int64_t)s->unknown, an_part(s->unknown, before));
			if (alone >= 0)
				yg_raw_int(t, row, alone, (int64_t)s->alone_lost, an_part(s->alone_lost, all));
			if (gain >= 0)
				yg_raw_int(t, row, gain, (int64_t)s->drop_one_gain, an_part(s->drop_one_gain, all));
		}
		for (size_t g = 0; g < groups; g++) {
			uint64_t v = left[k * groups + g];
			yg_raw_int(t, row, first + (int)g, (int64_t)v, an_part(v, now));
		}
	}
}

static void flow_figure(const struct yg_cohort *c, struct yg_raw *raw)
{
	struct yg_arena arena;
	yg_arena_init(&arena);
	struct yg_raw_figure *fig = yg_raw_figure(raw, "flow", YG_FIGURE_FLOW, yg_phrase_data(&arena, c->label ? c->label : c->name));
	int series = yg_raw_series_data(fig, c->name);

	for (size_t k = 0; k <= c->steps; k++) {
		const struct yg_step *s = k ? &c->step[k - 1] : NULL;
		uint64_t now = s ? s->persons_left : c->persons_total;
		struct yg_raw_point p = {
			.x = s ? (double)s->lost : NAN, .x2 = NAN, .y = (double)now, .lower = NAN, .upper = NAN,
			.label = yg_phrase_data(&arena, s ? s->label : c->table->name), .text = yg_phrase_data(&arena, s ? s->rule : NULL),
		};
		/* the smaller of those who stay and those who leave stands for the box */
		uint64_t fewest = s && s->lost && s->lost < now ? s->lost : now;
		yg_raw_point(fig, series, &p, an_part(fewest, s ? s->persons_before : c->persons_total));
	}
	yg_arena_release(&arena);
}

static void attrition_notes(const struct yg_an_attrition *r, struct yg_raw *raw)
{
	const struct yg_cohort *c = r->cohort;
	bool require = false, exclude = false;

	for (size_t k = 0; k < c->steps; k++) {
		require = require || c->step[k].is_require;
		exclude = exclude || !c->step[k].is_require;
	}
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_POPULATION, N_("{1} of {2} persons of {3} are in {4}"));
	yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)c->persons, an_part(c->persons, c->persons_total));
	yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)c->persons_total, an_persons(c->persons_total));
	yg_raw_note_data(n, c->table->name);
	yg_raw_note_data(n, c->name);
	if (require)
		yg_raw_note(raw, YG_NOTE_CONVENTION, 
		            N_("require drops the persons for whom the rule is unknown; they are among the lost"));
	if (exclude)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("exclude keeps the persons for whom the rule is unknown"));
	if (r->alone)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("lost if alone: were it the only step"));
	if (r->drop_one)
		yg_raw_note(raw, YG_NOTE_CONVENTION, N_("more without it: persons more in the end were the step left out"));
	for (size_t k = 0; k < c->steps; k++) {
		n = yg_raw_note(raw, YG_NOTE_INFO, N_("step {1}: {2}"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)k + 1, YG_NOBODY);
		yg_raw_note_data(n, c->step[k].rule);
	}
}

enum yg_status yg_an_attrition(const struct yg_an_attrition *r, struct yg_task *task, struct yg_raw **out,
                               struct yg_err *err)
{
	const struct yg_cohort *c = r->cohort;
	struct yg_raw *raw = yg_raw_new(r->no_table ? "flow" : "attrition", 1);
	/* groups are of everybody in the table, not of those who stayed */
	struct yg_population everybody = { .name = c->table->name, .sentence = c->table->name, .table = c->table,
		                               .persons = c->persons_total };
	struct yg_an_input in = { .scope = r->in.scope, .population = &everybody, .by = r->in.by };

	yg_raw_counts(raw, (int64_t)c->persons, -1, -1, (int64_t)(c->persons_total - c->persons));
	for (size_t turn = 0; turn < an_crossings(in.by) && !r->no_table; turn++) {
		struct an_frame f = { .by = { .count = 1 } };
		if (in.by) {
			struct an_frame_request fr = { .in = &in, .crossing = an_crossing(in.by, turn), .unit = YG_SET_PERSONS,
				                           .keep_group_missing = true };
			enum yg_status s = an_frame_build(&fr, task, &f, err);
			if (s != YG_OK) {
				yg_raw_free(raw);
				return s;
			}
		} else {
			yg_arena_init(&f.arena);
		}
		attrition_table(r, &f, raw, turn);
		if (!turn) {
			if (f.by.title)
				an_title(raw, N_("%s by %s"), c->label ? c->label : c->name, f.by.title);
			else
				an_title(raw, "%s", c->label ? c->label : c->name);
		}
		an_frame_release(&f);
	}
	if (r->no_table)
		an_title(raw, "%s", c->label ? c->label : c->name);
	if (!r->no_figure)
		flow_figure(c, raw);
	attrition_notes(r, raw);
	*out = raw;
	return YG_OK;
}
