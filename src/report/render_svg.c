/*
 * A drawing as SVG: real text, a title and a description, no scripts, nothing outside.  Colours stand
 * as attributes and as classes, so that a page's style sheet may change them in the dark.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/draw_priv.h"
#include "report/report_priv.h"

#define FONTS "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic', Meiryo, 'IPAPGothic', sans-serif"

static void xml(struct yg_buf *out, const char *s)
{
	/* XML has no room for control characters, not even escaped: they become visible first */
	struct yg_buf visible = YG_BUF_INIT;
	yg_escape_terminal(&visible, s, strlen(s));
	yg_escape_html(out, visible.data, visible.len);
	yg_buf_release(&visible);
}

/* Two decimals at most, no trailing zeros. */
static void number(struct yg_buf *out, double v)
{
	char s[64];
	if (!isfinite(v))
		v = 0;
	int n = snprintf(s, sizeof s, "%.2f", v);
	while (n > 1 && s[n - 1] == '0')
		s[--n] = '\0';
	if (s[n - 1] == '.')
		s[--n] = '\0';
	yg_buf_adds(out, strcmp(s, "-0") == 0 ? "0" : s);
}

static void attribute(struct yg_buf *out, const char *name, double v)
{
	yg_buf_addf(out, " %s=\"", name);
	number(out, v);
	yg_buf_addc(out, '"');
}

static void path_data(struct yg_buf *out, const struct yg_shape *s)
{
	for (size_t i = 0; i < s->n; i++) {
		double x = s->xy[2 * i], y = s->xy[2 * i + 1];
		/* level and plumb pieces are shorter as H and V: step curves are full of them */
		if (i && s->xy[2 * i - 1] == y) {
			yg_buf_addc(out, 'H');
			number(out, x);
		} else if (i && s->xy[2 * i - 2] == x) {
			yg_buf_addc(out, 'V');
			number(out, y);
		} else {
			yg_buf_addc(out, i ? 'L' : 'M');
			number(out, x);
			yg_buf_addc(out, ' ');
			number(out, y);
		}
	}
}

static void path(struct yg_buf *out, const struct yg_shape *s)
{
	char class[8];
	double dash[4];
	yg_ink_class(class, s->ink);
	yg_buf_adds(out, "<path d=\"");
	path_data(out, s);
	yg_buf_addf(out, "\" class=\"line %s\" fill=\"none\" stroke=\"#%06x\"", class, yg_ink_rgb(s->ink));
	attribute(out, "stroke-width", s->width);
	int n = yg_dash_lengths(s->dash, s->width, dash);
	for (int i = 0; i < n; i++) {
		yg_buf_adds(out, i ? " " : " stroke-dasharray=\"");
		number(out, dash[i]);
	}
	yg_buf_adds(out, n ? "\"/>\n" : "/>\n");
}

static void area(struct yg_buf *out, const struct yg_shape *s)
{
	char class[8];
	yg_ink_class(class, s->ink);
	yg_buf_adds(out, "<path d=\"");
	path_data(out, s);
	yg_buf_addf(out, "Z\" class=\"area %s\" fill=\"#%06x\"", class, yg_ink_rgb(s->ink));
	if (s->opacity < 1)
		attribute(out, "fill-opacity", s->opacity);
	yg_buf_adds(out, "/>\n");
}

static bool same_disc(const struct yg_shape *a, const struct yg_shape *b)
{
	return b->kind == YG_SHAPE_DISC && a->ink == b->ink && a->width == b->width && a->opacity == b->opacity;
}

/* A run of discs that look alike shares one group: a cloud has thousands.  Returns how many there were. */
static size_t discs(struct yg_buf *out, const struct yg_shape *s, size_t n)
{
	char class[8];
	size_t i = 0;
	yg_ink_class(class, s->ink);
	if (s->width > 0) {
		yg_buf_addf(out, "<g class=\"line ring %s\" fill=\"#%06x\" stroke=\"#%06x\"", class, yg_ink_rgb(YG_INK_PAPER), yg_ink_rgb(s->ink));
		attribute(out, "stroke-width", s->width);
	} else {
		yg_buf_addf(out, "<g class=\"area %s\" fill=\"#%06x\"", class, yg_ink_rgb(s->ink));
		if (s->opacity < 1)
			attribute(out, "fill-opacity", s->opacity);
	}
	yg_buf_adds(out, ">\n");
	for (; i < n && same_disc(s, s + i); i++) {
		yg_buf_adds(out, "<circle");
		attribute(out, "cx", s[i].xy[0]);
		attribute(out, "cy", s[i].xy[1]);
		attribute(out, "r", s[i].radius);
		yg_buf_adds(out, "/>\n");
	}
	yg_buf_adds(out, "</g>\n");
	return i;
}

static void text(struct yg_buf *out, const struct yg_shape *s)
{
	char class[8];
	if (!s->text[0])
		return;
	yg_ink_class(class, s->ink);
	yg_buf_adds(out, "<text");
	attribute(out, "x", s->xy[0]);
	attribute(out, "y", s->xy[1]);
	attribute(out, "font-size", s->size);
	if (s->anchor >= 0)
		yg_buf_addf(out, " text-anchor=\"%s\"", s->anchor ? "end" : "middle");
	if (s->bold)
		yg_buf_adds(out, " font-weight=\"bold\"");
	if (s->italic)
		yg_buf_adds(out, " font-style=\"italic\"");
	if (s->upright) {
		yg_buf_adds(out, " transform=\"rotate(-90 ");
		number(out, s->xy[0]);
		yg_buf_addc(out, ' ');
		number(out, s->xy[1]);
		yg_buf_adds(out, ")\"");
	}
	yg_buf_addf(out, " class=\"text %s\" fill=\"#%06x\">", class, yg_ink_rgb(s->ink));
	xml(out, s->text);
	yg_buf_adds(out, "</text>\n");
}

void yg_svg_write(const struct yg_drawing *d, struct yg_buf *out, const char *prefix, bool page)
{
	if (!page)
		yg_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	yg_buf_adds(out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
	if (!page) {
		yg_buf_adds(out, " width=\"");
		number(out, d->width);
		yg_buf_adds(out, "pt\" height=\"");
		number(out, d->height);
		yg_buf_adds(out, "pt\"");
	}
	yg_buf_adds(out, " viewBox=\"0 0 ");
	number(out, d->width);
	yg_buf_addc(out, ' ');
	number(out, d->height);
	yg_buf_addf(out, "\" role=\"img\" aria-labelledby=\"%st %sd\" font-family=\"%s\" stroke-linejoin=\"miter\">\n", prefix,
	            prefix, FONTS);
	yg_buf_addf(out, "<title id=\"%st\">", prefix);
	xml(out, d->title);
	yg_buf_addf(out, "</title>\n<desc id=\"%sd\">", prefix);
	xml(out, d->description);
	yg_buf_adds(out, "</desc>\n");
	if (!page) {
		yg_buf_adds(out, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
	}
	for (size_t i = 0; i < d->n; i++) {
		const struct yg_shape *s = &d->shape[i];
		if (s->kind == YG_SHAPE_PATH)
			path(out, s);
		else if (s->kind == YG_SHAPE_AREA)
			area(out, s);
		else if (s->kind == YG_SHAPE_DISC)
			i += discs(out, s, d->n - i) - 1;
		else
			text(out, s);
	}
	yg_buf_adds(out, "</svg>\n");
}

void yg_render_figure_svg(const struct yg_figure *f, const struct yg_render_options *o, struct yg_buf *out)
{
	struct yg_drawing d;
	yg_drawing_init(&d);
	yg_draw_figure(&d, f, o);
	yg_svg_write(&d, out, "f", false);
	yg_drawing_release(&d);
}
