/*
 * Messages for people go through gettext: _() where text is shown, N_() where it is only marked.
 * Results, digests, JSON and the journal always hold the English message id.
 */
#ifndef YOGO_BASE_I18N_H
#define YOGO_BASE_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text

#endif
