/* What the files of the gate share: the run over one document. */
#ifndef YOGO_GATE_PRIV_H
#define YOGO_GATE_PRIV_H

#include "yogo/gate/gate.h"
#include "yogo/raw/raw_inside.h"

enum yg_reason { REASON_NONE, REASON_T0, REASON_T1, REASON_T9, REASON_X1, REASON_Q1, REASON_M1, REASON_K1, REASON_R1,
	         REASON_F1, REASON_COUNT };

/* The judgement of one value. small: it must be hidden and so must all that could give it away. */
struct yg_verdict {
	bool small;
	enum yg_reason reason;   /* hidden by itself; NONE = may be shown */
};

struct yg_gate_run {
	const struct yg_raw *raw;
	const struct yg_policy *policy;
	struct yg_result *result;
	bool linked_small;       /* something not independent is hidden: derived values follow */
	bool attrition_small;    /* an attrition is hidden: headline counts follow */
	bool notes_small;        /* a count in the words about the population is hidden */
	bool model_refused;      /* too few events or persons for the model */
	bool has_curve;          /* the document draws a survival curve */
	bool used[REASON_COUNT]; /* reasons to explain at the end */
};

/* suppress.c: the rules for one value. */
bool yg_gate_is_count(enum yg_role role);
bool yg_gate_is_derived(enum yg_role role);
bool yg_gate_small(const struct yg_policy *p, const struct yg_evidence *e, enum yg_role role);
struct yg_verdict yg_gate_judge(const struct yg_policy *p, enum yg_role role, const struct yg_value *v,
                                const struct yg_evidence *e, const char *key, bool nobody);
double yg_gate_digits(const struct yg_policy *p, enum yg_role role, double v);
/* Fill a cell that may be shown, rounded as the profile asks. REASON_R1 when that cannot be done. */
enum yg_reason yg_gate_show(struct yg_gate_run *run, struct yg_cell *c, enum yg_role role, int decimals,
                            const struct yg_value *v, const struct yg_evidence *e);
void yg_gate_hide(struct yg_gate_run *run, struct yg_cell *c, enum yg_role role, enum yg_reason why);
const char *yg_gate_reason_code(enum yg_reason why);

/* figures.c, curves.c */
bool yg_gate_figure_small(const struct yg_gate_run *run, const struct yg_raw_figure *f);
void yg_gate_figure(struct yg_gate_run *run, const struct yg_raw_figure *f);
/* A grouped curve (docs/disclosure.md); false: cannot be grouped, nothing was added to f. */
bool yg_gate_group_curve(struct yg_gate_run *run, const struct yg_raw_figure *raw, struct yg_figure *f);
bool yg_gate_curve_small(const struct yg_policy *p, const struct yg_raw_figure *f);
void yg_gate_note(struct yg_gate_run *run, const struct yg_raw_note *raw, struct yg_note *n);

#endif
