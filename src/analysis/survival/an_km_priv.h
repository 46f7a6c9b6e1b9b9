/* What the parts of km share: options read, and one endpoint and grouping while its tables are made. */
#ifndef YOGO_ANALYSIS_KM_PRIV_H
#define YOGO_ANALYSIS_KM_PRIV_H

#include "analysis/survival/an_steps_priv.h"
#include "analysis/survival/an_surv_priv.h"
#include "yogo/stats/adjusted_curve.h"
#include "yogo/stats/km.h"
#include "yogo/stats/km_bands.h"
#include "yogo/stats/km_contrast.h"

#define AN_KM_VALUES 64          /* times, quantiles */

struct km_work {
	const struct yg_an_km *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_km_options options;
	enum yg_km_rule rule;
	bool carry;
	enum yg_km_band_kind band;
	bool contrast;
	enum yg_km_contrast_kind measure;
	double quantile[AN_KM_VALUES];
	size_t quantiles;
	size_t parts;
	/* of the part under way */
	struct yg_design_plan *plan;     /* of adjust, or NULL */
	double at[AN_KM_VALUES], given[AN_KM_VALUES];   /* in the time unit */
	size_t ats, givens;
	struct yg_km_band *band_of;      /* [groups], or NULL */
	struct yg_adjusted *adjusted;    /* or NULL */
	bool by_model;                   /* adjusted by a Cox model, not over strata */
	size_t strata;                   /* of adjusting */
	double *ends;                    /* [groups] where an adjusted curve ends; INFINITY = not before the group's */
	double *unadjusted;              /* [groups * ats] survival, or NULL */
	struct an_steps *steps;          /* [groups] that are listed */
	bool thinned;                    /* fewer than all */
};

static inline const char *an_surv_unit(const struct an_surv *s)
{
	return *s->unit ? s->unit : NULL;
}

/* Times of an option: one, or a group of them. */
enum yg_status an_surv_times(const struct yg_endpoint *e, const struct yg_node *node, double *out, size_t *n,
                             struct yg_err *err) YG_MUST_USE;

/* A figure of curves up to a time (INFINITY = all) with their intervals; open: the data are public. */
struct yg_raw_figure *an_km_draw(struct yg_raw *raw, const char *key, const char *title, const struct an_surv *s,
                                 const struct yg_km *km, double until, bool open);
/* The steps that are listed, chosen once the curves are as they are shown; then the figure and the table of them. */
enum yg_status an_km_steps(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err) YG_MUST_USE;
void an_km_steps_release(struct km_work *w, size_t groups);
void an_km_figure(struct km_work *w, const struct an_surv *s, const struct yg_km *km);
void an_km_curve_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km);

/* Bands: fitted before the tables; then a table of their ranges and critical values. */
enum yg_status an_km_bands(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err) YG_MUST_USE;
void an_km_bands_release(struct km_work *w, size_t groups);
void an_km_bands_table(struct km_work *w, const struct an_surv *s, const struct yg_km *km);
/* Differences and ratios of curves at the times of at=, and of quantiles. */
enum yg_status an_km_contrasts(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err) YG_MUST_USE;
void an_km_contrast_notes(struct km_work *w, const struct an_surv *s);
/* Survival from the times of given= on. */
enum yg_status an_km_conditional(struct km_work *w, const struct an_surv *s, const struct yg_km *km, struct yg_err *err) YG_MUST_USE;
/* Curves adjusted for the columns of adjust=; km is changed. */
enum yg_status an_km_adjust_plan(struct km_work *w, struct yg_err *err) YG_MUST_USE;
enum yg_status an_km_adjust(struct km_work *w, const struct an_surv *s, struct yg_km *km, struct yg_err *err) YG_MUST_USE;
void an_km_adjust_notes(struct km_work *w, const struct an_surv *s);

#endif
