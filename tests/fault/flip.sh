#!/bin/sh
# A flipped byte anywhere in a cohort file, and in any entry, hash or stored object of a study, is
# found.  Here on the finished program at offsets spread over the files; the unit tests of store and
# journal flip every byte of small ones.
set -eu
. "${srcdir:-.}/tests/fault/lib.sh"

"$yogo" import "$source/datasets/lung.csv" -o "$work/lung.cohort" --manifest "$source/datasets/lung.manifest.json" --quiet
"$yogo" run "$source/scripts/lung.yogo" --data "$work" --out "$work" --quiet
expect 0 verified "$yogo" verify "$work/lung.cohort"
expect 0 verified "$yogo" verify "$work/lung.study"

size=$(stat -c %s "$work/lung.cohort")
step=$((size / 97 + 1))
at=0
while [ "$at" -lt "$size" ]; do
	cp "$work/lung.cohort" "$work/damaged.cohort"
	flip "$work/damaged.cohort" "$at"
	expect 6 "E-" "$yogo" verify "$work/damaged.cohort"
	at=$((at + step))
done
for keep in 0 100 4096 $((size - 48)) $((size - 1)); do
	head -c "$keep" "$work/lung.cohort" >"$work/damaged.cohort"
	expect 6 "E-" "$yogo" verify "$work/damaged.cohort"
done

# A study whose data changed cannot be replayed as if nothing had happened.
mkdir "$work/other"
sed 's/^\("*3"*,\)[0-9]*/\1999/' "$source/datasets/lung.csv" >"$work/other/lung.csv"
"$yogo" import "$work/other/lung.csv" -o "$work/other/lung.cohort" --manifest "$source/datasets/lung.manifest.json" --quiet
cp "$work/lung.study" "$work/other/lung.study"
expect 10 "data" "$yogo" replay "$work/other/lung.study" --data "$work/other"
finish "flip"
