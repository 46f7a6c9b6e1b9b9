/*
 * Packed and foreign sources: gz, zst and zip give the same cohort as the plain file; damage, bombs
 * and wrong encodings are errors that name the place, and nothing is imported.
 */
#include "tests/unit/test.h"

#include <archive.h>
#include <archive_entry.h>
#include <iconv.h>

#include "yogo/base/date.h"
#include "yogo/base/text.h"

#include "import_kit.h"

enum packing { GZIP, ZSTD, ZIP };

static la_ssize_t collect(struct archive *a, void *context, const void *bytes, size_t n)
{
	(void)a;
	yg_buf_add(context, bytes, n);
	return (la_ssize_t)n;
}

/* text[n], entries times over in a zip, packed. */
static void pack(enum packing packing, const char *text, size_t n, int entries, struct yg_buf *out)
{
	struct archive *a = archive_write_new();

	if (packing == ZIP) {
		archive_write_set_format_zip(a);
	} else {
		archive_write_set_format_raw(a);
		if (packing == GZIP)
			archive_write_add_filter_gzip(a);
		else
			archive_write_add_filter_zstd(a);
		archive_write_set_options(a, packing == GZIP ? "gzip:!timestamp" : "");
	}
	archive_write_set_bytes_per_block(a, 0);
	assert_int_equal(archive_write_open(a, out, NULL, collect, NULL), ARCHIVE_OK);
	for (int i = 0; i < entries; i++) {
		struct archive_entry *e = archive_entry_new();
		char name[16];

		snprintf(name, sizeof name, "f%d.csv", i);
		archive_entry_set_pathname(e, name);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_size(e, (la_int64_t)n);
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		for (size_t at = 0; at < n;) {
			la_ssize_t done = archive_write_data(a, text + at, n - at < 1u << 20 ? n - at : 1u << 20);

			assert_true(done > 0);
			at += (size_t)done;
		}
		archive_entry_free(e);
	}
	archive_write_close(a);
	archive_write_free(a);
}

static struct yg_digest import_root(const char *file, const char *encoding)
{
	struct kit k;
	struct yg_digest root;

	kit_init(&k, file);
	k.o.encoding = encoding;
	kit_must(&k);
	root = k.report.root;
	kit_end(&k);
	return root;
}

static void some_text(struct yg_buf *out)
{
	yg_buf_adds(out, "a,b,c\n");
	for (int i = 0; i < 30000; i++)
		yg_buf_addf(out, "%d,%d.5,name %d\n", i, i * 7 % 1000, i % 3000);
}

static void packed_or_not_it_is_the_same(void **state)
{
	static const char *const name[] = { "x.csv.gz", "x.csv.zst", "x.csv.zip" };
	struct yg_buf text = YG_BUF_INIT, packed = YG_BUF_INIT;
	struct kit k;
	struct yg_digest root;
	size_t half;

	(void)state;
	some_text(&text);
	kit_write_n("x.csv", text.data, text.len);
	kit_init(&k, "x.csv");
	k.file[0].table = "t";
	kit_must(&k);
	root = k.report.root;
	kit_end(&k);
	for (int p = GZIP; p <= ZIP; p++) {
		yg_buf_clear(&packed);
		pack((enum packing)p, text.data, text.len, 1, &packed);
		kit_write_n(name[p], packed.data, packed.len);
		kit_init(&k, name[p]);
		k.file[0].table = "t";
		kit_must(&k);
		assert_memory_equal(k.report.root.byte, root.byte, 32);
		kit_end(&k);
	}
	/* Several members one behind the other are one text. */
	half = (size_t)(strchr(text.data + text.len / 2, '\n') - text.data) + 1;
	for (int p = GZIP; p <= ZSTD; p++) {
		yg_buf_clear(&packed);
		pack((enum packing)p, text.data, half, 1, &packed);
		pack((enum packing)p, text.data + half, text.len - half, 1, &packed);
		kit_write_n("m.csv", packed.data, packed.len);
		kit_init(&k, "m.csv");
		k.file[0].table = "t";
		kit_must(&k);
		assert_memory_equal(k.report.root.byte, root.byte, 32);
		kit_end(&k);
	}
	yg_buf_release(&text);
	yg_buf_release(&packed);
	kit_empty();
}

static void damage_in_a_packed_file_is_found(void **state)
{
	struct yg_buf text = YG_BUF_INIT, packed = YG_BUF_INIT;
	struct kit k;

	(void)state;
	some_text(&text);
	for (int p = GZIP; p <= ZIP; p++) {
		yg_buf_clear(&packed);
		pack((enum packing)p, text.data, text.len, 1, &packed);
		kit_write_n("x", packed.data, packed.len / 2); /* cut short */
		kit_init(&k, "x");
		kit_fails(&k, "E-IN-007");
		if (p == ZIP)
			continue;
		kit_write_n("x", packed.data, packed.len - 3);
		kit_init(&k, "x");
		kit_fails(&k, "E-IN-007");
		yg_buf_adds(&packed, "garbage behind the end");
		kit_write_n("x", packed.data, packed.len);
		kit_init(&k, "x");
		kit_fails(&k, "E-IN-007");
	}
	yg_buf_clear(&packed);
	pack(GZIP, text.data, text.len, 1, &packed);
	packed.data[packed.len - 7] ^= 1; /* the checksum that libarchive does not look at */
	kit_write_n("x", packed.data, packed.len);
	kit_init(&k, "x");
	kit_fails(&k, "E-IN-007");
	yg_buf_clear(&packed);
	pack(ZIP, text.data, text.len, 2, &packed);
	kit_write_n("x", packed.data, packed.len);
	kit_init(&k, "x");
	kit_fails(&k, "E-IN-008"); /* which of the two? */
	yg_buf_release(&text);
	yg_buf_release(&packed);
	kit_empty();
}

/* 512 MiB of nothing in some kilobytes. */
static void a_bomb_does_not_go_off(void **state)
{
	struct yg_buf packed = YG_BUF_INIT;
	size_t n = 512u << 20;
	char *nothing = yg_xcalloc(n, 1);
	struct kit k;

	(void)state;
	for (size_t i = 0; i < n; i += 4)
		memcpy(nothing + i, i ? "1,2\n" : "a,b\n", 4);
	pack(ZSTD, nothing, n, 1, &packed);
	assert_true(packed.len < 200000);
	kit_write_n("x", packed.data, packed.len);
	kit_init(&k, "x");
	kit_fails(&k, "E-LIM-003");
	yg_free(nothing);
	yg_buf_release(&packed);
	kit_empty();
}

/* Through iconv, so that the source of this test needs no bytes of other encodings. */
static void recode(const char *utf8, const char *to, struct yg_buf *out)
{
	iconv_t cd = iconv_open(to, "UTF-8");
	char *in = (char *)(uintptr_t)utf8, buffer[4096], *p = buffer;
	size_t n = strlen(utf8), room = sizeof buffer;

	assert_true(cd != (iconv_t)-1);
	assert_true(iconv(cd, &in, &n, &p, &room) != (size_t)-1);
	iconv_close(cd);
	yg_buf_add(out, buffer, (size_t)(p - buffer));
}

/* 表 ソ 能 have 0x5C as their second byte in CP932; ～ and － differ between its tables. */
static const char japanese[] = "番号,所見,値\n1,表ソ能 十構,1.5\n2,髙橋～①,2\n3,ｱｲｳ－,3\n4,\"甲,乙\",4\n5,x,5\n6,x,6\n";

static void japanese_text_in_every_clothing(void **state)
{
	struct yg_buf text = YG_BUF_INIT;
	struct yg_digest root;

	(void)state;
	kit_write("j.csv", japanese);
	root = import_root("j.csv", NULL);
	recode(japanese, "CP932", &text);
	kit_write_n("j.csv", text.data, text.len);
	assert_memory_equal(import_root("j.csv", "cp932").byte, root.byte, 32);
	assert_memory_equal(import_root("j.csv", "Shift_JIS").byte, root.byte, 32);
	yg_buf_clear(&text);
	yg_buf_add(&text, "\xff\xfe", 2);
	recode(japanese, "UTF-16LE", &text);
	kit_write_n("j.csv", text.data, text.len);
	assert_memory_equal(import_root("j.csv", NULL).byte, root.byte, 32);
	yg_buf_clear(&text);
	yg_buf_add(&text, "\xfe\xff", 2);
	recode(japanese, "UTF-16BE", &text);
	kit_write_n("j.csv", text.data, text.len);
	assert_memory_equal(import_root("j.csv", NULL).byte, root.byte, 32);
	yg_buf_release(&text);
	kit_empty();
}

/* A character cut by the edge of what is read at once is still one character. */
static void a_character_at_the_edge(void **state)
{
	struct yg_buf utf8 = YG_BUF_INIT, text = YG_BUF_INIT;
	struct yg_digest root;

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		yg_buf_clear(&utf8);
		yg_buf_clear(&text);
		yg_buf_adds(&utf8, "番,号\n");
		recode("番,号\n", "CP932", &text);
		for (int i = 0; i < 60000; i++) {
			char row[64];

			snprintf(row, sizeof row, "%d%s,表示能力の検査結果\n", i % 10, shift == 1 ? "x" : shift == 2 ? "xy" : "");
			yg_buf_adds(&utf8, row);
			recode(row, "CP932", &text);
		}
		kit_write_n("e.csv", utf8.data, utf8.len);
		root = import_root("e.csv", NULL);
		kit_write_n("e.csv", text.data, text.len);
		assert_memory_equal(import_root("e.csv", "cp932").byte, root.byte, 32);
	}
	yg_buf_release(&utf8);
	yg_buf_release(&text);
	kit_empty();
}

static void the_wrong_encoding_is_named(void **state)
{
	struct yg_buf text = YG_BUF_INIT;
	struct kit k;

	(void)state;
	recode("id,note\n1,表\n2,能\n", "CP932", &text);
	kit_write_n("j.csv", text.data, text.len);
	kit_init(&k, "j.csv"); /* taken for UTF-8 */
	assert_int_equal(kit_run(&k), YG_EINPUT);
	assert_string_equal(k.err.code, "E-ENC-001");
	assert_non_null(strstr(k.err.hint, "cp932"));
	assert_int_equal(k.report.bad[0].line, 2);
	kit_end(&k);
	kit_write("j.csv", "id,note\n1,a\n2,\x81\n3,\xfd\n"); /* no CP932 either */
	kit_init(&k, "j.csv");
	k.o.encoding = "cp932";
	kit_fails(&k, "E-ENC-001");
	kit_init(&k, "j.csv");
	k.o.encoding = "klingon";
	kit_fails(&k, "E-ENC-002");
	yg_buf_release(&text);
	kit_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed_or_not_it_is_the_same),
		cmocka_unit_test(damage_in_a_packed_file_is_found),
		cmocka_unit_test(a_bomb_does_not_go_off),
		cmocka_unit_test(japanese_text_in_every_clothing),
		cmocka_unit_test(a_character_at_the_edge),
		cmocka_unit_test(the_wrong_encoding_is_named),
	};

	return cmocka_run_group_tests(tests, kit_open, kit_close);
}
