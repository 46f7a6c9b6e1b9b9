/* The blinding key beside the study, and the commitments made with it. */
#include "journal/journal_priv.h"

#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

static char *key_path(const char *study)
{
	char *folder = yg_path_folder(study), *stem = yg_path_stem(study);
	char *name = yg_xasprintf("%s.key", stem), *path = yg_path_join(folder, name);
	yg_free(folder);
	yg_free(stem);
	yg_free(name);
	return path;
}

static enum yg_status load(struct yg_journal *j, const char *path, bool make, struct yg_err *err)
{
	if (!yg_io_exists(path)) {
		if (!make)
			return YG_OK;
		unsigned char fresh[32];
		yg_io_random(fresh, sizeof fresh);
		enum yg_status s = yg_io_write_file(path, fresh, sizeof fresh, err); /* mode 0600 */
		if (s == YG_OK) {
			memcpy(j->key, fresh, sizeof fresh);
			j->has_key = true;
		}
		explicit_bzero(fresh, sizeof fresh);
		return s;
	}
	struct yg_buf bytes = YG_BUF_INIT;
	enum yg_status s = yg_io_read_file(path, 4096, &bytes, err);
	if (s == YG_OK && bytes.len != sizeof j->key) {
		struct yg_buf shown = YG_BUF_INIT;
		yg_escape_terminal(&shown, path, strlen(path));
		s = yg_fail(err, YG_EDAMAGED, "E-JNL-010", N_("the key file %s has %zu bytes instead of 32"), shown.data,
		            bytes.len);
		yg_err_hint(err, N_("put the file back from a backup; without one move it away, and a new key is made "
		                    "(older commitments can then no longer be compared)"));
		yg_buf_release(&shown);
	}
	if (s == YG_OK) {
		memcpy(j->key, bytes.data, sizeof j->key);
		j->has_key = true;
	}
	if (bytes.cap)
		explicit_bzero(bytes.data, bytes.len);
	yg_buf_release(&bytes);
	return s;
}

enum yg_status yg_key_load(struct yg_journal *j, bool make, struct yg_err *err)
{
	char *path = key_path(j->path);
	enum yg_status s = load(j, path, make, err);
	yg_free(path);
	return s;
}

bool yg_journal_commit(const struct yg_journal *j, const char *purpose, const void *bytes, size_t n,
                       struct yg_digest *out)
{
	if (!j->has_key)
		return false;
	struct yg_buf message = YG_BUF_INIT;
	yg_buf_add(&message, purpose, strlen(purpose) + 1); /* with its NUL: no two splits collide */
	yg_buf_add(&message, bytes, n);
	*out = yg_hmac_sha256(j->key, sizeof j->key, message.data, message.len);
	explicit_bzero(message.data, message.len);
	yg_buf_release(&message);
	return true;
}

bool yg_journal_has_key(const struct yg_journal *j)
{
	return j->has_key;
}

bool yg_journal_key_changed(const struct yg_journal *j)
{
	return j->key_changed;
}
