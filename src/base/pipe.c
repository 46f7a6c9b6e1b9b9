/* Feeding, making and taking a stream of items: every worker does whatever step is due. */
#include "yogo/base/pipe.h"

#include <pthread.h>
#include <stdint.h>

#include "src/base/pool_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

struct run {
	const struct yg_pipe *pipe;
	void *context;
	const struct yg_task *task;
	pthread_mutex_t lock;    /* guards all below */
	pthread_cond_t changed;
	size_t fed, taken;
	bool feeding, taking, ended;
	bool *made;              /* [depth], by item % depth */
	size_t failed;           /* lowest item that failed, SIZE_MAX = none */
	enum yg_status status;
	struct yg_err err;
};

static void note(struct run *r, size_t item, enum yg_status status, const struct yg_err *err)
{
	if (status == YG_OK || item >= r->failed)
		return;
	r->failed = item;
	r->status = status;
	r->err = *err;
	if (status == YG_CANCELLED)
		pool_cancelled(&r->err);
}

/* The three steps: called with the lock held, which they leave while they work. */

static void take(struct run *r, struct yg_err *err)
{
	size_t item = r->taken;
	enum yg_status status;

	r->taking = true;
	pthread_mutex_unlock(&r->lock);
	status = r->pipe->take(r->context, item, err);
	pthread_mutex_lock(&r->lock);
	note(r, item, status, err);
	r->made[item % r->pipe->depth] = false;
	r->taken++;
	r->taking = false;
	pthread_cond_broadcast(&r->changed);
}

static void feed_and_make(struct run *r, unsigned worker, struct yg_err *err)
{
	size_t item = r->fed;
	bool end = false;
	enum yg_status status;

	r->feeding = true;
	pthread_mutex_unlock(&r->lock);
	status = yg_task_cancelled(r->task) ? YG_CANCELLED : r->pipe->feed(r->context, item, &end, err);
	pthread_mutex_lock(&r->lock);
	note(r, item, status, err);
	r->feeding = false;
	r->ended = end || status != YG_OK;
	r->fed += !r->ended;
	pthread_cond_broadcast(&r->changed);
	if (r->ended)
		return;
	pthread_mutex_unlock(&r->lock);
	status = r->pipe->make(r->context, item, worker, err);
	pthread_mutex_lock(&r->lock);
	note(r, item, status, err);
	r->made[item % r->pipe->depth] = true;
	if (item == r->taken)
		pthread_cond_broadcast(&r->changed);
}

static enum yg_status work(void *context, size_t number, unsigned worker, struct yg_err *unused)
{
	struct run *r = context;
	size_t depth = r->pipe->depth;
	struct yg_err err;

	(void)number;
	(void)unused;
	pthread_mutex_lock(&r->lock);
	while (r->failed == SIZE_MAX && !(r->ended && r->taken == r->fed)) {
		yg_err_clear(&err);
		if (!r->taking && r->taken < r->fed && r->made[r->taken % depth])
			take(r, &err);
		else if (!r->feeding && !r->ended && r->fed - r->taken < depth)
			feed_and_make(r, worker, &err);
		else
			pthread_cond_wait(&r->changed, &r->lock);
	}
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
	return YG_OK; /* the run keeps the status, by item and not by worker */
}

enum yg_status yg_pipe_run(struct yg_task *task, const struct yg_pipe *pipe, void *context, struct yg_err *err)
{
	struct run *r = yg_xcalloc(1, sizeof *r);
	enum yg_status status;

	r->pipe = pipe;
	r->context = context;
	r->task = task;
	r->failed = SIZE_MAX;
	r->made = yg_xcalloc(pipe->depth, sizeof *r->made);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	status = yg_pool_run(task, yg_task_workers(task), work, r, err); /* fails when cancelled before it began */
	if (r->failed != SIZE_MAX) {
		status = r->status;
		if (err)
			*err = r->err;
	}
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	yg_free(r->made);
	yg_free(r);
	return status;
}
