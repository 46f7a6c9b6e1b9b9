libyogo_stats_a_SOURCES += \
	src/stats/survival/cells.c \
	src/stats/survival/cells_priv.h \
	src/stats/survival/km.c \
	src/stats/survival/km_priv.h \
	src/stats/survival/km_read.c \
	src/stats/survival/km_robust.c \
	src/stats/survival/logrank.c \
	include/yogo/stats/km.h \
	include/yogo/stats/logrank.h \
	include/yogo/stats/spans.h
libyogo_stats_a_SOURCES += src/stats/survival/cuminc.c src/stats/survival/gray.c src/stats/survival/finegray.c \
	include/yogo/stats/cuminc.h include/yogo/stats/finegray.h
