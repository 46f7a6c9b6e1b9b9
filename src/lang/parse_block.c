/* The three blocks: cohort, endpoint, covariates. */
#include <string.h>

#include "lang/parse_priv.h"

/* ---- events and windows ---- */

static struct yg_node *event(struct yg_parser *p)
{
	if (!yg_token_event(p)) {
		bool bare = yg_at_name(p) && !p->tok.quoted && yg_word_event(p->lexer.text + p->tok.at, p->tok.len);
		yg_expected(p, N_("an event such as dx(...), rx(...), lab(...), visit(...) or death()"));
		if (bare) {
			struct yg_token next;
			yg_peek(p, &next);
			size_t end = p->tok.at + p->tok.len;
			if (next.kind != YG_TOKEN_OPEN)
				yg_fix(p, end, end, "()");
			else
				yg_fix(p, end, next.at, "");
		}
		return NULL;
	}
	struct yg_node *node = yg_make(p, YG_NODE_EVENT, yg_token_text(p));
	yg_advance(p);
	return yg_arguments(p, node, true) ? yg_done(p, node) : NULL;
}

static struct yg_node *events(struct yg_parser *p)
{
	struct yg_node *node = yg_make(p, YG_NODE_EVENTS, NULL);
	do {
		struct yg_node *e = event(p);
		if (!e)
			return NULL;
		yg_add(p, node, e);
	} while (yg_skip_word(p, "or"));
	return yg_done(p, node);
}

static struct yg_node *bound(struct yg_parser *p)
{
	size_t at = p->tok.at;
	double sign = yg_at(p, YG_TOKEN_MINUS) ? -1 : 1;
	bool signed_ = yg_at(p, YG_TOKEN_MINUS) || yg_at(p, YG_TOKEN_PLUS);
	if (signed_) {
		p->glue = YG_GLUE_AFTER;
		yg_advance(p);
	}
	if (yg_at(p, YG_TOKEN_NUMBER))
		return yg_unit_missing(p, at);
	if (yg_at(p, YG_TOKEN_DURATION)) {
		struct yg_node *node = yg_leaf(p, YG_NODE_DURATION);
		node->at = at;
		node->number *= sign;
		return yg_done(p, node);
	}
	if (!signed_ && yg_at(p, YG_TOKEN_DATE))
		return yg_leaf(p, YG_NODE_DATE);
	if (!signed_ && yg_at_name(p) && !p->tok.call)
		return yg_leaf(p, YG_NODE_NAME);
	return yg_expected(p, signed_ ? N_("a duration such as 365d")
	                              : N_("a bound: -365d, a date, \"start\", \"end\", a param or a date column"));
}

static struct yg_node *window(struct yg_parser *p)
{
	struct yg_node *node = yg_make(p, YG_NODE_WINDOW, NULL), *b;
	if (!yg_at_word(p, "in"))
		return yg_expected(p, N_("a window: in [-365d, 0d]"));
	yg_advance(p);
	size_t open = p->tok.at;
	if (!yg_want(p, YG_TOKEN_OPEN_SQUARE, N_("a window: [-365d, 0d]")) || !(b = bound(p)))
		return NULL;
	yg_add(p, node, b);
	if (!yg_want(p, YG_TOKEN_COMMA, N_("a comma and the other bound of the window")) || !(b = bound(p)))
		return NULL;
	yg_add(p, node, b);
	return yg_want_close(p, YG_TOKEN_CLOSE_SQUARE, open) ? yg_done(p, node) : NULL;
}

static struct yg_node *duration(struct yg_parser *p, const char *what)
{
	if (yg_at(p, YG_TOKEN_NUMBER))
		return yg_unit_missing(p, p->tok.at);
	return yg_at(p, YG_TOKEN_DURATION) ? yg_leaf(p, YG_NODE_DURATION) : yg_expected(p, what);
}

/* A pick word, or NULL with no error when the token is none. */
static char *pick(struct yg_parser *p)
{
	if (!yg_at_name(p) || p->tok.quoted || p->tok.call || !yg_word_pick(p->lexer.text + p->tok.at, p->tok.len))
		return NULL;
	char *word = yg_token_text(p);
	yg_advance(p);
	return word;
}

static char *want_pick(struct yg_parser *p)
{
	char *word = pick(p);
	if (word)
		return word;
	bool first = yg_token_event(p);
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok);
	struct yg_shown shown = yg_show(p, &p->tok);
	YG_FAIL_TOKEN(p, "E-SYN-034", N_("which of several? expected first, last, every, min, max, mean, sum, any or count, "
	                                 "found %s"), shown.text);
	if (first)
		yg_fix(p, p->tok.at, p->tok.at, "first ");
	return NULL;
}

static bool add(struct yg_parser *p, struct yg_node *parent, struct yg_node *child)
{
	if (child)
		yg_add(p, parent, child);
	return child != NULL;
}

/* STRING ":" in front of a rule or an event. */
static bool label(struct yg_parser *p, struct yg_node *clause)
{
	if (!yg_at(p, YG_TOKEN_STRING))
		return true;
	yg_add(p, clause, yg_leaf(p, YG_NODE_STRING));
	return yg_want(p, YG_TOKEN_COLON, N_("\":\" behind the label"));
}

/* ---- cohort clauses ---- */

static bool rule(struct yg_parser *p, struct yg_node *clause)
{
	struct yg_node *node;
	if (yg_token_among(p, "any none")) {
		node = yg_make(p, YG_NODE_RULE_EVENTS, yg_token_text(p));
		yg_advance(p);
		if (!add(p, node, events(p)) || !add(p, node, window(p)))
			return false;
	} else if (yg_token_among(p, "count")) {
		node = yg_make(p, YG_NODE_RULE_COUNT, NULL);
		yg_advance(p);
		if (!add(p, node, event(p)) || !add(p, node, window(p)) || !add(p, node, yg_test(p, NULL)))
			return false;
	} else if (yg_token_among(p, "value")) {
		node = yg_make(p, YG_NODE_RULE_VALUE, NULL);
		yg_advance(p);
		if (!(node->text = want_pick(p)) || !add(p, node, event(p)) || !add(p, node, window(p)) ||
		    !add(p, node, yg_test(p, NULL)))
			return false;
	} else if (yg_token_among(p, "observed")) {
		node = yg_make(p, YG_NODE_RULE_OBSERVED, NULL);
		yg_advance(p);
		if (!add(p, node, window(p)))
			return false;
	} else if (yg_token_event(p)) {
		struct yg_shown shown = yg_show(p, &p->tok);
		YG_FAIL_TOKEN(p, "E-SYN-034", N_("a rule on events says any, none, count or value first, found %s"), shown.text);
		yg_fix(p, p->tok.at, p->tok.at, "any ");
		return false;
	} else {
		return add(p, clause, yg_pred(p));
	}
	yg_add(p, clause, yg_done(p, node));
	return true;
}

static bool stop(struct yg_parser *p, struct yg_node *clause, const struct yg_verb_spec *spec)
{
	if (!yg_token_among(p, "observation death after date stop") && !yg_at_word(p, "on")) {
		bool on = yg_token_event(p);
		yg_expected(p, N_("observation, death, on EVENT, after DURATION, date DATE or stop EVENT"));
		if (on)
			yg_fix(p, p->tok.at, p->tok.at, "on ");
		return false;
	}
	clause->text = yg_token_text(p);
	yg_advance(p);
	const char *word = clause->text;
	if (strcmp(word, "on") == 0)
		return add(p, clause, events(p));
	if (strcmp(word, "after") == 0)
		return add(p, clause, duration(p, N_("a duration such as 365d")));
	if (strcmp(word, "date") == 0)
		return add(p, clause, yg_at(p, YG_TOKEN_DATE) ? yg_leaf(p, YG_NODE_DATE)
		                                               : yg_name_node(p, YG_NODE_NAME, N_("a date, a param or a date column")));
	if (strcmp(word, "stop") == 0)
		return add(p, clause, event(p)) && yg_tail(p, clause, spec);
	return true; /* observation, death */
}

static bool cohort_clause(struct yg_parser *p, struct yg_node *clause, const struct yg_verb_spec *spec)
{
	switch (clause->kind) {
	case YG_NODE_ENTER:
		if (!(clause->text = want_pick(p)) || !add(p, clause, events(p)))
			return false;
		return yg_at_line_end(p) || add(p, clause, window(p));
	case YG_NODE_REQUIRE:
	case YG_NODE_EXCLUDE:
		return label(p, clause) && rule(p, clause);
	case YG_NODE_EXIT:
		return stop(p, clause, spec);
	case YG_NODE_EPISODES:
		return yg_tail(p, clause, spec);
	default: /* LIMIT */
		clause->text = want_pick(p);
		return clause->text != NULL;
	}
}

/* ---- endpoint clauses ---- */

static bool happening(struct yg_parser *p, struct yg_node *clause)
{
	if (yg_token_event(p))
		return add(p, clause, events(p));
	if (yg_token_among(p, "at")) {
		struct yg_node *at = yg_make(p, YG_NODE_AT, NULL);
		yg_advance(p);
		struct yg_node *name = yg_name_node(p, YG_NODE_NAME, N_("a date column"));
		if (!name)
			return false;
		at->text = name->text;
		yg_add(p, clause, yg_done(p, at));
		return true;
	}
	return add(p, clause, yg_pred(p));
}

static bool time_clause(struct yg_parser *p, struct yg_node *clause, const struct yg_verb_spec *spec)
{
	struct yg_node *name = yg_name_node(p, YG_NODE_NAME, N_("the column of times or dates"));
	if (!name)
		return false;
	clause->text = name->text;
	if (yg_skip_word(p, "in") &&
	    !add(p, clause, yg_name_node(p, YG_NODE_WORD, N_("a unit: days, weeks, months or years"))))
		return false;
	return yg_options(p, clause, spec);
}

static bool text_of_name(struct yg_parser *p, struct yg_node *clause, const char *what)
{
	struct yg_node *name = yg_name_node(p, YG_NODE_NAME, what);
	if (name)
		clause->text = name->text;
	return name != NULL;
}

static bool endpoint_clause(struct yg_parser *p, struct yg_node *clause, const struct yg_verb_spec *spec)
{
	switch (clause->kind) {
	case YG_NODE_START:
		return add(p, clause, bound(p));
	case YG_NODE_UNTIL:
	case YG_NODE_CLEAN:
		return add(p, clause, duration(p, N_("a duration such as 36m")));
	case YG_NODE_UNIT:
		return text_of_name(p, clause, N_("a unit: days, weeks, months or years"));
	case YG_NODE_WHERE:
		return add(p, clause, yg_pred(p));
	case YG_NODE_TIME:
		return time_clause(p, clause, spec);
	case YG_NODE_ENTRY:
		if (yg_at(p, YG_TOKEN_DURATION) || yg_at(p, YG_TOKEN_NUMBER))
			return add(p, clause, duration(p, ""));
		return add(p, clause, yg_name_node(p, YG_NODE_NAME, N_("a column or a duration such as 180d")));
	case YG_NODE_BETWEEN:
		if (!add(p, clause, yg_name_node(p, YG_NODE_NAME, N_("the column of the last time without the event"))))
			return false;
		if (!yg_skip_word(p, "and")) {
			yg_expected(p, N_("\"and\""));
			return false;
		}
		return add(p, clause, yg_name_node(p, YG_NODE_NAME, N_("the column of the first time with the event")));
	case YG_NODE_EACH:
		return text_of_name(p, clause, N_("a column, or \"row\""));
	case YG_NODE_CENSOR:
		return stop(p, clause, spec);
	default: /* EVENT_CLAUSE, COMPETE */
		if (!label(p, clause))
			return false;
		clause->text = pick(p);
		return happening(p, clause);
	}
}

/* ---- covariates clauses ---- */

static bool covariates_clause(struct yg_parser *p, struct yg_node *clause, const struct yg_verb_spec *spec)
{
	if (clause->kind == YG_NODE_KEEP)
		return yg_names(p, clause, NULL);
	clause->text = pick(p);
	return add(p, clause, event(p)) && add(p, clause, window(p)) && yg_tail(p, clause, spec);
}

/* ---- the block around them ---- */

static const struct {
	const char *word;
	enum yg_node_kind block, kind;
} clauses[] = {
	{ "enter", YG_NODE_COHORT, YG_NODE_ENTER },         { "require", YG_NODE_COHORT, YG_NODE_REQUIRE },
	{ "exclude", YG_NODE_COHORT, YG_NODE_EXCLUDE },     { "exit", YG_NODE_COHORT, YG_NODE_EXIT },
	{ "episodes", YG_NODE_COHORT, YG_NODE_EPISODES },   { "limit", YG_NODE_COHORT, YG_NODE_LIMIT },
	{ "start", YG_NODE_ENDPOINT, YG_NODE_START },       { "until", YG_NODE_ENDPOINT, YG_NODE_UNTIL },
	{ "clean", YG_NODE_ENDPOINT, YG_NODE_CLEAN },       { "unit", YG_NODE_ENDPOINT, YG_NODE_UNIT },
	{ "where", YG_NODE_ENDPOINT, YG_NODE_WHERE },       { "time", YG_NODE_ENDPOINT, YG_NODE_TIME },
	{ "entry", YG_NODE_ENDPOINT, YG_NODE_ENTRY },       { "between", YG_NODE_ENDPOINT, YG_NODE_BETWEEN },
	{ "each", YG_NODE_ENDPOINT, YG_NODE_EACH },         { "censor", YG_NODE_ENDPOINT, YG_NODE_CENSOR },
	{ "event", YG_NODE_ENDPOINT, YG_NODE_EVENT_CLAUSE },{ "compete", YG_NODE_ENDPOINT, YG_NODE_COMPETE },
	{ "keep", YG_NODE_COVARIATES, YG_NODE_KEEP },       { "add", YG_NODE_COVARIATES, YG_NODE_ADD },
};

static struct yg_node *clause_of(struct yg_parser *p, struct yg_node *block)
{
	size_t i = 0, n = sizeof clauses / sizeof *clauses;
	while (i < n && !(clauses[i].block == block->kind && yg_at_word(p, clauses[i].word)))
		i++;
	if (i == n) {
		const char *word = block->kind == YG_NODE_COHORT ? "cohort" : block->kind == YG_NODE_ENDPOINT ? "endpoint" : "covariates";
		return yg_unknown_clause(p, word, block, block->at);
	}
	struct yg_node *clause = yg_make(p, clauses[i].kind, NULL);
	const struct yg_verb_spec *spec = yg_clause_find(clauses[i].word);
	yg_advance(p);
	bool fine = block->kind == YG_NODE_COHORT     ? cohort_clause(p, clause, spec)
	            : block->kind == YG_NODE_ENDPOINT ? endpoint_clause(p, clause, spec)
	                                              : covariates_clause(p, clause, spec);
	if (!fine)
		return NULL;
	if (!yg_at_line_end(p)) {
		if (p->tok.kind == YG_TOKEN_NAME && (yg_follows_assign(p) || yg_verb_option(spec, yg_token_text(p))) &&
		    spec->option_count)
			return yg_option_misplaced(p, p->prev_end);
		if (yg_node_find(clause, YG_NODE_OPTIONS))
			return yg_options_tail_error(p, spec);
		return yg_expected_end(p, N_("the end of the clause"));
	}
	return yg_done(p, clause);
}

struct yg_node *yg_block(struct yg_parser *p, enum yg_node_kind kind)
{
	struct yg_node *block = yg_make(p, kind, NULL);
	yg_advance(p);
	struct yg_node *name = yg_name_node(p, YG_NODE_NAME, N_("a name for the block"));
	if (!name)
		return NULL;
	block->text = name->text;
	if (kind == YG_NODE_COHORT && yg_at_word(p, "like")) {
		struct yg_node *like = yg_make(p, YG_NODE_LIKE, NULL);
		yg_advance(p);
		if (!text_of_name(p, like, N_("the name of the cohort it is like")))
			return NULL;
		yg_add(p, block, yg_done(p, like));
	}
	if (!yg_at(p, YG_TOKEN_COLON)) {
		size_t end = p->prev_end;
		bool fixable = yg_at_line_end(p) || yg_at(p, YG_TOKEN_STRING);
		yg_expected(p, N_("\":\" behind the name"));
		if (fixable)
			yg_fix(p, end, end, ":");
		return NULL;
	}
	yg_advance(p);
	if (yg_at(p, YG_TOKEN_STRING))
		yg_add(p, block, yg_leaf(p, YG_NODE_STRING));
	p->level = 1;
	if (yg_at(p, YG_TOKEN_END))
		return yg_unknown_clause(p, kind == YG_NODE_COHORT ? "cohort" : kind == YG_NODE_ENDPOINT ? "endpoint" : "covariates",
		                         block, block->at);
	if (!yg_at(p, YG_TOKEN_EOL))
		return yg_expected(p, N_("the end of the line (one clause a line follows)"));
	for (;;) {
		while (yg_skip(p, YG_TOKEN_EOL))
			;
		if (yg_at_word(p, "end"))
			break;
		struct yg_node *clause = clause_of(p, block);
		if (!clause)
			return NULL;
		yg_add(p, block, clause);
	}
	p->level = 0;
	yg_advance(p);
	if (p->trace)
		p->trace->v[p->trace->n - 1].end = true;
	return yg_done(p, block);
}
