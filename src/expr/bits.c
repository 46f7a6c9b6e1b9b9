/*
 * Comparing a column with constants, 64 rows to a word.
 *
 * The plain loops say what is meant; on x86-64 with AVX2 the same tests run four or eight rows at a
 * time.  Both give the same bits: comparisons are exact.
 */
#include <math.h>

#include "expr_priv.h"

/* --- plain --------------------------------------------------------------------------------- */

static void i64_plain(const int64_t *x, uint32_t n, int64_t lo, int64_t hi, uint64_t *out)
{
	const uint64_t base = (uint64_t)lo, span = (uint64_t)hi - (uint64_t)lo;
	YG_PACK_WORDS(n, out, (uint64_t)x[i] - base <= span);
}

static void i32_plain(const int32_t *x, uint32_t n, int32_t lo, int32_t hi, uint64_t *out)
{
	const uint32_t base = (uint32_t)lo, span = (uint32_t)hi - (uint32_t)lo;
	YG_PACK_WORDS(n, out, (uint32_t)x[i] - base <= span);
}

static void f64_plain(const double *x, uint32_t n, double lo, double hi, bool open_lo, bool open_hi, uint64_t *out)
{
	if (open_lo)
		YG_PACK_WORDS(n, out, (x[i] > lo) & (x[i] <= hi));
	else if (open_hi)
		YG_PACK_WORDS(n, out, (x[i] >= lo) & (x[i] < hi));
	else
		YG_PACK_WORDS(n, out, (x[i] >= lo) & (x[i] <= hi));
}

static void flag_plain(const uint8_t *x, uint32_t n, uint64_t *out)
{
	YG_PACK_WORDS(n, out, x[i] != 0);
}

static void table_plain(const int32_t *x, uint32_t n, uint32_t truth, uint64_t *out)
{
	YG_PACK_WORDS(n, out, truth >> (x[i] & 31) & 1);
}

/* --- AVX2 ---------------------------------------------------------------------------------- */

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

static bool fast(void)
{
	return __builtin_cpu_supports("avx2");
}

AVX2 static void i64_fast(const int64_t *x, uint32_t words, int64_t lo, int64_t hi, uint64_t *out)
{
	const __m256i l = _mm256_set1_epi64x(lo), h = _mm256_set1_epi64x(hi);
	for (uint32_t w = 0; w < words; w++, x += 64) {
		uint64_t miss = 0;
		for (unsigned k = 0; k < 64; k += 4) {
			__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(x + k));
			__m256i bad = _mm256_or_si256(_mm256_cmpgt_epi64(l, v), _mm256_cmpgt_epi64(v, h));
			miss |= (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(bad)) << k;
		}
		out[w] = ~miss;
	}
}

AVX2 static void i32_fast(const int32_t *x, uint32_t words, int32_t lo, int32_t hi, uint64_t *out)
{
	const __m256i l = _mm256_set1_epi32(lo), h = _mm256_set1_epi32(hi);
	for (uint32_t w = 0; w < words; w++, x += 64) {
		uint64_t miss = 0;
		for (unsigned k = 0; k < 64; k += 8) {
			__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(x + k));
			__m256i bad = _mm256_or_si256(_mm256_cmpgt_epi32(l, v), _mm256_cmpgt_epi32(v, h));
			miss |= (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(bad)) << k;
		}
		out[w] = ~miss;
	}
}

AVX2 static void f64_fast(const double *x, uint32_t words, double lo, double hi, bool open_lo, bool open_hi, uint64_t *out)
{
	const __m256d l = _mm256_set1_pd(lo), h = _mm256_set1_pd(hi);
	for (uint32_t w = 0; w < words; w++, x += 64) {
		uint64_t bits = 0;
		for (unsigned k = 0; k < 64; k += 4) {
			__m256d v = _mm256_loadu_pd(x + k);
			__m256d above = open_lo ? _mm256_cmp_pd(v, l, _CMP_GT_OQ) : _mm256_cmp_pd(v, l, _CMP_GE_OQ);
			__m256d below = open_hi ? _mm256_cmp_pd(v, h, _CMP_LT_OQ) : _mm256_cmp_pd(v, h, _CMP_LE_OQ);
			bits |= (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_and_pd(above, below)) << k;
		}
		out[w] = bits;
	}
}

AVX2 static void flag_fast(const uint8_t *x, uint32_t words, uint64_t *out)
{
	const __m256i zero = _mm256_setzero_si256();
	for (uint32_t w = 0; w < words; w++, x += 64) {
		__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)x);
		__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(x + 32));
		uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, zero));
		uint64_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, zero));
		out[w] = ~(low | high << 32);
	}
}

AVX2 static void table_fast(const int32_t *x, uint32_t words, uint32_t truth, uint64_t *out)
{
	const __m256i t = _mm256_set1_epi32((int32_t)truth), low = _mm256_set1_epi32(31);
	for (uint32_t w = 0; w < words; w++, x += 64) {
		uint64_t bits = 0;
		for (unsigned k = 0; k < 64; k += 8) {
			__m256i v = _mm256_and_si256(_mm256_loadu_si256((const __m256i *)(const void *)(x + k)), low);
			__m256i at = _mm256_slli_epi32(_mm256_srlv_epi32(t, v), 31);
			bits |= (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(at)) << k;
		}
		out[w] = bits;
	}
}
#else
static bool fast(void)
{
	return false;
}
#define i64_fast(x, words, lo, hi, out) ((void)0)
#define i32_fast(x, words, lo, hi, out) ((void)0)
#define f64_fast(x, words, lo, hi, open_lo, open_hi, out) ((void)0)
#define flag_fast(x, words, out) ((void)0)
#define table_fast(x, words, truth, out) ((void)0)
#endif

/* --- whole words fast, the rest plain ------------------------------------------------------- */

void yg_bits_i64(const int64_t *x, uint32_t n, int64_t lo, int64_t hi, uint64_t *out)
{
	uint32_t words = fast() ? n / 64 : 0;
	i64_fast(x, words, lo, hi, out);
	i64_plain(x + (size_t)words * 64, n - words * 64, lo, hi, out + words);
}

void yg_bits_i32(const int32_t *x, uint32_t n, int32_t lo, int32_t hi, uint64_t *out)
{
	uint32_t words = fast() ? n / 64 : 0;
	i32_fast(x, words, lo, hi, out);
	i32_plain(x + (size_t)words * 64, n - words * 64, lo, hi, out + words);
}

void yg_bits_f64(const double *x, uint32_t n, double lo, double hi, bool open_lo, bool open_hi, uint64_t *out)
{
	uint32_t words = fast() ? n / 64 : 0;
	f64_fast(x, words, lo, hi, open_lo, open_hi, out);
	f64_plain(x + (size_t)words * 64, n - words * 64, lo, hi, open_lo, open_hi, out + words);
}

void yg_bits_flag(const uint8_t *x, uint32_t n, uint64_t *out)
{
	uint32_t words = fast() ? n / 64 : 0;
	flag_fast(x, words, out);
	flag_plain(x + (size_t)words * 64, n - words * 64, out + words);
}

void yg_bits_table(const int32_t *x, uint32_t n, uint32_t truth, uint64_t *out)
{
	uint32_t words = fast() ? n / 64 : 0;
	table_fast(x, words, truth, out);
	table_plain(x + (size_t)words * 64, n - words * 64, truth, out + words);
}
