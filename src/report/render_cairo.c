/*
 * The same drawing to PDF and PNG by pangocairo.  Fonts are those of the machine, so bytes differ between
 * machines; the geometry does not.  No creation date, no metadata.
 */
#include <cairo-pdf.h>
#include <cairo.h>
#include <pango/pangocairo.h>

#include <math.h>
#include <string.h>

#include "report/draw_priv.h"
#include "report/report_priv.h"

#define FONTS "Helvetica, Arial, Liberation Sans, DejaVu Sans, Noto Sans CJK JP, Hiragino Sans, Yu Gothic, Meiryo, IPAPGothic, sans-serif"

static void colour(cairo_t *c, int ink, double opacity)
{
	unsigned rgb = yg_ink_rgb(ink);
	cairo_set_source_rgba(c, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, opacity);
}

static void trace(cairo_t *c, const struct yg_shape *s)
{
	cairo_new_path(c);
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			cairo_line_to(c, s->xy[2 * i], s->xy[2 * i + 1]);
		else
			cairo_move_to(c, s->xy[0], s->xy[1]);
	}
}

static void path(cairo_t *c, const struct yg_shape *s)
{
	double dash[4];
	int n = yg_dash_lengths(s->dash, s->width, dash);
	trace(c, s);
	colour(c, s->ink, 1);
	cairo_set_line_width(c, s->width);
	cairo_set_dash(c, dash, n, 0);
	cairo_stroke(c);
}

static void area(cairo_t *c, const struct yg_shape *s)
{
	trace(c, s);
	cairo_close_path(c);
	colour(c, s->ink, s->opacity);
	cairo_fill(c);
}

static void disc(cairo_t *c, const struct yg_shape *s)
{
	cairo_new_path(c);
	cairo_arc(c, s->xy[0], s->xy[1], s->radius, 0, 2 * M_PI);
	colour(c, s->width > 0 ? YG_INK_PAPER : s->ink, s->opacity);
	if (s->width > 0) {
		cairo_fill_preserve(c);
		colour(c, s->ink, 1);
		cairo_set_line_width(c, s->width);
		cairo_set_dash(c, NULL, 0, 0);
		cairo_stroke(c);
	} else {
		cairo_fill(c);
	}
}

static void text(cairo_t *c, const struct yg_shape *s)
{
	struct yg_buf visible = YG_BUF_INIT;
	if (!s->text[0])
		return;
	yg_escape_terminal(&visible, s->text, strlen(s->text));
	PangoLayout *layout = pango_cairo_create_layout(c);
	PangoContext *context = pango_layout_get_context(layout);
	/* unhinted advances: the same layout at every size and resolution */
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	pango_context_set_round_glyph_positions(context, FALSE);
	cairo_font_options_destroy(options);
	pango_layout_context_changed(layout);
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family(font, FONTS);
	/* absolute: one unit is one point of the drawing, whatever the resolution */
	pango_font_description_set_absolute_size(font, s->size * PANGO_SCALE);
	if (s->bold)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	if (s->italic)
		pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, visible.data, (int)visible.len);
	PangoRectangle ink, logical;
	pango_layout_get_extents(layout, &ink, &logical);
	double width = (double)logical.width / PANGO_SCALE, base = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
	cairo_save(c);
	cairo_translate(c, s->xy[0], s->xy[1]);
	if (s->upright)
		cairo_rotate(c, -M_PI / 2);
	cairo_move_to(c, s->anchor < 0 ? 0 : s->anchor == 0 ? -width / 2 : -width, -base);
	colour(c, s->ink, 1);
	pango_cairo_show_layout(c, layout);
	cairo_restore(c);
	pango_font_description_free(font);
	g_object_unref(layout);
	yg_buf_release(&visible);
}

static void draw(cairo_t *c, const struct yg_drawing *d)
{
	cairo_set_line_join(c, CAIRO_LINE_JOIN_MITER);
	for (size_t i = 0; i < d->n; i++) {
		const struct yg_shape *s = &d->shape[i];
		if (s->kind == YG_SHAPE_PATH)
			path(c, s);
		else if (s->kind == YG_SHAPE_AREA)
			area(c, s);
		else if (s->kind == YG_SHAPE_DISC)
			disc(c, s);
		else
			text(c, s);
	}
}

static cairo_status_t take(void *closure, const unsigned char *bytes, unsigned n)
{
	yg_buf_add(closure, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static enum yg_status finish(cairo_status_t status, struct yg_buf *made, struct yg_buf *out, struct yg_err *err)
{
	enum yg_status s = YG_OK;
	if (status == CAIRO_STATUS_SUCCESS)
		yg_buf_add(out, made->data, made->len);
	else
		s = yg_fail(err, status == CAIRO_STATUS_NO_MEMORY ? YG_ENOMEM : YG_EIO, "E-REPORT-001",
		            N_("the figure could not be drawn: %s"), cairo_status_to_string(status));
	yg_buf_release(made);
	return s;
}

enum yg_status yg_render_figure_pdf(const struct yg_figure *f, const struct yg_render_options *o, struct yg_buf *out,
                                    struct yg_err *err)
{
	struct yg_drawing d;
	struct yg_buf made = YG_BUF_INIT;
	yg_drawing_init(&d);
	yg_draw_figure(&d, f, o);
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, &made, d.width, d.height);
	/* a fixed date: equal figures give equal files */
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z");
	if (d.title[0])
		cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, d.title);
	cairo_t *c = cairo_create(surface);
	draw(c, &d);
	cairo_show_page(c);
	cairo_status_t status = cairo_status(c);
	cairo_destroy(c);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	yg_drawing_release(&d);
	return finish(status, &made, out, err);
}

enum yg_status yg_render_figure_png(const struct yg_figure *f, const struct yg_render_options *o, struct yg_buf *out,
                                    struct yg_err *err)
{
	struct yg_drawing d;
	struct yg_buf made = YG_BUF_INIT;
	double dpi = o && o->resolution > 0 ? o->resolution : 200;
	yg_drawing_init(&d);
	yg_draw_figure(&d, f, o);
	double scale = (dpi < 36 ? 36 : dpi > 1200 ? 1200 : dpi) / 72;
	if (d.width * scale > 30000 || d.height * scale > 30000) {
		yg_drawing_release(&d);
		return yg_fail(err, YG_ELIMIT, "E-REPORT-002", N_("the figure is too large for a PNG; use SVG or PDF"));
	}
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(d.width * scale),
	                                                      (int)ceil(d.height * scale));
	cairo_t *c = cairo_create(surface);
	cairo_set_source_rgb(c, 1, 1, 1);
	cairo_paint(c);
	cairo_scale(c, scale, scale);
	draw(c, &d);
	cairo_status_t status = cairo_status(c);
	cairo_destroy(c);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_write_to_png_stream(surface, take, &made);
	cairo_surface_destroy(surface);
	yg_drawing_release(&d);
	return finish(status, &made, out, err);
}
