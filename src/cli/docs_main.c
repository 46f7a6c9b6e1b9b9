/*
 * Writes the pages that come from the command table: docs/commands/NAME.md, their index, and the
 * manual page (docs/yogo.1.head and the commands).  `make docs` runs it; a test says when a page in
 * the tree is not what the table gives.
 */
#include <stdio.h>
#include <string.h>

#include "yogo/base/io.h"
#include "yogo/base/mem.h"
#include "yogo/lang/spec.h"
#include "yogo/lang/spec_doc.h"

static int fail(const struct yg_err *err)
{
	fprintf(stderr, "yogo-docs: %s\n", err->text);
	return 1;
}

static enum yg_status write_page(const char *folder, const char *name, const struct yg_buf *page, struct yg_err *err)
{
	char *path = yg_path_join(folder, name);
	enum yg_status status = yg_io_write_file(path, page->data, page->len, err);

	yg_free(path);
	return status;
}

static void index_rows(struct yg_buf *index, const char *title, const struct yg_verb_spec *spec, size_t n)
{
	yg_buf_addf(index, "\n## %s\n\n| | |\n| --- | --- |\n", title);
	for (size_t i = 0; i < n; i++)
		yg_buf_addf(index, "| [%s](%s.md) | %s%s |\n", spec[i].name, spec[i].name, spec[i].summary,
		            spec[i].available ? "" : " (not computed by this version)");
}

int main(int argc, char **argv)
{
	struct yg_buf page = YG_BUF_INIT, index = YG_BUF_INIT;
	const struct yg_verb_spec *spec[2];
	size_t n[2];
	struct yg_err err;

	if (argc != 4) {
		fputs("usage: yogo-docs COMMANDS-FOLDER MAN-HEAD MAN-PAGE\n", stderr);
		return 2;
	}
	spec[0] = yg_statement_specs(&n[0]);
	spec[1] = yg_verb_specs(&n[1]);
	if (yg_io_make_folder(argv[1], &err) != YG_OK)
		return fail(&err);
	yg_buf_adds(&index, "# Commands\n\nMade from the command table by `make docs`; `yogo help NAME` prints the same.\n");
	for (int k = 0; k < 2; k++) {
		index_rows(&index, k ? "Verbs" : "Statements", spec[k], n[k]);
		for (size_t i = 0; i < n[k]; i++) {
			char *name = yg_xasprintf("%s.md", spec[k][i].name);
			yg_buf_clear(&page);
			yg_spec_markdown(&spec[k][i], &page);
			if (write_page(argv[1], name, &page, &err) != YG_OK)
				return fail(&err);
			yg_free(name);
		}
	}
	if (write_page(argv[1], "README.md", &index, &err) != YG_OK)
		return fail(&err);
	yg_buf_clear(&page);
	if (yg_io_read_file(argv[2], 0, &page, &err) != YG_OK)
		return fail(&err);
	yg_spec_man(&page);
	if (yg_io_write_file(argv[3], page.data, page.len, &err) != YG_OK)
		return fail(&err);
	yg_buf_release(&page);
	yg_buf_release(&index);
	return 0;
}
