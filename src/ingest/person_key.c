/* Which person a row belongs to: the values of the person columns -> a number. */
#include <stdio.h>
#include <string.h>

#include "src/ingest/person_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/base/mem.h"

static enum yg_status no_memory(struct yg_err *err)
{
	return yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while numbering persons"));
}

void keys_init(struct keys *k)
{
	memset(k, 0, sizeof *k);
	yg_dict_init(&k->dict);
}

void keys_release(struct keys *k)
{
	yg_data_free(k->dense);
	yg_dict_release(&k->dict);
	memset(k, 0, sizeof *k);
}

/* One column of integers close together needs no hashing: an array over their range. */
enum yg_status keys_plan(struct keys *k, struct import *im, struct yg_err *err)
{
	double low = 0, high = 0;
	uint64_t rows = 0;

	if (im->persons != 1)
		return YG_OK;
	for (size_t i = 0; i < im->loads; i++) {
		const struct load_column *c = person_column(&im->load[i], im->person[0]);
		double a, b;

		if (!c || c->type != YG_TYPE_INTEGER || !yg_writer_zone(im->load[i].writer, c->out, &a, &b))
			return YG_OK;
		low = i && low < a ? low : a;
		high = i && high > b ? high : b;
		rows += im->load[i].rows;
	}
	if (high - low > 8 * (double)rows + 1e6 || low < -0x1p53 || high > 0x1p53)
		return YG_OK;
	k->low = (int64_t)low;
	k->range = (uint64_t)(high - low) + 1;
	k->dense = yg_data_calloc(k->range, sizeof *k->dense);
	return k->dense ? YG_OK : no_memory(err);
}

static uint32_t dense_number(struct keys *k, int64_t v, bool add)
{
	uint32_t *slot = &k->dense[(uint64_t)v - (uint64_t)k->low];

	if (!*slot && add)
		*slot = ++k->count;
	return *slot ? *slot - 1 : NO_PERSON;
}

/* Text of a key value, so that 7 in one file and "7" in another are one person. */
static void add_value(struct yg_buf *key, const struct whole *w, const struct yg_dict *levels, uint64_t row)
{
	char digits[32];
	struct yg_str s = { digits, 0 };

	switch (w->type) {
	case YG_TYPE_LEVEL:
		s = yg_dict_get(levels, (uint32_t)((const int32_t *)w->value)[row]);
		break;
	case YG_TYPE_TEXT:
		s.p = w->bytes + ((const uint64_t *)w->value)[row];
		s.n = ((const uint64_t *)w->value)[row + 1] - ((const uint64_t *)w->value)[row];
		break;
	case YG_TYPE_NUMBER:
		s.n = yg_print_double(digits, ((const double *)w->value)[row]);
		break;
	case YG_TYPE_DATE:
		s.n = (size_t)snprintf(digits, sizeof digits, "%d", (int)((const int32_t *)w->value)[row]);
		break;
	case YG_TYPE_FLAG:
		s.n = (size_t)snprintf(digits, sizeof digits, "%d", ((const uint8_t *)w->value)[row]);
		break;
	default:
		s.n = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)((const int64_t *)w->value)[row]);
	}
	yg_buf_add_le32(key, (uint32_t)s.n);
	yg_buf_add(key, s.p, s.n);
}

enum yg_status keys_number(struct keys *k, struct import *im, struct load *l, bool add, uint32_t *out,
                           struct yg_err *err)
{
	struct whole *w = yg_xcalloc(im->persons, sizeof *w);
	const struct yg_dict **levels = yg_xcalloc(im->persons, sizeof *levels);
	struct yg_buf key = YG_BUF_INIT;
	enum yg_status status = YG_OK;

	for (size_t i = 0; i < im->persons && status == YG_OK; i++) {
		const struct load_column *c = person_column(l, im->person[i]);

		if (!c) {
			status = yg_fail(err, YG_EINPUT, "E-PER-001", N_("%s has no column %s, which is to name the person"),
			                 l->file, im->person[i]);
			break;
		}
		levels[i] = yg_writer_dictionary(l->writer, c->out);
		status = whole_load(l, c->out, c->type, &w[i], im->task, err);
	}
	for (uint64_t row = 0; status == YG_OK && row < l->rows; row++) {
		bool complete = true;

		yg_buf_clear(&key);
		for (size_t i = 0; i < im->persons && complete; i++) {
			complete = whole_valid(&w[i], row);
			if (complete && !k->dense)
				add_value(&key, &w[i], levels[i], row);
		}
		if (!complete) {
			out[row] = KEY_MISSING;
		} else if (k->dense) {
			out[row] = dense_number(k, ((const int64_t *)w[0].value)[row], add);
		} else if (add) {
			out[row] = yg_dict_intern(&k->dict, key.data, key.len);
			k->count = k->dict.count;
		} else {
			int64_t found = yg_dict_find(&k->dict, key.data, key.len);

			out[row] = found < 0 ? NO_PERSON : (uint32_t)found;
		}
		if (k->count >= KEY_MISSING - 1)
			status = yg_fail(err, YG_ELIMIT, "E-LIM-009", N_("there are more than 4 billion persons"));
	}
	for (size_t i = 0; i < im->persons; i++)
		whole_release(&w[i]);
	yg_free(w);
	yg_free(levels);
	yg_buf_release(&key);
	return status;
}
