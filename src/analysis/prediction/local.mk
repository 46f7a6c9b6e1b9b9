libyogo_analysis_a_SOURCES += \
	src/analysis/prediction/an_calibrate.c \
	src/analysis/prediction/an_dca.c \
	src/analysis/prediction/an_model.c \
	src/analysis/prediction/an_model_aft.c \
	src/analysis/prediction/an_model_priv.h \
	src/analysis/prediction/an_measure.c \
	src/analysis/prediction/an_measure_priv.h \
	src/analysis/prediction/an_predict.c \
	src/analysis/prediction/an_profile.c \
	src/analysis/prediction/an_profile_priv.h \
	src/analysis/prediction/an_rows.c \
	src/analysis/prediction/an_validate.c \
	include/yogo/analysis/prediction.h
