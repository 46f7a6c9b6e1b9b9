/* Making the next state from an outcome. */
#ifndef YOGO_SESSION_COMMIT_PRIV_H
#define YOGO_SESSION_COMMIT_PRIV_H

#include "yogo/session/executor.h"

/* A copy of the state with before = s: shares all objects. */
struct yg_state *yg_state_next(struct yg_state *s);
/* Put an object in: takes the place of the one with the same name and kind, whose dependants (cohorts and
   endpoints that mention the name) become stale; their names are added to stale[]. */
void yg_state_put(struct yg_state *s, struct yg_object *object_taken, char ***stale, size_t *stales);

#endif
