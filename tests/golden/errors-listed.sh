#!/bin/sh
# docs/errors.md lists every error code that the program uses, once, and none that it does not use.
set -eu
LC_ALL=C
export LC_ALL
source=${srcdir:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find "$source/src" -name '*.[ch]' -exec grep -hoE 'E-[A-Z]+-[0-9]+' {} + | sort -u >"$work/used"
sed -nE 's/^\| (E-[A-Z]+-[0-9]+) \|.*/\1/p' "$source/docs/errors.md" | sort >"$work/rows"
sort -u "$work/rows" >"$work/listed"
bad=0
say() {
	while read -r code; do
		echo "FAIL $code $1"
		bad=1
	done <"$2"
}
comm -23 "$work/used" "$work/listed" >"$work/unlisted"
comm -13 "$work/used" "$work/listed" >"$work/stale"
uniq -d "$work/rows" >"$work/twice"
say "is used in src and not listed in docs/errors.md" "$work/unlisted"
say "is listed in docs/errors.md and not used in src" "$work/stale"
say "is listed twice in docs/errors.md" "$work/twice"
[ -s "$work/used" ] || { echo "FAIL no error code found in $source/src"; bad=1; }
[ $bad = 0 ] && echo "errors: $(wc -l <"$work/used") codes, all listed"
exit $bad
