/* Cells of a test against its reference, and the table of its measures. */
#include <math.h>
#include <string.h>

#include "an_accuracy_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

void acc_put(struct yg_raw_table *t, int row, int column, double v, struct yg_evidence e, const char *why)
{
	if (isnan(v) || isinf(v))
		yg_raw_missing(t, row, column, why ? why : N_("not estimable"));
	else
		yg_raw_num(t, row, column, v, e);
}

const char *acc_title(struct yg_arena *arena, const char *what, const char *group)
{
	return group ? yg_phrase(arena, "%s, %s", yg_phrase_message(arena, what), group) : what;
}

enum yg_status acc_cells_count(const struct acc_part *p, const double *score, double threshold, struct acc_cells *out,
                               struct yg_err *err)
{
	uint32_t last[4] = { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX };
	memset(out, 0, sizeof *out);
	if (p->cluster) {
		out->cluster = yg_data_calloc(p->clusters * 4 + 1, sizeof(double));
		if (!out->cluster)
			return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while markers were compared with the outcome"));
	}
	for (size_t i = 0; i < p->n; i++) {
		if (p->y[i] > 1)
			continue;
		size_t cell = (score[i] >= threshold ? 0u : 2u) + (p->y[i] ? 0u : 1u);
		double w = p->repeats ? p->repeats[i] : 1;
		out->n[cell] += w;
		out->persons[cell] += p->repeats ? (int64_t)p->repeats[i] : last[cell] != p->person[i];
		last[cell] = p->person[i];
		if (out->cluster)
			out->cluster[4 * (size_t)p->cluster[i] + cell] += w;
	}
	return YG_OK;
}

struct yg_evidence acc_smallest(const struct acc_cells *c)
{
	int64_t least = 0;
	for (int k = 0; k < 4; k++)
		if (c->persons[k] > 0 && (!least || c->persons[k] < least))
			least = c->persons[k];
	return (struct yg_evidence){ least, least, 0 };
}

static const struct {
	const char *key, *label;
	bool proportion;
	uint8_t part, whole;       /* cells: 1 tp, 2 fp, 4 fn, 8 tn */
} measure[YG_DIAG_COUNT] = {
	[YG_DIAG_SENSITIVITY] = { "sensitivity", N_("sensitivity"), true, 1, 5 },
	[YG_DIAG_SPECIFICITY] = { "specificity", N_("specificity"), true, 8, 10 },
	[YG_DIAG_PPV] = { "ppv", N_("positive predictive value"), true, 1, 3 },
	[YG_DIAG_NPV] = { "npv", N_("negative predictive value"), true, 8, 12 },
	[YG_DIAG_LR_POSITIVE] = { "lr_pos", N_("positive likelihood ratio"), false, 0, 0 },
	[YG_DIAG_LR_NEGATIVE] = { "lr_neg", N_("negative likelihood ratio"), false, 0, 0 },
	[YG_DIAG_ODDS_RATIO] = { "dor", N_("diagnostic odds ratio"), false, 0, 0 },
	[YG_DIAG_ACCURACY] = { "accuracy", N_("accuracy"), true, 9, 15 },
	[YG_DIAG_YOUDEN] = { "youden", N_("Youden's index"), false, 0, 0 },
	[YG_DIAG_PREVALENCE] = { "prevalence", N_("prevalence"), true, 5, 15 },
};

const char *acc_measure_key(enum yg_diag_kind kind)
{
	return measure[kind].key;
}

const char *acc_measure_label(enum yg_diag_kind kind)
{
	return measure[kind].label;
}

void acc_measure_columns(struct yg_raw_table *t, const struct acc_part *p)
{
	yg_raw_column(t, "n", acc_single(p) ? N_("persons") : N_("rows"), acc_count_role(p), NULL);
	yg_raw_column(t, "of", N_("of"), acc_count_role(p), NULL);
	yg_raw_column(t, "estimate", N_("estimate"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
}

static int64_t persons_in(const struct acc_cells *c, unsigned mask)
{
	int64_t n = 0;
	for (unsigned k = 0; k < 4; k++)
		n += mask >> k & 1 ? c->persons[k] : 0;
	return n;
}

void acc_measure_rows(struct yg_raw_table *t, const struct acc_part *p, const struct acc_cells *c, double conf,
                      enum yg_proportion_ci kind, struct yg_diag_measure out[YG_DIAG_COUNT])
{
	static const char infinite[] = N_("infinite: a cell is zero"), none[] = N_("no interval: a cell is zero");
	if (c->cluster)
		yg_diagnostic_clustered(c->cluster, p->clusters, conf, kind, out);
	else
		yg_diagnostic(c->n, conf, kind, out);
	for (int k = 0; k < YG_DIAG_COUNT; k++) {
		const struct yg_diag_measure *m = &out[k];
		int row = yg_raw_row(t, measure[k].key, measure[k].label, 0);
		struct yg_evidence e = acc_smallest(c);
		if (measure[k].proportion) {
			e = (struct yg_evidence){ persons_in(c, measure[k].part), 0, persons_in(c, measure[k].whole) };
			yg_raw_int(t, row, 0, (int64_t)m->part, e);
			yg_raw_int(t, row, 1, (int64_t)m->whole, (struct yg_evidence){ e.whole, 0, 0 });
			for (int column = 2; column < 5; column++)
				yg_raw_role(t, row, column, YG_ROLE_PROPORTION);
		}
		acc_put(t, row, 2, m->estimate, e, isinf(m->estimate) ? infinite : measure[k].proportion ? N_("nobody") : NULL);
		acc_put(t, row, 3, m->lower, e, isnan(m->estimate) ? NULL : none);
		acc_put(t, row, 4, m->upper, e, isnan(m->estimate) ? NULL : none);
	}
}
