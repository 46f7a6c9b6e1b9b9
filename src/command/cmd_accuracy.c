/* roc, diag: accuracy of markers and tests; compare of their results. */
#include <string.h>

#include "input_priv.h"
#include "yogo/analysis/accuracy.h"
#include "yogo/analysis/competing.h"
#include "yogo/analysis/data.h"
#include "yogo/analysis/parametric.h"
#include "yogo/analysis/prediction.h"
#include "yogo/base/i18n.h"

void yg_release_accuracy(void *payload)
{
	yg_accuracy_free(payload);
}

static enum yg_status model_of(const struct yg_object *o, const struct yg_node *at, const struct yg_prediction_model **out,
                               struct yg_err *err)
{
	YG_TRY(yg_object_prediction(o, at, out, err));
	if (!*out)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-074", N_("%s is neither a column nor a model that predicts"), o->name);
	return YG_OK;
}

/* Is it the name of an earlier result, and not of a column? */
static struct yg_object *result_named(struct yg_context *c, const struct yg_scope *scope, const struct yg_node *at)
{
	struct yg_column_ref column;
	struct yg_object *o = at->kind == YG_NODE_NAME ? yg_state_find(c->state, at->text) : NULL;

	if (!o || o->kind != YG_OBJECT_RESULT || yg_map_get(&scope->definition, at->text) ||
	    yg_table_find(scope->table, at->text, &column, NULL) == YG_OK)
		return NULL;
	return o;
}

static enum yg_status bind_marker(struct yg_context *c, const struct yg_scope *scope, const struct yg_node *at, struct yg_err *err)
{
	struct yg_bound *b = NULL;
	enum yg_status status = yg_bind(scope, at, (enum yg_type)0, c->task, &b, err);

	yg_bound_free(b);
	return status;
}

/* What stands right of ~: columns, expressions, models.  models: may there be any? */
static enum yg_status markers_of(struct yg_context *c, const struct yg_node *s, const struct yg_scope *scope, bool models,
                                 struct yg_an_marker **out, size_t *count, struct yg_err *err)
{
	const struct yg_node *formula = yg_node_find(s, YG_NODE_FORMULA);
	size_t n = formula ? formula->children : 0;

	*out = yg_arena_alloc(c->arena, n + 1, sizeof **out);
	*count = n;
	for (size_t i = 0; i < n; i++) {
		const struct yg_node *at = formula->child[i];
		struct yg_an_marker *m = &(*out)[i];
		if (at->kind == YG_NODE_MODEL && at->children > 1) {
			yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-OPT-077", N_("%s takes each marker by itself: separate them by commas"), s->text);
			yg_err_hint(err, N_("To join several into one fit a model, as in logit ... as m1, and name m1 here."));
			return YG_ESYNTAX;
		}
		if (at->kind == YG_NODE_MODEL && at->children == 1)
			at = at->child[0];
		*m = (struct yg_an_marker){ .expression = at };
		struct yg_object *o = models ? result_named(c, scope, at) : NULL;
		if (o) {
			m->name = o->name;
			if (!c->options->check_only)
				YG_TRY(model_of(o, at, &m->model, err));
		} else {
			YG_TRY(bind_marker(c, scope, at, err));
		}
		for (size_t k = 0; k < i && at->kind == YG_NODE_NAME; k++)
			if ((*out)[k].expression->kind == YG_NODE_NAME && !strcmp((*out)[k].expression->text, at->text))
				return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-OPT-072", N_("%s is named twice"), at->text);
	}
	return YG_OK;
}

/* Names: the outcome, the markers, the clauses, columns of options. */
static enum yg_status check_names(struct yg_context *c, struct yg_node *s, bool models, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST), *freq = yg_option_column(c, s, "freq");
	struct yg_node *rest = yg_node_new(c->arena, s->kind, s->text);
	struct yg_an_marker *marker;
	struct yg_outcome nothing = { 0 };
	struct yg_input in;
	size_t n;

	if (!list || list->children != 1)
		return yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-073", N_("%s takes one outcome"), s->text);
	/* The clauses are checked as elsewhere; what stands right of ~ may be a model. */
	for (uint32_t i = 0; i < s->children; i++)
		if (s->child[i]->kind != YG_NODE_FORMULA)
			yg_node_add(c->arena, rest, s->child[i]);
	enum yg_status status = yg_input_begin(c, s, NULL, &in, err);
	if (status == YG_OK)
		status = yg_input_check(c, rest, &in.scope, true, err);
	if (status == YG_OK && freq)
		status = bind_marker(c, &in.scope, freq, err);
	if (status == YG_OK)
		status = yg_input_check_model(c, s, "adjust", &in.scope, err);
	const char *on_name = yg_clause_name(s, YG_NODE_ON);
	const struct yg_object *on = on_name ? yg_state_find(c->state, on_name) : NULL;
	bool unmade = c->options->check_only && on && on->kind == YG_OBJECT_SET && !on->payload;
	if (status == YG_OK && !unmade)
		status = markers_of(c, s, &in.scope, models, &marker, &n, err);
	yg_input_end(c, &in, &nothing);
	yg_free(nothing.population);
	return status;
}

static enum yg_status reference_of(struct yg_context *c, const struct yg_node *s, const struct yg_input *input, bool models,
                                   struct yg_an_reference *out, struct yg_err *err)
{
	struct yg_an_marker *marker;
	struct yg_an_targets target;

	YG_TRY(markers_of(c, s, &input->scope, models, &marker, &out->markers, err));
	yg_input_targets(s, &target);
	out->in = input->in;
	out->outcome = target.node[0];
	out->event = yg_option_word(s, "event", NULL);
	out->marker = marker;
	out->cluster = input->cluster;
	out->frequency = yg_option_column(c, s, "freq");
	out->open = yg_population_open(input);
	return YG_OK;
}

static enum yg_status fractions(struct yg_context *c, const struct yg_node *s, const char *name, const double **out, size_t *n,
                                struct yg_err *err)
{
	const struct yg_option_value *v;
	double *list;

	YG_TRY(yg_option_values(c, s, name, &v, n, err));
	list = yg_arena_alloc(c->arena, *n + 1, sizeof *list);
	for (size_t i = 0; i < *n; i++)
		list[i] = v[i].number;
	*out = list;
	return YG_OK;
}

/* ---- roc ---- */

static bool by_bootstrap(const struct yg_node *s)
{
	const char *ci = yg_option_word(s, "ci", NULL);

	return ci && !strcmp(ci, "boot");
}

static enum yg_status roc_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	const struct yg_node *boot = yg_node_option(s, "boot");

	yg_command_fill_defaults(c, s);
	const struct yg_node *formula = yg_node_find(s, YG_NODE_FORMULA);
	YG_TRY(yg_options_go_with(c, s, "paired", formula && formula->children > 1, "several markers", err));
	YG_TRY(yg_options_go_with(c, s, "focus", yg_node_option(s, "pauc") != NULL, "pauc", err));
	if (boot && !by_bootstrap(s))
		return yg_fail_at(err, YG_ESYNTAX, boot->at, boot->len, "E-OPT-076", N_("%s: the option %s would change nothing here; it goes with %s"), s->text,
		                  "boot", "ci=boot");
	if (by_bootstrap(s) && !c->state->has_seed) {
		yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-OPT-074", N_("%s draws at random and needs a seed, so that it can be repeated"), s->text);
		yg_err_hint(err, N_("Write seed 1 (or any number) at the head of the script"));
		return YG_ESYNTAX;
	}
	return check_names(c, s, true, err);
}

static enum yg_status cut_of(struct yg_context *c, const struct yg_node *s, struct yg_an_roc *r, struct yg_err *err)
{
	const struct yg_node *v = yg_node_option(s, "cut");
	const struct yg_option_value *number;
	size_t n;

	if (!v)
		return YG_OK;
	if (v->kind == YG_NODE_WORD && v->text && (!strcmp(v->text, "youden") || !strcmp(v->text, "topleft"))) {
		r->cut = v->text;
		return YG_OK;
	}
	if (v->kind == YG_NODE_NUMBER || v->kind == YG_NODE_NEGATE) {
		YG_TRY(yg_option_values(c, s, "cut", &number, &n, err));
		r->cut = "value";
		r->cut_value = number[0].number;
		return YG_OK;
	}
	return yg_fail_at(err, YG_ESYNTAX, v->at, v->len, "E-OPT-078", N_("cut is youden, topleft, or one value of the marker"));
}

static enum yg_status read_roc(struct yg_context *c, const struct yg_node *s, struct yg_an_roc *r, struct yg_err *err)
{
	const char *method = yg_option_word(s, "method", NULL), *focus = yg_option_word(s, "focus", NULL);
	const double *range;
	double number;
	size_t n;

	r->direction = yg_option_word(s, "direction", NULL);
	r->binormal = method && !strcmp(method, "binormal");
	r->over_sensitivity = focus && !strcmp(focus, "sensitivity");
	r->paired = yg_node_option_yes(s, "paired");
	r->seed = (uint64_t)c->state->seed;
	YG_TRY(yg_option_number(s, "boot", 2000, &number, err));
	r->boot = by_bootstrap(s) ? (int64_t)number : 0;
	YG_TRY(fractions(c, s, "pauc", &range, &n, err));
	r->partial = n > 0;
	r->low = n == 2 ? range[0] : 1;       /* anything else is refused with a sentence about pauc */
	r->high = n == 2 ? range[1] : 0;
	YG_TRY(fractions(c, s, "at", &r->at, &r->ats, err));
	return cut_of(c, s, r, err);
}

static enum yg_status roc_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_roc r = { 0 };
	struct yg_accuracy *kept = NULL;
	struct yg_input input;
	enum yg_status status = yg_input_begin(c, s, NULL, &input, err);

	out->raw_free = yg_an_free;
	if (status == YG_OK)
		status = reference_of(c, s, &input, true, &r.of, err);
	if (status == YG_OK)
		status = read_roc(c, s, &r, err);
	if (status == YG_OK)
		status = yg_an_roc(&r, c->task, &out->raw, &kept, err);
	return yg_end_model(c, out, &input, status, kept, yg_release_accuracy);
}

/* ---- diag ---- */

static enum yg_status diag_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	yg_command_fill_defaults(c, s);
	YG_TRY(yg_options_go_with(c, s, "adjust", yg_node_option(s, "correct") != NULL, "correct=begg_greenes", err));
	return check_names(c, s, false, err);
}

static enum yg_status diag_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	struct yg_an_diag r = { 0 };
	struct yg_accuracy *kept = NULL;
	struct yg_input input;
	enum yg_status status = yg_input_begin(c, s, NULL, &input, err);

	out->raw_free = yg_an_free;
	if (status == YG_OK)
		status = reference_of(c, s, &input, false, &r.of, err);
	if (status == YG_OK)
		status = fractions(c, s, "prevalence", &r.prevalence, &r.prevalences, err);
	if (status == YG_OK)
		status = yg_option_model(c, s, "adjust", &r.adjust, err);
	if (status == YG_OK) {
		r.positive = yg_option_word(s, "positive", NULL);
		r.ci = yg_option_word(s, "ci", NULL);
		r.begg_greenes = yg_node_option(s, "correct") != NULL;
		status = yg_an_diag(&r, c->task, &out->raw, &kept, err);
	}
	return yg_end_model(c, out, &input, status, kept, yg_release_accuracy);
}

/* ---- compare ---- */

enum yg_status yg_accuracy_compare_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *list = yg_node_find(s, YG_NODE_LIST);
	const struct yg_object *o = yg_state_find(c->state, list->child[0]->text);

	if (list->children > 1) {
		const struct yg_node *at = list->child[1];
		yg_fail_at(err, YG_REFUSED, at->at, at->len, "E-NAM-075", N_("compare takes one result of %s, and compares the markers in it"),
		           "roc, diag");
		yg_err_hint(err, N_("Name the markers in one statement, separated by commas: they are then judged on the same rows."));
		return YG_REFUSED;
	}
	out->subject = o->dataset;
	if (o->result)
		out->population = yg_xstrdup(o->result->population);
	out->raw_free = yg_an_free;
	return yg_an_accuracy_compare(o->payload, o->name, yg_option_word(s, "test", NULL), &out->raw, err);
}

const struct yg_command yg_command_roc = { "roc", 1, YG_EFFECT_RESULT, "analysis.run", true, roc_resolve, roc_run };
const struct yg_command yg_command_diag = { "diag", 1, YG_EFFECT_RESULT, "analysis.run", true, diag_resolve, diag_run };
