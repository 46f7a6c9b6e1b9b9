/* Manifests: read with every field checked, written, digested; each mistake is named by its path. */
#include "tests/unit/test.h"

#include "yogo/store/manifest.h"

#define HEAD "{\"manifest_version\": 1, \"dataset\": {\"id\": \"colon\"}, \"anonymisation\": {\"legal_basis\": \"public\"}, " \
	     "\"sdc\": {\"profile\": \"open\"}, "
#define ONE "\"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"x\", \"type\": \"integer\"}]}]}"

static const char full[] =
	"{\"manifest_version\": 1, \"comment\": \"for people\","
	" \"dataset\": {\"id\": \"colon\", \"title\": \"結腸癌\", \"release\": \"2\", \"synthetic\": false},"
	" \"anonymisation\": {\"legal_basis\": \"jp-nmi-anonymous\", \"k\": {\"k\": 10, \"quasi_identifiers\": [\"age\"]}},"
	" \"sdc\": {\"profile\": \"strict\", \"min_cell\": 20},"
	" \"use\": {\"purpose\": \"P-1\", \"expires\": \"2027-03-31\"},"
	" \"person\": [\"center\", \"id\"],"
	" \"tables\": [{\"name\": \"subject\", \"file\": \"colon.csv\", \"grain\": \"person\", \"columns\": ["
	"   {\"name\": \"id\", \"type\": \"integer\", \"role\": \"person\"},"
	"   {\"name\": \"sex\", \"type\": \"integer\", \"label\": {\"en\": \"Sex\", \"ja\": \"性別\"},"
	"    \"value_labels\": {\"0\": \"female\", \"1\": {\"en\": \"male\", \"ja\": \"男\"}},"
	"    \"missing\": {\"9\": \"unknown\", \"-1\": \"refused\", \"8\": \"lost in the post\"}},"
	"   {\"name\": \"rx\", \"type\": \"level\", \"levels\": [\"Obs\", \"Lev\", \"Lev+5FU\"]},"
	"   {\"name\": \"when\", \"type\": \"date\", \"format\": \"%d/%m/%Y\"}]},"
	"  {\"name\": \"visit\", \"grain\": \"event\", \"date\": \"day\", \"columns\": ["
	"   {\"name\": \"day\", \"type\": \"date\"}, {\"name\": \"hb\", \"type\": \"number\", \"unit\": \"g/dl\","
	"    \"missing\": {\"x\": \"lost in the post\"}, \"sensitive_high\": true}]}]}";

static struct yg_manifest *parse(const char *json)
{
	struct yg_manifest *m = NULL;
	struct yg_err err;

	yg_err_clear(&err);
	if (yg_manifest_parse(json, strlen(json), &m, &err) != YG_OK)
		fail_msg("%s", err.text);
	return m;
}

static void a_manifest_says_what_the_data_are(void **state)
{
	struct yg_manifest *m = parse(full);
	const struct yg_field *f = m->table[0].field;

	(void)state;
	assert_string_equal(m->title, "結腸癌");
	assert_int_equal(m->min_cell, 20);
	assert_int_equal(m->persons, 2);
	assert_string_equal(m->person[0], "center");
	assert_int_equal(m->tables, 2);
	assert_int_equal(f[0].role, YG_COLUMN_PERSON);
	assert_string_equal(f[1].label.ja, "性別");
	assert_int_equal(f[1].value_labels, 2);
	assert_string_equal(f[1].value_label[1].label.ja, "男");
	assert_int_equal(f[1].missing_code[0].reason, YG_MISSING_UNKNOWN);
	assert_int_equal(f[1].missing_code[1].reason, YG_MISSING_REFUSED);
	assert_int_equal(f[1].missing_code[2].reason, YG_MISSING_FIRST_DECLARED);
	assert_true(f[2].levels_declared);
	assert_string_equal(f[2].level[2], "Lev+5FU");
	assert_string_equal(f[3].date_format, "%d/%m/%Y");
	assert_int_equal(m->table[1].grain, YG_GRAIN_EVENT);
	assert_string_equal(m->table[1].date_column, "day");
	assert_int_equal(m->table[1].field[1].missing_code[0].reason, YG_MISSING_FIRST_DECLARED); /* the same own word */
	yg_manifest_free(m);
}

static void written_and_read_again_it_is_the_same(void **state)
{
	struct yg_manifest *m = parse(full), *again;
	struct yg_buf first = YG_BUF_INIT, second = YG_BUF_INIT;

	(void)state;
	yg_manifest_write(m, &first);
	again = parse(first.data);
	yg_manifest_write(again, &second);
	assert_string_equal(first.data, second.data);
	yg_manifest_free(m);
	yg_manifest_free(again);
	yg_buf_release(&first);
	yg_buf_release(&second);
}

static void the_digest_follows_the_meaning(void **state)
{
	struct yg_manifest *a = parse(HEAD ONE), *b;
	struct yg_digest first = yg_manifest_digest(a), other;

	(void)state;
	/* blanks, the order of fields and comments mean nothing */
	b = parse("{\"sdc\":{\"profile\":\"open\"},\"comment\":\"hello\",\"tables\":[{\"columns\":[{\"type\":\"integer\",\"name\":\"x\","
	          "\"comment\":\"?\"}],\"name\":\"t\"}],\"anonymisation\":{\"legal_basis\":\"public\"},\"dataset\":{\"id\":\"colon\"},"
	          "\"manifest_version\":1}");
	other = yg_manifest_digest(b);
	assert_memory_equal(first.byte, other.byte, 32);
	yg_manifest_free(b);
	b = parse(HEAD "\"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"x\", \"type\": \"number\"}]}]}");
	other = yg_manifest_digest(b);
	assert_memory_not_equal(first.byte, other.byte, 32);
	yg_manifest_free(b);
	yg_manifest_free(a);
}

static void refused(const char *json, const char *where)
{
	struct yg_manifest *m = NULL;
	struct yg_err err;

	yg_err_clear(&err);
	assert_int_not_equal(yg_manifest_parse(json, strlen(json), &m, &err), YG_OK);
	if (where && !strstr(err.text, where))
		fail_msg("\"%s\" does not name %s", err.text, where);
}

static void each_mistake_is_named(void **state)
{
	struct yg_err err;
	struct yg_manifest *m;
	static const char misspelt[] = HEAD "\"tables\": [{\"name\": \"t\", \"colums\": []}]}";

	(void)state;
	refused("", NULL);
	refused("[]", NULL);
	refused("{\"manifest_version\": 2}", "newer");
	refused("{\"manifest_version\": 1}", "dataset");
	refused("{\"manifest_version\": 1, \"dataset\": {\"id\": \"a\"}}", "anonymisation");
	refused(HEAD "\"tables\": []}", "tables");
	refused(HEAD "\"tables\": [{\"columns\": []}]}", "tables[0].name");
	refused(HEAD "\"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"x\"}]}]}", "tables[0].columns[0].type");
	refused(HEAD "\"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"x\", \"type\": \"float\"}]}]}", "columns[0].type");
	refused(HEAD "\"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"x\", \"type\": \"flag\"}, {\"name\": \"x\", "
	             "\"type\": \"flag\"}]}]}", "columns[1].name");
	refused(HEAD "\"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"x\", \"type\": \"integer\", \"levels\": [\"a\"]}]}]}",
	        "levels");
	refused(HEAD "\"tables\": [{\"name\": \"t\", \"date\": \"y\", \"columns\": [{\"name\": \"x\", \"type\": \"date\"}]}]}", "date");
	refused(HEAD "\"use\": {\"expires\": \"soon\"}, " ONE, "use.expires");
	/* the open profile is for public data */
	refused("{\"manifest_version\": 1, \"dataset\": {\"id\": \"a\"}, \"anonymisation\": {\"legal_basis\": \"undeclared\"}, "
	        "\"sdc\": {\"profile\": \"open\"}, " ONE, "sdc.profile");
	assert_int_equal(yg_manifest_parse(misspelt, strlen(misspelt), &m, &err), YG_EINPUT);
	assert_non_null(strstr(err.text, "colums"));
	assert_non_null(strstr(err.hint, "columns"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_says_what_the_data_are),
		cmocka_unit_test(written_and_read_again_it_is_the_same),
		cmocka_unit_test(the_digest_follows_the_meaning),
		cmocka_unit_test(each_mistake_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
