/* Counting and radix sorting of row numbers: see sort.h. */
#include "yogo/num/sort.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

#define PIECE 65536u                 /* rows of one piece of a parallel scan */
#define COUNT_LIMIT (1u << 18)       /* counting sort up to this many keys */
#define BUCKET_BITS 16

struct entry {
	uint64_t key;
	uint32_t row, with;      /* with: what the row carries */
};

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-003", N_("not enough memory to sort the rows"));
}

static enum yg_status check_size(size_t n, struct yg_err *err)
{
	if (n >= UINT32_MAX)
		return yg_fail(err, YG_ELIMIT, "E-LIM-010", N_("an analysis can hold at most 4,294,967,294 rows"));
	return YG_OK;
}

/* The pattern of x as an unsigned number in the order of the doubles; NaN above all. */
static inline uint64_t ordered_bits(double x)
{
	uint64_t u;
	if (x != x)
		return UINT64_MAX;
	x += 0.0; /* -0 to 0 */
	memcpy(&u, &x, sizeof u);
	return u >> 63 ? ~u : u | 0x8000000000000000u;
}

/* ---- whole numbers ---- */

struct range_job {
	const double *x;
	size_t n;
	double *low, *high; /* a piece; low > high means: not whole */
};

static enum yg_status range_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct range_job *job = context;
	size_t from = block * PIECE, to = from + PIECE < job->n ? from + PIECE : job->n;
	double low = INFINITY, high = -INFINITY;
	uint32_t bad = 0;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		double x = job->x[i];
		int32_t k = x > -2147483648.0 && x < 2147483647.0 ? (int32_t)x : INT32_MIN;
		bad |= (uint32_t)((double)k != x);
		low = x < low ? x : low;
		high = x > high ? x : high;
	}
	job->low[block] = bad ? 1 : low;
	job->high[block] = bad ? 0 : high;
	return YG_OK;
}

bool yg_sort_whole(const double *x, size_t n, struct yg_task *task, int64_t *smallest, int64_t *largest)
{
	if (!n)
		return false;
	for (size_t i = 0; i < n && i < 16; i++) /* continuous times are seen at once */
		if (!(fabs(x[i]) < 2147483647.0) || floor(x[i]) != x[i])
			return false;
	size_t pieces = (n + PIECE - 1) / PIECE;
	double *low = yg_xalloc(2 * pieces, sizeof *low);
	struct range_job job = { x, n, low, low + pieces };
	bool whole = yg_pool_run(task, pieces, range_piece, &job, NULL) == YG_OK;
	double least = INFINITY, most = -INFINITY;
	for (size_t k = 0; whole && k < pieces; k++) {
		whole = low[k] <= low[pieces + k];
		least = fmin(least, low[k]);
		most = fmax(most, low[pieces + k]);
	}
	yg_free(low);
	if (whole) {
		*smallest = (int64_t)least;
		*largest = (int64_t)most;
	}
	return whole;
}

/* ---- counting sort ---- */

struct count_job {
	const uint32_t *before;  /* order to start from; NULL = rows as they are */
	const int32_t *group;
	const uint32_t *group_u;
	const double *time;
	const uint8_t *event;
	double base;
	uint32_t width;          /* keys a group */
	size_t n, keys, pieces, rows;
	uint32_t *place;         /* [pieces*keys] counts, then first places */
	uint32_t *order;
};

static inline uint32_t count_key(const struct count_job *job, size_t i)
{
	uint32_t g = job->group ? (uint32_t)job->group[i] : job->group_u ? job->group_u[i] : 0;
	if (!job->time)
		return g;
	uint32_t k = (uint32_t)(int32_t)(job->time[i] - job->base);
	if (job->event)
		k = 2 * k + (job->event[i] ? 0 : 1);
	return g * job->width + k;
}

static enum yg_status count_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct count_job *job = context;
	uint32_t *count = job->place + block * job->keys;
	size_t from = block * job->rows, to = from + job->rows < job->n ? from + job->rows : job->n;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++)
		count[count_key(job, job->before ? job->before[i] : i)]++;
	return YG_OK;
}

static enum yg_status scatter_piece(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct count_job *job = context;
	uint32_t *place = job->place + block * job->keys;
	size_t from = block * job->rows, to = from + job->rows < job->n ? from + job->rows : job->n;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		uint32_t row = job->before ? job->before[i] : (uint32_t)i;
		job->order[place[count_key(job, row)]++] = row;
	}
	return YG_OK;
}

/* Pieces follow the rows, so the order is the stable one however many there are. */
static enum yg_status count_sort(struct count_job *job, struct yg_task *task, uint32_t *start, struct yg_err *err)
{
	size_t most = (job->n + PIECE - 1) / PIECE, workers = yg_task_workers(task);
	job->pieces = most < workers ? (most ? most : 1) : workers;
	job->rows = (job->n + job->pieces - 1) / job->pieces;
	job->place = yg_data_calloc(job->pieces * job->keys, sizeof *job->place);
	if (!job->place)
		return no_memory(err);
	enum yg_status s = yg_pool_run(task, job->pieces, count_piece, job, err);
	uint32_t at = 0;
	for (size_t k = 0; s == YG_OK && k < job->keys; k++) {
		if (start)
			start[k] = at;
		for (size_t p = 0; p < job->pieces; p++) {
			uint32_t c = job->place[p * job->keys + k];
			job->place[p * job->keys + k] = at;
			at += c;
		}
	}
	if (start)
		start[job->keys] = at;
	if (s == YG_OK)
		s = yg_pool_run(task, job->pieces, scatter_piece, job, err);
	yg_data_free(job->place);
	return s;
}

enum yg_status yg_sort_groups(const uint32_t *group, size_t groups, size_t n, struct yg_task *task, uint32_t *order,
                              uint32_t *start, struct yg_err *err)
{
	struct count_job job = { .group_u = group, .n = n, .keys = groups, .order = order };
	YG_TRY(check_size(n, err));
	/* Many groups: one worker's table each would outgrow the rows. */
	return count_sort(&job, groups <= COUNT_LIMIT ? task : NULL, start, err);
}

/* ---- radix sort of patterns ---- */

struct radix_job {
	const double *time;
	const uint8_t *event;
	const uint32_t *before;  /* order to start from; NULL = rows as they are */
	size_t n, pieces, rows;
	int shift;               /* bucket = (key - least) >> shift */
	uint64_t least;
	int tag;                 /* 1: the lowest bit of the key says "no event" */
	uint64_t *low, *high;    /* [pieces] */
	uint32_t *place;         /* [pieces << BUCKET_BITS] */
	uint32_t *start;         /* [buckets + 1] */
	struct entry *in;
	uint32_t *order;
	size_t groups;           /* buckets are sorted in this many tasks */
	uint64_t flip;           /* all ones: descending */
	const uint32_t *with;    /* what rows carry, or NULL; then also */
	uint32_t *carried, *first;
};

static inline uint64_t radix_key(const struct radix_job *job, size_t row)
{
	uint64_t u = ordered_bits(job->time[row]) ^ job->flip;
	return job->tag ? u << 1 | (job->event[row] ? 0 : 1) : u;
}

static inline size_t piece_row(const struct radix_job *job, size_t i)
{
	return job->before ? job->before[i] : i;
}

static enum yg_status radix_range(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct radix_job *job = context;
	size_t from = block * job->rows, to = from + job->rows < job->n ? from + job->rows : job->n;
	uint64_t low = UINT64_MAX, high = 0;
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		uint64_t k = radix_key(job, piece_row(job, i));
		low = k < low ? k : low;
		high = k > high ? k : high;
	}
	job->low[block] = low;
	job->high[block] = high;
	return YG_OK;
}

static enum yg_status radix_count(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct radix_job *job = context;
	size_t from = block * job->rows, to = from + job->rows < job->n ? from + job->rows : job->n;
	uint32_t *count = job->place + (block << BUCKET_BITS);
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++)
		count[(radix_key(job, piece_row(job, i)) - job->least) >> job->shift]++;
	return YG_OK;
}

static enum yg_status radix_scatter(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct radix_job *job = context;
	size_t from = block * job->rows, to = from + job->rows < job->n ? from + job->rows : job->n;
	uint32_t *place = job->place + (block << BUCKET_BITS);
	(void)worker;
	(void)err;
	for (size_t i = from; i < to; i++) {
		size_t row = piece_row(job, i);
		uint64_t k = radix_key(job, row) - job->least;
		job->in[place[k >> job->shift]++] = (struct entry){ k, (uint32_t)row, job->with ? job->with[row] : 0 };
	}
	return YG_OK;
}

static void insertion(struct entry *e, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct entry v = e[i];
		size_t j = i;
		for (; j && e[j - 1].key > v.key; j--)
			e[j] = e[j - 1];
		e[j] = v;
	}
}

/* Entries [from, to) are in order, the first of a key among them. */
static void hand_out(const struct radix_job *job, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		job->order[i] = job->in[i].row;
	for (size_t i = from; job->with && i < to; i++) {
		job->carried[i] = job->in[i].with;
		job->first[i] = i > from && job->in[i].key == job->in[i - 1].key ? job->first[i - 1] : (uint32_t)i;
	}
}

/* Least significant digit first, digits in which all keys agree are skipped; the result is in e. */
static void radix_bucket(struct entry *e, struct entry *spare, size_t n)
{
	if (n < 48) {
		insertion(e, n);
		return;
	}
	uint64_t differ = 0;
	for (size_t i = 1; i < n; i++)
		differ |= e[i].key ^ e[0].key;
	int digit = n >= 4096 ? 11 : 8;
	uint32_t count[2048];
	struct entry *from = e, *to = spare;
	uint64_t mask = (1u << digit) - 1;
	for (int shift = 0; shift < 64; shift += digit) {
		if (!(differ >> shift & mask))
			continue;
		memset(count, 0, sizeof *count << digit);
		for (size_t i = 0; i < n; i++)
			count[from[i].key >> shift & mask]++;
		uint32_t at = 0;
		for (size_t k = 0; k <= mask; k++) {
			uint32_t c = count[k];
			count[k] = at;
			at += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[from[i].key >> shift & mask]++] = from[i];
		struct entry *t = from;
		from = to;
		to = t;
	}
	if (from != e)
		memcpy(e, from, n * sizeof *e);
}

static enum yg_status radix_finish(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	struct radix_job *job = context;
	size_t buckets = (size_t)1 << BUCKET_BITS;
	size_t from = block * buckets / job->groups, to = (block + 1) * buckets / job->groups;
	size_t most = 0;
	(void)worker;
	for (size_t b = from; b < to; b++)
		most = job->start[b + 1] - job->start[b] > most ? job->start[b + 1] - job->start[b] : most;
	struct entry *spare = yg_data_alloc(most + 1, sizeof *spare);
	if (!spare)
		return no_memory(err);
	for (size_t b = from; b < to; b++) {
		size_t first = job->start[b], n = job->start[b + 1] - first;
		if (n > 1)
			radix_bucket(job->in + first, spare, n);
		hand_out(job, first, first + n);
	}
	yg_data_free(spare);
	return YG_OK;
}

static enum yg_status radix_run(struct radix_job *job, struct yg_task *task, struct yg_err *err)
{
	size_t buckets = (size_t)1 << BUCKET_BITS;
	YG_TRY(yg_pool_run(task, job->pieces, radix_range, job, err));
	uint64_t low = UINT64_MAX, high = 0;
	for (size_t p = 0; p < job->pieces; p++) {
		low = job->low[p] < low ? job->low[p] : low;
		high = job->high[p] > high ? job->high[p] : high;
	}
	job->least = low;
	for (job->shift = 0; (high - low) >> job->shift >= buckets; )
		job->shift++;
	YG_TRY(yg_pool_run(task, job->pieces, radix_count, job, err));
	uint32_t at = 0;
	for (size_t b = 0; b < buckets; b++) {
		job->start[b] = at;
		for (size_t p = 0; p < job->pieces; p++) {
			uint32_t c = job->place[(p << BUCKET_BITS) + b];
			job->place[(p << BUCKET_BITS) + b] = at;
			at += c;
		}
	}
	job->start[buckets] = at;
	YG_TRY(yg_pool_run(task, job->pieces, radix_scatter, job, err));
	job->groups = job->n < PIECE ? 1 : 256;
	return yg_pool_run(task, job->groups, radix_finish, job, err);
}

/* A few rows: no buckets. */
static enum yg_status radix_small(struct radix_job *job, struct yg_err *err)
{
	job->in = yg_data_alloc(2 * job->n, sizeof *job->in);
	if (!job->in)
		return no_memory(err);
	for (size_t i = 0; i < job->n; i++) {
		size_t row = piece_row(job, i);
		job->in[i] = (struct entry){ radix_key(job, row), (uint32_t)row, job->with ? job->with[row] : 0 };
	}
	radix_bucket(job->in, job->in + job->n, job->n);
	hand_out(job, 0, job->n);
	yg_data_free(job->in);
	return YG_OK;
}

static enum yg_status radix_sort(struct radix_job *job, struct yg_task *task, struct yg_err *err)
{
	if (job->n <= 16384)
		return job->n ? radix_small(job, err) : YG_OK;
	size_t most = (job->n + PIECE - 1) / PIECE, workers = yg_task_workers(task);
	job->pieces = most < workers ? most : workers;
	job->rows = (job->n + job->pieces - 1) / job->pieces;
	job->low = yg_xalloc(2 * job->pieces, sizeof *job->low);
	job->high = job->low + job->pieces;
	job->place = yg_data_calloc(job->pieces << BUCKET_BITS, sizeof *job->place);
	job->start = yg_data_alloc(((size_t)1 << BUCKET_BITS) + 1, sizeof *job->start);
	job->in = yg_data_alloc(job->n, sizeof *job->in);
	enum yg_status s = job->place && job->start && job->in ? radix_run(job, task, err) : no_memory(err);
	yg_data_free(job->in);
	yg_data_free(job->start);
	yg_data_free(job->place);
	yg_free(job->low);
	return s;
}

/* ---- the doors ---- */

enum yg_status yg_sort_doubles(const double *key, size_t n, struct yg_task *task, uint32_t *order, struct yg_err *err)
{
	return yg_sort_survival(NULL, 1, key, NULL, n, task, order, err);
}

enum yg_status yg_sort_carry(const double *key, const uint32_t *with, size_t n, bool descending, struct yg_task *task,
                             uint32_t *order, uint32_t *carried, uint32_t *first, struct yg_err *err)
{
	struct radix_job job = { .time = key, .n = n, .order = order, .flip = descending ? UINT64_MAX : 0, .with = with,
		                 .carried = carried, .first = first };
	YG_TRY(check_size(n, err));
	return radix_sort(&job, task, err);
}

static bool any_negative(const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (x[i] < 0)
			return true;
	return false;
}

static enum yg_status sort_by_radix(const double *time, const uint8_t *event, size_t n, struct yg_task *task, uint32_t *order,
                                    struct yg_err *err)
{
	struct radix_job job = { .time = time, .event = event, .n = n, .order = order };
	uint32_t *first = NULL;
	enum yg_status s = YG_OK;
	if (event && !any_negative(time, n)) {
		job.tag = 1; /* the sign bit is free */
	} else if (event) {
		size_t at = 0;
		first = yg_data_alloc(n, sizeof *first);
		if (!first)
			return no_memory(err);
		for (int e = 1; e >= 0; e--)
			for (size_t i = 0; i < n; i++)
				if (!event[i] == !e)
					first[at++] = (uint32_t)i;
		job.before = first;
	}
	s = radix_sort(&job, task, err);
	yg_data_free(first);
	return s;
}

/* Rows that are sorted within groups, by group: the pass is stable. */
static enum yg_status gather_groups(const int32_t *group, size_t groups, size_t n, struct yg_task *task, const uint32_t *before,
                                    uint32_t *order, struct yg_err *err)
{
	struct count_job job = { .before = before, .group = group, .n = n, .keys = groups, .order = order };
	return count_sort(&job, groups <= COUNT_LIMIT ? task : NULL, NULL, err);
}

enum yg_status yg_sort_survival(const int32_t *group, size_t groups, const double *time, const uint8_t *event,
                                size_t n, struct yg_task *task, uint32_t *order, struct yg_err *err)
{
	int64_t least = 0, most = 0;
	YG_TRY(check_size(n, err));
	if (!group)
		groups = 1;
	uint64_t width = yg_sort_whole(time, n, task, &least, &most) ? ((uint64_t)(most - least) + 1) * (event ? 2 : 1) : 0;
	bool few = width && width <= COUNT_LIMIT && width <= 64 + 8 * (uint64_t)n;
	uint64_t keys = few ? width * groups : 0;
	struct count_job count = { .group = group, .time = time, .event = event, .base = (double)least, .width = (uint32_t)width,
		                   .n = n, .keys = keys, .order = order };
	if (few && keys <= COUNT_LIMIT && keys <= 64 + 8 * (uint64_t)n)
		return count_sort(&count, task, NULL, err);
	/* By time and event, then by group. */
	uint32_t *first = groups > 1 ? yg_data_alloc(n + 1, sizeof *first) : order;
	if (!first)
		return no_memory(err);
	count.group = NULL;
	count.keys = width;
	count.order = first;
	enum yg_status s = few ? count_sort(&count, task, NULL, err) : sort_by_radix(time, event, n, task, first, err);
	if (s == YG_OK && groups > 1)
		s = gather_groups(group, groups, n, task, first, order, err);
	if (first != order)
		yg_data_free(first);
	return s;
}
