/* Reading a manifest: JSON -> struct yg_manifest, every field checked, unknown ones refused by name. */
#include "yogo/store/manifest.h"

#include <stdio.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/json.h"
#include "yogo/base/map.h"
#include "yogo/base/text.h"

#define MANIFEST_VERSION 1
#define MANIFEST_MAX (10u << 20)

struct reader {
	struct yg_manifest *m;
	struct yg_arena *arena;
	struct yg_err *err;
	char path[256];            /* of the object being read: "tables[1].columns[4]" */
	struct {
		const char *name;
	} own[256 - YG_MISSING_FIRST_DECLARED];
	size_t owns;
};

static enum yg_status wrong(struct reader *r, const char *field, const char *why)
{
	return yg_fail(r->err, YG_EINPUT, "E-MAN-001", N_("manifest, %s%s%s: %s"), r->path, *r->path && *field ? "." : "",
	               field, why);
}

static bool listed(const char *key, const char *const *known)
{
	for (; *known; known++) {
		if (!strcmp(key, *known))
			return true;
	}
	return false;
}

static enum yg_status check_keys(struct reader *r, const struct yg_json *object, const char *const *known)
{
	if (object->kind != YG_JSON_OBJECT)
		return wrong(r, "", N_("this must be an object in braces"));
	for (size_t i = 0; i < object->count; i++) {
		char shown[64];
		struct yg_buf text = YG_BUF_INIT;

		if (listed(object->key[i], known) || !strcmp(object->key[i], "comment"))
			continue;
		yg_escape_terminal(&text, object->key[i], strlen(object->key[i]));
		snprintf(shown, sizeof shown, "%s", text.data);
		yg_buf_release(&text);
		for (size_t k = 0; known[k]; k++) {
			if (yg_text_distance(object->key[i], known[k], 3) <= 2) {
				yg_fail(r->err, YG_EINPUT, "E-MAN-002", N_("manifest, %s%s%s: there is no such field"),
				        r->path, *r->path ? "." : "", shown);
				yg_err_hint(r->err, N_("did you mean \"%s\"?  Notes for people go into \"comment\""), known[k]);
				return YG_EINPUT;
			}
		}
		yg_fail(r->err, YG_EINPUT, "E-MAN-002", N_("manifest, %s%s%s: there is no such field"), r->path,
		        *r->path ? "." : "", shown);
		yg_err_hint(r->err, N_("notes for people go into \"comment\""));
		return YG_EINPUT;
	}
	return YG_OK;
}

/* Optional text: absent and null leave *out alone. */
static enum yg_status get_text(struct reader *r, const struct yg_json *object, const char *key, const char **out)
{
	const struct yg_json *v = yg_json_get(object, key);

	if (!v || v->kind == YG_JSON_NULL)
		return YG_OK;
	if (v->kind != YG_JSON_STRING)
		return wrong(r, key, N_("this must be text in quotes"));
	if (strlen(v->string) != v->string_len)
		return wrong(r, key, N_("a NUL character is not allowed"));
	*out = v->string;
	return YG_OK;
}

static enum yg_status get_bool(struct reader *r, const struct yg_json *object, const char *key, bool *out)
{
	const struct yg_json *v = yg_json_get(object, key);

	if (!v || v->kind == YG_JSON_NULL)
		return YG_OK;
	if (v->kind != YG_JSON_BOOL)
		return wrong(r, key, N_("this must be true or false"));
	*out = v->boolean;
	return YG_OK;
}

static enum yg_status get_label(struct reader *r, const struct yg_json *v, const char *key, struct yg_label *out)
{
	static const char *const known[] = { "en", "ja", NULL };

	if (!v || v->kind == YG_JSON_NULL)
		return YG_OK;
	if (v->kind == YG_JSON_STRING) {
		out->en = v->string;
		return YG_OK;
	}
	if (v->kind != YG_JSON_OBJECT)
		return wrong(r, key, N_("a label is text, or an object with \"en\" and \"ja\""));
	YG_TRY(check_keys(r, v, known));
	YG_TRY(get_text(r, v, "en", &out->en));
	return get_text(r, v, "ja", &out->ja);
}

/* Values of the data are written as text; whole numbers may stand without quotes. */
static const char *value_text(const struct yg_json *v)
{
	return v->kind == YG_JSON_STRING || v->kind == YG_JSON_NUMBER ? v->string : NULL;
}

static enum yg_status get_strings(struct reader *r, const struct yg_json *object, const char *key,
                                  const char ***out, size_t *n)
{
	const struct yg_json *v = yg_json_get(object, key);

	if (!v || v->kind == YG_JSON_NULL)
		return YG_OK;
	if (v->kind == YG_JSON_STRING) { /* one name stands for a list of one */
		*out = yg_arena_alloc(r->arena, 1, sizeof **out);
		(*out)[0] = v->string;
		*n = 1;
		return YG_OK;
	}
	if (v->kind != YG_JSON_ARRAY)
		return wrong(r, key, N_("this must be a list in brackets"));
	*out = yg_arena_alloc(r->arena, v->count + 1, sizeof **out);
	for (size_t i = 0; i < v->count; i++) {
		(*out)[i] = value_text(v->item[i]);
		if (!(*out)[i])
			return wrong(r, key, N_("every item must be text"));
	}
	*n = v->count;
	return YG_OK;
}

static enum yg_status get_levels(struct reader *r, const struct yg_json *object, struct yg_field *f)
{
	YG_TRY(get_strings(r, object, "levels", &f->level, &f->levels));
	f->levels_declared = f->levels > 0;
	for (size_t i = 0; i < f->levels; i++) {
		for (size_t j = 0; j < i && f->levels <= 2000; j++) {
			if (!strcmp(f->level[i], f->level[j]))
				return wrong(r, "levels", N_("a level is listed twice"));
		}
	}
	return YG_OK;
}

static enum yg_status get_value_labels(struct reader *r, const struct yg_json *object, struct yg_field *f)
{
	const struct yg_json *v = yg_json_get(object, "value_labels");

	if (!v || v->kind == YG_JSON_NULL)
		return YG_OK;
	if (v->kind != YG_JSON_OBJECT)
		return wrong(r, "value_labels", N_("this must be an object: {\"1\": \"male\", \"2\": \"female\"}"));
	f->value_label = yg_arena_alloc(r->arena, v->count + 1, sizeof *f->value_label);
	for (size_t i = 0; i < v->count; i++) {
		f->value_label[i].value = v->key[i];
		YG_TRY(get_label(r, v->item[i], "value_labels", &f->value_label[i].label));
	}
	f->value_labels = v->count;
	return YG_OK;
}

static enum yg_status reason_of(struct reader *r, const char *word, uint8_t *out)
{
	size_t i = 0;

	if (yg_missing_parse(word, out))
		return YG_OK;
	while (i < r->owns && strcmp(r->own[i].name, word))
		i++;
	if (i == sizeof r->own / sizeof *r->own)
		return wrong(r, "missing", N_("there are more than 240 own reasons for missing values"));
	if (i == r->owns)
		r->own[r->owns++].name = word;
	*out = (uint8_t)(YG_MISSING_FIRST_DECLARED + i);
	return YG_OK;
}

/* Either a list of texts that mean missing, or {text: reason}. */
static enum yg_status get_missing(struct reader *r, const struct yg_json *object, struct yg_field *f)
{
	const struct yg_json *v = yg_json_get(object, "missing");

	if (!v || v->kind == YG_JSON_NULL)
		return YG_OK;
	if (v->kind != YG_JSON_OBJECT && v->kind != YG_JSON_ARRAY)
		return wrong(r, "missing", N_("this must be a list of texts, or {text: reason}"));
	f->missing_code = yg_arena_alloc(r->arena, v->count + 1, sizeof *f->missing_code);
	for (size_t i = 0; i < v->count; i++) {
		struct yg_missing_code *code = &f->missing_code[i];

		if (v->kind == YG_JSON_ARRAY) {
			code->value = value_text(v->item[i]);
			if (!code->value)
				return wrong(r, "missing", N_("every item must be text"));
			continue;
		}
		code->value = v->key[i];
		if (v->item[i]->kind == YG_JSON_NULL)
			continue;
		if (v->item[i]->kind != YG_JSON_STRING)
			return wrong(r, "missing", N_("a reason is a word in quotes"));
		code->name = v->item[i]->string;
		YG_TRY(reason_of(r, code->name, &code->reason));
	}
	f->missing_codes = v->count;
	return YG_OK;
}

static enum yg_status get_field(struct reader *r, const struct yg_json *object, struct yg_field *f)
{
	/* The last row: declared for the privacy checks, which read them from the document. */
	static const char *const known[] = { "name", "label", "type", "unit", "role", "sensitive_high", "levels",
		                             "value_labels", "missing", "utc", "format",
		                             "resolution", "sensitivity", "structural_min", "structural_max",
		                             "topcode", "bottomcode", "rare_code_min", NULL };
	const char *type = NULL, *role = NULL;

	YG_TRY(check_keys(r, object, known));
	YG_TRY(get_text(r, object, "name", &f->name));
	if (!f->name || !*f->name)
		return wrong(r, "name", N_("a column needs its name"));
	YG_TRY(get_text(r, object, "type", &type));
	if (!type || !yg_type_parse(type, &f->type))
		return wrong(r, "type", N_("this must be one of flag, integer, number, level, text, date, instant"));
	YG_TRY(get_text(r, object, "role", &role));
	if (role && !yg_column_role_parse(role, &f->role))
		return wrong(r, "role", N_("this must be one of plain, person, institution, quasi_identifier, sensitive, "
		                           "outcome, date, measure, code, free_text"));
	YG_TRY(get_label(r, yg_json_get(object, "label"), "label", &f->label));
	YG_TRY(get_text(r, object, "unit", &f->unit));
	YG_TRY(get_bool(r, object, "sensitive_high", &f->sensitive_high));
	YG_TRY(get_bool(r, object, "utc", &f->instant_utc));
	YG_TRY(get_text(r, object, "format", &f->date_format));
	YG_TRY(get_text(r, object, "comment", &f->comment));
	YG_TRY(get_levels(r, object, f));
	if (f->levels && f->type != YG_TYPE_LEVEL)
		return wrong(r, "levels", N_("only a column of type level has levels"));
	if (f->date_format && f->type != YG_TYPE_DATE)
		return wrong(r, "format", N_("only a column of type date has a format"));
	YG_TRY(get_value_labels(r, object, f));
	return get_missing(r, object, f);
}

static enum yg_status get_columns(struct reader *r, const struct yg_json *v, struct yg_manifest_table *t, size_t number)
{
	struct yg_map seen;
	enum yg_status status = YG_OK;

	if (!v || v->kind != YG_JSON_ARRAY)
		return wrong(r, "columns", N_("a table needs its list of columns"));
	t->field = yg_arena_alloc(r->arena, v->count + 1, sizeof *t->field);
	t->fields = v->count;
	yg_map_init(&seen);
	for (size_t i = 0; i < v->count && status == YG_OK; i++) {
		snprintf(r->path, sizeof r->path, "tables[%zu].columns[%zu]", number, i);
		status = get_field(r, v->item[i], &t->field[i]);
		if (status == YG_OK && yg_map_put(&seen, t->field[i].name, t))
			status = wrong(r, "name", N_("another column of the table has the same name"));
	}
	yg_map_release(&seen);
	return status;
}

static enum yg_status get_table(struct reader *r, const struct yg_json *object, struct yg_manifest_table *t, size_t number)
{
	static const char *const known[] = { "name", "file", "grain", "date", "columns", "format", "encoding",
		                             "sha256_file", "rows", NULL };
	const char *grain = NULL;

	snprintf(r->path, sizeof r->path, "tables[%zu]", number);
	YG_TRY(check_keys(r, object, known));
	YG_TRY(get_text(r, object, "name", &t->name));
	if (!t->name || !*t->name)
		return wrong(r, "name", N_("a table needs its name"));
	YG_TRY(get_text(r, object, "file", &t->file));
	YG_TRY(get_text(r, object, "grain", &grain));
	if (!grain || !strcmp(grain, "person"))
		t->grain = YG_GRAIN_PERSON;
	else if (!strcmp(grain, "event"))
		t->grain = YG_GRAIN_EVENT;
	else
		return wrong(r, "grain", N_("this must be person or event"));
	YG_TRY(get_text(r, object, "date", &t->date_column));
	YG_TRY(get_columns(r, yg_json_get(object, "columns"), t, number));
	snprintf(r->path, sizeof r->path, "tables[%zu]", number);
	for (size_t i = 0; t->date_column; i++) {
		if (i == t->fields)
			return wrong(r, "date", N_("the table has no column of this name"));
		if (!strcmp(t->field[i].name, t->date_column))
			break;
	}
	return YG_OK;
}

static enum yg_status get_tables(struct reader *r, const struct yg_json *v)
{
	struct yg_manifest *m = r->m;

	if (!v || v->kind != YG_JSON_ARRAY || !v->count)
		return wrong(r, "tables", N_("a manifest needs a list of at least one table"));
	m->table = yg_arena_alloc(r->arena, v->count, sizeof *m->table);
	m->tables = v->count;
	for (size_t i = 0; i < v->count; i++) {
		YG_TRY(get_table(r, v->item[i], &m->table[i], i));
		for (size_t j = 0; j < i; j++) {
			if (!strcmp(m->table[i].name, m->table[j].name))
				return wrong(r, "name", N_("another table has the same name"));
		}
	}
	r->path[0] = 0;
	return YG_OK;
}

static enum yg_status get_dataset(struct reader *r, const struct yg_json *v)
{
	static const char *const known[] = { "id", "title", "release", "version", "source", "license", "citation",
		                             "synthetic", NULL };
	struct yg_manifest *m = r->m;

	if (!v)
		return wrong(r, "dataset", N_("this section is required"));
	snprintf(r->path, sizeof r->path, "dataset");
	YG_TRY(check_keys(r, v, known));
	YG_TRY(get_text(r, v, "id", &m->id));
	YG_TRY(get_text(r, v, "title", &m->title));
	YG_TRY(get_text(r, v, "version", &m->release));
	YG_TRY(get_text(r, v, "release", &m->release));
	YG_TRY(get_text(r, v, "source", &m->source));
	YG_TRY(get_text(r, v, "license", &m->license));
	YG_TRY(get_text(r, v, "citation", &m->citation));
	YG_TRY(get_bool(r, v, "synthetic", &m->synthetic));
	if (!m->id || !*m->id)
		return wrong(r, "id", N_("a data set needs an id, such as \"colon-2024\""));
	r->path[0] = 0;
	return YG_OK;
}

static enum yg_status get_privacy(struct reader *r, const struct yg_json *anonymisation, const struct yg_json *sdc)
{
	static const char *const known_a[] = { "legal_basis", "producer", "method", "date", "k", "l", "t", "max_risk", NULL };
	static const char *const known_s[] = { "profile", "min_cell", "min_institution", "rounding", "zeros", "precision",
		                               "min_df", "dominance", "listings", "interactive_raw", NULL };
	static const char *const profiles[] = { "open", "jp_ndb", "opensafely", "strict", NULL };
	struct yg_manifest *m = r->m;
	const struct yg_json *cell;

	if (!anonymisation)
		return wrong(r, "anonymisation", N_("this section is required"));
	snprintf(r->path, sizeof r->path, "anonymisation");
	YG_TRY(check_keys(r, anonymisation, known_a));
	YG_TRY(get_text(r, anonymisation, "legal_basis", &m->legal_basis));
	if (!m->legal_basis || !*m->legal_basis)
		return wrong(r, "legal_basis", N_("this field is required; say \"undeclared\" when it is not known"));
	snprintf(r->path, sizeof r->path, "sdc");
	if (sdc) {
		YG_TRY(check_keys(r, sdc, known_s));
		YG_TRY(get_text(r, sdc, "profile", &m->profile));
		cell = yg_json_get(sdc, "min_cell");
		if (cell && (!cell->is_integer || cell->integer < 0 || cell->integer > 1000000))
			return wrong(r, "min_cell", N_("this must be a whole number, 0 or more"));
		m->min_cell = cell ? cell->integer : 0;
	}
	if (!listed(m->profile, profiles))
		return wrong(r, "profile", N_("this must be one of jp_ndb, opensafely, strict, open"));
	if (!strcmp(m->profile, "open") && !m->synthetic && strcmp(m->legal_basis, "public") != 0 &&
	    strcmp(m->legal_basis, "synthetic") != 0)
		return wrong(r, "profile", N_("the profile open is allowed for public or synthetic data only"));
	r->path[0] = 0;
	return YG_OK;
}

static enum yg_status get_use(struct reader *r, const struct yg_json *v)
{
	static const char *const known[] = { "purpose", "expires", "prohibited", "users", "places", "contract_id",
		                             "destroy_by", "retention_of_results", "publication", NULL };
	enum yg_date_precision precision;
	int32_t day;

	if (!v)
		return YG_OK;
	snprintf(r->path, sizeof r->path, "use");
	YG_TRY(check_keys(r, v, known));
	YG_TRY(get_text(r, v, "purpose", &r->m->purpose));
	YG_TRY(get_text(r, v, "expires", &r->m->expires));
	if (r->m->expires && (!yg_date_parse(yg_str(r->m->expires), &day, &precision) || precision != YG_DAY))
		return wrong(r, "expires", N_("this must be a date like 2027-03-31"));
	r->path[0] = 0;
	return YG_OK;
}

static enum yg_status read_manifest(struct reader *r, const struct yg_json *root)
{
	static const char *const known[] = { "manifest_version", "dataset", "anonymisation", "sdc", "use", "person",
		                             "tables", "dates", "pseudonym", "direct_identifiers", "optout",
		                             "previous_release", "signatures", NULL };
	const struct yg_json *version;

	if (root->kind != YG_JSON_OBJECT)
		return wrong(r, "", N_("the file must hold one object in braces"));
	version = yg_json_get(root, "manifest_version");
	if (!version || !version->is_integer || version->integer < 1)
		return wrong(r, "manifest_version", N_("this field is required and must be 1"));
	if (version->integer > MANIFEST_VERSION)
		return yg_fail(r->err, YG_EINPUT, "E-VER-001",
		               N_("the manifest has version %lld and was written for a newer version of Yogo"),
		               (long long)version->integer);
	r->m->version = (int)version->integer;
	YG_TRY(check_keys(r, root, known));
	YG_TRY(get_text(r, root, "comment", &r->m->comment));
	YG_TRY(get_dataset(r, yg_json_get(root, "dataset")));
	YG_TRY(get_privacy(r, yg_json_get(root, "anonymisation"), yg_json_get(root, "sdc")));
	YG_TRY(get_use(r, yg_json_get(root, "use")));
	YG_TRY(get_strings(r, root, "person", &r->m->person, &r->m->persons));
	return get_tables(r, yg_json_get(root, "tables"));
}

struct yg_manifest *yg_manifest_new(void)
{
	struct yg_manifest *m = yg_xcalloc(1, sizeof *m);

	yg_arena_init(&m->arena);
	m->version = MANIFEST_VERSION;
	m->legal_basis = "undeclared";
	m->profile = "jp_ndb";
	return m;
}

enum yg_status yg_manifest_parse(const char *json, size_t n, struct yg_manifest **out, struct yg_err *err)
{
	struct yg_manifest *m;
	struct yg_json *root = NULL;
	struct reader r = { .err = err };
	enum yg_status status;
	char *text;

	if (n > MANIFEST_MAX)
		return yg_fail(err, YG_ELIMIT, "E-LIM-007", N_("the manifest is larger than 10 MiB"));
	m = yg_manifest_new();
	r.m = m;
	r.arena = &m->arena;
	status = yg_json_parse(&m->arena, json, n, &root, err);
	if (status == YG_OK)
		status = read_manifest(&r, root);
	m->json = root;
	text = yg_arena_alloc(&m->arena, n + 1, 1);
	memcpy(text, json, n);
	m->text = text;
	m->text_len = n;
	if (status == YG_OK)
		*out = m;
	else
		yg_manifest_free(m);
	return status;
}

void yg_manifest_free(struct yg_manifest *m)
{
	struct yg_arena arena;

	if (!m)
		return;
	arena = m->arena;
	yg_arena_release(&arena);
	yg_free(m);
}
