noinst_LIBRARIES += libyogo_journal.a
libyogo_journal_a_SOURCES = \
	src/journal/chain.c \
	src/journal/checkpoint.c \
	src/journal/entry_read.c \
	src/journal/environment.c \
	src/journal/journal.c \
	src/journal/keys.c \
	src/journal/object.c \
	src/journal/sqlite.c \
	src/journal/study_file.c \
	src/journal/verify.c \
	src/journal/journal_priv.h \
	include/yogo/journal/journal.h
