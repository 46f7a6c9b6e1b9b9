/* The header of a delimited file: its delimiter, its columns' names. */
#include <string.h>

#include "src/ingest/csv_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/map.h"
#include "yogo/base/mem.h"

#define NAME_MAX_BYTES 255u

/* The end of the header record, or n when it does not end. */
static size_t header_end(const char *text, size_t n)
{
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (text[i] == '\n' && !quoted)
			return i;
	}
	return n;
}

static char guess(const char *text, size_t n)
{
	static const char candidate[] = { ',', ';', '\t', '|' };
	size_t count[sizeof candidate] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		for (size_t k = 0; k < sizeof candidate && !quoted; k++)
			count[k] += text[i] == candidate[k];
	}
	for (size_t k = 1; k < sizeof candidate; k++) {
		if (count[k] > count[best])
			best = k;
	}
	return candidate[best];
}

static enum yg_status check_name(struct yg_str name, uint32_t column, const char *file, struct yg_err *err)
{
	const char *why = NULL;

	if (!name.n)
		why = N_("has no name");
	else if (name.n > NAME_MAX_BYTES)
		why = N_("has a name longer than 255 bytes");
	else if (!yg_utf8_valid(name.p, name.n, NULL))
		why = N_("has a name that is no UTF-8 text");
	for (size_t i = 0; i < name.n && !why; i++) {
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
			why = N_("has a control character in its name");
	}
	if (!why)
		return YG_OK;
	yg_fail(err, YG_EINPUT, "E-IN-021", N_("%s: column %u of the header %s"), file, column + 1, why);
	yg_err_hint(err, column || name.n ? N_("name it in the file; an encoding other than UTF-8 must be given")
	                                  : N_("files written by R carry row names in an unnamed first column: write "
	                                       "them with row.names = FALSE"));
	return YG_EINPUT;
}

enum yg_status csv_header(const char *text, size_t n, char *delimiter, struct yg_str **name, struct yg_buf *bytes,
                          uint32_t *columns, size_t *used, const char *file, struct yg_err *err)
{
	size_t end = header_end(text, n), stop = end && end <= n && text[end - 1] == '\r' ? end - 1 : end;
	size_t *offset = NULL, cap = 0, from = 0;
	uint32_t count = 0;
	bool quoted = false;
	struct yg_buf scratch = YG_BUF_INIT;
	struct yg_map seen;
	enum yg_status status = YG_OK;

	if (!stop)
		return yg_fail(err, YG_EINPUT, "E-CSV-001", N_("%s is empty or begins with an empty line: a header is wanted"),
		               file);
	if (!*delimiter)
		*delimiter = guess(text, stop);
	yg_map_init(&seen);
	for (size_t i = 0; i <= stop && status == YG_OK; i++) {
		bool was_quoted;
		struct yg_str s;

		if (i < stop && text[i] == '"')
			quoted = !quoted;
		if (i < stop && (quoted || text[i] != *delimiter))
			continue;
		if (count == CSV_COLUMNS_MAX) {
			status = yg_fail(err, YG_ELIMIT, "E-LIM-004", N_("%s has more than %u columns"), file, CSV_COLUMNS_MAX);
			break;
		}
		s = csv_field(text + from, 0, (uint32_t)(i - from), &scratch, &was_quoted);
		status = check_name(s, count, file, err);
		if (status == YG_OK && yg_map_find(&seen, s.p, s.n) >= 0) {
			yg_fail(err, YG_EINPUT, "E-IN-020", N_("%s: columns %td and %u of the header have the same name"), file,
			        yg_map_find(&seen, s.p, s.n) + 1, count + 1);
			yg_err_hint(err, N_("give each column its own name; nothing is renamed silently"));
			status = YG_EINPUT;
		}
		if (status == YG_OK)
			yg_map_intern(&seen, s.p, s.n);
		if ((size_t)count + 2 > cap) {
			cap = cap ? cap * 2 : 64;
			offset = yg_xrealloc(offset, cap, sizeof *offset);
		}
		offset[count++] = bytes->len;
		yg_buf_add(bytes, s.p, s.n);
		offset[count] = bytes->len;
		from = i + 1;
	}
	yg_map_release(&seen);
	yg_buf_release(&scratch);
	if (status == YG_OK) {
		*name = yg_xalloc(count, sizeof **name);
		for (uint32_t c = 0; c < count; c++)
			(*name)[c] = (struct yg_str){ bytes->data + offset[c], offset[c + 1] - offset[c] };
		*columns = count;
		*used = end < n ? end + 1 : n;
	}
	yg_free(offset);
	return status;
}
