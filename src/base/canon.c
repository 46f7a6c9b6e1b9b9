/* CJ1, the canonical JSON of all hashed bytes. */
#include "yogo/base/canon.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "yogo/base/json.h"
#include "yogo/base/mem.h"
#include "yogo/base/text.h"

#define SAFE_INTEGER INT64_C(9007199254740991) /* 2^53 - 1 */

void yg_canon_init(struct yg_canon *c, struct yg_buf *out)
{
	c->out = out;
	c->depth = 0;
	c->has_item[0] = false;
	c->last_key[0][0] = 0;
}

/* In an array a value needs its comma; in an object the key has set it. */
static void before_value(struct yg_canon *c)
{
	if (c->has_item[c->depth] && c->out->len && c->out->data[c->out->len - 1] != ':')
		yg_buf_addc(c->out, ',');
	c->has_item[c->depth] = true;
}

static void down(struct yg_canon *c, char bracket)
{
	before_value(c);
	yg_buf_addc(c->out, bracket);
	assert(c->depth + 1 < YG_CANON_DEPTH);
	c->depth++;
	c->has_item[c->depth] = false;
	c->last_key[c->depth][0] = 0;
}

static void up(struct yg_canon *c, char bracket)
{
	assert(c->depth > 0);
	c->depth--;
	yg_buf_addc(c->out, bracket);
}

void yg_canon_open(struct yg_canon *c)
{
	down(c, '{');
}

void yg_canon_close(struct yg_canon *c)
{
	up(c, '}');
}

void yg_canon_open_array(struct yg_canon *c)
{
	down(c, '[');
}

void yg_canon_close_array(struct yg_canon *c)
{
	up(c, ']');
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
}

void yg_canon_key(struct yg_canon *c, const char *key)
{
	size_t n = strlen(key);
	char *last = c->last_key[c->depth];
	assert(n > 0 && n < sizeof c->last_key[0]);
	assert(strcmp(last, key) < 0); /* ascending, so unique too */
	memcpy(last, key, n + 1);
	if (c->has_item[c->depth])
		yg_buf_addc(c->out, ',');
	c->has_item[c->depth] = true;
	/* Nearly all keys are words: a word needs no escapes and is added at once. */
	char text[sizeof c->last_key[0] + 3] = "\"";
	size_t at = 0;
	for (; is_word(key[at]); at++)
		text[at + 1] = key[at];
	if (at < n) {
		yg_escape_json(c->out, key, n);
		yg_buf_addc(c->out, ':');
		return;
	}
	text[at + 1] = '"';
	text[at + 2] = ':';
	yg_buf_add(c->out, text, at + 3);
}

void yg_canon_string_n(struct yg_canon *c, const char *s, size_t n)
{
	before_value(c);
	yg_escape_json(c->out, s, n);
}

void yg_canon_string(struct yg_canon *c, const char *s)
{
	yg_canon_string_n(c, s, strlen(s));
}

static void add_integer(struct yg_buf *out, int64_t v)
{
	char text[24];
	size_t at = sizeof text;
	uint64_t rest = v < 0 ? (uint64_t)-v : (uint64_t)v;
	do
		text[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (v < 0)
		text[--at] = '-';
	yg_buf_add(out, text + at, sizeof text - at);
}

void yg_canon_int(struct yg_canon *c, int64_t v)
{
	before_value(c);
	if (v >= -SAFE_INTEGER && v <= SAFE_INTEGER)
		add_integer(c->out, v);
	else
		yg_buf_addf(c->out, "\"i:%" PRId64 "\"", v);
}

void yg_canon_float(struct yg_canon *c, double v)
{
	uint64_t bits = UINT64_C(0x7ff8000000000000);
	if (!isnan(v))
		memcpy(&bits, &v, sizeof bits);
	/* A curve has a hundred thousand of these: by hand rather than by printf. */
	char text[20] = "\"f:";
	for (int i = 0; i < 16; i++)
		text[3 + i] = "0123456789abcdef"[bits >> (60 - 4 * i) & 15];
	text[19] = '"';
	before_value(c);
	yg_buf_add(c->out, text, sizeof text);
}

void yg_canon_bool(struct yg_canon *c, bool v)
{
	before_value(c);
	yg_buf_adds(c->out, v ? "true" : "false");
}

void yg_canon_null(struct yg_canon *c)
{
	before_value(c);
	yg_buf_adds(c->out, "null");
}

void yg_canon_digest(struct yg_canon *c, const struct yg_digest *d)
{
	char hex[65];
	yg_digest_hex(d, hex);
	before_value(c);
	yg_buf_addf(c->out, "\"sha256:%s\"", hex);
}

void yg_canon_raw(struct yg_canon *c, const char *cj1, size_t n)
{
	before_value(c);
	yg_buf_add(c->out, cj1, n);
}

/* ---- is it canonical ---- */

static bool key_ok(const char *key)
{
	if (!*key || strlen(key) >= sizeof ((struct yg_canon *)0)->last_key[0])
		return false;
	return key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.-")] == 0;
}

/* Writes the tree again; false when no canonical text can say it. */
static bool rewrite(struct yg_canon *c, const struct yg_json *v)
{
	bool ok = true;
	switch (v->kind) {
	case YG_JSON_NULL:
		yg_canon_null(c);
		return true;
	case YG_JSON_BOOL:
		yg_canon_bool(c, v->boolean);
		return true;
	case YG_JSON_NUMBER:
		if (!v->is_integer || v->integer > SAFE_INTEGER || v->integer < -SAFE_INTEGER)
			return false;
		yg_canon_int(c, v->integer);
		return true;
	case YG_JSON_STRING:
		yg_canon_string_n(c, v->string, v->string_len);
		return true;
	case YG_JSON_ARRAY:
	case YG_JSON_OBJECT:
		break;
	}
	if (c->depth + 1 >= YG_CANON_DEPTH)
		return false;
	if (v->kind == YG_JSON_ARRAY)
		yg_canon_open_array(c);
	else
		yg_canon_open(c);
	for (size_t i = 0; i < v->count && ok; i++) {
		if (v->kind == YG_JSON_OBJECT) {
			ok = key_ok(v->key[i]) && (i == 0 || strcmp(v->key[i - 1], v->key[i]) < 0);
			if (ok)
				yg_canon_key(c, v->key[i]);
		}
		ok = ok && rewrite(c, v->item[i]);
	}
	if (v->kind == YG_JSON_ARRAY)
		yg_canon_close_array(c);
	else
		yg_canon_close(c);
	return ok;
}

bool yg_canon_is(const char *text, size_t n)
{
	struct yg_arena arena;
	struct yg_json *root;
	struct yg_buf out = YG_BUF_INIT;
	struct yg_canon c;
	yg_arena_init(&arena);
	yg_canon_init(&c, &out);
	bool same = yg_json_parse(&arena, text, n, &root, NULL) == YG_OK && rewrite(&c, root) && out.len == n &&
	            memcmp(out.data, text, n) == 0;
	yg_buf_release(&out);
	yg_arena_release(&arena);
	return same;
}
