check_PROGRAMS += test_raw
test_raw_SOURCES = tests/unit/raw/test_raw.c
test_raw_LDADD = libyogo_raw.a libyogo_base.a $(TEST_LIBS)
check_PROGRAMS += test_thin
test_thin_SOURCES = tests/unit/raw/test_thin.c
test_thin_LDADD = libyogo_raw.a libyogo_base.a $(TEST_LIBS)
