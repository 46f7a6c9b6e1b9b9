#!/bin/sh
# The same bits on 1, 2, 3 and 8 threads, and with the processor's FMA and AVX variants of libm and
# of our own vector clones masked: every result of every saved script, as canonical JSON.
set -eu
source=${srcdir:-.}
yogo=${YOGO:-./yogo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
YOGO=$yogo sh "$source/scripts/make-datasets.sh" "$work" >/dev/null
mask=glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512DQ,-AVX512BW,-AVX2,-AVX,-FMA,-FMA4,-BMI2,-AVX2_Usable,-FMA_Usable
bad=0
same() { # SCRIPT DATA
	name=$(basename "$1" .yogo)
	for threads in 1 2 3 8 masked; do
		tunables=
		n=$threads
		if [ "$threads" = masked ]; then
			tunables=$mask
			n=2
		fi
		GLIBC_TUNABLES=$tunables "$yogo" run "$1" --data "$2" --out "$work/$threads" --format json --threads "$n" \
			>"$work/$name.$threads.json" 2>"$work/err" || { cat "$work/err"; exit 1; }
		cmp -s "$work/$name.1.json" "$work/$name.$threads.json" || {
			echo "FAIL $name differs between 1 thread and $threads"
			bad=1
		}
	done
}
for script in "$source"/scripts/*.yogo; do
	same "$script" "$work"
done
# The saved scripts are small: enough rows for many blocks, and a statement for each kernel.
mkdir "$work/kernels"
awk -f "$source/tests/golden/kernels/kernels.awk" >"$work/kernels/kernels.csv"
"$yogo" import "$work/kernels/kernels.csv" -o "$work/kernels/kernels.cohort" --public --quiet
same "$source/tests/golden/kernels/kernels.yogo" "$work/kernels"
[ $bad = 0 ] && echo "determinism: the same bits on 1, 2, 3, 8 threads and with FMA masked"
exit $bad
