/*
 * Named objects and the versions of the state.
 *
 * A state is an immutable, counted snapshot: the objects there are, what is active, the seed.  Each
 * command that changes something makes a new state that shares all unchanged objects; undo makes
 * the state before the last change current again (and leaves a journal record).  One thing is not kept for undo: a large
 * payload (a model with its rows) whose name is defined again is let go at once, and the object is stale from then on.
 *
 * session knows the kinds of objects but not what is inside: the payload belongs to command.
 */
#ifndef YOGO_SESSION_STATE_H
#define YOGO_SESSION_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/mem.h"
#include "yogo/base/status.h"
#include "yogo/lang/ast.h"
#include "yogo/result/result.h"
#include "yogo/store/dataset.h"

enum yg_object_kind {
	YG_OBJECT_DATASET,
	YG_OBJECT_LET,
	YG_OBJECT_FACTOR,
	YG_OBJECT_PARAM,
	YG_OBJECT_CODES,
	YG_OBJECT_COHORT,
	YG_OBJECT_ENDPOINT,
	YG_OBJECT_COVARIATES,
	YG_OBJECT_CONTRAST,
	YG_OBJECT_RESULT,      /* of an analysis; payload = its model, if any */
	YG_OBJECT_PROPENSITY,
	YG_OBJECT_SET,         /* made by weight, match ...: a population */
};
const char *yg_object_kind_name(enum yg_object_kind kind);   /* "cohort" */

struct yg_object {
	int references;
	char *name;
	enum yg_object_kind kind;
	unsigned version;              /* 1, 2 ... when defined again */
	char *stale;                   /* why it must be made again ("dead was redefined"), or NULL */
	struct yg_arena arena;         /* owns statement */
	const struct yg_node *statement; /* as resolved; NULL for none */
	char *text;                    /* canonical definition */
	struct yg_object *dataset;     /* the data set it belongs to (counted), or NULL */
	const struct yg_table *table;
	char *profile;                 /* data sets: the disclosure profile in force */
	void *payload;
	void (*release)(void *payload);
	uint64_t bytes;                /* about what the payload holds; 0 = little */
	struct yg_result *result;      /* what was shown when it was made, or NULL */
};
/* A new object with one reference; name and text are copied. */
struct yg_object *yg_object_new(enum yg_object_kind kind, const char *name);
struct yg_object *yg_object_ref(struct yg_object *o);
void yg_object_unref(struct yg_object *o);

struct yg_state {
	int references;
	uint64_t version;
	struct yg_state *before;       /* what undo goes back to (counted); NULL at the start */
	struct yg_object **object;     /* in order of definition */
	size_t objects;
	struct yg_object *dataset;     /* active (borrowed from object[]), or NULL */
	const struct yg_table *table;  /* active table */
	struct yg_object *cohort;      /* active cohort (use C), or NULL */
	bool has_seed;
	int64_t seed;
	char *title;
	char *line;                    /* canonical text of the statement that made this state; NULL at the start */
	unsigned results;              /* unnamed results so far: next is r(results + 1) */
};
struct yg_state *yg_state_ref(struct yg_state *s);
void yg_state_unref(struct yg_state *s);
struct yg_object *yg_state_find(const struct yg_state *s, const char *name);             /* exact, or NULL */
/* The object of that name and kind; the message says what the name is instead, or names the nearest.
   Stale objects are refused with the reason. */
enum yg_status yg_state_get(const struct yg_state *s, const char *name, enum yg_object_kind kind,
                            struct yg_object **out, struct yg_err *err) YG_MUST_USE;

#endif
