#include "base/number.h"

#include <string.h>

#include "base/fatal.h"

size_t number_format(int64_t scaled, int scale, char text[NUMBER_TEXT])
{
    uint64_t left = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    size_t at = NUMBER_TEXT;
    int written = 0;
    ENSURE(scale >= 0 && scale <= NUMBER_SCALE_MOST);
    text[--at] = '\0';
    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
        if (++written == scale) text[--at] = '.';
    } while (left || written <= scale);
    if (scaled < 0) text[--at] = '-';
    const size_t length = NUMBER_TEXT - 1 - at;
    memmove(text, text + at, length + 1);
    return length;
}
