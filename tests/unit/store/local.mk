check_PROGRAMS += test_cohort_file
test_cohort_file_SOURCES = tests/unit/store/test_cohort_file.c tests/unit/store/make_cohort.h
test_cohort_file_LDADD = libyogo_store.a libyogo_base.a $(TEST_LIBS)
