/* The fields of a block's rows: ends of fields from masks, then checked row by row. */
#include <string.h>

#include "src/ingest/csv_marks_priv.h"
#include "src/ingest/csv_priv.h"
#include "src/ingest/hot_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"

#define TILE_FIELDS 4096u

const char *csv_fault_text(enum csv_fault fault)
{
	switch (fault) {
	case CSV_FEWER:
		return N_("it has fewer fields than the header");
	case CSV_MORE:
		return N_("it has more fields than the header");
	case CSV_QUOTE:
		return N_("a double quote stands inside a field, or text after a closing one");
	case CSV_ENCODING:
		return N_("it holds bytes that are no text in the file's encoding");
	case CSV_NUL:
		return N_("it holds a NUL byte");
	case CSV_RETURN:
		return N_("it holds a carriage return outside quotes");
	case CSV_LONG:
		return N_("a field is longer than 16 MiB");
	case CSV_TYPE:
		return N_("the value is not of the column's type");
	case CSV_RANGE:
		return N_("the integer is beyond 64 bits");
	case CSV_LEVEL:
		return N_("the value is not one of the declared levels");
	case CSV_NONFINITE:
		return N_("NaN and infinity are not numbers of a data set");
	case CSV_PERSON:
		return N_("its person is not in the table of persons");
	case CSV_NO_PERSON:
		return N_("the column that names the person is missing");
	default:
		return N_("it cannot be read");
	}
}

void csv_tile_init(struct csv_tile *t, uint32_t columns)
{
	memset(t, 0, sizeof *t);
	t->columns = columns;
}

void csv_tile_release(struct csv_tile *t)
{
	yg_free(t->end);
	yg_free(t->base);
	yg_free(t->start);
	yg_free(t->last);
	yg_free(t->record);
	memset(t, 0, sizeof *t);
}

void csv_walk_init(struct csv_walk *w, const char *text, uint32_t size, char delimiter)
{
	memset(w, 0, sizeof *w);
	w->text = text;
	w->size = size;
	w->delimiter = delimiter;
}

static void make_room(struct csv_tile *t, uint32_t ends, uint32_t rows)
{
	if (t->end_cap < ends) {
		t->end_cap = ends * 2;
		t->end = yg_xrealloc(t->end, t->end_cap, sizeof *t->end);
	}
	if (t->row_cap < rows) {
		t->row_cap = rows * 2;
		t->base = yg_xrealloc(t->base, t->row_cap, sizeof *t->base);
		t->start = yg_xrealloc(t->start, t->row_cap, sizeof *t->start);
		t->last = yg_xrealloc(t->last, t->row_cap, sizeof *t->last);
		t->record = yg_xrealloc(t->record, t->row_cap, sizeof *t->record);
	}
}

struct found {
	uint32_t *row;      /* index in end of each row's last field */
	uint32_t rows, want;
	bool beyond_ascii;
};

/* Offsets of the set bits, four at a time: the number of turns is easier to foresee than that of bits. */
static inline __attribute__((always_inline)) void put_ends(uint32_t *out, uint32_t at, uint64_t marks, uint32_t count)
{
	const uint64_t stop = UINT64_C(1) << 63;

	for (uint32_t i = 0; i < count; i += 4, out += 4) {
		uint64_t second = marks & (marks - 1), third = second & (second - 1), fourth = third & (third - 1);

		out[0] = at + (uint32_t)__builtin_ctzll(marks);
		out[1] = at + (uint32_t)__builtin_ctzll(second | stop);
		out[2] = at + (uint32_t)__builtin_ctzll(third | stop);
		out[3] = at + (uint32_t)__builtin_ctzll(fourth | stop);
		marks = fourth & (fourth - 1);
	}
}

/* Collect ends of fields until enough rows have ended or the text has. */
INGEST_CLONES
static void collect(struct csv_walk *w, struct csv_tile *t, struct found *f)
{
	while (w->at < w->size && f->rows < f->want) {
		uint32_t left = w->size - w->at, count;
		uint64_t in = left >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << left) - 1, marks;
		struct csv_marks m;

		csv_look(w->text + w->at, w->delimiter, &m);
		m.lines &= in;
		m.quotes &= in;
		marks = (m.delimiters & in) | m.lines;
		if (m.quotes || w->quoted) {
			uint64_t inside = csv_parity(m.quotes) ^ (w->quoted ? ~UINT64_C(0) : 0);

			m.lines &= ~inside;
			marks &= ~inside;
			w->quoted = inside >> 63;
			t->quotes |= m.quotes != 0;
		}
		/* Bytes behind the end only cost a check. */
		f->beyond_ascii |= m.beyond_ascii;
		w->has_nul |= m.nul;
		w->has_return |= m.carriage_return;
		make_room(t, t->ends + 68, f->rows + 64);
		count = (uint32_t)__builtin_popcountll(marks);
		for (; m.lines; m.lines &= m.lines - 1)
			t->base[f->rows++] = t->ends + (uint32_t)__builtin_popcountll(marks & ((m.lines & (0 - m.lines)) - 1));
		put_ends(t->end + t->ends, w->at, marks, count);
		t->ends += count;
		w->at += 64;
	}
	if (w->at > w->size)
		w->at = w->size;
}

static bool quotes_fit(const char *p, uint32_t n)
{
	if (!n)
		return true;
	if (p[0] != '"')
		return !memchr(p, '"', n);
	if (n < 2 || p[n - 1] != '"')
		return false;
	for (uint32_t i = 1; i + 1 < n; i++) {
		if (p[i] == '"' && (i + 2 >= n || p[++i] != '"'))
			return false;
	}
	return true;
}

/* The first fault of a row's bytes, CSV_GOOD when there is none. */
static enum csv_fault look_at(const struct csv_walk *w, const struct csv_tile *t, uint32_t row, bool beyond_ascii,
                              uint32_t *at)
{
	uint32_t from = t->start[row], to = t->last[row];
	size_t bad;

	*at = from;
	if (w->has_nul && memchr(w->text + from, 0, to - from))
		return CSV_NUL;
	if (beyond_ascii && !yg_utf8_valid(w->text + from, to - from, &bad)) {
		*at = from + (uint32_t)bad;
		return CSV_ENCODING;
	}
	if (!t->quotes && to - from <= CSV_FIELD_MAX && !w->has_return)
		return CSV_GOOD;
	for (uint32_t c = 0; c < t->columns; c++) {
		uint32_t a = csv_from(t, row, c), b = csv_to(t, row, c);

		*at = a;
		if (t->quotes && !quotes_fit(w->text + a, b - a))
			return CSV_QUOTE;
		if (b - a > CSV_FIELD_MAX)
			return CSV_LONG;
		if (w->has_return && b > a && w->text[a] != '"' && memchr(w->text + a, '\r', b - a))
			return CSV_RETURN;
	}
	return CSV_GOOD;
}

static bool skipped(struct csv_walk *w)
{
	while (w->skips && *w->skip < w->record) {
		w->skip++;
		w->skips--;
	}
	return w->skips && *w->skip == w->record;
}

/* Check the rows that ended and keep the good ones, moving them together. */
static void keep_rows(struct csv_walk *w, struct csv_tile *t, const struct found *f)
{
	uint32_t first = 0, kept = 0;

	for (uint32_t r = 0; r < f->rows; r++) {
		uint32_t last = t->base[r], fields = last - first + 1, stop = t->end[last], at;
		enum csv_fault fault = CSV_GOOD;
		bool keep = !skipped(w);

		t->base[kept] = first;
		t->record[kept] = w->record;
		t->start[kept] = at = w->row_start;
		t->last[kept] = stop > w->row_start && w->text[stop - 1] == '\r' ? stop - 1 : stop;
		if (keep) {
			if (fields == 1 && t->columns > 1 && t->last[kept] == w->row_start)
				fault = CSV_BLANK;
			else if (fields != t->columns)
				fault = fields < t->columns ? CSV_FEWER : CSV_MORE;
			else
				fault = look_at(w, t, kept, f->beyond_ascii, &at);
			if (fault != CSV_GOOD)
				w->fault(w->context, w->record, at, fault);
			kept += fault == CSV_GOOD;
		}
		w->row_start = stop + 1;
		w->record++;
		first = last + 1;
	}
	t->rows = kept;
	/* Fields of a row that has not ended wait for the next tile. */
	t->kept_ends = t->ends - first;
	t->ends = first;
}

bool csv_walk_next(struct csv_walk *w, struct csv_tile *t)
{
	struct found f = { .want = TILE_FIELDS / t->columns };
	uint32_t begun = w->at;

	if (f.want < 16)
		f.want = 16;
	if (t->kept_ends) { /* behind the rows handed out before */
		memmove(t->end, t->end + t->ends, t->kept_ends * sizeof *t->end);
		t->ends = t->kept_ends;
		t->kept_ends = 0;
	} else {
		t->ends = 0;
	}
	t->text = w->text;
	t->rows = 0;
	t->quotes = false;
	if (w->at >= w->size)
		return false;
	collect(w, t, &f);
	/* A row whose opening quote lay in the last tile must be checked like any quoted one. */
	t->quotes = t->quotes || memchr(w->text + w->row_start, '"', (size_t)(begun - w->row_start)) != NULL;
	keep_rows(w, t, &f);
	return true;
}

struct yg_str csv_field(const char *text, uint32_t from, uint32_t to, struct yg_buf *scratch, bool *quoted)
{
	const char *p = text + from;
	size_t n = to - from;

	*quoted = n && p[0] == '"';
	if (!*quoted)
		return (struct yg_str){ p, n };
	if (n < 2)
		return (struct yg_str){ p, 0 };
	p++;
	n -= 2;
	if (!memchr(p, '"', n))
		return (struct yg_str){ p, n };
	yg_buf_clear(scratch);
	for (size_t i = 0; i < n; i++) {
		yg_buf_addc(scratch, p[i]);
		i += p[i] == '"';
	}
	return (struct yg_str){ scratch->data, scratch->len };
}
