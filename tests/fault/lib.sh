# Helpers of the fault tests: a work folder, expectations, flipping a byte.
source=${srcdir:-.}
yogo=${YOGO:-./yogo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
checks=0

fail() {
	echo "FAIL $*"
	failures=$((failures + 1))
}

# expect CODE WORDS COMMAND...: the exit code, and the words somewhere in what is printed.
expect() {
	code=$1
	words=$2
	shift 2
	checks=$((checks + 1))
	got=0
	"$@" >"$work/printed" 2>&1 || got=$?
	if [ "$got" != "$code" ]; then
		fail "exit $got, expected $code: $*"
		head -5 "$work/printed"
	elif ! grep -qF -- "$words" "$work/printed"; then
		fail "no \"$words\" in what is printed: $*"
		head -5 "$work/printed"
	fi
}

# flip FILE OFFSET: one bit of the byte there.
flip() {
	byte=$(od -An -tu1 -j"$2" -N1 "$1" | tr -d ' ')
	printf "$(printf '\\%03o' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

finish() {
	if [ "$failures" = 0 ]; then
		echo "$1: $checks checks passed"
		exit 0
	fi
	exit 1
}
