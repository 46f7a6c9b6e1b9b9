/* Reports, the audit, the session. */
{
	.name = "forest", .group = "report", .target = YG_TARGET_RESULTS, .clauses = TO | AS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("forest plot of the estimates of models"),
	.usage = "forest MODEL, ... [to \"FILE\"] [with term=\"...\", order=..., axis=...] [as NAME]",
	OPTIONS(OPTION("term", TEXT, NULL, NULL, "coefficient shown, as the model's table writes it: term=\"rx: Lev+5FU\""),
	        OPTION("order", WORD, "given|estimate|name", "given", "order of the rows"), OPTION("axis", WORD, "log|linear", NULL, "scale of the axis; log for ratios"), DIGITS),
},
{
	.name = "report", .group = "report", .target = YG_TARGET_RESULTS, .clauses = TO, .effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("results into one document"),
	.usage = "report RESULT, ... to \"FILE.html\" [with digits=N, template=...]",
	OPTIONS(OPTION("format", WORD, "html|txt|md|json", NULL, "kind of document; from the file name unless named"),
	        OPTION("template", WORD, "plain|strobe|consort|record_pe|stard|cheers|tripod", NULL, "order and headings"), DIGITS),
},
{
	.name = "export", .group = "report", .target = YG_TARGET_RESULT, .clauses = TO, .effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("one result as a file: table or figure"),
	.usage = "export RESULT to \"FILE.svg\" [with format=...]",
	OPTIONS(OPTION("format", WORD, "csv|json|svg|pdf|png|html|txt|md|xlsx", NULL, "kind of file; from the file name unless named"),
	        OPTION("template", TEXT, NULL, NULL, "layout"), DIGITS),
},
{
	.name = "release", .group = "audit", .target = YG_TARGET_RESULTS, .clauses = TO, .effect = YG_EFFECT_OUTSIDE,
	.summary = N_("release checked results"), .usage = "release RESULT, ... to \"FOLDER\"",
},
{
	.name = "freeze", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true, .clauses = 0, .effect = YG_EFFECT_STATE,
	.summary = N_("fix definitions before the outcome is seen"), .usage = "freeze [NAME, ...]",
},
{
	.name = "unblind", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true, .clauses = 0, .effect = YG_EFFECT_STATE,
	.summary = N_("open the blinded arms of a frozen study"), .usage = "unblind [NAME]",
},
{
	.name = "replay", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true, .clauses = TO, .effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("run the journal again and compare every number"), .usage = "replay [\"FILE.study\"] [to \"FILE.txt\"]",
},
{
	.name = "verify", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true, .clauses = 0, .effect = YG_EFFECT_LOOK, .available = true,
	.summary = N_("integrity of the data file and of the journal"), .usage = "verify [\"FILE\"] [with head=\"HASH\"]",
	OPTIONS(OPTION("head", TEXT, NULL, NULL, "the journal must contain this head")),
},
{
	.name = "diff", .group = "audit", .target = YG_TARGET_ANY, .clauses = TO, .effect = YG_EFFECT_RESULT,
	.summary = N_("what differs between two results or studies"), .usage = "diff A, B",
},
{
	.name = "selftest", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true, .clauses = 0, .effect = YG_EFFECT_LOOK,
	.summary = N_("published results recomputed on this machine"), .usage = "selftest [NAME, ...]",
},
{
	.name = "convention", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true, .clauses = 0, .effect = YG_EFFECT_STATE,
	.summary = N_("conventions of another program for all defaults"), .usage = "convention [r | sas | stata]",
},
{
	.name = "policy", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true, .clauses = 0, .effect = YG_EFFECT_LOOK,
	.summary = N_("the disclosure rules in force"), .usage = "policy",
},
{
	.name = "help", .group = "session", .target = YG_TARGET_ANY, .target_optional = true, .clauses = 0, .effect = YG_EFFECT_LOOK, .available = true,
	.summary = N_("this help"), .usage = "help [WORD]",
},
{
	.name = "undo", .group = "session", .target = YG_TARGET_NONE, .clauses = 0, .effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("take the last change of definitions back"), .usage = "undo",
},
{
	.name = "history", .group = "session", .target = YG_TARGET_NONE, .clauses = 0, .effect = YG_EFFECT_LOOK, .available = true,
	.summary = N_("the commands so far"), .usage = "history [with top=N]",
	OPTIONS(OPTION("top", INTEGER, NULL, NULL, "only the last ones")),
},
{
	.name = "save", .group = "session", .target = YG_TARGET_NONE, .clauses = TO, .effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("the session's commands as a script"), .usage = "save to \"FILE.yogo\"",
},
