/* What a handler hands back, and what the front end is told: filled in by one, released by the other. */
#include "outcome_priv.h"

#include <string.h>

#include "yogo/result/result.h"

void yg_outcome_add_object(struct yg_outcome *o, struct yg_object *object_taken)
{
	YG_GROW(o->object, o->objects, o->object_cap);
	o->object[o->objects++] = object_taken;
}

struct yg_buf *yg_outcome_add_file(struct yg_outcome *o, const char *path, bool overwrite)
{
	struct yg_file *f;

	YG_GROW(o->file, o->files, o->file_cap);
	f = &o->file[o->files++];
	f->path = yg_xstrdup(path);
	f->overwrite = overwrite;
	yg_buf_init(&f->bytes);
	return &f->bytes;
}

void yg_outcome_release(struct yg_outcome *o)
{
	if (o->raw && o->raw_free)
		o->raw_free(o->raw);
	for (size_t i = 0; i < o->objects; i++)
		yg_object_unref(o->object[i]);
	yg_free(o->object);
	for (size_t i = 0; i < o->files; i++) {
		yg_free(o->file[i].path);
		yg_buf_release(&o->file[i].bytes);
	}
	yg_free(o->file);
	yg_free(o->population);
	yg_free(o->text);
	yg_free(o->title);
}

void yg_reply_release(struct yg_reply *r)
{
	yg_free(r->typed);
	yg_free(r->canonical);
	yg_free(r->resolved);
	yg_free(r->name);
	yg_free(r->text);
	for (size_t i = 0; i < r->files; i++)
		yg_free(r->file[i]);
	yg_free(r->file);
	yg_free(r->file_digest);
	for (size_t i = 0; i < r->stales; i++)
		yg_free(r->stale[i]);
	yg_free(r->stale);
	yg_result_unref(r->result);
	memset(r, 0, sizeof *r);
}
