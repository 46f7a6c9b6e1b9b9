#!/bin/sh
# The benchmark: Yogo and its peers on the same inputs, in turn, in one run; medians, ratios, peak memory.
#   make bench [N="100000 1000000"] [RUNS=3]
# Inputs are made once in ${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}.  Peers (R with survival and data.table) are
# optional; what is missing is said.  Nothing here asserts on time.
set -eu
source=${srcdir:-.}
yogo=${YOGO:-./yogo}
data=${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}
sizes=${N:-100000 1000000}
runs=${RUNS:-3}
mkdir -p "$data"
case $yogo in /*) ;; *) yogo=$PWD/$yogo ;; esac
case $source in /*) ;; *) source=$PWD/$source ;; esac
[ -x "$data/make-data" ] && [ "$data/make-data" -nt "$source/tests/bench/make-data.c" ] ||
	${CC:-cc} -O2 -o "$data/make-data" "$source/tests/bench/make-data.c" -lm

median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

for n in $sizes; do
	csv=$data/cohort-$n.csv
	[ -s "$csv" ] || { "$data/make-data" cohort "$n" >"$csv.part" && mv "$csv.part" "$csv"; }
	work=$data/work-$n
	mkdir -p "$work"
	: >"$work/yogo.tsv"
	i=0
	while [ $i -lt "$runs" ]; do
		start=$(date +%s.%N)
		/usr/bin/env time -f 'memory\timport\t%M' -o "$work/memory.import" \
			"$yogo" import "$csv" -o "$work/bench.cohort" --public --quiet 2>/dev/null ||
			"$yogo" import "$csv" -o "$work/bench.cohort" --public --quiet
		end=$(date +%s.%N)
		echo "import $start $end" | awk '{ printf "timing\timport\timport\t%.6f\n", $3 - $2 }' >>"$work/yogo.tsv"
		rm -f "$work"/bench.study
		/usr/bin/env time -f 'memory\trun\t%M' -o "$work/memory.run" \
			"$yogo" run "$source/tests/bench/bench.yogo" --data "$work" --out "$work" --quiet --timing 2>>"$work/yogo.tsv" ||
			"$yogo" run "$source/tests/bench/bench.yogo" --data "$work" --out "$work" --quiet --timing 2>>"$work/yogo.tsv"
		i=$((i + 1))
	done
	: >"$work/peers.tsv"
	if command -v Rscript >/dev/null 2>&1; then
		Rscript "$source/tests/bench/peers/peers.R" "$csv" "$runs" >"$work/peers.tsv" 2>"$work/peers.err" || true
	fi
	echo
	echo "n = $n   csv $(wc -c <"$csv") bytes   cohort file $(wc -c <"$work/bench.cohort") bytes"
	cat "$work/memory.import" "$work/memory.run" 2>/dev/null | awk -F'\t' '$1 == "memory" { printf "peak memory of yogo %s: %d MB\n", $2, $3 / 1024 }'
	printf '%-18s %12s %12s %8s\n' job "yogo s" "R s" ratio
	for job in import filter_count group_by table1_quartiles km_days logrank_days km_continuous cox_efron cox_strata logistic linear_model; do
		ours=$(awk -F'\t' -v j="$job" '$1 == "timing" && $3 == j { print $4 }' "$work/yogo.tsv" | median)
		theirs=$(awk -F'\t' -v j="$job" '$1 == j { print $2 }' "$work/peers.tsv")
		awk -v j="$job" -v a="$ours" -v b="$theirs" 'BEGIN {
			printf "%-18s %12s %12s %8s\n", j, a == "" ? "not run" : sprintf("%.4f", a), b == "" ? "no peer" : sprintf("%.4f", b),
			       a != "" && b != "" && a > 0 ? sprintf("%.1f", b / a) : "-" }'
	done
done
