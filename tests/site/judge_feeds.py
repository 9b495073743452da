#!/usr/bin/python3
"""Reads a calendar with python3-icalendar or a feed with python3-feedparser, and says in JSON what they understood.

judge_feeds.py calendar|atom FILE"""
import json
import sys

import feedparser
import icalendar


def calendar(raw):
    lines = raw.split(b"\r\n")
    assert lines[-1] == b"" and b"\n" not in b"".join(lines), "lines end with CRLF"
    assert max(map(len, lines)) <= 75, "lines of at most 75 octets"
    for line in lines:
        line.decode("utf-8")  # no character is cut in two
    read = icalendar.Calendar.from_ical(raw)
    assert "METHOD" not in read and read["VERSION"] == "2.0" and read["PRODID"]
    events = []
    for event in read.walk("VEVENT"):
        assert not event.errors, event.errors
        events.append({name.lower(): value(event, name) for name in
                       ("UID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "URL",
                        "STATUS") if name in event})
    return {"name": str(read.get("X-WR-CALNAME")), "events": events}


def value(event, name):
    held = event.decoded(name)
    if isinstance(held, bytes):
        return held.decode("utf-8")
    return held.isoformat() if hasattr(held, "isoformat") else held


def atom(raw):
    read = feedparser.parse(raw)
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10", read.version
    return {"title": read.feed.title, "id": read.feed.id, "updated": read.feed.updated, "language": read.feed.get("language"),
            "links": {link.rel: link.href for link in read.feed.links},
            "entries": [{"id": entry.id, "title": entry.title, "link": entry.link, "updated": entry.updated, "author": entry.get("author"),
                         "summary": entry.summary} for entry in read.entries]}


def main():
    kind, path = sys.argv[1:]
    with open(path, "rb") as file:
        json.dump({"calendar": calendar, "atom": atom}[kind](file.read()), sys.stdout)


if __name__ == "__main__":
    main()
