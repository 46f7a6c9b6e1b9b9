/* Whole columns in memory: read from a staged file, compared, written in another order. */
#include <string.h>

#include "src/ingest/import_priv.h"
#include "yogo/base/i18n.h"
#include "yogo/store/bitmap.h"

#define BATCH 16u

static size_t size_of(enum yg_type type)
{
	switch (type) {
	case YG_TYPE_FLAG:
		return 1;
	case YG_TYPE_DATE:
	case YG_TYPE_LEVEL:
		return 4;
	default:
		return 8;
	}
}

static enum yg_status no_memory(struct yg_err *err)
{
	yg_fail(err, YG_ENOMEM, "E-MEM-002", N_("memory ran out while sorting rows by person"));
	yg_err_hint(err, N_("a column must fit into memory for that; close other programs or use a larger machine"));
	return YG_ENOMEM;
}

void whole_release(struct whole *w)
{
	yg_data_free(w->value);
	yg_data_free(w->valid);
	yg_data_free(w->reason);
	yg_data_free(w->precision);
	yg_data_free(w->bytes);
	memset(w, 0, sizeof *w);
}

struct reading {
	struct load *l;
	size_t column;
	struct whole *out;
	struct yg_vec_space *space;   /* one a worker */
	struct yg_buf *text;          /* one a block */
};

static enum yg_status read_block(void *context, size_t b, unsigned worker, struct yg_err *err)
{
	struct reading *r = context;
	struct whole *w = r->out;
	size_t from = b * YG_BLOCK_ROWS, size = size_of(w->type);
	struct yg_vec vec;

	YG_TRY(yg_writer_read(r->l->writer, r->column, (uint32_t)b, &r->space[worker], &vec, err));
	if (vec.n > w->n - from)
		return yg_fail(err, YG_EBUG, "E-BUG-012", N_("a staged block has too many rows"));
	if (w->type == YG_TYPE_TEXT) {
		uint64_t *start = (uint64_t *)w->value + from;

		for (uint32_t i = 0; i < vec.n; i++) /* lengths, made offsets later */
			start[i] = vec.v.text.start[i + 1] - vec.v.text.start[i];
		yg_buf_add(&r->text[b], vec.v.text.bytes, vec.v.text.start[vec.n]);
	} else {
		memcpy((char *)w->value + from * size, vec.v.flag, vec.n * size);
	}
	for (size_t k = 0; k < yg_bits_words(vec.n); k++)
		w->valid[from / 64 + k] = vec.valid ? vec.valid[k] : ~UINT64_C(0);
	for (uint32_t i = 0; i < vec.n; i++) {
		w->reason[from + i] = vec.reason && !yg_vec_valid(&vec, i) ? vec.reason[i] : 0;
		w->precision[from + i] = vec.precision ? vec.precision[i] : 0;
	}
	return YG_OK;
}

static enum yg_status join_text(struct reading *r, size_t blocks, struct yg_err *err)
{
	struct whole *w = r->out;
	uint64_t total = 0, *start = w->value;

	for (uint64_t i = 0; i <= w->n; i++) {
		uint64_t len = i < w->n ? start[i] : 0;

		start[i] = total;
		total += len;
	}
	w->bytes = yg_data_alloc(total + 1, 1);
	if (!w->bytes)
		return no_memory(err);
	total = 0;
	for (size_t b = 0; b < blocks; b++) {
		memcpy(w->bytes + total, r->text[b].data, r->text[b].len);
		total += r->text[b].len;
		yg_buf_release(&r->text[b]);
	}
	return YG_OK;
}

enum yg_status whole_load(struct load *l, size_t column, enum yg_type type, struct whole *out, struct yg_task *task,
                          struct yg_err *err)
{
	size_t blocks = yg_writer_blocks(l->writer, column);
	unsigned workers = yg_task_workers(task);
	struct reading r = { .l = l, .column = column, .out = out };
	enum yg_status status;

	memset(out, 0, sizeof *out);
	out->type = type;
	out->n = l->rows;
	out->value = yg_data_alloc(out->n + 1, type == YG_TYPE_TEXT ? 8 : size_of(type));
	out->valid = yg_data_calloc(yg_bits_words(out->n) + 1, 8);
	out->reason = yg_data_alloc(out->n + 1, 1);
	out->precision = yg_data_alloc(out->n + 1, 1);
	if (!out->value || !out->valid || !out->reason || !out->precision) {
		whole_release(out);
		return no_memory(err);
	}
	r.space = yg_xcalloc(workers, sizeof *r.space);
	r.text = yg_xcalloc(blocks + 1, sizeof *r.text);
	for (size_t b = 0; b < blocks; b++)
		yg_buf_init(&r.text[b]);
	status = yg_pool_run(task, blocks, read_block, &r, err);
	if (status == YG_OK && type == YG_TYPE_TEXT)
		status = join_text(&r, blocks, err);
	for (unsigned i = 0; i < workers; i++)
		yg_vec_space_release(&r.space[i]);
	for (size_t b = 0; b < blocks; b++)
		yg_buf_release(&r.text[b]);
	yg_free(r.space);
	yg_free(r.text);
	if (status != YG_OK)
		whole_release(out);
	return status;
}

bool whole_same(const struct whole *w, uint64_t a, uint64_t b)
{
	bool valid = whole_valid(w, a);

	if (valid != whole_valid(w, b))
		return false;
	if (!valid)
		return w->reason[a] == w->reason[b];
	if (w->precision[a] != w->precision[b])
		return false;
	if (w->type == YG_TYPE_TEXT) {
		const uint64_t *s = w->value;

		return s[a + 1] - s[a] == s[b + 1] - s[b] && !memcmp(w->bytes + s[a], w->bytes + s[b], s[a + 1] - s[a]);
	}
	switch (size_of(w->type)) {
	case 1:
		return ((const uint8_t *)w->value)[a] == ((const uint8_t *)w->value)[b];
	case 4:
		return ((const int32_t *)w->value)[a] == ((const int32_t *)w->value)[b];
	default:
		return ((const int64_t *)w->value)[a] == ((const int64_t *)w->value)[b];
	}
}

struct writing {
	const struct whole *from;
	const struct yg_dict *levels;
	const uint64_t *row;
	uint64_t n, first;            /* first block of the batch */
	int level;
	bool digest;
	struct writing_worker {
		void *value;
		uint64_t *valid;
		uint8_t *reason, *precision;
		struct yg_buf text;
		struct yg_dict local;
		int32_t *code;        /* column's code -> block's, -1 = not met */
		struct yg_encoder *encoder;
	} *worker;
	struct yg_encoded made[BATCH];
};

static int32_t local_code(struct writing *k, struct writing_worker *w, int32_t code)
{
	if (w->code[code] < 0) {
		struct yg_str s = yg_dict_get(k->levels, (uint32_t)code);

		w->code[code] = (int32_t)yg_dict_intern(&w->local, s.p, s.n);
	}
	return w->code[code];
}

static void gather_text(const struct whole *from, struct writing_worker *w, uint64_t row, bool valid, uint32_t i)
{
	const uint64_t *start = from->value;
	uint32_t *out = w->value;

	out[i] = (uint32_t)w->text.len;
	if (valid)
		yg_buf_add(&w->text, from->bytes + start[row], start[row + 1] - start[row]);
	out[i + 1] = (uint32_t)w->text.len;
}

static enum yg_status write_block(void *context, size_t number, unsigned worker, struct yg_err *err)
{
	struct writing *k = context;
	struct writing_worker *w = &k->worker[worker];
	const struct whole *from = k->from;
	uint64_t at = (k->first + number) * YG_BLOCK_ROWS, left = k->n - at;
	uint32_t n = left < YG_BLOCK_ROWS ? (uint32_t)left : YG_BLOCK_ROWS;
	size_t size = size_of(from->type);
	struct yg_encode_options options = { .level = k->level, .tally = true, .no_digest = !k->digest };
	struct yg_vec vec = { .type = from->type, .n = n };
	bool missing = false;

	memset(w->valid, 0, YG_BLOCK_WORDS * 8);
	yg_buf_clear(&w->text);
	yg_dict_clear(&w->local);
	if (w->code)
		memset(w->code, 0xff, ((size_t)k->levels->count + 1) * sizeof *w->code);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t row = k->row ? k->row[at + i] : at + i;
		bool valid = whole_valid(from, row);

		if (valid)
			yg_bits_set(w->valid, i);
		missing |= !valid;
		w->reason[i] = from->reason[row];
		w->precision[i] = from->precision[row];
		if (from->type == YG_TYPE_TEXT)
			gather_text(from, w, row, valid, i);
		else if (from->type == YG_TYPE_LEVEL)
			((int32_t *)w->value)[i] = valid ? local_code(k, w, ((const int32_t *)from->value)[row]) : 0;
		else
			memcpy((char *)w->value + i * size, (const char *)from->value + row * size, size);
	}
	vec.valid = missing ? w->valid : NULL;
	vec.reason = w->reason;
	vec.precision = w->precision;
	if (from->type == YG_TYPE_TEXT) {
		vec.v.text.start = w->value;
		vec.v.text.bytes = w->text.data;
	} else {
		vec.v.integer = w->value;
	}
	return yg_block_encode(w->encoder, &vec, &w->local, &options, &k->made[number], err);
}

static bool worker_ready(struct writing *k, struct writing_worker *w)
{
	yg_buf_init(&w->text);
	yg_dict_init(&w->local);
	w->encoder = yg_encoder_new();
	w->value = yg_data_alloc(YG_BLOCK_ROWS + 1, 8);
	w->valid = yg_data_alloc(YG_BLOCK_WORDS, 8);
	w->reason = yg_data_alloc(YG_BLOCK_ROWS, 1);
	w->precision = yg_data_alloc(YG_BLOCK_ROWS, 1);
	if (k->from->type == YG_TYPE_LEVEL) {
		w->code = yg_data_alloc((size_t)k->levels->count + 1, sizeof *w->code);
		if (!w->code)
			return false;
	}
	return w->value && w->valid && w->reason && w->precision;
}

enum yg_status whole_write(const struct whole *from, const struct yg_dict *levels, const uint64_t *row, uint64_t n,
                           struct yg_writer *w, size_t column, int level, bool digest, struct yg_task *task,
                           struct yg_err *err)
{
	struct writing k = { .from = from, .levels = levels, .row = row, .n = n, .level = level, .digest = digest };
	uint64_t blocks = (n + YG_BLOCK_ROWS - 1) / YG_BLOCK_ROWS;
	unsigned workers = yg_task_workers(task);
	enum yg_status status = YG_OK;

	k.worker = yg_xcalloc(workers, sizeof *k.worker);
	for (unsigned i = 0; i < workers && status == YG_OK; i++)
		status = worker_ready(&k, &k.worker[i]) ? YG_OK : no_memory(err);
	for (size_t i = 0; i < BATCH; i++)
		yg_encoded_init(&k.made[i]);
	for (k.first = 0; k.first < blocks && status == YG_OK; k.first += BATCH) {
		size_t m = blocks - k.first < BATCH ? (size_t)(blocks - k.first) : BATCH;

		status = yg_pool_run(task, m, write_block, &k, err);
		for (size_t i = 0; i < m && status == YG_OK; i++)
			status = yg_writer_put(w, column, (uint32_t)(k.first + i), &k.made[i], err);
	}
	for (size_t i = 0; i < BATCH; i++)
		yg_encoded_release(&k.made[i]);
	for (unsigned i = 0; i < workers; i++) {
		struct writing_worker *x = &k.worker[i];

		yg_data_free(x->value);
		yg_data_free(x->valid);
		yg_data_free(x->reason);
		yg_data_free(x->precision);
		yg_data_free(x->code);
		yg_buf_release(&x->text);
		yg_dict_release(&x->local);
		yg_encoder_free(x->encoder);
	}
	yg_free(k.worker);
	return status;
}
