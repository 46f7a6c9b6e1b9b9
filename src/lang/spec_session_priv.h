/* Reports, the audit, the session. */
{
	.name = "forest", .group = "report", .target = YG_TARGET_RESULTS,
	.clauses = TO | AS, .later_clauses = TO,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("forest plot of the estimates of models"),
	.usage = "forest MODEL, ... [to \"FILE\"] [with term=\"...\", order=..., axis=...] [as NAME]",
	.help = N_("Estimates and intervals of models of cox, aft, linear, logit, poisson or glm as a plot, one row each: the coefficients of a model, or with term the one "
	           "coefficient in every level of a model with by. term is written as the model's table writes it: \"rx: "
	           "Lev+5FU\". Parametric models show what their tables show: time ratios, hazard ratios (metric=ph) or odds "
	           "ratios; models that estimate different things are not drawn in one plot. Ratios are drawn on a log axis. The figure carries its table of numbers; export writes it "
	           "to a file."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "cox os ~ rx by sex with interaction as sub\n"
	           "forest sub with term=\"rx: Lev+5FU\"",
	OPTIONS(OPTION("term", TEXT, NULL, NULL,
	               "coefficient shown, as the model's table writes it: term=\"rx: Lev+5FU\""),
	        OPTION("order", WORD, "given|estimate|name", "given", "order of the rows"),
	        OPTION("axis", WORD, "log|linear", NULL, "scale of the axis; log for ratios"),
	        DIGITS),
},
{
	.name = "report", .group = "report", .target = YG_TARGET_RESULTS,
	.clauses = TO,
	.effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("results into one document"),
	.usage = "report RESULT, ... to \"FILE.html\" [with digits=N, template=...]",
	.help = N_("Writes results with their tables, figures, notes and definitions into one document: HTML "
	           "(self-contained), Markdown, text or JSON, by the name of the file. The document says from which "
	           "data, by which commands and at which place of the journal each number came. The file appears in the "
	           "out folder; a file that exists is replaced only by a report."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "km os by rx as k1\n"
	           "report k1 to \"out/colon.html\"",
	OPTIONS(LATER("format", WORD, "html|txt|md|json", "kind of document; from the file name unless named"),
	        LATER("template", WORD, "plain|strobe|consort|record_pe|stard|cheers|tripod", "order and headings"),
	        DIGITS),
},
{
	.name = "export", .group = "report", .target = YG_TARGET_RESULT,
	.clauses = TO,
	.effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("one result as a file: table or figure"),
	.usage = "export RESULT to \"FILE.svg\" [with format=...]",
	.help = N_("Writes one result as a file: its tables as CSV or JSON, its figure as SVG, PDF or PNG, by the name "
	           "of the file. Only what was shown can be exported: hidden values stay hidden."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "km os by rx as k1\n"
	           "export k1 to \"out/km.svg\"",
	OPTIONS(LATER("format", WORD, "csv|json|svg|pdf|png|html|txt|md|xlsx",
	               "kind of file; from the file name unless named"),
	        LATER("template", TEXT, NULL, "layout"),
	        DIGITS),
},
{
	.name = "release", .group = "audit", .target = YG_TARGET_RESULTS, .clauses = TO, .effect = YG_EFFECT_OUTSIDE,
	.summary = N_("release checked results"),
	.usage = "release RESULT, ... to \"FOLDER\"",
	.help = N_("Copies results that were checked into a folder that may leave, with a record of who checked what."),
},
{
	.name = "freeze", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true,
	.clauses = 0,
	.effect = YG_EFFECT_STATE,
	.summary = N_("fix definitions before the outcome is seen"),
	.usage = "freeze [NAME, ...]",
	.help = N_("From here on a change of the named definitions is marked as made after the freeze."),
},
{
	.name = "unblind", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true,
	.clauses = 0,
	.effect = YG_EFFECT_STATE,
	.summary = N_("open the blinded arms of a frozen study"),
	.usage = "unblind [NAME]",
	.help = N_("Shows the arms, and records when and by whom."),
},
{
	.name = "replay", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true,
	.clauses = TO,
	.effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("run the journal again and compare every number"),
	.usage = "replay [\"FILE.study\"] [to \"FILE.txt\"]",
	.help = N_("Runs the resolved commands of a journal again on the same data and compares every result with the "
	           "one recorded: identical, within tolerance, or different, with the first cell that differs. Needs "
	           "data with the same root digest. Never writes to the study it replays."),
	.example = "replay",
},
{
	.name = "verify", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true,
	.clauses = 0,
	.effect = YG_EFFECT_LOOK, .available = true,
	.summary = N_("integrity of the data file and of the journal"),
	.usage = "verify [\"FILE\"] [with head=\"HASH\"]",
	.help = N_("Without a name: the study of this session, that no entry of the journal was changed, removed or put "
	           "in between, and the open data files, that no byte changed. With a file name: that cohort file or "
	           "study. head=\"...\" checks that the journal contains the head printed earlier; without it a journal "
	           "that its owner wrote anew from the start cannot be told from the true one."),
	.example = "verify",
	OPTIONS(OPTION("head", TEXT, NULL, NULL, "the journal must contain this head")),
},
{
	.name = "diff", .group = "audit", .target = YG_TARGET_ANY, .clauses = TO, .effect = YG_EFFECT_RESULT,
	.summary = N_("what differs between two results or studies"),
	.usage = "diff A, B",
	.help = N_("Compares two results cell by cell, or two studies entry by entry."),
},
{
	.name = "selftest", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true,
	.clauses = 0,
	.effect = YG_EFFECT_LOOK,
	.summary = N_("published results recomputed on this machine"),
	.usage = "selftest [NAME, ...]",
	.help = N_("Computes published examples again and says whether the numbers agree."),
},
{
	.name = "convention", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true,
	.clauses = 0,
	.effect = YG_EFFECT_STATE,
	.summary = N_("conventions of another program for all defaults"),
	.usage = "convention [r | sas | stata]",
	.help = N_("Sets tie handling, interval types and quantile rules to those of another program; every result "
	           "prints what was used."),
},
{
	.name = "policy", .group = "audit", .target = YG_TARGET_ANY, .target_optional = true,
	.clauses = 0,
	.effect = YG_EFFECT_LOOK,
	.summary = N_("the disclosure rules in force"),
	.usage = "policy",
	.help = N_("Shows thresholds, rounding and what is hidden under the disclosure profile in force."),
},
{
	.name = "help", .group = "session", .target = YG_TARGET_ANY, .target_optional = true,
	.clauses = 0,
	.effect = YG_EFFECT_LOOK, .available = true,
	.summary = N_("this help"),
	.usage = "help [WORD]",
	.help = N_("help lists the verbs; help km explains a verb, its clauses and options; help cohort a statement; "
	           "help require a clause of a block; help rcs a function."),
	.example = "help km",
},
{
	.name = "undo", .group = "session", .target = YG_TARGET_NONE,
	.clauses = 0,
	.effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("take the last change of definitions back"),
	.usage = "undo",
	.help = N_("Takes back the last statement that changed definitions: a cohort, an endpoint, a column, use. The "
	           "journal keeps both the change and its undoing; nothing is deleted. Results already shown stay, those "
	           "that rest on what was undone are marked."),
	.example = "open \"pbc.cohort\"\n"
	           "let young = age < 50\n"
	           "undo",
},
{
	.name = "history", .group = "session", .target = YG_TARGET_NONE,
	.clauses = 0,
	.effect = YG_EFFECT_LOOK, .available = true,
	.summary = N_("the commands so far"),
	.usage = "history [with top=N]",
	.help = N_("Lists the commands of the session that made the present state, numbered, as they will be saved."),
	.example = "history",
	OPTIONS(LATER("top", INTEGER, NULL, "only the last ones")),
},
{
	.name = "save", .group = "session", .target = YG_TARGET_NONE,
	.clauses = TO,
	.effect = YG_EFFECT_OUTSIDE, .available = true,
	.summary = N_("the session's commands as a script"),
	.usage = "save to \"FILE.yogo\"",
	.help = N_("Writes the commands of the session as a script, in the language's own form, with \"lang 1\" on top. "
	           "Running it gives the same results."),
	.example = "save to \"out/session.yogo\"",
	OPTIONS(OPTION("overwrite", FLAG, NULL, NULL, "replace a file that exists")),
},
