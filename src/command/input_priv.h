/* The part that all analyses share: scope, population, where, by, weight, confidence. */
#ifndef YOGO_COMMAND_INPUT_PRIV_H
#define YOGO_COMMAND_INPUT_PRIV_H

#include "command_priv.h"
#include "yogo/analysis/describe.h"
#include "yogo/analysis/survival.h"

struct yg_input {
	struct yg_command_population population;
	struct yg_scope scope;
	struct yg_an_input in;
	const struct yg_node *strata, *cluster;   /* clause nodes, or NULL */
};
/* table: the endpoint's, or NULL for the population's own.  Always end what was begun, also after a failure. */
enum yg_status yg_input_begin(struct yg_context *c, const struct yg_node *statement, const struct yg_table *table,
                              struct yg_input *in, struct yg_err *err) YG_MUST_USE;
void yg_input_end(struct yg_context *c, struct yg_input *in, struct yg_outcome *out);
/* Bind every column a statement names, so that a misspelt one is an error before anything runs. */
enum yg_status yg_input_check(struct yg_context *c, const struct yg_node *statement, const struct yg_scope *scope,
                              bool targets_are_columns, struct yg_err *err) YG_MUST_USE;
void yg_input_targets(const struct yg_node *statement, struct yg_an_targets *out);
const struct yg_node *yg_option_column(struct yg_context *c, const struct yg_node *statement, const char *name);
/* The columns an option names (adjust=(age, sex)) as a MODEL node of NAMEs, NULL without the option; and whether they are there. */
enum yg_status yg_option_model(struct yg_context *c, const struct yg_node *statement, const char *name,
                               const struct yg_node **out, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_input_check_model(struct yg_context *c, const struct yg_node *statement, const char *name,
                                    const struct yg_scope *scope, struct yg_err *err) YG_MUST_USE;
/* The endpoints a statement names and the input of their table; defaults and names of such a statement. */
enum yg_status yg_survival_begin(struct yg_context *c, const struct yg_node *statement, struct yg_input *input,
                                 struct yg_an_endpoints *of, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_survival_resolve(struct yg_context *c, struct yg_node *statement, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_resolve_columns(struct yg_context *c, struct yg_node *statement, struct yg_err *err) YG_MUST_USE;
struct yg_prediction_model;
/* The model that a result holds for predictions; NULL where it holds none.  Errors are placed at `at`. */
enum yg_status yg_object_prediction(const struct yg_object *o, const struct yg_node *at, const struct yg_prediction_model **out,
                                    struct yg_err *err) YG_MUST_USE;
/* name=word, or a list with it: name=(other, word) */
bool yg_option_has(const struct yg_node *statement, const char *name, const char *word);
/*
 * Refuse options that would be read and change nothing: those of names that are given, and not as their default, unless
 * what they go with is there.  what: a word of the language ("pairwise").
 */
enum yg_status yg_options_go_with(struct yg_context *c, const struct yg_node *statement, const char *names, bool there,
                                  const char *what, struct yg_err *err) YG_MUST_USE;
/* Refuse, by name, options of the language that this version does not compute ("penalty folds boot"). */
enum yg_status yg_refuse_options(struct yg_context *c, const struct yg_node *statement, const char *names,
                                 struct yg_err *err) YG_MUST_USE;
/* penalty=: is it asked; what goes with it; the verbs with it (cmd_penalised.c). */
bool yg_penalty_asked(const struct yg_node *statement);
enum yg_status yg_penalty_resolve(struct yg_context *c, struct yg_node *statement, struct yg_err *err) YG_MUST_USE;
enum yg_status yg_penalised_cox_run(struct yg_context *c, const struct yg_node *statement, struct yg_outcome *out,
                                    struct yg_err *err) YG_MUST_USE;
enum yg_status yg_penalised_regress_run(struct yg_context *c, const struct yg_node *statement, struct yg_outcome *out,
                                        struct yg_err *err) YG_MUST_USE;
/* The result object that keeps a model; release tells its kind.  Takes the model. */
void yg_keep_model(struct yg_context *c, struct yg_outcome *out, const struct yg_input *in, void *model_taken,
                   void (*release)(void *));
/* End what was begun; a model that was fitted (status YG_OK) is kept.  Returns the status. */
enum yg_status yg_end_model(struct yg_context *c, struct yg_outcome *out, struct yg_input *in, enum yg_status status,
                            void *model_taken, void (*release)(void *)) YG_MUST_USE;
/* What every model of follow-up reads of its statement, into the fields of these names that each of their requests has. */
#define YG_READ_MODEL(request, c, s, input) \
	do { \
		(request)->in = (input)->in; \
		(request)->formula = yg_node_find(s, YG_NODE_FORMULA); \
		(request)->strata = (input)->strata; \
		(request)->cluster = (input)->cluster; \
		(request)->frequency = yg_option_column(c, s, "freq"); \
		(request)->cause = yg_option_word(s, "cause", NULL); \
		(request)->se = yg_option_word(s, "se", NULL); \
	} while (0)
void yg_release_glm(void *payload);
void yg_release_cox(void *payload);
void yg_release_finegray(void *payload);
void yg_release_aft(void *payload);
void yg_release_pen(void *payload);
void yg_release_accuracy(void *payload);
/* compare of a result of roc or diag. */
enum yg_status yg_accuracy_compare_run(struct yg_context *c, const struct yg_node *statement, struct yg_outcome *out,
                                       struct yg_err *err) YG_MUST_USE;

/* Are the data open (public or synthetic), so that what stands for single persons may be shown? */
bool yg_population_open(const struct yg_input *in);

#endif
