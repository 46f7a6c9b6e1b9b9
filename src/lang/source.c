/* Where a byte of the script stands, and how an error about it is shown. */
#include "yogo/lang/source.h"

#include <stdbool.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

enum { SNIPPET_COLUMNS = 100, CONTEXT_COLUMNS = 40 };

static bool line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* The physical line around at: [*start, *end), and its number. */
static void line_of(const char *text, size_t n, size_t at, size_t *start, size_t *end, size_t *line)
{
	if (at > n)
		at = n;
	*start = 0;
	*line = 1;
	for (size_t i = 0; i < at; i++) {
		if (!line_end(text[i]))
			continue;
		if (text[i] == '\r' && i + 1 < n && text[i + 1] == '\n') {
			if (i + 1 >= at)
				break; /* between the two bytes of one line end */
			i++;
		}
		*start = i + 1;
		++*line;
	}
	*end = *start;
	while (*end < n && !line_end(text[*end]))
		++*end;
}

/* Columns of a piece of a line; a tab is one, as the snippet shows it. */
static size_t columns(const char *p, size_t n)
{
	size_t width = 0;
	for (size_t i = 0; i < n;) {
		size_t run = 0;
		while (i + run < n && p[i + run] != '\t')
			run++;
		width += yg_text_width(p + i, run);
		i += run;
		if (i < n) {
			width++;
			i++;
		}
	}
	return width;
}

static void show(struct yg_buf *out, const char *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t run = 0;
		while (i + run < n && p[i + run] != '\t')
			run++;
		yg_escape_terminal(out, p + i, run);
		i += run;
		if (i < n) {
			yg_buf_addc(out, ' ');
			i++;
		}
	}
}

void yg_source_place(const char *text, size_t n, size_t at, size_t *line, size_t *column)
{
	size_t start, end, number;
	line_of(text, n, at, &start, &end, &number);
	if (at > end)
		at = end;
	if (line)
		*line = number;
	if (column)
		*column = columns(text + start, at - start) + 1;
}

static bool follow_byte(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Two lines: the source line, cut around the span when it is long, and the caret under it. */
static void snippet(struct yg_buf *out, const char *text, size_t n, size_t at, size_t len)
{
	size_t start, end, line;
	line_of(text, n, at, &start, &end, &line);
	if (at > end)
		at = end;
	if (len > end - at)
		len = end - at;
	while (start < at && (text[start] == ' ' || text[start] == '\t'))
		start++;
	bool cut = false;
	while (columns(text + start, at - start) > SNIPPET_COLUMNS - CONTEXT_COLUMNS) {
		size_t skip = at - start > 4 * SNIPPET_COLUMNS ? at - start - 4 * SNIPPET_COLUMNS : 1;
		start += skip; /* in big steps first: a line may be megabytes long */
		while (start < at && follow_byte(text[start]))
			start++;
		cut = true;
	}
	yg_buf_adds(out, cut ? "  ..." : "  ");
	size_t bytes = end - start < 8 * SNIPPET_COLUMNS ? end - start : 8 * SNIPPET_COLUMNS;
	size_t width = columns(text + start, bytes);
	while (width > SNIPPET_COLUMNS && bytes) {
		bytes--;
		while (bytes && follow_byte(text[start + bytes]))
			bytes--;
		width = columns(text + start, bytes);
	}
	show(out, text + start, bytes);
	yg_buf_adds(out, start + bytes < end ? "...\n" : "\n");
	yg_buf_fill(out, ' ', (cut ? 5 : 2) + columns(text + start, at - start));
	yg_buf_addc(out, '^');
	size_t under = len < 2 * SNIPPET_COLUMNS ? len : 2 * SNIPPET_COLUMNS;
	size_t span = columns(text + at, under);
	size_t room = SNIPPET_COLUMNS > columns(text + start, at - start) ? SNIPPET_COLUMNS - columns(text + start, at - start) : 1;
	if (span > room)
		span = room;
	if (span > 1)
		yg_buf_fill(out, '~', span - 1);
	yg_buf_addc(out, '\n');
}

void yg_source_message(const char *name, const char *text, size_t n, const struct yg_err *err, struct yg_buf *out)
{
	bool placed = text && err->has_span;
	if (name)
		yg_escape_terminal(out, name, strlen(name));
	if (placed) {
		size_t line, column;
		yg_source_place(text, n, err->at, &line, &column);
		if (name)
			yg_buf_addf(out, ":%zu:%zu: %s: ", line, column, _("error"));
		else if (memchr(text, '\n', n))
			yg_buf_addf(out, _("line %zu: "), line);
		else
			yg_buf_addf(out, "%s: ", _("error"));
	} else {
		yg_buf_addf(out, name ? ": %s: " : "%s: ", _("error"));
	}
	yg_escape_terminal(out, err->text, strlen(err->text));
	if (err->code[0])
		yg_buf_addf(out, "  [%s]", err->code);
	yg_buf_addc(out, '\n');
	if (placed)
		snippet(out, text, n, err->at, err->len);
	if (err->fixed[0]) {
		yg_buf_addf(out, "  %s  ", _("did you mean:"));
		yg_escape_terminal(out, err->fixed, strlen(err->fixed));
		yg_buf_addc(out, '\n');
	}
	if (err->hint[0]) {
		yg_buf_adds(out, "  ");
		yg_escape_terminal(out, err->hint, strlen(err->hint));
		yg_buf_addc(out, '\n');
	}
}
