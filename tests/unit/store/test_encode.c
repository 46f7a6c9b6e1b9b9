/*
 * Blocks: whatever values go in come out again, bit for bit (numbers canonically), in every
 * encoding; and bytes that are not what they were never do more harm than an error.
 */
#include "tests/unit/test.h"

#include "yogo/base/mem.h"
#include "yogo/store/bitmap.h"
#include "yogo/store/encode.h"
#include "yogo/store/fingerprint.h"

static uint64_t seed = 1;

static uint64_t draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

struct fixture {
	struct yg_encoder *e;
	struct yg_encoded block;
	struct yg_vec_space space;
	struct yg_vec back;
};

static void open_fixture(struct fixture *f)
{
	f->e = yg_encoder_new();
	yg_encoded_init(&f->block);
	yg_vec_space_init(&f->space);
}

static void close_fixture(struct fixture *f)
{
	yg_encoder_free(f->e);
	yg_encoded_release(&f->block);
	yg_vec_space_release(&f->space);
}

/* The writer fills in what the block's codes are in the column's dictionary; here they are the same. */
static void same_codes(struct yg_encoded *block)
{
	for (uint32_t i = 0; i < block->locals; i++) {
		for (int k = 0; k < 4; k++)
			block->bytes.data[32 + i * 4 + (uint32_t)k] = (char)(i >> 8 * k);
	}
}

static void there_and_back(struct fixture *f, const struct yg_vec *vec, const struct yg_dict *local)
{
	struct yg_encode_options options = { .tally = true };
	int32_t *same = yg_xcalloc(70000, sizeof *same);

	for (int32_t i = 0; i < 70000; i++)
		same[i] = i;
	assert_int_equal(yg_block_encode(f->e, vec, local, &options, &f->block, NULL), YG_OK);
	same_codes(&f->block);
	assert_int_equal(yg_block_decode(f->block.bytes.data, f->block.bytes.len, vec->type, vec->n, same, 70000, &f->space,
	                                 &f->back, NULL), YG_OK);
	assert_int_equal(f->back.n, vec->n);
	for (uint32_t i = 0; i < vec->n; i++) {
		assert_int_equal(yg_vec_valid(&f->back, i), yg_vec_valid(vec, i));
		if (!yg_vec_valid(vec, i) && vec->reason)
			assert_int_equal(f->back.reason ? f->back.reason[i] : 0, vec->reason[i]);
	}
	yg_free(same);
}

static void integers_of_every_width(void **state)
{
	int64_t *v = yg_xcalloc(YG_BLOCK_ROWS, sizeof *v);
	struct fixture f;

	(void)state;
	open_fixture(&f);
	for (unsigned width = 0; width <= 64; width++) {
		for (int shape = 0; shape < 4; shape++) {
			uint32_t n = (uint32_t)(draw() % 5000 + 1);
			uint64_t now = draw();
			struct yg_vec vec = { .type = YG_TYPE_INTEGER, .n = n };

			for (uint32_t i = 0; i < n; i++) {
				uint64_t r = width == 64 ? draw() : draw() & ((UINT64_C(1) << width) - 1);

				if (shape == 0)
					now = r;                     /* anything within the width */
				else if (shape == 1)
					now += r;                    /* differences within the width, wrapping */
				else if (shape == 2 && draw() % 50 == 0)
					now = r;                     /* runs */
				else if (shape == 3)
					now = r - 5000;              /* both signs */
				v[i] = (int64_t)now;
			}
			vec.v.integer = v;
			there_and_back(&f, &vec, NULL);
			assert_memory_equal(f.back.v.integer, v, n * sizeof *v);
		}
	}
	v[0] = INT64_MIN;
	v[1] = INT64_MAX;
	v[2] = -1;
	{
		struct yg_vec vec = { .type = YG_TYPE_INTEGER, .n = 3 };

		vec.v.integer = v;
		there_and_back(&f, &vec, NULL);
		assert_memory_equal(f.back.v.integer, v, 3 * sizeof *v);
	}
	close_fixture(&f);
	yg_free(v);
}

static void numbers_to_the_last_bit(void **state)
{
	static const double odd[] = { 0.1 + 0.2, 1e300, 5e-324, 0x1p-1022, 1.0 / 3, 123456789012345.0, 1e16, 1e17, -2.5,
		                      INFINITY, -INFINITY, 9007199254740993.0, 0.000001, -1e-9, 2.2250738585072014e-308 };
	double *v = yg_xcalloc(YG_BLOCK_ROWS, sizeof *v);
	struct fixture f;
	struct yg_vec vec = { .type = YG_TYPE_NUMBER };

	(void)state;
	open_fixture(&f);
	vec.v.number = v;
	for (int scale = 0; scale < 18; scale++) { /* decimals as they are written in files */
		vec.n = 3000;
		for (uint32_t i = 0; i < vec.n; i++)
			v[i] = (double)(int64_t)(draw() % 2000001 - 1000000) / pow(10, scale);
		there_and_back(&f, &vec, NULL);
		assert_memory_equal(f.back.v.number, v, vec.n * sizeof *v);
		if (scale < 16)
			assert_int_equal(f.block.encoding, YG_ENCODING_DECIMAL);
	}
	for (uint32_t i = 0; i < 3000; i++) /* any bits that are a number */
		do {
			uint64_t bits = draw();

			memcpy(&v[i], &bits, sizeof bits);
		} while (v[i] != v[i]);
	there_and_back(&f, &vec, NULL);
	assert_memory_equal(f.back.v.number, v, vec.n * sizeof *v);
	for (uint32_t i = 0; i < 3000; i++) /* few distinct thirds: a dictionary of doubles */
		v[i] = (double)(draw() % 40) / 3;
	there_and_back(&f, &vec, NULL);
	assert_int_equal(f.block.encoding, YG_ENCODING_DICTIONARY);
	assert_memory_equal(f.back.v.number, v, vec.n * sizeof *v);
	for (vec.n = 0; vec.n < sizeof odd / sizeof *odd; vec.n++)
		v[vec.n] = odd[vec.n];
	there_and_back(&f, &vec, NULL);
	assert_memory_equal(f.back.v.number, v, vec.n * sizeof *v);

	v[0] = -0.0; /* stored canonically */
	v[1] = -(double)NAN;
	vec.n = 2;
	there_and_back(&f, &vec, NULL);
	assert_false(signbit(f.back.v.number[0]));
	assert_true(isnan(f.back.v.number[1]));
	close_fixture(&f);
	yg_free(v);
}

static void nothing_but_missing(void **state)
{
	static uint64_t valid[16];
	static uint8_t reason[1000];
	static int64_t value[1000];
	static uint32_t start[1001];
	struct yg_dict none;
	struct fixture f;

	(void)state;
	open_fixture(&f);
	yg_dict_init(&none);
	for (uint32_t i = 0; i < 1000; i++)
		reason[i] = (uint8_t)(i % 3 ? 0 : 16 + i % 200);
	for (int type = YG_TYPE_FLAG; type <= YG_TYPE_INSTANT; type++) {
		struct yg_vec vec = { .type = (enum yg_type)type, .n = 1000, .valid = valid, .reason = reason };

		vec.v.integer = value;
		if (type == YG_TYPE_TEXT) {
			vec.v.text.start = start;
			vec.v.text.bytes = "";
		}
		there_and_back(&f, &vec, &none);
		assert_int_equal(f.block.missing, 1000);
		assert_false(f.block.zoned);
	}
	yg_dict_release(&none);
	close_fixture(&f);
}

static void text_with_and_without_repeats(void **state)
{
	uint32_t *start = yg_xcalloc(YG_BLOCK_ROWS + 1, sizeof *start);
	char *bytes = yg_xcalloc(YG_BLOCK_ROWS, 40);
	struct fixture f;

	(void)state;
	open_fixture(&f);
	for (uint32_t distinct = 1; distinct <= 65536; distinct *= 4) {
		struct yg_vec vec = { .type = YG_TYPE_TEXT, .n = 30000 };
		uint32_t at = 0;

		for (uint32_t i = 0; i < vec.n; i++) {
			start[i] = at;
			if (i % 7)
				at += (uint32_t)snprintf(bytes + at, 40, "text %u", (unsigned)(draw() % distinct));
		}
		start[vec.n] = at;
		vec.v.text.start = start;
		vec.v.text.bytes = bytes;
		there_and_back(&f, &vec, NULL);
		assert_memory_equal(f.back.v.text.start, start, (vec.n + 1) * sizeof *start);
		assert_memory_equal(f.back.v.text.bytes, bytes, at);
	}
	close_fixture(&f);
	yg_free(start);
	yg_free(bytes);
}

static void a_tally_counts_each_value(void **state)
{
	int64_t v[1000];
	uint64_t valid[16];
	struct yg_vec vec = { .type = YG_TYPE_INTEGER, .n = 1000, .valid = valid };
	struct fixture f;
	uint64_t sum = 0;

	(void)state;
	open_fixture(&f);
	memset(valid, 0, sizeof valid);
	for (uint32_t i = 0; i < 1000; i++) {
		v[i] = i % 10;
		if (i % 4)
			yg_bits_set(valid, i);
	}
	vec.v.integer = v;
	there_and_back(&f, &vec, NULL);
	assert_int_equal(f.block.tally.n, 10);
	for (uint32_t k = 0; k < 10; k++) {
		uint32_t expected = 0;

		for (uint32_t i = 0; i < 1000; i++)
			expected += i % 4 && i % 10 == (uint32_t)f.block.tally.key[k];
		assert_int_equal(f.block.tally.count[k], expected);
		sum += f.block.tally.count[k];
	}
	assert_int_equal(sum, 750);
	for (uint32_t i = 0; i < 1000; i++) /* few values far apart */
		v[i] = (int64_t)(i % 5) * 1000000007;
	there_and_back(&f, &vec, NULL);
	assert_int_equal(f.block.tally.n, 5);
	close_fixture(&f);
}

static void put32(struct yg_buf *b, uint32_t v)
{
	yg_buf_add_le32(b, v);
}

/* The canonical bytes, written out by hand. */
static void the_leaf_is_what_the_page_says(void **state)
{
	static const int64_t v[] = { 7, -1, 300 };
	static const uint64_t valid[] = { 5 };
	static const uint8_t reason[] = { 0, 2, 0 };
	static const int32_t date[] = { 10, 0, -20 };
	static const uint8_t precision[] = { 0, 0, 2 };
	struct yg_vec vec = { .type = YG_TYPE_INTEGER, .n = 3, .valid = valid };
	struct yg_buf b = YG_BUF_INIT;
	struct yg_digest leaf, hand;

	(void)state;
	vec.v.integer = v;
	yg_buf_add(&b, "CH1\0", 4);
	yg_buf_addc(&b, YG_TYPE_INTEGER);
	put32(&b, 3);
	yg_buf_addc(&b, 5);
	yg_buf_add_le64(&b, 7);
	yg_buf_add_le64(&b, 300);
	leaf = yg_fingerprint_leaf(&vec, NULL, 0);
	hand = yg_merkle_leaf(b.data, b.len);
	assert_memory_equal(leaf.byte, hand.byte, 32);

	vec = (struct yg_vec){ .type = YG_TYPE_DATE, .n = 3, .valid = valid, .reason = reason, .precision = precision };
	vec.v.date = date;
	yg_buf_clear(&b);
	yg_buf_add(&b, "CH1\0", 4);
	yg_buf_addc(&b, (char)(YG_TYPE_DATE | 0x80 | 0x40));
	put32(&b, 3);
	yg_buf_addc(&b, 5);
	yg_buf_addc(&b, 2);
	put32(&b, 10);
	put32(&b, (uint32_t)-20);
	yg_buf_add(&b, "\0\2", 2);
	leaf = yg_fingerprint_leaf(&vec, NULL, 0);
	hand = yg_merkle_leaf(b.data, b.len);
	assert_memory_equal(leaf.byte, hand.byte, 32);
	yg_buf_release(&b);
}

/* Levels hash as text: neither codes nor their order matter. */
static void a_level_is_its_text(void **state)
{
	static const int32_t a[] = { 0, 1, 1, 2 }, b[] = { 2, 0, 0, 1 };
	const struct yg_str one[] = { YG_STR("Obs"), YG_STR("Lev"), YG_STR("a level name of more than thirty-two bytes") };
	const struct yg_str two[] = { one[1], one[2], one[0] };
	struct yg_vec vec = { .type = YG_TYPE_LEVEL, .n = 4 }, text = { .type = YG_TYPE_LEVEL, .n = 3 };
	struct yg_digest first, again;

	(void)state;
	vec.v.level = a;
	first = yg_fingerprint_leaf(&vec, one, 3);
	vec.v.level = b;
	again = yg_fingerprint_leaf(&vec, two, 3);
	assert_memory_equal(first.byte, again.byte, 32);
	text.v.level = a; /* short ones take another road through the code */
	first = yg_fingerprint_leaf(&text, one, 2);
	text.v.level = (const int32_t[]){ 1, 0, 0 };
	again = yg_fingerprint_leaf(&text, (const struct yg_str[]){ one[1], one[0] }, 2);
	assert_memory_equal(first.byte, again.byte, 32);
}

static void damaged_blocks_do_no_harm(void **state)
{
	static int64_t v[3000];
	static double x[3000];
	static uint32_t start[3001];
	static char bytes[3000 * 8];
	static uint64_t valid[48];
	static int32_t same[10];
	struct yg_encode_options options = { .level = -1 };
	struct fixture f;

	(void)state;
	open_fixture(&f);
	for (uint32_t i = 0; i < 3000; i++) {
		v[i] = (int64_t)(draw() % 1000) * (i > 1500 ? 1 : 0);
		x[i] = (double)(draw() % 9) / 3;
		start[i + 1] = start[i] + (uint32_t)snprintf(bytes + start[i], 8, "%u", (unsigned)(draw() % 90));
		if (i % 5)
			yg_bits_set(valid, i);
	}
	for (int kind = 0; kind < 6; kind++) {
		struct yg_vec vec = { .type = YG_TYPE_INTEGER, .n = 3000, .valid = kind % 2 ? valid : NULL };

		vec.v.integer = v;
		if (kind / 2 == 1) {
			vec.type = YG_TYPE_NUMBER;
			vec.v.number = x;
		} else if (kind / 2 == 2) {
			vec.type = YG_TYPE_TEXT;
			vec.v.text.start = start;
			vec.v.text.bytes = bytes;
		}
		for (int level = -1; level <= 3; level += 4) {
			size_t n;
			char *copy;

			options.level = level;
			assert_int_equal(yg_block_encode(f.e, &vec, NULL, &options, &f.block, NULL), YG_OK);
			n = f.block.bytes.len;
			copy = yg_xalloc(n, 1);
			for (int round = 0; round < 3000; round++) {
				size_t cut = draw() % 8 ? n : draw() % n;
				char *exact;

				memcpy(copy, f.block.bytes.data, n);
				for (uint64_t k = draw() % 4; k; k--)
					copy[round % 2 ? draw() % n : draw() % (n < 80 ? n : 80)] = (char)draw();
				exact = yg_xalloc(cut + 1, 1); /* so that reading beyond is seen */
				memcpy(exact, copy, cut);
				(void)!yg_block_decode(exact, cut, vec.type, vec.n, same, 10, &f.space, &f.back, NULL);
				yg_free(exact);
			}
			yg_free(copy);
		}
	}
	close_fixture(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_of_every_width),
		cmocka_unit_test(numbers_to_the_last_bit),
		cmocka_unit_test(nothing_but_missing),
		cmocka_unit_test(text_with_and_without_repeats),
		cmocka_unit_test(a_tally_counts_each_value),
		cmocka_unit_test(the_leaf_is_what_the_page_says),
		cmocka_unit_test(a_level_is_its_text),
		cmocka_unit_test(damaged_blocks_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
