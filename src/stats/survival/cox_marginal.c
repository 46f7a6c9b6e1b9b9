/*
 * The marginal likelihood of tied events (Kalbfleisch and Prentice 1973, Biometrika 60:267): time is continuous and the
 * order of the tied events unknown, so an event time adds the mean over all orders.  As DeLong, Guirguis and So (1994,
 * Biometrika 81:607) that mean is an integral,
 *     L = integral over s > 0 of R exp(-R s) prod over the dead of (1 - exp(-r_i s)),
 * r_i the risk scores of the dead and R the sum of those who stay: the chance that all the dead go before the first
 * of the others.  With s = exp(y) the integrand is entire and log-concave in y, so that the trapezoidal rule around its
 * mode converges exponentially: about 40 to 100 nodes give all digits, whatever the number of dead.
 *
 * With E the mean over s under the normalised integrand, phi(z) = z / (exp(z) - 1) and
 *     G(s) = sum phi(r_i s) x_i + (1/R - s) sum over the others of r x:
 *     score        E G
 *     information  (E s - 1/R) sum r x x' - E sum z phi'(z) x_i x_i' + S1 S1' / R^2 - Var G
 * The first term is a hazard of the others like Breslow's, which yg_cox_derivatives takes; the rest is done here.
 */
#include <math.h>
#include <string.h>

#include "stats/survival/cells_priv.h"
#include "stats/survival/cox_priv.h"
#include "yogo/base/mem.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sum.h"

#define TAIL 43.0          /* the integrand is left out below exp(-TAIL) of its peak */
#define WIDEST 0.2         /* step in y: error exp(-pi^2 / step) */
#define MOST_NODES 2048

struct marginal_job {
	struct yg_cox_frame *f;
	double *out;          /* [parts*(1 + p + p*p)] */
};
struct dead {
	size_t n, room;
	double *r, *times, *phi, *bend;  /* [n] risk score, repeats, E phi, E z phi' */
	uint32_t *slot;
	double others, count;            /* R; events with their repeats */
	double node[MOST_NODES], g[MOST_NODES];
	int nodes;
	double *lean, *mean, *first;     /* [p] G at a node less that of the first, the mean of it; G at the first */
};

static double phi(double z)
{
	return z < 700 ? z / yg_expm1(z) : 0;
}

/* Slope of the log integrand in y, and its (negative) curvature. */
static double slope(const struct dead *d, double y, double *curvature)
{
	double s = yg_exp(y), sum = 1 - d->others * s, bend = -d->others * s;
	for (size_t i = 0; i < d->n; i++) {
		double z = d->r[i] * s, f = phi(z);
		sum += d->times[i] * f;
		bend += d->times[i] * f * (1 - f - z);
	}
	*curvature = bend;
	return sum;
}

static double log_integrand(const struct dead *d, double y)
{
	double s = yg_exp(y), sum = y - d->others * s, product = 1;
	for (size_t i = 0; i < d->n; i++) {
		double gone = -yg_expm1(-d->r[i] * s);
		if (d->times[i] != 1 || gone < 1e-100) {
			sum += d->times[i] * yg_log(gone);
			continue;
		}
		product *= gone;                    /* one logarithm for many */
		if (product < 1e-200) {
			sum += yg_log(product);
			product = 1;
		}
	}
	return sum + yg_log(product);
}

/* Nodes and their weights, which add to 1; returns the log of the integral. */
static double quadrature(struct dead *d)
{
	double low = -yg_log(d->others), high = low + yg_log1p(d->count), y = 0.5 * (low + high), bend = -1;
	for (int i = 0; i < 60 && high - low > 1e-4; i++) {
		double rise = slope(d, y, &bend), next = y - rise / bend;
		if (rise > 0)
			low = y;
		else
			high = y;
		if (fabs(next - y) < 1e-5)
			break;
		y = next > low && next < high ? next : 0.5 * (low + high);
	}
	(void)slope(d, y, &bend);
	double step = fmin(WIDEST, 0.45 / sqrt(-bend)), peak = log_integrand(d, y), total = 0;
	d->nodes = 0;
	for (int side = 0; side < 2; side++)
		for (int k = side; d->nodes < MOST_NODES; k++) {
			double at = side ? y - k * step : y + k * step, l = log_integrand(d, at) - peak;
			if (!(l > -TAIL))
				break;
			d->node[d->nodes] = yg_exp(at);
			d->g[d->nodes++] = yg_exp(l);
		}
	for (int k = 0; k < d->nodes; k++)
		total += d->g[k];
	for (int k = 0; k < d->nodes; k++)
		d->g[k] /= total;
	return peak + yg_log(total * step) + yg_log(d->others);
}

static int dead_room(struct dead *d, size_t n)
{
	if (n > d->room) {
		yg_data_free(d->r);
		yg_data_free(d->slot);
		d->r = yg_data_alloc(4 * n, sizeof *d->r);
		d->slot = yg_data_alloc(n, sizeof *d->slot);
		d->room = d->r && d->slot ? n : 0;
	}
	d->times = d->r + n;
	d->phi = d->times + n;
	d->bend = d->phi + n;
	return d->room >= n;
}

static int gather(const struct yg_cox_frame *f, const struct yg_cox_event *v, struct dead *d, double *sum)
{
	if (!dead_room(d, v->dead))
		return 0;
	d->n = 0;
	d->count = *sum = 0;
	for (uint32_t s = v->row0; s < v->row0 + v->dead; s++) {
		double times = f->weight ? f->weight[s] : 1;
		if (!(times > 0))
			continue;
		d->r[d->n] = f->w[s] / times;
		d->times[d->n] = times;
		d->slot[d->n++] = s;
		d->count += times;
		*sum += f->w[s];
	}
	return 1;
}

static const double *column_of(const struct yg_cox_frame *f, uint32_t slot)
{
	return f->x + slot / 8 * f->p * 8 + slot % 8;
}

/* Score and information of an event beyond the part of rows; s1 of the others. */
static void add_event(const struct yg_cox_frame *f, struct dead *d, const double *s1, double *u, double *info)
{
	size_t p = f->p;
	double reach = 1 / d->others;
	memset(d->phi, 0, d->n * sizeof *d->phi);
	memset(d->bend, 0, d->n * sizeof *d->bend);
	memset(d->mean, 0, p * sizeof *d->mean);
	/* Squares about G at the mode, which is the first node; its distance from the mean is taken off after. */
	for (int k = 0; k < d->nodes; k++) {
		double s = d->node[k], g = d->g[k];
		for (size_t a = 0; a < p; a++)
			d->lean[a] = (reach - s) * s1[a] - (k ? d->first[a] : 0);
		for (size_t i = 0; i < d->n; i++) {
			const double *x = column_of(f, d->slot[i]);
			double z = d->r[i] * s, share = phi(z), times = d->times[i];
			for (size_t a = 0; a < p; a++)
				d->lean[a] += times * share * x[8 * a];
			d->phi[i] += g * share;
			d->bend[i] += g * share * (1 - share - z);
		}
		if (!k)
			memcpy(d->first, d->lean, p * sizeof *d->first);
		for (size_t a = 0; a < p && k; a++) {
			d->mean[a] += g * d->lean[a];
			for (size_t b = a; b < p; b++)
				info[a * p + b] -= g * d->lean[a] * d->lean[b];
		}
	}
	for (size_t a = 0; a < p; a++)
		for (size_t b = a; b < p; b++)
			info[a * p + b] += d->mean[a] * d->mean[b];
	for (size_t i = 0; i < d->n; i++) {
		const double *x = column_of(f, d->slot[i]);
		for (size_t a = 0; a < p; a++) {
			u[a] += d->times[i] * (d->phi[i] - 1) * x[8 * a];
			for (size_t b = a; b < p; b++)
				info[a * p + b] -= d->times[i] * d->bend[i] * x[8 * a] * x[8 * b];
		}
	}
	for (size_t a = 0; a < p; a++)
		for (size_t b = a; b < p; b++)
			info[a * p + b] += s1[a] * reach * (s1[b] * reach);
}

/* Sums over those who stay, added up for themselves: the whole less the dead would lose digits where few stay. */
static void stay(const struct yg_cox_frame *f, uint32_t j, const double *later, struct yg_running *s0, double *rest)
{
	const struct yg_cox_event *v = &f->event[j];
	uint32_t after = v->row0 + v->dead;
	if (v->last)
		*s0 = (struct yg_running){ 0, 0 };
	memset(rest, 0, f->p * sizeof *rest);
	if (!v->last)
		memcpy(rest, later, f->p * sizeof *rest);
	if (after < v->row_end) {
		yg_running_add(s0, yg_tile_sum(f->w, after, v->row_end));
		yg_tile_add(f->x, f->w, f->p, after, v->row_end, 1, rest);
	}
	if (v->entry_end > v->entry0) {
		yg_running_add(s0, -yg_tile_sum(f->entry_w, v->entry0, v->entry_end));
		yg_tile_add(f->entry_x, f->entry_w, f->p, v->entry0, v->entry_end, -1, rest);
	}
}

/* Leaves in a, b, c0 what yg_cox_derivatives needs of event j; d->others and rest of those who stay. */
static int one_event(struct yg_cox_frame *f, uint32_t j, struct dead *d, const double *rest, double *out)
{
	const struct yg_cox_event *v = &f->event[j];
	size_t p = f->p;
	double sum, s0;
	if (!gather(f, v, d, &sum))
		return 0;
	s0 = d->others + sum;
	f->b[j] = f->c1[j] = f->c2[j] = 0;
	if (d->count == 0)
		return 1;
	if (d->count == 1) {                         /* no tie: as it stands */
		out[0] -= yg_log(s0);
		return 1;
	}
	f->a[j] = f->c0[j] = 0;
	if (!(s0 < INFINITY) || !(d->others > 1e-14 * s0)) { /* nobody stays: the dead go first for certain */
		f->a[j] = s0 < INFINITY ? 0 : NAN;
		for (size_t i = 0; i < d->n; i++) {
			out[0] -= d->times[i] * yg_log(d->r[i]);
			for (size_t a = 0; a < p; a++)
				out[1 + a] -= d->times[i] * column_of(f, d->slot[i])[8 * a];
		}
		return 1;
	}
	double l = quadrature(d), mean = 0;
	for (size_t i = 0; i < d->n; i++)            /* what the sum over the dead of eta adds elsewhere */
		l -= d->times[i] * yg_log(d->r[i]);
	out[0] += l;
	for (int k = 0; k < d->nodes; k++)
		mean += d->g[k] * (d->node[k] - 1 / d->others);
	f->a[j] = f->b[j] = mean;
	add_event(f, d, rest, out + 1, out + 1 + p);
	return 1;
}

static enum yg_status marginal_part(void *context, size_t part, size_t from, size_t to, struct yg_err *err)
{
	struct marginal_job *job = context;
	struct yg_cox_frame *f = job->f;
	struct yg_cox_walk walk;
	struct dead *d = yg_xcalloc(1, sizeof *d);
	size_t p = f->p;
	double *rest = yg_xalloc(5 * p + 1, sizeof *rest), *later = rest + 4 * p;
	enum yg_status s = yg_cox_walk_init(&walk, f) ? YG_OK : yg_survival_no_memory(err);
	d->lean = rest + p;
	d->mean = rest + 2 * p;
	d->first = rest + 3 * p;
	for (size_t k = from; k < to && s == YG_OK; k++) {
		struct yg_running s0 = { f->carry[k * (1 + p)], 0 };
		yg_cox_walk_open(&walk, k);
		memcpy(later, walk.s1, p * sizeof *later);
		while (s == YG_OK && yg_cox_walk_back(&walk)) {
			uint32_t j = walk.event;
			const struct yg_cox_event *v = &f->event[j];
			stay(f, j, later, &s0, rest);
			memcpy(later, walk.s1, p * sizeof *later);
			d->others = yg_running_value(&s0);
			if (!one_event(f, j, d, rest, job->out + part * (1 + p + p * p)))
				s = yg_survival_no_memory(err);
			yg_running_add(&s0, yg_tile_sum(f->w, v->row0, v->row0 + v->dead));
		}
	}
	yg_cox_walk_release(&walk);
	yg_data_free(d->r);
	yg_data_free(d->slot);
	yg_free(d);
	yg_free(rest);
	return s;
}

enum yg_status yg_cox_marginal(struct yg_cox_frame *f, struct yg_task *task, double *loglik, double *u, double *info,
                               struct yg_err *err)
{
	size_t p = f->p, width = 1 + p + p * p;
	struct marginal_job job = { f, yg_data_calloc(f->parts * width + width, sizeof(double)) };
	double sum = 0;
	if (!job.out)
		return yg_survival_no_memory(err);
	enum yg_status s = yg_cox_parts(f, task, marginal_part, &job, err);
	for (size_t j = 0; j < f->events; j++)
		f->hazard[j] = sum = (f->event[j].first ? 0 : sum) + f->a[j];
	if (s == YG_OK)
		s = yg_cox_derivatives(f, NULL, task, u, info, err);
	if (s == YG_OK) {
		yg_sum_tree(job.out, f->parts, width);
		*loglik += job.out[0];
		for (size_t a = 0; a < p; a++) {
			u[a] += job.out[1 + a];
			for (size_t b = a; b < p; b++)
				info[a * p + b] = info[b * p + a] = info[a * p + b] + job.out[1 + p + a * p + b];
		}
	}
	yg_data_free(job.out);
	return s;
}
