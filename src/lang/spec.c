/* The command grammar: the table, put together, and what is looked up in it. */
#include "lang/spec_priv.h"

#include <string.h>

#include "yogo/base/text.h"
#include "yogo/lang/ast.h"

static const struct yg_verb_spec verbs[] = {
#include "lang/spec_look_priv.h"
#include "lang/spec_survival_priv.h"
#include "lang/spec_regression_priv.h"
#include "lang/spec_causal_priv.h"
#include "lang/spec_accuracy_priv.h"
#include "lang/spec_plan_priv.h"
#include "lang/spec_session_priv.h"
};

static const struct yg_verb_spec statements[] = {
#include "lang/spec_statement_priv.h"
};

static const struct yg_verb_spec clauses[] = {
#include "lang/spec_clause_priv.h"
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

const struct yg_verb_spec *yg_verb_specs(size_t *count)
{
	*count = COUNT(verbs);
	return verbs;
}

const struct yg_verb_spec *yg_statement_specs(size_t *count)
{
	*count = COUNT(statements);
	return statements;
}

const struct yg_verb_spec *yg_clause_specs(size_t *count)
{
	*count = COUNT(clauses);
	return clauses;
}

static const struct yg_verb_spec *find(const struct yg_verb_spec *table, size_t n, const char *name)
{
	for (size_t i = 0; name && i < n; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

const struct yg_verb_spec *yg_verb_find(const char *name)
{
	return find(verbs, COUNT(verbs), name);
}

const struct yg_verb_spec *yg_statement_find(const char *name)
{
	return find(statements, COUNT(statements), name);
}

const struct yg_verb_spec *yg_clause_find(const char *name)
{
	return find(clauses, COUNT(clauses), name);
}

const struct yg_verb_spec *yg_spec_find(const char *name)
{
	const struct yg_verb_spec *spec = yg_verb_find(name);
	if (!spec)
		spec = yg_statement_find(name);
	return spec ? spec : yg_clause_find(name);
}

const struct yg_option_spec *yg_verb_option(const struct yg_verb_spec *verb, const char *name)
{
	for (size_t i = 0; verb && name && i < verb->option_count; i++)
		if (strcmp(verb->options[i].name, name) == 0)
			return &verb->options[i];
	return NULL;
}

enum yg_status yg_spec_refuse(const struct yg_node *statement, struct yg_err *err)
{
	if (statement->kind != YG_NODE_COMMAND)
		return YG_OK;
	const struct yg_verb_spec *spec = yg_verb_find(statement->text);
	if (!spec || !spec->available) {
		yg_fail_at(err, YG_REFUSED, statement->at, strlen(statement->text), "E-CMD-001",
		           N_("%s is part of the language, but this version of the program does not compute it"), statement->text);
		yg_err_hint(err, N_("\"help\" lists what is computed"));
		return YG_REFUSED;
	}
	static const struct {
		enum yg_node_kind kind;
		unsigned bit;
		const char *word;
	} clause[] = {
		{ YG_NODE_BY, YG_CLAUSE_BY, "by" },       { YG_NODE_STRATA, YG_CLAUSE_STRATA, "strata" },
		{ YG_NODE_CLUSTER, YG_CLAUSE_CLUSTER, "cluster" }, { YG_NODE_USING, YG_CLAUSE_USING, "using" },
		{ YG_NODE_TO, YG_CLAUSE_TO, "to" },
	};
	for (size_t i = 0; i < COUNT(clause); i++) {
		const struct yg_node *node = spec->later_clauses & clause[i].bit ? yg_node_find(statement, clause[i].kind) : NULL;
		if (node)
			return yg_fail_at(err, YG_REFUSED, node->at, node->len, "E-CMD-001",
			                  N_("the clause %s of %s is part of the language, but this version of the program does not "
			                     "compute it"), clause[i].word, spec->name);
	}
	const struct yg_node *options = yg_node_find(statement, YG_NODE_OPTIONS);
	for (uint32_t i = 0; options && i < options->children; i++) {
		const struct yg_node *node = options->child[i];
		const struct yg_option_spec *option = yg_verb_option(spec, node->text);
		const struct yg_node *value = node->children ? node->child[0] : NULL;
		bool off = value && value->kind == YG_NODE_WORD && (strcmp(value->text, "no") == 0 || strcmp(value->text, "none") == 0);
		if (option && option->later && !off)
			return yg_fail_at(err, YG_REFUSED, node->at, node->len, "E-CMD-001",
			                  N_("the option %s of %s is part of the language, but this version of the program does not "
			                     "compute it"), option->name, spec->name);
	}
	return YG_OK;
}

/* What people of other programs type. */
static const struct {
	const char *theirs, *ours;
} known_elsewhere[] = {
	{ "coxph", "cox" },          { "stcox", "cox" },        { "phreg", "cox" },      { "survfit", "km" },
	{ "sts", "km" },             { "lifetest", "km" },      { "kaplan", "km" },      { "kaplanmeier", "km" },
	{ "survdiff", "logrank" },   { "crr", "finegray" },     { "stcrreg", "finegray" },{ "cif", "cuminc" },
	{ "lm", "linear" },          { "regress", "linear" },   { "reg", "linear" },     { "logistic", "logit" },
	{ "summarize", "describe" }, { "summary", "describe" }, { "desc", "describe" },  { "tabulate", "tab" },
	{ "table", "tab" },          { "freq", "tab" },         { "crosstab", "tab" },   { "tableone", "table1" },
	{ "histogram", "hist" },     { "list", "show" },        { "print", "show" },     { "head", "show" },
	{ "gen", "let" },            { "generate", "let" },     { "egen", "let" },       { "compute", "let" },
	{ "mutate", "let" },         { "recode", "factor" },    { "zph", "phtest" },     { "load", "open" },
	{ "read", "open" },          { "lmer", "mixed" },       { "mice", "mi" },        { "impute", "mi" },
	{ "survreg", "aft" },        { "streg", "aft" },        { "nb", "glm" },         { "consort", "flow" },
};

static void nearest_in(const struct yg_verb_spec *table, size_t n, const char *name, size_t *least, const char **best)
{
	for (size_t i = 0; i < n; i++) {
		size_t d = yg_text_distance(table[i].name, name, *least);
		if (d < *least) {
			*least = d;
			*best = table[i].name;
		}
	}
}

/* Two edits for long words, one for short: "tba" is "tab", but "xy" is nothing. */
static size_t reach(const char *name)
{
	return strlen(name) > 4 ? 3 : 2;
}

const char *yg_verb_nearest(const char *name)
{
	for (size_t i = 0; i < COUNT(known_elsewhere); i++)
		if (yg_str_eq_ascii_nocase(yg_str(known_elsewhere[i].theirs), yg_str(name)))
			return known_elsewhere[i].ours;
	const char *best = NULL;
	size_t least = reach(name);
	nearest_in(verbs, COUNT(verbs), name, &least, &best);
	nearest_in(statements, COUNT(statements), name, &least, &best);
	return best;
}

const char *yg_option_nearest(const struct yg_verb_spec *verb, const char *name)
{
	static const struct {
		const char *theirs, *ours;
	} elsewhere[] = {
		{ "level", "conf" }, { "alpha", "conf" }, { "conf.level", "conf" }, { "conf.type", "ci" }, { "method.ties", "ties" },
		{ "robust", "se" },  { "quantile", "quantiles" }, { "times", "at" }, { "time", "at" }, { "reference", "ref" },
		{ "weights", "weight" }, { "bootstrap", "boot" }, { "n", "top" }, { "rows", "top" },
	};
	const char *best = NULL;
	size_t least = reach(name);
	for (size_t i = 0; verb && i < verb->option_count; i++) {
		size_t d = yg_text_distance(verb->options[i].name, name, least);
		if (d < least) {
			least = d;
			best = verb->options[i].name;
		}
	}
	for (size_t i = 0; !best && i < COUNT(elsewhere); i++)
		if (strcmp(elsewhere[i].theirs, name) == 0 && yg_verb_option(verb, elsewhere[i].ours))
			best = elsewhere[i].ours;
	return best;
}
