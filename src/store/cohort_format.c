/* What writer and reader of cohort files share: schema, directories, profiles as JSON. */
#include <math.h>
#include <string.h>

#include "src/store/cohort_priv.h"
#include "src/store/stream_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/json.h"
#include "yogo/base/text.h"

const char *const cohort_schema[] = {
	"CREATE TABLE about(id INTEGER PRIMARY KEY, key TEXT, value BLOB)",
	"CREATE TABLE dataset_table(id INTEGER PRIMARY KEY, name TEXT, rows INTEGER, grain TEXT, root BLOB)",
	"CREATE TABLE dataset_column(id INTEGER PRIMARY KEY, dataset_table INTEGER, kind INTEGER, name TEXT,"
	" type TEXT, directory BLOB, level_order BLOB, node BLOB, profile TEXT)",
	"CREATE TABLE dictionary(id INTEGER PRIMARY KEY, dataset_column INTEGER, bytes BLOB)",
	"CREATE TABLE block(id INTEGER PRIMARY KEY, bytes BLOB)",
	NULL,
};

static void put_double(struct yg_buf *out, double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof bits);
	yg_buf_add_le64(out, bits);
}

static double get_double(const uint8_t *p)
{
	uint64_t bits = get64(p);
	double x;

	memcpy(&x, &bits, sizeof x);
	return x;
}

void cohort_entry_put(struct yg_buf *out, const struct cohort_entry *e)
{
	yg_buf_add_le64(out, (uint64_t)e->id);
	yg_buf_add_le32(out, e->rows);
	yg_buf_add_le32(out, e->missing);
	yg_buf_add_le32(out, e->stored);
	yg_buf_addc(out, (char)e->encoding);
	yg_buf_addc(out, e->zoned ? 1 : 0);
	yg_buf_fill(out, 0, 2);
	put_double(out, e->zoned ? e->minimum : 0);
	put_double(out, e->zoned ? e->maximum : 0);
	yg_buf_add_le64(out, e->checksum);
	yg_buf_add(out, e->leaf.byte, sizeof e->leaf.byte);
}

void cohort_directory_write(struct yg_buf *out, const struct cohort_entry *entry, uint32_t blocks)
{
	size_t from = out->len;

	yg_buf_add(out, "YDIR", 4);
	yg_buf_add_le32(out, blocks);
	for (uint32_t b = 0; b < blocks; b++)
		cohort_entry_put(out, &entry[b]);
	yg_buf_add_le64(out, store_checksum(out->data + from, out->len - from));
}

enum yg_status cohort_directory_read(const void *bytes, size_t n, struct cohort_entry **out, uint32_t *blocks,
                                     struct yg_err *err)
{
	const uint8_t *p = bytes;
	struct cohort_entry *entry;
	size_t count;

	if (n < 16 || memcmp(p, "YDIR", 4) != 0 || (n - 16) % COHORT_ENTRY != 0 ||
	    get32(p + 4) != (n - 16) / COHORT_ENTRY || get64(p + n - 8) != store_checksum(p, n - 8))
		return yg_fail(err, YG_EDAMAGED, "E-INT-013", N_("the list of a column's blocks is damaged"));
	count = (n - 16) / COHORT_ENTRY;
	entry = yg_xcalloc(count + 1, sizeof *entry);
	p += 8;
	for (size_t b = 0; b < count; b++, p += COHORT_ENTRY) {
		struct cohort_entry *e = &entry[b];

		e->id = (int64_t)get64(p);
		e->rows = get32(p + 8);
		e->missing = get32(p + 12);
		e->stored = get32(p + 16);
		e->encoding = p[20];
		e->zoned = p[21] != 0;
		e->minimum = get_double(p + 24);
		e->maximum = get_double(p + 32);
		e->checksum = get64(p + 40);
		memcpy(e->leaf.byte, p + 48, sizeof e->leaf.byte);
	}
	*out = entry;
	*blocks = (uint32_t)count;
	return YG_OK;
}

static void number(struct yg_buf *out, const char *key, double x)
{
	char digits[32];

	if (!isfinite(x))
		return; /* absent: not known */
	yg_print_double(digits, x);
	yg_buf_addf(out, ",\"%s\":%s", key, digits);
}

void profile_write(struct yg_buf *out, const struct yg_profile *p)
{
	yg_buf_addf(out, "{\"n\":%llu,\"missing\":%llu,\"distinct\":%llu", (unsigned long long)p->n,
	            (unsigned long long)p->missing, (unsigned long long)p->distinct);
	number(out, "minimum", p->minimum);
	number(out, "maximum", p->maximum);
	number(out, "mean", p->mean);
	number(out, "sd", p->sd);
	yg_buf_adds(out, ",\"histogram\":[");
	for (size_t i = 0; i < 64; i++)
		yg_buf_addf(out, "%s%u", i ? "," : "", p->histogram[i]);
	yg_buf_adds(out, "],\"top\":[");
	for (size_t i = 0; i < p->tops; i++) {
		yg_buf_adds(out, i ? ",[" : "[");
		yg_escape_json(out, p->top[i].text, strlen(p->top[i].text));
		yg_buf_addf(out, ",%llu]", (unsigned long long)p->top[i].count);
	}
	yg_buf_adds(out, "]}");
}

static double number_of(const struct yg_json *root, const char *key)
{
	const struct yg_json *v = yg_json_get(root, key);

	return v && v->kind == YG_JSON_NUMBER ? v->number : (double)NAN;
}

static uint64_t count_of(const struct yg_json *v)
{
	return v && v->kind == YG_JSON_NUMBER && v->is_integer && v->integer > 0 ? (uint64_t)v->integer : 0;
}

enum yg_status profile_read(struct yg_arena *arena, const char *json, size_t n, struct yg_profile *out,
                            struct yg_err *err)
{
	struct yg_json *root;
	const struct yg_json *list;

	memset(out, 0, sizeof *out);
	YG_TRY(yg_json_parse(arena, json, n, &root, err));
	if (root->kind != YG_JSON_OBJECT)
		return yg_fail(err, YG_EDAMAGED, "E-INT-014", N_("the stored profile of a column is damaged"));
	out->n = count_of(yg_json_get(root, "n"));
	out->missing = count_of(yg_json_get(root, "missing"));
	out->distinct = count_of(yg_json_get(root, "distinct"));
	out->minimum = number_of(root, "minimum");
	out->maximum = number_of(root, "maximum");
	out->mean = number_of(root, "mean");
	out->sd = number_of(root, "sd");
	list = yg_json_get(root, "histogram");
	for (size_t i = 0; list && list->kind == YG_JSON_ARRAY && i < list->count && i < 64; i++)
		out->histogram[i] = (uint32_t)count_of(list->item[i]);
	list = yg_json_get(root, "top");
	if (!list || list->kind != YG_JSON_ARRAY)
		return YG_OK;
	out->top = yg_arena_alloc(arena, list->count + 1, sizeof *out->top);
	for (size_t i = 0; i < list->count && i < 20; i++) {
		const struct yg_json *pair = list->item[i];

		if (pair->kind != YG_JSON_ARRAY || pair->count != 2 || pair->item[0]->kind != YG_JSON_STRING)
			continue;
		out->top[out->tops].text = pair->item[0]->string;
		out->top[out->tops++].count = count_of(pair->item[1]);
	}
	return YG_OK;
}

enum yg_status cohort_sqlite_failed(sqlite3 *db, int code, bool writing, const char *path, struct yg_err *err)
{
	struct yg_buf shown = YG_BUF_INIT;
	enum yg_status status;

	(void)db;
	yg_escape_terminal(&shown, path, strlen(path));
	switch (code & 0xff) {
	case SQLITE_FULL:
		status = yg_fail(err, YG_EIO, "E-IO-020", N_("%s: the disk is full"), shown.data);
		break;
	case SQLITE_NOMEM:
		status = yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while working on %s"), shown.data);
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
	case SQLITE_ERROR:
	case SQLITE_TOOBIG:
		if (!writing) {
			status = yg_fail(err, YG_EDAMAGED, "E-INT-012", N_("%s is damaged or is not a cohort file"),
			                 shown.data);
			break;
		}
		/* fallthrough */
	default:
		status = yg_fail(err, YG_EIO, "E-IO-021", writing ? N_("%s: writing failed (%s)")
		                                                  : N_("%s: reading failed (%s)"),
		                 shown.data, sqlite3_errstr(code));
	}
	yg_buf_release(&shown);
	return status;
}
