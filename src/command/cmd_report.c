/* report and export: results into files. */
#include <string.h>

#include "command_priv.h"
#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"
#include "yogo/report/report.h"

/* The results named, in order; every name must carry a result. */
static enum yg_status named_results(struct yg_context *c, const struct yg_node *s, const struct yg_result ***out,
                                    const char ***names, size_t *count, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	size_t n = list ? list->children : 0;

	if (!n)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-040", N_("%s wants the names of results"), s->text);
	*out = yg_arena_alloc(c->arena, n, sizeof **out);
	*names = yg_arena_alloc(c->arena, n, sizeof **names);
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *name = list->child[i];
		const struct yg_object *o = yg_state_find(c->state, name->text);
		if (!o)
			return yg_fail_at(err, YG_ESYNTAX, name->at, name->len, "E-NAM-001", N_("there is no result named %s"), name->text);
		if (!o->result && !c->options->check_only)
			return yg_fail_at(err, YG_ESYNTAX, name->at, name->len, "E-NAM-040", N_("%s (%s) has no result to show"),
			                  name->text, yg_object_kind_name(o->kind));
		(*out)[i] = o->result;
		(*names)[i] = o->name;
	}
	*count = n;
	return YG_OK;
}

static const char *extension(const char *path)
{
	const char *dot = strrchr(yg_path_file(path), '.');

	return dot ? dot + 1 : "";
}

static enum yg_status report_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	static const char *const known[] = { "html", "htm", "md", "txt", "json", "csv" };
	const struct yg_node *to = yg_node_find(s, YG_NODE_TO);
	const struct yg_result **result;
	const char **name;
	size_t n;

	YG_TRY(named_results(c, s, &result, &name, &n, err));
	if (!to) {
		yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-041", N_("report needs a file to write"));
		yg_err_hint(err, N_("report %s to \"report.html\""), name[0]);
		return YG_ESYNTAX;
	}
	if (yg_node_option(s, "template") || yg_node_option(s, "digits")) {
		if (c->options->check_only)
			return YG_OK;
		return yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-CMD-006",
		                  N_("report templates and digits are not available in this version; leave them out"));
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(extension(to->text), known[i]))
			return YG_OK;
	return yg_fail_at(err, YG_ESYNTAX, to->at, to->len, "E-OPT-042",
	                  N_("a report is written as .html, .md, .txt, .json or .csv; \"%s\" is none of them"), to->text);
}

/* Facts for the end of the report: nothing in it depends on the time, so a replay gives the same bytes. */
static void provenance(struct yg_context *c, const char **names, struct yg_provenance *out)
{
	struct yg_buf data = YG_BUF_INIT;

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < c->state->objects; i++) {
		const struct yg_object *o = c->state->object[i];
		struct yg_digest root;
		char hex[65];
		if (o->kind != YG_OBJECT_DATASET)
			continue;
		root = yg_dataset_root(o->payload);
		yg_digest_hex(&root, hex);
		yg_buf_addf(&data, "%s%s sha256:%s", data.len ? "; " : "", o->name, hex);
	}
	out->title = c->state->title;
	out->program = "yogo " YOGO_VERSION;
	out->data = yg_arena_strdup(c->arena, data.data);
	out->journal_head = c->position[0] ? c->position : NULL;
	out->name = names;
	yg_buf_release(&data);
}

static enum yg_status report_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const char *path = yg_node_find(s, YG_NODE_TO)->text, *kind = extension(path);
	const struct yg_result **result;
	const char **name;
	struct yg_provenance p;
	struct yg_render_options o;
	struct yg_buf *file;
	size_t n;

	YG_TRY(named_results(c, s, &result, &name, &n, err));
	provenance(c, name, &p);
	memset(&o, 0, sizeof o);
	file = yg_outcome_add_file(out, path, true);
	if (!strcmp(kind, "html") || !strcmp(kind, "htm")) {
		yg_render_html(result, n, &p, &o, file);
	} else if (!strcmp(kind, "md")) {
		yg_render_markdown(result, n, &p, &o, file);
	} else if (!strcmp(kind, "json")) {
		yg_buf_addc(file, '[');
		for (size_t i = 0; i < n; i++) {
			if (i)
				yg_buf_addc(file, ',');
			yg_render_json(result[i], &o, file);
		}
		yg_buf_adds(file, "]\n");
	} else {
		for (size_t i = 0; i < n; i++) {
			if (!strcmp(kind, "csv"))
				yg_render_csv(result[i], &o, file);
			else
				yg_render_text(result[i], &o, file);
			yg_buf_addc(file, '\n');
		}
	}
	return YG_OK;
}

static enum yg_status export_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_node *to = yg_node_find(s, YG_NODE_TO);
	const struct yg_result **result;
	const char **name;
	size_t n;

	YG_TRY(named_results(c, s, &result, &name, &n, err));
	if (n != 1 || !to)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-043",
		                  N_("export writes one result: export %s to \"%s.csv\" (csv, json, txt; figures svg, pdf, png)"), name[0],
		                  name[0]);
	return YG_OK;
}

static enum yg_status export_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const char *path = yg_node_find(s, YG_NODE_TO)->text, *kind = extension(path);
	const struct yg_result **result;
	const char **name;
	const struct yg_figure *figure;
	struct yg_render_options o;
	struct yg_buf *file;
	size_t n;

	YG_TRY(named_results(c, s, &result, &name, &n, err));
	memset(&o, 0, sizeof o);
	file = yg_outcome_add_file(out, path, true);
	if (!strcmp(kind, "csv"))
		yg_render_csv(result[0], &o, file);
	else if (!strcmp(kind, "json"))
		yg_render_json(result[0], &o, file);
	else if (!strcmp(kind, "txt"))
		yg_render_text(result[0], &o, file);
	else if (!strcmp(kind, "svg") || !strcmp(kind, "pdf") || !strcmp(kind, "png")) {
		figure = yg_result_figure(result[0], NULL);
		if (!figure)
			return yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-OPT-044", N_("%s has no figure"), name[0]);
		if (kind[0] == 's')
			yg_render_figure_svg(figure, &o, file);
		else if (kind[1] == 'd')
			return yg_render_figure_pdf(figure, &o, file, err);
		else
			return yg_render_figure_png(figure, &o, file, err);
	} else {
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-045",
		                  N_("export writes .csv, .json, .txt, .svg, .pdf or .png; \"%s\" is none of them"), path);
	}
	return YG_OK;
}

const struct yg_command yg_command_report = { "report", 1, YG_EFFECT_OUTSIDE, "output.render", false, report_resolve, report_run };
const struct yg_command yg_command_export = { "export", 1, YG_EFFECT_OUTSIDE, "output.render", false, export_resolve, export_run };
