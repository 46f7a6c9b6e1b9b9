/*
 * The fast scanner says what a slow, plain reading of RFC 4180 says, on random text with quotes and
 * line ends in every position, and numbers and dates take the quick way or the slow one alike.
 */
#include "tests/unit/test.h"

#include "src/ingest/column_priv.h"
#include "src/ingest/csv_marks_priv.h"
#include "src/ingest/csv_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/mem.h"

static uint64_t seed = 7;

static uint64_t draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void masks_agree_with_bytes(void **state)
{
	char text[64];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		uint64_t expected = 0;

		for (int i = 0; i < 64; i++) {
			text[i] = "ab,\n\"\x80\xff\0,-"[draw() % 10];
			expected |= (uint64_t)(text[i] == ',') << i;
		}
		assert_true(csv_mask(text, ',') == expected);
	}
}

/* Random rows of `columns` fields, with what they hold. */
struct made {
	struct yg_buf text, value; /* value: each field behind a length */
	uint32_t rows;
};

static void make(struct made *m, uint32_t rows, uint32_t columns, size_t front)
{
	yg_buf_clear(&m->text);
	yg_buf_clear(&m->value);
	yg_buf_fill(&m->text, '#', front);
	m->rows = rows;
	for (uint32_t r = 0; r < rows; r++) {
		for (uint32_t c = 0; c < columns; c++) {
			char field[80];
			uint32_t n = draw() % 8 ? (uint32_t)(draw() % 7) : (uint32_t)(draw() % 80);
			bool quote = draw() % 3 == 0;

			for (uint32_t i = 0; i < n; i++)
				field[i] = quote ? "abc,\n\"x \r"[draw() % 9] : "abcdefg x"[draw() % 9];
			if (c)
				yg_buf_addc(&m->text, ',');
			if (quote)
				yg_buf_addc(&m->text, '"');
			for (uint32_t i = 0; i < n; i++) {
				if (field[i] == '"')
					yg_buf_addc(&m->text, '"');
				yg_buf_addc(&m->text, field[i]);
			}
			if (quote)
				yg_buf_addc(&m->text, '"');
			yg_buf_add_le32(&m->value, n);
			yg_buf_add(&m->value, field, n);
		}
		yg_buf_adds(&m->text, draw() % 2 ? "\n" : "\r\n");
	}
}

static void no_fault(void *context, uint64_t record, uint32_t at, enum csv_fault fault)
{
	(void)context;
	fail_msg("row %llu at %u: %s", (unsigned long long)record, at, csv_fault_text(fault));
}

static void fields_come_back(void **state)
{
	struct made m = { YG_BUF_INIT, YG_BUF_INIT, 0 };
	struct yg_buf scratch = YG_BUF_INIT;

	(void)state;
	for (int round = 0; round < 300; round++) {
		uint32_t columns = (uint32_t)(draw() % 40 + 2), rows = 0;
		struct csv_walk walk;
		struct csv_tile tile;
		const char *expected;

		make(&m, (uint32_t)(draw() % 600 + 1), columns, CSV_PAD);
		yg_buf_fill(&m.text, 0, CSV_PAD);
		expected = m.value.data;
		csv_tile_init(&tile, columns);
		csv_walk_init(&walk, m.text.data + CSV_PAD, (uint32_t)(m.text.len - 2 * CSV_PAD), ',');
		walk.fault = no_fault;
		while (csv_walk_next(&walk, &tile)) {
			for (uint32_t r = 0; r < tile.rows; r++, rows++) {
				assert_int_equal(tile.record[r], rows);
				for (uint32_t c = 0; c < columns; c++) {
					uint32_t n;
					bool quoted;
					struct yg_str s = csv_field(tile.text, csv_from(&tile, r, c), csv_to(&tile, r, c), &scratch, &quoted);

					memcpy(&n, expected, 4);
					assert_int_equal(s.n, n);
					assert_memory_equal(s.p, expected + 4, n);
					expected += 4 + n;
				}
			}
		}
		assert_int_equal(rows, m.rows);
		csv_tile_release(&tile);
	}
	yg_buf_release(&m.text);
	yg_buf_release(&m.value);
	yg_buf_release(&scratch);
}

/* Cut into pieces anywhere, records and lines are counted the same. */
static void pieces_do_not_matter(void **state)
{
	struct made m = { YG_BUF_INIT, YG_BUF_INIT, 0 };

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct csv_scan scan = { .quoted = false };
		struct csv_cut last = { 0, 0, 0 };
		size_t at = 0, end = 0, n, lines = 0;

		make(&m, (uint32_t)(draw() % 300 + 1), 3, 0);
		n = m.text.len;
		yg_buf_fill(&m.text, 0, CSV_PAD);
		while (at < n) {
			size_t to = at + draw() % 200;

			to = to < n ? to : n;
			csv_scan(&scan, m.text.data, at, to, NULL, 0, &end, &last);
			at = to;
		}
		for (size_t i = 0; i < n; i++)
			lines += m.text.data[i] == '\n';
		assert_int_equal(scan.records, m.rows);
		assert_int_equal(scan.lines, lines);
		assert_int_equal(end, n);
		assert_int_equal(last.line, lines);
		assert_false(scan.quoted);
	}
	yg_buf_release(&m.text);
	yg_buf_release(&m.value);
}

static void cuts_fall_where_blocks_begin(void **state)
{
	static const uint64_t skip[] = { 0, 5, 70000 };
	struct csv_scan scan = { .skip = skip, .skips = 3 };
	struct yg_buf text = YG_BUF_INIT;
	struct csv_cut cut[4], last = { 0, 0, 0 };
	size_t end = 0;

	(void)state;
	for (int i = 0; i < 140000; i++)
		yg_buf_adds(&text, "ab\n");
	yg_buf_fill(&text, 0, CSV_PAD);
	assert_int_equal(csv_scan(&scan, text.data, 0, 420000, cut, 4, &end, &last), 2);
	assert_int_equal(cut[0].record, YG_BLOCK_ROWS + 2);
	assert_int_equal(cut[0].at, 3 * (YG_BLOCK_ROWS + 2));
	assert_int_equal(cut[0].line, YG_BLOCK_ROWS + 2);
	assert_int_equal(cut[1].record, 2 * YG_BLOCK_ROWS + 3);
	assert_int_equal(scan.kept, 139997);
	yg_buf_release(&text);
}

/* One column of fields, the first, second or third of three, through column_add; the values as a vec. */
static void convert(struct column *c, const char *const *field, uint32_t n, enum yg_type type, struct yg_vec *vec)
{
	struct yg_buf text = YG_BUF_INIT;
	struct column_fault *fault = yg_xalloc(n + 1, sizeof *fault);
	static const char *const before[] = { "", "x,", "x,y," }, *const behind[] = { ",x,y\n", ",y\n", "\n" };
	uint32_t place = (uint32_t)(draw() % 3);
	struct csv_walk walk;
	struct csv_tile tile;

	yg_buf_fill(&text, 0, CSV_PAD);
	for (uint32_t i = 0; i < n; i++)
		yg_buf_addf(&text, "%s%s%s", before[place], field[i], behind[place]);
	yg_buf_fill(&text, 0, CSV_PAD);
	csv_tile_init(&tile, 3);
	csv_walk_init(&walk, text.data + CSV_PAD, (uint32_t)(text.len - 2 * CSV_PAD), ',');
	walk.fault = no_fault;
	column_begin(c, NULL, type, false, (struct looks){ 0, 0 });
	while (csv_walk_next(&walk, &tile))
		column_add(c, &tile, place, true, fault);
	column_vec(c, vec);
	csv_tile_release(&tile);
	yg_free(fault);
	yg_buf_release(&text);
}

/* Decimals of at most so many digits before the point and behind it. */
static void numbers_agree(int most_before, int most_behind)
{
	enum { N = 4000 };
	char (*digits)[40] = yg_xcalloc(N, sizeof *digits);
	const char **field = yg_xcalloc(N, sizeof *field);
	struct column c;
	struct yg_vec vec;

	assert_int_equal(column_init(&c, NULL), YG_OK);
	field[0] = "0.5"; /* the first value makes it a column of numbers */
	for (int i = 1; i < N; i++) {
		int before = (int)(draw() % (uint64_t)most_before), after = (int)(draw() % (uint64_t)(most_behind + 1));
		char *p = digits[i];

		p += snprintf(p, 3, "%s", draw() % 4 ? "" : "-");
		p += snprintf(p, 24, "%llu", (unsigned long long)(draw() % (uint64_t)pow(10, before + 1)));
		if (after)
			p += snprintf(p, 16, ".%0*llu", after, (unsigned long long)(draw() % (uint64_t)pow(10, after)));
		if (draw() % 20 == 0)
			snprintf(p, 5, "e%d", (int)(draw() % 30) - 15);
		field[i] = digits[i];
	}
	convert(&c, field, N, 0, &vec);
	assert_int_equal(vec.type, YG_TYPE_NUMBER);
	assert_false(c.failed);
	for (uint32_t i = 0; i < N; i++) {
		double expected;

		assert_true(yg_parse_double(yg_str(field[i]), &expected));
		if (memcmp(&expected, &vec.v.number[i], 8) != 0 && expected != 0)
			fail_msg("%s gave %.17g", field[i], vec.v.number[i]);
	}
	column_release(&c);
	yg_free(digits);
	yg_free(field);
}

static void quick_and_slow_numbers_agree(void **state)
{
	(void)state;
	for (int again = 0; again < 6; again++) {
		numbers_agree(10, 11);
		numbers_agree(3, 3);
		numbers_agree(7, 1);
		numbers_agree(1, 7);
	}
}

static void quick_and_slow_integers_agree(void **state)
{
	enum { N = 4000 };
	char (*digits)[24] = yg_xcalloc(N, sizeof *digits);
	const char **field = yg_xcalloc(N, sizeof *field);
	struct column c;
	struct yg_vec vec;

	(void)state;
	assert_int_equal(column_init(&c, NULL), YG_OK);
	for (int most = 1; most <= 15; most++) {
		for (int i = 0; i < N; i++) {
			uint64_t v = draw() % (uint64_t)pow(10, (double)(1 + draw() % (uint64_t)most));

			snprintf(digits[i], sizeof *digits, "%s%llu", draw() % 9 ? "" : "-", (unsigned long long)v);
			field[i] = draw() % 50 ? digits[i] : "";
		}
		convert(&c, field, N, 0, &vec);
		assert_int_equal(vec.type, YG_TYPE_INTEGER);
		assert_false(c.failed);
		for (uint32_t i = 0; i < N; i++) {
			int64_t expected = 0;

			assert_true(yg_vec_valid(&vec, i) == yg_parse_i64(yg_str(field[i]), &expected));
			if (vec.v.integer[i] != expected)
				fail_msg("%s gave %lld", field[i], (long long)vec.v.integer[i]);
		}
	}
	column_release(&c);
	yg_free(digits);
	yg_free(field);
}

/* Each look alone: what type a column of it gets, and that no quick way takes what the slow one refuses. */
static void what_looks_like_a_number(void **state)
{
	static const struct {
		const char *text;
		uint32_t look;
	} seen[] = {
		{ "0", LOOK_INTEGER },     { "-0", LOOK_INTEGER },     { "1999", LOOK_YEAR },       { "-1999", LOOK_INTEGER },
		{ "007", LOOK_OTHER },     { "00", LOOK_OTHER },       { "+5", LOOK_OTHER },        { "1,5", LOOK_OTHER },
		{ "9007199254740992", LOOK_INTEGER },                  { "9007199254740993", LOOK_LARGE },
		{ "9223372036854775807", LOOK_LARGE },                 { "9223372036854775808", LOOK_HUGE },
		{ "-9223372036854775808", LOOK_LARGE },                { "123456789012345678901", LOOK_HUGE },
		{ "5.", LOOK_DECIMAL },    { ".5", LOOK_DECIMAL },     { "-.5", LOOK_DECIMAL },
		{ "1.5", LOOK_DECIMAL },   { "1e5", LOOK_DECIMAL },    { "1e999", LOOK_OTHER },     { "nan", LOOK_OTHER },
		{ "inf", LOOK_OTHER },     { "0x1p3", LOOK_OTHER },    { "1_000", LOOK_OTHER },     { " 1", LOOK_OTHER },
		{ "1 ", LOOK_OTHER },      { "-", LOOK_OTHER },        { ".", LOOK_OTHER },         { "1.2.3", LOOK_OTHER },
		{ "--1", LOOK_OTHER },     { "１２", LOOK_OTHER },     { "−5", LOOK_OTHER },        { "1e", LOOK_OTHER },
		{ "2020-02-29", LOOK_DATE }, { "2019-02-29", LOOK_OTHER }, { "0000-00-00", LOOK_OTHER }, { "2020-13-01", LOOK_OTHER },
		{ "2020-1-1", LOOK_OTHER },  { "2020-02", LOOK_MONTH },    { "31/12/1999", LOOK_OTHER }, { "令和5年", LOOK_OTHER },
		{ "2020-01-01T24:00:00", LOOK_OTHER }, { "2020-01-01 10:00:00", LOOK_LOCAL }, { "2020-01-01T10:00:00Z", LOOK_ZONED },
		{ "true", LOOK_TRUE },     { "FALSE", LOOK_TRUE },     { "Yes", LOOK_YES },         { "no", LOOK_YES },
		{ "t", LOOK_OTHER },       { "Y", LOOK_OTHER },
	};
	struct column c;

	(void)state;
	assert_int_equal(column_init(&c, NULL), YG_OK);
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
		static const char *const before[] = { "1", "1.5", "2020-01-01", "true" };

		if (look_of(yg_str(seen[i].text)) != seen[i].look)
			fail_msg("%s looks like %u, not %u", seen[i].text, look_of(yg_str(seen[i].text)), seen[i].look);
		if (strchr(seen[i].text, ','))
			continue;
		/* Behind a value that sets another type, the quick ways must come to the same verdict. */
		for (size_t k = 0; k < 4; k++) {
			const char *const pair[] = { before[k], seen[i].text };
			struct looks both = { look_of(yg_str(pair[0])) | seen[i].look, 0 };
			enum yg_type fits = type_for(both, true), tried;
			struct yg_vec vec;

			convert(&c, pair, 2, 0, &vec);
			tried = c.type;
			if (!c.failed && fits != tried)
				fail_msg("%s, %s were taken as %s", pair[0], pair[1], yg_type_name(tried));
			if (c.failed && fits == tried)
				fail_msg("%s, %s were not taken as %s", pair[0], pair[1], yg_type_name(tried));
		}
	}
	column_release(&c);
}

static void every_day_of_four_centuries(void **state)
{
	struct column c;
	char (*text)[16] = yg_xcalloc(60000, sizeof *text);
	const char **field = yg_xcalloc(60000, sizeof *field);
	struct yg_vec vec;
	int32_t first = yg_date_from_civil(1790, 1, 1);

	(void)state;
	assert_int_equal(column_init(&c, NULL), YG_OK);
	for (int part = 0; part < 3; part++) {
		for (int32_t i = 0; i < 55000; i++) {
			yg_date_print(text[i], first + part * 55000 + i, YG_DAY);
			field[i] = text[i];
		}
		convert(&c, field, 55000, 0, &vec);
		assert_int_equal(vec.type, YG_TYPE_DATE);
		assert_false(c.failed);
		for (int32_t i = 0; i < 55000; i++)
			assert_int_equal(vec.v.date[i], first + part * 55000 + i);
	}
	column_release(&c);
	yg_free(text);
	yg_free(field);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_agree_with_bytes),
		cmocka_unit_test(fields_come_back),
		cmocka_unit_test(pieces_do_not_matter),
		cmocka_unit_test(cuts_fall_where_blocks_begin),
		cmocka_unit_test(quick_and_slow_numbers_agree),
		cmocka_unit_test(quick_and_slow_integers_agree),
		cmocka_unit_test(what_looks_like_a_number),
		cmocka_unit_test(every_day_of_four_centuries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
