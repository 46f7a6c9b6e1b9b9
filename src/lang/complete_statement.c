/* Completion inside commands and statements. */
#include "lang/complete_priv.h"

#include <string.h>

/* ---- commands ---- */

static const struct {
	const char *word;
	unsigned bit;
} clause_words[] = {
	{ "by", YG_CLAUSE_BY },       { "strata", YG_CLAUSE_STRATA }, { "cluster", YG_CLAUSE_CLUSTER }, { "on", YG_CLAUSE_ON },
	{ "using", YG_CLAUSE_USING }, { "where", YG_CLAUSE_WHERE },   { "to", YG_CLAUSE_TO },
};

static void clauses_left(struct yg_scan *s, const struct yg_verb_spec *spec)
{
	for (size_t k = 0; k < sizeof clause_words / sizeof *clause_words; k++) {
		bool given = false;
		for (size_t i = 1; i < s->n; i++)
			given = given || yg_scan_is(s, i, clause_words[k].word);
		if ((spec->clauses & clause_words[k].bit) && !given)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, clause_words[k].word, NULL, " ");
	}
	yg_scan_tail_words(s, spec);
}

static void target(struct yg_scan *s, const struct yg_verb_spec *spec)
{
	switch (spec->target) {
	case YG_TARGET_NONE:
		break;
	case YG_TARGET_COLUMNS:
		yg_scan_columns(s);
		break;
	case YG_TARGET_ANY:
		yg_scan_columns(s);
		yg_scan_objects(s, YG_TARGET_ANY);
		break;
	default:
		yg_scan_objects(s, spec->target);
		break;
	}
}

static void topics(struct yg_scan *s)
{
	size_t n;
	const struct yg_verb_spec *spec = yg_verb_specs(&n);
	for (size_t i = 0; i < n; i++)
		yg_scan_word(s, YG_COMPLETE_TOPIC, spec[i].name, spec[i].summary, "");
	spec = yg_statement_specs(&n);
	for (size_t i = 0; i < n; i++)
		yg_scan_word(s, YG_COMPLETE_TOPIC, spec[i].name, spec[i].summary, "");
	spec = yg_clause_specs(&n);
	for (size_t i = 0; i < n; i++)
		yg_scan_word(s, YG_COMPLETE_TOPIC, spec[i].name, spec[i].summary, "");
}

/* Terms of a formula from token from on. */
static void formula(struct yg_scan *s, const struct yg_verb_spec *spec, size_t from)
{
	size_t open = yg_scan_open_bracket(s, from);
	if (open < s->n) {
		(void)yg_scan_predicate(s, open + 1, NULL);
		return;
	}
	if (yg_scan_operand_ends(s, from)) {
		clauses_left(s, spec);
		return;
	}
	yg_scan_columns(s);
	if (spec->target == YG_TARGET_ANY || strcmp(spec->name, "roc") == 0)
		yg_scan_objects(s, YG_TARGET_RESULT);
	yg_scan_functions(s, "term");
}

static void clause(struct yg_scan *s, const struct yg_verb_spec *spec, size_t at)
{
	bool more = s->n == at + 1 || yg_scan_last_kind(s) == YG_TOKEN_COMMA || yg_scan_last_kind(s) == YG_TOKEN_COLON;
	if (yg_scan_is(s, at, "where")) {
		if (yg_scan_predicate(s, at + 1, NULL))
			clauses_left(s, spec);
	} else if (yg_scan_is(s, at, "to")) {
		if (more)
			yg_scan_files(s);
		else
			clauses_left(s, spec);
	} else if (more && yg_scan_is(s, at, "on")) {
		yg_scan_objects(s, YG_TARGET_COHORT);
	} else if (more && yg_scan_is(s, at, "using")) {
		yg_scan_objects(s, YG_TARGET_ANY);
	} else if (more) {
		yg_scan_columns(s);
	} else {
		clauses_left(s, spec);
	}
}

void yg_scan_command(struct yg_scan *s, const struct yg_verb_spec *spec)
{
	if (strcmp(spec->name, "help") == 0) {
		if (s->n == 1)
			topics(s);
		return;
	}
	char *outcome = yg_scan_kind_at(s, 1) == YG_TOKEN_NAME ? yg_scan_text_at(s, 1) : NULL;
	if (yg_scan_in_tail(s, spec, outcome))
		return;
	size_t clause_at = 0, tilde = 0;
	for (size_t i = 1; i < s->n; i++) {
		for (size_t k = 0; k < sizeof clause_words / sizeof *clause_words; k++)
			if (yg_scan_is(s, i, clause_words[k].word))
				clause_at = i;
		if (s->v[i].kind == YG_TOKEN_TILDE && !clause_at)
			tilde = i;
	}
	if (clause_at) {
		clause(s, spec, clause_at);
	} else if (tilde) {
		formula(s, spec, tilde + 1);
	} else if (s->n == 1 || yg_scan_last_kind(s) == YG_TOKEN_COMMA) {
		target(s, spec);
		if (s->n == 1 && (spec->target_optional || spec->target == YG_TARGET_NONE))
			clauses_left(s, spec);
	} else if (!spec->formula_required) {
		clauses_left(s, spec);
	}
}

/* ---- statements ---- */

static void let(struct yg_scan *s, const struct yg_verb_spec *spec)
{
	if (s->n < 3)
		return; /* a new name, "=" */
	size_t clause_at = 0;
	for (size_t i = 3; i < s->n; i++)
		if (yg_scan_among(s, i, "where by"))
			clause_at = i;
	size_t from = clause_at ? clause_at + 1 : 3;
	if (clause_at && yg_scan_is(s, clause_at, "by")) {
		if (s->n == from || yg_scan_last_kind(s) == YG_TOKEN_COMMA)
			yg_scan_columns(s);
		else
			yg_scan_tail_words(s, spec);
		return;
	}
	if (!yg_scan_predicate(s, from, clause_at ? NULL : "person"))
		return;
	if (!clause_at)
		yg_scan_word(s, YG_COMPLETE_KEYWORD, "where", NULL, " ");
	yg_scan_word(s, YG_COMPLETE_KEYWORD, "by", NULL, " ");
	yg_scan_tail_words(s, spec);
}

void yg_scan_statement(struct yg_scan *s, const struct yg_verb_spec *spec)
{
	const char *name = spec->name;
	char *defined = yg_scan_kind_at(s, 1) == YG_TOKEN_NAME ? yg_scan_text_at(s, 1) : NULL;
	if (strcmp(name, "contrast") == 0 && yg_scan_kind_at(s, 3) == YG_TOKEN_NAME)
		defined = yg_scan_text_at(s, 3);
	if (strcmp(name, "use") != 0 && spec->option_count && yg_scan_in_tail(s, spec, defined))
		return;
	if (strcmp(name, "let") == 0) {
		let(s, spec);
	} else if (yg_word_among("open run", name, strlen(name)) || (strcmp(name, "import") == 0 && s->n >= 2)) {
		size_t path = strcmp(name, "import") == 0 ? 2 : 1;
		if (s->n == path)
			yg_scan_files(s);
		else if (s->n == path + 1)
			yg_scan_tail_words(s, spec);
	} else if (strcmp(name, "use") == 0) {
		if (s->n == 1)
			yg_scan_objects(s, YG_TARGET_OBJECT);
		else if (s->n == 2)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "on", NULL, " ");
		else if (s->n == 3 && yg_scan_is(s, 2, "on"))
			yg_scan_objects(s, YG_TARGET_OBJECT);
	} else if (strcmp(name, "factor") == 0) {
		if (s->n == 1)
			yg_scan_columns(s);
		else if (s->n == 2)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "with", NULL, " ");
		else if (yg_scan_predicate(s, 3, NULL))
			yg_scan_tail_words(s, spec);
	} else if (strcmp(name, "contrast") == 0) {
		if (s->n == 3 || (s->n == 5 && yg_scan_is(s, 4, "vs"))) {
			yg_scan_objects(s, YG_TARGET_COHORT);
			yg_scan_columns(s);
		} else if (s->n == 4) {
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "vs", NULL, " ");
			yg_scan_tail_words(s, spec);
		} else if (s->n == 6) {
			yg_scan_tail_words(s, spec);
		}
	} else if (strcmp(name, "assert") == 0) {
		if (!yg_scan_is(s, s->n - 1, "else") && !(s->n > 1 && yg_scan_is(s, s->n - 2, "else"))) {
			if (!yg_scan_operand_ends(s, 1))
				yg_scan_objects(s, YG_TARGET_ANY);
			if (yg_scan_predicate(s, 1, NULL))
				yg_scan_word(s, YG_COMPLETE_KEYWORD, "else", NULL, " ");
		}
	} else if (strcmp(name, "codes") == 0) {
		if (s->n == 2)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "from", NULL, " ");
		else if (s->n == 3 && yg_scan_is(s, 2, "from"))
			yg_scan_files(s);
		else if (s->n >= 3 && (yg_scan_last_kind(s) == YG_TOKEN_EQ || yg_scan_last_kind(s) == YG_TOKEN_COMMA))
			yg_scan_words(s, YG_COMPLETE_WORD, "icd10 atc kcode yj loinc set", " ");
		else if (s->n >= 3 && yg_scan_is(s, s->n - 1, "set"))
			yg_scan_objects(s, YG_TARGET_OBJECT);
		else if (s->n == 4 && yg_scan_is(s, 2, "from"))
			yg_scan_tail_words(s, spec);
	} else if (strcmp(name, "cohort") == 0) {
		if (s->n == 2)
			yg_scan_word(s, YG_COMPLETE_KEYWORD, "like", NULL, " ");
		else if (s->n == 3 && yg_scan_is(s, 2, "like"))
			yg_scan_objects(s, YG_TARGET_COHORT);
	}
}
