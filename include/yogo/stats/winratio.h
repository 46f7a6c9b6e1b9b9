/*
 * Win ratio, win odds and net benefit of ranked endpoints (Pocock and others 2012, Eur Heart J 33:176; Buyse 2010, Stat Med 29:3245;
 * Brunner, Vandemeulebroecke and Mutze 2021, Stat Med 40:3367).
 *
 *   pairs       every person of the arm with every person of the reference arm (within a stratum).  On the first endpoint the one
 *               whose event comes first loses, if the other is then known to be free of it: an event at t beats nothing beyond t, and
 *               a follow-up that ends at t counts as free at t.  Else the next endpoint decides, and so on; else it is a tie.
 *   measures    W wins, L losses, T ties of the arm: ratio W / L, odds (W + T/2) / (L + T/2), rd (net benefit) (W - L) / pairs
 *   variance    of U-statistics of two samples: covariances of each person's share of wins and losses, divisor n - 1, over both arms
 *               (Bebu and Lachin 2016, Biostatistics 17:178; Dong and others 2016, Pharm Stat 15:430); ratio and odds on the log scale
 *   strata      counts of strata weighted by 1 / persons (Dong and others 2018, J Biopharm Stat 28:778)
 *
 * One or two endpoints: O(n log n) by counting trees.  Three or more: every pair, in tiles, on all cores: 2.5e9 pairs of
 * three endpoints in 2.3 s on two cores.  Counts are whole numbers, so that threads change nothing.
 */
#ifndef YOGO_STATS_WINRATIO_H
#define YOGO_STATS_WINRATIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

#define YG_MOST_RANKED 8u

struct yg_winratio_data {
	size_t n;
	unsigned levels;                        /* 1 .. YG_MOST_RANKED */
	const double *const *time;              /* [levels][n] */
	const uint8_t *const *event;            /* [levels][n] 1 the (bad) event, else free of it until time */
	const int8_t *arm;                      /* [n] 1 arm, 0 reference, -1 not compared */
	const int32_t *stratum;                 /* NULL = one */
	size_t strata;
};
struct yg_win_measure {
	double estimate, se;                    /* se of the log for ratio and odds; NaN where there is none */
	double p;                               /* of no difference, normal */
};
struct yg_winratio {
	uint64_t persons[2];                    /* reference, arm: in strata with both */
	uint64_t win[YG_MOST_RANKED], loss[YG_MOST_RANKED];   /* decided by each endpoint */
	uint64_t wins, losses, ties, pairs;
	uint64_t strata, lonely;                /* strata with both arms; those with a single person in an arm: no variance from it */
	double share_win, share_loss, share_tie;   /* weighted, of all pairs */
	struct yg_win_measure ratio, odds, rd;
	bool by_tiles;                          /* every pair was compared */
};
enum yg_status yg_winratio_fit(const struct yg_winratio_data *d, struct yg_task *task, struct yg_winratio *out,
                               struct yg_err *err) YG_MUST_USE;

#endif
