/* What files are in a folder: for lists to choose from and for completion. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "yogo/base/io.h"
#include "yogo/base/mem.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = suffix ? strlen(suffix) : 0;

	return n >= m && (m == 0 || strcmp(name + n - m, suffix) == 0);
}

size_t yg_io_list_folder(const char *path, const char *suffix, struct yg_arena *arena, const char *const **names)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	char **found = NULL;
	const char **out;
	size_t n = 0, cap = 0;

	while (folder && (entry = readdir(folder))) {
		char *full;
		struct stat facts;
		if (entry->d_name[0] == '.')
			continue;
		full = yg_path_join(path, entry->d_name);
		if (stat(full, &facts) == 0 && (S_ISDIR(facts.st_mode) || (S_ISREG(facts.st_mode) && ends_with(entry->d_name, suffix)))) {
			YG_GROW(found, n, cap);
			found[n++] = yg_xasprintf("%s%s", entry->d_name, S_ISDIR(facts.st_mode) ? "/" : "");
		}
		yg_free(full);
	}
	if (folder)
		closedir(folder);
	if (n)
		qsort(found, n, sizeof *found, by_name);
	out = yg_arena_alloc(arena, n + 1, sizeof *out);
	for (size_t i = 0; i < n; i++) {
		out[i] = yg_arena_strdup(arena, found[i]);
		yg_free(found[i]);
	}
	yg_free(found);
	*names = out;
	return n;
}
