/* Importing, looking into and verifying files. */
#include "yogo/command/tools.h"

#include <string.h>

#include "yogo/analysis/data.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/gate/gate.h"
#include "yogo/journal/journal.h"

enum yg_status yg_tool_info(const char *path, struct yg_result **out, struct yg_err *err)
{
	struct yg_dataset *d = NULL;
	struct yg_policy policy;
	struct yg_raw *raw = NULL;
	char *name = yg_path_stem(path);
	enum yg_status status;

	status = yg_dataset_open(path, &d, err);
	if (status == YG_OK)
		status = yg_policy_choose(yg_dataset_manifest(d), NULL, &policy, err);
	if (status == YG_OK) {
		char *population = yg_xasprintf("all of %s", name);
		raw = yg_an_columns(d, name, policy.name);
		status = yg_gate(raw, &policy, "info", population, out, err);
		yg_free(population);
	}
	yg_an_free(raw);
	yg_dataset_unref(d);
	yg_free(name);
	return status;
}

/* A study and a cohort file are both SQLite databases; the application id tells them apart. */
static enum yg_status is_study(const char *path, bool *out, struct yg_err *err)
{
	uint8_t id[4];
	uint64_t size;
	int fd;
	enum yg_status status;

	YG_TRY(yg_io_open_read(path, &fd, &size, err));
	status = size < 100 ? yg_fail(err, YG_EDAMAGED, "E-INT-001", N_("%s is neither a cohort file nor a study: it is too short"), path)
	                    : yg_io_pread(fd, id, sizeof id, 68, path, err);
	yg_io_close(fd);
	if (status == YG_OK)
		*out = memcmp(id, "YGST", sizeof id) == 0;   /* docs/journal-format.md */
	return status;
}

enum yg_status yg_tool_verify(const char *path, const char *head, struct yg_task *task, struct yg_buf *report,
                              struct yg_err *err)
{
	bool study = false;
	char hex[65];

	YG_TRY(is_study(path, &study, err));
	if (study) {
		struct yg_journal_report r;
		YG_TRY(yg_journal_verify(path, head, &r, err));
		yg_buf_addf(report, _("%s: verified: %llu entries, chain, checkpoints and stored objects agree\nhead %s\n"), path,
		            (unsigned long long)r.entries, r.head);
	} else {
		struct yg_verify_report r;
		if (head)
			return yg_fail(err, YG_EINVAL, "E-CLI-004", N_("--head goes with a study, not with a cohort file"));
		YG_TRY(yg_dataset_verify(path, task, &r, err));
		yg_digest_hex(&r.root, hex);
		yg_buf_addf(report, _("%s: verified: %llu bytes, %llu columns in %llu blocks, every digest agrees\ndata root sha256:%s\n"),
		            path, (unsigned long long)r.bytes, (unsigned long long)r.columns, (unsigned long long)r.blocks, hex);
	}
	return YG_OK;
}
