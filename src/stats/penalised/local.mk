libyogo_stats_a_SOURCES += \
	src/stats/penalised/columns.c \
	src/stats/penalised/pen_cox.c \
	src/stats/penalised/pen_cv.c \
	src/stats/penalised/pen_model.c \
	src/stats/penalised/pen_path.c \
	src/stats/penalised/pen_quad.c \
	src/stats/penalised/penalised_priv.h \
	include/yogo/stats/penalised.h
