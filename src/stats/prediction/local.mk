libyogo_stats_a_SOURCES += \
	src/stats/prediction/discriminate.c \
	src/stats/prediction/ipcw.c \
	src/stats/prediction/smooth.c \
	include/yogo/stats/prediction.h
