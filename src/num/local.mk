noinst_LIBRARIES += libyogo_num.a
libyogo_num_a_SOURCES = \
	src/num/cross.c \
	src/num/dist.c \
	src/num/elementary.c \
	src/num/elementary_tables_priv.h \
	src/num/incomplete.c \
	src/num/incomplete_priv.h \
	src/num/libm_names.c \
	src/num/matrix.c \
	src/num/mvn.c \
	src/num/newton.c \
	src/num/packed.c \
	src/num/qr.c \
	src/num/rng.c \
	src/num/sort.c \
	src/num/sort_values.c \
	src/num/spread.c \
	src/num/spread_priv.h \
	src/num/sum.c \
	include/yogo/num/dist.h \
	include/yogo/num/elementary.h \
	include/yogo/num/lanes.h \
	include/yogo/num/matrix.h \
	include/yogo/num/mvn.h \
	include/yogo/num/newton.h \
	include/yogo/num/packed.h \
	include/yogo/num/rng.h \
	include/yogo/num/sort.h \
	include/yogo/num/sum.h
