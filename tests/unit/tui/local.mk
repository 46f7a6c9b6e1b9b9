TUI_LOW = libyogo_lang.a libyogo_base.a
TUI_ALL = libyogo_tui.a libyogo_command.a libyogo_session.a libyogo_journal.a libyogo_report.a libyogo_gate.a libyogo_analysis.a \
	libyogo_cohort.a libyogo_stats.a libyogo_expr.a libyogo_privacy.a libyogo_ingest.a libyogo_result.a libyogo_raw.a \
	libyogo_lang.a libyogo_num.a libyogo_store.a libyogo_base.a
check_PROGRAMS += test_canvas test_line test_fuzzy test_raster test_workbench
test_canvas_SOURCES = tests/unit/tui/test_canvas.c
test_canvas_LDADD = libyogo_tui.a $(TUI_LOW) $(TEST_LIBS)
test_line_SOURCES = tests/unit/tui/test_line.c
test_line_LDADD = libyogo_tui.a $(TUI_LOW) $(TEST_LIBS)
test_fuzzy_SOURCES = tests/unit/tui/test_fuzzy.c
test_fuzzy_LDADD = libyogo_tui.a $(TUI_LOW) $(TEST_LIBS)
test_raster_SOURCES = tests/unit/tui/test_raster.c
test_raster_LDADD = libyogo_tui.a $(TUI_LOW) $(TEST_LIBS)
test_workbench_SOURCES = tests/unit/tui/test_workbench.c
test_workbench_LDADD = $(TUI_ALL) $(TEST_LIBS)
