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

/* The same by a clock that is `ahead` of UTC by so many milliseconds (whole minutes), without thousandths: "2026-11-22T09:30:00+01:00" (RFC 3339);
 * text holds at least 40 bytes. */
void time_format_ahead(int64_t moment, int64_t ahead, char *text);

/* "2026-11-22"; text holds at least 16 bytes. */
void day_format(int64_t day, char *text);

/* Reads "2026-11-22" or "22/11/2026" (day first, as in French); false when it is no date. */
bool day_parse(const char *text, int64_t *day);

/* Reads what time_format writes, with or without the milliseconds. */
bool time_parse(const char *text, int64_t *moment);

/* Reads a day and an hour as people and programs write them: "2026-11-22T09:30", "22/11/2026 09:30", "22/11/2026 à 9h30", with seconds or not, and
 * then "Z" or "+01:00" when the zone is said. *local: as if the clock were in UTC; *ahead: how much that clock is ahead of UTC, INT64_MIN when
 * no zone is said. */
bool time_parse_local(const char *text, int64_t *local, int64_t *ahead);

#endif
