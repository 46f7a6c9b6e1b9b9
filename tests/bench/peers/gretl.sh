#!/bin/sh
# One job of gretl: sh gretl.sh FOLDER N THREADS PEER JOB; prints seconds, peak MB and the number to agree on.
# It gets a file of the numbers it needs, with the columns of factors made; gretl's own stopwatch times the second of two runs (the
# first when it takes over 5 s).
set -eu
folder=$1 n=$2 threads=$3 job=$5
case $job in
poisson_20) command=poisson ;;
negbin_20) command=negbin ;;
*) exit 4 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
columns="treatment age male bmi sbp diabetes ckd s2 s3 s4 htn copd r2 r3 r4 r5 r6 r7 r8 year"
awk -F, -v OFS=, -v columns="$columns" '
	function level(text, list,   v, k, i, out) { # 0/1 columns of all levels but the first
		k = split(list, v, " ")
		for (i = 2; i <= k; i++) out = out "," (text == v[i])
		return out
	}
	NR == 1 {
		for (i = 1; i <= NF; i++) at[$i] = i
		gsub(" ", ",", columns)
		print "n_exac,years," columns
		for (y = 2010; y < 2030; y++) { start[y] = days; days += 365 + (y % 4 == 0) }
		split("0 31 59 90 120 151 181 212 243 273 304 334", month, " ")
		next
	}
	{
		split($at["index_date"], d, "-")
		day = start[d[1] + 0] + month[d[2] + 0] + (d[1] % 4 == 0 && d[2] > 2) + d[3] - 1
		print $at["n_exac"], sprintf("%.17g", $at["time_c"] / 365.25), $at["treatment"], $at["age"], ($at["sex"] == "M"), $at["bmi"], $at["sbp"], $at["diabetes"], \
			$at["ckd"] level($at["stage"], "I II III IV"), $at["htn"], $at["copd"] level($at["region"], "East North Northeast Northwest South Southeast Southwest West"), int(day / 365.25)
	}' "$folder/cohort-$n.csv" >"$work/data.csv"
cat >"$work/job.inp" <<END
set verbose off
open "$work/data.csv" --quiet
list X = const $columns
loop i=1..2 --quiet
  set stopwatch
  $command n_exac X ; years --quiet
  scalar took = \$stopwatch
  if took > 5
    break
  endif
endloop
printf "RESULT %.6f %.12g\n", took, \$coeff(treatment)
END
OMP_NUM_THREADS=$threads "$folder/measure" "$work/measured" gretlcli -b "$work/job.inp" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
awk -v mb="$(awk '{ printf "%d", $4 / 1024 }' "$work/measured")" '/^RESULT/ { print $2 "\t" mb "\t" $3; ok = 1 } END { exit !ok }' "$work/out"
