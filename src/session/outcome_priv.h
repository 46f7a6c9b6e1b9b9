/* Releasing what a handler handed back. */
#ifndef YOGO_SESSION_OUTCOME_PRIV_H
#define YOGO_SESSION_OUTCOME_PRIV_H

#include "yogo/session/executor.h"

/* Everything it holds; files not yet written are dropped. */
void yg_outcome_release(struct yg_outcome *o);

#endif
