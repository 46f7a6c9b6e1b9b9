/*
 * The journal: every act of this study with time, outcome and number; the whole entry; verification now;
 * and the replay, whose verdicts come in as they are reached.
 */
#include <stdio.h>
#include <string.h>

#include "tui_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

/* One act: a begin with its end, or an event. */
struct act {
	uint64_t seq, closing;
	char time[9];             /* 09:12:04 */
	const char *text;         /* one line */
	const char *from;         /* who spoke: actor */
	const char *status;       /* ok, error, refused ... */
	const char *code;
	const char *verdict;      /* of the replay, translated, or NULL */
	char *detail;
	bool good;
};
struct journal {
	struct yg_arena arena;
	struct act *act;
	size_t acts, cap;
	uint64_t read;            /* entries read so far */
	bool replayed;
	char verified[200];
};

static const char *keep(struct journal *j, const char *text)
{
	return text ? yg_arena_strdup(&j->arena, text) : "";
}

static struct act *act_of(struct journal *j, uint64_t seq)
{
	for (size_t i = j->acts; i-- > 0;)
		if (j->act[i].seq == seq)
			return &j->act[i];
	return NULL;
}

static void read_entry(struct yg_tui *t, struct journal *j, uint64_t seq)
{
	struct yg_arena arena;
	struct yg_journal_entry e;
	struct act *a;

	yg_arena_init(&arena);
	if (yg_query_journal_entry(t->session, seq, &arena, &e, NULL) == YG_OK) {
		if (e.kind == YG_ENTRY_END || e.kind == YG_ENTRY_RECOVERY) {
			a = act_of(j, e.ref);
			if (a) {
				a->closing = seq;
				a->status = keep(j, e.status);
				a->code = keep(j, e.code);
			}
		} else {
			char *line = yg_one_line(e.has_params && e.params.text ? e.params.text : e.action);
			YG_GROW(j->act, j->acts, j->cap);
			a = &j->act[j->acts++];
			memset(a, 0, sizeof *a);
			a->seq = seq;
			/* 2026-11-22T16:22:33.1234Z */
			snprintf(a->time, sizeof a->time, "%.8s", e.time && strlen(e.time) > 19 ? e.time + 11 : "");
			a->text = keep(j, line);
			a->from = keep(j, e.actor);
			a->status = keep(j, e.kind != YG_ENTRY_EVENT ? "" : !strcmp(e.action, "query.preview") ? _("looked ahead") : e.status ? e.status : "ok");
			a->code = keep(j, e.code);
			yg_free(line);
		}
	}
	yg_arena_release(&arena);
}

static void read_journal(struct yg_tui *t, struct journal *j)
{
	uint64_t size = yg_query_journal_size(t->session);

	while (j->read < size)
		read_entry(t, j, ++j->read);
}

/* ---- drawing ---- */

static const char *outcome(const struct journal *j, const struct act *a)
{
	if (j->replayed)
		return a->verdict ? a->verdict : "";
	return *a->code ? a->code : *a->status ? _(a->status) : "";
}

static void draw_detail(const struct journal *j, const struct act *a, struct yg_canvas *c, struct yg_rect r)
{
	char text[300];

	if (a->closing)
		snprintf(text, sizeof text, _("entries %llu and %llu   by %s   %s %s"), (unsigned long long)a->seq, (unsigned long long)a->closing,
		         a->from, a->status, a->code);
	else
		snprintf(text, sizeof text, _("entry %llu   by %s   %s %s"), (unsigned long long)a->seq, a->from, a->status, a->code);
	yg_canvas_field(c, r.row, 2, r.columns - 3, -1, YG_TUI_TEXT, text);
	if (a->detail && *a->detail)
		yg_canvas_field(c, r.row + 1, 2, r.columns - 3, -1, YG_TUI_WARNING, a->detail);
	else if (*j->verified)
		yg_canvas_field(c, r.row + 1, 2, r.columns - 3, -1, YG_TUI_TEXT, j->verified);
}

static void draw(struct yg_tui *t, struct yg_view *v, struct yg_canvas *c, struct yg_rect r)
{
	struct journal *j = v->data;
	struct yg_rect list = { r.row + 1, 0, r.rows - 4, r.columns };
	int command = r.columns - 49;
	bool at_end = !j->acts || v->cursor + 1 >= j->acts;

	read_journal(t, j);
	/* the newest act stays in sight unless the user looks at another */
	if (at_end && j->acts && !v->editing)
		v->cursor = j->acts - 1;
	yg_canvas_field(c, r.row, 2, 6, 1, YG_TUI_TITLE, _("ENTRY"));
	yg_canvas_field(c, r.row, 10, 8, -1, YG_TUI_TITLE, _("TIME"));
	yg_canvas_field(c, r.row, 20, 10, -1, YG_TUI_TITLE, _("BY"));
	yg_canvas_field(c, r.row, 31, command, -1, YG_TUI_TITLE, _("COMMAND"));
	yg_canvas_field(c, r.row, r.columns - 17, 16, -1, YG_TUI_TITLE, j->replayed ? _("REPLAY") : _("OUTCOME"));
	yg_list_scroll(v, j->acts, list.rows);
	v->list_row = list.row;
	for (size_t i = v->top; i < j->acts && i < v->top + (size_t)list.rows; i++) {
		const struct act *a = &j->act[i];
		enum yg_tui_role role = yg_list_row(v, c, list, i);
		int row = list.row + (int)(i - v->top);
		char number[24];
		snprintf(number, sizeof number, "%llu", (unsigned long long)a->seq);
		yg_canvas_field(c, row, 2, 6, 1, role, number);
		yg_canvas_field(c, row, 10, 8, -1, role, a->time);
		yg_canvas_field(c, row, 20, 10, -1, role, a->from);
		yg_canvas_field(c, row, 31, command, -1, role, a->text);
		if ((j->replayed && a->verdict && !a->good) || (!j->replayed && *a->code))
			role = role == YG_TUI_CURSOR ? role : YG_TUI_WARNING;
		yg_canvas_field(c, row, r.columns - 17, 16, -1, role, outcome(j, a));
	}
	if (!yg_session_study(t->session))
		yg_canvas_field(c, list.row + 1, 2, r.columns - 3, -1, YG_TUI_WARNING, _("this session keeps no journal: it has no study file"));
	if (v->cursor < j->acts)
		draw_detail(j, &j->act[v->cursor], c, (struct yg_rect){ r.row + r.rows - 2, 0, 2, r.columns });
}

/* ---- the whole entry ---- */

static void add_digest(struct yg_buf *out, const char *words, const struct yg_digest *d)
{
	char hex[65];

	yg_digest_hex(d, hex);
	yg_buf_addf(out, "%-12s %s\n", words, hex);
}

static void describe_entry(struct yg_tui *t, uint64_t seq, struct yg_buf *out)
{
	struct yg_arena arena;
	struct yg_journal_entry e;
	struct yg_err err;

	yg_arena_init(&arena);
	if (yg_query_journal_entry(t->session, seq, &arena, &e, &err) != YG_OK) {
		yg_buf_addf(out, "%s\n", err.text);
		yg_arena_release(&arena);
		return;
	}
	yg_buf_addf(out, _("entry %llu   %s   %s\n"), (unsigned long long)seq, e.action, e.time);
	yg_buf_addf(out, "%-12s %s, %s\n", _("by"), e.actor ? e.actor : "", e.role ? e.role : "");
	if (e.program)
		yg_buf_addf(out, "%-12s %s %s\n", _("program"), e.program, e.version ? e.version : "");
	if (e.status)
		yg_buf_addf(out, "%-12s %s %s\n", _("status"), e.status, e.code ? e.code : "");
	if (e.has_rng)
		yg_buf_addf(out, "%-12s %llu\n", _("seed"), (unsigned long long)e.rng.seed);
	for (size_t i = 0; i < e.ninputs; i++) {
		yg_buf_addf(out, "%-12s %s %s\n", _("input"), e.inputs[i].kind, e.inputs[i].id);
		add_digest(out, "", &e.inputs[i].digest);
	}
	for (size_t i = 0; i < e.noutputs; i++) {
		yg_buf_addf(out, "%-12s %s %s\n", _("output"), e.outputs[i].kind, e.outputs[i].id);
		add_digest(out, "", &e.outputs[i].safe);
	}
	if (e.has_gate)
		yg_buf_addf(out, "%-12s %s %s\n", _("gate"), e.gate.profile ? e.gate.profile : "", e.gate.verdict ? e.gate.verdict : "");
	add_digest(out, _("before"), &e.prev);
	add_digest(out, _("hash"), &e.hash);
	if (e.has_params && e.params.text)
		yg_buf_addf(out, "\n%s\n  %s\n", _("as typed"), e.params.text);
	if (e.has_params && e.params.resolved)
		yg_buf_addf(out, "\n%s\n  %s\n", _("resolved"), e.params.resolved);
	yg_buf_addc(out, '\n');
	yg_arena_release(&arena);
}

static void open_entry(struct yg_tui *t, const struct act *a)
{
	struct yg_buf text = YG_BUF_INIT;
	char name[48];

	describe_entry(t, a->seq, &text);
	if (a->closing)
		describe_entry(t, a->closing, &text);
	snprintf(name, sizeof name, _("entry %llu"), (unsigned long long)a->seq);
	yg_tui_push(t, yg_view_page(t, YG_PLACE_JOURNAL, name, text.data));
	yg_buf_release(&text);
}

static void verify(struct yg_tui *t, struct journal *j)
{
	struct yg_journal_report report;
	struct yg_err err;

	memset(&report, 0, sizeof report);
	if (yg_query_journal_verify(t->session, &report, &err) != YG_OK) {
		yg_tui_show_error(t, &err, "verify");
		snprintf(j->verified, sizeof j->verified, _("! does not verify: %s"), *report.what ? report.what : err.text);
		return;
	}
	snprintf(j->verified, sizeof j->verified, _("verified: %llu entries, %llu checkpoints, %llu objects   head %.20s..."),
	         (unsigned long long)report.entries, (unsigned long long)report.checkpoints, (unsigned long long)report.objects, report.head);
	yg_tui_message(t, YG_TUI_MESSAGE, _("the chain of %llu entries is unbroken; head %s"), (unsigned long long)report.entries, report.head);
}

void yg_replay_line_done(struct yg_tui *t, const struct yg_replay_line *line)
{
	for (struct yg_view *v = t->view; v; v = v->below) {
		struct act *a;
		if (strcmp(v->kind->name, "journal"))
			continue;
		a = act_of(v->data, line->seq);
		if (!a)
			continue;
		a->verdict = _(line->verdict);
		a->good = line->good;
		yg_free(a->detail);
		a->detail = yg_xstrdup(line->detail);
		/* the view follows the replay */
		v->cursor = (size_t)(a - ((struct journal *)v->data)->act);
	}
}

static void start_replay(struct yg_tui *t, struct journal *j)
{
	for (size_t i = 0; i < j->acts; i++) {
		j->act[i].verdict = NULL;
		yg_free(j->act[i].detail);
		j->act[i].detail = NULL;
	}
	j->replayed = true;
	yg_tui_replay(t);
}

static bool key(struct yg_tui *t, struct yg_view *v, int k)
{
	struct journal *j = v->data;

	if (yg_list_key(v, k, j->acts, v->list_height))
		return true;
	switch (k) {
	case YG_KEY_ENTER:
		if (v->cursor < j->acts && !yg_tui_busy(t))
			open_entry(t, &j->act[v->cursor]);
		return true;
	case 'v':
		if (!yg_tui_busy(t))
			verify(t, j);
		return true;
	case 'R': start_replay(t, j); return true;
	case 'o': j->replayed = !j->replayed; return true;
	case 'w': yg_tui_prompt(t, "save to \"session.yogo\""); return true;
	case 'y':
		if (v->cursor < j->acts)
			yg_tui_prompt(t, j->act[v->cursor].text);
		return true;
	default: return false;
	}
}

static void release(struct yg_view *v)
{
	struct journal *j = v->data;

	for (size_t i = 0; i < j->acts; i++)
		yg_free(j->act[i].detail);
	yg_free(j->act);
	yg_arena_release(&j->arena);
	yg_free(j);
}

static const char *hints(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	(void)v;
	return _("Enter entry  v verify  R replay  w write script  y copy command  o outcome  : command  ? help  q back");
}

static const char *title(const struct yg_tui *t, const struct yg_view *v)
{
	(void)t;
	return ((const struct journal *)v->data)->replayed ? _("replay") : "";
}

static const struct yg_view_kind kind = { "journal", draw, key, NULL, release, hints, title, NULL, NULL };

struct yg_view *yg_view_journal(struct yg_tui *t)
{
	struct yg_view *v = yg_view_new(&kind, YG_PLACE_JOURNAL);
	struct journal *j = yg_xcalloc(1, sizeof *j);

	yg_arena_init(&j->arena);
	v->data = j;
	if (!yg_tui_busy(t))
		read_journal(t, j);
	v->cursor = j->acts ? j->acts - 1 : 0;
	return v;
}
