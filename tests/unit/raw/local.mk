check_PROGRAMS += test_raw
test_raw_SOURCES = tests/unit/raw/test_raw.c
test_raw_LDADD = libyogo_raw.a libyogo_base.a $(TEST_LIBS)
