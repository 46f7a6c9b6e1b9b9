/* SHA-256 and HMAC-SHA-256 (libcrypto), and a fast 64-bit hash for tables in memory (never stored). */
#ifndef YOGO_BASE_HASH_H
#define YOGO_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct yg_digest {
	uint8_t byte[32];
};
struct yg_sha256 {
	void *state; /* EVP_MD_CTX */
};
void yg_sha256_init(struct yg_sha256 *h);
void yg_sha256_add(struct yg_sha256 *h, const void *bytes, size_t n);
void yg_sha256_add_le32(struct yg_sha256 *h, uint32_t v);
void yg_sha256_add_le64(struct yg_sha256 *h, uint64_t v);
struct yg_digest yg_sha256_end(struct yg_sha256 *h);          /* also releases h */
struct yg_digest yg_sha256_of(const void *bytes, size_t n);
struct yg_digest yg_hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t n);

/* Lower-case hex of a digest, 64 characters and NUL; and back (0 on success). */
void yg_digest_hex(const struct yg_digest *d, char out[65]);
int yg_digest_parse(const char *hex, struct yg_digest *out);
int yg_digest_cmp(const struct yg_digest *a, const struct yg_digest *b);

/* RFC 6962 Merkle tree: leaf SHA256(0x00 || bytes), node SHA256(0x01 || l || r), split at the
   largest power of two below n; n = 0 gives SHA256(""). */
struct yg_digest yg_merkle_leaf(const void *bytes, size_t n);
struct yg_digest yg_merkle_root(const struct yg_digest *leaf, size_t n);
struct yg_digest yg_merkle_node(const struct yg_digest *left, const struct yg_digest *right);

uint64_t yg_hash64(const void *bytes, size_t n);

#endif
