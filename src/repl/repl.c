/* The loop: read until a statement is whole, run it, show what it gave. */
#include "yogo/repl/repl.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "repl_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/command/command_table.h"
#include "yogo/lang/parse.h"
#include "yogo/lang/print.h"
#include "yogo/lang/source.h"

#define INPUT_LIMIT (64u << 20)

static void say_error(struct yg_repl *r, const struct yg_err *err, const char *text, size_t n)
{
	struct yg_buf message;
	yg_buf_init(&message);
	fflush(stdout);
	while (r->terminal && n && text[n - 1] == '\n')
		n--;
	if (err->status == YG_CANCELLED)
		yg_buf_addf(&message, "%s%s\n", r->terminal ? "\n" : "", _("cancelled"));
	else
		yg_source_message(text && !r->terminal ? "stdin" : NULL, text, n, err, &message);
	fputs(message.data, stderr);
	fflush(stderr);
	yg_buf_release(&message);
	if (!r->code)
		r->code = yg_status_exit(err->status);
}

/* Runs the statements from offset to the end; false at the first failure. */
static bool run(struct yg_repl *r, const char *text, size_t n, size_t *offset, struct yg_err *err)
{
	for (;;) {
		struct yg_reply reply;
		bool done = false;
		yg_work_begin(yg_session_task(r->session), r->terminal && !r->options->plain && isatty(STDERR_FILENO));
		enum yg_status status = yg_session_execute(r->session, text, n, offset, &done, &reply, err);
		yg_work_end();
		if (status == YG_OK && !done)
			yg_repl_show(r, &reply);
		yg_reply_release(&reply);
		if (status != YG_OK)
			return false;
		if (done)
			return true;
	}
}

/* What was typed, on one line, for history: as it is, or a block folded. */
static void remember(struct yg_repl *r)
{
	struct yg_arena arena;
	struct yg_node *script = NULL;
	struct yg_buf line;
	size_t n = r->text.len;
	while (n && (r->text.data[n - 1] == '\n' || r->text.data[n - 1] == ' '))
		n--;
	yg_arena_init(&arena);
	yg_buf_init(&line);
	if (!memchr(r->text.data, '\n', n))
		yg_buf_add(&line, r->text.data, n);
	else if (yg_parse_script(&arena, r->text.data, n, &script, NULL) == YG_OK)
		yg_print_one_line(script, &line);
	if (line.len)
		yg_line_remember(r, line.data);
	yg_buf_release(&line);
	yg_arena_release(&arena);
}

static bool is_word(const char *text, size_t n, const char *word)
{
	while (n && (text[n - 1] == ' ' || text[n - 1] == '\t' || text[n - 1] == ';'))
		n--;
	while (n && (*text == ' ' || *text == '\t')) {
		text++;
		n--;
	}
	return n == strlen(word) && memcmp(text, word, n) == 0;
}

/* Is the mistake on the last line of several?  Then only that line has to be typed again. */
static bool only_last_line_wrong(const struct yg_repl *r, size_t last_line, const struct yg_err *err)
{
	return last_line > 0 && err->status == YG_ESYNTAX && strncmp(err->code, "E-SYN", 5) == 0 && err->at >= last_line &&
	       yg_parse_incomplete(r->text.data, last_line);
}

static void interactive(struct yg_repl *r)
{
	size_t lines = 0;
	while (!r->leave) {
		size_t last_line = r->text.len;
		switch (yg_line_read(r, lines > 0, &r->text)) {
		case YG_LINE_INTERRUPTED:
			fputs(lines ? _("\ndropped\n") : "\n", stdout);
			yg_buf_clear(&r->text);
			lines = 0;
			continue;
		case YG_LINE_END:
			fputc('\n', stdout);
			if (!lines) {
				r->leave = true;
			} else {
				fputs(_("dropped\n"), stdout);
				yg_buf_clear(&r->text);
				lines = 0;
			}
			continue;
		default:
			break;
		}
		if (lines == 0 && (is_word(r->text.data, r->text.len, "quit") || is_word(r->text.data, r->text.len, "exit"))) {
			r->leave = true;
			continue;
		}
		yg_buf_addc(&r->text, '\n');
		lines++;
		if (yg_parse_incomplete(r->text.data, r->text.len))
			continue;
		struct yg_err err;
		size_t offset = 0;
		bool fine = run(r, r->text.data, r->text.len, &offset, &err);
		if (!fine) {
			say_error(r, &err, r->text.data, r->text.len);
			if (lines > 1 && offset == 0 && only_last_line_wrong(r, last_line, &err)) {
				fputs(_("the lines before are kept; type this one again, or Ctrl-C to drop them\n"), stdout);
				r->text.len = last_line;
				r->text.data[last_line] = 0;
				lines--;
				continue;
			}
		}
		remember(r);
		yg_buf_clear(&r->text);
		lines = 0;
	}
}

/* No terminal: every statement as soon as it is whole; places are of the whole input. */
static void from_pipe(struct yg_repl *r)
{
	enum yg_line got = YG_LINE_READ;
	while (got != YG_LINE_END) {
		size_t line = r->text.len;
		got = yg_line_read(r, false, &r->text);
		if (got == YG_LINE_INTERRUPTED) {
			r->code = yg_status_exit(YG_CANCELLED);
			break;
		}
		if (r->text.len > INPUT_LIMIT) {
			struct yg_err err;
			yg_fail(&err, YG_ELIMIT, "E-REP-001", N_("the input is longer than %u MiB; put it into a script"), INPUT_LIMIT >> 20);
			say_error(r, &err, NULL, 0);
			break;
		}
		if (got == YG_LINE_READ) {
			if (line == r->offset && (is_word(r->text.data + line, r->text.len - line, "quit") ||
			                          is_word(r->text.data + line, r->text.len - line, "exit")))
				break;
			yg_buf_addc(&r->text, '\n');
		}
		if (got != YG_LINE_END && yg_parse_incomplete(r->text.data + r->offset, r->text.len - r->offset))
			continue;
		struct yg_err err;
		if (!run(r, r->text.data, r->text.len, &r->offset, &err))
			say_error(r, &err, r->text.data, r->text.len);
		r->offset = r->text.len;
	}
}

static void open_first(struct yg_repl *r)
{
	struct yg_buf line;
	struct yg_err err;
	size_t offset = 0;
	const char *file = yg_path_file(r->options->cohort);
	yg_buf_init(&line);
	yg_buf_adds(&line, "open ");
	yg_escape_script(&line, file, strlen(file));
	if (!run(r, line.data, line.len, &offset, &err))
		say_error(r, &err, NULL, 0);
	yg_buf_release(&line);
}

static void greet(const struct yg_repl *r)
{
	if (r->terminal)
		printf(_("yogo %s  study %s  help lists the commands, Tab completes, Ctrl-D leaves\n"), YOGO_VERSION,
		       yg_session_study(r->session) ? yg_session_study(r->session) : "-");
}

static void fill_session(struct yg_session_options *o, const struct yg_repl_options *options, const char *data_folder)
{
	memset(o, 0, sizeof *o);
	o->program = "yogo " YOGO_VERSION;
	o->script_folder = ".";
	o->data_folder = data_folder;
	o->out_folder = options->out_folder;
	o->allow_paths = options->allow_paths;
	o->threads = options->threads;
	o->actor = options->actor;
	o->role = options->role;
	o->profile = options->profile;
	o->front_end = "repl";
}

int yg_repl(const struct yg_repl_options *options)
{
	struct yg_repl r = { .options = options, .terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) };
	struct yg_session_options o;
	struct yg_repl_options own = *options;
	struct yg_err err;
	size_t count;
	const struct yg_command *const *table = yg_command_table(&count);
	/* a file named on the command line is allowed wherever it is: its folder is the data folder */
	char *folder = options->cohort && !options->data_folder ? yg_path_folder(options->cohort) : NULL;
	char *study = options->study ? yg_xstrdup(options->study)
	                             : yg_path_join(options->out_folder ? options->out_folder : ".", "session.study");
	if (folder)
		own.data_folder = folder;
	r.options = &own;
	yg_buf_init(&r.text);
	fill_session(&o, options, own.data_folder);
	o.study = study;
	if ((o.out_folder && yg_io_make_folder(o.out_folder, &err) != YG_OK) ||
	    yg_session_open(&o, table, count, &r.session, &err) != YG_OK) {
		say_error(&r, &err, NULL, 0);
	} else {
		struct yg_buf head;
		yg_buf_init(&head);
		yg_line_open(&r);
		greet(&r);
		if (options->cohort)
			open_first(&r);
		if (r.terminal)
			interactive(&r);
		else
			from_pipe(&r);
		yg_line_close(&r);
		int code = r.terminal ? 0 : r.code;
		r.code = 0;
		if (yg_session_close(r.session, &head, &err) != YG_OK)
			say_error(&r, &err, NULL, 0);
		else
			printf(_("journal %s  head %s\n"), study, head.data);
		r.code = code ? code : r.code;
		yg_buf_release(&head);
	}
	fflush(stdout);
	yg_buf_release(&r.text);
	yg_free(study);
	yg_free(folder);
	return r.code;
}
