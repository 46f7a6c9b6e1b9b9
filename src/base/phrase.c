/* Messages with words from the data inside: marked when built, translated and freed of marks when shown. */
#include "yogo/base/phrase.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "yogo/base/i18n.h"
#include "yogo/base/map.h"

#define OPEN "\xE2\x81\xA8"
#define CLOSE "\xE2\x81\xA9"
#define MARK 3 /* bytes of one mark */
#define MOST_WORDS 9

static bool opens(const char *p)
{
	return memcmp(p, OPEN, 2) == 0 && p[2] == OPEN[2];
}

static bool closes(const char *p)
{
	return memcmp(p, CLOSE, 2) == 0 && p[2] == CLOSE[2];
}

/* The next mark, or NULL. */
static const char *next_mark(const char *p)
{
	for (; (p = strchr(p, OPEN[0])) != NULL; p++)
		if (p[1] == OPEN[1] && (p[2] == OPEN[2] || p[2] == CLOSE[2]))
			return p;
	return NULL;
}

bool yg_phrase_marked(const char *text)
{
	return text && next_mark(text);
}

static void without_marks(const char *from, const char *end, struct yg_buf *out)
{
	for (const char *mark; (mark = next_mark(from)) != NULL && mark < end; from = mark + MARK)
		yg_buf_add(out, from, (size_t)(mark - from));
	yg_buf_add(out, from, (size_t)(end - from));
}

void yg_phrase_english(const char *text, struct yg_buf *out)
{
	if (text)
		without_marks(text, text + strlen(text), out);
}

const char *yg_phrase_data(struct yg_arena *arena, const char *text)
{
	struct yg_buf b = YG_BUF_INIT;
	const char *made;

	if (!text || !text[0])
		return text;
	yg_buf_adds(&b, OPEN);
	yg_phrase_english(text, &b);
	yg_buf_adds(&b, CLOSE);
	made = yg_arena_strdup(arena, b.data);
	yg_buf_release(&b);
	return made;
}

const char *yg_phrase_message(struct yg_arena *arena, const char *message)
{
	struct yg_buf b = YG_BUF_INIT;
	const char *made;

	yg_buf_adds(&b, OPEN CLOSE);
	yg_buf_adds(&b, message ? message : "");
	made = yg_arena_strdup(arena, b.data);
	yg_buf_release(&b);
	return made;
}

/* A phrase put into a phrase keeps its marks, so that it can be translated on its own. */
static void put(struct yg_buf *b, const char *word)
{
	yg_buf_adds(b, OPEN);
	yg_buf_adds(b, word ? word : "");
	yg_buf_adds(b, CLOSE);
}

const char *yg_vphrase(struct yg_arena *arena, const char *format, va_list args)
{
	struct yg_buf b = YG_BUF_INIT;
	const char *made;

	for (const char *p = format; *p; p++) {
		if (*p != '%') {
			yg_buf_addc(&b, *p);
			continue;
		}
		p++;
		if (*p == 's') {
			put(&b, va_arg(args, const char *));
		} else if (*p == '%') {
			yg_buf_addc(&b, '%');
		} else {
			/* another conversion takes an argument of a type unknown here: it stands as written, and what follows too */
			yg_buf_adds(&b, p - 1);
			break;
		}
	}
	made = yg_arena_strdup(arena, b.data ? b.data : "");
	yg_buf_release(&b);
	return made;
}

const char *yg_phrase(struct yg_arena *arena, const char *format, ...)
{
	const char *made;
	va_list args;

	va_start(args, format);
	made = yg_vphrase(arena, format, args);
	va_end(args);
	return made;
}

struct word {
	const char *from, *end;
};

/* The mark that closes the one at open, or the end of the text. */
static const char *closing(const char *open)
{
	int depth = 0;

	for (const char *mark = open; (mark = next_mark(mark)) != NULL; mark += MARK) {
		depth += opens(mark) ? 1 : -1;
		if (depth == 0)
			return mark;
	}
	return open + strlen(open);
}

/* "Survival: <Death>" -> "Survival: %s" and its words. */
static int take_apart(const char *text, struct yg_buf *message, struct word *word)
{
	int words = 0;

	while (*text) {
		if ((unsigned char)*text == 0xE2 && strlen(text) >= MARK && opens(text)) {
			const char *end = closing(text);
			yg_buf_adds(message, "%s");
			if (words < MOST_WORDS)
				word[words] = (struct word){ text + MARK, end };
			words++;
			text = *end ? end + MARK : end;
		} else if ((unsigned char)*text == 0xE2 && strlen(text) >= MARK && closes(text)) {
			text += MARK;
		} else {
			if (*text == '%')
				yg_buf_addc(message, '%');
			yg_buf_addc(message, *text++);
		}
	}
	return words;
}

static void put_word(struct yg_buf *out, const struct word *w)
{
	char *inner;

	if (!memchr(w->from, OPEN[0], (size_t)(w->end - w->from))) {
		yg_buf_add(out, w->from, (size_t)(w->end - w->from));
		return;
	}
	inner = yg_xcalloc((size_t)(w->end - w->from) + 1, 1);
	memcpy(inner, w->from, (size_t)(w->end - w->from));
	yg_phrase_local(inner, out);
	yg_free(inner);
}

void yg_phrase_local(const char *text, struct yg_buf *out)
{
	struct yg_buf message = YG_BUF_INIT;
	struct word word[MOST_WORDS];
	const char *format;
	int words, next = 0;

	if (!text || !text[0])
		return;
	if (!next_mark(text)) {
		yg_buf_adds(out, gettext(text));
		return;
	}
	if (strncmp(text, OPEN CLOSE, 2 * MARK) == 0) {
		yg_phrase_local(text + 2 * MARK, out);
		return;
	}
	words = take_apart(text, &message, word);
	/* A message of nothing but words, as "%s: %s", has nothing to translate but its order. */
	format = words <= MOST_WORDS ? gettext(message.data) : message.data;
	if (words > MOST_WORDS) {
		yg_phrase_english(text, out);
		format = "";
	}
	for (const char *p = format; *p; p++) {
		int at = next;
		if (*p != '%') {
			yg_buf_addc(out, *p);
			continue;
		}
		p++;
		if (*p >= '1' && *p <= '9' && p[1] == '$') {
			at = *p - '1';
			p += 2;
		} else if (*p != '%') {
			next++;
		}
		if (*p == '%')
			yg_buf_addc(out, '%');
		else if (at < words)
			put_word(out, &word[at]);
		if (!*p)
			break;
	}
	yg_buf_release(&message);
}

const char *yg_phrase_shown(const char *text)
{
	/* As a catalogue gives out its translations: once made, kept. */
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct yg_map shown;
	struct yg_buf b = YG_BUF_INIT;
	char *known;

	if (!text || !text[0])
		return "";
	if (!next_mark(text))
		return gettext(text);
	pthread_mutex_lock(&lock);
	known = yg_map_get(&shown, text);
	if (!known) {
		yg_phrase_local(text, &b);
		known = yg_xstrdup(b.data ? b.data : "");
		yg_map_put(&shown, text, known);
	}
	pthread_mutex_unlock(&lock);
	yg_buf_release(&b);
	return known;
}
