/*
 * What may stand at the cursor: for the prompt and the screens.
 *
 * Looks only at the text before the cursor.  Words of the language come as they are, filtered by what
 * has been typed of them; columns, objects, values and files come as placeholders that the front end
 * fills from the session's state (and filters by text[from, at)).
 */
#ifndef YOGO_LANG_COMPLETE_H
#define YOGO_LANG_COMPLETE_H

#include "yogo/base/mem.h"
#include "yogo/lang/spec.h"

enum yg_complete_kind {
	/* words: text is the word */
	YG_COMPLETE_VERB,
	YG_COMPLETE_STATEMENT,  /* "cohort", "let" ... */
	YG_COMPLETE_CLAUSE,     /* of a block: "require", "event", "end" */
	YG_COMPLETE_KEYWORD,    /* "by", "with", "and", "missing", pick and rule words ... */
	YG_COMPLETE_OPTION,
	YG_COMPLETE_WORD,       /* of an option, a unit */
	YG_COMPLETE_FUNCTION,
	YG_COMPLETE_EVENT,      /* "dx" */
	YG_COMPLETE_TOPIC,      /* of help */
	/* placeholders: text is NULL */
	YG_COMPLETE_COLUMN,
	YG_COMPLETE_OBJECT,     /* target says of which kind */
	YG_COMPLETE_VALUE,      /* a value of column */
	YG_COMPLETE_FILE,
	YG_COMPLETE_FIELD,      /* of the object named column: ".n", ".records" ... */
	YG_COMPLETE_KINDS
};

struct yg_completion {
	enum yg_complete_kind kind;
	const char *text;
	const char *help;       /* one line, or NULL */
	const char *after;      /* what usually follows at once: " ", "=", "(", "" */
	enum yg_target target;  /* OBJECT */
	const char *column;     /* VALUE, FIELD */
};

struct yg_completions {
	struct yg_completion *v;
	size_t n, cap;
	size_t from;            /* where the word at the cursor begins: candidates replace [from, at) */
	bool in_string;         /* the cursor is inside a text: values and files without quotes */
	const struct yg_verb_spec *spec; /* the verb, statement or clause at hand, for a hint line; or NULL */
	const struct yg_option_spec *option; /* the option at hand, or NULL */
};

/* All memory is the arena's. */
void yg_complete(struct yg_arena *arena, const char *text, size_t at, struct yg_completions *out);
/* A word as a front end matches it: does name begin with prefix (ASCII case ignored)? */
bool yg_complete_matches(const char *name, const char *prefix, size_t n);

#endif
