/* What the files of multi-state models share. */
#ifndef YOGO_STATS_MULTISTATE_PRIV_H
#define YOGO_STATS_MULTISTATE_PRIV_H

#include "yogo/stats/multistate.h"

enum yg_status yg_multistate_no_memory(struct yg_err *err);
/* index[from * YG_MOST_STATES + to]: which transition, -1 = none. */
void yg_multistate_moves(const struct yg_multistate_data *d, int16_t index[YG_MOST_STATES * YG_MOST_STATES]);

#endif
