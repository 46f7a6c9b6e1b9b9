/* A Fine-Gray fit while its tables are made, and what is kept of it. */
#ifndef YOGO_ANALYSIS_FINEGRAY_PRIV_H
#define YOGO_ANALYSIS_FINEGRAY_PRIV_H

#include "an_surv_priv.h"
#include "yogo/analysis/competing.h"
#include "yogo/stats/finegray.h"

struct an_fg_fit {
	const struct yg_an_finegray *request;
	struct an_surv *s;
	const struct yg_design_plan *plan;
	struct yg_design *design;
	struct yg_finegray_data data;
	struct yg_finegray fit;
	const char *formula, *group;      /* group: "sex: Male", or NULL */
	const struct an_surv *whole;      /* everybody, where s is a level of by */
	double conf;
	bool robust_rows;                 /* several rows a cluster */
	int64_t *persons, *events;        /* [p] with the level, of columns of 0 and 1 */
};
struct an_fg_work {
	const struct yg_an_finegray *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_finegray_model *model;
	double conf;
	bool efron, several;
	const struct an_surv *whole;      /* everybody, while levels of by are fitted */
	size_t fits, subgroup_tables;
	struct yg_raw_table *subgroups;
	uint64_t levels_shown;
};
/* Fill persons and events of the fit. */
enum yg_status an_fg_count(struct an_fg_work *w, struct an_fg_fit *f, struct yg_err *err) YG_MUST_USE;
/* Persons behind a column: those with the level, else all. */
struct yg_evidence an_fg_behind(const struct an_fg_fit *f, int j);
/* Why a column has no estimate, or NULL. */
const char *an_fg_why_not(const struct an_fg_fit *f, int j);
void an_fg_tables(struct an_fg_work *w, const struct an_fg_fit *f);
void an_fg_notes(struct an_fg_work *w, const struct an_fg_fit *f, bool who);
void an_fg_subgroup_columns(struct an_fg_work *w);
void an_fg_subgroup_rows(struct an_fg_work *w, const struct an_fg_fit *f, const char *by, const char *level);
/* Add the fit to the model. */
enum yg_status an_fg_keep(struct yg_finegray_model *m, const struct an_fg_fit *f, bool overall, struct yg_err *err) YG_MUST_USE;

#endif
