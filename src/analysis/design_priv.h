/*
 * A formula taken apart: pieces (one variable each), terms (products of pieces), the variables to ask of the set.
 */
#ifndef YOGO_ANALYSIS_DESIGN_PRIV_H
#define YOGO_ANALYSIS_DESIGN_PRIV_H

#include "yogo/analysis/design.h"
#include "yogo/stats/basis.h"

#define DESIGN_DEGREE 6        /* pieces in a product at most */

enum design_kind {
	DESIGN_PLAIN,          /* a number, a flag or a factor, as the set says */
	DESIGN_PER,            /* a number divided */
	DESIGN_BASIS,
};
struct design_piece {
	const struct yg_node *at;       /* for messages */
	const char *name;               /* "age", "factor(extent)", "rcs(age, 4)" */
	size_t variable;
	enum design_kind kind;
	const char *ref;                /* factor(x, ref = "..."), or NULL */
	double per;
	enum yg_basis_kind basis;
	int size;                       /* knots, df or degree asked; 0 = by knots */
	double knot[YG_BASIS_MOST];
	int knots;                      /* 0 = by quantiles */
};
struct design_term {
	int piece[DESIGN_DEGREE];       /* in order of the formula */
	int pieces;
};
struct yg_design_plan {
	struct yg_arena *arena;
	struct design_piece *piece;
	size_t pieces, piece_cap;
	struct design_term *term;
	size_t terms, term_cap;
	struct yg_set_variable *variable;
	size_t variables, variable_cap;
	bool no_intercept;              /* "0 +" */
};

/* One factor of a column: a level (position in the part's levels, the reference first) or a column of a basis. */
struct design_cell {
	int part, index;
};
struct design_column {
	struct design_cell cell[DESIGN_DEGREE];
	int cells;                      /* 0 = ones */
};
/* A piece as it came out on the data. */
struct design_part {
	const char *name;
	size_t variable;
	enum design_kind kind;
	double per;
	bool factor, binary;
	int levels;
	const char **level;             /* names, the reference first */
	struct yg_basis basis;
	bool own_knots;                 /* knots (poly: the recursion) came from the data */
	struct design_piece asked;      /* for choosing them again; at is NULL */
};
struct design_layout {
	size_t parts;
	struct design_part *part;
	size_t columns;
	struct design_column *column;
};

/* A spline, polynomial or per call into its piece (everything but the variable and the name). */
enum yg_status yg_design_basis_call(const struct yg_node *call, struct design_piece *out, struct yg_err *err) YG_MUST_USE;
/* Knots from the values of the set. */
enum yg_status yg_design_basis_fit(const struct design_piece *piece, const double *x, size_t n, struct yg_basis *out,
                                   struct yg_err *err) YG_MUST_USE;
bool yg_design_is_basis(const char *function);   /* rcs ns bs poly per */

#endif
