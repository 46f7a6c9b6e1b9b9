/* Files are written whole or not at all, and read whole or refused with a reason. */
#include "tests/unit/test.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yogo/base/io.h"
#include "yogo/base/mem.h"

static char folder[] = "/tmp/yogo-test-io-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	static const char *const inner[] = { "x/y/z", "x/y", "x" };
	for (size_t i = 0; i < 3; i++) {
		char *path = yg_path_join(folder, inner[i]);
		rmdir(path);
		yg_free(path);
	}
	yg_io_remove_folder(folder);
	return yg_io_exists(folder) ? -1 : 0;
}

static void write_read_digest(void **state)
{
	(void)state;
	struct yg_err err;
	struct yg_buf b = YG_BUF_INIT, big = YG_BUF_INIT;
	char *path = yg_path_join(folder, "a.bin");
	yg_buf_fill(&big, 'x', 3000000);
	assert_int_equal(yg_io_write_file(path, big.data, big.len, &err), YG_OK);
	assert_true(yg_io_exists(path));
	assert_int_equal(yg_io_read_file(path, 0, &b, &err), YG_OK);
	assert_int_equal(b.len, big.len);
	assert_memory_equal(b.data, big.data, big.len);
	struct yg_digest d, e = yg_sha256_of(big.data, 2500000);
	assert_int_equal(yg_io_digest(path, 2500000, &d, &err), YG_OK);
	assert_int_equal(yg_digest_cmp(&d, &e), 0);
	/* past the end is damage */
	assert_int_equal(yg_io_digest(path, 3000001, &d, &err), YG_EDAMAGED);
	/* over the limit */
	assert_int_equal(yg_io_read_file(path, 2999999, &b, &err), YG_ELIMIT);
	assert_int_equal(yg_io_read_file(path, 3000000, &b, &err), YG_OK);
	/* replaced whole, nothing left beside it */
	assert_int_equal(yg_io_write_file(path, "", 0, &err), YG_OK);
	assert_int_equal(yg_io_read_file(path, 0, &b, &err), YG_OK);
	assert_int_equal(b.len, 0);
	struct dirent **names;
	assert_int_equal(scandir(folder, &names, NULL, alphasort), 3);
	assert_string_equal(names[2]->d_name, "a.bin");
	for (int i = 0; i < 3; i++)
		free(names[i]);
	free(names);
	yg_io_remove(path);
	assert_false(yg_io_exists(path));
	yg_free(path);
	yg_buf_release(&b);
	yg_buf_release(&big);
}

static void refusals_name_the_path_visibly(void **state)
{
	(void)state;
	struct yg_err err;
	struct yg_buf b = YG_BUF_INIT;
	assert_int_equal(yg_io_read_file("/nonexistent/\x1b[2J", 0, &b, &err), YG_EINPUT);
	assert_non_null(strstr(err.text, "\\x1b[2J"));
	assert_int_equal(yg_io_read_file(folder, 0, &b, &err), YG_EINPUT);
	assert_non_null(strstr(err.text, "not a regular file"));
	char *fifo = yg_path_join(folder, "fifo");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(yg_io_read_file(fifo, 0, &b, &err), YG_EINPUT);
	assert_int_equal(yg_io_write_file("/nonexistent/x", "a", 1, &err), YG_EIO);
	yg_free(fifo);
	yg_buf_release(&b);
}

static void a_temporary_file_takes_the_place(void **state)
{
	(void)state;
	struct yg_err err;
	char *path = yg_path_join(folder, "t.out"), *temporary;
	int fd;
	assert_int_equal(yg_io_temporary(path, &temporary, &fd, &err), YG_OK);
	struct stat st;
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(yg_io_write_all(fd, "hello", 5, path, &err), YG_OK);
	yg_io_close(fd);
	assert_false(yg_io_exists(path));
	assert_int_equal(yg_io_commit(temporary, path, &err), YG_OK);
	assert_true(yg_io_exists(path));
	assert_false(yg_io_exists(temporary));
	uint64_t size;
	char text[5];
	assert_int_equal(yg_io_open_read(path, &fd, &size, &err), YG_OK);
	assert_int_equal(size, 5);
	assert_int_equal(yg_io_pread(fd, text, 3, 2, path, &err), YG_OK);
	assert_memory_equal(text, "llo", 3);
	assert_int_equal(yg_io_pread(fd, text, 3, 3, path, &err), YG_EDAMAGED);
	yg_io_close(fd);
	yg_free(path);
	yg_free(temporary);
}

static void folders_with_parents(void **state)
{
	(void)state;
	struct yg_err err;
	char *path = yg_path_join(folder, "x/y/z");
	assert_int_equal(yg_io_make_folder(path, &err), YG_OK);
	assert_int_equal(yg_io_make_folder(path, &err), YG_OK);
	assert_true(yg_io_exists(path));
	char *file = yg_path_join(folder, "plain"), *below = yg_path_join(file, "q");
	assert_int_equal(yg_io_write_file(file, "a", 1, &err), YG_OK);
	assert_int_equal(yg_io_make_folder(file, &err), YG_EIO);
	assert_int_equal(yg_io_make_folder(below, &err), YG_EIO);
	yg_free(path);
	yg_free(file);
	yg_free(below);
}

static void part(char *(*fn)(const char *), const char *path, const char *expected)
{
	char *s = fn(path);
	assert_string_equal(s, expected);
	yg_free(s);
}

static void path_text(void **state)
{
	(void)state;
	part(yg_path_folder, "a/b.c", "a");
	part(yg_path_folder, "b.c", ".");
	part(yg_path_folder, "/b.c", "/");
	part(yg_path_folder, "a//b", "a");
	part(yg_path_stem, "x/trial.v1.csv", "trial.v1");
	part(yg_path_stem, "x.y/trial", "trial");
	part(yg_path_stem, ".hidden", ".hidden");
	assert_string_equal(yg_path_file("a/b.c"), "b.c");
	char *j = yg_path_join("a/", "b");
	assert_string_equal(j, "a/b");
	yg_free(j);
	j = yg_path_join("a", "/b");
	assert_string_equal(j, "/b");
	yg_free(j);
	assert_true(yg_path_inside("a/b"));
	assert_true(yg_path_inside("a/..b/c.."));
	assert_false(yg_path_inside("a/../b"));
	assert_false(yg_path_inside(".."));
	assert_false(yg_path_inside("a/.."));
	assert_false(yg_path_inside("/a"));
	assert_false(yg_path_inside(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_read_digest),
		cmocka_unit_test(refusals_name_the_path_visibly),
		cmocka_unit_test(a_temporary_file_takes_the_place),
		cmocka_unit_test(folders_with_parents),
		cmocka_unit_test(path_text),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
