check_PROGRAMS += test_journal
test_journal_SOURCES = tests/unit/journal/test_journal.c
test_journal_LDADD = libyogo_journal.a libyogo_base.a $(TEST_LIBS)
check_PROGRAMS += test_tamper
test_tamper_SOURCES = tests/unit/journal/test_tamper.c
test_tamper_LDADD = libyogo_journal.a libyogo_base.a $(TEST_LIBS)
