/*
 * exp, log, pow, log1p, expm1 and sine, cosine that give the same bits on every processor.
 *
 * The C library picks a build of these by the processor (with or without fused multiply-add), so its
 * last bits differ from machine to machine.  These use only +, -, *, / and tables: method of Tang
 * (1989, ACM TOMS 15:144; 1990, 16:378) with the table entries and the reduced argument carried in
 * two doubles, Dekker's (1971) exact products, and double-double logarithms for pow.
 *
 * Errors over the whole range: exp, log 0.52 ulp, log1p, expm1, pow 0.6 ulp (tested against long
 * double).  Special cases as in C17 Annex F; errno is not set.
 *
 * libm_names.c defines exp, log, pow, log1p and expm1 as these, so that GSL uses them too.
 */
#ifndef YOGO_NUM_ELEMENTARY_H
#define YOGO_NUM_ELEMENTARY_H

#include <stddef.h>

double yg_exp(double x);
double yg_log(double x);
double yg_pow(double x, double y);
double yg_log1p(double x);
double yg_expm1(double x);

/* Sine and cosine for |x| <= 1e5 radians (NaN beyond): 1 ulp of 1. */
double yg_sin(double x);
double yg_cos(double x);

/* out[i] = yg_exp(x[i]), the same bits as the scalar; out may be x. */
void yg_exp_array(const double *x, double *out, size_t n);

/* True in a program where exp, log, ... are the functions above. */
int yg_elementary_owns_c_names(void);

#endif
