# Tests: unit (cmocka, one program a source file), oracle (reference results), golden (saved scripts),
# fault (breaking things).  Each kind has its own runner; the environment is fixed.
AM_TESTS_ENVIRONMENT = LC_ALL=C.UTF-8; TZ=UTC; LANGUAGE=; HOME=$(abs_builddir)/tests/home; \
	XDG_STATE_HOME=$(abs_builddir)/tests/state; YOGO_SOURCE=$(abs_top_srcdir); srcdir=$(srcdir); YOGO=$(abs_builddir)/yogo; \
	LSAN_OPTIONS=suppressions=$(abs_top_srcdir)/tests/lsan.supp:print_suppressions=0; export LSAN_OPTIONS; \
	export LC_ALL TZ LANGUAGE HOME XDG_STATE_HOME YOGO_SOURCE srcdir YOGO;
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = sh

if HAVE_CMOCKA
include tests/unit/base/local.mk
include tests/unit/store/local.mk
include tests/unit/num/local.mk
include tests/unit/lang/local.mk
include tests/unit/raw/local.mk
include tests/unit/result/local.mk
include tests/unit/ingest/local.mk
include tests/unit/expr/local.mk
include tests/unit/stats/local.mk
include tests/unit/cohort/local.mk
include tests/unit/analysis/local.mk
include tests/unit/gate/local.mk
include tests/unit/report/local.mk
include tests/unit/journal/local.mk
include tests/unit/session/local.mk
include tests/unit/repl/local.mk
include tests/unit/tui/local.mk
include tests/unit/privacy/local.mk
include tests/oracle/local.mk
TESTS += $(check_PROGRAMS)
endif

SCRIPT_TESTS = tests/golden/run-golden.sh tests/golden/determinism.sh tests/golden/docs-current.sh tests/golden/errors-listed.sh tests/golden/refusals.sh tests/fault/flip.sh tests/fault/cli.sh \
	tests/tui/run-tui.sh tests/tui/terminal.sh
TESTS += $(SCRIPT_TESTS)
EXTRA_DIST += $(SCRIPT_TESTS) tests/fault/lib.sh tests/golden tests/tui tests/unit/test.h tests/oracle tests/fault tests/fuzz tests/bench \
	tests/valgrind.sh tests/valgrind.supp tests/lsan.supp

# Ratios against peers in the same run; no test asserts on time.
EXTRA_PROGRAMS += read_all decode_speed
read_all_SOURCES = tests/bench/read-all.c
read_all_LDADD = libyogo_store.a libyogo_base.a $(TEST_LIBS)
decode_speed_SOURCES = tests/bench/decode-speed.c
decode_speed_LDADD = libyogo_store.a libyogo_base.a $(TEST_LIBS)
.PHONY: bench
bench: yogo read_all decode_speed
	YOGO=$(abs_builddir)/yogo READ_ALL=$(abs_builddir)/read_all DECODE_SPEED=$(abs_builddir)/decode_speed sh $(srcdir)/tests/bench/bench.sh $(N)
