#!/bin/sh
# Wrong input at the command line: a clear sentence, the documented exit code, nothing half-written.
set -eu
. "${srcdir:-.}/tests/fault/lib.sh"
cd "$work"
case $yogo in /*) ;; *) yogo=$OLDPWD/$yogo ;; esac
case $source in /*) ;; *) source=$OLDPWD/$source ;; esac
"$yogo" import "$source/datasets/lung.csv" -o lung.cohort --manifest "$source/datasets/lung.manifest.json" --quiet

# The command line.
expect 2 "E-CLI-003" "$yogo" frobnicate
expect 2 "E-CLI-001" "$yogo" run --no-such-option
expect 2 "E-CLI-001" "$yogo" run x.yogo --threads many
expect 0 "yogo import" "$yogo" --help

# Input files.
expect 3 "E-" "$yogo" import missing.csv -o x.cohort
printf 'a,b\n1,2\n3\n' >ragged.csv
expect 3 "row" "$yogo" import ragged.csv -o x.cohort
printf 'a,a\n1,2\n' >duplicate.csv
expect 3 "a" "$yogo" import duplicate.csv -o x.cohort
printf 'a,b\n1,\377\376\n' >bytes.csv
expect 3 "E-ENC" "$yogo" import bytes.csv -o x.cohort
printf 'a,b\n"1,2\n' >unclosed.csv
expect 3 "E-CSV" "$yogo" import unclosed.csv -o x.cohort
: >empty.csv
expect 3 "E-" "$yogo" import empty.csv -o x.cohort
awk 'BEGIN { print "id,tel,age"; for (i = 0; i < 50; i++) printf "%d,090-1234-%04d,%d\n", i + 1, 1000 + 7 * i, 40 + i % 30 }' >tel.csv
expect 4 "E-PRI-001" "$yogo" import tel.csv -o x.cohort
[ ! -e x.cohort ] || fail "a failed import left a file"
[ -z "$(ls | grep -i tmp || true)" ] || fail "a failed import left a temporary file"

expect 0 "accepted" "$yogo" import tel.csv -o tel.cohort --accept tel
expect 0 "D07" "$yogo" import tel.csv -o tel.cohort --public
expect 2 "E-PRI-002" "$yogo" import tel.csv -o tel.cohort --accept age,tel

# Scripts.
run() { # TEXT: a script of one's own
	printf '%s\n' "$1" >s.yogo
	shift
	expect "$@"
}
run 'lang 1
kmm os' 2 "km" "$yogo" run s.yogo --out o1
run 'lang 1
open "nothing.cohort"' 3 "nothing.cohort" "$yogo" run s.yogo --out o2
run 'lang 1
open "../lung.cohort"' 4 "E-IO-040" "$yogo" run s.yogo --out o3
run 'lang 1
open "lung.cohort"
describe agee' 2 "age" "$yogo" run s.yogo --out o4
run 'lang 1
open "lung.cohort"
cohort all: "Everyone"; end
assert all.n = 1 else "population changed"' 1 "population changed" "$yogo" run s.yogo --out o5
expect 0 verified "$yogo" verify o5/s.study
run 'lang 1
open "lung.cohort"
endpoint os: "Death"; time time in days; event status = 2; end
cox os ~ age, ties=efron' 2 "with ties=efron" "$yogo" run s.yogo --out o6
run 'lang 1
open "lung.cohort"
agree sex, age' 1 "E-CMD-001" "$yogo" run s.yogo --out o7

# Storage.
run 'lang 1
open "lung.cohort"' 5 "E-" "$yogo" run s.yogo --out /proc/nowhere
cp lung.cohort broken.cohort
flip broken.cohort 5000
run 'lang 1
open "broken.cohort"
describe age' 6 "E-" "$yogo" run s.yogo --out o8

# A locale with decimal commas and a far time zone change nothing.
printf 'lang 1\nopen "lung.cohort"\ndescribe age, wt.loss\n' >s.yogo
"$yogo" run s.yogo --out o9 --format json >plain.json 2>/dev/null
LC_ALL=de_DE.UTF-8 TZ=America/St_Johns "$yogo" run s.yogo --out o10 --format json >other.json 2>/dev/null
cmp -s plain.json other.json || fail "locale or time zone changed a result"
# A reader that goes away.
"$yogo" help | head -1 >/dev/null || fail "help | head"
finish "cli"
