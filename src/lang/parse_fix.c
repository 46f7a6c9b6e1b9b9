/* Corrected lines, and the messages about what the lexer could not read. */
#include <stdio.h>
#include <string.h>

#include "lang/char_priv.h"
#include "lang/parse_priv.h"
#include "yogo/base/date.h"

void *yg_parser_failed(struct yg_parser *p, enum yg_status status)
{
	p->status = status;
	p->at_end = p->tok.kind == YG_TOKEN_END;
	p->goes_on = p->lexer.depth > 0 || p->level > 0 || p->joined;
	return NULL;
}

struct yg_shown yg_show_text(const char *p, size_t n)
{
	struct yg_shown shown;
	size_t width, bytes = yg_text_cut(p, n < 80 ? n : 80, 40, &width);
	bool cut = bytes < n;
	if (bytes > 80)
		bytes = 80;
	shown.text[0] = '"';
	memcpy(shown.text + 1, p, bytes);
	memcpy(shown.text + 1 + bytes, cut ? "...\"" : "\"", cut ? 5 : 2);
	return shown;
}

struct yg_shown yg_show(const struct yg_parser *p, const struct yg_token *token)
{
	struct yg_shown shown;
	const char *phrase = token->kind == YG_TOKEN_END ? _("the end of the text")
	                     : token->kind != YG_TOKEN_EOL ? NULL
	                     : p->lexer.text[token->at] == ';' ? "\";\"" : _("the end of the line");
	if (!phrase) {
		const char *from = p->lexer.text + token->at;
		if (token->kind == YG_TOKEN_STRING) { /* without doubling the quotes */
			shown = yg_show_text(from + 1, token->len - 2);
			return shown;
		}
		return yg_show_text(from, token->len);
	}
	size_t n = strlen(phrase);
	if (n > sizeof shown.text - 1)
		n = sizeof shown.text - 1;
	memcpy(shown.text, phrase, n);
	shown.text[n] = 0;
	return shown;
}

/* ---- corrected lines ---- */

static bool line_end(char c)
{
	return c == '\n' || c == '\r';
}

bool yg_line_around(const struct yg_parser *p, size_t from, size_t to, size_t *start, size_t *end)
{
	const char *text = p->lexer.text;
	for (size_t i = from; i < to; i++)
		if (line_end(text[i]))
			return false;
	*start = from;
	while (*start > 0 && !line_end(text[*start - 1]))
		--*start;
	if (*start == 0 && p->lexer.n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 && from >= 3)
		*start = 3;
	while (*start < from && (text[*start] == ' ' || text[*start] == '\t'))
		++*start;
	*end = to;
	while (*end < p->lexer.n && !line_end(text[*end]))
		++*end;
	while (*end > to && (text[*end - 1] == ' ' || text[*end - 1] == '\t'))
		--*end;
	return true;
}

void yg_set_fixed(struct yg_parser *p, const struct yg_buf *line)
{
	if (line->len < sizeof p->err->fixed)
		yg_err_fixed(p->err, "%s", line->data);
}

void yg_fix(struct yg_parser *p, size_t from, size_t to, const char *replacement)
{
	size_t start, end;
	if (!yg_line_around(p, from, to, &start, &end) || end - start > sizeof p->err->fixed)
		return;
	struct yg_buf line;
	yg_buf_init(&line);
	yg_buf_add(&line, p->lexer.text + start, from - start);
	yg_buf_adds(&line, replacement);
	yg_buf_add(&line, p->lexer.text + to, end - to);
	yg_set_fixed(p, &line);
	yg_buf_release(&line);
}

void yg_fix_move(struct yg_parser *p, size_t from, size_t to, size_t before)
{
	const char *text = p->lexer.text;
	size_t start, end;
	if (!yg_line_around(p, before, to, &start, &end) || end - start > sizeof p->err->fixed)
		return;
	while (to > from && text[to - 1] == ' ')
		to--;
	struct yg_buf line;
	yg_buf_init(&line);
	yg_buf_add(&line, text + start, before - start);
	yg_buf_add(&line, text + from, to - from);
	yg_buf_addc(&line, ' ');
	size_t stop = from;
	while (stop > before && text[stop - 1] == ' ')
		stop--;
	yg_buf_add(&line, text + before, stop - before);
	yg_buf_add(&line, text + to, end - to);
	yg_set_fixed(p, &line);
	yg_buf_release(&line);
}

/* The line with every full-width or typographic symbol outside strings in its ASCII form. */
static void fix_half(struct yg_parser *p, size_t at)
{
	size_t start, end;
	if (!yg_line_around(p, at, at, &start, &end) || end - start > sizeof p->err->fixed)
		return;
	struct yg_buf line;
	yg_buf_init(&line);
	bool in_string = false, after_digit = false;
	for (size_t i = start; i < end;) {
		uint32_t c;
		char half[2];
		size_t len = yg_utf8_next(p->lexer.text + i, end - i, &c);
		const char *ascii = c >= 0x80 ? yg_char_half(c, half) : NULL;
		bool letter = (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A);
		bool double_quote = yg_char_double_quote(c);
		if (letter && !after_digit)
			ascii = NULL; /* a name may be written so; "30d" may not */
		if (c == '"' || double_quote) {
			in_string = !in_string;
			yg_buf_addc(&line, '"');
		} else if (c == '#' && !in_string) {
			yg_buf_add(&line, p->lexer.text + i, end - i);
			break;
		} else if (in_string) {
			yg_buf_add(&line, p->lexer.text + i, len);
		} else if (c == 0x3000) {
			yg_buf_addc(&line, ' ');
		} else if (ascii) {
			yg_buf_adds(&line, ascii);
		} else if (yg_char_single_quote(c) || c == '\'') {
			yg_buf_addc(&line, '"');
		} else {
			yg_buf_add(&line, p->lexer.text + i, len);
		}
		after_digit = (c >= 0xFF10 && c <= 0xFF19) || (letter && after_digit);
		i += len;
	}
	yg_set_fixed(p, &line);
	yg_buf_release(&line);
}

/* ---- what the lexer could not read ---- */

static void *bad_date(struct yg_parser *p, const struct yg_token *token, const char *written)
{
	int year = 0, month = 0, day = 0;
	for (int i = 0; i < 4; i++)
		year = 10 * year + (written[i] - '0');
	month = 10 * (written[5] - '0') + (written[6] - '0');
	day = 10 * (written[8] - '0') + (written[9] - '0');
	YG_FAIL(p, token->at, token->len, "E-SYN-010", N_("there is no such day as %.10s"), written);
	if (month >= 1 && month <= 12 && day > 28 && yg_date_valid(year, month, 28)) {
		int last = 28;
		while (yg_date_valid(year, month, last + 1))
			last++;
		char mended[16];
		yg_date_print(mended, yg_date_from_civil(year, month, last), YG_DAY);
		yg_fix(p, token->at, token->at + token->len, mended);
	} else {
		yg_err_hint(p->err, N_("a date is written year-month-day: 2024-09-30"));
	}
	return NULL;
}

static void *bad_operator(struct yg_parser *p, const struct yg_token *token)
{
	struct yg_shown shown = yg_show_text(p->lexer.text + token->at, token->len);
	YG_FAIL(p, token->at, token->len, "E-SYN-013", N_("%s is not an operator here; it is written \"%s\""), shown.text,
	        token->half);
	const char *text = p->lexer.text;
	bool word = token->half[0] >= 'a' && token->half[0] <= 'z';
	bool glued_before = word && token->at > 0 && text[token->at - 1] != ' ' && text[token->at - 1] != '(';
	bool glued_after = word && token->at + token->len < p->lexer.n && text[token->at + token->len] != ' ';
	char with_blanks[16];
	snprintf(with_blanks, sizeof with_blanks, "%s%s%s", glued_before ? " " : "", token->half, glued_after ? " " : "");
	yg_fix(p, token->at, token->at + token->len, with_blanks);
	return NULL;
}

static void *bad_unit(struct yg_parser *p, const struct yg_token *token, const char *shown)
{
	const char *written = p->lexer.text + token->at;
	YG_FAIL(p, token->at, token->len, "E-SYN-009", N_("%s is neither a number nor a duration"), shown);
	size_t digits = 0;
	while (digits < token->len && ((written[digits] >= '0' && written[digits] <= '9') || written[digits] == '.'))
		digits++;
	static const struct {
		const char *words, *unit;
	} units[] = {
		{ "day days D", "d" }, { "week weeks wk wks W", "w" }, { "month months mo mos M", "m" },
		{ "year years yr yrs a Y", "y" },
	};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (yg_word_among(units[i].words, written + digits, token->len - digits))
			yg_fix(p, token->at + digits, token->at + token->len, units[i].unit);
	yg_err_hint(p->err, N_("units are d, w, m and y: 30d, 12m; a name begins with a letter or _, or stands in back-quotes"));
	return NULL;
}

static void *bad_quotes(struct yg_parser *p, const struct yg_token *token)
{
	YG_FAIL(p, token->at, token->len, "E-SYN-005", N_("text stands in plain double quotes: \"...\""));
	fix_half(p, token->at);
	return NULL;
}

/* An unclosed string: the closing mark goes to the end of the line, or the quote was a stray one. */
static void *bad_string(struct yg_parser *p, const struct yg_token *token)
{
	YG_FAIL(p, token->at, 1, "E-SYN-007", N_("this text is not closed before the end of the line"));
	yg_err_hint(p->err, N_("close it with \" on the same line; a quote inside is written twice: \"\""));
	return NULL;
}

void *yg_bad_token(struct yg_parser *p, const struct yg_token *token)
{
	size_t at = token->at, len = token->len;
	const char *written = p->lexer.text + at;
	struct yg_shown shown = yg_show_text(written, len);
	uint32_t c = 0;
	if (len)
		yg_utf8_next(written, len, &c);
	switch (token->bad) {
	case YG_BAD_UTF8:
		YG_FAIL(p, at, len, "E-SYN-001", N_("byte %zu of the text, 0x%02x, is not UTF-8"), at + 1,
		        (unsigned)(unsigned char)written[0]);
		yg_err_hint(p->err, N_("save the script as UTF-8"));
		return NULL;
	case YG_BAD_CONTROL:
		YG_FAIL(p, at, len, "E-SYN-002", N_("there is a control character (0x%02x) here"), (unsigned)c);
		return NULL;
	case YG_BAD_HIDDEN:
		YG_FAIL(p, at, len, "E-SYN-003", N_("there is an invisible character (U+%04X) here; delete it"), (unsigned)c);
		return NULL;
	case YG_BAD_WIDE:
		YG_FAIL(p, at, len, "E-SYN-004", N_("%s is a full-width or typographic symbol"), shown.text);
		fix_half(p, at);
		return NULL;
	case YG_BAD_QUOTE:
	case YG_BAD_SINGLE_QUOTE:
		return bad_quotes(p, token);
	case YG_BAD_STRING:
		return bad_string(p, token);
	case YG_BAD_BACKQUOTE:
		return YG_FAIL(p, at, len, "E-SYN-008", N_("a name in back-quotes must be closed on its line and not be empty"));
	case YG_BAD_NUMBER:
		YG_FAIL(p, at, len, "E-SYN-009", N_("%s is not a number"), shown.text);
		yg_fix(p, at + len - 1, at + len, "");
		return NULL;
	case YG_BAD_RANGE:
		return YG_FAIL(p, at, len, "E-SYN-009", N_("the number %s is too large"), shown.text);
	case YG_BAD_UNIT:
		return bad_unit(p, token, shown.text);
	case YG_BAD_DATE:
		return bad_date(p, token, written);
	case YG_BAD_DOTS:
		return YG_FAIL(p, at, len, "E-SYN-011", N_("a dot in a name stands between two parts of it: %s"), shown.text);
	case YG_BAD_OPERATOR:
		return bad_operator(p, token);
	default:
		return YG_FAIL(p, at, len, "E-SYN-006", N_("%s has no place in the language"), shown.text);
	}
}
