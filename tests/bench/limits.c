/*
 * limits: what this machine can do at most, for distances from the floor.
 *   cc -O3 -march=native -o limits limits.c -lpthread
 * Prints "read_gb_s ONE TWO" and "gflop_s ONE TWO": a sum over 1 GiB of doubles, and independent multiply-add
 * chains, on one and on two threads; the best of five.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

typedef double v8 __attribute__((vector_size(64)));

#define NUMBERS ((size_t)1 << 27)
#define STEPS 20000000

struct job {
	size_t from, to;
	int flops;
	double result;
};
static double *numbers;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double total(v8 x)
{
	double s = 0;
	for (int i = 0; i < 8; i++)
		s += x[i];
	return s;
}

static void *work(void *argument)
{
	struct job *j = argument;
	if (!j->flops) {
		v8 a = { 0 }, b = a, c = a, d = a;
		const v8 *x = (const v8 *)(numbers + j->from);
		for (size_t i = 0; i < (j->to - j->from) / 32; i++) {
			a += x[4 * i];
			b += x[4 * i + 1];
			c += x[4 * i + 2];
			d += x[4 * i + 3];
		}
		j->result = total(a + b + c + d);
		return NULL;
	}
	v8 chain[8], times = { 1.0000001, 1.0000001, 1.0000001, 1.0000001, 1.0000001, 1.0000001, 1.0000001, 1.0000001 };
	v8 plus = times - 1;
	for (int k = 0; k < 8; k++)
		chain[k] = times * (k + 1);
	for (int i = 0; i < STEPS; i++)
		for (int k = 0; k < 8; k++)
			chain[k] = chain[k] * times + plus;
	j->result = 0;
	for (int k = 0; k < 8; k++)
		j->result += total(chain[k]);
	return NULL;
}

static double best(int flops, size_t threads)
{
	double least = 1e300;
	for (int run = 0; run < 5; run++) {
		pthread_t thread[2];
		struct job job[2];
		double start = now();
		for (size_t k = 0; k < threads; k++) {
			job[k] = (struct job){ NUMBERS / threads * k, NUMBERS / threads * (k + 1), flops, 0 };
			pthread_create(&thread[k], NULL, work, &job[k]);
		}
		for (size_t k = 0; k < threads; k++) {
			pthread_join(thread[k], NULL);
			if (job[k].result == 12345.678)
				puts("");
		}
		double t = now() - start;
		least = t < least ? t : least;
	}
	return least;
}

int main(void)
{
	numbers = mmap(NULL, NUMBERS * sizeof *numbers, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (numbers == MAP_FAILED)
		return perror("mmap"), 1;
	madvise(numbers, NUMBERS * sizeof *numbers, MADV_HUGEPAGE);
	for (size_t i = 0; i < NUMBERS; i++)
		numbers[i] = (double)(i & 1023);
	double bytes = (double)(NUMBERS * sizeof *numbers) / 1e9, flops = 2.0 * 64 * STEPS / 1e9;
	printf("read_gb_s %.2f %.2f\n", bytes / best(0, 1), bytes / best(0, 2));
	printf("gflop_s %.1f %.1f\n", flops / best(1, 1), 2 * flops / best(1, 2));
	return 0;
}
