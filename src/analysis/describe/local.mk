libyogo_analysis_a_SOURCES += \
	src/analysis/describe/an_attrition.c \
	src/analysis/describe/an_corr.c \
	src/analysis/describe/an_count.c \
	src/analysis/describe/an_describe.c \
	src/analysis/describe/an_show.c \
	src/analysis/describe/an_stream.c \
	src/analysis/describe/an_stream_block.c \
	src/analysis/describe/an_stream_block_priv.h \
	src/analysis/describe/an_stream_priv.h \
	src/analysis/describe/an_tab.c \
	src/analysis/describe/an_tab_priv.h \
	src/analysis/describe/an_tab_tests.c \
	src/analysis/describe/an_table1.c \
	src/analysis/describe/an_table1_numbers.c \
	src/analysis/describe/an_table1_priv.h \
	src/analysis/describe/an_tally.c \
	src/analysis/describe/an_test.c \
	src/analysis/describe/an_test_methods.c \
	src/analysis/describe/an_test_priv.h \
	src/analysis/describe/an_test_tables.c \
	include/yogo/analysis/describe.h \
	include/yogo/analysis/tests.h
