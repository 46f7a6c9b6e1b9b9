/* The command line: words, options, usage. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

enum {
	OPT_OUT = 1000, OPT_STUDY, OPT_FORMAT, OPT_DATA, OPT_PROFILE, OPT_NAME, OPT_ROLE, OPT_LANG, OPT_MANIFEST, OPT_ENCODING,
	OPT_PERSON, OPT_ACCEPT, OPT_HEAD, OPT_BAD_ROWS, OPT_TABLE, OPT_THREADS, OPT_WIDTH, OPT_ALLOW_PATHS, OPT_PUBLIC, OPT_FIGURES,
	OPT_QUIET, OPT_PLAIN, OPT_WRITE, OPT_STRICT, OPT_HELP, OPT_VERSION, OPT_DELIMITER, OPT_GLYPHS, OPT_NO_COLOR, OPT_TIMING,
	OPT_HEADLESS, OPT_SCRIPT, OPT_MOUSE, OPT_THEME, OPT_RESET,
};

static const struct option options[] = {
	{ "out", required_argument, NULL, OPT_OUT },
	{ "output", required_argument, NULL, 'o' },
	{ "study", required_argument, NULL, OPT_STUDY },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "data", required_argument, NULL, OPT_DATA },
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "role", required_argument, NULL, OPT_ROLE },
	{ "lang", required_argument, NULL, OPT_LANG },
	{ "manifest", required_argument, NULL, OPT_MANIFEST },
	{ "encoding", required_argument, NULL, OPT_ENCODING },
	{ "delimiter", required_argument, NULL, OPT_DELIMITER },
	{ "accept", required_argument, NULL, OPT_ACCEPT },
	{ "person", required_argument, NULL, OPT_PERSON },
	{ "head", required_argument, NULL, OPT_HEAD },
	{ "bad-rows", required_argument, NULL, OPT_BAD_ROWS },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "width", required_argument, NULL, OPT_WIDTH },
	{ "glyphs", required_argument, NULL, OPT_GLYPHS },
	{ "allow-paths", no_argument, NULL, OPT_ALLOW_PATHS },
	{ "public", no_argument, NULL, OPT_PUBLIC },
	{ "figures", no_argument, NULL, OPT_FIGURES },
	{ "quiet", no_argument, NULL, OPT_QUIET },
	{ "plain", no_argument, NULL, OPT_PLAIN },
	{ "write", no_argument, NULL, OPT_WRITE },
	{ "strict", no_argument, NULL, OPT_STRICT },
	{ "no-color", no_argument, NULL, OPT_NO_COLOR },
	{ "headless", required_argument, NULL, OPT_HEADLESS },
	{ "script", required_argument, NULL, OPT_SCRIPT },
	{ "mouse", no_argument, NULL, OPT_MOUSE },
	{ "theme", required_argument, NULL, OPT_THEME },
	{ "reset", no_argument, NULL, OPT_RESET },
	{ "timing", no_argument, NULL, OPT_TIMING },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static void usage(FILE *to)
{
	fputs(_("Yogo: a clinical research workbench for the terminal\n"
	        "\n"
	        "  yogo [FILE.cohort | FILE.study]      the workbench: screens for data, cohorts, endpoints, results\n"
	        "       --theme default|light|mono|contrast  --no-color  --mouse  --study FILE  --data DIR  --out DIR\n"
	        "  yogo import FILE... -o NAME.cohort   make a cohort file from CSV or TSV (plain, gz, zst, zip)\n"
	        "       --manifest M.json  --public  --encoding cp932  --delimiter tab  --person COLUMN[,COLUMN]\n"
	        "       --table NAME=FILE  --bad-rows=refuse  --accept COLUMN[,COLUMN]\n"
	        "  yogo info FILE.cohort                tables, columns, labels, units, sizes, fingerprint\n"
	        "  yogo run SCRIPT                      run a saved analysis; its journal is kept in a study file\n"
	        "       --out DIR  --data DIR  --study FILE  --format text|json|csv  --figures  --width N\n"
	        "       --profile P  --allow-paths  --name NAME  --role ROLE  --timing\n"
	        "  yogo repl [FILE.cohort]              type commands one by one\n"
	        "  yogo check SCRIPT                    check syntax, names and types without running\n"
	        "  yogo format SCRIPT [--write]         print (or write) the canonical form\n"
	        "  yogo verify FILE.cohort|STUDY        recompute every digest  [--head \"SIZE ROOT\"]\n"
	        "  yogo replay STUDY [--data DIR]       run every analysis again and compare  [--strict]\n"
	        "  yogo help [TOPIC]                    commands, each with an example\n"
	        "\n"
	        "  --threads N  --lang ja|en  --quiet   with every command\n"),
	      to);
}

__attribute__((format(printf, 1, 2))) static int wrong(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("yogo: ", stderr);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "  [E-CLI-001]\n%s\n", _("yogo --help lists the words and options"));
	return 2;
}

static bool count(const char *text, int64_t low, int64_t high, int64_t *out)
{
	return yg_parse_i64(yg_str(text), out) && *out >= low && *out <= high;
}

int yg_cli_parse(int argc, char **argv, struct yg_cli *cli)
{
	int c, at = 0;
	int64_t v;

	memset(cli, 0, sizeof *cli);
	cli->width = 80;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "o:hV", options, &at)) != -1) {
		switch (c) {
		case 'o': cli->output = optarg; break;
		case OPT_OUT: cli->out = optarg; break;
		case OPT_STUDY: cli->study = optarg; break;
		case OPT_FORMAT: cli->format = optarg; break;
		case OPT_DATA: cli->data = optarg; break;
		case OPT_PROFILE: cli->profile = optarg; break;
		case OPT_NAME: cli->actor = optarg; break;
		case OPT_ROLE: cli->role = optarg; break;
		case OPT_LANG: cli->language = optarg; break;
		case OPT_MANIFEST: cli->manifest = optarg; break;
		case OPT_ENCODING: cli->encoding = optarg; break;
		case OPT_DELIMITER: cli->delimiter = optarg; break;
		case OPT_ACCEPT: cli->accept = optarg; break;
		case OPT_PERSON: cli->person = optarg; break;
		case OPT_HEAD: cli->head = optarg; break;
		case OPT_BAD_ROWS: cli->bad_rows = optarg; break;
		case OPT_GLYPHS: cli->glyphs = optarg; break;
		case OPT_TABLE:
			cli->table = yg_xrealloc(cli->table, (size_t)cli->tables + 1, sizeof *cli->table);
			cli->table[cli->tables++] = optarg;
			break;
		case OPT_THREADS:
			if (!count(optarg, 1, 256, &v))
				return wrong(_("--threads wants a number from 1 to 256, not %s"), optarg);
			cli->threads = (unsigned)v;
			break;
		case OPT_WIDTH:
			if (!count(optarg, 40, 1000, &v))
				return wrong(_("--width wants a number from 40 to 1000, not %s"), optarg);
			cli->width = (int)v;
			break;
		case OPT_ALLOW_PATHS: cli->allow_paths = true; break;
		case OPT_PUBLIC: cli->public_data = true; break;
		case OPT_FIGURES: cli->figures = true; break;
		case OPT_QUIET: cli->quiet = true; break;
		case OPT_PLAIN: cli->plain = true; break;
		case OPT_WRITE: cli->write = true; break;
		case OPT_STRICT: cli->strict = true; break;
		case OPT_TIMING: cli->timing = true; break;
		case OPT_NO_COLOR: cli->no_color = true; break;
		case OPT_HEADLESS: cli->headless = optarg; break;
		case OPT_SCRIPT: cli->script = optarg; break;
		case OPT_MOUSE: cli->mouse = true; break;
		case OPT_THEME: cli->theme = optarg; break;
		case OPT_RESET: cli->reset = true; break;
		case 'h':
		case OPT_HELP:
			usage(stdout);
			return 0;
		case 'V':
		case OPT_VERSION:
			printf("yogo %s\n", YOGO_VERSION);
			return 0;
		default:
			return wrong(_("unknown option, or an option without its value: %s"), argv[optind - 1]);
		}
	}
	if (optind < argc)
		cli->word = argv[optind++];
	cli->argument = argv + optind;
	cli->arguments = argc - optind;
	if (cli->format && strcmp(cli->format, "text") && strcmp(cli->format, "json") && strcmp(cli->format, "csv"))
		return wrong(_("--format is text, json or csv, not %s"), cli->format);
	if (cli->language && strcmp(cli->language, "ja") && strcmp(cli->language, "en"))
		return wrong(_("--lang is en or ja, not %s"), cli->language);
	if (cli->bad_rows && strcmp(cli->bad_rows, "refuse"))
		return wrong(_("--bad-rows takes only the value refuse, not %s"), cli->bad_rows);
	return -1;
}
