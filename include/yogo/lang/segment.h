/*
 * Labels every byte of a possibly unfinished text, for highlighting.  Needs no parse: what the
 * parser would refuse is labelled as well as can be.
 */
#ifndef YOGO_LANG_SEGMENT_H
#define YOGO_LANG_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

enum yg_segment {
	YG_SEGMENT_BLANK,     /* blanks and line ends */
	YG_SEGMENT_KEYWORD,   /* verbs, statement and clause words, reserved words, event words */
	YG_SEGMENT_NAME,      /* columns, objects, options and their words */
	YG_SEGMENT_NUMBER,    /* numbers, durations, dates */
	YG_SEGMENT_STRING,    /* with its quotes, also when not closed */
	YG_SEGMENT_COMMENT,   /* with its # */
	YG_SEGMENT_OPERATOR,  /* operators, brackets, commas, colons, ";" */
	YG_SEGMENT_ERROR,     /* what no token begins with */
	YG_SEGMENT_KINDS
};

/* label[n]: the segment of each byte of text. */
void yg_segment(const char *text, size_t n, uint8_t *label);
const char *yg_segment_name(enum yg_segment segment);   /* "keyword" */

#endif
