/* What the tables of every model share. */
#include <string.h>

#include "analysis/an_model_table_priv.h"

#include "yogo/lang/print.h"

const char *an_formula(struct yg_arena *arena, const struct yg_node *model)
{
	struct yg_buf text = YG_BUF_INIT;
	const char *copy;

	for (uint32_t i = 0; i < model->children; i++) {
		yg_buf_adds(&text, i ? " + " : "");
		yg_print_expression(model->child[i], &text);
	}
	copy = yg_arena_strdup(arena, text.data);
	yg_buf_release(&text);
	return copy;
}

const char *an_reference_label(struct yg_arena *arena, const struct yg_design *d, const struct yg_design_term *of)
{
	/* Key and label of another level end alike: "rx: Lev", "Treatment: Lev". */
	const struct yg_design_column *c = of->count ? &d->column[of->first] : NULL;
	size_t head = c ? strlen(c->label) - (strlen(c->key) - strlen(of->name)) : 0;

	return c ? yg_arena_printf(arena, "%.*s: %s", (int)head, c->label, of->reference) :
	           yg_arena_printf(arena, "%s: %s", of->name, of->reference);
}

int an_reference_row(struct yg_raw_table *t, struct yg_arena *arena, const struct yg_design *d, const struct yg_design_term *of)
{
	return yg_raw_row_data(t, yg_arena_printf(arena, "%s: %s", of->name, of->reference), an_reference_label(arena, d, of), 0);
}

void an_fit_value(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, double v, struct yg_evidence e)
{
	int row = yg_raw_row(t, key, label, 0);

	yg_raw_num(t, row, 0, v, e);
	yg_raw_role(t, row, 0, role);
}

void an_fit_count(struct yg_raw_table *t, const char *key, const char *label, enum yg_role role, int64_t v, struct yg_evidence e)
{
	int row = yg_raw_row(t, key, label, 0);

	yg_raw_int(t, row, 0, v, e);
	yg_raw_role(t, row, 0, role);
}
