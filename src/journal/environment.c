/*
 * The environment record: what could make the same program give other numbers, as one canonical
 * object, equal bytes for equal environments.
 */
#include "journal/journal_priv.h"

#include <dlfcn.h>
#include <elf.h>
#include <fenv.h>
#include <gnu/libc-version.h>
#include <link.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "yogo/base/canon.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

/* Texts from the machine are not ours: whatever is not plain is made visible. */
static void put(struct yg_canon *c, const char *key, const char *text)
{
	struct yg_buf clean = YG_BUF_INIT;
	yg_escape_terminal(&clean, text ? text : "", text ? strlen(text) : 0);
	yg_canon_key(c, key);
	yg_canon_string(c, clean.data);
	yg_buf_release(&clean);
}

static void put_commitment(struct yg_canon *c, const struct yg_journal *j, const char *key, const char *text)
{
	struct yg_digest d;
	char hex[65], value[80];
	yg_canon_key(c, key);
	if (!text || !yg_journal_commit(j, key, text, strlen(text), &d)) {
		yg_canon_null(c);
		return;
	}
	yg_digest_hex(&d, hex);
	snprintf(value, sizeof value, "commit:%s", hex);
	yg_canon_string(c, value);
}

/* The value after "name : " in the first processor's part of /proc/cpuinfo. */
static void put_cpu(struct yg_canon *c)
{
	static const char *const field[][2] = { { "family", "cpu family" }, { "flags", "flags" },   { "model", "model" },
		                                { "name", "model name" },   { "stepping", "stepping" }, { "vendor", "vendor_id" } };
	struct yg_buf text = YG_BUF_INIT;
	if (yg_io_read_file("/proc/cpuinfo", 0, &text, NULL) != YG_OK)
		yg_buf_clear(&text);
	yg_canon_key(c, "cpu");
	yg_canon_open(c);
	for (size_t i = 0; i < sizeof field / sizeof *field; i++) {
		struct yg_buf value = YG_BUF_INIT;
		size_t n = strlen(field[i][1]);
		const char *line = text.data;
		while (line && *line && *line != '\n') { /* an empty line ends the first processor */
			const char *end = strchrnul(line, '\n'), *colon = memchr(line, ':', (size_t)(end - line));
			if (colon && strncmp(line, field[i][1], n) == 0 && (line[n] == '\t' || line[n] == ' ' || line[n] == ':')) {
				const char *first = colon + 1 + (colon[1] == ' ');
				/* "model" is also how "model name" begins */
				if (line + n + strspn(line + n, "\t ") == colon && first <= end)
					yg_buf_add(&value, first, (size_t)(end - first));
			}
			line = *end ? end + 1 : NULL;
		}
		put(c, field[i][0], value.data);
		yg_buf_release(&value);
	}
	yg_canon_close(c);
	yg_buf_release(&text);
}

static void put_floating_point(struct yg_canon *c)
{
	yg_canon_key(c, "fp");
	yg_canon_open(c);
#ifdef __SSE__
	yg_canon_key(c, "mxcsr");
	yg_canon_int(c, (int64_t)(__builtin_ia32_stmxcsr() & 0xFFC0u)); /* the low bits are flags of the past */
#endif
	yg_canon_key(c, "rounding");
	yg_canon_int(c, fegetround());
	yg_canon_close(c);
}

static void put_locale(struct yg_canon *c)
{
	static const char *const name[] = { "LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES",
		                            "LC_NUMERIC", "LC_TIME" };
	static const char *const key[] = { "lang", "language", "lc_all", "lc_collate", "lc_ctype", "lc_messages",
		                           "lc_numeric", "lc_time" };
	yg_canon_key(c, "locale");
	yg_canon_open(c);
	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		put(c, key[i], getenv(name[i]));
	yg_canon_close(c);
}

/* ---- shared objects ---- */

struct shared {
	char *path;
	char id[80];
};
struct shared_list {
	struct shared *v;
	size_t n, cap;
};

static void build_id(const struct dl_phdr_info *info, char out[80])
{
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_NOTE)
			continue;
		const unsigned char *p = (const unsigned char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
		size_t left = info->dlpi_phdr[i].p_memsz;
		while (left >= sizeof(ElfW(Nhdr))) {
			ElfW(Nhdr) note;
			memcpy(&note, p, sizeof note);
			size_t name = (note.n_namesz + 3u) & ~3u, desc = (note.n_descsz + 3u) & ~3u;
			if (name > left || desc > left || sizeof note + name + desc > left)
				break;
			const unsigned char *id = p + sizeof note + name;
			if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(p + sizeof note, "GNU", 4) == 0) {
				for (size_t b = 0; b < note.n_descsz && b < 32; b++)
					snprintf(out + 2 * b, 3, "%02x", id[b]);
				return;
			}
			p += sizeof note + name + desc;
			left -= sizeof note + name + desc;
		}
	}
}

static int add_shared(struct dl_phdr_info *info, size_t size, void *context)
{
	struct shared_list *list = context;
	(void)size;
	if (!info->dlpi_name || info->dlpi_name[0] != '/') /* the program itself (digest in every entry), the vdso */
		return 0;
	YG_GROW(list->v, list->n, list->cap);
	struct shared *s = &list->v[list->n++];
	memset(s, 0, sizeof *s);
	s->path = yg_xstrdup(info->dlpi_name);
	build_id(info, s->id);
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct shared *)a)->path, ((const struct shared *)b)->path);
}

static void file_digest(const char *path, char out[80])
{
	int fd;
	uint64_t size;
	struct yg_digest d;
	char hex[65];
	if (yg_io_open_read(path, &fd, &size, NULL) != YG_OK)
		return;
	yg_io_close(fd);
	if (yg_io_digest(path, size, &d, NULL) != YG_OK)
		return;
	yg_digest_hex(&d, hex);
	snprintf(out, 80, "sha256:%s", hex);
}

static void put_shared_objects(struct yg_canon *c)
{
	struct shared_list list = { 0 };
	dl_iterate_phdr(add_shared, &list);
	if (list.n)
		qsort(list.v, list.n, sizeof *list.v, by_path);
	yg_canon_key(c, "objects");
	yg_canon_open_array(c);
	for (size_t i = 0; i < list.n; i++) {
		if (!list.v[i].id[0])
			file_digest(list.v[i].path, list.v[i].id);
		yg_canon_open(c);
		put(c, "id", list.v[i].id);
		put(c, "path", list.v[i].path);
		yg_canon_close(c);
		yg_free(list.v[i].path);
	}
	yg_canon_close_array(c);
	yg_free(list.v);
}

static void put_sqlite(struct yg_canon *c)
{
	const char *option;
	yg_canon_key(c, "sqlite");
	yg_canon_open(c);
	yg_canon_key(c, "options");
	yg_canon_open_array(c);
	for (int i = 0; (option = sqlite3_compileoption_get(i)); i++)
		yg_canon_string(c, option);
	yg_canon_close_array(c);
	put(c, "source", sqlite3_sourceid());
	put(c, "version", sqlite3_libversion());
	yg_canon_close(c);
}

static void put_kernel(struct yg_canon *c, const struct utsname *u)
{
	yg_canon_key(c, "kernel");
	yg_canon_open(c);
	put(c, "machine", u->machine);
	put(c, "release", u->release);
	put(c, "system", u->sysname);
	put(c, "version", u->version);
	yg_canon_close(c);
}

static void put_tzdata(struct yg_canon *c)
{
	struct yg_buf text = YG_BUF_INIT;
	if (yg_io_read_file("/usr/share/zoneinfo/tzdata.zi", 0, &text, NULL) != YG_OK)
		yg_buf_clear(&text);
	/* first line: "# version 2024a" */
	size_t n = strcspn(text.data, "\n");
	char version[64] = "";
	if (n < sizeof version && strncmp(text.data, "# version ", 10) == 0)
		snprintf(version, sizeof version, "%.*s", (int)(n - 10), text.data + 10);
	put(c, "tzdata", version);
	yg_buf_release(&text);
}

static const char *login(void)
{
	const struct passwd *p = getpwuid(getuid());
	return p ? p->pw_name : NULL;
}

void yg_environment_write(const struct yg_journal *j, const struct yg_journal_session *session, struct yg_buf *out)
{
	struct yg_canon c;
	struct utsname u;
	struct statfs fs;
	if (uname(&u) != 0)
		memset(&u, 0, sizeof u);
	char *folder = yg_path_folder(j->path);
	int64_t fs_type = statfs(folder, &fs) == 0 ? (int64_t)fs.f_type : 0;
	yg_free(folder);
	mode_t mask = umask(077); /* there is no way to ask without setting */
	umask(mask);
	int64_t page = sysconf(_SC_PAGESIZE), pages = sysconf(_SC_PHYS_PAGES);

	yg_canon_init(&c, out);
	yg_canon_open(&c);
	put(&c, "compiler", __VERSION__);
	put_cpu(&c);
	yg_canon_key(&c, "filesystem");
	yg_canon_int(&c, fs_type);
	put(&c, "flags", session->flags);
	put_floating_point(&c);
	put_commitment(&c, j, "host", u.nodename[0] ? u.nodename : NULL);
	put_kernel(&c, &u);
	put(&c, "libc", gnu_get_libc_version());
	put(&c, "libcrypto", OpenSSL_version(OPENSSL_VERSION));
	yg_canon_key(&c, "libraries");
	yg_canon_open_array(&c);
	for (size_t i = 0; i < session->nlibraries; i++)
		yg_canon_string(&c, session->library[i]);
	yg_canon_close_array(&c);
	put_locale(&c);
	yg_canon_key(&c, "memory");
	yg_canon_int(&c, page > 0 && pages > 0 ? page * pages : 0);
	put_shared_objects(&c);
	put(&c, "options", session->options);
	yg_canon_key(&c, "page");
	yg_canon_int(&c, page);
	put_sqlite(&c);
	yg_canon_key(&c, "threads");
	yg_canon_int(&c, session->threads);
	put(&c, "tunables", getenv("GLIBC_TUNABLES"));
	put(&c, "tz", getenv("TZ"));
	put_tzdata(&c);
	yg_canon_key(&c, "umask");
	yg_canon_int(&c, (int64_t)mask);
	put_commitment(&c, j, "user", login());
	yg_canon_close(&c);
}
