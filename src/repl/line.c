/* Reading a line: by readline at a terminal, plainly else; completion on Tab; history. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "repl_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/session/query.h"

enum { HISTORY_LINES = 2000, LIST_LINES = 30 };

/* readline calls back without an argument; there is one prompt in the process. */
static struct yg_repl *prompt_of;
static char *history_file;
static size_t added;         /* entries of history that are lines of the statement being typed */

/* ---- Tab ---- */

static void list_offers(const struct yg_offers *offers)
{
	int rows, width;
	rl_get_screen_size(&rows, &width);
	size_t widest = 0, columns = width > 20 ? (size_t)width - 1 : 79;
	bool helped = false;
	for (size_t i = 0; i < offers->n; i++) {
		size_t w = yg_text_width(offers->v[i].text, strlen(offers->v[i].text));
		widest = w > widest ? w : widest;
		helped = helped || offers->v[i].help;
	}
	if (widest > 40)
		widest = 40;
	struct yg_buf out;
	yg_buf_init(&out);
	yg_buf_addc(&out, '\n');
	bool one_a_line = helped && offers->n <= LIST_LINES;
	size_t across = one_a_line ? 1 : columns / (widest + 2);
	if (across < 1)
		across = 1;
	for (size_t i = 0; i < offers->n; i++) {
		if (one_a_line) {
			struct yg_buf line;
			size_t cut;
			yg_buf_init(&line);
			yg_buf_adds(&line, "  ");
			yg_text_pad(&line, offers->v[i].text, widest + 2, -1);
			if (offers->v[i].help)
				yg_escape_terminal(&line, offers->v[i].help, strlen(offers->v[i].help));
			yg_buf_add(&out, line.data, yg_text_cut(line.data, line.len, columns, &cut));
			yg_buf_addc(&out, '\n');
			yg_buf_release(&line);
		} else {
			yg_text_pad(&out, offers->v[i].text, widest + 2, -1);
			if ((i + 1) % across == 0 || i + 1 == offers->n)
				yg_buf_addc(&out, '\n');
		}
	}
	fputs(out.data, rl_outstream);
	yg_buf_release(&out);
	rl_on_new_line();
	rl_redisplay();
}

static void insert_offer(const struct yg_offers *offers, size_t before, size_t common)
{
	size_t from = offers->from - before, typed = (size_t)rl_point - from;
	bool only = offers->n == 1;
	if (!only && common <= typed)
		return;
	rl_begin_undo_group();
	rl_delete_text((int)from, rl_point);
	rl_point = (int)from;
	char *text = yg_xstrndup(offers->v[0].text, common);
	rl_insert_text(text);
	yg_free(text);
	if (only)
		rl_insert_text(offers->v[0].after);
	rl_end_undo_group();
}

static int on_tab(int count, int key)
{
	static int tabs; /* a second Tab in a row lists */
	(void)count;
	(void)key;
	struct yg_repl *r = prompt_of;
	struct yg_arena arena;
	struct yg_offers offers;
	struct yg_buf text;
	yg_arena_init(&arena);
	yg_buf_init(&text);
	yg_buf_add(&text, r->text.data, r->text.len); /* the lines of the block typed so far */
	size_t before = text.len;
	yg_buf_add(&text, rl_line_buffer, (size_t)rl_point);
	yg_repl_offers(&arena, yg_session_state(r->session), r->options->data_folder, text.data, text.len, &offers);
	tabs = rl_last_func == on_tab ? tabs + 1 : 1;
	if (offers.from < before)
		offers.n = 0;
	if (offers.n) {
		size_t common = yg_repl_common(&offers), typed = text.len - offers.from;
		if (offers.n == 1 || common > typed)
			insert_offer(&offers, before, common);
		else if (tabs > 1)
			list_offers(&offers);
		else
			rl_ding();
	} else if (tabs > 1 && offers.hint) {
		struct yg_buf hint;
		yg_buf_init(&hint);
		yg_buf_addc(&hint, '\n');
		yg_escape_terminal(&hint, offers.hint, strlen(offers.hint));
		yg_buf_addc(&hint, '\n');
		fputs(hint.data, rl_outstream);
		yg_buf_release(&hint);
		rl_on_new_line();
		rl_redisplay();
	} else {
		rl_ding();
	}
	yg_buf_release(&text);
	yg_arena_release(&arena);
	return 0;
}

/* ---- history ---- */

char *yg_line_history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (state && state[0] == '/')
		return yg_xasprintf("%s/yogo/history", state);
	return home && home[0] == '/' ? yg_xasprintf("%s/.local/state/yogo/history", home) : NULL;
}

static void open_history(void)
{
	struct yg_err err;
	using_history();
	stifle_history(HISTORY_LINES);
	history_file = yg_line_history_path();
	if (!history_file)
		return;
	char *folder = yg_path_folder(history_file);
	if (yg_io_make_folder(folder, &err) != YG_OK) {
		yg_free(history_file);
		history_file = NULL; /* a history is a comfort: without its folder there is none */
	} else {
		(void)read_history(history_file);
	}
	yg_free(folder);
}

void yg_line_remember(struct yg_repl *r, const char *statement)
{
	if (!r->editing || !statement[0])
		return;
	for (; added > 0 && history_length > 0; added--) { /* the lines as they were typed */
		HIST_ENTRY *old = remove_history(history_length - 1);
		if (old)
			free(free_history_entry(old));
	}
	added = 0;
	HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
	if (!last || strcmp(last->line, statement) != 0)
		add_history(statement);
	if (history_file)
		(void)write_history(history_file);
}

/* ---- lines ---- */

static bool line_dropped;

/*
 * readline's own reader goes on reading after a signal; this one ends the line at once.
 */
static int read_key(FILE *in)
{
	unsigned char c;
	for (;;) {
		switch (yg_interrupt_wait(fileno(in))) {
		case YG_WAIT_INPUT: {
			ssize_t n = read(fileno(in), &c, 1);
			if (n == 1)
				return c;
			if (n == 0 || errno != EINTR)
				return EOF;
			break;
		}
		case YG_WAIT_INTERRUPTED:
			line_dropped = true;
			rl_replace_line("", 0);
			return '\n';
		case YG_WAIT_SIGNAL:
			rl_check_signals(); /* the window changed its size */
			break;
		default:
			return EOF;
		}
	}
}

void yg_line_open(struct yg_repl *r)
{
	prompt_of = r;
	yg_interrupt_install();
	if (!r->terminal || r->options->plain)
		return;
	const char *term = getenv("TERM");
	if (!term || !*term || strcmp(term, "dumb") == 0)
		return;
	r->editing = true;
	rl_readline_name = "yogo";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 1;
	rl_getc_function = read_key;
	rl_initialize();
	rl_bind_key('\t', on_tab);
	open_history();
}

void yg_line_close(struct yg_repl *r)
{
	if (r->editing && history_file)
		(void)write_history(history_file);
	yg_free(history_file);
	history_file = NULL;
	prompt_of = NULL;
}

static void prompt_text(const struct yg_repl *r, bool more, struct yg_buf *out)
{
	const struct yg_state *s = yg_session_state(r->session);
	const char *table = s ? yg_query_active_table(s) : NULL, *data = s && s->dataset ? s->dataset->name : NULL;
	struct yg_buf name;
	yg_buf_init(&name);
	if (s && s->cohort)
		yg_escape_terminal(&name, s->cohort->name, strlen(s->cohort->name));
	else if (data)
		yg_escape_terminal(&name, data, strlen(data));
	if (data && !s->cohort && table && strcmp(table, data) != 0 && strcmp(table, "subject") != 0) {
		yg_buf_addc(&name, '.');
		yg_escape_terminal(&name, table, strlen(table));
	}
	if (!name.len)
		yg_buf_adds(&name, "yogo");
	if (more)
		yg_buf_fill(out, '.', yg_text_width(name.data, name.len));
	else
		yg_buf_add(out, name.data, name.len);
	yg_buf_adds(out, "> ");
	yg_buf_release(&name);
}

static enum yg_line read_edited(struct yg_repl *r, const char *prompt, struct yg_buf *out)
{
	line_dropped = false;
	char *line = readline(prompt);
	if (line_dropped) {
		free(line);
		added = 0;
		return YG_LINE_INTERRUPTED;
	}
	if (!line)
		return YG_LINE_END;
	yg_buf_adds(out, line);
	if (*line) {
		add_history(line);
		added++;
	}
	free(line);
	(void)r;
	return YG_LINE_READ;
}

/* Without line editing: bytes from the descriptor, so that nothing waits in a buffer that Ctrl-C cannot see. */
static enum yg_line read_plain(struct yg_buf *out)
{
	static char bytes[1 << 16];
	static size_t at, filled;
	size_t start = out->len;
	for (;;) {
		while (at < filled) {
			char c = bytes[at++];
			if (c == '\n')
				return YG_LINE_READ;
			yg_buf_addc(out, c);
		}
		enum yg_wait wait = yg_interrupt_wait(STDIN_FILENO);
		if (wait == YG_WAIT_INTERRUPTED) {
			out->len = start;
			out->data[start] = 0;
			return YG_LINE_INTERRUPTED;
		}
		ssize_t n = wait == YG_WAIT_SIGNAL ? -1 : wait == YG_WAIT_FAILED ? 0 : read(STDIN_FILENO, bytes, sizeof bytes);
		if (n < 0 && (wait == YG_WAIT_SIGNAL || errno == EINTR))
			continue;
		if (n <= 0)
			return out->len > start ? YG_LINE_READ : YG_LINE_END;
		at = 0;
		filled = (size_t)n;
	}
}

enum yg_line yg_line_read(struct yg_repl *r, bool more, struct yg_buf *out)
{
	struct yg_buf prompt;
	yg_buf_init(&prompt);
	if (r->terminal)
		prompt_text(r, more, &prompt);
	enum yg_line result;
	fflush(stdout);
	if (r->editing) {
		result = read_edited(r, prompt.data, out);
	} else {
		if (r->terminal) {
			fputs(prompt.data, stdout);
			fflush(stdout);
		}
		result = read_plain(out);
	}
	yg_buf_release(&prompt);
	return result;
}
