noinst_LIBRARIES += libyogo_analysis.a
libyogo_analysis_a_SOURCES = \
	src/analysis/an_cells.c \
	src/analysis/an_cells_priv.h \
	src/analysis/an_data.c \
	src/analysis/an_frame.c \
	src/analysis/an_frame_priv.h \
	src/analysis/an_model_table.c \
	src/analysis/an_model_table_priv.h \
	src/analysis/design.c \
	src/analysis/design_apply.c \
	src/analysis/design_basis.c \
	src/analysis/design_build.c \
	src/analysis/design_priv.h \
	include/yogo/analysis/data.h \
	include/yogo/analysis/design.h
include src/analysis/describe/local.mk
include src/analysis/regression/local.mk
include src/analysis/effect/local.mk
include src/analysis/prediction/local.mk
include src/analysis/survival/local.mk
include src/analysis/penalised/local.mk
include src/analysis/accuracy/local.mk
