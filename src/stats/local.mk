noinst_LIBRARIES += libyogo_stats.a
libyogo_stats_a_SOURCES =
include src/stats/describe/local.mk
