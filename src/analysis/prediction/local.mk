libyogo_analysis_a_SOURCES += \
	src/analysis/prediction/an_model.c \
	src/analysis/prediction/an_model_priv.h \
	src/analysis/prediction/an_rows.c \
	include/yogo/analysis/prediction.h
