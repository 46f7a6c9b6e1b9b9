/* cox with firth, frailty, tt(), marginal ties and freq, as a clinician writes them. */
#include "tests/unit/analysis/follow.h"

static const char *const lung_columns = "inst:integer time:integer status:integer age:integer sex:integer ph.ecog:integer "
	"ph.karno:integer pat.karno:integer meal.cal:integer wt.loss:integer";
static const char *const veteran_columns = "trt:integer celltype:level time:integer status:integer karno:integer "
	"diagtime:integer age:integer prior:integer";
static const char *const lung_os = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2\nend";
static const char *const vet_os = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 1\nend";
static const char *const vet_years = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 1\n unit years\nend";

static struct world *begin(const char *data, const char *columns, const char *endpoint)
{
	follow_reset();
	struct world *w = model_world(data, columns);
	follow_endpoint(w, endpoint);
	return w;
}

static void end(struct world *w)
{
	follow_reset();
	world_free(w);
}

static bool tells(const struct yg_raw *r, const char *part)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_RAW_NOTE && strstr(r->item[i].note->message, part))
			return true;
	return false;
}

static void effects_change_with_time(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet_os);
	/* R: coxph(Surv(time, status) ~ trt + prior + karno + tt(karno), tt = function(x, t, ...) x * log(t + 20)) */
	struct yg_raw *r = follow(w, "cox os ~ trt + prior + tt(karno, log, plus = 20) with at=(30d, 180d)");
	assert_value(r, "estimates", "trt", "estimate", 0.016477657403749953, 1e-7);
	assert_value(r, "estimates", "karno", "estimate", -0.12466228947412034, 1e-7);
	assert_value(r, "estimates", "karno x tt(karno, log, plus = 20)", "estimate", 0.021309566615347771, 1e-7);
	assert_value(r, "estimates", "karno x tt(karno, log, plus = 20)", "se", 0.006606850940161362, 1e-7);
	assert_value(r, "fit", "loglik", "value", -478.53151472189325, 1e-10);
	assert_value(r, "terms", "tt(karno, log, plus = 20)", "statistic", 10.4032, 1e-3);
	/* b0 + b1 log 50, variance by the covariances of R */
	double b = -0.12466228947412034 + 0.021309566615347771 * log(50), g = log(50);
	double v = 0.00082859640012508456 + 2 * g * -0.00018705057981954648 + g * g * 4.3650479345511076e-05;
	assert_value(r, "over_time", "karno@30", "hr", exp(b), 1e-7);
	assert_value(r, "over_time", "karno@30", "ratio_upper", exp(b + 1.959963984540054 * sqrt(v)), 1e-6);
	assert_int_equal(find_table(r, "over_time")->rows, 2);
	assert_int_equal(find_figure(r, "over_time")->series_count, 1);
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	/* the unit shown: b0 moves, b1 does not */
	end(w);
	w = begin("veteran", veteran_columns, vet_years);
	r = follow(w, "cox os ~ trt + tt(karno, log)");
	double b1 = cell_value(r, "estimates", "karno x tt(karno, log)", "estimate"), years = cell_value(r, "estimates", "karno", "estimate");
	assert_int_equal(find_table(r, "over_time")->rows, 3);
	yg_raw_free(r);
	end(w);
	w = begin("veteran", veteran_columns, vet_os);
	r = follow(w, "cox os ~ trt + tt(karno, log)");
	assert_value(r, "estimates", "karno x tt(karno, log)", "estimate", b1, 1e-8);
	assert_value(r, "estimates", "karno", "estimate", years - b1 * log(365.25), 1e-7);
	yg_raw_free(r);
	end(w);
}

static void effects_by_period(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet_os);
	/* R: survSplit at 90 and 180 days, karno in each period */
	struct yg_raw *r = follow(w, "cox os ~ trt + prior + karno + tt(karno, cut(90d, 180d))");
	assert_value(r, "estimates", "trt", "estimate", -0.01102538406065744, 1e-7);
	assert_value(r, "over_time", "karno@0-90 days", "hr", exp(-0.048754954121253496), 1e-7);
	assert_value(r, "over_time", "karno@90-180 days", "hr", exp(0.0080504343223621981), 1e-7);
	assert_value(r, "over_time", "karno@> 180 days", "hr", exp(-0.0083487363977526735), 1e-7);
	assert_true(tells(r, "first period"));
	yg_raw_free(r);
	/* a factor: every level its own */
	r = follow(w, "cox os ~ tt(celltype, cut(90d)) + karno");
	assert_int_equal(find_table(r, "over_time")->rows, 6);
	assert_cell(r, "terms", "tt(celltype, cut(90d))", "df", 3);
	yg_raw_free(r);
	assert_follow_refused(w, "cox os ~ tt(karno)", "E-SUR-070");
	assert_follow_refused(w, "cox os ~ tt(karno, square)", "E-SUR-070");
	assert_follow_refused(w, "cox os ~ tt(karno, cut(180d, 90d))", "E-SUR-072");
	assert_follow_refused(w, "cox os ~ trt*tt(karno, log)", "E-SUR-075");
	assert_follow_refused(w, "cox os ~ tt(karno, log) + tt(karno, sqrt)", "E-SUR-076");
	assert_follow_refused(w, "cox os ~ karno with at=(30d)", "E-SUR-074");
	assert_follow_refused(w, "cox os ~ tt(karno, log) with ties=discrete", "E-COX-033");
	r = follow(w, "cox os ~ tt(karno, log) with se=robust");
	assert_true(tells(r, "robust standard errors"));
	yg_raw_free(r);
	end(w);
}

/* What follows a model is judged by the smallest level too, and a course over time shows no single event where rows are guarded. */
static void what_follows_a_model_rests_on_its_levels(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, lung_os);
	world_run(w, "factor eg = ph.ecog");
	struct yg_raw *r = follow(w, "cox os ~ eg + age");
	int64_t persons = find_cell(r, "estimates", "eg: 3", "estimate")->evidence.persons;
	assert_int_equal(persons, 1);
	yg_raw_free(r);
	const struct yg_cox_model *models[] = { follow_model };
	const char *names[] = { "c" };
	struct yg_an_phtest p = { .model = models, .name = names, .count = 1, .open = true };
	assert_int_equal(yg_an_phtest(&p, &w->task, &r, &w->err), YG_OK);
	assert_behind(r, "phtest", "eg", "p", 1, 1, 227);
	assert_behind(r, "phtest", "age", "p", 227, 164, 0);
	double first = find_figure(r, "course")->series[0].point[0].p.x;
	yg_raw_free(r);
	p.open = false;
	assert_int_equal(yg_an_phtest(&p, &w->task, &r, &w->err), YG_OK);
	const struct yg_raw_figure *f = find_figure(r, "course");
	assert_int_equal(f->series_count, 1);
	assert_true(f->series[0].point[0].p.x > first && f->series[0].points > 20);
	yg_raw_free(r);
	end(w);
}

static void clusters_share_a_frailty(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, lung_os);
	/* R: coxph(Surv(time, status) ~ age + sex + frailty(inst, theta = 0.2)) */
	struct yg_raw *r = follow(w, "cox os ~ age + sex cluster inst with frailty=gamma, variance=0.2");
	assert_value(r, "estimates", "age", "estimate", 0.018427335127213371, 1e-6);
	assert_value(r, "estimates", "sex", "estimate", -0.51391297915832046, 1e-6);
	assert_value(r, "estimates", "sex", "se", 0.17120467725423086, 1e-6);
	assert_value(r, "frailties", "22", "estimate", -0.29283216225968572, 1e-5);
	assert_cell(r, "frailties", "22", "persons", 17);
	assert_cell(r, "frailties", "22", "events", 13);
	assert_cell(r, "frailty", "clusters", "value", 18);
	assert_int_equal(find_figure(r, "frailties")->series[0].points, 18);
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	r = follow(w, "cox os ~ age + sex cluster inst with frailty=lognormal");
	assert_true(tells(r, "REML") && cell_value(r, "frailty", "variance", "value") >= 0);
	yg_raw_free(r);
	const struct yg_cox_model *models[] = { follow_model };
	const char *names[] = { "c" };
	struct yg_an_phtest p = { .model = models, .name = names, .count = 1 };
	assert_int_equal(yg_an_phtest(&p, &w->task, &r, &w->err), YG_REFUSED);
	assert_string_equal(w->err.code, "E-SUR-086");
	assert_follow_refused(w, "cox os ~ age with frailty=gamma", "E-SUR-082");
	assert_follow_refused(w, "cox os ~ age cluster inst with frailty=gamma, firth", "E-SUR-083");
	assert_follow_refused(w, "cox os ~ age cluster inst with variance=1", "E-SUR-080");
	assert_follow_refused(w, "cox os ~ tt(age, log) cluster inst with frailty=gamma", "E-SUR-085");
	assert_follow_refused(w, "cox os ~ age cluster inst with frailty=gamma, ties=marginal", "E-COX-023");
	end(w);
}

static void firth_is_finite(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2 and sex = 1\nend");
	struct yg_raw *r = follow(w, "cox os ~ age + factor(sex)");
	assert_true(tells(r, "nobody there has the event"));
	assert_true(isnan(cell_value(r, "estimates", "factor(sex): 2", "hr")));
	yg_raw_free(r);
	r = follow(w, "cox os ~ age + factor(sex) with firth, ci=profile");
	double b = cell_value(r, "estimates", "factor(sex): 2", "estimate"), low = cell_value(r, "estimates", "factor(sex): 2", "ratio_lower");
	double high = cell_value(r, "estimates", "factor(sex): 2", "ratio_upper"), p = cell_value(r, "estimates", "factor(sex): 2", "p");
	assert_true(b < -2 && b > -10 && low > 0 && low < exp(b) && high < 1 && p < 1e-6);
	assert_true(tells(r, "Firth") && tells(r, "p by likelihood ratio"));
	yg_raw_free(r);
	r = follow(w, "cox os ~ age + factor(sex) with firth");
	assert_true(tells(r, "ci=profile"));
	yg_raw_free(r);
	assert_follow_refused(w, "cox os ~ age with firth, ties=discrete", "E-COX-013");
	assert_follow_refused(w, "cox os ~ age cluster inst with firth", "E-COX-014");
	assert_follow_refused(w, "cox os ~ age by sex with firth, interaction", "E-SUR-084");
	end(w);
}

static void repeats_and_marginal_ties(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet_os);
	/* prior is 0 or 10; trt 1 or 2.  R: coxph of the rows repeated trt times, ties = efron:
	   v <- veteran[rep(seq_len(nrow(veteran)), veteran$trt), ] */
	struct yg_raw *r = follow(w, "cox os ~ karno + age with freq=trt");
	assert_value(r, "estimates", "karno", "estimate", -0.0367973662323832, 1e-7);
	assert_value(r, "estimates", "age", "se", 0.00748940885962203, 1e-7);
	assert_value(r, "fit", "loglik", "value", -796.169118990409, 1e-9);
	assert_cell(r, "fit", "repeats", "value", 205);
	assert_evidence_everywhere(r);
	yg_raw_free(r);
	r = follow(w, "cox os ~ karno + age with ties=marginal, ci=profile");
	assert_true(tells(r, "ties: marginal"));
	yg_raw_free(r);
	assert_follow_refused(w, "cox os ~ karno with freq=karno, ties=marginal, se=robust", "E-COX-003");
	end(w);
}

static void problems_are_named(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, lung_os);
	struct yg_raw *r = follow(w, "cox os ~ age + sex + per(age, 10)");
	assert_true(tells(r, "follows from the terms before it and was left out: it is {2}"));
	yg_raw_free(r);
	r = follow(w, "cox os ~ age + log(age + 5000)");
	assert_true(tells(r, "hardly be told apart") || tells(r, "follows from the terms before"));
	yg_raw_free(r);
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(effects_change_with_time),
		cmocka_unit_test(effects_by_period),
		cmocka_unit_test(what_follows_a_model_rests_on_its_levels), cmocka_unit_test(clusters_share_a_frailty),
		cmocka_unit_test(firth_is_finite),
		cmocka_unit_test(repeats_and_marginal_ties),
		cmocka_unit_test(problems_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
