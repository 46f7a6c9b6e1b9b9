/*
 * The fingerprint of a data set: a Merkle tree over canonical values, which compression, block
 * encodings, dictionaries and threads do not touch and any changed value does.
 * Canonical bytes: docs/cohort-format.md, "Fingerprint".
 */
#ifndef YOGO_STORE_FINGERPRINT_H
#define YOGO_STORE_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#include "yogo/base/hash.h"
#include "yogo/base/text.h"
#include "yogo/store/manifest.h"
#include "yogo/store/vec.h"

/* Digest of the values of one block; level columns give the text of each code in level[levels]. */
struct yg_digest yg_fingerprint_leaf(const struct yg_vec *vec, const struct yg_str *level, size_t levels);
/* A column: name, type, unit, role, missing codes, levels in order, the leaves, the number of rows. */
struct yg_digest yg_fingerprint_column(const struct yg_field *field, const struct yg_digest *leaf, size_t leaves,
                                       uint64_t rows);
struct yg_digest yg_fingerprint_table(const struct yg_digest *node, size_t n);
/* The data root, over the tables sorted by name. */
struct yg_digest yg_fingerprint_set(const char *const *name, const struct yg_digest *root, size_t n);

#endif
