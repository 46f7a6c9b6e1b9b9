/* The bytes of a stored block; docs/cohort-format.md, "Blocks". */
#ifndef YOGO_STORE_BLOCK_PRIV_H
#define YOGO_STORE_BLOCK_PRIV_H

#define BLOCK_HEAD 32u
#define BLOCK_VERSION 1u

enum block_mark { BLOCK_BITMAP = 1, BLOCK_REASONS = 2, BLOCK_PRECISION = 4, BLOCK_ZSTD = 8 };

enum block_value {
	VALUE_INTEGERS = 1,  /* a stream: flags, integers, dates, instants, level codes */
	VALUE_DECIMAL,       /* a stream, divided by 10^scale */
	VALUE_BITS,          /* a stream of the bits of doubles */
	VALUE_NUMBERS,       /* le32 n, n doubles, a stream of codes */
	VALUE_TEXT,          /* le32 bytes, a stream of lengths, the bytes */
	VALUE_STRINGS,       /* le32 n, le32 bytes, a stream of n lengths, a stream of codes, the bytes */
};

/* Caps of what a block may claim, whatever it says. */
#define BLOCK_RAW_MAX (1u << 30)
#define BLOCK_STORED_MAX (60u << 20)

#define DECIMAL_SCALES 16
extern const double block_power[DECIMAL_SCALES];

#endif
