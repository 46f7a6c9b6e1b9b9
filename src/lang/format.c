/*
 * "yogo format": the script's own tokens with canonical blanks between them.  The parser records
 * each token it consumes and what it wants of the blanks around it; comments, blank lines and the
 * line ends inside a statement are in the gaps between tokens and are kept.
 */
#include <string.h>

#include "lang/parse_priv.h"
#include "yogo/lang/print.h"

struct formatter {
	const char *text;
	size_t n;
	struct yg_buf *out;
	bool line_empty;      /* nothing written on the current line yet */
	bool started;         /* anything written at all */
};

static void newline(struct formatter *f)
{
	if (f->started)
		yg_buf_addc(f->out, '\n');
	f->line_empty = true;
}

static void indent(struct formatter *f, unsigned level)
{
	if (f->line_empty)
		yg_buf_fill(f->out, ' ', 2 * (size_t)level);
	f->line_empty = false;
	f->started = true;
}

static void comment(struct formatter *f, size_t from, size_t to)
{
	while (to > from && (f->text[to - 1] == ' ' || f->text[to - 1] == '\t'))
		to--;
	yg_buf_add(f->out, f->text + from, to - from);
}

struct gap {
	bool statement_ends;  /* the line before is a whole statement or clause */
	bool statement_ended; /* ... and its line end has been passed */
	unsigned level;       /* indentation of comments on lines of their own */
};

/*
 * What stands between two tokens: comments and line ends.  Returns how many line ends came last,
 * without a comment behind them.
 */
static size_t gap(struct formatter *f, size_t from, size_t to, struct gap *g)
{
	size_t line_ends = 0;
	for (size_t i = from; i < to;) {
		char c = f->text[i];
		if (c == '#') {
			size_t end = i;
			while (end < to && f->text[end] != '\n' && f->text[end] != '\r')
				end++;
			if (line_ends == 0 && !f->line_empty) {
				yg_buf_adds(f->out, "  "); /* at the end of a line of code */
			} else {
				for (size_t k = 0; k < line_ends && f->started; k++)
					newline(f);
				indent(f, g->level);
			}
			comment(f, i, end);
			line_ends = 0;
			i = end;
		} else if (c == '\n' || c == '\r') {
			i += c == '\r' && i + 1 < to && f->text[i + 1] == '\n' ? 2 : 1;
			line_ends++;
		} else {
			i++; /* blanks of all kinds, and the ";" that ends a statement */
		}
	}
	return line_ends;
}

static bool blank_between(const struct yg_trace_token *left, const struct yg_trace_token *right)
{
	if ((left->glue & YG_GLUE_AFTER) || (right->glue & YG_GLUE_BEFORE))
		return false;
	switch (right->kind) {
	case YG_TOKEN_COMMA:
	case YG_TOKEN_CLOSE:
	case YG_TOKEN_CLOSE_SQUARE:
	case YG_TOKEN_COLON:
	case YG_TOKEN_CARET:
		return false;
	case YG_TOKEN_OPEN:
		if (left->call)
			return false;
		break;
	default:
		break;
	}
	return left->kind != YG_TOKEN_OPEN && left->kind != YG_TOKEN_OPEN_SQUARE && left->kind != YG_TOKEN_CARET;
}

static void token(struct formatter *f, const struct yg_trace_token *t)
{
	yg_buf_add(f->out, f->text + t->at, t->len);
	f->line_empty = false;
	f->started = true;
}

/* The tokens that are not line ends; a line end only marks that a statement is over. */
static void write_all(struct formatter *f, const struct yg_trace *trace)
{
	size_t end = f->n >= 3 && memcmp(f->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	const struct yg_trace_token *last = NULL;
	bool over = true;
	for (size_t i = 0; i < trace->n; i++) {
		const struct yg_trace_token *t = &trace->v[i];
		if (t->kind == YG_TOKEN_EOL) {
			over = true;
			continue;
		}
		struct gap g = { .level = over ? t->level : t->level + 1 };
		/* "end" closes its block: it stands at the margin, comments before it inside */
		if (t->end)
			g.level = 1;
		size_t line_ends = gap(f, end, t->at, &g);
		if (over) {
			if (line_ends == 0 && last)
				line_ends = 1; /* it was a ";" */
			for (size_t k = 0; k < line_ends && f->started; k++)
				newline(f);
			indent(f, t->level);
		} else if (line_ends) {
			newline(f); /* the statement goes on; no blank lines within */
			indent(f, t->level + 1);
		} else if (last && blank_between(last, t)) {
			yg_buf_addc(f->out, ' ');
		}
		token(f, t);
		last = t;
		end = t->at + t->len;
		over = false;
	}
	struct gap g = { .level = 0 };
	(void)gap(f, end, f->n, &g);
	if (f->started)
		yg_buf_addc(f->out, '\n');
}

enum yg_status yg_format_script(const char *text, size_t n, struct yg_buf *out, struct yg_err *err)
{
	struct yg_arena arena;
	struct yg_node *script = NULL;
	/* through the ordinary door first, for its messages */
	yg_arena_init(&arena);
	enum yg_status status = yg_parse_script(&arena, text, n, &script, err);
	if (status == YG_OK) {
		struct yg_parser p;
		struct yg_trace trace = { NULL, 0, 0 };
		yg_parser_init(&p, &arena, text, n, 0, NULL);
		p.trace = &trace;
		(void)yg_parse_script_node(&p);
		struct formatter f = { .text = text, .n = n, .out = out, .line_empty = true };
		write_all(&f, &trace);
		yg_parser_release(&p);
		yg_free(trace.v);
	}
	yg_arena_release(&arena);
	return status;
}
