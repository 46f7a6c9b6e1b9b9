/*
 * A cohort: who is in, who left at which step.
 *
 * The definition is a COHORT statement (with the clauses of its `like` parents merged in by command
 * before it comes here).  Steps are `require` and `exclude` clauses in order; the unit is the person.
 * require drops the unknown, exclude keeps them; both count them.
 * Column rules take one value per person: a column that varies within the person is refused, naming
 * the column and the cure.  Clauses on events (enter, windows, exit, episodes) are refused with a
 * sentence until event tables are analysed.
 */
#ifndef YOGO_COHORT_STEPS_H
#define YOGO_COHORT_STEPS_H

#include "yogo/expr/bind.h"

struct yg_step {
	const char *label;           /* quoted label, else the rule's canonical text */
	const char *rule;            /* canonical text: "require nodes is not missing" */
	bool is_require;
	uint64_t persons_before, persons_left, lost, unknown;   /* in order; lost includes unknown for require */
	uint64_t alone_lost;         /* were it the only step */
	uint64_t drop_one_gain;      /* persons more in the end were this step left out */
	uint64_t *pass;              /* bitmap over persons: passes this step taken alone */
};
struct yg_cohort {
	const char *name, *label;
	const struct yg_table *table;     /* active table when defined */
	uint64_t persons_total, persons;
	uint64_t *member;                 /* bitmap over persons */
	struct yg_step *step;
	size_t steps;
	struct yg_arena arena;
};
enum yg_status yg_cohort_evaluate(const struct yg_scope *scope, const struct yg_node *statement, struct yg_task *task,
                                  struct yg_cohort **out, struct yg_err *err) YG_MUST_USE;
void yg_cohort_free(struct yg_cohort *c);

#endif
