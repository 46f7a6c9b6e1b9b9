/*
 * measure [-d FILE]... OUT COMMAND...: runs a command and writes to OUT: elapsed, user and system seconds, peak memory in kB.
 * (The shell's time has no memory, and time(1) is not everywhere.)  Files named by -d are first put out of the page cache,
 * so that the command has to read them from the disk; when some of a file stays, a word on stderr says how much.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

/* Pages of an open file that are in memory. */
static size_t resident(int file, size_t bytes)
{
	size_t pages = (bytes + (size_t)sysconf(_SC_PAGESIZE) - 1) / (size_t)sysconf(_SC_PAGESIZE), n = 0;
	unsigned char *in = malloc(pages);
	void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, 0);
	if (in && map != MAP_FAILED && mincore(map, bytes, in) == 0)
		for (size_t i = 0; i < pages; i++)
			n += in[i] & 1;
	if (map != MAP_FAILED)
		munmap(map, bytes);
	free(in);
	return n;
}

static int drop(const char *path)
{
	struct stat about;
	int file = open(path, O_RDONLY);
	if (file < 0 || fstat(file, &about) != 0)
		return perror(path), 1;
	fdatasync(file); /* pages that wait to be written stay */
	posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
	size_t left = about.st_size ? resident(file, (size_t)about.st_size) : 0;
	if (left)
		fprintf(stderr, "measure: %s: %zu pages stay in memory\n", path, left);
	close(file);
	return 0;
}

int main(int argc, char **argv)
{
	for (; argc > 2 && strcmp(argv[1], "-d") == 0; argc -= 2, argv += 2)
		if (drop(argv[2]))
			return 1;
	if (argc < 3)
		return fprintf(stderr, "usage: measure [-d FILE]... OUT COMMAND...\n"), 2;
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
