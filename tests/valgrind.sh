#!/bin/sh
# Memcheck over the unit tests of a build folder and one whole analysis.
set -eu
build=${1:-build}
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/$build"
memcheck="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --suppressions=$root/tests/valgrind.supp"
export LC_ALL=C.UTF-8 TZ=UTC YOGO_SOURCE="$root" YOGO_QUICK=1
# One story a room; the long ones run under the sanitizers.  test_elementary is left out: it checks against
# long double, which valgrind computes in double precision.
for test in test_text test_json test_date test_format test_parse_errors test_result test_raw test_gate test_manifest \
	test_steps test_endpoint test_set test_expr test_executor test_canvas test_line test_km test_logrank; do
	[ -x "$test" ] || { echo "valgrind: $test is not built"; exit 1; }
	$memcheck "./$test" >valgrind.log 2>&1 || { cat valgrind.log; echo "valgrind: $test"; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
$memcheck ./yogo import "$root/datasets/colon.csv" -o "$work/colon.cohort" --manifest "$root/datasets/colon.manifest.json" --quiet
$memcheck ./yogo run "$root/scripts/colon.yogo" --data "$work" --out "$work/out" --quiet
$memcheck ./yogo replay "$work/out/colon.study" --data "$work" >/dev/null
echo "valgrind: clean"
