/* Diagnostic accuracy, prediction and agreement. */
{
	.name = "roc", .group = "accuracy", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("receiver operating characteristic and the area under it"),
	.usage = "roc Y ~ MARKER, ... [by VAR] [cluster VAR] [on COHORT] [with ...] [as NAME]",
	.help = N_("How well a marker tells persons with an event from those without it, over all cut-offs: the curve of "
	           "sensitivity against one minus specificity, and the area under it with its limits. A marker is a column, an "
	           "expression such as log(x), or the name of a model fitted before, whose linear predictor is then judged. All "
	           "markers of a statement are judged on the rows where all of them are known. Which values speak for the event "
	           "is chosen from the data and printed, unless direction= says it; models other than aft speak by high values.\n\n"
	           "The area is the share of pairs of a case and a control in which the marker is right, ties one half; its limits "
	           "are by DeLong, or with cluster by Obuchowski, or percentiles of the bootstrap (ci=boot, which needs a "
	           "seed). method=binormal fits a smooth curve by maximum likelihood. paired compares the markers with each "
	           "other, as does compare on the result; with by each group is set against the first.\n\n"
	           "pauc=[0.9, 1.0] gives the area over a range of specificity, or with focus=sensitivity of sensitivity, raw and "
	           "corrected so that 0.5 is useless and 1 perfect. at=(0.9, 0.95) reads the curve: the sensitivity at these "
	           "specificities and the reverse. cut= chooses a cut-off (youden: the largest sum of both; topleft: nearest to "
	           "the corner) or names one, and shows all that it does; a cut-off chosen and judged on the same rows is "
	           "flattered.\n\n"
	           "On guarded data the curve is drawn through few points, between which lie many persons of both kinds, and a "
	           "cut-off is shown under the rules of quantiles."),
	.example = "open \"aSAH.cohort\"\n"
	           "use aSAH\n"
	           "roc outcome ~ s100b, ndka with event=\"Poor\", paired, cut=youden",
	OPTIONS(EVENT_LEVEL,
	        OPTION("direction", WORD, "auto|higher|lower", "auto", "which values of the markers speak for the event"),
	        OPTION("method", WORD, "empirical|binormal", "empirical", "curve"),
	        OPTION("ci", WORD, "delong|boot", "delong", "kind of interval"),
	        CONF,
	        OPTION("boot", INTEGER, NULL, NULL, "bootstrap replicates of ci=boot, 2000 unless said; needs a seed"),
	        OPTION("paired", FLAG, NULL, NULL, "compare the markers with each other: they are of the same persons"),
	        OPTION("pauc", FRACTION, NULL, NULL, "partial area over this range: pauc=[0.9, 1.0]"),
	        OPTION("focus", WORD, "specificity|sensitivity", "specificity", "what the range of pauc is a range of"),
	        OPTION("at", FRACTION, NULL, NULL, "sensitivity at these specificities, and the reverse: at=(0.9, 0.95)"),
	        OPTION("cut", VALUE, NULL, NULL, "cut-off that is shown: youden, topleft, or a value of the marker"),
	        LATER("weight", COLUMN, NULL, "column of sampling weights"), FREQ),
},
{
	.name = "diag", .group = "accuracy", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("sensitivity, specificity and predictive values"),
	.usage = "diag Y ~ TEST, ... [by VAR] [cluster VAR] [on COHORT] [with ...] [as NAME]",
	.help = N_("Tests that say yes or no against a reference: sensitivity, specificity, predictive values, likelihood ratios, "
	           "the diagnostic odds ratio, accuracy and Youden's index, each with limits. A test is a flag, a column of 0 and 1, "
	           "or one with levels of which positive= names the positive one; a number becomes a test by let, as in "
	           "let high = crp >= 10. Rows without the outcome or without one of the tests are left out and counted.\n\n"
	           "Predictive values depend on how common the event is, here in these rows: prevalence=(0.02, 0.10) gives them where "
	           "it is another. Several tests are compared, as they are of the same persons: sensitivity and specificity by "
	           "McNemar's test, predictive values by the weighted generalised score test.\n\n"
	           "Where a person has several rows (two eyes, several lesions) cluster is needed, and widens the limits. "
	           "correct=begg_greenes is for studies in which not everybody had the reference test: those without it have a missing "
	           "outcome. It assumes that whether a person was verified depends on the test and the columns of adjust= alone."),
	.example = "open \"aSAH.cohort\"\n"
	           "use aSAH\n"
	           "let s_high = s100b >= 0.22\n"
	           "let w_high = wfns in (\"3\", \"4\", \"5\")\n"
	           "diag outcome ~ s_high, w_high with event=\"Poor\", prevalence=(0.10, 0.25)",
	OPTIONS(EVENT_LEVEL,
	        OPTION("positive", TEXT, NULL, NULL, "level of the tests that is positive; compulsory unless they are flags or 0/1"),
	        OPTION("ci", WORD, "wilson|exact|wald", "wilson", "kind of interval"),
	        CONF,
	        OPTION("prevalence", FRACTION, NULL, NULL,
	               "predictive values at these prevalences: prevalence=(0.02, 0.10)"),
	        OPTION("correct", WORD, "begg_greenes", NULL, "correction for verification bias"),
	        OPTION("adjust", COLUMNS, NULL, NULL, "columns on which verification may depend, beside the test"),
	        LATER("weight", COLUMN, NULL, "column of sampling weights"), FREQ),
},
{
	.name = "predict", .group = "accuracy", .target = YG_TARGET_RESULT,
	.clauses = BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("predictions of a model for rows or profiles"),
	.usage = "predict MODEL [by VAR] [on COHORT] [with type=..., at=..., given=(...)] [as NAME]",
	.help = N_("What a fitted model (cox, aft, finegray, logit, linear, poisson, glm) says: the linear predictor (type=lp), the "
	           "risk of the event (risk; for a model of time by the times of at=), survival at those times, or the mean of the "
	           "outcome. A parametric model (aft) also gives the time itself: type=time is the median, type=mean the mean time "
	           "where there is one; a spline has no mean, and a tail may be so heavy that the mean is infinite.\n\n"
	           "Without given= the model is applied to the rows of the population, which may be of another data set "
	           "than the one it was fitted to: columns are matched by their names and levels by theirs, knots and "
	           "reference levels are those of the fit, and a level that the model does not know is refused. The "
	           "result is how the predictions are spread, with by also in each group; on data that may be shown row by row the predictions "
	           "themselves go along in JSON and CSV, and so does the baseline hazard.\n\n"
	           "given= describes one person, as in given=(age: 60, sex: \"Male\"): the prediction then comes with an "
	           "interval that includes the uncertainty of the coefficients, and for a model of time with the whole curve. "
	           "What is not named stands at its mean in the fit, a flag at 0, a factor at its reference; the notes say "
	           "so. With strata there is a curve for each, unless given= names the stratum. A penalised model predicts at the "
	           "penalty that its option choose= named, and without intervals: shrunken coefficients have no standard errors. "
	           "A Cox model says nothing beyond its last event; a parametric model goes on, and a note says when what is "
	           "asked lies there."),
	.example = "open \"lung.cohort\"\n"
	           "use lung\n"
	           "endpoint os: \"Death\"\n"
	           "  time time in days\n"
	           "  event \"death\": status = 2\n"
	           "  unit years\n"
	           "end\n"
	           "cox os ~ age + sex + ph.ecog with ties=efron as cx\n"
	           "predict cx with type=survival, at=(1y, 2y), given=(age: 60, sex: 2, ph.ecog: 1)",
	OPTIONS(OPTION("type", WORD, "lp|risk|survival|mean|time", NULL, "what is predicted"),
	        AT_TIMES,
	        OPTION("given", VALUE, NULL, NULL, "a profile: given=(age: 60, sex: \"Male\")"),
	        CONF),
},
{
	.name = "validate", .group = "accuracy", .target = YG_TARGET_ANY, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .later_clauses = BY | CLUSTER,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("performance of a prediction model"),
	.usage = "validate Y ~ MODEL, ... [on COHORT] [with at=..., boot=...] [as NAME]",
	.help = N_("How well models predict an outcome: Y is an endpoint for models of cox and aft, a column for models of regression; "
	           "right of ~ stand the names of their results. The rows may be those of the fit or of any other data set.\n\n"
	           "For an endpoint: Harrell's C and Somers' D, Uno's C (pairs weighted for censoring, up to tau=, by default the "
	           "last time of at=), the calibration slope, and for each time of at= the area under the curve of cases by "
	           "then against those free of the event, the Brier score and its scaled form, observed (Kaplan-Meier) over "
	           "expected events, and the Brier score integrated to the last time. For yes or no: the area with DeLong's "
	           "error, Brier score, calibration intercept and slope.\n\n"
	           "On the rows of the fit these numbers flatter. boot=500 fits the whole model, with its knots, again to 500 "
	           "samples of persons and takes the mean optimism off (Harrell, Lee and Mark 1996); it needs a seed, and "
	           "the numbers do not depend on how many threads run. A penalised model is not fitted again, since its penalty "
	           "would have to be chosen again: judge it on other data. With several models all are judged on the same rows, "
	           "and the differences of C are tested: a Cox model may stand beside a parametric one. The calibration slope of "
	           "a parametric model is the coefficient of its linear predictor in a model of the same distribution."),
	.example = "seed 1\n"
	           "open \"lung.cohort\"\n"
	           "use lung\n"
	           "endpoint os: \"Death\"\n"
	           "  time time in days\n"
	           "  event \"death\": status = 2\n"
	           "  unit years\n"
	           "end\n"
	           "cox os ~ age + sex + ph.ecog with ties=efron as cx\n"
	           "validate os ~ cx with at=1y, boot=100",
	OPTIONS(EVENT_LEVEL, AT_TIMES,
	        OPTION("tau", TIMES, NULL, NULL, "Uno's C counts events up to this time"),
	        OPTION("boot", INTEGER, NULL, NULL, "bootstrap replicates for the optimism; needs a seed"),
	        LATER("ci", WORD, "wald|boot", "kind of interval"),
	        CONF,
	        LATER("weight", COLUMN, NULL, "column of sampling weights"),
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "calibrate", .group = "accuracy", .target = YG_TARGET_ANY, .formula = true,
	.clauses = BY | CLUSTER | ANALYSIS, .later_clauses = BY | CLUSTER,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("calibration of predictions"),
	.usage = "calibrate Y ~ MODEL, ... | calibrate MODEL, ... [on COHORT] [with at=..., groups=10, test=hl] [as NAME]",
	.help = N_("Compares the risks that a model predicts with what happened. The rows are put in groups by quantiles of "
	           "the predicted risk (groups=); in each stand the mean prediction and the observed risk, for an endpoint "
	           "one minus Kaplan-Meier at the time of at=, with its interval. The figure adds a smooth curve (local "
	           "linear regression, of pseudo-values where there is censoring) and the line where both agree.\n\n"
	           "Over all: observed over expected, calibration intercept and slope, and the distance between the curve "
	           "and the predictions (mean ICI, median E50, 90th percentile E90; Austin and Steyerberg 2019).\n\n"
	           "test=hl adds the test of Hosmer and Lemeshow, for an endpoint that of Greenwood, Nam and D'Agostino. It "
	           "depends on the groups and rejects any model when there are many persons: prefer the figure. Without Y "
	           "the model's own outcome is used."),
	.example = "open \"birthwt.cohort\"\n"
	           "use birthwt\n"
	           "logit low ~ age + smoke as l1\n"
	           "calibrate l1 with groups=5, test=hl",
	OPTIONS(EVENT_LEVEL, AT_TIMES,
	        OPTION("groups", INTEGER, NULL, "10", "groups of risk"),
	        OPTION("test", WORD, "hl|no", "no", "Hosmer-Lemeshow test"),
	        CONF,
	        LATER("weight", COLUMN, NULL, "column of sampling weights"),
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "dca", .group = "accuracy", .target = YG_TARGET_ANY, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .later_clauses = BY | CLUSTER,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("decision curve: net benefit over thresholds"),
	.usage = "dca Y ~ MODEL, ... [on COHORT] [with at=..., range=[0.01, 0.60]] [as NAME]",
	.help = N_("Would acting on the model do more good than treating everybody or nobody? Those whose predicted risk "
	           "reaches a threshold are treated; the net benefit is the true positives less the false positives, the "
	           "latter times the odds of the threshold, which says how much harm of needless treatment a benefit is "
	           "worth (Vickers and Elkin 2006).\n\n"
	           "For an endpoint at= names the time, and the events among the treated are estimated by Kaplan-Meier, so "
	           "that those censored before count as they should (Vickers and others 2008). The table lists round "
	           "thresholds of the range, the figure all of them."),
	.example = "open \"birthwt.cohort\"\n"
	           "use birthwt\n"
	           "logit low ~ age + smoke as l1\n"
	           "dca low ~ l1 with range=[0.05, 0.60]",
	OPTIONS(EVENT_LEVEL, AT_TIMES,
	        OPTION("range", FRACTION, NULL, "[0.01, 0.60]", "range of thresholds"),
	        LATER("conf", FRACTION, NULL, "confidence level of intervals"),
	        LATER("weight", COLUMN, NULL, "column of sampling weights"),
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "diagnose", .group = "survival", .target = YG_TARGET_RESULTS,
	.clauses = AS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("residuals, influence and form of the terms of a Cox model"),
	.usage = "diagnose MODEL, ... [as NAME]",
	.help = N_("Looks at what a Cox model leaves unexplained. For each coefficient: how many rows would move it by more "
	           "than 2/sqrt(n) of its standard error if they were left out (dfbetas), and, on data that may be shown row "
	           "by row, which row moves it most and what the coefficient would be without it. The residuals "
	           "(martingale: events less expected events; deviance: the same made symmetric) are given by their "
	           "quantiles, and the rows with the greatest ones are listed.\n\n"
	           "For each number in the model a figure shows the martingale residuals of the model without it against it, "
	           "with a smooth curve: a straight curve supports a straight line in the model, a bent one asks for rcs(). "
	           "A figure for each coefficient shows its course over time (scaled Schoenfeld residuals, smoothed), with "
	           "the estimate as a line: a course that leaves the line speaks against proportional hazards, which phtest "
	           "tests."),
	.example = "open \"lung.cohort\"\n"
	           "use lung\n"
	           "endpoint os: \"Death\"\n"
	           "  time time in days\n"
	           "  event \"death\": status = 2\n"
	           "  unit years\n"
	           "end\n"
	           "cox os ~ age + sex + ph.karno with ties=efron as cx\n"
	           "diagnose cx",
	.options = NULL, .option_count = 0,
},
{
	.name = "mrmc", .group = "accuracy", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.summary = N_("several readers, several cases"),
	.usage = "mrmc Y ~ RATING by MODALITY [on COHORT] with reader=VAR, case=VAR [as NAME]",
	.help = N_("Areas of several modalities read by several readers, with both cases and readers as samples."),
	OPTIONS(EVENT_LEVEL,
	        OPTION("reader", COLUMN, NULL, NULL, "column of readers"),
	        OPTION("case", COLUMN, NULL, NULL, "column of cases"),
	        OPTION("method", WORD, "or|dbm", "or", "Obuchowski-Rockette or Dorfman-Berbaum-Metz"),
	        CONF),
},
{
	.name = "agree", .group = "accuracy", .target = YG_TARGET_COLUMNS,
	.clauses = BY | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.summary = N_("agreement between raters or methods"),
	.usage = "agree VAR, VAR, ... [by VAR] [on COHORT] [with kappa, pabak, icc, bland] [as NAME]",
	.help = N_("Kappa, weighted kappa, prevalence-adjusted kappa, intraclass correlation, limits of agreement."),
	OPTIONS(OPTION("kappa", WORD, "yes|no|linear|quadratic", NULL, "Cohen's kappa, also weighted"),
	        OPTION("pabak", FLAG, NULL, NULL, "kappa adjusted for prevalence and bias"),
	        OPTION("icc", VALUE, NULL, NULL, "intraclass correlation"),
	        OPTION("bland", FLAG, NULL, NULL, "limits of agreement"),
	        OPTION("ci", WORD, "wald|boot", NULL, "kind of interval"),
	        COMMON),
},
