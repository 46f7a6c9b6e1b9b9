/* A session: what it is opened with, and what it can be asked. */
#include <string.h>
#include <sys/sysinfo.h>

#include "session_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/io.h"

enum yg_status yg_session_open(const struct yg_session_options *options, const struct yg_command *const *commands,
                               size_t count, struct yg_session **out, struct yg_err *err)
{
	struct yg_session *s = yg_xcalloc(1, sizeof *s);
	uint64_t limit = options->memory_limit;
	struct sysinfo machine;
	enum yg_status status = YG_OK;

	s->options = *options;
	s->command = commands;
	s->commands = count;
	s->pool = yg_pool_new(options->threads);
	yg_task_init(&s->task, s->pool);
	if (!limit && sysinfo(&machine) == 0)
		limit = (uint64_t)machine.totalram * machine.mem_unit / 4 * 3;
	yg_mem_set_limit(limit);
	s->state = yg_xcalloc(1, sizeof *s->state);
	s->state->references = 1;
	if (options->study)
		status = yg_record_open(&s->options, yg_pool_size(s->pool), &s->record, err);
	if (status != YG_OK) {
		yg_state_unref(s->state);
		yg_pool_free(s->pool);
		yg_free(s);
		return status;
	}
	*out = s;
	return YG_OK;
}

enum yg_status yg_session_close(struct yg_session *s, struct yg_buf *head, struct yg_err *err)
{
	enum yg_status status = YG_OK;

	if (!s)
		return YG_OK;
	if (s->record)
		status = yg_record_close(s->record, head, err);
	yg_state_unref(s->state);
	yg_pool_free(s->pool);
	yg_free(s->position);
	yg_free(s);
	return status;
}

const struct yg_state *yg_session_state(const struct yg_session *s) { return s->state; }
struct yg_task *yg_session_task(struct yg_session *s) { return &s->task; }
const char *yg_session_study(const struct yg_session *s) { return s->options.study; }
const struct yg_session_options *yg_session_options(const struct yg_session *s) { return &s->options; }
void yg_session_set_position(struct yg_session *s, const char *position)
{
	yg_free(s->position);
	s->position = yg_xstrdup(position);
}

struct yg_journal *yg_session_journal(struct yg_session *s) { return s->record ? yg_record_journal(s->record) : NULL; }

const char *yg_session_head(struct yg_session *s) { return s->record ? yg_record_head(s->record) : ""; }

enum yg_status yg_session_find_file(const struct yg_session_options *o, const char *name, char **out, struct yg_err *err)
{
	const char *folder[2] = { o->data_folder, o->script_folder ? o->script_folder : "." };

	if (!o->allow_paths && !yg_path_inside(name)) {
		yg_fail(err, YG_EPRIVACY, "E-IO-040", N_("a script may only name files below its own folder or --data"));
		yg_err_hint(err, N_("move the file, give --data DIR, or allow it with --allow-paths"));
		return YG_EPRIVACY;
	}
	if (name[0] == '/') {
		*out = yg_xstrdup(name);
		return YG_OK;
	}
	for (int i = 0; i < 2; i++) {
		char *path = folder[i] ? yg_path_join(folder[i], name) : NULL;
		if (path && yg_io_exists(path)) {
			*out = path;
			return YG_OK;
		}
		yg_free(path);
	}
	yg_fail(err, YG_EINPUT, "E-IO-041", N_("there is no file %s in %s%s%s"), name, folder[1], folder[0] ? N_(" or ") : "",
	        folder[0] ? folder[0] : "");
	yg_err_hint(err, N_("a cohort file is made with: yogo import FILE.csv -o NAME.cohort; --data DIR says where data are"));
	return YG_EINPUT;
}
