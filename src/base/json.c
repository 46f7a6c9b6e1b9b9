/* A JSON reader on yajl's event parser, into a small tree. */
#include "yogo/base/json.h"

#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "yogo/base/i18n.h"
#include "yogo/base/map.h"
#include "yogo/base/text.h"

#define JSON_DEPTH 64
#define JSON_BYTES ((size_t)64 << 20)

/* An open array or object: its items until it closes. */
struct frame {
	struct yg_json *node;
	struct yg_json **item;
	const char **key;
	size_t count, cap, key_count, key_cap;
	struct yg_map seen;
};
struct reader {
	struct yg_arena *arena;
	struct frame frame[JSON_DEPTH];
	size_t depth;
	struct yg_json *root;
	const char *why; /* our own refusal; yajl's when NULL */
};

static int refuse(struct reader *r, const char *why)
{
	r->why = why;
	return 0;
}

static struct yg_json *add(struct reader *r, enum yg_json_kind kind)
{
	struct yg_json *node = yg_arena_alloc(r->arena, 1, sizeof *node);
	node->kind = kind;
	if (!r->depth) {
		r->root = node;
		return node;
	}
	struct frame *f = &r->frame[r->depth - 1];
	YG_GROW(f->item, f->count, f->cap);
	f->item[f->count++] = node;
	return node;
}

static int on_null(void *context)
{
	add(context, YG_JSON_NULL);
	return 1;
}

static int on_bool(void *context, int value)
{
	add(context, YG_JSON_BOOL)->boolean = value != 0;
	return 1;
}

static int on_number(void *context, const char *text, size_t n)
{
	struct reader *r = context;
	struct yg_json *node = add(r, YG_JSON_NUMBER);
	struct yg_str s = { text, n };
	if (!yg_parse_double(s, &node->number))
		return refuse(r, N_("a number is too large"));
	node->is_integer = yg_parse_i64(s, &node->integer);
	node->string = yg_arena_strndup(r->arena, text, n);
	node->string_len = n;
	return 1;
}

static int on_string(void *context, const unsigned char *text, size_t n)
{
	struct reader *r = context;
	struct yg_json *node = add(r, YG_JSON_STRING);
	char *copy = yg_arena_alloc(r->arena, n + 1, 1);
	if (n)
		memcpy(copy, text, n);
	node->string = copy;
	node->string_len = n;
	return 1;
}

static int open_frame(struct reader *r, enum yg_json_kind kind)
{
	if (r->depth == JSON_DEPTH)
		return refuse(r, N_("it is nested too deeply (64 levels at most)"));
	struct yg_json *node = add(r, kind);
	struct frame *f = &r->frame[r->depth++];
	memset(f, 0, sizeof *f);
	f->node = node;
	return 1;
}

static int close_frame(void *context)
{
	struct reader *r = context;
	struct frame *f = &r->frame[--r->depth];
	struct yg_json *node = f->node;
	node->count = f->count;
	node->item = yg_arena_alloc(r->arena, f->count, sizeof *node->item);
	if (f->count)
		memcpy(node->item, f->item, f->count * sizeof *node->item);
	if (node->kind == YG_JSON_OBJECT) {
		node->key = yg_arena_alloc(r->arena, f->count, sizeof *node->key);
		if (f->count)
			memcpy(node->key, f->key, f->count * sizeof *node->key);
	}
	yg_free(f->item);
	yg_free(f->key);
	yg_map_release(&f->seen);
	return 1;
}

static int on_open_object(void *context)
{
	return open_frame(context, YG_JSON_OBJECT);
}

static int on_open_array(void *context)
{
	return open_frame(context, YG_JSON_ARRAY);
}

static int on_key(void *context, const unsigned char *text, size_t n)
{
	struct reader *r = context;
	struct frame *f = &r->frame[r->depth - 1];
	if (n && memchr(text, 0, n))
		return refuse(r, N_("a key holds a NUL character"));
	size_t before = f->seen.count;
	yg_map_intern(&f->seen, (const char *)text, n);
	if (f->seen.count == before)
		return refuse(r, N_("a key appears twice in one object"));
	YG_GROW(f->key, f->key_count, f->key_cap);
	f->key[f->key_count++] = yg_arena_strndup(r->arena, (const char *)text, n);
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_bool,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_open_object,
	.yajl_map_key = on_key,
	.yajl_end_map = close_frame,
	.yajl_start_array = on_open_array,
	.yajl_end_array = close_frame,
};

static enum yg_status fail_at_byte(struct yg_err *err, const char *text, size_t at, const char *why)
{
	size_t line = 1, column = 1;
	for (size_t i = 0; i < at; i++) {
		column = text[i] == '\n' ? 1 : column + 1;
		line += text[i] == '\n';
	}
	return yg_fail(err, YG_EINPUT, "E-JSON-001", N_("not valid JSON at line %zu, column %zu: %s"), line, column,
	               gettext(why));
}

static bool blank(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
			return false;
	return true;
}

enum yg_status yg_json_parse(struct yg_arena *arena, const char *text, size_t n, struct yg_json **out,
                             struct yg_err *err)
{
	if (n > JSON_BYTES)
		return yg_fail(err, YG_ELIMIT, "E-JSON-002", N_("the JSON text has %zu bytes, 64 MiB is the most"), n);
	size_t bad = 0;
	if (!yg_utf8_valid(text, n, &bad))
		return fail_at_byte(err, text, bad, N_("the text is not UTF-8"));
	if (blank(text, n))
		return fail_at_byte(err, text, n, N_("the text is empty"));
	struct reader *r = yg_xcalloc(1, sizeof *r);
	r->arena = arena;
	yajl_handle handle = yajl_alloc(&callbacks, NULL, r);
	enum yg_status status = YG_OK;
	if (!handle) {
		yg_free(r);
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while reading JSON"));
	}
	yajl_status y = yajl_parse(handle, (const unsigned char *)text, n);
	size_t at = yajl_get_bytes_consumed(handle);
	if (y == yajl_status_ok)
		y = yajl_complete_parse(handle);
	if (y != yajl_status_ok) {
		/* yajl's own words only: with the context asked for they would quote the text */
		unsigned char *words = r->why ? NULL : yajl_get_error(handle, 0, (const unsigned char *)text, n);
		size_t len = words ? strlen((char *)words) : 0;
		if (len && words[len - 1] == '\n')
			words[len - 1] = 0;
		status = fail_at_byte(err, text, at < n ? at : n,
		                      r->why ? r->why : words ? (char *)words : N_("the text is incomplete"));
		if (words)
			yajl_free_error(handle, words);
	}
	while (r->depth) {
		struct frame *f = &r->frame[--r->depth];
		yg_free(f->item);
		yg_free(f->key);
		yg_map_release(&f->seen);
	}
	if (status == YG_OK)
		*out = r->root;
	yajl_free(handle);
	yg_free(r);
	return status;
}

const struct yg_json *yg_json_get(const struct yg_json *object, const char *key)
{
	if (!object || object->kind != YG_JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->count; i++)
		if (strcmp(object->key[i], key) == 0)
			return object->item[i];
	return NULL;
}

const char *yg_json_string(const struct yg_json *object, const char *key)
{
	const struct yg_json *value = yg_json_get(object, key);
	return value && value->kind == YG_JSON_STRING ? value->string : NULL;
}
