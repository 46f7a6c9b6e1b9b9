noinst_LIBRARIES += libyogo_expr.a
libyogo_expr_a_SOURCES = \
	src/expr/aggregate.c \
	src/expr/bind.c \
	src/expr/bind_arith.c \
	src/expr/bind_call.c \
	src/expr/bind_compare.c \
	src/expr/bind_factor.c \
	src/expr/bind_name.c \
	src/expr/bits.c \
	src/expr/condition.c \
	src/expr/eval.c \
	src/expr/eval_choice.c \
	src/expr/eval_compare.c \
	src/expr/eval_condition.c \
	src/expr/eval_date.c \
	src/expr/eval_level.c \
	src/expr/eval_number.c \
	src/expr/expr_priv.h \
	src/expr/intern.c \
	src/expr/node.c \
	src/expr/scope.c \
	include/yogo/expr/bind.h \
	include/yogo/expr/intern.h \
	include/yogo/expr/scope.h
