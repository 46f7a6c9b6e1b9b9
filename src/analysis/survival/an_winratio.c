/* winratio: win ratio, win odds and net benefit of ranked endpoints. */
#include <math.h>
#include <string.h>

#include "an_events_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/dist.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/winratio.h"

#define OPERATION_VERSION 1

struct contest {
	const struct yg_an_winratio *r;
	struct yg_task *task;
	struct yg_arena arena;
	struct yg_raw *raw;
	struct an_joint joint;
	const struct yg_set_column *arm;
	double conf, critical;
	double *time[YG_MOST_RANKED];
	uint8_t *event[YG_MOST_RANKED];
	int8_t *side;
	uint64_t *level_persons;              /* [levels of the arm] */
	int32_t *stratum;
	size_t turns;
};

/* ---- the question ---- */

static enum yg_status arm_of(const struct yg_an_winratio *r, const struct yg_node **out, struct yg_err *err)
{
	const struct yg_node *f = r->formula;
	if (f && f->children == 1 && f->child[0]->children == 1 && f->child[0]->child[0]->kind == YG_NODE_NAME) {
		*out = f->child[0]->child[0];
		return YG_OK;
	}
	yg_fail(err, YG_ESYNTAX, "E-WIN-010", N_("winratio compares the levels of one column: which?"));
	yg_err_hint(err, N_("Write winratio death, admission ~ arm; adjust by strata, not by terms"));
	return YG_ESYNTAX;
}

static enum yg_status check(struct contest *w, struct yg_err *err)
{
	const struct an_joint *j = &w->joint;
	for (size_t k = 0; k < j->endpoints; k++)
		if (j->s[k].spans.entry) {
			yg_fail(err, YG_REFUSED, "E-WIN-011", N_("%s has late entry: pairs can be compared only from a common start"), j->s[k].endpoint->name);
			yg_err_hint(err, N_("Leave out entry, or use cox"));
			return YG_REFUSED;
		}
	if (j->s->weight)
		return yg_fail(err, YG_REFUSED, "E-WIN-012", N_("winratio does not honour weights"));
	int others = 0;
	w->level_persons = yg_arena_alloc(&w->arena, (size_t)w->arm->levels + 1, sizeof *w->level_persons);
	for (size_t i = 0; i < j->persons; i++)
		w->level_persons[w->arm->level[j->at[i * j->endpoints]]]++;
	for (int k = 0; k < w->arm->levels; k++)
		others += k != w->arm->reference && w->level_persons[k];
	if (!others || !w->level_persons[w->arm->reference]) {
		yg_fail(err, YG_REFUSED, "E-WIN-013", N_("%s has nobody to compare: one arm is empty"), w->arm->name);
		yg_err_hint(err, N_("Look at where, and at the reference: factor %s with ref=\"LEVEL\""), w->arm->name);
		return YG_REFUSED;
	}
	if (w->arm->levels > 20) {
		yg_fail(err, YG_REFUSED, "E-WIN-014", N_("%s has %d levels"), w->arm->name, w->arm->levels);
		yg_err_hint(err, N_("Make fewer groups with factor NAME = cut(...)"));
		return YG_REFUSED;
	}
	return YG_OK;
}

static enum yg_status arrays(struct contest *w, struct yg_err *err)
{
	const struct an_joint *j = &w->joint;
	size_t n = j->persons;
	bool ok = (w->side = yg_data_alloc(n + 1, 1)) && (w->stratum = yg_data_calloc(n + 1, sizeof *w->stratum));
	for (size_t k = 0; k < j->endpoints; k++)
		ok = (w->time[k] = yg_data_alloc(n + 1, sizeof(double))) && (w->event[k] = yg_data_alloc(n + 1, 1)) && ok;
	if (!ok)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while pairs were set up"));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < j->endpoints; k++) {
			size_t at = j->at[i * j->endpoints + k];
			w->time[k][i] = j->s[k].set->exit[at];
			w->event[k][i] = j->s[k].set->status[at] == 1;
			if (!k && j->s->stratum)
				w->stratum[i] = j->s->stratum[at];
		}
	return YG_OK;
}

/* ---- one comparison ---- */

static struct yg_evidence everybody(const struct yg_winratio *f)
{
	return (struct yg_evidence){ (int64_t)(f->persons[0] + f->persons[1]), 0, 0 };
}

static void pairs_row(struct yg_raw_table *t, int row, uint64_t win, uint64_t loss, const struct yg_winratio *f)
{
	struct yg_evidence e = everybody(f);
	yg_raw_int(t, row, 0, (int64_t)win, e);
	yg_raw_int(t, row, 1, (int64_t)loss, e);
	yg_raw_num(t, row, 2, (double)(win + loss) / (double)f->pairs, e);
}

static void pairs_table(struct contest *w, const struct yg_winratio *f, const char *title)
{
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "pairs", w->turns), title);
	struct yg_evidence e = everybody(f);
	uint64_t open = f->pairs;
	int row;
	yg_raw_column(t, "wins", N_("wins"), YG_ROLE_RECORDS, NULL);
	yg_raw_column(t, "losses", N_("losses"), YG_ROLE_RECORDS, NULL);
	yg_raw_column(t, "share", N_("of all pairs"), YG_ROLE_PROPORTION, NULL);
	yg_raw_column(t, "open", N_("undecided after it"), YG_ROLE_RECORDS, NULL);
	for (size_t k = 0; k < w->joint.endpoints; k++) {
		row = yg_raw_row_data(t, w->joint.s[k].endpoint->name, w->joint.s[k].label, 0);
		pairs_row(t, row, f->win[k], f->loss[k], f);
		open -= f->win[k] + f->loss[k];
		yg_raw_int(t, row, 3, (int64_t)open, e);
	}
	row = yg_raw_row(t, "all", N_("all endpoints"), 0);
	pairs_row(t, row, f->wins, f->losses, f);
	yg_raw_int(t, row, 3, (int64_t)f->ties, e);
	row = yg_raw_row(t, "pairs", N_("pairs"), 0);
	yg_raw_text(t, row, 0, "");
	yg_raw_text(t, row, 1, "");
	yg_raw_text(t, row, 2, "");
	yg_raw_int(t, row, 3, (int64_t)f->pairs, e);
}

static void measure_row(struct contest *w, struct yg_raw_table *t, const char *key, const char *label, const struct yg_win_measure *m,
                        bool ratio, const struct yg_winratio *f)
{
	struct yg_evidence e = everybody(f);
	int row = yg_raw_row(t, key, label, 0);
	double reach = w->critical * m->se;
	if (!isfinite(m->estimate) || (ratio && !(m->estimate > 0))) {
		an_events_missing(t, row, 0, 3, f->wins + f->losses ? N_("all pairs went one way: no interval") : N_("no pair is decided"));
		return;
	}
	yg_raw_num(t, row, 0, m->estimate, e);
	if (!(m->se > 0)) {
		an_events_missing(t, row, 1, 3, N_("not estimable: too few persons"));
		return;
	}
	yg_raw_num(t, row, 1, ratio ? m->estimate * yg_exp(-reach) : m->estimate - reach, e);
	yg_raw_num(t, row, 2, ratio ? m->estimate * yg_exp(reach) : m->estimate + reach, e);
	yg_raw_num(t, row, 3, m->p, e);
}

static void measures_table(struct contest *w, const struct yg_winratio *f, const char *title)
{
	static const struct {
		const char *key, *label;
	} rows[] = { { "ratio", N_("win ratio: wins / losses") }, { "odds", N_("win odds: ties half to each") },
		     { "rd", N_("net benefit: wins - losses, share of pairs") } };
	const struct yg_win_measure *m[] = { &f->ratio, &f->odds, &f->rd };
	size_t first = w->r->measure && !strcmp(w->r->measure, "odds") ? 1 : w->r->measure && !strcmp(w->r->measure, "rd") ? 2 : 0;
	struct yg_raw_table *t = yg_raw_table(w->raw, an_key(&w->arena, "measures", w->turns), title);
	yg_raw_column(t, "estimate", N_("estimate"), YG_ROLE_ESTIMATE, NULL);
	yg_raw_column(t, "lower", N_("lower"), YG_ROLE_LOWER, NULL);
	yg_raw_column(t, "upper", N_("upper"), YG_ROLE_UPPER, NULL);
	yg_raw_column(t, "p", N_("p"), YG_ROLE_P, NULL);
	/* The measure asked for comes first; the others tell the same story on other scales. */
	measure_row(w, t, rows[first].key, rows[first].label, m[first], first < 2, f);
	for (size_t k = 0; k < 3; k++)
		if (k != first)
			measure_row(w, t, rows[k].key, rows[k].label, m[k], k < 2, f);
}

/* Wins and losses by endpoint as shares of all pairs, on an axis that ends at all of them. */
static void figure(struct contest *w, const struct yg_winratio *f, const char *title)
{
	struct yg_raw_figure *g = yg_raw_figure(w->raw, an_key(&w->arena, "wins", w->turns), YG_FIGURE_LOVE, title);
	double n = (double)f->pairs;
	yg_raw_figure_axis(g, 'x', N_("share of all pairs"), NULL, 0);
	yg_raw_figure_reference(g, 'x', 1);
	for (int loss = 0; loss < 2; loss++) {
		int series = yg_raw_series(g, loss ? N_("losses") : N_("wins"));
		for (size_t k = 0; k <= w->joint.endpoints; k++) {
			uint64_t v = k < w->joint.endpoints ? (loss ? f->loss[k] : f->win[k]) : loss ? f->losses : f->wins;
			struct yg_raw_point p = { .x = (double)v / n, .x2 = NAN, .y = NAN, .lower = NAN, .upper = NAN,
				                  .label = k < w->joint.endpoints ? yg_phrase_data(&w->arena, w->joint.s[k].label) : N_("all endpoints") };
			yg_raw_point(g, series, &p, everybody(f));
		}
	}
}

static void notes(struct contest *w, const struct yg_winratio *f)
{
	struct yg_raw_note *n;
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("every person of the arm against every person of the reference; the first endpoint that decides counts, while both are followed (Pocock and others 2012)"));
	yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("competing events are censored"));
	n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("{1} intervals from U-statistics (Bebu and Lachin 2016), of ratio and odds on the log scale"));
	yg_raw_note_num(n, YG_ROLE_PROPORTION, w->conf, YG_NOBODY);
	if (w->r->strata) {
		n = yg_raw_note(w->raw, YG_NOTE_CONVENTION, N_("pairs within {1} strata, weighted by 1 over their persons (Dong and others 2018); the counts of pairs are not weighted"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)f->strata, YG_NOBODY);
	}
	if (f->lonely) {
		n = yg_raw_note(w->raw, YG_NOTE_WARNING, N_("{1} strata have a single person in an arm, which adds nothing to the variance: intervals are too narrow"));
		yg_raw_note_int(n, YG_ROLE_INTEGER, (int64_t)f->lonely, YG_NOBODY);
	}
}

static enum yg_status compare(struct contest *w, int level, struct yg_err *err)
{
	const struct an_joint *j = &w->joint;
	struct yg_winratio f;
	for (size_t i = 0; i < j->persons; i++) {
		int32_t has = w->arm->level[j->at[i * j->endpoints]];
		w->side[i] = (int8_t)(has == level ? 1 : has == w->arm->reference ? 0 : -1);
	}
	struct yg_winratio_data d = { j->persons, (unsigned)j->endpoints, (const double *const *)w->time, (const uint8_t *const *)w->event,
		                      w->side, j->s->stratum ? w->stratum : NULL, j->s->strata };
	YG_TRY(yg_winratio_fit(&d, w->task, &f, err));
	const char *against = yg_phrase(&w->arena, N_("%s: %s against %s"), w->arm->label ? w->arm->label : w->arm->name,
	                                w->arm->level_name[level], w->arm->level_name[w->arm->reference]);
	measures_table(w, &f, against);
	pairs_table(w, &f, yg_phrase(&w->arena, N_("Pairs won by %s"), w->arm->level_name[level]));
	figure(w, &f, against);
	if (!w->turns) {
		an_joint_notes(w->raw, &w->joint, &w->r->in);
		notes(w, &f);
	}
	w->turns++;
	return YG_OK;
}

enum yg_status yg_an_winratio(const struct yg_an_winratio *request, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct contest w = { .r = request, .task = task };
	const struct yg_node *arm;
	w.conf = request->in.conf > 0 ? request->in.conf : 0.95;
	if (!(w.conf < 1))
		return yg_fail(err, YG_ESYNTAX, "E-REG-005", N_("conf is a fraction between 0 and 1"));
	w.critical = yg_normal_quantile_upper((1 - w.conf) / 2);
	if (request->of.count > YG_MOST_RANKED)
		return yg_fail(err, YG_ELIMIT, "E-WIN-001", N_("1 to %u endpoints are ranked"), YG_MOST_RANKED);
	YG_TRY(arm_of(request, &arm, err));
	struct yg_set_variable term = { .expression = arm, .use = YG_USE_TERM, .as_factor = true };
	struct an_surv_request ask = { .in = &request->in, .endpoint = request->of.endpoint[0], .strata = request->strata, .term = &term,
		                       .terms = 1, .verb = "winratio" };
	yg_arena_init(&w.arena);
	w.raw = yg_raw_new("winratio", OPERATION_VERSION);
	const char *names = "";
	for (size_t k = 0; k < request->of.count; k++)
		names = yg_arena_printf(&w.arena, "%s%s%s", names, k ? ", " : "", request->of.endpoint[k]->name);
	an_title(w.raw, N_("Win ratio: %s by %s"), names, arm->text);
	enum yg_status s = an_joint_build(&ask, &request->of, task, &w.joint, err);
	bool joined = s == YG_OK;
	if (joined) {
		w.arm = &w.joint.s->set->column[w.joint.s->terms_at];
		s = check(&w, err);
	}
	if (s == YG_OK)
		s = arrays(&w, err);
	for (int level = 0; s == YG_OK && level < w.arm->levels; level++)
		if (level != w.arm->reference && w.level_persons[level])
			s = compare(&w, level, err);
	for (size_t k = 0; k < YG_MOST_RANKED; k++) {
		yg_data_free(w.time[k]);
		yg_data_free(w.event[k]);
	}
	yg_data_free(w.side);
	yg_data_free(w.stratum);
	if (joined)
		an_joint_release(&w.joint);
	yg_arena_release(&w.arena);
	if (s == YG_OK)
		*out = w.raw;
	else
		yg_raw_free(w.raw);
	return s;
}
