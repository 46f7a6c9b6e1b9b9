noinst_LIBRARIES += libyogo_analysis.a
libyogo_analysis_a_SOURCES = src/analysis/an_data.c include/yogo/analysis/data.h
include src/analysis/describe.mk
include src/analysis/regress.mk
