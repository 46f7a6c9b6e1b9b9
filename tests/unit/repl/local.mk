check_PROGRAMS += test_repl
test_repl_SOURCES = tests/unit/repl/test_repl.c
test_repl_LDADD = libyogo_repl.a libyogo_session.a libyogo_journal.a libyogo_gate.a libyogo_report.a libyogo_result.a \
	libyogo_raw.a libyogo_lang.a libyogo_store.a libyogo_base.a $(TEST_LIBS)
