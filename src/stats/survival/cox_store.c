/*
 * The covariates of a Cox frame in few bytes: filling tiles from the rows of the data, and reading them.
 * See struct yg_cox_store in cox_priv.h.
 */
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

typedef uint64_t words __attribute__((vector_size(64), aligned(8)));

/* Eight bytes, the first the lowest of the word. */
YG_INLINE uint64_t load_word(const unsigned char *from)
{
	uint64_t w;
	memcpy(&w, from, 8);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

YG_INLINE void store_word(unsigned char *to, uint64_t w)
{
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	memcpy(to, &w, 8);
}

#define LOW (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 1)   /* the place of the low byte of a short */

struct yg_cox_store *yg_cox_store_new(const struct yg_cox_data *d, const double *centre, const double *scale)
{
	struct yg_cox_store *k = yg_xcalloc(1, sizeof *k);
	const struct yg_packed *packed = d->packed;
	k->p = d->p;
	k->doubles = packed ? packed->doubles : d->p;
	k->shorts = packed ? packed->shorts : 0;
	k->tile = 8 * (8 * k->doubles + 2 * k->shorts + (k->p - k->doubles - k->shorts));
	k->column = yg_xcalloc(k->p + 1, sizeof *k->column);
	k->shift = yg_xcalloc(2 * k->p + 1, sizeof *k->shift);
	k->factor = k->shift + k->p;
	for (size_t f = 0; f < k->p; f++) {
		size_t a = packed ? packed->column[f] : f;
		double divisor = f >= k->doubles && f < k->doubles + k->shorts ? packed->divisor[f - k->doubles] : 1;
		k->column[f] = (uint32_t)a;
		k->shift[f] = centre[a] * divisor;
		k->factor[f] = 1 / scale[a] / divisor;
	}
	return k;
}

void yg_cox_store_free(struct yg_cox_store *k)
{
	if (!k)
		return;
	if (k->wide != (double *)(void *)k->rows)
		yg_data_free(k->wide);
	if (k->wide_entries != (double *)(void *)k->entries)
		yg_data_free(k->wide_entries);
	yg_data_free(k->rows);
	yg_data_free(k->entries);
	yg_free(k->column);
	yg_free(k->shift);
	yg_free(k);
}

/* ---- filling ---- */

YG_INLINE void swap_bits(uint64_t *a, uint64_t *b, int by, uint64_t mask)
{
	uint64_t t = ((*a >> by) ^ *b) & mask;
	*b ^= t;
	*a ^= t << by;
}

/* Byte i of eight rows from offset on becomes word i, for eight of them: halves are exchanged, then quarters, then eighths. */
static void transpose(const unsigned char *const *from, size_t offset, unsigned char *to)
{
	uint64_t w[8];
	for (size_t l = 0; l < 8; l++)
		w[l] = load_word(from[l] + offset);
	for (size_t l = 0; l < 4; l++)
		swap_bits(&w[l], &w[l + 4], 32, 0x00000000ffffffff);
	for (size_t l = 0; l < 8; l += l & 1 ? 3 : 1)
		swap_bits(&w[l], &w[l + 2], 16, 0x0000ffff0000ffff);
	for (size_t l = 0; l < 8; l += 2)
		swap_bits(&w[l], &w[l + 1], 8, 0x00ff00ff00ff00ff);
	for (size_t l = 0; l < 8; l++)
		store_word(to + 8 * l, w[l]);
}

void yg_cox_store_tile(const struct yg_cox_store *k, const struct yg_cox_data *d, const uint32_t *row, unsigned char *tile)
{
	const unsigned char *base = d->packed ? d->packed->row : (const unsigned char *)d->x, *from[8];
	size_t stride = d->packed ? d->packed->stride : d->p * sizeof *d->x;
	for (size_t l = 0; l < 8; l++) /* pads weigh nothing: any row will do */
		from[l] = base + (row[l] == YG_COX_NONE ? 0 : row[l]) * stride;
	for (size_t f = 0; f < k->doubles; f++, tile += 64)
		for (size_t l = 0; l < 8; l++) {
			double v;
			memcpy(&v, from[l] + 8 * f, sizeof v);
			v = (v - k->shift[f]) * k->factor[f];
			memcpy(tile + 8 * l, &v, sizeof v);
		}
	for (size_t l = 0; l < 8; l++)
		from[l] += 8 * k->doubles;
	size_t bytes = k->tile / 8 - 8 * k->doubles, done = 0;
	for (; done + 8 <= bytes; done += 8)
		transpose(from, done, tile + 8 * done);
	if (done < bytes && bytes >= 8)       /* the last eight: some of them once more */
		transpose(from, bytes - 8, tile + 8 * (bytes - 8));
	for (; done < bytes && bytes < 8; done++)
		for (size_t l = 0; l < 8; l++)
			tile[8 * done + l] = from[l][done];
}

/* ---- reading ---- */

/*
 * Small whole numbers k as doubles: the pattern of 2^52 with k in its lowest bits is 2^52 + k.  Eight bytes are one word,
 * shifted by as many bits in each lane.
 */
#define WHOLE 0x4330000000000000u
#define WHOLE_VALUE 4503599627370496.0

YG_INLINE void eight_bytes(const unsigned char *from, words *out)
{
	const words places = { 0, 8, 16, 24, 32, 40, 48, 56 };
	uint64_t all = load_word(from);
	words w = { all, all, all, all, all, all, all, all };
	*out = (w >> places) & 0xff;
}

YG_CLONES
static void unpack_shorts(const unsigned char *from, size_t step, size_t tiles, size_t p, double shift, double factor, double *to)
{
	words low, high;
	for (size_t t = 0; t < tiles; t++) {
		eight_bytes(from + t * step + 8 * LOW, &low);
		eight_bytes(from + t * step + 8 * !LOW, &high);
		low = ((low | high << 8) ^ 0x8000) | WHOLE;  /* the sign made an offset */
		*(yg_lanes *)(to + t * p * 8) = (((yg_lanes)low - (WHOLE_VALUE + 32768)) - shift) * factor;
	}
}

YG_CLONES
static void unpack_bytes(const unsigned char *from, size_t step, size_t tiles, size_t p, double shift, double factor, double *to)
{
	words w;
	for (size_t t = 0; t < tiles; t++) {
		eight_bytes(from + t * step, &w);
		*(yg_lanes *)(to + t * p * 8) = (((yg_lanes)(w | WHOLE) - WHOLE_VALUE) - shift) * factor;
	}
}

static void unpack(const struct yg_cox_store *k, const unsigned char *from, size_t tiles, double *to)
{
	for (size_t f = 0; f < k->doubles; f++, from += 64)
		for (size_t t = 0; t < tiles; t++)
			memcpy(to + (t * k->p + k->column[f]) * 8, from + t * k->tile, 64);
	for (size_t f = k->doubles; f < k->doubles + k->shorts; f++, from += 16)
		unpack_shorts(from, k->tile, tiles, k->p, k->shift[f], k->factor[f], to + 8 * k->column[f]);
	for (size_t f = k->doubles + k->shorts; f < k->p; f++, from += 8)
		unpack_bytes(from, k->tile, tiles, k->p, k->shift[f], k->factor[f], to + 8 * k->column[f]);
}

static const double *window(const struct yg_cox_store *k, const unsigned char *from, size_t first, size_t tiles, double *space)
{
	from += first * k->tile;
	if (k->doubles == k->p)
		return (const double *)(const void *)from;
	for (size_t i = 0; i < tiles * k->tile; i += 64) { /* the windows beside this one, while it is worked on */
		__builtin_prefetch(from + tiles * k->tile + i);
		if (i < first * k->tile)
			__builtin_prefetch(from - i - 1);
	}
	unpack(k, from, tiles, space);
	return space;
}

const double *yg_cox_window(const struct yg_cox_store *k, size_t slot, size_t slots, double *space)
{
	return window(k, k->rows, slot / 8, slots / 8, space);
}

const double *yg_cox_entry_window(const struct yg_cox_store *k, size_t slot, size_t slots, double *space)
{
	return window(k, k->entries, slot / 8, slots / 8, space);
}

void yg_cox_slot(const struct yg_cox_store *k, size_t slot, double *x)
{
	const unsigned char *from = k->rows + slot / 8 * k->tile;
	size_t l = slot % 8, f = 0;
	for (; f < k->doubles; f++, from += 64)
		memcpy(&x[k->column[f]], from + 8 * l, 8);
	for (; f < k->doubles + k->shorts; f++, from += 16) {
		int16_t v = (int16_t)(from[8 * LOW + l] | from[8 * !LOW + l] << 8);
		x[k->column[f]] = (v - k->shift[f]) * k->factor[f];
	}
	for (; f < k->p; f++, from += 8)
		x[k->column[f]] = (from[l] - k->shift[f]) * k->factor[f];
}

/* ---- all of it in doubles ---- */

struct widening {
	const struct yg_cox_store *k;
	const unsigned char *from;
	size_t tiles;
	double *to;
};

static enum yg_status widen_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct widening *job = context;
	size_t first = block * YG_COX_WINDOW, some = job->tiles - first < YG_COX_WINDOW ? job->tiles - first : YG_COX_WINDOW;
	(void)worker;
	(void)err;
	unpack(job->k, job->from + first * job->k->tile, some, job->to + first * job->k->p * 8);
	return YG_OK;
}

static enum yg_status widen(const struct yg_cox_store *k, unsigned char *from, size_t slots, struct yg_task *task, double **to,
                            struct yg_err *err)
{
	if (*to || !from)
		return YG_OK;
	if (k->doubles == k->p) {
		*to = (double *)(void *)from;
		return YG_OK;
	}
	double *x = yg_data_alloc(slots * k->p + 1, sizeof *x);
	if (!x)
		return yg_survival_no_memory(err);
	struct widening job = { k, from, slots / 8, x };
	enum yg_status s = yg_pool_run(task, (slots / 8 + YG_COX_WINDOW - 1) / YG_COX_WINDOW, widen_block, &job, err);
	if (s == YG_OK)
		*to = x;
	else
		yg_data_free(x);
	return s;
}

enum yg_status yg_cox_widen(struct yg_cox_frame *f, struct yg_task *task, struct yg_err *err)
{
	struct yg_cox_store *k = f->store;
	YG_TRY(widen(k, k->rows, f->slots, task, &k->wide, err));
	YG_TRY(widen(k, k->entries, f->entry_slots, task, &k->wide_entries, err));
	f->x = k->wide;
	f->entry_x = k->wide_entries;
	return YG_OK;
}
