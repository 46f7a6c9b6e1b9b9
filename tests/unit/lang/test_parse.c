/*
 * The constructs of the language, one story each: what is written, what the tree holds, and the one
 * canonical form it prints as.
 */
#include "tests/unit/lang/lang_test.h"

static const struct yg_node *only(struct yg_arena *arena, const char *text)
{
	struct yg_node *script = must_parse(arena, text);
	assert_int_equal(script->kind, YG_NODE_SCRIPT);
	assert_int_equal(script->children, 1);
	return script->child[0];
}

static void the_head_of_a_script_pins_its_meaning(void **state)
{
	(void)state;
	check_print("lang   1\nstudy \"A \"\"quoted\"\" title\"\nseed 7;open \"c.cohort\" with profile=strict as c\n"
	            "use colon on c # comment\n\n\nrun \"more.yogo\"\nimport ae \"ae.csv\" with person=(center, id)",
	            "lang 1\nstudy \"A \"\"quoted\"\" title\"\nseed 7\nopen \"c.cohort\" with profile=strict as c\n"
	            "use colon on c\nrun \"more.yogo\"\nimport ae \"ae.csv\" with person=(center, id)");
}

static void params_and_codes_are_named_values(void **state)
{
	(void)state;
	check_print("param study_end=2023-12-31\nparam cut = -1.5\nparam age=[40,80]",
	            "param study_end = 2023-12-31\nparam cut = -1.5\nparam age = [40, 80]");
	check_print("codes doac = atc \"B01AE07\",\n  atc \"B01AF01\"\ncodes all = set doac, icd10 \"I48*\"\n"
	            "codes bleed from \"lists/bleed.csv\" with column=code, vocab=icd10",
	            "codes doac = atc \"B01AE07\", atc \"B01AF01\"\ncodes all = set doac, icd10 \"I48*\"\n"
	            "codes bleed from \"lists/bleed.csv\" with column=code, vocab=icd10");
}

static void columns_are_made_by_let_and_factor(void **state)
{
	(void)state;
	check_print("let fup=max( time )where etype=2 by id with label=\"Follow-up\"",
	            "let fup = max(time) where etype = 2 by id with label=\"Follow-up\"");
	check_print("let x = a by id where b = 1", "let x = a by id where b = 1");
	check_print("factor extent with levels=(\"muscle\":(1,2),\"serosa\":3),ref=\"serosa\"",
	            "factor extent with levels=(\"muscle\": (1, 2), \"serosa\": 3), ref=\"serosa\"");
	check_print("factor s = cut(size,20,50,closed=\"right\") with levels=(\"a\",\"b\",\"c\")",
	            "factor s = cut(size, 20, 50, closed = \"right\") with levels=(\"a\", \"b\", \"c\")");
	check_print("contrast dw = a vs b with duplicates=first\ncontrast n=treat with treated=1, estimand=att",
	            "contrast dw = a vs b with duplicates=first\ncontrast n = treat with treated=1, estimand=att");
}

static void name_equals_value_is_a_parameter_only_where_the_function_has_one(void **state)
{
	struct yg_arena arena;
	(void)state;
	yg_arena_init(&arena);
	const struct yg_node *let = only(&arena, "let d = date(x, month = 15)");
	assert_int_equal(let->child[0]->child[1]->kind, YG_NODE_ARGUMENT);
	assert_string_equal(let->child[0]->child[1]->text, "month");
	let = only(&arena, "let d = any(status = 1)");
	assert_int_equal(let->child[0]->child[0]->kind, YG_NODE_COMPARE);
	/* in brackets, or in back-quotes, it is a comparison again */
	let = only(&arena, "let d = date(x, (month = 15))");
	assert_int_equal(let->child[0]->child[1]->kind, YG_NODE_COMPARE);
	let = only(&arena, "let d = date(x, `month` = 15)");
	assert_int_equal(let->child[0]->child[1]->kind, YG_NODE_COMPARE);
	yg_arena_release(&arena);
}

static void expressions_bind_as_in_mathematics(void **state)
{
	(void)state;
	check_print("let x = ((a + (b * c)))", "let x = a + b * c");
	check_print("let x = (a + b) * c", "let x = (a + b) * c");
	check_print("let x = a - (b - c)", "let x = a - (b - c)");
	check_print("let x = -a^2", "let x = -a^2");
	check_print("let x = (-a)^2", "let x = (-a)^2");
	check_print("let x = a^-1.094*b^-c^2", "let x = a^-1.094 * b^-c^2");
	check_print("let x = (a^b)^c", "let x = (a^b)^c");
	check_print("let x = not(a and b)or c", "let x = not (a and b) or c");
	check_print("let x = not not a", "let x = not not a");
	check_print("let x = (a or b) and c is not missing", "let x = (a or b) and c is not missing");
	check_print("let x = (a = 1) = (b is missing)", "let x = (a = 1) = (b is missing)");
	check_print("let x = a != \"A\" and b in (1, 2, \"c\") or d in [25, 60]",
	            "let x = a != \"A\" and b in (1, 2, \"c\") or d in [25, 60]");
	check_print("let x = (\"a\") = b", "let x = (\"a\") = b");
	check_print("let x = case(a = \"f\", \"both\", .5)", "let x = case(a = \"f\", \"both\", .5)");
	check_print("let x = f((a, b), (c))", "let x = f((a, b), c)");
	check_print("let x = day - 2024-09-30 + 30d", "let x = day - 2024-09-30 + 30d");
	check_print("let x = 1e3 + 2.50", "let x = 1e3 + 2.50");
}

static void a_line_goes_on_after_a_comma_an_operator_or_an_open_bracket(void **state)
{
	(void)state;
	check_print("cox os ~ a +\n  b *\n c,\n d\nundo", "cox os ~ a + b*c, d\nundo");
	check_print("let x = (a\n\n + b # why\n)\nlet y = a and\n b", "let x = a + b\nlet y = a and b");
	/* "or" as the value of an option ends its line like any word */
	check_print("tab a by b with measure=or\nundo", "tab a by b with measure=or\nundo");
	check_print("tab a by b with measure=(or,\n rr)", "tab a by b with measure=(or, rr)");
}

static void a_cohort_is_a_list_of_rules(void **state)
{
	struct yg_arena arena;
	(void)state;
	check_print("cohort w like d:\"Title\"\nenter first rx(w)in[2015-01-01,study_end]\n"
	            "require \"obs\":observed in [-365d,0d];exclude none dx(a) or px(b, site=x) in [start, +5d]\n\n"
	            "require count dx(hf,suspected=no) in [-730d,0d] >=2\nrequire value max lab(x) in [-2y,0d] in [25,60]\n"
	            "require age>=40\nexit stop rx(w) with gap=30d, grace=(14d, 30d)\nexit on rx(d) or death()\nexit after 365d\n"
	            "exit date 2024-01-01\nexit date last\nexit death\nexit observation\nepisodes with gap=90d\nlimit first\nend",
	            "cohort w like d: \"Title\"\n  enter first rx(w) in [2015-01-01, study_end]\n"
	            "  require \"obs\": observed in [-365d, 0d]\n  exclude none dx(a) or px(b, site = x) in [start, 5d]\n"
	            "  require count dx(hf, suspected = no) in [-730d, 0d] >= 2\n"
	            "  require value max lab(x) in [-2y, 0d] in [25, 60]\n  require age >= 40\n"
	            "  exit stop rx(w) with gap=30d, grace=(14d, 30d)\n  exit on rx(d) or death()\n  exit after 365d\n"
	            "  exit date 2024-01-01\n  exit date last\n  exit death\n  exit observation\n  episodes with gap=90d\n"
	            "  limit first\nend");
	yg_arena_init(&arena);
	const struct yg_node *cohort = only(&arena, "cohort c:\n require count dx(hf) in [-730d, 0d] >= 2\nend");
	const struct yg_node *rule = cohort->child[0]->child[0];
	assert_int_equal(rule->kind, YG_NODE_RULE_COUNT);
	assert_int_equal(rule->child[2]->kind, YG_NODE_COMPARE); /* a test has one child, its right side */
	assert_int_equal(rule->child[2]->children, 1);
	yg_assert_near(rule->child[1]->child[0]->number, -730, 0);
	yg_arena_release(&arena);
}

static void an_endpoint_says_when_time_starts_and_what_ends_it(void **state)
{
	(void)state;
	check_print("endpoint e: \"E\"\nstart dob\nentry doe\nentry 816m\ntime time in days with zero=half\nwhere etype=2\n"
	            "event \"death\":status = 1\nevent at dthdt\nevent every status = 1\nevent first dx(x, a=b) or death()\n"
	            "compete \"other\": any(x = 1)\ncensor stop rx(d) with gap=30d\ncensor date last\nuntil 36m\nclean 90d\n"
	            "unit years\neach row\nbetween l and r\nend",
	            "endpoint e: \"E\"\n  start dob\n  entry doe\n  entry 816m\n  time time in days with zero=half\n"
	            "  where etype = 2\n  event \"death\": status = 1\n  event at dthdt\n  event every status = 1\n"
	            "  event first dx(x, a = b) or death()\n  compete \"other\": any(x = 1)\n  censor stop rx(d) with gap=30d\n"
	            "  censor date last\n  until 36m\n  clean 90d\n  unit years\n  each row\n  between l and r\nend");
}

static void covariates_are_columns_and_records_before_the_index_date(void **state)
{
	(void)state;
	check_print("covariates base:\nkeep age,sex\nadd any dx() in [-365d,-1d] with level=icd3, min=100\n"
	            "add last lab(egfr) in [-365d, 0d] as egfr\nadd score(cv) in [-365d,0d]\nend",
	            "covariates base:\n  keep age, sex\n  add any dx() in [-365d, -1d] with level=icd3, min=100\n"
	            "  add last lab(egfr) in [-365d, 0d] as egfr\n  add score(cv) in [-365d, 0d]\nend");
}

static void words_are_reserved_by_place(void **state)
{
	(void)state;
	/* event and rule words are columns wherever the grammar does not look for them */
	check_print("let a = rx + death + visit + count + value + any\nkm os by rx, time\ntable1 first, last, at, where_",
	            "let a = rx + death + visit + count + value + any\nkm os by rx, time\ntable1 first, last, at, where_");
	/* and take back-quotes where it does */
	check_print("cohort c:\nrequire `count` >= 2\nrequire `any`\nrequire max(x) = 1\nend\nendpoint e:\nevent `at` = 1\n"
	            "event every `at`\nevent `first` is missing\nend",
	            "cohort c:\n  require `count` >= 2\n  require `any`\n  require max(x) = 1\nend\nendpoint e:\n  event `at` = 1\n"
	            "  event every `at`\n  event `first` is missing\nend");
	/* option names and their words reserve nothing */
	check_print("km e with method=km as with_\ntab a with test=(no), missing=show", NULL);
	check_print("table1 `by`, `Age (years)`, `a-b`, `2x`", "table1 `by`, `Age (years)`, `a-b`, `2x`");
}

static void names_may_be_japanese(void **state)
{
	(void)state;
	check_print("let 高齢 = 年齢　>=　65 and `検査 値` = \"陽性\"", "let 高齢 = 年齢 >= 65 and `検査 値` = \"陽性\"");
	check_print("table1 ph.ecog, bp.2s, 値１, 年齢・性別", "table1 ph.ecog, bp.2s, 値１, 年齢・性別");
}

static void a_command_is_a_sentence(void **state)
{
	struct yg_arena arena;
	(void)state;
	yg_arena_init(&arena);
	const struct yg_node *c = only(&arena, "cox os, dfs ~ rx + rcs(age, 4) + a*b:c, 1 by sex:arm, node4 strata s cluster id on itt "
	                                       "where x = 1 with ties=efron, interaction as cx");
	assert_int_equal(c->kind, YG_NODE_COMMAND);
	assert_string_equal(c->text, "cox");
	assert_int_equal(c->child[0]->kind, YG_NODE_LIST);
	assert_int_equal(c->child[0]->children, 2);
	assert_int_equal(c->child[1]->kind, YG_NODE_FORMULA);
	assert_int_equal(c->child[1]->children, 2);
	const struct yg_node *cross = c->child[1]->child[0]->child[2];
	assert_int_equal(cross->kind, YG_NODE_CROSS); /* left associative: (a*b):c */
	assert_string_equal(cross->text, ":");
	assert_string_equal(cross->child[0]->text, "*");
	const struct yg_node *by = yg_node_find(c, YG_NODE_BY);
	assert_int_equal(by->children, 2);
	assert_int_equal(by->child[0]->kind, YG_NODE_CROSSING);
	assert_int_equal(by->child[0]->children, 2);
	assert_true(yg_node_option_yes(c, "interaction"));
	assert_string_equal(yg_node_option(c, "ties")->text, "efron");
	assert_null(yg_node_option(c, "frailty"));
	assert_string_equal(yg_node_find(c, YG_NODE_AS)->text, "cx");
	assert_int_equal(c->at, 0);
	yg_arena_release(&arena);
	check_print("cox os~a*b + c:d,log(x+1)by s:t,u on w with ties = efron,se=robust  as m",
	            "cox os ~ a*b + c:d, log(x + 1) by s:t, u on w with ties=efron, se=robust as m");
	check_print("mi a, b ~ c using os on r with m=20, method=(pmm, trig: normal) as i\nsave to \"out/x.yogo\"\n"
	            "help by\nmissing on r with pattern\nverify \"x.study\" with head=\"ab\"\nlogit y ~ 1",
	            "mi a, b ~ c using os on r with m=20, method=(pmm, trig: normal) as i\nsave to \"out/x.yogo\"\n"
	            "help by\nmissing on r with pattern\nverify \"x.study\" with head=\"ab\"\nlogit y ~ 1");
}

static void assert_guards_what_follows(void **state)
{
	(void)state;
	check_print("assert itt.n = 911 else \"population changed\"\nassert cx.hr(\"rx: Lev\") in [0.5,0.9] and os.events > 100",
	            "assert itt.n = 911 else \"population changed\"\nassert cx.hr(\"rx: Lev\") in [0.5, 0.9] and os.events > 100");
}

static void line_ends_and_marks_of_other_systems_are_accepted(void **state)
{
	(void)state;
	check_print("\xEF\xBB\xBFlang 1\r\nuse\tcolon\r\ncount\rundo", "lang 1\nuse colon\ncount\nundo");
	check_print("", "");
	check_print("\n ; # nothing\n;", "");
	check_print("count\xC2\xA0where\xE3\x80\x80trt is missing", "count where trt is missing");
}

static void statements_come_one_by_one_for_the_executor(void **state)
{
	static const char text[] = "lang 1; use colon\n\ncohort c:\n  require a = 1\nend # done\ncount";
	static const char *const expected[] = { "lang 1", "use colon", "cohort c:\n  require a = 1\nend", "count" };
	struct yg_arena arena;
	struct yg_buf printed;
	size_t offset = 0;
	(void)state;
	yg_arena_init(&arena);
	yg_buf_init(&printed);
	for (size_t i = 0; i < 4; i++) {
		struct yg_node *node = NULL;
		assert_int_equal(yg_parse_next(&arena, text, strlen(text), &offset, &node, NULL), YG_OK);
		assert_non_null(node);
		yg_buf_clear(&printed);
		yg_print_statement(node, &printed);
		assert_string_equal(printed.data, expected[i]);
		assert_memory_equal(text + node->at, expected[i], 4); /* spans are of the whole text */
	}
	struct yg_node *node = NULL;
	assert_int_equal(yg_parse_next(&arena, text, strlen(text), &offset, &node, NULL), YG_OK);
	assert_null(node);
	/* a mistake leaves the offset where it was */
	struct yg_err err;
	offset = 7;
	assert_int_equal(yg_parse_next(&arena, "use a; kmm b", 12, &offset, &node, &err), YG_ESYNTAX);
	assert_int_equal(offset, 7);
	assert_string_equal(err.fixed, "use a; km b");
	yg_buf_release(&printed);
	yg_arena_release(&arena);
}

static void a_filter_is_one_predicate(void **state)
{
	struct yg_arena arena;
	struct yg_node *e = NULL;
	struct yg_err err;
	(void)state;
	yg_arena_init(&arena);
	assert_int_equal(yg_parse_predicate(&arena, "age >= 65\n", 10, &e, &err), YG_OK);
	assert_int_equal(e->kind, YG_NODE_COMPARE);
	assert_int_equal(yg_parse_predicate(&arena, "age >= 65 x", 11, &e, &err), YG_ESYNTAX);
	assert_int_equal(yg_parse_predicate(&arena, "", 0, &e, &err), YG_ESYNTAX);
	assert_int_equal(yg_parse_value(&arena, "(0.25, 1y)", 10, &e, &err), YG_OK);
	assert_int_equal(e->kind, YG_NODE_GROUP);
	assert_int_equal(yg_parse_value(&arena, "0.95", 4, &e, &err), YG_OK);
	yg_assert_near(e->number, 0.95, 0);
	assert_int_equal(yg_parse_value(&arena, "a b", 3, &e, &err), YG_ESYNTAX);
	yg_arena_release(&arena);
}

static void the_prompt_knows_when_more_is_wanted(void **state)
{
	static const struct {
		const char *text;
		bool more;
	} cases[] = {
		{ "", false },
		{ "km os", false },
		{ "cohort c:", true },
		{ "cohort c: \"T\"\n  require a = 1\n", true },
		{ "cohort c:\n  require a = 1\nend", false },
		{ "cohort c: ; require a = 1; end", false },
		{ "let x = (a", true },
		{ "table1 age,", true },
		{ "cox os ~", true },
		{ "let x = a and", true },
		{ "let x =", false },      /* wrong at once: no line goes on after "=" */
		{ "study \"abc", false },  /* a string ends on its line */
		{ "kmm os", false },
		{ "cohort c:\n  reqire a = 1\n", false },
		{ "let x = (a ]", false },
		{ "endpoint", false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (yg_parse_incomplete(cases[i].text, strlen(cases[i].text)) != cases[i].more)
			fail_msg("%s", cases[i].text);
}

static void trees_are_found_copied_and_compared(void **state)
{
	struct yg_arena arena, other;
	(void)state;
	yg_arena_init(&arena);
	yg_arena_init(&other);
	struct yg_node *script = must_parse(&arena, "cohort c: \"T\"; require \"x\": a + 2 > 3; end\nkm os with at=(1y, 2y)");
	struct yg_node *copy = yg_node_copy(&other, script);
	assert_true(yg_node_equal(script, copy));
	copy->child[1]->child[1]->child[0]->child[0]->child[1]->number = 3; /* at=(1y, 3y) */
	assert_false(yg_node_equal(script, copy));
	assert_false(yg_node_equal(script, NULL));
	assert_true(yg_node_equal(NULL, NULL));
	assert_string_equal(yg_node_kind_name(YG_NODE_RULE_OBSERVED), "RULE_OBSERVED");
	assert_string_equal(yg_node_kind_name(YG_NODE_STRING), "STRING");
	/* a tree made by hand: twenty children, in order */
	struct yg_node *list = yg_node_new(&other, YG_NODE_LIST, NULL);
	for (int i = 0; i < 20; i++) {
		char name[8];
		snprintf(name, sizeof name, "c%d", i);
		yg_node_add(&other, list, yg_node_new(&other, YG_NODE_NAME, name));
	}
	assert_int_equal(list->children, 20);
	assert_string_equal(list->child[19]->text, "c19");
	assert_string_equal(list->child[8]->text, "c8");
	yg_arena_release(&other);
	yg_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_of_a_script_pins_its_meaning),
		cmocka_unit_test(params_and_codes_are_named_values),
		cmocka_unit_test(columns_are_made_by_let_and_factor),
		cmocka_unit_test(name_equals_value_is_a_parameter_only_where_the_function_has_one),
		cmocka_unit_test(expressions_bind_as_in_mathematics),
		cmocka_unit_test(a_line_goes_on_after_a_comma_an_operator_or_an_open_bracket),
		cmocka_unit_test(a_cohort_is_a_list_of_rules),
		cmocka_unit_test(an_endpoint_says_when_time_starts_and_what_ends_it),
		cmocka_unit_test(covariates_are_columns_and_records_before_the_index_date),
		cmocka_unit_test(words_are_reserved_by_place),
		cmocka_unit_test(names_may_be_japanese),
		cmocka_unit_test(a_command_is_a_sentence),
		cmocka_unit_test(assert_guards_what_follows),
		cmocka_unit_test(line_ends_and_marks_of_other_systems_are_accepted),
		cmocka_unit_test(statements_come_one_by_one_for_the_executor),
		cmocka_unit_test(a_filter_is_one_predicate),
		cmocka_unit_test(the_prompt_knows_when_more_is_wanted),
		cmocka_unit_test(trees_are_found_copied_and_compared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
