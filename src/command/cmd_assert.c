/* assert: numbers of named objects compared; false ends the script with exit code 1. */
#include <math.h>
#include <string.h>

#include "command_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/cohort/endpoint.h"
#include "yogo/cohort/steps.h"
#include "yogo/lang/print.h"

static enum yg_status cell_number(const struct yg_cell *cell, const struct yg_node *at, const char *path, double *out,
                                  struct yg_err *err)
{
	if (!cell || cell->state == YG_CELL_EMPTY)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-030", N_("%s: there is no such field"), path);
	if (cell->state == YG_CELL_HIDDEN)
		return yg_fail_at(err, YG_EPRIVACY, at->at, at->len, "E-SDC-020",
		                  N_("%s is hidden by the disclosure policy and cannot steer a script"), path);
	if (cell->state == YG_CELL_MISSING || cell->value.kind == YG_VALUE_TEXT || cell->value.kind == YG_VALUE_NONE)
		return yg_fail_at(err, YG_REFUSED, at->at, at->len, "E-NAM-031", N_("%s is not a number"), path);
	*out = cell->value.kind == YG_VALUE_INTEGER ? (double)cell->value.integer : cell->value.number;
	return YG_OK;
}

static enum yg_status object_field(struct yg_context *c, const struct yg_node *at, const char *object, const char *path,
                                   double *out, struct yg_err *err)
{
	struct yg_object *o = yg_state_find(c->state, object);
	const struct yg_cell *cell;

	if (!o)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-032", N_("there is no object named %s"), object);
	if (o->stale)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-003", N_("%s must be made again: %s"), object, o->stale);
	if (!o->result)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-033", N_("a %s has no numbers to compare"),
		                  yg_object_kind_name(o->kind));
	cell = yg_result_field(o->result, path);
	if (!cell) {
		yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-NAM-030", N_("%s.%s: there is no such field"), object, path);
		yg_err_hint(err, N_("fields: n, records, events, dropped, and TERM.KIND with KIND one of estimate, se, lower, upper, p"));
		return YG_ESYNTAX;
	}
	return cell_number(cell, at, path, out, err);
}

/* NAME.FIELD, split at the first dot. */
static enum yg_status dotted(struct yg_context *c, const struct yg_node *n, double *out, struct yg_err *err)
{
	const char *dot = strchr(n->text, '.');
	char *object;
	enum yg_status status;

	if (!dot) {
		struct yg_object *o = yg_state_find(c->state, n->text);
		const struct yg_param *p = o && o->kind == YG_OBJECT_PARAM ? o->payload : NULL;
		if (p && p->value->kind == YG_NODE_NUMBER) {
			*out = p->value->number;
			return YG_OK;
		}
		return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-NAM-034", N_("assert compares fields of objects, as in %s.n"), n->text);
	}
	object = yg_xstrndup(n->text, (size_t)(dot - n->text));
	status = object_field(c, n, object, dot + 1, out, err);
	yg_free(object);
	return status;
}

/* cx.hr("rx: Lev"): the estimate of a term; also se, lower, upper, p. */
static enum yg_status call(struct yg_context *c, const struct yg_node *n, double *out, struct yg_err *err)
{
	const char *dot = strrchr(n->text, '.');
	const char *kind = dot ? dot + 1 : n->text;
	char *object, *path;
	enum yg_status status;

	if (strcmp(n->text, "abs") == 0)
		return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-NAM-035", N_("write two comparisons instead of abs()"));
	if (!dot || n->children != 1 || n->child[0]->kind != YG_NODE_STRING)
		return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-NAM-035",
		                  N_("assert knows OBJECT.KIND(\"TERM\"), as in cx.hr(\"rx: Lev\")"));
	object = yg_xstrndup(n->text, (size_t)(dot - n->text));
	path = yg_xasprintf("%s.%s", n->child[0]->text, kind);
	status = object_field(c, n, object, path, out, err);
	yg_free(path);
	yg_free(object);
	return status;
}

static enum yg_status number(struct yg_context *c, const struct yg_node *n, double *out, struct yg_err *err)
{
	double a, b;

	switch (n->kind) {
	case YG_NODE_NUMBER:
		*out = n->number;
		return YG_OK;
	case YG_NODE_NAME:
		return dotted(c, n, out, err);
	case YG_NODE_CALL:
		return call(c, n, out, err);
	case YG_NODE_NEGATE:
		YG_TRY(number(c, n->child[0], &a, err));
		*out = -a;
		return YG_OK;
	case YG_NODE_ADDITION:
	case YG_NODE_MULTIPLY:
		YG_TRY(number(c, n->child[0], &a, err));
		YG_TRY(number(c, n->child[1], &b, err));
		*out = n->text[0] == '+' ? a + b : n->text[0] == '-' ? a - b : n->text[0] == '*' ? a * b : a / b;
		if (!isfinite(*out))
			return yg_fail_at(err, YG_REFUSED, n->at, n->len, "E-MATH-001", N_("division by zero in assert"));
		return YG_OK;
	default:
		return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-NAM-036", N_("assert wants a comparison of numbers"));
	}
}

static enum yg_status truth(struct yg_context *c, const struct yg_node *n, bool *out, struct yg_err *err)
{
	bool x, y;
	double a, b;

	switch (n->kind) {
	case YG_NODE_AND:
	case YG_NODE_OR:
		YG_TRY(truth(c, n->child[0], &x, err));
		YG_TRY(truth(c, n->child[1], &y, err));
		*out = n->kind == YG_NODE_AND ? x && y : x || y;
		return YG_OK;
	case YG_NODE_NOT:
		YG_TRY(truth(c, n->child[0], &x, err));
		*out = !x;
		return YG_OK;
	case YG_NODE_COMPARE:
		YG_TRY(number(c, n->child[0], &a, err));
		YG_TRY(number(c, n->child[1], &b, err));
		*out = !strcmp(n->text, "=") ? a == b : !strcmp(n->text, "!=") ? a != b : !strcmp(n->text, "<") ? a < b
		     : !strcmp(n->text, "<=") ? a <= b : !strcmp(n->text, ">") ? a > b : a >= b;
		return YG_OK;
	case YG_NODE_IN:
		YG_TRY(number(c, n->child[0], &a, err));
		*out = false;
		if (n->child[1]->kind == YG_NODE_GROUP && n->child[1]->text[0] == '[' && n->child[1]->children == 2) {
			double low, high;
			YG_TRY(number(c, n->child[1]->child[0], &low, err));
			YG_TRY(number(c, n->child[1]->child[1], &high, err));
			*out = a >= low && a <= high;
			return YG_OK;
		}
		for (uint32_t i = 0; i < n->child[1]->children; i++) {
			YG_TRY(number(c, n->child[1]->child[i], &b, err));
			*out = *out || a == b;
		}
		return YG_OK;
	default:
		return yg_fail_at(err, YG_ESYNTAX, n->at, n->len, "E-NAM-036", N_("assert wants a comparison of numbers"));
	}
}

static enum yg_status assert_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *reason = yg_node_find(s, YG_NODE_STRING);
	struct yg_buf text = YG_BUF_INIT;
	bool holds = false;

	if (c->options->check_only)
		return YG_OK;
	YG_TRY(truth(c, s->child[0], &holds, err));
	if (holds)
		return YG_OK;
	yg_print_expression(s->child[0], &text);
	yg_fail_at(err, YG_REFUSED, s->at, s->len, "E-ASR-001", N_("assertion failed: %s%s%s"), text.data, reason ? ": " : "",
	           reason ? reason->text : "");
	yg_buf_release(&text);
	out->refused = true;
	return YG_REFUSED;
}

const struct yg_command yg_command_assert = { "assert", 1, YG_EFFECT_STATE, "assert", false, NULL, assert_run };
