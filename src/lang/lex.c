/* Text to tokens. */
#include "lang/lex_priv.h"

#include <string.h>

#include "lang/char_priv.h"
#include "yogo/base/date.h"

bool yg_word_among(const char *list, const char *p, size_t n)
{
	if (!n || memchr(p, ' ', n))
		return false;
	for (const char *word = list; *word;) {
		size_t len = strcspn(word, " ");
		if (len == n && memcmp(word, p, n) == 0)
			return true;
		word += len + (word[len] != 0);
	}
	return false;
}

bool yg_word_reserved(const char *p, size_t n)
{
	return yg_word_among("by strata cluster on using where to with as in is and or not", p, n);
}

bool yg_word_event(const char *p, size_t n)
{
	return yg_word_among("dx rx px lab obs visit device death score cost cohort_of", p, n);
}

bool yg_word_pick(const char *p, size_t n)
{
	return yg_word_among("first last every min max mean sum any count", p, n);
}

void yg_lex_init(struct yg_lexer *lexer, const char *text, size_t n, size_t at)
{
	*lexer = (struct yg_lexer){ .text = text, .n = n, .at = at, .last = YG_TOKEN_EOL };
	if (at == 0 && n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		lexer->at = 3; /* a byte order mark says nothing about UTF-8 */
}

/* The code point at lexer->at, 0 bytes at the end of the text; invalid bytes give valid = false. */
static size_t look(const struct yg_lexer *lexer, size_t at, uint32_t *c, bool *valid)
{
	*c = 0;
	*valid = true;
	if (at >= lexer->n)
		return 0;
	size_t len = yg_utf8_next(lexer->text + at, lexer->n - at, c);
	/* a lone U+FFFD is three bytes long, so one byte means nonsense */
	*valid = !(len == 1 && *c == 0xFFFD);
	return len;
}

static char byte_at(const struct yg_lexer *lexer, size_t at)
{
	return at < lexer->n ? lexer->text[at] : 0;
}

static void bad(struct yg_token *token, enum yg_bad reason, size_t at, size_t len)
{
	token->kind = YG_TOKEN_BAD;
	token->bad = reason;
	token->at = at;
	token->len = len;
}

/* Runs to the end of the line; false and a bad token when a character is not allowed even there. */
static bool comment(struct yg_lexer *lexer, struct yg_token *token)
{
	while (lexer->at < lexer->n && lexer->text[lexer->at] != '\n' && lexer->text[lexer->at] != '\r') {
		uint32_t c;
		bool valid;
		size_t len = look(lexer, lexer->at, &c, &valid);
		if (!valid || (yg_char_hidden(c) && c != '\t')) {
			bad(token, !valid ? YG_BAD_UTF8 : c < 0x20 || c == 0x7F ? YG_BAD_CONTROL : YG_BAD_HIDDEN, lexer->at, len);
			lexer->at += len;
			return false;
		}
		lexer->at += len;
	}
	return true;
}

/* Blanks, comments, and line ends where the line goes on.  True when a token has been made. */
static bool skip(struct yg_lexer *lexer, struct yg_token *token)
{
	for (;;) {
		uint32_t c;
		bool valid;
		size_t len = look(lexer, lexer->at, &c, &valid);
		if (!len)
			return false;
		if (valid && yg_char_blank(c)) {
			lexer->at += len;
		} else if (c == '#') {
			if (!comment(lexer, token))
				return true;
		} else if (c == '\n' || c == '\r') {
			size_t at = lexer->at;
			lexer->at += c == '\r' && byte_at(lexer, at + 1) == '\n' ? 2 : 1;
			token->fresh = true;
			if (!lexer->depth && !lexer->last_joins) {
				token->kind = YG_TOKEN_EOL;
				token->at = at;
				token->len = lexer->at - at;
				return true;
			}
		} else {
			return false;
		}
	}
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(const struct yg_lexer *lexer, size_t at)
{
	size_t n = 0;
	while (digit(byte_at(lexer, at + n)))
		n++;
	return n;
}

/* The bytes of name characters from at. */
static size_t name_run(const struct yg_lexer *lexer, size_t at)
{
	size_t start = at;
	for (;;) {
		uint32_t c;
		bool valid;
		size_t len = look(lexer, at, &c, &valid);
		if (!len || !valid || !yg_char_name_part(c))
			return at - start;
		at += len;
	}
}

static bool date(struct yg_lexer *lexer, struct yg_token *token)
{
	size_t at = lexer->at;
	if (digits(lexer, at) != 4 || byte_at(lexer, at + 4) != '-' || digits(lexer, at + 5) != 2 ||
	    byte_at(lexer, at + 7) != '-' || digits(lexer, at + 8) != 2)
		return false;
	int32_t days;
	enum yg_date_precision precision;
	struct yg_str s = { lexer->text + at, 10 };
	lexer->at += 10;
	token->kind = YG_TOKEN_DATE;
	token->len = 10;
	if (yg_date_parse(s, &days, &precision))
		token->number = days;
	else
		bad(token, YG_BAD_DATE, at, 10);
	return true;
}

static void number(struct yg_lexer *lexer, struct yg_token *token)
{
	if (date(lexer, token))
		return;
	size_t start = lexer->at, at = start;
	at += digits(lexer, at);
	if (byte_at(lexer, at) == '.' && digit(byte_at(lexer, at + 1)))
		at += 1 + digits(lexer, at + 1);
	char e = byte_at(lexer, at);
	if (e == 'e' || e == 'E') {
		char sign = byte_at(lexer, at + 1);
		size_t skip_sign = sign == '+' || sign == '-' ? 1 : 0;
		size_t n = digits(lexer, at + 1 + skip_sign);
		if (n)
			at += 1 + skip_sign + n;
	}
	struct yg_str s = { lexer->text + start, at - start };
	char with_zero[64];
	if (s.p[0] == '.' && s.n < sizeof with_zero - 1) { /* ".5" */
		with_zero[0] = '0';
		memcpy(with_zero + 1, s.p, s.n);
		s = (struct yg_str){ with_zero, s.n + 1 };
	}
	bool fits = yg_parse_double(s, &token->number);
	size_t tail = name_run(lexer, at);
	char unit = byte_at(lexer, at);
	token->kind = YG_TOKEN_NUMBER;
	if (tail == 1 && (unit == 'd' || unit == 'w' || unit == 'm' || unit == 'y')) {
		token->kind = YG_TOKEN_DURATION;
		token->unit = unit;
		at++;
	} else if (tail || byte_at(lexer, at) == '.') {
		enum yg_bad reason = tail ? YG_BAD_UNIT : YG_BAD_NUMBER;
		at += tail ? tail : 1;
		bad(token, reason, start, at - start);
		lexer->at = at;
		return;
	}
	token->len = at - start;
	lexer->at = at;
	if (!fits)
		bad(token, YG_BAD_RANGE, start, at - start);
}

static void name(struct yg_lexer *lexer, struct yg_token *token)
{
	size_t start = lexer->at, at = start + name_run(lexer, start);
	bool dots = true;
	while (byte_at(lexer, at) == '.') {
		size_t run = name_run(lexer, at + 1);
		if (!run) {
			dots = false;
			at++;
			break;
		}
		at += 1 + run;
	}
	lexer->at = at;
	token->kind = YG_TOKEN_NAME;
	token->len = at - start;
	token->reserved = yg_word_reserved(lexer->text + start, token->len);
	token->call = byte_at(lexer, at) == '(' && !token->reserved;
	if (!dots)
		bad(token, YG_BAD_DOTS, start, at - start);
}

/* A "string" or a `name`: runs to the closing mark on the same line. */
static void quoted(struct yg_lexer *lexer, struct yg_token *token, char mark)
{
	size_t start = lexer->at, at = start + 1;
	bool closed = false;
	while (at < lexer->n && lexer->text[at] != '\n' && lexer->text[at] != '\r') {
		uint32_t c;
		bool valid;
		size_t len = look(lexer, at, &c, &valid);
		if (!valid || yg_char_hidden(c)) {
			bad(token, !valid ? YG_BAD_UTF8 : c < 0x20 || c == 0x7F ? YG_BAD_CONTROL : YG_BAD_HIDDEN, at, len);
			lexer->at = at + len;
			return;
		}
		at += len;
		if (c == (uint32_t)mark) {
			if (mark == '"' && byte_at(lexer, at) == '"') {
				at++;
				continue;
			}
			closed = true;
			break;
		}
	}
	lexer->at = at;
	token->len = at - start;
	if (mark == '"') {
		token->kind = YG_TOKEN_STRING;
		if (!closed)
			bad(token, YG_BAD_STRING, start, at - start);
		return;
	}
	token->kind = YG_TOKEN_NAME;
	token->quoted = true;
	token->call = closed && byte_at(lexer, at) == '(';
	if (!closed || at - start == 2)
		bad(token, YG_BAD_BACKQUOTE, start, at - start);
}

struct sign {
	const char *text;
	enum yg_token_kind kind;
	const char *half; /* for YG_TOKEN_BAD */
};
/* Longest first. */
static const struct sign signs[] = {
	{ "===", YG_TOKEN_BAD, "=" }, { "!==", YG_TOKEN_BAD, "!=" },
	{ "<=", YG_TOKEN_LE, NULL }, { ">=", YG_TOKEN_GE, NULL }, { "!=", YG_TOKEN_NE, NULL },
	{ "==", YG_TOKEN_BAD, "=" }, { "<>", YG_TOKEN_BAD, "!=" }, { "=>", YG_TOKEN_BAD, ">=" },
	{ "=<", YG_TOKEN_BAD, "<=" }, { "~=", YG_TOKEN_BAD, "!=" }, { ":=", YG_TOKEN_BAD, "=" },
	{ "&&", YG_TOKEN_BAD, "and" }, { "||", YG_TOKEN_BAD, "or" }, { "**", YG_TOKEN_BAD, "^" },
	{ "&", YG_TOKEN_BAD, "and" }, { "|", YG_TOKEN_BAD, "or" }, { "!", YG_TOKEN_BAD, "not" },
	{ "~", YG_TOKEN_TILDE, NULL }, { "=", YG_TOKEN_EQ, NULL }, { "<", YG_TOKEN_LT, NULL }, { ">", YG_TOKEN_GT, NULL },
	{ "+", YG_TOKEN_PLUS, NULL }, { "-", YG_TOKEN_MINUS, NULL }, { "*", YG_TOKEN_STAR, NULL },
	{ "/", YG_TOKEN_SLASH, NULL }, { "^", YG_TOKEN_CARET, NULL }, { "(", YG_TOKEN_OPEN, NULL },
	{ ")", YG_TOKEN_CLOSE, NULL }, { "[", YG_TOKEN_OPEN_SQUARE, NULL }, { "]", YG_TOKEN_CLOSE_SQUARE, NULL },
	{ ",", YG_TOKEN_COMMA, NULL }, { ":", YG_TOKEN_COLON, NULL }, { ";", YG_TOKEN_EOL, NULL },
};

static bool sign(struct yg_lexer *lexer, struct yg_token *token)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t len = strlen(signs[i].text);
		if (lexer->n - lexer->at < len || memcmp(lexer->text + lexer->at, signs[i].text, len) != 0)
			continue;
		token->kind = signs[i].kind;
		token->len = len;
		token->half = signs[i].half;
		if (token->kind == YG_TOKEN_BAD)
			token->bad = YG_BAD_OPERATOR;
		lexer->at += len;
		if (token->kind == YG_TOKEN_OPEN || token->kind == YG_TOKEN_OPEN_SQUARE)
			lexer->depth++;
		else if ((token->kind == YG_TOKEN_CLOSE || token->kind == YG_TOKEN_CLOSE_SQUARE) && lexer->depth)
			lexer->depth--;
		return true;
	}
	return false;
}

static void foreign(struct yg_lexer *lexer, struct yg_token *token, uint32_t c, size_t len, bool valid)
{
	char half[2];
	enum yg_bad reason = YG_BAD_CHARACTER;
	if (!valid)
		reason = YG_BAD_UTF8;
	else if (c < 0x20 || c == 0x7F)
		reason = YG_BAD_CONTROL;
	else if (yg_char_hidden(c))
		reason = YG_BAD_HIDDEN;
	else if (yg_char_double_quote(c))
		reason = YG_BAD_QUOTE;
	else if (c == '\'' || yg_char_single_quote(c))
		reason = YG_BAD_SINGLE_QUOTE;
	else if (yg_char_half(c, half))
		reason = YG_BAD_WIDE;
	bad(token, reason, lexer->at, len);
	lexer->at += len;
}

static void read_token(struct yg_lexer *lexer, struct yg_token *token)
{
	uint32_t c;
	bool valid;
	size_t len = look(lexer, lexer->at, &c, &valid);
	token->at = lexer->at;
	token->len = len;
	if (!len)
		token->kind = YG_TOKEN_END;
	else if (valid && ((c >= '0' && c <= '9') || (c == '.' && digit(byte_at(lexer, lexer->at + 1)))))
		number(lexer, token);
	else if (valid && yg_char_name_start(c))
		name(lexer, token);
	else if (c == '"' || c == '`')
		quoted(lexer, token, (char)c);
	else if (!sign(lexer, token))
		foreign(lexer, token, c, len, valid);
}

void yg_lex_next(struct yg_lexer *lexer, struct yg_token *token)
{
	*token = (struct yg_token){ .kind = YG_TOKEN_END, .fresh = lexer->at == 0 || lexer->last == YG_TOKEN_EOL };
	if (!skip(lexer, token))
		read_token(lexer, token);
	bool joining_word = yg_lex_is(lexer, token, "and") || yg_lex_is(lexer, token, "or");
	lexer->last_joins = token->kind == YG_TOKEN_COMMA || token->kind == YG_TOKEN_PLUS ||
	                    token->kind == YG_TOKEN_STAR || token->kind == YG_TOKEN_TILDE ||
	                    (joining_word && !lexer->last_assigns); /* "measure=or" ends its line */
	lexer->last_assigns = token->kind == YG_TOKEN_EQ || token->kind == YG_TOKEN_COLON;
	lexer->last = token->kind;
}

void yg_lex_value(const struct yg_lexer *lexer, const struct yg_token *token, struct yg_buf *out)
{
	const char *p = lexer->text + token->at;
	size_t n = token->len;
	if ((token->kind == YG_TOKEN_NAME && token->quoted) || token->kind == YG_TOKEN_STRING) {
		p++;
		n -= 2;
	}
	for (size_t i = 0; i < n; i++) {
		yg_buf_addc(out, p[i]);
		if (token->kind == YG_TOKEN_STRING && p[i] == '"')
			i++; /* the second of a pair */
	}
}

bool yg_lex_is(const struct yg_lexer *lexer, const struct yg_token *token, const char *word)
{
	size_t n = strlen(word);
	return token->kind == YG_TOKEN_NAME && !token->quoted && token->len == n &&
	       memcmp(lexer->text + token->at, word, n) == 0;
}

bool yg_name_plain(const char *p, size_t n)
{
	struct yg_lexer lexer;
	struct yg_token token;
	if (!n || yg_word_reserved(p, n) || p[0] == '`')
		return false;
	yg_lex_init(&lexer, p, n, 0);
	yg_lex_next(&lexer, &token);
	return token.kind == YG_TOKEN_NAME && token.at == 0 && token.len == n;
}
