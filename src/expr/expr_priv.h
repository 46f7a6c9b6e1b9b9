/*
 * The bound expression and its evaluator, shared by the files of this room only.
 *
 * A bound expression is a graph of nodes.  Each has one slot in every evaluator, so a node that is
 * used twice in a block is computed once.  Conditions travel as two bitmaps, true and unknown
 * (struct yg_tri); everything else as a struct yg_vec.
 *
 * Leaves do not name the rows they are read for: a column of the subject table or a value per
 * person can be read for the rows of an event table (gathered by person) or for the persons
 * themselves.  Which of the two is decided by the evaluator's table.
 */
#ifndef YOGO_EXPR_PRIV_H
#define YOGO_EXPR_PRIV_H

#include <stdatomic.h>

#include "yogo/base/mem.h"
#include "yogo/base/text.h"
#include "yogo/expr/bind.h"

enum yg_op {
	/* leaves */
	YG_OP_CONSTANT,
	YG_OP_COLUMN,
	YG_OP_MATERIAL,      /* values computed at binding: per person, per row, per group */
	YG_OP_EXTRA,         /* column = number of the scope's extra; values handed in */
	YG_OP_DURATION,      /* a length of time that has not met a unit yet; never evaluated */
	/* conditions */
	YG_OP_AND,
	YG_OP_OR,
	YG_OP_NOT,
	YG_OP_IS_MISSING,
	YG_OP_RANGE_INT,     /* lo <= value <= hi, negate: integer, date, instant, level */
	YG_OP_RANGE_NUM,     /* dlo <= value <= dhi with open ends, negate: number */
	YG_OP_SET_INT,       /* value in set_i[set_n], ascending */
	YG_OP_SET_NUM,
	YG_OP_SET_TEXT,
	YG_OP_LUT,           /* level: truth[position] */
	YG_OP_COMPARE,       /* two vectors of one type */
	/* numbers */
	YG_OP_ADD,
	YG_OP_SUBTRACT,
	YG_OP_MULTIPLY,
	YG_OP_DIVIDE,
	YG_OP_POWER,
	YG_OP_NEGATE,
	YG_OP_ABS,
	YG_OP_LOG,
	YG_OP_EXP,
	YG_OP_SQRT,
	YG_OP_FLOOR,
	YG_OP_ROUND,         /* to number = 10^digits */
	YG_OP_CAST,          /* flag -> integer -> number, date -> instant */
	/* dates */
	YG_OP_DAYS,          /* date - date, instant - instant, in days; divided by number when not 1 */
	YG_OP_ADD_DAYS,      /* date + integer constant */
	YG_OP_ADD_MONTHS,
	YG_OP_AGE,           /* completed years between two dates */
	YG_OP_COMPLETE,      /* partial dates made whole: lo = day of the month, hi = month of the year or 0 */
	YG_OP_TEXT_DATE,     /* text or level to date */
	/* choices */
	YG_OP_CASE,          /* condition, value, ... [, else] */
	YG_OP_COALESCE,
	YG_OP_LEAST,
	YG_OP_GREATEST,
	YG_OP_MASK,          /* value where condition is true, else missing */
	/* levels */
	YG_OP_LEVEL_MAP,     /* level to level: map[position], -1 = in no level */
	YG_OP_CODE_LEVEL,    /* integer, date to level by code[] */
	YG_OP_NUMBER_LEVEL,  /* number to level by point[] */
	YG_OP_TEXT_LEVEL,    /* text to level by words */
	YG_OP_CUT,           /* number or integer or date to level by cut points */
};

enum yg_cmp { YG_CMP_EQ, YG_CMP_NE, YG_CMP_LT, YG_CMP_LE, YG_CMP_GT, YG_CMP_GE };

struct yg_scalar {
	int64_t i;             /* flag, integer, level, date, instant */
	double d;              /* number; count of a duration */
	const char *s;         /* text; unit letter of a duration */
	size_t len;
};

enum yg_material_kind { YG_PER_PERSON, YG_PER_ROW, YG_PER_GROUP };
struct yg_material {
	enum yg_material_kind kind;
	const struct yg_table *table;  /* PER_ROW and PER_GROUP: whose rows */
	void *value;                   /* of the node's type, yg_data_alloc */
	uint64_t *valid;               /* NULL = all */
	const uint32_t *group;         /* PER_GROUP: [rows], UINT32_MAX = none; owned by the bound */
};

struct yg_bn {
	enum yg_op op;
	enum yg_type type;
	uint32_t slot;
	enum yg_cmp cmp;
	bool negate, by_person, is_factor, ordered;
	bool open_lo, open_hi;
	const char *unit, *label;
	const char *const *level;
	size_t levels, reference;
	const struct yg_field *field;   /* of a plain column */
	const struct yg_table *owner;   /* COLUMN */
	uint32_t column;
	struct yg_scalar value;         /* CONSTANT, DURATION */
	int64_t lo, hi;
	double dlo, dhi, number;
	const int64_t *set_i;           /* SET_INT; CODE_LEVEL: codes ascending */
	const double *set_d;
	const struct yg_str *set_s;
	size_t set_n;
	const int32_t *map;             /* LEVEL_MAP; positions beside set_i, set_d */
	const uint8_t *truth;           /* LUT */
	const struct yg_map *words;     /* TEXT_LEVEL: text -> number of map[] */
	struct yg_material *material;
	const char *name;               /* of the factor or column, for messages */
	uint32_t children;
	struct yg_bn **child;
	int loss;                       /* index into bound->loss, -1 = cannot lose */
};

#define YG_LOSSES 16
struct yg_bound {
	struct yg_arena arena;
	const struct yg_table *table;
	struct yg_bn *root;
	struct yg_bound_info info;
	uint32_t slots;
	const char *loss_reason[YG_LOSSES];
	_Atomic uint64_t loss_rows[YG_LOSSES];
	int losses;
	struct yg_eval_loss loss_out[YG_LOSSES];
	void **data;                    /* yg_data_free at the end */
	size_t data_n, data_cap;
	struct yg_map **map;            /* yg_map_release at the end */
	size_t map_n, map_cap;
	struct yg_map inlined;          /* definition name -> struct yg_bn * */
	struct yg_bn **leaf;            /* column leaves, shared */
	size_t leaf_n, leaf_cap;
	const char **row_column;        /* names of columns that may vary within the person */
	size_t row_columns;
	uint64_t extras;                /* bit k: names the scope's extra k */
};

/* True and unknown rows of a condition; bits past n are zero.  u is filled only when has_u. */
struct yg_tri {
	uint64_t *t, *u;
	bool has_u;
};

struct yg_slot {
	void *value;
	uint64_t *valid, *t, *u;
	uint8_t *extra;
	struct yg_buf text;
	uint32_t *start;
	struct yg_vec_space space;
	bool space_ready, tri_has_u, tri_with_u;
	struct yg_vec vec;
	uint64_t vec_serial, tri_serial;
};
struct yg_eval {
	const struct yg_bound *bound;
	const struct yg_bn *root;
	const struct yg_table *table;   /* whose rows are evaluated */
	uint32_t block, n, words, cap;
	uint64_t serial;                /* one more with each block */
	uint32_t *person;               /* person numbers of the block, once asked for */
	uint64_t person_serial;
	struct yg_slot *slot;
	uint32_t slots;
	const struct yg_vec *extra[64]; /* handed in for the next block */
	bool collect;                   /* count values in no level instead of failing */
	uint64_t stray_rows, stray_first;
};

/* Kernels.  Every one returns YG_ENOMEM when scratch is refused. */
struct yg_eval *yg_eval_of(const struct yg_bound *b, const struct yg_bn *root, const struct yg_table *table, uint32_t cap);
enum yg_status yg_eval_at(struct yg_eval *e, uint32_t block);  /* move to a block; nothing is computed */
enum yg_status yg_ev_vec(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_ev_tri(struct yg_eval *e, const struct yg_bn *n, bool need_u, struct yg_tri *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_ev_condition(struct yg_eval *e, const struct yg_bn *n, bool need_u, struct yg_tri *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_ev_number(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_ev_date(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_ev_choice(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_ev_level(struct yg_eval *e, const struct yg_bn *n, struct yg_vec *out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_ev_compare(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out, struct yg_err *err) YG_MUST_USE;
const uint32_t *yg_ev_persons(struct yg_eval *e);

/* Scratch of a slot; NULL when memory is gone. */
void *yg_slot_value(struct yg_eval *e, const struct yg_bn *n, size_t width);
uint64_t *yg_slot_valid(struct yg_eval *e, const struct yg_bn *n);
uint8_t *yg_slot_extra(struct yg_eval *e, const struct yg_bn *n);
bool yg_slot_tri(struct yg_eval *e, const struct yg_bn *n, struct yg_tri *out);
enum yg_status yg_expr_nomem(struct yg_err *err);
size_t yg_type_width(enum yg_type t);
/* Remove the rows of bad from valid (a slot's bitmap) and count them under the node's reason. */
void yg_ev_lose(struct yg_eval *e, const struct yg_bn *n, uint64_t *valid, const uint64_t *bad);
/* valid of a and b into the node's bitmap; *all says that every row is valid. */
uint64_t *yg_ev_both_valid(struct yg_eval *e, const struct yg_bn *n, const struct yg_vec *a, const struct yg_vec *b);

static inline uint32_t yg_words_of(uint32_t n)
{
	return (n + 63) / 64;
}
static inline uint64_t yg_tail_mask(uint32_t n)
{
	return n % 64 ? (UINT64_C(1) << n % 64) - 1 : ~UINT64_C(0);
}
static inline uint64_t yg_word_full(uint32_t n, uint32_t w)
{
	return w + 1 == yg_words_of(n) ? yg_tail_mask(n) : ~UINT64_C(0);
}

/* Bits of a word from up to 64 rows: CONDITION is an expression in the row number i. */
#define YG_PACK_WORDS(n, out, CONDITION)                                                    \
	do {                                                                                \
		uint32_t pw_n_ = (n);                                                       \
		for (uint32_t pw_ = 0; pw_ * 64 < pw_n_; pw_++) {                           \
			uint64_t bits_ = 0;                                                 \
			uint32_t from_ = pw_ * 64;                                          \
			if (from_ + 64 <= pw_n_) {                                          \
				uint8_t byte_[64];                                          \
				for (uint32_t k_ = 0; k_ < 64; k_++) {                      \
					uint32_t i = from_ + k_;                            \
					byte_[k_] = (uint8_t)(CONDITION);                   \
				}                                                           \
				bits_ = yg_pack64(byte_);                                   \
			} else {                                                            \
				for (uint32_t i = from_; i < pw_n_; i++)                    \
					bits_ |= (uint64_t)((CONDITION) ? 1 : 0) << (i & 63); \
			}                                                                   \
			(out)[pw_] = bits_;                                                 \
		}                                                                           \
	} while (0)
/* 64 bytes of 0 or 1 to 64 bits, byte 0 lowest. */
static inline uint64_t yg_pack64(const uint8_t *byte)
{
	uint64_t bits = 0;
	for (int k = 0; k < 8; k++) {
		uint64_t eight;
		__builtin_memcpy(&eight, byte + 8 * k, 8);
		bits |= (eight * UINT64_C(0x0102040810204080)) >> 56 << (8 * k);
	}
	return bits;
}

/* bits.c: tests against constants, bit i of out for row i, bits past n zero.  lo <= hi. */
void yg_bits_i64(const int64_t *x, uint32_t n, int64_t lo, int64_t hi, uint64_t *out);
void yg_bits_i32(const int32_t *x, uint32_t n, int32_t lo, int32_t hi, uint64_t *out);
void yg_bits_f64(const double *x, uint32_t n, double lo, double hi, bool open_lo, bool open_hi, uint64_t *out);
void yg_bits_flag(const uint8_t *x, uint32_t n, uint64_t *out);
/* Bit x[i] of truth; rows with x[i] outside 0..31 get any bit. */
void yg_bits_table(const int32_t *x, uint32_t n, uint32_t truth, uint64_t *out);

/* --- binding ------------------------------------------------------------------------------- */

/* The rows an aggregate runs over: LET ... WHERE ... BY. */
struct yg_grouping {
	const struct yg_bn *where;       /* NULL = all rows */
	bool person;                     /* by the person */
	bool by_person;                  /* the result is constant within the person */
	const uint32_t *group;           /* [rows] when not by the person */
	uint32_t groups;
	bool used;                       /* an aggregate was met */
};

#define YG_BIND_DEPTH 24
struct yg_binder {
	const struct yg_scope *scope;
	const struct yg_table *table;    /* of the definition being bound */
	struct yg_bound *bound;
	struct yg_task *task;
	struct yg_err *err;
	const char *active[YG_BIND_DEPTH];
	const struct yg_definition *active_def[YG_BIND_DEPTH];
	int depth;
	const struct yg_node *span;      /* where messages point while a definition is inlined */
	struct yg_grouping *grouping;    /* inside LET ... BY, else NULL */
	const char *of;                  /* definition being made, for messages; NULL = none */
};

enum yg_status yg_bx_fail(struct yg_binder *x, const struct yg_node *at, enum yg_status s, const char *code,
                          const char *format, ...) YG_PRINTF(5, 6);
enum yg_status yg_bx_any(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out) YG_MUST_USE;
/* The same, but strings that met nothing and durations are refused. */
enum yg_status yg_bx_value(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out) YG_MUST_USE;
enum yg_status yg_bx_condition(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out) YG_MUST_USE;
enum yg_status yg_bx_compare(struct yg_binder *x, const struct yg_node *at, enum yg_cmp cmp, struct yg_bn *l,
                             struct yg_bn *r, struct yg_bn **out) YG_MUST_USE;
enum yg_status yg_bx_in(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out) YG_MUST_USE;
enum yg_status yg_bx_call(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out) YG_MUST_USE;
enum yg_status yg_bx_arith(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out) YG_MUST_USE;
/* bind_name.c */
const struct yg_table *yg_subject_of(const struct yg_table *t);
bool yg_is_person_column(const struct yg_table *t, const char *name);
enum yg_status yg_bx_name(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out) YG_MUST_USE;
enum yg_status yg_bx_let(struct yg_binder *x, const struct yg_node *let, struct yg_bn **out) YG_MUST_USE;
enum yg_status yg_bx_factor(struct yg_binder *x, const struct yg_node *factor, struct yg_bn **out) YG_MUST_USE;
/* factor(x), factor(x, ref = "a") */
enum yg_status yg_bx_make_factor(struct yg_binder *x, const struct yg_node *at, struct yg_bn *of,
                                 const struct yg_node *levels, const struct yg_node *ref, bool is_cut,
                                 struct yg_bn **out) YG_MUST_USE;
enum yg_status yg_bx_aggregate(struct yg_binder *x, const struct yg_node *call, struct yg_bn **out) YG_MUST_USE;
bool yg_bx_is_aggregate(const char *function);
/* Group numbers of the rows of x->table by several columns. */
enum yg_status yg_bx_group_rows(struct yg_binder *x, struct yg_bn **by, size_t n, struct yg_grouping *out) YG_MUST_USE;
/* Look at every row of x->table: values in no level are an error that says how many. */
enum yg_status yg_bx_scan_strays(struct yg_binder *x, const struct yg_node *at, const struct yg_bn *n) YG_MUST_USE;
/* A constant option value or literal node (NUMBER, STRING, DATE, DURATION, WORD = parameter). */
enum yg_status yg_bx_literal(struct yg_binder *x, const struct yg_node *n, struct yg_bn **out) YG_MUST_USE;

/* Nodes. */
struct yg_bn *yg_bn_new(struct yg_binder *x, enum yg_op op, enum yg_type type, uint32_t children, struct yg_bn **child);
struct yg_bn *yg_bn_new1(struct yg_binder *x, enum yg_op op, enum yg_type type, struct yg_bn *a);
struct yg_bn *yg_bn_new2(struct yg_binder *x, enum yg_op op, enum yg_type type, struct yg_bn *a, struct yg_bn *b);
struct yg_bn *yg_bn_integer(struct yg_binder *x, int64_t v);
struct yg_bn *yg_bn_number(struct yg_binder *x, double v);
struct yg_bn *yg_bn_flag(struct yg_binder *x, bool v);
int yg_bn_loss(struct yg_binder *x, const char *reason);
/* Compute a node of constants now. */
enum yg_status yg_bn_fold(struct yg_binder *x, const struct yg_node *at, struct yg_bn **n) YG_MUST_USE;
struct yg_bn *yg_bn_cast(struct yg_binder *x, struct yg_bn *n, enum yg_type type);
/* Bring several values to one type (case, coalesce, least, compare); types are changed in place. */
enum yg_status yg_bx_unify(struct yg_binder *x, const struct yg_node *at, struct yg_bn **v, size_t n, enum yg_type *out) YG_MUST_USE;
/* A duration as a number in unit; false when unit is no unit of time. */
bool yg_duration_in(const struct yg_bn *duration, const char *unit, double *out);
bool yg_is_numeric(enum yg_type t);
/* Same units, aliases allowed ("day", "days"). */
bool yg_unit_same(const char *a, const char *b);
/* Words for a node in messages: "a whole number", "a level". */
const char *yg_type_phrase(const struct yg_bn *n);
ptrdiff_t yg_level_find(const struct yg_bn *n, const char *label, size_t len);
/* Nearest of the candidates, or NULL. */
const char *yg_nearest(const char *name, const char *const *candidate, size_t n);
void *yg_bound_own(struct yg_bound *b, void *data);  /* yg_data_free with the bound; NULL stays NULL */

#endif
