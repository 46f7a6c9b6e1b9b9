libyogo_stats_a_SOURCES += \
	src/stats/accuracy/accuracy_priv.h \
	src/stats/accuracy/diagnostic.c \
	src/stats/accuracy/roc.c \
	src/stats/accuracy/roc_binormal.c \
	src/stats/accuracy/roc_boot.c \
	src/stats/accuracy/roc_variance.c \
	src/stats/accuracy/verify.c \
	include/yogo/stats/diagnostic.h \
	include/yogo/stats/roc.h
