/*
 * What kinds of values a document of results holds.  Shared by the raw and the safe document, which
 * do not know each other.
 */
#ifndef YOGO_BASE_CELL_H
#define YOGO_BASE_CELL_H

#include <stdbool.h>
#include <stdint.h>

/* The role decides how a value is written, how it is compared in a replay and what the gate asks. */
enum yg_role {
	YG_ROLE_LABEL,      /* text: names of groups, methods */
	YG_ROLE_PERSONS,    /* a count of persons */
	YG_ROLE_RECORDS,    /* a count of rows, spans, eyes ... */
	YG_ROLE_EVENTS,     /* a count of events */
	YG_ROLE_INTEGER,    /* a number that counts nobody: iterations, degrees of freedom of a design */
	YG_ROLE_WEIGHTED,   /* a sum of weights shown beside a count */
	YG_ROLE_PERSON_TIME,
	YG_ROLE_PROPORTION, /* 0..1, shown as per cent */
	YG_ROLE_PROBABILITY,/* 0..1, shown as a fraction: survival */
	YG_ROLE_ESTIMATE,   /* on the scale named in the column head */
	YG_ROLE_SE,
	YG_ROLE_LOWER,
	YG_ROLE_UPPER,
	YG_ROLE_P,
	YG_ROLE_STATISTIC,
	YG_ROLE_DF,
	YG_ROLE_MEAN,
	YG_ROLE_SD,
	YG_ROLE_QUANTILE,
	YG_ROLE_EXTREME,    /* minimum or maximum: never shown on guarded data */
	YG_ROLE_TIME,       /* a time in the unit of the column */
	YG_ROLE_SMD,
	YG_ROLE_CRITERION,  /* log likelihood, AIC, BIC, concordance ... */
	YG_ROLE_COUNT
};
const char *yg_role_name(enum yg_role role);   /* "persons", "estimate" ...: stable, in JSON and digests */

enum yg_value_kind { YG_VALUE_NONE, YG_VALUE_INTEGER, YG_VALUE_DOUBLE, YG_VALUE_TEXT };
struct yg_value {
	enum yg_value_kind kind;
	int64_t integer;
	double number;
	const char *text;
};

enum yg_note_kind {
	YG_NOTE_CONVENTION, /* method, ties, interval, quantile rule ... */
	YG_NOTE_POPULATION, /* who was analysed: persons, records, events */
	YG_NOTE_DROPPED,    /* who was left out and why */
	YG_NOTE_WARNING,    /* printed with "!" */
	YG_NOTE_INFO,
};

/* What a figure shows; decides its geometry. */
enum yg_figure_kind {
	YG_FIGURE_KM,        /* step curves with band, censoring marks, numbers at risk */
	YG_FIGURE_FOREST,    /* rows with estimate and interval */
	YG_FIGURE_HISTOGRAM, /* bars between edges */
	YG_FIGURE_LOVE,      /* points per row, before and after */
	YG_FIGURE_XY,        /* points and a line */
	YG_FIGURE_FLOW,      /* boxes of an attrition diagram */
};

#endif
