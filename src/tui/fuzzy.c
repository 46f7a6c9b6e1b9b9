/*
 * Fuzzy matching: every word of the pattern must be found in the text, in any order; letters in the
 * order typed, best together and at the start of words.
 */
#include <string.h>

#include "tui_priv.h"

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool same(char pattern, char text, bool exact_case)
{
	return exact_case ? pattern == text : lower(pattern) == lower(text);
}

static bool word_start(const char *text, size_t i)
{
	return i == 0 || strchr(" _-.,:/(\"", text[i - 1]);
}

static void mark(uint64_t marks[4], size_t i)
{
	if (marks && i < 256)
		marks[i / 64] |= (uint64_t)1 << (i % 64);
}

/* The whole word as it is: 100, more at the start of a word; -1 when it is not there. */
static int whole(const char *word, size_t n, const char *text, bool exact_case, size_t *at)
{
	size_t len = strlen(text);
	int best = -1;

	for (size_t i = 0; i + n <= len; i++) {
		size_t k = 0;
		int score;
		while (k < n && same(word[k], text[i + k], exact_case))
			k++;
		if (k < n)
			continue;
		score = 100 + (word_start(text, i) ? 40 : 0) + (i == 0 ? 30 : 0) + (text[i + n] == '\0' || text[i + n] == ' ' ? 20 : 0);
		if (score > best) {
			best = score;
			*at = i;
		}
	}
	return best;
}

/* The letters one after another with gaps; every one not at the start of a word or beside the one before costs. */
static int scattered(const char *word, size_t n, const char *text, bool exact_case, uint64_t marks[4])
{
	size_t i = 0, last = 0;
	int score = 60;

	for (size_t k = 0; k < n; k++) {
		while (text[i] && !same(word[k], text[i], exact_case))
			i++;
		if (!text[i])
			return -1;
		if (k && i != last + 1)
			score -= word_start(text, i) ? 2 : 12;
		else if (!k && !word_start(text, i))
			score -= 12;
		last = i++;
	}
	if (score < 12)
		return -1;   /* so far apart that nobody meant it */
	i = 0;
	for (size_t k = 0; k < n; k++) {
		while (!same(word[k], text[i], exact_case))
			i++;
		mark(marks, i++);
	}
	return score;
}

int yg_fuzzy_score(const char *pattern, const char *text, uint64_t marks[4])
{
	int total = 0;

	if (marks)
		memset(marks, 0, 4 * sizeof *marks);
	while (*(pattern += strspn(pattern, " "))) {
		size_t n = strcspn(pattern, " "), at = 0;
		bool exact_case = false;
		int score;
		for (size_t i = 0; i < n; i++)
			exact_case |= pattern[i] >= 'A' && pattern[i] <= 'Z';
		score = whole(pattern, n, text, exact_case, &at);
		if (score >= 0) {
			for (size_t k = 0; k < n; k++)
				mark(marks, at + k);
		} else {
			score = n > 1 ? scattered(pattern, n, text, exact_case, marks) : -1;
		}
		if (score < 0)
			return -1;
		total += score;
		pattern += n;
	}
	return total;
}
