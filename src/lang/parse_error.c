/* The parser's messages: cause, place, and the corrected line where one edit mends it. */
#include <stdio.h>
#include <string.h>

#include "lang/char_priv.h"
#include "lang/parse_priv.h"
#include "yogo/base/date.h"
#include "yogo/lang/source.h"

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

static bool line_around(const struct yg_parser *p, size_t from, size_t to, size_t *start, size_t *end)
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

static void set_fixed(struct yg_parser *p, const struct yg_buf *line)
{
	if (line->len < sizeof p->err->fixed)
		yg_err_fixed(p->err, "%s", line->data);
}

void yg_fix(struct yg_parser *p, size_t from, size_t to, const char *replacement)
{
	size_t start, end;
	if (!line_around(p, from, to, &start, &end) || end - start > sizeof p->err->fixed)
		return;
	struct yg_buf line;
	yg_buf_init(&line);
	yg_buf_add(&line, p->lexer.text + start, from - start);
	yg_buf_adds(&line, replacement);
	yg_buf_add(&line, p->lexer.text + to, end - to);
	set_fixed(p, &line);
	yg_buf_release(&line);
}

void yg_fix_move(struct yg_parser *p, size_t from, size_t to, size_t before)
{
	const char *text = p->lexer.text;
	size_t start, end;
	if (!line_around(p, before, to, &start, &end) || end - start > sizeof p->err->fixed)
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
	set_fixed(p, &line);
	yg_buf_release(&line);
}

/* The line with every full-width or typographic symbol outside strings in its ASCII form. */
static void fix_half(struct yg_parser *p, size_t at)
{
	size_t start, end;
	if (!line_around(p, at, at, &start, &end) || end - start > sizeof p->err->fixed)
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
	set_fixed(p, &line);
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

/* ---- what the grammar did not want ---- */

void *yg_stray_bracket(struct yg_parser *p)
{
	struct yg_shown shown = yg_show(p, &p->tok);
	YG_FAIL_TOKEN(p, "E-SYN-028", N_("%s closes nothing"), shown.text);
	yg_fix(p, p->tok.at, p->tok.at + p->tok.len, "");
	return NULL;
}

void *yg_expected(struct yg_parser *p, const char *what)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	struct yg_shown shown = yg_show(p, &p->tok);
	if (p->tok.kind == YG_TOKEN_NAME && p->tok.reserved) {
		YG_FAIL_TOKEN(p, "E-SYN-031", N_("expected %s, found the word %s, which is reserved"), _(what), shown.text);
		yg_err_hint(p->err, N_("a column of that name is written in back-quotes: `%.*s`"), (int)p->tok.len,
		            p->lexer.text + p->tok.at);
		return NULL;
	}
	YG_FAIL_TOKEN(p, "E-SYN-030", N_("expected %s, found %s"), _(what), shown.text);
	if (p->tok.fresh && p->prev_end && p->tok.kind > YG_TOKEN_BAD)
		yg_err_hint(p->err, N_("the line above goes on here, because it ends in a comma, an operator or an open bracket"));
	return NULL;
}

void *yg_expected_end(struct yg_parser *p, const char *what)
{
	if (yg_at(p, YG_TOKEN_CLOSE) || yg_at(p, YG_TOKEN_CLOSE_SQUARE))
		return yg_stray_bracket(p);
	return yg_expected(p, what);
}

void *yg_option_misplaced(struct yg_parser *p, size_t from)
{
	struct yg_shown shown = yg_show(p, &p->tok);
	YG_FAIL_TOKEN(p, "E-SYN-012", N_("an option must follow \"with\", found %s"), shown.text);
	yg_fix(p, from, p->tok.at, " with ");
	return NULL;
}

/* The nearest of "a b c" within two edits (one for short words), or NULL. */
static const char *near_word(const char *const *words, size_t n, const char *word)
{
	const char *best = NULL;
	size_t least = strlen(word) > 4 ? 3 : 2;
	for (size_t i = 0; i < n; i++) {
		size_t d = yg_text_distance(words[i], word, least);
		if (d < least) {
			least = d;
			best = words[i];
		}
	}
	return best;
}

static const char *const clause_words[] = { "by", "strata", "cluster", "on", "using", "where", "to", "with", "as" };

static bool is_comparison(enum yg_token_kind kind)
{
	return kind >= YG_TOKEN_EQ && kind <= YG_TOKEN_GE;
}

/* "tab chol is missing": a condition where columns are wanted. */
static void *condition_in_list(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *command)
{
	const struct yg_node *list = yg_node_find(command, YG_NODE_LIST);
	const struct yg_node *last = list && list->children ? list->child[list->children - 1] : NULL;
	YG_FAIL_TOKEN(p, "E-SYN-016", N_("%s takes names here, not a condition"), spec->name);
	if (!last || !last->text)
		return NULL;
	/* the condition runs to the next clause or the end of the line */
	struct yg_lexer lexer = p->lexer;
	struct yg_token token = p->tok;
	size_t end = token.at;
	bool missing = false;
	while (token.kind > YG_TOKEN_BAD) {
		bool clause = token.kind == YG_TOKEN_NAME && !token.quoted &&
		              yg_word_among("by strata cluster on using where to with as", lexer.text + token.at, token.len);
		if (clause || (token.kind == YG_TOKEN_COMMA && !lexer.depth))
			break;
		missing = missing || yg_lex_is(&lexer, &token, "missing");
		end = token.at + token.len;
		yg_lex_next(&lexer, &token);
	}
	size_t start, line_stop;
	if (!line_around(p, command->at, end, &start, &line_stop))
		return NULL;
	const char *text = p->lexer.text;
	struct yg_buf line;
	yg_buf_init(&line);
	yg_buf_add(&line, text + start, command->at - start);
	if ((spec->clauses & YG_CLAUSE_WHERE) && list->children == 1 && strcmp(spec->name, "count") == 0) {
		yg_buf_addf(&line, "%s where ", spec->name);
		yg_buf_add(&line, text + last->at, line_stop - last->at);
	} else {
		const char *suffix = missing ? "missing" : "group";
		yg_buf_addf(&line, "let %s_%s = ", last->text, suffix);
		yg_buf_add(&line, text + last->at, end - last->at);
		yg_buf_adds(&line, "; ");
		yg_buf_add(&line, text + command->at, last->at - command->at);
		yg_buf_addf(&line, "%s_%s", last->text, suffix);
		yg_buf_add(&line, text + end, line_stop - end);
	}
	set_fixed(p, &line);
	yg_buf_release(&line);
	return NULL;
}

static void *no_formula(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *command)
{
	if (yg_node_find(command, YG_NODE_FORMULA))
		return yg_expected(p, N_("a clause or the end of the line"));
	YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s takes no \"~\""), spec->name);
	if (spec->clauses & YG_CLAUSE_BY) {
		const char *text = p->lexer.text;
		bool blank_before = p->tok.at && text[p->tok.at - 1] == ' ';
		bool blank_after = p->tok.at + 1 < p->lexer.n && text[p->tok.at + 1] == ' ';
		char by[8];
		snprintf(by, sizeof by, "%sby%s", blank_before ? "" : " ", blank_after ? "" : " ");
		yg_fix(p, p->tok.at, p->tok.at + 1, by);
		yg_err_hint(p->err, N_("the groups compared follow \"by\""));
	}
	return NULL;
}

void *yg_command_tail_error(struct yg_parser *p, const struct yg_verb_spec *spec, const struct yg_node *command)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	if (yg_at(p, YG_TOKEN_CLOSE) || yg_at(p, YG_TOKEN_CLOSE_SQUARE))
		return yg_stray_bracket(p);
	if (yg_at(p, YG_TOKEN_TILDE))
		return no_formula(p, spec, command);
	bool after_list = command->children && command->child[command->children - 1]->kind == YG_NODE_LIST;
	if (after_list && (is_comparison(p->tok.kind) || yg_at_word(p, "is") || yg_at_word(p, "in") || yg_at_word(p, "and")))
		return condition_in_list(p, spec, command);
	if (spec->target == YG_TARGET_NONE && !spec->clauses) {
		struct yg_shown found = yg_show(p, &p->tok);
		return YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s stands alone, found %s"), spec->name, found.text);
	}
	if (!yg_at_name(p))
		return yg_expected(p, N_("a clause (by, on, where ...), \"with\", \"as\" or the end of the line"));
	char *word = yg_token_text(p);
	struct yg_shown shown = yg_show(p, &p->tok);
	if (yg_follows_assign(p) || yg_verb_option(spec, word))
		return yg_option_misplaced(p, p->prev_end);
	if (strcmp(word, "if") == 0) {
		YG_FAIL_TOKEN(p, "E-SYN-027", N_("rows are chosen by \"where\", not by \"if\""));
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, "where");
		return NULL;
	}
	const char *near = near_word(clause_words, sizeof clause_words / sizeof *clause_words, word);
	if (near && strlen(word) > 2) {
		YG_FAIL_TOKEN(p, "E-SYN-027", N_("there is no clause %s"), shown.text);
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, near);
		return NULL;
	}
	if (after_list && spec->formula_required) {
		YG_FAIL_TOKEN(p, "E-SYN-032", N_("%s needs \"~\" before its terms"), spec->name);
		yg_fix(p, p->prev_end, p->tok.at, " ~ ");
		return NULL;
	}
	YG_FAIL_TOKEN(p, "E-SYN-030", N_("expected a comma, a clause (by, on, where ...), \"with\", \"as\" or the end of the "
	                                 "line, found %s"), shown.text);
	if (memchr(p->lexer.text + command->at, '\n', p->tok.at - command->at))
		yg_err_hint(p->err, N_("the line above goes on here, because it ends in a comma, an operator or an open bracket"));
	else if (after_list && (spec->target == YG_TARGET_COLUMNS || spec->target == YG_TARGET_RESULTS ||
	                        spec->target == YG_TARGET_ENDPOINTS))
		yg_fix(p, p->prev_end, p->tok.at, ", ");
	return NULL;
}

/* A clause behind "with" or "as": it belongs before the options. */
static void *clause_too_late(struct yg_parser *p)
{
	struct yg_lexer lexer = { .text = p->lexer.text, .n = p->lexer.n };
	struct yg_token token;
	struct yg_shown shown = yg_show(p, &p->tok);
	YG_FAIL_TOKEN(p, "E-SYN-036", N_("the clause %s comes before \"with\" and \"as\""), shown.text);
	/* it ends at the next "with", "as" or line end; it goes in front of the first "with" or "as" of the line */
	size_t start, stop, from = p->tok.at, to = from, before = from;
	if (!line_around(p, from, from, &start, &stop))
		return NULL;
	yg_lex_init(&lexer, p->lexer.text, stop, start);
	bool found = false;
	for (yg_lex_next(&lexer, &token); token.kind > YG_TOKEN_BAD; yg_lex_next(&lexer, &token)) {
		bool tail = yg_lex_is(&lexer, &token, "with") || yg_lex_is(&lexer, &token, "as");
		if (tail && token.at < from && !found) {
			before = token.at;
			found = true;
		}
		if (token.at > from && tail)
			break;
		if (token.at >= from)
			to = token.at + token.len;
	}
	if (found)
		yg_fix_move(p, from, to, before);
	return NULL;
}

/* "as k with ci=log": the other way round. */
static bool after_as(struct yg_parser *p)
{
	struct yg_lexer lexer;
	struct yg_token token;
	size_t start, stop, as_at = SIZE_MAX, end = p->tok.at;
	if (!line_around(p, p->tok.at, p->tok.at, &start, &stop))
		return false;
	yg_lex_init(&lexer, p->lexer.text, stop, start);
	for (yg_lex_next(&lexer, &token); token.kind > YG_TOKEN_BAD; yg_lex_next(&lexer, &token)) {
		if (token.at < p->tok.at && yg_lex_is(&lexer, &token, "as"))
			as_at = token.at;
		end = token.at + token.len;
	}
	if (as_at == SIZE_MAX)
		return false;
	YG_FAIL_TOKEN(p, "E-SYN-036", N_("\"with\" comes before \"as\""));
	yg_fix_move(p, p->tok.at, end, as_at);
	return true;
}

void *yg_options_tail_error(struct yg_parser *p, const struct yg_verb_spec *spec)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	if (yg_at(p, YG_TOKEN_CLOSE) || yg_at(p, YG_TOKEN_CLOSE_SQUARE))
		return yg_stray_bracket(p);
	if (yg_at_word(p, "with") && after_as(p))
		return NULL;
	if (yg_at_word(p, "with")) {
		YG_FAIL_TOKEN(p, "E-SYN-024", N_("\"with\" stands once; options are separated by commas"));
		yg_fix(p, p->prev_end, p->tok.at + p->tok.len, ",");
		return NULL;
	}
	if (p->tok.kind == YG_TOKEN_NAME && !p->tok.quoted &&
	    yg_word_among("by strata cluster on using where to", p->lexer.text + p->tok.at, p->tok.len))
		return clause_too_late(p);
	if (yg_at_name(p) && (yg_follows_assign(p) || yg_verb_option(spec, yg_token_text(p)))) {
		struct yg_shown shown = yg_show(p, &p->tok);
		YG_FAIL_TOKEN(p, "E-SYN-030", N_("expected a comma before the option %s"), shown.text);
		yg_fix(p, p->prev_end, p->tok.at, ", ");
		return NULL;
	}
	if (yg_at(p, YG_TOKEN_MINUS)) {
		YG_FAIL_TOKEN(p, "E-SYN-011", N_("words have no hyphen"));
		yg_fix(p, p->tok.at, p->tok.at + 1, "");
		return NULL;
	}
	return yg_expected(p, N_("a comma and another option, \"as\" or the end of the line"));
}

void *yg_option_unknown(struct yg_parser *p, const struct yg_verb_spec *spec)
{
	struct yg_shown shown = yg_show(p, &p->tok);
	const char *near = yg_option_nearest(spec, yg_token_text(p));
	if (!spec->option_count)
		return YG_FAIL_TOKEN(p, "E-SYN-020", N_("%s takes no options, found %s"), spec->name, shown.text);
	YG_FAIL_TOKEN(p, "E-SYN-020", N_("%s has no option %s"), spec->name, shown.text);
	if (near) {
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, near);
	} else {
		struct yg_buf names;
		yg_buf_init(&names);
		for (size_t i = 0; i < spec->option_count; i++)
			yg_buf_addf(&names, "%s%s", i ? ", " : "", spec->options[i].name);
		yg_err_hint(p->err, N_("its options: %s"), names.data);
		yg_buf_release(&names);
	}
	return NULL;
}

void *yg_unknown_statement(struct yg_parser *p)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	struct yg_shown shown = yg_show(p, &p->tok);
	if (yg_at(p, YG_TOKEN_STAR) || yg_at(p, YG_TOKEN_SLASH)) {
		YG_FAIL_TOKEN(p, "E-SYN-038", N_("a line begins with a verb, found %s"), shown.text);
		yg_err_hint(p->err, N_("a comment begins with #"));
		return NULL;
	}
	if (yg_at(p, YG_TOKEN_CLOSE) || yg_at(p, YG_TOKEN_CLOSE_SQUARE))
		return yg_stray_bracket(p);
	if (p->tok.kind != YG_TOKEN_NAME || p->tok.reserved || p->tok.quoted) {
		YG_FAIL_TOKEN(p, "E-SYN-038", N_("a line begins with a verb, found %s"), shown.text);
		if (p->tok.reserved)
			yg_err_hint(p->err, N_("to go on with the line above, end it in a comma or an open bracket, or write both as one line"));
		return NULL;
	}
	char *word = yg_token_text(p);
	if (strcmp(word, "end") == 0)
		return YG_FAIL_TOKEN(p, "E-SYN-037", N_("\"end\" closes no block here"));
	if (yg_follows_assign(p)) {
		YG_FAIL_TOKEN(p, "E-SYN-038", N_("a new column is made by \"let\""));
		yg_fix(p, p->tok.at, p->tok.at, "let ");
		return NULL;
	}
	const struct yg_verb_spec *clause = yg_clause_find(word);
	if (clause) {
		YG_FAIL_TOKEN(p, "E-SYN-038", N_("\"%s\" belongs in a block: %s"), word, clause->group);
		yg_err_hint(p->err, N_("%s NAME:  then one clause a line, then \"end\""), clause->group);
		return NULL;
	}
	YG_FAIL_TOKEN(p, "E-SYN-019", N_("there is no verb %s"), shown.text);
	const char *near = yg_verb_nearest(word);
	if (near)
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, near);
	else
		yg_err_hint(p->err, N_("\"help\" lists the verbs"));
	return NULL;
}

void *yg_unknown_clause(struct yg_parser *p, const char *block, const struct yg_node *node, size_t header_at)
{
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	size_t line, n;
	yg_source_place(p->lexer.text, p->lexer.n, header_at, &line, NULL);
	if (p->tok.kind == YG_TOKEN_END) {
		YG_FAIL(p, header_at, strlen(block), "E-SYN-026", N_("the %s block \"%s\" has no \"end\""), block, node->text);
		yg_err_hint(p->err, N_("close it by a line that says: end"));
		return NULL;
	}
	struct yg_shown shown = yg_show(p, &p->tok);
	if (p->tok.kind != YG_TOKEN_NAME || p->tok.quoted)
		return YG_FAIL_TOKEN(p, "E-SYN-027", N_("a clause of a %s block begins with its word, found %s"), block, shown.text);
	char *word = yg_token_text(p);
	const struct yg_verb_spec *clause = yg_clause_find(word);
	if (!clause && (yg_verb_find(word) || yg_statement_find(word))) {
		YG_FAIL_TOKEN(p, "E-SYN-026", N_("the %s block \"%s\" of line %zu has no \"end\" before %s"), block, node->text,
		              line, shown.text);
		yg_err_hint(p->err, N_("close it by a line that says: end"));
		return NULL;
	}
	if (clause)
		return YG_FAIL_TOKEN(p, "E-SYN-027", N_("%s is no clause of a %s block; it belongs in a block: %s"), shown.text,
		                     block, clause->group);
	YG_FAIL_TOKEN(p, "E-SYN-027", N_("%s is no clause of a %s block"), shown.text, block);
	const struct yg_verb_spec *spec = yg_clause_specs(&n);
	const char *names[64];
	size_t count = 0;
	struct yg_buf all;
	yg_buf_init(&all);
	for (size_t i = 0; i < n && count < 63; i++)
		if (strcmp(spec[i].group, block) == 0) {
			yg_buf_addf(&all, "%s%s", count ? ", " : "", spec[i].name);
			names[count++] = spec[i].name;
		}
	names[count++] = "end";
	const char *near = near_word(names, count, word);
	if (near)
		yg_fix(p, p->tok.at, p->tok.at + p->tok.len, near);
	else
		yg_err_hint(p->err, N_("its clauses: %s"), all.data);
	yg_buf_release(&all);
	return NULL;
}

/* "18 <= age <= 65": p->tok is the second operator. */
void *yg_comparison_chain(struct yg_parser *p, size_t left_at, size_t left_end, size_t op_at, size_t middle_at)
{
	const char *text = p->lexer.text;
	size_t middle_end = p->prev_end, op2_at = p->tok.at, op2_len = p->tok.len;
	YG_FAIL_TOKEN(p, "E-SYN-014", N_("comparisons do not chain"));
	/* the third operand: one signed value or name */
	struct yg_lexer lexer = p->lexer;
	struct yg_token token;
	yg_lex_next(&lexer, &token);
	size_t right_at = token.at;
	if (token.kind == YG_TOKEN_MINUS)
		yg_lex_next(&lexer, &token);
	if (token.kind < YG_TOKEN_NAME || token.kind > YG_TOKEN_DATE || token.call)
		return NULL;
	size_t right_end = token.at + token.len;
	bool up = text[op_at] == '<' && text[op_at + 1] == '=' && text[op2_at] == '<' && op2_len == 2;
	bool down = text[op_at] == '>' && text[op_at + 1] == '=' && text[op2_at] == '>' && op2_len == 2;
	struct yg_buf mended;
	yg_buf_init(&mended);
	if (up || down) {
		yg_buf_addf(&mended, "%.*s in [%.*s, %.*s]", (int)(middle_end - middle_at), text + middle_at,
		            up ? (int)(left_end - left_at) : (int)(right_end - right_at), text + (up ? left_at : right_at),
		            up ? (int)(right_end - right_at) : (int)(left_end - left_at), text + (up ? right_at : left_at));
	} else {
		yg_buf_addf(&mended, "%.*s and %.*s", (int)(middle_end - left_at), text + left_at,
		            (int)(right_end - middle_at), text + middle_at);
	}
	if (right_end - left_at < 400)
		yg_fix(p, left_at, right_end, mended.data);
	yg_buf_release(&mended);
	return NULL;
}

void *yg_unit_missing(struct yg_parser *p, size_t at)
{
	YG_FAIL(p, at, p->tok.at + p->tok.len - at, "E-SYN-017", N_("a length of time needs a unit: d, w, m or y"));
	yg_fix(p, p->tok.at + p->tok.len, p->tok.at + p->tok.len, "d");
	return NULL;
}
