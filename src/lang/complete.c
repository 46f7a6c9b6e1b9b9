/*
 * Completion: the tokens before the cursor, the statement they belong to, and what its grammar lets
 * follow.  Forgiving: an earlier mistake in the text only makes the answer poorer.
 */
#include "yogo/lang/complete.h"

#include <string.h>

#include "lang/lex_priv.h"
#include "yogo/base/i18n.h"

struct scan {
	struct yg_arena *arena;
	struct yg_lexer lexer;
	struct yg_token *v;      /* tokens of the statement at hand, without the word at the cursor */
	size_t n, cap;
	const char *block;       /* "cohort", "endpoint", "covariates" when inside one */
	bool header;             /* on the line that opens it */
	size_t at;
	struct yg_completions *out;
};

bool yg_complete_matches(const char *name, const char *prefix, size_t n)
{
	if (strlen(name) < n)
		return false;
	return yg_str_eq_ascii_nocase((struct yg_str){ name, n }, (struct yg_str){ prefix, n });
}

/* ---- candidates ---- */

static void put(struct scan *s, struct yg_completion c)
{
	const char *prefix = s->lexer.text + s->out->from;
	if (c.text && !yg_complete_matches(c.text, prefix, s->at - s->out->from))
		return;
	struct yg_completions *out = s->out;
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].kind == c.kind && c.text && out->v[i].text && strcmp(out->v[i].text, c.text) == 0)
			return;
	if (out->n == out->cap) {
		size_t cap = out->cap ? 2 * out->cap : 32;
		struct yg_completion *wider = yg_arena_alloc(s->arena, cap, sizeof *wider);
		if (out->n)
			memcpy(wider, out->v, out->n * sizeof *wider);
		out->v = wider;
		out->cap = cap;
	}
	out->v[out->n++] = c;
}

static void word(struct scan *s, enum yg_complete_kind kind, const char *text, const char *help, const char *after)
{
	put(s, (struct yg_completion){ .kind = kind, .text = text, .help = help, .after = after });
}

/* Words parted by blanks or bars. */
static void words(struct scan *s, enum yg_complete_kind kind, const char *list, const char *after)
{
	while (*list) {
		size_t n = strcspn(list, " |");
		if (n)
			word(s, kind, yg_arena_strndup(s->arena, list, n), NULL, after);
		list += n + (list[n] != 0);
	}
}

static void columns(struct scan *s)
{
	put(s, (struct yg_completion){ .kind = YG_COMPLETE_COLUMN, .after = "" });
}

static void objects(struct scan *s, enum yg_target target)
{
	put(s, (struct yg_completion){ .kind = YG_COMPLETE_OBJECT, .after = " ", .target = target });
}

static void values(struct scan *s, const char *column)
{
	put(s, (struct yg_completion){ .kind = YG_COMPLETE_VALUE, .after = "", .column = column });
}

static void files(struct scan *s)
{
	put(s, (struct yg_completion){ .kind = YG_COMPLETE_FILE, .after = "" });
}

static void functions(struct scan *s, const char *kind)
{
	size_t n;
	const struct yg_function_spec *f = yg_function_specs(&n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(f[i].kind, kind) == 0)
			word(s, kind[0] == 'e' ? YG_COMPLETE_EVENT : YG_COMPLETE_FUNCTION, f[i].name, f[i].help, "(");
}

/* ---- tokens ---- */

static bool is(const struct scan *s, size_t i, const char *text)
{
	return i < s->n && yg_lex_is(&s->lexer, &s->v[i], text);
}

static bool among(const struct scan *s, size_t i, const char *list)
{
	return i < s->n && s->v[i].kind == YG_TOKEN_NAME && !s->v[i].quoted &&
	       yg_word_among(list, s->lexer.text + s->v[i].at, s->v[i].len);
}

static enum yg_token_kind kind_at(const struct scan *s, size_t i)
{
	return i < s->n ? s->v[i].kind : YG_TOKEN_END;
}

static enum yg_token_kind last_kind(const struct scan *s)
{
	return s->n ? s->v[s->n - 1].kind : YG_TOKEN_END;
}

static char *text_at(const struct scan *s, size_t i)
{
	struct yg_buf text;
	yg_buf_init(&text);
	yg_lex_value(&s->lexer, &s->v[i], &text);
	char *copy = yg_arena_strndup(s->arena, text.data, text.len);
	yg_buf_release(&text);
	return copy;
}

static bool opens(enum yg_token_kind kind)
{
	return kind == YG_TOKEN_OPEN || kind == YG_TOKEN_OPEN_SQUARE;
}

static bool closes(enum yg_token_kind kind)
{
	return kind == YG_TOKEN_CLOSE || kind == YG_TOKEN_CLOSE_SQUARE;
}

/* Index of the innermost bracket still open at the end, or n. */
static size_t open_bracket(const struct scan *s, size_t from)
{
	size_t depth = 0;
	for (size_t i = s->n; i-- > from;) {
		if (closes(s->v[i].kind))
			depth++;
		else if (opens(s->v[i].kind) && depth-- == 0)
			return i;
	}
	return s->n;
}

/* Does something that an operator or a clause may follow end here? */
static bool operand_ends(const struct scan *s, size_t from)
{
	if (s->n <= from)
		return false;
	const struct yg_token *t = &s->v[s->n - 1];
	switch (t->kind) {
	case YG_TOKEN_NAME:
		return !t->reserved;
	case YG_TOKEN_NUMBER:
	case YG_TOKEN_DURATION:
	case YG_TOKEN_DATE:
	case YG_TOKEN_STRING:
	case YG_TOKEN_CLOSE:
	case YG_TOKEN_CLOSE_SQUARE:
		return true;
	default:
		return false;
	}
}

/* ---- expressions ---- */

/* The column whose value is wanted at the end: NAME = ..., NAME in (..., or NULL. */
static const char *compared_column(const struct scan *s, size_t from)
{
	size_t i = s->n;
	size_t open = open_bracket(s, from);
	if (open < s->n && open > from && is(s, open - 1, "in"))
		i = open - 1; /* inside the set */
	else if (i > from && last_kind(s) >= YG_TOKEN_EQ && last_kind(s) <= YG_TOKEN_GE)
		i--;
	else
		return NULL;
	if (i > from && is(s, i - 1, "not"))
		i--;
	return i > from && s->v[i - 1].kind == YG_TOKEN_NAME && !s->v[i - 1].reserved ? text_at(s, i - 1) : NULL;
}

/* A predicate that begins at token from.  True when it may end here, so that a clause may follow. */
static bool predicate(struct scan *s, size_t from, const char *function_kind)
{
	const char *column = compared_column(s, from);
	size_t open = open_bracket(s, from);
	if (column)
		values(s, column);
	if (s->n > from && is(s, s->n - 1, "is")) {
		word(s, YG_COMPLETE_KEYWORD, "missing", NULL, "");
		word(s, YG_COMPLETE_KEYWORD, "not", NULL, " ");
		return false;
	}
	if (s->n > from + 1 && is(s, s->n - 1, "not") && is(s, s->n - 2, "is")) {
		word(s, YG_COMPLETE_KEYWORD, "missing", NULL, "");
		return false;
	}
	if (s->n > from && is(s, s->n - 1, "in")) {
		objects(s, YG_TARGET_ANY);
		return false;
	}
	if (column && open < s->n) {
		return false; /* in a set: values only */
	}
	if (operand_ends(s, from)) {
		words(s, YG_COMPLETE_KEYWORD, "and or", " ");
		bool compared = false; /* since the last and, or, bracket or comma */
		for (size_t i = s->n; i-- > from && !among(s, i, "and or") && !opens(s->v[i].kind) && s->v[i].kind != YG_TOKEN_COMMA;)
			compared = compared || (s->v[i].kind >= YG_TOKEN_EQ && s->v[i].kind <= YG_TOKEN_GE) || among(s, i, "is in");
		if (!compared) {
			word(s, YG_COMPLETE_KEYWORD, "is missing", NULL, "");
			word(s, YG_COMPLETE_KEYWORD, "is not missing", NULL, "");
			word(s, YG_COMPLETE_KEYWORD, "in", NULL, " ");
		}
		return open == s->n;
	}
	columns(s);
	functions(s, "row");
	if (function_kind)
		functions(s, function_kind);
	enum yg_token_kind last = last_kind(s);
	bool begins = s->n <= from || among(s, s->n - 1, "and or not") || last == YG_TOKEN_OPEN || last == YG_TOKEN_COMMA;
	if (begins)
		word(s, YG_COMPLETE_KEYWORD, "not", NULL, " ");
	return false;
}

/* ---- options ---- */

static void option_value(struct scan *s, const struct yg_option_spec *option, const char *outcome)
{
	s->out->option = option;
	if (!option)
		return;
	switch (option->type) {
	case YG_OPTION_FLAG:
		words(s, YG_COMPLETE_WORD, "yes no", "");
		break;
	case YG_OPTION_WORD:
		if (option->words)
			words(s, YG_COMPLETE_WORD, option->words, "");
		break;
	case YG_OPTION_COLUMN:
	case YG_OPTION_COLUMNS:
		columns(s);
		break;
	case YG_OPTION_TEXT:
	case YG_OPTION_VALUE:
		if (outcome && (strcmp(option->name, "event") == 0 || strcmp(option->name, "treated") == 0 ||
		                strcmp(option->name, "ref") == 0 || strcmp(option->name, "levels") == 0))
			values(s, outcome);
		break;
	default:
		break;
	}
}

/* Behind "with" at token i. */
static void options(struct scan *s, const struct yg_verb_spec *spec, size_t with, const char *outcome)
{
	size_t open = open_bracket(s, with);
	enum yg_token_kind last = last_kind(s);
	/* the option at hand: the name before the last "=" outside brackets */
	const struct yg_option_spec *current = NULL;
	size_t depth = 0, start = with + 1;
	for (size_t i = with + 1; i < s->n; i++) {
		if (opens(s->v[i].kind))
			depth++;
		else if (closes(s->v[i].kind) && depth)
			depth--;
		else if (s->v[i].kind == YG_TOKEN_COMMA && depth == 0)
			start = i + 1;
	}
	if (start < s->n && s->v[start].kind == YG_TOKEN_NAME)
		current = yg_verb_option(spec, text_at(s, start));
	if (open < s->n && open > with) {
		if (last != YG_TOKEN_COLON || (current && current->type == YG_OPTION_VALUE))
			option_value(s, current, outcome);
		return;
	}
	if (last == YG_TOKEN_EQ) {
		option_value(s, current, outcome);
		return;
	}
	if (s->n == with + 1 || last == YG_TOKEN_COMMA) {
		for (size_t k = 0; spec && k < spec->option_count; k++) {
			bool given = false;
			for (size_t i = with + 1; i < s->n; i++)
				given = given || (is(s, i, spec->options[k].name) && (i == with + 1 || s->v[i - 1].kind == YG_TOKEN_COMMA));
			if (!given)
				word(s, YG_COMPLETE_OPTION, spec->options[k].name, spec->options[k].help,
				     spec->options[k].type == YG_OPTION_FLAG ? "" : "=");
		}
		return;
	}
	if (spec->clauses & YG_CLAUSE_AS)
		word(s, YG_COMPLETE_KEYWORD, "as", NULL, " ");
}

/* "with" and "as" where they may follow. */
static void tail_words(struct scan *s, const struct yg_verb_spec *spec)
{
	if (spec->option_count)
		word(s, YG_COMPLETE_KEYWORD, "with", NULL, " ");
	if (spec->clauses & YG_CLAUSE_AS)
		word(s, YG_COMPLETE_KEYWORD, "as", NULL, " ");
}

/* The tail of any statement: true when the cursor is inside it. */
static bool in_tail(struct scan *s, const struct yg_verb_spec *spec, const char *outcome)
{
	size_t with = s->n;
	for (size_t i = 1; i < s->n; i++) {
		if (is(s, i, "as") && s->v[i - 1].kind != YG_TOKEN_EQ)
			return true; /* a new name */
		if (with == s->n && is(s, i, "with"))
			with = i;
	}
	if (with == s->n)
		return false;
	options(s, spec, with, outcome);
	return true;
}

/* ---- commands ---- */

static const struct {
	const char *word;
	unsigned bit;
} clause_words[] = {
	{ "by", YG_CLAUSE_BY },       { "strata", YG_CLAUSE_STRATA }, { "cluster", YG_CLAUSE_CLUSTER }, { "on", YG_CLAUSE_ON },
	{ "using", YG_CLAUSE_USING }, { "where", YG_CLAUSE_WHERE },   { "to", YG_CLAUSE_TO },
};

static void clauses_left(struct scan *s, const struct yg_verb_spec *spec)
{
	for (size_t k = 0; k < sizeof clause_words / sizeof *clause_words; k++) {
		bool given = false;
		for (size_t i = 1; i < s->n; i++)
			given = given || is(s, i, clause_words[k].word);
		if ((spec->clauses & clause_words[k].bit) && !given)
			word(s, YG_COMPLETE_KEYWORD, clause_words[k].word, NULL, " ");
	}
	tail_words(s, spec);
}

static void target(struct scan *s, const struct yg_verb_spec *spec)
{
	switch (spec->target) {
	case YG_TARGET_NONE:
		break;
	case YG_TARGET_COLUMNS:
		columns(s);
		break;
	case YG_TARGET_ANY:
		columns(s);
		objects(s, YG_TARGET_ANY);
		break;
	default:
		objects(s, spec->target);
		break;
	}
}

static void topics(struct scan *s)
{
	size_t n;
	const struct yg_verb_spec *spec = yg_verb_specs(&n);
	for (size_t i = 0; i < n; i++)
		word(s, YG_COMPLETE_TOPIC, spec[i].name, spec[i].summary, "");
	spec = yg_statement_specs(&n);
	for (size_t i = 0; i < n; i++)
		word(s, YG_COMPLETE_TOPIC, spec[i].name, spec[i].summary, "");
	spec = yg_clause_specs(&n);
	for (size_t i = 0; i < n; i++)
		word(s, YG_COMPLETE_TOPIC, spec[i].name, spec[i].summary, "");
}

/* Terms of a formula from token from on. */
static void formula(struct scan *s, const struct yg_verb_spec *spec, size_t from)
{
	size_t open = open_bracket(s, from);
	if (open < s->n) {
		(void)predicate(s, open + 1, NULL);
		return;
	}
	if (operand_ends(s, from)) {
		clauses_left(s, spec);
		return;
	}
	columns(s);
	if (spec->target == YG_TARGET_ANY || strcmp(spec->name, "roc") == 0)
		objects(s, YG_TARGET_RESULT);
	functions(s, "term");
}

static void clause(struct scan *s, const struct yg_verb_spec *spec, size_t at)
{
	bool more = s->n == at + 1 || last_kind(s) == YG_TOKEN_COMMA || last_kind(s) == YG_TOKEN_COLON;
	if (is(s, at, "where")) {
		if (predicate(s, at + 1, NULL))
			clauses_left(s, spec);
	} else if (is(s, at, "to")) {
		if (more)
			files(s);
		else
			clauses_left(s, spec);
	} else if (more && is(s, at, "on")) {
		objects(s, YG_TARGET_COHORT);
	} else if (more && is(s, at, "using")) {
		objects(s, YG_TARGET_ANY);
	} else if (more) {
		columns(s);
	} else {
		clauses_left(s, spec);
	}
}

static void command(struct scan *s, const struct yg_verb_spec *spec)
{
	if (strcmp(spec->name, "help") == 0) {
		if (s->n == 1)
			topics(s);
		return;
	}
	char *outcome = kind_at(s, 1) == YG_TOKEN_NAME ? text_at(s, 1) : NULL;
	if (in_tail(s, spec, outcome))
		return;
	size_t clause_at = 0, tilde = 0;
	for (size_t i = 1; i < s->n; i++) {
		for (size_t k = 0; k < sizeof clause_words / sizeof *clause_words; k++)
			if (is(s, i, clause_words[k].word))
				clause_at = i;
		if (s->v[i].kind == YG_TOKEN_TILDE && !clause_at)
			tilde = i;
	}
	if (clause_at) {
		clause(s, spec, clause_at);
	} else if (tilde) {
		formula(s, spec, tilde + 1);
	} else if (s->n == 1 || last_kind(s) == YG_TOKEN_COMMA) {
		target(s, spec);
		if (s->n == 1 && (spec->target_optional || spec->target == YG_TARGET_NONE))
			clauses_left(s, spec);
	} else if (!spec->formula_required) {
		clauses_left(s, spec);
	}
}

/* ---- statements ---- */

static void let(struct scan *s, const struct yg_verb_spec *spec)
{
	if (s->n < 3)
		return; /* a new name, "=" */
	size_t clause_at = 0;
	for (size_t i = 3; i < s->n; i++)
		if (among(s, i, "where by"))
			clause_at = i;
	size_t from = clause_at ? clause_at + 1 : 3;
	if (clause_at && is(s, clause_at, "by")) {
		if (s->n == from || last_kind(s) == YG_TOKEN_COMMA)
			columns(s);
		else
			tail_words(s, spec);
		return;
	}
	if (!predicate(s, from, clause_at ? NULL : "person"))
		return;
	if (!clause_at)
		word(s, YG_COMPLETE_KEYWORD, "where", NULL, " ");
	word(s, YG_COMPLETE_KEYWORD, "by", NULL, " ");
	tail_words(s, spec);
}

static void statement(struct scan *s, const struct yg_verb_spec *spec)
{
	const char *name = spec->name;
	char *defined = kind_at(s, 1) == YG_TOKEN_NAME ? text_at(s, 1) : NULL;
	if (strcmp(name, "contrast") == 0 && kind_at(s, 3) == YG_TOKEN_NAME)
		defined = text_at(s, 3);
	if (strcmp(name, "use") != 0 && spec->option_count && in_tail(s, spec, defined))
		return;
	if (strcmp(name, "let") == 0) {
		let(s, spec);
	} else if (yg_word_among("open run", name, strlen(name)) || (strcmp(name, "import") == 0 && s->n >= 2)) {
		size_t path = strcmp(name, "import") == 0 ? 2 : 1;
		if (s->n == path)
			files(s);
		else if (s->n == path + 1)
			tail_words(s, spec);
	} else if (strcmp(name, "use") == 0) {
		if (s->n == 1)
			objects(s, YG_TARGET_OBJECT);
		else if (s->n == 2)
			word(s, YG_COMPLETE_KEYWORD, "on", NULL, " ");
		else if (s->n == 3 && is(s, 2, "on"))
			objects(s, YG_TARGET_OBJECT);
	} else if (strcmp(name, "factor") == 0) {
		if (s->n == 1)
			columns(s);
		else if (s->n == 2)
			word(s, YG_COMPLETE_KEYWORD, "with", NULL, " ");
		else if (predicate(s, 3, NULL))
			tail_words(s, spec);
	} else if (strcmp(name, "contrast") == 0) {
		if (s->n == 3 || (s->n == 5 && is(s, 4, "vs"))) {
			objects(s, YG_TARGET_COHORT);
			columns(s);
		} else if (s->n == 4) {
			word(s, YG_COMPLETE_KEYWORD, "vs", NULL, " ");
			tail_words(s, spec);
		} else if (s->n == 6) {
			tail_words(s, spec);
		}
	} else if (strcmp(name, "assert") == 0) {
		if (!is(s, s->n - 1, "else") && !(s->n > 1 && is(s, s->n - 2, "else"))) {
			if (!operand_ends(s, 1))
				objects(s, YG_TARGET_ANY);
			if (predicate(s, 1, NULL))
				word(s, YG_COMPLETE_KEYWORD, "else", NULL, " ");
		}
	} else if (strcmp(name, "codes") == 0) {
		if (s->n == 2)
			word(s, YG_COMPLETE_KEYWORD, "from", NULL, " ");
		else if (s->n == 3 && is(s, 2, "from"))
			files(s);
		else if (s->n >= 3 && (last_kind(s) == YG_TOKEN_EQ || last_kind(s) == YG_TOKEN_COMMA))
			words(s, YG_COMPLETE_WORD, "icd10 atc kcode yj loinc set", " ");
		else if (s->n >= 3 && is(s, s->n - 1, "set"))
			objects(s, YG_TARGET_OBJECT);
		else if (s->n == 4 && is(s, 2, "from"))
			tail_words(s, spec);
	} else if (strcmp(name, "cohort") == 0) {
		if (s->n == 2)
			word(s, YG_COMPLETE_KEYWORD, "like", NULL, " ");
		else if (s->n == 3 && is(s, 2, "like"))
			objects(s, YG_TARGET_COHORT);
	}
}

/* ---- blocks ---- */

static const char picks[] = "first last every min max mean sum any count";

/* Behind events: inside their brackets, in the window, behind it. */
static void window_part(struct scan *s, size_t from, bool several, bool window)
{
	size_t open = open_bracket(s, from);
	if (open < s->n) {
		if (s->v[open].kind == YG_TOKEN_OPEN_SQUARE) {
			if (last_kind(s) != YG_TOKEN_OPEN_SQUARE && last_kind(s) != YG_TOKEN_COMMA)
				return; /* a bound is being typed */
			words(s, YG_COMPLETE_KEYWORD, "start end", "");
			objects(s, YG_TARGET_ANY);
		} else {
			objects(s, YG_TARGET_ANY);
		}
		return;
	}
	size_t in = 0;
	for (size_t i = from; i < s->n; i++)
		if (is(s, i, "in"))
			in = i;
	if (in == 0 && last_kind(s) == YG_TOKEN_CLOSE) {
		if (window)
			word(s, YG_COMPLETE_KEYWORD, "in", NULL, " ");
		if (several)
			word(s, YG_COMPLETE_KEYWORD, "or", NULL, " ");
	} else if (several && s->n > from && is(s, s->n - 1, "or")) {
		functions(s, "event");
	}
}

static void rule(struct scan *s, size_t from)
{
	if (s->n == from) {
		words(s, YG_COMPLETE_KEYWORD, "any none count value observed", " ");
		columns(s);
		functions(s, "row");
		word(s, YG_COMPLETE_KEYWORD, "not", NULL, " ");
		return;
	}
	bool call = s->v[from].call;
	if (!call && among(s, from, "any none count")) {
		if (s->n == from + 1)
			functions(s, "event");
		else
			window_part(s, from + 1, !is(s, from, "count"), true);
	} else if (!call && is(s, from, "value")) {
		if (s->n == from + 1)
			words(s, YG_COMPLETE_KEYWORD, picks, " ");
		else if (s->n == from + 2)
			functions(s, "event");
		else
			window_part(s, from + 2, false, true);
	} else if (!call && is(s, from, "observed")) {
		if (s->n == from + 1)
			word(s, YG_COMPLETE_KEYWORD, "in", NULL, " ");
		else
			window_part(s, from + 1, false, true);
	} else {
		(void)predicate(s, from, NULL);
	}
}

static void stop(struct scan *s, const struct yg_verb_spec *spec)
{
	if (s->n == 1)
		words(s, YG_COMPLETE_KEYWORD, "observation death on after date stop", " ");
	else if (s->n == 2 && among(s, 1, "on stop"))
		functions(s, "event");
	else if (s->n == 2 && is(s, 1, "date"))
		columns(s);
	else if (is(s, 1, "stop") && last_kind(s) == YG_TOKEN_CLOSE)
		tail_words(s, spec);
	else if (among(s, 1, "on stop"))
		window_part(s, 2, is(s, 1, "on"), false);
}

static void happening(struct scan *s)
{
	size_t from = 1;
	if (kind_at(s, 1) == YG_TOKEN_STRING)
		from = kind_at(s, 2) == YG_TOKEN_COLON ? 3 : s->n + 1;
	if (from > s->n)
		return;
	size_t body = from < s->n && !s->v[from].call && among(s, from, picks) ? from + 1 : from;
	if (s->n == body) {
		if (body == from)
			words(s, YG_COMPLETE_KEYWORD, picks, " ");
		word(s, YG_COMPLETE_KEYWORD, "at", NULL, " ");
		functions(s, "event");
		(void)predicate(s, body, NULL);
	} else if (is(s, body, "at") && !s->v[body].call) {
		if (s->n == body + 1)
			columns(s);
	} else if (s->v[body].call && among(s, body, "dx rx px lab obs visit device death score cost cohort_of")) {
		window_part(s, body, true, false);
	} else {
		(void)predicate(s, body, NULL);
	}
}

static void block_clause(struct scan *s, const struct yg_verb_spec *spec)
{
	const char *name = spec->name;
	size_t n = strlen(name);
	if (spec->option_count && in_tail(s, spec, NULL))
		return;
	if (strcmp(name, "enter") == 0) {
		if (s->n == 1)
			words(s, YG_COMPLETE_KEYWORD, picks, " ");
		else if (s->n == 2)
			functions(s, "event");
		else
			window_part(s, 2, true, true);
	} else if (yg_word_among("require exclude", name, n)) {
		size_t from = kind_at(s, 1) == YG_TOKEN_STRING ? 3 : 1;
		if (s->n >= from && (from == 1 || kind_at(s, 2) == YG_TOKEN_COLON))
			rule(s, from);
	} else if (yg_word_among("exit censor", name, n)) {
		stop(s, spec);
	} else if (strcmp(name, "limit") == 0) {
		if (s->n == 1)
			words(s, YG_COMPLETE_KEYWORD, picks, "");
	} else if (strcmp(name, "where") == 0) {
		(void)predicate(s, 1, NULL);
	} else if (yg_word_among("event compete", name, n)) {
		happening(s);
	} else if (strcmp(name, "time") == 0) {
		if (s->n == 1)
			columns(s);
		else if (s->n == 2)
			words(s, YG_COMPLETE_KEYWORD, "in with", " ");
		else if (s->n == 3 && is(s, 2, "in"))
			words(s, YG_COMPLETE_WORD, "days weeks months years", "");
		else if (s->n == 4)
			tail_words(s, spec);
	} else if (strcmp(name, "unit") == 0) {
		if (s->n == 1)
			words(s, YG_COMPLETE_WORD, "days weeks months years", "");
	} else if (yg_word_among("start entry", name, n)) {
		if (s->n == 1)
			columns(s);
	} else if (strcmp(name, "each") == 0) {
		if (s->n == 1) {
			word(s, YG_COMPLETE_KEYWORD, "row", NULL, "");
			columns(s);
		}
	} else if (strcmp(name, "between") == 0) {
		if (s->n == 1 || (s->n == 3 && is(s, 2, "and")))
			columns(s);
		else if (s->n == 2)
			word(s, YG_COMPLETE_KEYWORD, "and", NULL, " ");
	} else if (strcmp(name, "keep") == 0) {
		if (s->n == 1 || last_kind(s) == YG_TOKEN_COMMA)
			columns(s);
	} else if (strcmp(name, "add") == 0) {
		size_t from = s->n > 1 && !s->v[1].call && among(s, 1, picks) ? 2 : 1;
		if (s->n == 1)
			words(s, YG_COMPLETE_KEYWORD, picks, " ");
		if (s->n == from)
			functions(s, "event");
		else if (last_kind(s) == YG_TOKEN_CLOSE_SQUARE)
			tail_words(s, spec);
		else
			window_part(s, from, false, true);
	}
}

/* ---- the whole text ---- */

static void begin_words(struct scan *s)
{
	size_t n;
	const struct yg_verb_spec *spec;
	if (s->block) {
		spec = yg_clause_specs(&n);
		for (size_t i = 0; i < n; i++)
			if (strcmp(spec[i].group, s->block) == 0)
				word(s, YG_COMPLETE_CLAUSE, spec[i].name, spec[i].summary, " ");
		word(s, YG_COMPLETE_CLAUSE, "end", NULL, "");
		return;
	}
	spec = yg_statement_specs(&n);
	for (size_t i = 0; i < n; i++)
		word(s, YG_COMPLETE_STATEMENT, spec[i].name, spec[i].summary, " ");
	spec = yg_verb_specs(&n);
	for (size_t i = 0; i < n; i++)
		word(s, YG_COMPLETE_VERB, spec[i].name, spec[i].summary, " ");
}

static void note(struct scan *s, const struct yg_token *token)
{
	if (token->kind == YG_TOKEN_EOL) {
		if (s->n && !s->block && among(s, 0, "cohort endpoint covariates"))
			s->block = is(s, 0, "cohort") ? "cohort" : is(s, 0, "endpoint") ? "endpoint" : "covariates";
		else if (s->block && s->n == 1 && is(s, 0, "end"))
			s->block = NULL;
		s->n = 0;
		return;
	}
	YG_GROW(s->v, s->n, s->cap);
	s->v[s->n++] = *token;
}

/* Inside an open text: a file name, or the value of a column. */
static void inside_string(struct scan *s)
{
	s->out->in_string = true;
	s->out->from++;
	if (s->n == 0)
		return;
	char *first = s->v[0].kind == YG_TOKEN_NAME ? text_at(s, 0) : NULL;
	if (!first)
		return;
	s->out->spec = s->block ? yg_clause_find(first) : yg_spec_find(first);
	bool path = (s->n == 1 && yg_word_among("open run verify replay", first, strlen(first))) ||
	            (s->n == 2 && strcmp(first, "import") == 0) || is(s, s->n - 1, "to") || is(s, s->n - 1, "from");
	if (path) {
		files(s);
		return;
	}
	size_t with = 0;
	for (size_t i = 1; i < s->n; i++)
		if (!with && is(s, i, "with"))
			with = i;
	if (with && s->out->spec) {
		const char *outcome = kind_at(s, 1) == YG_TOKEN_NAME ? text_at(s, 1) : NULL;
		options(s, s->out->spec, with, outcome);
		return;
	}
	const char *column = compared_column(s, 1);
	if (column)
		values(s, column);
}

void yg_complete(struct yg_arena *arena, const char *text, size_t at, struct yg_completions *out)
{
	struct scan s = { .arena = arena, .at = at, .out = out };
	struct yg_token token;
	*out = (struct yg_completions){ .from = at };
	yg_lex_init(&s.lexer, text, at, 0);
	bool comment = false;
	size_t end = 0; /* of the last whole token */
	for (;;) {
		yg_lex_next(&s.lexer, &token);
		if (token.kind == YG_TOKEN_END)
			break;
		bool last = token.at + token.len == at && token.len > 0;
		if (last && (token.kind == YG_TOKEN_NAME || token.kind == YG_TOKEN_BAD)) {
			out->from = token.at;
			break;
		}
		if (last && (token.kind == YG_TOKEN_NUMBER || token.kind == YG_TOKEN_DURATION || token.kind == YG_TOKEN_DATE)) {
			yg_free(s.v);
			return; /* a number is being typed */
		}
		note(&s, &token);
		end = token.at + token.len;
	}
	/* a comment runs to the cursor when a "#" stands behind the last token on its line */
	for (size_t i = end; i < out->from; i++)
		comment = text[i] == '#' || (comment && text[i] != '\n' && text[i] != '\r');
	if (!comment && token.kind == YG_TOKEN_BAD && token.bad == YG_BAD_STRING) {
		inside_string(&s);
	} else if (!comment && token.kind == YG_TOKEN_BAD && token.bad == YG_BAD_DOTS) {
		put(&s, (struct yg_completion){ .kind = YG_COMPLETE_FIELD, .after = "",
		                                .column = yg_arena_strndup(arena, text + token.at, token.len - 1) });
	} else if (!comment && !(token.kind == YG_TOKEN_BAD && token.bad != YG_BAD_BACKQUOTE)) {
		char *first = s.n && s.v[0].kind == YG_TOKEN_NAME ? text_at(&s, 0) : NULL;
		const struct yg_verb_spec *spec = NULL;
		if (s.n == 0)
			begin_words(&s);
		else if (first && s.block)
			spec = yg_clause_find(first);
		else if (first)
			spec = yg_verb_find(first) ? yg_verb_find(first) : yg_statement_find(first);
		out->spec = spec;
		if (spec && s.block)
			block_clause(&s, spec);
		else if (spec && yg_verb_find(first))
			command(&s, spec);
		else if (spec)
			statement(&s, spec);
	}
	yg_free(s.v);
}
