#include "platform/language/language.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"

#define NARROW_SPACE "\u202f" /* between thousands, and before what French typography sets apart */
#define NO_BREAK_SPACE "\u00a0"
#define MINUS "\u2212"

enum { MOST_SCALE = 18, MOST_DIGITS = 20, NUMBER_SIZE = 96 };

static const struct {
    const char *thousands;
    const char *point;
} marks[LANGUAGES] = {
    [LANGUAGE_FRENCH] = {NARROW_SPACE, ","},
    [LANGUAGE_ENGLISH] = {",", "."},
};

static const char *const months[LANGUAGES][12] = {
    [LANGUAGE_FRENCH] = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
                         "octobre", "novembre", "décembre"},
    [LANGUAGE_ENGLISH] = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                          "October", "November", "December"},
};

/* Writes the digits of a magnitude, at least scale + 1 of them; returns how many. */
static int write_digits(char digits[MOST_DIGITS + 1], int64_t scaled, int scale)
{
    const uint64_t magnitude = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    return snprintf(digits, MOST_DIGITS + 1, "%0*llu", scale + 1, (unsigned long long)magnitude);
}

static char *put(char *at, const char *text)
{
    const size_t length = strlen(text);
    memcpy(at, text, length + 1);
    return at + length;
}

const char *language_number(struct arena *arena, enum language language, int64_t scaled, int scale)
{
    if (scaled == INT64_MIN) return "";
    if (scale < 0) scale = 0;
    if (scale > MOST_SCALE) scale = MOST_SCALE;
    char digits[MOST_DIGITS + 1];
    const int count = write_digits(digits, scaled, scale);
    const int whole = count - scale;
    char *text = arena_alloc(arena, NUMBER_SIZE);
    char *at = text;
    if (scaled < 0) at = put(at, MINUS);
    for (int i = 0; i < count; i++) {
        if (i == whole)
            at = put(at, marks[language].point);
        else if (i && i < whole && (whole - i) % 3 == 0)
            at = put(at, marks[language].thousands);
        *at++ = digits[i];
    }
    return text;
}

const char *language_money(struct arena *arena, enum language language, int64_t cents)
{
    if (cents == INT64_MIN) return "";
    const bool whole = cents % 100 == 0;
    const int64_t magnitude = cents < 0 ? -cents : cents;
    const char *amount = language_number(arena, language, whole ? magnitude / 100 : magnitude, whole ? 0 : 2);
    const char *sign = cents < 0 ? MINUS : "";
    if (language == LANGUAGE_FRENCH) return arena_print(arena, "%s%s" NO_BREAK_SPACE "€", sign, amount);
    return arena_print(arena, "%s€%s", sign, amount);
}

const char *language_bytes(struct arena *arena, enum language language, int64_t bytes)
{
    static const char *const units[LANGUAGES][4] = {
        [LANGUAGE_FRENCH] = {"octets", "Ko", "Mo", "Go"},
        [LANGUAGE_ENGLISH] = {"bytes", "kB", "MB", "GB"},
    };
    if (bytes < 0) return "";
    int unit = 0;
    int64_t tenths = bytes < INT64_MAX / 10 ? bytes * 10 : INT64_MAX;
    for (; unit < 3 && tenths >= 9995; unit++) tenths = (tenths + 500) / 1000;
    const bool whole = unit == 0 || tenths >= 100;
    const char *figure = language_number(arena, language, whole ? (tenths + 5) / 10 : tenths, whole ? 0 : 1);
    return arena_print(arena, "%s" NO_BREAK_SPACE "%s", figure, units[language][unit]);
}

const char *language_day(struct arena *arena, enum language language, int64_t day)
{
    if (day == INT64_MIN) return "";
    const struct civil date = day_to_civil(day);
    const char *ordinal = language == LANGUAGE_FRENCH && date.day == 1 ? "er" : "";
    return arena_print(arena, "%d%s %s %d", date.day, ordinal, months[language][date.month - 1], date.year);
}

const char *language_day_short(struct arena *arena, enum language language, int64_t day)
{
    (void)language;
    if (day == INT64_MIN) return "";
    const struct civil date = day_to_civil(day);
    return arena_print(arena, "%02d/%02d/%04d", date.day, date.month, date.year);
}

const char *language_month(struct arena *arena, enum language language, int64_t day)
{
    if (day == INT64_MIN) return "";
    const struct civil date = day_to_civil(day);
    return arena_print(arena, "%s %d", months[language][date.month - 1], date.year);
}

/* The moment at which the hour changes in that month: its last Sunday, 01:00 UTC. 1970-01-01 was a Thursday. */
static int64_t last_sunday(int year, int month)
{
    const int64_t last = day_from_civil((struct civil){year, month, 31});
    const int64_t weekday = ((last + 4) % 7 + 7) % 7;
    return (last - weekday) * MS_PER_DAY + 3600 * (int64_t)MS_PER_SECOND;
}

int64_t language_paris_offset(int64_t moment)
{
    const int64_t hour = 3600 * (int64_t)MS_PER_SECOND;
    const int year = day_to_civil(time_day(moment)).year;
    const bool summer = moment >= last_sunday(year, 3) && moment < last_sunday(year, 10);
    return summer ? 2 * hour : hour;
}

bool language_paris_moment(int64_t local, int64_t *moment)
{
    const int64_t hour = 3600 * (int64_t)MS_PER_SECOND;
    for (int64_t ahead = 2 * hour; ahead >= hour; ahead -= hour) {
        *moment = local - ahead;
        if (language_paris_offset(*moment) == ahead) return true;
    }
    return false;
}

const char *language_moment(struct arena *arena, enum language language, int64_t moment)
{
    if (moment == INT64_MIN) return "";
    const int64_t local = moment + language_paris_offset(moment);
    const int64_t minutes = (local - time_day(local) * MS_PER_DAY) / 60000;
    const char *day = language_day(arena, language, time_day(local));
    const char *between = language == LANGUAGE_FRENCH ? " à " : ", ";
    return arena_print(arena, "%s%s%02d:%02d", day, between, (int)(minutes / 60), (int)(minutes % 60));
}
