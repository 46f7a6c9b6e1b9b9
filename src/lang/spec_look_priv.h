/* Verbs that look at the data and at who is in them. */
{
	.name = "table1", .group = "look", .target = YG_TARGET_COLUMNS, .clauses = BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("baseline characteristics by group, one row a variable"),
	.usage = "table1 VAR, ... [by VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("Describes the persons of a cohort, one row a variable, one column a group. Each person counts once; "
	           "a column that varies within a person is an error that names the cure (where, let ... by, "
	           "covariates).\n\n"
	           "Numbers are shown as mean and standard deviation (n - 1), those named in median=(...) as median and "
	           "quartiles (quantile type 7). Levels and flags are shown as count and percentage, of the column "
	           "unless pct says otherwise. Missing values get a line of their own (missing=show), are left out "
	           "(drop), or are a level like the others (level); percentages are of the persons not missing except "
	           "with missing=level.\n\n"
	           "smd adds the standardised mean difference: second group minus first over the square root of the mean "
	           "of the two variances (Austin 2009); for several levels the Mahalanobis form (Yang and Dalton 2012); "
	           "for more than two groups the pair that differs most. test=auto takes Welch's t test or analysis of "
	           "variance, the rank sum or Kruskal-Wallis test for variables shown as median, and the chi-squared "
	           "test, or Fisher's when an expected count is below 5. The default is no test: in a randomised trial a "
	           "baseline test asks nothing, elsewhere the smd says more."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "table1 age, sex, nodes, extent by rx where etype = 2 with overall, smd, median=(nodes)",
	OPTIONS(OPTION("overall", FLAG, NULL, NULL, "add a column for everybody"),
	        OPTION("smd", FLAG, NULL, NULL, "add the standardised mean difference between the groups"),
	        LATER("stats", WORD, "mean|sd|median|iqr|min|max|range|n", "what is shown for numbers"),
	        OPTION("median", COLUMNS, NULL, NULL, "variables shown as median and quartiles: median=(nodes)"),
	        OPTION("test", WORD, "no|auto|t|welch|wilcoxon|anova|kruskal|chisq|fisher", "no",
	               "test between the groups"),
	        OPTION("missing", WORD, "show|drop|level", "show",
	               "missing values: a line of their own, left out, or a level"),
	        LATER("pct", WORD, "column|row|total", "what percentages are of"),
	        LATER("ci", WORD, "wald|wilson|exact", "intervals of means and percentages"),
	        CONF, WEIGHT,
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons"),
	        DIGITS),
},
{
	.name = "describe", .group = "look", .target = YG_TARGET_COLUMNS, .clauses = BY | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("number, mean, spread and quantiles of columns; levels with counts"),
	.usage = "describe VAR, ... [by VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("Number, missing, mean, standard deviation (n - 1), quartiles and range of numbers; counts and "
	           "percentages of levels and flags. A date has no mean: describe a duration, let d = days(START, DATE). One value a person.\n\n"
	           "Quantiles follow type 7 of Hyndman and Fan (R's default) unless qtype names another: 6 is that of "
	           "SPSS and Minitab, 2 that of SAS. On guarded data the smallest and largest value are not shown, "
	           "because they belong to single persons."),
	.example = "open \"pbc.cohort\"\n"
	           "describe age, bili, trt by sex",
	OPTIONS(OPTION("stats", WORD, "n|missing|mean|sd|se|ci|median|iqr|q1|q3|min|max|range|sum|cv|mad|geomean|p5|p10|p90|p95|skewness|" "kurtosis", NULL,
	               "what is shown: stats=(mean, sd)"),
	        OPTION("qtype", WORD, "1|2|3|4|5|6|7|8|9", "7", "rule for quantiles (Hyndman and Fan's number)"),
	        LATER("missing", WORD, "show|drop|level", "missing values: a line of their own, left out, or a level"),
	        LATER("ci", WORD, "t|boot", "interval of the mean"),
	        CONF, WEIGHT,
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons"),
	        DIGITS),
},
{
	.name = "hist", .group = "look", .target = YG_TARGET_COLUMNS, .clauses = BY | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("histogram of a column"),
	.usage = "hist VAR, ... [by VAR] [on COHORT] [where ...] [with bins=N] [as NAME]",
	.help = N_("Counts of a number in classes of equal width, as bars and as a table. Without bins their number "
	           "follows Sturges' rule, with edges at round numbers. by draws one histogram for each level on the "
	           "same axis."),
	.example = "open \"pbc.cohort\"\n"
	           "hist bili by sex with bins=20",
	OPTIONS(OPTION("bins", INTEGER, NULL, NULL, "number of bars; chosen from the data when not given"),
	        CONF, WEIGHT,
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "plot", .group = "look", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT,
	.summary = N_("a column against another: box, scatter, lines of persons"),
	.usage = "plot Y ~ X [by VAR] [cluster PERSON] [on COHORT] [with kind=...] [as NAME]",
	.help = N_("Box plots of a number by groups, scatter plots of two numbers, lines of persons over time "
	           "(spaghetti)."),
	.example = "open \"epil.cohort\"\n"
	           "use epil\n"
	           "plot y ~ period by trt cluster subject with kind=spaghetti",
	OPTIONS(OPTION("kind", WORD, "box|scatter|spaghetti|line|bar|strip", NULL, "kind of figure"),
	        COMMON),
},
{
	.name = "tab", .group = "look", .target = YG_TARGET_COLUMNS, .clauses = BY | STRATA | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("frequencies, cross tables, their tests and risk measures"),
	.usage = "tab ROW, ... [by COLUMN] [strata VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("tab x counts the levels of a column; tab row by column makes a cross table with the percentages "
	           "asked for. strata repeats the table in each stratum. Every count is of persons.\n\n"
	           "test=chisq is Pearson's chi-squared test (no continuity correction unless correct is given), fisher "
	           "the exact test (two-sided: tables no more probable than the one seen), trend the Cochran-Armitage "
	           "test, mcnemar the test of paired answers, mh the Mantel-Haenszel test over strata.\n\n"
	           "measure=(or, rr, rd, nnt) gives effects of a two-by-two table, first row against second, with their "
	           "intervals: log scale for ratios, named under the table for the risk difference. With strata and "
	           "test=mh also the Mantel-Haenszel pooled ratio. An outcome that is no flag and not 0/1 needs "
	           "event=\"LEVEL\"."),
	.example = "open \"birthwt.cohort\"\n"
	           "tab low by smoke with test=fisher, measure=(or, rr, rd)",
	OPTIONS(OPTION("test", WORD, "no|chisq|fisher|trend|mcnemar|mh", NULL, "test of the table"),
	        OPTION("measure", WORD, "rd|rr|or", NULL, "effect measures of a two-by-two table: measure=(or, rr, rd)"),
	        EVENT_LEVEL,
	        OPTION("pct", WORD, "column|row|total|none", "column", "what percentages are of"),
	        OPTION("missing", WORD, "show|drop|level", "drop",
	               "missing values: counted aside, left out, or a level"),
	        LATER("correct", FLAG, NULL, "continuity correction of the chi-squared test"),
	        LATER("ci", WORD, "wald|wilson|exact|score", "kind of interval"),
	        COMMON,
	        LATER("padjust", WORD, "none|holm|bonferroni|hochberg|hommel|bh|by",
	               "p values adjusted for their number")),
},
{
	.name = "missing", .group = "look", .target = YG_TARGET_COLUMNS, .target_optional = true, .clauses = BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("how many values are missing, by column and by pattern"),
	.usage = "missing [VAR, ...] [by VAR] [on COHORT] [where ...] [with pattern] [as NAME]",
	.help = N_("For each column how many persons have no value, with the percentage, and the reasons where the file "
	           "holds them. Without columns all columns of the active table. by compares the groups.\n\n"
	           "pattern lists the combinations of columns that are missing together, the commonest first, and how "
	           "many persons are complete."),
	.example = "open \"pbc.cohort\"\n"
	           "missing chol, copper, trig, platelet by trt with pattern",
	OPTIONS(OPTION("pattern", FLAG, NULL, NULL, "list the combinations of columns missing together")),
},
{
	.name = "count", .group = "look", .target = YG_TARGET_ANY, .target_optional = true, .clauses = BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("count persons and rows"),
	.usage = "count [COHORT] [by VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("Counts the persons, and the rows when they are not the same, who pass where, in each level of by."),
	.example = "open \"pbc.cohort\"\n"
	           "count by trt where chol is missing",
	OPTIONS(LATER("distinct", COLUMN, NULL, "count the different values of this column"),
	        LATER("monthly", FLAG, NULL, "one count a calendar month of the index date"),
	        LATER("round", INTEGER, NULL, "round counts to a multiple of this")),
},
{
	.name = "test", .group = "look", .target = YG_TARGET_COLUMNS, .clauses = BY | STRATA | CLUSTER | ANALYSIS,
	.later_clauses = CLUSTER, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("compare groups, pairs or one sample on a column"),
	.usage = "test VAR, ... [by VAR] [strata VAR] [on COHORT] [with method=..., pair=VAR, across, mu=...] [as NAME]",
	.help = N_("Compares the groups of by on each column, or one sample with mu, or what belongs together, and gives the effect with its "
	           "interval beside the p value: difference of means, d and g; Hodges-Lehmann shift and the probability of a "
	           "larger value; odds ratio. Differences are level minus reference.\n\n"
	           "Groups (by): t, welch (two groups the t test, several the analysis of variance), anova, wilcoxon, kruskal, "
	           "brunner, median, ks; of the spread levene bartlett fligner ansari ftest; in the order of the groups trend "
	           "(Jonckheere; of a share Cochran-Armitage) and cuzick; categories chisq and fisher. pairwise adds every two "
	           "groups, p adjusted by Holm unless padjust says otherwise (padjust=tukey with anova). With strata, "
	           "wilcoxon is van Elteren's test.\n\n"
	           "Pairs: pair=COLUMN says which rows belong together and by what is compared in them; or name the columns of a "
	           "person, test d8, d14 with across. paired (t), signed (Wilcoxon), sign, mcnemar for flags; several conditions "
	           "friedman, quade, repeated (analysis of variance with Greenhouse and Geisser's correction). One sample (no by): "
	           "t, signed, sign against mu (0), binomial for flags (mu=0.5), shapiro for normality.\n\n"
	           "Rank tests are exact below 50 values a group, with ties by the permutation distribution of the midranks; else "
	           "normal with continuity correction. method=auto goes by the kind of column and the number of groups, "
	           "never by the values: a test chosen by another test keeps neither's error rate. Several methods may be "
	           "named: method=(welch, wilcoxon)."),
	.example = "open \"pbc.cohort\"\n"
	           "test bili, albumin by sex with method=(welch, wilcoxon)\n"
	           "test albumin by stage where stage is not missing with method=(anova, trend), pairwise, padjust=tukey",
	OPTIONS(OPTION("method", WORD,
	               "auto|t|welch|wilcoxon|signed|sign|anova|kruskal|median|brunner|paired|chisq|fisher|mcnemar|trend|cuzick|friedman|"
	               "quade|repeated|levene|bartlett|fligner|ansari|ftest|ks|shapiro|binomial",
	               "auto", "the test, or several: method=(welch, wilcoxon)"),
	        OPTION("pair", COLUMN, NULL, NULL, "column that says which rows belong together"),
	        OPTION("across", FLAG, NULL, NULL, "compare the columns of each person with each other"),
	        OPTION("mu", NUMBER, NULL, NULL, "value of the null hypothesis of one sample, or of the differences of pairs"),
	        OPTION("side", WORD, "two|less|greater", "two", "two-sided, or only values smaller or larger than the reference count against the null"),
	        OPTION("pairwise", FLAG, NULL, NULL, "compare every two groups"),
	        OPTION("padjust", WORD, "none|holm|bonferroni|hochberg|hommel|bh|by|tukey", NULL,
	               "p values adjusted for their number: of the tests, or with pairwise of the pairs"),
	        LATER("ci", WORD, "t|hl|boot", "kind of interval"),
	        CONF,
	        LATER("weight", COLUMN, NULL, "column of sampling weights"),
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "corr", .group = "look", .target = YG_TARGET_COLUMNS, .clauses = BY | STRATA | CLUSTER | ANALYSIS,
	.later_clauses = STRATA | CLUSTER, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("correlations between columns"),
	.usage = "corr VAR, VAR, ... [by VAR] [on COHORT] [with method=..., adjust=(VAR, ...)] [as NAME]",
	.help = N_("Pearson's, Spearman's or Kendall's correlation of every two of the columns with interval and p value, the "
	           "matrix of three columns or more, and a figure of the intervals. One value a person.\n\n"
	           "adjust=(age, sex) makes them partial: what is left when the columns named are held fixed; categories among them "
	           "enter as their levels. Each pair uses the persons who have both values; complete keeps only persons "
	           "with all of them, so that the matrix is of one population.\n\n"
	           "Intervals are by Fisher's z, for Spearman with Bonett and Wright's variance. Spearman's p is exact up to 9 "
	           "pairs and Kendall's below 50, without ties. by repeats it in each group."),
	.example = "open \"pbc.cohort\"\n"
	           "corr age, bili, albumin with method=spearman, padjust=holm\n"
	           "corr albumin, protime with adjust=(age, sex)",
	OPTIONS(OPTION("method", WORD, "pearson|spearman|kendall", "pearson", "kind of correlation"),
	        OPTION("adjust", COLUMNS, NULL, NULL, "columns held fixed: adjust=(age, sex)"),
	        OPTION("complete", FLAG, NULL, NULL, "only persons with a value in every column"),
	        PADJUST,
	        LATER("ci", WORD, "fisher|boot", "kind of interval"),
	        CONF,
	        LATER("weight", COLUMN, NULL, "column of sampling weights"),
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "long", .group = "look", .target = YG_TARGET_COLUMNS, .clauses = ANALYSIS, .effect = YG_EFFECT_STATE,
	.summary = N_("columns to rows: one row a person and time"),
	.usage = "long VAR, ... with name=NEW, time=NEW [, at=(...)] as NAME",
	.help = N_("Turns columns measured at several times into rows: name is the column of values, time that of times, "
	           "at the time of each column in order. Makes a table."),
	.example = "open \"potthoffroy.cohort\"\n"
	           "use potthoffroy\n"
	           "long d8, d10, d12, d14 with name=distance, time=age, at=(8, 10, 12, 14) as growth",
	OPTIONS(OPTION("name", COLUMN, NULL, NULL, "name of the column of values"),
	        OPTION("time", COLUMN, NULL, NULL, "name of the column of times"),
	        OPTION("at", VALUE, NULL, NULL, "the time of each column, in order: at=(8, 10, 12)")),
},
{
	.name = "wide", .group = "look", .target = YG_TARGET_COLUMNS, .clauses = ANALYSIS, .effect = YG_EFFECT_STATE,
	.summary = N_("rows to columns: one row a person"),
	.usage = "wide VAR, ... with time=VAR as NAME",
	.help = N_("Turns the rows of a person into columns, one for each value of the time column. Makes a table."),
	.example = "open \"epil.cohort\"\n"
	           "use epil\n"
	           "wide y with time=period as w1",
	OPTIONS(OPTION("time", COLUMN, NULL, NULL, "column that orders the rows of a person")),
},
{
	.name = "attrition", .group = "look", .target = YG_TARGET_COHORT,
	.clauses = BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.available = true,
	.summary = N_("who left a cohort at which rule"),
	.usage = "attrition COHORT [by VAR] [where ...] [with ...] [as NAME]",
	.help = N_("One line for each rule of a cohort in the order written: how many persons were there, how many it "
	           "removed, how many of those because the answer was unknown, how many stayed; rows beside persons "
	           "where they differ. require removes the unknown, exclude keeps them.\n\n"
	           "alone adds how many each rule removes when it is the only one; drop_one how many come back when that "
	           "rule is left out and all others stay: the two answers to \"which rule costs us the patients\". by "
	           "splits every count."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "cohort itt: \"Randomised, node count known\"; require \"node count recorded\": nodes is not missing; end\n"
	           "attrition itt by rx with alone, drop_one",
	OPTIONS(OPTION("order", WORD, "given|alone|drop_one", "given",
	               "the order written; alone and drop_one are short for the options below"),
	        OPTION("alone", FLAG, NULL, NULL, "also how many each rule removes when it is the only one"),
	        OPTION("drop_one", FLAG, NULL, NULL, "also how many come back when one rule is left out")),
},
{
	.name = "followup", .group = "look", .target = YG_TARGET_ENDPOINT,
	.clauses = BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.available = true,
	.summary = N_("events, censoring by reason, time at risk and median follow-up"),
	.usage = "followup ENDPOINT [by VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("What is known about an endpoint before any model: persons and rows, events by label, competing "
	           "events, the censored by reason, times that are zero, negative or unknown, time at risk, and the "
	           "median follow-up by the reverse Kaplan-Meier method (Schemper and Smith 1996: censoring is the "
	           "event), with its interval."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "followup os by rx",
	OPTIONS(LATER("alone", FLAG, NULL, "one line for each reason of censoring, as if it were the only one"),
	        CONF),
},
{
	.name = "show", .group = "look", .target = YG_TARGET_ANY,
	.clauses = ROWS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("rows of columns, or an object and its definition"),
	.usage = "show VAR, ... [on COHORT] [where ...] [with top=N, order=VAR]   |   show NAME",
	.help = N_("show x, y lists rows of columns, at most top of them, ordered by order or as in the file. On guarded "
	           "data rows are not shown. show NAME of an object prints its definition: the merged rules of a cohort, "
	           "the clauses of an endpoint, the levels of a factor, a result again."),
	.example = "open \"pbc.cohort\"\n"
	           "show age, chol, trig where chol is missing with top=5",
	OPTIONS(OPTION("top", INTEGER, NULL, "20", "how many rows"),
	        OPTION("order", COLUMN, NULL, NULL, "column that orders the rows"),
	        OPTION("descending", FLAG, NULL, NULL, "largest first")),
},
{
	.name = "flow", .group = "look", .target = YG_TARGET_ANY,
	.clauses = BY | AS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("flow diagram of a cohort's rules"),
	.usage = "flow COHORT [by VAR] [with template=...] [as NAME]",
	.help = N_("The rules of a cohort as a diagram of boxes: who was looked at, who left at which rule, who stayed; "
	           "with by, one column of boxes for each group at the end."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "cohort itt: \"Randomised, node count known\"; require \"node count recorded\": nodes is not missing; end\n"
	           "flow itt by rx",
	OPTIONS(LATER("template", WORD, "consort|strobe|stard|record", "whose boxes and words are used")),
},
{
	.name = "timeline", .group = "look", .target = YG_TARGET_ANY, .clauses = ROWS | BY, .effect = YG_EFFECT_RESULT,
	.summary = N_("events of persons along time"),
	.usage = "timeline COHORT [where ...] [with top=N]",
	.help = N_("Draws the records of chosen persons along time. Shows single persons, so it works on data whose "
	           "policy allows that."),
	.example = "open \"pbc.cohort\"\n"
	           "cohort all: \"Everybody\"; require age >= 0; end\n"
	           "timeline all where age > 70 with top=5",
	OPTIONS(OPTION("top", INTEGER, NULL, NULL, "how many persons")),
},
{
	.name = "why", .group = "look", .target = YG_TARGET_ANY, .clauses = ROWS, .effect = YG_EFFECT_RESULT,
	.summary = N_("which rule decided about a person"),
	.usage = "why COHORT where ...",
	.help = N_("Says for the persons chosen by where which rule of a cohort kept or removed them. Shows single "
	           "persons, so it works on data whose policy allows that."),
	.example = "open \"pbc.cohort\"\n"
	           "cohort rnd: \"Randomised\"; require \"randomised\": trt is not missing; end\n"
	           "why rnd where age > 70",
},
