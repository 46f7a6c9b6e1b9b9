/* Completion with the session's names: columns, levels, objects, files in place of the placeholders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "repl_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/lang/print.h"
#include "yogo/session/query.h"

struct fill {
	struct yg_arena *arena;
	const struct yg_state *state;
	const char *folder;
	const char *prefix;          /* what is typed of the word, NUL-terminated */
	size_t typed;
	bool in_string;
	const char *extension;       /* of the files wanted, NULL = any */
	struct yg_offers *out;
};

static void offer(struct fill *f, const char *text, const char *help, const char *after)
{
	struct yg_offers *out = f->out;
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->v[i].text, text) == 0)
			return;
	if (out->n == out->cap) {
		size_t cap = out->cap ? 2 * out->cap : 32;
		struct yg_offer *wider = yg_arena_alloc(f->arena, cap, sizeof *wider);
		if (out->n)
			memcpy(wider, out->v, out->n * sizeof *wider);
		out->v = wider;
		out->cap = cap;
	}
	out->v[out->n++] = (struct yg_offer){
		.text = yg_arena_strdup(f->arena, text), .help = help && *help ? yg_arena_strdup(f->arena, help) : NULL, .after = after,
	};
}

/* A name of data or of an object, as the language writes it. */
static void offer_name(struct fill *f, const char *name, const char *help, const char *after)
{
	const char *typed = f->prefix;
	size_t n = f->typed;
	if (n && typed[0] == '`') {
		typed++;
		n--;
	}
	if (!yg_complete_matches(name, typed, n))
		return;
	struct yg_buf written;
	yg_buf_init(&written);
	yg_print_name(name, &written);
	offer(f, written.data, help, after);
	yg_buf_release(&written);
}

static void columns(struct fill *f, const char *after)
{
	struct yg_query_column *column;
	size_t n = f->state ? yg_query_columns(f->state, f->arena, &column) : 0;
	for (size_t i = 0; i < n; i++) {
		struct yg_buf help;
		yg_buf_init(&help);
		yg_buf_adds(&help, column[i].type);
		if (column[i].unit && column[i].unit[0])
			yg_buf_addf(&help, ", %s", column[i].unit);
		if (column[i].label && column[i].label[0])
			yg_buf_addf(&help, "  %s", column[i].label);
		offer_name(f, column[i].name, help.data, after);
		yg_buf_release(&help);
	}
}

static void values(struct fill *f, const char *name)
{
	struct yg_query_column *column;
	size_t n = f->state ? yg_query_columns(f->state, f->arena, &column) : 0;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(column[i].name, name) != 0)
			continue;
		for (size_t k = 0; k < column[i].levels; k++) {
			const char *level = column[i].level[k], *code = column[i].code ? column[i].code[k] : NULL;
			if (!level || !yg_complete_matches(level, f->prefix, f->in_string ? f->typed : 0))
				continue;
			struct yg_buf quoted;
			yg_buf_init(&quoted);
			yg_escape_script(&quoted, level, strlen(level));
			if (f->in_string)
				offer(f, quoted.data + 1, code, ""); /* the opening quote is typed already */
			else if (f->typed == 0)
				offer(f, quoted.data, code, "");
			yg_buf_release(&quoted);
		}
	}
}

static bool wanted(enum yg_target target, enum yg_object_kind kind)
{
	switch (target) {
	case YG_TARGET_ENDPOINT:
	case YG_TARGET_ENDPOINTS:
		return kind == YG_OBJECT_ENDPOINT;
	case YG_TARGET_COHORT:
		return kind == YG_OBJECT_COHORT || kind == YG_OBJECT_CONTRAST || kind == YG_OBJECT_SET;
	case YG_TARGET_RESULT:
	case YG_TARGET_RESULTS:
		return kind == YG_OBJECT_RESULT || kind == YG_OBJECT_PROPENSITY || kind == YG_OBJECT_SET;
	case YG_TARGET_OBJECT:
		return kind == YG_OBJECT_COHORT || kind == YG_OBJECT_DATASET || kind == YG_OBJECT_SET || kind == YG_OBJECT_CODES;
	default:
		return true;
	}
}

static void objects(struct fill *f, enum yg_target target, const char *after)
{
	if (!f->state)
		return;
	for (size_t i = f->state->objects; i-- > 0;) { /* the latest first */
		const struct yg_object *o = f->state->object[i];
		if (wanted(target, o->kind))
			offer_name(f, o->name, yg_object_kind_name(o->kind), after);
	}
	if (target == YG_TARGET_OBJECT || target == YG_TARGET_COHORT || target == YG_TARGET_ANY)
		for (size_t i = 0; i < yg_query_tables(f->state); i++)
			offer_name(f, yg_query_table(f->state, i), _("table"), after);
}

/* Of the kind wanted; a name without extension is taken for a folder. */
static bool file_fits(const struct fill *f, const char *path)
{
	const char *dot = strrchr(yg_path_file(path), '.');
	return !f->extension || !dot || strcmp(dot, f->extension) == 0;
}

static void files_in(struct fill *f, const char *folder)
{
	char *start = folder ? yg_path_join(folder, f->prefix) : yg_xstrdup(f->prefix);
	size_t cut = folder ? strlen(start) - f->typed : 0;
	int state = 0;
	for (char *name; (name = rl_filename_completion_function(start, state)) != NULL; state = 1) {
		if (strlen(name) >= cut && file_fits(f, name)) {
			struct yg_buf quoted;
			yg_buf_init(&quoted);
			yg_escape_script(&quoted, name + cut, strlen(name + cut));
			if (f->in_string) { /* the path may go on: no closing quote */
				quoted.data[quoted.len - 1] = 0;
				offer(f, quoted.data + 1, NULL, "");
			} else if (f->typed == 0) {
				offer(f, quoted.data, NULL, "");
			}
			yg_buf_release(&quoted);
		}
		free(name); /* readline's own malloc */
	}
	yg_free(start);
}

static void fields(struct fill *f, const char *object)
{
	static const struct {
		const char *name, *help;
	} field[] = {
		{ "n", N_("persons") },
		{ "records", N_("rows") },
		{ "events", N_("events") },
		{ "dropped", N_("left out") },
	};
	char text[300];
	for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
		snprintf(text, sizeof text, "%.200s.%s", object, field[i].name);
		offer(f, text, _(field[i].help), "");
	}
}

void yg_repl_offers(struct yg_arena *arena, const struct yg_state *state, const char *folder, const char *text, size_t at,
                    struct yg_offers *out)
{
	struct yg_completions got;
	*out = (struct yg_offers){ .from = at };
	yg_complete(arena, text, at, &got);
	out->from = got.from;
	out->hint = got.spec ? got.spec->usage : NULL;
	struct fill f = { .arena = arena, .state = state, .folder = folder, .typed = at - got.from, .in_string = got.in_string,
		          .prefix = yg_arena_strndup(arena, text + got.from, at - got.from), .out = out };
	if (got.spec && strcmp(got.spec->name, "open") == 0)
		f.extension = ".cohort";
	else if (got.spec && (strcmp(got.spec->name, "run") == 0 || strcmp(got.spec->name, "save") == 0))
		f.extension = ".yogo";
	for (size_t i = 0; i < got.n; i++) {
		const struct yg_completion *c = &got.v[i];
		switch (c->kind) {
		case YG_COMPLETE_COLUMN:
			columns(&f, c->after);
			break;
		case YG_COMPLETE_OBJECT:
			objects(&f, c->target, c->after);
			break;
		case YG_COMPLETE_VALUE:
			values(&f, c->column);
			break;
		case YG_COMPLETE_FILE:
			files_in(&f, NULL);
			if (folder)
				files_in(&f, folder);
			break;
		case YG_COMPLETE_FIELD:
			fields(&f, c->column);
			break;
		default:
			offer(&f, c->text, c->help ? _(c->help) : NULL, c->after);
			break;
		}
	}
}

size_t yg_repl_common(const struct yg_offers *offers)
{
	if (!offers->n)
		return 0;
	const char *first = offers->v[0].text;
	size_t n = strlen(first);
	for (size_t i = 1; i < offers->n; i++) {
		size_t same = 0;
		while (same < n && offers->v[i].text[same] == first[same])
			same++;
		n = same;
	}
	while (n && ((unsigned char)first[n] & 0xC0) == 0x80)
		n--; /* not inside a character */
	return n;
}
