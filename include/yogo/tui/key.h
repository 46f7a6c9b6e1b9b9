/* Keys: Unicode code points, and names for the rest; read from a terminal or from a key script. */
#ifndef YOGO_TUI_KEY_H
#define YOGO_TUI_KEY_H

#include <stddef.h>

enum {
	YG_KEY_NONE = 0,
	YG_KEY_TAB = 9,
	YG_KEY_ENTER = 13,
	YG_KEY_ESCAPE = 27,
	YG_KEY_BACKSPACE = 127,
	/* Ctrl-A .. Ctrl-Z are 1..26 but for Tab and Enter. */
	YG_KEY_UP = 0x110000, YG_KEY_DOWN, YG_KEY_LEFT, YG_KEY_RIGHT, YG_KEY_HOME, YG_KEY_END, YG_KEY_PAGE_UP, YG_KEY_PAGE_DOWN,
	YG_KEY_DELETE, YG_KEY_INSERT, YG_KEY_BACK_TAB,
	YG_KEY_F1, YG_KEY_F2, YG_KEY_F3, YG_KEY_F4, YG_KEY_F5, YG_KEY_F6, YG_KEY_F7, YG_KEY_F8, YG_KEY_F9, YG_KEY_F10,
	YG_KEY_RESIZE,
	YG_KEY_MOUSE,
	YG_KEY_UNKNOWN
};
#define YG_CTRL(letter) ((letter) - 'A' + 1)

/* "Enter", "Ctrl-P", "Up", "F1", "a", "年": the key of that name, or YG_KEY_UNKNOWN. */
int yg_key_parse(const char *name);
/* The name of a key; buffer of 16 bytes. */
const char *yg_key_name(int key, char buffer[16]);

#endif
