/* Character classes of the language.  A short table by blocks, so that no locale has a say. */
#include "lang/char_priv.h"

#include <stddef.h>

struct range {
	uint32_t first, last;
};

static bool within(const struct range *range, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n && range[i].first <= c; i++)
		if (c <= range[i].last)
			return true;
	return false;
}
#define WITHIN(table, c) within((table), sizeof(table) / sizeof *(table), (c))

bool yg_char_blank(uint32_t c)
{
	return c == ' ' || c == '\t' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
	       c == 0x205F || c == 0x3000;
}

bool yg_char_hidden(uint32_t c)
{
	static const struct range hidden[] = {
		{ 0x00, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x61C, 0x61C }, { 0x180E, 0x180E }, { 0x200B, 0x200F },
		{ 0x2028, 0x202E }, { 0x2060, 0x206F }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
	};
	return WITHIN(hidden, c);
}

/* Code points from U+0080 that are not part of a name: punctuation, symbols, surrogates, private use. */
static bool symbol(uint32_t c)
{
	static const struct range symbols[] = {
		{ 0x80, 0xA9 }, { 0xAB, 0xB4 }, { 0xB6, 0xB9 }, { 0xBB, 0xBF }, { 0xD7, 0xD7 }, { 0xF7, 0xF7 },
		{ 0x2000, 0x206F }, { 0x2070, 0x209F }, { 0x20A0, 0x20CF }, { 0x2100, 0x214F }, { 0x2190, 0x2BFF },
		{ 0x2E00, 0x2E7F }, { 0x3000, 0x3004 }, { 0x3008, 0x3020 }, { 0x3030, 0x3030 }, { 0x303D, 0x303F },
		{ 0xD800, 0xF8FF }, { 0xFD3E, 0xFD3F }, { 0xFE10, 0xFE1F }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF0F },
		{ 0xFF1A, 0xFF20 }, { 0xFF3B, 0xFF40 }, { 0xFF5B, 0xFF64 }, { 0xFFE0, 0xFFFF }, { 0x1F000, 0x1FAFF },
		{ 0xF0000, 0x10FFFF },
	};
	return WITHIN(symbols, c) || yg_char_hidden(c) || yg_char_blank(c);
}

/* Marks, digits and the Japanese middle dots stand inside a name, never first. */
static bool part_only(uint32_t c)
{
	static const struct range parts[] = {
		{ 0x300, 0x36F }, { 0x660, 0x669 }, { 0x3099, 0x309A }, { 0x30FB, 0x30FB }, { 0xFE00, 0xFE0F },
		{ 0xFE20, 0xFE2F }, { 0xFF10, 0xFF19 }, { 0xFF65, 0xFF65 }, { 0xE0100, 0xE01EF },
	};
	return WITHIN(parts, c);
}

static bool letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool yg_char_name_start(uint32_t c)
{
	return letter(c) || (c >= 0x80 && !symbol(c) && !part_only(c));
}

bool yg_char_name_part(uint32_t c)
{
	return letter(c) || (c >= '0' && c <= '9') || (c >= 0x80 && !symbol(c));
}

bool yg_char_double_quote(uint32_t c)
{
	return (c >= 0x201C && c <= 0x201F) || c == 0xFF02 || c == 0x2033 || c == 0xAB || c == 0xBB || c == 0x300C ||
	       c == 0x300D || c == 0x300E || c == 0x300F;
}

bool yg_char_single_quote(uint32_t c)
{
	return (c >= 0x2018 && c <= 0x201B) || c == 0xFF07 || c == 0x2032;
}

const char *yg_char_half(uint32_t c, char buffer[2])
{
	static const struct {
		uint32_t c;
		const char *half;
	} one[] = {
		{ 0xD7, "*" }, { 0xF7, "/" }, { 0x2010, "-" }, { 0x2011, "-" }, { 0x2012, "-" }, { 0x2013, "-" },
		{ 0x2014, "-" }, { 0x2015, "-" }, { 0x2044, "/" }, { 0x2212, "-" }, { 0x2215, "/" }, { 0x2217, "*" },
		{ 0x223C, "~" }, { 0x2260, "!=" }, { 0x2264, "<=" }, { 0x2265, ">=" }, { 0x2266, "<=" }, { 0x2267, ">=" },
		{ 0x3001, "," }, { 0x300C, "\"" }, { 0x300D, "\"" }, { 0x3014, "(" }, { 0x3015, ")" }, { 0x3010, "[" },
		{ 0x3011, "]" }, { 0x301C, "~" }, { 0xFF5F, "(" }, { 0xFF60, ")" }, { 0xFF64, "," },
	};
	if (c >= 0xFF01 && c <= 0xFF5E) {
		buffer[0] = (char)(c - 0xFEE0);
		buffer[1] = 0;
		return buffer;
	}
	for (size_t i = 0; i < sizeof one / sizeof *one; i++)
		if (one[i].c == c)
			return one[i].half;
	return NULL;
}
