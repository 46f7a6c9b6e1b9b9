/* yogo import, info, verify, replay: work on files. */
#include <stdio.h>
#include <string.h>

#include "cli_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/pool.h"
#include "yogo/command/command_table.h"
#include "yogo/command/tools.h"
#include "yogo/session/replay.h"

static int wants_file(const struct yg_cli *cli, const char *example)
{
	fprintf(stderr, _("yogo: %s wants a file, as in: %s  [E-CLI-002]\n"), cli->word, example);
	return 2;
}

/* Run a piece of work with a pool, the meter and Ctrl-C; prints its report or its error. */
struct work {
	struct yg_pool *pool;
	struct yg_task task;
	struct yg_buf report;
	struct yg_err err;
};

static void work_start(const struct yg_cli *cli, struct work *w)
{
	w->pool = yg_pool_new(cli->threads);
	yg_task_init(&w->task, w->pool);
	yg_buf_init(&w->report);
	yg_err_clear(&w->err);
	yg_cli_progress_start(&w->task);
}

static int work_end(const struct yg_cli *cli, struct work *w, enum yg_status status)
{
	int code = 0;

	yg_cli_progress_stop();
	if (!cli->quiet)
		fputs(w->report.data, stdout);
	if (status != YG_OK)
		code = yg_cli_error(NULL, NULL, 0, &w->err);
	yg_buf_release(&w->report);
	yg_pool_free(w->pool);
	return code;
}

int yg_cli_import(const struct yg_cli *cli)
{
	struct yg_tool_import o;
	struct work w;

	if ((!cli->arguments && !cli->tables) || !cli->output)
		return wants_file(cli, "yogo import data.csv -o data.cohort");
	memset(&o, 0, sizeof o);
	o.file = (const char *const *)cli->argument;
	o.files = cli->arguments;
	o.table = cli->table;
	o.tables = cli->tables;
	o.output = cli->output;
	o.manifest = cli->manifest;
	o.encoding = cli->encoding;
	o.delimiter = cli->delimiter;
	o.person = cli->person;
	o.accept = cli->accept;
	o.public_data = cli->public_data;
	o.refuse_bad_rows = cli->bad_rows != NULL;
	work_start(cli, &w);
	return work_end(cli, &w, yg_tool_import(&o, &w.task, &w.report, &w.err));
}

int yg_cli_info(const struct yg_cli *cli)
{
	struct yg_render_options o = yg_cli_render(cli);
	struct yg_result *result = NULL;
	struct yg_buf text = YG_BUF_INIT;
	struct yg_err err;

	if (cli->arguments != 1)
		return wants_file(cli, "yogo info data.cohort");
	if (yg_tool_info(cli->argument[0], &result, &err) != YG_OK)
		return yg_cli_error(NULL, NULL, 0, &err);
	if (cli->format && !strcmp(cli->format, "json"))
		yg_render_json(result, &o, &text);
	else if (cli->format && !strcmp(cli->format, "csv"))
		yg_render_csv(result, &o, &text);
	else
		yg_render_text(result, &o, &text);
	fputs(text.data, stdout);
	yg_buf_release(&text);
	yg_result_unref(result);
	return 0;
}

int yg_cli_verify(const struct yg_cli *cli)
{
	struct work w;

	if (cli->arguments != 1)
		return wants_file(cli, "yogo verify data.cohort");
	work_start(cli, &w);
	return work_end(cli, &w, yg_tool_verify(cli->argument[0], cli->head, &w.task, &w.report, &w.err));
}

int yg_cli_replay(const struct yg_cli *cli)
{
	struct yg_replay_options o;
	struct yg_buf report = YG_BUF_INIT;
	struct yg_err err;
	enum yg_status status;
	size_t count;
	const struct yg_command *const *table = yg_command_table(&count);
	char *folder;
	int code = 0;

	if (cli->arguments != 1)
		return wants_file(cli, "yogo replay out/analysis.study");
	folder = yg_path_folder(cli->argument[0]);
	memset(&o, 0, sizeof o);
	o.study = cli->argument[0];
	o.record_study = cli->study;
	o.data_folder = cli->data;
	o.script_folder = folder;
	o.threads = cli->threads;
	o.strict = cli->strict;
	o.allow_paths = cli->allow_paths;
	o.actor = cli->actor;
	o.role = cli->role ? cli->role : "auditor";
	status = yg_replay(&o, table, count, &report, &err);
	fputs(report.data, stdout);
	if (status != YG_OK)
		code = yg_cli_error(NULL, NULL, 0, &err);
	yg_buf_release(&report);
	yg_free(folder);
	return code;
}
