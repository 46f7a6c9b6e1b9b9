check_PROGRAMS += test_detect
test_detect_SOURCES = tests/unit/privacy/test_detect.c
test_detect_LDADD = libyogo_privacy.a libyogo_store.a libyogo_base.a $(TEST_LIBS)
