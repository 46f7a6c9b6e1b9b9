/*
 * Keys from a script, screens into files: the workbench without a terminal, for tests and for pictures in
 * documents.  A line is one of
 *   key NAME ...       press keys by name: Down, Enter, Ctrl-P, x
 *   press NAME         press a key and do not wait for the work it starts
 *   type TEXT          type the rest of the line
 *   screen NAME        write the screen to NAME ("- WORDS" = standard output, below a line with the words)
 *   roles NAME         the same with a letter for the role of each cell below
 *   picture NAME       the screen as SVG
 *   resize COLUMNSxROWS
 *   wait               until nothing runs
 *   echoed NAME        write every command that ran so far to NAME
 *   # ...              nothing
 * Files are written below the out folder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

struct headless {
	struct yg_tui *t;
	struct yg_canvas canvas;
	const char *script;
	size_t line;
	struct yg_err err;
};

static void wait_idle(struct yg_tui *t)
{
	while (yg_tui_busy(t) || yg_tui_ahead_pending(t)) {
		yg_tui_tick(t);
		nanosleep(&(struct timespec){ 0, 500000 }, NULL);
	}
}

/* "80x24": columns, rows. */
static bool parse_size(const char *text, int *columns, int *rows)
{
	const char *x = strchr(text, 'x');
	int64_t c, r;

	if (!x || !yg_parse_i64((struct yg_str){ text, (size_t)(x - text) }, &c) || !yg_parse_i64(yg_str(x + 1), &r) || c < 1 || r < 1 ||
	    c > 1000 || r > 1000)
		return false;
	*columns = (int)c;
	*rows = (int)r;
	return true;
}

static enum yg_status write_text(struct headless *h, const char *name, const struct yg_buf *text)
{
	const char *folder = h->t->options.out_folder ? h->t->options.out_folder : ".";
	char *path, *parent;
	enum yg_status status;

	if (name[0] == '-' && (name[1] == '\0' || name[1] == ' ')) {
		if (name[1])
			printf("===%s\n", name + 1);
		fputs(text->data, stdout);
		return YG_OK;
	}
	path = name[0] == '/' ? yg_xstrdup(name) : yg_path_join(folder, name);
	parent = yg_path_folder(path);
	status = yg_io_make_folder(parent, &h->err);
	if (status == YG_OK)
		status = yg_io_write_file(path, text->data, text->len, &h->err);
	yg_free(parent);
	yg_free(path);
	return status;
}

/* Drawn at rest: what a view asks for when it is first drawn is awaited too. */
static void draw_at_rest(struct headless *h)
{
	yg_tui_draw(h->t, &h->canvas);
	wait_idle(h->t);
	yg_tui_draw(h->t, &h->canvas);
}

static enum yg_status screen(struct headless *h, const char *name, bool roles)
{
	struct yg_buf text = YG_BUF_INIT;
	enum yg_status status;

	draw_at_rest(h);
	yg_canvas_print(&h->canvas, roles, &text);
	status = write_text(h, name, &text);
	yg_buf_release(&text);
	return status;
}

static enum yg_status picture(struct headless *h, const char *name)
{
	struct yg_buf text = YG_BUF_INIT;
	enum yg_status status;

	draw_at_rest(h);
	yg_tui_picture(&h->canvas, &text);
	status = write_text(h, name, &text);
	yg_buf_release(&text);
	return status;
}

static void resize(struct headless *h, int columns, int rows)
{
	yg_canvas_release(&h->canvas);
	yg_canvas_init(&h->canvas, rows, columns);
	yg_tui_draw(h->t, &h->canvas);
}

/* Every key is pressed on a screen that was drawn, as by a person. */
static void press(struct headless *h, int key, bool wait)
{
	yg_tui_key(h->t, key);
	yg_tui_tick(h->t);
	if (wait)
		wait_idle(h->t);
	yg_tui_draw(h->t, &h->canvas);
}

static enum yg_status keys(struct headless *h, const char *names, bool wait)
{
	while (*(names += strspn(names, " "))) {
		size_t n = strcspn(names, " ");
		char *name = yg_xstrndup(names, n);
		int key = yg_key_parse(name);
		if (key == YG_KEY_UNKNOWN) {
			yg_fail(&h->err, YG_ESYNTAX, "E-TUI-021", N_("there is no key named %s"), name);
			yg_free(name);
			return YG_ESYNTAX;
		}
		yg_free(name);
		press(h, key, wait);
		names += n;
	}
	return YG_OK;
}

static void type(struct headless *h, const char *text)
{
	while (*text) {
		uint32_t code;
		size_t n = yg_utf8_next(text, strlen(text), &code);
		press(h, (int)code, true);
		text += n;
	}
}

static enum yg_status command(struct headless *h, const char *word, const char *rest)
{
	int columns, rows;

	if (!strcmp(word, "key"))
		return keys(h, rest, true);
	if (!strcmp(word, "press"))
		return keys(h, rest, false);
	if (!strcmp(word, "type")) {
		type(h, rest);
		return YG_OK;
	}
	if (!strcmp(word, "screen"))
		return screen(h, rest, false);
	if (!strcmp(word, "roles"))
		return screen(h, rest, true);
	if (!strcmp(word, "picture"))
		return picture(h, rest);
	if (!strcmp(word, "echoed"))
		return write_text(h, rest, &h->t->echoed);
	if (!strcmp(word, "wait")) {
		wait_idle(h->t);
		return YG_OK;
	}
	if (!strcmp(word, "resize") && parse_size(rest, &columns, &rows)) {
		resize(h, columns, rows);
		return YG_OK;
	}
	return yg_fail(&h->err, YG_ESYNTAX, "E-TUI-022",
	               N_("\"%s\" is none of key, press, type, screen, roles, picture, resize COLUMNSxROWS, wait, echoed"), word);
}

static enum yg_status run_line(struct headless *h, const char *p, size_t n)
{
	char *line, *rest;
	size_t word;
	enum yg_status status = YG_OK;

	if (n && p[n - 1] == '\r')
		n--;
	line = yg_xstrndup(p, n);
	word = strcspn(line, " ");
	rest = line[word] ? line + word + 1 : line + word;
	if (line[word])
		line[word] = '\0';
	if (word && line[0] != '#')
		status = command(h, line, rest);
	yg_free(line);
	return status;
}

int yg_tui_headless(struct yg_tui *t)
{
	struct headless h = { .t = t, .script = t->options.script };
	struct yg_buf text = YG_BUF_INIT;
	int columns, rows;
	enum yg_status status = YG_OK;

	if (!parse_size(t->options.headless, &columns, &rows)) {
		fprintf(stderr, _("yogo: --headless wants COLUMNSxROWS, as 80x24, not %s  [E-TUI-020]\n"), t->options.headless);
		return 2;
	}
	yg_canvas_init(&h.canvas, rows, columns);
	wait_idle(t);
	yg_tui_draw(t, &h.canvas);
	if (h.script)
		status = yg_io_read_file(h.script, 4u << 20, &text, &h.err);
	else
		status = screen(&h, "-", false);
	for (const char *p = text.data; status == YG_OK && *p && !t->quit;) {
		size_t n = strcspn(p, "\n");
		h.line++;
		status = run_line(&h, p, n);
		p += n + (p[n] == '\n');
	}
	if (status != YG_OK)
		fprintf(stderr, "%s:%zu: %s  [%s]\n", h.script ? h.script : "", h.line, _(h.err.text), h.err.code);
	yg_buf_release(&text);
	yg_canvas_release(&h.canvas);
	return status == YG_OK ? 0 : yg_status_exit(status);
}
