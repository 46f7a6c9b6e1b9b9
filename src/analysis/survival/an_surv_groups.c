/* Groups of a survival verb: the cells of its by that have rows, named by the levels. */
#include "an_surv_priv.h"

#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

/* A level as people read it: the value label of the manifest where there is one. */
static const char *level_label(const struct an_surv *s, const struct yg_set_column *c, int level)
{
	struct yg_column_ref ref;
	if (yg_table_find(s->endpoint->table, c->name, &ref, NULL) == YG_OK) {
		const struct yg_field *field = yg_column_field(&ref);
		for (size_t k = 0; field->type != YG_TYPE_LEVEL && k < field->value_labels; k++)
			if (!strcmp(field->value_label[k].value, c->level_name[level]) && field->value_label[k].label.en)
				return field->value_label[k].label.en;
	}
	return c->level_name[level];
}

static const char *cell_label(struct an_surv *s, size_t at, size_t factors, size_t cell)
{
	const char *part[16];
	struct yg_buf text = YG_BUF_INIT;
	for (size_t k = factors; k-- > 0; ) {
		const struct yg_set_column *c = &s->set->column[at + k];
		part[k] = level_label(s, c, (int)(cell % (size_t)c->levels));
		cell /= (size_t)c->levels;
	}
	for (size_t k = 0; k < factors; k++)
		yg_buf_addf(&text, k ? ", %s" : "%s", part[k]);
	const char *label = yg_arena_strdup(&s->arena, text.data);
	yg_buf_release(&text);
	return label;
}

const char *an_surv_joined(struct an_surv *s, size_t at, size_t factors, const char *between)
{
	struct yg_buf text = YG_BUF_INIT;
	for (size_t k = 0; k < factors; k++) {
		if (k)
			yg_buf_adds(&text, between);
		yg_buf_adds(&text, s->set->column[at + k].name);
	}
	const char *title = yg_arena_strdup(&s->arena, text.data);
	yg_buf_release(&text);
	return title;
}

enum yg_status an_surv_cells(struct an_surv *s, size_t *out, struct yg_err *err)
{
	size_t cells = 1;
	if (s->bys > 16)
		return yg_fail(err, YG_ESYNTAX, "E-DESC-004", N_("at most 16 columns make groups"));
	for (size_t k = 0; k < s->bys; k++) {
		cells *= (size_t)s->set->column[s->by_at + k].levels;
		if (cells > AN_SURV_GROUPS) {
			yg_fail(err, YG_REFUSED, "E-SUR-006", N_("by %s makes more than 1,000 groups"),
			        s->set->column[s->by_at + k].name);
			yg_err_hint(err, N_("Make fewer groups with factor NAME = cut(...)"));
			return YG_REFUSED;
		}
	}
	*out = cells;
	return YG_OK;
}

void an_surv_name_groups(struct an_surv *s, int32_t *place, size_t cells)
{
	s->group_label = yg_arena_alloc(&s->arena, cells + 1, sizeof *s->group_label);
	s->group_words = yg_arena_alloc(&s->arena, cells + 1, sizeof *s->group_words);
	if (!s->bys) {
		s->groups = 1;
		s->group_label[0] = s->group_words[0] = N_("all");
		place[0] = 0;
		return;
	}
	s->by_title = an_surv_joined(s, s->by_at, s->bys, ":");
	for (size_t cell = 0; cell < cells; cell++) {
		if (!place[cell])
			continue;
		s->group_label[s->groups] = cell_label(s, s->by_at, s->bys, cell);
		s->group_words[s->groups] = yg_phrase_data(&s->arena, s->group_label[s->groups]);
		place[cell] = (int32_t)s->groups++;
	}
}

void an_surv_group_room(struct an_surv *s)
{
	s->group_rows = yg_arena_alloc(&s->arena, 4 * s->groups + 1, sizeof *s->group_rows);
	s->group_persons = s->group_rows + s->groups;
	s->group_events = s->group_persons + s->groups;
	s->group_event_rows = s->group_events + s->groups;
	s->group_time = yg_arena_alloc(&s->arena, 2 * s->groups + 1, sizeof *s->group_time);
	s->group_weight = s->group_time + s->groups;
}
