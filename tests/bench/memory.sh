#!/bin/sh
# The least address space (ulimit -v, MB) in which a job on N rows still does its work: sh memory.sh [ROWS]
# Beside it the size of the CSV file, and of the 29 columns as eight-byte numbers.  Needs the inputs of bench.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
yogo=${YOGO:-./yogo}
case $yogo in /*) ;; *) yogo=$PWD/$yogo ;; esac
n=${1:-1000000}
data=${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}
work=$data/memory-$n
mkdir -p "$work"
[ -s "$data/cohort-$n.csv" ] || { echo "run bench.sh $n first"; exit 1; }
trap 'rm -rf "$work"' EXIT

attempt() { # MB COMMAND...
	mb=$1
	shift
	(ulimit -v $((mb * 1024)) && exec "$@") >/dev/null 2>&1
}
least() { # COMMAND...: to 5 %
	low=32
	high=16384
	attempt $high "$@" || { echo "over $high"; return; }
	while [ $((high - low)) -gt $((high / 20)) ]; do
		middle=$(((low + high) / 2))
		rm -f "$work"/*.study
		if attempt $middle "$@"; then high=$middle; else low=$middle; fi
	done
	echo $high
}
echo "rows $n   csv $(($(wc -c <"$data/cohort-$n.csv") / 1000000)) MB   29 columns of 8 bytes $((n * 29 * 8 / 1000000)) MB"
echo "import       $(least "$yogo" import "$data/cohort-$n.csv" -o "$work/bench.cohort" --public --quiet) MB"
"$yogo" import "$data/cohort-$n.csv" -o "$work/bench.cohort" --public --quiet
for job in filter_count group_by km_days logrank_days cox_days; do
	{ cat "$here/prepare.yogo"; grep "^$job|" "$here/jobs.txt" | cut -d'|' -f6 | sed 's/NAME/result/'; } | sed '/endpoint osc/,/^end/d' >"$work/job.yogo"
	printf '%-12s %s MB\n' "$job" "$(least "$yogo" run "$work/job.yogo" --data "$work" --out "$work" --quiet)"
done
