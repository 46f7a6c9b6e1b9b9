#!/bin/sh
# Runs each key script of tests/tui/*.keys without a terminal and compares its screens with
# tests/tui/NAME.screen (bless with BLESS=1); then what the keys did is run again as a script.
set -eu
source=${srcdir:-.}
yogo=${YOGO:-./yogo}
case $yogo in /*) ;; *) yogo=$PWD/$yogo ;; esac
case $source in /*) ;; *) source=$PWD/$source ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
YOGO_CLOCK=2026-01-02T03:04:05Z
export YOGO_CLOCK
mkdir "$work/data"
for name in colon lung mgus2; do
	"$yogo" import "$source/datasets/$name.csv" -o "$work/data/$name.cohort" --manifest "$source/datasets/$name.manifest.json" --quiet
done
# Wide characters in names and levels, and a guarded data set: nothing is said of its legal basis.
awk 'BEGIN { print "番号,性別,年齢,治療群"; for (i = 1; i <= 48; i++) printf "%d,%s,%d,%s\n", i, i % 2 ? "女性" : "男性", 30 + i * 7 % 50, i % 3 ? "対照群" : "新薬群" }' >"$work/kenkyu.csv"
"$yogo" import "$work/kenkyu.csv" -o "$work/data/kenkyu.cohort" --public --quiet
"$yogo" import "$source/datasets/lung.csv" -o "$work/data/guarded.cohort" --quiet
bad=0
for keys in "$source"/tests/tui/*.keys; do
	name=$(basename "$keys" .keys)
	expected=$source/tests/tui/$name.screen
	size=$(sed -n 's/^# size //p' "$keys" | head -1)
	status=0
	(cd "$work/data" && "$yogo" --headless "${size:-80x24}" --script "$keys" --data "$work/data" --out "$work/$name" --name tester \
		--threads 2 >"$work/$name.raw" 2>"$work/$name.err") || status=$?
	# Digests depend on the study's own number; the folder on the machine.
	{
		sed -E -e 's/[0-9a-f]{16,}/HASH/g' -e 's/ [0-9]+ of [0-9]+$/ N of N/' -e "s|$work|WORK|g" "$work/$name.raw"
		[ $status = 0 ] || echo "exit $status"
		cat "$work/$name.err"
	} >"$work/$name.screen"
	if [ "${BLESS:-}" = 1 ]; then
		cp "$work/$name.screen" "$expected"
	elif ! diff -u "$expected" "$work/$name.screen" >"$work/$name.diff" 2>&1; then
		echo "FAIL $name"
		head -60 "$work/$name.diff"
		bad=1
	fi
	if ! "$yogo" verify "$work/$name/session.study" >"$work/verify" 2>&1; then
		echo "FAIL $name: verify"
		cat "$work/verify"
		bad=1
	fi
done
# The session of keys only wrote a script: run, it gives the same results, number by number.
if ! "$yogo" run "$work/session/session.yogo" --data "$work/data" --out "$work/again" --name tester >"$work/run" 2>&1; then
	echo "FAIL session: the script it wrote does not run"
	tail -5 "$work/run"
	bad=1
elif ! cmp "$work/session/report.json" "$work/again/report.json"; then
	echo "FAIL session: the script gives other results than the keys"
	bad=1
fi
[ $bad = 0 ] && echo "tui: every key script gives the recorded screens; the session runs again as a script"
exit $bad
