/* multistate: the states and transitions of a statement, and each person's path through them made from the endpoints. */
#include <math.h>
#include <string.h>

#include "an_multistate_priv.h"
#include "yogo/base/i18n.h"

/* ---- the model: states and transitions ---- */

static int state_named(const struct an_multistate *w, const char *name)
{
	for (unsigned h = 0; h < w->states; h++)
		if (!strcmp(w->state[h], name))
			return (int)h;
	return -1;
}

static bool has_move(const struct an_multistate *w, int from, int to)
{
	for (size_t k = 0; k < w->moves; k++)
		if (w->move[k].from == from && w->move[k].to == to)
			return true;
	return false;
}

static enum yg_status add_pair(struct an_multistate *w, const struct yg_node *pair, bool *from_start, struct yg_err *err)
{
	const char *name[2] = { NULL, NULL };
	int state[2];
	for (uint32_t k = 0; pair->kind == YG_NODE_PAIR && k < 2 && k < pair->children; k++)
		name[k] = pair->child[k]->text;
	if (!name[0] || !name[1])
		return yg_fail_at(err, YG_ESYNTAX, pair->at, pair->len, "E-MST-010", N_("a transition is written from: to, as in trans=(tx: died)"));
	for (int k = 0; k < 2; k++) {
		state[k] = state_named(w, name[k]);
		if (state[k] < 0) {
			yg_fail_at(err, YG_ESYNTAX, pair->child[k]->at, pair->child[k]->len, "E-MST-011", N_("%s is no state: it is not among the endpoints named"),
			           name[k]);
			yg_err_hint(err, N_("States are the endpoints of the statement, and start."));
			return YG_ESYNTAX;
		}
	}
	if (state[0] == state[1] || !state[1])
		return yg_fail_at(err, YG_ESYNTAX, pair->at, pair->len, "E-MST-012",
		                  state[1] ? N_("a transition leads to another state") : N_("nobody comes back to start: an endpoint is entered once"));
	if (has_move(w, state[0], state[1]))
		return yg_fail_at(err, YG_ESYNTAX, pair->at, pair->len, "E-MST-013", N_("this transition is named twice"));
	*from_start = *from_start || !state[0];
	w->move[w->moves++] = (struct yg_transition){ (uint8_t)state[0], (uint8_t)state[1] };
	return YG_OK;
}

enum yg_status an_multistate_read(struct an_multistate *w, struct yg_err *err)
{
	const struct yg_an_multistate *r = w->r;
	const struct yg_node *t = r->trans;
	struct yg_transition named[AN_MOVES];
	bool from_start = false;
	if (r->of.count + 1 > YG_MOST_STATES)
		return yg_fail(err, YG_ELIMIT, "E-MST-014", N_("at most %u endpoints make states"), YG_MOST_STATES - 1);
	w->state[0] = "start";
	w->states = (unsigned)r->of.count + 1;
	for (size_t k = 0; k < r->of.count; k++) {
		w->state[k + 1] = r->of.endpoint[k]->name;
		if (!strcmp(w->state[k + 1], "start"))
			return yg_fail(err, YG_REFUSED, "E-MST-015", N_("start is the name of the first state: call the endpoint something else"));
	}
	for (size_t i = 0; t && i < (t->kind == YG_NODE_GROUP ? t->children : 1u); i++)
		YG_TRY(add_pair(w, t->kind == YG_NODE_GROUP ? t->child[i] : t, &from_start, err));
	/* Unless said otherwise every endpoint can be the first. */
	size_t named_count = w->moves;
	memcpy(named, w->move, sizeof named);
	w->moves = 0;
	for (unsigned h = 1; !from_start && h < w->states; h++)
		w->move[w->moves++] = (struct yg_transition){ 0, (uint8_t)h };
	for (size_t k = 0; k < named_count; k++)
		w->move[w->moves++] = named[k];
	return YG_OK;
}

/* ---- paths ---- */

static bool room(struct an_multistate *w)
{
	if (w->n < w->cap)
		return true;
	w->cap = w->cap ? 2 * w->cap : w->joint.persons + w->joint.persons / 2 + 64;
	w->entry = yg_xrealloc(w->entry, w->cap, sizeof *w->entry);
	w->exit = yg_xrealloc(w->exit, w->cap, sizeof *w->exit);
	w->weight = yg_xrealloc(w->weight, w->cap, sizeof *w->weight);
	w->from = yg_xrealloc(w->from, w->cap, 1);
	w->to = yg_xrealloc(w->to, w->cap, 1);
	w->person = yg_xrealloc(w->person, w->cap, sizeof *w->person);
	w->place = yg_xrealloc(w->place, w->cap, sizeof *w->place);
	w->group = yg_xrealloc(w->group, w->cap, sizeof *w->group);
	return true;
}

/* One person: from state to state at the first event that a transition allows; in a state followed as long as all its exits are. */
static void path(struct an_multistate *w, const size_t *at, const bool *allowed)
{
	const struct an_surv *s = w->joint.s;
	double now = 0, exit[YG_MOST_STATES];
	bool event[YG_MOST_STATES], other[YG_MOST_STATES], taken[YG_MOST_STATES] = { false }, tied = false;
	int state = 0;
	size_t rows = 0;
	for (unsigned h = 1; h < w->states; h++) {
		const struct yg_set *set = s[h - 1].set;
		exit[h] = set->exit[at[h - 1]];
		event[h] = set->status[at[h - 1]] == 1;
		other[h] = set->status[at[h - 1]] > 1;
		if (set->entry && isfinite(set->entry[at[h - 1]]))
			now = fmax(now, set->entry[at[h - 1]]);
	}
	for (;;) {
		double end = INFINITY;
		int to = state, events = 0;
		bool competed = false;
		for (unsigned h = 1; h < w->states; h++) {
			if (!allowed[(size_t)state * YG_MOST_STATES + h] || taken[h] || (event[h] && exit[h] <= now))
				continue;
			if (exit[h] < end) {
				end = exit[h];
				to = state;
				events = 0;
				competed = false;
			}
			competed = competed || (other[h] && !(exit[h] > end));
			if (event[h] && !(exit[h] > end)) {
				to = (int)h;       /* of several at one time the one named last */
				events++;
			}
		}
		if (!isfinite(end) || !(end > now))
			break;
		tied = tied || events > 1;
		room(w);
		w->entry[w->n] = now;
		w->exit[w->n] = end;
		w->from[w->n] = (uint8_t)state;
		w->to[w->n] = (uint8_t)to;
		w->person[w->n] = s->set->person[at[0]];
		w->place[w->n] = (uint32_t)at[0];
		w->group[w->n] = s->group[at[0]];
		w->weight[w->n] = s->weight ? s->weight[at[0]] : 1;
		w->n++;
		rows++;
		now = end;
		w->competed += to == state && competed;
		if (to == state)
			break;
		state = to;
		taken[state] = true;
	}
	w->never += !rows;
	w->ties += tied;
	for (unsigned h = 1; rows && h < w->states; h++)
		if (event[h] && !taken[h] && exit[h] > now && !allowed[(size_t)state * YG_MOST_STATES + h])
			w->ignored[(size_t)state * YG_MOST_STATES + h]++;
}

enum yg_status an_multistate_paths(struct an_multistate *w, struct yg_err *err)
{
	bool allowed[AN_MOVES] = { false };
	const struct an_joint *j = &w->joint;
	bool late = false;
	for (size_t k = 0; k < w->moves; k++)
		allowed[w->move[k].from * YG_MOST_STATES + w->move[k].to] = true;
	for (size_t i = 0; i < j->persons; i++) {
		if (i % 65536 == 0 && !yg_task_tick(w->task, i, j->persons))
			return yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
		path(w, j->at + i * j->endpoints, allowed);
	}
	if (!w->n)
		return yg_fail(err, YG_REFUSED, "E-MST-016", N_("nobody has time at risk in any state"));
	for (size_t i = 0; i < w->n && !late; i++)
		late = w->entry[i] > 0;
	w->data = (struct yg_multistate_data){ .n = w->n, .entry = late ? w->entry : NULL, .exit = w->exit, .from = w->from, .to = w->to,
		                               .person = w->person, .weight = j->s->weight ? w->weight : NULL,
		                               .group = j->s->groups > 1 ? w->group : NULL, .groups = j->s->groups, .states = w->states,
		                               .transition = w->move, .transitions = w->moves };
	return YG_OK;
}
