/*
 * Adjustment of p values for multiplicity.
 *
 * With m tests and ordered values p(1) <= ... <= p(m):
 *   bonferroni  min(1, m p)
 *   holm        max over j <= i of min(1, (m - j + 1) p(j))      Holm 1979, Scand J Stat 6:65
 *   hochberg    min over j >= i of min(1, (m - j + 1) p(j))      Hochberg 1988, Biometrika 75:800
 *   hommel      closed test on Simes' inequality                 Hommel 1988, Biometrika 75:383 (computed as Wright 1992)
 *   bh          min over j >= i of min(1, m p(j) / j)            Benjamini and Hochberg 1995, JRSS B 57:289
 *   by          as bh times sum of 1/j                           Benjamini and Yekutieli 2001, Ann Stat 29:1165
 * The first four control the family-wise error, bh and by the false discovery rate.
 * A NaN stands for a test that was not made: it stays NaN and does not count in m.
 */
#ifndef YOGO_STATS_ADJUST_H
#define YOGO_STATS_ADJUST_H

#include <stdbool.h>
#include <stddef.h>

enum yg_padjust {
	YG_PADJUST_NONE,
	YG_PADJUST_BONFERRONI,
	YG_PADJUST_HOLM,
	YG_PADJUST_HOCHBERG,
	YG_PADJUST_HOMMEL,
	YG_PADJUST_BH,
	YG_PADJUST_BY,
};
/* The words of the option padjust: none bonferroni holm hochberg hommel bh by (fdr is bh). */
bool yg_padjust_parse(const char *word, enum yg_padjust *out);
const char *yg_padjust_word(enum yg_padjust method);    /* "holm" */
const char *yg_padjust_name(enum yg_padjust method);    /* "Holm", for notes */

/* adjusted[n] in the order of p[n]; may be the same array. */
void yg_padjust(enum yg_padjust method, const double *p, size_t n, double *adjusted);

#endif
