# The program.  num/libm_names.c is linked in by name: it defines exp, log, pow, log1p and expm1 for
# libgsl too, so that results do not depend on the processor's libm variants.
bin_PROGRAMS += yogo
yogo_SOURCES = src/cli/main.c src/cli/options.c src/cli/run.c src/cli/tools.c src/cli/progress.c src/cli/cli_priv.h
yogo_LDADD = libyogo_tui.a libyogo_repl.a libyogo_command.a libyogo_session.a libyogo_journal.a libyogo_report.a libyogo_gate.a \
	libyogo_analysis.a libyogo_cohort.a libyogo_stats.a libyogo_expr.a libyogo_privacy.a libyogo_ingest.a libyogo_result.a libyogo_raw.a \
	libyogo_lang.a libyogo_num.a libyogo_store.a libyogo_base.a $(EXTERNAL_LIBS)

noinst_PROGRAMS += yogo-docs
yogo_docs_SOURCES = src/cli/docs_main.c
yogo_docs_LDADD = libyogo_lang.a libyogo_base.a $(CRYPTO_LIBS) $(YAJL_LIBS)

# The pages that come from the command table.
.PHONY: docs
docs: yogo-docs
	./yogo-docs $(srcdir)/docs/commands $(srcdir)/docs/yogo.1.head $(srcdir)/docs/yogo.1
