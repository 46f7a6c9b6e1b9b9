/* What there is to name: free names, the object that a template means. */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/io.h"
#include "yogo/lang/spec.h"

bool yg_ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

const char *yg_free_name(struct yg_tui *t, const char *prefix)
{
	static char name[80];
	const struct yg_state *s = yg_session_state(t->session);
	struct yg_query_column *column;
	struct yg_arena arena;
	size_t n;

	yg_arena_init(&arena);
	n = yg_query_columns(s, &arena, &column);
	for (unsigned k = 1;; k++) {
		bool taken;
		snprintf(name, sizeof name, "%.60s%u", prefix, k);
		taken = yg_state_find(s, name) != NULL;
		for (size_t i = 0; i < n && !taken; i++)
			taken = strcmp(column[i].name, name) == 0;
		if (!taken)
			break;
	}
	yg_arena_release(&arena);
	return name;
}

struct yg_object *yg_last_object(struct yg_tui *t, enum yg_object_kind kind)
{
	const struct yg_state *s = yg_session_state(t->session);

	for (size_t i = s->objects; i-- > 0;)
		if (s->object[i]->kind == kind && !s->object[i]->stale)
			return s->object[i];
	return NULL;
}

/* The first name after the last " by " of a text that is a column. */
static const char *by_of(const char *text, const struct yg_query_column *column, size_t n)
{
	const char *by = NULL;

	for (const char *p = strstr(text, " by "); p; p = strstr(p + 1, " by "))
		by = p + 4;
	if (!by || !strncmp(text, "let ", 4))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(column[i].name);
		if (strncmp(by, column[i].name, len) == 0 && (by[len] == '\0' || strchr(" ,:;\n", by[len])))
			return column[i].name;
	}
	return NULL;
}

/* A table of rows sees the columns of the subject table beside its own. */
static bool several_rows(const struct yg_query_column *column, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!column[i].own)
			return true;
	return false;
}

bool yg_is_picked(struct yg_tui *t, const char *column)
{
	const char *here = t->view && t->view->kind->slot ? t->view->kind->slot(t, t->view, "column") : NULL;

	return t->picked.count ? yg_map_find(&t->picked, column, strlen(column)) >= 0 : here && !strcmp(here, column);
}

const char *yg_group_column(struct yg_tui *t)
{
	static char name[256];
	struct yg_query_column *column;
	struct yg_arena arena;
	const char *found = NULL;
	size_t n;

	yg_arena_init(&arena);
	n = yg_query_columns(yg_session_state(t->session), &arena, &column);
	for (size_t i = t->history.count; i-- > 0 && !found;)
		found = by_of(t->history.entry[i].key, column, n);
	if (found && yg_is_picked(t, found))
		found = NULL;
	/* What is constant within the person compares persons; named levels before coded ones. */
	for (int turn = 0; turn < 4 && !found; turn++)
		for (size_t i = 0; i < n && !found; i++)
			if (!yg_is_picked(t, column[i].name) && column[i].levels >= 2 && column[i].levels <= 6 && (turn >= 2 || !column[i].own || !several_rows(column, n)) &&
			    (turn % 2 == 1 || !strcmp(column[i].type, "level")))
				found = column[i].name;
	snprintf(name, sizeof name, "%s", found ? found : "");
	yg_arena_release(&arena);
	return found ? name : NULL;
}

const char *yg_cohort_name(struct yg_tui *t)
{
	const struct yg_state *s = yg_session_state(t->session);
	const struct yg_object *o;
	const char *here = t->view && t->view->kind->slot ? t->view->kind->slot(t, t->view, "cohort") : NULL;

	if (here)
		return here;
	if (s->cohort)
		return NULL;   /* already the population: needs no naming */
	o = yg_last_object(t, YG_OBJECT_COHORT);
	return o && o->dataset == s->dataset ? o->name : NULL;
}

bool yg_is_model(const struct yg_result *r)
{
	const struct yg_verb_spec *verb = r ? yg_verb_find(r->verb) : NULL;

	return verb && verb->formula;
}

size_t yg_cohort_files(struct yg_tui *t, struct yg_arena *arena, const char ***out)
{
	const char *roots[2] = { t->options.data_folder, "." };
	const char *const *name[2];
	size_t count[2], n = 0;

	for (int r = 0; r < 2; r++)
		count[r] = roots[r] ? yg_io_list_folder(roots[r], ".cohort", arena, &name[r]) : 0;
	*out = yg_arena_alloc(arena, count[0] + count[1] + 1, sizeof **out);
	for (int r = 0; r < 2; r++)
		for (size_t i = 0; i < count[r]; i++) {
			bool twice = false;
			for (size_t j = 0; j < n; j++)
				twice |= !strcmp((*out)[j], name[r][i]);
			if (!twice && yg_ends_with(name[r][i], ".cohort"))
				(*out)[n++] = name[r][i];
		}
	return n;
}
