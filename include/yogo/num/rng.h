/*
 * Random numbers that are a function of (seed, purpose, replicate, person, draw).
 *
 * Philox4x32-10 (Salmon and others 2011, SC '11): the counter is the address of the number, so streams
 * do not depend on threads, on order, or on who else is in the analysis.  The person index is the row
 * in the subject table.  Purposes are a numbered list that only grows.
 */
#ifndef YOGO_NUM_RNG_H
#define YOGO_NUM_RNG_H

#include <stdint.h>

#include <gsl/gsl_rng.h>

enum yg_rng_purpose {
	YG_RNG_GENERAL = 0,
	YG_RNG_BOOTSTRAP = 1,
	YG_RNG_PERMUTATION = 2,
	YG_RNG_IMPUTATION = 3,
	YG_RNG_FOLDS = 4,
	YG_RNG_MATCHING = 5,
	YG_RNG_SIMULATION = 6,
	YG_RNG_SYNTHETIC = 7,
	YG_RNG_NOISE = 8,
};

struct yg_rng {
	uint32_t key[2];      /* the seed */
	uint32_t counter[4];  /* block of draws, person, replicate, purpose */
	uint32_t word[4];     /* numbers of the present block */
	unsigned used;        /* words taken; 4 = none left */
};

/* The bare function: out[4] from counter[4] and key[2]. */
void yg_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

void yg_rng_init(struct yg_rng *r, uint64_t seed, enum yg_rng_purpose purpose, uint32_t replicate, uint32_t person);
uint32_t yg_rng_u32(struct yg_rng *r);
uint64_t yg_rng_u64(struct yg_rng *r);
double yg_rng_uniform(struct yg_rng *r);                  /* in (0, 1), never an end */
double yg_rng_normal(struct yg_rng *r);                   /* by the inverse of the distribution function */
double yg_rng_exponential(struct yg_rng *r);              /* mean 1 */
uint32_t yg_rng_below(struct yg_rng *r, uint32_t n);      /* 0..n-1, all equally likely; n > 0 */
/* A random permutation of v[n] (Fisher and Yates). */
void yg_rng_shuffle(struct yg_rng *r, uint32_t *v, uint32_t n);

/* The same generator for GSL's samplers: gsl_rng_set takes the seed, purpose GENERAL. */
const gsl_rng_type *yg_rng_gsl_type(void);

#endif
