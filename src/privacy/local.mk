noinst_LIBRARIES += libyogo_privacy.a
libyogo_privacy_a_SOURCES = \
	include/yogo/privacy/detect.h \
	src/privacy/detect.c \
	src/privacy/identifier.c
