/*
 * The steps of curves that go into a result: on public data those a figure can tell apart (raw/thin.h) unless all are
 * asked for; on guarded data all, because there the figure is made again from grouped counts.
 */
#ifndef YOGO_ANALYSIS_STEPS_PRIV_H
#define YOGO_ANALYSIS_STEPS_PRIV_H

#include <stdbool.h>

#include "yogo/base/mem.h"
#include "yogo/base/status.h"
#include "yogo/raw/raw.h"
#include "yogo/raw/thin.h"

/* Of one curve.  A step kept stands for those since the one kept before: their events are counted together. */
struct an_steps {
	size_t n;
	size_t *kept;            /* [n], or NULL: all */
};
static inline size_t an_steps_at(const struct an_steps *s, size_t k)
{
	return s->kept ? s->kept[k] : k;
}
static inline void an_steps_release(struct an_steps *s)
{
	yg_free(s->kept);
	s->kept = NULL;
}

/* steps=all lists no more than a result can hold; steps of all curves of a part together. */
enum yg_status an_steps_check(bool all, size_t steps, struct yg_err *err) YG_MUST_USE;
/* Which steps a table, and a figure of public data, lists. */
void an_steps_choose(struct an_steps *s, const struct yg_thin *curve, bool all);
/* What was left out and how to get it; open: the data are public. */
void an_steps_note(struct yg_raw *raw, bool thinned, bool all, bool open);

#endif
