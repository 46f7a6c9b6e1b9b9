/* Describing from the stored blocks: what is added up in one block. */
#include <math.h>
#include <string.h>

#include "an_stream_block_priv.h"
#include "yogo/num/lanes.h"
#include "yogo/stats/describe.h"

/* ---- one block: cells ---- */

static inline bool bit(const uint64_t *bits, uint32_t i)
{
	return bits[i >> 6] >> (i & 63) & 1;
}

/* Rows of each cell, into counter 0 of each. */
static void count_cells(const uint16_t *cell, size_t n, size_t cells, uint32_t *rows)
{
	size_t i = 0;

	memset(rows, 0, cells * COUNTS * sizeof *rows);
	for (; i + COUNTS <= n; i += COUNTS)
		for (size_t k = 0; k < COUNTS; k++)
			rows[(size_t)cell[i + k] * COUNTS + k]++;
	for (; i < n; i++)
		rows[(size_t)cell[i] * COUNTS]++;
	for (size_t c = 0; c < cells; c++)
		for (size_t k = 1; k < COUNTS; k++)
			rows[c * COUNTS] += rows[c * COUNTS + k];
}

static enum yg_status number_cells(struct stream *s, uint32_t block, unsigned worker, struct yg_err *err)
{
	const uint16_t *cell = s->scratch[worker].cell;
	uint64_t *used = s->used + worker * (s->by.cells + 1);

	YG_TRY(an_cells_block(&s->by, block, worker, s->scratch[worker].cell, &s->of[worker], err));
	uint32_t *rows = s->scratch[worker].rows;
	count_cells(cell, yg_scan_rows(s->by.scan, block), s->by.cells + 1, rows);
	for (size_t c = 0; c <= s->by.cells; c++)
		used[c] += rows[c * COUNTS];
	return YG_OK;
}

/* The cells of the rows whose value is known. */
static const uint16_t *known_cells(const struct stream *s, struct scratch *t, const struct yg_vec *v)
{
	uint16_t none = (uint16_t)s->by.cells;

	if (!v->valid)
		return t->cell;
	for (uint32_t i = 0; i < v->n; i++)
		t->known[i] = bit(v->valid, i) ? t->cell[i] : none;
	return t->known;
}

/* ---- one block: values ---- */

/* Which value each is; true when all that are known are one of them.  What is not known goes to 0. */
YG_CLONES
static bool index_numbers(const double *x, const uint16_t *cell, uint16_t none, size_t n, double scale, double low, double range,
                          uint32_t *index)
{
	uint32_t bad = 0;

	for (size_t i = 0; i < n; i++) {
		double k = (x[i] * scale + ROUND) - ROUND, d = k - low;
		uint32_t fits = (k / scale == x[i]) & (d >= 0) & (d < range);
		bad |= !fits & (cell[i] != none);
		index[i] = (uint32_t)(int32_t)(fits ? d : 0);
	}
	return !bad;
}

static bool index_values(const struct streamed *q, const struct yg_vec *v, const uint16_t *cell, uint16_t none, uint32_t *index)
{
	uint64_t range = q->range, low = (uint64_t)(int64_t)q->low;
	bool bad = false;

	switch (v->type) {
	case YG_TYPE_NUMBER:
		return index_numbers(v->v.number, cell, none, v->n, q->scale, q->low, (double)q->range, index);
	case YG_TYPE_INTEGER:
		for (uint32_t i = 0; i < v->n; i++) {
			uint64_t k = (uint64_t)v->v.integer[i] - low;
			bad |= k >= range && cell[i] != none;
			index[i] = k < range ? (uint32_t)k : 0;
		}
		return !bad;
	case YG_TYPE_LEVEL:
		for (uint32_t i = 0; i < v->n; i++) {
			uint32_t k = (uint32_t)v->v.level[i];
			bad |= k >= range && cell[i] != none;
			index[i] = k < range ? k : 0;
		}
		return !bad;
	default:
		for (uint32_t i = 0; i < v->n; i++)
			index[i] = v->v.flag[i] != 0;
		return true;
	}
}

static void count_values(struct stream *s, const struct streamed *q, const struct yg_vec *v, unsigned worker)
{
	struct scratch *t = &s->scratch[worker];
	const uint16_t *cell = known_cells(s, t, v);
	uint32_t *count = q->count + worker * (s->by.cells + 1) * q->range, range = (uint32_t)q->range;

	if (!index_values(q, v, cell, (uint16_t)s->by.cells, t->index)) {
		s->of[worker].misfit = true;
		return;
	}
	for (uint32_t i = 0; i < v->n; i++)
		count[cell[i] * range + t->index[i]]++;
}

static void widen(const struct yg_vec *v, double *out)
{
	for (uint32_t i = 0; i < v->n; i++)
		out[i] = (double)v->v.integer[i];
}

/* A sum and a sum of squares. */
typedef double pair __attribute__((vector_size(16)));

/* Sums of values less middle and of its square, by cell. */
#define ADD_VALUES(values)                                                               \
	do {                                                                             \
		size_t i = 0;                                                            \
		for (; i + WAYS <= n; i += WAYS)                                         \
			for (size_t k = 0; k < WAYS; k++) {                              \
				double d = (double)(values)[i + k] - middle;             \
				sum[(size_t)cell[i + k] * WAYS + k] += (pair){ d, d * d }; \
			}                                                                \
		for (; i < n; i++) {                                                     \
			double d = (double)(values)[i] - middle;                         \
			sum[(size_t)cell[i] * WAYS] += (pair){ d, d * d };               \
		}                                                                        \
	} while (0)

static void add_values(const struct yg_vec *v, const uint16_t *cell, size_t n, double middle, pair *sum)
{
	if (v->type == YG_TYPE_INTEGER)
		ADD_VALUES(v->v.integer);
	else
		ADD_VALUES(v->v.number);
}

/* Is a whole number of these neither 0 nor 1? */
static bool beyond_flags(const struct yg_vec *v, const uint16_t *cell, uint16_t none)
{
	bool any = false;

	for (uint32_t i = 0; i < v->n; i++)
		any |= (v->v.integer[i] != 0) & (v->v.integer[i] != 1) & (cell[i] != none);
	return any;
}

/* About what the block's values lie: differences from it are small, and exact for whole numbers. */
static double middle_of(const struct yg_vec *v, const uint16_t *cell, uint16_t none)
{
	double middle = 0, known = 0;

	for (size_t i = 0; i < v->n && known < SAMPLE; i++) {
		double x = v->type == YG_TYPE_INTEGER ? (double)v->v.integer[i] : v->v.number[i];
		if (cell[i] != none && isfinite(x)) {
			middle += x;
			known++;
		}
	}
	middle = known > 0 ? middle / known : 0;
	return v->type == YG_TYPE_INTEGER && fabs(middle) < 0x1p51 ? rint(middle) : middle;
}

/* The sums of a cell as its moments. */
static struct moments moments_of(const pair *at, double middle, double n)
{
	struct moments m = { .n = n, .low = INFINITY, .high = -INFINITY };
	pair all = ((at[0] + at[4]) + (at[2] + at[6])) + ((at[1] + at[5]) + (at[3] + at[7]));

	if (n > 0) {
		double shift = all[0] / n, mean = middle + shift, back = mean - shift;
		m.mean = mean;
		m.slip = (middle - back) + (shift - (mean - back));
		m.squares = all[1] - all[0] * shift;
	}
	return m;
}

/* Squares about each cell's own mean, for cells that lie far from the middle. */
static void squares_again(const double *x, const uint16_t *cell, size_t n, const bool *again, size_t cells, struct moments *part)
{
	for (size_t i = 0; i < n; i++)
		if (again[cell[i]]) {
			double d = x[i] - part[cell[i]].mean;
			part[cell[i]].slip += d;
			part[cell[i]].squares += d * d;
		}
	for (size_t c = 0; c < cells; c++)
		if (again[c]) {
			part[c].slip /= part[c].n;
			part[c].squares -= part[c].n * part[c].slip * part[c].slip;
		}
}

static void find_extremes(const double *x, const uint16_t *cell, size_t n, struct moments *part)
{
	for (size_t i = 0; i < n; i++) {
		struct moments *m = &part[cell[i]];
		m->low = x[i] < m->low ? x[i] : m->low;
		m->high = x[i] > m->high ? x[i] : m->high;
	}
}

static void add_moments(struct stream *s, const struct streamed *q, const struct yg_vec *v, uint32_t block, unsigned worker)
{
	struct scratch *t = &s->scratch[worker];
	size_t cells = s->by.cells + 1, n = v->n;
	struct moments *part = q->part + block * cells;
	const uint16_t *cell = known_cells(s, t, v);
	const uint32_t *rows = t->rows;
	const double *x = v->v.number;
	pair *sum = (pair *)(void *)t->sum;
	bool *again = yg_xcalloc(cells, sizeof *again), any = false;
	double middle = middle_of(v, cell, (uint16_t)s->by.cells);

	if (cell == t->known) {
		count_cells(cell, n, cells, t->own);
		rows = t->own;
	}
	memset(sum, 0, cells * WAYS * sizeof *sum);
	add_values(v, cell, n, middle, sum);
	for (size_t c = 0; c < s->by.cells; c++) {
		double two = 0;
		part[c] = moments_of(sum + c * WAYS, middle, rows[c * COUNTS]);
		for (size_t k = 0; k < WAYS; k++)
			two += sum[c * WAYS + k][1];
		s->of[worker].misfit |= !isfinite(two);
		again[c] = rows[c * COUNTS] && part[c].squares < 1e-3 * two;
		any |= again[c];
		if (again[c])
			part[c].squares = part[c].slip = 0;
	}
	part[s->by.cells] = (struct moments){ .n = 0 };
	if (v->type == YG_TYPE_INTEGER && (any || s->extremes)) {
		widen(v, t->x);
		x = t->x;
	}
	if (any && !s->of[worker].misfit)
		squares_again(x, cell, n, again, s->by.cells, part);
	if (s->extremes)
		find_extremes(x, cell, n, part);
	if (q->type == YG_TYPE_INTEGER && !q->beyond[worker])
		q->beyond[worker] = beyond_flags(v, cell, (uint16_t)s->by.cells);
	yg_free(again);
}

enum yg_status an_stream_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct stream *s = context;

	if (s->of[worker].misfit)
		return YG_OK;
	YG_TRY(number_cells(s, (uint32_t)block, worker, err));
	for (size_t k = 0; k < s->variables && !s->of[worker].misfit; k++) {
		const struct streamed *q = &s->variable[k];
		struct yg_vec v;
		YG_TRY(yg_scan_read(s->by.scan, worker, (uint32_t)block, q->at, &v, err));
		if (q->how == AN_STREAM_COUNTS)
			count_values(s, q, &v, worker);
		else
			add_moments(s, q, &v, (uint32_t)block, worker);
	}
	return YG_OK;
}
