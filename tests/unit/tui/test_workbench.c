/*
 * The whole workbench without a terminal: every view at every size, keys at random, and that what a
 * key does is always a command.
 */
#include <dirent.h>
#include <locale.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/test.h"
#include "tui/tui_priv.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/command/tools.h"

static char folder[256];
static bool guarded;

static void import(const char *csv, const char *manifest, const char *name)
{
	struct yg_tool_import o;
	struct yg_buf report = YG_BUF_INIT;
	struct yg_err err;
	char *to = yg_path_join(folder, name);

	memset(&o, 0, sizeof o);
	o.file = &csv;
	o.files = 1;
	o.output = to;
	o.manifest = manifest;
	o.public_data = !manifest && !guarded;
	if (yg_tool_import(&o, NULL, &report, &err) != YG_OK)
		fail_msg("%s: %s", csv, err.text);
	yg_buf_release(&report);
	yg_free(to);
}

/* Wide characters in names, labels and levels. */
static void write_japanese(char *path, size_t size)
{
	struct yg_buf text = YG_BUF_INIT;
	struct yg_err err;

	snprintf(path, size, "%s/kenkyu.csv", folder);
	yg_buf_adds(&text, "番号,性別,年齢,群\n");
	for (int i = 1; i <= 60; i++)
		yg_buf_addf(&text, "%d,%s,%d,%s\n", i, i % 2 ? "女性" : "男性", 30 + i % 50, i % 3 ? "対照群" : "治療群（新薬）");
	assert_int_equal(yg_io_write_file(path, text.data, text.len, &err), YG_OK);
	yg_buf_release(&text);
}

static int set_up(void **state)
{
	char csv[4096], manifest[4096];

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("YOGO_CLOCK", "2026-01-02T03:04:05Z", 1);
	snprintf(folder, sizeof folder, "%s/yogo-tui-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(folder));
	snprintf(csv, sizeof csv, "%s", yg_source_path("datasets/colon.csv"));
	snprintf(manifest, sizeof manifest, "%s", yg_source_path("datasets/colon.manifest.json"));
	import(csv, manifest, "colon.cohort");
	write_japanese(csv, sizeof csv);
	import(csv, NULL, "kenkyu.cohort");
	/* nothing is said of a legal basis: guarded */
	guarded = true;
	import(yg_source_path("datasets/lung.csv"), NULL, "guarded.cohort");
	guarded = false;
	return 0;
}

static int tear_down(void **state)
{
	char *out = yg_path_join(folder, "out");

	(void)state;
	yg_io_remove_folder(out);
	yg_io_remove_folder(folder);
	yg_free(out);
	return 0;
}

/* ---- a workbench in memory ---- */

static struct yg_tui t;
static struct yg_canvas canvas;

static void settle(void)
{
	while (yg_tui_busy(&t) || yg_tui_ahead_pending(&t))
		yg_tui_tick(&t);
}

static void start(const char *file)
{
	struct yg_tui_options o;
	struct yg_err err;
	static char out[300], study[320];
	static int n;

	memset(&o, 0, sizeof o);
	snprintf(out, sizeof out, "%s/out", folder);
	snprintf(study, sizeof study, "%s/s%d.study", out, ++n);
	o.data_folder = folder;
	o.out_folder = out;
	o.study = study;
	o.headless = "80x24";
	o.threads = 1;
	o.actor = "tester";
	if (yg_tui_start(&t, &o, &err) != YG_OK)
		fail_msg("%s", err.text);
	yg_canvas_init(&canvas, 24, 80);
	yg_tui_draw(&t, &canvas);
	if (file) {
		char *open = yg_xasprintf("open \"%s\"", file);
		yg_tui_run_text(&t, open, NULL);
		settle();
		yg_free(open);
		yg_tui_draw(&t, &canvas);
	}
}

static void stop(void)
{
	struct yg_err err;

	yg_canvas_release(&canvas);
	assert_int_equal(yg_tui_stop(&t, &err), YG_OK);
}

static void press(int key)
{
	yg_tui_key(&t, key);
	settle();
	yg_tui_draw(&t, &canvas);
	settle();   /* a view that was drawn for the first time may look ahead */
	yg_tui_draw(&t, &canvas);
}

static void type(const char *text)
{
	while (*text) {
		uint32_t code;
		text += yg_utf8_next(text, strlen(text), &code);
		press((int)code);
	}
}

static void run(const char *text)
{
	press(';');
	type(text);
	press(YG_KEY_ENTER);
	if (t.has_error)
		fail_msg("%s: %s", text, t.error.text);
}

static bool on_screen(const char *text)
{
	struct yg_buf out = YG_BUF_INIT;
	bool found;

	yg_canvas_print(&canvas, false, &out);
	found = strstr(out.data, text) != NULL;
	if (!found)
		print_message("no \"%s\" on:\n%s", text, out.data);
	yg_buf_release(&out);
	return found;
}

static void check_rows(const struct yg_canvas *c)
{
	for (int r = 0; r < c->rows; r++) {
		int width = 0;
		for (int k = 0; k < c->columns; k++)
			width += c->cell[(size_t)r * (size_t)c->columns + (size_t)k].width;
		assert_int_equal(width, c->columns);
	}
}

/* Draw at many sizes: all columns near the limits, some between; every row stays exactly as wide as the screen. */
static void draw_at_every_size(void)
{
	static const int rows[] = { 1, 2, 3, 7, 15, 16, 17, 18, 20, 24, 31, 60, 100 };
	struct yg_canvas c;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int columns = 1; columns <= 300; columns += columns < 58 ? 3 : columns < 84 ? 1 : 9) {
			yg_canvas_init(&c, rows[i], columns);
			yg_tui_draw(&t, &c);
			check_rows(&c);
			yg_canvas_release(&c);
		}
	yg_tui_draw(&t, &canvas);
}

static const char *const defining[] = {
	"use colon",
	"cohort itt: \"Node count known\"; require \"nodes known\": nodes is not missing; exclude \"under 40\": age < 40; end",
	"endpoint os: \"Death from any cause\"; where etype = 2; time time in days; event \"death\": status = 1; unit years; end",
};

static void define(void)
{
	for (size_t i = 0; i < sizeof defining / sizeof *defining; i++)
		run(defining[i]);
}

/* ---- the tests ---- */

static void every_view_draws_at_every_size(void **state)
{
	(void)state;
	start(NULL);
	draw_at_every_size();                /* no data: the files there are */
	stop();
	start("colon.cohort");
	draw_at_every_size();                /* columns */
	define();
	draw_at_every_size();                /* the endpoint's form */
	run("attrition itt by rx with alone, drop_one");
	draw_at_every_size();                /* a page */
	run("km os by rx on itt");
	draw_at_every_size();                /* curves */
	press('b');
	press(YG_KEY_END);
	draw_at_every_size();
	press(YG_KEY_TAB);
	draw_at_every_size();
	press(YG_KEY_TAB);
	press('m');
	run("table1 age, sex by rx on itt");
	press('v');
	draw_at_every_size();                /* side by side */
	for (int place = '1'; place <= '5'; place++) {
		press(place);
		draw_at_every_size();
		press(YG_KEY_ENTER);
		draw_at_every_size();
		press('?');
		draw_at_every_size();
		press(':');
		type("surv");
		draw_at_every_size();            /* the palette over it */
		press(YG_KEY_ESCAPE);
		press(';');
		type("cox os ~ rx + (");
		press(YG_KEY_TAB);
		draw_at_every_size();
		press(YG_KEY_ESCAPE);
	}
	stop();
}

static void japanese_data_stay_aligned(void **state)
{
	(void)state;
	start("kenkyu.cohort");
	assert_true(on_screen("性別"));
	draw_at_every_size();
	press(YG_KEY_DOWN);
	press(YG_KEY_ENTER);
	draw_at_every_size();
	press('q');
	press('/');
	type("性別 = 女");
	press(YG_KEY_TAB);
	press(YG_KEY_ENTER);
	press('c');
	assert_true(on_screen("性別 = "));
	press('w');
	assert_false(t.has_error);
	draw_at_every_size();
	stop();
}

static void a_filter_becomes_a_cohort_through_a_command(void **state)
{
	(void)state;
	start("colon.cohort");
	press('/');
	type("age >= 65");
	assert_true(on_screen("where age >= 65"));
	press(YG_KEY_ENTER);
	press('c');
	press('w');
	assert_false(t.has_error);
	assert_non_null(strstr(t.echoed.data, "require age >= 65"));
	assert_non_null(yg_state_find(yg_session_state(t.session), "cohort1"));
	stop();
}

static void what_if_shows_and_only_w_writes(void **state)
{
	size_t before;

	(void)state;
	start("colon.cohort");
	define();
	press('2');
	press(YG_KEY_ENTER);
	press('a');
	press('q');
	before = t.echoed.len;
	press(YG_KEY_DOWN);
	press(YG_KEY_DOWN);
	press(' ');
	assert_true(on_screen("What if: 859 persons stay, +15 against itt"));
	press('J');
	press('K');
	assert_int_equal(t.echoed.len, before);     /* looking ran nothing */
	press('w');
	assert_non_null(yg_state_find(yg_session_state(t.session), "itt_1"));
	assert_non_null(yg_state_find(yg_session_state(t.session), "itt"));
	assert_true(t.echoed.len > before);
	stop();
}

static void undo_and_redo_are_commands_too(void **state)
{
	uint64_t entries;

	(void)state;
	start("colon.cohort");
	define();
	entries = yg_query_journal_size(t.session);
	press('1');
	press('u');
	assert_null(yg_state_find(yg_session_state(t.session), "os"));
	press(YG_CTRL('R'));
	assert_non_null(yg_state_find(yg_session_state(t.session), "os"));
	assert_true(yg_query_journal_size(t.session) >= entries + 4);
	stop();
}

static void a_refused_line_comes_back_with_the_cursor_at_the_place(void **state)
{
	(void)state;
	start("colon.cohort");
	press(';');
	type("describe agee");
	press(YG_KEY_ENTER);
	assert_true(t.has_error);
	assert_int_equal(t.mode, YG_MODE_PROMPT);
	assert_string_equal(t.prompt.text.data, "describe agee");
	press(YG_KEY_ESCAPE);
	press('E');
	assert_true(on_screen("^~~~"));
	stop();
}

static void writing_over_a_file_asks_and_only_y_says_yes(void **state)
{
	char *path = yg_xasprintf("%s/out/there.csv", folder);
	struct yg_buf text = YG_BUF_INIT;
	struct yg_err err;

	(void)state;
	start("colon.cohort");
	assert_int_equal(yg_io_write_file(path, "mine", 4, &err), YG_OK);
	run("describe age as d1");
	press(';');
	type("export d1 to \"there.csv\"");
	press(YG_KEY_ENTER);
	assert_int_equal(t.mode, YG_MODE_QUESTION);
	press(YG_KEY_ENTER);
	assert_int_equal(yg_io_read_file(path, 0, &text, &err), YG_OK);
	assert_string_equal(text.data, "mine");
	press(';');
	press(YG_KEY_UP);
	type("export d1 to \"there.csv\"");
	press(YG_CTRL('U'));
	type("export d1 to \"there.csv\"");
	press(YG_KEY_ENTER);
	press('y');
	yg_buf_clear(&text);
	assert_int_equal(yg_io_read_file(path, 0, &text, &err), YG_OK);
	assert_string_not_equal(text.data, "mine");
	yg_buf_release(&text);
	yg_free(path);
	stop();
}

static void a_command_is_cancelled_and_nothing_is_kept(void **state)
{
	const char *text = "describe age, nodes; describe age; describe nodes";

	(void)state;
	start("colon.cohort");
	/* the flag is up before the worker looks: as if Esc had been faster than the first step */
	yg_tui_run_text(&t, text, NULL);
	if (yg_tui_busy(&t)) {
		yg_tui_key(&t, YG_KEY_ESCAPE);
		while (yg_tui_busy(&t))
			yg_tui_tick(&t);
		/* or the worker was faster still */
		if (t.has_error)
			assert_string_equal(t.error.code, "E-RUN-001");
	}
	stop();
}

static void the_journal_verifies_and_replays_in_the_view(void **state)
{
	(void)state;
	start("colon.cohort");
	define();
	press('5');
	press('v');
	assert_true(on_screen("verified"));
	press('R');
	assert_true(on_screen("identical"));
	assert_true(on_screen("0 different"));
	stop();
}

/* What a draft shows is what the definition gives, and showing it neither changed the state nor ran a command. */
static void a_draft_is_counted_before_it_is_a_command(void **state)
{
	uint64_t entries;
	size_t echoed;

	(void)state;
	start("colon.cohort");
	entries = yg_query_journal_size(t.session);
	echoed = t.echoed.len;
	press('2');
	press('n');
	press('+');
	type("age >= 65");
	assert_true(on_screen("362 of 929 persons"));
	press(YG_KEY_ENTER);
	press('+');
	type("nodes > 3");
	assert_true(on_screen("107 of 929 persons"));
	press(YG_KEY_ENTER);
	press(YG_KEY_UP);
	press(' ');
	assert_true(on_screen("316 of 929 persons"));
	assert_int_equal(yg_query_journal_size(t.session), entries);
	assert_int_equal(t.echoed.len, echoed);
	assert_null(yg_state_find(yg_session_state(t.session), "cohort1"));
	press(' ');
	press('w');
	assert_true(on_screen("107 of 929 persons"));
	assert_int_equal(yg_query_journal_size(t.session), entries + 2);
	stop();
}

/* On guarded data a count is a query: not letter by letter, and never without its entry. */
static void guarded_drafts_are_counted_clause_by_clause_on_record(void **state)
{
	uint64_t entries;

	(void)state;
	start("guarded.cohort");
	press('2');
	press('n');
	entries = yg_query_journal_size(t.session);
	press('+');
	type("age >= 65");
	assert_int_equal(yg_query_journal_size(t.session), entries);
	press(YG_KEY_ENTER);
	assert_int_equal(yg_query_journal_size(t.session), entries + 1);
	press('5');
	assert_true(on_screen("cohort cohort1:; require age"));
	assert_true(on_screen("looked ahead"));
	stop();
}

/* Only what defines or computes can be looked at ahead: nothing that changes, opens or writes. */
static void nothing_else_can_be_looked_at_ahead(void **state)
{
	static const char *const texts[] = { "seed 7", "open \"kenkyu.cohort\"", "use colon", "undo", "let x = age", "save to \"x.yogo\"" };
	uint64_t version;

	(void)state;
	start("colon.cohort");
	version = yg_session_state(t.session)->version;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct yg_job *job = NULL;
		struct yg_err err;
		assert_int_equal(yg_job_preview(t.session, texts[i], strlen(texts[i]), &job, &err), YG_EINVAL);
		assert_string_equal(err.code, "E-RUN-003");
		assert_null(job);
	}
	assert_true(yg_session_state(t.session)->version == version);
	stop();
}

static void problem_rows_are_shown_one_by_one(void **state)
{
	(void)state;
	start("colon.cohort");
	run("use colon");
	run("endpoint many: \"Many nodes\"; where etype = 2; time time in days; event nodes > 4; end");
	press('n');
	assert_true(on_screen("problem row 1 of 18"));
	assert_true(on_screen("the outcome is unknown"));
	press('n');
	assert_true(on_screen("problem row 2 of 18"));
	stop();
}

static void settings_change_the_screen_and_nothing_else(void **state)
{
	uint64_t entries;

	(void)state;
	start("colon.cohort");
	entries = yg_query_journal_size(t.session);
	run("set glyphs ascii");
	assert_int_equal(t.render.glyphs, YG_GLYPHS_ASCII);
	run("set theme contrast");
	run("set theme default");
	press(';');
	type("set gl");
	press(YG_KEY_TAB);
	assert_string_equal(t.prompt.text.data, "set glyphs ");
	press(YG_KEY_ESCAPE);
	assert_int_equal(yg_query_journal_size(t.session), entries);
	stop();
}

static void a_screen_becomes_a_picture(void **state)
{
	struct yg_buf svg = YG_BUF_INIT;

	(void)state;
	start("kenkyu.cohort");
	yg_tui_picture(&canvas, &svg);
	assert_non_null(strstr(svg.data, "<svg "));
	assert_non_null(strstr(svg.data, "性別"));
	assert_non_null(strstr(svg.data, "</svg>"));
	yg_buf_release(&svg);
	stop();
}

/*
 * Keys at random, with windows of every size among them: nothing breaks, every screen fills its rows, and the state never
 * changes without an entry of the journal.
 */
static void storm(const char *file, unsigned random, int keys)
{
	static const int special[] = { YG_KEY_UP, YG_KEY_DOWN, YG_KEY_LEFT, YG_KEY_RIGHT, YG_KEY_HOME, YG_KEY_END, YG_KEY_PAGE_UP,
		                       YG_KEY_PAGE_DOWN, YG_KEY_ENTER, YG_KEY_ENTER, YG_KEY_ESCAPE, YG_KEY_ESCAPE, YG_KEY_TAB,
		                       YG_KEY_BACKSPACE, YG_KEY_DELETE, YG_KEY_RESIZE, YG_KEY_UNKNOWN, YG_KEY_F1, 0x5E74, 0x0301, 0x1F600,
		                       YG_CTRL('P'), YG_CTRL('R'), YG_CTRL('C'), YG_CTRL('L'), YG_CTRL('W'), YG_CTRL('U') };

	start(file);
	if (!strcmp(file, "colon.cohort")) {
		define();
		run("km os by rx on itt");
	}
	for (int i = 0; i < keys; i++) {
		uint64_t entries = yg_query_journal_size(t.session), version = yg_session_state(t.session)->version;
		int key;
		random = random * 1664525u + 1013904223u;
		key = random >> 30 == 0 ? special[(random >> 8) % (sizeof special / sizeof *special)] : (int)(' ' + (random >> 8) % 95);
		/* Q leaves, and a replay of thousands of commands is no test of keys */
		if ((key == 'Q' || key == 'R') && t.mode == YG_MODE_VIEW && !t.view->editing)
			continue;
		yg_tui_key(&t, key);
		/* some keys come before the one before them is answered */
		if (random % 4)
			settle();
		if (i % 40 == 0) {
			yg_canvas_release(&canvas);
			yg_canvas_init(&canvas, 1 + (int)(random >> 4) % 100, 1 + (int)(random >> 12) % 300);
		}
		yg_tui_draw(&t, &canvas);
		if (i % 8 == 0)
			check_rows(&canvas);
		if (i % 100 == 99)
			yg_tui_click(&t, (int)(random >> 3) % 24, (int)(random >> 9) % 80, (int)(random >> 5) % 3 - 1);
		settle();
		if (yg_session_state(t.session)->version != version)
			assert_true(yg_query_journal_size(t.session) > entries);
	}
	stop();
}

static void keys_at_random_break_nothing(void **state)
{
	const char *seed = getenv("YOGO_SEED"), *keys = getenv("YOGO_KEYS");
	unsigned random = seed ? (unsigned)strtoul(seed, NULL, 10) : 20260102u;
	int n = keys ? (int)strtol(keys, NULL, 10) : 1500;

	(void)state;
	storm("colon.cohort", random, n);
	storm("kenkyu.cohort", random + 1, n);
	storm("guarded.cohort", random + 2, n / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view_draws_at_every_size),
		cmocka_unit_test(japanese_data_stay_aligned),
		cmocka_unit_test(a_filter_becomes_a_cohort_through_a_command),
		cmocka_unit_test(what_if_shows_and_only_w_writes),
		cmocka_unit_test(undo_and_redo_are_commands_too),
		cmocka_unit_test(a_refused_line_comes_back_with_the_cursor_at_the_place),
		cmocka_unit_test(writing_over_a_file_asks_and_only_y_says_yes),
		cmocka_unit_test(a_command_is_cancelled_and_nothing_is_kept),
		cmocka_unit_test(the_journal_verifies_and_replays_in_the_view),
		cmocka_unit_test(a_draft_is_counted_before_it_is_a_command),
		cmocka_unit_test(guarded_drafts_are_counted_clause_by_clause_on_record),
		cmocka_unit_test(nothing_else_can_be_looked_at_ahead),
		cmocka_unit_test(problem_rows_are_shown_one_by_one),
		cmocka_unit_test(settings_change_the_screen_and_nothing_else),
		cmocka_unit_test(a_screen_becomes_a_picture),
		cmocka_unit_test(keys_at_random_break_nothing),
	};

	return cmocka_run_group_tests_name("tui/workbench", tests, set_up, tear_down);
}
