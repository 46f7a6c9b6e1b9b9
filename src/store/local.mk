noinst_LIBRARIES += libyogo_store.a
libyogo_store_a_SOURCES = \
	src/store/bitmap.c src/store/checksum.c src/store/cohort_format.c src/store/cohort_reader.c \
	src/store/cohort_writer.c src/store/column.c src/store/dataset.c src/store/decode.c src/store/dict.c \
	src/store/encode.c src/store/fingerprint.c src/store/manifest.c src/store/manifest_write.c \
	src/store/profile.c src/store/stream.c src/store/tally.c src/store/type.c src/store/vec.c \
	src/store/verify.c src/store/writer_describe.c \
	src/store/block_priv.h src/store/cohort_priv.h src/store/dataset_priv.h src/store/encode_priv.h \
	src/store/hot_priv.h src/store/profile_priv.h src/store/space_priv.h src/store/stream_priv.h \
	src/store/writer_priv.h \
	include/yogo/store/bitmap.h include/yogo/store/dataset.h include/yogo/store/dict.h \
	include/yogo/store/encode.h include/yogo/store/fingerprint.h include/yogo/store/manifest.h \
	include/yogo/store/type.h include/yogo/store/vec.h include/yogo/store/writer.h
