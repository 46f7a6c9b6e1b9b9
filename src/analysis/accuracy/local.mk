libyogo_analysis_a_SOURCES += \
	src/analysis/accuracy/an_accuracy_priv.h \
	src/analysis/accuracy/an_accuracy_compare.c \
	src/analysis/accuracy/an_accuracy_rows.c \
	src/analysis/accuracy/an_accuracy_tables.c \
	src/analysis/accuracy/an_diag.c \
	src/analysis/accuracy/an_roc.c \
	src/analysis/accuracy/an_roc_figure.c \
	src/analysis/accuracy/an_roc_priv.h \
	src/analysis/accuracy/an_roc_tables.c \
	include/yogo/analysis/accuracy.h
