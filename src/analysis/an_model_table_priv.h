/*
 * What the tables of every model share: the formula's text, the row of a reference level, the rows of the table that
 * sums the fit up.
 */
#ifndef YOGO_ANALYSIS_MODEL_TABLE_PRIV_H
#define YOGO_ANALYSIS_MODEL_TABLE_PRIV_H

#include "yogo/analysis/design.h"
#include "yogo/lang/ast.h"
#include "yogo/raw/raw.h"

/* "rx + age" of a MODEL node. */
const char *an_formula(struct yg_arena *arena, const struct yg_node *model);
/* "Treatment: Obs": the reference level of a term that has one, labelled as its other levels are. */
const char *an_reference_label(struct yg_arena *arena, const struct yg_design *d, const struct yg_design_term *of);
/* Its row, with nothing in it. */
int an_reference_row(struct yg_raw_table *t, struct yg_arena *arena, const struct yg_design *d, const struct yg_design_term *of);
/* A row of one cell. */
void an_fit_value(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, double v, struct yg_evidence e);
void an_fit_count(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, int64_t v, struct yg_evidence e);

#endif
