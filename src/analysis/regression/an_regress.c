/*
 * linear, logit, poisson, glm: sets, designs, fits, variances.
 */
#include <math.h>
#include <string.h>

#include "analysis/an_frame_priv.h"
#include "analysis/an_model_table_priv.h"
#include "analysis/prediction/an_model_priv.h"
#include "analysis/regression/an_regress_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/base/text.h"
#include "yogo/expr/intern.h"
#include "yogo/num/dist.h"

#define OPERATION_VERSION 1

struct work {
	const struct yg_an_regress *r;
	struct yg_task *task;
	struct yg_arena arena;
	bool is_linear;
	struct yg_glm_options options;
	enum an_se se;                   /* as asked; AN_SE_MODEL when not said */
	bool se_said;
	double conf;
	struct yg_raw *raw;
	struct yg_glm_model *kept;
	size_t fits;
	const struct yg_set *counted;    /* the headline counts are of this set */
};

/* ---- options ---- */

static enum yg_status read_family(struct work *w, struct yg_err *err)
{
	static const struct { const char *name; enum yg_family family; bool quasi; } family[] = {
		{ "gaussian", YG_FAMILY_GAUSSIAN, false }, { "binomial", YG_FAMILY_BINOMIAL, false },
		{ "poisson", YG_FAMILY_POISSON, false }, { "gamma", YG_FAMILY_GAMMA, false },
		{ "inverse", YG_FAMILY_INVERSE_GAUSSIAN, false }, { "negbin", YG_FAMILY_NEGATIVE_BINOMIAL, false },
		{ "quasibinomial", YG_FAMILY_BINOMIAL, true }, { "quasipoisson", YG_FAMILY_POISSON, true },
	};
	const char *verb = w->r->verb ? w->r->verb : "glm";
	const char *name = w->r->family ? w->r->family : !strcmp(verb, "logit") ? "binomial" : !strcmp(verb, "poisson") ? "poisson" : "gaussian";
	size_t i = 0, n = sizeof family / sizeof *family;
	while (i < n && strcmp(family[i].name, name))
		i++;
	if (i == n)
		return yg_fail(err, YG_ESYNTAX, "E-REG-002", N_("there is no family %s"), name);
	w->options.family = family[i].family;
	w->options.quasi = family[i].quasi;
	w->options.link = yg_family_link(family[i].family);
	if (w->r->link && !yg_link_parse(w->r->link, &w->options.link))
		return yg_fail(err, YG_ESYNTAX, "E-REG-003", N_("there is no link %s"), w->r->link);
	if (!yg_family_allows(w->options.family, w->options.link))
		return yg_fail(err, YG_ESYNTAX, "E-REG-004", N_("family %s has no %s link"), name, yg_link_name(w->options.link));
	return YG_OK;
}

static enum yg_status read_options(struct work *w, struct yg_err *err)
{
	static const char *const se[] = { "model", "hc0", "hc1", "hc2", "hc3" };
	const struct yg_an_regress *r = w->r;
	w->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	if (!(w->conf > 0 && w->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	if (!w->is_linear)
		YG_TRY(read_family(w, err));
	if (r->se) {
		size_t i = 0;
		while (i < 5 && strcmp(se[i], r->se))
			i++;
		if (!strcmp(r->se, "robust"))
			i = w->is_linear ? AN_SE_HC1 : AN_SE_HC0;
		if (i == 5)
			return yg_fail(err, YG_REFUSED, "E-REG-006", N_("standard errors %s are not available here"), r->se);
		w->se = (enum an_se)i;
		w->se_said = true;
	}
	if (r->ci && strcmp(r->ci, "wald") && strcmp(r->ci, "profile"))
		return yg_fail(err, YG_ESYNTAX, "E-REG-007", N_("ci is wald or profile, not %s"), r->ci);
	if (r->ci && !strcmp(r->ci, "profile") && (w->is_linear || w->se != AN_SE_MODEL || r->cluster || r->in.weight))
		return yg_fail(err, YG_REFUSED, "E-REG-008",
		               N_("profile likelihood intervals need a likelihood: not with robust errors, clusters or sampling weights, "
		                  "and not for linear models, where they are the same as ci=wald"));
	if (r->measure) {
		bool logit = !w->is_linear && w->options.link == YG_LINK_LOGIT, log = !w->is_linear && w->options.link == YG_LINK_LOG;
		bool fits = w->is_linear ? !strcmp(r->measure, "mean") :
		            logit ? !strcmp(r->measure, "or") : log ? !strcmp(r->measure, "ratio") || !strcmp(r->measure, "rr") : false;
		if (!fits) {
			yg_fail(err, YG_REFUSED, "E-REG-009", N_("measure=%s is not what this model estimates"), r->measure);
			yg_err_hint(err, logit ? N_("Risk ratios: poisson with se=robust. Risk differences: linear with se=hc3.") :
			            w->is_linear ? N_("Ratios of means: glm with family=gamma, link=log, or the logarithm of the outcome.") :
			            N_("Leave measure out."));
			return YG_REFUSED;
		}
	}
	return YG_OK;
}

/* ---- sets ---- */

/* Where the parts of a statement's variables stand in the set. */
struct places {
	size_t terms, by, bys, cluster, clusters, frequency;
	bool has_frequency;
};

static enum yg_status build_set(struct work *w, const struct yg_node *outcome, const struct yg_design_plan *plan,
                                const struct yg_node *crossing, struct places *at, struct yg_set **out, struct yg_err *err)
{
	const struct yg_an_regress *r = w->r;
	const struct yg_set_variable *asked;
	size_t terms = yg_design_plan_variables(plan, &asked), n = 0;
	size_t clusters = r->cluster ? r->cluster->children : 0, bys = crossing ? crossing->children : 0;
	struct yg_set_variable *list = yg_arena_alloc(&w->arena, terms + clusters + bys + 3, sizeof *list);
	bool binomial = !w->is_linear && w->options.family == YG_FAMILY_BINOMIAL;
	list[n++] = (struct yg_set_variable){ .expression = outcome, .use = YG_USE_OUTCOME, .as_factor = binomial && r->event };
	at->terms = n;
	if (terms)
		memcpy(list + n, asked, terms * sizeof *list);
	n += terms;
	at->by = n;
	at->bys = bys;
	for (size_t k = 0; k < bys; k++)
		list[n++] = (struct yg_set_variable){ .expression = crossing->child[k], .use = YG_USE_BY, .as_factor = true };
	at->cluster = n;
	at->clusters = clusters;
	for (size_t k = 0; k < clusters; k++)
		list[n++] = (struct yg_set_variable){ .expression = r->cluster->child[k], .use = YG_USE_CLUSTER, .as_factor = true };
	if (r->in.weight)
		list[n++] = (struct yg_set_variable){ .expression = r->in.weight, .use = YG_USE_WEIGHT };
	at->frequency = n;
	at->has_frequency = r->frequency != NULL;
	if (r->frequency)
		list[n++] = (struct yg_set_variable){ .expression = r->frequency, .use = YG_USE_FREQUENCY };
	struct yg_set_request request = { .scope = r->in.scope, .population = r->in.population, .where = r->in.where,
		                          .unit = YG_SET_ROWS, .variable = list, .variables = n };
	YG_TRY(yg_set_build(&request, w->task, out, err));
	if ((*out)->n)
		return YG_OK;
	yg_set_free(*out);
	*out = NULL;
	yg_fail(err, YG_REFUSED, "E-REG-001", N_("nobody is left to fit a model to"));
	yg_err_hint(err, N_("Look at where, and at the variables of the model, for missing values: see missing."));
	return YG_REFUSED;
}

/* ---- one fit ---- */

static enum yg_status outcome_values(struct work *w, struct an_fit *f, const struct yg_set_column *c, const struct yg_node *at,
                                     struct yg_err *err)
{
	size_t n = f->set->n, others = 0;
	bool binomial = !f->is_linear && f->options.family == YG_FAMILY_BINOMIAL;
	if (c->is_factor && !(binomial && w->r->event)) {
		yg_fail_at(err, YG_ESYNTAX, at->at, at->len, binomial ? "E-REG-010" : "E-REG-011",
		           binomial ? N_("%s has levels: which of them is the event?") : N_("%s has levels; this model needs a number"), c->name);
		if (binomial && c->levels > 0)
			yg_err_hint(err, N_("Write with event=\"%s\""), c->level_name[c->levels - 1]);
		return YG_ESYNTAX;
	}
	if (c->is_factor) {
		int event = -1;
		for (int l = 0; l < c->levels; l++)
			if (!strcmp(c->level_name[l], w->r->event))
				event = l;
		if (event < 0) {
			yg_fail_at(err, YG_REFUSED, at->at, at->len, "E-REG-012", N_("%s is never \"%s\" in the rows analysed"), c->name, w->r->event);
			return YG_REFUSED;
		}
		f->made = yg_data_alloc(n + 1, sizeof(double));
		if (!f->made)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was set up"));
		for (size_t i = 0; i < n; i++)
			f->made[i] = c->level[i] == event;
		f->y = f->made;
		return YG_OK;
	}
	if (c->type == YG_TYPE_DATE || c->type == YG_TYPE_INSTANT)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-REG-013", N_("%s is a date; this model needs a number"), c->name);
	f->y = c->number;
	for (size_t i = 0; binomial && i < n; i++)
		others += (f->y[i] != 0) & (f->y[i] != 1);
	if (others) {
		yg_fail_at(err, YG_REFUSED, at->at, at->len, "E-REG-014", N_("%s is not 0 or 1: which value is the event?"), c->name);
		yg_err_hint(err, N_("Write with event=\"LEVEL\", or make a flag: let NAME = %s > ..."), c->name);
		return YG_REFUSED;
	}
	return YG_OK;
}

/* Cluster numbers of the rows; several columns combine. */
static enum yg_status cluster_codes(struct an_fit *f, const struct places *at, int32_t **out, struct yg_err *err)
{
	const struct yg_set *s = f->set;
	int32_t *code = yg_data_calloc(s->n + 1, sizeof *code);
	if (!code)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was set up"));
	struct yg_intern seen;
	yg_intern_init(&seen);
	for (size_t k = 0; k < at->clusters; k++) {
		yg_intern_release(&seen);
		yg_intern_init(&seen);
		for (size_t i = 0; i < s->n; i++)
			code[i] = (int32_t)yg_intern64(&seen, (uint64_t)code[i], (uint64_t)s->column[at->cluster + k].level[i]);
	}
	f->clusters = seen.count;
	yg_intern_release(&seen);
	*out = code;
	return YG_OK;
}

static enum yg_status robust(struct work *w, struct an_fit *f, const struct places *at, struct yg_err *err)
{
	size_t n = f->set->n;
	struct yg_robust_request request = { 0 };
	double *score = yg_data_alloc(n + 1, sizeof(double)), *working = f->is_linear ? NULL : yg_data_alloc(n + 1, sizeof(double));
	int32_t *code = NULL;
	enum yg_status s = score && (f->is_linear || working) ? YG_OK :
		yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the robust variance"));
	if (s == YG_OK && f->is_linear) {
		s = yg_linear_residuals(&f->data, &f->linear, w->task, score, err);
		for (size_t i = 0; s == YG_OK && f->weight && i < n; i++)
			score[i] *= f->weight[i];
	} else if (s == YG_OK) {
		struct yg_glm_rows rows = { .score = score, .weight = working };
		s = yg_glm_rows(&f->data, &f->glm, w->task, &rows, err);
	}
	if (s == YG_OK && f->se == AN_SE_CLUSTER) {
		s = cluster_codes(f, at, &code, err);
		request.cluster = code;
		request.clusters = f->clusters;
		request.adjust = true;
		request.type = f->is_linear ? YG_ROBUST_HC1 : YG_ROBUST_HC0;
		if (s == YG_OK && f->clusters < 2)
			s = yg_fail(err, YG_REFUSED, "E-REG-015", N_("there is only one cluster: its variance cannot be estimated"));
	} else {
		request.type = (enum yg_robust)(f->se - AN_SE_HC0);
	}
	if (s == YG_OK)
		s = yg_robust_covariance(&f->data, score, f->is_linear ? f->weight : working, f->inverse, f->rank, (size_t)f->n,
		                         &request, w->task, f->covariance, err);
	yg_data_free(score);
	yg_data_free(working);
	yg_data_free(code);
	return s;
}

static enum yg_status variance(struct work *w, struct an_fit *f, const struct places *at, struct yg_err *err)
{
	size_t p = (size_t)f->design->p;
	bool weighted = f->set->weight != NULL;
	f->covariance = yg_data_alloc(p * p + 1, sizeof(double));
	if (!f->covariance)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the model was fitted"));
	f->se = at->clusters ? AN_SE_CLUSTER : w->se;
	if (!at->clusters && weighted && !w->se_said)
		f->se = f->is_linear ? AN_SE_HC1 : AN_SE_HC0;
	if (f->se == AN_SE_MODEL) {
		memcpy(f->covariance, f->is_linear ? f->linear.covariance : f->glm.covariance, p * p * sizeof(double));
		f->df = f->is_linear ? f->linear.df_residual : f->glm.dispersion_estimated ? f->glm.df_residual : INFINITY;
		return YG_OK;
	}
	YG_TRY(robust(w, f, at, err));
	f->df = f->is_linear ? (f->se == AN_SE_CLUSTER ? (double)f->clusters - 1 : f->linear.df_residual) : INFINITY;
	return YG_OK;
}

static enum yg_status intervals(struct work *w, struct an_fit *f, struct yg_err *err)
{
	size_t p = (size_t)f->design->p;
	bool profile = w->r && w->r->ci && !strcmp(w->r->ci, "profile") && !f->is_linear && f->glm.stop == YG_STOP_TOLERANCE;
	f->lower = yg_xcalloc(p + 1, sizeof(double));
	f->upper = yg_xcalloc(p + 1, sizeof(double));
	f->conf = w->conf;
	f->critical = isfinite(f->df) ? yg_t_quantile(0.5 + w->conf / 2, f->df) : yg_normal_quantile(0.5 + w->conf / 2);
	for (size_t j = 0; j < p; j++) {
		double se = sqrt(f->covariance[j * p + j]);
		f->lower[j] = f->b[j] - f->critical * se;
		f->upper[j] = f->b[j] + f->critical * se;
		if (profile && !f->dropped[j] && !f->diverging[j])
			YG_TRY(yg_glm_profile(&f->data, &f->options, &f->glm, j, w->conf, w->task, &f->lower[j], &f->upper[j], err));
	}
	return YG_OK;
}

static enum yg_status fit_kernel(struct work *w, struct an_fit *f, struct yg_err *err)
{
	if (f->is_linear) {
		YG_TRY(yg_linear_fit(&f->data, w->task, &f->linear, err));
		f->b = f->linear.b;
		f->inverse = f->linear.inverse;
		f->dropped = f->linear.dropped;
		f->rank = f->linear.rank;
		f->n = (double)f->linear.n;
		return YG_OK;
	}
	if (f->options.family == YG_FAMILY_NEGATIVE_BINOMIAL) {
		YG_TRY(yg_negative_binomial_fit(&f->data, w->task, &f->glm, err));
		f->options.theta = f->glm.theta;
	} else {
		YG_TRY(yg_glm_fit(&f->data, &f->options, w->task, &f->glm, err));
	}
	f->b = f->glm.b;
	f->inverse = f->glm.inverse;
	f->dropped = f->glm.dropped;
	f->diverging = f->glm.diverging;
	f->rank = f->glm.rank;
	f->n = (double)f->glm.n;
	return YG_OK;
}

/* Enough rows, and independent ones? */
static enum yg_status check_rows(struct work *w, const struct an_fit *f, const struct places *at, struct yg_err *err)
{
	const struct yg_set *s = f->set;
	if (s->n > s->persons && !at->clusters && !at->has_frequency) {
		yg_fail(err, YG_REFUSED, "E-REG-016", N_("there are %llu rows of %llu persons: rows of one person are not independent"),
		        (unsigned long long)s->n, (unsigned long long)s->persons);
		yg_err_hint(err, N_("Add cluster with the person's column, or choose one row a person with where."));
		return YG_REFUSED;
	}
	if (at->has_frequency && s->weight) {
		yg_fail(err, YG_REFUSED, "E-REG-017", N_("weight and freq cannot be used together"));
		return YG_REFUSED;
	}
	(void)w;
	return YG_OK;
}

void an_fit_release(struct an_fit *f)
{
	yg_design_free(f->design);
	yg_data_free(f->made);
	yg_data_free(f->covariance);
	yg_free(f->lower);
	yg_free(f->upper);
	yg_free(f->column_persons);
	yg_free(f->column_events);
	if (f->is_linear)
		yg_linear_release(&f->linear);
	else
		yg_glm_release(&f->glm);
}

/* The kernel's view of what has been set up, and who stands behind the outcome. */
static void set_data(struct an_fit *f)
{
	const struct yg_design *d = f->design;
	f->data = (struct yg_regression){ .n = d->n, .p = (size_t)d->p, .packed = d->packed, .y = f->y, .weight = f->weight,
		                          .offset = d->offset, .intercept = d->column[0].term < 0 ? 0 : -1, .frequency = f->frequency };
	f->binary_outcome = !f->is_linear && f->options.family == YG_FAMILY_BINOMIAL;
	an_count_outcome(f);
}

static enum yg_status fit_all(struct work *w, struct an_fit *f, const struct yg_design_plan *plan, const struct places *at,
                              const struct yg_node *outcome, struct yg_err *err)
{
	struct yg_set *s = f->set;
	YG_TRY(check_rows(w, f, at, err));
	f->plan = plan;
	f->terms_at = at->terms;
	f->event = w->r->event;
	YG_TRY(yg_design_build_packed(w->task, plan, s, at->terms, true, &f->design, err));
	yg_set_drop_terms(s);                    /* the matrix was their last use */
	YG_TRY(outcome_values(w, f, &s->column[0], outcome, err));
	f->outcome_label = s->column[0].label ? s->column[0].label : f->outcome;
	f->frequency = at->has_frequency;
	f->weight = at->has_frequency ? s->column[at->frequency].number : s->weight;
	if (f->design->p == 0)
		return yg_fail(err, YG_REFUSED, "E-REG-018", N_("the model has no terms"));
	set_data(f);
	if (f->binary_outcome && (f->events == 0 || f->events_counted == (int64_t)s->n) && !f->frequency)
		return yg_fail(err, YG_REFUSED, "E-REG-019", N_("%s is the same in all rows analysed: there is nothing to explain"), f->outcome);
	YG_TRY(fit_kernel(w, f, err));
	if (f->is_linear && !(f->linear.df_residual > 0))
		return yg_fail(err, YG_REFUSED, "E-REG-020", N_("the model has as many terms as there are rows (%zu)"), s->n);
	YG_TRY(variance(w, f, at, err));
	YG_TRY(intervals(w, f, err));
	return an_count_columns(f, w->task, err);
}

enum yg_status an_fit_plain(struct an_fit *f, double conf, struct yg_task *task, struct yg_err *err)
{
	struct work w = { .task = task, .is_linear = f->is_linear, .options = f->options, .conf = conf };
	struct places at = { 0 };
	set_data(f);
	YG_TRY(fit_kernel(&w, f, err));
	YG_TRY(variance(&w, f, &at, err));
	YG_TRY(intervals(&w, f, err));
	return an_count_columns(f, w.task, err);
}

static enum yg_status one_fit(struct work *w, struct yg_set *set, const char *group, const struct yg_node *outcome,
                              const struct yg_node *model, const struct yg_design_plan *plan, const struct places *at,
                              struct yg_err *err)
{
	struct an_fit f = { .set = set, .is_linear = w->is_linear, .options = w->options, .group = group };
	f.several = w->r->outcome.count > 1 || w->r->formula->children > 1 || w->r->in.by;
	f.outcome = set->column[0].name;
	f.formula = yg_arena_printf(&w->arena, "%s ~ %s", f.outcome, an_formula(&w->arena, model));
	enum yg_status s = fit_all(w, &f, plan, at, outcome, err);
	if (s == YG_OK) {
		if (w->counted != set) {
			an_set_notes(w->raw, set, &w->r->in, f.events_counted);
			w->counted = set;
		}
		an_fit_tables(w->raw, &f, w->fits, w->conf, &w->arena);
		an_fit_notes(w->raw, &f, w->r, w->conf, &w->arena);
		int64_t size = f.events < 0 ? f.persons : f.binary_outcome && f.persons - f.events < f.events ? f.persons - f.events : f.events;
		yg_raw_model(w->raw, size, (int64_t)f.rank);
		f.rows = an_rows_hash_on(w->task, set, f.y, NULL);
		an_keep(w->kept, &f, w->task);
		w->fits++;
	}
	an_fit_release(&f);
	return s;
}

/* The groups of a crossing one after another, or everybody. */
static enum yg_status in_groups(struct work *w, struct yg_set *set, const struct places *at, const struct yg_node *outcome,
                                const struct yg_node *model, const struct yg_design_plan *plan, struct yg_err *err)
{
	if (!at->bys)
		return one_fit(w, set, NULL, outcome, model, plan, at, err);
	size_t cells = 1;
	for (size_t k = 0; k < at->bys; k++)
		cells *= (size_t)set->column[at->by + k].levels;
	if (cells > 200) {
		yg_fail(err, YG_REFUSED, "E-REG-021", N_("by makes %zu groups, and as many models"), cells);
		yg_err_hint(err, N_("Make fewer groups with factor NAME = cut(...)"));
		return YG_REFUSED;
	}
	uint8_t *keep = yg_data_alloc(set->n + 1, 1);
	enum yg_status s = keep ? YG_OK : yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while rows were chosen"));
	for (size_t c = 0; s == YG_OK && c < cells; c++) {
		struct yg_buf name = YG_BUF_INIT;
		size_t rest = c, found = 0;
		memset(keep, 1, set->n);
		for (size_t k = at->bys; k-- > 0;) {
			const struct yg_set_column *b = &set->column[at->by + k];
			int32_t level = (int32_t)(rest % (size_t)b->levels);
			rest /= (size_t)b->levels;
			for (size_t i = 0; i < set->n; i++)
				keep[i] = keep[i] && b->level[i] == level;
		}
		rest = c;
		size_t wide = cells;
		for (size_t k = 0; k < at->bys; k++) {
			const struct yg_set_column *b = &set->column[at->by + k];
			wide /= (size_t)b->levels;
			yg_buf_addf(&name, k ? ", %s: %s" : "%s: %s", b->name, b->level_name[rest / wide]);
			rest %= wide;
		}
		for (size_t i = 0; i < set->n; i++)
			found += keep[i];
		struct yg_set *part = NULL;
		if (found) {
			s = an_set_subset(set, keep, &part, err);
			if (s == YG_OK)
				s = one_fit(w, part, yg_arena_strdup(&w->arena, name.data), outcome, model, plan, at, err);
			yg_set_free(part);
			w->counted = NULL;
		}
		yg_buf_release(&name);
	}
	yg_data_free(keep);
	return s;
}

static enum yg_status run_all(struct work *w, struct yg_err *err)
{
	const struct yg_an_regress *r = w->r;
	for (size_t o = 0; o < r->outcome.count; o++)
		for (uint32_t m = 0; m < r->formula->children; m++) {
			const struct yg_node *model = r->formula->child[m];
			struct yg_design_plan *plan;
			YG_TRY(yg_design_plan(&w->arena, r->in.scope, model, &plan, err));
			for (size_t k = 0; k < an_crossings(r->in.by); k++) {
				struct places at;
				struct yg_set *set = NULL;
				enum yg_status s = build_set(w, r->outcome.node[o], plan, an_crossing(r->in.by, k), &at, &set, err);
				if (s == YG_OK)
					s = in_groups(w, set, &at, r->outcome.node[o], model, plan, err);
				yg_set_free(set);
				w->counted = NULL;
				YG_TRY(s);
			}
		}
	return YG_OK;
}

static const char *title_of(const struct work *w, struct yg_arena *arena)
{
	const struct yg_an_regress *r = w->r;
	static const char *const family[] = { N_("Linear regression"), N_("Logistic regression"), N_("Poisson regression"),
		                              N_("Gamma regression"), N_("Inverse Gaussian regression"), N_("Negative binomial regression") };
	const char *what = w->is_linear ? family[0] : family[w->options.family];
	if (!w->is_linear && w->options.family == YG_FAMILY_BINOMIAL && w->options.link != YG_LINK_LOGIT)
		what = N_("Binomial regression");
	struct yg_buf names = YG_BUF_INIT;
	for (size_t o = 0; o < r->outcome.count; o++)
		yg_buf_addf(&names, o ? ", %s" : "%s", r->outcome.node[o]->text ? r->outcome.node[o]->text : "");
	size_t models = (size_t)r->formula->children;
	what = yg_phrase_message(arena, what);
	const char *s = models > 1 ? yg_phrase(arena, N_("%s of %s, %s models"), what, names.data, yg_arena_printf(arena, "%zu", models)) :
	                             yg_phrase(arena, N_("%s of %s"), what, names.data);
	yg_buf_release(&names);
	return s;
}

static enum yg_status regress(const struct yg_an_regress *r, bool linear, struct yg_task *task, struct yg_raw **out,
                              struct yg_glm_model **model, struct yg_err *err)
{
	struct work w = { .r = r, .task = task, .is_linear = linear };
	YG_TRY(read_options(&w, err));
	if (!r->in.population || !r->formula || !r->outcome.count)
		return yg_fail(err, YG_EBUG, "E-REG-900", N_("a regression was asked without outcome, formula or population"));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new(linear ? "linear" : r->verb ? r->verb : "glm", OPERATION_VERSION);
	w.kept = yg_xcalloc(1, sizeof *w.kept);
	yg_raw_title(w.raw, title_of(&w, &w.arena));
	enum yg_status s = run_all(&w, err);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	if (s == YG_OK && model)
		*model = w.kept;
	else
		yg_glm_model_free(w.kept);
	yg_arena_release(&w.arena);
	return s;
}

enum yg_status yg_an_linear(const struct yg_an_regress *request, struct yg_task *task, struct yg_raw **out,
                            struct yg_glm_model **model, struct yg_err *err)
{
	return regress(request, true, task, out, model, err);
}

enum yg_status yg_an_glm(const struct yg_an_regress *request, struct yg_task *task, struct yg_raw **out,
                         struct yg_glm_model **model, struct yg_err *err)
{
	return regress(request, false, task, out, model, err);
}
