/* qr.h: a text as a QR code (ISO/IEC 18004, by libqrencode), drawn as SVG on the server: black on white whatever the theme, with its quiet zone. */
#ifndef PLATFORM_HTML_QR_H
#define PLATFORM_HTML_QR_H

#include "platform/html/html.h"

/* label: what it is, for who cannot see it (translated). Error correction M. Nothing is drawn for a text too long for a code (some 2,300
 * bytes). In the arena. */
struct markup qr_draw(struct arena *arena, const char *text, const char *label);

#endif
