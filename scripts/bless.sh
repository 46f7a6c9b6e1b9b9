#!/bin/sh
# Writes the golden files anew from what the program prints now.  Review the difference before you
# commit it, and give the reason in the commit.
set -eu
cd "$(dirname "$0")/.."
srcdir=. YOGO=${YOGO:-./yogo} BLESS=1 sh tests/golden/run-golden.sh
srcdir=. YOGO=${YOGO:-./yogo} BLESS=1 sh tests/tui/run-tui.sh
git diff --stat -- tests/golden tests/tui
