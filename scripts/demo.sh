#!/bin/sh
# Installs what is needed, builds Yogo, makes the cohort files and runs the colon-cancer analysis on
# real data.  The README's first command.
set -eu
cd "$(dirname "$0")/.."
./scripts/setup.sh
./scripts/build.sh
./scripts/make-datasets.sh
mkdir -p out
./yogo run scripts/colon.yogo --data datasets --out out --figures "$@"
echo
./yogo verify out/colon.study
echo "The report with figures is out/colon.html"
