/* Where the outcome of a text is looked at: the view that belongs to what was made. */
#include <string.h>

#include "tui_priv.h"

static void go_once(struct yg_tui *t, int place)
{
	if (t->view->place != place || t->view->below == NULL)
		yg_tui_go(t, place);
}

/* The editor of the object is in view already: it has read the new definition itself. */
static bool in_view(const struct yg_tui *t, const char *kind, const char *name)
{
	return t->view && !strcmp(t->view->kind->name, kind) && t->view->kind->slot &&
	       !strcmp(yg_builder_of(t->view)->name, name);
}

void yg_tui_open_object(struct yg_tui *t, const char *name)
{
	const struct yg_object *o = yg_state_find(yg_session_state(t->session), name);

	if (!o)
		return;
	switch (o->kind) {
	case YG_OBJECT_DATASET:
		yg_tui_go(t, YG_PLACE_DATA);
		break;
	case YG_OBJECT_COHORT:
		if (!in_view(t, "cohort", name)) {
			go_once(t, YG_PLACE_COHORTS);
			yg_tui_push(t, yg_view_cohort(t, name, NULL));
		}
		break;
	case YG_OBJECT_ENDPOINT:
		if (!in_view(t, "endpoint", name)) {
			go_once(t, YG_PLACE_ENDPOINTS);
			yg_tui_push(t, yg_view_endpoint(t, name));
		}
		break;
	default:
		if (o->result)
			yg_tui_push(t, yg_view_result(t, YG_PLACE_RESULTS, o->name, o->result));
		else if (o->text)
			yg_tui_push(t, yg_view_page(t, t->view->place, o->name, o->text));
	}
}

void yg_tui_show_outcome(struct yg_tui *t)
{
	if (t->gots == 1)
		yg_tui_push(t, yg_view_result(t, YG_PLACE_RESULTS, t->got[0].name, t->got[0].result));
	else if (t->gots)
		yg_tui_push(t, yg_view_results(t, YG_PLACE_RESULTS, t->got, t->gots));
	else if (t->made)
		yg_tui_open_object(t, t->made);
}
