/*
 * Asking a regression or effect verb on a reference data set as a script would.
 *
 *   struct world *w = model_world("birthwt", "low:integer age:integer ...");
 *   struct yg_raw *r = fit(w, "logit low ~ age + smoke");
 */
#ifndef YOGO_TESTS_ANALYSIS_MODEL_H
#define YOGO_TESTS_ANALYSIS_MODEL_H

#include "tests/unit/analysis/look.h"

#include "yogo/analysis/effect.h"
#include "yogo/analysis/regress.h"

/* A CSV of tests/oracle/data: the header line taken off, quotation marks too. */
static inline char *model_rows(const char *name)
{
	char relative[128];
	snprintf(relative, sizeof relative, "tests/oracle/data/%s.csv", name);
	FILE *f = fopen(yg_source_path(relative), "rb");
	if (!f)
		fail_msg("cannot open %s", relative);
	fseek(f, 0, SEEK_END);
	size_t n = (size_t)ftell(f), m = 0;
	rewind(f);
	char *bytes = yg_xalloc(n + 1, 1);
	assert_int_equal(fread(bytes, 1, n, f), n);
	fclose(f);
	bytes[n] = 0;
	char *rows = strchr(bytes, '\n') + 1;
	for (char *p = rows; *p; p++)
		if (*p != '"' && *p != '\r')
			bytes[m++] = *p;
	bytes[m] = 0;
	return bytes;
}

static inline struct world *model_world(const char *name, const char *columns)
{
	char *rows = model_rows(name);
	struct small_table t = { name, columns, rows };
	struct world *w = world_new(&t, 1);
	yg_free(rows);
	look_population.table = NULL;
	return w;
}

static const char *const birthwt_columns =
	"low:integer age:integer lwt:integer race:integer smoke:integer ptl:integer ht:integer ui:integer ftv:integer bwt:integer";

static inline const char *model_word(const struct yg_node *s, const char *name)
{
	const struct yg_node *v = yg_node_option(s, name);
	return v ? v->text : NULL;
}

static struct yg_glm_model *last_model;

static inline enum yg_status fit_try(struct world *w, const char *text, struct yg_raw **out)
{
	*out = NULL;
	world_run(w, text);
	const struct yg_node *s = w->last, *list = yg_node_find(s, YG_NODE_LIST), *freq = yg_node_option(s, "freq");
	struct yg_an_regress r = { .in = look_input(w, s), .formula = yg_node_find(s, YG_NODE_FORMULA),
		                   .cluster = yg_node_find(s, YG_NODE_CLUSTER), .verb = s->text };
	r.outcome = (struct yg_an_targets){ (const struct yg_node *const *)list->child, list->children };
	r.frequency = freq ? yg_node_new(&w->arena, YG_NODE_NAME, freq->text) : NULL;
	r.event = model_word(s, "event");
	r.se = model_word(s, "se");
	r.ci = model_word(s, "ci");
	r.measure = model_word(s, "measure");
	r.family = model_word(s, "family");
	r.link = model_word(s, "link");
	yg_glm_model_free(last_model);
	last_model = NULL;
	return !strcmp(s->text, "linear") ? yg_an_linear(&r, &w->task, out, &last_model, &w->err) :
	                                    yg_an_glm(&r, &w->task, out, &last_model, &w->err);
}

static inline struct yg_raw *fit(struct world *w, const char *text)
{
	struct yg_raw *out;
	if (fit_try(w, text, &out) != YG_OK)
		fail_msg("%s: %s [%s] %s", text, w->err.text, w->err.code, w->err.hint);
	return out;
}

#define assert_fit_refused(w, text, expected)                                   \
	do {                                                                    \
		struct yg_raw *unwanted;                                        \
		assert_int_not_equal(fit_try((w), (text), &unwanted), YG_OK);   \
		assert_string_equal((w)->err.code, (expected));                 \
	} while (0)

#define assert_value(r, table, row, column, expected, tolerance) \
	yg_assert_near(cell_value((r), (table), (row), (column)), (expected), (tolerance))

#endif
