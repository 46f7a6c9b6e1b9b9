/*
 * Identifier detectors: does a column look as if it held names, numbers or dates that identify
 * people?  (docs/identifiers.md)  Findings hold counts only; no value is ever written anywhere.
 *
 * Built: D01 names of columns, D02 My Number (with its check digit), D07 telephone numbers, D08
 * postal codes, D09 e-mail, web, IP and MAC addresses, D10 exact dates of birth, D13 free text.
 */
#ifndef YOGO_PRIVACY_DETECT_H
#define YOGO_PRIVACY_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yogo/base/buf.h"
#include "yogo/base/status.h"
#include "yogo/base/task.h"
#include "yogo/store/dataset.h"

enum yg_detector_id {
	YG_DETECT_NAME,       /* D01 */
	YG_DETECT_MY_NUMBER,  /* D02 */
	YG_DETECT_TELEPHONE,  /* D07 */
	YG_DETECT_POSTAL,     /* D08 */
	YG_DETECT_ADDRESS,    /* D09 */
	YG_DETECT_BIRTH,      /* D10 */
	YG_DETECT_FREE_TEXT,  /* D13 */
	YG_DETECTORS
};
const char *yg_detector_code(enum yg_detector_id id);   /* "D02" */

enum yg_severity { YG_FINDING_WARN, YG_FINDING_REFUSE };

struct yg_finding {
	const char *table, *column;   /* names; borrowed from the data set */
	enum yg_detector_id detector;
	enum yg_severity severity;
	uint64_t tested, matched;     /* distinct values; 0 of 0 for a name */
};

/* One column, value by value. */
struct yg_detector;
struct yg_detector *yg_detector_new(const char *column, enum yg_type type, bool row_is_person);
void yg_detector_free(struct yg_detector *d);
void yg_detector_text(struct yg_detector *d, const char *p, size_t n);
void yg_detector_integer(struct yg_detector *d, int64_t v);
void yg_detector_date(struct yg_detector *d, int32_t days);
/* The verdicts, at most YG_DETECTORS; table and column are left NULL. */
size_t yg_detector_end(const struct yg_detector *d, struct yg_finding out[YG_DETECTORS]);

/* All columns of a data set; *out is yg_free()d by the caller. */
enum yg_status yg_detect(const struct yg_dataset *dataset, struct yg_task *task, struct yg_finding **out, size_t *count,
                         struct yg_err *err) YG_MUST_USE;
/* "column tel of adsl: 48 of 50 distinct values look like telephone numbers (D07)" */
void yg_finding_sentence(const struct yg_finding *f, struct yg_buf *out);

/* The tests themselves, on normalised text (full-width forms as ASCII, trimmed, one kind of hyphen). */
bool yg_detect_ascii(const char *p, size_t n);
void yg_detect_normalise(struct yg_buf *out, const char *p, size_t n);
bool yg_detect_column_name(const char *name);
bool yg_detect_birth_name(const char *name);
bool yg_detect_my_number(const char *s);
bool yg_detect_telephone(const char *s);
bool yg_detect_postal(const char *s);
bool yg_detect_address(const char *s);
bool yg_detect_person_words(const char *s);

#endif
