/* What the pool shares with streams over it. */
#ifndef YOGO_BASE_POOL_PRIV_H
#define YOGO_BASE_POOL_PRIV_H

#include "yogo/base/status.h"

enum yg_status pool_cancelled(struct yg_err *err);

#endif
