/*
 * Endpoints in every shape of table: one row a person, two rows a person as colon has, start-stop as
 * heart, two eyes as diabetic, dates as jasa, recurrences as bladder, ages as Channing House, visits as pbcseq.
 * Spans are written "person (entry,exit] state".
 */
#include "tests/unit/expr/small.h"

#include "yogo/cohort/endpoint.h"

static const struct small_table colon[] = {
	{ "subject", "id:integer rx:level", "1,Lev\n2,Obs\n3,Lev\n4,Obs\n" },
	{ "colon", "id:integer etype:integer time:integer:days status:integer",
	  "1,1,968,1\n1,2,1521,1\n2,1,3087,0\n2,2,3087,0\n3,1,542,\n3,2,963,1\n4,1,0,0\n4,2,,0\n" } };
static const struct small_table heart[] = {
	{ "subject", "id:integer age:number", "1,50\n2,60\n3,40\n4,30\n" },
	{ "heart", "id:integer start:number stop:number event:integer tx:level",
	  "1,0,50,1,0\n2,0,36,0,0\n2,36,39,1,1\n3,0,1,0,0\n3,1,16,1,1\n3,16,20,0,1\n4,0,0,1,0\n" } };
static const struct small_table diabetic[] = {
	{ "subject", "id:integer age:integer", "5,28\n14,12\n" },
	{ "diabetic", "id:integer eye:level trt:integer time:number:months status:integer",
	  "5,left,0,46.23,0\n5,right,1,46.23,0\n14,left,1,42.5,0\n14,right,0,31.3,1\n" } };
static const struct small_table jasa[] = { {
	"jasa", "n:integer accept.dt:date tx.date:date fu.date:date fustat:integer death.dt:date rec.dt:date",
	/* n, accept, tx, fu, fustat, death, rec */
	"1,1967-11-15,,1968-01-03,1,1968-01-03,\n"
	"2,1968-01-02,1968-01-05,1968-01-07,1,1968-01-07,1968-01-04\n"
	"3,1968-01-06,1968-01-06,1968-03-06,0,,\n"
	"4,1968-03-28,,,0,,\n"
	"5,,,1968-05-05,0,,\n"
	"6,1968-05-10,,1968-05-10,0,,\n" } };
static const struct small_table bladder[] = {
	{ "subject", "id:integer trt:level", "1,a\n2,b\n3,a\n" },
	{ "bladder", "id:integer start:integer stop:integer status:integer",
	  "1,0,0,3\n2,0,1,1\n2,1,5,1\n2,5,9,0\n3,0,4,1\n3,4,10,2\n3,10,12,1\n" } };

static char shown[4096];

/* "1 (0,50] 1; 2 (0,36] 0; ..." */
static const char *spans(const struct yg_endpoint *e)
{
	size_t n = 0;
	shown[0] = 0;
	for (uint64_t k = 0; k < e->spans; k++)
		n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%u (%g,%g] %d", k ? "; " : "", e->person[k] + 1, e->entry ? e->entry[k] : 0,
		                      e->exit[k], e->status[k]);
	return shown;
}

static struct yg_endpoint *endpoint(struct world *w, const char *text)
{
	struct yg_endpoint *e = NULL;
	world_run(w, text);
	if (yg_endpoint_evaluate(&w->scope, w->last, &w->task, &e, &w->err) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	return e;
}

static void expect(struct world *w, const char *text, const char *code)
{
	struct yg_endpoint *e = NULL;
	world_run(w, text);
	if (yg_endpoint_evaluate(&w->scope, w->last, &w->task, &e, &w->err) == YG_OK)
		fail_msg("%s evaluates", text);
	assert_string_equal(w->err.code, code);
}

static void two_rows_a_person(void **state)
{
	struct world *w = world_new(colon, 2);
	struct yg_endpoint *e = endpoint(w, "endpoint os: \"Death\"; where etype = 2; time time in days; event \"death\": status = 1; unit years; end");
	(void)state;
	assert_string_equal(spans(e), "1 (0,1521] 1; 2 (0,3087] 0; 3 (0,963] 1");
	assert_int_equal(e->grain, YG_SPANS_ONE);
	assert_null(e->entry);
	assert_string_equal(e->time_unit, "days");
	assert_string_equal(e->display_unit, "years");
	yg_assert_near(e->display_divisor, 365.25, 0);
	assert_int_equal(e->rows_read, 8);
	assert_int_equal(e->rows_where, 4);
	assert_int_equal(e->persons, 4);
	assert_int_equal(e->missing_time, 1);
	assert_int_equal(e->drops, 1);
	assert_int_equal(e->drop_why[0], YG_DROP_MISSING_TIME);
	assert_int_equal(e->drop_row[0], 7);
	assert_int_equal(e->state_count[0], 1);
	assert_int_equal(e->state_count[1], 2);
	assert_string_equal(e->state[1], "death");
	yg_assert_near(e->time_at_risk, 1521 + 3087 + 963, 0);
	assert_int_equal(e->row[1], 3);
	yg_endpoint_free(e);
	expect(w, "endpoint os: \"Death\"; time time in days; event status = 1; end", "E-END-072");
	assert_non_null(strstr(w->err.text, "3 persons"));
	assert_non_null(strstr(w->err.hint, "each COLUMN"));
	world_free(w);
}

/* Unknown is an unknown outcome; zero times stay, or become a half, or go. */
static void unknown_and_zero(void **state)
{
	struct world *w = world_new(colon, 2);
	struct yg_endpoint *e = endpoint(w, "endpoint r: \"R\"; where etype = 1; time time in days; event status = 1; end");
	(void)state;
	assert_string_equal(spans(e), "1 (0,968] 1; 2 (0,3087] 0; 4 (0,0] 0");
	assert_int_equal(e->unknown_event, 1);
	assert_int_equal(e->zero_time, 1);
	assert_int_equal(e->drop_why[0], YG_DROP_UNKNOWN_EVENT);
	assert_string_equal(e->state[1], "status = 1");
	yg_endpoint_free(e);
	e = endpoint(w, "endpoint r: \"R\"; where etype = 1; time time in days with zero=half; event status = 1; end");
	assert_string_equal(spans(e), "1 (0,968] 1; 2 (0,3087] 0; 4 (0,0.5] 0");
	yg_endpoint_free(e);
	e = endpoint(w, "endpoint r: \"R\"; where etype = 1; time time in days with zero=drop; event status = 1; end");
	assert_string_equal(spans(e), "1 (0,968] 1; 2 (0,3087] 0");
	assert_int_equal(e->drops, 2);
	yg_endpoint_free(e);
	/* Follow-up cut before the unknown event: known to be free of it until then. */
	e = endpoint(w, "endpoint r: \"R\"; where etype = 1; time time in days; event status = 1; until 500d; end");
	assert_string_equal(spans(e), "1 (0,500] 0; 2 (0,500] 0; 3 (0,500] 0; 4 (0,0] 0");
	assert_int_equal(e->unknown_event, 0);
	assert_int_equal(e->after_until, 3);
	assert_int_equal(e->reason_count[1], 3);
	assert_int_equal(e->reason_count[0], 1);
	yg_endpoint_free(e);
	/* until is closed: an event on the last day counts. */
	e = endpoint(w, "endpoint r: \"R\"; where etype = 1; time time in days; event status = 1; until 968d; end");
	assert_int_equal(e->status[0], 1);
	yg_endpoint_free(e);
	world_free(w);
}

static void composite_and_competing(void **state)
{
	static const struct small_table t[] = { { "p", "k:integer t:number:months a:flag b:flag c:flag",
		"1,1,true,true,true\n2,2,false,true,true\n3,3,false,false,true\n4,4,false,false,false\n"
		"5,5,,true,false\n6,6,,false,true\n7,7,true,,\n8,8,false,true,\n9,9,false,false,\n" } };
	struct world *w = world_new(t, 1);
	struct yg_endpoint *e = endpoint(w, "endpoint x: \"X\"; time t; event \"A\": a; event \"B\": b; compete \"C\": c; end");
	(void)state;
	/* 5: a unknown but b true: an event for sure.  6: a unknown, c true: unknown.  9: c unknown: unknown. */
	assert_string_equal(spans(e), "1 (0,1] 1; 2 (0,2] 1; 3 (0,3] 2; 4 (0,4] 0; 5 (0,5] 1; 7 (0,7] 1; 8 (0,8] 1");
	assert_true(e->composite);
	assert_int_equal(e->event_labels, 2);
	assert_string_equal(e->event_label[1], "B");
	assert_string_equal(e->state[1], "A or B");
	assert_string_equal(e->state[2], "C");
	assert_int_equal(e->states, 3);
	assert_int_equal(e->which[0], 0);
	assert_int_equal(e->which[1], 1);
	assert_int_equal(e->label_count[0], 2);
	assert_int_equal(e->label_count[1], 3);
	assert_int_equal(e->state_count[2], 1);
	assert_int_equal(e->unknown_event, 2);
	assert_string_equal(e->time_unit, "months");
	yg_endpoint_free(e);
	e = endpoint(w, "endpoint x: \"X\"; time t; event a; until 1y; unit years; end");
	yg_assert_near(e->display_divisor, 12, 0);
	yg_endpoint_free(e);
	/* 3 months = 91.3125 days on a scale in months is 3. */
	e = endpoint(w, "endpoint x: \"X\"; time t; event c; until 3m; end");
	assert_int_equal(e->status[2], 1);
	yg_assert_near(e->exit[3], 3, 0);
	yg_endpoint_free(e);
	expect(w, "endpoint x: \"X\"; time t; event \"A\": a; event \"A\": b; end", "E-END-037");
	world_free(w);
}

static void start_stop(void **state)
{
	struct world *w = world_new(heart, 2);
	struct yg_endpoint *e = endpoint(w, "endpoint d: \"Death\"; entry start; time stop in days; event event = 1; end");
	(void)state;
	assert_string_equal(spans(e), "1 (0,50] 1; 2 (0,36] 0; 2 (36,39] 1; 3 (0,1] 0; 3 (1,16] 1");
	assert_int_equal(e->grain, YG_SPANS_INTERVALS);
	assert_true(e->has_entry);
	assert_int_equal(e->after_event, 1);
	assert_int_equal(e->entry_not_before_exit, 1);   /* person 4: (0,0] */
	assert_int_equal(e->zero_time, 1);
	yg_assert_near(e->time_at_risk, 50 + 36 + 3 + 1 + 15, 0);
	yg_endpoint_free(e);
	e = endpoint(w, "endpoint d: \"Death\"; entry start; time stop in days with zero=half; event event = 1; until 36d; end");
	assert_string_equal(spans(e), "1 (0,36] 0; 2 (0,36] 0; 3 (0,1] 0; 3 (1,16] 1; 4 (0,0.5] 1");
	assert_int_equal(e->beyond_until, 1);
	yg_endpoint_free(e);
	/* Landmark at day 10: the latest entry counts. */
	e = endpoint(w, "endpoint d: \"Death\"; entry start; entry 10d; time stop in days; event event = 1; end");
	assert_string_equal(spans(e), "1 (10,50] 1; 2 (10,36] 0; 2 (36,39] 1; 3 (10,16] 1");
	yg_endpoint_free(e);
	world_free(w);
}

static void overlapping_rows(void **state)
{
	static const struct small_table t[] = {
		{ "subject", "id:integer", "1\n2\n" },
		{ "v", "id:integer a:integer b:integer e:flag", "1,0,5,false\n1,4,9,false\n2,0,3,true\n" } };
	static const struct small_table twins[] = {
		{ "subject", "id:integer", "1\n2\n" },
		{ "v", "id:integer a:integer b:integer e:flag", "1,0,5,false\n1,0,5,false\n2,0,3,false\n2,3,4,true\n" } };
	struct world *w = world_new(t, 2);
	(void)state;
	expect(w, "endpoint d: \"D\"; entry a; time b in days; event e; end", "E-END-073");
	assert_non_null(strstr(w->err.text, "rows 1 and 2"));
	assert_non_null(strstr(w->err.hint, "each"));
	struct yg_endpoint *e = endpoint(w, "endpoint d: \"D\"; each row; entry a; time b in days; event e; end");
	assert_int_equal(e->grain, YG_SPANS_EACH);
	assert_int_equal(e->spans, 3);
	assert_int_equal(e->unit_code[1], 1);
	yg_endpoint_free(e);
	world_free(w);
	w = world_new(twins, 2);
	expect(w, "endpoint d: \"D\"; entry a; time b in days; event e; end", "E-END-073");
	assert_non_null(strstr(w->err.text, "rows 1 and 2"));
	world_free(w);
}

static void two_eyes(void **state)
{
	struct world *w = world_new(diabetic, 2);
	struct yg_endpoint *e = endpoint(w, "endpoint blind: \"Blind\"; each eye; time time in months; event \"blind\": status = 1; end");
	(void)state;
	assert_string_equal(spans(e), "1 (0,46.23] 0; 1 (0,46.23] 0; 2 (0,42.5] 0; 2 (0,31.3] 1");
	assert_int_equal(e->grain, YG_SPANS_EACH);
	assert_int_equal(e->unit_code[0], 0);
	assert_int_equal(e->unit_code[1], 1);
	assert_string_equal(e->unit_column, "eye");
	assert_int_equal(e->persons, 2);
	yg_endpoint_free(e);
	e = endpoint(w, "endpoint blind: \"Blind\"; each row; time time in months; event status = 1; end");
	assert_int_equal(e->spans, 4);
	yg_endpoint_free(e);
	expect(w, "endpoint blind: \"Blind\"; time time in months; event status = 1; end", "E-END-072");
	expect(w, "endpoint blind: \"Blind\"; each nix; time time in months; event status = 1; end", "E-EXP-010");
	world_run(w, "let one = 1 where trt < 5");
	expect(w, "endpoint blind: \"Blind\"; each one; time time in months; event status = 1; end", "E-END-071");
	world_run(w, "let none = trt where trt = 1");
	expect(w, "endpoint blind: \"Blind\"; each none; time time in months; event status = 1; end", "E-END-070");
	expect(w, "endpoint blind: \"Blind\"; each eye; time time in days; event status = 1; end", "E-END-014");
	world_free(w);
}

/* 1967-11-15 to 1968-01-03 is 49 days, 1968-01-02 to 01-07 is 5, 1968-01-06 to 03-06 is 60. */
static void dates(void **state)
{
	struct world *w = world_new(jasa, 1);
	struct yg_endpoint *e = endpoint(w, "endpoint d: \"Death\"; start accept.dt; time fu.date; event \"death\": fustat = 1; end");
	(void)state;
	assert_string_equal(spans(e), "1 (0,49] 1; 2 (0,5] 1; 3 (0,60] 0; 6 (0,0] 0");
	assert_int_equal(e->missing_time, 2);
	assert_int_equal(e->zero_time, 1);
	assert_string_equal(e->time_unit, "days");
	assert_string_equal(e->convention, "time in whole days from accept.dt to fu.date");
	yg_endpoint_free(e);
	/* On dates, a month is a calendar step: from 1968-01-06 one month is 31 days, from 1967-11-15 30. */
	e = endpoint(w, "endpoint d: \"Death\"; start accept.dt; time fu.date; event fustat = 1; until 1m; end");
	assert_string_equal(spans(e), "1 (0,30] 0; 2 (0,5] 1; 3 (0,31] 0; 6 (0,0] 0");
	yg_endpoint_free(e);
	/* at a date, unless missing; the earlier date wins, an event on the day of a competing one too. */
	e = endpoint(w, "endpoint d: \"D\"; start accept.dt; time fu.date; event \"death\": at death.dt; compete \"rec\": at rec.dt; end");
	assert_string_equal(spans(e), "1 (0,49] 1; 2 (0,2] 2; 3 (0,60] 0; 6 (0,0] 0");
	yg_endpoint_free(e);
	e = endpoint(w, "endpoint d: \"D\"; start accept.dt; time fu.date; event at tx.date; compete at fu.date; end");
	assert_string_equal(spans(e), "1 (0,49] 2; 2 (0,3] 1; 3 (0,0] 1; 6 (0,0] 2");
	yg_endpoint_free(e);
	/* Entry at the operation; before the start of follow-up counts from it. */
	e = endpoint(w, "endpoint d: \"D\"; start accept.dt; entry tx.date; time fu.date; event fustat = 1; end");
	assert_string_equal(spans(e), "2 (3,5] 1; 3 (0,60] 0");
	assert_int_equal(e->missing_time, 4);
	yg_endpoint_free(e);
	/* An end of study. */
	e = endpoint(w, "endpoint d: \"D\"; start accept.dt; time fu.date; event fustat = 1; censor date 1968-01-10; end");
	assert_string_equal(spans(e), "1 (0,49] 1; 2 (0,5] 1; 3 (0,4] 0");
	assert_int_equal(e->reason_count[2], 1);
	assert_string_equal(e->reason_label[2], "date");
	assert_int_equal(e->entry_not_before_exit, 1); /* accepted after the end of study */
	yg_endpoint_free(e);
	e = endpoint(w, "endpoint d: \"D\"; start accept.dt; event at death.dt; censor date fu.date; end");
	assert_string_equal(spans(e), "1 (0,49] 1; 2 (0,5] 1; 3 (0,60] 0; 6 (0,0] 0");
	yg_endpoint_free(e);
	/* Death after the end of follow-up was not seen. */
	e = endpoint(w, "endpoint d: \"D\"; start accept.dt; time tx.date; event at death.dt; end");
	assert_string_equal(spans(e), "2 (0,3] 0; 3 (0,0] 0");
	assert_int_equal(e->event_after_end, 1);
	yg_endpoint_free(e);
	world_free(w);
}

static void recurrent(void **state)
{
	struct world *w = world_new(bladder, 2);
	struct yg_endpoint *e = endpoint(w, "endpoint rec: \"Recurrence\"; entry start; time stop in months; event \"recurrence\": every status = 1; compete \"death\": status in (2, 3); end");
	(void)state;
	assert_string_equal(spans(e), "2 (0,1] 1; 2 (1,5] 1; 2 (5,9] 0; 3 (0,4] 1; 3 (4,10] 2");
	assert_int_equal(e->grain, YG_SPANS_RECURRENT);
	assert_int_equal(e->after_event, 1);
	assert_int_equal(e->entry_not_before_exit, 1);
	yg_endpoint_free(e);
	/* Without entry columns each span begins where the one before ended. */
	e = endpoint(w, "endpoint rec: \"R\"; time stop in months; event every status = 1; end");
	assert_string_equal(spans(e), "2 (0,1] 1; 2 (1,5] 1; 2 (5,9] 0; 3 (0,4] 1; 3 (4,10] 0; 3 (10,12] 1");
	assert_true(e->has_entry);
	yg_endpoint_free(e);
	expect(w, "endpoint rec: \"R\"; time stop in months; event status = 1; compete every status = 2; end", "E-END-032");
	expect(w, "endpoint rec: \"R\"; time stop in months; event last status = 1; end", "E-END-031");
	world_free(w);
}

/* Channing House: age as time, left truncation, a landmark at 68 years = 816 months. */
static void left_truncation(void **state)
{
	static const struct small_table t[] = { { "k", "obs:integer death:integer ageentry:integer age:integer", "1,1,1042,1172\n2,1,800,900\n3,0,810,815\n4,0,900,900\n5,1,,900\n" } };
	struct world *w = world_new(t, 1);
	struct yg_endpoint *e = endpoint(w, "endpoint d: \"Death\"; entry ageentry; entry 816m; time age in months; event death = 1; unit years; end");
	(void)state;
	assert_string_equal(spans(e), "1 (1042,1172] 1; 2 (816,900] 1");
	assert_int_equal(e->grain, YG_SPANS_ONE);
	assert_int_equal(e->entry_not_before_exit, 2);
	assert_int_equal(e->missing_time, 1);
	yg_endpoint_free(e);
	expect(w, "endpoint d: \"D\"; time age; event death = 1; end", "E-END-015");
	assert_string_equal(w->err.hint, "Say it: time age in days");
	world_free(w);
}

/* Ascites seen at visits only: several rows a person that all say the same are one follow-up. */
static void between_visits(void **state)
{
	static const struct small_table t[] = {
		{ "subject", "id:integer", "1\n2\n3\n4\n" },
		{ "pbcseq", "id:integer day:integer:days asc:integer",
		  "1,0,0\n1,100,0\n1,200,1\n2,0,0\n2,50,0\n3,0,1\n3,10,1\n4,0,\n" } };
	struct world *w = world_new(t, 2);
	(void)state;
	world_run(w, "let yes = min(day) where asc = 1 by id");
	world_run(w, "let no = max(day) where asc = 0 and (yes is missing or day < yes) by id");
	struct yg_endpoint *e = endpoint(w, "endpoint a: \"Ascites\"; between no and yes; unit years; end");
	assert_int_equal(e->spans, 3);
	assert_true(e->interval_censored);
	assert_true(e->collapsed);
	assert_string_equal(e->time_unit, "days");
	yg_assert_near(e->entry[0], 100, 0);
	yg_assert_near(e->exit[0], 200, 0);
	yg_assert_near(e->entry[1], 50, 0);
	assert_true(isinf(e->exit[1]));
	assert_int_equal(e->status[1], 0);
	yg_assert_near(e->entry[2], 0, 0);
	yg_assert_near(e->exit[2], 0, 0);
	assert_int_equal(e->missing_time, 1);   /* person 4, once */
	assert_int_equal(e->row[1], 3);
	yg_endpoint_free(e);
	expect(w, "endpoint a: \"A\"; between no and yes; event asc = 1; end", "E-END-038");
	expect(w, "endpoint a: \"A\"; between yes and no; end", "E-END-063");
	world_free(w);
}

static void snapping(void **state)
{
	static const struct small_table t[] = { { "s", "k:integer t:number:years e:flag", "1,0.3,true\n2,0.30000000000000004,true\n3,0.300001,true\n4,7,true\n5,7.00000000001,false\n" } };
	struct world *w = world_new(t, 1);
	struct yg_endpoint *e = endpoint(w, "endpoint x: \"X\"; time t; event e; end");
	(void)state;
	assert_int_equal(e->snapped, 2);
	assert_true(e->exit[0] == e->exit[1]);
	assert_true(e->exit[2] > e->exit[1]);
	assert_true(e->exit[4] == 7);
	yg_endpoint_free(e);
	world_free(w);
}

static void refused_for_the_data(void **state)
{
	static const struct small_table t[] = { { "n", "k:integer t:integer:days e:integer d0:date d1:date p:date", "1,5,1,2001-01-01,2001-01-05,2001-01\n2,-3,0,2001-02-01,2001-01-05,2002-01-01\n3,-1,,2001-01-01,2001-01-02,2003\n" } };
	struct world *w = world_new(t, 1);
	(void)state;
	expect(w, "endpoint x: \"X\"; time t; event e = 1; end", "E-END-063");
	assert_non_null(strstr(w->err.text, "2 rows"));
	assert_non_null(strstr(w->err.text, "rows 2, 3"));
	assert_int_equal(w->err.status, YG_REFUSED);
	expect(w, "endpoint x: \"X\"; start d0; time d1; event e = 1; end", "E-END-063");
	expect(w, "endpoint x: \"X\"; start d0; time p; event e = 1; end", "E-END-062");
	assert_non_null(strstr(w->err.text, "2 dates"));
	assert_non_null(strstr(w->err.hint, "date(d, month = 15)"));
	/* Negative times outside where are no matter. */
	struct yg_endpoint *e = endpoint(w, "endpoint x: \"X\"; where t > 0; time t; event e = 1; end");
	assert_int_equal(e->spans, 1);
	yg_endpoint_free(e);
	world_free(w);
}

static void refused_for_the_text(void **state)
{
	struct world *w = world_new(jasa, 1);
	(void)state;
	expect(w, "endpoint x: \"X\"; time fu.date; event fustat = 1; end", "E-END-012");
	expect(w, "endpoint x: \"X\"; start accept.dt; time n in days; event fustat = 1; end", "E-END-013");
	expect(w, "endpoint x: \"X\"; start accept.dt; time fu.date in months; event fustat = 1; end", "E-END-011");
	expect(w, "endpoint x: \"X\"; time n in fortnights; event fustat = 1; end", "E-END-010");
	expect(w, "endpoint x: \"X\"; time n in days; end", "E-END-039");
	expect(w, "endpoint x: \"X\"; event fustat = 1; end", "E-END-024");
	expect(w, "endpoint x: \"X\"; start accept.dt; event fustat = 1; end", "E-END-036");
	expect(w, "endpoint x: \"X\"; start 1d; time fu.date; event fustat = 1; end", "E-END-009");
	expect(w, "endpoint x: \"X\"; time n in days; entry tx.date; event fustat = 1; end", "E-END-002");
	expect(w, "endpoint x: \"X\"; start accept.dt; time fu.date; entry n; event fustat = 1; end", "E-END-003");
	expect(w, "endpoint x: \"X\"; time n in days; event first death(); end", "E-END-030");
	expect(w, "endpoint x: \"X\"; time n in days; event dx(ad); end", "E-END-030");
	expect(w, "endpoint x: \"X\"; time n in days; event fustat = 1; censor observation; end", "E-END-018");
	expect(w, "endpoint x: \"X\"; time n in days; event fustat = 1; clean 90d; end", "E-END-060");
	expect(w, "endpoint x: \"X\"; time n in days; event at fu.date; end", "E-END-035");
	expect(w, "endpoint x: \"X\"; time n in days; event fustat; end", "E-EXP-030");
	expect(w, "endpoint x: \"X\"; time n in days; event fustat = 1; unit furlongs; end", "E-END-010");
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_rows_a_person),
		cmocka_unit_test(unknown_and_zero),
		cmocka_unit_test(composite_and_competing),
		cmocka_unit_test(start_stop),
		cmocka_unit_test(overlapping_rows),
		cmocka_unit_test(two_eyes),
		cmocka_unit_test(dates),
		cmocka_unit_test(recurrent),
		cmocka_unit_test(left_truncation),
		cmocka_unit_test(between_visits),
		cmocka_unit_test(snapping),
		cmocka_unit_test(refused_for_the_data),
		cmocka_unit_test(refused_for_the_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
