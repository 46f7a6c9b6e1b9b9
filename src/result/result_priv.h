/* Names that stand in the canonical bytes: shared by writer, reader and comparison. */
#ifndef YOGO_RESULT_PRIV_H
#define YOGO_RESULT_PRIV_H

#define YG_RESULT_FORMAT 1   /* format of the canonical bytes */

extern const char *const yg_cell_state_name[5];
extern const char *const yg_figure_kind_name[6];
extern const char *const yg_note_kind_name[5];

#endif
