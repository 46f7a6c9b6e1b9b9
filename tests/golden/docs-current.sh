#!/bin/sh
# The pages in docs/commands and the manual page are what the command table gives now.
set -eu
source=${srcdir:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
./yogo-docs "$work/commands" "$source/docs/yogo.1.head" "$work/yogo.1"
diff -r "$source/docs/commands" "$work/commands" && diff "$source/docs/yogo.1" "$work/yogo.1" && exit 0
echo "docs: run make docs and commit the pages"
exit 1
