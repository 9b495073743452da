/* What a cell's number means: plain, a date, an hour. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/time.h"
#include "platform/csv/csv.h"
#include "platform/sheet/sheet_private.h"

enum { LAST_SERIAL = 2958465 /* 9999-12-31 */, SECONDS_PER_DAY = 86400 };

enum cell_form cell_form_of_built_in(int64_t format)
{
    if ((format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 36) ||
        (format >= 50 && format <= 58))
        return FORM_DATE;
    if ((format >= 18 && format <= 21) || format == 45 || format == 47) return FORM_HOUR;
    return FORM_NUMBER;
}

/* What follows a bracket: a colour, a locale or a condition is passed over; *elapsed for [h], [mm], [ss]. */
static const char *skip_bracket(const char *at, bool *elapsed)
{
    const size_t length = strcspn(at, "]");
    if (length && strspn(at, "hHmMsS") == length) *elapsed = true;
    return at[length] ? at + length + 1 : at + length;
}

/* The next character that tells something, or NUL at the end of the first section. */
static char next_sign(const char **at, bool *elapsed)
{
    for (;;) {
        const char sign = **at;
        if (!sign || sign == ';') return '\0';
        ++*at;
        if (sign == '[') {
            *at = skip_bracket(*at, elapsed);
        } else if (sign == '"') {
            *at += strcspn(*at, "\"");
            if (**at) ++*at;
        } else if (sign == '\\' || sign == '_' || sign == '*') {
            if (**at) ++*at;
        } else if (strncasecmp(*at - 1, "AM/PM", 5) == 0) {
            *at += 4;
        } else {
            return sign;
        }
    }
}

enum cell_form cell_form_of_format(const char *format)
{
    bool elapsed = false, date = false, hour = false, m = false;
    if (strcasecmp(format, "General") == 0) return FORM_NUMBER;
    for (char sign; (sign = next_sign(&format, &elapsed));) {
        if (strchr("yYdD", sign))
            date = true;
        else if (strchr("hHsS", sign))
            hour = true;
        else if (strchr("mM", sign))
            m = true;
        else if (strchr("0#?", sign) && !date && !hour && !m)
            return FORM_NUMBER;
    }
    if (elapsed) return FORM_NUMBER;
    return date ? FORM_DATE : hour ? FORM_HOUR : m ? FORM_DATE : FORM_NUMBER;
}

/* The day of a serial number. The 1900 system counts a 29 February 1900 that never was, as serial 60 (ECMA-376, 18.17.4.1). */
static bool day_of_serial(int64_t serial, bool from_1904, int64_t *day)
{
    if (serial < 0 || serial > LAST_SERIAL || (!from_1904 && (serial == 0 || serial == 60))) return false;
    if (from_1904)
        *day = day_from_civil((struct civil){1904, 1, 1}) + serial;
    else
        *day = day_from_civil((struct civil){1899, 12, serial < 60 ? 31 : 30}) + serial;
    return true;
}

static bool print_moment(double value, enum cell_form form, bool from_1904, char *text)
{
    int64_t day = 0, whole = (int64_t)floor(value);
    int seconds = (int)lround((value - floor(value)) * SECONDS_PER_DAY);
    if (seconds == SECONDS_PER_DAY) whole++, seconds = 0;
    const int hour = seconds / 3600, minute = seconds / 60 % 60, second = seconds % 60;
    if (form == FORM_HOUR && whole == 0) {
        snprintf(text, CELL_TEXT_SIZE, "%02d:%02d:%02d", hour, minute, second);
        return true;
    }
    if (!day_of_serial(whole, from_1904, &day)) return false;
    day_format(day, text);
    if (seconds) snprintf(text + strlen(text), CELL_TEXT_SIZE - strlen(text), "T%02d:%02d:%02d", hour, minute, second);
    return true;
}

static void plain_point(char *text)
{
    char *comma = strchr(text, ',');
    if (comma) *comma = '.';
}

/* 15 significant digits, as spreadsheets show; without an exponent where that stays short. */
static void print_number(double value, char *text)
{
    snprintf(text, CELL_TEXT_SIZE, "%.15g", value == 0 ? 0.0 : value);
    plain_point(text);
    const char *exponent = strchr(text, 'e');
    if (!exponent) return;
    const int power = atoi(exponent + 1);
    if (power < -15 || power > 20) return;
    const int digits = (int)strspn(strchr(text, '.') ? strchr(text, '.') + 1 : "", "0123456789");
    const int decimals = digits - power;
    snprintf(text, CELL_TEXT_SIZE, "%.*f", decimals > 0 ? decimals : 0, value);
    plain_point(text);
}

bool cell_number(const char *value, size_t length, enum cell_form form, bool from_1904, char *text)
{
    double number = 0;
    if (!csv_parse_real(value, length, &number)) return false;
    if (form != FORM_NUMBER && fabs(number) <= LAST_SERIAL + 1 && print_moment(number, form, from_1904, text))
        return true;
    /* What is short and plain is kept as it stands. */
    if (length <= 16 && strspn(value, "0123456789.-") >= length && value[length - 1] != '.' &&
        value[value[0] == '-'] != '.') {
        memcpy(text, value, length);
        text[length] = '\0';
        return true;
    }
    print_number(number, text);
    return true;
}

static int hexadecimal(const char *at)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef", *found = at[i] ? strchr(digits, at[i] | 0x20) : NULL;
        if (!found) return -1;
        value = value * 16 + (int)(found - digits);
    }
    return value;
}

int cell_escape_at(const char *text, size_t left)
{
    return left >= ESCAPE_LENGTH && text[0] == '_' && text[1] == 'x' && text[6] == '_' ? hexadecimal(text + 2) : -1;
}

size_t cell_unescape(char *text, size_t length)
{
    size_t to = 0;
    if (!memmem(text, length, "_x", 2)) return length;
    for (size_t i = 0; i < length; i++, to++) {
        const int code = cell_escape_at(text + i, length - i);
        text[to] = text[i];
        if (code <= 0 || code >= 0x80) continue;
        text[to] = (char)code;
        i += ESCAPE_LENGTH - 1;
    }
    return to;
}
