libyogo_analysis_a_SOURCES += \
	src/analysis/an_balance.c \
	src/analysis/an_compare.c \
	src/analysis/an_effect.c \
	src/analysis/an_effect_priv.h \
	src/analysis/an_regress.c \
	src/analysis/an_regress_priv.h \
	src/analysis/an_regress_rows.c \
	src/analysis/an_regress_tables.c \
	src/analysis/design.c \
	src/analysis/design_basis.c \
	src/analysis/design_build.c \
	src/analysis/design_priv.h \
	include/yogo/analysis/design.h \
	include/yogo/analysis/effect.h \
	include/yogo/analysis/regress.h
