/* recur, multistate, winratio, rate and standardize as a clinician writes them. */
#include "tests/unit/analysis/follow.h"

#include "yogo/analysis/events.h"

static enum yg_status events_try(struct world *w, const char *text, struct yg_raw **out)
{
	*out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *list = yg_node_find(s, YG_NODE_LIST), *formula = yg_node_find(s, YG_NODE_FORMULA);
	struct yg_an_endpoints of = follow_named(w, list);
	struct yg_an_input in = look_input(w, s);
	const struct yg_node *max = yg_node_option(s, "max");
	if (!strcmp(s->text, "recur")) {
		struct yg_an_recur r = { .in = in, .endpoint = of.endpoint[0], .formula = formula, .strata = yg_node_find(s, YG_NODE_STRATA),
			                 .cluster = yg_node_find(s, YG_NODE_CLUSTER), .method = model_word(s, "method"),
			                 .most = max ? (uint32_t)max->number : 0, .ties = model_word(s, "ties"), .se = model_word(s, "se"),
			                 .at = yg_node_option(s, "at") };
		r.specific = model_word(s, "effects") && !strcmp(model_word(s, "effects"), "specific");
		return yg_an_recur(&r, &w->task, out, &w->err);
	}
	if (!strcmp(s->text, "multistate")) {
		struct yg_an_multistate r = { .in = in, .of = of, .formula = formula, .trans = yg_node_option(s, "trans"),
			                      .at = yg_node_option(s, "at"), .ci = model_word(s, "ci") };
		return yg_an_multistate(&r, &w->task, out, &w->err);
	}
	if (!strcmp(s->text, "winratio")) {
		struct yg_an_winratio r = { .in = in, .of = of, .formula = formula, .strata = yg_node_find(s, YG_NODE_STRATA),
			                    .measure = model_word(s, "measure") };
		return yg_an_winratio(&r, &w->task, out, &w->err);
	}
	if (!strcmp(s->text, "rate")) {
		struct yg_an_rate r = { .in = in, .endpoint = of.endpoint[0], .strata = yg_node_find(s, YG_NODE_STRATA),
			                .per = yg_node_option(s, "per"), .measure = model_word(s, "measure"), .ci = model_word(s, "ci") };
		return yg_an_rate(&r, &w->task, out, &w->err);
	}
	struct yg_an_standardize r = { .in = in, .endpoint = of.endpoint[0], .adjust = yg_node_find(s, YG_NODE_STRATA),
		                       .per = yg_node_option(s, "per"), .standard = model_word(s, "standard"), .ci = model_word(s, "ci") };
	r.indirect = model_word(s, "method") && !strcmp(model_word(s, "method"), "indirect");
	return yg_an_standardize(&r, &w->task, out, &w->err);
}

static struct yg_raw *events(struct world *w, const char *text)
{
	struct yg_raw *r;
	if (events_try(w, text, &r) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	assert_evidence_everywhere(r);
	return r;
}

#define assert_events_refused(w, text, expected)                                \
	do {                                                                    \
		struct yg_raw *unwanted;                                        \
		assert_int_not_equal(events_try((w), (text), &unwanted), YG_OK); \
		assert_string_equal((w)->err.code, (expected));                 \
	} while (0)

static void end(struct world *w)
{
	follow_reset();
	world_free(w);
}

/* ---- recurrences ---- */

/* Eight persons with attacks (1) and death (2); the covariate of one record is missing. */
static struct world *attacks(void)
{
	static const struct small_table t[] = {
		{ "subject", "id:integer arm:level[A|B]", "1,A\n2,A\n3,A\n4,A\n5,B\n6,B\n7,B\n8,B\n" },
		{ "attack", "id:integer start:integer:days stop:integer:days status:integer pain:integer",
		  "1,0,10,1,3\n1,10,25,1,4\n1,25,60,0,4\n2,0,30,1,2\n2,30,45,2,1\n3,0,70,0,1\n4,0,12,1,5\n4,12,20,1,\n4,20,33,1,6\n4,33,64,0,2\n"
		  "5,0,40,1,1\n5,40,66,0,2\n6,0,55,2,3\n7,0,22,1,1\n7,22,61,1,2\n7,61,63,0,3\n8,0,68,0,5\n" },
	};
	follow_reset();
	struct world *w = world_on(small_open(t, 2), "attack");
	look_population.table = NULL;
	follow_endpoint(w, "endpoint rec: \"Attack\"; entry start; time stop; event \"attack\": every status = 1; compete \"death\": status = 2; end");
	follow_endpoint(w, "endpoint calm: \"Calm\"; entry start; time stop; event \"calm\": every status = 9; end");
	return w;
}

static void mean_numbers_by_group(void **unused)
{
	(void)unused;
	struct world *w = attacks();
	struct yg_raw *r = events(w, "recur rec by arm cluster id with at=(20, 60, 90)");
	assert_cell(r, "groups", "A", "persons", 4);
	assert_cell(r, "groups", "A", "events", 6);
	assert_cell(r, "groups", "A", "with_event", 3);
	assert_cell(r, "groups", "A", "ends", 1);
	assert_cell(r, "groups", "B", "events", 3);
	/* A by day 20: attacks at 10, 12, 20 among 4.  By 60: also 25, 30 and 33 among 4; the death at 45 comes later. */
	assert_value(r, "mean", "A@20", "estimate", 0.75, 1e-14);
	assert_value(r, "mean", "A@60", "estimate", 1.5, 1e-14);
	/* B: 22 and 40 among 4; 6 dies at 55, S = 3/4; 61 among 3: 1/2 + 3/4 / 3. */
	assert_value(r, "mean", "B@60", "estimate", 0.5, 1e-14);
	assert_cell(r, "mean", "A@60", "at_risk", 3);
	assert_string_equal(cell_text(r, "mean", "B@90", "estimate"), "beyond the last time");
	assert_value(r, "difference", "B@60", "difference", -1, 1e-14);
	assert_value(r, "difference", "B@60", "ratio", 1.0 / 3, 1e-14);
	assert_true(cell_value(r, "test", "pseudo_score", "p") > 0 && cell_value(r, "test", "pseudo_score", "p") < 1);
	assert_true(says(r, "{1} persons are not followed beyond their last event") == false);
	assert_int_equal(find_figure(r, "mcf")->series_count, 2);
	yg_raw_free(r);
	/* Nobody had the event: words and noughts. */
	r = events(w, "recur calm by arm cluster id");
	assert_string_equal(cell_text(r, "test", "pseudo_score", "statistic"), "nothing to compare");
	yg_raw_free(r);
	assert_events_refused(w, "recur rec by arm", "E-SUR-008");
	assert_events_refused(w, "recur rec ~ arm cluster id", "E-REC-002");
	assert_events_refused(w, "recur rec cluster id with method=ag", "E-REC-003");
	assert_events_refused(w, "recur rec ~ arm cluster id with method=ag, effects=specific", "E-REC-004");
	assert_events_refused(w, "recur calm ~ arm cluster id with method=ag", "E-SUR-033");
	assert_events_refused(w, "recur rec cluster id with at=(-3)", "E-EVT-001");
	end(w);
}

static void the_number_of_an_event_counts_records_left_out(void **unused)
{
	(void)unused;
	struct world *w = attacks();
	/* Without the record whose pain is missing, 4's record from 20 to 33 still waits for the third attack. */
	struct yg_raw *r = events(w, "recur rec ~ pain cluster id with method=pwp_total");
	assert_cell(r, "numbers", "1", "persons", 8);
	assert_cell(r, "numbers", "1", "events", 5);
	assert_cell(r, "numbers", "2", "events", 2);
	assert_cell(r, "numbers", "3", "events", 1);
	assert_cell(r, "numbers", "3", "persons", 3);
	yg_raw_free(r);
	/* Andersen and Gill's model is Cox's on the rows with clusters. */
	r = events(w, "recur rec ~ arm cluster id with method=ag");
	double b = cell_value(r, "estimates", "arm: B", "estimate"), se = cell_value(r, "estimates", "arm: B", "se");
	yg_raw_free(r);
	r = follow(w, "cox rec ~ arm cluster id");
	assert_value(r, "estimates", "arm: B", "estimate", b, 1e-12);
	assert_value(r, "estimates", "arm: B", "se", se, 1e-12);
	yg_raw_free(r);
	r = events(w, "recur rec ~ arm cluster id with method=ag, se=model");
	double naive = cell_value(r, "estimates", "arm: B", "se");
	assert_true(fabs(naive - se) > 1e-6);
	yg_raw_free(r);
	/* One number only: common and specific effects are one model. */
	r = events(w, "recur rec ~ arm cluster id with method=wlw, max=1");
	b = cell_value(r, "estimates", "arm: B", "estimate");
	se = cell_value(r, "estimates", "arm: B", "se");
	yg_raw_free(r);
	r = events(w, "recur rec ~ arm cluster id with method=wlw, max=1, effects=specific");
	assert_value(r, "estimates", "1 | arm: B", "estimate", b, 1e-12);
	assert_value(r, "average", "arm: B", "se", se, 1e-10);
	assert_string_equal(cell_text(r, "average", "arm: B", "statistic_same"), "nothing to compare");
	yg_raw_free(r);
	end(w);
}

/* ---- states ---- */

static const char *const mgus2 = "id:integer age:integer sex:level dxyr:integer hgb:number creat:number mspike:number ptime:integer "
	"pstat:integer futime:integer death:integer";

static struct world *blood(void)
{
	follow_reset();
	struct world *w = model_world("mgus2", mgus2);
	follow_endpoint(w, "endpoint pcm: \"Malignancy\"\n time ptime in months\n event \"pcm\": pstat = 1\nend");
	follow_endpoint(w, "endpoint died: \"Death\"\n time futime in months\n event \"death\": death = 1\nend");
	return w;
}

static void states_are_made_of_endpoints(void **unused)
{
	(void)unused;
	struct world *w = blood();
	/* ms.mgus2.sex of the reference results */
	struct yg_raw *r = events(w, "multistate pcm, died by sex with trans=(pcm: died), at=(120, 240)");
	assert_value(r, "states", "F: pcm@120", "estimate", 0.016995163310901236, 1e-12);
	assert_value(r, "states", "F: pcm@120", "se", 0.0056111785182603562, 1e-12);
	assert_cell(r, "states", "M: start@120", "at_risk", 210);
	assert_value(r, "hazards", "M: pcm - died@120", "estimate", 3.5953213453213451, 1e-12);
	assert_value(r, "time", "F: pcm", "estimate", 3.1633903123855136, 1e-12);
	assert_cell(r, "transitions", "F: start", "to_1", 55);
	assert_cell(r, "transitions", "M: died", "persons", 540);
	assert_true(says(r, "{1} persons entered two states at one time: the one named last in the statement counts"));
	assert_false(says(r, "{1} persons have {2} after {3}, which no transition allows: not counted"));
	assert_non_null(find_figure(r, "states_2"));
	yg_raw_free(r);
	/* Without the transition, death after malignancy is not counted; and start can be told where it leads. */
	r = events(w, "multistate pcm, died with at=120");
	assert_true(says(r, "{1} persons have {2} after {3}, which no transition allows: not counted"));
	yg_raw_free(r);
	r = events(w, "multistate pcm, died with trans=(start: pcm, pcm: died)");
	assert_string_equal(cell_text(r, "transitions", "start", "to_2"), "");
	yg_raw_free(r);
	r = events(w, "multistate pcm, died ~ age + sex with trans=(pcm: died)");
	assert_true(cell_value(r, "estimates", "start - died / age", "estimate") > 0.06);
	assert_cell(r, "fits", "pcm - died", "events", 94);
	yg_raw_free(r);
	/* A compete line that no endpoint stands for censors, and says so. */
	follow_endpoint(w, "endpoint sick: \"Malignancy\"; time ptime in months; event \"pcm\": pstat = 1; compete \"death\": death = 1; end");
	r = events(w, "multistate sick");
	assert_true(says(r, "{1} persons had a competing event that is no state here, and are censored by it: name an endpoint for it"));
	yg_raw_free(r);
	r = events(w, "multistate sick, died with trans=(sick: died)");
	assert_false(says(r, "{1} persons had a competing event that is no state here, and are censored by it: name an endpoint for it"));
	yg_raw_free(r);
	assert_events_refused(w, "multistate pcm, died with trans=(pcm: relapse)", "E-MST-011");
	assert_events_refused(w, "multistate pcm, died with trans=(pcm: start)", "E-MST-012");
	assert_events_refused(w, "multistate pcm, died with trans=(pcm: died, pcm: died)", "E-MST-013");
	assert_events_refused(w, "multistate pcm, died with trans=pcm", "E-MST-010");
	assert_events_refused(w, "multistate pcm, died ~ age by sex", "E-MST-018");
	end(w);
}

/* ---- ranked endpoints ---- */

static void death_before_malignancy(void **unused)
{
	(void)unused;
	struct world *w = blood();
	struct yg_raw *one = events(w, "winratio died ~ sex"), *two = events(w, "winratio died, pcm ~ sex with measure=rd");
	double wins = cell_value(one, "pairs", "died", "wins"), losses = cell_value(one, "pairs", "died", "losses");
	assert_value(two, "pairs", "died", "wins", wins, 0);
	assert_value(two, "pairs", "died", "losses", losses, 0);
	assert_value(one, "measures", "ratio", "estimate", wins / losses, 1e-14);
	assert_cell(one, "pairs", "pairs", "open", 631.0 * 753);
	assert_value(two, "pairs", "pcm", "open", cell_value(two, "pairs", "all", "open"), 0);
	assert_true(cell_value(two, "measures", "rd", "estimate") < 0);
	yg_raw_free(one);
	yg_raw_free(two);
	assert_events_refused(w, "winratio died ~ sex + age", "E-WIN-010");
	assert_events_refused(w, "winratio died ~ sex where sex = \"F\"", "E-WIN-013");
	end(w);
}

/* ---- rates ---- */

static void rates_in_the_unit_asked_for(void **unused)
{
	(void)unused;
	struct world *w = blood();
	struct yg_raw *r = events(w, "rate died by sex with per=1000y, measure=rr");
	double months = cell_value(r, "rates", "F", "time"), deaths = cell_value(r, "rates", "F", "events");
	assert_value(r, "rates", "F", "rate", deaths / months * 12000, 1e-12);
	double rr = cell_value(r, "compare", "M", "estimate");
	assert_value(r, "rates", "M", "rate", rr * deaths / months * 12000, 1e-12);
	yg_raw_free(r);
	/* A plain number is in the unit shown. */
	r = events(w, "rate died with per=100");
	assert_value(r, "rates", "all", "rate", cell_value(r, "rates", "all", "events") / cell_value(r, "rates", "all", "time") * 100, 1e-12);
	yg_raw_free(r);
	assert_events_refused(w, "rate died with measure=rr", "E-RAT-006");
	assert_events_refused(w, "rate died with per=0", "E-RAT-002");
	/* The groups' own time together as standard, one group: the crude rate; everybody is as expected. */
	r = events(w, "standardize died strata sex with per=1000y");
	assert_value(r, "rates", "all", "rate", cell_value(r, "rates", "all", "crude"), 1e-12);
	yg_raw_free(r);
	r = events(w, "standardize died strata sex with method=indirect");
	assert_value(r, "smr", "all", "estimate", 1, 1e-12);
	yg_raw_free(r);
	assert_events_refused(w, "standardize died by sex", "E-STD-003");
	assert_events_refused(w, "standardize died strata sex with standard=japan2015", "E-STD-001");
	assert_events_refused(w, "standardize died strata dxyr with standard=world", "E-STD-001");
	assert_events_refused(w, "standardize died strata sex with standard=europe", "E-STD-004");
	assert_events_refused(w, "standardize died strata sex with standard=world, method=indirect", "E-STD-005");
	end(w);
}

/* Two groups of ages with the rates 2/100 and 6/100 a year: the world's weights decide. */
static void a_standard_population(void **unused)
{
	(void)unused;
	static const struct small_table t = {
		"p", "id:integer age:level[40-44|45 and over] fu:number:years dead:integer",
		"1,40-44,50,1\n2,40-44,50,1\n3,45 and over,20,1\n4,45 and over,30,1\n5,45 and over,50,1\n6,45 and over,0.5,1\n7,45 and over,49.5,1\n"
		"8,45 and over,50,1\n9,45 and over,0.25,0\n10,40-44,0.25,0\n"
	};
	follow_reset();
	struct world *w = world_new(&t, 1);
	look_population.table = NULL;
	follow_endpoint(w, "endpoint d: \"Death\"; time fu; event \"death\": dead = 1; end");
	struct yg_raw *r = events(w, "standardize d strata age with standard=world, per=1y");
	double young = 6.59, old = 100.035 - 8.86 - 8.69 - 8.60 - 8.47 - 8.22 - 7.93 - 7.61 - 7.15 - 6.59;
	assert_value(r, "rates", "all", "rate", (young * 2 / 100.25 + old * 6 / 200.25) / (young + old), 1e-12);
	yg_raw_free(r);
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mean_numbers_by_group), cmocka_unit_test(the_number_of_an_event_counts_records_left_out),
		cmocka_unit_test(states_are_made_of_endpoints), cmocka_unit_test(death_before_malignancy),
		cmocka_unit_test(rates_in_the_unit_asked_for), cmocka_unit_test(a_standard_population),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
