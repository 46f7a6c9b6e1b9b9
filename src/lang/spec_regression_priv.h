/* Regression models and what is done with fitted models. */
{
	.name = "linear", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("mean differences: linear regression"),
	.usage = "linear Y, ... ~ TERMS [, TERMS ...] [by VAR] [cluster VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("Differences of means by ordinary least squares. Intervals and p values use the t distribution with n "
	           "- p degrees of freedom. se=hc0 ... hc3 are the heteroscedasticity-consistent forms (the form used is "
	           "printed); cluster gives the cluster-robust variance with the factor G/(G-1) (n-1)/(n-p). Weights are "
	           "sampling weights, with the robust variance.\n\n"
	           "Several outcomes left of ~ or several models right of it are fitted one after another. Rows with a "
	           "missing value in any term are left out and counted.\n\n"
	           "penalty=lasso, ridge or elastic shrinks the coefficients towards 0: see cox."),
	.example = "open \"birthwt.cohort\"\n"
	           "linear bwt ~ age + lwt + smoke with se=hc3",
	OPTIONS(MODEL, PENALTY, INTERACTION,
	        OPTION("measure", WORD, "mean|ratio", NULL, "effect: difference or ratio of means")),
},
{
	.name = "logit", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("odds ratios: logistic regression"),
	.usage = "logit Y, ... ~ TERMS [, TERMS ...] [by VAR] [cluster VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("Odds ratios by logistic regression, maximum likelihood. The outcome is a flag, 0/1, or a level named "
	           "by event=\"LEVEL\"; persons, not rows, are independent, so several rows a person need cluster.\n\n"
	           "Intervals are Wald on the log scale, or profile likelihood (ci=profile). se=robust is the sandwich "
	           "variance, cluster its clustered form. When a term separates the outcome perfectly the estimate does "
	           "not exist: the term is named and no number is printed.\n\n"
	           "Commas make several models: logit low ~ age, lwt, smoke is three models of one term each.\n\n"
	           "penalty=lasso, ridge or elastic shrinks the coefficients towards 0, so that many columns can be tried: see "
	           "cox."),
	.example = "open \"birthwt.cohort\"\n"
	           "logit low ~ age + lwt + smoke + ht + ui as l1",
	OPTIONS(EVENT_LEVEL, MODEL, PENALTY, INTERACTION,
	        OPTION("measure", WORD, "or|rr|rd", "or", "effect")),
},
{
	.name = "poisson", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("rate ratios: Poisson regression"),
	.usage = "poisson Y, ... ~ TERMS [, TERMS ...] [by VAR] [cluster VAR] [on COHORT] [where ...] [with ...] [as NAME]",
	.help = N_("Ratios of rates or of counts by Poisson regression with a log link, maximum likelihood. Time at risk "
	           "enters as offset(log(t)). se=robust guards against overdispersion, and makes risk ratios from a 0/1 "
	           "outcome (Zou 2004: modified Poisson). Intervals are Wald on the log scale."),
	.example = "open \"epil.cohort\"\n"
	           "use epil\n"
	           "poisson y ~ trt + lage cluster subject with se=robust",
	OPTIONS(MODEL, PENALTY, INTERACTION,
	        OPTION("measure", WORD, "ratio|rr", NULL, "effect")),
},
{
	.name = "glm", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("generalised linear models"),
	.usage = "glm Y, ... ~ TERMS [by VAR] [cluster VAR] [on COHORT] with family=..., link=... [as NAME]",
	.help = N_("Generalised linear models: a family for the outcome and a link for its mean, by maximum likelihood "
	           "(negbin: with its shape estimated too; quasi families: the dispersion is Pearson's chi-squared over "
	           "its degrees of freedom). Without link the family's own: identity, logit, log, inverse for gamma, and "
	           "so on. With a logit or log link the ratios are shown beside the coefficients. Intervals are Wald, or "
	           "profile likelihood (ci=profile); se=robust, hc0 ... hc3 and cluster give sandwich variances."),
	.example = "open \"birthwt.cohort\"\n"
	           "glm bwt ~ age + smoke with family=gamma, link=log",
	OPTIONS(OPTION("family", WORD, "gaussian|binomial|poisson|gamma|inverse|negbin|quasibinomial|quasipoisson", "gaussian",
	               "distribution of the outcome"),
	        OPTION("link", WORD, "identity|log|logit|probit|cloglog|inverse|sqrt", NULL,
	               "link; the family's own unless named"),
	        EVENT_LEVEL, MODEL, PENALTY_LATER, INTERACTION, MEASURE_EFFECT),
},
{
	.name = "ordinal", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT,
	.summary = N_("ordered outcomes: proportional odds"),
	.usage = "ordinal Y ~ TERMS [by VAR] [cluster VAR] [on COHORT] [with link=...] [as NAME]",
	.help = N_("The cumulative logit model: one odds ratio for all cut-points of an ordered outcome."),
	.example = "open \"pbc.cohort\"\n"
	           "ordinal stage ~ age + bili",
	OPTIONS(OPTION("link", WORD, "logit|probit|cloglog", "logit", "link"),
	        MODEL),
},
{
	.name = "multinom", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT,
	.summary = N_("outcomes of several unordered levels"),
	.usage = "multinom Y ~ TERMS [by VAR] [cluster VAR] [on COHORT] [with ref=...] [as NAME]",
	.help = N_("Odds of each level of the outcome against the reference level."),
	.example = "open \"birthwt.cohort\"\n"
	           "multinom race ~ age + lwt with ref=\"1\"",
	OPTIONS(OPTION("ref", TEXT, NULL, NULL, "level compared with; the first unless named"),
	        MODEL),
},
{
	.name = "clogit", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = STRATA | ANALYSIS, .effect = YG_EFFECT_RESULT,
	.summary = N_("odds ratios in matched sets: conditional logistic regression"),
	.usage = "clogit Y ~ TERMS strata SET [on COHORT] [with ...] [as NAME]",
	.help = N_("Logistic regression within matched sets: conditional likelihood, strata are the sets."),
	.example = "open \"infert.cohort\"\n"
	           "clogit case ~ spontaneous + induced strata stratum",
	OPTIONS(EVENT_LEVEL,
	        OPTION("ties", WORD, "discrete|efron|breslow", "discrete", "several cases in a set"),
	        MODEL),
},
{
	.name = "gee", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT,
	.summary = N_("marginal models for repeated measurements"),
	.usage = "gee Y ~ TERMS cluster PERSON [by VAR] [on COHORT] with family=..., corr=... [as NAME]",
	.help = N_("Population-averaged effects when a person has several rows: generalised estimating equations with a "
	           "working correlation and robust standard errors."),
	.example = "open \"epil.cohort\"\n"
	           "use epil\n"
	           "gee y ~ lbase*trt + lage cluster subject with family=poisson, corr=exchangeable",
	OPTIONS(OPTION("family", WORD, "gaussian|binomial|poisson|gamma", "gaussian", "distribution of the outcome"),
	        OPTION("link", WORD, "identity|log|logit|probit|cloglog|inverse", NULL,
	               "link; the family's own unless named"),
	        EVENT_LEVEL,
	        OPTION("corr", WORD, "independent|exchangeable|ar1|unstructured", "exchangeable",
	               "correlation within a cluster"),
	        OPTION("time", COLUMN, NULL, NULL, "column that orders the rows of a cluster"),
	        MODEL),
},
{
	.name = "mixed", .group = "regression", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = BY | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT,
	.summary = N_("mixed models for repeated measurements"),
	.usage = "mixed Y ~ TERMS cluster PERSON [by VAR] [on COHORT] with random=(1, t) [as NAME]",
	.help = N_("Effects with random intercepts and slopes of the clusters: linear by REML, others by Laplace "
	           "approximation or quadrature."),
	.example = "open \"epil.cohort\"\n"
	           "use epil\n"
	           "mixed y ~ lbase*trt + lage cluster subject with family=poisson, random=(1), method=laplace",
	OPTIONS(OPTION("family", WORD, "gaussian|binomial|poisson", "gaussian", "distribution of the outcome"),
	        OPTION("link", WORD, "identity|log|logit|probit|cloglog", NULL, "link; the family's own unless named"),
	        EVENT_LEVEL,
	        OPTION("random", VALUE, NULL, "(1)", "random effects of a cluster: random=(1, time)"),
	        OPTION("corr", WORD, "independent|exchangeable|ar1|unstructured", NULL, "correlation of the residuals"),
	        OPTION("time", COLUMN, NULL, NULL, "column that orders the rows of a cluster"),
	        OPTION("method", WORD, "reml|ml|laplace|agq", NULL, "estimation: reml for gaussian, laplace else"),
	        OPTION("points", INTEGER, NULL, NULL, "quadrature points of agq"),
	        OPTION("df", WORD, "satterthwaite|kr|none", "satterthwaite", "degrees of freedom of the tests"),
	        MODEL),
},
{
	.name = "margins", .group = "regression", .target = YG_TARGET_RESULT, .formula = true, .formula_required = true,
	.clauses = BY | ANALYSIS, .effect = YG_EFFECT_RESULT,
	.summary = N_("adjusted means, risks and their contrasts from a model"),
	.usage = "margins MODEL ~ VAR, ... [by VAR] [with measure=...] [as NAME]",
	.help = N_("Averages of a model's predictions as if everybody had each level of a variable, and their "
	           "differences or ratios (standardisation), by the delta method."),
	.example = "open \"birthwt.cohort\"\n"
	           "logit low ~ age + smoke as l1\n"
	           "margins l1 ~ smoke with measure=(rd, rr)",
	OPTIONS(MEASURE_EFFECT,
	        OPTION("type", WORD, "lp|risk|survival|mean", NULL, "what is averaged"),
	        AT_TIMES,
	        OPTION("given", VALUE, NULL, NULL, "fixed values: given=(age: 60)"),
	        OPTION("contrast", WORD, "ref|pairwise", "ref", "which levels are compared"),
	        PADJUST,
	        OPTION("ci", WORD, "wald|boot", "wald", "kind of interval"),
	        CONF,
	        OPTION("se", WORD, "model|robust|boot", NULL, "standard errors"),
	        MODEL_BOOT),
},
{
	.name = "compare", .group = "regression", .target = YG_TARGET_RESULTS,
	.clauses = AS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("compare results: nested models, areas under curves"),
	.usage = "compare RESULT, RESULT, ... [with test=...] [as NAME]",
	.help = N_("Compares models of the same kind fitted to the same rows, one nested in the other: the likelihood "
	           "ratio test, twice the difference of the log likelihoods on the difference of the degrees of freedom. "
	           "Different rows, different kinds or models that are not nested are refused with the reason; models "
	           "fitted by penalised likelihood or with robust variance have no likelihood ratio test. Linear models, "
	           "and families with a dispersion, are compared by the F test.\n\n"
	           "Parametric survival models (aft) of one distribution that are nested are compared in the same way. "
	           "Those of different distributions, or not nested, stand in a table by AIC, the lowest first, without a test: "
	           "their likelihoods are all densities of the time, so the criteria can be set against each other. Models "
	           "of different rows are refused here too.\n\n"
	           "One result of roc (test=delong) or diag (test=mcnemar) is compared within itself: the areas of its markers, "
	           "or its tests, which are of the same persons."),
	.example = "open \"birthwt.cohort\"\n"
	           "logit low ~ age + lwt as l0\n"
	           "logit low ~ age + lwt + smoke as l1\n"
	           "compare l0, l1 with test=lr",
	OPTIONS(OPTION("test", WORD, "lr|wald|delong|mcnemar", "lr", "likelihood ratio, Wald, DeLong or McNemar"),
	        LATER("margin", NUMBER, NULL, "margin of non-inferiority"),
	        LATER("type", WORD, "superior|noninferior|equivalent", "question asked"),
	        LATER("scenario", TEXT, NULL, "a variant of the rules"),
	        LATER("conf", FRACTION, NULL, "confidence level of the intervals")),
},
