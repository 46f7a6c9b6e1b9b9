/*
 * The syntax tree.
 *
 * One node type for everything: kind, byte span in the source, text, number, children in order.
 * The tree lives in an arena and is immutable once parsed, but for the resolver in command, which
 * works on a copy (yg_node_copy).  Line ends, comments and blanks are not in the tree; the byte
 * labels of segment.h keep them for highlighting.
 */
#ifndef YOGO_LANG_AST_H
#define YOGO_LANG_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/mem.h"
#include "yogo/base/status.h"

/*
 *  kind               text              number   children (in this order; ? = may be absent, * = any number)
 */
#define YG_NODE_LIST(X)                                                                                     \
	X(SCRIPT)     /*                              statement*                                         */ \
	/* statements */                                                                                    \
	X(LANG)       /*               version                                                           */ \
	X(STUDY)      /* title                                                                           */ \
	X(SEED)       /*               seed                                                              */ \
	X(OPEN)       /* path                         OPTIONS? AS?                                       */ \
	X(RUN)        /* path                         OPTIONS? AS?                                       */ \
	X(IMPORT)     /* table name                   STRING(path) OPTIONS? AS?                          */ \
	X(USE)        /* name                         ON?                                                */ \
	X(PARAM)      /* name                         value                                              */ \
	X(CODES)      /* name                         CODE* | FROM OPTIONS? AS?                          */ \
	X(FACTOR)     /* name                         predicate? OPTIONS?                                */ \
	X(LET)        /* name                         predicate WHERE? BY? OPTIONS?                      */ \
	X(CONTRAST)   /* name                         NAME NAME? OPTIONS?  (second: vs)                  */ \
	X(ASSERT)     /*                              predicate STRING?                                  */ \
	X(COHORT)     /* name                         LIKE? STRING? clause*                              */ \
	X(ENDPOINT)   /* name                         STRING? clause*                                    */ \
	X(COVARIATES) /* name                         STRING? clause*                                    */ \
	X(COMMAND)    /* verb                         LIST? FORMULA? (BY|STRATA|CLUSTER|ON|USING|WHERE|TO)* OPTIONS? AS? */ \
	/* parts of statements */                                                                           \
	X(CODE)       /* vocabulary                   STRING | NAME                                      */ \
	X(FROM)       /* path                                                                            */ \
	X(LIKE)       /* name                                                                            */ \
	X(LIST)       /*                              NAME*  (targets; STRING where a verb takes text)   */ \
	X(FORMULA)    /*                              MODEL*                                             */ \
	X(MODEL)      /*                              term*   (terms joined by +)                        */ \
	X(CROSS)      /* "*" or ":"                   term term   (left associative)                     */ \
	X(BY)         /*                              CROSSING*  in commands; NAME* in let               */ \
	X(CROSSING)   /*                              NAME*   (a:b gives two names)                      */ \
	X(STRATA) X(CLUSTER) X(ON) X(USING) /*        NAME*                                              */ \
	X(WHERE)      /*                              predicate                                          */ \
	X(TO)         /* path                                                                            */ \
	X(AS)         /* name                                                                            */ \
	X(OPTIONS)    /*                              OPTION*                                            */ \
	X(OPTION)     /* name                         value?   (absent = yes)                            */ \
	/* values of options */                                                                             \
	X(PAIR)       /*                              value value   (label : meaning)                    */ \
	X(GROUP)      /* "(" or "["                   value*                                             */ \
	X(WORD)       /* word                                                                            */ \
	/* cohort clauses: text is the clause word */                                                       \
	X(ENTER)      /* pick                         EVENTS WINDOW?                                     */ \
	X(REQUIRE) X(EXCLUDE) /*                      STRING? rule                                       */ \
	X(EXIT)       /* observation|death|on|after|date|stop   EVENTS | DURATION | DATE | NAME | EVENT, OPTIONS? */ \
	X(EPISODES)   /*                              OPTIONS? AS?                                       */ \
	X(LIMIT)      /* pick                                                                            */ \
	/* rules (a plain predicate is a rule too) */                                                       \
	X(RULE_EVENTS)   /* any|none                  EVENTS WINDOW                                      */ \
	/* test: a COMPARE or IN with one child, the right side */                                          \
	X(RULE_COUNT)    /*                           EVENT WINDOW test                                  */ \
	X(RULE_VALUE)    /* pick                      EVENT WINDOW test                                  */ \
	X(RULE_OBSERVED) /*                           WINDOW                                             */ \
	/* endpoint clauses */                                                                              \
	X(START)      /*                              bound                                              */ \
	X(UNTIL) X(CLEAN) /*                          DURATION                                           */ \
	X(UNIT)       /* unit                                                                            */ \
	X(TIME)       /* column                       WORD?(unit) OPTIONS?                               */ \
	X(ENTRY)      /*                              NAME | DURATION                                    */ \
	X(BETWEEN)    /*                              NAME NAME                                          */ \
	X(EACH)       /* column, or "row"                                                                */ \
	X(CENSOR)     /* as EXIT                                                                         */ \
	X(EVENT_CLAUSE) X(COMPETE) /* pick or NULL    STRING? (EVENTS | AT | predicate)                  */ \
	X(AT)         /* date column                                                                     */ \
	/* covariates clauses */                                                                            \
	X(KEEP)       /*                              NAME*                                              */ \
	X(ADD)        /* pick or NULL                 EVENT WINDOW OPTIONS? AS?                          */ \
	/* events and windows */                                                                            \
	X(EVENTS)     /*                              EVENT*   (joined by or)                            */ \
	X(EVENT)      /* event word                   argument*                                          */ \
	X(WINDOW)     /*                              bound bound                                        */ \
	/* expressions; predicate = any of these */                                                         \
	X(OR) X(AND)  /*                              e e                                                */ \
	X(NOT)        /*                              e                                                  */ \
	X(COMPARE)    /* = != < <= > >=               e e                                                */ \
	X(IN)         /*                              e (GROUP | NAME)                                   */ \
	X(IS_MISSING) /*                              e                                                  */ \
	X(NOT_MISSING)/*                              e                                                  */ \
	X(ADDITION)   /* + or -                       e e                                                */ \
	X(MULTIPLY)   /* * or /                       e e                                                */ \
	X(NEGATE)     /*                              e                                                  */ \
	X(POWER)      /*                              e e                                                */ \
	X(CALL)       /* function                     argument*                                          */ \
	X(ARGUMENT)   /* parameter name               e        (name = value inside a call)              */ \
	X(TUPLE)      /*                              e*       ( (a, b) as an argument)                  */ \
	X(NAME)       /* name, dots inside                                                               */ \
	X(NUMBER)     /* as written    value                                                             */ \
	X(DURATION)   /* unit d w m y  count          (text "d", number 30; sign in the number)          */ \
	X(DATE)       /* YYYY-MM-DD    days since 1970                                                   */ \
	X(STRING)     /* value without quotes                                                            */

enum yg_node_kind {
#define X(name) YG_NODE_##name,
	YG_NODE_LIST(X)
#undef X
	YG_NODE_KINDS
};

struct yg_node {
	enum yg_node_kind kind;
	uint32_t children;
	size_t at, len;              /* byte span in the source */
	const char *text;            /* see the table; NULL where it has none */
	double number;
	struct yg_node **child;
	uint32_t height;             /* 1 + that of the highest child; a parsed expression has at most 200 */
};

const char *yg_node_kind_name(enum yg_node_kind kind);   /* "COMPARE" */
/* First child of that kind, or NULL. */
const struct yg_node *yg_node_find(const struct yg_node *node, enum yg_node_kind kind);
/* The value of option name in the OPTIONS child: the value node, the OPTION node itself when it has
   no value (meaning yes), or NULL when not given. */
const struct yg_node *yg_node_option(const struct yg_node *statement, const char *name);
/* True when the option is given as a bare name, "yes" or "true"; false when absent, "no" or "false". */
bool yg_node_option_yes(const struct yg_node *statement, const char *name);
struct yg_node *yg_node_new(struct yg_arena *arena, enum yg_node_kind kind, const char *text);
/* Children must be complete when they are added (the height is taken then). */
void yg_node_add(struct yg_arena *arena, struct yg_node *parent, struct yg_node *child);
struct yg_node *yg_node_copy(struct yg_arena *arena, const struct yg_node *node);
bool yg_node_equal(const struct yg_node *a, const struct yg_node *b);  /* spans ignored */

#endif
