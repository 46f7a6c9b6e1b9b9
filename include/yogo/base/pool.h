/*
 * The only threads of the program: fork-join over block numbers.
 *
 * yg_pool_run() calls fn(context, block, worker) once for each block in [0, blocks), each block on
 * some worker in [0, yg_pool_size()); it returns when all are done.  A caller that wants the same
 * bits on any number of threads writes one result a block and combines them in block order.
 * fn returns a status; the status of the lowest failing block is returned and the rest may be skipped.
 * A NULL task, or one without a pool, runs the blocks in order on the calling thread.
 * Not re-entrant: fn must not call yg_pool_run on the same pool (it then runs serially).
 */
#ifndef YOGO_BASE_POOL_H
#define YOGO_BASE_POOL_H

#include <stddef.h>

#include "yogo/base/status.h"
#include "yogo/base/task.h"

struct yg_pool *yg_pool_new(unsigned threads);   /* 0 = number of processors; falls back to fewer */
void yg_pool_free(struct yg_pool *pool);
unsigned yg_pool_size(const struct yg_pool *pool); /* NULL gives 1 */
unsigned yg_task_workers(const struct yg_task *task);

typedef enum yg_status yg_block_fn(void *context, size_t block, unsigned worker, struct yg_err *err);
enum yg_status yg_pool_run(struct yg_task *task, size_t blocks, yg_block_fn *fn, void *context,
                           struct yg_err *err) YG_MUST_USE;

#endif
