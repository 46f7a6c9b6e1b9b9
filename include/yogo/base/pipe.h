/*
 * A stream of items over the pool: each is fed, made and taken.
 *
 * feed   begins item 0, 1, 2 ...: one call at a time, in order; sets *end instead when there is none
 * make   works on an item: any worker, several items at once; a worker makes what it has fed
 * take   ends items: one call at a time, in order
 *
 * feed(i) comes after take(i - depth), so that depth slots hold all items under way, and what take
 * learns from an item may be handed to the item depth behind it, on any number of threads.  depth is
 * at least 1; more than the number of workers lets them go on while a slow item holds up the taking.
 * The status of the lowest item that failed is returned, and no item is begun after a failure.
 */
#ifndef YOGO_BASE_PIPE_H
#define YOGO_BASE_PIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

struct yg_pipe {
	size_t depth;
	enum yg_status (*feed)(void *context, size_t item, bool *end, struct yg_err *err);
	enum yg_status (*make)(void *context, size_t item, unsigned worker, struct yg_err *err);
	enum yg_status (*take)(void *context, size_t item, struct yg_err *err);
};
enum yg_status yg_pipe_run(struct yg_task *task, const struct yg_pipe *pipe, void *context,
                           struct yg_err *err) YG_MUST_USE;

#endif
