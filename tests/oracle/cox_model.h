/*
 * Models for the Cox reference cases: R's terms as columns with R's names, rows as spans.
 *
 *   "age", "sex"            a column; text becomes a factor with treatment contrasts
 *   "factor(stage)"         a factor; "log(bili)", "log2(kappa)", "log(pgr + 1)", "I(age^2)"
 *   "z1:z2", "trt*celltype" products
 */
#ifndef YOGO_TESTS_COX_MODEL_H
#define YOGO_TESTS_COX_MODEL_H

#include "tests/oracle/oracle.h"
#include "yogo/num/elementary.h"
#include "yogo/stats/cox.h"

#define MODEL_ROWS 40000
#define MODEL_COLUMNS 24

struct model_spec {
	const char *data;
	const char *entry, *time;       /* column; "age_exit" and "gap" are made */
	const char *event;
	double event_is;
	const char *terms;              /* "age + sex" */
	const char *strata, *strata2, *cluster;
	int weight;                     /* 1: 0.5 + (row %% 4) / 2; 2: 1 + (karno >= 60) */
	int replicate;                  /* rows repeated by weight 2 */
	double offset_age;              /* offset(b * age) */
	const char *keep;               /* column = value */
	double keep_value;
	const char *at_most;            /* column <= value */
	double most;
	const char *not_missing;        /* further columns that must be there */
};
struct model {
	size_t n, p;
	double *x;                      /* [n*p] */
	char name[MODEL_COLUMNS][96];
	int term[MODEL_COLUMNS];
	int terms;
	char term_name[MODEL_COLUMNS][64];
	double entry[MODEL_ROWS], exit[MODEL_ROWS], weight[MODEL_ROWS], offset[MODEL_ROWS];
	uint8_t event[MODEL_ROWS];
	int32_t stratum[MODEL_ROWS];
	uint32_t cluster[MODEL_ROWS], row[MODEL_ROWS];
	size_t strata, clusters;
	char stratum_name[64][64];
	struct yg_cox_data data;
};

/* One atom as columns over all rows of the data. */
struct atom {
	int columns;
	char name[8][96];
	double *value[8];               /* [rows of the data]; NaN = missing */
};

static inline void atom_factor(const struct oracle_csv *d, const char *column, const char *prefix, const char *reference,
                               struct atom *a)
{
	static int32_t code[MODEL_ROWS];
	const char *label[64];
	int levels = oracle_levels(d, column, code, label), skip = 0;
	for (int l = 0; l < levels && reference; l++)
		if (!strcmp(label[l], reference))
			skip = l;
	a->columns = 0;
	for (int l = 0; l < levels; l++) {
		if (l == skip)
			continue;
		snprintf(a->name[a->columns], 96, "%s%s", prefix, label[l]);
		double *v = a->value[a->columns++] = yg_xalloc(d->n + 1, sizeof *v);
		for (size_t i = 0; i < d->n; i++)
			v[i] = code[i] < 0 ? NAN : code[i] == l;
	}
}

static inline struct atom atom_make(const struct oracle_csv *d, const char *text)
{
	struct atom a = { .columns = 1 };
	char column[64], inner[64];
	if (sscanf(text, "factor(%63[^)])", inner) == 1) {
		atom_factor(d, inner, text, NULL, &a);
		return a;
	}
	if (!strncmp(text, "relevel(factor(ph.ecog)", 23)) {
		atom_factor(d, "ph.ecog", text, "1", &a);
		return a;
	}
	if (sscanf(text, "strata(%63[^)])", inner) == 1) {
		char prefix[80];
		snprintf(prefix, sizeof prefix, "%s%s=", text, inner);
		atom_factor(d, inner, prefix, NULL, &a);
		return a;
	}
	int kind = !strncmp(text, "log(", 4) ? 1 : !strncmp(text, "log2(", 5) ? 2 : !strncmp(text, "I(", 2) ? 3 : 0;
	snprintf(column, sizeof column, "%s", kind ? strchr(text, '(') + 1 : text);
	column[strcspn(column, " ^)")] = 0;
	if (!oracle_column(d, column)->is_number) {
		atom_factor(d, column, text, NULL, &a);
		return a;
	}
	snprintf(a.name[0], 96, "%s", text);
	a.value[0] = yg_xalloc(d->n + 1, sizeof(double));
	for (size_t i = 0; i < d->n; i++) {
		double x = oracle_number(d, column)[i];
		a.value[0][i] = kind == 1 ? yg_log(strstr(text, "+ 1") ? x + 1 : x) : kind == 2 ? yg_log(x) / yg_log(2) :
			kind == 3 ? x * x : x;
	}
	return a;
}

static inline struct atom atom_product(const struct oracle_csv *d, const struct atom *a, const struct atom *b)
{
	struct atom r = { .columns = 0 };
	for (int j = 0; j < b->columns; j++)
		for (int i = 0; i < a->columns; i++) {
			snprintf(r.name[r.columns], 96, "%.40s:%.50s", a->name[i], b->name[j]);
			double *v = r.value[r.columns++] = yg_xalloc(d->n + 1, sizeof *v);
			for (size_t k = 0; k < d->n; k++)
				v[k] = a->value[i][k] * b->value[j][k];
		}
	return r;
}

static inline void model_take(struct model *m, double **column, struct atom *a, const char *name)
{
	for (int i = 0; i < a->columns; i++) {
		memcpy(m->name[m->p], a->name[i], 96);
		m->term[m->p] = m->terms;
		column[m->p++] = a->value[i];
	}
	snprintf(m->term_name[m->terms++], 64, "%.63s", name);
}

static inline void atom_free(struct atom *a)
{
	for (int i = 0; i < a->columns; i++)
		yg_free(a->value[i]);
}

static inline void model_columns(const struct oracle_csv *d, const char *terms, struct model *m, double **column)
{
	char text[512], *at = text, *end;
	snprintf(text, sizeof text, "%s", terms);
	m->p = 0;
	m->terms = 0;
	struct atom products[8];
	char product_names[8][64];
	int waiting = 0;
	for (; *at; at = end) {
		int depth = 0;
		for (end = at; *end && (depth || strncmp(end, " + ", 3)); end++)
			depth += *end == '(' ? 1 : *end == ')' ? -1 : 0;
		int more = *end != 0;
		*end = 0;
		char *sign = strpbrk(at, "*:");
		if (sign && strchr(at, '(') && strchr(at, '(') < sign && !strchr("*:", at[0]) &&
		    strstr(at, "strata") == NULL)
			sign = NULL;
		if (sign) {
			int star = *sign == '*', spaces = sign > at && sign[-1] == ' ';
			char left[64], right[64];
			snprintf(left, sizeof left, "%.*s", (int)(sign - at) - spaces, at);
			snprintf(right, sizeof right, "%s", sign + 1 + spaces);
			struct atom a = atom_make(d, left), b = atom_make(d, right);
			products[waiting] = atom_product(d, &a, &b);
			snprintf(product_names[waiting++], 64, "%.30s:%.30s", left, right);
			if (star)
				model_take(m, column, &a, left);
			else
				atom_free(&a);
			if (star && strncmp(right, "strata", 6))
				model_take(m, column, &b, right);
			else
				atom_free(&b);
		} else {
			struct atom a = atom_make(d, at);
			model_take(m, column, &a, at);
		}
		end += more ? 3 : 0;
	}
	for (int i = 0; i < waiting; i++)
		model_take(m, column, &products[i], product_names[i]);
}

static inline double model_time(const struct oracle_csv *d, const char *name, size_t i)
{
	if (!strcmp(name, "age_exit"))
		return oracle_number(d, "age")[i] + oracle_number(d, "futime")[i] / 12 + 0.01;
	if (!strcmp(name, "gap"))
		return oracle_number(d, "stop")[i] - oracle_number(d, "start")[i];
	return oracle_number(d, name)[i];
}

static inline size_t model_strata(const struct oracle_csv *d, const struct model_spec *s, int32_t *code, struct model *m)
{
	static int32_t second[MODEL_ROWS];
	const char *a[64], *b[64];
	memset(code, 0, d->n * sizeof *code);
	if (!s->strata)
		return 1;
	if (!strcmp(s->strata, "id")) { /* pairs: more levels than the table of labels holds */
		size_t most = 0;
		for (size_t i = 0; i < d->n; i++) {
			code[i] = (int32_t)oracle_number(d, "id")[i];
			most = (size_t)code[i] > most ? (size_t)code[i] : most;
		}
		return most + 1;
	}
	int na = oracle_levels(d, s->strata, code, a), nb = s->strata2 ? oracle_levels(d, s->strata2, second, b) : 1;
	for (size_t i = 0; i < d->n && s->strata2; i++)
		code[i] = code[i] * nb + second[i];
	for (int i = 0; i < na && !s->strata2; i++)
		snprintf(m->stratum_name[i], 64, "%s=%s", s->strata, a[i]);
	return (size_t)(na * nb);
}

static inline int model_complete(const struct oracle_csv *d, const struct model_spec *s, double **column, size_t p,
                                 size_t i,
                                 int32_t stratum)
{
	for (size_t a = 0; a < p; a++)
		if (isnan(column[a][i]))
			return 0;
	char list[128], *save = NULL;
	snprintf(list, sizeof list, "%s", s->not_missing ? s->not_missing : "");
	for (char *w = strtok_r(list, " ", &save); w; w = strtok_r(NULL, " ", &save))
		if (isnan(oracle_number(d, w)[i]))
			return 0;
	return stratum >= 0 && !(s->cluster && isnan(oracle_number(d, s->cluster)[i])) &&
		!(s->keep && oracle_number(d, s->keep)[i] != s->keep_value) &&
		!(s->at_most && oracle_number(d, s->at_most)[i] > s->most) && !isnan(oracle_number(d, s->event)[i]);
}

static inline void model_data(struct model *m, const struct model_spec *s)
{
	m->data = (struct yg_cox_data){
		.spans = { .n = m->n, .entry = s->entry ? m->entry : NULL, .exit = m->exit, .event = m->event,
		           .stratum = s->strata ? m->stratum : NULL, .strata = m->strata,
		           .weight = s->weight && !s->replicate ? m->weight : NULL, .cluster = s->cluster ? m->cluster : NULL,
		           .clusters = m->clusters },
		.x = m->x, .p = m->p, .offset = s->offset_age != 0 ? m->offset : NULL,
	};
}

static inline void model_make(struct model *m, const struct model_spec *s)
{
	static int32_t stratum[MODEL_ROWS];
	double *column[MODEL_COLUMNS];
	struct oracle_csv *d = oracle_csv_load(s->data);
	memset(m, 0, sizeof *m);
	model_columns(d, s->terms, m, column);
	m->strata = model_strata(d, s, stratum, m);
	m->x = yg_xalloc(MODEL_ROWS * (m->p + 1), sizeof *m->x);
	for (size_t i = 0; i < d->n; i++) {
		double exit_ = model_time(d, s->time, i), entry = s->entry ? model_time(d, s->entry, i) : 0;
		if (!model_complete(d, s, column, m->p, i, stratum[i]) || isnan(exit_) || (s->entry && !(entry < exit_)) ||
		    (!strcmp(s->time, "gap") && !(exit_ > 0)))
			continue;
		double weight = s->weight == 1 ? 0.5 + (double)((i + 1) % 4) / 2 :
			s->weight == 2 ? 1 + (oracle_number(d, "karno")[i] >= 60) : 1;
		for (int copies = s->replicate ? (int)weight : 1; copies > 0; copies--, m->n++) {
			for (size_t a = 0; a < m->p; a++)
				m->x[m->n * m->p + a] = column[a][i];
			m->entry[m->n] = entry;
			m->exit[m->n] = exit_;
			m->event[m->n] = oracle_number(d, s->event)[i] == s->event_is;
			m->weight[m->n] = weight;
			m->stratum[m->n] = stratum[i];
			m->row[m->n] = (uint32_t)i;
			m->cluster[m->n] = s->cluster ? (uint32_t)oracle_number(d, s->cluster)[i] : 0;
			m->clusters = m->cluster[m->n] >= m->clusters ? (size_t)m->cluster[m->n] + 1 : m->clusters;
			m->offset[m->n] = s->offset_age != 0 ? s->offset_age * oracle_number(d, "age")[i] : 0;
		}
	}
	oracle_snap_times(s->entry ? m->entry : NULL, m->exit, m->n);
	for (size_t a = 0; a < m->p; a++)
		yg_free(column[a]);
	oracle_csv_free(d);
	model_data(m, s);
}

static inline void model_free(struct model *m)
{
	yg_free(m->x);
	m->x = NULL;
}

static inline struct yg_cox model_fit(const struct model *m, enum yg_cox_ties ties, bool robust)
{
	struct yg_cox fit;
	struct yg_err err = { .text = "" };
	const struct yg_cox_options o = { .ties = ties, .robust = robust, .max_iterations = -1 };
	if (yg_cox_fit(&m->data, &o, NULL, &fit, &err) != YG_OK) {
		fprintf(stderr, "fit failed: %s\n", err.text);
		exit(99);
	}
	return fit;
}

#endif
