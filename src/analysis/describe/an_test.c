/* test: groups, one sample or blocks, from the set to the methods. */
#include <math.h>
#include <string.h>

#include "an_test_priv.h"

#include "yogo/base/i18n.h"
#include "yogo/base/phrase.h"
#include "yogo/num/sort.h"

static enum yg_status no_memory(const struct test_work *w, struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("Memory ran out while describing %zu persons."), w->f->set->n);
}

/* The i-th method asked for, made definite, and whether it is for this shape. */
static enum yg_status method_of(struct test_work *w, size_t i, enum test_shape shape, bool number, size_t k, const char *name,
                                enum test_method *out, struct yg_err *err)
{
	enum test_method m = TM_AUTO;

	if (i < w->r->methods && !test_method_parse(w->r->method[i], &m))
		return yg_fail(err, YG_ESYNTAX, "E-TEST-011", N_("there is no test %s"), w->r->method[i]);
	m = test_choose(m, shape, number, k);
	YG_TRY(test_fits(m, shape, number, name, err));
	if (w->r->side != YG_TWO_SIDED && (!test_one_sided(m) || (m == TM_WELCH && k > 2))) {
		yg_fail(err, YG_REFUSED, "E-TEST-012", N_("method=%s has no sides"), test_word(m));
		yg_err_hint(err, N_("side goes with t welch wilcoxon signed sign paired binomial"));
		return YG_REFUSED;
	}
	bool takes_mu = m == TM_T || m == TM_PAIRED || m == TM_SIGNED || m == TM_SIGN || m == TM_BINOMIAL;
	if (w->r->has_mu && !takes_mu && w->r->methods <= 1) {
		yg_fail(err, YG_REFUSED, "E-TEST-025", N_("method=%s has no mu"), test_word(m));
		yg_err_hint(err, N_("mu goes with t signed sign paired binomial"));
		return YG_REFUSED;
	}
	*out = m;
	return YG_OK;
}

static size_t methods(const struct test_work *w)
{
	return w->r->methods ? w->r->methods : 1;
}

/* ---- groups ---- */

static void free_groups(struct test_groups *g)
{
	yg_data_free(g->x);
	yg_data_free(g->of);
}

/* Values by group, groups without values left out. */
static enum yg_status gather(struct test_work *w, const struct an_variable *v, struct test_groups *g, struct yg_err *err)
{
	const struct an_groups *by = &w->f->by;
	size_t n = w->f->set->n, *start = yg_arena_alloc(&w->arena, by->count + 2, sizeof *start);

	*g = (struct test_groups){ .v = v, .x = yg_data_alloc(n + 1, sizeof *g->x), .of = yg_data_alloc(n + 1, sizeof *g->of),
		                   .start = start, .smallest = UINT64_MAX };
	g->label = yg_arena_alloc(&w->arena, by->count + 1, sizeof *g->label);
	g->whole = yg_arena_alloc(&w->arena, by->count + 1, sizeof *g->whole);
	if (!g->x || !g->of) {
		free_groups(g);
		return no_memory(w, err);
	}
	g->n = an_gather(w->f, by, v->column, g->x, NULL, start);
	size_t begin = 0;
	for (size_t k = 0; k < by->count; k++) {
		size_t end = start[k + 1];
		if (end == begin)
			continue;
		for (size_t i = begin; i < end; i++)
			g->of[i] = (int32_t)g->k;
		if (k == by->reference)
			g->reference = g->k;
		g->label[g->k] = by->title ? by->label[k] : NULL;
		g->whole[g->k] = by->persons[k];
		if (end - begin < g->smallest)
			g->smallest = end - begin;
		start[++g->k] = end;
		begin = end;
	}
	start[0] = 0;
	g->other = g->reference ? 0 : 1;
	if (!g->k)
		g->smallest = 0;
	return YG_OK;
}

static enum yg_status on_numbers(struct test_work *w, const struct an_variable *v, struct yg_raw_table **table, struct yg_err *err)
{
	struct test_groups g;
	enum yg_status s = gather(w, v, &g, err);
	bool paired = false;

	if (s != YG_OK)
		return s;
	test_groups_table(w, &g, table);
	for (size_t i = 0; s == YG_OK && i < methods(w); i++) {
		enum test_method m;
		s = method_of(w, i, SHAPE_GROUPS, true, g.k, v->name, &m, err);
		if (s == YG_OK)
			s = test_on_groups(w, m, &g, err);
		if (s == YG_OK && w->r->pairwise && test_has_pairs(m)) {
			s = test_pairs(w, m, &g, err);
			paired = true;
		} else if (s == YG_OK && w->r->pairwise && !paired && i + 1 == methods(w)) {
			s = yg_fail(err, YG_REFUSED, "E-TEST-007", N_("pairwise goes with anova, welch and kruskal, not with %s"), test_word(m));
			yg_err_hint(err, N_("Leave pairwise out, or choose another method"));
		}
	}
	free_groups(&g);
	return s;
}

/* Counts of levels that occur, in groups that have values. */
static void count_levels(struct test_work *w, const struct an_variable *v, struct test_counts *c)
{
	const struct an_groups *by = &w->f->by;
	size_t levels = v->kind == AN_LEVELS ? (size_t)v->levels : 2;
	double *all = yg_arena_alloc(&w->arena, levels * by->count + by->count + 1, sizeof *all), *size = all + levels * by->count;

	*c = (struct test_counts){ .v = v, .levels = levels, .smallest = UINT64_MAX };
	for (size_t i = 0; i < w->f->set->n; i++) {
		int32_t l = an_level(v, i), g = by->of[i];
		if (l < 0 || g < 0)
			continue;
		all[(size_t)l * by->count + (size_t)g]++;
		size[g]++;
		c->total++;
	}
	for (size_t g = 0; g < by->count; g++)
		c->groups += size[g] > 0;
	c->count = yg_arena_alloc(&w->arena, levels * c->groups + 1, sizeof *c->count);
	c->label = yg_arena_alloc(&w->arena, c->groups + 1, sizeof *c->label);
	for (size_t g = 0, to = 0; g < by->count; g++) {
		if (!(size[g] > 0))
			continue;
		for (size_t l = 0; l < levels; l++)
			c->count[l * c->groups + to] = all[l * by->count + g];
		if (g == by->reference)
			c->reference = to;
		if ((uint64_t)size[g] < c->smallest)
			c->smallest = (uint64_t)size[g];
		c->label[to++] = by->title ? by->label[g] : NULL;
	}
	if (!c->groups)
		c->smallest = 0;
}

static enum yg_status on_category(struct test_work *w, const struct an_variable *v, struct yg_err *err)
{
	struct test_counts c;

	if (w->r->pairwise) {
		yg_fail(err, YG_REFUSED, "E-TEST-007", N_("pairwise goes with anova, welch and kruskal, not with %s"), v->name);
		yg_err_hint(err, N_("Leave pairwise out, or choose another method"));
		return YG_REFUSED;
	}
	count_levels(w, v, &c);
	test_counts_table(w, &c);
	for (size_t i = 0; i < methods(w); i++) {
		enum test_method m;
		YG_TRY(method_of(w, i, SHAPE_GROUPS, false, c.groups, v->name, &m, err));
		YG_TRY(test_on_counts(w, m, &c, err));
	}
	return YG_OK;
}

/* ---- one sample ---- */

static enum yg_status on_sample(struct test_work *w, const struct an_variable *v, struct yg_raw_table **table, struct yg_err *err)
{
	struct test_groups g = { 0 };
	struct test_counts c;
	bool flag = v->kind == AN_FLAG;
	enum yg_status s;

	if (v->kind == AN_LEVELS) {
		yg_fail(err, YG_REFUSED, "E-TEST-013", N_("%s is a category: one sample of it has no mean and no share without a level"), v->name);
		yg_err_hint(err, N_("Make a flag of it: let yes = %s = \"LEVEL\""), v->name);
		return YG_REFUSED;
	}
	if (flag) {
		count_levels(w, v, &c);
		test_counts_table(w, &c);
	}
	s = gather(w, v, &g, err);
	if (s != YG_OK)
		return s;
	if (!flag)
		test_groups_table(w, &g, table);
	for (size_t i = 0; s == YG_OK && i < methods(w); i++) {
		enum test_method m;
		s = method_of(w, i, SHAPE_ONE, !flag, 1, v->name, &m, err);
		if (s == YG_OK)
			s = test_on_sample(w, m, v, g.x, g.n, err);
	}
	free_groups(&g);
	return s;
}

/* ---- blocks ---- */

static enum yg_status on_blocks(struct test_work *w, const struct test_blocks *b, struct yg_err *err)
{
	struct test_groups g = { .k = b->k, .n = b->k * b->blocks };
	struct an_variable named = { .name = b->name };
	struct yg_raw_table *table = NULL;
	enum yg_status s = YG_OK;

	/* the table of values wants them by condition */
	g.v = &named;
	g.x = yg_data_alloc(g.n + 1, sizeof *g.x);
	g.start = yg_arena_alloc(&w->arena, b->k + 1, sizeof *g.start);
	g.label = yg_arena_alloc(&w->arena, b->k, sizeof *g.label);
	if (!g.x)
		return no_memory(w, err);
	for (size_t j = 0; j < b->k; j++) {
		g.label[j] = b->label[j];
		g.start[j + 1] = (j + 1) * b->blocks;
		for (size_t i = 0; i < b->blocks; i++)
			g.x[j * b->blocks + i] = b->x[i * b->k + j];
	}
	if (!b->flags) {
		test_groups_table(w, &g, &table);
	} else {
		struct test_counts c = { .v = &named, .levels = 2, .groups = b->k, .label = g.label };
		named.kind = AN_FLAG;
		c.count = yg_arena_alloc(&w->arena, 2 * b->k, sizeof *c.count);
		for (size_t i = 0; i < g.n; i++)
			c.count[(g.x[i] != 0 ? b->k : 0) + i / b->blocks]++;
		test_counts_table(w, &c);
	}
	yg_data_free(g.x);
	for (size_t i = 0; s == YG_OK && i < methods(w); i++) {
		enum test_method m;
		s = method_of(w, i, SHAPE_BLOCKS, !b->flags, b->k, b->name, &m, err);
		if (s == YG_OK)
			s = test_on_blocks(w, m, b, err);
	}
	return s;
}

/* The columns themselves are the conditions, a person a block. */
static enum yg_status across_columns(struct test_work *w, struct yg_err *err)
{
	const struct an_frame *f = w->f;
	struct test_blocks b = { .k = f->variables, .blocks = f->set->n };
	const char **label = yg_arena_alloc(&w->arena, b.k, sizeof *label);
	struct yg_buf name = YG_BUF_INIT;
	bool flags = true;

	for (size_t j = 0; j < b.k; j++) {
		const struct an_variable *v = &f->variable[j];
		if (v->kind == AN_LEVELS) {
			yg_buf_release(&name);
			yg_fail(err, YG_REFUSED, "E-TEST-014", N_("%s is a category: columns of a person are compared when they are numbers or flags"), v->name);
			return YG_REFUSED;
		}
		flags = flags && v->kind == AN_FLAG;
		label[j] = v->name;
		yg_buf_addf(&name, j ? ", %s" : "%s", v->name);
	}
	b.name = yg_arena_strdup(&w->arena, name.data);
	yg_buf_release(&name);
	b.label = label;
	b.flags = flags;
	b.x = yg_data_alloc(b.k * b.blocks + 1, sizeof *b.x);
	if (!b.x)
		return no_memory(w, err);
	for (size_t j = 0; j < b.k; j++)
		for (size_t i = 0; i < b.blocks; i++)
			b.x[i * b.k + j] = f->variable[j].column->number[i];
	enum yg_status s = on_blocks(w, &b, err);
	yg_data_free(b.x);
	return s;
}

/* The rows of a person must stay in one block: else blocks are not independent of each other. */
static enum yg_status blocks_hold_persons(const struct test_work *w, const double *key, struct yg_err *err)
{
	const struct yg_set *s = w->f->set;

	for (size_t i = 1; i < s->n; i++)
		if (s->person[i] == s->person[i - 1] && key[i] != key[i - 1]) {
			yg_fail(err, YG_REFUSED, "E-TEST-015", N_("some persons have rows in several pairs of %s, which then are not independent"), w->f->variable[1].name);
			yg_err_hint(err, N_("Name the person's own column with pair, or choose rows with where"));
			return YG_REFUSED;
		}
	return YG_OK;
}

/* Rows that share the value of pair are a block; the levels of by are the conditions. */
static enum yg_status paired_rows(struct test_work *w, struct yg_err *err)
{
	const struct an_frame *f = w->f;
	const struct an_variable *v = &f->variable[0], *p = &f->variable[1];
	size_t n = f->set->n, k = f->by.count, blocks = 0, incomplete = 0, reference = f->by.reference;
	const char **label = yg_arena_alloc(&w->arena, k + 1, sizeof *label);
	double *key = yg_data_alloc(n + 1, sizeof *key), *x = yg_data_alloc((n + 1) * k + k, sizeof *x);
	uint32_t *order = yg_data_alloc(n + 1, sizeof *order);
	enum yg_status s = key && x && order ? YG_OK : no_memory(w, err);

	if (s == YG_OK && v->kind == AN_LEVELS)
		s = yg_fail(err, YG_REFUSED, "E-TEST-014", N_("%s is a category: columns of a person are compared when they are numbers or flags"), v->name);
	for (size_t i = 0; s == YG_OK && i < n; i++)
		key[i] = p->column->is_factor ? p->column->level[i] : p->column->number[i];
	if (s == YG_OK)
		s = blocks_hold_persons(w, key, err);
	if (s == YG_OK)
		s = yg_sort_doubles(key, n, w->task, order, err);
	for (size_t i = 0, j; s == YG_OK && i < n; i = j) {
		double *to = x + blocks * k;
		size_t known = 0;
		for (size_t c = 0; c < k; c++)
			to[c] = NAN;
		for (j = i; j < n && key[order[j]] == key[order[i]]; j++) {
			int32_t g = f->by.of[order[j]];
			if (g < 0)
				continue;
			/* the reference is the first condition */
			g = (size_t)g == reference ? 0 : (size_t)g < reference ? g + 1 : g;
			if (!isnan(to[g])) {
				s = yg_fail(err, YG_REFUSED, "E-TEST-016", N_("a value of %s has several rows in one level of %s: pairs want one"), p->name, f->by.title);
				yg_err_hint(err, N_("Choose rows with where, or check which column says what belongs together"));
				break;
			}
			to[g] = v->column->number[order[j]];
			known++;
		}
		if (s != YG_OK)
			break;
		blocks += known == k;
		incomplete += known != k;
	}
	if (s == YG_OK && incomplete) {
		struct yg_raw_note *note = yg_raw_note(w->raw, YG_NOTE_DROPPED, N_("{1} of {2} without a value in each level of {3} are left out"));
		yg_raw_note_int(note, YG_ROLE_PERSONS, (int64_t)incomplete, an_part(incomplete, incomplete + blocks));
		yg_raw_note_data(note, p->name);
		yg_raw_note_data(note, f->by.title);
	}
	if (s == YG_OK) {
		for (size_t c = 0; c < k; c++)
			label[c == reference ? 0 : c < reference ? c + 1 : c] = f->by.label[c];
		struct test_blocks b = { .name = v->name, .label = label, .k = k, .blocks = blocks, .x = x, .flags = v->kind == AN_FLAG };
		s = on_blocks(w, &b, err);
	}
	yg_data_free(key);
	yg_data_free(x);
	yg_data_free(order);
	return s;
}

/* ---- a turn: one crossing of by; in blocks also one variable ---- */

static enum yg_status turn_over(struct test_work *w, enum test_shape shape, struct yg_err *err)
{
	struct yg_raw_table *table = NULL;

	if (shape == SHAPE_BLOCKS)
		return w->r->pair ? paired_rows(w, err) : across_columns(w, err);
	for (size_t i = 0; i < w->f->variables; i++) {
		const struct an_variable *v = &w->f->variable[i];
		bool number = v->kind == AN_NUMBER;
		if (w->r->strata) {
			enum test_method m = TM_WILCOXON;
			if (!number || w->r->methods > 1 || (w->r->methods && (!test_method_parse(w->r->method[0], &m) || (m != TM_WILCOXON && m != TM_AUTO))) ||
			    w->r->side != YG_TWO_SIDED) {
				yg_fail(err, YG_REFUSED, "E-TEST-017", N_("strata goes with method=wilcoxon of numbers (van Elteren's test, two-sided)"));
				yg_err_hint(err, N_("Means: linear %s ~ GROUP + factor(STRATUM); tables: tab with test=mh"), v->name);
				return YG_REFUSED;
			}
			struct test_groups g;
			YG_TRY(gather(w, v, &g, err));
			test_groups_table(w, &g, &table);
			free_groups(&g);
			YG_TRY(test_strata(w, v, err));
		} else if (shape == SHAPE_ONE) {
			YG_TRY(on_sample(w, v, &table, err));
		} else {
			YG_TRY(number ? on_numbers(w, v, &table, err) : on_category(w, v, err));
		}
	}
	return YG_OK;
}

/* "bili, albumin", of many the first three. */
static const char *names(struct test_work *w, size_t count)
{
	struct yg_buf text = YG_BUF_INIT;

	for (size_t i = 0; i < count && i < 3; i++)
		yg_buf_addf(&text, i ? ", %s" : "%s", w->f->variable[i].name);
	if (count > 3)
		yg_buf_addf(&text, " ...");
	const char *out = yg_arena_strdup(&w->arena, text.data);
	yg_buf_release(&text);
	return out;
}

static enum yg_status one_turn(const struct yg_an_test *r, enum test_shape shape, size_t turn, size_t variable, size_t number,
                               struct yg_task *task, struct yg_raw *raw, struct yg_err *err)
{
	const struct yg_node *pair[2] = { r->target.count ? r->target.node[variable] : NULL, r->pair };
	struct yg_an_targets paired = { .node = pair, .count = 2 };
	struct an_frame f;
	struct an_frame_request fr = {
		.in = &r->in, .target = r->pair ? &paired : &r->target, .crossing = an_crossing(r->in.by, turn), .strata = r->strata,
		.unit = r->pair ? YG_SET_ROWS : YG_SET_PERSONS, .drop_missing = shape == SHAPE_BLOCKS,
	};
	struct test_work w = { .r = r, .task = task, .raw = raw, .turn = number };

	YG_TRY(an_frame_build(&fr, task, &f, err));
	w.f = &f;
	w.conf = f.conf;
	yg_arena_init(&w.arena);
	enum yg_status s = YG_OK;
	if (f.weight) {
		s = yg_fail(err, YG_REFUSED, "E-TEST-024", N_("these tests are not for weighted data, and the set carries weights"));
		yg_err_hint(err, N_("Use a model with robust standard errors: linear y ~ GROUP on the weighted set, or balance for the differences"));
	}
	if (s == YG_OK)
		s = turn_over(&w, shape, err);
	if (s == YG_OK)
		s = test_tables(&w, err);
	if (s == YG_OK) {
		an_notes(raw, &f, &r->in);
		if (!number && f.by.title)
			an_title(raw, N_("%s by %s"), names(&w, r->pair ? 1 : f.variables), f.by.title);
		else if (!number)
			an_title(raw, "%s", names(&w, f.variables));
		if (f.by.title && f.by.count == 2 && !number) {
			struct yg_raw_note *n = yg_raw_note(raw, YG_NOTE_CONVENTION, N_("differences are {1} minus {2}"));
			size_t ref = f.by.reference;
			yg_raw_note_data(n, f.by.label[ref ? 0 : 1]);
			yg_raw_note_data(n, f.by.label[ref]);
		}
	}
	yg_free(w.row);
	yg_free(w.effect);
	yg_arena_release(&w.arena);
	an_frame_release(&f);
	return s;
}

/* What the request is about, and what of it does not go together. */
static enum yg_status find_shape(const struct yg_an_test *r, enum test_shape *out, struct yg_err *err)
{
	bool blocks = r->across;

	for (size_t i = 0; i < r->methods; i++) {
		enum test_method m = TM_AUTO;
		if (test_method_parse(r->method[i], &m) && !r->in.by)
			blocks = blocks || m == TM_PAIRED || m == TM_MCNEMAR || m == TM_FRIEDMAN || m == TM_QUADE || m == TM_REPEATED;
	}
	*out = r->pair || blocks ? SHAPE_BLOCKS : r->in.by ? SHAPE_GROUPS : SHAPE_ONE;
	if (r->pair && !r->in.by) {
		yg_fail(err, YG_ESYNTAX, "E-TEST-018", N_("pair says which rows belong together; by says what is compared in them"));
		yg_err_hint(err, N_("test x by COLUMN with pair=COLUMN; columns of the same person: test x, y with across"));
		return YG_ESYNTAX;
	}
	if (r->across && r->in.by)
		return yg_fail(err, YG_REFUSED, "E-TEST-019", N_("across compares the columns of each person; with by choose groups one after another with where"));
	if (*out == SHAPE_BLOCKS && !r->pair && r->target.count < 2) {
		yg_fail(err, YG_ESYNTAX, "E-TEST-020", N_("what belongs together? Name two columns of the person, or pair=COLUMN with by"));
		return YG_ESYNTAX;
	}
	if (*out != SHAPE_GROUPS && r->pairwise)
		return yg_fail(err, YG_REFUSED, "E-TEST-021", N_("pairwise compares independent groups: it goes with by, and not with pair"));
	if (*out == SHAPE_GROUPS && r->has_mu)
		return yg_fail(err, YG_REFUSED, "E-TEST-022", N_("mu is the value of one sample, or of the differences of pairs; groups are compared with each other"));
	if (r->strata && *out != SHAPE_GROUPS)
		return yg_fail(err, YG_REFUSED, "E-TEST-023", N_("strata goes with groups: test x by COLUMN strata COLUMN"));
	return YG_OK;
}

enum yg_status yg_an_test(const struct yg_an_test *r, struct yg_task *task, struct yg_raw **out, struct yg_err *err)
{
	struct yg_raw *raw = yg_raw_new("test", 1);
	enum test_shape shape;
	size_t number = 0;
	enum yg_status s = find_shape(r, &shape, err);
	size_t variables = r->pair ? r->target.count : 1;

	for (size_t v = 0; s == YG_OK && v < variables; v++)
		for (size_t turn = 0; s == YG_OK && turn < an_crossings(r->in.by); turn++)
			s = one_turn(r, shape, turn, v, number++, task, raw, err);
	if (s != YG_OK) {
		yg_raw_free(raw);
		return s;
	}
	*out = raw;
	return YG_OK;
}
