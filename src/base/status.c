/* Status codes, and the filling of messages. */
#include "yogo/base/status.h"

#include <stdio.h>
#include <string.h>

#include "yogo/base/i18n.h"

const char *yg_status_name(enum yg_status s)
{
	static const char *const name[] = {
#define X(name, exit_code, meaning) #name,
		YG_STATUS_LIST(X)
#undef X
	};
	return (unsigned)s < YG_STATUS_COUNT ? name[s] : "YG_UNKNOWN";
}

int yg_status_exit(enum yg_status s)
{
	static const int code[] = {
#define X(name, exit_code, meaning) exit_code,
		YG_STATUS_LIST(X)
#undef X
	};
	return (unsigned)s < YG_STATUS_COUNT ? code[s] : 70;
}

/* A cut message must not end inside a UTF-8 sequence: drop the last, incomplete character. */
static void trim_partial(char *text, size_t len)
{
	size_t start = len;
	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return;
	unsigned char lead = (unsigned char)text[start - 1];
	size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	if (len - (start - 1) < need)
		text[start - 1] = 0;
}

/* Formats into a second buffer first, so that an argument may be a text of the same err. */
static void format_to(char *out, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
static void format_to(char *out, size_t size, const char *format, va_list args)
{
	char buffer[1024];
	int n = vsnprintf(buffer, size < sizeof buffer ? size : sizeof buffer, gettext(format), args);
	if (n < 0)
		buffer[0] = 0;
	else if ((size_t)n >= size)
		trim_partial(buffer, strlen(buffer));
	memcpy(out, buffer, strlen(buffer) + 1);
}

void yg_err_clear(struct yg_err *err)
{
	if (err)
		memset(err, 0, sizeof *err);
}

static void set_head(struct yg_err *err, enum yg_status status, const char *code)
{
	err->status = status;
	err->hint[0] = err->fixed[0] = 0;
	err->at = err->len = 0;
	err->has_span = 0;
	/* code may be err->code itself when a message is wrapped */
	size_t n = strnlen(code, sizeof err->code - 1);
	memmove(err->code, code, n);
	err->code[n] = 0;
}

enum yg_status yg_fail(struct yg_err *err, enum yg_status status, const char *code, const char *format, ...)
{
	if (err) {
		va_list args;
		va_start(args, format);
		format_to(err->text, sizeof err->text, format, args);
		va_end(args);
		set_head(err, status, code);
	}
	return status;
}

enum yg_status yg_fail_at(struct yg_err *err, enum yg_status status, size_t at, size_t len, const char *code,
                          const char *format, ...)
{
	if (err) {
		va_list args;
		va_start(args, format);
		format_to(err->text, sizeof err->text, format, args);
		va_end(args);
		set_head(err, status, code);
		err->at = at;
		err->len = len;
		err->has_span = 1;
	}
	return status;
}

void yg_err_hint(struct yg_err *err, const char *format, ...)
{
	if (!err)
		return;
	va_list args;
	va_start(args, format);
	format_to(err->hint, sizeof err->hint, format, args);
	va_end(args);
}

void yg_err_fixed(struct yg_err *err, const char *format, ...)
{
	if (!err)
		return;
	va_list args;
	va_start(args, format);
	format_to(err->fixed, sizeof err->fixed, format, args);
	va_end(args);
}
