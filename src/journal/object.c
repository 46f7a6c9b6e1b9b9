/* Stored objects: bytes under their digest, checked at every read. */
#include "journal/journal_priv.h"

#include <string.h>

#include "yogo/base/i18n.h"

static const struct yg_pending_object *find_pending(const struct yg_journal *j, const struct yg_digest *digest)
{
	for (size_t i = 0; i < j->npending; i++)
		if (yg_digest_cmp(&j->pending[i].digest, digest) == 0)
			return &j->pending[i];
	return NULL;
}

/* Steps to the row of the object; SQLITE_ROW or SQLITE_DONE or an error. */
static int select_object(struct yg_journal *j, const struct yg_digest *digest, sqlite3_stmt **stmt)
{
	int rc = sqlite3_prepare_v2(j->db, "SELECT bytes FROM object WHERE digest = ?1", -1, stmt, NULL);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_blob(*stmt, 1, digest->byte, sizeof digest->byte, SQLITE_STATIC);
	return sqlite3_step(*stmt);
}

bool yg_journal_has_object(struct yg_journal *j, const struct yg_digest *digest)
{
	sqlite3_stmt *stmt = NULL;
	bool has = find_pending(j, digest) || select_object(j, digest, &stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return has;
}

enum yg_status yg_journal_put_object(struct yg_journal *j, const void *bytes, size_t n, struct yg_digest *digest,
                                     struct yg_err *err)
{
	if (!j->writable)
		return yg_fail(err, YG_EBUG, "E-JNL-006", N_("the journal of %s was opened for reading only"), j->path);
	if (n > YG_JOURNAL_OBJECT_MOST)
		return yg_fail(err, YG_ELIMIT, "E-JNL-013", N_("a result of %zu bytes is too large for the study (60 MiB)"), n);
	struct yg_digest d = yg_sha256_of(bytes, n);
	if (!yg_journal_has_object(j, &d)) {
		YG_GROW(j->pending, j->npending, j->pending_cap);
		struct yg_pending_object *p = &j->pending[j->npending++];
		p->digest = d;
		yg_buf_init(&p->bytes);
		yg_buf_add(&p->bytes, bytes, n);
	}
	*digest = d;
	return YG_OK;
}

void yg_journal_drop_objects(struct yg_journal *j)
{
	for (size_t i = 0; i < j->npending; i++)
		yg_buf_release(&j->pending[i].bytes);
	j->npending = 0;
}

enum yg_status yg_journal_get_object(struct yg_journal *j, const struct yg_digest *digest, struct yg_buf *out,
                                     struct yg_err *err)
{
	char hex[65];
	yg_digest_hex(digest, hex);
	const struct yg_pending_object *p = find_pending(j, digest);
	if (p) {
		yg_buf_clear(out);
		yg_buf_add(out, p->bytes.data, p->bytes.len);
		return YG_OK;
	}
	sqlite3_stmt *stmt = NULL;
	int rc = select_object(j, digest, &stmt);
	enum yg_status s = YG_OK;
	if (rc == SQLITE_ROW) {
		const void *bytes = sqlite3_column_blob(stmt, 0);
		size_t n = (size_t)sqlite3_column_bytes(stmt, 0);
		struct yg_digest d = yg_sha256_of(bytes, n);
		if (yg_digest_cmp(&d, digest) == 0) {
			yg_buf_clear(out);
			yg_buf_add(out, bytes, n);
		} else {
			s = yg_fail(err, YG_ETAMPERED, "E-JNL-014",
			            N_("the stored object %.16s of the study does not match its digest"), hex);
		}
	} else if (rc == SQLITE_DONE) {
		s = yg_fail(err, YG_EINPUT, "E-JNL-015", N_("the study holds no object %.16s"), hex);
	} else {
		s = yg_sql_fail(j->db, rc, j->path, err);
	}
	sqlite3_finalize(stmt);
	return s;
}
