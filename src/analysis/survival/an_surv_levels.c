/* A model in each level of by: the levels one after the other, each on its own rows. */
#include "an_surv_priv.h"

#include "yogo/base/i18n.h"

#define MOST_LEVELS 200u

static enum yg_status begin(struct an_surv_levels *l, struct yg_err *err)
{
	l->keep = yg_data_alloc(l->whole->set->n + 1, 1);
	if (!l->keep)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while rows were chosen"));
	if (l->whole->groups <= MOST_LEVELS)
		return YG_OK;
	yg_fail(err, YG_REFUSED, "E-REG-021", N_("by makes %zu groups, and as many models"), l->whole->groups);
	yg_err_hint(err, N_("Make fewer groups with factor NAME = cut(...)"));
	return YG_REFUSED;
}

bool an_surv_next_level(struct an_surv_levels *l, enum yg_status *status, struct yg_err *err)
{
	const struct an_surv *s = l->whole;

	if (!l->keep)
		*status = begin(l, err);
	else
		an_surv_release(&l->part);
	if (*status == YG_OK && l->next < s->groups) {
		for (size_t i = 0; i < s->set->n; i++)
			l->keep[i] = s->group[i] == (int32_t)l->next;
		l->level = s->group_label[l->next++];
		*status = an_surv_subset(s, l->ask, l->keep, &l->part, err);
		if (*status == YG_OK)
			return true;
	}
	yg_data_free(l->keep);
	l->keep = NULL;
	return false;
}

void an_surv_empty_level(struct yg_raw *raw, const char *by, const char *level)
{
	struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_WARNING, N_("{1}: {2} has no events; no model was fitted there"));

	yg_raw_note_data(n, by);
	yg_raw_note_data(n, level);
}
