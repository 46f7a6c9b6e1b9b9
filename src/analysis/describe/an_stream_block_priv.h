/*
 * What describing from the stored blocks keeps while it runs: the plan, the counters of each worker, the moments of each
 * block (an_stream.c, an_stream_block.c).
 */
#ifndef YOGO_ANALYSIS_STREAM_BLOCK_PRIV_H
#define YOGO_ANALYSIS_STREAM_BLOCK_PRIV_H

#include "analysis/an_cells_priv.h"
#include "an_stream_priv.h"

#define SAMPLE 1000
#define ROUND 0x1.8p52
#define WAYS 8                          /* sums beside each other, so that none waits for the one before: rows 0, 8, 16 ..., 1, 9, 17 ... */
#define COUNTS 4                        /* counters of rows beside each other */

struct moments {
	double n, mean, slip, squares, low, high; /* mean + slip: the mean to twice the digits, for differences of means */
};
struct streamed {
	size_t at;                          /* number in the request */
	enum an_stream_how how;
	enum yg_type type;
	double low, scale;                  /* counts: value * scale - low */
	size_t range;
	uint32_t *count;                    /* [workers][(cells + 1) * range] */
	struct moments *part;               /* [blocks][cells + 1] */
	bool *beyond;                       /* [workers] whole numbers: some are neither 0 nor 1 */
};
struct stream {
	struct an_cells by;                 /* the scan and the groups */
	struct streamed *variable;
	size_t variables;
	uint32_t blocks;
	unsigned workers;
	bool extremes;                      /* smallest and largest are wanted */
	uint64_t *used;                     /* [workers][cells + 1] rows */
	struct an_cells_count *of;          /* [workers]; misfit also when a value does not fit */
	struct scratch {
		uint16_t *cell, *known;         /* [block] known: cell, or none where the value is missing */
		uint32_t *index;
		double *x;
		uint32_t *rows, *own;           /* [(cells + 1) * COUNTS] of the block; own: with a value of one variable */
		double *sum;                    /* [(cells + 1) * WAYS * 2] */
	} *scratch;
};

/* Adds one block up (a yg_block_fn; context: the stream): cells of its rows, then each variable by cell. */
enum yg_status an_stream_block(void *context, size_t block, unsigned worker, struct yg_err *err) YG_MUST_USE;

#endif
