/* Importing, looking into and verifying files. */
#include "yogo/command/tools.h"

#include <string.h>

#include "yogo/analysis/data.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/gate/gate.h"
#include "yogo/base/text.h"
#include "yogo/ingest/import.h"
#include "yogo/journal/journal.h"
#include "yogo/privacy/detect.h"

/* NAME=FILE of --table: the name in the arena, the file in place. */
static enum yg_status split_table(struct yg_arena *arena, const char *text, struct yg_import_file *out, struct yg_err *err)
{
	const char *equals = strchr(text, '=');

	if (!equals || equals == text || !equals[1])
		return yg_fail(err, YG_EINVAL, "E-CLI-005", N_("--table wants NAME=FILE, not %s"), text);
	out->table = yg_arena_strndup(arena, text, (size_t)(equals - text));
	out->path = equals + 1;
	return YG_OK;
}

static enum yg_status delimiter_of(const char *word, char *out, struct yg_err *err)
{
	*out = !word ? '\0' : !strcmp(word, "tab") ? '\t' : !strcmp(word, "comma") ? ',' : !strcmp(word, "semicolon") ? ';'
	     : strlen(word) == 1 ? word[0] : '\1';
	if (*out == '\1')
		return yg_fail(err, YG_EINVAL, "E-CLI-006", N_("--delimiter is one character, or comma, semicolon, tab; not %s"), word);
	return YG_OK;
}

/* "center,id": names of columns. */
static const char *const *column_list(struct yg_arena *arena, const char *text, size_t *count)
{
	size_t n = 1, i = 0;
	const char **list;

	*count = 0;
	if (!text)
		return NULL;
	for (const char *p = text; *p; p++)
		n += *p == ',';
	list = yg_arena_alloc(arena, n, sizeof *list);
	for (const char *p = text; i < n; i++) {
		size_t len = strcspn(p, ",");
		list[i] = yg_arena_strndup(arena, p, len);
		p += len + (p[len] == ',');
	}
	*count = n;
	return list;
}

/* What was imported, or why not: bad rows by number, never by value. */
static void describe_import(const struct yg_import_report *r, const char *output, bool done, struct yg_buf *out)
{
	char hex[65];

	if (done) {
		yg_digest_hex(&r->root, hex);
		yg_buf_addf(out, _("%s: %llu rows, %llu persons, %llu columns in %llu tables; %llu bytes from %llu\ndata root sha256:%s\n"),
		            output, (unsigned long long)r->rows, (unsigned long long)r->persons, (unsigned long long)r->columns,
		            (unsigned long long)r->tables, (unsigned long long)r->output_bytes, (unsigned long long)r->source_bytes, hex);
	}
	for (size_t i = 0; i < r->notes; i++)
		yg_buf_addf(out, "%s\n", _(r->note[i]));
	if (r->bad_rows)
		yg_buf_addf(out, done ? _("%llu rows refused and recorded in the file:\n") : _("%llu bad rows:\n"),
		            (unsigned long long)r->bad_rows);
	for (size_t i = 0; i < r->bad_shown; i++) {
		const struct yg_import_bad_row *b = &r->bad[i];
		yg_buf_addf(out, "  ");
		yg_escape_terminal(out, b->file, strlen(b->file));
		yg_buf_addf(out, _(": row %llu (line %llu)"), (unsigned long long)b->record, (unsigned long long)b->line);
		if (b->column) {
			yg_buf_addf(out, _(", column "));
			yg_escape_terminal(out, b->column, strlen(b->column));
		}
		yg_buf_addf(out, ": %s\n", _(b->reason));
	}
	if (r->bad_rows > r->bad_shown)
		yg_buf_addf(out, _("  and %llu more\n"), (unsigned long long)(r->bad_rows - r->bad_shown));
}

/* What the detectors found, and which findings the user answers for. */
struct inspection {
	const char *const *accepted;
	size_t accepteds;
	bool *used;                 /* [accepteds] */
	struct yg_buf findings;     /* a line each */
};

static bool is_accepted(struct inspection *i, const char *column)
{
	for (size_t k = 0; k < i->accepteds; k++)
		if (!strcmp(i->accepted[k], column)) {
			i->used[k] = true;
			return true;
		}
	return false;
}

/* Published data are warned about, all other data refused where a column surely identifies people. */
static enum yg_status inspect(void *context, const char *path, struct yg_task *task, struct yg_err *err)
{
	struct inspection *i = context;
	struct yg_finding *finding = NULL;
	struct yg_dataset *d = NULL;
	size_t findings = 0;
	struct yg_buf refused = YG_BUF_INIT, columns = YG_BUF_INIT;
	enum yg_status status = yg_dataset_open(path, &d, err);
	bool open;

	if (status != YG_OK)
		return status;
	open = yg_dataset_manifest(d)->profile && !strcmp(yg_dataset_manifest(d)->profile, "open");
	yg_task_step(task, N_("looking for identifiers"));
	status = yg_detect(d, task, &finding, &findings, err);
	for (size_t k = 0; k < findings && status == YG_OK; k++) {
		bool accepted = is_accepted(i, finding[k].column);
		yg_buf_adds(&i->findings, _("warning: "));
		yg_finding_sentence(&finding[k], &i->findings);
		yg_buf_adds(&i->findings, accepted ? _(", accepted\n") : "\n");
		if (open || accepted || finding[k].severity != YG_FINDING_REFUSE)
			continue;
		yg_buf_adds(&refused, refused.len ? "; " : "");
		yg_finding_sentence(&finding[k], &refused);
		if (!k || strcmp(finding[k].column, finding[k - 1].column))
			yg_buf_addf(&columns, "%s%s", columns.len ? "," : "", finding[k].column);
	}
	for (size_t k = 0; k < i->accepteds && status == YG_OK; k++)
		if (!i->used[k])
			status = yg_fail(err, YG_EINVAL, "E-PRI-002", N_("--accept names %s, in which no identifier was found"), i->accepted[k]);
	if (status == YG_OK && refused.len) {
		status = yg_fail(err, YG_EPRIVACY, "E-PRI-001", N_("not imported, because it may identify people: %s"), refused.data);
		yg_err_hint(err, N_("leave the column out, or if it is no identifier answer for it with --accept %s, which is recorded in the file"),
		            columns.data);
	}
	yg_buf_release(&refused);
	yg_buf_release(&columns);
	yg_free(finding);
	yg_dataset_unref(d);
	return status;
}

enum yg_status yg_tool_import(const struct yg_tool_import *o, struct yg_task *task, struct yg_buf *report, struct yg_err *err)
{
	struct yg_import_options options;
	struct inspection inspection = { .findings = YG_BUF_INIT };
	struct yg_import_report r;
	struct yg_import_file *file;
	struct yg_arena arena;
	enum yg_status status = YG_OK;

	yg_arena_init(&arena);
	memset(&options, 0, sizeof options);
	file = yg_arena_alloc(&arena, (size_t)(o->files + o->tables), sizeof *file);
	for (int i = 0; i < o->files; i++)
		file[i].path = o->file[i];
	for (int i = 0; i < o->tables && status == YG_OK; i++)
		status = split_table(&arena, o->table[i], &file[o->files + i], err);
	if (status == YG_OK)
		status = delimiter_of(o->delimiter, &options.delimiter, err);
	options.file = file;
	options.files = (size_t)(o->files + o->tables);
	options.output = o->output;
	options.manifest = o->manifest;
	options.public_data = o->public_data;
	options.encoding = o->encoding;
	options.person = column_list(&arena, o->person, &options.persons);
	options.bad_rows_refuse = o->refuse_bad_rows;
	inspection.accepted = options.accepted = column_list(&arena, o->accept, &options.accepteds);
	inspection.accepteds = options.accepteds;
	inspection.used = yg_arena_alloc(&arena, options.accepteds + 1, sizeof *inspection.used);
	options.check = inspect;
	options.check_context = &inspection;
	if (status == YG_OK) {
		yg_import_report_init(&r);
		status = yg_import_run(&options, task, &r, err);
		describe_import(&r, o->output, status == YG_OK, report);
		if (status == YG_OK)
			yg_buf_add(report, inspection.findings.data, inspection.findings.len);
		yg_import_report_release(&r);
	}
	yg_buf_release(&inspection.findings);
	yg_arena_release(&arena);
	return status;
}

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
