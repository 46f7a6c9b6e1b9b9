/* What a step figure shows, in data units: shared by the files and the terminal. */
#ifndef YOGO_REPORT_KM_PRIV_H
#define YOGO_REPORT_KM_PRIV_H

#include "report/scale_priv.h"
#include "yogo/base/mem.h"
#include "yogo/report/report.h"

struct yg_curve {
	const char *name;
	double *x, *y;              /* corners of the steps, n of them */
	size_t n;
	double *band_x, *low, *high;/* corners of the band; NaN in low where it is interrupted */
	size_t bands;
	double *mark_x, *mark_y;    /* censorings */
	size_t marks;
};
struct yg_km_model {
	struct yg_arena arena;
	struct yg_scale x, y;
	struct yg_curve *curve;
	int curves;
	bool rising, named;
	double *time;               /* of the numbers at risk */
	int times;
	struct yg_cell *at_risk, *events;   /* curves x times: at risk just before, events up to and with */
	bool any_risk;
};
/* most_ticks: as many as have room; risk_room: as many columns of numbers. */
void yg_km_model(struct yg_km_model *m, const struct yg_figure *f, int most_ticks);
void yg_km_model_release(struct yg_km_model *m);
/* Text of one number at risk: "203 (36)", "203" or "-" where withheld. */
void yg_km_risk_text(struct yg_buf *out, const struct yg_km_model *m, int curve, int time, bool with_events);

#endif
