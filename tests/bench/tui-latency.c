/* tui-latency.c - how long a terminal program takes to answer: runs it in a pseudo-terminal of 80 x 24, sends keys and
 * waits for words in what it writes.  Prints milliseconds; asserts nothing.
 *
 *   cc -O2 -o tui-latency tui-latency.c -lutil
 *   tui-latency STEPS -- PROGRAM ARGUMENT ...
 *
 * STEPS is a file of lines
 *   wait WORDS...        until the words are written; not printed
 *   time NAME | WORDS    the same, and print NAME with the milliseconds since the last key (or the start)
 *   type TEXT            keys one by one, 2 ms apart
 *   key TEXT             all at once; \e \r \t \s stand for Esc, Enter, Tab, Space
 *   settle NAME          until nothing more is written for a second: print the time from the last key to the last writing
 *   pause MILLISECONDS
 *   each N NAME | KEY WORDS | KEY WORDS   N times: the one key until its words, the other until its words; median and worst
 * Colours and movements are taken out of what is written before it is searched, blanks too: curses jumps over them.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int terminal;
static char seen[1 << 16];   /* letters since the last key */
static size_t seens;
static double last_key;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* Keep letters, digits and signs; leave out escape sequences, blanks and what is not ASCII. */
static void keep(const char *p, ssize_t n)
{
	static int escape;

	for (; n > 0; n--, p++) {
		unsigned char c = (unsigned char)*p;
		if (escape == 1)
			escape = c == '[' || c == '(' || c == ']' ? 2 : 0;
		else if (escape == 2)
			escape = (c >= '@' && c <= '~') ? 0 : 2;
		else if (c == 27)
			escape = 1;
		else if (c > ' ' && c < 127 && seens + 1 < sizeof seen)
			seen[seens++] = (char)c;
	}
	seen[seens] = '\0';
}

static int read_some(int timeout)
{
	struct pollfd p = { terminal, POLLIN, 0 };
	char buffer[65536];
	ssize_t n;

	if (poll(&p, 1, timeout) <= 0)
		return 0;
	n = read(terminal, buffer, sizeof buffer);
	if (n <= 0)
		return -1;
	keep(buffer, n);
	return 1;
}

static void press(const char *text, size_t n)
{
	while (read_some(0) > 0)
		;
	seens = 0;
	seen[0] = '\0';
	last_key = now();
	if (write(terminal, text, n) < 0)
		perror("write");
}

/* Milliseconds since the last key until the words are written, -1 = not within 20 seconds. */
static double wait_for(const char *words)
{
	char wanted[256];
	size_t n = 0;

	for (; *words && n + 1 < sizeof wanted; words++)
		if (*words != ' ' && *words != '\n')
			wanted[n++] = *words;
	wanted[n] = '\0';
	for (;;) {
		if (strstr(seen, wanted))
			return now() - last_key;
		if (now() - last_key > 20000 || read_some(1000) < 0) {
			fprintf(stderr, "\"%s\" was not written\n", wanted);
			return -1;
		}
	}
}

static size_t unescape(const char *from, char *to)
{
	size_t n = 0;

	for (; *from && *from != '\n'; from++) {
		if (*from == '\\' && from[1]) {
			from++;
			to[n++] = *from == 'e' ? 27 : *from == 'r' ? 13 : *from == 't' ? 9 : *from == 's' ? ' ' : *from;
		} else {
			to[n++] = *from;
		}
	}
	return n;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void each(char *rest)
{
	int n = (int)strtol(rest, &rest, 10), count = 0;
	char *left = NULL, *name = strtok_r(rest, "|", &left), *one = strtok_r(NULL, "|", &left), *other = strtok_r(NULL, "|\n", &left);
	double *took = calloc((size_t)n * 2 + 1, sizeof *took);

	for (int i = 0; i < 2 * n && one && other; i++) {
		char key[16], *part = (i % 2 ? other : one) + strspn(i % 2 ? other : one, " ");
		size_t length = strcspn(part, " ");
		char word[32] = "";
		memcpy(word, part, length < sizeof word - 1 ? length : sizeof word - 1);
		press(key, unescape(word, key));
		took[count] = wait_for(part + length);
		if (took[count] < 0)
			break;
		count++;
	}
	qsort(took, (size_t)count, sizeof *took, by_value);
	if (count)
		printf("%-40s median %7.1f ms   worst %7.1f ms   of %d\n", name, took[count / 2], took[count - 1], count);
	free(took);
}

static void step(char *line)
{
	char *rest = line + strcspn(line, " "), text[4096], *bar;

	if (*rest)
		*rest++ = '\0';
	if (!strcmp(line, "wait")) {
		wait_for(rest);
	} else if (!strcmp(line, "time") && (bar = strchr(rest, '|'))) {
		double took = wait_for(bar + 1);
		if (took >= 0)
			printf("%-40.*s %7.1f ms\n", (int)(bar - rest), rest, took);
	} else if (!strcmp(line, "key")) {
		press(text, unescape(rest, text));
	} else if (!strcmp(line, "type")) {
		size_t n = unescape(rest, text);
		for (size_t i = 0; i < n; i++) {
			press(text + i, 1);
			usleep(2000);
		}
	} else if (!strcmp(line, "settle")) {
		double last = now();
		while (now() - last < 1000)
			if (read_some(50) > 0)
				last = now();
		printf("%-40s %7.1f ms\n", rest, last - last_key);
	} else if (!strcmp(line, "pause")) {
		double until = now() + strtod(rest, NULL);
		while (now() < until)
			read_some(5);
	} else if (!strcmp(line, "each")) {
		each(rest);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct winsize size = { 24, 80, 0, 0 };
	FILE *steps = argc > 3 ? fopen(argv[1], "r") : NULL;
	char line[4096];
	pid_t child;

	if (!steps) {
		fprintf(stderr, "tui-latency STEPS -- PROGRAM ARGUMENT ...\n");
		return 2;
	}
	last_key = now();
	child = forkpty(&terminal, NULL, NULL, &size);
	if (child == 0) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	while (fgets(line, sizeof line, steps)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			step(line);
	}
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	return 0;
}
