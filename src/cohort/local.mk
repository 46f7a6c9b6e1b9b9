noinst_LIBRARIES += libyogo_cohort.a
libyogo_cohort_a_SOURCES = \
	src/cohort/cohort_priv.h \
	src/cohort/endpoint.c \
	src/cohort/endpoint_event.c \
	src/cohort/endpoint_priv.h \
	src/cohort/endpoint_span.c \
	src/cohort/endpoint_time.c \
	src/cohort/set.c \
	src/cohort/set_column.c \
	src/cohort/set_gather.c \
	src/cohort/set_priv.h \
	src/cohort/set_rows.c \
	src/cohort/set_scan.c \
	src/cohort/set_split.c \
	src/cohort/snap.c \
	src/cohort/steps.c \
	src/cohort/tvc.c \
	include/yogo/cohort/endpoint.h \
	include/yogo/cohort/scan.h \
	include/yogo/cohort/set.h \
	include/yogo/cohort/steps.h \
	include/yogo/cohort/tvc.h
