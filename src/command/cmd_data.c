/* open and use: which data are active. */
#include <string.h>

#include "command_priv.h"
#include "yogo/analysis/data.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"
#include "yogo/base/phrase.h"
#include "yogo/gate/policy.h"

static void release_dataset(void *payload)
{
	yg_dataset_unref(payload);
}

/* The stem of a file name as a name of the language: other characters become "_". */
static char *name_from_path(const char *path)
{
	char *stem = yg_path_stem(path);

	for (char *p = stem; *p; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '_' || (unsigned char)*p >= 0x80 ||
		      (p > stem && *p >= '0' && *p <= '9')))
			*p = '_';
	return stem;
}

static const struct yg_table *table_to_start_with(const struct yg_dataset *d)
{
	const struct yg_table *subject = yg_dataset_subject(d);

	return subject ? subject : yg_dataset_table(d, 0);
}

/* The profile in force: the manifest's, or a stricter one asked for in the script or on the command line. */
static enum yg_status choose_profile(struct yg_context *c, const struct yg_node *s, const struct yg_dataset *d, char **out,
                                     struct yg_err *err)
{
	struct yg_policy policy;

	(void)c;
	YG_TRY(yg_policy_choose(yg_dataset_manifest(d), yg_option_word(s, "profile", NULL), &policy, err));
	*out = yg_xstrdup(policy.name);
	return YG_OK;
}

/* A profile from the command line becomes part of the resolved text, so that a replay knows it. */
static enum yg_status open_resolve(struct yg_context *c, struct yg_node *s, struct yg_err *err)
{
	(void)err;
	if (c->options->profile && !yg_node_option(s, "profile"))
		yg_command_set_option(c->arena, s, "profile", yg_node_new(c->arena, YG_NODE_WORD, c->options->profile));
	return YG_OK;
}

static enum yg_status open_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_node *as = yg_node_find(s, YG_NODE_AS);
	struct yg_dataset *d = NULL;
	struct yg_object *o;
	char *path = NULL, *name = NULL, *profile = NULL;
	enum yg_status status;

	status = yg_session_find_file(c->options, s->text, &path, err);
	if (status == YG_OK)
		status = yg_dataset_open(path, &d, err);
	if (status == YG_OK)
		status = choose_profile(c, s, d, &profile, err);
	if (status != YG_OK)
		goto out;
	name = as ? yg_xstrdup(as->text) : name_from_path(s->text);
	status = yg_command_check_name(c, s, YG_OBJECT_DATASET, name, err);
	if (status != YG_OK)
		goto out;
	o = yg_command_define(c, YG_OBJECT_DATASET, name, s, table_to_start_with(d));
	yg_object_unref(o->dataset);
	o->dataset = NULL;
	o->payload = d;
	o->release = release_dataset;
	o->profile = profile;
	d = NULL;
	profile = NULL;
	yg_outcome_add_object(out, o);
	out->changes_active = true;
	out->dataset = o;
	out->table = o->table;
	out->subject = o;
	out->named = o;
	out->population = yg_xstrdup(yg_phrase(c->arena, N_("all of %s"), name));
	out->raw = yg_an_overview(o->payload, name, o->profile);
	out->raw_free = yg_an_free;
out:
	yg_dataset_unref(d);
	yg_free(path);
	yg_free(name);
	yg_free(profile);
	return status;
}

static enum yg_status use_run(struct yg_context *c, const struct yg_node *s, struct yg_outcome *out, struct yg_err *err)
{
	const struct yg_state *state = c->state;
	const char *on = yg_clause_name(s, YG_NODE_ON);
	struct yg_object *dataset = state->dataset, *o;
	const struct yg_table *table;

	if (on)
		YG_TRY(yg_state_get(state, on, YG_OBJECT_DATASET, &dataset, err));
	o = yg_state_find(state, s->text);
	if (!on && o && o->kind == YG_OBJECT_COHORT) {
		YG_TRY(yg_state_get(state, s->text, YG_OBJECT_COHORT, &o, err));
		out->changes_active = true;
		out->dataset = o->dataset;
		out->table = o->table;
		out->cohort = o;
		return YG_OK;
	}
	table = dataset ? yg_dataset_find(dataset->payload, s->text) : NULL;
	if (!table && !on && o && o->kind == YG_OBJECT_DATASET) {
		dataset = o;
		table = yg_dataset_find(o->payload, s->text);
		if (!table)
			table = o->table;
	}
	if (!table) {
		struct yg_buf names = YG_BUF_INIT;
		const struct yg_dataset *d = dataset ? dataset->payload : NULL;
		for (size_t i = 0; d && i < yg_dataset_tables(d); i++)
			yg_buf_addf(&names, "%s%s", i ? ", " : "", yg_dataset_table(d, i)->name);
		yg_fail_at(err, YG_ESYNTAX, s->at, s->len, "E-NAM-011", N_("there is no table or cohort named %s"), s->text);
		if (d)
			yg_err_hint(err, N_("tables of %s: %s"), dataset->name, names.data);
		else
			yg_err_hint(err, N_("open a data set first"));
		yg_buf_release(&names);
		return YG_ESYNTAX;
	}
	out->changes_active = true;
	out->dataset = dataset;
	out->table = table;
	return YG_OK;
}

const struct yg_command yg_command_open = { "open", 1, YG_EFFECT_STATE, "dataset.load", false, open_resolve, open_run };
const struct yg_command yg_command_use = { "use", 1, YG_EFFECT_STATE, "dataset.use", false, NULL, use_run };
