/* Reading a file's text in chunks, cut where blocks of rows end. */
#include <string.h>

#include "src/ingest/load_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/store/vec.h"

#define PIECE CHUNK_PIECE
#define FIRST_TEXT (16u << 20)
#define BLOCK_TEXT_MAX (UINT64_C(1) << 30)

static enum yg_status room_for(struct chunk *r, size_t size, struct yg_err *err)
{
	char *memory;
	size_t cap = r->cap;

	if (size <= cap)
		return YG_OK;
	cap = size < FIRST_TEXT ? FIRST_TEXT : size + size / 2; /* not touched, it costs nothing */
	memory = yg_data_alloc(cap + 2 * CSV_PAD, 1);
	if (!memory)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while reading the file to import"));
	memset(memory, 0, CSV_PAD);
	if (r->len)
		memcpy(memory + CSV_PAD, chunk_text(r), r->len);
	yg_data_free(r->memory);
	r->memory = memory;
	r->cap = cap;
	return YG_OK;
}

void chunk_release(struct chunk *r)
{
	yg_data_free(r->memory);
	memset(r, 0, sizeof *r);
}

static enum yg_status read_piece(struct load_source *s, struct chunk *r, struct yg_err *err)
{
	size_t got;

	YG_TRY(room_for(r, r->len + PIECE + 1, err));
	YG_TRY(bytes_read(s->bytes, chunk_text(r) + r->len, PIECE, &got, err));
	r->len += got;
	s->ended = !got;
	return YG_OK;
}

/*
 * How far the text may be scanned.  Line ends at the very end are held back until more follows:
 * blank lines before the end of a file are no rows.  In a file of one column an empty line is a
 * missing value.
 */
static size_t scannable(const struct load_source *s, const struct chunk *r)
{
	const char *text = chunk_text(r), *first;
	size_t end = r->len;

	if (s->l->columns == 1 || r->len - r->scanned > PIECE + PIECE / 2)
		return end;
	while (end > r->scanned && (text[end - 1] == '\n' || text[end - 1] == '\r'))
		end--;
	first = memchr(text + end, '\n', r->len - end);
	if (end == r->scanned && end && text[end - 1] == '\n')
		return end;
	return first ? (size_t)(first - text) + 1 : end;
}

static enum yg_status too_long(const struct load_source *s, const struct csv_cut *at, struct yg_err *err)
{
	unsigned long long line = at->line + 1;

	if (!s->scan.quoted)
		return yg_fail(err, YG_ELIMIT, "E-LIM-005", N_("%s: the row in line %llu is longer than 32 MiB"), s->l->file, line);
	yg_fail(err, YG_EINPUT, "E-CSV-004", N_("%s: a double quote in the row that begins in line %llu is not closed"),
	        s->l->file, line);
	yg_err_hint(err, N_("a quote inside a quoted field must be doubled; nothing was imported"));
	return YG_EINPUT;
}

static enum yg_status scan_more(struct load_source *s, struct chunk *r, struct csv_cut *last, struct yg_err *err)
{
	size_t to = scannable(s, r), before = r->cuts ? r->cut[r->cuts - 1].at : 0;

	if (to > r->scanned)
		r->cuts += csv_scan(&s->scan, chunk_text(r), r->scanned, to, r->cut + r->cuts, CHUNK_BLOCKS - r->cuts,
		                    &last->at, last);
	r->scanned = to;
	if (r->len - last->at > CSV_RECORD_MAX && r->scanned - last->at > CSV_RECORD_MAX)
		return too_long(s, last, err);
	if (r->len - before > BLOCK_TEXT_MAX)
		return yg_fail(err, YG_ELIMIT, "E-LIM-008", N_("%s: 65,536 rows take more than 1 GiB of text"), s->l->file);
	return YG_OK;
}

enum yg_status source_chunk(struct load_source *s, const struct chunk *before, struct chunk *r, struct yg_err *err)
{
	size_t from = before->cuts ? before->cut[before->cuts - 1].at : 0;
	struct csv_cut last;

	r->len = 0;
	YG_TRY(room_for(r, before->len - from + PIECE, err));
	memcpy(chunk_text(r), chunk_text(before) + from, before->len - from);
	r->len = before->len - from;
	r->scanned = before->scanned - from;
	r->start = before->cuts ? before->cut[before->cuts - 1] : before->start;
	r->start.at = 0;
	r->cuts = 0;
	r->end = false;
	last = r->start;
	if (r->scanned) { /* what was scanned before and lies behind the last cut: where does its last row end? */
		struct csv_scan again = { .quoted = false };
		struct csv_cut place = { 0, 0, 0 };

		csv_scan(&again, chunk_text(r), 0, r->scanned, NULL, 0, &place.at, &place);
		last = (struct csv_cut){ place.at, r->start.record + place.record, r->start.line + place.line };
	}
	if (r->len > r->scanned)
		YG_TRY(scan_more(s, r, &last, err));
	while (!s->ended && !r->cuts) {
		YG_TRY(read_piece(s, r, err));
		YG_TRY(scan_more(s, r, &last, err));
	}
	if (s->ended) {
		size_t behind;

		if (r->scanned > last.at) { /* the last line needs no line end */
			r->len = r->scanned + 1;
			chunk_text(r)[r->scanned] = '\n';
			r->cuts += csv_scan(&s->scan, chunk_text(r), r->scanned, r->len, r->cut + r->cuts, 1, &last.at, &last);
			r->scanned = r->len;
		}
		if (s->scan.quoted)
			return too_long(s, &last, err);
		behind = r->cuts ? r->cut[r->cuts - 1].at : 0;
		if (last.at > behind)
			r->cut[r->cuts++] = last;
		r->end = true;
	}
	memset(chunk_text(r) + r->len, 0, CSV_PAD);
	return YG_OK;
}

static bool has_line(const struct chunk *r)
{
	return memchr(chunk_text(r), '\n', r->len) != NULL;
}

/* The header comes first, and may need several pieces. */
static enum yg_status read_header(struct load_source *s, struct chunk *r, struct yg_err *err)
{
	struct load *l = s->l;
	struct yg_str *name = NULL;
	struct yg_buf bytes = YG_BUF_INIT;
	size_t used = 0;
	uint32_t columns = 0;
	enum yg_status status = YG_OK;

	do {
		status = read_piece(s, r, err);
	} while (status == YG_OK && !s->ended && (!has_line(r) || r->len < PIECE) && r->len < CSV_RECORD_MAX);
	if (status == YG_OK && !has_line(r) && !s->ended)
		status = yg_fail(err, YG_ELIMIT, "E-LIM-005", N_("%s: the row in line %llu is longer than 32 MiB"), l->file, 1ULL);
	if (status == YG_OK)
		status = csv_header(chunk_text(r), r->len, &l->delimiter, &name, &bytes, &columns, &used, l->file, err);
	if (status == YG_OK && !l->column) {
		l->columns = columns;
		l->column = yg_arena_alloc(&l->arena, columns, sizeof *l->column);
		for (uint32_t c = 0; c < columns; c++)
			l->column[c].name = yg_arena_strndup(&l->arena, name[c].p, name[c].n);
	}
	yg_free(name);
	yg_buf_release(&bytes);
	if (status != YG_OK)
		return status;
	r->start = (struct csv_cut){ used, 0, 0 };
	for (size_t i = 0; i < used; i++)
		r->start.line += chunk_text(r)[i] == '\n';
	/* As if a chunk of no blocks had ended behind the header. */
	r->cut[0] = r->start;
	r->cuts = 1;
	r->scanned = used;
	s->scan.lines = r->start.line;
	return YG_OK;
}

enum yg_status source_open(struct load_source *s, struct load *l, struct chunk *first, struct yg_err *err)
{
	memset(s, 0, sizeof *s);
	s->l = l;
	s->scan.skip = l->skip;
	s->scan.skips = l->skips;
	YG_TRY(bytes_open(l->path, l->encoding, &s->bytes, err));
	l->found_encoding = bytes_encoding(s->bytes);
	return read_header(s, first, err);
}

void source_close(struct load_source *s)
{
	bytes_close(s->bytes);
	s->bytes = NULL;
}
