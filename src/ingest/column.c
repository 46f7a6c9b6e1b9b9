/* Fields -> values, one column of a block at a time; the loops that see every field. */
#include "src/ingest/column_priv.h"
#include "src/ingest/quick_priv.h"

#include <math.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/store/bitmap.h"

enum yg_status column_init(struct column *c, struct yg_err *err)
{
	memset(c, 0, sizeof *c);
	yg_dict_init(&c->dict);
	yg_buf_init(&c->text);
	yg_buf_init(&c->scratch);
	yg_buf_init(&c->odd);
	c->value = yg_data_alloc(YG_BLOCK_ROWS + 3, 8);
	c->valid = yg_data_alloc(YG_BLOCK_WORDS, sizeof *c->valid);
	c->reason = yg_data_alloc(YG_BLOCK_ROWS, 1);
	c->precision = yg_data_alloc(YG_BLOCK_ROWS, 1);
	if (!c->value || !c->valid || !c->reason || !c->precision)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while importing"));
	return YG_OK;
}

void column_release(struct column *c)
{
	yg_data_free(c->value);
	yg_data_free(c->valid);
	yg_data_free(c->reason);
	yg_data_free(c->precision);
	yg_dict_release(&c->dict);
	yg_buf_release(&c->text);
	yg_buf_release(&c->scratch);
	yg_buf_release(&c->odd);
	memset(c, 0, sizeof *c);
}

void column_begin(struct column *c, const struct yg_field *declared, enum yg_type type, bool wide_text,
                  struct looks looks)
{
	c->declared = declared;
	c->type = type;
	c->failed = false;
	c->long_fields = false;
	c->wide_text = wide_text;
	c->looks = looks;
	c->n = 0;
	c->any_reason = c->any_precision = c->any_missing = false;
	memset(c->valid, 0xff, YG_BLOCK_WORDS * sizeof *c->valid);
	yg_dict_clear(&c->dict);
	memset(c->cache, 0, sizeof c->cache);
	yg_buf_clear(&c->text);
	yg_buf_clear(&c->odd);
	if (type == YG_TYPE_TEXT)
		((uint32_t *)c->value)[0] = 0;
}

static void put_missing(struct column *c, uint32_t at, uint8_t reason)
{
	yg_bits_drop(c->valid, at);
	c->any_missing = true;
	if (reason && !c->any_reason) {
		memset(c->reason, 0, YG_BLOCK_ROWS);
		c->any_reason = true;
	}
	if (c->any_reason)
		c->reason[at] = reason;
	switch (c->type) {
	case YG_TYPE_FLAG:
		((uint8_t *)c->value)[at] = 0;
		break;
	case YG_TYPE_LEVEL:
	case YG_TYPE_DATE:
		((int32_t *)c->value)[at] = 0;
		break;
	case YG_TYPE_TEXT:
		((uint32_t *)c->value)[at + 1] = (uint32_t)c->text.len;
		break;
	default:
		((int64_t *)c->value)[at] = 0;
	}
}

static uint32_t cached_code(struct column *c, const char *p, size_t n)
{
	struct column_cache_slot *slot = NULL;
	uint64_t last, first;
	uint32_t at;

	if (n > 16)
		return yg_dict_intern(&c->dict, p, n);
	memcpy(&first, p, 8); /* there are readable bytes before and behind every field */
	memcpy(&last, p + n - 8, 8);
	first &= 0 - (uint64_t)(n > 8);
	last >>= n < 8 ? (64 - 8 * n) & 63 : 0;
	last &= 0 - (uint64_t)(n > 0);
	at = (uint32_t)((last ^ first * 5) * UINT64_C(0x9e3779b97f4a7c15) >> 48);
	for (uint32_t k = 0; k < 4; k++) {
		slot = &c->cache[(at + k) % COLUMN_CACHE];
		if (slot->code && !((slot->last ^ last) | (slot->first ^ first) | (slot->n ^ n)))
			return slot->code - 1;
		if (!slot->code)
			break;
	}
	*slot = (struct column_cache_slot){ last, first, (uint32_t)n, yg_dict_intern(&c->dict, p, n) + 1 };
	return slot->code - 1;
}

static void put_text(struct column *c, uint32_t at, const char *p, size_t n)
{
	yg_buf_add(&c->text, p, n);
	((uint32_t *)c->value)[at + 1] = (uint32_t)c->text.len;
}

/* A level column that turned out to be text: its strings instead of their codes. */
void column_to_text(struct column *c)
{
	const int32_t *code = c->value;
	int32_t *copy = yg_xalloc((size_t)c->n + 1, sizeof *copy);
	uint32_t *start = c->value;

	memcpy(copy, code, (size_t)c->n * sizeof *copy);
	c->type = YG_TYPE_TEXT;
	c->wide_text = true;
	yg_buf_clear(&c->text);
	start[0] = 0;
	for (uint32_t i = 0; i < c->n; i++) {
		if (yg_bits_get(c->valid, i)) {
			struct yg_str s = yg_dict_get(&c->dict, (uint32_t)copy[i]);

			yg_buf_add(&c->text, s.p, s.n);
		}
		start[i + 1] = (uint32_t)c->text.len;
	}
	yg_free(copy);
	yg_dict_clear(&c->dict);
}

/* A date by the manifest's pattern: %Y %m %d and other characters as they stand. */
static bool date_by_format(struct yg_str s, const char *format, int32_t *out)
{
	int part[3] = { 0, 1, 1 };
	size_t i = 0;

	for (const char *f = format; *f; f++) {
		int width, which;

		if (*f != '%') {
			if (i >= s.n || s.p[i++] != *f)
				return false;
			continue;
		}
		f++;
		which = *f == 'Y' ? 0 : *f == 'm' ? 1 : *f == 'd' ? 2 : -1;
		width = which == 0 ? 4 : 2;
		if (which < 0)
			return false;
		part[which] = 0;
		for (int k = 0; k < width; k++) {
			if (i >= s.n || s.p[i] < '0' || s.p[i] > '9') {
				if (k && which)
					break;
				return false;
			}
			part[which] = part[which] * 10 + (s.p[i++] - '0');
		}
	}
	if (i != s.n || !yg_date_valid(part[0], part[1], part[2]))
		return false;
	*out = yg_date_from_civil(part[0], part[1], part[2]);
	return true;
}

static bool is_nonfinite(struct yg_str s)
{
	static const struct yg_str words[] = { { "nan", 3 }, { "inf", 3 }, { "infinity", 8 } };
	size_t sign = s.n && (s.p[0] == '-' || s.p[0] == '+');

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (yg_str_eq_ascii_nocase((struct yg_str){ s.p + sign, s.n - sign }, words[i]))
			return true;
	}
	return false;
}

static void put_precision(struct column *c, uint32_t at, enum yg_date_precision precision)
{
	if (precision != YG_DAY && !c->any_precision) {
		memset(c->precision, YG_DAY, YG_BLOCK_ROWS);
		c->any_precision = true;
	}
	if (c->any_precision)
		c->precision[at] = (uint8_t)precision;
}

/* Text -> a value of c->type at row `at`. */
static enum csv_fault put_value(struct column *c, uint32_t at, struct yg_str s)
{
	enum yg_date_precision precision = YG_DAY;
	int32_t day = 0;
	int64_t integer = 0;
	double x = 0;
	bool zone;
	int flag;

	switch (c->type) {
	case YG_TYPE_FLAG:
		flag = flag_of(s);
		if (flag < 0 && c->declared && s.n == 1 && (s.p[0] == '0' || s.p[0] == '1'))
			flag = s.p[0] == '1';
		((uint8_t *)c->value)[at] = flag == 1;
		return flag >= 0 ? CSV_GOOD : CSV_TYPE;
	case YG_TYPE_INTEGER:
		if (!yg_parse_i64(s, &integer))
			return look_of(s) == LOOK_HUGE ? CSV_RANGE : CSV_TYPE;
		((int64_t *)c->value)[at] = integer;
		return CSV_GOOD;
	case YG_TYPE_NUMBER:
		if (!yg_parse_double(s, &x))
			return is_nonfinite(s) ? CSV_NONFINITE : CSV_TYPE;
		((double *)c->value)[at] = x;
		return CSV_GOOD;
	case YG_TYPE_DATE:
		if (c->declared && c->declared->date_format ? !date_by_format(s, c->declared->date_format, &day)
		                                            : !yg_date_parse(s, &day, &precision))
			return CSV_TYPE;
		((int32_t *)c->value)[at] = day;
		put_precision(c, at, precision);
		return CSV_GOOD;
	case YG_TYPE_INSTANT:
		if (!yg_instant_parse(s, &integer, &zone) || (c->declared && zone != c->declared->instant_utc))
			return CSV_TYPE;
		((int64_t *)c->value)[at] = integer;
		return CSV_GOOD;
	case YG_TYPE_LEVEL:
		((int32_t *)c->value)[at] = (int32_t)yg_dict_intern(&c->dict, s.p, s.n);
		return CSV_GOOD;
	default:
		put_text(c, at, s.p, s.n);
		return CSV_GOOD;
	}
}

static bool is_level(const struct yg_field *f, struct yg_str s)
{
	for (size_t i = 0; i < f->levels; i++) {
		if (strlen(f->level[i]) == s.n && !memcmp(f->level[i], s.p, s.n))
			return true;
	}
	return false;
}

/* Is this code, just given to s, one that the declared list of levels does not have? */
static bool undeclared(struct column *c, uint32_t before, int32_t code, struct yg_str s)
{
	if (c->dict.count > before && !is_level(c->declared, s)) {
		while (c->odd.len <= (size_t)code)
			yg_buf_addc(&c->odd, 0);
		c->odd.data[code] = 1;
	}
	return (size_t)code < c->odd.len && c->odd.data[code];
}

/* A declared column: missing codes first, then its type and nothing else. */
static enum csv_fault put_declared(struct column *c, uint32_t at, struct yg_str s, bool quoted)
{
	const struct yg_field *f = c->declared;
	enum csv_fault fault;
	uint32_t before = c->dict.count;

	for (size_t i = 0; i < f->missing_codes; i++) {
		const char *code = f->missing_code[i].value;

		if (strlen(code) == s.n && !memcmp(code, s.p, s.n)) {
			put_missing(c, at, f->missing_code[i].reason);
			return CSV_GOOD;
		}
	}
	if (!s.n && !quoted) {
		put_missing(c, at, YG_MISSING_UNGIVEN);
		return CSV_GOOD;
	}
	fault = put_value(c, at, s);
	if (fault == CSV_GOOD && c->type == YG_TYPE_LEVEL && f->levels_declared &&
	    undeclared(c, before, ((int32_t *)c->value)[at], s))
		fault = CSV_LEVEL;
	if (fault != CSV_GOOD)
		put_missing(c, at, YG_MISSING_UNGIVEN);
	return fault;
}

/* An inferred column's field that the quick way did not take. */
static void put_inferred(struct column *c, uint32_t at, struct yg_str s, bool quoted, bool marks)
{
	uint32_t look = look_of(s);
	enum yg_type wanted;

	if (quoted)
		c->looks.quoted |= look;
	else
		c->looks.bare |= look;
	wanted = type_for(c->looks, marks);
	if (wanted == YG_TYPE_TEXT && (c->type == YG_TYPE_LEVEL || !c->wide_text))
		wanted = c->type == YG_TYPE_TEXT ? YG_TYPE_TEXT : YG_TYPE_LEVEL;
	if (!c->type && wanted) { /* the first value of the column chooses */
		c->type = wanted;
		for (uint32_t i = 0; i < at; i++)
			put_missing(c, i, YG_MISSING_UNGIVEN);
		if (c->type == YG_TYPE_TEXT)
			memset(c->value, 0, ((size_t)at + 1) * 4);
	}
	if (c->type == YG_TYPE_TEXT) {
		put_text(c, at, s.p, s.n);
		return;
	}
	if (wanted != c->type || !wanted || put_value(c, at, s) != CSV_GOOD) {
		c->failed = true;
		put_missing(c, at, YG_MISSING_UNGIVEN);
	}
}

/* A field that the quick way did not take. */
static void slow_field(struct column *c, const struct csv_tile *t, uint32_t row, uint32_t column, bool marks,
                       struct column_fault *fault, uint32_t *faults)
{
	uint32_t from = csv_from(t, row, column), to = csv_to(t, row, column), at = c->n + row;
	struct yg_str s;
	bool quoted;

	if (from == to && !(c->declared && c->declared->missing_codes)) {
		put_missing(c, at, YG_MISSING_UNGIVEN);
		return;
	}
	s = csv_field(t->text, from, to, &c->scratch, &quoted);
	if (c->declared) {
		enum csv_fault f = put_declared(c, at, s, quoted);

		if (f != CSV_GOOD)
			fault[(*faults)++] = (struct column_fault){ row, f };
	} else {
		put_inferred(c, at, s, quoted, marks);
	}
}

/* The loops do not share a function's registers. */
#define APART static __attribute__((noinline))

APART uint32_t add_slowly(struct column *c, const struct csv_tile *t, uint32_t column, bool marks,
                          struct column_fault *fault, uint32_t row)
{
	uint32_t faults = 0;

	for (; row < t->rows; row++)
		slow_field(c, t, row, column, marks, fault, &faults);
	return faults;
}

/* The fields of a column from a row on side by side, filled up with zeros; how many, 0 at the end. */
static uint32_t gather(const struct csv_tile *t, uint32_t column, uint32_t row, struct quick_fields *f)
{
	uint32_t m = t->rows - row < QUICK_ROWS ? t->rows - row : QUICK_ROWS;

	if (column && column + 1 < t->columns) {
		for (uint32_t i = 0; i < m; i++) {
			const uint32_t *end = t->end + t->base[row + i] + column;

			f->word[i] = word_at(t->text + end[-1] + 1);
			f->n[i] = end[0] - end[-1] - 1;
		}
	} else {
		for (uint32_t i = 0; i < m; i++) {
			uint32_t from = csv_from(t, row + i, column);

			f->word[i] = word_at(t->text + from);
			f->n[i] = csv_to(t, row + i, column) - from;
		}
	}
	for (uint32_t i = m; i & 3; i++) {
		f->word[i] = '0';
		f->n[i] = 1;
	}
	return m;
}

/* Are most of these rows' fields too long?  Then the next ones are not worth gathering. */
static bool mostly_long(const struct quick_fields *f, uint32_t m, uint64_t odd)
{
	uint32_t many = 0;

	for (; odd; odd &= odd - 1)
		many += f->n[__builtin_ctzll(odd)] > 8;
	return many > m / 2;
}

static uint64_t first_rows(uint32_t m)
{
	return m < 64 ? (UINT64_C(1) << m) - 1 : ~UINT64_C(0);
}

/* Looks of integers that were taken: those of four digits may be years. */
static uint32_t look_of_taken(const struct quick_fields *f, uint32_t m, uint64_t taken)
{
	uint64_t years = 0;

	for (uint32_t i = 0; i < m && i < QUICK_ROWS; i++)
		years |= (uint64_t)(f->n[i] == 4) << i;
	return (years & taken ? (uint32_t)LOOK_YEAR : 0) | (~years & taken ? (uint32_t)LOOK_INTEGER : 0);
}

static inline void add_integer(struct column *c, const struct csv_tile *t, uint32_t row, uint32_t column, bool marks,
                               struct column_fault *fault, uint32_t *faults)
{
	uint32_t from = csv_from(t, row, column), n = csv_to(t, row, column) - from;
	int64_t *out = (int64_t *)c->value + c->n + row;

	if (!c->failed && quick_integer(t->text + from, n, out))
		c->looks.bare |= n != 4 || *out < 0 ? (uint32_t)LOOK_INTEGER : (uint32_t)LOOK_YEAR;
	else
		slow_field(c, t, row, column, marks, fault, faults);
}

/* Fields are gathered a turn before they are wanted: by then they are out of the processor's queue of stores. */
APART uint32_t add_integers(struct column *c, const struct csv_tile *t, uint32_t column, bool marks,
                            struct column_fault *fault, uint32_t row)
{
	struct quick_fields f[2];
	uint32_t faults = 0, m = c->long_fields ? 0 : gather(t, column, row, &f[0]);

	for (unsigned k = 0; m && !c->failed && !c->long_fields; k ^= 1) {
		uint32_t next = gather(t, column, row + m, &f[k ^ 1]);
		uint64_t odd = quick_integers(&f[k], (m + 3u) & ~3u, (int64_t *)c->value + c->n + row) & first_rows(m);

		c->looks.bare |= look_of_taken(&f[k], m, first_rows(m) & ~odd);
		c->long_fields = mostly_long(&f[k], m, odd);
		for (; odd; odd &= odd - 1)
			add_integer(c, t, row + (uint32_t)__builtin_ctzll(odd), column, marks, fault, &faults);
		row += m;
		m = next;
	}
	for (; row < t->rows; row++)
		add_integer(c, t, row, column, marks, fault, &faults);
	return faults;
}

static inline void add_number(struct column *c, const struct csv_tile *t, uint32_t row, uint32_t column, bool marks,
                              struct column_fault *fault, uint32_t *faults)
{
	uint32_t from = csv_from(t, row, column), n = csv_to(t, row, column) - from;

	if (!c->failed && quick_number(t->text + from, n, (double *)c->value + c->n + row))
		c->looks.bare |= LOOK_DECIMAL;
	else
		slow_field(c, t, row, column, marks, fault, faults);
}

APART uint32_t add_numbers(struct column *c, const struct csv_tile *t, uint32_t column, bool marks,
                           struct column_fault *fault, uint32_t row)
{
	struct quick_fields f[2];
	uint32_t faults = 0, m = c->long_fields ? 0 : gather(t, column, row, &f[0]);

	for (unsigned k = 0; m && !c->failed && !c->long_fields; k ^= 1) {
		uint32_t next = gather(t, column, row + m, &f[k ^ 1]);
		uint64_t odd = quick_numbers(&f[k], (m + 3u) & ~3u, (double *)c->value + c->n + row) & first_rows(m);

		c->looks.bare |= odd != first_rows(m) ? (uint32_t)LOOK_DECIMAL : 0;
		c->long_fields = mostly_long(&f[k], m, odd);
		for (; odd; odd &= odd - 1)
			add_number(c, t, row + (uint32_t)__builtin_ctzll(odd), column, marks, fault, &faults);
		row += m;
		m = next;
	}
	for (; row < t->rows; row++)
		add_number(c, t, row, column, marks, fault, &faults);
	return faults;
}

APART uint32_t add_dates(struct column *c, const struct csv_tile *t, uint32_t column, bool marks,
                         struct column_fault *fault, uint32_t row)
{
	const struct calendar *cal = calendar();
	int32_t *out = (int32_t *)c->value + c->n;
	uint32_t faults = 0;
	bool any = false;

	for (; row < t->rows && !c->failed; row++) {
		uint32_t from = csv_from(t, row, column), n = csv_to(t, row, column) - from;

		if (quick_date(cal, t->text + from, n, &out[row])) {
			any = true;
			if (c->any_precision)
				c->precision[c->n + row] = YG_DAY;
		} else {
			slow_field(c, t, row, column, marks, fault, &faults);
		}
	}
	if (any)
		c->looks.bare |= LOOK_DATE;
	return faults + add_slowly(c, t, column, marks, fault + faults, row);
}

/* Strings: looks matter no more once a column is declared, or one of them is only text. */
APART uint32_t add_strings(struct column *c, const struct csv_tile *t, uint32_t column, bool marks,
                           struct column_fault *fault, uint32_t row)
{
	uint32_t faults = 0;
	bool settled = c->declared || type_for(c->looks, marks) == YG_TYPE_TEXT;
	bool listed = c->declared && c->declared->levels_declared;

	for (; row < t->rows; row++) {
		uint32_t from = csv_from(t, row, column), n = csv_to(t, row, column) - from;
		const char *p = t->text + from;
		bool plain = n > 0;

		if (n && *p == '"') { /* the usual quoted string has nothing doubled */
			p++;
			n -= 2;
			plain = !memchr(p, '"', n);
		}
		if (!plain || !settled || c->failed) {
			slow_field(c, t, row, column, marks, fault, &faults);
			settled = c->declared || type_for(c->looks, marks) == YG_TYPE_TEXT;
		} else if (c->type == YG_TYPE_LEVEL) {
			uint32_t before = c->dict.count;
			int32_t code = (int32_t)cached_code(c, p, n);

			((int32_t *)c->value)[c->n + row] = code;
			if (listed && undeclared(c, before, code, (struct yg_str){ p, n }))
				fault[faults++] = (struct column_fault){ row, CSV_LEVEL };
		} else {
			put_text(c, c->n + row, p, n);
		}
		if (c->dict.count > INFER_LEVELS_MAX && c->type == YG_TYPE_LEVEL && !c->declared) {
			uint32_t before = c->n;

			c->n += row + 1;
			column_to_text(c);
			c->n = before;
		}
	}
	return faults;
}

uint32_t column_add(struct column *c, const struct csv_tile *t, uint32_t column, bool marks,
                    struct column_fault *fault)
{
	uint32_t faults = 0, row = 0;
	bool special = c->declared && (c->declared->missing_codes || c->declared->date_format);

	while (row < t->rows && !c->type) { /* until a first value says what to try */
		slow_field(c, t, row, column, marks, fault, &faults);
		row++;
	}
	if (special)
		faults += add_slowly(c, t, column, marks, fault + faults, row);
	else if (c->type == YG_TYPE_INTEGER)
		faults += add_integers(c, t, column, marks, fault + faults, row);
	else if (c->type == YG_TYPE_NUMBER)
		faults += add_numbers(c, t, column, marks, fault + faults, row);
	else if (c->type == YG_TYPE_DATE)
		faults += add_dates(c, t, column, marks, fault + faults, row);
	else if (c->type == YG_TYPE_LEVEL || c->type == YG_TYPE_TEXT)
		faults += add_strings(c, t, column, marks, fault + faults, row);
	else
		faults += add_slowly(c, t, column, marks, fault + faults, row);
	c->n += t->rows;
	return faults;
}

void column_vec(const struct column *c, struct yg_vec *out)
{
	memset(out, 0, sizeof *out);
	out->type = c->type;
	out->n = c->n;
	if (c->n & 63)
		c->valid[c->n >> 6] &= (UINT64_C(1) << (c->n & 63)) - 1;
	out->valid = c->any_missing ? c->valid : NULL;
	out->reason = c->any_reason ? c->reason : NULL;
	out->precision = c->any_precision ? c->precision : NULL;
	if (c->type == YG_TYPE_TEXT) {
		out->v.text.start = c->value;
		out->v.text.bytes = c->text.data;
	} else {
		out->v.integer = c->value;
	}
}
