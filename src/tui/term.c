/* The terminal: ncurses, themes, and a restore that no crash can miss. */
#include "yogo/tui/term.h"

#include <langinfo.h>
#include <ncurses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "yogo/base/i18n.h"
#include "yogo/tui/key.h"

struct look {
	short foreground, background;  /* -1 = the terminal's own; both or neither */
	attr_t attributes;
};
struct theme {
	const char *name;
	struct look role[YG_TUI_ROLES];
};

/* Series differ by brightness steps of blue, orange, grey, black, never red against green. */
static const struct theme themes[] = {
	{ "default", {
		[YG_TUI_TEXT] = { -1, -1, 0 }, [YG_TUI_DIM] = { -1, -1, A_DIM }, [YG_TUI_HEADER] = { -1, -1, A_BOLD },
		[YG_TUI_TAB] = { -1, -1, 0 }, [YG_TUI_TAB_ACTIVE] = { COLOR_BLACK, COLOR_CYAN, A_BOLD },
		[YG_TUI_TITLE] = { -1, -1, A_BOLD }, [YG_TUI_CURSOR] = { COLOR_BLACK, COLOR_CYAN, 0 },
		[YG_TUI_ECHO] = { COLOR_CYAN, COLOR_BLACK, 0 }, [YG_TUI_MESSAGE] = { -1, -1, 0 },
		[YG_TUI_ERROR] = { COLOR_WHITE, COLOR_RED, A_BOLD }, [YG_TUI_WARNING] = { COLOR_BLACK, COLOR_YELLOW, 0 },
		[YG_TUI_KEY] = { -1, -1, A_BOLD }, [YG_TUI_MATCH] = { -1, -1, A_UNDERLINE | A_BOLD }, [YG_TUI_DRAFT] = { -1, -1, A_DIM },
		[YG_TUI_SERIES_1] = { COLOR_CYAN, COLOR_BLACK, 0 }, [YG_TUI_SERIES_2] = { COLOR_YELLOW, COLOR_BLACK, 0 },
		[YG_TUI_SERIES_3] = { COLOR_WHITE, COLOR_BLACK, A_BOLD }, [YG_TUI_SERIES_4] = { -1, -1, A_DIM } } },
	{ "light", {
		[YG_TUI_TEXT] = { COLOR_BLACK, COLOR_WHITE, 0 }, [YG_TUI_DIM] = { COLOR_BLACK, COLOR_WHITE, A_DIM },
		[YG_TUI_HEADER] = { COLOR_WHITE, COLOR_BLUE, A_BOLD }, [YG_TUI_TAB] = { COLOR_BLACK, COLOR_WHITE, 0 },
		[YG_TUI_TAB_ACTIVE] = { COLOR_WHITE, COLOR_BLUE, A_BOLD }, [YG_TUI_TITLE] = { COLOR_BLACK, COLOR_WHITE, A_BOLD },
		[YG_TUI_CURSOR] = { COLOR_WHITE, COLOR_BLUE, 0 }, [YG_TUI_ECHO] = { COLOR_BLUE, COLOR_WHITE, 0 },
		[YG_TUI_MESSAGE] = { COLOR_BLACK, COLOR_WHITE, 0 }, [YG_TUI_ERROR] = { COLOR_WHITE, COLOR_RED, A_BOLD },
		[YG_TUI_WARNING] = { COLOR_BLACK, COLOR_YELLOW, 0 }, [YG_TUI_KEY] = { COLOR_BLACK, COLOR_WHITE, A_BOLD },
		[YG_TUI_MATCH] = { COLOR_BLUE, COLOR_WHITE, A_UNDERLINE }, [YG_TUI_DRAFT] = { COLOR_BLACK, COLOR_WHITE, A_DIM },
		[YG_TUI_SERIES_1] = { COLOR_BLUE, COLOR_WHITE, 0 }, [YG_TUI_SERIES_2] = { COLOR_MAGENTA, COLOR_WHITE, 0 },
		[YG_TUI_SERIES_3] = { COLOR_BLACK, COLOR_WHITE, A_BOLD }, [YG_TUI_SERIES_4] = { COLOR_BLACK, COLOR_WHITE, A_DIM } } },
	{ "mono", {
		[YG_TUI_TEXT] = { -1, -1, 0 }, [YG_TUI_DIM] = { -1, -1, 0 }, [YG_TUI_HEADER] = { -1, -1, A_BOLD },
		[YG_TUI_TAB] = { -1, -1, 0 }, [YG_TUI_TAB_ACTIVE] = { -1, -1, A_REVERSE }, [YG_TUI_TITLE] = { -1, -1, A_BOLD },
		[YG_TUI_CURSOR] = { -1, -1, A_REVERSE }, [YG_TUI_ECHO] = { -1, -1, 0 }, [YG_TUI_MESSAGE] = { -1, -1, 0 },
		[YG_TUI_ERROR] = { -1, -1, A_REVERSE | A_BOLD }, [YG_TUI_WARNING] = { -1, -1, A_UNDERLINE }, [YG_TUI_KEY] = { -1, -1, A_BOLD },
		[YG_TUI_MATCH] = { -1, -1, A_UNDERLINE }, [YG_TUI_DRAFT] = { -1, -1, 0 }, [YG_TUI_SERIES_1] = { -1, -1, 0 },
		[YG_TUI_SERIES_2] = { -1, -1, 0 }, [YG_TUI_SERIES_3] = { -1, -1, A_BOLD }, [YG_TUI_SERIES_4] = { -1, -1, 0 } } },
	{ "contrast", {
		[YG_TUI_TEXT] = { COLOR_WHITE, COLOR_BLACK, A_BOLD }, [YG_TUI_DIM] = { COLOR_WHITE, COLOR_BLACK, 0 },
		[YG_TUI_HEADER] = { COLOR_BLACK, COLOR_WHITE, A_BOLD }, [YG_TUI_TAB] = { COLOR_WHITE, COLOR_BLACK, A_BOLD },
		[YG_TUI_TAB_ACTIVE] = { COLOR_BLACK, COLOR_YELLOW, A_BOLD }, [YG_TUI_TITLE] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
		[YG_TUI_CURSOR] = { COLOR_BLACK, COLOR_WHITE, A_BOLD }, [YG_TUI_ECHO] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
		[YG_TUI_MESSAGE] = { COLOR_WHITE, COLOR_BLACK, A_BOLD }, [YG_TUI_ERROR] = { COLOR_WHITE, COLOR_RED, A_BOLD },
		[YG_TUI_WARNING] = { COLOR_BLACK, COLOR_YELLOW, A_BOLD }, [YG_TUI_KEY] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
		[YG_TUI_MATCH] = { COLOR_BLACK, COLOR_YELLOW, A_UNDERLINE }, [YG_TUI_DRAFT] = { COLOR_WHITE, COLOR_BLACK, 0 },
		[YG_TUI_SERIES_1] = { COLOR_CYAN, COLOR_BLACK, A_BOLD }, [YG_TUI_SERIES_2] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
		[YG_TUI_SERIES_3] = { COLOR_WHITE, COLOR_BLACK, A_BOLD }, [YG_TUI_SERIES_4] = { COLOR_WHITE, COLOR_BLACK, 0 } } },
};

/* With 256 colours the series stand farther apart: steps of blue, orange, grey. */
static const struct {
	const char *theme;
	int role;
	short foreground, background;
} finer[] = {
	{ "default", YG_TUI_SERIES_1, 75, 16 }, { "default", YG_TUI_SERIES_2, 214, 16 }, { "default", YG_TUI_SERIES_3, 255, 16 },
	{ "default", YG_TUI_SERIES_4, 245, 16 }, { "default", YG_TUI_ECHO, 117, 236 }, { "default", YG_TUI_WARNING, 16, 221 },
	{ "light", YG_TUI_SERIES_1, 25, 231 }, { "light", YG_TUI_SERIES_2, 166, 231 }, { "light", YG_TUI_SERIES_3, 16, 231 },
	{ "light", YG_TUI_SERIES_4, 102, 231 }, { "light", YG_TUI_ECHO, 25, 254 }, { "light", YG_TUI_DIM, 240, 231 }, { "light", YG_TUI_DRAFT, 240, 231 },
};

static const struct theme *current = &themes[0];
static bool colour, colourless, is_open, utf8;
static attr_t look[YG_TUI_ROLES];
static short pair[YG_TUI_ROLES];
static MEVENT mouse_event;

/* What a signal handler needs, computed beforehand. */
static struct termios saved_termios;
static bool have_termios;
static char restore_bytes[256];
static size_t restore_length;
static char signal_stack[32768];

static void restore_add(const char *sequence)
{
	/* terminfo padding like $<5> is for terminals of the past: left out. */
	for (; sequence && *sequence && restore_length + 1 < sizeof restore_bytes; sequence++) {
		if (sequence[0] == '$' && sequence[1] == '<') {
			while (*sequence && *sequence != '>')
				sequence++;
			if (!*sequence)
				break;
			continue;
		}
		restore_bytes[restore_length++] = *sequence;
	}
}

static void write_restore(void)
{
	ssize_t ignored = write(STDOUT_FILENO, restore_bytes, restore_length);

	(void)ignored;
	if (have_termios)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved_termios);
}

static void fatal(int signal_number)
{
	write_restore();
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void prepare_restore(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTERM, SIGHUP, SIGQUIT };
	static const char *const capabilities[] = { "sgr0", "cnorm", "rmkx", "rmcup" };
	stack_t stack = { .ss_sp = signal_stack, .ss_size = sizeof signal_stack };
	struct sigaction action;

	restore_length = 0;
	for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
		const char *s = tigetstr(capabilities[i]);
		if (s != (char *)-1)
			restore_add(s);
	}
	restore_add("\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l");
	sigaltstack(&stack, NULL);
	memset(&action, 0, sizeof action);
	action.sa_handler = fatal;
	action.sa_flags = SA_ONSTACK;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &action, NULL);
}

void yg_term_reset(void)
{
	static const char bytes[] = "\x1b[0m\x1b[?25h\x1b[?1l\x1b>\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1049l";
	ssize_t ignored = write(STDOUT_FILENO, bytes, sizeof bytes - 1);

	(void)ignored;
}

/* A colour of the 256 as this terminal counts colours: with direct colour those above the first eight are red-green-blue. */
static int direct(int c)
{
	static const int step[6] = { 0, 95, 135, 175, 215, 255 };

	if (COLORS <= 256 || c < 16)
		return c;
	if (c >= 232)
		return (8 + 10 * (c - 232)) * 0x10101;
	c -= 16;
	return step[c / 36] << 16 | step[c / 6 % 6] << 8 | step[c % 6];
}

static void apply_theme(void)
{
	colour = !colourless && strcmp(current->name, "mono") != 0;
	for (int r = 0; r < YG_TUI_ROLES; r++) {
		const struct look *l = &current->role[r];
		short foreground = l->foreground, background = l->background;
		for (size_t i = 0; colour && COLORS >= 256 && i < sizeof finer / sizeof *finer; i++)
			if (finer[i].role == r && strcmp(finer[i].theme, current->name) == 0) {
				foreground = finer[i].foreground;
				background = finer[i].background;
			}
		/* the eighth of the eight is grey on most terminals; of the 256 there is a white, and one page has one white */
		if (colour && COLORS >= 256 && !strcmp(current->name, "light")) {
			background = background == COLOR_WHITE ? 231 : background;
			foreground = foreground == COLOR_WHITE ? 231 : foreground == COLOR_BLACK ? 16 : foreground;
		}
		look[r] = l->attributes;
		pair[r] = 0;
		if (colour && (foreground >= 0 || background >= 0)) {
			init_extended_pair(r + 1, direct(foreground), direct(background));
			pair[r] = (short)(r + 1);
		} else if (!colour && l->background >= 0 && l->background != COLOR_BLACK && r != YG_TUI_TEXT) {
			/* Without colour what stood out by its background stands out in reverse. */
			look[r] |= A_REVERSE;
		}
	}
}

enum yg_status yg_term_theme(const char *theme, struct yg_err *err)
{
	for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
		if (strcmp(themes[i].name, theme) == 0) {
			current = &themes[i];
			if (is_open)
				apply_theme();
			return YG_OK;
		}
	return yg_fail(err, YG_ESYNTAX, "E-TUI-001", N_("there is no theme %s; themes are default, light, mono, contrast"), theme);
}

void yg_term_use_mouse(bool on)
{
	mouseinterval(0);   /* a press counts at once, without waiting for a second one */
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

enum yg_status yg_term_open(const struct yg_term_options *o, struct yg_err *err)
{
	const char *no_color = getenv("NO_COLOR");

	YG_TRY(yg_term_theme(o->theme ? o->theme : "default", err));
	have_termios = tcgetattr(STDIN_FILENO, &saved_termios) == 0;
	if (!getenv("ESCDELAY"))
		set_escdelay(25);
	if (!newterm(NULL, stdout, stdin))
		return yg_fail(err, YG_EINVAL, "E-TUI-002", N_("this terminal (TERM=%s) cannot show screens; use: yogo repl"),
		               getenv("TERM") ? getenv("TERM") : "");
	is_open = true;
	utf8 = yg_term_utf8();
	prepare_restore();
	atexit(yg_term_close);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	meta(stdscr, TRUE);
	colourless = !has_colors() || o->no_color || (no_color && *no_color);
	if (!colourless) {
		start_color();
		use_default_colors();
	}
	apply_theme();
	if (o->mouse)
		yg_term_use_mouse(true);
	return YG_OK;
}

bool yg_term_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void yg_term_close(void)
{
	if (!is_open)
		return;
	is_open = false;
	endwin();
	write_restore();
}

void yg_term_redraw(void)
{
	clearok(curscr, TRUE);
}

/* The shell gets its own terminal back and ours when it lets us go on. */
void yg_term_suspend(void)
{
	def_prog_mode();
	endwin();
	write_restore();
	raise(SIGSTOP);
	reset_prog_mode();
	clearok(curscr, TRUE);
	refresh();
}

void yg_term_size(int *rows, int *columns)
{
	getmaxyx(stdscr, *rows, *columns);
}

void yg_term_show(const struct yg_canvas *c, int cursor_row, int cursor_column)
{
	erase();
	for (int r = 0; r < c->rows; r++)
		for (int k = 0; k < c->columns; k++) {
			const struct yg_canvas_cell *cell = &c->cell[(size_t)r * (size_t)c->columns + (size_t)k];
			if (cell->width == 0)
				continue;
			attr_set(look[cell->role], pair[cell->role], NULL);
			/* a character set without the character shows that one is there */
			mvaddstr(r, k, utf8 || (unsigned char)cell->text[0] < 0x80 ? cell->text : cell->width == 2 ? "??" : "?");
		}
	attr_set(A_NORMAL, 0, NULL);
	if (cursor_row >= 0) {
		move(cursor_row, cursor_column);
		curs_set(1);
	} else {
		curs_set(0);
	}
	refresh();
}

void yg_term_mouse(int *row, int *column, int *wheel)
{
	*row = mouse_event.y;
	*column = mouse_event.x;
	*wheel = mouse_event.bstate & BUTTON4_PRESSED ? -1 : mouse_event.bstate & BUTTON5_PRESSED ? 1 : 0;
}

static int from_curses(wint_t code)
{
	if (code >= KEY_F(1) && code <= KEY_F(10))
		return YG_KEY_F1 + (int)(code - KEY_F(1));
	switch (code) {
	case KEY_UP: return YG_KEY_UP;
	case KEY_DOWN: return YG_KEY_DOWN;
	case KEY_LEFT: return YG_KEY_LEFT;
	case KEY_RIGHT: return YG_KEY_RIGHT;
	case KEY_HOME: return YG_KEY_HOME;
	case KEY_END: return YG_KEY_END;
	case KEY_PPAGE: return YG_KEY_PAGE_UP;
	case KEY_NPAGE: return YG_KEY_PAGE_DOWN;
	case KEY_DC: return YG_KEY_DELETE;
	case KEY_IC: return YG_KEY_INSERT;
	case KEY_BTAB: return YG_KEY_BACK_TAB;
	case KEY_BACKSPACE: return YG_KEY_BACKSPACE;
	case KEY_ENTER: return YG_KEY_ENTER;
	case KEY_RESIZE: return YG_KEY_RESIZE;
	case KEY_MOUSE: return getmouse(&mouse_event) == OK ? YG_KEY_MOUSE : YG_KEY_NONE;
	default: return YG_KEY_UNKNOWN;
	}
}

int yg_term_key(int timeout_ms)
{
	wint_t code;
	int kind;

	timeout(timeout_ms);
	kind = get_wch(&code);
	if (kind == ERR)
		return YG_KEY_NONE;
	if (kind == KEY_CODE_YES)
		return from_curses(code);
	if (code == 8)
		return YG_KEY_BACKSPACE;
	return code == '\n' ? YG_KEY_ENTER : (int)code;
}
