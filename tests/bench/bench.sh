#!/bin/sh
# The benchmark: Yogo and its peers on the same inputs, in turn, in one run.
#
#   make bench                       or  sh tests/bench/bench.sh [ROWS ...]     rows: 100000 1000000 unless said
#   JOBS='cox|km' RUNS=3 THREADS='1 2' PEERS='survival duckdb' sh tests/bench/bench.sh 10000000
#   MINUTES=30                       stops beginning jobs after so long
#   LIMIT=300                        a peer gives up a job after so many seconds (timeout(1))
#
# Inputs, peers' files and results live in ${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}; results.tsv keeps every run.
# Each round runs Yogo's job and then each peer's, as A B A B; the table gives medians.  A job is run twice in its
# process with the data in memory, and the second run counts.  Peers are optional: R with survival, data.table, cmprsk;
# Python with numpy, pandas, statsmodels, scikit-learn; DuckDB for node.  What is missing is said.  Nothing fails on time;
# a number on which the two sides disagree (relative 1e-6) does, and the exit code is 1.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
yogo=${YOGO:-./yogo}
case $yogo in /*) ;; *) yogo=$PWD/$yogo ;; esac
data=${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}
sizes=${*:-100000 1000000}
runs=${RUNS:-3}
jobs=${JOBS:-.}
peers=${PEERS:-.}
all_threads=${THREADS:-$(nproc 2>/dev/null || echo 1)}
cc=${CC:-cc}
python=${PYTHON:-python3}
ends=$(($(date +%s) + 60 * ${MINUTES:-1000000}))
limit=
command -v timeout >/dev/null && limit="timeout ${LIMIT:-300}"
mkdir -p "$data"
results=$data/results.tsv

# ---- tools ----
build() { # PROGRAM FLAGS...: compiled when the source is newer
	program=$1
	shift
	[ -x "$data/$program" ] && [ "$data/$program" -nt "$here/$program.c" ] || "$cc" -O2 -o "$data/$program" "$here/$program.c" "$@"
}
build make-data -lm
build measure
if ! [ -s "$data/limits.txt" ]; then
	"$cc" -O3 -march=native -o "$data/limits" "$here/limits.c" -lpthread && "$data/limits" >"$data/limits.txt"
fi

median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# record JOB ROWS THREADS WHO SECONDS MB NUMBER
record() { printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$results"; }

# number CSV TABLE ROW COLUMN: the last such cell
number() {
	awk -v table="$2" -v row="$3" -v column="$4" '
		function fields(line, out,   n, c, i, quoted, text) {
			n = 1; text = ""; quoted = 0
			for (i = 1; i <= length(line); i++) {
				c = substr(line, i, 1)
				if (c == "\"") quoted = !quoted
				else if (c == "," && !quoted) { out[n++] = text; text = "" }
				else text = text c
			}
			out[n] = text
			return n
		}
		/^table,/ { split($0, t, ","); inside = t[2] == table; header = 1; next }
		inside && header { n = fields($0, name); at = 0; for (i = 1; i <= n; i++) if (name[i] == column) at = i; header = 0; next }
		inside && at { fields($0, f); if (f[1] == row) found = f[at] }
		END { print found }' "$1"
}

# ---- one side, one job: prints seconds, MB, number ----
yogo_job() { # ROWS THREADS KEY STATEMENTS
	work=$data/work-$1
	{
		cat "$here/prepare.yogo"
		for turn in 1 2; do
			printf '%s\n' "$4" | tr ';' '\n' | awk -v turn=$turn '{ sub(/^ +/, ""); gsub("NAME", "r" turn); print }'
		done
	} >"$work/job.yogo"
	rm -f "$work"/job.study
	"$data/measure" "$work/measured" "$yogo" run "$work/job.yogo" --data "$work" --out "$work" --threads "$2" --format csv --timing \
		>"$work/job.csv" 2>"$work/job.err" || { tail -3 "$work/job.err" >&2; return 1; }
	count=$(printf '%s\n' "$4" | tr ';' '\n' | grep -c .)
	seconds=$(grep '^timing' "$work/job.err" | tail -n "$count" | awk -F'\t' '{ s += $4 } END { printf "%.6f", s }')
	value=
	if [ "$3" != - ]; then
		table=${3%%/*}
		rest=${3#*/}
		value=$(number "$work/job.csv" "$table" "${rest%/*}" "${rest##*/}")
	fi
	printf '%s\t%s\t%s\n' "$seconds" "$(awk '{ printf "%d", $4 / 1024 }' "$work/measured")" "$value"
}

peer_job() { # ROWS THREADS PEER JOB
	case $3 in
	datatable | survival | cmprsk | glm | lm) command -v Rscript >/dev/null && $limit Rscript "$here/peers/peers.R" "$data" "$@" 2>/dev/null ;;
	pandas | numpy | statsmodels | sklearn) command -v "$python" >/dev/null && $limit "$python" "$here/peers/peers.py" "$data" "$@" 2>/dev/null ;;
	duckdb) command -v node >/dev/null && $limit node "$here/peers/duckdb.mjs" "$data" "$@" 2>/dev/null ;;
	esac
}

run_peer() { # JOB ROWS THREADS PEER
	missing=$data/missing-$2-$4-$1
	[ -e "$missing" ] && return 0
	if line=$(peer_job "$2" "$3" "$4" "$1") && [ -n "$line" ]; then
		printf '%s\n' "$line" | while IFS='	' read -r seconds mb value; do record "$1" "$2" "$3" "$4" "$seconds" "$mb" "$value"; done
	else
		: >"$missing"
		echo "  $4 did not do $1 at $2 rows (not installed, too slow, or it gives up)" >&2
	fi
}

slow() { # JOB ROWS WHO: took over 20 s: once is enough
	awk -F'\t' -v j="$1" -v n="$2" -v w="$3" '$1 == j && $2 == n && $4 == w && $5 > 20 { s = 1 } END { exit !s }' "$results"
}
wanted() { printf '%s\n' "$1" | grep -qE "$2"; }

# ---- the jobs ----
import_jobs() { # ROWS THREADS ROUND
	work=$data/work-$1
	csv=$data/cohort-$1.csv
	if wanted import "$jobs"; then
		"$data/measure" "$work/measured" "$yogo" import "$csv" -o "$work/bench.cohort" --public --quiet --threads "$2"
		record import "$1" "$2" yogo "$(awk '{ print $1 }' "$work/measured")" "$(awk '{ printf "%d", $4 / 1024 }' "$work/measured")" "$1"
		for peer in duckdb datatable; do
			wanted $peer "$peers" && { slow import "$1" $peer || run_peer import "$1" "$2" $peer; }
		done
	elif ! [ -s "$work/bench.cohort" ]; then
		"$yogo" import "$csv" -o "$work/bench.cohort" --public --quiet
	fi
	if wanted read_all "$jobs" && [ -x "${READ_ALL:-}" ]; then
		"$data/measure" "$work/measured" "$READ_ALL" "$work/bench.cohort" "$2" >"$work/read"
		record read_all "$1" "$2" yogo "$(cut -f1 "$work/read")" "$(awk '{ printf "%d", $4 / 1024 }' "$work/measured")" "$(cut -f2 "$work/read")"
		wanted duckdb "$peers" && run_peer read_all "$1" "$2" duckdb
	fi
	if [ "$3" = 1 ] && wanted size "$jobs"; then
		record size "$1" "$2" yogo "$(wc -c <"$work/bench.cohort")" 0 ""
		if sizes_of=$(peer_job "$1" "$2" duckdb parquet) && [ -n "$sizes_of" ]; then
			record size "$1" "$2" parquet "$(printf '%s' "$sizes_of" | cut -f1)" 0 ""
			record size "$1" "$2" duckdb "$(printf '%s' "$sizes_of" | cut -f2)" 0 ""
		fi
	fi
}

statement_jobs() { # ROWS THREADS
	grep -v '^#' "$here/jobs.txt" | while IFS='|' read -r job key bytes flops with statement; do
		wanted "$job" "$jobs" || continue
		[ "$(date +%s)" -lt "$ends" ] || break
		if line=$(yogo_job "$1" "$2" "$key" "$statement" </dev/null); then
			printf '%s\n' "$line" | while IFS='	' read -r seconds mb value; do record "$job" "$1" "$2" yogo "$seconds" "$mb" "$value"; done
		else
			echo "  yogo did not do $job at $1 rows" >&2
		fi
		for peer in $with; do
			wanted "$peer" "$peers" || continue
			slow "$job" "$1" "$peer" || run_peer "$job" "$1" "$2" "$peer" </dev/null
		done
	done
}

: >"$results"
rm -f "$data"/missing-*
for n in $sizes; do
	csv=$data/cohort-$n.csv
	[ -s "$csv" ] || { "$data/make-data" cohort "$n" >"$csv.part" && mv "$csv.part" "$csv"; }
	mkdir -p "$data/work-$n"
	for threads in $all_threads; do
		round=1
		while [ $round -le "$runs" ]; do
			echo "$n rows, $threads threads, round $round of $runs" >&2
			import_jobs "$n" "$threads" $round
			statement_jobs "$n" "$threads"
			round=$((round + 1))
		done
	done
done

# ---- the table and the picture ----
awk -f "$here/table.awk" "$data/limits.txt" "$here/jobs.txt" "$results" >"$data/table.txt" && agree=0 || agree=1
cat "$data/table.txt"
awk -f "$here/plot.awk" "$results" >"$data/scaling.svg"
echo "results: $results   table: $data/table.txt   scaling: $data/scaling.svg"
exit $agree
