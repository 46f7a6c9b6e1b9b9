/* Progress out, cancellation in. */
#include "yogo/base/task.h"

#include <stddef.h>

void yg_task_init(struct yg_task *task, struct yg_pool *pool)
{
	task->pool = pool;
	atomic_init(&task->cancel, false);
	atomic_init(&task->done, 0);
	atomic_init(&task->total, 0);
	atomic_init(&task->what, NULL);
}

bool yg_task_tick(struct yg_task *task, uint64_t done, uint64_t total)
{
	if (!task)
		return true;
	atomic_store_explicit(&task->done, done, memory_order_relaxed);
	atomic_store_explicit(&task->total, total, memory_order_relaxed);
	return !atomic_load_explicit(&task->cancel, memory_order_relaxed);
}

bool yg_task_cancelled(const struct yg_task *task)
{
	return task && atomic_load_explicit(&task->cancel, memory_order_relaxed);
}

void yg_task_step(struct yg_task *task, const char *what)
{
	if (!task)
		return;
	atomic_store_explicit(&task->done, 0, memory_order_relaxed);
	atomic_store_explicit(&task->total, 0, memory_order_relaxed);
	atomic_store_explicit(&task->what, what, memory_order_relaxed);
}
