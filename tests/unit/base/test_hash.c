/* Digests against published vectors, Merkle trees against RFC 6962, and canonical JSON. */
#include "tests/unit/test.h"

#include "yogo/base/canon.h"
#include "yogo/base/hash.h"

static void hex_is(struct yg_digest d, const char *expected)
{
	char hex[65];
	yg_digest_hex(&d, hex);
	assert_string_equal(hex, expected);
	struct yg_digest back;
	assert_int_equal(yg_digest_parse(hex, &back), 0);
	assert_int_equal(yg_digest_cmp(&back, &d), 0);
}

static void sha256_of_fips_180(void **state)
{
	(void)state;
	hex_is(yg_sha256_of("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hex_is(yg_sha256_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	struct yg_sha256 h;
	yg_sha256_init(&h);
	yg_sha256_add_le32(&h, 0x64636261);
	yg_sha256_add_le64(&h, 0x6c6b6a6968676665);
	struct yg_digest a = yg_sha256_end(&h), b = yg_sha256_of("abcdefghijkl", 12);
	assert_int_equal(yg_digest_cmp(&a, &b), 0);
}

static void hmac_of_rfc_4231(void **state)
{
	(void)state;
	hex_is(yg_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28),
	       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void bad_hex_is_refused(void **state)
{
	(void)state;
	struct yg_digest d;
	char hex[66];
	memset(hex, 'a', 65);
	hex[65] = 0;
	assert_int_equal(yg_digest_parse(hex, &d), -1);
	hex[64] = 0;
	assert_int_equal(yg_digest_parse(hex, &d), 0);
	hex[10] = 'A';
	assert_int_equal(yg_digest_parse(hex, &d), -1);
	hex[10] = 0;
	assert_int_equal(yg_digest_parse(hex, &d), -1);
	assert_int_equal(yg_digest_parse("", &d), -1);
}

static struct yg_digest node(struct yg_digest l, struct yg_digest r)
{
	unsigned char b[65] = { 1 };
	memcpy(b + 1, l.byte, 32);
	memcpy(b + 33, r.byte, 32);
	return yg_sha256_of(b, 65);
}

static void merkle_roots_split_at_the_largest_power_of_two(void **state)
{
	(void)state;
	struct yg_digest leaf[5];
	for (unsigned i = 0; i < 5; i++) {
		unsigned char b[2] = { 0, (unsigned char)i };
		leaf[i] = yg_merkle_leaf(b + 1, 1);
		struct yg_digest by_hand = yg_sha256_of(b, 2);
		assert_int_equal(yg_digest_cmp(&leaf[i], &by_hand), 0);
	}
	hex_is(yg_merkle_root(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	struct yg_digest root = yg_merkle_root(leaf, 1);
	assert_int_equal(yg_digest_cmp(&root, &leaf[0]), 0);
	struct yg_digest four = node(node(leaf[0], leaf[1]), node(leaf[2], leaf[3]));
	struct yg_digest five = node(four, leaf[4]);
	root = yg_merkle_root(leaf, 4);
	assert_int_equal(yg_digest_cmp(&root, &four), 0);
	root = yg_merkle_root(leaf, 5);
	assert_int_equal(yg_digest_cmp(&root, &five), 0);
	/* the eight-leaf tree of the Certificate Transparency test data: the empty leaf */
	hex_is(yg_merkle_leaf("", 0), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

static void the_table_hash_spreads(void **state)
{
	(void)state;
	/* 4,096 keys that differ in one digit must not pile up in the low bits */
	unsigned used[256] = { 0 };
	for (unsigned i = 0; i < 4096; i++) {
		char key[16];
		int n = snprintf(key, sizeof key, "P%06u", i);
		used[yg_hash64(key, (size_t)n) & 255]++;
	}
	for (unsigned i = 0; i < 256; i++)
		assert_in_range(used[i], 1, 48);
	assert_true(yg_hash64("a", 1) != yg_hash64("a\0", 2));
}

static void canonical_json_is_byte_exact(void **state)
{
	(void)state;
	struct yg_buf b = YG_BUF_INIT;
	struct yg_canon c;
	struct yg_digest d = yg_sha256_of("", 0);
	yg_canon_init(&c, &b);
	yg_canon_open(&c);
	yg_canon_key(&c, "a");
	yg_canon_open_array(&c);
	yg_canon_int(&c, 1);
	yg_canon_int(&c, INT64_C(9007199254740991));
	yg_canon_int(&c, INT64_C(9007199254740992));
	yg_canon_int(&c, INT64_MIN);
	yg_canon_open(&c);
	yg_canon_close(&c);
	yg_canon_open_array(&c);
	yg_canon_close_array(&c);
	yg_canon_close_array(&c);
	yg_canon_key(&c, "b");
	yg_canon_open(&c);
	yg_canon_key(&c, "digest");
	yg_canon_digest(&c, &d);
	yg_canon_key(&c, "nan");
	yg_canon_float(&c, -NAN);
	yg_canon_key(&c, "third");
	yg_canon_float(&c, 1.0 / 3);
	yg_canon_key(&c, "zero");
	yg_canon_float(&c, -0.0);
	yg_canon_close(&c);
	yg_canon_key(&c, "c");
	yg_canon_string(&c, "ends with:");
	yg_canon_key(&c, "d");
	yg_canon_bool(&c, true);
	yg_canon_key(&c, "e");
	yg_canon_null(&c);
	yg_canon_key(&c, "f");
	yg_canon_raw(&c, "{\"x\":1}", 7);
	yg_canon_close(&c);
	assert_string_equal(b.data,
	                    "{\"a\":[1,9007199254740991,\"i:9007199254740992\",\"i:-9223372036854775808\",{},[]],"
	                    "\"b\":{\"digest\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\","
	                    "\"nan\":\"f:7ff8000000000000\",\"third\":\"f:3fd5555555555555\",\"zero\":\"f:8000000000000000\"},"
	                    "\"c\":\"ends with:\",\"d\":true,\"e\":null,\"f\":{\"x\":1}}");
	yg_buf_release(&b);
}

static void only_canonical_text_is_canonical(void **state)
{
	(void)state;
	static const char *const yes[] = { "{}", "[]", "{\"a\":1,\"b\":[true,null,\"\\u001f\\n/\"]}", "-5", "9007199254740991" };
	static const char *const no[] = { "{ }", "{\"b\":1,\"a\":2}", "1.0", "1e3", "-0", "9007199254740992", "\"\\/\"", "{\"A\":1}",
		                          "\"\\u00e9\"", "\"\\u001F\"", "", "[1,]", "{\"\":1}", "[1]\n", "{\"a\":1,\"a\":1}" };
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		assert_true(yg_canon_is(yes[i], strlen(yes[i])));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(yg_canon_is(no[i], strlen(no[i])));
	struct yg_buf b = YG_BUF_INIT;
	yg_buf_fill(&b, '[', 40);
	yg_buf_fill(&b, ']', 40);
	assert_false(yg_canon_is(b.data, b.len));
	assert_true(yg_canon_is(b.data + 20, 40));
	yg_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_of_fips_180),
		cmocka_unit_test(hmac_of_rfc_4231),
		cmocka_unit_test(bad_hex_is_refused),
		cmocka_unit_test(merkle_roots_split_at_the_largest_power_of_two),
		cmocka_unit_test(the_table_hash_spreads),
		cmocka_unit_test(canonical_json_is_byte_exact),
		cmocka_unit_test(only_canonical_text_is_canonical),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
