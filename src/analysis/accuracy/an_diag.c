/* diag: accuracy of tests that say yes or no. */
#include <math.h>
#include <string.h>

#include "an_accuracy_priv.h"

#include "yogo/analysis/design.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

struct diagnosis {
	const struct yg_an_diag *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct yg_accuracy *kept;
	enum yg_proportion_ci ci;
	double conf;
	size_t groups, tests;          /* tables made so far */
};

static enum yg_status read_options(struct diagnosis *d, struct yg_err *err)
{
	const struct yg_an_diag *r = d->r;
	d->conf = an_conf(&r->of.in);
	d->ci = !r->ci || !strcmp(r->ci, "wilson") ? YG_CI_WILSON : !strcmp(r->ci, "exact") ? YG_CI_EXACT : YG_CI_WALD;
	if (!(d->conf > 0 && d->conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-ACC-015", N_("conf is a fraction between 0 and 1"));
	for (size_t k = 0; k < r->prevalences; k++)
		if (!(r->prevalence[k] > 0 && r->prevalence[k] < 1))
			return yg_fail(err, YG_ESYNTAX, "E-ACC-016", N_("a prevalence is a fraction between 0 and 1"));
	if (r->begg_greenes && r->of.frequency)
		return yg_fail(err, YG_REFUSED, "E-ACC-017", N_("correct=begg_greenes goes by persons: not with freq in this version"));
	return YG_OK;
}

/* The counts of all tests of a group. */
static void counts_table(struct diagnosis *d, const struct acc_part *p, const struct acc_cells *cell)
{
	const struct acc_rows *r = p->whole;
	struct yg_raw_table *t = yg_raw_table(d->raw, an_key(&d->arena, "counts", d->groups), acc_title(&d->arena, N_("Counts"), p->label));
	static const char *const key[4] = { "tp", "fp", "fn", "tn" };
	static const char *const label[4] = { N_("true positive"), N_("false positive"), N_("false negative"), N_("true negative") };
	for (int k = 0; k < 4; k++)
		yg_raw_column(t, key[k], label[k], acc_count_role(p), NULL);
	for (size_t j = 0; j < r->markers; j++) {
		int row = yg_raw_row_data(t, r->name[j], r->name[j], 0);
		for (int k = 0; k < 4; k++) {
			const struct acc_cells *c = &cell[j];
			int other = k ^ 2;
			yg_raw_int(t, row, k, (int64_t)c->n[k], (struct yg_evidence){ c->persons[k], 0, c->persons[k] + c->persons[other] });
		}
	}
}

static void predictive_table(struct diagnosis *d, const struct acc_part *p, const char *name,
                             const struct yg_diag_measure m[YG_DIAG_COUNT], const struct acc_cells *c)
{
	struct yg_raw_table *t = yg_raw_table(d->raw, an_key(&d->arena, "predictive", d->tests),
	                                      acc_title(&d->arena, N_("Predictive values at other prevalences"),
	                                                p->label ? yg_phrase(&d->arena, "%s, %s", name, p->label) : name));
	struct yg_evidence e = acc_smallest(c);
	static const char *const column[6][2] = { { "ppv", N_("positive predictive value") }, { "ppv_lower", N_("lower") }, { "ppv_upper", N_("upper") },
		                                  { "npv", N_("negative predictive value") }, { "npv_lower", N_("lower") }, { "npv_upper", N_("upper") } };
	for (int k = 0; k < 6; k++)
		yg_raw_column(t, column[k][0], column[k][1], YG_ROLE_PROPORTION, NULL);
	for (size_t i = 0; i < d->r->prevalences; i++) {
		double v = d->r->prevalence[i];
		struct yg_interval pv[2];
		yg_diag_predictive(m, v, &pv[0], &pv[1]);
		const char *key = yg_arena_printf(&d->arena, "%.6g", v);
		int row = yg_raw_row(t, key, yg_phrase(&d->arena, N_("prevalence %s"), key), 0);
		for (int k = 0; k < 2; k++) {
			acc_put(t, row, 3 * k, pv[k].estimate, e, NULL);
			acc_put(t, row, 3 * k + 1, pv[k].lower, e, N_("no interval: a cell is zero"));
			acc_put(t, row, 3 * k + 2, pv[k].upper, e, N_("no interval: a cell is zero"));
		}
	}
}

/* ---- partial verification ---- */

/* Columns of adjust with the test after the constant. */
static double *with_test(const struct acc_part *p, size_t j, size_t *columns)
{
	const struct yg_design *design = p->whole->design;
	size_t q = (size_t)design->p;
	double *x = yg_data_alloc(p->n * (q + 1) + 1, sizeof *x);
	for (size_t i = 0; x && i < p->n; i++) {
		const double *from = design->x + p->row[i] * q;
		double *to = x + i * (q + 1);
		to[0] = from[0];
		to[1] = p->score[j][i];
		memcpy(to + 2, from + 1, (q - 1) * sizeof *x);
	}
	*columns = q + 1;
	return x;
}

static enum yg_status corrected_table(struct diagnosis *d, const struct acc_part *p, size_t j, const char *title, struct yg_err *err)
{
	static const enum yg_diag_kind kinds[5] = { YG_DIAG_SENSITIVITY, YG_DIAG_SPECIFICITY, YG_DIAG_PPV, YG_DIAG_NPV, YG_DIAG_PREVALENCE };
	struct yg_diag_measure m[YG_DIAG_COUNT];
	uint8_t *test = yg_data_alloc(p->n + 1, 1);
	double *x = NULL;
	struct yg_verify_data v = { .n = p->n, .y = p->y, .test = test, .cluster = p->cluster, .clusters = p->clusters };
	bool room = test != NULL;
	for (size_t i = 0; room && i < p->n; i++)
		test[i] = p->score[j][i] > 0;
	if (room && p->whole->design) {
		v.x = x = with_test(p, j, &v.p);
		room = x != NULL;
	}
	enum yg_status s = room ? yg_verify_correct(&v, d->conf, d->ci, d->task, m, err) :
		yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out in the correction for verification"));
	if (s == YG_OK) {
		struct yg_raw_table *t = yg_raw_table(d->raw, an_key(&d->arena, "corrected", d->tests),
		                                      yg_phrase(&d->arena, N_("%s: corrected for verification"), title));
		yg_raw_column(t, "estimate", N_("estimate"), YG_ROLE_PROPORTION, NULL);
		yg_raw_column(t, "lower", N_("lower"), YG_ROLE_PROPORTION, NULL);
		yg_raw_column(t, "upper", N_("upper"), YG_ROLE_PROPORTION, NULL);
		for (size_t k = 0; k < 5; k++) {
			int row = yg_raw_row(t, acc_measure_key(kinds[k]), acc_measure_label(kinds[k]), 0);
			acc_put(t, row, 0, m[kinds[k]].estimate, acc_evidence(p), N_("nobody"));
			acc_put(t, row, 1, m[kinds[k]].lower, acc_evidence(p), NULL);
			acc_put(t, row, 2, m[kinds[k]].upper, acc_evidence(p), NULL);
		}
	}
	yg_data_free(test);
	yg_data_free(x);
	return s;
}

/* ---- two tests ---- */

/* Persons at least in the smallest cell that has anybody, over all clusters. */
static int64_t fewest(const double *count, size_t tables, uint64_t most)
{
	double least = INFINITY;
	for (size_t k = 0; k < 8; k++) {
		double n = 0;
		for (size_t c = 0; c < tables; c++)
			n += count[8 * c + k];
		if (n > 0 && n < least)
			least = n;
	}
	least = ceil(least / (double)(most ? most : 1));
	return least > 1 ? (int64_t)least : 1;
}

static enum yg_status keep_pairs(struct diagnosis *d, const struct acc_part *p, struct yg_err *err)
{
	const struct acc_rows *r = p->whole;
	struct acc_kept_fit *f = acc_keep(d->kept, p);
	size_t tables = p->cluster ? p->clusters : 1, at = 0;
	double *count = yg_data_alloc(8 * tables + 1, sizeof *count);
	if (!count)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while tests were compared"));
	for (size_t a = 0; a < r->markers; a++)
		for (size_t b = a + 1; b < r->markers; b++, at++) {
			memset(count, 0, 8 * tables * sizeof *count);
			for (size_t i = 0; i < p->n; i++) {
				if (p->y[i] > 1)
					continue;
				size_t cell = 4u * p->y[i] + (p->score[a][i] > 0 ? 2u : 0u) + (p->score[b][i] > 0 ? 1u : 0u);
				count[8 * (p->cluster ? p->cluster[i] : 0) + cell] += p->repeats ? p->repeats[i] : 1;
			}
			f->least[at] = fewest(count, tables, p->most);
			yg_diag_compare(count, p->cluster ? p->clusters : 0, d->conf, &f->pair[4 * at]);
		}
	yg_data_free(count);
	return YG_OK;
}

/* ---- one group ---- */

static enum yg_status one_test(struct diagnosis *d, const struct acc_part *p, size_t j, const struct acc_cells *c, struct yg_err *err)
{
	const char *name = p->whole->name[j];
	const char *title = p->label ? yg_phrase(&d->arena, "%s, %s", name, p->label) : yg_phrase_data(&d->arena, name);
	struct yg_diag_measure m[YG_DIAG_COUNT];
	struct yg_raw_table *t = yg_raw_table(d->raw, an_key(&d->arena, "diag", d->tests), title);
	acc_measure_columns(t, p);
	acc_measure_rows(t, p, c, d->conf, d->ci, m);
	if (d->r->prevalences)
		predictive_table(d, p, name, m, c);
	enum yg_status s = YG_OK;
	if (d->r->begg_greenes)
		s = corrected_table(d, p, j, title, err);
	d->tests++;
	return s;
}

static enum yg_status one_group(struct diagnosis *d, const struct acc_part *p, struct yg_err *err)
{
	const struct acc_rows *r = p->whole;
	struct acc_cells *cell = yg_xcalloc(r->markers + 1, sizeof *cell);
	enum yg_status s = acc_part_check(p, err);
	for (size_t j = 0; s == YG_OK && j < r->markers; j++)
		s = acc_cells_count(p, p->score[j], 0.5, &cell[j], err);
	if (s == YG_OK)
		counts_table(d, p, cell);
	for (size_t j = 0; s == YG_OK && j < r->markers; j++)
		s = one_test(d, p, j, &cell[j], err);
	if (s == YG_OK)
		s = keep_pairs(d, p, err);
	if (s == YG_OK && r->markers > 1)
		acc_test_differences(d->raw, &d->arena, an_key(&d->arena, "compare", d->groups),
		                     acc_title(&d->arena, N_("Differences of tests"), p->label), &d->kept->fit[d->kept->fits - 1]);
	for (size_t j = 0; j < r->markers; j++)
		yg_data_free(cell[j].cluster);
	yg_free(cell);
	d->groups++;
	return s;
}

static void conventions(struct diagnosis *d, const struct acc_rows *r)
{
	static const char *const ci[] = { N_("limits of proportions by Wilson's score"), N_("limits of proportions exact (Clopper and Pearson)"),
		                          N_("limits of proportions by Wald") };
	yg_raw_note(d->raw, YG_NOTE_CONVENTION, ci[d->ci]);
	yg_raw_note(d->raw, YG_NOTE_CONVENTION, N_("limits of ratios on the log scale (Simel and others 1991)"));
	if (r->cluster)
		yg_raw_note(d->raw, YG_NOTE_CONVENTION, N_("limits are those of as many independent persons as would give the variance over clusters (Rao and Scott 1992)"));
	yg_raw_note(d->raw, YG_NOTE_INFO, N_("predictive values and accuracy hold for the prevalence of these rows; prevalence= gives them for another"));
	if (d->r->prevalences)
		yg_raw_note(d->raw, YG_NOTE_CONVENTION, N_("predictive values at other prevalences from the likelihood ratios and their limits, the prevalence taken as known (Mercaldo and others 2007)"));
	if (r->markers > 1)
		acc_compare_note(d->raw, false, r->cluster != NULL);
	if (d->r->begg_greenes) {
		struct yg_raw_note *n = yg_raw_note(d->raw, YG_NOTE_INFO, N_("not verified: {1} rows, whose outcome is missing; the uncorrected measures are of those verified"));
		yg_raw_note_int(n, YG_ROLE_RECORDS, (int64_t)r->unknown, (struct yg_evidence){ (int64_t)r->unknown, 0, (int64_t)r->n });
		yg_raw_note(d->raw, YG_NOTE_CONVENTION, r->design ?
		            N_("correction for verification (Begg and Greenes 1983): the probability of disease given the test and the columns of adjust, by logistic regression; verification depends on nothing else") :
		            N_("correction for verification (Begg and Greenes 1983): verification depends on the test and on nothing else"));
	}
}

static enum yg_status one_crossing(struct diagnosis *d, size_t turn, struct yg_err *err)
{
	const struct yg_an_diag *q = d->r;
	struct acc_ask ask = { .of = &q->of, .crossing = an_crossing(q->of.in.by, turn), .verb = "diag", .yes_no = true,
		               .positive = q->positive, .keep_unknown = q->begg_greenes, .adjust = q->begg_greenes ? q->adjust : NULL };
	struct acc_rows rows;
	YG_TRY(acc_rows_build(&ask, d->task, &rows, err));
	enum yg_status s = YG_OK;
	if (!turn) {
		struct yg_buf names = YG_BUF_INIT;
		for (size_t j = 0; j < rows.markers; j++)
			yg_buf_addf(&names, j ? ", %s" : "%s", rows.name[j]);
		an_title(d->raw, N_("Diagnostic accuracy: %s by %s"), rows.event ? yg_arena_printf(&d->arena, "%s = %s", rows.outcome, rows.event) : rows.outcome,
		         names.data);
		yg_buf_release(&names);
	}
	for (size_t g = 0; s == YG_OK && g < rows.groups; g++) {
		struct acc_part part;
		s = acc_part_take(&rows, g, &part, err);
		if (s != YG_OK)
			break;
		if (part.n && !acc_part_left_out(d->raw, &part))
			s = one_group(d, &part, err);
		acc_part_release(&part);
	}
	if (s == YG_OK) {
		acc_rows_notes(d->raw, &rows, &q->of);
		if (!turn)
			conventions(d, &rows);
	}
	acc_rows_release(&rows);
	return s;
}

enum yg_status yg_an_diag(const struct yg_an_diag *r, struct yg_task *task, struct yg_raw **out, struct yg_accuracy **kept,
                          struct yg_err *err)
{
	struct diagnosis d = { .r = r, .task = task };
	YG_TRY(read_options(&d, err));
	yg_arena_init(&d.arena);
	d.raw = yg_raw_new("diag", 1);
	d.kept = yg_xcalloc(1, sizeof *d.kept);
	yg_arena_init(&d.kept->arena);
	d.kept->conf = d.conf;
	enum yg_status s = YG_OK;
	for (size_t k = 0; s == YG_OK && k < an_crossings(r->of.in.by); k++)
		s = one_crossing(&d, k, err);
	yg_arena_release(&d.arena);
	if (s == YG_OK) {
		*out = d.raw;
		*kept = d.kept;
	} else {
		yg_raw_free(d.raw);
		yg_accuracy_free(d.kept);
	}
	return s;
}
