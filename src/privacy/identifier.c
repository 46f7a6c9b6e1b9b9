/* Tests on one value or one column name. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "yogo/base/text.h"
#include "yogo/privacy/detect.h"

bool yg_detect_ascii(const char *p, size_t n)
{
	unsigned char any = 0;
	for (size_t i = 0; i < n; i++)
		any |= (unsigned char)p[i];
	return any < 0x80;
}

static void fold_forms(struct yg_buf *out, const char *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t len = yg_utf8_next(p + i, n - i, &c);
		if (c >= 0xff01 && c <= 0xff5e)
			yg_buf_addc(out, (char)(c - 0xff01 + 0x21));
		else if (c == 0x3000 || c == 0xa0)
			yg_buf_addc(out, ' ');
		else if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30fc || c == 0xff70 || c == 0xff0d)
			yg_buf_addc(out, '-');
		else
			yg_buf_add(out, p + i, len);
		i += len;
	}
}

/* Full-width ASCII, the ideographic space and the many hyphens in one form; no blanks at the ends. */
void yg_detect_normalise(struct yg_buf *out, const char *p, size_t n)
{
	yg_buf_clear(out);
	if (yg_detect_ascii(p, n))
		yg_buf_add(out, p, n);
	else
		fold_forms(out, p, n);
	size_t start = 0;
	while (start < out->len && (out->data[start] == ' ' || out->data[start] == '\t'))
		start++;
	while (out->len > start && (out->data[out->len - 1] == ' ' || out->data[out->len - 1] == '\t'))
		out->len--;
	if (out->cap) {
		memmove(out->data, out->data + start, out->len - start);
		out->len -= start;
		out->data[out->len] = '\0';
	}
}

static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A word at the start of a part of the name ("tel_home", "patientName"); whole: it must end there too. */
static bool has_word(const char *name, const char *word, bool whole)
{
	size_t n = strlen(word);
	for (const char *p = name; *p; p++) {
		if (strncasecmp(p, word, n) != 0)
			continue;
		bool begins = p == name || !letter(p[-1]) || (isupper((unsigned char)*p) && islower((unsigned char)p[-1]));
		bool ends = !letter(p[n]) || (isupper((unsigned char)p[n]) && islower((unsigned char)p[n - 1]));
		if (begins && (ends || !whole))
			return true;
	}
	return false;
}

bool yg_detect_birth_name(const char *name)
{
	return strstr(name, "\xe7\x94\x9f\xe5\xb9\xb4\xe6\x9c\x88\xe6\x97\xa5") || /* 生年月日 */
	       strstr(name, "\xe8\xaa\x95\xe7\x94\x9f") ||                         /* 誕生 */
	       has_word(name, "birth", true) || has_word(name, "birthday", false) || has_word(name, "birthdate", false) ||
	       has_word(name, "brthdt", true) || has_word(name, "dob", true);
}

bool yg_detect_column_name(const char *name)
{
	static const char *const inside[] = {
		"氏名", "名前", "カナ", "住所", "電話", "携帯", "メール", "郵便", "保険証", "被保険者", "記号番号",
		"枝番", "マイナンバー", "個人番号", "患者番号", "カルテ", "診察券",
	};
	static const char *const start[] = { "kana", "addr", "phone", "mail", "email", "postal", "insur", "mynumber", "surname", "firstname", "lastname" };
	static const char *const whole[] = { "name", "tel", "zip", "zipcode", "mrn", "ssn", "chartno", "patientno" };
	for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
		if (strstr(name, inside[i]))
			return true;
	for (size_t i = 0; i < sizeof start / sizeof *start; i++)
		if (has_word(name, start[i], false))
			return true;
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (has_word(name, whole[i], true))
			return true;
	/* "chart_no", "patient.no" */
	static const char *const before_number[] = { "chart", "patient" };
	for (size_t i = 0; i < 2; i++)
		if (has_word(name, before_number[i], true) && has_word(name, "no", true))
			return true;
	return yg_detect_birth_name(name);
}

static size_t digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* Twelve digits; the last is a check digit over the first eleven, from the right: weights 2..7, 2..6. */
bool yg_detect_my_number(const char *s)
{
	int sum = 0;
	if (digits(s) != 12 || s[12])
		return false;
	for (int n = 1; n <= 11; n++)
		sum += (s[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
	int check = sum % 11 <= 1 ? 0 : 11 - sum % 11;
	return s[11] - '0' == check;
}

bool yg_detect_telephone(const char *s)
{
	char plain[24];
	size_t n = 0, hyphens = 0, part = 0;
	bool abroad = strncmp(s, "+81", 3) == 0;
	if (abroad) {
		s += 3;
		s += *s == '-' || *s == ' ';
		s += strncmp(s, "(0)", 3) == 0 ? 3 : 0;
		plain[n++] = '0';
	}
	for (; *s; s++) {
		if (*s == '-' || *s == ' ' || *s == '(' || *s == ')') {
			hyphens++;
			part = 0;
			continue;
		}
		if (*s < '0' || *s > '9' || n + 1 >= sizeof plain || ++part > 11)
			return false;
		plain[n++] = *s;
	}
	plain[n] = '\0';
	if (plain[0] != '0' || plain[1] == '0' || hyphens > 3)
		return false;
	bool mobile = strchr("5789", plain[1]) && plain[2] == '0';
	return n == 10 || (n == 11 && mobile);
}

bool yg_detect_postal(const char *s)
{
	if (strncmp(s, "\xe3\x80\x92", 3) == 0) { /* the postal mark */
		s += 3;
		s += *s == ' ';
	}
	if (digits(s) == 7)
		return s[7] == '\0';
	return digits(s) == 3 && s[3] == '-' && digits(s + 4) == 4 && s[8] == '\0';
}

static bool email(const char *s)
{
	const char *at = strchr(s, '@');
	if (!at || at == s || strchr(at + 1, '@'))
		return false;
	const char *dot = strrchr(at, '.');
	return dot && dot > at + 1 && letter(dot[1]) && letter(dot[2]) && !strchr(s, ' ');
}

static bool ipv4(const char *s)
{
	int parts = 0;
	for (; parts < 4; parts++) {
		size_t n = digits(s);
		int v = 0;
		if (n < 1 || n > 3)
			return false;
		for (size_t i = 0; i < n; i++)
			v = 10 * v + (s[i] - '0');
		if (v > 255)
			return false;
		s += n;
		if (parts < 3 && *s++ != '.')
			return false;
	}
	return *s == '\0';
}

static bool mac(const char *s)
{
	for (int i = 0; i < 6; i++) {
		if (!isxdigit((unsigned char)s[0]) || !isxdigit((unsigned char)s[1]))
			return false;
		if (i == 5)
			return s[2] == '\0';
		if (s[2] != ':' && s[2] != '-')
			return false;
		s += 3;
	}
	return false;
}

bool yg_detect_address(const char *s)
{
	return email(s) || ipv4(s) || mac(s) || strncasecmp(s, "http://", 7) == 0 || strncasecmp(s, "https://", 8) == 0 ||
	       strncasecmp(s, "www.", 4) == 0;
}

bool yg_detect_person_words(const char *s)
{
	static const char *const word[] = { "様", "さん", "氏", "先生", "医師", "病院", "クリニック", "県", "市", "区", "町" };
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (strstr(s, word[i]))
			return true;
	return false;
}
