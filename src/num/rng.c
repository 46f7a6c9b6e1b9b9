/* Counter-based random numbers: see rng.h. */
#include "yogo/num/rng.h"

#include <string.h>

#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"

void yg_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
	uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
	for (int round = 0; round < 10; round++) {
		uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
		uint32_t n0 = (uint32_t)(b >> 32) ^ c1 ^ k0, n2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
		c1 = (uint32_t)b;
		c3 = (uint32_t)a;
		c0 = n0;
		c2 = n2;
		k0 += 0x9E3779B9u; /* golden ratio */
		k1 += 0xBB67AE85u; /* sqrt(3) - 1 */
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

void yg_rng_init(struct yg_rng *r, uint64_t seed, enum yg_rng_purpose purpose, uint32_t replicate, uint32_t person)
{
	memset(r, 0, sizeof *r);
	r->key[0] = (uint32_t)seed;
	r->key[1] = (uint32_t)(seed >> 32);
	r->counter[1] = person;
	r->counter[2] = replicate;
	r->counter[3] = (uint32_t)purpose;
	r->used = 4;
}

uint32_t yg_rng_u32(struct yg_rng *r)
{
	if (r->used == 4) {
		yg_philox(r->counter, r->key, r->word);
		r->counter[0]++;
		r->used = 0;
	}
	return r->word[r->used++];
}

uint64_t yg_rng_u64(struct yg_rng *r)
{
	uint64_t low = yg_rng_u32(r);
	return low | (uint64_t)yg_rng_u32(r) << 32;
}

double yg_rng_uniform(struct yg_rng *r)
{
	/* 52 bits and a half: the ends cannot be rounded to. */
	return ((double)(yg_rng_u64(r) >> 12) + 0.5) * 0x1p-52;
}

double yg_rng_normal(struct yg_rng *r)
{
	return yg_normal_quantile(yg_rng_uniform(r));
}

double yg_rng_exponential(struct yg_rng *r)
{
	return -yg_log(yg_rng_uniform(r));
}

uint32_t yg_rng_below(struct yg_rng *r, uint32_t n)
{
	/* Lemire 2019, ACM TOMACS 29:3: reject the few low products that would favour some values. */
	uint32_t least = (uint32_t)(-n) % n;
	uint64_t product;
	do
		product = (uint64_t)yg_rng_u32(r) * n;
	while ((uint32_t)product < least);
	return (uint32_t)(product >> 32);
}

void yg_rng_shuffle(struct yg_rng *r, uint32_t *v, uint32_t n)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = yg_rng_below(r, i), t = v[i - 1];
		v[i - 1] = v[j];
		v[j] = t;
	}
}

static void gsl_set(void *state, unsigned long seed)
{
	yg_rng_init(state, seed, YG_RNG_GENERAL, 0, 0);
}

static unsigned long gsl_get(void *state)
{
	return yg_rng_u32(state);
}

static double gsl_get_double(void *state)
{
	return (double)yg_rng_u32(state) * 0x1p-32; /* GSL's uniform is in [0, 1) */
}

const gsl_rng_type *yg_rng_gsl_type(void)
{
	static const gsl_rng_type type = {
		"yogo_philox4x32_10", UINT32_MAX, 0, sizeof(struct yg_rng), gsl_set, gsl_get, gsl_get_double,
	};
	return &type;
}
