libyogo_stats_a_SOURCES += \
	src/stats/regression/basis.c \
	src/stats/regression/glm.c \
	src/stats/regression/glm_family.c \
	src/stats/regression/glm_priv.h \
	src/stats/regression/glm_profile.c \
	src/stats/regression/glm_rows.c \
	src/stats/regression/glm_start.c \
	src/stats/regression/linear.c \
	src/stats/regression/negbin.c \
	src/stats/regression/robust.c \
	src/stats/regression/wald.c \
	include/yogo/stats/basis.h \
	include/yogo/stats/glm.h \
	include/yogo/stats/linear.h \
	include/yogo/stats/regression.h \
	include/yogo/stats/robust.h
