/*
 * Accuracy of markers and tests against a reference: roc, diag, and their comparisons.
 *
 * Rows with an unknown outcome or marker are left out and counted, the same for all markers of a statement.  Rows of one
 * person want a cluster.  by repeats the analysis in each group; `by a, b` one crossing after another.
 *
 * Table keys: roc "auc" "pauc" "sens_at" "spec_at" "cut" (a marker each) "binormal" "differences" "equal" "differences_pauc"
 * "groups" "curve" (detail), figure "roc"; diag "counts" "diag" "predictive" "corrected" "compare"; later ones "auc.2" ...
 */
#ifndef YOGO_ANALYSIS_ACCURACY_H
#define YOGO_ANALYSIS_ACCURACY_H

#include "yogo/analysis/describe.h"

struct yg_prediction_model;
struct yg_accuracy;      /* what compare wants of a result of roc or diag */

/* Something measured: an expression of the row, or the linear predictor of a model. */
struct yg_an_marker {
	const struct yg_node *expression;
	const struct yg_prediction_model *model;
	const char *name;
};
/* What both verbs read of the data. */
struct yg_an_reference {
	struct yg_an_input in;
	const struct yg_node *outcome;
	const char *event;                 /* level that is the event, or NULL */
	const struct yg_an_marker *marker;
	size_t markers;
	const struct yg_node *cluster;     /* CLUSTER node, or NULL */
	const struct yg_node *frequency;   /* NAME, or NULL */
	bool open;                         /* the profile in force is "open" */
};

struct yg_an_roc {
	struct yg_an_reference of;
	const char *direction;             /* auto (NULL), higher, lower: which values speak for the event */
	bool binormal;
	int64_t boot;                      /* replicates for the intervals; 0 = DeLong */
	uint64_t seed;
	bool paired;
	bool partial, over_sensitivity;    /* partial area over [low, high] */
	double low, high;
	const double *at;
	size_t ats;
	const char *cut;                   /* youden, topleft, "value" with cut_value, or NULL */
	double cut_value;
};
enum yg_status yg_an_roc(const struct yg_an_roc *request, struct yg_task *task, struct yg_raw **out, struct yg_accuracy **kept,
                         struct yg_err *err) YG_MUST_USE;

struct yg_an_diag {
	struct yg_an_reference of;
	const char *positive;              /* level of a test that means positive, or NULL: a flag, or 0 and 1 */
	const char *ci;                    /* wilson (NULL), exact, wald */
	const double *prevalence;
	size_t prevalences;
	bool begg_greenes;
	const struct yg_node *adjust;      /* MODEL node of columns, or NULL */
};
enum yg_status yg_an_diag(const struct yg_an_diag *request, struct yg_task *task, struct yg_raw **out, struct yg_accuracy **kept,
                          struct yg_err *err) YG_MUST_USE;

void yg_accuracy_free(struct yg_accuracy *a);
/* The markers or tests of one result against each other; test: delong for roc, mcnemar for diag. */
enum yg_status yg_an_accuracy_compare(const struct yg_accuracy *a, const char *name, const char *test, struct yg_raw **out,
                                      struct yg_err *err) YG_MUST_USE;

#endif
