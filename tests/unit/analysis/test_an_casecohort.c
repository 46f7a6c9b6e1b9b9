/* cox with casecohort, as a clinician writes it. */
#include "tests/unit/analysis/follow.h"

/* Cases A B C, of which B was drawn; D E F drawn; G H neither.  The cohort has 10 persons. */
static const struct small_table tiny = { "tiny", "time:number event:integer x:integer chosen:integer site:integer",
	"1,1,1,0,1\n2,1,0,1,1\n3,1,0,0,2\n4,0,1,1,1\n5,0,0,1,2\n2.5,0,1,1,2\n6,0,1,0,1\n7,0,0,0,2\n" };
static const char *const tiny_end = "endpoint e: \"Event\"\n time time in years\n event \"event\": event = 1\nend";
static const char *const nwtco_columns = "seqno:integer instit:integer histol:integer stage:integer study:integer rel:integer "
	"edrel:integer age:integer subcohort:integer";
static const char *const nwtco_end = "endpoint relapse: \"Relapse\"\n time edrel in days\n event \"relapse\": rel = 1\nend";

static bool tells(const struct yg_raw *r, const char *part)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_RAW_NOTE && strstr(r->item[i].note->message, part))
			return true;
	return false;
}

static struct world *small(void)
{
	follow_reset();
	struct world *w = world_new(&tiny, 1);
	look_population.table = NULL;
	follow_endpoint(w, tiny_end);
	return w;
}

static void end(struct world *w)
{
	follow_reset();
	world_free(w);
}

static void worked_by_hand(void **unused)
{
	(void)unused;
	struct world *w = small();
	struct yg_raw *r = follow(w, "cox e ~ x with casecohort=self_prentice, subcohort=chosen, size=10");
	assert_value(r, "estimates", "x", "hr", 0.5, 1e-8);
	assert_value(r, "estimates", "x", "se", sqrt(13.0 / 6), 1e-8);
	assert_cell(r, "fit", "persons", "value", 6);
	assert_cell(r, "casecohort", "all", "cohort", 10);
	assert_cell(r, "casecohort", "all", "subcohort", 4);
	assert_cell(r, "casecohort", "all", "cases", 3);
	assert_cell(r, "casecohort", "all", "inside", 1);
	assert_true(tells(r, "were left out"));
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	r = follow(w, "cox e ~ x with casecohort=lin_ying, subcohort=chosen, size=10, se=robust");
	assert_value(r, "casecohort", "all", "weight", 7.0 / 3, 1e-12);
	yg_raw_free(r);
	r = follow(w, "cox e ~ x strata site with casecohort=borgan, subcohort=chosen, size=(6, 4)");
	assert_value(r, "casecohort", "site: 1", "weight", 3, 1e-12);
	assert_value(r, "casecohort", "site: 2", "weight", 2, 1e-12);
	assert_true(tells(r, "drawn within {1}"));
	yg_raw_free(r);
	end(w);
}

static void the_wilms_tumour_study(void **unused)
{
	(void)unused;
	follow_reset();
	struct world *w = model_world("nwtco", nwtco_columns);
	follow_endpoint(w, nwtco_end);
	/* R: cch(Surv(edrel, rel) ~ unfav + s2 + s3 + s4 + years, method = "Prentice", cohort.size = 4028) */
	struct yg_raw *r = follow(w, "cox relapse ~ factor(histol) + factor(stage) + per(age, 12) with casecohort=prentice, subcohort=subcohort, size=4028");
	assert_value(r, "estimates", "factor(histol): 2", "estimate", 1.4980630726259712, 1e-7);
	assert_value(r, "estimates", "factor(histol): 2", "se", 0.1597051540512856, 1e-7);
	assert_value(r, "estimates", "factor(stage): 4", "estimate", 1.3841319689980907, 1e-7);
	assert_false(tells(r, "were left out"));
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	end(w);
}

static void what_does_not_go(void **unused)
{
	(void)unused;
	struct world *w = small();
	assert_follow_refused(w, "cox e ~ x with subcohort=chosen", "E-SUR-101");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen", "E-SUR-101");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, size=10", "E-SUR-101");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=time, size=10", "E-SUR-102");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=10, firth", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=10, ci=profile", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=10, weight=time", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=10, freq=site", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ x by site with casecohort=prentice, subcohort=chosen, size=10", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ x by site with casecohort=prentice, subcohort=chosen, size=10, interaction", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ x cluster site with casecohort=prentice, subcohort=chosen, size=10", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ x cluster site with casecohort=prentice, subcohort=chosen, size=10, frailty=gamma", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ tt(x, log) with casecohort=prentice, subcohort=chosen, size=10", "E-SUR-103");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=10, se=robust", "E-SUR-104");
	assert_follow_refused(w, "cox e ~ x strata site with casecohort=prentice, subcohort=chosen, size=10", "E-SUR-105");
	assert_follow_refused(w, "cox e ~ x with casecohort=borgan, subcohort=chosen, size=10", "E-SUR-105");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=(5, 5)", "E-SUR-106");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=9.5", "E-SUR-106");
	assert_follow_refused(w, "cox e ~ x strata site with casecohort=borgan, subcohort=chosen, size=10", "E-SUR-106");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=5", "E-SUR-108");
	assert_follow_refused(w, "cox e ~ x where chosen = 0 with casecohort=prentice, subcohort=chosen, size=10", "E-SUR-109");
	assert_follow_refused(w, "cox e ~ x where chosen = 1 and event = 1 with casecohort=lin_ying, subcohort=chosen, size=10", "E-SUR-109");
	/* site 1 has D alone without the event */
	assert_follow_refused(w, "cox e ~ x strata site with casecohort=borgan2, subcohort=chosen, size=(6, 4)", "E-SUR-110");
	assert_follow_refused(w, "cox e ~ x with casecohort=prentice, subcohort=chosen, size=10, ties=discrete", "E-COX-041");
	assert_follow_refused(w, "cox e ~ x where event = 0 with casecohort=prentice, subcohort=chosen, size=10", "E-SUR-033");
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_by_hand),
		cmocka_unit_test(the_wilms_tumour_study),
		cmocka_unit_test(what_does_not_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
