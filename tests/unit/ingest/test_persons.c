/*
 * Persons: what is constant within the person becomes the subject table, the rest stays rows that
 * know their person, whatever the order and the number of files.
 */
#include "tests/unit/test.h"

#include "yogo/base/date.h"
#include "yogo/base/text.h"

#include "import_kit.h"

static const char *const by_id[] = { "id" };

static const char eyes[] = "id,eye,sex,time,age\n"
			   "7,left,F,10,50\n"
			   "3,left,M,20,61\n"
			   "7,right,F,30,50\n"
			   "5,left,F,5,\n"
			   "3,right,M,40,61\n"
			   "5,right,F,6,\n";

static void one_file_falls_into_two_tables(void **state)
{
	struct kit k;
	const struct yg_table *subject, *rows;
	struct yg_column_ref ref;

	(void)state;
	kit_write("eyes.csv", eyes);
	kit_init(&k, "eyes.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	kit_must(&k);
	assert_int_equal(k.report.persons, 3);
	assert_int_equal(k.report.rows, 6);
	subject = yg_dataset_find(k.d, "subject");
	rows = yg_dataset_find(k.d, "eyes");
	assert_ptr_equal(yg_dataset_subject(k.d), subject);
	assert_int_equal(subject->fields, 3); /* id, sex, age */
	assert_int_equal(rows->fields, 2);    /* eye, time */
	assert_int_equal(yg_table_find(rows, "id", &ref, NULL), YG_OK);
	assert_ptr_equal(ref.owner, subject); /* the rows see the person's columns */
	assert_int_equal(yg_column_field(&ref)->role, YG_COLUMN_PERSON);
	/* Persons stand in order of their first row: 7, 3, 5; rows by person, then as they came. */
	assert_string_equal(kit_value(&k, "subject", "id", 0), "7");
	assert_string_equal(kit_value(&k, "subject", "id", 1), "3");
	assert_string_equal(kit_value(&k, "subject", "age", 2), ".");
	for (uint64_t p = 0; p <= 3; p++)
		assert_int_equal(rows->start[p], 2 * p);
	assert_string_equal(kit_value(&k, "eyes", "time", 0), "10");
	assert_string_equal(kit_value(&k, "eyes", "time", 1), "30");
	assert_string_equal(kit_value(&k, "eyes", "time", 2), "20");
	assert_string_equal(kit_value(&k, "eyes", "time", 5), "6");
	assert_string_equal(kit_value(&k, "eyes", "eye", 1), "right");
	assert_string_equal(kit_value(&k, "eyes", "sex", 2), "M");
	assert_string_equal(kit_value(&k, "eyes", "id", 4), "5");
	assert_string_equal(yg_dataset_manifest(k.d)->person[0], "id");
	kit_end(&k);
	kit_empty();
}

/* The drafted manifest, with both tables fed by the one file, gives the same fingerprint. */
static void the_draft_imports_the_same(void **state)
{
	struct kit k;
	struct yg_digest root;

	(void)state;
	kit_write("eyes.csv", eyes);
	kit_init(&k, "eyes.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	kit_must(&k);
	root = k.report.root;
	kit_end(&k);
	rename(kit_path("out.manifest.json"), kit_path("mine.json"));
	kit_init(&k, "eyes.csv");
	k.o.manifest = kit_path("mine.json");
	k.threads = 1;
	kit_must(&k);
	assert_memory_equal(root.byte, k.report.root.byte, 32);
	kit_end(&k);
	/* A column that is declared the person's but varies is named. */
	kit_write("eyes.csv", "id,eye,sex,time,age\n7,left,F,10,50\n7,right,M,30,50\n");
	kit_init(&k, "eyes.csv");
	k.o.manifest = kit_path("mine.json");
	kit_fails(&k, "E-PER-003");
	assert_non_null(strstr(k.err.text, "sex"));
	kit_empty();
}

static void a_row_a_person_stays_one_table(void **state)
{
	struct kit k;

	(void)state;
	kit_write("flat.csv", "id,x\n4,1\n2,5\n9,1\n");
	kit_init(&k, "flat.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	kit_must(&k);
	assert_int_equal(yg_dataset_tables(k.d), 1);
	assert_string_equal(yg_dataset_subject(k.d)->name, "flat");
	assert_string_equal(kit_value(&k, NULL, "x", 1), "5");
	kit_end(&k);
	kit_empty();
}

static void two_columns_name_the_person(void **state)
{
	static const char *const both[] = { "center", "id" };
	struct kit k;

	(void)state;
	kit_write("c.csv", "center,id,sex,v\nA,1,F,1\nB,1,M,2\nA,1,F,3\nB,1,M,4\nA,2,M,5\n");
	kit_init(&k, "c.csv");
	k.o.person = both;
	k.o.persons = 2;
	kit_must(&k);
	assert_int_equal(k.report.persons, 3);
	assert_string_equal(kit_value(&k, "subject", "sex", 1), "M");
	kit_end(&k);
	kit_empty();
	kit_write("c.csv", "center,id,sex,v\nA,1,F,1\nB,1,M,2\nA,1,F,3\nB,1,M,4\nA,2,M,5\n");
	kit_init(&k, "c.csv"); /* by id alone sex varies, and import asks */
	k.o.person = by_id;
	k.o.persons = 1;
	kit_must(&k);
	assert_non_null(strstr(k.report.note[0], "sex varies within the person"));
	kit_end(&k);
	kit_empty();
}

static void several_files_share_their_persons(void **state)
{
	struct kit k;
	const struct yg_table *visit;

	(void)state;
	kit_write("people.csv", "id,sex\nP3,F\nP1,M\nP2,F\n");
	kit_write("visits.csv", "id,day,hb\nP1,2020-03-01,12\nP3,2020-02-01,11\nP1,2020-01-01,13\nP1,,9\nP3,2020-02-01,10\n");
	kit_init(&k, "people.csv");
	kit_also(&k, "visit", "visits.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	k.o.date = "day";
	kit_must(&k);
	visit = yg_dataset_find(k.d, "visit");
	assert_string_equal(yg_dataset_subject(k.d)->name, "people");
	assert_int_equal(visit->rows, 5);
	assert_int_equal(visit->start[0], 0);
	assert_int_equal(visit->start[1], 2); /* P3 */
	assert_int_equal(visit->start[2], 5); /* P1 */
	assert_int_equal(visit->start[3], 5); /* P2 has none */
	/* Sorted by date within the person, ties as they came, missing last. */
	assert_string_equal(kit_value(&k, "visit", "hb", 0), "11");
	assert_string_equal(kit_value(&k, "visit", "hb", 1), "10");
	assert_string_equal(kit_value(&k, "visit", "hb", 2), "13");
	assert_string_equal(kit_value(&k, "visit", "hb", 3), "12");
	assert_string_equal(kit_value(&k, "visit", "hb", 4), "9");
	assert_string_equal(kit_value(&k, "visit", "sex", 2), "M");
	kit_end(&k);

	/* A visit of somebody unknown is a bad row. */
	kit_write("visits.csv", "id,day,hb\nP1,2020-03-01,12\nP9,2020-02-01,11\n,2020-02-01,11\n");
	unlink(kit_path("out.cohort"));
	unlink(kit_path("out.manifest.json"));
	kit_init(&k, "people.csv");
	kit_also(&k, "visit", "visits.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	kit_fails(&k, "E-PER-006");
	kit_init(&k, "people.csv");
	kit_also(&k, "visit", "visits.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	k.o.bad_rows_refuse = true;
	kit_must(&k);
	assert_int_equal(yg_dataset_find(k.d, "visit")->rows, 1);
	assert_int_equal(k.report.bad_rows, 2);
	assert_int_equal(k.report.bad[0].record, 2);
	kit_end(&k);
	kit_empty();
}

/* A table of several may be empty, packed, and spell the person's column in other letters. */
static void an_empty_table_among_several(void **state)
{
	struct kit k;
	const struct yg_table *death;

	(void)state;
	kit_write("death.csv", "PERSON_ID,DAY\n");
	kit_write("person.csv", "person_id,sex\n1,F\n2,M\n");
	kit_write("rx.csv", "rx,Person_Id\na,2\nb,1\na,2\n");
	kit_init(&k, "death.csv");
	kit_also(&k, NULL, "person.csv");
	kit_also(&k, NULL, "rx.csv");
	k.o.person = (const char *const[]){ "person_id" };
	k.o.persons = 1;
	kit_must(&k);
	death = yg_dataset_find(k.d, "death");
	assert_int_equal(death->rows, 0);
	assert_int_equal(death->start[2], 0);
	assert_string_equal(yg_dataset_subject(k.d)->name, "person");
	assert_int_equal(yg_dataset_find(k.d, "rx")->fields, 1);
	assert_string_equal(kit_value(&k, "rx", "rx", 2), "a");
	kit_end(&k);
	kit_empty();
}

static void without_a_file_of_persons_one_is_made(void **state)
{
	struct kit k;

	(void)state;
	kit_write("rx.csv", "id,drug\n5,a\n1,b\n5,c\n");
	kit_write("dx.csv", "id,code\n8,x\n1,y\n8,z\n");
	kit_init(&k, "rx.csv");
	kit_also(&k, NULL, "dx.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	kit_must(&k);
	assert_int_equal(k.report.persons, 3);
	assert_int_equal(yg_dataset_tables(k.d), 3);
	assert_string_equal(kit_value(&k, "subject", "id", 0), "5");
	assert_string_equal(kit_value(&k, "subject", "id", 2), "8");
	assert_string_equal(kit_value(&k, "dx", "code", 0), "y");
	kit_end(&k);
	kit_empty();
}

static void what_cannot_be_is_said(void **state)
{
	static const char *const nobody[] = { "nobody" };
	struct kit k;

	(void)state;
	kit_write("a.csv", "id,x\n1,1\n1,2\n");
	kit_write("b.csv", "id,y\n1,1\n1,3\n");
	kit_init(&k, "a.csv");
	kit_also(&k, NULL, "b.csv");
	kit_fails(&k, "E-PER-007"); /* two tables, and nothing that joins them */
	kit_init(&k, "a.csv");
	k.o.person = nobody;
	k.o.persons = 1;
	kit_fails(&k, "E-PER-001");
	kit_init(&k, "a.csv");
	kit_also(&k, "a", "b.csv");
	k.o.person = by_id;
	k.o.persons = 1;
	kit_fails(&k, "E-IN-022");
	kit_empty();
}

/* 300,000 rows of 40,000 persons in a scattered order, on one thread and on three. */
static void many_persons_in_any_order(void **state)
{
	struct yg_buf text = YG_BUF_INIT;
	struct yg_digest root = { { 0 } };
	struct kit k;

	(void)state;
	yg_buf_adds(&text, "id,born,n,tag\n");
	for (uint32_t i = 0; i < 300000; i++) {
		uint32_t person = (uint32_t)((uint64_t)i * 7919 % 40000);

		yg_buf_addf(&text, "%u,%u,%u,t%u\n", person * 3, 1900 + person % 100, i, person % 4000);
	}
	kit_write_n("many.csv", text.data, text.len);
	for (unsigned threads = 1; threads <= 3; threads += 2) {
		const struct yg_table *rows;
		uint32_t *person = yg_xalloc(YG_BLOCK_ROWS, sizeof *person);
		struct yg_vec_space space;
		struct yg_column_ref n, id;

		kit_init(&k, "many.csv");
		k.threads = threads;
		k.o.person = by_id;
		k.o.persons = 1;
		kit_must(&k);
		assert_int_equal(k.report.persons, 40000);
		rows = yg_dataset_find(k.d, "many");
		n = kit_column(&k, "many", "n");
		id = kit_column(&k, "subject", "id");
		yg_vec_space_init(&space);
		assert_int_equal(yg_column_load(&id, 1, NULL, NULL), YG_OK);
		for (uint32_t b = 0; b < rows->blocks; b++) {
			struct yg_vec vec, ids;

			yg_table_block_persons(rows, b, person);
			assert_int_equal(yg_column_read(&n, b, &space, &vec, NULL), YG_OK);
			assert_int_equal(yg_column_read(&id, 0, NULL, &ids, NULL), YG_OK);
			for (uint32_t i = 0; i < vec.n; i++) {
				uint64_t expected = (uint64_t)vec.v.integer[i] * 7919 % 40000 * 3;

				assert_true((uint64_t)ids.v.integer[person[i]] == expected);
			}
		}
		if (threads > 1)
			assert_memory_equal(root.byte, k.report.root.byte, 32);
		root = k.report.root;
		yg_vec_space_release(&space);
		yg_free(person);
		kit_end(&k);
	}
	yg_buf_release(&text);
	kit_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_file_falls_into_two_tables),
		cmocka_unit_test(the_draft_imports_the_same),
		cmocka_unit_test(a_row_a_person_stays_one_table),
		cmocka_unit_test(two_columns_name_the_person),
		cmocka_unit_test(several_files_share_their_persons),
		cmocka_unit_test(an_empty_table_among_several),
		cmocka_unit_test(without_a_file_of_persons_one_is_made),
		cmocka_unit_test(what_cannot_be_is_said),
		cmocka_unit_test(many_persons_in_any_order),
	};

	return cmocka_run_group_tests(tests, kit_open, kit_close);
}
