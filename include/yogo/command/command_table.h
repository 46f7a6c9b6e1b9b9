/* The list of all commands with their handlers, for the executor; and what front ends need of it. */
#ifndef YOGO_COMMAND_COMMAND_TABLE_H
#define YOGO_COMMAND_COMMAND_TABLE_H

#include "yogo/session/executor.h"

const struct yg_command *const *yg_command_table(size_t *count);

#endif
