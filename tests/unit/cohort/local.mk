check_PROGRAMS += test_steps test_endpoint test_set
cohort_test_libs = libyogo_cohort.a libyogo_expr.a libyogo_lang.a libyogo_store.a libyogo_base.a $(TEST_LIBS)
test_steps_SOURCES = tests/unit/cohort/test_steps.c tests/unit/expr/small.h
test_steps_LDADD = $(cohort_test_libs)
test_endpoint_SOURCES = tests/unit/cohort/test_endpoint.c tests/unit/expr/small.h
test_endpoint_LDADD = $(cohort_test_libs)
test_set_SOURCES = tests/unit/cohort/test_set.c tests/unit/expr/small.h
test_set_LDADD = $(cohort_test_libs)
