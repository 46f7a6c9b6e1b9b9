# Kernels against reference results; each prints how many cases it ran and which it does not cover.
EXTRA_DIST += tests/oracle/oracle.h
check_PROGRAMS += test_oracle_km
test_oracle_km_SOURCES = tests/oracle/test_oracle_km.c
test_oracle_km_LDADD = libyogo_stats.a libyogo_num.a libyogo_base.a $(TEST_LIBS)
check_PROGRAMS += test_oracle_logrank
test_oracle_logrank_SOURCES = tests/oracle/test_oracle_logrank.c
test_oracle_logrank_LDADD = libyogo_stats.a libyogo_num.a libyogo_base.a $(TEST_LIBS)
check_PROGRAMS += test_oracle_table1
test_oracle_table1_SOURCES = tests/oracle/test_oracle_table1.c
test_oracle_table1_LDADD = libyogo_stats.a libyogo_num.a libyogo_base.a $(TEST_LIBS)
check_PROGRAMS += test_oracle_tests
test_oracle_tests_SOURCES = tests/oracle/test_oracle_tests.c
test_oracle_tests_LDADD = libyogo_stats.a libyogo_num.a libyogo_base.a $(TEST_LIBS)
check_PROGRAMS += test_oracle_epi
test_oracle_epi_SOURCES = tests/oracle/test_oracle_epi.c
test_oracle_epi_LDADD = libyogo_stats.a libyogo_num.a libyogo_base.a $(TEST_LIBS)
