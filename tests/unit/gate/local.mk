check_PROGRAMS += test_gate test_policy
test_gate_SOURCES = tests/unit/gate/test_gate.c
test_gate_LDADD = libyogo_gate.a libyogo_result.a libyogo_raw.a libyogo_store.a libyogo_base.a $(TEST_LIBS)
test_policy_SOURCES = tests/unit/gate/test_policy.c
test_policy_LDADD = libyogo_gate.a libyogo_result.a libyogo_raw.a libyogo_store.a libyogo_base.a $(TEST_LIBS)
check_PROGRAMS += test_canary
test_canary_SOURCES = tests/unit/gate/test_canary.c
test_canary_LDADD = libyogo_gate.a libyogo_report.a libyogo_result.a libyogo_raw.a libyogo_store.a libyogo_base.a $(TEST_LIBS)
