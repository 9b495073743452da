#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "platform/csv/csv_private.h"

static locale_t plain_locale;
static pthread_once_t plain_once = PTHREAD_ONCE_INIT;

static void make_plain_locale(void) { plain_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

/* Reads digits, at most 19 of them into *mantissa; gives how many there were. */
static size_t take_digits(const char **at, const char *end, uint64_t *mantissa, size_t before)
{
    size_t count = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at, count++)
        if (before + count < 19) *mantissa = *mantissa * 10 + (uint64_t)(**at - '0');
    return count;
}

static bool take_exponent(const char **at, const char *end, int *exponent)
{
    if (*at == end || (**at != 'e' && **at != 'E')) return true;
    ++*at;
    const bool negative = *at < end && **at == '-';
    if (*at < end && (**at == '-' || **at == '+')) ++*at;
    uint64_t value = 0;
    const size_t digits = take_digits(at, end, &value, 0);
    if (digits == 0 || digits > 5) return false;
    *exponent = negative ? -(int)value : (int)value;
    return true;
}

/* A mantissa below 2^53 times or over a power of ten up to 22 is one exact operation (Clinger 1990); the rest is left
 * to the C library. */
static bool finish(const char *text, size_t length, uint64_t mantissa, size_t digits, int exponent, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (digits <= 19 && mantissa <= (UINT64_C(1) << 53) && exponent >= -22 && exponent <= 22) {
        *value = exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
        if (text[0] == '-') *value = -*value;
        return true;
    }
    char copy[512];
    if (length >= sizeof copy) return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    pthread_once(&plain_once, make_plain_locale);
    *value = strtod_l(copy, NULL, plain_locale);
    return isfinite(*value);
}

bool csv_parse_real(const char *text, size_t length, double *value)
{
    const char *at = text, *end = text + length;
    uint64_t mantissa = 0;
    int exponent = 0;
    if (at < end && (*at == '-' || *at == '+')) at++;
    const size_t whole = take_digits(&at, end, &mantissa, 0);
    size_t fraction = 0;
    if (at < end && *at == '.') {
        at++;
        fraction = take_digits(&at, end, &mantissa, whole);
    }
    if (whole + fraction == 0 || !take_exponent(&at, end, &exponent) || at != end) return false;
    if (fraction > 400) return false;
    return finish(text, length, mantissa, whole + fraction, exponent - (int)fraction, value);
}
