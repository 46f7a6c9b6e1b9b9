libyogo_analysis_a_SOURCES += \
	src/analysis/an_cox.c \
	src/analysis/an_cox_after.c \
	src/analysis/an_cox_tables.c \
	src/analysis/an_followup.c \
	src/analysis/an_forest.c \
	src/analysis/an_logrank.c \
	src/analysis/an_surv_frame.c \
	src/analysis/an_surv_priv.h \
	src/analysis/an_survival.c \
	src/analysis/an_tvc.c \
	include/yogo/analysis/survival.h \
	include/yogo/analysis/tvc.h
