#!/bin/sh
# The rooms of the house and who may include whom (docs/architecture.md).  Every #include of a room's
# header from another room must be an allowed edge; headers marked inside (raw/raw_inside.h) are for
# the gate alone.  Prints each offence and fails.
set -eu
cd "$(dirname "$0")/.."
allowed() {
	case "$1" in
	base) echo "base" ;;
	store | num | lang | raw | result) echo "base" ;;
	ingest | privacy) echo "base store" ;;
	expr) echo "base store lang" ;;
	stats) echo "base num" ;;
	cohort) echo "base store lang expr" ;;
	analysis) echo "base store lang expr cohort num stats raw" ;;
	gate) echo "base store raw result" ;;
	report) echo "base result" ;;
	journal) echo "base" ;;
	session) echo "base store lang result gate journal" ;;
	command) echo "base store lang result ingest privacy expr cohort analysis gate report journal session" ;;
	cli | repl) echo "base lang result report session journal command repl tui" ;;
	tui) echo "base lang result report session journal command" ;;
	*) echo "" ;;
	esac
}
# Which outside libraries a room may include.
library_allowed() {
	case "$2" in
	sqlite3.h) case "$1" in store | ingest | journal | session) return 0 ;; esac ;;
	zstd*) case "$1" in store | ingest) return 0 ;; esac ;;
	gsl/*) [ "$1" = num ] && return 0 ;;
	openssl/*) case "$1" in base | journal) return 0 ;; esac ;;
	yajl/*) case "$1" in base | ingest) return 0 ;; esac ;;
	archive*) [ "$1" = ingest ] && return 0 ;;
	pango/* | cairo*) [ "$1" = report ] && return 0 ;;
	readline/*) [ "$1" = repl ] && return 0 ;;
	ncurses* | curses.h | term.h) [ "$1" = tui ] && return 0 ;;
	pthread.h) case "$1" in base | store | tui | num) return 0 ;; esac ;;
	*) return 0 ;;
	esac
	return 1
}
bad=0
for room in base store num lang raw result ingest privacy expr stats cohort analysis gate report journal session command cli repl tui; do
	ok=" $room $(allowed "$room") "
	for file in $(find "src/$room" "include/yogo/$room" -name '*.[ch]' 2>/dev/null | sort); do
		for target in $(sed -n 's|^[[:space:]]*#[[:space:]]*include "yogo/\([a-z]*\)/.*|\1|p' "$file" | sort -u); do
			case "$ok" in
			*" $target "*) ;;
			*) echo "$file: room $room may not include $target"; bad=1 ;;
			esac
		done
		for header in $(sed -n 's|^[[:space:]]*#[[:space:]]*include <\([^>]*\)>.*|\1|p' "$file" | sort -u); do
			library_allowed "$room" "$header" || { echo "$file: room $room may not include <$header>"; bad=1; }
		done
		if grep -q 'raw_inside\.h' "$file" && [ "$room" != raw ] && [ "$room" != gate ]; then
			echo "$file: only the gate looks inside a raw result"
			bad=1
		fi
	done
done
for file in $(find src -name '*.c' | sort); do
	case "$file" in src/base/* | src/report/* | src/cli/* | src/repl/* | src/tui/*) continue ;; esac
	if grep -nE '(^|[^a-z_])(printf|puts|putchar|fputs)[[:space:]]*\(' "$file" | grep -v '^\s*\*' ; then
		echo "$file: only report, cli, repl and tui print"
		bad=1
	fi
done
# Calls that no file may make: they overflow, depend on the locale or the clock, or hide errors.
banned='(^|[^a-z_])(strcpy|strcat|sprintf|vsprintf|strtok|localtime|gmtime|atoi|atof|atol|rand|srand|gets|system|popen)[[:space:]]*\('
if grep -rnE "$banned" src include tests --include='*.c' --include='*.h'; then
	echo "banned calls"
	bad=1
fi
if grep -rnE 'assert_float_equal' src tests --include='*.c' --include='*.h'; then
	echo "assert_float_equal compares as float and lets NaN through: use yg_assert_near"
	bad=1
fi
[ $bad = 0 ] && echo "floors: every include is an allowed edge"
exit $bad
