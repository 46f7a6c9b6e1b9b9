/*
 * The token that long work carries: progress out, cancellation in, and the thread pool to use.
 * A NULL task means: one thread, no progress, not cancellable.
 */
#ifndef YOGO_BASE_TASK_H
#define YOGO_BASE_TASK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct yg_pool;

struct yg_task {
	struct yg_pool *pool;          /* NULL = one thread */
	atomic_bool cancel;            /* set by the owner, also from a signal handler */
	_Atomic uint64_t done, total;  /* for the progress meter, any unit */
	_Atomic(const char *) what;    /* message id of the step under way, static text */
};
void yg_task_init(struct yg_task *task, struct yg_pool *pool);
/* Say how far; false means: cancelled, return YG_CANCELLED and leave nothing behind. */
bool yg_task_tick(struct yg_task *task, uint64_t done, uint64_t total) __attribute__((warn_unused_result));
bool yg_task_cancelled(const struct yg_task *task);
void yg_task_step(struct yg_task *task, const char *what);

#endif
