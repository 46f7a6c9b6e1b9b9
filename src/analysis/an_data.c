/* What a data set holds, as a result. */
#include "yogo/analysis/data.h"

#include <stdio.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/i18n.h"
#include "yogo/raw/raw.h"

void yg_an_free(struct yg_raw *raw)
{
	yg_raw_free(raw);
}

static void notes(struct yg_raw *raw, const struct yg_dataset *d, const char *profile)
{
	const struct yg_manifest *m = yg_dataset_manifest(d);
	struct yg_digest root = yg_dataset_root(d);
	struct yg_raw_note *n;
	char hex[65];

	yg_digest_hex(&root, hex);
	n = yg_raw_note(raw, YG_NOTE_INFO, N_("data root sha256:{1}"));
	yg_raw_note_text(n, hex);
	n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("legal basis {1}, disclosure profile {2}"));
	yg_raw_note_text(n, m->legal_basis);
	yg_raw_note_text(n, profile);
	if (m->source) {
		n = yg_raw_note(raw, YG_NOTE_INFO, N_("source: {1}"));
		yg_raw_note_text(n, m->source);
	}
}

static struct yg_raw *overview(const struct yg_dataset *d, const char *name, const char *profile)
{
	const struct yg_manifest *m = yg_dataset_manifest(d);
	int64_t persons = (int64_t)yg_dataset_persons(d);
	struct yg_evidence all = { persons, 0, 0 };
	struct yg_raw *raw = yg_raw_new("open", 1);
	struct yg_raw_table *t;
	char *title = yg_xasprintf("%s: %s", name, m->title ? m->title : name);

	yg_raw_title(raw, title);
	yg_free(title);
	yg_raw_counts(raw, persons, -1, -1, -1);
	t = yg_raw_table(raw, "tables", N_("Tables"));
	yg_raw_column(t, "rows", N_("rows"), YG_ROLE_RECORDS, NULL);
	yg_raw_column(t, "columns", N_("columns"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "unit", N_("a row is"), YG_ROLE_LABEL, NULL);
	for (size_t i = 0; i < yg_dataset_tables(d); i++) {
		const struct yg_table *table = yg_dataset_table(d, i);
		int row = yg_raw_row_data(t, table->name, table->name, 0);
		yg_raw_int(t, row, 0, (int64_t)table->rows, all);
		yg_raw_int(t, row, 1, (int64_t)table->fields, YG_NOBODY);
		yg_raw_text(t, row, 2, table->start ? N_("one of a person's records") : N_("a person"));
	}
	notes(raw, d, profile);
	return raw;
}

static void levels_text(struct yg_raw_table *t, int row, int column, const struct yg_field *f)
{
	char *text = yg_xstrdup("");

	for (size_t i = 0; i < f->levels; i++) {
		char *longer;
		if (i == 6) {
			longer = yg_xasprintf("%s ... (%zu levels)", text, f->levels);
			yg_free(text);
			text = longer;
			break;
		}
		longer = yg_xasprintf("%s%s%s", text, i ? ", " : "", f->level[i]);
		yg_free(text);
		text = longer;
	}
	yg_raw_text(t, row, column, text);
	yg_free(text);
}

/* Minimum and maximum in their own columns: on guarded data the gate hides them, levels it does not. */
static void range(struct yg_raw_table *t, int row, const struct yg_field *f, const struct yg_profile *p, struct yg_evidence e)
{
	char low[16], high[16];

	switch (f->type) {
	case YG_TYPE_INTEGER:
	case YG_TYPE_NUMBER:
		if (p->n > p->missing) {
			yg_raw_num(t, row, 5, p->minimum, e);
			yg_raw_num(t, row, 6, p->maximum, e);
		}
		break;
	case YG_TYPE_DATE:
		if (p->n > p->missing) {
			yg_date_print(low, (int32_t)p->minimum, YG_DAY);
			yg_date_print(high, (int32_t)p->maximum, YG_DAY);
			yg_raw_data(t, row, 5, low);
			yg_raw_role(t, row, 5, YG_ROLE_EXTREME);
			yg_raw_data(t, row, 6, high);
			yg_raw_role(t, row, 6, YG_ROLE_EXTREME);
		}
		break;
	case YG_TYPE_LEVEL:
		levels_text(t, row, 7, f);
		break;
	default:
		break;
	}
}

/*
 * On guarded data a small number of missing (or of known) values would make the gate hide the whole list of columns:
 * the word "few" stands for it, twice as far up as any profile's limit.
 */
static bool few(const struct yg_profile *p, bool guarded)
{
	uint64_t known = p->n - p->missing;

	return guarded && ((p->missing && p->missing < 20) || (known && known < 20));
}

static void columns_of(struct yg_raw *raw, const struct yg_table *table, int64_t persons, bool detail, bool guarded)
{
	char *key = yg_xasprintf("columns.%s", table->name);
	struct yg_raw_table *t = yg_raw_table(raw, key, table->name);
	struct yg_evidence all = { persons, 0, 0 };

	yg_free(key);
	if (detail)
		yg_raw_table_aside(t);
	yg_raw_table_independent(t);
	yg_raw_column(t, "type", N_("type"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "unit", N_("unit"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "missing", N_("missing"), YG_ROLE_RECORDS, NULL);
	yg_raw_column(t, "distinct", N_("distinct"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "label", N_("label"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "minimum", N_("min"), YG_ROLE_EXTREME, NULL);
	yg_raw_column(t, "maximum", N_("max"), YG_ROLE_EXTREME, NULL);
	yg_raw_column(t, "levels", N_("levels"), YG_ROLE_LABEL, NULL);
	yg_raw_column(t, "bytes", N_("bytes"), YG_ROLE_INTEGER, NULL);
	yg_raw_column(t, "encodings", N_("encodings"), YG_ROLE_LABEL, NULL);
	for (uint32_t i = 0; i < table->fields; i++) {
		const struct yg_field *f = &table->field[i];
		const struct yg_column_info *info = &table->info[i];
		int row = yg_raw_row_data(t, f->name, f->name, 0);
		yg_raw_text(t, row, 0, yg_type_name(f->type));
		if (f->unit)
			yg_raw_text(t, row, 1, f->unit);
		if (few(&info->profile, guarded))
			yg_raw_missing(t, row, 2, N_("few"));
		else
			yg_raw_int(t, row, 2, (int64_t)info->profile.missing, all);
		yg_raw_int(t, row, 3, (int64_t)info->profile.distinct, YG_NOBODY);
		if (f->label.en || f->label.ja)
			yg_raw_data(t, row, 4, f->label.en ? f->label.en : f->label.ja);
		range(t, row, f, &info->profile, all);
		yg_raw_int(t, row, 8, (int64_t)info->bytes, YG_NOBODY);
		if (info->encodings)
			yg_raw_text(t, row, 9, info->encodings);
	}
}

#define SHAPE_BINS 32       /* two of the profile's bins each */
#define SHAPE_COLUMNS 256   /* a wider table goes without: its list would be longer than its data */

/* Counts of the levels in their order, as far as the profile kept them; false when it did not keep them all. */
static bool level_counts(const struct yg_field *f, const struct yg_profile *p, uint64_t out[SHAPE_BINS])
{
	size_t n = f->value_labels ? f->value_labels : f->levels;

	if (!n || n > SHAPE_BINS || p->distinct > p->tops)
		return false;
	memset(out, 0, SHAPE_BINS * sizeof *out);
	for (size_t k = 0; k < p->tops; k++)
		for (size_t i = 0; i < n; i++)
			if (!strcmp(p->top[k].text, f->value_labels ? f->value_label[i].value : f->level[i]))
				out[i] = p->top[k].count;
	return true;
}

/*
 * Mean, spread and a small distribution of each column, as the profile made at import has them: what front ends draw
 * beside the names.  Only of open data: a bin may hold one person.
 */
static void shapes_of(struct yg_raw *raw, const struct yg_table *table)
{
	char *key = yg_xasprintf("shape.%s", table->name);
	struct yg_raw_table *t = yg_raw_table(raw, key, table->name);
	char name[8];

	yg_free(key);
	yg_raw_table_aside(t);
	yg_raw_table_independent(t);
	yg_raw_column(t, "mean", N_("mean"), YG_ROLE_MEAN, NULL);
	yg_raw_column(t, "sd", N_("SD"), YG_ROLE_SD, NULL);
	yg_raw_column(t, "parts", N_("parts"), YG_ROLE_LABEL, NULL);
	for (int k = 1; k <= SHAPE_BINS; k++) {
		snprintf(name, sizeof name, "%d", k);
		yg_raw_column(t, name, name, YG_ROLE_RECORDS, NULL);
	}
	for (uint32_t i = 0; i < table->fields; i++) {
		const struct yg_field *f = &table->field[i];
		const struct yg_profile *p = &table->info[i].profile;
		uint64_t known = p->n - p->missing, count[SHAPE_BINS];
		bool numeric = f->type == YG_TYPE_INTEGER || f->type == YG_TYPE_NUMBER, levels = level_counts(f, p, count);
		struct yg_evidence e = { (int64_t)known, 0, 0 };
		int row;
		if (!known || (!levels && !numeric && f->type != YG_TYPE_DATE))
			continue;
		row = yg_raw_row_data(t, f->name, f->name, 0);
		yg_raw_text(t, row, 2, levels ? "levels" : "bins");
		if (numeric && !levels) {
			yg_raw_num(t, row, 0, p->mean, e);
			if (known > 1)
				yg_raw_num(t, row, 1, p->sd, e);
		}
		for (int k = 0; k < SHAPE_BINS; k++) {
			uint64_t n = levels ? count[k] : (uint64_t)p->histogram[2 * k] + p->histogram[2 * k + 1];
			if (n)
				yg_raw_int(t, row, 3 + k, (int64_t)n, (struct yg_evidence){ (int64_t)n, 0, (int64_t)known });
		}
	}
}

static struct yg_raw *with_columns(const struct yg_dataset *d, const char *name, const char *profile, bool detail)
{
	struct yg_raw *raw = overview(d, name, profile);

	for (size_t i = 0; i < yg_dataset_tables(d); i++)
		columns_of(raw, yg_dataset_table(d, i), (int64_t)yg_dataset_persons(d), detail,
		           strcmp(profile, "open") != 0);
	for (size_t i = 0; detail && !strcmp(profile, "open") && i < yg_dataset_tables(d); i++)
		if (yg_dataset_table(d, i)->fields <= SHAPE_COLUMNS)
			shapes_of(raw, yg_dataset_table(d, i));
	return raw;
}

struct yg_raw *yg_an_overview(const struct yg_dataset *d, const char *name, const char *profile)
{
	return with_columns(d, name, profile, true);
}

struct yg_raw *yg_an_columns(const struct yg_dataset *d, const char *name, const char *profile)
{
	return with_columns(d, name, profile, false);
}
