#!/bin/sh
# The least address space (ulimit -v, MB) in which a job still does its work: sh memory.sh [ROWS [JOB ...]]
# With less it must end with a message that says so: what ends otherwise is printed, and the exit code is 1.
# First come the sizes of the file and of its columns as eight-byte numbers, and what the program needs to start at all.
# Needs the inputs of bench.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
yogo=${YOGO:-./yogo}
case $yogo in /*) ;; *) yogo=$PWD/$yogo ;; esac
n=${1:-1000000}
[ $# = 0 ] || shift
jobs=${*:-import filter_count group_by table1_quartiles km_days logrank_days cuminc_gray cox_days logistic_20}
data=${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}
csv=$data/cohort-$n.csv
cohort=$data/work-$n/bench.cohort
[ -s "$csv" ] && [ -s "$cohort" ] || { echo "run bench.sh $n first"; exit 1; }
work=$(mktemp -d "$data/memory-XXXXXX")
trap 'rm -rf "$work"' EXIT
ln -s "$cohort" "$work/bench.cohort"

attempt() { # MB COMMAND...
	mb=$1
	shift
	rm -f "$work"/*.study
	code=0
	sh -c 'ulimit -v "$0" && "$@"; exit $?' $((mb * 1024)) "$@" >/dev/null 2>"$work/said" || code=$?
	return $code
}
# Every failure has to be said in words, and by the program itself.
unclear() { # MB CODE
	[ "$2" -lt 128 ] && grep -q memory "$work/said" && return
	echo "$job in $1 MB: exit code $2, $(tail -n 1 "$work/said")" >>"$work/unclear"
}
least() { # LOW COMMAND...: to 4 %, what does not do it and what does
	low=$1
	high=16384
	shift
	attempt $high "$@" || { echo "over $high"; return; }
	while [ $((high - low)) -gt $((high / 25 + 1)) ]; do
		middle=$(((low + high) / 2))
		if attempt $middle "$@"; then
			high=$middle
		else
			[ "$job" = start ] || unclear $middle $code
			low=$middle
		fi
	done
	echo $high
}
columns=$(head -n 1 "$csv" | tr ',' '\n' | wc -l)
printf 'rows %s   csv %d MB   stored %d MB   %d columns of 8 bytes %d MB\n' "$n" $(($(wc -c <"$csv") / 1000000)) \
	$(($(wc -c <"$cohort") / 1000000)) "$columns" $((n * columns * 8 / 1000000))
job=start
base=$(least 1 "$yogo" help)
printf '%-18s %6s MB\n' start "$base"
for job in $jobs; do
	if [ "$job" = import ]; then
		set -- "$yogo" import "$csv" -o "$work/import.cohort" --public --quiet
	else
		awk -v input=cohort -v turns=1 -v statements="$(grep "^$job|" "$here/jobs.txt" | cut -d'|' -f9-)" \
			-f "$here/script.awk" "$here/prepare.yogo" >"$work/job.yogo"
		set -- "$yogo" run "$work/job.yogo" --data "$work" --out "$work" --quiet
	fi
	printf '%-18s %6s MB\n' "$job" "$(least "$base" "$@")"
done
[ ! -s "$work/unclear" ] || { echo "without a clear message:"; cat "$work/unclear"; exit 1; }
