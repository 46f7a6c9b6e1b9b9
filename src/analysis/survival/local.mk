libyogo_analysis_a_SOURCES += \
	src/analysis/survival/an_cox.c \
	src/analysis/survival/an_cox_after.c \
	src/analysis/survival/an_cox_count.c \
	src/analysis/survival/an_cox_frailty.c \
	src/analysis/survival/an_cox_notes.c \
	src/analysis/survival/an_cox_tables.c \
	src/analysis/survival/an_cox_time.c \
	src/analysis/survival/an_cuminc.c \
	src/analysis/survival/an_cuminc_curves.c \
	src/analysis/survival/an_cuminc_priv.h \
	src/analysis/survival/an_cuminc_tables.c \
	src/analysis/survival/an_curves_adjust.c \
	src/analysis/survival/an_curves_compare.c \
	src/analysis/survival/an_diagnose.c \
	src/analysis/survival/an_diagnose_course.c \
	src/analysis/survival/an_diagnose_priv.h \
	src/analysis/survival/an_finegray.c \
	src/analysis/survival/an_finegray_keep.c \
	src/analysis/survival/an_finegray_priv.h \
	src/analysis/survival/an_finegray_tables.c \
	src/analysis/survival/an_followup.c \
	src/analysis/survival/an_forest.c \
	src/analysis/survival/an_km_curve.c \
	src/analysis/survival/an_steps.c \
	src/analysis/survival/an_steps_priv.h \
	src/analysis/survival/an_km_priv.h \
	src/analysis/survival/an_landmark.c \
	src/analysis/survival/an_logrank.c \
	src/analysis/survival/an_rmst.c \
	src/analysis/survival/an_rmst_adjust.c \
	src/analysis/survival/an_rmst_priv.h \
	src/analysis/survival/an_surv_count.c \
	src/analysis/survival/an_surv_frame.c \
	src/analysis/survival/an_surv_groups.c \
	src/analysis/survival/an_surv_levels.c \
	src/analysis/survival/an_surv_notes.c \
	src/analysis/survival/an_surv_priv.h \
	src/analysis/survival/an_survival.c \
	src/analysis/survival/an_tvc.c \
	include/yogo/analysis/competing.h \
	include/yogo/analysis/rmst.h \
	include/yogo/analysis/survival.h \
	include/yogo/analysis/tvc.h
libyogo_analysis_a_SOURCES += src/analysis/survival/an_events.c src/analysis/survival/an_events_priv.h \
	src/analysis/survival/an_recur.c src/analysis/survival/an_recur_model.c src/analysis/survival/an_recur_priv.h \
	include/yogo/analysis/events.h
libyogo_analysis_a_SOURCES += src/analysis/survival/an_multistate.c src/analysis/survival/an_multistate_model.c src/analysis/survival/an_multistate_path.c \
	src/analysis/survival/an_multistate_priv.h src/analysis/survival/an_winratio.c
libyogo_analysis_a_SOURCES += src/analysis/survival/an_aft.c src/analysis/survival/an_aft_compare.c \
	src/analysis/survival/an_aft_figures.c src/analysis/survival/an_aft_keep.c \
	src/analysis/survival/an_aft_priv.h src/analysis/survival/an_aft_rows.c src/analysis/survival/an_aft_tables.c src/analysis/survival/an_turnbull.c \
	include/yogo/analysis/parametric.h
libyogo_analysis_a_SOURCES += src/analysis/survival/an_rate.c src/analysis/survival/an_rate_priv.h src/analysis/survival/an_standardize.c
libyogo_analysis_a_SOURCES += src/analysis/survival/an_cox_casecohort.c src/analysis/survival/an_casecohort_priv.h
