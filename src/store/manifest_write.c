/* Writing a manifest as JSON for people, its digest, and copies of fields. */
#include <stdlib.h>
#include <string.h>

#include "yogo/base/canon.h"
#include "yogo/base/json.h"
#include "yogo/base/text.h"
#include "yogo/store/manifest.h"

struct writer {
	struct yg_buf *out;
	int depth;
	bool first;
};

static void key(struct writer *w, const char *name)
{
	yg_buf_adds(w->out, w->first ? "\n" : ",\n");
	yg_buf_fill(w->out, ' ', (size_t)w->depth * 2);
	if (name) {
		yg_escape_json(w->out, name, strlen(name));
		yg_buf_adds(w->out, ": ");
	}
	w->first = false;
}

static void open_with(struct writer *w, const char *name, char bracket)
{
	key(w, name);
	yg_buf_addc(w->out, bracket);
	w->depth++;
	w->first = true;
}

static void close_with(struct writer *w, char bracket)
{
	w->depth--;
	if (!w->first) {
		yg_buf_addc(w->out, '\n');
		yg_buf_fill(w->out, ' ', (size_t)w->depth * 2);
	}
	yg_buf_addc(w->out, bracket);
	w->first = false;
}

static void text(struct writer *w, const char *name, const char *value)
{
	if (!value)
		return;
	key(w, name);
	yg_escape_json(w->out, value, strlen(value));
}

static void label(struct writer *w, const char *name, const struct yg_label *l)
{
	if (l->ja) {
		open_with(w, name, '{');
		text(w, "en", l->en);
		text(w, "ja", l->ja);
		close_with(w, '}');
	} else {
		text(w, name, l->en);
	}
}

static void strings(struct writer *w, const char *name, const char *const *value, size_t n)
{
	key(w, name);
	yg_buf_addc(w->out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			yg_buf_adds(w->out, ", ");
		yg_escape_json(w->out, value[i], strlen(value[i]));
	}
	yg_buf_addc(w->out, ']');
}

static void missing_codes(struct writer *w, const struct yg_field *f)
{
	open_with(w, "missing", '{');
	for (size_t i = 0; i < f->missing_codes; i++) {
		key(w, f->missing_code[i].value);
		if (f->missing_code[i].name)
			yg_escape_json(w->out, f->missing_code[i].name, strlen(f->missing_code[i].name));
		else
			yg_buf_adds(w->out, "null");
	}
	close_with(w, '}');
}

static void field(struct writer *w, const struct yg_field *f)
{
	open_with(w, NULL, '{');
	text(w, "name", f->name);
	text(w, "type", yg_type_name(f->type));
	label(w, "label", &f->label);
	text(w, "unit", f->unit);
	if (f->role != YG_COLUMN_PLAIN)
		text(w, "role", yg_column_role_name(f->role));
	if (f->sensitive_high) {
		key(w, "sensitive_high");
		yg_buf_adds(w->out, "true");
	}
	if (f->type == YG_TYPE_LEVEL && f->levels)
		strings(w, "levels", f->level, f->levels);
	if (f->value_labels) {
		open_with(w, "value_labels", '{');
		for (size_t i = 0; i < f->value_labels; i++)
			label(w, f->value_label[i].value, &f->value_label[i].label);
		close_with(w, '}');
	}
	if (f->missing_codes)
		missing_codes(w, f);
	if (f->instant_utc) {
		key(w, "utc");
		yg_buf_adds(w->out, "true");
	}
	text(w, "format", f->date_format);
	text(w, "comment", f->comment);
	close_with(w, '}');
}

static void table(struct writer *w, const struct yg_manifest_table *t)
{
	open_with(w, NULL, '{');
	text(w, "name", t->name);
	text(w, "file", t->file);
	text(w, "grain", t->grain == YG_GRAIN_EVENT ? "event" : "person");
	text(w, "date", t->date_column);
	open_with(w, "columns", '[');
	for (size_t i = 0; i < t->fields; i++)
		field(w, &t->field[i]);
	close_with(w, ']');
	close_with(w, '}');
}

void yg_manifest_write(const struct yg_manifest *m, struct yg_buf *out)
{
	struct writer w = { .out = out, .depth = 1, .first = true };

	yg_buf_addc(out, '{');
	key(&w, "manifest_version");
	yg_buf_addf(out, "%d", m->version);
	text(&w, "comment", m->comment);
	open_with(&w, "dataset", '{');
	text(&w, "id", m->id);
	text(&w, "title", m->title);
	text(&w, "release", m->release);
	text(&w, "source", m->source);
	text(&w, "license", m->license);
	text(&w, "citation", m->citation);
	key(&w, "synthetic");
	yg_buf_adds(out, m->synthetic ? "true" : "false");
	close_with(&w, '}');
	open_with(&w, "anonymisation", '{');
	text(&w, "legal_basis", m->legal_basis);
	close_with(&w, '}');
	open_with(&w, "sdc", '{');
	text(&w, "profile", m->profile);
	if (m->min_cell) {
		key(&w, "min_cell");
		yg_buf_addf(out, "%lld", (long long)m->min_cell);
	}
	close_with(&w, '}');
	if (m->purpose || m->expires) {
		open_with(&w, "use", '{');
		text(&w, "purpose", m->purpose);
		text(&w, "expires", m->expires);
		close_with(&w, '}');
	}
	if (m->persons)
		strings(&w, "person", m->person, m->persons);
	open_with(&w, "tables", '[');
	for (size_t i = 0; i < m->tables; i++)
		table(&w, &m->table[i]);
	close_with(&w, ']');
	yg_buf_adds(out, "\n}\n");
}

/* CJ1 keys are short ASCII; objects with other keys (labels of values) become lists of pairs. */
static bool plain_keys(const struct yg_json *v)
{
	for (size_t i = 0; i < v->count; i++) {
		const char *k = v->key[i];

		if (!*k || strlen(k) > 60 || strspn(k, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != strlen(k))
			return false;
	}
	return true;
}

static int by_key(const void *a, const void *b, void *context)
{
	const struct yg_json *v = context;

	return strcmp(v->key[*(const size_t *)a], v->key[*(const size_t *)b]);
}

static void canon_value(struct yg_canon *c, const struct yg_json *v, int depth);

static void canon_object(struct yg_canon *c, const struct yg_json *v, int depth)
{
	size_t *order = yg_xalloc(v->count + 1, sizeof *order);
	bool plain = plain_keys(v);

	for (size_t i = 0; i < v->count; i++)
		order[i] = i;
	qsort_r(order, v->count, sizeof *order, by_key, (void *)(uintptr_t)v);
	if (plain)
		yg_canon_open(c);
	else
		yg_canon_open_array(c);
	for (size_t i = 0; i < v->count; i++) {
		const struct yg_json *item = v->item[order[i]];

		if (plain) {
			if (!strcmp(v->key[order[i]], "comment"))
				continue;
			yg_canon_key(c, v->key[order[i]]);
			canon_value(c, item, depth + 1);
		} else {
			yg_canon_open_array(c);
			yg_canon_string(c, v->key[order[i]]);
			canon_value(c, item, depth + 2);
			yg_canon_close_array(c);
		}
	}
	if (plain)
		yg_canon_close(c);
	else
		yg_canon_close_array(c);
	yg_free(order);
}

/* Depth is limited by the reader; what lies deeper than CJ1 allows is left out of the digest's text
   by its number of items only, which cannot happen for documents that parsed. */
static void canon_value(struct yg_canon *c, const struct yg_json *v, int depth)
{
	if (depth >= YG_CANON_DEPTH - 2) {
		yg_canon_int(c, (int64_t)v->count);
		return;
	}
	switch (v->kind) {
	case YG_JSON_NULL:
		yg_canon_null(c);
		break;
	case YG_JSON_BOOL:
		yg_canon_bool(c, v->boolean);
		break;
	case YG_JSON_NUMBER:
		if (v->is_integer)
			yg_canon_int(c, v->integer);
		else
			yg_canon_float(c, v->number);
		break;
	case YG_JSON_STRING:
		yg_canon_string_n(c, v->string, v->string_len);
		break;
	case YG_JSON_ARRAY:
		yg_canon_open_array(c);
		for (size_t i = 0; i < v->count; i++)
			canon_value(c, v->item[i], depth + 1);
		yg_canon_close_array(c);
		break;
	case YG_JSON_OBJECT:
		canon_object(c, v, depth);
		break;
	}
}

struct yg_digest yg_manifest_digest(const struct yg_manifest *m)
{
	struct yg_buf json = YG_BUF_INIT, canonical = YG_BUF_INIT;
	const struct yg_json *root = m->json;
	struct yg_arena arena;
	struct yg_json *parsed = NULL;
	struct yg_digest digest = { { 0 } };
	struct yg_canon c;

	yg_arena_init(&arena);
	if (!root) {
		yg_manifest_write(m, &json);
		if (yg_json_parse(&arena, json.data, json.len, &parsed, NULL) == YG_OK)
			root = parsed;
	}
	if (root) {
		yg_canon_init(&c, &canonical);
		canon_value(&c, root, 0);
		digest = yg_sha256_of(canonical.data, canonical.len);
	}
	yg_arena_release(&arena);
	yg_buf_release(&json);
	yg_buf_release(&canonical);
	return digest;
}

static struct yg_label label_copy(struct yg_arena *arena, struct yg_label l)
{
	return (struct yg_label){ l.en ? yg_arena_strdup(arena, l.en) : NULL, l.ja ? yg_arena_strdup(arena, l.ja) : NULL };
}

static const char *text_copy(struct yg_arena *arena, const char *s)
{
	return s ? yg_arena_strdup(arena, s) : NULL;
}

struct yg_field yg_field_copy(struct yg_arena *arena, const struct yg_field *f)
{
	struct yg_field out = *f;

	out.name = text_copy(arena, f->name);
	out.label = label_copy(arena, f->label);
	out.unit = text_copy(arena, f->unit);
	out.date_format = text_copy(arena, f->date_format);
	out.comment = text_copy(arena, f->comment);
	out.level = yg_arena_alloc(arena, f->levels + 1, sizeof *out.level);
	for (size_t i = 0; i < f->levels; i++)
		out.level[i] = yg_arena_strdup(arena, f->level[i]);
	out.value_label = yg_arena_alloc(arena, f->value_labels + 1, sizeof *out.value_label);
	for (size_t i = 0; i < f->value_labels; i++) {
		out.value_label[i].value = yg_arena_strdup(arena, f->value_label[i].value);
		out.value_label[i].label = label_copy(arena, f->value_label[i].label);
	}
	out.missing_code = yg_arena_alloc(arena, f->missing_codes + 1, sizeof *out.missing_code);
	for (size_t i = 0; i < f->missing_codes; i++) {
		out.missing_code[i] = f->missing_code[i];
		out.missing_code[i].value = yg_arena_strdup(arena, f->missing_code[i].value);
		out.missing_code[i].name = text_copy(arena, f->missing_code[i].name);
	}
	return out;
}
