/* The clauses of the three blocks, described like verbs. */
#define STOP_OPTIONS \
	OPTION("gap", DURATION, NULL, NULL, "days without supply that end a treatment"), \
	OPTION("grace", DURATION, NULL, NULL, "days added after the end of supply"), \
	OPTION("carry", DURATION, NULL, "0d", "stockpiled days carried forward, at most")
{
	.name = "enter", .group = "cohort",
	.summary = N_("the record that makes the index date"),
	.usage = "enter first|last|every EVENT [in [FROM, TO]]",
	.help = N_("The event that makes the index date: enter first rx(doac) in [2015-01-01, study_end]. first is the "
	           "first in the person's whole recorded history, which must then lie in the window; for the first "
	           "within the window say enter every ... and limit first. How many had their first before the window is "
	           "printed."),
},
{
	.name = "require", .group = "cohort", .available = true,
	.summary = N_("keep only those for whom this is true; the unknown leave"),
	.usage = "require [\"LABEL\":] RULE",
	.help = N_("Keeps a person for whom the rule is true. false and unknown leave, and both are counted: require "
	           "egfr >= 30 drops the untested. A rule is a condition on columns, any or none of events in a window, "
	           "count dx(x) in [...] >= 2, value last lab(x) in [...] >= 50, or observed in [...].\n\n"
	           "This version computes rules on columns; rules on events and windows are read and refused."),
},
{
	.name = "exclude", .group = "cohort", .available = true,
	.summary = N_("drop those for whom this is true; the unknown stay"),
	.usage = "exclude [\"LABEL\":] RULE",
	.help = N_("Drops a person for whom the rule is true. The unknown stay, and are counted: exclude egfr < 30 keeps "
	           "the untested."),
},
{
	.name = "exit", .group = "cohort", .clauses = AS,
	.summary = N_("when follow-up ends; the earliest counts"),
	.usage = "exit observation | death | on EVENT | after DURATION | date DATE | stop EVENT with gap=..., grace=...",
	.help = N_("Ends the observation of a person; the earliest of all exit lines counts, and never later than the "
	           "end of the data. exit stop rx(x) with gap=30d, grace=30d ends when supply has lapsed: the gap counts "
	           "from the end of the supply."),
	OPTIONS(STOP_OPTIONS),
},
{
	.name = "episodes", .group = "cohort", .clauses = AS,
	.summary = N_("several entries of a person"),
	.usage = "episodes [with gap=...]",
	.help = N_("Allows several entries of one person, gap apart."),
	OPTIONS(STOP_OPTIONS),
},
{
	.name = "limit", .group = "cohort",
	.summary = N_("which of several entries of a person"),
	.usage = "limit first|last|every",
	.help = N_("Which entry of a person counts when there are several."),
},
{
	.name = "start", .group = "endpoint", .available = true,
	.summary = N_("when time begins: a date column, or days after index"),
	.usage = "start BOUND",
	.help = N_("The origin of time: a date column (start dob) or a shift from the index date (start 1d). Without it "
	           "the index date, or zero of a numeric time."),
},
{
	.name = "until", .group = "endpoint", .available = true,
	.summary = N_("follow-up is cut here (closed)"),
	.usage = "until DURATION",
	.help = N_("Follow-up ends here for everybody; an event on that day still counts. On a numeric time months and "
	           "years are 30.4375 and 365.25 days."),
},
{
	.name = "clean", .group = "endpoint",
	.summary = N_("time without an event before one counts as new"),
	.usage = "clean DURATION",
	.help = N_("An event counts only when there was none in so many days before."),
},
{
	.name = "unit", .group = "endpoint", .available = true,
	.summary = N_("unit in which times are shown"),
	.usage = "unit days|weeks|months|years",
	.help = N_("Display only: results are computed in the time given."),
},
{
	.name = "where", .group = "endpoint", .available = true,
	.summary = N_("rows of the table that count"),
	.usage = "where CONDITION",
	.help = N_("The rows of the table that belong to the endpoint: the colon file has one row for recurrence and one "
	           "for death of each patient."),
},
{
	.name = "time", .group = "endpoint", .available = true,
	.summary = N_("column of follow-up times or of end dates"),
	.usage = "time COLUMN [in UNIT] [with zero=half|drop]",
	.help = N_("A number, in the unit named or in the manifest's (disagreement is an error), kept exactly as it is; "
	           "or a date, counted from start. Zero times stay, unless zero=half or drop. Negative times are refused "
	           "with their rows."),
	OPTIONS(OPTION("zero", WORD, "keep|half|drop", "keep", "times of zero: kept, set to half a unit, or dropped")),
},
{
	.name = "entry", .group = "endpoint", .available = true,
	.summary = N_("start of observation: left truncation, start-stop rows, landmark"),
	.usage = "entry COLUMN | DURATION",
	.help = N_("The person is under observation in (entry, time]; of several entry lines the latest counts. Left "
	           "truncation, start-stop rows, and landmarks: entry 180d."),
},
{
	.name = "between", .group = "endpoint", .available = true,
	.summary = N_("the event happened after L and by R"),
	.usage = "between L and R",
	.help = N_("For events seen only at visits: after L and not later than R. R missing: not yet seen. L missing: "
	           "before R."),
},
{
	.name = "each", .group = "endpoint", .available = true,
	.summary = N_("a follow-up for each person and value of a column"),
	.usage = "each COLUMN | each row",
	.help = N_("each eye gives each person and eye its own follow-up; each row when no column tells the rows apart. "
	           "Models then need cluster."),
},
{
	.name = "censor", .group = "endpoint", .clauses = AS, .available = true,
	.summary = N_("what ends observation without the event"),
	.usage = "censor observation | death | on EVENT | after DURATION | date DATE | stop EVENT",
	.help = N_("Ends observation without the event: as exit of a cohort. The reason is counted in followup."),
	OPTIONS(STOP_OPTIONS),
},
{
	.name = "event", .group = "endpoint", .available = true,
	.summary = N_("what the endpoint is"),
	.usage = "event [\"LABEL\":] [every] CONDITION | at DATECOLUMN | EVENT",
	.help = N_("A condition on the row (event \"death\": status = 1), a date column (event at dthdt: on that date "
	           "unless missing), or a record (event first dx(bleed)). every makes each row an event that can come "
	           "again. This version computes conditions and date columns; records are read and refused."),
},
{
	.name = "compete", .group = "endpoint", .available = true,
	.summary = N_("what makes the event impossible"),
	.usage = "compete [\"LABEL\":] CONDITION | at DATECOLUMN | EVENT",
	.help = N_("As event, for what makes the event impossible. The order of the lines is the order of the causes."),
},
{
	.name = "keep", .group = "covariates",
	.summary = N_("columns of the person"),
	.usage = "keep COLUMN, ...",
	.help = N_("keep age, sex: columns of the subject table, as they are."),
},
{
	.name = "add", .group = "covariates", .clauses = AS,
	.summary = N_("a value from records in a window"),
	.usage = "add [PICK] EVENT in [FROM, TO] [with ...] [as NAME]",
	.help = N_("add last lab(egfr) in [-365d, 0d] as egfr: one value a person from the records in a window. add any "
	           "dx() ... with level=icd3 makes one column for each code."),
	OPTIONS(OPTION("level", TEXT, NULL, NULL, "level of the code system: one column a code"),
	        OPTION("min", INTEGER, NULL, NULL, "codes of fewer persons are left out"),
	        OPTION("label", TEXT, NULL, NULL, "label of the column"),
	        OPTION("unit", TEXT, NULL, NULL, "unit of the values")),
},
#undef STOP_OPTIONS
