EXTRA_DIST += docs/architecture.md docs/language.md docs/errors.md docs/cohort-format.md docs/manifest-format.md \
	docs/journal-format.md docs/performance.md docs/replay.md docs/workbench.md docs/commands docs/methods docs/images
EXTRA_DIST += docs/yogo.1.head
dist_man_MANS += docs/yogo.1
