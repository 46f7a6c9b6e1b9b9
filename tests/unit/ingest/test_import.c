/*
 * From a file to a cohort: types from every row, what is missing, what is refused, and a failing
 * import that leaves nothing behind.
 */
#include "tests/unit/test.h"

#include "yogo/base/date.h"
#include "yogo/base/text.h"

#include "import_kit.h"

static void types_come_from_the_values(void **state)
{
	struct kit k;

	(void)state;
	kit_write("a.csv",
	          "int,num,date,part,inst,zoned,tf,yn,zero,lev,text,code,none,quoted\n"
	          "1,1,2020-02-29,2020,2020-01-01T10:00:00,2020-01-01T10:00:00Z,true,yes,0,a,one,007,,\"1\"\n"
	          "-5,2.5,1899-12-31,2020-05,2020-01-02 11:30,2020-01-01T10:00:00+09:00,false,no,1,b,two,12,,\"2\"\n"
	          "9223372036854775807,1e3,2300-01-01,2021-06-07,2020-01-02T00:00:00.25,2021-06-01T00:00:00Z,TRUE,Yes,0,a,"
	          "three,1,,\"1\"\n"
	          ",,,,,,,,,,,,,\n"
	          "3,-0.1,2020-01-01,,,,,,1,b,\"f\"\"our\",000,,\"2\"\n"
	          "4,7,2020-01-01,,,,,,1,\"\",\"a,\nb\",000,,\"1\"\n");
	kit_init(&k, "a.csv");
	kit_must(&k);
	assert_int_equal(kit_type(&k, "int"), YG_TYPE_INTEGER);
	assert_int_equal(kit_type(&k, "num"), YG_TYPE_NUMBER);
	assert_int_equal(kit_type(&k, "date"), YG_TYPE_DATE);
	assert_int_equal(kit_type(&k, "part"), YG_TYPE_DATE);
	assert_int_equal(kit_type(&k, "inst"), YG_TYPE_INSTANT);
	assert_int_equal(kit_type(&k, "zoned"), YG_TYPE_INSTANT);
	assert_int_equal(kit_type(&k, "tf"), YG_TYPE_FLAG);
	assert_int_equal(kit_type(&k, "yn"), YG_TYPE_FLAG);
	assert_int_equal(kit_type(&k, "zero"), YG_TYPE_INTEGER);   /* 0/1 stays integer */
	assert_int_equal(kit_type(&k, "lev"), YG_TYPE_LEVEL);      /* 3 of 6 rows: at most half */
	assert_int_equal(kit_type(&k, "text"), YG_TYPE_TEXT);
	assert_int_equal(kit_type(&k, "code"), YG_TYPE_TEXT);      /* 007 keeps its zeros */
	assert_int_equal(kit_type(&k, "none"), YG_TYPE_LEVEL);
	assert_int_equal(kit_type(&k, "quoted"), YG_TYPE_LEVEL);   /* the file tells text by quotes */
	assert_string_equal(kit_value(&k, NULL, "int", 2), "9223372036854775807");
	assert_string_equal(kit_value(&k, NULL, "int", 3), ".");
	assert_string_equal(kit_value(&k, NULL, "num", 2), "1000");
	assert_string_equal(kit_value(&k, NULL, "date", 0), "2020-02-29");
	assert_string_equal(kit_value(&k, NULL, "date", 1), "1899-12-31");
	assert_string_equal(kit_value(&k, NULL, "part", 0), "2020");
	assert_string_equal(kit_value(&k, NULL, "part", 1), "2020-05");
	assert_string_equal(kit_value(&k, NULL, "part", 2), "2021-06-07");
	assert_string_equal(kit_value(&k, NULL, "zoned", 1), "1577840400000000");
	assert_string_equal(kit_value(&k, NULL, "yn", 2), "true");
	assert_string_equal(kit_value(&k, NULL, "text", 4), "f\"our");
	assert_string_equal(kit_value(&k, NULL, "text", 5), "a,\nb");
	assert_string_equal(kit_value(&k, NULL, "lev", 5), "");    /* "" is an empty string */
	assert_string_equal(kit_value(&k, NULL, "lev", 3), ".");   /* nothing is missing */
	assert_string_equal(kit_value(&k, NULL, "code", 0), "007");
	kit_end(&k);
	kit_empty();
}

/* A file that quotes everything does not tell text by quotes. */
static void quotes_everywhere_say_nothing(void **state)
{
	struct kit k;

	(void)state;
	kit_write("q.csv", "\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"x\"\n\"3\",\"x\"\n");
	kit_init(&k, "q.csv");
	kit_must(&k);
	assert_int_equal(kit_type(&k, "a"), YG_TYPE_INTEGER);
	assert_int_equal(kit_type(&k, "b"), YG_TYPE_LEVEL);
	kit_end(&k);
	kit_empty();
}

/* The last of 200,000 rows widens each column; earlier blocks are made again. */
static void the_last_row_counts(void **state)
{
	struct yg_buf text = YG_BUF_INIT;
	struct yg_digest root[3];
	struct kit k;

	(void)state;
	yg_buf_adds(&text, "i,d,t,l,m,g\n");
	for (int i = 0; i < 200000; i++)
		yg_buf_addf(&text, "%d,2020-01-%02d,%d,%s,,%d\n", i, i % 28 + 1, i % 7, i % 2 ? "x" : "y", i < 70000 ? i % 5 : i);
	yg_buf_adds(&text, "0.5,2020,seven,z,3,1\n");
	for (unsigned threads = 1; threads <= 3; threads++) {
		kit_write_n("w.csv", text.data, text.len);
		kit_init(&k, "w.csv");
		k.threads = threads;
		k.o.zstd_level = (int)threads;
		kit_must(&k);
		root[threads - 1] = k.report.root;
		assert_int_equal(kit_type(&k, "i"), YG_TYPE_NUMBER);
		assert_int_equal(kit_type(&k, "d"), YG_TYPE_DATE);
		assert_int_equal(kit_type(&k, "t"), YG_TYPE_LEVEL);
		assert_int_equal(kit_type(&k, "l"), YG_TYPE_LEVEL);
		assert_int_equal(kit_type(&k, "m"), YG_TYPE_INTEGER);
		assert_string_equal(kit_value(&k, NULL, "i", 65535), "65535");
		assert_string_equal(kit_value(&k, NULL, "i", 200000), "0.5");
		assert_string_equal(kit_value(&k, NULL, "d", 200000), "2020");
		assert_string_equal(kit_value(&k, NULL, "d", 131072), "2020-01-05");
		assert_string_equal(kit_value(&k, NULL, "t", 100000), "5");
		assert_string_equal(kit_value(&k, NULL, "t", 200000), "seven");
		assert_string_equal(kit_value(&k, NULL, "m", 5), ".");
		assert_string_equal(kit_value(&k, NULL, "m", 200000), "3");
		assert_string_equal(kit_value(&k, NULL, "g", 199999), "199999");
		kit_end(&k);
		kit_empty();
	}
	assert_memory_equal(root[0].byte, root[1].byte, 32);
	assert_memory_equal(root[0].byte, root[2].byte, 32);
	yg_buf_release(&text);
}

/* Level or text is decided over all rows, also when a block alone would say otherwise. */
static void levels_are_few(void **state)
{
	struct yg_buf text = YG_BUF_INIT;
	struct kit k;

	(void)state;
	yg_buf_adds(&text, "many,late,edge\n");
	for (int i = 0; i < 140000; i++)
		yg_buf_addf(&text, "v%d,w%d,e%d\n", i % 1001, i < 70000 ? i % 3 : i, i % 1000);
	kit_write_n("l.csv", text.data, text.len);
	kit_init(&k, "l.csv");
	kit_must(&k);
	assert_int_equal(kit_type(&k, "many"), YG_TYPE_TEXT);  /* 1,001 */
	assert_int_equal(kit_type(&k, "late"), YG_TYPE_TEXT);  /* three in the first block, many later */
	assert_int_equal(kit_type(&k, "edge"), YG_TYPE_LEVEL); /* 1,000 */
	assert_string_equal(kit_value(&k, NULL, "late", 1), "w1");
	assert_string_equal(kit_value(&k, NULL, "late", 139999), "w139999");
	assert_string_equal(kit_value(&k, NULL, "many", 1001), "v0");
	assert_string_equal(kit_value(&k, NULL, "edge", 139999), "e999");
	kit_end(&k);
	kit_empty();
	yg_buf_release(&text);
}

static void bad_rows_fail_and_are_listed(void **state)
{
	struct kit k;
	struct yg_digest root;
	struct yg_dataset *d = NULL;

	(void)state;
	kit_write("good.csv", "a,b\n1,2\n");
	kit_init(&k, "good.csv");
	kit_must(&k);
	root = k.report.root;
	kit_end(&k);

	kit_write("bad.csv", "a,b\n1,2\n3\n4,5\n6,7,8\n9,\"x\"y\n1,\xff\n2,3\n");
	kit_init(&k, "bad.csv");
	assert_int_equal(kit_run(&k), YG_EINPUT);
	assert_string_equal(k.err.code, "E-CSV-010");
	assert_non_null(strstr(k.err.text, "4 rows"));
	assert_int_equal(k.report.bad_rows, 4);
	assert_int_equal(k.report.bad[0].line, 3);
	assert_int_equal(k.report.bad[1].line, 5);
	assert_int_equal(k.report.bad[2].record, 5);
	kit_end(&k);
	assert_int_equal(yg_dataset_open(kit_path("out.cohort"), &d, NULL), YG_OK); /* the earlier one, untouched */
	assert_memory_equal(yg_dataset_root(d).byte, root.byte, 32);
	yg_dataset_unref(d);
	assert_int_equal(kit_files(), 4); /* two sources, one cohort, one manifest */

	kit_init(&k, "bad.csv"); /* the rest, on request; the refused ones are recorded */
	k.o.bad_rows_refuse = true;
	unlink(kit_path("out.manifest.json"));
	kit_must(&k);
	assert_int_equal(k.report.rows, 3);
	assert_int_equal(k.report.bad_rows, 4);
	assert_string_equal(kit_value(&k, NULL, "b", 1), "5");
	assert_non_null(strstr(yg_dataset_import_record(k.d), "\"refused\": 4"));
	kit_end(&k);
	kit_empty();
}

/* Refused rows move the rows behind them into other blocks. */
static void refused_rows_among_many(void **state)
{
	struct yg_buf text = YG_BUF_INIT;
	struct kit k;

	(void)state;
	yg_buf_adds(&text, "a,b\n");
	for (int i = 0; i < 150000; i++) {
		if (i % 1000 == 7)
			yg_buf_adds(&text, "ragged\n");
		if (i % 5000 == 8)
			yg_buf_adds(&text, "\n"); /* a blank line is no row */
		yg_buf_addf(&text, "%d,x\n", i);
	}
	kit_write_n("r.csv", text.data, text.len);
	kit_init(&k, "r.csv");
	k.o.bad_rows_refuse = true;
	kit_must(&k);
	assert_int_equal(k.report.rows, 150000);
	assert_int_equal(k.report.bad_rows, 150);
	for (uint64_t i = 0; i < 150000; i += 9999) {
		char text_of[24];

		snprintf(text_of, sizeof text_of, "%llu", (unsigned long long)i);
		assert_string_equal(kit_value(&k, NULL, "a", i), text_of);
	}
	kit_end(&k);
	kit_empty();
	yg_buf_release(&text);
}

static void hostile_files_are_refused(void **state)
{
	struct kit k;
	struct yg_buf big = YG_BUF_INIT;

	(void)state;
#define FAILS(text, code)                           \
	do {                                        \
		kit_write_n("h.csv", text, sizeof(text) - 1); \
		kit_init(&k, "h.csv");              \
		kit_fails(&k, code);                \
	} while (0)
	FAILS("", "E-CSV-001");
	FAILS("\n1\n", "E-CSV-001");
	FAILS("a,b\n", "E-CSV-002");
	FAILS("a,b", "E-CSV-002");
	FAILS("a,b\n\n\n", "E-CSV-002");
	FAILS("a,a\n1,2\n", "E-IN-020");
	FAILS("a,\n1,2\n", "E-IN-021");
	FAILS("\"\",a\n1,2\n", "E-IN-021");
	FAILS("a\x01,b\n1,2\n", "E-IN-021");
	FAILS("a,b\n1,\"2\n3,4\n", "E-CSV-004");       /* a quote that is never closed */
	FAILS("a,b\n1,2\"3\n4,5\n", "E-CSV-004");     /* nor this one, wherever it was meant */
	FAILS("a,b\n1,2\"3\"\n", "E-CSV-005");
	FAILS("a,b\n1,\"2\"3\n", "E-CSV-005");
	FAILS("a,b\r1,2\r3,4\r", "E-IN-021");           /* lines that end with a lone carriage return */
	FAILS("a,b\n1,2\r3\n", "E-CSV-005");
	FAILS("a,b\n1,\0\n", "E-ENC-001");
	FAILS("a,b\n1,\xe3\x81\n", "E-ENC-001");        /* half a character */
	FAILS("a,b\n1,\xed\xa0\x80\n", "E-ENC-001");    /* a surrogate */
	FAILS("a,b\n1,\xc0\xaf\n", "E-ENC-001");        /* overlong */
	FAILS("a,b\n9223372036854775808,1\n", "E-NUM-001");
	FAILS("a,b\n9007199254740993,1\n0.5,1\n", "E-NUM-001");
#undef FAILS
	for (int i = 0; i < 20001; i++)
		yg_buf_addf(&big, "%sc%d", i ? "," : "", i);
	yg_buf_addc(&big, '\n');
	kit_write_n("h.csv", big.data, big.len);
	kit_init(&k, "h.csv");
	kit_fails(&k, "E-LIM-004");
	yg_buf_clear(&big);
	yg_buf_adds(&big, "a,b\n1,"); /* one field of 40 MiB */
	yg_buf_fill(&big, 'x', 40u << 20);
	yg_buf_adds(&big, "\n");
	kit_write_n("h.csv", big.data, big.len);
	kit_init(&k, "h.csv");
	kit_fails(&k, "E-LIM-005");
	yg_buf_release(&big);
	kit_init(&k, "not there.csv");
	assert_int_not_equal(kit_run(&k), YG_OK);
	kit_end(&k);
	kit_empty();
}

static void line_ends_and_delimiters(void **state)
{
	static const char *const same[] = {
		"a,b\n1,x\n2,y\n3,x\n4,y\n", "a,b\r\n1,x\r\n2,y\r\n3,x\r\n4,y\r\n", "a,b\n1,x\r\n2,y\n3,x\r\n4,y", "a;b\n1;x\n2;y\n3;x\n4;y\n",
		"a\tb\n1\tx\n2\ty\n3\tx\n4\ty\n\n\n", "\357\273\277a|b\n1|x\n2|y\n3|x\n4|y\r", "a,b\n1,x\n\n2,y\n3,x\n4,y\n\r\n",
	};
	struct yg_digest first = { { 0 } };
	struct kit k;

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		kit_empty();
		kit_write("e.csv", same[i]);
		kit_init(&k, "e.csv");
		kit_must(&k);
		if (i)
			assert_memory_equal(first.byte, k.report.root.byte, 32);
		else
			first = k.report.root;
		kit_end(&k);
	}
	/* In a file of one column an empty line is a missing value. */
	kit_empty();
	kit_write("e.csv", "a\n1\n\n3\n\n");
	kit_init(&k, "e.csv");
	kit_must(&k);
	assert_int_equal(k.report.rows, 4);
	assert_string_equal(kit_value(&k, NULL, "a", 1), ".");
	kit_end(&k);
	kit_empty();
}

static void a_draft_imports_to_the_same_root(void **state)
{
	struct kit k;
	struct yg_digest root;

	(void)state;
	kit_write("m.csv", "id,sex,day,x\n1,F,2020-01-01,1.5\n2,M,,\n3,F,2020-02-01,2\n4,M,2020-03-01,3\n");
	kit_init(&k, "m.csv");
	kit_must(&k);
	root = k.report.root;
	assert_string_equal(yg_dataset_manifest(k.d)->legal_basis, "undeclared");
	assert_string_equal(yg_dataset_manifest(k.d)->profile, "jp_ndb");
	kit_end(&k);
	rename(kit_path("out.manifest.json"), kit_path("mine.json"));
	kit_init(&k, "m.csv");
	snprintf(k.manifest, sizeof k.manifest, "%s", kit_path("mine.json"));
	k.o.manifest = k.manifest;
	kit_must(&k);
	assert_memory_equal(root.byte, k.report.root.byte, 32);
	kit_end(&k);

	kit_init(&k, "m.csv"); /* public data say so */
	k.o.public_data = true;
	kit_must(&k);
	assert_string_equal(yg_dataset_manifest(k.d)->legal_basis, "public");
	assert_string_equal(yg_dataset_manifest(k.d)->profile, "open");
	kit_end(&k);
	kit_empty();
}

static void a_manifest_is_obeyed(void **state)
{
	static const char head[] = "{\"manifest_version\": 1, \"dataset\": {\"id\": \"m\"}, \"anonymisation\": "
	                           "{\"legal_basis\": \"undeclared\"}, \"sdc\": {\"profile\": \"jp_ndb\"}, \"tables\": [{\"name\": "
	                           "\"m\", \"columns\": [";
	struct yg_buf json = YG_BUF_INIT;
	struct kit k;

	(void)state;
	yg_buf_addf(&json, "%s{\"name\": \"code\", \"type\": \"text\"}, {\"name\": \"x\", \"type\": \"number\", \"unit\": \"mg\", "
	            "\"missing\": {\"-9\": \"unknown\", \"<2\": \"below detection\"}}, {\"name\": \"s\", \"type\": \"level\", \"levels\": "
	            "[\"low\", \"high\"]}, {\"name\": \"d\", \"type\": \"date\", \"format\": \"%%d/%%m/%%Y\"}, {\"name\": \"f\", "
	            "\"type\": \"flag\"}]}]}", head);
	kit_write("m.json", json.data);
	kit_write("m.csv", "code,x,s,d,f\n1,1,high,31/12/1999,1\n2,-9,low,1/2/2000,0\n3,<2,,,\n");
	kit_init(&k, "m.csv");
	snprintf(k.manifest, sizeof k.manifest, "%s", kit_path("m.json"));
	k.o.manifest = k.manifest;
	kit_must(&k);
	{
		struct yg_column_ref x = kit_column(&k, NULL, "x"), s = kit_column(&k, NULL, "s");
		struct yg_vec_space space;
		struct yg_vec vec;

		yg_vec_space_init(&space);
		assert_int_equal(yg_column_read(&x, 0, &space, &vec, NULL), YG_OK);
		assert_int_equal(vec.reason[1], YG_MISSING_UNKNOWN);
		assert_int_equal(vec.reason[2], YG_MISSING_BELOW_DETECTION);
		assert_int_equal(yg_column_read(&s, 0, &space, &vec, NULL), YG_OK);
		assert_int_equal(vec.v.level[0], 1); /* the manifest's order */
		assert_int_equal(vec.v.level[1], 0);
		yg_vec_space_release(&space);
	}
	assert_string_equal(kit_value(&k, NULL, "code", 0), "1");
	assert_string_equal(kit_value(&k, NULL, "d", 0), "1999-12-31");
	assert_string_equal(kit_value(&k, NULL, "f", 0), "true");
	kit_end(&k);

	/* Nothing is inferred any more: what does not fit is a bad row, also the second time it occurs. */
	kit_write("m.csv", "code,x,s,d,f\n1,nan,high,31/12/1999,1\n2,1,medium,,\n3,a,low,,\n4,1,low,31/02/2000,\n5,1,medium,,\n6,1,,,2\n");
	kit_init(&k, "m.csv");
	k.o.manifest = kit_path("m.json");
	assert_int_equal(kit_run(&k), YG_EINPUT);
	assert_int_equal(k.report.bad_rows, 6);
	assert_string_equal(k.report.bad[0].column, "x");
	assert_string_equal(k.report.bad[1].column, "s");
	assert_string_equal(k.report.bad[4].column, "s");
	kit_end(&k);
	kit_write("m.csv", "code,x,s,d,f,more\n1,1,high,31/12/1999,1,2\n");
	kit_init(&k, "m.csv");
	k.o.manifest = kit_path("m.json");
	kit_fails(&k, "E-MAN-003");
	kit_write("m.csv", "code,x,s,d\n1,1,high,31/12/1999\n");
	kit_init(&k, "m.csv");
	k.o.manifest = kit_path("m.json");
	kit_fails(&k, "E-MAN-004");
	yg_buf_release(&json);
	kit_empty();
}

static void cancelled_means_nothing_happened(void **state)
{
	struct yg_buf text = YG_BUF_INIT;
	struct yg_import_report report;
	struct yg_import_file file;
	struct yg_import_options o = { .file = &file, .files = 1 };
	struct yg_task task;
	struct yg_err err;

	(void)state;
	yg_buf_adds(&text, "a\n");
	for (int i = 0; i < 1000; i++)
		yg_buf_addf(&text, "%d\n", i);
	kit_write_n("c.csv", text.data, text.len);
	file = (struct yg_import_file){ NULL, kit_path("c.csv") };
	o.output = kit_path("c.cohort");
	yg_task_init(&task, NULL);
	atomic_store(&task.cancel, true);
	yg_import_report_init(&report);
	assert_int_equal(yg_import_run(&o, &task, &report, &err), YG_CANCELLED);
	yg_import_report_release(&report);
	assert_int_equal(kit_files(), 1);
	yg_buf_release(&text);
	kit_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_come_from_the_values),
		cmocka_unit_test(quotes_everywhere_say_nothing),
		cmocka_unit_test(the_last_row_counts),
		cmocka_unit_test(levels_are_few),
		cmocka_unit_test(bad_rows_fail_and_are_listed),
		cmocka_unit_test(refused_rows_among_many),
		cmocka_unit_test(hostile_files_are_refused),
		cmocka_unit_test(line_ends_and_delimiters),
		cmocka_unit_test(a_draft_imports_to_the_same_root),
		cmocka_unit_test(a_manifest_is_obeyed),
		cmocka_unit_test(cancelled_means_nothing_happened),
	};

	return cmocka_run_group_tests(tests, kit_open, kit_close);
}
