noinst_LIBRARIES += libyogo_base.a
libyogo_base_a_SOURCES = \
	src/base/buf.c \
	src/base/canon.c \
	src/base/cell.c \
	src/base/date.c \
	src/base/escape.c \
	src/base/folder.c \
	src/base/hash.c \
	src/base/io.c \
	src/base/json.c \
	src/base/map.c \
	src/base/mem.c \
	src/base/number.c \
	src/base/path.c \
	src/base/phrase.c \
	src/base/pool.c \
	src/base/status.c \
	src/base/task.c \
	src/base/text.c \
	src/base/text_priv.h \
	src/base/width_priv.h \
	include/yogo/base/buf.h \
	include/yogo/base/canon.h \
	include/yogo/base/cell.h \
	include/yogo/base/date.h \
	include/yogo/base/hash.h \
	include/yogo/base/i18n.h \
	include/yogo/base/io.h \
	include/yogo/base/json.h \
	include/yogo/base/map.h \
	include/yogo/base/mem.h \
	include/yogo/base/phrase.h \
	include/yogo/base/pool.h \
	include/yogo/base/status.h \
	include/yogo/base/task.h \
	include/yogo/base/text.h
