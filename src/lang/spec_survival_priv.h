/* Verbs on endpoints: curves, tests, time-to-event models. */
{
	.name = "km", .group = "survival", .target = YG_TARGET_ENDPOINTS, .clauses = BY | STRATA | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("survival curves with numbers at risk, medians and values at times"),
	.usage = "km ENDPOINT, ... [by VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("Estimates the probability of being free of the event over time, in each group of by, from all "
	           "persons at risk; left truncation (entry) and start-stop rows are honoured. At a tied time events "
	           "come before censorings.\n\n"
	           "The estimator is the product limit (Kaplan and Meier 1958) with Greenwood's variance. method=na is "
	           "the Nelson-Aalen cumulative hazard and its exponential; method=fh the Fleming-Harrington form for "
	           "ties; method=turnbull is the curve of interval-censored endpoints (between L and R), given as ranges "
	           "without standard errors. The interval is symmetric on the scale named by ci: log (the default, as in R), loglog (the "
	           "default of SAS), plain, logit or arcsin; the one used is printed. With weights the variance is the "
	           "robust one.\n\n"
	           "Quantiles are the first time at which the curve is at 1 - p or below; where it is level at exactly 1 "
	           "- p the middle of that step (qrule=midpoint, as R and SAS) or its start (first, as Stata). A quantile the "
	           "curve does not reach is printed as \"not reached\". at=(1y, 3y) lists survival with interval and "
	           "numbers at risk; a time beyond the last one observed is \"not estimated\" unless beyond=carry.\n\n"
	           "measure compares each group with the first at the times of at: rd the difference of survival, ratio the "
	           "ratio of survival, rr the ratio of risks (1 - survival); p is the test of equal survival at that time on the "
	           "scale log(-log S) (Klein and others 2007). rd and ratio also compare the medians (Su and Wei 1993). given=1y "
	           "lists survival at the times of at for those who have survived a year. landmark=180d follows only those "
	           "still under observation without the event at 180 days, from then on and in the groups they were in then.\n\n"
	           "band draws a simultaneous band, which holds the whole curve with the confidence named, between the first and "
	           "the last event or the times of over: hallwellner or ep (equal precision, Nair 1984), on the scale of ci.\n\n"
	           "adjust=(age, sex) gives curves as if each group had the covariates of everybody: with levels only, "
	           "Kaplan-Meier in each combination, averaged; with a number among them, a Cox model with a baseline for each "
	           "group, averaged over all persons.\n\n"
	           "A curve of more than 1,000 steps is drawn and listed by those a figure can tell apart; every number is from all "
	           "steps, and steps=all lists them.\n\n"
	           "When the endpoint has competing events km censors them and warns: one minus that curve is no "
	           "probability; use cuminc."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "km os by rx with ci=loglog, quantiles=(0.25, 0.5, 0.75), at=(1y, 3y, 5y)\n"
	           "km os by rx with measure=rd, at=(1y, 5y)\n"
	           "km os by rx with adjust=(age, extent), at=5y",
	OPTIONS(OPTION("method", WORD, "km|na|fh|turnbull", "km",
	               "Kaplan-Meier, Nelson-Aalen, Fleming-Harrington, or Turnbull"),
	        OPTION("ci", WORD, "plain|log|loglog|logit|arcsin|none", "log",
	               "scale on which the interval is symmetric"),
	        CONF,
	        OPTION("band", WORD, "no|hallwellner|ep", NULL, "simultaneous band: Hall and Wellner, or equal precision"),
	        OPTION("over", TIMES, NULL, NULL, "times between which the band holds: over=(1y, 5y)"),
	        OPTION("quantiles", FRACTION, NULL, "0.5", "quantiles of the time: quantiles=(0.25, 0.5, 0.75)"),
	        OPTION("qrule", WORD, "midpoint|first", "midpoint",
	               "where the curve is flat at the quantile: middle of the step, or its start"),
	        OPTION("beyond", WORD, "ne|carry", "ne", "values beyond the last time: not estimated, or carried on"),
	        AT_TIMES,
	        OPTION("measure", WORD, "rd|rr|ratio", NULL,
	               "comparison with the first group at the times asked: difference of survival, ratio of risks, ratio of survival"),
	        OPTION("adjust", COLUMNS, NULL, NULL, "curves adjusted for these columns"),
	        OPTION("given", TIMES, NULL, NULL, "survival at the times asked of those who have survived so long: given=(1y, 2y)"),
	        OPTION("landmark", TIMES, NULL, NULL, "only those still followed without the event then, from then on"),
	        OPTION("risktable", FLAG, NULL, "yes", "numbers at risk under the curve"),
	        STEPS, WEIGHT, FREQ),
},
{
	.name = "logrank", .group = "survival", .target = YG_TARGET_ENDPOINTS, .clauses = BY | STRATA | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("test whether groups have the same survival"),
	.usage = "logrank ENDPOINT, ... by VAR [strata VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("Tests the hypothesis that all groups of by have the same hazard. The default weighs all event times "
	           "alike (Mantel 1966); gehan weighs by the number at risk, tarone by its square root, fh by S to the "
	           "power rho times 1 - S to the power gamma (S just before the time, from all groups together): rho=1 "
	           "is the Peto-Prentice test, gamma=1 looks at late differences. The variance is hypergeometric.\n\n"
	           "strata sums the observed minus expected over the strata. trend tests for a trend over the ordered "
	           "groups with scores 1, 2, 3 ... pairwise compares every two groups on their own rows, with p values "
	           "adjusted as padjust says (none unless named).\n\n"
	           "maxcombo is for effects that may come early, late or in the middle: the largest of the statistics fh with "
	           "(rho, gamma) = (0, 0), (0, 1), (1, 0), (1, 1), in size, with one p value from their joint distribution. It compares two "
	           "groups; with pairwise every two. landmark=180d compares only those still under observation without the "
	           "event at 180 days, from then on."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "logrank os by rx with pairwise, padjust=holm",
	OPTIONS(OPTION("method", WORD, "logrank|gehan|tarone|fh|maxcombo", "logrank", "weights of the event times"),
	        OPTION("rho", NUMBER, NULL, "0", "Fleming-Harrington weight: power of S"),
	        OPTION("gamma", NUMBER, NULL, "0", "Fleming-Harrington weight: power of 1 - S"),
	        OPTION("trend", FLAG, NULL, NULL, "test for trend over the ordered groups"),
	        OPTION("pairwise", FLAG, NULL, NULL, "also every pair of groups"),
	        OPTION("landmark", TIMES, NULL, NULL, "only those still followed without the event then, from then on"),
	        PADJUST, COMMON),
},
{
	.name = "cuminc", .group = "survival", .target = YG_TARGET_ENDPOINT, .clauses = BY | STRATA | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("cumulative incidence with competing events"),
	.usage = "cuminc ENDPOINT [by VAR] [strata VAR] [cluster VAR] [on COHORT] [with ...] [as NAME]",
	.help = N_("The probability of each kind of event over time when the kinds exclude each other, in each group of "
	           "by: the estimator of Aalen and Johansen (1978). The event lines of the endpoint together are one "
	           "cause, each compete line is another. Left truncation is honoured. The standard error is the "
	           "infinitesimal jackknife; the interval is symmetric on the scale named by ci. cluster sums it over "
	           "rows that are not independent, as the eyes of a person (each).\n\n"
	           "at=(1y, 5y) lists the incidences, the numbers at risk, and the sum of all incidences with those free "
	           "of every event, which is 1. measure=rd or rr compares each group with the first at these times.\n\n"
	           "Gray's test (1988) compares the subdistribution hazards of each cause between the groups, with "
	           "weight one minus the incidence to the power rho; strata sums over the strata. It is not defined for "
	           "sampling weights, left truncation and clusters, and is left out there with a note.\n\n"
	           "cause names the curve that is drawn, one a group. draw=all draws every cause, draw=stacked one upon "
	           "the other, so that what is left above is the probability of being free of all. A curve of more than 1,000 steps "
	           "is drawn and listed by those a figure can tell apart; steps=all lists every step.\n\n"
	           "One minus the Kaplan-Meier estimate, with the competing events censored, is larger than this "
	           "probability, and answers no question about patients."),
	.example = "open \"mgus2.cohort\"\n"
	           "let etime = case(pstat = 1, ptime, futime)\n"
	           "endpoint pcm: \"Plasma cell malignancy\"\n"
	           "  time etime in months\n"
	           "  event \"PCM\": pstat = 1\n"
	           "  compete \"death\": death = 1\n"
	           "end\n"
	           "cuminc pcm by sex with at=(5y, 10y, 20y)",
	OPTIONS(CAUSE, AT_TIMES,
	        OPTION("test", WORD, "gray|no", "gray", "Gray's test between the groups"),
	        OPTION("rho", NUMBER, NULL, "0", "Gray's weight: power of one minus the incidence"),
	        OPTION("ci", WORD, "plain|log|loglog|logit|arcsin|none", "log",
	               "scale on which the interval is symmetric"),
	        OPTION("measure", WORD, "rd|rr", NULL,
	               "at the times of at: difference (rd) or ratio (rr) of the incidence to that of the first group"),
	        OPTION("draw", WORD, "cause|all|stacked", "cause", "curves of one cause, of all, or of all one upon another"),
	        STEPS,
	        COMMON),
},
{
	.name = "rmst", .group = "survival", .target = YG_TARGET_ENDPOINTS, .clauses = BY | STRATA | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("mean survival time up to a limit, compared between groups"),
	.usage = "rmst ENDPOINT, ... [by VAR] [strata VAR] [cluster VAR] [on COHORT] with tau=DURATION [as NAME]",
	.help = N_("The mean time free of the event within the first tau of follow-up: the area under the Kaplan-Meier curve "
	           "up to tau, and the time lost, tau less that mean. It needs no proportional hazards, and is read in units "
	           "of time: with tau=5y a difference of 0.3 means 0.3 years more of the first five. Each group is compared "
	           "with the first: measure=mean gives differences, ratio the ratios of the mean times and of the times lost; both "
	           "unless one is named.\n\n"
	           "tau ought to be chosen beforehand. Without it the smallest of the groups' longest follow-ups is taken, and "
	           "said. Beyond the end of a group's follow-up its curve is carried on flat, with a warning.\n\n"
	           "The variance is Greenwood's; with weights or cluster the infinitesimal jackknife, also for groups that share "
	           "clusters. strata averages the strata by their shares of everybody. adjust=(age, sex) also "
	           "gives means, differences and ratios adjusted for these columns, by regression on pseudo-values (Andersen, "
	           "Hansen and Klein 2004) with robust standard errors."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "rmst os by rx with tau=5y\n"
	           "rmst os by rx with tau=5y, measure=mean, adjust=(age, extent)",
	OPTIONS(OPTION("tau", TIMES, NULL, NULL, "the limit, or several: tau=(1y, 5y)"),
	        OPTION("measure", WORD, "mean|ratio", NULL, "difference or ratio; both unless named"),
	        OPTION("adjust", COLUMNS, NULL, NULL, "adjusted for these columns"),
	        OPTION("ci", WORD, "wald|boot", NULL, "kind of interval; boot is not computed by this version"),
	        COMMON),
},
{
	.name = "cox", .group = "survival", .target = YG_TARGET_ENDPOINTS, .formula = true, .formula_required = true,
	.clauses = BY | STRATA | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("hazard ratios: Cox proportional hazards model"),
	.usage = "cox ENDPOINT, ... ~ TERMS [, TERMS ...] [by VAR] [strata VAR] [cluster VAR] [on COHORT] [with ...] [as NAME]",
	.help = N_("Hazard ratios from the proportional hazards model (Cox 1972), maximum partial likelihood. Left of ~ "
	           "the endpoints, right of it the models: commas separate models, + joins terms, a*b is both and their "
	           "product. Factors compare each level with the reference; the resolved line writes every reference "
	           "out.\n\n"
	           "Ties: efron (the default, as R; SAS and Stata default to breslow), breslow, discrete (exact "
	           "conditional logistic), marginal (the mean over all orders of the tied events: TIES=EXACT of SAS). "
	           "Intervals are Wald on the log scale, or profile likelihood. "
	           "cluster, or se=robust, gives the sandwich variance from grouped dfbeta residuals (Lin and Wei 1989) "
	           "without a small-sample factor; several rows a person that overlap need it. strata gives each stratum "
	           "its own baseline hazard.\n\n"
	           "With competing events the model is for the cause-specific hazard of the first event line, or of "
	           "cause=\"LABEL\"; the other causes are censored, and the title says so. by fits the model in every "
	           "level; with interaction also the test that the effect is the same in all.\n\n"
	           "Rows with a missing value in any term are left out and counted by term. A coefficient that runs away "
	           "(separation, a level without events) is named and not printed as a number. Times equal within "
	           "rounding are made one before ties are counted.\n\n"
	           "penalty=lasso, ridge or elastic shrinks the coefficients (columns in units of their standard deviation), for "
	           "more columns than the events can carry. Without lambda a path of 100 penalties is fitted and chosen from by "
	           "cross-validation: folds=10 groups of persons drawn by the seed, or foldid=COLUMN. The coefficients are shown "
	           "at the penalty of the smallest left-out deviance and at the largest within one standard error of it; "
	           "lambda=(0.1, 0.05) fits at given penalties. Ties are Breslow's there, and the coefficients have no standard "
	           "errors.\n\n"
	           "firth maximises the penalised likelihood of Heinze and Schemper (2001): estimates stay finite where a "
	           "level has no events; take ci=profile with it. frailty=gamma (or lognormal) gives the clusters a shared "
	           "unseen factor of the hazard: cox blind ~ trt cluster id with frailty=gamma; hazard ratios then compare "
	           "members of clusters of equal frailty. freq names a column of counts: the same as rows written out, with "
	           "every ties.\n\n"
	           "tt(x, log) lets the effect of x change with time, b(t) = b0 + b1 log t, the time in the unit shown "
	           "(also linear, sqrt, km); tt(x, cut(1y, 3y)) gives one hazard ratio for each period. No row is cut, and "
	           "the hazard ratio over time is listed (at=(1y, 3y)) and drawn.\n\n"
	           "casecohort fits a case-cohort sample: all persons with the event, and a subcohort drawn at random, flagged by "
	           "subcohort=COLUMN; size is the number of persons of the whole cohort. prentice, self_prentice and lin_ying "
	           "are for a simple random subcohort; borgan and borgan2 (estimators I and II of Borgan and others 2000) for one "
	           "drawn within strata, with a size for each level: cox relapse ~ histol + age strata instit with "
	           "casecohort=borgan, subcohort=subcohort, size=(3622, 406). Others in the rows are left out and counted. Ratios "
	           "are those of the whole cohort; standard errors count the drawing."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "cox os ~ rx + age + sex + log(nodes + 1) where etype = 2 with ties=efron",
	OPTIONS(TIES, MODEL, CAUSE,
	        OPTION("interaction", FLAG, NULL, NULL, "with by: test whether the effect differs between the levels"),
	        OPTION("frailty", WORD, "no|gamma|lognormal", NULL, "shared random effect of the clusters"),
	        OPTION("variance", NUMBER, NULL, NULL, "variance of the frailty, held there instead of estimated"),
	        OPTION("firth", FLAG, NULL, NULL, "Firth's penalised likelihood, finite where a level has no events"),
	        OPTION("at", TIMES, NULL, NULL, "with tt(): times at which the hazard ratio is listed: at=(1y, 3y)"),
	        SHRINK,
	        OPTION("casecohort", WORD, "prentice|self_prentice|lin_ying|borgan|borgan2", NULL, "the rows are a case-cohort sample: estimator"),
	        OPTION("subcohort", COLUMN, NULL, NULL, "with casecohort: flag of who was drawn into the subcohort"),
	        OPTION("size", NUMBERS, NULL, NULL,
	               "with casecohort: persons of the whole cohort; with borgan of each level of strata, in their order")),
},
{
	.name = "finegray", .group = "survival", .target = YG_TARGET_ENDPOINTS, .formula = true, .formula_required = true,
	.clauses = BY | STRATA | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("subdistribution hazard ratios with competing events"),
	.usage = "finegray ENDPOINT ~ TERMS [, TERMS ...] [by VAR] [strata VAR] [cluster VAR] [on COHORT] [with ...] [as NAME]",
	.help = N_("Effects on the subdistribution hazard (Fine and Gray 1999): on the cumulative incidence itself. Who had "
	           "another kind of event stays at risk, with the weight that the censoring curve gives; no data are "
	           "expanded. A ratio above 1 means a higher incidence; it is no ratio of rates among those still free of "
	           "events, which cox gives for each cause.\n\n"
	           "Ties are Breslow's, or Efron's as finegray and coxph of R have them. Standard errors are the sandwich with "
	           "the part for the estimated censoring curve, as crr of R gives them; with late entry or Efron's ties "
	           "without that part. strata takes a censoring curve for each level; cluster sums the errors over rows that "
	           "are not independent. cause names another kind of event.\n\n"
	           "Late entry is honoured: those with another event are then weighted by the curves of censoring and of entry "
	           "(Geskus 2011). weight takes sampling weights, freq counts of equal rows. by fits the model in every level; "
	           "with interaction also in all, with the test that the effect is the same.\n\n"
	           "A covariate that changes over time has no value after a competing event, so follow-up in several parts "
	           "is refused."),
	.example = "open \"mgus2.cohort\"\n"
	           "let etime = case(pstat = 1, ptime, futime)\n"
	           "endpoint pcm: \"Plasma cell malignancy\"\n"
	           "  time etime in months\n"
	           "  event \"PCM\": pstat = 1\n"
	           "  compete \"death\": death = 1\n"
	           "end\n"
	           "finegray pcm ~ age + sex + hgb",
	OPTIONS(OPTION("ties", WORD, "breslow|efron", "breslow", "how tied event times are handled"),
	        CAUSE,
	        OPTION("interaction", FLAG, NULL, NULL, "with by: test whether the effect differs between the levels"),
	        OPTION("ci", WORD, "wald", "wald", "kind of interval"), CONF,
	        OPTION("se", WORD, "robust", "robust", "standard errors: the sandwich"), MODEL_BOOT, WEIGHT, FREQ),
},
{
	.name = "aft", .group = "survival", .target = YG_TARGET_ENDPOINTS, .formula = true, .formula_required = true,
	.clauses = BY | STRATA | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("parametric and flexible survival models"),
	.usage = "aft ENDPOINT, ... ~ TERMS [, TERMS ...] [by VAR] [strata VAR] [cluster VAR] [on COHORT] with dist=... [as NAME]",
	.help = N_("Parametric models of the time to the event: log(time) = constant + terms + scale x error. exp of a "
	           "coefficient is a time ratio: 2 means that the event comes twice as late. Late entry, start-stop rows and "
	           "interval-censored endpoints (between L and R) are honoured.\n\n"
	           "dist names the distribution: weibull, exponential, rayleigh, lognormal, loglogistic, gamma, gengamma "
	           "(generalised gamma, which holds Weibull, lognormal and gamma), gompertz, or spline: a flexible baseline "
	           "by a natural spline of log time with df degrees of freedom (Royston and Parmar 2002; scale is hazard, "
	           "odds or normal). gaussian, logistic and t (df degrees of freedom, 4 unless named) are models of the time "
	           "itself. Several, dist=(weibull, lognormal, spline), give a table ordered by AIC, and each fit.\n\n"
	           "metric=ph shows Weibull, exponential and rayleigh models as hazard ratios. gompertz and spline are "
	           "hazard ratios (odds ratios with scale=odds) by themselves; other distributions have no proportional "
	           "hazards, and the reason is given. sigma=0.75 fixes the scale. strata gives each stratum a scale of its "
	           "own; by fits the model in every level.\n\n"
	           "The predicted median, and with at=(1y, 3y) the survival, stand in a table for the levels of the first "
	           "factor, at the mean of the other terms. The figures show the fitted survival over what the data say "
	           "(Kaplan-Meier, or Turnbull's estimate) and the fitted hazard.\n\n"
	           "An event at time 0 has no logarithm and is refused with the number of such rows: see zero= of the "
	           "endpoint's time line."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "aft os ~ rx + age with dist=(weibull, loglogistic, spline), at=(1y, 5y)",
	OPTIONS(OPTION("dist", WORD,
	               "weibull|exponential|rayleigh|lognormal|loglogistic|gamma|gengamma|gompertz|spline|gaussian|logistic|t",
	               "weibull", "distribution of the time; several in brackets are compared"),
	        OPTION("metric", WORD, "aft|ph", NULL, "time ratios or hazard ratios; what the distribution is unless named"),
	        OPTION("df", INTEGER, NULL, NULL, "degrees of freedom of the spline (3), or of t (4)"),
	        OPTION("scale", WORD, "hazard|odds|normal", NULL, "what the spline is a spline of: hazard unless named"),
	        OPTION("sigma", NUMBER, NULL, NULL, "fixes the scale of the error"),
	        AT_TIMES, CAUSE,
	        LATER("frailty", WORD, "no|gamma|lognormal", "shared random effect of the clusters"),
	        MODEL),
},
{
	.name = "phtest", .group = "survival", .target = YG_TARGET_RESULTS,
	.clauses = AS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("test of the proportional hazards of a Cox model"),
	.usage = "phtest MODEL, ... [with transform=...] [as NAME]",
	.help = N_("Tests for each term, and for all together, whether its effect stays the same over time: the score "
	           "test of a term times a function of time (Grambsch and Therneau 1994; as R's survival 3). transform "
	           "names the function: km (one minus the Kaplan-Meier curve, the default), rank, identity or log. A "
	           "factor is one test with several degrees of freedom. A small p value says that one hazard ratio does "
	           "not describe the effect.\n\n"
	           "A figure for each coefficient shows its course over time: smoothed scaled Schoenfeld residuals with a "
	           "band, and the estimate as a line. diagnose shows more of the residuals."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "cox os ~ rx + age with ties=efron as cx\n"
	           "phtest cx",
	OPTIONS(OPTION("transform", WORD, "km|rank|identity|log", "km",
	               "function of time against which the effects are tested")),
},
{
	.name = "tvc", .group = "survival", .target = YG_TARGET_COLUMNS, .clauses = YG_CLAUSE_ON | AS, .effect = YG_EFFECT_STATE,
	.available = true,
	.summary = N_("covariates that change over time: follow-up is split where they do"),
	.usage = "tvc COLUMN, ... [on COHORT] with name=NEW | time=COLUMN [, lag=..., carry=..., same_day=...] as NAME",
	.help = N_("Makes a set: the same persons, with covariates that change during their follow-up. Analyses of an endpoint "
	           "on that set (km, logrank, cox ... on NAME) split each person's follow-up where a covariate changes, so "
	           "that at the time of every event each person has the value known then; km by such a covariate is the "
	           "estimate of Simon and Makuch (1984). No expanded table is made or kept. The new names can be used in "
	           "terms, by, strata and where of these analyses, also inside expressions; where persons are described "
	           "they have no one value, and naming them is refused.\n\n"
	           "A column of dates, or of numbers on the endpoint's time scale, is the time of a change: the covariate "
	           "name= is 0 before it and 1 after, from the start when it lies before time 0, and never 1 when it is "
	           "missing. With time=COLUMN the columns are values of a table of rows, each taken at that time: the last "
	           "known value is carried forward, and it is missing before the first; the covariate keeps the column's "
	           "name unless name= gives another.\n\n"
	           "Dates are put on the scale of the endpoint: days from its start. A change on the day of an event counts "
	           "after that event (same_day=after): a person who dies on the day of an operation died before it. "
	           "same_day=before is the opposite. lag=30d lets a change count 30 days later, carry=1y forgets a value "
	           "after a year. tvc on a set made by tvc adds covariates to it."),
	.example = "open \"jasa.cohort\"\n"
	           "endpoint death: \"Death after acceptance\"\n"
	           "  start accept.dt\n"
	           "  time fu.date\n"
	           "  event \"death\": fustat = 1\n"
	           "end\n"
	           "tvc tx.date with name=tx, same_day=after as td\n"
	           "cox death ~ tx + age + surgery on td with ties=efron",
	OPTIONS(OPTION("name", COLUMNS, NULL, NULL, "names of the covariates, one a column"),
	        OPTION("time", COLUMN, NULL, NULL, "when the values were taken: a column of dates or times of the same rows"),
	        OPTION("lag", DURATION, NULL, NULL, "a change counts only so much later"),
	        OPTION("carry", DURATION, NULL, NULL, "a value is carried forward so long, then it is missing"),
	        OPTION("same_day", WORD, "after|before", "after",
	               "a change on the day of an event counts after or before it")),
},
{
	.name = "multistate", .group = "survival", .target = YG_TARGET_ENDPOINTS, .formula = true,
	.clauses = BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("probabilities of states and transitions"),
	.usage = "multistate ENDPOINT, ... [~ TERMS] [by VAR] [on COHORT] [with trans=(a: b, ...)] [as NAME]",
	.help = N_("Persons move between states: everybody begins in start, and each endpoint is the entry into a state of its name. "
	           "From start every endpoint can come first; trans adds the moves after that, a: b from a to b. If trans names "
	           "moves from start (start: tx), only those leave it. A state that nothing leaves is final.\n\n"
	           "A person is followed in a state as long as all endpoints that may come next are; an event that no transition allows "
	           "is not counted, and a note says how many there are. Of two events at one time the one named last counts, so name "
	           "the final state last.\n\n"
	           "The result has the transitions as counts, and for the times of at the probability of being in each state "
	           "(Aalen-Johansen) and the cumulative hazard of each transition (Nelson-Aalen), the expected time in each state until "
	           "the last of these times, and a figure for each group of by; errors by the infinitesimal jackknife over persons, which "
	           "need not suppose that the past does not matter. Late entry and weights are honoured.\n\n"
	           "With terms, a Cox model for each transition with coefficients of its own, in time since the start. Terms take one "
	           "value a person, from the rows of the first endpoint."),
	.example = "open \"mgus2.cohort\"\n"
	           "endpoint pcm: \"Plasma cell malignancy\"; time ptime in months; event \"pcm\": pstat = 1; unit years; end\n"
	           "endpoint died: \"Death\"; time futime in months; event \"death\": death = 1; unit years; end\n"
	           "multistate pcm, died by sex with trans=(pcm: died), at=(5y, 10y, 20y)\n"
	           "multistate pcm, died ~ age + sex with trans=(pcm: died)",
	OPTIONS(OPTION("trans", VALUE, NULL, NULL, "transitions beyond those from start: trans=(tx: relapse, tx: died)"),
	        AT_TIMES,
	        OPTION("ci", WORD, "plain|log|loglog|none", "loglog", "scale of the interval of a probability"),
	        OPTION("ties", WORD, "efron|breslow", "efron", "how tied event times are handled in the models"),
	        CONF, WEIGHT,
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "recur", .group = "survival", .target = YG_TARGET_ENDPOINT, .formula = true,
	.clauses = BY | STRATA | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("recurrent events: mean number, or a model"),
	.usage = "recur ENDPOINT [~ TERMS] [by VAR] [strata VAR] cluster PERSON [on COHORT] [with method=...] [as NAME]",
	.help = N_("Events that happen again. The endpoint says `event every`, so that each row of a person that ends with the event "
	           "counts; cluster names the person, whose events are not independent.\n\n"
	           "Without terms (method=mcf) the mean number of events of a person by each time, in each group of by, with robust "
	           "intervals, the differences and ratios against the first group, and the pseudo-score test that the groups have the "
	           "same mean (strata stratifies it). Where the endpoint has compete lines, they end a person's events for good, as "
	           "death does, and the mean counts those who died with the events they had (Ghosh and Lin 2000); without, it is the "
	           "estimate of Nelson and of Lawless and Nadeau.\n\n"
	           "With terms a model: ag (Andersen and Gill) gives all events of a person one baseline; pwp_total and pwp_gap "
	           "(Prentice, Williams and Peterson) a baseline for the first, the second ... event, in time since the start or since "
	           "the event before, and nobody is at risk of the second before the first; wlw (Wei, Lin and Weissfeld) models the time "
	           "from the start to each event by its number, everybody at risk of all of them. Events beyond max are left out: late "
	           "strata are small.\n\n"
	           "effects=specific fits a model for each number of the event, ties them by a robust covariance, and lists the average "
	           "effect and the tests that all are 1 and all the same. Errors are robust (se=robust) unless se=model is given. A "
	           "competing event is censored in the models, as in cox."),
	.example = "open \"bladder1.cohort\"\n"
	           "use bladder1\n"
	           "endpoint rec: \"Recurrence\"; entry start; time stop in months; event \"recurrence\": every status = 1; end\n"
	           "recur rec by treatment cluster id with at=(12m, 24m)\n"
	           "recur rec ~ treatment + number cluster id with method=ag\n"
	           "recur rec ~ treatment + number cluster id with method=pwp_gap, max=4, effects=specific",
	OPTIONS(OPTION("method", WORD, "mcf|ag|pwp_total|pwp_gap|wlw", "mcf", "mean cumulative function, or the model"),
	        OPTION("effects", WORD, "common|specific", "common", "one effect, or one for each recurrence"),
	        OPTION("max", INTEGER, NULL, NULL, "recurrences beyond this one are left out"),
	        AT_TIMES,
	        OPTION("ties", WORD, "efron|breslow", "efron", "how tied event times are handled"),
	        OPTION("se", WORD, "model|robust", NULL, "standard errors of a model: robust unless given"),
	        OPTION("ci", WORD, "wald", "wald", "kind of interval: from the standard error"),
	        CONF, WEIGHT, MODEL_BOOT,
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "winratio", .group = "survival", .target = YG_TARGET_ENDPOINTS, .formula = true, .formula_required = true,
	.clauses = STRATA | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("win ratio of ranked endpoints"),
	.usage = "winratio ENDPOINT, ... ~ ARM [strata VAR] [on COHORT] [with measure=...] [as NAME]",
	.help = N_("Compares every person of one arm with every person of the other. On the endpoint named first the one whose event "
	           "comes first loses, provided the other is then known to be free of it; where follow-up or a tie leaves a pair "
	           "undecided the next endpoint is asked, and so on. The level of the arm that is not the reference is the one that "
	           "wins; with more levels each is compared with the reference (factor ... with ref=).\n\n"
	           "The win ratio is wins over losses, the win odds give half of each tie to both sides, the net benefit is wins minus "
	           "losses as a share of all pairs; measure puts one first, all three are listed. A win ratio says nothing of how "
	           "many pairs are tied: read it with the table of pairs, which shows what each endpoint decided.\n\n"
	           "Intervals and p come from U-statistics (Bebu and Lachin 2016). strata compares within strata and weights them "
	           "by 1 over their persons (Dong and others 2018). Endpoints are one follow-up a person without late entry; all "
	           "events are bad. Two endpoints take time like sorting; from three on every pair is looked at: a thousand million "
	           "pairs take some seconds."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "factor rx with ref=\"Obs\"\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "endpoint rec: \"Recurrence\"\n"
	           "  where etype = 1\n"
	           "  time time in days\n"
	           "  event \"recurrence\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "winratio os, rec ~ rx strata sex with measure=ratio",
	OPTIONS(OPTION("measure", WORD, "ratio|odds|rd", "ratio", "which comes first: win ratio, win odds or net benefit"),
	        CONF,
	        LATER("weight", COLUMN, NULL, "column of sampling weights"),
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "rate", .group = "survival", .target = YG_TARGET_ENDPOINT,
	.clauses = BY | STRATA | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("incidence rates per time at risk"),
	.usage = "rate ENDPOINT [by VAR] [strata VAR] [on COHORT] [with per=1000y] [as NAME]",
	.help = N_("Events over time at risk in each group of by, per the time that per names: 1,000 years unless given, or a plain "
	           "number in the unit shown (per=1000). The interval is the exact one of a Poisson count; ci=wald uses the square "
	           "root of the count, byar Byar's approximation, rothman the same with half an event added.\n\n"
	           "measure compares each group with the first: rr the ratio, with an exact interval given the number of events of both "
	           "(with ci=exact) or Wald's on the log scale; rd the difference, Wald. strata, or adjust, adds the Mantel-Haenszel "
	           "ratio or difference over the strata, its test, and the test that the ratio is the same in all of them.\n\n"
	           "Several events of one person (event every) are counted as if independent, and a warning says so."),
	.example = "open \"diet.cohort\"\n"
	           "endpoint ihd: \"Coronary heart disease\"; start doe; time dox; event \"CHD\": fail in (1, 3, 13); end\n"
	           "rate ihd by energy.grp with per=1000y\n"
	           "rate ihd by energy.grp strata job with measure=rr",
	OPTIONS(OPTION("per", TIMES, NULL, "1000y", "time at risk that the rate is given for"),
	        OPTION("adjust", COLUMNS, NULL, NULL, "columns whose combinations are strata"),
	        OPTION("measure", WORD, "rd|rr|ratio", NULL, "compare with the first group: difference or ratio of rates"),
	        OPTION("ci", WORD, "exact|wald|byar|rothman", "exact", "kind of interval"),
	        CONF,
	        LATER("weight", COLUMN, NULL, "column of sampling weights"),
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
{
	.name = "standardize", .group = "survival", .target = YG_TARGET_ANY,
	.clauses = BY | STRATA | ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("rates standardised to a population"),
	.usage = "standardize ENDPOINT [by VAR] [on COHORT] with adjust=(...), standard=... [as NAME]",
	.help = N_("method=direct gives the rate that each group would have if its time at risk were spread over the strata of "
	           "adjust as in the standard: all groups of the data together (standard=all), the first group (first), or a population "
	           "by age: japan2015 and japan1985 are Japan's model populations, world is that of WHO for 2000-2025. The interval is "
	           "the gamma interval of Fay and Feuer, which holds for few events too.\n\n"
	           "For a population by age one column of adjust has ages as levels, beginning and ending at multiples of five "
	           "years, the last open: 40-44, 45-49 ... 85+, or what cut makes (\"40 to under 45\", \"85 and over\"). Other columns, "
	           "which the standard does not know, weigh each level alike, and a note says so. Only the ages of the levels enter, so "
	           "compare rates over the same ages.\n\n"
	           "method=indirect gives observed over expected events (SMR), expected from the rates of all groups or of the first, "
	           "with an exact Poisson interval that takes these rates as known."),
	.example = "open \"diet.cohort\"\n"
	           "endpoint ihd: \"Coronary heart disease\"; start doe; time dox; event \"CHD\": fail in (1, 3, 13); end\n"
	           "let age = years(dob, doe)\n"
	           "factor agegrp = cut(age, 40, 50, 60)\n"
	           "standardize ihd by energy.grp with adjust=(agegrp), standard=japan2015\n"
	           "standardize ihd by job with adjust=(agegrp), method=indirect",
	OPTIONS(OPTION("per", TIMES, NULL, "1000y", "time at risk that the rate is given for"),
	        OPTION("adjust", COLUMNS, NULL, NULL, "columns of the standard: adjust=(agegrp, sex)"),
	        OPTION("standard", TEXT, NULL, "all", "standard: all, first, japan2015, japan1985, world"),
	        OPTION("method", WORD, "direct|indirect", "direct", "direct or indirect standardisation"),
	        OPTION("ci", WORD, "gamma|wald|exact", "gamma", "kind of interval; of indirect ones exact in place of gamma"),
	        CONF,
	        LATER("weight", COLUMN, NULL, "column of sampling weights"),
	        LATER("freq", COLUMN, NULL, "column of counts: a row stands for that many persons")),
},
