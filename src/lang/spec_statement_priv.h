/* The statements of the language, described like verbs. */
{
	.name = "lang", .group = "statement", .target = YG_TARGET_NONE, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("version of the language a script is written in"),
	.usage = "lang 1",
	.help = N_("The first line of a script. It pins the meaning of everything below: a later version of the program "
	           "reads the script as this version of the language."),
	.example = "lang 1",
},
{
	.name = "study", .group = "statement", .target = YG_TARGET_NONE, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("title of the study"),
	.usage = "study \"TITLE\"",
	.help = N_("The title printed on results and reports. The study file is named on the command line."),
	.example = "study \"Adjuvant therapy of colon cancer\"",
},
{
	.name = "seed", .group = "statement", .target = YG_TARGET_NONE, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("seed of everything random"),
	.usage = "seed NUMBER",
	.help = N_("Random numbers are drawn from the seed, the purpose, the replicate and the person, so they do not "
	           "depend on the order of commands or on the number of processors. A script with any verb that draws "
	           "random numbers must have a seed."),
	.example = "seed 7",
},
{
	.name = "open", .group = "statement", .target = YG_TARGET_ANY,
	.clauses = AS,
	.effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("open a cohort file"),
	.usage = "open \"FILE.cohort\" [with profile=...] [as NAME]",
	.help = N_("Opens a cohort file and makes its subject table, or its only table, active. The data set is named "
	           "after the file unless \"as\" says otherwise. profile chooses a disclosure profile stricter than the "
	           "manifest's, never a laxer one. Files are looked for beside the script and in the data folder."),
	.example = "open \"colon.cohort\"\n"
	           "open \"gbsg.cohort\" as gb",
	OPTIONS(OPTION("profile", WORD, "open|jp_ndb|opensafely|strict", NULL,
	               "disclosure profile; only a stricter one than the manifest's")),
},
{
	.name = "run", .group = "statement", .target = YG_TARGET_ANY,
	.clauses = AS,
	.effect = YG_EFFECT_STATE,
	.summary = N_("run another script"),
	.usage = "run \"FILE.yogo\"",
	.help = N_("Runs the statements of another script here, as if they stood in this one."),
	.example = "run \"definitions.yogo\"",
},
{
	.name = "import", .group = "statement", .target = YG_TARGET_ANY,
	.clauses = AS,
	.effect = YG_EFFECT_OUTSIDE,
	.summary = N_("read a table from a file"),
	.usage = "import TABLE \"FILE\" [with person=VAR, encoding=..., dates=...] [as NAME]",
	.help = N_("Reads a table from CSV or another format, infers the types from every row, and opens it. person "
	           "names the column, or the columns together, that tell persons apart; columns that are constant within "
	           "a person go to the subject table. The manifest drafted says undeclared data and the strictest usual "
	           "profile; edit it."),
	.example = "import trial \"adtte.csv.zst\" with person=usubjid",
	OPTIONS(OPTION("person", COLUMNS, NULL, NULL, "column or columns that name the person"),
	        OPTION("encoding", TEXT, NULL, NULL, "character encoding: utf-8, cp932 ..."),
	        OPTION("dates", TEXT, NULL, NULL, "how dates are written: ymd, dmy, mdy")),
},
{
	.name = "use", .group = "statement", .target = YG_TARGET_OBJECT,
	.clauses = YG_CLAUSE_ON,
	.effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("make a table or a cohort the active population"),
	.usage = "use NAME [on DATA]",
	.help = N_("use TABLE makes a table active, use TABLE on DATA one of another data set, use COHORT the persons of "
	           "a cohort. Every echoed line repeats what is active. on NAME in a command replaces it for that "
	           "command alone."),
	.example = "open \"colon.cohort\"\n"
	           "use colon",
},
{
	.name = "param", .group = "statement", .target = YG_TARGET_ANY, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("a named value"),
	.usage = "param NAME = VALUE",
	.help = N_("A named number, date or duration for windows and conditions."),
	.example = "param study_end = 2023-12-31",
},
{
	.name = "codes", .group = "statement", .target = YG_TARGET_ANY, .effect = YG_EFFECT_STATE,
	.summary = N_("a named set of codes"),
	.usage = "codes NAME = VOCABULARY \"PATTERN\", ...   |   codes NAME from \"FILE\" with column=..., vocab=...",
	.help = N_("A named set of codes: patterns of vocabularies (icd10, atc, kcode ...) with * at the end for "
	           "everything below, other sets (set NAME), or a file with one code a line. Conditions use it as x in "
	           "NAME, events as dx(NAME)."),
	.example = "codes warfarin = atc \"B01AA03\"\n"
	           "codes oac = set warfarin, atc \"B01AF*\"",
	OPTIONS(OPTION("column", COLUMN, NULL, NULL, "column of the file that holds the codes"),
	        OPTION("vocab", TEXT, NULL, NULL, "vocabulary of the codes"),
	        OPTION("level", TEXT, NULL, NULL, "level of the code system")),
},
{
	.name = "factor", .group = "statement", .target = YG_TARGET_COLUMNS, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("levels, their labels and the reference of a column"),
	.usage = "factor NAME [= EXPRESSION] with levels=(...), ref=\"LABEL\"",
	.help = N_("Gives a column levels, labels, order and a reference. levels=(\"Female\": 0, \"Male\": 1) is label : "
	           "value, in order; (1, 2) as value joins values; a list of labels alone orders or names the classes of "
	           "cut(). From then on the labels are the values; a value in no level is an error. The first level is "
	           "the reference unless ref names another. factor X = ... makes a new column, factor X recodes X "
	           "itself."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "factor sex with levels=(\"Female\": 0, \"Male\": 1)\n"
	           "factor age3 = cut(age, 50, 65) with levels=(\"under 50\", \"50 to 64\", \"65 or over\")",
	OPTIONS(OPTION("levels", VALUE, NULL, NULL, "levels in order: levels=(\"Female\": 0, \"Male\": 1)"),
	        OPTION("ref", TEXT, NULL, NULL, "reference level; the first unless named"),
	        OPTION("label", TEXT, NULL, NULL, "label of the column")),
},
{
	.name = "let", .group = "statement", .target = YG_TARGET_COLUMNS,
	.clauses = YG_CLAUSE_WHERE | BY,
	.effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("a new column"),
	.usage = "let NAME = EXPRESSION [where ...] [by PERSON] [with label=\"...\", unit=\"...\"]",
	.help = N_("A new column of the active table, computed when needed. Row by row: let young = age < 50. Over the "
	           "rows of each person: let last = max(time) where status = 1 by id, with count, sum, mean, min, max, "
	           "any, first, last, seq. It may not take the name of a column of the file.\n\n"
	           "A condition on a missing value is missing, not false: let disease = abi < 0.9 is missing where abi "
	           "is. case(...) gives missing when a condition is unknown. log of what is not positive is missing, and "
	           "counted."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "let age60 = age >= 60 with label=\"Age 60 or over\"\n"
	           "let fup = max(time) where etype = 2 by id",
	OPTIONS(OPTION("label", TEXT, NULL, NULL, "label of the column"),
	        OPTION("unit", TEXT, NULL, NULL, "unit of the values")),
},
{
	.name = "contrast", .group = "statement", .target = YG_TARGET_COHORT, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("two groups to be compared"),
	.usage = "contrast NAME = A vs B [with ...]   |   contrast NAME = COLUMN with treated=LEVEL [, estimand=...]",
	.help = N_("Two groups to compare: two cohorts (first against second), or the levels of a column with treated "
	           "naming the treated one. estimand is stated once, here: att the effect in the treated, ate in "
	           "everybody, atc in the untreated, ato where the groups overlap, atm as in matched pairs. duplicates "
	           "says what happens to persons in both cohorts."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att",
	OPTIONS(OPTION("treated", VALUE, NULL, NULL, "level that is the treated group"),
	        OPTION("estimand", WORD, "att|ate|atc|ato|atm", NULL, "whose effect"),
	        OPTION("duplicates", WORD, "first|last|drop|both", NULL, "persons in both cohorts")),
},
{
	.name = "assert", .group = "statement", .target = YG_TARGET_ANY, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("stop unless this holds"),
	.usage = "assert CONDITION [else \"MESSAGE\"]",
	.help = N_("Stops the script, with exit code 1 and the message, unless the condition holds; an unknown one "
	           "fails. Fields of named objects: itt.n (persons), .records, .events, .dropped, and NAME.hr(\"rx: "
	           "Lev\"). A value that disclosure control hides is an error here."),
	.example = "open \"pbc.cohort\"\n"
	           "cohort rnd: \"Randomised\"; require trt is not missing; end\n"
	           "assert rnd.n = 312 else \"the population changed\"",
},
{
	.name = "cohort", .group = "statement", .target = YG_TARGET_COHORT, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("who is studied, rule by rule"),
	.usage = "cohort NAME [like NAME]: [\"TITLE\"] ... end",
	.help = N_("Who is studied. One clause a line, closed by \"end\"; see help enter, require, exclude, exit, "
	           "episodes, limit. Rules apply in order; every one that removes persons is a row of attrition, under "
	           "its label. like copies the clauses of another cohort: an enter or exit line replaces all of that "
	           "kind, require and exclude are added.\n\n"
	           "On plain tables no enter is needed: everybody is looked at."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "cohort itt: \"Randomised, node count known\"\n"
	           "  require \"node count recorded\": nodes is not missing\n"
	           "end",
},
{
	.name = "endpoint", .group = "statement", .target = YG_TARGET_ENDPOINT, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("what is awaited, from when and until when"),
	.usage = "endpoint NAME: [\"TITLE\"] ... end",
	.help = N_("What is awaited and how long each person was under observation. See help time, start, entry, until, "
	           "event, compete, censor. Several event lines are a composite: the first to come counts, each under "
	           "its label. Each compete line is a cause that makes the event impossible. On one day the event comes "
	           "before competing events, these before censoring.\n\n"
	           "An unknown event is an unknown outcome: the person is dropped and counted, never censored. Printed "
	           "are persons, rows, events by label, the censored by reason, time at risk, times of zero, negative "
	           "and unknown."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end",
},
{
	.name = "covariates", .group = "statement", .target = YG_TARGET_COLUMNS,
	.effect = YG_EFFECT_STATE,
	.summary = N_("columns and records before the index date, one value a person"),
	.usage = "covariates NAME: [\"TITLE\"] ... end",
	.help = N_("Values of each person at the index date: columns (keep) and values taken from records in windows "
	           "before it (add). A window after the index date is an error. Every cohort sees the block; formulas "
	           "may name the block for all its columns."),
	.example = "covariates base:\n"
	           "  keep age, sex\n"
	           "  add last lab(egfr) in [-365d, 0d] as egfr\n"
	           "end",
},
