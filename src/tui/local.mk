noinst_LIBRARIES += libyogo_tui.a
libyogo_tui_a_SOURCES = src/tui/tui.c src/tui/run.c src/tui/ahead.c src/tui/outcome.c src/tui/keys.c src/tui/keymap.c \
	src/tui/settings.c src/tui/frame.c src/tui/canvas.c src/tui/key.c src/tui/edit.c src/tui/list.c src/tui/names.c \
	src/tui/complete.c src/tui/fuzzy.c src/tui/palette.c src/tui/help.c src/tui/headless.c src/tui/picture.c src/tui/page.c \
	src/tui/plot.c src/tui/menu.c src/tui/builder.c src/tui/builder_show.c src/tui/builder_block.c src/tui/problems.c \
	src/tui/v_data.c src/tui/v_data_draw.c src/tui/v_data_priv.h src/tui/v_objects.c src/tui/v_cohort.c src/tui/v_endpoint.c \
	src/tui/v_model.c src/tui/v_km.c src/tui/v_journal.c src/tui/term.c src/tui/tui_priv.h \
	include/yogo/tui/canvas.h include/yogo/tui/edit.h include/yogo/tui/key.h include/yogo/tui/term.h include/yogo/tui/tui.h
