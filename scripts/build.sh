#!/bin/sh
# Builds ./yogo in place (object files in build/).
set -eu
cd "$(dirname "$0")/.."
[ -x configure ] || autoreconf -fi >autoreconf.log 2>&1 || { cat autoreconf.log; exit 1; }
mkdir -p build
cd build
[ -f Makefile ] || ../configure -q
make -s -j"$(nproc 2>/dev/null || echo 2)"
cp -f yogo ../yogo
