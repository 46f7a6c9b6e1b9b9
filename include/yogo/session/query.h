/*
 * Windows for front ends: what is defined and what the journal says, for lists, completion and forms.
 *
 * Names, types, units, labels and levels of columns are definitions, not values of persons; every
 * count comes from a result that passed the gate.  Everything is read-only and borrowed from the
 * state unless an arena is given.  Owner's thread only.
 */
#ifndef YOGO_SESSION_QUERY_H
#define YOGO_SESSION_QUERY_H

#include "yogo/journal/journal.h"
#include "yogo/session/executor.h"

/* The active data set declares itself synthetic. */
bool yg_query_synthetic(const struct yg_state *s);
/* Its tables by name, and the active one (NULL without data). */
size_t yg_query_tables(const struct yg_state *s);
const char *yg_query_table(const struct yg_state *s, size_t i);
const char *yg_query_active_table(const struct yg_state *s);
/* The table an object was made on, or NULL. */
const char *yg_query_object_table(const struct yg_object *o);

struct yg_query_column {
	const char *name, *type, *unit, *label;  /* unit and label "" when not known */
	const char *origin;                      /* table it lives in, "let" or "factor" */
	const char *definition;                  /* text of a let or factor, else NULL */
	const char *const *level;                /* in level order; of a coded integer its labels */
	const char *const *code;                 /* beside each level: the value in the data, or NULL */
	size_t levels;
	bool own;                                /* of the active table itself */
};
/* Columns visible from the active table: its own, its definitions, then the subject's.  Zero without data. */
size_t yg_query_columns(const struct yg_state *s, struct yg_arena *arena, struct yg_query_column **out);

/* The journal of the open session: entries 1 .. size; 0 without a study. */
uint64_t yg_query_journal_size(struct yg_session *s);
enum yg_status yg_query_journal_entry(struct yg_session *s, uint64_t seq, struct yg_arena *arena,
                                      struct yg_journal_entry *out, struct yg_err *err) YG_MUST_USE;
/* The number of the entry that closes a begin; 0 = open still. */
uint64_t yg_query_journal_closing(struct yg_session *s, uint64_t seq);
/* Check the whole chain of the open journal, now. */
enum yg_status yg_query_journal_verify(struct yg_session *s, struct yg_journal_report *report, struct yg_err *err) YG_MUST_USE;

#endif
