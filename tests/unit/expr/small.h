/*
 * Small data sets written as text in the test itself, and a session just big enough to define things
 * on them: what the tests of expressions, cohorts, endpoints and sets look at.
 *
 *   struct small_table t[] = {
 *     { "subject", "id:integer age:number:years sex:integer{0=Female|1=Male} rx:level[Obs|Lev]", "1,43,1,Obs\n2,,0,Lev\n" },
 *     { "visit", "id:integer day:integer:days", "1,0\n1,30\n2,0\n" } };
 * The first table has a row a person; later ones are event tables, rows in order of persons, first column the person.
 */
#ifndef YOGO_TESTS_SMALL_H
#define YOGO_TESTS_SMALL_H

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/test.h"

#include "yogo/base/date.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/expr/bind.h"
#include "yogo/lang/parse.h"
#include "yogo/store/dataset.h"
#include "yogo/store/writer.h"

struct small_table {
	const char *name, *columns, *rows;
};

/* --- columns ------------------------------------------------------------------------------- */

struct small_column {
	char name[64], unit[32], levels[256], labels[256];
	enum yg_type type;
};

static inline size_t small_columns(const char *spec, struct small_column *out)
{
	size_t n = 0;
	while (*spec) {
		struct small_column *c = &out[n++];
		memset(c, 0, sizeof *c);
		size_t k = strcspn(spec, ":");
		memcpy(c->name, spec, k);
		spec += k + 1;
		k = strcspn(spec, " :[{");
		char type[32] = "";
		memcpy(type, spec, k);
		assert_true(yg_type_parse(type, &c->type));
		spec += k;
		while (*spec && *spec != ' ') {
			char end = *spec == ':' ? 0 : *spec == '[' ? ']' : '}';
			char *to = *spec == ':' ? c->unit : *spec == '[' ? c->levels : c->labels;
			spec++;
			while (*spec && (end ? *spec != end : *spec != ' ' && *spec != '[' && *spec != '{'))
				*to++ = *spec++;
			spec += end != 0;
		}
		spec += *spec == ' ';
	}
	return n;
}

static inline void small_manifest(const struct small_table *t, size_t tables, struct yg_buf *out)
{
	yg_buf_adds(out, "{\"manifest_version\": 1, \"dataset\": {\"id\": \"small\", \"synthetic\": true},"
	                 "\"anonymisation\": {\"legal_basis\": \"synthetic\"}, \"sdc\": {\"profile\": \"open\"}, ");
	if (strncmp(t[0].columns, "id:", 3) == 0)
		yg_buf_adds(out, "\"person\": [\"id\"], ");
	yg_buf_adds(out, "\"tables\": [");
	for (size_t i = 0; i < tables; i++) {
		struct small_column c[32];
		size_t n = small_columns(t[i].columns, c);
		yg_buf_addf(out, "%s{\"name\": \"%s\", \"grain\": \"%s\", \"columns\": [", i ? "," : "", t[i].name, i ? "event" : "person");
		for (size_t k = 0; k < n; k++) {
			yg_buf_addf(out, "%s{\"name\": \"%s\", \"type\": \"%s\"", k ? "," : "", c[k].name, yg_type_name(c[k].type));
			if (c[k].unit[0])
				yg_buf_addf(out, ", \"unit\": \"%s\"", c[k].unit);
			char *save = NULL;
			if (c[k].levels[0]) {
				yg_buf_adds(out, ", \"levels\": [");
				for (char *p = strtok_r(c[k].levels, "|", &save), *first = p; p; p = strtok_r(NULL, "|", &save))
					yg_buf_addf(out, "%s\"%s\"", p == first ? "" : ",", p);
				yg_buf_adds(out, "]");
			}
			if (c[k].labels[0]) {
				yg_buf_adds(out, ", \"value_labels\": {");
				for (char *p = strtok_r(c[k].labels, "|", &save), *first = p; p; p = strtok_r(NULL, "|", &save)) {
					char *eq = strchr(p, '=');
					*eq = 0;
					yg_buf_addf(out, "%s\"%s\": \"%s\"", p == first ? "" : ",", p, eq + 1);
				}
				yg_buf_adds(out, "}");
			}
			yg_buf_adds(out, "}");
		}
		yg_buf_adds(out, "]}");
	}
	yg_buf_adds(out, "]}");
}

/* --- values -------------------------------------------------------------------------------- */

static inline const char *small_next(const char *line)
{
	return strchr(line, '\n') + 1;
}

/* Field k of a line of comma separated text; empty = missing. */
static inline struct yg_str small_cell(const char *line, size_t k)
{
	while (k--)
		line += strcspn(line, ",\n") + 1;
	return (struct yg_str){ line, strcspn(line, ",\n") };
}

static inline size_t small_lines(const char *rows)
{
	size_t n = 0;
	for (; *rows; rows++)
		n += *rows == '\n';
	return n;
}

static inline void small_put(struct yg_writer *w, size_t column, uint32_t b, struct yg_encoder *e, struct yg_vec *vec, struct yg_dict *local)
{
	struct yg_encode_options options = { .level = 0, .tally = true };
	struct yg_encoded block;
	struct yg_err err;
	yg_encoded_init(&block);
	assert_int_equal(yg_block_encode(e, vec, local, &options, &block, &err), YG_OK);
	assert_int_equal(yg_writer_put(w, column, b, &block, &err), YG_OK);
	yg_encoded_release(&block);
}

/* n rows from *rows on, as one block. */
static inline void small_block(struct yg_writer *w, size_t column, uint32_t b, struct yg_encoder *e, const struct small_column *c,
                               const char **rows, size_t n, size_t k)
{
	size_t bytes = 0;
	const char *line = *rows;
	uint64_t *valid = yg_xcalloc(n / 64 + 1, 8);
	uint8_t *flag = yg_xcalloc(n + 1, 1), *precision = yg_xcalloc(n + 1, 1);
	int64_t *integer = yg_xcalloc(n + 1, 8);
	double *number = yg_xcalloc(n + 1, 8);
	int32_t *small = yg_xcalloc(n + 1, 4);
	uint32_t *start = yg_xcalloc(n + 2, 4);
	char *text = yg_xcalloc(n * 64 + 1, 1);
	struct yg_dict local;
	yg_dict_init(&local);
	bool partial = false;
	for (size_t i = 0; i < n; i++) {
		struct yg_str s = small_cell(line, k);
		line = small_next(line);
		bool zone;
		enum yg_date_precision p = YG_DAY;
		start[i] = (uint32_t)bytes;
		start[i + 1] = (uint32_t)bytes;
		if (!s.n)
			continue;
		valid[i / 64] |= UINT64_C(1) << i % 64;
		switch (c->type) {
		case YG_TYPE_FLAG: flag[i] = s.p[0] == 't' || s.p[0] == '1'; break;
		case YG_TYPE_INTEGER: assert_true(yg_parse_i64(s, &integer[i])); break;
		case YG_TYPE_NUMBER:
			if (yg_str_eq(s, YG_STR("NaN")))
				number[i] = NAN;
			else
				assert_true(yg_parse_double(s, &number[i]));
			break;
		case YG_TYPE_LEVEL: small[i] = (int32_t)yg_dict_intern(&local, s.p, s.n); break;
		case YG_TYPE_DATE: assert_true(yg_date_parse(s, &small[i], &p)); break;
		case YG_TYPE_INSTANT: assert_true(yg_instant_parse(s, &integer[i], &zone)); break;
		case YG_TYPE_TEXT:
			memcpy(text + bytes, s.p, s.n);
			bytes += s.n;
			start[i + 1] = (uint32_t)bytes;
			break;
		}
		precision[i] = (uint8_t)p;
		partial = partial || p != YG_DAY;
	}
	struct yg_vec v = { .type = c->type, .n = (uint32_t)n, .valid = valid, .precision = partial ? precision : NULL };
	switch (c->type) {
	case YG_TYPE_FLAG: v.v.flag = flag; break;
	case YG_TYPE_NUMBER: v.v.number = number; break;
	case YG_TYPE_LEVEL: v.v.level = small; break;
	case YG_TYPE_DATE: v.v.date = small; break;
	case YG_TYPE_TEXT:
		v.v.text.start = start;
		v.v.text.bytes = text;
		break;
	default: v.v.integer = integer; break;
	}
	small_put(w, column, b, e, &v, &local);
	*rows = line;
	yg_dict_release(&local);
	yg_free(valid);
	yg_free(flag);
	yg_free(precision);
	yg_free(integer);
	yg_free(number);
	yg_free(small);
	yg_free(start);
	yg_free(text);
}

static inline void small_fill(struct yg_writer *w, size_t table, struct yg_encoder *e, const struct small_column *c, const char *rows, size_t k)
{
	size_t n = small_lines(rows), column = yg_writer_add_column(w, table, c->name, c->type, YG_KIND_VALUE);
	for (uint32_t b = 0; b == 0 || b * YG_BLOCK_ROWS < n; b++) {
		size_t left = n - (size_t)b * YG_BLOCK_ROWS;
		small_block(w, column, b, e, c, &rows, left < YG_BLOCK_ROWS ? left : YG_BLOCK_ROWS, k);
	}
}

/* Where each person's rows begin: the first column of both tables is the person. */
static inline void small_start(struct yg_writer *w, size_t table, struct yg_encoder *e, const char *persons, const char *rows)
{
	size_t np = small_lines(persons), nr = small_lines(rows), r = 0;
	int64_t *first = yg_xcalloc(np + 1, 8);
	for (size_t p = 0; p < np; p++) {
		first[p] = (int64_t)r;
		while (r < nr && yg_str_eq(small_cell(rows, 0), small_cell(persons, 0))) {
			rows = small_next(rows);
			r++;
		}
		persons = small_next(persons);
	}
	assert_int_equal(r, nr);
	first[np] = (int64_t)nr;
	struct yg_vec v = { .type = YG_TYPE_INTEGER, .n = (uint32_t)np + 1 };
	v.v.integer = first;
	small_put(w, yg_writer_add_column(w, table, NULL, YG_TYPE_INTEGER, YG_KIND_START), 0, e, &v, NULL);
	yg_free(first);
}

static inline const char *small_path(void)
{
	static char path[128];
	static int number;
	const char *base = getenv("TMPDIR");
	snprintf(path, sizeof path, "%s/yogo-small-%d-%d.cohort", base && strlen(base) < 40 ? base : "/tmp", (int)getpid(), number++);
	return path;
}

static inline struct yg_dataset *small_open(const struct small_table *t, size_t tables)
{
	struct yg_buf json = YG_BUF_INIT;
	struct yg_manifest *m = NULL;
	struct yg_writer *w = NULL;
	struct yg_encoder *e = yg_encoder_new();
	struct yg_dataset *d = NULL;
	struct yg_err err;
	const char *path = small_path();
	memset(&err, 0, sizeof err);
	small_manifest(t, tables, &json);
	if (yg_manifest_parse(json.data, json.len, &m, &err) != YG_OK)
		fail_msg("%s", err.text);
	assert_int_equal(yg_writer_new(path, &w, &err), YG_OK);
	for (size_t i = 0; i < tables; i++) {
		struct small_column c[32];
		size_t n = small_columns(t[i].columns, c);
		size_t table = yg_writer_add_table(w, t[i].name, i ? YG_GRAIN_EVENT : YG_GRAIN_PERSON);
		for (size_t k = 0; k < n; k++)
			small_fill(w, table, e, &c[k], t[i].rows, k);
		if (i)
			small_start(w, table, e, t[0].rows, t[i].rows);
	}
	if (yg_writer_finish(w, m, "{}", NULL, NULL, &err) != YG_OK)
		fail_msg("%s", err.text);
	if (yg_dataset_open(path, &d, &err) != YG_OK)
		fail_msg("%s", err.text);
	yg_writer_free(w);
	yg_encoder_free(e);
	yg_manifest_free(m);
	yg_buf_release(&json);
	unlink(path);
	return d;
}

/* --- a session just big enough -------------------------------------------------------------- */

struct world {
	struct yg_dataset *d;
	struct yg_scope scope;
	struct yg_arena arena;
	struct yg_pool *pool;
	struct yg_task task;
	struct yg_err err;
	const struct yg_node *last;
};

static inline struct world *world_on(struct yg_dataset *d, const char *table)
{
	struct world *w = yg_xcalloc(1, sizeof *w);
	w->d = d;
	yg_arena_init(&w->arena);
	yg_scope_init(&w->scope);
	w->scope.dataset = d;
	w->scope.table = yg_dataset_find(d, table);
	w->scope.dataset_name = "small";
	w->pool = yg_pool_new(2);
	yg_task_init(&w->task, w->pool);
	assert_non_null(w->scope.table);
	return w;
}

static inline struct world *world_new(const struct small_table *t, size_t tables)
{
	return world_on(small_open(t, tables), t[tables - 1].name);
}

static inline void world_free(struct world *w)
{
	yg_scope_release(&w->scope);
	yg_arena_release(&w->arena);
	yg_pool_free(w->pool);
	yg_dataset_unref(w->d);
	yg_free(w);
}

/* One statement: let, factor and param are defined after a check; others are left in w->last. */
static inline enum yg_status world_try(struct world *w, const char *text)
{
	struct yg_node *n = NULL;
	char *copy = yg_arena_strdup(&w->arena, text);
	size_t offset = 0;
	memset(&w->err, 0, sizeof w->err);
	enum yg_status s = yg_parse_next(&w->arena, copy, strlen(copy), &offset, &n, &w->err);
	if (s != YG_OK)
		return s;
	w->last = n;
	if (n->kind == YG_NODE_PARAM) {
		struct yg_param *p = yg_arena_alloc(&w->arena, 1, sizeof *p);
		p->value = n->child[0];
		yg_map_put(&w->scope.param, n->text, p);
		return YG_OK;
	}
	if (n->kind != YG_NODE_LET && n->kind != YG_NODE_FACTOR)
		return YG_OK;
	s = yg_bind_definition(&w->scope, n, &w->task, NULL, &w->err);
	if (s != YG_OK)
		return s;
	struct yg_definition *d = yg_arena_alloc(&w->arena, 1, sizeof *d);
	d->statement = n;
	d->table = w->scope.table;
	yg_map_put(&w->scope.definition, n->text, d);
	return YG_OK;
}

static inline void world_run(struct world *w, const char *text)
{
	if (world_try(w, text) != YG_OK)
		fail_msg("%s: %s [%s] %s", text, w->err.text, w->err.code, w->err.hint);
}

static inline const struct yg_node *world_expression(struct world *w, const char *text)
{
	struct yg_node *n = NULL;
	memset(&w->err, 0, sizeof w->err);
	if (yg_parse_predicate(&w->arena, yg_arena_strdup(&w->arena, text), strlen(text), &n, &w->err) != YG_OK)
		fail_msg("%s: %s", text, w->err.text);
	return n;
}

static inline struct yg_bound *world_bind(struct world *w, const char *text)
{
	struct yg_bound *b = NULL;
	if (yg_bind(&w->scope, world_expression(w, text), 0, &w->task, &b, &w->err) != YG_OK)
		fail_msg("%s: %s [%s]", text, w->err.text, w->err.code);
	return b;
}

/* The values of an expression as text: "1 ? 2.5 Lev" with ? for missing; conditions as 1, 0, ?. */
static inline const char *world_values(struct world *w, const char *text)
{
	struct yg_bound *b = world_bind(w, text);
	struct yg_eval *e = yg_eval_new(b);
	struct yg_vec v;
	struct yg_buf out = YG_BUF_INIT;
	for (uint32_t k = 0; k < w->scope.table->blocks; k++) {
		if (yg_eval_block(e, k, &v, &w->err) != YG_OK)
			fail_msg("%s: %s", text, w->err.text);
		for (uint32_t i = 0; i < v.n; i++) {
			char word[64] = "?";
			if (yg_vec_valid(&v, i)) {
				switch (v.type) {
				case YG_TYPE_FLAG: snprintf(word, sizeof word, "%d", v.v.flag[i]); break;
				case YG_TYPE_INTEGER: snprintf(word, sizeof word, "%lld", (long long)v.v.integer[i]); break;
				case YG_TYPE_NUMBER: snprintf(word, sizeof word, "%.10g", v.v.number[i]); break;
				case YG_TYPE_LEVEL: snprintf(word, sizeof word, "%s", yg_bound_info(b)->level[v.v.level[i]]); break;
				case YG_TYPE_DATE: yg_date_print(word, v.v.date[i], v.precision ? (enum yg_date_precision)v.precision[i] : YG_DAY); break;
				case YG_TYPE_INSTANT: yg_instant_print(word, v.v.instant[i]); break;
				case YG_TYPE_TEXT: snprintf(word, sizeof word, "%.*s", (int)(v.v.text.start[i + 1] - v.v.text.start[i]), v.v.text.bytes + v.v.text.start[i]); break;
				}
			}
			yg_buf_addf(&out, "%s%s", out.len ? " " : "", word);
		}
	}
	const char *copy = yg_arena_strdup(&w->arena, out.data);
	yg_buf_release(&out);
	yg_eval_free(e);
	yg_bound_free(b);
	return copy;
}

/* The error code of an expression that must fail to bind. */
static inline const char *world_error(struct world *w, const char *text)
{
	struct yg_bound *b = NULL;
	if (yg_bind(&w->scope, world_expression(w, text), 0, &w->task, &b, &w->err) == YG_OK)
		fail_msg("%s binds", text);
	assert_true(w->err.text[0] != 0);
	return w->err.code;
}

#define assert_values(w, text, expected) assert_string_equal(world_values((w), (text)), (expected))
#define assert_error(w, text, code) assert_string_equal(world_error((w), (text)), (code))
/* A statement that must fail with a code. */
#define assert_refused(w, text, expected)                                     \
	do {                                                                  \
		assert_int_not_equal(world_try((w), (text)), YG_OK);          \
		assert_string_equal((w)->err.code, (expected));               \
	} while (0)

#endif
