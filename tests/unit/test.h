/* What every test program includes: cmocka with what it needs, and a comparison of numbers that a
   NaN cannot pass (cmocka 1.1.5 compares as float and lets NaN through). */
#ifndef YOGO_TESTS_TEST_H
#define YOGO_TESTS_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* |actual - expected| <= tolerance * max(1, |expected|), both finite or both the same infinity. */
#define yg_assert_near(actual, expected, tolerance) \
	yg_assert_near_at((actual), (expected), (tolerance), #actual, __FILE__, __LINE__)

static inline void yg_assert_near_at(double actual, double expected, double tolerance, const char *what,
                                     const char *file, int line)
{
	double scale = fabs(expected) > 1 ? fabs(expected) : 1;
	if (isinf(expected) ? actual == expected : fabs(actual - expected) <= tolerance * scale)
		return;
	print_error("%s:%d: %s is %.17g, expected %.17g (tolerance %g)\n", file, line, what, actual, expected,
	            tolerance);
	_fail(file, line);
}

/* Path of a file of the source tree; static storage, valid until the next call. */
static inline const char *yg_source_path(const char *relative)
{
	static char path[4096];
	const char *root = getenv("YOGO_SOURCE");
	snprintf(path, sizeof path, "%s/%s", root && *root ? root : ".", relative);
	return path;
}

#endif
