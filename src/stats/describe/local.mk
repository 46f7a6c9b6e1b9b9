libyogo_stats_a_SOURCES += \
	src/stats/describe/adjust.c \
	src/stats/describe/blocks.c \
	src/stats/describe/correlation.c \
	src/stats/describe/crosstab.c \
	src/stats/describe/describe.c \
	src/stats/describe/distribution.c \
	src/stats/describe/effect_size.c \
	src/stats/describe/fisher.c \
	src/stats/describe/location.c \
	src/stats/describe/pairs.c \
	src/stats/describe/quantile.c \
	src/stats/describe/ranks.c \
	src/stats/describe/ranktest.c \
	src/stats/describe/risk.c \
	src/stats/describe/smd.c \
	src/stats/describe/spread.c \
	src/stats/describe/stratified.c \
	src/stats/describe/trend.c \
	src/stats/describe/twogroup.c \
	include/yogo/stats/adjust.h \
	include/yogo/stats/correlation.h \
	include/yogo/stats/crosstab.h \
	include/yogo/stats/describe.h \
	include/yogo/stats/grouptest.h \
	include/yogo/stats/ranks.h \
	include/yogo/stats/smd.h \
	include/yogo/stats/twogroup.h
