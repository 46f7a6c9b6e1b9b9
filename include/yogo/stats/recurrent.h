/*
 * Models of recurrent events on the Cox kernel.
 *
 *   AG          Andersen and Gill 1982 (Ann Stat 10:1100): one baseline, every row of a person, time since the start
 *   PWP total   Prentice, Williams and Peterson 1981 (Biometrika 68:373), model 1: a baseline for each number of the event
 *               waited for, time since the start; nobody is at risk of the second event before the first
 *   PWP gap     their model 2: the same with time since the event before
 *   WLW         Wei, Lin and Weissfeld 1989 (JASA 84:1065): the first, the second ... event, each as time from the start, for
 *               everybody: a person is at risk of the k-th event in all rows up to it
 *
 * Effects are common, in one fit with the number of the event as stratum (for WLW: Lee, Wei and Amato 1992), or specific: a fit
 * of its own for each number, the fits tied by the block covariance D'D with D the dfbeta summed within clusters (Wei, Lin and
 * Weissfeld 1989, section 2; R: a model with an interaction of every term with the stratum, and cluster).
 *
 * Rows are chosen by number, never expanded, but for WLW with common effects, whose likelihood has a row for each number a person
 * is at risk of: n x numbers rows at most are made there.
 */
#ifndef YOGO_STATS_RECURRENT_H
#define YOGO_STATS_RECURRENT_H

#include "yogo/stats/cox.h"

enum yg_recurrent_method { YG_RECURRENT_AG, YG_RECURRENT_PWP_TOTAL, YG_RECURRENT_PWP_GAP, YG_RECURRENT_WLW };
bool yg_recurrent_method_parse(const char *word, enum yg_recurrent_method *out);   /* ag pwp_total pwp_gap wlw */

struct yg_recurrent_data {
	struct yg_cox_data rows;      /* spans.event: 1 an event; stratum, weight, cluster as in Cox's model */
	const uint32_t *number;       /* [n] 1.. of the event that the row waits for */
	const double *since;          /* [n] time of the event before, 0 for the first; PWP gap only, else NULL */
};

/* The rows of one fit. */
struct yg_recurrent_frame {
	struct yg_cox_data data;
	uint32_t *row;                /* [n] row of the data of each; NULL = all in order */
	void *own[7];
};
/* The largest number that has an event, at most `most` (0 = no limit). */
uint32_t yg_recurrent_numbers(const struct yg_recurrent_data *d, uint32_t most);
/* number 0: the fit with common effects; else that of this event.  AG with numbers 0: every row. */
enum yg_status yg_recurrent_frame(const struct yg_recurrent_data *d, enum yg_recurrent_method method, uint32_t numbers,
                                  uint32_t number, struct yg_recurrent_frame *out, struct yg_err *err) YG_MUST_USE;
void yg_recurrent_frame_release(struct yg_recurrent_frame *f);

/* Specific effects: coefficient j of event k is number (k - 1) p + j. */
struct yg_recurrent {
	uint32_t numbers;
	size_t p;
	struct yg_cox *fit;           /* [numbers] */
	double *beta, *se;            /* [numbers*p]; se NaN where the fit has a fault */
	double *var;                  /* [(numbers*p)^2] robust, within and between the fits */
	uint64_t *rows, *events;      /* [numbers] */
	double *space;
};
enum yg_status yg_recurrent_specific(const struct yg_recurrent_data *d, enum yg_recurrent_method method, uint32_t numbers,
                                     const struct yg_cox_options *options, struct yg_task *task, struct yg_recurrent *out,
                                     struct yg_err *err) YG_MUST_USE;
void yg_recurrent_release(struct yg_recurrent *r);

/*
 * A coefficient over the events: all nought, all the same (Wald tests), and the average with the smallest variance (Wei, Lin and
 * Weissfeld 1989, end of section 2).  Events without an estimate are left out; used tells how many there are.
 */
struct yg_recurrent_term {
	struct yg_cox_test all, same;
	double average, average_se;
	uint32_t used;
};
void yg_recurrent_combine(const struct yg_recurrent *r, size_t j, struct yg_recurrent_term *out);

#endif
