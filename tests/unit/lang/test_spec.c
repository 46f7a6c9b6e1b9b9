/*
 * The command table is the one place that knows the verbs: it must be whole (words for help, examples
 * that parse, defaults that are values of their option), and what is made from it must be readable.
 */
#include "tests/unit/lang/lang_test.h"
#include "yogo/lang/spec_doc.h"

static void check_entry(const struct yg_verb_spec *spec)
{
	assert_non_null(spec->name);
	assert_non_null(spec->group);
	assert_non_null(spec->summary);
	assert_non_null(spec->usage);
	if (!spec->help)
		fail_msg("%s has no help", spec->name);
	assert_true(strncmp(spec->usage, spec->name, strlen(spec->name)) == 0);
	for (size_t i = 0; i < spec->option_count; i++) {
		const struct yg_option_spec *o = &spec->options[i];
		assert_ptr_equal(yg_verb_option(spec, o->name), o); /* no name twice */
		assert_non_null(o->help);
		assert_true(!o->words || o->type == YG_OPTION_WORD);
	}
	if (spec->example) {
		struct yg_arena arena;
		yg_arena_init(&arena);
		(void)must_parse(&arena, spec->example);
		assert_non_null(strstr(spec->example, spec->name));
		yg_arena_release(&arena);
	}
}

static void every_entry_is_whole(void **state)
{
	size_t n, statements, clauses;
	(void)state;
	const struct yg_verb_spec *verb = yg_verb_specs(&n);
	assert_true(n >= 80);
	for (size_t i = 0; i < n; i++) {
		check_entry(&verb[i]);
		assert_ptr_equal(yg_verb_find(verb[i].name), &verb[i]);
		assert_null(yg_statement_find(verb[i].name));
		assert_true(!verb[i].formula_required || verb[i].formula);
		if (verb[i].available && !verb[i].example)
			fail_msg("%s has no example", verb[i].name);
	}
	const struct yg_verb_spec *statement = yg_statement_specs(&statements);
	for (size_t i = 0; i < statements; i++)
		check_entry(&statement[i]);
	const struct yg_verb_spec *clause = yg_clause_specs(&clauses);
	for (size_t i = 0; i < clauses; i++) {
		check_entry(&clause[i]);
		assert_ptr_equal(yg_clause_find(clause[i].name), &clause[i]);
	}
}

/* A default that the table writes into the resolved line must be one that the parser takes. */
static void defaults_are_values_of_their_options(void **state)
{
	struct yg_arena arena;
	size_t n;
	(void)state;
	yg_arena_init(&arena);
	const struct yg_verb_spec *verb = yg_verb_specs(&n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < verb[i].option_count; k++) {
			const struct yg_option_spec *o = &verb[i].options[k];
			if (!o->standard)
				continue;
			char line[512];
			snprintf(line, sizeof line, "%s%s%s with %s=%s", verb[i].name, verb[i].target == YG_TARGET_NONE ? "" : " x",
			         verb[i].formula_required ? " ~ y" : "", o->name, o->standard);
			(void)must_parse(&arena, line);
		}
	yg_arena_release(&arena);
}

static void what_the_language_page_promises_is_there(void **state)
{
	static const char *const verbs =
		"table1 describe hist plot tab missing count test corr long wide attrition followup show flow timeline why km logrank "
		"cuminc rmst cox finegray aft phtest tvc multistate recur winratio linear logit poisson glm ordinal multinom clogit gee "
		"mixed margins compare ps match weight stratify balance ipw gform aipw evalue mi design roc diag predict validate "
		"calibrate dca rate standardize forest report export trial_seq did its control mrmc agree signal sccs crossover "
		"sequential cost deflate cea ceplane ceac profile funnel prevalence enrol samplesize power release freeze unblind replay "
		"verify diff selftest convention policy help undo history save";
	char word[32];
	(void)state;
	for (const char *p = verbs; *p;) {
		size_t n = strcspn(p, " ");
		snprintf(word, sizeof word, "%.*s", (int)n, p);
		if (!yg_verb_find(word))
			fail_msg("no verb %s", word);
		p += n + (p[n] != 0);
	}
	/* every model takes the common options, every computing verb says who is analysed */
	static const char *const models[] = { "cox", "linear", "logit", "poisson", "glm", "gee", "mixed", "finegray", "aft" };
	static const char *const common[] = { "ci", "conf", "se", "boot", "weight", "freq" };
	for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
		const struct yg_verb_spec *spec = yg_verb_find(models[i]);
		for (size_t k = 0; k < sizeof common / sizeof *common; k++)
			assert_non_null(yg_verb_option(spec, common[k]));
		assert_int_equal(spec->clauses & (YG_CLAUSE_ON | YG_CLAUSE_WHERE | YG_CLAUSE_AS),
		                 YG_CLAUSE_ON | YG_CLAUSE_WHERE | YG_CLAUSE_AS);
	}
	assert_string_equal(yg_verb_option(yg_verb_find("cox"), "ties")->standard, "efron");
	assert_true(yg_verb_find("km")->available);
	assert_false(yg_verb_find("gee")->available);
}

static void the_nearest_word_is_offered(void **state)
{
	(void)state;
	assert_string_equal(yg_verb_nearest("tabel1"), "table1");
	assert_string_equal(yg_verb_nearest("KM"), "km");
	assert_string_equal(yg_verb_nearest("survfit"), "km");
	assert_string_equal(yg_verb_nearest("summarize"), "describe");
	assert_string_equal(yg_verb_nearest("cohrt"), "cohort");
	assert_null(yg_verb_nearest("frobnicate"));
	assert_string_equal(yg_option_nearest(yg_verb_find("cox"), "tie"), "ties");
	assert_string_equal(yg_option_nearest(yg_verb_find("cox"), "robust"), "se");
	assert_null(yg_option_nearest(yg_verb_find("cox"), "colour"));
	assert_null(yg_option_nearest(NULL, "x"));
}

static void functions_and_their_parameters_are_known(void **state)
{
	size_t n;
	(void)state;
	const struct yg_function_spec *f = yg_function_specs(&n);
	for (size_t i = 0; i < n; i++) {
		assert_true(strncmp(f[i].usage, f[i].name, strlen(f[i].name)) == 0);
		assert_non_null(f[i].help);
	}
	assert_true(yg_function_parameter("date", "month"));
	assert_true(yg_function_parameter("rcs", "knots"));
	assert_false(yg_function_parameter("any", "status"));
	assert_false(yg_function_parameter("days", "from"));
	assert_string_equal(yg_function_find("rcs")->kind, "term");
	assert_null(yg_function_find("sin"));
}

static void verbs_that_are_not_computed_are_refused_by_name(void **state)
{
	struct yg_arena arena;
	struct yg_err err;
	(void)state;
	yg_arena_init(&arena);
	assert_int_equal(yg_spec_refuse(must_parse(&arena, "km os")->child[0], &err), YG_OK);
	assert_int_equal(yg_spec_refuse(must_parse(&arena, "let a = b")->child[0], &err), YG_OK);
	assert_int_equal(yg_spec_refuse(must_parse(&arena, "undo; mrmc os ~ a")->child[1], &err), YG_REFUSED);
	assert_string_equal(err.text, "mrmc is part of the language, but this version of the program does not compute it");
	assert_int_equal(err.at, 6);
	/* an option too, unless it is switched off */
	assert_int_equal(yg_spec_refuse(must_parse(&arena, "linear y ~ a with conf=0.9, firth")->child[0], &err), YG_REFUSED);
	assert_int_equal(err.at, 28);
	assert_int_equal(yg_spec_refuse(must_parse(&arena, "forest m to \"f.svg\"")->child[0], &err), YG_REFUSED);
	assert_int_equal(err.at, 9);
	assert_int_equal(yg_spec_refuse(must_parse(&arena, "cox os ~ a with frailty=no, penalty=none")->child[0], &err), YG_OK);
	yg_arena_release(&arena);
}

static void help_fits_the_screen_and_pages_are_well_formed(void **state)
{
	struct yg_buf out;
	size_t n;
	(void)state;
	yg_buf_init(&out);
	const struct yg_verb_spec *verb = yg_verb_specs(&n);
	for (size_t i = 0; i < n; i++) {
		yg_buf_clear(&out);
		yg_spec_help(&verb[i], &out);
		for (const char *line = out.data; *line;) {
			size_t len = strcspn(line, "\n");
			if (len > 79 && !strstr(verb[i].example ? verb[i].example : "", line + 4) && memcmp(line, "    ", 4) != 0)
				fail_msg("%s: %.*s", verb[i].name, (int)len, line);
			line += len + (line[len] != 0);
		}
		assert_int_equal(out.data[out.len - 1], '\n');
	}
	yg_buf_clear(&out);
	yg_spec_help(yg_verb_find("hist"), &out);
	assert_string_equal(out.data,
	                    "hist: histogram of a column\n"
	                    "\n"
	                    "    hist VAR, ... [by VAR] [on COHORT] [where ...] [with bins=N] [as NAME]\n"
	                    "\n"
	                    "  Counts of a number in classes of equal width, as bars and as a table.\n"
	                    "  Without bins their number follows Sturges' rule, with edges at round\n"
	                    "  numbers. by draws one histogram for each level on the same axis.\n"
	                    "\n"
	                    "Options\n"
	                    "  bins=(whole number)       number of bars; chosen from the data when not\n"
	                    "                            given\n"
	                    "  conf=(fraction, 0 to 1)   confidence level of the intervals (unless given:\n"
	                    "                            0.95)\n"
	                    "  weight=(column)           column of sampling weights; standard errors are\n"
	                    "                            then robust\n"
	                    "  freq=(column)             column of counts: a row stands for that many\n"
	                    "                            persons (not computed by this version)\n"
	                    "\n"
	                    "Example\n"
	                    "    open \"pbc.cohort\"\n"
	                    "    hist bili by sex with bins=20\n");
	yg_buf_clear(&out);
	yg_spec_markdown(yg_verb_find("finegray"), &out);
	assert_non_null(strstr(out.data, "# finegray\n\nSubdistribution hazard ratios with competing events.\n"));
	assert_null(strstr(out.data, "does not compute it"));
	assert_non_null(strstr(out.data, "| `ties=breslow\\|efron` | `breslow` |"));
	yg_buf_clear(&out);
	yg_spec_markdown(yg_verb_find("gee"), &out);
	assert_non_null(strstr(out.data, "does not compute it"));
	yg_buf_clear(&out);
	yg_spec_man(&out);
	assert_non_null(strstr(out.data, ".SH COMMANDS\n.TP\n\\fBtable1"));
	yg_buf_clear(&out);
	yg_spec_function_help(yg_function_find("cut"), &out);
	assert_non_null(strstr(out.data, "cut(x, 50, 65)\n  classes:"));
	yg_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_is_whole),
		cmocka_unit_test(defaults_are_values_of_their_options),
		cmocka_unit_test(what_the_language_page_promises_is_there),
		cmocka_unit_test(the_nearest_word_is_offered),
		cmocka_unit_test(functions_and_their_parameters_are_known),
		cmocka_unit_test(verbs_that_are_not_computed_are_refused_by_name),
		cmocka_unit_test(help_fits_the_screen_and_pages_are_well_formed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
