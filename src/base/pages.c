/*
 * Large blocks: mapped on huge pages and kept for reuse.
 *
 * A model on 10^6 rows takes and gives back some 100 arrays of 8 MB.  Left to malloc, each came back as fresh
 * small pages: 940,000 page faults in a script of 25 statements, a quarter of its processor time.  A fresh
 * huge page costs a seventh of its 512 small ones, but on a virtual machine whose host takes free memory back
 * it costs seven times as much; a page kept costs nothing on any machine.  So free ranges are kept, joined
 * with their neighbours and cut to what is asked.
 *
 * Kept ranges never raise what the process holds above the most it once used, or a sixteenth of the
 * machine's memory where that is more.
 */
#include "src/base/pages_priv.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE ((size_t)2 << 20)
#define KEPT_MOST 128

struct range {
	unsigned char *start;
	size_t length; /* a multiple of HUGE_PAGE */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct range kept[KEPT_MOST]; /* by address, no two touching */
static size_t kept_count, kept_bytes, used_bytes, used_peak;

static void remove_range(size_t k)
{
	kept_count--;
	memmove(kept + k, kept + k + 1, (kept_count - k) * sizeof *kept);
}

/* Cuts `length` from the smallest kept range that has so much. */
static void *take_kept(size_t length)
{
	size_t best = kept_count;
	for (size_t k = 0; k < kept_count; k++)
		if (kept[k].length >= length && (best == kept_count || kept[k].length < kept[best].length))
			best = k;
	if (best == kept_count)
		return NULL;
	unsigned char *block = kept[best].start;
	kept[best].start += length;
	kept[best].length -= length;
	kept_bytes -= length;
	if (!kept[best].length)
		remove_range(best);
	return block;
}

/* Gives `bytes` of kept ranges back to the system, from the end of the largest. */
static void drop(size_t bytes)
{
	while (bytes && kept_count) {
		size_t largest = 0;
		for (size_t k = 1; k < kept_count; k++)
			if (kept[k].length > kept[largest].length)
				largest = k;
		struct range *r = &kept[largest];
		size_t cut = bytes < r->length ? bytes : r->length;
		munmap(r->start + (r->length - cut), cut);
		r->length -= cut;
		kept_bytes -= cut;
		bytes -= cut;
		if (!r->length)
			remove_range(largest);
	}
}

static size_t may_hold(void)
{
	static size_t share;
	if (!share) {
		long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
		share = pages > 0 && size > 0 ? (size_t)pages / 16 * (size_t)size : HUGE_PAGE;
	}
	return used_peak > share ? used_peak : share;
}

static void *map_fresh(size_t length)
{
	unsigned char *p = mmap(NULL, length + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	size_t before = (HUGE_PAGE - (uintptr_t)p % HUGE_PAGE) % HUGE_PAGE;
	if (before)
		munmap(p, before);
	munmap(p + before + length, HUGE_PAGE - before);
	p += before;
	madvise(p, length, MADV_HUGEPAGE); /* only advice: small pages serve as well, slower */
	return p;
}

void *yg_pages_take(size_t bytes, size_t *length, bool *zeroed)
{
	size_t want;
	if (__builtin_add_overflow(bytes, 2 * HUGE_PAGE, &want))
		return NULL;
	*length = want = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	pthread_mutex_lock(&lock);
	void *block = take_kept(want);
	*zeroed = !block;
	used_bytes += want;
	if (used_bytes > used_peak)
		used_peak = used_bytes;
	if (!block) {
		size_t hold = used_bytes + kept_bytes, may = may_hold();
		if (hold > may)
			drop(hold - may);
		block = map_fresh(want);
	}
	if (!block && kept_bytes) {
		drop(kept_bytes);
		block = map_fresh(want);
	}
	if (!block)
		used_bytes -= want;
	pthread_mutex_unlock(&lock);
	return block;
}

void yg_pages_give(void *block, size_t length)
{
	unsigned char *start = block;
	pthread_mutex_lock(&lock);
	used_bytes -= length;
	kept_bytes += length;
	size_t k = 0;
	while (k < kept_count && kept[k].start < start)
		k++;
	bool joins_before = k > 0 && kept[k - 1].start + kept[k - 1].length == start;
	bool joins_after = k < kept_count && start + length == kept[k].start;
	if (joins_before) {
		kept[k - 1].length += length;
		if (joins_after) {
			kept[k - 1].length += kept[k].length;
			remove_range(k);
		}
	} else if (joins_after) {
		kept[k].start = start;
		kept[k].length += length;
	} else if (kept_count < KEPT_MOST) {
		memmove(kept + k + 1, kept + k, (kept_count - k) * sizeof *kept);
		kept[k] = (struct range){ start, length };
		kept_count++;
	} else {
		kept_bytes -= length;
		munmap(start, length);
	}
	pthread_mutex_unlock(&lock);
}

bool yg_pages_release(void)
{
	pthread_mutex_lock(&lock);
	bool any = kept_bytes > 0;
	drop(kept_bytes);
	pthread_mutex_unlock(&lock);
	return any;
}
