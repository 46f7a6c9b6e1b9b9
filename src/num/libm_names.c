/*
 * The C names of the elementary functions.
 *
 * A program that contains this object answers libgsl's calls of exp, log, pow, log1p and expm1 too: the
 * dynamic linker looks in the executable first, and the linker exports the names by itself because libgsl
 * asks for them.  elementary.c refers to it, so that no program has the one without the other.
 */
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>

#include "yogo/num/elementary.h"

double exp(double x)
{
	return yg_exp(x);
}

double log(double x)
{
	return yg_log(x);
}

double pow(double x, double y)
{
	return yg_pow(x, y);
}

double log1p(double x)
{
	return yg_log1p(x);
}

double expm1(double x)
{
	return yg_expm1(x);
}

/* What a shared library would find under the name. */
int yg_elementary_owns_c_names(void)
{
	static const struct {
		const char *name;
		double (*one)(double);
		double (*two)(double, double);
	} own[] = { { "exp", exp, NULL }, { "log", log, NULL }, { "pow", NULL, pow }, { "log1p", log1p, NULL },
		    { "expm1", expm1, NULL } };
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		void *found = dlsym(RTLD_DEFAULT, own[i].name);
		if ((uintptr_t)found != (own[i].one ? (uintptr_t)own[i].one : (uintptr_t)own[i].two))
			return 0;
	}
	return 1;
}
