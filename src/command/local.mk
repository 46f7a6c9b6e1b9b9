noinst_LIBRARIES += libyogo_command.a
libyogo_command_a_SOURCES = src/command/command_table.c src/command/scope.c src/command/options.c src/command/input.c \
	src/command/cmd_script.c src/command/cmd_data.c src/command/cmd_define.c src/command/cmd_assert.c src/command/cmd_look.c \
	src/command/cmd_rmst.c src/command/cmd_survival.c src/command/cmd_cox.c src/command/cmd_competing.c src/command/cmd_penalised.c src/command/cmd_aft.c src/command/cmd_tvc.c src/command/cmd_events.c src/command/cmd_model.c src/command/cmd_accuracy.c src/command/cmd_prediction.c src/command/cmd_effect.c src/command/cmd_report.c \
	src/command/cmd_test.c src/command/cmd_session.c src/command/cmd_audit.c src/command/tools.c src/command/command_priv.h src/command/input_priv.h \
	include/yogo/command/command_table.h include/yogo/command/tools.h
