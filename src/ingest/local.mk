noinst_LIBRARIES += libyogo_ingest.a
libyogo_ingest_a_SOURCES = \
	src/ingest/bytes.c src/ingest/column.c src/ingest/convert.c src/ingest/csv_header.c src/ingest/csv_scan.c \
	src/ingest/csv_walk.c src/ingest/draft.c src/ingest/import.c src/ingest/infer.c src/ingest/load.c \
	src/ingest/load_block.c src/ingest/load_pass.c src/ingest/load_source.c src/ingest/person_key.c src/ingest/persons.c \
	src/ingest/quick.c src/ingest/unpack.c src/ingest/whole.c \
	src/ingest/bytes_priv.h src/ingest/column_priv.h src/ingest/csv_marks_priv.h src/ingest/csv_priv.h src/ingest/hot_priv.h src/ingest/import_priv.h \
	src/ingest/infer_priv.h src/ingest/load_priv.h src/ingest/person_priv.h src/ingest/quick_priv.h \
	include/yogo/ingest/import.h
