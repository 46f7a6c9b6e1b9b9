/*
 * The command grammar as data: every verb of the language with the clauses and options it takes,
 * its help and its example.  One table feeds the parser's checks, completion, "did you mean", help,
 * docs/commands and the manual page.  Handlers are added by the command room.
 */
#ifndef YOGO_LANG_SPEC_H
#define YOGO_LANG_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "yogo/base/status.h"

/* Clauses a verb may have. */
enum {
	YG_CLAUSE_BY = 1, YG_CLAUSE_STRATA = 2, YG_CLAUSE_CLUSTER = 4, YG_CLAUSE_ON = 8,
	YG_CLAUSE_USING = 16, YG_CLAUSE_WHERE = 32, YG_CLAUSE_TO = 64, YG_CLAUSE_AS = 128,
};
/* What stands after the verb. */
enum yg_target {
	YG_TARGET_NONE, YG_TARGET_COLUMNS, YG_TARGET_ENDPOINT, YG_TARGET_ENDPOINTS, YG_TARGET_RESULT,
	YG_TARGET_RESULTS, YG_TARGET_COHORT, YG_TARGET_OBJECT, YG_TARGET_ANY,
};
enum yg_effect { YG_EFFECT_LOOK, YG_EFFECT_RESULT, YG_EFFECT_STATE, YG_EFFECT_OUTSIDE };

enum yg_option_type {
	YG_OPTION_FLAG, YG_OPTION_INTEGER, YG_OPTION_NUMBER, YG_OPTION_FRACTION, YG_OPTION_WORD, YG_OPTION_NUMBERS,
	YG_OPTION_TIMES, YG_OPTION_TEXT, YG_OPTION_COLUMN, YG_OPTION_COLUMNS, YG_OPTION_VALUE,
	YG_OPTION_DURATION,      /* a unit is compulsory; TIMES may also be plain numbers, in the unit shown */
};
struct yg_option_spec {
	const char *name;
	enum yg_option_type type;
	const char *words;       /* "efron|breslow|discrete|marginal" for YG_OPTION_WORD, else NULL */
	const char *standard;    /* the default as text, written into the resolved form; NULL = none */
	const char *help;        /* one line */
	bool later;              /* parses, and is refused by name: not computed by this version */
};
struct yg_verb_spec {
	const char *name;
	const char *group;       /* "look", "survival", "regression", "effect", "accuracy", "causal", "plan", "audit", "session" */
	const char *summary;     /* one line */
	const char *usage;       /* "km ENDPOINT, ... [by VAR] [on COHORT] [with ...] [as NAME]" */
	const char *help;        /* paragraphs */
	const char *example;     /* runs on a bundled data set */
	enum yg_target target;
	bool formula;            /* takes "~ formula" */
	bool formula_required;
	unsigned clauses;        /* YG_CLAUSE_... */
	enum yg_effect effect;
	const struct yg_option_spec *options;
	size_t option_count;
	bool available;          /* false: parses, and is refused by name with a sentence */
	bool target_optional;    /* "missing" or "missing chol, trig" */
	unsigned later_clauses;  /* parse, and are refused by name: not computed by this version */
};
/* All verbs, in the order of docs/commands; the statements of the language (open, cohort ...) are
   described the same way in yg_statement_specs for help and completion. */
const struct yg_verb_spec *yg_verb_specs(size_t *count);
const struct yg_verb_spec *yg_statement_specs(size_t *count);
/* The clauses of the blocks: name is the clause word, group the block ("cohort", "endpoint",
   "covariates"); no word is in two blocks. */
const struct yg_verb_spec *yg_clause_specs(size_t *count);
const struct yg_verb_spec *yg_statement_find(const char *name);            /* or NULL */
const struct yg_verb_spec *yg_clause_find(const char *name);               /* or NULL */
const struct yg_verb_spec *yg_verb_find(const char *name);                 /* or NULL */
const struct yg_option_spec *yg_verb_option(const struct yg_verb_spec *verb, const char *name);
/* A verb, statement or clause of that name, for help; or NULL. */
const struct yg_verb_spec *yg_spec_find(const char *name);
/*
 * Refuses, with a sentence and its place, what parses but is not computed by this version: the verb, or
 * an option or a clause of it (YG_REFUSED, E-CMD-001).  For the executor, before running; "check" lets it pass.
 */
struct yg_node;
enum yg_status yg_spec_refuse(const struct yg_node *statement, struct yg_err *err) YG_MUST_USE;
/* The nearest verb or option name, or NULL when nothing is near. */
const char *yg_verb_nearest(const char *name);
const char *yg_option_nearest(const struct yg_verb_spec *verb, const char *name);

/* Functions of expressions and formulas, for completion, help and the parser (parameters by name). */
struct yg_function_spec {
	const char *name;
	const char *kind;        /* "row", "person", "term" (formulas), "event" */
	const char *usage;       /* "days(from, to)" */
	const char *parameters;  /* names that may be given as name = value, separated by blanks, or "" */
	const char *help;        /* one line */
};
const struct yg_function_spec *yg_function_specs(size_t *count);
const struct yg_function_spec *yg_function_find(const char *name);         /* first of that name, or NULL */
/* May name = value inside a call of the function mean its parameter? */
bool yg_function_parameter(const char *function, const char *parameter);

#endif
