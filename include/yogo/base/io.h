/*
 * The only file calls of the program (SQLite and libraries that read through their own apart).
 * Retries EINTR and short transfers; messages name the path, escaped.  umask 077 is set in main.
 */
#ifndef YOGO_BASE_IO_H
#define YOGO_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/hash.h"
#include "yogo/base/status.h"

/* Whole regular file into buf; refuses more than limit bytes (0 = 64 MiB). */
enum yg_status yg_io_read_file(const char *path, uint64_t limit, struct yg_buf *out, struct yg_err *err) YG_MUST_USE;
/* Write to a temporary file beside path, fsync, rename, fsync the folder: whole or absent. */
enum yg_status yg_io_write_file(const char *path, const void *bytes, size_t n, struct yg_err *err) YG_MUST_USE;
/* A name for a temporary file in the folder of path (O_EXCL created, mode 0600); yg_free() it. */
enum yg_status yg_io_temporary(const char *path, char **out_path, int *out_fd, struct yg_err *err) YG_MUST_USE;
/* fsync the file, rename it onto path, fsync the folder. */
enum yg_status yg_io_commit(const char *temporary, const char *path, struct yg_err *err) YG_MUST_USE;
/* A hint to begin writing the file's bytes to the disk, so that a later fsync waits less. */
void yg_io_write_soon(int fd);
enum yg_status yg_io_write_all(int fd, const void *bytes, size_t n, const char *path, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_io_pread(int fd, void *bytes, size_t n, uint64_t offset, const char *path, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_io_open_read(const char *path, int *out_fd, uint64_t *out_size, struct yg_err *err) YG_MUST_USE; /* regular files only */
enum yg_status yg_io_make_folder(const char *path, struct yg_err *err) YG_MUST_USE; /* with parents */
bool yg_io_exists(const char *path);
void yg_io_remove(const char *path);
void yg_io_close(int fd);
/* SHA-256 of the file's bytes from offset 0 to length. */
enum yg_status yg_io_digest(const char *path, uint64_t length, struct yg_digest *out, struct yg_err *err) YG_MUST_USE;

/* Copy a regular file: whole or absent. */
enum yg_status yg_io_copy(const char *from, const char *to, struct yg_err *err) YG_MUST_USE;
/* A new folder of mode 0700 under $TMPDIR or /tmp; yg_free() the path.  The second removes the files in it, and it. */
enum yg_status yg_io_private_folder(char **out_path, struct yg_err *err) YG_MUST_USE;
void yg_io_remove_folder(const char *path);
/* Device and inode, to know a file again under another name; false when there is none. */
bool yg_io_identity(const char *path, uint64_t out[2]);
/* Does another process hold a POSIX write lock in [start, start + length)?  Its id, 0 when unknown.
   Never ask about a file this process has locked itself: closing the descriptor would drop the lock. */
bool yg_io_locked(const char *path, uint64_t start, uint64_t length, long *pid);
/* Random bytes from the kernel, n <= 256. */
void yg_io_random(void *bytes, size_t n);

/* Names in a folder, sorted: regular files ending in suffix (NULL = all) and folders with "/" behind; hidden ones left
   out.  In the arena; 0 when it cannot be read. */
struct yg_arena;
size_t yg_io_list_folder(const char *path, const char *suffix, struct yg_arena *arena, const char *const **names);

/* Path text: join, folder part (without the last slash, "." if none), file part, stem (file part
   without its last extension).  All return new strings: yg_free(). */
char *yg_path_join(const char *folder, const char *name);
char *yg_path_folder(const char *path);
const char *yg_path_file(const char *path);
char *yg_path_stem(const char *path);
/* True when the path is relative and has no ".." part. */
bool yg_path_inside(const char *path);

#endif
