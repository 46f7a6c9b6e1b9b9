libyogo_analysis_a_SOURCES += \
	src/analysis/an_attrition.c \
	src/analysis/an_count.c \
	src/analysis/an_describe.c \
	src/analysis/an_frame.c \
	src/analysis/an_frame_priv.h \
	src/analysis/an_show.c \
	src/analysis/an_tab.c \
	src/analysis/an_tab_priv.h \
	src/analysis/an_tab_tests.c \
	src/analysis/an_table1.c \
	src/analysis/an_table1_numbers.c \
	src/analysis/an_table1_priv.h \
	src/analysis/an_tally.c \
	include/yogo/analysis/describe.h
