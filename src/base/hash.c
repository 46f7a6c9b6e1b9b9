/* SHA-256 and HMAC through libcrypto's EVP, RFC 6962 trees, and a hash for tables in memory. */
#include "yogo/base/hash.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* libcrypto fails here only without memory or without its own SHA-256: nothing can go on. */
static void must(int ok)
{
	if (!ok) {
		fputs("yogo: E-HASH-001: libcrypto cannot compute SHA-256 (no memory, or a broken "
		      "installation)\n", stderr);
		_Exit(8);
	}
}

void yg_sha256_init(struct yg_sha256 *h)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	must(ctx != NULL);
	must(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL));
	h->state = ctx;
}

void yg_sha256_add(struct yg_sha256 *h, const void *bytes, size_t n)
{
	if (n)
		must(EVP_DigestUpdate(h->state, bytes, n));
}

void yg_sha256_add_le32(struct yg_sha256 *h, uint32_t v)
{
	unsigned char b[4];
	for (unsigned i = 0; i < 4; i++)
		b[i] = (unsigned char)(v >> (8 * i));
	yg_sha256_add(h, b, 4);
}

void yg_sha256_add_le64(struct yg_sha256 *h, uint64_t v)
{
	yg_sha256_add_le32(h, (uint32_t)v);
	yg_sha256_add_le32(h, (uint32_t)(v >> 32));
}

struct yg_digest yg_sha256_end(struct yg_sha256 *h)
{
	struct yg_digest d;
	unsigned n = 0;
	must(EVP_DigestFinal_ex(h->state, d.byte, &n));
	assert(n == sizeof d.byte);
	EVP_MD_CTX_free(h->state);
	h->state = NULL;
	return d;
}

struct yg_digest yg_sha256_of(const void *bytes, size_t n)
{
	struct yg_sha256 h;
	yg_sha256_init(&h);
	yg_sha256_add(&h, bytes, n);
	return yg_sha256_end(&h);
}

struct yg_digest yg_hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t n)
{
	struct yg_digest d;
	unsigned len = 0;
	assert(key_len <= INT_MAX);
	/* a NULL key would mean "the key of last time" to libcrypto */
	must(HMAC(EVP_sha256(), key_len ? key : "", (int)key_len, n ? bytes : (const void *)"", n, d.byte, &len) != NULL);
	assert(len == sizeof d.byte);
	return d;
}

void yg_digest_hex(const struct yg_digest *d, char out[65])
{
	static const char digit[] = "0123456789abcdef";
	for (unsigned i = 0; i < 32; i++) {
		out[2 * i] = digit[d->byte[i] >> 4];
		out[2 * i + 1] = digit[d->byte[i] & 15];
	}
	out[64] = 0;
}

static int hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int yg_digest_parse(const char *hex, struct yg_digest *out)
{
	struct yg_digest d;
	for (unsigned i = 0; i < 32; i++) {
		int high = hex_value(hex[2 * i]);
		int low = high < 0 ? -1 : hex_value(hex[2 * i + 1]);
		if (low < 0)
			return -1;
		d.byte[i] = (uint8_t)(16 * high + low);
	}
	if (hex[64])
		return -1;
	*out = d;
	return 0;
}

int yg_digest_cmp(const struct yg_digest *a, const struct yg_digest *b)
{
	return memcmp(a->byte, b->byte, sizeof a->byte);
}

struct yg_digest yg_merkle_leaf(const void *bytes, size_t n)
{
	struct yg_sha256 h;
	yg_sha256_init(&h);
	yg_sha256_add(&h, "\0", 1);
	yg_sha256_add(&h, bytes, n);
	return yg_sha256_end(&h);
}

struct yg_digest yg_merkle_node(const struct yg_digest *left, const struct yg_digest *right)
{
	struct yg_sha256 h;
	yg_sha256_init(&h);
	yg_sha256_add(&h, "\1", 1);
	yg_sha256_add(&h, left->byte, sizeof left->byte);
	yg_sha256_add(&h, right->byte, sizeof right->byte);
	return yg_sha256_end(&h);
}

struct yg_digest yg_merkle_root(const struct yg_digest *leaf, size_t n)
{
	if (n == 0)
		return yg_sha256_of(NULL, 0);
	if (n == 1)
		return leaf[0];
	size_t left = 1;
	while (left < n - left)
		left *= 2;
	struct yg_digest l = yg_merkle_root(leaf, left), r = yg_merkle_root(leaf + left, n - left);
	return yg_merkle_node(&l, &r);
}

/* ---- the in-memory hash: multiply to 128 bits and fold, eight bytes at a time ---- */

static uint64_t fold(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 wide = (unsigned __int128)a * b;
	return (uint64_t)wide ^ (uint64_t)(wide >> 64);
}

uint64_t yg_hash64(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	const uint64_t k1 = UINT64_C(0x9e3779b97f4a7c15), k2 = UINT64_C(0xc2b2ae3d27d4eb4f);
	uint64_t h = k2 ^ (uint64_t)n, word;
	size_t left = n;
	for (; left >= 8; left -= 8, p += 8) {
		memcpy(&word, p, 8);
		h = fold(h ^ word, k1) + k2;
	}
	word = 0;
	if (left)
		memcpy(&word, p, left);
	h = fold(h ^ word, k1) + k2;
	return fold(h ^ (h >> 32), k1);
}
