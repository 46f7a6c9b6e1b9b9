/*
 * The manifest as a type (NAME.manifest.json; docs/manifest-format.md): what the data are, who
 * anonymised them and how, and what each column means.  Read-only to all rooms above store.
 */
#ifndef YOGO_STORE_MANIFEST_H
#define YOGO_STORE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/hash.h"
#include "yogo/base/mem.h"
#include "yogo/base/status.h"
#include "yogo/store/type.h"

/* A text for people, in English and, where given, in Japanese. */
struct yg_label {
	const char *en;   /* NULL = none */
	const char *ja;
};

struct yg_value_label {
	const char *value;        /* as written in the data: "1", "F" */
	struct yg_label label;
};

struct yg_missing_code {
	const char *value;        /* text in the source that means missing */
	uint8_t reason;           /* enum yg_missing or 16.. */
	const char *name;         /* the manifest's word for it */
};

struct yg_field {
	const char *name;
	struct yg_label label;
	enum yg_type type;
	const char *unit;               /* "days", "mg/dl"; NULL = none */
	enum yg_role_of_column role;
	bool sensitive_high;
	const char **level;             /* level columns: labels in level order */
	size_t levels;
	bool levels_declared;           /* given by the manifest, not found in the data */
	struct yg_value_label *value_label;
	size_t value_labels;
	struct yg_missing_code *missing_code;
	size_t missing_codes;
	bool instant_utc;
	const char *date_format;        /* NULL = ISO 8601 */
	const char *comment;            /* for people; never part of a digest */
};

enum yg_grain { YG_GRAIN_PERSON, YG_GRAIN_EVENT };

struct yg_manifest_table {
	const char *name;
	const char *file;               /* source file, for people */
	enum yg_grain grain;
	const char *date_column;        /* event tables: orders rows within the person; NULL = import order */
	struct yg_field *field;
	size_t fields;
};

struct yg_manifest {
	struct yg_arena arena;          /* owns everything below */
	int version;
	const char *id, *title, *release, *source, *license, *citation;
	bool synthetic;
	const char *legal_basis;        /* "public", "undeclared", "synthetic", "jp-nmi-anonymous" ... */
	const char *profile;            /* "open", "jp_ndb", "opensafely", "strict" */
	int64_t min_cell;               /* 0 = the profile's */
	const char *purpose, *expires;  /* NULL = not declared */
	const char **person;            /* person columns, of every table */
	size_t persons;
	struct yg_manifest_table *table;
	size_t tables;
	const char *comment;            /* for people; never part of a digest */
	const struct yg_json *json;     /* the document as parsed, for fields that others interpret; NULL if built */
	const char *text;               /* and as written; stored in the cohort file unchanged */
	size_t text_len;
};
/* An empty manifest to be filled by import: version 1, nothing declared. */
struct yg_manifest *yg_manifest_new(void);
/* A deep copy of a field, all of it in arena. */
struct yg_field yg_field_copy(struct yg_arena *arena, const struct yg_field *field);
/* Parse and check; messages name the field path.  Unknown fields are refused by name. */
enum yg_status yg_manifest_parse(const char *json, size_t n, struct yg_manifest **out, struct yg_err *err) YG_MUST_USE;
void yg_manifest_free(struct yg_manifest *m);
/* Pretty JSON, stable order, for NAME.manifest.json. */
void yg_manifest_write(const struct yg_manifest *m, struct yg_buf *out);
/* Digest of the canonical (CJ1) form. */
struct yg_digest yg_manifest_digest(const struct yg_manifest *m);

#endif
