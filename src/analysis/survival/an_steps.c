/* The steps of curves that go into a result: see an_steps_priv.h. */
#include "an_steps_priv.h"

#include "yogo/base/i18n.h"

#define MOST_LISTED 40000u /* a step takes about a kilobyte of the study, which keeps no result of more than 60 MiB */

enum yg_status an_steps_check(bool all, size_t steps, struct yg_err *err)
{
	if (!all || steps <= MOST_LISTED)
		return YG_OK;
	yg_fail(err, YG_ELIMIT, "E-SUR-322", N_("the curves have %zu steps; steps=all lists at most %u"), steps, MOST_LISTED);
	yg_err_hint(err, N_("Leave steps=all out, or look at fewer persons with where; every number but the listed steps is from all steps anyway."));
	return YG_ELIMIT;
}

void an_steps_choose(struct an_steps *s, const struct yg_thin *curve, bool all)
{
	*s = (struct an_steps){ .n = curve->n };
	if (!all)
		s->n = yg_thin(curve, &s->kept);
}

void an_steps_note(struct yg_raw *raw, bool thinned, bool all, bool open)
{
	if (all && !open)
		yg_raw_note(raw, YG_NOTE_INFO, N_("steps=all changes nothing here: on guarded data steps are never listed"));
	else if (thinned && open)
		yg_raw_note(raw, YG_NOTE_INFO,
		            N_("curves of more than 1,000 steps are drawn and listed by those that a figure can tell apart: each is exact, and "
		               "between them no curve or limit moves by 1/500 of the height; all other numbers are from every step, "
		               "which steps=all lists"));
}
