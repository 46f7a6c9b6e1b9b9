/*
 * Judging a column by its distinct values: u of them, m that match a test (docs/identifiers.md).
 * Distinct values are told apart by a 64-bit hash; no value is kept.
 */
#include "yogo/privacy/detect.h"

#include <stdio.h>
#include <string.h>

#include "yogo/base/date.h"
#include "yogo/base/hash.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"
#include "yogo/base/pool.h"

/* More distinct values than this change no verdict; later ones are not tested. */
enum { MOST_DISTINCT = 1 << 20 };

/* Dates of 1800 to 2199 are told apart by a bit each, others by their hash. */
enum { FIRST_DAY = -62091, LAST_DAY = 84005 };

struct yg_detector {
	const char *column;
	enum yg_type type;
	bool name_hit, birth_hit, row_is_person;
	uint64_t *slot;              /* set of hashes, 0 = free */
	size_t slots, distinct;
	uint64_t rows, matched[YG_DETECTORS];
	uint64_t bytes, blanks, person_words;   /* over distinct texts */
	uint64_t before_2000;
	uint32_t months, days;       /* which occur, as bits */
	uint64_t *calendar;          /* set of dates between the years below */
	struct yg_buf space;
};

const char *yg_detector_code(enum yg_detector_id id)
{
	static const char *const code[YG_DETECTORS] = { "D01", "D02", "D07", "D08", "D09", "D10", "D13" };
	return code[id];
}

struct yg_detector *yg_detector_new(const char *column, enum yg_type type, bool row_is_person)
{
	struct yg_detector *d = yg_xcalloc(1, sizeof *d);
	d->column = column;
	d->type = type;
	d->row_is_person = row_is_person;
	d->name_hit = yg_detect_column_name(column);
	d->birth_hit = yg_detect_birth_name(column);
	d->slots = 1024;
	d->slot = yg_xcalloc(d->slots, sizeof *d->slot);
	yg_buf_init(&d->space);
	return d;
}

void yg_detector_free(struct yg_detector *d)
{
	if (!d)
		return;
	yg_free(d->slot);
	yg_free(d->calendar);
	yg_buf_release(&d->space);
	yg_free(d);
}

static void insert(uint64_t *slot, size_t slots, uint64_t hash)
{
	size_t i = hash & (slots - 1);
	while (slot[i])
		i = (i + 1) & (slots - 1);
	slot[i] = hash;
}

/* True when the value was not there before. */
static bool is_new(struct yg_detector *d, uint64_t hash)
{
	hash += hash == 0;
	for (size_t i = hash & (d->slots - 1); d->slot[i]; i = (i + 1) & (d->slots - 1))
		if (d->slot[i] == hash)
			return false;
	if (d->distinct == MOST_DISTINCT)
		return false;
	if (2 * (d->distinct + 1) > d->slots) {
		size_t slots = 2 * d->slots;
		uint64_t *slot = yg_xcalloc(slots, sizeof *slot);
		for (size_t i = 0; i < d->slots; i++)
			if (d->slot[i])
				insert(slot, slots, d->slot[i]);
		yg_free(d->slot);
		d->slot = slot;
		d->slots = slots;
	}
	insert(d->slot, d->slots, hash);
	d->distinct++;
	return true;
}

void yg_detector_text(struct yg_detector *d, const char *p, size_t n)
{
	d->rows++;
	if (!is_new(d, yg_hash64(p, n)))
		return;
	yg_detect_normalise(&d->space, p, n);
	const char *s = d->space.data;
	d->matched[YG_DETECT_MY_NUMBER] += yg_detect_my_number(s);
	d->matched[YG_DETECT_TELEPHONE] += yg_detect_telephone(s);
	d->matched[YG_DETECT_POSTAL] += yg_detect_postal(s);
	d->matched[YG_DETECT_ADDRESS] += yg_detect_address(s);
	bool ascii = yg_detect_ascii(s, d->space.len);
	d->person_words += !ascii && yg_detect_person_words(s);
	for (size_t i = 0; i < d->space.len;) {
		uint32_t c = (unsigned char)s[i];
		i += ascii ? 1 : yg_utf8_next(s + i, d->space.len - i, &c);
		d->bytes++; /* characters, as people count them */
		d->blanks += c == ' ' || c == ',' || c == ';' || c == 0x3001 || c == 0x3002;
	}
}

void yg_detector_integer(struct yg_detector *d, int64_t v)
{
	char s[24];
	d->rows++;
	if (!is_new(d, yg_hash64(&v, sizeof v)))
		return;
	snprintf(s, sizeof s, "%lld", (long long)v);
	d->matched[YG_DETECT_MY_NUMBER] += yg_detect_my_number(s);
	/* seven digits are postal codes only under such a name: costs have seven digits too */
	if (d->name_hit)
		d->matched[YG_DETECT_POSTAL] += yg_detect_postal(s);
}

static bool is_new_date(struct yg_detector *d, int32_t days)
{
	if (days < FIRST_DAY || days > LAST_DAY)
		return is_new(d, yg_hash64(&days, sizeof days));
	if (!d->calendar)
		d->calendar = yg_xcalloc((LAST_DAY - FIRST_DAY) / 64 + 1, sizeof *d->calendar);
	unsigned at = (unsigned)(days - FIRST_DAY);
	uint64_t bit = UINT64_C(1) << (at & 63);
	bool there = d->calendar[at / 64] & bit;
	d->calendar[at / 64] |= bit;
	d->distinct += !there;
	return !there;
}

void yg_detector_date(struct yg_detector *d, int32_t days)
{
	int year, month, day;
	d->rows++;
	if (!is_new_date(d, days))
		return;
	yg_date_to_civil(days, &year, &month, &day);
	d->months |= 1u << month;
	d->days |= 1u << day;
	d->before_2000 += year < 2000;
}

static void add(struct yg_finding *out, size_t *n, enum yg_detector_id id, enum yg_severity severity, uint64_t tested,
                uint64_t matched)
{
	out[(*n)++] = (struct yg_finding){ .detector = id, .severity = severity, .tested = tested, .matched = matched };
}

/* m of u is at least this share. */
static bool share(uint64_t m, uint64_t u, double least)
{
	return u > 0 && (double)m >= least * (double)u;
}

static void judge_birth(const struct yg_detector *d, struct yg_finding *out, size_t *n)
{
	int months = __builtin_popcount(d->months), days = __builtin_popcount(d->days);
	bool looks = d->row_is_person && share(d->before_2000, d->distinct, 0.2) && months == 12 && days >= 28;
	/* only first days of months: truncated, as it should be */
	if (d->distinct && days > 1 && (d->birth_hit || looks))
		add(out, n, YG_DETECT_BIRTH, d->birth_hit ? YG_FINDING_REFUSE : YG_FINDING_WARN, d->distinct, d->distinct);
}

static void judge_free_text(const struct yg_detector *d, struct yg_finding *out, size_t *n)
{
	uint64_t u = d->distinct;
	if (d->type != YG_TYPE_TEXT || u < 5)
		return;
	double length = (double)d->bytes / (double)u, blanks = (double)d->blanks / (double)u;
	bool free_text = length > 24 || blanks > 4 || (share(u, d->rows, 0.5) && length > 12);
	if (free_text)
		add(out, n, YG_DETECT_FREE_TEXT, share(d->person_words, u, 0.05) ? YG_FINDING_REFUSE : YG_FINDING_WARN, u, u);
}

size_t yg_detector_end(const struct yg_detector *d, struct yg_finding out[YG_DETECTORS])
{
	size_t n = 0;
	uint64_t u = d->distinct;
	const uint64_t *m = d->matched;
	/* one in ten numbers of twelve digits passes the check by chance */
	if ((u >= 5 && m[YG_DETECT_MY_NUMBER] == u) || (u >= 50 && share(m[YG_DETECT_MY_NUMBER], u, 0.5)) ||
	    (d->name_hit && m[YG_DETECT_MY_NUMBER] >= 1))
		add(out, &n, YG_DETECT_MY_NUMBER, YG_FINDING_REFUSE, u, m[YG_DETECT_MY_NUMBER]);
	if (u >= 20 && share(m[YG_DETECT_TELEPHONE], u, 0.5))
		add(out, &n, YG_DETECT_TELEPHONE, YG_FINDING_REFUSE, u, m[YG_DETECT_TELEPHONE]);
	if (u >= 20 && share(m[YG_DETECT_POSTAL], u, 0.8))
		add(out, &n, YG_DETECT_POSTAL, YG_FINDING_REFUSE, u, m[YG_DETECT_POSTAL]);
	if (m[YG_DETECT_ADDRESS] >= 1)
		add(out, &n, YG_DETECT_ADDRESS, YG_FINDING_REFUSE, u, m[YG_DETECT_ADDRESS]);
	judge_birth(d, out, &n);
	if (n == 0) /* numbers and addresses are long and all different too */
		judge_free_text(d, out, &n);
	if (d->name_hit)
		add(out, &n, YG_DETECT_NAME, n > 0 ? YG_FINDING_REFUSE : YG_FINDING_WARN, 0, 0);
	return n;
}

/* ---- a whole data set ---- */

/*
 * Can the values of a column change the verdict, as far as its extremes tell?  Whole numbers are tested
 * for the twelve digits of My Numbers, and under an identifier's name for the seven of postal codes;
 * dates look like those of birth when some are of the last century, or under such a name.
 */
static bool worth_reading(const struct yg_detector *d, const struct yg_profile *p)
{
	switch (d->type) {
	case YG_TYPE_TEXT:
		return true;
	case YG_TYPE_INTEGER:
		return p->n && !(p->maximum < (d->name_hit ? 1e6 : 1e11));
	case YG_TYPE_DATE:
		return p->n && (d->birth_hit || (d->row_is_person && !(p->minimum >= yg_date_from_civil(2000, 1, 1))));
	default:
		return false;
	}
}

static void feed(struct yg_detector *d, const struct yg_vec *v)
{
	for (uint32_t i = 0; i < v->n; i++) {
		if (!yg_vec_valid(v, i))
			continue;
		if (v->type == YG_TYPE_TEXT)
			yg_detector_text(d, v->v.text.bytes + v->v.text.start[i], v->v.text.start[i + 1] - v->v.text.start[i]);
		else if (v->type == YG_TYPE_INTEGER)
			yg_detector_integer(d, v->v.integer[i]);
		else if (v->type == YG_TYPE_DATE && (!v->precision || v->precision[i] == YG_DAY))
			yg_detector_date(d, v->v.date[i]);
	}
}

static enum yg_status read_column(struct yg_detector *d, const struct yg_table *t, uint32_t column, struct yg_task *task,
                                  struct yg_err *err)
{
	const struct yg_field *f = &t->field[column];
	struct yg_column_ref ref = { .table = t, .owner = t, .column = column };
	struct yg_vec_space space;
	enum yg_status s = YG_OK;
	if (f->type == YG_TYPE_LEVEL) { /* the labels are the distinct values */
		for (size_t i = 0; i < f->levels; i++)
			yg_detector_text(d, f->level[i], strlen(f->level[i]));
		return YG_OK;
	}
	if (!worth_reading(d, &t->info[column].profile))
		return YG_OK;
	yg_vec_space_init(&space);
	for (uint32_t b = 0; b < t->blocks && s == YG_OK && d->distinct < MOST_DISTINCT; b++) {
		struct yg_vec v;
		if (task && !yg_task_tick(task, b, t->blocks))
			s = YG_CANCELLED;
		else if ((s = yg_column_read(&ref, b, &space, &v, err)) == YG_OK)
			feed(d, &v);
	}
	yg_vec_space_release(&space);
	return s;
}

/* A column of the data set and what was seen in it. */
struct watch {
	const struct yg_table *table;
	uint32_t column;
	struct yg_detector *detector;
};
struct watches {
	struct watch *watch;
	size_t n, cap;
	struct yg_task *task;
};

static enum yg_status read_watched(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	const struct watches *all = context;
	const struct watch *w = &all->watch[number];
	(void)worker;
	return read_column(w->detector, w->table, w->column, all->task, err);
}

enum yg_status yg_detect(const struct yg_dataset *dataset, struct yg_task *task, struct yg_finding **out, size_t *count,
                         struct yg_err *err)
{
	struct watches all = { .task = task };
	struct yg_finding *findings = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = 0; i < yg_dataset_tables(dataset); i++) {
		const struct yg_table *t = yg_dataset_table(dataset, i);
		for (uint32_t c = 0; c < t->fields; c++) {
			YG_GROW(all.watch, all.n, all.cap);
			all.watch[all.n++] = (struct watch){ t, c, yg_detector_new(t->field[c].name, t->field[c].type, !t->start) };
		}
	}
	enum yg_status s = yg_pool_run(task, all.n, read_watched, &all, err);
	for (size_t i = 0; i < all.n; i++) {
		struct watch *w = &all.watch[i];
		struct yg_finding found[YG_DETECTORS];
		size_t k = s == YG_OK ? yg_detector_end(w->detector, found) : 0;
		for (size_t j = 0; j < k; j++) {
			YG_GROW(findings, n, cap);
			found[j].table = w->table->name;
			found[j].column = w->table->field[w->column].name;
			findings[n++] = found[j];
		}
		yg_detector_free(w->detector);
	}
	yg_free(all.watch);
	if (s != YG_OK)
		return s;
	*out = findings;
	*count = n;
	return YG_OK;
}

void yg_finding_sentence(const struct yg_finding *f, struct yg_buf *out)
{
	static const char *const what[YG_DETECTORS] = {
		N_("its name is that of an identifier"), N_("look like My Numbers"), N_("look like telephone numbers"),
		N_("look like postal codes"), N_("include e-mail, web, IP or MAC addresses"), N_("look like exact dates of birth"),
		N_("look like free text"),
	};
	yg_buf_addf(out, _("column %s of %s: "), f->column ? f->column : "?", f->table ? f->table : "?");
	if (f->detector == YG_DETECT_NAME)
		yg_buf_adds(out, gettext(what[f->detector]));
	else
		yg_buf_addf(out, _("%llu of %llu distinct values %s"), (unsigned long long)f->matched, (unsigned long long)f->tested,
		            gettext(what[f->detector]));
	yg_buf_addf(out, " (%s)", yg_detector_code(f->detector));
}
