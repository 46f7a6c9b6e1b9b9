/*
 * Every way of changing a study is found: each byte of each entry, hash, checkpoint and object
 * flipped; rows removed, added, moved; a chain rebuilt; every page of the file.
 * Works on an image of the database in memory, through the same check that verification uses.
 */
#include "tests/unit/test.h"

#include <unistd.h>

#include "journal/journal_priv.h"
#include "yogo/base/canon.h"
#include "yogo/base/io.h"

static char folder[64];
static char study[128];
static struct yg_buf image; /* the closed study's file */

/* A study of three sessions, one of them crashed: 72 entries, five objects. */
static int make_study(void **state)
{
	(void)state;
	struct yg_journal_session session = { .actor = "a", .version = "0.1.0" };
	struct yg_journal *j;
	struct yg_err err;
	snprintf(folder, sizeof folder, "/tmp/yogo-test-tamper-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(study, sizeof study, "%s/trial.study", folder);
	for (int round = 0; round < 3; round++) {
		if (yg_journal_open(study, &session, &j, &err) != YG_OK)
			return -1;
		for (int i = 0; i < 11; i++) {
			struct yg_journal_params params = { .text = "km os by rx", .operation = "km", .language = 1 };
			struct yg_journal_act act = { .action = "analysis.run", .params = &params };
			struct yg_journal_output output = { .id = "r1", .kind = "km" };
			struct yg_journal_outcome outcome = { .outputs = &output, .noutputs = 1 };
			uint64_t seq;
			char text[64];
			int n = snprintf(text, sizeof text, "{\"n\":%d}", i % 4);
			if (yg_journal_begin(j, &act, &seq, &err) != YG_OK)
				return -1;
			if (round == 1 && i == 10)
				break; /* never ended */
			if (yg_journal_put_object(j, text, (size_t)n, &output.safe, &err) != YG_OK ||
			    yg_journal_end(j, seq, &outcome, NULL, &err) != YG_OK)
				return -1;
		}
		if (round == 1)
			yg_journal_abandon(j);
		else if (yg_journal_close(j, &err) != YG_OK)
			return -1;
	}
	yg_buf_init(&image);
	return yg_io_read_file(study, 0, &image, &err) == YG_OK ? 0 : -1;
}

static int remove_study(void **state)
{
	(void)state;
	yg_buf_release(&image);
	yg_io_remove_folder(folder);
	return 0;
}

/* The image as a database that can be changed. */
static sqlite3 *load(const struct yg_buf *bytes)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	unsigned char *copy = sqlite3_malloc64(bytes->len);
	assert_non_null(copy);
	memcpy(copy, bytes->data, bytes->len);
	if (sqlite3_deserialize(db, "main", copy, (sqlite3_int64)bytes->len, (sqlite3_int64)bytes->len,
	                        SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK) {
		sqlite3_close(db);
		return NULL;
	}
	return db;
}

static enum yg_status check_db(sqlite3 *db, struct yg_journal_report *report)
{
	struct yg_check check = { 0 };
	enum yg_status s = yg_check_run(db, "x", &check, NULL);
	yg_free(check.open);
	if (report)
		*report = check.report;
	return s;
}

static void run_sql(sqlite3 *db, const char *sql)
{
	char *message = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

/* Append-only triggers out of the way and back, word for word. */
static char *trigger_text[16];
static size_t triggers;
static void lift_triggers(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	triggers = 0;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'", -1, &stmt, NULL), 0);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		trigger_text[triggers++] = yg_xstrdup((const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	for (size_t i = 0; i < triggers; i++) {
		char name[64], sql[100];
		assert_int_equal(sscanf(trigger_text[i], "CREATE TRIGGER %63s", name), 1);
		snprintf(sql, sizeof sql, "DROP TRIGGER %s", name);
		run_sql(db, sql);
	}
}
static void put_triggers_back(sqlite3 *db)
{
	for (size_t i = 0; i < triggers; i++) {
		run_sql(db, trigger_text[i]);
		yg_free(trigger_text[i]);
	}
}

static void the_study_itself_is_good(void **state)
{
	(void)state;
	struct yg_journal_report report;
	sqlite3 *db = load(&image);
	assert_int_equal(check_db(db, &report), YG_OK);
	assert_int_equal(report.entries, 72);
	assert_int_equal(report.objects, 5);
	/* after 24 (first session), 49 (the crashed one, by recovery), 64, 72 */
	assert_int_equal(report.checkpoints, 4);
	assert_true(report.closed);
	/* lifting and restoring the triggers alone changes nothing that counts */
	lift_triggers(db);
	assert_int_equal(check_db(db, NULL), YG_ETAMPERED);
	put_triggers_back(db);
	assert_int_equal(check_db(db, NULL), YG_OK);
	sqlite3_close(db);
}

static void triggers_stop_accidents(void **state)
{
	(void)state;
	sqlite3 *db = load(&image);
	static const char *const sql[] = { "UPDATE entry SET body = x'00'", "DELETE FROM entry", "DELETE FROM object",
		                           "UPDATE object SET bytes = x''", "UPDATE checkpoint SET note = ''",
		                           "DELETE FROM checkpoint", "INSERT INTO entry VALUES (99, x'00', x'00')",
		                           "INSERT OR REPLACE INTO entry VALUES (5, x'00', x'00')" };
	for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
		assert_int_equal(sqlite3_exec(db, sql[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
	sqlite3_close(db);
}

/* Flip each byte of one column, in place, check, flip back. */
static size_t flip_column(sqlite3 *db, const char *table, const char *column, size_t stride)
{
	char sql[200];
	sqlite3_stmt *rows;
	size_t flipped = 0;
	snprintf(sql, sizeof sql, "SELECT rowid, %s, typeof(%s) FROM %s", column, column, table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
	struct row {
		sqlite3_int64 id;
		struct yg_buf bytes;
		bool text;
	} row[200];
	size_t n = 0;
	while (sqlite3_step(rows) == SQLITE_ROW) {
		row[n].id = sqlite3_column_int64(rows, 0);
		yg_buf_init(&row[n].bytes);
		yg_buf_add(&row[n].bytes, sqlite3_column_blob(rows, 1), (size_t)sqlite3_column_bytes(rows, 1));
		row[n++].text = strcmp((const char *)sqlite3_column_text(rows, 2), "text") == 0;
	}
	sqlite3_finalize(rows);
	sqlite3_stmt *set;
	snprintf(sql, sizeof sql, "UPDATE %s SET %s = CASE WHEN ?3 THEN CAST(?1 AS TEXT) ELSE ?1 END WHERE rowid = ?2", table, column);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &set, NULL), SQLITE_OK);
	for (size_t r = 0; r < n; r++) {
		for (size_t i = r % stride; i <= row[r].bytes.len; i += stride) {
			struct yg_buf *b = &row[r].bytes;
			/* the last round puts the true bytes back */
			bool restore = i + stride > b->len;
			if (i < b->len) {
				char was = b->data[i];
				b->data[i] = (char)(was ^ (1 << (i % 8)));
				sqlite3_bind_blob(set, 1, b->data, (int)b->len, SQLITE_TRANSIENT);
				sqlite3_bind_int64(set, 2, row[r].id);
				sqlite3_bind_int(set, 3, row[r].text);
				assert_int_equal(sqlite3_step(set), SQLITE_DONE);
				sqlite3_reset(set);
				b->data[i] = was;
				put_triggers_back(db);
				struct yg_journal_report report;
				if (check_db(db, &report) != YG_ETAMPERED || !report.what[0])
					fail_msg("%s.%s of row %lld: byte %zu changed unseen", table, column, (long long)row[r].id, i);
				lift_triggers(db);
				flipped++;
			}
			if (restore) {
				sqlite3_bind_blob(set, 1, b->data, (int)b->len, SQLITE_TRANSIENT);
				sqlite3_bind_int64(set, 2, row[r].id);
				sqlite3_bind_int(set, 3, row[r].text);
				assert_int_equal(sqlite3_step(set), SQLITE_DONE);
				sqlite3_reset(set);
			}
		}
		yg_buf_release(&row[r].bytes);
	}
	sqlite3_finalize(set);
	return flipped;
}

static void every_flipped_byte_is_found(void **state)
{
	(void)state;
	sqlite3 *db = load(&image);
	/* YOGO_TEST_ALL=1 flips each byte of each body; else every 37th, beginning elsewhere in each row */
	size_t stride = getenv("YOGO_TEST_ALL") ? 1 : 37;
	size_t flipped = 0;
	run_sql(db, "PRAGMA journal_mode=OFF");
	lift_triggers(db);
	flipped += flip_column(db, "entry", "body", stride);
	flipped += flip_column(db, "entry", "hash", stride);
	flipped += flip_column(db, "checkpoint", "note", 1);
	flipped += flip_column(db, "object", "bytes", stride);
	flipped += flip_column(db, "object", "digest", stride);
	put_triggers_back(db);
	assert_int_equal(check_db(db, NULL), YG_OK);
	assert_true(flipped > 1000);
	sqlite3_close(db);
}

static void found(const char *sql, uint64_t seq, const char *words)
{
	struct yg_journal_report report;
	sqlite3 *db = load(&image);
	lift_triggers(db);
	run_sql(db, sql);
	put_triggers_back(db);
	assert_int_equal(check_db(db, &report), YG_ETAMPERED);
	if (report.bad_seq != seq || !strstr(report.what, words))
		fail_msg("%s: entry %llu: %s", sql, (unsigned long long)report.bad_seq, report.what);
	sqlite3_close(db);
}

static void rows_removed_added_and_moved_are_found(void **state)
{
	(void)state;
	found("DELETE FROM entry WHERE seq = 30", 30, "missing");
	found("DELETE FROM entry WHERE seq > 70", 0, "missing at the end");
	found("DELETE FROM entry", 0, "no entries");
	found("UPDATE entry SET seq = 1000 WHERE seq = 10; UPDATE entry SET seq = 10 WHERE seq = 11; "
	      "UPDATE entry SET seq = 11 WHERE seq = 1000", 10, "hash");
	found("INSERT INTO entry SELECT 73, body, hash FROM entry WHERE seq = 72", 73, "hash");
	found("UPDATE entry SET body = CAST(body AS TEXT) WHERE seq = 3", 3, "type");
	found("DELETE FROM checkpoint WHERE size = 64", 64, "checkpoint");
	found("DELETE FROM checkpoint WHERE size = 24", 24, "checkpoint");
	found("INSERT INTO checkpoint SELECT 25, note FROM checkpoint WHERE size = 24", 25, "none belongs");
	found("UPDATE checkpoint SET size = 65 WHERE size = 64", 64, "checkpoint");
	found("UPDATE checkpoint SET note = CAST(note AS BLOB) WHERE size = 64", 64, "checkpoint");
	found("DELETE FROM object WHERE bytes = CAST('{\"n\":2}' AS BLOB)", 0, "missing");
	found("INSERT INTO object VALUES (x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', x'')", 0, "no entry names");
	found("UPDATE meta SET value = 'x' WHERE key = 'id'", 0, "meta");
	found("UPDATE meta SET value = '0123456789abcdef0123456789abcdef' WHERE key = 'id'", 1, "hash");
	found("UPDATE meta SET value = '2026-01-01T00:00:00.000000000Z' WHERE key = 'created'", 1, "making");
	found("INSERT INTO meta VALUES ('x', 'y')", 0, "meta");
	found("CREATE TABLE more(x)", 0, "schema");
	found("CREATE VIEW v AS SELECT 1", 0, "schema");
	found("PRAGMA user_version = 2", 0, "format");
	found("PRAGMA application_id = 2", 0, "application");
}

/* Rebuild the chain from entry seq on with other bytes, as an owner could. */
static void rebuild(sqlite3 *db, uint64_t seq, const char *from, const char *to)
{
	sqlite3_stmt *get, *set;
	struct yg_digest prev;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT body, (SELECT hash FROM entry WHERE seq = ?1 - 1) FROM entry WHERE seq = ?1", -1, &get, NULL), 0);
	assert_int_equal(sqlite3_prepare_v2(db, "UPDATE entry SET body = ?2, hash = ?3 WHERE seq = ?1", -1, &set, NULL), 0);
	for (bool first = true;; seq++, first = false) {
		sqlite3_bind_int64(get, 1, (sqlite3_int64)seq);
		if (sqlite3_step(get) != SQLITE_ROW)
			break;
		struct yg_buf b = YG_BUF_INIT;
		yg_buf_add(&b, sqlite3_column_blob(get, 0), (size_t)sqlite3_column_bytes(get, 0));
		if (first) {
			memcpy(prev.byte, sqlite3_column_blob(get, 1), 32);
			char *at = strstr(b.data, from);
			assert_non_null(at);
			assert_int_equal(strlen(from), strlen(to));
			memcpy(at, to, strlen(to));
		} else {
			char hex[65];
			yg_digest_hex(&prev, hex);
			char *at = strstr(b.data, "\"prev\":\"sha256:");
			assert_non_null(at);
			memcpy(at + 15, hex, 64);
		}
		prev = yg_chain_next(&prev, seq, b.data, b.len);
		sqlite3_reset(get);
		sqlite3_bind_int64(set, 1, (sqlite3_int64)seq);
		sqlite3_bind_blob(set, 2, b.data, (int)b.len, SQLITE_TRANSIENT);
		sqlite3_bind_blob(set, 3, prev.byte, 32, SQLITE_TRANSIENT);
		assert_int_equal(sqlite3_step(set), SQLITE_DONE);
		sqlite3_reset(set);
		yg_buf_release(&b);
	}
	sqlite3_finalize(get);
	sqlite3_finalize(set);
}

static void found_after_rebuild(uint64_t seq, const char *from, const char *to, uint64_t bad, const char *words)
{
	struct yg_journal_report report;
	sqlite3 *db = load(&image);
	lift_triggers(db);
	rebuild(db, seq, from, to);
	put_triggers_back(db);
	assert_int_equal(check_db(db, &report), YG_ETAMPERED);
	if (report.bad_seq != bad || !strstr(report.what, words))
		fail_msg("%s: entry %llu: %s", to, (unsigned long long)report.bad_seq, report.what);
	sqlite3_close(db);
}

static void a_rebuilt_chain_meets_the_next_checkpoint_or_rule(void **state)
{
	(void)state;
	found_after_rebuild(4, "km os by rx", "km os by sx", 24, "checkpoint does not match");
	found_after_rebuild(66, "km os by rx", "km os by sx", 72, "checkpoint does not match");
	found_after_rebuild(4, "\"v\":1", "\"v\":2", 4, "format");
	found_after_rebuild(4, "\"seq\":4", "\"seq\":5", 4, "number");
	found_after_rebuild(4, "\"seq\":4", "\"seq\" :", 4, "JSON");
	found_after_rebuild(4, "\"v\":1}", "\"v\":1 ", 4, "JSON");
	found_after_rebuild(3, "\"ref\":2", "\"ref\":1", 3, "not open");
	found_after_rebuild(2, "\"kind\":\"begin\"", "\"kind\":\"xegin\"", 2, "kind");
	found_after_rebuild(4, "km os by", "km\\u006f", 4, "canonical"); /* the same letter, written otherwise */
}

/* All rows as text: what a reader of the study would see. */
static bool dump(sqlite3 *db, struct yg_buf *out)
{
	static const char *const sql[] = { "SELECT seq, body, hash FROM entry ORDER BY seq", "SELECT size, note FROM checkpoint ORDER BY size",
		                           "SELECT digest, bytes FROM object ORDER BY rowid",
		                           "SELECT key, value FROM meta WHERE key <> 'pid' ORDER BY key" };
	yg_buf_clear(out);
	for (size_t q = 0; q < 4; q++) {
		sqlite3_stmt *stmt;
		if (sqlite3_prepare_v2(db, sql[q], -1, &stmt, NULL) != SQLITE_OK)
			return false;
		int rc;
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			for (int c = 0; c < sqlite3_column_count(stmt); c++) {
				yg_buf_addf(out, "%d:%d:", sqlite3_column_type(stmt, c), sqlite3_column_bytes(stmt, c));
				if (sqlite3_column_bytes(stmt, c))
					yg_buf_add(out, sqlite3_column_blob(stmt, c), (size_t)sqlite3_column_bytes(stmt, c));
			}
		sqlite3_finalize(stmt);
		if (rc != SQLITE_DONE)
			return false;
	}
	return true;
}

/* A byte of the file is either found, or nothing that anybody reads has changed (free space, caches). */
static void every_page_of_the_file(void **state)
{
	(void)state;
	struct yg_buf truth = YG_BUF_INIT, seen = YG_BUF_INIT, bytes = YG_BUF_INIT;
	sqlite3 *db = load(&image);
	assert_true(dump(db, &truth));
	sqlite3_close(db);
	yg_buf_add(&bytes, image.data, image.len);
	size_t stride = getenv("YOGO_TEST_ALL") ? 1 : 53, unseen = 0, tried = 0;
	for (size_t i = 0; i < bytes.len; i += i < 4096 ? 1 + stride / 20 : stride) {
		if (i == 18 || i == 19) /* the bytes that say WAL: an image in memory cannot be in WAL mode */
			continue;
		char was = bytes.data[i];
		bytes.data[i] = (char)(was ^ (1 << (i % 8)));
		tried++;
		db = load(&bytes);
		if (db && check_db(db, NULL) == YG_OK) {
			unseen++;
			if (!dump(db, &seen) || seen.len != truth.len || memcmp(seen.data, truth.data, truth.len) != 0)
				fail_msg("byte %zu of the file (page %zu) changed what is read, unseen", i, i / 4096 + 1);
		}
		sqlite3_close(db);
		bytes.data[i] = was;
	}
	print_message("%zu bytes tried, %zu of them in free space\n", tried, unseen);
	yg_buf_release(&truth);
	yg_buf_release(&seen);
	yg_buf_release(&bytes);
}

static void a_damaged_study_is_not_opened_or_changed(void **state)
{
	(void)state;
	struct yg_journal_session session = { 0 };
	struct yg_journal *j;
	struct yg_err err;
	struct yg_journal_report report;
	char bad[160];
	snprintf(bad, sizeof bad, "%s/bad.study", folder);
	/* a letter in the text of some entry */
	struct yg_buf bytes = YG_BUF_INIT, after = YG_BUF_INIT;
	yg_buf_add(&bytes, image.data, image.len);
	char *at = memmem(bytes.data, bytes.len, "km os by rx", 11);
	assert_non_null(at);
	at[3] = 'p';
	assert_int_equal(yg_io_write_file(bad, bytes.data, bytes.len, &err), YG_OK);
	assert_int_equal(yg_journal_verify(bad, NULL, &report, &err), YG_ETAMPERED);
	assert_true(report.bad_seq > 1);
	assert_non_null(strstr(err.text, "entry "));
	assert_int_equal(yg_journal_open_read(bad, &j, &err), YG_ETAMPERED);
	assert_int_equal(yg_io_read_file(bad, 0, &after, &err), YG_OK);
	assert_int_equal(after.len, bytes.len);
	assert_memory_equal(after.data, bytes.data, bytes.len);
	assert_int_equal(yg_journal_open(bad, &session, &j, &err), YG_ETAMPERED);
	/* cut short */
	assert_int_equal(yg_io_write_file(bad, image.data, image.len - 4096, &err), YG_OK);
	assert_int_equal(yg_journal_verify(bad, NULL, &report, &err), YG_ETAMPERED);
	assert_int_equal(yg_io_write_file(bad, image.data, 100, &err), YG_OK);
	assert_int_equal(yg_journal_verify(bad, NULL, &report, &err), YG_ETAMPERED);
	assert_int_equal(yg_io_write_file(bad, image.data, 0, &err), YG_OK);
	assert_int_equal(yg_journal_verify(bad, NULL, &report, &err), YG_EINPUT);
	yg_buf_release(&bytes);
	yg_buf_release(&after);
}

/* The tree as it grows gives the roots of the whole tree. */
static void the_growing_tree_is_the_tree(void **state)
{
	(void)state;
	static struct yg_digest leaf[300];
	struct yg_frontier f = { .size = 0 };
	struct yg_digest empty = yg_merkle_root(NULL, 0), got = yg_frontier_root(&f);
	assert_int_equal(yg_digest_cmp(&empty, &got), 0);
	for (size_t n = 1; n <= 300; n++) {
		leaf[n - 1] = yg_merkle_leaf(&n, sizeof n);
		yg_frontier_add(&f, &leaf[n - 1]);
		struct yg_digest whole = yg_merkle_root(leaf, n);
		got = yg_frontier_root(&f);
		assert_int_equal(yg_digest_cmp(&whole, &got), 0);
	}
	struct yg_digest root;
	uint64_t size;
	char head[YG_JOURNAL_HEAD_SIZE];
	yg_head_print(head, &f);
	assert_int_equal(yg_journal_head_parse(head, &size, &root), 0);
	assert_int_equal(size, 300);
	assert_int_equal(yg_digest_cmp(&root, &got), 0);
	head[3] = ' ';
	assert_int_equal(yg_journal_head_parse(head, &size, &root), 0);
	head[3] = '-';
	assert_int_equal(yg_journal_head_parse(head, &size, &root), -1);
	assert_int_equal(yg_journal_head_parse("", &size, &root), -1);
	assert_int_equal(yg_journal_head_parse("5:", &size, &root), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_growing_tree_is_the_tree),
		cmocka_unit_test(the_study_itself_is_good),
		cmocka_unit_test(triggers_stop_accidents),
		cmocka_unit_test(rows_removed_added_and_moved_are_found),
		cmocka_unit_test(a_rebuilt_chain_meets_the_next_checkpoint_or_rule),
		cmocka_unit_test(every_flipped_byte_is_found),
		cmocka_unit_test(every_page_of_the_file),
		cmocka_unit_test(a_damaged_study_is_not_opened_or_changed),
	};
	return cmocka_run_group_tests(tests, make_study, remove_study);
}
