/*
 * From raw to safe, a whole document at a time: first everything is judged, then everything is
 * written, because what one cell must hide decides what others may show.
 */
#include "yogo/gate/gate.h"

#include <math.h>
#include <string.h>

#include "gate/gate_priv.h"
#include "yogo/base/i18n.h"

static const char *keep(struct yg_gate_run *run, const char *s)
{
	return yg_arena_strdup(&run->result->arena, s ? s : "");
}

static const char *keep_or_null(struct yg_gate_run *run, const char *s)
{
	return s ? yg_arena_strdup(&run->result->arena, s) : NULL;
}

static enum yg_role role_of(const struct yg_raw_table *t, const struct yg_raw_cell *c, int column)
{
	return c && c->has_role ? c->role : t->column[column].role;
}

static bool is_attrition(const struct yg_raw_table *t)
{
	return strcmp(t->key, "attrition") == 0 || strcmp(t->key, "flow") == 0 || strcmp(t->key, "steps") == 0;
}

/* The key that tells the level of a quantile: the column's, else the row's. */
static const char *quantile_key(const struct yg_raw_table *t, int row, int column)
{
	const char *c = t->column[column].key;
	bool tells = strcmp(c, "median") == 0 || (c[0] == 'q' && c[1] >= '0' && c[1] <= '3') ||
		     (c[0] == 'p' && c[1] >= '0' && c[1] <= '9');
	return tells ? c : t->row[row].key;
}

/* ---- first pass: what must be hidden ---- */

static bool table_small(const struct yg_gate_run *run, const struct yg_raw_table *t)
{
	for (int i = 0; i < t->rows; i++)
		for (int j = 0; j < t->columns; j++) {
			const struct yg_raw_cell *c = yg_raw_cell_at(t, i, j);
			if (c && c->state == YG_RAW_VALUE &&
			    yg_gate_judge(run->policy, role_of(t, c, j), &c->value, &c->evidence, quantile_key(t, i, j), t->nobody)
			            .small)
				return true;
		}
	return false;
}

static bool note_small(const struct yg_gate_run *run, const struct yg_raw_note *n)
{
	for (int i = 0; i < n->arguments; i++) {
		const struct yg_raw_cell *c = &n->argument[i];
		if (c->state == YG_RAW_VALUE && yg_gate_is_count(c->role) &&
		    yg_gate_judge(run->policy, c->role, &c->value, &c->evidence, NULL, true).small)
			return true;
	}
	return false;
}

/* Nobody declared a model, but a table looks like one: effective size and terms from its cells. */
static bool undeclared_model_refused(const struct yg_gate_run *run, const struct yg_raw_table *t)
{
	int estimate = -1, se = -1;
	int64_t size = 0, terms = 0;
	for (int j = 0; j < t->columns; j++) {
		if (t->column[j].role == YG_ROLE_ESTIMATE)
			estimate = j;
		if (t->column[j].role == YG_ROLE_SE)
			se = j;
	}
	if (estimate < 0 || se < 0 || t->nobody)
		return false;
	for (int i = 0; i < t->rows; i++) {
		const struct yg_raw_cell *c = yg_raw_cell_at(t, i, se);
		if (!c || c->state != YG_RAW_VALUE)
			continue;
		int64_t n = c->evidence.events > 0 ? c->evidence.events : c->evidence.persons;
		size = n > size ? n : size;
		terms++;
	}
	return terms > 0 && size > 0 &&
	       (size - terms < run->policy->min_df || terms * run->policy->size_per_parameter > size);
}

static bool model_refused(const struct yg_gate_run *run)
{
	const struct yg_raw *raw = run->raw;
	const struct yg_policy *p = run->policy;
	for (int i = 0; i < raw->models; i++) {
		int64_t n = raw->model[i].n_effective, k = raw->model[i].parameters;
		if (n - k < p->min_df || k * p->size_per_parameter > n)
			return true;
	}
	if (raw->models)
		return false;
	for (int i = 0; i < raw->items; i++)
		if (raw->item[i].kind == YG_RAW_TABLE && !raw->item[i].table->detail &&
		    undeclared_model_refused(run, raw->item[i].table))
			return true;
	return false;
}

static void assess(struct yg_gate_run *run)
{
	const struct yg_raw *raw = run->raw;
	for (int i = 0; i < raw->items; i++) {
		const struct yg_raw_item *it = &raw->item[i];
		if (it->kind == YG_RAW_NOTE) {
			run->notes_small = run->notes_small || note_small(run, it->note);
		} else if (it->kind == YG_RAW_FIGURE) {
			bool small = yg_gate_figure_small(run, it->figure);
			run->linked_small = run->linked_small || small;
			if (it->figure->kind == YG_FIGURE_FLOW)
				run->attrition_small = run->attrition_small || small;
			if (it->figure->kind == YG_FIGURE_KM)
				run->has_curve = true;
		} else if (!it->table->detail && table_small(run, it->table)) {
			if (!it->table->independent)
				run->linked_small = true;
			if (is_attrition(it->table))
				run->attrition_small = true;
		}
	}
	run->model_refused = model_refused(run);
}

/* ---- second pass: tables ---- */

/* A table with survival, medians or times made from persons: only the grouped curve may give them. */
static bool is_curve_table(const struct yg_gate_run *run, const struct yg_raw_table *t)
{
	if (!run->has_curve)
		return false;
	for (int i = 0; i < t->rows; i++)
		for (int j = 0; j < t->columns; j++) {
			const struct yg_raw_cell *c = yg_raw_cell_at(t, i, j);
			enum yg_role role = role_of(t, c, j);
			bool curve_role = role == YG_ROLE_PROBABILITY || role == YG_ROLE_QUANTILE || role == YG_ROLE_TIME;
			if (c && c->state == YG_RAW_VALUE && curve_role && c->evidence.persons > 0)
				return true;
		}
	return false;
}

static bool from_curve(enum yg_role role, const struct yg_evidence *e)
{
	switch (role) {
	case YG_ROLE_PROBABILITY:
	case YG_ROLE_QUANTILE:
	case YG_ROLE_ESTIMATE:
	case YG_ROLE_SE:
	case YG_ROLE_LOWER:
	case YG_ROLE_UPPER:
	case YG_ROLE_MEAN:
	case YG_ROLE_SD:
		return true;
	case YG_ROLE_TIME:
		return e->persons > 0;
	default:
		return false;
	}
}

/* "Not reached" tells something of the value it stands for: it is hidden when the value would be. */
static enum yg_reason why_missing_hidden(const struct yg_gate_run *run, const struct yg_raw_table *t, enum yg_role role,
                                         bool curve_table)
{
	static const struct yg_evidence somebody = { 1, 0, 0 };
	if (!run->policy->guarded || t->nobody || !yg_gate_is_derived(role))
		return REASON_NONE;
	if (!t->independent && run->model_refused)
		return REASON_M1;
	return curve_table && from_curve(role, &somebody) ? REASON_K1 : REASON_NONE;
}

static enum yg_reason why_hidden(const struct yg_gate_run *run, const struct yg_raw_table *t, int row, int column,
                                 const struct yg_raw_cell *c, bool curve_table)
{
	enum yg_role role = role_of(t, c, column);
	struct yg_verdict v =
		yg_gate_judge(run->policy, role, &c->value, &c->evidence, quantile_key(t, row, column), t->nobody);
	bool somebody = c->evidence.persons || c->evidence.events || c->evidence.whole;
	if (v.reason != REASON_NONE)
		return v.reason;
	if (t->nobody || !yg_gate_is_derived(role) || !somebody)
		return REASON_NONE;
	if (run->model_refused && !t->independent)
		return REASON_M1;
	if (curve_table && from_curve(role, &c->evidence))
		return REASON_K1;
	return REASON_NONE;
}

static void write_cell(struct yg_gate_run *run, const struct yg_raw_table *t, int row, int column, bool whole_hidden,
                       bool curve_table, struct yg_cell *out)
{
	const struct yg_raw_cell *c = yg_raw_cell_at(t, row, column);
	enum yg_role role = role_of(t, c, column);
	out->role = role;
	if (!c || c->state == YG_RAW_EMPTY || (c->value.kind == YG_VALUE_TEXT && c->state == YG_RAW_VALUE && !c->value.text[0]))
		return;
	if (whole_hidden) {
		yg_gate_hide(run, out, role, REASON_T9);
		return;
	}
	if (c->state == YG_RAW_MISSING) {
		enum yg_reason missing = why_missing_hidden(run, t, role, curve_table);
		if (missing != REASON_NONE)
			yg_gate_hide(run, out, role, missing);
		else
			*out = (struct yg_cell){ .state = YG_CELL_MISSING, .role = role, .decimals = -1,
				                 .value = { .kind = YG_VALUE_TEXT, .text = keep(run, c->value.text) } };
		return;
	}
	enum yg_reason why = run->policy->guarded ? why_hidden(run, t, row, column, c, curve_table) : REASON_NONE;
	if (why == REASON_NONE)
		why = yg_gate_show(run, out, role, c->decimals, &c->value, &c->evidence);
	if (why != REASON_NONE)
		yg_gate_hide(run, out, role, why);
}

static void write_table(struct yg_gate_run *run, const struct yg_raw_table *t)
{
	bool guarded = run->policy->guarded;
	bool withheld = guarded && t->detail; /* full curves: a row per event time is a person's data */
	/* other tables of the document could give the hidden cells away by subtraction: strata and their total */
	bool follows = run->linked_small && !t->independent && !t->nobody;
	bool whole_hidden = guarded && !withheld && (follows || table_small(run, t));
	bool curve_table = guarded && is_curve_table(run, t);
	struct yg_result_table *out =
		yg_result_add_table(run->result, t->key, t->title, withheld ? 0 : t->rows, t->columns);
	out->detail = t->detail || t->aside;
	if (withheld && t->rows)
		run->used[REASON_F1] = true;
	for (int j = 0; j < t->columns; j++)
		out->column[j] = (struct yg_table_column){ keep(run, t->column[j].key), keep(run, t->column[j].label),
			                                   keep_or_null(run, t->column[j].unit), t->column[j].role };
	for (int i = 0; i < out->rows; i++) {
		out->row[i] = (struct yg_table_row){ keep(run, t->row[i].key), keep(run, t->row[i].label),
			                             t->row[i].indent };
		for (int j = 0; j < t->columns; j++)
			write_cell(run, t, i, j, whole_hidden, curve_table, yg_result_cell(out, i, j));
	}
}

/* ---- notes and headline counts ---- */

/* "[<10]": a count that stands alone may say that it is small. */
static void hide_small_count(struct yg_gate_run *run, struct yg_cell *c, enum yg_role role)
{
	yg_gate_hide(run, c, role, REASON_T1);
	c->low = run->policy->zeros_shown ? 1 : 0;
	c->high = (double)(run->policy->min_cell - 1);
}

static void write_argument(struct yg_gate_run *run, const struct yg_raw_cell *c, bool counts_hidden,
                           struct yg_cell *out)
{
	out->role = c->role;
	if (c->state == YG_RAW_MISSING) {
		*out = (struct yg_cell){ .state = YG_CELL_MISSING, .role = c->role, .decimals = -1,
			                 .value = { .kind = YG_VALUE_TEXT, .text = keep(run, c->value.text) } };
		return;
	}
	if (c->state != YG_RAW_VALUE)
		return;
	enum yg_reason why = REASON_NONE;
	if (run->policy->guarded) {
		/* a number for nobody in a sentence is a setting: alpha, tau */
		struct yg_verdict v = yg_gate_judge(run->policy, c->role, &c->value, &c->evidence, NULL, true);
		bool somebody = c->evidence.persons || c->evidence.events || c->evidence.whole;
		if (yg_gate_is_count(c->role) && v.small) {
			hide_small_count(run, out, c->role);
			return;
		}
		why = v.reason;
		if (why == REASON_NONE && yg_gate_is_count(c->role) && counts_hidden)
			why = REASON_T9;
		if (why == REASON_NONE && yg_gate_is_derived(c->role) && somebody)
			why = run->linked_small ? REASON_T9 : run->model_refused ? REASON_M1 : REASON_NONE;
	}
	/* a share of nobody is a level of confidence: no profile rounds it */
	if (why == REASON_NONE && c->role == YG_ROLE_PROPORTION && !c->evidence.persons && !c->evidence.whole) {
		*out = (struct yg_cell){ .state = YG_CELL_SHOWN, .role = c->role, .decimals = c->decimals, .value = c->value };
		return;
	}
	if (why == REASON_NONE)
		why = yg_gate_show(run, out, c->role, c->decimals, &c->value, &c->evidence);
	if (why != REASON_NONE)
		yg_gate_hide(run, out, c->role, why);
}

void yg_gate_note(struct yg_gate_run *run, const struct yg_raw_note *raw, struct yg_note *n)
{
	bool about_population = raw->kind == YG_NOTE_POPULATION || raw->kind == YG_NOTE_DROPPED;
	bool counts_hidden = run->policy->guarded &&
			     (run->attrition_small || note_small(run, raw) || (about_population && run->notes_small));
	for (int i = 0; i < raw->arguments; i++)
		write_argument(run, &raw->argument[i], counts_hidden, &n->argument[i]);
}

static void write_count(struct yg_gate_run *run, struct yg_cell *out, enum yg_role role, int64_t n, int64_t persons)
{
	if (n < 0)
		return;
	struct yg_value v = { .kind = YG_VALUE_INTEGER, .integer = n };
	struct yg_evidence e = { persons > 0 ? persons : 0, 0, 0 };
	if (!run->policy->guarded) {
		yg_gate_show(run, out, role, -1, &v, &e);
		return;
	}
	if (yg_policy_hides(run->policy, n))
		hide_small_count(run, out, role);
	else if (run->attrition_small || yg_gate_judge(run->policy, role, &v, &e, NULL, true).small)
		yg_gate_hide(run, out, role, REASON_T9);
	else
		yg_gate_show(run, out, role, -1, &v, &e);
}

static void write_counts(struct yg_gate_run *run)
{
	const struct yg_raw *raw = run->raw;
	struct yg_result *r = run->result;
	write_count(run, &r->persons, YG_ROLE_PERSONS, raw->persons, raw->persons);
	write_count(run, &r->records, YG_ROLE_RECORDS, raw->records, raw->persons);
	write_count(run, &r->events, YG_ROLE_EVENTS, raw->events, raw->persons);
	write_count(run, &r->dropped, YG_ROLE_PERSONS, raw->dropped, raw->dropped);
}

/* ---- what the reader is told ---- */

static void explain(struct yg_gate_run *run, enum yg_reason why, const char *message, bool with_limit)
{
	if (!run->used[why])
		return;
	struct yg_note *n = yg_result_add_note(run->result, YG_NOTE_INFO, message, with_limit ? 1 : 0);
	if (with_limit)
		n->argument[0] = (struct yg_cell){ .state = YG_CELL_SHOWN, .role = YG_ROLE_INTEGER, .decimals = -1,
			                           .value = { .kind = YG_VALUE_INTEGER, .integer = run->policy->min_cell } };
}

static void explain_all(struct yg_gate_run *run)
{
	explain(run, REASON_T9,
	        N_("Hidden (T9): at least one cell stands for fewer than {1} persons or events, so the whole table, curve or "
	           "attrition is withheld, and what is derived from it. Merge categories or widen the selection."), true);
	explain(run, REASON_T1, N_("Counts of fewer than {1} are not shown."), true);
	explain(run, REASON_X1, N_("Hidden (X1): smallest and largest values belong to one person and are never shown."),
	        false);
	explain(run, REASON_Q1, N_("Hidden (Q1): a quantile needs at least {1} persons on each side of it."), true);
	explain(run, REASON_M1,
	        N_("Hidden (M1): too few persons or events for the number of parameters of the model. Use fewer terms."), false);
	explain(run, REASON_K1,
	        N_("Hidden (K1): survival and medians are shown from the grouped curve only."), false);
	explain(run, REASON_T0, N_("Hidden (T0): nothing says how many persons stand behind this value."), false);
	explain(run, REASON_R1, N_("Hidden (R1): this value cannot be made from rounded counts."), false);
	explain(run, REASON_F1,
	        N_("Withheld (F1): a figure or its numbers would show single persons or groups that are too small."), false);
}

static void policy_note(struct yg_gate_run *run)
{
	const struct yg_policy *p = run->policy;
	struct yg_note *n = yg_result_add_note(
		run->result, YG_NOTE_INFO,
		p->rounding == YG_ROUND_NONE ?
			N_("Disclosure profile {1}, smallest count {2}. Differencing between results is not checked.") :
			N_("Disclosure profile {1}, smallest count {2}, counts rounded in steps of {3}. Differencing between "
			   "results is not checked."),
		p->rounding == YG_ROUND_NONE ? 2 : 3);
	n->argument[0] = (struct yg_cell){ .state = YG_CELL_SHOWN, .role = YG_ROLE_LABEL, .decimals = -1,
		                           .value = { .kind = YG_VALUE_TEXT, .text = keep(run, p->name) } };
	for (int i = 1; i < n->arguments; i++)
		n->argument[i] = (struct yg_cell){ .state = YG_CELL_SHOWN, .role = YG_ROLE_INTEGER, .decimals = -1,
			                           .value = { .kind = YG_VALUE_INTEGER,
			                                      .integer = i == 1 ? p->min_cell : p->base } };
}

enum yg_status yg_gate(const struct yg_raw *raw, const struct yg_policy *policy, const char *command,
                       const char *population, struct yg_result **out, struct yg_err *err)
{
	bool guarded = policy->guarded;
	bool looks = strcmp(raw->verb, "cohort") == 0 || strcmp(raw->verb, "open") == 0 || strcmp(raw->verb, "info") == 0;
	if (guarded && !looks && raw->persons > 0 && raw->persons < policy->min_cell) {
		yg_fail(err, YG_EPRIVACY, "E-SDC-001",
		        N_("the population has fewer than %lld persons; profile %s does not allow it to be analysed"),
		        (long long)policy->min_cell, policy->name);
		yg_err_hint(err, "%s", N_("widen the selection"));
		return YG_EPRIVACY;
	}
	struct yg_gate_run run = { .raw = raw, .policy = policy,
		                   .result = yg_result_new(raw->verb, raw->operation_version) };
	struct yg_result *r = run.result;
	r->title = keep(&run, raw->title);
	r->command = keep(&run, command);
	r->population = keep(&run, population);
	r->profile = keep(&run, policy->name);
	r->guarded = guarded;
	if (guarded)
		assess(&run);
	write_counts(&run);
	for (int i = 0; i < raw->items; i++) {
		const struct yg_raw_item *it = &raw->item[i];
		if (it->kind == YG_RAW_TABLE)
			write_table(&run, it->table);
		else if (it->kind == YG_RAW_FIGURE)
			yg_gate_figure(&run, it->figure);
		else
			yg_gate_note(&run, it->note,
			             yg_result_add_note(r, it->note->kind, it->note->message, it->note->arguments));
	}
	if (guarded) {
		explain_all(&run);
		policy_note(&run);
	}
	*out = r;
	return YG_OK;
}
