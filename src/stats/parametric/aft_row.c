/*
 * One row's part of a parametric log likelihood and its derivatives in the linear predictor, the log scale and the shape.
 *
 * With z = (y - eta)/scale: dz/d eta = -1/scale, dz/d log scale = -z, and the rest is the chain rule on g(z1, z2).
 */
#include <math.h>

#include "aft_priv.h"
#include "yogo/num/elementary.h"

static void two_sided(const struct aft_point *a, const struct aft_point *b, struct aft_term *t)
{
	/* The difference of the smaller tails. */
	double d = a->upper < b->lower ? a->upper + aft_log1mexp(b->upper - a->upper) :
		b->lower + aft_log1mexp(a->lower - b->lower);
	double f1 = yg_exp(a->logf - d), f2 = yg_exp(b->logf - d);
	*t = (struct aft_term){ d, -f1, f2, -f1 * (a->psi + f1), f1 * f2, f2 * (b->psi - f2) };
}

void aft_term(enum aft_error error, enum aft_kind kind, double z1, double z2, double q, struct aft_term *t)
{
	struct aft_point a, b;
	double h;
	*t = (struct aft_term){ 0 };
	if (kind == AFT_NOTHING)
		return;
	if (error == AFT_EXTREME && kind == AFT_RIGHT) {
		h = yg_exp(z1);
		t->g = t->g1 = t->g11 = -h;
		return;
	}
	aft_point(error, z1, q, kind != AFT_EXACT, &a);
	switch (kind) {
	case AFT_EXACT:
		t->g = a.logf;
		t->g1 = a.psi;
		t->g11 = a.dpsi;
		return;
	case AFT_RIGHT:
		h = yg_exp(a.logf - a.upper);
		t->g = a.upper;
		t->g1 = -h;
		t->g11 = -h * (a.psi + h);
		return;
	case AFT_LEFT:
		h = yg_exp(a.logf - a.lower);
		t->g = a.lower;
		t->g1 = h;
		t->g11 = h * (a.psi - h);
		return;
	default:
		aft_point(error, z2, q, true, &b);
		two_sided(&a, &b, t);
	}
}

/* The same with the derivatives in q, by differences over five points. */
struct aft_in_shape {
	struct aft_term t;
	double gq, g1q, g2q, gqq;
};

static void term_in_shape(const struct aft_shape *s, enum aft_kind kind, double z1, double z2, struct aft_in_shape *out)
{
	struct aft_term t[4];
	double h = 1e-3;
	*out = (struct aft_in_shape){ 0 };
	aft_term(s->error, kind, z1, z2, s->q, &out->t);
	if ((!s->free_shape && !s->tied) || kind == AFT_NOTHING)
		return;
	for (int k = 0; k < 4; k++)
		aft_term(s->error, kind, z1, z2, s->q + (k < 2 ? 1 : 2) * (k % 2 ? -h : h), &t[k]);
	out->gq = (8 * (t[0].g - t[1].g) - (t[2].g - t[3].g)) / (12 * h);
	out->g1q = (8 * (t[0].g1 - t[1].g1) - (t[2].g1 - t[3].g1)) / (12 * h);
	out->g2q = (8 * (t[0].g2 - t[1].g2) - (t[2].g2 - t[3].g2)) / (12 * h);
	/* The second derivative from the first ones of each side, in an order that keeps the digits. */
	out->gqq = (16 * ((t[0].g - out->t.g) - (out->t.g - t[1].g)) - ((t[2].g - out->t.g) - (out->t.g - t[3].g))) / (12 * h * h);
}

static void add(const struct aft_shape *s, double sign, const struct aft_in_shape *v, double z1, double z2,
                struct aft_row *r)
{
	const struct aft_term *t = &v->t;
	double f = sign / s->scale;
	r->l += sign * t->g;
	r->e -= f * (t->g1 + t->g2);
	r->ee += f / s->scale * (t->g11 + 2 * t->g12 + t->g22);
	r->a[0] -= sign * (z1 * t->g1 + z2 * t->g2);
	r->ea[0] += f * (t->g1 + t->g2 + z1 * t->g11 + (z1 + z2) * t->g12 + z2 * t->g22);
	r->aa[0] += sign * (z1 * z1 * t->g11 + 2 * z1 * z2 * t->g12 + z2 * z2 * t->g22 + z1 * t->g1 + z2 * t->g2);
	r->a[1] += sign * v->gq;
	r->ea[1] -= f * (v->g1q + v->g2q);
	r->aa[1] -= sign * (z1 * v->g1q + z2 * v->g2q);
	r->aa[2] += sign * v->gqq;
}

/* ---- Gompertz: H = exp(eta) unit m(s, a), m = (exp(a s) - 1)/a ---- */

struct cumulative {
	double h, ha, haa;
};

static struct cumulative gompertz_hazard(double level, double s, double a)
{
	double x = a * s, m, ma, maa;
	if (fabs(x) < 1) {
		double power = 1;   /* x^(n-2) / (n+1)! and so on, summed together */
		m = 1;
		ma = maa = 0;
		double factorial = 1, x1 = 1, x2 = 1;
		for (int n = 1; n < 26; n++) {
			factorial *= n + 1;
			power *= x;
			m += power / factorial;
			ma += n * x1 / factorial;
			x1 *= x;
			if (n >= 2) {
				maa += n * (n - 1) * x2 / factorial;
				x2 *= x;
			}
		}
		m *= s;
		ma *= s * s;
		maa *= s * s * s;
	} else {
		double e = yg_exp(x);
		m = yg_expm1(x) / a;
		ma = (s * e - m) / a;
		maa = (s * s * e - 2 * ma) / a;
	}
	return (struct cumulative){ level * m, level * ma, level * maa };
}

static void gompertz(const struct aft_shape *s, enum aft_kind kind, double y1, double y2, double entry, double eta,
                     struct aft_row *r)
{
	double level = yg_exp(eta) * s->unit;
	struct cumulative one = { 0 };
	if (kind == AFT_NOTHING)
		return;
	if (kind != AFT_LEFT)
		one = gompertz_hazard(level, y1, s->q);
	r->l -= one.h;
	r->e -= one.h;
	r->ee -= one.h;
	r->a[1] -= one.ha;
	r->ea[1] -= one.ha;
	r->aa[2] -= one.haa;
	if (kind == AFT_EXACT) {
		r->l += eta + s->q * y1;
		r->e += 1;
		r->a[1] += y1;
	} else if (kind == AFT_LEFT || kind == AFT_INTERVAL) {
		struct cumulative two = gompertz_hazard(level, kind == AFT_LEFT ? y1 : y2, s->q);
		double d = two.h - one.h, da = two.ha - one.ha, daa = two.haa - one.haa, e = yg_expm1(d);
		double f1 = 1 / e, f2 = -f1 * (1 + f1);
		r->l += aft_log1mexp(-d);
		r->e += f1 * d;
		r->ee += f2 * d * d + f1 * d;
		r->a[1] += f1 * da;
		r->ea[1] += f2 * d * da + f1 * da;
		r->aa[2] += f2 * da * da + f1 * daa;
	}
	if (entry > 0) {
		struct cumulative late = gompertz_hazard(level, entry, s->q);
		r->l += late.h;
		r->e += late.h;
		r->ee += late.h;
		r->a[1] += late.ha;
		r->ea[1] += late.ha;
		r->aa[2] += late.haa;
	}
}

void aft_row(const struct aft_shape *s, enum aft_kind kind, double y1, double y2, double entry, double eta,
             struct aft_row *out)
{
	struct aft_in_shape v;
	*out = (struct aft_row){ 0 };
	if (s->error == AFT_GOMPERTZ) {
		gompertz(s, kind, y1, y2, entry, eta, out);
		return;
	}
	double z1 = (y1 - eta) / s->scale, z2 = kind == AFT_INTERVAL ? (y2 - eta) / s->scale : 0;
	if (kind != AFT_NOTHING) {
		term_in_shape(s, kind, z1, z2, &v);
		add(s, 1, &v, z1, z2, out);
	}
	if (kind == AFT_EXACT) {
		out->l -= yg_log(s->scale) + (s->log_time ? y1 : 0);
		out->a[0] -= 1;
	}
	if (entry > -INFINITY && kind != AFT_NOTHING) {
		double z0 = (entry - eta) / s->scale;
		term_in_shape(s, AFT_RIGHT, z0, 0, &v);
		add(s, -1, &v, z0, 0, out);
	}
	if (s->tied) {
		double q = s->q;
		out->aa[0] += 2 * q * out->aa[1] + q * q * out->aa[2] + q * out->a[1];
		out->a[0] += q * out->a[1];
		out->ea[0] += q * out->ea[1];
		out->a[1] = out->ea[1] = out->aa[1] = out->aa[2] = 0;
	}
}
