/*
 * Fork-join over block numbers: persistent workers, one atomic counter, the caller takes part as
 * worker 0.  Blocks are handed out in ascending order, so when block b fails every lower block has
 * been handed out already and will finish: the lowest failing block is always found, on any number
 * of threads.
 */
#include "yogo/base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include "src/base/pool_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"

#define POOL_MOST 256

/* One call of yg_pool_run(). */
struct job {
	yg_block_fn *fn;
	void *context;
	const struct yg_task *task;
	size_t blocks;
	atomic_size_t next;
	atomic_size_t failed;    /* lowest failing block so far, SIZE_MAX = none */
	pthread_mutex_t lock;    /* guards the two below */
	enum yg_status status;
	struct yg_err err;
};

struct yg_pool {
	pthread_t *thread;       /* size - 1 of them */
	unsigned size;
	pthread_mutex_t running; /* held by the call that owns the workers */
	pthread_mutex_t lock;
	pthread_cond_t wake, idle;
	struct job *job;
	uint64_t generation;     /* counts jobs, so that a worker takes each once */
	unsigned busy;           /* workers still on the job */
	bool stop;
};

struct worker_start {
	struct yg_pool *pool;
	unsigned number;
};

enum yg_status pool_cancelled(struct yg_err *err)
{
	return yg_fail(err, YG_CANCELLED, "E-TASK-001", N_("cancelled; nothing was changed"));
}

static void record(struct job *job, size_t block, enum yg_status status, const struct yg_err *err)
{
	pthread_mutex_lock(&job->lock);
	if (block < atomic_load(&job->failed)) {
		atomic_store(&job->failed, block);
		job->status = status;
		job->err = *err;
	}
	pthread_mutex_unlock(&job->lock);
}

static void work(struct job *job, unsigned worker)
{
	for (;;) {
		size_t block = atomic_fetch_add(&job->next, 1);
		if (block >= job->blocks || block > atomic_load(&job->failed))
			return;
		struct yg_err err;
		err.status = YG_OK;
		err.code[0] = err.text[0] = err.hint[0] = err.fixed[0] = 0;
		err.at = err.len = 0;
		err.has_span = 0;
		enum yg_status status = yg_task_cancelled(job->task) ? pool_cancelled(&err)
		                                                     : job->fn(job->context, block, worker, &err);
		if (status != YG_OK)
			record(job, block, status, &err);
	}
}

static void *worker_main(void *argument)
{
	struct worker_start start = *(struct worker_start *)argument;
	yg_free(argument);
	struct yg_pool *pool = start.pool;
	uint64_t seen = 0;
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (!pool->stop && pool->generation == seen)
			pthread_cond_wait(&pool->wake, &pool->lock);
		if (pool->stop)
			break;
		seen = pool->generation;
		struct job *job = pool->job;
		pthread_mutex_unlock(&pool->lock);
		work(job, start.number);
		pthread_mutex_lock(&pool->lock);
		if (--pool->busy == 0)
			pthread_cond_signal(&pool->idle);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static unsigned processors(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (unsigned)CPU_COUNT(&set);
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

struct yg_pool *yg_pool_new(unsigned threads)
{
	if (!threads)
		threads = processors();
	if (threads > POOL_MOST)
		threads = POOL_MOST;
	struct yg_pool *pool = yg_xcalloc(1, sizeof *pool);
	pool->thread = yg_xcalloc(threads, sizeof *pool->thread);
	pool->size = 1;
	pthread_mutex_init(&pool->running, NULL);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->wake, NULL);
	pthread_cond_init(&pool->idle, NULL);
	/* Signals are the business of the main thread. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (pool->size < threads) {
		struct worker_start *start = yg_xalloc(1, sizeof *start);
		*start = (struct worker_start){ pool, pool->size };
		if (pthread_create(&pool->thread[pool->size - 1], NULL, worker_main, start) != 0) {
			yg_free(start);
			break;
		}
		pool->size++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pool;
}

void yg_pool_free(struct yg_pool *pool)
{
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i + 1 < pool->size; i++)
		pthread_join(pool->thread[i], NULL);
	pthread_cond_destroy(&pool->idle);
	pthread_cond_destroy(&pool->wake);
	pthread_mutex_destroy(&pool->lock);
	pthread_mutex_destroy(&pool->running);
	yg_free(pool->thread);
	yg_free(pool);
}

unsigned yg_pool_size(const struct yg_pool *pool)
{
	return pool ? pool->size : 1;
}

unsigned yg_task_workers(const struct yg_task *task)
{
	return yg_pool_size(task ? task->pool : NULL);
}

static enum yg_status run_serially(struct yg_task *task, size_t blocks, yg_block_fn *fn, void *context,
                                   struct yg_err *err)
{
	for (size_t block = 0; block < blocks; block++) {
		if (yg_task_cancelled(task))
			return pool_cancelled(err);
		YG_TRY(fn(context, block, 0, err));
	}
	return YG_OK;
}

static void run_on_workers(struct yg_pool *pool, struct job *job)
{
	pthread_mutex_lock(&pool->lock);
	pool->job = job;
	pool->busy = pool->size - 1;
	pool->generation++;
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	work(job, 0);
	pthread_mutex_lock(&pool->lock);
	while (pool->busy)
		pthread_cond_wait(&pool->idle, &pool->lock);
	pool->job = NULL;
	pthread_mutex_unlock(&pool->lock);
}

enum yg_status yg_pool_run(struct yg_task *task, size_t blocks, yg_block_fn *fn, void *context, struct yg_err *err)
{
	struct yg_pool *pool = task ? task->pool : NULL;
	/* The lock is taken when this is a nested call, from the caller's thread or from a worker. */
	if (yg_pool_size(pool) < 2 || blocks < 2 || pthread_mutex_trylock(&pool->running) != 0)
		return run_serially(task, blocks, fn, context, err);
	struct job *job = yg_xcalloc(1, sizeof *job);
	job->fn = fn;
	job->context = context;
	job->task = task;
	job->blocks = blocks;
	atomic_init(&job->next, 0);
	atomic_init(&job->failed, SIZE_MAX);
	pthread_mutex_init(&job->lock, NULL);
	run_on_workers(pool, job);
	pthread_mutex_unlock(&pool->running);
	enum yg_status status = job->status;
	if (status != YG_OK && err)
		*err = job->err;
	pthread_mutex_destroy(&job->lock);
	yg_free(job);
	return status;
}
