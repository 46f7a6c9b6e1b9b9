/*
 * The one door: what a statement does to the state, what undo takes back, what becomes stale, what
 * the study records; with commands made for the test, so that no data are needed.
 */
#include "tests/unit/test.h"
#include "yogo/base/io.h"
#include "yogo/journal/journal.h"
#include "yogo/session/executor.h"

static int large, small;         /* payloads held */

static void let_go(void *payload)
{
	--*(int *)payload;
}

/* param: an object that other definitions may name; of some names with a payload. */
static enum yg_status param_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_object *o = yg_object_new(YG_OBJECT_PARAM, s->text);

	(void)c;
	(void)err;
	o->statement = yg_node_copy(&o->arena, s);
	if (strcmp(s->text, "large") == 0 || strcmp(s->text, "small") == 0) {
		o->payload = s->text[0] == 'l' ? &large : &small;
		o->release = let_go;
		o->bytes = s->text[0] == 'l' ? (uint64_t)1 << 30 : 1000;
		++*(int *)o->payload;
	}
	yg_outcome_add_object(out, o);
	return YG_OK;
}

static enum yg_status cohort_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_object *o = yg_object_new(YG_OBJECT_COHORT, s->text);

	(void)c;
	(void)err;
	o->statement = yg_node_copy(&o->arena, s);
	yg_outcome_add_object(out, o);
	return YG_OK;
}

static enum yg_status undo_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)c;
	(void)s;
	(void)err;
	out->undo = true;
	return YG_OK;
}

static enum yg_status assert_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)c;
	(void)s;
	(void)out;
	return yg_fail(err, YG_REFUSED, "E-ASR-001", "it does not hold");
}

static enum yg_status seed_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	(void)c;
	(void)err;
	out->changes_seed = true;
	out->seed = (int64_t)s->number;
	return YG_OK;
}

static const struct yg_command param = { "param", 1, YG_EFFECT_STATE, "param.define", false, NULL, param_run };
static const struct yg_command cohort = { "cohort", 1, YG_EFFECT_STATE, "cohort.define", false, NULL, cohort_run };
static const struct yg_command undo = { "undo", 1, YG_EFFECT_STATE, "session.undo", false, NULL, undo_run };
static const struct yg_command assertion = { "assert", 1, YG_EFFECT_STATE, "assert", false, NULL, assert_run };
static const struct yg_command seed = { "seed", 1, YG_EFFECT_STATE, "session.seed", false, NULL, seed_run };
static const struct yg_command *const table[] = { &param, &cohort, &undo, &assertion, &seed };

static struct yg_session *open_session(const char *study)
{
	struct yg_session_options o;
	struct yg_session *s = NULL;
	struct yg_err err;

	memset(&o, 0, sizeof o);
	o.study = study;
	o.actor = "tester";
	o.threads = 1;
	assert_int_equal(yg_session_open(&o, table, sizeof table / sizeof *table, &s, &err), YG_OK);
	return s;
}

/* Execute all statements of the text; the status of the first that fails. */
static enum yg_status run(struct yg_session *s, const char *text, struct yg_err *err)
{
	size_t offset = 0;
	bool done = false;
	enum yg_status status = YG_OK;

	while (!done && status == YG_OK) {
		struct yg_reply reply;
		status = yg_session_execute(s, text, strlen(text), &offset, &done, &reply, err);
		yg_reply_release(&reply);
	}
	return status;
}

static void a_statement_makes_a_new_state_and_undo_goes_back(void **state)
{
	struct yg_session *s = open_session(NULL);
	struct yg_err err;

	(void)state;
	assert_int_equal(run(s, "param a = 1\nseed 7\nparam b = 2\n", &err), YG_OK);
	assert_non_null(yg_state_find(yg_session_state(s), "b"));
	assert_true(yg_session_state(s)->has_seed);
	assert_int_equal(run(s, "undo\n", &err), YG_OK);
	assert_null(yg_state_find(yg_session_state(s), "b"));
	assert_true(yg_session_state(s)->has_seed);
	assert_int_equal(run(s, "undo\nundo\n", &err), YG_OK);
	assert_null(yg_state_find(yg_session_state(s), "a"));
	assert_int_equal(yg_session_close(s, NULL, &err), YG_OK);
}

static void defining_again_makes_a_version_and_what_was_made_from_it_stale(void **state)
{
	struct yg_session *s = open_session(NULL);
	struct yg_object *o = NULL;
	struct yg_err err;

	(void)state;
	assert_int_equal(run(s, "param limit = 60\ncohort old: \"Old\"\n  require age >= limit\nend\nparam limit = 65\n", &err), YG_OK);
	assert_int_equal(yg_state_find(yg_session_state(s), "limit")->version, 2);
	assert_int_equal(yg_state_get(yg_session_state(s), "old", YG_OBJECT_COHORT, &o, &err), YG_ESYNTAX);
	assert_string_equal(err.code, "E-NAM-003");
	/* The state before still has the good one. */
	assert_int_equal(run(s, "undo\n", &err), YG_OK);
	assert_int_equal(yg_state_get(yg_session_state(s), "old", YG_OBJECT_COHORT, &o, &err), YG_OK);
	assert_int_equal(yg_session_close(s, NULL, &err), YG_OK);
}

static void a_large_payload_is_let_go_when_its_name_is_defined_again(void **state)
{
	struct yg_session *s = open_session(NULL);
	struct yg_object *o = NULL;
	struct yg_err err;

	(void)state;
	assert_int_equal(run(s, "param large = 1\nparam small = 1\nparam large = 2\nparam small = 2\nparam large = 3\n", &err), YG_OK);
	assert_int_equal(large, 1);
	assert_int_equal(small, 2);
	assert_int_equal(yg_state_get(yg_session_state(s), "large", YG_OBJECT_PARAM, &o, &err), YG_OK);
	assert_int_equal(o->version, 3);
	/* Undo brings the name back, and says that it must be made again. */
	assert_int_equal(run(s, "undo\n", &err), YG_OK);
	assert_int_equal(large, 0);
	assert_int_equal(yg_state_get(yg_session_state(s), "large", YG_OBJECT_PARAM, &o, &err), YG_ESYNTAX);
	assert_string_equal(err.code, "E-NAM-003");
	assert_int_equal(run(s, "undo\n", &err), YG_OK);
	assert_int_equal(yg_state_get(yg_session_state(s), "small", YG_OBJECT_PARAM, &o, &err), YG_OK);
	assert_int_equal(yg_session_close(s, NULL, &err), YG_OK);
	assert_int_equal(small, 0);
}

static void a_failure_stops_and_keeps_what_was_done(void **state)
{
	struct yg_session *s = open_session(NULL);
	struct yg_err err;

	(void)state;
	assert_int_equal(run(s, "param a = 1\nassert a = 2\nparam b = 3\n", &err), YG_REFUSED);
	assert_string_equal(err.code, "E-ASR-001");
	assert_true(err.has_span);
	assert_int_equal((int)err.at, 12);
	assert_non_null(yg_state_find(yg_session_state(s), "a"));
	assert_null(yg_state_find(yg_session_state(s), "b"));
	assert_int_equal(yg_session_close(s, NULL, &err), YG_OK);
}

static void names_lead_to_objects_of_their_kind(void **state)
{
	struct yg_session *s = open_session(NULL);
	struct yg_object *o = NULL;
	struct yg_err err;

	(void)state;
	assert_int_equal(run(s, "param limit = 60\n", &err), YG_OK);
	assert_int_equal(yg_state_get(yg_session_state(s), "limit", YG_OBJECT_COHORT, &o, &err), YG_ESYNTAX);
	assert_string_equal(err.code, "E-NAM-002");
	assert_int_equal(yg_state_get(yg_session_state(s), "limti", YG_OBJECT_PARAM, &o, &err), YG_ESYNTAX);
	assert_non_null(strstr(err.hint, "limit"));
	assert_int_equal(yg_session_close(s, NULL, &err), YG_OK);
}

static void every_statement_is_on_record_refused_ones_too(void **state)
{
	char *folder = NULL, *path;
	struct yg_session *s;
	struct yg_journal *j;
	struct yg_journal_report report;
	struct yg_journal_entry e;
	struct yg_arena arena;
	struct yg_err err;
	size_t begins = 0, refused = 0;

	(void)state;
	assert_int_equal(yg_io_private_folder(&folder, &err), YG_OK);
	path = yg_path_join(folder, "t.study");
	s = open_session(path);
	assert_int_equal(run(s, "param a = 1\nundo\n", &err), YG_OK);
	assert_int_equal(run(s, "assert a = 2\n", &err), YG_REFUSED);
	assert_int_equal(yg_session_close(s, NULL, &err), YG_OK);
	assert_int_equal(yg_journal_verify(path, NULL, &report, &err), YG_OK);
	assert_int_equal(yg_journal_open_read(path, &j, &err), YG_OK);
	yg_arena_init(&arena);
	for (uint64_t i = 1; i <= yg_journal_size(j); i++) {
		assert_int_equal(yg_journal_read(j, i, &arena, &e, &err), YG_OK);
		begins += e.kind == YG_ENTRY_BEGIN;
		refused += e.kind == YG_ENTRY_END && strcmp(e.status, "refused") == 0;
	}
	assert_int_equal(begins, 3);
	assert_int_equal(refused, 1);
	yg_arena_release(&arena);
	yg_journal_close(j, NULL);
	yg_io_remove_folder(folder);
	yg_free(path);
	yg_free(folder);
}

static void scripts_stay_in_their_folder(void **state)
{
	struct yg_session_options o;
	struct yg_err err;
	char *path = NULL;

	(void)state;
	memset(&o, 0, sizeof o);
	assert_int_equal(yg_session_find_file(&o, "/etc/passwd", &path, &err), YG_EPRIVACY);
	assert_int_equal(yg_session_find_file(&o, "../x", &path, &err), YG_EPRIVACY);
	assert_int_equal(yg_session_find_file(&o, "nothing-here.cohort", &path, &err), YG_EINPUT);
	assert_null(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_makes_a_new_state_and_undo_goes_back),
		cmocka_unit_test(defining_again_makes_a_version_and_what_was_made_from_it_stale),
		cmocka_unit_test(a_large_payload_is_let_go_when_its_name_is_defined_again),
		cmocka_unit_test(a_failure_stops_and_keeps_what_was_done),
		cmocka_unit_test(names_lead_to_objects_of_their_kind),
		cmocka_unit_test(every_statement_is_on_record_refused_ones_too),
		cmocka_unit_test(scripts_stay_in_their_folder),
	};

	return cmocka_run_group_tests_name("session/executor", tests, NULL, NULL);
}
