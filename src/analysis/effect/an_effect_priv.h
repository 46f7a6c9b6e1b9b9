/* What a propensity score and a weighted set hold. */
#ifndef YOGO_ANALYSIS_EFFECT_PRIV_H
#define YOGO_ANALYSIS_EFFECT_PRIV_H

#include "yogo/analysis/effect.h"
#include "yogo/stats/weights.h"

struct yg_propensity {
	int references;
	struct yg_arena arena;             /* texts */
	const char *contrast, *sentence, *column;
	const char *arm_label[2];          /* untreated, treated */
	bool has_estimand;
	enum yg_estimand estimand;
	const struct yg_table *table;
	struct yg_set *set;                /* one row a person; columns from first_term on are the covariates */
	size_t first_term, terms;          /* variables of the model */
	int8_t *arm;                       /* [set->n] */
	double *score;                     /* [set->n] */
	uint8_t *kept;                     /* [set->n] 0 = trimmed */
	uint64_t persons;                  /* kept */
};
struct yg_weighted {
	int references;
	struct yg_propensity *ps;          /* counted */
	struct yg_arena arena;
	enum yg_estimand estimand;
	struct yg_population population;
	uint64_t *member;                  /* bitmap over persons */
	double *weight, *propensity;       /* [persons of the data set], NaN where not in the set */
	int8_t *arm;                       /* -1 where not in the set */
};

#endif
