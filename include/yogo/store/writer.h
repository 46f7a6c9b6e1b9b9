/*
 * Writing a cohort file: encoded blocks go in, one closed, digested, renamed file comes out.
 *
 * Blocks may arrive for any column at any time, but those of one column in ascending order unless
 * they replace earlier ones; the same sequence of calls gives the same bytes.  Until
 * yg_writer_finish() returns YG_OK nothing exists under the target's name, and whatever was there
 * before is untouched.
 */
#ifndef YOGO_STORE_WRITER_H
#define YOGO_STORE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/hash.h"
#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/store/encode.h"
#include "yogo/store/manifest.h"

struct yg_writer;

enum yg_column_kind {
	YG_KIND_VALUE = 1,
	YG_KIND_START,       /* persons + 1 row numbers: where each person's rows begin */
	YG_KIND_SOURCE_ROW,  /* record number in the source file, for messages; not in the fingerprint */
};

enum yg_status yg_writer_new(const char *path, struct yg_writer **out, struct yg_err *err) YG_MUST_USE;
/* Remove the temporary file unless finished. */
void yg_writer_free(struct yg_writer *w);

size_t yg_writer_add_table(struct yg_writer *w, const char *name, enum yg_grain grain);
/* Returns the column's number.  name: of value columns; type 0: that of its first block. */
size_t yg_writer_add_column(struct yg_writer *w, size_t table, const char *name, enum yg_type type,
                            enum yg_column_kind kind);
/* Another type from now on; blocks of the old one must be put again. */
void yg_writer_retype(struct yg_writer *w, size_t column, enum yg_type type);
/* Store block number `block`; the contents of *encoded are taken and left empty. */
enum yg_status yg_writer_put(struct yg_writer *w, size_t column, uint32_t block, struct yg_encoded *encoded,
                             struct yg_err *err) YG_MUST_USE;

/* What is known before finishing, for the drafted manifest. */
const struct yg_dict *yg_writer_dictionary(const struct yg_writer *w, size_t column);
bool yg_writer_zone(const struct yg_writer *w, size_t column, double *minimum, double *maximum);

/*
 * Reading back what was put, before finishing (importers that must look at all rows first).  Level
 * columns give codes of yg_writer_dictionary().  Thread-safe while nothing is put.
 */
enum yg_status yg_writer_read(struct yg_writer *w, size_t column, uint32_t block, struct yg_vec_space *space,
                              struct yg_vec *out, struct yg_err *err) YG_MUST_USE;
uint32_t yg_writer_blocks(const struct yg_writer *w, size_t column);

/*
 * Look at the finished file before it gets its name: a check that fails leaves nothing behind.  The path is that of
 * the temporary file, a whole cohort file.
 */
typedef enum yg_status yg_writer_check(void *context, const char *path, struct yg_task *task, struct yg_err *err);
void yg_writer_set_check(struct yg_writer *w, yg_writer_check *check, void *context);

/*
 * The manifest names every table and value column, with their final types; declared levels must
 * cover what was found.  Computes profiles and the fingerprint, closes, adds the trailer, syncs and
 * renames.  *root may be NULL.
 */
enum yg_status yg_writer_finish(struct yg_writer *w, const struct yg_manifest *manifest, const char *import_record,
                                struct yg_task *task, struct yg_digest *root, struct yg_err *err) YG_MUST_USE;

#endif
