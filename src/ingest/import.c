/* Import from files to a finished cohort file: which files, which tables, what is said about it. */
#include "yogo/ingest/import.h"

#include <string.h>

#include "src/ingest/import_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

void yg_import_report_init(struct yg_import_report *report)
{
	memset(report, 0, sizeof *report);
	yg_arena_init(&report->arena);
}

void yg_import_report_release(struct yg_import_report *report)
{
	yg_arena_release(&report->arena);
	memset(report, 0, sizeof *report);
}

void import_note(struct import *im, const char *text)
{
	YG_GROW(im->note, im->notes, im->note_cap);
	im->note[im->notes++] = yg_arena_strdup(&im->report->arena, text);
}

/* The report lists the first bad rows of all files. */
void import_record_bad(struct import *im, const struct load *l)
{
	struct yg_import_report *r = im->report;

	for (size_t i = 0; i < l->bads && r->bad_shown < YG_IMPORT_SHOWN; i++) {
		const struct bad_row *b = &l->bad[i];

		r->bad[r->bad_shown++] = (struct yg_import_bad_row){
			.file = yg_arena_strdup(&r->arena, l->file), .record = b->record + 1,
			.line = b->line == UINT64_MAX ? 0 : b->line + 1,
			.column = b->column == UINT32_MAX ? NULL : yg_arena_strdup(&r->arena, l->column[b->column].name),
			.reason = csv_fault_text(b->fault),
		};
	}
	r->bad_rows += l->bads;
}

static const char *code_of(enum csv_fault fault)
{
	switch (fault) {
	case CSV_FEWER:
	case CSV_MORE:
		return "E-CSV-010";
	case CSV_ENCODING:
	case CSV_NUL:
		return "E-ENC-001";
	case CSV_QUOTE:
	case CSV_RETURN:
		return "E-CSV-005";
	case CSV_LONG:
		return "E-LIM-005";
	case CSV_PERSON:
	case CSV_NO_PERSON:
		return "E-PER-006";
	default:
		return "E-TYPE-004";
	}
}

enum yg_status import_bad_rows(struct import *im, const struct load *l, struct yg_err *err)
{
	const struct bad_row *b = &l->bad[0];
	struct yg_buf where = YG_BUF_INIT;

	import_record_bad(im, l);
	if (b->line == UINT64_MAX)
		yg_buf_addf(&where, "row %llu", (unsigned long long)b->record + 1);
	else
		yg_buf_addf(&where, "line %llu", (unsigned long long)b->line + 1);
	if (b->column != UINT32_MAX)
		yg_buf_addf(&where, ", column %s", l->column[b->column].name);
	yg_fail(err, YG_EINPUT, code_of(b->fault), N_("%s: %llu rows cannot be taken; the first is %s: %s"), l->file,
	        (unsigned long long)l->bads, where.data, csv_fault_text(b->fault));
	if (b->fault == CSV_ENCODING && !strcmp(l->found_encoding, "UTF-8"))
		yg_err_hint(err, N_("if the file is not UTF-8 say so, for Japanese files often --encoding=cp932; nothing was imported"));
	else
		yg_err_hint(err, N_("mend the file, or import the other rows with --bad-rows=refuse; nothing was imported"));
	yg_buf_release(&where);
	return YG_EINPUT;
}

static enum yg_status read_manifest(struct import *im, struct yg_err *err)
{
	struct yg_buf text = YG_BUF_INIT;
	enum yg_status status = yg_io_read_file(im->o->manifest, 0, &text, err);

	if (status == YG_OK)
		status = yg_manifest_parse(text.data, text.len, &im->given, err);
	yg_buf_release(&text);
	return status;
}

/* Which tables of the manifest a file feeds: named by the user, by the file's name, or the only one. */
static enum yg_status match_file(struct import *im, struct load *l, const char *table, struct yg_err *err)
{
	const struct yg_manifest *m = im->given;
	const struct yg_manifest_table **found = yg_arena_alloc(&im->arena, m->tables, sizeof *found);

	for (size_t t = 0; t < m->tables; t++) {
		const char *file = m->table[t].file;
		bool by_name = file && !strcmp(yg_path_file(file), yg_path_file(l->path));

		if (table ? !strcmp(table, m->table[t].name) : by_name || im->loads == 1)
			found[l->declares++] = &m->table[t];
	}
	l->declared = found;
	if (!l->declares)
		return yg_fail(err, YG_EINPUT, "E-MAN-005", N_("the manifest has no table for %s: name it with --table NAME=FILE"),
		               yg_path_file(l->path));
	return YG_OK;
}

static enum yg_status check_tables(struct import *im, struct yg_err *err)
{
	for (size_t i = 0; i < im->loads; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!strcmp(im->load[i].table, im->load[j].table))
				return yg_fail(err, YG_EINPUT, "E-IN-022", N_("two files would make the table %s: name them with --table NAME=FILE"),
				               im->load[i].table);
		}
	}
	for (size_t t = 0; im->given && t < im->given->tables; t++) {
		bool fed = false;

		for (size_t i = 0; i < im->loads; i++) {
			for (size_t k = 0; k < im->load[i].declares; k++)
				fed |= im->load[i].declared[k] == &im->given->table[t];
		}
		if (!fed)
			return yg_fail(err, YG_EINPUT, "E-MAN-008", N_("no file was given for table %s of the manifest"),
			               im->given->table[t].name);
	}
	return YG_OK;
}

/* lung.csv.gz gives the table lung: what packs a file is no part of its name. */
static const char *table_name(struct yg_arena *arena, const char *path)
{
	static const char *const inner[] = { ".csv", ".tsv", ".txt", ".tab" };
	char *stem = yg_path_stem(path);
	const char *name;
	size_t n = strlen(stem);

	for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
		if (n > 4 && yg_str_eq_ascii_nocase(yg_str(stem + n - 4), yg_str(inner[i])))
			stem[n - 4] = 0;
	}
	name = yg_arena_strdup(arena, stem);
	yg_free(stem);
	return name;
}

static enum yg_status plan(struct import *im, struct yg_err *err)
{
	const struct yg_import_options *o = im->o;

	if (!o->files || !o->output || !*o->output)
		return yg_fail(err, YG_EINVAL, "E-IN-023", N_("import needs a file to read and a name to write"));
	if (o->manifest)
		YG_TRY(read_manifest(im, err));
	im->person = o->person;
	im->persons = o->persons;
	if (im->given) {
		if (o->persons && im->given->persons)
			for (size_t i = 0; i < o->persons; i++)
				if (o->persons != im->given->persons || strcmp(o->person[i], im->given->person[i]) != 0)
					return yg_fail(err, YG_EINPUT, "E-MAN-009",
					               N_("the person columns given are not those of the manifest: change the manifest"));
		im->person = im->given->person;
		im->persons = im->given->persons;
	}
	im->load = yg_xcalloc(o->files, sizeof *im->load);
	im->loads = o->files;
	for (size_t i = 0; i < o->files; i++) {
		struct load *l = &im->load[i];

		load_init(l);
		l->path = o->file[i].path;
		l->encoding = o->encoding;
		l->delimiter = o->delimiter;
		l->target = o->output;
		l->refuse = o->bad_rows_refuse;
		l->may_be_empty = o->files > 1;
		l->table = o->file[i].table ? yg_arena_strdup(&im->arena, o->file[i].table)
		                            : table_name(&im->arena, o->file[i].path);
		if (im->given)
			YG_TRY(match_file(im, l, o->file[i].table, err));
		if (im->given && l->declares == 1)
			l->table = l->declared[0]->name;
	}
	return check_tables(im, err);
}

static bool is_plain(const struct import *im)
{
	return im->loads == 1 && !im->persons &&
	       (!im->given || (im->given->tables == 1 && im->given->table[0].grain == YG_GRAIN_PERSON));
}

/* The drafted manifest of what was loaded and arranged. */
static struct yg_manifest *draft(struct import *im)
{
	struct yg_manifest *m = draft_new(im->o);

	for (size_t t = 0; t < im->targets; t++) {
		const struct target *from = &im->target[t];
		size_t fields = from->source ? from->columns : im->persons;
		struct yg_manifest_table *to = draft_table(m, from->name, from->source ? from->source->file : im->load[0].file,
		                                           from->grain, from->date, fields);

		for (size_t i = 0; i < fields; i++) {
			struct yg_field *f = &to->field[to->fields++];

			if (from->source) {
				const struct load_column *c = &from->source->column[from->column[i]];

				*f = draft_field(&m->arena, from->source, c);
				if (names_person(im, from->source, c))
					f->role = YG_COLUMN_PERSON;
			} else {
				*f = (struct yg_field){ .name = yg_arena_strdup(&m->arena, im->person[i]),
					                .type = YG_TYPE_INTEGER, .role = YG_COLUMN_PERSON };
			}
		}
	}
	return m;
}

static void record_file(struct yg_buf *out, const struct load *l, bool first)
{
	char hex[65];

	yg_digest_hex(&l->source, hex);
	yg_buf_adds(out, first ? "{\"file\": " : ",\n{\"file\": ");
	yg_escape_json(out, l->file, strlen(l->file));
	yg_buf_addf(out, ", \"sha256\": \"%s\", \"bytes\": %llu, \"encoding\": \"%s\", \"rows\": %llu, \"blank_lines\": %llu, "
	            "\"refused\": %zu, \"refused_rows\": [", hex, (unsigned long long)l->source_bytes, l->found_encoding,
	            (unsigned long long)l->rows, (unsigned long long)l->blank_lines, l->bads);
	for (size_t i = 0; i < l->bads && i < 100000; i++) {
		yg_buf_addf(out, "%s[%llu, ", i ? ", " : "", (unsigned long long)l->bad[i].record + 1);
		if (l->bad[i].column == UINT32_MAX)
			yg_buf_adds(out, "null");
		else
			yg_escape_json(out, l->column[l->bad[i].column].name, strlen(l->column[l->bad[i].column].name));
		yg_buf_adds(out, ", ");
		yg_escape_json(out, csv_fault_text(l->bad[i].fault), strlen(csv_fault_text(l->bad[i].fault)));
		yg_buf_addc(out, ']');
	}
	yg_buf_adds(out, "]}");
}

static void make_record(const struct import *im, struct yg_buf *out)
{
	yg_buf_adds(out, "{\"program\": \"yogo " YOGO_VERSION "\", \"files\": [");
	for (size_t i = 0; i < im->loads; i++)
		record_file(out, &im->load[i], i == 0);
	yg_buf_adds(out, "]");
	for (size_t i = 0; i < im->o->accepteds; i++) {
		yg_buf_adds(out, i ? ", " : ", \"accepted\": [");
		yg_escape_json(out, im->o->accepted[i], strlen(im->o->accepted[i]));
	}
	yg_buf_adds(out, im->o->accepteds ? "]}" : "}");
}

/* NAME.manifest.json beside NAME.cohort; one that exists and differs is the user's and is kept. */
static enum yg_status write_draft(struct import *im, const struct yg_manifest *m, struct yg_err *err)
{
	char *stem = yg_path_stem(im->o->output), *folder = yg_path_folder(im->o->output);
	char *name = yg_xasprintf("%s.manifest.json", stem), *path = yg_path_join(folder, name);
	struct yg_buf text = YG_BUF_INIT, there = YG_BUF_INIT;
	enum yg_status status = YG_OK;

	yg_manifest_write(m, &text);
	if (yg_io_exists(path) && (yg_io_read_file(path, 0, &there, NULL) != YG_OK || there.len != text.len ||
	                           memcmp(there.data, text.data, text.len) != 0)) {
		import_note(im, yg_arena_printf(&im->arena, "%s was there already and was neither used nor changed: to import "
		                                "by it, name it with --manifest", name));
	} else {
		status = yg_io_write_file(path, text.data, text.len, err);
		im->report->manifest_path = yg_arena_strdup(&im->report->arena, path);
		import_note(im, yg_arena_printf(&im->arena, "drafted %s: legal basis %s, profile %s; edit it and import again "
		                                "with --manifest to change that%s", name, m->legal_basis, m->profile,
		                                im->o->public_data ? "" : " (for published data: --public)"));
	}
	yg_free(stem);
	yg_free(folder);
	yg_free(name);
	yg_free(path);
	yg_buf_release(&text);
	yg_buf_release(&there);
	return status;
}

static void plain_target(struct import *im)
{
	struct load *l = &im->load[0];

	im->target = yg_xcalloc(1, sizeof *im->target);
	im->targets = im->target_cap = 1;
	im->target[0] = (struct target){ .name = l->table, .grain = YG_GRAIN_PERSON, .source = l, .columns = l->columns };
	im->target[0].column = yg_arena_alloc(&im->arena, l->columns, sizeof *im->target[0].column);
	for (uint32_t c = 0; c < l->columns; c++)
		im->target[0].column[c] = c;
	im->rows = im->people = l->rows;
	import_note(im, N_("no person column was named: each row is a person"));
}

static enum yg_status finish(struct import *im, struct yg_writer *w, struct yg_err *err)
{
	struct yg_manifest *m = im->given ? im->given : draft(im);
	struct yg_import_report *r = im->report;
	struct yg_buf record = YG_BUF_INIT;
	enum yg_status status;
	uint64_t size = 0;
	int fd;

	make_record(im, &record);
	yg_task_step(im->task, N_("writing the cohort file"));
	yg_writer_set_check(w, im->o->check, im->o->check_context);
	status = yg_writer_finish(w, m, record.data, im->task, &r->root, err);
	if (status == YG_OK && !im->given)
		status = write_draft(im, m, err);
	if (status == YG_OK && yg_io_open_read(im->o->output, &fd, &size, NULL) == YG_OK)
		yg_io_close(fd);
	r->output_bytes = size;
	r->rows = im->rows;
	r->persons = im->people;
	r->tables = im->targets;
	for (size_t t = 0; t < im->targets; t++)
		r->columns += im->target[t].source ? im->target[t].columns : im->persons;
	if (!im->given)
		yg_manifest_free(m);
	yg_buf_release(&record);
	return status;
}

static enum yg_status load_all(struct import *im, struct yg_err *err)
{
	for (size_t i = 0; i < im->loads; i++) {
		struct load *l = &im->load[i];
		enum yg_status status;

		l->digest = is_plain(im);
		l->level = l->digest ? im->o->zstd_level : -1; /* staged blocks are read again at once */
		status = load_file(l, im->task, err);
		if (status == YG_EINPUT && l->bads && l->bads < BAD_ROWS_MAX && !im->o->bad_rows_refuse)
			return import_bad_rows(im, l, err);
		if (status != YG_OK)
			return status;
		im->report->source_bytes += l->source_bytes;
		if (l->blank_lines)
			import_note(im, yg_arena_printf(&im->arena, "%s: %llu blank lines were left out", l->file,
			                                (unsigned long long)l->blank_lines));
	}
	return YG_OK;
}

static enum yg_status arrange_and_finish(struct import *im, struct yg_err *err)
{
	struct yg_writer *w = NULL;
	enum yg_status status = yg_writer_new(im->o->output, &w, err);

	if (status == YG_OK)
		status = persons_arrange(im, w, err);
	if (status == YG_OK)
		status = finish(im, w, err);
	yg_writer_free(w);
	return status;
}

enum yg_status yg_import_run(const struct yg_import_options *options, struct yg_task *task,
                             struct yg_import_report *report, struct yg_err *err)
{
	struct import im = { .o = options, .task = task, .report = report };
	enum yg_status status;
	const char **notes;

	yg_arena_init(&im.arena);
	status = plan(&im, err);
	if (status == YG_OK && !im.persons && !is_plain(&im)) {
		yg_fail(err, YG_EINPUT, "E-PER-007", N_("several tables need the column that names the person"));
		yg_err_hint(err, N_("name it with --person=ID, or in the manifest"));
		status = YG_EINPUT;
	}
	if (status == YG_OK)
		status = load_all(&im, err);
	if (status == YG_OK && is_plain(&im)) {
		plain_target(&im);
		status = finish(&im, im.load[0].writer, err);
	} else if (status == YG_OK) {
		status = arrange_and_finish(&im, err);
	}
	for (size_t i = 0; i < im.loads; i++) {
		if (status == YG_OK && im.load[i].bads) {
			import_record_bad(&im, &im.load[i]);
			import_note(&im, yg_arena_printf(&im.arena, "%s: %zu rows were refused and are listed in the file",
			                                 im.load[i].file, im.load[i].bads));
		}
		load_release(&im.load[i]);
	}
	notes = yg_arena_alloc(&report->arena, im.notes + 1, sizeof *notes);
	if (im.notes)
		memcpy(notes, im.note, im.notes * sizeof *notes);
	report->note = notes;
	report->notes = im.notes;
	yg_free(im.note);
	yg_free(im.load);
	yg_free(im.target);
	yg_manifest_free(im.given);
	yg_arena_release(&im.arena);
	return status;
}
