/* time.h: moments and days, always UTC and Gregorian.
 *
 * A moment is milliseconds since 1970-01-01T00:00:00Z. A day is days since 1970-01-01.
 * Algorithms: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil and its inverse). */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
    int year;  /* 0 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

enum { MS_PER_SECOND = 1000, MS_PER_DAY = 86400000 };

/* The present moment. */
int64_t time_now(void);

/* Milliseconds of a clock that never goes back: for durations only. */
int64_t time_ticks(void);

int64_t time_day(int64_t moment);
int64_t time_today(void);

/* The day of a date, and back. day_from_civil does not check: see day_valid. */
int64_t day_from_civil(struct civil date);
struct civil day_to_civil(int64_t day);
bool day_valid(struct civil date);

/* "2026-11-22T08:30:00.123Z"; text holds at least 32 bytes. */
void time_format(int64_t moment, char *text);

/* "2026-11-22"; text holds at least 16 bytes. */
void day_format(int64_t day, char *text);

/* Reads "2026-11-22" or "22/11/2026" (day first, as in French); false when it is no date. */
bool day_parse(const char *text, int64_t *day);

/* Reads what time_format writes, with or without the milliseconds. */
bool time_parse(const char *text, int64_t *moment);

#endif
