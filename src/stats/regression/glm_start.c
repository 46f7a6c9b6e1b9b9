/*
 * What is known of a generalised linear model before its first iteration: the outcome's range and sums, the model with an
 * intercept alone where it has a closed form, and where to start.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "glm_priv.h"

#include "yogo/base/mem.h"
#include "yogo/base/pool.h"
#include "yogo/num/elementary.h"

#define ROWS 4096u
#define PART_ROWS 65536u      /* a part this large, and PART_A_COLUMN rows a column, gives good starting values */
#define PART_A_COLUMN 1024u
#define PART_SHARE 4u         /* only where it is less than one row in so many */
#define PREDICTOR_MOVES 1e-8  /* root mean square of the last step of eta, by the weights of the null model */

/* ---- the outcome ---- */

struct block_sums {
	double weight, outcome;
	size_t n;                /* rows with weight */
	bool possible, weights, binary;
};
struct check {
	const struct yg_regression *d;
	double low, high;        /* outcomes that are possible */
	struct block_sums *block;
};

static enum yg_status check_block(void *context, size_t block, unsigned worker, struct yg_err *err)
{
	const struct check *c = context;
	const struct yg_regression *d = c->d;
	size_t first = block * ROWS, rows = d->n - first < ROWS ? d->n - first : ROWS;
	const double *y = d->y + first, *weight = d->weight ? d->weight + first : NULL;
	struct block_sums b = { .weight = weight ? 0 : (double)rows, .n = weight ? 0 : rows };
	size_t possible = 0, weights = weight ? 0 : rows, binary = 0;
	(void)worker;
	(void)err;
	for (size_t i = 0; i < rows; i++) {
		possible += (y[i] >= c->low) & (y[i] <= c->high);
		binary += (y[i] == 0) | (y[i] == 1);
		b.outcome += (weight ? weight[i] : 1) * y[i];
	}
	for (size_t i = 0; weight && i < rows; i++) {
		weights += (weight[i] >= 0) & (weight[i] <= DBL_MAX);
		b.weight += weight[i];
		b.n += weight[i] > 0;
	}
	b.possible = possible == rows;
	b.weights = weights == rows;
	b.binary = binary == rows;
	c->block[block] = b;
	return YG_OK;
}

static struct check check_of(const struct yg_regression *d, enum yg_family family)
{
	struct check c = { .d = d, .low = 0, .high = DBL_MAX };
	if (family == YG_FAMILY_GAUSSIAN)
		c.low = -DBL_MAX;
	else if (family == YG_FAMILY_BINOMIAL)
		c.high = 1;
	else if (family == YG_FAMILY_GAMMA || family == YG_FAMILY_INVERSE_GAUSSIAN)
		c.low = DBL_TRUE_MIN;
	return c;
}

static enum yg_status refuse(enum yg_family family, bool possible, struct yg_err *err)
{
	if (possible)
		return yg_fail(err, YG_REFUSED, "E-GLM-002", "a weight is negative or not a number");
	return yg_fail(err, YG_REFUSED, "E-GLM-001",
	               family == YG_FAMILY_BINOMIAL ?
	                       "the outcome of a %s model must lie between 0 and 1" :
	                       family == YG_FAMILY_GAMMA || family == YG_FAMILY_INVERSE_GAUSSIAN ?
	                       "the outcome of a %s model must be above 0" :
	                       "the outcome of a %s model must not be negative",
	               yg_family_name(family));
}

enum yg_status yg_glm_check(struct yg_glm_work *f, struct yg_glm *m, struct yg_err *err)
{
	const struct yg_regression *d = f->d;
	enum yg_family family = f->family.family;
	size_t blocks = (d->n + ROWS - 1) / ROWS;
	struct check c = check_of(d, family);
	struct block_sums all = { .possible = true, .weights = true, .binary = true };
	c.block = yg_xcalloc(blocks + 1, sizeof *c.block);
	enum yg_status s = yg_pool_run(f->task, blocks, check_block, &c, err);
	for (size_t b = 0; s == YG_OK && b < blocks; b++) {
		const struct block_sums *part = &c.block[b];
		all.weight += part->weight;
		all.outcome += part->outcome;
		all.n += part->n;
		all.binary = all.binary && part->binary;
		if (!part->possible || !part->weights)
			s = refuse(family, part->possible, err);
	}
	yg_free(c.block);
	YG_TRY(s);
	f->weight_sum = m->weight_sum = all.weight;
	f->outcome_sum = all.outcome;
	m->n = d->weight && d->frequency ? (size_t)(all.weight + 0.5) : all.n;
	if (d->weight)
		return YG_OK;
	if (family == YG_FAMILY_BINOMIAL && f->family.link == YG_LINK_LOGIT && all.binary) {
		f->fast = YG_GLM_LOGIT;
		f->pass.fn = yg_glm_logit_rows;
	}
	if (family == YG_FAMILY_POISSON && f->family.link == YG_LINK_LOG) {
		f->fast = YG_GLM_POISSON;
		f->pass.fn = yg_glm_poisson_rows;
	}
	if (family == YG_FAMILY_NEGATIVE_BINOMIAL) {
		f->fast = YG_GLM_NEGBIN;
		f->pass.fn = yg_glm_negbin_rows;
	}
	if (f->fast == YG_GLM_POISSON || f->fast == YG_GLM_NEGBIN) {
		struct yg_pass count = { .n = d->n, .offset = d->offset, .fn = yg_glm_count_rows, .context = f };
		yg_glm_count_tables(f);
		if (f->fast == YG_GLM_POISSON || !f->options->brief)
			YG_TRY(yg_pass_run(&count, NULL, f->task, NULL, NULL, f->counts, err));
	}
	return YG_OK;
}

/* ---- the model with an intercept alone ---- */

double yg_glm_null_eta(const struct yg_glm_work *f)
{
	if (!f->d->offset)
		return yg_glm_eta(f->family.link, f->outcome_sum / f->weight_sum);
	return f->fast == YG_GLM_POISSON ? yg_log(f->outcome_sum / f->counts[0]) : NAN;
}

double yg_glm_null_closed(const struct yg_glm_work *f, double eta0)
{
	double n = f->weight_sum, k = f->outcome_sum, p = k / n;
	if (f->fast == YG_GLM_LOGIT)
		return -2 * ((k > 0 ? k * yg_log(p) : 0) + (k < n ? (n - k) * yg_log1p(-p) : 0));
	if (f->fast == YG_GLM_POISSON)     /* the fitted means add up to the counts */
		return k > 0 ? 2 * (f->counts[1] - f->counts[2] - k * eta0) : 0;
	return NAN;
}

/* ---- where to start ---- */

struct part {
	const struct yg_glm_work *f;
	struct yg_pass pass;
};

static enum yg_status evaluate_part(void *context, const double *b, double *objective, double *score, double *information,
                                    struct yg_err *err)
{
	const struct part *part = context;
	double sums[YG_PASS_SUMS];
	YG_TRY(yg_pass_run(&part->pass, b, part->f->task, information, score, sums, err));
	*objective = sums[1] > 0 ? NAN : -sums[0] / 2;
	return YG_OK;
}

/*
 * Many rows: a fit of blocks spread over all of them is near the fit of all, and saves passes over all.  Where it does not
 * settle (a rare level is not among them), the null model is as good a start.
 */
static enum yg_status start_on_part(struct yg_glm_work *f, struct yg_glm *m, double *score, double *information,
                                    struct yg_err *err)
{
	size_t p = f->d->p, rows = PART_A_COLUMN * p > PART_ROWS ? PART_A_COLUMN * p : PART_ROWS;
	if (f->d->n / PART_SHARE < rows)
		return YG_OK;
	double mean = f->outcome_sum / f->weight_sum;
	f->tolerance = PREDICTOR_MOVES * PREDICTOR_MOVES * f->weight_sum * (f->fast == YG_GLM_LOGIT ? mean * (1 - mean) : mean);
	struct part part = { f, f->pass };
	struct yg_newton newton;
	struct yg_newton_options options = yg_newton_standard;
	part.pass.every = f->d->n / rows;
	options.most_iterations = 8;
	options.tolerance = 1;           /* beyond it the part's own error is the larger */
	double *b = yg_xalloc(p + 1, sizeof *b);
	memcpy(b, m->b, p * sizeof *b);
	enum yg_status s = yg_newton_maximize(p, b, evaluate_part, &part, &options, &newton, score, information, m->dropped, err);
	if (s == YG_OK && newton.stop == YG_STOP_TOLERANCE)
		memcpy(m->b, b, p * sizeof *b);
	yg_free(b);
	return s;
}

enum yg_status yg_glm_start(struct yg_glm_work *f, struct yg_glm *m, double *score, double *information, double eta0,
                            struct yg_err *err)
{
	const struct yg_regression *d = f->d;
	size_t p = d->p;
	if (f->options->start) {
		memcpy(m->b, f->options->start, p * sizeof(double));
		for (size_t j = 0; j < p && d->intercept >= 0; j++)
			if ((int)j != d->intercept)
				m->b[d->intercept] += f->shift[j] * m->b[j];
		return YG_OK;
	}
	if (f->fast != YG_GLM_GENERAL && d->intercept >= 0 && isfinite(eta0)) {
		m->b[d->intercept] = eta0;      /* concave likelihood: any start will do */
		return start_on_part(f, m, score, information, err);
	}
	struct yg_pass first = f->pass;
	double sums[YG_PASS_SUMS];
	first.fn = yg_glm_first_rows;
	YG_TRY(yg_pass_run(&first, NULL, f->task, information, score, sums, err));
	(void)!yg_cholesky(information, p, YG_CHOLESKY_TOLERANCE, m->dropped);
	memcpy(m->b, score, p * sizeof(double));
	yg_cholesky_solve(information, p, m->dropped, m->b);
	return YG_OK;
}
