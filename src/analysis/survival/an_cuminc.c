/* cuminc: cumulative incidence with competing risks, on the frame of the survival verbs. */
#include <math.h>
#include <string.h>

#include "an_cuminc_priv.h"
#include "yogo/base/i18n.h"

#define OPERATION_VERSION 2

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while follow-up was set up"));
}

/* ---- rows ---- */

/* Does row i go on in row i + 1: the same person, group, stratum and weight, without a gap? */
static bool goes_on(const struct an_surv *s, size_t i)
{
	const struct yg_set *set = s->set;

	return i + 1 < set->n && set->person[i + 1] == set->person[i] && set->status[i] == 0 && set->entry &&
	       set->entry[i + 1] == set->exit[i] && s->group[i + 1] == s->group[i] &&
	       (!s->stratum || s->stratum[i + 1] == s->stratum[i]) && (!s->weight || s->weight[i + 1] == s->weight[i]) &&
	       (!s->cluster || s->cluster[i + 1] == s->cluster[i]) && s->endpoint->grain != YG_SPANS_EACH;
}

/* A person's parts that follow on each other become one row: the estimate is the same and persons are what varies. */
static enum yg_status merge(struct an_ci *c, struct yg_err *err)
{
	const struct an_surv *s = &c->s;
	const struct yg_set *set = s->set;
	const size_t n = set->n, size[8] = { sizeof(double), sizeof(double), 1, sizeof(int32_t), sizeof(int32_t), sizeof(double),
		                             sizeof(uint32_t), sizeof(uint32_t) };
	size_t m = 0;

	for (size_t k = 0; k < 8; k++) {
		c->merged[k] = yg_data_alloc(n + 1, size[k]);
		if (!c->merged[k])
			return no_memory(err);
	}
	double *entry = c->merged[0], *exit = c->merged[1], *weight = c->merged[5];
	uint8_t *event = c->merged[2];
	int32_t *group = c->merged[3], *stratum = c->merged[4];
	uint32_t *cluster = c->merged[6], *person = c->merged[7];
	for (size_t i = 0, j; i < n; i = j + 1, m++) {
		for (j = i; goes_on(s, j); j++)
			;
		entry[m] = set->entry ? set->entry[i] : -INFINITY;
		exit[m] = set->exit[j];
		event[m] = set->status[j];
		group[m] = s->group[i];
		stratum[m] = s->stratum ? s->stratum[i] : 0;
		weight[m] = s->weight ? s->weight[i] : 1;
		cluster[m] = s->cluster ? s->cluster[i] : 0;
		person[m] = set->person[i];
	}
	c->records = c->rows = c->spans.n = m;
	bool late = false;
	for (size_t i = 0; i < m && !late; i++)
		late = set->entry && entry[i] != 0;
	c->spans.entry = late ? entry : NULL;
	c->spans.exit = exit;
	c->spans.event = event;
	c->spans.group = s->groups > 1 ? group : NULL;
	c->spans.stratum = s->stratum ? stratum : NULL;
	c->spans.weight = s->weight ? weight : NULL;
	if (s->cluster) {
		c->cluster = cluster;
		c->clusters = s->clusters;
		return YG_OK;
	}
	/* What is left in several rows a person is summed up by person. */
	for (size_t i = 0, k = 0; m > set->persons && i < m; i++) {
		k += i && person[i] != person[i - 1];
		cluster[i] = (uint32_t)k;
		c->clusters = k + 1;
		c->cluster = cluster;
	}
	return YG_OK;
}

static enum yg_status build(struct an_ci *c, const struct yg_node *crossing, struct yg_err *err)
{
	const struct yg_an_cuminc *r = c->r;
	struct an_surv_request ask = { .in = &r->in, .endpoint = r->endpoint, .crossing = crossing, .strata = r->strata,
	                               .cluster = r->cluster, .frequency = r->frequency, .cause = r->cause, .verb = "cuminc", .kinds = true };

	YG_TRY(an_surv_build(&ask, c->task, &c->s, err));
	c->have_s = true;
	c->cause = (unsigned)c->s.cause - 1;
	YG_TRY(an_surv_independent(&c->s, "cuminc", err));
	c->spans = c->s.spans;
	c->spans.event = c->s.kinds ? c->s.kind_status : c->s.set->status;
	c->spans.cluster = NULL;
	c->spans.continues = NULL;
	c->rows = c->spans.n;
	c->records = c->s.set->n;
	c->cluster = c->s.cluster;
	c->clusters = c->s.clusters;
	if (c->records != c->s.set->persons)
		YG_TRY(merge(c, err));
	if (c->s.frequency && c->cluster)
		return yg_fail(err, YG_REFUSED, "E-END-054", N_("freq with clusters: equal rows cannot be told apart, so give one row a person"));
	if (c->cluster) {
		c->influence = yg_data_alloc(2 * c->rows + 1, sizeof *c->influence);
		if (!c->influence)
			return no_memory(err);
		c->other = c->influence + c->rows;
	}
	YG_TRY(c->s.frequency ? yg_cuminc_fit_counts(&c->spans, c->causes, c->task, &c->fit, err) :
	                        yg_cuminc_fit(&c->spans, c->causes, c->task, &c->fit, err));
	c->have_fit = true;
	return YG_OK;
}

static void release(struct an_ci *c)
{
	for (size_t g = 0; c->steps && g < c->s.groups; g++)
		an_steps_release(&c->steps[g]);
	if (c->have_fit)
		yg_cuminc_release(&c->fit);
	yg_data_free(c->influence);
	for (size_t k = 0; k < 8; k++)
		yg_data_free(c->merged[k]);
	if (c->have_s)
		an_surv_release(&c->s);
	yg_arena_release(&c->arena);
}

/* ---- values ---- */

/* Root of the sum of squares within clusters. */
static double clustered(const struct an_ci *c, const double *v)
{
	double *sum = yg_xcalloc(c->clusters + 1, sizeof *sum), total = 0;

	for (size_t i = 0; i < c->rows; i++)
		sum[c->cluster[i]] += v[i];
	for (size_t k = 0; k < c->clusters; k++)
		total += sum[k] * sum[k];
	yg_free(sum);
	return sqrt(total);
}

enum yg_status an_ci_value(struct an_ci *c, size_t g, unsigned k, double t, double *p, double *se, bool *known, struct yg_err *err)
{
	const struct yg_cuminc_curve *curve = &c->fit.curve[g];
	ptrdiff_t m = yg_cuminc_at(curve, t);

	*known = curve->m > 0 && t <= curve->time[curve->m - 1];
	*p = m < 0 ? 0 : curve->incidence[(size_t)m * c->causes + k];
	*se = m < 0 ? 0 : curve->se[(size_t)m * c->causes + k];
	if (!*known || m < 0 || !c->cluster)
		return YG_OK;
	YG_TRY(yg_cuminc_influence(&c->spans, &c->fit, g, k, t, c->influence, err));
	*se = clustered(c, c->influence);
	return YG_OK;
}

enum yg_status an_ci_contrast_se(struct an_ci *c, size_t g, size_t h, unsigned k, double t, bool ratio, double *se, struct yg_err *err)
{
	double p[2], s[2];
	bool known;

	YG_TRY(an_ci_value(c, g, k, t, &p[0], &s[0], &known, err));
	YG_TRY(an_ci_value(c, h, k, t, &p[1], &s[1], &known, err));
	if (!ratio)
		p[0] = p[1] = 1;
	if (!c->cluster) {
		*se = sqrt(s[0] / p[0] * (s[0] / p[0]) + s[1] / p[1] * (s[1] / p[1]));
		return YG_OK;
	}
	YG_TRY(yg_cuminc_influence(&c->spans, &c->fit, g, k, t, c->influence, err));
	YG_TRY(yg_cuminc_influence(&c->spans, &c->fit, h, k, t, c->other, err));
	for (size_t i = 0; i < c->rows; i++)
		c->influence[i] = c->influence[i] / p[0] - c->other[i] / p[1];
	*se = clustered(c, c->influence);
	return YG_OK;
}

/* ---- the verb ---- */

static enum yg_status read_options(const struct yg_an_cuminc *r, struct an_ci *c, struct yg_err *err)
{
	const struct yg_node *at = r->at;
	size_t items = !at ? 0 : at->kind == YG_NODE_GROUP ? at->children : 1;

	c->causes = (unsigned)r->endpoint->states - 1;
	c->ci = r->ci;
	c->conf = r->in.conf > 0 ? r->in.conf : 0.95;
	if (!(c->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	if (items > AN_CI_TIMES)
		return yg_fail_at(err, YG_ESYNTAX, at->at, at->len, "E-END-055", N_("at takes at most %u times"), AN_CI_TIMES);
	for (size_t i = 0; i < items; i++)
		YG_TRY(an_surv_time(r->endpoint, at->kind == YG_NODE_GROUP ? at->child[i] : at, &c->at[c->ats++], err));
	if (r->measure && (!r->in.by || !c->ats)) {
		yg_fail(err, YG_ESYNTAX, "E-END-056", N_("measure compares the groups of by at the times of at"));
		yg_err_hint(err, N_("Write cuminc ENDPOINT by GROUP with at=(1y, 5y), measure=rd"));
		return YG_ESYNTAX;
	}
	return YG_OK;
}

enum yg_status yg_an_cuminc(const struct yg_an_cuminc *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	const struct yg_endpoint *e = request->endpoint;
	struct yg_raw *raw;
	enum yg_status status = YG_OK;

	if (e->interval_censored)
		return yg_fail(err, YG_REFUSED, "E-END-051", N_("%s is interval censored (between); cuminc wants times"), e->name);
	if (e->grain == YG_SPANS_RECURRENT)
		return yg_fail(err, YG_REFUSED, "E-END-052", N_("%s has an event every time it happens; cuminc wants a first event"), e->name);
	raw = yg_raw_new("cuminc", OPERATION_VERSION);
	an_title(raw, request->in.by ? N_("%s: cumulative incidence by group") : N_("%s: cumulative incidence"),
	         e->label ? e->label : e->name);
	if (e->states < 3)
		yg_raw_note(raw, YG_NOTE_WARNING, N_("no competing event is declared: the curve is one minus Kaplan-Meier"));
	for (size_t i = 0; i < an_crossings(request->in.by) && status == YG_OK; i++) {
		struct an_ci c = { .r = request, .task = task, .raw = raw, .index = i };
		yg_arena_init(&c.arena);
		status = read_options(request, &c, err);
		if (status == YG_OK)
			status = build(&c, an_crossing(request->in.by, i), err);
		if (status == YG_OK)
			status = an_ci_tables(&c, err);
		if (status == YG_OK)
			status = an_ci_curves(&c, err);
		if (status == YG_OK && i == 0)
			an_ci_notes(&c);
		release(&c);
	}
	if (status != YG_OK) {
		yg_raw_free(raw);
		return status;
	}
	*out = raw;
	return YG_OK;
}
