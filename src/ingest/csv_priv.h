/*
 * Delimited text: where records end, and where fields end.
 *
 * RFC 4180: a field that begins with a double quote ends with one, holds quotes doubled, and may
 * hold delimiters and line ends; a quote anywhere else is an error of its row.  Lines end with LF
 * or CR LF.
 */
#ifndef YOGO_INGEST_CSV_PRIV_H
#define YOGO_INGEST_CSV_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/status.h"
#include "yogo/base/text.h"

#define CSV_PAD 64u                    /* readable bytes wanted before and after any text */
#define CSV_FIELD_MAX (16u << 20)
#define CSV_RECORD_MAX (32u << 20)
#define CSV_COLUMNS_MAX 20000u

/* Counting records over a stream of pieces. */
struct csv_scan {
	bool quoted;                   /* inside quotes at the end of the last piece */
	uint64_t records, lines;       /* ended so far */
	const uint64_t *skip;          /* record numbers left out, ascending */
	size_t skips, next_skip;
	uint64_t kept;                 /* records ended that are not left out */
};
/* A place between two records where a block of 65,536 kept records begins. */
struct csv_cut {
	size_t at;                     /* offset in the text */
	uint64_t record, line;         /* of the record that begins here, from 0 */
};
/*
 * Scan text[from, to); writes a cut after each multiple of 65,536 kept records and into *last the
 * offset behind the last record that ended (or leaves it).  Returns the number of cuts.
 */
size_t csv_scan(struct csv_scan *s, const char *text, size_t from, size_t to, struct csv_cut *cut, size_t cuts,
                size_t *last, struct csv_cut *last_cut);

/* Why a row cannot be taken. */
enum csv_fault {
	CSV_GOOD,
	CSV_FEWER,
	CSV_MORE,
	CSV_QUOTE,
	CSV_ENCODING,
	CSV_NUL,
	CSV_RETURN,
	CSV_LONG,
	CSV_TYPE,
	CSV_RANGE,
	CSV_LEVEL,
	CSV_NONFINITE,
	CSV_PERSON,
	CSV_NO_PERSON,
	CSV_BLANK,
};
const char *csv_fault_text(enum csv_fault fault);

/* Fields of some consecutive rows.  Field c of row r lies in text[csv_from, csv_to). */
struct csv_tile {
	const char *text;
	uint32_t rows, columns;
	uint32_t *end;                 /* ends of fields, rows one after another */
	uint32_t *base;                /* row -> index in end of its first field */
	uint32_t *start;               /* row -> first byte */
	uint32_t *last;                /* row -> end of its last field (before CR LF) */
	uint64_t *record;              /* row -> record number */
	bool quotes;                   /* there is a quote somewhere */
	uint32_t ends, end_cap, row_cap;
	uint32_t kept_ends;            /* of a row not ended yet, at the front of end */
};
static inline uint32_t csv_from(const struct csv_tile *t, uint32_t row, uint32_t column)
{
	return column ? t->end[t->base[row] + column - 1] + 1 : t->start[row];
}
static inline uint32_t csv_to(const struct csv_tile *t, uint32_t row, uint32_t column)
{
	return column + 1 == t->columns ? t->last[row] : t->end[t->base[row] + column];
}

/* Walks the text of one block, tile by tile. */
struct csv_walk {
	const char *text;              /* CSV_PAD bytes readable on both sides */
	uint32_t size, at;             /* at: next byte to look at */
	char delimiter;
	bool quoted;
	bool has_nul, has_return;      /* met so far */
	uint32_t row_start;            /* of the row under way */
	uint64_t record;               /* its number */
	const uint64_t *skip;
	size_t skips;
	void (*fault)(void *context, uint64_t record, uint32_t at, enum csv_fault fault);
	void *context;
};
void csv_walk_init(struct csv_walk *w, const char *text, uint32_t size, char delimiter);
/* The next rows; false at the end. */
bool csv_walk_next(struct csv_walk *w, struct csv_tile *t);
void csv_tile_init(struct csv_tile *t, uint32_t columns);
void csv_tile_release(struct csv_tile *t);

/* What stands in a field: quotes taken off (doubled ones through scratch). */
struct yg_str csv_field(const char *text, uint32_t from, uint32_t to, struct yg_buf *scratch, bool *quoted);

/* The header: names of columns.  *used = bytes up to the first data record. */
enum yg_status csv_header(const char *text, size_t n, char *delimiter, struct yg_str **name, struct yg_buf *bytes,
                          uint32_t *columns, size_t *used, const char *file, struct yg_err *err);

#endif
