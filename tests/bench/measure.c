/*
 * measure OUT COMMAND...: runs a command and writes to OUT: elapsed, user and system seconds, peak memory in kB.
 * (The shell's time has no memory, and time(1) is not everywhere.)
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return fprintf(stderr, "usage: measure OUT COMMAND...\n"), 2;
	double start = now();
	pid_t child = fork();
	if (child < 0)
		return perror("fork"), 1;
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	struct rusage use;
	int status;
	if (wait4(child, &status, 0, &use) < 0)
		return perror("wait4"), 1;
	FILE *out = fopen(argv[1], "w");
	if (!out)
		return perror(argv[1]), 1;
	fprintf(out, "%.6f %.6f %.6f %ld\n", now() - start, seconds(use.ru_utime), seconds(use.ru_stime), use.ru_maxrss);
	if (fclose(out) != 0)
		return perror(argv[1]), 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
