/* What the handlers of the command room share: scopes, populations, options, populations' sentences. */
#ifndef YOGO_COMMAND_PRIV_H
#define YOGO_COMMAND_PRIV_H

#include "yogo/cohort/set.h"
#include "yogo/expr/bind.h"
#include "yogo/session/executor.h"

/*
 * The scope of a statement on a table of a data set: its columns, the let and factor definitions that belong
 * to the table, all params.  Lives in the context's arena, its maps are released with it by the caller.
 */
enum yg_status yg_command_scope(struct yg_context *c, struct yg_object *dataset, const struct yg_table *table,
                                struct yg_scope *out, struct yg_err *err) YG_MUST_USE;
/* The scope of the active table; refuses when no data set is open. */
enum yg_status yg_command_active_scope(struct yg_context *c, struct yg_scope *out, struct yg_err *err) YG_MUST_USE;
void yg_command_scope_release(struct yg_scope *scope);

/* A population with what keeps it alive. */
struct yg_command_population {
	struct yg_population population;
	struct yg_object *dataset;         /* borrowed */
	struct yg_object *object;          /* cohort, contrast or set; NULL = a table */
};
/*
 * Who a statement is about: `on X` if given, else the active cohort, else the active table.  table: the
 * table wanted (an endpoint's), or NULL for the population's own.
 */
enum yg_status yg_command_population(struct yg_context *c, const struct yg_node *statement, const struct yg_table *table,
                                     struct yg_command_population *out, struct yg_err *err) YG_MUST_USE;

/* What a set (made by weight or tvc) is as a population; NULL while only checked.  The release function tells its kind. */
const struct yg_population *yg_set_population(const struct yg_object *set);
void yg_release_weighted(void *payload);
void yg_release_tvc(void *payload);
const struct yg_population *yg_tvc_population(const void *payload);

/* The name in a clause with exactly one NAME child (ON); NULL when the clause is absent. */
const char *yg_clause_name(const struct yg_node *statement, enum yg_node_kind clause);
/* The where predicate, or NULL. */
const struct yg_node *yg_clause_where(const struct yg_node *statement);
/* A new object name: not a column of the active table, not an object of another kind. */
enum yg_status yg_command_check_name(struct yg_context *c, const struct yg_node *at, enum yg_object_kind kind,
                                     const char *name, struct yg_err *err) YG_MUST_USE;
/* A definition object from a statement: name, canonical text, the statement copied into the object. */
struct yg_object *yg_command_define(struct yg_context *c, enum yg_object_kind kind, const char *name,
                                    const struct yg_node *statement, const struct yg_table *table);

/* Options. */
const char *yg_option_word(const struct yg_node *statement, const char *name, const char *standard);
enum yg_status yg_option_number(const struct yg_node *statement, const char *name, double standard, double *out,
                                struct yg_err *err) YG_MUST_USE;
/* A list of numbers in the arena; times (with a unit) become days through *is_time. */
struct yg_option_value {
	double number;
	char unit;              /* 'd' 'w' 'm' 'y', or 0 for a plain number */
};
enum yg_status yg_option_values(struct yg_context *c, const struct yg_node *statement, const char *name,
                                const struct yg_option_value **out, size_t *count, struct yg_err *err) YG_MUST_USE;
/* A list of names: "median=(nodes, age)". */
enum yg_status yg_option_names(struct yg_context *c, const struct yg_node *statement, const char *name,
                               const char *const **out, size_t *count, struct yg_err *err) YG_MUST_USE;
/* Write the defaults of the verb's options into the statement, so that the resolved form says everything. */
void yg_command_fill_defaults(struct yg_context *c, struct yg_node *statement);
/* A copy of the statement in which the option has this value (word or number as written). */
void yg_command_set_option(struct yg_arena *arena, struct yg_node *statement, const char *name, struct yg_node *value);

extern const struct yg_command yg_command_lang, yg_command_study, yg_command_seed, yg_command_param, yg_command_codes,
	yg_command_open, yg_command_import, yg_command_use, yg_command_run, yg_command_let, yg_command_factor, yg_command_contrast,
	yg_command_cohort, yg_command_endpoint, yg_command_covariates, yg_command_assert;
extern const struct yg_command yg_command_show, yg_command_describe, yg_command_hist, yg_command_count, yg_command_missing,
	yg_command_tab, yg_command_table1, yg_command_attrition, yg_command_flow, yg_command_test, yg_command_corr;
extern const struct yg_command yg_command_followup, yg_command_km, yg_command_logrank, yg_command_rmst, yg_command_cuminc, yg_command_finegray, yg_command_cox, yg_command_aft, yg_command_phtest,
	yg_command_forest, yg_command_tvc;
extern const struct yg_command yg_command_linear, yg_command_logit, yg_command_poisson, yg_command_glm, yg_command_compare;
extern const struct yg_command yg_command_predict, yg_command_validate, yg_command_calibrate, yg_command_dca, yg_command_diagnose;
extern const struct yg_command yg_command_roc, yg_command_diag;
extern const struct yg_command yg_command_ps, yg_command_weight, yg_command_balance;
extern const struct yg_command yg_command_recur, yg_command_multistate, yg_command_winratio, yg_command_rate,
	yg_command_standardize;
extern const struct yg_command yg_command_report, yg_command_export;
extern const struct yg_command yg_command_help, yg_command_undo, yg_command_history, yg_command_save, yg_command_verify, yg_command_replay;

#endif
