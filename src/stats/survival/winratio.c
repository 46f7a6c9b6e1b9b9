/* Win ratio of ranked endpoints: see winratio.h.  Here the strata and the variance; the pairs are counted in win_count.c. */
#include "yogo/stats/winratio.h"

#include <math.h>
#include <string.h>

#include "win_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/num/sort.h"

enum yg_status yg_win_no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while pairs were compared"));
}

static enum yg_status check(const struct yg_winratio_data *d, struct yg_err *err)
{
	if (!d->levels || d->levels > YG_MOST_RANKED)
		return yg_fail(err, YG_ELIMIT, "E-WIN-001", N_("1 to %u endpoints are ranked"), YG_MOST_RANKED);
	if (d->n > UINT32_MAX / 4)
		return yg_fail(err, YG_ELIMIT, "E-WIN-002", N_("more than %u persons"), UINT32_MAX / 4);
	for (unsigned l = 0; l < d->levels; l++)
		for (size_t i = 0; i < d->n; i++)
			if (!isfinite(d->time[l][i]))
				return yg_fail(err, YG_EINVAL, "E-WIN-003", N_("row %zu has no time"), i + 1);
	return YG_OK;
}

/* Codes of times: the order of distinct times twice, and one more for a follow-up that ends there without the event. */
static enum yg_status make_codes(const struct yg_winratio_data *d, struct yg_task *task, uint32_t **code, struct yg_err *err)
{
	uint32_t *order = yg_data_alloc(d->n + 1, sizeof *order);
	enum yg_status s = order ? YG_OK : yg_win_no_memory(err);
	for (unsigned l = 0; s == YG_OK && l < d->levels; l++) {
		uint32_t rank = 0;
		code[l] = yg_data_alloc(d->n + 1, sizeof *code[l]);
		s = code[l] ? yg_sort_doubles(d->time[l], d->n, task, order, err) : yg_win_no_memory(err);
		for (size_t i = 0; s == YG_OK && i < d->n; i++) {
			rank += i && d->time[l][order[i]] > d->time[l][order[i - 1]];
			code[l][order[i]] = 2 * rank + (d->event[l][order[i]] != 1);
		}
	}
	yg_data_free(order);
	return s;
}

/* ---- one stratum ---- */

/* Covariance of persons' shares of wins and losses, over the number of persons: added to v (ww, wl, ll). */
static bool spread(const struct yg_win_side *own, double opponents, double *v)
{
	size_t n = own->n;
	double w = 0, l = 0, ww = 0, wl = 0, ll = 0;
	if (n < 2)
		return false;
	for (size_t i = 0; i < n; i++) {
		w += (double)own->win[i];
		l += (double)own->loss[i];
	}
	w /= (double)n;
	l /= (double)n;
	for (size_t i = 0; i < n; i++) {
		double a = (double)own->win[i] - w, b = (double)own->loss[i] - l;
		ww += a * a;
		wl += a * b;
		ll += b * b;
	}
	double scale = 1 / ((double)(n - 1) * (double)n * opponents * opponents);
	v[0] += ww * scale;
	v[1] += wl * scale;
	v[2] += ll * scale;
	return true;
}

struct totals {
	double win, loss, tie, pairs, v[3];
};

static void add_stratum(const struct yg_win_side side[2], const struct yg_win_count *c, unsigned levels, struct yg_winratio *out,
                        struct totals *t)
{
	double n[2] = { (double)side[0].n, (double)side[1].n }, weight = 1 / (n[0] + n[1]), v[3] = { 0 }, u[3] = { 0 };
	uint64_t pairs = (uint64_t)side[0].n * side[1].n, wins = 0, losses = 0;
	for (unsigned l = 0; l < levels; l++) {
		out->win[l] += c->win[l];
		out->loss[l] += c->loss[l];
		wins += c->win[l];
		losses += c->loss[l];
	}
	out->strata++;
	out->pairs += pairs;
	out->wins += wins;
	out->losses += losses;
	out->ties += pairs - wins - losses;
	t->win += weight * (double)wins;
	t->loss += weight * (double)losses;
	t->tie += weight * (double)(pairs - wins - losses);
	t->pairs += weight * (double)pairs;
	bool both = spread(&side[1], n[0], v), other = spread(&side[0], n[1], u);
	out->lonely += !both || !other;
	/* What the reference arm wins, the arm loses. */
	double scale = weight * weight * (double)pairs * (double)pairs;
	t->v[0] += scale * (v[0] + u[2]);
	t->v[1] += scale * (v[1] + u[1]);
	t->v[2] += scale * (v[2] + u[0]);
	for (int a = 0; a < 2; a++)
		out->persons[a] += side[a].n;
}

static void gather(const struct yg_winratio_data *d, uint32_t *const *code, const uint32_t *row, size_t n, struct yg_win_side side[2])
{
	side[0].n = side[1].n = 0;
	for (size_t i = 0; i < n; i++) {
		if (d->arm[row[i]] < 0)
			continue;
		struct yg_win_side *s = &side[d->arm[row[i]]];
		for (unsigned l = 0; l < d->levels; l++)
			s->key[l][s->n] = code[l][row[i]];
		s->win[s->n] = s->loss[s->n] = 0;
		s->n++;
	}
}

static bool side_room(struct yg_win_side *s, unsigned levels, size_t n)
{
	bool ok = true;
	for (unsigned l = 0; l < levels; l++)
		ok = (s->key[l] = yg_data_alloc(n + 1, sizeof(uint32_t))) && ok;
	return (s->win = yg_data_alloc(n + 1, sizeof(uint32_t))) && (s->loss = yg_data_alloc(n + 1, sizeof(uint32_t))) && ok;
}

static void side_release(struct yg_win_side *s)
{
	for (unsigned l = 0; l < YG_MOST_RANKED; l++)
		yg_data_free(s->key[l]);
	yg_data_free(s->win);
	yg_data_free(s->loss);
}

/* ---- measures ---- */

static struct yg_win_measure log_ratio(double a, double b, double va, double cov, double vb, bool usable)
{
	struct yg_win_measure m = { NAN, NAN, NAN };
	if (!(a > 0 || b > 0))
		return m;
	m.estimate = a / b;
	if (a > 0 && b > 0 && usable) {
		double v = va / (a * a) - 2 * cov / (a * b) + vb / (b * b);
		m.se = sqrt(v > 0 ? v : 0);
		m.p = m.se > 0 ? yg_normal_two_sided(yg_log(m.estimate) / m.se) : NAN;
	}
	return m;
}

static void measures(const struct totals *t, struct yg_winratio *out)
{
	double half = t->tie / 2, a = t->win + half, b = t->loss + half;
	bool usable = out->lonely < out->strata;
	/* with ties: W + T/2 = (pairs + W - L) / 2 */
	double vd = t->v[0] - 2 * t->v[1] + t->v[2];
	vd = vd > 0 ? vd : 0;
	out->share_win = t->win / t->pairs;
	out->share_loss = t->loss / t->pairs;
	out->share_tie = t->tie / t->pairs;
	out->ratio = log_ratio(t->win, t->loss, t->v[0], t->v[1], t->v[2], usable);
	out->odds = log_ratio(a, b, vd / 4, -vd / 4, vd / 4, usable);
	out->rd = (struct yg_win_measure){ (t->win - t->loss) / t->pairs, NAN, NAN };
	if (usable) {
		out->rd.se = sqrt(vd) / t->pairs;
		out->rd.p = out->rd.se > 0 ? yg_normal_two_sided(out->rd.estimate / out->rd.se) : NAN;
	}
}

enum yg_status yg_winratio_fit(const struct yg_winratio_data *d, struct yg_task *task, struct yg_winratio *out, struct yg_err *err)
{
	size_t strata = d->stratum ? d->strata : 1;
	uint32_t *code[YG_MOST_RANKED] = { NULL }, *order = NULL, *start = NULL;
	struct yg_win_side side[2] = { 0 };
	struct totals t = { 0 };
	memset(out, 0, sizeof *out);
	YG_TRY(check(d, err));
	out->by_tiles = d->levels > 2;
	order = yg_data_alloc(d->n + 1, sizeof *order);
	start = yg_data_calloc(strata + 2, sizeof *start);
	enum yg_status s = order && start && side_room(&side[0], d->levels, d->n) && side_room(&side[1], d->levels, d->n) ? YG_OK :
	                   yg_win_no_memory(err);
	if (s == YG_OK)
		s = make_codes(d, task, code, err);
	for (size_t i = 0; s == YG_OK && i < d->n; i++)
		order[i] = (uint32_t)i;
	if (s == YG_OK)
		start[1] = (uint32_t)d->n;
	if (s == YG_OK && d->stratum)
		s = yg_sort_groups((const uint32_t *)d->stratum, strata, d->n, task, order, start, err);
	for (size_t k = 0; s == YG_OK && k < strata; k++) {
		struct yg_win_count c = { 0 };
		gather(d, code, order + start[k], start[k + 1] - start[k], side);
		if (!side[0].n || !side[1].n)
			continue;
		s = d->levels > 2 ? yg_win_tiles(side, d->levels, task, &c, err) : yg_win_trees(side, d->levels, task, &c, err);
		if (s == YG_OK)
			add_stratum(side, &c, d->levels, out, &t);
	}
	if (s == YG_OK && !out->strata)
		s = yg_fail(err, YG_REFUSED, "E-WIN-004", N_("no stratum has persons of both arms: there are no pairs"));
	if (s == YG_OK)
		measures(&t, out);
	for (unsigned l = 0; l < YG_MOST_RANKED; l++)
		yg_data_free(code[l]);
	side_release(&side[0]);
	side_release(&side[1]);
	yg_data_free(order);
	yg_data_free(start);
	return s;
}
