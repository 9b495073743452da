/* calendar.c: iCalendar: content lines (RFC 5545, 3.1), texts (3.3.11), events (3.6.1). */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/time.h"
#include "platform/feed/feed.h"

enum { LINE_OCTETS = 75 };

/* A content line being written: it is folded before the character that would make it too long. */
struct line {
    struct buffer *out;
    size_t length;
};

static size_t character_length(const char *at)
{
    size_t length = 1;
    while (((unsigned char)at[length] & 0xc0) == 0x80) length++;
    return length;
}

static void put_character(struct line *line, const char *at, size_t length)
{
    if (line->length + length > LINE_OCTETS) {
        buffer_text(line->out, "\r\n ");
        line->length = 1;
    }
    buffer_add(line->out, at, length);
    line->length += length;
}

static void put_plain(struct line *line, const char *text)
{
    for (size_t length; *text; text += length) {
        length = character_length(text);
        if ((unsigned char)*text >= ' ' && *text != 127) put_character(line, text, length);
    }
}

/* A value of type TEXT: backslash, semicolon, comma and the end of a line are escaped. */
static void put_text(struct line *line, const char *text)
{
    for (size_t length; *text; text += length) {
        length = character_length(text);
        const bool crlf = text[0] == '\r' && text[1] == '\n';
        if (strchr("\\;,", *text)) put_character(line, "\\", 1);
        if (*text == '\n')
            put_character(line, "\\n", 2);
        else if (!crlf && (*text == '\t' || ((unsigned char)*text >= ' ' && *text != 127)))
            put_character(line, text, length);
    }
}

static void text_line(struct buffer *out, const char *name, const char *value)
{
    struct line line = {.out = out};
    if (!value || !*value) return;
    put_plain(&line, name);
    put_text(&line, value);
    buffer_text(out, "\r\n");
}

static void plain_line(struct buffer *out, const char *name, const char *value)
{
    struct line line = {.out = out};
    if (!value) return;
    put_plain(&line, name);
    put_plain(&line, value);
    buffer_text(out, "\r\n");
}

/* "20261126T133000Z" */
static void moment_line(struct buffer *out, const char *name, int64_t moment)
{
    char iso[32], basic[20];
    if (moment == INT64_MIN) return;
    time_format(moment, iso);
    snprintf(basic, sizeof basic, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso, iso + 5, iso + 8, iso + 11, iso + 14, iso + 17);
    plain_line(out, name, basic);
}

static void day_line(struct buffer *out, const char *name, int64_t day)
{
    char iso[16], basic[12];
    if (day == INT64_MIN) return;
    day_format(day, iso);
    snprintf(basic, sizeof basic, "%.4s%.2s%.2s", iso, iso + 5, iso + 8);
    plain_line(out, name, basic);
}

void calendar_begin(struct buffer *out, const char *name, const char *language)
{
    plain_line(out, "BEGIN:", "VCALENDAR");
    plain_line(out, "VERSION:", "2.0");
    plain_line(out, "PRODID:", "-//Maillage//Maillage//EN");
    plain_line(out, "CALSCALE:", "GREGORIAN");
    struct line line = {.out = out};
    put_plain(&line, "NAME;LANGUAGE=");
    put_plain(&line, language);
    put_plain(&line, ":");
    put_text(&line, name);
    buffer_text(out, "\r\n");
    text_line(out, "X-WR-CALNAME:", name);
    plain_line(out, "REFRESH-INTERVAL;VALUE=DURATION:", "PT6H");
    plain_line(out, "X-PUBLISHED-TTL:", "PT6H");
}

static void add_times(struct buffer *out, const struct calendar_event *event)
{
    if (event->is_day) {
        day_line(out, "DTSTART;VALUE=DATE:", event->starts);
        /* The end of a day's event is the first day without it (3.6.1). */
        if (event->ends != INT64_MIN && event->ends >= event->starts)
            day_line(out, "DTEND;VALUE=DATE:", event->ends + 1);
        return;
    }
    moment_line(out, "DTSTART:", event->starts);
    if (event->ends != INT64_MIN && event->ends > event->starts) moment_line(out, "DTEND:", event->ends);
}

static void add_point(struct buffer *out, const struct calendar_event *event)
{
    char text[48];
    if (!event->is_placed) return;
    snprintf(text, sizeof text, "%.6f;%.6f", (double)event->latitude / 1e6, (double)event->longitude / 1e6);
    plain_line(out, "GEO:", text);
}

void calendar_add(struct buffer *out, const struct calendar_event *event)
{
    char sequence[24];
    snprintf(sequence, sizeof sequence, "%lld", (long long)event->sequence);
    plain_line(out, "BEGIN:", "VEVENT");
    text_line(out, "UID:", event->uid);
    moment_line(out, "DTSTAMP:", event->updated);
    moment_line(out, "CREATED:", event->created);
    moment_line(out, "LAST-MODIFIED:", event->updated);
    plain_line(out, "SEQUENCE:", sequence);
    add_times(out, event);
    text_line(out, "SUMMARY:", event->summary);
    text_line(out, "DESCRIPTION:", event->description);
    text_line(out, "LOCATION:", event->location);
    add_point(out, event);
    plain_line(out, "URL:", event->url);
    text_line(out, "CATEGORIES:", event->category);
    plain_line(out, "STATUS:", event->is_cancelled ? "CANCELLED" : "CONFIRMED");
    if (event->is_day) plain_line(out, "TRANSP:", "TRANSPARENT");
    plain_line(out, "END:", "VEVENT");
}

void calendar_end(struct buffer *out) { plain_line(out, "END:", "VCALENDAR"); }
