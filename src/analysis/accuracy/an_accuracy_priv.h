/*
 * What roc and diag share: rows with a reference and markers, in groups; tables of measures; what compare keeps.
 */
#ifndef YOGO_ANALYSIS_ACCURACY_PRIV_H
#define YOGO_ANALYSIS_ACCURACY_PRIV_H

#include "analysis/an_frame_priv.h"
#include "analysis/prediction/an_model_priv.h"

#include "yogo/analysis/accuracy.h"
#include "yogo/stats/diagnostic.h"
#include "yogo/stats/roc.h"

/* The complete rows of one crossing of by. */
struct acc_rows {
	struct yg_arena arena;
	struct yg_set *set;
	size_t n;
	uint8_t *y;                    /* [n] 1, 0, or 2 = not known (only where asked) */
	double **score;                /* [markers][n] */
	const char **name;             /* [markers] */
	bool *leveled;                 /* [markers] its levels count in their order */
	size_t markers;
	uint32_t *cluster, *repeats;   /* [n] or NULL */
	size_t clusters;
	const char *outcome, *event;   /* label of the outcome; the event's level, or NULL */
	const char *cluster_name;
	size_t groups;                 /* without by one, with label NULL */
	uint32_t *group;               /* [n] or NULL */
	const char **label;            /* "sex: Male" */
	const char *by;                /* "sex", "sex:rx", or NULL */
	struct yg_design *design;      /* of adjust, with a constant, or NULL */
	uint64_t unknown;              /* rows with y = 2 */
};
struct acc_ask {
	const struct yg_an_reference *of;
	const struct yg_node *crossing;
	const char *verb;
	bool yes_no;                   /* markers are tests */
	const char *positive;
	bool keep_unknown;             /* rows whose reference is missing stay */
	const struct yg_node *adjust;
};
enum yg_status acc_rows_build(const struct acc_ask *ask, struct yg_task *task, struct acc_rows *out, struct yg_err *err) YG_MUST_USE;
void acc_rows_release(struct acc_rows *r);
void acc_rows_notes(struct yg_raw *raw, const struct acc_rows *r, const struct yg_an_reference *of);

/* One group's rows as arrays of their own. */
struct acc_part {
	const struct acc_rows *whole;
	const char *label;             /* or NULL */
	size_t n;
	uint8_t *y;
	double **score;                /* [markers][n] */
	uint32_t *cluster, *repeats, *person, *row;   /* row: in the whole; clusters numbered again: only those with rows here */
	size_t clusters;
	uint64_t persons, most;        /* distinct persons; the most rows of one */
	uint64_t count[3];             /* rows (repeats counted) with y = 0, 1, 2 */
	uint64_t people[3];            /* distinct persons among them */
	struct yg_roc_data data;
};
enum yg_status acc_part_take(const struct acc_rows *r, size_t group, struct acc_part *out, struct yg_err *err) YG_MUST_USE;
void acc_part_release(struct acc_part *p);
/* Enough of both? */
enum yg_status acc_part_check(const struct acc_part *p, struct yg_err *err) YG_MUST_USE;
/* A group of by that lacks one of them is left out, with a note. */
bool acc_part_left_out(struct yg_raw *raw, const struct acc_part *p);
/* Evidence of what is made of all cases and controls. */
struct yg_evidence acc_evidence(const struct acc_part *p);
/* Are numbers of rows numbers of persons? */
static inline bool acc_single(const struct acc_part *p)
{
	return p->repeats || p->persons == p->n;
}
static inline enum yg_role acc_count_role(const struct acc_part *p)
{
	return acc_single(p) ? YG_ROLE_PERSONS : YG_ROLE_RECORDS;
}

/* A test's table: rows, and distinct persons behind them, in TP FP FN TN; per cluster where there are clusters. */
struct acc_cells {
	double n[4];
	int64_t persons[4];
	double *cluster;               /* [clusters*4], or NULL; yg_data_free */
};
/* Positive: score >= threshold. */
enum yg_status acc_cells_count(const struct acc_part *p, const double *score, double threshold, struct acc_cells *out,
                               struct yg_err *err) YG_MUST_USE;
/* Measures of cells with their limits into a table; t is new, its columns are made here. */
void acc_measure_columns(struct yg_raw_table *t, const struct acc_part *p);
void acc_measure_rows(struct yg_raw_table *t, const struct acc_part *p, const struct acc_cells *c, double conf,
                      enum yg_proportion_ci kind, struct yg_diag_measure out[YG_DIAG_COUNT]);
const char *acc_measure_key(enum yg_diag_kind kind);
const char *acc_measure_label(enum yg_diag_kind kind);
/* The smallest part of a table that has anybody. */
struct yg_evidence acc_smallest(const struct acc_cells *c);

/* NaN gives the reason, else the number. */
void acc_put(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e, const char *why);
/* "Area under the curve", or "Area under the curve, sex: Male". */
const char *acc_title(struct yg_arena *arena, const char *what, const char *group);

/* ---- what compare wants ---- */

struct acc_kept_fit {
	const char *group;
	size_t k, size;                /* markers; rows (repeats counted), or clusters */
	const char **name;             /* [k] */
	double *area, *covariance;     /* roc: [k], [k*k] */
	struct yg_diag_difference *pair; /* diag: [k*(k-1)/2][4], first < second in order */
	int64_t *least;                /* [pairs] diag: fewest persons in a cell that has any, of both tests and the reference */
	struct yg_evidence evidence;
};
struct yg_accuracy {
	struct yg_arena arena;
	bool of_roc, clustered, binormal;
	double conf;
	const char *outcome;
	struct acc_kept_fit *fit;
	size_t fits, cap;
};
struct acc_kept_fit *acc_keep(struct yg_accuracy *a, const struct acc_part *p);
/* Differences of all pairs; boot (may be NULL): replicates, width a marker, times. */
struct acc_boot {
	const double *out;
	size_t times, width, first;    /* first: which of the width */
};
void acc_differences(struct yg_raw *raw, struct yg_arena *arena, const char *key, const char *title, const struct acc_kept_fit *f,
                     double conf, const struct acc_boot *boot);
void acc_equal(struct yg_raw *raw, const char *key, const char *title, const struct acc_kept_fit *f);
void acc_test_differences(struct yg_raw *raw, struct yg_arena *arena, const char *key, const char *title, const struct acc_kept_fit *f);
void acc_compare_note(struct yg_raw *raw, bool of_roc, bool clustered);

#endif
