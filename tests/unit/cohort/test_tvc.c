/*
 * Covariates that change over time: transplantations on dates, numbers on the endpoint's scale, values at visits;
 * what happens on the day of an event, before time 0, at time 0; groups and conditions on parts of follow-up.
 */
#include "tests/unit/expr/small.h"

#include "yogo/cohort/set.h"

/* Waiting for a transplant: accepted, transplanted, end of follow-up. */
static const struct small_table waiting[] = { {
	"pts", "pid:integer accept:date tx:date fu:date dead:integer age:number wait:integer:days rx:level[A|B] sick:date",
	"1,2000-01-01,2000-01-11,2000-01-31,1,50,10,A,2000-01-06\n"  /* changes on day 10 of 30 */
	"2,2000-01-01,,2000-01-21,1,40,,A,\n"                        /* never */
	"3,2000-01-01,2000-01-16,2000-01-16,1,30,15,B,1999-12-01\n"  /* on the day of death */
	"4,2000-01-01,1999-12-20,2000-01-26,0,60,-12,B,\n"           /* before acceptance */
	"5,2000-01-01,2000-01-01,2000-01-18,1,55,0,A,2000-01-01\n"   /* on the day of acceptance */
	"6,2000-01-01,2000-03-01,2000-01-11,0,45,60,B,\n"            /* after the end */
	"7,2000-01-01,,,1,35,,A,\n" } };                             /* no end of follow-up: dropped */

#define ON_DATES "endpoint d: \"death\"; start accept; time fu; event \"death\": dead = 1; end"

struct story {
	struct world *w;
	struct yg_endpoint *e;
	struct yg_tvc *tvc[4];
	size_t tvcs;
	struct yg_population population;
	struct yg_set *set;
};

static struct story begin(const struct small_table *t, size_t tables, const char *endpoint)
{
	struct story s = { .w = world_new(t, tables) };
	world_run(s.w, endpoint);
	if (yg_endpoint_evaluate(&s.w->scope, s.w->last, &s.w->task, &s.e, &s.w->err) != YG_OK)
		fail_msg("%s", s.w->err.text);
	s.population = (struct yg_population){ .name = "td", .table = s.w->scope.table };
	return s;
}

static enum yg_status try_add(struct story *s, const char *name, const char *column, const char *time, bool before, struct yg_tvc_step lag,
                              struct yg_tvc_step carry)
{
	struct yg_tvc_request r = { .scope = &s->w->scope, .column = world_expression(s->w, column), .name = name, .before = before,
		.time = time ? world_expression(s->w, time) : NULL, .lag = lag, .carry = carry };
	enum yg_status status = yg_tvc_make(&r, &s->w->task, &s->tvc[s->tvcs], &s->w->err);
	if (status != YG_OK)
		return status;
	const struct yg_tvc *more = s->tvc[s->tvcs++];
	s->population.tvc = yg_tvc_join(&s->w->arena, s->population.tvc, &more, 1);
	return YG_OK;
}

#define NO_STEP ((struct yg_tvc_step){ 0, 0 })
static void add(struct story *s, const char *name, const char *column, const char *time, bool before)
{
	if (try_add(s, name, column, time, before, NO_STEP, NO_STEP) != YG_OK)
		fail_msg("%s", s->w->err.text);
}

static enum yg_status try_set(struct story *s, const char *expression, enum yg_set_use use, const char *where)
{
	struct yg_set_variable v = { world_expression(s->w, expression), use, true, use == YG_USE_BY };
	struct yg_set_request r = { .scope = &s->w->scope, .population = &s->population, .endpoint = s->e,
		.where = where ? world_expression(s->w, where) : NULL, .unit = YG_SET_SPANS, .variable = &v, .variables = 1 };
	yg_set_free(s->set);
	s->set = NULL;
	memset(&s->w->err, 0, sizeof s->w->err);
	return yg_set_build(&r, &s->w->task, &s->set, &s->w->err);
}

/* The set as text: "person (entry, exit]status value; ..." with ? for missing, * for an event. */
static void shows(struct story *s, const char *expression, enum yg_set_use use, const char *where, const char *expected)
{
	struct yg_buf out = YG_BUF_INIT;
	if (try_set(s, expression, use, where) != YG_OK)
		fail_msg("%s: %s [%s]", expression, s->w->err.text, s->w->err.code);
	const struct yg_set *set = s->set;
	const struct yg_set_column *c = &set->column[0];
	for (size_t i = 0; i < set->n; i++) {
		yg_buf_addf(&out, "%s%u ", i ? "; " : "", set->person[i] + 1);
		if (set->entry)
			yg_buf_addf(&out, "%g-", set->entry[i]);
		yg_buf_addf(&out, "%g%s ", set->exit[i], set->status[i] ? "*" : "");
		if (c->missing && c->missing[i])
			yg_buf_adds(&out, "?");
		else if (c->is_factor)
			yg_buf_adds(&out, c->level_name[c->level[i]]);
		else
			yg_buf_addf(&out, "%g", c->number[i]);
	}
	assert_string_equal(out.data, expected);
	yg_buf_release(&out);
}

static void end(struct story *s)
{
	yg_set_free(s->set);
	for (size_t k = 0; k < s->tvcs; k++)
		yg_tvc_free(s->tvc[k]);
	yg_endpoint_free(s->e);
	world_free(s->w);
}

static void refuses(struct story *s, const char *expression, const char *where, const char *code)
{
	assert_int_not_equal(try_set(s, expression, YG_USE_TERM, where), YG_OK);
	assert_string_equal(s->w->err.code, code);
}

/* --- flags on dates ------------------------------------------------------------------------ */

static void a_change_splits_follow_up(void **state)
{
	struct story s = begin(waiting, 1, ON_DATES);
	(void)state;
	assert_int_equal(s.e->origin[0], 10957);
	add(&s, "tx", "tx", NULL, false);
	/* 3: died on the day of the operation, which counts after it; 4 and 5: from the start; 6: too late */
	shows(&s, "tx", YG_USE_TERM, NULL, "1 0-10 0; 1 10-30* 1; 2 0-20* 0; 3 0-15* 0; 4 0-25 1; 5 0-17* 1; 6 0-10 0");
	assert_int_equal(s.set->persons, 6);
	assert_int_equal(s.set->persons_asked, 7);
	assert_int_equal(s.set->rows_asked, 8);
	assert_string_equal(s.set->drop[0].reason, "time missing");
	assert_int_equal(s.set->row[0], 0);
	assert_int_equal(s.set->row[1], 0);
	assert_int_equal(s.set->column[0].type, YG_TYPE_FLAG);
	end(&s);
}

static void before_is_the_opposite(void **state)
{
	struct story s = begin(waiting, 1, ON_DATES);
	(void)state;
	add(&s, "tx", "tx", NULL, true);
	/* half a day before the day: events of the day meet the new value */
	shows(&s, "tx", YG_USE_TERM, NULL, "1 0-9.5 0; 1 9.5-30* 1; 2 0-20* 0; 3 0-14.5 0; 3 14.5-15* 1; 4 0-25 1; 5 0-17* 1; 6 0-10 0");
	end(&s);
}

static void a_change_counts_later_with_lag(void **state)
{
	struct story s = begin(waiting, 1, ON_DATES);
	(void)state;
	assert_int_equal(try_add(&s, "tx", "tx", NULL, false, (struct yg_tvc_step){ 2, 'w' }, NO_STEP), YG_OK);
	shows(&s, "tx", YG_USE_TERM, NULL, "1 0-24 0; 1 24-30* 1; 2 0-20* 0; 3 0-15* 0; 4 0-2 0; 4 2-25 1; 5 0-14 0; 5 14-17* 1; 6 0-10 0");
	end(&s);
	s = begin(waiting, 1, ON_DATES);
	assert_int_equal(try_add(&s, "sick", "sick", NULL, false, (struct yg_tvc_step){ 1, 'm' }, NO_STEP), YG_OK);
	/* 1999-12-01 plus a month is the day of acceptance, day 0 */
	shows(&s, "sick", YG_USE_TERM, "pid = 3", "3 15* 1");
	end(&s);
}

static void numbers_on_the_scale(void **state)
{
	struct story s = begin(waiting, 1, ON_DATES);
	(void)state;
	add(&s, "t", "wait", NULL, false);
	shows(&s, "t", YG_USE_TERM, "pid < 5", "1 0-10 0; 1 10-30* 1; 2 0-20* 0; 3 0-15* 0; 4 0-25 1");
	end(&s);
}

/* --- where they are used -------------------------------------------------------------------- */

static void as_if_a_column(void **state)
{
	struct story s = begin(waiting, 1, ON_DATES);
	(void)state;
	add(&s, "after", "tx", NULL, false);
	shows(&s, "after", YG_USE_BY, "pid < 4", "1 0-10 no; 1 10-30* yes; 2 0-20* no; 3 0-15* no");
	shows(&s, "after = 1", YG_USE_STRATA, "pid < 3", "1 0-10 no; 1 10-30* yes; 2 0-20* no");
	shows(&s, "case(after, age, 0)", YG_USE_TERM, "pid < 4", "1 0-10 0; 1 10-30* 50; 2 0-20* 0; 3 0-15* 0");
	shows(&s, "rx", YG_USE_TERM, "pid in (1, 4)", "1 0-10 A; 1 10-30* A; 4 0-25 B");
	/* only the time after the change: late entry */
	shows(&s, "age", YG_USE_TERM, "after", "1 10-30* 50; 4 0-25 60; 5 0-17* 55");
	shows(&s, "age", YG_USE_TERM, "age < 58 and after = 1", "1 10-30* 50; 5 0-17* 55");
	shows(&s, "age", YG_USE_TERM, "not after and pid < 4", "1 0-10 50; 2 0-20* 40; 3 0-15* 30");
	/* nobody changes among these: nothing is split */
	shows(&s, "after", YG_USE_TERM, "pid in (2, 3)", "2 20* 0; 3 15* 0");
	end(&s);
}

static void two_covariates(void **state)
{
	struct story s = begin(waiting, 1, ON_DATES);
	(void)state;
	add(&s, "tx", "tx", NULL, false);
	add(&s, "ill", "sick", NULL, false);
	shows(&s, "case(tx, 1, 0) + case(ill, 10, 0)", YG_USE_TERM, "pid in (1, 3, 5)", "1 0-5 0; 1 5-10 10; 1 10-30* 11; 3 0-15* 10; 5 0-17* 11");
	end(&s);
}

static void persons_have_no_one_value(void **state)
{
	struct story s = begin(waiting, 1, ON_DATES);
	struct yg_set *set = NULL;
	(void)state;
	add(&s, "after", "tx", NULL, false);
	struct yg_set_variable v = { world_expression(s.w, "after"), YG_USE_TERM, false, false };
	struct yg_set_request r = { .scope = &s.w->scope, .population = &s.population, .unit = YG_SET_PERSONS, .variable = &v, .variables = 1 };
	assert_int_equal(yg_set_build(&r, &s.w->task, &set, &s.w->err), YG_REFUSED);
	assert_string_equal(s.w->err.code, "E-TVC-013");
	/* what does not name it is as ever */
	v.expression = world_expression(s.w, "age");
	assert_int_equal(yg_set_build(&r, &s.w->task, &set, &s.w->err), YG_OK);
	assert_int_equal(set->n, 7);
	yg_set_free(set);
	r.where = world_expression(s.w, "after = 1");
	assert_int_equal(yg_set_build(&r, &s.w->task, &set, &s.w->err), YG_REFUSED);
	assert_string_equal(s.w->err.code, "E-EXP-099");
	end(&s);
}

/* --- time 0 -------------------------------------------------------------------------------- */

static void events_at_time_zero_keep_their_risk_set(void **state)
{
	static const struct small_table t[] = { { "pts", "pid:integer time:number:days dead:flag change:number:days",
		"1,0,true,\n2,5,true,0\n3,7,false,2\n4,0,true,0\n" } };
	struct story s = begin(t, 1, "endpoint d: \"x\"; time time; event dead; end");
	(void)state;
	add(&s, "x", "change", NULL, false);
	/* at time 0 the change of that time has not happened yet */
	shows(&s, "x", YG_USE_TERM, NULL, "1 -inf-0* 0; 2 -inf-0 0; 2 0-5* 1; 3 -inf-2 0; 3 2-7 1; 4 -inf-0* 0");
	end(&s);
	s = begin(t, 1, "endpoint d: \"x\"; time time; event dead; end");
	add(&s, "x", "change", NULL, true);
	shows(&s, "x", YG_USE_TERM, "pid != 3", "1 0* 0; 2 5* 1; 4 0* 1");
	end(&s);
	s = begin(t, 1, "endpoint d: \"x\"; time time with zero=half; event dead; end");
	add(&s, "x", "change", NULL, false);
	shows(&s, "x", YG_USE_TERM, NULL, "1 0-0.5* 0; 2 0-5* 1; 3 0-2 0; 3 2-7 1; 4 0-0.5* 1");
	end(&s);
}

static void rounding_is_no_time(void **state)
{
	static const struct small_table t[] = { { "pts", "pid:integer time:number:months dead:flag change:number:months",
		"1,0.3,true,0.30000000000000004\n2,2,true,0.1\n" } };
	struct story s = begin(t, 1, "endpoint d: \"x\"; time time; event dead; end");
	(void)state;
	add(&s, "x", "change", NULL, false);
	shows(&s, "x", YG_USE_TERM, NULL, "1 0-0.3* 0; 2 0-0.1 0; 2 0.1-2* 1");
	end(&s);
	/* before, on a scale of numbers: by the smallest step there is */
	s = begin(t, 1, "endpoint d: \"x\"; time time; event dead; end");
	add(&s, "x", "change", NULL, true);
	assert_int_equal(try_set(&s, "x", YG_USE_TERM, NULL), YG_OK);
	assert_int_equal(s.set->n, 4);
	assert_true(s.set->exit[0] < 0.3 && nextafter(s.set->exit[0], 1) == 0.3);
	assert_true(s.set->entry[1] == s.set->exit[0] && s.set->exit[1] == 0.3);
	end(&s);
}

/* --- values at visits ----------------------------------------------------------------------- */

static const struct small_table visits[] = {
	{ "subject", "id:integer sex:integer fu:number:days dead:flag", "1,0,100,true\n2,1,50,false\n3,1,80,true\n4,0,60,true\n" },
	{ "visit", "id:integer day:integer:days bili:number stage:level[low|high] fu2:number:days",
	  "1,0,1.5,low,100\n1,30,2.5,high,100\n1,60,,high,100\n1,90,0.5,low,100\n2,0,3,low,50\n2,20,3,,50\n3,10,7,high,80\n3,,9,high,80\n3,40,4,high,80\n3,40,5,low,80\n" } };

static void the_last_value_is_carried_forward(void **state)
{
	struct story s = begin(visits, 2, "endpoint d: \"x\"; time fu; event dead; end");
	(void)state;
	assert_true(s.e->collapsed);
	add(&s, "bili", "bili", "day", false);
	/* 1: unknown on day 60, so still 2.5; 2: the same value again splits nothing; 3: unknown before day 10, two values
	   on day 40 of which the last row counts, one without a day; 4: no visits, so no row and no span */
	shows(&s, "bili", YG_USE_TERM, NULL,
	      "1 0-30 1.5; 1 30-90 2.5; 1 90-100* 0.5; 2 0-50 3; 3 0-10 ?; 3 10-40 7; 3 40-80* 5");
	assert_int_equal(s.tvc[0]->same_time, 1);
	assert_int_equal(s.tvc[0]->missing_time, 1);
	uint64_t persons, changes, member = 5;
	yg_tvc_count(s.tvc[0], NULL, &persons, &changes);
	assert_int_equal(persons, 3);
	assert_int_equal(changes, 7);
	yg_tvc_count(s.tvc[0], &member, &persons, &changes);
	assert_int_equal(persons, 2);
	assert_int_equal(changes, 5);
	add(&s, "stage", "stage", "day", false);
	shows(&s, "stage", YG_USE_BY, "id = 1", "1 0-30 low; 1 30-90 high; 1 90-100* low");
	shows(&s, "bili > 2", YG_USE_TERM, "stage = \"high\" and sex = 0", "1 30-90 1");
	shows(&s, "log(bili) + sex", YG_USE_TERM, "id = 2", "2 50 2.09861");
	end(&s);
}

static void a_value_may_be_forgotten(void **state)
{
	struct story s = begin(visits, 2, "endpoint d: \"x\"; time fu; event dead; end");
	(void)state;
	assert_int_equal(try_add(&s, "b", "bili", "day", false, NO_STEP, (struct yg_tvc_step){ 25, 'd' }), YG_OK);
	shows(&s, "b", YG_USE_TERM, NULL,
	      "1 0-25 1.5; 1 25-30 ?; 1 30-55 2.5; 1 55-90 ?; 1 90-100* 0.5; 2 0-45 3; 2 45-50 ?; 3 0-10 ?; 3 10-35 7; 3 35-40 ?; 3 40-65 5; 3 65-80* ?");
	end(&s);
}

/* Where several rows of a person are read, an expression of rows cannot be mixed with values over time. */
static void rows_do_not_mix(void **state)
{
	struct story s = begin(visits, 2, "endpoint d: \"x\"; time fu; event dead; end");
	(void)state;
	add(&s, "bili", "bili", "day", false);
	refuses(&s, "bili + fu2", NULL, "E-TVC-012");
	refuses(&s, "bili", "bili > fu2", "E-TVC-012");
	shows(&s, "fu2", YG_USE_TERM, "bili > 5", "3 10-40 80");
	/* a definition means the column, and that varies */
	world_run(s.w, "let lb = log(bili)");
	refuses(&s, "lb", NULL, "E-COH-002");
	end(&s);
}

/* Start-stop rows of a person split as one follow-up does. */
static void intervals(void **state)
{
	static const struct small_table t[] = {
		{ "subject", "id:integer when:date", "1,2000-01-08\n2,\n" },
		{ "part", "id:integer day0:date opens:date closes:date dead:flag dose:integer",
		  "1,2000-01-01,2000-01-01,2000-01-06,false,1\n1,2000-01-01,2000-01-06,2000-01-11,true,2\n2,2000-01-01,2000-01-03,2000-01-09,false,1\n" } };
	struct story s = begin(t, 2, "endpoint d: \"x\"; start day0; entry opens; time closes; event dead; end");
	(void)state;
	add(&s, "w", "when", NULL, false);
	shows(&s, "w", YG_USE_TERM, NULL, "1 0-5 0; 1 5-7 0; 1 7-10* 1; 2 2-8 0");
	shows(&s, "case(w, 100, 0) + dose", YG_USE_TERM, NULL, "1 0-5 1; 1 5-7 2; 1 7-10* 102; 2 2-8 1");
	end(&s);
}

/* --- refusals ------------------------------------------------------------------------------- */

static void refusals(void **state)
{
	struct story s = begin(waiting, 1, "endpoint d: \"x\"; time wait; event dead = 1; where wait >= 0; end");
	(void)state;
	add(&s, "tx", "tx", NULL, false);
	refuses(&s, "tx", NULL, "E-TVC-008");
	assert_int_not_equal(try_add(&s, "x", "rx", NULL, false, NO_STEP, NO_STEP), YG_OK);
	assert_string_equal(s.w->err.code, "E-TVC-001");
	assert_int_not_equal(try_add(&s, "x", "tx", "accept", false, NO_STEP, NO_STEP), YG_OK);
	assert_string_equal(s.w->err.code, "E-TVC-002");
	assert_int_not_equal(try_add(&s, "x", "tx", NULL, false, (struct yg_tvc_step){ -3, 'd' }, NO_STEP), YG_OK);
	assert_string_equal(s.w->err.code, "E-TVC-003");
	assert_int_not_equal(try_add(&s, "x", "tx", NULL, false, NO_STEP, (struct yg_tvc_step){ 3, 'd' }), YG_OK);
	assert_string_equal(s.w->err.code, "E-TVC-004");
	end(&s);
	s = begin(waiting, 1, ON_DATES);
	assert_int_equal(try_add(&s, "tx", "tx", NULL, false, (struct yg_tvc_step){ 0.5, 'm' }, NO_STEP), YG_OK);
	refuses(&s, "tx", NULL, "E-TVC-006");
	end(&s);
	static const struct small_table partial[] = { { "pts", "pid:integer start:date stop:date change:date months:number:months",
		"1,2000-01-01,2000-02-01,2000-01,0.5\n" } };
	s = begin(partial, 1, "endpoint d: \"x\"; start start; time stop; event stop > 1990-01-01; end");
	assert_int_not_equal(try_add(&s, "x", "change", NULL, false, NO_STEP, NO_STEP), YG_OK);
	assert_string_equal(s.w->err.code, "E-TVC-005");
	add(&s, "x", "months", NULL, false);
	refuses(&s, "x", NULL, "E-TVC-010");
	end(&s);
	static const struct small_table between[] = { { "pts", "pid:integer l:number:days r:number:days change:number:days", "1,3,4,2\n" } };
	s = begin(between, 1, "endpoint d: \"x\"; between l and r; end");
	add(&s, "x", "change", NULL, false);
	refuses(&s, "x", NULL, "E-TVC-011");
	end(&s);
	static const struct small_table several[] = { { "s", "id:integer fu:number:days dead:flag", "1,9,true\n" },
		{ "v", "id:integer d:number:days", "1,3\n1,4\n" } };
	s = begin(several, 2, "endpoint d: \"x\"; time fu; event dead; end");
	assert_int_not_equal(try_add(&s, "x", "d", NULL, false, NO_STEP, NO_STEP), YG_OK);
	assert_string_equal(s.w->err.code, "E-COH-002");
	end(&s);
}

/* Whatever allocation fails, it is said, and nothing stays behind. */
static void every_allocation_may_fail(void **state)
{
	struct story s = begin(visits, 2, "endpoint d: \"x\"; time fu; event dead; end");
	(void)state;
	add(&s, "bili", "bili", "day", false);
	add(&s, "stage", "stage", "day", false);
	/* The first time fills caches that are meant to stay. */
	shows(&s, "sex", YG_USE_TERM, "bili > 6", "3 10-40 1");
	for (int what = 0; what < 2; what++) {
		uint64_t before = yg_mem_in_use();
		int k = 1;
		for (;; k++) {
			enum yg_status status;
			struct yg_tvc *made = NULL;
			struct yg_set *set = NULL;
			struct yg_tvc_request m = { .scope = &s.w->scope, .column = world_expression(s.w, what ? "bili" : "stage"), .name = "z",
				.time = world_expression(s.w, "day") };
			struct yg_set_variable v = { world_expression(s.w, "bili + sex"), YG_USE_TERM, true, false };
			struct yg_set_request r = { .scope = &s.w->scope, .population = &s.population, .endpoint = s.e,
				.where = world_expression(s.w, "bili > 1"), .unit = YG_SET_SPANS, .variable = &v, .variables = 1 };
			yg_mem_fail_at(k);
			status = what ? yg_set_build(&r, NULL, &set, &s.w->err) : yg_tvc_make(&m, NULL, &made, &s.w->err);
			yg_mem_fail_at(0);
			yg_set_free(set);
			yg_tvc_free(made);
			assert_int_equal(yg_mem_in_use(), before);
			if (status == YG_OK)
				break;
			assert_int_equal(status, YG_ENOMEM);
		}
		assert_true(k > 3);
	}
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_splits_follow_up),
		cmocka_unit_test(before_is_the_opposite),
		cmocka_unit_test(a_change_counts_later_with_lag),
		cmocka_unit_test(numbers_on_the_scale),
		cmocka_unit_test(as_if_a_column),
		cmocka_unit_test(two_covariates),
		cmocka_unit_test(persons_have_no_one_value),
		cmocka_unit_test(events_at_time_zero_keep_their_risk_set),
		cmocka_unit_test(rounding_is_no_time),
		cmocka_unit_test(the_last_value_is_carried_forward),
		cmocka_unit_test(a_value_may_be_forgotten),
		cmocka_unit_test(rows_do_not_mix),
		cmocka_unit_test(intervals),
		cmocka_unit_test(refusals),
		cmocka_unit_test(every_allocation_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
