/*
 * The calls of a formula that make columns of their own: rcs, ns, bs, poly, per.
 *
 *   rcs(x, 4)  rcs(x, knots = (45, 60, 70))      restricted cubic spline, Harrell's knots
 *   ns(x, 3)   ns(x, df = 3)  ns(x, knots = ..)  natural cubic spline
 *   bs(x, 5)   bs(x, df = 5)  bs(x, knots = ..)  cubic B-spline
 *   poly(x, 2)                                   orthogonal polynomial
 *   per(x, 10)                                   effect of 10 units
 */
#include <string.h>

#include "design_priv.h"

#include "yogo/base/i18n.h"

bool yg_design_is_basis(const char *function)
{
	static const char *const name[] = { "rcs", "ns", "bs", "poly", "per" };
	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		if (!strcmp(function, name[i]))
			return true;
	return false;
}

static bool number_of(const struct yg_node *n, double *out)
{
	if (n->kind == YG_NODE_NUMBER) {
		*out = n->number;
		return true;
	}
	if (n->kind == YG_NODE_NEGATE && n->children == 1 && number_of(n->child[0], out)) {
		*out = -*out;
		return true;
	}
	return false;
}

static enum yg_status bad_argument(const struct yg_node *call, const struct yg_node *at, struct yg_err *err)
{
	static const struct { const char *name, *shape; } shape[] = {
		{ "rcs", N_("rcs(x, 4) or rcs(x, knots = (45, 60, 70))") }, { "ns", N_("ns(x, 3) or ns(x, knots = (45, 60))") },
		{ "bs", N_("bs(x, 5) or bs(x, knots = (45, 60))") }, { "poly", N_("poly(x, 2)") }, { "per", N_("per(x, 10)") },
	};
	enum yg_status s = yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-FML-001", N_("%s does not take this argument"), call->text);
	for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
		if (!strcmp(call->text, shape[i].name))
			yg_err_hint(err, N_("Write %s"), shape[i].shape);
	return s;
}

static enum yg_status read_knots(const struct yg_node *call, const struct yg_node *value, struct design_piece *out,
                                 struct yg_err *err)
{
	size_t count = value->kind == YG_NODE_TUPLE || value->kind == YG_NODE_GROUP ? value->children : 1;
	if (count > YG_BASIS_MOST - 4)
		return yg_fail_at(err, YG_ESYNTAX, value->at, value->len, "E-FML-002", N_("%s has too many knots"), call->text);
	for (size_t i = 0; i < count; i++) {
		const struct yg_node *k = value->kind == YG_NODE_TUPLE || value->kind == YG_NODE_GROUP ? value->child[i] : value;
		if (!number_of(k, &out->knot[i]))
			return bad_argument(call, k, err);
		if (i > 0 && !(out->knot[i] > out->knot[i - 1]))
			return yg_fail_at(err, YG_ESYNTAX, k->at, k->len, "E-FML-003", N_("the knots of %s must rise"), call->text);
	}
	out->knots = (int)count;
	return YG_OK;
}

enum yg_status yg_design_basis_call(const struct yg_node *call, struct design_piece *out, struct yg_err *err)
{
	bool has_size = false;
	double size = 0;
	for (uint32_t i = 1; i < call->children; i++) {
		const struct yg_node *a = call->child[i], *value = a->kind == YG_NODE_ARGUMENT ? a->child[0] : a;
		const char *name = a->kind == YG_NODE_ARGUMENT ? a->text : "";
		bool spline = strcmp(call->text, "poly") && strcmp(call->text, "per");
		if (!strcmp(name, "knots") && spline) {
			YG_TRY(read_knots(call, value, out, err));
		} else if ((!*name || !strcmp(name, "df") || !strcmp(name, "k") || !strcmp(name, "degree")) && !has_size &&
		           number_of(value, &size)) {
			has_size = true;
		} else {
			return bad_argument(call, a, err);
		}
	}
	if (call->children == 0 || call->child[0]->kind == YG_NODE_ARGUMENT || (!has_size && !out->knots))
		return bad_argument(call, call, err);
	if (!strcmp(call->text, "per")) {
		out->kind = DESIGN_PER;
		out->per = size;
		if (!(size > 0))
			return bad_argument(call, call, err);
		return YG_OK;
	}
	out->kind = DESIGN_BASIS;
	out->basis = !strcmp(call->text, "rcs") ? YG_BASIS_RCS : !strcmp(call->text, "ns") ? YG_BASIS_NS :
	             !strcmp(call->text, "bs") ? YG_BASIS_BS : YG_BASIS_POLY;
	if (has_size && (size != (double)(int)size || size < 1 || size > 24))
		return yg_fail_at(err, YG_ESYNTAX, call->at, call->len, "E-FML-004", N_("%s wants a whole number from 1 to 24"), call->text);
	out->size = (int)size;
	if (out->basis == YG_BASIS_RCS && (out->knots ? out->knots : out->size) < 3)
		return yg_fail_at(err, YG_ESYNTAX, call->at, call->len, "E-FML-005", N_("rcs needs at least 3 knots"));
	return YG_OK;
}

enum yg_status yg_design_basis_fit(const struct design_piece *piece, const double *x, size_t n, struct yg_basis *out,
                                   struct yg_err *err)
{
	const double *given = piece->knots ? piece->knot : NULL;
	enum yg_status s = YG_OK;
	switch (piece->basis) {
	case YG_BASIS_RCS: s = yg_basis_rcs(x, n, given ? piece->knots : piece->size, given, out, err); break;
	case YG_BASIS_NS: s = yg_basis_ns(x, n, piece->size, given, piece->knots, out, err); break;
	case YG_BASIS_BS: s = yg_basis_bs(x, n, piece->size, given, piece->knots, out, err); break;
	case YG_BASIS_POLY: s = yg_basis_poly(x, n, piece->size, out, err); break;
	}
	if (s != YG_OK && err && !err->has_span && piece->at) {
		err->at = piece->at->at;
		err->len = piece->at->len;
		err->has_span = 1;
	}
	return s;
}
