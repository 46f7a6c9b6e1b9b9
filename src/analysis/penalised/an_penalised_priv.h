/* A penalised model while its tables are made. */
#ifndef YOGO_ANALYSIS_PENALISED_PRIV_H
#define YOGO_ANALYSIS_PENALISED_PRIV_H

#include "analysis/survival/an_surv_priv.h"
#include "yogo/analysis/penalised.h"
#include "yogo/stats/penalised.h"

struct an_pen {
	const struct yg_an_penalty *q;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	const struct yg_an_input *in;
	size_t index;                 /* of the model: keys get ".2", ".3" */
	enum yg_pen_family family;
	const char *outcome, *formula, *event; /* event: the level, or NULL */
	const struct yg_design_plan *plan;
	size_t terms_at;              /* of the plan's variables in the set */
	const struct yg_node *strata; /* the STRATA node, or NULL */
	/* rows */
	struct an_surv s;             /* of Cox */
	bool have_s;
	struct yg_set *set;           /* s.set, or own */
	const double *weight;         /* sampling weights or counts, or NULL */
	bool frequency;
	double *y;
	struct yg_spans spans;
	struct yg_design *design;
	size_t first_column;          /* 1 where the design begins with the intercept */
	uint32_t *fold;               /* [n] */
	size_t folds;
	int64_t events;               /* persons with the event or count; -1 = the outcome has none */
	/* fits */
	struct yg_pen_columns *columns;
	struct yg_pen_data data;
	struct yg_pen_options options;
	struct yg_pen_path path;
	struct yg_pen_cv cv;
	bool have_path, have_cv;
	struct yg_evidence *behind;   /* [p] persons with a level and events among them; persons 0 = everybody */
	double *sd;                   /* [p] standard deviations, for the order of the figure */
};
/* Rows, outcome, matrix: of a survival model, of a regression. */
enum yg_status an_pen_cox_rows(struct an_pen *w, const struct yg_an_cox *r, const struct yg_endpoint *e, const struct yg_node *model,
                               struct yg_err *err) YG_MUST_USE;
enum yg_status an_pen_regress_rows(struct an_pen *w, const struct yg_an_regress *r, const struct yg_node *outcome,
                                   const struct yg_node *model, struct yg_err *err) YG_MUST_USE;
enum yg_status an_pen_folds(struct an_pen *w, size_t column, struct yg_err *err) YG_MUST_USE;
void an_pen_release(struct an_pen *w);
void an_pen_tables(struct an_pen *w);
void an_pen_notes(struct an_pen *w);
/* The penalty of the model that is kept, and its name (1se, min; NULL = the only one there is); false: there are several. */
bool an_pen_chosen(const struct an_pen *w, size_t *at, const char **name);
struct yg_pen_model *an_pen_model_new(void);
enum yg_status an_pen_keep(struct an_pen *w, struct yg_pen_model *model, struct yg_err *err) YG_MUST_USE;

#endif
