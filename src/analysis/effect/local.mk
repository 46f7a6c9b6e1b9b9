libyogo_analysis_a_SOURCES += \
	src/analysis/effect/an_balance.c \
	src/analysis/effect/an_effect.c \
	src/analysis/effect/an_effect_priv.h \
	include/yogo/analysis/effect.h
