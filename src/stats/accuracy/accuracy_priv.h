/* What the files of curves share: a walk along the curve, in either direction. */
#ifndef YOGO_STATS_ACCURACY_PRIV_H
#define YOGO_STATS_ACCURACY_PRIV_H

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/stats/roc.h"

/*
 * The curve from (0, 0) to (1, 1): x the share of `across` and y that of `up` called so far.  Seen from sensitivity the
 * roles are exchanged and the values ascend: x is then 1 - sensitivity and y the specificity.
 */
struct yg_roc_walk {
	const uint32_t *up, *across;
	double n_up, n_across;
	size_t points;
	bool ascending;
};
static inline struct yg_roc_walk yg_roc_walk_of(const struct yg_roc *r, bool of_sensitivity)
{
	return (struct yg_roc_walk){ .up = of_sensitivity ? r->controls : r->cases, .across = of_sensitivity ? r->cases : r->controls,
		                     .n_up = (double)(of_sensitivity ? r->n_controls : r->n_cases),
		                     .n_across = (double)(of_sensitivity ? r->n_cases : r->n_controls),
		                     .points = r->points, .ascending = of_sensitivity };
}
static inline size_t yg_roc_walk_at(const struct yg_roc_walk *w, size_t k)
{
	return w->ascending ? k : w->points - 1 - k;
}
/* y at x, the upper end of a vertical line. */
double yg_roc_walk_read(const struct yg_roc_walk *w, double x);

static inline bool yg_roc_whole(const struct yg_roc_range *range)
{
	return !range || (range->low <= 0 && range->high >= 1);
}

#endif
