noinst_LIBRARIES += libyogo_raw.a
libyogo_raw_a_SOURCES = \
	include/yogo/raw/raw.h \
	include/yogo/raw/raw_inside.h \
	include/yogo/raw/thin.h \
	src/raw/raw.c \
	src/raw/thin.c
