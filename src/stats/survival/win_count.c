/*
 * Who wins how many pairs.
 *
 * With keys a of one and b of the other (even: event), the first wins if b is an event and b < a, and loses if a is an event and
 * b > a.  So with a an event the first endpoint leaves undecided the b that are free and < a, and the events b = a; with a free,
 * all b that are free and the events b > a.  Among these the second endpoint counts the same way: a sweep over the first key
 * with Fenwick's trees (1994, Softw Pract Exp 24:327) over the second.
 */
#include <string.h>

#include "win_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

#define BLOCK 64u
#define TILE 1024u

/* ---- trees ---- */

struct tree {
	uint32_t *count;
	uint32_t size;
};

static void tree_add(struct tree *t, uint32_t at, uint32_t v)
{
	for (uint32_t k = at + 1; k <= t->size; k += k & (0u - k))
		t->count[k] += v;
}

/* How many lie below at. */
static uint32_t tree_below(const struct tree *t, uint32_t at)
{
	uint32_t sum = 0;
	for (uint32_t k = at; k; k &= k - 1)
		sum += t->count[k];
	return sum;
}

/* All and those with the second event: opponents free on the first endpoint before the sweep, all of them; events passed, all;
   events at the present key. */
enum { FREE_PASSED, FREE_ALL, EVENT_PASSED, EVENT_ALL, EVENT_HERE, KINDS };
struct trees {
	struct tree any[KINDS], event[KINDS];
	uint32_t total[KINDS];
	uint32_t *memory;
};

static void put(struct trees *t, int kind, uint32_t key, uint32_t v)
{
	tree_add(&t->any[kind], key, v);
	if (!(key & 1))
		tree_add(&t->event[kind], key, v);
	t->total[kind] += v;
}

/* Of one kind: beaten by key, and beating it. */
static void ask(const struct trees *t, int kind, uint32_t key, uint32_t sign, uint32_t *win, uint32_t *loss)
{
	*win += sign * tree_below(&t->event[kind], key);
	if (!(key & 1))
		*loss += sign * (t->total[kind] - tree_below(&t->any[kind], key + 1));
}

/* Order by the first key: counting, since codes are dense. */
static uint32_t *order_of(const struct yg_win_side *s, uint32_t codes)
{
	uint32_t *order = yg_data_alloc(s->n + 1, sizeof *order), *start = yg_data_calloc((size_t)codes + 2, sizeof *start);
	if (order && start) {
		for (size_t i = 0; i < s->n; i++)
			start[s->key[0][i] + 1]++;
		for (uint32_t k = 0; k < codes; k++)
			start[k + 1] += start[k];
		for (size_t i = 0; i < s->n; i++)
			order[start[s->key[0][i]]++] = (uint32_t)i;
	} else {
		yg_data_free(order);
		order = NULL;
	}
	yg_data_free(start);
	return order;
}

/* Make the codes of a stratum dense again, keeping events even and the order. */
static bool pack(struct yg_win_side side[2], unsigned level, uint32_t *codes)
{
	uint32_t most = 0, next = 0;
	for (int a = 0; a < 2; a++)
		for (size_t i = 0; i < side[a].n; i++)
			most = side[a].key[level][i] > most ? side[a].key[level][i] : most;
	*codes = most + 2;
	if (most / 4 <= side[0].n + side[1].n)
		return true;
	/* Far fewer persons than codes: sort the keys that occur. */
	size_t n = side[0].n + side[1].n;
	uint32_t *key = yg_data_alloc(2 * n + 1, sizeof *key), *to = key + n;
	if (!key)
		return false;
	memcpy(key, side[0].key[level], side[0].n * sizeof *key);
	memcpy(key + side[0].n, side[1].key[level], side[1].n * sizeof *key);
	for (unsigned shift = 0; shift < 32; shift += 8) {
		size_t start[257] = { 0 };
		for (size_t i = 0; i < n; i++)
			start[((key[i] >> shift) & 255) + 1]++;
		for (size_t b = 0; b < 256; b++)
			start[b + 1] += start[b];
		for (size_t i = 0; i < n; i++)
			to[start[(key[i] >> shift) & 255]++] = key[i];
		memcpy(key, to, n * sizeof *key);
	}
	for (size_t i = 0; i < n; i++) {
		next += i && key[i] / 2 != key[i - 1] / 2;
		to[i] = 2 * next + (key[i] & 1);
	}
	for (int a = 0; a < 2; a++)
		for (size_t i = 0; i < side[a].n; i++) {
			size_t low = 0, high = n - 1;
			while (low < high) {
				size_t middle = (low + high) / 2;
				if (key[middle] < side[a].key[level][i])
					low = middle + 1;
				else
					high = middle;
			}
			side[a].key[level][i] = to[low];
		}
	*codes = 2 * next + 2;
	yg_data_free(key);
	return true;
}

static bool trees_room(struct trees *t, uint32_t codes)
{
	t->memory = yg_data_calloc(2 * KINDS * ((size_t)codes + 1), sizeof(uint32_t));
	for (int k = 0; t->memory && k < KINDS; k++) {
		t->any[k] = (struct tree){ t->memory + (size_t)(2 * k) * (codes + 1), codes };
		t->event[k] = (struct tree){ t->memory + (size_t)(2 * k + 1) * (codes + 1), codes };
	}
	return t->memory != NULL;
}

/* The second endpoint for a person undecided on the first. */
static void second(const struct trees *t, bool event, uint32_t key, uint32_t *win, uint32_t *loss)
{
	if (event) {
		ask(t, FREE_PASSED, key, 1, win, loss);
		ask(t, EVENT_HERE, key, 1, win, loss);
	} else {
		ask(t, FREE_ALL, key, 1, win, loss);
		ask(t, EVENT_ALL, key, 1, win, loss);
		ask(t, EVENT_PASSED, key, 0u - 1u, win, loss);
	}
}

/* Wins and losses of each of `own` against `other`, by level into count (may be NULL). */
static bool count_side(struct yg_win_side *own, const struct yg_win_side *other, unsigned levels, const uint32_t codes[2],
                       struct yg_win_count *count)
{
	uint32_t *mine = order_of(own, codes[0]), *theirs = order_of(other, codes[0]);
	struct trees t = { 0 };
	bool ok = mine && theirs && (levels < 2 || trees_room(&t, codes[1]));
	size_t passed = 0, events_passed = 0;
	for (size_t j = 0; ok && levels > 1 && j < other->n; j++)
		put(&t, other->key[0][j] & 1 ? FREE_ALL : EVENT_ALL, other->key[1][j], 1);
	for (size_t i = 0; ok && i < own->n;) {
		uint32_t a = own->key[0][mine[i]];
		bool event = !(a & 1);
		size_t here = passed;
		for (; passed < other->n && other->key[0][theirs[passed]] < a; passed++) {
			uint32_t j = theirs[passed];
			events_passed += !(other->key[0][j] & 1);
			if (levels > 1)
				put(&t, other->key[0][j] & 1 ? FREE_PASSED : EVENT_PASSED, other->key[1][j], 1);
		}
		for (here = passed; here < other->n && other->key[0][theirs[here]] == a; here++)
			if (levels > 1 && event)
				put(&t, EVENT_HERE, other->key[1][theirs[here]], 1);
		for (; i < own->n && own->key[0][mine[i]] == a; i++) {
			uint32_t win[2] = { (uint32_t)events_passed, 0 }, loss[2] = { event ? (uint32_t)(other->n - here) : 0, 0 };
			if (levels > 1)
				second(&t, event, own->key[1][mine[i]], &win[1], &loss[1]);
			own->win[mine[i]] = win[0] + win[1];
			own->loss[mine[i]] = loss[0] + loss[1];
			for (unsigned l = 0; count && l < levels; l++) {
				count->win[l] += win[l];
				count->loss[l] += loss[l];
			}
		}
		for (size_t k = passed; levels > 1 && event && k < here; k++)
			put(&t, EVENT_HERE, other->key[1][theirs[k]], 0u - 1u);
	}
	yg_data_free(t.memory);
	yg_data_free(mine);
	yg_data_free(theirs);
	return ok;
}

enum yg_status yg_win_trees(struct yg_win_side side[2], unsigned levels, struct yg_task *task, struct yg_win_count *out,
                            struct yg_err *err)
{
	uint32_t codes[2] = { 0, 0 };
	for (unsigned l = 0; l < levels; l++)
		if (!pack(side, l, &codes[l]))
			return yg_win_no_memory(err);
	if (yg_task_cancelled(task))
		return yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
	if (!count_side(&side[1], &side[0], levels, codes, out) || !count_side(&side[0], &side[1], levels, codes, NULL))
		return yg_win_no_memory(err);
	return YG_OK;
}

/* ---- tiles ---- */

/*
 * The reference arm is cut in tiles of a fixed size, the last filled up with persons who are free of everything and were seen for
 * no time (key 1, all others from 2 on): they win and lose nothing.  A fixed size lets the compiler do several pairs at once.
 */
struct tiles {
	const struct yg_win_side *own;
	const uint32_t *key;              /* [tiles][levels][TILE] */
	unsigned levels;
	size_t tiles;
	struct yg_task *task;
	uint32_t *win, *loss;             /* [workers][tiles * TILE]: of the reference arm */
	struct yg_win_count *part;        /* [blocks] */
};

/* One endpoint: who of the open ones is beaten by a, who beats it; returns whether any is open still. */
static uint32_t one_level(uint32_t a, const uint32_t *restrict other, uint32_t *restrict open, uint32_t *restrict win,
                          uint32_t *restrict loss, uint32_t *wins, uint32_t *losses)
{
	uint32_t event = (a & 1) - 1, w = 0, x = 0, left = 0;
	for (size_t j = 0; j < TILE; j++) {
		uint32_t b = other[j];
		uint32_t beats = open[j] & ((b & 1) - 1) & (0u - (uint32_t)(b < a));
		uint32_t beaten = open[j] & event & (0u - (uint32_t)(b > a));
		uint32_t still = open[j] & ~(beats | beaten);
		w -= beats;
		x -= beaten;
		loss[j] -= beats;
		win[j] -= beaten;
		open[j] = still;
		left |= still;
	}
	*wins = w;
	*losses = x;
	return left;
}

static void one_person(const struct tiles *t, size_t i, size_t tile, struct yg_win_count *c, uint32_t *win, uint32_t *loss)
{
	uint32_t open[TILE], left = 1;
	const uint32_t *key = t->key + tile * t->levels * TILE;
	memset(open, 0xff, sizeof open);
	for (unsigned l = 0; l < t->levels && left; l++) {
		uint32_t w, x;
		left = one_level(t->own->key[l][i] + 2, key + l * TILE, open, win, loss, &w, &x);
		c->win[l] += w;
		c->loss[l] += x;
		t->own->win[i] += w;
		t->own->loss[i] += x;
	}
}

static enum yg_status tile_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct tiles *t = context;
	size_t from = block * BLOCK, to = from + BLOCK < t->own->n ? from + BLOCK : t->own->n, wide = t->tiles * TILE;
	for (size_t tile = 0; tile < t->tiles; tile++) {
		size_t at = worker * wide + tile * TILE;
		if (yg_task_cancelled(t->task))
			return yg_fail(err, YG_CANCELLED, "E-RUN-001", N_("cancelled; nothing was kept"));
		for (size_t i = from; i < to; i++)
			one_person(t, i, tile, &t->part[block], t->win + at, t->loss + at);
	}
	return YG_OK;
}

enum yg_status yg_win_tiles(struct yg_win_side side[2], unsigned levels, struct yg_task *task, struct yg_win_count *out,
                            struct yg_err *err)
{
	unsigned workers = yg_task_workers(task);
	size_t blocks = (side[1].n + BLOCK - 1) / BLOCK, n = side[0].n, tiles = (n + TILE - 1) / TILE, wide = tiles * TILE;
	struct tiles t = { .own = &side[1], .levels = levels, .tiles = tiles, .task = task };
	uint32_t *key = yg_data_alloc(wide * levels + 1, sizeof *key);
	t.win = yg_data_calloc(2 * wide * workers + 1, sizeof *t.win);
	t.part = yg_data_calloc(blocks + 1, sizeof *t.part);
	enum yg_status s = key && t.win && t.part ? YG_OK : yg_win_no_memory(err);
	t.loss = t.win ? t.win + wide * workers : NULL;
	t.key = key;
	for (size_t j = 0; s == YG_OK && j < wide; j++)
		for (unsigned l = 0; l < levels; l++)
			key[(j / TILE * levels + l) * TILE + j % TILE] = j < n ? side[0].key[l][j] + 2 : 1;
	if (s == YG_OK)
		s = yg_pool_run(task, blocks, tile_block, &t, err);
	for (size_t b = 0; s == YG_OK && b < blocks; b++)
		for (unsigned l = 0; l < levels; l++) {
			out->win[l] += t.part[b].win[l];
			out->loss[l] += t.part[b].loss[l];
		}
	for (unsigned w = 0; s == YG_OK && w < workers; w++)
		for (size_t j = 0; j < n; j++) {
			side[0].win[j] += t.win[w * wide + j];
			side[0].loss[j] += t.loss[w * wide + j];
		}
	yg_data_free(key);
	yg_data_free(t.win);
	yg_data_free(t.part);
	return s;
}
