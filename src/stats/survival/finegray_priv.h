/* A Fine-Gray fit in order of time: what the sweeps and the variance share. */
#ifndef YOGO_STATS_FINEGRAY_PRIV_H
#define YOGO_STATS_FINEGRAY_PRIV_H

#include "yogo/stats/finegray.h"

#define FG_ROWS 4096u         /* rows of a block */

struct fg_sweep {
	const struct yg_finegray_data *d;
	unsigned cause;
	bool efron, events_leave_first;
	struct yg_task *task;
	size_t n, p, m, groups;
	uint32_t *order;
	uint32_t *upto;         /* [n] event times <= its time */
	uint32_t *from;         /* [n] event times <= its entry, or NULL */
	uint32_t *by_entry;     /* [n] places by entry, or NULL */
	double *x;              /* [n*p] centred, in order */
	double *mean;           /* [p] */
	double *T, *w;          /* [n] */
	double *offset;         /* [n] or NULL */
	uint8_t *kind;          /* [n] 0 censored, 1 the cause, 2 another */
	int32_t *group;         /* [n] */
	double *Q;              /* [n] weight function of the row's group just before its time */
	double *event_time, *deaths; /* [m] times; weight of events */
	uint32_t *tied;         /* [m] rows with the event */
	uint32_t *first;        /* [m+1] the first row at or after each event time, the last n */
	uint32_t *entered;      /* [m+1] how many of by_entry have entered before each, the last n; or NULL */
	size_t blocks;
	uint32_t *block;        /* [blocks+1] first event times of blocks that have some thousand rows each */
	double *C;              /* [m*groups*(1+p)] sums over those with another event before, within the block */
	double *Qt;             /* [m*groups] just before each event time */
	double *e, *c;          /* [n] weighted risk score; factor of the information */
	double *S0, *M;         /* [m], [m*p]: S1 on the way back, then the mean of x at the event */
	double *A, *B;          /* [m+1], [(m+1)*groups] cumulated d/S0 and d Q/S0, by the number of times passed */
	double *own, *E1, *O1;  /* Efron: [m], [m*p], [m*p] what an event's own row is spared; steps of the means */
	double *events_x;       /* [p] sum of x over events */
	double *memory, *memory_m;
};
enum yg_status fg_prepare(struct fg_sweep *s, struct yg_err *err) YG_MUST_USE;
void fg_release(struct fg_sweep *s);
/* A yg_newton_fn; the context is the sweep. */
enum yg_status fg_evaluate(void *context, const double *b, double *objective, double *score, double *information, struct yg_err *err);
/* r[n*p], in order of time: the influence of each row on the score (not weighted). */
/* square, shift and cross of out; r without the part for the censoring curve, shift = mean'b. */
enum yg_status fg_curve_variance(const struct fg_sweep *s, const double *bread, const double *r, double shift, struct yg_finegray *out,
                                 struct yg_err *err) YG_MUST_USE;
enum yg_status fg_residuals(const struct fg_sweep *s, bool censoring_term, double *r, struct yg_err *err) YG_MUST_USE;

#endif
