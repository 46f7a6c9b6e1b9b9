/* An analysis set being built. */
#ifndef YOGO_COHORT_SET_PRIV_H
#define YOGO_COHORT_SET_PRIV_H

#include "cohort_priv.h"

/* How a variable's values are gathered. */
enum yg_gather {
	YG_GATHER_NUMBER,      /* doubles */
	YG_GATHER_LEVEL,       /* positions of a level expression */
	YG_GATHER_KEY,         /* 64-bit integers that become levels in ascending order */
	YG_GATHER_NUMBER_KEY,  /* doubles that become levels */
	YG_GATHER_TEXT,        /* texts that become levels */
	YG_GATHER_ARM,         /* the population's arm */
};
struct yg_sb_var {
	const struct yg_set_variable *ask;
	struct yg_bound *bound;          /* NULL for the arm */
	const char *name;
	enum yg_gather how;
	bool by_person;                  /* evaluated for persons, not rows */
	uint64_t extras;                 /* covariates that change over time in it */
	bool reduce;                     /* a row expression of which persons want one value */
	double *number;                  /* [n] NUMBER, NUMBER_KEY */
	int32_t *level;                  /* [n] LEVEL, TEXT (number of the text) */
	int64_t *key;                    /* [n] KEY */
	uint8_t *missing;                /* [n] when missing values are kept */
	struct yg_map text;              /* TEXT */
	/* reduce: one value a person, before the gather */
	int64_t *person_key;             /* also the bits of doubles, level positions, text numbers */
	uint8_t *person_state;           /* 0 no row, 1 known, 2 missing */
};
struct yg_sb {
	const struct yg_set_request *ask;
	struct yg_task *task;
	struct yg_err *err;
	struct yg_scope scope;           /* the request's, on the table of the rows */
	const struct yg_table *table;    /* whose rows are analysed */
	const struct yg_table *source;   /* what is evaluated: table, or the person table */
	bool persons;                    /* one row a person of an event table */
	struct yg_set *set;
	struct yg_sb_var *var;
	size_t vars;
	size_t n;                        /* candidates */
	uint64_t *at;                    /* [n] row of source: the row, or the person */
	uint32_t *order;                 /* [n] candidates by row of source; NULL = ascending already */
	size_t *block_start;             /* [source->blocks + 1] */
	uint16_t *why;                   /* [n] 0 kept, else 1 + 2 * variable (missing) or 2 + 2 * variable (not finite) */
	uint64_t *row_in;                /* rows that take part (where); NULL = all */
	uint64_t *person_in;             /* persons that take part by a person-level where; NULL = all */
	/* covariates that change over time: NULL without, or when the set is not of spans */
	const struct yg_tvc_list *tvc;
	int32_t *origin;                 /* [n] before splitting: day of time 0 */
	uint32_t *piece;                 /* [n] number of the part among those of its span */
	uint32_t layers;                 /* most parts of a span */
	double **changing;               /* [covariates][n] values, NaN = missing */
	const struct yg_node **later;    /* conditions of where that are decided part by part */
	size_t laters, later_cap;
};

/* set.c: bind what is asked; give back what building took */
enum yg_status yg_sb_open(struct yg_sb *b) YG_MUST_USE;
void yg_sb_release(struct yg_sb *b);
/* Rows of a table of persons that take part (where and the population); NULL = all.  yg_data_free. */
enum yg_status yg_sb_rows_in(struct yg_sb *b, uint64_t **bits) YG_MUST_USE;
/* set_rows.c: who is a candidate, endpoint drops */
enum yg_status yg_sb_candidates(struct yg_sb *b) YG_MUST_USE;
/* set_gather.c: values */
enum yg_status yg_sb_gather(struct yg_sb *b) YG_MUST_USE;
/* set_column.c: columns */
enum yg_status yg_sb_columns(struct yg_sb *b) YG_MUST_USE;
/* The words of a key as a level. */
const char *yg_sb_key_word(struct yg_sb *b, const struct yg_sb_var *v, int64_t key);
/* set_split.c: parts of follow-up */
enum yg_status yg_sb_split(struct yg_sb *b) YG_MUST_USE;
enum yg_status yg_sb_where_parts(struct yg_sb *b) YG_MUST_USE;
struct yg_sb_layer;                      /* scratch of a worker */
struct yg_sb_layer *yg_sb_layer_new(void);
void yg_sb_layer_free(struct yg_sb_layer *l);
/* Hand an evaluator the values that the rows of a block have in a layer; *any = the layer has parts there. */
enum yg_status yg_sb_layer_set(const struct yg_sb *b, struct yg_sb_layer *l, struct yg_eval *e, uint64_t extras, uint32_t block,
                               uint32_t layer, bool *any, struct yg_err *err) YG_MUST_USE;
/* Refuse an expression of rows and of a covariate that changes over time where persons are evaluated. */
enum yg_status yg_sb_mixed(struct yg_sb *b, const struct yg_bound *bound, const struct yg_node *at) YG_MUST_USE;
enum yg_status yg_sb_nomem(struct yg_sb *b);
void yg_sb_add_drop(struct yg_sb *b, const char *reason, uint64_t persons, uint64_t rows);

#endif
