libyogo_stats_a_SOURCES += \
	src/stats/survival/adjusted_direct.c \
	src/stats/survival/adjusted_model.c \
	src/stats/survival/adjusted_priv.h \
	src/stats/survival/cells.c \
	src/stats/survival/cells_priv.h \
	src/stats/survival/cells_split.c \
	src/stats/survival/concordance.c \
	src/stats/survival/concordance_count.c \
	src/stats/survival/concordance_priv.h \
	src/stats/survival/concordance_time.c \
	src/stats/survival/cox.c \
	src/stats/survival/cox_baseline.c \
	src/stats/survival/cox_clock.c \
	src/stats/survival/cox_curve.c \
	src/stats/survival/cox_exact.c \
	src/stats/survival/cox_firth.c \
	src/stats/survival/cox_frail.c \
	src/stats/survival/cox_frailty.c \
	src/stats/survival/cox_frame.c \
	src/stats/survival/cox_layout.c \
	src/stats/survival/cox_marginal.c \
	src/stats/survival/cox_meat.c \
	src/stats/survival/cox_newton.c \
	src/stats/survival/cox_pass.c \
	src/stats/survival/cox_priv.h \
	src/stats/survival/cox_profile.c \
	src/stats/survival/cox_resid.c \
	src/stats/survival/cox_store.c \
	src/stats/survival/cox_tile.c \
	src/stats/survival/cox_time.c \
	src/stats/survival/cox_walk.c \
	src/stats/survival/cox_zph.c \
	src/stats/survival/frailty_priv.h \
	src/stats/survival/km.c \
	src/stats/survival/km_bands.c \
	src/stats/survival/km_contrast.c \
	src/stats/survival/km_influence.c \
	src/stats/survival/km_parts.c \
	src/stats/survival/km_priv.h \
	src/stats/survival/km_read.c \
	src/stats/survival/km_robust.c \
	src/stats/survival/logrank.c \
	src/stats/survival/logrank_priv.h \
	src/stats/survival/maxcombo.c \
	include/yogo/stats/adjusted_curve.h \
	include/yogo/stats/concordance.h \
	include/yogo/stats/cox.h \
	include/yogo/stats/cox_check.h \
	include/yogo/stats/cox_frailty.h \
	include/yogo/stats/km.h \
	include/yogo/stats/km_bands.h \
	include/yogo/stats/km_contrast.h \
	include/yogo/stats/km_influence.h \
	include/yogo/stats/logrank.h \
	include/yogo/stats/maxcombo.h \
	include/yogo/stats/spans.h
libyogo_stats_a_SOURCES += src/stats/survival/cuminc.c src/stats/survival/gray.c src/stats/survival/finegray.c \
	src/stats/survival/finegray_curve.c src/stats/survival/finegray_rows.c src/stats/survival/finegray_sweep.c src/stats/survival/finegray_variance.c src/stats/survival/finegray_priv.h \
	include/yogo/stats/cuminc.h include/yogo/stats/finegray.h
libyogo_stats_a_SOURCES += src/stats/survival/mcf.c src/stats/survival/recurrent.c include/yogo/stats/recurrent.h \
	src/stats/survival/multistate.c src/stats/survival/multistate_at.c \
	src/stats/survival/multistate_priv.h include/yogo/stats/mcf.h include/yogo/stats/multistate.h
libyogo_stats_a_SOURCES += src/stats/survival/winratio.c src/stats/survival/win_count.c src/stats/survival/win_priv.h \
	include/yogo/stats/winratio.h
libyogo_stats_a_SOURCES += src/stats/survival/rate.c include/yogo/stats/rate.h
libyogo_stats_a_SOURCES += src/stats/survival/cox_casecohort.c include/yogo/stats/cox_casecohort.h
