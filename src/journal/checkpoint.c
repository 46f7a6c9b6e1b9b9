/* The tree as it grows, checkpoints, and the head a person keeps. */
#include "journal/journal_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "yogo/base/text.h"

/* node[] holds one root for each set bit of size, the largest subtree first; a new leaf merges with
   as many equals as there are trailing ones (RFC 6962, 2.1). */
void yg_frontier_add(struct yg_frontier *f, const struct yg_digest *leaf)
{
	size_t n = (size_t)__builtin_popcountll(f->size);
	struct yg_digest d = *leaf;
	for (uint64_t bits = f->size; bits & 1; bits >>= 1) {
		n--;
		d = yg_merkle_node(&f->node[n], &d);
	}
	f->node[n] = d;
	f->size++;
}

struct yg_digest yg_frontier_root(const struct yg_frontier *f)
{
	size_t n = (size_t)__builtin_popcountll(f->size);
	if (!n)
		return yg_merkle_root(NULL, 0);
	struct yg_digest d = f->node[--n];
	while (n)
		d = yg_merkle_node(&f->node[--n], &d);
	return d;
}

void yg_checkpoint_note(struct yg_buf *out, const char *study_id, const struct yg_frontier *f)
{
	struct yg_digest root = yg_frontier_root(f);
	unsigned char base64[48];
	EVP_EncodeBlock(base64, root.byte, (int)sizeof root.byte); /* 44 characters and NUL */
	yg_buf_clear(out);
	yg_buf_addf(out, "yogo-study/%s\n%" PRIu64 "\n%s\n", study_id, f->size, (const char *)base64);
}

void yg_head_print(char out[YG_JOURNAL_HEAD_SIZE], const struct yg_frontier *f)
{
	struct yg_digest root = yg_frontier_root(f);
	char hex[65];
	yg_digest_hex(&root, hex);
	snprintf(out, YG_JOURNAL_HEAD_SIZE, "%" PRIu64 ":%s", f->size, hex);
}

void yg_journal_head(const struct yg_journal *j, char out[YG_JOURNAL_HEAD_SIZE])
{
	yg_head_print(out, &j->tree);
}

int yg_journal_head_parse(const char *text, uint64_t *size, struct yg_digest *root)
{
	size_t n = strcspn(text, ": ");
	int64_t v;
	struct yg_digest d;
	if (!text[n] || !yg_parse_i64((struct yg_str){ text, n }, &v) || v < 0 || text[0] == '+' || text[0] == '-')
		return -1;
	if (yg_digest_parse(text + n + 1, &d) != 0)
		return -1;
	*size = (uint64_t)v;
	*root = d;
	return 0;
}
