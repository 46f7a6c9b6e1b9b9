/* The list of all commands. */
#include "yogo/command/command_table.h"

#include "command_priv.h"

static const struct yg_command *const table[] = {
	/* statements */
	&yg_command_lang, &yg_command_study, &yg_command_seed, &yg_command_open, &yg_command_import, &yg_command_run,
	&yg_command_use, &yg_command_param, &yg_command_codes, &yg_command_factor, &yg_command_let, &yg_command_contrast,
	&yg_command_cohort, &yg_command_endpoint, &yg_command_covariates, &yg_command_assert,
	/* looking */
	&yg_command_show, &yg_command_describe, &yg_command_hist, &yg_command_count, &yg_command_missing, &yg_command_tab,
	&yg_command_table1, &yg_command_attrition, &yg_command_flow, &yg_command_test, &yg_command_corr,
	/* survival */
	&yg_command_followup, &yg_command_km, &yg_command_logrank, &yg_command_rmst, &yg_command_cuminc, &yg_command_finegray, &yg_command_cox, &yg_command_aft, &yg_command_phtest, &yg_command_forest,
	&yg_command_tvc,
	&yg_command_recur, &yg_command_multistate, &yg_command_winratio, &yg_command_rate, &yg_command_standardize,
	/* regression and treatment effect */
	&yg_command_linear, &yg_command_logit, &yg_command_poisson, &yg_command_glm, &yg_command_compare, &yg_command_ps, &yg_command_weight,
	&yg_command_balance,
	/* after a model */
	&yg_command_predict, &yg_command_validate, &yg_command_calibrate, &yg_command_dca, &yg_command_diagnose,
	/* markers and tests */
	&yg_command_roc, &yg_command_diag,
	/* output and session */
	&yg_command_report, &yg_command_export, &yg_command_help, &yg_command_undo, &yg_command_history, &yg_command_save, &yg_command_verify, &yg_command_replay,
};

const struct yg_command *const *yg_command_table(size_t *count)
{
	*count = sizeof table / sizeof *table;
	return table;
}
