/* The command table as help, Markdown and manual page. */
#include "yogo/lang/spec_doc.h"

#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

enum { COLUMNS = 78 };

/* ---- wrapping ---- */

/* Text wrapped at blanks, every line indented; paragraphs are parted by empty lines. */
static void wrap(struct yg_buf *out, const char *text, size_t indent, size_t first_used)
{
	size_t column = first_used;
	bool line_begins = first_used == 0;
	while (*text) {
		if (*text == '\n') {
			yg_buf_adds(out, text[1] == '\n' ? "\n\n" : "\n");
			text += text[1] == '\n' ? 2 : 1;
			column = 0;
			line_begins = true;
			continue;
		}
		if (*text == ' ') {
			text++;
			continue;
		}
		size_t n = strcspn(text, " \n"), width = yg_text_width(text, n);
		if (!line_begins && column + 1 + width > COLUMNS) {
			yg_buf_addc(out, '\n');
			line_begins = true;
			column = 0;
		}
		if (line_begins) {
			yg_buf_fill(out, ' ', indent);
			column = indent;
		} else {
			yg_buf_addc(out, ' ');
			column++;
		}
		yg_buf_add(out, text, n);
		column += width;
		line_begins = false;
		text += n;
	}
	yg_buf_addc(out, '\n');
}

static const char *type_words(enum yg_option_type type)
{
	switch (type) {
	case YG_OPTION_INTEGER:
		return N_("whole number");
	case YG_OPTION_NUMBER:
		return N_("number");
	case YG_OPTION_FRACTION:
		return N_("fraction, 0 to 1");
	case YG_OPTION_NUMBERS:
		return N_("numbers");
	case YG_OPTION_TIMES:
		return N_("time, as 1y");
	case YG_OPTION_DURATION:
		return N_("duration, as 30d");
	case YG_OPTION_TEXT:
		return N_("text");
	case YG_OPTION_COLUMN:
		return N_("column");
	case YG_OPTION_COLUMNS:
		return N_("columns");
	default:
		return N_("value");
	}
}

/* "ties=efron|breslow", "conf=NUMBER", "smd" */
static void option_form(struct yg_buf *out, const struct yg_option_spec *option, bool translate)
{
	yg_buf_adds(out, option->name);
	if (option->type == YG_OPTION_FLAG)
		return;
	yg_buf_addc(out, '=');
	if (option->words)
		yg_buf_adds(out, option->words);
	else
		yg_buf_addf(out, "(%s)", translate ? _(type_words(option->type)) : type_words(option->type));
}

/* The form of an option on as many lines as it needs, broken behind "|". */
static void broken(struct yg_buf *out, const char *form)
{
	size_t column = 2;
	while (*form) {
		size_t n = strcspn(form, "|");
		n += form[n] == '|';
		if (column + n > COLUMNS && column > 2) {
			yg_buf_adds(out, "\n      ");
			column = 6;
		}
		yg_buf_add(out, form, n);
		column += n;
		form += n;
	}
}

static void help_option(struct yg_buf *out, const struct yg_option_spec *option)
{
	struct yg_buf form, rest;
	yg_buf_init(&form);
	yg_buf_init(&rest);
	option_form(&form, option, true);
	yg_buf_adds(&rest, _(option->help));
	if (option->standard)
		yg_buf_addf(&rest, _(" (unless given: %s)"), option->standard);
	if (option->later)
		yg_buf_adds(&rest, _(" (not computed by this version)"));
	size_t width = yg_text_width(form.data, form.len);
	yg_buf_adds(out, "  ");
	broken(out, form.data);
	if (width <= 24) {
		yg_buf_fill(out, ' ', 26 - width);
		size_t start = out->len;
		wrap(out, rest.data, 28, 0);
		/* the first line is on this one already: take its indentation away */
		memmove(out->data + start, out->data + start + 28, out->len - start - 28);
		out->len -= 28;
		out->data[out->len] = 0;
	} else {
		yg_buf_addc(out, '\n');
		wrap(out, rest.data, 28, 0);
	}
	yg_buf_release(&form);
	yg_buf_release(&rest);
}

static void indent_lines(struct yg_buf *out, const char *text, const char *indent)
{
	for (const char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		yg_buf_adds(out, indent);
		yg_buf_add(out, line, n);
		yg_buf_addc(out, '\n');
		line += n + (line[n] != 0);
	}
}

void yg_spec_help(const struct yg_verb_spec *spec, struct yg_buf *out)
{
	yg_buf_addf(out, "%s:", spec->name);
	wrap(out, _(spec->summary), 2, strlen(spec->name) + 1);
	yg_buf_addc(out, '\n');
	wrap(out, spec->usage, 4, 0);
	if (!spec->available) {
		yg_buf_addc(out, '\n');
		wrap(out, _("This version of the program reads the command and checks its form, but does not compute it."), 2, 0);
	}
	if (spec->help) {
		yg_buf_addc(out, '\n');
		wrap(out, _(spec->help), 2, 0);
	}
	if (spec->option_count) {
		yg_buf_addf(out, "\n%s\n", _("Options"));
		for (size_t i = 0; i < spec->option_count; i++)
			help_option(out, &spec->options[i]);
	}
	if (spec->example) {
		yg_buf_addf(out, "\n%s\n", _("Example"));
		indent_lines(out, spec->example, "    ");
	}
}

void yg_spec_function_help(const struct yg_function_spec *function, struct yg_buf *out)
{
	yg_buf_addf(out, "%s\n", function->usage);
	wrap(out, _(function->help), 2, 0);
}

/* ---- Markdown ---- */

static void markdown_cell(struct yg_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			yg_buf_addc(out, '\\');
		yg_buf_addc(out, *text);
	}
}

void yg_spec_markdown(const struct yg_verb_spec *spec, struct yg_buf *out)
{
	char first = spec->summary[0];
	yg_buf_addf(out, "# %s\n\n%c%s.\n\n```text\n%s\n```\n", spec->name,
	            first >= 'a' && first <= 'z' ? first - 32 : first, spec->summary + 1, spec->usage);
	if (!spec->available)
		yg_buf_adds(out, "\nThis version of the program reads the command and checks its form, but does not compute it.\n");
	if (spec->help)
		yg_buf_addf(out, "\n%s\n", spec->help);
	if (spec->option_count) {
		yg_buf_adds(out, "\n| Option | Unless given | Meaning |\n| --- | --- | --- |\n");
		for (size_t i = 0; i < spec->option_count; i++) {
			const struct yg_option_spec *option = &spec->options[i];
			struct yg_buf form;
			yg_buf_init(&form);
			option_form(&form, option, false);
			yg_buf_adds(out, "| `");
			markdown_cell(out, form.data);
			yg_buf_adds(out, option->standard ? "` | `" : "` | ");
			yg_buf_adds(out, option->standard ? option->standard : "");
			yg_buf_adds(out, option->standard ? "` | " : " | ");
			markdown_cell(out, option->help);
			yg_buf_adds(out, option->later ? " (not computed by this version) |\n" : " |\n");
			yg_buf_release(&form);
		}
	}
	if (spec->example)
		yg_buf_addf(out, "\nExample:\n\n```text\n%s\n```\n", spec->example);
}

/* ---- manual page ---- */

static void roff(struct yg_buf *out, const char *text)
{
	bool line_begins = true;
	for (; *text; text++) {
		if (line_begins && (*text == '.' || *text == '\''))
			yg_buf_adds(out, "\\&");
		if (*text == '\\')
			yg_buf_adds(out, "\\e");
		else if (*text == '-')
			yg_buf_adds(out, "\\-");
		else if (*text == '\n' && text[1] == '\n') {
			yg_buf_adds(out, "\n.IP\n");
			text++;
		} else {
			yg_buf_addc(out, *text);
		}
		line_begins = *text == '\n';
	}
}

static void man_entries(struct yg_buf *out, const struct yg_verb_spec *spec, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		yg_buf_adds(out, ".TP\n\\fB"); /* not .B, which takes quotes for its own */
		roff(out, spec[i].usage);
		yg_buf_adds(out, "\\fR\n");
		roff(out, spec[i].summary);
		yg_buf_adds(out, spec[i].available ? ".\n" : " (not computed by this version).\n");
		for (size_t k = 0; k < spec[i].option_count; k++) {
			const struct yg_option_spec *option = &spec[i].options[k];
			struct yg_buf form;
			yg_buf_init(&form);
			option_form(&form, option, false);
			yg_buf_adds(out, k ? ".br\n" : ".IP\n");
			yg_buf_adds(out, "\\fI");
			roff(out, form.data);
			yg_buf_adds(out, "\\fR: ");
			roff(out, option->help);
			yg_buf_adds(out, option->later ? " (not computed by this version)\n" : "\n");
			yg_buf_release(&form);
		}
	}
}

void yg_spec_man(struct yg_buf *out)
{
	size_t n;
	const struct yg_verb_spec *spec = yg_statement_specs(&n);
	yg_buf_adds(out, ".SH STATEMENTS\n");
	man_entries(out, spec, n);
	spec = yg_clause_specs(&n);
	yg_buf_adds(out, ".SH CLAUSES OF BLOCKS\n");
	man_entries(out, spec, n);
	spec = yg_verb_specs(&n);
	yg_buf_adds(out, ".SH COMMANDS\n");
	man_entries(out, spec, n);
	const struct yg_function_spec *function = yg_function_specs(&n);
	yg_buf_adds(out, ".SH FUNCTIONS\n");
	for (size_t i = 0; i < n; i++) {
		yg_buf_adds(out, ".TP\n\\fB");
		roff(out, function[i].usage);
		yg_buf_adds(out, "\\fR\n");
		roff(out, function[i].help);
		yg_buf_addc(out, '\n');
	}
}
