/* Tab: what the language says may stand at the cursor, filled with the names of this session. */
#include "yogo/lang/complete.h"

#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/lang/print.h"

struct candidates {
	struct yg_arena *arena;
	const char **text, **after;
	size_t n, cap, cap_after;
	const char *prefix;       /* what has been typed of the word */
	size_t prefix_length;
	bool in_string;
};

static void add(struct candidates *c, const char *text, const char *after)
{
	size_t n = c->n;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(c->text[i], text))
			return;
	YG_GROW(c->text, n, c->cap);
	n = c->n;
	YG_GROW(c->after, n, c->cap_after);
	c->text[c->n] = text;
	c->after[c->n++] = after ? after : "";
}

/* A name as it must be written; compared with what was typed as it is. */
static void add_name(struct candidates *c, const char *name, const char *after)
{
	struct yg_buf written = YG_BUF_INIT;

	if (!yg_complete_matches(name, c->prefix, c->prefix_length))
		return;
	yg_print_name(name, &written);
	add(c, yg_arena_strdup(c->arena, written.data), after);
	yg_buf_release(&written);
}

static void add_columns(struct yg_tui *t, struct candidates *c)
{
	struct yg_query_column *column;
	size_t n = yg_query_columns(yg_session_state(t->session), c->arena, &column);

	for (size_t i = 0; i < n; i++)
		add_name(c, column[i].name, "");
}

static bool wanted(const struct yg_object *o, enum yg_target target)
{
	switch (target) {
	case YG_TARGET_ENDPOINT: case YG_TARGET_ENDPOINTS: return o->kind == YG_OBJECT_ENDPOINT;
	case YG_TARGET_COHORT: return o->kind == YG_OBJECT_COHORT || o->kind == YG_OBJECT_SET || o->kind == YG_OBJECT_CONTRAST;
	case YG_TARGET_RESULT: case YG_TARGET_RESULTS: return o->result && o->kind != YG_OBJECT_DATASET;
	default: return true;
	}
}

static void add_objects(struct yg_tui *t, struct candidates *c, enum yg_target target)
{
	const struct yg_state *s = yg_session_state(t->session);

	for (size_t i = s->objects; i-- > 0;)
		if (wanted(s->object[i], target))
			add_name(c, s->object[i]->name, "");
	for (size_t i = 0; (target == YG_TARGET_OBJECT || target == YG_TARGET_ANY || target == YG_TARGET_COHORT) && i < yg_query_tables(s); i++)
		add_name(c, yg_query_table(s, i), "");
}

static void add_values(struct yg_tui *t, struct candidates *c, const char *name)
{
	struct yg_query_column *column;
	size_t n = yg_query_columns(yg_session_state(t->session), c->arena, &column);

	for (size_t i = 0; name && i < n; i++) {
		if (strcmp(column[i].name, name))
			continue;
		for (size_t k = 0; k < column[i].levels; k++) {
			const char *level = column[i].level[k];
			struct yg_buf text = YG_BUF_INIT;
			if (!yg_complete_matches(level, c->prefix, c->prefix_length))
				continue;
			yg_escape_script(&text, level, strlen(level));
			/* inside quotes the opening one is typed already */
			add(c, yg_arena_strdup(c->arena, c->in_string ? text.data + 1 : text.data), "");
			yg_buf_release(&text);
		}
	}
}

/* Files below the folder typed so far: for open those of the data folder too. */
static void add_files(struct yg_tui *t, struct candidates *c, bool to_read)
{
	const char *roots[2] = { to_read ? t->options.data_folder : NULL,
		                 to_read ? "." : t->options.out_folder ? t->options.out_folder : "." };
	char *typed = yg_xstrndup(c->prefix, c->prefix_length);
	const char *slash = strrchr(typed, '/');
	char *folder = slash ? yg_xstrndup(typed, (size_t)(slash - typed) + 1) : yg_xstrdup("");

	for (int r = 0; r < 2; r++) {
		const char *const *name;
		char *path;
		size_t n;
		if (!roots[r])
			continue;
		path = *folder == '/' ? yg_xstrdup(folder) : yg_path_join(roots[r], folder);
		n = yg_io_list_folder(path, to_read ? ".cohort" : NULL, c->arena, &name);
		for (size_t i = 0; i < n; i++) {
			char *full = yg_xasprintf("%s%s", folder, name[i]);
			if (!strncmp(full, typed, strlen(typed)))
				add(c, yg_arena_printf(c->arena, c->in_string ? "%s%s" : "\"%s%s", full, yg_ends_with(full, "/") ? "" : "\""), "");
			yg_free(full);
		}
		yg_free(path);
	}
	yg_free(folder);
	yg_free(typed);
}

static void gather(struct yg_tui *t, struct candidates *c, const struct yg_completions *found)
{
	static const char *const fields[] = { "n", "records", "events", "dropped" };

	for (size_t i = 0; i < found->n; i++) {
		const struct yg_completion *v = &found->v[i];
		switch (v->kind) {
		case YG_COMPLETE_COLUMN: add_columns(t, c); break;
		case YG_COMPLETE_OBJECT: add_objects(t, c, v->target); break;
		case YG_COMPLETE_VALUE: add_values(t, c, v->column); break;
		case YG_COMPLETE_FILE:
			add_files(t, c, found->spec && (!strcmp(found->spec->name, "open") || !strcmp(found->spec->name, "run") ||
			                                !strcmp(found->spec->name, "import")));
			break;
		case YG_COMPLETE_FIELD:
			for (size_t k = 0; v->column && k < 4; k++)
				add(c, yg_arena_printf(c->arena, "%s.%s", v->column, fields[k]), "");
			break;
		default:
			if (v->text)
				add(c, v->text, v->after);
		}
	}
}

/* How far all candidates agree, ASCII case ignored, cut at a character's start. */
static size_t common(const struct candidates *c)
{
	size_t n = strlen(c->text[0]);

	for (size_t i = 1; i < c->n; i++) {
		size_t k = 0;
		while (k < n && c->text[i][k] && yg_complete_matches(c->text[i] + k, c->text[0] + k, 1))
			k++;
		n = k;
	}
	while (n && ((unsigned char)c->text[0][n] & 0xC0) == 0x80)
		n--;
	return n;
}

static void show_list(struct yg_tui *t, const struct candidates *c, const struct yg_completions *found)
{
	struct yg_buf text = YG_BUF_INIT;

	for (size_t i = 0; i < c->n && text.len < 2000; i++)
		yg_buf_addf(&text, "%s%s", i ? "  " : "", c->text[i]);
	if (!c->n && found->option && found->option->help)
		yg_buf_addf(&text, "%s: %s", found->option->name, _(found->option->help));
	else if (!c->n && found->spec)
		yg_buf_adds(&text, found->spec->usage);
	yg_free(t->completions);
	t->completions = yg_buf_take(&text);
	t->dirty = true;
}

/* Settings are lines as a whole: what has been typed chooses among them, word by word. */
static void complete_setting(struct yg_tui *t, struct yg_edit *e)
{
	struct yg_buf list = YG_BUF_INIT;
	const char *first = NULL;
	size_t n, agree = 0;
	const struct yg_setting *s = yg_settings(&n);

	for (size_t i = 0; i < n; i++) {
		if (strncmp(s[i].text, e->text.data, e->cursor))
			continue;
		if (!first)
			agree = strlen(s[i].text);
		for (size_t k = 0; first && k < agree; k++)
			if (first[k] != s[i].text[k])
				agree = k;
		first = first ? first : s[i].text;
		yg_buf_addf(&list, "%s%s", list.len ? "  " : "", s[i].text + 4);
	}
	if (first && agree > e->cursor) {
		char *insert = yg_xstrndup(first, agree);
		yg_edit_replace(e, 0, insert);
		yg_free(insert);
	}
	yg_free(t->completions);
	t->completions = yg_buf_take(&list);
	t->dirty = true;
}

void yg_tui_complete(struct yg_tui *t, struct yg_edit *e, const char *before)
{
	struct yg_arena arena;
	struct yg_completions found;
	struct candidates c = { .arena = &arena };
	struct yg_buf text = YG_BUF_INIT;
	size_t skip, from;

	if (!strncmp(e->text.data, "set ", 4) && !*before) {
		complete_setting(t, e);
		return;
	}
	yg_arena_init(&arena);
	/* a line of the prompt may hold a whole block: the language sees its clauses on lines */
	yg_buf_adds(&text, before);
	skip = text.len;
	yg_buf_add(&text, e->text.data, e->cursor);
	memset(&found, 0, sizeof found);
	yg_complete(&arena, text.data, text.len, &found);
	from = found.from > skip ? found.from - skip : 0;
	c.prefix = e->text.data + from;
	c.prefix_length = e->cursor > from ? e->cursor - from : 0;
	c.in_string = found.in_string;
	/* of a text the quote that opens it is no part of what was typed */
	if (c.in_string && c.prefix_length && c.prefix[0] == '"') {
		c.prefix++;
		c.prefix_length--;
		from++;
	}
	gather(t, &c, &found);
	if (c.n) {
		size_t n = common(&c);
		char *insert = yg_xasprintf("%.*s%s", (int)n, c.text[0], c.n == 1 ? c.after[0] : "");
		if (n > c.prefix_length || c.n == 1)
			yg_edit_replace(e, from, insert);
		yg_free(insert);
	}
	if (c.n != 1)
		show_list(t, &c, &found);
	yg_free(c.text);
	yg_free(c.after);
	yg_buf_release(&text);
	yg_arena_release(&arena);
}
