/*
 * Replay: feed a study's journal to the executor and compare result by result.
 *
 * Verifies the study first (a study that cannot be verified is not replayed), then runs each recorded
 * statement from its resolved text in a scratch session and compares the safe results cell by cell.
 * Verdict of a statement: identical, equivalent, different, not replayable, or nothing to compare.
 * Never writes to the original; with record_study the replay itself is recorded there.
 */
#ifndef YOGO_SESSION_REPLAY_H
#define YOGO_SESSION_REPLAY_H

#include "yogo/session/executor.h"

struct yg_replay_options {
	const char *study;
	const char *record_study;      /* the auditor's own study, or NULL */
	const char *data_folder, *script_folder;
	unsigned threads;
	bool strict;                   /* equivalent is not good enough */
	bool allow_paths;
	const char *actor, *role;
};
/*
 * report: a line per statement and a summary.  YG_OK all identical (or equivalent); YG_EDIFFERENT,
 * YG_ENOREPLAY, YG_EPOLICY, YG_ETAMPERED with the first cause in err.
 */
enum yg_status yg_replay(const struct yg_replay_options *options, const struct yg_command *const *commands, size_t count,
                         struct yg_buf *report, struct yg_err *err) YG_MUST_USE;

/*
 * The same step by step, for a front end that stays awake: next prepares a statement on the owner's
 * thread and gives its job, yg_job_run runs on any thread, judge compares on the owner's thread.
 *
 *   while (yg_replay_next(r, &job, &more, err) == YG_OK && more) {
 *           if (job) yg_job_run(job);
 *           if (yg_replay_judge(r, &line, err) != YG_OK) break;
 *   }
 *   status = yg_replay_close(r, &report, err);
 */
struct yg_replay;
struct yg_replay_line {
	uint64_t seq;                  /* begin entry */
	const char *verdict;           /* message id: "identical" ... */
	bool good;                     /* identical, equivalent, or nothing to compare */
	char detail[1100];             /* why not, or "" */
};
/* of: replay the journal this session holds open (options->study is not read); NULL: open options->study. */
enum yg_status yg_replay_open(const struct yg_replay_options *options, const struct yg_command *const *commands, size_t count,
                              struct yg_session *of, struct yg_replay **out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_replay_next(struct yg_replay *r, struct yg_job **job, bool *more, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_replay_judge(struct yg_replay *r, struct yg_replay_line *line, struct yg_err *err) YG_MUST_USE;
/* Progress and cancel of the statement under way, and how far the replay is. */
struct yg_task *yg_replay_task(struct yg_replay *r);
void yg_replay_progress(const struct yg_replay *r, uint64_t *done, uint64_t *total);
/* Frees r.  report (may be NULL) gets the lines and the summary; the verdict over all as in yg_replay. */
enum yg_status yg_replay_close(struct yg_replay *r, struct yg_buf *report, struct yg_err *err) YG_MUST_USE;

#endif
