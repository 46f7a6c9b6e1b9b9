libyogo_analysis_a_SOURCES += \
	src/analysis/regression/an_compare.c \
	src/analysis/regression/an_regress.c \
	src/analysis/regression/an_regress_forest.c \
	src/analysis/regression/an_regress_priv.h \
	src/analysis/regression/an_regress_rows.c \
	src/analysis/regression/an_regress_tables.c \
	include/yogo/analysis/regress.h
