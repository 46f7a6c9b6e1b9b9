/* The parser's machinery: tokens, nodes, spans, and the check of option values. */
#include <math.h>
#include <string.h>

#include "lang/parse_priv.h"

void yg_parser_init(struct yg_parser *p, struct yg_arena *arena, const char *text, size_t n, size_t at, struct yg_err *err)
{
	memset(p, 0, sizeof *p);
	p->arena = arena;
	p->err = err ? err : &p->own;
	yg_err_clear(p->err);
	yg_buf_init(&p->scratch);
	yg_lex_init(&p->lexer, text, n, at);
	yg_lex_next(&p->lexer, &p->tok);
}

void yg_parser_release(struct yg_parser *p)
{
	yg_buf_release(&p->scratch);
}

/* ---- tokens ---- */

static void record(struct yg_parser *p)
{
	struct yg_trace *trace = p->trace;
	YG_GROW(trace->v, trace->n, trace->cap);
	trace->v[trace->n++] = (struct yg_trace_token){
		.at = p->tok.at, .len = p->tok.len, .kind = p->tok.kind, .glue = p->glue, .level = p->level, .call = p->tok.call,
	};
}

void yg_advance(struct yg_parser *p)
{
	if (p->trace)
		record(p);
	p->glue = 0;
	p->prev_end = p->tok.at + p->tok.len;
	p->joined = p->lexer.last_joins;
	if (p->tok.kind == YG_TOKEN_COMMA)
		p->comma_at = p->tok.at;
	yg_lex_next(&p->lexer, &p->tok);
}

void yg_peek(const struct yg_parser *p, struct yg_token *next)
{
	struct yg_lexer lexer = p->lexer;
	yg_lex_next(&lexer, next);
}

bool yg_at_word(const struct yg_parser *p, const char *word)
{
	return yg_lex_is(&p->lexer, &p->tok, word);
}

bool yg_at(const struct yg_parser *p, enum yg_token_kind kind)
{
	return p->tok.kind == kind;
}

bool yg_at_name(const struct yg_parser *p)
{
	return p->tok.kind == YG_TOKEN_NAME && !p->tok.reserved;
}

bool yg_at_line_end(const struct yg_parser *p)
{
	return p->tok.kind == YG_TOKEN_EOL || p->tok.kind == YG_TOKEN_END;
}

bool yg_skip_word(struct yg_parser *p, const char *word)
{
	if (!yg_at_word(p, word))
		return false;
	yg_advance(p);
	return true;
}

bool yg_skip(struct yg_parser *p, enum yg_token_kind kind)
{
	if (p->tok.kind != kind)
		return false;
	yg_advance(p);
	return true;
}

bool yg_want(struct yg_parser *p, enum yg_token_kind kind, const char *what)
{
	if (yg_skip(p, kind))
		return true;
	return yg_expected(p, what) != NULL;
}

bool yg_want_close(struct yg_parser *p, enum yg_token_kind kind, size_t open_at)
{
	if (yg_skip(p, kind))
		return true;
	if (p->tok.kind == YG_TOKEN_BAD)
		return yg_bad_token(p, &p->tok) != NULL;
	bool elsewhere = p->tok.kind == YG_TOKEN_END || p->tok.kind == YG_TOKEN_EOL || p->tok.fresh;
	if (elsewhere) {
		YG_FAIL(p, open_at, 1, "E-SYN-028", N_("this bracket is never closed"));
		const char *text = p->lexer.text;
		size_t end = open_at; /* of what stands on the line of the bracket */
		struct yg_lexer lexer;
		struct yg_token token;
		yg_lex_init(&lexer, text, p->lexer.n, open_at + 1);
		lexer.last = YG_TOKEN_OPEN;
		lexer.depth = 1;
		for (yg_lex_next(&lexer, &token); token.kind > YG_TOKEN_BAD && !token.fresh; yg_lex_next(&lexer, &token))
			end = token.at + token.len;
		if (end > open_at)
			yg_fix(p, end, end, kind == YG_TOKEN_CLOSE ? ")" : "]");
		return false;
	}
	return yg_expected(p, kind == YG_TOKEN_CLOSE ? N_("a comma or \")\"") : N_("a comma or \"]\"")) != NULL;
}

char *yg_token_text(struct yg_parser *p)
{
	yg_buf_clear(&p->scratch);
	yg_lex_value(&p->lexer, &p->tok, &p->scratch);
	return yg_arena_strndup(p->arena, p->scratch.data, p->scratch.len);
}

bool yg_token_among(const struct yg_parser *p, const char *words)
{
	return p->tok.kind == YG_TOKEN_NAME && !p->tok.quoted && !p->tok.call &&
	       yg_word_among(words, p->lexer.text + p->tok.at, p->tok.len);
}

bool yg_token_event(const struct yg_parser *p)
{
	return p->tok.kind == YG_TOKEN_NAME && p->tok.call && !p->tok.quoted &&
	       yg_word_event(p->lexer.text + p->tok.at, p->tok.len);
}

bool yg_follows_assign(const struct yg_parser *p)
{
	if (p->tok.kind != YG_TOKEN_NAME)
		return false;
	struct yg_token next;
	yg_peek(p, &next);
	return next.kind == YG_TOKEN_EQ;
}

/* ---- nodes ---- */

struct yg_node *yg_make(struct yg_parser *p, enum yg_node_kind kind, const char *text)
{
	struct yg_node *node = yg_arena_alloc(p->arena, 1, sizeof *node);
	node->kind = kind;
	node->text = text; /* literal or already in the arena */
	node->height = 1;
	node->at = p->tok.at;
	return node;
}

struct yg_node *yg_leaf(struct yg_parser *p, enum yg_node_kind kind)
{
	static const char *const unit[] = { ['d'] = "d", ['w'] = "w", ['m'] = "m", ['y'] = "y" };
	struct yg_node *node = yg_make(p, kind, NULL);
	node->len = p->tok.len;
	if (kind == YG_NODE_DURATION)
		node->text = unit[(unsigned char)p->tok.unit];
	else if (kind != YG_NODE_DATE)
		node->text = yg_token_text(p);
	if (kind == YG_NODE_DURATION || kind == YG_NODE_DATE || kind == YG_NODE_NUMBER)
		node->number = p->tok.number;
	yg_advance(p);
	return node;
}

void yg_add(struct yg_parser *p, struct yg_node *parent, struct yg_node *child)
{
	yg_node_add(p->arena, parent, child);
}

struct yg_node *yg_done(struct yg_parser *p, struct yg_node *node)
{
	node->len = p->prev_end > node->at ? p->prev_end - node->at : 0;
	return node;
}

bool yg_enter(struct yg_parser *p)
{
	if (p->depth < YG_PARSE_DEPTH) {
		p->depth++;
		return true;
	}
	YG_FAIL_TOKEN(p, "E-SYN-029", N_("this expression nests deeper than %d levels"), YG_PARSE_DEPTH);
	return false;
}

void yg_leave(struct yg_parser *p)
{
	p->depth--;
}

/* ---- values of options ---- */

bool yg_number_whole(double v)
{
	return v == floor(v) && fabs(v) <= 9007199254740992.0;
}

static bool word_is(const struct yg_node *value, const char *words)
{
	return (value->kind == YG_NODE_WORD || value->kind == YG_NODE_STRING) &&
	       yg_word_among(words, value->text, strlen(value->text));
}

/* Is the word one of "a|b|c"? */
static bool listed(const char *words, const char *word)
{
	size_t n = strlen(word);
	for (const char *w = words; *w;) {
		size_t len = strcspn(w, "|");
		if (len == n && memcmp(w, word, n) == 0)
			return true;
		w += len + (w[len] != 0);
	}
	return false;
}

static const char *nearest_word(struct yg_parser *p, const char *words, const char *word)
{
	const char *best = NULL;
	size_t least = strlen(word) > 3 ? 3 : 2;
	for (const char *w = words; *w;) {
		size_t len = strcspn(w, "|");
		char *one = yg_arena_strndup(p->arena, w, len);
		size_t d = yg_text_distance(one, word, least);
		if (d < least) {
			least = d;
			best = one;
		}
		w += len + (w[len] != 0);
	}
	return best;
}

static bool wrong_type(struct yg_parser *p, const struct yg_option_spec *option, const struct yg_node *value, const char *what)
{
	YG_FAIL(p, value->at, value->len, "E-SYN-022", N_("%s= wants %s"), option->name, _(what));
	return false;
}

static void hint_words(struct yg_parser *p, const struct yg_option_spec *option)
{
	struct yg_buf list;
	yg_buf_init(&list);
	for (const char *w = option->words; *w; w++) {
		if (*w == '|')
			yg_buf_adds(&list, ", ");
		else
			yg_buf_addc(&list, *w);
	}
	yg_err_hint(p->err, N_("it takes: %s"), list.data);
	yg_buf_release(&list);
}

static bool check_word(struct yg_parser *p, const struct yg_option_spec *option, const struct yg_node *value)
{
	if (value->kind == YG_NODE_NUMBER && option->words && listed(option->words, value->text))
		return true;
	if (value->kind != YG_NODE_WORD && value->kind != YG_NODE_STRING)
		return wrong_type(p, option, value, N_("a word"));
	if (!option->words || listed(option->words, value->text))
		return true;
	const char *near = nearest_word(p, option->words, value->text);
	struct yg_shown shown = yg_show_text(value->text, strlen(value->text));
	/* "log-log": the value ended at the hyphen */
	if (yg_at(p, YG_TOKEN_MINUS))
		return yg_options_tail_error(p, NULL) != NULL;
	YG_FAIL(p, value->at, value->len, "E-SYN-021", N_("%s= does not know %s"), option->name, shown.text);
	if (near)
		yg_fix(p, value->at, value->at + value->len, near);
	hint_words(p, option);
	return false;
}

static bool check_fraction(struct yg_parser *p, const struct yg_option_spec *option, const struct yg_node *value)
{
	if (value->kind != YG_NODE_NUMBER)
		return wrong_type(p, option, value, N_("a fraction between 0 and 1"));
	if (strcmp(option->name, "conf") == 0 && (value->number == 0 || value->number == 1)) {
		YG_FAIL(p, value->at, value->len, "E-SYN-018", N_("%s= is more than 0 and less than 1"), option->name);
		return false;
	}
	if (value->number >= 0 && value->number <= 1)
		return true;
	YG_FAIL(p, value->at, value->len, "E-SYN-018", N_("%s= is a fraction between 0 and 1, not a percentage"), option->name);
	if (value->number > 1 && value->number <= 100) {
		char fraction[32];
		yg_print_double(fraction, value->number / 100);
		yg_fix(p, value->at, value->at + value->len, fraction);
	}
	return false;
}

static bool check_one(struct yg_parser *p, const struct yg_option_spec *option, const struct yg_node *value)
{
	bool text = value->kind == YG_NODE_WORD || value->kind == YG_NODE_STRING;
	switch (option->type) {
	case YG_OPTION_FLAG:
		if (word_is(value, "yes no true false"))
			return true;
		return wrong_type(p, option, value, N_("yes or no"));
	case YG_OPTION_INTEGER:
		if (value->kind == YG_NODE_NUMBER && yg_number_whole(value->number))
			return true;
		return wrong_type(p, option, value, N_("a whole number"));
	case YG_OPTION_NUMBER:
	case YG_OPTION_NUMBERS:
		return value->kind == YG_NODE_NUMBER || wrong_type(p, option, value, N_("a number"));
	case YG_OPTION_FRACTION:
		return check_fraction(p, option, value);
	case YG_OPTION_WORD:
		return check_word(p, option, value);
	case YG_OPTION_TIMES:
		return value->kind == YG_NODE_DURATION || value->kind == YG_NODE_NUMBER ||
		       wrong_type(p, option, value, N_("a time such as 5y, or a number in the unit shown"));
	case YG_OPTION_DURATION:
		if (value->kind == YG_NODE_DURATION || (value->kind == YG_NODE_NUMBER && value->number == 0))
			return true;
		if (value->kind == YG_NODE_NUMBER) {
			YG_FAIL(p, value->at, value->len, "E-SYN-017", N_("a length of time needs a unit: d, w, m or y"));
			yg_fix(p, value->at + value->len, value->at + value->len, "d");
			return false;
		}
		return wrong_type(p, option, value, N_("a length of time such as 5y"));
	case YG_OPTION_TEXT:
		return text || wrong_type(p, option, value, N_("a text in quotes"));
	case YG_OPTION_COLUMN:
	case YG_OPTION_COLUMNS:
		return text || wrong_type(p, option, value, N_("a column"));
	default:
		return true;
	}
}

bool yg_check_option(struct yg_parser *p, const struct yg_option_spec *option, const struct yg_node *value)
{
	if (!value) {
		if (option->type == YG_OPTION_FLAG || option->type == YG_OPTION_VALUE ||
		    (option->type == YG_OPTION_WORD && option->words && listed(option->words, "yes")))
			return true;
		YG_FAIL(p, p->prev_end - strlen(option->name), strlen(option->name), "E-SYN-022", N_("%s= needs a value"), option->name);
		if (option->words)
			hint_words(p, option);
		return false;
	}
	if (option->type == YG_OPTION_VALUE)
		return true;
	if (value->kind != YG_NODE_GROUP)
		return value->kind == YG_NODE_PAIR ? wrong_type(p, option, value, N_("one value, without \":\"")) : check_one(p, option, value);
	if (option->type == YG_OPTION_FLAG)
		return wrong_type(p, option, value, N_("yes or no"));
	for (uint32_t i = 0; i < value->children; i++)
		if (!check_one(p, option, value->child[i]))
			return false;
	return true;
}
