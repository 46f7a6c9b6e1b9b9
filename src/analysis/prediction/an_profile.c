/* The row of a profile (given=(age: 60, sex: "Male")): values for the model's variables, those not named at mean or reference. */
#include <math.h>
#include <string.h>

#include "an_profile_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/num/elementary.h"

struct named {
	const char *name;
	const struct yg_node *value, *at;
	bool used;
};
struct givens {
	struct named *named;
	size_t count;
};

static const char *word_of(const struct yg_node *n)
{
	return n->kind == YG_NODE_STRING || n->kind == YG_NODE_WORD || n->kind == YG_NODE_NAME ? n->text : NULL;
}

static enum yg_status read_pairs(const struct yg_node *given, struct yg_arena *arena, struct givens *out, struct yg_err *err)
{
	bool group = given->kind == YG_NODE_GROUP;
	out->count = group ? given->children : 1;
	out->named = yg_arena_alloc(arena, out->count + 1, sizeof *out->named);
	for (size_t i = 0; i < out->count; i++) {
		const struct yg_node *pair = group ? given->child[i] : given;
		const char *name = pair->kind == YG_NODE_PAIR && pair->children == 2 ? word_of(pair->child[0]) : NULL;
		if (!name) {
			yg_fail_at(err, YG_ESYNTAX, pair->at, pair->len, "E-PRE-040", N_("given wants pairs of a column and its value"));
			yg_err_hint(err, N_("Write %s"), "given=(age: 60, sex: \"Male\")");
			return YG_ESYNTAX;
		}
		out->named[i] = (struct named){ name, pair->child[1], pair, false };
	}
	return YG_OK;
}

static struct named *find(struct givens *g, const char *name)
{
	for (size_t i = 0; i < g->count; i++)
		if (!strcmp(g->named[i].name, name))
			return &g->named[i];
	return NULL;
}

static bool literal(const struct yg_node *n, double *out)
{
	const char *word = word_of(n);
	if (n->kind == YG_NODE_NUMBER)
		*out = n->number;
	else if (n->kind == YG_NODE_NEGATE && n->children == 1 && literal(n->child[0], out))
		*out = -*out;
	else if (word && (!strcmp(word, "yes") || !strcmp(word, "true")))
		*out = 1;
	else if (word && (!strcmp(word, "no") || !strcmp(word, "false")))
		*out = 0;
	else
		return false;
	return true;
}

/* ---- expressions of named values ---- */

static bool names_given(struct givens *g, const struct yg_node *n)
{
	if (n->kind == YG_NODE_NAME)
		return find(g, n->text) != NULL;
	for (uint32_t i = 0; i < n->children; i++)
		if (!names_given(g, n->child[i]))
			return false;
	return true;
}

static void mark_used(struct givens *g, const struct yg_node *n)
{
	if (n->kind == YG_NODE_NAME && find(g, n->text))
		find(g, n->text)->used = true;
	for (uint32_t i = 0; i < n->children; i++)
		mark_used(g, n->child[i]);
}

static double of_call(const char *function, double x)
{
	if (!strcmp(function, "log"))
		return yg_log(x);
	if (!strcmp(function, "exp"))
		return yg_exp(x);
	if (!strcmp(function, "sqrt"))
		return sqrt(x);
	if (!strcmp(function, "abs"))
		return fabs(x);
	if (!strcmp(function, "floor"))
		return floor(x);
	return NAN;
}

static double compared(const char *sign, double a, double b)
{
	if (isnan(a) || isnan(b))
		return NAN;
	if (!strcmp(sign, "="))
		return a == b;
	if (!strcmp(sign, "!="))
		return a != b;
	if (sign[0] == '<')
		return sign[1] ? a <= b : a < b;
	return sign[1] ? a >= b : a > b;
}

/* NaN: it cannot be computed here. */
static double value_of(struct givens *g, const struct yg_node *n)
{
	double a = n->children > 0 && n->kind != YG_NODE_NAME ? value_of(g, n->child[0]) : NAN;
	double b = n->children > 1 ? value_of(g, n->child[1]) : NAN, v = NAN;
	switch (n->kind) {
	case YG_NODE_NUMBER: return n->number;
	case YG_NODE_NAME: return find(g, n->text) && literal(find(g, n->text)->value, &v) ? v : NAN;
	case YG_NODE_ADDITION: return n->text[0] == '-' ? a - b : a + b;
	case YG_NODE_MULTIPLY: return n->text[0] == '/' ? a / b : a * b;
	case YG_NODE_NEGATE: return -a;
	case YG_NODE_POWER: return yg_pow(a, b);
	case YG_NODE_CALL: return n->children == 1 ? of_call(n->text, a) : NAN;
	case YG_NODE_COMPARE: return compared(n->text, a, b);
	default: return NAN;
	}
}

/* ---- variables ---- */

static enum yg_status one_variable(struct givens *g, const struct yg_set_variable *variable, const struct yg_design_fact *fact,
                                   struct an_profile *out, struct yg_design_value *value, struct yg_err *err)
{
	const struct yg_node *e = variable->expression;
	struct named *named = e->kind == YG_NODE_NAME ? find(g, e->text) : NULL;
	if (named && fact->levels) {
		named->used = true;
		value->level = word_of(named->value);
		if (!value->level && named->value->kind == YG_NODE_NUMBER)
			value->level = named->value->text;
		if (value->level)
			return YG_OK;
		return yg_fail_at(err, YG_ESYNTAX, named->at->at, named->at->len, "E-PRE-041", N_("%s has levels: give the name of one"), named->name);
	}
	if (!fact->levels && names_given(g, e) && (named || e->children)) {
		mark_used(g, e);
		value->number = value_of(g, e);
		if (isfinite(value->number))
			return YG_OK;
		const struct named *at = named ? named : &g->named[0];
		yg_fail_at(err, YG_ESYNTAX, at->at->at, at->at->len, "E-PRE-042", N_("%s cannot be computed from the values given"), fact->name);
		yg_err_hint(err, N_("Name it with let NAME = ... before the model, and give NAME."));
		return YG_ESYNTAX;
	}
	value->level = fact->levels ? fact->level[0] : NULL;
	value->number = fact->binary ? 0 : fact->mean;
	out->standard[out->standards++] = fact->levels ? yg_arena_printf(&out->arena, "%s: %s", fact->name, fact->level[0]) :
		yg_arena_printf(&out->arena, "%s: %.3g", fact->name, value->number);
	return YG_OK;
}

static enum yg_status choose_stratum(const struct yg_prediction_model *m, struct givens *g, struct an_profile *out,
                                     struct yg_err *err)
{
	struct yg_buf label = YG_BUF_INIT;
	size_t named = 0;
	bool term = false;
	out->first_stratum = 0;
	out->strata = m->baseline.strata ? m->baseline.strata : 1;
	for (size_t k = 0; k < m->stratas; k++) {
		struct named *v = find(g, m->strata[k]->text);
		if (!v)
			continue;
		named++;
		term = term || v->used;
		v->used = true;
		yg_buf_addf(&label, label.len ? ", %s" : "%s", v->value->text ? v->value->text : "");
	}
	enum yg_status s = YG_OK;
	if (named && named == m->stratas && m->stratum) {
		size_t c = 0;
		while (c < m->baseline.strata && strcmp(m->stratum[c], label.data))
			c++;
		/* A number of the model that is a stratum too has no name to find it by: all strata are shown. */
		if (c == m->baseline.strata && term)
			goto done;
		if (c == m->baseline.strata)
			s = yg_fail(err, YG_REFUSED, "E-PRE-017", N_("the model has no stratum \"%s\": it has no baseline hazard for these persons"),
			            label.data);
		out->first_stratum = c;
		out->strata = 1;
	} else if (named) {
		s = yg_fail(err, YG_ESYNTAX, "E-PRE-043", N_("the model has several columns of strata: give all of them, or none"));
	}
done:
	yg_buf_release(&label);
	return s;
}

static enum yg_status unknown_name(const struct yg_prediction_model *m, const struct named *v, struct yg_err *err)
{
	struct yg_buf list = YG_BUF_INIT;
	const struct yg_set_variable *unused;
	size_t n = yg_design_frozen_variables(m->design, &unused);
	for (size_t k = 0; k < n; k++) {
		struct yg_design_fact fact;
		yg_design_frozen_fact(m->design, k, &fact);
		yg_buf_addf(&list, k ? ", %s" : "%s", fact.name);
	}
	yg_fail_at(err, YG_ESYNTAX, v->at->at, v->at->len, "E-PRE-044", N_("the model has no variable %s"), v->name);
	yg_err_hint(err, N_("It has %s"), list.data ? list.data : "");
	yg_buf_release(&list);
	return YG_ESYNTAX;
}

enum yg_status an_profile_build(const struct yg_prediction_model *m, const struct yg_node *given, struct an_profile *out,
                                struct yg_err *err)
{
	const struct yg_set_variable *variable;
	size_t n = yg_design_frozen_variables(m->design, &variable);
	struct givens g = { 0 };
	memset(out, 0, sizeof *out);
	yg_arena_init(&out->arena);
	out->x = yg_arena_alloc(&out->arena, m->p + 1, sizeof *out->x);
	out->standard = yg_arena_alloc(&out->arena, n + 1, sizeof *out->standard);
	struct yg_design_value *value = yg_arena_alloc(&out->arena, n + 1, sizeof *value);
	enum yg_status s = read_pairs(given, &out->arena, &g, err);
	for (size_t k = 0; s == YG_OK && k < n; k++) {
		struct yg_design_fact fact;
		yg_design_frozen_fact(m->design, k, &fact);
		s = one_variable(&g, &variable[k], &fact, out, &value[k], err);
	}
	if (s == YG_OK)
		s = choose_stratum(m, &g, out, err);
	for (size_t i = 0; s == YG_OK && i < g.count; i++)
		if (!g.named[i].used)
			s = unknown_name(m, &g.named[i], err);
	if (s == YG_OK)
		s = yg_design_row(m->design, value, out->x, &out->offset, err);
	if (s != YG_OK)
		an_profile_release(out);
	return s;
}

void an_profile_release(struct an_profile *p)
{
	yg_arena_release(&p->arena);
}
