/* The clauses of the three blocks, described like verbs. */
#define STOP_OPTIONS \
	OPTION("gap", TIMES, NULL, NULL, "days without supply that end a treatment"), \
	OPTION("grace", TIMES, NULL, NULL, "days added after the end of supply"), \
	OPTION("carry", TIMES, NULL, "0d", "stockpiled days carried forward, at most")
{
	.name = "enter", .group = "cohort", .available = true, .summary = N_("the record that makes the index date"), .usage = "enter first|last|every EVENT [in [FROM, TO]]",
},
{
	.name = "require", .group = "cohort", .available = true, .summary = N_("keep only those for whom this is true; the unknown leave"), .usage = "require [\"LABEL\":] RULE",
},
{
	.name = "exclude", .group = "cohort", .available = true, .summary = N_("drop those for whom this is true; the unknown stay"), .usage = "exclude [\"LABEL\":] RULE",
},
{
	.name = "exit", .group = "cohort", .clauses = AS, .available = true, .summary = N_("when follow-up ends; the earliest counts"),
	.usage = "exit observation | death | on EVENT | after DURATION | date DATE | stop EVENT with gap=..., grace=...",
	OPTIONS(STOP_OPTIONS),
},
{
	.name = "episodes", .group = "cohort", .clauses = AS, .available = true, .summary = N_("several entries of a person"), .usage = "episodes [with gap=...]",
	OPTIONS(STOP_OPTIONS),
},
{
	.name = "limit", .group = "cohort", .available = true, .summary = N_("which of several entries of a person"), .usage = "limit first|last|every",
},
{
	.name = "start", .group = "endpoint", .available = true, .summary = N_("when time begins: a date column, or days after index"), .usage = "start BOUND",
},
{
	.name = "until", .group = "endpoint", .available = true, .summary = N_("follow-up is cut here (closed)"), .usage = "until DURATION",
},
{
	.name = "clean", .group = "endpoint", .available = true, .summary = N_("time without an event before one counts as new"), .usage = "clean DURATION",
},
{
	.name = "unit", .group = "endpoint", .available = true, .summary = N_("unit in which times are shown"), .usage = "unit days|weeks|months|years",
},
{
	.name = "where", .group = "endpoint", .available = true, .summary = N_("rows of the table that count"), .usage = "where CONDITION",
},
{
	.name = "time", .group = "endpoint", .available = true, .summary = N_("column of follow-up times or of end dates"), .usage = "time COLUMN [in UNIT] [with zero=half|drop]",
	OPTIONS(OPTION("zero", WORD, "keep|half|drop", "keep", "times of zero: kept, set to half a unit, or dropped")),
},
{
	.name = "entry", .group = "endpoint", .available = true, .summary = N_("start of observation: left truncation, start-stop rows, landmark"), .usage = "entry COLUMN | DURATION",
},
{
	.name = "between", .group = "endpoint", .available = true, .summary = N_("the event happened after L and by R"), .usage = "between L and R",
},
{
	.name = "each", .group = "endpoint", .available = true, .summary = N_("a follow-up for each person and value of a column"), .usage = "each COLUMN | each row",
},
{
	.name = "censor", .group = "endpoint", .clauses = AS, .available = true, .summary = N_("what ends observation without the event"),
	.usage = "censor observation | death | on EVENT | after DURATION | date DATE | stop EVENT",
	OPTIONS(STOP_OPTIONS),
},
{
	.name = "event", .group = "endpoint", .available = true, .summary = N_("what the endpoint is"), .usage = "event [\"LABEL\":] [every] CONDITION | at DATECOLUMN | EVENT",
},
{
	.name = "compete", .group = "endpoint", .available = true, .summary = N_("what makes the event impossible"), .usage = "compete [\"LABEL\":] CONDITION | at DATECOLUMN | EVENT",
},
{
	.name = "keep", .group = "covariates", .available = true, .summary = N_("columns of the person"), .usage = "keep COLUMN, ...",
},
{
	.name = "add", .group = "covariates", .clauses = AS, .available = true, .summary = N_("a value from records in a window"), .usage = "add [PICK] EVENT in [FROM, TO] [with ...] [as NAME]",
	OPTIONS(OPTION("level", TEXT, NULL, NULL, "level of the code system: one column a code"), OPTION("min", INTEGER, NULL, NULL, "codes of fewer persons are left out"),
	        OPTION("label", TEXT, NULL, NULL, "label of the column"), OPTION("unit", TEXT, NULL, NULL, "unit of the values")),
},
#undef STOP_OPTIONS
