/* Pairs of two arms being counted. */
#ifndef YOGO_STATS_WIN_PRIV_H
#define YOGO_STATS_WIN_PRIV_H

#include "yogo/stats/winratio.h"

/* One arm: key of each endpoint (even: event at the time; odd: free until it), wins and losses of each person. */
struct yg_win_side {
	size_t n;
	uint32_t *key[YG_MOST_RANKED], *win, *loss;
};
/* Of side 1, by endpoint. */
struct yg_win_count {
	uint64_t win[YG_MOST_RANKED], loss[YG_MOST_RANKED];
};
enum yg_status yg_win_no_memory(struct yg_err *err);
/* One or two endpoints, by sorting and counting trees; any number, pair by pair. */
enum yg_status yg_win_trees(struct yg_win_side side[2], unsigned levels, struct yg_task *task, struct yg_win_count *out,
                            struct yg_err *err) YG_MUST_USE;
enum yg_status yg_win_tiles(struct yg_win_side side[2], unsigned levels, struct yg_task *task, struct yg_win_count *out,
                            struct yg_err *err) YG_MUST_USE;

#endif
