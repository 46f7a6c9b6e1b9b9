/* Names of keys. */
#include "yogo/tui/key.h"

#include <stdio.h>
#include <string.h>

#include "yogo/base/text.h"

static const struct {
	const char *name;
	int key;
} names[] = {
	{ "Tab", YG_KEY_TAB },         { "Enter", YG_KEY_ENTER },       { "Esc", YG_KEY_ESCAPE },      { "Backspace", YG_KEY_BACKSPACE },
	{ "Space", ' ' },              { "Up", YG_KEY_UP },             { "Down", YG_KEY_DOWN },       { "Left", YG_KEY_LEFT },
	{ "Right", YG_KEY_RIGHT },     { "Home", YG_KEY_HOME },         { "End", YG_KEY_END },         { "PageUp", YG_KEY_PAGE_UP },
	{ "PageDown", YG_KEY_PAGE_DOWN }, { "Delete", YG_KEY_DELETE },  { "Insert", YG_KEY_INSERT },   { "BackTab", YG_KEY_BACK_TAB },
	{ "F1", YG_KEY_F1 },           { "F2", YG_KEY_F2 },             { "F3", YG_KEY_F3 },           { "F4", YG_KEY_F4 },
	{ "F5", YG_KEY_F5 },           { "F6", YG_KEY_F6 },             { "F7", YG_KEY_F7 },           { "F8", YG_KEY_F8 },
	{ "F9", YG_KEY_F9 },           { "F10", YG_KEY_F10 },           { "Resize", YG_KEY_RESIZE },   { "Mouse", YG_KEY_MOUSE },
};

int yg_key_parse(const char *name)
{
	size_t n = strlen(name);
	uint32_t code;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].key;
	if (n == 6 && strncmp(name, "Ctrl-", 5) == 0 && name[5] >= 'A' && name[5] <= 'Z')
		return YG_CTRL(name[5]);
	if (n && yg_utf8_next(name, n, &code) == n && code >= ' ')
		return (int)code;
	return YG_KEY_UNKNOWN;
}

const char *yg_key_name(int key, char buffer[16])
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].key == key)
			return names[i].name;
	if (key > 0 && key < ' ')
		snprintf(buffer, 16, "Ctrl-%c", 'A' + key - 1);
	else if (key < 0x80)
		snprintf(buffer, 16, "%c", key);
	else
		snprintf(buffer, 16, "U+%04X", (unsigned)key);
	return buffer;
}
