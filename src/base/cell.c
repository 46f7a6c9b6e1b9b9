/* Names of the roles of values: stable, they appear in JSON and in digests. */
#include "yogo/base/cell.h"

const char *yg_role_name(enum yg_role role)
{
	static const char *const name[YG_ROLE_COUNT] = {
		[YG_ROLE_LABEL] = "label",
		[YG_ROLE_PERSONS] = "persons",
		[YG_ROLE_RECORDS] = "records",
		[YG_ROLE_EVENTS] = "events",
		[YG_ROLE_INTEGER] = "integer",
		[YG_ROLE_WEIGHTED] = "weighted",
		[YG_ROLE_PERSON_TIME] = "person_time",
		[YG_ROLE_PROPORTION] = "proportion",
		[YG_ROLE_PROBABILITY] = "probability",
		[YG_ROLE_ESTIMATE] = "estimate",
		[YG_ROLE_SE] = "se",
		[YG_ROLE_LOWER] = "lower",
		[YG_ROLE_UPPER] = "upper",
		[YG_ROLE_P] = "p",
		[YG_ROLE_STATISTIC] = "statistic",
		[YG_ROLE_DF] = "df",
		[YG_ROLE_MEAN] = "mean",
		[YG_ROLE_SD] = "sd",
		[YG_ROLE_QUANTILE] = "quantile",
		[YG_ROLE_EXTREME] = "extreme",
		[YG_ROLE_TIME] = "time",
		[YG_ROLE_SMD] = "smd",
		[YG_ROLE_CRITERION] = "criterion",
	};
	return (unsigned)role < YG_ROLE_COUNT ? name[role] : "unknown";
}
