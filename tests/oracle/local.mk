# Kernels against reference results; each prints how many cases it ran and which it does not cover.
EXTRA_DIST += tests/oracle/oracle.h
check_PROGRAMS += test_oracle_km
test_oracle_km_SOURCES = tests/oracle/test_oracle_km.c
test_oracle_km_LDADD = libyogo_stats.a libyogo_num.a libyogo_base.a $(TEST_LIBS)
check_PROGRAMS += test_oracle_logrank
test_oracle_logrank_SOURCES = tests/oracle/test_oracle_logrank.c
test_oracle_logrank_LDADD = libyogo_stats.a libyogo_num.a libyogo_base.a $(TEST_LIBS)
