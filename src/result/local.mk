noinst_LIBRARIES += libyogo_result.a
libyogo_result_a_SOURCES = \
	include/yogo/result/numfmt.h \
	include/yogo/result/result.h \
	src/result/compare.c \
	src/result/numfmt.c \
	src/result/result.c \
	src/result/result_canon.c \
	src/result/result_parse.c \
	src/result/result_priv.h
