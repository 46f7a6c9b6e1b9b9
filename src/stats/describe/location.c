/* Hodges-Lehmann estimates and intervals: selection among all differences, or averages, without writing them down. */
#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/sort.h"
#include "yogo/stats/grouptest.h"

/* Ascending x, y.  y NULL: averages (x_i + x_j) / 2, i <= j; else differences x_i - y_j. */
struct pairs {
	const double *x, *y;
	size_t n, m;
	double *some;                 /* [SOME] */
	struct yg_task *task;
};
#define SOME ((size_t)1 << 16)

/* How many are <= t; the largest of them, and the smallest of the others.  A walk along the staircase, without branches. */
static double count_until(const struct pairs *p, double t, double *down, double *up)
{
	double below = -INFINITY, above = INFINITY;
	uint64_t count = 0;
	size_t i = 0, j = 0;

	if (p->y) {
		/* as x grows, so does the first y that is far enough up */
		while (i < p->n && j < p->m) {
			double d = p->x[i] - p->y[j];
			bool over = d > t;
			count += over ? 0 : p->m - j;
			double low = over ? -INFINITY : d, high = over ? d : INFINITY;
			below = low > below ? low : below;
			above = high < above ? high : above;
			j += over;
			i += !over;
		}
	} else {
		/* j: one past the partner that is tried */
		j = p->n;
		while (i < j) {
			double d = (p->x[i] + p->x[j - 1]) / 2;
			bool over = d > t;
			count += over ? 0 : j - i;
			double low = over ? -INFINITY : d, high = over ? d : INFINITY;
			below = low > below ? low : below;
			above = high < above ? high : above;
			j -= over;
			i += !over;
		}
	}
	*down = below;
	*up = above;
	return (double)count;
}

/* How many x have x - y <= t. */
static size_t within(const double *x, size_t n, double y, double t)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (x[middle] - y <= t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The number alone.  A walk waits at every step for what the step before found; four walks over a quarter of x each keep
 * the processor busy.
 */
#define WALKS 4
static double count_only(const struct pairs *p, double t)
{
	size_t i[WALKS], j[WALKS], end[WALKS], most = SIZE_MAX;
	uint64_t count = 0;
	/* rows beyond `rows` have no partner */
	size_t rows = p->y ? within(p->x, p->n, p->y[p->m - 1], t) : yg_count_until(p->x, p->n, t), quarter = rows / WALKS;

	for (size_t k = 0; k < WALKS; k++) {
		i[k] = k * quarter;
		end[k] = k + 1 == WALKS ? rows : i[k] + quarter;
		/* where the walk of all would be when it came to i */
		size_t low = 0, high = p->y ? p->m : p->n;
		double x = i[k] < p->n ? p->x[i[k]] : 0;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			bool further = p->y ? x - p->y[middle] > t : (x + p->x[middle]) / 2 <= t;
			low = further ? middle + 1 : low;
			high = further ? high : middle;
		}
		j[k] = low;
	}
	const double *x = p->x, *y = p->y;
	size_t m = p->m;
	while (most) {
		/* as many steps as no walk can leave its part in */
		most = SIZE_MAX;
		for (size_t k = 0; k < WALKS; k++) {
			size_t below = end[k] - i[k], others = y ? m - j[k] : j[k] > end[k] ? j[k] - end[k] : 0;
			size_t room = below < others ? below : others;
			most = room < most ? room : most;
		}
		for (size_t step = 0; step < most; step++)
			for (size_t k = 0; k < WALKS; k++) {
				double d = y ? x[i[k]] - y[j[k]] : (x[i[k]] + x[j[k] - 1]) / 2;
				size_t over = d > t;
				size_t gain = y ? m - j[k] : j[k] - i[k];
				count += gain & (over - 1);
				j[k] = y ? j[k] + over : j[k] - over;
				i[k] += 1 - over;
			}
	}
	for (size_t k = 0; k < WALKS; k++)
		while (i[k] < end[k] && (y ? j[k] < m : j[k] > i[k])) {
			bool over = (y ? x[i[k]] - y[j[k]] : (x[i[k]] + x[j[k] - 1]) / 2) > t;
			count += over ? 0 : y ? m - j[k] : j[k] - i[k];
			j[k] = y ? j[k] + over : j[k] - over;
			i[k] += !over;
		}
	return (double)count;
}

/* All within [low, high], at most SOME of them, unordered. */
static size_t collect(const struct pairs *p, double low, double high)
{
	size_t k = 0;

	if (p->y) {
		for (size_t i = 0, from = 0; i < p->n; i++) {
			while (from < p->m && p->x[i] - p->y[from] > high)
				from++;
			for (size_t j = from; j < p->m && p->x[i] - p->y[j] >= low && k < SOME; j++)
				p->some[k++] = p->x[i] - p->y[j];
		}
	} else {
		for (size_t i = 0, to = p->n; i < p->n; i++) {
			while (to > 0 && (p->x[i] + p->x[to - 1]) / 2 > high)
				to--;
			for (size_t j = to; j > i && (p->x[i] + p->x[j - 1]) / 2 >= low && k < SOME; j--)
				p->some[k++] = (p->x[i] + p->x[j - 1]) / 2;
		}
	}
	return k;
}

/* What is known: below `low` there are `before`, up to `high` there are `until`. */
struct bracket {
	double low, high, before, until;
};

static enum yg_status finish(const struct pairs *p, const struct bracket *b, double k, double *out, struct yg_err *err)
{
	size_t found = collect(p, b->low, b->high), at = (size_t)(k - b->before) - 1;
	uint32_t *order = yg_data_alloc(found + 1, sizeof *order);

	if (!order)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), found);
	enum yg_status s = yg_sort_doubles(p->some, found, NULL, order, err);
	if (s == YG_OK)
		*out = p->some[order[at < found ? at : found - 1]];
	yg_data_free(order);
	return s;
}

/* One count: the bracket loses what lies on the other side. */
static void probe(const struct pairs *p, double at, double k, struct bracket *b)
{
	if (!(at >= b->low && at < b->high))
		return;
	double count = count_only(p, at);
	if (count >= k) {
		b->high = at;
		b->until = count;
	} else {
		b->low = nextafter(at, INFINITY);
		b->before = count;
	}
}

/* The same, slower, and the end moves on to the next pair: with many equal ones that is far. */
static void probe_far(const struct pairs *p, double at, double k, struct bracket *b)
{
	double down, up, count = count_until(p, at, &down, &up);

	if (count >= k) {
		b->high = down;
		b->until = count;
	} else {
		b->low = up;
		b->before = count;
	}
}

/*
 * The k-th smallest, k from 1, which lies in the bracket.  Counts on both sides of where it would be if they grew evenly,
 * ever closer to it while that succeeds; half the bracket when it does not.
 */
static enum yg_status select_pair(const struct pairs *p, double k, const struct bracket *wide, double *out, struct yg_err *err)
{
	struct bracket b = *wide;
	double nudge = 0.05;

	while (b.low < b.high && b.until - b.before > (double)SOME) {
		double from = b.low, width = b.high - b.low, share = (k - b.before) / (b.until - b.before), left = b.until - b.before;
		if (yg_task_cancelled(p->task))
			return YG_CANCELLED;
		if (isinf(width))
			share = nudge = 0.5;
		double middle = isinf(width) ? b.low / 2 + b.high / 2 : from + width * share;
		probe(p, middle - nudge * width, k, &b);
		probe(p, middle + nudge * width, k, &b);
		if (b.until - b.before <= left / 4) {
			nudge = fmax(nudge / 5, 1e-4);
			continue;
		}
		nudge = fmin(4 * nudge, 0.1);
		double half = b.low / 2 + b.high / 2;
		if (b.low < b.high)
			probe_far(p, half >= b.low && half < b.high ? half : b.low, k, &b);
	}
	if (!(b.low < b.high)) {
		*out = b.low;
		return YG_OK;
	}
	return finish(p, &b, k, out, err);
}

/* Roughly a third of the spread of the middle half of the pairs: about what holds a quarter of them around the middle. */
static double quarter_span(const struct pairs *p)
{
	double x = p->x[3 * (p->n - 1) / 4] - p->x[(p->n - 1) / 4];
	double y = p->y ? p->y[3 * (p->m - 1) / 4] - p->y[(p->m - 1) / 4] : x;

	return sqrt(x * x + y * y) * (p->y ? 0.47 : 0.24);
}

/* Median of all, and the q-th from both ends; q < 1: no limits. */
static enum yg_status read_out(const struct pairs *p, double total, double q, struct yg_location *out, struct yg_err *err)
{
	size_t last = p->n - 1;
	struct bracket all = { .before = 0, .until = total };
	double low, high;

	all.low = p->y ? p->x[0] - p->y[p->m - 1] : p->x[0];
	all.high = p->y ? p->x[last] - p->y[0] : p->x[last];
	double middle = floor((total + 1) / 2);
	YG_TRY(select_pair(p, middle, &all, &low, err));
	double down, up, until = count_until(p, low, &down, &up);
	high = fmod(total, 2) == 0 && until <= middle ? up : low;
	out->estimate = low / 2 + high / 2;
	out->lower = -INFINITY;
	out->upper = INFINITY;
	if (q < 1)
		return YG_OK;
	/* pairs are about as dense at the limits as around the middle: start from there */
	struct bracket left = all, right = all;
	double reach = middle - q;
	left.until = until;
	left.high = low;
	if (total + 1 - q > left.until)
		right = (struct bracket){ up, all.high, left.until, total };
	if (total > (double)SOME) {
		double span = quarter_span(p) * reach / total * 4;
		double a = low - span, z = low + span;
		probe(p, a - span / 4, fmin(q, middle), &left);
		probe(p, a + span / 4, fmin(q, middle), &left);
		probe(p, z - span / 4, fmax(total + 1 - q, middle), &right);
		probe(p, z + span / 4, fmax(total + 1 - q, middle), &right);
	}
	YG_TRY(select_pair(p, fmin(q, middle), &left, &out->lower, err));
	return select_pair(p, fmax(total + 1 - q, middle), &right, &out->upper, err);
}

static enum yg_status ascending(const double *x, size_t n, struct yg_task *task, double *to, struct yg_err *err)
{
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);

	if (!order)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);
	enum yg_status s = yg_sort_doubles(x, n, task, order, err);
	for (size_t i = 0; s == YG_OK && i < n; i++)
		to[i] = x[order[i]];
	yg_data_free(order);
	return s;
}

/* Sum of t^3 - t over ties between two ascending lists (m may be 0). */
static double tie_sum(const double *x, size_t n, const double *y, size_t m)
{
	double sum = 0;

	for (size_t i = 0, j = 0; i < n || j < m;) {
		double v = j >= m || (i < n && x[i] <= y[j]) ? x[i] : y[j], t = 0;
		for (; i < n && x[i] == v; i++)
			t++;
		for (; j < m && y[j] == v; j++)
			t++;
		sum += t * t * t - t;
	}
	return sum;
}

/* Smallest q >= 0 with P(W < q) + P(W = q) >= alpha / 2 (0: even W = 0 is more probable than that). */
static double exact_place(const double *count, size_t top, double conf)
{
	double all = 0, reached = 0;
	size_t q = 0;

	for (size_t w = 0; w <= top; w++)
		all += count[w];
	while (q < top && (reached += count[q]) < all * (1 - conf) / 2)
		q++;
	return (double)q;
}

static double rank_sum_place(size_t n, size_t m, double conf)
{
	size_t top = n * m;
	double *c = yg_xcalloc((n + 1) * (top + 1), sizeof *c);

	c[0] = 1;
	for (size_t j = 1; j <= n + m; j++)
		for (size_t i = j < n ? j : n; i >= 1; i--)
			for (size_t w = top + 1, add = j - i; w-- > add;)
				c[i * (top + 1) + w] += c[(i - 1) * (top + 1) + w - add];
	double q = exact_place(c + n * (top + 1), top, conf);
	yg_free(c);
	return q;
}

static double signed_rank_place(size_t n, double conf)
{
	size_t top = n * (n + 1) / 2;
	double *c = yg_xcalloc(top + 1, sizeof *c);

	c[0] = 1;
	for (size_t j = 1; j <= n; j++)
		for (size_t w = top + 1; w-- > 0;)
			c[w] = (c[w] + (w >= j ? c[w - j] : 0)) / 2;
	double q = exact_place(c, top, conf);
	yg_free(c);
	return q;
}

enum yg_status yg_location_shift(const double *x, size_t n, const double *y, size_t m, double conf, struct yg_task *task,
                                 struct yg_location *out, struct yg_err *err)
{
	struct yg_location l = { NAN, NAN, NAN, false, NULL };

	*out = l;
	if (!n || !m) {
		out->problem = N_("a group has no values");
		return YG_OK;
	}
	double *a = yg_data_alloc(n + m + SOME, sizeof *a), *b = a ? a + n : NULL;
	if (!a)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n + m);
	enum yg_status s = ascending(x, n, task, a, err);
	if (s == YG_OK)
		s = ascending(y, m, task, b, err);
	if (s == YG_OK) {
		struct pairs p = { .x = a, .y = b, .n = n, .m = m, .some = b + m, .task = task };
		double ties = tie_sum(a, n, b, m), k = (double)n, h = (double)m, all = k + h, q;
		l.exact = ties <= 0 && n < 50 && m < 50;
		if (l.exact)
			q = rank_sum_place(n, m, conf);
		else
			q = floor(k * h / 2 - yg_normal_quantile_upper((1 - conf) / 2) * sqrt(k * h / 12 * (all + 1 - ties / (all * (all - 1)))) + 0.5);
		s = read_out(&p, k * h, q, &l, err);
	}
	yg_data_free(a);
	*out = l;
	return s;
}

enum yg_status yg_location_one(const double *d, size_t n, double conf, struct yg_task *task, struct yg_location *out,
                               struct yg_err *err)
{
	struct yg_location l = { NAN, NAN, NAN, false, NULL };

	*out = l;
	if (!n) {
		out->problem = N_("there are no values");
		return YG_OK;
	}
	double *a = yg_data_alloc(2 * n + SOME, sizeof *a), *size = a ? a + n : NULL;
	if (!a)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while ranking %zu values."), n);
	for (size_t i = 0; i < n; i++)
		a[i] = fabs(d[i]);
	enum yg_status s = ascending(a, n, task, size, err);
	bool zero = s == YG_OK && size[0] <= 0;
	double ties = s == YG_OK ? tie_sum(size, n, NULL, 0) : 0, k = (double)n, q;
	if (s == YG_OK)
		s = ascending(d, n, task, a, err);
	if (s == YG_OK) {
		struct pairs p = { .x = a, .n = n, .some = a + 2 * n, .task = task };
		l.exact = ties <= 0 && !zero && n < 50;
		if (l.exact)
			q = signed_rank_place(n, conf);
		else
			q = floor(k * (k + 1) / 4 - yg_normal_quantile_upper((1 - conf) / 2) * sqrt(k * (k + 1) * (2 * k + 1) / 24 - ties / 48) + 0.5);
		s = read_out(&p, k * (k + 1) / 2, q, &l, err);
	}
	yg_data_free(a);
	*out = l;
	return s;
}
