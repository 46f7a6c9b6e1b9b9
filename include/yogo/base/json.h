/* A JSON reader on yajl into a small tree: depth and size limited, duplicate keys refused. */
#ifndef YOGO_BASE_JSON_H
#define YOGO_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/mem.h"
#include "yogo/base/status.h"

enum yg_json_kind { YG_JSON_NULL, YG_JSON_BOOL, YG_JSON_NUMBER, YG_JSON_STRING, YG_JSON_ARRAY, YG_JSON_OBJECT };

/* string is NUL-terminated text (for a number: as written).  Arrays and objects hold count items;
   an object's item[i] has its key in key[i], in file order. */
struct yg_json {
	enum yg_json_kind kind;
	bool boolean;
	double number;
	int64_t integer;
	bool is_integer;
	const char *string;
	size_t string_len;
	size_t count;
	const char **key;
	struct yg_json **item;
};
/* Parse the whole of text; the tree lives in arena. */
enum yg_status yg_json_parse(struct yg_arena *arena, const char *text, size_t n, struct yg_json **out,
                             struct yg_err *err) YG_MUST_USE;
const struct yg_json *yg_json_get(const struct yg_json *object, const char *key); /* or NULL */
const char *yg_json_string(const struct yg_json *object, const char *key);        /* or NULL */

#endif
