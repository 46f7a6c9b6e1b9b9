noinst_LIBRARIES += libyogo_gate.a
libyogo_gate_a_SOURCES = \
	include/yogo/gate/gate.h \
	include/yogo/gate/policy.h \
	src/gate/curves.c \
	src/gate/figures.c \
	src/gate/gate.c \
	src/gate/gate_priv.h \
	src/gate/policy.c \
	src/gate/suppress.c
