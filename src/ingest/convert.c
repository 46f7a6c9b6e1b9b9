/* Text of other encodings -> UTF-8.  What cannot be converted is marked, never guessed. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "src/ingest/bytes_priv.h"
#include "yogo/base/buf.h"
#include "yogo/base/mem.h"
#include "yogo/base/text.h"

struct converter {
	iconv_t cd;
	struct yg_buf out;
	size_t taken;
	char tail[16];          /* an incomplete character at the end of the last piece */
	size_t tails;
	uint64_t at;            /* bytes converted so far */
	uint64_t bad, first_bad;
};

const char *convert_name(const char *encoding)
{
	static const char *const known[][2] = {
		{ "utf-8", "UTF-8" },         { "utf8", "UTF-8" },         { "utf-16", "UTF-16" },
		{ "utf-16le", "UTF-16LE" },   { "utf-16be", "UTF-16BE" },  { "cp932", "CP932" },
		{ "ms932", "CP932" },         { "shift_jis", "CP932" },    { "shift-jis", "CP932" },
		{ "sjis", "CP932" },          { "windows-31j", "CP932" },  { "euc-jp", "EUC-JP" },
		{ "eucjp", "EUC-JP" },        { "iso-2022-jp", "ISO-2022-JP" },
		{ "latin1", "ISO-8859-1" },   { "iso-8859-1", "ISO-8859-1" },
		{ "cp1252", "CP1252" },       { "windows-1252", "CP1252" },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (yg_str_eq_ascii_nocase(yg_str(encoding), yg_str(known[i][0])))
			return known[i][1];
	}
	return NULL;
}

struct converter *convert_new(const char *iconv_name)
{
	struct converter *c;
	iconv_t cd = iconv_open("UTF-8", iconv_name);

	if (cd == (iconv_t)-1)
		return NULL;
	c = yg_xcalloc(1, sizeof *c);
	c->cd = cd;
	yg_buf_init(&c->out);
	return c;
}

static void mark_bad(struct converter *c, uint64_t at)
{
	if (!c->bad++)
		c->first_bad = at;
	yg_buf_addc(&c->out, (char)0xff);
}

static void run(struct converter *c, char *in, size_t n, bool last)
{
	while (n) {
		char *to;
		size_t room, before = n, result;

		yg_buf_reserve(&c->out, n * 2 + 64);
		to = c->out.data + c->out.len;
		room = c->out.cap - c->out.len - 1;
		result = iconv(c->cd, &in, &n, &to, &room);
		c->out.len = (size_t)(to - c->out.data);
		c->out.data[c->out.len] = 0;
		c->at += before - n;
		if (result != (size_t)-1)
			continue;
		if (errno == E2BIG)
			continue;
		if (errno == EINVAL && !last && n <= sizeof c->tail) {
			memcpy(c->tail, in, n);
			c->tails = n;
			return;
		}
		mark_bad(c, c->at);
		in++;
		n--;
		c->at++;
	}
}

void convert_add(struct converter *c, const char *in, size_t n, bool last)
{
	struct yg_buf joined = YG_BUF_INIT;

	if (c->taken == c->out.len) {
		yg_buf_clear(&c->out);
		c->taken = 0;
	}
	yg_buf_add(&joined, c->tail, c->tails);
	yg_buf_add(&joined, in, n);
	c->tails = 0;
	run(c, joined.data, joined.len, last);
	yg_buf_release(&joined);
}

size_t convert_take(struct converter *c, char *to, size_t size)
{
	size_t n = c->out.len - c->taken;

	if (n > size)
		n = size;
	memcpy(to, c->out.data + c->taken, n);
	c->taken += n;
	return n;
}

uint64_t convert_bad(const struct converter *c, uint64_t *first)
{
	*first = c->first_bad;
	return c->bad;
}

void convert_free(struct converter *c)
{
	if (!c)
		return;
	iconv_close(c->cd);
	yg_buf_release(&c->out);
	yg_free(c);
}
