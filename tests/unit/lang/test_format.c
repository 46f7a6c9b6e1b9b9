/*
 * "yogo format" keeps what people wrote for people (comments, blank lines, where a long line breaks)
 * and settles everything else.
 */
#include <dirent.h>

#include "tests/unit/lang/lang_test.h"
#include "yogo/base/io.h"

static void check_format(const char *text, const char *expected)
{
	struct yg_buf once, twice;
	struct yg_arena arena;
	struct yg_err err;
	yg_buf_init(&once);
	yg_buf_init(&twice);
	yg_arena_init(&arena);
	assert_int_equal(yg_format_script(text, strlen(text), &once, &err), YG_OK);
	if (expected)
		assert_string_equal(once.data, expected);
	assert_int_equal(yg_format_script(once.data, once.len, &twice, &err), YG_OK);
	assert_string_equal(once.data, twice.data);
	assert_true(yg_node_equal(must_parse(&arena, text), must_parse(&arena, once.data)));
	yg_arena_release(&arena);
	yg_buf_release(&once);
	yg_buf_release(&twice);
}

static void blanks_are_settled_and_lines_kept(void **state)
{
	(void)state;
	check_format("cox   os~a+b * c ,d   with ties = efron,\n      se=robust as x", "cox os ~ a + b*c, d with ties=efron,\n  se=robust as x\n");
	check_format("let x=-a^ -2*( b+ -1 )", "let x = -a^-2 * (b + -1)\n");
	check_format("factor s with levels=( \"a\":0 ,\"b\" : (1,2) ) ,ref = \"a\"", "factor s with levels=(\"a\": 0, \"b\": (1, 2)), ref=\"a\"\n");
	check_format("km os by a : b,c with at = ( 1y,3y )", "km os by a:b, c with at=(1y, 3y)\n");
	check_format("let d=date(x,month=15)   # July", "let d = date(x, month = 15)  # July\n");
}

static void comments_and_blank_lines_stay(void **state)
{
	(void)state;
	check_format("# head\n\n\nlang 1   # one\n\n\n# before\ncount\n\n", "# head\n\n\nlang 1  # one\n\n\n# before\ncount\n");
	check_format("table1 a, # first\n  # between\n b", "table1 a,  # first\n  # between\n  b\n");
	check_format("# only a comment", "# only a comment\n");
	check_format("", "");
	check_format("count # last", "count  # last\n");
}

static void blocks_are_unfolded_and_indented(void **state)
{
	(void)state;
	check_format("cohort c:\"T\";require a=1;# why\nexclude b=1;end", "cohort c: \"T\"\n  require a = 1  # why\n  exclude b = 1\nend\n");
	check_format("cohort c:\n# none\nend\n", "cohort c:\n  # none\nend\n");
	check_format("cohort c:\n\n  require a in (1,\n2)\n# last\nend # c\ncount",
	             "cohort c:\n\n  require a in (1,\n    2)\n  # last\nend  # c\ncount\n");
}

static void marks_of_other_systems_go(void **state)
{
	(void)state;
	check_format("\xEF\xBB\xBFlang 1\r\ncount\r\n", "lang 1\ncount\n");
	check_format("count\xE3\x80\x80where　年齢>=65", "count where 年齢 >= 65\n");
}

static void a_wrong_script_is_not_touched(void **state)
{
	struct yg_buf out;
	struct yg_err err;
	(void)state;
	yg_buf_init(&out);
	assert_int_equal(yg_format_script("cox os ~ a, ties=efron", 22, &out, &err), YG_ESYNTAX);
	assert_string_equal(err.code, "E-SYN-012");
	assert_int_equal(out.len, 0);
	yg_buf_release(&out);
}

/* Every saved script of the project: format twice, print, print on one line, all with one tree. */
static void check_folder(const char *folder)
{
	char path[4096];
	snprintf(path, sizeof path, "%s", yg_source_path(folder));
	DIR *dir = opendir(path);
	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
		size_t n = strlen(entry->d_name);
		if (n < 6 || strcmp(entry->d_name + n - 5, ".yogo") != 0)
			continue;
		char *file = yg_path_join(path, entry->d_name);
		struct yg_buf text, printed, formatted;
		struct yg_arena arena;
		struct yg_err err;
		yg_buf_init(&text);
		yg_buf_init(&printed);
		yg_buf_init(&formatted);
		yg_arena_init(&arena);
		assert_int_equal(yg_io_read_file(file, 0, &text, &err), YG_OK);
		if (yg_parse_script(&arena, text.data, text.len, &(struct yg_node *){ NULL }, NULL) == YG_OK) {
			check_format(text.data, NULL);
			check_print(text.data, NULL);
			/* the two printers agree: what print gives, format leaves alone */
			yg_print_statement(must_parse(&arena, text.data), &printed);
			if (printed.len)
				yg_buf_addc(&printed, '\n');
			assert_int_equal(yg_format_script(printed.data, printed.len, &formatted, &err), YG_OK);
			assert_string_equal(printed.data, formatted.data);
		}
		yg_arena_release(&arena);
		yg_buf_release(&text);
		yg_buf_release(&printed);
		yg_buf_release(&formatted);
		yg_free(file);
	}
	if (dir)
		closedir(dir);
}

static void all_saved_scripts_go_round(void **state)
{
	(void)state;
	check_folder("scripts");
	check_folder("tests/golden");
	check_folder("tests/bench");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_are_settled_and_lines_kept),
		cmocka_unit_test(comments_and_blank_lines_stay),
		cmocka_unit_test(blocks_are_unfolded_and_indented),
		cmocka_unit_test(marks_of_other_systems_go),
		cmocka_unit_test(a_wrong_script_is_not_touched),
		cmocka_unit_test(all_saved_scripts_go_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
