libyogo_analysis_a_SOURCES += \
	src/analysis/design.c \
	src/analysis/design_basis.c \
	src/analysis/design_build.c \
	src/analysis/design_priv.h \
	include/yogo/analysis/design.h
