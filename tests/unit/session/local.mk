check_PROGRAMS += test_executor
test_executor_SOURCES = tests/unit/session/test_executor.c
test_executor_LDADD = libyogo_session.a libyogo_journal.a libyogo_gate.a libyogo_result.a libyogo_raw.a libyogo_lang.a \
	libyogo_store.a libyogo_base.a $(TEST_LIBS)
