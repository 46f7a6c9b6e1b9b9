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

#endif
