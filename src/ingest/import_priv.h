/* What the files of the importer share. */
#ifndef YOGO_INGEST_IMPORT_PRIV_H
#define YOGO_INGEST_IMPORT_PRIV_H

#include "src/ingest/load_priv.h"
#include "yogo/ingest/import.h"

/* draft.c */
struct yg_manifest *draft_new(const struct yg_import_options *o);
struct yg_manifest_table *draft_table(struct yg_manifest *m, const char *name, const char *file, enum yg_grain grain,
                                      const char *date, size_t fields);
struct yg_field draft_field(struct yg_arena *arena, const struct load *l, const struct load_column *c);

/* A table of the result: columns of one loaded file. */
struct target {
	const char *name;
	enum yg_grain grain;
	struct load *source;         /* NULL: persons made from the rows of all files */
	const char *date;            /* orders rows within the person */
	uint32_t *column;            /* of source */
	uint32_t columns;
};
struct import {
	const struct yg_import_options *o;
	struct yg_task *task;
	struct yg_import_report *report;
	struct yg_manifest *given;   /* or NULL */
	const char *const *person;   /* columns that name the person */
	size_t persons;
	struct load *load;
	size_t loads;
	struct target *target;
	size_t targets, target_cap;
	struct yg_arena arena;
	const char **note;
	size_t notes, note_cap;
	uint64_t rows, people;
};
void import_note(struct import *im, const char *text);
/* Fill in and return the failure that tells of refused rows. */
enum yg_status import_bad_rows(struct import *im, const struct load *l, struct yg_err *err);
void import_record_bad(struct import *im, const struct load *l);

/* persons.c: number persons, decide tables, sort rows, write all into w; fills im->target. */
const struct load_column *person_column(const struct load *l, const char *name);
bool names_person(const struct import *im, const struct load *l, const struct load_column *c);
enum yg_status persons_arrange(struct import *im, struct yg_writer *w, struct yg_err *err);

/* whole.c: one column of a staged file in memory. */
struct whole {
	enum yg_type type;
	uint64_t n;
	void *value;                 /* n values; text: n + 1 offsets of 64 bits */
	uint64_t *valid;             /* NULL = all */
	uint8_t *reason, *precision; /* NULL = none, all days */
	char *bytes;
	uint64_t bytes_len;
};
enum yg_status whole_load(struct load *l, size_t column, enum yg_type type, struct whole *out, struct yg_task *task,
                          struct yg_err *err);
void whole_release(struct whole *w);
bool whole_same(const struct whole *w, uint64_t a, uint64_t b);
static inline bool whole_valid(const struct whole *w, uint64_t i)
{
	return !w->valid || (w->valid[i >> 6] >> (i & 63) & 1);
}
/* Encode and put rows row[n] (NULL: 0 ... n-1) of the column. */
enum yg_status whole_write(const struct whole *from, const struct yg_dict *levels, const uint64_t *row, uint64_t n,
                           struct yg_writer *w, size_t column, int level, bool digest, struct yg_task *task,
                           struct yg_err *err);

#endif
