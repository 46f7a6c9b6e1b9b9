/* The statements of the language, described like verbs. */
{
	.name = "lang", .group = "statement", .target = YG_TARGET_NONE, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("version of the language a script is written in"), .usage = "lang 1",
},
{
	.name = "study", .group = "statement", .target = YG_TARGET_NONE, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("title of the study"), .usage = "study \"TITLE\"",
},
{
	.name = "seed", .group = "statement", .target = YG_TARGET_NONE, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("seed of everything random"), .usage = "seed NUMBER",
},
{
	.name = "open", .group = "statement", .target = YG_TARGET_ANY, .clauses = AS, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("open a cohort file"), .usage = "open \"FILE.cohort\" [with profile=...] [as NAME]",
	OPTIONS(OPTION("profile", WORD, "open|jp_ndb|opensafely|strict", NULL, "disclosure profile; only a stricter one than the manifest's")),
},
{
	.name = "run", .group = "statement", .target = YG_TARGET_ANY, .clauses = AS, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("run another script"), .usage = "run \"FILE.yogo\"",
},
{
	.name = "import", .group = "statement", .target = YG_TARGET_ANY, .clauses = AS, .effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("read a table from a file"), .usage = "import TABLE \"FILE\" [with person=VAR, encoding=..., dates=...] [as NAME]",
	OPTIONS(OPTION("person", COLUMNS, NULL, NULL, "column or columns that name the person"), OPTION("encoding", TEXT, NULL, NULL, "character encoding: utf-8, cp932 ..."),
	        OPTION("dates", TEXT, NULL, NULL, "how dates are written: ymd, dmy, mdy")),
},
{
	.name = "use", .group = "statement", .target = YG_TARGET_OBJECT, .clauses = YG_CLAUSE_ON, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("make a table or a cohort the active population"), .usage = "use NAME [on DATA]",
},
{
	.name = "param", .group = "statement", .target = YG_TARGET_ANY, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("a named value"), .usage = "param NAME = VALUE",
},
{
	.name = "codes", .group = "statement", .target = YG_TARGET_ANY, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("a named set of codes"), .usage = "codes NAME = VOCABULARY \"PATTERN\", ...   |   codes NAME from \"FILE\" with column=..., vocab=...",
	OPTIONS(OPTION("column", COLUMN, NULL, NULL, "column of the file that holds the codes"), OPTION("vocab", TEXT, NULL, NULL, "vocabulary of the codes"),
	        OPTION("level", TEXT, NULL, NULL, "level of the code system")),
},
{
	.name = "factor", .group = "statement", .target = YG_TARGET_COLUMNS, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("levels, their labels and the reference of a column"), .usage = "factor NAME [= EXPRESSION] with levels=(...), ref=\"LABEL\"",
	OPTIONS(OPTION("levels", VALUE, NULL, NULL, "levels in order: levels=(\"Female\": 0, \"Male\": 1)"), OPTION("ref", TEXT, NULL, NULL, "reference level; the first unless named"),
	        OPTION("label", TEXT, NULL, NULL, "label of the column")),
},
{
	.name = "let", .group = "statement", .target = YG_TARGET_COLUMNS, .clauses = YG_CLAUSE_WHERE | BY, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("a new column"), .usage = "let NAME = EXPRESSION [where ...] [by PERSON] [with label=\"...\", unit=\"...\"]",
	OPTIONS(OPTION("label", TEXT, NULL, NULL, "label of the column"), OPTION("unit", TEXT, NULL, NULL, "unit of the values")),
},
{
	.name = "contrast", .group = "statement", .target = YG_TARGET_COHORT, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("two groups to be compared"), .usage = "contrast NAME = A vs B [with ...]   |   contrast NAME = COLUMN with treated=LEVEL [, estimand=...]",
	OPTIONS(OPTION("treated", VALUE, NULL, NULL, "level that is the treated group"), OPTION("estimand", WORD, "att|ate|atc|ato|atm", NULL, "whose effect"),
	        OPTION("duplicates", WORD, "first|last|drop|both", NULL, "persons in both cohorts")),
},
{
	.name = "assert", .group = "statement", .target = YG_TARGET_ANY, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("stop unless this holds"), .usage = "assert CONDITION [else \"MESSAGE\"]",
},
{
	.name = "cohort", .group = "statement", .target = YG_TARGET_COHORT, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("who is studied, rule by rule"), .usage = "cohort NAME [like NAME]: [\"TITLE\"] ... end",
},
{
	.name = "endpoint", .group = "statement", .target = YG_TARGET_ENDPOINT, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("what is awaited, from when and until when"), .usage = "endpoint NAME: [\"TITLE\"] ... end",
},
{
	.name = "covariates", .group = "statement", .target = YG_TARGET_COLUMNS, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("columns and records before the index date, one value a person"), .usage = "covariates NAME: [\"TITLE\"] ... end",
},
