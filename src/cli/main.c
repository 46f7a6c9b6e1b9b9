/* Start-up: locale, signals, file modes, and which front end. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/repl/repl.h"
#include "yogo/tui/term.h"
#include "yogo/tui/tui.h"

/* Numbers and text are read and written without the locale; only the character set and the language
   of messages come from outside. */
static void set_language(const struct yg_cli *cli)
{
	const char *folder = getenv("YOGO_LOCALEDIR");
	char beside[4096] = "";
	ssize_t n = readlink("/proc/self/exe", beside, sizeof beside - 32);

	/* A program run from the tree it was built in finds the catalogues beside it. */
	if (!folder && n > 0) {
		beside[n] = '\0';
		*strrchr(beside, '/') = '\0';
		snprintf(beside + strlen(beside), 32, "/build/locale");
		if (access(beside, R_OK) == 0) {
			folder = beside;
		} else {
			*strrchr(beside, '/') = '\0';
			*strrchr(beside, '/') = '\0';
			snprintf(beside + strlen(beside), 32, "/locale");
			folder = access(beside, R_OK) == 0 ? beside : NULL;
		}
	}
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	if (cli->language && !strcmp(cli->language, "ja")) {
		/* gettext asks only that LC_MESSAGES is not "C": the Japanese locale need not be installed. */
		setlocale(LC_CTYPE, "C.UTF-8");
		setlocale(LC_MESSAGES, "C.UTF-8");
		setenv("LANGUAGE", "ja", 1);
	} else if (cli->language) {
		setenv("LANGUAGE", "en", 1);
	}
	bindtextdomain("yogo", folder ? folder : YOGO_LOCALEDIR);
	bind_textdomain_codeset("yogo", "UTF-8");
	textdomain("yogo");
}

/* A closed standard stream would let a data file take its number and receive messages. */
static void keep_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static const struct {
	const char *word;
	int (*run)(const struct yg_cli *cli);
} words[] = {
	{ "run", yg_cli_run },       { "check", yg_cli_check },   { "format", yg_cli_format }, { "help", yg_cli_help },
	{ "import", yg_cli_import }, { "info", yg_cli_info },     { "verify", yg_cli_verify }, { "replay", yg_cli_replay },
};

static int repl(const struct yg_cli *cli, const char *file)
{
	struct yg_repl_options o;

	memset(&o, 0, sizeof o);
	o.cohort = file;
	o.study = cli->study;
	o.data_folder = cli->data;
	o.out_folder = cli->out;
	o.profile = cli->profile;
	o.actor = cli->actor;
	o.role = cli->role;
	o.threads = cli->threads;
	o.allow_paths = cli->allow_paths;
	o.plain = cli->plain;
	o.figures = cli->figures;
	o.render = yg_cli_render(cli);
	return yg_repl(&o);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && strcmp(text + n - m, end) == 0;
}

/* The workbench on nothing, a cohort file, or a study; without a terminal it says what to use instead. */
static int workbench(const struct yg_cli *cli)
{
	struct yg_tui_options o;
	char *study, *folder = NULL;
	const char *file = cli->word && ends_with(cli->word, ".cohort") ? cli->word : NULL;
	int code;

	if (!cli->headless && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
		fputs(_("yogo: the workbench needs a terminal  [E-CLI-007]\n"
		        "without one, use: yogo repl [FILE.cohort]   or   yogo run SCRIPT\n"
		        "yogo --help lists the words and options\n"),
		      stderr);
		return 2;
	}
	memset(&o, 0, sizeof o);
	study = cli->study ? yg_xstrdup(cli->study) : cli->word && !file ? yg_xstrdup(cli->word) : yg_path_join(cli->out ? cli->out : ".", "session.study");
	/* The folder of the file named is where its data are; scripts name files below it. */
	if (file && !cli->data) {
		folder = yg_path_folder(file);
		file = yg_path_file(file);
	}
	o.file = file;
	o.study = study;
	o.data_folder = cli->data ? cli->data : folder;
	o.out_folder = cli->out;
	o.profile = cli->profile;
	o.actor = cli->actor;
	o.role = cli->role;
	o.threads = cli->threads;
	o.allow_paths = cli->allow_paths;
	o.mouse = cli->mouse;
	o.no_color = cli->no_color;
	o.theme = cli->theme;
	o.headless = cli->headless;
	o.script = cli->script;
	o.render = yg_cli_render(cli);
	code = yg_tui(&o);
	yg_free(study);
	yg_free(folder);
	return code;
}

int main(int argc, char **argv)
{
	struct rlimit no_core = { 0, 0 };
	struct yg_cli cli;
	int code;

	keep_standard_streams();
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_CORE, &no_core);   /* a core file would hold patients' records */
	code = yg_cli_parse(argc, argv, &cli);
	if (code >= 0)
		return code;
	set_language(&cli);
	if (cli.reset) {
		yg_term_reset();
		return 0;
	}
	if (!cli.word) {
		code = cli.plain ? repl(&cli, NULL) : workbench(&cli);
		goto out;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(cli.word, words[i].word) == 0) {
			code = words[i].run(&cli);
			goto out;
		}
	if (strcmp(cli.word, "repl") == 0) {
		code = repl(&cli, cli.arguments ? cli.argument[0] : NULL);
	} else if (cli.plain && ends_with(cli.word, ".cohort")) {
		code = repl(&cli, cli.word);
	} else if (ends_with(cli.word, ".cohort") || ends_with(cli.word, ".study")) {
		code = workbench(&cli);
	} else {
		fprintf(stderr, _("yogo: there is no command %s  [E-CLI-003]\n%s\n"), cli.word,
		        _("yogo --help lists the words and options"));
		code = 2;
	}
out:
	yg_free(cli.table);
	/* Output that could not be written (a full disk) is a failure, not silence. */
	if (fflush(stdout) != 0 && code == 0)
		code = 5;
	return code;
}
