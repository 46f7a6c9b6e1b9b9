/* Completion inside the clauses of blocks. */
#include "lang/complete_priv.h"

#include <string.h>

/* ---- blocks ---- */

static const char picks[] = "first last every min max mean sum any count";

/* Behind events: inside their brackets, in the window, behind it. */
static void window_part(struct yg_scan *s, size_t from, bool several, bool window)
{
	size_t open = yg_scan_open_bracket(s, from);
	if (open < s->n) {
		if (s->v[open].kind == YG_TOKEN_OPEN_SQUARE) {
			if (yg_scan_last_kind(s) != YG_TOKEN_OPEN_SQUARE && yg_scan_last_kind(s) != YG_TOKEN_COMMA)
				return; /* a bound is being typed */
			yg_scan_words(s, YG_COMPLETE_KEYWORD, "start end", "");
			yg_scan_objects(s, YG_TARGET_ANY);
		} else {
			yg_scan_objects(s, YG_TARGET_ANY);
		}
		return;
	}
	size_t in = 0;
	for (size_t i = from; i < s->n; i++)
		if (yg_scan_is(s, i, "in"))
			in = i;
	if (in == 0 && yg_scan_last_kind(s) == YG_TOKEN_CLOSE) {
		if (window)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "in", NULL, " ");
		if (several)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "or", NULL, " ");
	} else if (several && s->n > from && yg_scan_is(s, s->n - 1, "or")) {
		yg_scan_functions(s, "event");
	}
}

static void rule(struct yg_scan *s, size_t from)
{
	if (s->n == from) {
		yg_scan_words(s, YG_COMPLETE_KEYWORD, "any none count value observed", " ");
		yg_scan_columns(s);
		yg_scan_functions(s, "row");
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "not", NULL, " ");
		return;
	}
	bool call = s->v[from].call;
	if (!call && yg_scan_among(s, from, "any none count")) {
		if (s->n == from + 1)
			yg_scan_functions(s, "event");
		else
			window_part(s, from + 1, !yg_scan_is(s, from, "count"), true);
	} else if (!call && yg_scan_is(s, from, "value")) {
		if (s->n == from + 1)
			yg_scan_words(s, YG_COMPLETE_KEYWORD, picks, " ");
		else if (s->n == from + 2)
			yg_scan_functions(s, "event");
		else
			window_part(s, from + 2, false, true);
	} else if (!call && yg_scan_is(s, from, "observed")) {
		if (s->n == from + 1)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "in", NULL, " ");
		else
			window_part(s, from + 1, false, true);
	} else {
		(void)yg_scan_predicate(s, from, NULL);
	}
}

static void stop(struct yg_scan *s, const struct yg_verb_spec *spec)
{
	if (s->n == 1)
		yg_scan_words(s, YG_COMPLETE_KEYWORD, "observation death on after date stop", " ");
	else if (s->n == 2 && yg_scan_among(s, 1, "on stop"))
		yg_scan_functions(s, "event");
	else if (s->n == 2 && yg_scan_is(s, 1, "date"))
		yg_scan_columns(s);
	else if (yg_scan_is(s, 1, "stop") && yg_scan_last_kind(s) == YG_TOKEN_CLOSE)
		yg_scan_tail_words(s, spec);
	else if (yg_scan_among(s, 1, "on stop"))
		window_part(s, 2, yg_scan_is(s, 1, "on"), false);
}

static void happening(struct yg_scan *s)
{
	size_t from = 1;
	if (yg_scan_kind_at(s, 1) == YG_TOKEN_STRING)
		from = yg_scan_kind_at(s, 2) == YG_TOKEN_COLON ? 3 : s->n + 1;
	if (from > s->n)
		return;
	size_t body = from < s->n && !s->v[from].call && yg_scan_among(s, from, picks) ? from + 1 : from;
	if (s->n == body) {
		if (body == from)
			yg_scan_words(s, YG_COMPLETE_KEYWORD, picks, " ");
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "at", NULL, " ");
		yg_scan_functions(s, "event");
		(void)yg_scan_predicate(s, body, NULL);
	} else if (yg_scan_is(s, body, "at") && !s->v[body].call) {
		if (s->n == body + 1)
			yg_scan_columns(s);
	} else if (s->v[body].call && yg_scan_among(s, body, "dx rx px lab obs visit device death score cost cohort_of")) {
		window_part(s, body, true, false);
	} else {
		(void)yg_scan_predicate(s, body, NULL);
	}
}

void yg_scan_block_clause(struct yg_scan *s, const struct yg_verb_spec *spec)
{
	const char *name = spec->name;
	size_t n = strlen(name);
	if (spec->option_count && yg_scan_in_tail(s, spec, NULL))
		return;
	if (strcmp(name, "enter") == 0) {
		if (s->n == 1)
			yg_scan_words(s, YG_COMPLETE_KEYWORD, picks, " ");
		else if (s->n == 2)
			yg_scan_functions(s, "event");
		else
			window_part(s, 2, true, true);
	} else if (yg_word_among("require exclude", name, n)) {
		size_t from = yg_scan_kind_at(s, 1) == YG_TOKEN_STRING ? 3 : 1;
		if (s->n >= from && (from == 1 || yg_scan_kind_at(s, 2) == YG_TOKEN_COLON))
			rule(s, from);
	} else if (yg_word_among("exit censor", name, n)) {
		stop(s, spec);
	} else if (strcmp(name, "limit") == 0) {
		if (s->n == 1)
			yg_scan_words(s, YG_COMPLETE_KEYWORD, picks, "");
	} else if (strcmp(name, "where") == 0) {
		(void)yg_scan_predicate(s, 1, NULL);
	} else if (yg_word_among("event compete", name, n)) {
		happening(s);
	} else if (strcmp(name, "time") == 0) {
		if (s->n == 1)
			yg_scan_columns(s);
		else if (s->n == 2)
			yg_scan_words(s, YG_COMPLETE_KEYWORD, "in with", " ");
		else if (s->n == 3 && yg_scan_is(s, 2, "in"))
			yg_scan_words(s, YG_COMPLETE_WORD, "days weeks months years", "");
		else if (s->n == 4)
			yg_scan_tail_words(s, spec);
	} else if (strcmp(name, "unit") == 0) {
		if (s->n == 1)
			yg_scan_words(s, YG_COMPLETE_WORD, "days weeks months years", "");
	} else if (yg_word_among("start entry", name, n)) {
		if (s->n == 1)
			yg_scan_columns(s);
	} else if (strcmp(name, "each") == 0) {
		if (s->n == 1) {
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "row", NULL, "");
			yg_scan_columns(s);
		}
	} else if (strcmp(name, "between") == 0) {
		if (s->n == 1 || (s->n == 3 && yg_scan_is(s, 2, "and")))
			yg_scan_columns(s);
		else if (s->n == 2)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "and", NULL, " ");
	} else if (strcmp(name, "keep") == 0) {
		if (s->n == 1 || yg_scan_last_kind(s) == YG_TOKEN_COMMA)
			yg_scan_columns(s);
	} else if (strcmp(name, "add") == 0) {
		size_t from = s->n > 1 && !s->v[1].call && yg_scan_among(s, 1, picks) ? 2 : 1;
		if (s->n == 1)
			yg_scan_words(s, YG_COMPLETE_KEYWORD, picks, " ");
		if (s->n == from)
			yg_scan_functions(s, "event");
		else if (yg_scan_last_kind(s) == YG_TOKEN_CLOSE_SQUARE)
			yg_scan_tail_words(s, spec);
		else
			window_part(s, from, false, true);
	}
}
