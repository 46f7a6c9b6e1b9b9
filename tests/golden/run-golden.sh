#!/bin/sh
# Runs each saved script of tests/golden/*.yogo and scripts/*.yogo and compares its text output with
# tests/golden/NAME.out (bless with scripts/bless.sh), then verifies and replays the study it left.
set -eu
source=${srcdir:-.}
yogo=${YOGO:-./yogo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
YOGO=$yogo sh "$source/scripts/make-datasets.sh" "$work" >/dev/null
bad=0
for script in "$source"/scripts/*.yogo "$source"/tests/golden/*.yogo; do
	[ -e "$script" ] || continue
	name=$(basename "$script" .yogo)
	expected=$source/tests/golden/$name.out
	status=0
	"$yogo" run "$script" --data "$work" --out "$work/out" --name tester >"$work/$name.raw" 2>"$work/$name.err" || status=$?
	# The journal's head depends on the machine and the time; everything else must be the same bytes.
	sed -e '/^journal /d' -e "s|$work/||" "$work/$name.raw" >"$work/$name.out"
	{ [ $status = 0 ] || echo "exit $status"; sed -e "s|$source/||" "$work/$name.err"; } >>"$work/$name.out"
	if [ "${BLESS:-}" = 1 ]; then
		cp "$work/$name.out" "$expected"
	elif ! diff -u "$expected" "$work/$name.out" >"$work/$name.diff" 2>&1; then
		echo "FAIL $name"
		head -40 "$work/$name.diff"
		bad=1
	fi
	study=$work/out/$name.study
	if ! "$yogo" verify "$study" >"$work/verify" 2>&1; then
		echo "FAIL $name: verify"
		cat "$work/verify"
		bad=1
	fi
	if [ $status = 0 ] && ! "$yogo" replay "$study" --data "$work" --threads 1 >"$work/replay" 2>&1; then
		echo "FAIL $name: replay"
		tail -20 "$work/replay"
		bad=1
	fi
done
[ $bad = 0 ] && echo "golden: every script gives the recorded text, verifies and replays"
exit $bad
