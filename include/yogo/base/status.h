/*
 * Status codes and the message that goes with a failure.
 *
 * Every call that can fail returns an enum yg_status and takes, last, a struct yg_err that may be
 * NULL.  Outputs are untouched on failure.  Three kinds: a bug (assert), a refusal (the user can
 * mend it), a failure of the machine.  The process exit code of a command that ends with a status
 * is yg_status_exit().
 *
 * A message says what happened, where, why and what to do, and holds no value from the data.
 * Messages are message ids for gettext: write them as N_("...") formats in English.
 */
#ifndef YOGO_BASE_STATUS_H
#define YOGO_BASE_STATUS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define YG_MUST_USE __attribute__((warn_unused_result))
#define YG_PRINTF(f, a) __attribute__((format(printf, f, a)))

/*        name            exit  meaning */
#define YG_STATUS_LIST(X)                                                                       \
	X(YG_OK,           0,  "done")                                                          \
	X(YG_REFUSED,      1,  "the analysis was refused for these data, or an assertion failed") \
	X(YG_ESYNTAX,      2,  "the command line or the script text is wrong")                  \
	X(YG_EINVAL,       2,  "an argument is out of its range")                               \
	X(YG_EINPUT,       3,  "an input file is wrong")                                        \
	X(YG_EPRIVACY,     4,  "refused by the privacy policy")                                 \
	X(YG_EIO,          5,  "storage failed")                                                \
	X(YG_EDAMAGED,     6,  "a file is damaged")                                             \
	X(YG_EBUSY,        7,  "in use by another process")                                     \
	X(YG_ELIMIT,       8,  "a limit was reached")                                           \
	X(YG_ENOMEM,       8,  "memory ran out")                                                \
	X(YG_EDIFFERENT,   9,  "the replay differs")                                            \
	X(YG_ENOREPLAY,   10,  "not replayable here")                                           \
	X(YG_EPOLICY,     11,  "the policy has changed")                                        \
	X(YG_ETAMPERED,   12,  "the study cannot be verified")                                  \
	X(YG_EBUG,        70,  "a bug in the program")                                          \
	X(YG_CANCELLED,  130,  "cancelled")

enum yg_status {
#define X(name, exit_code, meaning) name,
	YG_STATUS_LIST(X)
#undef X
	YG_STATUS_COUNT
};

/*
 * code     "E-CSV-010": area and number, stable, to be looked up in docs/errors.md
 * text     one sentence in the user's words, ready to print
 * hint     what to do about it, may be empty
 * fixed    a corrected line of script, may be empty ("did you mean")
 * at, len  byte span in the script text the error is about; has_span says whether it is set
 */
struct yg_err {
	enum yg_status status;
	char code[16];
	char text[1024];
	char hint[512];
	char fixed[512];
	size_t at, len;
	int has_span;
};

/* The name of a status, e.g. "YG_EIO", and the process exit code that stands for it. */
const char *yg_status_name(enum yg_status s);
int yg_status_exit(enum yg_status s);

/* Fill err (when not NULL) and return status, so that a failing call is one line. */
enum yg_status yg_fail(struct yg_err *err, enum yg_status status, const char *code,
                       const char *format, ...) YG_PRINTF(4, 5);
/* The same with the byte span in the script text that is at fault. */
enum yg_status yg_fail_at(struct yg_err *err, enum yg_status status, size_t at, size_t len,
                          const char *code, const char *format, ...) YG_PRINTF(6, 7);
/* Add what to do; the corrected line.  Both keep the status already in err. */
void yg_err_hint(struct yg_err *err, const char *format, ...) YG_PRINTF(2, 3);
void yg_err_fixed(struct yg_err *err, const char *format, ...) YG_PRINTF(2, 3);
void yg_err_clear(struct yg_err *err);

#define YG_TRY(call)                                   \
	do {                                           \
		enum yg_status yg_try_status = (call); \
		if (yg_try_status != YG_OK)            \
			return yg_try_status;          \
	} while (0)

#endif
