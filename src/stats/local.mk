noinst_LIBRARIES += libyogo_stats.a
libyogo_stats_a_SOURCES =
include src/stats/accuracy/local.mk
include src/stats/describe/local.mk
include src/stats/effect/local.mk
include src/stats/parametric/local.mk
include src/stats/prediction/local.mk
include src/stats/penalised/local.mk
include src/stats/regression/local.mk
include src/stats/survival/local.mk
