/* Describing straight from the stored blocks, without an analysis set. */
#ifndef YOGO_AN_STREAM_PRIV_H
#define YOGO_AN_STREAM_PRIV_H

#include "analysis/an_frame_priv.h"

enum an_stream_how {
	AN_STREAM_COUNTS,     /* how often each value occurs */
	AN_STREAM_MOMENTS,    /* n, mean, SD; extremes when asked */
};
/* What is known of one variable. */
struct an_streamed {
	struct an_tally tally;            /* counts by group; of a category: by level, low 0; count NULL for moments */
	struct yg_describe *moments;      /* [groups] */
	double low, high;                 /* of all groups, where known */
};
/*
 * A frame like that of an_frame_build, but its set has counts only: no columns, no rows.  *out is NULL, and frame
 * untouched, when the request wants what one pass cannot give: weights, event tables, several blocks there are not,
 * more values than can be counted.  counts: quantiles or higher moments are wanted.  extremes: smallest and largest.
 */
enum yg_status an_stream_build(const struct an_frame_request *request, bool counts, bool extremes, struct yg_task *task,
                               struct an_frame *frame, struct an_streamed **out, struct yg_err *err) YG_MUST_USE;
/* The counts; the rest belongs to the frame. */
void an_streamed_release(struct an_streamed *of, size_t variables);

#endif
