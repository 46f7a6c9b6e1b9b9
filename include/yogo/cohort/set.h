/*
 * The analysis set: plain complete arrays for a kernel, plus who was dropped and why.
 *
 * The one road from data to statistics.  What a verb honours it declares in the request; what the
 * population carries beyond that is refused by name.
 */
#ifndef YOGO_COHORT_SET_H
#define YOGO_COHORT_SET_H

#include "yogo/cohort/endpoint.h"
#include "yogo/cohort/tvc.h"

/* Who is analysed.  Exactly one of cohort (a definition evaluated) and weighted set, or neither = whole table. */
struct yg_population {
	const char *name;              /* "itt", or the table's name */
	const char *sentence;          /* "itt of colon: Randomised, node count known" */
	const struct yg_table *table;
	const uint64_t *member;        /* bitmap over persons; NULL = all */
	uint64_t persons;
	/* A set made by weight: one weight and arm per person (NaN / -1 where not in the set). */
	const double *weight;          /* NULL = unweighted */
	const char *weight_kind;       /* "inverse probability" */
	const char *estimand;          /* "att" ... NULL */
	const int8_t *arm;             /* 0 reference, 1 treated, -1 not in the set; NULL = no contrast */
	const char *arm_label[2];
	const double *propensity;      /* per person, NaN where not in the set */
	/* Covariates that change over time: an endpoint's spans are split where they change, and their names stand for
	   their values there (in terms, by, strata, where); in sets of persons or rows naming one is refused. */
	const struct yg_tvc_list *tvc; /* NULL = none */
};

enum yg_set_unit {
	YG_SET_PERSONS,   /* one row a person: a column that varies within the person (after where) is refused */
	YG_SET_SPANS,     /* the endpoint's spans */
	YG_SET_ROWS,      /* the table's rows */
};
enum yg_set_use { YG_USE_TERM, YG_USE_OUTCOME, YG_USE_BY, YG_USE_STRATA, YG_USE_CLUSTER, YG_USE_WEIGHT, YG_USE_FREQUENCY, YG_USE_OFFSET };
struct yg_set_variable {
	const struct yg_node *expression;   /* a NAME or any row expression; the name "arm" means the population's arm */
	enum yg_set_use use;
	bool keep_missing;                  /* missing kept and marked, not dropped (table1, missing=show) */
	bool as_factor;                     /* by, strata, factor(x): distinct values become levels in ascending order */
};
struct yg_set_request {
	const struct yg_scope *scope;
	const struct yg_population *population;
	const struct yg_endpoint *endpoint;      /* required for SPANS */
	const struct yg_node *where;             /* predicate or NULL */
	enum yg_set_unit unit;
	const struct yg_set_variable *variable;
	size_t variables;
};
struct yg_set_column {
	const char *name;              /* canonical text of the expression */
	const char *label, *unit;      /* NULL = none */
	enum yg_set_use use;
	bool is_factor;
	enum yg_type type;             /* of the expression before it was widened */
	double *number;                /* [n]; flags 0/1; dates in days; NULL for factors */
	int32_t *level;                /* [n]; -1 where missing; NULL unless factor */
	const char **level_name;
	int levels;
	int reference;
	uint8_t *missing;              /* [n] 1 = missing; NULL = complete */
	uint64_t missing_count;
};
struct yg_drop {
	const char *reason;            /* "age missing", "outcome unknown", "time missing" */
	uint64_t persons, rows;
};
struct yg_set {
	size_t n;                      /* rows of the set */
	uint64_t persons;              /* distinct persons */
	uint64_t persons_asked, rows_asked;  /* in the population, after where, before drops */
	uint32_t *person;              /* [n] ascending */
	uint64_t *row;                 /* [n] row in the table; the parts of a span that was split share it */
	const struct yg_endpoint *endpoint;
	/* [n] NULL when the endpoint has no entry and nothing was split.  Split follow-up without entry begins at 0, or at
	   -infinity when somebody's ends at time 0. */
	double *entry;
	double *exit;                  /* [n] NULL without endpoint */
	uint8_t *status;               /* [n] */
	double *weight;                /* [n] product of population weight and weight option; NULL = all 1 */
	bool weight_is_probability;    /* from weight verb: robust variance wanted */
	struct yg_set_column *column;  /* in the order asked */
	size_t columns;
	struct yg_drop *drop;          /* reasons in the order met, each row under its first */
	size_t drops;
	struct yg_arena arena;
};
enum yg_status yg_set_build(const struct yg_set_request *request, struct yg_task *task, struct yg_set **out,
                            struct yg_err *err) YG_MUST_USE;
void yg_set_free(struct yg_set *s);
/* Gives back the values of the columns of use TERM and OFFSET, whose names and levels stay. */
void yg_set_drop_terms(struct yg_set *s);

#endif
