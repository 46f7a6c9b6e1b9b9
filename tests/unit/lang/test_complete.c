/*
 * What the prompt offers at the cursor.  "|" marks the cursor in the examples; what is behind it does
 * not matter.  And a promise over many texts: a word that is offered is never the mistake of the line.
 */
#include "tests/unit/lang/lang_test.h"
#include "yogo/lang/complete.h"

static const char *placeholder(const struct yg_completion *c)
{
	static const char *const name[] = {
		[YG_COMPLETE_COLUMN] = "COLUMN", [YG_COMPLETE_OBJECT] = "OBJECT", [YG_COMPLETE_VALUE] = "VALUE",
		[YG_COMPLETE_FILE] = "FILE",     [YG_COMPLETE_FIELD] = "FIELD",
	};
	return name[c->kind];
}

/* All candidates as one text, placeholders in capitals. */
static void check(const char *text, const char *expected)
{
	struct yg_arena arena;
	struct yg_completions got;
	struct yg_buf seen;
	const char *cursor = strchr(text, '|');
	yg_arena_init(&arena);
	yg_buf_init(&seen);
	yg_complete(&arena, text, cursor ? (size_t)(cursor - text) : strlen(text), &got);
	for (size_t i = 0; i < got.n; i++) {
		const struct yg_completion *c = &got.v[i];
		yg_buf_addf(&seen, "%s%s", i ? ", " : "", c->text ? c->text : placeholder(c));
		if (c->column)
			yg_buf_addf(&seen, " of %s", c->column);
	}
	if (strcmp(seen.data, expected) != 0)
		fail_msg("%s\n  offers   %s\n  expected %s", text, seen.data, expected);
	yg_buf_release(&seen);
	yg_arena_release(&arena);
}

static void a_line_begins_with_a_verb(void **state)
{
	struct yg_arena arena;
	struct yg_completions got;
	(void)state;
	check("ta", "table1, tab");
	check("km os\nco", "codes, contrast, cohort, covariates, count, corr, cox, compare, control, cost, convention");
	check("coh", "cohort");
	check("zzz", "");
	yg_arena_init(&arena);
	yg_complete(&arena, "", 0, &got);
	assert_true(got.n > 90);
	yg_complete(&arena, "km os\nkm", 8, &got);
	assert_int_equal(got.from, 6);
	yg_arena_release(&arena);
}

static void a_verb_says_what_follows(void **state)
{
	(void)state;
	check("km ", "OBJECT");
	check("table1 ", "COLUMN");
	check("table1 age, s", "COLUMN");
	check("km os ", "by, strata, cluster, on, where, with, as");
	check("km os by rx ", "strata, cluster, on, where, with, as");
	check("km os by rx on ", "OBJECT");
	check("cox os ", "");
	check("cox os ~ ", "COLUMN, factor, rcs, ns, bs, poly, fp, per, offset, tt, log");
	check("cox os ~ rx + fa", "COLUMN, factor");
	check("cox os ~ rx wh", "where");
	check("report fig1 to \"out/", "FILE");
	check("undo ", "");
	check("help ki", "");
	check("help km", "km");
	check("help req", "require");
	check("km os by rx # com", "");
	check("study \"a#b\"; und", "undo");
}

static void options_know_their_words(void **state)
{
	(void)state;
	check("km os with ", "method, ci, conf, band, over, quantiles, qrule, beyond, at, measure, adjust, given, landmark, risktable, steps, weight, freq");
	check("km os with ci=log, q", "quantiles, qrule");
	check("km os with ci=", "plain, log, loglog, logit, arcsin, none");
	check("km os with ci=log", "log, loglog, logit");
	check("km os with ci=log ", "as");
	check("km os with risktable=", "yes, no");
	check("tab a by b with measure=(or, r", "rd, rr");
	check("table1 a with median=(", "COLUMN");
	check("logit outcome ~ a with event=\"Po", "VALUE of outcome");
	check("km os as ", "");
	check("factor rx with ref=\"", "VALUE of rx");
	check("open \"a\" with profile=", "open, jp_ndb, opensafely, strict");
	check("km os with conf=0.9", "");
}

static void conditions_know_columns_and_values(void **state)
{
	(void)state;
	check("count where a", "COLUMN, abs, age");
	check("count where trt = ", "VALUE of trt, COLUMN, log, exp, sqrt, abs, round, floor, least, greatest, coalesce, case, cut, days, "
	                            "months, years, age, date");
	check("count where trt in (", "VALUE of trt");
	check("count where sex = \"f", "VALUE of sex");
	check("count where chol is ", "missing, not");
	check("count where chol is not m", "missing");
	check("count where chol ", "and, or, is missing, is not missing, in, by, on, with, as");
	check("count where chol = 3 a", "and, as");
	check("let x = a", "COLUMN, abs, age, any");
	check("let x = max(t) ", "and, or, is missing, is not missing, in, where, by, with");
	check("let x = max(t) where k = 1 by id w", "with");
	check("assert itt.", "FIELD of itt");
	check("assert itt.n = 3 e", "else");
}

static void blocks_offer_their_clauses(void **state)
{
	(void)state;
	check("cohort c:\n  ", "enter, require, exclude, exit, episodes, limit, end");
	check("cohort c: ; ex", "exclude, exit");
	check("cohort c:\n  require a = 1\nend\nund", "undo");
	check("cohort c:\n  require \"label\": an", "any, COLUMN");
	check("cohort c:\n  require any ", "dx, rx, px, lab, obs, visit, device, death, score, cost, cohort_of");
	check("cohort c:\n  require any dx(a) ", "in, or");
	check("cohort c:\n  require any dx(a) in [-365d, ", "start, end, OBJECT");
	check("cohort c:\n  require value ", "first, last, every, min, max, mean, sum, any, count");
	check("cohort c:\n  exit ", "observation, death, on, after, date, stop");
	check("cohort c:\n  exit stop rx(a) with g", "gap, grace");
	check("cohort c li", "like");
	check("endpoint e:\n  ", "start, until, clean, unit, where, time, entry, between, each, censor, event, compete, end");
	check("endpoint e:\n  time t in ", "days, weeks, months, years");
	check("endpoint e:\n  event \"x\": status = ",
	      "VALUE of status, COLUMN, log, exp, sqrt, abs, round, floor, least, greatest, coalesce, case, cut, days, months, years, age, "
	      "date");
	check("endpoint e:\n  event at ", "COLUMN");
	check("endpoint e:\n  event ev", "every, COLUMN");
	check("covariates b:\n  add last lab(x) in [-1y, 0d] ", "with, as");
	check("contrast a = ", "OBJECT, COLUMN");
	check("use ", "OBJECT");
	check("open \"", "FILE");
	check("codes a = ", "icd10, atc, kcode, yj, loinc, set");
}

static const char *const texts[] = {
	"let x = max(time) where etype = 2 and not a is missing by id with label=\"a\"\n",
	("cohort w like d: \"T\"\n  enter first rx(w) in [2015-01-01, end]\n  require \"a\": count dx(hf) in [-2y, 0d] >= 2\n"
	 "  exclude none dx() or px(b) in [start, 5d]\n  require value last lab(a) in [-2y, 0d] > 3\n  require observed in [-1y, 0d]\n"
	 "  exit stop rx(w) with gap=30d, grace=14d\n  exit on death()\n  exit date last\n  limit first\nend\n"),
	("endpoint os: \"D\"\n  where etype = 2\n  time time in days with zero=half\n  event \"death\": every status = 1\n  compete at d\n"
	 "  event death()\n  censor after 5y\n  between a and b\n  each row\n  entry a\n  start a\n  unit years\nend\n"),
	"covariates b:\n  keep a, b\n  add last lab(x) in [-1y, 0d] with unit=\"a\" as y\nend\n",
	"cox os, dfs ~ rx + rcs(age, 4) + a*b:c by s:t, u strata v cluster id on itt where a is missing with ties=efron as cx\n",
	"tab a by b with measure=(or, rr), test=fisher as t\nreport t to \"x.html\" with format=html\nhelp km\nuse a on b\n",
	"codes a = icd10 \"I48*\", set b\nfactor a = cut(b, 1) with ref=\"x\"\ncontrast a = b vs c with estimand=att\nopen \"a\" as b\n",
	"margins m ~ a by b with measure=rd\nmi a ~ b using c with m=3\nassert itt.n = 3 else \"no\"\nimport a \"b\" with person=c as d\n",
};

/* The text up to the cursor with the candidate put in: no error may stand before the candidate's end. */
static void try_one(const char *text, size_t at, const struct yg_completions *got, const struct yg_completion *c)
{
	struct yg_arena arena;
	struct yg_node *script = NULL;
	struct yg_err err;
	struct yg_buf line;
	yg_buf_init(&line);
	yg_arena_init(&arena);
	yg_buf_add(&line, text, got->from);
	yg_buf_adds(&line, c->text ? c->text : c->kind == YG_COMPLETE_FIELD ? "x.n"
	                           : c->kind == YG_COMPLETE_FILE && !got->in_string ? "\"x\"" : "x");
	size_t end = line.len;
	if (c->text)
		yg_buf_adds(&line, c->after);
	if (got->in_string)
		yg_buf_addc(&line, '"');
	if (yg_parse_script(&arena, line.data, line.len, &script, &err) != YG_OK && err.at < end &&
	    strcmp(err.code, "E-SYN-026") != 0 && strcmp(err.code, "E-SYN-028") != 0 && strcmp(err.code, "E-SYN-022") != 0)
		fail_msg("%.*s|\n  offers %s, but %s at %zu", (int)at, text, c->text ? c->text : placeholder(c), err.text, err.at);
	yg_arena_release(&arena);
	yg_buf_release(&line);
}

static void what_is_offered_is_never_the_mistake(void **state)
{
	size_t tried = 0;
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (size_t at = 0; at <= strlen(texts[i]); at++) {
			struct yg_arena arena;
			struct yg_completions got;
			yg_arena_init(&arena);
			yg_complete(&arena, texts[i], at, &got);
			for (size_t k = 0; k < got.n; k++, tried++)
				try_one(texts[i], at, &got, &got.v[k]);
			yg_arena_release(&arena);
		}
	assert_true(tried > 3000);
}

/* And where something was written, that word (or its placeholder) is among what is offered before it. */
static void what_was_written_would_have_been_offered(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *text = texts[i];
		for (size_t at = 0; text[at]; at++) {
			bool begins = (text[at] >= 'a' && text[at] <= 'z') && (at == 0 || strchr(" \n(,=[+*~:", text[at - 1]));
			if (!begins)
				continue;
			size_t n = strspn(text + at, "abcdefghijklmnopqrstuvwxyz_0123456789");
			struct yg_arena arena;
			struct yg_completions got;
			bool found = false;
			yg_arena_init(&arena);
			yg_complete(&arena, text, at, &got);
			for (size_t k = 0; k < got.n && !found; k++)
				found = !got.v[k].text || strncmp(got.v[k].text, text + at, n) == 0;
			/* names that are being made up here have nothing to offer */
			size_t back = at;
			while (back > 0 && text[back - 1] == ' ')
				back--;
			bool fresh = false;
			static const char *const makers[] = { "let", "factor", "cohort", "endpoint", "covariates", "codes", "contrast", "import", "as" };
			for (size_t k = 0; k < sizeof makers / sizeof *makers; k++) {
				size_t m = strlen(makers[k]);
				fresh = fresh || (back >= m && memcmp(text + back - m, makers[k], m) == 0 && back < at);
			}
			if (!found && !fresh)
				fail_msg("%.*s|%.*s is not offered", (int)at, text, (int)n, text + at);
			yg_arena_release(&arena);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_begins_with_a_verb),
		cmocka_unit_test(a_verb_says_what_follows),
		cmocka_unit_test(options_know_their_words),
		cmocka_unit_test(conditions_know_columns_and_values),
		cmocka_unit_test(blocks_offer_their_clauses),
		cmocka_unit_test(what_is_offered_is_never_the_mistake),
		cmocka_unit_test(what_was_written_would_have_been_offered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
