/* Propensity scores, weighting, matching, and other designs for effects; multiple imputation. */
{
	.name = "ps", .group = "causal", .target = YG_TARGET_COHORT, .formula = true, .formula_required = true,
	.clauses = ANALYSIS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("propensity score: probability of the first group of a contrast"),
	.usage = "ps CONTRAST ~ TERMS [where ...] [with ...] [as NAME]",
	.help = N_("The propensity score: the probability of belonging to the treated group given the terms, by logistic "
	           "regression over the persons of a contrast. Prints the model, the distribution of the score in both "
	           "groups and their overlap. The result is what weight works on. trim leaves out persons with a score "
	           "below it or above one minus it, and counts them. Only logistic regression is computed by this "
	           "version."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att\n"
	           "ps nsw ~ age + educ + race + married + nodegree + re74 + re75 as psm",
	OPTIONS(OPTION("method", WORD, "logit|probit|boosted", "logit", "model of the score"),
	        LATER("penalty", WORD, "none|lasso|ridge|elastic", "shrink the coefficients"),
	        LATER("alpha", FRACTION, NULL, "share of lasso in the elastic net"),
	        LATER("lambda", NUMBERS, NULL, "strength of the penalty"),
	        LATER("folds", INTEGER, NULL, "folds of the cross-validation"),
	        LATER("firth", FLAG, NULL, "Firth's penalty against separation"),
	        LATER("exclude", COLUMNS, NULL, "columns or code sets that stay out of the model"),
	        OPTION("trim", FRACTION, NULL, NULL, "leave out scores below this or above one minus this"),
	        CONF, WEIGHT, FREQ),
},
{
	.name = "match", .group = "causal", .target = YG_TARGET_RESULT, .clauses = STRATA | AS, .effect = YG_EFFECT_STATE,
	.summary = N_("matched sets from a propensity score"),
	.usage = "match PS [strata VAR] with ratio=..., caliper=..., scale=..., sd=... as NAME",
	.help = N_("Pairs or sets of treated and untreated with similar propensity scores. The scale of the distance and "
	           "whose standard deviation the caliper is in must be stated in a script, since programs differ."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att\n"
	           "ps nsw ~ age + educ + re74 + re75 as psm\n"
	           "match psm with ratio=1, caliper=0.2, scale=logit, sd=pooled as m1",
	OPTIONS(OPTION("method", WORD, "nearest|optimal|cem|full", "nearest", "how pairs are found"),
	        OPTION("ratio", INTEGER, NULL, "1", "controls for each treated"),
	        OPTION("caliper", NUMBER, NULL, NULL, "largest distance, in standard deviations"),
	        OPTION("scale", WORD, "logit|ps", NULL, "scale of the distance; to be stated in a script"),
	        OPTION("sd", WORD, "pooled|treated|all", NULL, "whose standard deviation; to be stated in a script"),
	        OPTION("replace", FLAG, NULL, "no", "a control may serve several times"),
	        OPTION("exact", COLUMNS, NULL, NULL, "columns that must agree")),
},
{
	.name = "weight", .group = "causal", .target = YG_TARGET_RESULT,
	.clauses = AS,
	.effect = YG_EFFECT_STATE, .available = true,
	.summary = N_("weights from a propensity score"),
	.usage = "weight PS [with estimand=..., stabilized, truncate=...] as NAME",
	.help = N_("Weights from a propensity score e that make the two groups alike. estimand says for whom the effect "
	           "is: att (the treated: 1 and e/(1-e)), ate (everybody: 1/e and 1/(1-e)), atc (the untreated), ato "
	           "(the overlap: 1-e and e; Li, Morgan and Zaslavsky 2018), atm (as pair matching would have it). It is "
	           "the contrast's unless named here, and a departure is printed.\n\n"
	           "stabilized multiplies by the share of the person's own group; truncate moves weights outside two "
	           "quantiles (type 7) to them. Prints effective sample sizes (sum squared over sum of squares), the "
	           "largest weights, and how many were moved. Models on the set use the weights with robust standard "
	           "errors, which take the weights as known."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att\n"
	           "ps nsw ~ age + educ + race + married + nodegree + re74 + re75 as psm\n"
	           "weight psm as w1\n"
	           "linear re78 ~ arm on w1 with se=robust",
	OPTIONS(OPTION("method", WORD, "ps|entropy", "ps", "from the score, or entropy balancing"),
	        OPTION("estimand", WORD, "att|ate|atc|ato|atm|entropy", NULL,
	               "whose effect; the contrast's unless named"),
	        OPTION("stabilized", FLAG, NULL, "no", "multiply by the share of the group"),
	        OPTION("truncate", FRACTION, NULL, NULL, "cut weights at these quantiles: truncate=(0.01, 0.99)")),
},
{
	.name = "stratify", .group = "causal", .target = YG_TARGET_RESULT, .clauses = AS, .effect = YG_EFFECT_STATE,
	.summary = N_("strata of the propensity score"),
	.usage = "stratify PS [with groups=5] as NAME",
	.help = N_("Cuts the propensity score into groups of equal size; later verbs work within them."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att\n"
	           "ps nsw ~ age + educ + re74 + re75 as psm\n"
	           "stratify psm with groups=5 as s1",
	OPTIONS(OPTION("groups", INTEGER, NULL, "5", "number of strata"),
	        OPTION("estimand", WORD, "att|ate|atc|ato|atm|entropy", NULL, "whose effect")),
},
{
	.name = "balance", .group = "causal", .target = YG_TARGET_RESULT,
	.clauses = AS,
	.effect = YG_EFFECT_RESULT, .available = true,
	.summary = N_("standardised differences before and after weighting or matching"),
	.usage = "balance SET [with threshold=0.1, before, after] [as NAME]",
	.help = N_("Standardised mean differences of every column of the propensity model before and after weighting, "
	           "with the variance ratio and the largest distance of the distribution functions, as a table and as a "
	           "love plot. The denominator is the unweighted standard deviation of the treated group for att, the "
	           "mean of both variances for ate, unless sd says otherwise, so that before and after are on one scale. "
	           "Differences above threshold are marked."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att\n"
	           "ps nsw ~ age + educ + race + married + nodegree + re74 + re75 as psm\n"
	           "weight psm as w1\n"
	           "balance w1 with threshold=0.1",
	OPTIONS(OPTION("threshold", NUMBER, NULL, "0.1", "differences above this are marked"),
	        OPTION("before", FLAG, NULL, "yes", "show the differences before"),
	        OPTION("after", FLAG, NULL, "yes", "show the differences after"),
	        OPTION("sd", WORD, "pooled|treated|all", NULL, "whose standard deviation; the estimand's unless named")),
},
{
	.name = "ipw", .group = "causal", .target = YG_TARGET_COLUMNS, .formula = true,
	.clauses = USING | BY | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.summary = N_("effect by inverse probability weighting"),
	.usage = "ipw Y [~ TERMS] using PS [by VAR] [cluster VAR] [with measure=...] [as NAME]",
	.help = N_("The effect as a difference or ratio of weighted means, with standard errors that know the weights "
	           "were estimated."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att\n"
	           "ps nsw ~ age + educ + re74 + re75 as psm\n"
	           "ipw re78 using psm with measure=mean",
	OPTIONS(MEASURE_EFFECT, EVENT_LEVEL, AT_TIMES,
	        OPTION("tau", TIMES, NULL, NULL, "limit of the restricted mean"),
	        OPTION("folds", INTEGER, NULL, NULL, "cross-fitting folds"),
	        MODEL),
},
{
	.name = "gform", .group = "causal", .target = YG_TARGET_COLUMNS, .formula = true,
	.clauses = USING | BY | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.summary = N_("effect by the g-formula (standardisation over an outcome model)"),
	.usage = "gform Y ~ TERMS using CONTRAST [by VAR] [cluster VAR] [with measure=...] [as NAME]",
	.help = N_("The effect as the mean of predictions with everybody treated minus with nobody treated."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att\n"
	           "ps nsw ~ age + educ + re74 + re75 as psm\n"
	           "gform re78 ~ age + educ + re74 using nsw with measure=mean",
	OPTIONS(MEASURE_EFFECT, EVENT_LEVEL, AT_TIMES,
	        OPTION("tau", TIMES, NULL, NULL, "limit of the restricted mean"),
	        OPTION("folds", INTEGER, NULL, NULL, "cross-fitting folds"),
	        MODEL),
},
{
	.name = "aipw", .group = "causal", .target = YG_TARGET_COLUMNS, .formula = true,
	.clauses = USING | BY | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.summary = N_("doubly robust effect"),
	.usage = "aipw Y ~ TERMS using PS [by VAR] [cluster VAR] [with method=aipw|tmle, measure=...] [as NAME]",
	.help = N_("The effect from an outcome model and a propensity model together: right when one of them is."),
	.example = "open \"lalonde.cohort\"\n"
	           "contrast nsw = treat with treated=1, estimand=att\n"
	           "ps nsw ~ age + educ + re74 + re75 as psm\n"
	           "aipw re78 ~ age + educ + re74 using psm with measure=mean",
	OPTIONS(OPTION("method", WORD, "aipw|tmle", "aipw", "augmented weighting or targeted estimation"),
	        MEASURE_EFFECT, EVENT_LEVEL, AT_TIMES,
	        OPTION("tau", TIMES, NULL, NULL, "limit of the restricted mean"),
	        OPTION("folds", INTEGER, NULL, NULL, "cross-fitting folds"),
	        MODEL),
},
{
	.name = "evalue", .group = "causal", .target = YG_TARGET_RESULTS, .clauses = AS, .effect = YG_EFFECT_RESULT,
	.summary = N_("how strong unmeasured confounding would have to be"),
	.usage = "evalue RESULT, ... [with measure=..., null=1] [as NAME]",
	.help = N_("How strongly an unmeasured confounder would have to be tied to both treatment and outcome to explain "
	           "the estimate away (VanderWeele and Ding 2017)."),
	.example = "open \"colon.cohort\"\n"
	           "use colon\n"
	           "endpoint os: \"Death from any cause\"\n"
	           "  where etype = 2\n"
	           "  time time in days\n"
	           "  event \"death\": status = 1\n"
	           "  unit years\n"
	           "end\n"
	           "cox os ~ rx as cx\n"
	           "evalue cx",
	OPTIONS(MEASURE_EFFECT,
	        OPTION("null", NUMBER, NULL, NULL, "value of no effect")),
},
{
	.name = "trial_seq", .group = "causal", .target = YG_TARGET_ENDPOINT, .formula = true, .formula_required = true,
	.clauses = USING | STRATA | CLUSTER | ANALYSIS, .effect = YG_EFFECT_RESULT,
	.summary = N_("a sequence of emulated trials"),
	.usage = "trial_seq ENDPOINT ~ TERMS using CONTRAST [on COHORT] [with ...] [as NAME]",
	.help = N_("At every time a person could have been enrolled, a trial; pooled with person-clustered variance."),
	OPTIONS(OPTION("every", DURATION, NULL, NULL, "time between the trials"),
	        OPTION("grace", DURATION, NULL, NULL, "grace period"),
	        OPTION("estimand", WORD, "itt|pp", NULL, "intention to treat or per protocol"),
	        MODEL),
},
{
	.name = "did", .group = "causal", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = CLUSTER | BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.summary = N_("difference in differences"),
	.usage = "did Y ~ TERMS cluster UNIT [on COHORT] with time=VAR [as NAME]",
	.help = N_("Change in the treated minus change in the untreated."),
	OPTIONS(OPTION("time", COLUMN, NULL, NULL, "column of periods"),
	        OPTION("treated", COLUMN, NULL, NULL, "column of treatment start or flag"),
	        EVENT_LEVEL, MODEL),
},
{
	.name = "its", .group = "causal", .target = YG_TARGET_COLUMNS, .formula = true, .formula_required = true,
	.clauses = CLUSTER | BY | ANALYSIS,
	.effect = YG_EFFECT_RESULT,
	.summary = N_("interrupted time series"),
	.usage = "its Y ~ TERMS [by VAR] with time=VAR, at=DATE [as NAME]",
	.help = N_("Level and slope of a series before and after a change."),
	OPTIONS(OPTION("time", COLUMN, NULL, NULL, "column that orders the rows"),
	        OPTION("at", VALUE, NULL, NULL, "when the change came"),
	        OPTION("season", VALUE, NULL, NULL, "seasonal terms"),
	        OPTION("family", WORD, "gaussian|poisson|binomial", "gaussian", "distribution of the outcome"),
	        MODEL),
},
{
	.name = "control", .group = "causal", .target = YG_TARGET_RESULT, .clauses = USING | AS, .effect = YG_EFFECT_RESULT,
	.summary = N_("negative controls: empirical calibration of an estimate"),
	.usage = "control RESULT using CONTROLS [with calibrate] [as NAME]",
	.help = N_("Estimates for exposures or outcomes known to have no effect, and an interval calibrated by their "
	           "spread."),
	OPTIONS(OPTION("calibrate", FLAG, NULL, NULL, "calibrate the interval and the p value"),
	        CONF),
},
{
	.name = "mi", .group = "causal", .target = YG_TARGET_COLUMNS, .formula = true,
	.clauses = USING | ANALYSIS,
	.effect = YG_EFFECT_STATE,
	.summary = N_("multiple imputation of missing values"),
	.usage = "mi VAR, ... [~ TERMS] [using ENDPOINT] [on COHORT] with m=20, iter=10 as NAME",
	.help = N_("Fills missing values m times by chained equations; models on the set are fitted in each and pooled "
	           "by Rubin's rules."),
	.example = "open \"pbc.cohort\"\n"
	           "mi chol, trig ~ age + sex + bili with m=20, iter=10 as imp",
	OPTIONS(OPTION("m", INTEGER, NULL, "20", "number of imputations"),
	        OPTION("iter", INTEGER, NULL, "10", "rounds of the chained equations"),
	        OPTION("method", VALUE, NULL, "pmm",
	               "pmm, normal, logit ...; one for all, or for a column: method=(pmm, trig: normal)"),
	        OPTION("delta", VALUE, NULL, NULL, "shift of imputed values, for sensitivity: delta=(chol: 10)")),
},
{
	.name = "design", .group = "causal", .target = YG_TARGET_COLUMNS, .target_optional = true,
	.clauses = STRATA | CLUSTER | ANALYSIS,
	.effect = YG_EFFECT_STATE,
	.summary = N_("declare a sampling design: weights, strata, clusters"),
	.usage = "design WEIGHT [strata VAR] [cluster VAR] [with fpc=VAR] as NAME",
	.help = N_("Declares how the sample was drawn: weights, strata, clusters, population sizes. Makes a set; "
	           "estimates on it have design-based variances."),
	OPTIONS(OPTION("fpc", COLUMN, NULL, NULL, "population size of the stratum"),
	        OPTION("replicate", COLUMNS, NULL, NULL, "columns of replicate weights")),
},
