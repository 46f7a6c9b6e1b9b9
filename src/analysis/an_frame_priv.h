/*
 * What the describing verbs share: the set of persons with the columns named, arranged in groups.
 */
#ifndef YOGO_AN_FRAME_PRIV_H
#define YOGO_AN_FRAME_PRIV_H

#include "yogo/analysis/describe.h"
#include "yogo/raw/raw.h"

enum an_kind {
	AN_NUMBER,
	AN_FLAG,      /* a flag, or a whole number that is only 0 and 1 and has no labels of its own */
	AN_LEVELS,    /* a level column, a factor, a number with value labels */
};
struct an_variable {
	const char *name, *label, *unit;      /* label: the manifest's, else the name; unit NULL = none */
	enum an_kind kind;
	bool whole;                           /* an integer column */
	const struct yg_set_column *column;
	const struct yg_field *field;         /* of a plain column that is no level; NULL else */
	const char **level;                   /* AN_LEVELS: what people read, value labels put in */
	int levels;
};
/* Combinations of one or more factors as groups; empty ones do not count. */
struct an_groups {
	size_t count;
	int32_t *of;                          /* [n], -1 = in no group */
	const char **label;
	uint64_t *size;                       /* rows of the set */
	uint64_t *persons;                    /* distinct persons */
	bool *unknown;                        /* one of its factors is missing (keep_group_missing) */
	const char *title;                    /* "rx", "rx:sex"; NULL = everybody is one group */
	size_t reference;
};
struct an_frame {
	struct yg_arena arena;
	struct yg_set *set;
	struct an_variable *variable;
	size_t variables;
	struct an_groups by, strata;
	const double *weight;                 /* [n] or NULL */
	const double *frequency;              /* [n] or NULL */
	double conf;
};
struct an_frame_request {
	const struct yg_an_input *in;
	const struct yg_an_targets *target;   /* NULL = none */
	const struct yg_node *crossing;       /* CROSSING node or NULL */
	const struct yg_node *strata;         /* STRATA node or NULL */
	const struct yg_node *frequency;      /* NAME or NULL */
	enum yg_set_unit unit;
	bool drop_missing;                    /* rows with a missing target are dropped and counted */
	bool keep_group_missing;              /* a missing group is a group "missing" of its own, last */
	bool factors;                         /* every target is taken as levels */
};
enum yg_status an_frame_build(const struct an_frame_request *request, struct yg_task *task, struct an_frame *out,
                              struct yg_err *err) YG_MUST_USE;
void an_frame_release(struct an_frame *f);

/* What a target is, before any row is read. */
enum yg_status an_classify(const struct an_frame_request *r, const struct yg_node *node, struct yg_task *task,
                           struct an_frame *f, struct an_variable *v, struct yg_err *err) YG_MUST_USE;
/* v->level from v->column, the labels of values put in where the manifest has them. */
void an_level_labels(struct an_frame *f, struct an_variable *v);

/* The crossings of a BY node; with none, one turn with NULL. */
size_t an_crossings(const struct yg_node *by);
const struct yg_node *an_crossing(const struct yg_node *by, size_t i);
/* "table1" and then "table1.2", "table1.3" ... */
const char *an_key(struct yg_arena *arena, const char *base, size_t i);
/* The title of a table among several, one for each crossing: its groups; "" for one alone. */
const char *an_subtitle(const struct an_frame *f, const struct yg_an_input *in);
/* "Age (years)". */
const char *an_heading(struct yg_arena *arena, const struct an_variable *v);

/* Known values of a number by group: x[m] with start[groups + 1]; w (may be NULL) their weights; returns m. */
size_t an_gather(const struct an_frame *f, const struct an_groups *g, const struct yg_set_column *c, double *x, double *w,
                 size_t *start);
/*
 * How often each value of a column of whole numbers, or of decimals of up to four places, occurs in each group:
 * count[g * range + value * scale - low].  count NULL when the values are others, the range is too wide or nothing is
 * known.  yg_data_free(count).
 */
struct an_tally {
	int64_t low;
	size_t range;
	double scale;                       /* 1, 10, ... 10000 */
	uint64_t *count;
};
/* What yg_describe and yg_quantiles say of such counts[range]. */
struct yg_describe;
void an_tally_describe(const struct an_tally *a, const uint64_t *count, double conf, struct yg_describe *out);
void an_tally_quantiles(const struct an_tally *a, const uint64_t *count, int type, const double *p, size_t k, double *out);
enum yg_status an_tally_build(const struct an_frame *f, const struct an_groups *g, const struct yg_set_column *c,
                              struct yg_task *task, struct an_tally *out, struct yg_err *err) YG_MUST_USE;
/* What level l is in the data: the value behind a label, "1" for the yes of a flag. */
const char *an_level_code(const struct an_variable *v, size_t l);
/* Level number of row i of a category or flag, -1 = missing. */
static inline int32_t an_level(const struct an_variable *v, size_t i)
{
	const struct yg_set_column *c = v->column;

	if (c->missing && c->missing[i])
		return -1;
	return v->kind == AN_LEVELS ? c->level[i] : c->number[i] != 0;
}

/* Headline counts, who was looked at, who was left out and why, how weights enter. */
void an_notes(struct yg_raw *raw, const struct an_frame *f, const struct yg_an_input *in);
void an_note_weights(struct yg_raw *raw, const struct yg_an_input *in);
/* The condition of where; who was left out and why.  of_records: records of persons are counted too. */
void an_note_where(struct yg_raw *raw, const struct yg_an_input *in);
void an_note_dropped(struct yg_raw *raw, const struct yg_set *s, bool of_records);
/* A note whose only argument is a text. */
void an_note_text(struct yg_raw *raw, enum yg_note_kind kind, const char *message, const char *text);
/* A note whose only argument is words from the data. */
void an_note_data(struct yg_raw *raw, enum yg_note_kind kind, const char *message, const char *text);
/* A title: a message with words from the data, %s only. */
void an_title(struct yg_raw *raw, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline struct yg_evidence an_persons(uint64_t persons)
{
	return (struct yg_evidence){ (int64_t)persons, 0, 0 };
}
static inline struct yg_evidence an_part(uint64_t persons, uint64_t whole)
{
	return (struct yg_evidence){ (int64_t)persons, 0, (int64_t)whole };
}

#endif
