/*
 * decode-speed FILE.cohort: how fast stored blocks become values, by encoding, on one thread.
 *
 * For each encoding that occurs: columns with it, rows, bytes a row stored, gigabytes of values decoded a second from the
 * stored blocks in memory, and through the reader (fetched from the file in the page cache, checksum compared, decoded).
 * Beside it the same values as plain arrays, each block compressed with zstd level 3: bytes a row, gigabytes of values
 * decompressed a second, and how many times as fast the encoding is.  The best of PASSES, both sides in the same run.
 * A value counts 8 bytes (integer, number, instant), 4 (level, date) or 1 (flag); texts their bytes and 4 for each offset.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zstd.h>

#include "yogo/store/dataset.h"
#include "yogo/store/encode.h"

#define PASSES 5
#define ENTRY 80            /* bytes of a directory entry: docs/cohort-format.md */
#define PACKED_AGAIN 8      /* mark of a block whose payload is a zstd frame */

struct sum {
	size_t columns, last_column;
	double rows, stored, plain, zipped; /* bytes */
	double decode[PASSES], read[PASSES], unzip[PASSES]; /* seconds */
};
/* By encoding, with zstd over it or without; the last one is of everything. */
static struct sum sums[2 * YG_ENCODING_COUNT + 1];
#define TOTAL (2 * YG_ENCODING_COUNT)

struct block {
	unsigned char *stored;
	char *zipped;
	size_t stored_size, zipped_size, plain_size;
	uint32_t rows;
	struct sum *sum;
};

struct column {
	struct yg_column_ref ref;
	enum yg_type type;
	int32_t *position;
	size_t positions;
	struct block *block;
	uint32_t blocks;
};

static struct yg_vec_space space;
static struct yg_err err;
static char *out;           /* what zstd writes into: room for the largest block */
static size_t out_size;

static void die(const char *what)
{
	fprintf(stderr, "decode-speed: %s\n", what);
	exit(1);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint32_t le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void *room(size_t n)
{
	void *p = malloc(n + 1);
	if (!p)
		die("out of memory");
	return p;
}

/* The values of a block as one plain array. */
static const void *plain(const struct yg_vec *vec, size_t *size, char **made)
{
	*made = NULL;
	switch (vec->type) {
	case YG_TYPE_FLAG:
		return *size = vec->n, vec->v.flag;
	case YG_TYPE_LEVEL:
	case YG_TYPE_DATE:
		return *size = vec->n * sizeof *vec->v.level, vec->v.level;
	case YG_TYPE_TEXT: {
		size_t starts = (vec->n + 1) * sizeof *vec->v.text.start, bytes = vec->v.text.start[vec->n];
		*made = room(starts + bytes);
		memcpy(*made, vec->v.text.start, starts);
		memcpy(*made + starts, vec->v.text.bytes, bytes);
		return *size = starts + bytes, *made;
	}
	default:
		return *size = vec->n * sizeof *vec->v.number, vec->v.number;
	}
}

static void decode(const struct column *c, const struct block *b, struct yg_vec *vec)
{
	if (yg_block_decode(b->stored, b->stored_size, c->type, b->rows, c->position, c->positions, &space, vec, &err) != YG_OK)
		die(err.text);
}

static void add(struct sum *sum, const struct block *b)
{
	sum->rows += b->rows;
	sum->stored += (double)b->stored_size;
	sum->plain += (double)b->plain_size;
	sum->zipped += (double)b->zipped_size;
}

/* Fetches a block, and makes its twin: the same values as they are, under zstd. */
static void take(sqlite3 *db, struct column *c, struct block *b, const unsigned char *entry, size_t column)
{
	sqlite3_blob *blob;
	struct yg_vec vec;
	char *made;

	if (sqlite3_blob_open(db, "main", "block", "bytes", (sqlite3_int64)le32(entry) | (sqlite3_int64)le32(entry + 4) << 32, 0, &blob))
		die(sqlite3_errmsg(db));
	b->rows = le32(entry + 8);
	b->stored_size = (size_t)sqlite3_blob_bytes(blob);
	b->stored = room(b->stored_size);
	if (sqlite3_blob_read(blob, b->stored, (int)b->stored_size, 0))
		die(sqlite3_errmsg(db));
	sqlite3_blob_close(blob);
	decode(c, b, &vec);
	const void *values = plain(&vec, &b->plain_size, &made);
	b->zipped = room(ZSTD_compressBound(b->plain_size));
	b->zipped_size = ZSTD_compress(b->zipped, ZSTD_compressBound(b->plain_size), values, b->plain_size, 3);
	free(made);
	if (b->plain_size > out_size) {
		free(out);
		out = room(out_size = b->plain_size);
	}
	if (ZSTD_isError(b->zipped_size) || b->stored[7] >= YG_ENCODING_COUNT)
		die("a block cannot be compressed, or has an unknown encoding");
	b->sum = &sums[2 * b->stored[7] + (b->stored[4] & PACKED_AGAIN ? 1 : 0)];
	if (b->sum->last_column != column + 1) {
		b->sum->last_column = column + 1;
		b->sum->columns++;
	}
	add(b->sum, b);
	add(&sums[TOTAL], b);
}

static void spend(double *part, double *total, double start)
{
	double took = now() - start;
	*part += took;
	*total += took;
}

static void time_column(const struct column *c, ZSTD_DCtx *unzip)
{
	struct sum *total = &sums[TOTAL];
	struct yg_vec vec;

	for (int pass = 0; pass < PASSES; pass++)
		for (uint32_t i = 0; i < c->blocks; i++) {
			const struct block *b = &c->block[i];
			double start = now();
			decode(c, b, &vec);
			spend(&b->sum->decode[pass], &total->decode[pass], start);
			start = now();
			if (ZSTD_isError(ZSTD_decompressDCtx(unzip, out, out_size, b->zipped, b->zipped_size)))
				die("a block does not decompress");
			spend(&b->sum->unzip[pass], &total->unzip[pass], start);
			start = now();
			if (yg_column_read(&c->ref, i, &space, &vec, &err) != YG_OK)
				die(err.text);
			spend(&b->sum->read[pass], &total->read[pass], start);
		}
}

/* The row of the query: table, name, type, directory, level order. */
static void open_column(sqlite3_stmt *q, const struct yg_dataset *d, struct column *c)
{
	const struct yg_table *table = yg_dataset_find(d, (const char *)sqlite3_column_text(q, 0));
	const unsigned char *order = sqlite3_column_blob(q, 4), *directory = sqlite3_column_blob(q, 3);

	if (!table || yg_table_find(table, (const char *)sqlite3_column_text(q, 1), &c->ref, &err) != YG_OK ||
	    !yg_type_parse((const char *)sqlite3_column_text(q, 2), &c->type))
		die("the tables of the file and its data set differ");
	c->positions = (size_t)sqlite3_column_bytes(q, 4) / 4;
	c->position = room(c->positions * sizeof *c->position);
	for (size_t i = 0; i < c->positions; i++)
		c->position[i] = (int32_t)le32(order + 4 * i);
	c->blocks = le32(directory + 4);
	c->block = room(c->blocks * sizeof *c->block);
}

static double best(const double *seconds)
{
	double least = seconds[0];
	for (int i = 1; i < PASSES; i++)
		least = seconds[i] < least ? seconds[i] : least;
	return least;
}

static void print(const char *name, const struct sum *s)
{
	double bytes = s->plain / 1e9, decoded = bytes / best(s->decode), unzipped = bytes / best(s->unzip);

	printf("%-20s %7zu %11.0f %9.2f %9.2f %9.2f %9.2f %11.2f %9.2f %9.1f\n", name, s->columns, s->rows, s->plain / s->rows,
	       s->stored / s->rows, decoded, bytes / best(s->read), s->zipped / s->rows, unzipped, decoded / unzipped);
}

int main(int argc, char **argv)
{
	struct yg_dataset *d;
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;

	if (argc != 2)
		return fprintf(stderr, "usage: decode-speed FILE.cohort\n"), 2;
	if (yg_dataset_open(argv[1], &d, &err) != YG_OK)
		die(err.text);
	if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_prepare_v2(db, "SELECT t.name, c.name, c.type, c.directory, c.level_order FROM dataset_column c "
	                           "JOIN dataset_table t ON t.id = c.dataset_table WHERE c.kind = 1 ORDER BY c.id", -1, &q, NULL))
		die(sqlite3_errmsg(db));
	yg_vec_space_init(&space);
	ZSTD_DCtx *unzip = ZSTD_createDCtx();
	while (sqlite3_step(q) == SQLITE_ROW) {
		struct column c;
		open_column(q, d, &c);
		for (uint32_t i = 0; i < c.blocks; i++)
			take(db, &c, &c.block[i], (const unsigned char *)sqlite3_column_blob(q, 3) + 8 + (size_t)ENTRY * i, sums[TOTAL].columns);
		sums[TOTAL].columns++;
		time_column(&c, unzip);
		for (uint32_t i = 0; i < c.blocks; i++) {
			free(c.block[i].stored);
			free(c.block[i].zipped);
		}
		free(c.block);
		free(c.position);
	}
	printf("%-20s %7s %11s %9s %9s %9s %9s %11s %9s %9s\n", "encoding", "columns", "rows", "plain B", "stored B", "GB/s",
	       "read GB/s", "zstd-3 B", "GB/s", "x zstd-3");
	for (unsigned e = 1; e < 2 * YG_ENCODING_COUNT; e++) {
		char name[64];
		snprintf(name, sizeof name, "%s%s", yg_encoding_name(e / 2), e % 2 ? " + zstd" : "");
		if (sums[e].columns)
			print(name, &sums[e]);
	}
	print("all", &sums[TOTAL]);
	free(out);
	ZSTD_freeDCtx(unzip);
	sqlite3_finalize(q);
	sqlite3_close(db);
	yg_vec_space_release(&space);
	yg_dataset_unref(d);
	return 0;
}
