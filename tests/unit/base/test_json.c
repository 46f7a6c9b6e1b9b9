/* JSON in: a small tree, or a message that names the line and quotes nothing. */
#include "tests/unit/test.h"

#include "yogo/base/buf.h"
#include "yogo/base/json.h"

static void a_manifest_like_text(void **state)
{
	(void)state;
	static const char text[] = "{\n \"name\": \"\\u5e74 \\\"x\\\"\", \"n\": -12, \"big\": 9223372036854775808, \"f\": 1.50,\n"
	                           " \"list\": [true, null, {\"a\": {}}], \"empty\": [], \"nul\": \"a\\u0000b\"}";
	struct yg_arena arena;
	yg_arena_init(&arena);
	struct yg_json *root;
	struct yg_err err;
	assert_int_equal(yg_json_parse(&arena, text, sizeof text - 1, &root, &err), YG_OK);
	assert_int_equal(root->kind, YG_JSON_OBJECT);
	assert_int_equal(root->count, 7);
	assert_string_equal(root->key[4], "list");
	assert_string_equal(yg_json_string(root, "name"), "年 \"x\"");
	assert_null(yg_json_string(root, "n"));
	const struct yg_json *n = yg_json_get(root, "n");
	assert_true(n->is_integer && n->integer == -12 && n->number == -12);
	assert_false(yg_json_get(root, "big")->is_integer);
	assert_string_equal(yg_json_get(root, "f")->string, "1.50");
	const struct yg_json *list = yg_json_get(root, "list");
	assert_int_equal(list->count, 3);
	assert_true(list->item[0]->boolean);
	assert_int_equal(list->item[1]->kind, YG_JSON_NULL);
	assert_int_equal(yg_json_get(list->item[2], "a")->count, 0);
	assert_int_equal(yg_json_get(root, "nul")->string_len, 3);
	assert_null(yg_json_get(root, "absent"));
	assert_null(yg_json_get(list, "a"));
	yg_arena_release(&arena);
}

static void refused(const char *text, size_t n, const char *part)
{
	struct yg_arena arena;
	struct yg_json *root = NULL;
	struct yg_err err;
	yg_arena_init(&arena);
	assert_true(yg_json_parse(&arena, text, n, &root, &err) != YG_OK);
	assert_null(root);
	if (!strstr(err.text, part))
		fail_msg("\"%s\" does not say \"%s\"", err.text, part);
	yg_arena_release(&arena);
}

static void what_is_refused(void **state)
{
	(void)state;
	refused("", 0, "empty");
	refused("  ", 2, "empty");
	refused("{\"a\": 1,\n \"a\": 2}", 17, "line 2");
	refused("{\"a\": 1, \"a\": 2}", 16, "twice");
	refused("[1, 2", 5, "line 1");
	refused("[1] x", 5, "line 1");
	refused("[01]", 4, "line 1");
	refused("[1,]", 4, "line 1");
	refused("// c\n1", 6, "line 1");
	refused("[\"\xFF\"]", 5, "UTF-8");
	refused("[1e999]", 7, "too large");
	refused("{\"a\\u0000\": 1}", 14, "NUL");
	struct yg_buf b = YG_BUF_INIT;
	yg_buf_fill(&b, '[', 65);
	yg_buf_fill(&b, ']', 65);
	refused(b.data, b.len, "nested");
	yg_buf_clear(&b);
	yg_buf_fill(&b, '[', 1000000);
	refused(b.data, b.len, "nested");
	yg_buf_release(&b);
}

static void sixty_four_levels_pass(void **state)
{
	(void)state;
	struct yg_buf b = YG_BUF_INIT;
	yg_buf_fill(&b, '[', 64);
	yg_buf_fill(&b, ']', 64);
	struct yg_arena arena;
	struct yg_json *root;
	yg_arena_init(&arena);
	assert_int_equal(yg_json_parse(&arena, b.data, b.len, &root, NULL), YG_OK);
	yg_arena_release(&arena);
	yg_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_like_text),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(sixty_four_levels_pass),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
