/*
 * A small reader of R formulas, so that the reference cases can be run by the kernels alone: builds the model matrix from
 * a CSV with R's names of coefficients.
 *
 *   model_build(csv, "log(bweight) ~ gestwks + factor(hyp) * sex + offset(log(n)) + ns(lwt, df = 3)", NULL, &m)
 *
 * Understands numbers, names, + - * / ^, == and > in expressions, log, I, factor, offset, a:b, a*b, "0 +", ns, bs,
 * and rcs(x, k, "lwt") whose columns are called lwt1, lwt2 ...  Rows with a missing value are left out.
 */
#ifndef YOGO_TESTS_MODEL_H
#define YOGO_TESTS_MODEL_H

#include "tests/oracle/oracle.h"
#include "yogo/stats/basis.h"
#include "yogo/stats/regression.h"

#define MODEL_MOST 96

struct model {
	struct yg_regression d;          /* points into the arrays below */
	char *name[MODEL_MOST];
	double *x, *y, *offset, *weight;
	size_t *row;                     /* file row of each row kept */
};

/* ---- expressions: value of a text at row i; NaN = missing ---- */

struct reader {
	const struct oracle_csv *csv;
	const char *p;
	size_t row;
};

static inline void skip(struct reader *r)
{
	while (*r->p == ' ')
		r->p++;
}

static double read_sum(struct reader *r);

static inline double read_primary(struct reader *r)
{
	skip(r);
	if (*r->p == '(') {
		r->p++;
		double v = read_sum(r);
		skip(r);
		r->p++;
		return v;
	}
	if (*r->p == '-') {
		r->p++;
		return -read_primary(r);
	}
	const char *start = r->p;
	if (isdigit((unsigned char)*r->p) || *r->p == '.') {
		while (isdigit((unsigned char)*r->p) || *r->p == '.')
			r->p++;
		double v = NAN;
		yg_parse_double((struct yg_str){ start, (size_t)(r->p - start) }, &v);
		return v;
	}
	while (isalnum((unsigned char)*r->p) || *r->p == '.' || *r->p == '_')
		r->p++;
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)(r->p - start), start);
	if (*r->p == '(') {
		r->p++;
		double v = read_sum(r);
		skip(r);
		r->p++;
		return strcmp(name, "log") ? v : log(v);
	}
	const struct oracle_column *c = oracle_column(r->csv, name);
	skip(r);
	if (!c->is_number && r->p[0] == '=' && r->p[1] == '=') {      /* column == Level */
		r->p += 2;
		skip(r);
		start = r->p;
		while (*r->p && *r->p != ' ' && *r->p != ')')
			r->p++;
		const char *text = c->text[r->row];
		return *text ? strlen(text) == (size_t)(r->p - start) && !strncmp(text, start, strlen(text)) : NAN;
	}
	return c->number[r->row];
}

static inline double read_power(struct reader *r)
{
	double v = read_primary(r);
	skip(r);
	if (*r->p == '^') {
		r->p++;
		double e = read_primary(r), out = 1;
		for (int i = 0; i < (int)e; i++)
			out *= v;
		return out;
	}
	return v;
}

static inline double read_product(struct reader *r)
{
	double v = read_power(r);
	for (skip(r); *r->p == '*' || *r->p == '/'; skip(r)) {
		char op = *r->p++;
		double w = read_power(r);
		v = op == '*' ? v * w : v / w;
	}
	return v;
}

static double read_sum(struct reader *r)
{
	double v = read_product(r);
	for (skip(r); *r->p == '+' || *r->p == '-' || *r->p == '>' || (r->p[0] == '=' && r->p[1] == '='); skip(r)) {
		char op = *r->p++;
		r->p += op == '=';
		double w = read_product(r);
		v = op == '+' ? v + w : op == '-' ? v - w : isnan(v) || isnan(w) ? NAN : op == '>' ? v > w : v == w;
	}
	return v;
}

static inline double model_value(const struct oracle_csv *csv, const char *text, size_t row)
{
	struct reader r = { csv, text, row };
	return read_sum(&r);
}

/* ---- terms ---- */

struct piece {                   /* one variable of a term, on all rows of the file */
	char text[96];
	double *number;          /* or */
	int32_t *code;
	const char *label[64];
	int levels;
	struct yg_basis basis;
	int columns;             /* of a basis; 0 = none */
	char prefix[96];
};
struct term {
	char text[160];
	int pieces;
	int piece[4];
};

static inline int find_piece(const struct oracle_csv *csv, struct piece *list, int *count, const char *text)
{
	for (int i = 0; i < *count; i++)
		if (!strcmp(list[i].text, text))
			return i;
	struct piece *k = &list[*count];
	memset(k, 0, sizeof *k);
	snprintf(k->text, sizeof k->text, "%s", text);
	snprintf(k->prefix, sizeof k->prefix, "%s", text);
	char name[64];
	double a = 0;
	bool is_factor = sscanf(text, "factor(%63[^)])", name) == 1;
	if (!is_factor && strcspn(text, "( ") == strlen(text) && !oracle_column(csv, text)->is_number) {
		snprintf(name, sizeof name, "%s", text);
		is_factor = true;
	}
	if (is_factor) {
		k->code = yg_xalloc(csv->n, sizeof *k->code);
		k->levels = oracle_levels(csv, name, k->code, k->label);
		return (*count)++;
	}
	char what = 0;
	if (sscanf(text, "ns(%63[^,], df = %lf)", name, &a) == 2)
		what = 'n';
	else if (sscanf(text, "bs(%63[^,], df = %lf)", name, &a) == 2)
		what = 'b';
	else if (sscanf(text, "rcs(%63[^,], %lf, %95[a-z])", name, &a, k->prefix) == 3)
		what = 'r';
	k->number = yg_xalloc(csv->n, sizeof(double));
	for (size_t i = 0; i < csv->n; i++)
		k->number[i] = model_value(csv, what ? name : text, i);
	k->columns = what ? (int)a : 0;
	if (what)
		k->basis.kind = what == 'n' ? YG_BASIS_NS : what == 'b' ? YG_BASIS_BS : YG_BASIS_RCS;
	return (*count)++;
}

/* Is the term without this piece (0 pieces = the intercept) in the model? */
static inline bool has_margin(const struct term *list, int terms, const struct term *t, int without, bool intercept)
{
	if (t->pieces == 1)
		return intercept;
	for (int i = 0; i < terms; i++) {
		int found = 0;
		for (int a = 0; a < t->pieces; a++)
			for (int b = 0; b < list[i].pieces && a != without; b++)
				found += list[i].piece[b] == t->piece[a];
		if (list[i].pieces == t->pieces - 1 && found == t->pieces - 1)
			return true;
	}
	return false;
}

static inline int piece_columns(const struct piece *k, bool contrast)
{
	return k->code ? k->levels - (contrast ? 1 : 0) : k->columns ? k->basis.columns : 1;
}

static inline double piece_value(const struct piece *k, bool contrast, int column, size_t row)
{
	if (k->code)
		return k->code[row] == column + (contrast ? 1 : 0);
	if (!k->columns)
		return k->number[row];
	double all[YG_BASIS_MOST + 8];
	yg_basis_row(&k->basis, k->number[row], all);
	return all[column];
}

static inline void piece_name(const struct piece *k, bool contrast, int column, char *out, size_t size)
{
	if (k->code)
		snprintf(out, size, "%s%s", k->text, k->label[column + (contrast ? 1 : 0)]);
	else if (k->columns)
		snprintf(out, size, "%s%d", k->prefix, column + 1);
	else
		snprintf(out, size, "%s", k->text);
}

/* Cut text at separator outside brackets; returns the number of parts (trimmed). */
static inline int cut(const char *text, char separator, char part[][160], int most)
{
	int n = 0, depth = 0;
	size_t len = 0;
	for (const char *p = text;; p++) {
		if (*p == 0 || (*p == separator && depth == 0)) {
			while (len && part[n][len - 1] == ' ')
				len--;
			part[n][len] = 0;
			n++;
			len = 0;
			if (*p == 0 || n == most)
				return n;
			continue;
		}
		depth += (*p == '(') - (*p == ')');
		if (*p != ' ' || len)
			part[n][len++] = *p;
	}
}

static inline void add_term(const struct oracle_csv *csv, struct piece *pieces, int *piece_count, struct term *terms,
                            int *count, const char *text)
{
	static char part[8][160];
	for (int i = 0; i < *count; i++)
		if (!strcmp(terms[i].text, text))
			return;
	struct term *t = &terms[(*count)++];
	snprintf(t->text, sizeof t->text, "%.159s", text);
	t->pieces = cut(text, ':', part, 8);
	char local[8][160];
	memcpy(local, part, sizeof local);
	for (int i = 0; i < t->pieces; i++)
		t->piece[i] = find_piece(csv, pieces, piece_count, local[i]);
}

static inline void model_build(const struct oracle_csv *csv, const char *formula, const char *weights, struct model *m)
{
	static struct piece pieces[48];
	static struct term terms[48];
	static char part[64][160], factor[4][160], two[2][160];
	char *copy = yg_xstrdup(formula), *right = strchr(copy, '~') + 1, *offset = NULL;
	int piece_count = 0, term_count = 0;
	bool intercept = true;
	right[-1] = 0;
	int parts = cut(right, '+', part, 64);
	for (int i = 0; i < parts; i++) {
		if (!strcmp(part[i], "0")) {
			intercept = false;
		} else if (!strcmp(part[i], "1")) {
			continue;
		} else if (!strncmp(part[i], "offset(", 7)) {
			offset = part[i] + 6;
		} else {
			int stars = cut(part[i], '*', factor, 4);
			for (int s = 0; s < stars; s++)
				add_term(csv, pieces, &piece_count, terms, &term_count, factor[s]);
			if (stars == 2) {
				snprintf(two[0], sizeof two[0], "%.70s:%.70s", factor[0], factor[1]);
				add_term(csv, pieces, &piece_count, terms, &term_count, two[0]);
			}
		}
	}
	/* Complete rows. */
	memset(m, 0, sizeof *m);
	m->row = yg_xalloc(csv->n, sizeof *m->row);
	m->y = yg_xalloc(csv->n, sizeof(double));
	m->offset = offset ? yg_xalloc(csv->n, sizeof(double)) : NULL;
	m->weight = weights ? yg_xalloc(csv->n, sizeof(double)) : NULL;
	size_t n = 0;
	for (size_t i = 0; i < csv->n; i++) {
		double y = model_value(csv, copy, i), o = offset ? model_value(csv, offset, i) : 0;
		double w = weights ? model_value(csv, weights, i) : 1;
		bool complete = !isnan(y) && !isnan(o) && !isnan(w);
		for (int k = 0; k < piece_count; k++)
			complete = complete && (pieces[k].code ? pieces[k].code[i] >= 0 : !isnan(pieces[k].number[i]));
		if (!complete)
			continue;
		m->row[n] = i;
		m->y[n] = y;
		if (offset)
			m->offset[n] = o;
		if (weights)
			m->weight[n] = w;
		n++;
	}
	/* Bases on the complete rows. */
	double *values = yg_xalloc(n + 1, sizeof(double));
	for (int k = 0; k < piece_count; k++) {
		if (!pieces[k].columns)
			continue;
		for (size_t i = 0; i < n; i++)
			values[i] = pieces[k].number[m->row[i]];
		enum yg_status s = pieces[k].basis.kind == YG_BASIS_NS ?
			yg_basis_ns(values, n, pieces[k].columns, NULL, 0, &pieces[k].basis, NULL) :
			pieces[k].basis.kind == YG_BASIS_BS ?
			yg_basis_bs(values, n, pieces[k].columns, NULL, 0, &pieces[k].basis, NULL) :
			yg_basis_rcs(values, n, pieces[k].columns, NULL, &pieces[k].basis, NULL);
		if (s != YG_OK)
			exit(99);
	}
	yg_free(values);
	/* Columns. */
	size_t p = 0;
	struct { int term, index[4]; } column[MODEL_MOST];
	if (intercept) {
		m->name[p] = yg_xstrdup("(Intercept)");
		column[p++].term = -1;
	}
	bool contrast[48][4];
	for (int t = 0; t < term_count; t++) {
		int size[4] = { 1, 1, 1, 1 };
		for (int k = 0; k < terms[t].pieces; k++) {
			contrast[t][k] = has_margin(terms, term_count, &terms[t], k, intercept);
			size[k] = piece_columns(&pieces[terms[t].piece[k]], contrast[t][k]);
		}
		for (int c = 0; c < size[0] * size[1] * size[2] * size[3]; c++) {
			char name[256] = "", one[128];
			int rest = c;
			for (int k = 0; k < terms[t].pieces; k++) {
				column[p].index[k] = rest % size[k];
				rest /= size[k];
				piece_name(&pieces[terms[t].piece[k]], contrast[t][k], column[p].index[k], one, sizeof one);
				snprintf(name + strlen(name), sizeof name - strlen(name), "%s%s", k ? ":" : "", one);
			}
			m->name[p] = yg_xstrdup(name);
			column[p++].term = t;
		}
	}
	m->x = yg_xalloc(n * p + 1, sizeof(double));
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < p; j++) {
			double v = 1;
			for (int k = 0; column[j].term >= 0 && k < terms[column[j].term].pieces; k++)
				v *= piece_value(&pieces[terms[column[j].term].piece[k]], contrast[column[j].term][k],
				                 column[j].index[k], m->row[i]);
			m->x[i * p + j] = v;
		}
	m->d = (struct yg_regression){ .n = n, .p = p, .x = m->x, .y = m->y, .weight = m->weight, .offset = m->offset,
		                       .intercept = intercept ? 0 : -1 };
	for (int k = 0; k < piece_count; k++) {
		yg_free(pieces[k].code);
		yg_free(pieces[k].number);
	}
	yg_free(copy);
}

static inline void model_free(struct model *m)
{
	for (size_t j = 0; j < m->d.p; j++)
		yg_free(m->name[j]);
	yg_free(m->x);
	yg_free(m->y);
	yg_free(m->offset);
	yg_free(m->weight);
	yg_free(m->row);
}

/* Column of that name, or SIZE_MAX. */
static inline size_t model_column(const struct model *m, const char *name)
{
	for (size_t j = 0; j < m->d.p; j++)
		if (!strcmp(m->name[j], name))
			return j;
	return SIZE_MAX;
}

/* Compare every value of a statistic of the present case with v[stride * column of the term]. */
static inline void model_check(struct oracle *o, const struct model *m, const char *statistic, const double *v, size_t stride,
                               double tolerance)
{
	for (size_t i = o->first; i < o->last; i++) {
		struct oracle_value *e = &o->value[i];
		if (strcmp(e->statistic, statistic))
			continue;
		size_t j = model_column(m, e->term);
		oracle_compare(o, e, j == SIZE_MAX ? -9e99 : v[j * stride], tolerance);
	}
}

/* "row|column" against a p*p matrix. */
static inline void model_check_matrix(struct oracle *o, const struct model *m, const char *statistic, const double *v,
                                      double tolerance)
{
	for (size_t i = o->first; i < o->last; i++) {
		struct oracle_value *e = &o->value[i];
		if (strcmp(e->statistic, statistic))
			continue;
		char left[256];
		const char *bar = strchr(e->term, '|');
		snprintf(left, sizeof left, "%.*s", (int)(bar - e->term), e->term);
		size_t a = model_column(m, left), b = model_column(m, bar + 1);
		double scale = fabs(e->value) > 1 ? 1 : sqrt(v[a * m->d.p + a] * v[b * m->d.p + b]);
		oracle_compare(o, e, a == SIZE_MAX || b == SIZE_MAX ? -9e99 : v[a * m->d.p + b],
		               tolerance * (scale < 1 ? scale : 1));
	}
}

#endif
