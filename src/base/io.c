/* File calls: whole reads, writes that are whole or absent, digests of files. */
#include "yogo/base/io.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/text.h"

#define READ_LIMIT (UINT64_C(64) << 20)
#define DIGEST_CHUNK ((size_t)1 << 20)

/* The path with controls made visible and long ones cut at the front, for messages. */
struct shown {
	char text[512];
};
static struct shown show(const char *path)
{
	struct shown s;
	struct yg_buf b = YG_BUF_INIT;
	yg_escape_terminal(&b, path, strlen(path));
	size_t skip = b.len >= sizeof s.text ? b.len - sizeof s.text + 4 : 0;
	while (skip && ((unsigned char)b.data[skip] & 0xC0) == 0x80)
		skip++;
	snprintf(s.text, sizeof s.text, "%s%s", skip ? "..." : "", b.data + skip);
	yg_buf_release(&b);
	return s;
}

static const char *reason(int number, char buffer[128])
{
	return strerror_r(number, buffer, 128);
}

/* What a person can mend is an input error, the rest is the storage's. */
static enum yg_status fail_open(struct yg_err *err, const char *path, int number)
{
	char text[128];
	bool mendable = number == ENOENT || number == EACCES || number == ENOTDIR || number == ELOOP ||
	                number == ENAMETOOLONG || number == EPERM;
	return yg_fail(err, mendable ? YG_EINPUT : YG_EIO, "E-IO-001", N_("cannot open %s: %s"), show(path).text,
	               reason(number, text));
}

static enum yg_status fail_call(struct yg_err *err, const char *code, const char *format_verb, const char *path,
                                int number)
{
	char text[128];
	return yg_fail(err, number == ENOMEM ? YG_ENOMEM : YG_EIO, code, N_("cannot %s %s: %s"), gettext(format_verb),
	               show(path).text, reason(number, text));
}

void yg_io_close(int fd)
{
	if (fd >= 0)
		close(fd); /* after EINTR the descriptor is gone on Linux: never again */
}

enum yg_status yg_io_open_read(const char *path, int *out_fd, uint64_t *out_size, struct yg_err *err)
{
	int fd;
	do
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* a FIFO must not hang us */
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return fail_open(err, path, errno);
	struct stat st;
	if (fstat(fd, &st) != 0) {
		int number = errno;
		close(fd);
		return fail_call(err, "E-IO-002", N_("read"), path, number);
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return yg_fail(err, YG_EINPUT, "E-IO-003", N_("%s is not a regular file"), show(path).text);
	}
	*out_fd = fd;
	if (out_size)
		*out_size = (uint64_t)st.st_size;
	return YG_OK;
}

/* Up to n bytes, fewer only at the end of the file; -1 with errno. */
static ssize_t pread_full(int fd, void *bytes, size_t n, uint64_t offset)
{
	size_t got = 0;
	while (got < n) {
		ssize_t r = pread(fd, (char *)bytes + got, n - got, (off_t)(offset + got));
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

enum yg_status yg_io_pread(int fd, void *bytes, size_t n, uint64_t offset, const char *path, struct yg_err *err)
{
	ssize_t got = pread_full(fd, bytes, n, offset);
	if (got < 0)
		return fail_call(err, "E-IO-002", N_("read"), path, errno);
	if ((size_t)got < n)
		return yg_fail(err, YG_EDAMAGED, "E-IO-004", N_("%s is shorter than it should be: %zu bytes are missing"),
		               show(path).text, n - (size_t)got);
	return YG_OK;
}

enum yg_status yg_io_read_file(const char *path, uint64_t limit, struct yg_buf *out, struct yg_err *err)
{
	int fd;
	uint64_t size;
	if (!limit)
		limit = READ_LIMIT;
	YG_TRY(yg_io_open_read(path, &fd, &size, err));
	struct yg_buf b = YG_BUF_INIT;
	enum yg_status status = YG_OK;
	/* The size is a hint only: files in /proc say 0, and a file may grow. */
	size_t want = size < limit ? (size_t)size + 1 : (size_t)limit + 1;
	for (;;) {
		yg_buf_reserve(&b, want);
		ssize_t got = pread_full(fd, b.data + b.len, want, b.len);
		if (got < 0) {
			status = fail_call(err, "E-IO-002", N_("read"), path, errno);
			break;
		}
		b.len += (size_t)got;
		b.data[b.len] = 0;
		if (b.len > limit) {
			status = yg_fail(err, YG_ELIMIT, "E-IO-005", N_("%s is larger than the %llu bytes allowed here"),
			                 show(path).text, (unsigned long long)limit);
			break;
		}
		if ((size_t)got < want)
			break;
		want = b.len < limit - b.len ? b.len : (size_t)(limit - b.len) + 1;
	}
	yg_io_close(fd);
	if (status == YG_OK) {
		yg_buf_release(out);
		*out = b;
	} else {
		yg_buf_release(&b);
	}
	return status;
}

enum yg_status yg_io_write_all(int fd, const void *bytes, size_t n, const char *path, struct yg_err *err)
{
	size_t done = 0;
	while (done < n) {
		ssize_t w = write(fd, (const char *)bytes + done, n - done);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return fail_call(err, "E-IO-006", N_("write"), path, errno);
		done += (size_t)w;
	}
	return YG_OK;
}

enum yg_status yg_io_temporary(const char *path, char **out_path, int *out_fd, struct yg_err *err)
{
	char *folder = yg_path_folder(path);
	char *name = yg_xasprintf(".%s.XXXXXX", yg_path_file(path));
	char *temporary = yg_path_join(folder, name);
	yg_free(folder);
	yg_free(name);
	int fd = mkostemp(temporary, O_CLOEXEC); /* O_EXCL, mode 0600 */
	if (fd < 0) {
		enum yg_status s = fail_call(err, "E-IO-007", N_("create a temporary file beside"), path, errno);
		yg_free(temporary);
		return s;
	}
	*out_path = temporary;
	*out_fd = fd;
	return YG_OK;
}

static enum yg_status sync_path(const char *path, int flags, struct yg_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	if (fd < 0)
		return fail_call(err, "E-IO-008", N_("open to make it durable"), path, errno);
	/* Never repeated after a failure: the kernel may have dropped the pages and say yes next time. */
	int bad = fsync(fd), number = errno;
	yg_io_close(fd);
	if (bad && !(flags && (number == EINVAL || number == ENOTSUP)))
		return fail_call(err, "E-IO-009", N_("make durable (fsync)"), path, number);
	return YG_OK;
}

void yg_io_write_soon(int fd)
{
#ifdef SYNC_FILE_RANGE_WRITE
	(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#else
	(void)fd;
#endif
}

enum yg_status yg_io_commit(const char *temporary, const char *path, struct yg_err *err)
{
	YG_TRY(sync_path(temporary, 0, err));
	if (rename(temporary, path) != 0)
		return fail_call(err, "E-IO-010", N_("put in place"), path, errno);
	char *folder = yg_path_folder(path);
	enum yg_status s = sync_path(folder, O_DIRECTORY, err);
	yg_free(folder);
	return s;
}

enum yg_status yg_io_write_file(const char *path, const void *bytes, size_t n, struct yg_err *err)
{
	char *temporary;
	int fd;
	YG_TRY(yg_io_temporary(path, &temporary, &fd, err));
	enum yg_status s = yg_io_write_all(fd, bytes, n, path, err);
	if (close(fd) != 0 && s == YG_OK && errno != EINTR)
		s = fail_call(err, "E-IO-006", N_("write"), path, errno);
	if (s == YG_OK)
		s = yg_io_commit(temporary, path, err);
	if (s != YG_OK)
		unlink(temporary);
	yg_free(temporary);
	return s;
}

enum yg_status yg_io_make_folder(const char *path, struct yg_err *err)
{
	if (mkdir(path, 0777) == 0)
		return YG_OK;
	int number = errno;
	struct stat st;
	if (number == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return YG_OK;
	if (number == ENOENT) {
		char *parent = yg_path_folder(path);
		bool shorter = strlen(parent) < strlen(path) && strcmp(parent, ".") != 0;
		enum yg_status s = shorter ? yg_io_make_folder(parent, err) : YG_OK;
		yg_free(parent);
		if (s != YG_OK)
			return s;
		if (shorter && (mkdir(path, 0777) == 0 || errno == EEXIST))
			return YG_OK;
	}
	return fail_call(err, "E-IO-011", N_("create the folder"), path, number);
}

bool yg_io_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

void yg_io_remove(const char *path)
{
	unlink(path);
}

enum yg_status yg_io_digest(const char *path, uint64_t length, struct yg_digest *out, struct yg_err *err)
{
	int fd;
	YG_TRY(yg_io_open_read(path, &fd, NULL, err));
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	unsigned char *chunk = yg_xalloc(DIGEST_CHUNK, 1);
	struct yg_sha256 h;
	yg_sha256_init(&h);
	enum yg_status s = YG_OK;
	for (uint64_t at = 0; at < length && s == YG_OK;) {
		size_t n = length - at < DIGEST_CHUNK ? (size_t)(length - at) : DIGEST_CHUNK;
		s = yg_io_pread(fd, chunk, n, at, path, err);
		if (s == YG_OK)
			yg_sha256_add(&h, chunk, n);
		at += n;
	}
	struct yg_digest d = yg_sha256_end(&h);
	yg_free(chunk);
	yg_io_close(fd);
	if (s == YG_OK)
		*out = d;
	return s;
}

enum yg_status yg_io_copy(const char *from, const char *to, struct yg_err *err)
{
	int in, out;
	uint64_t size;
	char *temporary;
	YG_TRY(yg_io_open_read(from, &in, &size, err));
	enum yg_status s = yg_io_temporary(to, &temporary, &out, err);
	if (s != YG_OK) {
		yg_io_close(in);
		return s;
	}
	unsigned char *chunk = yg_xalloc(DIGEST_CHUNK, 1);
	for (uint64_t at = 0; at < size && s == YG_OK;) {
		size_t n = size - at < DIGEST_CHUNK ? (size_t)(size - at) : DIGEST_CHUNK;
		s = yg_io_pread(in, chunk, n, at, from, err);
		if (s == YG_OK)
			s = yg_io_write_all(out, chunk, n, to, err);
		at += n;
	}
	yg_free(chunk);
	yg_io_close(in);
	yg_io_close(out);
	if (s == YG_OK)
		s = yg_io_commit(temporary, to, err);
	if (s != YG_OK)
		unlink(temporary);
	yg_free(temporary);
	return s;
}

enum yg_status yg_io_private_folder(char **out_path, struct yg_err *err)
{
	const char *parent = getenv("TMPDIR");
	char *path = yg_path_join(parent && *parent ? parent : "/tmp", "yogo-XXXXXX");
	if (!mkdtemp(path)) {
		enum yg_status s = fail_call(err, "E-IO-011", N_("create the folder"), path, errno);
		yg_free(path);
		return s;
	}
	*out_path = path;
	return YG_OK;
}

void yg_io_remove_folder(const char *path)
{
	DIR *dir = opendir(path);
	if (!dir)
		return;
	struct dirent *entry;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(path);
}

bool yg_io_identity(const char *path, uint64_t out[2])
{
	struct stat st;
	if (stat(path, &st) != 0)
		return false;
	out[0] = (uint64_t)st.st_dev;
	out[1] = (uint64_t)st.st_ino;
	return true;
}

bool yg_io_locked(const char *path, uint64_t start, uint64_t length, long *pid)
{
	int fd;
	*pid = 0;
	if (yg_io_open_read(path, &fd, NULL, NULL) != YG_OK)
		return false;
	/* asking for a read lock: only somebody's write lock is in its way */
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = (off_t)start, .l_len = (off_t)length };
	bool locked = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
	if (locked && lock.l_pid > 0)
		*pid = (long)lock.l_pid;
	yg_io_close(fd);
	return locked;
}

void yg_io_random(void *bytes, size_t n)
{
	assert(n <= 256);
	if (getentropy(bytes, n) != 0) {
		/* only before Linux 3.17 or in a broken sandbox: no key may be made from anything else */
		fputs("yogo: E-IO-012: the kernel gives no random numbers\n", stderr);
		_exit(5);
	}
}
