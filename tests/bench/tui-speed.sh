#!/bin/sh
# How fast the workbench answers, on a cohort file of 10^7 rows: the first frame, keys while a long command runs, cancelling,
# and the counts of a cohort of five criteria.  Prints; nothing here asserts on time.
#   tests/bench/tui-speed.sh [COHORT]      made by make-data and yogo import when it is not there
set -eu
source=${srcdir:-.}
yogo=${YOGO:-./yogo}
data=${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}
rows=${N:-10000000}
case $yogo in /*) ;; *) yogo=$PWD/$yogo ;; esac
case $source in /*) ;; *) source=$PWD/$source ;; esac
mkdir -p "$data"
cohort=${1:-$data/bench-$rows.cohort}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
${CC:-cc} -O2 -o "$work/latency" "$source/tests/bench/tui-latency.c" -lutil
if [ ! -s "$cohort" ]; then
	${CC:-cc} -O2 -o "$work/make-data" "$source/tests/bench/make-data.c" -lm
	"$work/make-data" cohort "$rows" >"$work/bench.csv"
	"$yogo" import "$work/bench.csv" -o "$cohort" --public --quiet
	rm "$work/bench.csv"
fi
ln -s "$cohort" "$work/bench.cohort"
LC_ALL=C.UTF-8
TERM=${TERM:-xterm-256color}
export LC_ALL TERM
cat >"$work/start" <<'EOF'
time first frame | SHAPE
time first frame with the data | 10000000 persons
each 20 keys at rest: help and back | ? Keysofthisview | q RANGEORLEVELS
EOF
# What is typed is counted when keys have rested for 150 ms: that is in these numbers.
cat >"$work/counts" <<'EOF'
wait RANGE OR LEVELS
key 2
wait No cohort yet
key n
wait cohort1
key jj+
type age >= 40
settle 1 criterion, typed and counted
key \r+
type hb is not missing
settle 2 criteria
key \r+
type stage in ("I", "II", "III")
settle 3 criteria
key \r+
type bmi < 35
settle 4 criteria
key \r+
type diabetes = 0
settle 5 criteria
key \rk
pause 100
key \s
settle 5 criteria, one left out
key w
time cohort defined | journal
EOF
cat >"$work/busy" <<'EOF'
wait RANGE OR LEVELS
key ;
type endpoint os: "x"; time time in days; event status = 1; end
key \r
wait journal 4
key 1
type ;cox os ~ treatment + age + sex + bmi + sbp + egfr + diabetes + ckd
key \r
pause 500
each 20 keys while a Cox model runs | ? Keysofthisview | q RANGEORLEVELS
key \e
time cancelled | cancelled
EOF
cd "$work"
for steps in start counts busy; do
	./latency "$steps" -- "$yogo" --out "out-$steps" bench.cohort
done
