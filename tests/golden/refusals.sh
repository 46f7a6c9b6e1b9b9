#!/bin/sh
# Each statement of refusals.txt is refused with its code, and with a sentence that has words and a place.
set -eu
source=${srcdir:-.}
yogo=${YOGO:-./yogo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
YOGO=$yogo sh "$source/scripts/make-datasets.sh" "$work" >/dev/null
cat >"$work/head" <<'SCRIPT'
lang 1
open "colon.cohort"
use colon
endpoint os: "Death"
  where etype = 2
  time  time in days
  event "death": status = 1
  unit  years
end
endpoint rec: "Recurrence"
  where etype = 1
  time  time in days
  event "recurrence": status = 1
  unit  years
end
endpoint vis: "Records"
  time  time in days
  event "record": every status = 1
  unit  years
end
logrank os by rx as lr
cox os ~ rx + age as cx
aft os ~ rx + age as af
let oldest = age > 84
cox os ~ rx + age + oldest as cy
SCRIPT
# What a disclosure profile refuses is asked under one.
sed 's/^open .*/& with profile=jp_ndb/' "$work/head" >"$work/guarded"
"$yogo" run "$work/head" --data "$work" --out "$work/out" --quiet >/dev/null
bad=0
cases=0
while IFS= read -r line; do
	case $line in '#'* | '') continue ;; esac
	code=${line%% |*}
	statement=${line#*| }
	case $code in E-SDC-*) head=guarded ;; *) head=head ;; esac
	{ cat "$work/$head"; echo "$statement"; } >"$work/case.yogo"
	if "$yogo" run "$work/case.yogo" --data "$work" --out "$work/case" --quiet >/dev/null 2>"$work/err"; then
		echo "FAIL accepted: $statement"
		bad=1
	elif ! grep -q "error: .*\[$code\]" "$work/err"; then
		echo "FAIL not $code: $statement"
		cat "$work/err"
		bad=1
	elif grep -qE 'nan|\(null\)|%[sdz]' "$work/err"; then
		echo "FAIL without words: $statement"
		cat "$work/err"
		bad=1
	fi
	rm -rf "$work/case"
	cases=$((cases + 1))
done <"$source/tests/golden/refusals.txt"
[ $bad = 0 ] && echo "refusals: $cases statements, each refused with its code"
exit $bad
