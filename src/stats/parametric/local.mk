libyogo_stats_a_SOURCES += \
	src/stats/parametric/aft.c \
	src/stats/parametric/aft_after.c \
	src/stats/parametric/aft_climb.c \
	src/stats/parametric/aft_dist.c \
	src/stats/parametric/aft_dist_gengamma.c \
	src/stats/parametric/aft_mean.c \
	src/stats/parametric/aft_pass.c \
	src/stats/parametric/aft_priv.h \
	src/stats/parametric/aft_row.c \
	src/stats/parametric/aft_rows.c \
	src/stats/parametric/royston_parmar.c \
	src/stats/parametric/rp_after.c \
	src/stats/parametric/rp_knots.c \
	src/stats/parametric/rp_priv.h \
	src/stats/parametric/turnbull.c \
	include/yogo/stats/aft.h \
	include/yogo/stats/royston_parmar.h \
	include/yogo/stats/turnbull.h
