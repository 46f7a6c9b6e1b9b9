/* cox of a case-cohort sample: options, rows, table and notes. */
#include "an_casecohort_priv.h"

#include <math.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"

/* ---- options ---- */

enum yg_status an_casecohort_refuse(const char *what, struct yg_err *err)
{
	yg_fail(err, YG_REFUSED, "E-SUR-103", N_("casecohort does not go with %s"), what);
	yg_err_hint(err, N_("The sample has its own weights and its own standard errors: leave the other out"));
	return YG_REFUSED;
}

static enum yg_status nothing_else(const struct yg_an_cox *r, bool profile, struct yg_err *err)
{
	const struct {
		bool there;
		const char *name;
	} other[] = {
		{ r->in.weight != NULL, "weight" },   { r->frequency != NULL, "freq" },  { r->frailty != NULL, "frailty" },
		{ r->firth, "firth" },                { r->cluster != NULL, "cluster" }, { r->interaction, "interaction" },
		{ r->in.by != NULL, "by" },           { profile, "ci=profile" },
	};
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		if (other[i].there)
			return an_casecohort_refuse(other[i].name, err);
	return YG_OK;
}

static enum yg_status nothing_of_it(const struct yg_an_cox *r, struct yg_err *err)
{
	if (!r->subcohort && !r->sizes)
		return YG_OK;
	yg_fail(err, YG_ESYNTAX, "E-SUR-101", N_("%s is of a case-cohort sample: by which estimator?"), r->subcohort ? "subcohort" : "size");
	yg_err_hint(err, N_("Write casecohort=prentice, lin_ying or borgan too"));
	return YG_ESYNTAX;
}

enum yg_status an_casecohort_options(const struct yg_an_cox *r, enum yg_cox_ties ties, bool profile, bool robust,
                                     struct an_casecohort *out, struct yg_err *err)
{
	*out = (struct an_casecohort){ .how = { .ties = ties, .robust = robust, .size = r->size, .strata = 1 }, .sizes = r->sizes };
	if (!r->casecohort)
		return nothing_of_it(r, err);
	if (!yg_casecohort_parse(r->casecohort, &out->how.method))
		return yg_fail(err, YG_ESYNTAX, "E-SUR-100", N_("casecohort is prentice, self_prentice, lin_ying, borgan or borgan2, not %s"),
		               r->casecohort);
	if (!r->subcohort || !r->sizes) {
		yg_fail(err, YG_ESYNTAX, "E-SUR-101", !r->subcohort ? N_("a case-cohort sample has a subcohort: which column tells who was drawn?") :
		                                      N_("a case-cohort sample stands for a cohort: of how many persons?"));
		yg_err_hint(err, N_("Write casecohort=%s, subcohort=COLUMN, size=4028"), r->casecohort);
		return YG_ESYNTAX;
	}
	YG_TRY(nothing_else(r, profile, err));
	if (ties != YG_COX_EFRON && ties != YG_COX_BRESLOW)
		return yg_fail(err, YG_REFUSED, "E-COX-041", N_("a case-cohort model takes ties=efron or breslow"));
	if (robust && out->how.method != YG_CASECOHORT_LIN_YING)
		return yg_fail(err, YG_REFUSED, "E-SUR-104", N_("se=robust is only available with casecohort=lin_ying; the standard errors of the others count the drawing of the subcohort as they are"));
	bool stratified = yg_casecohort_stratified(out->how.method);
	if (stratified && !r->strata) {
		yg_fail(err, YG_ESYNTAX, "E-SUR-105", N_("casecohort=%s is for a subcohort drawn within strata: which?"), r->casecohort);
		yg_err_hint(err, N_("Write strata COLUMN, or take casecohort=prentice for a simple random subcohort"));
		return YG_ESYNTAX;
	}
	if (!stratified && r->strata) {
		yg_fail(err, YG_REFUSED, "E-SUR-105", N_("casecohort=%s takes no strata"), r->casecohort);
		yg_err_hint(err, N_("Where the subcohort was drawn within strata take casecohort=borgan; else make the column a term"));
		return YG_REFUSED;
	}
	for (size_t i = 0; i < r->sizes; i++)
		if (!(r->size[i] >= 0 && r->size[i] < 1e12) || r->size[i] != floor(r->size[i]))
			return yg_fail(err, YG_ESYNTAX, "E-SUR-106", N_("size counts the persons of the whole cohort: a whole number"));
	return YG_OK;
}

/* ---- rows ---- */

/* 0 and 1, flags too; one row a person; no weights of a population. */
static enum yg_status check_rows(const struct an_surv *s, const struct an_surv_request *ask, struct yg_err *err)
{
	const struct yg_set_column *in = &s->set->column[s->set->columns - 1];
	bool fine = in->number != NULL;
	for (size_t i = 0; fine && i < s->set->n; i++)
		fine = in->number[i] == 0 || in->number[i] == 1;
	if (!fine) {
		yg_fail(err, YG_REFUSED, "E-SUR-102", N_("subcohort=%s wants a column of 0 (not drawn) and 1 (drawn), or a flag"), ask->subcohort->text);
		yg_err_hint(err, N_("Make one: let chosen = (%s = \"yes\")"), ask->subcohort->text);
		return YG_REFUSED;
	}
	if (s->weight)
		return an_casecohort_refuse(N_("weights"), err);
	if (s->set->persons != s->set->n)
		return yg_fail(err, YG_REFUSED, "E-SUR-107", N_("a case-cohort sample has one row a person; %s has %zu rows of %llu persons"),
		               s->endpoint->name, s->set->n, (unsigned long long)s->set->persons);
	return YG_OK;
}

/* The name of stratum j: levels of the strata columns, the last fastest. */
static const char *stratum_label(const struct an_surv *s, const struct an_surv_request *ask, size_t j, struct yg_arena *arena)
{
	size_t factors = ask->strata ? ask->strata->children : 0, at = s->by_at + s->bys;
	const char *label = NULL;
	for (size_t k = factors; k-- > 0; ) {
		const struct yg_set_column *c = &s->set->column[at + k];
		const char *level = yg_arena_printf(arena, "%s: %s", c->name, c->level_name[j % (size_t)c->levels]);
		label = label ? yg_arena_printf(arena, "%s, %s", level, label) : level;
		j /= (size_t)c->levels;
	}
	return label;
}

static enum yg_status check_sizes(struct an_casecohort *c, const struct an_surv *s, const struct an_surv_request *ask,
                                  struct yg_arena *arena, struct yg_err *err)
{
	bool stratified = yg_casecohort_stratified(c->how.method);
	c->how.strata = stratified ? s->strata : 1;
	if (c->sizes != c->how.strata) {
		struct yg_buf names = YG_BUF_INIT;
		for (size_t j = 0; stratified && j < c->how.strata && j < 8; j++)
			yg_buf_addf(&names, "%s%s", j ? "; " : "", stratum_label(s, ask, j, arena));
		if (stratified)
			yg_fail(err, YG_ESYNTAX, "E-SUR-106", N_("size wants %zu numbers, the persons of the cohort in each stratum in this order (%s%s), and has %zu"),
			        c->how.strata, names.data, c->how.strata > 8 ? "; ..." : "", c->sizes);
		else
			yg_fail(err, YG_ESYNTAX, "E-SUR-106", N_("size wants one number, the persons of the whole cohort, and has %zu"), c->sizes);
		yg_buf_release(&names);
		return YG_ESYNTAX;
	}
	c->label = yg_arena_alloc(arena, c->how.strata + 1, sizeof *c->label);
	for (size_t j = 0; j < c->how.strata; j++)
		c->label[j] = stratified ? stratum_label(s, ask, j, arena) : NULL;
	return YG_OK;
}

static enum yg_status check_sample(struct an_casecohort *c, const struct an_surv *s, struct yg_arena *arena, struct yg_err *err)
{
	size_t at;
	c->count = yg_arena_alloc(arena, c->how.strata + 1, sizeof *c->count);
	enum yg_casecohort_fault fault = yg_casecohort_count(&c->how, s->event, s->set->n, c->count, &at);
	const struct yg_casecohort_count *k = &c->count[at];
	const char *where = c->label[at] ? c->label[at] : s->label;
	switch (fault) {
	case YG_CASECOHORT_SIZE:
		yg_fail(err, YG_REFUSED, "E-SUR-108", N_("%s: size says the cohort has %.0f persons, but the sample alone has %llu"), where, k->size,
		        (unsigned long long)(k->subcohort + k->cases - k->cases_inside));
		yg_err_hint(err, N_("size is the number of persons from whom the subcohort was drawn, cases and others, sampled or not"));
		return YG_REFUSED;
	case YG_CASECOHORT_NOBODY:
		return yg_fail(err, YG_REFUSED, "E-SUR-109", c->how.method == YG_CASECOHORT_LIN_YING || c->how.method == YG_CASECOHORT_BORGAN_II ?
		               N_("%s: nobody without the event is in the subcohort, and so nobody stands for the rest of the cohort") :
		               N_("%s: nobody is in the subcohort, and so nobody stands for the cohort"), where);
	case YG_CASECOHORT_ONE:
		yg_fail(err, YG_REFUSED, "E-SUR-110", N_("%s: one person alone stands for the rest, so that no standard error can be had"), where);
		yg_err_hint(err, N_("Join small strata"));
		return YG_REFUSED;
	default:
		return YG_OK;
	}
}

static enum yg_status choose(struct an_casecohort *c, const struct an_surv_request *ask, const struct an_surv *s, struct an_surv *part,
                             struct yg_arena *arena, struct yg_err *err)
{
	const double *in = s->set->column[s->set->columns - 1].number;
	size_t n = s->set->n, left = 0;
	uint8_t *keep = yg_data_alloc(n + 1, 1);
	if (!keep)
		return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while rows were chosen"));
	for (size_t i = 0; i < n; i++) {
		keep[i] = s->event[i] || in[i] != 0;
		left += !keep[i];
	}
	c->left_out = left;
	enum yg_status status = left == n ? yg_fail(err, YG_REFUSED, "E-SUR-109", N_("%s: nobody is in the subcohort, and so nobody stands for the cohort"), s->label) :
	                                    an_surv_subset(s, ask, keep, part, err);
	yg_data_free(keep);
	if (status != YG_OK)
		return status;
	in = part->set->column[part->set->columns - 1].number;
	uint8_t *drawn = yg_arena_alloc(arena, part->set->n + 1, 1);
	for (size_t i = 0; i < part->set->n; i++)
		drawn[i] = in[i] != 0;
	c->how.subcohort = drawn;
	return YG_OK;
}

enum yg_status an_casecohort_rows(struct an_casecohort *c, const struct an_surv_request *ask, struct an_surv *s,
                                  struct yg_arena *arena, struct yg_err *err)
{
	struct an_surv part = { 0 };
	enum yg_status status = check_rows(s, ask, err);
	if (status == YG_OK)
		status = check_sizes(c, s, ask, arena, err);
	if (status == YG_OK)
		status = choose(c, ask, s, &part, arena, err);
	c->whole = *s;
	if (status != YG_OK) {
		an_casecohort_release(c);
		return status;
	}
	/* The strata are of the drawing, not of the hazard. */
	c->how.stratum = yg_casecohort_stratified(c->how.method) ? part.stratum : NULL;
	c->strata = part.strata_title;
	part.spans.stratum = NULL;
	part.spans.strata = 1;
	part.strata_title = NULL;
	status = part.event_rows ? check_sample(c, &part, arena, err) : YG_OK;  /* no events: said by the model */
	if (status == YG_OK) {
		*s = part;
	} else {
		an_surv_release(&part);
		an_casecohort_release(c);
	}
	return status;
}

void an_casecohort_release(struct an_casecohort *c)
{
	if (c->whole.set)
		an_surv_release(&c->whole);
}

enum yg_status an_casecohort_fit(struct an_casecohort *c, struct an_cox_fit *f, struct yg_task *task, struct yg_err *err)
{
	struct yg_cox_casecohort r;
	YG_TRY(yg_cox_casecohort_fit(&f->data, &c->how, task, &r, err));
	f->fit = r.fit;
	memset(&r.fit, 0, sizeof r.fit);
	c->unmatched = r.unmatched;
	f->sample = c;
	yg_cox_casecohort_release(&r);
	return YG_OK;
}

/* ---- what is shown ---- */

void an_casecohort_table(struct yg_raw *raw, const struct an_cox_fit *f, size_t i, struct yg_arena *arena)
{
	const struct an_casecohort *c = f->sample;
	struct yg_raw_table *t = yg_raw_table(raw, an_key(arena, "casecohort", i), an_cox_titled(f, N_("The case-cohort sample"), arena));
	uint64_t all = f->s->set->persons;
	bool weighted = c->how.method >= YG_CASECOHORT_LIN_YING;
	yg_raw_column(t, "cohort", N_("cohort"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "subcohort", N_("subcohort"), YG_ROLE_PERSONS, NULL);
	yg_raw_column(t, "cases", N_("cases"), YG_ROLE_EVENTS, NULL);
	yg_raw_column(t, "inside", N_("of them in the subcohort"), YG_ROLE_EVENTS, NULL);
	if (weighted)
		yg_raw_column(t, "weight", N_("weight"), YG_ROLE_CRITERION, NULL);
	for (size_t j = 0; j < c->how.strata; j++) {
		const struct yg_casecohort_count *k = &c->count[j];
		int row = c->label[j] ? yg_raw_row_data(t, c->label[j], c->label[j], 0) : yg_raw_row(t, "all", N_("all"), 0);
		yg_raw_int(t, row, 0, (int64_t)k->size, YG_NOBODY);
		yg_raw_int(t, row, 1, (int64_t)k->subcohort, an_part(k->subcohort, all));
		yg_raw_int(t, row, 2, (int64_t)k->cases, an_part(k->cases, all));
		yg_raw_int(t, row, 3, (int64_t)k->cases_inside, an_part(k->cases_inside, k->cases));
		if (weighted)
			yg_raw_num(t, row, 4, k->weight, an_part(k->subcohort, all));
	}
}

static void left_out_notes(struct yg_raw *raw, const struct an_casecohort *c, uint64_t persons)
{
	struct yg_raw_note *n;
	if (c->left_out) {
		n = yg_raw_note(raw, YG_NOTE_POPULATION, N_("{1} persons without the event and not in the subcohort were left out"));
		yg_raw_note_int(n, YG_ROLE_PERSONS, (int64_t)c->left_out, an_part(c->left_out, persons + c->left_out));
	}
	if (c->unmatched) {
		n = yg_raw_note(raw, YG_NOTE_WARNING, N_("{1} events happened when nobody of the subcohort was at risk: they have nobody to be compared with"));
		yg_raw_note_int(n, YG_ROLE_EVENTS, (int64_t)c->unmatched, an_part(c->unmatched, persons));
	}
}

void an_casecohort_notes(struct yg_raw *raw, const struct an_cox_fit *f)
{
	static const char *const methods[] = {
		N_("case-cohort sample, Prentice (1986): cases outside the subcohort are at risk at their own event only"),
		N_("case-cohort sample, Self and Prentice (1988): cases are compared with the subcohort at risk"),
		N_("case-cohort sample, Lin and Ying (1993): cases at risk all the time, others of the subcohort by their weight"),
		N_("case-cohort sample, Borgan and others (2000), estimator I: the subcohort at risk by the weights of its strata"),
		N_("case-cohort sample, Borgan and others (2000), estimator II: cases at risk all the time, others of the subcohort by the weights of their strata"),
	};
	const struct an_casecohort *c = f->sample;
	yg_raw_note(raw, YG_NOTE_CONVENTION, methods[c->how.method]);
	if (c->strata)
		an_note_data(raw, YG_NOTE_CONVENTION, N_("the subcohort was drawn within {1}; the baseline hazard is one for all"), c->strata);
	left_out_notes(raw, c, f->s->set->persons);
	yg_raw_note(raw, YG_NOTE_CONVENTION,
	            c->how.robust ? N_("standard errors: influence of all rows, and the drawing of the subcohort") :
	                            N_("standard errors: inverse information, and the drawing of the subcohort (Therneau and Li 1999)"));
	yg_raw_note(raw, YG_NOTE_INFO, N_("all persons of the cohort with the event must be among the rows; there is no likelihood, so no AIC and no likelihood ratio test"));
}
