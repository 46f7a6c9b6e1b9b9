/* rmst, and what km does beyond a curve: comparisons, bands, survival from a time on, landmarks, adjusting. */
#include "tests/unit/analysis/follow.h"

static const char *const lung_columns = "inst:integer time:integer status:integer age:integer sex:integer ph.ecog:integer "
	"ph.karno:integer pat.karno:integer meal.cal:integer wt.loss:integer";
static const char *const veteran_columns = "trt:integer celltype:level time:integer status:integer karno:integer "
	"diagtime:integer age:integer prior:integer";
static const char *const diabetic_columns = "id:integer laser:level age:integer eye:level trt:integer risk:integer time:number "
	"status:integer";
static const char *const days = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 2\nend";
static const char *const vet = "endpoint os: \"Death\"\n time time in days\n event \"death\": status = 1\nend";

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

static void restricted_means_are_compared(void **unused)
{
	(void)unused;
	/* rmst.lung.sex.365 and rmst.lung.sex.500 of the reference results */
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "rmst os by sex with tau=(365, 500)");
	struct yg_raw *one = follow(w, "rmst os by sex with tau=365, measure=mean");
	assert_int_equal(find_table(r, "rmst")->rows, 4);
	yg_assert_near(cell_value(r, "rmst", "1@365", "estimate"), cell_value(one, "rmst", "1", "estimate"), 0);
	assert_null(find_table(one, "ratios"));
	double a = cell_value(one, "rmst", "1", "estimate"), b = cell_value(one, "rmst", "2", "estimate");
	yg_assert_near(cell_value(one, "differences", "2 vs 1", "estimate"), b - a, 1e-12);
	yg_assert_near(cell_value(r, "ratios", "2 vs 1@365", "estimate"), b / a, 1e-12);
	yg_assert_near(cell_value(r, "lost_ratios", "2 vs 1@365", "estimate"), (365 - b) / (365 - a), 1e-12);
	yg_assert_near(cell_value(one, "rmst", "1", "lost"), 365 - a, 1e-12);
	assert_true(says(one, "variance: Greenwood") && !says(one, "tau was not given"));
	assert_non_null(find_figure(one, "rmst"));
	yg_raw_free(one);
	yg_raw_free(r);
	end(w);
}

static void tau_is_never_silent(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "rmst os by sex");
	assert_true(says(r, "tau was not given"));
	assert_cell(r, "rmst", "1", "tau", 965);
	/* the last time is that of one person: the gate shows no extremes of guarded data */
	assert_int_equal(find_cell(r, "rmst", "1", "tau")->role, YG_ROLE_EXTREME);
	yg_raw_free(r);
	r = follow(w, "rmst os by sex with tau=1000");
	assert_true(says(r, "{1}: tau is after the last time observed ({2}); the curve is carried on flat"));
	yg_raw_free(r);
	assert_follow_refused(w, "rmst os by sex with tau=0", "E-SUR-331");
	end(w);
}

static void strata_of_one_kind_change_nothing(void **unused)
{
	(void)unused;
	/* Strata made of the rows twice over: shares of 1, the same means. */
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "rmst os by trt with tau=200"), *s = follow(w, "rmst os by trt strata status where status = 1 with tau=200");
	struct yg_raw *t = follow(w, "rmst os by trt where status = 1 with tau=200");
	yg_assert_near(cell_value(s, "rmst", "2", "estimate"), cell_value(t, "rmst", "2", "estimate"), 1e-12);
	yg_assert_near(cell_value(s, "differences", "2 vs 1", "se"), cell_value(t, "differences", "2 vs 1", "se"), 1e-12);
	yg_raw_free(s);
	yg_raw_free(t);
	/* The mean of the four cell types by their shares, 35, 48, 27, 27 of 137. */
	s = follow(w, "rmst os by trt strata celltype with tau=200");
	double mean = 0;
	static const struct { const char *name; double n; } type[] = { { "squamous", 35 }, { "smallcell", 48 }, { "adeno", 27 }, { "large", 27 } };
	for (int i = 0; i < 4; i++) {
		char text[120];
		snprintf(text, sizeof text, "rmst os by trt where celltype = \"%s\" with tau=200", type[i].name);
		t = follow(w, text);
		mean += type[i].n / 137 * cell_value(t, "rmst", "2", "estimate");
		yg_raw_free(t);
	}
	yg_assert_near(cell_value(s, "rmst", "2", "estimate"), mean, 1e-12);
	assert_true(says(s, "means over the strata"));
	yg_raw_free(s);
	yg_raw_free(r);
	assert_follow_refused(w, "rmst os by trt strata diagtime with tau=200", "E-SUR-330");
	end(w);
}

static void eyes_of_one_person_belong_together(void **unused)
{
	(void)unused;
	/* joint.diabetic.rmst.36 of the reference results: variances 0.86893 and 0.59527, covariance 0.18193 */
	struct world *w = begin("diabetic", diabetic_columns,
	                        "endpoint os: \"Loss\"\n time time in months\n event \"loss\": status = 1\nend");
	struct yg_raw *r = follow(w, "rmst os by trt cluster id with tau=36");
	assert_value(r, "rmst", "0", "se", sqrt(0.86893213402562497), 1e-9);
	assert_value(r, "differences", "1 vs 0", "se", sqrt(0.86893213402562497 + 0.59527045852833937 - 2 * 0.18193205817734748), 1e-9);
	yg_raw_free(r);
	r = follow(w, "km os by trt cluster id with at=36, measure=rd");
	assert_true(says(r, "clusters reach over groups") && find_table(r, "quantile_contrasts") == NULL);
	double half = cell_value(r, "contrasts", "1 vs 0@36", "upper") - cell_value(r, "contrasts", "1 vs 0@36", "estimate");
	yg_assert_near(half / 1.959963984540054, sqrt(0.0013198015678846339 + 0.0010390723074849572 - 2 * 0.00030696475103694971), 1e-8);
	yg_raw_free(r);
	assert_follow_refused(w, "km os by trt cluster id with band=ep", "E-SUR-308");
	end(w);
}

static void pseudo_values_adjust_means(void **unused)
{
	(void)unused;
	/* R: y = pseudo(survfit(Surv(time, status) ~ 1, veteran), times = 200, type = "rmst"); lm(y ~ factor(trt) + karno + celltype), HC0 */
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "rmst os by trt with tau=200, adjust=(karno, celltype)");
	assert_value(r, "adjusted", "2 vs 1", "estimate", -12.105946048453076, 1e-8);
	assert_value(r, "adjusted", "2 vs 1", "se", 9.4088623712290111, 1e-8);
	assert_value(r, "adjusted", "karno", "estimate", 1.7434093571515885, 1e-8);
	assert_value(r, "adjusted_ratios", "2 vs 1", "estimate", 0.94095053045629073, 1e-7);
	double low = cell_value(r, "adjusted_ratios", "2 vs 1", "lower"), ratio = cell_value(r, "adjusted_ratios", "2 vs 1", "estimate");
	yg_assert_near(log(ratio / low) / 1.959963984540054, 0.093201247902080842, 1e-6);
	yg_assert_near(cell_value(r, "adjusted_means", "2", "estimate") - cell_value(r, "adjusted_means", "1", "estimate"), -12.105946048453076, 1e-8);
	yg_raw_free(r);
	assert_follow_refused(w, "rmst os with tau=200, adjust=karno", "E-SUR-311");
	assert_follow_refused(w, "rmst os by trt strata prior with tau=200, adjust=karno", "E-SUR-333");
	end(w);
}

static void curves_are_compared_at_times_and_medians(void **unused)
{
	(void)unused;
	/* at.lung.sex.365 and quantile.lung.sex.0.5.log of the reference results */
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "km os by sex with at=(365, 2000), measure=rd");
	assert_value(r, "contrasts", "2 vs 1@365", "estimate", cell_value(r, "times", "2@365", "estimate") - cell_value(r, "times", "1@365", "estimate"), 1e-12);
	assert_value(r, "contrasts", "2 vs 1@365", "p", 0.012727672667573927, 1e-8);
	assert_string_equal(cell_text(r, "contrasts", "2 vs 1@2000", "estimate1"), "not estimated: after the last time observed");
	assert_cell(r, "quantile_contrasts", "2 vs 1", "estimate", 156);
	assert_cell(r, "quantile_contrasts", "2 vs 1", "lower", 45);
	assert_cell(r, "quantile_contrasts", "2 vs 1", "upper", 311);
	assert_true(says(r, "Su and Wei") && says(r, "Klein and others 2007"));
	yg_raw_free(r);
	r = follow(w, "km os by sex with at=365, measure=rr");
	assert_null(find_table(r, "quantile_contrasts"));
	yg_raw_free(r);
	assert_follow_refused(w, "km os with measure=rd, at=365", "E-SUR-302");
	assert_follow_refused(w, "km os by sex where sex = 1 with measure=rd, at=365", "E-SUR-309");
	end(w);
}

static void from_a_time_on_is_a_curve_of_its_own(void **unused)
{
	(void)unused;
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "km os by sex with at=365, given=(90, 180)"), *l = follow(w, "km os by sex with at=365, landmark=90");
	assert_int_equal(find_table(r, "conditional")->rows, 4);
	yg_assert_near(cell_value(r, "conditional", "2@365|90", "estimate"), cell_value(l, "times", "2@365", "estimate"), 1e-12);
	yg_assert_near(cell_value(r, "conditional", "2@365|90", "se"), cell_value(l, "times", "2@365", "se"), 1e-12);
	yg_assert_near(cell_value(r, "conditional", "2@365|90", "upper"), cell_value(l, "times", "2@365", "upper"), 1e-12);
	assert_true(cell_value(r, "conditional", "2@365|90", "at_risk") == cell_value(l, "groups", "2", "persons"));
	assert_true(says(l, "landmark at {1}") && says(l, "{1} persons left out: {2}"));
	yg_raw_free(l);
	yg_raw_free(r);
	/* weights: the robust form agrees with a landmark as well */
	r = follow(w, "km os by sex with at=365, given=90, weight=ph.karno");
	l = follow(w, "km os by sex with at=365, landmark=90, weight=ph.karno");
	yg_assert_near(cell_value(r, "conditional", "2@365|90", "estimate"), cell_value(l, "times", "2@365", "estimate"), 1e-12);
	yg_assert_near(cell_value(r, "conditional", "2@365|90", "se"), cell_value(l, "times", "2@365", "se"), 1e-12);
	assert_true(isfinite(cell_value(l, "times", "2@365", "at_risk_weight")));
	yg_raw_free(l);
	yg_raw_free(r);
	/* the same as an entry at the landmark, in the endpoint */
	follow_endpoint(w, "endpoint late: \"Death\"\n time time in days\n entry 90d\n event \"death\": status = 2\nend");
	r = follow(w, "logrank late by sex");
	l = follow(w, "logrank os by sex with landmark=90");
	yg_assert_near(cell_value(r, "tests", "logrank", "statistic"), cell_value(l, "tests", "logrank", "statistic"), 1e-12);
	yg_raw_free(l);
	yg_raw_free(r);
	assert_follow_refused(w, "km os with given=90", "E-SUR-303");
	assert_follow_refused(w, "km os with given=90, at=80", "E-SUR-310");
	assert_follow_refused(w, "km os with landmark=5000", "E-SUR-306");
	end(w);
}

static void bands_hold_the_whole_curve(void **unused)
{
	(void)unused;
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "km os with band=hallwellner, at=(100, 995), ci=plain");
	struct yg_raw *narrow = follow(w, "km os with band=hallwellner, at=100, ci=plain, over=(50, 200)");
	double wide = cell_value(r, "times", "all@100", "band_upper") - cell_value(r, "times", "all@100", "band_lower");
	assert_true(wide > cell_value(r, "times", "all@100", "upper") - cell_value(r, "times", "all@100", "lower"));
	assert_true(wide > cell_value(narrow, "times", "all@100", "band_upper") - cell_value(narrow, "times", "all@100", "band_lower"));
	assert_string_equal(cell_text(r, "times", "all@995", "band_lower"), "outside the band");
	assert_cell(narrow, "bands", "all", "from", 50);
	assert_cell(narrow, "bands", "all", "to", 200);
	yg_raw_free(narrow);
	yg_raw_free(r);
	assert_follow_refused(w, "km os with band=ep, over=100", "E-SUR-307");
	assert_follow_refused(w, "km os with over=(50, 100)", "E-SUR-318");
	assert_follow_refused(w, "km os by trt with band=ep, adjust=karno", "E-SUR-304");
	r = follow(w, "km os where status = 0 with band=ep");
	assert_string_equal(cell_text(r, "bands", "all", "from"), "no band: no event that leaves anybody at risk");
	yg_raw_free(r);
	end(w);
}

static void covariates_are_evened_out(void **unused)
{
	(void)unused;
	/* model.veteran.trt.180.efron of the reference results */
	struct world *w = begin("veteran", veteran_columns, vet);
	struct yg_raw *r = follow(w, "km os by trt with adjust=(age, karno), at=180, measure=rd");
	assert_value(r, "times", "2@180", "estimate", 0.20746567687385503, 1e-7);
	assert_value(r, "times", "2@180", "se", 0.046103730796296247, 1e-7);
	assert_true(cell_value(r, "times", "2@180", "unadjusted") != cell_value(r, "times", "2@180", "estimate"));
	assert_true(says(r, "Cox model with a baseline for each group"));
	yg_raw_free(r);
	/* Levels: the mean of four curves; a covariate that is the same for all changes nothing. */
	r = follow(w, "km os by trt with adjust=celltype, at=100");
	assert_true(says(r, "Kaplan-Meier in each of {2} strata") && isfinite(cell_value(r, "times", "2@100", "se")));
	yg_raw_free(r);
	r = follow(w, "km os by trt where celltype = \"large\" with adjust=celltype, at=100");
	yg_assert_near(cell_value(r, "times", "2@100", "estimate"), cell_value(r, "times", "2@100", "unadjusted"), 1e-12);
	yg_raw_free(r);
	assert_follow_refused(w, "km os with adjust=celltype", "E-SUR-311");
	assert_follow_refused(w, "km os by trt with adjust=karno, weight=age", "E-SUR-313");
	assert_follow_refused(w, "km os by celltype where trt = 1 or celltype = \"large\" with adjust=celltype", "E-SUR-315");
	end(w);
}

static void the_largest_of_four_tests(void **unused)
{
	(void)unused;
	/* maxcombo.lung.sex of the reference results */
	struct world *w = begin("lung", lung_columns, days);
	struct yg_raw *r = follow(w, "logrank os by sex with method=maxcombo");
	assert_value(r, "tests", "maxcombo", "statistic", 3.5656908729105465, 1e-9);
	assert_value(r, "tests", "maxcombo", "p", 0.00098399846202151114, 1e-7);
	assert_value(r, "components", "fh(0,1)", "z", -1.860103267587891, 1e-9);
	yg_raw_free(r);
	end(w);
	w = begin("veteran", veteran_columns, vet);
	assert_follow_refused(w, "logrank os by celltype with method=maxcombo", "E-SUR-320");
	assert_follow_refused(w, "logrank os by trt with method=maxcombo, trend", "E-SUR-321");
	assert_follow_refused(w, "logrank os by trt with method=maxcombo, rho=1", "E-SUR-021");
	r = follow(w, "logrank os by celltype strata trt with method=maxcombo, pairwise, padjust=bonferroni");
	assert_int_equal(find_table(r, "pairwise")->rows, 6);
	double p = cell_value(r, "pairwise", "adeno vs large", "p");
	yg_assert_near(cell_value(r, "pairwise", "adeno vs large", "p_adjusted"), 6 * p < 1 ? 6 * p : 1, 1e-12);
	yg_raw_free(r);
	r = follow(w, "logrank os by trt where status = 0 with method=maxcombo");
	assert_string_equal(cell_text(r, "tests", "maxcombo", "statistic"), "nothing to compare");
	yg_raw_free(r);
	end(w);
}

static const char *const rotterdam_columns = "pid:integer year:integer age:integer meno:integer size:level grade:integer nodes:integer "
	"pgr:integer er:integer hormon:integer chemo:integer rtime:integer recur:integer dtime:integer death:integer";

/* Persons at risk and events so far at a time, as a reader takes them off the points. */
static void read_off(const struct yg_raw_figure *f, double t, int64_t *at_risk, int64_t *events)
{
	*at_risk = *events = 0;
	for (size_t k = 0; k < f->series[0].points; k++) {
		const struct yg_raw_point *p = &f->series[0].point[k].p;
		if (!*at_risk && p->x >= t)
			*at_risk = p->at_risk;
		*events += p->x <= t ? p->events : 0;
	}
}

static void long_curves_are_listed_by_what_can_be_seen(void **unused)
{
	(void)unused;
	struct world *w = begin("rotterdam", rotterdam_columns, "endpoint os: \"Death\"\n time dtime in days\n event \"death\": death = 1\nend");
	struct yg_raw *r = follow(w, "km os with at=(700, 1234.5)"), *all = follow(w, "km os with at=(700, 1234.5), steps=all");
	const struct yg_raw_table *few = find_table(r, "curve"), *every = find_table(all, "curve");
	const struct yg_raw_figure *f = find_figure(r, "km"), *whole = find_figure(all, "km");
	assert_true(every->rows > 1500 && few->rows < every->rows && few->rows > 300);
	assert_int_equal((int)f->series[0].points, few->rows);
	assert_int_equal((int)whole->series[0].points, every->rows);
	assert_true(says(r, "curves of more than 1,000 steps") && !says(all, "curves of more than 1,000 steps"));
	/* what is listed is exact, and so is everything else */
	for (int i = 0; i < few->rows; i++)
		for (int column = 5; column < 9; column++)
			yg_assert_near(cell_value(all, "curve", few->row[i].key, few->column[column].key),
			               yg_raw_cell_at(few, i, column)->value.number, 0);
	assert_cell(r, "quantiles", "all", "estimate", cell_value(all, "quantiles", "all", "estimate"));
	assert_cell(r, "times", "all@1234.5", "estimate", cell_value(all, "times", "all@1234.5", "estimate"));
	/* the numbers under the curve, too */
	int64_t n, d, n1, d1;
	assert_true(f->grids > 3);
	for (size_t k = 0; k < f->grids + 2; k++) {
		double t = k < f->grids ? f->grid[k] : k == f->grids ? 700 : 1234.5;
		read_off(f, t, &n, &d);
		read_off(whole, t, &n1, &d1);
		assert_int_equal(n, n1);
		assert_int_equal(d, d1);
	}
	/* guarded data: the figure is made again from counts, which must be those of every step */
	follow_guarded = true;
	struct yg_raw *guarded = follow(w, "km os"), *mean = follow(w, "rmst os with tau=4000");
	follow_guarded = false;
	assert_int_equal((int)find_figure(guarded, "km")->series[0].points, every->rows);
	assert_false(says(guarded, "curves of more than 1,000 steps"));
	struct yg_raw *open = follow(w, "rmst os with tau=4000");
	assert_true(find_figure(mean, "rmst")->series[0].points > find_figure(open, "rmst")->series[0].points);
	yg_raw_free(open);
	yg_raw_free(mean);
	yg_raw_free(guarded);
	yg_raw_free(all);
	yg_raw_free(r);
	end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(restricted_means_are_compared),
		cmocka_unit_test(tau_is_never_silent),
		cmocka_unit_test(strata_of_one_kind_change_nothing),
		cmocka_unit_test(eyes_of_one_person_belong_together),
		cmocka_unit_test(pseudo_values_adjust_means),
		cmocka_unit_test(curves_are_compared_at_times_and_medians),
		cmocka_unit_test(from_a_time_on_is_a_curve_of_its_own),
		cmocka_unit_test(bands_hold_the_whole_curve),
		cmocka_unit_test(covariates_are_evened_out),
		cmocka_unit_test(the_largest_of_four_tests),
		cmocka_unit_test(long_curves_are_listed_by_what_can_be_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
