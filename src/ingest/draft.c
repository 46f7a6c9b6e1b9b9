/* A first manifest from what was found; remarks for the person who will complete it. */
#include <stdio.h>
#include <string.h>

#include "src/ingest/import_priv.h"
#include "yogo/base/io.h"
#include "yogo/base/text.h"

struct yg_field draft_field(struct yg_arena *arena, const struct load *l, const struct load_column *c)
{
	struct yg_field f = { .name = yg_arena_strdup(arena, c->name), .type = c->type };
	const struct yg_dict *dict = yg_writer_dictionary(l->writer, c->out);
	double low, high;

	if (c->declared)
		return yg_field_copy(arena, c->declared);
	if (c->type == YG_TYPE_INSTANT)
		f.instant_utc = (c->looks.bare | c->looks.quoted) & LOOK_ZONED;
	if (c->type == YG_TYPE_LEVEL) {
		uint32_t *order = yg_xalloc((size_t)dict->count + 1, sizeof *order);

		yg_dict_sort(dict, order);
		f.level = yg_arena_alloc(arena, (size_t)dict->count + 1, sizeof *f.level);
		f.levels = dict->count;
		f.levels_declared = f.levels > 0;
		for (uint32_t i = 0; i < dict->count; i++) {
			struct yg_str s = yg_dict_get(dict, order[i]);

			f.level[i] = yg_arena_strndup(arena, s.p, s.n);
			if (yg_str_eq(s, YG_STR("NA")) || yg_str_eq(s, YG_STR("N/A")) || yg_str_eq(s, YG_STR(".")))
				f.comment = yg_arena_printf(arena, "if \"%s\" means missing, add \"missing\": {\"%s\": \"unknown\"}, "
				                            "take it out of the levels, and set the type", f.level[i], f.level[i]);
		}
		yg_free(order);
		if (!f.levels)
			f.comment = "no row of the file has a value here: set the type if you know it";
	}
	if ((c->type == YG_TYPE_INTEGER || c->type == YG_TYPE_NUMBER) && yg_writer_zone(l->writer, c->out, &low, &high)) {
		static const double suspects[] = { -9, -99, -999, 99, 999, 9999 };

		for (size_t i = 0; i < sizeof suspects / sizeof *suspects; i++) {
			if ((suspects[i] < 0 && low == suspects[i]) || (suspects[i] > 900 && high == suspects[i]))
				f.comment = yg_arena_printf(arena, "the extreme value is %g: if it means missing, add "
				                            "\"missing\": {\"%g\": \"unknown\"}", suspects[i], suspects[i]);
		}
	}
	return f;
}

/* A data set's id: the output's stem in the letters an id may have. */
static const char *id_of(struct yg_arena *arena, const char *stem)
{
	char *id = yg_arena_strdup(arena, stem);

	for (char *p = id; *p; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
		else if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')))
			*p = '-';
	}
	return id;
}

struct yg_manifest *draft_new(const struct yg_import_options *o)
{
	struct yg_manifest *m = yg_manifest_new();
	char *stem = yg_path_stem(o->output);

	m->id = id_of(&m->arena, stem);
	m->title = yg_arena_strdup(&m->arena, stem);
	m->comment = "drafted by import: complete it, then import again with --manifest; from then on nothing is inferred";
	if (o->public_data) {
		m->legal_basis = "public";
		m->profile = "open";
	}
	m->person = yg_arena_alloc(&m->arena, o->persons + 1, sizeof *m->person);
	for (size_t i = 0; i < o->persons; i++)
		m->person[i] = yg_arena_strdup(&m->arena, o->person[i]);
	m->persons = o->persons;
	yg_free(stem);
	return m;
}

struct yg_manifest_table *draft_table(struct yg_manifest *m, const char *name, const char *file, enum yg_grain grain,
                                      const char *date, size_t fields)
{
	struct yg_manifest_table *table = yg_arena_alloc(&m->arena, m->tables + 1, sizeof *table);
	struct yg_manifest_table *t = &table[m->tables];

	if (m->tables)
		memcpy(table, m->table, m->tables * sizeof *table);
	m->table = table;
	m->tables++;
	t->name = yg_arena_strdup(&m->arena, name);
	t->file = yg_arena_strdup(&m->arena, file);
	t->grain = grain;
	t->date_column = date ? yg_arena_strdup(&m->arena, date) : NULL;
	t->field = yg_arena_alloc(&m->arena, fields + 1, sizeof *t->field);
	return t;
}
