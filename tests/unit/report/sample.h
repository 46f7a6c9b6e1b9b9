/* A safe document with one of everything, for the tests of the renderers. */
#ifndef YOGO_TESTS_REPORT_SAMPLE_H
#define YOGO_TESTS_REPORT_SAMPLE_H

#include <math.h>

#include "yogo/result/result.h"

static inline struct yg_cell sample_number(enum yg_role role, double v)
{
	return (struct yg_cell){ .state = YG_CELL_SHOWN, .role = role, .decimals = -1,
		                 .value = { .kind = YG_VALUE_DOUBLE, .number = v } };
}

static inline struct yg_cell sample_count(enum yg_role role, int64_t v)
{
	return (struct yg_cell){ .state = YG_CELL_SHOWN, .role = role, .decimals = -1,
		                 .value = { .kind = YG_VALUE_INTEGER, .integer = v } };
}

static inline struct yg_cell sample_words(enum yg_cell_state state, enum yg_role role, const char *s)
{
	return (struct yg_cell){ .state = state, .role = role, .decimals = -1, .value = { .kind = YG_VALUE_TEXT, .text = s } };
}

static inline void sample_table(struct yg_result *r)
{
	struct yg_result_table *t = yg_result_add_table(r, "estimates", "Estimates", 4, 6);
	const struct yg_table_column column[6] = {
		{ "n", "persons", NULL, YG_ROLE_PERSONS },      { "hr", "hazard ratio", NULL, YG_ROLE_ESTIMATE },
		{ "lower", "lower 95%", NULL, YG_ROLE_LOWER },  { "upper", "upper 95%", NULL, YG_ROLE_UPPER },
		{ "p", "p", NULL, YG_ROLE_P },                  { "kind", "kind", NULL, YG_ROLE_LABEL },
	};
	const struct yg_table_row row[4] = {
		{ "rx: Lev", "Lev / Obs", 0 },
		{ "age", "age, per 10 years of life at the day of randomisation, as written in the case report form", 1 },
		{ "ja", "\xe6\xb2\xbb\xe7\x99\x82\xe7\xbe\xa4: \xe8\xa6\xb3\xe5\xaf\x9f", 1 },
		{ "bad", "<b>=1+1</b> \"&\" \x1b[31m", 0 },
	};
	for (int j = 0; j < 6; j++)
		t->column[j] = column[j];
	for (int i = 0; i < 4; i++) {
		t->row[i] = row[i];
		*yg_result_cell(t, i, 0) = sample_count(YG_ROLE_PERSONS, i ? 98 : 1203);
		*yg_result_cell(t, i, 1) = sample_number(YG_ROLE_ESTIMATE, i == 1 ? 12.345 : 0.54123456);
		*yg_result_cell(t, i, 2) = sample_number(YG_ROLE_LOWER, 0.42);
		*yg_result_cell(t, i, 3) = sample_number(YG_ROLE_UPPER, i == 1 ? 113.2 : 0.7);
		*yg_result_cell(t, i, 4) = sample_number(YG_ROLE_P, i ? 0.031 : 0.00001);
		*yg_result_cell(t, i, 5) = sample_words(YG_CELL_SHOWN, YG_ROLE_LABEL, i ? "-2+3" : "term");
	}
	*yg_result_cell(t, 2, 0) = sample_words(YG_CELL_HIDDEN, YG_ROLE_PERSONS, "T9");
	*yg_result_cell(t, 2, 3) = sample_words(YG_CELL_MISSING, YG_ROLE_UPPER, "not reached");
	*yg_result_cell(t, 3, 0) = (struct yg_cell){ .state = YG_CELL_ROUNDED, .role = YG_ROLE_PERSONS, .decimals = -1, .low = 96,
		                                     .high = 100, .value = { .kind = YG_VALUE_INTEGER, .integer = 98 } };
}

/* Two arms of 40: an event or a censoring at each whole month. */
static inline struct yg_figure *sample_km(struct yg_result *r)
{
	struct yg_figure *f = yg_result_add_figure(r, "km", YG_FIGURE_KM, "Survival by arm", 2);
	f->x = (struct yg_axis){ .label = "time", .unit = "months" };
	f->y = (struct yg_axis){ .label = "survival" };
	for (int s = 0; s < 2; s++) {
		f->series[s].name = s ? "Control arm <2>" : "Active";
		struct yg_point *p = yg_series_add_points(r, &f->series[s], 41);
		double surv = 1;
		for (int i = 0; i <= 40; i++) {
			int events = i && (s ? i % 2 == 0 : i % 4 == 0), censored = i && !events;
			int64_t at_risk = i ? 41 - i : 40;
			surv *= 1 - events / (double)at_risk;
			p[i].x = i;
			p[i].y = surv;
			p[i].lower = surv * 0.9;
			p[i].upper = surv + 0.1 > 1 ? 1 : surv + 0.1;
			p[i].at_risk = sample_count(YG_ROLE_PERSONS, at_risk);
			p[i].events = sample_count(YG_ROLE_EVENTS, events);
			p[i].censored = sample_count(YG_ROLE_PERSONS, censored);
		}
	}
	double *grid = yg_figure_add_grid(r, f, 4);
	for (int i = 0; i < 4; i++)
		grid[i] = 12 * i;
	yg_figure_add_caption(r, f, "log-rank p {1}", 1)->argument[0] = sample_number(YG_ROLE_P, 0.0123);
	return f;
}

static inline struct yg_figure *sample_forest(struct yg_result *r)
{
	struct yg_figure *f = yg_result_add_figure(r, "forest", YG_FIGURE_FOREST, "Subgroups", 1);
	f->x = (struct yg_axis){ .label = "hazard ratio", .log_scale = true, .has_reference = true, .reference = 1 };
	f->heads = "Active\tControl";
	f->left = "favours Active";
	f->right = "favours Control";
	f->series[0].name = "HR (95% CI)";
	struct yg_point *p = yg_series_add_points(r, &f->series[0], 6);
	const char *label[6] = { "Overall", "Sex", "male", "female", "rare", "Pooled" };
	const double y[6] = { 0.54, NAN, 0.5, 0.6, NAN, 0.55 }, low[6] = { 0.42, NAN, 0.3, 0.4, NAN, 0.45 }, high[6] = { 0.7, NAN, 0.8, 90, NAN, 0.68 };
	for (int i = 0; i < 6; i++) {
		p[i].label = label[i];
		p[i].text = i == 1 ? "interaction p 0.66" : "106/203\t150/201";
		p[i].y = y[i];
		p[i].lower = low[i];
		p[i].upper = high[i];
		p[i].header = i == 1;
		p[i].summary = i == 5;
	}
	return f;
}

static inline void sample_others(struct yg_result *r)
{
	struct yg_figure *f = yg_result_add_figure(r, "hist", YG_FIGURE_HISTOGRAM, "Age", 1);
	struct yg_point *p = yg_series_add_points(r, &f->series[0], 3);
	for (int i = 0; i < 3; i++) {
		p[i].x = 20 + 10 * i;
		p[i].x2 = 30 + 10 * i;
		p[i].y = 10 * (i + 1);
	}
	f = yg_result_add_figure(r, "love", YG_FIGURE_LOVE, "Balance", 2);
	for (int s = 0; s < 2; s++) {
		f->series[s].name = s ? "after" : "before";
		p = yg_series_add_points(r, &f->series[s], 2);
		p[0].label = "age";
		p[0].x = s ? 0.02 : 0.4;
		p[1].label = "sex";
		p[1].x = s ? -0.01 : -0.3;
	}
	f = yg_result_add_figure(r, "flow", YG_FIGURE_FLOW, "Flow", 1);
	p = yg_series_add_points(r, &f->series[0], 2);
	p[0].label = "all";
	p[0].y = 512;
	p[1].label = "adults";
	p[1].y = 500;
	p[1].x = 12;
	p[1].text = "younger than 18";
	f = yg_result_add_figure(r, "xy", YG_FIGURE_XY, "Calibration", 2);
	f->series[1].name = "ideal";
	f->series[0].name = "tenths";
	f->series[1].line = true;
	for (int s = 0; s < 2; s++) {
		p = yg_series_add_points(r, &f->series[s], 3);
		for (int i = 0; i < 3; i++) {
			p[i].x = p[i].y = i / 2.0;
			if (s == 0)
				p[i].lower = p[i].upper = i / 2.0;
		}
	}
	f = yg_result_add_figure(r, "secret", YG_FIGURE_KM, "Withheld curve", 1);
	f->hidden = true;
	yg_result_add_figure(r, "empty", YG_FIGURE_FOREST, "Nothing", 0);
}

static inline struct yg_result *sample_document(void)
{
	struct yg_result *r = yg_result_new("cox", 1);
	r->title = "Overall survival by rx";
	r->command = "cox os ~ rx on itt with ties=efron";
	r->population = "itt of colon: \"randomised\" & <known>";
	r->profile = "open";
	r->persons = sample_count(YG_ROLE_PERSONS, 1301);
	r->events = sample_count(YG_ROLE_EVENTS, 452);
	r->dropped = sample_count(YG_ROLE_PERSONS, 12);
	sample_table(r);
	yg_result_add_note(r, YG_NOTE_CONVENTION, "ties efron", 0);
	struct yg_note *n = yg_result_add_note(r, YG_NOTE_WARNING, "{2} of {1} are doubtful {x} {3}", 2);
	n->argument[0] = sample_count(YG_ROLE_PERSONS, 12);
	n->argument[1] = sample_words(YG_CELL_HIDDEN, YG_ROLE_PERSONS, "T9");
	sample_km(r);
	sample_forest(r);
	sample_others(r);
	return r;
}

#endif
