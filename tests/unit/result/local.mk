check_PROGRAMS += test_numfmt test_result
test_numfmt_SOURCES = tests/unit/result/test_numfmt.c
test_numfmt_LDADD = libyogo_result.a libyogo_base.a $(TEST_LIBS)
test_result_SOURCES = tests/unit/result/test_result.c
test_result_LDADD = libyogo_result.a libyogo_base.a $(TEST_LIBS)
