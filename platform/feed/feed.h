/* feed.h: lists that other programs follow: calendars (iCalendar, RFC 5545) and news (Atom, RFC 4287). Text in, text out; nothing is fetched and
 * nothing of records is known here. All texts are UTF-8; what those formats do not allow in them is left out. */
#ifndef PLATFORM_FEED_H
#define PLATFORM_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/* What takes place once. Absent texts are NULL, absent moments INT64_MIN. */
struct calendar_event {
    const char *uid;          /* the same for ever: "event-12@maillage" */
    int64_t sequence;         /* grows by each change, from 0 */
    int64_t created, updated; /* moments */
    bool is_day;              /* starts and ends are days since 1970, the last one included; else moments */
    int64_t starts, ends;     /* ends absent: no end is said */
    const char *summary;
    const char *description;
    const char *location;
    bool is_placed;
    int64_t latitude, longitude; /* millionths of a degree, when is_placed */
    const char *url, *category;
    bool is_cancelled;
};

/* Writes a calendar to subscribe to: no METHOD, times in UTC, lines of at most 75 octets that end with CRLF. O(length). */
void calendar_begin(struct buffer *out, const char *name, const char *language);
void calendar_add(struct buffer *out, const struct calendar_event *event);
void calendar_end(struct buffer *out);

struct atom_feed {
    const char *id, *title, *self, *alternate; /* addresses: of the feed, and of the page that it is of */
    const char *author, *language;
    int64_t updated; /* the latest of its entries', or now */
};
struct atom_entry {
    const char *id, *title, *url, *summary; /* summary: plain text */
    const char *author, *category;          /* category: its term; may be NULL, as the author */
    int64_t published, updated;
};

/* Writes a feed. O(length). */
void atom_begin(struct buffer *out, const struct atom_feed *feed);
void atom_add(struct buffer *out, const struct atom_entry *entry);
void atom_end(struct buffer *out);

#endif
