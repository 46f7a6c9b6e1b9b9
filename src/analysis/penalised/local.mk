libyogo_analysis_a_SOURCES += \
	src/analysis/penalised/an_penalised.c \
	src/analysis/penalised/an_penalised_keep.c \
	src/analysis/penalised/an_penalised_priv.h \
	src/analysis/penalised/an_penalised_rows.c \
	src/analysis/penalised/an_penalised_tables.c \
	include/yogo/analysis/penalised.h
