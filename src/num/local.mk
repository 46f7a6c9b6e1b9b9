noinst_LIBRARIES += libyogo_num.a
libyogo_num_a_SOURCES = \
	src/num/cross.c \
	src/num/dist.c \
	src/num/incomplete.c \
	src/num/incomplete_priv.h \
	src/num/matrix.c \
	src/num/newton.c \
	src/num/qr.c \
	include/yogo/num/dist.h \
	include/yogo/num/matrix.h \
	include/yogo/num/newton.h
