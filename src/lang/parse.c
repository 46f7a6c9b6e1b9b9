/* The doors of the parser, and the proof of corrected lines. */
#include "yogo/lang/parse.h"

#include <string.h>

#include "lang/parse_priv.h"

struct yg_node *yg_parse_script_node(struct yg_parser *p)
{
	struct yg_node *script = yg_make(p, YG_NODE_SCRIPT, NULL);
	for (;;) {
		while (yg_skip(p, YG_TOKEN_EOL))
			;
		if (yg_at(p, YG_TOKEN_END))
			return yg_done(p, script);
		struct yg_node *node = yg_statement(p);
		if (!node)
			return NULL;
		if (node->kind == YG_NODE_LANG && script->children)
			return YG_FAIL(p, node->at, node->len, "E-SYN-033", N_("\"lang\" is the first line of a script"));
		yg_add(p, script, node);
	}
}

enum door { DOOR_SCRIPT, DOOR_NEXT, DOOR_PREDICATE, DOOR_VALUE };

static struct yg_node *through(struct yg_parser *p, enum door door)
{
	if (door == DOOR_SCRIPT)
		return yg_parse_script_node(p);
	while (yg_skip(p, YG_TOKEN_EOL))
		;
	if (door == DOOR_NEXT)
		return yg_at(p, YG_TOKEN_END) ? NULL : yg_statement(p);
	struct yg_node *node = door == DOOR_VALUE ? yg_value(p) : yg_pred(p);
	while (node && yg_skip(p, YG_TOKEN_EOL))
		;
	return node && !yg_at(p, YG_TOKEN_END) ? yg_expected_end(p, N_("the end of the text")) : node;
}

/*
 * A corrected line is only offered when no error is left on it: it is put in place of the faulty one
 * and parsed; what else is wrong there is mended the same way, a few times.
 */
static void prove_fixed(const char *text, size_t n, size_t offset, enum door door, struct yg_err *err)
{
	enum { ROUNDS = 6 };
	size_t start = err->at < n ? err->at : n, end = start;
	while (start > 0 && text[start - 1] != '\n' && text[start - 1] != '\r')
		start--;
	while (end < n && text[end] != '\n' && text[end] != '\r')
		end++;
	char best[sizeof err->fixed];
	memcpy(best, err->fixed, sizeof best);
	bool proven = false;
	for (int round = 0; round < ROUNDS && !proven && best[0]; round++) {
		struct yg_arena arena;
		struct yg_parser p;
		struct yg_buf mended;
		yg_buf_init(&mended);
		yg_arena_init(&arena);
		yg_buf_add(&mended, text, start);
		yg_buf_adds(&mended, best);
		size_t mended_end = mended.len;
		yg_buf_add(&mended, text + end, n - end);
		yg_parser_init(&p, &arena, mended.data, mended.len, offset <= start ? offset : start, NULL);
		(void)through(&p, door);
		bool here = p.status != YG_OK && p.own.at >= start && p.own.at <= mended_end && !(p.at_end && p.goes_on);
		proven = !here;
		if (here)
			memcpy(best, p.own.fixed, sizeof best);
		yg_parser_release(&p);
		yg_arena_release(&arena);
		yg_buf_release(&mended);
	}
	if (proven)
		memcpy(err->fixed, best, sizeof best);
	else
		err->fixed[0] = 0;
}

static enum yg_status parse(struct yg_arena *arena, const char *text, size_t n, size_t *offset, enum door door,
                            struct yg_node **out, struct yg_err *err)
{
	struct yg_parser p;
	yg_parser_init(&p, arena, text, n, *offset, err);
	struct yg_node *node = through(&p, door);
	enum yg_status status = p.status;
	if (status == YG_OK) {
		*offset = p.tok.at + p.tok.len; /* behind the line end */
		if (out)
			*out = node;
	} else if (p.err->fixed[0]) {
		prove_fixed(text, n, *offset, door, p.err);
	}
	yg_parser_release(&p);
	return status;
}

enum yg_status yg_parse_script(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out, struct yg_err *err)
{
	size_t offset = 0;
	return parse(arena, text, n, &offset, DOOR_SCRIPT, out, err);
}

enum yg_status yg_parse_next(struct yg_arena *arena, const char *text, size_t n, size_t *offset, struct yg_node **out,
                             struct yg_err *err)
{
	return parse(arena, text, n, offset, DOOR_NEXT, out, err);
}

enum yg_status yg_parse_predicate(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out, struct yg_err *err)
{
	size_t offset = 0;
	return parse(arena, text, n, &offset, DOOR_PREDICATE, out, err);
}

enum yg_status yg_parse_value(struct yg_arena *arena, const char *text, size_t n, struct yg_node **out, struct yg_err *err)
{
	size_t offset = 0;
	return parse(arena, text, n, &offset, DOOR_VALUE, out, err);
}

bool yg_parse_incomplete(const char *text, size_t n)
{
	struct yg_arena arena;
	struct yg_parser p;
	yg_arena_init(&arena);
	yg_parser_init(&p, &arena, text, n, 0, NULL);
	(void)yg_parse_script_node(&p);
	bool more = p.status != YG_OK && p.at_end && p.goes_on;
	yg_parser_release(&p);
	yg_arena_release(&arena);
	return more;
}
