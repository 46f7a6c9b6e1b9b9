/* The sweep of log-rank tests for tests of several weights at once. */
#ifndef YOGO_STATS_LOGRANK_PRIV_H
#define YOGO_STATS_LOGRANK_PRIV_H

#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/stats/spans.h"

/* An event time of a pair: S just before it (both groups, of the stratum), the second group's observed less expected events
   and the variance of that. */
typedef void yg_logrank_each(void *context, double surv, double score, double variance);
/* Before and after the times of a pair; expected[2] after it. */
typedef void yg_logrank_pair(void *context, size_t first, size_t second, const double *expected);
/* Every pair of groups on its own rows, k running over (0,1), (0,2), (1,2), (0,3) ... */
enum yg_status yg_logrank_pairs_walk(const struct yg_spans *d, struct yg_task *task, yg_logrank_each *each,
                                     yg_logrank_pair *begin, yg_logrank_pair *end, void *context,
                                     struct yg_err *err) YG_MUST_USE;

#endif
