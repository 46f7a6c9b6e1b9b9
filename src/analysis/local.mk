noinst_LIBRARIES += libyogo_analysis.a
libyogo_analysis_a_SOURCES = src/analysis/an_data.c src/analysis/an_cuminc.c src/analysis/an_finegray.c \
	include/yogo/analysis/data.h include/yogo/analysis/competing.h
include src/analysis/describe.mk
include src/analysis/regress.mk
include src/analysis/survival.mk
