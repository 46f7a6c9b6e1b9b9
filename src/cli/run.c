/* yogo run, check, format, help: scripts from files. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/command/command_table.h"
#include "yogo/lang/print.h"
#include "yogo/lang/source.h"

#define SCRIPT_LIMIT (4u << 20)

int yg_cli_error(const char *name, const char *text, size_t n, const struct yg_err *err)
{
	struct yg_buf message = YG_BUF_INIT;

	fflush(stdout);
	yg_source_message(name, text, n, err, &message);
	fputs(message.data, stderr);
	yg_buf_release(&message);
	return yg_status_exit(err->status);
}

struct yg_render_options yg_cli_render(const struct yg_cli *cli)
{
	struct yg_render_options o;

	memset(&o, 0, sizeof o);
	o.width = cli->width;
	o.figures = cli->figures;
	o.glyphs = !cli->glyphs ? YG_GLYPHS_BRAILLE : !strcmp(cli->glyphs, "ascii") ? YG_GLYPHS_ASCII
	         : !strcmp(cli->glyphs, "block") ? YG_GLYPHS_BLOCK : YG_GLYPHS_BRAILLE;
	return o;
}

/* "» command" on lines that keep the shape of a block. */
static void echo(const struct yg_reply *reply)
{
	const char *text = reply->resolved ? reply->resolved : reply->canonical;
	struct yg_buf shown = YG_BUF_INIT;

	for (const char *p = text; *p;) {
		size_t line = strcspn(p, "\n");
		yg_buf_adds(&shown, p == text ? "\xc2\xbb " : "  ");
		yg_escape_terminal(&shown, p, line);
		yg_buf_addc(&shown, '\n');
		p += line + (p[line] == '\n');
	}
	fputs(shown.data, stdout);
	yg_buf_release(&shown);
}

static void show(const struct yg_cli *cli, const struct yg_reply *reply)
{
	struct yg_render_options o = yg_cli_render(cli);
	struct yg_buf text = YG_BUF_INIT;

	if (cli->format && !strcmp(cli->format, "json")) {
		if (reply->result) {
			yg_render_json(reply->result, &o, &text);
			fputs(text.data, stdout);
			fputc('\n', stdout);
		}
	} else if (cli->format && !strcmp(cli->format, "csv")) {
		if (reply->result) {
			yg_render_csv(reply->result, &o, &text);
			fputs(text.data, stdout);
		}
	} else {
		echo(reply);
		if (reply->result)
			yg_render_text(reply->result, &o, &text);
		if (reply->text)
			yg_buf_addf(&text, "%s\n", reply->text);
		for (size_t i = 0; i < reply->files; i++)
			yg_buf_addf(&text, _("written: %s\n"), reply->file[i]);
		for (size_t i = 0; i < reply->stales; i++)
			yg_buf_addf(&text, _("! %s was made from it and must be made again\n"), reply->stale[i]);
		fputs(text.data, stdout);
		fputc('\n', stdout);
	}
	yg_buf_release(&text);
}

static int no_script(const struct yg_cli *cli)
{
	fprintf(stderr, _("yogo: %s wants a script, as in: yogo %s analysis.yogo  [E-CLI-002]\n"), cli->word, cli->word);
	return 2;
}

static enum yg_status read_script(const char *path, struct yg_buf *text, struct yg_err *err)
{
	return yg_io_read_file(path, SCRIPT_LIMIT, text, err);
}

static struct yg_session_options session_options(const struct yg_cli *cli, const char *folder)
{
	struct yg_session_options o;

	memset(&o, 0, sizeof o);
	o.program = "yogo " YOGO_VERSION;
	o.script_folder = folder;
	o.data_folder = cli->data;
	o.out_folder = cli->out;
	o.allow_paths = cli->allow_paths;
	o.threads = cli->threads;
	o.actor = cli->actor;
	o.role = cli->role;
	o.profile = cli->profile;
	o.batch = true;
	return o;
}

/* Execute statement by statement; stops at the first failure. */
static int run_text(const struct yg_cli *cli, struct yg_session *session, const char *path, const struct yg_buf *text)
{
	size_t offset = 0;
	struct yg_err err;
	int code = 0;

	for (;;) {
		struct yg_reply reply;
		bool done = false;
		enum yg_status status;
		yg_cli_progress_start(yg_session_task(session));
		status = yg_session_execute(session, text->data, text->len, &offset, &done, &reply, &err);
		yg_cli_progress_stop();
		if (status == YG_OK && !done && !cli->quiet)
			show(cli, &reply);
		if (status == YG_OK && !done && cli->timing)
			fprintf(stderr, "timing\t%s\t%s\t%.6f\n", reply.word, reply.name ? reply.name : "", reply.seconds);
		if (status != YG_OK)
			code = yg_cli_error(path, text->data, text->len, &err);
		yg_reply_release(&reply);
		if (status != YG_OK || done)
			return code;
	}
}

int yg_cli_run(const struct yg_cli *cli)
{
	struct yg_session_options o;
	struct yg_session *session = NULL;
	struct yg_buf text = YG_BUF_INIT, head = YG_BUF_INIT;
	struct yg_err err;
	char *folder, *study, *stem;
	const char *path;
	size_t count;
	const struct yg_command *const *table = yg_command_table(&count);
	int code;

	if (cli->arguments != 1)
		return no_script(cli);
	path = cli->argument[0];
	if (read_script(path, &text, &err) != YG_OK)
		return yg_cli_error(NULL, NULL, 0, &err);
	folder = yg_path_folder(path);
	stem = yg_path_stem(path);
	if (cli->study) {
		study = yg_xstrdup(cli->study);
	} else {
		char *name = yg_xasprintf("%s.study", stem);
		study = yg_path_join(cli->out ? cli->out : ".", name);
		yg_free(name);
	}
	o = session_options(cli, folder);
	o.study = study;
	o.front_end = "run";
	if ((cli->out && yg_io_make_folder(cli->out, &err) != YG_OK) ||
	    yg_session_open(&o, table, count, &session, &err) != YG_OK)
		code = yg_cli_error(NULL, NULL, 0, &err);
	else
		code = run_text(cli, session, path, &text);
	if (session && yg_session_close(session, &head, &err) != YG_OK && code == 0)
		code = yg_cli_error(NULL, NULL, 0, &err);
	if (session && !cli->quiet)
		fprintf(cli->format && strcmp(cli->format, "text") ? stderr : stdout, _("journal %s  head %s\n"), study, head.data);
	yg_buf_release(&head);
	yg_buf_release(&text);
	yg_free(study);
	yg_free(stem);
	yg_free(folder);
	return code;
}

int yg_cli_check(const struct yg_cli *cli)
{
	int code = 0;

	if (cli->arguments < 1)
		return no_script(cli);
	for (int i = 0; i < cli->arguments; i++) {
		const char *path = cli->argument[i];
		struct yg_buf text = YG_BUF_INIT;
		struct yg_session *session = NULL;
		struct yg_session_options o;
		struct yg_err err;
		char *folder = yg_path_folder(path);
		size_t offset = 0, statements = 0, count;
		const struct yg_command *const *table = yg_command_table(&count);
		bool done = false;
		o = session_options(cli, folder);
		o.check_only = true;
		o.front_end = "check";
		if (read_script(path, &text, &err) != YG_OK || yg_session_open(&o, table, count, &session, &err) != YG_OK) {
			code = yg_cli_error(NULL, NULL, 0, &err);
			done = true;
		}
		while (!done) {
			struct yg_reply reply;
			if (yg_session_execute(session, text.data, text.len, &offset, &done, &reply, &err) != YG_OK) {
				code = yg_cli_error(path, text.data, text.len, &err);
				done = true;
			} else if (!done) {
				statements++;
				if (reply.text) {
					size_t line, column;
					yg_source_place(text.data, text.len, reply.at, &line, &column);
					if (!cli->quiet)
						printf(_("%s:%zu: %s is not computed by this version; syntax checked only\n"), path, line, reply.text);
				}
			}
			yg_reply_release(&reply);
			if (code)
				break;
		}
		if (!code && !cli->quiet)
			printf(_("%s: %zu statements, no error\n"), path, statements);
		if (session && yg_session_close(session, NULL, &err) != YG_OK && !code)
			code = yg_cli_error(NULL, NULL, 0, &err);
		yg_buf_release(&text);
		yg_free(folder);
		if (code)
			break;
	}
	return code;
}

int yg_cli_format(const struct yg_cli *cli)
{
	if (cli->arguments < 1)
		return no_script(cli);
	for (int i = 0; i < cli->arguments; i++) {
		struct yg_buf text = YG_BUF_INIT, out = YG_BUF_INIT;
		struct yg_err err;
		enum yg_status status = read_script(cli->argument[i], &text, &err);
		int code = 0;
		if (status != YG_OK)
			code = yg_cli_error(NULL, NULL, 0, &err);
		else if (yg_format_script(text.data, text.len, &out, &err) != YG_OK)
			code = yg_cli_error(cli->argument[i], text.data, text.len, &err);
		else if (!cli->write)
			fwrite(out.data, 1, out.len, stdout);
		else if ((out.len != text.len || memcmp(out.data, text.data, out.len)) &&
		         yg_io_write_file(cli->argument[i], out.data, out.len, &err) != YG_OK)
			code = yg_cli_error(NULL, NULL, 0, &err);
		yg_buf_release(&out);
		yg_buf_release(&text);
		if (code)
			return code;
	}
	return 0;
}

int yg_cli_help(const struct yg_cli *cli)
{
	struct yg_session_options o;
	struct yg_session *session = NULL;
	struct yg_reply reply;
	struct yg_err err;
	struct yg_buf line = YG_BUF_INIT;
	size_t count, offset = 0;
	const struct yg_command *const *table = yg_command_table(&count);
	bool done;
	int code = 0;

	o = session_options(cli, ".");
	o.front_end = "help";
	yg_buf_addf(&line, "help %s", cli->arguments ? cli->argument[0] : "");
	memset(&reply, 0, sizeof reply);
	if (yg_session_open(&o, table, count, &session, &err) != YG_OK ||
	    yg_session_execute(session, line.data, line.len, &offset, &done, &reply, &err) != YG_OK)
		code = yg_cli_error(NULL, NULL, 0, &err);
	else if (reply.text)
		fputs(reply.text, stdout);
	yg_reply_release(&reply);
	if (session && yg_session_close(session, NULL, &err) != YG_OK)
		code = yg_cli_error(NULL, NULL, 0, &err);
	yg_buf_release(&line);
	return code;
}
