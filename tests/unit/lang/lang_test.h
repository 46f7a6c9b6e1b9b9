/* What the tests of the language share: parse, print, and the message of a mistake. */
#ifndef YOGO_TESTS_LANG_TEST_H
#define YOGO_TESTS_LANG_TEST_H

#include "tests/unit/test.h"
#include "yogo/base/mem.h"
#include "yogo/lang/parse.h"
#include "yogo/lang/print.h"
#include "yogo/lang/source.h"

/* The script's tree; fails the test with the message when it does not parse. */
static inline struct yg_node *must_parse(struct yg_arena *arena, const char *text)
{
	struct yg_node *script = NULL;
	struct yg_err err;
	if (yg_parse_script(arena, text, strlen(text), &script, &err) != YG_OK) {
		struct yg_buf message;
		yg_buf_init(&message);
		yg_source_message("script", text, strlen(text), &err, &message);
		fail_msg("%s", message.data);
	}
	return script;
}

/* Canonical text of a script, to be released by the caller. */
static inline struct yg_buf canonical(const char *text)
{
	struct yg_arena arena;
	struct yg_buf out;
	yg_arena_init(&arena);
	yg_buf_init(&out);
	yg_print_statement(must_parse(&arena, text), &out);
	yg_arena_release(&arena);
	return out;
}

/* text prints as expected, the printed text parses to an equal tree, on one line too. */
static inline void check_print(const char *text, const char *expected)
{
	struct yg_arena arena;
	struct yg_buf printed, line;
	yg_arena_init(&arena);
	yg_buf_init(&printed);
	yg_buf_init(&line);
	struct yg_node *script = must_parse(&arena, text);
	yg_print_statement(script, &printed);
	if (expected)
		assert_string_equal(printed.data, expected);
	assert_true(yg_node_equal(script, must_parse(&arena, printed.data)));
	yg_print_one_line(script, &line);
	assert_null(strchr(line.data, '\n'));
	assert_true(yg_node_equal(script, must_parse(&arena, line.data)));
	yg_buf_release(&printed);
	yg_buf_release(&line);
	yg_arena_release(&arena);
}

/* The whole message a wrong script gives. */
static inline void check_message(const char *text, size_t n, const char *expected)
{
	struct yg_arena arena;
	struct yg_err err;
	struct yg_node *script = NULL;
	struct yg_buf message;
	yg_arena_init(&arena);
	yg_buf_init(&message);
	assert_int_equal(yg_parse_script(&arena, text, n, &script, &err), YG_ESYNTAX);
	assert_null(script);
	assert_true(err.has_span);
	assert_true(err.at <= n);
	yg_source_message(NULL, text, n, &err, &message);
	assert_string_equal(message.data, expected);
	yg_buf_release(&message);
	yg_arena_release(&arena);
}
#define CHECK_MESSAGE(text, expected) check_message((text), sizeof(text) - 1, (expected))

#endif
