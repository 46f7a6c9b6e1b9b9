/* roc: curves of markers against yes or no. */
#include <math.h>
#include <string.h>

#include "an_roc_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while the curve was made"));
}

static enum yg_status read_options(struct roc_work *w, struct yg_err *err)
{
	const struct yg_an_roc *r = w->r;
	w->conf = an_conf(&r->of.in);
	if (!(w->conf > 0 && w->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-ACC-015", N_("conf is a fraction between 0 and 1"));
	w->range = (struct yg_roc_range){ r->low, r->high, r->over_sensitivity };
	if (r->partial && !(r->low >= 0 && r->low < r->high && r->high <= 1)) {
		yg_fail(err, YG_ESYNTAX, "E-ACC-018", N_("pauc is a range between 0 and 1, the smaller end first"));
		yg_err_hint(err, N_("Write with pauc=[0.9, 1.0]"));
		return YG_ESYNTAX;
	}
	for (size_t k = 0; k < r->ats; k++)
		if (!(r->at[k] > 0 && r->at[k] < 1))
			return yg_fail(err, YG_ESYNTAX, "E-ACC-019", N_("at wants fractions between 0 and 1: sensitivities and specificities"));
	if (r->boot && r->of.frequency)
		return yg_fail(err, YG_REFUSED, "E-ACC-025", N_("the bootstrap draws persons: not with freq in this version"));
	if (r->boot && r->boot < 50)
		return yg_fail(err, YG_REFUSED, "E-ACC-026", N_("boot wants at least 50 replicates: limits are percentiles of them"));
	if (r->binormal && r->paired)
		return yg_fail(err, YG_REFUSED, "E-ACC-028", N_("method=binormal fits each marker by itself: leave paired out, or compare the empirical curves"));
	if (r->binormal && (r->of.cluster || r->boot))
		return yg_fail(err, YG_REFUSED, "E-ACC-027", N_("method=binormal goes by maximum likelihood of independent rows: not with cluster or ci=boot in this version"));
	return YG_OK;
}

/* ---- one group ---- */

static enum yg_status open_curves(struct roc_group *g, struct yg_err *err)
{
	const struct acc_part *p = g->part;
	double *score = yg_data_alloc(p->n + 1, sizeof *score);
	enum yg_status s = score ? YG_OK : no_memory(err);
	for (size_t j = 0; s == YG_OK && j < p->whole->markers; j++) {
		for (size_t i = 0; i < p->n; i++)
			score[i] = g->sign[j] * p->score[j][i];
		s = yg_roc_open(&p->data, score, g->w->task, &g->roc[j], err);
	}
	yg_data_free(score);
	return s;
}

static enum yg_status compute(struct roc_group *g, struct yg_err *err)
{
	const struct yg_an_roc *r = g->w->r;
	const struct acc_part *p = g->part;
	size_t k = p->whole->markers;
	YG_TRY(yg_roc_covariance(&p->data, g->roc, k, NULL, g->w->task, g->area, g->covariance, err));
	if (r->partial)
		YG_TRY(yg_roc_covariance(&p->data, g->roc, k, &g->w->range, g->w->task, g->partial, g->partial_covariance, err));
	for (size_t j = 0; r->binormal && j < k; j++)
		YG_TRY(yg_roc_binormal(&g->roc[j], &g->model[j], err));
	if (!r->boot)
		return YG_OK;
	g->ask = (struct yg_roc_boot){ .range = r->partial ? &g->w->range : NULL, .given = r->at, .givens = r->ats, .seed = r->seed,
		                       .times = (size_t)r->boot };
	g->width = yg_roc_boot_width(&g->ask);
	g->boot = yg_data_alloc(g->ask.times * k * g->width + 1, sizeof(double));
	return g->boot ? yg_roc_bootstrap(&p->data, g->roc, k, &g->ask, g->w->task, g->boot, err) : no_memory(err);
}

static void compare_tables(struct roc_group *g)
{
	struct roc_work *w = g->w;
	const struct acc_part *p = g->part;
	size_t k = p->whole->markers;
	struct acc_kept_fit *f = acc_keep(w->kept, p);
	memcpy(f->area, g->area, k * sizeof(double));
	memcpy(f->covariance, g->covariance, k * k * sizeof(double));
	/* Fitted one by one, the smooth curves have no covariance. */
	for (size_t j = 0; g->model && j < k; j++) {
		f->area[j] = g->model[j].area;
		for (size_t i = 0; i < k; i++)
			f->covariance[j * k + i] = i == j ? g->model[j].se * g->model[j].se : NAN;
	}
	if (k < 2 || !w->r->paired)
		return;
	struct acc_boot boot = { g->boot, g->ask.times, g->width, 0 };
	acc_differences(w->raw, &w->arena, an_key(&w->arena, "differences", w->groups), acc_title(&w->arena, N_("Differences of areas"), p->label), f,
	                w->conf, g->boot ? &boot : NULL);
	if (k > 2)
		acc_equal(w->raw, an_key(&w->arena, "equal", w->groups), acc_title(&w->arena, N_("Test of all areas together"), p->label), f);
	if (!w->r->partial)
		return;
	struct acc_kept_fit part = *f;
	part.area = g->partial;
	part.covariance = g->partial_covariance;
	boot.first = 1;
	acc_differences(w->raw, &w->arena, an_key(&w->arena, "differences_pauc", w->groups),
	                acc_title(&w->arena, N_("Differences of partial areas"), p->label), &part, w->conf, g->boot ? &boot : NULL);
}

static enum yg_status one_group(struct roc_work *w, const struct acc_part *p, const int *sign, struct yg_err *err)
{
	size_t k = p->whole->markers;
	struct roc_group g = { .w = w, .part = p, .sign = sign };
	YG_TRY(acc_part_check(p, err));
	g.roc = yg_xcalloc(k + 1, sizeof *g.roc);
	g.model = w->r->binormal ? yg_xcalloc(k + 1, sizeof *g.model) : NULL;
	g.area = yg_xcalloc(2 * (k + k * k) + 1, sizeof(double));
	g.covariance = g.area + k;
	g.partial = g.covariance + k * k;
	g.partial_covariance = g.partial + k;
	enum yg_status s = open_curves(&g, err);
	if (s == YG_OK)
		s = compute(&g, err);
	if (s == YG_OK) {
		int64_t cases = (int64_t)p->people[1], controls = (int64_t)p->people[0];
		yg_raw_model(w->raw, cases < controls ? cases : controls, (int64_t)k);
		roc_area_tables(&g);
		roc_at_tables(&g);
		s = roc_cut_tables(&g, err);
	}
	if (s == YG_OK) {
		compare_tables(&g);
		roc_figure(&g);
	}
	for (size_t j = 0; j < k; j++)
		yg_roc_release(&g.roc[j]);
	yg_free(g.roc);
	yg_free(g.model);
	yg_free(g.area);
	yg_data_free(g.boot);
	w->groups++;
	return s;
}

/* ---- all groups ---- */

/* Which values speak for the event: said, or so that the area over all rows is not below one half. */
static enum yg_status directions(struct roc_work *w, const struct acc_rows *r, int *sign, struct yg_err *err)
{
	const char *said = w->r->direction;
	size_t cases = 0;
	struct yg_roc_data all = { .n = r->n, .y = r->y, .repeats = r->repeats };
	for (size_t i = 0; i < r->n; i++)
		cases += r->y[i] && (!r->repeats || r->repeats[i]);
	for (size_t j = 0; j < r->markers; j++) {
		struct yg_roc roc;
		sign[j] = said && !strcmp(said, "lower") ? -1 : 1;
		if ((said && strcmp(said, "auto")) || !cases || cases == r->n)
			continue;
		YG_TRY(yg_roc_open(&all, r->score[j], w->task, &roc, err));
		if (yg_roc_area(&roc, NULL) < 0.5)
			sign[j] = -1;
		yg_roc_release(&roc);
	}
	return YG_OK;
}

/* Does a cluster have rows in several groups?  Then the groups are not independent. */
static enum yg_status shared_clusters(const struct acc_rows *r, bool *shared, struct yg_err *err)
{
	*shared = false;
	if (!r->cluster || !r->group)
		return YG_OK;
	uint32_t *seen = yg_data_calloc(r->clusters + 1, sizeof *seen);
	if (!seen)
		return no_memory(err);
	for (size_t i = 0; i < r->n && !*shared; i++) {
		uint32_t *at = &seen[r->cluster[i]];
		*shared = *at && *at != r->group[i] + 1;
		*at = r->group[i] + 1;
	}
	yg_data_free(seen);
	return YG_OK;
}

/* A marker in one group against the first. */
static void groups_table(struct roc_work *w, const struct acc_rows *r, size_t first, size_t turn, bool shared)
{
	size_t fits = w->kept->fits - first;
	if (!r->by || fits < 2)
		return;
	if (shared) {
		an_note_data(w->raw, YG_NOTE_INFO, N_("the groups are not compared: rows of one {1} are in several of them"), r->cluster_name);
		return;
	}
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "groups", turn), yg_phrase(&w->arena, N_("Areas compared between groups of %s"), r->by));
	yg_raw_column(t, "estimate", N_("difference"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "se", N_("SE"), YG_ROLE_SE, NULL);
	yg_raw_column(t, "statistic", "t", YG_ROLE_STATISTIC, NULL);
	yg_raw_column(t, "df", N_("df"), YG_ROLE_DF, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	const struct acc_kept_fit *base = &w->kept->fit[first];
	for (size_t j = 0; j < r->markers; j++)
		for (size_t g = 1; g < fits; g++) {
			const struct acc_kept_fit *f = &w->kept->fit[first + g];
			struct yg_roc_difference d;
			struct yg_evidence e = f->evidence.persons < base->evidence.persons ? f->evidence : base->evidence;
			yg_roc_unpaired(f->area[j], f->covariance[j * r->markers + j], (double)f->size, base->area[j],
			                base->covariance[j * r->markers + j], (double)base->size, &d);
			int row = yg_raw_row(t, yg_arena_printf(&w->arena, "%s: %s - %s", r->name[j], f->group, base->group),
			                     yg_phrase(&w->arena, N_("%s: %s less %s"), r->name[j], f->group, base->group), 0);
			acc_put(t, row, 0, d.difference, e, NULL);
			acc_put(t, row, 1, d.se, e, NULL);
			acc_put(t, row, 2, d.statistic, e, NULL);
			acc_put(t, row, 3, d.df, e, NULL);
			acc_put(t, row, 4, d.p, e, NULL);
		}
}

static void direction_notes(struct roc_work *w, const struct acc_rows *r, const int *sign)
{
	bool chosen = !w->r->direction || !strcmp(w->r->direction, "auto");
	for (size_t j = 0; j < r->markers; j++)
		an_note_data(w->raw, YG_NOTE_CONVENTION, w->r->of.marker[j].model ?
		             (sign[j] > 0 ? N_("{1}: a higher linear predictor speaks for the event") : N_("{1}: a lower linear predictor speaks for the event")) :
		             (sign[j] > 0 ? N_("{1}: higher values speak for the event") : N_("{1}: lower values speak for the event")), r->name[j]);
	for (size_t j = 0; j < r->markers; j++)
		if (r->leveled[j])
			an_note_data(w->raw, YG_NOTE_INFO, N_("{1} has levels: they count in their order"), r->name[j]);
	if (chosen)
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("the direction was chosen so that the area is at least one half; direction=higher or lower fixes it beforehand"));
	for (size_t j = 0; j < r->markers; j++)
		if (w->r->of.marker[j].model)
			an_note_data(w->raw, YG_NOTE_INFO, N_("{1} is taken as it is: on the rows of its fit the curve is flattering"), r->name[j]);
}

static void conventions(struct roc_work *w, const struct acc_rows *r, bool shared)
{
	const struct yg_an_roc *q = w->r;
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("area: share of pairs of a case and a control in which the marker is right, ties one half"));
	if (q->boot) {
		struct yg_raw_note *n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, r->cluster ? N_("limits: percentiles of {1} bootstrap replicates of clusters") :
		                                                                             N_("limits: percentiles of {1} bootstrap replicates, cases and controls drawn apart"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, q->boot, YG_NOBODY);
	} else if (!q->binormal) {
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, r->cluster ? N_("limits by the variance over clusters (Obuchowski 1997), cut at 0 and 1") :
		                                                     N_("limits by DeLong's variance (1988), cut at 0 and 1"));
	}
	if (q->binormal)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("binormal curve by maximum likelihood on at most 20 ordered categories, with its limits (Dorfman and Alf 1969)"));
	if (q->partial)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("corrected partial area: 0.5 where the marker is useless, 1 where it is perfect (McClish 1989)"));
	if (q->ats && !q->boot && !q->binormal && !r->cluster)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("limits of sensitivities and specificities at given ones allow for the cut-off being estimated (Woodruff 1952, Wilson's form); ci=boot goes without approximation"));
	if (q->cut && strcmp(q->cut, "value"))
		yg_raw_note(w->raw, YG_NOTE_WARNING, N_("the cut-off was chosen on these rows: what it reaches here is flattering; judge it on other data"));
	if (q->cut)
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("predictive values hold for the prevalence of these rows"));
	if (w->many_best)
		yg_raw_note(w->raw, YG_NOTE_INFO, N_("several cut-offs are equally good: the one that calls most persons positive is shown"));
	if (w->perfect)
		yg_raw_note(w->raw, YG_NOTE_WARNING, N_("a marker separates cases and controls without error: its limits have no width, which is no proof of certainty; ask for more data"));
	if (w->flat)
		yg_raw_note(w->raw, YG_NOTE_WARNING, N_("a marker has the same value for everybody: it tells nothing"));
	if (q->paired && r->markers > 1 && q->boot)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("differences by the standard deviation and the percentiles of the replicates' differences"));
	else if (q->paired && r->markers > 1)
		acc_compare_note(w->raw, true, r->cluster != NULL);
	if (r->by && r->groups > 1 && !shared)
		yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("groups are other persons: areas compared without covariance, degrees of freedom by Welch"));
}

static void set_title(struct roc_work *w, const struct acc_rows *r)
{
	struct yg_buf names = YG_BUF_INIT;
	for (size_t j = 0; j < r->markers; j++)
		yg_buf_addf(&names, j ? ", %s" : "%s", r->name[j]);
	an_title(w->raw, N_("ROC curve: %s by %s"), r->event ? yg_arena_printf(&w->arena, "%s = %s", r->outcome, r->event) : r->outcome, names.data);
	yg_buf_release(&names);
}

static enum yg_status one_crossing(struct roc_work *w, size_t turn, struct yg_err *err)
{
	const struct yg_an_roc *q = w->r;
	struct acc_ask ask = { .of = &q->of, .crossing = an_crossing(q->of.in.by, turn), .verb = "roc" };
	struct acc_rows rows;
	YG_TRY(acc_rows_build(&ask, w->task, &rows, err));
	int *sign = yg_xcalloc(rows.markers + 1, sizeof *sign);
	size_t first = w->kept->fits;
	w->figure = NULL;
	if (!turn)
		set_title(w, &rows);
	struct acc_part part = { 0 };
	enum yg_status s = directions(w, &rows, sign, err);
	for (size_t g = 0; s == YG_OK && g < rows.groups; g++) {
		s = acc_part_take(&rows, g, &part, err);
		if (s != YG_OK)
			break;
		if (part.n && !acc_part_left_out(w->raw, &part))
			s = one_group(w, &part, sign, err);
		acc_part_release(&part);
	}
	bool shared = false;
	if (s == YG_OK)
		s = shared_clusters(&rows, &shared, err);
	if (s == YG_OK) {
		groups_table(w, &rows, first, turn, shared);
		roc_figure_end(w, &rows);
		acc_rows_notes(w->raw, &rows, &q->of);
		direction_notes(w, &rows, sign);
		if (!turn)
			conventions(w, &rows, shared);
	}
	yg_free(sign);
	acc_rows_release(&rows);
	return s;
}

enum yg_status yg_an_roc(const struct yg_an_roc *r, struct yg_task *task, struct yg_raw **out, struct yg_accuracy **kept,
                         struct yg_err *err)
{
	struct roc_work w = { .r = r, .task = task };
	YG_TRY(read_options(&w, err));
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("roc", 1);
	w.kept = yg_xcalloc(1, sizeof *w.kept);
	yg_arena_init(&w.kept->arena);
	w.kept->of_roc = true;
	w.kept->binormal = r->binormal;
	w.kept->conf = w.conf;
	enum yg_status s = YG_OK;
	for (size_t k = 0; s == YG_OK && k < an_crossings(r->of.in.by); k++)
		s = one_crossing(&w, k, err);
	yg_arena_release(&w.arena);
	if (s == YG_OK) {
		*out = w.raw;
		*kept = w.kept;
	} else {
		yg_raw_free(w.raw);
		yg_accuracy_free(w.kept);
	}
	return s;
}
