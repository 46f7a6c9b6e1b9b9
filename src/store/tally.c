/* Distinct values of one block and how often each occurs, while they are few. */
#include <string.h>

#include "src/store/block_priv.h"
#include "src/store/encode_priv.h"
#include "yogo/base/mem.h"

static int64_t bits_of(double x)
{
	int64_t bits;

	memcpy(&bits, &x, sizeof bits);
	return bits;
}

static int64_t key_of(const struct yg_vec *vec, int64_t v, int scale)
{
	return vec->type == YG_TYPE_NUMBER ? bits_of((double)v / block_power[scale]) : v;
}

/*
 * How often each value of [0, range] occurs, from low on.  Where there is room each of four rows in
 * turn has counters of its own: equal values in a row would wait for each other.
 */
static void count_range(struct yg_encoder *e, uint32_t n, int64_t low, uint32_t range)
{
	uint32_t *count = e->count, values = range + 1, banks = values <= TALLY_RANGE / 4 ? 4 : 1;
	const int64_t *v = e->ints;
	uint32_t i = 0;

	memset(count, 0, (size_t)values * banks * sizeof *count);
	for (; banks == 4 && i + 4 <= n; i += 4) {
		count[v[i] - low]++;
		count[values + (uint64_t)(v[i + 1] - low)]++;
		count[2 * values + (uint64_t)(v[i + 2] - low)]++;
		count[3 * values + (uint64_t)(v[i + 3] - low)]++;
	}
	for (; i < n; i++)
		count[v[i] - low]++;
	for (uint32_t u = 0; banks == 4 && u < values; u++)
		count[u] += count[values + u] + count[2 * values + u] + count[3 * values + u];
}

static void tally_range(struct yg_encoder *e, const struct yg_vec *vec, int64_t low, uint32_t range, int scale,
                        struct yg_tally *out)
{
	uint32_t *count = e->count, found = 0;

	count_range(e, vec->n, low, range);
	if (vec->valid) { /* take the fillers out again */
		for (uint32_t w = 0; w < (vec->n + 63) / 64; w++) {
			uint64_t word = ~vec->valid[w];

			for (; word; word &= word - 1) {
				uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(word);

				if (i < vec->n)
					count[e->ints[i] - low]--;
			}
		}
	}
	for (uint32_t u = 0; u <= range; u++)
		found += count[u] != 0;
	if (found > TALLY_RANGE / 4 && vec->type != YG_TYPE_LEVEL) {
		out->wide = true;
		return;
	}
	out->key = yg_xalloc(found + 1, sizeof *out->key);
	out->count = yg_xalloc(found + 1, sizeof *out->count);
	for (uint32_t u = 0; u <= range; u++) {
		if (count[u]) {
			out->key[out->n] = key_of(vec, low + u, scale);
			out->count[out->n++] = count[u];
		}
	}
}

/* False when there are too many distinct values. */
static bool count_in_table(struct yg_encoder *e, int64_t key, uint32_t *found)
{
	uint64_t at = (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15) >> 50;

	for (;; at = (at + 1) & (TALLY_SLOTS - 1)) {
		struct tally_slot *s = &e->table[at];

		if (!s->count) {
			if (++*found > TALLY_SLOTS / 4)
				return false;
			*s = (struct tally_slot){ key, 1 };
			return true;
		}
		if (s->key == key) {
			s->count++;
			return true;
		}
	}
}

static void take_table(struct yg_encoder *e, uint32_t found, struct yg_tally *out)
{
	out->key = yg_xalloc(found + 1, sizeof *out->key);
	out->count = yg_xalloc(found + 1, sizeof *out->count);
	for (uint32_t i = 0; i < TALLY_SLOTS; i++) {
		if (e->table[i].count) {
			out->key[out->n] = e->table[i].key;
			out->count[out->n++] = e->table[i].count;
		}
	}
}

void tally_integers(struct yg_encoder *e, const struct yg_vec *vec, int64_t low, int64_t high, int scale,
                    struct yg_tally *out)
{
	uint64_t range = (uint64_t)high - (uint64_t)low;
	uint32_t found = 0;

	if (range < TALLY_RANGE) {
		tally_range(e, vec, low, (uint32_t)range, scale, out);
		return;
	}
	memset(e->table, 0, TALLY_SLOTS * sizeof *e->table);
	for (uint32_t i = 0; i < vec->n; i++) {
		if (yg_vec_valid(vec, i) && !count_in_table(e, key_of(vec, e->ints[i], scale), &found)) {
			out->wide = true;
			return;
		}
	}
	take_table(e, found, out);
}

void tally_doubles(struct yg_encoder *e, const struct yg_vec *vec, struct yg_tally *out)
{
	uint32_t found = 0;

	memset(e->table, 0, TALLY_SLOTS * sizeof *e->table);
	for (uint32_t i = 0; i < vec->n; i++) {
		if (yg_vec_valid(vec, i) && !count_in_table(e, bits_of(vec->v.number[i]), &found)) {
			out->wide = true;
			return;
		}
	}
	take_table(e, found, out);
}
