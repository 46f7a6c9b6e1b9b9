/*
 * Fuzz target for the language: parse, print, parse again, format, label, complete.  Built by libFuzzer:
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude -Isrc tests/fuzz/fuzz_parse.c <lang and base> -o fuzz_parse
 */
#include <stdint.h>
#include <stdlib.h>

#include "yogo/base/mem.h"
#include "yogo/lang/complete.h"
#include "yogo/lang/parse.h"
#include "yogo/lang/print.h"
#include "yogo/lang/segment.h"
#include "yogo/lang/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct yg_arena arena;
	struct yg_node *script = NULL, *again = NULL;
	struct yg_err err;
	struct yg_buf out;
	uint8_t *label = yg_xalloc(size + 1, 1);
	yg_arena_init(&arena);
	yg_buf_init(&out);
	if (yg_parse_script(&arena, text, size, &script, &err) == YG_OK) {
		yg_print_statement(script, &out);
		if (yg_parse_script(&arena, out.data, out.len, &again, &err) != YG_OK || !yg_node_equal(script, again))
			abort();
		yg_buf_clear(&out);
		if (yg_format_script(text, size, &out, &err) != YG_OK)
			abort();
	} else {
		if (!err.has_span || err.at > size)
			abort();
		yg_source_message("fuzz", text, size, &err, &out);
	}
	struct yg_completions offers;
	yg_complete(&arena, text, size, &offers);
	(void)yg_parse_incomplete(text, size);
	yg_segment(text, size, label);
	yg_free(label);
	yg_buf_release(&out);
	yg_arena_release(&arena);
	return 0;
}
