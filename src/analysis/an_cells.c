/* The cells of a crossing, numbered from the stored blocks: see an_cells_priv.h. */
#include "analysis/an_cells_priv.h"

#include <math.h>
#include <string.h>

bool an_cells_factor(struct an_cells *c, size_t at, size_t most)
{
	const struct yg_bound_info *info = yg_scan_info(c->scan, at);
	struct an_cell_factor *f = &c->factor[c->factors];
	double low, high;

	if (c->factors == AN_CELL_FACTORS)
		return false;
	c->factors++;
	*f = (struct an_cell_factor){ .at = at, .type = info->type };
	switch (info->type) {
	case YG_TYPE_LEVEL:
		f->levels = (uint32_t)info->levels;
		break;
	case YG_TYPE_FLAG:
		f->levels = 2;
		break;
	case YG_TYPE_INTEGER:
		if (!yg_scan_range(c->scan, at, &low, &high) || high - low >= 1000 || fabs(low) > 1e15)
			return false;
		f->low = (int64_t)low;
		f->levels = (uint32_t)(high - low) + 1;
		break;
	default:
		return false;
	}
	c->cells *= f->levels;
	return f->levels && c->cells <= most;
}

void an_cells_column(const struct an_cells *c, size_t factor, struct yg_arena *arena, struct yg_set_column *out)
{
	const struct an_cell_factor *q = &c->factor[factor];
	const struct yg_bound_info *info = yg_scan_info(c->scan, q->at);
	const char **name = yg_arena_alloc(arena, q->levels + 1, sizeof *name);

	for (uint32_t l = 0; l < q->levels; l++)
		name[l] = yg_arena_strdup(arena, q->type == YG_TYPE_LEVEL ? info->level[l] : yg_scan_level(c->scan, q->at, q->low + (int64_t)l));
	*out = (struct yg_set_column){ .name = yg_arena_strdup(arena, yg_scan_name(c->scan, q->at)), .is_factor = true,
		                       .type = q->type, .level_name = name, .levels = (int)q->levels };
}

static inline bool bit(const uint64_t *bits, uint32_t i)
{
	return bits[i >> 6] >> (i & 63) & 1;
}

/* Numbers of the factor's levels into the cells; rows that lack it go to `none`, and are counted under it. */
static void add_factor(const struct an_cell_factor *f, const struct yg_vec *v, uint16_t none, uint16_t *cell, uint64_t *lacking, bool *misfit)
{
	uint32_t levels = f->levels;

	if (v->valid)
		for (uint32_t i = 0; i < v->n; i++)
			if (cell[i] != none && !bit(v->valid, i)) {
				cell[i] = none;
				++*lacking;
			}
#define ADD_LEVEL(value)                                                                     \
	for (uint32_t i = 0; i < v->n; i++) {                                                \
		uint32_t l = (uint32_t)(value);                                              \
		bool lost = cell[i] == none;                                                 \
		bad |= !lost && l >= levels;                                                 \
		cell[i] = lost || l >= levels ? none : (uint16_t)(cell[i] * levels + l);     \
	}
	bool bad = false;
	if (v->type == YG_TYPE_LEVEL)
		ADD_LEVEL(v->v.level[i])
	else if (v->type == YG_TYPE_FLAG)
		ADD_LEVEL(v->v.flag[i] != 0)
	else
		ADD_LEVEL((uint64_t)(v->v.integer[i] - f->low) < levels ? v->v.integer[i] - f->low : levels)
#undef ADD_LEVEL
	*misfit |= bad;
}

enum yg_status an_cells_block(const struct an_cells *c, uint32_t block, unsigned worker, uint16_t *cell, struct an_cells_count *count,
                              struct yg_err *err)
{
	uint32_t rows = yg_scan_rows(c->scan, block);
	const uint64_t *taken = yg_scan_taken(c->scan, block);
	uint16_t none = (uint16_t)c->cells;
	uint64_t in = rows;

	memset(cell, 0, rows * sizeof *cell);
	if (taken) {
		in = 0;
		for (uint32_t i = 0; i < rows; i++) {
			cell[i] = bit(taken, i) ? 0 : none;
			in += cell[i] != none;
		}
	}
	count->taken += in;
	for (size_t k = 0; k < c->factors; k++) {
		struct yg_vec v;
		YG_TRY(yg_scan_read(c->scan, worker, block, c->factor[k].at, &v, err));
		add_factor(&c->factor[k], &v, none, cell, &count->lacking[k], &count->misfit);
	}
	return YG_OK;
}
