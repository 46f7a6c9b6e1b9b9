/* One roc statement under way. */
#ifndef YOGO_ANALYSIS_ROC_PRIV_H
#define YOGO_ANALYSIS_ROC_PRIV_H

/* On guarded data, persons behind a step of a curve and behind a reading: twice the largest of all profiles' smallest counts. */
#define ACC_FEW 22

#include "an_accuracy_priv.h"

struct roc_work {
	const struct yg_an_roc *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_accuracy *kept;
	struct yg_roc_range range;
	double conf;
	size_t groups, cuts, figures;  /* made so far */
	struct yg_raw_figure *figure;
	bool perfect, flat, many_best, undrawn;
};
/* One group: its curves and what was computed of them. */
struct roc_group {
	struct roc_work *w;
	const struct acc_part *part;
	const int *sign;               /* [markers] -1 where lower values speak for the event */
	struct yg_roc *roc;            /* [markers] of sign * score */
	struct yg_roc_binormal *model; /* [markers] or NULL */
	double *area, *covariance, *partial, *partial_covariance;
	double *boot;                  /* [times][markers][width] or NULL */
	size_t width;
	struct yg_roc_boot ask;
};
void roc_area_tables(struct roc_group *g);
void roc_at_tables(struct roc_group *g);
enum yg_status roc_cut_tables(struct roc_group *g, struct yg_err *err) YG_MUST_USE;
void roc_figure(struct roc_group *g);
/* The line of chance, when all groups have been drawn. */
void roc_figure_end(struct roc_work *w, const struct acc_rows *r);

#endif
