/* Text of paths; no file is touched. */
#include <string.h>

#include "yogo/base/io.h"
#include "yogo/base/mem.h"

char *yg_path_join(const char *folder, const char *name)
{
	size_t n = strlen(folder);
	if (name[0] == '/' || n == 0 || strcmp(folder, ".") == 0)
		return yg_xstrdup(name);
	return yg_xasprintf("%s%s%s", folder, folder[n - 1] == '/' ? "" : "/", name);
}

char *yg_path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return yg_xstrdup(".");
	while (slash > path && slash[-1] == '/')
		slash--;
	return slash == path ? yg_xstrdup("/") : yg_xstrndup(path, (size_t)(slash - path));
}

const char *yg_path_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

char *yg_path_stem(const char *path)
{
	const char *file = yg_path_file(path), *dot = strrchr(file, '.');
	return dot && dot != file ? yg_xstrndup(file, (size_t)(dot - file)) : yg_xstrdup(file);
}

bool yg_path_inside(const char *path)
{
	if (path[0] == '/' || path[0] == 0)
		return false;
	for (const char *part = path; part;) {
		const char *slash = strchr(part, '/');
		size_t n = slash ? (size_t)(slash - part) : strlen(part);
		if (n == 2 && part[0] == '.' && part[1] == '.')
			return false;
		part = slash ? slash + 1 : NULL;
	}
	return true;
}
