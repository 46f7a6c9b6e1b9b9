check_PROGRAMS += test_dist test_matrix test_newton
test_dist_SOURCES = tests/unit/num/test_dist.c
test_dist_LDADD = libyogo_num.a libyogo_base.a $(TEST_LIBS)
test_matrix_SOURCES = tests/unit/num/test_matrix.c
test_matrix_LDADD = libyogo_num.a libyogo_base.a $(TEST_LIBS)
test_newton_SOURCES = tests/unit/num/test_newton.c
test_newton_LDADD = libyogo_num.a libyogo_base.a $(TEST_LIBS)
