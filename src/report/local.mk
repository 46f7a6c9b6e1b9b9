noinst_LIBRARIES += libyogo_report.a
libyogo_report_a_SOURCES = \
	include/yogo/report/report.h \
	src/report/dots.c \
	src/report/dots_priv.h \
	src/report/draw.c \
	src/report/draw_priv.h \
	src/report/fig_flow.c \
	src/report/fig_forest.c \
	src/report/fig_hist.c \
	src/report/fig_km.c \
	src/report/fig_love.c \
	src/report/fig_xy.c \
	src/report/figure_numbers.c \
	src/report/frame.c \
	src/report/frame_priv.h \
	src/report/km_model.c \
	src/report/km_priv.h \
	src/report/render_cairo.c \
	src/report/render_csv.c \
	src/report/render_html.c \
	src/report/render_json.c \
	src/report/render_markdown.c \
	src/report/render_svg.c \
	src/report/render_text.c \
	src/report/report_css_priv.h \
	src/report/report_priv.h \
	src/report/rows_model.c \
	src/report/rows_priv.h \
	src/report/scale.c \
	src/report/scale_priv.h \
	src/report/text_figure.c \
	src/report/text_figure_priv.h \
	src/report/text_km.c \
	src/report/text_rows.c \
	src/report/text_table.c \
	src/report/text_xy.c \
	src/report/words.c
