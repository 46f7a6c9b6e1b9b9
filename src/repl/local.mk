noinst_LIBRARIES += libyogo_repl.a
libyogo_repl_a_SOURCES = \
	src/repl/interrupt.c \
	src/repl/line.c \
	src/repl/offer.c \
	src/repl/repl.c \
	src/repl/repl_priv.h \
	src/repl/show.c \
	include/yogo/repl/repl.h
