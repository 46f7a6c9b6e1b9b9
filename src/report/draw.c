/* The display list and what it needs to know of fonts and colours. */
#include "report/draw_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/report_priv.h"

void yg_drawing_init(struct yg_drawing *d)
{
	memset(d, 0, sizeof *d);
	yg_arena_init(&d->arena);
	d->title = d->description = "";
}

void yg_drawing_release(struct yg_drawing *d)
{
	yg_free(d->shape);
	yg_arena_release(&d->arena);
	memset(d, 0, sizeof *d);
}

static struct yg_shape *new_shape(struct yg_drawing *d, enum yg_shape_kind kind, const double *xy, size_t n, int ink)
{
	YG_GROW(d->shape, d->n, d->cap);
	struct yg_shape *s = &d->shape[d->n++];
	memset(s, 0, sizeof *s);
	s->kind = kind;
	s->ink = ink;
	s->opacity = 1;
	s->n = n;
	s->xy = yg_arena_alloc(&d->arena, 2 * (n ? n : 1), sizeof *s->xy);
	memcpy(s->xy, xy, 2 * n * sizeof *xy);
	return s;
}

void yg_draw_path(struct yg_drawing *d, const double *xy, size_t n, int ink, double width, enum yg_dash dash)
{
	if (n < 2)
		return;
	struct yg_shape *s = new_shape(d, YG_SHAPE_PATH, xy, n, ink);
	s->width = width;
	s->dash = dash;
}

void yg_draw_line(struct yg_drawing *d, double x1, double y1, double x2, double y2, int ink, double width,
                  enum yg_dash dash)
{
	const double xy[4] = { x1, y1, x2, y2 };
	yg_draw_path(d, xy, 2, ink, width, dash);
}

void yg_draw_area(struct yg_drawing *d, const double *xy, size_t n, int ink, double opacity)
{
	if (n >= 3)
		new_shape(d, YG_SHAPE_AREA, xy, n, ink)->opacity = opacity;
}

void yg_draw_rect(struct yg_drawing *d, double x, double y, double w, double h, int ink, double opacity)
{
	const double xy[8] = { x, y, x + w, y, x + w, y + h, x, y + h };
	yg_draw_area(d, xy, 4, ink, opacity);
}

void yg_draw_disc(struct yg_drawing *d, double x, double y, double r, int ink, bool filled, double opacity)
{
	const double xy[2] = { x, y };
	struct yg_shape *s = new_shape(d, YG_SHAPE_DISC, xy, 1, ink);
	s->radius = r;
	s->width = filled ? 0 : 1.2;
	s->opacity = filled ? opacity : 1;
}

struct yg_shape *yg_draw_text(struct yg_drawing *d, double x, double y, const char *text, double size, int anchor, int ink)
{
	const double xy[2] = { x, y };
	struct yg_shape *s = new_shape(d, YG_SHAPE_TEXT, xy, 1, ink);
	s->text = yg_arena_strdup(&d->arena, text ? text : "");
	s->size = size;
	s->anchor = anchor;
	return s;
}

/* Advances of the printable ASCII characters of DejaVu Sans, thousandths of the size. */
static const short advance[2][95] = {
	{ 318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
	  636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748,
	  787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,
	  635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838 },
	{ 348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696, 696,
	  696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837,
	  850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716, 678,
	  435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365,
	  712, 838 },
};

double yg_text_points(const char *text, double size, bool bold)
{
	double sum = 0;
	size_t n = strlen(text);
	for (size_t i = 0; i < n;) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 32 && c < 127) {
			sum += advance[bold][c - 32];
			i++;
			continue;
		}
		uint32_t code;
		size_t len = yg_utf8_next(text + i, n - i, &code);
		size_t columns = yg_text_width(text + i, len);
		sum += columns >= 2 ? 1000 : columns == 1 ? 640 : 0;
		i += len;
	}
	return sum * size / 1000;
}

static void wrap(struct yg_lines *l, const char *text, double size, double points, bool bold)
{
	/* columns of average width; then narrower until every line fits */
	size_t columns = (size_t)(points / (0.5 * size)) + 1;
	for (;; columns--) {
		bool fits = true;
		yg_wrap(l, text, columns);
		for (int i = 0; i < l->n; i++)
			fits = fits && yg_text_points(l->line[i], size, bold) <= points;
		if (fits || columns <= 4)
			return;
		yg_lines_release(l);
	}
}

void yg_wrap_points(struct yg_lines *l, const char *text, double size, double points)
{
	wrap(l, text, size, points, false);
}

/* Blue, orange, grey, black, then lighter and darker steps of them: apart in brightness too. */
static const unsigned series_rgb[YG_SERIES_INKS] = { 0x1f5fa8, 0xd9730d, 0x5c5c5c, 0x111111, 0x6aaede, 0xf2b26b, 0xa9a9a9, 0x0b3866 };

unsigned yg_ink_rgb(int ink)
{
	switch (ink) {
	case YG_INK:
		return 0x1a1a1a;
	case YG_INK_MUTED:
		return 0x595959;
	case YG_INK_FAINT:
		return 0xd0d0d0;
	case YG_INK_PAPER:
		return 0xffffff;
	default:
		return series_rgb[(ink - YG_INK_SERIES) % YG_SERIES_INKS];
	}
}

void yg_ink_class(char out[8], int ink)
{
	static const char *const name[] = { "ink", "muted", "faint", "paper" };
	if (ink < YG_INK_SERIES)
		snprintf(out, 8, "%s", name[ink]);
	else
		snprintf(out, 8, "s%d", (ink - YG_INK_SERIES) % YG_SERIES_INKS + 1);
}

int yg_series_ink(int series)
{
	return YG_INK_SERIES + series % YG_SERIES_INKS;
}

enum yg_dash yg_series_dash(int series)
{
	return (enum yg_dash)(series % YG_DASH_COUNT);
}

int yg_dash_lengths(enum yg_dash dash, double width, double out[4])
{
	double w = width < 1 ? 1 : width;
	switch (dash) {
	case YG_DASH_LONG:
		out[0] = 5 * w;
		out[1] = 2.2 * w;
		return 2;
	case YG_DASH_DOT:
		out[0] = 1.3 * w;
		out[1] = 1.7 * w;
		return 2;
	case YG_DASH_MIXED:
		out[0] = 6 * w;
		out[1] = 1.8 * w;
		out[2] = 1.3 * w;
		out[3] = 1.8 * w;
		return 4;
	case YG_DASH_SHORT:
		out[0] = 2.6 * w;
		out[1] = 2 * w;
		return 2;
	default:
		return 0;
	}
}

double yg_figure_width(const struct yg_render_options *o)
{
	double w = o && o->figure_width > 0 ? o->figure_width : 504;
	return w < 200 ? 200 : w > 3000 ? 3000 : w;
}

/* Title and caption from the top; returns where the plot may begin. */
double yg_draw_heading(struct yg_drawing *d, const struct yg_figure *f, double x, double width)
{
	double y = 6;
	const char *title = yg_tr(f->title);
	if (title[0]) {
		struct yg_lines l = { 0 };
		wrap(&l, title, 11.5, width - x - 8, true);
		for (int i = 0; i < l.n; i++) {
			y += 13.5;
			yg_draw_text(d, x, y, l.line[i], 11.5, -1, YG_INK)->bold = true;
		}
		yg_lines_release(&l);
	}
	if (f->caption) {
		struct yg_buf b = YG_BUF_INIT;
		struct yg_lines l = { 0 };
		yg_note_sentence(f->caption, &b);
		yg_wrap_points(&l, b.data, 9, width - x - 8);
		for (int i = 0; i < l.n; i++) {
			y += 12.5;
			yg_draw_text(d, x, y, l.line[i], 9, -1, YG_INK_MUTED);
		}
		yg_lines_release(&l);
		yg_buf_release(&b);
	}
	return y + 8;
}

static void draw_withheld(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	d->width = yg_figure_width(o);
	double y = yg_draw_heading(d, f, 10, d->width);
	struct yg_lines l = { 0 };
	yg_wrap_points(&l, yg_words_withheld(), 10, d->width - 40);
	for (int i = 0; i < l.n; i++) {
		y += 16;
		yg_draw_text(d, 10, y, l.line[i], 10, -1, YG_INK);
	}
	yg_lines_release(&l);
	d->height = y + 20;
}

static const char *describe(struct yg_drawing *d, const struct yg_figure *f)
{
	static const char *const kind[] = { N_("Step curves over time"), N_("Forest plot"), N_("Histogram"),
		                            N_("Standardised differences"), N_("Plot"), N_("Flow of persons") };
	struct yg_buf b = YG_BUF_INIT;
	yg_buf_adds(&b, yg_tr(kind[f->kind]));
	for (int i = 0; i < f->series_count; i++)
		if (f->series[i].name[0])
			yg_buf_addf(&b, "%s%s", i ? ", " : ": ", yg_tr(f->series[i].name));
	yg_buf_addc(&b, '.');
	if (f->x.label && f->x.label[0]) {
		yg_buf_addf(&b, " %s: ", _("Horizontal axis"));
		yg_words_head(&b, f->x.label, f->x.unit);
		yg_buf_addc(&b, '.');
	}
	if (f->y.label && f->y.label[0]) {
		yg_buf_addf(&b, " %s: ", _("Vertical axis"));
		yg_words_head(&b, f->y.label, f->y.unit);
		yg_buf_addc(&b, '.');
	}
	if (f->hidden)
		yg_buf_addf(&b, " %s", yg_words_withheld());
	else
		yg_buf_addf(&b, " %s", _("Its numbers are given as a table."));
	const char *s = yg_arena_strdup(&d->arena, b.data);
	yg_buf_release(&b);
	return s;
}

static bool has_points(const struct yg_figure *f)
{
	for (int i = 0; i < f->series_count; i++)
		if (f->series[i].points)
			return true;
	return false;
}

void yg_draw_figure(struct yg_drawing *d, const struct yg_figure *f, const struct yg_render_options *o)
{
	d->title = yg_arena_strdup(&d->arena, yg_tr(f->title));
	d->description = describe(d, f);
	if (f->hidden) {
		draw_withheld(d, f, o);
		return;
	}
	if (!has_points(f)) {
		d->width = yg_figure_width(o);
		double y = yg_draw_heading(d, f, 10, d->width) + 16;
		yg_draw_text(d, 10, y, _("There is nothing to draw."), 10, -1, YG_INK);
		d->height = y + 20;
		return;
	}
	switch (f->kind) {
	case YG_FIGURE_KM:
		yg_draw_km(d, f, o);
		break;
	case YG_FIGURE_FOREST:
		yg_draw_forest(d, f, o);
		break;
	case YG_FIGURE_HISTOGRAM:
		yg_draw_histogram(d, f, o);
		break;
	case YG_FIGURE_LOVE:
		yg_draw_love(d, f, o);
		break;
	case YG_FIGURE_FLOW:
		yg_draw_flow(d, f, o);
		break;
	case YG_FIGURE_XY:
		yg_draw_xy(d, f, o);
		break;
	}
}

const struct yg_figure *yg_result_figure(const struct yg_result *r, const char *key)
{
	for (int i = 0; i < r->items; i++)
		if (r->item[i].kind == YG_ITEM_FIGURE && (!key || !key[0] || strcmp(r->item[i].figure->key, key) == 0))
			return r->item[i].figure;
	return NULL;
}
