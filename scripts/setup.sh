#!/bin/sh
# Installs what Yogo needs to build, run its examples and pass its tests, on Debian 12 or later.
# Called by scripts/demo.sh and scripts/check.sh; does nothing when everything is there.
set -eu
packages="build-essential autoconf automake autopoint gettext pkg-config
libncurses-dev libreadline-dev libsqlite3-dev libgsl-dev libzstd-dev libssl-dev libyajl-dev libarchive-dev
libpango1.0-dev fonts-dejavu-core fonts-ipafont-gothic zstd zip"
if [ "${1:-}" = tests ]; then
	packages="$packages libcmocka-dev tmux valgrind clang libclang-rt-14-dev"
fi
missing=
for p in $packages; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
command -v apt-get >/dev/null 2>&1 || {
	echo "setup: this system has no apt-get; install by hand:$missing" >&2
	exit 1
}
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "setup: installing$missing"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
