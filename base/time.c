#include "base/time.h"

#include <string.h>
#include <time.h>

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

int64_t time_now(void) { return clock_ms(CLOCK_REALTIME); }

int64_t time_ticks(void) { return clock_ms(CLOCK_MONOTONIC); }

static int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

int64_t time_day(int64_t moment) { return floor_divide(moment, MS_PER_DAY); }

int64_t time_today(void) { return time_day(time_now()); }

int64_t day_from_civil(struct civil date)
{
    const int64_t year = date.month <= 2 ? (int64_t)date.year - 1 : date.year;
    const int64_t era = floor_divide(year, 400);
    const int64_t year_of_era = year - era * 400;
    const int64_t month = (date.month + 9) % 12;
    const int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil day_to_civil(int64_t day)
{
    const int64_t shifted = day + 719468;
    const int64_t era = floor_divide(shifted, 146097);
    const int64_t day_of_era = shifted - era * 146097;
    const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month = (5 * day_of_year + 2) / 153;
    struct civil date = {
        .year = (int)(year_of_era + era * 400 + (month >= 10)),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    return date;
}

bool day_valid(struct civil date)
{
    if (date.year < 0 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) return false;
    const struct civil back = day_to_civil(day_from_civil(date));
    return back.year == date.year && back.month == date.month && back.day == date.day;
}

static char *put_number(char *at, int digits, unsigned number)
{
    for (int i = digits; i-- > 0; number /= 10) at[i] = (char)('0' + number % 10);
    return at + digits;
}

static char *put_day(char *at, int64_t day)
{
    const struct civil date = day_to_civil(day);
    at = put_number(at, 4, (unsigned)date.year);
    *at++ = '-';
    at = put_number(at, 2, (unsigned)date.month);
    *at++ = '-';
    return put_number(at, 2, (unsigned)date.day);
}

void day_format(int64_t day, char *text) { *put_day(text, day) = '\0'; }

void time_format(int64_t moment, char *text)
{
    static const struct {
        char before;
        unsigned divisor, range;
        int digits;
    } parts[] = {{'T', 3600000, 24, 2}, {':', 60000, 60, 2}, {':', 1000, 60, 2}, {'.', 1, 1000, 3}};
    const int64_t day = time_day(moment);
    const unsigned ms = (unsigned)(moment - day * MS_PER_DAY);
    char *at = put_day(text, day);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        *at++ = parts[i].before;
        at = put_number(at, parts[i].digits, ms / parts[i].divisor % parts[i].range);
    }
    *at++ = 'Z';
    *at = '\0';
}

void time_format_ahead(int64_t moment, int64_t ahead, char *text)
{
    const unsigned minutes = (unsigned)((ahead < 0 ? -ahead : ahead) / 60000);
    time_format(moment + ahead, text);
    char *at = text + strlen("2026-11-22T09:30:00");
    *at++ = ahead < 0 ? '-' : '+';
    at = put_number(at, 2, minutes / 60 % 24);
    *at++ = ':';
    *put_number(at, 2, minutes % 60) = '\0';
}

static bool read_number(const char **at, int digits, int *number)
{
    *number = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (**at < '0' || **at > '9') return false;
        *number = *number * 10 + (**at - '0');
    }
    return true;
}

static bool read_character(const char **at, char character)
{
    if (**at != character) return false;
    (*at)++;
    return true;
}

static bool read_iso_date(const char **at, struct civil *date)
{
    return read_number(at, 4, &date->year) && read_character(at, '-') && read_number(at, 2, &date->month) &&
           read_character(at, '-') && read_number(at, 2, &date->day);
}

static bool read_french_date(const char **at, struct civil *date)
{
    return read_number(at, 2, &date->day) && read_character(at, '/') && read_number(at, 2, &date->month) &&
           read_character(at, '/') && read_number(at, 4, &date->year);
}

bool day_parse(const char *text, int64_t *day)
{
    struct civil date = {0};
    const char *at = text;
    const bool read =
        strnlen(text, 3) == 3 && text[2] == '/' ? read_french_date(&at, &date) : read_iso_date(&at, &date);
    if (!read || *at || !day_valid(date)) return false;
    *day = day_from_civil(date);
    return true;
}

bool time_parse(const char *text, int64_t *moment)
{
    struct civil date = {0};
    int hour = 0, minute = 0, second = 0, ms = 0;
    const char *at = text;
    if (!read_iso_date(&at, &date) || !day_valid(date) || !read_character(&at, 'T')) return false;
    if (!read_number(&at, 2, &hour) || !read_character(&at, ':') || !read_number(&at, 2, &minute)) return false;
    if (!read_character(&at, ':') || !read_number(&at, 2, &second)) return false;
    if (*at == '.' && (at++, !read_number(&at, 3, &ms))) return false;
    if (!read_character(&at, 'Z') || *at || hour > 23 || minute > 59 || second > 59) return false;
    *moment = day_from_civil(date) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000LL + ms;
    return true;
}

static void skip_blanks(const char **at) { *at += strspn(*at, " "); }

/* "T", " ", " à ", ", " between the day and the hour. */
static bool read_between(const char **at)
{
    const char *const start = *at;
    if (**at == 'T' || **at == ',') (*at)++;
    skip_blanks(at);
    if (strncmp(*at, "à", strlen("à")) == 0) *at += strlen("à");
    skip_blanks(at);
    return *at > start;
}

/* "09:30", "9:30:00", "9h30", "9 h", with a fraction of a second that is passed over. */
static bool read_hour(const char **at, int64_t *ms)
{
    int hour = 0, minute = 0, second = 0, digit = 0;
    if (!read_number(at, 1, &hour)) return false;
    if (**at >= '0' && **at <= '9' && read_number(at, 1, &digit)) hour = hour * 10 + digit;
    skip_blanks(at);
    const bool letter = **at == 'h' || **at == 'H';
    if (!letter && **at != ':') return false;
    (*at)++;
    skip_blanks(at);
    if (!read_number(at, 2, &minute) && !letter) return false;
    if (**at == ':' && (++*at, !read_number(at, 2, &second))) return false;
    if (**at == '.') *at += 1 + strspn(*at + 1, "0123456789");
    *ms = ((hour * 60 + minute) * 60 + second) * 1000LL;
    return hour < 24 && minute < 60 && second < 60;
}

static bool read_zone(const char **at, int64_t *ahead)
{
    int hours = 0, minutes = 0;
    *ahead = INT64_MIN;
    if (!**at) return true;
    *ahead = 0;
    if (read_character(at, 'Z')) return true;
    const int sign = **at == '-' ? -1 : 1;
    if (**at != '+' && **at != '-') return false;
    (*at)++;
    if (!read_number(at, 2, &hours) || !read_character(at, ':') || !read_number(at, 2, &minutes)) return false;
    *ahead = sign * (hours * 60 + minutes) * 60000LL;
    return hours < 24 && minutes < 60;
}

bool time_parse_local(const char *text, int64_t *local, int64_t *ahead)
{
    struct civil date = {0};
    int64_t ms = 0;
    const char *at = text;
    const bool french = strnlen(text, 3) == 3 && text[2] == '/';
    if (!(french ? read_french_date(&at, &date) : read_iso_date(&at, &date)) || !day_valid(date)) return false;
    if (!read_between(&at) || !read_hour(&at, &ms) || !read_zone(&at, ahead) || *at) return false;
    *local = day_from_civil(date) * MS_PER_DAY + ms;
    return true;
}
