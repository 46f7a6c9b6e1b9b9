libyogo_stats_a_SOURCES += \
	src/stats/describe/adjust.c \
	src/stats/describe/crosstab.c \
	src/stats/describe/describe.c \
	src/stats/describe/fisher.c \
	src/stats/describe/quantile.c \
	src/stats/describe/ranktest.c \
	src/stats/describe/risk.c \
	src/stats/describe/smd.c \
	src/stats/describe/stratified.c \
	src/stats/describe/twogroup.c \
	include/yogo/stats/adjust.h \
	include/yogo/stats/crosstab.h \
	include/yogo/stats/describe.h \
	include/yogo/stats/smd.h \
	include/yogo/stats/twogroup.h
