/* test under way: the variable that is looked at, and what its methods have found so far. */
#ifndef YOGO_AN_TEST_PRIV_H
#define YOGO_AN_TEST_PRIV_H

#include "analysis/an_frame_priv.h"

#include "yogo/analysis/tests.h"
#include "yogo/stats/crosstab.h"
#include "yogo/stats/grouptest.h"

enum test_method {
	TM_AUTO, TM_T, TM_WELCH, TM_WILCOXON, TM_SIGNED, TM_SIGN, TM_ANOVA, TM_KRUSKAL, TM_MEDIAN, TM_BRUNNER, TM_PAIRED, TM_CHISQ,
	TM_FISHER, TM_MCNEMAR, TM_TREND, TM_CUZICK, TM_FRIEDMAN, TM_QUADE, TM_REPEATED, TM_LEVENE, TM_BARTLETT, TM_FLIGNER,
	TM_ANSARI, TM_FTEST, TM_KS, TM_SHAPIRO, TM_BINOMIAL, TM_COUNT
};
enum test_shape { SHAPE_GROUPS = 1, SHAPE_ONE = 2, SHAPE_BLOCKS = 4 };

struct test_row {
	const char *key, *label;                /* "bili: welch"; the variable */
	const char *name;                       /* of the test: a message */
	struct yg_test test;
	struct yg_evidence e;
	uint64_t n;
};
struct effect_row {
	const char *key, *label;
	double value[3];                        /* estimate, lower, upper; limits NaN: none */
	bool limits;                            /* an interval belongs to it */
	const char *why;                        /* of what is NaN */
	struct yg_evidence e;
};
struct test_work {
	const struct yg_an_test *r;
	struct yg_task *task;
	struct yg_raw *raw;
	struct yg_arena arena;                  /* lives longer than the frames */
	struct an_frame *f;
	size_t turn;
	double conf;
	struct test_row *row;
	size_t rows, row_cap;
	struct effect_row *effect;
	size_t effects, effect_cap;
	bool used[TM_COUNT], few_expected;
	bool pooled;                            /* d and g were shown */
};
/* A number in groups: values one group after another, empty groups left out. */
struct test_groups {
	const struct an_variable *v;
	size_t k, n;
	double *x;
	int32_t *of;                            /* [n] */
	size_t *start;                          /* [k + 1] */
	const char **label;
	size_t reference, other;                /* of two groups: reference, and the one compared with it */
	uint64_t smallest;
	uint64_t *whole;                        /* [k] persons of the group, known or not; NULL: those that have values */
};
/* Counts of a category in groups: count[l * groups + g]. */
struct test_counts {
	const struct an_variable *v;
	size_t levels, groups, reference;
	double *count;
	const char **label;                     /* of the groups */
	uint64_t total, smallest;
};
/* Conditions in blocks: x[b * k + j]; those of categories are 0 and 1. */
struct test_blocks {
	const char *name, *const *label;
	size_t k, blocks;
	double *x;
	bool flags;
};

const char *test_word(enum test_method m);
bool test_method_parse(const char *word, enum test_method *out);
/* Is the method for this shape, and for numbers or categories?  If not, what to do instead. */
enum yg_status test_fits(enum test_method m, enum test_shape shape, bool number, const char *name, struct yg_err *err) YG_MUST_USE;
enum test_method test_choose(enum test_method m, enum test_shape shape, bool number, size_t k);
/* Does the method know sides? */
bool test_one_sided(enum test_method m);

enum yg_status test_on_groups(struct test_work *w, enum test_method m, const struct test_groups *g, struct yg_err *err) YG_MUST_USE;
enum yg_status test_on_counts(struct test_work *w, enum test_method m, const struct test_counts *c, struct yg_err *err) YG_MUST_USE;
enum yg_status test_on_sample(struct test_work *w, enum test_method m, const struct an_variable *v, const double *x, size_t n,
                              struct yg_err *err) YG_MUST_USE;
enum yg_status test_on_blocks(struct test_work *w, enum test_method m, const struct test_blocks *b, struct yg_err *err) YG_MUST_USE;
bool test_has_pairs(enum test_method m);
enum yg_status test_pairs(struct test_work *w, enum test_method m, const struct test_groups *g, struct yg_err *err) YG_MUST_USE;
enum yg_status test_strata(struct test_work *w, const struct an_variable *v, struct yg_err *err) YG_MUST_USE;

/* Tables: what is in the groups; then all that was found. */
void test_groups_table(struct test_work *w, const struct test_groups *g, struct yg_raw_table **table);
void test_counts_table(struct test_work *w, const struct test_counts *c);
enum yg_status test_tables(struct test_work *w, struct yg_err *err) YG_MUST_USE;

void test_add(struct test_work *w, const char *variable, enum test_method m, const char *name, const struct yg_test *t,
              uint64_t n, struct yg_evidence e);
/* label: a phrase; limits false: the value alone. */
void test_effect(struct test_work *w, const char *key, const char *label, const double value[3], bool limits, const char *why,
                 struct yg_evidence e);

#endif
