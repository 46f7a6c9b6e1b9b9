#!/bin/sh
# Installs what is needed, builds Yogo and runs its tests.  The README's second command.
#   scripts/check.sh          the quick suite (minutes)
#   scripts/check.sh full     with sanitizers, valgrind, clang, the masked processor and distcheck
set -eu
cd "$(dirname "$0")/.."
./scripts/setup.sh tests
./scripts/check-floors.sh
jobs=$(nproc 2>/dev/null || echo 2)
[ -x configure ] || autoreconf -fi >autoreconf.log 2>&1 || { cat autoreconf.log; exit 1; }
build() { # FOLDER CC CONFIGURE-OPTIONS...
	folder=$1
	cc=$2
	shift 2
	mkdir -p "$folder"
	(cd "$folder" && ../configure -q CC="$cc" --enable-werror "$@" >configure.log 2>&1 || {
		cat configure.log
		exit 1
	}
	make -s -j"$jobs")
}
tests() { # FOLDER
	(cd "$1" && make -s -j"$jobs" check >check.log 2>&1) || {
		cat "$1/check.log" "$1/test-suite.log" 2>/dev/null
		exit 1
	}
	grep -E '^# (TOTAL|PASS|SKIP|FAIL)' "$1/check.log" | tr '\n' ' '
	echo
	grep -hE 'cases (run|agree)|oracle' "$1"/tests/oracle/*.log 2>/dev/null | grep -E '^oracle' || true
}
echo "check: gcc"
build build gcc
tests build
if [ "${1:-}" = full ]; then
	echo "check: gcc with AddressSanitizer and UndefinedBehaviorSanitizer"
	build build-sanitize gcc --enable-sanitize CFLAGS="-g -O1"
	ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 tests build-sanitize
	echo "check: clang"
	build build-clang clang
	tests build-clang
	echo "check: valgrind"
	./tests/valgrind.sh build
	echo "check: distcheck"
	(cd build && make -s -j"$jobs" distcheck >distcheck.log 2>&1) || {
		tail -n 60 build/distcheck.log
		exit 1
	}
fi
passed=$(grep -E '^# PASS' build/check.log | tr -dc '0-9')
failed=$(grep -E '^# FAIL' build/check.log | tr -dc '0-9')
skipped=$(grep -E '^# SKIP' build/check.log | tr -dc '0-9')
echo "${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
