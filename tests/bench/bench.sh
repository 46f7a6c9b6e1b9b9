#!/bin/sh
# The benchmark: Yogo and its peers on the same inputs, in turn, in one run.
#
#   make bench                       or  sh tests/bench/bench.sh [ROWS[:JOBS] ...]    10000:finegray|cox_site|residuals 100000 1000000 unless said
#   JOBS='cox|km' RUNS=3 THREADS='1 2' PEERS='survival duckdb' sh tests/bench/bench.sh 10000000
#   COLD=1                           some jobs also with the file read from the disk (name_cold)
#   KEEP=1                           adds to the results that are there, so that sizes can be run one after the other
#   MINUTES=30                       stops beginning jobs after so long
#   LIMIT=300                        a peer gives up a job after so many seconds (timeout(1))
#
# Inputs, peers' files and results live in ${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}; results.tsv has every run.
# Each round runs Yogo's job and then each peer's, as A B A B; the table gives medians.  A job is run twice in its
# process with the data in memory, and the second run counts.  With several numbers of threads the peers run with the last.
# jobs.txt says up to which size a job or a peer takes part; what JOBS or PEERS name runs at any size.  Peers are optional,
# and what is missing is said.  Nothing fails on time; a number on which the two sides disagree does, and the exit code is 1.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
yogo=${YOGO:-./yogo}
case $yogo in /*) ;; *) yogo=$PWD/$yogo ;; esac
data=${YOGO_BENCH:-${TMPDIR:-/tmp}/yogo-bench}
sizes=${*:-10000:finegray|cox_site|residuals 100000 1000000}
runs=${RUNS:-3}
peers=${PEERS:-.}
all_threads=${THREADS:-$(nproc 2>/dev/null || echo 1)}
last_threads=${all_threads##* }
cc=${CC:-cc}
ends=$(($(date +%s) + 60 * ${MINUTES:-1000000}))
limit=
command -v timeout >/dev/null && limit="timeout ${LIMIT:-300}"
# Beyond so many rows the file has only the columns that jobs of that size use: ten times as many would fill the disk.
narrow=20000000
narrow_columns=age,sex,site,treatment,hb,crp,ckd,stage,time,status,cost,los
cold_jobs='read_all filter_count group_by km_days'
mkdir -p "$data"
data=$(cd "$data" && pwd)
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
python=
for p in ${PYTHON:-python3 /usr/bin/python3}; do
	[ -n "$python" ] || ! "$p" -c 'import numpy' 2>/dev/null || python=$p
done

# record JOB ROWS THREADS WHO SECONDS MB NUMBER
record() { printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$results"; }
peak_mb() { awk '{ printf "%d", $4 / 1024 }' "$1"; }
say() { echo "  $*" >&2; }
wanted() { printf '%s\n' "$1" | grep -qE "$2"; }
in_time() { [ "$(date +%s)" -lt "$ends" ]; }

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

# ---- inputs ----
make_csv() { # cohort|startstop ROWS
	csv=$data/$1-$2.csv
	[ -s "$csv" ] && return
	columns=
	[ "$1" = startstop ] || [ "$2" -le $narrow ] || columns=$narrow_columns
	"$data/make-data" "$1" "$2" $columns >"$csv.part" && mv "$csv.part" "$csv"
}
import_input() { # cohort|startstop ROWS THREADS: into the folder of that size, measured
	make_csv "$1" "$2"
	if [ "$1" = startstop ]; then
		set -- "$@" --table "rows=$data/startstop-$2.csv" -o "$data/work-$2/startstop.cohort" --person id
	else
		set -- "$@" "$data/cohort-$2.csv" -o "$data/work-$2/bench.cohort"
	fi
	into=$data/work-$2/measured
	threads_now=$3
	shift 3
	"$data/measure" "$into" "$yogo" import "$@" --public --quiet --threads "$threads_now"
}
have_input() { # cohort|startstop ROWS THREADS
	case $1 in startstop) file=startstop ;; *) file=bench ;; esac
	[ -s "$data/work-$2/$file.cohort" ] || import_input "$@"
}

# ---- one side, one job: prints seconds, MB, number ----
yogo_job() { # ROWS THREADS INPUT KEY STATEMENTS [cold]
	work=$data/work-$1
	if [ "${6:-}" = cold ]; then turns=1 drop="-d $work/bench.cohort"; else turns=2 drop=; fi
	awk -v input="$3" -v turns=$turns -v statements="$5" -f "$here/script.awk" "$here/prepare.yogo" >"$work/job.yogo"
	rm -f "$work"/job.study
	# shellcheck disable=SC2086
	"$data/measure" $drop "$work/measured" "$yogo" run "$work/job.yogo" --data "$work" --out "$work" --threads "$2" --format csv --timing \
		>"$work/job.csv" 2>"$work/job.err" || { tail -3 "$work/job.err" >&2; return 1; }
	timed=${5##*=>}
	count=$(printf '%s\n' "$timed" | tr ';' '\n' | grep -c .)
	[ "${6:-}" != cold ] || count=1000
	seconds=$(grep '^timing' "$work/job.err" | tail -n "$count" | awk -F'\t' '{ s += $4 } END { printf "%.6f", s }')
	rest=${4#*/}
	printf '%s\t%s\t%s\n' "$seconds" "$(peak_mb "$work/measured")" "$(number "$work/job.csv" "${4%%/*}" "${rest%/*}" "${rest##*/}")"
}
read_all() { # ROWS THREADS [cold]
	work=$data/work-$1
	if [ "${3:-}" = cold ]; then times=1 drop="-d $work/bench.cohort"; else times=2 drop=; fi
	# shellcheck disable=SC2086
	"$data/measure" $drop "$work/measured" "$READ_ALL" "$work/bench.cohort" "$2" $times >"$work/read" || return 1
	printf '%s\t%s\t%s\n' "$(cut -f1 "$work/read")" "$(peak_mb "$work/measured")" "$(cut -f2 "$work/read")"
}

peer_job() { # ROWS THREADS PEER JOB: also exit codes 3 not installed, 4 not at this size, 124 out of time
	case $3 in
	pandas | numpy | statsmodels | sklearn) [ -n "$python" ] || return 3; set -- "$python" "$here/peers/peers.py" "$data" "$@" ;;
	duckdb | parquet) command -v node >/dev/null || return 3; set -- node "$here/peers/duckdb.mjs" "$data" "$@" ;;
	gretl) command -v gretlcli >/dev/null || return 3; set -- sh "$here/peers/gretl.sh" "$data" "$@" ;;
	*) command -v Rscript >/dev/null || return 3; set -- Rscript "$here/peers/peers.R" "$data" "$@" ;;
	esac
	$limit "$@" 2>>"$data/peers.err"
}
run_peer() { # JOB ROWS THREADS PEER [cold]
	missing=$data/missing-$2-$4-$1
	[ -e "$missing" ] && return 0
	code=0
	name=$1
	if [ "${5:-}" = cold ]; then
		name=${1}_cold
		for f in "$data/cohort-$2.csv" "$data/cohort-$2.duckdb"; do
			[ ! -s "$f" ] || "$data/measure" -d "$f" "$data/dropped" true
		done
	fi
	echo "-- $4 $name $2" >>"$data/peers.err"
	line=$(COLD=${5:-} peer_job "$2" "$3" "$4" "$1") || code=$?
	if [ $code = 0 ] && [ -n "$line" ]; then
		printf '%s\n' "$line" | while IFS='	' read -r seconds mb value; do record "$name" "$2" "$3" "$4" "$seconds" "$mb" "$value"; done
		return 0
	fi
	: >"$missing"
	case $code in
	3) say "$4 is not installed" ;;
	4) say "$4 has no $name at $2 rows" ;;
	124) say "$4 did not finish $name at $2 rows in ${LIMIT:-300} s" ;;
	*) say "$4 failed on $name at $2 rows (code $code, $data/peers.err)" ;;
	esac
}
slow() { # JOB ROWS WHO: took over 20 s: once is enough
	awk -F'\t' -v j="$1" -v n="$2" -v w="$3" '$1 == j && $2 == n && $4 == w && $5 > 20 { s = 1 } END { exit !s }' "$results"
}
run_peers() { # JOB ROWS THREADS PEERS [cold]
	[ "$3" = "$last_threads" ] || return 0
	for entry in $4; do
		peer=${entry%%<=*}
		upto=${entry#*<=}
		[ "$upto" = "$entry" ] || [ "$peers" != . ] || [ "$2" -le "$upto" ] || continue
		wanted "$peer" "$peers" || continue
		slow "$1" "$2" "$peer" || run_peer "$1" "$2" "$3" "$peer" ${5:-} </dev/null
	done
}

# ---- the jobs ----
record_yogo() { # JOB ROWS THREADS LINE
	printf '%s\n' "$4" | while IFS='	' read -r seconds mb value; do record "$1" "$2" "$3" yogo "$seconds" "$mb" "$value"; done
}
file_job() { # JOB ROWS THREADS ROUND PEERS
	case $1 in
	import)
		import_input cohort "$2" "$3"
		record import "$2" "$3" yogo "$(awk '{ print $1 }' "$data/work-$2/measured")" "$(peak_mb "$data/work-$2/measured")" "$2"
		run_peers import "$2" "$3" "$5" ;;
	read_all)
		[ -x "${READ_ALL:-}" ] || return 0
		have_input cohort "$2" "$3"
		record_yogo read_all "$2" "$3" "$(read_all "$2" "$3")"
		run_peers read_all "$2" "$3" "$5" ;;
	size)
		grep -q "^size	$2	" "$results" && return 0
		have_input cohort "$2" "$3"
		record size "$2" "$3" yogo "$(wc -c <"$data/work-$2/bench.cohort")" 0 ""
		if wanted duckdb "$peers" && sizes_of=$(peer_job "$2" "$3" duckdb parquet) && [ -n "$sizes_of" ]; then
			record size "$2" "$3" parquet "${sizes_of%%	*}" 0 ""
			record size "$2" "$3" duckdb "${sizes_of##*	}" 0 ""
		fi ;;
	esac
}
statement_job() { # JOB ROWS THREADS INPUT KEY PEERS STATEMENTS
	have_input "$4" "$2" "$3"
	if line=$(yogo_job "$2" "$3" "$4" "$5" "$7" </dev/null); then
		record_yogo "$1" "$2" "$3" "$line"
	else
		say "yogo did not do $1 at $2 rows"
	fi
	run_peers "$1" "$2" "$3" "$6"
}
cold_job() { # JOB ROWS THREADS PEERS KEY STATEMENTS
	case " $cold_jobs " in *" $1 "*) ;; *) return 0 ;; esac
	have_input cohort "$2" "$3"
	if [ "$1" = read_all ]; then
		[ -x "${READ_ALL:-}" ] || return 0
		line=$(read_all "$2" "$3" cold) || return 0
	else
		line=$(yogo_job "$2" "$3" cohort "$5" "$6" cold </dev/null) || return 0
	fi
	record_yogo "${1}_cold" "$2" "$3" "$line"
	cold_peers=
	for entry in $4; do
		case $entry in
		duckdb*) cold_peers="$cold_peers $entry" ;;
		survival*) [ "$2" -gt 1000000 ] || cold_peers="$cold_peers $entry" ;; # half a minute of reading CSV
		esac
	done
	run_peers "$1" "$2" "$3" "$cold_peers" cold
}
round() { # ROWS THREADS ROUND JOBS
	grep -v '^#' "$here/jobs.txt" | while IFS='|' read -r job input most key bytes flops with aims statements; do
		wanted "$job" "$4" || continue
		[ "$4" != . ] || [ "$1" -le "$most" ] || continue
		in_time || break
		if [ "$statements" = - ]; then
			file_job "$job" "$1" "$2" "$3" "$with" </dev/null
		else
			statement_job "$job" "$1" "$2" "$input" "$key" "$with" "$statements" </dev/null
		fi
		[ -z "${COLD:-}" ] || cold_job "$job" "$1" "$2" "$with" "$key" "$statements" </dev/null
	done
}

if [ -z "${KEEP:-}" ] || ! [ -s "$results" ]; then
	: >"$results"
fi
: >"$data/peers.err"
rm -f "$data"/missing-*
for size in $sizes; do
	n=${size%%:*}
	jobs=${JOBS:-.}
	[ "$n" = "$size" ] || jobs=${size#*:}
	mkdir -p "$data/work-$n"
	make_csv cohort "$n"
	round=1
	while [ $round -le "$runs" ]; do
		for threads in $all_threads; do
			echo "$n rows, $threads threads, round $round of $runs" >&2
			round "$n" "$threads" $round "$jobs"
		done
		round=$((round + 1))
	done
done

# ---- the tables and the picture ----
show() { awk -f "$here/results.awk" -f "$here/$1.awk" "$data/limits.txt" "$here/jobs.txt" "$results"; }
agree=0
show table >"$data/table.txt" || agree=1
{
	echo
	show scaling
	for n in 100000 1000000; do # the larger one that is there
		[ ! -s "$data/work-$n/bench.cohort" ] || decoded=$n
	done
	if [ -x "${DECODE_SPEED:-}" ] && [ -n "${decoded:-}" ]; then
		printf '\nDecoding on one thread, %s rows: blocks as stored, and the same values under zstd alone\n' "$decoded"
		"$DECODE_SPEED" "$data/work-$decoded/bench.cohort"
	fi
	echo
	show aims
} >>"$data/table.txt"
cat "$data/table.txt"
show plot >"$data/scaling.svg"
echo "results: $results   tables: $data/table.txt   picture: $data/scaling.svg"
exit $agree
