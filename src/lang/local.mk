noinst_LIBRARIES += libyogo_lang.a
libyogo_lang_a_SOURCES = \
	src/lang/ast.c \
	src/lang/char.c \
	src/lang/char_priv.h \
	src/lang/format.c \
	src/lang/lex.c \
	src/lang/lex_priv.h \
	src/lang/parse.c \
	src/lang/parse_block.c \
	src/lang/parse_error.c \
	src/lang/parse_expr.c \
	src/lang/parse_priv.h \
	src/lang/parser.c \
	src/lang/print.c \
	src/lang/segment.c \
	src/lang/source.c \
	src/lang/spec.c \
	src/lang/spec_doc.c \
	src/lang/spec_function.c \
	src/lang/spec_priv.h \
	src/lang/spec_accuracy_priv.h \
	src/lang/spec_causal_priv.h \
	src/lang/spec_clause_priv.h \
	src/lang/spec_look_priv.h \
	src/lang/spec_plan_priv.h \
	src/lang/spec_regression_priv.h \
	src/lang/spec_session_priv.h \
	src/lang/spec_statement_priv.h \
	src/lang/spec_survival_priv.h \
	include/yogo/lang/ast.h \
	include/yogo/lang/parse.h \
	include/yogo/lang/print.h \
	include/yogo/lang/segment.h \
	include/yogo/lang/source.h \
	include/yogo/lang/spec.h \
	include/yogo/lang/spec_doc.h
