noinst_LIBRARIES += libyogo_session.a
libyogo_session_a_SOURCES = src/session/state.c src/session/commit.c src/session/commit_priv.h src/session/session.c src/session/session_priv.h \
	src/session/prepare.c src/session/executor.c \
	src/session/outcome.c src/session/outcome_priv.h \
	src/session/record.c src/session/record_priv.h src/session/replay.c src/session/query.c \
	include/yogo/session/state.h include/yogo/session/executor.h include/yogo/session/replay.h \
	include/yogo/session/query.h
