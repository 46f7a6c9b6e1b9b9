/* What a command gave, on the screen. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "repl_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/text.h"

/* As `yogo run` shows it: the resolved line behind a mark, blocks in their shape. */
static void echo(struct yg_buf *out, const char *text)
{
	for (const char *p = text; *p;) {
		size_t line = strcspn(p, "\n");
		yg_buf_adds(out, p == text ? "\xc2\xbb " : "  ");
		yg_escape_terminal(out, p, line);
		yg_buf_addc(out, '\n');
		p += line + (p[line] == '\n');
	}
}

static struct yg_render_options render(const struct yg_repl *r)
{
	struct yg_render_options o = r->options->render;
	struct winsize size;
	o.figures = r->options->figures || (r->terminal && !r->options->plain);
	/* 80 columns, as everywhere, unless the terminal has fewer */
	if (!o.width && r->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40 && size.ws_col < 80)
		o.width = size.ws_col;
	return o;
}

void yg_repl_show(const struct yg_repl *r, const struct yg_reply *reply)
{
	struct yg_render_options o = render(r);
	struct yg_buf out;
	const char *text = reply->resolved ? reply->resolved : reply->canonical;
	yg_buf_init(&out);
	/* words that only look are answered without repeating the question */
	if (text && !(reply->text && !reply->result))
		echo(&out, text);
	if (reply->result)
		yg_render_text(reply->result, &o, &out);
	if (reply->text) {
		yg_buf_adds(&out, reply->text);
		if (out.len && out.data[out.len - 1] != '\n')
			yg_buf_addc(&out, '\n');
	}
	for (size_t i = 0; i < reply->files; i++) {
		yg_buf_adds(&out, _("written: "));
		yg_escape_terminal(&out, reply->file[i], strlen(reply->file[i]));
		yg_buf_addc(&out, '\n');
	}
	for (size_t i = 0; i < reply->stales; i++)
		yg_buf_addf(&out, _("! %s was made from it and must be made again\n"), reply->stale[i]);
	if (r->terminal && reply->seconds >= 1)
		yg_buf_addf(&out, _("%.1f s\n"), reply->seconds);
	if (reply->result)
		yg_buf_addc(&out, '\n'); /* results are apart */
	fputs(out.data, stdout);
	fflush(stdout);
	yg_buf_release(&out);
}
