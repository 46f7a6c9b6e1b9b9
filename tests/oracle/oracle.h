/*
 * Reference results for the test programs of tests/oracle.
 *
 * data/NAME.csv       a data set: oracle_csv_load("lung"), then columns as numbers, text or levels
 * data/TOPIC.tsv      expected values (case, statistic, term, value), made by data/TOPIC.R
 * data/TOPIC.cases.tsv what each case is
 *
 *   struct oracle o;
 *   oracle_open(&o, "km");
 *   oracle_case(&o, "km.aml.x.plain");                      the case that is being run
 *   oracle_check(&o, "loglik", "", fit.loglik, 1e-9);       one expected value, compared and tallied
 *   for (size_t i = o.first; i < o.last; i++) ...           or walk all values of the case and call
 *       oracle_compare(&o, &o.value[i], mine, 1e-9);        (terms such as "sex=1@t=365" are parsed by the test)
 *   oracle_not_covered(&o, "cox.lung.ridge", "penalised fits have no kernel");
 *   return oracle_finish(&o);                               prints what was run, skipped and never mentioned
 *
 * Tolerances are relative where the expected value exceeds 1 in size, else absolute; two NaN agree,
 * NaN and NA are the same.  A value of a case that is never compared is counted and named by statistic.
 */
#ifndef YOGO_TESTS_ORACLE_H
#define YOGO_TESTS_ORACLE_H

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/map.h"
#include "yogo/base/mem.h"
#include "yogo/base/text.h"

/* ---- data sets ---- */

struct oracle_column {
	char *name;
	char **text;        /* [n]; "" = missing */
	double *number;     /* [n]; NaN = missing or not a number */
	bool is_number;     /* every value that is there is a number */
};
struct oracle_csv {
	char *bytes;
	size_t n, columns;
	struct oracle_column *column;
};

static inline char *oracle_slurp(const char *relative)
{
	char path[4096];
	const char *root = getenv("YOGO_SOURCE");
	snprintf(path, sizeof path, "%s/tests/oracle/data/%s", root && *root ? root : ".", relative);
	FILE *f = fopen(path, "rb");
	if (!f) {
		fprintf(stderr, "cannot open %s\n", path);
		exit(99);
	}
	fseek(f, 0, SEEK_END);
	size_t n = (size_t)ftell(f);
	rewind(f);
	char *bytes = yg_xalloc(n + 1, 1);
	if (fread(bytes, 1, n, f) != n)
		exit(99);
	bytes[n] = 0;
	fclose(f);
	return bytes;
}

/* The next field, cut out in place; *end says which character ended it (separator, '\n' or 0). */
static inline char *oracle_field(char **at, char separator, char *end)
{
	char *p = *at, *start = p, *out = p;
	if (separator == ',' && *p == '"') {
		start = out = ++p;
		while (*p && !(*p == '"' && p[1] != '"')) {
			if (*p == '"')
				p++;
			*out++ = *p++;
		}
		p += *p == '"';
	} else {
		while (*p && *p != separator && *p != '\n')
			*out++ = *p++;
		if (out > start && out[-1] == '\r')
			out--;
	}
	while (*p == '\r')
		p++;
	*end = *p;
	*at = *p ? p + 1 : p;
	*out = 0;
	return start;
}

static inline double oracle_number_of(const char *s)
{
	double v;
	if (!strcmp(s, "Inf"))
		return INFINITY;
	if (!strcmp(s, "-Inf"))
		return -INFINITY;
	return yg_parse_double(yg_str(s), &v) ? v : NAN;
}

static inline struct oracle_csv *oracle_csv_load(const char *name)
{
	char path[256], end = 0;
	snprintf(path, sizeof path, "%s.csv", name);
	struct oracle_csv *d = yg_xcalloc(1, sizeof *d);
	char *at = d->bytes = oracle_slurp(path);
	size_t cap = 0, rows = 0;
	for (char *p = at; *p; p++)
		rows += *p == '\n';
	do {
		YG_GROW(d->column, d->columns, cap);
		d->column[d->columns++] = (struct oracle_column){ oracle_field(&at, ',', &end),
			yg_xcalloc(rows + 1, sizeof(char *)), yg_xcalloc(rows + 1, sizeof(double)), true };
	} while (end == ',');
	while (*at) {
		for (size_t c = 0; c < d->columns; c++) {
			struct oracle_column *k = &d->column[c];
			k->text[d->n] = oracle_field(&at, ',', &end);
			if (!strcmp(k->text[d->n], "NA"))
				k->text[d->n] += 2;
			k->number[d->n] = oracle_number_of(k->text[d->n]);
			if (*k->text[d->n] && isnan(k->number[d->n]))
				k->is_number = false;
		}
		d->n++;
	}
	return d;
}

static inline void oracle_csv_free(struct oracle_csv *d)
{
	if (!d)
		return;
	for (size_t c = 0; c < d->columns; c++) {
		yg_free(d->column[c].text);
		yg_free(d->column[c].number);
	}
	yg_free(d->column);
	yg_free(d->bytes);
	yg_free(d);
}

static inline const struct oracle_column *oracle_column(const struct oracle_csv *d, const char *name)
{
	for (size_t c = 0; c < d->columns; c++)
		if (!strcmp(d->column[c].name, name))
			return &d->column[c];
	fprintf(stderr, "no column %s\n", name);
	exit(99);
}

static inline const double *oracle_number(const struct oracle_csv *d, const char *name)
{
	return oracle_column(d, name)->number;
}

/*
 * The distinct values of a column as levels: numbers ascending, text by byte; code[n] (-1 = missing,
 * caller's array), label[] (borrowed from the data, at most 64 levels).  Returns how many.
 */
static inline int oracle_levels(const struct oracle_csv *d, const char *name, int32_t *code, const char *label[64])
{
	const struct oracle_column *k = oracle_column(d, name);
	int levels = 0;
	for (size_t i = 0; i < d->n; i++) {
		int at = 0, order = 1;
		if (!*k->text[i])
			continue;
		for (; at < levels; at++) {
			double x = oracle_number_of(label[at]);
			order = k->is_number ? (x > k->number[i]) - (x < k->number[i]) : strcmp(label[at], k->text[i]);
			if (order >= 0)
				break;
		}
		if (at < levels && order == 0)
			continue;
		if (levels == 64)
			exit(99);
		memmove(label + at + 1, label + at, (size_t)(levels - at) * sizeof *label);
		label[at] = k->text[i];
		levels++;
	}
	for (size_t i = 0; i < d->n; i++) {
		code[i] = -1;
		for (int l = 0; l < levels && *k->text[i]; l++)
			if (k->is_number ? oracle_number_of(label[l]) == k->number[i] : !strcmp(label[l], k->text[i]))
				code[i] = l;
	}
	return levels;
}

static inline int oracle_by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Times within 1.5e-8 of each other (of their mean size) become the smallest of the run, as every program
   does before a survival analysis; entry may be NULL. */
static inline void oracle_snap_times(double *entry, double *exit_, size_t n)
{
	size_t m = entry ? 2 * n : n;
	double *all = yg_xalloc(m + 1, sizeof *all), mean = 0;
	memcpy(all, exit_, n * sizeof *all);
	if (entry)
		memcpy(all + n, entry, n * sizeof *all);
	qsort(all, m, sizeof *all, oracle_by_value);
	for (size_t i = 0; i < m; i++)
		mean += fabs(all[i]) / (double)m;
	for (int k = 0; k < 2; k++) {
		double *v = k ? exit_ : entry;
		for (size_t i = 0; v && i < n; i++) {
			double *at = bsearch(&v[i], all, m, sizeof *all, oracle_by_value);
			while (at > all && (at[0] - at[-1] <= 1.5e-8 || at[0] - at[-1] <= 1.5e-8 * mean))
				at--;
			v[i] = *at;
		}
	}
	yg_free(all);
}

/* ---- expected values ---- */

struct oracle_value {
	const char *id, *statistic, *term, *text;
	double value;
	bool seen;
};
struct oracle_case {
	const char *id, *dataset, *method, *spec, *call, *why;
	size_t first, last;   /* its values */
	bool run, bad;
};
struct oracle {
	const char *topic, *now;
	char *bytes, *case_bytes;
	struct oracle_value *value;
	size_t values, first, last; /* values of the present case */
	struct oracle_case *list;
	size_t cases;
	struct oracle_case *present;
	struct yg_map at;           /* case \t statistic \t term -> value */
	size_t compared, wrong, shown;
};

static inline struct oracle_case *oracle_find_case(struct oracle *o, const char *id)
{
	for (size_t i = 0; i < o->cases; i++)
		if (!strcmp(o->list[i].id, id))
			return &o->list[i];
	return NULL;
}

static inline void oracle_open(struct oracle *o, const char *topic)
{
	char path[256], end, key[1024];
	size_t cap = 0;
	memset(o, 0, sizeof *o);
	o->topic = topic;
	yg_map_init(&o->at);
	snprintf(path, sizeof path, "%s.cases.tsv", topic);
	char *p = o->case_bytes = oracle_slurp(path);
	for (int f = 0; f < 5; f++)
		oracle_field(&p, '\t', &end);
	while (*p) {
		YG_GROW(o->list, o->cases, cap);
		struct oracle_case *c = &o->list[o->cases++];
		memset(c, 0, sizeof *c);
		c->id = oracle_field(&p, '\t', &end);
		c->dataset = oracle_field(&p, '\t', &end);
		c->method = oracle_field(&p, '\t', &end);
		c->spec = oracle_field(&p, '\t', &end);
		c->call = oracle_field(&p, '\t', &end);
	}
	snprintf(path, sizeof path, "%s.tsv", topic);
	p = o->bytes = oracle_slurp(path);
	for (int f = 0; f < 4; f++)
		oracle_field(&p, '\t', &end);
	cap = 0;
	struct oracle_case *c = NULL;
	while (*p) {
		YG_GROW(o->value, o->values, cap);
		struct oracle_value *v = &o->value[o->values++];
		v->id = oracle_field(&p, '\t', &end);
		v->statistic = oracle_field(&p, '\t', &end);
		v->term = oracle_field(&p, '\t', &end);
		v->text = oracle_field(&p, '\t', &end);
		v->value = oracle_number_of(v->text);
		v->seen = false;
		if (!c || strcmp(c->id, v->id)) {
			c = oracle_find_case(o, v->id);
			c->first = o->values - 1;
		}
		c->last = o->values;
	}
	for (size_t i = 0; i < o->values; i++) {
		snprintf(key, sizeof key, "%s\t%s\t%s", o->value[i].id, o->value[i].statistic, o->value[i].term);
		yg_map_put(&o->at, key, &o->value[i]);
	}
}

/* Name the case that is being run; its values are value[first..last). */
static inline const struct oracle_case *oracle_case(struct oracle *o, const char *id)
{
	o->present = oracle_find_case(o, id);
	if (!o->present) {
		fprintf(stderr, "%s: no case %s\n", o->topic, id);
		exit(99);
	}
	o->present->run = true;
	o->now = o->present->id;
	o->first = o->present->first;
	o->last = o->present->last;
	return o->present;
}

static inline struct oracle_value *oracle_lookup(struct oracle *o, const char *id, const char *statistic, const char *term)
{
	char key[1024];
	snprintf(key, sizeof key, "%s\t%s\t%s", id, statistic, term);
	return yg_map_get(&o->at, key);
}

/* True when they agree. */
static inline bool oracle_compare(struct oracle *o, struct oracle_value *v, double actual, double tolerance)
{
	double scale = fabs(v->value) > 1 ? fabs(v->value) : 1;
	bool same = isnan(v->value) ? isnan(actual) :
		isinf(v->value) ? actual == v->value : fabs(actual - v->value) <= tolerance * scale;
	v->seen = true;
	o->compared++;
	if (same)
		return true;
	o->wrong++;
	if (o->present)
		o->present->bad = true;
	if (o->shown++ < 40)
		fprintf(stderr, "%s: %s [%s] is %.17g, expected %s (tolerance %g)\n", v->id, v->statistic, v->term, actual,
		        v->text, tolerance);
	return false;
}

/* Compare a value of the present case; false also when the reference has no such value. */
static inline bool oracle_check(struct oracle *o, const char *statistic, const char *term, double actual, double tolerance)
{
	struct oracle_value *v = oracle_lookup(o, o->now, statistic, term);
	if (v)
		return oracle_compare(o, v, actual, tolerance);
	fprintf(stderr, "%s: the reference has no %s [%s]\n", o->now, statistic, term);
	o->wrong++;
	o->present->bad = true;
	return false;
}

/* A p value or other number with a tail: relative tolerance only. */
static inline bool oracle_check_relative(struct oracle *o, const char *statistic, const char *term, double actual,
                                         double tolerance)
{
	struct oracle_value *v = oracle_lookup(o, o->now, statistic, term);
	if (v && fabs(v->value) < 1 && v->value != 0)
		return oracle_compare(o, v, actual, tolerance * fabs(v->value));
	return oracle_check(o, statistic, term, actual, tolerance);
}

/* A value of the present case that is not for comparing (an R warning, another program's convention). */
static inline void oracle_ignore(struct oracle *o, const char *statistic)
{
	for (size_t i = o->first; i < o->last; i++)
		if (!strcmp(o->value[i].statistic, statistic))
			o->value[i].seen = true;
}

static inline void oracle_not_covered(struct oracle *o, const char *id, const char *why)
{
	struct oracle_case *c = oracle_find_case(o, id);
	if (!c) {
		fprintf(stderr, "%s: no case %s\n", o->topic, id);
		exit(99);
	}
	c->why = why;
}

/* Print the tally; 0 when every case was run and agrees or was named as not covered. */
static inline int oracle_finish(struct oracle *o)
{
	size_t run = 0, agree = 0, skipped = 0, forgotten = 0, unseen = 0;
	for (size_t i = 0; i < o->cases; i++) {
		struct oracle_case *c = &o->list[i];
		if (!c->run) {
			if (c->why)
				printf("  not covered: %s (%s)\n", c->id, c->why);
			else
				printf("  FORGOTTEN: %s: %s\n", c->id, c->spec);
			skipped += c->why != NULL;
			forgotten += !c->why;
			continue;
		}
		run++;
		agree += !c->bad;
		const char *last = "";
		for (size_t j = c->first; j < c->last; j++)
			if (!o->value[j].seen) {
				if (strcmp(last, o->value[j].statistic))
					printf("  never compared: %s %s\n", c->id, o->value[j].statistic);
				last = o->value[j].statistic;
				unseen++;
			}
	}
	printf("oracle %s: %zu cases, %zu run, %zu agree, %zu not covered; %zu values compared, %zu differ, %zu of run cases "
	       "never compared\n", o->topic, o->cases, run, agree, skipped, o->compared, o->wrong, unseen);
	int bad = o->wrong || forgotten || unseen;
	yg_map_release(&o->at);
	yg_free(o->value);
	yg_free(o->list);
	yg_free(o->bytes);
	yg_free(o->case_bytes);
	return bad;
}

#endif
