/*
 * The cells of a crossing, numbered straight from the stored blocks (cohort/scan.h): for statistics that add up by group
 * and need no analysis set.
 */
#ifndef YOGO_ANALYSIS_CELLS_PRIV_H
#define YOGO_ANALYSIS_CELLS_PRIV_H

#include <stdbool.h>

#include "yogo/cohort/scan.h"

#define AN_CELL_FACTORS 16u

struct an_cell_factor {
	size_t at;                          /* number in the scan's request */
	enum yg_type type;
	int64_t low;
	uint32_t levels;
};
/* The crossing of factors, the last one fastest; cell `cells` is of the rows that are in none. */
struct an_cells {
	struct yg_scan *scan;
	struct an_cell_factor factor[AN_CELL_FACTORS];
	size_t factors;
	size_t cells;                       /* product of their levels */
};
/* Variable `at` of the scan as the next factor; false when its levels are not known beforehand, or cells would pass most. */
bool an_cells_factor(struct an_cells *c, size_t at, size_t most);
/* Its name, and the words of all its levels, as a column of a set without values. */
void an_cells_column(const struct an_cells *c, size_t factor, struct yg_arena *arena, struct yg_set_column *out);

/* What one block adds to: of a worker. */
struct an_cells_count {
	uint64_t taken;                     /* rows of the population */
	uint64_t lacking[AN_CELL_FACTORS];  /* those whose first missing factor is this one */
	bool misfit;                        /* a level that was not foreseen: the ordinary way must be gone */
};
/* The cell of each row of a block; fewer than 65,536 cells. */
enum yg_status an_cells_block(const struct an_cells *c, uint32_t block, unsigned worker, uint16_t *cell, struct an_cells_count *count,
                              struct yg_err *err) YG_MUST_USE;

#endif
