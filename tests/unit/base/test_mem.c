/* Data arrays are aligned, counted and can fail; small things cannot; an arena ends at once. */
#include "tests/unit/test.h"

#include "yogo/base/buf.h"
#include "yogo/base/map.h"
#include "yogo/base/mem.h"

static void data_arrays_are_aligned_and_counted(void **state)
{
	(void)state;
	uint64_t before = yg_mem_in_use();
	for (size_t n = 0; n < 300; n += 7) {
		unsigned char *p = yg_data_calloc(n, 3);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 64, 0);
		for (size_t i = 0; i < 3 * n; i++)
			assert_int_equal(p[i], 0);
		assert_int_equal(yg_mem_in_use() - before, 3 * n);
		memset(p, 0xFF, 3 * n);
		yg_data_free(p);
	}
	yg_data_free(NULL);
	assert_int_equal(yg_mem_in_use(), before);
}

static void the_limit_refuses_and_gives_back(void **state)
{
	(void)state;
	yg_mem_set_limit(yg_mem_in_use() + 1000);
	void *a = yg_data_alloc(600, 1);
	assert_non_null(a);
	assert_null(yg_data_alloc(600, 1));
	void *b = yg_data_alloc(400, 1);
	assert_non_null(b);
	yg_data_free(a);
	yg_data_free(b);
	yg_mem_set_limit(0);
}

/* Large arrays reuse blocks that were given back: zeros must still be zeros, and a refusal leaves all as it was. */
static void large_arrays_come_back_clean(void **state)
{
	(void)state;
	uint64_t before = yg_mem_in_use();
	size_t n = (size_t)5 << 20;
	for (int round = 0; round < 3; round++) {
		unsigned char *a = yg_data_calloc(n, 1), *b = yg_data_alloc(n + n / 8, 1), *c = yg_data_calloc(3 * n, 1);
		assert_non_null(a);
		assert_non_null(b);
		assert_non_null(c);
		assert_int_equal((uintptr_t)a % 64, 0);
		for (size_t i = 0; i < n; i += 509)
			assert_int_equal(a[i] | c[3 * i] | c[3 * i + 2], 0);
		assert_int_equal(a[n - 1] | c[3 * n - 1], 0);
		memset(a, 0xFF, n);
		memset(b, 0xFF, n + n / 8);
		memset(c, 0xFF, 3 * n);
		yg_data_free(a);
		yg_data_free(b);
		yg_data_free(c);
	}
	assert_null(yg_data_calloc(SIZE_MAX / 4, 3));
	assert_int_equal(yg_mem_in_use(), before);
}

static void an_overflowing_product_is_refused(void **state)
{
	(void)state;
	assert_null(yg_data_alloc(SIZE_MAX / 2, 3));
	assert_null(yg_data_alloc(SIZE_MAX, 1));
}

static void the_kth_allocation_fails_once(void **state)
{
	(void)state;
	yg_mem_fail_at(3);
	void *p[4];
	for (int i = 0; i < 4; i++)
		p[i] = yg_data_alloc(8, 1);
	assert_non_null(p[0]);
	assert_non_null(p[1]);
	assert_null(p[2]);
	assert_non_null(p[3]);
	for (int i = 0; i < 4; i++)
		yg_data_free(p[i]);
	yg_mem_fail_at(0);
}

static void small_things(void **state)
{
	(void)state;
	char *a = yg_xstrndup("abc", 2), *b = yg_xasprintf("%d-%s", 5, "x"), *c = yg_xalloc(0, 0);
	assert_string_equal(a, "ab");
	assert_string_equal(b, "5-x");
	assert_non_null(c);
	assert_null(yg_xstrdup(NULL));
	yg_free(a);
	yg_free(b);
	yg_free(c);
	int *v = NULL, n = 0, cap = 0;
	for (; n < 100; n++) {
		YG_GROW(v, n, cap);
		v[n] = n;
	}
	assert_int_equal(v[99], 99);
	yg_free(v);
}

static void an_arena_gives_zeroed_aligned_memory(void **state)
{
	(void)state;
	struct yg_arena arena;
	yg_arena_init(&arena);
	for (size_t n = 1; n < 100000; n = n * 3 + 1) {
		unsigned char *p = yg_arena_alloc(&arena, n, 1);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 1, n);
	}
	assert_string_equal(yg_arena_printf(&arena, "%s %d", yg_arena_strdup(&arena, "row"), 3), "row 3");
	assert_string_equal(yg_arena_strndup(&arena, "abcdef", 3), "abc");
	yg_arena_release(&arena);
	assert_null(arena.chunk);
	yg_arena_release(&arena);
}

static void a_buffer_grows_and_always_ends_with_nul(void **state)
{
	(void)state;
	struct yg_buf b = YG_BUF_INIT;
	assert_string_equal(b.data, "");
	yg_buf_clear(&b);
	yg_buf_addf(&b, "%s", "");
	yg_buf_addf(&b, "%d,", 12);
	yg_buf_adds(&b, "ab");
	yg_buf_addc(&b, 0);
	yg_buf_fill(&b, 'x', 100);
	assert_int_equal(b.len, 106);
	assert_memory_equal(b.data, "12,ab\0xx", 8);
	yg_buf_clear(&b);
	yg_buf_add_le32(&b, 0x01020304);
	yg_buf_add_le64(&b, 0x0102030405060708);
	assert_memory_equal(b.data, "\4\3\2\1\x8\7\6\5\4\3\2\1", 13);
	for (int i = 0; i < 1000; i++)
		yg_buf_addf(&b, "%05d", i);
	assert_int_equal(b.len, 5012);
	assert_string_equal(b.data + b.len - 5, "00999");
	char *taken = yg_buf_take(&b);
	assert_int_equal(b.len, 0);
	yg_free(taken);
	taken = yg_buf_take(&b);
	assert_string_equal(taken, "");
	yg_free(taken);
	yg_buf_release(&b);
}

static void a_map_keeps_the_order_of_insertion(void **state)
{
	(void)state;
	struct yg_map map;
	char key[16];
	static int value[1000];
	yg_map_init(&map);
	assert_null(yg_map_get(&map, "x"));
	assert_null(yg_map_remove(&map, "x"));
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", (i * 7919) % 1000);
		assert_null(yg_map_put(&map, key, &value[i]));
	}
	assert_int_equal(map.count, 1000);
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", (i * 7919) % 1000);
		assert_string_equal(map.entry[i].key, key);
		assert_ptr_equal(yg_map_get(&map, key), &value[i]);
	}
	assert_ptr_equal(yg_map_put(&map, "k0", &value[5]), &value[0]);
	assert_ptr_equal(yg_map_remove(&map, "k0"), &value[5]);
	assert_int_equal(yg_map_find(&map, "k0", 2), -1);
	assert_int_equal(yg_map_find(&map, "k919", 4), 0); /* the rest moved up */
	/* dictionary use: bytes with NUL and the empty key */
	assert_int_equal(yg_map_intern(&map, "a\0b", 3), 999);
	assert_int_equal(yg_map_intern(&map, "a\0c", 3), 1000);
	assert_int_equal(yg_map_intern(&map, "", 0), 1001);
	assert_int_equal(yg_map_intern(&map, "a\0b", 3), 999);
	yg_map_release(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_arrays_are_aligned_and_counted),
		cmocka_unit_test(the_limit_refuses_and_gives_back),
		cmocka_unit_test(large_arrays_come_back_clean),
		cmocka_unit_test(an_overflowing_product_is_refused),
		cmocka_unit_test(the_kth_allocation_fails_once),
		cmocka_unit_test(small_things),
		cmocka_unit_test(an_arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(a_buffer_grows_and_always_ends_with_nul),
		cmocka_unit_test(a_map_keeps_the_order_of_insertion),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
