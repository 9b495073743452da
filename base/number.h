/* number.h: whole and decimal numbers as text, without the weight of printf. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum { NUMBER_SCALE_MOST = 18, NUMBER_TEXT = 24 };

/* Writes scaled / 10^scale with scale digits after the point ("-3.50"; scale 0: "-3") and a NUL; the length. scale from 0 to 18. */
size_t number_format(int64_t scaled, int scale, char text[NUMBER_TEXT]);

#endif
