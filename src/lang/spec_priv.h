/* How the entries of the verb table are written down (spec_*_priv.h); spec.c puts them together. */
#ifndef YOGO_SRC_LANG_SPEC_PRIV_H
#define YOGO_SRC_LANG_SPEC_PRIV_H

#include "yogo/base/i18n.h"
#include "yogo/lang/spec.h"

#define OPTION(name_, type_, words_, standard_, help_) { name_, YG_OPTION_##type_, words_, standard_, N_(help_), false }
#define LATER(name_, type_, words_, help_) { name_, YG_OPTION_##type_, words_, NULL, N_(help_), true }
#define OPTIONS(...)                                                                \
	.options = (const struct yg_option_spec[]){ __VA_ARGS__ },                  \
	.option_count = sizeof((const struct yg_option_spec[]){ __VA_ARGS__ }) / sizeof(struct yg_option_spec)

#define BY YG_CLAUSE_BY
#define STRATA YG_CLAUSE_STRATA
#define CLUSTER YG_CLAUSE_CLUSTER
#define USING YG_CLAUSE_USING
#define TO YG_CLAUSE_TO
#define AS YG_CLAUSE_AS
#define ROWS (YG_CLAUSE_ON | YG_CLAUSE_WHERE)      /* who is analysed */
#define ANALYSIS (ROWS | AS)

#define CONF OPTION("conf", FRACTION, NULL, "0.95", "confidence level of the intervals")
#define WEIGHT OPTION("weight", COLUMN, NULL, NULL, "column of sampling weights; standard errors are then robust")
#define FREQ OPTION("freq", COLUMN, NULL, NULL, "column of counts: a row stands for that many persons")
#define COMMON CONF, WEIGHT, FREQ
#define MODEL_CI \
	OPTION("ci", WORD, "wald|profile", "wald", "kind of interval: from the standard error, or profile likelihood")
#define MODEL_SE \
	OPTION("se", WORD, "model|robust|hc0|hc1|hc2|hc3|boot", NULL, \
	       "standard errors: from the model, robust (sandwich), a heteroscedastic form, or bootstrap")
#define MODEL_BOOT LATER("boot", INTEGER, NULL, "bootstrap replicates; needs a seed")
#define MODEL MODEL_CI, CONF, MODEL_SE, MODEL_BOOT, WEIGHT, FREQ
#define SHRINK \
	OPTION("penalty", WORD, "none|lasso|ridge|elastic", NULL, "shrink the coefficients"), \
	OPTION("alpha", FRACTION, NULL, NULL, "share of lasso in the elastic net: 1 lasso, 0 ridge; 0.5 unless given"), \
	OPTION("lambda", NUMBERS, NULL, NULL, "strength of the penalty; chosen by cross-validation when not given"), \
	OPTION("folds", INTEGER, NULL, NULL, "folds of the cross-validation; 10 unless lambda is given, 0 for none"), \
	OPTION("foldid", COLUMN, NULL, NULL, "column of fold numbers, instead of folds drawn by the seed"), \
	OPTION("choose", WORD, "1se|min", NULL, "penalty of the model that predict and validate use: the largest within one " \
	       "standard error of the smallest left-out deviance (1se unless given), or that of the smallest (min)")
#define PENALTY SHRINK, LATER("firth", FLAG, NULL, "Firth's penalty against separation")
#define PENALTY_LATER \
	LATER("penalty", WORD, "none|lasso|ridge|elastic", "shrink the coefficients"), \
	LATER("alpha", FRACTION, NULL, "share of lasso in the elastic net: 1 lasso, 0 ridge"), \
	LATER("lambda", NUMBERS, NULL, "strength of the penalty; chosen by cross-validation when not given"), \
	LATER("folds", INTEGER, NULL, "folds of the cross-validation"), \
	LATER("firth", FLAG, NULL, "Firth's penalty against separation")
#define INTERACTION LATER("interaction", FLAG, NULL, "with by: test whether the effect differs between the levels")
#define PADJUST \
	OPTION("padjust", WORD, "none|holm|bonferroni|hochberg|hommel|bh|by", NULL, "p values adjusted for their number")
#define MEASURE_EFFECT \
	OPTION("measure", WORD, "rd|rr|or|hr|mean|ratio|nnt", NULL, \
	       "effect: risk difference, risk ratio, odds ratio, hazard ratio, mean difference, ratio of means, " \
	       "number needed to treat")
#define CAUSE OPTION("cause", TEXT, NULL, NULL, "label of the event line analysed; the first one unless named")
#define EVENT_LEVEL \
	OPTION("event", TEXT, NULL, NULL, "level of the outcome that is the event; compulsory unless it is a flag or 0/1")
#define TIES OPTION("ties", WORD, "efron|breslow|discrete|marginal", "efron", "how tied event times are handled")
#define STEPS OPTION("steps", WORD, "drawn|all", NULL, "steps of long curves that are listed: those a figure can tell apart, or all")
#define AT_TIMES OPTION("at", TIMES, NULL, NULL, "times at which values are listed: at=(1y, 3y, 5y)")
#define DIGITS LATER("digits", INTEGER, NULL, "digits shown")

#endif
