/* What the command line offers beside scripts: importing, looking into, verifying and replaying files. */
#ifndef YOGO_COMMAND_TOOLS_H
#define YOGO_COMMAND_TOOLS_H

#include "yogo/session/executor.h"

struct yg_tool_import {
	const char *const *file;
	int files;
	const char *const *table;      /* NAME=FILE */
	int tables;
	const char *output, *manifest, *encoding, *delimiter, *person, *accept;
	bool public_data, refuse_bad_rows;
};
/* report gets what was imported, one line a fact. */
enum yg_status yg_tool_import(const struct yg_tool_import *o, struct yg_task *task, struct yg_buf *report,
                              struct yg_err *err) YG_MUST_USE;
/* Tables and columns, through the gate of the file's own profile. */
enum yg_status yg_tool_info(const char *path, struct yg_result **out, struct yg_err *err) YG_MUST_USE;
/* Verify a cohort file or a study (told apart by their first bytes); report says what was checked. */
enum yg_status yg_tool_verify(const char *path, const char *head, struct yg_task *task, struct yg_buf *report,
                              struct yg_err *err) YG_MUST_USE;

#endif
