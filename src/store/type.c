/* Names of column types, missing reasons and roles. */
#include "yogo/store/type.h"

#include <string.h>

static const char *const type_names[] = {
	[YG_TYPE_FLAG] = "flag",   [YG_TYPE_INTEGER] = "integer", [YG_TYPE_NUMBER] = "number",
	[YG_TYPE_LEVEL] = "level", [YG_TYPE_TEXT] = "text",       [YG_TYPE_DATE] = "date",
	[YG_TYPE_INSTANT] = "instant",
};

static const char *const role_names[] = {
	[YG_COLUMN_PLAIN] = "plain",
	[YG_COLUMN_PERSON] = "person",
	[YG_COLUMN_INSTITUTION] = "institution",
	[YG_COLUMN_QUASI_IDENTIFIER] = "quasi_identifier",
	[YG_COLUMN_SENSITIVE] = "sensitive",
	[YG_COLUMN_OUTCOME] = "outcome",
	[YG_COLUMN_DATE] = "date",
	[YG_COLUMN_MEASURE] = "measure",
	[YG_COLUMN_CODE] = "code",
	[YG_COLUMN_FREE_TEXT] = "free_text",
};

static const char *const missing_names[] = {
	[YG_MISSING_UNGIVEN] = "none given",
	[YG_MISSING_NOT_DONE] = "not done",
	[YG_MISSING_UNKNOWN] = "unknown",
	[YG_MISSING_REFUSED] = "refused",
	[YG_MISSING_LOST] = "lost",
	[YG_MISSING_BELOW_DETECTION] = "below detection",
	[YG_MISSING_ABOVE_DETECTION] = "above detection",
	[YG_MISSING_NOT_APPLICABLE] = "not applicable",
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

const char *yg_type_name(enum yg_type t)
{
	size_t i = (size_t)t;

	return i > 0 && i < COUNT(type_names) ? type_names[i] : "unknown";
}

bool yg_type_parse(const char *name, enum yg_type *out)
{
	for (size_t i = 1; i < COUNT(type_names); i++) {
		if (!strcmp(name, type_names[i])) {
			*out = (enum yg_type)i;
			return true;
		}
	}
	return false;
}

const char *yg_column_role_name(enum yg_role_of_column r)
{
	size_t i = (size_t)r;

	return i < COUNT(role_names) ? role_names[i] : "plain";
}

bool yg_column_role_parse(const char *name, enum yg_role_of_column *out)
{
	for (size_t i = 0; i < COUNT(role_names); i++) {
		if (!strcmp(name, role_names[i])) {
			*out = (enum yg_role_of_column)i;
			return true;
		}
	}
	return false;
}

const char *yg_missing_name(uint8_t reason)
{
	return reason < COUNT(missing_names) ? missing_names[reason] : NULL;
}

bool yg_missing_parse(const char *name, uint8_t *out)
{
	for (size_t i = 0; i < COUNT(missing_names); i++) {
		if (!strcmp(name, missing_names[i])) {
			*out = (uint8_t)i;
			return true;
		}
	}
	return false;
}
