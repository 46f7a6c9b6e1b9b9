check_PROGRAMS += test_expr test_aggregate
test_expr_SOURCES = tests/unit/expr/test_expr.c tests/unit/expr/small.h
test_expr_LDADD = libyogo_expr.a libyogo_lang.a libyogo_store.a libyogo_base.a $(TEST_LIBS)
test_aggregate_SOURCES = tests/unit/expr/test_aggregate.c tests/unit/expr/small.h
test_aggregate_LDADD = libyogo_expr.a libyogo_lang.a libyogo_store.a libyogo_base.a $(TEST_LIBS)
