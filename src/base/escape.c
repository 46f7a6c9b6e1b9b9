/* The roads out for text that may come from data, files or users. */
#include <stdio.h>

#include "base/text_priv.h"
#include "yogo/base/text.h"

void yg_escape_terminal(struct yg_buf *out, const char *p, size_t n)
{
	struct yg_text_unit unit;
	for (size_t i = 0; i < n; i += unit.bytes) {
		yg_text_unit(p + i, n - i, &unit);
		if (unit.escape[0])
			yg_buf_adds(out, unit.escape);
		else
			yg_buf_add(out, p + i, unit.bytes);
	}
}

void yg_escape_html(struct yg_buf *out, const char *p, size_t n)
{
	struct yg_text_unit unit;
	for (size_t i = 0; i < n; i += unit.bytes) {
		yg_text_unit(p + i, n - i, &unit);
		switch (unit.code_point) {
		case '&':
			yg_buf_adds(out, "&amp;");
			break;
		case '<':
			yg_buf_adds(out, "&lt;");
			break;
		case '>':
			yg_buf_adds(out, "&gt;");
			break;
		case '"':
			yg_buf_adds(out, "&quot;");
			break;
		case '\'':
			yg_buf_adds(out, "&#39;");
			break;
		case '\t':
		case '\n':
			yg_buf_addc(out, (char)unit.code_point);
			break;
		default:
			/* controls are not XML at all; overrides would turn the page's text around */
			if (unit.escape[0])
				yg_buf_adds(out, unit.escape);
			else
				yg_buf_add(out, p + i, unit.bytes);
		}
	}
}

/* A spreadsheet takes text that begins like this for a formula. */
static bool formula_like(struct yg_str s)
{
	double number;
	switch (s.n ? s.p[0] : 'a') {
	case '=':
	case '@':
	case '\t':
	case '\r':
		return true;
	case '+':
	case '-':
		return !yg_parse_double(s, &number); /* -1.5 is harmless, -1+cmd is not */
	default:
		return false;
	}
}

void yg_escape_csv(struct yg_buf *out, const char *p, size_t n)
{
	bool guard = formula_like((struct yg_str){ p, n });
	bool quote = n > 0 && (p[0] == ' ' || p[n - 1] == ' ');
	for (size_t i = 0; i < n && !quote; i++)
		quote = p[i] == '"' || p[i] == ',' || p[i] == '\n' || p[i] == '\r';
	if (quote)
		yg_buf_addc(out, '"');
	if (guard)
		yg_buf_addc(out, '\'');
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"')
			yg_buf_addc(out, '"');
		yg_buf_addc(out, p[i]);
	}
	if (quote)
		yg_buf_addc(out, '"');
}

static bool plain_json(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

void yg_escape_json(struct yg_buf *out, const char *p, size_t n)
{
	yg_buf_addc(out, '"');
	uint32_t c;
	for (size_t i = 0, len; i < n; i += len) {
		/* Keys and numbers are nothing but plain bytes: at once. */
		for (len = 0; i + len < n && plain_json((unsigned char)p[i + len]);)
			len++;
		if (len) {
			yg_buf_add(out, p + i, len);
			continue;
		}
		len = yg_utf8_next(p + i, n - i, &c);
		if (c == '"' || c == '\\') {
			yg_buf_addc(out, '\\');
			yg_buf_addc(out, (char)c);
		} else if (c < 0x20) {
			static const char letter[] = "btn\0fr"; /* 8 to 13; 11 has none */
			yg_buf_addc(out, '\\');
			if (c >= 8 && c <= 13 && c != 11)
				yg_buf_addc(out, letter[c - 8]);
			else
				yg_buf_addf(out, "u%04x", (unsigned)c);
		} else if (c == 0xFFFD && len == 1) {
			yg_buf_adds(out, "\xEF\xBF\xBD");
		} else {
			yg_buf_add(out, p + i, len);
		}
	}
	yg_buf_addc(out, '"');
}

void yg_escape_script(struct yg_buf *out, const char *p, size_t n)
{
	yg_buf_addc(out, '"');
	struct yg_text_unit unit;
	for (size_t i = 0; i < n; i += unit.bytes) {
		yg_text_unit(p + i, n - i, &unit);
		if (unit.escape[0]) {
			yg_buf_adds(out, unit.escape); /* a literal is one line and has no escapes of its own */
		} else {
			if (p[i] == '"')
				yg_buf_addc(out, '"');
			yg_buf_add(out, p + i, unit.bytes);
		}
	}
	yg_buf_addc(out, '"');
}
