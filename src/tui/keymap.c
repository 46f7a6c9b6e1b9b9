/* Keys that write commands: one table feeds the keys, the hints, help and the palette. */
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"
#include "yogo/lang/print.h"

/*
 * {?slot} keeps its brackets only when the slot can be filled.
 * {slot} is filled from what is in view or defined last; [ ... ] is left out when its slot cannot be
 * filled; a slot that must be there and is not stays in capitals for the user to type over.
 */
static const struct yg_binding bindings[] = {
	{ "data", YG_KEY_ENTER, N_("describe the column"), "describe {column}; hist {column}", true },
	{ "data", 'r', N_("rows"), "show {columns} with top=100", false },
	{ "data", 't', N_("Table 1 of the marked columns"), "table1 {columns} [by {group}] [on {cohort}] [with overall, smd{?group}]", false },
	{ "data", 'T', N_("frequencies"), "tab {column} [by {group}] [on {cohort}]", false },
	{ "data", 'm', N_("missing values"), "missing {columns}", false },
	{ "data", 'f', N_("make a factor"), "factor {column} with ref=LEVEL", false },
	{ "data", 'l', N_("derive a column"), "let NAME = {column}", false },
	{ "cohorts", 'a', N_("attrition"), "attrition {cohort} [by {group}] with alone, drop_one", false },
	{ "cohorts", 'F', N_("flow diagram"), "flow {cohort}", true },
	{ "cohorts", 't', N_("Table 1"), "table1 {columns} [by {group}] on {cohort} [with overall, smd{?group}]", false },
	{ "cohorts", 'U', N_("make it the population"), "use {cohort}", true },
	{ "cohort", 'a', N_("attrition alone and without each"), "attrition {cohort} [by {group}] with alone, drop_one", true },
	{ "cohort", 'F', N_("flow diagram"), "flow {cohort}", true },
	{ "endpoints", 'K', N_("curves"), "km {endpoint} [by {group}] [on {cohort}] with ci=loglog", false },
	{ "endpoints", 'L', N_("log-rank test"), "logrank {endpoint} by {group} [on {cohort}]", false },
	{ "endpoints", 'F', N_("follow-up"), "followup {endpoint} [by {group}] [on {cohort}]", false },
	{ "endpoint", 'K', N_("curves"), "km {endpoint} [by {group}] [on {cohort}] with ci=loglog", false },
	{ "endpoint", 'L', N_("log-rank test"), "logrank {endpoint} by {group} [on {cohort}]", false },
	{ "results", 'P', N_("test proportional hazards"), "phtest {result}", false },
	{ "results", 'O', N_("forest plot"), "forest {result}", false },
	{ "result", 'P', N_("test proportional hazards"), "phtest {result}", false },
	{ "result", 'O', N_("forest plot"), "forest {result}", false },
	{ "curves", 'L', N_("log-rank test"), "logrank {endpoint} by {group} [on {cohort}]", false },
};

const struct yg_binding *yg_bindings(size_t *count)
{
	*count = sizeof bindings / sizeof *bindings;
	return bindings;
}

static void add_name(struct yg_buf *out, const char *name)
{
	yg_print_name(name, out);
}

/* The columns that a command on several takes: those marked, else the one in view. */
static bool add_columns(struct yg_tui *t, struct yg_buf *out)
{
	const char *one;

	for (size_t i = 0; i < t->picked.count; i++) {
		if (i)
			yg_buf_adds(out, ", ");
		add_name(out, t->picked.entry[i].key);
	}
	if (t->picked.count)
		return true;
	one = t->view && t->view->kind->slot ? t->view->kind->slot(t, t->view, "column") : NULL;
	if (one)
		add_name(out, one);
	return one != NULL;
}

static bool add_slot(struct yg_tui *t, const char *slot, struct yg_buf *out)
{
	const char *name = NULL;
	const struct yg_object *o = NULL;

	if (!strcmp(slot, "columns"))
		return add_columns(t, out);
	if (!strcmp(slot, "cohort"))
		name = yg_cohort_name(t);
	else if (t->view && t->view->kind->slot)
		name = t->view->kind->slot(t, t->view, slot);
	if (!name && !strcmp(slot, "group"))
		name = yg_group_column(t);
	if (!name && !strcmp(slot, "endpoint"))
		o = yg_last_object(t, YG_OBJECT_ENDPOINT);
	else if (!name && (!strcmp(slot, "result") || !strcmp(slot, "model")))
		o = yg_last_object(t, YG_OBJECT_RESULT);
	if (!name && o)
		name = o->name;
	if (name)
		add_name(out, name);
	return name != NULL;
}

/* One stretch of a template; false when a slot in it could not be filled. */
static bool fill(struct yg_tui *t, const char *p, const char *end, bool optional, size_t *gaps, struct yg_buf *out)
{
	while (p < end) {
		if (*p == '{') {
			const char *close = memchr(p, '}', (size_t)(end - p));
			char slot[32] = "";
			size_t n = (size_t)(close - p) - 1;
			memcpy(slot, p + 1, n < sizeof slot - 1 ? n : sizeof slot - 1);
			if (slot[0] == '?') {
				/* only asks whether the slot can be filled */
				struct yg_buf nothing = YG_BUF_INIT;
				bool there = add_slot(t, slot + 1, &nothing);
				yg_buf_release(&nothing);
				if (!there)
					return false;
				p = close + 1;
				continue;
			}
			if (!add_slot(t, slot, out)) {
				if (optional)
					return false;
				for (char *s = slot; *s; s++)
					yg_buf_addc(out, *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s);
				(*gaps)++;
			}
			p = close + 1;
		} else if (*p == '[') {
			const char *close = memchr(p, ']', (size_t)(end - p));
			size_t before = out->len;
			if (!fill(t, p + 1, close, true, gaps, out)) {
				out->len = before;
				out->data[before] = '\0';
				/* the blank in front of what was left out goes too */
				if (before && out->data[before - 1] == ' ')
					out->data[--out->len] = '\0';
			}
			p = close + 1;
		} else {
			yg_buf_addc(out, *p++);
		}
	}
	return true;
}

char *yg_fill(struct yg_tui *t, const char *template, size_t *gaps)
{
	struct yg_buf out = YG_BUF_INIT;
	static const char *const words[] = { "NAME", "LEVEL", "TERMS" };

	*gaps = 0;
	fill(t, template, template + strlen(template), false, gaps, &out);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		*gaps += strstr(template, words[i]) != NULL;
	return yg_buf_take(&out);
}

bool yg_tui_binding(struct yg_tui *t, struct yg_view *v, int key)
{
	for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++) {
		const struct yg_binding *b = &bindings[i];
		size_t gaps;
		char *text;
		if (b->key != key || strcmp(b->view, v->kind->name) != 0)
			continue;
		text = yg_fill(t, b->template, &gaps);
		if (b->run && !gaps)
			yg_tui_run_text(t, text, NULL);
		else
			yg_tui_prompt_at_gap(t, text);
		yg_free(text);
		return true;
	}
	return false;
}
