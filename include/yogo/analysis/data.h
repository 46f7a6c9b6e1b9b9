/* What a data set holds, as a result: for open and for yogo info. */
#ifndef YOGO_ANALYSIS_DATA_H
#define YOGO_ANALYSIS_DATA_H

#include "yogo/store/dataset.h"

struct yg_raw;

/* Tables with rows and columns, the profile in force, the fingerprint; the columns as detail for front ends. */
struct yg_raw *yg_an_overview(const struct yg_dataset *d, const char *name, const char *profile);
/* Every column: type, unit, label, missing, distinct, range or levels, bytes, encodings. */
struct yg_raw *yg_an_columns(const struct yg_dataset *d, const char *name, const char *profile);
/* Discard a raw result: for rooms that may not look inside. */
void yg_an_free(struct yg_raw *raw);

#endif
