/* String views, UTF-8, display width, and the distance between words. */
#include "yogo/base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/text_priv.h"
#include "base/width_priv.h"
#include "yogo/base/mem.h"

struct yg_str yg_str(const char *s)
{
	return (struct yg_str){ s, strlen(s) };
}

bool yg_str_eq(struct yg_str a, struct yg_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int yg_str_cmp(struct yg_str a, struct yg_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static unsigned char fold_ascii(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool yg_str_eq_ascii_nocase(struct yg_str a, struct yg_str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (fold_ascii(a.p[i]) != fold_ascii(b.p[i]))
			return false;
	return true;
}

/* ---- UTF-8 ---- */

/* Length of the well-formed sequence at p (Unicode 14, table 3-7), 0 if there is none. */
static size_t sequence(const unsigned char *p, size_t n, uint32_t *code_point)
{
	if (p[0] < 0x80) {
		*code_point = p[0];
		return 1;
	}
	size_t len = p[0] >= 0xC2 && p[0] <= 0xDF ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4 : 0;
	if (!len || n < len)
		return 0;
	uint32_t c = p[0] & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3Fu);
	}
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	*code_point = c;
	return len;
}

size_t yg_utf8_next(const char *p, size_t n, uint32_t *code_point)
{
	size_t len = sequence((const unsigned char *)p, n, code_point);
	if (len)
		return len;
	*code_point = 0xFFFD;
	return 1;
}

bool yg_utf8_valid(const char *p, size_t n, size_t *bad_at)
{
	uint32_t c;
	for (size_t i = 0; i < n;) {
		size_t len = sequence((const unsigned char *)p + i, n - i, &c);
		if (!len) {
			if (bad_at)
				*bad_at = i;
			return false;
		}
		i += len;
	}
	return true;
}

/* ---- width ---- */

static bool within(const struct range *table, size_t n, uint32_t c)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c > table[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && c >= table[low].first;
}

/* Characters that change how others are shown, or hide: controls, bidirectional overrides and
   marks, line and paragraph separators, byte order mark, annotation and tag characters. */
static bool deceptive(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x206F) || c == 0xFEFF ||
	       (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void yg_text_unit(const char *p, size_t n, struct yg_text_unit *out)
{
	unsigned char first = (unsigned char)p[0];
	out->escape[0] = 0;
	out->columns = 1;
	if (first >= 0x20 && first < 0x7F) {
		out->bytes = 1;
		out->code_point = first;
		return;
	}
	uint32_t c;
	out->bytes = sequence((const unsigned char *)p, n, &c);
	bool invalid = !out->bytes;
	if (invalid) {
		out->bytes = 1;
		c = first;
	}
	out->code_point = invalid ? 0xFFFD : c;
	if (invalid || deceptive(c)) {
		if (invalid || c < 0x80)
			snprintf(out->escape, sizeof out->escape, "\\x%02x", (unsigned)(c & 0xFF));
		else if (c <= 0xFFFF)
			snprintf(out->escape, sizeof out->escape, "\\u%04x", (unsigned)(c & 0xFFFF));
		else
			snprintf(out->escape, sizeof out->escape, "\\U%06x", (unsigned)(c & 0xFFFFFF));
		out->columns = strlen(out->escape);
	} else if (c >= 0x300) {
		if (within(zero_width, sizeof zero_width / sizeof *zero_width, c))
			out->columns = 0;
		else if (within(wide, sizeof wide / sizeof *wide, c))
			out->columns = 2;
	}
}

size_t yg_text_width(const char *p, size_t n)
{
	size_t width = 0;
	struct yg_text_unit unit;
	for (size_t i = 0; i < n; i += unit.bytes) {
		yg_text_unit(p + i, n - i, &unit);
		width += unit.columns;
	}
	return width;
}

size_t yg_text_cut(const char *p, size_t n, size_t columns, size_t *width)
{
	size_t i = 0, used = 0;
	struct yg_text_unit unit;
	for (; i < n; i += unit.bytes) {
		yg_text_unit(p + i, n - i, &unit);
		if (unit.columns > columns - used)
			break;
		used += unit.columns;
	}
	if (width)
		*width = used;
	return i;
}

void yg_text_pad(struct yg_buf *out, const char *text, size_t columns, int align)
{
	size_t len = strlen(text), width = yg_text_width(text, len);
	if (width > columns) {
		if (!columns)
			return;
		size_t bytes = yg_text_cut(text, len, columns - 1, &width);
		yg_escape_terminal(out, text, bytes);
		yg_buf_fill(out, ' ', columns - 1 - width);
		yg_buf_addc(out, '~');
		return;
	}
	size_t space = columns - width;
	size_t before = align < 0 ? 0 : align > 0 ? space : space / 2;
	yg_buf_fill(out, ' ', before);
	yg_escape_terminal(out, text, len);
	yg_buf_fill(out, ' ', space - before);
}

/* ---- did you mean ---- */

/* Optimal string alignment: insert, delete, replace, swap of neighbours, each once a place. */
size_t yg_text_distance(const char *a, const char *b, size_t cap)
{
	size_t n = strlen(a), m = strlen(b);
	size_t gap = n > m ? n - m : m - n;
	if (gap > cap || n > 1000 || m > 1000)
		return cap + 1;
	size_t *row = yg_xalloc(3 * (m + 1), sizeof *row);
	size_t *two = row, *one = row + m + 1, *now = row + 2 * (m + 1);
	for (size_t j = 0; j <= m; j++)
		one[j] = j;
	for (size_t i = 1; i <= n; i++) {
		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			unsigned char x = fold_ascii(a[i - 1]), y = fold_ascii(b[j - 1]);
			size_t d = one[j - 1] + (x != y);
			if (one[j] + 1 < d)
				d = one[j] + 1;
			if (now[j - 1] + 1 < d)
				d = now[j - 1] + 1;
			if (i > 1 && j > 1 && x == fold_ascii(b[j - 2]) && y == fold_ascii(a[i - 2]) && two[j - 2] + 1 < d)
				d = two[j - 2] + 1;
			now[j] = d;
		}
		size_t *spare = two;
		two = one;
		one = now;
		now = spare;
	}
	size_t d = one[m];
	yg_free(row);
	return d <= cap ? d : cap + 1;
}
