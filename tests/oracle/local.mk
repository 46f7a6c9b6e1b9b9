# Kernels against reference results; each prints how many cases it ran and which it does not cover.
EXTRA_DIST += tests/oracle/oracle.h
