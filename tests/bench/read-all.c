/*
 * read-all FILE.cohort THREADS TIMES: opens a cohort file and decodes every column of every table, so many times; prints
 * the seconds of the last time and the rows read.  What a data frame's user waits for before anything else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "yogo/base/pool.h"
#include "yogo/base/task.h"
#include "yogo/base/text.h"
#include "yogo/store/dataset.h"

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum yg_status read_all(const char *path, struct yg_task *task, uint64_t *rows, struct yg_err *err)
{
	struct yg_dataset *d;
	enum yg_status s = yg_dataset_open(path, &d, err);
	*rows = 0;
	for (size_t k = 0; s == YG_OK && k < yg_dataset_tables(d); k++) {
		const struct yg_table *t = yg_dataset_table(d, k);
		struct yg_column_ref *c = calloc(t->fields + 1, sizeof *c);
		if (!c)
			return YG_ENOMEM;
		for (uint32_t j = 0; j < t->fields; j++)
			c[j] = (struct yg_column_ref){ t, t, j };
		s = yg_column_load(c, t->fields, task, err);
		*rows += t->rows;
		free(c);
	}
	if (s == YG_OK)
		yg_dataset_unref(d);
	return s;
}

int main(int argc, char **argv)
{
	struct yg_err err;
	uint64_t rows = 0;
	double took = 0;
	if (argc != 4)
		return fprintf(stderr, "usage: read-all FILE.cohort THREADS TIMES\n"), 2;
	struct yg_pool *pool = yg_pool_new((unsigned)strtoul(argv[2], NULL, 10));
	struct yg_task task = { .pool = pool };
	for (long i = strtol(argv[3], NULL, 10); i > 0; i--) {
		double start = now();
		if (read_all(argv[1], &task, &rows, &err) != YG_OK)
			return fprintf(stderr, "%s: %s\n", err.code, err.text), 1;
		took = now() - start;
	}
	printf("%.6f\t%llu\n", took, (unsigned long long)rows);
	yg_pool_free(pool);
	return 0;
}
