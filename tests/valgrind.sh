#!/bin/sh
# Memcheck over the unit tests of a build folder and one whole analysis.
set -eu
build=${1:-build}
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/$build"
memcheck="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --suppressions=$root/tests/valgrind.supp"
export LC_ALL=C.UTF-8 TZ=UTC YOGO_SOURCE="$root" YOGO_QUICK=1
for test in test_*; do
	case "$test" in *.o | *.log | *.trs | test_oracle_*) continue ;; esac
	[ -x "$test" ] || continue
	$memcheck "./$test" >valgrind.log 2>&1 || { cat valgrind.log; echo "valgrind: $test"; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
$memcheck ./yogo import "$root/datasets/colon.csv" -o "$work/colon.cohort" --manifest "$root/datasets/colon.manifest.json" --quiet
$memcheck ./yogo run "$root/scripts/colon.yogo" --data "$work" --out "$work/out" --quiet
$memcheck ./yogo replay "$work/out/colon.study" --data "$work" >/dev/null
echo "valgrind: clean"
