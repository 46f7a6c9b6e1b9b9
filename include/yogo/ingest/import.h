/*
 * Import: delimited text files -> one cohort file.
 *
 * Reads CSV or TSV, plain or packed (gz, zst, a zip with one file), infers types from every row or
 * takes them from a manifest, separates persons from their rows, and writes NAME.cohort with its
 * manifest.  Any bad row fails the import unless bad_rows_refuse; a failing import leaves nothing
 * behind and an earlier output untouched.
 */
#ifndef YOGO_INGEST_IMPORT_H
#define YOGO_INGEST_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/hash.h"
#include "yogo/base/mem.h"
#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/store/writer.h"

struct yg_import_file {
	const char *table;          /* NULL = the file's stem, or what the manifest says */
	const char *path;
};

struct yg_import_options {
	const struct yg_import_file *file;
	size_t files;
	const char *output;         /* NAME.cohort */
	const char *manifest;       /* path of the manifest to obey; NULL = infer and draft one */
	bool public_data;           /* draft: legal basis public, profile open */
	const char *encoding;       /* NULL = UTF-8, or UTF-16 with its mark; "cp932", "euc-jp", "latin1" ... */
	char delimiter;             /* 0 = the one the header uses: , ; tab | */
	const char *const *person;  /* columns that name the person; manifest's if NULL */
	size_t persons;
	const char *date;           /* orders the rows of a person; NULL = the manifest's, or import order */
	bool bad_rows_refuse;       /* leave bad rows out and record them, instead of failing */
	int zstd_level;             /* 0 = as it pays (encode.h), negative = none */
	yg_writer_check *check;     /* looks at the file before it gets its name; NULL = none */
	void *check_context;
	const char *const *accepted; /* columns taken although the check objects; recorded in the file */
	size_t accepteds;
};

/* A row that could not be taken. */
struct yg_import_bad_row {
	const char *file;
	uint64_t record, line;      /* from 1; record 1 follows the header */
	const char *column;         /* NULL = the whole row */
	const char *reason;         /* message id */
};
#define YG_IMPORT_SHOWN 20

struct yg_import_report {
	struct yg_arena arena;      /* owns the texts */
	uint64_t rows, persons, columns, tables;
	uint64_t source_bytes, output_bytes;
	struct yg_digest root;
	const char *manifest_path;  /* drafted, or NULL */
	const char *const *note;    /* lines for people, in order */
	size_t notes;
	struct yg_import_bad_row bad[YG_IMPORT_SHOWN];
	size_t bad_shown;
	uint64_t bad_rows;
};
void yg_import_report_init(struct yg_import_report *report);
void yg_import_report_release(struct yg_import_report *report);

/* The report's bad rows are filled also on failure.  report must have been initialised. */
enum yg_status yg_import_run(const struct yg_import_options *options, struct yg_task *task,
                             struct yg_import_report *report, struct yg_err *err) YG_MUST_USE;

#endif
