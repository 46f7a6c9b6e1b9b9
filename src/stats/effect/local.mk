libyogo_stats_a_SOURCES += \
	src/stats/effect/balance.c \
	src/stats/effect/propensity.c \
	src/stats/effect/weights.c \
	include/yogo/stats/balance.h \
	include/yogo/stats/propensity.h \
	include/yogo/stats/weights.h
